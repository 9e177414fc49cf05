//! An assessment as text for people. Plain text with colour on request; JSON is the assessment itself.

use crate::finding::{Assessment, Finding, Grade, Step, StepKind};
use crate::outcome::{Outcome, Status};
use std::fmt::Write;

/// How to write a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReportOptions {
    /// Use terminal colours.
    pub colour: bool,
    /// Write every condition with what it read.
    pub explain: bool,
    /// List satisfied and exempt findings one by one, not only in the table.
    pub all: bool,
}

/// The assessment as indented JSON with a final line break.
pub fn json(assessment: &Assessment) -> String {
    // Plain data with text keys: writing it cannot fail.
    let mut text = serde_json::to_string_pretty(assessment).unwrap_or_default();
    text.push('\n');
    text
}

/// The assessment for people: worst first, grouped by rule, then the table of counts.
pub fn text(assessment: &Assessment, options: ReportOptions) -> String {
    let paint = Paint(options.colour);
    let mut out = String::new();
    let shown: Vec<&Finding> = assessment.findings.iter().filter(|f| options.all || is_of_interest(f)).collect();
    let mut rules: Vec<&str> = Vec::new();
    for finding in &shown {
        if !rules.contains(&finding.rule.as_str()) {
            rules.push(&finding.rule);
        }
    }
    for rule in rules {
        let group: Vec<&&Finding> = shown.iter().filter(|f| f.rule == rule).collect();
        if let Some(first) = group.first() {
            heading(&mut out, first, paint);
        }
        for finding in group {
            write_finding(&mut out, finding, options, paint);
        }
        out.push('\n');
    }
    data_findings(&mut out, assessment, paint);
    table(&mut out, assessment, paint);
    out
}

/// What a reader has to act on or know of.
fn is_of_interest(f: &Finding) -> bool {
    !matches!(f.status, Status::Is(Outcome::Satisfied | Outcome::Exempt | Outcome::Permitted | Outcome::NotApplicable))
}

#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    fn status(self, f: &Finding) -> String {
        let word = status_words(f);
        match (f.grade, f.status) {
            (Grade::Violation, _) => self.with("1;31", &word),
            (Grade::Advice, _) => self.with("33", &word),
            (Grade::None, Status::Undetermined) => self.with("35", &word),
            (Grade::None, Status::Is(Outcome::Pending)) => self.with("36", &word),
            (Grade::None, _) => self.with("32", &word),
        }
    }
}

fn status_words(f: &Finding) -> String {
    match (f.status, f.grade) {
        (_, Grade::Advice) => "not followed (advice)".to_owned(),
        (Status::Undetermined, _) => {
            let words: Vec<&str> = f.possible.iter().map(Outcome::word).collect();
            let harmless = if f.possible.is_harmless() { ", no breach possible" } else { "" };
            format!("undetermined ({}{harmless})", words.join(" or "))
        }
        (status, _) => status.word().to_owned(),
    }
}

fn heading(out: &mut String, f: &Finding, paint: Paint) {
    let _ = writeln!(out, "{} {}", paint.strong(&f.title), paint.faint(&format!("[{}]", f.rule)));
    let _ = writeln!(out, "  {}", f.norm);
    for cited in &f.citations {
        let passage = cited.passage.as_ref().map_or_else(String::new, |p| format!(", {p}"));
        let to = cited.to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
        let _ = writeln!(out, "  {}{passage}{to}", cited.title);
        if let Some(text) = &cited.text {
            let _ = writeln!(out, "    {}", paint.faint(&format!("“{text}”")));
        }
    }
    for endorsed in &f.endorsed {
        let from = endorsed.from.as_ref().map_or_else(String::new, |d| format!(" since {d}"));
        let by = endorsed.by.as_ref().map_or_else(String::new, |b| format!(" by {b}"));
        let _ = writeln!(out, "  endorsed{from}{by}");
    }
}

fn write_finding(out: &mut String, f: &Finding, options: ReportOptions, paint: Paint) {
    let subject: Vec<String> = f
        .subject
        .iter()
        .map(|s| match (&s.file, s.line) {
            (Some(file), Some(line)) => format!("{} ({file}:{line})", s.id),
            _ => s.id.clone(),
        })
        .collect();
    let _ = writeln!(out, "  - {}: {}", paint.status(f), subject.join(", "));
    let due = if f.due_excluded { "due before" } else { "due" };
    for (word, value) in [(due, &f.due), ("late by", &f.late_by), ("since", &f.since)] {
        if let Some(value) = value {
            let _ = writeln!(out, "      {word} {value}");
        }
    }
    if f.bearer != "everyone" {
        let _ = writeln!(out, "      on: {}", f.bearer);
    }
    for level in &f.levels {
        let due = level.due.as_ref().map_or_else(String::new, |d| format!(", due {d}"));
        let _ = writeln!(out, "      then: {} ({}{due})", level.norm, level.status.word());
    }
    for (word, places) in [("evidence", &f.evidence), ("waiver", &f.waived_by)] {
        for place in places {
            let at = place.at.as_ref().map_or_else(String::new, |at| format!(" at {at}"));
            let _ = writeln!(out, "      {word}: {}{at} ({}:{})", place.id, place.file, place.line);
        }
    }
    let reason = reason(f);
    if !reason.is_empty() {
        let _ = writeln!(out, "      because: {reason}");
    }
    for flag in &f.flags {
        let _ = writeln!(out, "      note: {flag}");
    }
    if let Some(remedy) = &f.remedy {
        let _ = writeln!(out, "      {}", paint.faint(remedy));
    }
    if options.explain {
        for step in &f.why {
            write_step(out, step, 3);
        }
    }
}

