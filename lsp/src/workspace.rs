//! Everything the owner thread owns: open files, loaded packages, and which of them a file belongs to.

use crate::check::{Pass, ProjectView};
use crate::config::Config;
use crate::convert::{Places, Settings};
use crate::library::Library;
use crate::project::{Home, OpenFile, OpenFiles, Project};
use crate::proofs::{Board, Known};
use crate::pulls::Served;
use crate::text::{Buffer, FILE_LIMIT};
use crate::uri;
use mandate_project::MANIFEST;
use mandate_semantics::{FileDiagnostics, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower_lsp::ls_types::{
    FileChangeType, FileEvent, TextDocumentContentChangeEvent, TextDocumentItem, Uri, VersionedTextDocumentIdentifier,
};

/// What a request is answered from: one file, at one moment.
pub(crate) struct View {
    /// Texts and what is known about them.
    pub snapshot: Snapshot,
    /// The file, as the analysis knows it.
    pub path: Arc<str>,
    /// The address it was asked by.
    pub uri: Uri,
    /// Where other files are.
    pub places: Places,
    /// What was agreed on with the client.
    pub settings: Settings,
    /// What was proven last about the rules of its project.
    pub known: Option<Arc<Known>>,
    /// What its project was loaded from.
    pub home: Home,
    /// Faults of its project's manifest and of files that cannot be read.
    pub faults: Arc<Vec<FileDiagnostics>>,
    /// What clients that ask for diagnostics were answered.
    pub served: Arc<Served>,
}

/// What a request about everything that is loaded is answered from.
pub(crate) struct Overview {
    /// Every project, each with its own snapshot.
    pub projects: Vec<ProjectView>,
    /// Where files are.
    pub places: Places,
    /// What was agreed on with the client.
    pub settings: Settings,
}

/// Open files and loaded packages.
pub(crate) struct Workspace {
    settings: Settings,
    library: Arc<Library>,
    board: Arc<Board>,
    served: Arc<Served>,
    open: OpenFiles,
    projects: BTreeMap<Home, Project>,
    /// Files whose text has changed since the last write.
    edited: BTreeSet<Arc<str>>,
    /// Packages to be read from disk again.
    stale: BTreeSet<Home>,
    /// Whether manifests came or went, so that files may belong elsewhere.
    moved: bool,
}

impl Workspace {
    pub(crate) fn new(settings: Settings, library: Library, board: Arc<Board>, served: Arc<Served>) -> Self {
        Self {
            settings,
            library: Arc::new(library),
            board,
            served,
            open: BTreeMap::new(),
            projects: BTreeMap::new(),
            edited: BTreeSet::new(),
            stale: BTreeSet::new(),
            moved: false,
        }
    }

    /// Takes over what the user has set. Gives what holds now, if it is something else.
    pub(crate) fn configure(&mut self, config: Config) -> Option<Settings> {
        if !config.is_on("diagnostics.proofs") {
            self.board.keep(&BTreeSet::new());
        }
        let before = std::mem::replace(&mut self.settings.config, config);
        (before != config).then_some(self.settings)
    }

    /// Opens a folder: the package it is, or lies in, is loaded. Packages inside it are loaded when a file of theirs is opened.
    pub(crate) fn add_folder(&mut self, folder: &Path) {
        if let Some(root) = folder.ancestors().find(|dir| dir.join(MANIFEST).is_file()) {
            self.stale.insert(Home::Package(root.to_owned()));
        }
    }

    /// Closes a folder: packages without an open file are let go.
    pub(crate) fn remove_folder(&mut self, folder: &Path) {
        let open = &self.open;
        self.projects.retain(|home, project| match home {
            Home::Package(root) => !root.starts_with(folder) || open.keys().any(|key| project.owns(key)),
            Home::File(_) | Home::Library => true,
        });
    }

    /// A file was opened. Gives the message for the user if it is too large.
    pub(crate) fn open(&mut self, file: TextDocumentItem) -> Option<String> {
        let key = uri::key(&file.uri);
        let refusal = refusal(&key, file.text.len());
        let buffer = refusal.is_none().then(|| Buffer::new(file.text));
        self.open.insert(Arc::clone(&key), OpenFile { uri: file.uri, version: file.version, buffer });
        // What has no path is ours only if the client says so by its language.
        if Path::new(&*key).is_absolute() || file.language_id == "mandate" {
            self.touch(&key);
        }
        refusal
    }

    /// A file was edited. Gives the message for the user if it has become too large.
    pub(crate) fn change(
        &mut self,
        file: VersionedTextDocumentIdentifier,
        mut changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<String> {
        let key = uri::key(&file.uri);
        let open = self.open.get_mut(&key)?;
        open.version = file.version;
        self.served.forget(&key);
        let had = open.buffer.is_some();
        if !had {
            // Of a text that was too large nothing is kept: only a whole new text brings it back.
            let whole = changes.iter().rposition(|change| change.range.is_none())?;
            changes.drain(..whole);
            open.buffer = Some(Buffer::new(String::new()));
        }
        let buffer = open.buffer.as_mut()?;
        buffer.apply(changes, self.settings.encoding);
        let refusal = refusal(&key, buffer.text().len());
        if refusal.is_some() {
            open.buffer = None;
        }
        self.touch(&key);
        refusal.filter(|_| had)
    }

    /// A file was closed: what is on disk counts again.
    pub(crate) fn close(&mut self, uri: &Uri) {
        let key = uri::key(uri);
        self.served.forget(&key);
        if self.open.remove(&key).is_some() {
            self.edited.remove(&key);
            self.projects.remove(&Home::File(Arc::clone(&key)));
            self.mark(Path::new(&*key));
        }
    }

    /// Files changed on disk. What the editor has open counts as the editor has it.
    pub(crate) fn changed_on_disk(&mut self, events: &[FileEvent]) {
        for event in events {
            let key = uri::key(&event.uri);
            let path = Path::new(&*key);
            if event.typ == FileChangeType::CHANGED && self.open.contains_key(&key) {
                continue;
            }
            let is_manifest = path.file_name().is_some_and(|name| name == MANIFEST);
            // With a folder goes, or comes, the package in it.
            let holds_package = || self.projects.keys().any(|home| home.lies_in(path));
            self.moved |= event.typ != FileChangeType::CHANGED && (is_manifest || holds_package());
            self.mark(path);
        }
    }

    /// Whether there is something to be written.
    pub(crate) fn is_behind(&self) -> bool {
        self.moved || !self.edited.is_empty() || !self.stale.is_empty()
    }

    /// Brings the analysis up to date. Nobody may hold a snapshot for long: this waits for it.
    pub(crate) fn catch_up(&mut self) -> Vec<Arc<str>> {
        if std::mem::take(&mut self.moved) {
            self.settle_anew();
        }
        for home in std::mem::take(&mut self.stale) {
            match self.projects.get_mut(&home) {
                Some(project) => project.reload(&home, &self.open),
                None => drop(self.projects.insert(home.clone(), Project::load(&home, &self.open))),
            }
        }
        let edited: Vec<_> = std::mem::take(&mut self.edited).into_iter().collect();
        for key in &edited {
            let Some(text) = self.open.get(key).map(|file| file.buffer.as_ref().map_or("", Buffer::text)) else {
                continue;
            };
            let text: Arc<str> = Arc::from(text);
            for project in self.projects.values_mut() {
                project.set_text(key, &text);
            }
        }
        edited
    }

    /// Everything a look at the whole workspace needs; `edited` comes first.
    pub(crate) fn pass(&self, edited: &[Arc<str>]) -> Pass {
        let mut projects = Vec::new();
        let mut first = Vec::new();
        for (number, (home, project)) in self.projects.iter().enumerate() {
            let own = edited.iter().filter(|path| is_reported(path) && project.owns(path));
            first.extend(own.map(|path| (number, Arc::clone(path))));
            projects.push(ProjectView { home: home.clone(), snapshot: project.snapshot(), faults: project.faults() });
        }
        let versions = self.open.iter().map(|(path, file)| (Arc::clone(path), file.version)).collect();
        Pass { projects, edited: first, places: self.places(), versions, settings: self.settings }
    }

    /// What a request about a file is answered from; `None` if the file is in no package.
    pub(crate) fn view(&self, uri: &Uri) -> Option<View> {
        let key = uri::key(uri);
        let (path, (home, project)) = match self.library.path_of(&key) {
            Some(path) => {
                let project = self.projects.iter().find(|(_, project)| project.snapshot().text(&path).is_some())?;
                (path, project)
            }
            None => {
                let owner = self.projects.iter().find(|(_, project)| project.owns(&key));
                let project = owner.or_else(|| self.projects.iter().find(|(_, project)| project.knows(&key)))?;
                (key, project)
            }
        };
        Some(View {
            snapshot: project.snapshot(),
            path,
            uri: uri.clone(),
            places: self.places(),
            settings: self.settings,
            known: self.board.of(home),
            home: home.clone(),
            faults: project.faults(),
            served: Arc::clone(&self.served),
        })
    }

    /// What a request about all projects is answered from.
    pub(crate) fn overview(&self) -> Overview {
        let projects = self.projects.iter().map(|(home, project)| ProjectView {
            home: home.clone(),
            snapshot: project.snapshot(),
            faults: project.faults(),
        });
        Overview { projects: projects.collect(), places: self.places(), settings: self.settings }
    }

    fn places(&self) -> Places {
        let open = self.open.iter().map(|(path, file)| (Arc::clone(path), file.uri.clone())).collect();
        let versions = self.open.iter().map(|(path, file)| (Arc::clone(path), file.version)).collect();
        Places { open: Arc::new(open), versions: Arc::new(versions), library: Arc::clone(&self.library) }
    }

    /// Notes that an open file has a new text.
    fn touch(&mut self, key: &Arc<str>) {
        let path = Path::new(&**key);
        if path.file_name().is_some_and(|name| name == MANIFEST) {
            return self.mark(path);
        }
        self.edited.insert(Arc::clone(key));
        if self.projects.values().any(|project| project.owns(key)) {
            return;
        }
        match Home::of(key, &self.library) {
            // Its text is not the editor's to change, and every project that uses the library has it.
            Some(Home::Library) => {
                self.edited.remove(key);
                if self.projects.is_empty() && self.stale.is_empty() {
                    self.stale.insert(Home::Library);
                }
            }
            Some(home) => drop(self.stale.insert(home)),
            None => {}
        }
    }

    /// Notes that every package with a part in this file is to be read again.
    fn mark(&mut self, path: &Path) {
        let touched = self.projects.iter().filter(|(_, project)| project.is_touched_by(path));
        self.stale.extend(touched.map(|(home, _)| home.clone()));
    }

    /// Finds out anew which package each file belongs to.
    fn settle_anew(&mut self) {
        self.projects.retain(|home, _| match home {
            Home::Package(root) => root.join(MANIFEST).is_file(),
            Home::File(_) => false,
            Home::Library => true,
        });
        self.stale.retain(|home| !matches!(home, Home::Package(root) if !root.join(MANIFEST).is_file()));
        for key in self.open.keys().cloned().collect::<Vec<_>>() {
            self.touch(&key);
        }
    }
}

/// Passage files have no diagnostics of their own.
fn is_reported(path: &str) -> bool {
    !path.ends_with(".md")
}

fn refusal(key: &str, len: usize) -> Option<String> {
    (len > FILE_LIMIT).then(|| {
        let (size, bound) = (len.div_ceil(1_000_000), FILE_LIMIT / 1_000_000);
        format!("{key} has {size} MB. Files of more than {bound} MB are not analysed; split it into several files.")
    })
}

/// Folders as paths.
pub(crate) fn folder_path(uri: &Uri) -> Option<PathBuf> {
    uri::file_path(uri)
}
