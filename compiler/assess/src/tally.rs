//! Counts of a rule by group, as they were found. No count here is fit to be published: small ones give single cases away.
//! `mandate-report` hides those, and is the only part that writes tallies.

use std::collections::BTreeMap;

/// The findings of one rule, counted by the values of one or more expressions: `tally by i.nation`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TallyTable {
    /// Rule, qualified.
    pub rule: String,
    /// The expressions as written.
    pub by: String,
    /// Counts by the values of the expressions, one of each. `None`: the data does not say.
    pub groups: BTreeMap<Vec<Option<String>>, BTreeMap<String, u64>>,
}

impl TallyTable {
    /// Takes over the counts of another part of the same table.
    pub(crate) fn absorb(&mut self, part: TallyTable) {
        for (group, counts) in part.groups {
            let all = self.groups.entry(group).or_default();
            for (word, number) in counts {
                *all.entry(word).or_default() += number;
            }
        }
    }

    /// Counts one finding: the values of its group and the word of its status ([`ADVICE`] for a recommendation not followed).
    pub fn add(&mut self, group: Vec<Option<String>>, word: &str) {
        *self.groups.entry(group).or_default().entry(word.to_owned()).or_default() += 1;
    }
}

/// The word under which a recommendation that was not followed is counted: it is no violation.
pub const ADVICE: &str = "advice";
