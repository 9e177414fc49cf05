//! The owner of the analysis, and the snapshots it hands out.

use crate::analysis::references_at;
use crate::assemble::{assemble, with_dependencies};
use crate::crosscheck::diagnostics;
use crate::db::{Database, Document, LastReading, Package, SourceFile, Workspace, package, parsed};
use crate::input::{LockInput, PackageInput, PackageOrigin, ProjectInput};
use crate::reference::{Reference, Target};
use crate::review::lock_diagnostics;
use crate::sheets::LastSheets;
use mandate_diagnostics::{Diagnostic, Severity, Span};
use mandate_pack::Pack;
use salsa::{Durability, Setter};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Diagnostics of one file, with its text so that they can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDiagnostics {
    /// The file.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
    /// Sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// A span of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: Arc<str>,
    /// Bytes of it.
    pub span: Span,
}

/// A file known to the analysis.
#[derive(Clone, Copy)]
enum Known {
    Module(SourceFile),
    Document(Document),
    Lock(Package),
}

/// The single owner and writer of the analysis.
///
/// Inputs are kept per path for as long as the host lives, so that a file that goes and comes back costs nothing twice.
#[derive(Default)]
pub struct Host {
    db: Database,
    modules: BTreeMap<Arc<str>, SourceFile>,
    documents: BTreeMap<Arc<str>, Document>,
    packages: BTreeMap<Arc<str>, Package>,
    files: Arc<BTreeMap<Arc<str>, Known>>,
}

impl Host {
    /// A host with nothing in it.
    pub fn new() -> Host {
        let host = Host::default();
        let _workspace = Workspace::builder(BTreeMap::new()).durability(Durability::HIGH).new(&host.db);
        host
    }

    /// Replaces everything that is analysed. Texts that did not change cost nothing.
    pub fn set_project(&mut self, project: ProjectInput) {
        let mut packages = BTreeMap::new();
        let mut files = BTreeMap::new();
        for input in project.packages {
            let package = self.set_package(input, &mut files);
            packages.insert(package.name(&self.db).clone(), package);
        }
        self.files = Arc::new(files);
        let workspace = Workspace::get(&self.db);
        if *workspace.packages(&self.db) != packages {
            workspace.set_packages(&mut self.db).with_durability(Durability::HIGH).to(packages);
        }
    }

    fn set_package(&mut self, input: PackageInput, files: &mut BTreeMap<Arc<str>, Known>) -> Package {
        // The standard library never changes while the program runs, and what is read from disk seldom does: after an edit, one check
        // answers for everything that depends on no edited file.
        let durability = if input.origin == PackageOrigin::Standard { Durability::HIGH } else { Durability::MEDIUM };
        let name: Arc<str> = Arc::from(input.name.as_str());
        let mut modules = BTreeMap::new();
        for module in input.modules {
            let file = match self.modules.get(&module.path) {
                Some(file) => {
                    let file = *file;
                    self.set_module_text(file, module.text, durability);
                    if **file.module(&self.db) != *module.module {
                        file.set_module(&mut self.db).to(Arc::from(module.module.as_str()));
                    }
                    if **file.package(&self.db) != *name {
                        file.set_package(&mut self.db).to(name.clone());
                    }
                    file
                }
                None => {
                    let made = SourceFile::builder(
                        module.path.clone(),
                        Arc::from(module.relative.as_str()),
                        name.clone(),
                        Arc::from(module.module.as_str()),
                        module.text,
                        LastReading::default(),
                        LastSheets::default(),
                    )
                    .durability(durability)
                    .new(&self.db);
                    self.modules.insert(module.path.clone(), made);
                    made
                }
            };
            files.insert(module.path, Known::Module(file));
            modules.insert(Arc::from(module.module.as_str()), file);
        }
        let mut documents = BTreeMap::new();
        for document in input.documents {
            let relative: Arc<str> = Arc::from(document.relative.as_str());
            let made = match self.documents.get(&document.path) {
                Some(made) => {
                    let made = *made;
                    if *made.text(&self.db) != document.text {
                        made.set_text(&mut self.db).with_durability(durability).to(document.text);
                    }
                    made
                }
                None => {
                    let made = Document::builder(document.path.clone(), relative.clone(), document.text)
                        .durability(durability)
                        .new(&self.db);
                    self.documents.insert(document.path.clone(), made);
                    made
                }
            };
            files.insert(document.path, Known::Document(made));
            documents.insert(relative, made);
        }
        let (lock, lock_path) = (input.lock.clone(), input.lock.map(|lock| lock.path));
        let shared = |text: &str| -> Arc<str> { Arc::from(text) };
        let dependencies: Vec<Arc<str>> = input.dependencies.iter().map(|d| shared(d)).collect();
        let known = self.packages.get(&name).copied();
        let db = &mut self.db;
        if let Some(known) = known {
            if *known.modules(db) != modules {
                known.set_modules(db).with_durability(durability).to(modules);
            }
            if *known.lock(db) != lock {
                known.set_lock(db).with_durability(durability).to(lock);
            }
            if *known.documents(db) != documents {
                known.set_documents(db).with_durability(durability).to(documents);
            }
            if *known.dependencies(db) != dependencies {
                known.set_dependencies(db).with_durability(durability).to(dependencies);
            }
            if **known.version(db) != *input.version {
                known.set_version(db).to(shared(&input.version));
            }
            if **known.edition(db) != *input.edition {
                known.set_edition(db).to(shared(&input.edition));
            }
            if **known.time_zone(db) != *input.time_zone {
                known.set_time_zone(db).to(shared(&input.time_zone));
            }
            if known.at_hand(db) != input.at_hand {
                known.set_at_hand(db).to(input.at_hand);
            }
            if known.origin(db) != input.origin {
                known.set_origin(db).to(input.origin);
            }
            files.extend(lock_path.map(|path| (path, Known::Lock(known))));
            return known;
        }
        let made = Package::builder(
            name.clone(),
            shared(&input.version),
            shared(&input.edition),
            shared(&input.time_zone),
            input.origin,
            dependencies,
            input.at_hand,
            modules,
            documents,
            lock,
        )
        .durability(durability)
        .new(&self.db);
        files.extend(lock_path.map(|path| (path, Known::Lock(made))));
        self.packages.insert(name, made);
        made
    }

