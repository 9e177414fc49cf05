//! Values that decide a comparison as they stand. Most conditions compare a field with a word, an instant or a record, all of them
//! known: they are decided here without a copy of either. What is not that plain is left to [`World::eval`], which says the same of it.

use crate::facts::fields::Kept;
use crate::index::Key;
use crate::program::Term;
use crate::time::Tick;
use crate::value::{List, Value};
use crate::world::{Frame, World};
use mandate_pack::Comparison;
use std::cmp::Ordering;

/// A value that is surely known, and equal only to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plain<'v> {
    Bool(bool),
    Record(u32),
    Variant {
        of: u32,
        index: u32,
    },
    /// An exact instant, no day.
    Instant(Tick),
    Text(&'v str),
}

impl<'v> Plain<'v> {
    fn of(value: &'v Value) -> Option<Plain<'v>> {
        match value {
            Value::Bool(b) => Some(Plain::Bool(*b)),
            Value::Record(record) => Some(Plain::Record(*record)),
            Value::Variant { of, index } => Some(Plain::Variant { of: *of, index: *index }),
            Value::Time(at) if at.is_point() && !at.civil => Some(Plain::Instant(at.lo)),
            Value::Text(text) => Some(Plain::Text(text)),
            _ => None,
        }
    }

    /// `None`: values of two kinds, or without an order.
    fn compare(self, op: Comparison, other: Plain<'_>) -> Option<bool> {
        let order = match (self, other) {
            (Plain::Variant { of: a, index: i }, Plain::Variant { of: b, index: j }) if a == b => i.cmp(&j),
            (Plain::Instant(a), Plain::Instant(b)) => a.cmp(&b),
            _ => return self.equals(op, other),
        };
        Some(match op {
            Comparison::Eq => order == Ordering::Equal,
            Comparison::Ne => order != Ordering::Equal,
            Comparison::Lt => order == Ordering::Less,
            Comparison::Le => order != Ordering::Greater,
            Comparison::Gt => order == Ordering::Greater,
            Comparison::Ge => order != Ordering::Less,
        })
    }

    fn equals(self, op: Comparison, other: Plain<'_>) -> Option<bool> {
        let same = match (self, other) {
            (Plain::Bool(a), Plain::Bool(b)) => a == b,
            (Plain::Record(a), Plain::Record(b)) => a == b,
            (Plain::Text(a), Plain::Text(b)) => a == b,
            _ => return None,
        };
        match op {
            Comparison::Eq => Some(same),
            Comparison::Ne => Some(!same),
            Comparison::Lt | Comparison::Le | Comparison::Gt | Comparison::Ge => None,
        }
    }
}

impl World<'_> {
    /// Whether one plain value stands so to another; `None`: one of them is not plain.
    pub(crate) fn plainly(&self, op: Comparison, a: &Term, b: &Term, frame: &Frame) -> Option<bool> {
        if !self.is_unobserved() {
            return None;
        }
        self.plain(a, frame)?.compare(op, self.plain(b, frame)?)
    }

    /// Whether a plain value stands in a list written out in the rules.
    pub(crate) fn plainly_in(&self, value: &Term, list: &Term, frame: &Frame) -> Option<bool> {
        let Term::Const(Value::List(List { items, open: None })) = list else { return None };
        if !self.is_unobserved() {
            return None;
        }
        let value = self.plain(value, frame)?;
        let mut found = false;
        for item in &**items {
            found |= value.compare(Comparison::Eq, Plain::of(item)?)?;
        }
        Some(found)
    }

    /// What records are looked up by; `None`: the value is not exactly known.
    pub(crate) fn key(&self, term: &Term, frame: &mut Frame) -> Option<Key> {
        let plain = if self.is_unobserved() { self.plain(term, frame) } else { None };
        match plain {
            Some(Plain::Bool(b)) => Some(Key::Bool(b)),
            Some(Plain::Record(record)) => Some(Key::Record(record)),
            Some(Plain::Variant { index, .. }) => Some(Key::Variant(index)),
            Some(Plain::Instant(_) | Plain::Text(_)) | None => Key::of(&self.eval(term, frame)),
        }
    }

    /// Whether nobody notes the fields that are read, and none is taken to hold something else.
    fn is_unobserved(&self) -> bool {
        self.run.reads.borrow().is_none() && self.run.overlay.borrow().is_none()
    }

    fn plain<'v>(&'v self, term: &'v Term, frame: &'v Frame) -> Option<Plain<'v>> {
        match term {
            Term::Const(value) => Plain::of(value),
            Term::Slot(slot) => Plain::of(frame.get(*slot)?),
            Term::AsOf => Some(Plain::Instant(self.now)),
            Term::Field { of, ty, field } => {
                let Plain::Record(record) = self.plain(of, frame)? else { return None };
                let data = self.facts.records.get(record as usize).filter(|data| data.ty == *ty)?;
                match data.fields.kept(*field)? {
                    Kept::Bool(b) => Some(Plain::Bool(*b)),
                    Kept::Variant { of, index } => Some(Plain::Variant { of: *of, index: *index }),
                    Kept::Instant(at) => Some(Plain::Instant(*at)),
                    Kept::Text(text) => Some(Plain::Text(text)),
                    // One that a sensitive field leads to is concealed on the way.
                    Kept::Record(to) => (!self.is_hidden(record, *field)).then_some(Plain::Record(*to)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
