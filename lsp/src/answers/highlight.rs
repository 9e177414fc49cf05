//! `textDocument/documentHighlight`

use crate::answers::offset;
use crate::text::Lines;
use crate::workspace::View;
use mandate_ide::Access;
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightKind, Position};

pub(crate) fn highlight(view: &View, position: Position) -> Option<Vec<DocumentHighlight>> {
    let (text, offset) = offset(view, position)?;
    let lines = Lines::new(&text);
    let found = mandate_ide::document_highlight(&view.snapshot, &view.path, offset);
    let shown = found.into_iter().map(|(span, access)| DocumentHighlight {
        range: lines.range(&text, span, view.settings.encoding),
        kind: Some(match access {
            Access::Write => DocumentHighlightKind::WRITE,
            Access::Read => DocumentHighlightKind::READ,
        }),
    });
    Some(shown.collect())
}
