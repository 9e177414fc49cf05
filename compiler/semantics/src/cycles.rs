//! Definitions, roles and overriding rules that lead back to themselves, found by iterative walks over what they use: recursion through queries would
//! overflow the stack. A walk asks only the modules it reaches, so an edit elsewhere costs nothing here.

use crate::checker::Checker;
use crate::db::{SourceFile, package, qualified};
use crate::definitions::DEEPEST;
use crate::missions::{Tailoring, tailoring};
use crate::names::{Entity, Kind, by_qualified, declared, scope_of};
use crate::reference::Output;
use crate::sheets::{Sheet, SheetItem, home_of, sheet};
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_syntax::ast::{ClauseKind, DeclKind, Define, Expr, ExprKind, Name, Path};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// A definition, role or rule. Only looked up by, never listed, so hashing gives nothing an order.
type Node = (SourceFile, Arc<str>);

/// The definitions, roles and rules of a sheet with those each uses, is narrower than, or overrides, without places: an edit that leaves them alone stops here.
/// Read from the tree and the scope alone, so that asking it of many modules checks no types.
#[salsa::tracked]
pub(crate) fn uses(db: &dyn salsa::Database, file: SourceFile, key: u32) -> BTreeMap<Arc<str>, Vec<Node>> {
    let mut ignored = Output::default();
    let mut all = BTreeMap::new();
    let Some(sheet) = sheet(db, file, key) else { return all };
    for SheetItem { item, again } in &sheet.items {
        if *again {
            continue;
        }
        let Some((name, _)) = declared(&item.decl.kind) else { continue };
        let mut checker = Checker::new(db, file, scope_of(db, file, key), item, &sheet.text, &mut ignored);
        let used: Vec<Entity> = match &item.decl.kind {
            DeclKind::Define(define) => used_definitions(&checker, define),
            DeclKind::Role(role) => {
                role.is.as_ref().and_then(|is| checker.entity(is, &[Kind::Role])).into_iter().collect()
            }
            DeclKind::Rule(rule) => {
                let overridden = rule.clauses.iter().filter_map(|clause| match &clause.kind {
                    ClauseKind::Overrides(call) => Some(&call.rule),
                    _ => None,
                });
                overridden.filter_map(|path| checker.entity(path, &[Kind::Rule])).collect()
            }
            _ => continue,
        };
        let used = used.into_iter().map(|entity| (entity.file, entity.name)).collect();
        all.entry(Arc::from(name.text.as_str())).or_insert(used);
    }
    all
}

/// The definitions a body calls.
fn used_definitions(checker: &Checker<'_>, define: &Define) -> Vec<Entity> {
    let mut used = Vec::new();
    let mut open: Vec<&Expr> = vec![&define.body];
    while let Some(expr) = open.pop() {
        match &expr.kind {
            ExprKind::Call(path, _) => used.extend(definition(checker, path)),
            ExprKind::Name(name) => {
                let name = Name { text: name.clone(), span: expr.span };
                used.extend(definition(checker, &Path { segments: vec![name], span: expr.span }));
            }
            _ => {}
        }
        open.extend(expr.children());
    }
    used
}

/// The definition a path names, if it names one; silent otherwise.
fn definition(checker: &Checker<'_>, path: &Path) -> Option<Entity> {
    let (last, before) = path.segments.split_last()?;
    let found = if before.is_empty() {
        checker.scope.names.get(last.text.as_str()).cloned()
    } else {
        checker.region(before)?.find(checker.db, &last.text).pop()
    };
    found.filter(|entity| entity.kind == Kind::Define)
}

