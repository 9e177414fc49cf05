//! Data of a field against the type the pack declares for it.

use crate::facts::datum::{Datum, Member, Shape};
use crate::facts::loader::{Loader, RecordPlace, key_text};
use crate::facts::quick::{always, history};
use crate::spell::{self, Misspelt};
use crate::time::{Instants, Period};
use crate::truth::Missing;
use crate::types::one;
use crate::value::{Entry, List, Point, Quantity, Unit, Value};
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Code, Diagnostic, Span, codes};
use mandate_pack::Type;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::Arc;

/// A field for its faults.
pub(crate) struct FieldPlace {
    pub(crate) file: u32,
    /// "`inc-1.observed_at`".
    pub(crate) name: String,
    /// Set for a sensitive field: the place of its name. Its value is neither quoted nor pointed at.
    pub(crate) sensitive: Option<Span>,
}

impl FieldPlace {
    fn fault(&self, code: &'static Code, datum: &Datum, message: String) -> Diagnostic {
        Diagnostic::new(code, self.sensitive.unwrap_or(datum.span), message)
    }

    /// The value in backticks, "a value" if it is sensitive.
    fn quote(&self, text: &str) -> String {
        const LONGEST: usize = 60;
        if self.sensitive.is_some() {
            "a value".to_owned()
        } else if text.chars().count() > LONGEST {
            format!("`{}…`", text.chars().take(LONGEST).collect::<String>())
        } else {
            format!("`{text}`")
        }
    }
}

/// What each type is called and spelled like.
fn expected(ty: &Type) -> &'static str {
    match ty.known() {
        Type::Bool => "`true` or `false`",
        Type::Int => "a whole number",
        Type::Decimal => "a number",
        Type::Text => "a text (a number that is a text stands in quotes)",
        Type::Date => "a day like `2024-03-01`",
        Type::Time => "a time like `2024-03-01T08:00Z`, a day, or `{from, to}` when it is not exactly known",
        Type::Duration => "a length of time like `24 hours`, `3 days` or `PT24H`",
        Type::Period => "a period `{from, to}` of two times or two days",
        Type::Length => "a distance like `200 m` or `1.5 km`",
        Type::Location => "a position `{lat, lon}` in degrees, with `within: 50 m` when it is not exact",
        Type::Money => "an amount like `500000 USD`",
        Type::Nation => "a state by its code of three capital letters, like `DEU`",
        Type::Enum(_) => "one of the values the rules name",
        Type::Record(_) => "a reference to a record or a nested record",
        Type::List(_) => "a list",
        Type::Optional(_) => "a value",
    }
}

pub(crate) fn misspelt(place: &FieldPlace, datum: &Datum, why: Misspelt, wanted: &str) -> Diagnostic {
    let shown = match &datum.shape {
        Shape::Text(text) | Shape::Number(text) => place.quote(text),
        _ => datum.what().to_owned(),
    };
    let name = &place.name;
    match why {
        Misspelt::Form => {
            place.fault(&codes::E108, datum, format!("{name} is {shown}, but {wanted} is needed here"))
        }
        Misspelt::Impossible => place
            .fault(&codes::E114, datum, format!("{name} is {shown}, and there is no such day or time"))
            .help("check day, month and hour; days are written year-month-day"),
        Misspelt::NoOffset => place
            .fault(&codes::E114, datum, format!("{name} is {shown}, a time of day without its offset from UTC"))
            .help("write `Z` behind it for UTC, or the offset like `+01:00`; without it the instant depends on who reads it"),
        Misspelt::TooLarge => place
            .fault(&codes::E115, datum, format!("{name} is a number with more digits than can be kept exactly"))
            .help("numbers keep 28 digits; check the value"),
    }
}

/// `{"restricted": true}`: a value that this reader may not see. To them it is unknown.
fn is_restricted(datum: &Datum) -> bool {
    match &datum.shape {
        Shape::Object(members) => match members.as_slice() {
            [only] => only.name == "restricted" && only.value.shape == Shape::Bool(true),
            _ => false,
        },
        _ => false,
    }
}

