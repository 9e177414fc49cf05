//! A duty that is forbidden: every record that would discharge it breaches a prohibition (E301, W301).

use crate::clauses::undecided;
use crate::contest::{About, Verdict, Way, hopeless};
use crate::finding::{Finding, Part, Place, Situation};
use crate::known::Known;
use crate::replay::{Expected, is_broken, narrowed, outcome, replay, situation};
use crate::rule::{Instance, Span};
use crate::scene::{Scene, world};
use crate::term::{Linear, ObjectId, Rail, Value};
use crate::world::World;
use mandate_diagnostics::codes;
use mandate_logic::{Formula, Model};
use mandate_pack::{Evidence, Norm, Rule, short};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Whether one of two rules settles by itself what happens between them.
pub(crate) fn is_settled(a: (&str, &Rule), b: (&str, &Rule)) -> bool {
    let limits = |one: &Rule, other: &str| one.limits.iter().any(|target| target.rule == other);
    limits(a.1, b.0) || limits(b.1, a.0)
}

/// A duty beside a prohibition.
pub(crate) fn forbidden<'p>(
    known: &Rc<Known<'p>>,
    duty: (&'p str, &'p Rule),
    ban: (&'p str, &'p Rule),
) -> Option<Finding> {
    if is_settled(duty, ban) {
        return None;
    }
    let pack = known.pack;
    let actions = (crate::rule::action_of(pack, duty.1)?, crate::rule::action_of(pack, ban.1)?);
    let meets = |evidence: &&'p Evidence| actions.1.evidence.iter().any(|other| other.record == evidence.record);
    for evidence in actions.0.evidence.iter().filter(meets) {
        let mut pair = Pair::new(known, duty, ban);
        match pair.look(evidence)? {
            Looked::Never => {}
            Looked::Open => {
                return Some(undecided(duty.0, &format!("whether the duty can be done beside `{}`", short(ban.0))));
            }
            Looked::Found(model, act) => return pair.told(&model, act),
        }
    }
    None
}

enum Looked {
    Never,
    Open,
    Found(Box<Model>, ObjectId),
}

struct Pair<'p> {
    known: Rc<Known<'p>>,
    world: World<'p>,
    scene: Scene,
    duty: Instance<'p>,
    ban: Instance<'p>,
}

