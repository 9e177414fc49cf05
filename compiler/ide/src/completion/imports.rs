//! The `use` line that brings a name in: an existing one is extended, or one is added in its place among the others.

use super::Offer;
use mandate_diagnostics::{Edit, Span};
use mandate_semantics::Import;
use mandate_syntax::ast::{DeclKind, Item, Name, Use};

impl Offer<'_> {
    /// Edits that bring a declaration in.
    pub(super) fn import_edits(&self, import: &Import) -> Vec<Edit> {
        let Some(tree) = self.snapshot.syntax(self.path) else { return Vec::new() };
        let uses: Vec<(&Item, &Use)> = tree
            .items
            .iter()
            .filter_map(|item| match &item.decl.kind {
                DeclKind::Use(decl) => Some((item, decl)),
                _ => None,
            })
            .collect();
        let name = &*import.named.name;
        let extended = uses.iter().find_map(|(item, decl)| {
            let names = decl.names.as_ref()?;
            let path: Vec<&str> = decl.path.segments.iter().map(|segment| segment.text.as_str()).collect();
            let written = path.join(".");
            let same = written == import.region || written == *import.package && self.is_only_one(&path, name);
            (same && !names.iter().any(Name::is_hole)).then(|| extension(item, decl, names, name))?
        });
        if let Some(edit) = extended {
            return vec![edit];
        }
        let region = match self.is_only_one(&[&import.package], name) && import.region.starts_with(&*import.package) {
            true => &*import.package,
            false => import.region.as_str(),
        };
        vec![added(self.context.text, &tree.items, &uses, region, name)]
    }

    /// Whether a region declares a name once, so that it can be fetched from there.
    fn is_only_one(&self, region: &[&str], name: &str) -> bool {
        let members = self.snapshot.members(self.path, region).unwrap_or_default();
        members.iter().filter(|member| &*member.name == name).count() == 1
    }
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

/// A line of its own: among the other `use` lines by their letters, else above the first declaration.
fn added(text: &str, items: &[Item], uses: &[(&Item, &Use)], region: &str, name: &str) -> Edit {
    let line = format!("use {region}.{{{name}}}");
    let path =
        |decl: &Use| decl.path.segments.iter().map(|segment| segment.text.as_str()).collect::<Vec<_>>().join(".");
    if let Some((item, _)) = uses.iter().find(|(_, decl)| path(decl).as_str() > region) {
        // Comments above a `use` belong to it.
        let start = item.offset + item.decl.span.start;
        return Edit { span: Span::empty(start), text: format!("{line}\n") };
    }
    if let Some((item, _)) = uses.last() {
        return Edit { span: Span::empty(item.offset + item.decl.span.end), text: format!("\n{line}") };
    }
    let first = items.iter().find(|item| !matches!(item.decl.kind, DeclKind::Nothing)).map(|item| item.offset);
    let head = module_head(text);
    let at = first.map_or(head, |first| first.max(head));
    Edit { span: Span::empty(at), text: format!("{line}\n\n") }
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
