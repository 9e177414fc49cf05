//! The graph: which rule takes the place of, narrows or repairs which, drawn and as a list.

use crate::frame::Page;
use crate::layout::{Part, layout};
use crate::shelf::{Shelf, package};
use mandate_pack::Rule;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// Width of a box, and of a character as it is estimated for breaking lines, in units of the drawing.
const WIDTH: i32 = 250;
const CHARACTERS: usize = 27;
const LINE: i32 = 19;

/// How one box stands to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Overrides,
    Limits,
    Repairs,
}

impl Relation {
    fn words(self) -> &'static str {
        match self {
            Relation::Overrides => "takes the place of",
            Relation::Limits => "narrows",
            Relation::Repairs => "if not kept",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Relation::Overrides => "overrides",
            Relation::Limits => "limits",
            Relation::Repairs => "repairs",
        }
    }
}

/// A box: a rule, or a duty that arises from its breach.
struct Box<'s> {
    rule: &'s str,
    text: String,
    duty: bool,
}

struct Graph<'s> {
    boxes: Vec<Box<'s>>,
    edges: Vec<(usize, usize)>,
    relations: Vec<Relation>,
}

/// The page.
pub(crate) fn page(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    let graph = Graph::new(shelf);
    let heights: Vec<i32> = graph.boxes.iter().map(|b| 20 + LINE * lines(&b.text).len() as i32).collect();
    let mut parts = layout(WIDTH, &heights, &graph.edges);
    // What the package itself has comes first.
    let own = |node: usize| package(graph.boxes[node].rule) == shelf.pack.name;
    parts.sort_by_key(|part| !part.nodes.iter().any(|(node, ..)| own(*node)));
    let content = html! {
        h1 { "Graph" }
        @if parts.is_empty() {
            p.lead { "No rule takes the place of another, narrows one, or says what follows when it is not kept." }
        } @else {
            p.lead { "Which rule takes the place of which, narrows it, or says what is owed when it was not kept. What a drawing shows stands beside it in words." }
            ul.legend {
                @for relation in [Relation::Overrides, Relation::Limits, Relation::Repairs] {
                    li { (sample(relation)) " " (about(relation)) }
                }
            }
        }
        @for (number, part) in parts.iter().enumerate() { (drawn(page, &graph, part, &heights, number + 1)) }
    };
    page.whole("Graph", "graph.html", &content)
}

fn about(relation: Relation) -> &'static str {
    match relation {
        Relation::Overrides => "takes the place of: where it applies, a breach of the other is excused",
        Relation::Limits => "narrows: both stay to be kept",
        Relation::Repairs => "repairs: what is owed when the duty before was not kept",
    }
}

fn sample(relation: Relation) -> Markup {
    html! {
        svg.sample viewBox="0 0 44 12" width="44" height="12" aria-hidden="true" focusable="false" {
            line class={ "edge " (relation.class()) } x1="0" y1="6" x2="36" y2="6" {}
            path.tip d="M36 1 L44 6 L36 11 Z" {}
        }
    }
}

impl<'s> Graph<'s> {
    fn new(shelf: &'s Shelf<'_>) -> Self {
        let rules = &shelf.pack.rules;
        let mut shown = BTreeSet::new();
        for (name, rule) in rules {
            let others: Vec<&String> =
                related(rule).map(|(_, other)| other).filter(|other| rules.contains_key(*other)).collect();
            if !others.is_empty() || !rule.otherwise.is_empty() {
                shown.insert(name);
                shown.extend(others);
            }
        }
        let mut graph = Self { boxes: Vec::new(), edges: Vec::new(), relations: Vec::new() };
        let mut place = BTreeMap::new();
        for name in shown {
            if let Some(rule) = rules.get(name) {
                place.insert(name, graph.boxes.len());
                graph.boxes.push(Box { rule: name, text: rule.title.clone(), duty: false });
            }
        }
        for (name, from) in &place {
            let Some(rule) = rules.get(*name) else { continue };
            for (relation, other) in related(rule) {
                if let Some(to) = place.get(other) {
                    graph.join(*from, *to, relation);
                }
            }
            let mut before = *from;
            for duty in &rule.otherwise {
                let next = graph.boxes.len();
                graph.boxes.push(Box { rule: name, text: duty.text.clone(), duty: true });
                graph.join(before, next, Relation::Repairs);
                before = next;
            }
        }
        graph
    }

