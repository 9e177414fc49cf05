//! The values of a record's fields as they are kept: half the size of values as they are worked with.

use crate::time::Instants;
use crate::time::Period;
use crate::value::{Entry, List, Point, Quantity, Value};
use std::sync::Arc;

/// Values in the order of the type's fields. Most records leave many of their fields out, and what is absent takes no room.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    /// Which of the first [`SPARSE`] fields stand among the values.
    present: u64,
    /// The values that are present; behind them every further field, present or not.
    kept: Box<[Kept]>,
}

/// How many fields may be left out without taking room.
const SPARSE: u32 = u64::BITS;

/// A value in 16 bytes; a test keeps the size. What is larger and rare stands behind a pointer of its own.
#[derive(Debug, Clone)]
pub(crate) enum Kept {
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
    pub(crate) fn new(value: Option<Value>) -> Kept {
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

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Kept::Absent)
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
        let mut kept = (0..).zip(values).map(|(field, value)| (field, Kept::new(value))).collect();
        Fields::gathered(&mut kept)
    }
}

impl Fields {
    /// Values with their fields, each once and in any order; the list is left empty, to be filled again.
    pub(crate) fn gathered(values: &mut Vec<(u32, Kept)>) -> Fields {
        if !values.is_sorted_by_key(|(field, _)| *field) {
            values.sort_unstable_by_key(|(field, _)| *field);
        }
        values.retain(|(_, kept)| !matches!(kept, Kept::Absent));
        let beyond = values.last().map_or(0, |(field, _)| (field + 1).saturating_sub(SPARSE));
        let mut present = 0;
        if beyond == 0 {
            let kept = values.drain(..).map(|(field, kept)| {
                present |= 1 << field;
                kept
            });
            return Fields { kept: kept.collect(), present };
        }
        let mut kept = Vec::with_capacity(values.len() + beyond as usize);
        let mut first_beyond = None;
        for (field, value) in values.drain(..) {
            if field < SPARSE {
                present |= 1 << field;
            } else {
                let start = *first_beyond.get_or_insert(kept.len());
                kept.resize(start + (field - SPARSE) as usize, Kept::Absent);
            }
            kept.push(value);
        }
        Fields { kept: kept.into(), present }
    }

    /// Where the value of a field stands.
    #[inline]
    fn at(&self, field: u32) -> Option<usize> {
        let Some(beyond) = field.checked_sub(SPARSE) else {
            let bit = 1 << field;
            return (self.present & bit != 0).then(|| (self.present & (bit - 1)).count_ones() as usize);
        };
        Some(self.present.count_ones() as usize + beyond as usize)
    }

    pub(crate) fn kept(&self, field: u32) -> Option<&Kept> {
        self.kept.get(self.at(field)?)
    }

    fn kept_mut(&mut self, field: u32) -> Option<&mut Kept> {
        let at = self.at(field)?;
        self.kept.get_mut(at)
    }

    /// The value of a field; `None`: it is absent.
    pub(crate) fn get(&self, field: u32) -> Option<Value> {
        self.kept(field)?.copy()
    }

    /// The text of a field that holds one.
    pub(crate) fn text(&self, field: u32) -> Option<&Arc<str>> {
        match self.kept(field) {
            Some(Kept::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Puts records in the place of the keys that a field holds, wherever `find` knows the record.
    pub(crate) fn refer(&mut self, field: u32, find: &mut dyn FnMut(&Arc<str>) -> Option<u32>) {
        match self.kept_mut(field) {
            Some(kept @ Kept::Text(_)) => {
                if let Kept::Text(key) = kept
                    && let Some(record) = find(key)
                {
                    *kept = Kept::Record(record);
                }
            }
            Some(_) => self.change(field, &mut |value| {
                if let Value::Text(key) = value
                    && let Some(record) = find(key)
                {
                    *value = Value::Record(record);
                }
            }),
            None => {}
        }
    }

    /// Changes the value of a field that has one, in place: every value in it that is no list and no history.
    pub(crate) fn change(&mut self, field: u32, act: &mut dyn FnMut(&mut Value)) {
        match self.kept_mut(field) {
            // Nothing to change, and shared by many records.
            Some(Kept::List(items)) if items.is_empty() => {}
            Some(Kept::List(items)) => Arc::make_mut(items).iter_mut().for_each(|item| each_inner(item, act)),
            Some(kept) => {
                if let Some(mut value) = std::mem::replace(kept, Kept::Absent).value() {
                    each_inner(&mut value, act);
                    *kept = Kept::new(Some(value));
                }
            }
            None => {}
        }
    }

    /// Takes the value of a field away.
    pub(crate) fn clear(&mut self, field: u32) {
        if let Some(kept) = self.kept_mut(field) {
            *kept = Kept::Absent;
        }
    }

    /// The values of the first fields.
    #[cfg(test)]
    pub(crate) fn first(&self, fields: usize) -> impl Iterator<Item = Option<Value>> {
        (0..fields as u32).map(|field| self.get(field))
    }
}

/// Every value in a value that is no list and no history.
fn each_inner(value: &mut Value, act: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::List(list) if list.items.is_empty() => {}
        Value::List(list) => Arc::make_mut(&mut list.items).iter_mut().for_each(|item| each_inner(item, act)),
        Value::History(entries) => {
            Arc::make_mut(entries).iter_mut().for_each(|entry| each_inner(&mut entry.value, act));
        }
        other => act(other),
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
        // Also behind those fields that take no room when they are absent.
        for many in [1, 5] {
            let values: Vec<_> = (0..many).flat_map(|_| values.clone()).collect();
            let mut fields = Fields::from(values.clone());
            assert_eq!(fields.first(values.len()).collect::<Vec<_>>(), values);
            for (at, value) in (0..).zip(&values) {
                assert_eq!(fields.get(at), value.clone());
                fields.change(at, &mut |_| {});
            }
            assert_eq!(fields.first(values.len()).collect::<Vec<_>>(), values);
            assert_eq!(fields.get(values.len() as u32), None);
            for at in (1..values.len() as u32).rev() {
                fields.clear(at);
                assert_eq!(fields.get(at), None);
            }
        }
    }

    #[test]
    fn fields_stand_in_order_however_they_came() {
        let kept = |n: u64| Kept::new(Some(Value::number(n)));
        let mut came = vec![(70, kept(70)), (3, kept(3)), (64, kept(64)), (1, Kept::Absent), (0, kept(0))];
        let fields = Fields::gathered(&mut came);
        assert!(came.is_empty());
        let present: Vec<u32> = (0..100).filter(|at| fields.get(*at).is_some()).collect();
        assert_eq!(present, [0, 3, 64, 70]);
        assert!(present.iter().all(|at| fields.get(*at) == Some(Value::number(u64::from(*at)))));
    }
}
