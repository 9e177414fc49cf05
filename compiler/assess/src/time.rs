//! Instants that may be imprecise, civil days in one zone, and calendar arithmetic.

use crate::truth::{Missing, Truth};
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Span, Timestamp};
use mandate_pack::Duration;

/// Microseconds since 1970-01-01T00:00Z. Finer digits in the data are cut off.
pub(crate) type Tick = i64;

/// Later than every instant.
pub(crate) const FOREVER: Tick = i64::MAX;
/// Earlier than every instant.
pub(crate) const ALWAYS: Tick = i64::MIN;

/// An instant somewhere in `lo..=hi`, both possible; a point where they are equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instants {
    pub(crate) lo: Tick,
    pub(crate) hi: Tick,
    /// A whole civil day (a Date), not an imprecise instant: day against day is exact.
    pub(crate) civil: bool,
    /// What to blame when the imprecision matters.
    pub(crate) missing: Missing,
}

impl Instants {
    pub(crate) fn at(tick: Tick) -> Self {
        Instants { lo: tick, hi: tick, civil: false, missing: Missing::default() }
    }

    pub(crate) fn between(lo: Tick, hi: Tick, missing: Missing) -> Self {
        Instants { lo, hi, civil: false, missing }
    }

    pub(crate) fn any(missing: Missing) -> Self {
        Instants::between(ALWAYS, FOREVER, missing)
    }

    pub(crate) fn is_point(&self) -> bool {
        self.lo == self.hi
    }

    /// Whether the instant has a known latest bound: an absent `never` field has none.
    pub(crate) fn is_known(&self) -> bool {
        self.hi < FOREVER
    }

    pub(crate) fn le(&self, other: &Instants) -> Truth {
        if self.civil && other.civil {
            return Truth::of(self.lo <= other.lo);
        }
        if self.hi <= other.lo {
            Truth::TRUE
        } else if self.lo > other.hi {
            Truth::FALSE
        } else {
            Truth::unknown(self.missing.and(&other.missing))
        }
    }

    pub(crate) fn lt(&self, other: &Instants) -> Truth {
        other.le(self).not()
    }

    pub(crate) fn eq(&self, other: &Instants) -> Truth {
        let same = self.lo == other.lo && self.hi == other.hi;
        if same && self.civil && other.civil {
            return Truth::TRUE;
        }
        Truth::all([self.le(other), other.le(self)])
    }

    /// The instant one tick earlier: the last one before an open end.
    pub(crate) fn just_before(&self) -> Instants {
        let step = |t: Tick| if t == ALWAYS || t == FOREVER { t } else { t - 1 };
        Instants { lo: step(self.lo), hi: step(self.hi), civil: false, missing: self.missing.clone() }
    }

    /// One tick later: the first instant out of time, where this is the last one in time.
    pub(crate) fn just_after(&self) -> Instants {
        let step = |t: Tick| if t == ALWAYS || t == FOREVER { t } else { t + 1 };
        Instants { lo: step(self.lo), hi: step(self.hi), civil: false, missing: self.missing.clone() }
    }

    /// The start of a half-open period: a day starts it when it begins.
    pub(crate) fn opening(&self) -> Instants {
        if self.civil { Instants::at(self.lo) } else { self.clone() }
    }
}

/// A half-open period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) from: Instants,
    pub(crate) to: Instants,
}

impl Period {
    /// Its ends as instants: a day begins a period when it begins, and ends one before it begins.
    fn ends(&self) -> (Instants, Instants) {
        (self.from.opening(), self.to.opening())
    }

    pub(crate) fn contains(&self, at: &Instants) -> Truth {
        let (from, to) = self.ends();
        Truth::all([from.le(at), at.lt(&to)])
    }

    pub(crate) fn covers(&self, other: &Period) -> Truth {
        let ((a, b), (x, y)) = (self.ends(), other.ends());
        Truth::all([a.le(&x), y.le(&b)])
    }

    pub(crate) fn overlaps(&self, other: &Period) -> Truth {
        let ((a, b), (x, y)) = (self.ends(), other.ends());
        Truth::all([a.lt(&y), x.lt(&b)])
    }
}

/// The zone of civil days.
#[derive(Debug, Clone)]
pub(crate) struct Zone(TimeZone);

impl Zone {
    /// The zone called by an IANA name or `UTC`.
    pub(crate) fn named(name: &str) -> Option<Zone> {
        if name.eq_ignore_ascii_case("utc") {
            return Some(Zone::utc());
        }
        TimeZoneDatabase::bundled().get(name).ok().map(Zone)
    }

