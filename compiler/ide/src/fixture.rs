//! Texts with a cursor, for tests, and places as a reviewer can see them.

use mandate_diagnostics::Span;
use mandate_semantics::{
    DocumentInput, Host, LockInput, ModuleInput, PackageInput, PackageOrigin, Place, ProjectInput, Snapshot,
};
use std::sync::Arc;

/// Takes the mark `$0` out of a text, and gives the place where it stood.
pub(crate) fn cursor(marked: &str) -> (String, u32) {
    let (before, after) = marked.split_once("$0").expect("a text with a cursor mark $0");
    (format!("{before}{after}"), before.len() as u32)
}

/// A package with a cursor in one of its files.
pub(crate) struct Fixture {
    pub(crate) snapshot: Snapshot,
    pub(crate) path: String,
    pub(crate) offset: u32,
    /// The owner; a snapshot reads what it holds.
    _host: Host,
}

impl Fixture {
    /// Files begin with a line `//- PATH`; one of them holds `$0`.
    pub(crate) fn new(files: &str) -> Self {
        let (mut modules, mut documents) = (Vec::new(), Vec::new());
        let mut lock = None;
        let mut at = None;
        for file in files.split("//- ").skip(1) {
            let (path, text) = file.split_once('\n').expect("a text below the path");
            let text = match text.contains("$0") {
                true => {
                    let (text, offset) = cursor(text);
                    at = Some((path.to_owned(), offset));
                    text
                }
                false => text.to_owned(),
            };
            let (path, relative, text) = (Arc::from(path), path.to_owned(), Arc::from(text));
            match relative.strip_suffix(".mandate") {
                Some(stem) => {
                    let module = stem.replace('/', ".");
                    modules.push(ModuleInput { path, relative, module, text });
                }
                None if relative == "mandate.lock" => lock = Some(LockInput { path, text }),
                None => documents.push(DocumentInput { path, relative, text }),
            }
        }
        let package = PackageInput {
            name: "exercise".to_owned(),
            version: "0.1.0".to_owned(),
            edition: "2026".to_owned(),
            time_zone: "UTC".to_owned(),
            origin: PackageOrigin::Own,
            at_hand: false,
            dependencies: Vec::new(),
            modules,
            documents,
            lock,
        };
        let mut host = Host::new();
        host.set_project(ProjectInput { packages: vec![package] });
        let (path, offset) = at.unwrap_or_default();
        Self { snapshot: host.snapshot(), path, offset, _host: host }
    }

    /// The words of a span of the file with the cursor.
    pub(crate) fn words(&self, span: Span) -> String {
        let text = self.snapshot.text(&self.path).expect("the file is there");
        text.get(span.range()).expect("a span of the text").to_owned()
    }

    /// `path: the line with [the span] marked`; of a span of several lines, the first and the last.
    pub(crate) fn shown(&self, place: &Place) -> String {
        let text = self.snapshot.text(&place.path).expect("the file is there");
        let (start, end) = (place.span.start as usize, place.span.end as usize);
        let first = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let last = text[end..].find('\n').map_or(text.len(), |at| end + at);
        let marked = text[start..end].trim_end();
        let short = match (marked.split_once('\n'), marked.rsplit_once('\n')) {
            (Some((head, _)), Some((_, tail))) => format!("{head} ... {tail}"),
            _ => marked.to_owned(),
        };
        format!("{}: {}[{short}]{}", place.path, &text[first..start], &text[end..last])
    }
}

/// A package that the tests of names and citations share.
pub(crate) const MISSION: &str = r#"//- units.mandate
/// A unit in the field.
record Unit key id {
  id: Text
  /// As its badge says.
  name: Text?
}
//- sources/order.md
# Order 7

## Reporting {#reporting}

Whoever sees a grave incident reports it within a day.

## Leave {#leave}

Leave is granted by the commander.
"#;
