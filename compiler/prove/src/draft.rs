//! From a model to records: the facts of a situation, as small and round as they can be.

use crate::term::{Linear, ListId, ObjectId, Value};
use crate::time::{self, DAY};
use crate::world::{Origin, World};
use mandate_logic::{Answer, Formula, Int, Model, Session};
use mandate_pack::{Fact, Node, Type, short};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// An hour.
const HOUR: i64 = 3_600;
/// Instants that are moved to a round one at most.
const MOST_ROUNDED: usize = 10;

/// The records of a situation.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) facts: Vec<Fact>,
    /// Instant of assessment.
    pub(crate) as_of: i64,
    /// Key of each record by object; objects that are one record share it.
    pub(crate) keys: BTreeMap<ObjectId, String>,
    /// Types of the records.
    pub(crate) types: BTreeSet<String>,
    /// Instants by record and field, for the order of the story.
    pub(crate) dates: BTreeMap<(String, String), i64>,
}

impl<'p> World<'p> {
    /// What is wished of a situation, in order: few records, missing fields missing, ends that have not come, nothing negative.
    pub(crate) fn wishes(&mut self) -> Vec<Formula> {
        let mut wishes = Vec::new();
        let mut fields = Vec::new();
        for object in &self.objects {
            if object.exists != Formula::TRUE {
                wishes.push(object.exists);
            }
            for ((name, _), slot) in &object.slots {
                if slot.present != Formula::TRUE {
                    wishes.push(slot.present);
                }
                let never = self.field(&object.record, name).and_then(|field| field.default.as_ref());
                fields.push((slot.value.clone(), never.is_some_and(|default| matches!(default.node, Node::Never))));
            }
        }
        for list in &self.lists {
            wishes.extend(list.items.iter().map(|(exists, _)| *exists).filter(|exists| *exists != Formula::TRUE));
        }
        wishes.extend(self.noted.values());
        let mut wishes: Vec<Formula> = wishes.into_iter().map(|wish| self.store.not(wish)).collect();
        let now = Linear::of(self.now);
        for (value, never) in fields {
            match value {
                Value::Number(linear) if never => wishes.push(self.at_most(now, linear, -1)),
                Value::Bool(formula) => wishes.push(self.store.not(formula)),
                _ => {}
            }
        }
        wishes
    }

    /// The roundest model there is: instants at full hours.
    pub(crate) fn rounded(&mut self, session: &mut Session, model: Model, wishes: &[Formula]) -> Model {
        let mut wishes = wishes.to_vec();
        let (mut instants, mut days) = (BTreeSet::from([self.now]), BTreeSet::new());
        for object in &self.objects {
            for ((name, _), slot) in &object.slots {
                let ty = self.field(&object.record, name).map(|field| field.ty.known().clone());
                match (ty, &slot.value) {
                    (Some(Type::Time), Value::Number(linear)) => instants.insert(linear.plus),
                    (Some(Type::Date), Value::Number(linear)) => days.insert(linear.plus),
                    _ => false,
                };
            }
        }
        let begin = |at: i64| time::say_day(at, &self.zone).and_then(|day| time::day(&day, &self.zone)).unwrap_or(at);
        let mut uneven: Vec<(Int, i64, i64, i64)> = Vec::new();
        for int in days {
            let at = model.number(int);
            uneven.push((int, at, begin(at), DAY));
        }
        for int in instants {
            let at = model.number(int);
            uneven.push((int, at, at.div_euclid(HOUR) * HOUR, HOUR));
        }
        if uneven.iter().all(|(_, at, low, _)| at == low) || uneven.len() > MOST_ROUNDED {
            return model;
        }
        for (int, at, low, unit) in uneven {
            let tries = if at == low { vec![at] } else { vec![low + unit, low, low + 2 * unit] };
            for at in tries {
                wishes.push(self.equal(Linear::of(int), Linear::constant(at)));
            }
        }
        match session.prefer(&self.store, &[], &wishes) {
            Answer::Satisfiable(better) => better,
            Answer::Unsatisfiable(_) | Answer::Undecided(_) => model,
        }
    }

    /// Which object stands for each: the first of those that are one record.
    fn merged(&self, model: &Model) -> Vec<usize> {
        let mut first: Vec<usize> = (0..self.objects.len()).collect();
        for ((a, b), same) in self.compared() {
            if !model.holds(&self.store, same) {
                continue;
            }
            let (a, b) = (root(&first, a.0 as usize), root(&first, b.0 as usize));
            let (low, high) = (a.min(b), a.max(b));
            if let Some(slot) = first.get_mut(high) {
                *slot = low;
            }
        }
        (0..first.len()).map(|at| root(&first, at)).collect()
    }

