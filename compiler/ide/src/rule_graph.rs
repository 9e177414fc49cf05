//! What speaks of what: rules, the definitions, acts and parameters they use, the sources they cite.

use mandate_diagnostics::Span;
use mandate_semantics::{Place, Reference, Snapshot, Target};
use mandate_syntax::ast::{Clause, ClauseKind, DeclKind, Item, Name, SourceItemKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// Its qualified name.
    pub id: String,
    /// `rule`, `constraint`, `definition`, `action`, `parameter`, `role`, `waiver` or `source`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its title; empty for what has none.
    pub title: String,
    /// Its name, where it stands.
    pub place: Place,
}

/// How one declaration stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It speaks of it.
    Uses,
    /// It takes its place.
    Overrides,
    /// It narrows it.
    Limits,
    /// It stands in the place of a rule of a refined package.
    Replaces,
    /// It rests on it.
    Cites,
    /// It is about that act.
    Does,
}

impl Relation {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Relation::Uses => "uses",
            Relation::Overrides => "overrides",
            Relation::Limits => "limits",
            Relation::Replaces => "replaces",
            Relation::Cites => "cites",
            Relation::Does => "does",
        }
    }
}

/// An edge, from the declaration that speaks to the one it speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct GraphEdge {
    /// Id of a node.
    pub from: String,
    /// Id of a node.
    pub to: String,
    /// How they stand.
    pub relation: Relation,
}

/// Declarations by id, and how they stand to each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleGraph {
    /// Sorted by id.
    pub nodes: BTreeMap<String, GraphNode>,
    /// Sorted.
    pub edges: BTreeSet<GraphEdge>,
}

// Feature: Rule graph
//
// Which rule takes the place of, narrows or replaces which, what each does, which definitions and parameters it uses and which sources it
// cites. Read from the texts, so that it stands also while something is half typed.
/// The declarations of a package, those of others that they speak of, and how they stand to each other. Data types are left out: every
/// declaration speaks of some.
pub fn rule_graph(snapshot: &Snapshot, package: &str) -> RuleGraph {
    let mut graph = RuleGraph::default();
    let mut known = Known { snapshot, modules: BTreeMap::new() };
    let own = snapshot.modules().into_iter().filter(|path| snapshot.package_of(path).as_deref() == Some(package));
    for path in own.collect::<Vec<_>>() {
        let Some(tree) = snapshot.syntax(&path) else { continue };
        let references = snapshot.references(&path);
        for item in &tree.items {
            let Some(node) = name_of(item).and_then(|name| known.node(&path, name)) else { continue };
            let from = node.id.clone();
            graph.nodes.insert(from.clone(), node);
            for (to, relation) in edges(&mut known, item, &references) {
                if to.id != from {
                    graph.edges.insert(GraphEdge { from: from.clone(), to: to.id.clone(), relation });
                    graph.nodes.entry(to.id.clone()).or_insert(to);
                }
            }
        }
    }
    graph
}

/// The nodes of the modules that were met so far, by file and name.
struct Known<'s> {
    snapshot: &'s Snapshot,
    modules: BTreeMap<Arc<str>, BTreeMap<String, GraphNode>>,
}

impl Known<'_> {
    fn node(&mut self, path: &Arc<str>, name: &str) -> Option<GraphNode> {
        if !self.modules.contains_key(path) {
            self.modules.insert(path.clone(), nodes(self.snapshot, path));
        }
        self.modules.get(path)?.get(name).cloned()
    }
}

/// The nodes of a module, by name. Of two declarations of one name the first.
fn nodes(snapshot: &Snapshot, path: &Arc<str>) -> BTreeMap<String, GraphNode> {
    let mut found = BTreeMap::new();
    let (Some(tree), Some(scope)) = (snapshot.syntax(path), snapshot.scope_of(path)) else { return found };
    for node in tree.items.iter().filter_map(|item| node(&scope, path, item)) {
        found.entry(node.name.clone()).or_insert(node);
    }
    found
}

fn node(scope: &str, path: &Arc<str>, item: &Item) -> Option<GraphNode> {
    let (name, kind, title) = headed(item)?;
    (!name.is_hole()).then(|| GraphNode {
        id: format!("{scope}.{}", name.text),
        kind,
        name: name.text.clone(),
        title: title.unwrap_or_default(),
        place: Place { path: path.clone(), span: name.span.shifted(item.offset) },
    })
}

fn name_of(item: &Item) -> Option<&str> {
    headed(item).map(|(name, _, _)| name.text.as_str())
}

/// Name, kind and title of what belongs in the graph.
fn headed(item: &Item) -> Option<(&Name, &'static str, Option<String>)> {
    Some(match &item.decl.kind {
        DeclKind::Rule(rule) => {
            let kind = if rule.constraint { "constraint" } else { "rule" };
            (&rule.name, kind, rule.title.as_ref().map(|title| title.text.clone()))
        }
        DeclKind::Define(define) => (&define.name, "definition", None),
        DeclKind::Action(action) => (&action.name, "action", None),
        DeclKind::Waiver(waiver) => (&waiver.name, "waiver", None),
        DeclKind::Parameter(parameter) => (&parameter.name, "parameter", None),
        DeclKind::Role(role) => (&role.name, "role", None),
        DeclKind::Source(source) => {
            let title = source.items.iter().find_map(|item| match &item.kind {
                SourceItemKind::Title(title) => Some(title.text.clone()),
                _ => None,
            });
            (&source.name, "source", title)
        }
        _ => return None,
    })
}

