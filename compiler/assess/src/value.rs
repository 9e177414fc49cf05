//! Values of expressions: known, unknown, or somewhere in a range.

use crate::time::{Instants, Period};
use crate::truth::{Missing, Truth};
use mandate_pack::Duration;
use rust_decimal::Decimal;
use std::sync::Arc;

/// A value. Facts hold millions of them: what is large and rare stands behind a pointer, and a test keeps the size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// Not known, for want of these.
    Unknown(Missing),
    Bool(bool),
    Number(Arc<Quantity>),
    Text(Arc<str>),
    /// A Time or a Date.
    Time(Instants),
    Duration(Duration),
    Period(Arc<Period>),
    Location(Arc<Point>),
    Nation(Arc<str>),
    /// Value of an enum (by index), by place in it.
    Variant {
        of: u32,
        index: u32,
    },
    /// A record, by index.
    Record(u32),
    List(List),
    /// What a field held over time, by the instant from which each value held, earliest first.
    History(Arc<Vec<Entry>>),
}

/// A value from an instant on; `from` is before everything for a value that always held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) from: Instants,
    pub(crate) value: Value,
}

/// Items of a list; `open` when there may be more, for want of these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct List {
    pub(crate) items: Arc<Vec<Value>>,
    pub(crate) open: Option<Missing>,
}

/// What a number counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unit {
    Plain,
    Metres,
    /// Currency, by code.
    Money(Arc<str>),
}

/// A number somewhere in `lo..=hi`; an absent end is infinite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantity {
    pub(crate) lo: Option<Decimal>,
    pub(crate) hi: Option<Decimal>,
    pub(crate) unit: Unit,
    pub(crate) missing: Missing,
}

/// A point on the earth, WGS 84, in decimal degrees, with an uncertainty in metres.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) lat: Decimal,
    pub(crate) lon: Decimal,
    pub(crate) within: Decimal,
    pub(crate) missing: Missing,
}

impl Quantity {
    pub(crate) fn exact(n: Decimal, unit: Unit) -> Self {
        Quantity { lo: Some(n), hi: Some(n), unit, missing: Missing::default() }
    }

    /// The sum of no records: zero of whatever unit it is compared with.
    pub(crate) fn is_nothing(&self) -> bool {
        self.unit == Unit::Plain && self.lo == Some(Decimal::ZERO) && self.hi == Some(Decimal::ZERO)
    }

    pub(crate) fn le(&self, other: &Quantity) -> Truth {
        let blame = || self.missing.and(&other.missing);
        if self.unit != other.unit && !self.is_nothing() && !other.is_nothing() {
            return Truth::unknown(blame());
        }
        match (self.lo, self.hi, other.lo, other.hi) {
            (_, Some(hi), Some(lo), _) if hi <= lo => Truth::TRUE,
            (Some(lo), _, _, Some(hi)) if lo > hi => Truth::FALSE,
            _ => Truth::unknown(blame()),
        }
    }
}

impl Value {
    pub(crate) fn unknown() -> Value {
        Value::Unknown(Missing::default())
    }

    pub(crate) fn number(n: impl Into<Decimal>) -> Value {
        Value::quantity(Quantity::exact(n.into(), Unit::Plain))
    }

    pub(crate) fn quantity(quantity: Quantity) -> Value {
        Value::Number(Arc::new(quantity))
    }

    pub(crate) fn truth(self) -> Truth {
        match self {
            Value::Bool(b) => Truth::of(b),
            other => Truth::unknown(other.missing()),
        }
    }

    /// What to blame when the value does not decide.
    pub(crate) fn missing(&self) -> Missing {
        match self {
            Value::Unknown(missing) => missing.clone(),
            Value::Number(q) => q.missing.clone(),
            Value::Time(t) => t.missing.clone(),
            Value::Period(p) => p.from.missing.and(&p.to.missing),
            Value::Location(p) => p.missing.clone(),
            Value::List(list) => list.open.clone().unwrap_or_default(),
            Value::Bool(_)
            | Value::Text(_)
            | Value::Duration(_)
            | Value::Nation(_)
            | Value::Variant { .. }
            | Value::Record(_)
            | Value::History(_) => Missing::default(),
        }
    }

