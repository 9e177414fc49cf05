//! The passages beside a rule: what is cited, how far it binds, its words, and where they stand.

use crate::frame::Page;
use mandate_documents::{BlockKind, Document};
use mandate_pack::{Citation, Force, Source};
use maud::{Markup, html};

/// Longest text of a passage that is shown whole, in characters; the rest is one link away.
const LONGEST: usize = 1_800;

/// How far a text binds, marked so that no commitment is taken for law.
pub(crate) fn force(force: Force) -> Markup {
    html! { span class={ "force " (force.word()) } { (force.said()) } }
}

/// `4(1) to 4(3)`, as people write it.
pub(crate) fn span(citation: &Citation) -> String {
    match (&citation.passage, &citation.to) {
        (None, _) => String::new(),
        (Some(first), None) => first.clone(),
        (Some(first), Some(last)) => format!("{first} to {last}"),
    }
}

/// Citations that follow each other and are of one source stand together.
pub(crate) fn passages(page: Page<'_>, citations: &[Citation]) -> Markup {
    html! {
        @for together in citations.chunk_by(|one, next| one.source == next.source) { (of_source(page, together)) }
    }
}

/// Cited passages of one source.
fn of_source(page: Page<'_>, citations: &[Citation]) -> Markup {
    let name = citations.first().map_or("", |citation| citation.source.as_str());
    let Some(source) = page.shelf.pack.sources.get(name) else {
        return html! { p { code { (name) } } };
    };
    html! {
        figure.passage {
            figcaption {
                p.source { (page.link_to(name, &source.title)) }
                p.facts {
                    (force(source.force))
                    @if let Some(issuer) = &source.issuer { span { (issuer) } }
                    @if let Some(day) = &source.in_force_from { span { "in force from " (day) } }
                }
            }
            @for citation in citations { (passage(page, citation)) }
            (official(source))
        }
    }
}

fn passage(page: Page<'_>, citation: &Citation) -> Markup {
    let place = citation.passage.as_ref().and_then(|name| page.shelf.address.passage(&citation.source, name));
    html! {
        @if let Some(first) = &citation.passage {
            p.where {
                "Passage "
                @match &place {
                    Some(target) => a href=(page.href(target)) { (span(citation)) },
                    None => (span(citation)),
                }
                @if let Some(number) = original_page(page, citation, first) { ", page " (number) }
            }
            (words(page, citation, first))
        } @else {
            p.where { "The document as a whole" }
        }
        @if let Some(quoted) = &citation.quotation {
            p.quoted { "The rule rests on the words " q { (quoted) } "." }
        }
    }
}

/// The official wording, where it can be reached. An address of another kind than a web page is shown and not linked.
pub(crate) fn official(source: &Source) -> Markup {
    html! {
        @if let Some(link) = &source.link {
            p.official {
                @if link.starts_with("https://") || link.starts_with("http://") {
                    a href=(link) rel="external noreferrer" { "Official wording" }
                } @else {
                    "Official wording: " (link)
                }
            }
        }
    }
}

fn original_page(page: Page<'_>, citation: &Citation, first: &str) -> Option<u32> {
    let read = page.shelf.documents.get(&citation.source).and_then(|document| document.passages.get(first)?.page);
    let kept = || page.shelf.pack.sources.get(&citation.source)?.passages.get(first)?.page;
    read.or_else(kept)
}

/// The words of a passage or span: of the document where it is at hand, else those kept in the pack.
fn words(page: Page<'_>, citation: &Citation, first: &str) -> Markup {
    let lines = match page.shelf.documents.get(&citation.source) {
        Some(document) => lines(document, first, citation.to.as_deref()),
        None => kept(page, citation, first),
    };
    if lines.is_empty() {
        return html! { p.quiet { "The words of this passage are not at hand." } };
    }
    let mut left = LONGEST;
    let shown: Vec<&Line> = lines
        .iter()
        .take_while(|line| {
            let fits = left > 0;
            left = left.saturating_sub(line.text.len());
            fits
        })
        .collect();
    html! {
        blockquote {
            @for line in &shown { p.heading[line.heading] { (line.text) } }
        }
        @if shown.len() < lines.len() {
            p.quiet { "The passage goes on for " (crate::frame::number(lines.len() - shown.len(), "paragraph", "paragraphs")) " more." }
        }
    }
}

struct Line {
    text: String,
    heading: bool,
}

fn lines(document: &Document, first: &str, last: Option<&str>) -> Vec<Line> {
    let Some(from) = document.passages.get(first).map(|passage| passage.block) else { return Vec::new() };
    let last = last.and_then(|last| document.passages.get(last)).map_or(from, |passage| passage.block);
    let end = document.blocks.get(last).map_or(from, |block| block.end);
    let inside = document.blocks.get(from..end).unwrap_or_default();
    let line = |block: &mandate_documents::Block| Line {
        text: block.text.clone(),
        heading: matches!(block.kind, BlockKind::Heading(_)),
    };
    inside.iter().map(line).collect()
}

fn kept(page: Page<'_>, citation: &Citation, first: &str) -> Vec<Line> {
    let Some(source) = page.shelf.pack.sources.get(&citation.source) else { return Vec::new() };
    let named = std::iter::once(first).chain(citation.to.as_deref());
    let texts = named.filter_map(|name| source.passages.get(name)).flat_map(|passage| passage.text.lines());
    texts.map(|text| Line { text: text.to_owned(), heading: false }).collect()
}

/// A passage named in running text: `Convention, 4(1)`.
pub(crate) fn brief(page: Page<'_>, citation: &Citation) -> Markup {
    let title = page.shelf.pack.sources.get(&citation.source).map_or(citation.source.as_str(), |s| s.title.as_str());
    let place = citation.passage.as_ref().and_then(|name| page.shelf.address.passage(&citation.source, name));
    let words = match &citation.passage {
        Some(_) => format!("{title}, {}", span(citation)),
        None => title.to_owned(),
    };
    html! {
        @match place.or_else(|| page.shelf.address.of(&citation.source)) {
            Some(target) => a href=(page.href(&target)) { (words) },
            None => (words),
        }
    }
}
