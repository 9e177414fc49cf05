//! The outline of a file.

use mandate_diagnostics::Span;
use mandate_documents::{BlockKind, Document};
use mandate_semantics::{Snapshot, Symbol, SymbolKind};

// Feature: Outline
//
// Declarations with their titles, and inside them fields, values and clauses. In a document its headings and named passages, each with its name.
/// The declarations of a module or the headings and passages of a document, in the order of the text; empty for other files.
pub fn document_symbols(snapshot: &Snapshot, path: &str) -> Vec<Symbol> {
    match snapshot.passage_file(path) {
        Some(document) => passages(document, None),
        None => snapshot.symbols(path),
    }
}

/// What stands directly below a heading, or at the top. Headings have nine levels, so this goes no deeper.
fn passages(document: &Document, below: Option<usize>) -> Vec<Symbol> {
    // An outline is looked over, not read.
    const SHOWN: usize = 80;
    let blocks = document.blocks.iter().enumerate();
    let shown = blocks.filter(|(_, block)| {
        block.heading == below && (block.name.is_some() || matches!(block.kind, BlockKind::Heading(_)))
    });
    shown
        .map(|(place, block)| {
            let inside = document.blocks.get(place..block.end).unwrap_or_default();
            let mut name: String = block.text.chars().take(SHOWN).collect();
            if name.len() < block.text.len() {
                name.push_str(" ...");
            }
            Symbol {
                name,
                detail: block.name.as_ref().map(|name| format!("#{name}")).unwrap_or_default(),
                kind: SymbolKind::Passage,
                span: inside.iter().fold(block.span, |span: Span, one| span.to(one.span)),
                name_span: block.span,
                children: match block.kind {
                    BlockKind::Heading(_) => passages(document, Some(place)),
                    BlockKind::Paragraph | BlockKind::Item(_) => Vec::new(),
                },
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    /// One line a symbol, indented below what it is part of: `name (detail) [words of the name]`.
    fn outline(text: &str) -> String {
        fn write(out: &mut String, text: &str, symbols: &[Symbol], depth: usize) {
            for symbol in symbols {
                assert!(symbol.span.start <= symbol.name_span.start && symbol.name_span.end <= symbol.span.end);
                let words = &text[symbol.name_span.range()];
                out.push_str(&format!("{}{} ({}) [{words}]\n", "  ".repeat(depth), symbol.name, symbol.detail));
                write(out, text, &symbol.children, depth + 1);
            }
        }
        let fixture = Fixture::new(&format!("//- a.mandate\n{text}"));
        let mut out = String::new();
        write(&mut out, text, &document_symbols(&fixture.snapshot, "a.mandate"), 0);
        out
    }

    #[test]
    fn declarations_have_their_parts_and_titles() {
        let text = "enum Grade { low < high }\n\n/// Doc.\nrecord R key id {\n  id: Text\n}\n\nrule r \"A title\" {\n}\n\nscenario \"a case\" {\n}\n";
        assert_eq!(
            outline(text),
            "Grade () [Grade]\n  low () [low]\n  high () [high]\nR () [R]\n  id () [id]\nr (A title) [r]\na case (scenario) [\"a case\"]\n"
        );
    }

    #[test]
    fn a_document_shows_its_headings_and_named_passages() {
        let text = "# Order\n\nWords.\n\n## One {#1}\n\n1. First\n   item. {#1(a)}\n2. No name.\n\n# Annex {#annex}\n";
        let fixture = Fixture::new(&format!("//- order.md\n{text}"));
        let found = document_symbols(&fixture.snapshot, "order.md");
        let [order, annex] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((order.name.as_str(), order.detail.as_str()), ("Order", ""));
        assert_eq!((annex.name.as_str(), annex.detail.as_str()), ("Annex", "#annex"));
        let [one] = order.children.as_slice() else { panic!("{order:?}") };
        assert_eq!((one.detail.as_str(), &text[one.name_span.range()]), ("#1", "## One {#1}"));
        assert_eq!(one.children.len(), 1);
        assert_eq!(one.children[0].name, "1. First item.");
        assert!(order.span.end > one.span.start && one.span.end < annex.span.start);
    }

    #[test]
    fn a_mission_stands_with_its_name_and_title() {
        let text = "mission heron \"Exercise Heron\" refines caac {\n  set reporting_window = 12 hours\n}\n";
        assert_eq!(outline(text), "heron (Exercise Heron) [heron]\n");
    }

    #[test]
    fn a_half_typed_declaration_keeps_the_others_in_the_outline() {
        assert_eq!(
            outline("record A {\n  x:\n\nrule b {\n  when \n\nenum C { d"),
            "A () [A]\n  x () [x]\nb () [b]\nC () [C]\n  d () [d]\n"
        );
    }
}
