//! Findings: plain data with a stable JSON form.

use crate::outcome::{Outcome, Outcomes, Status};
use crate::shared::Shared;
use crate::tally::TallyTable;
use mandate_pack::{Force, Modal};
use serde::Serialize;
use std::collections::BTreeMap;

/// What an assessment found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Name of the pack.
    pub pack: String,
    /// Version of the pack.
    pub version: String,
    /// Digest of the pack.
    pub digest: String,
    /// Instant of assessment; a day stands for its end.
    pub as_of: String,
    /// Only what was recorded by then was known to the assessment; absent where every record counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_at: Option<String>,
    /// Instances of rules, worst first. What does not apply is only counted.
    pub findings: Vec<Finding>,
    /// Facts that break an assumption of the rules: faults of the data, no breaches of a rule.
    pub data_findings: Vec<DataFinding>,
    /// Counts by rule (qualified name). A rule that applies to nothing is listed too.
    pub summary: BTreeMap<String, Counts>,
    /// Findings that were counted and not listed, by rule and status; see [`Options::list_all`](crate::Options::list_all).
    #[serde(skip)]
    pub unlisted: BTreeMap<String, BTreeMap<Status, u64>>,
    /// Counts by group, for rules that ask for them. Raw: `mandate-report` hides small numbers before it writes any.
    #[serde(skip)]
    pub tallies: Vec<TallyTable>,
}

impl Assessment {
    /// The instants it was made for, in words: `as of 2026-03-01`, `as of 2026-03-01, as known at 2026-02-01`.
    pub fn instants(&self) -> String {
        let known = self.known_at.as_ref().map_or_else(String::new, |at| format!(", as known at {at}"));
        format!("as of {}{known}", self.as_of)
    }

    /// Whether a binding rule is broken; advice that was not followed is no violation.
    pub fn has_violations(&self) -> bool {
        self.findings.iter().any(|f| f.grade == Grade::Violation)
    }

    /// Whether there is something to act on that is no violation, or not yet known to be one: advice not followed, what could
    /// still turn out a violation, facts that break an assumption.
    pub fn has_anything_to_do(&self) -> bool {
        let is_open = |f: &Finding| f.status == Status::Undetermined && !f.possible.is_harmless();
        !self.data_findings.is_empty() || self.findings.iter().any(|f| f.grade != Grade::None || is_open(f))
    }

    /// Exit code of a command that assesses: 1 with violations, else 0. Advice, faults of the data and what is not determined
    /// give 0.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.has_violations())
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// A binding norm is broken.
    Violation,
    /// A recommendation or aim is not followed.
    Advice,
    /// No breach is established.
    None,
}

/// One instance of a rule, or a waiver of what cannot be waived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Rule, qualified; `void_waiver` for a waiver that sets aside what cannot be set aside.
    pub rule: Shared<String>,
    /// Title for people.
    pub title: Shared<String>,
    /// Outcome word, or `undetermined`.
    pub status: Status,
    /// Outcomes still possible.
    pub possible: Outcomes,
    /// Weight.
    pub grade: Grade,
    /// Strength and polarity of the norm.
    pub modal: Modal,
    /// Legal force of the strongest source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force: Option<Force>,
    /// The sentence of the norm, as written.
    pub norm: Shared<String>,
    /// What the variables of the rule stand for.
    pub subject: Vec<Subject>,
    /// On whom the norm falls.
    pub bearer: String,
    /// Deadline, with waivers counted in; a day means its end. `None`: there is none, or it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// The deadline itself is excluded.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub due_excluded: bool,
    /// How late the first act was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_by: Option<String>,
    /// When the breach happened or began; absent where it is only known to stand at the instant of assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Duties that arose from the breach.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// Fields that would decide, as `record.field`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// What the missing fields with few possible values would make of it, where that differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// How the outcome came about.
    pub why: Vec<Step>,
    /// Records that show the act.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Place>,
    /// What justifies the rule.
    pub citations: Shared<Vec<Cited>>,
    /// Statements of checklists or instruments it carries.
    #[serde(skip_serializing_if = "is_empty")]
    pub carries: Shared<Vec<String>>,
    /// Remarks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
    /// Endorsements of the cited texts in effect.
    #[serde(skip_serializing_if = "is_empty")]
    pub endorsed: Shared<Vec<Endorsed>>,
    /// Those of them that make a broken recommendation a violation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub raised_by: Vec<Endorsed>,
    /// Every cited text in force is still in its transitional period: a shortfall is advice.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub transitional: bool,
    /// What a breach weighs, or would.
    #[serde(skip)]
    pub weighs: Grade,
    /// Which of the states whose obligations count a cited text binds, and since when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bound: Vec<BoundState>,
    /// Rules that take its place, or may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overridden_by: Vec<OtherRule>,
    /// Rules that narrow it; both stay to be kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limited_by: Vec<OtherRule>,
    /// Which round of a recurring duty it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<Round>,
    /// What a lasting duty left uncovered, longer than is tolerated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<Stretch>,
    /// Waivers that covered it, wholly or in part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waived_by: Vec<Place>,
    /// The nearest way to keep the norm, or to decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

