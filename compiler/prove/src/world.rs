//! A situation in the making: records with fields that may be anything, and what has to hold of them.
//!
//! A record is an object with a number for its identity; a field is read into a variable of the solver the first time it is asked
//! for. `some` makes a new object (Skolem), `every` and `no` are remembered and applied to every object there is when the situation is
//! closed ([`World::close`]). Two objects are the same record where something makes their identities equal: then their fields are
//! equal too (Ackermann), as far as they were read.

use crate::term::{Cases, Env, Linear, ListId, ObjectId, Range, Value};
use crate::time;
use jiff::tz::TimeZone;
use mandate_logic::{Choice, Formula, Int, Store};
use mandate_pack::{Comparison, Domain, Expr, Field, Node, Pack, Record, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// More records than any story needs; what would make more is left open.
const MOST_OBJECTS: usize = 48;
/// Rounds of applying what holds for all to what is there.
const MOST_ROUNDS: usize = 6;

/// Where a record of a situation comes from, for its name in the story.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// A variable of a rule, or an act.
    Named(String),
    /// A field of another one leads to it.
    Field(ObjectId, String),
    /// Something says that there is one.
    Some(String),
}

pub(crate) struct Object {
    /// Type, qualified.
    pub(crate) record: String,
    pub(crate) origin: Origin,
    /// Whether it is there.
    pub(crate) exists: Formula,
    pub(crate) identity: Int,
    /// What ranges over records of its type ranges over it; not so acts that are only imagined.
    pub(crate) counts: bool,
    /// Fields read so far, with the instant where they change over time.
    pub(crate) slots: BTreeMap<(String, Option<Linear>), Slot>,
}

/// A field that was read.
#[derive(Debug, Clone)]
pub(crate) struct Slot {
    pub(crate) present: Formula,
    pub(crate) value: Value,
}

pub(crate) struct List {
    pub(crate) owner: ObjectId,
    /// Items that it has from another list, by place.
    borrowed: BTreeSet<usize>,
    pub(crate) item: Type,
    /// Items, each where its formula holds.
    pub(crate) items: Vec<(Formula, Value)>,
}

pub(crate) type Body<'p> = Rc<dyn Fn(&mut World<'p>, &Value) -> Formula + 'p>;

/// `where it stands, body holds of everything in the range`.
struct Universal<'p> {
    holds: Formula,
    range: Range,
    body: Body<'p>,
    /// How many elements of the range it was applied to.
    done: usize,
}

/// At most so many elements of a range make the body hold.
struct AtMost<'p> {
    holds: Formula,
    most: usize,
    range: Range,
    body: Body<'p>,
}

/// A situation in the making.
pub(crate) struct World<'p> {
    pub(crate) store: Store,
    /// The packs that expressions may belong to.
    pub(crate) packs: Vec<&'p Pack>,
    /// Values of parameters that differ from those of their pack, by name.
    pub(crate) set: BTreeMap<String, &'p Expr>,
    /// Parameters stand for any value.
    pub(crate) open_parameters: bool,
    pub(crate) zone: TimeZone,
    pub(crate) objects: Vec<Object>,
    pub(crate) lists: Vec<List>,
    /// The instant of assessment.
    pub(crate) now: Int,
    /// What always holds.
    pub(crate) always: Vec<Formula>,
    universals: Vec<Universal<'p>>,
    counted: Vec<AtMost<'p>>,
    texts: BTreeMap<String, i64>,
    opaque: BTreeMap<String, (Formula, Value)>,
    /// Currency of the amounts that the rules name.
    /// What is beyond proof by its form, with the records it speaks of: of the same records it is the same.
    forms: BTreeMap<String, Vec<(Vec<ObjectId>, String)>>,
    currency: Option<&'p str>,
    breach: Option<Int>,
    /// Instants of the situation that no field holds.
    pub(crate) instants: Vec<Int>,
    /// Ends of which something asks whether they are known: that they are noted, even if they lie ahead.
    pub(crate) noted: BTreeMap<Linear, Formula>,
    /// Least and greatest value of lengths of time that the calendar decides.
    pub(crate) lengths: BTreeMap<Linear, (i64, i64)>,
    /// Sums of what can only be added nearly.
    sums: BTreeMap<(Linear, Linear), Linear>,
    /// Items that one of two lists of the same record has from the other.
    shared: BTreeSet<(ListId, usize, ListId)>,
    /// Pairs of instants of one field that were tied.
    histories: BTreeSet<(ObjectId, ObjectId, String, Linear, Linear)>,
    /// Pairs of objects of which something asks whether they are the same.
    same: BTreeMap<(ObjectId, ObjectId), Formula>,
    /// Pairs whose fields are tied, with the number of fields each had then.
    tied: BTreeMap<(ObjectId, ObjectId), (usize, usize)>,
    /// What is missing counts as what it may turn out to be, the same wherever it is asked for: truth is then that of the facts as
    /// they might be filled in. Whether a field is missing is still told apart.
    pub(crate) filled_in: bool,
    /// What comes of it is assessed before anything is said: formulas go as far as they can, and need not be exact. Since when a
    /// text binds a state is then sought in the data, and a length of time by the calendar is added nearly.
    pub(crate) assessed: bool,
    /// Something stands for anything: a claim needs its replay, and without one is only possible.
    pub(crate) beyond: bool,
    /// Something was left out to come to an end; what can be may be less than it seems.
    pub(crate) cut: bool,
}

