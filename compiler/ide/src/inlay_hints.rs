//! What the text leaves out, shown beside it: values of parameters, types that are not written, deadlines of scenarios.

use mandate_diagnostics::{Edit, LineIndex, Span};
use mandate_pack::Pack;
use mandate_semantics::{Kind, Named, Reference, Snapshot, Target};
use mandate_syntax::ast::{ClauseKind, DeclKind, Expr, Item, MissionLineKind, Path, Rule, Scenario, StepKind};
use mandate_syntax::token::{self, tokens};
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// Which hints are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HintKinds {
    /// Values of parameters where they are used, and the value that a `set` takes the place of.
    pub parameter_values: bool,
    /// Types of `let` and of definitions that write none.
    pub types: bool,
    /// When what a scenario expects is due.
    pub deadlines: bool,
}

impl Default for HintKinds {
    fn default() -> Self {
        HintKinds { parameter_values: true, types: true, deadlines: true }
    }
}

/// What a hint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HintKind {
    /// A type.
    Type,
    /// The value of a parameter.
    Value,
    /// A deadline.
    Deadline,
}

/// A few words beside the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where, in bytes of the file.
    pub at: u32,
    /// The words.
    pub label: String,
    /// What they say.
    pub kind: HintKind,
    /// Said when the mouse rests on it; Markdown.
    pub tooltip: String,
    /// Writes the words into the text.
    pub edit: Option<Edit>,
}

// Feature: Inlay Hints
//
// Beside a parameter the value that counts here, the mission's own if it sets one; behind `set` the value that it takes the place of. Beside a
// `let` and a definition without a written type that type; a double click writes it. In a scenario, behind an expectation, when the duty is due.
/// Hints for a part of a module, in the order of the text.
pub fn inlay_hints(snapshot: &Snapshot, path: &str, range: Span, kinds: HintKinds) -> Vec<Hint> {
    let (Some(tree), Some(text)) = (snapshot.syntax(path), snapshot.text(path)) else { return Vec::new() };
    let inside = |item: &&Item| item.offset <= range.end && range.start <= item.offset + item.len;
    let mut hints = Vec::new();
    // Put together once, and only if something is expected in this part of the text.
    let pack = OnceCell::new();
    for item in tree.items.iter().filter(inside) {
        match &item.decl.kind {
            DeclKind::Define(define) if kinds.types && define.ty.is_none() && !define.name.is_hole() => {
                hints.extend(result(snapshot, path, &text, item, &define.name.text, &define.body));
            }
            DeclKind::Rule(rule) if kinds.types => lets(snapshot, path, item, rule, &mut hints),
            DeclKind::Mission(mission) if kinds.parameter_values => {
                for line in &mission.lines {
                    if let MissionLineKind::Set(parameter, value) = &line.kind {
                        hints.extend(base(snapshot, path, item, parameter, value));
                    }
                }
            }
            DeclKind::Scenario(scenario) => {
                if kinds.parameter_values {
                    for step in &scenario.steps {
                        if let StepKind::Set(parameter, value) = &step.kind {
                            hints.extend(base(snapshot, path, item, parameter, value));
                        }
                    }
                }
                if kinds.deadlines {
                    hints.extend(deadlines(snapshot, path, &text, item, scenario, &pack));
                }
            }
            _ => {}
        }
    }
    if kinds.parameter_values {
        hints.extend(values(snapshot, path, &text, &tree.items, range));
    }
    hints.retain(|hint| range.touches(hint.at));
    hints.sort_by(|a, b| (a.at, &a.label).cmp(&(b.at, &b.label)));
    hints
}

/// The type of a definition's value, behind its name and parameters.
fn result(snapshot: &Snapshot, path: &str, text: &str, item: &Item, name: &str, body: &Expr) -> Option<Hint> {
    let named = Named { name: name.into(), kind: Kind::Define, file: path.into() };
    let ty = snapshot.result(&named)?.short();
    let head = text.get(item.offset as usize..(item.offset + body.span.start) as usize)?;
    let written: Vec<token::Token> = tokens(head).into_iter().filter(|token| !token.kind.is_comment()).collect();
    let equals = written.iter().rposition(|token| token.kind == token::Kind::Equals)?;
    let at = item.offset + written.get(equals.checked_sub(1)?)?.span.end;
    let edit = Edit { span: Span::empty(at), text: format!(": {ty}") };
    Some(Hint { at, label: format!(": {ty}"), kind: HintKind::Type, tooltip: String::new(), edit: Some(edit) })
}

/// The types of `let` variables.
fn lets(snapshot: &Snapshot, path: &str, item: &Item, rule: &Rule, hints: &mut Vec<Hint>) {
    let lets = rule.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Let(name, value) if !name.is_hole() => Some((name, value)),
        _ => None,
    });
    let mut types = None;
    for (name, value) in lets {
        let types = types.get_or_insert_with(|| snapshot.expressions(path, Span::empty(item.offset)));
        let span = value.span.shifted(item.offset);
        let Some(found) = types.iter().rev().find(|one| one.span == span) else { continue };
        let at = name.span.end + item.offset;
        let label = format!(": {}", found.ty.short());
        hints.push(Hint { at, label, kind: HintKind::Type, tooltip: String::new(), edit: None });
    }
}

