//! One function for each message of the protocol. Each does nothing but tell the owner, before any await.
//!
//! [Specification](https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/)

use crate::answers::{
    call_hierarchy, code_action, code_lens, completion, definition, diagnostics, document_hover, folding, formatting,
    highlight, hover, implementation, inlay_hints, linked_editing, links, references, rename, rename_files, selection,
    semantic_tokens, signature_help, symbols, workspace_symbols,
};
use crate::capabilities;
use crate::commands::Command;
use crate::config::Config;
use crate::owner::Event;
use crate::pool::{Job, Question};
use crate::pulls::{Pull, overtaken};
use crate::runner::Runner;
use crate::workspace::{Overview, View, folder_path};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::request::{
    GotoDeclarationParams, GotoDeclarationResponse, GotoImplementationParams, GotoImplementationResponse,
    GotoTypeDefinitionParams, GotoTypeDefinitionResponse,
};
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyIncomingCallsParams, CallHierarchyItem, CallHierarchyOutgoingCall,
    CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams, DocumentLink, DocumentLinkParams,
    LinkedEditingRangeParams, LinkedEditingRanges,
};
use tower_lsp::ls_types::{
    CodeAction, CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, CompletionItem, CompletionParams,
    CompletionResponse, ConfigurationItem, CreateFilesParams, DeleteFilesParams, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams, DocumentDiagnosticParams,
    DocumentDiagnosticReportResult, DocumentFormattingParams, DocumentOnTypeFormattingParams,
    DocumentRangeFormattingParams, DocumentSymbolParams, DocumentSymbolResponse, ExecuteCommandParams, FileChangeType,
    FileEvent, FoldingRange, FoldingRangeParams, GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverParams,
    InitializeParams, InitializeResult, InitializedParams, InlayHint, InlayHintParams, LSPAny, Registration,
    RenameFilesParams, SelectionRange, SelectionRangeParams, SemanticTokensDeltaParams, SemanticTokensFullDeltaResult,
    SemanticTokensParams, SemanticTokensRangeParams, SemanticTokensRangeResult, SemanticTokensResult, SignatureHelp,
    SignatureHelpParams, TextEdit, Uri, WorkDoneProgressCancelParams, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReportResult, WorkspaceFolder, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightParams, Location, ReferenceParams};
use tower_lsp::ls_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams, WorkspaceEdit};
use tower_lsp::{Client, LanguageServer};

/// A client that has not answered after this time is not waited for.
pub(crate) const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);

/// What was found out at `initialize` and is needed at `initialized`.
struct Introduction {
    folders: Vec<PathBuf>,
    can_watch: bool,
    can_configure: bool,
    can_tell_of_configuration: bool,
}

/// The server as the framework sees it.
pub(crate) struct Server {
    pub(crate) client: Client,
    owner: Sender<Event>,
    pub(crate) runner: Runner,
    introduction: OnceLock<Introduction>,
    was_shut_down: Arc<AtomicBool>,
    sent_tokens: Arc<semantic_tokens::Sent>,
}

impl Server {
    pub(crate) fn new(client: Client, owner: Sender<Event>, runner: Runner, was_shut_down: Arc<AtomicBool>) -> Self {
        Self { client, owner, runner, introduction: OnceLock::new(), was_shut_down, sent_tokens: Arc::default() }
    }

    pub(crate) fn tell(&self, event: Event) {
        // The owner ends only with the server.
        let _ = self.owner.send(event);
    }

    /// Asks about a file; what is in no package has no answer. The question is on its way when this returns.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        uri: Uri,
        work: impl FnOnce(View) -> Option<T> + Send + 'static,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        let (reply, answer) = oneshot::channel();
        let ask =
            move |view: Option<View>| -> Box<dyn Job> { Box::new(Question::new(move || view.and_then(work), reply)) };
        self.tell(Event::Asked(uri, Box::new(ask)));
        async { answer.await.unwrap_or_else(|_| Err(Error::internal_error())) }
    }
}

