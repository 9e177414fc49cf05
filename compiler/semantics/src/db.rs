//! Inputs of the incremental analysis, and the database that holds them.

use crate::input::PackageOrigin;
use crate::sheets::LastSheets;
use mandate_syntax::ast::Module;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A module's text with where it belongs.
#[salsa::input(debug)]
pub struct SourceFile {
    /// The file as people and tools name it.
    pub path: Arc<str>,
    /// Path below its package.
    pub relative: Arc<str>,
    /// Its package.
    pub package: Arc<str>,
    /// Its module path in the package; empty for the root module.
    pub module: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// Its tree at the last reading, which the next one builds on.
    pub last: LastReading,
    /// The parts of it that were checked on their own then.
    pub sheets: LastSheets,
}

/// The last text and tree, kept beside the queries. What a query answers does not depend on it, only how soon.
#[derive(Debug, Clone, Default)]
pub struct LastReading(Arc<Mutex<Option<Reading>>>);

/// A text with its tree.
type Reading = (Arc<str>, Module);

impl PartialEq for LastReading {
    fn eq(&self, other: &LastReading) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A passage file.
#[salsa::input(debug)]
pub struct Document {
    /// The file as people and tools name it.
    pub path: Arc<str>,
    /// Path below its package.
    pub relative: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

/// A package: its manifest's content and its files.
#[salsa::input(debug)]
pub struct Package {
    /// Name.
    pub name: Arc<str>,
    /// Version.
    pub version: Arc<str>,
    /// Edition of the language.
    pub edition: Arc<str>,
    /// Zone of civil days.
    pub time_zone: Arc<str>,
    /// Where it comes from.
    #[returns(copy)]
    pub origin: PackageOrigin,
    /// Names of the packages it may use.
    pub dependencies: Vec<Arc<str>>,
    /// Only the dependencies that a `use` names belong to its pack.
    #[returns(copy)]
    pub at_hand: bool,
    /// Modules, by module path.
    pub modules: BTreeMap<Arc<str>, SourceFile>,
    /// Passage files, by relative path.
    pub documents: BTreeMap<Arc<str>, Document>,
    /// Its review lock.
    pub lock: Option<crate::input::LockInput>,
}

/// All packages, by name.
#[salsa::input(singleton, debug)]
pub struct Workspace {
    /// The packages.
    pub packages: BTreeMap<Arc<str>, Package>,
}

/// The storage. Cloning it gives a snapshot that reads while the owner waits to write.
#[salsa::db]
#[derive(Clone, Default)]
pub struct Database {
    storage: salsa::Storage<Self>,
}

#[salsa::db]
impl salsa::Database for Database {}

/// The package called `name`.
pub(crate) fn package(db: &dyn salsa::Database, name: &str) -> Option<Package> {
    Workspace::get(db).packages(db).get(name).copied()
}

/// The tree of a module.
#[salsa::tracked(no_eq)]
pub fn parsed(db: &dyn salsa::Database, file: SourceFile) -> Module {
    let text = file.text(db);
    let mut last = file.last(db).0.lock().unwrap_or_else(PoisonError::into_inner);
    let module = match last.take() {
        Some((before, old)) => mandate_syntax::reparse(text, &before, &old),
        None => mandate_syntax::parse(text),
    };
    *last = Some((text.clone(), module.clone()));
    module
}

/// Qualified name of a declaration: package, module, name.
pub(crate) fn qualified(db: &dyn salsa::Database, file: SourceFile, name: &str) -> String {
    let (package, module) = (file.package(db), file.module(db));
    if module.is_empty() { format!("{package}.{name}") } else { format!("{package}.{module}.{name}") }
}
