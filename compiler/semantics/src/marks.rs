//! What the targets of references are, for features that look at the whole file.

use crate::db::package;
use crate::host::Snapshot;
use crate::names::{Kind, exported};
use crate::reference::Target;

impl Snapshot {
    /// What a declaration is that a target names, or belongs to.
    pub fn kind_of(&self, target: &Target) -> Option<Kind> {
        let (file, name) = match target {
            Target::Declaration { file, name } => (file, name),
            Target::Passage { file, source, .. } => (file, source),
            Target::Module { .. } | Target::Field { .. } | Target::Variant { .. } | Target::Local { .. } => {
                return None;
            }
        };
        exported(&self.db, self.module(file)?, name.clone())
    }

    /// The qualified name of the source in whose place another one has come, as far as the packages that the module `from` uses tell.
    pub fn superseded_by(&self, from: &str, target: &Target) -> Option<String> {
        let (file, name) = match target {
            Target::Declaration { file, name } => (file, name),
            Target::Passage { file, source, .. } => (file, source),
            Target::Module { .. } | Target::Field { .. } | Target::Variant { .. } | Target::Local { .. } => {
                return None;
            }
        };
        let main = package(&self.db, self.module(from)?.package(&self.db))?;
        let qualified = crate::db::qualified(&self.db, self.module(file)?, name);
        crate::editions::successors(&self.db, main).get(&qualified)?.first().cloned()
    }
}
