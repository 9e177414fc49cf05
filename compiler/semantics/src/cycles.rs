//! Definitions and roles that lead back to themselves: found in one iterative pass over a package and what it uses.

use crate::analysis::analysis;
use crate::checker::Checker;
use crate::db::Package;
use crate::definitions::DEEPEST;
use crate::names::Kind;
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_syntax::ast::{Define, Expr, ExprKind, Path};
use std::collections::BTreeMap;

/// Qualified names of the definitions a body calls.
pub(crate) fn used_definitions(checker: &mut Checker<'_>, define: &Define) -> Vec<String> {
    let mut used = Vec::new();
    let mut open: Vec<&Expr> = vec![&define.body];
    while let Some(expr) = open.pop() {
        let callee = match &expr.kind {
            ExprKind::Call(path, _) => Some(path.clone()),
            ExprKind::Name(name) => {
                let name = mandate_syntax::ast::Name { text: name.clone(), span: expr.span };
                Some(Path { segments: vec![name], span: expr.span })
            }
            _ => None,
        };
        if let Some([name]) = callee.as_ref().map(|path| path.segments.as_slice())
            && let Some(entity) = checker.scope.names.get(name.text.as_str())
            && entity.kind == Kind::Define
        {
            used.push(entity.qualified(checker.db));
        } else if let Some(path) = callee
            && path.segments.len() > 1
            && let Some((last, before)) = path.segments.split_last()
            && let Some(region) = checker.region(before)
        {
            let found = region.find(checker.db, &last.text);
            used.extend(found.iter().filter(|e| e.kind == Kind::Define).map(|e| e.qualified(checker.db)));
        }
        open.extend(expr.children());
    }
    used.sort();
    used.dedup();
    used
}

/// Cycles among the definitions and roles of a package, by module path.
#[salsa::tracked]
pub fn cycles(db: &dyn salsa::Database, package: Package) -> BTreeMap<std::sync::Arc<str>, Vec<Diagnostic>> {
    // Dependencies form no cycle with their users, so only the package's own declarations can close one.
    let mut edges: BTreeMap<String, (std::sync::Arc<str>, Span, Vec<String>)> = BTreeMap::new();
    for file in package.modules(db).values() {
        for (name, span, used) in &analysis(db, *file).uses {
            edges.insert(name.clone(), (file.path(db).clone(), *span, used.clone()));
        }
    }
    let mut found: BTreeMap<std::sync::Arc<str>, Vec<Diagnostic>> = BTreeMap::new();
    // Kahn's algorithm from the leaves up: what is left over lies on a cycle or above one.
    let mut depth: BTreeMap<&str, usize> = BTreeMap::new();
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, (_, _, used)) in &edges {
        let own: Vec<&String> = used.iter().filter(|used| edges.contains_key(*used)).collect();
        waiting.insert(name, own.len());
        for used in own {
            users.entry(used).or_default().push(name);
        }
    }
    let mut ready: Vec<&str> = waiting.iter().filter(|(_, n)| **n == 0).map(|(name, _)| *name).collect();
    while let Some(name) = ready.pop() {
        let own = *depth.entry(name).or_insert(1);
        for user in users.get(name).into_iter().flatten() {
            let deepest = depth.entry(user).or_insert(1);
            *deepest = (*deepest).max(own + 1);
            if let Some(left) = waiting.get_mut(user) {
                *left -= 1;
                if *left == 0 {
                    ready.push(user);
                }
            }
        }
    }
    for (name, (path, span, _)) in &edges {
        let short = name.rsplit('.').next().unwrap_or(name);
        let in_circle = waiting.get(name.as_str()).is_some_and(|left| *left > 0) && reaches_itself(name, &edges);
        if in_circle {
            let said = Diagnostic::new(&codes::E039, *span, format!("`{short}` is declared by way of itself"));
            found
                .entry(path.clone())
                .or_default()
                .push(said.help("Break the circle: one of the declarations must stand on its own."));
        } else if depth.get(name.as_str()).is_some_and(|depth| *depth > DEEPEST) {
            let said = Diagnostic::new(
                &codes::E039,
                *span,
                format!("`{short}` stands on a chain of more than {DEEPEST} definitions"),
            );
            found.entry(path.clone()).or_default().push(said.help("Write some of them out."));
        }
    }
    found
}

fn reaches_itself(start: &str, edges: &BTreeMap<String, (std::sync::Arc<str>, Span, Vec<String>)>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut open: Vec<&str> = vec![start];
    while let Some(name) = open.pop() {
        for used in edges.get(name).into_iter().flat_map(|(_, _, used)| used) {
            if used == start {
                return true;
            }
            if seen.insert(used.as_str()) {
                open.push(used);
            }
        }
    }
    false
}
