//! Passage documents as queries.

use crate::db::Document;
use crate::names::Entity;
use crate::signatures::{Signature, document_of, signature};

/// A passage file, read.
#[salsa::tracked]
pub fn passages(db: &dyn salsa::Database, document: Document) -> mandate_documents::Document {
    mandate_documents::Document::read(document.text(db))
}

/// The passage file of a source; `None` when it has none that could be read.
pub(crate) fn file_behind(db: &dyn salsa::Database, source: &Entity) -> Option<Document> {
    let Some(Signature::Source(found)) = signature(db, source) else { return None };
    let owner = crate::db::package(db, source.file.package(db))?;
    document_of(db, owner, found.document.as_deref()?)
}

/// The passages of a source; `None` when it has no document that could be read.
pub(crate) fn document_behind<'db>(
    db: &'db dyn salsa::Database,
    source: &Entity,
) -> Option<&'db mandate_documents::Document> {
    file_behind(db, source).map(|document| passages(db, document))
}
