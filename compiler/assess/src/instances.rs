//! Instances of a rule: one for every binding of its variables, found without walking through every combination.

use crate::judged::Judged;
use crate::norm::Case;
use crate::outcome::{Outcome, Outcomes};
use crate::program::{ActPlan, Each, Over, RulePlan, Term};
use crate::time::Instants;
use crate::truth::{Missing, Truth};
use crate::value::Value;
use crate::world::{Frame, World};
use mandate_pack::Modal;

/// What enumeration gives for each instance.
pub(crate) enum Instance {
    /// Every variable is bound; the truth of `when`.
    Bound(Truth),
    /// The list a variable walks through is not known; as many variables as given are bound.
    Open(usize, Missing),
}

/// How to enumerate.
pub(crate) struct Walking<'w> {
    pub(crate) each: &'w [Each],
    pub(crate) lets: &'w [(usize, Term)],
    pub(crate) when: &'w [Term],
    pub(crate) levels: &'w [usize],
    /// Hand out instances to which the rule does not apply too (scenarios ask about them).
    pub(crate) keep_all: bool,
}

impl World<'_> {
    /// Calls `see` for every instance that is not surely outside the rule; gives the number of those outside.
    pub(crate) fn instances(
        &self,
        walk: &Walking<'_>,
        frame: &mut Frame,
        see: &mut dyn FnMut(&mut Frame, Instance),
    ) -> u64 {
        let mut outside = 0;
        self.concealed.borrow_mut().clear();
        self.bind(walk, 0, frame, see, &mut outside);
        self.concealed.borrow_mut().clear();
        outside
    }

    fn bind(
        &self,
        walk: &Walking<'_>,
        depth: usize,
        frame: &mut Frame,
        see: &mut dyn FnMut(&mut Frame, Instance),
        outside: &mut u64,
    ) {
        // Conditions decided by the variables bound so far spare walking through the rest.
        let surely_outside = !walk.keep_all
            && walk.when.iter().zip(walk.levels).any(|(c, level)| *level == depth && self.holds(c, frame).is_false());
        if surely_outside {
            *outside += self.combinations(walk, depth);
            return;
        }
        let Some(each) = walk.each.get(depth) else {
            self.bound(walk, frame, see, outside);
            return;
        };
        let (items, open) = match &each.scan.over {
            Over::Records { ty, probe } => {
                let probe = probe.as_ref().filter(|_| !walk.keep_all);
                let found = self.candidates(*ty, probe, frame);
                let skipped = (self.extent(*ty).len() - found.len().min(self.extent(*ty).len())) as u64;
                *outside += skipped * self.combinations(walk, depth + 1);
                (found.into_iter().map(Value::Record).collect(), None)
            }
            Over::Items(_) => match self.walk(&each.scan, frame) {
                Ok(found) => found,
                Err(missing) => (Vec::new(), Some(missing)),
            },
        };
        // What one case conceals, the next one does not.
        let concealed = self.concealed.borrow().clone();
        for item in items {
            frame[each.scan.slot] = item;
            self.bind(walk, depth + 1, frame, see, outside);
            self.concealed.borrow_mut().clone_from(&concealed);
        }
        if let Some(missing) = open {
            see(frame, Instance::Open(depth, missing));
        }
    }

    fn bound(
        &self,
        walk: &Walking<'_>,
        frame: &mut Frame,
        see: &mut dyn FnMut(&mut Frame, Instance),
        outside: &mut u64,
    ) {
        for (slot, term) in walk.lets {
            frame[*slot] = self.eval(term, frame);
        }
        let when = Truth::all(walk.when.iter().map(|c| self.holds(c, frame)));
        if when.is_false() && !walk.keep_all {
            *outside += 1;
        } else {
            see(frame, Instance::Bound(when));
        }
    }

    /// Combinations of the variables from `depth` on; a list counts once, since its length depends on what is bound.
    fn combinations(&self, walk: &Walking<'_>, depth: usize) -> u64 {
        walk.each[depth.min(walk.each.len())..]
            .iter()
            .filter_map(|each| Self::walked_type(&each.scan))
            .fold(1, |product: u64, ty| product.saturating_mul(self.extent(ty).len() as u64))
    }

    /// One instance of a rule.
    pub(crate) fn judge(&self, rule: &RulePlan, name: &str, when: Truth, frame: &mut Frame) -> Judged {
        let unless = Truth::any(rule.unless.iter().map(|c| self.holds(c, frame)));
        let waivers = self.waivers(rule, name, frame);
        let case = Case { when, unless: &unless, waivers: &waivers };
        let norm = &rule.norm;
        let now = Instants::at(self.now);
        if norm.modal == Modal::May {
            let mut judged = Judged::default();
            let anchor = self.anchor(rule, frame).unwrap_or(now);
            self.gated(rule, &case, Outcomes::only(Outcome::Permitted), &anchor, &mut judged);
            judged.settle_missing();
            return judged;
        }
        if norm.modal.is_negative() {
            return self.prohibition(rule, &case, frame);
        }
        match &norm.act {
            ActPlan::Ensure(conditions) if norm.window.is_none() => self.required(rule, &case, conditions, frame),
            ActPlan::Ensure(_) | ActPlan::Do { .. } => self.duty(rule, &case, frame),
        }
    }

    /// A state that has to hold on the rule's day.
    fn required(&self, rule: &RulePlan, case: &Case<'_>, conditions: &[Term], frame: &mut Frame) -> Judged {
        let holds = Truth::all(conditions.iter().map(|c| self.holds(c, frame)));
        let set = match holds.value {
            Some(true) => Outcomes::only(Outcome::Satisfied),
            Some(false) => Outcomes::only(Outcome::Violated),
            None => Outcomes::of(&[Outcome::Satisfied, Outcome::Violated]),
        };
        let at = self.anchor(rule, frame).unwrap_or_else(|| Instants::at(self.now));
        let mut judged = Judged { missing: holds.missing, ..Judged::default() };
        let breach = crate::acts::Done::At(at.clone());
        self.settle(rule, case, set, &at, Some(&breach), frame, &mut judged);
        judged
    }

    /// A duty with its clock.
    fn duty(&self, rule: &RulePlan, case: &Case<'_>, frame: &mut Frame) -> Judged {
        let mut judged = Judged::default();
        let (mut set, due) = self.achieve(&rule.norm, None, case.waivers, frame, &mut judged);
        if set.has(Outcome::Violated) {
            let chain = self.chain(rule, 0, &due.last, frame, &mut judged);
            set = judged.replace_violated(set, chain);
            judged.since = Some(due.last.clone());
        }
        judged.due = Some(due);
        let anchor = self.anchor(rule, frame).unwrap_or_else(|| Instants::at(self.now));
        self.gated(rule, case, set, &anchor, &mut judged);
        judged.settle_missing();
        judged
    }

    /// The instant that decides which edition applies: `on`, else the start of the clock.
    fn anchor(&self, rule: &RulePlan, frame: &mut Frame) -> Option<Instants> {
        use crate::program::WindowPlan::{Before, By, During, Within, WithinAfter, WithinBefore};
        if let Some(on) = &rule.on {
            return Some(self.eval(on, frame).instants());
        }
        let term = match rule.norm.window.as_ref()? {
            Within(_) => return None,
            WithinAfter(_, t) | WithinBefore(_, t) | By(t) | Before(t) => t,
            During(period) => {
                return Some(match self.eval(period, frame) {
                    Value::Period(p) => p.from.opening(),
                    other => Instants::any(other.missing()),
                });
            }
        };
        Some(self.eval(term, frame).instants())
    }
}
