//! Packages on disk: manifests, modules, passage files, and the standard library that the binary carries.
//!
//! [`load`] turns a path into the plain texts that the analysis takes ([`ProjectInput`]) and the faults of files and
//! manifests (`E2xx`). Nothing here parses a module, and nothing fails: what cannot be read is a diagnostic with a place.

mod discover;
mod init;
mod load;
mod manifest;
mod name;
mod place;
mod read;
mod reviewer;
mod standard;
mod survivors;

pub use discover::modules_below;
pub use init::{InitError, Scaffold, init};
pub use load::{load, load_with};
pub use mandate_semantics::{FileDiagnostics, ProjectInput};
pub use manifest::{Dependency, DependencyFrom, EDITIONS, LOCK, MANIFEST, Manifest};
pub use read::read_text;
pub use reviewer::git_user;
pub use standard::{
    STANDARD_PREFIX, materialise_standard_library, materialised_path, standard_packages, standard_text,
};
pub use survivors::{KnownSurvivor, SURVIVORS, known_survivors};

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What was found on disk.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The texts to analyse: the package itself, what it depends on, the used part of the standard library.
    /// Empty when there is no package at the path.
    pub input: ProjectInput,
    /// Name of the main package; empty when there is none.
    pub main: String,
    /// Directory of the main package, as it is named in paths of its files.
    pub root: PathBuf,
    /// Text of every manifest that was read, by its path.
    pub manifests: BTreeMap<Arc<str>, Arc<str>>,
    /// Faults of manifests and files, sorted by path; files without fault are left out.
    pub diagnostics: Vec<FileDiagnostics>,
}

impl Loaded {
    /// Whether there is a package to analyse.
    pub fn found(&self) -> bool {
        !self.main.is_empty()
    }
}
