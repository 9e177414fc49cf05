//! For tickets and messages.

use super::{Places, kind, name, summary};
use crate::impact::model::{Impact, PassageChange};
use mandate_documents::Piece;
use mandate_render::safe::markdown as escape;
use std::io::{self, Write};

pub(super) fn write(impact: &Impact, places: &Places<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# What depends on passages that changed")?;
    for document in &impact.documents {
        let head = format!("{}, {} against {}: ", document.source, document.file, document.against);
        writeln!(
            out,
            "\n## {}\n\n{}{}",
            escape(&document.title),
            escape(&head),
            summary(document.same, &document.changes)
        )?;
        for endorsed in &document.endorsed {
            let by = endorsed.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
            writeln!(out, "\nEndorsed in {}.", escape(&format!("{}{by}", endorsed.package)))?;
        }
        let (touching, other): (Vec<_>, Vec<_>) = document.changes.iter().partition(|change| change.depends());
        touching.into_iter().try_for_each(|change| with_dependents(change, places, out))?;
        if !other.is_empty() {
            writeln!(out, "\n### No rule depends on\n")?;
        }
        for change in other {
            writeln!(out, "- {} {}: {}", kind(change), escape(&name(change)), struck(change))?;
        }
    }
    Ok(())
}

fn with_dependents(change: &PassageChange, places: &Places<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n### {} {}\n\n> {}\n", kind(change), escape(&name(change)), struck(change))?;
    for rule in &change.rules {
        let through = if rule.direct { String::new() } else { format!(" (through {})", rule.cites) };
        let said = format!("{} ({}){through}, {}", rule.title, rule.name, places.place(&rule.origin));
        writeln!(out, "- rule {}", escape(&said))?;
        if !rule.parameters.is_empty() {
            writeln!(out, "  - reads {}", escape(&rule.parameters.join(", ")))?;
        }
        rule.scenarios.iter().try_for_each(|test| writeln!(out, "  - tested by {}", escape(&test.title)))?;
    }
    for note in &change.notes {
        writeln!(out, "- no rule because {}", escape(&format!("{}, {}", note.reason, places.place(&note.origin))))?;
    }
    for package in &change.packages {
        writeln!(out, "- package {}", escape(&format!("{} in {}", package.package, package.directory)))?;
        for rule in &package.rules {
            let said = format!("{} {} {}, {}", rule.name, rule.relation.word(), rule.of, places.place(&rule.origin));
            writeln!(out, "  - {}", escape(&said))?;
        }
        package.scenarios.iter().try_for_each(|test| writeln!(out, "  - tests it in {}", escape(&test.title)))?;
    }
    Ok(())
}

/// The words, with what went struck out and what came in bold.
pub(super) fn struck(change: &PassageChange) -> String {
    if !change.difference.is_empty() {
        let pieces = change.difference.iter().map(|piece| match piece {
            Piece::Same(words) => escape(words),
            Piece::Removed(words) => format!("~~{}~~", escape(words)),
            Piece::Added(words) => format!("**{}**", escape(words)),
        });
        return pieces.collect::<Vec<_>>().join(" ");
    }
    escape(&super::words(change))
}
