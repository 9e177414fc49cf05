//! The scenarios of a workspace, and how they come out.

use mandate_assess::{Difference, ExpectationResult, Found, ScenarioResult, Trial};
use mandate_diagnostics::{Severity, Span};
use mandate_pack::Pack;
use mandate_semantics::{FileDiagnostics, Place, Snapshot};
use mandate_syntax::ast::{DeclKind, Item, StepKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A scenario where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioPlace {
    /// Its module.
    pub path: Arc<str>,
    /// The whole scenario.
    pub span: Span,
    /// Its title.
    pub name_span: Span,
    /// Its title, as meant.
    pub title: String,
    /// Its package.
    pub package: Arc<str>,
    /// Its `expect` lines, in order.
    pub expects: Vec<Span>,
}

/// How a scenario came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScenarioOutcome {
    /// Everything was found as expected.
    Passed,
    /// Something was not.
    Failed,
    /// It was not run, because the package has errors.
    Broken,
}

impl ScenarioOutcome {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            ScenarioOutcome::Passed => "passed",
            ScenarioOutcome::Failed => "failed",
            ScenarioOutcome::Broken => "broken",
        }
    }
}

/// Something to be said about a scenario that did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioMessage {
    /// Where: the `expect` line, the title where nothing could be asked, an error of the package.
    pub place: Place,
    /// What, in lines.
    pub message: String,
    /// What was expected and what was found, where the two can be laid side by side.
    pub difference: Option<(String, String)>,
}

/// A scenario with how it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioRun {
    /// Which.
    pub scenario: ScenarioPlace,
    /// How it came out.
    pub outcome: ScenarioOutcome,
    /// Why, unless it passed.
    pub messages: Vec<ScenarioMessage>,
}

// Feature: Scenarios
//
// The scenarios of the open packages stand in the editor's list of tests; each says at the line of its `expect` what was found
// instead, and why. They run on the texts as they stand, saved or not.
/// The scenarios with a title in the modules of the packages that the user asked for, by file and place.
pub fn scenarios(snapshot: &Snapshot) -> Vec<ScenarioPlace> {
    snapshot.modules().iter().flat_map(|path| scenarios_of(snapshot, path)).collect()
}

/// The scenarios with a title in a module, in its order.
pub fn scenarios_of(snapshot: &Snapshot, path: &str) -> Vec<ScenarioPlace> {
    let (Some(tree), Some(package)) = (snapshot.syntax(path), snapshot.package_of(path)) else { return Vec::new() };
    let path: Arc<str> = Arc::from(path);
    tree.items.iter().filter_map(|item| scenario(&path, &package, item)).collect()
}

fn scenario(path: &Arc<str>, package: &Arc<str>, item: &Item) -> Option<ScenarioPlace> {
    let DeclKind::Scenario(scenario) = &item.decl.kind else { return None };
    let title = scenario.title.as_ref()?;
    let expects = scenario.steps.iter().filter(|step| matches!(step.kind, StepKind::Expect(_)));
    Some(ScenarioPlace {
        path: path.clone(),
        span: item.decl.span.shifted(item.offset),
        name_span: title.span.shifted(item.offset),
        title: title.text.clone(),
        package: package.clone(),
        expects: expects.map(|step| step.span.shifted(item.offset)).collect(),
    })
}

/// The most errors of a package that are told in place of an outcome.
const ERRORS: usize = 5;

/// Scenarios that are ready to be run, without the snapshot: nobody who writes has to wait for them.
#[derive(Debug)]
pub struct ScenarioRuns {
    scenarios: Vec<ScenarioPlace>,
    /// Their pack, or the first errors of the package.
    pack: Result<Pack, Vec<ScenarioMessage>>,
    /// Texts of every file that an answer can name.
    texts: BTreeMap<Arc<str>, Arc<str>>,
}

