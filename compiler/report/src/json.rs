//! The assessment for programs: everything it holds, with counts and rates by rule, tallies with small numbers hidden, and
//! the place of each rule.

use crate::{Report, RuleCounts, tally};
use mandate_assess::Assessment;
use mandate_pack::Origin;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    assessment: &'a Assessment,
    rates: &'a [RuleCounts],
    tallies: &'a [tally::Shown],
    declared: BTreeMap<&'a str, &'a Origin>,
}

/// Indented, with a final line break.
pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let declared = report.pack.rules.iter().map(|(name, rule)| (name.as_str(), &rule.origin)).collect();
    let whole = Whole { assessment: report.assessment, rates: &report.rates, tallies: &report.tallies, declared };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    out.write_all(b"\n")
}
