//! `mandate assess`

use crate::arguments::{Assess, ReportFormat};
use crate::ending::{Ending, Outcome, Stopped};
use crate::files;
use crate::output::{Format, Output, count, has_errors};
use crate::package::rules_in;
use crate::progress::Progress;
use crate::reports::Reports;
use mandate_assess::{Facts, FactsFile, MAX_FILE, Options, assess_watched, instant};
use mandate_diagnostics::Diagnostic;
use mandate_pack::Pack;
use mandate_semantics::FileDiagnostics;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) fn run(arguments: &Assess, out: &mut Output) -> Ending {
    let reports = Reports::asked(arguments, out)?;
    let (pack, directory) = rules_in(&arguments.rules, out)?;
    let options = options(arguments, &pack)?;
    let progress = Progress::new();
    progress.say(&|| "reading facts".to_owned());
    let files = read(&arguments.facts)?;
    let (facts, faults) = Facts::load(&pack, &files);
    let faults = by_file(faults, &files);
    if has_errors(&faults) {
        drop(progress);
        return refused(&faults, arguments.format, out);
    }
    let rules = |done, all| progress.say(&|| format!("{} records; rules: {done} of {all}", facts.len()));
    rules(0, pack.rules.len());
    let assessment = assess_watched(&pack, &facts, &options, &rules)
        .map_err(|error| Stopped::new(error).help("compile the rules again"))?;
    progress.say(&|| "writing reports".to_owned());
    reports.write_files(&assessment, &pack, directory.clone())?;
    // What follows may be written to the same terminal.
    drop(progress);
    out.faults(&faults, &|path| text_of(path, &faults));
    reports.print(&assessment, &pack, directory, out)?;
    let found = assessment.has_violations() || arguments.strict && assessment.has_anything_to_do();
    Ok(if found { Outcome::Findings } else { Outcome::Clean })
}

fn options(arguments: &Assess, pack: &Pack) -> Result<Options, Stopped> {
    let mut options = Options::at(jiff::Timestamp::now());
    options.explain_all = arguments.explain && arguments.all;
    if let Some(text) = &arguments.as_of {
        let read = instant(pack, text).ok_or_else(|| {
            Stopped::new(format!("`{text}` is neither an instant nor a day"))
                .help("write an instant as `2026-03-01T08:00Z`, or a day, which stands for its end, as `2026-03-01`")
        })?;
        options.as_of = Some(read);
    }
    Ok(options)
}

/// The files, each once: the same file twice would give every record twice.
fn read(paths: &[String]) -> Result<Vec<FactsFile>, Stopped> {
    let mut files: Vec<FactsFile> = Vec::new();
    for path in paths {
        if files.iter().any(|file| file.name == *path) {
            return Err(Stopped::new(format!("`{path}` is named twice")).help("name each file of facts once"));
        }
        files.push(FactsFile { name: path.clone(), bytes: files::read(path, MAX_FILE as u64)? });
    }
    Ok(files)
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

/// Faults by file, in the order in which the files were named.
fn by_file(faults: Vec<(String, Diagnostic)>, files: &[FactsFile]) -> Vec<FileDiagnostics> {
    let mut found: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    for (file, fault) in faults {
        found.entry(file).or_default().push(fault);
    }
    if found.is_empty() {
        return Vec::new();
    }
    let texts = files.iter().map(|file| FileDiagnostics {
        path: Arc::from(file.name.as_str()),
        text: Arc::from(String::from_utf8_lossy(&file.bytes)),
        diagnostics: found.remove(&file.name).unwrap_or_default(),
    });
    let mut all: Vec<_> = texts.collect();
    for file in &mut all {
        file.diagnostics.sort_by_key(|fault| fault.primary.span);
    }
    all
}

fn text_of(path: &str, files: &[FileDiagnostics]) -> Option<Arc<str>> {
    files.iter().find(|file| &*file.path == path).map(|file| file.text.clone())
}
