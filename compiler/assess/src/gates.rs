//! What stands between a breach and the finding: waivers, remedies, and whether the rule speaks at all.

use crate::acts::Done;
use crate::judged::Judged;
use crate::outcome::{Outcome, Outcomes};
use crate::program::{AT_THE_ANCHOR, RulePlan, WindowPlan};
use crate::time::Instants;
use crate::truth::Truth;
use crate::value::Value;
use crate::waive::Waivers;
use crate::world::{Frame, World};

/// What is the same for every breach of an instance.
pub(crate) struct Case<'c> {
    /// Place of the rule in the pack.
    pub(crate) index: usize,
    pub(crate) rule: &'c RulePlan,
    /// Truth of the conditions that do not change over time.
    pub(crate) when: Truth,
    pub(crate) waivers: Waivers,
    /// Values of the rule's variables.
    pub(crate) subject: Vec<Value>,
}

/// The instant at which exceptions are asked about, and the breach that waivers may cover.
pub(crate) struct Breach<'b> {
    pub(crate) at: Instants,
    /// `None`: no act broke anything.
    pub(crate) of: Option<&'b Done>,
}

impl Breach<'_> {
    /// Nothing is broken as of an instant.
    pub(crate) fn none(at: &Instants) -> Breach<'static> {
        Breach { at: at.clone(), of: None }
    }
}

impl World<'_> {
    /// The day that decides which edition applies, where the rule names it.
    pub(crate) fn on(&self, rule: &RulePlan, frame: &mut Frame) -> Option<Instants> {
        rule.on.as_ref().map(|on| self.eval(on, frame).instants())
    }

    /// `on`, else the start of a duty's clock. `None`: the instant of the act, or the one asked about.
    pub(crate) fn own_anchor(&self, rule: &RulePlan, frame: &mut Frame) -> Option<Instants> {
        if let Some(on) = self.on(rule, frame) {
            return Some(on);
        }
        if rule.norm.modal.is_negative() {
            return None;
        }
        let term = match rule.norm.window.as_ref()? {
            WindowPlan::Within(_) => return None,
            WindowPlan::WithinAfter(_, t)
            | WindowPlan::WithinBefore(_, t)
            | WindowPlan::By(t)
            | WindowPlan::Before(t) => t,
            WindowPlan::Every(plan) => &plan.from,
            WindowPlan::Lasting(plan) => {
                return Some(self.lasts(plan, &self.edition_begin(rule, frame), frame).from);
            }
            WindowPlan::During(period) => {
                return Some(match self.eval(period, frame) {
                    Value::Period(p) => p.from.opening(),
                    other => Instants::any(other.missing()),
                });
            }
        };
        Some(self.eval(term, frame).instants())
    }

    /// Waiver, then `otherwise`, then the gates, for a breach.
    pub(crate) fn settle(
        &self,
        case: &Case<'_>,
        set: Outcomes,
        anchor: &Instants,
        breach: &Breach<'_>,
        frame: &mut Frame,
        judged: &mut Judged,
    ) {
        let mut set = set;
        if let (true, Some(done)) = (set.has(Outcome::Violated), breach.of) {
            let (covered, since) = case.waivers.covers(done, self.now);
            judged.missing.add(&covered.missing);
            if !covered.is_false() {
                self.note_waivers(case, case.waivers.touching(done), judged);
            }
            let since = since.unwrap_or_else(|| done.start());
            let rest = if covered.is_true() {
                Outcomes::only(Outcome::Waived)
            } else {
                let chain = self.chain(case.rule, 0, &since, frame, judged);
                if covered.is_unknown() { chain.with(Outcome::Waived) } else { chain }
            };
            set = judged.replace_violated(set, rest);
            judged.since = Some(since);
        }
        self.gated(case, set, anchor, &breach.at, frame, judged);
        judged.settle_missing();
    }

    pub(crate) fn note_waivers(&self, case: &Case<'_>, records: Vec<u32>, judged: &mut Judged) {
        judged.exceptional |= case.waivers.is_exceptional(&records);
        records.into_iter().for_each(|record| judged.note_waiver(record));
    }

    /// In force, `when`, `unless`, overridden. Exceptions are asked about at `at`.
    pub(crate) fn gated(
        &self,
        case: &Case<'_>,
        set: Outcomes,
        anchor: &Instants,
        at: &Instants,
        frame: &mut Frame,
        judged: &mut Judged,
    ) {
        let rule = case.rule;
        judged.anchor = Some(anchor.clone());
        // Not later than the instant of assessment: what comes after it is not known.
        let at = crate::party::earlier(at, &Instants::at(self.now));
        judged.excepted_at = Some(at.clone());
        let party = self.party(rule, anchor, frame);
        let force = self.in_force(rule, party.as_ref(), anchor);
        judged.edition_unknown |= force.is_unknown();
        let applies = Truth::all([force, case.when.clone()]).and(|| self.when_at(rule, anchor, frame));
        if applies.is_false() {
            judged.possible = Outcomes::only(Outcome::NotApplicable);
            judged.settle_missing();
            return;
        }
        let exempt = self.reading_at(&at, || Truth::any(rule.unless.iter().map(|c| self.holds(c, frame))));
        judged.missing.add(&applies.missing);
        judged.missing.add(&exempt.missing);
        let mut possible = Outcomes::only(Outcome::Exempt);
        if !exempt.is_true() {
            let (overridden, by) = self.overridden(case.index, &case.subject, &at);
            judged.missing.add(&overridden.missing);
            judged.overriders = by;
            possible = match overridden.value {
                Some(true) => Outcomes::only(Outcome::Overridden),
                Some(false) => set,
                None => set.with(Outcome::Overridden),
            };
            if exempt.is_unknown() {
                possible = possible.with(Outcome::Exempt);
            }
        }
        if applies.is_unknown() {
            possible = possible.with(Outcome::NotApplicable);
        }
        if possible.has(Outcome::Violated) {
            judged.weight = Some(self.weight(rule, rule.norm.modal, party.as_ref(), anchor));
        }
        judged.possible = possible;
    }

    /// The conditions that read what changes over time.
    fn when_at(&self, rule: &RulePlan, anchor: &Instants, frame: &mut Frame) -> Truth {
        let changing = rule.when.iter().zip(&rule.when_level).filter(|(_, level)| **level == AT_THE_ANCHOR);
        let mut changing = changing.map(|(c, _)| c).peekable();
        if changing.peek().is_none() {
            return Truth::TRUE;
        }
        self.reading_at(anchor, || Truth::all(changing.map(|c| self.holds(c, frame))))
    }
}
