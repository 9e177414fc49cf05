//! Formatting: the least that has to change in the text.

use mandate_diagnostics::{Edit, Span};
use mandate_syntax::token::{Kind, tokens};
use mandate_syntax::words::Keyword;

// Feature: Format Document
//
// Lays the file out in the one style of the language and keeps every comment. Only white space that changes is touched, so
// the cursor, folded regions and marks of the editor stay where they are.
/// Edits that make `text` formatted, in order, not overlapping; none if it is formatted already.
pub fn formatting(text: &str) -> Vec<Edit> {
    difference(text, &mandate_syntax::format(text))
}

// Feature: Format Selection
//
// Formats the lines that are selected, and touches nothing else.
/// The edits of [`formatting`] that lie on the lines of `span`.
pub fn range_formatting(text: &str, span: Span) -> Vec<Edit> {
    let start = text.get(..span.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(span.end as usize..).and_then(|after| after.find('\n'));
    let end = end.map_or(text.len(), |at| span.end as usize + at);
    let inside = |edit: &Edit| {
        // A gap belongs to the line that it leads to: indentation begins at the line end before.
        let gap = text.get(edit.span.range()).unwrap_or("");
        let first = edit.span.start as usize + gap.len() - gap.trim_start_matches(['\r', '\n']).len();
        start <= first && edit.span.end as usize <= end
    };
    formatting(text).into_iter().filter(inside).collect()
}

// Feature: Format on Type
//
// A new line gets the indentation of its place, a closing brace that of the line which opened it. Nothing else moves.
/// The indentation of the line at `offset`, where `typed` (a line end or `}`) was typed just now; `None` if it is right, or nothing certain
/// can be said.
pub fn on_type_formatting(text: &str, offset: u32, typed: char) -> Option<Edit> {
    let before = text.get(..offset as usize)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.split('\n').next()?;
    let content = line.trim_start_matches([' ', '\t']);
    let lead = line.len() - content.len();
    match typed {
        '}' if !content.starts_with('}') => return None,
        '}' => {}
        _ if (offset as usize) > start + lead => return None,
        _ => {}
    }
    let wanted = " ".repeat(indentation(text.get(..start)?, content)?);
    let span = Span::new(start as u32, (start + lead) as u32);
    (line[..lead] != *wanted).then_some(Edit { span, text: wanted })
}

/// Indentation of a line below `before` that begins with `content`.
fn indentation(before: &str, content: &str) -> Option<usize> {
    let chunk = mandate_syntax::chunks(before).pop()?;
    let all = tokens(before.get(chunk.range())?);
    let mut open: Vec<(Kind, usize)> = Vec::new();
    let mut line = 0;
    for token in all.iter().filter(|token| !token.kind.is_comment()) {
        if token.line_start {
            let at = (chunk.start + token.span.start) as usize;
            line = at - before[..at].rfind('\n').map_or(0, |end| end + 1);
        }
        match token.kind {
            Kind::LBrace | Kind::LParen | Kind::LBracket => open.push((token.kind, line)),
            Kind::RBrace | Kind::RParen | Kind::RBracket => drop(open.pop()),
            _ => {}
        }
    }
    let last = all.iter().rev().find(|token| !token.kind.is_comment());
    let Some((bracket, line)) = open.last().copied() else {
        // Below a declaration that is at its end nothing is indented; a sentence that goes on is its author's.
        return last.is_none_or(|token| token.kind == Kind::RBrace).then_some(0);
    };
    let inside = line + 2;
    let first = tokens(content).first().copied();
    if first.is_some_and(|token| matches!(token.kind, Kind::RBrace | Kind::RParen | Kind::RBracket)) {
        return Some(line);
    }
    let goes_on = last.is_some_and(|token| joins(token.kind)) || first.is_some_and(|token| continues(token.kind));
    Some(if bracket == Kind::LBrace && goes_on { inside + 2 } else { inside })
}

/// Whether something has to follow the token.
fn joins(kind: Kind) -> bool {
    use Keyword::*;
    match kind {
        Kind::Word(word) => {
            matches!(word, And | Or | Not | Where | Then | Else | Satisfies | Overlaps | Covers | Is | Of | After)
        }
        Kind::Equals | Kind::EqEq | Kind::NotEq | Kind::Lt | Kind::Le | Kind::Gt | Kind::Ge => true,
        Kind::Plus | Kind::Minus | Kind::Star | Kind::Slash | Kind::DotDot | Kind::Dot => true,
        _ => false,
    }
}

/// Whether a line that begins with the token goes on with the one before.
fn continues(kind: Kind) -> bool {
    use Keyword::*;
    match kind {
        Kind::Word(word) => matches!(word, And | Or | Then | Else | Where | Satisfies | Rather | Because),
        Kind::EqEq
        | Kind::NotEq
        | Kind::Lt
        | Kind::Le
        | Kind::Gt
        | Kind::Ge
        | Kind::Plus
        | Kind::Star
        | Kind::DotDot => true,
        _ => false,
    }
}

/// The edits that turn `old` into `new`, which differ in white space: one edit a gap, also between signs that stood together. Where words
/// differ, too, everything from the first such place to the last is one edit.
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
        let same = common(&old[at..], &new[to..]);
        if same == 0 && (at < old.len() || to < new.len()) {
            return with_rest(edits, (old, at), (new, to));
        }
        at += same;
        to += same;
    }
    edits
}

