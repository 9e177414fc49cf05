//! `mandate check`

use crate::arguments::{Check, CheckFormat};
use crate::ending::{Ending, Outcome};
use crate::output::{Format, Output, count};
use crate::package::Package;
use crate::progress::Progress;
use crate::situations::Situations;

pub(crate) fn run(arguments: &Check, out: &mut Output) -> Ending {
    let package = Package::load(&arguments.path);
    let mut files = package.check();
    let text = arguments.format == CheckFormat::Text;
    if !package.found() && text {
        return Err(package.missing());
    }
    // Said before the work of which it is to hold the result.
    let situations = arguments.save_scenarios.as_ref().map(|file| Situations::to(file, arguments.force, &package));
    let situations = situations.transpose()?;
    let progress = Progress::new();
    let proof = package.prove(&progress);
    drop(progress);
    if let Some(proof) = &proof {
        files = package.with_proof(files, proof);
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
    if let Some(situations) = situations {
        out.remark(&situations.save(proof.as_ref())?);
    }
    Ok(match () {
        () if !package.found() => Outcome::CouldNotRun,
        () if count.errors > 0 || (arguments.deny_warnings && count.warnings > 0) => Outcome::Findings,
        () => Outcome::Clean,
    })
}
