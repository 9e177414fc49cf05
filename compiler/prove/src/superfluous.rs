//! Rules that others make superfluous (W306): wherever one would be broken, one of the others is broken too.

use crate::breach::is_told;
use crate::clauses::undecided;
use crate::finding::{Finding, Part, Place};
use crate::known::{Known, evidence_types};
use crate::reads::{Reads, asked};
use crate::rule::Instance;
use crate::scene::{Scene, world};
use crate::term::{Rail, Value};
use crate::world::World;
use mandate_diagnostics::codes;
use mandate_logic::{Answer, Formula};
use mandate_pack::{Act, Modal, Rule, short};
use std::rc::Rc;

/// Rules that are looked at anew together.
const MOST_TOGETHER: usize = 6;
/// Ways to put another rule on the records of a breach.
const MOST_PLACES: usize = 4;
/// Rules that together make one superfluous, at most.
const MOST_NAMED: usize = 3;

type Named<'p> = (&'p str, &'p Rule);

/// Whether a rule can be superfluous at all: what it sets aside or brings about otherwise is lost with it.
pub(crate) fn can_be_superfluous(rule: &Rule) -> bool {
    is_told(rule) && rule.otherwise.is_empty() && rule.overrides.is_empty() && rule.norm.modal != Modal::May
}

/// Whether `other` may be among the rules that make `rule` superfluous, by what can be seen at a glance: it is as strong, is about
/// acts or conditions of the same kind, and asks for no field that a breach of `rule` could leave open.
pub(crate) fn may_cover(known: &Known<'_>, reads: &Reads, rule: Named<'_>, other: Named<'_>) -> bool {
    let (a, b) = (&rule.1.norm, &other.1.norm);
    let strength = |modal: Modal| match modal {
        Modal::Must | Modal::MustNot => 0,
        Modal::Should | Modal::ShouldNot => 1,
        Modal::AimsTo => 2,
        Modal::May => 3,
    };
    let weight = |rule: &Rule| rule.force.map_or(u8::MAX, |force| force as u8);
    let same_kind = match (&a.act, &b.act) {
        (Act::Ensure(_), Act::Ensure(_)) => true,
        (Act::Do { .. }, Act::Do { .. }) => {
            let (mine, theirs) = (evidence_types(known.pack, rule.1), evidence_types(known.pack, other.1));
            match a.modal.is_negative() {
                // Whatever breaks this one has to break the other; whatever keeps the other has to keep this one.
                true => mine.is_subset(&theirs),
                false => theirs.is_subset(&mine),
            }
        }
        _ => false,
    };
    let shares_text = rule.1.cites.is_empty()
        || rule.1.cites.iter().any(|cite| other.1.cites.iter().any(|theirs| theirs.source == cite.source));
    rule.0 != other.0
        && shares_text
        && a.modal.is_negative() == b.modal.is_negative()
        && strength(b.modal) <= strength(a.modal)
        && weight(other.1) <= weight(rule.1)
        && same_kind
        && is_told(other.1)
        && other.1.waivable.is_none()
        && other.1.otherwise.is_empty()
        && !rule.1.overrides.iter().chain(&other.1.overrides).any(|t| t.rule == other.0 || t.rule == rule.0)
        && asked(known.pack, other.1).iter().all(|field| reads.has(known.pack, field))
}

/// Whether others make a rule superfluous; `others` are those of [`may_cover`].
pub(crate) fn superfluous<'p>(
    known: &Rc<Known<'p>>,
    name: &'p str,
    rule: &'p Rule,
    others: &[Named<'p>],
) -> Vec<Finding> {
    let mut others = others.to_vec();
    // Those that ask for less are broken more often.
    others.sort_by_key(|(name, rule)| (rule.when.len() + rule.unless.len(), *name));
    match covered(known, (name, rule), &others) {
        Covered::No => Vec::new(),
        Covered::Open => vec![undecided(name, "whether other rules make it superfluous")],
        Covered::By(by) => {
            if let [one] = by.as_slice()
                && is_earlier((name, rule), *one)
                && can_be_superfluous(one.1)
                && matches!(covered(known, *one, &[(name, rule)]), Covered::By(_))
            {
                // Two that say the same: the later one is told.
                return Vec::new();
            }
            // What rests on a text of its own is judged beside the others.
            let cited = |source: &str| by.iter().any(|(_, other)| other.cites.iter().any(|c| c.source == source));
            if !rule.cites.iter().all(|cite| cited(&cite.source)) {
                return Vec::new();
            }
            vec![told((name, rule), &by)]
        }
    }
}

/// Whether a rule stands before another one of the same package.
fn is_earlier(rule: Named<'_>, other: Named<'_>) -> bool {
    let package = |name: &str| name.split('.').next().map(str::to_owned);
    package(rule.0) == package(other.0) && rule.1.origin < other.1.origin
}

enum Covered<'p> {
    No,
    Open,
    By(Vec<Named<'p>>),
}

