//! What was found out about the rules of a pack.

use mandate_diagnostics::Code;
use mandate_pack::{Origin, Pack, Scenario};

/// A declaration of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Declaration {
    /// A rule or constraint, qualified.
    Rule(String),
    /// A definition, qualified.
    Definition(String),
    /// A parameter, qualified.
    Parameter(String),
    /// A concern, purpose or mission, by where it was declared.
    Statement(Origin),
}

/// A part of a declaration. Lists count from 0, in the order of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Its name; of a statement, its title.
    Name,
    /// A conjunct of `when`.
    When(usize),
    /// An `unless`.
    Unless(usize),
    /// The sentence, or the whole `require`.
    Norm,
    /// A condition of `require` or `ensure`.
    Require(usize),
    /// A level of `otherwise`.
    Otherwise(usize),
    /// An `overrides`.
    Overrides(usize),
    /// A `limits`.
    Limits(usize),
    /// `waivable under`.
    Waivable,
    /// A citation.
    Cites(usize),
    /// `set` of a mission, in the order of the parameters' names.
    Set(usize),
    /// `drops` of a mission.
    Drops(usize),
    /// `accepts weaker` of a mission.
    Accepts(usize),
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The declaration.
    pub of: Declaration,
    /// Which part of it.
    pub part: Part,
}

impl Place {
    /// A part of a rule.
    pub fn rule(name: &str, part: Part) -> Place {
        Place { of: Declaration::Rule(name.to_owned()), part }
    }
}

/// Something that an author should know about the rules. `docs/analysis.md` says what each code claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing: E3xx, W3xx, N3xx.
    pub code: &'static Code,
    /// Where it is told.
    pub at: Place,
    /// What was found, in one sentence.
    pub message: String,
    /// Other places it involves, each with what it has to do with it.
    pub related: Vec<(Place, String)>,
    /// What to do.
    pub help: Vec<String>,
    /// A situation in which it can be seen.
    pub situation: Option<Situation>,
}

/// A situation in which a finding can be seen: assessed before it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// For people, a line each, in the order of time: "2024-03-01 08:00  incident `inc`: ...".
    pub story: Vec<String>,
    /// What each rule makes of it: qualified name, and what is said, such as "violated, due 2024-03-02 08:00".
    pub outcomes: Vec<(String, String)>,
    /// The same as a scenario that expects what the author has to decide for; it fails as the rules stand.
    pub scenario: Scenario,
}

impl Finding {
    /// Brings the place of the situation up to date: a rule may have moved since the finding was made.
    pub(crate) fn relocate(&mut self, pack: &Pack) {
        if let (Some(situation), Declaration::Rule(name)) = (&mut self.situation, &self.at.of)
            && let Some(rule) = pack.rules.get(name)
        {
            situation.scenario.origin = rule.origin.clone();
        }
    }
}
