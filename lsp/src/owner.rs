//! The thread that owns and writes the analysis. All others read snapshots of it.
//!
//! Events are taken in the order of the wire. Edits are applied to the editor's texts at once and written to the analysis
//! together, as late as possible: before the next request, or when no event waits. A write first frees the snapshots.

use crate::STACK;
use crate::check::Checker;
use crate::config::Config;
use crate::convert::Settings;
use crate::library::Library;
use crate::pool::{Job, Pool, said};
use crate::proofs::Board;
use crate::pulls::{Pull, Served};
use crate::transport::Outbox;
use crate::trials::Outcomes;
use crate::workspace::{Overview, View, Workspace};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use tower_lsp::ls_types::notification::{LogMessage, ShowMessage};
use tower_lsp::ls_types::request::{CodeLensRefresh, InlayHintRefreshRequest};
use tower_lsp::ls_types::{
    FileEvent, LogMessageParams, MessageType, ProgressToken, ShowMessageParams, TextDocumentContentChangeEvent,
    TextDocumentItem, Uri, VersionedTextDocumentIdentifier,
};

/// Makes the job of a request from what it is answered from; `None` if the file is in no package.
pub(crate) type Ask = Box<dyn FnOnce(Option<View>) -> Box<dyn Job> + Send>;

/// Makes the job of a request about everything that is loaded.
pub(crate) type AskOfAll = Box<dyn FnOnce(Overview) -> Box<dyn Job> + Send>;

/// What the owner is told.
pub(crate) enum Event {
    /// What was agreed on with the client. Comes first.
    Settings(Settings),
    /// Folders were opened and closed.
    Folders {
        added: Vec<PathBuf>,
        removed: Vec<PathBuf>,
    },
    Opened(TextDocumentItem),
    Changed(VersionedTextDocumentIdentifier, Vec<TextDocumentContentChangeEvent>),
    Closed(Uri),
    ChangedOnDisk(Vec<FileEvent>),
    Asked(Uri, Ask),
    AskedOfAll(AskOfAll),
    /// The diagnostics of every file are wanted.
    Pulled(Pull),
    /// The user has set something.
    Configured(Config),
    /// The user has stopped long work.
    Stopped(ProgressToken),
    /// The client is about to go.
    Farewell,
}

/// Starts the owner. It ends, with the threads below it, when the sender is gone.
pub(crate) fn start(outbox: Outbox, library: Library, outcomes: Arc<Outcomes>) -> io::Result<Sender<Event>> {
    let (sender, events) = channel();
    let board = Arc::new(Board::default());
    let served = Arc::new(Served::default());
    let checker = Checker::start(outbox.clone(), Arc::clone(&board), Arc::clone(&served), outcomes)?;
    let pool = Pool::start()?;
    let thread = std::thread::Builder::new().name("mandate-owner".to_owned()).stack_size(STACK);
    thread.spawn(move || {
        let Ok(Event::Settings(settings)) = events.recv() else { return };
        let workspace = Workspace::new(settings, library, board, served);
        Owner { workspace, pool, checker, outbox, fresh: Vec::new(), unchecked: false }.run(&events);
    })?;
    Ok(sender)
}

struct Owner {
    workspace: Workspace,
    pool: Pool,
    checker: Checker,
    outbox: Outbox,
    /// Files written since the last pass was asked for.
    fresh: Vec<Arc<str>>,
    /// Whether something was written since then.
    unchecked: bool,
}

impl Owner {
    fn run(&mut self, events: &Receiver<Event>) {
        while let Ok(first) = events.recv() {
            self.guarded(|owner| owner.take(first));
            while let Ok(next) = events.try_recv() {
                self.guarded(|owner| owner.take(next));
            }
            self.guarded(|owner| {
                owner.write();
                owner.look();
            });
        }
    }

    /// A fault in one event must not end the server; what it left half done is read again with the next reload.
    fn guarded(&mut self, step: impl FnOnce(&mut Self)) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| step(self))) {
            let message = format!("the language server met a fault of its own: {}", said(&*panic));
            self.outbox.notify::<LogMessage>(&LogMessageParams { typ: MessageType::ERROR, message });
        }
    }

    fn take(&mut self, event: Event) {
        let refusal = match event {
            Event::Settings(_) => None,
            Event::Folders { added, removed } => {
                self.free();
                removed.iter().for_each(|folder| self.workspace.remove_folder(folder));
                added.iter().for_each(|folder| self.workspace.add_folder(folder));
                self.unchecked = true;
                None
            }
            Event::Opened(file) => self.workspace.open(file),
            Event::Changed(file, changes) => self.workspace.change(file, changes),
            Event::Closed(uri) => {
                self.free();
                self.workspace.close(&uri);
                self.unchecked = true;
                None
            }
            Event::ChangedOnDisk(events) => {
                self.checker.resume();
                self.workspace.changed_on_disk(&events);
                None
            }
            Event::Pulled(pull) => {
                self.write();
                self.checker.pull(pull);
                None
            }
            Event::Configured(config) => {
                if let Some(settings) = self.workspace.configure(config) {
                    self.free();
                    self.unchecked = true;
                    if settings.refreshes_lenses {
                        self.outbox.ask::<CodeLensRefresh>(&());
                    }
                    if settings.refreshes_hints {
                        self.outbox.ask::<InlayHintRefreshRequest>(&());
                    }
                }
                None
            }
            Event::Stopped(token) => {
                self.checker.stop(token);
                None
            }
            Event::Farewell => {
                self.checker.dismiss();
                None
            }
            Event::Asked(uri, ask) => {
                self.write();
                self.pool.add(ask(self.workspace.view(&uri)));
                None
            }
            Event::AskedOfAll(ask) => {
                self.write();
                self.pool.add(ask(self.workspace.overview()));
                None
            }
        };
        if let Some(message) = refusal {
            self.outbox.notify::<ShowMessage>(&ShowMessageParams { typ: MessageType::WARNING, message });
        }
    }

    /// Brings the analysis up to date with the texts.
    fn write(&mut self) {
        if !self.workspace.is_behind() {
            return;
        }
        self.free();
        // Before the write: should it fail, the pass is wanted all the same.
        self.unchecked = true;
        let written = self.workspace.catch_up();
        self.fresh.extend(written);
    }

    /// Lets go of every snapshot that waits, and tells those in use to end.
    fn free(&self) {
        self.checker.abandon();
        self.pool.outdate();
    }

    /// Asks for diagnostics of what was written.
    fn look(&mut self) {
        if std::mem::take(&mut self.unchecked) {
            let mut fresh = std::mem::take(&mut self.fresh);
            fresh.sort();
            fresh.dedup();
            self.checker.look(self.workspace.pass(&fresh));
        }
    }
}
