//! Records that are as they should be, read without a tree between.
//!
//! What does not fit gives [`Unfit`] and no more: the record is then read again by the loader, which knows how to say what is wrong and
//! where. So there is one place that finds faults, and one that is fast.

use crate::facts::fields::{Fields, Kept};
use crate::facts::plan::{Kind, Plan, Plans};
use crate::spell;
use crate::time::{Instants, Period};
use crate::truth::Missing;
use crate::value::{Entry, List, Point, Quantity, Unit, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::sync::Arc;

/// Not what it should be: to be read again with care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfit;

/// A record read. References to keys are still texts, and records in place are numbered from 0 among `parts`.
#[derive(Debug)]
pub(crate) struct Quick {
    pub(crate) ty: u32,
    pub(crate) fields: Fields,
    pub(crate) parts: Vec<Part>,
}

/// A record in place.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) ty: u32,
    pub(crate) fields: Fields,
    /// The record it stands in: a part before it, or the record itself.
    pub(crate) of: Option<u32>,
    pub(crate) field: u32,
    pub(crate) item: Option<u32>,
    pub(crate) hidden: bool,
}

/// What is kept from one record to the next: equal texts are stored once, and members are looked for where they stood before.
pub(crate) struct Worker {
    texts: Vec<Option<Arc<str>>>,
    day: Option<(Box<str>, Instants)>,
    numbers: Vec<Option<Arc<Quantity>>>,
    /// For each record type and field, the field that stood behind it.
    next: Vec<Vec<u32>>,
    parts: Vec<Part>,
    /// Lists to gather the fields of a record in.
    spare: Vec<Vec<(u32, Kept)>>,
    /// Every empty list.
    nothing: Arc<Vec<Value>>,
}

const TEXTS: usize = 4096;
const SMALL: usize = 256;

impl Worker {
    pub(crate) fn new(plans: &Plans<'_>) -> Self {
        Worker {
            texts: vec![None; TEXTS],
            day: None,
            numbers: vec![None; SMALL],
            next: plans.records.iter().map(|plan| (1..=plan.fields.len() as u32 + 1).collect()).collect(),
            parts: Vec::new(),
            spare: Vec::new(),
            nothing: Arc::default(),
        }
    }

    /// The text, shared with an equal one seen not long ago.
    fn text(&mut self, text: &str) -> Arc<str> {
        const LONGEST: usize = 48;
        if text.len() > LONGEST {
            return text.into();
        }
        let hash = text
            .bytes()
            .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        let slot = &mut self.texts[(hash >> 20) as usize % TEXTS];
        match slot {
            Some(shared) if **shared == *text => shared.clone(),
            _ => slot.insert(text.into()).clone(),
        }
    }

    fn number(&mut self, number: Decimal) -> Value {
        let small = (number.scale() == 0).then(|| number.to_u64()).flatten().filter(|n| *n < SMALL as u64);
        let new = || Arc::new(Quantity::exact(number, Unit::Plain));
        Value::Number(match small {
            Some(small) => self.numbers[small as usize].get_or_insert_with(new).clone(),
            None => new(),
        })
    }

    fn instants(&mut self, plans: &Plans<'_>, text: &str) -> Result<Instants, Unfit> {
        if text.len() != 10 {
            return spell::time(text).map(Instants::at).map_err(|_| Unfit);
        }
        if let Some((day, at)) = &self.day
            && **day == *text
        {
            return Ok(at.clone());
        }
        let at = plans.zone.day(spell::date(text).map_err(|_| Unfit)?);
        self.day = Some((text.into(), at.clone()));
        Ok(at)
    }

