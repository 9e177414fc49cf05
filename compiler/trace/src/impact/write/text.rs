//! For people at a terminal.

use super::{Places, kind, name, summary, words};
use crate::impact::model::{DocumentImpact, Impact, PassageChange};
use mandate_render::safe::clean;
use std::io::{self, Write};

pub(super) fn write(impact: &Impact, places: &Places<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    for (number, document) in impact.documents.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        of_document(document, places, color, out)?;
    }
    Ok(())
}

fn of_document(document: &DocumentImpact, places: &Places<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let strong = |text: &str| if color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
    let against = clean(&document.against);
    let head = format!("{} ({}), {} against {against}", document.title, document.source, document.file);
    writeln!(out, "{}\n{}", strong(&clean(&head)), summary(document.same, &document.changes))?;
    for endorsed in &document.endorsed {
        let by = endorsed.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        let from = endorsed.from.as_ref().map_or_else(String::new, |from| format!(" from {from}"));
        writeln!(out, "endorsed in {}{}", endorsed.package, clean(&format!("{by}{from}")))?;
    }
    let (touching, other): (Vec<_>, Vec<_>) = document.changes.iter().partition(|change| change.depends());
    touching.into_iter().try_for_each(|change| with_dependents(change, places, &strong, out))?;
    if !other.is_empty() {
        writeln!(out, "\nno rule depends on")?;
    }
    for change in other {
        let sounds =
            change.sounds.as_ref().map_or_else(String::new, |sounds| format!(" (sounds like a norm: {sounds})"));
        writeln!(out, "  {} {}: {}{sounds}", kind(change), clean(&name(change)), clean(&words(change)))?;
    }
    Ok(())
}

fn with_dependents(
    change: &PassageChange,
    places: &Places<'_>,
    strong: &dyn Fn(&str) -> String,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "\n{} {}", strong(&kind(change)), clean(&name(change)))?;
    writeln!(out, "  {}", clean(&words(change)))?;
    if let Some(sounds) = &change.sounds {
        writeln!(out, "  sounds like a norm: {sounds}")?;
    }
    for rule in &change.rules {
        let through = if rule.direct { String::new() } else { format!(" (through {})", rule.cites) };
        let said = format!("{}  {}{through}, {}", rule.name, rule.title, places.place(&rule.origin));
        writeln!(out, "  rule {}", clean(&said))?;
        if !rule.parameters.is_empty() {
            writeln!(out, "    reads {}", rule.parameters.join(", "))?;
        }
        rule.scenarios.iter().try_for_each(|test| writeln!(out, "    tested by \"{}\"", clean(&test.title)))?;
    }
    for note in &change.notes {
        let said = format!("\"{}\", {}", note.reason, places.place(&note.origin));
        writeln!(out, "  no rule because {}", clean(&said))?;
    }
    for package in &change.packages {
        writeln!(out, "  package {} in {}", package.package, clean(&package.directory))?;
        for rule in &package.rules {
            let said = format!("{} {} {}, {}", rule.name, rule.relation.word(), rule.of, places.place(&rule.origin));
            writeln!(out, "    {}", clean(&said))?;
        }
        package.scenarios.iter().try_for_each(|test| writeln!(out, "    tests it in \"{}\"", clean(&test.title)))?;
    }
    Ok(())
}
