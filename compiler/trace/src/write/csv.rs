//! For spreadsheets, by RFC 4180: one row for each passage and rule, and for each rule without a source. The columns are described in
//! `docs/documents.md`.

use super::Options;
use crate::model::{DocumentTrace, PassageTrace, RuleTrace, Trace};
use mandate_render::safe::cell;
use std::io::{self, Write};

const COLUMNS: [&str; 15] = [
    "source",
    "title",
    "file",
    "passage",
    "page",
    "line",
    "state",
    "text",
    "sounds",
    "reason",
    "rule",
    "rule_title",
    "rule_place",
    "cites",
    "scenarios",
];

pub(super) fn write(trace: &Trace, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let mut put =
        |cells: &[String]| rows.write_record(cells.iter().map(|text| cell(text).into_owned())).map_err(of_stream);
    put(&COLUMNS.map(str::to_owned))?;
    for document in &trace.documents {
        for passage in document.passages.iter().filter(|passage| options.lists(passage)) {
            let none = passage.rules.is_empty().then_some(None);
            for rule in passage.rules.iter().map(Some).chain(none) {
                put(&row(document, passage, rule))?;
            }
        }
        for block in document.nameless.iter().filter(|_| options.lists_nameless()) {
            let mut cells = of_document(document);
            cells[4] = block.page.map_or_else(String::new, |page| page.to_string());
            cells[5] = block.line.to_string();
            cells[6] = "open, without name".to_owned();
            cells[7].clone_from(&block.text);
            cells[8].clone_from(&block.sounds);
            put(&cells)?;
        }
    }
    for rule in trace.without_source.iter().filter(|_| options.lists_unsourced()) {
        let mut cells: [String; 15] = std::array::from_fn(|_| String::new());
        cells[6] = "rule without source".to_owned();
        cells[10].clone_from(&rule.name);
        cells[11].clone_from(&rule.title);
        cells[12] = super::origin(&rule.origin);
        put(&cells)?;
    }
    rows.flush()
}

/// What the stream said, and not that the writer of rows heard something.
pub(crate) fn of_stream(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn of_document(document: &DocumentTrace) -> [String; 15] {
    let mut cells: [String; 15] = std::array::from_fn(|_| String::new());
    cells[0].clone_from(&document.source);
    cells[1].clone_from(&document.title);
    cells[2].clone_from(&document.file);
    cells
}

fn row(document: &DocumentTrace, passage: &PassageTrace, rule: Option<&RuleTrace>) -> [String; 15] {
    let mut cells = of_document(document);
    cells[3].clone_from(&passage.name);
    cells[4] = passage.page.map_or_else(String::new, |page| page.to_string());
    cells[5] = passage.line.to_string();
    cells[6] = passage.state.word().to_owned();
    cells[7] = passage.text.replace('\n', " ");
    cells[8] = passage.sounds.clone().unwrap_or_default();
    cells[9] = passage.reason.clone().unwrap_or_default();
    if let Some(rule) = rule {
        cells[10].clone_from(&rule.name);
        cells[11].clone_from(&rule.title);
        cells[12] = super::origin(&rule.origin);
        cells[13] = rule.cites.clone().unwrap_or_default();
        cells[14] = rule.scenarios.join("; ");
    }
    cells
}
