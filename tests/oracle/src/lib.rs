//! A second interpreter of rule packs: slow, obvious, written from `docs/meaning.md` and `docs/language.md` and not from the
//! engine, so that a mistake in one of them shows as a disagreement.
//!
//! [`judge`] enumerates: every binding of a rule's variables, every record that may show an act, every waiver, each time anew.

mod acts;
pub mod cases;
pub mod compare;
pub mod expressions;
mod facts;
mod gates;
mod judge;
mod schema;
pub mod shrink;
mod value;
mod world;

pub use judge::{Key, Verdict, judge};
pub use value::{END, Instant, START, Tick};
