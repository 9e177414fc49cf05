//! What stands in the way of a duty: a prohibition that the same records breach (E301), or a rule about the very record that would
//! discharge it (E304). Of recommendations it is W301.

use crate::abiding::{constraint_env, overridden};
use crate::clash::{Case, Told, told};
use crate::contest::{About, Way};
use crate::known::Known;
use crate::memo::Around;
use crate::rule::{Done, Instance, Span, Then};
use crate::term::{Bound, Env, Linear, ObjectId, Rail, Value};
use crate::world::World;
use mandate_logic::Formula;
use mandate_pack::{Act, Bearer, Comparison, Domain, Evidence, EvidenceTime, Expr, Node, Norm, Pack, Rule};
use std::collections::BTreeSet;
use std::rc::Rc;

type Named<'p> = (&'p str, &'p Rule);

/// A duty beside a prohibition that its records may breach.
pub(crate) fn forbidden<'p>(known: &Rc<Known<'p>>, duty: Named<'p>, ban: Named<'p>) -> Told {
    let pack = known.pack;
    let actions = (crate::rule::action_of(pack, duty.1), crate::rule::action_of(pack, ban.1));
    let (Some(owed), Some(barred)) = actions else { return Told::default() };
    let meets = |evidence: &&'p Evidence| {
        let mut others = barred.evidence.iter().filter(|other| other.record == evidence.record);
        others.any(|other| concerns(pack, evidence, other))
    };
    let mut around = Around::default();
    for evidence in owed.evidence.iter().filter(meets) {
        let answer = told(known, Case { duty, other: ban, evidence, slot: None });
        around.append(answer.around);
        if !answer.findings.is_empty() {
            return Told { findings: answer.findings, around };
        }
    }
    Told { findings: Vec::new(), around }
}

/// A duty beside a rule about records by which it is discharged.
pub(crate) fn breaking<'p>(known: &Rc<Known<'p>>, duty: Named<'p>, other: Named<'p>) -> Told {
    let Some(owed) = crate::rule::action_of(known.pack, duty.1) else { return Told::default() };
    let mut around = Around::default();
    for evidence in &owed.evidence {
        for (slot, binder) in other.1.for_each.iter().enumerate() {
            let is_case = matches!(&binder.over, Domain::Records(name) if *name == evidence.record);
            if !is_case || !touches(known.pack, evidence, other.1, &binder.var) {
                continue;
            }
            let answer = told(known, Case { duty, other, evidence, slot: Some(slot) });
            around.append(answer.around);
            if !answer.findings.is_empty() {
                return Told { findings: answer.findings, around };
            }
        }
    }
    Told { findings: Vec::new(), around }
}

/// Whether a rule asks about something of a record that its being evidence settles: what is left open can be as the rule wants it.
fn touches(pack: &Pack, evidence: &Evidence, rule: &Rule, var: &str) -> bool {
    let settled = telling(pack, evidence);
    let mut asked = Reads::default();
    let conditions = rule.when.iter().chain(&rule.unless).map(|condition| &condition.expr);
    conditions.chain(rule.lets.iter().map(|l| &l.value)).for_each(|expr| asked.read(expr, var));
    match &rule.norm.act {
        Act::Ensure(conditions) => conditions.iter().for_each(|condition| asked.read(&condition.expr, var)),
        Act::Do { .. } => {
            let barred = crate::rule::action_of(pack, rule).into_iter().flat_map(|action| &action.evidence);
            return barred.filter(|other| other.record == evidence.record).any(|other| concerns(pack, evidence, other))
                || !barred_by(pack, rule, &evidence.record);
        }
    }
    settled.whole || asked.whole || !settled.fields.is_disjoint(&asked.fields)
}

/// Whether records of a type are cases of what a rule forbids.
fn barred_by(pack: &Pack, rule: &Rule, record: &str) -> bool {
    crate::rule::action_of(pack, rule).is_some_and(|action| action.evidence.iter().any(|other| other.record == record))
}

