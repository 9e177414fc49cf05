//! Acts as records show them, the windows they have to fall in, and waivers.

use crate::value::{END, Instant, START, Tick, Truth, Value, all};
use crate::world::{Env, World};
use mandate_pack::{Bearer, End, Evidence, EvidenceTime, Expr, Lasting, Norm, Rule, Window};
use std::collections::BTreeMap;

/// A record that may show an act.
#[derive(Debug, Clone)]
pub struct Done {
    /// Whether it does.
    pub truth: Truth,
    /// When, or when it began.
    pub begin: Instant,
    /// When it ended, of a lasting act.
    pub end: Option<Instant>,
}

/// When an act counts.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// From; `None`: always.
    pub start: Option<Instant>,
    /// To, the last instant.
    pub due: Instant,
}

impl Span {
    /// Whether an instant lies in it.
    pub fn contains(&self, at: Instant) -> Truth {
        all([self.start.map_or(Some(true), |start| start.le(at)), at.le(self.due)])
    }

    /// When an act begins to count: a lasting one that began before, with the window.
    pub fn opened(&self, act: &Done) -> Instant {
        match self.start {
            Some(start) if act.end.is_some() => act.begin.max(start),
            _ => act.begin,
        }
    }

    /// Whether an act falls into it, a lasting one in part.
    pub fn meets(&self, act: &Done) -> Truth {
        match act.end {
            None => self.contains(act.begin),
            Some(end) => all([self.start.map_or(Some(true), |start| start.lt(end)), act.begin.le(self.due)]),
        }
    }
}

