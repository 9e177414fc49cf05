//! Lines and columns of many places in one text.

use mandate_diagnostics::{LineColumn, LineIndex, Span};
use std::cell::Cell;

/// Counts as [`LineIndex::place`] does, and goes on from the place asked for last: a file with a million places on one line
/// is walked once, not a million times.
pub(crate) struct Places<T> {
    text: T,
    index: LineIndex,
    last: Cell<Counted>,
}

/// A byte on a line and the characters before it on that line.
#[derive(Debug, Clone, Copy, Default)]
struct Counted {
    line: usize,
    offset: usize,
    characters: usize,
}

impl<T: AsRef<str>> Places<T> {
    pub(crate) fn new(text: T) -> Self {
        Self { index: LineIndex::new(text.as_ref()), text, last: Cell::default() }
    }

    /// The span inside the text, with the places of its start and end.
    pub(crate) fn range(&self, span: Span) -> (Span, LineColumn, LineColumn) {
        let end = span.end.min(self.text.as_ref().len() as u32);
        let start = span.start.min(end);
        let from = self.count(start);
        // The next span may start before this one ends.
        self.last.set(from);
        (Span::new(start, end), place(from), place(self.count(end)))
    }

    fn count(&self, offset: u32) -> Counted {
        let line = self.index.line(offset);
        let mut offset = offset as usize;
        while !self.text.as_ref().is_char_boundary(offset) {
            offset -= 1;
        }
        let last = self.last.get();
        let from = if last.line == line && last.offset <= offset {
            last
        } else {
            Counted { line, offset: self.index.start(line).unwrap_or_default() as usize, characters: 0 }
        };
        let more = self.text.as_ref().get(from.offset..offset).map_or(0, |between| between.chars().count());
        Counted { line, offset, characters: from.characters + more }
    }
}

fn place(counted: Counted) -> LineColumn {
    LineColumn { line: counted.line as u32 + 1, column: counted.characters as u32 + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_line_index_in_any_order() {
        let text = "é漢\r\nab🙂c\n\nx";
        let index = LineIndex::new(text);
        let places = Places::new(text);
        let length = text.len() as u32;
        let order = (0..=length).chain((0..=length).rev()).chain([3, 9, 5, 14, 0, 11]);
        for (start, end) in order.flat_map(|start| [(start, length), (start, start + 3), (start, 99)]) {
            let (span, from, to) = places.range(Span { start, end });
            assert_eq!((from, to), (index.place(text, span.start), index.place(text, span.end)), "{start}..{end}");
        }
    }
}
