//! Every place that means the same.

use crate::meant::meant;
use crate::passage;
use mandate_diagnostics::Span;
use mandate_semantics::{Place, Snapshot, Target};
use std::collections::BTreeSet;

/// What a word does with what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It declares it, or gives it a value: the name of a declaration, a field of a record that is given, a parameter that is set.
    Write,
    /// It speaks of it.
    Read,
}

// Feature: Find References
//
// Every place of the open packages that means the same as the name at the cursor, in rules, scenarios and missions, also in packages that use this
// one. On a passage, in its document too: the citations that carry it, by its own name, within a span such as `#4 .. #6`, or by the heading
// it stands below.
/// Every place that means one of these targets, sorted by file and place; with `declaration`, the places that declare them too.
pub fn references(snapshot: &Snapshot, targets: &[Target], declaration: bool) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut documents = BTreeSet::new();
    for target in targets {
        let declared = snapshot.definition(target);
        if let Target::Passage { file, source, passage } = target
            && let Some(document) = snapshot.document_of_source(file, source)
        {
            documents.insert((document, passage.clone()));
            continue;
        }
        let found = snapshot.usages(target).into_iter();
        places.extend(found.filter(|place| declaration || Some(place) != declared.as_ref()));
    }
    for (document, name) in documents {
        let Some(read) = snapshot.passage_file(&document) else { continue };
        let cites = passage::citations(snapshot, &document);
        let carrying = cites.into_iter().filter(|one| passage::carries(read, one, &name).is_some());
        places.extend(carrying.map(|one| one.place));
        let Some(text) = snapshot.text(&document) else { continue };
        let linked = passage::links(&text).into_iter().filter(|(_, to)| *to == &*name);
        places.extend(linked.map(|(span, _)| Place { path: document.clone(), span }));
        let own = passage::anchor(&text, read, &name).filter(|_| declaration);
        places.extend(own.map(|span| Place { path: document.clone(), span }));
    }
    places.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
    places.dedup();
    places
}

// Feature: Highlight
//
// The places of this file that mean the same as the name at the cursor; those that declare it or give it a value are marked apart.
/// The places of a file that mean the same as the word at a byte.
pub fn document_highlight(snapshot: &Snapshot, path: &str, offset: u32) -> Vec<(Span, Access)> {
    let (Some(meant), Some(text)) = (meant(snapshot, path, offset), snapshot.text(path)) else { return Vec::new() };
    let mut found: Vec<(Span, Access)> = Vec::new();
    if let Some(document) = snapshot.passage_file(path) {
        let names: BTreeSet<&str> = meant.targets.iter().filter_map(passage_name).collect();
        for name in names {
            let own = passage::anchor(&text, document, name);
            found.extend(own.map(|span| (span, Access::Write)));
            let linked = passage::links(&text).into_iter().filter(|(_, to)| *to == name);
            found.extend(linked.map(|(span, _)| (span, Access::Read)));
        }
        return found;
    }
    let declared: Vec<Place> = meant.targets.iter().filter_map(|target| snapshot.definition(target)).collect();
    for reference in snapshot.references(path) {
        if meant.targets.contains(&reference.target) {
            let declares = declared.iter().any(|place| *place.path == *path && place.span == reference.span);
            let writes = declares || is_given(&text, reference.span, &reference.target);
            found.push((reference.span, if writes { Access::Write } else { Access::Read }));
        }
    }
    found
}

fn passage_name(target: &Target) -> Option<&str> {
    match target {
        Target::Passage { passage, .. } => Some(passage),
        _ => None,
    }
}

