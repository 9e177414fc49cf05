//! From a path to everything that is analysed together: the package, its dependencies, their texts.

use crate::Loaded;
use crate::discover::{Found, discover, is_passed_over};
use crate::manifest::{Dependency, DependencyFrom, LOCK, MANIFEST, Manifest};
use crate::name::{is_name, to_name};
use crate::place::{Wording, identity, normalised};
use crate::read::{Unreadable, read, read_all, reason};
use crate::standard::{standard_names, standard_package};
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, Label, Span, codes};
use mandate_semantics::{DocumentInput, FileDiagnostics, LockInput, ModuleInput, PackageInput, PackageOrigin};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Passage files that no source names are read up to this many bytes in all, so that an editor knows them when a source
/// begins to name one. Those that a source names are always read.
const UNNAMED_BYTES: usize = 16_000_000;

/// Loads the package at `path`: a directory with a manifest, anything below one, or a single module outside a package.
///
/// Paths of files are written as `path` is: relative to the current directory, or absolute.
pub fn load(path: &Path) -> Loaded {
    load_with(path, &|_| None)
}

/// As [`load`], with the unsaved text of open files, asked for by the path as it is written in the result.
pub fn load_with(path: &Path, unsaved: &dyn Fn(&Path) -> Option<Arc<str>>) -> Loaded {
    let wording = Wording::of(path);
    let asked = normalised(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let mut loader = Loader { wording, unsaved, faults: BTreeMap::new(), loaded: Loaded::default() };
    let is_module = asked.extension().is_some_and(|e| e == "mandate") && loader.exists(&asked) && !asked.is_dir();
    // A module that its package does not search for is not part of it.
    let member = |root: &PathBuf| !is_module || !asked.strip_prefix(root).is_ok_and(is_passed_over);
    match root_of(&asked, &loader).filter(member) {
        Some(root) => loader.package_tree(&root, &asked),
        None if is_module => loader.single_file(&asked),
        None => loader.nothing_here(&asked),
    }
    loader.finish()
}

/// The nearest directory at or above `asked` with a manifest.
fn root_of(asked: &Path, loader: &Loader<'_>) -> Option<PathBuf> {
    if !loader.exists(asked) {
        return None;
    }
    asked.ancestors().find(|dir| loader.exists(&dir.join(MANIFEST))).map(Path::to_owned)
}

struct Loader<'a> {
    wording: Wording,
    unsaved: &'a dyn Fn(&Path) -> Option<Arc<str>>,
    /// Faults by file; the text is the one the faults' places count in.
    faults: BTreeMap<Arc<str>, (Arc<str>, Vec<Diagnostic>)>,
    loaded: Loaded,
}

/// A package that was reached, and from where.
struct Reached {
    dir: PathBuf,
    origin: PackageOrigin,
}

/// A dependency by path, for the search for cycles: from package to package, named in a manifest at a place.
struct Edge {
    to: String,
    manifest: Arc<str>,
    span: Span,
}

