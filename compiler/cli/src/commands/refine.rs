//! `mandate refine`

use crate::commands::diff::Format;
use crate::ending::{Ending, Outcome, Stopped};
use crate::output::Output;
use crate::package::Package;
use crate::targets::{self, Target};
use clap::Args;
use mandate_pack::Pack;
use mandate_prove::differ::{refinement, write_refinement};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Refine {
    /// The package of the mission, or anything in it
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub package: PathBuf,
    /// The day on which acceptances have to hold, such as 2026-03-01; today unless said
    #[arg(long, value_name = "DAY")]
    pub on: Option<jiff::civil::Date>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write to a file instead, or once more in another format (`markdown=mission.md`); as often as wanted
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub output: Vec<Target<Format>>,
}

pub(crate) fn run(arguments: &Refine, out: &mut Output) -> Ending {
    targets::check(&arguments.output, &[])?;
    let package = Package::load(&arguments.package);
    let pack = package.compile_quietly(out).map_err(crate::package::Refused::into_stopped)?;
    let Some(mission) = &pack.mission else {
        return Err(Stopped::new(format!("the package `{}` declares no mission", pack.name)).help(
            "a mission says which packages it tailors: `mission heron \"Exercise Heron\" refines base { ... }`",
        ));
    };
    let mut bases: Vec<Pack> = Vec::new();
    for name in &mission.refines {
        bases.push(package.other(name).ok_or_else(|| {
            Stopped::new(format!("the package `{name}`, which the mission refines, has errors"))
                .help("`mandate check` in its directory lists them")
        })?);
    }
    let today = arguments.on.unwrap_or_else(|| jiff::Zoned::now().date()).to_string();
    let bases: Vec<&Pack> = bases.iter().collect();
    let Some(found) = refinement(&bases, &pack, &today) else { return Ok(Outcome::Clean) };
    targets::write(&arguments.output, arguments.format, out, &|format, color, to| {
        write_refinement(&found, format.with(color), to)
    })?;
    Ok(if found.rules.iter().any(|rule| rule.unaccepted) { Outcome::Findings } else { Outcome::Clean })
}
