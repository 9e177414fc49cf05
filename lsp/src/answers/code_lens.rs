//! `textDocument/codeLens` and `codeLens/resolve`

use crate::convert::Settings;
use crate::text::Lines;
use crate::trials::Outcomes;
use crate::workspace::View;
use mandate_ide::{CitingRule, LensAbout, Place, Proven, Shown};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tower_lsp::ls_types::{self as lsp, CodeLens, Command, Location, Range, Uri};

/// What a lens carries until it is shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Data {
    uri: Uri,
    about: About,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum About {
    Scenario,
    /// An expectation that was not met.
    Unmet,
    Expectations,
    Source,
    Passage,
    Findings,
    /// A rule whose passage changed.
    Changed,
    /// A rule that nobody reviewed.
    Unreviewed,
}

impl About {
    fn of(about: LensAbout) -> (About, String) {
        match about {
            LensAbout::Scenario(title) => (About::Scenario, title),
            LensAbout::Expectation(title, _) => (About::Unmet, title),
            LensAbout::Expectations(rule) => (About::Expectations, rule),
            LensAbout::Source(source) => (About::Source, source),
            LensAbout::Passage(passage) => (About::Passage, passage),
            LensAbout::Findings(rule) => (About::Findings, rule),
            LensAbout::Review { rule, changed: true } => (About::Changed, rule),
            LensAbout::Review { rule, changed: false } => (About::Unreviewed, rule),
        }
    }

    /// Whether the user wants it, and the client can do something with it.
    fn is_wanted(self, settings: Settings) -> bool {
        let is_on = |name| settings.config.is_on(name);
        match self {
            About::Scenario => is_on("codeLens.scenarios"),
            About::Unmet => settings.commands.show_why && is_on("codeLens.scenarios"),
            About::Expectations => settings.commands.show_references && is_on("codeLens.coverage"),
            About::Source | About::Passage => settings.commands.show_references && is_on("codeLens.citations"),
            About::Findings => settings.commands.show_page && is_on("codeLens.findings"),
            About::Changed | About::Unreviewed => settings.edits,
        }
    }
}

/// The lenses of a file, without what they say.
pub(crate) fn code_lens(view: &View, outcomes: &Outcomes) -> Option<Vec<CodeLens>> {
    let text = view.snapshot.text(&view.path)?;
    let lines = Lines::new(&text);
    let lenses = mandate_ide::code_lenses(&view.snapshot, &view.path, &proven(view)).into_iter();
    let lens = |lens: mandate_ide::CodeLens| {
        if let LensAbout::Expectation(title, number) = &lens.about
            && !outcomes.is_unmet(&view.home, title, *number)
        {
            return None;
        }
        let (about, name) = About::of(lens.about);
        let data = Data { uri: view.uri.clone(), about, name };
        about.is_wanted(view.settings).then(|| CodeLens {
            range: lines.range(&text, lens.span, view.settings.encoding),
            command: None,
            data: serde_json::to_value(data).ok(),
        })
    };
    Some(lenses.filter_map(lens).collect())
}

/// What was proven about the rules of the project, where it has a place in this file.
fn proven(view: &View) -> Vec<Proven> {
    let texts = |path: &str| view.snapshot.text(path);
    view.known.as_ref().map(|known| known.about(&view.path, &texts)).unwrap_or_default()
}

/// The file that a lens is of; `None` for a lens that is none of ours.
pub(crate) fn file_of(lens: &CodeLens) -> Option<Uri> {
    data(lens).map(|data| data.uri)
}

fn data(lens: &CodeLens) -> Option<Data> {
    serde_json::from_value(lens.data.clone()?).ok()
}

/// Says what a lens says. One whose declaration is gone by now says so, and does nothing.
pub(crate) fn resolve(view: &View, mut lens: CodeLens, outcomes: &Outcomes) -> CodeLens {
    let gone = || Command { title: "no longer there".to_owned(), command: String::new(), arguments: None };
    let command = data(&lens).and_then(|data| command(view, &data, lens.range, outcomes));
    lens.command = Some(command.unwrap_or_else(gone));
    lens
}

