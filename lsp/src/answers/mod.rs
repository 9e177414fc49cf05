//! One file for each feature: asks `mandate_ide` and says the answer in the protocol's words. Runs on the answering threads.

pub(crate) mod call_hierarchy;
pub(crate) mod code_action;
pub(crate) mod code_lens;
pub(crate) mod completion;
pub(crate) mod definition;
pub(crate) mod diagnostics;
pub(crate) mod document_hover;
pub(crate) mod edits;
pub(crate) mod everywhere;
pub(crate) mod folding;
pub(crate) mod formatting;
pub(crate) mod highlight;
pub(crate) mod hover;
pub(crate) mod implementation;
pub(crate) mod inlay_hints;
pub(crate) mod linked_editing;
pub(crate) mod links;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod rename_files;
pub(crate) mod review;
pub(crate) mod rule_graph;
pub(crate) mod scenarios;
pub(crate) mod selection;
pub(crate) mod semantic_tokens;
pub(crate) mod signature_help;
pub(crate) mod symbols;
pub(crate) mod why;
pub(crate) mod workspace_symbols;

use crate::text::Lines;
use crate::workspace::View;
use std::sync::Arc;
use tower_lsp::ls_types::{Documentation, MarkupContent, MarkupKind, Position};

/// The text of the file that was asked about, and the byte at a position of it.
pub(crate) fn offset(view: &View, position: Position) -> Option<(Arc<str>, u32)> {
    let text = view.snapshot.text(&view.path)?;
    let offset = Lines::new(&text).offset(&text, position, view.settings.encoding);
    Some((text, offset as u32))
}

/// What stands beside a name that is offered: as Markdown if the client can show that.
pub(crate) fn documentation(markdown: bool, value: String) -> Documentation {
    match markdown {
        true => Documentation::MarkupContent(markup(true, value)),
        // A client that names no format takes plain words.
        false => Documentation::String(value),
    }
}

/// A page for the client: as Markdown if it can show that.
pub(crate) fn markup(markdown: bool, value: String) -> MarkupContent {
    MarkupContent { kind: if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText }, value }
}
