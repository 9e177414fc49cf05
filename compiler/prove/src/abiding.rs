//! Histories in which rules are kept: what that asks of the records, and which rules a situation breaks.
//!
//! That a rule is kept is demanded only after assessment found it broken in a situation that was proposed: most rules have nothing to
//! do with it. What is demanded holds for all records there are, and only where it surely holds is a rule kept.

use crate::draft::Draft;
use crate::known::Known;
use crate::memo::Around;
use crate::replay::{narrowed, replay};
use crate::rule::{Done, Instance, Span, Then};
use crate::term::{Bound, Env, Linear, ObjectId, Rail, Range, Value};
use crate::world::{Body, World};
use mandate_assess::{Finding, Grade, Outcome, Status};
use mandate_logic::Formula;
use mandate_pack::{Act, Bearer, Condition, Domain, Evidence, Norm, Pack, Rule, RuleRef, Window};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Situations proposed at most before the question is left open.
pub(crate) const ROUNDS: usize = 24;

/// Rules that are broken in one situation from which on a situation is sought where they do not apply, and so many of them are tried.
const MANY: usize = 16;

/// What the situations of a search taught.
#[derive(Debug, Default)]
pub(crate) struct Learnt<'p> {
    /// Rules that are kept in the next situation.
    pub(crate) demanded: BTreeSet<&'p str>,
    /// Rules that had better not apply there at all: where a record of which little is known has most rules apply, one that is
    /// plainer shows the same, and keeping them all need not be reasoned about.
    avoided: Vec<&'p str>,
}

impl<'p> Learnt<'p> {
    /// Takes in which rules a situation broke; false where that teaches nothing new.
    pub(crate) fn learn(&mut self, broken: BTreeSet<&'p str>) -> bool {
        if broken.len() > MANY && self.avoided.is_empty() {
            let apart = broken.len() / MANY;
            self.avoided = broken.into_iter().step_by(apart).take(MANY).collect();
            return true;
        }
        let before = self.demanded.len();
        self.demanded.extend(broken);
        self.demanded.len() > before
    }

    /// What is wished of the next situation first of all.
    pub(crate) fn wishes(&self, world: &mut World<'p>, known: &Rc<Known<'p>>) -> Vec<Formula> {
        let rules = self.avoided.iter().filter_map(|name| known.pack.rules.get_key_value(*name));
        rules.map(|(name, rule)| idle(world, known, name, rule)).collect()
    }
}

/// That a rule is kept as of an instant, whatever records it is asked about. To be asserted only.
pub(crate) fn kept<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    name: &'p str,
    rule: &'p Rule,
    at: Linear,
) -> Formula {
    let known = Rc::clone(known);
    let then: Then<'p> = Rc::new(move |world, env| {
        let bound = rule.for_each.iter().map(|binder| match env.get(&binder.var) {
            Some(Bound::Value(cases)) => cases.first().map_or(Value::Beyond, |(_, value)| value.clone()),
            Some(Bound::Later(..)) | None => Value::Beyond,
        });
        let bound: Vec<Value> = bound.collect();
        let instance = world.named(0, name, rule, env.clone(), bound, Formula::TRUE);
        match &rule.norm.act {
            _ if rule.norm.modal == mandate_pack::Modal::May => Formula::TRUE,
            Act::Ensure(conditions) => constraint_kept(world, &known, &instance, conditions),
            Act::Do { .. } if rule.norm.modal.is_negative() => ban_kept(world, &known, &instance),
            Act::Do { .. } => duty_kept(world, &known, &instance, at),
        }
    });
    world.every_binding(&rule.for_each, &Env::new(0), &then)
}

/// That a rule surely asks for nothing, whatever records it is asked about. To be asserted only.
pub(crate) fn idle<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule) -> Formula {
    let known = Rc::clone(known);
    let then: Then<'p> = Rc::new(move |world, env| {
        let instance = world.named(0, name, rule, env.clone(), Vec::new(), Formula::TRUE);
        world.applies(&known, &instance, None, Rail::False)
    });
    world.every_binding(&rule.for_each, &Env::new(0), &then)
}

