//! Records that a rule was compared with its passages, as it stands.

use mandate_documents::Lock;
use mandate_semantics::{Cited, Snapshot};
use std::sync::Arc;

/// A rule whose review is to be recorded, without the snapshot.
#[derive(Debug)]
pub struct ReviewAsked {
    /// The review lock of its package.
    pub path: Arc<str>,
    /// The text of the lock.
    pub text: Arc<str>,
    lock: Lock,
    cited: Cited,
}

/// Why a review cannot be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoReview {
    /// The package has no review lock, or it cannot be read.
    Lock,
    /// The module has no rule of that name that cites a passage.
    Rule,
}

// Feature: Accept review
//
// Above a rule whose passage changed since it was reviewed: records in `mandate.lock` that somebody looked, as `mandate source review` does.
/// Takes a rule of a module, by its name, with the lock of its package out of a snapshot.
///
/// # Errors
/// There is no lock that can be read, or no such rule.
pub fn review_asked(snapshot: &Snapshot, path: &str, rule: &str) -> Result<ReviewAsked, NoReview> {
    let package = snapshot.package_of(path).ok_or(NoReview::Rule)?;
    let Some(Ok(lock)) = snapshot.lock(&package) else { return Err(NoReview::Lock) };
    let file = snapshot.checked_files().into_iter().find(|file| snapshot.syntax(file).is_none());
    let file = file.ok_or(NoReview::Lock)?;
    let text = snapshot.text(&file).ok_or(NoReview::Lock)?;
    let is_it =
        |cited: &Cited| !cited.background && *cited.place.path == *path && cited.name.rsplit('.').next() == Some(rule);
    let cited = snapshot.citations(&package).into_iter().find(is_it).ok_or(NoReview::Rule)?;
    Ok(ReviewAsked { path: file, text, lock, cited })
}

impl ReviewAsked {
    /// The text of the lock after `by` reviewed the rule `on` a day, `2026-03-01`.
    pub fn accepted(&self, by: &str, on: &str) -> String {
        let mut lock = self.lock.clone();
        lock.accept(&self.cited.citing(), by, on);
        lock.write()
    }
}
