//! What features that look at whole files, or beyond them, ask: what every word refers to, what names a file can use, all inputs.

use crate::db::{SourceFile, package};
use crate::host::Snapshot;
use crate::names::{Kind, Region, exported, exports};
use crate::reference::Target;
use std::sync::Arc;

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

impl Snapshot {
    /// Where a name that a module does not know is declared, as `use` lines of the module would say it: `core`, or `core.sites` if several
    /// modules of a package declare it. Sorted, those of its own package first.
    pub fn declared_in(&self, path: &str, name: &str) -> Vec<String> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let Some(own) = package(&self.db, file.package(&self.db)) else { return Vec::new() };
        let declares = |module: &&SourceFile| exports(&self.db, **module).contains_key(name);
        let near = |module: &SourceFile| Region::Module(*module).near(&self.db, file);
        let here = own.modules(&self.db).values().filter(|module| **module != file);
        let mut all: Vec<String> = here.filter(declares).map(near).collect();
        for other in own.dependencies(&self.db).iter().filter_map(|name| package(&self.db, name)) {
            let found: Vec<&SourceFile> = other.modules(&self.db).values().filter(declares).collect();
            match found.as_slice() {
                [] => {}
                [_] => all.push(other.name(&self.db).to_string()),
                several => all.extend(several.iter().map(|module| near(module))),
            }
        }
        all
    }

    /// The modules of a package that declare a name, as a module would say it; none for what is no package.
    pub fn modules_declaring(&self, path: &str, package_name: &str, name: &str) -> Vec<String> {
        let (Some(file), Some(owner)) = (self.module(path), package(&self.db, package_name)) else { return Vec::new() };
        let declares = |module: &&SourceFile| **module != file && exports(&self.db, **module).contains_key(name);
        let found = owner.modules(&self.db).values().filter(declares);
        found.map(|module| Region::Module(*module).near(&self.db, file)).collect()
    }

    /// The qualified name of a declaration.
    pub fn whole_name(&self, target: &Target) -> Option<String> {
        match target {
            Target::Declaration { file, name } => Some(crate::db::qualified(&self.db, self.module(file)?, name)),
            Target::Module { .. }
            | Target::Field { .. }
            | Target::Variant { .. }
            | Target::Local { .. }
            | Target::Passage { .. } => None,
        }
    }

    /// The declaration with a qualified name.
    pub fn declaration(&self, qualified: &str) -> Option<Target> {
        let entity = crate::names::by_qualified(&self.db, qualified)?;
        Some(Target::Declaration { file: entity.file.path(&self.db).clone(), name: entity.name })
    }

    /// The path of the review lock of a package.
    pub fn lock_path(&self, name: &str) -> Option<Arc<str>> {
        package(&self.db, name)?.lock(&self.db).as_ref().map(|lock| lock.path.clone())
    }
}