    /// A value that is written as one text, the same in every format.
    pub(crate) fn scalar(&mut self, plans: &Plans<'_>, kind: &Kind<'_>, text: &str) -> Result<Value, Unfit> {
        match kind {
            Kind::Text | Kind::Key(_, false) => Ok(Value::Text(self.text(text))),
            // Where an instant is meant a day is any instant of it, and not a day that compares with days.
            Kind::Time => self.instants(plans, text).map(|at| Value::Time(Instants { civil: false, ..at })),
            Kind::Date if text.len() == 10 => self.instants(plans, text).map(Value::Time),
            Kind::Duration => spell::duration(text).map(Value::Duration).map_err(|_| Unfit),
            Kind::Length => {
                let metres = spell::length(text).map_err(|_| Unfit)?;
                Ok(Value::quantity(Quantity::exact(metres, Unit::Metres)))
            }
            Kind::Money => {
                let (amount, code) = spell::money(text).map_err(|_| Unfit)?;
                Ok(Value::quantity(Quantity::exact(amount, Unit::Money(self.text(code)))))
            }
            Kind::Nation if spell::letters(text) => Ok(Value::Nation(self.text(text))),
            Kind::Variant(of, spellings) => {
                let index = spellings.iter().position(|spelling| *spelling == text).ok_or(Unfit)?;
                Ok(Value::Variant { of: *of, index: index as u32 })
            }
            Kind::Decimal => spell::decimal(text).map(|n| self.number(n)).map_err(|_| Unfit),
            Kind::Int => {
                let number = spell::decimal(text).map_err(|_| Unfit)?;
                // Only as it is said again: a key is compared as it is written.
                let digits = text.strip_prefix('-').unwrap_or(text);
                let plain = digits == "0" || (!digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit()));
                let whole = plain && number.to_i64().is_some();
                if whole { Ok(self.number(number)) } else { Err(Unfit) }
            }
            _ => Err(Unfit),
        }
    }

    /// A record from its JSON text. `ty` is the type of records that do not name it.
    pub(crate) fn line(
        &mut self,
        plans: &Plans<'_>,
        named: &dyn Fn(&str) -> Option<u32>,
        ty: Option<u32>,
        text: &str,
    ) -> Result<Quick, Unfit> {
        self.parts.clear();
        let mut json = serde_json::Deserializer::from_str(text);
        let seed = LineSeed { plans, worker: self, named, ty };
        let (ty, fields) = seed.deserialize(&mut json).map_err(|_| Unfit)?;
        json.end().map_err(|_| Unfit)?;
        Ok(Quick { ty, fields, parts: std::mem::take(&mut self.parts) })
    }
}

/// Two entries from one instant would leave open which of them holds.
pub(crate) fn history(mut entries: Vec<Entry>) -> Result<Value, Unfit> {
    entries.sort_by_key(|entry| (entry.from.lo, entry.from.hi));
    let twice = entries.windows(2).any(|two| two[0].from.lo == two[1].from.lo && two[0].from.hi == two[1].from.hi);
    if twice { Err(Unfit) } else { Ok(Value::History(Arc::new(entries))) }
}

/// The value that a field over time always held.
pub(crate) fn always(value: Value) -> Value {
    Value::History(Arc::new(vec![Entry { from: Instants::at(crate::time::ALWAYS), value }]))
}

/// A point from its parts, if they are degrees.
pub(crate) fn point(lat: Decimal, lon: Decimal, within: Option<Decimal>) -> Result<Value, Unfit> {
    let within = within.unwrap_or(Decimal::ZERO);
    let sound = lat.abs() <= Decimal::from(90) && lon.abs() <= Decimal::from(180) && !within.is_sign_negative();
    if !sound {
        return Err(Unfit);
    }
    Ok(Value::Location(Arc::new(Point { lat, lon, within, missing: Missing::default() })))
}

pub(crate) fn period(from: Instants, to: Instants) -> Result<Value, Unfit> {
    if from.lo > to.hi { Err(Unfit) } else { Ok(Value::Period(Arc::new(Period { from, to }))) }
}

fn unfit<E: Error>(_: Unfit) -> E {
    E::custom("")
}