/// That an instance surely asks for nothing: it does not apply, or something overrides it.
fn spared<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, instance: &Instance<'p>, at: Option<Linear>) -> Formula {
    let idle = world.applies(known, instance, at, Rail::False);
    let overridden = overridden(world, known, instance, at, Rail::True);
    world.store.or([idle, overridden])
}

/// That some rule that overrides an instance is surely active at an instant, or not surely inactive.
pub(crate) fn overridden<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    instance: &Instance<'p>,
    at: Option<Linear>,
    rail: Rail,
) -> Formula {
    let mut any = Vec::new();
    for (name, _, target) in known.overriders.get(instance.name).cloned().unwrap_or_default() {
        any.push(overrider_active(world, known, instance, (name, target), at, rail));
    }
    world.store.or(any)
}

fn overrider_active<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    instance: &Instance<'p>,
    (name, target): (&'p str, &'p RuleRef),
    at: Option<Linear>,
    rail: Rail,
) -> Formula {
    let Some(rule) = known.pack.rules.get(name) else { return Formula::FALSE };
    let (side, bound, known) = (instance.side, instance.bound.clone(), Rc::clone(known));
    let then: Then<'p> = Rc::new(move |world, env| {
        let overrider = world.named(side, name, rule, env.clone(), Vec::new(), Formula::TRUE);
        let mut all = Vec::new();
        for (arg, value) in target.args.iter().zip(&bound) {
            let mut ways = Vec::new();
            for (guard, is) in world.cases(arg, &overrider.env) {
                let equal = world.equal_values(&is, value);
                ways.push(world.store.and([guard, equal]));
            }
            all.push(world.store.or(ways));
        }
        all.push(world.applies(&known, &overrider, at, rail));
        if rail == Rail::True {
            all.push(world.not_overridden(&known, &overrider, at));
            // A ban overrides only inside its own window.
            if rule.norm.modal.is_negative() && rule.norm.time.is_some() {
                let span = world.span(&overrider, &rule.norm, None);
                let inside = at.map(|at| Done { known: Formula::TRUE, from: at, last: at, to: None });
                all.push(world.in_time(inside, &span, false));
            }
        }
        world.store.and(all)
    });
    world.some_binding(&rule.for_each, &Env::new(side), &then)
}

fn constraint_kept<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    instance: &Instance<'p>,
    conditions: &'p [Condition],
) -> Formula {
    let env = constraint_env(world, instance);
    let mut all = Vec::new();
    for condition in conditions {
        all.push(world.truth(&condition.expr, &env, Rail::True));
    }
    let holds = world.store.and(all);
    let free = spared(world, known, instance, env.at);
    world.store.or([holds, free])
}

/// What a constraint is read by: its day, else the assessment.
pub(crate) fn constraint_env<'p>(world: &mut World<'p>, instance: &Instance<'p>) -> Env<'p> {
    match &instance.rule.on {
        Some(_) => {
            let (_, at) = world.anchor(instance, None);
            instance.env.reading_at(Some(at))
        }
        None => instance.env.clone(),
    }
}

fn ban_kept<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, instance: &Instance<'p>) -> Formula {
    let Some((action, env)) = world.action(instance, &instance.rule.norm) else { return Formula::TRUE };
    let mut all = Vec::new();
    for evidence in &action.evidence {
        let (instance, env, known) = (instance.clone(), env.clone(), Rc::clone(known));
        let body: Body<'p> = Rc::new(move |world, value| match value {
            Value::Object(act) => innocent(world, &known, &instance, evidence, *act, &env),
            _ => Formula::TRUE,
        });
        all.push(world.all(&Range::Records(evidence.record.clone()), &body));
    }
    world.store.and(all)
}

