//! Situations that show what a rule says: one in which it is kept, one in which it is broken, one at the edge. Each is assessed before it
//! is shown, so that what is expected of it is what assessment says.

use crate::draft::Draft;
use crate::known::Known;
use crate::replay::{narrowed, outcome, replay, situation};
use crate::rule::{Instance, is_duty};
use crate::scene::{Scene, world};
use crate::term::{Linear, ObjectId, Rail};
use crate::world::{Origin, World};
use mandate_assess::{Grade, Outcome, Status};
use mandate_logic::{Answer, Formula};
use mandate_pack::{Act, Modal, Pack, Rule, Scenario};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shows {
    /// The rule is kept.
    Kept,
    /// It is kept at the last instant at which that is possible.
    Edge,
    /// It is broken.
    Broken,
    /// A permission applies.
    Permitted,
}

/// An example of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What it shows.
    pub shows: Shows,
    /// The situation, which expects what assessment makes of the rule in it. Its title names the rule and what is shown.
    pub scenario: Scenario,
}

/// Examples of a rule (qualified), as many as can be found: kept, at the edge, broken. Situations that break an assumption are left out.
pub fn examples(pack: &Pack, rule: &str) -> Vec<Example> {
    let Some((name, rule)) = pack.rules.get_key_value(rule) else { return Vec::new() };
    let known = Rc::new(Known::new(pack));
    let wanted: &[Shows] = match (&rule.norm.act, rule.norm.modal) {
        (_, Modal::May) => &[Shows::Permitted],
        (Act::Do { .. }, modal) if is_duty(modal) => &[Shows::Kept, Shows::Edge, Shows::Broken],
        _ => &[Shows::Kept, Shows::Broken],
    };
    wanted.iter().filter_map(|shows| example(&known, name, rule, *shows)).collect()
}

/// One way in which a situation may come about: what holds in it, and the act that is in it.
type Way = (Formula, Option<ObjectId>);

fn example<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule, shows: Shows) -> Option<Example> {
    // Each kind of evidence is another way; a world is made for each, because an act of one is none of another.
    for way in 0..ways(known, name, rule, shows) {
        let mut world = judged(known);
        let instance = world.instance(0, name, rule);
        let Some((holds, act)) = ways_in(&mut world, known, &instance, shows).into_iter().nth(way) else { continue };
        let Some(draft) = drafted(&mut world, &[instance.there, holds], act) else { continue };
        let subject = world.subject(&instance, &draft);
        if let Some(scenario) = assessed(known, name, rule, &draft, subject, shows) {
            return Some(Example { shows, scenario });
        }
    }
    None
}

/// A world of which every situation is assessed before it is shown.
fn judged<'p>(known: &Rc<Known<'p>>) -> World<'p> {
    let mut world = world(known);
    world.assessed = true;
    world
}

fn ways<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule, shows: Shows) -> usize {
    let mut world = judged(known);
    let instance = world.instance(0, name, rule);
    ways_in(&mut world, known, &instance, shows).len()
}

fn ways_in<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, base: &Instance<'p>, shows: Shows) -> Vec<Way> {
    match shows {
        Shows::Broken => world.breaches(known, base).into_iter().map(|breach| (breach.holds, breach.act)).collect(),
        Shows::Permitted => vec![(applies(world, known, base), None)],
        Shows::Kept | Shows::Edge => match &base.rule.norm.act {
            Act::Ensure(_) => {
                let parts = [applies(world, known, base), world.ensured(base, Rail::True)];
                vec![(world.store.and(parts), None)]
            }
            Act::Do { .. } if is_duty(base.rule.norm.modal) => deeds(world, known, base, shows == Shows::Edge),
            // What is forbidden is not done.
            Act::Do { .. } => vec![(applies(world, known, base), None)],
        },
    }
}

fn applies<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, base: &Instance<'p>) -> Formula {
    let at = world.anchor(base, None).1;
    let applies = world.applies(known, base, Some(at), Rail::True);
    let past = world.at_most(at, Linear::of(world.now), 0);
    let stands = world.not_overridden(known, base, Some(at));
    world.store.and([applies, past, stands])
}

/// Acts that discharge a duty, one for each kind of record that shows it; at the very end of its time, if `edge`.
fn deeds<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, base: &Instance<'p>, edge: bool) -> Vec<Way> {
    let norm = &base.rule.norm;
    let Some((action, env)) = world.action(base, norm) else { return Vec::new() };
    let span = world.span(base, norm, None);
    let mut ways = Vec::new();
    for evidence in &action.evidence {
        let act = world.object(&evidence.record, Origin::Named("act".to_owned()), true);
        let exists = world.store.boolean();
        if let Some(object) = world.objects.get_mut(act.0 as usize) {
            object.exists = exists;
        }
        let done = world.done(evidence, act, &env);
        let mut parts = vec![exists, applies(world, known, base)];
        parts.push(world.shows(evidence, act, &env, done, Rail::True));
        parts.push(world.in_time(done, &span, false));
        parts.push(world.past(done));
        parts.push(world.performed_by(base, norm, evidence, act, &env, done));
        if edge {
            let (Some(done), Some(to)) = (done, span.to) else { continue };
            parts.push(world.equal(done.last, to));
        }
        ways.push((world.store.and(parts), Some(act)));
    }
    ways
}

/// The smallest and roundest situation in which all of this holds.
fn drafted(world: &mut World<'_>, base: &[Formula], act: Option<ObjectId>) -> Option<Draft> {
    let mut scene = Scene::new();
    scene.catch_up(world);
    let wishes = world.wishes();
    let Answer::Satisfiable(model) = scene.session.prefer(&world.store, base, &wishes) else { return None };
    let all: Vec<Formula> = base.iter().copied().chain(wishes).collect();
    let model = world.rounded(&mut scene.session, model, &all);
    Some(world.draft(&model, &act.into_iter().collect::<BTreeSet<ObjectId>>()))
}

/// The scenario, if assessment says what was wanted.
fn assessed(
    known: &Rc<Known<'_>>,
    name: &str,
    rule: &Rule,
    draft: &Draft,
    subject: Vec<String>,
    shows: Shows,
) -> Option<Scenario> {
    let small = narrowed(known, &BTreeSet::from([name]), &draft.types);
    let found = replay(&small, &draft.facts, draft.as_of).filter(|replay| !replay.unrealistic)?;
    let finding = found.of(name, &subject)?;
    let wanted = match shows {
        Shows::Kept | Shows::Edge => Outcome::Satisfied,
        Shows::Broken => Outcome::Violated,
        Shows::Permitted => Outcome::Permitted,
    };
    if finding.status != Status::Is(wanted) {
        return None;
    }
    let said = match finding.grade {
        Grade::Advice => "advice",
        Grade::Violation | Grade::None => finding.status.word(),
    };
    let what = match shows {
        Shows::Kept => "is kept",
        Shows::Edge => "is kept at the last moment",
        Shows::Broken => "is broken",
        Shows::Permitted => "applies",
    };
    let called = if rule.title.is_empty() { mandate_pack::short(name) } else { &rule.title };
    let title = format!("{called}: {what}");
    let outcomes = vec![(name.to_owned(), outcome(finding))];
    let expected = [(name, subject, said)];
    Some(situation(known.pack, draft, title, rule.origin.clone(), outcomes, &expected).scenario)
}
