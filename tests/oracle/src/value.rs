//! Values, ranges and the three truths.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan, Zoned};
use mandate_pack::Comparison;
use rust_decimal::Decimal;

/// True, false, or `None`: unknown.
pub type Truth = Option<bool>;

/// True if all are, false if one is, else unknown.
pub fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
    let mut result = Some(true);
    for truth in truths {
        match truth {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

/// The negation.
pub fn not(truth: Truth) -> Truth {
    truth.map(|t| !t)
}

/// True if one is, false if all are, else unknown.
pub fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
    not(all(truths.into_iter().map(not)))
}

/// Microseconds since 1970 in UTC.
pub type Tick = i128;
/// Later than every instant.
pub const END: Tick = 1 << 80;
/// Earlier than every instant.
pub const START: Tick = -END;

/// An instant that lies between two instants, both possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    /// The earliest it can be.
    pub lo: Tick,
    /// The latest.
    pub hi: Tick,
    /// A day of the calendar, not an instant of it that is not known: two days are compared as days.
    pub day: bool,
}

impl Instant {
    /// Nothing is known of it.
    pub const ANY: Instant = Instant::between(START, END);

    /// An instant exactly known.
    pub const fn exactly(tick: Tick) -> Instant {
        Instant::between(tick, tick)
    }

    /// Some instant between two.
    pub const fn between(lo: Tick, hi: Tick) -> Instant {
        Instant { lo, hi, day: false }
    }

    /// Whether it is exactly known.
    pub fn is_exact(self) -> bool {
        self.lo == self.hi
    }

    /// Not after another.
    pub fn le(self, other: Instant) -> Truth {
        if self.day && other.day {
            Some(self.lo <= other.lo)
        } else if self.hi <= other.lo {
            Some(true)
        } else if self.lo > other.hi {
            Some(false)
        } else {
            None
        }
    }

    /// Before another.
    pub fn lt(self, other: Instant) -> Truth {
        not(other.le(self))
    }

    /// The earlier of two.
    pub fn min(self, other: Instant) -> Instant {
        let whole = if self.hi <= other.hi { self } else { other };
        Instant { lo: self.lo.min(other.lo), hi: whole.hi, day: whole.day && whole.lo <= self.lo.min(other.lo) }
    }

    /// The later of two.
    pub fn max(self, other: Instant) -> Instant {
        let whole = if self.lo >= other.lo { self } else { other };
        Instant { lo: whole.lo, hi: self.hi.max(other.hi), day: whole.day && whole.hi >= self.hi.max(other.hi) }
    }

    /// Microseconds later.
    pub fn later(self, micros: Tick) -> Instant {
        let move_by = |t: Tick| if t == END || t == START { t } else { t + micros };
        Instant::between(move_by(self.lo), move_by(self.hi))
    }
}

/// A length of time: calendar months and days, and elapsed microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Calendar months.
    pub months: i64,
    /// Calendar days.
    pub days: i64,
    /// Elapsed microseconds.
    pub micros: Tick,
}

impl Length {
    /// Backwards.
    pub fn negated(self) -> Length {
        Length { months: -self.months, days: -self.days, micros: -self.micros }
    }

    /// Days, months and years only.
    pub fn is_of_days(self) -> bool {
        self.micros == 0
    }
}

/// What a quantity counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Nothing: a number.
    Number,
    /// Metres.
    Metre,
    /// Money of a currency; the sum of nothing has none.
    Money(Option<String>),
}

/// A number of some unit between two ends; `None` is without end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// Least.
    pub lo: Option<Decimal>,
    /// Greatest.
    pub hi: Option<Decimal>,
    /// Unit.
    pub unit: Unit,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Not known.
    Unknown,
    /// True or false.
    Bool(bool),
    /// A number, length or amount.
    Quantity(Quantity),
    /// Text, code of a nation.
    Text(String),
    /// Place of an enum's value in its order.
    Variant(usize),
    /// A day.
    Day(Date),
    /// An instant.
    Time(Instant),
    /// A length of time.
    Length(Length),
    /// From an instant or day up to another, not included.
    Period(Box<Value>, Box<Value>),
    /// Degrees and metres of uncertainty.
    Location { lat: f64, lon: f64, within: Decimal },
    /// A record, by its place among all records.
    Record(usize),
    /// Items; `more` where others may follow that are not known.
    List { items: Vec<Value>, more: bool },
}

impl Value {
    /// A plain number.
    pub fn number(n: impl Into<Decimal>) -> Value {
        let n = n.into();
        Value::Quantity(Quantity { lo: Some(n), hi: Some(n), unit: Unit::Number })
    }

    /// A condition's truth.
    pub fn truth(&self) -> Truth {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// A condition's value.
    pub fn of(truth: Truth) -> Value {
        truth.map_or(Value::Unknown, Value::Bool)
    }

    /// Whether the data says it. A day for an instant says something; an end that has not come does not.
    pub fn is_known(&self) -> bool {
        match self {
            Value::Unknown => false,
            Value::Time(t) => t.hi < END,
            _ => true,
        }
    }
}

/// The calendar of a pack.
pub struct Calendar(pub TimeZone);

impl Calendar {
    /// First instant of a day.
    pub fn start(&self, day: Date) -> Tick {
        day.to_zoned(self.0.clone()).map_or(END, |z| z.timestamp().as_microsecond().into())
    }

