//! Places of a variable that change together while one of them is typed in.

use mandate_diagnostics::Span;
use mandate_semantics::{Snapshot, Target};

// Feature: Linked Editing
//
// On a variable: with this turned on in the editor, its other places in the declaration follow while it is typed.
/// Every place of the variable at a byte, all with the same words; empty where no variable stands.
pub fn linked_editing(snapshot: &Snapshot, path: &str, offset: u32) -> Vec<Span> {
    let Some(reference) = snapshot.reference_at(path, offset) else { return Vec::new() };
    let Target::Local { name, .. } = &reference.target else { return Vec::new() };
    let Some(text) = snapshot.text(path) else { return Vec::new() };
    let places = snapshot.usages(&reference.target).into_iter().map(|place| place.span);
    let spans: Vec<Span> = places.filter(|span| text.get(span.range()) == Some(name)).collect();
    if spans.iter().any(|span| span.touches(offset)) { spans } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    fn shown(rules: &str) -> Vec<u32> {
        let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{rules}"));
        linked_editing(&fixture.snapshot, &fixture.path, fixture.offset).iter().map(|span| span.start).collect()
    }

    #[test]
    fn the_places_of_a_variable_follow_and_those_of_another_declaration_do_not() {
        let rules = "use units.{Unit}\ndefine a(u: Unit) = $0u.name is known\ndefine b(u: Unit) = u.name is known\n";
        assert_eq!(shown(rules), [26, 37]);
        assert_eq!(shown("use units.{Unit}\ndefine a(u: Un$0it) = u.name is known\n"), [0; 0]);
        let half = "use units.{Unit}\nrule r {\n  for each $0u: Unit\n  when u.name is known and \n";
        assert_eq!(shown(half).len(), 2);
    }
}