    /// The facts of a model. Of what is only imagined, the acts named are in it.
    pub(crate) fn draft(&self, model: &Model, acts: &BTreeSet<ObjectId>) -> Draft {
        self.drafted(model, acts, None)
    }

    /// The facts of a model without an act. Where the act is told by a record that is there anyway, that record stays, without the
    /// fields by which the act is told.
    pub(crate) fn draft_without(&self, model: &Model, act: ObjectId, fields: &BTreeSet<String>) -> Draft {
        self.drafted(model, &BTreeSet::new(), Some((act, fields)))
    }

    fn drafted(
        &self,
        model: &Model,
        acts: &BTreeSet<ObjectId>,
        undone: Option<(ObjectId, &BTreeSet<String>)>,
    ) -> Draft {
        let merged = self.merged(model);
        let is_there = |at: usize| -> bool {
            let Some(object) = self.objects.get(at) else { return false };
            let counts = object.counts || acts.contains(&ObjectId(at as u32));
            counts && model.holds(&self.store, object.exists)
        };
        // A record is there if one of its objects is, and something of those that are there leads to it.
        let mut there: BTreeSet<usize> = BTreeSet::new();
        loop {
            let before = there.len();
            for at in 0..self.objects.len() {
                let Some(object) = self.objects.get(at) else { continue };
                let Some(stands) = merged.get(at).copied() else { continue };
                let led = match &object.origin {
                    Origin::Named(_) | Origin::Some(_) => is_there(at),
                    Origin::Field(owner, field) => {
                        let owner_at = merged.get(owner.0 as usize).copied();
                        let slot = self.objects.get(owner.0 as usize).and_then(|o| {
                            o.slots.iter().find(|((name, _), _)| name == field).map(|(_, slot)| slot.present)
                        });
                        is_there(at)
                            && owner_at.is_some_and(|owner| there.contains(&owner))
                            && slot.is_some_and(|present| model.holds(&self.store, present))
                    }
                };
                if led {
                    there.insert(stands);
                }
            }
            if there.len() == before {
                break;
            }
        }
        let names = self.names(&merged, &there);
        let mut shown: Vec<bool> = (0..self.objects.len()).map(is_there).collect();
        if let Some(of_act) = undone.and_then(|(act, _)| shown.get_mut(act.0 as usize)) {
            *of_act = true;
        }
        let mut drafting = Drafting {
            world: self,
            model,
            merged: &merged,
            names: &names,
            shown: &shown,
            undone,
            dates: BTreeMap::new(),
        };
        let mut facts = Vec::new();
        let mut nested: BTreeSet<usize> = BTreeSet::new();
        for at in &there {
            if self.objects.get(*at).and_then(|o| self.record(&o.record)).is_some_and(|r| r.key.is_none())
                && self.is_owned(*at, &merged)
            {
                nested.insert(*at);
            }
        }
        for at in there.iter().filter(|at| !nested.contains(at)) {
            let Some(object) = self.objects.get(*at) else { continue };
            let mut fields = drafting.fields(*at, 0);
            let name = names.get(at).cloned().unwrap_or_default();
            // As a scenario has it: a record that no rule asks for its key has its name for one.
            if let Some(key) = self.record(&object.record).and_then(|record| record.key.as_ref()) {
                fields.entry(key.clone()).or_insert_with(|| Json::String(name.clone()));
            }
            facts.push(Fact { record: object.record.clone(), name, line: 1, fields: fields.into_iter().collect() });
        }
        let dates = drafting.dates;
        let keys = (0..self.objects.len())
            .filter_map(|at| Some((ObjectId(at as u32), names.get(merged.get(at)?)?.clone())))
            .collect();
        let types = there.iter().filter_map(|at| self.objects.get(*at)).map(|object| object.record.clone()).collect();
        Draft { facts, as_of: model.number(self.now), keys, types, dates }
    }

    /// Whether a record without a key stands inside another one.
    fn is_owned(&self, at: usize, merged: &[usize]) -> bool {
        let own = |object: ObjectId| merged.get(object.0 as usize) == Some(&at);
        let in_list = self
            .lists
            .iter()
            .any(|list| list.items.iter().any(|(_, value)| matches!(value, Value::Object(object) if own(*object))));
        in_list || matches!(self.objects.get(at).map(|o| &o.origin), Some(Origin::Field(..)))
    }