fn command(view: &View, data: &Data, range: Range, outcomes: &Outcomes) -> Option<Command> {
    let name = &*data.name;
    Some(match data.about {
        About::Scenario => run(view, data, outcomes.passed(&view.home, name)),
        About::Unmet => Command {
            title: "why".to_owned(),
            command: "mandate.client.showWhy".to_owned(),
            arguments: Some(vec![json!(data.uri), json!(range.start)]),
        },
        About::Expectations => {
            let found = mandate_ide::scenarios_expecting(&view.snapshot, &view.path, name);
            let scope = view.snapshot.scope_of(&view.path)?;
            let shown = outcomes.shown(&view.home, &format!("{scope}.{name}"));
            let title = coverage(found.len(), shown.filter(|_| !found.is_empty()));
            references(view, data, range, title, found)
        }
        About::Source => citing(view, data, range, view.snapshot.rules_citing_source(&view.path, name)),
        About::Passage => {
            citing(view, data, range, mandate_ide::rules_citing_passage(&view.snapshot, &view.path, name)?)
        }
        About::Findings => {
            let pages = mandate_ide::findings_about(&view.snapshot, &view.path, name, &proven(view));
            let title = counted(pages.len(), "finding");
            let page = pages.join("\n\n---\n\n");
            Command {
                title: title.clone(),
                command: "mandate.client.showPage".to_owned(),
                arguments: Some(vec![json!(format!("{name}: {title}")), json!(page)]),
            }
        }
        About::Changed => review(data, "passage changed since review: accept"),
        About::Unreviewed => review(data, "not reviewed against its passages: accept"),
    })
}

fn run(view: &View, data: &Data, passed: Option<bool>) -> Command {
    let title = match passed {
        Some(true) => "✓ passed · run scenario",
        Some(false) => "✗ failed · run scenario",
        None => "▷ run scenario",
    };
    let own = view.settings.commands.run_scenario;
    let command = if own { "mandate.client.runScenario" } else { crate::commands::RUN_SCENARIO };
    Command {
        title: title.to_owned(),
        command: command.to_owned(),
        arguments: Some(vec![json!(data.uri), json!(data.name)]),
    }
}

fn review(data: &Data, title: &str) -> Command {
    Command {
        title: title.to_owned(),
        command: crate::commands::ACCEPT_REVIEW.to_owned(),
        arguments: Some(vec![json!(data.uri), json!(data.name)]),
    }
}

fn citing(view: &View, data: &Data, range: Range, rules: Vec<CitingRule>) -> Command {
    let title = match rules.len() {
        0 => "no rule cites this".to_owned(),
        1 => "1 rule cites this".to_owned(),
        many => format!("{many} rules cite this"),
    };
    let places = rules.into_iter().map(|rule| Place { path: rule.path, span: rule.span });
    references(view, data, range, title, places.collect())
}

fn references(view: &View, data: &Data, range: Range, title: String, places: Vec<Place>) -> Command {
    let location = |place: Place| {
        let text = view.snapshot.text(&place.path)?;
        view.places.location(&text, &place.path, place.span, view.settings.encoding)
    };
    let locations: Vec<Location> = places.into_iter().filter_map(location).collect();
    let position: lsp::Position = range.start;
    Command {
        title,
        command: "mandate.client.showReferences".to_owned(),
        arguments: Some(vec![json!(data.uri), json!(position), json!(locations)]),
    }
}

/// `2 scenarios · applied ✓ · met ✓ · broken –`
fn coverage(count: usize, shown: Option<Shown>) -> String {
    let count = if count == 0 { "no scenario".to_owned() } else { counted(count, "scenario") };
    let Some(shown) = shown else { return count };
    let mark = |is: bool| if is { '✓' } else { '–' };
    format!("{count} · applied {} · met {} · broken {}", mark(shown.applied), mark(shown.met), mark(shown.broken))
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scenarios_show_is_said_beside_their_number() {
        let shown = Shown { applied: true, met: false, broken: true };
        assert_eq!(coverage(2, Some(shown)), "2 scenarios · applied ✓ · met – · broken ✓");
        assert_eq!(coverage(1, None), "1 scenario");
        assert_eq!(coverage(0, None), "no scenario");
    }
}
