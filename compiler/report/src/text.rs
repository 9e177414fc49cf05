//! For people: what was found in one line, the findings worst first, the counts, and the one line again, where a terminal
//! stops scrolling.

use crate::arrange::{Entry, Section, entries, lack, sections};
use crate::rates::COLUMNS;
use crate::words::{self, clean, number, subjects};
use crate::{By, Report, tally};
use mandate_assess::{Assessment, Finding, Grade, Outcome, Status, Step};
use mandate_pack::Force;
use std::io::{self, Write};

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
        let word = words::status(f);
        match (f.grade, f.status) {
            (Grade::Violation, _) => self.with("1;31", &word),
            (Grade::Advice, _) => self.with("33", &word),
            (Grade::None, Status::Undetermined) => self.with("35", &word),
            (Grade::None, Status::Is(Outcome::Pending)) => self.with("36", &word),
            (Grade::None, _) => self.with("32", &word),
        }
    }
}

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint(report.options.color);
    let verdict = verdict(report.assessment);
    writeln!(out, "{}\n", paint.strong(&verdict))?;
    for section in sections(report) {
        match report.options.by {
            By::Rule => rule_heading(out, section.first, paint)?,
            By::Record => record_heading(out, &section, paint)?,
        }
        for entry in entries(&section.findings, report.options.explain) {
            match entry {
                Entry::One(f) => finding(out, f, report, paint)?,
                Entry::Alike(alike) => group(out, &alike, report, paint)?,
            }
        }
        writeln!(out)?;
    }
    data_findings(out, report.assessment, paint)?;
    table(out, report, paint)?;
    for table in &report.tallies {
        writeln!(out)?;
        tally_table(out, table, paint)?;
    }
    writeln!(out, "\n{verdict}")
}

/// "heron 1.0.0 as of 2026-03-01: 3 violations (law: 1, commitment: 2), 1 advice not followed"
pub(crate) fn verdict(a: &Assessment) -> String {
    let count = |test: &dyn Fn(&Finding) -> bool| a.findings.iter().filter(|f| test(f)).count() as u64;
    let violations = count(&|f| f.grade == Grade::Violation);
    let of = |force: Option<Force>| count(&|f: &Finding| f.grade == Grade::Violation && f.force == force);
    let words = Force::WORDS.iter().map(|(word, force)| (*word, Some(*force)));
    let by_force: Vec<String> = words
        .chain([("without citation", None)])
        .map(|(word, force)| (of(force), word))
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{word}: {n}"))
        .collect();
    let by_force = if by_force.is_empty() { String::new() } else { format!(" ({})", by_force.join(", ")) };
    let mut parts = vec![format!("{}{by_force}", number(violations, "violation", "violations"))];
    let could_be =
        count(&|f| f.status == Status::Undetermined && !f.possible.is_harmless() && f.weighs == Grade::Violation);
    let pending: Vec<&Finding> = a.findings.iter().filter(|f| f.status == Status::Is(Outcome::Pending)).collect();
    let next = pending.iter().find_map(|f| f.due.as_ref());
    let next = next.map_or_else(String::new, |due| format!(" (next due {due})"));
    let advice = count(&|f| f.grade == Grade::Advice);
    if could_be > 0 {
        parts.push(format!("{could_be} that could be violations once the data is complete"));
    }
    if !pending.is_empty() {
        parts.push(format!("{} pending{next}", pending.len()));
    }
    parts.push(format!("{advice} advice not followed"));
    if !a.data_findings.is_empty() {
        parts.push(number(a.data_findings.len() as u64, "fault of the data", "faults of the data"));
    }
    format!("{} {} {}: {}", a.pack, a.version, a.instants(), parts.join(", "))
}

