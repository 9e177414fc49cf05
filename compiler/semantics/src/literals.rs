//! Literals: numbers with units, days, instants; and which units arithmetic allows.

use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Code, codes};
use mandate_pack::{Duration, Node, Type};
use mandate_syntax::ast::{ArithOp, Expr, ExprKind};
use rust_decimal::Decimal;
use std::str::FromStr;

/// What is wrong with a literal.
pub(crate) struct Fault {
    pub(crate) code: &'static Code,
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Fault {
    fn new(code: &'static Code, message: impl Into<String>, help: impl Into<String>) -> Fault {
        Fault { code, message: message.into(), help: help.into() }
    }
}

/// Units of durations: name, months, days, seconds.
const DURATIONS: [(&str, Duration); 14] = [
    ("second", Duration { months: 0, days: 0, seconds: 1 }),
    ("seconds", Duration { months: 0, days: 0, seconds: 1 }),
    ("minute", Duration { months: 0, days: 0, seconds: 60 }),
    ("minutes", Duration { months: 0, days: 0, seconds: 60 }),
    ("hour", Duration { months: 0, days: 0, seconds: 3600 }),
    ("hours", Duration { months: 0, days: 0, seconds: 3600 }),
    ("day", Duration { months: 0, days: 1, seconds: 0 }),
    ("days", Duration { months: 0, days: 1, seconds: 0 }),
    ("week", Duration { months: 0, days: 7, seconds: 0 }),
    ("weeks", Duration { months: 0, days: 7, seconds: 0 }),
    ("month", Duration { months: 1, days: 0, seconds: 0 }),
    ("months", Duration { months: 1, days: 0, seconds: 0 }),
    ("year", Duration { months: 12, days: 0, seconds: 0 }),
    ("years", Duration { months: 12, days: 0, seconds: 0 }),
];

/// The longest duration that makes sense in a rule, in its smallest unit: 1,000 years of seconds.
const LONGEST: i64 = 1_000 * 366 * 86_400;

/// The type and meaning of a literal. Panics on nothing; an expression that is no literal is a fault.
pub(crate) fn literal(expr: &Expr, expected: Option<&Type>) -> Result<(Type, Node), Fault> {
    match &expr.kind {
        ExprKind::Number(text) => number(text),
        ExprKind::Quantity(number, unit) => quantity(number, &unit.text),
        ExprKind::Text(text) if expected == Some(&Type::Nation) => nation(text),
        ExprKind::Text(text) => Ok((Type::Text, Node::Text(text.clone()))),
        ExprKind::Date(text) => date(text),
        ExprKind::Time(text) => time(text),
        _ => Err(Fault::new(
            &codes::E080,
            "a plain value is needed here",
            "Write a number, a text, a date, or a quantity with its unit.",
        )),
    }
}

fn number(text: &str) -> Result<(Type, Node), Fault> {
    if text.contains('.') {
        let decimal = exact(text)?;
        return Ok((Type::Decimal, Node::Decimal(decimal.to_string())));
    }
    match text.parse::<i64>() {
        Ok(n) => Ok((Type::Int, Node::Int(n))),
        Err(_) => Err(Fault::new(
            &codes::E035,
            format!("`{text}` is too large a number"),
            "Whole numbers have at most 18 digits.",
        )),
    }
}

fn exact(text: &str) -> Result<Decimal, Fault> {
    Decimal::from_str_exact(text).map(|d| d.normalize()).map_err(|_| {
        Fault::new(&codes::E035, format!("`{text}` has too many digits"), "Numbers have at most 28 digits.")
    })
}

fn quantity(number: &str, unit: &str) -> Result<(Type, Node), Fault> {
    if let Some((_, one)) = DURATIONS.iter().find(|(name, _)| *name == unit) {
        let node = duration(number, *one)?;
        return Ok((Type::Duration, Node::Duration(node)));
    }
    let metres = match unit {
        "m" | "metre" | "metres" => Some(Decimal::ONE),
        "km" | "kilometre" | "kilometres" => Some(Decimal::ONE_THOUSAND),
        _ => None,
    };
    if let Some(metres) = metres {
        let amount = exact(number)?;
        let length = amount.checked_mul(metres).ok_or_else(|| too_large(number))?;
        return Ok((Type::Length, Node::Length(length.normalize().to_string())));
    }
    if unit == "percent" {
        let part = exact(number)?.checked_div(Decimal::ONE_HUNDRED).ok_or_else(|| too_large(number))?;
        return Ok((Type::Decimal, Node::Decimal(part.normalize().to_string())));
    }
    if unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok((Type::Money, Node::Money { amount: exact(number)?.to_string(), currency: unit.to_owned() }));
    }
    let known = DURATIONS.iter().map(|(name, _)| *name).chain(["m", "km", "metres", "percent"]);
    let help = match did_you_mean(unit, known) {
        Some(near) => format!("Did you mean `{number} {near}`?"),
        None => {
            "Units are hours, minutes, seconds, days, weeks, months, years, m, km, percent, and currencies such as USD."
                .to_owned()
        }
    };
    Err(Fault::new(&codes::E034, format!("`{unit}` is no unit"), help))
}

