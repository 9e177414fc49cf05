//! Duties that recur: every round is judged by itself.

use crate::acts::ActSeen;
use crate::gates::Case;
use crate::judged::{Due, Judged, RoundAt};
use crate::norm::Span;
use crate::outcome::{Outcome, Outcomes};
use crate::program::{ActPlan, EndPlan, RecurringPlan};
use crate::time::{FOREVER, Instants, Tick};
use crate::truth::Truth;
use crate::world::{Frame, World};
use mandate_pack::Duration;

/// Most rounds judged of one recurring duty: the last ones.
pub(crate) const MOST_ROUNDS: u64 = 10_000;

/// The rounds of a recurring duty whose start and length are known.
struct Rounds {
    from: Instants,
    every: Duration,
    /// The instant at which the recurrence is over: a round may end with it.
    end: Instants,
}

impl World<'_> {
    /// Start and last instant of a recurrence.
    pub(crate) fn recurs(&self, plan: &RecurringPlan, frame: &mut Frame) -> (Instants, Instants) {
        let from = self.eval(&plan.from, frame).instants();
        let end = match &plan.end {
            None => Instants::at(FOREVER),
            Some(EndPlan::To(t)) => {
                let at = self.eval(t, frame).instants();
                if at.civil { Instants::at(at.hi.saturating_add(1)) } else { at }
            }
            Some(EndPlan::Until(t)) => self.eval(t, frame).instants().opening(),
        };
        (from, end)
    }

    /// Every round that has begun, each judged by itself; or the one that is asked for, if there is such a round.
    pub(crate) fn recurring(
        &self,
        case: &Case<'_>,
        plan: &RecurringPlan,
        asked: Option<u64>,
        frame: &mut Frame,
    ) -> Vec<Judged> {
        let (from, end) = self.recurs(plan, frame);
        let every = self.length(&plan.every, frame);
        let known = match every {
            Ok(every) if from.civil || from.is_point() => Ok(Rounds { from: from.clone(), every, end: end.clone() }),
            Ok(_) => Err(from.missing.clone()),
            Err(missing) => Err(missing.and(&from.missing)),
        };
        let known = known.and_then(|rounds| if self.grows(&rounds) { Ok(rounds) } else { Err(rounds.from.missing) });
        match known {
            Ok(rounds) => self.rounds(case, &rounds, asked, frame),
            // How many rounds there are, and which, nobody can say.
            Err(missing) => {
                let set =
                    Outcomes::of(&[Outcome::Violated, Outcome::Pending, Outcome::Satisfied, Outcome::NotApplicable]);
                let mut judged = Judged { missing, ..Judged::default() };
                let anchor = self.on(case.rule, frame).unwrap_or_else(|| from.opening());
                self.gated(case, set, &anchor, &Instants::at(self.now), frame, &mut judged);
                vec![judged]
            }
        }
    }

    /// Whether the second round is later than the first.
    fn grows(&self, rounds: &Rounds) -> bool {
        let first = self.bound_of(rounds, 0);
        first < FOREVER && first > Tick::MIN && self.bound_of(rounds, 1) > first
    }

    /// `A + kD`, counted from the start so that months do not drift: of whole days the end of that day.
    fn bound_of(&self, rounds: &Rounds, k: u64) -> Tick {
        let d = rounds.every;
        let times = |n: i64| i64::try_from(k).ok().and_then(|k| n.checked_mul(k));
        let (Some(months), Some(days), Some(seconds)) = (times(d.months), times(d.days), times(d.seconds)) else {
            return FOREVER;
        };
        let by = Duration { months, days, seconds };
        if rounds.from.civil && d.seconds == 0 {
            let day = self.zone.shifted(&rounds.from, by, 1);
            return if day.civil { day.hi } else { FOREVER };
        }
        self.zone.shift(rounds.from.lo, by, 1)
    }

    /// First instant that counts in round k: a round begins after the end of the one before.
    fn begin_of(&self, rounds: &Rounds, k: u64) -> Tick {
        if k == 0 { rounds.from.lo } else { self.bound_of(rounds, k).saturating_add(1) }
    }

    /// Number of rounds that have begun and can be completed: the begins and ends only grow.
    fn number_of(&self, rounds: &Rounds) -> u64 {
        let owed = |k: u64| {
            let start = if k == 0 { rounds.from.lo } else { self.bound_of(rounds, k) };
            let due = self.bound_of(rounds, k.saturating_add(1));
            start <= self.now && due < FOREVER && due <= rounds.end.hi
        };
        if !owed(0) {
            return 0;
        }
        let mut upper = 1_u64;
        while owed(upper) && upper < u64::MAX / 4 {
            upper *= 2;
        }
        let mut lower = upper / 2;
        while lower + 1 < upper {
            let middle = lower + (upper - lower) / 2;
            if owed(middle) {
                lower = middle;
            } else {
                upper = middle;
            }
        }
        lower + 1
    }

    fn rounds(&self, case: &Case<'_>, rounds: &Rounds, asked: Option<u64>, frame: &mut Frame) -> Vec<Judged> {
        let number = self.number_of(rounds);
        let first = number.saturating_sub(MOST_ROUNDS);
        if number == 0 {
            let mut judged = Judged { possible: Outcomes::only(Outcome::NotApplicable), ..Judged::default() };
            judged.anchor = Some(rounds.from.clone());
            return vec![judged];
        }
        let on = self.on(case.rule, frame);
        let (acts, state) = match &case.rule.norm.act {
            ActPlan::Do { action, args } => (self.acts(&case.rule.norm, *action, args, frame), Truth::TRUE),
            ActPlan::Ensure(conditions) => (Vec::new(), self.state(conditions, on.as_ref(), frame)),
        };
        let acts = Acts::new(acts);
        let wanted = asked.map_or(first..number, |asked| asked.saturating_sub(1)..asked.min(number));
        wanted
            .map(|k| {
                let span = RoundAt {
                    number: k.saturating_add(1),
                    from: self.begin_of(rounds, k),
                    to: self.bound_of(rounds, k.saturating_add(1)),
                };
                let mut judged = self.round(case, rounds, span, (&acts, &state), frame);
                judged.rounds_left_out = first;
                judged
            })
            .collect()
    }

    fn round(
        &self,
        case: &Case<'_>,
        rounds: &Rounds,
        round: RoundAt,
        (acts, state): (&Acts, &Truth),
        frame: &mut Frame,
    ) -> Judged {
        let on = self.on(case.rule, frame);
        let mut judged = Judged { round: Some(round), ..Judged::default() };
        let due = Due { last: Instants::at(round.to), open: false };
        let (mut set, extended) =
            self.in_time(&case.waivers, &due, &mut judged, |part, judged| match &case.rule.norm.act {
                ActPlan::Do { action, .. } => {
                    let near = acts.near(round.from, part.1.last.hi.max(round.to));
                    let span = Span { start: Some(Instants::at(round.from)), due: part.0.clone() };
                    self.performed(&near, *action, &span, &part.1, judged)
                }
                ActPlan::Ensure(_) => self.ensured(state, &part.0, &part.1, judged),
            });
        judged.exceptional = case.waivers.is_exceptional(&judged.waivers);
        if set.has(Outcome::Violated) {
            let chain = self.chain(case.rule, 0, &extended.last, frame, &mut judged);
            set = judged.replace_violated(set, chain);
            judged.since = Some(extended.last.clone());
        }
        // An end that has not come yet takes no running round away: as things stand the duty goes on.
        if round.to > rounds.end.lo && rounds.end.lo <= self.now {
            set = set.with(Outcome::NotApplicable);
            judged.missing.add(&rounds.end.missing);
        }
        let begin = on.unwrap_or_else(|| self.anchor_of(rounds, round));
        self.gated(case, set, &begin, &extended.last, frame, &mut judged);
        judged.due = Some(extended);
        judged.settle_breach();
        judged.settle_missing();
        judged
    }

    /// The begin of a round; of whole days a day.
    fn anchor_of(&self, rounds: &Rounds, round: RoundAt) -> Instants {
        if round.number == 1 { rounds.from.clone() } else { Instants::at(round.from) }
    }
}

/// Acts in the order of their time, so that a round need not look at all of them.
struct Acts {
    exact: Vec<ActSeen>,
    vague: Vec<ActSeen>,
}

impl Acts {
    fn new(acts: Vec<ActSeen>) -> Acts {
        let (mut exact, vague): (Vec<_>, Vec<_>) = acts.into_iter().partition(|act| act.at.start().is_point());
        exact.sort_by_key(|act| (act.at.start().lo, act.record));
        Acts { exact, vague }
    }

    /// Those that may lie between two instants, and the first sure one after them.
    fn near(&self, from: Tick, to: Tick) -> Vec<ActSeen> {
        let begin = self.exact.partition_point(|act| act.at.start().lo < from);
        let end = self.exact.partition_point(|act| act.at.start().lo <= to);
        let inside = self.exact.get(begin..end).unwrap_or_default();
        let after = self.exact.iter().skip(end).find(|act| act.matches.is_true());
        inside.iter().chain(after).chain(&self.vague).cloned().collect()
    }
}
