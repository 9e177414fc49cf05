//! `mandate source diff`

use super::document::{How, Original};
use crate::ending::{Ending, Outcome, Stopped};
use crate::output::Output;
use clap::{Args, ValueEnum};
use mandate_documents::Document;
use mandate_import::{Origin, import};
use mandate_trace::impact::{DiffFormat, compare, write_diff};

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The document before, of any form that can be imported
    pub old: String,
    /// The document now; `-` for standard input
    pub new: String,
    /// How to write what differs
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// How to write a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// Everything, for programs
    Json,
    /// For tickets and messages
    Markdown,
}

impl From<Format> for DiffFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Text => Self::Text,
            Format::Json => Self::Json,
            Format::Markdown => Self::Markdown,
        }
    }
}

pub(crate) fn run(arguments: &Diff, out: &mut Output) -> Ending {
    if arguments.old == "-" && arguments.new == "-" {
        return Err(Stopped::new("standard input holds one document, not two").help("name a file for the other"));
    }
    let old = document(&arguments.old, None)?;
    let new = document(&arguments.new, Some(&old))?;
    let compared = compare(&old, &new);
    let color = out.colored();
    out.streamed(&|to| write_diff(&compared, (&arguments.old, &arguments.new), arguments.format.into(), color, to))?;
    Ok(if compared.changes.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

/// A document of any form from a file, or from standard input for `-`. One that is no passage file gets the names that an import over an earlier one
/// would give it.
pub(crate) fn document(path: &str, earlier: Option<&Document>) -> Result<Document, Stopped> {
    let original = Original::open(path)?;
    if let Ok(text) = std::str::from_utf8(&original.bytes) {
        let document = Document::read(text);
        let named = document.blocks.iter().filter(|block| block.name.is_some()).count();
        // Where most blocks have a name, the file is one already.
        if named > 0 && named * 2 >= document.blocks.len() {
            return Ok(document);
        }
    }
    let reading = original.read(&How { format: None, encoding: None })?;
    let origin = Origin { bytes: &original.bytes, file: original.file(), title: None };
    Ok(Document::read(&import(reading, origin, earlier).text))
}