    /// A name of its own for each record: that of its variable, of the field that leads to it, of its type.
    fn names(&self, merged: &[usize], there: &BTreeSet<usize>) -> BTreeMap<usize, String> {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut names = BTreeMap::new();
        let rank = |origin: &Origin| match origin {
            Origin::Named(_) => 0,
            Origin::Field(..) => 1,
            Origin::Some(_) => 2,
        };
        for at in there {
            let group = (0..self.objects.len()).filter(|other| merged.get(*other) == Some(at));
            let best = group.filter_map(|o| self.objects.get(o)).min_by_key(|object| rank(&object.origin));
            let Some(object) = best else { continue };
            let wanted = match &object.origin {
                Origin::Named(name) if name.len() > 1 => name.clone(),
                Origin::Named(_) | Origin::Some(_) => snake(short(&object.record)),
                Origin::Field(_, field) => field.clone(),
            };
            let mut name = wanted.clone();
            let mut number = 2;
            while !taken.insert(name.clone()) || is_reserved(&name) {
                name = format!("{wanted}_{number}");
                number += 1;
            }
            names.insert(*at, name);
        }
        names
    }
}

fn root(first: &[usize], mut at: usize) -> usize {
    while let Some(next) = first.get(at).copied().filter(|next| *next != at) {
        at = next;
    }
    at
}

/// `GraveViolation` as `grave_violation`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.chars().enumerate() {
        if c.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// Words that no record of a scenario can be called.
fn is_reserved(name: &str) -> bool {
    const RESERVED: &[&str] = &[
        "and", "as", "as_of", "count", "data", "earliest", "else", "every", "everyone", "expect", "false", "follow",
        "for", "given", "if", "in", "is", "known", "latest", "let", "max", "min", "never", "no", "not", "of", "or",
        "set", "share", "some", "sum", "the", "then", "true", "unless", "when", "where",
    ];
    RESERVED.contains(&name)
}

struct Drafting<'w, 'p> {
    world: &'w World<'p>,
    model: &'w Model,
    merged: &'w [usize],
    names: &'w BTreeMap<usize, String>,
    /// Objects that are in the situation: what only an act left out says of a record is left out too.
    shown: &'w [bool],
    /// An act that is left out, with the fields that tell it.
    undone: Option<(ObjectId, &'w BTreeSet<String>)>,
    dates: BTreeMap<(String, String), i64>,
}

impl Drafting<'_, '_> {
    fn fields(&mut self, at: usize, depth: usize) -> Map<String, Json> {
        let mut fields = Map::new();
        let mut histories: BTreeMap<String, Vec<(i64, Json)>> = BTreeMap::new();
        let name = self.names.get(&at).cloned().unwrap_or_default();
        let group: Vec<usize> =
            (0..self.world.objects.len()).filter(|other| self.merged.get(*other) == Some(&at)).collect();
        let group: Vec<usize> = group.into_iter().filter(|other| self.shown.get(*other) == Some(&true)).collect();
        for (of, object) in group.iter().filter_map(|o| Some((*o, self.world.objects.get(*o)?))) {
            for ((field, instant), slot) in &object.slots {
                if self.undone.is_some_and(|(act, hidden)| act.0 as usize == of && hidden.contains(field)) {
                    continue;
                }
                if !self.model.holds(&self.world.store, slot.present) || fields.contains_key(field) {
                    continue;
                }
                let Some(declared) = self.world.field(&object.record, field) else { continue };
                let Some(value) = self.value(&slot.value, declared.ty.known(), depth) else { continue };
                if let Some(number) = self.instant(&slot.value, declared.ty.known()) {
                    // An end that has not come is left out.
                    let never = declared.default.as_ref().is_some_and(|d| matches!(d.node, Node::Never));
                    let noted = match &slot.value {
                        Value::Number(end) => self.world.noted.get(end),
                        _ => None,
                    };
                    let noted = noted.is_some_and(|noted| self.model.holds(&self.world.store, *noted));
                    if never && !noted && number > self.model.number(self.world.now) {
                        continue;
                    }
                    self.dates.insert((name.clone(), field.clone()), number);
                }
                if declared.over_time {
                    let from = instant.map_or(self.model.number(self.world.now), |at| self.number(at));
                    histories.entry(field.clone()).or_default().push((from, value));
                } else {
                    fields.insert(field.clone(), value);
                }
            }
        }
        for (field, mut entries) in histories {
            entries.sort_by_key(|(from, _)| *from);
            entries.dedup_by(|next, before| next.1 == before.1 || next.0 == before.0);
            let entries: Vec<Json> = entries
                .into_iter()
                .filter_map(|(from, value)| Some(json!({ "from": time::say_instant(from)?, "value": value })))
                .collect();
            fields.insert(field, Json::Array(entries));
        }
        fields
    }

    fn number(&self, linear: Linear) -> i64 {
        let (plus, minus) = (self.model.number(linear.plus), self.model.number(linear.minus));
        plus.saturating_sub(minus).saturating_add(linear.add)
    }

    fn instant(&self, value: &Value, ty: &Type) -> Option<i64> {
        match (value, ty) {
            (Value::Number(linear), Type::Time | Type::Date) => Some(self.number(*linear)),
            _ => None,
        }
    }

