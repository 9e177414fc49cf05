//! Levels of `otherwise` that lead nowhere new (W313).

use crate::clauses::undecided;
use crate::finding::{Finding, Part, Place};
use crate::known::Known;
use crate::scene::{Can, Scene, world};
use crate::term::Rail;
use mandate_diagnostics::codes;
use mandate_pack::{Norm, Rule, short};
use std::rc::Rc;

/// Levels that repeat one before them or come back to the first duty, or that are due no later than the breach they answer.
pub(crate) fn levels<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule) -> Vec<Finding> {
    if rule.otherwise.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut world = world(known);
    let mut scene = Scene::new();
    let instance = world.instance(0, name, rule);
    let mut breach = match rule.norm.modal.is_negative() {
        true => Some(world.breach_instant()),
        false => {
            let span = world.span(&instance, &rule.norm, None);
            span.to.filter(|_| !span.rough)
        }
    };
    let mut given = vec![world.applies(known, &instance, breach, Rail::True)];
    for (at, level) in rule.otherwise.iter().enumerate() {
        let earlier = rule.otherwise.iter().take(at).find(|other| repeats(level, other));
        let repeated = match earlier {
            Some(_) => Some("an `otherwise` before it"),
            // The first level that repeats the duty is a second chance.
            None if at > 0 && repeats(level, &rule.norm) => Some("the first duty"),
            None => None,
        };
        let span = world.span(&instance, level, breach);
        given.push(span.known);
        let due = span.to.filter(|_| !span.rough);
        if let Some(which) = repeated {
            found.push(told(name, at, &format!("this `otherwise` of `{}` asks for the same as {which}", short(name))));
        } else if let (Some(breach), Some(due)) = (breach, due) {
            let mut all = given.clone();
            all.push(world.at_most(breach, due, -1));
            match scene.can(&mut world, &all) {
                Can::Yes => {}
                Can::Open => found.push(undecided(name, "whether its `otherwise` can be kept in time")),
                Can::No if scene.can(&mut world, &given) != Can::Yes => {}
                Can::No => {
                    let text =
                        format!("this `otherwise` of `{}` is due no later than the breach it answers", short(name));
                    found.push(told(name, at, &text));
                }
            }
        }
        breach = due;
    }
    found
}

/// Whether a level asks the same of the same.
fn repeats(level: &Norm, other: &Norm) -> bool {
    level.bearer == other.bearer && level.act == other.act && level.modal.is_negative() == other.modal.is_negative()
}

fn told(name: &str, at: usize, message: &str) -> Finding {
    Finding {
        code: &codes::W313,
        at: Place::rule(name, Part::Otherwise(at)),
        message: message.to_owned(),
        related: Vec::new(),
        help: vec!["Ask for something else, of somebody else, or leave the line out. A bare `within` after `otherwise` counts from the breach.".to_owned()],
        situation: None,
    }
}