/// Length of the words with which both begin, up to a gap in one of them.
fn common(old: &str, new: &str) -> usize {
    let pairs = old.chars().zip(new.chars());
    pairs.take_while(|(a, b)| a == b && !a.is_whitespace()).map(|(a, _)| a.len_utf8()).sum()
}

/// Replaces the rests from `at` and `to` on, without their common end.
fn with_rest(mut edits: Vec<Edit>, (old, mut at): (&str, usize), (new, mut to): (&str, usize)) -> Vec<Edit> {
    // The gap right before it is part of the edit: no two edits touch.
    if let Some(gap) = edits.pop_if(|last| last.span.end as usize == at) {
        at = gap.span.start as usize;
        to -= gap.text.len();
    }
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
        assert_eq!(shown("x  {a,}\ny", "x {\n  a\n}\ny"), "x[  → ]{[→\n  ]a[,→\n]}\ny");
        assert_eq!(shown("é ü", "é öü"), "é [→ö]ü");
        assert_eq!(shown("x:T  y", "x: T y"), "x:[→ ]T[  → ]y");
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

    #[test]
    fn a_range_is_formatted_and_the_rest_stays() {
        let text = "record   A {\n x:Text\n   y:Text\n}\n";
        let span = |words: &str| {
            let at = text.find(words).unwrap() as u32;
            Span::new(at, at + words.len() as u32)
        };
        let shown = |words: &str| applied(text, &range_formatting(text, span(words)));
        assert_eq!(shown("x:Text"), "record   A {\n  x: Text\n   y:Text\n}\n");
        assert_eq!(shown("y"), "record   A {\n x:Text\n  y: Text\n}\n");
        assert_eq!(shown("A"), "record A {\n x:Text\n   y:Text\n}\n");
        assert_eq!(
            applied(text, &range_formatting(text, Span::new(0, text.len() as u32))),
            applied(text, &formatting(text))
        );
    }

    /// The line with its new indentation, or nothing if it stays.
    fn typed(marked: &str, letter: char) -> Option<String> {
        let (text, offset) = crate::fixture::cursor(marked);
        let edit = on_type_formatting(&text, offset, letter)?;
        let text = applied(&text, &[edit]);
        Some(text.lines().nth(marked[..marked.find("$0").unwrap()].matches('\n').count()).unwrap_or("").to_owned())
    }

    #[test]
    fn a_new_line_gets_its_indentation_and_nothing_else_moves() {
        assert_eq!(typed("rule r {\n$0", '\n').as_deref(), Some("  "));
        assert_eq!(typed("rule r {\n$0when a\n}\n", '\n').as_deref(), Some("  when a"));
        assert_eq!(typed("rule r {\n  $0when a\n}\n", '\n'), None);
        assert_eq!(typed("rule r {\n  when a and\n$0\n}\n", '\n').as_deref(), Some("    "));
        assert_eq!(typed("rule r {\n  when a\n  $0and b\n}\n", '\n').as_deref(), Some("    and b"));
        assert_eq!(typed("scenario \"s\" {\n  given A {\n$0\n  }\n}\n", '\n').as_deref(), Some("    "));
        assert_eq!(typed("rule r {\n  when a\n}\n  $0\n", '\n').as_deref(), Some(""));
        assert_eq!(typed("define d(a: A) = a.x\n  $0\n", '\n'), None);
        assert_eq!(typed("$0", '\n'), None);
        // What stands in a half-typed declaration above does not count.
        assert_eq!(typed("rule a {\n  when (x\nrule b {\n$0", '\n').as_deref(), Some("  "));
    }

    #[test]
    fn a_closing_brace_stands_below_the_line_that_opened_it() {
        assert_eq!(typed("rule r {\n  when a\n  }$0\n", '}').as_deref(), Some("}"));
        assert_eq!(typed("scenario \"s\" {\n  given A {\n    x: 1\n    }$0\n", '}').as_deref(), Some("  }"));
        assert_eq!(typed("scenario \"s\" {\n  given A { x: 1 }$0\n", '}'), None);
        assert_eq!(typed("rule r {\n}$0\n", '}'), None);
    }
}
