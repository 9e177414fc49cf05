//! Differences in meaning: of two editions of a package, and of a mission against the packages it refines.
//!
//! ```text
//! two packs --terms--> clauses without names --matching--> pairs of rules --order--> what is proven of each clause
//!           --witness--> situations assessed under both --release--> what the release has to be
//! ```

mod clauses;
mod compare;
mod content;
mod declared;
mod kleene;
mod matching;
mod model;
mod order;
mod refine;
mod release;
mod replay;
mod search;
mod terms;
mod windows;
mod witness;
mod write;

pub use compare::compare;
pub use model::{
    Accepted, Aspect, AspectDifference, Change, Class, DeclarationDifference, Difference, Direction, Edition, Example,
    Level, Recognised, Refinement, Release, RuleComparison, RuleDifference, RuleSide, Verdict,
};
pub use refine::{refinement, refinement_findings};
pub use write::{Format, difference_schema, refinement_schema, write_difference, write_refinement};
