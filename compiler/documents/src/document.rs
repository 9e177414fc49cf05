//! Reading a passage file.

use crate::comparable::squeezed;
use mandate_diagnostics::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A passage file, read. Reading never fails: what is no heading, item or comment is a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// What the lines at the top say.
    pub front: Front,
    /// Its headings, paragraphs and items, in order.
    pub blocks: Vec<Block>,
    /// The named ones, by name; of a name that stands twice the first.
    pub passages: BTreeMap<String, Passage>,
}

/// What is known of the document as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Front {
    /// Its title.
    pub title: Option<String>,
    /// Name of the file it was imported from, without directories.
    pub imported_from: Option<String>,
    /// Form of that file: `markdown`, `html`, `text`, `pdf`, `docx`, `akn`.
    pub format: Option<String>,
    /// SHA-256 of that file's bytes, in hexadecimal.
    pub sha256: Option<String>,
    /// Number of its pages.
    pub pages: Option<u32>,
    /// Anchors whose passages are gone; never given again.
    pub retired: BTreeSet<String>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading, with its level from 1.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list, with how deep it is indented, from 0.
    Item(u8),
}

/// A heading, a paragraph or a list item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its anchor.
    pub name: Option<String>,
    /// Its own words on one line: no mark of heading or bullet, a number or letter (`2.`, `(a)`) as it stands.
    pub text: String,
    /// Its lines.
    pub span: Span,
    /// Line on which it starts, from 1.
    pub line: u32,
    /// Page of the original on which it starts.
    pub page: Option<u32>,
    /// The heading it stands below, as a place among the blocks.
    pub heading: Option<usize>,
    /// Place behind its last block: a heading reaches to the next one of its level or higher.
    pub end: usize,
}

/// A named passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its words, without marks: a line for each heading, paragraph or item, white space normalised.
    pub text: String,
    /// Its lines.
    pub span: Span,
    /// Line on which it starts, from 1.
    pub line: u32,
    /// Page of the original on which it starts.
    pub page: Option<u32>,
    /// Its place among the blocks.
    pub block: usize,
}

impl Document {
    /// Reads a passage file.
    pub fn read(text: &str) -> Document {
        let (front, from) = front(text);
        let mut blocks = blocks(text, from);
        nest(&mut blocks);
        let mut passages = BTreeMap::new();
        for (place, block) in blocks.iter().enumerate() {
            let Some(name) = &block.name else { continue };
            let all = &blocks[place..block.end];
            let text = all.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n");
            let span = all.iter().fold(block.span, |span, b| span.to(b.span));
            let passage = Passage { text, span, line: block.line, page: block.page, block: place };
            passages.entry(name.clone()).or_insert(passage);
        }
        Document { front, blocks, passages }
    }

    /// Names that stand twice, with both lines.
    pub fn repeated(&self) -> Vec<(&str, u32, u32)> {
        let named = self.blocks.iter().filter_map(|block| Some((block.name.as_deref()?, block.line)));
        named
            .filter_map(|(name, line)| {
                let first = self.passages.get(name).map(|passage| passage.line)?;
                (first != line).then_some((name, first, line))
            })
            .collect()
    }

    /// The words from one passage to another, both included; empty if either is missing or they stand the other way round.
    pub fn text_between(&self, first: &str, last: &str) -> String {
        let (Some(first), Some(last)) = (self.passages.get(first), self.passages.get(last)) else {
            return String::new();
        };
        let end = self.blocks.get(last.block).map_or(0, |block| block.end);
        let inside = self.blocks.get(first.block..end).unwrap_or_default();
        inside.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n")
    }

    /// The named passages that begin between two passages, both included, in order; only the first one where `last` is missing.
    pub fn names_between(&self, first: &str, last: Option<&str>) -> Vec<&str> {
        let Some(from) = self.passages.get(first).map(|passage| passage.block) else { return Vec::new() };
        let to = last.and_then(|last| self.passages.get(last)).map_or(from, |passage| passage.block);
        let blocks = self.blocks.get(from..=to).unwrap_or_default();
        blocks.iter().filter_map(|block| block.name.as_deref()).collect()
    }

    /// The innermost named block whose lines hold a byte of the file.
    pub fn passage_at(&self, offset: u32) -> Option<&str> {
        let named = self.passages.iter().filter(|(_, passage)| passage.span.touches(offset));
        named.min_by_key(|(_, passage)| passage.span.end - passage.span.start).map(|(name, _)| name.as_str())
    }