/// That one record surely is no breach of a ban that nobody repaired.
fn innocent<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    ban: &Instance<'p>,
    evidence: &'p Evidence,
    act: ObjectId,
    env: &Env<'p>,
) -> Formula {
    let norm = &ban.rule.norm;
    let done = world.done(evidence, act, env);
    let at = done.map(|done| done.from);
    let span = world.span(ban, norm, None);
    let outside = world.out_of_time(done, &span);
    let mut any = vec![
        world.shows(evidence, act, env, done, Rail::False),
        outside,
        not_performed_by(world, ban, norm, evidence, act, env, done),
        spared(world, known, ban, at),
    ];
    if let Some(done) = done {
        let repaired = repaired(world, ban, done.from);
        any.push(world.store.and([done.known, repaired]));
    }
    world.store.or(any)
}

/// That a record surely shows no act of the bearer of a norm.
fn not_performed_by<'p>(
    world: &mut World<'p>,
    instance: &Instance<'p>,
    norm: &'p Norm,
    evidence: &'p Evidence,
    act: ObjectId,
    env: &Env<'p>,
    done: Option<Done>,
) -> Formula {
    let Some(by) = &evidence.by else { return Formula::FALSE };
    let at = done.map(|done| done.from);
    let inside = env.with_object(&evidence.var, act).reading_at(at);
    let performer = world.cases(by, &inside);
    match &norm.bearer {
        Bearer::Everyone => Formula::FALSE,
        Bearer::Record(who) => {
            let bearer = world.cases(who, &instance.env);
            let mut any = Vec::new();
            for (here, a) in &performer {
                for (there, b) in &bearer {
                    let equal = world.equal_values(a, b);
                    let unequal = world.store.not(equal);
                    any.push(world.store.and([*here, *there, unequal]));
                }
            }
            world.store.or(any)
        }
        Bearer::Role { role, of } => {
            let object = match of {
                Some(of) => match world.cases(of, &instance.env).as_slice() {
                    [(_, Value::Object(object))] => Some(*object),
                    _ => return world.anything(),
                },
                None => None,
            };
            let known = world.known(&performer);
            let apart = no_holder(world, instance.side, role, object, &performer, at);
            world.store.and([known, apart])
        }
    }
}

/// That nobody of these surely holds a role at an instant.
fn no_holder<'p>(
    world: &mut World<'p>,
    side: usize,
    role: &str,
    of: Option<ObjectId>,
    who: &crate::term::Cases,
    at: Option<Linear>,
) -> Formula {
    let Some(pack) = world.pack(side) else { return Formula::FALSE };
    let mut all = Vec::new();
    for role in crate::rule::roles_within(pack, role) {
        let Some(held) = &role.held else { continue };
        let mut env = Env::new(side).reading_at(at);
        if let (Some(param), Some(object)) = (&role.of, of) {
            env = env.with_object(&param.name, object);
        }
        let who = who.clone();
        let then: Then<'p> = Rc::new(move |world, env| {
            let mut any = vec![world.truth(&held.condition, env, Rail::False)];
            let by = world.cases(&held.by, env);
            let equal = world.equal_cases(&by, &who);
            any.push(world.store.not(equal));
            if let (Some((from, to)), Some(at)) = (&held.during, at) {
                for (expr, starts) in [(from, true), (to, false)] {
                    for (guard, value) in world.cases(expr, env) {
                        let Value::Number(end) = value else { continue };
                        let outside = match starts {
                            true => world.at_most(at, end, -1),
                            false => world.at_most(end, at, 0),
                        };
                        any.push(world.store.and([guard, outside]));
                    }
                }
            }
            world.store.or(any)
        });
        all.push(world.every_binding(&held.binders, &env, &then));
    }
    world.store.and(all)
}

