//! The parts of a pack.

use crate::{Binder, Expr, Type};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the format this crate writes. A reader refuses others.
pub const FORMAT: &str = "mandate-pack/1";

/// A compiled rule pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// [`FORMAT`].
    pub format: String,
    /// SHA-256 (hex) over the pack's canonical JSON with this field empty. See `Pack::seal`.
    pub digest: String,
    /// Package name.
    pub name: String,
    /// Package version.
    pub version: String,
    /// Edition of the language.
    pub edition: String,
    /// Zone of civil days, an IANA name or `UTC`.
    pub time_zone: String,
    /// Enums by qualified name.
    pub enums: BTreeMap<String, Enum>,
    /// Record types by qualified name.
    pub records: BTreeMap<String, Record>,
    /// Roles by qualified name.
    pub roles: BTreeMap<String, Role>,
    /// Parameters by qualified name.
    pub parameters: BTreeMap<String, Parameter>,
    /// Definitions by qualified name; never recursive.
    pub definitions: BTreeMap<String, Definition>,
    /// Actions by qualified name.
    pub actions: BTreeMap<String, Action>,
    /// Kinds of waiver by qualified name.
    pub waivers: BTreeMap<String, Waiver>,
    /// Sources by qualified name.
    pub sources: BTreeMap<String, Source>,
    /// Rules and constraints by qualified name.
    pub rules: BTreeMap<String, Rule>,
    /// Texts the mission or a nation has endorsed.
    pub endorsements: Vec<Endorsement>,
    /// What always holds in the data; facts that break one are data findings.
    pub assumptions: Vec<Assumption>,
    /// Situations that the rules together must make impossible without a breach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concerns: Vec<Situation>,
    /// Situations that the rules together must leave possible without a breach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<Situation>,
    /// Passages that are deliberately no rule.
    pub background: Vec<Background>,
    /// Statements of checklists that other declarations than rules, or a background, carry; rules tell their own in `Rule::carries`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Carried>,
    /// Tests carried by the pack.
    pub scenarios: Vec<Scenario>,
    /// What this package's mission made of the packages it refines. It has been done already: parameters have the values set, and rules
    /// that were dropped or replaced are gone. The packs of the refined packages say how it was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mission: Option<Mission>,
}

/// Where something was declared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// File relative to the package that declares it, `/` between parts; for another package prefixed `package:`.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
}

/// An enumeration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enum {
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Whether `<` means something, lowest first.
    pub ordered: bool,
    /// Values in order.
    pub variants: Vec<Variant>,
}

/// A value of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Name in rules.
    pub name: String,
    /// Spelling in the data (the name, unless declared otherwise).
    pub spelling: String,
}

/// A record type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Name in facts files: the short name, or the qualified one where two types share a short name.
    pub name: String,
    /// The field that identifies a record; a record without key cannot be referred to, only nested or counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// When such a record happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dated: Option<Dated>,
    /// The field naming the record this one corrects: a corrected record is no longer evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    /// The field telling when the record was entered: not known before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// Fields in the order declared.
    pub fields: Vec<Field>,
}

/// Which fields date a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dated {
    /// Happened at this field's instant or day.
    At(String),
    /// Lasted from the first field's to the second's, half-open.
    During(String, String),
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name in rules and data.
    pub name: String,
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Type; optional fields may be absent, which means unknown.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Value when absent; `never` makes an absent instant later than now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Expr>,
    /// May be tested, never shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
    /// The value changes over time: the data holds a history, and a reading is of an instant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub over_time: bool,
}

/// A role and who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// The wider role: whoever holds this role holds that one too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// Variable and record type the role belongs to; absent for a standing role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Param>,
    /// Who holds it; absent means the data does not say, and nobody's act can be matched to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
}

/// The holders of a role: `by` for every binding that makes the condition true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The holder.
    pub by: Expr,
    /// Variables.
    pub binders: Vec<Binder>,
    /// Condition.
    pub condition: Expr,
    /// The period over which such a binding makes the holder one, half-open; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub during: Option<(Expr, Expr)>,
    /// Longest time one such binding can make the holder one (a deputy's limit).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<Expr>,
}

