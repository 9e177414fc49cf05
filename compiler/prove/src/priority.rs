//! Priorities: a rule that always yields (W310), and a priority that never matters (W311).

use crate::clauses::undecided;
use crate::finding::{Finding, Part, Place};
use crate::known::Known;
use crate::rule::{Instance, Then};
use crate::scene::{Can, Scene, world};
use crate::term::{Env, Linear, Rail, Value};
use crate::world::World;
use mandate_diagnostics::codes;
use mandate_logic::{Answer, Formula};
use mandate_pack::{Rule, RuleRef, Window, short};
use std::rc::Rc;

type Named<'p> = (&'p str, &'p Rule);

/// Whether a rule is overridden wherever it applies.
pub(crate) fn always_yields<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule) -> Vec<Finding> {
    let overriders: Vec<_> = known.overriders.get(name).cloned().unwrap_or_default();
    if overriders.is_empty() {
        return Vec::new();
    }
    let mut world = world(known);
    let mut scene = Scene::new();
    let instance = world.instance(0, name, rule);
    let at = instant_of(&mut world, &instance);
    let mut all = vec![world.applies(known, &instance, Some(at), Rail::True)];
    if scene.can(&mut world, &all) != Can::Yes {
        // That it never applies is told by itself.
        return Vec::new();
    }
    for (overrider, _, target) in &overriders {
        let Some(other) = known.pack.rules.get(*overrider) else { continue };
        all.push(leaves_free(&mut world, known, &instance, (overrider, other), target, at));
    }
    let core = match scene.ask(&mut world, &all) {
        Answer::Satisfiable(_) => return Vec::new(),
        Answer::Undecided(_) => return vec![undecided(name, "whether another rule always overrides it")],
        Answer::Unsatisfiable(core) => core,
    };
    let by: Vec<_> = core.iter().filter_map(|at| overriders.get(at.checked_sub(1)?)).collect();
    let names: Vec<String> = by.iter().map(|(name, ..)| format!("`{}`", short(name))).collect();
    vec![Finding {
        code: &codes::W310,
        at: Place::rule(name, Part::Name),
        message: format!("`{}` always yields: wherever it applies, {} overrides it", short(name), names.join(" or ")),
        related: by.iter().map(|(name, at, _)| (Place::rule(name, Part::Overrides(*at)), "overrides it".to_owned())).collect(),
        help: vec!["Narrow the overriding rule to the cases in which this one should yield; or, if it no longer holds at all, leave it out.".to_owned()],
        situation: None,
    }]
}

/// The instant at which an instance would be broken.
fn instant_of<'p>(world: &mut World<'p>, instance: &Instance<'p>) -> Linear {
    if !instance.rule.norm.modal.is_negative() {
        let span = world.span(instance, &instance.rule.norm, None);
        if let (Some(to), false) = (span.to, span.rough) {
            return to;
        }
    }
    world.breach_instant()
}

/// That an overriding rule is not surely active for these records.
fn leaves_free<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    instance: &Instance<'p>,
    overrider: Named<'p>,
    target: &'p RuleRef,
    at: Linear,
) -> Formula {
    // One that may be waived, yield itself, or bind only for a time, is not active for certain.
    let rule = overrider.1;
    let timed = rule.norm.modal.is_negative() && rule.norm.time.is_some();
    if rule.waivable.is_some() || known.overriders.contains_key(overrider.0) || timed {
        return Formula::TRUE;
    }
    let (known, bound, side) = (Rc::clone(known), instance.bound.clone(), instance.side);
    let then: Then<'p> = Rc::new(move |world, env| {
        let other = world.on_binding(side, overrider.0, rule, env);
        let mut ways = vec![world.may_not_bind(&known, &other, at)];
        for (arg, value) in target.args.iter().zip(&bound) {
            for (guard, is) in world.cases(arg, &other.env) {
                let equal = world.equal_values(&is, value);
                let both = world.store.and([guard, equal]);
                ways.push(world.store.not(both));
            }
        }
        world.store.or(ways)
    });
    world.every_binding(&rule.for_each, &Env::new(side), &then)
}

impl<'p> World<'p> {
    /// That a rule is not surely active at an instant. Other than for a duty that is to be broken, it does not matter when its clock
    /// starts where nothing depends on that: an instant that is not known is any.
    pub(crate) fn may_not_bind(&mut self, known: &Rc<Known<'p>>, instance: &Instance<'p>, at: Linear) -> Formula {
        let anchor = match &instance.rule.norm.time {
            Some(Window::Within(_)) | None if instance.rule.on.is_none() => at,
            _ => self.anchor(instance, Some(at)).1,
        };
        let mut ways = vec![self.in_force_at(known, instance, anchor, Rail::MaybeFalse)];
        let when = instance.env.reading_at(Some(anchor));
        for condition in &instance.rule.when {
            ways.push(self.truth(&condition.expr, &when, Rail::MaybeFalse));
        }
        let unless = instance.env.reading_at(Some(at));
        for condition in &instance.rule.unless {
            ways.push(self.truth(&condition.expr, &unless, Rail::MaybeTrue));
        }
        self.store.or(ways)
    }
}

/// Clauses `overrides` and `limits` between rules that never apply together.
pub(crate) fn idle_priorities<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule) -> Vec<Finding> {
    let overrides = rule.overrides.iter().enumerate().map(|(at, target)| (Part::Overrides(at), target, "overrides"));
    let limits = rule.limits.iter().enumerate().map(|(at, target)| (Part::Limits(at), target, "limits"));
    overrides.chain(limits).filter_map(|(part, target, word)| idle(known, (name, rule), part, target, word)).collect()
}

fn idle<'p>(known: &Rc<Known<'p>>, rule: Named<'p>, part: Part, target: &'p RuleRef, word: &str) -> Option<Finding> {
    let (other_name, other) = known.pack.rules.get_key_value(&target.rule)?;
    let mut world = world(known);
    let mut scene = Scene::new();
    let instance = world.instance(0, rule.0, rule.1);
    let at = world.breach_instant();
    let mine = world.applies(known, &instance, Some(at), Rail::True);
    let yielding = if target.args.is_empty() {
        world.instance(0, other_name, other)
    } else {
        let mut values: Vec<Value> = Vec::new();
        for arg in &target.args {
            match world.cases(arg, &instance.env).as_slice() {
                [(_, value)] => values.push(value.clone()),
                _ => return None,
            }
        }
        world.instance_of(0, other_name, other, &values)
    };
    let theirs = world.applies(known, &yielding, Some(at), Rail::True);
    match scene.can(&mut world, &[mine, theirs]) {
        Can::Yes => return None,
        Can::Open => {
            let what = format!("whether it ever applies together with `{}`", short(other_name));
            return Some(undecided(rule.0, &what));
        }
        Can::No => {}
    }
    // A rule that never applies is told by itself.
    if scene.can(&mut world, &[mine]) != Can::Yes || scene.can(&mut world, &[theirs]) != Can::Yes {
        return None;
    }
    Some(Finding {
        code: &codes::W311,
        at: Place::rule(rule.0, part),
        message: format!("`{word} {}` decides nothing: the two rules never apply at the same time", short(other_name)),
        related: vec![(Place::rule(other_name, Part::Name), "never applies where this one does".to_owned())],
        help: vec!["Leave it out, or mend the condition of the rule that is narrower than was meant.".to_owned()],
        situation: None,
    })
}
