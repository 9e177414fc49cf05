//! Windows of two norms: which begins no earlier, which falls due no later.

use super::content::Content;
use super::order::Proven;
use super::terms::{Head, Id, Term, Terms};
use mandate_pack::Duration;

/// One end of a window: an instant that both may be counted from, and a length of time after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    base: Id,
    after: Duration,
    /// Counted by days.
    day: bool,
    /// The end itself is not in it.
    excluded: bool,
}

/// A window; `None`: without bound on that side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: Option<End>,
    to: Option<End>,
}

const NOTHING: Duration = Duration { months: 0, days: 0, seconds: 0 };

/// Windows of duties, in which the shorter one is stricter, or of prohibitions.
pub(crate) fn compare(terms: &Terms, old: Id, new: Id, negative: bool) -> Proven {
    if old == new {
        return Proven::SAME;
    }
    let (Some(a), Some(b)) = (terms.get(old), terms.get(new)) else { return Proven::NOTHING };
    if !negative && matches!((&a.head, &b.head), (Head::Form("lasting"), Head::Form("lasting"))) {
        return lasting(terms, a, b);
    }
    let (Some(old), Some(new)) = (span(terms, old), span(terms, new)) else { return Proven::NOTHING };
    if old == new {
        return Proven::SAME;
    }
    let (into_old, into_new) = (is_in(new, old), is_in(old, new));
    let (no_weaker, no_stricter) = if negative { (into_new, into_old) } else { (into_old, into_new) };
    Proven { same: false, no_weaker, no_stricter }
}

/// Whether the clocks of two rules start at the same instant.
pub(crate) fn same_start(terms: &Terms, old: &Content, new: &Content) -> bool {
    let base = |window: Id| {
        let term = terms.get(window)?;
        match (&term.head, term.parts.as_slice()) {
            (Head::Form("within after" | "within after day" | "within before"), [_, base]) => Some(*base),
            (Head::Form("by" | "by day" | "before" | "before day"), [base]) => Some(*base),
            (Head::Form("lasting"), [from, ..]) => Some(*from),
            _ => None,
        }
    };
    let clocks = [old, new].map(|content| base(content.norm.window));
    let on = matches!(terms.get(old.on), Some(Term { parts, .. }) if !parts.is_empty());
    old.on == new.on && (on || (clocks[0].is_some() && clocks[0] == clocks[1]))
}

/// Whether one length of time never is longer than another.
pub(crate) fn is_no_longer(terms: &Terms, short: Id, long: Id) -> bool {
    match (length(terms, short), length(terms, long)) {
        (Some(short), Some(long)) => at_most(short, long),
        _ => short == long,
    }
}

fn length(terms: &Terms, id: Id) -> Option<Duration> {
    match terms.get(id)?.head {
        Head::Length(length) => Some(length),
        _ => None,
    }
}

/// Whether a length is at most another, counted from any instant: a month has 28 to 31 days, a day 22 to 26 hours.
fn at_most(short: Duration, long: Duration) -> bool {
    let months = i128::from(short.months) - i128::from(long.months);
    let days = i128::from(short.days) - i128::from(long.days);
    let seconds = i128::from(short.seconds) - i128::from(long.seconds);
    let most = |count: i128, least: i128, greatest: i128| if count > 0 { count * greatest } else { count * least };
    // By months and days alone the calendar is exact: the same hour of another day.
    let by_day = days + most(months, 28, 31);
    if seconds == 0 {
        return (months <= 0 && days <= 0) || by_day <= 0;
    }
    if months <= 0 && days <= 0 && seconds <= 0 {
        return true;
    }
    seconds + most(by_day, 22 * 3600, 26 * 3600) <= 0
}

fn plus(a: Duration, b: Duration) -> Option<Duration> {
    Some(Duration {
        months: a.months.checked_add(b.months)?,
        days: a.days.checked_add(b.days)?,
        seconds: a.seconds.checked_add(b.seconds)?,
    })
}

