//! Arithmetic on ranges. What cannot be computed (other units, no calendar, division by zero) is unknown, never a panic.

use crate::time::{FOREVER, Instants, Zone, elapsed};
use crate::truth::Missing;
use crate::value::{Point, Quantity, Unit, Value};
use mandate_pack::{Arithmetic, Duration};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

pub(crate) fn compute(zone: &Zone, op: Arithmetic, a: &Value, b: &Value) -> Value {
    use Arithmetic::{Add, Div, Mul, Sub};
    let unknown = || Value::Unknown(a.missing().and(&b.missing()));
    match (op, a, b) {
        (Add, Value::Time(t), Value::Duration(d)) | (Add, Value::Duration(d), Value::Time(t)) => {
            Value::Time(zone.shifted(t, *d, 1))
        }
        (Sub, Value::Time(t), Value::Duration(d)) => Value::Time(zone.shifted(t, *d, -1)),
        (Sub, Value::Time(a), Value::Time(b)) => between(zone, a, b).map_or_else(unknown, Value::Duration),
        (Add, Value::Duration(a), Value::Duration(b)) => joined(*a, *b, 1).map_or_else(unknown, Value::Duration),
        (Sub, Value::Duration(a), Value::Duration(b)) => joined(*a, *b, -1).map_or_else(unknown, Value::Duration),
        (Mul, Value::Duration(d), Value::Number(n)) | (Mul, Value::Number(n), Value::Duration(d)) => {
            times(*d, n).map_or_else(unknown, Value::Duration)
        }
        (Div, Value::Duration(d), Value::Number(n)) => {
            let inverse = divide(&Quantity::exact(Decimal::ONE, Unit::Plain), n);
            inverse.and_then(|n| times(*d, &n)).map_or_else(unknown, Value::Duration)
        }
        (Div, Value::Duration(a), Value::Duration(b)) => ratio(*a, *b).map_or_else(unknown, Value::number),
        (Add | Sub | Mul | Div, Value::Number(a), Value::Number(b)) => {
            let read = match op {
                Add => sums(a, b, Decimal::checked_add),
                Sub => sums(a, &swapped(b), Decimal::checked_sub),
                Mul => multiply(a, b),
                Div => divide(a, b),
            };
            read.map_or_else(unknown, Value::quantity)
        }
        _ => unknown(),
    }
}

/// An amount in another currency, at so many units of the new one for one of the old.
pub(crate) fn convert(amount: &Value, currency: &std::sync::Arc<str>, rate: &Value) -> Value {
    let (Value::Number(a), Value::Number(r)) = (amount, rate) else {
        return Value::Unknown(amount.missing().and(&rate.missing()));
    };
    let unit = Unit::Money(currency.clone());
    let converted = if matches!((&a.unit, &r.unit), (Unit::Money(_), Unit::Plain)) {
        corners(a, r, unit, Decimal::checked_mul)
    } else {
        None
    };
    converted.map_or_else(|| Value::Unknown(a.missing.and(&r.missing)), Value::quantity)
}

pub(crate) fn negate(a: &Value) -> Value {
    match a {
        Value::Number(q) => Value::quantity(Quantity { lo: q.hi.map(|n| -n), hi: q.lo.map(|n| -n), ..(**q).clone() }),
        Value::Duration(d) => joined(Duration::default(), *d, -1).map_or_else(Value::unknown, Value::Duration),
        other => Value::Unknown(other.missing()),
    }
}

/// Days between two days, elapsed seconds between two instants.
fn between(zone: &Zone, a: &Instants, b: &Instants) -> Option<Duration> {
    if a.civil && b.civil {
        let days = zone.date_of(b.lo)?.until(zone.date_of(a.lo)?).ok()?.get_days();
        return Some(Duration { days: i64::from(days), ..Duration::default() });
    }
    if !a.is_point() || !b.is_point() || a.hi == FOREVER || b.hi == FOREVER {
        return None;
    }
    Some(Duration { seconds: elapsed(b.lo, a.lo)?, ..Duration::default() })
}

fn joined(a: Duration, b: Duration, sign: i64) -> Option<Duration> {
    let part = |a: i64, b: i64| b.checked_mul(sign).and_then(|b| a.checked_add(b));
    Some(Duration {
        months: part(a.months, b.months)?,
        days: part(a.days, b.days)?,
        seconds: part(a.seconds, b.seconds)?,
    })
}

fn times(d: Duration, n: &Quantity) -> Option<Duration> {
    let n = n.lo.filter(|lo| Some(*lo) == n.hi && n.unit == Unit::Plain)?;
    let part = |a: i64| {
        let product = Decimal::from(a).checked_mul(n)?;
        // A third of a month is no length of time; a rounded second is.
        let rounded = product.round_dp(9);
        if rounded.fract().is_zero() { rounded.to_i64() } else { None }
    };
    let seconds = Decimal::from(d.seconds).checked_mul(n)?.round().to_i64()?;
    Some(Duration { months: part(d.months)?, days: part(d.days)?, seconds })
}

fn ratio(a: Duration, b: Duration) -> Option<Decimal> {
    let exact = |d: Duration| crate::time::nominal(d).filter(|(lo, hi)| lo == hi).map(|(lo, _)| Decimal::from(lo));
    exact(a)?.checked_div(exact(b)?)
}

type Step = fn(Decimal, Decimal) -> Option<Decimal>;

fn swapped(q: &Quantity) -> Quantity {
    Quantity { lo: q.hi, hi: q.lo, ..q.clone() }
}