fn rule_heading(out: &mut dyn Write, f: &Finding, paint: Paint) -> io::Result<()> {
    writeln!(out, "{} {}", paint.strong(&f.title), paint.faint(&format!("[{}]", f.rule)))?;
    writeln!(out, "  {}", clean(&f.norm))?;
    for cited in &f.citations {
        writeln!(out, "  {}", words::cited(cited))?;
        for paragraph in words::paragraphs(cited) {
            writeln!(out, "    {}", paint.faint(&format!("“{paragraph}”")))?;
        }
    }
    for endorsed in &f.endorsed {
        let from = endorsed.from.as_ref().map_or_else(String::new, |d| format!(" since {d}"));
        let by = endorsed.by.as_ref().map_or_else(String::new, |b| format!(" by {b}"));
        writeln!(out, "  endorsed{from}{by}")?;
    }
    Ok(())
}

fn record_heading(out: &mut dyn Write, section: &Section<'_>, paint: Paint) -> io::Result<()> {
    let Some(subject) = section.subject() else { return rule_heading(out, section.first, paint) };
    let ty = subject.ty.as_deref().map_or_else(String::new, |ty| format!("{ty} "));
    writeln!(out, "{}", paint.strong(&format!("{ty}{}", words::subject(subject))))
}

/// Findings of one rule that are undetermined for one reason.
fn group(out: &mut dyn Write, alike: &[&Finding], report: &Report<'_>, paint: Paint) -> io::Result<()> {
    /// So many are named: a reader looks at some, and the other formats list all.
    const NAMED: usize = 10;
    let Some(first) = alike.first() else { return Ok(()) };
    writeln!(out, "  - {}: {}", paint.status(first), lack(alike))?;
    let shown = if report.options.all { alike.len() } else { NAMED };
    for f in alike.iter().take(shown) {
        writeln!(out, "      {}", subjects(&f.subject))?;
    }
    if alike.len() > shown {
        writeln!(out, "      and {} more (`--all` names them)", alike.len() - shown)?;
    }
    first.flags.iter().try_for_each(|flag| writeln!(out, "      note: {flag}"))
}

fn finding(out: &mut dyn Write, f: &Finding, report: &Report<'_>, paint: Paint) -> io::Result<()> {
    match report.options.by {
        By::Rule => writeln!(out, "  - {}: {}", paint.status(f), subjects(&f.subject))?,
        By::Record => {
            writeln!(out, "  - {}: {} {}", paint.status(f), f.title, paint.faint(&format!("[{}]", f.rule)))?;
            writeln!(out, "      {}", clean(&f.norm))?;
            f.citations.iter().try_for_each(|c| writeln!(out, "      {}", words::cited(c)))?;
            if f.subject.len() > 1 {
                writeln!(out, "      with: {}", subjects(f.subject.get(1..).unwrap_or_default()))?;
            }
        }
    }
    if f.bearer != "everyone" {
        writeln!(out, "      addressed to: {}", clean(&f.bearer))?;
    }
    if let Some(due) = &f.due {
        writeln!(out, "      {}", words::due(due, f.due_excluded))?;
    }
    if let Some(late) = &f.late_by {
        writeln!(out, "      late by {late}")?;
    }
    if let Some(since) = words::since(f) {
        writeln!(out, "      {since}")?;
    }
    words::beside(f).iter().try_for_each(|line| writeln!(out, "      {line}"))?;
    for level in &f.levels {
        let due = level.due.as_ref().map_or_else(String::new, |due| format!(", {}", words::due(due, false)));
        writeln!(out, "      then: {} ({}{due})", level.norm, level.status.word())?;
    }
    for (word, places) in [("evidence", &f.evidence), ("waiver", &f.waived_by)] {
        places.iter().try_for_each(|place| writeln!(out, "      {word}: {}", words::place(place)))?;
    }
    for (word, reasons) in words::reasons(f) {
        writeln!(out, "      {word}: {reasons}")?;
    }
    f.flags.iter().try_for_each(|flag| writeln!(out, "      note: {flag}"))?;
    if let Some(remedy) = words::remedy(f) {
        writeln!(out, "      {}", paint.faint(&remedy))?;
    }
    if report.options.explain {
        f.why.iter().try_for_each(|step| write_step(out, step, 3))?;
    }
    Ok(())
}