impl<'p> World<'p> {
    pub(crate) fn new(packs: &[&'p Pack]) -> World<'p> {
        let mut store = Store::new();
        let now = store.integer();
        let zone = packs.first().map_or(TimeZone::UTC, |pack| time::zone(&pack.time_zone));
        let mut world = World {
            store,
            packs: packs.to_vec(),
            set: BTreeMap::new(),
            open_parameters: false,
            zone,
            objects: Vec::new(),
            lists: Vec::new(),
            now,
            always: Vec::new(),
            universals: Vec::new(),
            counted: Vec::new(),
            texts: BTreeMap::new(),
            opaque: BTreeMap::new(),
            forms: BTreeMap::new(),
            currency: None,
            breach: None,
            instants: Vec::new(),
            noted: BTreeMap::new(),
            lengths: BTreeMap::new(),
            sums: BTreeMap::new(),
            shared: BTreeSet::new(),
            histories: BTreeSet::new(),
            same: BTreeMap::new(),
            tied: BTreeMap::new(),
            filled_in: false,
            assessed: false,
            beyond: false,
            cut: false,
        };
        world.bound(now, -(1 << 37), 1 << 37);
        world
    }

    pub(crate) fn pack(&self, side: usize) -> Option<&'p Pack> {
        self.packs.get(side).or(self.packs.first()).copied()
    }

    /// `a - b <= c`; what is too large for the solver is left open.
    pub(crate) fn less(&mut self, a: Int, b: Int, c: i64) -> Formula {
        match self.store.difference(a, b, c) {
            Ok(formula) => formula,
            Err(_) => self.anything(),
        }
    }

    fn bound(&mut self, int: Int, low: i64, high: i64) {
        let (low, high) = (self.less(Int::ZERO, int, -low), self.less(int, Int::ZERO, high));
        self.always.extend([low, high]);
    }

    /// A formula of which nothing is known.
    pub(crate) fn anything(&mut self) -> Formula {
        self.beyond = true;
        self.store.boolean()
    }

    /// `a <= b + c`.
    pub(crate) fn at_most(&mut self, a: Linear, b: Linear, c: i64) -> Formula {
        match a.sum(b, -1) {
            Some(linear) => match c.checked_sub(linear.add) {
                Some(c) => self.less(linear.plus, linear.minus, c),
                None => self.anything(),
            },
            None => self.anything(),
        }
    }

    /// An instant a length of time after another one, where the solver cannot add them: the same for the same two, and between
    /// the ends that the calendar gives.
    pub(crate) fn sum(&mut self, from: Linear, length: Linear) -> Linear {
        if let Some(known) = self.sums.get(&(from, length)) {
            return *known;
        }
        self.beyond = true;
        let int = self.store.integer();
        self.bound(int, -(1 << 39), 1 << 39);
        let sum = Linear::of(int);
        self.sums.insert((from, length), sum);
        if let Some((low, high)) = self.lengths.get(&length).copied() {
            let ends = [self.at_most(from, sum, -low), self.at_most(sum, from, high)];
            self.always.extend(ends);
        }
        sum
    }

    /// `a == b`.
    pub(crate) fn equal(&mut self, a: Linear, b: Linear) -> Formula {
        let (one, other) = (self.at_most(a, b, 0), self.at_most(b, a, 0));
        self.store.and([one, other])
    }

    /// The number that stands for a text.
    pub(crate) fn text(&mut self, text: &str) -> i64 {
        let next = self.texts.len() as i64 + 1;
        *self.texts.entry(text.to_owned()).or_insert(next)
    }

    /// The text that a number stands for, if a rule names it.
    pub(crate) fn text_of(&self, number: i64) -> Option<&str> {
        self.texts.iter().find(|(_, n)| **n == number).map(|(text, _)| text.as_str())
    }

    /// A value that is the same wherever the same key is asked for, and anything else.
    pub(crate) fn opaque(&mut self, key: String, ty: &Type) -> Cases {
        self.beyond = true;
        if !self.opaque.contains_key(&key) {
            let present = self.store.boolean();
            let value = self.fresh(ty.known(), None);
            self.opaque.insert(key.clone(), (present, value));
        }
        self.opaque.get(&key).cloned().into_iter().collect()
    }

    /// The value of an expression that is beyond proof: anything, but the same of the same records, whatever they are called.
    pub(crate) fn beyond_proof(&mut self, expr: &'p Expr, env: &Env<'p>, ty: &Type) -> Cases {
        let key = self.key(expr, env);
        let is_new = !self.opaque.contains_key(&key);
        let cases = self.opaque(key.clone(), ty);
        if is_new && let Some((form, records)) = self.form(expr, env) {
            let others = self.forms.entry(form).or_default();
            others.push((records.clone(), key));
            let others: Vec<_> = others.iter().rev().skip(1).cloned().collect();
            for (theirs, other) in others {
                self.tie_beyond(&records, &theirs, &cases, &other);
            }
        }
        cases
    }

    fn tie_beyond(&mut self, records: &[ObjectId], theirs: &[ObjectId], cases: &Cases, other: &str) {
        let (Some((here, value)), Some((there, equal))) = (cases.first().cloned(), self.opaque.get(other).cloned())
        else {
            return;
        };
        let same: Vec<Formula> = records.iter().zip(theirs).map(|(a, b)| self.same(*a, *b)).collect();
        let same = self.store.and(same);
        let (present, equal) = (self.store.iff(here, there), self.tied_values(&value, &equal));
        let both = self.store.and([present, equal]);
        let tied = self.store.implies(same, both);
        self.always.push(tied);
    }

    /// The form of an expression and the records its names stand for; `None` where a name stands for something else, or a field is
    /// read at an instant.
    fn form(&mut self, expr: &'p Expr, env: &Env<'p>) -> Option<(String, Vec<ObjectId>)> {
        let (mut names, mut timed): (BTreeSet<&'p str>, bool) = (BTreeSet::new(), false);
        let mut inner: BTreeSet<&'p str> = BTreeSet::new();
        expr.visit(&mut |part| match &part.node {
            Node::Var(name) => {
                names.insert(name);
            }
            Node::Field { of, name, .. } => {
                if let Type::Record(record) = of.ty.known() {
                    timed |= self.field(record, name).is_none_or(|field| field.over_time);
                }
            }
            Node::Some { binder, .. }
            | Node::Every { binder, .. }
            | Node::Count { binder, .. }
            | Node::Share { binder, .. }
            | Node::Fold { binder, .. }
            | Node::Pick { binder, .. } => {
                inner.insert(&binder.var);
            }
            _ => {}
        });
        if timed || !inner.is_empty() {
            return None;
        }
        let mut records = Vec::new();
        for name in names {
            let cases = match env.get(name)? {
                crate::term::Bound::Value(cases) => cases,
                crate::term::Bound::Later(value, names) => {
                    let inside = Env { side: env.side, at: env.at, names };
                    self.cases(value, &inside)
                }
            };
            match cases.as_slice() {
                [(_, Value::Object(object))] => records.push(*object),
                _ => return None,
            }
        }
        Some((format!("{}:{:?}", env.side, expr.node), records))
    }

    /// What is beyond proof so far, by its key.
    pub(crate) fn known_beyond(&self) -> BTreeSet<String> {
        self.opaque.keys().cloned().collect()
    }

    /// What is beyond proof, of these keys.
    pub(crate) fn beyond_of(&self, keys: &BTreeSet<String>) -> Vec<(Formula, Value)> {
        keys.iter().filter_map(|key| self.opaque.get(key).cloned()).collect()
    }

    /// A new record.
    pub(crate) fn object(&mut self, record: &str, origin: Origin, counts: bool) -> ObjectId {
        let id = ObjectId(self.objects.len() as u32);
        let identity = self.store.integer();
        let exists = Formula::TRUE;
        let (record, slots) = (record.to_owned(), BTreeMap::new());
        self.objects.push(Object { record, origin, exists, identity, counts, slots });
        id
    }

    /// A new variable of a type.
    fn fresh(&mut self, ty: &Type, owner: Option<(ObjectId, &str)>) -> Value {
        match ty {
            Type::Bool => Value::Bool(self.store.boolean()),
            Type::Int | Type::Decimal | Type::Duration | Type::Length | Type::Money => {
                let int = self.store.integer();
                self.bound(int, -(1 << 55), 1 << 55);
                Value::Number(Linear::of(int))
            }
            Type::Date | Type::Time => {
                let int = self.store.integer();
                self.bound(int, -(1 << 38), 1 << 38);
                Value::Number(Linear::of(int))
            }
            Type::Text | Type::Nation => Value::Thing(Linear::of(self.store.integer())),
            Type::Period => {
                let (from, to) = (self.fresh(&Type::Time, None), self.fresh(&Type::Time, None));
                match (from, to) {
                    (Value::Number(from), Value::Number(to)) => Value::Period(from, to),
                    _ => Value::Beyond,
                }
            }
            Type::Enum(name) => {
                let size = self.packs.iter().find_map(|pack| Some(pack.enums.get(name)?.variants.len())).unwrap_or(1);
                Value::Choice(self.store.choice(size as u32), size as u32)
            }
            Type::Record(record) if self.objects.len() < MOST_OBJECTS => {
                let origin = match owner {
                    Some((object, field)) => Origin::Field(object, field.to_owned()),
                    None => Origin::Some(record.clone()),
                };
                Value::Object(self.object(record, origin, true))
            }
            Type::List(item) => {
                let Some((owner, _)) = owner else {
                    self.beyond = true;
                    return Value::Beyond;
                };
                let id = ListId(self.lists.len() as u32);
                let mut items = Vec::new();
                if let Type::Enum(name) = item.known() {
                    let size = self.packs.iter().find_map(|pack| Some(pack.enums.get(name)?.variants.len()));
                    for value in 0..size.unwrap_or(0) {
                        items.push((self.store.boolean(), Value::Variant(value as u32)));
                    }
                }
                self.lists.push(List { owner, borrowed: BTreeSet::new(), item: item.known().clone(), items });
                Value::List(id)
            }
            Type::Location => {
                self.beyond = true;
                Value::Beyond
            }
            Type::Record(_) => {
                self.cut = true;
                Value::Beyond
            }
            Type::Optional(inner) => self.fresh(inner, owner),
        }
    }

    /// Any argument of a type, for a parameter called `name`.
    pub(crate) fn argument(&mut self, ty: &Type, name: &str) -> Cases {
        let present = if ty.is_optional() { self.store.boolean() } else { Formula::TRUE };
        let value = match ty.known() {
            Type::Record(record) => Value::Object(self.object(record, Origin::Named(name.to_owned()), true)),
            other => self.fresh(other, None),
        };
        vec![(present, value)]
    }

    pub(crate) fn record(&self, name: &str) -> Option<&'p Record> {
        self.packs.iter().find_map(|pack| pack.records.get(name))
    }

    pub(crate) fn field(&self, record: &str, name: &str) -> Option<&'p Field> {
        self.record(record)?.fields.iter().find(|field| field.name == name)
    }

