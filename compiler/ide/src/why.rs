//! Why a scenario comes out as it does: the rule, its records, each clause with its value, as a tree.

use crate::scenarios::{ScenarioPlace, scenarios_of};
use mandate_assess::{Finding, Outcome, Status, Step, StepKind, Trial};
use mandate_diagnostics::{LineIndex, Span};
use mandate_pack::{Pack, short};
use mandate_semantics::{Atlas, Declaration, Part, Place, Snapshot};
use std::sync::Arc;

/// What became of a line of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds, it was kept.
    True,
    /// It does not hold, it was broken.
    False,
    /// The data does not say.
    Unknown,
    /// It is nothing that could hold: a record, a heading.
    None,
}

impl Truth {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "unknown",
            Truth::None => "none",
        }
    }

    fn of(holds: Option<bool>) -> Truth {
        match holds {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        }
    }

    fn of_status(status: Status) -> Truth {
        match status {
            Status::Is(Outcome::Satisfied) => Truth::True,
            Status::Is(Outcome::Violated) => Truth::False,
            Status::Undetermined => Truth::Unknown,
            Status::Is(_) => Truth::None,
        }
    }
}

/// A line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// What it is: `when i.grave`.
    pub label: String,
    /// What became of it, in words.
    pub detail: Option<String>,
    /// What became of it.
    pub outcome: Truth,
    /// Where it stands.
    pub place: Option<Place>,
    /// What it rests on.
    pub children: Vec<Why>,
}

impl Why {
    fn new(label: impl Into<String>) -> Why {
        Why { label: label.into(), detail: None, outcome: Truth::None, place: None, children: Vec::new() }
    }

    fn detail(mut self, detail: impl Into<String>) -> Why {
        let detail = detail.into();
        self.detail = (!detail.is_empty()).then_some(detail);
        self
    }

    fn outcome(mut self, outcome: Truth) -> Why {
        self.outcome = outcome;
        self
    }

    fn at(mut self, place: Option<Place>) -> Why {
        self.place = place;
        self
    }
}

/// An expectation that is asked about, without the snapshot.
#[derive(Debug)]
pub struct WhyAsked {
    pack: Pack,
    atlas: Atlas,
    scenario: ScenarioPlace,
    /// Which of its expectations.
    number: usize,
}

/// The instances of a rule that are told; the rest is a number.
const TOLD: usize = 20;

// Feature: Why
//
// On an `expect` line of a scenario: a tree with the rule, the records it is about, and each clause with its value and the fields it
// read. Values of sensitive fields are not shown.
/// Takes the expectation at a byte out of a snapshot; `None` where none is written, and while its package has errors.
pub fn why(snapshot: &Snapshot, path: &str, offset: u32) -> Option<WhyAsked> {
    let (scenario, number) = scenarios_of(snapshot, path).into_iter().find_map(|scenario| {
        let number = expectation_at(snapshot, &scenario, offset)?;
        Some((scenario, number))
    })?;
    let pack = snapshot.pack(&scenario.package).ok()?;
    let atlas = snapshot.atlas(&scenario.package);
    Some(WhyAsked { pack, atlas, scenario, number })
}

/// The expectation on whose line a byte stands.
fn expectation_at(snapshot: &Snapshot, scenario: &ScenarioPlace, offset: u32) -> Option<usize> {
    if !scenario.span.touches(offset) {
        return None;
    }
    let text = snapshot.text(&scenario.path)?;
    let index = LineIndex::new(&text);
    let line = index.line(offset);
    let on_it = |span: &Span| (index.line(span.start)..=index.line(span.end)).contains(&line);
    scenario.expects.iter().position(on_it)
}

impl WhyAsked {
    /// The text of a file that the answer names.
    pub fn text(&self, path: &str) -> Option<Arc<str>> {
        self.atlas.text(path).cloned()
    }

    /// The expectation as written, and why it comes out as it does; `None` if the pack has it no more.
    pub fn answer(&self) -> Option<(String, Why)> {
        let known = self.pack.scenarios.iter().find(|known| known.title == self.scenario.title)?;
        let expected = known.expect.get(self.number)?;
        let rule = &*expected.rule;
        let title = self.pack.rules.get(rule).map(|rule| rule.title.clone()).unwrap_or_default();
        let label = if title.is_empty() { short(rule).to_owned() } else { format!("{}: {title}", short(rule)) };
        let head = Why::new(label).at(self.part(rule, Part::Name));
        let tree = match Trial::new(&self.pack, known).findings(&self.pack, self.number) {
            Err(faults) => head.detail(faults.join("; ")),
            Ok(found) => self.tree(rule, head, &found),
        };
        Some((expected.text.clone(), tree))
    }