fn duty_kept<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, instance: &Instance<'p>, at: Linear) -> Formula {
    let norm = &instance.rule.norm;
    let span = world.span(instance, norm, None);
    let free = spared(world, known, instance, span.to);
    let mut any = vec![free];
    match &norm.time {
        Some(Window::Lasting(lasting)) => {
            // Not begun, or covered by one act.
            let gap = match &lasting.gap {
                Some(gap) => world.single(gap, &instance.env),
                None => Some(Linear::constant(0)),
            };
            if let (Some(from), Some(gap)) = (span.from, gap)
                && let Some(first) = from.sum(gap, 1)
            {
                let begun = world.at_most(at, first, 0);
                any.push(world.store.and([span.known, begun]));
            }
            any.push(covered(world, instance, norm, span, at));
        }
        Some(Window::Every(_)) => {
            // The first round is not due; or it was kept, and the second is not due.
            let length = match (span.from, span.to) {
                (Some(from), Some(to)) => to.sum(from, -1),
                _ => None,
            };
            if let Some(to) = span.to {
                let early = world.at_most(at, to, 0);
                any.push(world.store.and([span.known, early]));
                if let Some(second) = length.and_then(|length| to.sum(length, 1)) {
                    let done = discharged(world, instance, norm, span);
                    let early = world.at_most(at, second, 0);
                    any.push(world.store.and([span.known, done, early]));
                }
            }
        }
        _ => {
            match span.to {
                Some(to) => {
                    let early = world.at_most(at, to, 0);
                    any.push(world.store.and([span.known, early]));
                }
                None => any.push(span.known),
            }
            any.push(discharged(world, instance, norm, span));
        }
    }
    if let Some(to) = span.to {
        let repaired = repaired(world, instance, to);
        any.push(world.store.and([span.known, repaired]));
    }
    world.store.or(any)
}

/// That some record surely discharges a duty in time.
pub(crate) fn discharged<'p>(world: &mut World<'p>, instance: &Instance<'p>, norm: &'p Norm, span: Span) -> Formula {
    let Some((action, env)) = world.action(instance, norm) else { return Formula::FALSE };
    let mut any = Vec::new();
    for evidence in &action.evidence {
        let (instance, env) = (instance.clone(), env.clone());
        let body: Body<'p> = Rc::new(move |world, value| match value {
            Value::Object(act) => {
                world.lead(*act, &evidence.condition, &evidence.var, &env);
                discharges(world, &instance, norm, evidence, *act, &env, span)
            }
            _ => Formula::FALSE,
        });
        any.push(world.some(&Range::Records(evidence.record.clone()), &body));
    }
    world.store.or(any)
}

/// That a record surely discharges a duty in time.
pub(crate) fn discharges<'p>(
    world: &mut World<'p>,
    instance: &Instance<'p>,
    norm: &'p Norm,
    evidence: &'p Evidence,
    act: ObjectId,
    env: &Env<'p>,
    span: Span,
) -> Formula {
    let done = world.done(evidence, act, env);
    let all = [
        world.shows(evidence, act, env, done, Rail::True),
        world.in_time(done, &span, false),
        world.performed_by(instance, norm, evidence, act, env, done),
        world.past(done),
    ];
    world.store.and(all)
}

/// That one lasting act covers a period up to its end or an instant.
fn covered<'p>(world: &mut World<'p>, instance: &Instance<'p>, norm: &'p Norm, span: Span, at: Linear) -> Formula {
    let Some((action, env)) = world.action(instance, norm) else { return Formula::FALSE };
    let mut any = Vec::new();
    for evidence in &action.evidence {
        let (instance, env) = (instance.clone(), env.clone());
        let body: Body<'p> = Rc::new(move |world, value| {
            let Value::Object(act) = value else { return Formula::FALSE };
            world.lead(*act, &evidence.condition, &evidence.var, &env);
            let done = world.done(evidence, *act, &env);
            let Some(Done { known, from, to: Some(to), .. }) = done else { return Formula::FALSE };
            let mut all = vec![
                known,
                span.known,
                world.shows(evidence, *act, &env, done, Rail::True),
                world.performed_by(&instance, norm, evidence, *act, &env, done),
            ];
            if let Some(first) = span.from {
                all.push(world.at_most(from, first, 0));
            }
            let mut until = vec![world.at_most(at, to, 0)];
            if let Some(last) = span.to {
                until.push(world.at_most(last, to, -1));
            }
            all.push(world.store.or(until));
            world.store.and(all)
        });
        any.push(world.some(&Range::Records(evidence.record.clone()), &body));
    }
    world.store.or(any)
}

