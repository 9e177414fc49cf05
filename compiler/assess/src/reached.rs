//! What the instances reached that a scenario expects something of: which conditions held, which duties arose, whether a waiver
//! helped.

use crate::assess::Seen;
use crate::finding::StepKind;
use crate::instances::{Instance, Part, Walking};
use crate::judged::Judged;
use crate::outcome::Status;
use crate::program::{ActPlan, RulePlan, Term};
use crate::scenario::Trial;
use crate::time::{ALWAYS, FOREVER, Instants};
use crate::truth::Missing;
use crate::value::Value;
use crate::world::{Frame, World};
use mandate_pack::Pack;
use std::collections::{BTreeMap, BTreeSet};

/// Something that an instance reached. Clauses and their named conditions are told by their place, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// A condition surely held, or surely did not.
    Condition {
        /// `When`, `Unless` or `Require`.
        of: StepKind,
        /// Which of them.
        place: usize,
        /// Held.
        holds: bool,
    },
    /// A named condition surely held without its exception, or surely did not.
    Named {
        /// As for a condition.
        of: StepKind,
        /// As for a condition.
        place: usize,
        /// Which named condition.
        part: usize,
        /// Held.
        holds: bool,
    },
    /// The exception of a named condition surely held.
    Lift {
        /// As for a condition.
        of: StepKind,
        /// As for a condition.
        place: usize,
        /// Which named condition.
        part: usize,
    },
    /// A duty that arose from a breach, and how it stood.
    Level {
        /// Which of the `otherwise` sentences.
        level: usize,
        /// How it stood.
        status: Status,
    },
    /// A waiver covered something.
    Waived,
    /// A waiver would have helped but for the rank of who granted it.
    RankTooLow,
    /// The outcome expected, and found.
    Outcome(Status),
}

impl Trial<'_> {
    /// What the expectations reached that are met, by rule (qualified). What a scenario walks through without expecting anything
    /// of it is not counted: nobody would see it go wrong.
    ///
    /// # Errors
    /// Why the scenario could not be run.
    pub fn reached(&self, pack: &Pack) -> Result<BTreeMap<String, BTreeSet<Reached>>, Vec<String>> {
        self.with_world(pack, |world| {
            let mut out: BTreeMap<String, BTreeSet<Reached>> = BTreeMap::new();
            for expected in &self.scenario().expect {
                let Ok(met) = world.met(self.scenario(), expected) else { continue };
                let all = out.entry(expected.rule.clone()).or_default();
                for seen in &met {
                    all.insert(Reached::Outcome(seen.finding.status));
                    all.extend(seen.judged.levels.iter().map(|l| Reached::Level { level: l.level, status: l.status }));
                    if !seen.judged.waivers.is_empty() {
                        all.insert(Reached::Waived);
                    }
                }
                world.conditions_reached(&expected.rule, &met, all);
            }
            out
        })
    }
}

impl World<'_> {
    fn conditions_reached(&self, rule: &str, met: &[Seen], out: &mut BTreeSet<Reached>) {
        let Some(index) = self.pack.rules.keys().position(|name| name == rule) else { return };
        let Some(plan) = self.program.rules.get(index) else { return };
        let (each, lets, when, levels) = (&plan.each, &plan.lets, &plan.when, &plan.when_level);
        let walk = Walking { each, lets, when, levels, keep_all: true, part: Part::WHOLE };
        let mut frame = self.frame(plan.frame);
        self.instances(&walk, &mut frame, &mut |frame, instance| {
            let values: Vec<Value> = plan.each.iter().filter_map(|e| frame.get(e.scan.slot).cloned()).collect();
            if matches!(instance, Instance::Bound(_)) {
                for seen in met.iter().filter(|seen| seen.bound == values) {
                    self.instance_reached(index, plan, &seen.judged, frame, out);
                }
            }
        });
    }

    /// Conditions as they were read: `when` at the anchor, `unless` at the breach, a state on the day of `on`.
    fn instance_reached(
        &self,
        index: usize,
        plan: &RulePlan,
        judged: &Judged,
        frame: &mut Frame,
        out: &mut BTreeSet<Reached>,
    ) {
        let now = Instants::at(self.now);
        let anchor = judged.anchor.as_ref();
        self.reading_at(anchor.unwrap_or(&now), || self.terms_reached(StepKind::When, &plan.when, frame, out));
        let breach = judged.excepted_at.as_ref().unwrap_or(&now);
        self.reading_at(breach, || self.terms_reached(StepKind::Unless, &plan.unless, frame, out));
        if let ActPlan::Ensure(conditions) = &plan.norm.act {
            let on = anchor.filter(|_| plan.on.is_some()).unwrap_or(&now);
            self.reading_at(on, || self.terms_reached(StepKind::Require, conditions, frame, out));
        }
        if plan.waivable.as_ref().is_some_and(|w| w.floor.is_some()) {
            let mut any_rank = plan.clone();
            if let Some(waivable) = &mut any_rank.waivable {
                waivable.floor = None;
            }
            let ever = Instants::between(ALWAYS, FOREVER, Missing::default());
            let sufficient = self.waivers(index, plan, frame).covering(&ever).len();
            if self.waivers(index, &any_rank, frame).covering(&ever).len() > sufficient {
                out.insert(Reached::RankTooLow);
            }
        }
    }

    fn terms_reached(&self, of: StepKind, terms: &[Term], frame: &mut Frame, out: &mut BTreeSet<Reached>) {
        for (place, term) in terms.iter().enumerate() {
            if let Some(holds) = self.holds(term, frame).value {
                out.insert(Reached::Condition { of, place, holds });
            }
            let Term::All(named) = term else { continue };
            for (part, (condition, unless)) in named.iter().enumerate() {
                let holds = self.holds(condition, frame).value;
                out.extend(holds.map(|holds| Reached::Named { of, place, part, holds }));
                // An exception says something where its condition does not hold.
                if holds != Some(true) && unless.as_ref().is_some_and(|u| self.holds(u, frame).is_true()) {
                    out.insert(Reached::Lift { of, place, part });
                }
            }
        }
    }
}
