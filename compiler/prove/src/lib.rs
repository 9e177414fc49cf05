//! What rules mean together, before any data exists: contradictions, clauses that say nothing, worries and purposes.
//!
//! [`Prover::check`] takes a pack and answers in plain data: a code, places by declaration and clause, and a situation that assessment
//! has confirmed. `docs/analysis.md` is the specification.

mod abiding;
mod both;
mod bounds;
mod breach;
mod clash;
mod clashing;
mod clauses;
mod conditions;
mod constant;
mod contest;
pub mod differ;
mod draft;
mod early;
mod examples;
mod finding;
mod forbidden;
mod glance;
mod known;
mod levels;
mod memo;
mod permission;
mod priority;
mod prover;
mod reads;
mod replay;
mod rule;
mod scene;
mod superfluous;
mod term;
mod time;
mod truth;
mod value;
mod walk;
mod world;
mod worry;

pub use examples::{Example, Shows, examples};
pub use finding::{Declaration, Finding, Part, Place, Situation};
pub use prover::Prover;
