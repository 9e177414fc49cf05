//! How values are spelled in facts: `2024-03-01T08:00Z`, `24 hours`, `1.5 km`, `500000 USD`.

use crate::time::{Instants, Tick, Zone};
use crate::truth::Missing;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use mandate_pack::Duration;
use rust_decimal::Decimal;

/// Why a spelling is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misspelt {
    /// Not the form asked for.
    Form,
    /// The form, but no such day or time exists.
    Impossible,
    /// A time of day without an offset from UTC: which instant is meant depends on who reads it.
    NoOffset,
    /// More digits than can be kept.
    TooLarge,
}

/// `2024-03-01`.
pub(crate) fn date(text: &str) -> Result<Date, Misspelt> {
    let bytes = text.as_bytes();
    let digit = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !digit(0..4) || !digit(5..7) || !digit(8..10) {
        return Err(Misspelt::Form);
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap_or(0);
    Date::new(number(0..4), number(5..7) as i8, number(8..10) as i8).map_err(|_| Misspelt::Impossible)
}

/// `2024-03-01T08:00Z`, `2024-03-01T08:00:30.5+01:00`: RFC 3339, seconds optional, finer than a microsecond cut off.
pub(crate) fn time(text: &str) -> Result<Tick, Misspelt> {
    if let Some(tick) = plain_time(text.as_bytes()) {
        return Ok(tick);
    }
    let (day, rest) = text.split_at_checked(10).ok_or(Misspelt::Form)?;
    let day = date(day)?;
    let rest = rest.strip_prefix(['T', 't', ' ']).ok_or(Misspelt::Form)?;
    let (clock, offset) = split_offset(rest)?;
    let (hour, minute, second, micros) = clock_parts(clock)?;
    let offset = offset.ok_or(Misspelt::NoOffset)?;
    // A leap second is kept as the last second of its minute, as everywhere else.
    let second = second.min(59);
    let time = Time::new(hour, minute, second, micros * 1000).map_err(|_| Misspelt::Impossible)?;
    let offset = Offset::from_seconds(offset).map_err(|_| Misspelt::Impossible)?;
    let stamp = offset.to_timestamp(DateTime::from_parts(day, time)).map_err(|_| Misspelt::Impossible)?;
    Ok(stamp.as_microsecond())
}

/// `2024-03-01T08:00:00Z`, as most data has it, without a way through a calendar. `None`: to be read with care.
fn plain_time(text: &[u8]) -> Option<Tick> {
    let &[a, b, c, d, b'-', e, f, b'-', g, h, b'T', i, j, b':', k, l, b':', m, n, b'Z'] = text else { return None };
    let two = |tens: u8, ones: u8| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then_some(i64::from(tens * 10 + ones))
    };
    let (year, month, day) = (two(a, b)? * 100 + two(c, d)?, two(e, f)?, two(g, h)?);
    let (hour, minute, second) = (two(i, j)?, two(k, l)?, two(m, n)?);
    // Every month has 28 days; what is longer is left to the calendar.
    let plain = year > 0 && (1..=12).contains(&month) && (1..=28).contains(&day);
    if !plain || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Days from 1 March of the year 0, from which on leap days stand at the end of a year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    const FROM_THEN_TO_1970: i64 = 719_468;
    Some((((days - FROM_THEN_TO_1970) * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000)
}

fn split_offset(text: &str) -> Result<(&str, Option<i32>), Misspelt> {
    if let Some(clock) = text.strip_suffix(['Z', 'z']) {
        return Ok((clock, Some(0)));
    }
    let Some(at) = text.rfind(['+', '-']) else { return Ok((text, None)) };
    let sign = if text.as_bytes()[at] == b'-' { -1 } else { 1 };
    let (h, m) = text[at + 1..].split_once(':').ok_or(Misspelt::Form)?;
    let (h, m) = (two_digits(h)?, two_digits(m)?);
    if h > 23 || m > 59 {
        return Err(Misspelt::Impossible);
    }
    Ok((&text[..at], Some(sign * (i32::from(h) * 3600 + i32::from(m) * 60))))
}

fn clock_parts(text: &str) -> Result<(i8, i8, i8, i32), Misspelt> {
    let mut parts = text.split(':');
    let hour = two_digits(parts.next().unwrap_or(""))?;
    let minute = two_digits(parts.next().ok_or(Misspelt::Form)?)?;
    let (second, micros) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            None => (two_digits(seconds)?, 0),
            Some((whole, fraction)) => (two_digits(whole)?, micros(fraction)?),
        },
    };
    if parts.next().is_some() {
        return Err(Misspelt::Form);
    }
    if hour > 23 || minute > 59 || second > 60 {
        return Err(Misspelt::Impossible);
    }
    Ok((hour, minute, second, micros))
}

