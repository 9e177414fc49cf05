//! From a name to its declaration, from a citation to the passage in its document.

use mandate_diagnostics::Span;
use mandate_semantics::{Place, Snapshot};

/// A jump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The words that led there.
    pub origin: Span,
    /// Where they lead.
    pub place: Place,
}

// Feature: Go to Definition, Go to Source
//
// On a name: its declaration, also in another package or the standard library. On a citation such as
// `caac_policy#reporting`: on the source's name its declaration, on the passage the very passage in its document.
/// Where the name or citation at a byte leads; `None` where nothing is named, or the name means nothing.
pub fn goto_definition(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Definition> {
    let reference = snapshot.reference_at(path, offset)?;
    let place = snapshot.definition(&reference.target)?;
    Some(Definition { origin: reference.span, place })
}
