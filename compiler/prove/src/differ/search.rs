//! Situations in which two rules part, looked for by the solver: both rules over the same records, each by the declarations of its pack.
//!
//! Every question says what one rule makes of a situation and what the other one does not. A question without an answer proves that
//! there is no such situation; a situation is only a proposal, which both packs are asked about before anybody hears of it.

use super::model::Aspect;
use super::order::{Parts, Proven};
use crate::draft::Draft;
use crate::forbidden::{Obstacle, Side};
use crate::known::Known;
use crate::rule::{Done, Instance, Span, is_duty};
use crate::scene::{Can, Scene, assume};
use crate::term::{Bound, Env, Linear, ObjectId, Rail, Value};
use crate::world::World;
use mandate_logic::{Answer, Formula};
use mandate_pack::{Act, Condition, Evidence, Expr, Norm, Pack, Rule, short};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Seconds of a year, by which a situation is looked at later than it has to be.
const LATER: i64 = 366 * 86_400;

/// Both packs, with what is looked up in them.
pub(crate) struct Search<'p> {
    pub(crate) known: [Rc<Known<'p>>; 2],
}

/// What the solver says of two rules.
#[derive(Debug, Default)]
pub(crate) struct Searched {
    /// Situations that may show a difference, the likeliest first.
    pub(crate) drafts: Vec<Draft>,
    /// A question was given up before it was answered.
    pub(crate) given_up: bool,
    /// Part of the rules is beyond the reasoning.
    pub(crate) beyond: bool,
}

