//! The first page: what the book is about and where to begin.

use crate::frame::{Page, number};
use crate::shelf::{Shelf, package};
use mandate_pack::Force;
use maud::{Markup, html};

/// The page.
pub(crate) fn page(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    let pack = shelf.pack;
    let own = |name: &&String| package(name) == pack.name;
    let rules = pack.rules.keys().filter(own).count();
    let passed = shelf.scenarios.iter().filter(|tested| tested.result.is_some_and(|result| result.passed)).count();
    let used: Vec<&str> = shelf
        .by_package(pack.rules.keys().chain(pack.records.keys()))
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| *name != pack.name)
        .collect();
    let content = html! {
        h1 { "Policy book of " (pack.name) }
        p.lead {
            (number(rules, "rule", "rules")) " of its own"
            @if !used.is_empty() { ", and what it uses of " (used.join(" and ")) }
            ". Version " (pack.version) "."
        }
        div.cards {
            (card("rules.html", "Rules", &format!("{}, each beside the passages it rests on", number(pack.rules.len(), "rule", "rules"))))
            (card("sources.html", "Sources", &format!("{}, passage by passage", number(pack.sources.len(), "text", "texts"))))
            (card("coverage.html", "Coverage", "which passage is carried by which rule, and what is still open"))
            (card("scenarios.html", "Scenarios", &format!("{} of {} passed", passed, shelf.scenarios.len())))
            (card("vocabulary.html", "Vocabulary", "records, roles, actions, waivers, parameters and notions"))
            (card("graph.html", "Graph", "which rule takes the place of, narrows or repairs which"))
        }
        (crate::mission::section(page))
        h2 { "How to read a rule" }
        p {
            "Each rule says who must, must not, should or may do what, by when, unless what. The words are those of the rules themselves; "
            "names are links to what they mean. Beside it stand the passages that justify it."
        }
        (forces())
        (by_own_module(page))
    };
    page.whole("Policy book", "index.html", &content)
}

fn card(target: &str, title: &str, about: &str) -> Markup {
    html! { div.card { h2 { a href=(target) { (title) } } p { (about) } } }
}

fn forces() -> Markup {
    let about = |force: Force| match force {
        Force::Law => "a treaty, custom or statute that binds in law",
        Force::Order => "an order that binds those it is addressed to",
        Force::Commitment => "a political commitment: it binds in honour, not in law",
        Force::Guidance => "guidance: it recommends",
        Force::Voluntary => "a text that is followed by choice",
    };
    html! {
        h2 { "How far a text binds" }
        dl.clauses.wide {
            @for (_, force) in Force::WORDS { div { dt { (crate::citation::force(force)) } dd { (about(force)) } } }
        }
    }
}

/// The rules of the package itself.
fn by_own_module(page: Page<'_>) -> Markup {
    let shelf = page.shelf;
    let own: Vec<&str> =
        shelf.pack.rules.keys().map(String::as_str).filter(|name| package(name) == shelf.pack.name).collect();
    html! {
        @if !own.is_empty() { h2 { "Rules of " (shelf.pack.name) } (page.links(&own)) }
    }
}
