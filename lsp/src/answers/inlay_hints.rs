//! `textDocument/inlayHint`

use crate::answers::markup;
use crate::text::Lines;
use crate::workspace::View;
use mandate_diagnostics::Span;
use mandate_ide::{HintKind, HintKinds};
use tower_lsp::ls_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintTooltip, Range, TextEdit};

pub(crate) fn inlay_hints(view: &View, range: Range) -> Option<Vec<InlayHint>> {
    let config = view.settings.config;
    let kinds = HintKinds {
        parameter_values: config.is_on("inlayHints.parameterValues"),
        types: config.is_on("inlayHints.types"),
        deadlines: config.is_on("inlayHints.deadlines"),
    };
    let text = view.snapshot.text(&view.path)?;
    let (lines, encoding) = (Lines::new(&text), view.settings.encoding);
    let byte = |position| lines.offset(&text, position, encoding) as u32;
    let asked = Span::new(byte(range.start), byte(range.end).max(byte(range.start)));
    let found = mandate_ide::inlay_hints(&view.snapshot, &view.path, asked, kinds);
    let hints = found.into_iter().map(|hint| InlayHint {
        position: lines.position(&text, hint.at as usize, encoding),
        kind: (hint.kind == HintKind::Type).then_some(InlayHintKind::TYPE),
        text_edits: hint.edit.map(|edit| vec![TextEdit::new(lines.range(&text, edit.span, encoding), edit.text)]),
        tooltip: (!hint.tooltip.is_empty())
            .then(|| InlayHintTooltip::MarkupContent(markup(view.settings.markdown, hint.tooltip))),
        // A type follows its name as it would be written; everything else stands apart.
        padding_left: Some(hint.kind != HintKind::Type),
        padding_right: None,
        label: InlayHintLabel::String(hint.label),
        data: None,
    });
    Some(hints.collect())
}