/// Takes the scenarios that are `wanted` of one package out of a snapshot. `faults` are those of its manifest and files, which forbid a run
/// like those of its texts.
pub fn scenario_runs(
    snapshot: &Snapshot,
    package: &str,
    faults: &[FileDiagnostics],
    wanted: &dyn Fn(&ScenarioPlace) -> bool,
) -> ScenarioRuns {
    let of_it = |one: &ScenarioPlace| *one.package == *package && wanted(one);
    let scenarios: Vec<ScenarioPlace> = scenarios(snapshot).into_iter().filter(of_it).collect();
    let mut texts: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    for path in scenarios.iter().map(|one| &one.path) {
        if let (false, Some(text)) = (texts.contains_key(path), snapshot.text(path)) {
            texts.insert(path.clone(), text);
        }
    }
    if scenarios.is_empty() {
        return ScenarioRuns { scenarios, pack: Err(Vec::new()), texts };
    }
    let pack = if has_errors(faults) { Err(faults.to_vec()) } else { snapshot.pack(package) };
    let pack = pack.map_err(|files| {
        texts.extend(files.iter().map(|file| (file.path.clone(), file.text.clone())));
        errors(&files)
    });
    ScenarioRuns { scenarios, pack, texts }
}

fn has_errors(files: &[FileDiagnostics]) -> bool {
    files.iter().flat_map(|file| &file.diagnostics).any(|said| said.severity == Severity::Error)
}

fn errors(files: &[FileDiagnostics]) -> Vec<ScenarioMessage> {
    let all = files.iter().flat_map(|file| file.diagnostics.iter().map(move |said| (file, said)));
    let errors = all.filter(|(_, said)| said.severity == Severity::Error).take(ERRORS);
    let message = |(file, said): (&FileDiagnostics, &mandate_diagnostics::Diagnostic)| {
        let elsewhere = said.primary.file.as_ref().is_some_and(|other| *other != file.path);
        let span = if elsewhere { Span::empty(0) } else { said.primary.span };
        let message = format!("{}: {}", said.code.id, said.message);
        ScenarioMessage { place: Place { path: file.path.clone(), span }, message, difference: None }
    };
    errors.map(message).collect()
}

impl ScenarioRuns {
    /// The text of a file that an answer names.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        self.texts.get(path).cloned()
    }

    /// Runs them, in order; `None` as soon as `stop` says so.
    pub fn run(&self, stop: &dyn Fn() -> bool) -> Option<Vec<ScenarioRun>> {
        let mut all = Vec::new();
        for scenario in &self.scenarios {
            if stop() {
                return None;
            }
            all.push(self.one(scenario));
        }
        Some(all)
    }

    fn one(&self, scenario: &ScenarioPlace) -> ScenarioRun {
        let at_title = |message: String| ScenarioMessage {
            place: Place { path: scenario.path.clone(), span: scenario.name_span },
            message,
            difference: None,
        };
        let (outcome, messages) = match &self.pack {
            Err(errors) => (ScenarioOutcome::Broken, errors.clone()),
            Ok(pack) => match pack.scenarios.iter().find(|known| known.title == scenario.title) {
                Some(known) => judged(scenario, &Trial::new(pack, known).run(pack), &at_title),
                None => {
                    let lost = "the package has no such scenario any more".to_owned();
                    (ScenarioOutcome::Broken, vec![at_title(lost)])
                }
            },
        };
        ScenarioRun { scenario: scenario.clone(), outcome, messages }
    }
}

fn judged(
    scenario: &ScenarioPlace,
    result: &ScenarioResult,
    at_title: &dyn Fn(String) -> ScenarioMessage,
) -> (ScenarioOutcome, Vec<ScenarioMessage>) {
    if result.passed {
        return (ScenarioOutcome::Passed, Vec::new());
    }
    let mut messages: Vec<ScenarioMessage> = result.faults.iter().map(|fault| at_title(fault.clone())).collect();
    // What was never asked because of a fault is no news beside it.
    if messages.is_empty() {
        for (number, expectation) in result.expectations.iter().enumerate().filter(|(_, one)| !one.passed) {
            let span = scenario.expects.get(number).copied().unwrap_or(scenario.name_span);
            messages.push(ScenarioMessage {
                place: Place { path: scenario.path.clone(), span },
                message: expectation.told().join("\n"),
                difference: difference(expectation),
            });
        }
    }
    (ScenarioOutcome::Failed, messages)
}

