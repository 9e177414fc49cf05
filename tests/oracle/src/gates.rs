//! Whether a rule applies at all: in force, its conditions, its exceptions, what overrides it; and what its breach weighs.

use crate::value::{Instant, START, Tick, Truth, Value, all, any, not};
use crate::world::{Env, World};
use jiff::civil::Date;
use mandate_pack::{Force, Modal, Rule, Source, Window};
use std::collections::BTreeSet;

/// Outcomes still possible, by their words.
pub type Possible = BTreeSet<&'static str>;

/// A set of outcomes.
pub fn possible<const N: usize>(words: [&'static str; N]) -> Possible {
    Possible::from(words)
}

impl World<'_> {
    /// The scope of a rule's clause: its names for values are read where they are used.
    pub fn scope(&self, rule: &Rule, env: &Env, at: Instant) -> Env {
        rule.lets.iter().fold(env.at(at), |scope, name| {
            let value = self.eval(&name.value, &scope);
            scope.with(&name.name, value)
        })
    }

    /// Now, exactly.
    pub fn now(&self) -> Instant {
        Instant::exactly(self.as_of)
    }

    /// Every combination of records for the variables of a rule; whether some cannot be told.
    pub fn instances(&self, rule: &Rule) -> (Vec<Env>, bool) {
        let mut found = vec![self.env()];
        let mut more = false;
        for binder in &rule.for_each {
            let mut next = Vec::new();
            for env in found {
                let (items, unknown) = self.bindings(binder, &env);
                more |= unknown;
                next.extend(items.into_iter().map(|item| env.with(&binder.var, item)));
            }
            found = next;
        }
        (found, more)
    }

    /// `on`, or the start of the clock; `None` where a rule has neither.
    pub fn written_anchor(&self, rule: &Rule, env: &Env) -> Option<Instant> {
        let scope = self.scope(rule, env, self.now());
        if let Some(on) = &rule.on {
            return Some(self.instant(on, &scope));
        }
        if rule.norm.modal.is_negative() {
            return None;
        }
        match rule.norm.time.as_ref()? {
            Window::Within(_) => None,
            Window::WithinAfter(_, t) | Window::WithinBefore(_, t) | Window::By(t) | Window::Before(t) => {
                Some(self.instant(t, &scope))
            }
            Window::During(period) => match self.eval(period, &scope) {
                Value::Period(from, _) => Some(self.calendar.edge(&from)),
                _ => Some(Instant::ANY),
            },
            Window::Lasting(lasting) => Some(self.lasting_start(rule, env, self.edge(&lasting.from, &scope))),
            Window::Every(every) => Some(self.edge(&every.from, &scope)),
        }
    }

    fn first(&self, day: Option<&String>) -> Option<Tick> {
        day.and_then(|day| day.parse::<Date>().ok()).map(|day| self.calendar.start(day))
    }

    /// A lasting duty runs not before its edition and the first of its sources are in force, and bind the first of its party.
    pub fn lasting_start(&self, rule: &Rule, env: &Env, from: Instant) -> Instant {
        let day = |day: &Option<String>| Instant::exactly(self.first(day.as_ref()).unwrap_or(START));
        let party = rule.party.as_ref().map(|party| self.eval(party, &self.scope(rule, env, self.now())));
        let states = match party {
            None => Vec::new(),
            Some(Value::List { items, .. }) => items,
            Some(state) => vec![state],
        };
        let begins = rule.cites.iter().map(|cited| {
            let source = &self.pack.sources[&cited.source];
            let binds = states.iter().map(|state| self.bound_from(source, state, self.now())).reduce(Instant::min);
            day(&source.in_force_from).max(binds.unwrap_or(Instant::exactly(START)))
        });
        let first = begins.reduce(Instant::min).unwrap_or(Instant::exactly(START));
        from.max(day(&rule.in_force_from)).max(first)
    }

    fn between(&self, at: Instant, from: Option<Tick>, until: Option<Tick>) -> Truth {
        let from = from.map_or(Some(true), |from| Instant::exactly(from).le(at));
        let until = until.map_or(Some(true), |until| at.lt(Instant::exactly(until)));
        all([from, until])
    }

    /// From when a source binds a state; of one that binds none in particular, always.
    fn bound_from(&self, source: &Source, state: &Value, at: Instant) -> Instant {
        source.binds.as_ref().map_or(Instant::exactly(START), |binds| {
            let scope = self.env().at(at).with(&binds.var, state.clone());
            self.edge(&binds.from, &scope)
        })
    }

    /// Whether a source that says no end has been replaced by another one, compulsory by now and for this state.
    fn superseded(&self, name: &str, source: &Source, state: Option<&Value>, at: Instant) -> Truth {
        if source.in_force_until.is_some() {
            return Some(false);
        }
        let successors = self.pack.sources.values().filter(|s| s.supersedes.iter().any(|old| old == name));
        any(successors.map(|successor| {
            let begin = self.first(successor.compulsory_from.as_ref().or(successor.in_force_from.as_ref()));
            let begun = begin.map_or(Some(false), |begin| Instant::exactly(begin).le(at));
            let binds = state.map_or(Some(true), |state| self.bound_from(successor, state, at).le(at));
            all([begun, binds])
        }))
    }

    /// Whether a cited source governs at an instant, for the party of the rule.
    fn governs(&self, rule: &Rule, name: &str, env: &Env, at: Instant) -> Truth {
        let source = &self.pack.sources[name];
        let until = self.first(source.in_force_until.as_ref());
        let dates = self.between(at, self.first(source.in_force_from.as_ref()), until);
        let party = rule.party.as_ref().map(|party| self.eval(party, &self.scope(rule, env, at)));
        let for_state = |state: Option<&Value>| {
            let bound = state.map_or(Some(true), |state| self.bound_from(source, state, at).le(at));
            all([bound, not(self.superseded(name, source, state, at))])
        };
        let binds_nobody = source.binds.is_none();
        let for_party = match &party {
            None => for_state(None),
            Some(Value::List { items, more: false }) if items.is_empty() && binds_nobody => for_state(None),
            Some(party) => self.of_the_party(party, |state| for_state(Some(state))),
        };
        all([dates, for_party])
    }

    /// Whether something holds for the state, or for one of several.
    fn of_the_party(&self, party: &Value, holds: impl Fn(&Value) -> Truth) -> Truth {
        match party {
            Value::List { items, more } => any(items.iter().map(holds).chain(more.then_some(None))),
            state => holds(state),
        }
    }

    fn in_force(&self, rule: &Rule, env: &Env, at: Instant) -> Truth {
        let own = self.between(at, self.first(rule.in_force_from.as_ref()), self.first(rule.in_force_until.as_ref()));
        let cited = any(rule.cites.iter().map(|c| self.governs(rule, &c.source, env, at)));
        all([own, if rule.cites.is_empty() { Some(true) } else { cited }])
    }

    fn applies(&self, rule: &Rule, env: &Env, at: Instant) -> Truth {
        let scope = self.scope(rule, env, at);
        let when = rule.when.iter().map(|c| self.truth(&c.expr, &scope));
        all([self.in_force(rule, env, at), all(when)])
    }

    fn exempt(&self, rule: &Rule, env: &Env, at: Instant) -> Truth {
        let scope = self.scope(rule, env, at);
        any(rule.unless.iter().map(|c| self.truth(&c.expr, &scope)))
    }

    /// Whether some rule that overrides this one for these records is active at an instant.
    fn overridden(&self, name: &str, rule: &Rule, env: &Env, at: Instant) -> Truth {
        let mut by = Vec::new();
        for (other_name, other) in &self.pack.rules {
            for reference in other.overrides.iter().filter(|r| r.rule == name) {
                let (instances, more) = self.instances(other);
                for own in instances {
                    let scope = self.scope(other, &own, self.now());
                    let same = reference
                        .args
                        .iter()
                        .zip(&rule.for_each)
                        .map(|(arg, binder)| self.calendar.equal(&self.eval(arg, &scope), &env.vars[&binder.var]));
                    by.push(all([all(same), self.active(other_name, other, &own, at)]));
                }
                if more {
                    by.push(None);
                }
            }
        }
        any(by)
    }

    fn active(&self, name: &str, rule: &Rule, env: &Env, at: Instant) -> Truth {
        let anchor = self.written_anchor(rule, env).unwrap_or(at);
        let runs = match (&rule.norm.time, rule.norm.modal.is_negative()) {
            (Some(window), true) => {
                let window = self.window(Some(window), &self.scope(rule, env, self.now()), None);
                window.contains(at)
            }
            _ => Some(true),
        };
        all([
            self.applies(rule, env, anchor),
            not(self.exempt(rule, env, at)),
            not(self.waived_at(name, rule, env, at)),
            not(self.overridden(name, rule, env, at)),
            runs,
        ])
    }

    /// The outcomes of a norm, with what stands before it: whether it applies, is excepted, is overridden.
    pub fn gated(
        &self,
        name: &str,
        rule: &Rule,
        env: &Env,
        set: Possible,
        anchor: Instant,
        breach: Instant,
    ) -> Possible {
        let applies = self.applies(rule, env, anchor);
        if applies == Some(false) {
            return possible(["not applicable"]);
        }
        let breach = breach.min(self.now());
        let exempt = self.exempt(rule, env, breach);
        let overridden = self.overridden(name, rule, env, breach);
        let mut result = match (exempt, overridden) {
            (Some(true), _) => possible(["exempt"]),
            (_, Some(true)) => possible(["overridden"]),
            _ => set,
        };
        if exempt.is_none() {
            result.insert("exempt");
        }
        if exempt != Some(true) && overridden.is_none() {
            result.insert("overridden");
        }
        if applies.is_none() {
            result.insert("not applicable");
        }
        result
    }

    /// What a breach weighs.
    pub fn grade(&self, rule: &Rule, env: &Env, at: Instant) -> &'static str {
        let sources = || rule.cites.iter().map(|c| (&c.source, &self.pack.sources[&c.source]));
        if rule.norm.modal.is_binding() {
            let in_force: Vec<_> = sources().filter(|(n, _)| self.governs(rule, n, env, at) != Some(false)).collect();
            let transitional = |source: &Source| {
                let compulsory = self.first(source.compulsory_from.as_ref());
                compulsory.is_some_and(|day| at.lt(Instant::exactly(day)) == Some(true))
            };
            let only_transitional = !in_force.is_empty() && in_force.iter().all(|(_, s)| transitional(s));
            return if only_transitional { "advice" } else { "violation" };
        }
        if rule.norm.modal == Modal::AimsTo {
            return "advice";
        }
        let party = rule.party.as_ref().map(|party| self.eval(party, &self.scope(rule, env, at)));
        let endorsed =
            sources().filter(|(_, s)| matches!(s.force, Force::Voluntary | Force::Guidance)).any(|(name, _)| {
                self.pack.endorsements.iter().filter(|e| e.source == *name).any(|endorsement| {
                    let begun = self.between(at, self.first(endorsement.from.as_ref()), None);
                    let for_us = match (&endorsement.party, &party) {
                        (None, _) => Some(true),
                        (Some(state), Some(party)) => {
                            let state = self.value_of(state);
                            self.of_the_party(party, |ours| self.calendar.equal(ours, &state))
                        }
                        (Some(_), None) => Some(false),
                    };
                    all([begun, for_us]) == Some(true)
                })
            });
        if endorsed { "violation" } else { "advice" }
    }
}
