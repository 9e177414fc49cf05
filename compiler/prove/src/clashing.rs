//! Constraints that cannot hold together (E306).

use crate::clash::yielding;
use crate::clauses::undecided;
use crate::finding::{Finding, Part, Place};
use crate::known::Known;
use crate::reads::Reads;
use crate::replay::{Expected, narrowed, outcome, replay, situation};
use crate::rule::Instance;
use crate::scene::{Can, Scene, world};
use crate::term::{Rail, Value};
use crate::world::{Origin, World};
use mandate_assess::{Outcome, Status};
use mandate_diagnostics::codes;
use mandate_logic::{Answer, Formula};
use mandate_pack::{Act, Domain, Modal, Pack, Rule, short};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Constraints looked at beside one.
const MOST_BESIDE: usize = 24;

type Named<'p> = (&'p str, &'p Rule);

/// Whether a rule is a constraint that this looks at: one that says what has to hold, without a time of its own.
fn is_constraint(rule: &Rule) -> bool {
    let Act::Ensure(conditions) = &rule.norm.act else { return false };
    rule.norm.modal == Modal::Must && rule.norm.time.is_none() && !conditions.is_empty()
}

/// Each constraint with those declared later that may clash with it, directly or through another one: they require something of the
/// same fields.
pub(crate) fn groups(pack: &Pack) -> Vec<(Named<'_>, Vec<Named<'_>>)> {
    let mut constraints: Vec<Named<'_>> =
        pack.rules.iter().map(|(name, rule)| (name.as_str(), rule)).filter(|(_, rule)| is_constraint(rule)).collect();
    constraints.sort_by_key(|(name, rule)| (&rule.origin, *name));
    let mut by_field: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    let mut fields = Vec::new();
    for (at, (_, rule)) in constraints.iter().enumerate() {
        let mut reads = Reads::default();
        if let Act::Ensure(conditions) = &rule.norm.act {
            reads.conditions(pack, conditions);
        }
        let ranged: Vec<_> = reads.records.iter().map(|record| (record.clone(), String::new())).collect();
        let read: Vec<_> = reads.fields.into_iter().chain(ranged).collect();
        for field in &read {
            by_field.entry(field.clone()).or_default().push(at);
        }
        fields.push(read);
    }
    let beside = |at: usize| fields.get(at).into_iter().flatten().filter_map(|f| by_field.get(f)).flatten().copied();
    let mut groups = Vec::new();
    for (at, head) in constraints.iter().enumerate() {
        let mut near: Vec<usize> = Vec::new();
        for other in beside(at) {
            if other > at && !near.contains(&other) && near.len() < MOST_BESIDE {
                near.push(other);
            }
        }
        for far in near.clone().into_iter().flat_map(beside) {
            if far > at && !near.contains(&far) && near.len() < MOST_BESIDE {
                near.push(far);
            }
        }
        let near: Vec<Named<'_>> = near.iter().filter_map(|at| constraints.get(*at).copied()).collect();
        if !near.is_empty() {
            groups.push((*head, near));
        }
    }
    groups
}

/// Whether a constraint clashes with some of those beside it, wherever all of them apply.
pub(crate) fn clashing<'p>(known: &Rc<Known<'p>>, head: Named<'p>, beside: &[Named<'p>]) -> Vec<Finding> {
    let mut clash = Clash::new(known);
    let Some(first) = clash.side(head) else { return Vec::new() };
    let mut joint = vec![first];
    let mut found = Vec::new();
    for other in beside {
        if settles(head, *other) || settles(*other, head) {
            continue;
        }
        let Some(next) = clash.side(*other) else { continue };
        let applying: Vec<Formula> = joint.iter().chain([&next]).map(|side| side.applies).collect();
        match clash.can(&[joint.first().map_or(Formula::TRUE, |side| side.both), next.both]) {
            Can::Yes => {}
            Can::Open => {
                found.push(clash.open(&next));
                continue;
            }
            Can::No => {
                let pair = [joint.first().map(|side| side.instance.clone()), Some(next.instance.clone())];
                let pair: Vec<Instance<'p>> = pair.into_iter().flatten().collect();
                found.extend(clash.told(&pair));
                continue;
            }
        }
        // A constraint joins those with which it can apply and that it does not replace.
        let free = joint.iter().all(|side| {
            !settles((side.instance.name, side.instance.rule), *other)
                && !settles(*other, (side.instance.name, side.instance.rule))
        });
        if free && clash.can(&applying) == Can::Yes {
            joint.push(next);
        }
    }
    if joint.len() > 2 {
        let all: Vec<Formula> = joint.iter().map(|side| side.both).collect();
        match clash.scene.ask(&mut clash.world, &all) {
            Answer::Unsatisfiable(core) if core.contains(&0) && core.len() > 1 => {
                let core: Vec<Instance<'p>> =
                    core.iter().filter_map(|at| joint.get(*at)).map(|side| side.instance.clone()).collect();
                found.extend(clash.told(&core));
            }
            Answer::Undecided(_) => found.extend(joint.last().map(|side| clash.open(side))),
            Answer::Unsatisfiable(_) | Answer::Satisfiable(_) => {}
        }
    }
    found
}

fn settles(one: Named<'_>, other: Named<'_>) -> bool {
    one.1.overrides.iter().any(|target| target.rule == other.0)
}

/// A constraint on the records that all of them share.
struct Side<'p> {
    instance: Instance<'p>,
    applies: Formula,
    /// It applies and is kept.
    both: Formula,
}

struct Clash<'p> {
    known: Rc<Known<'p>>,
    world: World<'p>,
    scene: Scene,
    /// The records that variables stand for, by what they range over: the second variable over the same stands for a second record.
    pool: BTreeMap<(String, usize), Value>,
}

