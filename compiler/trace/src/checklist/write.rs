//! Writing what became of a checklist.

use super::model::{CarrierTrace, Coverage, Covered, Problem, ProblemKind};
use crate::write::Format;
use mandate_pack::Force;
use mandate_render::safe::{cell, clean, markdown as escape};
use serde::Serialize;
use std::io::{self, Write};

/// Writes what became of a checklist. The same coverage gives the same bytes; Markdown has no lines of files, so that it changes only
/// where the account does.
///
/// # Errors
/// What the stream gives; there is no page for a browser.
pub fn write_coverage(coverage: &Coverage, format: Format, color: bool, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => text(coverage, color, out),
        Format::Markdown => markdown(coverage, out),
        Format::Csv => csv(coverage, out),
        Format::Json => {
            #[derive(Serialize)]
            struct Versioned<'a> {
                version: u32,
                #[serde(flatten)]
                coverage: &'a Coverage,
            }
            serde_json::to_writer_pretty(&mut *out, &Versioned { version: 1, coverage })?;
            out.write_all(b"\n")
        }
        Format::Html => Err(io::Error::other("a checklist is not written as a page")),
    }
}

/// `272 statements: 250 carried, 22 not`
fn share(statements: &[&Covered]) -> String {
    let carried = statements.iter().filter(|one| !one.carriers.is_empty()).count();
    let s = if statements.len() == 1 { "" } else { "s" };
    format!("{} statement{s}: {carried} carried, {} not", statements.len(), statements.len() - carried)
}

/// The statements by area, in the order in which the list names the areas.
fn by_area(coverage: &Coverage) -> Vec<(&str, Vec<&Covered>)> {
    let mut areas: Vec<(&str, Vec<&Covered>)> = Vec::new();
    for one in &coverage.statements {
        let name = one.statement.area.as_str();
        match areas.iter_mut().find(|(area, _)| *area == name) {
            Some((_, all)) => all.push(one),
            None => areas.push((name, vec![one])),
        }
    }
    areas
}

/// What the problems of a kind are called.
fn heading(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::NotCarried => "Not carried",
        ProblemKind::NotInTheList => "Carried, and not in the list",
        ProblemKind::CarriedTwice => "Carried twice",
    }
}

fn by_kind(problems: &[Problem]) -> impl Iterator<Item = (ProblemKind, &[Problem])> {
    let same = problems.chunk_by(|one, next| one.kind == next.kind);
    same.filter_map(|same| Some((same.first()?.kind, same)))
}

fn text(coverage: &Coverage, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let strong = |text: &str| if color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
    let all: Vec<&Covered> = coverage.statements.iter().collect();
    writeln!(out, "{}, in {}", strong(&share(&all)), coverage.packages.join(", "))?;
    for (area, statements) in by_area(coverage) {
        writeln!(out, "\n{}  {}", strong(&clean(area)), share(&statements))?;
        for Covered { statement, carriers } in statements {
            let what = [&statement.kind, &statement.strength, &statement.source].map(|word| clean(word).into_owned());
            writeln!(out, "  {}  {}", clean(&statement.id), what.join(", "))?;
            if carriers.is_empty() {
                writeln!(out, "    not carried")?;
            }
            for carrier in carriers {
                let part = carrier.part.as_ref().map(|part| format!("({}) ", clean(part))).unwrap_or_default();
                let place = clean(&crate::write::origin(&carrier.origin)).into_owned();
                writeln!(out, "    {part}{} {}  {place}", carrier.kind, clean(carrier.shown()))?;
                let weight = carrier.weight();
                if !weight.is_empty() {
                    writeln!(out, "      {}", clean(&weight))?;
                }
                if let Some(reason) = &carrier.reason {
                    writeln!(out, "      because {}", clean(reason))?;
                }
            }
        }
    }
    for (kind, problems) in by_kind(&coverage.problems) {
        writeln!(out, "\n{} ({})", strong(heading(kind)), problems.len())?;
        problems.iter().try_for_each(|problem| writeln!(out, "  {}", clean(&problem.said())))?;
    }
    Ok(())
}

