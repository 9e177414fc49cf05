//! `mandate test`

use crate::arguments::Test;
use crate::ending::{Ending, Outcome};
use crate::output::{Format, Output};
use crate::package::{Package, Refused};
use mandate_assess::{ScenarioResult, run_scenarios};
use serde_json::json;
use std::fmt::Write as _;

pub(crate) fn run(arguments: &Test, out: &mut Output) -> Ending {
    let package = Package::load(&arguments.path);
    let mut pack = package.compile(out).map_err(Refused::into_stopped)?;
    // Those of the packages it uses are theirs to run.
    pack.scenarios.retain(|scenario| package.own(&scenario.origin.file).is_some());
    pack.seal();
    let results = run_scenarios(&pack);
    let failed = results.iter().filter(|result| !result.passed).count();
    match arguments.format {
        Format::Json => {
            let report = json!({
                "version": 1,
                "package": pack.name,
                "passed": results.len() - failed,
                "failed": failed,
                "scenarios": results,
            });
            // Text keys and plain values: writing it cannot fail.
            let text = serde_json::to_string_pretty(&report).unwrap_or_default();
            out.result(&format!("{text}\n"))?;
        }
        Format::Text => out.result(&text(&results, failed, &package, out.colored()))?,
    }
    if results.is_empty() {
        // A test that tests nothing must not look like one that passed.
        out.remark(&format!("{}: there is no scenario, so nothing was tested", pack.name));
        out.remark("  help: `scenario \"...\" { as of ... given ... expect ... }` says what a rule should find");
        return Ok(Outcome::Findings);
    }
    Ok(if failed == 0 { Outcome::Clean } else { Outcome::Findings })
}

fn text(results: &[ScenarioResult], failed: usize, package: &Package, color: bool) -> String {
    let paint = |text: &str, code: &str| {
        if color { format!("\u{1B}[{code}m{text}\u{1B}[0m") } else { text.to_owned() }
    };
    let mut out = String::new();
    for result in results {
        let word = if result.passed { paint("passed", "32") } else { paint("FAILED", "1;31") };
        let _ = writeln!(out, "{word}  {}", result.title);
        if result.passed {
            continue;
        }
        let file = package.place(&result.origin.file);
        let _ = writeln!(out, "        {file}:{}", result.origin.line);
        for fault in &result.faults {
            let _ = writeln!(out, "        {fault}");
        }
        for expectation in result.expectations.iter().filter(|expectation| !expectation.passed) {
            let _ = writeln!(out, "        {file}:{}: {}", expectation.line, expectation.text);
            let _ = writeln!(out, "          {}", expectation.reason);
        }
    }
    if !results.is_empty() {
        let s = if results.len() == 1 { "" } else { "s" };
        let _ = match failed {
            0 => writeln!(out, "{} scenario{s}, all passed", results.len()),
            _ => writeln!(out, "{} scenario{s}, {failed} failed", results.len()),
        };
    }
    out
}
