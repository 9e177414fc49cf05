//! `mandate check`

use crate::arguments::{Check, CheckFormat};
use crate::ending::{Ending, Outcome};
use crate::output::{Format, Output, count};
use crate::package::Package;

pub(crate) fn run(arguments: &Check, out: &mut Output) -> Ending {
    let package = Package::load(&arguments.path);
    let files = package.check();
    let text = arguments.format == CheckFormat::Text;
    if !package.found() && text {
        return Err(package.missing());
    }
    let texts = |path: &str| package.text(path);
    match arguments.format {
        CheckFormat::Text => out.diagnostics(&files, &texts, Format::Text)?,
        CheckFormat::Json => out.diagnostics(&files, &texts, Format::Json)?,
        CheckFormat::Sarif => out.sarif(&files, &texts)?,
    }
    let count = count(&files);
    if text {
        out.result(&format!("{}: {count}\n", package.summary()))?;
    }
    Ok(match () {
        () if !package.found() => Outcome::CouldNotRun,
        () if count.errors > 0 || (arguments.deny_warnings && count.warnings > 0) => Outcome::Findings,
        () => Outcome::Clean,
    })
}
