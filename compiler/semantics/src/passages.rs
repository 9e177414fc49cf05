//! Passage files: Markdown whose headings and paragraphs carry names, `{#4(1)}`.

use crate::db::Document;
use mandate_diagnostics::Span;
use std::collections::BTreeMap;

/// A named passage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// Its words, without marks: a line for each heading, paragraph or item, white space normalised.
    pub text: String,
    /// Its lines.
    pub span: Span,
    /// Line on which it starts, from 1.
    pub line: u32,
    /// Position among the passages.
    pub order: usize,
}

/// The passages of a document, by name.
#[salsa::tracked]
pub fn passages(db: &dyn salsa::Database, document: Document) -> BTreeMap<String, Passage> {
    split(document.text(db))
}

/// Names that stand twice in a document, with both lines.
#[salsa::tracked]
pub(crate) fn repeated(db: &dyn salsa::Database, document: Document) -> Vec<(String, u32, u32)> {
    let mut first: BTreeMap<&str, u32> = BTreeMap::new();
    let mut twice = Vec::new();
    for block in blocks(document.text(db)) {
        let Some(name) = block.name else { continue };
        match first.get(name) {
            Some(line) => twice.push((name.to_owned(), *line, block.line)),
            None => {
                first.insert(name, block.line);
            }
        }
    }
    twice
}

/// One block of Markdown: a heading, or lines up to a blank line, a heading or the next list item.
struct Block<'t> {
    /// Heading level, 0 for a paragraph.
    level: usize,
    name: Option<&'t str>,
    text: String,
    span: Span,
    line: u32,
}

fn split(text: &str) -> BTreeMap<String, Passage> {
    let blocks = blocks(text);
    let mut all = BTreeMap::new();
    for (i, block) in blocks.iter().enumerate() {
        let Some(name) = block.name else { continue };
        let mut words = normalised(&block.text);
        let mut span = block.span;
        if block.level > 0 {
            for inner in blocks[i + 1..].iter().take_while(|b| b.level == 0 || b.level > block.level) {
                words.push('\n');
                words.push_str(&normalised(&inner.text));
                span = span.to(inner.span);
            }
        }
        all.entry(name.to_owned()).or_insert(Passage { text: words, span, line: block.line, order: i });
    }
    all
}

fn normalised(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut open = false;
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let end = start + line.len();
        let bare = line.trim();
        let span = Span::new(start as u32, (start + line.trim_end().len()) as u32);
        start = end;
        if bare.is_empty() {
            open = false;
            continue;
        }
        let level = bare.bytes().take_while(|b| *b == b'#').count();
        let heading = level > 0 && bare.as_bytes().get(level) == Some(&b' ');
        let (words, name) = named(bare);
        let words = if heading { words.trim_start_matches('#') } else { words };
        if heading || !open || starts_item(bare) {
            let level = if heading { level } else { 0 };
            blocks.push(Block { level, name, text: words.trim().to_owned(), span, line: number as u32 + 1 });
            open = !heading;
        } else if let Some(block) = blocks.last_mut() {
            block.text.push(' ');
            block.text.push_str(words.trim());
            block.span = block.span.to(span);
            block.name = block.name.or(name);
        }
    }
    blocks
}

/// The line without a `{#name}` at its end, and the name.
fn named(line: &str) -> (&str, Option<&str>) {
    let Some(before) = line.strip_suffix('}') else { return (line, None) };
    match before.rsplit_once("{#") {
        Some((words, name)) if !name.is_empty() && !name.contains(char::is_whitespace) => (words, Some(name)),
        _ => (line, None),
    }
}

/// `- `, `* `, `1. `, `a) `, `(iv) `: the line starts a list item. A short word before a full stop does not.
fn starts_item(line: &str) -> bool {
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

/// Words as quotations are compared: quotation marks, dashes and white space made alike, case kept.
pub fn comparable(text: &str) -> String {
    let alike: String = text
        .chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{2032}' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            c => c,
        })
        .filter(|c| *c != '\u{ad}')
        .collect();
    alike.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_names_everything_below_it_and_an_item_only_itself() {
        let text =
            "# T\n\n## Article 4 {#4}\n\n1. Respect\n   it. {#4(1)}\n2. Waive. {#4(2)}\n\n## Article 5 {#5}\nNext.\n";
        let all = split(text);
        assert_eq!(all["4"].text, "Article 4\n1. Respect it.\n2. Waive.");
        assert_eq!(all["4(1)"].text, "1. Respect it.");
        assert_eq!(all["4(2)"].line, 7);
        assert_eq!(all["5"].text, "Article 5\nNext.");
    }
}
