//! Splits a module into declarations by looking at line starts only, so that an edit re-reads one declaration.
//!
//! A declaration keyword in the first column always starts a new chunk, whatever the braces before it say: a half-typed
//! rule never swallows the next one. Comments right above a declaration belong to it.

use crate::words::Keyword;
use mandate_diagnostics::Span;

/// The chunks of `text` in order, each without white space at its ends. What lies between them is white space.
pub fn chunks(text: &str) -> Vec<Span> {
    chunks_from(text, 0, |_| false).0
}

/// The chunks of `text` from a place on where one starts, up to the first that `known` recognises, whose start comes second.
///
/// Reading can begin at any chunk that starts with a word of the language: nothing above it has a say in what follows.
pub(crate) fn chunks_from(text: &str, from: usize, known: impl FnMut(usize) -> bool) -> (Vec<Span>, Option<usize>) {
    let (starts, stopped) = starts(text, from, known);
    // What stands above the first declaration is a chunk of its own; it is empty where nothing does.
    let head = (from == 0).then_some(0);
    (cut(text, head.into_iter().chain(starts), stopped.unwrap_or(text.len())), stopped)
}

/// Where declarations start, from a line start on, and the start at which `stop` ended the search.
fn starts(text: &str, from: usize, mut stop: impl FnMut(usize) -> bool) -> (Vec<usize>, Option<usize>) {
    let mut starts = Vec::new();
    let mut above = Above::default();
    let mut braces = Braces { text: text.as_bytes(), at: from, depth: 0 };
    let mut line_at = from;
    for line in text.get(from..).unwrap_or("").split_inclusive('\n') {
        let head = unmarked(line).trim_start();
        if head.is_empty() {
            above.blank();
        } else if head.starts_with("//") {
            above.comment(line_at, head);
        } else {
            if let Some(word) = declared(if line_at == 0 { unmarked(line) } else { line })
                && (word != Keyword::Plain || braces.closed_at(line_at))
            {
                let start = above.start.unwrap_or(line_at);
                if word != Keyword::Plain && stop(start) {
                    return (starts, Some(start));
                }
                starts.push(start);
                braces = Braces { text: text.as_bytes(), at: line_at, depth: 0 };
            }
            above = Above::default();
        }
        line_at += line.len();
    }
    (starts, None)
}

/// Turns starts into chunks, the last of which ends before `end`.
fn cut(text: &str, starts: impl Iterator<Item = usize>, end: usize) -> Vec<Span> {
    let mark = text.len() - unmarked(text).len();
    let mut starts = starts.peekable();
    let mut all = Vec::new();
    while let Some(start) = starts.next() {
        let (start, end) = (start.max(mark), starts.peek().copied().unwrap_or(end));
        let Some(piece) = text.get(start..end) else { continue };
        let inside = piece.trim_ascii();
        let lead = piece.len() - piece.trim_ascii_start().len();
        // Indentation of the first line is kept, so that it can be reported.
        let line = piece[..lead].rfind('\n').map_or(0, |at| at + 1);
        if !inside.is_empty() {
            all.push(Span::new((start + line) as u32, (start + lead + inside.len()) as u32));
        }
    }
    all
}

/// The text without the byte order mark that some editors put at its head.
fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{FEFF}').unwrap_or(text)
}

/// The word in the first column, if the line can start a declaration: `source: Text` is a field.
fn declared(line: &str) -> Option<Keyword> {
    let first = line.chars().next()?;
    if !first.is_alphabetic() && first != '_' {
        return None;
    }
    let end = line.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(line.len());
    let word = Keyword::of(&line[..end]);
    if !word.starts_declaration() {
        return Some(Keyword::Plain);
    }
    let next = line[end..].chars().next();
    (!next.is_some_and(|c| matches!(c, ':' | '=' | '.' | ',' | ')' | '('))).then_some(word)
}

/// The comments gathered above the line being looked at.
#[derive(Default)]
struct Above {
    start: Option<usize>,
    doc: bool,
}

impl Above {
    /// A blank line separates comments from what follows, but documentation stays with its declaration.
    fn blank(&mut self) {
        if !self.doc {
            self.start = None;
        }
    }

    fn comment(&mut self, line_at: usize, head: &str) {
        if head.starts_with("//!") {
            *self = Above::default();
            return;
        }
        self.start.get_or_insert(line_at);
        self.doc = head.starts_with("///");
    }
}

/// Counts braces as far as asked, once over the text: only lines that start with an unknown word ask.
struct Braces<'a> {
    text: &'a [u8],
    at: usize,
    depth: i32,
}

impl Braces<'_> {
    /// Whether every brace opened since the declaration's start is closed before `end`.
    fn closed_at(&mut self, end: usize) -> bool {
        while self.at < end {
            match self.text[self.at] {
                b'{' => self.depth += 1,
                b'}' => self.depth -= 1,
                b'/' if self.text.get(self.at + 1) == Some(&b'/') => self.skip_to_line_end(false),
                b'"' => self.skip_to_line_end(true),
                _ => {}
            }
            self.at += 1;
        }
        self.depth <= 0
    }

    /// Leaves `at` on the last byte of the comment or text.
    fn skip_to_line_end(&mut self, text: bool) {
        while let Some(next) = self.text.get(self.at + 1) {
            match next {
                b'\n' => return,
                b'\\' if text => self.at += 1,
                b'"' if text => {
                    self.at += 1;
                    return;
                }
                _ => {}
            }
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        chunks(text).into_iter().map(|span| &text[span.range()]).collect()
    }

    #[test]
    fn comments_right_above_a_declaration_belong_to_it() {
        let text = "//! module\n\n// licence\n\nuse a.b\n\n/// doc\n\n// more\nrule a {\n}\n// tail\n\nrule b {}\n";
        assert_eq!(
            split(text),
            ["//! module\n\n// licence", "use a.b", "/// doc\n\n// more\nrule a {\n}\n// tail", "rule b {}"]
        );
    }

    #[test]
    fn an_open_brace_does_not_swallow_the_next_declaration() {
        assert_eq!(split("rule a {\n  when (x\nrule b { }\n"), ["rule a {\n  when (x", "rule b { }"]);
    }

    #[test]
    fn an_unknown_word_in_the_first_column_is_a_chunk_unless_a_brace_is_open() {
        assert_eq!(split("use a\nrul b {\nwhen x\n}\nuse c"), ["use a", "rul b {\nwhen x\n}", "use c"]);
        assert_eq!(
            split("record a {\nsource: Text\nfoo: Text // }\n}\nbar"),
            ["record a {\nsource: Text\nfoo: Text // }\n}", "bar"]
        );
    }

    #[test]
    fn a_byte_order_mark_and_crlf_are_tolerated() {
        assert_eq!(split("\u{FEFF}use a\r\n\r\nuse b\r\n"), ["use a", "use b"]);
        assert!(split(" \n\t").is_empty());
    }
}
