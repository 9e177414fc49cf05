//! `textDocument/definition`

use crate::answers::offset;
use crate::convert;
use crate::workspace::View;
use tower_lsp::ls_types::{GotoDefinitionResponse, Location, Position};

pub(crate) fn definition(view: &View, position: Position) -> Option<GotoDefinitionResponse> {
    let (_, offset) = offset(view, position)?;
    let found = mandate_ide::goto_definition(&view.snapshot, &view.path, offset)?;
    let link = convert::link(view, found.origin, &found.place)?;
    Some(if view.settings.links {
        GotoDefinitionResponse::Link(vec![link])
    } else {
        GotoDefinitionResponse::Scalar(Location::new(link.target_uri, link.target_selection_range))
    })
}