/// Expected beside actual, a line for each thing that differs in the first instance.
fn difference(expectation: &ExpectationResult) -> Option<(String, String)> {
    let Found { differs, .. } = expectation.instances.first()?;
    let lines = |said: fn(&Difference) -> &str| {
        let line = |one: &Difference| format!("{}: {}", one.what, said(one));
        differs.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    (!differs.is_empty()).then(|| (lines(|one| &one.expected), lines(|one| &one.actual)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    const RULES: &str = r#"//- rules.mandate
record Incident key id at seen_at {
  id: Text
  seen_at: Time
  grave: Bool
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
  for each i: Incident
  when i.grave
  everyone must report(i) within 24 hours after i.seen_at
}

scenario "in time" {
  as of 2026-03-03
  given inc: Incident { seen_at: 2026-03-01T08:00Z, grave: true }
  given Report { incident: inc, sent_at: 2026-03-01T09:00Z }
  expect report_it(inc) satisfied
}
"#;

    fn shown(rules: &str, wanted: &dyn Fn(&ScenarioPlace) -> bool) -> Vec<String> {
        let fixture = Fixture::new(rules);
        let runs = scenario_runs(&fixture.snapshot, "exercise", &[], wanted);
        let told = |run: ScenarioRun| {
            let said = run.messages.iter().map(|one| {
                let text = runs.text(&one.place.path).unwrap();
                let words = text[one.place.span.range()].to_owned();
                let sides = one.difference.as_ref().map(|(a, b)| format!(" | {a} | {b}")).unwrap_or_default();
                format!(" [{words}] {}{sides}", one.message.lines().next().unwrap())
            });
            format!("{} {}{}", run.scenario.title, run.outcome.word(), said.collect::<String>())
        };
        runs.run(&|| false).unwrap().into_iter().map(told).collect()
    }

    #[test]
    fn what_is_expected_and_found_passes_and_what_is_not_says_so_at_its_line() {
        let late =
            RULES.replace("\"in time\"", "\"late\"").replace("T09:00Z", "T23:00Z").replace("03-01T23", "03-02T23");
        let scenario = late.split("scenario").nth(1).unwrap();
        let both = format!("{RULES}\nscenario{scenario}");
        assert_eq!(
            shown(&both, &|_| true),
            [
                "in time passed",
                "late failed [expect report_it(inc) satisfied] found: violated for inc, due 2026-03-02T08:00Z, late by 15 hours, since \
                 2026-03-02T08:00Z | outcome: satisfied | outcome: violated"
            ]
        );
        assert_eq!(shown(&both, &|one| one.title == "in time"), ["in time passed"]);
        assert_eq!(shown(&both, &|_| false), [""; 0]);
    }

    #[test]
    fn a_package_with_errors_runs_nothing_and_half_typed_scenarios_are_still_listed() {
        let broken = RULES.replace("when i.grave", "when i.brave");
        let said = shown(&broken, &|_| true);
        assert!(matches!(&*said, [one] if one.starts_with("in time broken [brave] E")), "{said:?}");
        let half = format!("{RULES}\nscenario \"half\" {{\n  as of\n  expect \n\nscenario \nscenario \"other\" {{");
        let fixture = Fixture::new(&half);
        let titles: Vec<_> = scenarios(&fixture.snapshot).into_iter().map(|one| one.title).collect();
        assert_eq!(titles, ["in time", "half", "other"]);
    }

    #[test]
    fn a_run_ends_when_it_is_told_to() {
        let fixture = Fixture::new(RULES);
        let runs = scenario_runs(&fixture.snapshot, "exercise", &[], &|_| true);
        assert_eq!(runs.run(&|| true), None);
    }
}
