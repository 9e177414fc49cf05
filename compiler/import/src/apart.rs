//! Work that may stumble or take too long, done in a thread of its own.

use crate::Reading;
use crate::fault::Fault;
use crate::form::Form;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// Longest time for a document, in seconds.
pub(crate) const LONGEST: u64 = 60;
/// Stack of the thread, in bytes: documents nest.
const STACK: usize = 256 << 20;
/// Name of the thread, by which its panics are known.
const NAME: &str = "mandate-import";

/// What the work gives. If it panics, the document is broken; if it is not done in time, the thread is left behind and ends with the program.
pub(crate) fn apart(work: impl FnOnce() -> Result<Reading, Fault> + Send + 'static) -> Result<Reading, Fault> {
    silence();
    let (send, done) = mpsc::sync_channel(1);
    let thread = thread::Builder::new().name(NAME.to_owned()).stack_size(STACK).spawn(move || {
        let result = panic::catch_unwind(AssertUnwindSafe(work));
        // Nobody may be waiting any more.
        let _ = send.send(result);
    });
    if thread.is_err() {
        return Err(Fault::too_large("cannot be read: no thread could be started to read it in"));
    }
    match done.recv_timeout(Duration::from_secs(LONGEST)) {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Fault::stumbled()),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(Fault::too_long(LONGEST)),
    }
}

/// Panics of these threads are no faults of the program, and nothing is printed about them; those of others are reported as ever.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(NAME) {
                before(info);
            }
        }));
    });
}

/// Panics inside work that already is apart, such as one page of many.
pub(crate) fn caught<T>(form: Form, work: impl FnOnce() -> T) -> Result<T, Fault> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| Fault::broken(form, "a part of it makes no sense"))
}
