//! Where the reports of an assessment go: one to standard output, others to files, each whole or not at all.

use crate::arguments::Assess;
use crate::ending::Stopped;
use crate::files;
use crate::output::Output;
use mandate_assess::Assessment;
use mandate_pack::Pack;
use mandate_report::tally::Threshold;
use mandate_report::{Format, Options, Report};
use std::path::{Path, PathBuf};

/// What is to be written, checked before anything is assessed.
pub(crate) struct Reports {
    options: Options,
    /// The format for standard output, unless a file takes its place.
    printed: Option<Format>,
    files: Vec<(Format, PathBuf)>,
}

impl Reports {
    /// What the arguments ask for. No file may be written twice, or be one that is read.
    pub(crate) fn asked(arguments: &Assess, out: &Output) -> Result<Reports, Stopped> {
        let suppress_below = Threshold::new(arguments.suppress_below).ok_or_else(|| {
            Stopped::new(format!("counts cannot be hidden below {}", arguments.suppress_below))
                .help("a count of 0 is always shown, so that `<2` would say 1: choose 3 or more, or 0 to hide none")
        })?;
        let by = arguments.by.into();
        let color = out.colored();
        let options =
            Options { color, explain: arguments.explain, all: arguments.all, by, suppress_below, package: None };
        let main = Format::from(arguments.format);
        let mut files: Vec<(Format, PathBuf)> = Vec::new();
        for target in &arguments.output {
            files::writable(&target.file)?;
            let same = |path: &Path| files::is_same(path, &target.file);
            if files.iter().any(|(_, file)| same(file)) {
                let message = format!("`{}` is to be written twice", target.file.display());
                return Err(Stopped::new(message).help("name a file for each report"));
            }
            if arguments.facts.iter().any(|facts| same(Path::new(facts))) {
                let message = format!("`{}` holds facts; a report would replace them", target.file.display());
                return Err(Stopped::new(message).help("name another file for the report"));
            }
            files.push((target.format.map_or(main, Format::from), target.file.clone()));
        }
        let replaced = arguments.output.iter().any(|target| target.format.is_none());
        Ok(Reports { options, printed: (!replaced).then_some(main), files })
    }

    /// Whether one of the reports lists what is satisfied, exempt or permitted one by one.
    pub(crate) fn list_all(&self) -> bool {
        self.formats().any(|format| self.options.lists_all(format))
    }

    /// Whether one of the reports says what each condition read.
    pub(crate) fn tell_reads(&self) -> bool {
        self.formats().any(|format| self.options.tells_reads(format))
    }

    fn formats(&self) -> impl Iterator<Item = Format> {
        self.printed.iter().chain(self.files.iter().map(|(format, _)| format)).copied()
    }

    /// Writes the files. `package`: the directory of the rules.
    pub(crate) fn write_files(
        &self,
        assessment: &Assessment,
        pack: &Pack,
        package: Option<String>,
    ) -> Result<(), Stopped> {
        // Colours are for the terminal alone.
        let report = Report::new(assessment, pack, Options { color: false, package, ..self.options.clone() });
        self.files.iter().try_for_each(|(format, file)| files::replace_with(file, &|to| report.write(*format, to)))
    }

    /// Prints the one for standard output, after the files: who reads it may stop reading.
    pub(crate) fn print(
        &self,
        assessment: &Assessment,
        pack: &Pack,
        package: Option<String>,
        out: &Output,
    ) -> Result<(), Stopped> {
        let Some(format) = self.printed else { return Ok(()) };
        let report = Report::new(assessment, pack, Options { package, ..self.options.clone() });
        out.streamed(&|to| report.write(format, to))
    }
}
