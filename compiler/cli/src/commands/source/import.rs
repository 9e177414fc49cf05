//! `mandate source import`

use crate::ending::{Ending, Outcome, Stopped};
use crate::files;
use crate::output::Output;
use clap::Args;
use mandate_documents::{Document, write};

/// Largest document that is read, in bytes.
const MAX_DOCUMENT: u64 = 32_000_000;

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The document, in Markdown; `-` for standard input
    pub file: String,
    /// Write the passage file to standard output, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

pub(crate) fn run(arguments: &Import, out: &mut Output) -> Ending {
    let bytes = files::read(&arguments.file, MAX_DOCUMENT)?;
    let text = String::from_utf8(bytes).map_err(|_| Stopped::new(format!("`{}` is no UTF-8 text", arguments.file)))?;
    let document = Document::read(&text);
    if !arguments.dry_run {
        return Err(Stopped::new("so far a document can only be shown").help("add `--dry-run`"));
    }
    out.result(&write(&document.front, &document.blocks))?;
    Ok(Outcome::Clean)
}
