//! A PDF read by a second process of this program, which may take as much memory as a document needs and no more.

use crate::ending::{Ending, Outcome};
use crate::files;
use crate::output::Output;
use mandate_import::{MAX_BYTES, answer};
use std::process::Command;

/// The command that `read_pdf` is run by.
pub(super) const READ_PDF: &str = "read-pdf";

/// Most memory of that process, in bytes, with its stacks.
#[cfg(unix)]
const MEMORY: u64 = 3 << 30;

/// The second process.
pub(super) fn command() -> Command {
    // If the program cannot be found again, starting nothing fails, and the document is read in this process.
    let mut command = Command::new(std::env::current_exe().unwrap_or_default());
    command.args(["source", READ_PDF]);
    command
}

/// What the second process does: the bytes of a PDF on standard input, what was found in it on standard output.
pub(super) fn read_pdf(out: &Output) -> Ending {
    bound();
    let bytes = files::read("-", MAX_BYTES as u64)?;
    out.bytes(&answer(&bytes))?;
    Ok(Outcome::Clean)
}

#[cfg(unix)]
fn bound() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::As).maximum;
    let current = Some(maximum.map_or(MEMORY, |maximum| maximum.min(MEMORY)));
    // Where there is no such bound, there is still the one of time.
    let _ = setrlimit(Resource::As, Rlimit { current, maximum });
}

#[cfg(not(unix))]
fn bound() {}
