//! For pull requests, tickets and messages.

use super::text::is_same;
use super::{aspect, declared, head, release, rule_name, summary, verdict};
use crate::differ::model::{Difference, Example, Refinement, RuleComparison, RuleDifference};
use mandate_render::safe::{clean, markdown as escape};
use std::io::{self, Write};

pub(super) fn difference(difference: &Difference, semver: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# What changes in meaning\n\n{}\n", escape(&head(difference)))?;
    writeln!(out, "{}", summary(&difference.rules, difference.equal, difference.declarations.len()))?;
    for of in &difference.rules {
        writeln!(out, "\n## {}\n\n**{}**", escape(&rule_name(of)), escape(&verdict(of)))?;
        body(of, out)?;
    }
    if !difference.declarations.is_empty() {
        writeln!(out, "\n## Other declarations\n")?;
    }
    for other in &difference.declarations {
        writeln!(out, "- **{}** {}", escape(&declared(other)), other.change.word())?;
        other.details.iter().try_for_each(|detail| writeln!(out, "  - {}", escape(detail)))?;
    }
    if semver {
        writeln!(out, "\n## The release\n")?;
        release(&difference.release).iter().try_for_each(|line| writeln!(out, "- {}", escape(line)))?;
    }
    Ok(())
}

/// A line of a block of code, which nothing ends before its time.
fn code(line: &str) -> String {
    clean(line).replace("```", "` ` `")
}

fn body(rule: &RuleDifference, out: &mut dyn Write) -> io::Result<()> {
    if let Some(side) = rule.new.as_ref().or(rule.old.as_ref()) {
        writeln!(out, "\n{}", escape(&format!("{}:{}", side.origin.file, side.origin.line)))?;
    }
    if !rule.wording.is_empty() {
        writeln!(out, "\nWritten otherwise: {}.", rule.wording.join(", "))?;
    }
    for of in &rule.aspects {
        writeln!(out, "\n{}:\n\n```diff", escape(&aspect(of)))?;
        of.old.iter().try_for_each(|line| writeln!(out, "- {}", code(line)))?;
        of.new.iter().try_for_each(|line| writeln!(out, "+ {}", code(line)))?;
        writeln!(out, "```")?;
    }
    rule.examples.iter().try_for_each(|of| example(of, out))?;
    rule.open.iter().try_for_each(|line| writeln!(out, "\nNot decided: {}.", escape(line)))
}

fn example(example: &Example, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}, for example:\n\n```text", escape(example.class.words()))?;
    example.story.iter().try_for_each(|line| writeln!(out, "{}", code(line)))?;
    writeln!(out, "```\n\n| before | now |\n|---|---|\n| {} | {} |", escape(&example.old), escape(&example.new))
}

pub(super) fn refinement(refinement: &Refinement, out: &mut dyn Write) -> io::Result<()> {
    let refined: Vec<String> = refinement.refines.iter().map(|e| format!("{} {}", e.name, e.version)).collect();
    writeln!(
        out,
        "# {}\n\n{} refines {}",
        escape(&refinement.title),
        escape(&refinement.mission),
        escape(&refined.join(", "))
    )?;
    writeln!(out, "\n| rule | in the mission | who answers |\n|---|---|---|")?;
    for rule in &refinement.rules {
        let by = rule.accepted.as_ref().map_or_else(
            || if rule.unaccepted { "**nobody**".to_owned() } else { String::new() },
            |accepted| escape(&format!("{} until {}", accepted.by, accepted.until)),
        );
        writeln!(out, "| {} | {} | {by} |", escape(&rule.rule), escape(&super::became(rule)))?;
    }
    refinement.rules.iter().filter(|rule| !is_same(rule)).try_for_each(|rule| compared(rule, out))
}

fn compared(of: &RuleComparison, out: &mut dyn Write) -> io::Result<()> {
    let title = of.difference.old.as_ref().map_or("", |side| side.title.as_str());
    let name = format!("{} \"{title}\"", of.rule);
    writeln!(out, "\n## {}\n\n**{}**", escape(&name), escape(&super::became(of)))?;
    super::answers(of).iter().try_for_each(|line| writeln!(out, "\n{}.", escape(line)))?;
    body(&of.difference, out)
}