/// The conditions that brought the finding about, in one line.
fn reason(f: &Finding) -> String {
    let failed = |s: &&Step| s.kind == StepKind::Require && s.holds == Some(false);
    let mut parts: Vec<String> = Vec::new();
    for step in f.why.iter().filter(failed) {
        let named: Vec<&str> = step.parts.iter().filter(|p| p.holds == Some(false)).map(|p| p.text.as_str()).collect();
        parts.push(format!("not {}", if named.is_empty() { step.text.clone() } else { named.join(", ") }));
    }
    if parts.is_empty() {
        let met = f.why.iter().filter(|s| matches!(s.kind, StepKind::When | StepKind::Unless) && s.holds == Some(true));
        parts.extend(met.map(|s| s.text.clone()));
    }
    let unknown = f.why.iter().filter(|s| s.holds.is_none());
    parts.extend(unknown.map(|s| format!("not known whether {}", s.text)));
    parts.join("; ")
}

fn write_step(out: &mut String, step: &Step, depth: usize) {
    let indent = "  ".repeat(depth);
    let kind = match step.kind {
        StepKind::When => "when",
        StepKind::Unless => "unless",
        StepKind::Require => "require",
        StepKind::Condition => "condition",
    };
    let _ = writeln!(out, "{indent}{kind} {}: {}", step.text, holds(step.holds));
    for read in &step.read {
        let value = read.value.as_deref().unwrap_or("unknown");
        let _ = writeln!(out, "{indent}  {} = {value}", read.field);
    }
    for part in &step.parts {
        write_step(out, part, depth + 1);
    }
}

fn holds(truth: Option<bool>) -> &'static str {
    match truth {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    }
}

fn data_findings(out: &mut String, assessment: &Assessment, paint: Paint) {
    if assessment.data_findings.is_empty() {
        return;
    }
    let _ = writeln!(out, "{}", paint.strong("The data breaks what the rules take for granted"));
    for finding in &assessment.data_findings {
        let subject: Vec<String> = finding
            .subject
            .iter()
            .map(|s| match (&s.file, s.line) {
                (Some(file), Some(line)) => format!("{} ({file}:{line})", s.id),
                _ => s.id.clone(),
            })
            .collect();
        let failed: Vec<&str> = finding.why.iter().map(|s| s.text.as_str()).collect();
        let _ = writeln!(out, "  - {}: {} (not {})", finding.assumption, subject.join(", "), failed.join("; "));
    }
    out.push('\n');
}

/// Counts by rule. What does not apply has a column of its own and is in no rate of compliance.
fn table(out: &mut String, assessment: &Assessment, paint: Paint) {
    const COLUMNS: [&str; 9] = [
        "violated",
        "undetermined",
        "pending",
        "repaired",
        "waived",
        "exempt",
        "permitted",
        "satisfied",
        "not applicable",
    ];
    let used: Vec<&str> =
        COLUMNS.into_iter().filter(|c| assessment.summary.values().any(|counts| count(counts, c) > 0)).collect();
    let width = assessment.summary.keys().map(|rule| rule.chars().count()).max().unwrap_or(4).max(4);
    let mut head = format!("{:width$}", "rule");
    used.iter().for_each(|column| head.push_str(&format!("  {column}")));
    let _ = writeln!(out, "{}", paint.strong(&head));
    for (rule, counts) in &assessment.summary {
        let mut row = format!("{rule:width$}");
        for column in &used {
            let n = count(counts, column);
            let cell = if n == 0 { "·".to_owned() } else { n.to_string() };
            row.push_str(&format!("  {cell:>width$}", width = column.len()));
        }
        let _ = writeln!(out, "{row}");
    }
    let of = |grade: Grade| assessment.findings.iter().filter(|f| f.grade == grade).count();
    let _ = writeln!(
        out,
        "\n{} {} as of {}: {} violation{}, {} not followed (advice)",
        assessment.pack,
        assessment.version,
        assessment.as_of,
        of(Grade::Violation),
        if of(Grade::Violation) == 1 { "" } else { "s" },
        of(Grade::Advice),
    );
}

fn count(counts: &crate::finding::Counts, column: &str) -> u64 {
    if column == "not applicable" { counts.not_applicable } else { counts.outcomes.get(column).copied().unwrap_or(0) }
}