    /// A field of a record, read at an instant if it changes over time.
    pub(crate) fn slot(&mut self, object: ObjectId, name: &str, at: Option<Linear>) -> Slot {
        let beyond = Slot { present: Formula::FALSE, value: Value::Beyond };
        let Some(known) = self.objects.get(object.0 as usize) else { return beyond };
        let record = known.record.clone();
        let Some(field) = self.field(&record, name) else { return beyond };
        let key = (name.to_owned(), if field.over_time { at } else { None });
        if let Some(slot) = known.slots.get(&key) {
            return slot.clone();
        }
        let value = self.fresh(field.ty.known(), Some((object, name)));
        let optional = field.ty.is_optional() || field.over_time;
        let present = match &field.default {
            None if optional => self.store.boolean(),
            Some(_) | None => Formula::TRUE,
        };
        let slot = Slot { present, value };
        if let Some(known) = self.objects.get_mut(object.0 as usize) {
            known.slots.insert(key, slot.clone());
        }
        slot
    }

    /// Fields of a new record that a condition makes a record of the situation, as in `r.incident == i`: they *are* that record. One
    /// made for the field, to be found the same later, would be asked all that holds of every record, and so on. Nothing is lost:
    /// the new record need not be there where its condition does not surely hold.
    pub(crate) fn lead(&mut self, new: ObjectId, condition: &'p Expr, var: &str, env: &Env<'p>) {
        let parts = match &condition.node {
            Node::And(parts) => parts.as_slice(),
            _ => std::slice::from_ref(condition),
        };
        for part in parts {
            let Node::Compare { op: Comparison::Eq, left, right } = &part.node else { continue };
            for (field, to) in [(left, right), (right, left)] {
                let Node::Field { of, name, at: None } = &field.node else { continue };
                if matches!(&of.node, Node::Var(of) if of == var) && !speaks_of(to, var) {
                    self.lead_field(new, name, to, env);
                }
            }
        }
    }

