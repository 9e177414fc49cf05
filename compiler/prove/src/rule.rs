//! Rules over the records of a situation: when they apply, when their acts count, when they are broken.

use crate::known::Known;
use crate::term::{Bound, Cases, Env, Linear, ObjectId, Rail, Value};
use crate::time::{self, DAY};
use crate::world::{Body, Origin, RangeOrItems, World};
use mandate_logic::Formula;
use mandate_pack::{
    Act, Action, Bearer, Binder, Binds, Domain, End, Evidence, EvidenceTime, Expr, Modal, Norm, Rule, RuleRef, Type,
    Window,
};
use std::rc::Rc;

/// A rule with a record for each of its variables.
#[derive(Debug, Clone)]
pub(crate) struct Instance<'p> {
    pub(crate) side: usize,
    pub(crate) name: &'p str,
    pub(crate) rule: &'p Rule,
    /// Variables and values named by `let`.
    pub(crate) env: Env<'p>,
    /// What its variables stand for, in order.
    pub(crate) bound: Vec<Value>,
    /// Its records are there.
    pub(crate) there: Formula,
}

/// When an act counts: from the first instant to the last, both included; an end that is not said is open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// Its ends are known.
    pub(crate) known: Formula,
    pub(crate) from: Option<Linear>,
    pub(crate) to: Option<Linear>,
    /// Its ends are only nearly right (calendar months, hours after a day, rounds).
    pub(crate) rough: bool,
}

/// When an act was done.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Done {
    pub(crate) known: Formula,
    pub(crate) from: Linear,
    /// The last instant at which it can have been done, or begun: that of a day is its end.
    pub(crate) last: Linear,
    /// End of an act that lasts, half-open.
    pub(crate) to: Option<Linear>,
}

/// What is to hold of a binding.
pub(crate) type Then<'p> = Rc<dyn Fn(&mut World<'p>, &Env<'p>) -> Formula + 'p>;

