//! How far a long run is, on one line of a terminal that is gone in the end.
//!
//! A crate for this (indicatif) brings bars and five more crates for one line; what is needed is here.

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Runs shorter than this say nothing.
const QUIET: Duration = Duration::from_secs(2);

/// Time between two looks at how far the run is.
const PAUSE: Duration = Duration::from_millis(200);

/// Says how far a run is, on standard error if that is a terminal, after [`QUIET`]. The line is gone when this is dropped.
pub(crate) struct Progress {
    /// `None`: nobody looks.
    shown: Option<(Arc<Shared>, JoinHandle<()>)>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Default)]
struct State {
    line: String,
    ended: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let seen = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        if !seen {
            return Self { shown: None };
        }
        let shared = Arc::new(Shared::default());
        let watched = Arc::clone(&shared);
        // Without a thread to show it, the run goes on all the same.
        let thread = thread::Builder::new().name("progress".to_owned()).spawn(move || show(&watched)).ok();
        Self { shown: thread.map(|thread| (shared, thread)) }
    }

    /// What the run is doing. Called from any thread, and often.
    pub(crate) fn say(&self, line: &dyn Fn() -> String) {
        if let Some((shared, _)) = &self.shown
            && let Ok(mut state) = shared.state.lock()
        {
            state.line = line();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let Some((shared, thread)) = self.shown.take() else { return };
        if let Ok(mut state) = shared.state.lock() {
            state.ended = true;
        }
        shared.ended.notify_all();
        let _ = thread.join();
    }
}

/// Writes the line whenever it is another, until the run has ended.
fn show(shared: &Shared) {
    let mut written = String::new();
    let mut pause = QUIET;
    let Ok(mut state) = shared.state.lock() else { return };
    loop {
        let Ok((now, _)) = shared.ended.wait_timeout_while(state, pause, |state| !state.ended) else { return };
        state = now;
        if state.ended {
            break;
        }
        pause = PAUSE;
        if state.line != written {
            written.clone_from(&state.line);
            write_line(&written);
        }
    }
    if !written.is_empty() {
        write_line("");
    }
}

/// In the place of the line before.
fn write_line(line: &str) {
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "\r\u{1B}[2K{line}").and_then(|()| stderr.flush());
}
