//! Facts as the oracle sees them: every record in one list, nested ones too.

use crate::value::{END, Instant, Length, Quantity, START, Tick, Unit, Value};
use crate::world::World;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use mandate_pack::{Dated, Field, Type};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A record.
#[derive(Debug, Clone)]
pub struct Record {
    /// Qualified type.
    pub ty: String,
    /// Key, or its place in another record.
    pub id: String,
    /// What the data says, by field.
    pub fields: BTreeMap<String, Value>,
    /// Fields over time: from when each value holds.
    pub histories: BTreeMap<String, Vec<(Value, Value)>>,
    /// Counts for nothing: corrected, or not known yet.
    pub gone: bool,
}

impl World<'_> {
    /// Reads facts in the form of a facts file. What is not well-formed is left out: facts are checked by the engine first.
    pub fn read(&mut self, facts: &Json) {
        let empty = serde_json::Map::new();
        let by_type = facts["records"].as_object().unwrap_or(&empty);
        let mut listed = Vec::new();
        for (name, items) in by_type {
            let found = self.pack.records.iter().find(|(q, r)| *q == name || r.name == *name);
            let Some((ty, _)) = found else { continue };
            for item in items.as_array().into_iter().flatten() {
                let id = self.announce(ty, item, &format!("{name}[{}]", listed.len()));
                listed.push((ty.clone(), id, item));
            }
        }
        let mut filled = Vec::new();
        for (ty, id, item) in listed {
            self.fill(&ty, &id, item, &mut filled);
        }
        let through = facts["data_through"].as_object().unwrap_or(&empty);
        for (name, until) in through {
            let found = self.pack.records.iter().find(|(q, r)| *q == name || r.name == *name);
            if let (Some((ty, _)), Some(until)) = (found, until.as_str().and_then(|text| self.end_of(text))) {
                self.through.insert(ty.clone(), until);
            }
        }
        // A feed that is not complete proves nothing by its silence.
        for (name, whole) in facts["complete"].as_object().unwrap_or(&empty) {
            let found = self.pack.records.iter().find(|(q, r)| *q == name || r.name == *name);
            if let (Some((ty, _)), Some(false)) = (found, whole.as_bool()) {
                self.through.insert(ty.clone(), START);
            }
        }
        self.drop_what_does_not_count();
    }

    /// The instant a text names, a day meaning its end.
    pub fn end_of(&self, text: &str) -> Option<Tick> {
        match text.parse::<Date>() {
            Ok(day) if !text.contains('T') => Some(self.calendar.day(day).hi),
            _ => tick(text),
        }
    }

    /// Enters a record and those inside it, without their fields, so that references can be followed; gives its name.
    fn announce(&mut self, ty: &str, item: &Json, place: &str) -> String {
        let record = &self.pack.records[ty];
        let key = record.key.as_ref().and_then(|key| item[key].as_str());
        // A scenario names its records that have no key.
        let id = key.or_else(|| item["$name"].as_str()).unwrap_or(place).to_owned();
        self.index.insert((ty.to_owned(), id.clone()), self.records.len());
        self.records.push(Record {
            ty: ty.to_owned(),
            id: id.clone(),
            fields: BTreeMap::new(),
            histories: BTreeMap::new(),
            gone: false,
        });
        for field in &record.fields {
            for (inner, value, place) in nested(&self.pack.records, field, &item[&field.name], &id) {
                self.announce(&inner, value, &place);
            }
        }
        id
    }

    fn fill(&mut self, ty: &str, id: &str, item: &Json, done: &mut Vec<usize>) {
        let record = &self.pack.records[ty];
        let me = self.index[&(ty.to_owned(), id.to_owned())];
        done.push(me);
        for field in &record.fields {
            for (inner, value, place) in nested(&self.pack.records, field, &item[&field.name], id) {
                self.fill(&inner, &place, value, done);
            }
            let json = &item[&field.name];
            if field.over_time {
                let entries = json.as_array().into_iter().flatten();
                let entries = entries.map(|entry| {
                    let from = self.value(&Type::Time, &entry["from"], "");
                    (from, self.value(field.ty.known(), &entry["value"], ""))
                });
                let entries = entries.collect();
                self.records[me].histories.insert(field.name.clone(), entries);
                continue;
            }
            let place = format!("{id}.{}", field.name);
            let value = match (&field.default, json.is_null()) {
                (Some(default), true) => match default.node {
                    mandate_pack::Node::Never => Value::Time(Instant::between(self.as_of + 1, END)),
                    _ => self.value_of(default),
                },
                _ => self.value(field.ty.known(), json, &place),
            };
            self.records[me].fields.insert(field.name.clone(), value);
        }
    }

    fn drop_what_does_not_count(&mut self) {
        for at in 0..self.records.len() {
            let kind = &self.pack.records[&self.records[at].ty];
            if let (Some(field), Some(known)) = (&kind.recorded, self.known_at) {
                let entered = self.calendar.instant(&self.records[at].fields[field]);
                self.records[at].gone = entered.lo > known;
            }
        }
        let mut corrected = Vec::new();
        for record in self.records.iter().filter(|r| !r.gone) {
            if let Some(field) = &self.pack.records[&record.ty].corrects {
                match &record.fields[field] {
                    Value::Record(at) => corrected.push(*at),
                    Value::List { items, .. } => corrected.extend(items.iter().filter_map(|item| match item {
                        Value::Record(at) => Some(*at),
                        _ => None,
                    })),
                    _ => {}
                }
            }
        }
        for at in corrected {
            self.records[at].gone = true;
        }
    }

    /// A value of the data.
    fn value(&self, ty: &Type, json: &Json, place: &str) -> Value {
        if json.is_null() || json["restricted"] == true {
            Value::Unknown
        } else {
            self.known_value(ty, json, place).unwrap_or(Value::Unknown)
        }
    }

    fn known_value(&self, ty: &Type, json: &Json, place: &str) -> Option<Value> {
        let text = || json.as_str();
        Some(match ty {
            Type::Bool => Value::Bool(json.as_bool()?),
            Type::Int | Type::Decimal => Value::number(decimal(json)?),
            Type::Text | Type::Nation => Value::Text(text()?.to_owned()),
            Type::Date => Value::Day(text()?.parse().ok()?),
            Type::Time => Value::Time(self.imprecise(json)?),
            Type::Duration => Value::Length(length(text()?)?),
            Type::Period => {
                Value::Period(Box::new(self.day_or_time(&json["from"])), Box::new(self.day_or_time(&json["to"])))
            }
            Type::Length => metres(text()?)?,
            Type::Location => Value::Location {
                lat: json["lat"].as_f64()?,
                lon: json["lon"].as_f64()?,
                within: match json["within"].as_str().and_then(metres) {
                    Some(Value::Quantity(q)) => q.hi?,
                    _ => Decimal::ZERO,
                },
            },
            Type::Money => money(json)?,
            Type::Enum(name) => {
                Value::Variant(self.pack.enums[name].variants.iter().position(|v| v.spelling == text().unwrap_or(""))?)
            }
            Type::Record(name) => {
                let key = if self.pack.records[name].key.is_some() { text()? } else { place };
                Value::Record(*self.index.get(&(name.clone(), key.to_owned()))?)
            }
            Type::List(item) => {
                let items = json.as_array()?.iter().enumerate();
                let items = items.map(|(n, json)| self.value(item.known(), json, &format!("{place}[{n}]")));
                Value::List { items: items.collect(), more: false }
            }
            Type::Optional(inner) => return self.known_value(inner, json, place),
        })
    }

    /// A day or `{from, to}` where an instant is meant is any instant of it.
    fn imprecise(&self, json: &Json) -> Option<Instant> {
        if let Some(text) = json.as_str() {
            return match text.parse::<Date>() {
                Ok(day) if !text.contains('T') => Some(Instant { day: false, ..self.calendar.day(day) }),
                _ => tick(text).map(Instant::exactly),
            };
        }
        json.as_object()?;
        Some(Instant::between(self.imprecise(&json["from"])?.lo, self.imprecise(&json["to"])?.hi))
    }

    fn day_or_time(&self, json: &Json) -> Value {
        let Some(text) = json.as_str() else { return Value::Unknown };
        match text.parse::<Date>() {
            Ok(day) if !text.contains('T') => Value::Day(day),
            _ => tick(text).map_or(Value::Unknown, |t| Value::Time(Instant::exactly(t))),
        }
    }

    /// When a record says it happened: an instant, or a period half-open. Undated: nothing is known.
    pub fn own_date(&self, at: usize) -> (Value, Option<Value>) {
        let record = &self.records[at];
        match &self.pack.records[&record.ty].dated {
            Some(Dated::At(field)) => (record.fields[field].clone(), None),
            Some(Dated::During(from, to)) => (record.fields[from].clone(), Some(record.fields[to].clone())),
            None => (Value::Unknown, None),
        }
    }
}

