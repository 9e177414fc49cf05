//! Which statements of checklists are carried, and by what: rules by their clause, other declarations by `carries ... by`, and passages that
//! are no rule by their `background`.

use crate::checker::Checker;
use crate::db::{Package, SourceFile, package, parsed};
use crate::host::Snapshot;
use crate::names::Kind;
use crate::surroundings::Named;
use mandate_diagnostics::{Diagnostic, Label, Span, codes};
use mandate_pack::{self as pack, Carrier, statement};
use mandate_syntax::ast::{self, ClauseKind, DeclKind, Item, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A statement of a checklist, and the part of it, if only one is carried.
type Statement = (String, Option<String>);

/// What carries a statement, as its module says it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// A rule of the module.
    Rule(Arc<str>),
    /// The declaration of this name, which may be another module's.
    Named(Vec<String>),
    /// A passage, for a reason.
    Background(String, String),
}

impl Checker<'_> {
    /// `carries "ID" by path "why"`.
    pub(crate) fn carried_by(&mut self, decl: &ast::Carried, line: u32) -> Vec<pack::Carried> {
        let Some(entity) = self.entity(&decl.by, Kind::ALL) else { return Vec::new() };
        let Some(reason) = &decl.reason else { return Vec::new() };
        let by = Carrier::Declaration { kind: entity.kind.word().to_owned(), name: entity.qualified(self.db) };
        carried(&decl.ids, &by, &reason.text, &self.origin(line))
    }

    /// What a passage that is no rule settles.
    pub(crate) fn settled(&self, decl: &ast::Background, found: &pack::Background) -> Vec<pack::Carried> {
        let by = Carrier::Background { citation: found.citation.clone() };
        carried(&decl.carries, &by, &found.reason, &found.origin)
    }
}

fn carried(ids: &[Text], by: &Carrier, reason: &str, origin: &pack::Origin) -> Vec<pack::Carried> {
    let each = ids.iter().filter(|id| !id.text.trim().is_empty()).map(|written| {
        let (id, part) = statement(&written.text);
        pack::Carried {
            id: id.to_owned(),
            part: part.map(str::to_owned),
            by: by.clone(),
            reason: reason.to_owned(),
            origin: origin.clone(),
        }
    });
    each.collect()
}

impl Snapshot {
    /// Declarations of the package of a module, and those it names, that carry a statement of a checklist or a part of it.
    pub fn carriers(&self, path: &str, written: &str) -> Vec<Named> {
        let mut all: Vec<Named> = Vec::new();
        for (file, said) in self.carrying(path, written) {
            let named = match said {
                Said::Rule(name) => {
                    Some(Named { name: name.clone(), kind: Kind::Rule, file: file.path(&self.db).clone() })
                }
                Said::Named(segments) => {
                    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
                    self.find(file.path(&self.db), &segments)
                }
                Said::Background(..) => None,
            };
            all.extend(named.filter(|named| !all.contains(named)));
        }
        all
    }

    /// Passages of the package of a module that settle a statement of a checklist without a rule, each with the reason.
    pub fn settled_by(&self, path: &str, written: &str) -> Vec<(String, String)> {
        let said = self.carrying(path, written).into_iter().filter_map(|(_, said)| match said {
            Said::Background(passage, reason) => Some((passage.clone(), reason.clone())),
            Said::Rule(_) | Said::Named(_) => None,
        });
        said.collect()
    }

    fn carrying(&self, path: &str, written: &str) -> Vec<(SourceFile, &Said)> {
        let own = self.module(path).and_then(|file| package(&self.db, file.package(&self.db)));
        let Some(own) = own else { return Vec::new() };
        let id = statement(written).0;
        let files = own.modules(&self.db).values();
        files
            .flat_map(|file| carried_in(&self.db, *file).get(id).into_iter().flatten().map(|said| (*file, said)))
            .collect()
    }
}

