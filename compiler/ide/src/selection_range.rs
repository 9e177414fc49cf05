//! What a selection grows to.

use mandate_diagnostics::Span;
use mandate_documents::{BlockKind, Document};
use mandate_semantics::Snapshot;
use mandate_syntax::token::{Kind, tokens};

// Feature: Expand Selection
//
// From the word to the expression, the clause, the declaration and the file; in a passage file from the word to the paragraph and
// the sections around it.
/// The spans around a byte, each inside the next. The last one is the whole file.
pub fn selection_range(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Vec<Span>> {
    let text = snapshot.text(path)?;
    let mut spans = match snapshot.syntax(path) {
        Some(tree) => in_module(&text, &tree, offset),
        None => in_document(&text, offset),
    };
    spans.push(Span::new(0, text.len() as u32));
    Some(nested(spans, offset))
}

fn in_module(text: &str, tree: &mandate_syntax::ast::Module, offset: u32) -> Vec<Span> {
    let Some(item) = tree.items.iter().find(|item| Span::new(item.offset, item.offset + item.len).touches(offset))
    else {
        return Vec::new();
    };
    let chunk = Span::new(item.offset, item.offset + item.len);
    let mut spans = vec![chunk, item.decl.span.shifted(item.offset)];
    let inside = |span: Span| span.shifted(item.offset);
    spans.extend(crate::tree::lines(&item.decl.kind).into_iter().map(inside));
    for expr in crate::tree::expressions(&item.decl.kind) {
        crate::tree::walk(expr, &mut |expr| spans.push(inside(expr.span)));
    }
    let mut open = Vec::new();
    for token in tokens(text.get(chunk.range()).unwrap_or("")) {
        let span = inside(token.span);
        match token.kind {
            Kind::LBrace | Kind::LParen | Kind::LBracket => open.push(span),
            Kind::RBrace | Kind::RParen | Kind::RBracket => {
                if let Some(start) = open.pop() {
                    spans.extend([trimmed(text, Span::new(start.end, span.start)), start.to(span)]);
                }
            }
            Kind::Text if span.end - span.start >= 2 => {
                let inner = Span::new(span.start + 1, span.end - 1);
                spans.extend(text.get(inner.range()).is_some().then_some(inner));
                spans.push(span);
            }
            Kind::Comment(_) => spans.extend(word(text, offset).filter(|word| span.touches(word.start))),
            _ => {}
        }
        spans.push(span);
    }
    spans
}

fn in_document(text: &str, offset: u32) -> Vec<Span> {
    let document = Document::read(text);
    let mut spans: Vec<Span> = word(text, offset).into_iter().collect();
    for block in &document.blocks {
        spans.push(trimmed(text, block.span));
        if matches!(block.kind, BlockKind::Heading(_))
            && let Some(last) = block.end.checked_sub(1).and_then(|last| document.blocks.get(last))
        {
            spans.push(trimmed(text, Span::new(block.span.start, last.span.end.max(block.span.end))));
        }
    }
    spans
}

/// Letters and digits around a byte.
fn word(text: &str, offset: u32) -> Option<Span> {
    let (before, after) = text.split_at_checked(offset as usize)?;
    let is_letter = |c: &char| c.is_alphanumeric() || *c == '_' || *c == '\'';
    let left: usize = before.chars().rev().take_while(is_letter).map(char::len_utf8).sum();
    let right: usize = after.chars().take_while(is_letter).map(char::len_utf8).sum();
    (left + right > 0).then(|| Span::new(offset - left as u32, offset + right as u32))
}

fn trimmed(text: &str, span: Span) -> Span {
    let words = text.get(span.range()).unwrap_or("");
    let start = span.start + (words.len() - words.trim_start().len()) as u32;
    Span::new(start, start + words.trim().len() as u32)
}

/// Those that hold the byte, from small to large, each inside the next. Between two words the one to the right is meant.
fn nested(mut spans: Vec<Span>, offset: u32) -> Vec<Span> {
    spans.retain(|span| span.touches(offset));
    let last = spans.len().saturating_sub(1);
    let mut at = 0;
    // Of an empty file the whole is left.
    spans.retain(|span| {
        at += 1;
        span.start < span.end || at > last
    });
    spans.sort_by_key(|span| (span.end - span.start, std::cmp::Reverse(span.start)));
    let mut chain: Vec<Span> = Vec::new();
    for span in spans {
        match chain.last() {
            Some(last) if span.start <= last.start && last.end <= span.end && span != *last => chain.push(span),
            Some(_) => {}
            None => chain.push(span),
        }
    }
    chain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    fn shown(path: &str, marked: &str) -> Vec<String> {
        let fixture = Fixture::new(&format!("//- {path}\n{marked}"));
        let spans = selection_range(&fixture.snapshot, &fixture.path, fixture.offset).unwrap();
        for pair in spans.windows(2) {
            assert!(pair[1].start <= pair[0].start && pair[0].end <= pair[1].end, "{spans:?}");
        }
        spans.into_iter().map(|span| fixture.words(span)).collect()
    }

    #[test]
    fn a_selection_grows_from_the_word_to_the_file() {
        let text = "rule r {\n  when i.gra$0ve and not i.old\n}\n";
        assert_eq!(
            shown("a.mandate", text),
            [
                "grave",
                "i.grave",
                "i.grave and not i.old",
                "when i.grave and not i.old",
                "{\n  when i.grave and not i.old\n}",
                "rule r {\n  when i.grave and not i.old\n}",
                "rule r {\n  when i.grave and not i.old\n}\n",
            ]
        );
    }

    #[test]
    fn a_text_grows_from_inside_its_marks() {
        let found = shown("a.mandate", "rule r \"A ti$0tle\" {\n}\n");
        assert_eq!(found[..2], ["A title", "\"A title\""]);
    }

    #[test]
    fn half_typed_text_and_empty_files_have_selections() {
        assert_eq!(shown("a.mandate", "rule r {\n  when so$0")[0], "so");
        assert_eq!(shown("a.mandate", "$0"), [""]);
        assert_eq!(shown("a.mandate", "\n\n$0\n"), ["\n\n\n"]);
    }

    #[test]
    fn in_a_passage_file_it_grows_to_the_paragraph_and_the_section() {
        let text = "# Order\n\n## A {#a}\n\nOne tw$0o.\n\n## B\n\nThree.\n";
        assert_eq!(
            shown("sources/o.md", text),
            [
                "two",
                "One two.",
                "## A {#a}\n\nOne two.",
                "# Order\n\n## A {#a}\n\nOne two.\n\n## B\n\nThree.",
                &text.replace("$0", "")
            ]
        );
    }
}
