//! One norm: windows, duties, prohibitions, states of affairs, and the duties that arise from a breach.

use crate::acts::{ActSeen, Done};
use crate::judged::{Due, Judged, LevelJudged};
use crate::outcome::{Outcome, Outcomes, Status};
use crate::program::{ActPlan, NormPlan, RulePlan, Term, WindowPlan};
use crate::time::{FOREVER, Instants};
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
        let unknown = |missing: Missing| Span { start: breach.cloned(), due: closed(Instants::any(missing)) };
        let span = match &norm.window {
            None => Span { start: None, due: closed(Instants::at(FOREVER)) },
            Some(WindowPlan::Within(d)) => match self.length(d, frame) {
                Ok(d) => {
                    let from = breach.cloned().unwrap_or_else(|| Instants::at(self.now));
                    Span { due: closed(self.zone.shifted(&from, d, 1)), start: Some(from) }
                }
                Err(missing) => unknown(missing),
            },
            Some(WindowPlan::WithinAfter(d, t)) => match self.length(d, frame) {
                Ok(d) => self.within_after(d, &self.eval(t, frame).instants()),
                Err(missing) => unknown(missing),
            },
            Some(WindowPlan::WithinBefore(d, t)) => match self.length(d, frame) {
                Ok(d) => {
                    let end = self.eval(t, frame).instants();
                    let start = self.zone.shifted(&end, d, -1).opening();
                    Span { start: Some(start), due: Due { last: end.opening().just_before(), open: true } }
                }
                Err(missing) => unknown(missing),
            },
            Some(WindowPlan::By(t)) => {
                let end = self.eval(t, frame).instants();
                Span { start: None, due: closed(if end.civil { Instants::at(end.hi) } else { end }) }
            }
            Some(WindowPlan::Before(t)) => {
                let end = self.eval(t, frame).instants().opening();
                Span { start: None, due: Due { last: end.just_before(), open: true } }
            }
            Some(WindowPlan::During(p)) => match self.eval(p, frame) {
                Value::Period(p) => {
                    Span { start: Some(p.from.opening()), due: Due { last: p.to.opening().just_before(), open: true } }
                }
                other => unknown(other.missing()),
            },
        };
        // A remedy follows the breach: what was done before it repairs nothing.
        match (breach, &span.start) {
            (Some(breach), None) => Span { start: Some(breach.clone()), ..span },
            _ => span,
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

    fn length(&self, term: &Term, frame: &mut Frame) -> Result<Duration, Missing> {
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
        let span = self.window(norm, breach, frame);
        let due = span.due.clone();
        let extended = if breach.is_none() { waivers.extended(&due) } else { due.clone() };
        let set = match &norm.act {
            ActPlan::Ensure(conditions) => self.ensured(conditions, &due, &extended, frame, judged),
            ActPlan::Do { action, args } if norm.modal.is_negative() => {
                self.refrained(norm, *action, args, &span, frame, judged)
            }
            ActPlan::Do { action, args } => {
                let acts = self.acts(norm, *action, args, frame);
                self.performed(&acts, *action, &span, &extended, judged)
            }
        };
        if extended != due {
            waivers.covering(&due.last).into_iter().for_each(|w| judged.note_waiver(w));
        }
        (set, extended)
    }

    fn performed(&self, acts: &[ActSeen], action: usize, span: &Span, extended: &Due, judged: &mut Judged) -> Outcomes {
        let now = Instants::at(self.now);
        let (due, waived) = (&span.due, *extended != span.due);
        let (mut in_time, mut in_extended, mut undone) = (Vec::new(), Vec::new(), true);
        for act in acts {
            judged.note_evidence(act.record);
            let at = act.at.start();
            let begun = span.start.as_ref().map_or(Truth::TRUE, |start| start.le(&at));
            let done = Truth::all([act.matches.clone(), at.le(&now), begun]);
            undone &= !done.is_true();
            in_time.push(Truth::all([done.clone(), at.le(&due.last)]));
            in_extended.push(Truth::all([done, at.le(&extended.last)]));
        }
        let (done, done_extended) = (Truth::any(in_time), Truth::any(in_extended));
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
            let late = acts.iter().filter(|a| a.matches.is_true() && extended.last.lt(&a.at.start()).is_true());
            judged.late_at = late.map(|a| a.at.start().lo).min().or(judged.late_at);
        }
        set
    }

    /// A state of affairs, as the data shows it now. Unless it has to hold already, it is owed until it is due.
    fn ensured(
        &self,
        conditions: &[Term],
        due: &Due,
        extended: &Due,
        frame: &mut Frame,
        judged: &mut Judged,
    ) -> Outcomes {
        let holds = Truth::all(conditions.iter().map(|c| self.holds(c, frame)));
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
    fn refrained(
        &self,
        norm: &NormPlan,
        action: usize,
        args: &[Term],
        span: &Span,
        frame: &mut Frame,
        judged: &mut Judged,
    ) -> Outcomes {
        let now = Instants::at(self.now);
        let acts = self.acts(norm, action, args, frame);
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

    fn inside(&self, span: &Span, at: &Instants) -> Truth {
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

    /// A prohibition: every act is judged, the worst decides.
    pub(crate) fn prohibition(&self, rule: &RulePlan, case: &Case<'_>, frame: &mut Frame) -> Judged {
        let now = Instants::at(self.now);
        let norm = &rule.norm;
        let anchor = rule.on.as_ref().map(|on| self.eval(on, frame).instants());
        let mut base = Judged::default();
        self.settle(
            rule,
            case,
            Outcomes::only(Outcome::Satisfied),
            anchor.as_ref().unwrap_or(&now),
            None,
            frame,
            &mut base,
        );
        let ActPlan::Do { action, args } = &norm.act else { return self.forbidden_state(rule, case, frame) };
        let span = norm.window.is_some().then(|| self.window(norm, None, frame));
        let mut acts = Vec::new();
        for act in self.acts(norm, *action, args, frame) {
            let at = act.at.start();
            let inside = span.as_ref().map_or(Truth::TRUE, |span| self.touches(span, &act.at));
            let bad = Truth::all([act.matches.clone(), at.le(&now), inside]);
            let set = match bad.value {
                Some(false) => continue,
                Some(true) => Outcomes::only(Outcome::Violated),
                None => Outcomes::of(&[Outcome::Satisfied, Outcome::Violated]),
            };
            let mut judged = Judged { missing: bad.missing, ..Judged::default() };
            judged.note_evidence(act.record);
            self.settle(rule, case, set, anchor.as_ref().unwrap_or(&at), Some(&act.at), frame, &mut judged);
            acts.push(judged);
        }
        if !acts.is_empty() {
            self.worst_act(&mut base, &acts);
        }
        base
    }

    fn worst_act(&self, base: &mut Judged, acts: &[Judged]) {
        let sets: Vec<Outcomes> = acts.iter().chain([&*base]).map(|j| j.possible).collect();
        base.possible = Outcomes::worst_of(&sets);
        base.missing = Missing::default();
        if base.possible.len() > 1 {
            acts.iter().filter(|j| j.possible.len() > 1).for_each(|j| base.missing.add(&j.missing));
        }
        let breach = |j: &&Judged| matches!(j.status(), Status::Is(Outcome::Violated | Outcome::Repaired));
        if let Some(worst) = acts.iter().find(breach).or(acts.first()) {
            base.since.clone_from(&worst.since);
            base.levels.clone_from(&worst.levels);
        }
        for act in acts {
            act.evidence.iter().for_each(|record| base.note_evidence(*record));
            act.waivers.iter().for_each(|record| base.note_waiver(*record));
            base.edition_unknown |= act.edition_unknown;
        }
    }

    /// An act inside the window of a ban; a lasting one breaks it if it overlaps.
    fn touches(&self, span: &Span, at: &Done) -> Truth {
        match at {
            Done::At(at) => self.inside(span, at),
            Done::During(period) => {
                let ends_after = span.start.as_ref().map_or(Truth::TRUE, |start| start.lt(&period.to));
                Truth::all([period.from.le(&span.due.last), ends_after])
            }
        }
    }

    /// `must not ensure`: the state itself is forbidden, as of now.
    fn forbidden_state(&self, rule: &RulePlan, case: &Case<'_>, frame: &mut Frame) -> Judged {
        let now = Instants::at(self.now);
        let ActPlan::Ensure(conditions) = &rule.norm.act else { return Judged::default() };
        let holds = Truth::all(conditions.iter().map(|c| self.holds(c, frame)));
        let set = match holds.value {
            Some(true) => Outcomes::only(Outcome::Violated),
            Some(false) => Outcomes::only(Outcome::Satisfied),
            None => Outcomes::of(&[Outcome::Satisfied, Outcome::Violated]),
        };
        let anchor = rule.on.as_ref().map_or_else(|| now.clone(), |on| self.eval(on, frame).instants());
        let mut judged = Judged { missing: holds.missing, ..Judged::default() };
        self.settle(rule, case, set, &anchor, Some(&Done::At(anchor.clone())), frame, &mut judged);
        judged
    }

    /// Waiver, then `otherwise`, then the gates, for a breach at an instant (now, when there is none).
    #[expect(clippy::too_many_arguments, reason = "one breach with all that decides it")]
    pub(crate) fn settle(
        &self,
        rule: &RulePlan,
        case: &Case<'_>,
        set: Outcomes,
        applies_at: &Instants,
        breach: Option<&Done>,
        frame: &mut Frame,
        judged: &mut Judged,
    ) {
        let mut set = set;
        if set.has(Outcome::Violated) {
            let now = Done::At(Instants::at(self.now));
            let breach = breach.unwrap_or(&now);
            let (covered, since) = case.waivers.covers(breach, self.now);
            judged.missing.add(&covered.missing);
            if !covered.is_false() {
                case.waivers.touching(breach).into_iter().for_each(|w| judged.note_waiver(w));
            }
            let since = since.unwrap_or_else(|| breach.start());
            let rest = if covered.is_true() {
                Outcomes::only(Outcome::Waived)
            } else {
                let chain = self.chain(rule, 0, &since, frame, judged);
                if covered.is_unknown() { chain.with(Outcome::Waived) } else { chain }
            };
            set = judged.replace_violated(set, rest);
            judged.since = Some(since);
        }
        self.gated(rule, case, set, applies_at, judged);
        judged.settle_missing();
    }

    /// In force, `when`, `unless`.
    pub(crate) fn gated(&self, rule: &RulePlan, case: &Case<'_>, set: Outcomes, at: &Instants, judged: &mut Judged) {
        let force = self.in_force(rule, at);
        judged.edition_unknown |= force.is_unknown();
        let applies = Truth::all([force, case.when.clone()]);
        let exempt = case.unless;
        judged.possible = match (applies.value, exempt.value) {
            (Some(false), _) => {
                judged.possible = Outcomes::only(Outcome::NotApplicable);
                judged.settle_missing();
                return;
            }
            (_, Some(true)) => Outcomes::only(Outcome::Exempt),
            (_, Some(false)) => set,
            (_, None) => set.with(Outcome::Exempt),
        };
        judged.missing.add(&applies.missing);
        judged.missing.add(&exempt.missing);
        if applies.is_unknown() {
            judged.possible = judged.possible.with(Outcome::NotApplicable);
        }
    }

    /// Whether a cited source is in force at an instant; one that is carries the rule.
    pub(crate) fn in_force(&self, rule: &RulePlan, at: &Instants) -> Truth {
        if rule.in_force.is_empty() {
            return Truth::TRUE;
        }
        Truth::any(rule.in_force.iter().map(|(from, until)| {
            let begun = from.map_or(Truth::TRUE, |from| Instants::at(from).le(at));
            let standing = until.map_or(Truth::TRUE, |until| at.lt(&Instants::at(until)));
            Truth::all([begun, standing])
        }))
    }
}

/// What is the same for every breach of an instance.
pub(crate) struct Case<'c> {
    pub(crate) when: Truth,
    pub(crate) unless: &'c Truth,
    pub(crate) waivers: &'c Waivers,
}
