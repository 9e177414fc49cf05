//! Duties that last: a period that lasting acts have to cover, with gaps of a tolerated length.

use crate::acts::{ActSeen, Done};
use crate::judged::{Due, Judged};
use crate::outcome::{Outcome, Outcomes};
use crate::program::{EndPlan, LastingPlan, NormPlan, Term};
use crate::time::{FOREVER, Instants, Tick};
use crate::truth::{Missing, Truth};
use crate::value::Value;
use crate::waive::Waivers;
use crate::world::{Frame, World};
use mandate_pack::Duration;

/// A half-open stretch of time.
pub(crate) type Stretch = (Tick, Tick);

/// The period a lasting duty is about: half-open.
#[derive(Debug, Clone)]
pub(crate) struct Lasts {
    pub(crate) from: Instants,
    pub(crate) end: Instants,
}

/// How a lasting duty stands.
pub(crate) struct Kept {
    pub(crate) set: Outcomes,
    /// What is owed next, or was broken first.
    pub(crate) due: Option<Due>,
    /// Where a breach is possible, when.
    pub(crate) breach: Option<Instants>,
}

/// The stretches that surely cover, and those that may.
struct Covers {
    sure: Vec<Stretch>,
    possible: Vec<Stretch>,
    /// Ends of what may cover, each somewhere in a range.
    ends: Vec<Stretch>,
    missing: Missing,
}

impl World<'_> {
    /// The period of a lasting duty, from `floor` at the earliest.
    pub(crate) fn lasts(&self, plan: &LastingPlan, floor: &Instants, frame: &mut Frame) -> Lasts {
        let from = self.eval(&plan.from, frame).instants().opening();
        let end = plan.end.as_ref().map_or_else(|| Instants::at(FOREVER), |end| self.end_of(end, frame));
        Lasts { from: crate::party::later(&from, floor), end }
    }

    /// The first instant after a period: `to` a day runs to its end, `until` a day to its begin.
    fn end_of(&self, end: &EndPlan, frame: &mut Frame) -> Instants {
        match end {
            EndPlan::To(t) => {
                let at = self.eval(t, frame).instants();
                if at.civil { Instants::at(at.hi.saturating_add(1)) } else { at }
            }
            EndPlan::Until(t) => self.eval(t, frame).instants().opening(),
        }
    }

    /// Whether lasting acts cover the period up to the instant of assessment. Applicability and exceptions aside.
    #[expect(clippy::too_many_arguments, reason = "a norm with what it is judged on")]
    pub(crate) fn kept(
        &self,
        norm: &NormPlan,
        plan: &LastingPlan,
        (action, args): (usize, &[Term]),
        lasts: &Lasts,
        waivers: &Waivers,
        frame: &mut Frame,
        judged: &mut Judged,
    ) -> Kept {
        let gap = match plan.gap.as_ref().map(|gap| self.eval(gap, frame)) {
            None => Ok(Duration::default()),
            Some(Value::Duration(d)) => Ok(d),
            Some(other) => Err(other.missing()),
        };
        let acts = self.acts(norm, action, args, frame);
        acts.iter().for_each(|act| judged.note_evidence(act.record));
        let mut without = Judged::default();
        let alone = self.covered(&acts, action, lasts, &gap, &Waivers::default(), &mut without);
        if waivers.is_empty() {
            judged.absorb(without);
            return alone;
        }
        let kept = self.covered(&acts, action, lasts, &gap, waivers, judged);
        waivers.records().for_each(|record| judged.note_waiver(record));
        Kept { set: thanks_to_waivers(kept.set, alone.set), ..kept }
    }

    fn covered(
        &self,
        acts: &[ActSeen],
        action: usize,
        lasts: &Lasts,
        gap: &Result<Duration, Missing>,
        waivers: &Waivers,
        judged: &mut Judged,
    ) -> Kept {
        let (from, end, now) = (&lasts.from, &lasts.end, self.now);
        let blame = |judged: &mut Judged, covers: &Covers| {
            judged.missing.add(&covers.missing);
            judged.missing.add(&from.missing);
            judged.missing.add(&end.missing);
            if let Err(missing) = gap {
                judged.missing.add(missing);
            }
        };
        // What has no end is not over before it begins.
        let begins = if end.lo == FOREVER { Truth::TRUE } else { from.lt(end) };
        if begins.is_false() {
            return Kept { set: Outcomes::only(Outcome::NotApplicable), due: None, breach: None };
        }
        let covers = self.covers_of(acts, action, waivers);
        // An unknown tolerance is any.
        let longer = |(a, b): &Stretch, unknown: bool| match gap {
            Ok(d) => self.zone.shift(*a, *d, 1) < *b,
            Err(_) => unknown,
        };
        let surely_open = holes(&covers.possible, from.hi, end.lo.min(now));
        let maybe_open = holes(&covers.sure, from.lo, end.hi.min(now));
        let gaps: Vec<Stretch> = surely_open.iter().filter(|hole| longer(hole, false)).copied().collect();
        let possible_gap = maybe_open.iter().find(|hole| longer(hole, true));
        let tolerated = |start: Tick| gap.as_ref().map_or(start, |d| self.zone.shift(start, *d, 1));
        let mut set = Outcomes::default();
        let mut breach = None;
        if let Some((start, _)) = possible_gap {
            let first = tolerated(*start);
            let last = gaps.first().map_or(now.max(first), |(start, _)| tolerated(*start));
            let since = Instants::between(first.min(last), last, covers.missing.and(&from.missing));
            breach = Some(if first == last { Instants::at(first) } else { since });
            set = set.with(Outcome::Violated);
        }
        let mut due = gaps.first().map(|(start, _)| tolerated(*start));
        if gaps.is_empty() {
            let runs_on = end.hi > now;
            let ends_open = |list: &[Stretch]| list.last().filter(|(_, hole)| *hole == now).copied();
            let open = ends_open(&maybe_open).filter(|_| runs_on && from.lo <= now);
            let sure = ends_open(&surely_open).filter(|_| end.lo > now);
            if from.hi > now || (open.is_some() && self.can_be_tolerated(gap, from, &covers, action)) {
                set = set.with(Outcome::Pending);
            }
            if from.lo <= now && sure.is_none() {
                set = set.with(Outcome::Satisfied);
            }
            due = if from.lo > now {
                from.is_point().then_some(from.lo)
            } else {
                sure.map(|(start, _)| tolerated(start))
            };
            judged.uncovered.clear();
        } else {
            judged.uncovered = gaps;
        }
        // An end that has not come yet comes after the begin.
        let not_yet = end.hi == FOREVER && end.lo > now;
        if begins.is_unknown() && !not_yet {
            set = set.with(Outcome::NotApplicable);
        }
        blame(judged, &covers);
        Kept { set, due: due.map(|at| Due { last: Instants::at(at), open: false }), breach }
    }

    /// Whether the last stretch before the instant of assessment can be open and still tolerated: what came before it can have
    /// ended so shortly ago.
    fn can_be_tolerated(
        &self,
        gap: &Result<Duration, Missing>,
        from: &Instants,
        covers: &Covers,
        action: usize,
    ) -> bool {
        let recent = |(lo, hi): &Stretch| {
            let last = (*hi).min(self.now.saturating_sub(1));
            *lo < self.now && gap.as_ref().map_or(true, |d| self.zone.shift(last, *d, 1) >= self.now)
        };
        let silent = self.horizon(action).0 < self.now;
        silent || recent(&(from.lo, from.hi)) || covers.ends.iter().any(recent)
    }

    fn covers_of(&self, acts: &[ActSeen], action: usize, waivers: &Waivers) -> Covers {
        let mut covers =
            Covers { sure: Vec::new(), possible: Vec::new(), ends: Vec::new(), missing: Missing::default() };
        for act in acts {
            let Done::During(period) = &act.at else {
                // An act without duration covers no time.
                continue;
            };
            let (from, to) = (&period.from, &period.to);
            if act.matches.is_true() {
                covers.sure.push((from.hi, to.lo));
            }
            covers.possible.push((from.lo, to.hi));
            covers.ends.push((to.lo, to.hi));
            [&act.matches.missing, &from.missing, &to.missing].into_iter().for_each(|m| covers.missing.add(m));
        }
        for waived in waivers.periods() {
            covers.sure.push(waived);
            covers.possible.push(waived);
            covers.ends.push((waived.1, waived.1));
        }
        let (feed, gap) = self.horizon(action);
        if feed < self.now {
            // Silence after the horizon proves nothing.
            covers.possible.push((feed, FOREVER));
            covers.missing.add(&gap);
        }
        covers.sure.sort_unstable();
        covers.possible.sort_unstable();
        covers
    }
}

