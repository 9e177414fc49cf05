//! From a name to its declaration, from a citation to the passage in its document.

use mandate_diagnostics::Span;
use mandate_semantics::{Place, Snapshot};

/// A jump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// The words that led there.
    pub origin: Span,
    /// Where they lead.
    pub place: Place,
}

// Feature: Go to Definition, Go to Source
//
// On a name: its declaration, also in another package or the standard library. On a citation such as
// `caac_policy#reporting`: on the source's name its declaration, on the passage the very passage in its document.
/// Where the name or citation at a byte leads; `None` where nothing is named, or the name means nothing.
pub fn goto_definition(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Definition> {
    let reference = snapshot.reference_at(path, offset)?;
    let place = snapshot.definition(&reference.target)?;
    Some(Definition { origin: reference.span, place })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    /// `[words] path: line with [the target]`, or nothing.
    fn shown(rules: &str) -> String {
        let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{rules}"));
        match goto_definition(&fixture.snapshot, &fixture.path, fixture.offset) {
            Some(found) => format!("[{}] {}", fixture.words(found.origin), fixture.shown(&found.place)),
            None => String::new(),
        }
    }

    const SOURCE: &str = "source order_7 {\n  title \"Order 7\"\n  force order\n  document \"sources/order.md\"\n}\n";

    #[test]
    fn a_name_leads_to_its_declaration_in_another_file() {
        let expected = "[Unit] units.mandate: record [Unit] key id {";
        assert_eq!(shown("use units.{Unit}\n\nrecord Post {\n  unit: Un$0it\n}\n"), expected);
        assert_eq!(shown("use units.{Un$0it}\n"), expected);
        assert_eq!(shown("use uni$0ts.{Unit}\n"), "[units] units.mandate: []/// A unit in the field.");
    }

    #[test]
    fn a_field_and_a_variable_lead_to_where_they_are_introduced() {
        let rules = "use units.{Unit}\n\ndefine named(u: Unit) = u.name is known\n";
        assert_eq!(shown(&rules.replace("u.name", "u.na$0me")), "[name] units.mandate:   [name]: Text?");
        assert_eq!(
            shown(&rules.replace("u.name", "$0u.name")),
            "[u] rules.mandate: define named([u]: Unit) = u.name is known"
        );
    }

    #[test]
    fn a_citation_leads_to_the_passage_in_its_document() {
        let cited = |citation: &str| shown(&format!("{SOURCE}background {citation} \"why\"\n"));
        assert_eq!(cited("order$0_7#reporting"), "[order_7] rules.mandate: source [order_7] {");
        let passage = cited("order_7#repo$0rting");
        assert!(passage.contains("sources/order.md: [## Reporting {#reporting}"), "{passage}");
        assert_eq!(cited("order_7#no_$0such"), "");
    }

    #[test]
    fn where_nothing_is_named_there_is_nowhere_to_go() {
        assert!(!shown("record Po$0st {\n  unit: Nowhere\n}\n").contains("Nowhere"));
        assert_eq!(shown("record Post {\n  unit: Now$0here\n}\n"), "");
        assert_eq!(shown("// a com$0ment\n"), "");
    }
}
