//! Two duties that cannot both be done (E302, W301): their acts exclude one another, or what is assumed leaves room for one record
//! only, and no record does for both.

use crate::abiding::{Judge, Learnt, ROUNDS, Strict, discharges, is_binding, kept};
use crate::clash::{Told, Way, demands_an_act, led, subject, ways_there, yielding};
use crate::clauses::undecided;
use crate::contest::number;
use crate::draft::Draft;
use crate::finding::{Finding, Part, Place};
use crate::known::Known;
use crate::replay::{Expected, is_broken, narrowed, outcome, replay, situation};
use crate::rule::{Instance, Span};
use crate::scene::{Can, Scene, world};
use crate::term::{Linear, ObjectId, Value};
use crate::world::{Origin, World};
use mandate_diagnostics::codes;
use mandate_logic::{Answer, Budget, Formula, Model, Session};
use mandate_pack::{Act, Domain, Expr, Node, Pack, Rule, short};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

type Named<'p> = (&'p str, &'p Rule);

/// Why two duties may be too much.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Why<'p> {
    /// Their acts are declared to exclude each other.
    Excluded,
    /// An assumption speaks of the records of a type that show both.
    Assumed(&'p str),
}

/// Pairs of duties that may be too much, the one declared earlier first.
pub(crate) fn pairs<'p>(known: &Known<'p>) -> Vec<(Named<'p>, Named<'p>, Why<'p>)> {
    let pack = known.pack;
    let mut pairs = Vec::new();
    let mut by_action: BTreeMap<&str, Vec<Named<'p>>> = BTreeMap::new();
    for (name, rule) in pack.rules.iter().filter(|(_, rule)| demands_an_act(rule)) {
        if let Act::Do { action, .. } = &rule.norm.act {
            by_action.entry(action).or_default().push((name, rule));
        }
    }
    for (action, excluded) in &known.excluded {
        for one in by_action.get(action).into_iter().flatten() {
            let others = excluded.iter().filter_map(|other| by_action.get(other)).flatten();
            pairs.extend(others.filter(|other| is_before(*one, **other)).map(|other| (*one, *other, Why::Excluded)));
        }
    }
    for record in assumed_of(pack) {
        let duties = known.duties.get(record).map(Vec::as_slice).unwrap_or_default();
        for one in duties {
            for other in duties.iter().filter(|other| is_before(*one, **other)) {
                pairs.push((*one, *other, Why::Assumed(record)));
            }
        }
    }
    pairs
}

fn is_before(one: Named<'_>, other: Named<'_>) -> bool {
    one.0 != other.0 && (&one.1.origin, one.0) < (&other.1.origin, other.0)
}

fn objects(instance: &Instance<'_>) -> Vec<ObjectId> {
    let objects = instance.bound.iter().filter_map(|value| match value {
        Value::Object(object) => Some(*object),
        _ => None,
    });
    objects.collect()
}

/// Types of records of which an assumption says how many or which there can be.
fn assumed_of(pack: &Pack) -> BTreeSet<&str> {
    let mut types = BTreeSet::new();
    for assumption in &pack.assumptions {
        // What is assumed of each record by itself leaves as many as there may be.
        let over: Vec<&str> = assumption.for_each.iter().filter_map(|binder| records(&binder.over)).collect();
        types.extend(over.iter().filter(|name| over.iter().filter(|other| other == name).count() > 1));
        for condition in assumption.when.iter().chain(&assumption.require) {
            ranges(&condition.expr, &mut types);
        }
    }
    types
}

fn records(domain: &Domain) -> Option<&str> {
    match domain {
        Domain::Records(name) => Some(name),
        Domain::Items(_) => None,
    }
}

fn ranges<'e>(expr: &'e Expr, types: &mut BTreeSet<&'e str>) {
    expr.visit(&mut |part| match &part.node {
        Node::Some { binder, .. }
        | Node::Every { binder, .. }
        | Node::Count { binder, .. }
        | Node::Share { binder, .. }
        | Node::Fold { binder, .. }
        | Node::Pick { binder, .. } => types.extend(records(&binder.over)),
        _ => {}
    });
}

/// Whether two duties cannot both be done.
pub(crate) fn both<'p>(known: &Rc<Known<'p>>, first: Named<'p>, second: Named<'p>, why: Why<'p>) -> Told {
    let mut judge = Judge::new(known);
    let findings = match settle(known, (first, second, why), None, &mut judge) {
        Settled::Never => Vec::new(),
        Settled::Open => {
            vec![undecided(second.0, &format!("whether both this and `{}` can be done", short(first.0)))]
        }
        Settled::Found(finding) => {
            let binding = first.1.norm.modal.is_binding() && second.1.norm.modal.is_binding();
            let ways = if binding { ways_there(known, first, second, None) } else { Vec::new() };
            let led =
                ways.into_iter().find_map(|way| match settle(known, (first, second, why), Some(way), &mut judge) {
                    Settled::Found(finding) => Some(finding),
                    Settled::Never | Settled::Open => None,
                });
            vec![*led.unwrap_or(finding)]
        }
    };
    Told { findings, around: judge.around }
}