/// Whether a value is given here: `sent_at: 2026-03-01` in a scenario, `set window = 12 hours` in a scenario or mission.
fn is_given(text: &str, span: Span, target: &Target) -> bool {
    match target {
        Target::Field { .. } => {
            let behind = text.get(span.end as usize..).unwrap_or("");
            behind.trim_start().starts_with(':')
        }
        Target::Declaration { .. } => {
            let before = text.get(..span.start as usize).unwrap_or("");
            let line = before.rsplit('\n').next().unwrap_or("");
            line.trim_start().strip_prefix("set ").is_some_and(|path| path.split('.').all(|part| !part.contains(' ')))
        }
        Target::Module { .. } | Target::Variant { .. } | Target::Local { .. } | Target::Passage { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    fn shown(files: &str, declaration: bool) -> Vec<String> {
        let fixture = Fixture::new(&format!("{MISSION}{files}"));
        let Some(meant) = meant(&fixture.snapshot, &fixture.path, fixture.offset) else { return Vec::new() };
        let found = references(&fixture.snapshot, &meant.targets, declaration);
        found.iter().map(|place| fixture.shown(place)).collect()
    }

    fn highlighted(files: &str) -> Vec<String> {
        let fixture = Fixture::new(&format!("{MISSION}{files}"));
        let found = document_highlight(&fixture.snapshot, &fixture.path, fixture.offset);
        let place = |span| Place { path: std::sync::Arc::from(fixture.path.as_str()), span };
        found.iter().map(|(span, access)| format!("{access:?} {}", fixture.shown(&place(*span)))).collect()
    }

    const SOURCE: &str = "source order_7 {\n  title \"Order 7\"\n  force order\n  document \"sources/order.md\"\n}\n";

    #[test]
    fn a_name_is_found_in_every_file_with_its_declaration_if_that_is_wanted() {
        let files = "//- a.mandate\nuse units.{Unit}\nrecord Post {\n  unit: Un$0it\n}\n//- b.mandate\nuse units\nrecord Camp {\n  unit: units.Unit?\n}\n";
        let used = ["a.mandate: use units.{[Unit]}", "a.mandate:   unit: [Unit]", "b.mandate:   unit: units.[Unit]?"];
        assert_eq!(shown(files, false), used);
        assert_eq!(shown(files, true)[3], "units.mandate: record [Unit] key id {");
    }

    #[test]
    fn fields_are_found_in_rules_and_scenarios_and_other_records_fields_are_not() {
        let files = "//- a.mandate\nuse units.{Unit}\nrecord Post key id {\n  id: Text\n  name: Text\n}\ndefine named(u: Unit) = u.na$0me is known\nscenario \"s\" {\n  given p: Post { name: \"x\" }\n  given u: Unit { name: \"x\" }\n}\n";
        assert_eq!(
            shown(files, true),
            [
                "a.mandate: define named(u: Unit) = u.[name] is known",
                "a.mandate:   given u: Unit { [name]: \"x\" }",
                "units.mandate:   [name]: Text?"
            ]
        );
    }

    #[test]
    fn a_passage_is_found_where_it_is_cited_alone_in_a_span_and_by_its_heading() {
        let rules = format!(
            "//- rules.mandate\n{SOURCE}background order_7#reporting \"a\"\nbackground order_7#reporting .. #leave \"b\"\nbackground order_7#order \"c\"\nbackground order_7#leave \"d\"\n"
        );
        let document = "//- sources/order.md\n# Order 7 {#order}\n\n## Reporting {#reporting}\n\nReport it, see [leave](#leave).\n\n## Leave {#leave}\n\nGranted$0 by [reporting](#reporting).\n";
        let found = shown(&format!("{rules}{document}"), true);
        assert_eq!(
            found,
            [
                "rules.mandate: background order_7[#reporting .. #leave] \"b\"",
                "rules.mandate: background order_7[#order] \"c\"",
                "rules.mandate: background order_7[#leave] \"d\"",
                "sources/order.md: Report it, see [leave](#[leave]).",
                "sources/order.md: ## Leave {#[leave]}",
            ]
        );
    }

    #[test]
    fn highlights_tell_what_gives_a_value() {
        let files = "//- a.mandate\nuse units.{Unit}\ndefine named(u$0: Unit) = u.name is known\n";
        assert_eq!(
            highlighted(files),
            [
                "Write a.mandate: define named([u]: Unit) = u.name is known",
                "Read a.mandate: define named(u: Unit) = [u].name is known"
            ]
        );
        let files = "//- a.mandate\nparameter window: Duration = 1 day\ndefine long = win$0dow > 2 days\nscenario \"s\" {\n  let day = 2026-03-01\n  set window = 2 days\n  as of day\n}\n";
        assert_eq!(
            highlighted(files),
            [
                "Write a.mandate: parameter [window]: Duration = 1 day",
                "Read a.mandate: define long = [window] > 2 days",
                "Write a.mandate:   set [window] = 2 days"
            ]
        );
        let named = files.replace("win$0dow", "window").replace("as of day", "as of d$0ay");
        assert_eq!(highlighted(&named), ["Write a.mandate:   let [day] = 2026-03-01", "Read a.mandate:   as of [day]"]);
    }

    #[test]
    fn half_typed_text_hides_no_reference() {
        let files = "//- a.mandate\nuse units.{Unit}\nrule half {\n  when \n\nrecord Post {\n  unit: Un$0it\n}\n";
        assert_eq!(shown(files, false).len(), 2);
    }
}
