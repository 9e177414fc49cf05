//! How scenarios went, for people and as JSON.

use crate::package::Package;
use mandate_assess::ScenarioResult;
use mandate_pack::Pack;
use serde_json::json;
use std::fmt::Write as _;

pub(super) fn json(pack: &Pack, results: &[ScenarioResult], failed: usize) -> String {
    let report = json!({
        "version": 1,
        "package": pack.name,
        "passed": results.len() - failed,
        "failed": failed,
        "scenarios": results,
    });
    // Text keys and plain values: writing it cannot fail.
    format!("{}\n", serde_json::to_string_pretty(&report).unwrap_or_default())
}

pub(super) fn text(results: &[ScenarioResult], failed: usize, package: &Package, color: bool) -> String {
    let paint = |text: &str, code: &str| {
        if color { format!("\u{1B}[{code}m{text}\u{1B}[0m") } else { text.to_owned() }
    };
    let mut out = String::new();
    for result in results {
        let word = if result.passed { paint("passed", "32") } else { paint("FAILED", "1;31") };
        let _ = writeln!(out, "{word}  {}", result.title);
        if !result.passed {
            let file = package.place(&result.origin.file);
            let _ = writeln!(out, "        {file}:{}", result.origin.line);
            for line in failure(result, &file) {
                let _ = writeln!(out, "        {line}");
            }
        }
    }
    let s = if results.len() == 1 { "" } else { "s" };
    let _ = match failed {
        0 => writeln!(out, "{} scenario{s}, all passed", results.len()),
        _ => writeln!(out, "{} scenario{s}, {failed} failed", results.len()),
    };
    out
}

/// Why a scenario failed, line by line.
pub(super) fn failure(result: &ScenarioResult, file: &str) -> Vec<String> {
    let mut lines = result.faults.clone();
    for expectation in result.expectations.iter().filter(|expectation| !expectation.passed) {
        lines.push(format!("{file}:{}: {}", expectation.line, expectation.text));
        lines.extend(expectation.told().into_iter().map(|line| format!("  {line}")));
    }
    lines
}
