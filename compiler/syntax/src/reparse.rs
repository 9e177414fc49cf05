//! Reads a module again after an edit: only the declarations that the edit reached.

use crate::ast::{DeclKind, Item, Module};
use crate::chunk::chunks_from;
use crate::parser::{module_doc, parse, parse_chunk};
use mandate_diagnostics::Span;
use std::sync::Arc;

/// The tree of `text`, equal to [`parse`], where `old` is the tree of `before`. Declarations that did not change are shared with it.
pub fn reparse(text: &str, before: &str, old: &Module) -> Module {
    again(text, before, old).unwrap_or_else(|| parse(text))
}

/// `None` should a place at which reading began turn out to be no start of a declaration.
fn again(text: &str, before: &str, old: &Module) -> Option<Module> {
    let prefix = common_prefix(before.as_bytes(), text.as_bytes());
    let rest = before.len().min(text.len()) - prefix;
    let suffix = common_suffix(&before.as_bytes()[before.len() - rest..], &text.as_bytes()[text.len() - rest..]);
    let first = first_reached(&old.items, prefix).unwrap_or(0);
    let from = if first == 0 { 0 } else { old.items.get(first)?.offset as usize };
    let changed_to = text.len() - suffix;
    // A declaration below the edit that starts where it did is as it was, and so is all below it.
    let mut below = first;
    let (spans, stopped) = chunks_from(text, from, |start| {
        if start < changed_to {
            return false;
        }
        let stood = start + before.len() - text.len();
        while old.items.get(below).is_some_and(|item| (item.offset as usize) < stood) {
            below += 1;
        }
        old.items.get(below).is_some_and(|item| item.offset as usize == stood && starts_with_word(item))
    });
    if first > 0 && spans.first().is_none_or(|span| span.start as usize != from) {
        return None;
    }
    let replaced = &old.items[first..if stopped.is_some() { below } else { old.items.len() }];
    let mut items = Vec::with_capacity(old.items.len() + spans.len());
    items.extend_from_slice(&old.items[..first]);
    items.extend(spans.into_iter().map(|span| read(text, before, span, replaced)));
    if stopped.is_some() {
        let moved = old.items[below..].iter().map(|item| Item {
            offset: (item.offset as usize + text.len() - before.len()) as u32,
            len: item.len,
            decl: Arc::clone(&item.decl),
        });
        items.extend(moved);
    }
    Some(Module { items, doc: module_doc(text) })
}

/// The declaration from which on everything is looked at again: one above the edit, because a comment may change sides. `None` is the head of
/// the file.
fn first_reached(items: &[Item], prefix: usize) -> Option<usize> {
    let reached = items.partition_point(|item| (item.offset as usize) < prefix);
    let mut first = reached.checked_sub(2)?;
    while !starts_with_word(&items[first]) {
        first = first.checked_sub(1)?;
    }
    Some(first)
}

/// Whether a chunk starts with a word of the language, so that no brace above it decides where it starts.
fn starts_with_word(item: &Item) -> bool {
    !matches!(item.decl.kind, DeclKind::Nothing)
}

/// The declaration of a chunk, shared with the one that had the same words.
fn read(text: &str, before: &str, span: Span, replaced: &[Item]) -> Item {
    let words = text.get(span.range()).unwrap_or("");
    let words_of = |item: &&Item| before.get(item.offset as usize..(item.offset + item.len) as usize) == Some(words);
    let decl = match replaced.iter().filter(|item| item.len as usize == words.len()).find(words_of) {
        Some(item) => Arc::clone(&item.decl),
        None => Arc::new(parse_chunk(words)),
    };
    Item { offset: span.start, len: span.end - span.start, decl }
}

/// Compared in pieces: comparing byte by byte is ten times slower, and large files are nearly all the same.
const PIECE: usize = 4_096;

fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let whole = a.chunks_exact(PIECE).zip(b.chunks_exact(PIECE)).take_while(|(a, b)| a == b).count() * PIECE;
    whole + a[whole..].iter().zip(&b[whole..]).take_while(|(a, b)| a == b).count()
}

fn common_suffix(a: &[u8], b: &[u8]) -> usize {
    let whole = a.rchunks_exact(PIECE).zip(b.rchunks_exact(PIECE)).take_while(|(a, b)| a == b).count() * PIECE;
    let (a, b) = (&a[..a.len() - whole], &b[..b.len() - whole]);
    whole + a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "//! A module.\n\nuse a.{B}\n\n// A remark.\nrule r \"title\" {\n  when x\n}\n\n/// Doc.\nenum E { a, b }\n\nrul s {\n}\nrecord R {\n  x: Int\n}\n\n// The end.\n\nscenario \"one\" {\n}\n";

    /// What people type, and what makes chunks join and part.
    const PIECES: [&str; 20] = [
        "",
        "\n",
        "\n\n",
        " ",
        "x",
        "// c\n",
        "/// d\n",
        "//! m\n",
        "{",
        "}",
        "\"",
        "rule q {\n",
        "enum ",
        "\r\n",
        "é",
        "\u{FEFF}",
        "use z\n",
        "foo {\n}\n",
        "}\n\nrecord S {\n}\n",
        "scenario \"t\" {",
    ];

    #[test]
    fn after_any_edits_the_tree_is_the_one_of_the_text_read_afresh() {
        let mut seed = 11_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below.max(1)
        };
        let (mut text, mut tree) = (TEXT.to_owned(), parse(TEXT));
        for turn in 0..5_000 {
            if turn % 200 == 0 {
                (text, tree) = (TEXT.to_owned(), parse(TEXT));
            }
            let mut place = |longest: usize, from: usize| {
                let mut at = (from + random(longest)).min(text.len());
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let from = place(text.len() + 1, 0);
            let to = place(if turn % 7 == 0 { 60 } else { 3 }, from).max(from);
            let mut edited = text.clone();
            edited.replace_range(from..to, PIECES[random(PIECES.len())]);
            let again = reparse(&edited, &text, &tree);
            assert_eq!(again, parse(&edited), "{text:?} -> {edited:?}");
            (text, tree) = (edited, again);
        }
    }

    #[test]
    fn declarations_that_the_edit_did_not_reach_are_shared() {
        let old = parse(TEXT);
        let edited = TEXT.replace("x: Int", "x: Text");
        let new = reparse(&edited, TEXT, &old);
        let shared = new.items.iter().zip(&old.items).filter(|(new, old)| Arc::ptr_eq(&new.decl, &old.decl)).count();
        assert_eq!((shared, new.items.len()), (old.items.len() - 1, old.items.len()));
    }
}
