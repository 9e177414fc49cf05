//! What depends on passages that change from one edition of a document to the next, or since they were reviewed.

mod edition;
mod model;
mod related;
mod wording;
mod write;

pub use edition::{compare, of_edition};
pub use model::{
    Comparison, DocumentImpact, Endorsed, Impact, Note, PackageImpact, PassageChange, PassageChangeKind, Related,
    Relation, RuleImpact, Side,
};
pub use related::Dependent;
pub use wording::{Wording, of_wordings};
pub use write::{DiffFormat, ImpactFormat, write_diff, write_impact};

#[cfg(test)]
mod tests;