    /// Whether there is a value: `never` is none, an imprecise one is.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Value::Unknown(_) => false,
            Value::Time(t) => t.is_known(),
            Value::Number(q) => q.lo.is_some() && q.hi.is_some(),
            Value::List(list) => list.open.is_none(),
            _ => true,
        }
    }

    /// The currency of an amount, by code.
    pub(crate) fn currency(&self) -> Option<&Arc<str>> {
        match self {
            Value::Number(q) => match &q.unit {
                Unit::Money(code) => Some(code),
                Unit::Plain | Unit::Metres => None,
            },
            _ => None,
        }
    }

    /// The instants a Time, a Date or an unknown stands for.
    pub(crate) fn instants(&self) -> Instants {
        match self {
            Value::Time(t) => t.clone(),
            other => Instants::any(other.missing()),
        }
    }

    /// The same value, blaming `missing` when its imprecision matters.
    pub(crate) fn blaming(self, missing: impl FnOnce() -> Missing) -> Value {
        if self.is_exact() { self } else { self.blamed(&missing()) }
    }

    /// Whether nothing is left to be known of it.
    fn is_exact(&self) -> bool {
        match self {
            Value::Time(t) => t.is_point() && !t.civil,
            Value::Number(q) => q.lo == q.hi,
            Value::Location(p) => p.within.is_zero(),
            Value::Period(_) => false,
            Value::History(entries) => entries.iter().all(|e| e.from.is_point() && e.value.is_exact()),
            _ => true,
        }
    }

    fn blamed(self, missing: &Missing) -> Value {
        let with = |t: &Instants| Instants { missing: missing.clone(), ..t.clone() };
        match self {
            Value::Time(t) => Value::Time(with(&t)),
            Value::Number(q) => Value::quantity(Quantity { missing: missing.clone(), ..(*q).clone() }),
            Value::Location(p) => Value::Location(Arc::new(Point { missing: missing.clone(), ..(*p).clone() })),
            Value::Period(p) => Value::Period(Arc::new(Period { from: with(&p.from), to: with(&p.to) })),
            Value::History(entries) => {
                let blamed = |e: &Entry| {
                    let value = if e.value.is_exact() { e.value.clone() } else { e.value.clone().blamed(missing) };
                    Entry { from: if e.from.is_point() { e.from.clone() } else { with(&e.from) }, value }
                };
                Value::History(Arc::new(entries.iter().map(blamed).collect()))
            }
            other => other,
        }
    }

    pub(crate) fn eq(&self, other: &Value) -> Truth {
        match (self, other) {
            (Value::Time(a), Value::Time(b)) => a.eq(b),
            (Value::Time(a), Value::Unknown(m)) | (Value::Unknown(m), Value::Time(a)) => {
                Truth::unknown(a.missing.and(m))
            }
            (Value::Unknown(a), b) => Truth::unknown(a.and(&b.missing())),
            (a, Value::Unknown(b)) => Truth::unknown(b.and(&a.missing())),
            (Value::Number(a), Value::Number(b)) => Truth::all([a.le(b), b.le(a)]),
            (Value::Duration(_), Value::Duration(_)) => Truth::all([self.le(other), other.le(self)]),
            (Value::Period(a), Value::Period(b)) => Truth::all([a.from.eq(&b.from), a.to.eq(&b.to)]),
            (Value::List(a), Value::List(b)) => Truth::all([a.covers(b), b.covers(a)]),
            (Value::Location(a), Value::Location(b)) => {
                if a.within.is_zero() && b.within.is_zero() {
                    Truth::of(a.lat == b.lat && a.lon == b.lon)
                } else {
                    Truth::unknown(a.missing.and(&b.missing))
                }
            }
            (a, b) => Truth::of(a == b),
        }
    }

    pub(crate) fn le(&self, other: &Value) -> Truth {
        match (self, other) {
            (Value::Time(a), Value::Time(b)) => a.le(b),
            (Value::Number(a), Value::Number(b)) => a.le(b),
            (Value::Variant { of: a, index: i }, Value::Variant { of: b, index: j }) if a == b => Truth::of(i <= j),
            (Value::Duration(a), Value::Duration(b)) => durations(*a, *b),
            // An unknown instant against an absent `never`: the interval still decides nothing, but names both.
            (a, b) => Truth::unknown(a.missing().and(&b.missing())),
        }
    }

    pub(crate) fn lt(&self, other: &Value) -> Truth {
        other.le(self).not()
    }
}

impl List {
    pub(crate) fn closed(items: Vec<Value>) -> Self {
        List { items: items.into(), open: None }
    }

    pub(crate) fn contains(&self, value: &Value) -> Truth {
        let found = Truth::any(self.items.iter().map(|item| item.eq(value)));
        match &self.open {
            Some(missing) if !found.is_true() => Truth::unknown(found.missing.and(missing)),
            _ => found,
        }
    }

    pub(crate) fn covers(&self, other: &List) -> Truth {
        let all = Truth::all(other.items.iter().map(|item| self.contains(item)));
        match &other.open {
            Some(missing) if !all.is_false() => Truth::unknown(all.missing.and(missing)),
            _ => all,
        }
    }

    pub(crate) fn overlaps(&self, other: &List) -> Truth {
        let any = Truth::any(other.items.iter().map(|item| self.contains(item)));
        match &other.open {
            Some(missing) if !any.is_true() => Truth::unknown(any.missing.and(missing)),
            _ => any,
        }
    }
}

/// `a <= b` for lengths of time. Of one kind (months, days, seconds) they compare exactly; mixed, by their nominal bounds.
fn durations(a: Duration, b: Duration) -> Truth {
    let (low, high) = ((a.months.min(b.months)), (a.days.min(b.days)));
    // What both have in common cancels: 1 month against 1 month is exact.
    let rest = |d: Duration| {
        Some(Duration { months: d.months.checked_sub(low)?, days: d.days.checked_sub(high)?, seconds: d.seconds })
    };
    let bounds = |d: Duration| rest(d).and_then(crate::time::nominal);
    match (bounds(a), bounds(b)) {
        (Some((_, a_hi)), Some((b_lo, _))) if a_hi <= b_lo => Truth::TRUE,
        (Some((a_lo, _)), Some((_, b_hi))) if a_lo > b_hi => Truth::FALSE,
        _ => Truth::unknown(Missing::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn a_value_is_small_and_an_absent_one_no_larger() {
        assert!(size_of::<Value>() <= 32, "{}", size_of::<Value>());
        assert_eq!(size_of::<Option<Value>>(), size_of::<Value>());
    }
}
