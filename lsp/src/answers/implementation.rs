//! `textDocument/implementation`, over all projects that are open.

use crate::answers::definition::everywhere;
use crate::workspace::Overview;
use tower_lsp::ls_types::{GotoDefinitionResponse, TextDocumentPositionParams};

pub(crate) fn implementation(all: &Overview, at: &TextDocumentPositionParams) -> Option<GotoDefinitionResponse> {
    everywhere(all, at, all.settings.links.implementation, mandate_ide::goto_implementation)
}
