//! Rules that take the place of another one, or narrow it: which of them are active for the records at hand.

use crate::acts::Done;
use crate::index::Key;
use crate::program::{DefeaterBind, DefeaterPlan, RulePlan};
use crate::time::{Instants, Tick};
use crate::truth::Truth;
use crate::value::Value;
use crate::world::{Frame, World};
use std::collections::HashMap;

/// What has been decided while the case at hand was judged: a chain of rules that override each other meets the same rule on
/// many ways.
pub(crate) type Memo = HashMap<(usize, Vec<Known>, Tick, Tick), Truth>;

/// A value of a variable, as far as it tells instances apart.
#[derive(PartialEq, Eq, Hash)]
pub(crate) enum Known {
    By(Key),
    Spelled(String),
}

/// An instance of a rule that overrides the one at hand, or may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Defeat {
    pub(crate) rule: usize,
    /// Values of its variables.
    pub(crate) subject: Vec<Value>,
    /// It was found through a sensitive field.
    pub(crate) hidden: bool,
}

/// What is gathered while the variables of a defeating rule are bound.
struct Search<'s> {
    plan: &'s DefeaterPlan,
    rule: &'s RulePlan,
    at: &'s Instants,
    truth: Truth,
    found: Vec<(Defeat, bool)>,
}

impl World<'_> {
    /// Whether some rule that overrides this one for these records is active at an instant, and which; where one surely is,
    /// only those that surely are.
    pub(crate) fn overridden(&self, rule: usize, subject: &[Value], at: &Instants) -> (Truth, Vec<Defeat>) {
        self.defeated(self.program.overriders.get(rule), subject, at)
    }

    /// Rules that narrow this one for these records.
    pub(crate) fn limited(&self, rule: usize, subject: &[Value], at: &Instants) -> Vec<Defeat> {
        self.defeated(self.program.limiters.get(rule), subject, at).1
    }

    fn defeated(&self, plans: Option<&Vec<DefeaterPlan>>, subject: &[Value], at: &Instants) -> (Truth, Vec<Defeat>) {
        let (mut truth, mut found) = (Truth::FALSE, Vec::new());
        for plan in plans.into_iter().flatten() {
            let Some(rule) = self.program.rules.get(plan.rule) else { continue };
            let mut frame = self.frame(plan.frame.max(rule.frame));
            for (slot, value) in plan.targets.iter().zip(subject) {
                frame[*slot] = value.clone();
            }
            let mut search = Search { plan, rule, at, truth: Truth::FALSE, found: Vec::new() };
            self.search(&mut search, 0, &mut frame);
            truth = Truth::any([truth, search.truth]);
            found.append(&mut search.found);
        }
        let sure_only = truth.is_true();
        let kept = found.into_iter().filter(|(_, sure)| *sure || !sure_only).map(|(defeat, _)| defeat);
        (truth, kept.collect())
    }

    fn search(&self, search: &mut Search<'_>, depth: usize, frame: &mut Frame) {
        let add = |search: &mut Search<'_>, truth: Truth| {
            search.truth = Truth::any([std::mem::take(&mut search.truth), truth]);
        };
        match search.plan.binds.get(depth) {
            None => {
                let truth = self.defeats(search, frame);
                if !truth.is_false() {
                    let slots = search.rule.each.iter().map(|each| each.scan.slot);
                    let subject = slots.filter_map(|slot| frame.get(slot).cloned()).collect();
                    search.found.push((
                        Defeat { rule: search.plan.rule, subject, hidden: search.plan.hidden },
                        truth.is_true(),
                    ));
                }
                add(search, truth);
            }
            Some(DefeaterBind::Is { slot, target, ty }) => match frame.get(*target).cloned() {
                Some(Value::Record(record)) => {
                    if self.facts.records.get(record as usize).is_some_and(|r| r.ty == *ty) {
                        frame[*slot] = Value::Record(record);
                        self.search(search, depth + 1, frame);
                    }
                }
                other => add(search, Truth::unknown(other.map_or_else(Default::default, |v| v.missing()))),
            },
            Some(DefeaterBind::Walk(scan)) => match self.walk(scan, frame) {
                Ok((items, open)) => {
                    for item in items.iter() {
                        frame[scan.slot] = item;
                        self.search(search, depth + 1, frame);
                    }
                    if let Some(missing) = open {
                        add(search, Truth::unknown(missing));
                    }
                }
                Err(missing) => add(search, Truth::unknown(missing)),
            },
        }
    }

    /// Whether a bound instance is for the records at hand, and active.
    fn defeats(&self, search: &Search<'_>, frame: &mut Frame) -> Truth {
        for (slot, term) in &search.rule.lets {
            frame[*slot] = self.eval(term, frame);
        }
        let pairs = search.plan.args.iter().zip(&search.plan.targets);
        let same = Truth::all(pairs.map(|(arg, target)| {
            let arg = self.eval(arg, frame);
            frame.get(*target).map_or(Truth::FALSE, |target| arg.eq(target))
        }));
        same.and(|| self.active(search.plan.rule, search.rule, search.at, frame))
    }

    /// In force and its `when` true at its own anchor, no exception, waiver or other rule takes it away at the instant asked
    /// about, and it runs then.
    fn active(&self, index: usize, rule: &RulePlan, at: &Instants, frame: &mut Frame) -> Truth {
        let subject: Vec<Value> = rule.each.iter().filter_map(|e| frame.get(e.scan.slot).cloned()).collect();
        let known = subject.iter().map(|value| match Key::of(value) {
            Some(key) => Known::By(key),
            None => Known::Spelled(format!("{value:?}")),
        });
        let key = (index, known.collect(), at.lo, at.hi);
        if let Some(truth) = self.run.active.borrow().get(&key) {
            return truth.clone();
        }
        let anchor = self.own_anchor(rule, frame).unwrap_or_else(|| at.clone());
        let party = self.party(rule, &anchor, frame);
        let truth = self
            .in_force(rule, party.as_ref(), &anchor)
            .and(|| self.reading_at(&anchor, || Truth::all(rule.when.iter().map(|c| self.holds(c, frame)))))
            .and(|| self.reading_at(at, || Truth::any(rule.unless.iter().map(|c| self.holds(c, frame)))).not())
            .and(|| self.overridden(index, &subject, at).0.not())
            .and(|| self.waivers(index, rule, frame).covers(&Done::At(at.clone()), self.now).0.not())
            .and(|| self.runs(rule, at, frame));
        self.run.active.borrow_mut().insert(key, truth.clone());
        truth
    }

    /// A prohibition with a window is active inside it.
    fn runs(&self, rule: &RulePlan, at: &Instants, frame: &mut Frame) -> Truth {
        if !rule.norm.modal.is_negative() || rule.norm.window.is_none() {
            return Truth::TRUE;
        }
        let span = self.window(&rule.norm, None, frame);
        self.inside(&span, at)
    }
}