impl Loader<'_, '_> {
    /// The value of a field, or a fault and nothing. `path` is how a nested record would be called.
    pub(crate) fn convert(
        &mut self,
        place: &FieldPlace,
        at: &RecordPlace<'_>,
        path: &str,
        ty: &Type,
        datum: &Datum,
    ) -> Option<Value> {
        if is_restricted(datum) {
            return Some(Value::unknown());
        }
        let read = match ty {
            Type::Optional(inner) => return self.convert(place, at, path, inner, datum),
            Type::List(item) => return self.list(place, at, path, item, datum),
            Type::Record(name) => return self.record(place, at, path, name, datum),
            Type::Enum(name) => return self.variant(place, name, datum),
            Type::Period => return self.period(place, datum),
            Type::Location => return self.location(place, datum),
            Type::Time => return self.time(place, datum),
            Type::Bool => match datum.shape {
                Shape::Bool(b) => Ok(Value::Bool(b)),
                _ => Err(Misspelt::Form),
            },
            Type::Int => number(datum).and_then(|n| {
                let whole = n.fract().is_zero() && n.to_i64().is_some();
                if whole { Ok(Value::number(n)) } else { Err(Misspelt::Form) }
            }),
            Type::Decimal => number(datum).map(Value::number),
            Type::Text => text(datum).map(|text| Value::Text(text.into())),
            Type::Date => text(datum).and_then(spell::date).map(|day| Value::Time(self.zone.day(day))),
            Type::Duration => text(datum).and_then(spell::duration).map(Value::Duration),
            Type::Length => {
                text(datum).and_then(spell::length).map(|m| Value::quantity(Quantity::exact(m, Unit::Metres)))
            }
            Type::Money => money(datum),
            Type::Nation => match text(datum) {
                Ok(code) if spell::letters(code) => Ok(Value::Nation(code.into())),
                _ => Err(Misspelt::Form),
            },
        };
        match read {
            Ok(value) => Some(value),
            Err(why) => {
                self.fault(place.file, misspelt(place, datum, why, expected(ty)));
                None
            }
        }
    }

    /// A value over time: entries `{ from, value }`, or a bare value that always held.
    pub(crate) fn history(
        &mut self,
        place: &FieldPlace,
        at: &RecordPlace<'_>,
        path: &str,
        ty: &Type,
        datum: &Datum,
    ) -> Option<Value> {
        let items = match &datum.shape {
            Shape::List(items) if !matches!(ty.known(), Type::List(_)) || items.iter().all(is_entry) => items,
            _ => return self.convert(place, at, path, ty, datum).map(always),
        };
        let mut entries = Vec::with_capacity(items.len());
        for (n, item) in items.iter().enumerate() {
            let path = format!("{path}[{n}]");
            let inner = FieldPlace { file: place.file, name: format!("`{path}`"), sensitive: place.sensitive };
            let Shape::Object(members) = &item.shape else {
                let message = format!(
                    "{} is {}, but a value that changes over time is written as `{{from, value}}`",
                    inner.name,
                    item.what()
                );
                self.fault(place.file, inner.fault(&codes::E108, item, message));
                continue;
            };
            let Some([from, value]) = self.parts(&inner, item, members, ["from", "value"], &[]) else { continue };
            let from = match text(from).and_then(|text| spell::time_or_date(text, &self.zone)) {
                Ok(from) => Some(from),
                Err(why) => {
                    self.fault(place.file, misspelt(&inner, from, why, "a time like `2024-03-01T08:00Z` or a day"));
                    None
                }
            };
            let value = self.convert(&inner, at, &path, ty, value);
            entries.extend(from.zip(value).map(|(from, value)| Entry { from, value }));
        }
        match history(entries) {
            Ok(history) => Some(history),
            Err(_) => {
                let message = format!("{} has two values from the same instant", place.name);
                let fault = place.fault(&codes::E120, datum, message);
                self.fault(
                    place.file,
                    fault.help("keep the one that held from then on, or correct the instant of the other"),
                );
                None
            }
        }
    }

