//! The facts of one assessment: which records count, as of when, and how they are found.

use crate::facts::Facts;
use crate::lower::{Inconsistent, Lowering};
use crate::program::{Body, IndexPlan, Over, Probe, Program, Scan};
use crate::time::{ALWAYS, FOREVER, Instants, Tick, Zone};
use crate::truth::Missing;
use crate::types::Types;
use crate::value::Value;
use mandate_pack::{Expr, Pack};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Slots of the variables in scope.
pub(crate) type Frame = Vec<Value>;

/// Everything an expression can ask.
pub(crate) struct World<'a> {
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
    indexes: Vec<OnceCell<Index>>,
    /// Fields read, while a finding is being explained.
    pub(crate) reads: RefCell<Option<BTreeSet<(u32, u32)>>>,
    /// Records that a sensitive field led to while the case at hand was judged: to name one would tell the field's value.
    pub(crate) concealed: RefCell<BTreeSet<u32>>,
}

/// Records of a type by a key; those whose key is not exactly known are candidates for every value.
struct Index {
    by_key: HashMap<Key, Vec<u32>>,
    unsure: Vec<u32>,
}

/// A value that is equal only to itself.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Record(u32),
    Text(Arc<str>),
    Nation(Arc<str>),
    Variant(u32),
    Bool(bool),
}

impl Key {
    fn of(value: &Value) -> Option<Key> {
        match value {
            Value::Record(r) => Some(Key::Record(*r)),
            Value::Text(t) => Some(Key::Text(t.clone())),
            Value::Nation(n) => Some(Key::Nation(n.clone())),
            Value::Variant { index, .. } => Some(Key::Variant(*index)),
            Value::Bool(b) => Some(Key::Bool(*b)),
            _ => None,
        }
    }
}