/// Whether doing an act has anything to do with another one that records of the same type show. Where a record that is there
/// already tells the act, as in `where e == o at e.returned_on`, it has not if the other one is told by other fields.
fn concerns(pack: &Pack, evidence: &Evidence, other: &Evidence) -> bool {
    let mut is_there = false;
    evidence.condition.visit(&mut |part| {
        if let Node::Compare { op: Comparison::Eq, left, right } = &part.node {
            is_there |= [left, right].iter().any(|side| matches!(&side.node, Node::Var(name) if *name == evidence.var));
        }
    });
    !is_there || !telling(pack, evidence).fields.is_disjoint(&telling(pack, other).fields)
}

/// Which fields of a record tell that it shows an act.
pub(crate) fn telling(pack: &Pack, evidence: &Evidence) -> Reads {
    let mut settled = Reads::default();
    settled.read(&evidence.condition, &evidence.var);
    evidence.by.iter().for_each(|by| settled.read(by, &evidence.var));
    match &evidence.at {
        Some(EvidenceTime::At(at)) => settled.read(at, &evidence.var),
        Some(EvidenceTime::During(from, to)) => {
            settled.read(from, &evidence.var);
            settled.read(to, &evidence.var);
        }
        None => {
            let dated = pack.records.get(&evidence.record).and_then(|record| record.dated.as_ref());
            settled.fields.extend(match dated {
                Some(mandate_pack::Dated::At(at)) => vec![at.clone()],
                Some(mandate_pack::Dated::During(from, to)) => vec![from.clone(), to.clone()],
                None => Vec::new(),
            });
        }
    }
    settled
}

/// Which fields of a record expressions read.
#[derive(Default)]
pub(crate) struct Reads {
    pub(crate) fields: BTreeSet<String>,
    /// The record itself is passed on.
    whole: bool,
}

impl Reads {
    fn read(&mut self, expr: &Expr, var: &str) {
        let (mut named, mut led) = (0, 0);
        expr.visit(&mut |part| match &part.node {
            Node::Var(name) if name == var => named += 1,
            Node::Field { of, name, .. } if matches!(&of.node, Node::Var(of) if of == var) => {
                led += 1;
                self.fields.insert(name.clone());
            }
            _ => {}
        });
        self.whole |= named > led;
    }
}

/// Whether something surely breaks a rule, or not surely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Breaks,
    Spared,
}

/// What stands in the way of a duty.
#[derive(Debug, Clone)]
pub(crate) struct Obstacle<'p> {
    pub(crate) rule: Instance<'p>,
    /// The variable of the rule that the act's record is; absent: the record is a case of the act it forbids.
    pub(crate) slot: Option<usize>,
}

impl<'p> Obstacle<'p> {
    /// That an act surely breaks the rule, or that it does not surely. To be asserted only.
    pub(crate) fn breaks(&self, world: &mut World<'p>, known: &Rc<Known<'p>>, act: ObjectId, side: Side) -> Formula {
        let Some(slot) = self.slot else {
            return case_breaks(world, known, &self.rule, act, side);
        };
        let (instance, known) = (self.rule.clone(), Rc::clone(known));
        let (name, rule, own) = (instance.name, instance.rule, instance.side);
        let then: Then<'p> = Rc::new(move |world, env| {
            let bound: Vec<Value> = rule.for_each.iter().map(|binder| value_of(env, &binder.var)).collect();
            let instance = world.named(own, name, rule, env.clone(), bound, Formula::TRUE);
            own_breaks(world, &known, &instance, act, side)
        });
        bind_rest(world, rule, slot, act, 0, &Env::new(own), &then, side)
    }

    /// That the act, which is the rule's own record where it has a slot, surely breaks this very instance.
    pub(crate) fn broken_by(&self, world: &mut World<'p>, known: &Rc<Known<'p>>, act: ObjectId) -> Formula {
        match self.slot {
            None => case_breaks(world, known, &self.rule, act, Side::Breaks),
            Some(_) => own_breaks(world, known, &self.rule, act, Side::Breaks),
        }
    }
}

