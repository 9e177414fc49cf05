//! Lines above declarations and passages: what can be run, who cites them, what was found about them.

use crate::proofs::{Proven, is_about_conflict};
use crate::scenarios::scenarios_of;
use mandate_diagnostics::{Span, codes};
use mandate_semantics::{CitingRule, Place, Snapshot, Target};
use mandate_syntax::ast::{DeclKind, Item, StepKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A line above a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLens {
    /// The place: a name, a title, the head of a passage.
    pub span: Span,
    /// What the line is about.
    pub about: LensAbout,
}

/// What a line is about. What it says in full is found when it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LensAbout {
    /// A scenario that can be run, by its title.
    Scenario(String),
    /// An expectation of a scenario, by the title of that and its number from 0.
    Expectation(String, usize),
    /// The scenarios that expect something of a rule of this module, by its name.
    Expectations(String),
    /// The rules that cite a source of this module, by its name.
    Source(String),
    /// The rules that cite a passage of this passage file, by its name.
    Passage(String),
    /// What was proven about a rule of this module, by its name.
    Findings(String),
    /// A rule of this module, by its name, that wants another look at its passages.
    Review {
        /// The rule.
        rule: String,
        /// It was reviewed before a passage changed; otherwise never.
        changed: bool,
    },
}

// Feature: Code lenses
//
// Above a scenario: run it, with how it came out last; above an expectation that was not met, why. Above a rule: how many scenarios expect something of it and what they show, what was
// proven about it, and whether a passage changed since it was reviewed. Above a source and above each passage of its document: how many
// rules cite it.
/// The lines of a file, in the order of its text. `proven` are findings whose places may lie in it.
pub fn code_lenses(snapshot: &Snapshot, path: &str, proven: &[Proven]) -> Vec<CodeLens> {
    let Some(tree) = snapshot.syntax(path) else { return of_document(snapshot, path) };
    let wanting = wanting(snapshot, path);
    let mut lenses = Vec::new();
    for item in &tree.items {
        let at = |span: Span| span.shifted(item.offset);
        match &item.decl.kind {
            DeclKind::Scenario(scenario) => {
                let Some(title) = &scenario.title else { continue };
                lenses.push(CodeLens { span: at(title.span), about: LensAbout::Scenario(title.text.clone()) });
                let expects = scenario.steps.iter().filter(|step| matches!(step.kind, StepKind::Expect(_)));
                lenses.extend(expects.enumerate().map(|(number, step)| CodeLens {
                    span: at(step.span),
                    about: LensAbout::Expectation(title.text.clone(), number),
                }));
            }
            DeclKind::Rule(rule) if !rule.name.is_hole() => {
                let (span, name) = (at(rule.name.span), &rule.name.text);
                let whole = at(item.decl.span);
                let mut add = |about| lenses.push(CodeLens { span, about });
                add(LensAbout::Expectations(name.clone()));
                if proven.iter().any(|one| is_about(one, path, whole)) {
                    add(LensAbout::Findings(name.clone()));
                }
                if let Some((_, changed)) = wanting.iter().find(|(place, _)| whole.touches(place.start)) {
                    add(LensAbout::Review { rule: name.clone(), changed: *changed });
                }
            }
            DeclKind::Source(source) if !source.name.is_hole() => {
                lenses.push(CodeLens { span: at(source.name.span), about: LensAbout::Source(source.name.text.clone()) })
            }
            _ => {}
        }
    }
    lenses
}

fn of_document(snapshot: &Snapshot, path: &str) -> Vec<CodeLens> {
    let Some(text) = snapshot.text(path) else { return Vec::new() };
    let head = |span: Span| {
        let line = text.get(span.range()).and_then(|words| words.lines().next()).unwrap_or("");
        Span::new(span.start, span.start + line.trim_end().len() as u32)
    };
    let passages = snapshot.passages(path).into_iter();
    passages.map(|(name, span)| CodeLens { span: head(span), about: LensAbout::Passage(name) }).collect()
}

/// Where reviews are wanted in a module: true where a passage changed since, false where nobody reviewed before.
fn wanting(snapshot: &Snapshot, path: &str) -> Vec<(Span, bool)> {
    let said = snapshot.diagnostics(path).into_iter();
    let mut found: Vec<(Span, bool)> = said
        .filter(|said| [codes::W013.id, codes::W014.id].contains(&said.code.id))
        .map(|said| (said.primary.span, said.code.id == codes::W013.id))
        .collect();
    // Of both, the change says more.
    found.sort_by_key(|(span, changed)| (!changed, *span));
    found
}

/// Whether a finding is about a declaration: it is told there, or is a conflict in which the declaration takes part.
fn is_about(proven: &Proven, path: &str, whole: Span) -> bool {
    let inside = |span: Span| whole.start <= span.start && span.end <= whole.end;
    let told = *proven.path == *path && inside(proven.diagnostic.primary.span);
    let related = || {
        proven
            .diagnostic
            .related
            .iter()
            .any(|label| label.file.as_deref().unwrap_or(&proven.path) == path && inside(label.span))
    };
    told || is_about_conflict(&proven.diagnostic) && related()
}