/// What a declaration carries, with the places of the identifiers in its chunk.
fn in_item(item: &Item) -> Vec<&Text> {
    let all: Vec<&Text> = match &item.decl.kind {
        DeclKind::Rule(rule) => {
            let clauses = rule.clauses.iter().filter_map(|clause| match &clause.kind {
                ClauseKind::Carries(ids) => Some(ids),
                _ => None,
            });
            clauses.flatten().collect()
        }
        DeclKind::Carried(carried) => carried.ids.iter().collect(),
        DeclKind::Background(background) => background.carries.iter().collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|id| !id.text.trim().is_empty()).collect()
}

/// What a module says of statements by their identifiers without parts, read from the tree alone.
#[salsa::tracked]
fn carried_in(db: &dyn salsa::Database, file: SourceFile) -> BTreeMap<String, Vec<Said>> {
    let mut all: BTreeMap<String, Vec<Said>> = BTreeMap::new();
    for item in &parsed(db, file).items {
        let said = match &item.decl.kind {
            DeclKind::Rule(rule) => Said::Rule(Arc::from(rule.name.text.as_str())),
            DeclKind::Carried(carried) => {
                Said::Named(carried.by.segments.iter().map(|name| name.text.clone()).collect())
            }
            DeclKind::Background(background) => {
                let cited = &background.citation;
                let names: Vec<&str> = cited.source.segments.iter().map(|name| name.text.as_str()).collect();
                let passage = cited.passage.as_ref().map(|passage| format!("#{}", passage.text)).unwrap_or_default();
                let reason = background.reason.as_ref().map(|reason| reason.text.clone()).unwrap_or_default();
                Said::Background(format!("{}{passage}", names.join(".")), reason)
            }
            _ => continue,
        };
        for id in in_item(item) {
            all.entry(statement(&id.text).0.to_owned()).or_default().push(said.clone());
        }
    }
    all
}

/// The statements that a module says are carried, without places, in the order of the text.
#[salsa::tracked]
fn statements(db: &dyn salsa::Database, file: SourceFile) -> Vec<Statement> {
    placed(db, file).map(|(statement, _)| statement).collect()
}

/// Statements that a package carries more than once, with the module that carries each first. Empty for nearly every package.
#[salsa::tracked]
fn repeated(db: &dyn salsa::Database, package: Package) -> BTreeMap<Statement, SourceFile> {
    let mut first: BTreeMap<&Statement, SourceFile> = BTreeMap::new();
    let mut repeated = BTreeMap::new();
    for file in package.modules(db).values() {
        for statement in statements(db, *file) {
            match first.get(statement) {
                Some(before) => {
                    repeated.insert(statement.clone(), *before);
                }
                None => {
                    first.insert(statement, *file);
                }
            }
        }
    }
    repeated
}

/// The statements of a module that the package carries elsewhere, too: then none of the two is the place to look.
pub(crate) fn carried_twice(db: &dyn salsa::Database, package: Package, file: SourceFile) -> Vec<Diagnostic> {
    let repeated = repeated(db, package);
    if repeated.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut seen: BTreeSet<Statement> = BTreeSet::new();
    for (statement, span) in placed(db, file) {
        let Some(first) = repeated.get(&statement) else { continue };
        if *first == file && seen.insert(statement.clone()) {
            continue;
        }
        let (id, part) = &statement;
        let written = part.as_ref().map_or_else(|| id.clone(), |part| format!("{id} ({part})"));
        let mut said = Diagnostic::new(&codes::W018, span, format!("the statement \"{written}\" is carried twice"));
        said = said
            .help(format!("Leave one out, or say which part each of them carries: \"{id} (what)\", \"{id} (when)\"."));
        if let Some((_, before)) = placed(db, *first).find(|(other, _)| *other == statement) {
            let other = (*first != file).then(|| first.path(db).clone());
            said.related.push(Label { file: other, span: before, message: "carried here".to_owned() });
        }
        found.push(said);
    }
    found
}

/// The statements of a module with their places.
fn placed(db: &dyn salsa::Database, file: SourceFile) -> impl Iterator<Item = (Statement, Span)> {
    parsed(db, file).items.iter().flat_map(|item| {
        in_item(item).into_iter().map(|written| {
            let (id, part) = statement(&written.text);
            ((id.to_owned(), part.map(str::to_owned)), written.span.shifted(item.offset))
        })
    })
}