    /// The passages around a passage, nearest first: the named headings it stands below.
    pub fn around(&self, name: &str) -> Vec<&str> {
        let mut around = Vec::new();
        let mut at = self.passages.get(name).and_then(|passage| self.blocks[passage.block].heading);
        while let Some(block) = at.and_then(|at| self.blocks.get(at)) {
            around.extend(block.name.as_deref());
            at = block.heading;
        }
        around
    }
}

/// The lines between `---` at the top, and where the text behind them begins.
fn front(text: &str) -> (Front, usize) {
    let mut front = Front::default();
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else { return (front, 0) };
    let mut at = first.len();
    let mut said = Vec::new();
    for line in lines {
        at += line.len();
        if line.trim_end() == "---" {
            for (key, value) in said {
                front.set(key, value);
            }
            return (front, at);
        }
        said.extend(line.split_once(':').map(|(key, value)| (key.trim(), value.trim())));
    }
    // Never closed: it is a line between paragraphs.
    (front, 0)
}

impl Front {
    fn set(&mut self, key: &str, value: &str) {
        let text = || (!value.is_empty()).then(|| value.to_owned());
        match key {
            "title" => self.title = text(),
            "imported from" => self.imported_from = text(),
            "format" => self.format = text(),
            "sha256" => self.sha256 = text(),
            "pages" => self.pages = value.parse().ok(),
            "retired" => {
                let names = value.split(',').map(str::trim).filter(|name| !name.is_empty());
                self.retired = names.map(str::to_owned).collect();
            }
            // Other tools keep keys of their own there.
            _ => {}
        }
    }
}

fn blocks(text: &str, from: usize) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    let mut page = None;
    let mut start = from;
    let before = text[..from].matches('\n').count() as u32;
    for (line, number) in text[from..].split_inclusive('\n').zip(before + 1..) {
        let end = start + line.len();
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let bare = line.trim();
        let span = Span::new(start as u32, (start + line.trim_end().len()) as u32);
        start = end;
        if bare.is_empty() {
            open = false;
            continue;
        }
        if let Some(comment) = bare.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
            page = comment.trim().strip_prefix("page ").and_then(|n| n.trim().parse().ok()).or(page);
            open = false;
            continue;
        }
        let level = bare.bytes().take_while(|b| *b == b'#').count();
        let heading = (1..=9).contains(&level) && bare.as_bytes().get(level) == Some(&b' ');
        let (words, name) = named(bare);
        if heading || !open || starts_item(bare) {
            let (kind, words) = if heading {
                (BlockKind::Heading(level as u8), words.trim_start_matches('#'))
            } else if starts_item(bare) {
                (BlockKind::Item((indent / 2).min(9) as u8), without_bullet(words))
            } else {
                (BlockKind::Paragraph, words)
            };
            let name = name.map(str::to_owned);
            let text = unescaped(&squeezed(words));
            blocks.push(Block { kind, name, text, span, line: number, page, heading: None, end: 0 });
            open = !heading;
        } else if let Some(block) = blocks.last_mut() {
            let words = unescaped(&squeezed(words));
            if !words.is_empty() {
                block.text.push(' ');
                block.text.push_str(&words);
            }
            block.span = block.span.to(span);
            if block.name.is_none() {
                block.name = name.map(str::to_owned);
            }
        }
    }
    blocks
}

/// Fills in under which heading each block stands, and how far it reaches.
pub(crate) fn nest(blocks: &mut [Block]) {
    let count = blocks.len();
    // Headings that are still open, outermost first.
    let mut open: Vec<(u8, usize)> = Vec::new();
    for place in 0..count {
        let level = match blocks[place].kind {
            BlockKind::Heading(level) => Some(level),
            BlockKind::Paragraph | BlockKind::Item(_) => None,
        };
        while let Some((_, closed)) = open.pop_if(|(outer, _)| level.is_some_and(|level| *outer >= level)) {
            blocks[closed].end = place;
        }
        blocks[place].heading = open.last().map(|(_, heading)| *heading);
        match level {
            Some(level) => open.push((level, place)),
            None => blocks[place].end = place + 1,
        }
    }
    for (_, place) in open {
        blocks[place].end = count;
    }
}

