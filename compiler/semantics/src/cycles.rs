//! Definitions and roles that lead back to themselves: found in one iterative pass over a package and what it uses.

use crate::checker::Checker;
use crate::db::{Package, SourceFile, parsed, qualified};
use crate::definitions::DEEPEST;
use crate::names::{Kind, declared, scope};
use crate::reference::Output;
use mandate_diagnostics::{Diagnostic, codes};
use mandate_syntax::ast::{DeclKind, Define, Expr, ExprKind, Path};
use std::collections::BTreeMap;

/// Qualified names of the definitions a body calls.
fn used_definitions(checker: &Checker<'_>, define: &Define) -> Vec<String> {
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

/// The definitions and roles of a module with those each uses, without places: an edit that leaves them alone stops here.
/// Read from the tree and the scope alone, so that asking it of a whole package checks no types.
#[salsa::tracked]
pub(crate) fn uses(db: &dyn salsa::Database, file: SourceFile) -> Vec<(String, Vec<String>)> {
    let mut ignored = Output::default();
    let mut all = Vec::new();
    for item in &parsed(db, file).items {
        let Some((name, _)) = declared(&item.decl.kind) else { continue };
        let mut checker = Checker::new(db, file, scope(db, file), item, &mut ignored);
        let used = match &item.decl.kind {
            DeclKind::Define(define) => used_definitions(&checker, define),
            DeclKind::Role(role) => {
                let wider = role.is.as_ref().and_then(|is| checker.entity(is, &[Kind::Role]));
                wider.map(|wider| wider.qualified(db)).into_iter().collect()
            }
            _ => continue,
        };
        all.push((qualified(db, file, &name.text), used));
    }
    all
}

/// What is wrong with the way a declaration leads to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It leads back to itself.
    Circle,
    /// It stands on too many others.
    TooDeep,
}

/// Faults among the definitions and roles of a package, by qualified name. Empty for nearly every package, so that nearly no edit changes it.
#[salsa::tracked]
pub(crate) fn faults(db: &dyn salsa::Database, package: Package) -> BTreeMap<String, Fault> {
    // Dependencies form no cycle with their users, so only the package's own declarations can close one.
    let mut edges: BTreeMap<&str, &[String]> = BTreeMap::new();
    for file in package.modules(db).values() {
        edges.extend(uses(db, *file).iter().map(|(name, used)| (name.as_str(), used.as_slice())));
    }
    let mut found = BTreeMap::new();
    // Kahn's algorithm from the leaves up: what is left over lies on a cycle or above one.
    let mut depth: BTreeMap<&str, usize> = BTreeMap::new();
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, used) in &edges {
        let own: Vec<&String> = used.iter().filter(|used| edges.contains_key(used.as_str())).collect();
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
    for name in edges.keys() {
        let in_circle = waiting.get(name).is_some_and(|left| *left > 0) && reaches_itself(name, &edges);
        if in_circle {
            found.insert((*name).to_owned(), Fault::Circle);
        } else if depth.get(name).is_some_and(|depth| *depth > DEEPEST) {
            found.insert((*name).to_owned(), Fault::TooDeep);
        }
    }
    found
}

/// The faults of one module, where its declarations stand.
pub(crate) fn cycles(db: &dyn salsa::Database, package: Package, file: SourceFile) -> Vec<Diagnostic> {
    let faults = faults(db, package);
    if faults.is_empty() {
        return Vec::new();
    }
    let named = parsed(db, file).items.iter().filter_map(|item| {
        let (name, kind) = declared(&item.decl.kind)?;
        matches!(kind, Kind::Define | Kind::Role).then(|| (&name.text, name.span.shifted(item.offset)))
    });
    let said = named.filter_map(|(short, span)| {
        Some(match faults.get(&qualified(db, file, short))? {
            Fault::Circle => Diagnostic::new(&codes::E039, span, format!("`{short}` is declared by way of itself"))
                .help("Break the circle: one of the declarations must stand on its own."),
            Fault::TooDeep => {
                let message = format!("`{short}` stands on a chain of more than {DEEPEST} definitions");
                Diagnostic::new(&codes::E039, span, message).help("Write some of them out.")
            }
        })
    });
    said.collect()
}

fn reaches_itself(start: &str, edges: &BTreeMap<&str, &[String]>) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    let mut open: Vec<&str> = vec![start];
    while let Some(name) = open.pop() {
        for used in edges.get(name).into_iter().flat_map(|used| used.iter()) {
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