/// What waivers made of it: kept only thanks to them is waived.
fn thanks_to_waivers(with: Outcomes, without: Outcomes) -> Outcomes {
    let mut set = with;
    if with.has(Outcome::Satisfied) && !without.has(Outcome::Satisfied) && !without.has(Outcome::Pending) {
        set = set.without(Outcome::Satisfied).with(Outcome::Waived);
    } else if without.has(Outcome::Violated) && !with.has(Outcome::Violated) {
        set = set.with(Outcome::Waived);
    }
    set
}

/// The parts of `[lo, hi)` that no stretch covers; the stretches are sorted.
fn holes(cover: &[Stretch], lo: Tick, hi: Tick) -> Vec<Stretch> {
    let mut at = lo;
    let mut out = Vec::new();
    for (from, to) in cover {
        if at >= hi {
            break;
        }
        if *to <= at || to <= from {
            continue;
        }
        if *from > at {
            out.push((at, (*from).min(hi)));
        }
        at = *to;
    }
    if at < hi {
        out.push((at, hi));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::holes;

    #[test]
    fn holes_lie_between_stretches() {
        assert_eq!(holes(&[(2, 4), (3, 6), (8, 9)], 0, 10), [(0, 2), (6, 8), (9, 10)]);
        assert_eq!(holes(&[(0, 20)], 5, 10), []);
        assert_eq!(holes(&[(5, 5), (9, 7)], 0, 3), [(0, 3)]);
        assert_eq!(holes(&[(2, 4)], 9, 3), []);
    }
}
