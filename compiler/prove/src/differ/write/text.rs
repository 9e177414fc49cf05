//! For people at a terminal.

use super::{aspect, declared, head, release, rule_name, summary, verdict};
use crate::differ::model::{Difference, Example, Refinement, RuleComparison, RuleDifference, Verdict};
use mandate_render::safe::clean;
use std::io::{self, Write};

/// Colours of a terminal, or none.
struct Paint(bool);

impl Paint {
    fn with(&self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn strong(&self, text: &str) -> String {
        self.with("1", text)
    }

    fn gone(&self, text: &str) -> String {
        self.with("31", text)
    }

    fn come(&self, text: &str) -> String {
        self.with("32", text)
    }
}

pub(super) fn difference(difference: &Difference, semver: bool, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint(color);
    writeln!(out, "{}", paint.strong(&clean(&head(difference))))?;
    for of in &difference.rules {
        writeln!(out)?;
        rule(of, &paint, out)?;
    }
    if !difference.declarations.is_empty() {
        writeln!(out)?;
    }
    for other in &difference.declarations {
        writeln!(out, "{} {}", paint.strong(&clean(&declared(other))), other.change.word())?;
        other.details.iter().try_for_each(|detail| writeln!(out, "  {}", clean(detail)))?;
    }
    writeln!(out, "\n{}", summary(&difference.rules, difference.equal, difference.declarations.len()))?;
    if semver {
        release(&difference.release).iter().try_for_each(|line| writeln!(out, "{}", clean(line)))?;
    }
    Ok(())
}

fn rule(rule: &RuleDifference, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "rule {}: {}", paint.strong(&clean(&rule_name(rule))), verdict(rule))?;
    body(rule, paint, out)
}

fn body(rule: &RuleDifference, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    if let Some(side) = rule.new.as_ref().or(rule.old.as_ref()) {
        writeln!(out, "  {}:{}", clean(&side.origin.file), side.origin.line)?;
    }
    if !rule.wording.is_empty() {
        writeln!(out, "  written otherwise: {}", rule.wording.join(", "))?;
    }
    for of in &rule.aspects {
        writeln!(out, "  {}", aspect(of))?;
        of.old.iter().try_for_each(|line| writeln!(out, "    {}", paint.gone(&clean(&format!("- {line}")))))?;
        of.new.iter().try_for_each(|line| writeln!(out, "    {}", paint.come(&clean(&format!("+ {line}")))))?;
    }
    rule.examples.iter().try_for_each(|of| example(of, out))?;
    rule.open.iter().try_for_each(|line| writeln!(out, "  not decided: {}", clean(line)))
}

fn example(example: &Example, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "  {}, for example:", example.class.words())?;
    example.story.iter().try_for_each(|line| writeln!(out, "    {}", clean(line)))?;
    writeln!(out, "    before: {}", clean(&example.old))?;
    writeln!(out, "    now:    {}", clean(&example.new))
}

pub(super) fn refinement(refinement: &Refinement, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint(color);
    let refined: Vec<String> = refinement.refines.iter().map(|e| format!("{} {}", e.name, e.version)).collect();
    let title = format!("{} \"{}\" refines {}", refinement.mission, refinement.title, refined.join(", "));
    writeln!(out, "{}", paint.strong(&clean(&title)))?;
    for rule in refinement.rules.iter().filter(|rule| !is_same(rule)) {
        writeln!(out)?;
        compared(rule, &paint, out)?;
    }
    let counts: Vec<String> = refinement.counts.iter().map(|(word, n)| format!("{n} {word}")).collect();
    writeln!(out, "\n{} of the refined packages: {}", rules(refinement.rules.len()), counts.join(", "))?;
    let open = refinement.rules.iter().filter(|rule| rule.unaccepted).count();
    if open > 0 {
        writeln!(out, "{} weaker, and nobody answers for it", rules(open))?;
    }
    Ok(())
}

fn rules(n: usize) -> String {
    format!("{n} rule{}", if n == 1 { "" } else { "s" })
}

/// Whether there is nothing to say of a rule but that it holds as it was.
pub(super) fn is_same(rule: &RuleComparison) -> bool {
    rule.difference.verdict == Verdict::Same && rule.replaced_by.is_none() && rule.accepted.is_none()
}

fn compared(of: &RuleComparison, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let title = of.difference.old.as_ref().map_or("", |side| side.title.as_str());
    let name = format!("{} \"{title}\"", of.rule);
    writeln!(out, "rule {}: {}", paint.strong(&clean(&name)), super::became(of))?;
    for line in super::answers(of) {
        writeln!(out, "  {}", clean(&line))?;
    }
    body(&of.difference, paint, out)
}
