//! Whether the list of scenarios has changed, for clients that want to be told.

use crate::check::Pass;
use crate::text::{Encoding, Lines};
use crate::transport::Outbox;
use mandate_semantics::Snapshot;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tower_lsp::ls_types::Range;
use tower_lsp::ls_types::notification::Notification;

/// `mandate/scenariosChanged`
enum ScenariosChanged {}

#[derive(Serialize, Deserialize)]
struct Nothing {}

impl Notification for ScenariosChanged {
    type Params = Nothing;
    const METHOD: &'static str = "mandate/scenariosChanged";
}

/// The scenarios of a file, in the text they were found in.
#[derive(Debug, PartialEq)]
struct OfFile {
    text: Arc<str>,
    scenarios: Vec<(String, Range)>,
}

/// The scenarios of all files, as they were listed last.
#[derive(Debug, Default)]
pub(crate) struct ScenarioList {
    files: BTreeMap<Arc<str>, OfFile>,
}

impl ScenarioList {
    /// Tells the client if any scenario came, went, moved to other lines or has another title.
    pub(crate) fn look(&mut self, pass: &Pass, outbox: &Outbox) {
        if !pass.settings.scenarios_changed {
            return;
        }
        let listed = Snapshot::catch(AssertUnwindSafe(|| self.listed(pass)));
        // A newer text has come: its own look follows.
        let Ok(now) = listed else { return };
        let same = now.len() == self.files.len()
            && now.iter().zip(&self.files).all(|((a, one), (b, other))| a == b && one.scenarios == other.scenarios);
        self.files = now;
        if !same {
            outbox.notify::<ScenariosChanged>(&Nothing {});
        }
    }

    /// The files with scenarios. Only texts that changed are looked at.
    fn listed(&self, pass: &Pass) -> BTreeMap<Arc<str>, OfFile> {
        let mut now = BTreeMap::new();
        for view in &pass.projects {
            for path in view.snapshot.modules() {
                let Some(text) = view.snapshot.text(&path) else { continue };
                let before = self.files.get(&path).filter(|before| Arc::ptr_eq(&before.text, &text));
                let scenarios = match before {
                    Some(before) => before.scenarios.clone(),
                    None => of_file(&view.snapshot, &path, &text, pass.settings.encoding),
                };
                if !scenarios.is_empty() {
                    now.entry(path).or_insert(OfFile { text, scenarios });
                }
            }
        }
        now
    }
}

fn of_file(snapshot: &Snapshot, path: &str, text: &str, encoding: Encoding) -> Vec<(String, Range)> {
    let found = mandate_ide::scenarios_of(snapshot, path);
    if found.is_empty() {
        return Vec::new();
    }
    let lines = Lines::new(text);
    found.into_iter().map(|one| (one.title, lines.range(text, one.span, encoding))).collect()
}