    fn list(
        &mut self,
        place: &FieldPlace,
        at: &RecordPlace<'_>,
        path: &str,
        item: &Type,
        datum: &Datum,
    ) -> Option<Value> {
        let Shape::List(items) = &datum.shape else {
            let message = format!("{} is {}, but a list is needed here", place.name, datum.what());
            self.fault(place.file, place.fault(&codes::E108, datum, message));
            return None;
        };
        let mut values = Vec::with_capacity(items.len());
        for (n, datum) in items.iter().enumerate() {
            let path = format!("{path}[{n}]");
            let place = FieldPlace { file: place.file, name: format!("`{path}`"), sensitive: place.sensitive };
            values.extend(self.convert(&place, at, &path, item, datum));
        }
        Some(Value::List(List::closed(values)))
    }

    fn record(
        &mut self,
        place: &FieldPlace,
        at: &RecordPlace<'_>,
        path: &str,
        name: &str,
        datum: &Datum,
    ) -> Option<Value> {
        let ty = self.types.record(name)?;
        let shown = self.types.shown(ty);
        let one = one(shown);
        let key = self.types.key(ty).map(|(_, field)| field.clone());
        match (&datum.shape, key) {
            (Shape::Object(object), None) => Some(self.nested(at, path, ty, datum, object, place.sensitive)),
            (Shape::Text(_) | Shape::Number(_), Some(key)) => {
                let text = key_text(datum)?;
                let numeric = matches!(key.ty.known(), Type::Int | Type::Decimal);
                if numeric != matches!(datum.shape, Shape::Number(_)) {
                    let message =
                        format!("{} refers to {one} by its key, and the key is {}", place.name, expected(&key.ty));
                    self.fault(place.file, place.fault(&codes::E108, datum, message));
                    return None;
                }
                match self.resolve(ty, &text) {
                    Some(record) => Some(Value::Record(record)),
                    None => {
                        self.dangling(place, ty, &text, datum, key.sensitive);
                        None
                    }
                }
            }
            (Shape::Text(name), None) if self.resolve(ty, name).is_some() => self.resolve(ty, name).map(Value::Record),
            (_, Some(key)) => {
                let message =
                    format!("{} is {}, but the `{}` of {one} is needed here", place.name, datum.what(), key.name);
                let fault = place
                    .fault(&codes::E108, datum, message)
                    .help(format!("write the {shown} among the records, and here only its `{}`", key.name));
                self.fault(place.file, fault);
                None
            }
            (_, None) => {
                let message = format!("{} is {}, but {one} is needed here", place.name, datum.what());
                let fault = place
                    .fault(&codes::E108, datum, message)
                    .help(format!("{one} has no key to refer to; write its fields here: `{{ ... }}`"));
                self.fault(place.file, fault);
                None
            }
        }
    }

    pub(crate) fn dangling(&mut self, place: &FieldPlace, ty: u32, key: &str, datum: &Datum, sensitive_key: bool) {
        let shown = self.types.shown(ty);
        let quoted = if sensitive_key { "a value".to_owned() } else { place.quote(key) };
        let message = format!("{} refers to {quoted}, but no {shown} with that key is in the facts", place.name);
        let mut fault = place
            .fault(&codes::E112, datum, message)
            .help(format!("add the {shown}, or the file that holds it, or leave the field out if it is not known"));
        if place.sensitive.is_none()
            && !sensitive_key
            && let Some(near) = self.near_key(ty, key)
        {
            fault = fault.help(format!("did you mean `{near}`?"));
        }
        if sensitive_key && let Some(span) = place.sensitive {
            fault.primary.span = span;
        }
        self.fault(place.file, fault);
    }