/// End by end; an infinite end stays infinite, an overflow leaves nothing known.
fn sums(a: &Quantity, b: &Quantity, step: Step) -> Option<Quantity> {
    let unit = match (&a.unit, &b.unit) {
        (unit, other) if unit == other => unit,
        (unit, _) if b.is_nothing() => unit,
        (_, unit) if a.is_nothing() => unit,
        _ => return None,
    };
    let end = |a: Option<Decimal>, b: Option<Decimal>| match (a, b) {
        (Some(a), Some(b)) => step(a, b).map(Some),
        _ => Some(None),
    };
    Some(Quantity {
        lo: end(a.lo, b.lo)?,
        hi: end(a.hi, b.hi)?,
        unit: unit.clone(),
        missing: a.missing.and(&b.missing),
    })
}

fn multiply(a: &Quantity, b: &Quantity) -> Option<Quantity> {
    let unit = match (&a.unit, &b.unit) {
        (unit, Unit::Plain) | (Unit::Plain, unit) => unit.clone(),
        _ => return None,
    };
    corners(a, b, unit, Decimal::checked_mul)
}

fn divide(a: &Quantity, b: &Quantity) -> Option<Quantity> {
    let unit = match (&a.unit, &b.unit) {
        (unit, Unit::Plain) => unit.clone(),
        (a, b) if a == b => Unit::Plain,
        _ => return None,
    };
    // A divisor that can be zero leaves nothing known.
    let (lo, hi) = (b.lo?, b.hi?);
    if lo <= Decimal::ZERO && hi >= Decimal::ZERO {
        return None;
    }
    corners(a, b, unit, Decimal::checked_div)
}

fn corners(a: &Quantity, b: &Quantity, unit: Unit, step: Step) -> Option<Quantity> {
    let (al, ah, bl, bh) = (a.lo?, a.hi?, b.lo?, b.hi?);
    let all = [step(al, bl)?, step(al, bh)?, step(ah, bl)?, step(ah, bh)?];
    Some(Quantity {
        lo: all.iter().min().copied(),
        hi: all.iter().max().copied(),
        unit,
        missing: a.missing.and(&b.missing),
    })
}

/// Sum of what surely counts, with what possibly counts widening the range.
pub(crate) fn sum(sure: &[Value], possible: &[Value], durations: bool, missing: Missing) -> Value {
    if durations && possible.is_empty() {
        let total = sure.iter().try_fold(Duration::default(), |total, v| match v {
            Value::Duration(d) => joined(total, *d, 1),
            _ => None,
        });
        return total.map_or(Value::Unknown(missing), Value::Duration);
    }
    let mut total: Option<Quantity> = None;
    let zero = Decimal::ZERO;
    let parts = sure.iter().map(|v| (v, true)).chain(possible.iter().map(|v| (v, false)));
    for (value, certain) in parts {
        let Value::Number(q) = value else { return Value::Unknown(missing) };
        let q = if certain {
            (**q).clone()
        } else {
            Quantity { lo: q.lo.map(|n| n.min(zero)), hi: q.hi.map(|n| n.max(zero)), ..(**q).clone() }
        };
        total = match total {
            None => Some(q),
            Some(t) => match sums(&t, &q, Decimal::checked_add) {
                Some(t) => Some(t),
                None => return Value::Unknown(missing),
            },
        };
    }
    Value::quantity(Quantity { missing, ..total.unwrap_or_else(|| Quantity::exact(zero, Unit::Plain)) })
}

/// The least value, if one surely counts and stands below every other.
pub(crate) fn least(sure: &[Value], possible: &[Value], missing: Missing) -> Value {
    extreme(sure, possible, missing, |a, b| a.le(b).is_true())
}

/// The greatest value.
pub(crate) fn greatest(sure: &[Value], possible: &[Value], missing: Missing) -> Value {
    extreme(sure, possible, missing, |a, b| b.le(a).is_true())
}

fn extreme(sure: &[Value], possible: &[Value], missing: Missing, beats: fn(&Value, &Value) -> bool) -> Value {
    let all = || sure.iter().chain(possible);
    match sure
        .iter()
        .find(|value| value.is_known() && all().all(|other| std::ptr::eq(*value, other) || beats(value, other)))
    {
        Some(value) => value.clone(),
        None => Value::Unknown(missing),
    }
}

/// Great-circle distance in metres, less and plus the uncertainties of both ends; on the mean sphere, to the millimetre.
pub(crate) fn distance(a: &Value, b: &Value) -> Value {
    let (Value::Location(a), Value::Location(b)) = (a, b) else { return Value::Unknown(a.missing().and(&b.missing())) };
    let missing = a.missing.and(&b.missing);
    let around = metres(a, b).and_then(|m| {
        let slack = a.within.checked_add(b.within)?;
        Some((m.checked_sub(slack)?.max(Decimal::ZERO), m.checked_add(slack)?))
    });
    match around {
        Some((lo, hi)) => Value::quantity(Quantity { lo: Some(lo), hi: Some(hi), unit: Unit::Metres, missing }),
        None => Value::Unknown(missing),
    }
}

fn metres(a: &Point, b: &Point) -> Option<Decimal> {
    const EARTH_RADIUS: f64 = 6_371_008.8;
    let radians = |d: Decimal| d.to_f64().map(f64::to_radians);
    let (lat1, lat2) = (radians(a.lat)?, radians(b.lat)?);
    let (dlat, dlon) = (lat2 - lat1, radians(b.lon)? - radians(a.lon)?);
    let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    let metres = 2.0 * EARTH_RADIUS * h.sqrt().min(1.0).asin();
    // Trigonometry differs in the last bits between machines; a millimetre does not.
    Decimal::from_f64(metres).map(|m| m.round_dp(3))
}
