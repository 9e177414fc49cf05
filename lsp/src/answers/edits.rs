//! Edits of several files as the protocol writes them, with versions and groups where the client can take them.

use crate::answers::everywhere::Ranges;
use crate::workspace::Overview;
use mandate_ide::{Edits, Group, Refusal};
use std::borrow::Cow;
use std::collections::HashMap;
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::ls_types::{
    AnnotatedTextEdit, ChangeAnnotation, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, RenameFile, ResourceOp, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

/// `RequestFailed` of the protocol: the request was well formed, and the answer is no.
const REQUEST_FAILED: i64 = -32803;

/// Why something is not done, for the user.
pub(crate) fn refused(refusal: Refusal) -> Error {
    Error { code: ErrorCode::ServerError(REQUEST_FAILED), message: Cow::Owned(refusal.message), data: None }
}

/// Edits, and files that are renamed after them.
pub(crate) fn workspace_edit(all: &Overview, edits: &Edits, files: Vec<RenameFile>) -> WorkspaceEdit {
    let can = all.settings.changes;
    let mut ranges = Ranges::new(all);
    if !can.versions {
        let mut changes = HashMap::new();
        for (path, edits) in edits {
            let Some(uri) = all.places.uri(path) else { continue };
            let edits = edits
                .iter()
                .filter_map(|(edit, _)| Some(TextEdit::new(ranges.range(path, edit.span)?, edit.text.clone())));
            changes.insert(uri, edits.collect());
        }
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let mut groups: Vec<Group> = edits.values().flatten().map(|(_, group)| *group).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut operations = Vec::new();
    for (path, edits) in edits {
        let Some(uri) = all.places.uri(path) else { continue };
        let version = all.places.version(path);
        let edits = edits.iter().filter_map(|(edit, group)| {
            let text_edit = TextEdit::new(ranges.range(path, edit.span)?, edit.text.clone());
            Some(match can.annotations {
                true => OneOf::Right(AnnotatedTextEdit { text_edit, annotation_id: id(*group) }),
                false => OneOf::Left(text_edit),
            })
        });
        operations.push(DocumentChangeOperation::Edit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
            edits: edits.collect(),
        }));
    }
    operations.extend(files.into_iter().map(|file| DocumentChangeOperation::Op(ResourceOp::Rename(file))));
    let annotation = |group: &Group| {
        let label = group.label().to_owned();
        (id(*group), ChangeAnnotation { label, needs_confirmation: Some(false), description: None })
    };
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Operations(operations)),
        change_annotations: can.annotations.then(|| groups.iter().map(annotation).collect()),
        ..WorkspaceEdit::default()
    }
}

fn id(group: Group) -> String {
    match group {
        Group::Declarations => "declarations",
        Group::Scenarios => "scenarios",
        Group::Documents => "documents",
        Group::Lock => "lock",
    }
    .to_owned()
}
