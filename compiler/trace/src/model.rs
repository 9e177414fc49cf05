//! What a trace says.

use mandate_pack::Origin;
use serde::Serialize;

/// The passages of documents with the rules that carry them and the scenarios that test these.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Trace {
    /// The documents, by the qualified names of their sources.
    pub documents: Vec<DocumentTrace>,
    /// Rules of the package that cite nothing, by name.
    pub without_source: Vec<Unsourced>,
}

/// A document with its passages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentTrace {
    /// Qualified name of its source.
    pub source: String,
    /// Title of the source.
    pub title: String,
    /// The passage file, relative to the package of the source.
    pub file: String,
    /// Its passages, in the order of the document.
    pub passages: Vec<PassageTrace>,
    /// Blocks that sound normative and stand in no passage, so that no rule can cite them.
    pub nameless: Vec<Nameless>,
    /// How much of it is carried or explained.
    pub share: Share,
    /// Rules that cite the document as a whole, by name.
    pub whole: Vec<RuleTrace>,
}

/// How much of a document is carried by rules or explained. Headings count only where words stand directly below them that are no
/// passage of their own, or nothing at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Share {
    /// Passages that a rule carries.
    pub carried: usize,
    /// Passages that are deliberately no rule.
    pub explained: usize,
    /// Passages that sound normative and are neither.
    pub open: usize,
    /// Carried or explained, of the passages that are carried, explained or open, in whole percent, rounded down; absent where there
    /// are none. Only what has nothing open is 100.
    pub percent: Option<u8>,
}

/// What became of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A rule cites it, or a heading or span around it.
    Rule,
    /// A `background` says why no rule carries it, or a heading or span around it.
    NotARule,
    /// It sounds normative, and is neither.
    Open,
    /// It says nothing that sounds normative.
    Plain,
}

impl State {
    /// Every state, with its word.
    pub const WORDS: [(&'static str, State); 4] =
        [("rule", State::Rule), ("not a rule", State::NotARule), ("open", State::Open), ("plain", State::Plain)];

    /// The word for it.
    pub fn word(self) -> &'static str {
        State::WORDS.iter().find(|(_, state)| *state == self).map_or("", |(word, _)| word)
    }
}

/// A passage with what carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassageTrace {
    /// Its anchor.
    pub name: String,
    /// Its own words; of a heading also what stands directly below it and is no passage of its own. A line for each block.
    pub text: String,
    /// Whether it is a heading, with its level from 1.
    pub heading: Option<u8>,
    /// Page of the original, from 1, where it is known.
    pub page: Option<u32>,
    /// Line of the passage file, from 1.
    pub line: u32,
    /// What became of it.
    pub state: State,
    /// Whether it counts for the share of its document.
    pub counts: bool,
    /// The rules that cite it, or a heading or span around it, by name.
    pub rules: Vec<RuleTrace>,
    /// The scenarios that expect something of these rules, in the order of the package.
    pub scenarios: Vec<ScenarioTrace>,
    /// Why it is no rule, where a `background` says so.
    pub reason: Option<String>,
    /// The words that make it sound normative.
    pub sounds: Option<String>,
}

/// A rule that carries a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleTrace {
    /// Its qualified name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it is declared.
    pub origin: Origin,
    /// How it cites: the passage, or `first..last`; absent for the document as a whole.
    pub cites: Option<String>,
    /// Whether it cites the passage itself, not only a heading or span around it.
    pub direct: bool,
    /// Titles of the scenarios that expect something of it, in the order of the package.
    pub scenarios: Vec<String>,
}

/// A scenario that tests a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ScenarioTrace {
    /// Where it is declared.
    pub origin: Origin,
    /// Its title.
    pub title: String,
}

/// A rule that cites nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsourced {
    /// Its qualified name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it is declared.
    pub origin: Origin,
    /// Written as `constraint`.
    pub constraint: bool,
}

/// A block that sounds normative and has no name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Nameless {
    /// Its words.
    pub text: String,
    /// Line of the passage file, from 1.
    pub line: u32,
    /// Page of the original, from 1, where it is known.
    pub page: Option<u32>,
    /// The words that make it sound normative.
    pub sounds: String,
}