fn value_of(env: &Env<'_>, var: &str) -> Value {
    match env.get(var) {
        Some(Bound::Value(cases)) => cases.first().map_or(Value::Beyond, |(_, value)| value.clone()),
        Some(Bound::Later(..)) | None => Value::Beyond,
    }
}

/// Binds the variables of a rule, one of which is the act: some binding breaks it, or none does.
#[expect(clippy::too_many_arguments, reason = "one step of a recursion over variables")]
fn bind_rest<'p>(
    world: &mut World<'p>,
    rule: &'p Rule,
    slot: usize,
    act: ObjectId,
    from: usize,
    env: &Env<'p>,
    then: &Then<'p>,
    side: Side,
) -> Formula {
    let Some(binder) = rule.for_each.get(from) else { return then(world, env) };
    if from == slot {
        let inside = env.with_object(&binder.var, act);
        return bind_rest(world, rule, slot, act, from + 1, &inside, then, side);
    }
    let then = Rc::clone(then);
    let next: Then<'p> = Rc::new(move |world, env| bind_rest(world, rule, slot, act, from + 1, env, &then, side));
    let one = std::slice::from_ref(binder);
    match side {
        Side::Breaks => world.some_binding(one, env, &next),
        Side::Spared => world.every_binding(one, env, &next),
    }
}

/// That a rule about a record, on this record, is surely broken or not surely.
fn own_breaks<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    instance: &Instance<'p>,
    act: ObjectId,
    side: Side,
) -> Formula {
    let Act::Ensure(conditions) = &instance.rule.norm.act else {
        return case_breaks(world, known, instance, act, side);
    };
    let env = constraint_env(world, instance);
    let rail = if side == Side::Breaks { Rail::False } else { Rail::MaybeTrue };
    let parts: Vec<Formula> = conditions.iter().map(|condition| world.truth(&condition.expr, &env, rail)).collect();
    match side {
        Side::Breaks => {
            let fails = world.store.or(parts);
            let active = world.active(known, instance, env.at);
            world.store.and([active, fails])
        }
        Side::Spared => {
            let holds = world.store.and(parts);
            let free = inactive(world, known, instance, env.at);
            world.store.or([holds, free])
        }
    }
}

/// That an instance does not surely bind: it may not apply, or something may override it.
fn inactive<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, instance: &Instance<'p>, at: Option<Linear>) -> Formula {
    let idle = world.applies(known, instance, at, Rail::MaybeFalse);
    let overridden = overridden(world, known, instance, at, Rail::MaybeTrue);
    world.store.or([idle, overridden])
}

/// That an act surely breaks a prohibition, or that it does not surely.
fn case_breaks<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    ban: &Instance<'p>,
    act: ObjectId,
    side: Side,
) -> Formula {
    let nothing = if side == Side::Breaks { Formula::FALSE } else { Formula::TRUE };
    let Some(record) = world.objects.get(act.0 as usize).map(|object| object.record.clone()) else { return nothing };
    let Some((action, env)) = world.action(ban, &ban.rule.norm) else { return nothing };
    let mut ways = Vec::new();
    for evidence in action.evidence.iter().filter(|evidence| evidence.record == record) {
        let done = world.done(evidence, act, &env);
        let span = world.span(ban, &ban.rule.norm, None);
        let at = done.map(|done| done.from);
        let in_time = world.in_time(done, &span, true);
        ways.push(match side {
            Side::Breaks => {
                let shows = world.shows(evidence, act, &env, done, Rail::True);
                let active = world.active(known, ban, at);
                let by = by_record(world, ban, &ban.rule.norm, evidence, act, &env, done);
                let past = world.past(done);
                world.store.and([in_time, shows, active, by, past])
            }
            Side::Spared => {
                let shown = world.shows(evidence, act, &env, done, Rail::MaybeFalse);
                let out = world.store.not(in_time);
                let free = inactive(world, known, ban, at);
                let by = by_record(world, ban, &ban.rule.norm, evidence, act, &env, done);
                let other = world.store.not(by);
                world.store.or([out, shown, free, other])
            }
        });
    }
    match side {
        Side::Breaks => world.store.or(ways),
        Side::Spared => world.store.and(ways),
    }
}

