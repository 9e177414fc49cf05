//! The facts of one assessment: which records count, as of when, and how they are found.

use crate::facts::{Facts, RecordData};
use crate::index::{Index, Key};
use crate::lower::{Inconsistent, Lowering};
use crate::program::{Body, IndexPlan, Over, Probe, Program, Scan, Term};
use crate::time::{ALWAYS, FOREVER, Instants, Tick, Zone};
use crate::truth::Missing;
use crate::types::Types;
use crate::value::{Entry, Value};
use crate::words::RuleWords;
use mandate_pack::{Expr, Pack, Rule};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// What a variable walks through.
pub(crate) enum Walked<'w> {
    Records(Cow<'w, [u32]>),
    Items(Arc<Vec<Value>>),
}

impl Walked<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Walked::Records(records) => records.len(),
            Walked::Items(items) => items.len(),
        }
    }

    pub(crate) fn get(&self, at: usize) -> Value {
        match self {
            Walked::Records(records) => records.get(at).map_or_else(Value::unknown, |record| Value::Record(*record)),
            Walked::Items(items) => items.get(at).cloned().unwrap_or_else(Value::unknown),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Value> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// Slots of the variables in scope.
pub(crate) type Frame = Vec<Value>;

/// Everything an expression can ask, with what changes while cases are judged. What threads share stands in [`Base`].
pub(crate) struct World<'a> {
    base: Arc<Base<'a>>,
    pub(crate) run: Run,
}

/// What is only read while cases are judged.
pub(crate) struct Base<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) facts: &'a Facts,
    pub(crate) types: Types<'a>,
    pub(crate) program: Program,
    pub(crate) zone: Zone,
    /// The instant of assessment.
    pub(crate) now: Tick,
    /// Records by type, corrected ones left out.
    pub(crate) extents: Vec<Vec<u32>>,
    /// Horizon of each feed.
    pub(crate) through: Vec<Tick>,
    /// Values of parameters set from outside (a scenario), by index.
    pub(crate) set: BTreeMap<usize, Body>,
    /// What the data holds has happened by then.
    pub(crate) taken: Tick,
    /// The rules of the pack with their names, by index.
    pub(crate) rules: Vec<(&'a String, &'a Rule)>,
    /// What each rule says in every finding.
    pub(crate) words: Vec<RuleWords>,
    indexes: Vec<OnceLock<Index>>,
}

/// What changes while cases are judged: one for each thread.
#[derive(Default)]
pub(crate) struct Run {
    /// Fields read, while a finding is being explained.
    pub(crate) reads: RefCell<Option<BTreeSet<(u32, u32)>>>,
    /// Records that a sensitive field led to while the case at hand was judged: to name one would tell the field's value.
    pub(crate) concealed: RefCell<BTreeSet<u32>>,
    /// The instant at which values that change over time are read; `None`: the instant of assessment.
    reading: RefCell<Option<Instants>>,
    /// A field taken to have a value, while it is tried what that would change; see `readings`.
    pub(crate) overlay: RefCell<Option<(u32, u32, Value)>>,
    /// Findings of the rule at hand for which that may still be tried.
    pub(crate) readings_left: Cell<u32>,
    /// Whether rules that override the one at hand are active; see `defeat`.
    pub(crate) active: RefCell<crate::defeat::Memo>,
}

/// What of a world stays while records come and go: all but the records.
pub(crate) struct Remains {
    program: Program,
    zone: Zone,
    now: Tick,
    extents: Vec<Vec<u32>>,
    through: Vec<Tick>,
    set: BTreeMap<usize, Body>,
    taken: Tick,
    words: Vec<RuleWords>,
    indexes: Vec<OnceLock<Index>>,
}

impl<'a> Deref for World<'a> {
    type Target = Base<'a>;

    fn deref(&self) -> &Base<'a> {
        &self.base
    }
}

