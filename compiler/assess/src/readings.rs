//! What a missing value would make of a finding: judged again with each value it can have.

use crate::finding::{ReadAs, Reading};
use crate::judged::Judged;
use crate::outcome::{Outcome, Outcomes, Status};
use crate::program::{AT_THE_ANCHOR, RulePlan};
use crate::truth::{Gap, Truth};
use crate::value::Value;
use crate::world::{Frame, World};
use mandate_pack::Type;

/// Most missing fields that are tried for one finding.
const MOST_FIELDS: usize = 3;

/// Most values of a field that are tried.
const MOST_VALUES: usize = 8;

/// Most findings of one rule that are judged again: where more lack a value, the first ones show what it would do.
pub(crate) const MOST_FINDINGS: u32 = 1000;

/// Whether it is tried at all what values would make of a finding.
pub(crate) fn is_wanted(rule: &RulePlan, status: Status) -> bool {
    status == Status::Undetermined && !rule.near_sensitive
}

impl World<'_> {
    /// For each missing field with few possible values, what each of them would make of an undetermined finding; only where
    /// they differ. A rule that has to do with a sensitive field is left out: what each value makes of it could give that
    /// field's value away.
    pub(crate) fn readings(&self, index: usize, rule: &RulePlan, judged: &Judged, frame: &Frame) -> Vec<Reading> {
        let wanted = is_wanted(rule, judged.status());
        let left = self.run.readings_left.get();
        if !wanted || left == 0 {
            return Vec::new();
        }
        self.run.readings_left.set(left - 1);
        let concealed = self.run.concealed.borrow().clone();
        let mut frame = frame.clone();
        let fields = judged.missing.gaps().iter().filter_map(|gap| match gap {
            Gap::Field { record, field } => Some((*record, *field)),
            Gap::Feed { .. } => None,
        });
        let mut out = Vec::new();
        for (record, field) in fields.take(MOST_FIELDS) {
            let round = judged.round.map(|round| round.number);
            let tried = self.possible_values(record, field).into_iter().map(|value| {
                let possible = self.judged_with(index, rule, round, (record, field, value.clone()), &mut frame)?;
                Some((value, possible))
            });
            // All of them, or none: one left out would look as if the field could not have it.
            let Some(tried) = tried.collect::<Option<Vec<(Value, Outcomes)>>>() else { continue };
            if tried.iter().any(|(_, possible)| Some(possible) != tried.first().map(|(_, first)| first)) {
                let values = tried.iter().map(|(value, possible)| ReadAs {
                    value: self.say(value),
                    status: possible.status(),
                    possible: *possible,
                });
                out.push(Reading { field: self.say_gap(Gap::Field { record, field }), values: values.collect() });
            }
        }
        *self.run.concealed.borrow_mut() = concealed;
        out
    }

    /// The values of a field, if they are few.
    fn possible_values(&self, record: u32, field: u32) -> Vec<Value> {
        let ty = self.facts.records.get(record as usize).map_or(u32::MAX, |r| r.ty);
        match self.types.declared(ty, field).map(|f| f.ty.known()) {
            Some(Type::Bool) => vec![Value::Bool(true), Value::Bool(false)],
            Some(Type::Enum(name)) => {
                let Some(of) = self.types.enumeration(name) else { return Vec::new() };
                let variants = self.types.enums.get(of as usize).map_or(0, |(_, e)| e.variants.len());
                if variants > MOST_VALUES {
                    return Vec::new();
                }
                (0..variants as u32).map(|index| Value::Variant { of, index }).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The outcomes possible for an instance, or for a round of it, if a field had a value; `None` if there were several findings
    /// in the place of the one.
    fn judged_with(
        &self,
        index: usize,
        rule: &RulePlan,
        round: Option<u64>,
        overlay: (u32, u32, Value),
        frame: &mut Frame,
    ) -> Option<Outcomes> {
        self.run.overlay.replace(Some(overlay));
        for (slot, term) in &rule.lets {
            frame[*slot] = self.eval(term, frame);
        }
        let steady = rule.when.iter().zip(&rule.when_level).filter(|(_, level)| **level != AT_THE_ANCHOR);
        let when = Truth::all(steady.map(|(c, _)| self.holds(c, frame)));
        let judged = match round {
            None => self.judge(index, rule, when, frame),
            Some(number) => self.judge_round(index, rule, when, number, frame).into_iter().collect(),
        };
        self.run.overlay.replace(None);
        match (judged.as_slice(), round) {
            // The recurrence would be over before this round: it would not be owed.
            ([], Some(_)) => Some(Outcomes::only(Outcome::NotApplicable)),
            ([only], _) if only.round.is_some() == round.is_some() => Some(only.possible),
            _ => None,
        }
    }
}
