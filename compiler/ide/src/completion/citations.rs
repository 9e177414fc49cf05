//! Passages of a cited document, and words out of them between the quotation marks.

use super::{About, Offer, Shape};
use mandate_diagnostics::Span;
use mandate_documents::{BlockKind, Document};
use mandate_semantics::{Kind, Named, Target};
use mandate_syntax::ast::{Citation, ClauseKind, DeclKind};
use mandate_syntax::token::{Kind as Token, Token as Word};
use mandate_syntax::words::Keyword;

/// A sentence is offered up to this many letters; of a longer one its beginning.
const LONGEST: usize = 400;

impl Offer<'_> {
    /// Passages behind `#`, those that no rule carries yet first, each in the order of the document.
    pub(super) fn passages(&mut self, name: Span) {
        let Some(source) = self.source_before() else { return };
        let Some(document) = self.snapshot.document(&source) else { return };
        let carried = self.snapshot.passages_cited(self.path);
        for (at, block) in document.blocks.iter().enumerate() {
            let Some(passage) = &block.name else { continue };
            // Of a name that stands twice the first counts.
            if document.passages.get(passage).is_none_or(|known| known.block != at) {
                continue;
            }
            let is_carried = carried.contains(&(source.name.to_string(), passage.clone()));
            let mut item = self.item(passage, Shape::Passage, at as u32 + if is_carried { 100_000 } else { 0 });
            item.label = format!("#{passage}");
            item.filter = Some(passage.clone());
            item.inserted = Span::new(name.start, self.context.offset.max(name.start));
            item.replaced = name;
            item.detail = heading(document, at);
            item.signature = if is_carried { " (carried)".to_owned() } else { String::new() };
            item.about = Some(About::Target(Target::Passage {
                file: source.file.clone(),
                source: source.name.clone(),
                passage: passage.as_str().into(),
            }));
            self.push(item);
        }
    }

    /// The source whose passage is being named: before the `#`, before the first passage of a span, or the one that is declared here.
    fn source_before(&self) -> Option<Named> {
        let context = self.context;
        if context.declaration == Keyword::Source {
            let name = context.before.get(1).map(|token| context.written(*token))?;
            return self.snapshot.find(self.path, &[name]);
        }
        let mut back = 0;
        // `a#4 .. #6`
        if context.last(0).is_some_and(|last| last.kind == Token::DotDot)
            && context.last(1).is_some_and(|last| last.kind == Token::Passage)
        {
            back = 2;
        }
        let (path, _) = context.path_before(back)?;
        self.snapshot.find(self.path, &path).filter(|named| named.kind == Kind::Source)
    }

    /// Inside quotation marks: words of the cited passage, or the file of a source.
    pub(super) fn quoted(&mut self, inside: Span, closed: bool) {
        match self.context.keyword(0) {
            Keyword::Document if self.context.declaration == Keyword::Source => self.files(inside, closed),
            Keyword::Reads => self.read_words(inside, closed),
            _ if self.is_citation() => {
                if let Some((source, cited)) = self.citation_before() {
                    self.quotations(&source, &cited, inside, closed);
                }
            }
            _ => {}
        }
    }

    fn files(&mut self, inside: Span, closed: bool) {
        for file in self.snapshot.passage_files(self.path) {
            self.text(&file, &file, inside, closed, 0, Shape::File);
        }
    }

    /// Whether the text stands behind a citation that quotes.
    fn is_citation(&self) -> bool {
        let context = self.context;
        let cites = context.entry_word() == Keyword::Cites || context.entry_has(Keyword::Under);
        cites && context.last(0).is_some_and(|last| last.kind == Token::Passage || last.kind.is_word())
    }

    /// The source and the passages before the text.
    fn citation_before(&self) -> Option<(Named, Vec<String>)> {
        let context = self.context;
        let name = |token: Word| context.written(token).trim_start_matches('#').to_owned();
        let passage = |back: usize| context.last(back).filter(|token| token.kind == Token::Passage).map(name);
        let (cited, back) = match (passage(0), context.last(1), passage(2)) {
            (Some(last), Some(range), Some(first)) if range.kind == Token::DotDot => (vec![first, last], 3),
            (Some(only), ..) => (vec![only], 1),
            (None, ..) => (Vec::new(), 0),
        };
        let (path, _) = context.path_before(back)?;
        let source = self.snapshot.find(self.path, &path).filter(|named| named.kind == Kind::Source)?;
        Some((source, cited))
    }

    /// `reads "..."`: words of any passage that the rule cites.
    fn read_words(&mut self, inside: Span, closed: bool) {
        let Some(tree) = self.snapshot.syntax(self.path) else { return };
        let here = tree.items.iter().find(|item| item.offset == self.context.start);
        let Some(DeclKind::Rule(rule)) = here.map(|item| &item.decl.kind) else { return };
        let citations: Vec<&Citation> = rule
            .clauses
            .iter()
            .filter_map(|clause| match &clause.kind {
                ClauseKind::Cites(citations) => Some(citations),
                _ => None,
            })
            .flatten()
            .collect();
        for citation in citations {
            let path: Vec<&str> = citation.source.segments.iter().map(|segment| segment.text.as_str()).collect();
            let Some(source) = self.snapshot.find(self.path, &path) else { continue };
            let cited: Vec<String> =
                citation.passage.iter().chain(&citation.to).map(|passage| passage.text.clone()).collect();
            self.quotations(&source, &cited, inside, closed);
        }
    }

    /// The sentences of a passage that go on with what is typed.
    fn quotations(&mut self, source: &Named, cited: &[String], inside: Span, closed: bool) {
        let Some(document) = self.snapshot.document(source) else { return };
        let words = match cited {
            [] => document.blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n"),
            [only] => document.passages.get(only).map(|passage| passage.text.clone()).unwrap_or_default(),
            [first, .., last] => document.text_between(first, last),
        };
        let typed = self.context.text.get(inside.start as usize..self.context.offset as usize).unwrap_or("");
        for (rank, words) in continuations(&words, typed).into_iter().enumerate() {
            self.text(&words, &words, inside, closed, rank as u32, Shape::Passage);
        }
    }

    /// A text for the inside of the quotation marks, which are closed if they are not.
    fn text(&mut self, label: &str, words: &str, inside: Span, closed: bool, rank: u32, shape: Shape) {
        let mut item = self.item(label, shape, rank);
        let written = words.replace('\\', "\\\\").replace('"', "\\\"");
        item.insert = if closed { written.clone() } else { format!("{written}\"") };
        item.filter = Some(written);
        item.inserted = Span::new(inside.start, self.context.offset.clamp(inside.start, inside.end));
        item.replaced = inside;
        self.push(item);
    }
}

