//! Rules against the time in which the texts they cite are in force.

use crate::analysis::Found;
use crate::db::{Package, SourceFile, package, qualified};
use crate::names::{Entity, Kind, by_qualified, exports};
use crate::sheets::{Sheet, SheetItem};
use crate::signatures::{Signature, SourceSignature, signature};
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_pack::{Rule, short};
use mandate_syntax::ast::{ClauseKind, DeclKind};
use std::collections::{BTreeMap, BTreeSet};

fn edition<'db>(db: &'db dyn salsa::Database, name: &str) -> Option<&'db SourceSignature> {
    match signature(db, &by_qualified(db, name)?)? {
        Signature::Source(source) => Some(source),
        _ => None,
    }
}

/// The texts that sources of a module supersede, each with its successor; by qualified names.
#[salsa::tracked]
fn superseding(db: &dyn salsa::Database, file: SourceFile) -> Vec<(String, String)> {
    let sources = exports(db, file).iter().filter(|(_, kind)| **kind == Kind::Source);
    let mut all = Vec::new();
    for (name, kind) in sources {
        let source = Entity { file, name: name.clone(), kind: *kind };
        let Some(Signature::Source(found)) = signature(db, &source) else { continue };
        all.extend(found.supersedes.iter().map(|old| (old.clone(), qualified(db, file, name))));
    }
    all
}

/// Superseded texts with their successors, as the packages that a package uses and its own modules tell.
#[salsa::tracked]
pub(crate) fn successors(db: &dyn salsa::Database, main: Package) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in crate::assemble::with_dependencies(db, main) {
        for file in part.modules(db).values() {
            for (old, new) in superseding(db, *file) {
                all.entry(old.clone()).or_default().push(new.clone());
            }
        }
    }
    all
}

/// What is wrong between the days of the rules of a sheet and those of the texts they cite, in places of the sheet.
pub(crate) fn editions(db: &dyn salsa::Database, file: SourceFile, sheet: &Sheet, own: &Found) -> Vec<Diagnostic> {
    let Some(main) = package(db, file.package(db)) else { return Vec::new() };
    let mut found = Vec::new();
    for SheetItem { item, .. } in &sheet.items {
        let DeclKind::Rule(decl) = &item.decl.kind else { continue };
        let Some(rule) = own.lowered.rules.get(&qualified(db, file, &decl.name.text)) else { continue };
        let spans = decl.clauses.iter().filter_map(|clause| match &clause.kind {
            ClauseKind::Cites(citations) => Some(citations),
            _ => None,
        });
        // A rule is lowered only when all of its citations are, so they stand in the same order.
        let mut seen = BTreeSet::new();
        for (cite, citation) in rule.cites.iter().zip(spans.flatten()) {
            if !seen.insert(&cite.source) {
                continue;
            }
            let span = citation.source.span.shifted(item.offset);
            let Some(text) = edition(db, &cite.source) else { continue };
            found.extend(out_of_time(rule, text, span).or_else(|| ended(db, main, rule, &cite.source, text, span)));
        }
    }
    found
}

/// A rule that is in force when the text is not.
fn out_of_time(rule: &Rule, text: &SourceSignature, span: Span) -> Option<Diagnostic> {
    let (from, until) = (rule.in_force_from.as_ref(), rule.in_force_until.as_ref());
    let (begins, ends) = (text.in_force_from.as_ref(), text.in_force_until.as_ref());
    let message = match (from, until, begins, ends) {
        (Some(from), _, Some(begins), _) if from < begins => {
            format!("the rule is in force from {from}, and the text that it cites only from {begins}")
        }
        (_, Some(until), Some(begins), _) if until <= begins => {
            format!("the rule ends on {until}, before the text that it cites comes into force on {begins}")
        }
        (Some(from), _, _, Some(ends)) if ends <= from => {
            format!("the rule is in force from {from}, and the text that it cites ended on {ends}")
        }
        _ => return None,
    };
    Some(Diagnostic::new(&codes::W017, span, message).help(
        "While a text is not in force nothing follows from it. Cite the edition that is in force then, or change the days.",
    ))
}

/// A text that ends, or ended, under a rule that says nothing of its own end.
fn ended(
    db: &dyn salsa::Database,
    main: Package,
    rule: &Rule,
    name: &str,
    text: &SourceSignature,
    span: Span,
) -> Option<Diagnostic> {
    if rule.in_force_until.is_some() {
        return None;
    }
    let new = successors(db, main).get(name).map(Vec::as_slice).unwrap_or_default();
    if new.iter().any(|new| rule.cites.iter().any(|cite| cite.source == *new)) {
        return None;
    }
    let (message, help) = match (new.first(), &text.in_force_until) {
        (Some(new), _) => {
            let since =
                edition(db, new).and_then(|new| new.compulsory_from.clone().or_else(|| new.in_force_from.clone()));
            let since = since.map(|day| format!(" from {day}")).unwrap_or_default();
            (
                format!("`{}` is superseded by `{}`{since}", short(name), short(new)),
                format!(
                    "Cite the passage of `{}` that says it now; a rule kept for what happened before says so with `in force until`.",
                    short(new)
                ),
            )
        }
        (None, Some(day)) => (
            format!("`{}` is not in force any more from {day}", short(name)),
            "Cite what has taken its place; a rule kept for what happened before says so with `in force until`."
                .to_owned(),
        ),
        (None, None) => return None,
    };
    Some(Diagnostic::new(&codes::W016, span, message).help(help))
}
