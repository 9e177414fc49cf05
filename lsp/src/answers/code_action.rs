//! `textDocument/codeAction` and `codeAction/resolve`

use crate::convert;
use crate::text::Lines;
use crate::workspace::View;
use mandate_diagnostics::Span;
use mandate_ide::{Action, ActionKind, FileEdits, Later, Proven, Reviewer, Work};
use serde::{Deserialize, Serialize};
use std::path::Path;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    ClientCapabilities, CodeAction, CodeActionContext, CodeActionDisabled, CodeActionKind, CodeActionOptions,
    CodeActionOrCommand, CodeActionProviderCapability, CodeActionResponse, Diagnostic, DocumentChanges, NumberOrString,
    OneOf, OptionalVersionedTextDocumentIdentifier, Range, TextDocumentEdit, Uri, WorkspaceEdit,
};

/// What the client can take of code actions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Takes {
    /// Actions, and not only commands.
    literals: bool,
    /// Edits that are worked out when an action is chosen.
    lazy: bool,
    /// Actions that cannot be done here, with the reason.
    disabled: bool,
    /// Edits that name the version of a text they were made for.
    versions: bool,
}

impl Takes {
    pub(crate) fn of(client: &ClientCapabilities) -> Takes {
        let actions = client.text_document.as_ref().and_then(|document| document.code_action.as_ref());
        let edits = client.workspace.as_ref().and_then(|workspace| workspace.workspace_edit.as_ref());
        let resolves = |properties: &[String]| properties.iter().any(|property| property == "edit");
        Takes {
            literals: actions.is_some_and(|it| it.code_action_literal_support.is_some()),
            lazy: actions.is_some_and(|it| {
                it.data_support == Some(true) && it.resolve_support.as_ref().is_some_and(|it| resolves(&it.properties))
            }),
            disabled: actions.and_then(|it| it.disabled_support).unwrap_or(false),
            versions: edits.and_then(|it| it.document_changes).unwrap_or(false),
        }
    }
}

/// What is offered.
pub(crate) fn options() -> CodeActionProviderCapability {
    CodeActionOptions {
        code_action_kinds: Some(ActionKind::ALL.iter().map(|kind| CodeActionKind::new(kind.name())).collect()),
        resolve_provider: Some(true),
        ..CodeActionOptions::default()
    }
    .into()
}

/// What comes back with an action that is chosen.
#[derive(Debug, Serialize, Deserialize)]
struct Left {
    uri: Uri,
    /// The version of the text in which the action was offered.
    version: Option<i32>,
    what: String,
    of: Vec<String>,
}

/// The file that an action was offered in; `None` for one that is not ours, or is whole already.
pub(crate) fn file_of(action: &CodeAction) -> Option<Uri> {
    Some(left(action)?.uri)
}

fn left(action: &CodeAction) -> Option<Left> {
    serde_json::from_value(action.data.clone()?).ok()
}

/// The actions at a range.
pub(crate) fn actions(view: &View, range: Range, asked: &CodeActionContext) -> Option<CodeActionResponse> {
    let takes = view.settings.actions;
    if !takes.literals {
        return None;
    }
    let text = view.snapshot.text(&view.path)?;
    let lines = Lines::new(&text);
    let at = |position| lines.offset(&text, position, view.settings.encoding) as u32;
    let span = Span::new(at(range.start), at(range.end));
    let wanted = |kind: ActionKind| match &asked.only {
        Some(only) => only.iter().any(|only| covers(only.as_str(), kind.name())),
        None => true,
    };
    let found = mandate_ide::code_actions(&view.snapshot, &view.path, span, &proven(view), &wanted);
    let ranged = |span: Span| lines.range(&text, span, view.settings.encoding);
    let all = found.into_iter().filter(|action| takes.disabled || action.disabled.is_none());
    Some(
        all.filter_map(|action| converted(view, action, asked, &ranged)).map(CodeActionOrCommand::CodeAction).collect(),
    )
}