fn covered<'p>(known: &Rc<Known<'p>>, rule: Named<'p>, others: &[Named<'p>]) -> Covered<'p> {
    let mut world = world(known);
    let mut scene = Scene::new();
    let base = world.instance(0, rule.0, rule.1);
    let breaches = world.breaches(known, &base);
    let mut by: Vec<usize> = Vec::new();
    let mut broken = false;
    for breach in breaches {
        let idle: Vec<Vec<Formula>> =
            others.iter().map(|other| may_not_apply(&mut world, known, *other, &base, &breach)).collect();
        // Of the others only those are asked for that could be broken in a situation in which all asked for so far are kept.
        let mut all = vec![breach.holds];
        let mut asked: Vec<usize> = Vec::new();
        loop {
            let model = match scene.ask(&mut world, &all) {
                Answer::Satisfiable(model) => model,
                Answer::Undecided(_) => return Covered::Open,
                Answer::Unsatisfiable(core) => {
                    // A breach that cannot be shows nothing.
                    broken |= core.iter().any(|at| *at > 0);
                    by.extend(core.iter().filter_map(|at| asked.get(at.checked_sub(1)?)));
                    break;
                }
            };
            let binds = |places: &Vec<Formula>| places.iter().any(|idle| !model.holds(&world.store, *idle));
            let next: Vec<usize> = (0..others.len())
                .filter(|at| !asked.contains(at) && idle.get(*at).is_some_and(binds))
                .take(MOST_TOGETHER)
                .collect();
            if next.is_empty() {
                return Covered::No;
            }
            for at in next {
                let Some(other) = others.get(at) else { continue };
                all.push(kept(&mut world, known, *other, &base, &breach));
                asked.push(at);
            }
        }
    }
    by.sort_unstable();
    by.dedup();
    if !broken || by.len() > MOST_NAMED {
        return Covered::No;
    }
    Covered::By(by.iter().filter_map(|at| others.get(*at).copied()).collect())
}

/// That another rule does not surely apply where a breach is, for each way to put it on the records.
fn may_not_apply<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    other: Named<'p>,
    base: &Instance<'p>,
    breach: &crate::breach::Breach<'p>,
) -> Vec<Formula> {
    let mut idle = Vec::new();
    for values in places(world, other, base) {
        let instance = world.instance_of(0, other.0, other.1, &values);
        idle.push(world.applies(known, &instance, Some(breach.at), Rail::MaybeFalse));
    }
    idle
}

/// The ways to put a rule on the records of a breach. A constraint on other records is another finding about them.
fn places<'p>(world: &World<'p>, other: Named<'p>, base: &Instance<'p>) -> Vec<Vec<Value>> {
    let own = |values: &[Value]| values.iter().all(|value| base.bound.iter().any(|bound| is_same(bound, value)));
    let constraint = matches!(other.1.norm.act, Act::Ensure(_));
    let places = world.placements(other.1, MOST_PLACES);
    places.into_iter().filter(|values| !constraint || own(values)).collect()
}

/// That another rule is not surely broken beside a breach, on none of its records.
fn kept<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    other: Named<'p>,
    base: &Instance<'p>,
    breach: &crate::breach::Breach<'p>,
) -> Formula {
    let mut all = Vec::new();
    for values in places(world, other, base) {
        let instance = world.instance_of(0, other.0, other.1, &values);
        all.push(world.spared(known, &instance, base, breach));
    }
    world.store.and(all)
}

fn is_same(a: &Value, b: &Value) -> bool {
    matches!((a, b), (Value::Object(a), Value::Object(b)) if a == b)
}

fn told(rule: Named<'_>, by: &[Named<'_>]) -> Finding {
    let names: Vec<String> = by.iter().map(|(name, _)| format!("`{}`", short(name))).collect();
    let (whom, is) = match names.as_slice() {
        [one] => (one.clone(), format!("{one} is")),
        [first @ .., last] => {
            (format!("{} and {last}", first.join(", ")), format!("one of {} and {last} is", first.join(", ")))
        }
        [] => (String::new(), String::new()),
    };
    let mut help =
        vec![format!("Leave `{}` out, or mend whichever of the rules says more than was meant.", short(rule.0))];
    let cited = |cite: &mandate_pack::Citation| {
        by.iter().any(|(_, other)| other.cites.iter().any(|c| c.source == cite.source && c.passage == cite.passage))
    };
    if !rule.1.cites.iter().all(cited) {
        help.push(
            "It cites a passage that the others do not cite: for the sake of the citation it may stay.".to_owned(),
        );
    }
    Finding {
        code: &codes::W306,
        at: Place::rule(rule.0, Part::Name),
        message: format!("`{}` adds nothing to {whom}: wherever it is broken, {is} broken too", short(rule.0)),
        related: by
            .iter()
            .map(|(name, _)| (Place::rule(name, Part::Name), "is broken wherever it is".to_owned()))
            .collect(),
        help,
        situation: None,
    }
}
