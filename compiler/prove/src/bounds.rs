//! Bounds of parameters that make a rule vacuous (W308).

use crate::clauses::undecided;
use crate::finding::{Declaration, Finding, Part, Place};
use crate::known::Known;
use crate::scene::{Can, Scene, world};
use crate::term::Rail;
use mandate_diagnostics::codes;
use mandate_pack::{Expr, Modal, Parameter, Rule, short};
use std::rc::Rc;

/// What a rule still asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asks {
    applies: Can,
    breakable: Can,
}

/// Whether a rule says nothing at the least or the greatest value that a parameter it reads may take.
pub(crate) fn bounds<'p>(
    known: &Rc<Known<'p>>,
    parameter: (&'p str, &'p Parameter),
    name: &'p str,
    rule: &'p Rule,
) -> Vec<Finding> {
    let Some((least, greatest)) = &parameter.1.bounds else { return Vec::new() };
    let mut present = None;
    let mut found = Vec::new();
    for (bound, which) in [(least, "least"), (greatest, "greatest")] {
        if parameter.1.values.iter().any(|value| value.value.node == bound.node) {
            continue;
        }
        let there = asks(known, name, rule, Some((parameter.0, bound)));
        if there.applies == Can::Yes && there.breakable == Can::Yes {
            continue;
        }
        let now = *present.get_or_insert_with(|| asks(known, name, rule, None));
        let place = Place { of: Declaration::Parameter(parameter.0.to_owned()), part: Part::Name };
        let what = match (now, there) {
            (Asks { applies: Can::Yes, .. }, Asks { applies: Can::No, .. }) => "never applies",
            (Asks { breakable: Can::Yes, .. }, Asks { applies: Can::Yes, breakable: Can::No }) => "can never be broken",
            (Asks { applies: Can::No, .. } | Asks { breakable: Can::No, .. }, _) => continue,
            _ => {
                let what = format!("whether `{}` still asks for something at the {which} value", short(name));
                found.push(Finding { at: place, ..undecided(name, &what) });
                continue;
            }
        };
        found.push(Finding {
            code: &codes::W308,
            at: place,
            message: format!(
                "at the {which} value that `{}` may be set to, {}, `{}` {what}",
                short(parameter.0),
                bound.words(),
                short(name)
            ),
            related: vec![(Place::rule(name, Part::Name), "says nothing then".to_owned())],
            help: vec!["Narrow the bounds, so that what may be set still asks for something.".to_owned()],
            situation: None,
        });
    }
    found
}

/// Whether a rule can apply and can be broken, with a parameter set.
fn asks<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule, set: Option<(&'p str, &'p Expr)>) -> Asks {
    let mut world = world(known);
    if let Some((parameter, value)) = set {
        world.set.insert(parameter.to_owned(), value);
    }
    let mut scene = Scene::new();
    let instance = world.instance(0, name, rule);
    let at = if rule.norm.modal.is_negative() { Some(world.breach_instant()) } else { None };
    let applies = world.applies(known, &instance, at, Rail::True);
    let applies = scene.can(&mut world, &[applies]);
    let breaches = world.breaches(known, &instance);
    if applies != Can::Yes || breaches.is_empty() || rule.norm.modal == Modal::May {
        return Asks { applies, breakable: applies };
    }
    let any: Vec<_> = breaches.iter().map(|breach| breach.holds).collect();
    let any = world.store.or(any);
    Asks { applies, breakable: scene.can(&mut world, &[any]) }
}
