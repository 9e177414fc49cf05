//! The text of an open file, its lines, and the positions editors speak of.

use std::ops::Range;
use tower_lsp::ls_types::{self as lsp, Position, PositionEncodingKind, TextDocumentContentChangeEvent};

/// The unit in which editor and server count columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// Code units of UTF-16, what every client understands.
    Utf16,
}

impl Encoding {
    /// UTF-8 where the client offers it, for then columns are bytes; UTF-16 otherwise.
    pub(crate) fn negotiate(offered: Option<&[PositionEncodingKind]>) -> Self {
        let utf8 = offered.is_some_and(|kinds| kinds.contains(&PositionEncodingKind::UTF8));
        if utf8 { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }
    }
}

/// Where lines start. `\n`, `\r\n` and a lone `\r` end a line, as the protocol says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(line_starts(text, 0..text.len()));
        Self { starts }
    }

    /// The line, counted from zero, that holds a byte.
    fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The bytes of a line without its end; the empty range behind the text for a line that is not there.
    fn content(&self, text: &str, line: usize) -> Range<usize> {
        let Some(start) = self.starts.get(line).copied() else { return text.len()..text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let whole = &text[start..end];
        start..start + whole.trim_end_matches(['\r', '\n']).len()
    }

    /// Byte at `position`. Past the end of a line means its end, inside a character its start: what editors expect.
    pub(crate) fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let content = self.content(text, position.line as usize);
        let line = &text[content.clone()];
        let column = position.character as usize;
        let inside = match encoding {
            Encoding::Utf8 => floor_boundary(line, column.min(line.len())),
            Encoding::Utf16 => utf16_to_byte(line, column),
        };
        content.start + inside
    }

    /// Position of a byte.
    pub(crate) fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let offset = floor_boundary(text, offset.min(text.len()));
        let line = self.line(offset);
        let before = &text[self.starts[line]..offset];
        let column = match encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 if before.is_ascii() => before.len(),
            Encoding::Utf16 => before.encode_utf16().count(),
        };
        Position::new(line as u32, column as u32)
    }

    /// The range of a span of bytes.
    pub(crate) fn range(&self, text: &str, span: mandate_diagnostics::Span, encoding: Encoding) -> lsp::Range {
        let at = |offset: u32| self.position(text, offset as usize, encoding);
        lsp::Range::new(at(span.start), at(span.end.max(span.start)))
    }

    /// Follows an edit: `old` was replaced, and `text` is what stands now.
    fn replaced(&mut self, text: &str, old: Range<usize>, inserted: usize) {
        // Only the lines touched are read again; one line more on each side, because the edit may join or part a `\r\n`.
        let first = self.line(old.start.saturating_sub(1));
        let last = (self.line(old.end) + 2).min(self.starts.len());
        let shift = |offset: usize| offset - old.len() + inserted;
        let from = self.starts[first];
        let to = self.starts.get(last).map_or(text.len(), |start| shift(*start));
        let again: Vec<usize> =
            line_starts(text, from..to).filter(|start| *start < to || last == self.starts.len()).collect();
        for start in &mut self.starts[last..] {
            *start = shift(*start);
        }
        self.starts.splice(first + 1..last, again);
    }
}

/// Starts of the lines that begin behind a line end within `range`.
fn line_starts(text: &str, range: Range<usize>) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    range.filter_map(move |at| match bytes[at] {
        b'\n' => Some(at + 1),
        b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some(at + 1),
        _ => None,
    })
}

fn floor_boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn utf16_to_byte(line: &str, column: usize) -> usize {
    let mut units = 0;
    for (at, character) in line.char_indices() {
        units += character.len_utf16();
        if units > column {
            return at;
        }
    }
    line.len()
}

/// Files above this many bytes are not analysed: the bound that holds for files on disk, too.
pub(crate) const FILE_LIMIT: usize = 10_000_000;

/// The text of one open file, kept in step with the editor.
#[derive(Debug)]
pub(crate) struct Buffer {
    text: String,
    lines: Lines,
}