impl<'p> World<'p> {
    /// A rule on new records.
    pub(crate) fn instance(&mut self, side: usize, name: &'p str, rule: &'p Rule) -> Instance<'p> {
        let (env, bound, there) = self.bind(side, &rule.for_each);
        let there = self.store.and(there);
        self.named(side, name, rule, env, bound, there)
    }

    /// New records for variables, with what makes them be there.
    pub(crate) fn bind(&mut self, side: usize, binders: &'p [Binder]) -> (Env<'p>, Vec<Value>, Vec<Formula>) {
        let (mut env, mut bound, mut there) = (Env::new(side), Vec::new(), Vec::new());
        for binder in binders {
            let value = match &binder.over {
                Domain::Records(record) => {
                    Some(Value::Object(self.object(record, Origin::Named(binder.var.clone()), true)))
                }
                Domain::Items(_) => match self.range_of(&binder.over, &env).as_slice() {
                    [(guard, RangeOrItems::Range(range))] => {
                        there.push(*guard);
                        let range = range.clone();
                        let value = self.element(&range, Formula::TRUE);
                        if let Some(Value::Object(object)) = value {
                            self.rename(object, Origin::Named(binder.var.clone()));
                        }
                        value
                    }
                    _ => None,
                },
            };
            let value = value.unwrap_or_else(|| {
                self.beyond = true;
                Value::Beyond
            });
            env = env.with(&binder.var, Bound::Value(vec![(Formula::TRUE, value.clone())]));
            bound.push(value);
        }
        (env, bound, there)
    }

    /// A rule on records that are there already, by the order of its variables.
    pub(crate) fn instance_of(&mut self, side: usize, name: &'p str, rule: &'p Rule, values: &[Value]) -> Instance<'p> {
        let mut env = Env::new(side);
        for (binder, value) in rule.for_each.iter().zip(values) {
            env = env.with(&binder.var, Bound::Value(vec![(Formula::TRUE, value.clone())]));
        }
        self.named(side, name, rule, env, values.to_vec(), Formula::TRUE)
    }

    /// A rule with its variables bound already.
    pub(crate) fn named(
        &mut self,
        side: usize,
        name: &'p str,
        rule: &'p Rule,
        mut env: Env<'p>,
        bound: Vec<Value>,
        there: Formula,
    ) -> Instance<'p> {
        for value in &rule.lets {
            let names = env.names.clone();
            env = env.with(&value.name, Bound::Later(&value.value, names));
        }
        Instance { side, name, rule, env, bound, there }
    }

    /// Something for every way to bind some variables, of which one has to do.
    pub(crate) fn some_binding(&mut self, binders: &'p [Binder], env: &Env<'p>, then: &Then<'p>) -> Formula {
        let Some((first, rest)) = binders.split_first() else { return then(self, env) };
        let body = self.bound_body(first, rest, env, then, true);
        let mut parts = Vec::new();
        for (guard, over) in self.range_of(&first.over, env) {
            let holds = match over {
                RangeOrItems::Range(range) => self.some(&range, &body),
                RangeOrItems::Items(items) => {
                    let mut any = Vec::new();
                    for (known, value) in items.iter().flatten() {
                        let holds = body(self, value);
                        any.push(self.store.and([*known, holds]));
                    }
                    self.store.or(any)
                }
                RangeOrItems::Beyond => self.anything(),
            };
            parts.push(self.store.and([guard, holds]));
        }
        self.store.or(parts)
    }

    /// Something for every way to bind some variables, all of which have to do.
    pub(crate) fn every_binding(&mut self, binders: &'p [Binder], env: &Env<'p>, then: &Then<'p>) -> Formula {
        let Some((first, rest)) = binders.split_first() else { return then(self, env) };
        let body = self.bound_body(first, rest, env, then, false);
        let mut parts = Vec::new();
        for (guard, over) in self.range_of(&first.over, env) {
            let holds = match over {
                RangeOrItems::Range(range) => self.all(&range, &body),
                RangeOrItems::Items(items) => {
                    let mut all = Vec::new();
                    for (known, value) in items.iter().flatten() {
                        let holds = body(self, value);
                        all.push(self.store.implies(*known, holds));
                    }
                    self.store.and(all)
                }
                RangeOrItems::Beyond => self.anything(),
            };
            parts.push(self.store.implies(guard, holds));
        }
        self.store.and(parts)
    }

    fn bound_body(
        &self,
        first: &'p Binder,
        rest: &'p [Binder],
        env: &Env<'p>,
        then: &Then<'p>,
        some: bool,
    ) -> Body<'p> {
        let (outer, then) = (env.clone(), Rc::clone(then));
        Rc::new(move |world, value| {
            let inside = outer.with(&first.var, Bound::Value(vec![(Formula::TRUE, value.clone())]));
            match some {
                true => world.some_binding(rest, &inside, &then),
                false => world.every_binding(rest, &inside, &then),
            }
        })
    }

    fn rename(&mut self, object: ObjectId, origin: Origin) {
        if let Some(known) = self.objects.get_mut(object.0 as usize) {
            known.origin = origin;
        }
    }

    /// That the rule's edition and one of its sources are in force at an instant.
    pub(crate) fn in_force_at(
        &mut self,
        known: &Known<'p>,
        instance: &Instance<'p>,
        at: Linear,
        rail: Rail,
    ) -> Formula {
        let rule = instance.rule;
        let own = self.between(rule.in_force_from.as_deref(), rule.in_force_until.as_deref(), at);
        let mut any = Vec::new();
        let mut sources: Vec<&str> = rule.cites.iter().map(|cite| cite.source.as_str()).collect();
        sources.sort_unstable();
        sources.dedup();
        for name in &sources {
            let Some(source) = known.pack.sources.get(*name) else { continue };
            let until = source.in_force_until.as_deref().or(known.replaced.get(name).copied());
            let mut holds = vec![self.between(source.in_force_from.as_deref(), until, at)];
            if let Some(binds) = &source.binds
                && let Some(party) = &rule.party
            {
                holds.push(match (self.assessed, rail) {
                    (true, Rail::True) => self.is_bound(binds, party, instance, at),
                    _ => self.may_be_bound(name, party, instance, rail),
                });
            }
            any.push(self.store.and(holds));
        }
        let one = if sources.is_empty() { Formula::TRUE } else { self.store.or(any) };
        let both = self.store.and([own, one]);
        if rail.is_true() { both } else { self.store.not(both) }
    }

    /// That a text surely binds the state whose obligations count: the data has a day for it that is not after the instant.
    fn is_bound(&mut self, binds: &'p Binds, party: &'p Expr, instance: &Instance<'p>, at: Linear) -> Formula {
        let names = instance.env.names.clone();
        let env = Env::new(instance.side).with(&binds.var, Bound::Later(party, names));
        let mut ways = Vec::new();
        for (known, from) in self.cases(&binds.from, &env) {
            let Value::Number(from) = from else { continue };
            let begun = self.at_most(from, at, 0);
            ways.push(self.store.and([known, begun]));
        }
        self.store.or(ways)
    }

    /// The same, where the data decides and no formula does: the same for the same text and state.
    fn may_be_bound(&mut self, source: &str, party: &'p Expr, instance: &Instance<'p>, rail: Rail) -> Formula {
        let key = format!("binds:{source}:{}", self.key(party, &instance.env));
        let mut parts = Vec::new();
        for (present, value) in self.opaque(key, &Type::Bool) {
            let Value::Bool(bound) = value else { continue };
            parts.push(if rail == Rail::True || rail == Rail::MaybeFalse {
                self.store.and([present, bound])
            } else {
                let open = self.store.not(present);
                self.store.or([open, bound])
            });
        }
        self.store.and(parts)
    }

    fn between(&mut self, from: Option<&str>, until: Option<&str>, at: Linear) -> Formula {
        let mut parts = Vec::new();
        if let Some(from) = from.and_then(|day| time::day(day, &self.zone)) {
            parts.push(self.at_most(Linear::constant(from), at, 0));
        }
        if let Some(until) = until.and_then(|day| time::day(day, &self.zone)) {
            parts.push(self.at_most(at, Linear::constant(until), -1));
        }
        self.store.and(parts)
    }

    /// The instant at which an instance is anchored: that of `on`, the act of a prohibition, the start of a duty's window, else the
    /// instant of assessment; with the condition under which it is known.
    pub(crate) fn anchor(&mut self, instance: &Instance<'p>, act: Option<Linear>) -> (Formula, Linear) {
        let now = Linear::of(self.now);
        if let Some(on) = &instance.rule.on {
            let cases = self.cases(on, &instance.env);
            return match cases.as_slice() {
                [(known, Value::Number(at))] => (*known, *at),
                _ => (self.anything(), now),
            };
        }
        if instance.rule.norm.modal.is_negative() {
            return (Formula::TRUE, act.unwrap_or(now));
        }
        let start = match &instance.rule.norm.time {
            Some(Window::WithinAfter(_, at) | Window::WithinBefore(_, at) | Window::By(at) | Window::Before(at)) => at,
            Some(Window::Lasting(lasting)) => &lasting.from,
            Some(Window::Every(every)) => &every.from,
            Some(Window::During(period)) => {
                return match self.cases(period, &instance.env).as_slice() {
                    [(known, Value::Period(from, _))] => (*known, *from),
                    _ => (self.anything(), now),
                };
            }
            // Without a clock: the instant that is looked at.
            Some(Window::Within(_)) | None => return (Formula::TRUE, act.unwrap_or(now)),
        };
        match self.cases(start, &instance.env).as_slice() {
            [(known, Value::Number(at))] => (*known, *at),
            _ => (self.anything(), now),
        }
    }

    /// That the rule applies, on a rail: in force and every `when`, no `unless`.
    pub(crate) fn applies(
        &mut self,
        known: &Known<'p>,
        instance: &Instance<'p>,
        act: Option<Linear>,
        rail: Rail,
    ) -> Formula {
        let (anchored, at) = self.anchor(instance, act);
        let mut parts = vec![self.in_force_at(known, instance, at, rail)];
        let when = instance.env.reading_at(Some(at));
        for condition in &instance.rule.when {
            parts.push(self.truth(&condition.expr, &when, rail));
        }
        let unless = instance.env.reading_at(act);
        for condition in &instance.rule.unless {
            parts.push(self.truth(&condition.expr, &unless, rail.negated()));
        }
        let unanchored = self.store.not(anchored);
        match rail {
            Rail::True => {
                parts.extend([instance.there, anchored]);
                self.store.and(parts)
            }
            Rail::MaybeTrue => {
                let all = self.store.and(parts);
                let open = self.store.or([unanchored, all]);
                self.store.and([instance.there, open])
            }
            Rail::False => {
                let not_there = self.store.not(instance.there);
                let any = self.store.or(parts);
                let sure = self.store.and([anchored, any]);
                self.store.or([not_there, sure])
            }
            Rail::MaybeFalse => {
                parts.push(unanchored);
                parts.push(self.store.not(instance.there));
                self.store.or(parts)
            }
        }
    }

    /// That no rule that overrides this instance may be active.
    pub(crate) fn not_overridden(
        &mut self,
        known: &Rc<Known<'p>>,
        instance: &Instance<'p>,
        at: Option<Linear>,
    ) -> Formula {
        let mut parts = Vec::new();
        for (name, _, target) in known.overriders.get(instance.name).cloned().unwrap_or_default() {
            parts.push(self.overrider_fails(known, instance, name, target, at));
        }
        self.store.and(parts)
    }

    fn overrider_fails(
        &mut self,
        known: &Rc<Known<'p>>,
        instance: &Instance<'p>,
        name: &'p str,
        target: &'p RuleRef,
        at: Option<Linear>,
    ) -> Formula {
        let Some(rule) = known.pack.rules.get(name) else { return Formula::TRUE };
        let (side, bound) = (instance.side, instance.bound.clone());
        let known = Rc::clone(known);
        let then: Then<'p> = Rc::new(move |world, env| {
            let mut apart = Vec::new();
            let mut env = env.clone();
            for value in &rule.lets {
                let names = env.names.clone();
                env = env.with(&value.name, Bound::Later(&value.value, names));
            }
            for (arg, value) in target.args.iter().zip(&bound) {
                for (guard, is) in world.cases(arg, &env) {
                    let equal = world.equal_values(&is, value);
                    let both = world.store.and([guard, equal]);
                    apart.push(world.store.not(both));
                }
            }
            let values = Vec::new();
            let overrider = Instance { side, name, rule, env, bound: values, there: Formula::TRUE };
            apart.push(world.applies(&known, &overrider, at, Rail::False));
            world.store.or(apart)
        });
        self.every_binding(&rule.for_each, &Env::new(side), &then)
    }

    /// That the rule surely applies and nothing overrides it.
    pub(crate) fn active(&mut self, known: &Rc<Known<'p>>, instance: &Instance<'p>, act: Option<Linear>) -> Formula {
        let applies = self.applies(known, instance, act, Rail::True);
        let free = self.not_overridden(known, instance, act);
        self.store.and([applies, free])
    }

    /// When acts count for a norm. `start` is the breach that an `otherwise` answers.
    pub(crate) fn span(&mut self, instance: &Instance<'p>, norm: &'p Norm, start: Option<Linear>) -> Span {
        let env = instance.env.clone();
        let open = Span { known: Formula::TRUE, from: start, to: None, rough: false };
        match &norm.time {
            None => open,
            Some(Window::Within(length)) => {
                let Some((known, length)) = self.length(length, &env) else { return self.rough(start) };
                let to = start.and_then(|start| start.sum(length, 1));
                Span { known, from: start, to, rough: to.is_none() }
            }
            Some(Window::WithinAfter(length, at)) => {
                let Some((measured, size)) = self.length(length, &env) else { return self.rough(start) };
                let Some((known, from, last)) = self.instant(at, &env) else { return self.rough(start) };
                let whole = size.is_constant() && size.add % DAY == 0 || self.lengths.contains_key(&size);
                // Whole days after a day end with the last day; hours after one begin at an unknown instant of it.
                let (end, rough) = if is_day(at) && whole { (last, false) } else { (from, is_day(at)) };
                let (to, rough) = match end.sum(size, 1) {
                    Some(to) => (to, rough),
                    None => (self.sum(end, size), true),
                };
                Span { known: self.store.and([known, measured]), from: Some(from), to: Some(to), rough }
            }
            Some(Window::WithinBefore(length, at)) => {
                let Some((measured, size)) = self.length(length, &env) else { return self.rough(start) };
                let Some((known, from, _)) = self.instant(at, &env) else { return self.rough(start) };
                let begin = from.sum(size, -1);
                Span {
                    known: self.store.and([known, measured]),
                    from: begin,
                    to: from.shifted(-1),
                    rough: begin.is_none(),
                }
            }
            Some(Window::By(at)) => {
                let Some((known, _, last)) = self.instant(at, &env) else { return self.rough(start) };
                Span { known, from: start, to: Some(last), rough: false }
            }
            Some(Window::Before(at)) => {
                let Some((known, from, _)) = self.instant(at, &env) else { return self.rough(start) };
                Span { known, from: start, to: from.shifted(-1), rough: false }
            }
            Some(Window::During(period)) => match self.cases(period, &env).as_slice() {
                [(known, Value::Period(from, to))] => {
                    Span { known: *known, from: Some(*from), to: to.shifted(-1), rough: false }
                }
                _ => self.rough(start),
            },
            Some(Window::Lasting(lasting)) => {
                let Some((known, from, _)) = self.instant(&lasting.from, &env) else { return self.rough(start) };
                let (mut known, mut to) = (known, None);
                if let Some(end) = &lasting.end {
                    let Some((at, first, last)) = self.instant(end.expr(), &env) else { return self.rough(start) };
                    known = self.store.and([known, at]);
                    to = match end {
                        End::To(_) => Some(last),
                        End::Until(_) => first.shifted(-1),
                    };
                }
                Span { known, from: Some(from), to, rough: false }
            }
            Some(Window::Every(every)) => {
                let Some((measured, size)) = self.length(&every.every, &env) else { return self.rough(start) };
                let Some((known, from, _)) = self.instant(&every.from, &env) else { return self.rough(start) };
                // The first round stands for all of them.
                let to = from.sum(size, 1);
                Span { known: self.store.and([known, measured]), from: Some(from), to, rough: true }
            }
        }
    }

    fn rough(&mut self, from: Option<Linear>) -> Span {
        Span { known: self.anything(), from, to: None, rough: true }
    }

    pub(crate) fn length(&mut self, expr: &'p Expr, env: &Env<'p>) -> Option<(Formula, Linear)> {
        match self.cases(expr, env).as_slice() {
            [(known, Value::Number(length))] => Some((*known, *length)),
            _ => None,
        }
    }

    /// An instant, or a day with its last second.
    fn instant(&mut self, expr: &'p Expr, env: &Env<'p>) -> Option<(Formula, Linear, Linear)> {
        let (known, from) = self.length(expr, env)?;
        let last = if is_day(expr) { from.shifted(DAY - 1)? } else { from };
        Some((known, from, last))
    }

    /// The action of a norm with the arguments it has there.
    pub(crate) fn action(&self, instance: &Instance<'p>, norm: &'p Norm) -> Option<(&'p Action, Env<'p>)> {
        let Act::Do { action, args } = &norm.act else { return None };
        let action = self.pack(instance.side)?.actions.get(action)?;
        let mut env = Env::new(instance.side);
        for (param, arg) in action.params.iter().zip(args) {
            env = env.with(&param.name, Bound::Later(arg, instance.env.names.clone()));
        }
        Some((action, env))
    }

    /// When a record shows that the act was done.
    pub(crate) fn done(&mut self, evidence: &'p Evidence, act: ObjectId, env: &Env<'p>) -> Option<Done> {
        let inside = env.with_object(&evidence.var, act);
        match &evidence.at {
            Some(EvidenceTime::At(at)) => match self.cases(at, &inside).as_slice() {
                [(known, Value::Number(from))] => {
                    let last = if is_day(at) { from.shifted(DAY - 1)? } else { *from };
                    Some(Done { known: *known, from: *from, last, to: None })
                }
                _ => None,
            },
            Some(EvidenceTime::During(begin, to)) => {
                match (self.cases(begin, &inside).as_slice(), self.cases(to, &inside).as_slice()) {
                    ([(a, Value::Number(from))], [(b, Value::Number(to))]) => {
                        let last = if is_day(begin) { from.shifted(DAY - 1)? } else { *from };
                        Some(Done { known: self.store.and([*a, *b]), from: *from, last, to: Some(*to) })
                    }
                    _ => None,
                }
            }
            None => {
                let (known, from) = self.date_of(act)?;
                let record = self.objects.get(act.0 as usize)?.record.clone();
                let to = match self.record(&record)?.dated.as_ref()? {
                    mandate_pack::Dated::During(_, to) => {
                        let slot = self.slot(act, to, None);
                        match slot.value {
                            Value::Number(to) => Some((slot.present, to)),
                            _ => None,
                        }
                    }
                    mandate_pack::Dated::At(_) => None,
                };
                let known = match to {
                    Some((there, _)) => self.store.and([known, there]),
                    None => known,
                };
                let field = match self.record(&record)?.dated.as_ref()? {
                    mandate_pack::Dated::At(field) | mandate_pack::Dated::During(field, _) => field,
                };
                let is_day = self.field(&record, field).is_some_and(|field| *field.ty.known() == Type::Date);
                let last = if is_day { from.shifted(DAY - 1)? } else { from };
                Some(Done { known, from, last, to: to.map(|(_, to)| to) })
            }
        }
    }

    /// That a record shows the act of a norm, whoever did it and whenever, on a rail.
    pub(crate) fn shows(
        &mut self,
        evidence: &'p Evidence,
        act: ObjectId,
        env: &Env<'p>,
        done: Option<Done>,
        rail: Rail,
    ) -> Formula {
        let at = done.map(|done| done.from);
        let inside = env.with_object(&evidence.var, act).reading_at(at);
        self.truth(&evidence.condition, &inside, rail)
    }

    /// That an act lies inside the time of a norm, surely.
    pub(crate) fn in_time(&mut self, done: Option<Done>, span: &Span, overlapping: bool) -> Formula {
        let Some(done) = done else {
            return if span.from.is_none() && span.to.is_none() { Formula::TRUE } else { Formula::FALSE };
        };
        let mut parts = vec![span.known];
        if span.from.is_some() || span.to.is_some() {
            parts.push(done.known);
        }
        if let Some(from) = span.from {
            // What lasts breaks a ban that begins while it lasts.
            let end = done.to.filter(|_| overlapping);
            parts.push(match end {
                Some(to) => self.at_most(from, to, -1),
                None => self.at_most(from, done.from, 0),
            });
        }
        if let Some(to) = span.to {
            parts.push(self.at_most(done.last, to, 0));
        }
        self.store.and(parts)
    }

    /// That an act surely has been done by the instant of assessment.
    pub(crate) fn past(&mut self, done: Option<Done>) -> Formula {
        let Some(done) = done else { return Formula::TRUE };
        // A day is over at the instant after its last second.
        let by = if done.last == done.from { 0 } else { -1 };
        let past = self.at_most(done.last, Linear::of(self.now), by);
        self.store.and([done.known, past])
    }

    /// That an act lies outside the time of a norm, surely.
    pub(crate) fn out_of_time(&mut self, done: Option<Done>, span: &Span) -> Formula {
        let Some(done) = done else { return Formula::FALSE };
        let mut parts = Vec::new();
        if let Some(from) = span.from {
            parts.push(match done.to {
                Some(to) => self.at_most(to, from, 0),
                None => self.at_most(done.last, from, -1),
            });
        }
        if let Some(to) = span.to {
            parts.push(self.at_most(to, done.from, -1));
        }
        let outside = self.store.or(parts);
        self.store.and([span.known, done.known, outside])
    }

    /// That whoever is bound by the first norm is bound by the second one, too.
    pub(crate) fn within_bearer(
        &mut self,
        known: &Known<'p>,
        one: (&Instance<'p>, &'p Norm),
        other: (&Instance<'p>, &'p Norm),
    ) -> Formula {
        match (&one.1.bearer, &other.1.bearer) {
            (_, Bearer::Everyone) => Formula::TRUE,
            (Bearer::Role { role, of }, Bearer::Role { role: wider, of: wider_of }) => {
                if !known.roles_within(wider).contains(role.as_str()) {
                    return Formula::FALSE;
                }
                match (of, wider_of) {
                    (Some(a), Some(b)) => self.equal_exprs(a, &one.0.env, b, &other.0.env),
                    (None, None) | (Some(_), None) => Formula::TRUE,
                    (None, Some(_)) => Formula::FALSE,
                }
            }
            (Bearer::Record(a), Bearer::Record(b)) => self.equal_exprs(a, &one.0.env, b, &other.0.env),
            _ => Formula::FALSE,
        }
    }

    /// That two expressions surely have the same value.
    pub(crate) fn equal_exprs(&mut self, a: &'p Expr, a_env: &Env<'p>, b: &'p Expr, b_env: &Env<'p>) -> Formula {
        let (one, other) = (self.cases(a, a_env), self.cases(b, b_env));
        self.equal_cases(&one, &other)
    }

    /// That two values are surely equal.
    pub(crate) fn equal_cases(&mut self, one: &Cases, other: &Cases) -> Formula {
        let mut any = Vec::new();
        for (here, a) in one {
            for (there, b) in other {
                let equal = self.equal_values(a, b);
                any.push(self.store.and([*here, *there, equal]));
            }
        }
        self.store.or(any)
    }

    /// That the performer of an act is the bearer of a norm, as records show it.
    pub(crate) fn performed_by(
        &mut self,
        instance: &Instance<'p>,
        norm: &'p Norm,
        evidence: &'p Evidence,
        act: ObjectId,
        env: &Env<'p>,
        done: Option<Done>,
    ) -> Formula {
        let Some(by) = &evidence.by else { return Formula::TRUE };
        let at = done.map(|done| done.from);
        let inside = env.with_object(&evidence.var, act).reading_at(at);
        match &norm.bearer {
            Bearer::Everyone => Formula::TRUE,
            Bearer::Record(who) => self.equal_exprs(by, &inside, who, &instance.env),
            Bearer::Role { role, of } => {
                let object = match of {
                    Some(of) => match self.cases(of, &instance.env).as_slice() {
                        [(_, Value::Object(object))] => Some(*object),
                        _ => return self.anything(),
                    },
                    None => None,
                };
                let performer = self.cases(by, &inside);
                self.holder(instance.side, role, object, &performer, at).unwrap_or(Formula::FALSE)
            }
        }
    }

    /// That somebody holds a role at an instant, as records show it; `None` where no records say who holds it.
    pub(crate) fn holder(
        &mut self,
        side: usize,
        role: &str,
        of: Option<ObjectId>,
        who: &Cases,
        at: Option<Linear>,
    ) -> Option<Formula> {
        let pack = self.pack(side)?;
        let mut ways = Vec::new();
        for role in roles_within(pack, role) {
            let Some(held) = &role.held else { continue };
            let mut env = Env::new(side).reading_at(at);
            if let (Some(param), Some(object)) = (&role.of, of) {
                env = env.with_object(&param.name, object);
            }
            let who = who.clone();
            let then: Then<'p> = Rc::new(move |world, env| {
                let mut parts = vec![world.truth(&held.condition, env, Rail::True)];
                let by = world.cases(&held.by, env);
                parts.push(world.equal_cases(&by, &who));
                if let (Some((from, to)), Some(at)) = (&held.during, at) {
                    for (expr, starts) in [(from, true), (to, false)] {
                        let cases = world.cases(expr, env);
                        let mut ways = Vec::new();
                        for (guard, value) in &cases {
                            let Value::Number(end) = value else { continue };
                            let holds = match starts {
                                true => world.at_most(*end, at, 0),
                                false => world.at_most(at, *end, -1),
                            };
                            ways.push(world.store.and([*guard, holds]));
                        }
                        parts.push(world.store.or(ways));
                    }
                }
                world.store.and(parts)
            });
            ways.push(self.some_binding(&held.binders, &env, &then));
        }
        if ways.is_empty() { None } else { Some(self.store.or(ways)) }
    }
}

