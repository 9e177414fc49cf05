//! An assessment as text for people. Plain text with colour on request; JSON is the assessment itself.

use crate::finding::{Assessment, Counts, Finding, Grade, Step, StepKind, Subject};
use crate::outcome::{Outcome, Outcomes, Status};
use mandate_pack::Force;
use std::collections::{BTreeMap, BTreeSet};
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
        let group: Vec<&Finding> = shown.iter().copied().filter(|f| f.rule == rule).collect();
        if let Some(first) = group.first() {
            heading(&mut out, first, paint);
        }
        write_findings(&mut out, &group, options, paint);
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

/// The word of the status, with what keeps a reader from taking it for more than it is: whether advice or a norm, and of what
/// force, was broken.
fn status_words(f: &Finding) -> String {
    match (f.status, f.grade) {
        (status, Grade::Advice) => format!("advice not followed ({})", status.word()),
        (status, Grade::Violation) => format!("{}{}", status.word(), f.force.map_or("", force_words)),
        (Status::Undetermined, Grade::None) => {
            let harmless = if f.possible.is_harmless() { "; no breach possible" } else { "" };
            format!("undetermined ({}{harmless})", possible(f))
        }
        (status, Grade::None) => status.word().to_owned(),
    }
}

fn force_words(force: Force) -> &'static str {
    match force {
        Force::Law => " (law)",
        Force::Order => " (order)",
        Force::Commitment => " (commitment, not law)",
        Force::Guidance => " (guidance, not law)",
        Force::Voluntary => " (voluntary text, not law)",
    }
}

/// "violated, pending or not applicable"
fn possible(f: &Finding) -> String {
    let word = |outcome: Outcome| match outcome {
        Outcome::Violated if !f.modal.is_binding() => "advice not followed",
        outcome => outcome.word(),
    };
    let words: Vec<&str> = f.possible.iter().map(word).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    }
}

fn heading(out: &mut String, f: &Finding, paint: Paint) {
    let _ = writeln!(out, "{} {}", paint.strong(&f.title), paint.faint(&format!("[{}]", f.rule)));
    let _ = writeln!(out, "  {}", f.norm);
    for cited in &f.citations {
        let force = cited.force.map_or_else(String::new, |force| format!(" ({})", force.word()));
        let passage = cited.passage.as_ref().map_or_else(String::new, |p| format!(", {p}"));
        let to = cited.to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
        let _ = writeln!(out, "  {}{force}{passage}{to}", cited.title);
        let paragraphs = cited.text.as_deref().unwrap_or_default();
        for paragraph in paragraphs.lines().filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(out, "    {}", paint.faint(&format!("“{paragraph}”")));
        }
    }
    for endorsed in &f.endorsed {
        let from = endorsed.from.as_ref().map_or_else(String::new, |d| format!(" since {d}"));
        let by = endorsed.by.as_ref().map_or_else(String::new, |b| format!(" by {b}"));
        let _ = writeln!(out, "  endorsed{from}{by}");
    }
}

/// A record with its place; one that is withheld has none.
pub(crate) fn named(id: &str, file: &str, line: u32) -> String {
    if line == 0 { id.to_owned() } else { format!("{id} ({file}:{line})") }
}