/// What a scenario sets beside its facts.
#[derive(Default)]
pub(crate) struct Settings<'s> {
    pub(crate) set: Option<&'s BTreeMap<String, Expr>>,
    pub(crate) through: Option<&'s BTreeMap<String, Expr>>,
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
        let mut world = World {
            extents: vec![Vec::new(); types.records.len()],
            through: (0..types.records.len() as u32)
                .map(|ty| facts.through.get(&ty).copied().unwrap_or(FOREVER))
                .collect(),
            indexes: Vec::new(),
            reads: RefCell::new(None),
            concealed: RefCell::new(BTreeSet::new()),
            set: BTreeMap::new(),
            pack,
            facts,
            types,
            program,
            zone,
            now,
        };
        world.set_from(settings)?;
        world.indexes = world.program.indexes.iter().map(|_| OnceCell::new()).collect();
        world.extents();
        Ok(world)
    }

    /// Parameters and horizons of a scenario.
    fn set_from(&mut self, settings: &Settings<'_>) -> Result<(), Inconsistent> {
        let at = |place: &str| {
            let place = place.to_owned();
            move |fault| Inconsistent { place, fault }
        };
        for (name, expr) in settings.set.into_iter().flatten() {
            let index = self.pack.parameters.keys().position(|p| p == name);
            let index = index.ok_or_else(|| at(name)("there is no such parameter".to_owned()))?;
            let body = Lowering::new(self.pack, &self.types, self.zone.clone()).closed(expr).map_err(at(name))?;
            self.set.insert(index, body);
        }
        for (name, expr) in settings.through.into_iter().flatten() {
            let ty = self.types.in_facts(name).ok_or_else(|| at(name)("there is no such record type".to_owned()))?;
            let tick = self.constant(expr).map_err(at(name))?.instants().hi;
            if let Some(feed) = self.through.get_mut(ty as usize) {
                *feed = tick;
            }
        }
        Ok(())
    }

    /// Value of an expression without variables.
    pub(crate) fn constant(&self, expr: &Expr) -> Result<Value, String> {
        let mut lowering = Lowering::new(self.pack, &self.types, self.zone.clone()).with_indexes(&self.program);
        let body = lowering.closed(expr)?;
        Ok(self.eval(&body.term, &mut self.frame(body.frame)))
    }

    /// A corrected record is no longer evidence, nor does a rule ask anything of it.
    fn extents(&mut self) {
        let mut gone = BTreeSet::new();
        for record in &self.facts.records {
            let field = self.program.corrects.get(record.ty as usize).copied().flatten();
            if let Some(Value::Record(corrected)) = field.and_then(|f| record.fields.get(f as usize)?.as_ref()) {
                gone.insert(*corrected);
            }
        }
        for (index, record) in self.facts.records.iter().enumerate() {
            let index = index as u32;
            if !gone.contains(&index)
                && let Some(extent) = self.extents.get_mut(record.ty as usize)
            {
                extent.push(index);
            }
        }
    }

    pub(crate) fn frame(&self, size: usize) -> Frame {
        vec![Value::unknown(); size]
    }

    pub(crate) fn extent(&self, ty: u32) -> &[u32] {
        self.extents.get(ty as usize).map_or(&[], Vec::as_slice)
    }

    /// A field of a record: an absent one is its default, not yet (`never`), or unknown.
    pub(crate) fn field(&self, record: u32, ty: u32, field: u32) -> Value {
        if let Some(reads) = self.reads.borrow_mut().as_mut() {
            reads.insert((record, field));
        }
        let Some(data) = self.facts.records.get(record as usize).filter(|r| r.ty == ty) else {
            return Value::unknown();
        };
        match data.fields.get(field as usize) {
            Some(Some(value)) => {
                self.conceal(record, field, value);
                value.clone().blaming(|| Missing::field(record, field))
            }
            Some(None) => self.absent(record, ty, field),
            None => Value::unknown(),
        }
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
                self.concealed.borrow_mut().insert(*found);
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
    pub(crate) fn walk(&self, scan: &Scan, frame: &mut Frame) -> Result<(Vec<Value>, Option<Missing>), Missing> {
        match &scan.over {
            Over::Records { ty, probe } => {
                let records = self.candidates(*ty, probe.as_ref(), frame);
                Ok((records.into_iter().map(Value::Record).collect(), None))
            }
            Over::Items(list) => match self.eval(list, frame) {
                Value::List(list) => Ok((list.items.to_vec(), list.open)),
                other => Err(other.missing()),
            },
        }
    }

    /// Records of a type that can make the condition of a walk true or unknown, in the order of the data.
    pub(crate) fn candidates(&self, ty: u32, probe: Option<&Probe>, frame: &mut Frame) -> Vec<u32> {
        let Some(probe) = probe else { return self.extent(ty).to_vec() };
        let value = self.eval(&probe.value, frame);
        let (Some(key), Some(index)) = (Key::of(&value), self.index(probe.index)) else {
            return self.extent(ty).to_vec();
        };
        let found = index.by_key.get(&key).map_or(&[][..], Vec::as_slice);
        if index.unsure.is_empty() {
            return found.to_vec();
        }
        let mut all: Vec<u32> = found.iter().chain(&index.unsure).copied().collect();
        all.sort_unstable();
        all
    }

    fn index(&self, index: usize) -> Option<&Index> {
        let (plan, cell) = (self.program.indexes.get(index)?, self.indexes.get(index)?);
        Some(cell.get_or_init(|| self.build(plan)))
    }

    fn build(&self, plan: &IndexPlan) -> Index {
        // What the index reads is no reason of the finding that happens to ask first.
        let tracing = self.reads.borrow_mut().take();
        let concealed = self.concealed.borrow().clone();
        let mut index = Index { by_key: HashMap::new(), unsure: Vec::new() };
        let mut frame = self.frame(plan.frame.max(plan.slot + 1));
        for record in self.extent(plan.ty) {
            frame[plan.slot] = Value::Record(*record);
            match Key::of(&self.eval(&plan.key, &mut frame)) {
                Some(key) => index.by_key.entry(key).or_default().push(*record),
                None => index.unsure.push(*record),
            }
        }
        *self.reads.borrow_mut() = tracing;
        *self.concealed.borrow_mut() = concealed;
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