fn parameter(snapshot: &Snapshot, path: &str, written: &Path) -> Option<Named> {
    let segments: Vec<&str> = written.segments.iter().map(|segment| segment.text.as_str()).collect();
    let bare = |name: &str| {
        let packages = snapshot.dependencies(path);
        packages.iter().find_map(|package| snapshot.find(path, &[&**package, name]))
    };
    let found = snapshot.find(path, &segments).or_else(|| segments.first().copied().and_then(bare));
    found.filter(|named| named.kind == Kind::Parameter)
}

/// Behind `set x = 12 hours`: what the parameter is without it.
fn base(snapshot: &Snapshot, path: &str, item: &Item, written: &Path, value: &Expr) -> Option<Hint> {
    let named = parameter(snapshot, path, written)?;
    let found = snapshot.parameter_value(path, &named)?;
    // A scenario of a mission departs from what the mission sets; a mission, from the declaration.
    let mission = matches!(item.decl.kind, DeclKind::Mission(_));
    let before = if mission { found.base() } else { found.present() }?;
    let label = format!("instead of {before}");
    let at = value.span.end + item.offset;
    (value.span.start < value.span.end).then(|| Hint {
        at,
        label,
        kind: HintKind::Value,
        tooltip: told(&named, &found),
        edit: None,
    })
}

/// Values beside the parameters that a part of the text uses.
fn values(snapshot: &Snapshot, path: &str, text: &str, items: &[Item], range: Span) -> Vec<Hint> {
    let mut known: BTreeMap<Target, Option<(String, String)>> = BTreeMap::new();
    let mut hints = Vec::new();
    for Reference { span, target } in snapshot.references_within(path, range) {
        let Target::Declaration { file, name } = &target else { continue };
        let value = known.entry(target.clone()).or_insert_with(|| {
            let named = Named { name: name.clone(), kind: Kind::Parameter, file: file.clone() };
            // Of other declarations there is no value.
            let found = snapshot.parameter_value(path, &named)?;
            Some((found.present()?.to_owned(), told(&named, &found)))
        });
        let Some((value, tooltip)) = value else { continue };
        // Where it is declared, set or asked as of a day, its value stands there or is another.
        let asked = text.get(span.end as usize..).is_some_and(|rest| rest.starts_with('('));
        if asked || !is_use(items, span) {
            continue;
        }
        let label = format!("= {value}");
        hints.push(Hint { at: span.end, label, kind: HintKind::Value, tooltip: tooltip.clone(), edit: None });
    }
    hints
}

/// Whether a word stands where a value is used: not in a `use`, not where the parameter is declared or set.
fn is_use(items: &[Item], span: Span) -> bool {
    let at = items.partition_point(|item| item.offset <= span.start);
    let Some(item) = at.checked_sub(1).and_then(|at| items.get(at)) else { return false };
    let set = |path: &Path| path.span.shifted(item.offset).touches(span.start);
    match &item.decl.kind {
        DeclKind::Use(_) | DeclKind::Parameter(_) => false,
        DeclKind::Mission(mission) => {
            !mission.lines.iter().any(|line| matches!(&line.kind, MissionLineKind::Set(path, _) if set(path)))
        }
        DeclKind::Scenario(scenario) => {
            !scenario.steps.iter().any(|step| matches!(&step.kind, StepKind::Set(path, _) if set(path)))
        }
        _ => true,
    }
}

/// The value in full, for who wants to know where it comes from.
pub(crate) fn told(named: &Named, value: &mandate_semantics::ParameterValue) -> String {
    let mut lines = Vec::new();
    if let Some((set, mission)) = &value.set {
        lines.push(format!("`{}` is **{set}**: set by the mission `{mission}`.", named.name));
    }
    for (from, value) in &value.declared {
        lines.push(match from {
            Some(from) => format!("From {from}: **{value}**."),
            None if lines.is_empty() => format!("`{}` is **{value}**.", named.name),
            None => format!("Declared as **{value}**."),
        });
    }
    if let Some((low, high)) = &value.bounds {
        lines.push(format!("A mission may choose from {low} to {high}."));
    }
    lines.join("  \n")
}