impl<'p> Pair<'p> {
    fn new(known: &Rc<Known<'p>>, duty: (&'p str, &'p Rule), ban: (&'p str, &'p Rule)) -> Pair<'p> {
        let mut world = world(known);
        let duty = world.instance(0, duty.0, duty.1);
        let ban = world.instance(0, ban.0, ban.1);
        Pair { known: Rc::clone(known), world, scene: Scene::new(), duty, ban }
    }

    fn look(&mut self, evidence: &'p Evidence) -> Option<Looked> {
        let (duty, ban) = (self.duty.clone(), self.ban.clone());
        let (owed, barred) = (&duty.rule.norm, &ban.rule.norm);
        let world = &mut self.world;
        let span = world.span(&duty, owed, None);
        let within = world.within_bearer(&self.known, (&duty, owed), (&ban, barred));
        if within == Formula::FALSE {
            return Some(Looked::Never);
        }
        // The act itself: it discharges the duty and breaks the ban.
        let act = world.imagined(&evidence.record);
        let (_, env) = world.action(&duty, owed)?;
        let done = world.done(evidence, act, &env);
        let mut base = vec![within, span.known];
        base.push(world.active(&self.known, &duty, None));
        base.push(world.shows(evidence, act, &env, done, Rail::True));
        base.push(world.in_time(done, &span, false));
        base.push(world.performed_by(&duty, owed, evidence, act, &env, done));
        let breach = breaks(world, &self.known, &ban, act, Side::Breaks)?;
        base.push(breach);
        let now = Linear::of(world.now);
        if let Some(to) = span.to {
            base.push(world.at_most(to, now, -1));
        }
        if let Some(done) = done {
            base.push(done.known);
            base.push(world.at_most(done.from, now, 0));
        }
        let ban_span = world.span(&ban, barred, None);
        let ways = ways(world, &self.known, &duty, owed, span, &ban)?;
        let mut terms = Vec::new();
        for end in [span.from, span.to, ban_span.from, ban_span.to].into_iter().flatten() {
            terms.extend([Some(end), end.shifted(1), end.shifted(-1)].into_iter().flatten());
        }
        Some(match hopeless(world, &mut self.scene, &base, &ways, &terms) {
            Verdict::Never => Looked::Never,
            Verdict::Open => Looked::Open,
            Verdict::Hopeless(model) => {
                let mut wishes = world.wishes();
                wishes.splice(0..0, base.iter().copied());
                let model = world.rounded(&mut self.scene.session, model, &wishes);
                Looked::Found(Box::new(model), act)
            }
        })
    }

    /// The finding, after its situation was assessed without the act and with it.
    fn told(&mut self, model: &Model, act: ObjectId) -> Option<Finding> {
        let (duty, ban) = (self.duty.name, self.ban.name);
        let small = narrowed(&self.known, &BTreeSet::from([duty, ban]));
        let with = self.world.draft(model, &BTreeSet::from([act]));
        let without = self.world.draft(model, &BTreeSet::new());
        let subject = |instance: &Instance<'_>| -> Vec<String> {
            instance
                .bound
                .iter()
                .filter_map(|value| match value {
                    Value::Object(object) => with.keys.get(object).cloned(),
                    _ => None,
                })
                .collect()
        };
        let (owed, barred) = (subject(&self.duty), subject(&self.ban));
        let (kept, broken) = (replay(&small, &with.facts, with.as_of)?, replay(&small, &without.facts, without.as_of)?);
        let undone = broken.of(duty, &owed).or(broken.worst(duty));
        let done = kept.of(ban, &barred).or(kept.worst(ban));
        let discharged = kept.of(duty, &owed).or(kept.worst(duty));
        let real = is_broken(done)
            && !is_broken(discharged)
            && (is_broken(undone) || self.duty.rule.norm.time.is_none())
            && !kept.unrealistic
            && !broken.unrealistic;
        if !real {
            return self.possible();
        }
        let mut outcomes = Vec::new();
        if let Some(undone) = undone {
            outcomes.push((duty.to_owned(), format!("without the act: {}", outcome(undone))));
        }
        if let Some(done) = done {
            outcomes.push((ban.to_owned(), format!("with the act `{}`: {}", with.keys.get(&act)?, outcome(done))));
        }
        let yields = yielding((duty, self.duty.rule), (ban, self.ban.rule));
        let title = format!("{} and {} meet", short(duty), short(ban));
        let origin = self.duty.rule.origin.clone();
        let situation: Situation = if yields == ban {
            let expected: [Expected<'_>; 2] = [(duty, owed, "satisfied"), (ban, barred, "overridden")];
            situation(self.known.pack, &with, title, origin, outcomes, &expected)
        } else {
            let expected: [Expected<'_>; 1] = [(duty, owed, "overridden")];
            situation(self.known.pack, &without, title, origin, outcomes, &expected)
        };
        let binding = self.duty.rule.norm.modal.is_binding() && self.ban.rule.norm.modal.is_binding();
        let (code, what) = match binding {
            true => (&codes::E301, "demands what"),
            false => (&codes::W301, "asks for what"),
        };
        let wins = if yields == ban { duty } else { ban };
        Some(Finding {
            code,
            at: Place::rule(duty, Part::Norm),
            message: format!("`{}` {what} `{}` forbids", short(duty), short(ban)),
            related: vec![(Place::rule(ban, Part::Norm), "forbids it in the same situation".to_owned())],
            help: vec![format!(
                "Say which of the two yields: `overrides {}(...)` in `{}`, or the other way round; or take the situation out of one of them with `unless`.",
                short(yields),
                short(wins)
            )],
            situation: Some(situation),
        })
    }

    /// What the reasoning leads to and no replay confirms.
    fn possible(&self) -> Option<Finding> {
        if !self.world.beyond && !self.world.cut {
            return Some(undecided(
                self.duty.name,
                &format!("whether the duty can be done beside `{}`", short(self.ban.name)),
            ));
        }
        Some(Finding {
            code: &codes::N302,
            at: Place::rule(self.duty.name, Part::Norm),
            message: format!("`{}` may demand what `{}` forbids", short(self.duty.name), short(self.ban.name)),
            related: vec![(Place::rule(self.ban.name, Part::Norm), "may forbid it".to_owned())],
            help: vec!["Part of the conditions is beyond proof, so no situation could be shown. If one of the two is meant to yield, say so with `overrides`.".to_owned()],
            situation: None,
        })
    }
}

/// Of two rules that cannot both be kept, the one that is expected to yield: that of less force, of equal force the later one.
pub(crate) fn yielding<'n>(a: (&'n str, &Rule), b: (&'n str, &Rule)) -> &'n str {
    let weight = |rule: &Rule| rule.force.map_or(u8::MAX, |force| force as u8);
    match weight(a.1).cmp(&weight(b.1)) {
        std::cmp::Ordering::Less => b.0,
        std::cmp::Ordering::Greater => a.0,
        std::cmp::Ordering::Equal if a.1.origin > b.1.origin => a.0,
        std::cmp::Ordering::Equal => b.0,
    }
}

/// Whether something surely breaks a ban, or not surely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Breaks,
    Spared,
}

/// That an act surely breaks a prohibition, or that it does not surely; `None` if no record of its type could.
pub(crate) fn breaks<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    ban: &Instance<'p>,
    act: ObjectId,
    side: Side,
) -> Option<Formula> {
    let record = world.objects.get(act.0 as usize)?.record.clone();
    let (action, env) = world.action(ban, &ban.rule.norm)?;
    let mut ways = Vec::new();
    for evidence in action.evidence.iter().filter(|evidence| evidence.record == record) {
        let done = world.done(evidence, act, &env);
        let span = world.span(ban, &ban.rule.norm, None);
        let at = done.map(|done| done.from);
        let in_time = world.in_time(done, &span, true);
        ways.push(match side {
            Side::Breaks => {
                let shows = world.shows(evidence, act, &env, done, Rail::True);
                let active = world.active(known, ban, at);
                world.store.and([in_time, shows, active])
            }
            Side::Spared => {
                let shown = world.shows(evidence, act, &env, done, Rail::MaybeFalse);
                let out = world.store.not(in_time);
                let inactive = world.applies(known, ban, at, Rail::MaybeFalse);
                world.store.or([out, shown, inactive])
            }
        });
    }
    Some(match side {
        Side::Breaks => world.store.or(ways),
        Side::Spared => world.store.and(ways),
    })
}