fn micros(fraction: &str) -> Result<i32, Misspelt> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Misspelt::Form);
    }
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(6).collect();
    kept.parse().map_err(|_| Misspelt::Form)
}

fn two_digits(text: &str) -> Result<i8, Misspelt> {
    if text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        text.parse().map_err(|_| Misspelt::Form)
    } else {
        Err(Misspelt::Form)
    }
}

/// A Time, or a Date that stands for its whole day.
pub(crate) fn time_or_date(text: &str, zone: &Zone) -> Result<Instants, Misspelt> {
    if text.len() == 10 { date(text).map(|day| zone.day(day)) } else { time(text).map(Instants::at) }
}

/// The instant of assessment: a Time, or a Date for the end of its day.
pub(crate) fn as_of(text: &str, zone: &Zone) -> Result<Tick, Misspelt> {
    time_or_date(text, zone).map(|at| at.hi)
}

/// Exact, never through binary fractions; `1e3` is a number too.
pub(crate) fn decimal(text: &str) -> Result<Decimal, Misspelt> {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = body.split_once(['e', 'E']).map_or((body, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let exponent_fine = exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)));
    if !digits(whole) || !fraction.is_none_or(digits) || !exponent_fine {
        return Err(Misspelt::Form);
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let read = match exponent {
        Some(_) => Decimal::from_scientific(text),
        None => Decimal::from_str_exact(text),
    };
    read.map_err(|_| Misspelt::TooLarge)
}

/// `24 hours`, `1 day 6 hours`, `PT24H`, `P3D`.
pub(crate) fn duration(text: &str) -> Result<Duration, Misspelt> {
    let (negative, body) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let read = if body.starts_with('P') { iso_duration(body) } else { worded_duration(body) }?;
    Ok(if negative { Duration { months: -read.months, days: -read.days, seconds: -read.seconds } } else { read })
}

fn worded_duration(text: &str) -> Result<Duration, Misspelt> {
    let mut total = Duration::default();
    let mut words = text.split_ascii_whitespace().peekable();
    words.peek().ok_or(Misspelt::Form)?;
    while let Some(word) = words.next() {
        let n: i64 = whole(word)?;
        let unit = words.next().ok_or(Misspelt::Form)?;
        add(&mut total, n, unit.strip_suffix('s').unwrap_or(unit))?;
    }
    Ok(total)
}

fn iso_duration(text: &str) -> Result<Duration, Misspelt> {
    let mut total = Duration::default();
    let (mut clock, mut digits, mut any) = (false, String::new(), false);
    for c in text.chars().skip(1) {
        match c {
            'T' if !clock && digits.is_empty() => clock = true,
            '0'..='9' => digits.push(c),
            _ => {
                let unit = match (clock, c) {
                    (false, 'Y') => "year",
                    (false, 'M') => "month",
                    (false, 'W') => "week",
                    (false, 'D') => "day",
                    (true, 'H') => "hour",
                    (true, 'M') => "minute",
                    (true, 'S') => "second",
                    _ => return Err(Misspelt::Form),
                };
                add(&mut total, whole(&std::mem::take(&mut digits))?, unit)?;
                any = true;
            }
        }
    }
    if any && digits.is_empty() { Ok(total) } else { Err(Misspelt::Form) }
}

fn whole(text: &str) -> Result<i64, Misspelt> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Misspelt::Form);
    }
    text.parse().map_err(|_| Misspelt::TooLarge)
}

fn add(total: &mut Duration, n: i64, unit: &str) -> Result<(), Misspelt> {
    let (slot, factor) = match unit {
        "year" => (&mut total.months, 12),
        "month" => (&mut total.months, 1),
        "week" => (&mut total.days, 7),
        "day" => (&mut total.days, 1),
        "hour" => (&mut total.seconds, 3600),
        "minute" => (&mut total.seconds, 60),
        "second" => (&mut total.seconds, 1),
        _ => return Err(Misspelt::Form),
    };
    let sum = n.checked_mul(factor).and_then(|n| slot.checked_add(n));
    // Far above every calendar, far below every overflow.
    *slot = sum.filter(|n| *n < 1_000_000_000_000).ok_or(Misspelt::TooLarge)?;
    Ok(())
}

