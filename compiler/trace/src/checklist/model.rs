//! What became of the statements of a checklist.

use super::list::Statement;
use mandate_pack::{Force, Origin};
use serde::Serialize;

/// A checklist laid against packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The packages, by name.
    pub packages: Vec<String>,
    /// Every statement of the list, in its order.
    pub statements: Vec<Covered>,
    /// What is wrong: by kind, then in the order of the list, then by identifier.
    pub problems: Vec<Problem>,
}

/// A statement with what carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// The statement.
    #[serde(flatten)]
    pub statement: Statement,
    /// What carries it: the whole first, then by part; nothing where it is not carried.
    pub carriers: Vec<CarrierTrace>,
}

/// A rule, a declaration or a passage that carries a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CarrierTrace {
    /// The part of the statement; absent for the whole.
    pub part: Option<String>,
    /// `rule`, `constraint`, `background`, or the word of another declaration: `record`, `define`, ...
    pub kind: String,
    /// Its qualified name; for a background the passage, `core.texts.hague#preamble`.
    pub name: String,
    /// How strong the norm of a rule is: `must`, `must not`, `should`, `should not`, `aims to`, `may`; a constraint has none.
    pub strength: Option<&'static str>,
    /// Legal force of the strongest text that a rule cites.
    pub force: Option<Force>,
    /// Passages that a rule cites: `core.texts.hague#4`, `core.texts.hague#4..#6`.
    pub cites: Vec<String>,
    /// Why it carries the statement, where a `carries ... by` or a `background` says so.
    pub reason: Option<String>,
    /// Where that is said.
    pub origin: Origin,
}

/// What can be wrong with the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Nothing carries it.
    NotCarried,
    /// It is carried, and the list has no such statement.
    NotInTheList,
    /// Several carry the whole of it, or the same part.
    CarriedTwice,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What.
    pub kind: ProblemKind,
    /// The identifier.
    pub id: String,
    /// The part that is carried twice; absent for the whole.
    pub part: Option<String>,
    /// Names of those who carry it.
    pub by: Vec<String>,
}

impl Problem {
    /// `CAAC-07 (age) is carried twice: by caac.a and caac.b`
    pub fn said(&self) -> String {
        let what = self.part.as_ref().map_or_else(|| self.id.clone(), |part| format!("{} ({part})", self.id));
        let by = self.by.join(" and ");
        match self.kind {
            ProblemKind::NotCarried => format!("{what} is not carried"),
            ProblemKind::NotInTheList => format!("{what} is carried by {by}, and the list has no such statement"),
            ProblemKind::CarriedTwice => format!("{what} is carried twice: by {by}"),
        }
    }
}

impl CarrierTrace {
    /// `must, commitment; cites hague#4`: what is to be said of a rule, for people; empty for others.
    pub(super) fn weight(&self) -> String {
        let norm: Vec<&str> = self.strength.into_iter().chain(self.force.map(Force::word)).collect();
        let cites: Vec<&str> = self.cites.iter().map(|cited| short(cited)).collect();
        let cites = if cites.is_empty() { String::new() } else { format!("cites {}", cites.join(", ")) };
        let parts = [norm.join(", "), cites];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// Its name for people: qualified, but of a passage only the name of the source.
    pub(super) fn shown(&self) -> &str {
        if self.kind == "background" { short(&self.name) } else { &self.name }
    }
}

/// `hague#4` of `core.texts.hague#4`.
fn short(citation: &str) -> &str {
    let head = citation.find('#').unwrap_or(citation.len());
    citation
        .get(..head)
        .and_then(|source| source.rfind('.'))
        .and_then(|dot| citation.get(dot + 1..))
        .unwrap_or(citation)
}