/// A typed variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// Variable.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub ty: Type,
}

/// A parameter a mission may set within bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Least and greatest value, inclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<(Expr, Expr)>,
    /// Values with the day from which each holds (`None`: always), in order of date.
    pub values: Vec<DatedValue>,
}

/// A value from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedValue {
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Value.
    pub value: Expr,
}

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Variables.
    pub params: Vec<Param>,
    /// What it stands for.
    pub body: Expr,
}

/// An act and the records that show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// What it is done to or for.
    pub params: Vec<Param>,
    /// Any of these shows it.
    pub evidence: Vec<Evidence>,
    /// Actions (qualified names, with parameters of the same types) that can never both be done for the same arguments. Each names the
    /// other, whichever of them said so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<String>,
}

/// Records that show an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Variable.
    pub var: String,
    /// Record type.
    pub record: String,
    /// Condition.
    pub condition: Expr,
    /// When it was done; absent if neither written nor said by the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<EvidenceTime>,
    /// Who acted; absent means that anybody's act counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Expr>,
}

/// When an act was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceTime {
    /// At an instant or on a day.
    At(Expr),
    /// Over a period, half-open.
    During(Expr, Expr),
}

/// A kind of waiver and the records that show one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// What it is granted for.
    pub params: Vec<Param>,
    /// Variable of the record.
    pub var: String,
    /// Record type.
    pub record: String,
    /// Condition that makes a record a waiver of this kind for these arguments.
    pub condition: Expr,
    /// Text that must equal the waived rule's name (short or qualified); absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Expr>,
    /// Rank of who granted it, an ordered enum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Expr>,
    /// When it was granted: it never helps before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_at: Option<Expr>,
    /// Period of validity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub during: Option<(Expr, Expr)>,
    /// Who granted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Expr>,
    /// Without this being surely true it does not help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Expr>,
    /// When it was withdrawn: it helps until then. A field that is `never` when absent means that it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Expr>,
    /// Surely true: the authority may be as low as the exceptional floor of the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceptional: Option<Expr>,
    /// A national caveat: it never sets aside a prohibition of law.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub caveat: bool,
    /// Remarks for the reviewer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
}

/// A remark put on a finding when a condition holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    /// The remark.
    pub text: String,
    /// When.
    pub condition: Expr,
}

/// Legal force of a source, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Force {
    /// Treaty, custom or statute that binds in law.
    Law,
    /// An order binding its addressees.
    Order,
    /// A political commitment: it binds in honour, not in law.
    Commitment,
    /// Guidance.
    Guidance,
    /// A text followed by choice.
    Voluntary,
}

impl Force {
    /// Every force with its word, strongest first.
    pub const WORDS: [(&'static str, Force); 5] = [
        ("law", Force::Law),
        ("order", Force::Order),
        ("commitment", Force::Commitment),
        ("guidance", Force::Guidance),
        ("voluntary", Force::Voluntary),
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Force::WORDS.iter().find(|(_, force)| *force == self).map_or("", |(word, _)| word)
    }

    /// The word with what keeps a reader from taking a text for law that is none: `commitment, not law`.
    pub fn said(self) -> &'static str {
        match self {
            Force::Law => "law",
            Force::Order => "order",
            Force::Commitment => "commitment, not law",
            Force::Guidance => "guidance, not law",
            Force::Voluntary => "voluntary text, not law",
        }
    }
}

/// A document that rules cite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Title.
    pub title: String,
    /// Who issued it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Its legal force.
    pub force: Force,
    /// First day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force_from: Option<String>,
    /// First day no longer in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force_until: Option<String>,
    /// First day on which keeping it is compulsory: from `in_force_from` until then a shortfall is advice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compulsory_from: Option<String>,
    /// From when it binds a state; absent: everyone, from `in_force_from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binds: Option<Binds>,
    /// Day of adoption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopted: Option<String>,
    /// Days of adoption by who says so, where sources differ; the first is `adopted`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub datings: Vec<Dating>,
    /// Sources it replaces, qualified.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supersedes: Vec<String>,
    /// Sources it carries out, qualified.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub implements: Vec<String>,
    /// Where the official wording is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Passage file, relative to the package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// How the passages were checked against the official text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<String>,
    /// Passages that no waiver may set aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_waivable: Vec<String>,
    /// Passages cited by this pack, by name.
    pub passages: BTreeMap<String, Passage>,
}

