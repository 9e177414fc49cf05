//! The outline of a file.

use mandate_semantics::{Snapshot, Symbol};

// Feature: Outline
//
// Declarations with their titles, and inside them fields, values and clauses.
/// The declarations of a module, in the order of the text; empty for other files.
pub fn document_symbols(snapshot: &Snapshot, path: &str) -> Vec<Symbol> {
    snapshot.symbols(path)
}
