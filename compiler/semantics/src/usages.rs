//! Every place that refers to something, and every reference of a text.

use crate::analysis::{found, references_of};
use crate::db::SourceFile;
use crate::host::{Place, Snapshot};
use crate::names::resolve_uses;
use crate::reference::{Reference, Target};
use crate::sheets::sheets;
use std::sync::Arc;

impl Snapshot {
    /// What the words of a module refer to, in the order of the text; declarations refer to themselves. Empty for other files.
    pub fn references(&self, path: &str) -> Vec<Reference> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let mut references = references_of(&self.db, file);
        references.sort_by_key(|reference| reference.span);
        references
    }

    /// Every place that means a target, its declaration included, sorted by file and place. Looks at every module that is loaded, those of
    /// packages it uses too; of a variable, only at its own.
    pub fn usages(&self, target: &Target) -> Vec<Place> {
        let files: Vec<SourceFile> = match target {
            Target::Local { file, .. } => self.module(file).into_iter().collect(),
            Target::Module { .. }
            | Target::Declaration { .. }
            | Target::Field { .. }
            | Target::Variant { .. }
            | Target::Passage { .. } => self.all_modules(),
        };
        let mut places: Vec<Place> = Vec::new();
        for file in files {
            let path: &Arc<str> = file.path(&self.db);
            let mut add = |references: &[Reference], offset: u32| {
                let meant = references.iter().filter(|one| means(one, offset, target));
                places.extend(meant.map(|one| Place { path: path.clone(), span: one.span.shifted(offset) }));
            };
            add(&resolve_uses(&self.db, file).1.references, 0);
            for placed in &sheets(&self.db, file).placed {
                add(&found(&self.db, file, placed.key).output.references, placed.offset);
            }
        }
        places.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
        places.dedup();
        places
    }
}

/// Whether a reference, which counts from `offset`, means a target. Only variables have places.
fn means(reference: &Reference, offset: u32, target: &Target) -> bool {
    match (&reference.target, target) {
        (Target::Local { .. }, Target::Local { .. }) => reference.shifted(offset).target == *target,
        (one, other) => one == other,
    }
}
