//! Which statements of a checklist are carried, by which rule, declaration or passage set aside, and what is wrong with the account.

mod cover;
mod list;
mod model;
mod write;

pub use cover::cover;
pub use list::{Checklist, Statement, Unreadable};
pub use model::{CarrierTrace, Coverage, Covered, Problem, ProblemKind};
pub use write::write_coverage;

#[cfg(test)]
mod tests;
