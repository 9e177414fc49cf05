//! How far a long run is, on one line of a terminal that is gone in the end.
//!
//! A crate for this (indicatif) brings bars, threads and five more crates for one line; what is needed is here.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Runs shorter than this say nothing.
const QUIET: Duration = Duration::from_secs(2);

/// Time between two lines: often enough to be seen moving, too seldom to cost anything.
const PAUSE: Duration = Duration::from_millis(200);

/// Says how far a run is, on standard error if that is a terminal, after [`QUIET`].
pub(crate) struct Progress {
    /// `None`: nobody looks.
    next: Option<Mutex<Shown>>,
}

struct Shown {
    from: Instant,
    /// Whether there is a line to clear.
    dirty: bool,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let seen = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Self { next: seen.then(|| Mutex::new(Shown { from: Instant::now() + QUIET, dirty: false })) }
    }

    /// Shows a line, unless it is too early for one.
    pub(crate) fn say(&self, line: &dyn Fn() -> String) {
        let Some(Ok(mut shown)) = self.next.as_ref().map(Mutex::lock) else { return };
        let now = Instant::now();
        if now < shown.from {
            return;
        }
        *shown = Shown { from: now + PAUSE, dirty: true };
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "\r\u{1B}[2K{}", line()).and_then(|()| stderr.flush());
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        let Some(Ok(mut shown)) = self.next.as_ref().map(Mutex::lock) else { return };
        if std::mem::take(&mut shown.dirty) {
            let mut stderr = io::stderr().lock();
            let _ = write!(stderr, "\r\u{1B}[2K").and_then(|()| stderr.flush());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}
