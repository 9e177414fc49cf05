//! Packages below `tests/trace`, or named from there, compiled, with their documents.

use mandate_documents::Document;
use mandate_pack::Pack;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/trace").join(name)
}

pub(crate) fn pack(name: &str) -> Pack {
    let loaded = mandate_project::load(&directory(name));
    let mut host = mandate_semantics::Host::new();
    host.set_project(loaded.input);
    host.snapshot().pack(&loaded.main).expect("a package without errors")
}

/// A passage file of the package `camp`.
pub(crate) fn document(file: &str) -> Document {
    Document::read(&std::fs::read_to_string(directory("camp").join(file)).expect(file))
}

/// The one document of the package `camp`, by its source.
pub(crate) fn documents(document: &Document) -> BTreeMap<String, &Document> {
    BTreeMap::from([("camp.camp_policy".to_owned(), document)])
}
