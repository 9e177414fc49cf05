//! From the passages of documents to the rules that carry them and the scenarios that test these, and back.
//!
//! ```text
//! Pack + Documents --trace--> Trace: which passage stands in which rule, what is open, which rule has no source
//! Pack + Document + new edition --impact::of_edition--> Impact: who depends on each passage that is not the same
//! ```
//!
//! Nothing here reads files: a pack and the documents of its sources in, plain data out, written in several formats.

pub mod checklist;
mod cover;
pub mod impact;
mod model;
mod reads;
mod trace;
mod write;

#[cfg(test)]
mod fixture;

pub use cover::{Citing, citing, is_below_or_in};
pub use model::{DocumentTrace, Nameless, PassageTrace, RuleTrace, ScenarioTrace, Share, State, Trace, Unsourced};
pub use reads::parameters;
pub use trace::trace;
pub use write::{Format, Options, write};
