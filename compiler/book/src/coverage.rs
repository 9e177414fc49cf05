//! Which passage is carried by which rule, tested by which scenario: the matrix, with the share of each document.

use crate::citation::force;
use crate::frame::{Page, number};
use crate::shelf::{Shelf, package};
use mandate_trace::{DocumentTrace, PassageTrace, State};
use maud::{Markup, html};

/// Longest beginning of a passage that is shown in the matrix, in characters.
const BEGINNING: usize = 160;

/// The page.
pub(crate) fn page(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    // The documents of the package itself come first.
    let mut documents: Vec<&DocumentTrace> = shelf.trace.documents.iter().collect();
    documents.sort_by_key(|document| package(&document.source) != shelf.pack.name);
    let content = html! {
        h1 { "Coverage" }
        p.lead {
            "Which passage of each text is carried by which rule. A share is what is carried by a rule, or explained, of all that "
            "sounds like a norm or is carried or explained."
        }
        @if documents.is_empty() { p.quiet { "No source of the package keeps its passages." } } @else { (shares(page, &documents)) }
        (unsourced(page))
        @for document in documents { (matrix(page, document)) }
    };
    page.whole("Coverage", "coverage.html", &content)
}

fn shares(page: Page<'_>, documents: &[&DocumentTrace]) -> Markup {
    html! {
        div.table tabindex="0" role="group" aria-label="Share of each text" {
            table {
                thead {
                    tr {
                        th scope="col" { "Text" }
                        th scope="col" { "Share" }
                        th.n scope="col" { "Open" }
                        th.n scope="col" { "Carried" }
                        th.n scope="col" { "Not a rule" }
                        th scope="col" { "Force" }
                    }
                }
                tbody { @for document in documents { (share(page, document)) } }
            }
        }
    }
}

fn share(page: Page<'_>, document: &DocumentTrace) -> Markup {
    let share = &document.share;
    html! {
        tr {
            th scope="row" { a href=(format!("#{}", document.source)) { (document.title) } }
            td.whole {
                @match share.percent {
                    Some(percent) => {
                        span.share aria-hidden="true" { i style=(format!("width:{percent}%")) {} }
                        " " (percent) " %"
                    },
                    None => span.quiet { "nothing to carry" },
                }
            }
            td.n { @if share.open > 0 { strong { (share.open) } } @else { "0" } }
            td.n { (share.carried) }
            td.n { (share.explained) }
            td { @if let Some(source) = page.shelf.pack.sources.get(&document.source) { (force(source.force)) } }
        }
    }
}

fn unsourced(page: Page<'_>) -> Markup {
    let rules: Vec<&str> = page.shelf.trace.without_source.iter().map(|rule| rule.name.as_str()).collect();
    html! { @if !rules.is_empty() { h2 { "Rules that cite nothing" } (page.links(&rules)) } }
}

fn matrix(page: Page<'_>, document: &DocumentTrace) -> Markup {
    let whole: Vec<&str> = document.whole.iter().map(|rule| rule.name.as_str()).collect();
    html! {
        section {
            h2 id=(document.source) { (page.link_to(&document.source, &document.title)) }
            @if !whole.is_empty() { p { "As a whole it is cited by:" } (page.links(&whole)) }
            div.table tabindex="0" role="group" aria-label=(format!("Passages of {}", document.title)) {
                table.matrix {
                    thead {
                        tr {
                            th scope="col" { "Passage" }
                            th scope="col" { "Words" }
                            th scope="col" { "Carried by" }
                            th scope="col" { "Tested by" }
                        }
                    }
                    tbody { @for passage in &document.passages { (row(page, &document.source, passage)) } }
                }
            }
            @if !document.nameless.is_empty() {
                p { "These words sound like a norm and have no name by which a rule could cite them:" }
                ul { @for block in &document.nameless { li { "line " (block.line) ": " (beginning(&block.text)) } } }
            }
        }
    }
}

fn row(page: Page<'_>, source: &str, passage: &PassageTrace) -> Markup {
    let rules: Vec<&str> = passage.rules.iter().map(|rule| rule.name.as_str()).collect();
    let at = page.shelf.address.passage(source, &passage.name).unwrap_or_default();
    html! {
        tr {
            th scope="row" { a href=(page.href(&at)) { "#" (passage.name) } }
            td { @if passage.heading.is_some() { strong { (beginning(&passage.text)) } } @else { (beginning(&passage.text)) } }
            td {
                @match passage.state {
                    State::Rule => (page.links(&rules)),
                    State::NotARule => {
                        span.state.not-rule { (passage.state.word()) } " " (passage.reason.as_deref().unwrap_or_default())
                    },
                    State::Open => span.state.open { (passage.state.word()) },
                    State::Plain => {},
                }
            }
            td { (tested(page, passage)) }
        }
    }
}

/// The scenarios that test the rules of a passage; many are folded away.
fn tested(page: Page<'_>, passage: &PassageTrace) -> Markup {
    let places = passage.scenarios.iter().filter_map(|test| {
        let same = |known: &crate::shelf::Tested<'_>| {
            known.scenario.title == test.title && known.scenario.origin == test.origin
        };
        page.shelf.scenarios.iter().position(same).map(|place| (place, test.title.as_str()))
    });
    let places: Vec<(usize, &str)> = places.collect();
    html! {
        @if !places.is_empty() {
            details {
                summary { (number(places.len(), "scenario", "scenarios")) }
                ul.plain { @for (place, title) in places { li { a href=(format!("scenarios.html#s{}", place + 1)) { (title) } } } }
            }
        }
    }
}

/// The first words, on one line.
fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(BEGINNING) {
        Some((at, _)) => format!("{}...", line[..at].trim_end()),
        None => line.to_owned(),
    }
}
