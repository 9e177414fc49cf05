//! The outline of a file.

use mandate_semantics::{Snapshot, Symbol};

// Feature: Outline
//
// Declarations with their titles, and inside them fields, values and clauses.
/// The declarations of a module, in the order of the text; empty for other files.
pub fn document_symbols(snapshot: &Snapshot, path: &str) -> Vec<Symbol> {
    snapshot.symbols(path)
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
