//! The command line.

use crate::output::Color;
use crate::targets::Target;
use clap::{Args, Parser, Subcommand, ValueEnum};
use mandate_assess::FactsFormat;
use std::path::PathBuf;
use std::process::ExitCode;

/// Rules for human security: check them, test them, and assess what happened against them.
///
/// Exit codes: 0 nothing to say, 1 something was found, 2 the command could not run.
#[derive(Debug, Parser)]
#[command(name = "mandate", version, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a package or a single module
    Check(Check),
    /// Write modules in the one layout of the language
    Fmt(Fmt),
    /// Explain a code such as E012
    Explain(Explain),
    /// Compile a package to a rule pack
    Compile(Compile),
    /// Write the policy book of a package: pages to read, search and print
    Doc(Doc),
    /// Print the JSON Schema of facts, of packs, or of what commands write
    Schema(Schema),
    /// Assess facts against the rules
    Assess(Assess),
    /// Run the scenarios of a package
    Test(Test),
    /// Make a package to start from
    Init(Init),
    /// Work on the documents behind the rules
    Source(Source),
    /// List the passages of documents with the rules that carry them and the scenarios that test these
    Trace(crate::commands::trace::Trace),
    /// Say what depends on passages that change
    Impact(crate::commands::impact::Impact),
    /// Say what changed in meaning between two editions of a package
    Diff(crate::commands::diff::Diff),
    /// Say which rules a mission makes weaker than the packages it refines, and who answers for it
    Refine(crate::commands::refine::Refine),
    /// Serve an editor over standard input and output
    Lsp(Lsp),
}

#[derive(Debug, Args)]
pub(crate) struct Lsp {
    /// Wait for the editor on this port of this machine instead; 0 for a free one, which is said on standard error
    #[arg(long, value_name = "PORT")]
    pub socket: Option<u16>,
    /// Standard input and output, whatever else is said: some editors always say so
    #[arg(long, hide = true)]
    pub stdio: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A package, anything in it, or a single module
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// How to write what was found
    #[arg(long, value_enum, default_value_t)]
    pub format: CheckFormat,
    /// Exit with 1 on warnings, too
    #[arg(long)]
    pub deny_warnings: bool,
    /// Write situations in which rules pull against each other as scenarios, into a new module of the package; they fail until one of the rules yields
    #[arg(long, value_name = "FILE")]
    pub save_scenarios: Option<PathBuf>,
    /// Replace the file of scenarios if there is one
    #[arg(long, requires = "save_scenarios")]
    pub force: bool,
}

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For tools that show findings at places of files
    Sarif,
}

#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Modules, or directories with modules; `-` reads standard input and writes standard output
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,
    /// Change nothing; name the files that would change and exit with 1
    #[arg(long)]
    pub check: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A code, as diagnostics print it
    #[arg(required_unless_present = "list")]
    pub code: Option<String>,
    /// List all codes
    #[arg(long, conflicts_with = "code")]
    pub list: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Compile {
    /// The package
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub package: PathBuf,
    /// Where to write the pack; standard output unless said
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Doc {
    /// A package, anything in it, or a single module
    #[arg(default_value = ".")]
    pub package: PathBuf,
    /// Where to put the book: a new or empty directory, or one that holds an earlier book
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

/// A package to compile, or a pack that was compiled before.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct Rules {
    /// A package; the one in the current directory unless said
    #[arg(long, value_name = "DIR")]
    pub package: Option<PathBuf>,
    /// A rule pack written by `mandate compile`
    #[arg(long, value_name = "FILE")]
    pub pack: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which schema
    #[arg(value_enum)]
    pub of: SchemaOf,
    #[command(flatten)]
    pub rules: Rules,
}

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The facts that a package expects
    Facts,
    /// Rule packs
    Pack,
    /// What `mandate diff` writes for programs
    Diff,
    /// What `mandate refine` writes for programs
    Refine,
}