fn markdown(coverage: &Coverage, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<&Covered> = coverage.statements.iter().collect();
    let packages: Vec<String> = coverage.packages.iter().map(|name| escape(name)).collect();
    writeln!(out, "# Statements and what carries them\n\n{}, in {}.", share(&all), packages.join(", "))?;
    if !coverage.problems.is_empty() {
        writeln!(out, "\n## Problems")?;
    }
    for (kind, problems) in by_kind(&coverage.problems) {
        writeln!(out, "\n### {}\n", heading(kind))?;
        if kind == ProblemKind::NotCarried {
            let ids: Vec<String> = problems.iter().map(|problem| escape(&problem.id)).collect();
            writeln!(out, "{}", ids.join(", "))?;
        } else {
            problems.iter().try_for_each(|problem| writeln!(out, "- {}", escape(&problem.said())))?;
        }
    }
    for (area, statements) in by_area(coverage) {
        writeln!(out, "\n## {}\n\n{}.\n", escape(area), share(&statements))?;
        writeln!(out, "| statement | kind | strength | source | carried by |\n|---|---|---|---|---|")?;
        for Covered { statement, carriers } in statements {
            let carried: Vec<String> = carriers.iter().map(carrier).collect();
            let carried = if carried.is_empty() { "**not carried**".to_owned() } else { carried.join("<br>") };
            let words = [&statement.id, &statement.kind, &statement.strength, &statement.source].map(|it| escape(it));
            writeln!(out, "| {} | {carried} |", words.join(" | "))?;
        }
    }
    Ok(())
}

/// `(age) rule caac.report (must, law; cites hague#4): the reason`
fn carrier(carrier: &CarrierTrace) -> String {
    let part = carrier.part.as_ref().map(|part| format!("({part}) ")).unwrap_or_default();
    let weight = carrier.weight();
    let weight = if weight.is_empty() { weight } else { format!(" ({weight})") };
    let reason = carrier.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    escape(&format!("{part}{} {}{weight}{reason}", carrier.kind, carrier.shown()))
}

const COLUMNS: [&str; 15] = [
    "id",
    "area",
    "kind",
    "strength",
    "source",
    "state",
    "part",
    "by_kind",
    "by",
    "by_strength",
    "by_force",
    "cites",
    "reason",
    "place",
    "problem",
];

/// One row for each statement and carrier, then one for each identifier that the list does not have.
fn csv(coverage: &Coverage, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let mut put = |cells: &[String]| {
        rows.write_record(cells.iter().map(|text| cell(text).into_owned())).map_err(crate::write::of_stream)
    };
    put(&COLUMNS.map(str::to_owned))?;
    for Covered { statement, carriers } in &coverage.statements {
        let mut cells: [String; 15] = std::array::from_fn(|_| String::new());
        cells[0].clone_from(&statement.id);
        cells[1].clone_from(&statement.area);
        cells[2].clone_from(&statement.kind);
        cells[3].clone_from(&statement.strength);
        cells[4].clone_from(&statement.source);
        if carriers.is_empty() {
            "not carried".clone_into(&mut cells[5]);
            put(&cells)?;
        }
        for carrier in carriers {
            "carried".clone_into(&mut cells[5]);
            cells[6] = carrier.part.clone().unwrap_or_default();
            cells[7].clone_from(&carrier.kind);
            cells[8].clone_from(&carrier.name);
            cells[9] = carrier.strength.unwrap_or_default().to_owned();
            cells[10] = carrier.force.map(Force::word).unwrap_or_default().to_owned();
            cells[11] = carrier.cites.join("; ");
            cells[12] = carrier.reason.clone().unwrap_or_default();
            cells[13] = crate::write::origin(&carrier.origin);
            let twice = coverage.problems.iter().any(|problem| {
                problem.kind == ProblemKind::CarriedTwice && problem.id == statement.id && problem.part == carrier.part
            });
            cells[14] = if twice { "carried twice" } else { "" }.to_owned();
            put(&cells)?;
        }
    }
    for problem in coverage.problems.iter().filter(|problem| problem.kind == ProblemKind::NotInTheList) {
        let mut cells: [String; 15] = std::array::from_fn(|_| String::new());
        cells[0].clone_from(&problem.id);
        "not in the list".clone_into(&mut cells[5]);
        cells[8] = problem.by.join("; ");
        "not in the list".clone_into(&mut cells[14]);
        put(&cells)?;
    }
    rows.flush()
}