impl Loader<'_> {
    fn exists(&self, path: &Path) -> bool {
        path.exists() || (self.unsaved)(&self.wording.word(path)).is_some()
    }

    /// The path of a file as it is written in the result.
    fn named(&self, path: &Path) -> Arc<str> {
        Arc::from(self.wording.word(path).to_string_lossy())
    }

    fn fault(&mut self, path: &Arc<str>, text: &Arc<str>, fault: Diagnostic) {
        self.faults.entry(path.clone()).or_insert_with(|| (text.clone(), Vec::new())).1.push(fault);
    }

    fn text(&self, path: &Path) -> Result<Arc<str>, Box<Unreadable>> {
        match (self.unsaved)(&self.wording.word(path)) {
            Some(text) => Ok(text),
            None => read(path),
        }
    }

    fn package_tree(&mut self, root: &Path, asked: &Path) {
        self.loaded.root = self.wording.word(root);
        let mut waiting = VecDeque::from([Reached { dir: root.to_owned(), origin: PackageOrigin::Own }]);
        // Each directory once, however many packages use it; each name once.
        let mut by_dir: BTreeMap<PathBuf, String> = BTreeMap::new();
        let mut by_name: BTreeMap<String, (Arc<str>, Span)> = BTreeMap::new();
        let mut standard: BTreeMap<String, (Arc<str>, Span)> = BTreeMap::new();
        let mut edges: BTreeMap<String, Vec<Edge>> = BTreeMap::new();
        while let Some(reached) = waiting.pop_front() {
            if by_dir.contains_key(&identity(&reached.dir)) {
                continue;
            }
            let (manifest, path) = self.manifest(&reached.dir);
            by_dir.insert(identity(&reached.dir), manifest.name.clone());
            if let Some((first, span)) = by_name.get(&manifest.name).cloned() {
                self.same_name(&manifest, &path, Label { file: Some(first), span, message: String::new() });
                continue;
            }
            by_name.insert(manifest.name.clone(), (path.clone(), manifest.name_span));
            if reached.origin == PackageOrigin::Own {
                self.loaded.main.clone_from(&manifest.name);
            }
            let mut usable = Vec::new();
            for dependency in &manifest.dependencies {
                match &dependency.from {
                    DependencyFrom::Standard if self.standard_exists(dependency, &path) => {
                        standard.entry(dependency.name.clone()).or_insert((path.clone(), dependency.name_span));
                        usable.push(dependency.name.clone());
                    }
                    DependencyFrom::Standard => {}
                    DependencyFrom::Path(to) => {
                        if let Some(dir) = self.dependency_dir(dependency, &reached.dir, to, &path) {
                            edges.entry(manifest.name.clone()).or_default().push(Edge {
                                to: dependency.name.clone(),
                                manifest: path.clone(),
                                span: dependency.name_span,
                            });
                            usable.push(dependency.name.clone());
                            waiting.push_back(Reached { dir, origin: PackageOrigin::Dependency });
                        }
                    }
                }
            }
            self.files_of(&reached, &manifest, usable, asked);
        }
        self.break_cycles(&edges);
        self.add_standard(&standard, &by_name);
    }

    /// Reads and checks a manifest.
    fn manifest(&mut self, dir: &Path) -> (Manifest, Arc<str>) {
        let path = dir.join(MANIFEST);
        let named = self.named(&path);
        let directory = dir.file_name().unwrap_or_default().to_string_lossy();
        let text = match self.text(&path) {
            Ok(text) => text,
            Err(fault) => {
                self.fault(&named, &fault.text, fault.diagnostic);
                return (Manifest::named(to_name(&directory)), named);
            }
        };
        let (manifest, faults) = Manifest::parse(&text, &directory);
        for fault in faults {
            self.fault(&named, &text, fault);
        }
        self.loaded.manifests.insert(named.clone(), text);
        (manifest, named)
    }

    fn manifest_fault(&mut self, path: &Arc<str>, fault: Diagnostic) {
        let text = self.loaded.manifests.get(path).cloned().unwrap_or_else(|| Arc::from(""));
        self.fault(path, &text, fault);
    }

    fn same_name(&mut self, manifest: &Manifest, path: &Arc<str>, mut first: Label) {
        first.message = "the first package of this name".to_owned();
        let message = format!("two packages are called `{}`, so their rules could not be told apart", manifest.name);
        let mut fault = Diagnostic::new(&codes::E211, manifest.name_span, message)
            .help("rename one of them, and the dependencies on it");
        fault.related.push(first);
        self.manifest_fault(path, fault);
    }

    fn standard_exists(&mut self, dependency: &Dependency, path: &Arc<str>) -> bool {
        let names = standard_names();
        if names.contains(&dependency.name.as_str()) {
            return true;
        }
        let message = format!("the standard library has no package `{}`", dependency.name);
        let mut fault = Diagnostic::new(&codes::E210, dependency.name_span, message);
        fault = match did_you_mean(&dependency.name, names.iter().copied()) {
            Some(near) => fault.label(format!("did you mean `{near}`?")).fix(
                format!("Replace by `{near}`"),
                dependency.name_span,
                near,
            ),
            None if names.is_empty() => fault,
            None => fault.help(format!("its packages are `{}`", names.join("`, `"))),
        };
        let by_path = format!("for a package of your own write `{0} = {{ path = \"../{0}\" }}`", dependency.name);
        self.manifest_fault(path, fault.help(by_path));
        false
    }

    /// The directory of a dependency by path, if there is a package of that name.
    fn dependency_dir(&mut self, dependency: &Dependency, from: &Path, to: &str, path: &Arc<str>) -> Option<PathBuf> {
        let dir = normalised(&from.join(to));
        let shown = self.wording.word(&dir);
        let shown = shown.display();
        if !self.exists(&dir.join(MANIFEST)) {
            let message = if !dir.exists() {
                format!("the package `{}` is not where its path leads: there is no `{shown}`", dependency.name)
            } else {
                format!("`{shown}` is no package: it has no `{MANIFEST}`")
            };
            let fault = Diagnostic::new(&codes::E208, dependency.from_span, message)
                .help("the path starts from the directory of this manifest and leads to the directory of the other");
            self.manifest_fault(path, fault);
            return None;
        }
        let directory = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let name = match self.text(&dir.join(MANIFEST)) {
            Ok(text) => Manifest::parse(&text, &directory).0.name,
            // Its own fault is reported when it is loaded.
            Err(_) => dependency.name.clone(),
        };
        if name != dependency.name {
            let message = format!("the package in `{shown}` is called `{name}`, not `{}`", dependency.name);
            let fault = Diagnostic::new(&codes::E212, dependency.name_span, message)
                .help("a dependency is called as its own manifest calls it, everywhere")
                .fix(format!("Replace by `{name}`"), dependency.name_span, name);
            self.manifest_fault(path, fault);
            return None;
        }
        Some(dir)
    }

    /// Takes the dependencies out that lead back to a package that needs them, and reports each.
    fn break_cycles(&mut self, edges: &BTreeMap<String, Vec<Edge>>) {
        let mut done: BTreeSet<&str> = BTreeSet::new();
        let mut taken: Vec<(&str, &str)> = Vec::new();
        for start in edges.keys() {
            // The way from `start`: each package with the number of its dependencies already followed.
            let mut way: Vec<(&str, usize)> = vec![(start, 0)];
            while let Some((at, next)) = way.last_mut() {
                let (at, edge) = (*at, edges.get(*at).and_then(|list| list.get(*next)));
                *next += 1;
                match edge {
                    _ if done.contains(at) => drop(way.pop()),
                    None => {
                        done.insert(at);
                        way.pop();
                    }
                    Some(edge) => match way.iter().position(|(on, _)| *on == edge.to) {
                        Some(first) => {
                            let ring: Vec<&str> = way[first..].iter().map(|(name, _)| *name).collect();
                            self.cycle(&ring, edge);
                            taken.push((at, &edge.to));
                        }
                        None => way.push((&edge.to, 0)),
                    },
                }
            }
        }
        for package in &mut self.loaded.input.packages {
            package.dependencies.retain(|to| !taken.contains(&(package.name.as_str(), to.as_str())));
        }
    }

    fn cycle(&mut self, ring: &[&str], edge: &Edge) {
        let message = match ring {
            [own] => format!("the package `{own}` depends on itself"),
            _ => format!("packages depend on each other in a ring: `{}` and back to `{}`", ring.join("` → `"), edge.to),
        };
        let fault = Diagnostic::new(&codes::E209, edge.span, message)
            .label("this dependency closes the ring")
            .help("move what both sides need into a package of its own, and let both depend on that");
        self.manifest_fault(&edge.manifest, fault);
    }

    /// Adds the packages of the standard library that are used, and those that they use.
    fn add_standard(&mut self, used: &BTreeMap<String, (Arc<str>, Span)>, own: &BTreeMap<String, (Arc<str>, Span)>) {
        let mut waiting: Vec<String> = used.keys().cloned().collect();
        let mut added = BTreeSet::new();
        while let Some(name) = waiting.pop() {
            let Some(package) = standard_package(&name) else { continue };
            if !added.insert(name.clone()) {
                continue;
            }
            if let Some((path, span)) = own.get(&name).cloned() {
                let message = format!("a package of the standard library that is used here is called `{name}`, too");
                let mut fault = Diagnostic::new(&codes::E211, span, message).help("give this package another name");
                if let Some((user, span)) = used.get(&name).cloned() {
                    fault.related.push(Label { file: Some(user), span, message: "used here".to_owned() });
                }
                self.manifest_fault(&path, fault);
                continue;
            }
            waiting.extend(package.dependencies.iter().cloned());
            self.loaded.input.packages.push(package);
        }
    }

    /// Reads the modules and passage files of a package.
    fn files_of(&mut self, reached: &Reached, manifest: &Manifest, mut dependencies: Vec<String>, asked: &Path) {
        let mut files = discover(&reached.dir);
        for (path, error) in std::mem::take(&mut files.closed) {
            let named = self.named(&path);
            let message = format!("this directory cannot be searched for modules: {}", reason(&error));
            self.fault(&named, &Arc::from(""), Diagnostic::new(&codes::E213, Span::empty(0), message));
        }
        // A new file in an editor is a module before it is saved.
        if let Ok(below) = asked.strip_prefix(&reached.dir)
            && asked.extension().is_some_and(|e| e == "mandate")
        {
            let relative = slashes(below);
            if files.modules.iter().all(|found| found.relative != relative) && !asked.exists() {
                files.modules.push(Found { relative, path: asked.to_owned() });
                files.modules.sort();
            }
        }
        let modules = self.modules(&files.modules, &manifest.name);
        let documents = self.documents(&reached.dir, files.documents, &modules);
        if modules.is_empty() && reached.origin == PackageOrigin::Own {
            self.no_modules(reached, manifest);
        }
        let lock = self.lock(&reached.dir);
        dependencies.sort();
        self.loaded.input.packages.push(PackageInput {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            edition: manifest.edition.clone(),
            time_zone: manifest.time_zone.clone(),
            origin: reached.origin,
            at_hand: false,
            dependencies,
            modules,
            documents,
            lock,
        });
    }

    fn no_modules(&mut self, reached: &Reached, manifest: &Manifest) {
        let path = self.named(&reached.dir.join(MANIFEST));
        let message = format!("the package `{}` has no module, so there is nothing to check", manifest.name);
        let help = format!("write rules into a file `{}.mandate` beside this manifest", manifest.name);
        self.manifest_fault(&path, Diagnostic::new(&codes::W201, manifest.name_span, message).help(help));
    }

    fn modules(&mut self, found: &[Found], package: &str) -> Vec<ModuleInput> {
        let texts = self.texts(found);
        let mut modules = Vec::new();
        for (file, text) in found.iter().zip(texts) {
            let path = self.named(&file.path);
            match text {
                Ok(text) => {
                    let module = module_name(&file.relative, package);
                    if let Some(fault) = unnameable(&module) {
                        self.fault(&path, &text, fault);
                    }
                    modules.push(ModuleInput { path, relative: file.relative.clone(), module, text });
                }
                Err(fault) => self.fault(&path, &fault.text, fault.diagnostic),
            }
        }
        modules
    }

    /// Passage files: those that a source names, and as many of the others as the bound allows.
    fn documents(&mut self, dir: &Path, found: Vec<Found>, modules: &[ModuleInput]) -> Vec<DocumentInput> {
        let named: BTreeSet<String> = modules.iter().flat_map(|module| named_documents(&module.text)).collect();
        let mut files: BTreeMap<String, PathBuf> = named
            .iter()
            .filter(|relative| is_below(relative))
            .map(|relative| (relative.clone(), dir.join(relative)))
            .filter(|(_, path)| self.exists(path) && !path.is_dir())
            .collect();
        let mut left = UNNAMED_BYTES;
        for file in found {
            if files.contains_key(&file.relative) {
                continue;
            }
            let size = std::fs::metadata(&file.path).map_or(usize::MAX, |meta| meta.len() as usize);
            if size <= left {
                left -= size;
                files.insert(file.relative, file.path);
            }
        }
        let files: Vec<Found> = files.into_iter().map(|(relative, path)| Found { relative, path }).collect();
        let texts = self.texts(&files);
        let mut documents = Vec::new();
        for (file, text) in files.into_iter().zip(texts) {
            let path = self.named(&file.path);
            match text {
                Ok(text) => documents.push(DocumentInput { path, relative: file.relative, text }),
                // A note that no source names may be what it likes.
                Err(fault) if named.contains(&file.relative) => self.fault(&path, &fault.text, fault.diagnostic),
                Err(_) => {}
            }
        }
        documents
    }

    /// The review lock of a package, if it has one.
    fn lock(&mut self, dir: &Path) -> Option<LockInput> {
        let file = dir.join(LOCK);
        if !self.exists(&file) {
            return None;
        }
        let path = self.named(&file);
        match self.text(&file) {
            Ok(text) => Some(LockInput { path, text }),
            Err(fault) => {
                self.fault(&path, &fault.text, fault.diagnostic);
                None
            }
        }
    }

    fn texts(&self, files: &[Found]) -> Vec<Result<Arc<str>, Box<Unreadable>>> {
        let unsaved: Vec<_> = files.iter().map(|file| (self.unsaved)(&self.wording.word(&file.path))).collect();
        let saved = files.iter().zip(&unsaved).filter(|(_, text)| text.is_none()).map(|(file, _)| file.path.clone());
        let mut read = read_all(&saved.collect::<Vec<_>>()).into_iter();
        let texts = unsaved.into_iter().filter_map(|text| text.map(Ok).or_else(|| read.next()));
        texts.collect()
    }

    /// A module outside a package is a package of its own, and may use the whole standard library.
    fn single_file(&mut self, file: &Path) {
        let parent = file.parent().unwrap_or(file);
        self.loaded.root = self.wording.word(parent);
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let mut name = to_name(&stem);
        if standard_names().contains(&name.as_str()) {
            name.push_str("_file");
        }
        self.loaded.main.clone_from(&name);
        let path = self.named(file);
        let modules = match self.text(file) {
            Ok(text) => {
                let relative = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                vec![ModuleInput { path, relative, module: String::new(), text }]
            }
            Err(fault) => {
                self.fault(&path, &fault.text, fault.diagnostic);
                Vec::new()
            }
        };
        let documents = self.documents(parent, Vec::new(), &modules);
        let Manifest { version, edition, time_zone, .. } = Manifest::named(String::new());
        let dependencies = standard_names().into_iter().map(str::to_owned).collect();
        let origin = PackageOrigin::Own;
        let package = PackageInput {
            name,
            version,
            edition,
            time_zone,
            origin,
            dependencies,
            at_hand: true,
            modules,
            documents,
            lock: None,
        };
        self.loaded.input.packages.push(package);
        self.loaded.input.packages.extend(crate::standard_packages());
    }

    fn nothing_here(&mut self, asked: &Path) {
        let path = self.named(asked);
        let fault = if !asked.exists() {
            Diagnostic::new(&codes::E216, Span::empty(0), format!("there is no file or directory `{path}`"))
                .help("check the spelling, and the directory you are in")
        } else if asked.is_dir() {
            let message =
                format!("there is no package here: neither `{path}` nor a directory above it has a `{MANIFEST}`");
            self.packages_below(asked, Diagnostic::new(&codes::E216, Span::empty(0), message))
                .help("`mandate init DIR` makes a package; a single module is checked by its own name: `mandate check rules.mandate`")
        } else {
            let message = format!("`{path}` is no module and belongs to no package");
            Diagnostic::new(&codes::E216, Span::empty(0), message)
                .help("name a file that ends in `.mandate`, or the directory of a package")
        };
        self.fault(&path, &Arc::from(""), fault);
    }

    /// Names the packages in a directory that is none itself.
    fn packages_below(&self, dir: &Path, fault: Diagnostic) -> Diagnostic {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        let mut packages: Vec<_> =
            entries.map(|entry| entry.path()).filter(|path| path.join(MANIFEST).is_file()).collect();
        packages.sort();
        let named: Vec<_> = packages.iter().take(8).map(|path| format!("`{}`", self.named(path))).collect();
        if named.is_empty() {
            fault
        } else {
            fault.help(format!("packages below it: {}; name one of them", named.join(", ")))
        }
    }

    fn finish(mut self) -> Loaded {
        // Own package first, then by name: the order in which packages were reached says nothing.
        self.loaded.input.packages.sort_by(|a, b| (a.origin, &a.name).cmp(&(b.origin, &b.name)));
        let faults = std::mem::take(&mut self.faults);
        self.loaded.diagnostics = faults
            .into_iter()
            .map(|(path, (text, mut diagnostics))| {
                diagnostics.sort_by_key(|fault| fault.primary.span);
                FileDiagnostics { path, text, diagnostics }
            })
            .collect();
        self.loaded
    }
}

