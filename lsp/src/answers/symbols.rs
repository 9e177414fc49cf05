//! `textDocument/documentSymbol`

use crate::convert;
use crate::workspace::View;
use tower_lsp::ls_types::DocumentSymbolResponse;

pub(crate) fn symbols(view: &View) -> Option<DocumentSymbolResponse> {
    let text = view.snapshot.text(&view.path)?;
    let found = mandate_ide::document_symbols(&view.snapshot, &view.path);
    let tree = convert::symbols(&text, &found, view.settings.encoding);
    Some(if view.settings.tree {
        DocumentSymbolResponse::Nested(tree)
    } else {
        DocumentSymbolResponse::Flat(convert::flat(&view.uri, tree, None))
    })
}
