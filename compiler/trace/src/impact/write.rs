//! Writing an impact: for people, for programs, for code review.

mod diff;
mod markdown;
mod sarif;
mod text;

pub use diff::{DiffFormat, write_diff};

use super::model::{Impact, PassageChange, PassageChangeKind, Side};
use mandate_documents::{Difference, Piece};
use mandate_pack::Origin;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// How an impact is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImpactFormat {
    /// For people.
    Text,
    /// Everything, for programs.
    Json,
    /// SARIF 2.1.0: a result for each rule that depends on a change.
    Sarif,
    /// For tickets and messages.
    Markdown,
}

/// Writes an impact. `directories`: of packages, by name, as people name them; a file of another package is named below its package.
///
/// # Errors
/// What the stream gives.
pub fn write_impact(
    impact: &Impact,
    format: ImpactFormat,
    color: bool,
    directories: &BTreeMap<String, String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let places = Places(directories);
    match format {
        ImpactFormat::Text => text::write(impact, &places, color, out),
        ImpactFormat::Markdown => markdown::write(impact, &places, out),
        ImpactFormat::Sarif => sarif::write(impact, &places, out),
        ImpactFormat::Json => {
            #[derive(Serialize)]
            struct Versioned<'a> {
                version: u32,
                #[serde(flatten)]
                impact: &'a Impact,
            }
            serde_json::to_writer_pretty(&mut *out, &Versioned { version: 1, impact })?;
            out.write_all(b"\n")
        }
    }
}

/// Where the files of packages are.
struct Places<'d>(&'d BTreeMap<String, String>);

impl Places<'_> {
    /// The file of an origin, where its package is known.
    fn file(&self, origin: &Origin) -> Option<String> {
        let (package, file) = origin.file.split_once(':')?;
        self.below(package, file)
    }

    fn below(&self, package: &str, file: &str) -> Option<String> {
        let directory = self.0.get(package)?.trim_end_matches(['/', '\\']);
        Some(if matches!(directory, "" | ".") { file.to_owned() } else { format!("{directory}/{file}") })
    }

    /// The file and line of an origin, as people name them.
    fn place(&self, origin: &Origin) -> String {
        format!("{}:{}", self.file(origin).unwrap_or_else(|| origin.file.clone()), origin.line)
    }
}

/// `art_2.1, now art_3.1`
fn name(change: &PassageChange) -> String {
    let name = |side: &Option<Side>| side.as_ref().and_then(|side| side.name.clone());
    match (name(&change.old), name(&change.new)) {
        (Some(old), Some(new)) if old != new => format!("{old}, now {new}"),
        (Some(name), _) | (None, Some(name)) => name,
        (None, None) => {
            let side = change.new.as_ref().or(change.old.as_ref());
            side.and_then(|side| side.line).map_or_else(String::new, |line| format!("line {line}"))
        }
    }
}

/// `reworded and moved`
fn kind(change: &PassageChange) -> String {
    let and = if change.change == PassageChangeKind::Reworded && change.moved { " and moved" } else { "" };
    format!("{}{and}", change.change.word())
}

/// What differs, or the words that came, went or stand elsewhere, on one line.
fn words(change: &PassageChange) -> String {
    if change.difference.iter().any(|piece| !matches!(piece, Piece::Same(_))) {
        return Difference { pieces: change.difference.clone() }.line(5);
    }
    let side = change.new.as_ref().or(change.old.as_ref());
    side.map(|side| side.text.replace('\n', " ")).unwrap_or_default()
}

/// `3 reworded, 1 added`, in the order of the kinds.
fn counts(changes: &[PassageChange]) -> String {
    let mut counts: BTreeMap<PassageChangeKind, usize> = BTreeMap::new();
    changes.iter().for_each(|change| *counts.entry(change.change).or_default() += 1);
    let all: Vec<String> = counts.into_iter().map(|(kind, n)| format!("{n} {}", kind.word())).collect();
    if all.is_empty() { "nothing changed".to_owned() } else { all.join(", ") }
}

/// `5 passages read as before; 3 reworded, 1 added`
fn summary(same: usize, changes: &[PassageChange]) -> String {
    let s = if same == 1 { "" } else { "s" };
    let same = if same == 0 { String::new() } else { format!("{same} passage{s} read as before; ") };
    format!("{same}{}", counts(changes))
}
