//! One package with everything it uses, loaded from disk under the unsaved texts of the editor.

use crate::library::Library;
use crate::text::Buffer;
use crate::uri;
use mandate_project::{Loaded, MANIFEST, load_with, standard_packages};
use mandate_semantics::{FileDiagnostics, Host, ModuleInput, PackageInput, PackageOrigin, ProjectInput, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower_lsp::ls_types::Uri;

/// A file the editor has open.
#[derive(Debug)]
pub(crate) struct OpenFile {
    /// As the client calls it.
    pub uri: Uri,
    /// Counted by the client.
    pub version: i32,
    /// Its text; `None` while it is too large to be analysed.
    pub buffer: Option<Buffer>,
}

/// Open files by the name under which the analysis knows them.
pub(crate) type OpenFiles = BTreeMap<Arc<str>, OpenFile>;

/// What a project is loaded from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Home {
    /// The directory of a manifest.
    Package(PathBuf),
    /// A module outside every package, by its name for the analysis.
    File(Arc<str>),
    /// The standard library alone, when one of its files is looked at and nothing else is loaded.
    Library,
}

impl Home {
    /// Whether it is a package in this folder, or in a folder of it.
    pub(crate) fn lies_in(&self, folder: &Path) -> bool {
        matches!(self, Home::Package(root) if root.starts_with(folder))
    }

    /// Where a module or passage file belongs: to the nearest package around it, else a module is a package of its own.
    pub(crate) fn of(key: &Arc<str>, library: &Library) -> Option<Home> {
        if library.path_of(key).is_some() {
            return Some(Home::Library);
        }
        let path = Path::new(&**key);
        let around = path.is_absolute().then(|| path.ancestors().skip(1).find(|dir| dir.join(MANIFEST).is_file()));
        match around.flatten() {
            Some(dir) => Some(Home::Package(dir.to_owned())),
            // A passage file or a manifest alone says nothing; what has no path was never saved.
            None => (!path.is_absolute() || is_module(path)).then(|| Home::File(Arc::clone(key))),
        }
    }
}

fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "mandate")
}

/// A loaded package.
pub(crate) struct Project {
    host: Host,
    /// Files of its own package.
    own: BTreeSet<Arc<str>>,
    /// Files of packages it uses by path.
    used: BTreeSet<Arc<str>>,
    /// Directories of its packages.
    roots: Vec<PathBuf>,
    /// Faults of manifests and files.
    faults: Arc<Vec<FileDiagnostics>>,
}

impl Project {
    pub(crate) fn load(home: &Home, open: &OpenFiles) -> Self {
        let mut project = Self {
            host: Host::new(),
            own: BTreeSet::new(),
            used: BTreeSet::new(),
            roots: Vec::new(),
            faults: Arc::default(),
        };
        project.reload(home, open);
        project
    }

    /// Reads everything again. Nobody may hold a snapshot for long: this waits for it.
    pub(crate) fn reload(&mut self, home: &Home, open: &OpenFiles) {
        let loaded = read(home, open);
        self.roots = roots(home, &loaded);
        self.faults = Arc::new(loaded.diagnostics);
        let (mut own, mut used) = (BTreeSet::new(), BTreeSet::new());
        for package in &loaded.input.packages {
            let paths = package.modules.iter().map(|module| &module.path);
            let paths = paths.chain(package.documents.iter().map(|document| &document.path));
            let paths = paths.chain(package.lock.iter().map(|lock| &lock.path)).cloned();
            match package.origin {
                PackageOrigin::Own => own.extend(paths),
                PackageOrigin::Dependency => used.extend(paths),
                PackageOrigin::Standard => {}
            }
        }
        self.own = own;
        self.used = used;
        self.host.set_project(loaded.input);
    }

    /// Takes over a text; whether the project knows the file.
    pub(crate) fn set_text(&mut self, path: &str, text: &Arc<str>) -> bool {
        self.knows(path) && self.host.set_text(path, Arc::clone(text))
    }

