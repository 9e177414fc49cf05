//! Permissions that permit nothing (W312).

use crate::breach::is_told;
use crate::clauses::undecided;
use crate::finding::{Finding, Part, Place};
use crate::known::Known;
use crate::rule::Instance;
use crate::scene::{Can, Scene, world};
use crate::term::{Linear, ObjectId, Rail};
use crate::world::{Origin, World};
use mandate_diagnostics::codes;
use mandate_logic::{Answer, Formula};
use mandate_pack::{Modal, Rule, short};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Ways to put a ban on the records of a permission.
const MOST_PLACES: usize = 4;

type Named<'p> = (&'p str, &'p Rule);

/// Whether prohibitions forbid everything that a permission permits; `bans` are those that its evidence shows breaches of.
pub(crate) fn permission<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule, bans: &[Named<'p>]) -> Vec<Finding> {
    let overridden = |ban: &Named<'_>| rule.overrides.iter().any(|target| target.rule == ban.0);
    let bans: Vec<Named<'p>> = bans
        .iter()
        .copied()
        .filter(|ban| {
            ban.1.norm.modal == Modal::MustNot
                && is_told(ban.1)
                && ban.1.waivable.is_none()
                && ban.1.otherwise.is_empty()
                && !overridden(ban)
                && !limits(rule, ban.0)
                && !limits(ban.1, name)
        })
        .collect();
    let Some(action) = crate::rule::action_of(known.pack, rule).filter(|_| !bans.is_empty()) else { return Vec::new() };
    let mut by: BTreeSet<usize> = BTreeSet::new();
    for evidence in &action.evidence {
        let mut world = world(known);
        let mut scene = Scene::new();
        let instance = world.instance(0, name, rule);
        let Some((_, env)) = world.action(&instance, &rule.norm) else { return Vec::new() };
        let act = world.object(&evidence.record, Origin::Named("act".to_owned()), true);
        let done = world.done(evidence, act, &env);
        let at = done.map_or(Linear::of(world.now), |done| done.from);
        let span = world.span(&instance, &rule.norm, None);
        let mut all = vec![world.applies(known, &instance, Some(at), Rail::True)];
        all.push(world.shows(evidence, act, &env, done, Rail::True));
        all.push(world.in_time(done, &span, false));
        if let Some(done) = done {
            all.push(done.known);
        }
        match scene.can(&mut world, &all) {
            Can::Yes => {}
            // Nothing of this kind is permitted at all.
            Can::No => continue,
            Can::Open => return vec![open(name)],
        }
        let first = all.len();
        for ban in &bans {
            all.push(allowed(&mut world, known, &instance, *ban, act));
        }
        match scene.ask(&mut world, &all) {
            Answer::Satisfiable(_) => return Vec::new(),
            Answer::Undecided(_) => return vec![open(name)],
            Answer::Unsatisfiable(core) => by.extend(core.iter().filter_map(|at| at.checked_sub(first))),
        }
    }
    let by: Vec<Named<'p>> = by.iter().filter_map(|at| bans.get(*at).copied()).collect();
    if by.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = by.iter().map(|(name, _)| format!("`{}`", short(name))).collect();
    let which = by.first().map_or("", |(name, _)| short(name));
    vec![Finding {
        code: &codes::W312,
        at: Place::rule(name, Part::Name),
        message: format!(
            "`{}` permits nothing: {} forbids it wherever the permission applies",
            short(name),
            names.join(" or ")
        ),
        related: by
            .iter()
            .map(|(name, _)| (Place::rule(name, Part::Norm), "forbids what is permitted".to_owned()))
            .collect(),
        help: vec![format!(
            "Say which ban it sets aside, as in `overrides {which}(...)`; or take its cases out of the ban with `unless`; or leave it out."
        )],
        situation: None,
    }]
}

fn limits(rule: &Rule, other: &str) -> bool {
    rule.limits.iter().any(|target| target.rule == other)
}

fn open(name: &str) -> Finding {
    undecided(name, "whether what it permits is always forbidden")
}

/// That a ban does not surely forbid the act, however it is put on the records that are there.
fn allowed<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    permission: &Instance<'p>,
    ban: Named<'p>,
    act: ObjectId,
) -> Formula {
    let mut all = Vec::new();
    for values in world.placements(ban.1, MOST_PLACES) {
        let instance = world.instance_of(0, ban.0, ban.1, &values);
        let binds = world.within_bearer(known, (permission, &permission.rule.norm), (&instance, &ban.1.norm));
        if world.span(&instance, &ban.1.norm, None).rough {
            continue;
        }
        let ways = [world.store.not(binds), world.allows(known, &instance, act)];
        all.push(world.store.or(ways));
    }
    world.store.and(all)
}
