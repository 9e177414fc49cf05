//! What differs between two packs: plain data, with a stable JSON form.

use mandate_pack::{Fact, Origin};
use serde::Serialize;
use std::collections::BTreeMap;

/// What differs in meaning between two packs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The old pack.
    pub old: Edition,
    /// The new pack.
    pub new: Edition,
    /// Rules that are equal in both, word for word or but for names, order and layout.
    pub equal: usize,
    /// Rules that differ, in the order of their names: the new name where there is one.
    pub rules: Vec<RuleDifference>,
    /// Everything else that differs, by kind and name.
    pub declarations: Vec<DeclarationDifference>,
    /// What the release has to be.
    pub release: Release,
}

impl Difference {
    /// Whether anything differs in meaning: wording, names of files and order do not count.
    pub fn changes_meaning(&self) -> bool {
        self.release.needed > Level::Patch
    }
}

/// A pack, as it calls itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// Name of the package.
    pub name: String,
    /// Version of the package.
    pub version: String,
    /// Digest of the pack.
    pub digest: String,
}

/// A rule of one of the packs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleSide {
    /// Qualified name.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// Where it is declared.
    pub origin: Origin,
    /// Strength of its norm: `must`, `should not`.
    pub modal: &'static str,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Proven: judged the same in every situation, though it is written otherwise.
    Same,
    /// Every situation is judged the same as far as it is decided; what findings say beside the outcome differs, or what stays open
    /// where data is missing.
    Retold,
    /// Proven: nowhere weaker; and not proven the same.
    Stricter,
    /// Proven: nowhere stricter; or a situation shows that it is weaker, and none that it is stricter.
    Weaker,
    /// Stricter in some situations and weaker in others, each shown by one.
    Incomparable,
    /// It may be weaker, and may be stricter.
    Undecided,
}

impl Verdict {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Added => "added",
            Verdict::Removed => "removed",
            Verdict::Same => "same",
            Verdict::Retold => "same outcomes",
            Verdict::Stricter => "stricter",
            Verdict::Weaker => "weaker",
            Verdict::Incomparable => "stricter and weaker",
            Verdict::Undecided => "not decided",
        }
    }
}

/// How the two sides of a rule were found to be one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recognised {
    /// By its name.
    Name,
    /// It says in whose place it stands.
    Replaces,
    /// By what it says, all of it.
    Content,
    /// By much of what it says.
    Similarity,
}

/// A rule that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleDifference {
    /// As it was; absent for a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<RuleSide>,
    /// As it is; absent for one that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<RuleSide>,
    /// How both were found to be one; absent where there is one side only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recognised: Option<Recognised>,
    /// What became of it.
    pub verdict: Verdict,
    /// Whether a situation shows what the verdict says, or it needs none (added, removed, same).
    pub shown: bool,
    /// It has another name.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub renamed: bool,
    /// It stands in another file.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
    /// What differs in meaning, or is written otherwise and means the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aspects: Vec<AspectDifference>,
    /// What differs and means nothing: `title`, `documentation`, `citations`, `order`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub wording: Vec<&'static str>,
    /// Proven: what was surely broken still is, wherever it is judged.
    pub never_weaker: bool,
    /// Proven: what is surely broken was broken before.
    pub never_stricter: bool,
    /// Situations that both judge differently, one for each class.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// What could not be decided, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
}

/// What a difference is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// `for each`, `on`, `party`, `when`, `unless`, when it is in force.
    Applicability,
    /// The window of the norm.
    Due,
    /// What discharges a duty, breaks a prohibition, or has to hold.
    Evidence,
    /// Who is bound.
    Bearer,
    /// What sets it aside.
    Waiver,
    /// Which rules take its place.
    Priority,
    /// How much a breach weighs.
    Strength,
    /// What is owed after a breach.
    Otherwise,
    /// What findings say beside the outcome: remarks, groups, statements carried, rules that narrow it.
    Report,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Aspect; 9] = [
        Aspect::Applicability,
        Aspect::Due,
        Aspect::Evidence,
        Aspect::Bearer,
        Aspect::Waiver,
        Aspect::Priority,
        Aspect::Strength,
        Aspect::Otherwise,
        Aspect::Report,
    ];

    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Aspect::Applicability => "when it applies",
            Aspect::Due => "when it is due",
            Aspect::Evidence => "what it asks for",
            Aspect::Bearer => "who is bound",
            Aspect::Waiver => "what waives it",
            Aspect::Priority => "what takes its place",
            Aspect::Strength => "how much it weighs",
            Aspect::Otherwise => "what follows a breach",
            Aspect::Report => "what its findings say",
        }
    }
}

/// What is proven of the direction of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The same in every situation.
    Same,
    /// No situation is broken in one and not in the other.
    Retold,
    /// Nowhere weaker.
    Stricter,
    /// Nowhere stricter.
    Weaker,
    /// Nothing.
    Open,
}

impl Direction {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Direction::Same => "means the same",
            Direction::Retold => "no other outcome",
            Direction::Stricter => "stricter",
            Direction::Weaker => "weaker",
            Direction::Open => "other",
        }
    }
}

/// A part of a rule that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AspectDifference {
    /// What it is about.
    pub aspect: Aspect,
    /// What is proven of it by itself.
    pub direction: Direction,
    /// Clauses that stand only in the old rule, as written, and what stands behind a name that means something else now.
    pub old: Vec<String>,
    /// Clauses that stand only in the new rule.
    pub new: Vec<String>,
}

