//! JSON for tools. The shape is stable: keys are only ever added.

use crate::places::Places;
use crate::{Count, File, Texts};
use mandate_diagnostics::{Diagnostic, Label, Severity, Span};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything said about `files` as one JSON object. Offsets are bytes, lines and columns count from one, columns in
/// characters. `texts` finds files that labels point into; without a text such a label has no lines and columns.
pub fn json(files: &[File<'_>], texts: &Texts<'_>) -> String {
    let mut others = Others { texts, known: BTreeMap::new() };
    let mut diagnostics = Vec::new();
    for file in files {
        let places = Places::new(file.text);
        diagnostics.extend(file.diagnostics.iter().map(|diagnostic| one(file, &places, diagnostic, &mut others)));
    }
    let count = Count::of(files);
    let report = ReportJson { version: 1, errors: count.errors, warnings: count.warnings, diagnostics };
    // Strings and numbers alone: this cannot fail.
    serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
struct ReportJson<'a> {
    version: u32,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<DiagnosticJson<'a>>,
}

#[derive(Serialize)]
struct DiagnosticJson<'a> {
    file: &'a str,
    code: &'static str,
    severity: Severity,
    message: &'a str,
    primary: PlaceJson<'a>,
    related: Vec<RelatedJson<'a>>,
    notes: &'a [String],
    help: &'a [String],
    fixes: Vec<FixJson<'a>>,
}

#[derive(Serialize)]
struct RelatedJson<'a> {
    file: &'a str,
    #[serde(flatten)]
    place: PlaceJson<'a>,
}

#[derive(Serialize)]
struct PlaceJson<'a> {
    #[serde(flatten)]
    range: RangeJson,
    label: &'a str,
}

#[derive(Serialize)]
struct FixJson<'a> {
    title: &'a str,
    edits: Vec<EditJson<'a>>,
}

#[derive(Serialize)]
struct EditJson<'a> {
    #[serde(flatten)]
    range: RangeJson,
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RangeJson {
    start: u32,
    end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

fn one<'a>(
    file: &File<'a>,
    places: &Places<&str>,
    diagnostic: &'a Diagnostic,
    others: &mut Others<'_>,
) -> DiagnosticJson<'a> {
    let mut place = |label: &'a Label| {
        let range = match label.file.as_deref() {
            Some(other) if other != file.path => others.range(other, label.span),
            _ => range(places, label.span),
        };
        PlaceJson { range, label: &label.message }
    };
    let primary = place(&diagnostic.primary);
    let related = diagnostic
        .related
        .iter()
        .map(|label| RelatedJson { file: label.file.as_deref().unwrap_or(file.path), place: place(label) })
        .collect();
    let fixes = diagnostic.fixes.iter().map(|fix| FixJson {
        title: &fix.title,
        edits: fix.edits.iter().map(|edit| EditJson { range: range(places, edit.span), text: &edit.text }).collect(),
    });
    DiagnosticJson {
        file: file.path,
        code: diagnostic.code.id,
        severity: diagnostic.severity,
        message: &diagnostic.message,
        primary,
        related,
        notes: &diagnostic.notes,
        help: &diagnostic.help,
        fixes: fixes.collect(),
    }
}

/// Texts of files that labels point into, each fetched once.
struct Others<'a> {
    texts: &'a Texts<'a>,
    known: BTreeMap<String, Option<Places<Arc<str>>>>,
}

impl Others<'_> {
    fn range(&mut self, path: &str, span: Span) -> RangeJson {
        let texts = self.texts;
        match self.known.entry(path.to_owned()).or_insert_with(|| texts(path).map(Places::new)) {
            Some(places) => range(places, span),
            None => {
                let (line, column, end_line, end_column) = (None, None, None, None);
                RangeJson { start: span.start.min(span.end), end: span.end, line, column, end_line, end_column }
            }
        }
    }
}

/// A span with its lines and columns; ends outside the text are taken back to its end.
fn range<T: AsRef<str>>(places: &Places<T>, span: Span) -> RangeJson {
    let (span, from, to) = places.range(span);
    RangeJson {
        start: span.start,
        end: span.end,
        line: Some(from.line),
        column: Some(from.column),
        end_line: Some(to.line),
        end_column: Some(to.column),
    }
}