    fn tree(&self, rule: &str, head: Why, found: &[Finding]) -> Why {
        match found {
            [] => head.detail("no record that it speaks of is given"),
            [one] => {
                let mut head = head.detail(said(one)).outcome(Truth::of_status(one.status));
                head.children = self.instance(rule, one);
                head
            }
            several => {
                let mut head = head.detail(format!("{} instances", several.len()));
                head.children = several.iter().take(TOLD).map(|one| self.named_instance(rule, one)).collect();
                let more = several.len().saturating_sub(TOLD);
                head.children.extend((more > 0).then(|| Why::new(format!("and {more} more"))));
                head
            }
        }
    }

    fn named_instance(&self, rule: &str, finding: &Finding) -> Why {
        let ids: Vec<&str> = finding.subject.iter().map(|subject| subject.id.as_str()).collect();
        let round = finding.round.as_ref().map(|round| format!(", round {}", round.number)).unwrap_or_default();
        let mut why = Why::new(format!("{}{round}", ids.join(", ")))
            .detail(said(finding))
            .outcome(Truth::of_status(finding.status))
            .at(finding.subject.first().and_then(|subject| self.given(subject.line)));
        why.children = self.instance(rule, finding);
        why
    }

    /// What an instance rests on: its records, its clauses, what was done, and what others make of it.
    fn instance(&self, rule: &str, finding: &Finding) -> Vec<Why> {
        let mut lines: Vec<Why> = finding
            .subject
            .iter()
            .map(|subject| {
                let label = format!("{}: {}", subject.var, subject.id);
                Why::new(label).detail(subject.ty.clone().unwrap_or_default()).at(self.given(subject.line))
            })
            .collect();
        lines.extend(self.clauses(rule, &finding.why));
        lines.push(self.norm(rule, finding));
        for (number, level) in finding.levels.iter().enumerate() {
            let due = level.due.as_ref().map(|due| format!(", due {due}")).unwrap_or_default();
            let line = Why::new(format!("otherwise {}", level.norm)).detail(format!("{}{due}", level.status.word()));
            lines.push(line.outcome(Truth::of_status(level.status)).at(self.part(rule, Part::Otherwise(number))));
        }
        for waiver in &finding.waived_by {
            lines.push(self.record("waived by", waiver));
        }
        for (words, others) in [("overridden by", &finding.overridden_by), ("limited by", &finding.limited_by)] {
            let other = |other: &mandate_assess::OtherRule| {
                let line = Why::new(format!("{words} {}", short(&other.rule))).detail(other.title.clone());
                line.at(self.part(&other.rule, Part::Name))
            };
            lines.extend(others.iter().map(other));
        }
        lines.extend(finding.missing.iter().map(|field| Why::new(format!("missing {field}")).outcome(Truth::Unknown)));
        lines.extend(finding.flags.iter().map(|flag| Why::new(flag.clone())));
        lines.extend(finding.remedy.iter().map(|remedy| Why::new("what would help").detail(remedy.clone())));
        lines
    }

    fn clauses(&self, rule: &str, steps: &[Step]) -> Vec<Why> {
        let (mut when, mut unless, mut require) = (0.., 0.., 0..);
        let next = |of: &mut std::ops::RangeFrom<usize>| of.next().unwrap_or_default();
        let mut lines = Vec::new();
        for step in steps {
            let part = match step.kind {
                StepKind::When => Some(Part::When(next(&mut when))),
                StepKind::Unless => Some(Part::Unless(next(&mut unless))),
                StepKind::Require => Some(Part::Require(next(&mut require))),
                StepKind::Condition => None,
            };
            lines.push(clause(step, part.and_then(|part| self.part(rule, part))));
        }
        lines
    }

    /// The sentence, with what was done.
    fn norm(&self, rule: &str, finding: &Finding) -> Why {
        let mut line = Why::new(finding.norm.to_string())
            .detail(said(finding))
            .outcome(Truth::of_status(finding.status))
            .at(self.part(rule, Part::Norm));
        line.children = finding.evidence.iter().map(|record| self.record("done", record)).collect();
        line
    }

    fn record(&self, words: &str, record: &mandate_assess::Place) -> Why {
        let at = record.at.as_ref().map(|at| format!("at {at}")).unwrap_or_default();
        Why::new(format!("{words}: {} {}", record.ty, record.id)).detail(at).at(self.given(Some(record.line)))
    }

    fn part(&self, rule: &str, part: Part) -> Option<Place> {
        let of = Declaration::Named(rule);
        self.atlas.place_of(of, part).or_else(|| self.atlas.place_of(of, Part::Name))
    }

    /// The line of the scenario's file on which a record is given. A record behind a sensitive field has none.
    fn given(&self, line: Option<u32>) -> Option<Place> {
        let path = &self.scenario.path;
        let text = self.atlas.text(path)?;
        let start = LineIndex::new(text).start(line?.checked_sub(1)? as usize)?;
        let line = text.get(start as usize..)?.lines().next().unwrap_or("");
        let indent = (line.len() - line.trim_start().len()) as u32;
        let span = Span::new(start + indent, start + line.trim_end().len().max(indent as usize) as u32);
        Some(Place { path: path.clone(), span })
    }
}