/// Whether a text is a day alone.
pub(crate) fn is_day(text: &str) -> bool {
    text.len() == "2024-03-01".len() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

fn subjects(subject: &[Subject]) -> String {
    let one = |s: &Subject| named(&s.id, s.file.as_deref().unwrap_or_default(), s.line.unwrap_or_default());
    subject.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Undetermined findings that want the same fields and could come out the same way, from so many on, are one entry.
const GROUPED: usize = 3;

/// The findings of one rule. Without explanations, those that are undetermined for one reason stand together.
fn write_findings(out: &mut String, findings: &[&Finding], options: ReportOptions, paint: Paint) {
    let mut written = BTreeSet::new();
    for (n, finding) in findings.iter().enumerate() {
        if written.contains(&n) {
            continue;
        }
        let alike: Vec<usize> = match group(finding) {
            Some(wanted) => (n..findings.len()).filter(|m| group(findings[*m]).as_ref() == Some(&wanted)).collect(),
            None => Vec::new(),
        };
        if options.explain || alike.len() < GROUPED || finding.missing.is_empty() {
            write_finding(out, finding, options, paint);
            continue;
        }
        let fields: Vec<String> = wanted(finding).into_iter().map(|field| format!("`{field}`")).collect();
        let _ =
            writeln!(out, "  - {}, {} cases for want of {}:", paint.status(finding), alike.len(), fields.join(" and "));
        for finding in alike.iter().map(|m| findings[*m]) {
            let _ = writeln!(
                out,
                "      {}: would be decided by {}",
                subjects(&finding.subject),
                finding.missing.join(", ")
            );
        }
        finding.flags.iter().for_each(|flag| {
            let _ = writeln!(out, "      note: {flag}");
        });
        written.extend(alike);
    }
}

/// What findings of one entry have in common.
type Group<'f> = (Outcomes, BTreeSet<&'f str>, &'f [String]);

fn group(f: &Finding) -> Option<Group<'_>> {
    (f.status == Status::Undetermined).then(|| (f.possible, wanted(f), f.flags.as_slice()))
}

/// The names of the fields that would decide, whatever records they belong to.
fn wanted(f: &Finding) -> BTreeSet<&str> {
    let field = |missing: &'_ str| missing.rfind('.').filter(|_| !missing.contains(' ')).map_or(0, |dot| dot + 1);
    f.missing.iter().map(|missing| &missing[field(missing)..]).collect()
}

fn write_finding(out: &mut String, f: &Finding, options: ReportOptions, paint: Paint) {
    let _ = writeln!(out, "  - {}: {}", paint.status(f), subjects(&f.subject));
    if f.bearer != "everyone" {
        let _ = writeln!(out, "      addressed to: {}", f.bearer);
    }
    if let Some(due) = &f.due {
        let word = if f.due_excluded { "due before" } else { due_word(due) };
        let _ = writeln!(out, "      {word} {due}");
    }
    for (word, value) in [("late by", &f.late_by), ("since", &f.since)] {
        if let Some(value) = value {
            let _ = writeln!(out, "      {word} {value}");
        }
    }
    for level in &f.levels {
        let due = level.due.as_ref().map_or_else(String::new, |due| format!(", {} {due}", due_word(due)));
        let _ = writeln!(out, "      then: {} ({}{due})", level.norm, level.status.word());
    }
    for (word, places) in [("evidence", &f.evidence), ("waiver", &f.waived_by)] {
        for place in places {
            let at = place.at.as_ref().map_or_else(String::new, |at| format!(", {at}"));
            let _ = writeln!(out, "      {word}: {}{at}", named(&place.id, &place.file, place.line));
        }
    }
    for (word, reasons) in reasons(f) {
        if !reasons.is_empty() {
            let _ = writeln!(out, "      {word}: {}", reasons.join("; "));
        }
    }
    for flag in &f.flags {
        let _ = writeln!(out, "      note: {flag}");
    }
    // What does not hold was said above.
    let repeated = |remedy: &&String| remedy.starts_with("would be satisfied if this held");
    if let Some(remedy) = f.remedy.as_ref().filter(|remedy| !repeated(remedy)) {
        let _ = writeln!(out, "      {}", paint.faint(remedy));
    }
    if options.explain {
        for step in &f.why {
            write_step(out, step, 3);
        }
    }
}

fn due_word(due: &str) -> &'static str {
    if is_day(due) { "due by the end of" } else { "due" }
}