    pub(crate) fn utc() -> Zone {
        Zone(TimeZone::UTC)
    }

    pub(crate) fn time_zone(&self) -> &TimeZone {
        &self.0
    }

    /// First tick of a civil day.
    pub(crate) fn start_of(&self, day: Date) -> Tick {
        match day.to_zoned(self.0.clone()).and_then(|z| z.start_of_day()) {
            Ok(zoned) => zoned.timestamp().as_microsecond(),
            Err(_) if day.year() < 0 => ALWAYS,
            Err(_) => FOREVER,
        }
    }

    /// A civil day as the interval of its ticks.
    pub(crate) fn day(&self, day: Date) -> Instants {
        let lo = self.start_of(day);
        let hi = day.tomorrow().map_or(FOREVER, |next| self.start_of(next).saturating_sub(1));
        Instants { lo, hi, civil: true, missing: Missing::default() }
    }

    /// The civil day of a tick; `None` beyond the calendar.
    pub(crate) fn date_of(&self, tick: Tick) -> Option<Date> {
        let stamp = Timestamp::from_microsecond(tick).ok()?;
        Some(self.0.to_datetime(stamp).date())
    }

    /// A tick moved by a duration (`sign` 1 or -1): months and days by the calendar, then elapsed seconds.
    pub(crate) fn shift(&self, tick: Tick, by: Duration, sign: i64) -> Tick {
        if tick == ALWAYS || tick == FOREVER {
            return tick;
        }
        let beyond = |positive: bool| if positive { FOREVER } else { ALWAYS };
        let mut tick = tick;
        if by.months != 0 || by.days != 0 {
            let moved = calendar(by, sign).and_then(|span| {
                let stamp = Timestamp::from_microsecond(tick).ok()?;
                stamp.to_zoned(self.0.clone()).checked_add(span).ok()
            });
            match moved {
                Some(zoned) => tick = zoned.timestamp().as_microsecond(),
                None => return beyond(by.months.saturating_add(by.days).saturating_mul(sign) > 0),
            }
        }
        let elapsed = by.seconds.checked_mul(sign).and_then(|s| s.checked_mul(1_000_000));
        match elapsed.and_then(|us| tick.checked_add(us)) {
            Some(moved) if Timestamp::from_microsecond(moved).is_ok() => moved,
            _ => beyond(by.seconds.saturating_mul(sign) > 0),
        }
    }

    /// Instants moved by a duration. A civil day moved by whole days or months stays a civil day.
    pub(crate) fn shifted(&self, at: &Instants, by: Duration, sign: i64) -> Instants {
        if at.civil && by.seconds == 0 {
            let day = self.date_of(at.lo).zip(calendar(by, sign)).and_then(|(day, span)| day.checked_add(span).ok());
            if let Some(day) = day {
                return Instants { missing: at.missing.clone(), ..self.day(day) };
            }
        }
        Instants {
            lo: self.shift(at.lo, by, sign),
            hi: self.shift(at.hi, by, sign),
            civil: false,
            missing: at.missing.clone(),
        }
    }
}

fn calendar(by: Duration, sign: i64) -> Option<Span> {
    let months = by.months.checked_mul(sign)?;
    let days = by.days.checked_mul(sign)?;
    Span::new().try_months(months).ok()?.try_days(days).ok()
}

/// Elapsed time between two ticks, in whole seconds, rounded towards zero.
pub(crate) fn elapsed(from: Tick, to: Tick) -> Option<i64> {
    to.checked_sub(from).map(|us| us / 1_000_000)
}

/// Nominal length in seconds, from the shortest to the longest it can be: a day is 24 hours, a month 28 to 31 days.
pub(crate) fn nominal(d: Duration) -> Option<(i64, i64)> {
    const DAY: i64 = 86_400;
    let fixed = d.days.checked_mul(DAY)?.checked_add(d.seconds)?;
    let years = d.months / 12;
    let rest = d.months % 12;
    let bound = |year: i64, month: i64| -> Option<i64> {
        let days = years.checked_mul(year)?.checked_add(rest.checked_mul(month)?)?;
        days.checked_mul(DAY)?.checked_add(fixed)
    };
    let (a, b) = (bound(365, 28)?, bound(366, 31)?);
    Some((a.min(b), a.max(b)))
}