/// A whole line: fields of a record, and perhaps its type before them.
struct LineSeed<'s, 'p> {
    plans: &'s Plans<'p>,
    worker: &'s mut Worker,
    named: &'s dyn Fn(&str) -> Option<u32>,
    ty: Option<u32>,
}

impl<'de> DeserializeSeed<'de> for LineSeed<'_, '_> {
    type Value = (u32, Fields);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for LineSeed<'_, '_> {
    type Value = (u32, Fields);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        // Without a type of its own, the line has to name it first.
        let (ty, first) = match map.next_key_seed(NameSeed { plan: None, expected: 0 })? {
            Some(Name::Type) => {
                let ty = map.next_value_seed(TypeSeed(self.named))?;
                (ty, None)
            }
            Some(Name::Other(name)) => {
                let ty = self.ty.ok_or_else(|| unfit(Unfit))?;
                let plan = self.plans.records.get(ty as usize).ok_or_else(|| unfit(Unfit))?;
                let field = plan.fields.iter().position(|f| f.name == &*name).ok_or_else(|| unfit(Unfit))?;
                (ty, Some(field as u32))
            }
            Some(Name::Field(_)) => return Err(unfit(Unfit)),
            None => (self.ty.ok_or_else(|| unfit(Unfit))?, None),
        };
        let seed = RecordSeed { plans: self.plans, worker: self.worker, ty, of: None, hidden: false };
        Ok((ty, seed.members(map, first)?))
    }
}

enum Name {
    Field(u32),
    Type,
    Other(Box<str>),
}

struct NameSeed<'s, 'p> {
    plan: Option<&'s Plan<'p>>,
    expected: u32,
}

impl<'de> DeserializeSeed<'de> for NameSeed<'_, '_> {
    type Value = Name;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Name, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed<'_, '_> {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Name, E> {
        let Some(plan) = self.plan else {
            return Ok(if name == crate::facts::lines::TYPE { Name::Type } else { Name::Other(name.into()) });
        };
        if plan.fields.get(self.expected as usize).is_some_and(|field| field.name == name) {
            return Ok(Name::Field(self.expected));
        }
        let found = plan.fields.iter().position(|field| field.name == name);
        found.map(|field| Name::Field(field as u32)).ok_or_else(|| unfit(Unfit))
    }
}

struct TypeSeed<'s>(&'s dyn Fn(&str) -> Option<u32>);

impl<'de> DeserializeSeed<'de> for TypeSeed<'_> {
    type Value = u32;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u32, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for TypeSeed<'_> {
    type Value = u32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record type")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<u32, E> {
        (self.0)(name).ok_or_else(|| unfit(Unfit))
    }
}

/// The fields of a record, at the top or in place.
struct RecordSeed<'s, 'p> {
    plans: &'s Plans<'p>,
    worker: &'s mut Worker,
    ty: u32,
    /// Its own number among the parts; `None` at the top.
    of: Option<u32>,
    hidden: bool,
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_, '_> {
    type Value = Fields;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fields, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_, '_> {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Fields, A::Error> {
        self.members(map, None)
    }
}

