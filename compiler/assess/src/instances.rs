//! Instances of a rule: one for every binding of its variables, found without walking through every combination.

use crate::acts::Done;
use crate::gates::{Breach, Case};
use crate::judged::Judged;
use crate::outcome::{Outcome, Outcomes};
use crate::program::{AT_THE_ANCHOR, ActPlan, Each, LastingPlan, Over, RulePlan, Term, WindowPlan};
use crate::time::Instants;
use crate::truth::{Missing, Truth};
use crate::world::{Frame, Walked, World};
use mandate_pack::Modal;
use std::borrow::Cow;
use std::ops::Range;

/// What enumeration gives for each instance.
pub(crate) enum Instance {
    /// Every variable is bound; the truth of `when`, as far as it does not wait for an instant.
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
    /// Which part of what the first variable walks through.
    pub(crate) part: Part,
}

/// One of as many parts of equal size, counted from 0. What all parts have in common counts in the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    pub(crate) number: usize,
    pub(crate) of: usize,
}

impl Part {
    pub(crate) const WHOLE: Part = Part { number: 0, of: 1 };

    pub(crate) fn range(self, len: usize) -> Range<usize> {
        let at = |number: usize| len * number / self.of.max(1);
        at(self.number)..at(self.number + 1)
    }

    fn is_first(self) -> bool {
        self.number == 0
    }
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
        self.run.concealed.borrow_mut().clear();
        self.bind(walk, 0, frame, see, &mut outside);
        self.run.concealed.borrow_mut().clear();
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
        let part = if depth == 0 { walk.part } else { Part::WHOLE };
        if surely_outside {
            *outside += if part.is_first() { self.combinations(walk, depth) } else { 0 };
            return;
        }
        let Some(each) = walk.each.get(depth) else {
            if part.is_first() {
                self.bound(walk, frame, see, outside);
            }
            return;
        };
        let (items, open) = match &each.scan.over {
            Over::Records { ty, probe } => {
                let probe = probe.as_ref().filter(|_| !walk.keep_all);
                let found = self.candidates(*ty, probe, frame);
                if part.is_first() {
                    let skipped = (self.extent(*ty).len() - found.len().min(self.extent(*ty).len())) as u64;
                    *outside += skipped * self.combinations(walk, depth + 1);
                }
                (Walked::Records(found), None)
            }
            Over::Items(_) => match self.walk(&each.scan, frame) {
                Ok(found) => found,
                Err(missing) => (Walked::Records(Cow::Borrowed(&[])), Some(missing)),
            },
        };
        // What one case conceals, the next one does not.
        let concealed = self.run.concealed.borrow().clone();
        for at in part.range(items.len()) {
            frame[each.scan.slot] = items.get(at);
            self.bind(walk, depth + 1, frame, see, outside);
            self.run.concealed.borrow_mut().clone_from(&concealed);
        }
        if let Some(missing) = open.filter(|_| part.is_first()) {
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
        let steady = walk.when.iter().zip(walk.levels).filter(|(_, level)| **level != AT_THE_ANCHOR);
        let when = Truth::all(steady.map(|(c, _)| self.holds(c, frame)));
        if when.is_false() && !walk.keep_all {
            *outside += 1;
        } else {
            see(frame, Instance::Bound(when));
        }
    }

    /// How much there is to walk through with the first variable, at most.
    pub(crate) fn breadth(&self, each: &[Each]) -> usize {
        each.first().and_then(|each| Self::walked_type(&each.scan)).map_or(1, |ty| self.extent(ty).len())
    }

    /// Combinations of the variables from `depth` on; a list counts once, since its length depends on what is bound.
    fn combinations(&self, walk: &Walking<'_>, depth: usize) -> u64 {
        walk.each[depth.min(walk.each.len())..]
            .iter()
            .filter_map(|each| Self::walked_type(&each.scan))
            .fold(1, |product: u64, ty| product.saturating_mul(self.extent(ty).len() as u64))
    }

    /// One instance of a rule: a finding, or one for each round of a recurring duty.
    pub(crate) fn judge(&self, index: usize, rule: &RulePlan, when: Truth, frame: &mut Frame) -> Vec<Judged> {
        let case = self.case(index, rule, when, frame);
        let norm = &rule.norm;
        if norm.modal == Modal::May {
            return vec![self.permission(&case, frame)];
        }
        if norm.modal.is_negative() {
            return vec![self.prohibition(&case, frame)];
        }
        match (&norm.act, &norm.window) {
            (ActPlan::Ensure(conditions), None) => vec![self.required(&case, conditions, frame)],
            (_, Some(WindowPlan::Every(plan))) => self.recurring(&case, plan, None, frame),
            (ActPlan::Do { action, args }, Some(WindowPlan::Lasting(plan))) => {
                vec![self.lasting(&case, plan, (*action, args), frame)]
            }
            (ActPlan::Ensure(_) | ActPlan::Do { .. }, _) => vec![self.duty(&case, frame)],
        }
    }

