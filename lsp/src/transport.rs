//! The two ends of the wire and the loop between them.
//!
//! One thread reads, one thread writes, one asynchronous task passes messages to the framework's router. The loop polls
//! every handler once before it takes the next message, so what handlers enqueue before their first await is enqueued in
//! the order of the wire. It sets no limit to requests under way: a limit would keep `$/cancelRequest` from being heard.

use crate::frames::{Frame, Frames};
use futures::{SinkExt, StreamExt, poll};
use serde::Serialize;
use std::io::{self, BufReader, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::mpsc as queue;
use tower_lsp::jsonrpc::{Request, Response};
use tower_lsp::ls_types::notification::Notification;
use tower_lsp::ls_types::request as lsp;
use tower_lsp::{ClientSocket, LanguageServer, LspService};
use tower_service::Service;

/// Where messages to the client are put; they leave in the order in which they came.
#[derive(Clone)]
pub(crate) struct Outbox {
    letters: mpsc::Sender<Letter>,
    /// Counts the questions of the server that are asked here; those of the framework have numbers of its own.
    asked: Arc<AtomicU64>,
}

enum Letter {
    Message(Vec<u8>),
    /// Everything before this has been written when the sender of the letter is told.
    Last(mpsc::Sender<()>),
}

impl Outbox {
    /// Sends a notification. After the client has gone there is nobody to miss it.
    pub(crate) fn notify<N: Notification>(&self, params: &N::Params)
    where
        N::Params: Serialize,
    {
        self.say(N::METHOD, params);
    }

    /// Sends a notification by its name.
    pub(crate) fn say(&self, method: &str, params: &impl Serialize) {
        self.send(&serde_json::json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request whose answer changes nothing.
    pub(crate) fn ask<R: lsp::Request>(&self, params: &R::Params) {
        let id = format!("mandate-{}", self.asked.fetch_add(1, Ordering::Relaxed));
        self.send(&serde_json::json!({ "jsonrpc": "2.0", "id": id, "method": R::METHOD, "params": params }));
    }

    fn send(&self, message: &impl Serialize) {
        let Ok(body) = serde_json::to_vec(message) else { return };
        let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
        bytes.extend(body);
        let _ = self.letters.send(Letter::Message(bytes));
    }

    /// Waits until everything is written, but not longer than `patience`: the client may have stopped reading.
    pub(crate) fn finish(self, patience: Duration) {
        let (done, written) = mpsc::channel();
        if self.letters.send(Letter::Last(done)).is_ok() {
            let _ = written.recv_timeout(patience);
        }
    }
}

/// Starts the writing thread. It ends when every [`Outbox`] is gone, or when `output` fails; then `closed` is told.
pub(crate) fn write_to(
    mut output: impl Write + Send + 'static,
    closed: queue::UnboundedSender<Incoming>,
) -> io::Result<Outbox> {
    let (letters, outgoing) = mpsc::channel();
    let writing = move || {
        for letter in outgoing {
            match letter {
                Letter::Message(bytes) => {
                    if output.write_all(&bytes).and_then(|()| output.flush()).is_err() {
                        let _ = closed.send(Incoming::End);
                        return;
                    }
                }
                Letter::Last(done) => drop(done.send(())),
            }
        }
    };
    std::thread::Builder::new().name("mandate-write".to_owned()).spawn(writing)?;
    Ok(Outbox { letters, asked: Arc::default() })
}

/// What the loop waits for.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// A message, or the fault in one.
    Frame(Frame),
    /// The input has ended or the output is closed.
    End,
}

/// Starts the reading thread. It may outlive the server: a read of standard input cannot be interrupted.
pub(crate) fn read_from(
    input: impl Read + Send + 'static,
    incoming: queue::UnboundedSender<Incoming>,
) -> io::Result<()> {
    let reading = move || {
        let mut frames = Frames::new(BufReader::with_capacity(64 << 10, input));
        while let Ok(Some(frame)) = frames.next() {
            if incoming.send(Incoming::Frame(frame)).is_err() {
                return;
            }
        }
        let _ = incoming.send(Incoming::End);
    };
    std::thread::Builder::new().name("mandate-read".to_owned()).spawn(reading).map(|_| ())
}

/// Passes messages until `exit`, the end of input, or a closed output. Runs inside a `LocalSet`.
pub(crate) async fn serve<S: LanguageServer>(
    mut service: LspService<S>,
    socket: ClientSocket,
    mut incoming: queue::UnboundedReceiver<Incoming>,
    outbox: Outbox,
) {
    let (mut requests, mut answers) = socket.split();
    let to_client = outbox.clone();
    let forwarding = tokio::task::spawn_local(async move {
        while let Some(request) = requests.next().await {
            to_client.send(&request);
        }
    });
    while let Some(Incoming::Frame(frame)) = incoming.recv().await {
        match frame {
            Frame::Malformed(answer) => outbox.send(&answer),
            Frame::Answer(answer) => {
                if answers.send(answer).await.is_err() {
                    break;
                }
            }
            Frame::Request(request) => {
                let last = request.method() == "exit";
                begin(&mut service, request, &outbox).await;
                if last {
                    break;
                }
            }
        }
    }
    forwarding.abort();
}

/// Lets the router start on a request, and finishes it in a task of its own if it has to wait.
async fn begin<S: LanguageServer>(service: &mut LspService<S>, request: Request, outbox: &Outbox) {
    if std::future::poll_fn(|context| service.poll_ready(context)).await.is_err() {
        return;
    }
    let mut handler = service.call(request);
    match poll!(&mut handler) {
        Poll::Ready(answer) => answer_with(answer, outbox),
        Poll::Pending => {
            let outbox = outbox.clone();
            tokio::task::spawn_local(async move { answer_with(handler.await, &outbox) });
        }
    }
}

fn answer_with<E>(answer: Result<Option<Response>, E>, outbox: &Outbox) {
    if let Ok(Some(answer)) = answer {
        outbox.send(&answer);
    }
}
