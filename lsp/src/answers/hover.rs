//! `textDocument/hover`

use crate::answers::offset;
use crate::text::Lines;
use crate::workspace::View;
use tower_lsp::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

pub(crate) fn hover(view: &View, position: Position) -> Option<Hover> {
    let (text, offset) = offset(view, position)?;
    let known = view.known.as_ref().map(|known| known.of(&view.path, &|path| view.snapshot.text(path)));
    let found = mandate_ide::hover_with(&view.snapshot, &view.path, offset, &known.unwrap_or_default())?;
    let kind = if view.settings.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind, value: found.markdown }),
        range: Some(Lines::new(&text).range(&text, found.span, view.settings.encoding)),
    })
}
