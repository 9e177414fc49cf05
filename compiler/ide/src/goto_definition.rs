//! From a name to its declaration, from a citation to the passage in its document.

use crate::goto_implementation::implementations;
use crate::meant::meant;
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
// In a document: on a link to another passage that passage, anywhere else in a passage the rules that cite it.
/// Where the name or citation at a byte leads; empty where nothing is named, or the name means nothing.
pub fn goto_definition(snapshot: &Snapshot, path: &str, offset: u32) -> Vec<Definition> {
    let Some(meant) = meant(snapshot, path, offset) else { return Vec::new() };
    let Some(document) = snapshot.passage_file(path) else {
        let place = meant.targets.iter().find_map(|target| snapshot.definition(target));
        return place.into_iter().map(|place| Definition { origin: meant.span, place }).collect();
    };
    let place = meant.targets.iter().find_map(|target| snapshot.definition(target));
    let here = document.passage_at(offset).and_then(|name| document.passages.get(name)).map(|passage| passage.span);
    match place {
        Some(place) if here != Some(place.span) => vec![Definition { origin: meant.span, place }],
        _ => {
            let rules = implementations(snapshot, &meant.targets);
            rules.into_iter().map(|place| Definition { origin: meant.span, place }).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    /// `[words] path: line with [the target]`, or nothing.
    fn shown(rules: &str) -> String {
        let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{rules}"));
        let found = goto_definition(&fixture.snapshot, &fixture.path, fixture.offset);
        let shown = |one: &Definition| format!("[{}] {}", fixture.words(one.origin), fixture.shown(&one.place));
        found.iter().map(shown).collect::<Vec<_>>().join("\n")
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
    fn what_carries_a_statement_leads_to_its_declaration() {
        let expected = "[Unit] units.mandate: record [Unit] key id {";
        assert_eq!(shown("use units.{Unit}\ncarries \"A-1\" by Un$0it \"the record\"\n"), expected);
        assert_eq!(shown("carries \"A-1\" by units.Un$0it\n"), expected);
        assert_eq!(shown("use units.{Unit}\ncarries \"A-1$0\" by Unit \"the record\"\n"), "");
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
    fn a_passage_of_a_document_leads_to_the_rules_that_cite_it() {
        let rule = "rule r \"R\" {\n  cites order_7#reporting\n  for each u: Unit\n  require u.name is known\n}\n";
        let from = |from: &str, to: &str| {
            let mission = MISSION.replace(from, to);
            let fixture = Fixture::new(&format!("{mission}//- rules.mandate\nuse units.{{Unit}}\n{SOURCE}{rule}"));
            let found = goto_definition(&fixture.snapshot, &fixture.path, fixture.offset);
            let shown = |one: &Definition| format!("[{}] {}", fixture.words(one.origin), fixture.shown(&one.place));
            found.iter().map(shown).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(from("## Rep", "## $0Rep"), "[## Reporting {#reporting}] rules.mandate: rule [r] \"R\" {");
        assert_eq!(
            from("within a day", "with$0in a day"),
            "[## Reporting {#reporting}] rules.mandate: rule [r] \"R\" {"
        );
        assert_eq!(from("Leave is", "Lea$0ve is"), "");
        let linked = from("Leave is", "See [above](#rep$0orting). Leave is");
        assert!(linked.starts_with("[reporting] sources/order.md: [## Reporting {#reporting} ... "), "{linked}");
    }

    #[test]
    fn where_nothing_is_named_there_is_nowhere_to_go() {
        assert!(!shown("record Po$0st {\n  unit: Nowhere\n}\n").contains("Nowhere"));
        assert_eq!(shown("record Post {\n  unit: Now$0here\n}\n"), "");
        assert_eq!(shown("// a com$0ment\n"), "");
    }
}