impl<'p> Clash<'p> {
    fn new(known: &Rc<Known<'p>>) -> Clash<'p> {
        Clash { known: Rc::clone(known), world: world(known), scene: Scene::new(), pool: BTreeMap::new() }
    }

    fn can(&mut self, parts: &[Formula]) -> Can {
        self.scene.can(&mut self.world, parts)
    }

    /// A constraint on the shared records; `None` where it ranges over items, which are not shared, or can never be kept by itself.
    fn side(&mut self, named: Named<'p>) -> Option<Side<'p>> {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut values = Vec::new();
        for binder in &named.1.for_each {
            let Domain::Records(record) = &binder.over else { return None };
            let at = seen.entry(record).or_default();
            let key = (record.clone(), *at);
            *at += 1;
            let value = match self.pool.get(&key) {
                Some(value) => value.clone(),
                None => {
                    let object = self.world.object(record, Origin::Named(binder.var.clone()), true);
                    self.pool.insert(key, Value::Object(object));
                    Value::Object(object)
                }
            };
            values.push(value);
        }
        let instance = self.world.instance_of(0, named.0, named.1, &values);
        let at = self.world.anchor(&instance, None).1;
        let applies = self.world.applies(&self.known, &instance, Some(at), Rail::True);
        let free = self.world.not_overridden(&self.known, &instance, Some(at));
        let applies = self.world.store.and([applies, free]);
        let kept = self.world.ensured(&instance, Rail::True);
        let both = self.world.store.and([applies, kept]);
        let side = Side { instance, applies, both };
        if self.can(&[both]) == Can::Yes { Some(side) } else { None }
    }

    fn open(&self, side: &Side<'p>) -> Finding {
        undecided(side.instance.name, "whether the constraint can be kept together with others")
    }

    /// The finding, after all of the set were seen to apply in one situation.
    fn told(&mut self, set: &[Instance<'p>]) -> Option<Finding> {
        let mut applying = Vec::new();
        for instance in set {
            let at = self.world.anchor(instance, None).1;
            applying.push(self.world.applies(&self.known, instance, Some(at), Rail::True));
            applying.push(self.world.not_overridden(&self.known, instance, Some(at)));
        }
        let last = set.last()?;
        if self.can(&applying) == Can::No {
            return None;
        }
        self.scene.catch_up(&mut self.world);
        let mut wishes = applying.clone();
        wishes.extend(self.world.wishes());
        let model = match self.scene.session.prefer(&self.world.store, &applying, &wishes) {
            Answer::Satisfiable(model) => model,
            Answer::Unsatisfiable(_) => return None,
            Answer::Undecided(_) => return Some(undecided(last.name, "in which situation constraints clash")),
        };
        let model = self.world.rounded(&mut self.scene.session, model, &wishes);
        let draft = self.world.draft(&model, &BTreeSet::new());
        let names: BTreeSet<&str> = set.iter().map(|instance| instance.name).collect();
        let small = narrowed(&self.known, &names, &draft.types);
        let shown = replay(&small, &draft.facts, draft.as_of).filter(|shown| !shown.unrealistic);
        let mut outcomes = Vec::new();
        let mut expected: Vec<Expected<'_>> = Vec::new();
        let (mut applies, mut kept) = (true, 0);
        let weakest = set.iter().fold(last, |weak, other| {
            if yielding((weak.name, weak.rule), (other.name, other.rule)) == other.name { other } else { weak }
        });
        for instance in set {
            let subject = self.world.subject(instance, &draft);
            let judged = shown.as_ref().and_then(|s| s.of(instance.name, &subject).or(s.worst(instance.name)));
            let Some(judged) = judged else {
                applies = false;
                continue;
            };
            applies &= [Outcome::NotApplicable, Outcome::Exempt, Outcome::Overridden]
                .iter()
                .all(|outcome| !judged.possible.has(*outcome));
            kept += usize::from(judged.status == Status::Is(Outcome::Satisfied));
            outcomes.push((instance.name.to_owned(), outcome(judged)));
            let wanted = if instance.name == weakest.name { "overridden" } else { "satisfied" };
            expected.push((instance.name, subject, wanted));
        }
        let confirmed = applies && kept < set.len();
        if !confirmed && !self.world.beyond && !self.world.cut {
            return Some(undecided(last.name, "in which situation constraints clash"));
        }
        Some(self.finding(
            set,
            confirmed.then(|| {
                let title = set.iter().map(|i| short(i.name)).collect::<Vec<_>>().join(" and ");
                let origin = last.rule.origin.clone();
                situation(self.known.pack, &draft, format!("{title} meet"), origin, outcomes, &expected)
            }),
        ))
    }

    fn finding(&self, set: &[Instance<'p>], situation: Option<crate::finding::Situation>) -> Finding {
        let latest = set.iter().max_by_key(|instance| (&instance.rule.origin, instance.name));
        let at = latest.map_or("", |instance| instance.name);
        let others: Vec<&Instance<'p>> = set.iter().filter(|instance| instance.name != at).collect();
        let names: Vec<String> = others.iter().map(|instance| format!("`{}`", short(instance.name))).collect();
        let (code, can) = match situation {
            Some(_) => (&codes::E306, "cannot hold"),
            None => (&codes::N302, "may be unable to hold"),
        };
        Finding {
            code,
            at: Place::rule(at, Part::Norm),
            message: format!("`{}` and {} {can} together where all of them apply", short(at), names.join(" and ")),
            related: others
                .iter()
                .map(|i| (Place::rule(i.name, Part::Norm), "requires the contrary".to_owned()))
                .collect(),
            help: vec![
                "Change one of the limits, narrow the `when` of one of them, or say with `overrides` which one yields."
                    .to_owned(),
            ],
            situation,
        }
    }
}
