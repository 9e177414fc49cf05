//! `textDocument/hover` in a passage file, which rules of every project may cite.

use crate::answers::everywhere::{Ranges, here};
use crate::workspace::Overview;
use mandate_semantics::Snapshot;
use tower_lsp::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind, TextDocumentPositionParams};

pub(crate) fn hover(all: &Overview, at: &TextDocumentPositionParams) -> Option<Hover> {
    let here = here(all, &at.text_document.uri)?;
    let mut projects: Vec<&Snapshot> = vec![&here.project.snapshot];
    let others = all.projects.iter().filter(|project| project.home != here.project.home);
    projects.extend(others.map(|project| &project.snapshot));
    let found = mandate_ide::document_hover(&projects, &here.path, here.offset(all, at.position))?;
    let kind = if all.settings.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind, value: found.markdown }),
        range: Ranges::new(all).range(&here.path, found.span),
    })
}
