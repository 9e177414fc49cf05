//! The thread for work that takes long and needs no snapshot: running scenarios.
//!
//! An answering thread takes out of the snapshot what is needed and gives the snapshot back; the rest is done here, so that neither an edit
//! nor another request waits for it.

use crate::STACK;
use crate::pool::{Job, answer};
use crate::trials::Outcomes;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Result};

type Work = Box<dyn FnOnce() + Send>;

/// The way to the thread. It ends when every such way is gone.
#[derive(Clone)]
pub(crate) struct Runner {
    queue: Sender<Work>,
    /// How scenarios came out last.
    pub outcomes: Arc<Outcomes>,
}

impl Runner {
    pub(crate) fn start(outcomes: Arc<Outcomes>) -> io::Result<Self> {
        let (queue, waiting) = channel::<Work>();
        let thread = std::thread::Builder::new().name("mandate-run".to_owned()).stack_size(STACK);
        thread.spawn(move || waiting.into_iter().for_each(|work| work()))?;
        Ok(Self { queue, outcomes })
    }
}

/// A question in two steps: `prepare` with the snapshot, `finish` without.
pub(crate) struct Errand<T, A, B> {
    pub prepare: A,
    pub finish: B,
    pub reply: oneshot::Sender<Result<T>>,
    pub runner: Runner,
}

impl<T, P, A, B> Job for Errand<T, A, B>
where
    T: Send + 'static,
    P: Send + 'static,
    A: FnOnce() -> P + Send,
    B: FnOnce(P, &dyn Fn() -> bool) -> T + Send + 'static,
{
    fn is_cancelled(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(self: Box<Self>) {
        let Self { prepare, finish, reply, runner } = *self;
        let prepared = match answer(prepare) {
            Ok(prepared) => prepared,
            Err(error) => return drop(reply.send(Err(error))),
        };
        let work = move || {
            // Whoever cancels a request closes its way back.
            let found = (!reply.is_closed()).then(|| answer(|| finish(prepared, &|| reply.is_closed())));
            if let Some(found) = found {
                let _ = reply.send(found);
            }
        };
        // The thread ends only with the server.
        let _ = runner.queue.send(Box::new(work));
    }

    fn outdated(self: Box<Self>) {
        let _ = self.reply.send(Err(Error::content_modified()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_long_errand_ends_when_nobody_waits_for_it_and_the_next_is_done() {
        let runner = Runner::start(Arc::default()).unwrap();
        let (reply, answer) = oneshot::channel();
        let (begun, beginning) = mpsc::channel();
        let finish = move |(), stop: &dyn Fn() -> bool| {
            begun.send(()).unwrap();
            while !stop() {
                std::thread::yield_now();
            }
        };
        Box::new(Errand { prepare: || (), finish, reply, runner: runner.clone() }).run();
        beginning.recv().unwrap();
        drop(answer);
        let (reply, answer) = oneshot::channel();
        let finish = |number: u8, _: &dyn Fn() -> bool| number + 1;
        Box::new(Errand { prepare: || 1, finish, reply, runner: runner.clone() }).run();
        assert_eq!(answer.blocking_recv().unwrap(), Ok(2));
        let (reply, answer) = oneshot::channel();
        let fault = |(), _: &dyn Fn() -> bool| -> u8 { panic!("no moon") };
        Box::new(Errand { prepare: || (), finish: fault, reply, runner }).run();
        assert!(answer.blocking_recv().unwrap().unwrap_err().message.contains("no moon"));
    }
}