fn write_step(out: &mut dyn Write, step: &Step, depth: usize) -> io::Result<()> {
    let indent = "  ".repeat(depth);
    writeln!(out, "{indent}{} {}: {}", step.kind.word(), step.text, step.answer())?;
    for read in &step.read {
        writeln!(out, "{indent}  {} = {}", clean(&read.field), clean(read.value.as_deref().unwrap_or("unknown")))?;
    }
    step.parts.iter().try_for_each(|part| write_step(out, part, depth + 1))
}

fn data_findings(out: &mut dyn Write, assessment: &Assessment, paint: Paint) -> io::Result<()> {
    if assessment.data_findings.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", paint.strong("The data breaks what the rules take for granted"))?;
    for finding in &assessment.data_findings {
        let failed: Vec<&str> = finding.why.iter().map(|s| s.text.as_str()).collect();
        writeln!(out, "  - {}: {} (not {})", finding.assumption, subjects(&finding.subject), failed.join("; "))?;
    }
    writeln!(out)
}

/// What is neither kept nor broken, nor can be yet: in the table only on request, which is wide enough without.
const ASIDE: [&str; 3] = ["exempt", "overridden", "permitted"];

/// The columns that have a count, after how often a rule applies.
pub(crate) fn columns(report: &Report<'_>) -> Vec<&'static str> {
    let all = report.options.all;
    let used = |column: &&str| report.rates.iter().any(|counts| counts.get(column) > 0);
    let mut columns = vec!["applies"];
    columns.extend(COLUMNS.into_iter().filter(|column| all || !ASIDE.contains(column)).filter(used));
    columns.extend(["not applicable"].into_iter().filter(|_| all).filter(used));
    columns
}

/// Counts by rule. Advice is no violation and has a column of its own.
fn table(out: &mut dyn Write, report: &Report<'_>, paint: Paint) -> io::Result<()> {
    let columns = columns(report);
    let mut head = vec!["rule".to_owned()];
    head.extend(columns.iter().map(|c| (*c).to_owned()));
    head.push("kept".to_owned());
    let mut rows = vec![head];
    for counts in &report.rates {
        let mut row = vec![counts.rule.clone()];
        row.extend(columns.iter().map(|column| match counts.get(column) {
            0 => "·".to_owned(),
            n => n.to_string(),
        }));
        row.push(counts.rate.map_or_else(|| "-".to_owned(), |rate| rate.percent()));
        rows.push(row);
    }
    aligned(out, &rows, paint)
}

/// The counts of a rule by group.
fn tally_table(out: &mut dyn Write, table: &tally::Shown, paint: Paint) -> io::Result<()> {
    writeln!(out, "{}", paint.strong(&format!("{} by {}", table.rule, table.by)))?;
    if !table.groups.is_empty() {
        let mut rows = vec![tally::head(table)];
        rows.extend(table.groups.iter().map(tally::cells));
        aligned(out, &rows, paint)?;
    }
    table.note.as_ref().map_or(Ok(()), |note| writeln!(out, "{note}"))
}

/// Columns as wide as their widest cell: words on the left, numbers on the right.
fn aligned(out: &mut dyn Write, rows: &[Vec<String>], paint: Paint) -> io::Result<()> {
    let width = |n: usize| rows.iter().filter_map(|row| row.get(n)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows.first().map_or(0, Vec::len)).map(width).collect();
    for (n, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let room = " ".repeat(width.saturating_sub(cell.chars().count()));
            line += &if at == 0 { format!("{cell}{room}") } else { format!("  {room}{cell}") };
        }
        let line = line.trim_end();
        writeln!(out, "{}", if n == 0 { paint.strong(line) } else { line.to_owned() })?;
    }
    Ok(())
}