/// What a scenario sets beside its facts.
#[derive(Default)]
pub(crate) struct Settings<'s> {
    pub(crate) set: Option<&'s BTreeMap<String, Expr>>,
    pub(crate) through: Option<&'s BTreeMap<String, Expr>>,
    /// Only what was recorded by then is known.
    pub(crate) known_at: Option<Tick>,
}

impl<'a> World<'a> {
    pub(crate) fn new(
        pack: &'a Pack,
        facts: &'a Facts,
        now: Tick,
        settings: &Settings<'_>,
    ) -> Result<World<'a>, Inconsistent> {
        let unknown_zone = || Inconsistent {
            place: "time_zone".to_owned(),
            fault: format!("there is no time zone `{}`", pack.time_zone),
        };
        let zone = Zone::named(&pack.time_zone).ok_or_else(unknown_zone)?;
        let types = Types::new(pack);
        let program = Lowering::new(pack, &types, zone.clone()).program()?;
        let base = Base {
            extents: extents(facts, &program, &types, settings.known_at),
            through: (0..types.records.len() as u32)
                .map(|ty| facts.through.get(&ty).copied().unwrap_or(FOREVER))
                .collect(),
            rules: pack.rules.iter().collect(),
            words: pack.rules.iter().map(|(name, rule)| RuleWords::of(pack, name, rule, &zone, now)).collect(),
            indexes: program.indexes.iter().map(|_| OnceLock::new()).collect(),
            set: BTreeMap::new(),
            taken: facts.taken.unwrap_or(now),
            pack,
            facts,
            types,
            program,
            zone,
            now,
        };
        let world = World { base: Arc::new(base), run: Run::default() };
        let (set, through) = (world.parameters_set(settings)?, world.horizons(settings)?);
        let World { mut base, run } = world;
        if let Some(base) = Arc::get_mut(&mut base) {
            (base.set, base.through) = (set, through);
        }
        Ok(World { base, run })
    }

    /// What is kept for other records. `None` while another thread works in this world, which none does once all is judged.
    pub(crate) fn remains(self) -> Option<Remains> {
        let Base { program, zone, now, extents, through, set, taken, words, indexes, .. } =
            Arc::try_unwrap(self.base).ok()?;
        Some(Remains { program, zone, now, extents, through, set, taken, words, indexes })
    }

    /// The world again, in which of the records of some types those from `first` on count, and no others.
    pub(crate) fn again(
        remains: Remains,
        pack: &'a Pack,
        facts: &'a Facts,
        first: usize,
        of: &BTreeSet<u32>,
        known_at: Option<Tick>,
    ) -> World<'a> {
        let Remains { program, zone, now, mut extents, through, set, taken, words, mut indexes } = remains;
        for ty in of {
            if let Some(extent) = extents.get_mut(*ty as usize) {
                extent.clear();
            }
        }
        for (index, record) in (0_u32..).zip(&facts.records).skip(first) {
            if of.contains(&record.ty)
                && is_known(&program, known_at, record)
                && let Some(extent) = extents.get_mut(record.ty as usize)
            {
                extent.push(index);
            }
        }
        for (plan, index) in program.indexes.iter().zip(&mut indexes) {
            if of.contains(&plan.ty) {
                *index = OnceLock::new();
            }
        }
        let types = Types::new(pack);
        let base = Base {
            pack,
            facts,
            types,
            program,
            zone,
            now,
            extents,
            through,
            set,
            taken,
            rules: pack.rules.iter().collect(),
            words,
            indexes,
        };
        World { base: Arc::new(base), run: Run::default() }
    }

    /// The same world for another thread.
    pub(crate) fn fork(&self) -> World<'a> {
        World { base: Arc::clone(&self.base), run: Run::default() }
    }

    /// Parameters that a scenario sets.
    fn parameters_set(&self, settings: &Settings<'_>) -> Result<BTreeMap<usize, Body>, Inconsistent> {
        let mut set = BTreeMap::new();
        for (name, expr) in settings.set.into_iter().flatten() {
            let at = |fault: String| Inconsistent { place: name.clone(), fault };
            let index = self.pack.parameters.keys().position(|p| p == name);
            let index = index.ok_or_else(|| at("there is no such parameter".to_owned()))?;
            let body = Lowering::new(self.pack, &self.types, self.zone.clone()).closed(expr).map_err(at)?;
            set.insert(index, body);
        }
        Ok(set)
    }

    /// Horizons of the feeds, with those that a scenario sets.
    fn horizons(&self, settings: &Settings<'_>) -> Result<Vec<Tick>, Inconsistent> {
        let mut through = self.through.clone();
        for (name, expr) in settings.through.into_iter().flatten() {
            let at = |fault: String| Inconsistent { place: name.clone(), fault };
            let ty = self.types.in_facts(name).ok_or_else(|| at("there is no such record type".to_owned()))?;
            let tick = self.constant(expr).map_err(at)?.instants().hi;
            if let Some(feed) = through.get_mut(ty as usize) {
                *feed = tick;
            }
        }
        Ok(through)
    }

    /// Runs something with the instant at which values that change over time are read.
    pub(crate) fn reading_at<T>(&self, at: &Instants, run: impl FnOnce() -> T) -> T {
        let before = self.run.reading.replace(Some(at.clone()));
        let out = run();
        self.run.reading.replace(before);
        out
    }

    /// The instant at which values that change over time are read.
    pub(crate) fn reading(&self) -> Instants {
        self.run.reading.borrow().clone().unwrap_or_else(|| Instants::at(self.now))
    }

    /// Value of an expression without variables.
    pub(crate) fn constant(&self, expr: &Expr) -> Result<Value, String> {
        let mut lowering = Lowering::new(self.pack, &self.types, self.zone.clone()).with_indexes(&self.program);
        let body = lowering.closed(expr)?;
        Ok(self.eval(&body.term, &mut self.frame(body.frame)))
    }

    pub(crate) fn frame(&self, size: usize) -> Frame {
        vec![Value::unknown(); size]
    }

    pub(crate) fn extent(&self, ty: u32) -> &[u32] {
        self.extents.get(ty as usize).map_or(&[], Vec::as_slice)
    }

    /// A field of a record: an absent one is its default, not yet (`never`), or unknown.
    pub(crate) fn field(&self, record: u32, ty: u32, field: u32) -> Value {
        if let Some(reads) = self.run.reads.borrow_mut().as_mut() {
            reads.insert((record, field));
        }
        if let Some((of, at, value)) = &*self.run.overlay.borrow()
            && (*of, *at) == (record, field)
        {
            return value.clone();
        }
        let Some(data) = self.facts.records.get(record as usize).filter(|r| r.ty == ty) else {
            return Value::unknown();
        };
        match data.fields.get(field) {
            // Restricted: there is a value, for others.
            Some(Value::Unknown(_)) => Value::Unknown(Missing::field(record, field)),
            Some(value) => {
                self.conceal(record, field, &value);
                if let Value::History(entries) = &value {
                    return self.entry(entries, record, field, &self.reading());
                }
                value.blaming(|| Missing::field(record, field))
            }
            None => self.absent(record, ty, field),
        }
    }

    /// A field whose value changes over time, at an instant of its own.
    pub(crate) fn field_at(&self, record: u32, ty: u32, field: u32, at: &Instants) -> Value {
        self.reading_at(at, || self.field(record, ty, field))
    }

    /// The entry with the latest begin not after the instant. Unknown where more than one could be it.
    fn entry(&self, entries: &[Entry], record: u32, field: u32, at: &Instants) -> Value {
        let missing = Missing::field(record, field);
        let mut found: Option<&Entry> = None;
        for entry in entries {
            match entry.from.opening().le(at).value {
                Some(true) => found = Some(entry),
                Some(false) => break,
                None => return Value::Unknown(missing.and(&at.missing)),
            }
        }
        let Some(entry) = found.filter(|e| !matches!(e.value, Value::Unknown(_))) else {
            return Value::Unknown(missing);
        };
        if let Value::Record(_) | Value::List(_) = entry.value {
            self.conceal(record, field, &entry.value);
        }
        entry.value.clone().blaming(|| missing)
    }

    /// Notes the records that a sensitive field leads to, and those they lead to in turn. A record nested in the field stays:
    /// it is called by its place, which tells nothing.
    fn conceal(&self, record: u32, field: u32, value: &Value) {
        let led_to = match value {
            Value::Record(_) => std::slice::from_ref(value),
            Value::List(list) => &list.items,
            _ => return,
        };
        if !self.is_hidden(record, field) {
            return;
        }
        for led_to in led_to {
            if let Value::Record(found) = led_to
                && self.facts.records.get(*found as usize).is_some_and(|r| !r.hidden)
            {
                self.run.concealed.borrow_mut().insert(*found);
            }
        }
    }

    fn absent(&self, record: u32, ty: u32, field: u32) -> Value {
        let missing = || Missing::field(record, field);
        match self.program.defaults.get(ty as usize).and_then(|d| d.get(field as usize)?.as_ref()) {
            // Later than now, which moves with the instant of assessment.
            Some(crate::program::Term::Never) => {
                Value::Time(Instants::between(self.now.saturating_add(1), FOREVER, missing()))
            }
            Some(default) => self.eval(default, &mut Vec::new()),
            None => Value::Unknown(missing()),
        }
    }

    /// Records or items a variable walks through; `Err`: the list is not known.
    pub(crate) fn walk(&self, scan: &Scan, frame: &mut Frame) -> Result<(Walked<'_>, Option<Missing>), Missing> {
        match &scan.over {
            Over::Records { ty, probe } => Ok((Walked::Records(self.candidates(*ty, probe.as_ref(), frame)), None)),
            Over::Items(list) => match self.eval(list, frame) {
                Value::List(list) => Ok((Walked::Items(list.items), list.open)),
                other => Err(other.missing()),
            },
        }
    }

    /// Records of a type that can make the condition of a walk true or unknown, in the order of the data.
    pub(crate) fn candidates(&self, ty: u32, probe: Option<&Probe>, frame: &mut Frame) -> Cow<'_, [u32]> {
        /// So many are looked at faster one by one than through another index.
        const FEW: usize = 16;
        let all = || Cow::Borrowed(self.extent(ty));
        let Some(probe) = probe else { return all() };
        let Some(key) = self.key(&probe.value, frame) else { return all() };
        let Some(found) = self.found(probe.index, std::slice::from_ref(&key)) else { return all() };
        // A finding that is explained names what was read of every record that has the first key.
        let Some(finer) = probe.finer.as_ref().filter(|_| found.len() > FEW && !self.is_traced()) else { return found };
        let keys: Option<Vec<Key>> = finer.values.iter().map(|value| self.key(value, frame)).collect();
        keys.and_then(|keys| self.found(finer.index, &[&[key], &keys[..]].concat())).unwrap_or(found)
    }

    /// Records that an index gives for keys.
    fn found(&self, index: usize, keys: &[Key]) -> Option<Cow<'_, [u32]>> {
        let mut found: Cow<'_, [u32]> = Cow::Borrowed(&[]);
        let mut groups = 0;
        self.index(index)?.find(keys, |records| {
            if records.is_empty() {
                return;
            }
            groups += 1;
            if groups == 1 {
                found = Cow::Borrowed(records);
            } else {
                found.to_mut().extend_from_slice(records);
            }
        });
        if groups > 1 {
            found.to_mut().sort_unstable();
        }
        Some(found)
    }

    /// Whether the fields that are read are noted.
    fn is_traced(&self) -> bool {
        self.run.reads.borrow().is_some()
    }

    fn index(&self, index: usize) -> Option<&Index> {
        let (plan, cell) = (self.program.indexes.get(index)?, self.indexes.get(index)?);
        Some(cell.get_or_init(|| self.build(plan)))
    }

    fn build(&self, plan: &IndexPlan) -> Index {
        // What the index reads is no reason of the finding that happens to ask first.
        let tracing = self.run.reads.borrow_mut().take();
        let reading = self.run.reading.take();
        let overlay = self.run.overlay.take();
        let concealed = self.run.concealed.borrow().clone();
        let mut frame = self.frame(plan.frame.max(plan.slot + 1));
        let mut value = |record: u32, key: &Term| {
            frame[plan.slot] = Value::Record(record);
            self.key(key, &mut frame)
        };
        let extent = self.extent(plan.ty).iter().copied();
        let index = match &plan.keys[..] {
            [key] if plan.leads_to_record => {
                let to = |key| if let Some(Key::Record(to)) = key { Some(to) } else { None };
                Index::by_record(&extent.map(|record| (record, to(value(record, key)))).collect::<Vec<_>>())
            }
            keys => Index::new(extent, |record, into| into.extend(keys.iter().map(|key| value(record, key)))),
        };
        *self.run.reads.borrow_mut() = tracing;
        self.run.reading.replace(reading);
        self.run.overlay.replace(overlay);
        *self.run.concealed.borrow_mut() = concealed;
        index
    }

    /// Value of a parameter at an instant; never presumed where the instant leaves a choice.
    pub(crate) fn parameter(&self, index: usize, at: &Instants) -> Value {
        if let Some(body) = self.set.get(&index) {
            return self.eval(&body.term, &mut self.frame(body.frame));
        }
        let Some(plan) = self.program.parameters.get(index) else { return Value::unknown() };
        let at_tick = |tick: Tick| plan.values.iter().rev().find(|(from, _)| from.unwrap_or(ALWAYS) <= tick);
        let value = |entry: Option<&(Option<Tick>, Body)>| {
            entry.map_or_else(Value::unknown, |(_, body)| self.eval(&body.term, &mut self.frame(body.frame)))
        };
        let (first, last) = (at_tick(at.lo), at_tick(at.hi));
        let (early, late) = (first.map(|e| e.0), last.map(|e| e.0));
        if early == late { value(first) } else { Value::Unknown(at.missing.clone()) }
    }
}