impl Server {
    /// Asks for what the user has set, if the client can be asked.
    fn configure(&self) -> bool {
        if !self.introduction.get().is_some_and(|introduction| introduction.can_configure) {
            return false;
        }
        let (client, owner) = (self.client.clone(), self.owner.clone());
        tokio::spawn(async move {
            let section = Some(crate::config::SECTION.to_owned());
            let asking = client.configuration(vec![ConfigurationItem { scope_uri: None, section }]);
            if let Ok(Ok(found)) = tokio::time::timeout(CLIENT_TIMEOUT, asking).await {
                let _ = owner.send(Event::Configured(found.first().map(Config::read).unwrap_or_default()));
            }
        });
        true
    }

    /// The user has stopped work that was shown to them.
    pub(crate) async fn stop(&self, params: WorkDoneProgressCancelParams) {
        self.tell(Event::Stopped(params.token));
    }

    fn on_disk<'a>(&self, files: impl Iterator<Item = (&'a str, FileChangeType)>) {
        let events = files.filter_map(|(uri, kind)| Some(FileEvent::new(uri.parse().ok()?, kind)));
        self.tell(Event::ChangedOnDisk(events.collect()));
    }

    /// Asks about everything that is loaded. The question is on its way when this returns.
    pub(crate) fn ask_of_all<T: Send + 'static>(
        &self,
        work: impl FnOnce(Overview) -> T + Send + 'static,
    ) -> impl Future<Output = Result<T>> + Send {
        let (reply, answer) = oneshot::channel();
        let ask = move |all: Overview| -> Box<dyn Job> { Box::new(Question::new(move || work(all), reply)) };
        self.tell(Event::AskedOfAll(Box::new(ask)));
        async { answer.await.unwrap_or_else(|_| Err(Error::internal_error())) }
    }
}

/// Whether an address names a module, and not a document.
fn is_module(uri: &Uri) -> bool {
    let path = uri.path().as_str();
    // What was never saved is a module, for documents are never without a package.
    uri.scheme().as_str() != "file" || path.ends_with(".mandate")
}

