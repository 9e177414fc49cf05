//! `mandate/scenarios` and `mandate/runScenarios`

use crate::check::ProjectView;
use crate::convert::{Places, Settings};
use crate::project::Home;
use crate::text::Lines;
use crate::trials::Outcomes;
use crate::uri;
use crate::workspace::Overview;
use mandate_diagnostics::{Severity, Span};
use mandate_ide::{ScenarioMessage, ScenarioOutcome, ScenarioPlace, ScenarioRun, ScenarioRuns};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tower_lsp::ls_types::{MessageType, Range, Uri};

/// `{}`; a client may also send nothing.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct ListParams {}

/// A scenario as clients name it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Named {
    pub uri: Uri,
    pub title: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct RunParams {
    /// `None`: all there are.
    #[serde(default)]
    pub scenarios: Option<Vec<Named>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listed {
    uri: Uri,
    range: Range,
    name_range: Range,
    title: String,
    package: Arc<str>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Ran {
    uri: Uri,
    pub title: String,
    range: Range,
    pub outcome: &'static str,
    pub messages: Vec<Message>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Message {
    uri: Uri,
    range: Range,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<String>,
}

/// Every scenario of the open packages, by file and place. Of two projects that know a file, the first tells of it.
pub(crate) fn scenarios(overview: &Overview) -> Vec<Listed> {
    let mut told = BTreeMap::new();
    for project in &overview.projects {
        for path in project.snapshot.modules() {
            if told.contains_key(&path) {
                continue;
            }
            let found = mandate_ide::scenarios_of(&project.snapshot, &path);
            if found.is_empty() {
                continue;
            }
            let Some(text) = project.snapshot.text(&path) else { continue };
            let listed = of_file(&found, &text, &overview.places, overview.settings);
            told.insert(path, listed);
        }
    }
    told.into_values().flatten().collect()
}

/// The scenarios of one file.
fn of_file(found: &[ScenarioPlace], text: &str, places: &Places, settings: Settings) -> Vec<Listed> {
    let Some(uri) = found.first().and_then(|one| places.uri(&one.path)) else { return Vec::new() };
    let lines = Lines::new(text);
    let range = |span: Span| lines.range(text, span, settings.encoding);
    let listed = found.iter().map(|one| Listed {
        uri: uri.clone(),
        range: range(one.span),
        name_range: range(one.name_span),
        title: one.title.clone(),
        package: one.package.clone(),
    });
    listed.collect()
}

/// What is needed to run scenarios when the snapshots are given back.
pub(crate) struct Prepared {
    runs: Vec<(Home, ScenarioRuns)>,
    places: Places,
    settings: Settings,
}

/// Takes the scenarios that are asked for out of the snapshots.
pub(crate) fn prepare(overview: Overview, params: &RunParams) -> Prepared {
    let wanted: Option<BTreeSet<(Arc<str>, &str)>> = params.scenarios.as_ref().map(|named| {
        let name = |one: &'_ Named| uri::key(&one.uri);
        named.iter().map(|one| (name(one), one.title.as_str())).collect()
    });
    let is_wanted = |one: &ScenarioPlace| {
        wanted.as_ref().is_none_or(|wanted| wanted.contains(&(one.path.clone(), one.title.as_str())))
    };
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut runs = Vec::new();
    for project in &overview.projects {
        let mine: BTreeSet<Arc<str>> =
            project.snapshot.modules().into_iter().filter(|path| !seen.contains(path)).collect();
        let is_wanted = |one: &ScenarioPlace| mine.contains(&one.path) && is_wanted(one);
        for package in project.snapshot.own_packages() {
            let found = mandate_ide::scenario_runs(&project.snapshot, &package, &faults(project), &is_wanted);
            runs.push((project.home.clone(), found));
        }
        seen.extend(mine);
    }
    Prepared { runs, places: overview.places, settings: overview.settings }
}

/// Faults of the manifest and of files that cannot be read; not those of files whose text the editor has.
fn faults(project: &ProjectView) -> Vec<mandate_semantics::FileDiagnostics> {
    let forbids = |file: &&mandate_semantics::FileDiagnostics| {
        file.diagnostics.iter().any(|said| said.severity == Severity::Error)
            && project.snapshot.text(&file.path).is_none()
    };
    project.faults.iter().filter(forbids).cloned().collect()
}

/// Runs them, and keeps how they came out; `None` when told to stop.
pub(crate) fn run(prepared: &Prepared, outcomes: &Outcomes, stop: &dyn Fn() -> bool) -> Option<Vec<Ran>> {
    let mut all = Vec::new();
    for (home, runs) in &prepared.runs {
        for run in runs.run(stop)? {
            if run.outcome != ScenarioOutcome::Broken {
                outcomes.put_one(home, &run.scenario.title, run.outcome == ScenarioOutcome::Passed);
            }
            all.extend(ran(run, runs, prepared));
        }
    }
    Some(all)
}

fn ran(run: ScenarioRun, runs: &ScenarioRuns, prepared: &Prepared) -> Option<Ran> {
    let location = |path: &str, span: Span| {
        let text = runs.text(path)?;
        prepared.places.location(&text, path, span, prepared.settings.encoding)
    };
    let message = |one: ScenarioMessage| {
        let at = location(&one.place.path, one.place.span)?;
        let (expected, actual) = one.difference.unzip();
        Some(Message { uri: at.uri, range: at.range, message: one.message, expected, actual })
    };
    let at = location(&run.scenario.path, run.scenario.span)?;
    Some(Ran {
        uri: at.uri,
        title: run.scenario.title,
        range: at.range,
        outcome: run.outcome.word(),
        messages: run.messages.into_iter().filter_map(message).collect(),
    })
}

/// How the one scenario came out, as a message.
pub(crate) fn said(ran: &[Ran], title: &str) -> (MessageType, String) {
    let Some(one) = ran.first() else {
        return (MessageType::WARNING, format!("there is no scenario \"{title}\" any more"));
    };
    let said = one.messages.first().and_then(|message| message.message.lines().next());
    let said = said.map(|said| format!(": {said}")).unwrap_or_default();
    match one.outcome {
        "passed" => (MessageType::INFO, format!("\"{title}\" passed")),
        "failed" => (MessageType::ERROR, format!("\"{title}\" failed{said}")),
        _ => (MessageType::ERROR, format!("\"{title}\" was not run, for the package has errors{said}")),
    }
}
