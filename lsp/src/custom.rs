//! One function for each request beyond the protocol, told in `docs/editor.md`. Each tells the owner before any await, as in `handlers`.

use crate::answers::{code_lens, review, rule_graph, scenarios, why};
use crate::commands::Command;
use crate::handlers::{CLIENT_TIMEOUT, Server};
use crate::owner::Event;
use crate::pool::Job;
use crate::runner::Errand;
use crate::workspace::{Overview, View};
use std::sync::Arc;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{CodeLens, LSPAny, MessageType, TextDocumentPositionParams, Uri, WorkspaceEdit};

/// How often the texts are taken again when edits come before a run.
const RETAKEN: usize = 50;

impl Server {
    /// Asks about everything that is loaded, in two steps: `prepare` takes out of the snapshots what `finish` needs, which then takes its time.
    fn send_out<P: Send + 'static, T: Send + 'static>(
        &self,
        prepare: impl FnOnce(Overview) -> P + Send + 'static,
        finish: impl FnOnce(P, &dyn Fn() -> bool) -> T + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send {
        let (reply, answer) = oneshot::channel();
        let runner = self.runner.clone();
        let ask = move |all: Overview| -> Box<dyn Job> {
            Box::new(Errand { prepare: move || prepare(all), finish, reply, runner })
        };
        self.tell(Event::AskedOfAll(Box::new(ask)));
        async { answer.await.unwrap_or_else(|_| Err(Error::internal_error())) }
    }

    /// The same about one file; what is in no package has no answer.
    fn send_out_about<P: Send + 'static, T: Send + 'static>(
        &self,
        uri: Uri,
        prepare: impl FnOnce(View) -> Option<P> + Send + 'static,
        finish: impl FnOnce(&P) -> Option<T> + Send + 'static,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        let (reply, answer) = oneshot::channel();
        let runner = self.runner.clone();
        let ask = move |view: Option<View>| -> Box<dyn Job> {
            let finish = move |prepared: Option<P>, _: &dyn Fn() -> bool| finish(&prepared?);
            Box::new(Errand { prepare: move || view.and_then(prepare), finish, reply, runner })
        };
        self.tell(Event::Asked(uri, Box::new(ask)));
        async { answer.await.unwrap_or_else(|_| Err(Error::internal_error())) }
    }

    /// `mandate/why`
    pub(crate) async fn why(&self, at: TextDocumentPositionParams) -> Result<Option<why::Answer>> {
        let position = at.position;
        self.send_out_about(at.text_document.uri, move |view| why::prepare(view, position), why::why).await
    }

    /// `mandate/ruleGraph`
    pub(crate) async fn rule_graph(&self, params: Option<rule_graph::Params>) -> Result<rule_graph::Graph> {
        let params = params.unwrap_or_default();
        self.ask_of_all(move |all| rule_graph::rule_graph(&all, &params)).await
    }

    /// `mandate/scenarios`
    pub(crate) async fn scenarios(&self, _: Option<scenarios::ListParams>) -> Result<Vec<scenarios::Listed>> {
        self.ask_of_all(|all| scenarios::scenarios(&all)).await
    }

    /// `mandate/runScenarios`
    pub(crate) async fn run_scenarios(&self, params: Option<scenarios::RunParams>) -> Result<Vec<scenarios::Ran>> {
        self.run(params.unwrap_or_default()).await
    }

    /// Runs scenarios. An edit that comes before the texts were taken makes it take the newer ones.
    async fn run(&self, params: scenarios::RunParams) -> Result<Vec<scenarios::Ran>> {
        for _ in 0..RETAKEN {
            let params = params.clone();
            let outcomes = Arc::clone(&self.runner.outcomes);
            let asked = self.send_out(
                move |all| scenarios::prepare(all, &params),
                move |prepared, stop| scenarios::run(&prepared, &outcomes, stop).unwrap_or_default(),
            );
            match asked.await {
                Err(error) if error.code == ErrorCode::ContentModified => {}
                other => return other,
            }
        }
        Err(Error::content_modified())
    }

    /// Says what a lens says. One that is none of ours, or whose file is gone, stays as it is.
    pub(crate) async fn resolved(&self, lens: CodeLens) -> Result<CodeLens> {
        let Some(uri) = code_lens::file_of(&lens) else { return Ok(lens) };
        let (outcomes, given) = (Arc::clone(&self.runner.outcomes), lens.clone());
        let asked = self.ask(uri, move |view| Some(code_lens::resolve(&view, given, &outcomes)));
        Ok(asked.await?.unwrap_or(lens))
    }

    /// A command of the server.
    pub(crate) async fn execute(&self, command: Command) -> Result<Option<LSPAny>> {
        match command {
            Command::RunScenario { uri, title } => {
                let wanted = vec![scenarios::Named { uri, title: title.clone() }];
                let ran = self.run(scenarios::RunParams { scenarios: Some(wanted) }).await?;
                let (kind, message) = scenarios::said(&ran, &title);
                self.client.show_message(kind, message).await;
            }
            Command::AcceptReview { uri, rule } => {
                let prepare = move |view| Some(review::prepare(view, &rule));
                let edit = self.send_out_about(uri, prepare, |prepared| Some(review::accepted(prepared)));
                match edit.await? {
                    Some(Ok(edit)) => self.apply(edit),
                    Some(Err(message)) => self.client.show_message(MessageType::WARNING, message).await,
                    None => self.client.show_message(MessageType::WARNING, "this file is in no package").await,
                }
            }
        }
        Ok(None)
    }

    /// Asks the client to change its files, in a task of its own: it may answer only after the command has been answered.
    fn apply(&self, edit: WorkspaceEdit) {
        let client = self.client.clone();
        tokio::spawn(async move {
            let applied = tokio::time::timeout(CLIENT_TIMEOUT, client.apply_edit(edit)).await;
            if matches!(applied, Ok(Ok(answer)) if !answer.applied) {
                client.show_message(MessageType::WARNING, "the editor did not take over the review").await;
            }
        });
    }
}