/// A stretch of a period that a lasting duty may not leave uncovered, both ends included.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stretch {
    pub(crate) from: Linear,
    pub(crate) to: Linear,
}

/// That an act counts: in the time of the duty, or, where the duty lasts, in the stretch looked at.
fn timely(world: &mut World<'_>, done: Option<Done>, span: &Span, stretch: Option<Stretch>) -> Formula {
    let Some(Stretch { from, to }) = stretch else { return world.in_time(done, span, false) };
    let Some(Done { known, from: begun, to: Some(ended), .. }) = done else { return Formula::FALSE };
    let parts = [known, world.at_most(begun, to, 0), world.at_most(from, ended, -1)];
    world.store.and(parts)
}

/// The ways to discharge a duty without breaking a rule.
pub(crate) fn ways<'p>(
    world: &World<'p>,
    known: &Rc<Known<'p>>,
    duty: &Instance<'p>,
    norm: &'p Norm,
    span: Span,
    stretch: Option<Stretch>,
    obstacle: &Obstacle<'p>,
) -> Option<Vec<Way<'p>>> {
    let (action, env) = world.action(duty, norm)?;
    let mut ways = Vec::new();
    for evidence in &action.evidence {
        let (owed, inside, standing, around) = (duty.clone(), env.clone(), obstacle.clone(), Rc::clone(known));
        let helps: About<'p> = Rc::new(move |world, act| {
            let done = world.done(evidence, act, &inside);
            let shows = world.shows(evidence, act, &inside, done, Rail::True);
            let in_time = timely(world, done, &span, stretch);
            let by = by_record(world, &owed, norm, evidence, act, &inside, done);
            let spared = standing.breaks(world, &around, act, Side::Spared);
            world.store.and([shows, in_time, by, spared])
        });
        let (owed, inside, standing, around) = (duty.clone(), env.clone(), obstacle.clone(), Rc::clone(known));
        let fails: About<'p> = Rc::new(move |world, act| {
            let done = world.done(evidence, act, &inside);
            let shown = world.shows(evidence, act, &inside, done, Rail::MaybeFalse);
            let in_time = timely(world, done, &span, stretch);
            let late = world.store.not(in_time);
            let by = by_record(world, &owed, norm, evidence, act, &inside, done);
            let other = world.store.not(by);
            let broken = standing.breaks(world, &around, act, Side::Breaks);
            world.store.or([shown, late, other, broken])
        });
        ways.push(Way { record: evidence.record.clone(), helps, fails });
    }
    Some(ways)
}

/// That an act is surely done by whom a norm binds, where this is a matter of one record; who holds a role can always be arranged.
fn by_record<'p>(
    world: &mut World<'p>,
    instance: &Instance<'p>,
    norm: &'p Norm,
    evidence: &'p Evidence,
    act: ObjectId,
    env: &Env<'p>,
    done: Option<Done>,
) -> Formula {
    match &norm.bearer {
        Bearer::Record(_) => world.performed_by(instance, norm, evidence, act, env, done),
        Bearer::Everyone | Bearer::Role { .. } => Formula::TRUE,
    }
}

/// That whoever owes a duty is bound by a prohibition, too, wherever it matters who acted.
pub(crate) fn binds_both<'p>(
    world: &mut World<'p>,
    known: &Known<'p>,
    duty: &Instance<'p>,
    evidence: &Evidence,
    ban: &Instance<'p>,
) -> Formula {
    let Some(barred) = crate::rule::action_of(known.pack, ban.rule) else { return Formula::TRUE };
    let mut cases = barred.evidence.iter().filter(|other| other.record == evidence.record);
    if cases.any(|other| other.by.is_none()) {
        return Formula::TRUE;
    }
    // Anybody's act discharges the duty: somebody can do it who is not bound by the ban.
    if evidence.by.is_none() && !matches!(ban.rule.norm.bearer, Bearer::Everyone) {
        return Formula::FALSE;
    }
    world.within_bearer(known, (duty, &duty.rule.norm), (ban, &ban.rule.norm))
}
