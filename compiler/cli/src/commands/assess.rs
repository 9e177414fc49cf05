//! `mandate assess`

use crate::arguments::{Assess, ReportFormat};
use crate::ending::{Ending, Outcome, Stopped};
use crate::facts;
use crate::output::{Format, Output, count};
use crate::package::rules_in;
use crate::progress::Progress;
use crate::reports::Reports;
use mandate_assess::{Options, Stage, StreamError, Streamed, assess_stream, instant};
use mandate_pack::Pack;
use mandate_semantics::FileDiagnostics;
use std::num::NonZeroUsize;
use std::sync::Arc;

pub(crate) fn run(arguments: &Assess, out: &mut Output) -> Ending {
    let reports = Reports::asked(arguments, out)?;
    let (pack, directory) = rules_in(&arguments.rules, out)?;
    let options = Options { list_all: reports.list_all(), reads: reports.tell_reads(), ..options(arguments, &pack)? };
    let progress = Progress::new();
    progress.say(&|| "reading facts".to_owned());
    let streamed = judged(arguments, &pack, &options, &progress, out)?;
    let faults = facts::diagnostics(streamed.faults);
    let Some(assessment) = streamed.assessment else {
        drop(progress);
        return refused(&faults, arguments.format, out);
    };
    progress.say(&|| "writing reports".to_owned());
    reports.write_files(&assessment, &pack, directory.clone())?;
    // What follows may be written to the same terminal.
    drop(progress);
    out.faults(&faults, &|path| text_of(path, &faults));
    reports.print(&assessment, &pack, directory, out)?;
    let found = assessment.has_violations() || arguments.strict && assessment.has_anything_to_do();
    // The program ends here: giving millions of records back one by one would take seconds, and the system takes them at once.
    std::mem::forget((streamed.facts, assessment, pack));
    Ok(if found { Outcome::Findings } else { Outcome::Clean })
}

/// Records judged in one go where they may be forgotten afterwards.
const BATCH: NonZeroUsize = NonZeroUsize::new(50_000).unwrap();

/// Reads the facts and judges them: in batches, where that is possible.
fn judged(
    arguments: &Assess,
    pack: &Pack,
    options: &Options,
    progress: &Progress,
    out: &Output,
) -> Result<Streamed, Stopped> {
    let watch = |stage: Stage| {
        let Stage { records, rules: (done, all) } = stage;
        progress.say(&|| format!("{records} records; rules: {done} of {all}"));
    };
    let sources = || facts::sources(&arguments.facts, arguments.facts_format.as_ref(), out);
    let streamed = match assess_stream(pack, sources()?, options, Some(BATCH), &watch) {
        // Files can be read a second time, standard input cannot.
        Err(StreamError::Stray { .. }) if arguments.facts.iter().all(|name| name != "-") => {
            assess_stream(pack, sources()?, options, None, &watch)
        }
        other => other,
    };
    streamed.map_err(|error| match error {
        StreamError::Unreadable(error) => facts::unreadable(error),
        StreamError::Assess(error) => Stopped::new(error).help("compile the rules again"),
        error @ StreamError::Stray { .. } => {
            Stopped::new(error).help("put records of each type into a file of their own, named after the type")
        }
    })
}

fn options(arguments: &Assess, pack: &Pack) -> Result<Options, Stopped> {
    let mut options = Options::at(jiff::Timestamp::now());
    options.explain_all = arguments.explain && arguments.all;
    let read = |text: &String| {
        instant(pack, text).ok_or_else(|| {
            Stopped::new(format!("`{text}` is neither an instant nor a day"))
                .help("write an instant as `2026-03-01T08:00Z`, or a day, which stands for its end, as `2026-03-01`")
        })
    };
    options.as_of = arguments.as_of.as_ref().map(read).transpose()?;
    options.known_at = arguments.known_at.as_ref().map(read).transpose()?;
    if options.known_at.is_some() && !pack.records.values().any(|record| record.recorded.is_some()) {
        return Err(Stopped::new("no record type of these rules says when its records were entered")
            .help("name the field that does in the rules (`record Report key id recorded entered_at`), or leave `--known-at` out"));
    }
    Ok(options)
}

/// Facts with errors are not assessed: findings on what is left would mislead. No report is written.
fn refused(faults: &[FileDiagnostics], format: ReportFormat, out: &Output) -> Ending {
    let texts = |path: &str| text_of(path, faults);
    if format == ReportFormat::Json {
        out.diagnostics(faults, &texts, Format::Json)?;
    } else {
        out.faults(faults, &texts);
        out.remark(&format!("facts: {}; nothing was assessed", count(faults)));
    }
    Ok(Outcome::CouldNotRun)
}

fn text_of(path: &str, files: &[FileDiagnostics]) -> Option<Arc<str>> {
    files.iter().find(|file| &*file.path == path).map(|file| file.text.clone())
}