/// The ways to discharge a duty without breaking a ban.
fn ways<'p>(
    world: &World<'p>,
    known: &Rc<Known<'p>>,
    duty: &Instance<'p>,
    norm: &'p Norm,
    span: Span,
    ban: &Instance<'p>,
) -> Option<Vec<Way<'p>>> {
    let (action, env) = world.action(duty, norm)?;
    let mut ways = Vec::new();
    for evidence in &action.evidence {
        let (env_here, ban_here, known_here) = (env.clone(), ban.clone(), Rc::clone(known));
        let helps: About<'p> = Rc::new(move |world, act| {
            let done = world.done(evidence, act, &env_here);
            let shows = world.shows(evidence, act, &env_here, done, Rail::True);
            let in_time = world.in_time(done, &span, false);
            let spared = breaks(world, &known_here, &ban_here, act, Side::Spared).unwrap_or(Formula::TRUE);
            world.store.and([shows, in_time, spared])
        });
        let (env_here, ban_here, known_here) = (env.clone(), ban.clone(), Rc::clone(known));
        let fails: About<'p> = Rc::new(move |world, act| {
            let done = world.done(evidence, act, &env_here);
            let shown = world.shows(evidence, act, &env_here, done, Rail::MaybeFalse);
            let in_time = world.in_time(done, &span, false);
            let late = world.store.not(in_time);
            let broken = breaks(world, &known_here, &ban_here, act, Side::Breaks).unwrap_or(Formula::FALSE);
            world.store.or([shown, late, broken])
        });
        ways.push(Way { record: evidence.record.clone(), helps, fails });
    }
    Some(ways)
}
