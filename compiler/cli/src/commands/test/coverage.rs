//! `mandate test --coverage`: clauses, exceptions and outcomes about which no scenario expects anything.

use super::{places, results};
use crate::arguments::{Test, TestFormat};
use crate::ending::{Ending, Outcome};
use crate::output::Output;
use crate::package::Package;
use mandate_assess::run_scenarios;
use mandate_mutation::{Coverage, Places, coverage};
use mandate_pack::Pack;
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(super) fn cover(arguments: &Test, package: &Package, pack: &Pack, out: &Output) -> Ending {
    let results = run_scenarios(pack);
    let failed: Vec<_> = results.iter().filter(|result| !result.passed).cloned().collect();
    let coverage = coverage(pack);
    let places = places(package, pack);
    match arguments.format {
        TestFormat::Json => out.result(&as_json(&coverage, failed.len(), pack, package, &places))?,
        TestFormat::Text | TestFormat::Junit => {
            if !failed.is_empty() {
                out.result(&results::text(&failed, failed.len(), package, out.colored()))?;
            }
            out.result(&text(&coverage, pack, package, &places, out.colored()))?;
        }
    }
    Ok(if failed.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

fn place(rule: &str, clause: Option<&str>, package: &Package, places: &Places<'_>) -> Option<(String, u32)> {
    places.of(rule, clause).map(|found| (package.place(&found.file), found.line))
}

fn as_json(coverage: &Coverage, failed: usize, pack: &Pack, package: &Package, places: &Places<'_>) -> String {
    let rules = coverage.rules.iter().map(|(name, rule)| {
        let uncovered = rule.uncovered.iter().map(|point| {
            let mut value = serde_json::to_value(point).unwrap_or_default();
            if let (Value::Object(fields), Some((file, line))) =
                (&mut value, place(name, point.text.as_deref(), package, places))
            {
                fields.insert("file".to_owned(), json!(file));
                fields.insert("line".to_owned(), json!(line));
            }
            value
        });
        let uncovered: Vec<Value> = uncovered.collect();
        let value = json!({
            "points": rule.points, "covered": rule.covered, "percent": rule.percent(), "uncovered": uncovered,
        });
        (name.clone(), value)
    });
    let rules: serde_json::Map<String, Value> = rules.collect();
    let value = json!({
        "version": 1,
        "package": pack.name,
        "percent": coverage.percent(),
        "failed": failed,
        "faults": coverage.faults,
        "rules": rules,
    });
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default())
}

fn text(coverage: &Coverage, pack: &Pack, package: &Package, places: &Places<'_>, color: bool) -> String {
    let strong = |text: &str| if color { format!("\u{1B}[1m{text}\u{1B}[0m") } else { text.to_owned() };
    let mut out = String::new();
    for (name, rule) in coverage.rules.iter().filter(|(_, rule)| !rule.uncovered.is_empty()) {
        let _ = writeln!(out, "{} {} in 100", strong(name), rule.percent());
        for point in &rule.uncovered {
            let at = place(name, point.text.as_deref(), package, places);
            let at = at.map_or_else(String::new, |(file, line)| format!("{file}:{line}: "));
            let _ = writeln!(out, "  {at}{}", point.what);
            let _ = writeln!(out, "    {}", point.hint);
        }
        out.push('\n');
    }
    for fault in &coverage.faults {
        let _ = writeln!(out, "not run: {fault}");
    }
    let width = coverage.rules.keys().map(|rule| rule.chars().count()).max().unwrap_or(4).max(4);
    let _ = writeln!(out, "{}", strong(&format!("{:width$}  covered  of   in 100", "rule")));
    for (name, rule) in &coverage.rules {
        let _ = writeln!(out, "{name:width$}  {:>7}  {:>3}  {:>6}", rule.covered, rule.points, rule.percent());
    }
    let _ = writeln!(
        out,
        "\n{}: scenarios expect something about {} in 100 clauses, exceptions and outcomes",
        pack.name,
        coverage.percent()
    );
    out
}
