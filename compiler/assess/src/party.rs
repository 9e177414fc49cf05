//! Which text is in force, for whom, and how much a breach of it weighs.

use crate::finding::Grade;
use crate::program::{RulePlan, SourcePlan};
use crate::time::{ALWAYS, Instants, Tick};
use crate::truth::Truth;
use crate::value::{List, Value};
use crate::world::{Frame, World};
use mandate_pack::{Force, Modal};

/// How much a breach weighs, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Weight {
    pub(crate) grade: Grade,
    /// Endorsements (by place in the pack) that make a broken recommendation a violation.
    pub(crate) raised_by: Vec<usize>,
    /// No cited text is compulsory yet.
    pub(crate) transitional: bool,
}

impl World<'_> {
    /// The states whose obligations count, at the anchor; `None` where the rule names none.
    pub(crate) fn party(&self, rule: &RulePlan, anchor: &Instants, frame: &mut Frame) -> Option<Value> {
        rule.party.as_ref().map(|party| self.reading_at(anchor, || self.eval(party, frame)))
    }

    /// Whether the edition of a rule and one of its cited sources are in force at an instant.
    pub(crate) fn in_force(&self, rule: &RulePlan, party: Option<&Value>, at: &Instants) -> Truth {
        let (from, until) = rule.edition;
        within(from, until, at).and(|| {
            if rule.sources.is_empty() {
                return Truth::TRUE;
            }
            Truth::any(rule.sources.iter().map(|source| self.stands(*source, party, at)))
        })
    }

    /// Whether a source is in force at an instant, for one of these states at least.
    fn stands(&self, source: usize, party: Option<&Value>, at: &Instants) -> Truth {
        let Some(plan) = self.program.sources.get(source) else { return Truth::FALSE };
        within(plan.from, plan.until, at).and(|| {
            let of_one = |state: Option<&Value>| {
                let bound = state.map_or(Truth::TRUE, |state| self.is_bound(plan, state, at));
                bound.and(|| self.superseded(plan, state, at).not())
            };
            let binds = |source: &usize| self.program.sources.get(*source).is_some_and(|s| s.binds.is_some());
            // A text that binds everyone asks nothing of a party.
            let party = party.filter(|_| plan.binds.is_some() || plan.successors.iter().any(binds));
            match party {
                None => of_one(None),
                // A text that binds no states in particular asks for none.
                Some(Value::List(List { items, open: None })) if items.is_empty() && plan.binds.is_none() => {
                    of_one(None)
                }
                Some(Value::List(List { items, open })) => {
                    let any = Truth::any(items.iter().map(|state| of_one(Some(state))));
                    match open {
                        Some(missing) if !any.is_true() => Truth::unknown(any.missing.and(missing)),
                        _ => any,
                    }
                }
                Some(state) => of_one(Some(state)),
            }
        })
    }

    /// Whether a source binds a state by an instant.
    fn is_bound(&self, source: &SourcePlan, state: &Value, at: &Instants) -> Truth {
        self.bound_from(source, state).map_or(Truth::TRUE, |from| from.le(at))
    }

    /// From when a source binds a state; `None`: it binds everyone.
    pub(crate) fn bound_from(&self, source: &SourcePlan, state: &Value) -> Option<Instants> {
        let body = source.binds.as_ref()?;
        let mut frame = self.frame(body.frame.max(1));
        frame[0] = state.clone();
        Some(self.eval(&body.term, &mut frame).instants().opening())
    }

    /// A text without an end of its own ends when its successor becomes compulsory, for those whom the successor binds.
    fn superseded(&self, source: &SourcePlan, state: Option<&Value>, at: &Instants) -> Truth {
        if source.until.is_some() {
            return Truth::FALSE;
        }
        Truth::any(source.successors.iter().map(|successor| {
            let Some(successor) = self.program.sources.get(*successor) else { return Truth::FALSE };
            let Some(begin) = successor.compulsory.or(successor.from) else { return Truth::FALSE };
            Instants::at(begin).le(at).and(|| state.map_or(Truth::TRUE, |state| self.is_bound(successor, state, at)))
        }))
    }

    /// The first instant at which a rule can be in force: a period that lasts begins no earlier.
    pub(crate) fn edition_begin(&self, rule: &RulePlan, frame: &mut Frame) -> Instants {
        let party = self.party(rule, &Instants::at(self.now), frame);
        let own = Instants::at(rule.edition.0.unwrap_or(ALWAYS));
        let of_source = |source: &SourcePlan| {
            let from = Instants::at(source.from.unwrap_or(ALWAYS));
            let bound = match &party {
                None => None,
                Some(Value::List(list)) => {
                    list.items.iter().filter_map(|state| self.bound_from(source, state)).reduce(|a, b| earlier(&a, &b))
                }
                Some(state) => self.bound_from(source, state),
            };
            bound.map_or(from.clone(), |bound| later(&from, &bound))
        };
        let sources = rule.sources.iter().filter_map(|s| self.program.sources.get(*s)).map(of_source);
        sources.reduce(|a, b| earlier(&a, &b)).map_or(own.clone(), |first| later(&own, &first))
    }

    /// How much a breach of a norm weighs, by the texts in force at its anchor.
    pub(crate) fn weight(&self, rule: &RulePlan, modal: Modal, party: Option<&Value>, at: &Instants) -> Weight {
        let plain = |grade| Weight { grade, raised_by: Vec::new(), transitional: false };
        match modal {
            Modal::Must | Modal::MustNot => {
                let mut standing = rule.sources.iter().filter(|s| !self.stands(**s, party, at).is_false()).peekable();
                let is_open = |source: &usize| {
                    let from = self.program.sources.get(*source).and_then(|s| s.compulsory);
                    from.is_some_and(|from| Instants::at(from).le(at).is_false())
                };
                if standing.peek().is_some() && standing.all(is_open) {
                    return Weight { transitional: true, ..plain(Grade::Advice) };
                }
                plain(Grade::Violation)
            }
            Modal::Should | Modal::ShouldNot => {
                let raised_by = self.raising(rule, party, at);
                let grade = if raised_by.is_empty() { Grade::Advice } else { Grade::Violation };
                Weight { raised_by, ..plain(grade) }
            }
            Modal::AimsTo | Modal::May => plain(Grade::Advice),
        }
    }

    /// Endorsements that surely hold by the anchor, by the mission or by the rule's party.
    fn raising(&self, rule: &RulePlan, party: Option<&Value>, at: &Instants) -> Vec<usize> {
        let by_choice = |source: usize| {
            let force = self.program.sources.get(source).map(|s| s.force);
            rule.sources.contains(&source) && matches!(force, Some(Force::Guidance | Force::Voluntary))
        };
        let of_party = |state: &Value| match party {
            Some(Value::List(list)) => list.items.iter().any(|p| p.eq(state).is_true()),
            Some(party) => party.eq(state).is_true(),
            None => false,
        };
        let holds = |endorsement: &crate::program::EndorsementPlan| {
            by_choice(endorsement.source)
                && endorsement.from.is_none_or(|from| Instants::at(from).le(at).is_true())
                && endorsement
                    .party
                    .as_ref()
                    .is_none_or(|party| of_party(&self.eval(&party.term, &mut self.frame(party.frame))))
        };
        let all = self.program.endorsements.iter().enumerate();
        all.filter(|(_, endorsement)| holds(endorsement)).map(|(index, _)| index).collect()
    }
}