/// Two rules on the same records.
struct Pair<'p> {
    known: [Rc<Known<'p>>; 2],
    world: World<'p>,
    scene: Scene,
    rules: [Instance<'p>; 2],
    found: Searched,
}

impl<'p> Search<'p> {
    pub(crate) fn new(old: &'p Pack, new: &'p Pack) -> Self {
        Search { known: [Rc::new(Known::new(old)), Rc::new(Known::new(new))] }
    }

    fn pair(&self, old: (&'p str, &'p Rule), new: (&'p str, &'p Rule)) -> Pair<'p> {
        let mut world = World::new(&[self.known[0].pack, self.known[1].pack]);
        assume(&mut world, &self.known[0], 0);
        assume(&mut world, &self.known[1], 1);
        let first = world.instance(0, old.0, old.1);
        let second = world.instance_of(1, new.0, new.1, &first.bound);
        Pair {
            known: [Rc::clone(&self.known[0]), Rc::clone(&self.known[1])],
            world,
            scene: Scene::new(),
            rules: [first, second],
            found: Searched::default(),
        }
    }

    /// What can be proven beyond the form of the conditions.
    pub(crate) fn prove(
        &self,
        old: (&'p str, &'p Rule),
        new: (&'p str, &'p Rule),
        parts: &mut Parts,
        proven: &mut BTreeMap<Aspect, Proven>,
    ) {
        if parts.when_comparable && !parts.when.same {
            let better = self.pair(old, new).conditions(Clause::When);
            parts.when = parts.when.or(better);
        }
        if parts.unless_comparable && !parts.unless.same {
            let better = self.pair(old, new).conditions(Clause::Unless);
            parts.unless = parts.unless.or(better);
        }
        if let Some(applicability) = proven.get_mut(&Aspect::Applicability) {
            *applicability = applicability.or(parts.applicability());
        }
        let alike = is_duty(old.1.norm.modal) == is_duty(new.1.norm.modal);
        if let Some(act) = proven.get_mut(&Aspect::Evidence).filter(|act| alike && !act.same) {
            let better = match (&old.1.norm.act, &new.1.norm.act) {
                (Act::Ensure(_), Act::Ensure(_)) if parts.conditions_comparable => {
                    self.pair(old, new).conditions(Clause::Require)
                }
                _ => Proven::NOTHING,
            };
            *act = act.or(better);
        }
        if let Some(due) = proven.get_mut(&Aspect::Due).filter(|due| alike && !due.same) {
            *due = due.or(self.pair(old, new).due());
        }
    }

    /// Situations in which a rule of the old pack is broken.
    pub(crate) fn broken(&self, rule: (&'p str, &'p Rule)) -> Searched {
        let alone = Search { known: [Rc::clone(&self.known[0]), Rc::clone(&self.known[0])] };
        let mut pair = alone.pair(rule, rule);
        let rules = pair.rules.clone();
        if let Some((base, _, act)) = pair.both_broken(&rules) {
            pair.ask(&base, &act.into_iter().collect());
        }
        pair.found
    }

    /// Situations in which the rules may part in one of some aspects.
    pub(crate) fn drafts(
        &self,
        old: (&'p str, &'p Rule),
        new: (&'p str, &'p Rule),
        differ: &BTreeSet<Aspect>,
    ) -> Searched {
        let mut pair = self.pair(old, new);
        pair.questions(differ);
        pair.found.beyond = pair.world.beyond || pair.world.cut;
        pair.found
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clause {
    When,
    Unless,
    Require,
}

impl<'p> Pair<'p> {
    /// What is proven of one list of conditions against the other.
    fn conditions(mut self, clause: Clause) -> Proven {
        let mut rails = Vec::new();
        for side in [0, 1] {
            let rule = self.rules[side].rule;
            let (conditions, at): (&'p [Condition], Option<Linear>) = match clause {
                Clause::When => (&rule.when, Some(self.world.anchor(&self.rules[side].clone(), None).1)),
                Clause::Unless => (&rule.unless, None),
                Clause::Require => match &rule.norm.act {
                    Act::Ensure(conditions) => (conditions, None),
                    Act::Do { .. } => return Proven::NOTHING,
                },
            };
            let env = self.rules[side].env.reading_at(at);
            let any = clause == Clause::Unless;
            rails.push([Rail::True, Rail::False, Rail::MaybeTrue, Rail::MaybeFalse].map(|rail| {
                let parts: Vec<Formula> = conditions.iter().map(|c| self.world.truth(&c.expr, &env, rail)).collect();
                if any == rail.is_true() { self.world.store.or(parts) } else { self.world.store.and(parts) }
            }));
        }
        let [old, new] = match <[[Formula; 4]; 2]>::try_from(rails) {
            Ok(both) => both,
            Err(_) => return Proven::NOTHING,
        };
        let mut never = |one: Formula, other: Formula| self.never(&[one, other]);
        let (true_in_new, true_in_old) = (never(old[0], new[3]), never(new[0], old[3]));
        let (false_in_new, false_in_old) = (never(old[1], new[2]), never(new[1], old[2]));
        let same = true_in_new && true_in_old && false_in_new && false_in_old;
        let (no_weaker, no_stricter) = match clause {
            Clause::When => (true_in_new, true_in_old),
            Clause::Unless | Clause::Require => (false_in_new, false_in_old),
        };
        Proven { same, no_weaker, no_stricter }
    }

    /// Whether formulas can never hold together; `false` where that is not shown.
    fn never(&mut self, formulas: &[Formula]) -> bool {
        self.scene.can(&mut self.world, formulas) == Can::No && !self.world.cut
    }

    fn spans(&mut self) -> [Span; 2] {
        let rules = self.rules.clone();
        [0, 1].map(|side| self.world.span(&rules[side], &rules[side].rule.norm, None))
    }

    /// What is proven of the windows of both.
    fn due(mut self) -> Proven {
        let [old, new] = self.spans();
        if old.rough || new.rough || self.rules.iter().any(|rule| !is_plain(&rule.rule.norm)) {
            return Proven::NOTHING;
        }
        let negative = self.rules[0].rule.norm.modal.is_negative();
        let (into_old, into_new) = (self.lies_in(new, old), self.lies_in(old, new));
        let (no_weaker, no_stricter) = if negative { (into_new, into_old) } else { (into_old, into_new) };
        Proven { same: false, no_weaker, no_stricter }
    }

    /// Whether one window always lies in the other one.
    fn lies_in(&mut self, inner: Span, outer: Span) -> bool {
        let known = [inner.known, outer.known];
        let starts = match (outer.from, inner.from) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(outer), Some(inner)) => {
                let before = self.world.at_most(inner, outer, -1);
                self.never(&[known[0], known[1], before])
            }
        };
        let ends = match (inner.to, outer.to) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(inner), Some(outer)) => {
                let after = self.world.at_most(outer, inner, -1);
                self.never(&[known[0], known[1], after])
            }
        };
        let unknown = self.world.store.not(inner.known);
        starts && ends && (self.never(&[outer.known, unknown]))
    }

    /// Asks for a situation in which formulas hold; of acts that are only imagined it has those named.
    fn ask(&mut self, base: &[Formula], acts: &BTreeSet<ObjectId>) {
        if base.contains(&Formula::FALSE) {
            return;
        }
        self.scene.catch_up(&mut self.world);
        let wishes = self.world.wishes();
        match self.scene.session.prefer(&self.world.store, base, &wishes) {
            Answer::Satisfiable(model) => {
                let all: Vec<Formula> = base.iter().chain(&wishes).copied().collect();
                let model = self.world.rounded(&mut self.scene.session, model, &all);
                self.found.drafts.push(self.world.draft(&model, acts));
            }
            Answer::Unsatisfiable(_) => {}
            Answer::Undecided(_) => self.found.given_up = true,
        }
    }

    fn questions(&mut self, differ: &BTreeSet<Aspect>) {
        let rules = self.rules.clone();
        let negative = [0, 1].map(|side| rules[side].rule.norm.modal.is_negative());
        let about = |aspects: &[Aspect]| aspects.iter().any(|aspect| differ.contains(aspect));
        if negative == [true, true] {
            self.bans(&rules);
        } else if matches!(rules[0].rule.norm.act, Act::Ensure(_)) {
            self.states(&rules);
        } else {
            self.duties(&rules, differ);
        }
        if about(&[Aspect::Applicability]) {
            self.unclear(&rules);
        }
        if about(&[Aspect::Waiver]) {
            (0..2).for_each(|side| self.waived(&rules, side));
        }
        if about(&[Aspect::Priority]) {
            (0..2).for_each(|side| self.overridden(&rules, side));
        }
    }

    /// That a rule is broken by doing nothing until now.
    fn overdue(&mut self, side: usize, span: Span) -> Vec<Formula> {
        self.overdue_by(side, span, span.rough)
    }

    /// As [`Pair::overdue`]; `far`: well after the end, which the solver does not know exactly.
    fn overdue_by(&mut self, side: usize, span: Span, far: bool) -> Vec<Formula> {
        let now = Linear::of(self.world.now);
        let rule = self.rules[side].clone();
        let active = self.world.active(&self.known[side].clone(), &rule, None);
        let mut parts = vec![active, span.known];
        parts.push(match (span.to.filter(|_| !far), &rule.rule.norm.time) {
            (Some(to), _) => self.world.at_most(to, now, -1),
            (None, None) => Formula::TRUE,
            // A month, a round: passed after some years.
            (None, Some(_)) => {
                let (known, start) = self.world.anchor(&rule, None);
                let passed = start.shifted(3 * LATER).map_or(Formula::FALSE, |end| self.world.at_most(end, now, 0));
                self.world.store.and([known, passed])
            }
        });
        if let Act::Ensure(conditions) = &rule.rule.norm.act {
            parts.push(self.fails(&rule, conditions));
        }
        parts
    }

    /// That one of the conditions is surely false.
    fn fails(&mut self, rule: &Instance<'p>, conditions: &'p [Condition]) -> Formula {
        let any: Vec<Formula> = conditions.iter().map(|c| self.world.truth(&c.expr, &rule.env, Rail::False)).collect();
        self.world.store.or(any)
    }

    fn inactive(&mut self, side: usize, act: Option<Linear>, rail: Rail) -> Formula {
        let rule = self.rules[side].clone();
        self.world.applies(&self.known[side].clone(), &rule, act, rail)
    }

    fn duties(&mut self, rules: &[Instance<'p>; 2], differ: &BTreeSet<Aspect>) {
        let none = BTreeSet::new();
        let spans = self.spans();
        let now = Linear::of(self.world.now);
        for (one, other) in [(0, 1), (1, 0)] {
            let broken = self.overdue(one, spans[one]);
            if differ.contains(&Aspect::Applicability) {
                for rail in [Rail::False, Rail::MaybeFalse] {
                    let idle = self.inactive(other, None, rail);
                    self.ask(&[broken.clone(), vec![idle]].concat(), &none);
                }
            }
            if differ.contains(&Aspect::Due) {
                // Broken in one, and time left in the other.
                let broken = self.overdue_by(one, spans[one], false);
                let mut still = vec![self.inactive(other, None, Rail::True), spans[other].known];
                still.extend(spans[other].to.map(|to| self.world.at_most(now, to, 0)));
                self.ask(&[broken.clone(), still].concat(), &none);
            }
        }
        let mut both = self.overdue(0, spans[0]);
        both.extend(self.overdue(1, spans[1]));
        self.ask(&both, &none);
        if differ.iter().any(|aspect| matches!(aspect, Aspect::Evidence | Aspect::Bearer | Aspect::Due)) {
            for (one, other) in [(0, 1), (1, 0)] {
                self.discharges(rules, &both, spans, one, other);
            }
        }
    }

    /// An act that discharges one duty and not the other one.
    fn discharges(&mut self, rules: &[Instance<'p>; 2], both: &[Formula], spans: [Span; 2], one: usize, other: usize) {
        let norm = &rules[one].rule.norm;
        let Some((action, env)) = self.world.action(&rules[one], norm) else { return };
        for evidence in &action.evidence {
            let act = self.world.imagined(&evidence.record);
            let done = self.world.done(evidence, act, &env);
            let mut base = both.to_vec();
            base.push(self.world.shows(evidence, act, &env, done, Rail::True));
            base.push(self.world.in_time(done, &spans[one], false));
            base.push(self.world.performed_by(&rules[one], norm, evidence, act, &env, done));
            let now = Linear::of(self.world.now);
            base.extend(done.map(|done| self.world.at_most(done.from, now, 0)));
            let fails = self.shows_nothing(&rules[other], act, &evidence.record);
            let acts = BTreeSet::from([act]);
            if let Some(fails) = fails {
                self.ask(&[base.clone(), vec![fails]].concat(), &acts);
            }
            // In time for one alone.
            if let (Some(done), Some(to)) = (done, spans[other].to) {
                let late = self.world.at_most(to, done.from, -1);
                self.ask(&[base.clone(), vec![late]].concat(), &acts);
            }
            if let (Some(done), Some(from)) = (done, spans[other].from) {
                let early = self.world.at_most(done.from, from, -1);
                self.ask(&[base.clone(), vec![early]].concat(), &acts);
            }
            self.ask(&base, &acts);
        }
    }

    /// That a record surely shows no act of a rule; `None` where its type shows none in any case.
    fn shows_nothing(&mut self, rule: &Instance<'p>, act: ObjectId, record: &str) -> Option<Formula> {
        let (action, env) = self.world.action(rule, &rule.rule.norm)?;
        let mut parts = Vec::new();
        for evidence in action.evidence.iter().filter(|evidence| evidence.record == record) {
            let done = self.world.done(evidence, act, &env);
            parts.push(self.world.shows(evidence, act, &env, done, Rail::False));
        }
        if parts.is_empty() { None } else { Some(self.world.store.and(parts)) }
    }

    /// What has to hold, failing in one and holding in the other.
    fn states(&mut self, rules: &[Instance<'p>; 2]) {
        let none = BTreeSet::new();
        let spans = self.spans();
        for (one, other) in [(0, 1), (1, 0)] {
            let broken = self.overdue(one, spans[one]);
            let idle = self.inactive(other, None, Rail::MaybeFalse);
            let mut kept = vec![idle];
            if let Act::Ensure(conditions) = &rules[other].rule.norm.act {
                let all: Vec<Formula> =
                    conditions.iter().map(|c| self.world.truth(&c.expr, &rules[other].env, Rail::True)).collect();
                kept.push(self.world.store.and(all));
            }
            for kept in kept {
                self.ask(&[broken.clone(), vec![kept]].concat(), &none);
            }
            let now = Linear::of(self.world.now);
            if let Some(to) = spans[other].to {
                let still = self.world.at_most(now, to, 0);
                self.ask(&[broken.clone(), vec![still]].concat(), &none);
            }
        }
        let mut both = self.overdue(0, spans[0]);
        both.extend(self.overdue(1, spans[1]));
        self.ask(&both, &none);
    }

    /// An act that breaks one prohibition and not the other one.
    fn bans(&mut self, rules: &[Instance<'p>; 2]) {
        for (one, other) in [(0, 1), (1, 0)] {
            let Some((action, _)) = self.world.action(&rules[one], &rules[one].rule.norm) else { continue };
            for evidence in &action.evidence {
                let act = self.world.imagined(&evidence.record);
                let acts = BTreeSet::from([act]);
                let known = self.known.clone();
                let broken = breaks(&mut self.world, &known[one], &rules[one], act, Side::Breaks);
                let mut base = vec![broken, self.by_bearer(&rules[one], evidence, act)];
                base.extend(self.past(&rules[one], evidence, act));
                // Surely no act of the other one, surely out of it, or not surely in it.
                let nothing = self.shows_nothing(&rules[other], act, &evidence.record);
                let idle = self.inactive(other, None, Rail::False);
                let early = self.outside(&rules[other], evidence, act);
                let spared = breaks(&mut self.world, &known[other], &rules[other], act, Side::Spared);
                for spared in [nothing, Some(idle), early, Some(spared)].into_iter().flatten() {
                    self.ask(&[base.clone(), vec![spared]].concat(), &acts);
                }
                let both = breaks(&mut self.world, &known[other], &rules[other], act, Side::Breaks);
                self.ask(&[base, vec![both]].concat(), &acts);
            }
        }
    }

    /// That an act surely lies outside the window of a rule.
    fn outside(&mut self, rule: &Instance<'p>, evidence: &'p Evidence, act: ObjectId) -> Option<Formula> {
        let (_, env) = self.world.action(rule, &rule.rule.norm)?;
        let done = self.world.done(evidence, act, &env)?;
        let span = self.world.span(rule, &rule.rule.norm, None);
        let late = span.to.map(|to| self.world.at_most(to, done.from, -1));
        let early = span.from.map(|from| self.world.at_most(done.from, from, -1));
        let out = self.world.store.or(late.into_iter().chain(early));
        Some(self.world.store.and([span.known, done.known, out]))
    }

    fn by_bearer(&mut self, rule: &Instance<'p>, evidence: &'p Evidence, act: ObjectId) -> Formula {
        let norm: &'p Norm = &rule.rule.norm;
        let Some((_, env)) = self.world.action(rule, norm) else { return Formula::TRUE };
        let done = self.world.done(evidence, act, &env);
        self.world.performed_by(rule, norm, evidence, act, &env, done)
    }

    /// That an act has happened by now.
    fn past(&mut self, rule: &Instance<'p>, evidence: &'p Evidence, act: ObjectId) -> Option<Formula> {
        let (_, env) = self.world.action(rule, &rule.rule.norm)?;
        let done: Done = self.world.done(evidence, act, &env)?;
        let now = Linear::of(self.world.now);
        Some(self.world.at_most(done.from, now, 0))
    }

    /// One surely applies, or surely does not, and of the other one data that is missing leaves it open.
    fn unclear(&mut self, rules: &[Instance<'p>; 2]) {
        let none = BTreeSet::new();
        if rules[0].rule.norm.modal.is_negative() {
            return;
        }
        for (one, other) in [(0, 1), (1, 0)] {
            let open = [self.inactive(other, None, Rail::MaybeTrue), self.inactive(other, None, Rail::MaybeFalse)];
            for rail in [Rail::True, Rail::False] {
                let sure = self.inactive(one, None, rail);
                self.ask(&[open[0], open[1], sure], &none);
            }
        }
    }

    /// A breach of both, with a waiver that helps in one.
    fn waived(&mut self, rules: &[Instance<'p>; 2], side: usize) {
        let rule = &rules[side];
        let Some(waivable) = &rule.rule.waivable else { return };
        let known = self.known[side].clone();
        let Some(waiver) = known.pack.waivers.get(&waivable.waiver) else { return };
        let Some((mut base, breach, act)) = self.both_broken(rules) else { return };
        let record = self.world.imagined(&waiver.record);
        let acts: BTreeSet<ObjectId> = act.into_iter().chain([record]).collect();
        let mut env = Env::new(side);
        for (param, arg) in waiver.params.iter().zip(&waivable.args) {
            env = env.with(&param.name, Bound::Later(arg, rule.env.names.clone()));
        }
        let env = env.with_object(&waiver.var, record);
        base.push(self.world.truth(&waiver.condition, &env, Rail::True));
        base.extend(waiver.valid.as_ref().map(|valid| self.world.truth(valid, &env, Rail::True)));
        if let Some(names) = &waiver.names {
            // One that names the old rule is read as if it named the new one.
            let text = self.world.text(short(rules[0].name));
            base.push(self.is(names, &env, &Value::Thing(Linear::constant(text))));
        }
        for expr in waiver.by.iter() {
            let cases = self.world.cases(expr, &env);
            base.push(self.world.known(&cases));
        }
        if let (Some(rank), Some(floor)) = (&waiver.rank, &waivable.floor) {
            let floors = self.world.cases(floor, &rule.env);
            for (guard, value) in floors {
                let is = self.is(rank, &env, &value);
                base.push(self.world.store.and([guard, is]));
            }
        }
        let least = waiver.granted_at.iter().chain(waiver.during.iter().map(|(from, _)| from));
        for from in least {
            base.push(self.ordered(from, &env, breach, true));
        }
        if let Some((from, to)) = &waiver.during {
            base.push(self.ordered(to, &env, breach, false));
            // As long as it may be here, and longer than it may be there.
            if let Some(longest) = &rules[1 - side].rule.waivable.as_ref().and_then(|other| other.longest.as_ref()) {
                let (starts, lengths) = (self.world.cases(from, &env), self.world.cases(longest, &rules[1 - side].env));
                if let ([(_, Value::Number(from))], [(_, Value::Number(length))]) =
                    (starts.as_slice(), lengths.as_slice())
                    && let Some(end) = from.sum(*length, 1)
                {
                    let over = self.world.at_most(end, breach, 0);
                    self.ask(&[base.clone(), vec![over]].concat(), &acts);
                }
            }
        }
        self.ask(&base, &acts);
    }

    /// That both are broken, when, and the act that breaks them.
    fn both_broken(&mut self, rules: &[Instance<'p>; 2]) -> Option<(Vec<Formula>, Linear, Option<ObjectId>)> {
        let now = Linear::of(self.world.now);
        if rules[0].rule.norm.modal.is_negative() && rules[1].rule.norm.modal.is_negative() {
            let (action, env) = self.world.action(&rules[0], &rules[0].rule.norm)?;
            let evidence = action.evidence.first()?;
            let act = self.world.imagined(&evidence.record);
            let known = self.known.clone();
            let mut base = vec![self.by_bearer(&rules[0], evidence, act)];
            for side in [0, 1] {
                base.push(breaks(&mut self.world, &known[side], &rules[side], act, Side::Breaks));
            }
            let done = self.world.done(evidence, act, &env)?;
            base.push(self.world.at_most(done.from, now, 0));
            return Some((base, done.from, Some(act)));
        }
        let spans = self.spans();
        let mut base = self.overdue(0, spans[0]);
        base.extend(self.overdue(1, spans[1]));
        Some((base, spans[0].to.or(spans[1].to).unwrap_or(now), None))
    }

    fn is(&mut self, expr: &'p Expr, env: &Env<'p>, value: &Value) -> Formula {
        let mut any = Vec::new();
        for (guard, is) in self.world.cases(expr, env) {
            let equal = self.world.equal_values(&is, value);
            any.push(self.world.store.and([guard, equal]));
        }
        self.world.store.or(any)
    }

    /// That an instant lies before another one (or after it).
    fn ordered(&mut self, expr: &'p Expr, env: &Env<'p>, at: Linear, before: bool) -> Formula {
        let mut any = Vec::new();
        for (guard, value) in self.world.cases(expr, env) {
            if let Value::Number(instant) = value {
                let in_order = match before {
                    true => self.world.at_most(instant, at, 0),
                    // Well after it: what a waiver moves is due when it ends.
                    false => match at.shifted(LATER) {
                        Some(later) => self.world.at_most(later, instant, 0),
                        None => self.world.at_most(at, instant, -1),
                    },
                };
                any.push(self.world.store.and([guard, in_order]));
            }
        }
        self.world.store.or(any)
    }

    /// A breach of both but for a rule that takes the place of one.
    fn overridden(&mut self, rules: &[Instance<'p>; 2], side: usize) {
        let rule = &rules[side];
        let known = self.known[side].clone();
        let others = known.overriders.get(rule.name).cloned().unwrap_or_default();
        for (name, _, target) in others {
            let Some((name, other)) = known.pack.rules.get_key_value(name) else { continue };
            let over = self.world.instance(side, name, other);
            let spans = self.spans();
            let at = spans[side].to;
            let mut base = vec![self.world.applies(&known, &over, at, Rail::True)];
            for (arg, value) in target.args.iter().zip(&rule.bound) {
                base.push(self.is(arg, &over.env, value));
            }
            let now = Linear::of(self.world.now);
            for side in [0, 1] {
                base.push(self.inactive(side, None, Rail::True));
                base.extend(spans[side].to.map(|to| self.world.at_most(to, now, -1)));
            }
            let mut acts = BTreeSet::new();
            // A prohibition has to be broken by an act.
            if rule.rule.norm.modal.is_negative()
                && let Some((action, env)) = self.world.action(rule, &rule.rule.norm)
                && let Some(evidence) = action.evidence.first()
            {
                let act = self.world.imagined(&evidence.record);
                let done = self.world.done(evidence, act, &env);
                base.push(self.world.shows(evidence, act, &env, done, Rail::True));
                base.push(self.by_bearer(rule, evidence, act));
                base.extend(self.past(rule, evidence, act));
                acts.insert(act);
            }
            self.ask(&base, &acts);
        }
    }
}

/// That an act breaks a prohibition, or does not.
fn breaks<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, ban: &Instance<'p>, act: ObjectId, side: Side) -> Formula {
    Obstacle { rule: ban.clone(), slot: None }.breaks(world, known, act, side)
}

/// Whether a norm has a window that begins and ends once.
fn is_plain(norm: &Norm) -> bool {
    use mandate_pack::Window;
    !matches!(norm.time, Some(Window::Lasting(_) | Window::Every(_)))
}