impl RecordSeed<'_, '_> {
    /// The members of an object; the name of the `first` was read already.
    fn members<'de, A: MapAccess<'de>>(self, mut map: A, mut first: Option<u32>) -> Result<Fields, A::Error> {
        let RecordSeed { plans, worker, ty, of, hidden } = self;
        let plan = plans.records.get(ty as usize).ok_or_else(|| unfit(Unfit))?;
        let count = plan.fields.len();
        // One list for each record in place that is being read.
        let mut values = worker.spare.pop().unwrap_or_default();
        values.clear();
        // One more than there are fields: what stood first.
        let mut before = count;
        loop {
            let field = match first.take() {
                Some(field) => field,
                None => {
                    let expected = worker.next[ty as usize][before] % (count.max(1) as u32);
                    match map.next_key_seed(NameSeed { plan: Some(plan), expected })? {
                        None => break,
                        Some(Name::Field(field)) => field,
                        Some(Name::Type | Name::Other(_)) => return Err(unfit(Unfit)),
                    }
                }
            };
            worker.next[ty as usize][before] = field;
            before = field as usize;
            let declared = &plan.fields[before];
            let at = At { of, field, item: None, hidden: hidden || declared.sensitive };
            let value = map.next_value_seed(ValueSeed { plans, worker: &mut *worker, kind: &declared.kind, at })?;
            values.push((field, Kept::new(value)));
        }
        values.sort_unstable_by_key(|(field, _)| *field);
        // A member written twice is a fault, whatever it holds.
        let twice = values.windows(2).any(|two| two[0].0 == two[1].0);
        let has = |field: &u32| {
            let found = values.binary_search_by_key(field, |(field, _)| *field);
            found.is_ok_and(|at| !values[at].1.is_absent())
        };
        if twice || !plan.required.iter().all(has) {
            return Err(unfit(Unfit));
        }
        let fields = Fields::gathered(&mut values);
        worker.spare.push(values);
        Ok(fields)
    }
}

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
struct At {
    of: Option<u32>,
    field: u32,
    item: Option<u32>,
    hidden: bool,
}

