//! `mandate compile`

use crate::arguments::Compile;
use crate::ending::{Ending, Outcome};
use crate::files;
use crate::output::Output;
use crate::package::{Package, Refused};

pub(crate) fn run(arguments: &Compile, out: &mut Output) -> Ending {
    let package = Package::load(&arguments.package);
    let pack = match package.compile(out) {
        Ok(pack) => pack,
        Err(Refused::Missing(stopped)) => return Err(stopped),
        Err(Refused::Errors) => {
            out.remark("no pack was written: the package has errors");
            return Ok(Outcome::Findings);
        }
    };
    let json = pack.to_json();
    match &arguments.out {
        None => out.result(&json)?,
        Some(file) => {
            files::replace(file, json.as_bytes())?;
            let (rules, digest) = (pack.rules.len(), pack.digest.get(..12).unwrap_or(&pack.digest));
            let s = if rules == 1 { "" } else { "s" };
            out.remark(&format!("{}: {rules} rule{s}, digest {digest}, written to {}", pack.name, file.display()));
        }
    }
    Ok(Outcome::Clean)
}
