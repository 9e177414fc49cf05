//! The Mandate language server. The only crate that knows the protocol, its framework and its asynchronous runtime.
//!
//! ```text
//! read thread ─> frames ─> router ─> handlers ─(Event)─> owner thread ─(Job, View)──> 2 answering threads ─> router ─┐
//!                                                            ├────────(Pass)────────> checking thread ──────────────┤
//!                                                            └─(Errand, without View)─> running thread ─────────────┤
//! write thread <─(Outbox)────────────────────────────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Invariants: handlers enqueue before any await; only the owner writes; a snapshot is alive only in the queue, in an
//! answering thread or in the checking thread, and all three let go of it when the owner wants to write.

mod answers;
mod capabilities;
mod check;
mod commands;
mod config;
mod convert;
mod custom;
mod frames;
mod handlers;
mod library;
mod owner;
mod pool;
mod progress;
mod project;
mod proofs;
mod pulls;
mod runner;
mod scenario_list;
mod text;
mod transport;
mod trials;
mod uri;
mod workspace;

use crate::handlers::Server;
use crate::library::Library;
use crate::runner::Runner;
use crate::trials::Outcomes;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::unbounded_channel;
use tokio::task::LocalSet;
use tower_lsp::LspService;
use tower_lsp::ls_types::notification::{Notification, WorkDoneProgressCancel};

/// Stack of threads that parse and analyse: nesting is capped by the parser, far below this.
const STACK: usize = 64 << 20;

/// Serves one client on standard input and output until `exit` or the end of input.
///
/// The code follows the protocol: 0 after `shutdown`, 1 without. Returns while threads may still be running; the caller
/// is expected to end the process.
pub fn run() -> ExitCode {
    code(serve(io::stdin(), io::stdout()))
}

/// Serves one client that connects to `port` of this machine; no other machine can. With port 0 the system chooses one.
///
/// The port that is listened on is said on standard error before the client is waited for. The code is that of [`run`].
pub fn run_on(port: u16) -> ExitCode {
    code(accept(port).and_then(|client| serve(client.try_clone()?, client)))
}

/// Waits for one client.
fn accept(port: u16) -> io::Result<TcpStream> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    eprintln!("listening on {}", listener.local_addr()?);
    let (client, _) = listener.accept()?;
    // Messages are small, and each is waited for.
    client.set_nodelay(true)?;
    Ok(client)
}

fn code(served: io::Result<bool>) -> ExitCode {
    match served {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the language server could not start: {error}");
            ExitCode::from(2)
        }
    }
}

/// Serves one client; whether it said `shutdown` before it went. Errors are those of starting threads.
fn serve(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let (incoming, messages) = unbounded_channel();
    let outbox = transport::write_to(output, incoming.clone())?;
    let outcomes = Arc::new(Outcomes::default());
    let owner = owner::start(outbox.clone(), Library::in_cache(), Arc::clone(&outcomes))?;
    let was_shut_down = Arc::new(AtomicBool::new(false));
    let server_shut_down = Arc::clone(&was_shut_down);
    let runner = Runner::start(outcomes)?;
    let (service, socket) = LspService::build(|client| Server::new(client, owner, runner, server_shut_down))
        .custom_method(WorkDoneProgressCancel::METHOD, Server::stop)
        .custom_method("mandate/scenarios", Server::scenarios)
        .custom_method("mandate/runScenarios", Server::run_scenarios)
        .custom_method("mandate/why", Server::why)
        .custom_method("mandate/ruleGraph", Server::rule_graph)
        .finish();
    transport::read_from(input, incoming)?;
    let local = LocalSet::new();
    runtime.block_on(local.run_until(transport::serve(service, socket, messages, outbox.clone())));
    drop(local);
    runtime.shutdown_background();
    outbox.finish(Duration::from_secs(2));
    Ok(was_shut_down.load(Ordering::SeqCst))
}
