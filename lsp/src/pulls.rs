//! Diagnostics that clients ask for, beside those that are published.
//!
//! An answer carries an id made of what it says, so that the same findings have the same id whoever worked them out, and
//! nothing has to be remembered to answer "unchanged". A question about the whole workspace waits for the checking thread,
//! which knows every file; once answered, the next one waits until there is something new.

use crate::pool::locked;
use crate::progress::{self, Progress};
use crate::transport::Outbox;
use serde_json::json;
use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    Diagnostic, FullDocumentDiagnosticReport, ProgressToken, UnchangedDocumentDiagnosticReport, Uri,
    WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

/// The error for a question that a newer text has overtaken, with the wish that it be asked again.
pub(crate) fn overtaken(ask_again: bool) -> Error {
    let code = ErrorCode::ServerError(tower_lsp::ls_types::error_codes::SERVER_CANCELLED);
    let mut error = Error::new(code);
    error.message = "the text has changed".into();
    error.data = Some(json!({ "retriggerRequest": ask_again }));
    error
}

/// The id of an answer: the same for the same findings, in every run of the server.
pub(crate) fn result_id(diagnostics: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    // Diagnostics are plain data; should one not be writable, its message stands for it.
    for diagnostic in diagnostics {
        match serde_json::to_string(diagnostic) {
            Ok(written) => written.hash(&mut hasher),
            Err(_) => diagnostic.message.hash(&mut hasher),
        }
    }
    format!("{:016x}", hasher.finish())
}

/// Ids of what was last answered about open files. Where a look finds something else, the client is told to ask again.
#[derive(Debug, Default)]
pub(crate) struct Served(Mutex<BTreeMap<Arc<str>, String>>);

impl Served {
    /// An answer about a file was worked out.
    pub(crate) fn put(&self, path: &Arc<str>, id: &str) {
        locked(&self.0).insert(Arc::clone(path), id.to_owned());
    }

    /// The client will ask about the file by itself, or never again.
    pub(crate) fn forget(&self, path: &str) {
        locked(&self.0).remove(path);
    }

    /// Whether the client was told something else about any file than what `now` says; each difference is found once.
    pub(crate) fn differs(&self, now: &dyn Fn(&str) -> String) -> bool {
        let mut differs = false;
        for (path, id) in locked(&self.0).iter_mut() {
            let new = now(path);
            differs |= *id != new;
            *id = new;
        }
        differs
    }
}

/// What is known about a file.
pub(crate) struct Known<'a> {
    pub uri: Uri,
    pub version: Option<i32>,
    pub diagnostics: &'a [Diagnostic],
}

/// A question about the whole workspace.
pub(crate) struct Pull {
    /// What the client knows: ids by address.
    previous: BTreeMap<String, String>,
    /// Who knows nothing yet is answered even if there is nothing to be told.
    is_first: bool,
    /// Where answers may be sent piece by piece; then the question stays open.
    stream: Option<ProgressToken>,
    progress_token: Option<ProgressToken>,
    progress: Option<Progress>,
    reply: oneshot::Sender<Result<WorkspaceDiagnosticReport>>,
}

impl Pull {
    pub(crate) fn new(
        params: WorkspaceDiagnosticParams,
        reply: oneshot::Sender<Result<WorkspaceDiagnosticReport>>,
    ) -> Self {
        let previous = params.previous_result_ids.into_iter().map(|id| (id.uri.as_str().to_owned(), id.value));
        let previous: BTreeMap<String, String> = previous.collect();
        Self {
            is_first: previous.is_empty(),
            previous,
            stream: params.partial_result_params.partial_result_token,
            progress_token: params.work_done_progress_params.work_done_token,
            progress: None,
            reply,
        }
    }

    /// Says that the client has to wait.
    fn wait(&mut self, outbox: &Outbox) {
        if let Some(token) = self.progress_token.take() {
            self.progress = Some(Progress::begin(outbox, token, "Checking the workspace"));
        }
    }
}

