//! A text prepared for showing: harmless to a terminal, with the lines and columns of [`LineIndex`].

use mandate_diagnostics::{LineIndex, Span};
use std::ops::Range;

/// Lines longer than this many characters are not drawn: they are data or an export, and the frame around them would
/// fill the screen.
const MAX_LINE: usize = 1_000;

/// A text that can be drawn.
pub(crate) struct Source {
    /// As long in bytes and characters as the original, line by line, plus at most one blank at the end.
    pub(crate) drawn: ariadne::Source<String>,
    text: String,
    index: LineIndex,
    /// Characters before each line.
    offsets: Vec<usize>,
}

impl Source {
    pub(crate) fn new(original: &str) -> Self {
        let mut text: String = harmless(original);
        // The place after the last line end is a line of its own for people and editors; ariadne needs something on it.
        if text.is_empty() || text.ends_with('\n') {
            text.push(' ');
        }
        let index = LineIndex::new(&text);
        let mut offsets = Vec::with_capacity(index.len());
        let mut characters = 0;
        for line in text.split_inclusive('\n') {
            offsets.push(characters);
            characters += line.chars().count();
        }
        let drawn = ariadne::Source::from(text.clone());
        Self { drawn, text, index, offsets }
    }

    /// The characters of a span, whatever the span: inside the text, on character boundaries, never inverted.
    pub(crate) fn characters(&self, span: Span) -> Range<usize> {
        let start = self.character(span.start.min(span.end));
        start..self.character(span.end).max(start)
    }

    /// Whether the lines at both ends of the span are short enough to be drawn.
    pub(crate) fn drawable(&self, span: Span) -> bool {
        [span.start.min(span.end), span.end].into_iter().all(|offset| self.line_length(offset) <= MAX_LINE)
    }

    fn line_length(&self, offset: u32) -> usize {
        let line = self.index.line(offset.min(self.end()));
        let end = self.offsets.get(line + 1).copied().unwrap_or(self.drawn.len());
        end - self.offsets.get(line).copied().unwrap_or_default()
    }

    fn end(&self) -> u32 {
        self.text.len() as u32
    }

    /// The number of characters before a byte. Inside a character, those before it.
    fn character(&self, offset: u32) -> usize {
        let offset = offset.min(self.end());
        let line = self.index.line(offset);
        let start = self.index.start(line).unwrap_or_default() as usize;
        let mut end = offset as usize;
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let inside = self.text.get(start..end).map_or(0, |before| before.chars().count());
        self.offsets.get(line).copied().unwrap_or_default() + inside
    }
}

/// The text with every character that would command a terminal, turn the direction of writing, or end a line other than
/// by `\n` replaced by a visible or blank one of the same length in bytes.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        out.push(match c {
            '\n' | '\t' => c,
            '\r' if characters.peek() == Some(&'\n') => c,
            '\r' | '\u{B}' | '\u{C}' => ' ',
            '\0'..='\u{1F}' | '\u{7F}' => '?',
            '\u{85}' => '\u{A0}',
            '\u{80}'..='\u{9F}' => '\u{B7}',
            '\u{2028}' | '\u{2029}' => '\u{2002}',
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => '\u{FFFD}',
            c => c,
        });
    }
    out
}

/// A message on one line, harmless to a terminal.
pub(crate) fn words(message: &str) -> String {
    harmless(message).replace(['\r', '\n'], " ")
}

/// A message of several lines, harmless to a terminal.
pub(crate) fn paragraph(message: &str) -> String {
    harmless(message).replace('\r', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_characters_keep_every_place() {
        let text = "a\u{1B}[31m\u{202E}b\u{2028}c\u{85}d\re\r\nf\u{B}";
        let shown = harmless(text);
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown.chars().count(), text.chars().count());
        assert_eq!(Source::new(text).drawn.lines().count(), LineIndex::new(text).len());
    }

    #[test]
    fn no_span_leaves_the_text() {
        let source = Source::new("é\r\n漢字x");
        for (start, end) in [(0, 1), (1, 2), (5, 6), (3, 99), (99, 100), (u32::MAX, u32::MAX)] {
            let range = source.characters(Span { start, end });
            assert!(range.start <= range.end && range.end <= source.drawn.len(), "{start}..{end}: {range:?}");
        }
        assert_eq!(source.characters(Span { start: 7, end: 4 }), 3..3);
    }
}