/// A role and every narrower one.
pub(crate) fn roles_within<'p>(pack: &'p mandate_pack::Pack, role: &str) -> Vec<&'p mandate_pack::Role> {
    let Some((name, _)) = pack.roles.get_key_value(role) else { return Vec::new() };
    let mut all = vec![name.as_str()];
    let mut next = 0;
    while let Some(wider) = all.get(next).copied() {
        next += 1;
        for (name, role) in &pack.roles {
            if role.is.as_deref() == Some(wider) && !all.contains(&name.as_str()) {
                all.push(name);
            }
        }
    }
    all.iter().filter_map(|name| pack.roles.get(*name)).collect()
}

/// Whether an expression is a day and not an instant.
pub(crate) fn is_day(expr: &Expr) -> bool {
    *expr.ty.known() == Type::Date
}

/// Whether a norm demands something to be done.
pub(crate) fn is_duty(modal: Modal) -> bool {
    match modal {
        Modal::Must | Modal::Should | Modal::AimsTo => true,
        Modal::MustNot | Modal::ShouldNot | Modal::May => false,
    }
}

/// The action of a rule's norm.
pub(crate) fn action_of<'p>(pack: &'p mandate_pack::Pack, rule: &Rule) -> Option<&'p Action> {
    match &rule.norm.act {
        Act::Do { action, .. } => pack.actions.get(action),
        Act::Ensure(_) => None,
    }
}
