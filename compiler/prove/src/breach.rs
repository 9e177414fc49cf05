//! Breaches as formulas: that a rule is surely broken, and that another one is not.
//!
//! Both err on the side of what can be: where a formula is not exact, it holds in more situations. That no situation is left is then
//! certain; that one is left says nothing before it was assessed.

use crate::abiding::overridden;
use crate::forbidden::{Obstacle, Side};
use crate::known::Known;
use crate::rule::{Done, Instance, Span, is_duty};
use crate::term::{Bound, Env, Linear, ObjectId, Rail, Range, Value};
use crate::world::{Body, Origin, World};
use mandate_logic::Formula;
use mandate_pack::{Act, Bearer, Domain, Evidence, Expr, Modal, Node, Norm, Rule, Type, Window};
use std::rc::Rc;

/// One way in which a rule is broken.
#[derive(Debug, Clone)]
pub(crate) struct Breach<'p> {
    /// That it is.
    pub(crate) holds: Formula,
    /// When: the due time, the act, the day of the constraint.
    pub(crate) at: Linear,
    /// The act that breaks it; a duty and a constraint are broken without one.
    pub(crate) act: Option<ObjectId>,
    /// What says who did the act.
    by: Option<(&'p Expr, Env<'p>)>,
}

/// Whether breaches of a rule are told by formulas: not so what lasts or comes again, what is only permitted, what has no end.
pub(crate) fn is_told(rule: &Rule) -> bool {
    let simple = !matches!(rule.norm.time, Some(Window::Lasting(_) | Window::Every(_)));
    match &rule.norm.act {
        Act::Ensure(_) => rule.norm.time.is_none() && rule.norm.modal != Modal::May,
        Act::Do { .. } if rule.norm.modal.is_negative() => simple,
        Act::Do { .. } => is_duty(rule.norm.modal) && simple && rule.norm.time.is_some(),
    }
}