/// A value of a field; `None` for `null`.
struct ValueSeed<'s, 'p> {
    plans: &'s Plans<'p>,
    worker: &'s mut Worker,
    kind: &'s Kind<'p>,
    at: At,
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        match self.kind {
            // As it is written: a binary fraction would change its digits.
            Kind::Decimal => {
                let raw: &RawValue = serde::Deserialize::deserialize(deserializer)?;
                match raw.get() {
                    "null" => Ok(None),
                    text => {
                        let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
                        self.worker.scalar(self.plans, self.kind, text).map(Some).map_err(unfit)
                    }
                }
            }
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, b: bool) -> Result<Self::Value, E> {
        self.bare(|kind, _, _| matches!(kind, Kind::Bool).then_some(Value::Bool(b)).ok_or(Unfit))
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Self::Value, E> {
        self.bare(|kind, worker, _| match kind {
            Kind::Int if n <= i64::MAX as u64 => Ok(worker.number(n.into())),
            Kind::Key(_, true) => Ok(Value::Text(worker.text(&n.to_string()))),
            _ => Err(Unfit),
        })
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<Self::Value, E> {
        self.bare(|kind, worker, _| match kind {
            Kind::Int => Ok(worker.number(n.into())),
            Kind::Key(_, true) => Ok(Value::Text(worker.text(&n.to_string()))),
            _ => Err(Unfit),
        })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        self.bare(|kind, worker, plans| worker.scalar(plans, kind, text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        match self.kind {
            Kind::List(item) => {
                let mut values = Vec::new();
                loop {
                    let at = At { item: Some(values.len() as u32), ..self.at };
                    let seed = ValueSeed { plans: self.plans, worker: &mut *self.worker, kind: item, at };
                    match items.next_element_seed(seed)? {
                        None => break,
                        Some(Some(value)) => values.push(value),
                        Some(None) => return Err(unfit(Unfit)),
                    }
                }
                if values.is_empty() {
                    return Ok(Some(Value::List(List { items: self.worker.nothing.clone(), open: None })));
                }
                values.shrink_to_fit();
                Ok(Some(Value::List(List::closed(values))))
            }
            Kind::History(item) => {
                let mut entries = Vec::new();
                while let Some(entry) = items.next_element_seed(EntrySeed {
                    plans: self.plans,
                    worker: &mut *self.worker,
                    kind: item,
                    at: self.at,
                })? {
                    entries.push(entry);
                }
                history(entries).map(Some).map_err(unfit)
            }
            _ => Err(unfit(Unfit)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        match self.kind {
            Kind::Part(ty) => {
                let number = self.worker.parts.len() as u32;
                let At { of, field, item, hidden } = self.at;
                self.worker.parts.push(Part { ty: *ty, fields: Fields::default(), of, field, item, hidden });
                let seed =
                    RecordSeed { plans: self.plans, worker: &mut *self.worker, ty: *ty, of: Some(number), hidden };
                let fields = seed.members(map, None)?;
                self.worker.parts[number as usize].fields = fields;
                Ok(Some(Value::Record(number)))
            }
            Kind::Location => {
                let (mut lat, mut lon, mut within) = (None, None, None);
                while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    let (slot, kind) = match &*name {
                        "lat" => (&mut lat, &Kind::Decimal),
                        "lon" => (&mut lon, &Kind::Decimal),
                        "within" => (&mut within, &Kind::Length),
                        _ => return Err(unfit(Unfit)),
                    };
                    let seed = ValueSeed { plans: self.plans, worker: &mut *self.worker, kind, at: self.at };
                    let value = map.next_value_seed(seed)?;
                    if slot.replace(value).is_some() {
                        return Err(unfit(Unfit));
                    }
                }
                let number = |value: Option<Option<Value>>| match value {
                    Some(Some(Value::Number(n))) => n.lo,
                    _ => None,
                };
                let (lat, lon) = number(lat).zip(number(lon)).ok_or_else(|| unfit(Unfit))?;
                point(lat, lon, number(within)).map(Some).map_err(unfit)
            }
            Kind::Time | Kind::Period => {
                let (mut from, mut to) = (None, None);
                while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
                    let slot = match &*name {
                        "from" => &mut from,
                        "to" => &mut to,
                        _ => return Err(unfit(Unfit)),
                    };
                    let text = map.next_value::<std::borrow::Cow<'de, str>>()?;
                    let at = self.worker.instants(self.plans, &text).map_err(unfit)?;
                    if slot.replace(at).is_some() {
                        return Err(unfit(Unfit));
                    }
                }
                let (from, to) = from.zip(to).ok_or_else(|| unfit(Unfit))?;
                match self.kind {
                    Kind::Period => period(from, to).map(Some).map_err(unfit),
                    _ => spell::interval(&from, &to).map(|at| Some(Value::Time(at))).ok_or_else(|| unfit(Unfit)),
                }
            }
            _ => Err(unfit(Unfit)),
        }
    }
}

impl<'p> ValueSeed<'_, 'p> {
    /// A value that is no list and no object; of a field over time the one it always had.
    fn bare<E: Error>(
        self,
        read: impl FnOnce(&Kind<'p>, &mut Worker, &Plans<'p>) -> Result<Value, Unfit>,
    ) -> Result<Option<Value>, E> {
        let value = match self.kind {
            Kind::History(inner) => read(inner, self.worker, self.plans).map(always),
            kind => read(kind, self.worker, self.plans),
        };
        value.map(Some).map_err(unfit)
    }
}

/// `{ from, value }`, a value from an instant on.
struct EntrySeed<'s, 'p> {
    plans: &'s Plans<'p>,
    worker: &'s mut Worker,
    kind: &'s Kind<'p>,
    at: At,
}

impl<'de> DeserializeSeed<'de> for EntrySeed<'_, '_> {
    type Value = Entry;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Entry, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed<'_, '_> {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let (mut from, mut value) = (None, None);
        while let Some(name) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match &*name {
                "from" if from.is_none() => {
                    let text = map.next_value::<std::borrow::Cow<'de, str>>()?;
                    from = Some(self.worker.instants(self.plans, &text).map_err(unfit)?);
                }
                "value" if value.is_none() => {
                    let seed = ValueSeed { plans: self.plans, worker: &mut *self.worker, kind: self.kind, at: self.at };
                    value = map.next_value_seed(seed)?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    return Err(unfit(Unfit));
                }
            }
        }
        let (from, value) = from.zip(value).ok_or_else(|| unfit(Unfit))?;
        Ok(Entry { from, value })
    }
}
