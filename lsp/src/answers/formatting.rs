//! `textDocument/formatting`

use crate::convert;
use crate::workspace::View;
use tower_lsp::ls_types::TextEdit;

pub(crate) fn formatting(view: View) -> Option<Vec<TextEdit>> {
    if !mandate_ide::is_module(&view.snapshot, &view.path) {
        return None;
    }
    let text = view.snapshot.text(&view.path)?;
    // Formatting asks the analysis nothing more, and an edit should not have to wait for it.
    drop(view.snapshot);
    Some(convert::text_edits(&text, mandate_ide::formatting(&text), view.settings.encoding))
}
