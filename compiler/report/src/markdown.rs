//! For tickets and messages: what was found, the counts, and the findings with passage, reason and remedy. What comes from the
//! data is escaped, so that it reads as it is and starts no link, picture or table.

use crate::arrange::{Entry, Section, entries, lack, sections};
use crate::text::{columns, verdict};
use crate::words;
use crate::{By, Report, tally};
use mandate_assess::Finding;
pub(crate) use mandate_render::safe::markdown as escape;
use std::io::{self, Write};

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let a = report.assessment;
    writeln!(out, "# {}\n", escape(&format!("{} {} {}", a.pack, a.version, a.instants())))?;
    let verdict = verdict(a);
    let said = verdict.split_once(": ").map_or(verdict.as_str(), |(_, said)| said);
    writeln!(out, "**{}**\n", escape(said))?;
    summary(report, out)?;
    for section in sections(report) {
        heading(report, &section, out)?;
        for entry in entries(&section.findings, false) {
            match entry {
                Entry::One(f) => finding(report, f, out)?,
                Entry::Alike(alike) => group(report, &alike, out)?,
            }
        }
    }
    if !a.data_findings.is_empty() {
        writeln!(out, "\n## The data breaks what the rules take for granted\n")?;
        for f in &a.data_findings {
            let failed: Vec<&str> = f.why.iter().map(|s| s.text.as_str()).collect();
            let said = format!("{}: {} (not {})", f.assumption, words::subjects(&f.subject), failed.join("; "));
            writeln!(out, "- {}", escape(&said))?;
        }
    }
    Ok(())
}

fn summary(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let columns = columns(report);
    let mut head = vec!["rule".to_owned()];
    head.extend(columns.iter().map(|c| (*c).to_owned()));
    head.push("kept".to_owned());
    let mut rows = Vec::new();
    for counts in &report.rates {
        let mut row = vec![counts.rule.clone()];
        row.extend(columns.iter().map(|column| counts.get(column).to_string()));
        row.push(counts.rate.map_or_else(|| "-".to_owned(), |rate| rate.percent()));
        rows.push(row);
    }
    table(out, &head, &rows)?;
    for tally in &report.tallies {
        writeln!(out, "\n### {}\n", escape(&format!("{} by {}", tally.rule, tally.by)))?;
        if !tally.groups.is_empty() {
            let rows: Vec<Vec<String>> = tally.groups.iter().map(tally::cells).collect();
            table(out, &tally::head(tally), &rows)?;
        }
        if let Some(note) = &tally.note {
            writeln!(out, "\n{}", escape(note))?;
        }
    }
    Ok(())
}

/// The first column holds words, the others numbers.
fn table(out: &mut dyn Write, head: &[String], rows: &[Vec<String>]) -> io::Result<()> {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    writeln!(out, "{}", line(head))?;
    writeln!(out, "|---|{}", "--:|".repeat(head.len().saturating_sub(1)))?;
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(row)))
}

fn heading(report: &Report<'_>, section: &Section<'_>, out: &mut dyn Write) -> io::Result<()> {
    let f = section.first;
    match (report.options.by, section.subject()) {
        (By::Record, Some(subject)) => {
            let ty = subject.ty.as_deref().map_or_else(String::new, |ty| format!("{ty} "));
            writeln!(out, "\n## {}\n", escape(&format!("{ty}{}", words::subject(subject))))
        }
        (By::Rule, _) | (By::Record, None) => {
            writeln!(out, "\n## {} ({})\n", escape(&f.title), escape(&f.rule))?;
            writeln!(out, "{}\n", escape(&f.norm))?;
            for c in &f.citations {
                let cited = escape(&words::cited(c));
                writeln!(out, "{cited}\n\n{}", quote(words::paragraphs(c)))?;
            }
            Ok(())
        }
    }
}

fn finding(report: &Report<'_>, f: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let item = |out: &mut dyn Write, text: &str| writeln!(out, "  - {}", escape(text));
    let what = match report.options.by {
        By::Rule => words::subjects(&f.subject),
        By::Record => format!("{} ({})", f.title, f.rule),
    };
    writeln!(out, "- **{}**: {}", escape(&words::status(f)), escape(&what))?;
    if report.options.by == By::Record {
        item(out, &f.norm)?;
        f.citations.iter().try_for_each(|c| item(out, &words::cited(c)))?;
    }
    if f.bearer != "everyone" {
        item(out, &format!("addressed to: {}", f.bearer))?;
    }
    if let Some(due) = &f.due {
        let late = f.late_by.as_ref().map_or_else(String::new, |late| format!(", late by {late}"));
        item(out, &format!("{}{late}", words::due(due, f.due_excluded)))?;
    }
    words::since(f).iter().try_for_each(|since| item(out, since))?;
    words::beside(f).iter().try_for_each(|line| item(out, line))?;
    for (word, places) in [("evidence", &f.evidence), ("waiver", &f.waived_by)] {
        places.iter().try_for_each(|place| item(out, &format!("{word}: {}", words::place(place))))?;
    }
    words::reasons(f).into_iter().try_for_each(|(word, text)| item(out, &format!("{word}: {text}")))?;
    f.flags.iter().try_for_each(|flag| item(out, &format!("note: {flag}")))?;
    words::remedy(f).iter().try_for_each(|remedy| item(out, remedy))
}

fn group(report: &Report<'_>, alike: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
    /// So many are named in a message that is read in a ticket.
    const NAMED: usize = 10;
    let Some(first) = alike.first() else { return Ok(()) };
    writeln!(out, "- **{}**: {}", escape(&words::status(first)), escape(&lack(alike)))?;
    let shown = if report.options.all { alike.len() } else { NAMED };
    alike.iter().take(shown).try_for_each(|f| writeln!(out, "  - {}", escape(&words::subjects(&f.subject))))?;
    if alike.len() > shown {
        writeln!(out, "  - and {} more", alike.len() - shown)?;
    }
    first.flags.iter().try_for_each(|flag| writeln!(out, "  - {}", escape(&format!("note: {flag}"))))
}

/// Paragraphs as a quotation.
pub(crate) fn quote<'a>(paragraphs: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<String> = paragraphs.map(|line| format!("> {}\n", escape(line))).collect();
    lines.join(">\n")
}
