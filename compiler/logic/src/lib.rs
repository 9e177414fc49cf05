//! Formulas over booleans, choices among few values and differences of whole numbers, and a solver for them.
//!
//! ```text
//! Store (variables, hash-consed formulas) --Session::check--> Satisfiable(Model) | Unsatisfiable(smallest core) | Undecided(why)
//! ```
//!
//! Nothing here knows a rule, a record or a text: `mandate-prove` says what a formula stands for. The same store, assertions and
//! budget give the same answer, model and core on every machine: nothing is random, nothing reads a clock, and running out of
//! budget is an answer of its own. Equality of things (records, texts, states) is equality of numbers.

mod asking;
mod cdcl;
mod cores;
mod encode;
mod formula;
mod model;
mod search;
mod session;
mod tableau;
mod theory;
mod walk;

pub use asking::Way;
pub use formula::{Choice, Formula, Int, Store, TooLarge};
pub use model::Model;
pub use session::{Answer, Budget, Session, Why};
