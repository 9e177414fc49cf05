//! `mandate/ruleGraph`

use crate::convert::{Places, Settings};
use crate::text::Lines;
use crate::uri;
use crate::workspace::Overview;
use mandate_ide::{GraphEdge, GraphNode};
use mandate_semantics::Snapshot;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tower_lsp::ls_types::{Range, TextDocumentIdentifier, Uri};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Params {
    /// A file of the package that is meant; `None`: all packages.
    #[serde(default)]
    text_document: Option<TextDocumentIdentifier>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Node {
    id: String,
    kind: &'static str,
    name: String,
    title: String,
    uri: Uri,
    range: Range,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Edge {
    from: String,
    to: String,
    kind: &'static str,
}

pub(crate) fn rule_graph(overview: &Overview, params: &Params) -> Graph {
    let key = params.text_document.as_ref().map(|file| uri::key(&file.uri));
    let (mut nodes, mut edges) = (BTreeMap::new(), BTreeSet::new());
    for project in &overview.projects {
        let packages = match &key {
            Some(key) => package(&project.snapshot, key).into_iter().collect(),
            None => project.snapshot.own_packages(),
        };
        let mut written = Written { texts: BTreeMap::new(), snapshot: &project.snapshot, overview };
        for package in packages {
            let graph = mandate_ide::rule_graph(&project.snapshot, &package);
            let places = graph.nodes.into_iter().filter_map(|(id, node)| Some((id, written.node(node)?)));
            nodes.extend(places);
            edges.extend(graph.edges);
        }
        // Between two projects that know the file, the first answers.
        if key.is_some() && !nodes.is_empty() {
            break;
        }
    }
    let edge = |GraphEdge { from, to, relation }| Edge { from, to, kind: relation.word() };
    Graph { nodes: nodes.into_values().collect(), edges: edges.into_iter().map(edge).collect() }
}

/// The package of a file, if it is one that the user asked for: of a passage file, the one whose project it belongs to.
fn package(snapshot: &Snapshot, path: &Arc<str>) -> Option<Arc<str>> {
    let own = snapshot.own_packages();
    match snapshot.package_of(path) {
        Some(package) => own.contains(&package).then_some(package),
        None => snapshot.text(path).and_then(|_| own.into_iter().next()),
    }
}

/// A file, with its lines and its address.
type Text = (Arc<str>, Lines, Uri);

/// Writes nodes of one project; the lines of a file are found once.
struct Written<'a> {
    texts: BTreeMap<Arc<str>, Option<Text>>,
    snapshot: &'a Snapshot,
    overview: &'a Overview,
}

impl Written<'_> {
    fn node(&mut self, node: GraphNode) -> Option<Node> {
        let (places, settings): (&Places, Settings) = (&self.overview.places, self.overview.settings);
        let path = &node.place.path;
        let read = || {
            let text = self.snapshot.text(path)?;
            let lines = Lines::new(&text);
            Some((text, lines, places.uri(path)?))
        };
        let file = self.texts.entry(path.clone()).or_insert_with(read);
        let (text, lines, uri) = file.as_ref()?;
        let range = lines.range(text, node.place.span, settings.encoding);
        Some(Node { id: node.id, kind: node.kind, name: node.name, title: node.title, uri: uri.clone(), range })
    }
}
