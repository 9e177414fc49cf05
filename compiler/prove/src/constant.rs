//! Definitions that are always true or always false (W307).

use crate::clauses::undecided;
use crate::finding::{Declaration, Finding, Part, Place};
use crate::known::Known;
use crate::scene::{Can, Scene, world};
use crate::term::{Bound, Env, Rail};
use mandate_diagnostics::codes;
use mandate_pack::{Definition, Expr, Node, Pack, Type, short};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Whether a definition is always the same, whatever its parameters are and whatever the parameters of the package are set to.
pub(crate) fn constant<'p>(known: &Rc<Known<'p>>, name: &'p str, definition: &'p Definition) -> Vec<Finding> {
    // What is written as a constant says so itself, and the reader of the text says it where a field is never missing.
    let plain = matches!(definition.body.node, Node::Bool(_) | Node::IsKnown(_) | Node::IsMissing(_));
    if *definition.body.ty.known() != Type::Bool || plain {
        return Vec::new();
    }
    let mut yes = Can::No;
    let mut no = Can::No;
    for call in calls(known.pack, name, definition) {
        let mut world = world(known);
        world.open_parameters = true;
        let mut env = Env::new(0);
        for (param, given) in definition.params.iter().zip(call) {
            let bound = match given {
                Some(value) => Bound::Later(value, None),
                None => Bound::Value(world.argument(&param.ty, &param.name)),
            };
            env = env.with(&param.name, bound);
        }
        let mut scene = Scene::new();
        for (can, rail) in [(&mut yes, Rail::True), (&mut no, Rail::False)] {
            if *can != Can::Yes {
                let formula = world.truth(&definition.body, &env, rail);
                let here = scene.can(&mut world, &[formula]);
                *can = if here == Can::No { *can } else { here };
            }
        }
        if (yes, no) == (Can::Yes, Can::Yes) {
            return Vec::new();
        }
    }
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

/// What callers give a definition, each way once: values that are written out, and `None` for what depends on the situation. A
/// definition that nobody calls may be given anything.
fn calls<'p>(pack: &'p Pack, name: &str, definition: &Definition) -> Vec<Vec<Option<&'p Expr>>> {
    let anything = vec![None; definition.params.len()];
    if !depends_on_callers(definition) {
        return vec![anything];
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut calls = Vec::new();
    crate::walk::expressions(pack, &mut |expr| {
        expr.visit(&mut |part| {
            let Node::Call { definition, args } = &part.node else { return };
            if definition != name {
                return;
            }
            let given: Vec<Option<&Expr>> = args.iter().map(|arg| is_written_out(arg).then_some(arg)).collect();
            let words: Vec<String> = given.iter().map(|arg| arg.map_or_else(String::new, Expr::words)).collect();
            if seen.insert(words.join(", ")) {
                calls.push(given);
            }
        });
    });
    if calls.is_empty() {
        calls.push(anything);
    }
    calls
}

/// Whether it matters what callers give: a record of any situation may be given anyway.
pub(crate) fn depends_on_callers(definition: &Definition) -> bool {
    definition.params.iter().any(|param| !matches!(param.ty.known(), Type::Record(_)))
}

/// Whether an expression is the same in every situation.
fn is_written_out(expr: &Expr) -> bool {
    let mut fixed = true;
    expr.visit(&mut |part| fixed &= !matches!(part.node, Node::Var(_) | Node::AsOf | Node::Parameter { .. }));
    fixed
}