    /// An instance made ready to be judged.
    fn case<'r>(&self, index: usize, rule: &'r RulePlan, when: Truth, frame: &mut Frame) -> Case<'r> {
        self.run.active.borrow_mut().clear();
        Case {
            index,
            rule,
            when,
            waivers: self.waivers(index, rule, frame),
            subject: rule.each.iter().filter_map(|each| frame.get(each.scan.slot).cloned()).collect(),
        }
    }

    /// One round of an instance of a recurring duty, counted from 1; `None` where there is no such round, or nobody can say.
    pub(crate) fn judge_round(
        &self,
        index: usize,
        rule: &RulePlan,
        when: Truth,
        number: u64,
        frame: &mut Frame,
    ) -> Option<Judged> {
        let Some(WindowPlan::Every(plan)) = &rule.norm.window else { return None };
        let case = self.case(index, rule, when, frame);
        self.recurring(&case, plan, Some(number), frame).pop().filter(|judged| judged.round.is_some())
    }

    /// What is allowed wherever it applies.
    fn permission(&self, case: &Case<'_>, frame: &mut Frame) -> Judged {
        let mut judged = Judged::default();
        let now = Instants::at(self.now);
        let anchor = self.own_anchor(case.rule, frame).unwrap_or_else(|| now.clone());
        self.gated(case, Outcomes::only(Outcome::Permitted), &anchor, &now, frame, &mut judged);
        judged.settle_missing();
        judged
    }

    /// A state that has to hold on the rule's day.
    fn required(&self, case: &Case<'_>, conditions: &[Term], frame: &mut Frame) -> Judged {
        let on = self.on(case.rule, frame);
        let holds = self.state(conditions, on.as_ref(), frame);
        let set = match holds.value {
            Some(true) => Outcomes::only(Outcome::Satisfied),
            Some(false) => Outcomes::only(Outcome::Violated),
            None => Outcomes::of(&[Outcome::Satisfied, Outcome::Violated]),
        };
        let at = on.unwrap_or_else(|| Instants::at(self.now));
        let mut judged = Judged { missing: holds.missing, ..Judged::default() };
        let done = Done::At(at.clone());
        self.settle(case, set, &at, &Breach { at: at.clone(), of: Some(&done) }, frame, &mut judged);
        judged
    }

    /// A duty with its clock.
    fn duty(&self, case: &Case<'_>, frame: &mut Frame) -> Judged {
        let rule = case.rule;
        let mut judged = Judged { state_on: self.on(rule, frame), ..Judged::default() };
        let (mut set, due) = self.achieve(&rule.norm, None, &case.waivers, frame, &mut judged);
        judged.exceptional = case.waivers.is_exceptional(&judged.waivers);
        if set.has(Outcome::Violated) {
            let chain = self.chain(rule, 0, &due.last, frame, &mut judged);
            set = judged.replace_violated(set, chain);
            // Where the deadline itself is excluded, the breach stands from the deadline on, not from the last instant before it.
            judged.since = Some(if due.open { due.last.just_after() } else { due.last.clone() });
        }
        let anchor = self.own_anchor(rule, frame).unwrap_or_else(|| Instants::at(self.now));
        self.gated(case, set, &anchor, &due.last, frame, &mut judged);
        judged.due = Some(due);
        judged.settle_breach();
        judged.settle_missing();
        judged
    }

    /// A duty that lasts over a period.
    fn lasting(&self, case: &Case<'_>, plan: &LastingPlan, act: (usize, &[Term]), frame: &mut Frame) -> Judged {
        let rule = case.rule;
        let mut judged = Judged::default();
        let lasts = self.lasts(plan, &self.edition_begin(rule, frame), frame);
        let kept = self.kept(&rule.norm, plan, act, &lasts, &case.waivers, frame, &mut judged);
        judged.exceptional = case.waivers.is_exceptional(&judged.waivers);
        let mut set = kept.set;
        if let Some(breach) = kept.breach.as_ref().filter(|_| set.has(Outcome::Violated)) {
            let chain = self.chain(rule, 0, breach, frame, &mut judged);
            set = judged.replace_violated(set, chain);
            judged.since = Some(breach.clone());
        }
        let anchor = self.on(rule, frame).unwrap_or(lasts.from);
        let at = kept.breach.unwrap_or_else(|| Instants::at(self.now));
        self.gated(case, set, &anchor, &at, frame, &mut judged);
        judged.due = kept.due;
        judged.settle_breach();
        judged.settle_missing();
        judged
    }
}
