//! One function for each request beyond the protocol, told in `docs/editor.md`. Each tells the owner before any await, as in `handlers`.

use crate::answers::{rule_graph, scenarios, why};
use crate::handlers::Server;
use crate::owner::Event;
use crate::pool::Job;
use crate::runner::Errand;
use crate::workspace::{Overview, View};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{TextDocumentPositionParams, Uri};

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
            let asked = self.send_out(
                move |all| scenarios::prepare(all, &params),
                |prepared, stop| scenarios::run(&prepared, stop).unwrap_or_default(),
            );
            match asked.await {
                Err(error) if error.code == ErrorCode::ContentModified => {}
                other => return other,
            }
        }
        Err(Error::content_modified())
    }
}
