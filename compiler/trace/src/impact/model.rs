//! What an impact says.

use crate::model::ScenarioTrace;
use mandate_documents::Piece;
use mandate_pack::Origin;
use serde::{Serialize, Serializer};

/// What depends on passages that changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Impact {
    /// The documents that were compared.
    pub documents: Vec<DocumentImpact>,
}

/// A document whose passages changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentImpact {
    /// Qualified name of its source.
    pub source: String,
    /// Title of the source.
    pub title: String,
    /// The passage file, relative to the package of the source.
    pub file: String,
    /// What it was compared with: a file, or the review lock.
    pub against: String,
    /// How many passages read as before.
    pub same: usize,
    /// Every passage that does not, in the order of the new edition.
    pub changes: Vec<PassageChange>,
    /// Packages that endorse the source as a whole.
    pub endorsed: Vec<Endorsed>,
}

/// Two editions, passage by passage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Comparison {
    /// How many passages read as before.
    pub same: usize,
    /// Every passage that does not, in the order of the new edition.
    pub changes: Vec<PassageChange>,
}

/// How a passage changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PassageChangeKind {
    /// The same words under another name: what cites the old name no longer finds them.
    Renamed,
    /// The same words elsewhere.
    Moved,
    /// Much of it the same.
    Reworded,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

impl PassageChangeKind {
    /// Its name, as reports write it.
    pub fn word(self) -> &'static str {
        match self {
            PassageChangeKind::Renamed => "renamed",
            PassageChangeKind::Moved => "moved",
            PassageChangeKind::Reworded => "reworded",
            PassageChangeKind::Added => "added",
            PassageChangeKind::Removed => "removed",
        }
    }
}

/// A passage as one of the two editions has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its anchor, or of a span `first..last`; absent where the edition gives it none.
    pub name: Option<String>,
    /// Its words.
    pub text: String,
    /// Its page, where it is known.
    pub page: Option<u32>,
    /// Its line in the passage file, where it is known.
    pub line: Option<u32>,
}

/// A passage that changed, with what depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassageChange {
    /// How it changed.
    pub change: PassageChangeKind,
    /// Whether it stands elsewhere, too.
    pub moved: bool,
    /// Of a reworded passage: words that both have in the same order, of the words of both, in a thousand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity: Option<u16>,
    /// Before.
    pub old: Option<Side>,
    /// Now.
    pub new: Option<Side>,
    /// Of a reworded passage: what stayed, went and came, in order.
    #[serde(serialize_with = "pieces", skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<Piece>,
    /// Of an added passage: the words that make it sound normative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sounds: Option<String>,
    /// Rules of the package, and of those it uses, that cite it, or a heading or span around it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleImpact>,
    /// Notes that say why it is no rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Packages that use the package, with what of theirs depends on it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<PackageImpact>,
}

/// A rule that cites a passage that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleImpact {
    /// Its qualified name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it is declared.
    pub origin: Origin,
    /// How it cites: the passage, or `first..last`.
    pub cites: String,
    /// Whether it cites the passage itself, not only a heading or span around it.
    pub direct: bool,
    /// Scenarios that expect something of it.
    pub scenarios: Vec<ScenarioTrace>,
    /// Parameters it reads, also by way of definitions, actions, roles and waivers.
    pub parameters: Vec<String>,
}

/// A `background` of a passage that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Why the passage is no rule.
    pub reason: String,
    /// Where it is declared.
    pub origin: Origin,
    /// How it cites: the passage, or `first..last`.
    pub cites: String,
}

/// What of another package depends on a passage that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackageImpact {
    /// The package.
    pub package: String,
    /// Its directory.
    pub directory: String,
    /// Its rules.
    pub rules: Vec<Related>,
    /// Its scenarios that expect something of the rules that cite the passage.
    pub scenarios: Vec<ScenarioTrace>,
}

/// A rule of another package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Related {
    /// Its qualified name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Where it is declared.
    pub origin: Origin,
    /// What ties it to the passage.
    pub relation: Relation,
    /// The rule or passage that it speaks of.
    pub of: String,
}

/// What ties a rule of another package to a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It overrides a rule that cites it.
    Overrides,
    /// It limits a rule that cites it.
    Limits,
    /// It cites it, too.
    Cites,
}

impl Relation {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Relation::Overrides => "overrides",
            Relation::Limits => "limits",
            Relation::Cites => "cites",
        }
    }
}

/// A package that endorses a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Endorsed {
    /// The package.
    pub package: String,
    /// Its directory; absent for the package itself.
    pub directory: Option<String>,
    /// The order or decision.
    pub by: Option<String>,
    /// First day.
    pub from: Option<String>,
}

impl Impact {
    /// Whether anything depends on a change.
    pub fn depends(&self) -> bool {
        self.documents
            .iter()
            .any(|d| !d.changes.is_empty() && (!d.endorsed.is_empty() || d.changes.iter().any(PassageChange::depends)))
    }
}

impl PassageChange {
    /// Whether anything depends on it.
    pub fn depends(&self) -> bool {
        !(self.rules.is_empty() && self.notes.is_empty() && self.packages.is_empty())
    }
}

/// `{"same": "..."}`, `{"removed": "..."}`, `{"added": "..."}`
fn pieces<S: Serializer>(pieces: &[Piece], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(pieces.iter().map(|piece| {
        let (kind, words) = match piece {
            Piece::Same(words) => ("same", words),
            Piece::Removed(words) => ("removed", words),
            Piece::Added(words) => ("added", words),
        };
        std::collections::BTreeMap::from([(kind, words)])
    }))
}
