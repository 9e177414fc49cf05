//! How far long work has come, told to a client that can show it.

use crate::transport::Outbox;
use serde_json::{Value, json};
use tower_lsp::ls_types::notification::{Notification, Progress as ProgressNotice};
use tower_lsp::ls_types::request::WorkDoneProgressCreate;
use tower_lsp::ls_types::{
    ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressCreateParams, WorkDoneProgressEnd, WorkDoneProgressReport,
};

/// Work that a client sees. It ends when this is dropped.
pub(crate) struct Progress {
    outbox: Outbox,
    token: ProgressToken,
    /// Percent told last.
    told: u32,
}

impl Progress {
    /// Begins work that the client has not asked for; only for clients that can show it.
    pub(crate) fn create(outbox: &Outbox, token: ProgressToken, title: &str) -> Self {
        outbox.ask::<WorkDoneProgressCreate>(&WorkDoneProgressCreateParams { token: token.clone() });
        Self::begin(outbox, token, title)
    }

    /// Begins work under a token of the client.
    pub(crate) fn begin(outbox: &Outbox, token: ProgressToken, title: &str) -> Self {
        let progress = Self { outbox: outbox.clone(), token, told: 0 };
        progress.say(WorkDoneProgress::Begin(WorkDoneProgressBegin {
            title: title.to_owned(),
            cancellable: Some(true),
            message: None,
            percentage: Some(0),
        }));
        progress
    }

    pub(crate) fn token(&self) -> &ProgressToken {
        &self.token
    }

    /// So much of the work is done; said once for each percent.
    pub(crate) fn at(&mut self, done: usize, of: usize) {
        let percent = u32::try_from(done * 100 / of.max(1)).unwrap_or(100).min(100);
        if percent > self.told {
            self.told = percent;
            let message = Some(format!("{done} of {of} files"));
            self.say(WorkDoneProgress::Report(WorkDoneProgressReport {
                cancellable: Some(true),
                message,
                percentage: Some(percent),
            }));
        }
    }

    fn say(&self, value: WorkDoneProgress) {
        let value = ProgressParamsValue::WorkDone(value);
        self.outbox.notify::<ProgressNotice>(&ProgressParams { token: self.token.clone(), value });
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.say(WorkDoneProgress::End(WorkDoneProgressEnd { message: None }));
    }
}

/// A part of an answer, sent ahead of it.
pub(crate) fn part(outbox: &Outbox, token: &ProgressToken, value: &Value) {
    outbox.say(ProgressNotice::METHOD, &json!({ "token": token, "value": value }));
}