/// "6 hours", "1 day 2 hours": elapsed seconds in words; a day is 24 hours.
pub(crate) fn say_seconds(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let all = SignedDuration::from_secs(seconds).unsigned_abs().as_secs();
    let parts = [(all / 86_400, "day"), (all / 3600 % 24, "hour"), (all / 60 % 60, "minute"), (all % 60, "second")];
    let words: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| plural(*n, unit)).collect();
    if words.is_empty() { "0 seconds".to_owned() } else { format!("{sign}{}", words.join(" ")) }
}

fn plural(n: u64, unit: &str) -> String {
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

/// An instant for people and tools: RFC 3339 with the zone's offset (`Z` in UTC), or the day alone when it is the last
/// instant of a civil day, as a Date stands for the whole day.
pub(crate) fn say_tick(zone: &Zone, tick: Tick) -> String {
    if tick == FOREVER {
        return "never".to_owned();
    }
    if Timestamp::from_microsecond(tick).is_err() {
        return "before all time".to_owned();
    }
    if let Some(day) = zone.date_of(tick)
        && zone.day(day).hi == tick
    {
        return day.to_string();
    }
    say_clock(zone, tick)
}

/// An instant with its time of day, even where it ends a day.
pub(crate) fn say_clock(zone: &Zone, tick: Tick) -> String {
    let Ok(stamp) = Timestamp::from_microsecond(tick) else { return "before all time".to_owned() };
    let zoned = stamp.to_zoned(zone.time_zone().clone());
    let time = zoned.datetime();
    let seconds = match (time.second(), time.subsec_nanosecond()) {
        (0, 0) => String::new(),
        (s, 0) => format!(":{s:02}"),
        (s, nanos) => format!(":{s:02}.{}", format!("{:06}", nanos / 1000).trim_end_matches('0')),
    };
    let offset = zoned.offset().seconds();
    let suffix = if offset == 0 {
        "Z".to_owned()
    } else {
        let (sign, abs) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        format!("{sign}{:02}:{:02}", abs / 3600, abs / 60 % 60)
    };
    format!("{}T{:02}:{:02}{seconds}{suffix}", time.date(), time.hour(), time.minute())
}

pub(crate) fn say_instants(zone: &Zone, at: &Instants) -> String {
    if at.civil {
        return say_tick(zone, at.hi);
    }
    match (at.lo, at.hi) {
        (lo, hi) if lo == hi => say_tick(zone, lo),
        (ALWAYS, FOREVER) => "unknown".to_owned(),
        (_, FOREVER) => "not yet".to_owned(),
        (ALWAYS, hi) => format!("at or before {}", say_tick(zone, hi)),
        (lo, hi) if zone.date_of(lo).is_some_and(|day| (zone.day(day).lo, zone.day(day).hi) == (lo, hi)) => {
            say_tick(zone, hi)
        }
        (lo, hi) => format!("between {} and {}", say_tick(zone, lo), say_tick(zone, hi)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_calendar_and_hours_do_not() {
        let zone = Zone::named("Europe/Berlin").expect("bundled");
        let noon = |text: &str| text.parse::<Timestamp>().expect("time").as_microsecond();
        let before = noon("2024-03-30T12:00+01:00");
        let day = zone.shift(before, Duration { days: 1, ..Duration::default() }, 1);
        let hours = zone.shift(before, Duration { seconds: 86_400, ..Duration::default() }, 1);
        assert_eq!(say_tick(&zone, day), "2024-03-31T12:00+02:00");
        assert_eq!(say_tick(&zone, hours), "2024-03-31T13:00+02:00");
    }

    #[test]
    fn a_shift_beyond_the_calendar_is_for_ever() {
        let zone = Zone::utc();
        assert_eq!(zone.shift(0, Duration { days: i64::MAX / 4, ..Duration::default() }, 1), FOREVER);
        assert_eq!(zone.shift(0, Duration { seconds: i64::MAX / 4, ..Duration::default() }, -1), ALWAYS);
    }

    #[test]
    fn lengths_are_said_in_words() {
        assert_eq!(say_seconds(6 * 3600), "6 hours");
        assert_eq!(say_seconds(86_400 + 7200 + 60), "1 day 2 hours 1 minute");
        // Hours stay hours: two days differ from them at a change of the clock.
        assert_eq!(Duration { seconds: 48 * 3600, ..Duration::default() }.words(), "48 hours");
    }
}
