//! The diagnostics of one file, for clients that ask.

use crate::check::ProjectView;
use crate::convert;
use crate::pulls::result_id;
use crate::workspace::View;
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticReport, FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
};

/// Everything there is to say about the file, with what was proven last about its rules; or that it is `previous`.
pub(crate) fn diagnostics(view: View, previous: Option<&str>) -> DocumentDiagnosticReport {
    let View { snapshot, path, places, settings, known, served, faults, home, .. } = view;
    let project = ProjectView { home, snapshot, faults };
    let mut found = convert::diagnostics_of(&project, &path, &places, settings);
    let texts = |path: &str| project.snapshot.text(path);
    let proven = known.map(|known| known.of(&path, &texts)).unwrap_or_default();
    found.extend(convert::proven(proven, &path, &texts, &places, settings));
    let id = result_id(&found);
    served.put(&path, &id);
    report(found, id, previous)
}

/// What is said about a file that belongs to no package.
pub(crate) fn none(previous: Option<&str>) -> DocumentDiagnosticReport {
    report(Vec::new(), result_id(&[]), previous)
}

fn report(items: Vec<Diagnostic>, result_id: String, previous: Option<&str>) -> DocumentDiagnosticReport {
    if previous == Some(result_id.as_str()) {
        return DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        });
    }
    DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
        related_documents: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(result_id), items },
    })
}
