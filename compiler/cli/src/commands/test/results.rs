//! How scenarios went, for people and as JSON.

use crate::package::Package;
use mandate_assess::{ExpectationResult, Found, ScenarioResult, Step};
use mandate_pack::Pack;
use serde_json::json;
use std::fmt::Write as _;

/// Instances that are told of one expectation; the rest is a number.
const TOLD: usize = 3;

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
        lines.extend(missed(expectation).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

fn missed(expectation: &ExpectationResult) -> Vec<String> {
    if expectation.instances.is_empty() {
        return vec![expectation.reason.clone()];
    }
    let mut lines: Vec<String> = expectation.instances.iter().take(TOLD).flat_map(found).collect();
    let more = expectation.instances.len().saturating_sub(TOLD);
    if more > 0 {
        lines.push(format!("and {more} more that differ"));
    }
    lines
}

fn found(found: &Found) -> Vec<String> {
    let mut lines = vec![format!("found: {}", found.found)];
    let column = |text: fn(&mandate_assess::Difference) -> usize| found.differs.iter().map(text).max().unwrap_or(0);
    let (what, expected) = (column(|d| d.what.chars().count()), column(|d| d.expected.chars().count()));
    for d in &found.differs {
        lines.push(format!("{:what$}  expected {:expected$}  actual {}", d.what, d.expected, d.actual));
    }
    if !found.why.is_empty() {
        lines.push("why:".to_owned());
        found.why.iter().for_each(|s| step(s, 1, &mut lines));
    }
    lines
}

fn step(step: &Step, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    lines.push(format!("{indent}{} {}: {}", step.kind.word(), step.text, step.answer()));
    for read in &step.read {
        lines.push(format!("{indent}  {} = {}", read.field, read.value.as_deref().unwrap_or("unknown")));
    }
    for part in &step.parts {
        self::step(part, depth + 1, lines);
    }
}
