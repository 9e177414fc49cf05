//! Days and instants as whole seconds. Civil days are those of the pack's zone; a situation that a change of clocks would spoil
//! fails its replay.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mandate_pack::Duration;

/// Seconds from 1970 to the instant that counts as 0: solutions near 0 are days of our time.
pub(crate) const EPOCH: i64 = 1_772_323_200; // 2026-03-01T00:00Z
/// A civil day.
pub(crate) const DAY: i64 = 86_400;
/// Later than every instant.
pub(crate) const NEVER: i64 = 1 << 50;

/// The zone of a pack; UTC if its name says nothing.
pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The begin of a day.
pub(crate) fn day(text: &str, zone: &TimeZone) -> Option<i64> {
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_second() - EPOCH)
}

/// The day that an instant falls in.
pub(crate) fn say_day(at: i64, zone: &TimeZone) -> Option<String> {
    let stamp = Timestamp::from_second(at.checked_add(EPOCH)?).ok()?;
    Some(stamp.to_zoned(zone.clone()).date().to_string())
}

/// An instant in a pack's spelling.
pub(crate) fn instant(text: &str) -> Option<i64> {
    let stamp: Timestamp = match text.parse() {
        Ok(stamp) => stamp,
        // RFC 3339 without seconds.
        Err(_) => {
            let (head, tail) = text.split_at_checked(16)?;
            format!("{head}:00{tail}").parse().ok()?
        }
    };
    Some(stamp.as_second() - EPOCH)
}

/// An instant as facts spell it.
pub(crate) fn say_instant(at: i64) -> Option<String> {
    let stamp = Timestamp::from_second(at.checked_add(EPOCH)?).ok()?;
    let text = stamp.to_string();
    Some(match text.strip_suffix(":00Z") {
        Some(minutes) => format!("{minutes}Z"),
        None => text,
    })
}

/// Shortest and longest number of seconds a length of time can take; a month has 28 to 31 days.
pub(crate) fn seconds(duration: Duration) -> Option<(i64, i64)> {
    let rest = duration.days.checked_mul(DAY)?.checked_add(duration.seconds)?;
    let months = |days: i64| duration.months.checked_mul(days * DAY)?.checked_add(rest);
    let (one, other) = (months(28)?, months(31)?);
    Some((one.min(other), one.max(other)))
}
