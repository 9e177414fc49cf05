//! Waivers: a defence, so it has to be shown. Anything missing in one, and it does not help.

use crate::acts::Done;
use crate::judged::Due;
use crate::program::{Over, RulePlan, WaiverPlan};
use crate::time::{ALWAYS, FOREVER, Instants, Tick};
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
}

impl Waivers {
    /// Whether a breach is covered, and from when on it is not.
    pub(crate) fn covers(&self, breach: &Done, now: Tick) -> (Truth, Option<Instants>) {
        match breach {
            Done::During(period) => {
                let (mut at, end) = (period.from.lo, period.to.hi.min(now.saturating_add(1)));
                for w in &self.0 {
                    if w.from <= at && at < w.to {
                        at = w.to;
                    }
                }
                if at >= end { (Truth::TRUE, None) } else { (Truth::FALSE, Some(Instants::at(at))) }
            }
            Done::At(at) => {
                if self.0.iter().any(|w| w.from <= at.lo && at.hi < w.to) {
                    return (Truth::TRUE, None);
                }
                let perhaps = self.0.iter().any(|w| w.from <= at.hi && at.lo < w.to);
                let truth = if perhaps { Truth::unknown(at.missing.clone()) } else { Truth::FALSE };
                (truth, Some(at.clone()))
            }
        }
    }

    /// A waiver stops the clock, it does not end the duty: the due time moves to the first instant that none covers.
    pub(crate) fn extended(&self, due: &Due) -> Due {
        if !due.last.is_point() {
            return due.clone();
        }
        let mut at = due.last.lo;
        for w in &self.0 {
            if w.from <= at && at < w.to {
                at = w.to;
            }
        }
        if at == due.last.lo { due.clone() } else { Due { last: Instants::at(at), open: false } }
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

impl World<'_> {
    /// The waivers that help an instance of a rule.
    pub(crate) fn waivers(&self, rule: &RulePlan, name: &str, frame: &mut Frame) -> Waivers {
        let Some(waivable) = rule.waivable.as_ref().filter(|_| !rule.not_waivable) else { return Waivers::default() };
        let Some(plan) = self.program.waivers.get(waivable.waiver) else { return Waivers::default() };
        let args: Vec<Value> = waivable.args.iter().map(|a| self.eval(a, frame)).collect();
        let floor = waivable.floor.as_ref().map(|f| self.eval(f, frame));
        let longest = waivable.longest.as_ref().map(|l| self.eval(l, frame));
        let mut inner = self.frame(plan.frame.max(args.len()));
        let count = args.len().min(plan.params);
        inner[..count].clone_from_slice(&args[..count]);
        let Over::Records { ty, probe } = &plan.scan.over else { return Waivers::default() };
        let mut valid = Vec::new();
        for record in self.candidates(*ty, probe.as_ref(), &mut inner) {
            inner[plan.scan.slot] = Value::Record(record);
            if let Some((from, to)) = self.shown(plan, name, floor.as_ref(), longest.as_ref(), &mut inner)
                && from < to
            {
                valid.push(Valid { from, to, record });
            }
        }
        valid.sort();
        Waivers(valid)
    }

    /// The period of a waiver, if everything about it is shown.
    fn shown(
        &self,
        plan: &WaiverPlan,
        rule: &str,
        floor: Option<&Value>,
        longest: Option<&Value>,
        frame: &mut Frame,
    ) -> Option<(Tick, Tick)> {
        if !self.holds(&plan.condition, frame).is_true() {
            return None;
        }
        if let Some(names) = &plan.names
            && !matches!(self.eval(names, frame), Value::Text(text) if names_rule(&text, rule))
        {
            return None;
        }
        if let Some(floor) = floor {
            let rank = plan.rank.as_ref().map(|rank| self.eval(rank, frame))?;
            if !floor.le(&rank).is_true() {
                return None;
            }
        }
        if plan.by.as_ref().is_some_and(|by| !self.eval(by, frame).is_known()) {
            return None;
        }
        if plan.valid.as_ref().is_some_and(|valid| !self.holds(valid, frame).is_true()) {
            return None;
        }
        self.validity(plan, longest, frame)
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
        let granted = granted.map_or(ALWAYS, |g| g.hi);
        Some((from.hi.max(granted), to))
    }
}

/// A waiver names a rule by its short or its qualified name.
pub(crate) fn names_rule(text: &str, rule: &str) -> bool {
    let short = rule.rsplit('.').next().unwrap_or(rule);
    text.trim() == rule || text.trim() == short
}