    fn join(&mut self, from: usize, to: usize, relation: Relation) {
        self.edges.push((from, to));
        self.relations.push(relation);
    }
}

/// The rules that a rule overrides or limits.
fn related(rule: &Rule) -> impl Iterator<Item = (Relation, &String)> {
    let overrides = rule.overrides.iter().map(|other| (Relation::Overrides, &other.rule));
    overrides.chain(rule.limits.iter().map(|other| (Relation::Limits, &other.rule)))
}

/// A text in lines that fit a box. Words that are longer than a line are divided.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(CHARACTERS) {
            let line =
                lines.last_mut().filter(|line| line.chars().count() + 1 + piece.len() <= CHARACTERS || line.is_empty());
            match line {
                Some(line) => {
                    if !line.is_empty() {
                        line.push(' ');
                    }
                    line.extend(piece);
                }
                None => lines.push(piece.iter().collect()),
            }
        }
    }
    lines
}

/// A part of the graph with its title, its drawing and its list.
fn drawn(page: Page<'_>, graph: &Graph<'_>, part: &Part, heights: &[i32], number: usize) -> Markup {
    let first = part.nodes.iter().map(|(node, ..)| &graph.boxes[*node]).find(|b| !b.duty);
    let title = first.map_or("", |b| b.text.as_str());
    let (heading, about) = (format!("g{number}"), format!("g{number}-list"));
    html! {
        section.graph aria-labelledby=(heading) {
            h2 id=(heading) { (title) }
            div.figure { div.drawing tabindex="0" role="group" aria-label=(format!("Drawing: {title}")) {
                svg viewBox=(format!("0 0 {} {}", part.width, part.height)) width=(part.width) height=(part.height)
                    role="group" aria-label=(title) aria-describedby=(about) focusable="false" {
                    @for (edge, points) in &part.edges { (edge_drawn(graph.relations[*edge], points)) }
                    @for (node, x, y) in &part.nodes { (box_drawn(page, &graph.boxes[*node], *x, *y, heights[*node])) }
                }
            }
            ul id=(about) { @for (edge, _) in &part.edges { (said(page, graph, *edge)) } } }
        }
    }
}

fn edge_drawn(relation: Relation, points: &[(i32, i32)]) -> Markup {
    let mut path = String::new();
    for (place, (x, y)) in points.iter().enumerate() {
        match points.get(place.wrapping_sub(1)) {
            None => path.push_str(&format!("M{x} {y}")),
            Some((px, py)) => {
                let half = (py + y) / 2;
                path.push_str(&format!(" C{px} {half} {x} {half} {x} {y}"));
            }
        }
    }
    let tip = points.last().zip(points.get(points.len().wrapping_sub(2))).map(|((x, y), (_, before))| {
        let back = if before <= y { -9 } else { 9 };
        format!("M{} {} L{x} {y} L{} {} Z", x - 5, y + back, x + 5, y + back)
    });
    html! {
        path class={ "edge " (relation.class()) } d=(path) {}
        @if let Some(tip) = tip { path.tip d=(tip) {} }
    }
}

fn box_drawn(page: Page<'_>, shown: &Box<'_>, x: i32, y: i32, height: i32) -> Markup {
    let target = page.shelf.address.of(shown.rule).unwrap_or_default();
    html! {
        a href=(page.href(&target)) {
            rect class=(if shown.duty { "box duty" } else { "box" }) x=(x) y=(y) width=(WIDTH) height=(height) rx="4" {}
            text x=(x + 14) y=(y + 9) {
                @for line in lines(&shown.text) { tspan x=(x + 14) dy=(LINE) { (line) " " } }
            }
        }
    }
}

/// An edge as a sentence.
fn said(page: Page<'_>, graph: &Graph<'_>, edge: usize) -> Markup {
    let ((from, to), relation) = (graph.edges[edge], graph.relations[edge]);
    let (from, to) = (&graph.boxes[from], &graph.boxes[to]);
    let named = |b: &Box<'_>| html! { @if b.duty { (b.text) } @else { (page.link_to_rule(b.rule)) } };
    html! {
        li {
            @match relation {
                Relation::Repairs => { "If not kept: " (named(from)) ", then " (named(to)) },
                other => { (named(from)) " " em { (other.words()) } " " (named(to)) },
            }
        }
    }
}
