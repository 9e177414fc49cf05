//! Definitions that are always true or always false (W307).

use crate::clauses::undecided;
use crate::finding::{Declaration, Finding, Part, Place};
use crate::known::Known;
use crate::scene::{Can, Scene, world};
use crate::term::{Bound, Env, Rail};
use mandate_diagnostics::codes;
use mandate_pack::{Definition, Node, Type, short};
use std::rc::Rc;

/// Whether a definition is always the same, whatever its parameters are and whatever the parameters of the package are set to.
pub(crate) fn constant<'p>(known: &Rc<Known<'p>>, name: &'p str, definition: &'p Definition) -> Vec<Finding> {
    // What is written as a constant says so itself.
    if *definition.body.ty.known() != Type::Bool || matches!(definition.body.node, Node::Bool(_)) {
        return Vec::new();
    }
    let mut world = world(known);
    world.open_parameters = true;
    let mut env = Env::new(0);
    for param in &definition.params {
        let value = world.argument(&param.ty, &param.name);
        env = env.with(&param.name, Bound::Value(value));
    }
    let mut scene = Scene::new();
    let [yes, no] = [Rail::True, Rail::False].map(|rail| {
        let formula = world.truth(&definition.body, &env, rail);
        scene.can(&mut world, &[formula])
    });
    let (message, help) = match (yes, no) {
        (Can::No, Can::No) => (
            "can never be known to be true or false",
            "Ask for what is known, or say with `if unknown` what a missing value counts as.",
        ),
        (Can::No, _) => (
            "is never true, whatever the data hold",
            "Two of its parts exclude each other: mend the one that was meant otherwise, or leave the definition out.",
        ),
        (_, Can::No) => (
            "is never false, whatever the data hold",
            "Its parts cover everything between them: mend the one that was meant otherwise, or leave the definition out.",
        ),
        (Can::Open, _) | (_, Can::Open) => {
            let mut open = undecided(name, "whether the definition is always the same");
            open.at.of = Declaration::Definition(name.to_owned());
            return vec![open];
        }
        (Can::Yes, Can::Yes) => return Vec::new(),
    };
    vec![Finding {
        code: &codes::W307,
        at: Place { of: Declaration::Definition(name.to_owned()), part: Part::Name },
        message: format!("`{}` {message}", short(name)),
        related: Vec::new(),
        help: vec![help.to_owned()],
        situation: None,
    }]
}