#[derive(Debug, Args)]
pub(crate) struct Assess {
    /// Files of facts in JSON, YAML, JSON Lines or CSV, packed with gzip or not, or directories of them; `-` for standard input
    #[arg(required = true)]
    pub facts: Vec<String>,
    /// The format where no ending tells it: json, yaml, jsonl or csv; the type of the records behind a colon, as in csv:Incident
    #[arg(long, value_name = "FORMAT[:TYPE]", value_parser = facts_format)]
    pub facts_format: Option<FormatOfFacts>,
    #[command(flatten)]
    pub rules: Rules,
    /// The instant or day of assessment, such as 2026-03-01T08:00Z; that of the facts unless said, else now
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Judge by what was on record at this instant or day: records entered later are left out
    #[arg(long, value_name = "TIME")]
    pub known_at: Option<String>,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Write to a file instead, or one more report in another format (`sarif=report.sarif`); as often as wanted
    #[arg(long, value_name = "[FORMAT=]FILE")]
    pub output: Vec<Target<ReportFormat>>,
    /// What to list findings under
    #[arg(long, value_enum, default_value_t)]
    pub by: By,
    /// List what is satisfied, exempt or permitted, too
    #[arg(long)]
    pub all: bool,
    /// Say for each finding why
    #[arg(long)]
    pub explain: bool,
    /// Hide counts of groups below this; 0 hides none
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub suppress_below: u64,
    /// Exit with 1 also for advice not followed, for what could still be a violation and for faults of the data
    #[arg(long)]
    pub strict: bool,
}

/// How to write a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    #[default]
    Text,
    /// Everything, for programs
    Json,
    /// SARIF 2.1.0, for code review and dashboards
    Sarif,
    /// JUnit XML, for build servers
    Junit,
    /// For tickets and messages
    Markdown,
    /// For spreadsheets, one row a finding
    Csv,
}

impl From<ReportFormat> for mandate_report::Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Text => Self::Text,
            ReportFormat::Json => Self::Json,
            ReportFormat::Sarif => Self::Sarif,
            ReportFormat::Junit => Self::Junit,
            ReportFormat::Markdown => Self::Markdown,
            ReportFormat::Csv => Self::Csv,
        }
    }
}

/// What findings are listed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum By {
    /// The rule
    #[default]
    Rule,
    /// The record
    Record,
}

impl From<By> for mandate_report::By {
    fn from(by: By) -> Self {
        match by {
            By::Rule => Self::Rule,
            By::Record => Self::Record,
        }
    }
}

/// `csv:Incident`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormatOfFacts {
    pub format: FactsFormat,
    pub records: Option<String>,
}

fn facts_format(text: &str) -> Result<FormatOfFacts, String> {
    let (word, records) = text.split_once(':').map_or((text, None), |(word, records)| (word, Some(records.to_owned())));
    let format = FactsFormat::named(word).ok_or("it is one of json, yaml, jsonl and csv")?;
    match records {
        Some(name) if name.is_empty() || !format.is_by_line() => {
            Err("a record type stands behind jsonl or csv, as in csv:Incident".to_owned())
        }
        records => Ok(FormatOfFacts { format, records }),
    }
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// A package, anything in it, or a single module
    #[arg(default_value = ".")]
    pub path: PathBuf,
    /// Only the scenarios with this text in their title
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    /// Say which clauses, exceptions and outcomes no scenario expects anything about
    #[arg(long)]
    pub coverage: bool,
    /// Change the rules in small ways, and list the changes that no scenario notices
    #[arg(long, conflicts_with_all = ["coverage", "filter"])]
    pub mutate: bool,
    /// How to write the results; `junit` is for scenarios only
    #[arg(long, value_enum, default_value_t)]
    pub format: TestFormat,
}

/// How to write the results of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For build servers, as XML
    Junit,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The directory of the new package
    pub dir: PathBuf,
}

/// One command for each thing that is done with documents; its arguments stand beside it in `commands/source`.
#[derive(Debug, Args)]
pub(crate) struct Source {
    #[command(subcommand)]
    pub command: crate::commands::source::Command,
}

/// Prints help or what is wrong with the command line. Help is a result; everything else could not run.
pub(crate) fn refuse(refused: &clap::Error) -> ExitCode {
    // Nothing is lost if nobody reads it.
    let _ = refused.print();
    ExitCode::from(u8::try_from(refused.exit_code()).unwrap_or(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