fn duration(number: &str, one: Duration) -> Result<Duration, Fault> {
    let n = match number.parse::<i64>() {
        Ok(n) => Some((n, one)),
        // Half an hour is exact; half a month is not a length of time.
        Err(_) if one.seconds > 0 => {
            let seconds = exact(number)?.checked_mul(Decimal::from(one.seconds)).ok_or_else(|| too_large(number))?;
            let whole = seconds.normalize();
            (whole.scale() == 0)
                .then(|| i64::try_from(whole.mantissa()).ok())
                .flatten()
                .map(|n| (n, Duration { months: 0, days: 0, seconds: 1 }))
        }
        Err(_) => None,
    };
    let Some((n, one)) = n else {
        return Err(Fault::new(
            &codes::E035,
            format!("`{number}` of this unit is no exact length of time"),
            "Use a whole number, or a smaller unit.",
        ));
    };
    let largest = one.months.max(one.days).max(one.seconds).max(1);
    if n.checked_mul(largest).is_none_or(|total| total > LONGEST)
        || n.checked_mul(one.months.max(one.days)).is_none_or(|t| t > 400_000)
    {
        return Err(too_large(number));
    }
    Ok(Duration { months: one.months * n, days: one.days * n, seconds: one.seconds * n })
}

fn too_large(number: &str) -> Fault {
    Fault::new(&codes::E035, format!("`{number}` of this unit is more than a rule can mean"), "Use a smaller number.")
}

fn date(text: &str) -> Result<(Type, Node), Fault> {
    match jiff::civil::Date::from_str(text) {
        Ok(date) => Ok((Type::Date, Node::Date(date.to_string()))),
        Err(_) => Err(Fault::new(
            &codes::E035,
            format!("there is no day {text}"),
            "Days are written year-month-day: `2024-03-01`.",
        )),
    }
}

fn time(text: &str) -> Result<(Type, Node), Fault> {
    // The language allows minutes without seconds; jiff reads both.
    match jiff::Timestamp::from_str(text) {
        Ok(instant) => Ok((Type::Time, Node::Time(instant.to_string()))),
        Err(_) => Err(Fault::new(
            &codes::E035,
            format!("`{text}` is no instant"),
            "Instants are written with their offset: `2024-03-01T08:00Z`, `2024-03-01T10:00+02:00`.",
        )),
    }
}

fn nation(text: &str) -> Result<(Type, Node), Fault> {
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok((Type::Nation, Node::Nation(text.to_owned())));
    }
    Err(Fault::new(
        &codes::E035,
        format!("\"{text}\" is no code of a state"),
        "Write the ISO 3166 code of three letters, such as \"DEU\".",
    ))
}

/// The type of `a op b`, or `None` where units do not allow it.
pub(crate) fn arithmetic(op: ArithOp, a: &Type, b: &Type) -> Option<Type> {
    use Type::{Date, Decimal, Duration, Int, Length, Money, Time};
    let quantity = |ty: &Type| matches!(ty, Duration | Length | Money);
    let number = |ty: &Type| matches!(ty, Int | Decimal);
    Some(match (op, a, b) {
        (ArithOp::Add | ArithOp::Sub | ArithOp::Mul, Int, Int) => Int,
        (_, a, b) if number(a) && number(b) => Decimal,
        (ArithOp::Add | ArithOp::Sub, a, b) if a == b && quantity(a) => a.clone(),
        (ArithOp::Add | ArithOp::Sub, Time, Duration) | (ArithOp::Add, Duration, Time) => Time,
        (ArithOp::Add | ArithOp::Sub, Date, Duration) | (ArithOp::Add, Duration, Date) => Date,
        (ArithOp::Sub, Time, Time) | (ArithOp::Sub, Date, Date) => Duration,
        (ArithOp::Mul, a, b) if quantity(a) && number(b) => a.clone(),
        (ArithOp::Mul, a, b) if number(a) && quantity(b) => b.clone(),
        (ArithOp::Div, a, b) if quantity(a) && number(b) => a.clone(),
        (ArithOp::Div, a, b) if a == b && quantity(a) => Decimal,
        _ => return None,
    })
}