/// What is wrong with the way the definitions, roles and rules of a sheet lead to others, in places of the sheet.
pub(crate) fn cycles(db: &dyn salsa::Database, file: SourceFile, sheet: &Sheet) -> Vec<Diagnostic> {
    let mut depths = HashMap::new();
    let tailoring = package(db, file.package(db)).map(|own| tailoring(db, own));
    let named = sheet.items.iter().filter_map(|SheetItem { item, .. }| {
        let (name, kind) = declared(&item.decl.kind)?;
        let leads = matches!(kind, Kind::Define | Kind::Role | Kind::Rule);
        leads.then(|| (name.text.as_str(), kind, name.span.shifted(item.offset)))
    });
    let said = named.filter_map(|(name, kind, span)| {
        let node: Node = (file, Arc::from(name));
        if kind == Kind::Rule {
            return circle(db, &node, tailoring).map(|circle| overriding(&circle, span));
        }
        if reaches_itself(db, &node) {
            let message = format!("`{name}` is declared by way of itself");
            return Some(
                Diagnostic::new(&codes::E039, span, message)
                    .help("Break the circle: one of the declarations must stand on its own."),
            );
        }
        (depth(db, &node, &mut depths) > DEEPEST).then(|| {
            let message = format!("`{name}` stands on a chain of more than {DEEPEST} definitions");
            Diagnostic::new(&codes::E039, span, message).help("Write some of them out.")
        })
    });
    said.collect()
}

/// A rule that overrides itself by way of `circle`, which starts and ends with it.
fn overriding(circle: &[Arc<str>], span: Span) -> Diagnostic {
    let steps: Vec<String> = circle.windows(2).map(|pair| format!("`{}` overrides `{}`", pair[0], pair[1])).collect();
    let message = match steps.split_last() {
        Some((last, before)) if !before.is_empty() => {
            format!("these rules override each other in a circle: {} and {last}", before.join(", "))
        }
        _ => "a rule cannot override itself".to_owned(),
    };
    let help = "Decide which rule gives way, and leave `overrides` out of that one.";
    Diagnostic::new(&codes::E065, span, message).help(help)
}

/// The shortest way from a node back to itself, both ends included.
fn circle(db: &dyn salsa::Database, start: &Node, tailoring: Option<&Tailoring>) -> Option<Vec<Arc<str>>> {
    let mut from: HashMap<Node, Node> = HashMap::new();
    let mut open = std::collections::VecDeque::from([start.clone()]);
    while let Some(node) = open.pop_front() {
        for used in used_by(db, &node) {
            let Some(used) = standing(db, used, tailoring) else { continue };
            if used == *start {
                let mut way = vec![start.1.clone(), node.1.clone()];
                let mut at = &node;
                while let Some(before) = from.get(at) {
                    way.push(before.1.clone());
                    at = before;
                }
                if node == *start {
                    way.truncate(1);
                    way.push(start.1.clone());
                }
                way.reverse();
                return Some(way);
            }
            if !from.contains_key(&used) {
                from.insert(used.clone(), node.clone());
                open.push_back(used);
            }
        }
    }
    None
}

/// The rule that is judged where this one is named; `None` if a mission drops it.
fn standing(db: &dyn salsa::Database, node: &Node, tailoring: Option<&Tailoring>) -> Option<Node> {
    let Some(tailoring) = tailoring.filter(|tailoring| !tailoring.is_empty()) else { return Some(node.clone()) };
    let name = qualified(db, node.0, &node.1);
    let standing = tailoring.standing(&name)?;
    if standing == name { Some(node.clone()) } else { by_qualified(db, standing).map(|found| (found.file, found.name)) }
}

fn used_by<'db>(db: &'db dyn salsa::Database, node: &Node) -> &'db [Node] {
    let key = home_of(db, node.0, node.1.clone());
    key.and_then(|key| uses(db, node.0, key).get(&node.1)).map_or(&[], Vec::as_slice)
}

fn reaches_itself(db: &dyn salsa::Database, start: &Node) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![start];
    while let Some(node) = open.pop() {
        for used in used_by(db, node) {
            if used == start {
                return true;
            }
            if seen.insert(used) {
                open.push(used);
            }
        }
    }
    false
}

/// Length of the longest chain below a declaration, itself included. Circles count as far as they are entered.
fn depth(db: &dyn salsa::Database, start: &Node, known: &mut HashMap<Node, usize>) -> usize {
    let mut open = vec![(start.clone(), false)];
    let mut entered = HashSet::new();
    while let Some((node, left)) = open.pop() {
        if left {
            let below = used_by(db, &node).iter().filter_map(|used| known.get(used)).max().copied();
            known.insert(node, 1 + below.unwrap_or(0));
        } else if !known.contains_key(&node) && entered.insert(node.clone()) {
            open.push((node.clone(), true));
            open.extend(used_by(db, &node).iter().map(|used| (used.clone(), false)));
        }
    }
    known.get(start).copied().unwrap_or(0)
}
