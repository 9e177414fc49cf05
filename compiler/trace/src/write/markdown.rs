//! For tickets and messages.

use super::{Options, kind, listed, origin, place, share, through};
use crate::model::{PassageTrace, RuleTrace, State, Trace};
use mandate_render::safe::markdown as escape;
use std::io::{self, Write};

pub(super) fn write(trace: &Trace, options: Options, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Passages and the rules that carry them")?;
    for document in &trace.documents {
        writeln!(out, "\n## {}\n", escape(&document.title))?;
        writeln!(out, "{}, {}: {}", escape(&document.source), escape(&document.file), share(document))?;
        let passages = listed(document, options);
        if !passages.is_empty() {
            writeln!(out, "\n| passage | place | state | words | rules | scenarios |\n|---|---|---|---|---|---|")?;
        }
        passages.into_iter().try_for_each(|passage| row(passage, out))?;
        if options.lists_nameless() && !document.nameless.is_empty() {
            writeln!(out, "\nThese sound like norms and have no name by which a rule could cite them:\n")?;
            for block in &document.nameless {
                writeln!(out, "- {}: {}", place(block.page, block.line), escape(&block.text))?;
            }
        }
        if options.only.is_none() && !document.whole.is_empty() {
            let rules: Vec<String> = document.whole.iter().map(|rule| escape(&rule.name)).collect();
            writeln!(out, "\nCited as a whole by {}.", rules.join(", "))?;
        }
    }
    if options.lists_unsourced() && !trace.without_source.is_empty() {
        writeln!(out, "\n## Rules without a source\n")?;
        for rule in &trace.without_source {
            let said = format!("{} ({}, {}, {})", rule.title, rule.name, kind(rule), origin(&rule.origin));
            writeln!(out, "- {}", escape(&said))?;
        }
    }
    Ok(())
}

fn row(passage: &PassageTrace, out: &mut dyn Write) -> io::Result<()> {
    let state = match (passage.state, &passage.sounds) {
        (State::Open, Some(sounds)) => format!("**open**: {}", escape(sounds)),
        (State::NotARule, _) => escape(&format!("not a rule: {}", passage.reason.as_deref().unwrap_or_default())),
        (state, _) => state.word().to_owned(),
    };
    let rule = |rule: &RuleTrace| {
        let through = through(rule).map_or_else(String::new, |through| format!(" ({through})"));
        escape(&format!("{}{through}", rule.name))
    };
    let rules: Vec<String> = passage.rules.iter().map(rule).collect();
    let scenarios: Vec<String> = passage.scenarios.iter().map(|scenario| escape(&scenario.title)).collect();
    let words: Vec<String> = passage.text.lines().map(escape).collect();
    let place = place(passage.page, passage.line);
    let cells = [escape(&passage.name), place, state, words.join(" "), rules.join("; "), scenarios.join("; ")];
    writeln!(out, "| {} |", cells.join(" | "))
}
