//! `textDocument/references`, over all projects that are open.

use crate::answers::everywhere::{Ranges, here};
use crate::workspace::Overview;
use tower_lsp::ls_types::{Location, ReferenceParams};

pub(crate) fn references(all: &Overview, params: &ReferenceParams) -> Option<Vec<Location>> {
    let at = &params.text_document_position;
    let here = here(all, &at.text_document.uri)?;
    let meant = mandate_ide::meant(&here.project.snapshot, &here.path, here.offset(all, at.position))?;
    let declaration = params.context.include_declaration;
    let found = |snapshot| mandate_ide::references(snapshot, &meant.targets, declaration);
    let places = all.projects.iter().flat_map(|project| found(&project.snapshot)).collect();
    Some(Ranges::new(all).locations(places))
}
