//! Clauses that say nothing: rules that can never apply, conditions that always hold, exceptions that never do.

use crate::finding::{Finding, Part, Place};
use crate::known::Known;
use crate::rule::Instance;
use crate::scene::{Can, Scene, assumed_filled_in, world};
use crate::term::Rail;
use crate::world::World;
use mandate_diagnostics::codes;
use mandate_logic::{Answer, Formula};
use mandate_pack::{Rule, short};
use std::rc::Rc;

/// A rule's conditions on one world.
struct Conditions<'p> {
    world: World<'p>,
    scene: Scene,
    instance: Instance<'p>,
    rule: &'p Rule,
}

/// What is wrong with the conditions of one rule, whatever the others say.
pub(crate) fn clauses<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule) -> Vec<Finding> {
    let mut world = world(known);
    let instance = world.instance(0, name, rule);
    let mut conditions = Conditions { world, scene: Scene::new(), instance, rule };
    conditions.findings(known)
}

impl<'p> Conditions<'p> {
    fn condition(&mut self, at: usize, rail: Rail) -> Formula {
        let Some(condition) = self.rule.when.get(at) else { return Formula::TRUE };
        let anchor = self.world.anchor(&self.instance, None).1;
        let env = self.instance.env.reading_at(Some(anchor));
        self.world.truth(&condition.expr, &env, rail)
    }

    fn exception(&mut self, at: usize, rail: Rail) -> Formula {
        let Some(condition) = self.rule.unless.get(at) else { return Formula::TRUE };
        let env = self.instance.env.clone();
        // An exception is read at the breach, which is another instant than that of `when`.
        let breach = self.world.breach_instant();
        self.world.truth(&condition.expr, &env.reading_at(Some(breach)), rail)
    }

    fn can(&mut self, parts: &[Formula]) -> Can {
        self.scene.can(&mut self.world, parts)
    }

    fn findings(&mut self, known: &Rc<Known<'p>>) -> Vec<Finding> {
        let (whens, unlesses) = (self.rule.when.len(), self.rule.unless.len());
        let name = self.instance.name;
        let mut found = Vec::new();
        let anchor = self.world.anchor(&self.instance, None);
        let in_force = self.world.in_force_at(known, &self.instance, anchor.1, Rail::True);
        let sure: Vec<Formula> = (0..whens).map(|at| self.condition(at, Rail::True)).collect();
        let spared: Vec<Formula> = (0..unlesses).map(|at| self.exception(at, Rail::False)).collect();
        let mut all = vec![in_force, anchor.0, self.instance.there];
        all.extend(sure.iter().chain(&spared));
        match self.scene.ask(&mut self.world, &all) {
            Answer::Unsatisfiable(core) => {
                found.extend(self.never(known, &core));
                return found;
            }
            Answer::Undecided(_) => {
                found.push(undecided(name, "whether the rule can ever apply"));
                return found;
            }
            Answer::Satisfiable(_) => {}
        }
        for at in 0..whens {
            found.extend(self.superfluous(at, in_force));
        }
        for at in 0..unlesses {
            found.extend(self.idle(at, in_force));
        }
        found
    }

    /// A rule that can never apply, with the clauses that see to it.
    fn never(&mut self, known: &Rc<Known<'p>>, core: &[usize]) -> Option<Finding> {
        let (whens, name) = (self.rule.when.len(), self.instance.name);
        let anchor = self.world.anchor(&self.instance, None);
        // Whether it would apply if what is missing had some value: then only what has to be missing keeps it from being known.
        self.world.filled_in = true;
        let mut may = vec![self.world.in_force_at(known, &self.instance, anchor.1, Rail::True)];
        may.extend((0..whens).map(|at| self.condition(at, Rail::True)));
        may.extend((0..self.rule.unless.len()).map(|at| self.exception(at, Rail::False)));
        self.world.filled_in = false;
        may.extend(assumed_filled_in(&mut self.world, known, 0));
        let possibly = self.can(&may) == Can::Yes;
        let part = |at: usize| match at.checked_sub(3) {
            None => Part::Name,
            Some(at) if at < whens => Part::When(at),
            Some(at) => Part::Unless(at - whens),
        };
        let mut parts: Vec<Part> = core.iter().map(|at| part(*at)).collect();
        parts.dedup();
        let at = parts.iter().rev().find(|part| **part != Part::Name).copied().unwrap_or(Part::Name);
        let related = parts.iter().filter(|part| **part != at && **part != Part::Name);
        let related: Vec<(Place, String)> =
            related.map(|part| (Place::rule(name, *part), "together with this".to_owned())).collect();
        // That its edition and its texts are never in force together is told where it is written (W017).
        if parts.iter().all(|part| *part == Part::Name) {
            return None;
        }
        let (code, message, help) = match possibly {
            true => (
                &codes::W309,
                format!(
                    "whether `{}` applies can never be known: {}",
                    short(name),
                    self.words(&parts, "never true for certain")
                ),
                "Ask for the value where it is known, or say with `if unknown` what a missing one counts as.",
            ),
            false => (
                &codes::W302,
                format!("`{}` can never apply: {}", short(name), self.words(&parts, "never true")),
                "Mend the condition that is too narrow, or take the rule out.",
            ),
        };
        Some(Finding {
            code,
            at: Place::rule(name, at),
            message,
            related,
            help: vec![help.to_owned()],
            situation: None,
        })
    }