/// Records by type. A corrected record is no longer evidence, nor does a rule ask anything of it; one that was not recorded
/// yet is not known.
fn extents(facts: &Facts, program: &Program, types: &Types<'_>, known_at: Option<Tick>) -> Vec<Vec<u32>> {
    let is_known = |record: &RecordData| is_known(program, known_at, record);
    let mut gone = BTreeSet::new();
    for record in facts.records.iter().filter(|r| is_known(r)) {
        if let Some(Value::Record(corrected)) = named_field(&program.corrects, record) {
            gone.insert(corrected);
        }
    }
    let mut extents = vec![Vec::new(); types.records.len()];
    for (index, record) in (0_u32..).zip(&facts.records) {
        if !gone.contains(&index)
            && is_known(record)
            && let Some(extent) = extents.get_mut(record.ty as usize)
        {
            extent.push(index);
        }
    }
    extents
}

/// Whether a record was recorded by an instant, as far as it says.
fn is_known(program: &Program, known_at: Option<Tick>, record: &RecordData) -> bool {
    match (known_at, named_field(&program.recorded, record)) {
        (Some(known_at), Some(Value::Time(recorded))) => recorded.lo <= known_at,
        _ => true,
    }
}

/// The value of the field that a type names for a purpose.
fn named_field(plan: &[Option<u32>], record: &RecordData) -> Option<Value> {
    let field = plan.get(record.ty as usize).copied().flatten()?;
    record.fields.get(field)
}