/// An instant as another one and a length after it.
fn end(terms: &Terms, id: Id, day: bool, excluded: bool) -> Option<End> {
    let term = terms.get(id)?;
    if let (Head::Form("+"), [base, after]) = (&term.head, term.parts.as_slice())
        && let Some(after) = length(terms, *after)
    {
        let inner = end(terms, *base, day, excluded)?;
        // Only of like units does the order in which lengths are added not matter.
        let alike = inner.after == NOTHING
            || (inner.after.seconds == 0 && after.seconds == 0 && inner.after.months == 0 && after.months == 0)
            || (inner.after.months == 0 && inner.after.days == 0 && after.months == 0 && after.days == 0);
        return if alike { Some(End { after: plus(inner.after, after)?, ..inner }) } else { None };
    }
    Some(End { base: id, after: NOTHING, day, excluded })
}

fn span(terms: &Terms, window: Id) -> Option<Span> {
    let term = terms.get(window)?;
    let after = |from: Id, more: Id, day: bool| {
        let from = end(terms, from, day, false)?;
        let more = length(terms, more)?;
        let alike = from.after == NOTHING;
        alike.then_some(End { after: more, ..from }).map(|to| Span { from: Some(from), to: Some(to) })
    };
    match (&term.head, term.parts.as_slice()) {
        (Head::Form("always"), []) => Some(Span { from: None, to: None }),
        (Head::Form("within after"), [more, from]) => after(*from, *more, false),
        (Head::Form("within after day"), [more, from]) => after(*from, *more, true),
        // Of the level of an `otherwise`: from the breach.
        (Head::Form("within"), [more]) => {
            let from = End { base: Id::MAX, after: NOTHING, day: false, excluded: false };
            Some(Span { from: Some(from), to: Some(End { after: length(terms, *more)?, ..from }) })
        }
        (Head::Form("within before"), [before, to]) => {
            let to = end(terms, *to, false, true).filter(|to| to.after == NOTHING)?;
            let before = length(terms, *before)?;
            let before = Duration {
                months: before.months.checked_neg()?,
                days: before.days.checked_neg()?,
                seconds: before.seconds.checked_neg()?,
            };
            Some(Span { from: Some(End { after: before, excluded: false, ..to }), to: Some(to) })
        }
        (Head::Form(word @ ("by" | "by day")), [to]) => {
            Some(Span { from: None, to: Some(end(terms, *to, *word == "by day", false)?) })
        }
        (Head::Form(word @ ("before" | "before day")), [to]) => {
            Some(Span { from: None, to: Some(end(terms, *to, *word == "before day", true)?) })
        }
        _ => None,
    }
}

/// Whether one end comes no later than another, counted from the same instant.
fn comes_first(first: End, second: End) -> bool {
    // After a day, whole days end with a day, and hours do not.
    let by_calendar = |end: End| end.after.seconds == 0;
    let alike = !first.day || by_calendar(first) == by_calendar(second);
    first.base == second.base && first.day == second.day && alike && at_most(first.after, second.after)
}

/// Whether a window lies in another one, and falls due no later.
fn is_in(inner: Span, outer: Span) -> bool {
    let begins = match (outer.from, inner.from) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(outer), Some(inner)) => comes_first(outer, inner),
    };
    let ends = match (inner.to, outer.to) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(inner), Some(outer)) => comes_first(inner, outer) && (inner.excluded || !outer.excluded),
    };
    begins && ends
}

/// Duties that last over the same period: the one that tolerates shorter gaps is stricter.
fn lasting(terms: &Terms, old: &Term, new: &Term) -> Proven {
    let ([from, to, gap], [from_too, to_too, other_gap]) = (old.parts.as_slice(), new.parts.as_slice()) else {
        return Proven::NOTHING;
    };
    if (from, to) != (from_too, to_too) {
        return Proven::NOTHING;
    }
    let tolerated = |gap: Id| {
        let gap = &terms.get(gap)?.parts;
        gap.first().map_or(Some(NOTHING), |gap| length(terms, *gap))
    };
    match (tolerated(*gap), tolerated(*other_gap)) {
        (Some(old), Some(new)) => Proven { same: false, no_weaker: at_most(new, old), no_stricter: at_most(old, new) },
        _ => Proven::NOTHING,
    }
}