fn clause(step: &Step, place: Option<Place>) -> Why {
    let label = format!("{} {}", step.kind.word(), *step.text);
    let mut line = Why::new(label).detail(step.answer()).outcome(Truth::of(step.holds)).at(place.clone());
    line.children = step.parts.iter().map(|part| clause(part, place.clone())).collect();
    line.children.extend(step.read.iter().map(|read| {
        let value = read.value.as_deref();
        let outcome = if value.is_none() { Truth::Unknown } else { Truth::None };
        Why::new(read.field.clone()).detail(value.unwrap_or("unknown")).outcome(outcome)
    }));
    line
}

/// `violated, due 2026-03-02T08:00Z, late by 15 hours`
fn said(finding: &Finding) -> String {
    let mut text = finding.status.word().to_owned();
    if finding.status == Status::Undetermined {
        text = format!("{text} (could be {})", finding.could_be().join(", "));
    } else if finding.grade == mandate_assess::Grade::Advice {
        text = format!("{text} (advice)");
    }
    for (word, value) in [("due", &finding.due), ("late by", &finding.late_by), ("since", &finding.since)] {
        if let Some(value) = value {
            text = format!("{text}, {word} {value}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    const RULES: &str = r#"//- rules.mandate
record Incident key id at seen_at {
  id: Text
  seen_at: Time
  grave: Bool?
  sensitive minor: Bool?
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

rule report_it "Report what you see" {
  for each i: Incident
  when i.grave
  unless i.minor
  everyone must report(i) within 24 hours after i.seen_at
}

scenario "late" {
  as of 2026-03-03
  given inc: Incident { seen_at: 2026-03-01T08:00Z, grave: true, minor: false }
  given r1: Report { incident: inc, sent_at: 2026-03-02T09:00Z }
  expect report_it(inc) violated
  expect report_it satisfied
}
"#;

    fn lines(fixture: &Fixture, why: &Why, depth: usize, out: &mut String) {
        let detail = why.detail.as_ref().map(|it| format!(" = {it}")).unwrap_or_default();
        let place = why.place.as_ref().map(|it| format!("  @ {}", fixture.shown(it))).unwrap_or_default();
        out.push_str(&format!("{}{} ({}){detail}{place}\n", "  ".repeat(depth), why.label, why.outcome.word()));
        why.children.iter().for_each(|child| lines(fixture, child, depth + 1, out));
    }

    fn shown(rules: &str) -> String {
        let fixture = Fixture::new(rules);
        let Some(asked) = why(&fixture.snapshot, &fixture.path, fixture.offset) else { return String::new() };
        let (title, tree) = asked.answer().unwrap();
        let mut out = format!("{title}\n");
        lines(&fixture, &tree, 0, &mut out);
        out
    }

    #[test]
    fn each_clause_stands_with_its_value_and_its_place_and_nothing_sensitive_is_shown() {
        let found = shown(&RULES.replace("expect report_it(inc) vio", "expect report$0_it(inc) vio"));
        assert_eq!(
            found,
            "expect report_it(inc) violated
report_it: Report what you see (false) = violated, due 2026-03-02T08:00Z, late by 1 hour, since 2026-03-02T08:00Z  @ rules.mandate: rule [report_it] \"Report what you see\" {
  i: inc (none) = Incident  @ rules.mandate:   [given inc: Incident { seen_at: 2026-03-01T08:00Z, grave: true, minor: false }]
  when i.grave (true) = yes  @ rules.mandate:   when [i.grave]
    inc.grave (none) = true
  unless i.minor (false) = no  @ rules.mandate:   [unless i.minor]
    inc.minor (none) = a value
  everyone must report(i) within 24 hours after i.seen_at (false) = violated, due 2026-03-02T08:00Z, late by 1 hour, since 2026-03-02T08:00Z  @ rules.mandate:   [everyone must report(i) within 24 hours after i.seen_at]
    done: Report r1 (none) = at 2026-03-02T09:00Z  @ rules.mandate:   [given r1: Report { incident: inc, sent_at: 2026-03-02T09:00Z }]
"
        );
    }

    #[test]
    fn there_is_no_answer_beside_an_expectation_or_in_a_package_with_errors() {
        assert_eq!(shown(&RULES.replace("as of 2026", "as$0 of 2026")), "");
        let asked = RULES.replace("expect report_it(inc) vio", "expect report$0_it(inc) vio");
        assert_eq!(shown(&asked.replace("when i.grave", "when i.brave")), "");
        assert_eq!(shown(&asked.replace("when i.grave", "when")), "");
        assert_eq!(shown("//- rules.mandate\nscenario \"half\" {\n  expect $0\n"), "");
    }
}