    fn variant(&mut self, place: &FieldPlace, name: &str, datum: &Datum) -> Option<Value> {
        let of = self.types.enumeration(name)?;
        let (_, declared) = *self.types.enums.get(of as usize)?;
        let written = match &datum.shape {
            Shape::Text(text) => Some(text.as_str()),
            _ => None,
        };
        if let Some(index) = declared.variants.iter().position(|v| Some(v.spelling.as_str()) == written) {
            return Some(Value::Variant { of, index: index as u32 });
        }
        let spellings: Vec<&str> = declared.variants.iter().map(|v| v.spelling.as_str()).collect();
        let shown = written.map_or_else(|| datum.what().to_owned(), |text| place.quote(text));
        let message = format!("{} is {shown}, which is none of the values the rules know", place.name);
        let mut fault = place.fault(&codes::E113, datum, message);
        if place.sensitive.is_none()
            && let Some(near) = written.and_then(|text| did_you_mean(text, spellings.iter().copied()))
        {
            fault = fault.help(format!("did you mean `{near}`?"));
        }
        let known = spellings.iter().take(20).map(|s| format!("`{s}`")).collect::<Vec<_>>().join(", ");
        self.fault(place.file, fault.help(format!("known values: {known}")));
        None
    }

    /// A time, a day (imprecise: the whole of it) or `{from, to}` (imprecise).
    fn time(&mut self, place: &FieldPlace, datum: &Datum) -> Option<Value> {
        let Shape::Object(members) = &datum.shape else {
            let read = text(datum).and_then(|text| spell::time_or_date(text, &self.zone));
            return match read {
                // Where an instant is meant a day is any instant of it, and not a day that compares with days.
                Ok(at) => Some(Value::Time(Instants { civil: false, ..at })),
                Err(why) => {
                    self.fault(place.file, misspelt(place, datum, why, expected(&Type::Time)));
                    None
                }
            };
        };
        let (from, to) = self.ends(place, datum, members)?;
        match spell::interval(&from, &to) {
            Some(at) => Some(Value::Time(at)),
            None => {
                self.backwards(place, datum);
                None
            }
        }
    }

    fn period(&mut self, place: &FieldPlace, datum: &Datum) -> Option<Value> {
        let Shape::Object(members) = &datum.shape else {
            self.fault(place.file, misspelt(place, datum, Misspelt::Form, expected(&Type::Period)));
            return None;
        };
        let (from, to) = self.ends(place, datum, members)?;
        if from.lo > to.hi {
            self.backwards(place, datum);
            return None;
        }
        Some(Value::Period(Arc::new(Period { from, to })))
    }

    fn backwards(&mut self, place: &FieldPlace, datum: &Datum) {
        let message = format!("{} ends before it begins", place.name);
        self.fault(place.file, place.fault(&codes::E114, datum, message).help("exchange `from` and `to`"));
    }

    fn ends(&mut self, place: &FieldPlace, datum: &Datum, members: &[Member]) -> Option<(Instants, Instants)> {
        let [from, to] = self.parts(place, datum, members, ["from", "to"], &[])?;
        let mut end = |datum: &Datum| match text(datum).and_then(|text| spell::time_or_date(text, &self.zone)) {
            Ok(at) => Some(at),
            Err(why) => {
                self.fault(place.file, misspelt(place, datum, why, "a time like `2024-03-01T08:00Z` or a day"));
                None
            }
        };
        let (from, to) = (end(from), end(to));
        from.zip(to)
    }

