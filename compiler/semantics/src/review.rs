//! Rules against the wording of their passages that they were reviewed against: `mandate.lock`.

use crate::analysis::found;
use crate::db::{Package, SourceFile, package, parsed};
use crate::host::{FileDiagnostics, Place, Snapshot};
use crate::names::{by_qualified, declared};
use crate::passages::{document_behind, file_behind};
use crate::reference::{Reference, Target};
use crate::sheets::{Placed, SheetItem, sheets};
use mandate_diagnostics::{Diagnostic, Label, LineIndex, Span, codes};
use mandate_documents::{Citing, Document, Lock, LockFault, Review, Wanting, difference};
use mandate_pack::Citation;
use mandate_syntax::ast::{DeclKind, Item};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A rule, or a passage that is deliberately no rule, with what it cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// Name in the lock: the rule below its package, or the citation of a `background`.
    pub name: String,
    /// A `background`.
    pub background: bool,
    /// Title of the rule, or the reason why the passage is none.
    pub title: String,
    /// The name of the rule, or the citation of the `background`.
    pub place: Place,
    /// The passages.
    pub passages: Vec<CitedWords>,
}

/// A cited passage, or span of passages, as it reads now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedWords {
    /// Key in the lock: `caac_policy#reporting`, `hague_1954#4(1)..4(3)`.
    pub citation: String,
    /// Its words.
    pub words: String,
    /// Where it is cited.
    pub cited_at: Place,
    /// Where it stands.
    pub stands_at: Place,
    /// Page of the original on which it begins.
    pub page: Option<u32>,
    /// Its headings, paragraphs and items, each with its words and where it begins in the document.
    pub parts: Vec<(String, Span)>,
}

impl Cited {
    /// As the lock compares it.
    pub fn citing(&self) -> Citing<'_> {
        let passages = self.passages.iter().map(|cited| (cited.citation.clone(), cited.words.clone())).collect();
        Citing { name: &self.name, background: self.background, passages }
    }
}

/// The document of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDocument {
    /// Its file, as people and tools name it.
    pub path: Arc<str>,
    /// Its file below the package that declares the source.
    pub relative: Arc<str>,
    /// Its passages.
    pub document: Document,
}

/// The lock of a package; `None` without one.
#[salsa::tracked]
pub(crate) fn lock(db: &dyn salsa::Database, package: Package) -> Option<Result<Lock, LockFault>> {
    package.lock(db).as_ref().map(|lock| Lock::read(&lock.text))
}

/// What the rules and backgrounds of a module cite, as far as it could be found. A query, because the lock is compared with all modules after
/// an edit in one.
#[salsa::tracked]
pub(crate) fn cited(db: &dyn salsa::Database, file: SourceFile) -> Vec<Cited> {
    let own = format!("{}.", file.package(db));
    let below = |qualified: &str| qualified.strip_prefix(&own).unwrap_or(qualified).to_owned();
    let mut all = Vec::new();
    for placed in &sheets(db, file).placed {
        let found = found(db, file, placed.key);
        let lines = LineIndex::new(&placed.sheet.text);
        for SheetItem { item, .. } in &placed.sheet.items {
            let (name, background, title, span, cites) = match &item.decl.kind {
                DeclKind::Rule(decl) => {
                    let qualified = crate::db::qualified(db, file, &decl.name.text);
                    let Some(rule) = found.lowered.rules.get(&qualified) else { continue };
                    (below(&qualified), false, rule.title.clone(), decl.name.span, rule.cites.as_slice())
                }
                DeclKind::Background(decl) => {
                    let line = lines.line(item.decl.span.start + item.offset) as u32 + 1;
                    let here = |note: &&mandate_pack::Background| note.origin.line == line;
                    let Some(next) = found.lowered.background.iter().find(here) else { continue };
                    let cites = std::slice::from_ref(&next.citation);
                    (key(&next.citation, &below), true, next.reason.clone(), decl.citation.span, cites)
                }
                _ => continue,
            };
            let place = Place { path: file.path(db).clone(), span: span.shifted(item.offset + placed.offset) };
            let citing = Citer { file, placed, item, references: &found.output.references };
            let passages = cites.iter().filter_map(|cite| cited_words(db, &citing, cite, &below)).collect();
            all.push(Cited { name, background, title, place, passages });
        }
    }
    all
}

/// A declaration that cites, where it stands.
struct Citer<'a> {
    file: SourceFile,
    placed: &'a Placed,
    item: &'a Item,
    /// Those of its sheet.
    references: &'a [Reference],
}

fn key(cite: &Citation, below: &dyn Fn(&str) -> String) -> String {
    let mut key = below(&cite.source);
    if let Some(passage) = &cite.passage {
        key.push('#');
        key.push_str(passage);
    }
    if let Some(to) = &cite.to {
        key.push_str("..");
        key.push_str(to);
    }
    key
}