    /// Whether the file belongs to its own package.
    pub(crate) fn owns(&self, path: &str) -> bool {
        self.own.contains(path)
    }

    /// Whether the file is analysed here.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.own.contains(path) || self.used.contains(path)
    }

    /// Whether what happens to a file on disk may matter here.
    pub(crate) fn is_touched_by(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.host.snapshot()
    }

    pub(crate) fn faults(&self) -> Arc<Vec<FileDiagnostics>> {
        Arc::clone(&self.faults)
    }
}

fn read(home: &Home, open: &OpenFiles) -> Loaded {
    let unsaved = |path: &Path| text_of(open, &path.to_string_lossy());
    match home {
        Home::Package(root) => {
            let mut loaded = load_with(root, &unsaved);
            add_unsaved(root, open, &mut loaded);
            loaded
        }
        Home::File(key) if Path::new(&**key).is_absolute() => load_with(Path::new(&**key), &unsaved),
        Home::File(key) => Loaded { input: never_saved(key, open), ..Loaded::default() },
        Home::Library => Loaded { input: ProjectInput { packages: standard_packages() }, ..Loaded::default() },
    }
}

fn text_of(open: &OpenFiles, key: &str) -> Option<Arc<str>> {
    open.get(key)?.buffer.as_ref().map(|buffer| Arc::from(buffer.text()))
}

/// Adds modules that are open in the editor and not yet on disk.
fn add_unsaved(root: &Path, open: &OpenFiles, loaded: &mut Loaded) {
    let Some(package) = loaded.input.packages.iter_mut().find(|package| package.origin == PackageOrigin::Own) else {
        return;
    };
    for key in open.keys() {
        let path = Path::new(&**key);
        let inside = path.ancestors().skip(1).find(|dir| dir.join(MANIFEST).is_file()) == Some(root);
        let Some(text) = text_of(open, key).filter(|_| inside && is_module(path)) else {
            continue;
        };
        if path.exists() || package.modules.iter().any(|module| module.path == *key) {
            continue;
        }
        let Ok(below) = path.strip_prefix(root) else { continue };
        let parts: Vec<_> = below.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        let module = parts.join(".");
        let module = if module == package.name { String::new() } else { module };
        let relative = format!("{}.mandate", parts.join("/"));
        package.modules.push(ModuleInput { path: Arc::clone(key), relative, module, text });
    }
}

/// A module that has no file at all is a package of its own, and may use the whole standard library.
fn never_saved(key: &Arc<str>, open: &OpenFiles) -> ProjectInput {
    let mut packages = standard_packages();
    let text = text_of(open, key).unwrap_or_else(|| Arc::from(""));
    let name = "untitled".to_owned();
    let relative = format!("{name}.mandate");
    packages.push(PackageInput {
        dependencies: packages.iter().map(|package| package.name.clone()).collect(),
        name,
        version: "0.0.0".to_owned(),
        edition: mandate_project::EDITIONS.last().copied().unwrap_or_default().to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Own,
        at_hand: true,
        modules: vec![ModuleInput { path: Arc::clone(key), relative, module: String::new(), text }],
        documents: Vec::new(),
        lock: None,
    });
    ProjectInput { packages }
}

/// Directories whose files matter: those of the manifests that were read.
fn roots(home: &Home, loaded: &Loaded) -> Vec<PathBuf> {
    let manifests = loaded.manifests.keys().filter_map(|path| Path::new(&**path).parent()).map(Path::to_owned);
    let home = match home {
        Home::Package(root) => Some(root.clone()),
        // Its passage files lie beside it.
        Home::File(key) => {
            uri::of_key(key).as_ref().and_then(uri::file_path).and_then(|path| path.parent().map(Path::to_owned))
        }
        Home::Library => None,
    };
    let mut roots: Vec<_> = manifests.chain(home).collect();
    roots.sort();
    roots.dedup();
    roots
}