    fn set_module_text(&mut self, file: SourceFile, text: Arc<str>, durability: Durability) -> bool {
        if *file.text(&self.db) == text {
            return false;
        }
        file.set_text(&mut self.db).with_durability(durability).to(text);
        true
    }

    /// Sets the text of a module or passage file; false if the path is not part of the project. Identical text is skipped.
    pub fn set_text(&mut self, path: &str, text: Arc<str>) -> bool {
        match self.files.get(path).copied() {
            Some(Known::Module(file)) => {
                self.set_module_text(file, text, Durability::LOW);
                true
            }
            Some(Known::Document(document)) => {
                if *document.text(&self.db) != text {
                    document.set_text(&mut self.db).with_durability(Durability::LOW).to(text);
                }
                true
            }
            Some(Known::Lock(package)) => {
                if package.lock(&self.db).as_ref().is_none_or(|lock| lock.text != text) {
                    let lock = LockInput { path: Arc::from(path), text };
                    package.set_lock(&mut self.db).with_durability(Durability::LOW).to(Some(lock));
                }
                true
            }
            None => false,
        }
    }

    /// A view of the present state for reading. Writing waits until every snapshot is dropped, and cancels their queries.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot { db: self.db.clone(), files: self.files.clone() }
    }
}

/// A view of one state of the project. Queries unwind with `salsa::Cancelled` when the owner wants to write; see [`Snapshot::catch`].
#[derive(Clone)]
pub struct Snapshot {
    pub(crate) db: Database,
    files: Arc<BTreeMap<Arc<str>, Known>>,
}

impl Snapshot {
    /// Runs queries, and answers `Err` when the owner of the database cancelled them.
    pub fn catch<T>(f: impl FnOnce() -> T + std::panic::UnwindSafe) -> Result<T, salsa::Cancelled> {
        salsa::Cancelled::catch(f)
    }

    /// The module at a path.
    pub(crate) fn module(&self, path: &str) -> Option<SourceFile> {
        match self.files.get(path)? {
            Known::Module(file) => Some(*file),
            Known::Document(_) | Known::Lock(_) => None,
        }
    }

    /// Files of the packages the user asked for that diagnostics may stand in, sorted by path: modules and review locks.
    pub fn checked_files(&self) -> Vec<Arc<str>> {
        let mut paths = self.modules();
        // Only inputs are read here: naming the files must cost nothing, and cannot be cancelled.
        paths.extend(self.locked().into_iter().filter_map(|own| Some(own.lock(&self.db).as_ref()?.path.clone())));
        paths.sort();
        paths
    }

    /// The packages the user asked for that have a review lock.
    fn locked(&self) -> Vec<Package> {
        let packages = self.files.values().filter_map(|known| match known {
            Known::Lock(package) if package.origin(&self.db) == PackageOrigin::Own => Some(*package),
            Known::Module(_) | Known::Document(_) | Known::Lock(_) => None,
        });
        packages.collect()
    }

    /// Modules of the packages the user asked for, sorted by path.
    pub fn modules(&self) -> Vec<Arc<str>> {
        self.own_modules().into_iter().map(|file| file.path(&self.db).clone()).collect()
    }