    fn lead_field(&mut self, new: ObjectId, name: &str, to: &'p Expr, env: &Env<'p>) {
        let Some(record) = self.objects.get(new.0 as usize).map(|object| object.record.clone()) else { return };
        let plain = self.field(&record, name).filter(|field| !field.over_time && field.default.is_none());
        let Some(Type::Record(wanted)) = plain.map(|field| field.ty.known()) else { return };
        let cases = self.cases(to, env);
        let [(Formula::TRUE, Value::Object(known))] = cases.as_slice() else { return };
        let is_one = self.objects.get(known.0 as usize).is_some_and(|object| object.record == *wanted);
        if let Some(object) = self.objects.get_mut(new.0 as usize).filter(|_| is_one) {
            let slot = Slot { present: Formula::TRUE, value: Value::Object(*known) };
            object.slots.entry((name.to_owned(), None)).or_insert(slot);
        }
    }

    /// Whether two objects are one record.
    pub(crate) fn same(&mut self, a: ObjectId, b: ObjectId) -> Formula {
        if a == b {
            return Formula::TRUE;
        }
        let pair = if a < b { (a, b) } else { (b, a) };
        if let Some(formula) = self.same.get(&pair) {
            return *formula;
        }
        let (Some(one), Some(other)) = (self.objects.get(pair.0.0 as usize), self.objects.get(pair.1.0 as usize))
        else {
            return Formula::FALSE;
        };
        if one.record != other.record {
            return Formula::FALSE;
        }
        let (one, other) = (Linear::of(one.identity), Linear::of(other.identity));
        let formula = self.equal(one, other);
        self.same.insert(pair, formula);
        formula
    }