fn cited_words(
    db: &dyn salsa::Database,
    citing: &Citer<'_>,
    cite: &Citation,
    below: &dyn Fn(&str) -> String,
) -> Option<CitedWords> {
    let first = cite.passage.as_ref()?;
    let source = by_qualified(db, &cite.source)?;
    let document = document_behind(db, &source)?;
    let passage = document.passages.get(first)?;
    let words = match &cite.to {
        Some(to) => document.text_between(first, to),
        None => passage.text.clone(),
    };
    let inside = citing.item.decl.span.shifted(citing.item.offset);
    let means = |target: &Target| matches!(target, Target::Passage { source: s, passage: p, .. } if *s == source.name && **p == **first);
    let at = citing.references.iter().find(|r| covers(inside, r.span) && means(&r.target));
    let span = at.map_or(inside, |r| r.span).shifted(citing.placed.offset);
    let cited_at = Place { path: citing.file.path(db).clone(), span };
    let stands_in = file_behind(db, &source)?;
    let stands_at = Place { path: stands_in.path(db).clone(), span: passage.span };
    let last = cite.to.as_ref().and_then(|to| document.passages.get(to)).unwrap_or(passage);
    let end = document.blocks.get(last.block).map_or(0, |block| block.end);
    let blocks = document.blocks.get(passage.block..end).unwrap_or_default();
    let parts = blocks.iter().map(|block| (block.text.clone(), beginning(stands_in.text(db), block.span))).collect();
    Some(CitedWords { citation: key(cite, below), words, cited_at, stands_at, page: passage.page, parts })
}

