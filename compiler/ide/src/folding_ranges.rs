//! What can be folded away.

use mandate_diagnostics::Span;
use mandate_documents::{BlockKind, Document};
use mandate_semantics::Snapshot;
use mandate_syntax::ast::DeclKind;
use mandate_syntax::token::{Kind, Token, tokens};

/// What is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoldKind {
    /// A declaration, a clause, a block in braces, a section of a document.
    Region,
    /// Comments that follow on each other.
    Comment,
    /// `use` lines that follow on each other.
    Imports,
}

/// Lines that can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fold {
    /// From a byte of the line that stays, to one of the last line that goes.
    pub span: Span,
    /// What is folded.
    pub kind: FoldKind,
}

// Feature: Folding
//
// Declarations, the clauses and blocks inside them, comments and `use` lines; in a passage file its sections. A line with only a
// closing brace stays.
/// What can be folded in a module or passage file, in the order of the text. Each goes over more than one line.
pub fn folding_ranges(snapshot: &Snapshot, path: &str) -> Vec<Fold> {
    let Some(text) = snapshot.text(path) else { return Vec::new() };
    let mut folds = match snapshot.syntax(path) {
        Some(tree) => of_module(&text, &tree),
        None if path.ends_with(".md") => of_document(&text),
        None => Vec::new(),
    };
    folds.retain(|fold| text.get(fold.span.range()).is_some_and(|words| words.contains('\n')));
    folds.sort_by_key(|fold| (fold.span.start, std::cmp::Reverse(fold.span.end), fold.kind));
    // Editors know one fold for a line: the widest is met first.
    let mut lines = std::collections::BTreeSet::new();
    folds.retain(|fold| lines.insert(line_start(&text, fold.span.start)));
    folds
}

fn of_module(text: &str, tree: &mandate_syntax::ast::Module) -> Vec<Fold> {
    let mut folds = Vec::new();
    let mut uses: Option<Span> = None;
    for item in &tree.items {
        let whole = item.decl.span.shifted(item.offset);
        if matches!(item.decl.kind, DeclKind::Use(_)) {
            uses = Some(uses.map_or(whole, |before| before.to(whole)));
            continue;
        }
        folds.extend(uses.take().map(|span| Fold { span, kind: FoldKind::Imports }));
        if !matches!(item.decl.kind, DeclKind::Nothing) {
            folds.push(region(without_close(text, whole)));
        }
        folds.extend(crate::tree::lines(&item.decl.kind).into_iter().map(|line| {
            // A block is folded by its brace.
            region(without_close(text, line.shifted(item.offset)))
        }));
    }
    folds.extend(uses.map(|span| Fold { span, kind: FoldKind::Imports }));
    let all = tokens(text);
    folds.extend(blocks(text, &all));
    folds.extend(comments(text, &all));
    folds
}

fn region(span: Span) -> Fold {
    Fold { span, kind: FoldKind::Region }
}

/// A span up to the end of the line before its closing bracket, if that bracket begins its line.
fn without_close(text: &str, span: Span) -> Span {
    let words = text.get(span.range()).unwrap_or("");
    let Some(inside) = words.strip_suffix(['}', ')', ']']) else { return span };
    match inside.rsplit_once('\n') {
        Some((before, gap)) if gap.trim().is_empty() => {
            Span::new(span.start, span.start + before.trim_end().len() as u32)
        }
        _ => span,
    }
}

/// Brackets with what they hold. One that is never closed folds nothing.
fn blocks(text: &str, all: &[Token]) -> Vec<Fold> {
    let (mut open, mut folds) = (Vec::new(), Vec::new());
    for token in all {
        match token.kind {
            Kind::LBrace | Kind::LParen | Kind::LBracket => open.push(token.span),
            Kind::RBrace | Kind::RParen | Kind::RBracket => {
                folds.extend(open.pop().map(|start| region(without_close(text, start.to(token.span)))));
            }
            _ => {}
        }
    }
    folds
}

/// Comments on lines of their own that follow on each other.
fn comments(text: &str, all: &[Token]) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    let mut run: Option<(Span, Kind)> = None;
    for token in all {
        let alone = token.kind.is_comment() && token.line_start;
        let joins = run.filter(|(span, kind)| {
            let gap = text.get(span.end as usize..token.span.start as usize).unwrap_or("");
            alone && *kind == token.kind && gap.matches('\n').count() == 1
        });
        if let Some((span, kind)) = joins {
            run = Some((span.to(token.span), kind));
            continue;
        }
        let done = if alone { run.replace((token.span, token.kind)) } else { run.take() };
        folds.extend(done.map(|(span, _)| Fold { span, kind: FoldKind::Comment }));
    }
    folds.extend(run.map(|(span, _)| Fold { span, kind: FoldKind::Comment }));
    folds
}

/// The sections of a passage file, below their headings.
fn of_document(text: &str) -> Vec<Fold> {
    let document = Document::read(text);
    let sections = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_)));
    let folds = sections.filter_map(|block| {
        let last = document.blocks.get(block.end.checked_sub(1)?)?;
        let end = last.span.start + text.get(last.span.range())?.trim_end().len() as u32;
        Some(region(Span::new(block.span.start, end)))
    });
    folds.collect()
}

fn line_start(text: &str, offset: u32) -> usize {
    text.get(..offset as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    /// The text with `+` before each line that opens a fold, and how many lines go.
    fn shown(path: &str, text: &str) -> String {
        let fixture = Fixture::new(&format!("//- {path}\n{text}"));
        let folds = folding_ranges(&fixture.snapshot, path);
        let mut out = String::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let here = folds.iter().find(|fold| (at..at + line.len()).contains(&(fold.span.start as usize)));
            let mark = here.map_or(String::new(), |fold| {
                let lines = text[fold.span.range()].matches('\n').count();
                let kind = match fold.kind {
                    FoldKind::Region => "",
                    FoldKind::Comment => "c",
                    FoldKind::Imports => "u",
                };
                format!("{kind}{lines}")
            });
            out.push_str(&format!("{mark:>3} {line}"));
            at += line.len();
        }
        out
    }

    #[test]
    fn declarations_clauses_comments_and_uses_fold_and_closing_braces_stay() {
        let text = "//! Module\n//! doc.\n\nuse a.{B}\nuse c\n\n/// First\n/// second.\nrule r {\n  when a\n    and b\n  everyone must x(i) within\n    2 hours\n}\n\nscenario \"s\" {\n  given A {\n    x: 1\n  }\n}\n";
        assert_eq!(
            shown("m.mandate", text),
            " c1 //! Module\n    //! doc.\n    \n u1 use a.{B}\n    use c\n    \n c1 /// First\n    /// second.\n  4 rule r {\n  1   when a\n        and b\n  1   everyone must x(i) within\n        2 hours\n    }\n    \n  3 scenario \"s\" {\n  1   given A {\n        x: 1\n      }\n    }\n"
        );
    }

    #[test]
    fn what_is_half_typed_folds_as_far_as_it_goes() {
        let folded = shown("m.mandate", "rule a {\n  when (x\n    and\n\nrule b {\n  when y\n}\n");
        assert!(folded.contains("  2 rule a {\n") && folded.contains("  1 rule b {\n"), "{folded}");
    }

    #[test]
    fn a_passage_file_folds_by_its_headings() {
        let text = "# Order\n\n## A {#a}\n\nOne.\n\n## B {#b}\n\nTwo.\n";
        assert_eq!(
            shown("sources/o.md", text),
            "  8 # Order\n    \n  2 ## A {#a}\n    \n    One.\n    \n  2 ## B {#b}\n    \n    Two.\n"
        );
    }
}
