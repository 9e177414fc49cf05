//! What is asked about one place and answered from every project that knows it.

use crate::check::ProjectView;
use crate::text::Lines;
use crate::uri;
use crate::workspace::Overview;
use mandate_diagnostics::Span;
use mandate_semantics::{PackageOrigin, Place};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_lsp::ls_types::{Location, Position, Range, Uri};

/// The file that was asked about, in the project that answers for it.
pub(crate) struct Here<'a> {
    /// The project whose own file it is, else the first that knows it.
    pub project: &'a ProjectView,
    /// The file, as the analysis knows it.
    pub path: Arc<str>,
    /// Its text.
    pub text: Arc<str>,
}

/// Finds the file; `None` if no project knows it.
pub(crate) fn here<'a>(all: &'a Overview, uri: &Uri) -> Option<Here<'a>> {
    let key = uri::key(uri);
    let path = all.places.library.path_of(&key).unwrap_or(key);
    let knows = |project: &&ProjectView| project.snapshot.text(&path).is_some();
    let owns = |project: &&ProjectView| {
        project.snapshot.owner_of(&path).is_some_and(|(_, origin)| origin == PackageOrigin::Own)
    };
    let project = all.projects.iter().filter(knows).find(owns).or_else(|| all.projects.iter().find(knows))?;
    let text = project.snapshot.text(&path)?;
    Some(Here { project, path, text })
}

impl Here<'_> {
    /// The byte at a position.
    pub(crate) fn offset(&self, all: &Overview, position: Position) -> u32 {
        Lines::new(&self.text).offset(&self.text, position, all.settings.encoding) as u32
    }
}

/// A file with its text, where its lines begin, and its address.
type File = (Arc<str>, Lines, Uri);

/// Turns spans into ranges; the lines of each file are counted once.
pub(crate) struct Ranges<'a> {
    all: &'a Overview,
    files: BTreeMap<Arc<str>, Option<File>>,
}

impl<'a> Ranges<'a> {
    pub(crate) fn new(all: &'a Overview) -> Self {
        Self { all, files: BTreeMap::new() }
    }

    fn file(&mut self, path: &Arc<str>) -> Option<&File> {
        let all = self.all;
        let read = || {
            let text = all.projects.iter().find_map(|project| project.snapshot.text(path))?;
            let lines = Lines::new(&text);
            Some((text, lines, all.places.uri(path)?))
        };
        self.files.entry(Arc::clone(path)).or_insert_with(read).as_ref()
    }

    /// The range of a span of a file.
    pub(crate) fn range(&mut self, path: &Arc<str>, span: Span) -> Option<Range> {
        let encoding = self.all.settings.encoding;
        let (text, lines, _) = self.file(path)?;
        Some(lines.range(text, span, encoding))
    }

    /// The address of a file.
    pub(crate) fn uri(&mut self, path: &Arc<str>) -> Option<Uri> {
        self.file(path).map(|(_, _, uri)| uri.clone())
    }

    /// A place as the protocol writes it.
    pub(crate) fn location(&mut self, place: &Place) -> Option<Location> {
        let range = self.range(&place.path, place.span)?;
        let (_, _, uri) = self.file(&place.path)?;
        Some(Location { uri: uri.clone(), range })
    }

    /// Places of several projects, each once, sorted by file and place.
    pub(crate) fn locations(&mut self, mut places: Vec<Place>) -> Vec<Location> {
        places.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
        places.dedup();
        places.iter().filter_map(|place| self.location(place)).collect()
    }
}
