//! What is wrong in a file.

use mandate_diagnostics::Diagnostic;
use mandate_semantics::Snapshot;

// Feature: Diagnostics
//
// Errors and warnings appear at every edit, with their code, the other places involved and the ways out. A half-typed
// declaration hides nothing of the others. `mandate explain CODE` says more about each.
/// All diagnostics of a module, sorted by place.
pub fn diagnostics(snapshot: &Snapshot, path: &str) -> Vec<Diagnostic> {
    snapshot.diagnostics(path)
}

/// The errors of the module's text alone, which need nothing of other files; `None` if there is no such module.
pub fn syntax_diagnostics(snapshot: &Snapshot, path: &str) -> Option<Vec<Diagnostic>> {
    let tree = snapshot.syntax(path)?;
    let errors =
        tree.items.iter().flat_map(|item| item.decl.errors.iter().map(|error| error.clone().shifted(item.offset)));
    Some(errors.collect())
}

/// Whether the file is a module, and not a passage file.
pub fn is_module(snapshot: &Snapshot, path: &str) -> bool {
    snapshot.syntax(path).is_some()
}