/// The heading above a passage, or its own words where it is one.
fn heading(document: &Document, at: usize) -> String {
    let Some(block) = document.blocks.get(at) else { return String::new() };
    let own = |text: &str| text.chars().take(80).collect::<String>();
    match block.kind {
        BlockKind::Heading(_) => own(&block.text),
        BlockKind::Paragraph | BlockKind::Item(_) => {
            let above = block.heading.and_then(|above| document.blocks.get(above));
            above.map_or_else(|| own(&block.text), |above| own(&above.text))
        }
    }
}

/// Pieces of a passage that go on with what is typed: to the end of a sentence, and to the end of its part. Whole sentences where nothing is
/// typed. Each is written as it stands there.
fn continuations(words: &str, typed: &str) -> Vec<String> {
    let typed: Vec<char> = typed.chars().flat_map(char::to_lowercase).collect();
    let mut found: Vec<String> = Vec::new();
    let mut add = |piece: &str| {
        let piece: String = piece.trim().chars().take(LONGEST).collect();
        if !piece.is_empty() && !found.contains(&piece) && piece.chars().count() > typed.len() {
            found.push(piece);
        }
    };
    for line in words.lines() {
        for sentence in sentences(line) {
            if typed.is_empty() {
                add(sentence);
                continue;
            }
            let places = sentence.char_indices().map(|(at, _)| at).filter(|at| {
                let inside = sentence[..*at].chars().next_back().is_some_and(char::is_alphanumeric);
                !inside && starts_with(&sentence[*at..], &typed)
            });
            for at in places.collect::<Vec<_>>() {
                let rest = &sentence[at..];
                add(rest);
                // Up to the next comma or semicolon behind what is typed.
                let behind: usize = rest.chars().take(typed.len()).map(char::len_utf8).sum();
                if let Some(end) = rest.get(behind..).and_then(|tail| tail.find([',', ';', ':'])) {
                    add(&rest[..behind + end]);
                }
            }
        }
    }
    found
}

fn starts_with(text: &str, typed: &[char]) -> bool {
    let mut letters = text.chars().flat_map(char::to_lowercase);
    typed.iter().all(|wanted| letters.next() == Some(*wanted))
}

/// The sentences of a line: a full stop ends one where a blank and a capital follow.
fn sentences(line: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut start = 0;
    let letters: Vec<(usize, char)> = line.char_indices().collect();
    for (place, (at, letter)) in letters.iter().enumerate() {
        let next = |further: usize| letters.get(place + further).map(|(_, letter)| *letter);
        if matches!(letter, '.' | '!' | '?')
            && next(1).is_some_and(char::is_whitespace)
            && next(2).is_none_or(char::is_uppercase)
        {
            all.push(&line[start..at + letter.len_utf8()]);
            start = at + letter.len_utf8();
        }
    }
    all.push(&line[start..]);
    all.retain(|sentence| !sentence.trim().is_empty());
    all
}
