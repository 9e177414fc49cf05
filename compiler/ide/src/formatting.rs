//! Formatting: the least that has to change in the text.

use mandate_diagnostics::{Edit, Span};

// Feature: Format Document
//
// Lays the file out in the one style of the language and keeps every comment. Only white space that changes is touched, so
// the cursor, folded regions and marks of the editor stay where they are.
/// Edits that make `text` formatted, in order, not overlapping; none if it is formatted already.
pub fn formatting(text: &str) -> Vec<Edit> {
    difference(text, &mandate_syntax::format(text))
}

/// The edits that turn `old` into `new`, which differ in white space: one edit a gap. Where words differ, too, everything
/// from the first such place to the last is one edit.
fn difference(old: &str, new: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (mut at, mut to) = (0, 0);
    while at < old.len() || to < new.len() {
        let (gap, wanted) = (blank(&old[at..]), blank(&new[to..]));
        if gap != wanted {
            edits.push(edit(at..at + gap.len(), wanted));
        }
        at += gap.len();
        to += wanted.len();
        let (word, other) = (solid(&old[at..]), solid(&new[to..]));
        if word != other {
            return with_rest(edits, (old, at), (new, to));
        }
        at += word.len();
        to += other.len();
    }
    edits
}

/// Replaces the rests from `at` and `to` on, without their common end.
fn with_rest(mut edits: Vec<Edit>, (old, at): (&str, usize), (new, to): (&str, usize)) -> Vec<Edit> {
    let pairs = old[at..].chars().rev().zip(new[to..].chars().rev());
    let common: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    edits.push(edit(at..old.len() - common, &new[to..new.len() - common]));
    edits
}

fn edit(range: std::ops::Range<usize>, text: &str) -> Edit {
    Edit { span: Span::new(range.start as u32, range.end as u32), text: text.to_owned() }
}

fn blank(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len());
    &text[..end]
}

fn solid(text: &str) -> &str {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(old: &str, edits: &[Edit]) -> String {
        let mut text = old.to_owned();
        for edit in edits.iter().rev() {
            text.replace_range(edit.span.range(), &edit.text);
        }
        text
    }

    /// The edits, `[old→new]`, within the text around them.
    fn shown(old: &str, new: &str) -> String {
        let edits = difference(old, new);
        assert_eq!(applied(old, &edits), new);
        let mut text = old.to_owned();
        for edit in edits.iter().rev() {
            text.replace_range(edit.span.range(), &format!("[{}→{}]", &old[edit.span.range()], edit.text));
        }
        text
    }

    #[test]
    fn only_gaps_that_change_are_edited() {
        assert_eq!(shown("rule  r {\nwhen a\n}\n", "rule r {\n  when a\n}\n"), "rule[  → ]r {[\n→\n  ]when a\n}\n");
        assert_eq!(shown("a\nb", "a\nb"), "a\nb");
        assert_eq!(shown("a", "a\n"), "a[→\n]");
        assert_eq!(shown("", "a"), "[→a]");
        assert_eq!(shown("\n\n", ""), "[\n\n→]");
    }

    #[test]
    fn where_words_change_the_common_ends_stay() {
        assert_eq!(shown("x  {a,}\ny", "x {\n  a\n}\ny"), "x[  → ][{a,→{\n  a\n]}\ny");
        assert_eq!(shown("é ü", "é öü"), "é [→ö]ü");
    }

    #[test]
    fn formatted_text_needs_no_edits_and_edits_give_formatted_text() {
        let text = "record   Incident key id {\n id:Text // kept\n}\n";
        let edits = formatting(text);
        assert!(!edits.is_empty());
        let formatted = applied(text, &edits);
        assert!(formatted.contains("// kept"), "{formatted}");
        assert_eq!(formatting(&formatted), []);
    }
}
