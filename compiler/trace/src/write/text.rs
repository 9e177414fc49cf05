//! For people at a terminal.

use super::{Options, kind, listed, origin, place, share, through};
use crate::model::{DocumentTrace, PassageTrace, State, Trace};
use mandate_render::safe::clean;
use std::io::{self, Write};

pub(super) fn write(trace: &Trace, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let strong = |text: &str| if options.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() };
    for (number, document) in trace.documents.iter().enumerate() {
        if number > 0 {
            writeln!(out)?;
        }
        let head = format!("{} ({}), {}", clean(&document.title), document.source, clean(&document.file));
        writeln!(out, "{}\n{}", strong(&head), share(document))?;
        passages(document, options, out)?;
        nameless(document, options, out)?;
        if options.only.is_none() && !document.whole.is_empty() {
            writeln!(out, "\n  cited as a whole")?;
            document.whole.iter().try_for_each(|rule| writeln!(out, "    {}  {}", rule.name, clean(&rule.title)))?;
        }
    }
    if options.lists_unsourced() && !trace.without_source.is_empty() {
        writeln!(out, "\n{}", strong("Rules without a source"))?;
        for rule in &trace.without_source {
            writeln!(
                out,
                "  {}  {} ({}, {})",
                rule.name,
                clean(&rule.title),
                kind(rule),
                clean(&origin(&rule.origin))
            )?;
        }
    }
    Ok(())
}

fn passages(document: &DocumentTrace, options: Options, out: &mut dyn Write) -> io::Result<()> {
    let mut open = None;
    for passage in listed(document, options) {
        // What is open stands first, under a heading of its own.
        let is_open = passage.state == State::Open;
        if open != Some(is_open) {
            open = Some(is_open);
            writeln!(out, "\n  {}", if is_open { "open" } else { "passages" })?;
        }
        one(passage, out)?;
    }
    Ok(())
}

fn one(passage: &PassageTrace, out: &mut dyn Write) -> io::Result<()> {
    let state = match (passage.state, &passage.sounds) {
        (State::Rule | State::Open, _) => None,
        (state, _) => Some(state.word()),
    };
    let state = state.map_or_else(String::new, |state| format!("  {state}"));
    writeln!(out, "    {}  {}{state}", clean(&passage.name), place(passage.page, passage.line))?;
    if let Some(reason) = passage.reason.as_ref().filter(|_| passage.state == State::NotARule) {
        writeln!(out, "      because {}", clean(reason))?;
    }
    if passage.state == State::Open {
        let sounds = passage.sounds.as_deref().unwrap_or_default();
        passage.text.lines().try_for_each(|line| writeln!(out, "      {}", clean(line)))?;
        writeln!(out, "      sounds like a norm: {sounds}")?;
    }
    for rule in &passage.rules {
        let through = through(rule).map_or_else(String::new, |through| format!(" ({})", clean(&through)));
        writeln!(out, "      {}  {}{through}", rule.name, clean(&rule.title))?;
        rule.scenarios.iter().try_for_each(|scenario| writeln!(out, "        tested by \"{}\"", clean(scenario)))?;
        if rule.scenarios.is_empty() {
            writeln!(out, "        no scenario of this package tests it")?;
        }
    }
    Ok(())
}

fn nameless(document: &DocumentTrace, options: Options, out: &mut dyn Write) -> io::Result<()> {
    if document.nameless.is_empty() || !options.lists_nameless() {
        return Ok(());
    }
    writeln!(out, "\n  sounds like a norm and has no name by which a rule could cite it")?;
    for block in &document.nameless {
        writeln!(out, "    {}: {}", place(block.page, block.line), clean(&block.text))?;
    }
    Ok(())
}