/// A day as someone gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dating {
    /// The day.
    pub day: String,
    /// Who gives it.
    pub according_to: String,
}

/// From when a source binds a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binds {
    /// Variable of type Nation.
    pub var: String,
    /// The first instant or day on which the state is bound; unknown where the data does not say, `never` where it is not.
    pub from: Expr,
}

/// A passage of a source, in the words of the passage file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// Text, white space normalised.
    pub text: String,
    /// Line of the passage file, from 1.
    pub line: u32,
    /// Page of the original, from 1, where the passage file tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// How an ambiguous passage was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interpretation {
    /// The words of the passage.
    pub words: String,
    /// The passage they stand in.
    pub citation: Citation,
    /// What they were taken to mean.
    pub reading: String,
    /// On whose authority.
    pub authority: String,
    /// The clause of the rule that is so explained, as the rule writes it; absent: the whole rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Readings that were considered and rejected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejected>,
}

/// A reading that was considered and rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rejected {
    /// The reading.
    pub reading: String,
    /// Why it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// `source#passage`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Source, qualified.
    pub source: String,
    /// Passage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<String>,
    /// Last passage of a span.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Words quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotation: Option<String>,
}

/// A condition with the words it was written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// As written, white space normalised.
    pub text: String,
    /// What it means.
    pub expr: Expr,
}

/// A rule or constraint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Title for people; the name if none was written.
    pub title: String,
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Where it was declared.
    pub origin: Origin,
    /// Written as `constraint`.
    pub constraint: bool,
    /// The rule of a refined package (qualified) in whose place it stands; that one is not in the pack. Their variables have the same
    /// types in the same order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// Passages that justify it.
    pub cites: Vec<Citation>,
    /// Strongest legal force among the cited sources; absent without citation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force: Option<Force>,
    /// Identifiers of the checklist or instrument statements it carries, as written; [`statement`] splits off a part in parentheses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carries: Vec<String>,
    /// How ambiguous passages were understood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interpretations: Vec<Interpretation>,
    /// Variables: one instance for every binding.
    pub for_each: Vec<Binder>,
    /// Names for values, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lets: Vec<Let>,
    /// The day that decides which edition applies, and as of which a constraint is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Expr>,
    /// The state whose obligations count (a Nation), or those of which one suffices (a list).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Expr>,
    /// First day on which this edition of the rule is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force_from: Option<String>,
    /// First day on which it no longer is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_force_until: Option<String>,
    /// All must hold, read at the start of the clock. A conjunction is split into its parts.
    pub when: Vec<Condition>,
    /// Any takes the case out of the rule, read at the breach.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<Condition>,
    /// The norm.
    pub norm: Norm,
    /// Duties that arise from the breach of the one before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub otherwise: Vec<Norm>,
    /// Which waiver can set it aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waivable: Option<Waivable>,
    /// Rules whose breach it excuses while it is active itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<RuleRef>,
    /// Rules that it narrows: both stay to be kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<RuleRef>,
    /// Groups by which its findings are counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tallies: Vec<Tally>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
}

/// Another rule, for the records that the arguments lead to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleRef {
    /// Rule, qualified.
    pub rule: String,
    /// Its variables, by position.
    pub args: Vec<Expr>,
}

/// Groups by which the findings of a rule are counted: one for every combination of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// As written.
    pub text: String,
    /// Values, none of them read from a sensitive field.
    pub by: Vec<Expr>,
}

/// `let name = value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Let {
    /// Variable.
    pub name: String,
    /// Value.
    pub value: Expr,
}

/// Strength and polarity of a norm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modal {
    /// Obligation.
    Must,
    /// Prohibition.
    MustNot,
    /// Recommendation.
    Should,
    /// Recommendation to refrain.
    ShouldNot,
    /// Aim.
    AimsTo,
    /// Permission.
    May,
}

impl Modal {
    /// Whether a breach is a violation (otherwise it is advice).
    pub fn is_binding(self) -> bool {
        matches!(self, Modal::Must | Modal::MustNot)
    }

