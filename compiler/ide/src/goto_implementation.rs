//! From what is laid down to what carries it out.

use crate::enclosing::{Around, around};
use crate::goto_definition::Definition;
use crate::meant::meant;
use crate::references::references;
use mandate_semantics::{Kind, Place, Snapshot, Target, declared};
use mandate_syntax::ast::{Act, Bearer, ClauseKind, DeclKind, Item, MissionLineKind};

// Feature: Go to Implementation
//
// On a rule: the lines of scenarios that expect something of it, and the rules that stand in for it. On an action: the rules that ask for it or
// forbid it. On a role: the rules whose duties fall on it. On a passage, in a citation or in its document: the rules that cite it. On a parameter: where
// missions set it.
/// What carries out the name at a byte, sorted by file and place.
pub fn goto_implementation(snapshot: &Snapshot, path: &str, offset: u32) -> Vec<Definition> {
    let Some(meant) = meant(snapshot, path, offset) else { return Vec::new() };
    let places = implementations(snapshot, &meant.targets);
    places.into_iter().map(|place| Definition { origin: meant.span, place }).collect()
}

/// What carries out these targets, in the packages of a snapshot.
pub fn implementations(snapshot: &Snapshot, targets: &[Target]) -> Vec<Place> {
    let mut places = Vec::new();
    for target in targets {
        let used = || references(snapshot, std::slice::from_ref(target), false);
        match target {
            Target::Passage { .. } => places.extend(used().iter().filter_map(|place| match around(snapshot, place) {
                Around::Rule(rule) => Some(rule),
                Around::Expectation(_) | Around::Other => None,
            })),
            Target::Declaration { file, name } => match snapshot.kind_named(file, name) {
                Some(Kind::Rule) => {
                    places.extend(used().iter().filter_map(|place| match around(snapshot, place) {
                        Around::Expectation(line) => Some(line),
                        Around::Rule(_) | Around::Other => None,
                    }));
                    places.extend(used().into_iter().filter_map(|place| declaring(snapshot, place, Part::Replaces)));
                }
                Some(Kind::Action) => {
                    places.extend(used().into_iter().filter_map(|place| declaring(snapshot, place, Part::Act)));
                }
                Some(Kind::Role) => {
                    places.extend(used().into_iter().filter_map(|place| declaring(snapshot, place, Part::Bearer)));
                }
                Some(Kind::Parameter) => {
                    places.extend(used().into_iter().filter_map(|place| declaring(snapshot, place, Part::Set)));
                }
                Some(Kind::Enum | Kind::Record | Kind::Define | Kind::Waiver | Kind::Source) | None => {}
            },
            Target::Module { .. } | Target::Field { .. } | Target::Variant { .. } | Target::Local { .. } => {}
        }
    }
    places.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
    places.dedup();
    places
}

/// What a name stands for in the declaration around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The rule that is replaced.
    Replaces,
    /// What is to be done.
    Act,
    /// On whom it falls.
    Bearer,
    /// What a mission sets.
    Set,
}

/// The declaration around a place, if the place is this part of it: the name of the rule, or the line of the mission.
fn declaring(snapshot: &Snapshot, place: Place, part: Part) -> Option<Place> {
    let module = snapshot.syntax(&place.path)?;
    let item = crate::enclosing::item_at(&module, place.span.start)?;
    let at = place.span.start.checked_sub(item.offset)?;
    let span = match part {
        Part::Set => {
            let DeclKind::Mission(mission) = &item.decl.kind else { return None };
            let sets = |kind: &MissionLineKind| matches!(kind, MissionLineKind::Set(path, _) if path.span.touches(at));
            mission.lines.iter().find(|line| sets(&line.kind))?.span
        }
        Part::Replaces | Part::Act | Part::Bearer => {
            let (name, _) = declared(&item.decl.kind)?;
            is_part(item, part, at).then_some(name.span)?
        }
    };
    Some(Place { path: place.path, span: span.shifted(item.offset) })
}

fn is_part(item: &Item, part: Part, at: u32) -> bool {
    let DeclKind::Rule(rule) = &item.decl.kind else { return false };
    if part == Part::Replaces {
        return rule.replaces.as_ref().is_some_and(|path| path.span.touches(at));
    }
    rule.clauses.iter().any(|clause| match &clause.kind {
        ClauseKind::Norm(sentence) | ClauseKind::Otherwise(sentence) => match part {
            Part::Act => matches!(&sentence.act, Act::Call(path, _) if path.span.touches(at)),
            Part::Bearer => match &sentence.bearer {
                Bearer::RoleOf(path, _) => path.span.touches(at),
                Bearer::Path(expr) => expr.span.touches(at),
                Bearer::Everyone(_) | Bearer::Hole(_) => false,
            },
            Part::Replaces | Part::Set => false,
        },
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    const RULES: &str = r#"use units.{Unit}
source order_7 {
  title "Order 7"
  force order
  document "sources/order.md"
}
record Report key id at sent_at {
  id: Text
  unit: Unit
  sent_at: Time?
}
role staff
action report(u: Unit) {
  evidence r: Report where r.unit == u
}
rule report_it "Report" {
  cites order_7#reporting
  for each u: Unit
  when u.name is known
  staff must report(u) by 2026-03-01
}
rule other "Also" replaces report_it {
  cites order_7#leave
  for each u: Unit
  everyone must report(u) by 2026-03-01
}
scenario "in time" {
  as of 2026-03-02
  given u: Unit { name: "x" }
  expect report_it(u) violated
  expect no other(u)
}
"#;

    fn shown(from: &str, to: &str) -> Vec<String> {
        assert!(RULES.contains(from));
        let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{}", RULES.replacen(from, to, 1)));
        let found = goto_implementation(&fixture.snapshot, &fixture.path, fixture.offset);
        found.iter().map(|one| fixture.shown(&one.place)).collect()
    }

    #[test]
    fn a_rule_leads_to_what_scenarios_expect_of_it_and_to_what_replaces_it() {
        assert_eq!(
            shown("rule report_it", "rule rep$0ort_it"),
            [
                "rules.mandate: rule [other] \"Also\" replaces report_it {",
                "rules.mandate:   [expect report_it(u) violated]"
            ]
        );
    }

    #[test]
    fn acts_roles_and_passages_lead_to_their_rules() {
        let rules = [
            "rules.mandate: rule [report_it] \"Report\" {",
            "rules.mandate: rule [other] \"Also\" replaces report_it {",
        ];
        assert_eq!(shown("action report", "action rep$0ort"), rules);
        assert_eq!(shown("role staff", "role st$0aff"), rules[..1]);
        assert_eq!(shown("#reporting", "#repor$0ting"), rules[..1]);
        assert_eq!(shown("record Report", "record Re$0port"), [""; 0]);
    }

    #[test]
    fn a_heading_of_a_document_leads_to_the_rules_that_cite_it() {
        let files = format!("{MISSION}//- rules.mandate\n{RULES}").replace("## Leave", "## Lea$0ve");
        let fixture = Fixture::new(&files);
        let found = goto_implementation(&fixture.snapshot, &fixture.path, fixture.offset);
        let places: Vec<String> = found.iter().map(|one| fixture.shown(&one.place)).collect();
        assert_eq!(places, ["rules.mandate: rule [other] \"Also\" replaces report_it {"]);
    }
}