impl LanguageServer for Server {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let settings = capabilities::settings(&params);
        let introduction = Introduction {
            folders: capabilities::folders(&params),
            can_watch: capabilities::can_watch(&params.capabilities),
            can_configure: capabilities::can_configure(&params.capabilities),
            can_tell_of_configuration: capabilities::can_tell_of_configuration(&params.capabilities),
        };
        if self.introduction.set(introduction).is_ok() {
            self.tell(Event::Settings(settings));
        }
        Ok(capabilities::offered(settings))
    }

    async fn initialized(&self, _: InitializedParams) {
        let Some(introduction) = self.introduction.get() else { return };
        self.tell(Event::Folders { added: introduction.folders.clone(), removed: Vec::new() });
        self.configure();
        let watchers = introduction.can_watch.then(capabilities::watchers);
        let configuration = introduction.can_tell_of_configuration.then(capabilities::configuration);
        let wishes: Vec<Registration> = watchers.into_iter().chain(configuration).collect();
        if !wishes.is_empty() {
            let client = self.client.clone();
            // In a task of its own: a client may answer only after its own requests have been answered.
            tokio::spawn(async move {
                // A client that does not watch after all tells of saved files, which is most of it.
                let _ = tokio::time::timeout(CLIENT_TIMEOUT, client.register_capability(wishes)).await;
            });
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.was_shut_down.store(true, Ordering::SeqCst);
        self.tell(Event::Farewell);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.tell(Event::Opened(params.text_document));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.tell(Event::Changed(params.text_document, params.content_changes));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.sent_tokens.forget(&params.text_document.uri);
        self.tell(Event::Closed(params.text_document.uri));
    }

    /// Clients that watch no files tell here that a manifest has changed.
    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.tell(Event::ChangedOnDisk(vec![FileEvent::new(params.text_document.uri, FileChangeType::CHANGED)]));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.tell(Event::ChangedOnDisk(params.changes));
    }

    /// Clients that keep their configuration to themselves send it along, the others are asked for it.
    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        if !self.configure() {
            self.tell(Event::Configured(Config::read(&params.settings)));
        }
    }

    async fn did_create_files(&self, params: CreateFilesParams) {
        self.on_disk(params.files.iter().map(|file| (file.uri.as_str(), FileChangeType::CREATED)));
    }

    async fn did_rename_files(&self, params: RenameFilesParams) {
        let (old, new) = (FileChangeType::DELETED, FileChangeType::CREATED);
        let both = params.files.iter().flat_map(|file| [(file.old_uri.as_str(), old), (file.new_uri.as_str(), new)]);
        self.on_disk(both);
    }

    async fn did_delete_files(&self, params: DeleteFilesParams) {
        self.on_disk(params.files.iter().map(|file| (file.uri.as_str(), FileChangeType::DELETED)));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        let paths =
            |folders: &[WorkspaceFolder]| folders.iter().filter_map(|folder| folder_path(&folder.uri)).collect();
        self.tell(Event::Folders { added: paths(&params.event.added), removed: paths(&params.event.removed) });
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let at = params.text_document_position_params;
        if !is_module(&at.text_document.uri) {
            return self.ask_of_all(move |all| document_hover::hover(&all, &at)).await;
        }
        self.ask(at.text_document.uri, move |view| hover::hover(&view, at.position)).await
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        let uri = params.text_document_position.text_document.uri.clone();
        self.ask(uri, move |view| completion::completion(&view, &params)).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        // What has no documentation stays as it is.
        let Some(uri) = completion::origin(&item) else { return Ok(item) };
        let asked = item.clone();
        let found = self.ask(uri, move |view| Some(completion::resolve(&view, asked)));
        Ok(found.await?.unwrap_or(item))
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        let at = params.text_document_position_params;
        self.ask(at.text_document.uri, move |view| signature_help::signature_help(&view, at.position)).await
    }

    async fn inlay_hint(&self, params: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask(params.text_document.uri, move |view| inlay_hints::inlay_hints(&view, params.range)).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        let at = params.text_document_position_params;
        // Rules of any project may cite a passage of a document.
        if !is_module(&at.text_document.uri) {
            return self.ask_of_all(move |all| definition::from_document(&all, &at)).await;
        }
        self.ask(at.text_document.uri, move |view| definition::definition(&view, at.position)).await
    }

    async fn goto_declaration(&self, params: GotoDeclarationParams) -> Result<Option<GotoDeclarationResponse>> {
        let at = params.text_document_position_params;
        self.ask(at.text_document.uri, move |view| definition::declaration(&view, at.position)).await
    }

    async fn goto_type_definition(
        &self,
        params: GotoTypeDefinitionParams,
    ) -> Result<Option<GotoTypeDefinitionResponse>> {
        let at = params.text_document_position_params;
        self.ask(at.text_document.uri, move |view| definition::type_definition(&view, at.position)).await
    }

    async fn goto_implementation(
        &self,
        params: GotoImplementationParams,
    ) -> Result<Option<GotoImplementationResponse>> {
        let at = params.text_document_position_params;
        self.ask_of_all(move |all| implementation::implementation(&all, &at)).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.ask_of_all(move |all| references::references(&all, &params)).await
    }

    async fn document_link(&self, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask(params.text_document.uri, |view| links::links(&view)).await
    }

    async fn linked_editing_range(&self, params: LinkedEditingRangeParams) -> Result<Option<LinkedEditingRanges>> {
        let at = params.text_document_position_params;
        self.ask(at.text_document.uri, move |view| linked_editing::linked_editing(&view, at.position)).await
    }

    async fn prepare_call_hierarchy(
        &self,
        params: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.ask_of_all(move |all| call_hierarchy::prepare(&all, &params.text_document_position_params)).await
    }

    async fn incoming_calls(
        &self,
        params: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.ask_of_all(move |all| call_hierarchy::incoming(&all, &params.item)).await
    }

    async fn outgoing_calls(
        &self,
        params: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.ask_of_all(move |all| call_hierarchy::outgoing(&all, &params.item)).await
    }

    async fn will_rename_files(&self, params: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.ask_of_all(move |all| rename_files::will_rename(&all, &params)).await
    }

    async fn prepare_rename(&self, params: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        self.ask_of_all(move |all| rename::prepare(&all, &params)).await?
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.ask_of_all(move |all| rename::rename(&all, &params)).await?
    }

    async fn document_highlight(&self, params: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        let at = params.text_document_position_params;
        self.ask(at.text_document.uri, move |view| highlight::highlight(&view, at.position)).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(params.text_document.uri, |view| symbols::symbols(&view)).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        let found = self.ask_of_all(move |all| workspace_symbols::workspace_symbols(&all, &params.query));
        Ok(Some(WorkspaceSymbolResponse::Flat(found.await?)))
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(params.text_document.uri, move |view| code_action::actions(&view, params.range, &params.context)).await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        let Some(uri) = code_action::file_of(&action) else { return Ok(action) };
        let asked = action.clone();
        self.ask(uri, move |view| Some(code_action::resolve(&view, asked))).await?.unwrap_or(Ok(action))
    }

    async fn range_formatting(&self, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(params.text_document.uri, move |view| formatting::range(view, params.range)).await
    }

    async fn on_type_formatting(&self, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        let at = params.text_document_position;
        self.ask(at.text_document.uri, move |view| formatting::on_type(view, at.position, &params.ch)).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask(params.text_document.uri, |view| folding::folding(&view)).await
    }

    async fn selection_range(&self, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask(params.text_document.uri, move |view| selection::selection(&view, &params.positions)).await
    }

    async fn semantic_tokens_full(&self, params: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let sent = Arc::clone(&self.sent_tokens);
        self.ask(params.text_document.uri, move |view| semantic_tokens::full(&view, &sent)).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let (sent, before) = (Arc::clone(&self.sent_tokens), params.previous_result_id);
        self.ask(params.text_document.uri, move |view| semantic_tokens::delta(&view, &sent, &before)).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.ask(params.text_document.uri, move |view| semantic_tokens::range(&view, params.range)).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let outcomes = Arc::clone(&self.runner.outcomes);
        self.ask(params.text_document.uri, move |view| code_lens::code_lens(&view, &outcomes)).await
    }

    async fn code_lens_resolve(&self, lens: CodeLens) -> Result<CodeLens> {
        self.resolved(lens).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        self.execute(Command::read(params)?).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let previous = params.previous_result_id.clone();
        let work = move |view| Some(diagnostics::diagnostics(view, previous.as_deref()));
        match self.ask(params.text_document.uri, work).await {
            Ok(report) => {
                let report = report.unwrap_or_else(|| diagnostics::none(params.previous_result_id.as_deref()));
                Ok(DocumentDiagnosticReportResult::Report(report))
            }
            // A client that hears "content modified" would take the findings away until it asks again.
            Err(error) if error.code == ErrorCode::ContentModified => Err(overtaken(true)),
            Err(error) => Err(error),
        }
    }

    async fn workspace_diagnostic(&self, params: WorkspaceDiagnosticParams) -> Result<WorkspaceDiagnosticReportResult> {
        let (reply, answer) = oneshot::channel();
        self.tell(Event::Pulled(Pull::new(params, reply)));
        let report = answer.await.unwrap_or_else(|_| Err(Error::internal_error()));
        report.map(WorkspaceDiagnosticReportResult::Report)
    }

    async fn formatting(&self, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask(params.text_document.uri, formatting::formatting).await
    }
}
