//! `textDocument/prepareRename` and `textDocument/rename`, over all projects that are open.

use crate::answers::edits::{refused, workspace_edit};
use crate::answers::everywhere::{Here, Ranges, here};
use crate::workspace::Overview;
use mandate_ide::{Refusal, Renamable};
use mandate_semantics::{PackageOrigin, Snapshot};
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams, WorkspaceEdit};

pub(crate) fn prepare(all: &Overview, at: &TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
    let Some(here) = here(all, &at.text_document.uri) else { return Ok(None) };
    let found = renamable(all, &here, at).map_err(refused)?;
    let range = Ranges::new(all).range(&here.path, found.span);
    Ok(range.map(|range| PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: found.name }))
}

pub(crate) fn rename(all: &Overview, params: &RenameParams) -> Result<Option<WorkspaceEdit>> {
    let at = &params.text_document_position;
    let Some(here) = here(all, &at.text_document.uri) else { return Ok(None) };
    let found = renamable(all, &here, at).map_err(refused)?;
    let projects: Vec<&Snapshot> = all.projects.iter().map(|project| &project.snapshot).collect();
    let edits = mandate_ide::rename(&projects, &found.targets, &params.new_name).map_err(refused)?;
    Ok(Some(workspace_edit(all, &edits, Vec::new())))
}

fn renamable(
    all: &Overview,
    here: &Here<'_>,
    at: &TextDocumentPositionParams,
) -> std::result::Result<Renamable, Refusal> {
    let owned = |path: &str| {
        let origins = all.projects.iter().filter_map(|project| project.snapshot.owner_of(path));
        origins.into_iter().any(|(_, origin)| origin == PackageOrigin::Own)
    };
    mandate_ide::prepare_rename(&here.project.snapshot, &here.path, here.offset(all, at.position), &owned)
}