    /// Pairs that something compares.
    pub(crate) fn compared(&self) -> impl Iterator<Item = ((ObjectId, ObjectId), Formula)> + '_ {
        self.same.iter().map(|(pair, formula)| (*pair, *formula))
    }

    /// What a binder ranges over.
    pub(crate) fn range_of(&mut self, domain: &'p Domain, env: &Env<'p>) -> Vec<(Formula, RangeOrItems)> {
        match domain {
            Domain::Records(name) => vec![(Formula::TRUE, RangeOrItems::Range(Range::Records(name.clone())))],
            Domain::Items(list) => {
                let cases = self.cases(list, env);
                let mut out = Vec::new();
                for (guard, value) in cases {
                    match value {
                        Value::List(id) => out.push((guard, RangeOrItems::Range(Range::List(id)))),
                        Value::Items(items) => out.push((guard, RangeOrItems::Items(items))),
                        _ => {
                            self.beyond = true;
                            out.push((guard, RangeOrItems::Beyond));
                        }
                    }
                }
                out
            }
        }
    }

    /// The elements of a range that are there so far.
    pub(crate) fn elements(&self, range: &Range) -> Vec<(Formula, Value)> {
        match range {
            Range::Records(name) => {
                let counted = self.objects.iter().enumerate().filter(|(_, o)| o.counts && o.record == *name);
                counted.map(|(at, o)| (o.exists, Value::Object(ObjectId(at as u32)))).collect()
            }
            Range::List(id) => self.lists.get(id.0 as usize).map(|list| list.items.clone()).unwrap_or_default(),
        }
    }

    /// A new element of a range, which is there where the formula holds.
    pub(crate) fn element(&mut self, range: &Range, exists: Formula) -> Option<Value> {
        if self.objects.len() >= MOST_OBJECTS {
            self.cut = true;
            return None;
        }
        match range {
            Range::Records(name) => {
                let object = self.object(name, Origin::Some(name.clone()), true);
                if let Some(known) = self.objects.get_mut(object.0 as usize) {
                    known.exists = exists;
                }
                Some(Value::Object(object))
            }
            Range::List(id) => {
                let item = self.lists.get(id.0 as usize)?.item.clone();
                if let Type::Enum(_) = item {
                    return None;
                }
                let value = match &item {
                    Type::Record(record) => {
                        let object = self.object(record, Origin::Some(record.clone()), true);
                        if let Some(known) = self.objects.get_mut(object.0 as usize) {
                            known.exists = exists;
                        }
                        Value::Object(object)
                    }
                    other => self.fresh(other, None),
                };
                self.lists.get_mut(id.0 as usize)?.items.push((exists, value.clone()));
                Some(value)
            }
        }
    }

    /// That something in the range makes the body hold. Only to be asserted, never denied.
    pub(crate) fn some(&mut self, range: &Range, body: &Body<'p>) -> Formula {
        // The values of an enum are all there already.
        if let Range::List(id) = range
            && self.lists.get(id.0 as usize).is_some_and(|list| matches!(list.item, Type::Enum(_)))
        {
            let elements = self.elements(range);
            let mut any = Vec::new();
            for (exists, value) in elements {
                let holds = body(self, &value);
                any.push(self.store.and([exists, holds]));
            }
            return self.store.or(any);
        }
        let exists = self.store.boolean();
        let Some(value) = self.element(range, exists) else { return self.anything() };
        let holds = body(self, &value);
        self.store.and([exists, holds])
    }

    /// That everything in the range makes the body hold. Only to be asserted, never denied.
    pub(crate) fn all(&mut self, range: &Range, body: &Body<'p>) -> Formula {
        let holds = self.store.boolean();
        self.universals.push(Universal { holds, range: range.clone(), body: Rc::clone(body), done: 0 });
        holds
    }

    /// That at least `n` different things in the range make the body hold. Only to be asserted.
    pub(crate) fn at_least(&mut self, n: usize, range: &Range, body: &Body<'p>) -> Formula {
        if n == 0 {
            return Formula::TRUE;
        }
        if let Range::List(id) = range
            && self.lists.get(id.0 as usize).is_some_and(|list| matches!(list.item, Type::Enum(_)))
        {
            let mut parts = Vec::new();
            for (exists, value) in self.elements(range) {
                let holds = body(self, &value);
                parts.push(self.store.and([exists, holds]));
            }
            return self.store.at_least(n, &parts);
        }
        if n > 6 {
            return self.anything();
        }
        let mut parts = Vec::new();
        let mut made: Vec<Value> = Vec::new();
        for _ in 0..n {
            let exists = self.store.boolean();
            let Some(value) = self.element(range, exists) else { return self.anything() };
            let holds = body(self, &value);
            parts.extend([exists, holds]);
            if let Value::Object(new) = value {
                for other in &made {
                    if let Value::Object(other) = other {
                        let same = self.same(new, *other);
                        parts.push(self.store.not(same));
                    }
                }
            }
            made.push(value);
        }
        self.store.and(parts)
    }

    /// That at most `n` things in the range make the body hold. Only to be asserted.
    pub(crate) fn no_more_than(&mut self, n: usize, range: &Range, body: &Body<'p>, denied: &Body<'p>) -> Formula {
        if n == 0 {
            return self.all(range, denied);
        }
        let holds = self.store.boolean();
        self.counted.push(AtMost { holds, most: n, range: range.clone(), body: Rc::clone(body) });
        holds
    }

    /// Applies what holds for all to what is there, and ties the fields of what may be one record, until nothing new comes up.
    pub(crate) fn close(&mut self) {
        for round in 0.. {
            let (mut open, before) = (false, self.always.len());
            let mut at = 0;
            while at < self.universals.len() {
                let Some(universal) = self.universals.get(at) else { break };
                let (holds, done, body) = (universal.holds, universal.done, Rc::clone(&universal.body));
                let elements = self.elements(&universal.range.clone());
                if elements.len() > done {
                    open = true;
                    if round >= MOST_ROUNDS {
                        self.cut = true;
                    } else {
                        for (exists, value) in elements.iter().skip(done) {
                            let of = body(self, value);
                            let there = self.store.and([holds, *exists]);
                            let formula = self.store.implies(there, of);
                            self.always.push(formula);
                        }
                        if let Some(universal) = self.universals.get_mut(at) {
                            universal.done = elements.len();
                        }
                    }
                }
                at += 1;
            }
            self.tie();
            if (!open && self.always.len() == before) || round >= MOST_ROUNDS {
                break;
            }
        }
        for AtMost { holds, most, range, body } in std::mem::take(&mut self.counted) {
            let mut parts = Vec::new();
            for (exists, value) in self.elements(&range) {
                let of = body(self, &value);
                parts.push(self.store.and([exists, of]));
            }
            let more = self.store.at_least(most + 1, &parts);
            let few = self.store.not(more);
            let formula = self.store.implies(holds, few);
            self.always.push(formula);
        }
        self.tie();
    }

    /// Two objects that are one record have the same fields, as far as they were read.
    fn tie(&mut self) {
        loop {
            let pairs = self.connected();
            let mut tied = false;
            for (a, b) in pairs {
                let count = |world: &Self, id: ObjectId| world.objects.get(id.0 as usize).map_or(0, |o| o.slots.len());
                let counts = (count(self, a), count(self, b));
                if self.tied.get(&(a, b)) == Some(&counts) {
                    continue;
                }
                self.tied.insert((a, b), counts);
                tied = true;
                self.tie_pair(a, b);
            }
            tied |= self.tie_histories();
            tied |= self.share();
            if !tied {
                return;
            }
        }
    }

    /// What changes over time has one value at one instant, and once it has one it keeps having one: for fields of one record that
    /// were read at several instants. Whether anything was new.
    fn tie_histories(&mut self) -> bool {
        let mut pairs = self.connected();
        pairs.extend((0..self.objects.len()).map(|at| (ObjectId(at as u32), ObjectId(at as u32))));
        let mut tied = false;
        for (a, b) in pairs {
            let over_time = |id: ObjectId| -> Vec<(String, Linear)> {
                let slots = self.objects.get(id.0 as usize).into_iter().flat_map(|object| object.slots.keys());
                slots.filter_map(|(name, at)| Some((name.clone(), (*at)?))).collect()
            };
            let (ours, theirs) = (over_time(a), over_time(b));
            for (name, at) in &ours {
                for (other, then) in theirs.iter().filter(|(other, _)| other == name) {
                    let key = (a, b, name.clone(), *at, *then);
                    if (a == b && at == then) || !self.histories.insert(key) {
                        continue;
                    }
                    tied = true;
                    self.tie_instants((a, name, *at), (b, other, *then));
                }
            }
        }
        tied
    }

    fn tie_instants(&mut self, (a, name, at): (ObjectId, &str, Linear), (b, other, then): (ObjectId, &str, Linear)) {
        let (one, two) = (self.slot(a, name, Some(at)), self.slot(b, other, Some(then)));
        let same = self.same(a, b);
        let (before, after) = (self.at_most(at, then, 0), self.at_most(then, at, 0));
        let (lasts, lasted) =
            (self.store.implies(one.present, two.present), self.store.implies(two.present, one.present));
        let equal = self.tied_values(&one.value, &two.value);
        for (when, what) in [(vec![before], lasts), (vec![after], lasted), (vec![before, after], equal)] {
            let when = self.store.and(when);
            let both = self.store.and([same, when]);
            let rule = self.store.implies(both, what);
            self.always.push(rule);
        }
    }

    /// Lists of what may be one record have each other's items, where it is one. Whether anything was new.
    fn share(&mut self) -> bool {
        let mut new = false;
        for (a, b) in self.connected() {
            let lists = |id: ObjectId| -> Vec<(String, ListId)> {
                let slots = self.objects.get(id.0 as usize).into_iter().flat_map(|object| &object.slots);
                let lists = slots.filter_map(|((name, _), slot)| match slot.value {
                    Value::List(list) => Some((name.clone(), list)),
                    _ => None,
                });
                lists.collect()
            };
            let (ours, theirs) = (lists(a), lists(b));
            for (name, one) in &ours {
                for (_, two) in theirs.iter().filter(|(other, _)| other == name) {
                    let same = self.same(a, b);
                    new |= self.lend(*one, *two, same);
                    new |= self.lend(*two, *one, same);
                }
            }
        }
        new
    }

    /// What one list has, another one has too, under a condition.
    fn lend(&mut self, from: ListId, to: ListId, same: Formula) -> bool {
        let Some(list) = self.lists.get(from.0 as usize) else { return false };
        if matches!(list.item, Type::Enum(_)) {
            return false;
        }
        let own: Vec<(usize, Formula, Value)> = list
            .items
            .iter()
            .enumerate()
            .filter(|(at, _)| !list.borrowed.contains(at))
            .map(|(at, (exists, value))| (at, *exists, value.clone()))
            .collect();
        let mut new = false;
        for (at, exists, value) in own {
            if !self.shared.insert((from, at, to)) {
                continue;
            }
            new = true;
            let both = self.store.and([exists, same]);
            if let Some(list) = self.lists.get_mut(to.0 as usize) {
                list.borrowed.insert(list.items.len());
                list.items.push((both, value));
            }
        }
        new
    }

    /// Pairs of objects that may be one record: those that something compares, and those that are connected by such pairs.
    fn connected(&self) -> Vec<(ObjectId, ObjectId)> {
        let mut groups: Vec<BTreeSet<ObjectId>> = Vec::new();
        for (a, b) in self.same.keys() {
            let (with, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(|g| g.contains(a) || g.contains(b));
            let mut joined: BTreeSet<ObjectId> = with.into_iter().flatten().collect();
            joined.extend([*a, *b]);
            groups = rest;
            groups.push(joined);
        }
        let mut pairs = Vec::new();
        for group in groups {
            let group: Vec<ObjectId> = group.into_iter().collect();
            for (at, a) in group.iter().enumerate() {
                pairs.extend(group.iter().skip(at + 1).map(|b| (*a, *b)));
            }
        }
        pairs.sort_unstable();
        pairs
    }

    fn tie_pair(&mut self, a: ObjectId, b: ObjectId) {
        let keys: Vec<(String, Option<Linear>)> = match (self.objects.get(a.0 as usize), self.objects.get(b.0 as usize))
        {
            (Some(one), Some(other)) => {
                one.slots.keys().filter(|key| other.slots.contains_key(*key)).cloned().collect()
            }
            _ => return,
        };
        let same = self.same(a, b);
        let exist = match (self.objects.get(a.0 as usize), self.objects.get(b.0 as usize)) {
            (Some(one), Some(other)) => self.store.iff(one.exists, other.exists),
            _ => return,
        };
        let tied = self.store.implies(same, exist);
        self.always.push(tied);
        for (name, at) in keys {
            let (one, other) = (self.slot(a, &name, at), self.slot(b, &name, at));
            let present = self.store.iff(one.present, other.present);
            let equal = self.tied_values(&one.value, &other.value);
            let both = self.store.and([present, equal]);
            let tied = self.store.implies(same, both);
            self.always.push(tied);
        }
    }

    fn tied_values(&mut self, a: &Value, b: &Value) -> Formula {
        match (a, b) {
            (Value::Bool(a), Value::Bool(b)) => self.store.iff(*a, *b),
            (Value::Number(a), Value::Number(b)) | (Value::Thing(a), Value::Thing(b)) => self.equal(*a, *b),
            (Value::Choice(a, _), Value::Choice(b, _)) => self.same_choice(*a, *b),
            (Value::Object(a), Value::Object(b)) => self.same(*a, *b),
            (Value::Period(a, b), Value::Period(c, d)) => {
                let (from, to) = (self.equal(*a, *c), self.equal(*b, *d));
                self.store.and([from, to])
            }
            // Two lists that are one have one content: enums value by value, others item by item ([`World::share`]).
            (Value::List(a), Value::List(b)) => {
                let (one, other) = (self.elements(&Range::List(*a)), self.elements(&Range::List(*b)));
                let mut parts = Vec::new();
                for ((here, value), (there, other)) in one.iter().zip(&other) {
                    if let (Value::Variant(v), Value::Variant(w)) = (value, other)
                        && v == w
                    {
                        parts.push(self.store.iff(*here, *there));
                    }
                }
                self.store.and(parts)
            }
            _ => Formula::TRUE,
        }
    }

    fn same_choice(&mut self, a: Choice, b: Choice) -> Formula {
        self.store.same(a, b)
    }

    /// A text that tells apart what an expression stands for: its form, and the records its names stand for.
    pub(crate) fn key(&mut self, expr: &'p Expr, env: &Env<'p>) -> String {
        let mut key = format!("{}:{:?}@{:?}", env.side, expr.node, env.at);
        let mut names: BTreeSet<&'p str> = BTreeSet::new();
        expr.visit(&mut |part| {
            if let Node::Var(name) = &part.node {
                names.insert(name);
            }
        });
        for name in names {
            match env.get(name) {
                Some(crate::term::Bound::Value(cases)) => key.push_str(&format!(";{name}={cases:?}")),
                Some(crate::term::Bound::Later(inner, names)) => {
                    let inside = Env { side: env.side, at: env.at, names };
                    let inner = self.key(inner, &inside);
                    key.push_str(&format!(";{name}={inner}"));
                }
                None => {}
            }
        }
        key
    }
}

