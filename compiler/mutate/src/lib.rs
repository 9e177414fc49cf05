//! How good the scenarios of a package are.
//!
//! ```text
//! pack --coverage--> per rule: clauses, exceptions and outcomes that no scenario expects anything about
//! pack --mutants---> small changes of rules, each with a sentence --run--> those that no scenario notices
//! ```
//!
//! - [`coverage`] asks what the instances reached that some scenario *expects* something of. What a scenario merely walks through
//!   counts for nothing: nobody would see it go wrong.
//! - [`mutants`] makes every change of the declarations of a package, in a fixed order; [`run`] says which of them no scenario
//!   notices. A scenario notices a change when something it expects is no longer met.
//!
//! Nothing is read and nothing written here: the caller gives the pack, the texts of its modules and the explanations of changes
//! that are known to make no difference.

mod change;
mod clause;
mod coverage;
mod declared;
mod place;
mod reach;
mod run;
mod shift;
mod words;

pub use coverage::{Coverage, Point, RuleCoverage, coverage};
pub use declared::{Kind, Mutant, mutants};
pub use place::{Place, Places};
pub use run::{Explained, Report, RuleScore, Survivor, run};