/// The line without a `{#name}` at its end, and the name.
fn named(line: &str) -> (&str, Option<&str>) {
    let Some(before) = line.strip_suffix('}') else { return (line, None) };
    match before.rsplit_once("{#") {
        Some((words, _)) if words.ends_with('\\') => (line, None),
        Some((words, name)) if !name.is_empty() && !name.contains(char::is_whitespace) => (words, Some(name)),
        _ => (line, None),
    }
}

/// `- `, `* `, `1. `, `a) `, `(iv) `: the line starts a list item. A short word before a full stop does not.
pub(crate) fn starts_item(line: &str) -> bool {
    let Some((mark, _)) = line.split_once(' ') else { return false };
    if let Some(inner) = mark.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return is_number(inner) || inner.chars().all(|c| "ivx".contains(c)) && (1..=5).contains(&inner.len());
    }
    matches!(mark, "-" | "*" | "+") || mark.strip_suffix(['.', ')']).is_some_and(is_number)
}

/// `12`, `a`.
fn is_number(text: &str) -> bool {
    let digits = (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits || (text.len() == 1 && text.bytes().all(|b| b.is_ascii_alphabetic()))
}

fn without_bullet(words: &str) -> &str {
    ["- ", "* ", "+ "].iter().find_map(|mark| words.strip_prefix(mark)).unwrap_or(words)
}

/// Takes the backslashes away that [`crate::write()`] puts before what would otherwise be a mark.
fn unescaped(words: &str) -> String {
    let rest = match words.find('\\') {
        None => return words.to_owned(),
        Some(at) if at <= 4 && starts_marked(words, at) => [&words[..at], &words[at + 1..]].concat(),
        Some(_) => words.to_owned(),
    };
    rest.replace("\\{#", "{#")
}

/// Whether a backslash at a byte stands where a mark would begin or end.
fn starts_marked(words: &str, at: usize) -> bool {
    let next = words[at + 1..].chars().next();
    if at == 0 {
        return next.is_some_and(|c| c.is_ascii_punctuation());
    }
    let number = words[..at].trim_start_matches('(');
    matches!(next, Some('.' | ')')) && number.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_everything_below_it_and_an_item_only_itself() {
        let text =
            "# T\n\n## Article 4 {#4}\n\n1. Respect\n   it. {#4(1)}\n2. Waive. {#4(2)}\n\n## Article 5 {#5}\nNext.\n";
        let all = Document::read(text).passages;
        assert_eq!(all["4"].text, "Article 4\n1. Respect it.\n2. Waive.");
        assert_eq!(all["4(1)"].text, "1. Respect it.");
        assert_eq!(all["4(2)"].line, 7);
        assert_eq!(all["5"].text, "Article 5\nNext.");
    }

    #[test]
    fn the_top_says_where_it_came_from_and_comments_which_page_it_is() {
        let text = "---\ntitle: Order 7\npages: 3\nretired: a.p1, a.p2\nowner: x\n---\n\n<!-- page 2 -->\n\n# Order {#order}\n\nDo it. {#order.p1}\n<!-- page 3 -->\n- one {#order.i1}\n";
        let read = Document::read(text);
        assert_eq!(read.front.title.as_deref(), Some("Order 7"));
        assert_eq!((read.front.pages, read.front.retired.len()), (Some(3), 2));
        assert_eq!((read.passages["order.p1"].page, read.passages["order.p1"].line), (Some(2), 12));
        assert_eq!((read.passages["order.i1"].page, read.passages["order.i1"].text.as_str()), (Some(3), "one"));
        assert_eq!(read.around("order.i1"), ["order"]);
    }

    #[test]
    fn words_that_look_like_marks_are_words_behind_a_backslash() {
        let read =
            Document::read("\\# one {#a}\n\n1\\. two {#b}\n\nthree \\{#c}\n\nfour \\ five {#d}\n\n(a\\) six {#e}\n");
        let words: Vec<&str> = read.blocks.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(words, ["# one", "1. two", "three {#c}", "four \\ five", "(a) six"]);
        assert!(read.blocks.iter().all(|block| block.kind == BlockKind::Paragraph));
    }

    #[test]
    fn a_name_given_twice_is_known_with_both_lines() {
        assert_eq!(Document::read("a {#x}\n\nb {#x}\n").repeated(), [("x", 1, 3)]);
    }
}
