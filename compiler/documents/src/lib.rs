//! Passage documents: how they are written and read, how their words are compared, and what a review remembers of them.
//!
//! The form is described in `docs/documents.md`. Nothing here knows rules, files or editors: text in, plain data out.

mod align;
mod comparable;
mod difference;
mod document;
mod lock;
mod lock_names;
mod naming;
mod normative;
mod quotation;
mod write;

pub use align::{Alignment, Change, Counts, Pair, align};
pub use comparable::{comparable, fingerprint};
pub use difference::{Difference, Piece, difference};
pub use document::{Block, BlockKind, Document, Front, Passage};
pub use lock::{Citing, Entry, Lock, LockFault, Review, Reviewed, Wanting, Wording};
pub use lock_names::{LockName, LockNameKind};
pub use naming::{Named, Unnamed, name};
pub use normative::{normative, normative_words};
pub use quotation::{Quotation, locate};
pub use write::write;