impl<'p> World<'p> {
    /// The ways in which a rule is broken, waivers left aside; none where formulas do not tell.
    pub(crate) fn breaches(&mut self, known: &Rc<Known<'p>>, base: &Instance<'p>) -> Vec<Breach<'p>> {
        if !is_told(base.rule) {
            return Vec::new();
        }
        match &base.rule.norm.act {
            Act::Ensure(_) => vec![self.failure(known, base)],
            Act::Do { .. } if base.rule.norm.modal.is_negative() => self.cases_of(known, base),
            Act::Do { .. } => self.omission(known, base).into_iter().collect(),
        }
    }

    /// A constraint with a condition that surely fails.
    fn failure(&mut self, known: &Rc<Known<'p>>, base: &Instance<'p>) -> Breach<'p> {
        let at = self.anchor(base, None).1;
        let mut parts = vec![self.applies(known, base, Some(at), Rail::True)];
        parts.push(self.not_overridden(known, base, Some(at)));
        parts.push(self.ensured(base, Rail::False));
        Breach { holds: self.store.and(parts), at, act: None, by: None }
    }

    /// What a constraint requires, on a rail.
    pub(crate) fn ensured(&mut self, base: &Instance<'p>, rail: Rail) -> Formula {
        let Act::Ensure(conditions) = &base.rule.norm.act else { return self.anything() };
        let day = base.rule.on.is_some().then(|| self.anchor(base, None).1);
        let env = base.env.reading_at(day);
        let parts: Vec<Formula> = conditions.iter().map(|c| self.truth(&c.expr, &env, rail)).collect();
        if rail.is_true() { self.store.and(parts) } else { self.store.or(parts) }
    }

    /// Acts that break a prohibition, one for each kind of record that shows it.
    fn cases_of(&mut self, known: &Rc<Known<'p>>, base: &Instance<'p>) -> Vec<Breach<'p>> {
        let Some((action, env)) = self.action(base, &base.rule.norm) else { return Vec::new() };
        let mut breaches = Vec::new();
        for evidence in &action.evidence {
            let act = self.object(&evidence.record, Origin::Named("act".to_owned()), true);
            let exists = self.store.boolean();
            if let Some(object) = self.objects.get_mut(act.0 as usize) {
                object.exists = exists;
            }
            let done = self.done(evidence, act, &env);
            let at = done.map_or(Linear::of(self.now), |done| done.from);
            let span = self.span(base, &base.rule.norm, None);
            if span.rough {
                continue;
            }
            let mut parts = vec![exists, self.in_time(done, &span, true)];
            parts.push(self.shows(evidence, act, &env, done, Rail::True));
            parts.push(self.applies(known, base, Some(at), Rail::True));
            parts.push(self.not_overridden(known, base, Some(at)));
            let by = evidence.by.as_ref().map(|by| (by, env.with_object(&evidence.var, act)));
            match (&by, &base.rule.norm.bearer) {
                (None, _) | (_, Bearer::Everyone) => {}
                (_, Bearer::Record(_)) => {
                    parts.push(self.performed_by(base, &base.rule.norm, evidence, act, &env, done));
                }
                (Some((by, inside)), Bearer::Role { .. }) => {
                    let performer = self.cases(by, inside);
                    parts.push(self.known(&performer));
                }
            }
            if let Some(done) = done {
                let now = Linear::of(self.now);
                parts.extend([done.known, self.at_most(done.from, now, 0)]);
            }
            breaches.push(Breach { holds: self.store.and(parts), at, act: Some(act), by });
        }
        breaches
    }

    /// A duty that is due, and of which no record that is there can be the act.
    fn omission(&mut self, known: &Rc<Known<'p>>, base: &Instance<'p>) -> Option<Breach<'p>> {
        let norm = &base.rule.norm;
        let span = self.span(base, norm, None);
        let to = span.to.filter(|_| !span.rough)?;
        let (action, env) = self.action(base, norm)?;
        let mut parts = vec![span.known, self.at_most(to, Linear::of(self.now), -1)];
        parts.push(self.applies(known, base, Some(to), Rail::True));
        parts.push(self.not_overridden(known, base, Some(to)));
        for evidence in &action.evidence {
            let (env, side) = (env.clone(), base.side);
            let body: Body<'p> = Rc::new(move |world, act| match act {
                Value::Object(act) => world.helps(side, norm, evidence, *act, &env, &span, false),
                _ => Formula::TRUE,
            });
            parts.push(self.all(&Range::Records(evidence.record.clone()), &body));
        }
        Some(Breach { holds: self.store.and(parts), at: to, act: None, by: None })
    }

    /// That a record may discharge a duty (`helps`), or surely does not. To be asserted only.
    #[expect(clippy::too_many_arguments, reason = "a record, what it shows, and when it counts")]
    fn helps(
        &mut self,
        side: usize,
        norm: &'p Norm,
        evidence: &'p Evidence,
        act: ObjectId,
        env: &Env<'p>,
        span: &Span,
        helps: bool,
    ) -> Formula {
        let done = self.done(evidence, act, env);
        let rail = if helps { Rail::MaybeTrue } else { Rail::False };
        let shows = self.shows(evidence, act, env, done, rail);
        let out = self.surely_outside(act, done, span, helps);
        let other = match &evidence.by {
            Some(by) if norm.bearer != Bearer::Everyone => {
                let by = self.key(by, &env.with_object(&evidence.var, act));
                let key = format!("by:{side}:{by}");
                let cases = self.opaque(key, &Type::Bool);
                match cases.as_slice() {
                    [(known, Value::Bool(is))] => {
                        let not = self.store.not(*is);
                        self.store.and([*known, not])
                    }
                    _ => self.anything(),
                }
            }
            _ => Formula::FALSE,
        };
        if helps {
            let (inside, same) = (self.store.not(out), self.store.not(other));
            self.store.and([shows, inside, same])
        } else {
            self.store.or([shows, out, other])
        }
    }

    /// That an act lies outside a window or after the assessment, surely.
    fn surely_outside(&mut self, act: ObjectId, done: Option<Done>, span: &Span, helps: bool) -> Formula {
        let Some(done) = done else { return if helps { Formula::FALSE } else { self.anything() } };
        let outside = self.out_of_time(Some(done), span);
        let later = self.at_most(Linear::of(self.now), done.from, -1);
        let later = self.store.and([done.known, later]);
        let sure = self.store.or([outside, later]);
        // Of an act without an instant, the day on which it was recorded may tell.
        let record = self.objects.get(act.0 as usize).map(|object| object.record.clone()).unwrap_or_default();
        match self.record(&record).and_then(|record| record.recorded.as_ref()) {
            Some(_) if !helps => {
                let (unknown, may) = (self.store.not(done.known), self.anything());
                let late = self.store.and([unknown, may]);
                self.store.or([sure, late])
            }
            _ => sure,
        }
    }

    /// That a rule is not surely broken by what breaks another one: for `breach`, the rule does not bind, does not say so, or may
    /// have been kept.
    pub(crate) fn spared(
        &mut self,
        known: &Rc<Known<'p>>,
        candidate: &Instance<'p>,
        base: &Instance<'p>,
        breach: &Breach<'p>,
    ) -> Formula {
        let rule = candidate.rule;
        // A breach that a waiver or a repair may take away is none for certain.
        if !is_told(rule) || rule.waivable.is_some() || !rule.otherwise.is_empty() {
            return Formula::TRUE;
        }
        let mut ways = vec![
            self.other_bearer(base, candidate),
            overridden(self, known, candidate, Some(breach.at), Rail::MaybeTrue),
        ];
        match &rule.norm.act {
            Act::Ensure(_) => {
                let at = self.anchor(candidate, None).1;
                ways.push(self.applies(known, candidate, Some(at), Rail::MaybeFalse));
                ways.push(self.ensured(candidate, Rail::MaybeTrue));
            }
            Act::Do { .. } if rule.norm.modal.is_negative() => {
                let Some(act) = breach.act else { return Formula::TRUE };
                if self.span(candidate, &rule.norm, None).rough {
                    return Formula::TRUE;
                }
                ways.push(self.other_performer(candidate, act, breach));
                ways.push(self.allows(known, candidate, act));
            }
            Act::Do { .. } => ways.push(self.may_be_kept(known, candidate)),
        }
        self.store.or(ways)
    }

    /// That a duty does not surely apply, is not surely due, or may have been done.
    fn may_be_kept(&mut self, known: &Rc<Known<'p>>, duty: &Instance<'p>) -> Formula {
        let norm = &duty.rule.norm;
        let span = self.span(duty, norm, None);
        let (Some(to), Some((action, env))) = (span.to, self.action(duty, norm)) else { return Formula::TRUE };
        if span.rough {
            return Formula::TRUE;
        }
        let mut ways = vec![self.store.not(span.known), self.at_most(Linear::of(self.now), to, 0)];
        ways.push(self.applies(known, duty, Some(to), Rail::MaybeFalse));
        for evidence in &action.evidence {
            let (env, side) = (env.clone(), duty.side);
            let body: Body<'p> = Rc::new(move |world, act| match act {
                Value::Object(act) => world.helps(side, norm, evidence, *act, &env, &span, true),
                _ => Formula::FALSE,
            });
            ways.push(self.some(&Range::Records(evidence.record.clone()), &body));
        }
        self.store.or(ways)
    }

    /// That another prohibition looks at another performer of the act than the one that is broken.
    fn other_performer(&mut self, candidate: &Instance<'p>, act: ObjectId, breach: &Breach<'p>) -> Formula {
        let record = self.objects.get(act.0 as usize).map(|object| object.record.clone()).unwrap_or_default();
        let Some((action, env)) = self.action(candidate, &candidate.rule.norm) else { return Formula::TRUE };
        if candidate.rule.norm.bearer == Bearer::Everyone {
            return Formula::FALSE;
        }
        let mut ways = Vec::new();
        for evidence in action.evidence.iter().filter(|evidence| evidence.record == record) {
            let Some(by) = &evidence.by else { continue };
            let Some((other, inside)) = &breach.by else { return Formula::TRUE };
            let same = self.same_value(by, &env.with_object(&evidence.var, act), other, inside);
            ways.push(self.store.not(same));
        }
        self.store.or(ways)
    }

    /// That two rules do not surely bind the same.
    fn other_bearer(&mut self, one: &Instance<'p>, other: &Instance<'p>) -> Formula {
        let same = match (&one.rule.norm.bearer, &other.rule.norm.bearer) {
            (Bearer::Everyone, Bearer::Everyone) => return Formula::FALSE,
            // Whoever is meant by a prohibition is meant by one for everyone.
            (_, Bearer::Everyone) if other.rule.norm.modal.is_negative() => return Formula::FALSE,
            (Bearer::Record(a), Bearer::Record(b)) => self.same_value(a, &one.env, b, &other.env),
            (Bearer::Role { role: a, of: None }, Bearer::Role { role: b, of: None }) if a == b => {
                return Formula::FALSE;
            }
            (Bearer::Role { role: a, of: Some(x) }, Bearer::Role { role: b, of: Some(y) }) if a == b => {
                self.same_value(x, &one.env, y, &other.env)
            }
            _ => return Formula::TRUE,
        };
        self.store.not(same)
    }

    fn same_value(&mut self, a: &'p Expr, a_env: &Env<'p>, b: &'p Expr, b_env: &Env<'p>) -> Formula {
        if let (Node::Field { of: x, name: m, at: None }, Node::Field { of: y, name: n, at: None }) = (&a.node, &b.node)
            && m == n
            && self.value_key(x, a_env) == self.value_key(y, b_env)
        {
            return Formula::TRUE;
        }
        self.equal_exprs(a, a_env, b, b_env)
    }

    /// What an expression stands for, told as text.
    fn value_key(&mut self, expr: &'p Expr, env: &Env<'p>) -> String {
        format!("{:?}", self.cases(expr, env))
    }

    /// That a prohibition does not surely forbid an act: it may not bind, or the act may be none that it is about.
    pub(crate) fn allows(&mut self, known: &Rc<Known<'p>>, ban: &Instance<'p>, act: ObjectId) -> Formula {
        Obstacle { rule: ban.clone(), slot: None }.breaks(self, known, act, Side::Spared)
    }

    /// A rule on what its variables are bound to.
    pub(crate) fn on_binding(&mut self, side: usize, name: &'p str, rule: &'p Rule, env: &Env<'p>) -> Instance<'p> {
        let values: Vec<Value> = rule
            .for_each
            .iter()
            .map(|binder| match env.get(&binder.var) {
                Some(Bound::Value(cases)) => cases.first().map_or(Value::Beyond, |(_, value)| value.clone()),
                Some(Bound::Later(..)) | None => Value::Beyond,
            })
            .collect();
        self.instance_of(side, name, rule, &values)
    }

    /// The ways to put a rule on records that are there, none used twice; at most so many. Empty where a variable ranges over
    /// something else.
    pub(crate) fn placements(&self, rule: &Rule, most: usize) -> Vec<Vec<Value>> {
        let mut ways: Vec<Vec<Value>> = vec![Vec::new()];
        for binder in &rule.for_each {
            let Domain::Records(record) = &binder.over else { return Vec::new() };
            let elements = self.elements(&Range::Records(record.clone()));
            let mut next = Vec::new();
            for way in &ways {
                let used = |value: &Value| way.iter().any(|other| object(other) == object(value));
                for (_, value) in elements.iter().filter(|(_, value)| !used(value)) {
                    next.push(way.iter().cloned().chain([value.clone()]).collect());
                }
            }
            next.truncate(most);
            ways = next;
        }
        ways
    }
}

fn object(value: &Value) -> Option<ObjectId> {
    match value {
        Value::Object(object) => Some(*object),
        _ => None,
    }
}
