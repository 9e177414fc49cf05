//! `mandate diff`

mod revision;

use crate::arguments::Rules;
use crate::ending::{Ending, Outcome, Stopped};
use crate::output::Output;
use crate::package::{Package, rules};
use crate::targets::{self, Target};
use clap::{Args, ValueEnum};
use mandate_pack::Pack;
use mandate_prove::differ::{self, compare, write_difference};
use revision::Revision;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// What was: a rule pack, the directory of a package, or a revision of git, such as HEAD~1 or v1.2:rules/camp
    pub old: String,
    /// What is: as OLD
    pub new: String,
    /// Say what the release has to be, and exit with 1 if the manifest claims less
    #[arg(long)]
    pub semver: bool,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Write to a file instead, or once more in another format (`markdown=changes.md`); as often as wanted
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub output: Vec<Target<Format>>,
}

/// How to write a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// Everything, for programs
    Json,
    /// For pull requests, tickets and messages
    Markdown,
}

impl Format {
    pub(crate) fn with(self, color: bool) -> differ::Format {
        match self {
            Format::Text => differ::Format::Text { color },
            Format::Json => differ::Format::Json,
            Format::Markdown => differ::Format::Markdown,
        }
    }
}

pub(crate) fn run(arguments: &Diff, out: &mut Output) -> Ending {
    let read = [&arguments.old, &arguments.new].map(PathBuf::from);
    targets::check(&arguments.output, &read)?;
    let old = side(&arguments.old, &arguments.new, out)?;
    let new = side(&arguments.new, &arguments.old, out)?;
    let difference = compare(&old, &new);
    targets::write(&arguments.output, arguments.format, out, &|format, color, to| {
        write_difference(&difference, format.with(color), arguments.semver, to)
    })?;
    let found = if arguments.semver { !difference.release.enough } else { difference.changes_meaning() };
    Ok(if found { Outcome::Findings } else { Outcome::Clean })
}

/// The rules that an argument names. A revision without a path means the package that the other argument names, or else the one here.
fn side(named: &str, other: &str, out: &Output) -> Result<Pack, Stopped> {
    let path = Path::new(named);
    if path.is_dir() {
        return compiled(path, named, out);
    }
    if path.is_file() {
        if path.extension().is_some_and(|ending| ending == "mandate") || path.ends_with(mandate_project::MANIFEST) {
            return compiled(path, named, out);
        }
        return rules(&Rules { package: None, pack: Some(path.to_owned()) }, out);
    }
    // A path that begins with a dot is meant from here, as git means it.
    let from_here = named.split_once(':').is_some_and(|(_, path)| path.starts_with('.'));
    let here = Some(Path::new(other)).filter(|other| other.is_dir() && !from_here).unwrap_or(Path::new("."));
    let taken = Revision::read(named, here)?.taken()?;
    compiled(&taken.package, named, out)
}

fn compiled(path: &Path, named: &str, out: &Output) -> Result<Pack, Stopped> {
    Package::load(path).compile_quietly(out).map_err(|refused| {
        let stopped = refused.into_stopped();
        Stopped { message: format!("`{named}`: {}", stopped.message), ..stopped }
    })
}