enum Settled {
    Never,
    Open,
    Found(Box<Finding>),
}

fn settle<'p>(
    known: &Rc<Known<'p>>,
    (first, second, why): (Named<'p>, Named<'p>, Why<'p>),
    way: Option<Way<'p>>,
    judge: &mut Judge<'p>,
) -> Settled {
    let mut learnt = Learnt::default();
    for _ in 0..ROUNDS {
        let mut pair = Duties::new(known, first, second, way);
        let (model, base) = match pair.look(why, &learnt) {
            Looked::Never => return Settled::Never,
            Looked::Open => return Settled::Open,
            Looked::Found(model, base) => (*model, base),
        };
        let wishes = [base, pair.world.wishes()].concat();
        let model = pair.world.rounded(&mut pair.scene.session, model, &wishes);
        let draft = pair.world.draft(&model, &BTreeSet::new());
        let Some(broken) = pair.broken(judge, &model, &draft) else { return Settled::Open };
        if broken.is_empty() {
            return match pair.finding(why, &draft) {
                Some(finding) => Settled::Found(Box::new(finding)),
                None => Settled::Open,
            };
        }
        if !learnt.learn(broken) {
            return Settled::Open;
        }
    }
    Settled::Open
}

enum Looked {
    Never,
    Open,
    Found(Box<Model>, Vec<Formula>),
}

struct Duties<'p> {
    known: Rc<Known<'p>>,
    world: World<'p>,
    scene: Scene,
    first: Instance<'p>,
    second: Instance<'p>,
    way: Option<(Way<'p>, Instance<'p>)>,
    spans: Option<(Span, Span)>,
    /// What is wished of a situation before that it is simple.
    wished: Vec<Formula>,
}