/// `200 m`, `1.5 km`: in metres.
pub(crate) fn length(text: &str) -> Result<Decimal, Misspelt> {
    let (amount, unit) = text.split_once(' ').ok_or(Misspelt::Form)?;
    let factor = match unit {
        "m" | "metre" | "metres" => Decimal::ONE,
        "km" | "kilometre" | "kilometres" => Decimal::from(1000),
        _ => return Err(Misspelt::Form),
    };
    decimal(amount)?.checked_mul(factor).ok_or(Misspelt::TooLarge)
}

/// `500000 USD`.
pub(crate) fn money(text: &str) -> Result<(Decimal, &str), Misspelt> {
    let (amount, code) = text.split_once(' ').ok_or(Misspelt::Form)?;
    if !letters(code) {
        return Err(Misspelt::Form);
    }
    Ok((decimal(amount)?, code))
}

/// Three capital letters: a state by ISO 3166, a currency by ISO 4217.
pub(crate) fn letters(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())
}

/// An imprecise instant: from the first possible tick to the last.
pub(crate) fn interval(from: &Instants, to: &Instants) -> Option<Instants> {
    (from.lo <= to.hi).then(|| Instants::between(from.lo, to.hi, Missing::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_needs_an_offset_and_a_day_that_exists() {
        assert_eq!(time("2024-03-01T08:00Z"), time("2024-03-01T09:00:00+01:00"));
        assert_eq!(time("2024-03-01T08:00"), Err(Misspelt::NoOffset));
        assert_eq!(time("2024-02-30T08:00Z"), Err(Misspelt::Impossible));
        assert_eq!(time("2024-03-01T25:00Z"), Err(Misspelt::Impossible));
        assert_eq!(time("yesterday"), Err(Misspelt::Form));
        assert_eq!(date("2024-02-30"), Err(Misspelt::Impossible));
        assert_eq!(date("20240230"), Err(Misspelt::Form));
    }

    #[test]
    fn a_plain_time_is_what_the_calendar_says() {
        let by_calendar = |text: &str| text.parse::<jiff::Timestamp>().map(|t| t.as_microsecond()).ok();
        for year in (1..=400).chain([1600, 1899, 1900, 1969, 1970, 2000, 2024, 2100, 9998]) {
            for (month, day) in [(1, 1), (2, 28), (3, 1), (6, 17), (12, 28)] {
                let text = format!("{year:04}-{month:02}-{day:02}T23:59:01Z");
                assert_eq!(plain_time(text.as_bytes()), by_calendar(&text), "{text}");
            }
        }
        for other in ["2024-02-29T08:00:00Z", "2024-01-01T24:00:00Z", "2024-00-01T08:00:00Z", "2024-01-01T08:00:0:Z"] {
            assert_eq!(plain_time(other.as_bytes()), None, "{other}");
        }
        assert_eq!(time("2024-02-29T08:00:00Z").ok(), by_calendar("2024-02-29T08:00:00Z"));
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(decimal("0.1000000000000000055511").map(|d| d.to_string()), Ok("0.1000000000000000055511".into()));
        assert_eq!(decimal("1e3"), Ok(Decimal::from(1000)));
        assert_eq!(decimal("1e400"), Err(Misspelt::TooLarge));
        assert_eq!(decimal("NaN"), Err(Misspelt::Form));
        assert_eq!(decimal(""), Err(Misspelt::Form));
    }

    #[test]
    fn durations_are_worded_or_iso() {
        assert_eq!(duration("24 hours"), duration("PT24H"));
        assert_eq!(duration("3 days"), duration("P3D"));
        assert_eq!(duration("1 day 6 hours"), duration("P1DT6H"));
        for wrong in ["", "24", "hours", "24 lightyears", "P", "PT", "P1", "1.5 hours"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn quantities_carry_units() {
        assert_eq!(length("1.5 km"), Ok(Decimal::from(1500)));
        assert!(length("1.5").is_err());
        assert_eq!(money("500000 USD"), Ok((Decimal::from(500_000), "USD")));
        assert!(money("500000 usd").is_err());
    }
}
