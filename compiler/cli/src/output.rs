//! Writing: results to standard output, what went wrong to standard error.

use crate::ending::Stopped;
use crate::files::Content;
use clap::ValueEnum;
use mandate_diagnostics::Severity;
use mandate_render::{Count, File, Options, Texts};
use mandate_semantics::FileDiagnostics;
use std::io::{self, IsTerminal, Write};

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless the variable NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Text for people or JSON for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Where a command writes.
pub(crate) struct Output {
    color: Color,
}

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        Self { color }
    }

    /// Whether results are coloured.
    pub(crate) fn colored(&self) -> bool {
        self.colors(&io::stdout())
    }

    fn colors(&self, stream: &impl IsTerminal) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            // <https://no-color.org>: set and not empty. A terminal called `dumb` cannot show colours.
            Color::Auto => {
                std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
                    && stream.is_terminal()
            }
        }
    }

    /// Writes a result. Whoever reads may stop reading, as `head` does: that is no fault.
    pub(crate) fn result(&self, text: &str) -> Result<(), Stopped> {
        self.bytes(text.as_bytes())
    }

    /// As [`Output::result`], for bytes.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Stopped> {
        self.streamed(&|to| to.write_all(bytes))
    }

    /// As [`Output::result`], for what is written piece by piece.
    pub(crate) fn streamed(&self, content: &Content<'_>) -> Result<(), Stopped> {
        let mut stdout = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        match content(&mut stdout).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Stopped::new(format!("the result cannot be written to standard output: {error}")))
            }
            _ => {
                // What is left in the buffer has no reader, and is not to be tried again.
                let _ = stdout.into_parts();
                Ok(())
            }
        }
    }

    /// Writes a line that is no result: progress, or a remark. If nobody can read it, nothing is lost.
    pub(crate) fn remark(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Says why the command stopped.
    pub(crate) fn stopped(&self, stopped: &Stopped) {
        let (on, off) = if self.colors(&io::stderr()) { ("\u{1B}[1;31m", "\u{1B}[0m") } else { ("", "") };
        let code = stopped.code.map(|code| format!("[{}]", code.id)).unwrap_or_default();
        let mut text = format!("{on}error{code}{off}: {}\n", stopped.message);
        for help in &stopped.help {
            text.push_str(&format!("  help: {help}\n"));
        }
        if let Some(code) = stopped.code {
            text.push_str(&format!("  help: `mandate explain {}` says more\n", code.id));
        }
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Diagnostics as the result of the command.
    pub(crate) fn diagnostics(
        &self,
        files: &[FileDiagnostics],
        texts: &Texts<'_>,
        format: Format,
    ) -> Result<(), Stopped> {
        let files = as_files(files);
        match format {
            Format::Json => self.result(&mandate_render::json(&files, texts)),
            Format::Text => {
                let options = Options { color: self.colored(), ..Options::default() };
                self.result(&mandate_render::text(&files, texts, options))
            }
        }
    }

    /// Diagnostics as SARIF.
    pub(crate) fn sarif(&self, files: &[FileDiagnostics], texts: &Texts<'_>) -> Result<(), Stopped> {
        self.result(&mandate_render::sarif(&as_files(files), texts))
    }

    /// Diagnostics as the reason why the command could not give its result.
    pub(crate) fn complaints(&self, files: &[FileDiagnostics], texts: &Texts<'_>) {
        self.complain(files, texts, false);
    }

    /// Faults of data. No line of it is shown: it may hold what nobody is to see.
    pub(crate) fn faults(&self, files: &[FileDiagnostics], texts: &Texts<'_>) {
        self.complain(files, texts, true);
    }

    fn complain(&self, files: &[FileDiagnostics], texts: &Texts<'_>, withhold: bool) {
        let options = Options { color: self.colors(&io::stderr()), withhold, ..Options::default() };
        let text = mandate_render::text(&as_files(files), texts, options);
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// How many diagnostics there are.
pub(crate) fn count(files: &[FileDiagnostics]) -> Count {
    Count::of(&as_files(files))
}

/// Whether there is an error among them.
pub(crate) fn has_errors(files: &[FileDiagnostics]) -> bool {
    files.iter().flat_map(|file| &file.diagnostics).any(|diagnostic| diagnostic.severity == Severity::Error)
}

fn as_files(files: &[FileDiagnostics]) -> Vec<File<'_>> {
    files.iter().map(|file| File { path: &file.path, text: &file.text, diagnostics: &file.diagnostics }).collect()
}
