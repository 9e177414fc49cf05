//! Passages of documents: where their names stand, and who cites them.

use crate::meant::Meant;
use mandate_diagnostics::Span;
use mandate_documents::Document;
use mandate_semantics::{Place, Snapshot, Target};
use std::sync::Arc;

/// The passage at a byte of a document, or the one that a link there leads to; the words are the name in braces, the link, or the first line.
pub(crate) fn meant(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Meant> {
    let text = snapshot.text(path)?;
    let document = snapshot.passage_file(path)?;
    let link = links(&text).into_iter().find(|(span, _)| span.touches(offset));
    if let Some((span, name)) = link.filter(|(_, name)| document.passages.contains_key(*name)) {
        return Some(Meant { span, targets: targets(snapshot, path, name) });
    }
    let name = document.passage_at(offset)?;
    let passage = document.passages.get(name)?;
    let named = anchor(&text, document, name).filter(|span| span.touches(offset));
    let line = first_line(&text, passage.span);
    Some(Meant { span: named.unwrap_or(line), targets: targets(snapshot, path, name) })
}

/// A passage of a document, as each source cites it that has the document.
pub(crate) fn targets(snapshot: &Snapshot, document: &str, passage: &str) -> Vec<Target> {
    let sources = snapshot.sources_of(document);
    let target = |(file, source)| Target::Passage { file, source, passage: Arc::from(passage) };
    sources.into_iter().map(target).collect()
}

/// The first line of a span.
pub(crate) fn first_line(text: &str, span: Span) -> Span {
    let words = text.get(span.range()).unwrap_or("");
    let line = words.lines().next().unwrap_or("").trim_end();
    Span::new(span.start, span.start + line.len() as u32)
}

/// Where the name of a passage stands in its document: the name alone, without braces and mark.
pub(crate) fn anchor(text: &str, document: &Document, name: &str) -> Option<Span> {
    let block = document.blocks.get(document.passages.get(name)?.block)?;
    let words = text.get(block.span.range())?;
    let written = format!("{{#{name}}}");
    let mut start = block.span.start;
    for line in words.split_inclusive('\n') {
        if let Some(before) = line.trim_end().strip_suffix(&written) {
            let at = start + before.len() as u32 + 2;
            return Some(Span::new(at, at + name.len() as u32));
        }
        start += line.len() as u32;
    }
    None
}

/// Links of a text to passages of the same text, `[words](#name)`: where the name stands, and the name.
pub(crate) fn links(text: &str) -> Vec<(Span, &str)> {
    let mut found = Vec::new();
    for (at, open) in text.match_indices("](#") {
        let start = at + open.len();
        let Some(name) = link_target(&text[start..]) else { continue };
        found.push((Span::new(start as u32, (start + name.len()) as u32), name));
    }
    found
}

/// What stands before the parenthesis that ends a link; a name such as `4(1)` has parentheses of its own.
pub(crate) fn link_target(rest: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return (at > 0).then(|| &rest[..at]),
            ')' => depth -= 1,
            c if c.is_whitespace() => return None,
            _ => {}
        }
    }
    None
}

/// A citation of one passage or of a span of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cites {
    /// From the first passage to the last.
    pub(crate) place: Place,
    /// The passage, or the first one.
    pub(crate) first: Arc<str>,
    /// The last one of a span.
    pub(crate) last: Option<Arc<str>>,
}

/// Every citation of passages of a document, through each source that has it.
pub(crate) fn citations(snapshot: &Snapshot, document: &str) -> Vec<Cites> {
    let mut all: Vec<Cites> = Vec::new();
    for (file, source) in snapshot.sources_of(document) {
        let mut text: Option<(Arc<str>, Arc<str>)> = None;
        for (place, passage) in snapshot.citations_of(&file, &source) {
            if text.as_ref().is_none_or(|(path, _)| *path != place.path) {
                text = snapshot.text(&place.path).map(|text| (place.path.clone(), text));
            }
            // `#4 .. #6` is one citation.
            if let (Some(before), Some((_, text))) = (all.last_mut(), &text)
                && before.last.is_none()
                && before.place.path == place.path
                && text
                    .get(before.place.span.end as usize..place.span.start as usize)
                    .is_some_and(|between| between.trim() == "..")
            {
                before.place.span = before.place.span.to(place.span);
                before.last = Some(passage);
                continue;
            }
            all.push(Cites { place, first: passage, last: None });
        }
    }
    all
}

/// How a citation stands to a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carries {
    /// It names the passage, alone or as an end of a span.
    Named,
    /// The passage is part of what is cited: inside a span, or below a cited heading.
    Part,
    /// It cites a part of the passage.
    Within,
}

/// Whether a citation and a passage have words in common; `None` if not, and where the document knows one of them not.
pub(crate) fn carries(document: &Document, cites: &Cites, passage: &str) -> Option<Carries> {
    if *cites.first == *passage || cites.last.as_deref() == Some(passage) {
        return Some(Carries::Named);
    }
    let reach = |name: &str| {
        let at = document.passages.get(name)?.block;
        Some((at, document.blocks.get(at)?.end))
    };
    let wanted = reach(passage)?;
    let first = reach(&cites.first)?;
    let last = cites.last.as_deref().map_or(Some(first), reach)?;
    let cited = (first.0, last.1);
    if cited.0 <= wanted.0 && wanted.1 <= cited.1 {
        Some(Carries::Part)
    } else if wanted.0 <= cited.0 && cited.1 <= wanted.1 {
        Some(Carries::Within)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_passage_is_found_behind_its_words() {
        let text = "# T\n\nOne line\nand another. {#4(1)}\n\nNo name, though {#4(1)} stands here.\n";
        let document = Document::read(text);
        let span = anchor(text, &document, "4(1)").expect("it is named");
        assert_eq!((&text[span.range()], span.start), ("4(1)", 29));
        assert_eq!(anchor(text, &document, "5"), None);
    }

    #[test]
    fn links_end_where_their_parenthesis_closes() {
        let text = "See [article 4](#4(1)), [five](#5) and [nothing](#not closed";
        let found: Vec<&str> = links(text).into_iter().map(|(_, name)| name).collect();
        assert_eq!(found, ["4(1)", "5"]);
    }
}