    /// Whether the norm is kept by not acting.
    pub fn is_negative(self) -> bool {
        matches!(self, Modal::MustNot | Modal::ShouldNot)
    }
}

/// Who must do what, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Norm {
    /// The sentence as written.
    pub text: String,
    /// On whom it falls.
    pub bearer: Bearer,
    /// Strength and polarity.
    pub modal: Modal,
    /// What.
    pub act: Act,
    /// When; absent means always for a prohibition, and a duty that never falls due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Window>,
}

/// On whom a norm falls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// Everyone: any performer.
    Everyone,
    /// The holders of a role (qualified name), of a record where the role belongs to one.
    Role {
        /// Qualified name.
        role: String,
        /// The record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Expr>,
    },
    /// The record an expression leads to.
    Record(Expr),
}

/// What a norm is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// An action (qualified name) with arguments.
    Do {
        /// Qualified name.
        action: String,
        /// By position.
        args: Vec<Expr>,
    },
    /// A state of affairs: all conditions hold (`require`, `ensure`).
    Ensure(Vec<Condition>),
}

/// The window of a norm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// `within D`, from the breach of the duty before.
    Within(Expr),
    /// `within D after T`: `[T, T+D]`.
    WithinAfter(Expr, Expr),
    /// `within D before T`: `[T-D, T)`.
    WithinBefore(Expr, Expr),
    /// `by T`: up to T, closed; a day runs to its end.
    By(Expr),
    /// `before T`: up to T, open; a day ends before it begins.
    Before(Expr),
    /// `during P`.
    During(Expr),
    /// `from A to B` (to the end of B's day), `from A until C` (up to C), `from A` (up to the instant of assessment): a duty
    /// that lasts, covered by lasting acts; for a prohibition simply the time over which it stands.
    Lasting(Lasting),
    /// `every D from A [to B | until C]`: rounds `(A + kD, A + (k+1)D]`, each its own instance.
    Every(Recurring),
}

/// A period without end, with a last day, or up to an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lasting {
    /// Start.
    pub from: Expr,
    /// End.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Longest gap that is tolerated (`with gaps of at most D`); absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Expr>,
}

/// How a period is bounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// `to B`: a day is included, an instant is the end.
    To(Expr),
    /// `until C`: not included; a day ends before it begins.
    Until(Expr),
}

impl End {
    /// The expression of the end.
    pub fn expr(&self) -> &Expr {
        match self {
            End::To(expr) | End::Until(expr) => expr,
        }
    }
}

/// A duty that recurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recurring {
    /// Length of a round; positive.
    pub every: Expr,
    /// Start of the first round.
    pub from: Expr,
    /// A round that ends after it carries no duty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
}

/// Which waiver can set a rule aside, and whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waivable {
    /// Kind of waiver, qualified.
    pub waiver: String,
    /// Its arguments.
    pub args: Vec<Expr>,
    /// Least rank, a value of the type of the waiver's `rank`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Expr>,
    /// Least rank where the waiver is exceptional: the finding is flagged for review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exceptional_floor: Option<Expr>,
    /// Longest time a waiver can run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest: Option<Expr>,
}

/// A text endorsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endorsement {
    /// Source, qualified.
    pub source: String,
    /// The state that endorses it; absent: the mission, for every party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<Expr>,
    /// First day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The order or decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// What always holds in the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// For people.
    pub title: String,
    /// Where it was declared.
    pub origin: Origin,
    /// Variables.
    pub for_each: Vec<Binder>,
    /// When it applies.
    pub when: Vec<Condition>,
    /// What holds.
    pub require: Vec<Condition>,
}

/// A situation that the rules must exclude (a concern) or leave possible (a purpose).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// For people.
    pub title: String,
    /// Where it was declared.
    pub origin: Origin,
    /// Variables.
    pub for_each: Vec<Binder>,
    /// What is so in it; a conjunction is split into its parts.
    pub when: Vec<Condition>,
}

