//! Counts of each rule, and its rate of compliance.

use mandate_assess::{ADVICE, Assessment, Finding, Grade, Outcome, Status};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// How often a rule was kept where somebody could tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rate {
    /// Instances that kept it.
    pub kept: u64,
    /// Instances that kept or broke it.
    pub judged: u64,
}

impl Rate {
    /// The rate; `None` when nothing could be judged: a rule that applies to nothing was not kept.
    pub fn of(kept: u64, broken: u64) -> Option<Rate> {
        let judged = kept.checked_add(broken)?;
        (judged > 0).then_some(Rate { kept, judged })
    }

    /// "97.4 %", rounded down: only what was always kept is 100 %.
    pub fn percent(self) -> String {
        let thousandths = u128::from(self.kept) * 1000 / u128::from(self.judged.max(1));
        match thousandths {
            1000 => "100 %".to_owned(),
            n => format!("{}.{} %", n / 10, n % 10),
        }
    }
}

/// The columns in which findings are counted, in the order of a table.
pub(crate) const COLUMNS: [&str; 10] = [
    "satisfied",
    "violated",
    "repaired",
    "waived",
    "pending",
    "undetermined",
    ADVICE,
    "exempt",
    "overridden",
    "permitted",
];

/// The column of a finding.
fn column(f: &Finding) -> &'static str {
    if f.grade == Grade::Advice { ADVICE } else { f.status.word() }
}

/// Kept and broken, from counts by column. A repaired breach is a breach; a waived one is in neither. What is exempt, pending
/// or not determined says nothing yet.
pub(crate) fn kept_and_broken(count: impl Fn(&str) -> u64) -> (u64, u64) {
    (count("satisfied"), count("violated") + count("repaired") + count(ADVICE))
}

/// The counts of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleCounts {
    /// Rule, qualified.
    pub rule: String,
    /// Title.
    pub title: String,
    /// Instances to which it surely applies.
    pub applies: u64,
    /// By outcome; what is not listed is 0. A recommendation not followed is `advice`.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Instances to which it does not apply. Never compliance.
    pub not_applicable: u64,
    /// Rate of compliance.
    #[serde(serialize_with = "rate")]
    pub rate: Option<Rate>,
}

fn rate<S: Serializer>(rate: &Option<Rate>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Said {
        kept: u64,
        judged: u64,
        percent: String,
    }
    rate.map(|r| Said { kept: r.kept, judged: r.judged, percent: r.percent() }).serialize(serializer)
}

impl RuleCounts {
    /// The count of a column.
    pub fn get(&self, column: &str) -> u64 {
        match column {
            "applies" => self.applies,
            "not applicable" => self.not_applicable,
            outcome => self.outcomes.get(outcome).copied().unwrap_or(0),
        }
    }
}

/// Counts by rule, in order of name. What is only reported as a finding (void waivers) comes last.
pub(crate) fn count(assessment: &Assessment) -> Vec<RuleCounts> {
    let empty = |rule: &str, title: &str, not_applicable| RuleCounts {
        rule: rule.to_owned(),
        title: title.to_owned(),
        applies: 0,
        outcomes: BTreeMap::new(),
        not_applicable,
        rate: None,
    };
    let listed = assessment.summary.iter();
    let mut all: Vec<RuleCounts> = listed.map(|(rule, c)| empty(rule, &c.title, c.not_applicable)).collect();
    let mut at: BTreeMap<String, usize> = all.iter().enumerate().map(|(n, c)| (c.rule.clone(), n)).collect();
    for f in &assessment.findings {
        let index = at.get(f.rule.as_str()).copied().unwrap_or_else(|| {
            all.push(empty(&f.rule, &f.title, 0));
            at.insert(f.rule.to_string(), all.len() - 1);
            all.len() - 1
        });
        let Some(counts) = all.get_mut(index) else { continue };
        *counts.outcomes.entry(column(f)).or_default() += 1;
        let set_aside = matches!(f.status, Status::Is(Outcome::Exempt | Outcome::Overridden));
        counts.applies += u64::from(!set_aside && !f.possible.has(Outcome::NotApplicable));
    }
    for (rule, unlisted) in &assessment.unlisted {
        let Some(counts) = at.get(rule).and_then(|index| all.get_mut(*index)) else { continue };
        for (status, number) in unlisted {
            *counts.outcomes.entry(status.word()).or_default() += number;
            counts.applies += if *status == Status::Is(Outcome::Exempt) { 0 } else { *number };
        }
    }
    for counts in &mut all {
        let (kept, broken) = kept_and_broken(|column| counts.get(column));
        counts.rate = Rate::of(kept, broken);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_always_kept_is_a_hundred_percent() {
        let percent = |kept, broken| Rate::of(kept, broken).map(Rate::percent);
        assert_eq!(percent(99_999, 1).as_deref(), Some("99.9 %"));
        assert_eq!(percent(7, 0).as_deref(), Some("100 %"));
        assert_eq!(percent(0, 3).as_deref(), Some("0.0 %"));
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(u64::MAX, 1), None);
    }
}
