//! `mandate test --mutate`: changes of the rules that no scenario notices.

use super::places;
use crate::arguments::{Test, TestFormat};
use crate::ending::{Ending, Outcome, Stopped};
use crate::output::Output;
use crate::package::Package;
use mandate_mutation::{Explained, Places, Report, Survivor, run};
use mandate_pack::Pack;
use mandate_project::{SURVIVORS, known_survivors};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::thread;

pub(super) fn mutate(arguments: &Test, package: &Package, pack: &Pack, out: &Output) -> Ending {
    let known = known_survivors(package.root()).map_err(|said| {
        Stopped::new(said).help(format!("`{SURVIVORS}` says of each change why no scenario can notice it"))
    })?;
    let explained: Vec<Explained> =
        known.into_iter().map(|k| Explained { rule: k.rule, change: k.change, reason: k.reason }).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let report = run(pack, &explained, threads);
    let places = places(package, pack);
    match arguments.format {
        TestFormat::Json => out.result(&as_json(&report, pack, package, &places))?,
        TestFormat::Text | TestFormat::Junit => out.result(&text(&report, pack, package, &places, out.colored()))?,
    }
    Ok(if report.is_clean() { Outcome::Clean } else { Outcome::Findings })
}

/// `reporting.mandate:45`
fn place(survivor: &Survivor, package: &Package, places: &Places<'_>) -> Option<(String, u32)> {
    let found = places.of(&survivor.rule, survivor.text.as_deref())?;
    Some((package.place(&found.file), found.line))
}

fn as_json(report: &Report, pack: &Pack, package: &Package, places: &Places<'_>) -> String {
    let mut value = serde_json::to_value(report).unwrap_or_default();
    if let Some(Value::Array(survivors)) = value.get_mut("survivors") {
        for (shown, survivor) in survivors.iter_mut().zip(&report.survivors) {
            if let (Value::Object(shown), Some((file, line))) = (shown, place(survivor, package, places)) {
                shown.insert("file".to_owned(), json!(file));
                shown.insert("line".to_owned(), json!(line));
            }
        }
    }
    if let Value::Object(fields) = &mut value {
        fields.insert("version".to_owned(), json!(1));
        fields.insert("package".to_owned(), json!(pack.name));
        fields.insert("made".to_owned(), json!(report.made()));
        fields.insert("noticed".to_owned(), json!(report.noticed()));
        fields.insert("clean".to_owned(), json!(report.is_clean()));
    }
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default())
}

fn text(report: &Report, pack: &Pack, package: &Package, places: &Places<'_>, color: bool) -> String {
    let strong = |text: &str| if color { format!("\u{1B}[1m{text}\u{1B}[0m") } else { text.to_owned() };
    let mut out = String::new();
    if !report.failing.is_empty() {
        let _ = writeln!(out, "{}", strong("Scenarios that fail already: nothing was changed"));
        for title in &report.failing {
            let _ = writeln!(out, "  {title}");
        }
        return out;
    }
    table(&mut out, report);
    let left: Vec<&Survivor> = report.unexplained().collect();
    if !left.is_empty() {
        let _ = writeln!(out, "\n{}", strong("Changes that no scenario notices"));
        left.iter().for_each(|survivor| told(&mut out, survivor, place(survivor, package, places)));
        let _ = writeln!(
            out,
            "\nWrite a scenario that notices each, or say in `{SURVIVORS}` beside the manifest why none can:\n"
        );
        if let Some(first) = left.first() {
            let _ = writeln!(out, "  [[survives]]\n  rule = {}", quoted(&first.rule));
            let _ = writeln!(out, "  change = {}\n  reason = \"...\"", quoted(&first.change));
        }
    }
    for (title, lines) in [
        (format!("Explanations in `{SURVIVORS}` that explain nothing any more"), &report.stale),
        ("Changes that could not be tried".to_owned(), &report.broken),
    ] {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{}", strong(&title));
            for line in lines {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
    let (made, noticed) = (report.made(), report.noticed());
    let explained = report.survivors.len() - left.len();
    let _ = write!(out, "\n{}: {made} changes, {noticed} noticed", pack.name);
    if explained > 0 {
        let _ = write!(out, ", {explained} explained");
    }
    let _ = match left.len() {
        0 if made == 0 => writeln!(out, ": there is nothing to change, so nothing was tested"),
        0 => writeln!(out, ", none left"),
        n => writeln!(out, ", {n} left ({} in 100 noticed)", noticed * 100 / made.max(1)),
    };
    out
}

fn table(out: &mut String, report: &Report) {
    let width = report.rules.keys().map(|rule| rule.chars().count()).max().unwrap_or(4).max(4);
    let _ = writeln!(out, "{:width$}  changes  noticed  explained  left", "rule");
    for (rule, score) in &report.rules {
        let left = score.made - score.noticed - score.explained;
        let cell = |n: usize| if n == 0 { "·".to_owned() } else { n.to_string() };
        let _ = writeln!(
            out,
            "{rule:width$}  {:>7}  {:>7}  {:>9}  {:>4}",
            score.made,
            score.noticed,
            cell(score.explained),
            cell(left)
        );
    }
}

fn told(out: &mut String, survivor: &Survivor, place: Option<(String, u32)>) {
    let place = place.map_or_else(String::new, |(file, line)| format!("{file}:{line}: "));
    let _ = writeln!(out, "  {place}{}", survivor.rule);
    let _ = writeln!(out, "    {}", survivor.change);
    for (word, clause) in [("before", &survivor.before), ("after ", &survivor.after)] {
        // The sentence has said it where the whole clause changes.
        if let Some(clause) = clause.as_ref().filter(|clause| !survivor.change.contains(*clause)) {
            let _ = writeln!(out, "      {word}  {clause}");
        }
    }
    let _ = writeln!(out, "      {}", survivor.hint);
}

/// As TOML writes a text: in single quotation marks, which nothing inside has to escape, unless it has one itself.
fn quoted(text: &str) -> String {
    if text.contains('\'') {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        format!("'{text}'")
    }
}