/// The questions that wait.
#[derive(Default)]
pub(crate) struct Pulls(Vec<Pull>);

impl Pulls {
    /// Takes over new questions. They are answered with [`Self::answer`].
    pub(crate) fn add(&mut self, pulls: Vec<Pull>) {
        self.0.extend(pulls);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Says that a look begins, after which there will be answers.
    pub(crate) fn wait(&mut self, outbox: &Outbox) {
        self.0.retain(|pull| !pull.reply.is_closed());
        self.0.iter_mut().for_each(|pull| pull.wait(outbox));
    }

    /// So many files have been looked at.
    pub(crate) fn at(&mut self, done: usize, of: usize) {
        self.0.iter_mut().filter_map(|pull| pull.progress.as_mut()).for_each(|progress| progress.at(done, of));
    }

    /// Ends the question whose progress the user has stopped.
    pub(crate) fn cancel(&mut self, token: &ProgressToken) {
        let is_it = |pull: &Pull| pull.progress.as_ref().is_some_and(|progress| progress.token() == token);
        for pull in self.0.extract_if(.., |pull| is_it(pull)) {
            let _ = pull.reply.send(Err(Error::request_cancelled()));
        }
    }

    /// Ends all of them: the client is about to go.
    pub(crate) fn dismiss(&mut self) {
        for pull in self.0.drain(..) {
            let _ = pull.reply.send(Err(overtaken(false)));
        }
    }

    /// Answers every question that has something new to be told, or was asked for the first time.
    pub(crate) fn answer(&mut self, known: &[Known<'_>], outbox: &Outbox) {
        let known: BTreeMap<&str, (&Known<'_>, String)> =
            known.iter().map(|file| (file.uri.as_str(), (file, result_id(file.diagnostics)))).collect();
        let nothing = result_id(&[]);
        for mut pull in std::mem::take(&mut self.0) {
            if pull.reply.is_closed() {
                continue;
            }
            // Nobody waits for this look any more, even if the question stays open.
            drop(pull.progress.take());
            let (items, is_news) = report(&known, &pull.previous, &nothing);
            if !pull.is_first && !is_news {
                self.0.push(pull);
                continue;
            }
            let Some(token) = pull.stream.clone() else {
                let _ = pull.reply.send(Ok(WorkspaceDiagnosticReport { items }));
                continue;
            };
            progress::part(outbox, &token, &json!({ "items": items }));
            pull.previous = known.iter().map(|(uri, (_, id))| ((*uri).to_owned(), id.clone())).collect();
            pull.is_first = false;
            self.0.push(pull);
        }
    }
}

/// What is to be said to somebody who knows `previous`, and whether any of it is new.
fn report(
    known: &BTreeMap<&str, (&Known<'_>, String)>,
    previous: &BTreeMap<String, String>,
    nothing: &str,
) -> (Vec<WorkspaceDocumentDiagnosticReport>, bool) {
    let mut items = Vec::new();
    let mut is_news = false;
    for (uri, (file, id)) in known {
        let version = file.version.map(i64::from);
        let unchanged = previous.get(*uri) == Some(id);
        is_news |= !unchanged;
        items.push(if unchanged {
            WorkspaceUnchangedDocumentDiagnosticReport {
                uri: file.uri.clone(),
                version,
                unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id.clone() },
            }
            .into()
        } else {
            full(file.uri.clone(), version, id, file.diagnostics)
        });
    }
    let gone = previous.iter().filter(|(uri, id)| !known.contains_key(uri.as_str()) && *id != nothing);
    for uri in gone.filter_map(|(uri, _)| uri.parse::<Uri>().ok()) {
        is_news = true;
        items.push(full(uri, None, nothing, &[]));
    }
    (items, is_news)
}

fn full(uri: Uri, version: Option<i64>, id: &str, items: &[Diagnostic]) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report: FullDocumentDiagnosticReport {
            result_id: Some(id.to_owned()),
            items: items.to_vec(),
        },
    }
    .into()
}