    pub(crate) fn own_modules(&self) -> Vec<SourceFile> {
        let own = |file: &SourceFile| {
            package(&self.db, file.package(&self.db)).is_some_and(|p| p.origin(&self.db) == PackageOrigin::Own)
        };
        self.all_modules().into_iter().filter(own).collect()
    }

    /// Every module that is loaded, also those of packages used.
    pub(crate) fn all_modules(&self) -> Vec<SourceFile> {
        let modules = self.files.values().filter_map(|known| match known {
            Known::Module(file) => Some(*file),
            Known::Document(_) | Known::Lock(_) => None,
        });
        modules.collect()
    }

    /// Text of a module or passage file of any package.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        Some(match self.files.get(path)? {
            Known::Module(file) => file.text(&self.db).clone(),
            Known::Document(document) => document.text(&self.db).clone(),
            Known::Lock(package) => package.lock(&self.db).as_ref()?.text.clone(),
        })
    }

    /// Tree of a module.
    pub fn syntax(&self, path: &str) -> Option<mandate_syntax::ast::Module> {
        self.module(path).map(|file| parsed(&self.db, file).clone())
    }

    /// Diagnostics of a module or review lock, sorted by place.
    pub fn diagnostics(&self, path: &str) -> Vec<Diagnostic> {
        if let Some(Known::Lock(package)) = self.files.get(path) {
            return lock_diagnostics(&self.db, *package).map(|lock| lock.diagnostics).unwrap_or_default();
        }
        self.module(path).map(|file| diagnostics(&self.db, file).clone()).unwrap_or_default()
    }

    /// Diagnostics of every module the user asked for, sorted by path; files without any are left out. Uses both cores.
    pub fn check(&self) -> Vec<FileDiagnostics> {
        let files = self.own_modules();
        self.warm(&files);
        let mut found = self.collect(&files);
        let locks = self.locked().into_iter().filter_map(|own| lock_diagnostics(&self.db, own));
        found.extend(locks.filter(|lock| !lock.diagnostics.is_empty()));
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    fn collect(&self, files: &[SourceFile]) -> Vec<FileDiagnostics> {
        let all = files.iter().map(|file| FileDiagnostics {
            path: file.path(&self.db).clone(),
            text: file.text(&self.db).clone(),
            diagnostics: diagnostics(&self.db, *file).clone(),
        });
        all.filter(|file| !file.diagnostics.is_empty()).collect()
    }

    /// Computes the diagnostics of many files on several threads. What cancels one thread cancels the caller too.
    pub(crate) fn warm(&self, files: &[SourceFile]) {
        const THREADS: usize = 2;
        const STACK: usize = 64 << 20;
        if files.len() < 8 {
            return;
        }
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                let (db, next) = (self.db.clone(), &next);
                let work = move || {
                    // A cancelled or failed query is met again, and unwinds there, when the caller collects.
                    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                            diagnostics(&db, *file);
                        }
                    }));
                };
                // Without a thread the caller does the work itself.
                let _ = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            }
        });
    }

    /// The pack of a package, unsealed; or the diagnostics of it and the packages it uses, when any is an error.
    pub fn pack(&self, name: &str) -> Result<Pack, Vec<FileDiagnostics>> {
        self.pack_despite(name, &[])
    }

    /// As [`Snapshot::pack`], as far as it goes where errors of these codes stand. For those of citations it is whole, and says what the modules
    /// say, true or not.
    pub fn pack_despite(&self, name: &str, tolerated: &[&str]) -> Result<Pack, Vec<FileDiagnostics>> {
        let Some(main) = package(&self.db, name) else { return Err(Vec::new()) };
        let files: Vec<SourceFile> = with_dependencies(&self.db, main)
            .iter()
            .flat_map(|p| p.modules(&self.db).values().copied().collect::<Vec<_>>())
            .collect();
        self.warm(&files);
        let found = self.collect(&files);
        let forbids = |d: &Diagnostic| d.severity == Severity::Error && !tolerated.contains(&d.code.id);
        let failed = found.iter().any(|file| file.diagnostics.iter().any(forbids));
        if failed { Err(found) } else { Ok(assemble(&self.db, main)) }
    }

    /// What the word at a place refers to. Of several that touch it, the shortest word.
    pub fn reference_at(&self, path: &str, offset: u32) -> Option<Reference> {
        let file = self.module(path)?;
        references_at(&self.db, file, offset)
            .into_iter()
            .min_by_key(|reference| (reference.span.end - reference.span.start, reference.span.start < offset))
    }

    /// Where a target is declared.
    pub fn definition(&self, target: &Target) -> Option<Place> {
        crate::describe::definition(self, target)
    }

    /// The passage file of a source, for the passage named.
    pub(crate) fn document_at(&self, path: &str) -> Option<Document> {
        match self.files.get(path)? {
            Known::Document(document) => Some(*document),
            Known::Module(_) | Known::Lock(_) => None,
        }
    }
}
