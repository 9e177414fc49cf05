//! `textDocument/documentLink`

use crate::text::Lines;
use crate::workspace::View;
use mandate_ide::LinkTo;
use std::str::FromStr;
use tower_lsp::ls_types::{DocumentLink, Uri};

pub(crate) fn links(view: &View) -> Option<Vec<DocumentLink>> {
    let text = view.snapshot.text(&view.path)?;
    let lines = Lines::new(&text);
    let found = mandate_ide::document_links(&view.snapshot, &view.path).into_iter().filter_map(|link| {
        let target = match &link.to {
            LinkTo::Web(address) => Uri::from_str(address).ok()?,
            LinkTo::File(path, None) => view.places.uri(path)?,
            // Editors go to the line that stands behind the address.
            LinkTo::File(path, Some(line)) => {
                Uri::from_str(&format!("{}#L{line}", view.places.uri(path)?.as_str())).ok()?
            }
        };
        Some(DocumentLink {
            range: lines.range(&text, link.span, view.settings.encoding),
            target: Some(target),
            tooltip: None,
            data: None,
        })
    });
    Some(found.collect())
}