impl<'p> Duties<'p> {
    fn new(known: &Rc<Known<'p>>, first: Named<'p>, second: Named<'p>, way: Option<Way<'p>>) -> Duties<'p> {
        let mut world = world(known);
        let first = world.instance(0, first.0, first.1);
        let second = world.instance(0, second.0, second.1);
        let way = way.map(|way| (way, world.instance(0, way.duty.0, way.duty.1)));
        Duties {
            known: Rc::clone(known),
            world,
            scene: Scene::new(),
            first,
            second,
            way,
            spans: None,
            wished: Vec::new(),
        }
    }

    fn look(&mut self, why: Why<'p>, learnt: &Learnt<'p>) -> Looked {
        let (first, second) = (self.first.clone(), self.second.clone());
        let world = &mut self.world;
        let spans = (world.span(&first, &first.rule.norm, None), world.span(&second, &second.rule.norm, None));
        self.spans = Some(spans);
        let (Some(one), Some(other)) = (spans.0.to, spans.1.to) else { return Looked::Never };
        let now = Linear::of(world.now);
        let mut base = vec![first.there, second.there, spans.0.known, spans.1.known];
        for (instance, span, to) in [(&first, spans.0, one), (&second, spans.1, other)] {
            base.push(world.active(&self.known, instance, span.to));
            base.push(world.at_most(to, now, -1));
            if let Some(from) = span.from {
                base.push(world.at_most(from, to, 0));
            }
        }
        if let Some((way, instance)) = &self.way {
            let of = if way.of_duty { &first } else { &second };
            let Some(parts) = led(world, &self.known, *way, instance, of) else { return Looked::Never };
            base.extend(parts);
        }
        // Rules are kept until the first of the two deadlines.
        let (sooner, later) = (world.at_most(one, other, 0), world.at_most(other, one, 0));
        for name in &learnt.demanded {
            let Some((name, rule)) = self.known.pack.rules.get_key_value(*name) else { return Looked::Open };
            for (is_first, until) in [(sooner, one), (later, other)] {
                let holds = kept(world, &self.known, name, rule, until);
                base.push(world.store.implies(is_first, holds));
            }
        }
        self.wished = learnt.wishes(world, &self.known);
        match why {
            Why::Excluded => {
                base.push(self.same_arguments());
                self.solve(base)
            }
            Why::Assumed(record) => self.crowded(base, record),
        }
    }

    fn solve(&mut self, base: Vec<Formula>) -> Looked {
        match self.scene.can(&mut self.world, &base) {
            Can::No => return Looked::Never,
            Can::Open => return Looked::Open,
            Can::Yes => {}
        }
        let wishes = [self.wished.as_slice(), &self.world.wishes()].concat();
        match self.scene.session.prefer(&self.world.store, &base, &wishes) {
            Answer::Satisfiable(model) => Looked::Found(Box::new(model), [base, self.wished.clone()].concat()),
            Answer::Unsatisfiable(_) => Looked::Never,
            Answer::Undecided(_) => Looked::Open,
        }
    }

    /// That both acts are about the same.
    fn same_arguments(&mut self) -> Formula {
        let mut all = Vec::new();
        if let (Act::Do { args: ours, .. }, Act::Do { args: theirs, .. }) =
            (&self.first.rule.norm.act, &self.second.rule.norm.act)
        {
            for (a, b) in ours.iter().zip(theirs) {
                all.push(self.world.equal_exprs(a, &self.first.env, b, &self.second.env));
            }
        }
        self.world.store.and(all)
    }

    /// That both duties are about the same records, type by type.
    fn same_records(&mut self) -> Formula {
        let mut all = Vec::new();
        let theirs: Vec<ObjectId> = objects(&self.second);
        for own in objects(&self.first) {
            let record = |world: &World<'_>, id: ObjectId| world.objects.get(id.0 as usize).map(|o| o.record.clone());
            let other = theirs.iter().find(|id| record(&self.world, **id) == record(&self.world, own));
            if let Some(other) = other {
                all.push(self.world.same(own, *other));
            }
        }
        self.world.store.and(all)
    }

    /// A situation in which no two records, and no single one, can be added that do for both. A few situations are tried: the duties
    /// are about the same records, the windows lie apart, both, and any. Nothing is claimed, and nothing denied, of others.
    fn crowded(&mut self, base: Vec<Formula>, record: &str) -> Looked {
        let Some((one, other)) = self.spans else { return Looked::Never };
        let before = self.world.objects.len();
        let (a, b) = (self.optional(record), self.optional(record));
        let exists: Vec<Formula> =
            [a, b].iter().filter_map(|id| self.world.objects.get(id.0 as usize)).map(|object| object.exists).collect();
        let absent: Vec<Formula> = exists.iter().map(|exists| !*exists).collect();
        let helps = self.helps(record, (a, b), (one, other), &exists);
        let mut apart = Vec::new();
        for (early, late) in [(one, other), (other, one)] {
            if let (Some(to), Some(from)) = (early.to, late.from) {
                apart.push(self.world.at_most(to, from, -1));
            }
        }
        let (apart, same) = (self.world.store.or(apart), self.same_records());
        let close = self.world.store.and([same, apart]);
        for extra in [same, close, apart, Formula::TRUE] {
            let mut all = base.clone();
            all.extend(absent.iter().copied().chain([extra]));
            match self.solve(all) {
                Looked::Never => {}
                Looked::Open => return Looked::Open,
                Looked::Found(model, all) => match self.help_exists(&model, before, &helps) {
                    Some(true) => {}
                    Some(false) => return Looked::Found(model, all),
                    None => return Looked::Open,
                },
            }
        }
        Looked::Never
    }

    /// A record that may be there or not.
    fn optional(&mut self, record: &str) -> ObjectId {
        let object = self.world.object(record, Origin::Named("act".to_owned()), true);
        let exists = self.world.store.boolean();
        if let Some(known) = self.world.objects.get_mut(object.0 as usize) {
            known.exists = exists;
        }
        object
    }

    fn helps(
        &mut self,
        record: &str,
        (a, b): (ObjectId, ObjectId),
        (one, other): (Span, Span),
        exists: &[Formula],
    ) -> Vec<Formula> {
        let (first, second) = (self.first.clone(), self.second.clone());
        let does_first = self.done_by(&first, record, a, one);
        let does_second = self.done_by(&second, record, b, other);
        let also = self.done_by(&second, record, a, other);
        let store = &mut self.world.store;
        let both_there = store.and(exists.iter().copied());
        let one_there = match exists {
            [here, there] => store.and([*here, !*there]),
            _ => Formula::FALSE,
        };
        vec![store.and([both_there, does_first, does_second]), store.and([one_there, does_first, also])]
    }

    fn done_by(&mut self, duty: &Instance<'p>, record: &str, act: ObjectId, span: Span) -> Formula {
        let norm = &duty.rule.norm;
        let world = &mut self.world;
        let Some((action, env)) = world.action(duty, norm) else { return Formula::FALSE };
        let mut any = Vec::new();
        for evidence in action.evidence.iter().filter(|evidence| evidence.record == record) {
            any.push(discharges(world, duty, norm, evidence, act, &env, span));
        }
        world.store.or(any)
    }

    /// Whether in the situation of a model records can be added that help.
    fn help_exists(&mut self, model: &Model, before: usize, helps: &[Formula]) -> Option<bool> {
        self.scene.catch_up(&mut self.world);
        // What was made for the acts can be as they need it.
        let fixed: BTreeSet<ObjectId> = (0..before).map(|at| ObjectId(at as u32)).collect();
        let pins = self.world.pins(model, &fixed, &BTreeSet::new());
        for help in helps {
            let mut session = Session::new(Budget::default());
            for formula in self.world.always.iter().chain(&pins) {
                session.assert(*formula);
            }
            match session.check_quick(&self.world.store, &[*help]) {
                Answer::Satisfiable(_) => return Some(true),
                Answer::Unsatisfiable(_) => {}
                Answer::Undecided(_) => return None,
            }
        }
        Some(false)
    }

    fn broken(&mut self, judge: &mut Judge<'p>, model: &Model, draft: &Draft) -> Option<BTreeSet<&'p str>> {
        let ends = self.spans.and_then(|(one, other)| Some((one.to?, other.to?)))?;
        let until = number(model, ends.0).min(number(model, ends.1));
        let mut broken =
            judge.broken(draft, until, Strict::Surely, &|finding, rule| is_binding(finding) && demands_an_act(rule))?;
        broken.extend(judge.broken(draft, draft.as_of, Strict::Surely, &|finding, rule| {
            is_binding(finding) && !demands_an_act(rule)
        })?);
        Some(broken)
    }

    /// The finding, after assessment found both duties broken where nobody acts.
    fn finding(&self, why: Why<'_>, draft: &Draft) -> Option<Finding> {
        let (first, second) = (self.first.name, self.second.name);
        let mut rules = BTreeSet::from([first, second]);
        rules.extend(self.way.as_ref().map(|(_, led)| led.name));
        let small = narrowed(&self.known, &rules, &draft.types);
        let replay = replay(&small, &draft.facts, draft.as_of)?;
        let keys = (subject(&self.first, draft), subject(&self.second, draft));
        let one = replay.of(first, &keys.0).or(replay.worst(first));
        let other = replay.of(second, &keys.1).or(replay.worst(second));
        if !is_broken(one) || !is_broken(other) || replay.unrealistic {
            return None;
        }
        let mut outcomes = Vec::new();
        if let Some((_, led)) = &self.way {
            let kept = replay.of(led.name, &subject(led, draft)).or(replay.worst(led.name));
            if is_broken(kept) {
                return None;
            }
            outcomes.extend(kept.map(|kept| (led.name.to_owned(), outcome(kept))));
        }
        for (name, finding) in [(first, one), (second, other)] {
            outcomes.extend(finding.map(|f| (name.to_owned(), format!("without the act: {}", outcome(f)))));
        }
        let yields = yielding((first, self.first.rule), (second, self.second.rule));
        let own = if yields == first { keys.0 } else { keys.1 };
        let expected: [Expected<'_>; 1] = [(yields, own, "overridden")];
        let title = format!("{} and {} meet", short(first), short(second));
        let origin = self.second.rule.origin.clone();
        let situation = situation(self.known.pack, draft, title, origin, outcomes, &expected);
        let binding = self.first.rule.norm.modal.is_binding() && self.second.rule.norm.modal.is_binding();
        let reason = match why {
            Why::Excluded => "their acts exclude each other",
            Why::Assumed(..) => "what is assumed leaves no room for the records that would show both",
        };
        let message = format!("`{}` and `{}` cannot both be done: {reason}", short(second), short(first));
        let mut related =
            vec![(Place::rule(first, Part::Norm), "demands the other act in the same situation".to_owned())];
        let wins = if yields == first { second } else { first };
        // What has less force behind it cannot override.
        let either = if self.first.rule.force == self.second.rule.force { ", or the other way round" } else { "" };
        let mut help = vec![format!(
            "Say which of the two yields: `overrides {}(...)` in `{}`{either}; or take the situation out of one of them with `unless`.",
            short(yields),
            short(wins)
        )];
        let (code, message) = match (&self.way, binding) {
            (Some((_, led)), _) => {
                related.insert(0, (Place::rule(led.name, Part::Norm), "whoever keeps this is led there".to_owned()));
                help.push(format!("Or let `{}` not lead there.", short(led.name)));
                (&codes::E305, format!("{message}, and whoever keeps `{}` is led there", short(led.name)))
            }
            (None, true) => (&codes::E302, message),
            (None, false) => (&codes::W301, message),
        };
        Some(Finding { code, at: Place::rule(second, Part::Norm), message, related, help, situation: Some(situation) })
    }
}
