//! Places that lead to other files and to the web.

use crate::passage;
use mandate_diagnostics::Span;
use mandate_documents::Document;
use mandate_semantics::{Snapshot, Target};
use mandate_syntax::ast::{DeclKind, SourceItemKind, Text};
use std::sync::Arc;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The words.
    pub span: Span,
    /// Where they lead.
    pub to: LinkTo,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTo {
    /// An address in the web.
    Web(String),
    /// A file of the package, and a line of it, counted from one.
    File(Arc<str>, Option<u32>),
}

// Feature: Links
//
// In a module: the document of a source, the address of its official text, the modules that `use` names. In a document: its links, to other
// passages, to other documents of the package and to the web.
/// The links of a file, in the order of its text.
pub fn document_links(snapshot: &Snapshot, path: &str) -> Vec<Link> {
    let Some(text) = snapshot.text(path) else { return Vec::new() };
    let mut links = match snapshot.passage_file(path) {
        Some(document) => in_document(snapshot, path, &text, document),
        None => in_module(snapshot, path, &text),
    };
    links.sort_by_key(|link| link.span);
    links.dedup_by_key(|link| link.span);
    links
}

fn in_module(snapshot: &Snapshot, path: &str, text: &str) -> Vec<Link> {
    let (Some(module), Some((package, _))) = (snapshot.syntax(path), snapshot.owner_of(path)) else {
        return Vec::new();
    };
    let mut links = Vec::new();
    let mut uses = false;
    for item in &module.items {
        uses |= matches!(item.decl.kind, DeclKind::Use(_));
        let DeclKind::Source(source) = &item.decl.kind else { continue };
        // Without the quotation marks.
        let inside = |text: &Text| Span::new(text.span.start + 1, text.span.end.saturating_sub(1)).shifted(item.offset);
        for part in &source.items {
            match &part.kind {
                SourceItemKind::Link(address) if is_address(&address.text) => {
                    links.push(Link { span: inside(address), to: LinkTo::Web(address.text.clone()) });
                }
                SourceItemKind::Document(relative) => {
                    let document = snapshot.document_path(&package, &relative.text);
                    links.extend(document.map(|to| Link { span: inside(relative), to: LinkTo::File(to, None) }));
                }
                _ => {}
            }
        }
    }
    if uses {
        let modules = snapshot.references(path).into_iter().filter_map(|reference| match reference.target {
            Target::Module { file } if is_in_use(text, reference.span) => {
                Some(Link { span: reference.span, to: LinkTo::File(file, None) })
            }
            _ => None,
        });
        links.extend(modules);
    }
    links
}

fn is_in_use(text: &str, span: Span) -> bool {
    let before = text.get(..span.start as usize).unwrap_or("");
    before.rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with("use "))
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn in_document(snapshot: &Snapshot, path: &str, text: &str, document: &Document) -> Vec<Link> {
    let mut links = Vec::new();
    let package = snapshot.owner_of(path).map(|(name, _)| name);
    let relative = snapshot.relative_path(path);
    for (span, target) in written_links(text) {
        if is_address(target) {
            links.push(Link { span, to: LinkTo::Web(target.to_owned()) });
            continue;
        }
        let (file, name) = target.split_once('#').map_or((target, None), |(file, name)| (file, Some(name)));
        if file.is_empty() {
            let line = name.and_then(|name| document.passages.get(name)).map(|passage| passage.line);
            links.extend(line.map(|line| Link { span, to: LinkTo::File(Arc::from(path), Some(line)) }));
            continue;
        }
        let (Some(package), Some(relative)) = (&package, &relative) else { continue };
        let Some(other) = beside(relative, file).and_then(|below| snapshot.document_path(package, &below)) else {
            continue;
        };
        let passages = snapshot.passage_file(&other).map(|read| &read.passages);
        let line = name.and_then(|name| passages?.get(name)).map(|passage| passage.line);
        links.push(Link { span, to: LinkTo::File(other, line) });
    }
    for (at, _) in text.match_indices("<http") {
        let rest = text.get(at + 1..).unwrap_or("");
        let address = rest.split(['>', ' ', '\n']).next().unwrap_or("");
        if is_address(address) && rest.get(address.len()..).is_some_and(|behind| behind.starts_with('>')) {
            let span = Span::new(at as u32 + 1, (at + 1 + address.len()) as u32);
            links.push(Link { span, to: LinkTo::Web(address.to_owned()) });
        }
    }
    links
}

/// What the links of a Markdown text lead to, `[words](target)`: where it stands, and what it is.
pub(crate) fn written_links(text: &str) -> Vec<(Span, &str)> {
    let found = text.match_indices("](").filter_map(|(at, open)| {
        let start = at + open.len();
        let target = passage::link_target(text.get(start..)?)?;
        Some((Span::new(start as u32, (start + target.len()) as u32), target))
    });
    found.collect()
}

/// The path below a package that a relative path means in a file of it; `None` if it leads out of the package.
pub(crate) fn beside(file: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

/// The relative path that leads from one file of a package to another.
pub(crate) fn relative_to(file: &str, to: &str) -> String {
    let (mut from, mut to): (Vec<&str>, Vec<&str>) = (file.split('/').collect(), to.split('/').collect());
    from.pop();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = vec![".."; from.len() - common];
    [up, to.split_off(common)].concat().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    fn shown(path: &str, files: &str) -> Vec<String> {
        let fixture = Fixture::new(&format!("{MISSION}{files}"));
        let text = fixture.snapshot.text(path).expect("it is there");
        let show = |link: Link| format!("[{}] {:?}", &text[link.span.range()], link.to);
        document_links(&fixture.snapshot, path).into_iter().map(show).collect()
    }

    #[test]
    fn modules_lead_to_documents_addresses_and_modules() {
        let rules = "//- rules.mandate\nuse units.{Unit}\nuse nowhere.{X}\nsource order_7 {\n  title \"Order 7\"\n  force order\n  document \"sources/order.md\"\n  link \"https://example.org/7\"\n}\nsource half {\n  document \"no/such.md\"\n  link \"ftp:\"\n  link\n}\n";
        assert_eq!(
            shown("rules.mandate", rules),
            [
                "[units] File(\"units.mandate\", None)",
                "[sources/order.md] File(\"sources/order.md\", None)",
                "[https://example.org/7] Web(\"https://example.org/7\")"
            ]
        );
    }

    #[test]
    fn documents_lead_to_passages_other_documents_and_addresses() {
        let files = "//- sources/annex.md\n# Annex {#annex}\n\nSee [above](#annex), [the order](order.md#leave), [it](../sources/order.md), [no](#no), [out](../../x.md),\n<https://example.org/a> and [web](https://example.org/b_(c)).\n";
        assert_eq!(
            shown("sources/annex.md", files),
            [
                "[#annex] File(\"sources/annex.md\", Some(1))",
                "[order.md#leave] File(\"sources/order.md\", Some(7))",
                "[../sources/order.md] File(\"sources/order.md\", None)",
                "[https://example.org/a] Web(\"https://example.org/a\")",
                "[https://example.org/b_(c)] Web(\"https://example.org/b_(c)\")"
            ]
        );
    }

    #[test]
    fn relative_paths_lead_there_and_back() {
        for (from, to, wanted) in [
            ("a/b.md", "a/c.md", "c.md"),
            ("a/b.md", "c.md", "../c.md"),
            ("b.md", "a/c.md", "a/c.md"),
            ("a/x/b.md", "a/y/c.md", "../y/c.md"),
        ] {
            assert_eq!(relative_to(from, to), wanted);
            assert_eq!(beside(from, wanted).as_deref(), Some(to));
        }
    }
}