    /// The required parts of a composed value; others than those allowed are faults.
    fn parts<'m, const N: usize>(
        &mut self,
        place: &FieldPlace,
        datum: &Datum,
        members: &'m [Member],
        required: [&str; N],
        allowed: &[&str],
    ) -> Option<[&'m Datum; N]> {
        let mut sound = true;
        for (n, member) in members.iter().enumerate() {
            let known = required.contains(&member.name.as_str()) || allowed.contains(&member.name.as_str());
            if !known {
                sound = false;
                let message = match place.sensitive {
                    None => format!("{} has a part `{}` that means nothing here", place.name, member.name),
                    Some(_) => format!("{} has a part that means nothing here", place.name),
                };
                let fault = Diagnostic::new(&codes::E107, place.sensitive.unwrap_or(member.span), message)
                    .help(format!("its parts are {}", names(required.iter().chain(allowed))));
                self.fault(place.file, fault);
            } else if members[..n].iter().any(|m| m.name == member.name) {
                sound = false;
                let message = format!("`{}` stands twice in {}", member.name, place.name);
                let span = place.sensitive.unwrap_or(member.span);
                self.fault(place.file, Diagnostic::new(&codes::E111, span, message).help("keep one of them"));
            }
        }
        let mut found = Vec::with_capacity(N);
        for name in required {
            match members.iter().find(|m| m.name == name && !matches!(m.value.shape, Shape::Null)) {
                Some(member) => found.push(&member.value),
                None => {
                    let message = format!("{} has no `{name}`", place.name);
                    let fault = place.fault(&codes::E109, datum, message);
                    self.fault(
                        place.file,
                        fault.help(format!("its parts are {}", names(required.iter().chain(allowed)))),
                    );
                }
            }
        }
        if sound { found.try_into().ok() } else { None }
    }

    fn location(&mut self, place: &FieldPlace, datum: &Datum) -> Option<Value> {
        let Shape::Object(members) = &datum.shape else {
            self.fault(place.file, misspelt(place, datum, Misspelt::Form, expected(&Type::Location)));
            return None;
        };
        let [lat, lon] = self.parts(place, datum, members, ["lat", "lon"], &["within"])?;
        let lat = self.degrees(place, lat, 90)?;
        let lon = self.degrees(place, lon, 180)?;
        let within = match members.iter().find(|m| m.name == "within" && !matches!(m.value.shape, Shape::Null)) {
            None => Decimal::ZERO,
            Some(member) => match text(&member.value).and_then(spell::length) {
                Ok(metres) if !metres.is_sign_negative() => metres,
                Ok(_) => {
                    self.fault(place.file, misspelt(place, &member.value, Misspelt::Form, "a distance like `50 m`"));
                    return None;
                }
                Err(why) => {
                    self.fault(place.file, misspelt(place, &member.value, why, "a distance like `50 m`"));
                    return None;
                }
            },
        };
        Some(Value::Location(Arc::new(Point { lat, lon, within, missing: Missing::default() })))
    }

    fn degrees(&mut self, place: &FieldPlace, datum: &Datum, most: i64) -> Option<Decimal> {
        let wanted = format!("a number of degrees between -{most} and {most}");
        match number(datum) {
            Ok(n) if n.abs() <= Decimal::from(most) => Some(n),
            Ok(_) => {
                self.fault(place.file, misspelt(place, datum, Misspelt::Form, &wanted));
                None
            }
            Err(why) => {
                self.fault(place.file, misspelt(place, datum, why, &wanted));
                None
            }
        }
    }
}

/// Whether it looks like an entry of a value over time.
fn is_entry(datum: &Datum) -> bool {
    matches!(&datum.shape, Shape::Object(members) if members.iter().any(|m| m.name == "value"))
}

fn names<'s>(names: impl Iterator<Item = &'s &'s str>) -> String {
    names.map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ")
}

fn text(datum: &Datum) -> Result<&str, Misspelt> {
    match &datum.shape {
        Shape::Text(text) => Ok(text),
        _ => Err(Misspelt::Form),
    }
}

/// A number, or a text that is one: spreadsheets export both.
fn number(datum: &Datum) -> Result<Decimal, Misspelt> {
    match &datum.shape {
        Shape::Number(text) | Shape::Text(text) => spell::decimal(text),
        _ => Err(Misspelt::Form),
    }
}

fn money(datum: &Datum) -> Result<Value, Misspelt> {
    let (amount, code) = match &datum.shape {
        Shape::Text(text) => spell::money(text).map(|(amount, code)| (amount, code.to_owned()))?,
        Shape::Object(members) => {
            let part = |name: &str| members.iter().find(|m| m.name == name).map(|m| &m.value).ok_or(Misspelt::Form);
            let code = text(part("currency")?)?;
            if members.len() != 2 || !spell::letters(code) {
                return Err(Misspelt::Form);
            }
            (number(part("amount")?)?, code.to_owned())
        }
        _ => return Err(Misspelt::Form),
    };
    Ok(Value::quantity(Quantity::exact(amount, Unit::Money(code.as_str().into()))))
}
