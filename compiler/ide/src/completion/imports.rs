//! The `use` line that brings a name in: an existing one is extended, or one is added in its place among the others.

use mandate_diagnostics::{Edit, Span};
use mandate_semantics::{Import, Snapshot};
use mandate_syntax::ast::{DeclKind, Item, Name, Use};

/// The `use` lines of a module, read once for all names that could be brought in.
pub(super) struct Uses<'a> {
    snapshot: &'a Snapshot,
    path: &'a str,
    text: &'a str,
    items: Vec<Item>,
}

impl<'a> Uses<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, path: &'a str, text: &'a str) -> Self {
        let items = snapshot.syntax(path).map(|tree| tree.items).unwrap_or_default();
        Uses { snapshot, path, text, items }
    }

    fn lines(&self) -> impl Iterator<Item = (&Item, &Use)> {
        self.items.iter().filter_map(|item| match &item.decl.kind {
            DeclKind::Use(decl) => Some((item, decl)),
            _ => None,
        })
    }

    /// Edits that bring a declaration in.
    pub(super) fn edits(&self, import: &Import) -> Vec<Edit> {
        let name = &*import.named.name;
        let package = &*import.package;
        let extended = self.lines().find_map(|(item, decl)| {
            let names = decl.names.as_ref()?;
            let written = dotted(decl);
            // A package can give the name where only one of its modules declares it.
            let same = written == import.region || written == package && self.is_only_one(package, name);
            (same && !names.iter().any(Name::is_hole)).then(|| extension(item, decl, names, name))?
        });
        if let Some(edit) = extended {
            return vec![edit];
        }
        let other = import.region.strip_prefix(package).is_some_and(|rest| rest.starts_with('.'));
        let region = if other && self.is_only_one(package, name) { package } else { import.region.as_str() };
        vec![self.added(region, name)]
    }

    fn is_only_one(&self, package: &str, name: &str) -> bool {
        self.snapshot.find_all(self.path, &[package, name]).len() == 1
    }

    /// A line of its own: among the other `use` lines by their letters, else above the first declaration.
    fn added(&self, region: &str, name: &str) -> Edit {
        let line = format!("use {region}.{{{name}}}");
        if let Some((item, _)) = self.lines().find(|(_, decl)| dotted(decl).as_str() > region) {
            // Comments above a `use` belong to it.
            return Edit { span: Span::empty(item.offset + item.decl.span.start), text: format!("{line}\n") };
        }
        if let Some((item, _)) = self.lines().last() {
            return Edit { span: Span::empty(item.offset + item.decl.span.end), text: format!("\n{line}") };
        }
        let first = self.items.iter().find(|item| !matches!(item.decl.kind, DeclKind::Nothing)).map(|item| item.offset);
        let head = module_head(self.text);
        Edit { span: Span::empty(first.map_or(head, |first| first.max(head))), text: format!("{line}\n\n") }
    }
}

fn dotted(decl: &Use) -> String {
    decl.path.segments.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(".")
}

/// A name more in the braces of a `use`, in its place if the names there are sorted.
fn extension(item: &Item, decl: &Use, names: &[Name], name: &str) -> Option<Edit> {
    let sorted = names.is_sorted_by(|a, b| a.text <= b.text);
    let next = names.iter().position(|known| sorted && known.text.as_str() > name);
    Some(match (next, names.last()) {
        (Some(next), _) => Edit { span: Span::empty(names[next].span.start + item.offset), text: format!("{name}, ") },
        (None, Some(last)) => Edit { span: Span::empty(last.span.end + item.offset), text: format!(", {name}") },
        // `use core.{}`
        (None, None) => {
            let end = item.decl.span.end + item.offset;
            let inside = decl.path.span.end < item.decl.span.end;
            return inside.then(|| Edit { span: Span::empty(end.saturating_sub(1)), text: name.to_owned() });
        }
    })
}

/// The byte behind the lines that document the module.
fn module_head(text: &str) -> u32 {
    let mut end = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches('\u{FEFF}').trim();
        at += line.len();
        match bare {
            _ if bare.starts_with("//!") => end = at,
            "" => {}
            _ => break,
        }
    }
    // The blank line that parts them from what follows stays above.
    let blank =
        text.get(end..).unwrap_or("").split_inclusive('\n').next().filter(|line| end > 0 && line.trim().is_empty());
    (end + blank.map_or(0, str::len)) as u32
}
