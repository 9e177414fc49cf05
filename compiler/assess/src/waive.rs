//! Waivers: a defence, so it has to be shown. Anything missing in one, and it does not help.

use crate::acts::Done;
use crate::judged::Due;
use crate::program::{Over, RulePlan, WaiverPlan};
use crate::time::{ALWAYS, FOREVER, Instants, Period, Tick};
use crate::truth::Truth;
use crate::value::Value;
use crate::world::{Frame, World};

/// The waivers that help an instance of a rule, sorted by their begin.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waivers(Vec<Valid>);

/// A complete and sufficient waiver: `[from, to)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Valid {
    from: Tick,
    to: Tick,
    record: u32,
    /// Granted by an authority that may grant it only exceptionally.
    exceptional: bool,
}

impl Waivers {
    /// Whether a breach is covered, and from when on it is not.
    pub(crate) fn covers(&self, breach: &Done, now: Tick) -> (Truth, Option<Instants>) {
        match breach {
            Done::During(period) => self.covers_period(period, now),
            Done::At(at) => {
                // Waivers that follow on each other cover together.
                if self.uncovered_from(at.lo) > at.hi {
                    return (Truth::TRUE, None);
                }
                let perhaps = self.0.iter().any(|w| w.from <= at.hi && at.lo < w.to);
                let truth = if perhaps { Truth::unknown(at.missing.clone()) } else { Truth::FALSE };
                (truth, Some(at.clone()))
            }
        }
    }

