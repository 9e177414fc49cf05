//! `textDocument/selectionRange`

use crate::text::Lines;
use crate::workspace::View;
use tower_lsp::ls_types::{Position, SelectionRange};

/// One answer for each position, in their order.
pub(crate) fn selection(view: &View, positions: &[Position]) -> Option<Vec<SelectionRange>> {
    let text = view.snapshot.text(&view.path)?;
    let lines = Lines::new(&text);
    let of = |position: &Position| {
        let offset = lines.offset(&text, *position, view.settings.encoding) as u32;
        let spans = mandate_ide::selection_range(&view.snapshot, &view.path, offset)?;
        let outward = spans.into_iter().rev().map(|span| lines.range(&text, span, view.settings.encoding));
        outward.fold(None, |parent, range| Some(SelectionRange { range, parent: parent.map(Box::new) }))
    };
    positions.iter().map(of).collect()
}