/// When what a scenario expects is due, as the engine works it out; nothing where the package has errors.
fn deadlines(
    snapshot: &Snapshot,
    path: &str,
    text: &str,
    item: &Item,
    scenario: &Scenario,
    pack: &OnceCell<Option<Pack>>,
) -> Vec<Hint> {
    let expected: Vec<_> = scenario
        .steps
        .iter()
        .filter_map(|step| match &step.kind {
            StepKind::Expect(expectation) => Some((step.span.shifted(item.offset), expectation)),
            _ => None,
        })
        .collect();
    if expected.is_empty() || !item.decl.errors.is_empty() {
        return Vec::new();
    }
    let Some((package, file)) = snapshot.home_of(path) else { return Vec::new() };
    let Some(pack) = pack.get_or_init(|| snapshot.pack(&package).ok()) else { return Vec::new() };
    let index = LineIndex::new(text);
    let title = scenario.title.as_ref().map(|title| title.text.as_str());
    let line = |at: u32| index.line(at) as u32 + 1;
    let head = scenario.title.as_ref().map_or(item.decl.span, |title| title.span).shifted(item.offset);
    let found = pack.scenarios.iter().find(|one| {
        one.origin.file == file && Some(one.title.as_str()) == title && one.origin.line == line(head.start)
    });
    let Some(found) = found else { return Vec::new() };
    let due = mandate_assess::Trial::new(pack, found).due(pack);
    let mut hints = Vec::new();
    for (expectation, due) in found.expect.iter().zip(due) {
        // Where the rule is not to apply, nothing is due.
        let Some((instant, excluded)) = due.filter(|_| expectation.status != "not applicable") else { continue };
        let Some((span, written)) = expected.iter().find(|(span, _)| line(span.start) == expectation.line) else {
            continue;
        };
        if written.details.iter().any(|detail| matches!(detail, mandate_syntax::ast::Detail::Due(_))) {
            continue;
        }
        let word = if excluded { "due before" } else { "due" };
        let tooltip = "Worked out from the facts of this scenario.".to_owned();
        hints.push(Hint {
            at: span.end,
            label: format!("{word} {instant}"),
            kind: HintKind::Deadline,
            tooltip,
            edit: None,
        });
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    const RULES: &str = r#"use units.{Unit}

source order_7 {
  title    "Order 7"
  force    order
  document "sources/order.md"
}

record Incident key id at seen_at {
  id: Text
  seen_at: Time
  unit: Unit
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

parameter window: Duration in 1 hour .. 72 hours = 24 hours

define known_unit(i: Incident) = i.unit.name is known
define written(i: Incident): Bool = true

rule report_it "Report what you see" {
  cites order_7#reporting
  for each i: Incident
  let start = i.seen_at
  when known_unit(i) and written(i)
  everyone must report(i) within window after start
}

scenario "late" {
  as of 2024-03-05
  set window = 12 hours
  given u: Unit { name: "one" }
  given inc: Incident { seen_at: 2024-03-01T08:00Z, unit: u }
  expect report_it(inc) violated
  expect report_it(inc) violated, due 2024-03-01T20:00Z
  given nameless: Unit { }
  given quiet: Incident { seen_at: 2024-03-01T08:00Z, unit: nameless }
  expect no report_it(quiet)
}
"#;

    /// The text of a module with its hints in angle brackets.
    fn hinted(files: &str, path: &str, kinds: HintKinds) -> String {
        let fixture = Fixture::new(files);
        let mut text = fixture.snapshot.text(path).expect("the file").to_string();
        let whole = Span::new(0, text.len() as u32);
        for hint in inlay_hints(&fixture.snapshot, path, whole, kinds).into_iter().rev() {
            text.insert_str(hint.at as usize, &format!("<{}>", hint.label));
        }
        text
    }

    #[test]
    fn values_types_and_deadlines_stand_beside_the_text() {
        let files = format!("{MISSION}//- rules.mandate\n{RULES}");
        let text = hinted(&files, "rules.mandate", HintKinds::default());
        let lines: Vec<&str> = text.lines().filter(|line| line.contains('<')).map(str::trim).collect();
        assert_eq!(
            lines,
            [
                "define known_unit(i: Incident)<: Bool> = i.unit.name is known",
                "let start<: Time> = i.seen_at",
                "everyone must report(i) within window<= 24 hours> after start",
                "set window = 12 hours<instead of 24 hours>",
                "expect report_it(inc) violated<due 2024-03-01T20:00Z>",
            ]
        );
    }

    #[test]
    fn what_is_not_wanted_is_not_shown() {
        let files = format!("{MISSION}//- rules.mandate\n{RULES}");
        let none = HintKinds { parameter_values: false, types: false, deadlines: false };
        assert!(!hinted(&files, "rules.mandate", none).contains('<'));
        let types = hinted(&files, "rules.mandate", HintKinds { types: true, ..none });
        assert_eq!(types.matches('<').count(), 2);
        let fixture = Fixture::new(&files);
        let at = RULES.find("let start").expect("the clause") as u32;
        let found = inlay_hints(&fixture.snapshot, "rules.mandate", Span::new(at, at + 10), HintKinds::default());
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_package_with_a_mistake_shows_no_deadlines_and_the_rest() {
        let files =
            format!("{MISSION}//- rules.mandate\n{RULES}//- other.mandate\nrecord Broken {{\n  x: Nowhere\n}}\n");
        let text = hinted(&files, "rules.mandate", HintKinds::default());
        assert!(text.contains("window<= 24 hours>") && !text.contains("<due"), "{text}");
        let half = format!(
            "{MISSION}//- rules.mandate\n{RULES}rule half {{\n  for each i: Incident\n  let x = \n  let y = i.unit\n  when \n"
        );
        let text = hinted(&half, "rules.mandate", HintKinds::default());
        assert!(text.contains("let y<: Unit> = i.unit"), "{text}");
    }
}
