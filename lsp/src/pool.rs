//! The threads that answer requests from snapshots.
//!
//! A snapshot that is alive makes the next write wait. So a write first empties the queue (those requests are answered
//! "content modified", and the editor asks again), and what runs already is ended by the database itself.

use crate::STACK;
use std::any::Any;
use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Result};

const THREADS: usize = 2;

/// A request that waits for a thread.
pub(crate) trait Job: Send {
    /// Whether nobody waits for the answer any more.
    fn is_cancelled(&self) -> bool;
    /// Works the answer out and gives it.
    fn run(self: Box<Self>);
    /// Answers that the text has changed.
    fn outdated(self: Box<Self>);
}

/// A question with the way back of its answer.
pub(crate) struct Question<T, F> {
    work: F,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Question<T, F> {
    pub(crate) fn new(work: F, reply: oneshot::Sender<Result<T>>) -> Self {
        Self { work, reply }
    }
}

impl<T: Send, F: FnOnce() -> T + Send> Job for Question<T, F> {
    fn is_cancelled(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(self: Box<Self>) {
        let Self { work, reply } = *self;
        let answer = answer(work);
        let _ = reply.send(answer);
    }

    fn outdated(self: Box<Self>) {
        let _ = self.reply.send(Err(Error::content_modified()));
    }
}

/// Runs `work`; a newer text or a panic becomes the error that the protocol has for it.
pub(crate) fn answer<T>(work: impl FnOnce() -> T) -> Result<T> {
    // Snapshots are only read, and dropped with the closure: nothing half-changed can be seen afterwards.
    match catch_unwind(AssertUnwindSafe(|| mandate_semantics::Snapshot::catch(AssertUnwindSafe(work)))) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(_)) => Err(Error::content_modified()),
        Err(panic) => {
            let mut error = Error::internal_error();
            error.message = format!("this request met a fault of the language server: {}", said(&*panic)).into();
            Err(error)
        }
    }
}

/// What a panic said.
pub(crate) fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Box<dyn Job>>,
    closed: bool,
}

/// A few threads with one queue.
pub(crate) struct Pool {
    shared: Arc<(Mutex<Queue>, Condvar)>,
}

impl Pool {
    pub(crate) fn start() -> io::Result<Self> {
        let shared = Arc::new((Mutex::new(Queue::default()), Condvar::new()));
        for number in 1..=THREADS {
            let shared = Arc::clone(&shared);
            let name = format!("mandate-answer-{number}");
            std::thread::Builder::new().name(name).stack_size(STACK).spawn(move || work(&shared))?;
        }
        Ok(Self { shared })
    }

    pub(crate) fn add(&self, job: Box<dyn Job>) {
        locked(&self.shared.0).jobs.push_back(job);
        self.shared.1.notify_one();
    }

    /// Answers everything that waits with "content modified".
    pub(crate) fn outdate(&self) {
        let jobs = std::mem::take(&mut locked(&self.shared.0).jobs);
        jobs.into_iter().for_each(|job| job.outdated());
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        locked(&self.shared.0).closed = true;
        self.shared.1.notify_all();
    }
}

fn work(shared: &(Mutex<Queue>, Condvar)) {
    loop {
        let mut queue = locked(&shared.0);
        let job = loop {
            if queue.closed {
                return;
            }
            match queue.jobs.pop_front() {
                Some(job) => break job,
                None => queue = shared.1.wait(queue).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(queue);
        if !job.is_cancelled() {
            job.run();
        }
    }
}

/// The queue is whole at every unlock, so a panic elsewhere does not spoil it.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn ask<T: Send + 'static>(pool: &Pool, work: impl FnOnce() -> T + Send + 'static) -> oneshot::Receiver<Result<T>> {
        let (reply, answer) = oneshot::channel();
        pool.add(Box::new(Question::new(work, reply)));
        answer
    }

    #[test]
    fn a_panic_answers_its_own_request_and_the_next_one_is_served() {
        let pool = Pool::start().unwrap();
        for _ in 0..5 {
            let fault = ask(&pool, || -> u8 { panic!("the moon is full") }).blocking_recv().unwrap().unwrap_err();
            assert_eq!(fault.code, tower_lsp::jsonrpc::ErrorCode::InternalError);
            assert!(fault.message.contains("the moon is full"), "{}", fault.message);
        }
        assert_eq!(ask(&pool, || 7).blocking_recv().unwrap(), Ok(7));
    }

    #[test]
    fn a_cancelled_request_is_not_worked_on_and_a_waiting_one_is_told_that_the_text_changed() {
        let pool = Pool::start().unwrap();
        let (busy, go) = (Arc::new(AtomicBool::new(false)), Arc::new((Mutex::new(false), Condvar::new())));
        let blocked: Vec<_> = (0..THREADS)
            .map(|_| {
                let go = Arc::clone(&go);
                ask(&pool, move || {
                    let mut open = go.0.lock().unwrap();
                    while !*open {
                        open = go.1.wait(open).unwrap();
                    }
                })
            })
            .collect();
        let seen = Arc::clone(&busy);
        drop(ask(&pool, move || seen.store(true, Ordering::SeqCst)));
        while locked(&pool.shared.0).jobs.len() > 1 {
            std::thread::yield_now();
        }
        *go.0.lock().unwrap() = true;
        go.1.notify_all();
        for answer in blocked {
            assert_eq!(answer.blocking_recv().unwrap(), Ok(()));
        }
        assert_eq!(ask(&pool, || 1).blocking_recv().unwrap(), Ok(1));
        assert!(!busy.load(Ordering::SeqCst));
    }

    #[test]
    fn a_write_answers_what_waits() {
        let shared = Arc::new((Mutex::new(Queue::default()), Condvar::new()));
        let pool = Pool { shared };
        let waiting = ask(&pool, || 1);
        pool.outdate();
        assert_eq!(waiting.blocking_recv().unwrap(), Err(Error::content_modified()));
    }
}