/// What both packs make of a situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Was kept, or did not apply; now broken.
    NewlyBroken,
    /// Was broken; now kept, or not applicable.
    NoLongerBroken,
    /// What was a recommendation not followed is a violation now.
    Heavier,
    /// What was a violation is a recommendation not followed now.
    Lighter,
    /// Did not apply; now owed or judged.
    NewlyApplies,
    /// Was owed or judged; now does not apply.
    NoLongerApplies,
    /// A duty after a breach is owed that was not.
    NewlyOwed,
    /// A duty after a breach is no longer owed.
    NoLongerOwed,
    /// Was decided; now left open by what is missing.
    NewlyUndetermined,
    /// Was left open by what is missing; now decided.
    NewlyDetermined,
    /// Judged otherwise in another way.
    Otherwise,
}

impl Class {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Class::NewlyBroken => "now broken",
            Class::NoLongerBroken => "no longer broken",
            Class::Heavier => "weighs more",
            Class::Lighter => "weighs less",
            Class::NewlyApplies => "now applies",
            Class::NoLongerApplies => "no longer applies",
            Class::NewlyOwed => "more is owed after a breach",
            Class::NoLongerOwed => "less is owed after a breach",
            Class::NewlyUndetermined => "now left open",
            Class::NewlyDetermined => "now decided",
            Class::Otherwise => "judged otherwise",
        }
    }

    /// Whether it shows that the new rule is stricter somewhere.
    pub fn is_stricter(self) -> bool {
        matches!(self, Class::NewlyBroken | Class::Heavier | Class::NewlyOwed)
    }

    /// Whether it shows that the new rule is weaker somewhere.
    pub fn is_weaker(self) -> bool {
        matches!(self, Class::NoLongerBroken | Class::Lighter | Class::NoLongerOwed)
    }
}

/// A situation that both packs judge differently; it was assessed under both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// What both make of it.
    pub class: Class,
    /// For people, a line each, in the order of time.
    pub story: Vec<String>,
    /// What the old pack says, such as "violated, due 2024-03-02 08:00".
    pub old: String,
    /// What the new pack says.
    pub new: String,
    /// Instant of assessment.
    pub as_of: String,
    /// Its records, in the shape of a facts file of the pack that it was found in.
    pub facts: serde_json::Value,
    /// The same as a scenario holds them, nothing withheld.
    #[serde(skip)]
    pub records: Vec<Fact>,
    /// Keys of the records that the rule is about in it.
    #[serde(skip)]
    pub subject: Vec<String>,
}

/// What became of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// New.
    Added,
    /// Gone.
    Removed,
    /// Another name, and nothing else.
    Renamed,
    /// Otherwise.
    Changed,
}

impl Change {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Renamed => "renamed",
            Change::Changed => "changed",
        }
    }
}

/// What a release has to be, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing differs at all.
    None,
    /// Nothing means anything else.
    Patch,
    /// Something is new, or only more is allowed.
    Minor,
    /// Something that was compliant is a breach now, or something that data or tools rely on is gone or changed.
    Major,
}

impl Level {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Level::None => "none",
            Level::Patch => "patch",
            Level::Minor => "minor",
            Level::Major => "major",
        }
    }
}

/// A declaration that is no rule and differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeclarationDifference {
    /// `record`, `field`, `enum`, `role`, `parameter`, `definition`, `action`, `waiver`, `source`, `endorsement`, `assumption`, `package`...
    pub kind: &'static str,
    /// Its name; the new one where it was renamed.
    pub name: String,
    /// The old name, where it was renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// What became of it.
    pub change: Change,
    /// What differs, in words: `value 24 hours, now 36 hours`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// What it makes of the release by itself. Where the meaning of rules changes with it, they are listed, and say more.
    pub level: Level,
}

/// What a release has to be, and what its manifest claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Release {
    /// What it has to be.
    pub needed: Level,
    /// Why: what is of that level.
    pub because: Vec<String>,
    /// What the versions of the manifests say it is.
    pub claimed: Level,
    /// Whether the manifest claims enough.
    pub enough: bool,
    /// What the version would have to be at least; absent where the old one cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_version: Option<String>,
    /// Below 1.0.0 the second number stands for the first.
    pub before_first: bool,
}

/// A mission against the packages it refines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refinement {
    /// Name of the mission.
    pub mission: String,
    /// Title of the mission.
    pub title: String,
    /// Its package.
    pub package: Edition,
    /// The refined packages, in the order written.
    pub refines: Vec<Edition>,
    /// Every rule of the refined packages, in the order of their names.
    pub rules: Vec<RuleComparison>,
    /// How many rules of each verdict.
    pub counts: BTreeMap<&'static str, usize>,
}

/// A rule of a refined package and what the mission makes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleComparison {
    /// The rule, qualified.
    pub rule: String,
    /// Dropped by the mission, with the reason it gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<String>,
    /// The rule that stands in its place, qualified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// Both, and how they compare. A dropped rule is `removed`.
    pub difference: RuleDifference,
    /// Parameters (qualified) that the mission sets and this rule reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<String>,
    /// Who answers for it, if anybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
    /// Weaker, or gone, and nobody answers for it today.
    pub unaccepted: bool,
}

/// An acceptance of a weakening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// Who.
    pub by: String,
    /// Until when.
    pub until: String,
    /// Why.
    pub because: String,
    /// Which of the mission's acceptances, from 0.
    #[serde(skip)]
    pub place: usize,
    /// The day has passed.
    pub expired: bool,
}
