//! How a command ends.

use mandate_diagnostics::Code;
use std::fmt;
use std::process::ExitCode;

/// What the exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 0: it ran, and there is nothing to say.
    Clean,
    /// 1: it ran, and found something.
    Findings,
    /// 2: it could not run.
    CouldNotRun,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Clean => ExitCode::SUCCESS,
            Outcome::Findings => ExitCode::from(1),
            Outcome::CouldNotRun => ExitCode::from(2),
        }
    }
}

/// Why a command could not run, with ways out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stopped {
    /// What explains it at length.
    pub code: Option<&'static Code>,
    pub message: String,
    pub help: Vec<String>,
}

impl Stopped {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self { code: None, message: message.to_string(), help: Vec::new() }
    }

    #[must_use]
    pub(crate) fn code(mut self, code: &'static Code) -> Self {
        self.code = Some(code);
        self
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// What a command gives back.
pub(crate) type Ending = Result<Outcome, Stopped>;