fn covers(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The first words of a span: a paragraph may be one long line, and marking all of it shows nothing.
fn beginning(text: &str, span: Span) -> Span {
    const LONGEST: u32 = 60;
    let mut end = span.end.min(span.start + LONGEST);
    while !text.is_char_boundary(end as usize) {
        end -= 1;
    }
    Span::new(span.start, end.max(span.start))
}

/// What the lock says about the rules of a module.
pub(crate) fn reviews(db: &dyn salsa::Database, file: SourceFile) -> Vec<Diagnostic> {
    let Some(own) = package(db, file.package(db)) else { return Vec::new() };
    let Some(Ok(lock)) = lock(db, own) else { return Vec::new() };
    let mut said = Vec::new();
    for rule in cited(db, file) {
        match lock.review(&rule.citing()) {
            Review::Reviewed => {}
            Review::Never => said.push(never(rule)),
            Review::Wanting(wanting) => {
                let entry = if rule.background { &lock.background } else { &lock.rules }.get(&rule.name);
                for passage in wanting {
                    let Some(cited) = rule.passages.iter().find(|cited| cited.citation == passage.citation) else {
                        continue;
                    };
                    said.push(match passage.wanting {
                        Wanting::New => unseen(cited),
                        Wanting::Changed(then) => changed(cited, then.as_deref(), entry),
                    });
                }
            }
        }
    }
    said
}

/// How a rule stands to its review, as a sentence; `None` without a lock, and for a rule that cites no passage.
pub(crate) fn state(db: &dyn salsa::Database, file: SourceFile, rule: &str) -> Option<String> {
    let own = package(db, file.package(db))?;
    let Some(Ok(lock)) = lock(db, own) else { return None };
    let qualified = crate::db::qualified(db, file, rule);
    let name = qualified.strip_prefix(&format!("{}.", file.package(db)))?;
    let found = cited(db, file).iter().find(|cited| !cited.background && cited.name == name)?;
    let entry = lock.rules.get(name).map(|entry| format!("{} on {}", entry.reviewed_by, entry.reviewed_on));
    Some(match (lock.review(&found.citing()), entry) {
        (Review::Reviewed, Some(entry)) => format!("Reviewed by {entry}."),
        (Review::Reviewed, None) => return None,
        (Review::Never, _) | (Review::Wanting(_), None) => "Nobody has reviewed it against its passages.".to_owned(),
        (Review::Wanting(wanting), Some(entry)) => {
            let citations: Vec<String> = wanting.iter().map(|passage| format!("`{}`", passage.citation)).collect();
            format!("To be reviewed: {} changed since the review by {entry}.", citations.join(", "))
        }
    })
}

const LOOK: &str =
    "Look whether the rule still says what the passage says; `mandate source review` records that you did.";

fn never(rule: &Cited) -> Diagnostic {
    let what = if rule.background { "this note" } else { "this rule" };
    Diagnostic::new(&codes::W014, rule.place.span, format!("nobody has reviewed {what} against the passages it cites"))
        .help(LOOK)
}

fn unseen(cited: &CitedWords) -> Diagnostic {
    let message = format!("`{}` was not cited when this was last reviewed", cited.citation);
    Diagnostic::new(&codes::W014, cited.cited_at.span, message).help(LOOK)
}

/// The first heading, paragraph or item of a passage that did not stand in it.
fn first_new(then: &str, cited: &CitedWords) -> Option<Span> {
    cited.parts.iter().find(|(words, _)| !then.contains(&mandate_documents::comparable(words))).map(|(_, span)| *span)
}

fn changed(cited: &CitedWords, then: Option<&str>, entry: Option<&mandate_documents::Entry>) -> Diagnostic {
    let since = entry.map(|entry| format!(" by {} on {}", entry.reviewed_by, entry.reviewed_on)).unwrap_or_default();
    let message = format!("`{}` has changed since this was reviewed{since}", cited.citation);
    let mut said = Diagnostic::new(&codes::W013, cited.cited_at.span, message);
    said = match then {
        Some(then) => said.label(difference(then, &cited.words).line(5)),
        None => said.label("the words of then are not in the lock"),
    };
    said.related.push(Label {
        file: Some(cited.stands_at.path.clone()),
        span: then.and_then(|then| first_new(then, cited)).unwrap_or(cited.stands_at.span),
        message: "so it reads now".to_owned(),
    });
    said.help(LOOK)
}

/// What is wrong with the lock of a package itself.
pub(crate) fn lock_diagnostics(db: &dyn salsa::Database, own: Package) -> Option<FileDiagnostics> {
    let file = own.lock(db).as_ref()?;
    let mut said = Vec::new();
    match lock(db, own) {
        None => {}
        Some(Err(fault)) => {
            let message = format!("the review lock cannot be read: {}", fault.message);
            said.push(Diagnostic::new(&codes::E218, fault.span, message).help(
                "Join what both sides reviewed by hand, or take the file of one side and review the rules of the other again.",
            ));
        }
        Some(Ok(read)) => {
            let all: Vec<&Cited> = own.modules(db).values().flat_map(|module| cited(db, *module)).collect();
            // A module that cannot be read may hold the rule.
            let whole = own.modules(db).values().all(|module| !crate::analysis::said(db, *module).1);
            let now: BTreeSet<(bool, &str)> = all.iter().map(|rule| (rule.background, rule.name.as_str())).collect();
            for (background, name) in read.outlived(&now).into_iter().filter(|_| whole) {
                let span = Lock::head(&file.text, background, name).unwrap_or(Span::empty(0));
                let what = if background { "passage set aside" } else { "rule" };
                let message = format!("the package has no {what} `{name}` any more");
                said.push(
                    Diagnostic::new(&codes::W015, span, message)
                        .help("The next `mandate source review` takes the entry away. If the rule was renamed, review it under its new name."),
                );
            }
        }
    }
    Some(FileDiagnostics { path: file.path.clone(), text: file.text.clone(), diagnostics: said })
}

impl Snapshot {
    /// What the rules and backgrounds of a package cite, sorted by name; rules first.
    pub fn citations(&self, name: &str) -> Vec<Cited> {
        let Some(own) = package(&self.db, name) else { return Vec::new() };
        let mut all: Vec<Cited> =
            own.modules(&self.db).values().flat_map(|file| cited(&self.db, *file).iter().cloned()).collect();
        all.sort_by(|a, b| (a.background, &a.name).cmp(&(b.background, &b.name)));
        all
    }

    /// The review lock of a package; `None` without one.
    pub fn lock(&self, name: &str) -> Option<Result<Lock, LockFault>> {
        lock(&self.db, package(&self.db, name)?).clone()
    }

    /// The documents of the sources that a package and those it uses declare, by the qualified name of the source.
    pub fn documents(&self, name: &str) -> BTreeMap<String, SourceDocument> {
        let db = &self.db;
        let mut all = BTreeMap::new();
        let Some(main) = package(db, name) else { return all };
        for part in crate::assemble::with_dependencies(db, main) {
            for file in part.modules(db).values() {
                let sources =
                    parsed(db, *file).items.iter().filter(|item| matches!(item.decl.kind, DeclKind::Source(_)));
                for (name, _) in sources.filter_map(|item| declared(&item.decl.kind)) {
                    let qualified = crate::db::qualified(db, *file, &name.text);
                    let Some(source) = by_qualified(db, &qualified) else { continue };
                    let Some(document) = file_behind(db, &source) else { continue };
                    let entry = SourceDocument {
                        path: document.path(db).clone(),
                        relative: document.relative(db).clone(),
                        document: crate::passages::passages(db, document).clone(),
                    };
                    all.insert(qualified, entry);
                }
            }
        }
        all
    }
}
