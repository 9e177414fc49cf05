//! One norm: windows, duties, prohibitions, states of affairs, and the duties that arise from a breach.

use crate::acts::ActSeen;
use crate::judged::{Due, Judged, LevelJudged};
use crate::outcome::{Outcome, Outcomes};
use crate::party::later;
use crate::program::{ActPlan, LastingPlan, NormPlan, RulePlan, Term, WindowPlan};
use crate::time::{ALWAYS, FOREVER, Instants};
use crate::truth::{Missing, Truth};
use crate::value::Value;
use crate::waive::Waivers;
use crate::world::{Frame, World};
use mandate_pack::Duration;

/// When a norm is to be kept.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    /// Acts before it do not count; `None`: however early.
    pub(crate) start: Option<Instants>,
    pub(crate) due: Due,
}

impl World<'_> {
    /// The window of a norm. `breach` is the breach of the duty before, for a duty that arises from it.
    pub(crate) fn window(&self, norm: &NormPlan, breach: Option<&Instants>, frame: &mut Frame) -> Span {
        let closed = |last: Instants| Due { last, open: false };
        let unknown =
            |start: Instants, missing: Missing| Span { start: Some(start), due: closed(Instants::any(missing)) };
        let span = match &norm.window {
            None => Span { start: None, due: closed(Instants::at(FOREVER)) },
            Some(WindowPlan::Within(d)) => match self.length(d, frame) {
                Ok(d) => {
                    let from = breach.cloned().unwrap_or_else(|| Instants::at(self.now));
                    Span { due: closed(self.zone.shifted(&from, d, 1)), start: Some(from) }
                }
                Err(missing) => unknown(breach.cloned().unwrap_or_else(|| Instants::at(self.now)), missing),
            },
            Some(WindowPlan::WithinAfter(d, t)) => match self.length(d, frame) {
                Ok(d) => self.within_after(d, &self.eval(t, frame).instants()),
                Err(missing) => unknown(self.eval(t, frame).instants(), missing),
            },
            Some(WindowPlan::WithinBefore(d, t)) => match self.length(d, frame) {
                Ok(d) => {
                    // Before a day is before it begins, and so many hours before it are counted from there.
                    let end = self.eval(t, frame).instants().opening();
                    let start = self.zone.shifted(&end, d, -1);
                    Span { start: Some(start), due: Due { last: end.just_before(), open: true } }
                }
                Err(missing) => unknown(Instants::any(missing.clone()), missing),
            },
            Some(WindowPlan::By(t)) => {
                let end = self.eval(t, frame).instants();
                Span { start: None, due: closed(if end.civil { Instants::at(end.hi) } else { end }) }
            }
            Some(WindowPlan::Before(t)) => {
                let end = self.eval(t, frame).instants().opening();
                Span { start: None, due: Due { last: end.just_before(), open: true } }
            }
            Some(WindowPlan::Lasting(plan)) => {
                let lasts = self.lasts(plan, &Instants::at(ALWAYS), frame);
                Span { start: Some(lasts.from), due: Due { last: lasts.end.just_before(), open: true } }
            }
            Some(WindowPlan::Every(plan)) => {
                let (from, end) = self.recurs(plan, frame);
                Span { start: Some(from.opening()), due: closed(end) }
            }
            Some(WindowPlan::During(p)) => match self.eval(p, frame) {
                Value::Period(p) => {
                    Span { start: Some(p.from.opening()), due: Due { last: p.to.opening().just_before(), open: true } }
                }
                other => unknown(Instants::any(other.missing()), other.missing()),
            },
        };
        // A remedy follows the breach: what was done before it repairs nothing.
        match (breach, &span.start) {
            (Some(breach), None) => Span { start: Some(breach.clone()), ..span },
            (Some(breach), Some(start)) => Span { start: Some(later(start, breach)), ..span },
            (None, _) => span,
        }
    }

    /// `[T, T+D]`. Whole days after a day run to the end of the last one.
    fn within_after(&self, d: Duration, t: &Instants) -> Span {
        let last = self.zone.shifted(t, d, 1);
        if t.civil && d.seconds == 0 {
            return Span { start: Some(Instants::at(t.lo)), due: Due { last: Instants::at(last.hi), open: false } };
        }
        Span { start: Some(t.clone()), due: Due { last, open: false } }
    }

    pub(crate) fn length(&self, term: &Term, frame: &mut Frame) -> Result<Duration, Missing> {
        match self.eval(term, frame) {
            Value::Duration(d) => Ok(d),
            other => Err(other.missing()),
        }
    }

    /// A duty, exceptions and applicability aside. Gives the outcomes and the due time extended by waivers.
    pub(crate) fn achieve(
        &self,
        norm: &NormPlan,
        breach: Option<&Instants>,
        waivers: &Waivers,
        frame: &mut Frame,
        judged: &mut Judged,
    ) -> (Outcomes, Due) {
        if let (ActPlan::Do { action, args }, Some(WindowPlan::Lasting(plan)), false) =
            (&norm.act, &norm.window, norm.modal.is_negative())
        {
            return self.lasting_level(norm, plan, (*action, args), breach, frame, judged);
        }
        let span = self.window(norm, breach, frame);
        match &norm.act {
            ActPlan::Do { action, args } => {
                let acts = self.acts(norm, *action, args, frame);
                if norm.modal.is_negative() {
                    return (self.refrained(&acts, &span, judged), span.due);
                }
                self.in_time(waivers, &span.due.clone(), judged, |part, judged| {
                    let span = Span { start: span.start.clone(), due: part.0.clone() };
                    self.performed(&acts, *action, &span, &part.1, judged)
                })
            }
            ActPlan::Ensure(conditions) => {
                let holds = self.state(conditions, judged.state_on.clone().as_ref(), frame);
                self.in_time(waivers, &span.due, judged, |part, judged| self.ensured(&holds, &part.0, &part.1, judged))
            }
        }
    }

    /// What can become of a duty, for every part of its due time that waivers move or leave, with the due time as moved.
    pub(crate) fn in_time(
        &self,
        waivers: &Waivers,
        due: &Due,
        judged: &mut Judged,
        mut of_part: impl FnMut(&(Due, Due), &mut Judged) -> Outcomes,
    ) -> (Outcomes, Due) {
        let parts = waivers.moved(due);
        if parts.len() > 1 {
            // Which part it is decides, whatever becomes of each.
            judged.missing.add(&due.last.missing);
        }
        let mut set = Outcomes::default();
        let mut moved = false;
        for part in &parts {
            set = set.or(of_part(part, judged));
            moved |= part.0 != part.1;
        }
        let late = std::mem::take(&mut judged.late);
        let mut late_after = |last: &Instants| judged.late_at = late.iter().copied().filter(|at| *at > last.hi).min();
        if !moved {
            late_after(&due.last);
            return (set, due.clone());
        }
        let (lo, hi) =
            parts.iter().fold((FOREVER, ALWAYS), |(lo, hi), (_, to)| (lo.min(to.last.lo), hi.max(to.last.hi)));
        let last = if lo == hi { Instants::at(lo) } else { Instants::between(lo, hi, due.last.missing.clone()) };
        late_after(&last);
        waivers.covering(&due.last).into_iter().for_each(|w| judged.note_waiver(w));
        (set, Due { last, open: due.open && parts.iter().any(|(_, to)| to.open) })
    }

    /// A duty that lasts and arose from a breach: covered from the breach on at the earliest.
    fn lasting_level(
        &self,
        norm: &NormPlan,
        plan: &LastingPlan,
        act: (usize, &[Term]),
        breach: Option<&Instants>,
        frame: &mut Frame,
        judged: &mut Judged,
    ) -> (Outcomes, Due) {
        let lasts = self.lasts(plan, breach.unwrap_or(&Instants::at(ALWAYS)), frame);
        let kept = self.kept(norm, plan, act, &lasts, &Waivers::default(), frame, judged);
        // A period that is over before the breach repairs nothing.
        let set = if kept.set.has(Outcome::NotApplicable) {
            kept.set.without(Outcome::NotApplicable).with(Outcome::Violated)
        } else {
            kept.set
        };
        let at = kept.breach.or(kept.due.map(|due| due.last)).unwrap_or(lasts.end);
        (set, Due { last: at, open: false })
    }

    pub(crate) fn performed(
        &self,
        acts: &[ActSeen],
        action: usize,
        span: &Span,
        extended: &Due,
        judged: &mut Judged,
    ) -> Outcomes {
        let now = Instants::at(self.now);
        let (due, waived) = (&span.due, *extended != span.due);
        let (mut done, mut done_extended, mut undone) = (Truth::FALSE, Truth::FALSE, true);
        for act in acts {
            judged.note_evidence(act.record);
            let at = act.at.start();
            let begun = span.start.as_ref().map_or(Truth::TRUE, |start| start.le(&at));
            let by_now = Truth::all([act.matches.clone(), at.le(&now), begun]);
            undone &= !by_now.is_true();
            if waived {
                done_extended = Truth::any([done_extended, Truth::all([by_now.clone(), at.le(&extended.last)])]);
            }
            done = Truth::any([done, Truth::all([by_now, at.le(&due.last)])]);
        }
        let (open, open_extended) = (now.le(&due.last), now.le(&extended.last));
        judged.missing.add(&done.missing);
        judged.missing.add(&open.missing);
        if done.is_true() {
            return Outcomes::only(Outcome::Satisfied);
        }
        let mut set = Outcomes::default();
        if done.is_unknown() {
            set = set.with(Outcome::Satisfied);
        }
        if waived && done_extended.is_true() {
            return set.with(Outcome::Waived);
        }
        if !open.is_false() && undone {
            set = set.with(Outcome::Pending);
        }
        if open.is_true() {
            return set;
        }
        if waived {
            judged.missing.add(&done_extended.missing);
            judged.missing.add(&open_extended.missing);
        }
        if waived && (!open_extended.is_false() || done_extended.is_unknown()) {
            set = set.with(Outcome::Waived);
        }
        if !waived || !open_extended.is_true() {
            set = set.with(Outcome::Violated);
            let (feed, gap) = self.horizon(action);
            if feed < extended.last.hi.min(self.now) {
                // The feed stops before the deadline: silence proves nothing.
                set = set.with(Outcome::Satisfied);
                judged.missing.add(&gap);
            }
            let sure = acts.iter().filter(|a| a.matches.is_true()).map(|a| a.at.start());
            let late = sure.filter(|at| at.hi <= self.now && extended.last.lt(at).is_true());
            judged.late.extend(late.map(|at| at.lo));
        }
        set
    }

    /// Whether a state of affairs holds: on the rule's day, where it names one.
    pub(crate) fn state(&self, conditions: &[Term], on: Option<&Instants>, frame: &mut Frame) -> Truth {
        let mut holds = || Truth::all(conditions.iter().map(|c| self.holds(c, frame)));
        match on {
            Some(on) => self.reading_at(on, holds),
            None => holds(),
        }
    }

    /// A state of affairs, as the data shows it now. Unless it has to hold already, it is owed until it is due.
    pub(crate) fn ensured(&self, holds: &Truth, due: &Due, extended: &Due, judged: &mut Judged) -> Outcomes {
        judged.missing.add(&holds.missing);
        if holds.is_true() {
            return Outcomes::only(Outcome::Satisfied);
        }
        let now = Instants::at(self.now);
        let (open, open_extended) = (now.le(&due.last), now.le(&extended.last));
        judged.missing.add(&open.missing);
        let mut set = if holds.is_unknown() { Outcomes::only(Outcome::Satisfied) } else { Outcomes::default() };
        if !open.is_false() {
            set = set.with(Outcome::Pending);
        }
        if !open.is_true() {
            if extended != due && !open_extended.is_false() {
                set = set.with(Outcome::Waived);
            }
            if extended == due || !open_extended.is_true() {
                set = set.with(Outcome::Violated);
            }
        }
        set
    }

    /// A prohibition that arose from a breach: kept once its window has passed without the act.
    fn refrained(&self, acts: &[ActSeen], span: &Span, judged: &mut Judged) -> Outcomes {
        let now = Instants::at(self.now);
        let bad = Truth::any(acts.iter().map(|act| {
            judged.note_evidence(act.record);
            Truth::all([act.matches.clone(), self.inside(span, &act.at.start()), act.at.start().le(&now)])
        }));
        judged.missing.add(&bad.missing);
        if bad.is_true() {
            return Outcomes::only(Outcome::Violated);
        }
        let kept = match now.le(&span.due.last).value {
            Some(true) => Outcomes::only(Outcome::Pending),
            Some(false) => Outcomes::only(Outcome::Satisfied),
            None => Outcomes::of(&[Outcome::Pending, Outcome::Satisfied]),
        };
        if bad.is_unknown() { kept.with(Outcome::Violated) } else { kept }
    }

    pub(crate) fn inside(&self, span: &Span, at: &Instants) -> Truth {
        let begun = span.start.as_ref().map_or(Truth::TRUE, |start| start.le(at));
        Truth::all([at.le(&span.due.last), begun])
    }

    /// Duties that arise from a breach, each clock from the breach before it. No level left: violated.
    pub(crate) fn chain(
        &self,
        rule: &RulePlan,
        level: usize,
        breach: &Instants,
        frame: &mut Frame,
        judged: &mut Judged,
    ) -> Outcomes {
        let Some(norm) = rule.otherwise.get(level) else { return Outcomes::only(Outcome::Violated) };
        let mut sub = Judged::default();
        let (set, due) = self.achieve(norm, Some(breach), &Waivers::default(), frame, &mut sub);
        let status = set.status();
        judged.levels.push(LevelJudged { level, status, due: Some(due.clone()) });
        judged.missing.add(&sub.missing);
        sub.evidence.iter().for_each(|record| judged.note_evidence(*record));
        let mut out = Outcomes::default();
        if set.has(Outcome::Satisfied) {
            out = out.with(Outcome::Repaired);
        }
        if set.has(Outcome::Pending) {
            out = out.with(Outcome::Violated);
        }
        if set.has(Outcome::Violated) {
            out = out.or(self.chain(rule, level + 1, &due.last, frame, judged));
        }
        out
    }
}