/// Whether a kind is another, or a kind of it: `refactor` covers `refactor.extract`.
fn covers(only: &str, kind: &str) -> bool {
    only.is_empty() || kind.strip_prefix(only).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn proven(view: &View) -> Vec<Proven> {
    let known = view.known.as_ref().map(|known| known.of(&view.path, &|path| view.snapshot.text(path)));
    known.unwrap_or_default()
}

fn converted(
    view: &View,
    action: Action,
    asked: &CodeActionContext,
    ranged: &dyn Fn(Span) -> Range,
) -> Option<CodeAction> {
    let is_told = |told: &Diagnostic, (code, span): &(&str, Span)| {
        told.code == Some(NumberOrString::String((*code).to_owned())) && told.range == ranged(*span)
    };
    let mended: Vec<Diagnostic> =
        asked.diagnostics.iter().filter(|told| action.mends.iter().any(|mend| is_told(told, mend))).cloned().collect();
    let mut out = CodeAction {
        title: action.title,
        kind: Some(CodeActionKind::new(action.kind.name())),
        diagnostics: (!mended.is_empty()).then_some(mended),
        is_preferred: action.preferred.then_some(true),
        disabled: action.disabled.map(|reason| CodeActionDisabled { reason }),
        ..CodeAction::default()
    };
    match action.work {
        _ if out.disabled.is_some() => {}
        Work::Edits(edits) => out.edit = Some(workspace_edit(view, &edits)?),
        Work::Later(later) if view.settings.actions.lazy => {
            let left = Left {
                uri: view.uri.clone(),
                version: view.places.version(&view.path),
                what: later.what,
                of: later.of,
            };
            out.data = serde_json::to_value(left).ok();
        }
        // Who cannot ask again gets everything now, or nothing.
        Work::Later(later) => out.edit = Some(workspace_edit(view, &worked_out(view, &later)?)?),
    }
    Some(out)
}

/// The action with its edits.
///
/// # Errors
/// The text has changed since the action was offered, or nothing can be done any more.
pub(crate) fn resolve(view: &View, mut action: CodeAction) -> Result<CodeAction> {
    let Some(left) = left(&action) else { return Ok(action) };
    if view.places.version(&view.path) != left.version {
        return Err(Error::content_modified());
    }
    let later = Later { what: left.what, of: left.of };
    let refused = || {
        // `RequestFailed` of the protocol: nothing is wrong with the request, or with the server.
        let mut error = Error::new(ErrorCode::ServerError(-32803));
        error.message = "this cannot be done here: the rules around it have changed, or nobody is named as reviewer \
                         (git's `user.name`)"
            .into();
        error
    };
    let edits = worked_out(view, &later).ok_or_else(refused)?;
    action.edit = Some(workspace_edit(view, &edits).ok_or_else(refused)?);
    Ok(action)
}

fn worked_out(view: &View, later: &Later) -> Option<FileEdits> {
    let reviewer = || {
        let on = jiff::Zoned::now().date().to_string();
        Some(Reviewer { by: mandate_project::git_user(Path::new(&*view.path).parent()?)?, on })
    };
    mandate_ide::resolve_action(&view.snapshot, &view.path, later, &proven(view), &reviewer)
}

/// Edits of files, with the versions they were made for where the client can take them.
pub(crate) fn workspace_edit(view: &View, edits: &FileEdits) -> Option<WorkspaceEdit> {
    let mut files = Vec::new();
    for (path, edits) in edits {
        let text = view.snapshot.text(path)?;
        let edits = convert::text_edits(&text, edits.clone(), view.settings.encoding);
        files.push((view.places.uri(path)?, view.places.version(path), edits));
    }
    if !view.settings.actions.versions {
        let changes = files.into_iter().map(|(uri, _, edits)| (uri, edits)).collect();
        return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
    }
    let files = files.into_iter().map(|(uri, version, edits)| TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
        edits: edits.into_iter().map(OneOf::Left).collect(),
    });
    Some(WorkspaceEdit { document_changes: Some(DocumentChanges::Edits(files.collect())), ..WorkspaceEdit::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_covers_its_own_kinds() {
        assert!(
            covers("", "quickfix")
                && covers("refactor", "refactor.extract")
                && covers("source.fixAll", "source.fixAll")
        );
        assert!(!covers("refactor", "quickfix") && !covers("refactor.ex", "refactor.extract"));
    }
}
