//! `textDocument/formatting`, `/rangeFormatting` and `/onTypeFormatting`

use crate::convert;
use crate::text::Lines;
use crate::workspace::View;
use mandate_diagnostics::{Edit, Span};
use std::sync::Arc;
use tower_lsp::ls_types::{Position, Range, TextEdit};

pub(crate) fn formatting(view: View) -> Option<Vec<TextEdit>> {
    edits(view, |text, _| mandate_ide::formatting(text))
}

pub(crate) fn range(view: View, range: Range) -> Option<Vec<TextEdit>> {
    edits(view, |text, at| mandate_ide::range_formatting(text, Span::new(at(range.start), at(range.end))))
}

pub(crate) fn on_type(view: View, position: Position, typed: &str) -> Option<Vec<TextEdit>> {
    let typed = typed.chars().next()?;
    edits(view, |text, at| mandate_ide::on_type_formatting(text, at(position), typed).into_iter().collect())
}

/// What `wanted` wants changed in a module; it is given the text, and what finds the byte of a position.
fn edits(view: View, wanted: impl FnOnce(&str, &dyn Fn(Position) -> u32) -> Vec<Edit>) -> Option<Vec<TextEdit>> {
    if !mandate_ide::is_module(&view.snapshot, &view.path) {
        return None;
    }
    let text: Arc<str> = view.snapshot.text(&view.path)?;
    let encoding = view.settings.encoding;
    // Formatting asks the analysis nothing more, and an edit should not have to wait for it.
    drop(view.snapshot);
    let lines = Lines::new(&text);
    let found = wanted(&text, &|position| lines.offset(&text, position, encoding) as u32);
    Some(convert::text_edits(&text, found, encoding))
}