    /// Of a breach that lasts, as much as waivers cover; where its ends are imprecise, its longest course has to be covered.
    fn covers_period(&self, period: &Period, now: Tick) -> (Truth, Option<Instants>) {
        let (from, to, end) = (&period.from, &period.to, now.saturating_add(1));
        let first = self.uncovered_from(from.lo);
        let covered = |at: Tick| self.0.iter().any(|w| w.from <= at && at < w.to);
        if covered(from.lo) && first >= to.hi.min(end) {
            return (Truth::TRUE, None);
        }
        if from.is_point() && (!covered(from.lo) || to.is_point() || first < to.lo.min(end)) {
            return (Truth::FALSE, Some(Instants::at(first)));
        }
        let missing = from.missing.and(&to.missing);
        let touched = self.0.iter().any(|w| w.from <= from.hi && from.lo < w.to);
        let truth = if touched { Truth::unknown(missing.clone()) } else { Truth::FALSE };
        if from.is_point() {
            return (truth, Some(Instants::at(first)));
        }
        (truth, Some(Instants::between(from.lo, self.uncovered_from(from.hi).max(from.lo).min(end), missing)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Periods covered, by their begin.
    pub(crate) fn periods(&self) -> impl Iterator<Item = (Tick, Tick)> {
        self.0.iter().map(|w| (w.from, w.to))
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(|w| w.record)
    }

    /// Whether one of the records was granted by an exceptional authority.
    pub(crate) fn is_exceptional(&self, records: &[u32]) -> bool {
        self.0.iter().any(|w| w.exceptional && records.contains(&w.record))
    }

    /// A waiver stops the clock, it does not end the duty: the due time moves to the first instant that none covers. An
    /// imprecise due time is cut where waivers begin and end; gives each part with what it moves to.
    pub(crate) fn moved(&self, due: &Due) -> Vec<(Due, Due)> {
        if self.0.is_empty() {
            return vec![(due.clone(), due.clone())];
        }
        let (lo, hi) = (due.last.lo, due.last.hi);
        let mut cuts: Vec<Tick> = self.0.iter().flat_map(|w| [w.from, w.to]).collect();
        cuts.retain(|cut| lo < *cut && *cut <= hi);
        cuts.sort_unstable();
        cuts.dedup();
        let starts = std::iter::once(lo).chain(cuts.iter().copied());
        let ends = cuts.iter().map(|cut| cut - 1).chain([hi]);
        let part = |(from, to): (Tick, Tick)| {
            let whole = (from, to) == (lo, hi);
            let last = if whole { due.last.clone() } else { Instants::between(from, to, due.last.missing.clone()) };
            let before = Due { last, open: due.open };
            let end = self.uncovered_from(from);
            let after = if end == from { before.clone() } else { Due { last: Instants::at(end), open: false } };
            (before, after)
        };
        starts.zip(ends).map(part).collect()
    }

    /// The first instant from this one on that no waiver covers.
    fn uncovered_from(&self, at: Tick) -> Tick {
        self.0.iter().fold(at, |at, w| if w.from <= at && at < w.to { w.to } else { at })
    }

    /// Records of the waivers that cover an instant.
    pub(crate) fn covering(&self, at: &Instants) -> Vec<u32> {
        self.0.iter().filter(|w| w.from <= at.hi && at.lo < w.to).map(|w| w.record).collect()
    }

    /// Records of the waivers that cover a part of a breach.
    pub(crate) fn touching(&self, breach: &Done) -> Vec<u32> {
        match breach {
            Done::At(at) => self.covering(at),
            Done::During(p) => {
                self.0.iter().filter(|w| w.from < p.to.hi && p.from.lo < w.to).map(|w| w.record).collect()
            }
        }
    }
}

impl WaiverPlan {
    /// A national caveat never sets aside a prohibition of law.
    pub(crate) fn is_barred(&self, rule: &RulePlan) -> bool {
        self.caveat && rule.cites_law && rule.norm.modal.is_negative()
    }
}

impl World<'_> {
    /// The waivers that help an instance of a rule.
    pub(crate) fn waivers(&self, index: usize, rule: &RulePlan, frame: &mut Frame) -> Waivers {
        let Some(waivable) = rule.waivable.as_ref().filter(|_| !rule.not_waivable) else { return Waivers::default() };
        let Some(plan) = self.program.waivers.get(waivable.waiver) else { return Waivers::default() };
        let Some(words) = self.words.get(index) else { return Waivers::default() };
        if plan.is_barred(rule) {
            return Waivers::default();
        }
        let args: Vec<Value> = waivable.args.iter().map(|a| self.eval(a, frame)).collect();
        let floor = waivable.floor.as_ref().map(|f| self.eval(f, frame));
        let low_floor = waivable.exceptional_floor.as_ref().map(|f| self.eval(f, frame));
        let longest = waivable.longest.as_ref().map(|l| self.eval(l, frame));
        let mut inner = self.frame(plan.frame.max(args.len()));
        let count = args.len().min(plan.params);
        inner[..count].clone_from_slice(&args[..count]);
        let Over::Records { ty, probe } = &plan.scan.over else { return Waivers::default() };
        let mut valid = Vec::new();
        for record in self.candidates(*ty, probe.as_ref(), &mut inner).iter().copied() {
            inner[plan.scan.slot] = Value::Record(record);
            if !self.shown(plan, &words.name, &mut inner) {
                continue;
            }
            let Some(exceptional) = self.authority(plan, floor.as_ref(), low_floor.as_ref(), &mut inner) else {
                continue;
            };
            if let Some((from, to)) = self.validity(plan, longest.as_ref(), &mut inner)
                && from < to
            {
                valid.push(Valid { from, to, record, exceptional });
            }
        }
        valid.sort();
        Waivers(valid)
    }

    /// Whether everything about a waiver is shown, its authority and its period aside.
    fn shown(&self, plan: &WaiverPlan, rule: &str, frame: &mut Frame) -> bool {
        let is_named = |frame: &mut Frame| match &plan.names {
            Some(names) => matches!(self.eval(names, frame), Value::Text(text) if names_rule(&text, rule)),
            None => true,
        };
        self.holds(&plan.condition, frame).is_true()
            && is_named(frame)
            && plan.by.as_ref().is_none_or(|by| self.eval(by, frame).is_known())
            && plan.valid.as_ref().is_none_or(|valid| self.holds(valid, frame).is_true())
    }

    /// Whether who granted it may: `Some(true)` where only exceptionally.
    fn authority(
        &self,
        plan: &WaiverPlan,
        floor: Option<&Value>,
        low_floor: Option<&Value>,
        frame: &mut Frame,
    ) -> Option<bool> {
        let Some(floor) = floor else { return Some(false) };
        let rank = plan.rank.as_ref().map(|rank| self.eval(rank, frame))?;
        if floor.le(&rank).is_true() {
            return Some(false);
        }
        let exceptional = || plan.exceptional.as_ref().is_some_and(|c| self.holds(c, frame).is_true());
        (low_floor.is_some_and(|floor| floor.le(&rank).is_true()) && { exceptional }()).then_some(true)
    }

    /// Never before it was granted, never without an end where the waiver has one.
    fn validity(&self, plan: &WaiverPlan, longest: Option<&Value>, frame: &mut Frame) -> Option<(Tick, Tick)> {
        let known = |value: Value| match value {
            Value::Time(t) if t.is_known() && t.lo > ALWAYS => Some(t),
            _ => None,
        };
        let granted = match &plan.granted_at {
            Some(granted) => Some(known(self.eval(granted, frame))?),
            None => None,
        };
        let (from, to) = match &plan.during {
            Some((from, to)) => {
                let (from, to) = (known(self.eval(from, frame))?, known(self.eval(to, frame))?);
                (from.opening(), to.opening().lo)
            }
            // Granted once, without a period: from then on.
            None => (granted.clone()?, FOREVER),
        };
        let to = match longest {
            Some(Value::Duration(d)) => to.min(self.zone.shift(from.lo, *d, 1)),
            Some(_) => return None,
            None => to,
        };
        let to = match plan.revoked.as_ref().map(|revoked| self.eval(revoked, frame)) {
            None => to,
            // Not yet revoked.
            Some(Value::Time(t)) if !t.is_known() && t.lo > self.now => to,
            Some(revoked) => to.min(known(revoked)?.opening().lo),
        };
        let granted = granted.map_or(ALWAYS, |g| g.hi);
        Some((from.hi.max(granted), to))
    }
}

/// A waiver names a rule by its short or its qualified name.
pub(crate) fn names_rule(text: &str, rule: &str) -> bool {
    let short = rule.rsplit('.').next().unwrap_or(rule);
    text.trim() == rule || text.trim() == short
}
