//! Two documents compared, for people and programs.

use super::markdown::struck;
use super::{kind, name, summary, words};
use crate::impact::model::{Comparison, PassageChange};
use mandate_render::safe::{clean, markdown as escape};
use serde::Serialize;
use std::io::{self, Write};

/// How a comparison is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiffFormat {
    /// For people.
    Text,
    /// Everything, for programs.
    Json,
    /// For tickets and messages.
    Markdown,
}

/// Writes a comparison of two documents, `old` and `new` as people name them.
///
/// # Errors
/// What the stream gives.
pub fn write_diff(
    compared: &Comparison,
    (old, new): (&str, &str),
    format: DiffFormat,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let summary = summary(compared.same, &compared.changes);
    match format {
        DiffFormat::Text => {
            let strong = |text: &str| if color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
            writeln!(out, "{}\n{summary}", strong(&clean(&format!("{old} and {new}"))))?;
            compared.changes.iter().try_for_each(|change| {
                let head = format!("{} {}{}", kind(change), name(change), alike(change));
                writeln!(out, "\n{}\n  {}", strong(&clean(&head)), clean(&words(change)))
            })
        }
        DiffFormat::Markdown => {
            writeln!(out, "# {}\n\n{summary}", escape(&format!("{old} and {new}")))?;
            compared.changes.iter().try_for_each(|change| {
                let head = escape(&format!("{} {}{}", kind(change), name(change), alike(change)));
                writeln!(out, "\n## {head}\n\n> {}", struck(change))
            })
        }
        DiffFormat::Json => {
            #[derive(Serialize)]
            struct Versioned<'a> {
                version: u32,
                old: &'a str,
                new: &'a str,
                #[serde(flatten)]
                compared: &'a Comparison,
            }
            serde_json::to_writer_pretty(&mut *out, &Versioned { version: 1, old, new, compared })?;
            out.write_all(b"\n")
        }
    }
}

/// ` (91 % the same)`
fn alike(change: &PassageChange) -> String {
    change.similarity.map_or_else(String::new, |similarity| format!(" ({} % the same)", similarity / 10))
}
