//! What stands at a place, in a module or in a passage file.

use crate::passage;
use mandate_diagnostics::Span;
use mandate_semantics::{Snapshot, Target};

/// Words with what they mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meant {
    /// The words.
    pub span: Span,
    /// What they mean. A passage is one thing under several names where several sources have one document.
    pub targets: Vec<Target>,
}

/// What the word at a byte of a module means, or the passage at a byte of a passage file; `None` where nothing is meant.
pub fn meant(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Meant> {
    if snapshot.passage_file(path).is_some() {
        return passage::meant(snapshot, path, offset);
    }
    let reference = snapshot.reference_at(path, offset)?;
    let targets = match &reference.target {
        Target::Passage { file, source, passage } => match snapshot.document_of_source(file, source) {
            Some(document) => passage::targets(snapshot, &document, passage),
            None => vec![reference.target.clone()],
        },
        Target::Module { .. }
        | Target::Declaration { .. }
        | Target::Field { .. }
        | Target::Variant { .. }
        | Target::Local { .. } => vec![reference.target.clone()],
    };
    Some(Meant { span: reference.span, targets })
}
