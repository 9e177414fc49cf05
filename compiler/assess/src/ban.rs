//! Prohibitions: every act is judged, and the worst decides.

use crate::acts::Done;
use crate::finding::Grade;
use crate::gates::{Breach, Case};
use crate::judged::Judged;
use crate::norm::Span;
use crate::outcome::{Outcome, Outcomes, Status};
use crate::party::{earlier, later};
use crate::program::ActPlan;
use crate::time::{FOREVER, Instants, Period, Tick};
use crate::truth::{Missing, Truth};
use crate::world::{Frame, World};

impl World<'_> {
    /// A prohibition: every act is judged, the worst decides.
    pub(crate) fn prohibition(&self, case: &Case<'_>, frame: &mut Frame) -> Judged {
        let now = Instants::at(self.now);
        let norm = &case.rule.norm;
        let on = self.on(case.rule, frame);
        let ActPlan::Do { action, args } = &norm.act else { return self.forbidden_state(case, on, frame) };
        let mut base = Judged::default();
        let anchor = on.as_ref().unwrap_or(&now);
        self.settle(case, Outcomes::only(Outcome::Satisfied), anchor, &Breach::none(&now), frame, &mut base);
        let span = norm.window.is_some().then(|| self.window(norm, None, frame));
        let mut acts = Vec::new();
        for act in self.acts(norm, *action, args, frame) {
            let inside = span.as_ref().map_or(Truth::TRUE, |span| self.touches(span, &act.at));
            let broken = span.as_ref().map_or_else(|| act.at.clone(), |span| clipped(&act.at, span));
            let at = broken.start();
            let bad = Truth::all([act.matches.clone(), act.at.start().le(&now), at.le(&now), inside]);
            let set = match bad.value {
                Some(false) => continue,
                Some(true) => Outcomes::only(Outcome::Violated),
                None => Outcomes::of(&[Outcome::Satisfied, Outcome::Violated]),
            };
            let mut judged = Judged { missing: bad.missing, ..Judged::default() };
            judged.note_evidence(act.record);
            let begin = act.at.start();
            let anchor = on.as_ref().unwrap_or(&begin);
            self.settle(case, set, anchor, &Breach { at, of: Some(&broken) }, frame, &mut judged);
            acts.push(judged);
        }
        if !acts.is_empty() {
            worst_act(&mut base, acts);
        }
        base
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

    /// `must not ensure`: the state itself is forbidden, on the rule's day or now.
    fn forbidden_state(&self, case: &Case<'_>, on: Option<Instants>, frame: &mut Frame) -> Judged {
        let ActPlan::Ensure(conditions) = &case.rule.norm.act else { return Judged::default() };
        let holds = self.state(conditions, on.as_ref(), frame);
        let set = match holds.value {
            Some(true) => Outcomes::only(Outcome::Violated),
            Some(false) => Outcomes::only(Outcome::Satisfied),
            None => Outcomes::of(&[Outcome::Satisfied, Outcome::Violated]),
        };
        let anchor = on.unwrap_or_else(|| Instants::at(self.now));
        let mut judged = Judged { missing: holds.missing, ..Judged::default() };
        let at = Done::At(anchor.clone());
        self.settle(case, set, &anchor, &Breach { at: anchor.clone(), of: Some(&at) }, frame, &mut judged);
        judged
    }
}

/// The part of an act that lies inside the window of a ban: a lasting act may begin before it and go on after it.
fn clipped(at: &Done, span: &Span) -> Done {
    match at {
        Done::At(at) => Done::At(at.clone()),
        Done::During(period) => {
            let from = span.start.as_ref().map_or_else(|| period.from.clone(), |start| later(start, &period.from));
            // So many hours after a day run from an instant anywhere in it, not from its begin.
            let from = Instants { civil: false, ..from };
            let last = &span.due.last;
            let past = |tick: Tick| if tick == FOREVER { tick } else { tick.saturating_add(1) };
            let end = Instants { lo: past(last.lo), hi: past(last.hi), civil: false, missing: last.missing.clone() };
            Done::During(Period { from, to: earlier(&period.to, &end) })
        }
    }
}

/// What an instance shows of several acts, and of none.
fn worst_act(base: &mut Judged, acts: Vec<Judged>) {
    let sets: Vec<Outcomes> = acts.iter().chain([&*base]).map(|j| j.possible).collect();
    let alone = std::mem::take(&mut base.missing);
    if base.possible.len() > 1 {
        base.missing = alone;
    }
    base.possible = Outcomes::worst_of(&sets);
    if base.possible.len() == 1 {
        base.missing = Missing::default();
    } else {
        acts.iter().filter(|j| j.possible.len() > 1).for_each(|j| base.missing.add(&j.missing));
    }
    for act in &acts {
        act.evidence.iter().for_each(|record| base.note_evidence(*record));
        act.waivers.iter().for_each(|record| base.note_waiver(*record));
        base.edition_unknown |= act.edition_unknown;
        base.exceptional |= act.exceptional;
        for overrider in &act.overriders {
            if !base.overriders.contains(overrider) {
                base.overriders.push(overrider.clone());
            }
        }
    }
    // A sure breach that was repaired does not say what another act would weigh that may be one.
    let weighty = |j: &&Judged| j.weight.as_ref().is_some_and(|w| w.grade == Grade::Violation);
    let may_stand = || acts.iter().filter(|j| j.possible.has(Outcome::Violated));
    let heaviest = may_stand().find(weighty).or_else(|| may_stand().next()).and_then(|j| j.weight.clone());
    // The breach that weighs most stands for all.
    let rank = |j: &Judged| match j.status() {
        Status::Is(Outcome::Violated) if weighty(&j) => 0,
        Status::Is(Outcome::Violated) => 1,
        Status::Is(Outcome::Repaired) => 2,
        _ => 3,
    };
    let since = |j: &Judged| j.since.as_ref().map(|since| since.lo);
    if let Some(worst) = acts.into_iter().min_by_key(|act| (rank(act), since(act))) {
        base.since = worst.since;
        base.levels = worst.levels;
        base.anchor = worst.anchor;
        base.excepted_at = worst.excepted_at;
        base.weight = worst.weight.or(heaviest);
    }
}
