//! `mandate trace`

use crate::ending::{Ending, Outcome, Stopped};
use crate::files;
use crate::output::Output;
use crate::package::{Package, Refused};
use crate::targets::{self, Target};
use clap::{Args, ValueEnum};
use mandate_diagnostics::did_you_mean;
use mandate_documents::Document;
use mandate_semantics::SourceDocument;
use mandate_trace::checklist::{Checklist, cover, write_coverage};
use mandate_trace::{Format, Options, State, trace, write};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Trace {
    /// A package, or anything in it; several with `--checklist`
    #[arg(default_value = ".")]
    pub package: Vec<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub format: TraceFormat,
    /// Report on the statements of this table instead, which has the columns id, area, kind, strength and source
    #[arg(long, value_name = "FILE", conflicts_with_all = ["source", "only"])]
    pub checklist: Option<PathBuf>,
    /// Only the document of this source; those of packages that this one uses can be named too
    #[arg(long, value_name = "NAME")]
    pub source: Vec<String>,
    /// List only the passages of one state
    #[arg(long, value_enum, value_name = "STATE")]
    pub only: Option<Only>,
    /// Write to a file instead, or once more in another format (`csv=trace.csv`); as often as wanted
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub output: Vec<Target<TraceFormat>>,
    /// Exit with 1 when a passage sounds like a norm, and no rule carries it and no note explains why; with `--checklist`, when a
    /// statement is not carried, carried twice, or not in the list
    #[arg(long)]
    pub strict: bool,
}

/// How to write a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TraceFormat {
    /// For people
    #[default]
    Text,
    /// For tickets and messages
    Markdown,
    /// For spreadsheets, one row for each passage and rule
    Csv,
    /// Everything, for programs
    Json,
    /// A page for a browser
    Html,
}

impl From<TraceFormat> for Format {
    fn from(format: TraceFormat) -> Self {
        match format {
            TraceFormat::Text => Self::Text,
            TraceFormat::Markdown => Self::Markdown,
            TraceFormat::Csv => Self::Csv,
            TraceFormat::Json => Self::Json,
            TraceFormat::Html => Self::Html,
        }
    }
}

/// What became of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    /// A rule cites it
    Rule,
    /// A note says why no rule carries it
    NotARule,
    /// It sounds like a norm, and is neither
    Open,
    /// It does not sound like a norm
    Plain,
}

impl From<Only> for State {
    fn from(only: Only) -> Self {
        match only {
            Only::Rule => Self::Rule,
            Only::NotARule => Self::NotARule,
            Only::Open => Self::Open,
            Only::Plain => Self::Plain,
        }
    }
}

pub(crate) fn run(arguments: &Trace, out: &mut Output) -> Ending {
    if let Some(list) = &arguments.checklist {
        return checklist(arguments, list, out);
    }
    targets::check(&arguments.output, &[])?;
    let [package] = arguments.package.as_slice() else {
        return Err(
            Stopped::new("several packages are traced only with a checklist").help("name one, or `--checklist FILE`")
        );
    };
    let package = Package::load(package);
    let pack = package.compile(out).map_err(Refused::into_stopped)?;
    let all = package.documents();
    let chosen = chosen(&package, &all, &arguments.source)?;
    if chosen.is_empty() {
        out.remark("no source of this package has a document");
    }
    let found = trace(&pack, &chosen);
    let only = arguments.only.map(State::from);
    targets::write(&arguments.output, arguments.format, out, &|format, color, to| {
        write(&found, format.into(), Options { color, only }, to)
    })?;
    let open = found.documents.iter().any(|document| document.share.open > 0 || !document.nameless.is_empty());
    Ok(if arguments.strict && open { Outcome::Findings } else { Outcome::Clean })
}

/// Largest checklist that is read, in bytes.
const MAX_LIST: u64 = 16_000_000;

/// What carries the statements of a list.
fn checklist(arguments: &Trace, list: &Path, out: &mut Output) -> Ending {
    targets::check(&arguments.output, &[list.to_owned()])?;
    let formats = arguments.output.iter().map(|target| target.format.unwrap_or(arguments.format));
    if formats.chain([arguments.format]).any(|format| format == TraceFormat::Html) {
        return Err(Stopped::new("a checklist is not written as a page").help("use markdown, csv, json or text"));
    }
    let name = list.display();
    let bytes = files::read(&list.to_string_lossy(), MAX_LIST)?;
    let text = String::from_utf8(bytes).map_err(|_| Stopped::new(format!("`{name}` is not UTF-8 text")))?;
    let read = Checklist::read(&text).map_err(|fault| {
        Stopped::new(format!("`{name}`, {fault}"))
            .help("a checklist is a table with the columns id, area, kind, strength and source")
    })?;
    let mut packs = Vec::new();
    for path in &arguments.package {
        packs.push(Package::load(path).compile_quietly(out).map_err(Refused::into_stopped)?);
    }
    let found = cover(&packs, &read);
    targets::write(&arguments.output, arguments.format, out, &|format, color, to| {
        write_coverage(&found, format.into(), color, to)
    })?;
    Ok(if arguments.strict && !found.problems.is_empty() { Outcome::Findings } else { Outcome::Clean })
}

/// The documents of the sources named, or of all sources of the package.
fn chosen<'d>(
    package: &Package,
    all: &'d BTreeMap<String, SourceDocument>,
    names: &[String],
) -> Result<BTreeMap<String, &'d Document>, Stopped> {
    if names.is_empty() {
        let own = format!("{}.", package.name());
        let of_package = all.iter().filter(|(name, _)| name.starts_with(&own));
        return Ok(of_package.map(|(name, found)| (name.clone(), &found.document)).collect());
    }
    let found = names
        .iter()
        .map(|name| named(all, package.name(), name).map(|(name, found)| (name.to_owned(), &found.document)));
    found.collect()
}

/// The source of a name, with or without its package and module; that of the package itself before others.
pub(crate) fn named<'d>(
    all: &'d BTreeMap<String, SourceDocument>,
    package: &str,
    name: &str,
) -> Result<(&'d str, &'d SourceDocument), Stopped> {
    let tail = format!(".{name}");
    let own = format!("{package}.");
    let mut fitting: Vec<_> = all.iter().filter(|(known, _)| *known == name || known.ends_with(&tail)).collect();
    fitting.sort_by_key(|(known, _)| (*known != name, !known.starts_with(&own)));
    let rank = |known: &str| (known != name, !known.starts_with(&own));
    match fitting.as_slice() {
        [(first, _), (second, _), ..] if rank(first) == rank(second) => {
            let both: Vec<&str> = fitting.iter().map(|(known, _)| known.as_str()).collect();
            Err(Stopped::new(format!("`{name}` could be {}", both.join(" or "))).help("name it with its package"))
        }
        [(first, found), ..] => Ok((first, found)),
        [] => {
            let short: Vec<&str> = all.keys().map(|known| known.rsplit('.').next().unwrap_or(known)).collect();
            let stopped = Stopped::new(format!("no source `{name}` with a document is declared or used here"));
            Err(match did_you_mean(name, short.iter().copied().chain(all.keys().map(String::as_str))) {
                Some(near) => stopped.help(format!("did you mean `{near}`?")),
                None => stopped.help(match short.as_slice() {
                    [] => "no source has a `document`".to_owned(),
                    known => format!("there are {}", known.join(", ")),
                }),
            })
        }
    }
}
