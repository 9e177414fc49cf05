//! Text from outside made harmless for where it is written: terminals, tables, pages. It reads as it is there, and does nothing.

use std::borrow::Cow;

/// The text without control characters, which could steer a terminal: each becomes one visible sign.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// A cell of a spreadsheet. One that begins with one of these signs is taken for a formula, which may be run. An apostrophe before it
/// makes it text (OWASP, "CSV Injection"; the wide forms are folded to the others by some programs).
pub fn cell(text: &str) -> Cow<'_, str> {
    let risky = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(risky) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Text of an HTML page, or the value of an attribute between double quotation marks.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // The form of HTML knows no other control characters.
            c if c.is_control() && c != '\n' => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// Markdown that reads as it is wherever it stands in a line: what Markdown, its tables and HTML would take for more is escaped.
/// An `@` is written as an entity, so that it calls nobody.
pub fn markdown(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.trim().chars() {
        match c {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '!' | '$' | '&' => {
                out.extend(['\\', c]);
            }
            '@' => out.push_str("&#64;"),
            c => out.push(c),
        }
    }
    // At the beginning of a line these start a list.
    match out.chars().next() {
        Some('-' | '+' | '=') => format!("\\{out}"),
        Some(c) if c.is_ascii_digit() => match out.find(|c: char| !c.is_ascii_digit()) {
            Some(end) => {
                let (number, rest) = out.split_at(end);
                let mut signs = rest.chars();
                let is_sign = signs.next().is_some_and(|c| matches!(c, '.' | ')'));
                let is_item = is_sign && signs.next().is_none_or(char::is_whitespace);
                if is_item { format!("{number}\\{rest}") } else { out }
            }
            None => out,
        },
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert_eq!(cell(text), format!("'{text}"));
        }
        assert_eq!(cell("inc-1"), "inc-1");
        assert_eq!(cell(""), "");
    }

    #[test]
    fn what_is_written_reads_as_it_was() {
        assert_eq!(html("<b title=\"x\">&'\u{7}"), "&lt;b title=&quot;x&quot;&gt;&amp;&#39;\u{FFFD}");
        assert_eq!(clean("a\u{1b}[1m"), "a\u{FFFD}[1m");
        assert_eq!(markdown("1. *a* @b"), "1\\. \\*a\\* &#64;b");
    }
}