/// What a declaration speaks of, and how.
fn edges(known: &mut Known<'_>, item: &Item, references: &[Reference]) -> Vec<(GraphNode, Relation)> {
    let whole = item.decl.span.shifted(item.offset);
    let first = references.partition_point(|one| one.span.start < whole.start);
    let mut found = Vec::new();
    for reference in references[first..].iter().take_while(|one| one.span.end <= whole.end) {
        let (file, name) = match &reference.target {
            Target::Declaration { file, name } => (file, name),
            Target::Passage { file, source, .. } => (file, source),
            Target::Module { .. } | Target::Field { .. } | Target::Variant { .. } | Target::Local { .. } => continue,
        };
        let Some(other) = known.node(file, name) else { continue };
        let relation = relation(item, reference.span, other.kind);
        found.push((other, relation));
    }
    found
}

/// How a declaration stands to one of this kind that it names in these words.
fn relation(item: &Item, words: Span, kind: &str) -> Relation {
    let DeclKind::Rule(rule) = &item.decl.kind else { return Relation::Uses };
    let covers = |span: Span| {
        let span = span.shifted(item.offset);
        span.start <= words.start && words.end <= span.end
    };
    if rule.replaces.as_ref().is_some_and(|path| covers(path.span)) {
        return Relation::Replaces;
    }
    let clause: Option<&Clause> = rule.clauses.iter().find(|clause| covers(clause.span));
    match (clause.map(|clause| &clause.kind), kind) {
        (Some(ClauseKind::Overrides(call)), "rule" | "constraint") if covers(call.rule.span) => Relation::Overrides,
        (Some(ClauseKind::Limits(call)), "rule" | "constraint") if covers(call.rule.span) => Relation::Limits,
        (Some(ClauseKind::Cites(_)), "source") => Relation::Cites,
        (Some(ClauseKind::Norm(_) | ClauseKind::Otherwise(_)), "action") => Relation::Does,
        _ => Relation::Uses,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    const RULES: &str = r#"//- sources.mandate
source order_7 {
  title "Order 7"
  force order
  document "sources/order.md"
}
//- sources/order.md
## Reporting {#reporting}

Report it.
//- rules.mandate
use sources.{order_7}

record Incident key id at seen_at {
  id: Text
  seen_at: Time
  grave: Bool
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

parameter window: Duration = 24 hours

define is_grave(i: Incident) = i.grave

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

rule report_it "Report what you see" {
  cites order_7#reporting
  for each i: Incident
  when is_grave(i)
  everyone must report(i) within window after i.seen_at
}

rule stay_silent "Say nothing" {
  cites order_7
  for each i: Incident
  everyone must not report(i)
  overrides report_it(i)
}
"#;

    fn shown(rules: &str) -> Vec<String> {
        let graph = rule_graph(&Fixture::new(rules).snapshot, "exercise");
        let nodes = graph.nodes.values().map(|node| format!("{} {} \"{}\"", node.kind, node.id, node.title));
        let edges = graph.edges.iter().map(|edge| format!("{} {} {}", edge.from, edge.relation.word(), edge.to));
        nodes.chain(edges).collect()
    }

    #[test]
    fn rules_stand_with_what_they_do_use_cite_and_override() {
        assert_eq!(
            shown(RULES),
            [
                "definition exercise.rules.is_grave \"\"",
                "action exercise.rules.report \"\"",
                "rule exercise.rules.report_it \"Report what you see\"",
                "rule exercise.rules.stay_silent \"Say nothing\"",
                "parameter exercise.rules.window \"\"",
                "source exercise.sources.order_7 \"Order 7\"",
                "exercise.rules.report_it uses exercise.rules.is_grave",
                "exercise.rules.report_it does exercise.rules.report",
                "exercise.rules.report_it uses exercise.rules.window",
                "exercise.rules.report_it cites exercise.sources.order_7",
                "exercise.rules.stay_silent does exercise.rules.report",
                "exercise.rules.stay_silent overrides exercise.rules.report_it",
                "exercise.rules.stay_silent cites exercise.sources.order_7",
            ]
        );
    }

    #[test]
    fn half_typed_declarations_leave_the_others_in_the_graph() {
        let half = format!("{RULES}\nrule {{\n  overrides \n\nrule half \"half\" {{\n  when is_grave(");
        let found = shown(&half);
        for line in shown(RULES) {
            assert!(found.contains(&line), "{line} is missing from {found:?}");
        }
        assert!(found.contains(&"rule exercise.rules.half \"half\"".to_owned()), "{found:?}");
    }
}