fn is_empty<T>(list: &Shared<Vec<T>>) -> bool {
    list.is_empty()
}

impl Finding {
    /// Words for the outcomes still possible, worst first. Breaking a recommendation is no violation, and is not called one.
    pub fn could_be(&self) -> Vec<&'static str> {
        let word = |outcome| match outcome {
            Outcome::Violated if self.weighs != Grade::Violation => "advice not followed",
            outcome => outcome.word(),
        };
        self.possible.iter().map(word).collect()
    }
}

/// What a variable stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// Variable.
    pub var: String,
    /// Record type in facts files; absent for a value that is no record.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// Key of the record, its place (`inc-1.victims[0]`), or the value.
    pub id: String,
    /// Facts file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// A record with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Record type in facts files.
    #[serde(rename = "type")]
    pub ty: String,
    /// Key of the record, or its place; `(withheld)` for one that a sensitive field leads to.
    pub id: String,
    /// Facts file; empty for a withheld record.
    pub file: String,
    /// Line, from 1; 0 for a withheld record.
    pub line: u32,
    /// When the record says it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A duty that arose from a breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    /// The sentence.
    pub norm: String,
    /// How it stands.
    pub status: Status,
    /// Deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// A condition and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// `when`, `unless`, `require`, `condition` (a named one), `evidence`.
    pub kind: StepKind,
    /// The condition as written, or its name.
    pub text: Shared<String>,
    /// `None`: unknown.
    pub holds: Option<bool>,
    /// Fields read, with their values; those of sensitive fields are not shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<Read>,
    /// Named conditions inside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Step>,
}

/// Kinds of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Must hold for the rule to apply.
    When,
    /// Takes the case out of the rule.
    Unless,
    /// Has to hold to keep the rule.
    Require,
    /// A named condition.
    Condition,
}

impl StepKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            StepKind::When => "when",
            StepKind::Unless => "unless",
            StepKind::Require => "require",
            StepKind::Condition => "condition",
        }
    }
}

impl Step {
    /// What became of the condition, as people read it: `yes`, `no`, `unknown`.
    pub fn answer(&self) -> &'static str {
        match self.holds {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        }
    }
}

/// A field that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Read {
    /// `record.field`.
    pub field: String,
    /// The value; `None`: unknown; "a value" for a sensitive one.
    pub value: Option<String>,
}

/// A citation with the passage it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cited {
    /// Source, qualified.
    pub source: String,
    /// Title of the source.
    pub title: String,
    /// Its legal force: breaking a commitment is no breach of law, however strong the rule is worded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub force: Option<Force>,
    /// Passage, or the first of a span.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passage: Option<String>,
    /// Last passage of a span.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Text of the passage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where the official wording is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// An endorsement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Endorsed {
    /// Source, qualified.
    pub source: String,
    /// Since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// By which order or decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A missing field, and what its values would make of the finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// `record.field`.
    pub field: String,
    /// Every value it can have, in the order declared.
    pub values: Vec<ReadAs>,
}

/// How a finding would stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadAs {
    /// The value.
    pub value: String,
    /// How the finding would stand.
    pub status: Status,
    /// The outcomes that would still be possible.
    pub possible: Outcomes,
}

/// A state whose obligations count, and a text that binds states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BoundState {
    /// Source, qualified.
    pub source: String,
    /// State, by code.
    pub state: String,
    /// Whether it is bound at the instant that decides which edition applies; `None`: unknown.
    pub bound: Option<bool>,
    /// Since when; absent where it is not known or not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// Another rule, for the records it is active for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherRule {
    /// Rule, qualified.
    pub rule: String,
    /// Title for people.
    pub title: String,
    /// What its variables stand for; empty where that would tell a sensitive value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subject: Vec<Subject>,
}

/// A round of a recurring duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Round {
    /// From 1.
    pub number: u64,
    /// First instant that counts; absent where the times may not be shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last instant that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// A stretch of time, half-open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// First instant.
    pub from: String,
    /// First instant after it; the instant of assessment where it still runs.
    pub to: String,
}

/// Facts that break an assumption, or surely show two acts that exclude one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataFinding {
    /// Title of the assumption, or which acts exclude one another.
    pub assumption: String,
    /// Where the assumption is declared; the qualified names of the acts.
    pub declared: String,
    /// What its variables stand for; what both acts were done to, and a record that shows each.
    pub subject: Vec<Subject>,
    /// Conditions that do not hold.
    pub why: Vec<Step>,
}

/// Counts of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Title.
    pub title: String,
    /// Findings by word of their status.
    pub outcomes: BTreeMap<String, u64>,
    /// Instances to which the rule does not apply. Never compliance.
    pub not_applicable: u64,
}
