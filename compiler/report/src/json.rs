//! The assessment for programs: everything it holds, with counts and rates by rule and tallies with small numbers hidden.

use crate::{Report, RuleCounts, tally};
use mandate_assess::Assessment;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    assessment: &'a Assessment,
    rates: &'a [RuleCounts],
    tallies: &'a [tally::Shown],
}

/// Indented, with a final line break.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let whole = Whole { assessment: report.assessment, rates: &report.rates, tallies: &report.tallies };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    out.write_all(b"\n")
}
