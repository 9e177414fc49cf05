//! Writes an assessment: for people, for programs, for the places where findings are looked at.
//!
//! ```text
//! Assessment + Pack --Report::new--> Report --write(Format)--> text, JSON, SARIF 2.1.0, JUnit XML, Markdown, CSV
//! ```
//!
//! Every format is written from the same [`Report`], so that none says more or less than another about what is withheld:
//! values of `sensitive` fields never reach an assessment, and small counts of groups are hidden here, once ([`tally`]).
//! A report is written to a stream; the same assessment gives the same bytes.

mod arrange;
mod csv;
mod json;
mod junit;
mod markdown;
mod rates;
mod sarif;
mod suppress;
pub mod tally;
mod text;
mod words;

pub use rates::{Rate, RuleCounts};

use mandate_assess::Assessment;
use mandate_pack::Pack;
use std::io::{self, Write};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For people.
    Text,
    /// Everything, for programs.
    Json,
    /// SARIF 2.1.0, for code review and security dashboards.
    Sarif,
    /// JUnit XML, for build servers.
    Junit,
    /// For tickets and messages.
    Markdown,
    /// For spreadsheets: one row a finding.
    Csv,
}

/// What findings are listed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// The rule.
    #[default]
    Rule,
    /// The record.
    Record,
}

/// What to write, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Use terminal colours (text only).
    pub color: bool,
    /// Write every condition with what it read (text only).
    pub explain: bool,
    /// List what is satisfied, exempt or permitted one by one, too (text, Markdown and SARIF; JSON, JUnit and CSV always do).
    pub all: bool,
    /// What findings are listed under (text and Markdown).
    pub by: By,
    /// Counts of groups below this are hidden; 0 hides none. See [`tally::Threshold`].
    pub suppress_below: tally::Threshold,
    /// Directory of the rules' own package, for places of rules; `None` when the rules came as a pack.
    pub package: Option<String>,
}

impl Options {
    /// Whether a report in this format lists what is satisfied, exempt or permitted one by one; else counts are enough for it.
    pub fn lists_all(&self, format: Format) -> bool {
        match format {
            Format::Text | Format::Markdown | Format::Sarif => self.all,
            Format::Json | Format::Junit | Format::Csv => true,
        }
    }

    /// Whether a report in this format says what each condition read.
    pub fn tells_reads(&self, format: Format) -> bool {
        match format {
            Format::Text => self.explain,
            Format::Json => true,
            Format::Markdown | Format::Sarif | Format::Junit | Format::Csv => false,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            color: false,
            explain: false,
            all: false,
            by: By::Rule,
            suppress_below: tally::Threshold::default(),
            package: None,
        }
    }
}

/// An assessment made ready to be written.
#[derive(Debug)]
pub struct Report<'a> {
    assessment: &'a Assessment,
    pack: &'a Pack,
    options: Options,
    rates: Vec<RuleCounts>,
    tallies: Vec<tally::Shown>,
}

impl<'a> Report<'a> {
    /// A report on an assessment made with `pack`.
    pub fn new(assessment: &'a Assessment, pack: &'a Pack, options: Options) -> Self {
        let rates = rates::count(assessment);
        let tallies = tally::shown_together(&assessment.tallies, options.suppress_below);
        Report { assessment, pack, options, rates, tallies }
    }

    /// Writes it.
    ///
    /// # Errors
    /// What the stream gives.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Text => text::write(self, out),
            Format::Json => json::write(self, out),
            Format::Sarif => sarif::write(self, out),
            Format::Junit => junit::write(self, out),
            Format::Markdown => markdown::write(self, out),
            Format::Csv => csv::write(self, out),
        }
    }

    /// It as text in memory.
    pub fn to_text(&self, format: Format) -> String {
        let mut bytes = Vec::new();
        // Memory takes everything, and every format is UTF-8.
        let _ = self.write(format, &mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