    /// "`a` and `b` are never true together"
    fn words(&self, parts: &[Part], what: &str) -> String {
        let text = |part: &Part| match part {
            Part::When(at) => self.rule.when.get(*at).map(|c| format!("`{}`", c.text)),
            Part::Unless(at) => self.rule.unless.get(*at).map(|c| format!("`not ({})`", c.text)),
            _ => None,
        };
        let texts: Vec<String> = parts.iter().filter_map(text).collect();
        match texts.as_slice() {
            [] => format!("its conditions are {what}"),
            [one] => format!("{one} is {what}"),
            [first @ .., last] => format!("{} and {last} are {what} together", first.join(", ")),
        }
    }

    /// A condition that the others make superfluous.
    fn superfluous(&mut self, at: usize, in_force: Formula) -> Option<Finding> {
        let name = self.instance.name;
        let text = self.rule.when.get(at)?.text.clone();
        let fails = self.condition(at, Rail::MaybeFalse);
        let mut others: Vec<usize> = (0..self.rule.when.len()).filter(|other| *other != at).collect();
        // What holds by itself is not implied by anything in particular.
        if self.can(&[in_force, fails]) == Can::No {
            others.clear();
        }
        for other in &others {
            let holds = self.condition(*other, Rail::True);
            if self.can(&[in_force, holds, fails]) != Can::No {
                continue;
            }
            let (refused, open) = (self.condition(at, Rail::False), self.condition(*other, Rail::MaybeTrue));
            if self.can(&[refused, open]) != Can::No {
                continue;
            }
            // Of two that say the same, the later one is told.
            let (own, theirs) = (self.condition(at, Rail::True), self.condition(*other, Rail::MaybeFalse));
            if other > &at && self.can(&[own, theirs]) == Can::No {
                continue;
            }
            let by = self.rule.when.get(*other).map(|c| c.text.clone()).unwrap_or_default();
            return Some(Finding {
                code: &codes::W305,
                at: Place::rule(name, Part::When(at)),
                message: format!("`{text}` says nothing beside `{by}`, which already implies it"),
                related: vec![(Place::rule(name, Part::When(*other)), "implies it".to_owned())],
                help: vec!["Leave it out, or mend whichever of the two says less than was meant.".to_owned()],
                situation: None,
            });
        }
        let mut parts = vec![in_force, fails];
        for other in others {
            parts.push(self.condition(other, Rail::MaybeTrue));
        }
        if self.can(&parts) != Can::No {
            return None;
        }
        Some(Finding {
            code: &codes::W303,
            at: Place::rule(name, Part::When(at)),
            message: format!("`{text}` always holds here, so it narrows nothing"),
            related: Vec::new(),
            help: vec!["Leave it out, or mend it if it was meant to take cases out.".to_owned()],
            situation: None,
        })
    }

    /// An exception that never applies.
    fn idle(&mut self, at: usize, in_force: Formula) -> Option<Finding> {
        let name = self.instance.name;
        let text = self.rule.unless.get(at)?.text.clone();
        let mut parts = vec![in_force, self.exception(at, Rail::True)];
        for other in 0..self.rule.when.len() {
            parts.push(self.condition(other, Rail::MaybeTrue));
        }
        if self.can(&parts) != Can::No {
            return None;
        }
        Some(Finding {
            code: &codes::W304,
            at: Place::rule(name, Part::Unless(at)),
            message: format!("this exception never applies: where the rule does, `{text}` is never true"),
            related: Vec::new(),
            help: vec!["Mend the exception, or leave it out.".to_owned()],
            situation: None,
        })
    }
}

/// What could not be decided, said aloud.
pub(crate) fn undecided(rule: &str, what: &str) -> Finding {
    Finding {
        code: &codes::N301,
        at: Place::rule(rule, Part::Name),
        message: format!("not decided within the budget: {what}"),
        related: Vec::new(),
        help: vec!["Nothing is claimed here, neither that it is so nor that it is not. Shorter conditions are decided more easily.".to_owned()],
        situation: None,
    }
}