/// The `expect` lines and other words of scenarios that name a rule of a module.
pub fn scenarios_expecting(snapshot: &Snapshot, path: &str, rule: &str) -> Vec<Place> {
    let target = Target::Declaration { file: Arc::from(path), name: Arc::from(rule) };
    let mut found: Vec<Place> = Vec::new();
    let usages = snapshot.usages(&target);
    let files: BTreeSet<&Arc<str>> = usages.iter().map(|place| &place.path).collect();
    for file in files {
        for scenario in scenarios_of(snapshot, file) {
            let here = usages.iter().filter(|place| place.path == *file);
            let inside = |place: &&Place| {
                scenario.expects.iter().any(|span| span.start <= place.span.start && place.span.end <= span.end)
            };
            // A scenario that expects several things of a rule is one scenario.
            found.extend(here.filter(|place| inside(place)).take(1).cloned());
        }
    }
    found
}

/// The rules that cite a passage of a passage file; `None` if it has no such passage.
pub fn rules_citing_passage(snapshot: &Snapshot, path: &str, passage: &str) -> Option<Vec<CitingRule>> {
    let (_, span) = snapshot.passages(path).into_iter().find(|(name, _)| name == passage)?;
    Some(snapshot.rules_citing_passage(path, span))
}

/// What was proven about a rule of a module, as pages in Markdown.
pub fn findings_about(snapshot: &Snapshot, path: &str, rule: &str, proven: &[Proven]) -> Vec<String> {
    let Some(tree) = snapshot.syntax(path) else { return Vec::new() };
    let is_it = |item: &&Item| matches!(&item.decl.kind, DeclKind::Rule(known) if known.name.text == rule);
    let Some(item) = tree.items.iter().find(is_it) else { return Vec::new() };
    let whole = item.decl.span.shifted(item.offset);
    proven.iter().filter(|one| is_about(one, path, whole)).map(|one| one.page.clone()).collect()
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

record Incident key id at seen_at {
  id: Text
  seen_at: Time
  unit: Unit
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

rule report_it "Report what you see" {
  cites order_7#reporting
  for each i: Incident
  everyone must report(i) within 24 hours after i.seen_at
}

rule again "Report it again" {
  cites order_7#reporting, order_7#leave
  for each i: Incident
  everyone should report(i) within 48 hours after i.seen_at
}

scenario "late" {
  as of 2026-03-03
  given i: Incident { seen_at: 2026-03-01T08:00Z }
  expect report_it(i) violated
  expect report_it violated
}
"#;

    fn fixture(rules: &str) -> Fixture {
        Fixture::new(&format!("{MISSION}//- rules.mandate\n{rules}"))
    }

    fn shown(fixture: &Fixture, path: &str) -> Vec<String> {
        let text = fixture.snapshot.text(path).unwrap();
        let lenses = code_lenses(&fixture.snapshot, path, &[]);
        lenses.into_iter().map(|lens| format!("[{}] {:?}", &text[lens.span.range()], lens.about)).collect()
    }

    #[test]
    fn lenses_stand_above_scenarios_rules_sources_and_passages() {
        let fixture = fixture(RULES);
        assert_eq!(
            shown(&fixture, "rules.mandate"),
            [
                "[order_7] Source(\"order_7\")",
                "[report_it] Expectations(\"report_it\")",
                "[again] Expectations(\"again\")",
                "[\"late\"] Scenario(\"late\")",
                "[expect report_it(i) violated] Expectation(\"late\", 0)",
                "[expect report_it violated] Expectation(\"late\", 1)",
            ]
        );
        assert_eq!(
            shown(&fixture, "sources/order.md"),
            ["[## Reporting {#reporting}] Passage(\"reporting\")", "[## Leave {#leave}] Passage(\"leave\")",]
        );
        assert_eq!(shown(&fixture, "units.mandate"), [""; 0]);
    }

    #[test]
    fn who_cites_and_who_expects_is_counted_once_each() {
        let fixture = fixture(RULES);
        let citing = |passage: &str| -> Vec<String> {
            let found = rules_citing_passage(&fixture.snapshot, "sources/order.md", passage).unwrap();
            found.into_iter().map(|one| one.rule.rsplit('.').next().unwrap().to_owned()).collect()
        };
        assert_eq!(citing("reporting"), ["report_it", "again"]);
        assert_eq!(citing("leave"), ["again"]);
        assert_eq!(rules_citing_passage(&fixture.snapshot, "sources/order.md", "no_such"), None);
        let source = fixture.snapshot.rules_citing_source("rules.mandate", "order_7");
        assert_eq!(source.iter().map(|one| one.rule.as_str()).collect::<Vec<_>>(), ["report_it", "again"]);
        let expecting = |rule: &str| scenarios_expecting(&fixture.snapshot, "rules.mandate", rule).len();
        assert_eq!((expecting("report_it"), expecting("again"), expecting("no_such")), (1, 0, 0));
    }

    #[test]
    fn a_half_typed_declaration_takes_no_lens_from_the_others() {
        let whole = shown(&fixture(RULES), "rules.mandate");
        for half in
            ["rule half {\n  cites order_7#\n  when \n\n", "rule \n\n", "scenario \"x\n\n", "source {\n  title\n\n"]
        {
            let text = RULES.replace("rule again", &format!("{half}rule again"));
            let found = shown(&fixture(&text), "rules.mandate");
            for lens in &whole {
                assert!(found.contains(lens), "{lens} is missing beside {half:?}: {found:?}");
            }
        }
    }
}
