//! For spreadsheets: one row a finding, by RFC 4180. The columns are described in `docs/reports.md`.

use crate::{Report, words};
use mandate_assess::{Assessment, DataFinding, Finding, Grade};
use mandate_render::safe;
use std::io::{self, Write};

const COLUMNS: [&str; 25] = [
    "rule",
    "title",
    "status",
    "possible",
    "grade",
    "force",
    "type",
    "subject",
    "file",
    "line",
    "bearer",
    "due",
    "due_excluded",
    "late_by",
    "since",
    "missing",
    "reason",
    "remedy",
    "evidence",
    "waived_by",
    "cites",
    "norm",
    "notes",
    "as_of",
    "known_at",
];

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    rows.write_record(COLUMNS).map_err(of_stream)?;
    let assessment = report.assessment;
    let findings = assessment.findings.iter().map(|f| row(f, assessment));
    for cells in findings.chain(assessment.data_findings.iter().map(|f| data_row(f, assessment))) {
        rows.write_record(cells.iter().map(|cell| safe::cell(cell).into_owned())).map_err(of_stream)?;
    }
    rows.flush()
}

/// What the stream said, and not that the writer of rows heard something.
fn of_stream(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn row(f: &Finding, assessment: &Assessment) -> [String; 25] {
    let first = f.subject.first();
    let places = |all: &[mandate_assess::Place]| all.iter().map(words::place).collect::<Vec<_>>().join("; ");
    let reasons: Vec<String> = words::reasons(f).into_iter().map(|(word, text)| format!("{word} {text}")).collect();
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        f.rule.to_string(),
        f.title.to_string(),
        f.status.word().to_owned(),
        f.could_be().join("; "),
        grade(f.grade).to_owned(),
        f.force.map_or("", |force| force.word()).to_owned(),
        first.and_then(|s| s.ty.clone()).unwrap_or_default(),
        f.subject.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join("; "),
        first.and_then(|s| s.file.clone()).unwrap_or_default(),
        first.and_then(|s| s.line).map_or_else(String::new, |line| line.to_string()),
        f.bearer.clone(),
        optional(&f.due),
        if f.due_excluded { "yes" } else { "" }.to_owned(),
        optional(&f.late_by),
        optional(&f.since),
        f.missing.join("; "),
        reasons.join("; "),
        optional(&f.remedy),
        places(&f.evidence),
        places(&f.waived_by),
        f.citations.iter().map(words::cited).collect::<Vec<_>>().join("; "),
        f.norm.to_string(),
        words::beside(f).into_iter().chain(f.flags.iter().cloned()).collect::<Vec<_>>().join("; "),
        assessment.as_of.clone(),
        optional(&assessment.known_at),
    ]
}

/// Facts that break an assumption: a fault of the data, under the title of the assumption.
fn data_row(f: &DataFinding, assessment: &Assessment) -> [String; 25] {
    let first = f.subject.first();
    let mut cells: [String; 25] = std::array::from_fn(|_| String::new());
    let failed: Vec<&str> = f.why.iter().map(|s| s.text.as_str()).collect();
    let set = [
        ("title", f.assumption.clone()),
        ("status", "fault of the data".to_owned()),
        ("type", first.and_then(|s| s.ty.clone()).unwrap_or_default()),
        ("subject", f.subject.iter().map(|s| s.id.as_str()).collect::<Vec<_>>().join("; ")),
        ("file", first.and_then(|s| s.file.clone()).unwrap_or_default()),
        ("line", first.and_then(|s| s.line).map_or_else(String::new, |line| line.to_string())),
        ("reason", format!("does not hold {}", failed.join("; "))),
        ("as_of", assessment.as_of.clone()),
        ("known_at", assessment.known_at.clone().unwrap_or_default()),
    ];
    for (column, value) in set {
        if let Some(cell) = COLUMNS.iter().position(|c| *c == column).and_then(|at| cells.get_mut(at)) {
            *cell = value;
        }
    }
    cells
}

fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Violation => "violation",
        Grade::Advice => "advice",
        Grade::None => "",
    }
}