impl World<'_> {
    /// What an action is done to: the values of its arguments.
    fn arguments(&self, action: &str, args: &[Expr], env: &Env) -> BTreeMap<String, Value> {
        let params = self.pack.actions[action].params.iter().map(|p| p.name.clone());
        params.zip(args.iter().map(|arg| self.eval(arg, env))).collect()
    }

    /// The acts of a norm.
    pub fn acts(&self, norm: &Norm, action: &str, args: &[Expr], env: &Env) -> Vec<Done> {
        let args = self.arguments(action, args, env);
        let mut acts = Vec::new();
        for evidence in &self.pack.actions[action].evidence {
            for record in self.all_of(&evidence.record) {
                let scope = Env { vars: args.clone(), at: env.at }.with(&evidence.var, Value::Record(record));
                let (begin, end) = self.time_of(evidence, record, &scope);
                let scope = scope.at(begin);
                let performer = evidence.by.as_ref().map(|by| self.eval(by, &scope));
                let truth = all([
                    self.truth(&evidence.condition, &scope),
                    performer.map_or(Some(true), |who| self.is_bearer(&who, &norm.bearer, env, begin)),
                ]);
                if truth != Some(false) && begin.lo <= self.as_of {
                    acts.push(Done { truth, begin, end });
                }
            }
        }
        acts
    }

    /// Whether records surely show an act, whoever acted, up to the instant of assessment.
    fn is_surely_done(&self, action: &str, args: &BTreeMap<String, Value>) -> bool {
        self.pack.actions[action].evidence.iter().any(|evidence| {
            self.all_of(&evidence.record).into_iter().any(|record| {
                let scope = Env { vars: args.clone(), at: self.now() }.with(&evidence.var, Value::Record(record));
                let (begin, _) = self.time_of(evidence, record, &scope);
                begin.lo <= self.as_of && self.truth(&evidence.condition, &scope.at(begin)) == Some(true)
            })
        })
    }

    /// Acts of one parameter that exclude one another and surely are both done, with the record they were done to.
    pub fn both_done(&self) -> Vec<(String, String, usize)> {
        let mut found = Vec::new();
        for (one, action) in &self.pack.actions {
            let [param] = action.params.as_slice() else { continue };
            for other in action.excludes.iter().filter(|other| one < *other) {
                let theirs = &self.pack.actions[other].params[0].name;
                for (record, _) in self.records.iter().enumerate().filter(|(_, r)| param.ty.to_string() == r.ty) {
                    let done = |action: &str, param: &String| {
                        self.is_surely_done(action, &BTreeMap::from([(param.clone(), Value::Record(record))]))
                    };
                    if done(one, &param.name) && done(other, theirs) {
                        found.push((one.clone(), other.clone(), record));
                    }
                }
            }
        }
        found
    }

    fn time_of(&self, evidence: &Evidence, record: usize, scope: &Env) -> (Instant, Option<Instant>) {
        let (begin, end) = match &evidence.at {
            Some(EvidenceTime::At(at)) => (self.eval(at, scope), None),
            Some(EvidenceTime::During(from, to)) => (self.eval(from, scope), Some(self.eval(to, scope))),
            // The compiler fills in the record's own date: then there is none.
            None => (Value::Unknown, None),
        };
        let kind = &self.pack.records[&self.records[record].ty];
        let entered = kind.recorded.as_ref().map(|field| self.calendar.instant(&self.records[record].fields[field]));
        let latest = entered.map_or(self.taken, |entered| entered.hi.min(self.taken));
        // The record exists, so that what it tells has happened by the time it was made.
        let begin_at = match (&begin, &end) {
            (Value::Unknown, _) => Instant::between(START, latest),
            (value, None) => self.calendar.instant(value),
            (value, Some(_)) => self.calendar.edge(value),
        };
        let end = end.map(|end| match end {
            Value::Unknown => Instant::between(begin_at.lo, END),
            value => self.calendar.edge(&value),
        });
        (begin_at, end)
    }

    fn is_bearer(&self, who: &Value, bearer: &Bearer, env: &Env, at: Instant) -> Truth {
        match bearer {
            Bearer::Everyone => Some(true),
            Bearer::Role { role, of } => {
                let of = of.as_ref().map(|of| self.eval(of, env));
                self.holds(who, role, of.as_ref(), at)
            }
            Bearer::Record(record) => self.calendar.equal(&self.eval(record, env), who),
        }
    }

    fn plus(&self, t: Instant, by: &Value) -> Instant {
        match by {
            Value::Length(by) => self.calendar.add(t, *by).unwrap_or(Instant::between(t.lo, END)),
            _ => Instant::ANY,
        }
    }

    /// The window of a norm. `breach` is that of the duty before, in an `otherwise`.
    pub fn window(&self, window: Option<&Window>, env: &Env, breach: Option<Instant>) -> Span {
        let (start, due) = match window {
            None => (None, Instant::exactly(END)),
            Some(Window::Within(by)) => {
                let from = breach.unwrap_or(Instant::ANY);
                (Some(from), self.plus(from, &self.eval(by, env)))
            }
            Some(Window::WithinAfter(by, t)) => self.within_after(&self.eval(by, env), &self.eval(t, env)),
            Some(Window::WithinBefore(by, t)) => self.within_before(&self.eval(by, env), &self.eval(t, env)),
            Some(Window::By(t)) => (None, self.end_of_day(&self.eval(t, env))),
            Some(Window::Before(t)) => (None, self.edge(t, env).later(-1)),
            Some(Window::During(period)) => match self.eval(period, env) {
                Value::Period(from, to) => (Some(self.calendar.edge(&from)), self.calendar.edge(&to).later(-1)),
                _ => (Some(Instant::ANY), Instant::ANY),
            },
            Some(Window::Lasting(lasting)) => {
                (Some(self.edge(&lasting.from, env)), self.end_of_period(lasting.end.as_ref(), env).later(-1))
            }
            Some(Window::Every(_)) => (Some(Instant::ANY), Instant::ANY),
        };
        let start = match (start, breach) {
            (Some(start), Some(breach)) => Some(start.max(breach)),
            (start, breach) => start.or(breach),
        };
        Span { start, due }
    }

    fn within_after(&self, by: &Value, t: &Value) -> (Option<Instant>, Instant) {
        if let (Value::Day(day), Value::Length(by)) = (t, by)
            && by.is_of_days()
            && let Some(last) = self.calendar.add_to_day(*day, *by)
        {
            return (Some(Instant::exactly(self.calendar.start(*day))), Instant::exactly(self.calendar.day(last).hi));
        }
        let t = self.calendar.instant(t);
        (Some(t), self.plus(t, by))
    }

    fn within_before(&self, by: &Value, t: &Value) -> (Option<Instant>, Instant) {
        let t = self.calendar.edge(t);
        let start = match by {
            Value::Length(by) => self.plus(t, &Value::Length(by.negated())),
            _ => Instant::ANY,
        };
        (Some(start), t.later(-1))
    }

    fn end_of_day(&self, value: &Value) -> Instant {
        match value {
            Value::Day(day) => Instant::exactly(self.calendar.day(*day).hi),
            other => self.calendar.instant(other),
        }
    }

    /// The first instant after a period.
    pub fn end_of_period(&self, end: Option<&End>, env: &Env) -> Instant {
        match end {
            None => Instant::exactly(END),
            Some(End::To(to)) => match self.eval(to, env) {
                Value::Day(day) => Instant::exactly(self.calendar.day(day).hi + 1),
                value => self.calendar.instant(&value),
            },
            Some(End::Until(until)) => self.edge(until, env),
        }
    }

    /// Length of a tolerated gap, from an instant on.
    pub fn tolerated(&self, lasting: &Lasting, from: Tick, env: &Env) -> Tick {
        lasting.gap.as_ref().map_or(from, |gap| self.plus(Instant::exactly(from), &self.eval(gap, env)).lo)
    }

    /// The periods of the waivers that surely help an instance, joined where they meet, in order.
    pub fn waivers(&self, name: &str, rule: &Rule, env: &Env) -> Vec<(Tick, Tick)> {
        let Some(waivable) = &rule.waivable else { return Vec::new() };
        let kind = &self.pack.waivers[&waivable.waiver];
        if self.cannot_be_waived(rule) || kind.caveat && self.is_prohibition_of_law(rule) {
            return Vec::new();
        }
        let params = kind.params.iter().map(|p| p.name.clone());
        let own = self.scope(rule, env, self.now());
        let vars: BTreeMap<_, _> = params.zip(waivable.args.iter().map(|arg| self.eval(arg, &own))).collect();
        let mut periods = Vec::new();
        for record in self.all_of(&kind.record) {
            let scope = Env { vars: vars.clone(), at: self.now() }.with(&kind.var, Value::Record(record));
            let sure = |condition: &Expr| self.truth(condition, &scope) == Some(true);
            let named = kind.names.as_ref().is_none_or(|names| match self.eval(names, &scope) {
                Value::Text(text) => is_name_of(&text, name),
                _ => false,
            });
            let by = kind.by.as_ref().is_none_or(|by| self.eval(by, &scope).is_known());
            let valid = kind.valid.as_ref().is_none_or(sure);
            if !(sure(&kind.condition) && named && by && valid) {
                continue;
            }
            let rank = kind.rank.as_ref().map(|rank| self.eval(rank, &scope));
            let reaches = |floor: &Expr| {
                let floor = self.value_of(floor);
                rank.as_ref().is_some_and(|rank| self.calendar.at_most(&floor, rank) == Some(true))
            };
            let ordinary = waivable.floor.as_ref().is_none_or(reaches);
            let exceptional = kind.exceptional.as_ref().is_some_and(sure);
            if !(ordinary || exceptional && waivable.exceptional_floor.as_ref().is_some_and(reaches)) {
                continue;
            }
            let longest = waivable.longest.as_ref().map(|longest| self.eval(longest, &scope));
            periods.extend(self.period_of_waiver(kind, longest.as_ref(), &scope));
        }
        periods.sort_unstable();
        joined(periods)
    }

    /// From when to when a waiver surely runs.
    fn period_of_waiver(
        &self,
        kind: &mandate_pack::Waiver,
        longest: Option<&Value>,
        scope: &Env,
    ) -> Option<(Tick, Tick)> {
        let granted = kind.granted_at.as_ref().map(|at| self.instant(at, scope));
        let (begin, end) = match &kind.during {
            Some((from, to)) => (Some(self.edge(from, scope)), Some(self.edge(to, scope))),
            None => (granted, None),
        };
        let begin = begin?;
        let from = begin.hi.max(granted.map_or(START, |granted| granted.hi));
        let mut ends: Vec<Tick> = end.iter().map(|end| end.lo).collect();
        ends.extend(longest.map(|by| self.plus(begin, by).lo));
        if ends.is_empty() {
            return None;
        }
        if let Some(revoked) = &kind.revoked {
            let revoked = self.edge(revoked, scope);
            // An instant later than as of, of which no more is known: it has not been revoked.
            if !(revoked.lo > self.as_of && revoked.hi == END) {
                ends.push(revoked.lo);
            }
        }
        let until = ends.into_iter().min()?;
        (from < until).then_some((from, until))
    }

    /// Whether a rule cites a passage that no waiver sets aside.
    pub fn cannot_be_waived(&self, rule: &Rule) -> bool {
        rule.cites.iter().any(|cited| {
            let held = &self.pack.sources[&cited.source].not_waivable;
            [&cited.passage, &cited.to].into_iter().flatten().any(|passage| held.contains(passage))
        })
    }

    /// Whether a rule forbids something and cites law.
    pub fn is_prohibition_of_law(&self, rule: &Rule) -> bool {
        let law = |c: &mandate_pack::Citation| self.pack.sources[&c.source].force == mandate_pack::Force::Law;
        rule.norm.modal.is_negative() && rule.cites.iter().any(law)
    }

    /// Whether a waiver covers an instant.
    pub fn waived_at(&self, name: &str, rule: &Rule, env: &Env, at: Instant) -> Truth {
        let periods = self.waivers(name, rule, env);
        if periods.iter().any(|(from, to)| *from <= at.lo && at.hi < *to) {
            Some(true)
        } else if periods.iter().any(|(from, to)| *from <= at.hi && at.lo < *to) {
            None
        } else {
            Some(false)
        }
    }

    /// Waivers of what cannot be waived: the records.
    pub fn void_waivers(&self) -> Vec<usize> {
        let mut void = Vec::new();
        for kind in self.pack.waivers.values() {
            let Some(names) = &kind.names else { continue };
            for record in self.all_of(&kind.record) {
                let scope = self.env().with(&kind.var, Value::Record(record));
                let Value::Text(text) = self.eval(names, &scope) else { continue };
                let named: Vec<_> = self.pack.rules.iter().filter(|(name, _)| is_name_of(&text, name)).collect();
                let helps = |rule: &Rule| {
                    let kinds = rule.waivable.as_ref().and_then(|w| self.pack.waivers.get(&w.waiver));
                    kinds.is_some_and(|k| k.record == kind.record && !(k.caveat && self.is_prohibition_of_law(rule)))
                        && !self.cannot_be_waived(rule)
                };
                if !named.iter().any(|(_, rule)| helps(rule)) && !void.contains(&record) {
                    void.push(record);
                }
            }
        }
        void
    }
}

fn is_name_of(text: &str, qualified: &str) -> bool {
    text == qualified || qualified.rsplit('.').next() == Some(text)
}

fn joined(periods: Vec<(Tick, Tick)>) -> Vec<(Tick, Tick)> {
    let mut result: Vec<(Tick, Tick)> = Vec::new();
    for (from, to) in periods {
        match result.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => result.push((from, to)),
        }
    }
    result
}