/// What ranges over: elements that are not all known, or some that are.
pub(crate) enum RangeOrItems {
    Range(Range),
    Items(Vec<Cases>),
    Beyond,
}

impl<'p> World<'p> {
    /// An instant of which nothing is known.
    pub(crate) fn some_instant(&mut self) -> Int {
        let int = self.store.integer();
        self.bound(int, -(1 << 38), 1 << 38);
        self.instants.push(int);
        int
    }

    /// The instant of a breach of which nothing else is known.
    pub(crate) fn breach_instant(&mut self) -> Linear {
        let int = match self.breach {
            Some(int) => int,
            None => self.some_instant(),
        };
        self.breach = Some(int);
        Linear::of(int)
    }

    /// That an end is noted, even if it lies ahead.
    pub(crate) fn noted(&mut self, end: Linear) -> Formula {
        if let Some(noted) = self.noted.get(&end) {
            return *noted;
        }
        let noted = self.store.boolean();
        self.noted.insert(end, noted);
        noted
    }

    /// The currency that amounts of the situation are in.
    pub(crate) fn currency(&self) -> &str {
        self.currency.unwrap_or("EUR")
    }

    /// Amounts are compared in one currency; a situation that mixes several fails its replay.
    pub(crate) fn saw_currency(&mut self, currency: &'p str) {
        if self.currency.is_some_and(|known| known != currency) {
            self.beyond = true;
        }
        self.currency.get_or_insert(currency);
    }

    /// Reads something with what is missing as it may turn out to be, or as missing.
    pub(crate) fn reading<T>(&mut self, filled_in: bool, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.filled_in, filled_in);
        let out = read(self);
        self.filled_in = before;
        out
    }

    /// A record picked before by the same expression.
    pub(crate) fn picked(&self, key: &str) -> Option<Cases> {
        let (guard, value) = self.opaque.get(key)?;
        Some(vec![(*guard, value.clone())])
    }

    /// Remembers a record that was picked.
    pub(crate) fn remember(&mut self, key: String, cases: &Cases) {
        if let Some((guard, value)) = cases.first() {
            self.opaque.insert(key, (*guard, value.clone()));
        }
    }
}

/// Whether an expression names a variable.
fn speaks_of(expr: &Expr, var: &str) -> bool {
    let mut speaks = false;
    expr.visit(&mut |part| speaks |= matches!(&part.node, Node::Var(name) if name == var));
    speaks
}