    fn value(&mut self, value: &Value, ty: &Type, depth: usize) -> Option<Json> {
        Some(match (value, ty) {
            (Value::Bool(formula), _) => Json::Bool(self.model.holds(&self.world.store, *formula)),
            (Value::Choice(choice, _), Type::Enum(name)) => self.spelling(name, self.model.value(*choice))?,
            (Value::Variant(value), Type::Enum(name)) => self.spelling(name, *value)?,
            (Value::Number(linear), ty) => self.quantity(self.number(*linear), ty)?,
            (Value::Thing(linear), ty) => self.thing(self.number(*linear), ty),
            (Value::Object(object), _) => self.reference(*object, depth)?,
            (Value::List(list), Type::List(item)) => self.list(*list, item.known(), depth),
            (Value::Period(from, to), _) => {
                let (from, to) = (self.number(*from), self.number(*to));
                json!({ "from": time::say_instant(from)?, "to": time::say_instant(to)? })
            }
            _ => return None,
        })
    }

    fn spelling(&self, name: &str, value: u32) -> Option<Json> {
        let variants = self.world.packs.iter().find_map(|pack| Some(&pack.enums.get(name)?.variants))?;
        Some(Json::String(variants.get(value as usize)?.spelling.clone()))
    }

    fn quantity(&self, number: i64, ty: &Type) -> Option<Json> {
        let decimal = |scaled: i64| -> String {
            let (sign, rest) = (if scaled < 0 { "-" } else { "" }, scaled.unsigned_abs());
            let (whole, part) = (rest / 1_000_000, rest % 1_000_000);
            let text = if part == 0 { whole.to_string() } else { format!("{whole}.{part:06}") };
            format!("{sign}{}", if part == 0 { text.as_str() } else { text.trim_end_matches('0') })
        };
        Some(match ty {
            Type::Int => json!(number),
            Type::Decimal => serde_json::from_str(&decimal(number)).ok()?,
            Type::Length => Json::String(format!("{} m", decimal(number))),
            Type::Money => Json::String(format!("{} {}", decimal(number), self.world.currency())),
            Type::Duration => Json::String(say_length(number)),
            Type::Date => Json::String(time::say_day(number, &self.world.zone)?),
            Type::Time => Json::String(time::say_instant(number)?),
            _ => return None,
        })
    }

    fn thing(&self, number: i64, ty: &Type) -> Json {
        if let Some(text) = self.world.text_of(number) {
            return Json::String(text.to_owned());
        }
        match ty {
            // Codes of states that no rule names, in the range that is free for private use.
            Type::Nation => {
                let letter = |n: i64| char::from(b'A' + n.rem_euclid(26) as u8);
                Json::String(format!("X{}{}", letter(number.div_euclid(26)), letter(number)))
            }
            _ => Json::String(format!("text {}", number.unsigned_abs())),
        }
    }

    fn reference(&mut self, object: ObjectId, depth: usize) -> Option<Json> {
        let at = self.merged.get(object.0 as usize).copied()?;
        let record = &self.world.objects.get(at)?.record;
        let declared = self.world.record(record)?;
        match &declared.key {
            Some(key) => {
                // A key that a rule speaks of is the name of the record.
                let read = self.world.objects.get(at)?.slots.get(&(key.clone(), None)).cloned();
                match read {
                    Some(slot) => self.value(&slot.value, &Type::Text, depth),
                    None => self.names.get(&at).map(|name| Json::String(name.clone())),
                }
            }
            None if depth < 4 => Some(Json::Object(self.fields(at, depth + 1))),
            None => None,
        }
    }

    fn list(&mut self, list: ListId, item: &Type, depth: usize) -> Json {
        let items = self.world.lists.get(list.0 as usize).map(|list| list.items.clone()).unwrap_or_default();
        let mut out: Vec<Json> = Vec::new();
        for (exists, value) in items {
            if !self.model.holds(&self.world.store, exists) {
                continue;
            }
            if let Value::Object(object) = &value
                && !self.merged.get(object.0 as usize).is_some_and(|at| self.names.contains_key(at))
            {
                continue;
            }
            if let Some(value) = self.value(&value, item, depth)
                && (!out.contains(&value) || value.is_object())
            {
                out.push(value);
            }
        }
        Json::Array(out)
    }
}

/// A length of time as facts spell it, in its largest whole unit.
pub(crate) fn say_length(seconds: i64) -> String {
    let units = [(DAY, "days"), (HOUR, "hours"), (60, "minutes")];
    for (size, name) in units {
        if seconds % size == 0 && seconds != 0 {
            let n = seconds / size;
            return format!("{n} {}", if n == 1 { &name[..name.len() - 1] } else { name });
        }
    }
    if seconds == 0 { "0 hours".to_owned() } else { format!("{seconds} seconds") }
}