fn within(from: Option<Tick>, until: Option<Tick>, at: &Instants) -> Truth {
    let begun = from.map_or(Truth::TRUE, |from| Instants::at(from).le(at));
    begun.and(|| until.map_or(Truth::TRUE, |until| at.lt(&Instants::at(until))))
}

/// The later of two instants, which may be imprecise.
pub(crate) fn later(a: &Instants, b: &Instants) -> Instants {
    ordered(a, b, Tick::max, |x, y| x.hi <= y.lo)
}

/// The earlier of two instants, which may be imprecise.
pub(crate) fn earlier(a: &Instants, b: &Instants) -> Instants {
    ordered(a, b, Tick::min, |x, y| x.lo >= y.hi)
}

fn ordered(
    a: &Instants,
    b: &Instants,
    end: fn(Tick, Tick) -> Tick,
    loses: fn(&Instants, &Instants) -> bool,
) -> Instants {
    if a == b {
        return a.clone();
    }
    if a.civil && b.civil {
        return if end(a.lo, b.lo) == a.lo { a.clone() } else { b.clone() };
    }
    if loses(a, b) {
        return b.clone();
    }
    if loses(b, a) {
        return a.clone();
    }
    Instants::between(end(a.lo, b.lo), end(a.hi, b.hi), a.missing.and(&b.missing))
}