/// A path below something with `/` between its parts.
fn slashes(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// The name of the module in a file; empty for the package's root module.
pub(crate) fn module_name(relative: &str, package: &str) -> String {
    let stem = relative.strip_suffix(".mandate").unwrap_or(relative);
    if stem == package { String::new() } else { stem.replace('/', ".") }
}

/// A module whose path gives no name.
fn unnameable(module: &str) -> Option<Diagnostic> {
    let wrong = module.split('.').find(|part| !is_name(part)).filter(|_| !module.is_empty())?;
    let message = format!("this module gets its name from its path, and `{wrong}` cannot stand in a name");
    let help = format!("letters, digits and `_` can, starting with a letter: call it `{}`", to_name(wrong));
    Some(Diagnostic::new(&codes::E217, Span::empty(0), message).help(help))
}

/// Whether a path stays inside the directory it starts from.
fn is_below(relative: &str) -> bool {
    !relative.is_empty() && Path::new(relative).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// What sources of a module name as their document, by the look of it: `document "..."`. Too many are harmless; the
/// analysis decides what a source says.
fn named_documents(text: &str) -> impl Iterator<Item = String> {
    text.split("document").skip(1).filter_map(|rest| {
        let quoted = rest.trim_start_matches([' ', '\t', '\r', '\n']).strip_prefix('"')?;
        let (name, _) = quoted.split_once('"')?;
        (!name.contains('\n') && name.len() < 1_000).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests;