/// That some level of `otherwise` surely was kept after a breach.
fn repaired<'p>(world: &mut World<'p>, instance: &Instance<'p>, breach: Linear) -> Formula {
    let (mut any, mut start) = (Vec::new(), Some(breach));
    for level in &instance.rule.otherwise {
        let Some(from) = start else { break };
        let span = world.span(instance, level, Some(from));
        any.push(discharged(world, instance, level, span));
        start = span.to;
    }
    world.store.or(any)
}

/// Finds out which rules of a pack a situation breaks.
pub(crate) struct Judge<'p> {
    known: Rc<Known<'p>>,
    /// The pack with these rules and types of records only.
    narrow: Option<(BTreeSet<&'p str>, BTreeSet<String>, Pack)>,
    /// Types of the records that were ever there: rules about others cannot have been broken.
    pub(crate) around: Around,
}

/// What counts as broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strict {
    /// Surely broken.
    Surely,
    /// Not surely kept.
    Possibly,
}

impl<'p> Judge<'p> {
    pub(crate) fn new(known: &Rc<Known<'p>>) -> Judge<'p> {
        Judge { known: Rc::clone(known), narrow: None, around: Around::default() }
    }

    /// Rules that are broken as of an instant, of those that `which` picks, by name; `None` where the facts cannot be assessed.
    pub(crate) fn broken(
        &mut self,
        draft: &Draft,
        at: i64,
        strict: Strict,
        which: &dyn Fn(&Finding, &Rule) -> bool,
    ) -> Option<BTreeSet<&'p str>> {
        let findings = self.judged(draft, at, strict)?;
        let mut broken = BTreeSet::new();
        for finding in &findings {
            let Some((name, rule)) = self.known.pack.rules.get_key_value(finding.rule.as_str()) else { continue };
            let is = match strict {
                Strict::Surely => finding.status == Status::Is(Outcome::Violated),
                Strict::Possibly => finding.possible.has(Outcome::Violated),
            };
            if is && which(finding, rule) {
                broken.insert(name.as_str());
                self.around.broken.insert(name.clone());
            }
        }
        Some(broken)
    }

    /// What the rules that can have a say make of facts; `None` where they cannot be assessed or break an assumption.
    pub(crate) fn findings(&mut self, draft: &Draft, at: i64) -> Option<Vec<Finding>> {
        self.judged(draft, at, Strict::Possibly)
    }

    fn judged(&mut self, draft: &Draft, at: i64, strict: Strict) -> Option<Vec<Finding>> {
        let types: BTreeSet<String> = draft.types.clone();
        self.around.types.extend(types.iter().cloned());
        match strict {
            Strict::Surely => self.around.look(&draft.facts, at),
            Strict::Possibly => self.around.whole = true,
        }
        let pack = self.known.pack;
        let rules: Vec<(&'p String, &'p Rule)> = match strict {
            Strict::Possibly => pack.rules.iter().collect(),
            Strict::Surely => self.known.may_apply(&draft.facts).collect(),
        };
        let wanted: BTreeSet<&'p str> =
            rules.iter().filter(|(_, rule)| is_about(rule, &types)).map(|(name, _)| name.as_str()).collect();
        let fits = |known: &(BTreeSet<&'p str>, BTreeSet<String>, Pack)| known.0 == wanted && known.1 == types;
        if !self.narrow.as_ref().is_some_and(fits) {
            let narrow = narrowed(&self.known, &wanted, &types);
            self.narrow = Some((wanted, types, narrow));
        }
        let (_, _, narrow) = self.narrow.as_ref()?;
        let replay = replay(narrow, &draft.facts, at)?;
        if replay.unrealistic { None } else { Some(replay.into_findings()) }
    }
}

/// Whether a rule can say anything about records of these types.
pub(crate) fn is_about(rule: &Rule, types: &BTreeSet<String>) -> bool {
    rule.for_each.iter().all(|binder| match &binder.over {
        Domain::Records(name) => types.contains(name),
        Domain::Items(_) => true,
    })
}

/// Whether a finding weighs as a breach of what binds.
pub(crate) fn is_binding(finding: &Finding) -> bool {
    finding.weighs == Grade::Violation || finding.grade == Grade::Violation
}