impl Buffer {
    pub(crate) fn new(text: String) -> Self {
        let lines = Lines::new(&text);
        Self { text, lines }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Applies changes one after the other, each counted in the text the one before left.
    pub(crate) fn apply(&mut self, changes: Vec<TextDocumentContentChangeEvent>, encoding: Encoding) {
        for change in changes {
            match change.range {
                None => *self = Buffer::new(change.text),
                Some(range) => {
                    let a = self.lines.offset(&self.text, range.start, encoding);
                    let b = self.lines.offset(&self.text, range.end, encoding);
                    let old = a.min(b)..a.max(b);
                    self.text.replace_range(old.clone(), &change.text);
                    self.lines.replaced(&self.text, old, change.text.len());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(range: Option<[u32; 4]>, text: &str) -> TextDocumentContentChangeEvent {
        let range = range.map(|[a, b, c, d]| lsp::Range::new(Position::new(a, b), Position::new(c, d)));
        TextDocumentContentChangeEvent { range, range_length: None, text: text.to_owned() }
    }

    fn edited(text: &str, encoding: Encoding, changes: Vec<TextDocumentContentChangeEvent>) -> String {
        let mut buffer = Buffer::new(text.to_owned());
        buffer.apply(changes, encoding);
        assert_eq!(buffer.lines, Lines::new(&buffer.text));
        buffer.text
    }

    #[test]
    fn columns_are_counted_in_the_unit_agreed_on() {
        let text = "é🦺x";
        assert_eq!(edited(text, Encoding::Utf16, vec![change(Some([0, 3, 0, 4]), "y")]), "é🦺y");
        assert_eq!(edited(text, Encoding::Utf8, vec![change(Some([0, 6, 0, 7]), "y")]), "é🦺y");
        // A column inside a character is its start.
        assert_eq!(edited(text, Encoding::Utf16, vec![change(Some([0, 2, 0, 2]), "-")]), "é-🦺x");
        assert_eq!(edited(text, Encoding::Utf8, vec![change(Some([0, 4, 0, 4]), "-")]), "é-🦺x");
        let lines = Lines::new(text);
        assert_eq!(lines.position(text, 6, Encoding::Utf16), Position::new(0, 3));
        assert_eq!(lines.position(text, 6, Encoding::Utf8), Position::new(0, 6));
    }

    #[test]
    fn a_column_behind_the_line_stays_before_its_end() {
        assert_eq!(edited("a\r\nb", Encoding::Utf16, vec![change(Some([0, 99, 0, 99]), "!")]), "a!\r\nb");
        assert_eq!(edited("a\nb", Encoding::Utf16, vec![change(Some([7, 0, 9, 0]), "!")]), "a\nb!");
    }

    #[test]
    fn an_edit_may_part_and_join_line_ends() {
        assert_eq!(
            edited("a\r\nb", Encoding::Utf16, vec![change(Some([0, 1, 1, 0]), "\r"), change(Some([1, 0, 1, 0]), "\n")]),
            "a\r\nb"
        );
        assert_eq!(edited("a\rb", Encoding::Utf8, vec![change(Some([1, 0, 1, 1]), "\n")]), "a\r\n");
    }

    #[test]
    fn a_change_without_a_range_is_the_whole_text() {
        assert_eq!(
            edited("old", Encoding::Utf16, vec![change(None, "new\n"), change(Some([1, 0, 1, 0]), "er")]),
            "new\ner"
        );
    }

    #[test]
    fn lines_followed_through_any_edits_equal_lines_read_afresh() {
        let pieces = ["", "\n", "\r", "\r\n", "x", "é🦺\n", "\n\r", "ab\r\ncd\n"];
        let mut seed = 7_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below.max(1)
        };
        let mut buffer = Buffer::new("one\r\ntwo\rthree\n".to_owned());
        for _ in 0..5_000 {
            let lines = buffer.lines.starts.len();
            let mut place = || Position::new(random(lines + 1) as u32, random(6) as u32);
            let range = lsp::Range::new(place(), place());
            let text = pieces[random(pieces.len())].to_owned();
            buffer.apply(
                vec![TextDocumentContentChangeEvent { range: Some(range), range_length: None, text }],
                Encoding::Utf16,
            );
            assert_eq!(buffer.lines, Lines::new(&buffer.text), "{:?}", buffer.text);
        }
    }
}
