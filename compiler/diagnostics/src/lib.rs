//! One neutral model of a diagnostic, and the one catalogue of codes with their explanation pages.
//!
//! Every layer reports in these types; `mandate-render` turns them into text for people and JSON for tools, the
//! language server into protocol messages. Nothing here knows a parser, a database or an output format.

mod catalogue;
mod place;
pub mod sarif;
mod spelling;

pub use catalogue::{CATALOGUE, Code, codes, lookup};
pub use place::{LineColumn, LineIndex, Span};
pub use spelling::did_you_mean;

use serde::Serialize;
use std::sync::Arc;

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The input has no meaning until this is mended; no pack is written.
    Error,
    /// The input has a meaning, but probably not the one intended.
    Warning,
    /// Worth knowing; nothing to mend.
    Note,
}

/// A span of a file with what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Label {
    /// The file, or `None` for the file the diagnostic belongs to.
    pub file: Option<Arc<str>>,
    /// Bytes of that file.
    pub span: Span,
    /// Said beside the span; may be empty on a primary label.
    pub message: String,
}

/// Replacement of one span of the diagnostic's own file by a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Edit {
    /// Bytes to replace; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A certain mend: applying all edits removes the diagnostic and changes nothing else the author meant.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Fix {
    /// Said in the editor's menu: "Replace by `when`".
    pub title: String,
    /// Edits that do not overlap.
    pub edits: Vec<Edit>,
}

/// Something to be said about a place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// Stable code with its explanation page.
    pub code: &'static Code,
    /// Severity, the code's own unless raised or lowered by the reporter.
    pub severity: Severity,
    /// One sentence: what is wrong, in the author's words.
    pub message: String,
    /// Where; `primary.file` is `None` for the file the diagnostic belongs to.
    pub primary: Label,
    /// Other places involved.
    pub related: Vec<Label>,
    /// What explains it, a paragraph each, perhaps of several lines: a situation in which it shows, words that are quoted.
    pub notes: Vec<String>,
    /// Ways out, one sentence each.
    pub help: Vec<String>,
    /// Mends that can be applied as they are.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A diagnostic of `code` at `span`, with the code's severity.
    pub fn new(code: &'static Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            primary: Label { file: None, span, message: String::new() },
            related: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Says something beside the primary span.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.primary.message = message.into();
        self
    }

    /// Adds another place of the same file.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Label { file: None, span, message: message.into() });
        self
    }

    /// Adds a paragraph that explains it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a mend that replaces one span.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// Moves every span of the diagnostic's own file by `offset` bytes (a declaration's place in its file).
    #[must_use]
    pub fn shifted(mut self, offset: u32) -> Self {
        let labels = std::iter::once(&mut self.primary).chain(&mut self.related);
        let own = labels.filter(|label| label.file.is_none()).map(|label| &mut label.span);
        let edits = self.fixes.iter_mut().flat_map(|fix| &mut fix.edits).map(|edit| &mut edit.span);
        for span in own.chain(edits) {
            *span = span.shifted(offset);
        }
        self
    }
}
