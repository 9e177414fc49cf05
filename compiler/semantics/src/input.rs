//! What the analysis is given: packages as plain text. Whoever reads disks (`mandate-project`) or editors fills these.

use std::sync::Arc;

/// Everything that is analysed together. Package names are unique.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectInput {
    /// The packages, in any order.
    pub packages: Vec<PackageInput>,
}

/// One package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageInput {
    /// Its name, the first part of qualified names.
    pub name: String,
    /// Its version, as in the manifest.
    pub version: String,
    /// Edition of the language.
    pub edition: String,
    /// Zone of civil days, an IANA name.
    pub time_zone: String,
    /// Whether its diagnostics are reported.
    pub origin: PackageOrigin,
    /// Names of the packages it may use.
    pub dependencies: Vec<String>,
    /// The dependencies are merely at hand: only those that a `use` names belong to its pack. So it is for a single file without manifest,
    /// which may use the whole standard library and must not be judged by all of it.
    pub at_hand: bool,
    /// Its modules.
    pub modules: Vec<ModuleInput>,
    /// Its passage files.
    pub documents: Vec<DocumentInput>,
    /// Its review lock.
    pub lock: Option<LockInput>,
}

/// Where a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackageOrigin {
    /// Asked for by the user: checked and reported.
    Own,
    /// Used by path: analysed as far as its users need it.
    Dependency,
    /// Part of the standard library, never edited.
    Standard,
}

/// One module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleInput {
    /// The file as people and tools name it; the key by which it is asked for and edited.
    pub path: Arc<str>,
    /// Path below the package with `/` between parts, as findings print it.
    pub relative: String,
    /// `sites.heritage`; empty for the package's root module.
    pub module: String,
    /// Its text.
    pub text: Arc<str>,
}

/// The review lock of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockInput {
    /// The file as people and tools name it.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

/// One passage file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentInput {
    /// The file as people and tools name it.
    pub path: Arc<str>,
    /// As `document` of a source writes it, relative to the package: `sources/x.md`.
    pub relative: String,
    /// Its text.
    pub text: Arc<str>,
}
