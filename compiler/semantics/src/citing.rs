//! From documents and sources back to the rules that cite them, for editors.

use crate::analysis::lowered_parts;
use crate::db::{SourceFile, parsed};
use crate::host::{Place, Snapshot};
use crate::names::{Entity, Kind, declared};
use crate::passages::passages;
use mandate_diagnostics::Span;
use mandate_syntax::ast::{ClauseKind, DeclKind, Item};
use salsa::Database;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A rule that cites something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CitingRule {
    /// Its module.
    pub path: Arc<str>,
    /// The words that cite, or the name of the rule where these cannot be found.
    pub span: Span,
    /// Its name.
    pub rule: String,
}

impl Snapshot {
    /// The package of a module.
    pub fn package_of(&self, path: &str) -> Option<Arc<str>> {
        Some(self.module(path)?.package(&self.db).clone())
    }

    /// The module of a declaration as the names of its declarations begin: `core.sites`.
    pub fn scope_of(&self, path: &str) -> Option<String> {
        let file = self.module(path)?;
        let (package, module) = (file.package(&self.db), file.module(&self.db));
        Some(if module.is_empty() { package.to_string() } else { format!("{package}.{module}") })
    }

    /// The named passages of a passage file, in its order; empty for other files.
    pub fn passages(&self, path: &str) -> Vec<(String, Span)> {
        let Some(document) = self.document_at(path) else { return Vec::new() };
        let found = &passages(&self.db, document).passages;
        let mut named: Vec<(String, Span)> = found.iter().map(|(name, it)| (name.clone(), it.span)).collect();
        named.sort_by_key(|(name, span)| (span.start, std::cmp::Reverse(span.end), name.clone()));
        named
    }

    /// The rules that cite a passage of a passage file, by itself or inside a span such as `4(1)..4(3)`, or with all that stands around it.
    pub fn rules_citing_passage(&self, path: &str, passage: Span) -> Vec<CitingRule> {
        let db = &self.db;
        let mut found = BTreeSet::new();
        for file in self.all_modules() {
            for cited in crate::review::cited(db, file).iter().filter(|cited| !cited.background) {
                for words in cited.passages.iter().filter(|words| *words.stands_at.path == *path) {
                    let last = words.parts.iter().map(|(_, span)| span.start).max();
                    let covered = words.stands_at.span.start..=last.unwrap_or(words.stands_at.span.start);
                    if covered.contains(&passage.start) {
                        let Place { path, span } = words.cited_at.clone();
                        found.insert(CitingRule { path, span, rule: cited.name.clone() });
                        break;
                    }
                }
            }
        }
        found.into_iter().collect()
    }

    /// The rules that cite a source, whichever of its passages; `module` declares it.
    pub fn rules_citing_source(&self, module: &str, source: &str) -> Vec<CitingRule> {
        let db = &self.db;
        let Some(declared_in) = self.module(module) else { return Vec::new() };
        let entity = Entity { file: declared_in, name: Arc::from(source), kind: Kind::Source };
        let qualified = entity.qualified(db);
        let mut found = Vec::new();
        for file in self.all_modules() {
            let rules = lowered_parts(db, file).into_iter().flat_map(|(part, _)| &part.rules);
            // Which rules cite it, with the number of the citation.
            let citing: BTreeMap<&str, usize> = rules
                .filter_map(|(name, rule)| {
                    Some((&**name, rule.cites.iter().position(|cite| cite.source == qualified)?))
                })
                .collect();
            // The tree of a module is looked at only if a rule of it does.
            if !citing.is_empty() {
                found.extend(parsed(db, file).items.iter().filter_map(|item| citation(db, file, item, &citing)));
            }
        }
        found.sort();
        found
    }
}

/// The rule of a chunk, if it is one of those, at its citation of this number.
fn citation(db: &dyn Database, file: SourceFile, item: &Item, citing: &BTreeMap<&str, usize>) -> Option<CitingRule> {
    let DeclKind::Rule(rule) = &item.decl.kind else { return None };
    let (name, _) = declared(&item.decl.kind)?;
    let at = *citing.get(&*crate::db::qualified(db, file, &name.text))?;
    let citations = rule.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Cites(citations) => Some(citations),
        _ => None,
    });
    let span = citations.flatten().nth(at).map_or(name.span, |citation| citation.span);
    Some(CitingRule { path: file.path(db).clone(), span: span.shifted(item.offset), rule: name.text.clone() })
}
