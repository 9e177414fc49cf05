//! Days and minutes in UTC, as far as the generator needs them.

/// Minutes in an hour.
pub(crate) const HOUR: i64 = 60;
/// Minutes in a day.
pub(crate) const DAY: i64 = 24 * HOUR;

/// Minutes since the beginning of 1970 of a day and a time in UTC.
pub(crate) fn at(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> i64 {
    days(year, month, day) * DAY + hour * HOUR + minute
}

/// Days since the beginning of 1970, by the proleptic Gregorian calendar with years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

fn civil(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + carry, month, day)
}

/// `2026-03-01T08:00Z`.
pub(crate) fn instant(minutes: i64) -> String {
    let of_day = minutes.rem_euclid(DAY);
    format!("{}T{:02}:{:02}Z", date(minutes), of_day / HOUR, of_day % HOUR)
}

/// `2026-03-01`.
pub(crate) fn date(minutes: i64) -> String {
    let (year, month, day) = civil(minutes.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_go_there_and_back() {
        assert_eq!(instant(at(1970, 1, 1, 0, 0)), "1970-01-01T00:00Z");
        assert_eq!(instant(at(2024, 2, 29, 23, 59) + 1), "2024-03-01T00:00Z");
        assert_eq!(instant(at(2026, 1, 1, 0, 0) - 1), "2025-12-31T23:59Z");
        for day in 0..40_000 {
            let (y, m, d) = civil(day);
            assert_eq!(days(y, m, d), day);
        }
    }
}
