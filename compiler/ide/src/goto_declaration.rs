//! From a name to what it answers to: one step above its definition.

use crate::goto_definition::Definition;
use crate::meant::meant;
use mandate_semantics::{Kind, Snapshot, Target, declared};
use mandate_syntax::ast::DeclKind;

// Feature: Go to Declaration
//
// On a passage of a citation: the declaration of its source, which tells what binds in it. On a rule that replaces another: the rule it stands in
// for. On any other name: its definition.
/// Where the name at a byte is declared; empty where nothing is named.
pub fn goto_declaration(snapshot: &Snapshot, path: &str, offset: u32) -> Vec<Definition> {
    let Some(meant) = meant(snapshot, path, offset) else { return Vec::new() };
    let above = |target: &Target| match target {
        Target::Passage { file, source, .. } => Target::Declaration { file: file.clone(), name: source.clone() },
        Target::Declaration { file, name } => replaced(snapshot, file, name).unwrap_or_else(|| target.clone()),
        Target::Module { .. } | Target::Field { .. } | Target::Variant { .. } | Target::Local { .. } => target.clone(),
    };
    let places = meant.targets.iter().filter_map(|target| snapshot.definition(&above(target)));
    places.map(|place| Definition { origin: meant.span, place }).collect()
}

/// The rule that a rule stands in for.
pub(crate) fn replaced(snapshot: &Snapshot, file: &str, name: &str) -> Option<Target> {
    if snapshot.kind_named(file, name) != Some(Kind::Rule) {
        return None;
    }
    let module = snapshot.syntax(file)?;
    let is_it = |kind: &DeclKind| declared(kind).is_some_and(|(known, _)| known.text == name);
    let item = module.items.iter().find(|item| is_it(&item.decl.kind))?;
    let DeclKind::Rule(rule) = &item.decl.kind else { return None };
    let last = rule.replaces.as_ref()?.segments.last()?;
    let reference = snapshot.reference_at(file, item.offset + last.span.start)?;
    matches!(reference.target, Target::Declaration { .. }).then_some(reference.target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    fn shown(rules: &str) -> Vec<String> {
        let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{rules}"));
        let found = goto_declaration(&fixture.snapshot, &fixture.path, fixture.offset);
        found.iter().map(|one| format!("[{}] {}", fixture.words(one.origin), fixture.shown(&one.place))).collect()
    }

    #[test]
    fn a_passage_leads_to_its_source_and_a_replacement_to_what_it_replaces() {
        let source = "source order_7 {\n  title \"Order 7\"\n  force order\n  document \"sources/order.md\"\n}\n";
        assert_eq!(
            shown(&format!("{source}background order_7#repo$0rting \"why\"\n")),
            ["[#reporting] rules.mandate: source [order_7] {"]
        );
        let rules = "use units.{Unit}\nrule a \"A\" {\n  for each u: Unit\n  require u.name is known\n}\nrule $0b \"B\" replaces a {\n  for each u: Unit\n  require u.name is known\n}\n";
        assert_eq!(shown(rules), ["[b] rules.mandate: rule [a] \"A\" {"]);
        assert_eq!(
            shown(&rules.replace("$0b", "b").replace("rule a", "rule $0a")),
            ["[a] rules.mandate: rule [a] \"A\" {"]
        );
        assert_eq!(shown("record Post {\n  unit: No$0where\n}\n"), [""; 0]);
    }
}