    /// The whole day, to its last microsecond.
    pub fn day(&self, day: Date) -> Instant {
        let next = day.checked_add(1.day()).map_or(END, |next| self.start(next));
        Instant { lo: self.start(day), hi: next - 1, day: true }
    }

    fn moved(&self, tick: Tick, months: i64, days: i64, micros: Tick) -> Option<Tick> {
        if tick == START || tick == END {
            return Some(tick);
        }
        let instant = Timestamp::from_microsecond(i64::try_from(tick).ok()?).ok()?;
        let zoned: Zoned = instant.to_zoned(self.0.clone());
        let span: Span = Span::new().try_months(months).ok()?.try_days(days).ok()?;
        let zoned = zoned.checked_add(span).ok()?;
        let tick = Tick::from(zoned.timestamp().as_microsecond()) + micros;
        Timestamp::from_microsecond(i64::try_from(tick).ok()?).ok()?;
        Some(tick)
    }

    /// So much later; calendar parts first. Beyond the calendar: not known.
    pub fn add(&self, t: Instant, by: Length) -> Option<Instant> {
        if t.day && by.is_of_days() {
            let first = Timestamp::from_microsecond(i64::try_from(t.lo).ok()?).ok()?;
            return Some(self.day(self.add_to_day(first.to_zoned(self.0.clone()).date(), by)?));
        }
        let lo = self.moved(t.lo, by.months, by.days, by.micros)?;
        Some(Instant::between(lo, self.moved(t.hi, by.months, by.days, by.micros)?))
    }

    /// So many days and months after a day.
    pub fn add_to_day(&self, day: Date, by: Length) -> Option<Date> {
        day.checked_add(Span::new().try_months(by.months).ok()?.try_days(by.days).ok()?).ok()
    }

    /// A value as an instant: a day is any instant of it, what is not known is any instant.
    pub fn instant(&self, value: &Value) -> Instant {
        match value {
            Value::Time(t) => *t,
            Value::Day(day) => self.day(*day),
            _ => Instant::ANY,
        }
    }

    /// A value as the end of a period: a day stands for its first instant.
    pub fn edge(&self, value: &Value) -> Instant {
        match value {
            Value::Day(day) => Instant::exactly(self.start(*day)),
            other => self.instant(other),
        }
    }

    /// `==`.
    pub fn equal(&self, a: &Value, b: &Value) -> Truth {
        match (a, b) {
            (Value::Unknown, _) | (_, Value::Unknown) => None,
            (Value::List { items: a, more: m }, Value::List { items: b, more: n }) => {
                if *m || *n {
                    return None;
                }
                let within = |xs: &[Value], ys: &[Value]| all(xs.iter().map(|x| self.among(x, ys)));
                all([within(a, b), within(b, a)])
            }
            (Value::Period(a, b), Value::Period(c, d)) => all([self.equal(a, c), self.equal(b, d)]),
            (Value::Record(a), Value::Record(b)) => Some(a == b),
            (Value::Bool(a), Value::Bool(b)) => Some(a == b),
            (Value::Text(a), Value::Text(b)) => Some(a == b),
            _ => all([self.at_most(a, b), self.at_most(b, a)]),
        }
    }

    /// Whether a value is one of several.
    pub fn among(&self, x: &Value, items: &[Value]) -> Truth {
        any(items.iter().map(|y| self.equal(x, y)))
    }

    /// `<=`.
    pub fn at_most(&self, a: &Value, b: &Value) -> Truth {
        match (a, b) {
            (Value::Variant(a), Value::Variant(b)) => Some(a <= b),
            (Value::Day(a), Value::Day(b)) => Some(a <= b),
            (Value::Time(_) | Value::Day(_), Value::Time(_) | Value::Day(_)) => self.instant(a).le(self.instant(b)),
            (Value::Length(a), Value::Length(b)) if (a.months, a.days) == (b.months, b.days) => {
                Some(a.micros <= b.micros)
            }
            (Value::Quantity(a), Value::Quantity(b)) if comparable(&a.unit, &b.unit) => {
                if matches!((a.hi, b.lo), (Some(a), Some(b)) if a <= b) {
                    Some(true)
                } else if matches!((a.lo, b.hi), (Some(a), Some(b)) if a > b) {
                    Some(false)
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// A comparison.
    pub fn compare(&self, op: Comparison, a: &Value, b: &Value) -> Truth {
        match op {
            Comparison::Eq => self.equal(a, b),
            Comparison::Ne => not(self.equal(a, b)),
            Comparison::Le => self.at_most(a, b),
            Comparison::Ge => self.at_most(b, a),
            Comparison::Lt => not(self.at_most(b, a)),
            Comparison::Gt => not(self.at_most(a, b)),
        }
    }
}

/// Whether two units can be compared; the sum of nothing is of every currency.
pub fn comparable(a: &Unit, b: &Unit) -> bool {
    a == b || matches!((a, b), (Unit::Money(None), Unit::Money(_)) | (Unit::Money(_), Unit::Money(None)))
}