/// Records without a key that stand in a field, with their places.
fn nested<'j>(
    records: &BTreeMap<String, mandate_pack::Record>,
    field: &Field,
    json: &'j Json,
    id: &str,
) -> Vec<(String, &'j Json, String)> {
    let of = |ty: &Type| match ty.known() {
        Type::Record(name) if records[name].key.is_none() => Some(name.clone()),
        _ => None,
    };
    let place = format!("{id}.{}", field.name);
    match field.ty.known() {
        Type::List(item) => match (of(item), json.as_array()) {
            (Some(name), Some(items)) => {
                let items = items.iter().enumerate().filter(|(_, json)| json.is_object());
                items.map(|(n, json)| (name.clone(), json, format!("{place}[{n}]"))).collect()
            }
            _ => Vec::new(),
        },
        ty => of(ty).filter(|_| json.is_object()).map(|name| (name, json, place)).into_iter().collect(),
    }
}

/// An instant with offset.
pub fn tick(text: &str) -> Option<Tick> {
    text.parse::<Timestamp>().ok().map(|t| t.as_microsecond().into())
}

fn decimal(json: &Json) -> Option<Decimal> {
    let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

fn metres(text: &str) -> Option<Value> {
    let (number, unit) = text.trim().split_once(' ')?;
    let number: Decimal = number.parse().ok()?;
    let metres = if unit.trim() == "km" { number * Decimal::from(1000) } else { number };
    Some(Value::Quantity(Quantity { lo: Some(metres), hi: Some(metres), unit: Unit::Metre }))
}

fn money(json: &Json) -> Option<Value> {
    let (amount, currency) = match json.as_str() {
        Some(text) => {
            let (amount, currency) = text.trim().split_once(' ')?;
            (amount.parse().ok()?, currency.trim().to_owned())
        }
        None => (decimal(&json["amount"])?, json["currency"].as_str()?.to_owned()),
    };
    Some(Value::Quantity(Quantity { lo: Some(amount), hi: Some(amount), unit: Unit::Money(Some(currency)) }))
}

fn length(text: &str) -> Option<Length> {
    let span: Span = text.parse().ok()?;
    let micros = Tick::from(span.get_hours()) * 3_600_000_000
        + Tick::from(span.get_minutes()) * 60_000_000
        + Tick::from(span.get_seconds()) * 1_000_000;
    Some(Length {
        months: i64::from(span.get_years()) * 12 + i64::from(span.get_months()),
        days: i64::from(span.get_weeks()) * 7 + i64::from(span.get_days()),
        micros,
    })
}
