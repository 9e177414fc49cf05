//! On what a finding stands beside its own conditions: other rules, texts and states, rounds and stretches of time.

use crate::defeat::Defeat;
use crate::finding::{BoundState, Endorsed, OtherRule, Round, Stretch};
use crate::judged::{Judged, RoundAt};
use crate::outcome::{Outcome, Outcomes};
use crate::program::RulePlan;
use crate::time::{ALWAYS, Instants, say_instants, say_tick};
use crate::value::Value;
use crate::world::{Frame, World};

impl World<'_> {
    pub(crate) fn raised_by(&self, judged: &Judged) -> Vec<Endorsed> {
        let raising = judged.weight.iter().flat_map(|weight| &weight.raised_by);
        let endorsement = |index: &usize| self.pack.endorsements.get(*index);
        raising
            .filter_map(endorsement)
            .map(|e| Endorsed { source: e.source.clone(), from: e.from.clone(), by: e.by.clone() })
            .collect()
    }

    /// Rules that narrow the one at hand for its records, where it applies.
    pub(crate) fn limited_by(&self, index: usize, rule: &RulePlan, judged: &Judged, frame: &Frame) -> Vec<OtherRule> {
        if judged.possible == Outcomes::only(Outcome::NotApplicable) {
            return Vec::new();
        }
        let subject: Vec<Value> = rule.each.iter().filter_map(|each| frame.get(each.scan.slot).cloned()).collect();
        let now = Instants::at(self.now);
        self.other_rules(&self.limited(index, &subject, judged.excepted_at.as_ref().unwrap_or(&now)))
    }

    pub(crate) fn other_rules(&self, defeats: &[Defeat]) -> Vec<OtherRule> {
        let mut others: Vec<OtherRule> = defeats.iter().filter_map(|defeat| self.other_rule(defeat)).collect();
        others.sort_by(|a, b| {
            let ids = |rule: &OtherRule| rule.subject.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
            (&a.rule, ids(a)).cmp(&(&b.rule, ids(b)))
        });
        others.dedup();
        others
    }

    fn other_rule(&self, defeat: &Defeat) -> Option<OtherRule> {
        let (name, rule) = self.pack.rules.iter().nth(defeat.rule)?;
        let plan = self.program.rules.get(defeat.rule)?;
        // A record that a sensitive field led to is not named: that would tell the field's value.
        let hidden = defeat.hidden || plan.each.iter().any(|each| each.hidden);
        let named = rule.for_each.iter().zip(&defeat.subject).filter(|_| !hidden);
        let subject = named.map(|(binder, value)| self.subject(&binder.var, value, false)).collect();
        Some(OtherRule { rule: name.clone(), title: rule.title.clone(), subject })
    }

    /// Which states the cited texts bind at the instant that decides.
    pub(crate) fn bound_states(&self, rule: &RulePlan, judged: &Judged, frame: &mut Frame) -> Vec<BoundState> {
        let Some(anchor) = &judged.anchor else { return Vec::new() };
        let Some(party) = self.party(rule, anchor, frame) else { return Vec::new() };
        let states: Vec<Value> = match party {
            Value::List(list) => list.items.to_vec(),
            state => vec![state],
        };
        let mut out = Vec::new();
        for index in &rule.sources {
            let (Some(source), Some(name)) = (self.program.sources.get(*index), self.pack.sources.keys().nth(*index))
            else {
                continue;
            };
            for state in states.iter().filter(|state| matches!(state, Value::Nation(_)) && !rule.party_hidden) {
                let Some(from) = self.bound_from(source, state) else { continue };
                let known = from.is_known() && from.lo != ALWAYS && !source.binds_hidden;
                out.push(BoundState {
                    source: name.clone(),
                    state: self.say(state),
                    bound: from.le(anchor).value,
                    since: known.then(|| say_instants(&self.zone, &from)),
                });
            }
        }
        out.dedup();
        out
    }

    pub(crate) fn say_round(&self, round: &RoundAt, hidden: bool) -> Round {
        let say = |tick| (!hidden).then(|| say_tick(&self.zone, tick));
        Round { number: round.number, from: say(round.from), to: say(round.to) }
    }

    pub(crate) fn say_uncovered(&self, judged: &Judged) -> Vec<Stretch> {
        let say = |tick| say_tick(&self.zone, tick);
        judged.uncovered.iter().map(|(from, to)| Stretch { from: say(*from), to: say(*to) }).collect()
    }
}
