//! `mandate check`

use crate::arguments::Check;
use crate::ending::{Ending, Outcome};
use crate::output::{Format, Output, count};
use crate::package::Package;

pub(crate) fn run(arguments: &Check, out: &mut Output) -> Ending {
    let package = Package::load(&arguments.path);
    let files = package.check();
    if !package.found() && arguments.format == Format::Text {
        return Err(package.missing());
    }
    out.diagnostics(&files, &|path| package.text(path), arguments.format)?;
    let count = count(&files);
    if arguments.format == Format::Text {
        out.result(&format!("{}: {count}\n", package.summary()))?;
    }
    Ok(match () {
        () if !package.found() => Outcome::CouldNotRun,
        () if count.errors > 0 || (arguments.deny_warnings && count.warnings > 0) => Outcome::Findings,
        () => Outcome::Clean,
    })
}
