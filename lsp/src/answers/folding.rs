//! `textDocument/foldingRange`

use crate::text::Lines;
use crate::workspace::View;
use mandate_ide::FoldKind;
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind};

pub(crate) fn folding(view: &View) -> Option<Vec<FoldingRange>> {
    let text = view.snapshot.text(&view.path)?;
    let lines = Lines::new(&text);
    let found = mandate_ide::folding_ranges(&view.snapshot, &view.path);
    let folds = found.into_iter().map(|fold| {
        let range = lines.range(&text, fold.span, view.settings.encoding);
        FoldingRange {
            start_line: range.start.line,
            // Whole lines: every client can do that, and most do nothing else.
            start_character: None,
            end_line: range.end.line,
            end_character: None,
            kind: match fold.kind {
                FoldKind::Region => None,
                FoldKind::Comment => Some(FoldingRangeKind::Comment),
                FoldKind::Imports => Some(FoldingRangeKind::Imports),
            },
            collapsed_text: None,
        }
    });
    Some(folds.collect())
}
