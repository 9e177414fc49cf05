//! `textDocument/linkedEditingRange`

use crate::answers::offset;
use crate::text::Lines;
use crate::workspace::View;
use tower_lsp::ls_types::{LinkedEditingRanges, Position};

/// What a name is made of, as editors match it.
const WORD: &str = "[A-Za-z_][A-Za-z0-9_]*";

pub(crate) fn linked_editing(view: &View, position: Position) -> Option<LinkedEditingRanges> {
    let (text, offset) = offset(view, position)?;
    let lines = Lines::new(&text);
    let spans = mandate_ide::linked_editing(&view.snapshot, &view.path, offset);
    let ranges: Vec<_> = spans.into_iter().map(|span| lines.range(&text, span, view.settings.encoding)).collect();
    (!ranges.is_empty()).then(|| LinkedEditingRanges { ranges, word_pattern: Some(WORD.to_owned()) })
}