/// What a mission makes of the packages it refines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mission {
    /// Name.
    pub name: String,
    /// Title for people; the name if none was written.
    pub title: String,
    /// Documentation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doc: String,
    /// Where it was declared.
    pub origin: Origin,
    /// Names of the packages, in the order written.
    pub refines: Vec<String>,
    /// Values of parameters (qualified), inside their bounds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Expr>,
    /// Rules that do not hold here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<Dropped>,
    /// Weakenings that somebody answers for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Acceptance>,
}

/// A rule that does not hold in a mission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropped {
    /// The rule, qualified.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Where it was dropped.
    pub origin: Origin,
}

/// A weakening that somebody answers for, for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The rule of a refined package (qualified) that is weaker in the mission.
    pub rule: String,
    /// Who accepted it.
    pub by: String,
    /// The passage that lets them.
    pub citation: Citation,
    /// The first day on which it is no longer accepted.
    pub until: String,
    /// Why.
    pub reason: String,
    /// Where it was accepted.
    pub origin: Origin,
}

/// A passage that is deliberately no rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    /// The passage.
    pub citation: Citation,
    /// Why.
    pub reason: String,
    /// Where it was declared.
    pub origin: Origin,
}

/// A statement of a checklist that something else than the clause of a rule carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Identifier of the statement, without its part.
    pub id: String,
    /// The part of the statement that is carried: `use` of `"H54-09 (use)"`. The whole where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// What carries it.
    pub by: Carrier,
    /// Why that carries it.
    pub reason: String,
    /// Where this was declared.
    pub origin: Origin,
}

/// What carries a statement beside the clauses of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Carrier {
    /// A declaration.
    Declaration {
        /// Its kind: `record`, `enum`, `define`, `role`, `action`, `waiver` (caveats too), `parameter`, `source` or `rule` (constraints too).
        kind: String,
        /// Its qualified name.
        name: String,
    },
    /// A passage that is deliberately no rule.
    Background {
        /// The passage.
        citation: Citation,
    },
}

/// The identifier of a statement and the part of it that is meant: `H54-09 (use)` is the part `use` of `H54-09`.
pub fn statement(written: &str) -> (&str, Option<&str>) {
    let written = written.trim();
    let split = written.strip_suffix(')').and_then(|head| head.split_once('('));
    match split.map(|(id, part)| (id.trim(), part.trim())) {
        Some((id, part)) if !id.is_empty() && !part.is_empty() => (id, Some(part)),
        _ => (written, None),
    }
}

/// A test: facts, the day, and what is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// For people; unique in its package.
    pub title: String,
    /// Where it was declared.
    pub origin: Origin,
    /// The instant of assessment, a Time or a Date literal.
    pub as_of: Expr,
    /// Only what had been recorded by then is known (`known at`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_at: Option<Expr>,
    /// Parameters set for this scenario.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Expr>,
    /// Feeds complete only up to an instant, by record type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data_through: BTreeMap<String, Expr>,
    /// Records by type (qualified), in the shape of a facts file.
    pub facts: Vec<Fact>,
    /// What is expected.
    pub expect: Vec<Expectation>,
}

/// A record given in a scenario, as it would stand in a facts file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Record type, qualified.
    pub record: String,
    /// Its name in the scenario: unnamed records get one too. It is the key where the type has a key that was not given.
    pub name: String,
    /// Line of the scenario's file, from 1.
    pub line: u32,
    /// Fields in the JSON spelling of a facts file.
    pub fields: BTreeMap<String, serde_json::Value>,
}

/// What a scenario expects of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// As written.
    pub text: String,
    /// Line of the scenario's file, from 1.
    pub line: u32,
    /// Rule, qualified.
    pub rule: String,
    /// Names of the records bound to the rule's variables, by position; `None`: any instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Vec<String>>,
    /// Word of the outcome, or `not applicable`.
    pub status: String,
    /// `late by`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_by: Option<Expr>,
    /// `due`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Expr>,
    /// `since`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Expr>,
    /// `missing`: record name and field, `inc.observed_at`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
    /// `flagged`: words that stand in a remark of the finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flagged: Vec<String>,
    /// `then`: how the duties that arose from the breach stand, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<String>,
    /// `uncovered`: a stretch left without the lasting act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncovered: Option<(Expr, Expr)>,
}