/// The conditions that brought the finding about: why the rule applies or does not, what failed, what is not known.
fn reasons(f: &Finding) -> [(&'static str, Vec<String>); 4] {
    let held = |kind| f.why.iter().filter(move |s| s.kind == kind && s.holds == Some(true)).map(|s| s.text.clone());
    let mut failed = Vec::new();
    for step in f.why.iter().filter(|s| s.kind == StepKind::Require && s.holds == Some(false)) {
        let parts = step.parts.iter().filter(|p| p.holds == Some(false)).map(|p| p.text.clone());
        let before = failed.len();
        failed.extend(parts);
        if failed.len() == before {
            failed.push(step.text.clone());
        }
    }
    let unknown = f.why.iter().filter(|s| s.holds.is_none()).map(|s| s.text.clone());
    [
        ("applies because", held(StepKind::When).collect()),
        ("excepted because", held(StepKind::Unless).collect()),
        ("does not hold", failed),
        ("not known whether", unknown.collect()),
    ]
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
        let failed: Vec<&str> = finding.why.iter().map(|s| s.text.as_str()).collect();
        let _ = writeln!(out, "  - {}: {} (not {})", finding.assumption, subjects(&finding.subject), failed.join("; "));
    }
    out.push('\n');
}

/// Counts by rule. Advice is no violation and has a column of its own; so has what does not apply, which is in no rate of
/// compliance.
fn table(out: &mut String, assessment: &Assessment, paint: Paint) {
    const COLUMNS: [&str; 10] = [
        "violated",
        "advice",
        "undetermined",
        "pending",
        "repaired",
        "waived",
        "exempt",
        "permitted",
        "satisfied",
        "not applicable",
    ];
    let mut advised: BTreeMap<&str, u64> = BTreeMap::new();
    for finding in assessment.findings.iter().filter(|f| f.grade == Grade::Advice) {
        *advised.entry(&finding.rule).or_default() += 1;
    }
    let count = |rule: &str, counts: &Counts, column: &str| match column {
        "not applicable" => counts.not_applicable,
        "advice" => advised.get(rule).copied().unwrap_or(0),
        "violated" if advised.contains_key(rule) => 0,
        outcome => counts.outcomes.get(outcome).copied().unwrap_or(0),
    };
    let is_used = |column: &&str| assessment.summary.iter().any(|(rule, counts)| count(rule, counts, column) > 0);
    let used: Vec<&str> = COLUMNS.into_iter().filter(is_used).collect();
    let width = assessment.summary.keys().map(|rule| rule.chars().count()).max().unwrap_or(4).max(4);
    let mut head = format!("{:width$}", "rule");
    used.iter().for_each(|column| head.push_str(&format!("  {column}")));
    let _ = writeln!(out, "{}", paint.strong(&head));
    for (rule, counts) in &assessment.summary {
        let mut row = format!("{rule:width$}");
        for column in &used {
            let n = count(rule, counts, column);
            let cell = if n == 0 { "·".to_owned() } else { n.to_string() };
            row.push_str(&format!("  {cell:>width$}", width = column.len()));
        }
        let _ = writeln!(out, "{row}");
    }
    let _ =
        writeln!(out, "\n{} {} as of {}: {}", assessment.pack, assessment.version, assessment.as_of, sum(assessment));
}

/// "3 violations (law: 1, commitment: 2), 1 advice not followed"
fn sum(assessment: &Assessment) -> String {
    let of = |grade: Grade| assessment.findings.iter().filter(move |f| f.grade == grade);
    let violations = of(Grade::Violation).count();
    let by_force: Vec<String> = Force::WORDS
        .iter()
        .map(|(word, force)| (of(Grade::Violation).filter(|f| f.force == Some(*force)).count(), word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{word}: {n}"))
        .collect();
    let by_force = if by_force.is_empty() { String::new() } else { format!(" ({})", by_force.join(", ")) };
    let s = if violations == 1 { "" } else { "s" };
    format!("{violations} violation{s}{by_force}, {} advice not followed", of(Grade::Advice).count())
}
