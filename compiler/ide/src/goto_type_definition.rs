//! From a name to the record or enum it is of.

use crate::goto_definition::Definition;
use crate::meant::meant;
use mandate_semantics::Snapshot;

// Feature: Go to Type Definition
//
// On a variable, a field, a parameter or a definition: the record or enum of its type, also of what a list holds. On a value of an enum: its enum.
/// The records and enums that the type of the name at a byte names; empty for types that are built in.
pub fn goto_type_definition(snapshot: &Snapshot, path: &str, offset: u32) -> Vec<Definition> {
    let Some(meant) = meant(snapshot, path, offset) else { return Vec::new() };
    let types = meant.targets.iter().flat_map(|target| snapshot.types_of(target));
    let places = types.filter_map(|target| snapshot.definition(&target));
    places.map(|place| Definition { origin: meant.span, place }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    fn shown(rules: &str) -> Vec<String> {
        let text = "use units.{Unit}\nenum Grade { low < high }\nrecord Post key id {\n  id: Text\n  units: list of Unit\n  grade: Grade?\n}\nparameter floor: Grade = low\n";
        let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{text}{rules}"));
        let found = goto_type_definition(&fixture.snapshot, &fixture.path, fixture.offset);
        found.iter().map(|one| fixture.shown(&one.place)).collect()
    }

    #[test]
    fn values_lead_to_what_they_are_of() {
        let unit = ["units.mandate: record [Unit] key id {"];
        let grade = ["rules.mandate: enum [Grade] { low < high }"];
        let post = ["rules.mandate: record [Post] key id {"];
        assert_eq!(shown("define d(p: Post) = p.uni$0ts is empty\n"), unit);
        assert_eq!(shown("define d(p: Post) = some u in p.units where $0u.name is known\n"), unit);
        assert_eq!(shown("define d(p: Post) = $0p.units is empty\n"), post);
        assert_eq!(shown("define d(p: Post) = p.grad$0e >= floor\n"), grade);
        assert_eq!(shown("define d(p: Post) = p.grade >= flo$0or\n"), grade);
        assert_eq!(shown("define d(p: Post) = p.grade >= hi$0gh\n"), grade);
        assert_eq!(shown("define e(p: Post) = p.grade\ndefine d(p: Post) = $0e(p) == low\n"), grade);
        assert_eq!(shown("define d(p: Post) = p.i$0d is known\n"), [""; 0]);
        assert_eq!(shown("define d(p: Post) = p.grad$0e >= \n"), grade, "in a half-typed line");
    }

    #[test]
    fn a_type_that_is_not_in_scope_by_name_is_found_where_it_is_declared() {
        let files = "//- more.mandate\nuse units.{Unit}\nrecord Camp key id {\n  id: Text\n  of: Unit\n}\n//- c.mandate\nuse more.{Camp}\ndefine d(c: Camp) = some u in [c.of] where $0u.name is known\n";
        let fixture = Fixture::new(&format!("{MISSION}{files}"));
        let found = goto_type_definition(&fixture.snapshot, &fixture.path, fixture.offset);
        let shown: Vec<String> = found.iter().map(|one| fixture.shown(&one.place)).collect();
        assert_eq!(shown, ["units.mandate: record [Unit] key id {"]);
    }
}
