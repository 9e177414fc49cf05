//! Sources: one page each with what is known of the text, its passages in order, and what carries each of them.

use crate::address::passage_id;
use crate::citation::{force, official};
use crate::frame::{Page, number};
use crate::linked::doc;
use crate::rules::package_heading;
use crate::shelf::Shelf;
use mandate_documents::{Block, BlockKind, Document};
use mandate_pack::Source;
use mandate_trace::{PassageTrace, State};
use maud::{Markup, html};

/// The list of all sources.
pub(crate) fn contents(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    let content = html! {
        h1 { "Sources" }
        p.lead { "The texts that the rules rest on, each with its passages and the rules that carry them." }
        @for (package, names) in shelf.by_package(shelf.pack.sources.keys()) {
            section {
                h2 { (package_heading(shelf, package)) }
                ul.entries {
                    @for name in names {
                        @if let Some(source) = shelf.pack.sources.get(name) {
                            li {
                                (page.link_to(name, &source.title))
                                p.facts {
                                    (force(source.force))
                                    @if let Some(issuer) = &source.issuer { span { (issuer) } }
                                    span { (number(citing(shelf, name).len(), "rule", "rules")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    page.whole("Sources", "sources.html", &content)
}

/// The rules that cite a source at all.
fn citing<'s>(shelf: &'s Shelf<'_>, source: &str) -> Vec<&'s str> {
    let rules = shelf.pack.rules.iter();
    let cites = rules.filter(|(_, rule)| rule.cites.iter().any(|cite| cite.source == source));
    cites.map(|(name, _)| name.as_str()).collect()
}

/// The page of one source.
pub(crate) fn page(shelf: &Shelf<'_>, name: &str, source: &Source) -> String {
    let page = Page::below(shelf);
    let content = html! {
        header {
            p.kicker { code { (name) } }
            h1 { (source.title) }
            p.facts { (force(source.force)) @if let Some(issuer) = &source.issuer { span { (issuer) } } }
        }
        (doc(&source.doc))
        section {
            h2 { "About this text" }
            (facts(page, name, source))
            (official(source))
        }
        @match shelf.documents.get(name) {
            Some(document) => (passages(page, name, document)),
            None => section {
                h2 { "Passages" }
                p.quiet { "The package keeps no passages of this text." }
                @let rules = citing(shelf, name);
                @if !rules.is_empty() { h3 { "Rules that cite it" } (page.links(&rules)) }
            },
        }
    };
    page.whole(&source.title, "sources.html", &content)
}

fn facts(page: Page<'_>, name: &str, source: &Source) -> Markup {
    let shelf = page.shelf;
    let day =
        |word: &str, day: &Option<String>| html! { @if let Some(day) = day { div { dt { (word) } dd { (day) } } } };
    let others = |word: &str, names: &[String]| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        html! { @if !names.is_empty() { div { dt { (word) } dd { (titles(page, &names)) } } } }
    };
    let pointing = |points: fn(&Source) -> &[String]| -> Vec<String> {
        let to = shelf.pack.sources.iter().filter(|(_, other)| points(other).iter().any(|target| target == name));
        to.map(|(other, _)| other.clone()).collect()
    };
    let whole: Vec<&str> = shelf
        .pack
        .rules
        .iter()
        .filter(|(_, rule)| rule.cites.iter().any(|cite| cite.source == name && cite.passage.is_none()))
        .map(|(rule, _)| rule.as_str())
        .collect();
    html! {
        dl.clauses {
            (day("Adopted", &source.adopted))
            @for dating in source.datings.iter().skip(1) {
                div { dt { "Adopted" } dd { (dating.day) " according to " (dating.according_to) } }
            }
            (day("In force from", &source.in_force_from))
            (day("Until before", &source.in_force_until))
            (day("Compulsory from", &source.compulsory_from))
            @if let Some(binds) = &source.binds {
                div { dt { "Binds" } dd { "a state " code { (binds.var) } " from " (binds.from.words()) } }
            }
            (others("Replaces", &source.supersedes))
            (others("Replaced by", &pointing(|other| &other.supersedes)))
            (others("Carries out", &source.implements))
            (others("Carried out by", &pointing(|other| &other.implements)))
            @if let Some(verified) = &source.verified { div { dt { "Checked" } dd { (verified) } } }
            @if !source.not_waivable.is_empty() {
                div { dt { "Not to be waived" } dd { (source.not_waivable.join(", ")) } }
            }
            @for endorsed in shelf.pack.endorsements.iter().filter(|endorsed| endorsed.source == name) {
                div {
                    dt { "Endorsed" }
                    dd {
                        @if let Some(party) = &endorsed.party { "for " (party.words()) " " }
                        @if let Some(from) = &endorsed.from { "from " (from) " " }
                        @if let Some(by) = &endorsed.by { "by " (by) }
                    }
                }
            }
            @if !whole.is_empty() { div { dt { "Cited as a whole" } dd { (page.links(&whole)) } } }
        }
    }
}

fn titles(page: Page<'_>, names: &[&str]) -> Markup {
    html! {
        ul.plain {
            @for name in names {
                li { (page.link_to(name, page.shelf.pack.sources.get(*name).map_or(name, |source| source.title.as_str()))) }
            }
        }
    }
}

fn passages(page: Page<'_>, source: &str, document: &Document) -> Markup {
    let mut levels = Vec::new();
    let mut number = None;
    let rows = document.blocks.iter().map(|block| {
        let turned = block.page.filter(|page| number != Some(*page));
        number = block.page.or(number);
        row(page, source, block, nested(&mut levels, block.kind), turned)
    });
    let rows: Vec<Markup> = rows.collect();
    html! {
        section {
            h2 { "Passages" }
            @if let Some(original) = &document.front.imported_from {
                p.quiet { "Imported from " (original) @if let Some(pages) = document.front.pages { ", " (crate::frame::number(pages as usize, "page", "pages")) } "." }
            }
            div.document { @for row in rows { (row) } }
        }
    }
}

/// The level of a heading on the page, below "Passages": no level is left out, whatever the document does.
fn nested(open: &mut Vec<u8>, kind: BlockKind) -> usize {
    let BlockKind::Heading(level) = kind else { return 0 };
    while open.pop_if(|outer| *outer >= level).is_some() {}
    open.push(level);
    (open.len() + 2).min(6)
}

fn row(page: Page<'_>, source: &str, block: &Block, level: usize, turned: Option<u32>) -> Markup {
    let id = block.name.as_deref().map(passage_id);
    let known = block.name.as_deref().and_then(|name| page.shelf.traced(source, name));
    let open = known.is_some_and(|known| known.state == State::Open);
    html! {
        div.row.is-heading[level > 0].is-open[open] id=[id.as_deref()] {
            div.said {
                @if let Some(number) = turned { p.turned { "page " (number) } }
                (own_words(block, level))
            }
            div.beside { @if let Some(known) = known { (beside(page, known)) } }
        }
    }
}

fn own_words(block: &Block, level: usize) -> Markup {
    let text = &block.text;
    html! {
        @match (level, block.kind) {
            (3, _) => h3 { (text) },
            (4, _) => h4 { (text) },
            (5, _) => h5 { (text) },
            (6, _) => h6 { (text) },
            (_, BlockKind::Item(depth)) => p class={ "item depth-" (depth.min(4)) } { (text) },
            _ => p { (text) },
        }
    }
}

fn beside(page: Page<'_>, known: &PassageTrace) -> Markup {
    let direct: Vec<&str> = known.rules.iter().filter(|rule| rule.direct).map(|rule| rule.name.as_str()).collect();
    html! {
        p.anchor { a href=(format!("#{}", crate::address::fragment(&passage_id(&known.name)))) { "#" (known.name) } }
        @match known.state {
            State::Rule if direct.is_empty() => p.quiet { "carried with what is around it" },
            State::Rule => (page.links(&direct)),
            State::NotARule => p.reason {
                span.state.not-rule { "not a rule" } " " (known.reason.as_deref().unwrap_or_default())
            },
            State::Open => p {
                span.state.open { "open" } " no rule carries it"
                @if let Some(words) = &known.sounds { span.quiet { "; it sounds like a norm: " q { (words) } } }
            },
            State::Plain => {},
        }
    }
}
