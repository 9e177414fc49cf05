//! The values of a record's fields as they are kept: half the size of values as they are worked with.

use crate::time::Instants;
use crate::time::Period;
use crate::value::{Entry, List, Point, Quantity, Value};
use std::sync::Arc;

/// Values in the order of the type's fields.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Box<[Kept]>);

/// A value in 16 bytes; a test keeps the size. What is larger and rare stands behind a pointer of its own.
#[derive(Debug, Clone)]
enum Kept {
    Absent,
    Bool(bool),
    Record(u32),
    Variant {
        of: u32,
        index: u32,
    },
    /// An exact instant.
    Instant(i64),
    Text(Box<Arc<str>>),
    Number(Arc<Quantity>),
    Period(Arc<Period>),
    Location(Arc<Point>),
    /// A list that is known to its end.
    List(Arc<Vec<Value>>),
    History(Arc<Vec<Entry>>),
    Other(Box<Value>),
}

impl Kept {
    fn new(value: Option<Value>) -> Kept {
        match value {
            None => Kept::Absent,
            Some(Value::Bool(b)) => Kept::Bool(b),
            Some(Value::Record(record)) => Kept::Record(record),
            Some(Value::Variant { of, index }) => Kept::Variant { of, index },
            Some(Value::Time(at)) if at.is_point() && !at.civil && at.missing.is_empty() => Kept::Instant(at.lo),
            Some(Value::Text(text)) => Kept::Text(Box::new(text)),
            Some(Value::Number(number)) => Kept::Number(number),
            Some(Value::Period(period)) => Kept::Period(period),
            Some(Value::Location(point)) => Kept::Location(point),
            Some(Value::List(List { items, open: None })) => Kept::List(items),
            Some(Value::History(entries)) => Kept::History(entries),
            Some(other) => Kept::Other(Box::new(other)),
        }
    }

    fn value(self) -> Option<Value> {
        Some(match self {
            Kept::Absent => return None,
            Kept::Bool(b) => Value::Bool(b),
            Kept::Record(record) => Value::Record(record),
            Kept::Variant { of, index } => Value::Variant { of, index },
            Kept::Instant(at) => Value::Time(Instants::at(at)),
            Kept::Text(text) => Value::Text(*text),
            Kept::Number(number) => Value::Number(number),
            Kept::Period(period) => Value::Period(period),
            Kept::Location(point) => Value::Location(point),
            Kept::List(items) => Value::List(List { items, open: None }),
            Kept::History(entries) => Value::History(entries),
            Kept::Other(value) => *value,
        })
    }

    fn copy(&self) -> Option<Value> {
        match self {
            Kept::Text(text) => Some(Value::Text(Arc::clone(text))),
            Kept::Other(value) => Some((**value).clone()),
            kept => kept.clone().value(),
        }
    }
}

impl From<Vec<Option<Value>>> for Fields {
    fn from(values: Vec<Option<Value>>) -> Self {
        Fields(values.into_iter().map(Kept::new).collect())
    }
}

impl Fields {
    /// The value of a field; `Some(None)` is absent, `None` no field at all.
    pub(crate) fn get(&self, field: u32) -> Option<Option<Value>> {
        self.0.get(field as usize).map(Kept::copy)
    }

    /// The text of a field that holds one.
    pub(crate) fn text(&self, field: u32) -> Option<&Arc<str>> {
        match self.0.get(field as usize) {
            Some(Kept::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Changes the value of a field that has one, in place: nothing is copied.
    pub(crate) fn change(&mut self, field: u32, act: impl FnOnce(&mut Value)) {
        if let Some(kept) = self.0.get_mut(field as usize)
            && let Some(mut value) = std::mem::replace(kept, Kept::Absent).value()
        {
            act(&mut value);
            *kept = Kept::new(Some(value));
        }
    }

    /// Takes the value of a field away.
    pub(crate) fn clear(&mut self, field: u32) {
        if let Some(kept) = self.0.get_mut(field as usize) {
            *kept = Kept::Absent;
        }
    }

    /// All values.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<Value>> {
        self.0.iter().map(Kept::copy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::truth::Missing;
    use mandate_pack::Duration;

    #[test]
    fn a_kept_value_is_half_as_large() {
        assert!(size_of::<Kept>() <= 16, "{}", size_of::<Kept>());
    }

    #[test]
    fn values_come_back_as_they_were() {
        let day = Instants { lo: 5, hi: 9, civil: true, missing: Missing::default() };
        let list = |open| Value::List(List { items: vec![Value::Bool(true), Value::Record(4)].into(), open });
        let values = vec![
            None,
            Some(Value::Bool(true)),
            Some(Value::Record(7)),
            Some(Value::Variant { of: 3, index: 2 }),
            Some(Value::Time(Instants::at(12))),
            Some(Value::Time(day.clone())),
            Some(Value::Time(Instants { lo: 1, hi: 1, civil: true, missing: Missing::default() })),
            Some(Value::Time(Instants::any(Missing::field(1, 2)))),
            Some(Value::Text("a".into())),
            Some(Value::Nation("XAA".into())),
            Some(Value::number(5)),
            Some(Value::Duration(Duration { months: 1, days: 2, seconds: 3 })),
            Some(Value::Period(Arc::new(Period { from: Instants::at(1), to: day }))),
            Some(list(None)),
            Some(list(Some(Missing::field(1, 2)))),
            Some(Value::History(Arc::new(vec![Entry { from: Instants::at(1), value: Value::Bool(false) }]))),
            Some(Value::Unknown(Missing::field(3, 4))),
        ];
        let mut fields = Fields::from(values.clone());
        assert_eq!(fields.iter().collect::<Vec<_>>(), values);
        for (at, value) in (0..).zip(&values) {
            assert_eq!(fields.get(at), Some(value.clone()));
            fields.change(at, |_| {});
        }
        assert_eq!(fields.iter().collect::<Vec<_>>(), values);
        assert_eq!(fields.get(values.len() as u32), None);
        fields.clear(1);
        assert_eq!(fields.get(1), Some(None));
    }
}
