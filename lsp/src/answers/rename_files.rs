//! `workspace/willRenameFiles`

use crate::answers::edits::workspace_edit;
use crate::uri;
use crate::workspace::Overview;
use mandate_semantics::Snapshot;
use std::str::FromStr;
use tower_lsp::ls_types::{RenameFilesParams, Uri, WorkspaceEdit};

pub(crate) fn will_rename(all: &Overview, params: &RenameFilesParams) -> Option<WorkspaceEdit> {
    let path = |address: &str| Some(uri::key(&Uri::from_str(address).ok()?).to_string());
    let moves: Vec<(String, String)> =
        params.files.iter().filter_map(|file| Some((path(&file.old_uri)?, path(&file.new_uri)?))).collect();
    let projects: Vec<&Snapshot> = all.projects.iter().map(|project| &project.snapshot).collect();
    let edits = mandate_ide::will_rename_files(&projects, &moves);
    (!edits.is_empty()).then(|| workspace_edit(all, &edits, Vec::new()))
}
