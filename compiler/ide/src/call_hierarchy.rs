//! What a rule builds on, and what builds on it.

use crate::enclosing::item_at;
use crate::meant::meant;
use mandate_diagnostics::Span;
use mandate_semantics::{Kind, Place, Snapshot, Target, declared};
use mandate_syntax::ast::{DeclKind, Item};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A rule, a definition, an action or what else takes part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caller {
    /// Module.
    pub path: Arc<str>,
    /// Its name, or the title of a scenario.
    pub name: String,
    /// Said beside it: the title of a rule.
    pub detail: String,
    /// What it is; `None` for a scenario.
    pub kind: Option<Kind>,
    /// The whole declaration.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
}

// Feature: Call Hierarchy
//
// On a rule, a definition, an action, a waiver or a role: what it uses of these (outgoing), and the rules, definitions and scenarios that use it
// (incoming), step by step from a norm down to the evidence, and from an action up to every duty that asks for it.
/// What stands at a byte as an entry of the hierarchy; `None` for what takes no part in it.
pub fn prepare_call_hierarchy(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Caller> {
    let meant = meant(snapshot, path, offset)?;
    let entries = meant.targets.iter().filter_map(|target| match target {
        Target::Declaration { file, name } => entry(snapshot, file, name),
        _ => None,
    });
    entries.into_iter().next()
}

/// The declarations that use the one whose name stands at a byte, each with the places where it does; sorted by file and place.
pub fn incoming_calls(snapshot: &Snapshot, path: &str, offset: u32) -> Vec<(Caller, Vec<Span>)> {
    let Some(target) = declaration_at(snapshot, path, offset) else { return Vec::new() };
    let own = snapshot.definition(&target);
    let mut all: BTreeMap<(Arc<str>, u32), (Caller, Vec<Span>)> = BTreeMap::new();
    for place in snapshot.usages(&target) {
        if Some(&place) == own.as_ref() {
            continue;
        }
        let Some(caller) = around(snapshot, &place) else { continue };
        let key = (caller.path.clone(), caller.span.start);
        all.entry(key).or_insert_with(|| (caller, Vec::new())).1.push(place.span);
    }
    all.into_values().collect()
}

/// The declarations that the one whose name stands at a byte uses, each with the places where it does; in the order of the text.
pub fn outgoing_calls(snapshot: &Snapshot, path: &str, offset: u32) -> Vec<(Caller, Vec<Span>)> {
    let Some(module) = snapshot.syntax(path) else { return Vec::new() };
    let Some(item) = item_at(&module, offset) else { return Vec::new() };
    let inside = item.decl.span.shifted(item.offset);
    let own = declared(&item.decl.kind).map(|(name, _)| name.span.shifted(item.offset));
    let mut all: Vec<(Caller, Vec<Span>)> = Vec::new();
    for reference in snapshot.references(path) {
        let within = inside.start <= reference.span.start && reference.span.end <= inside.end;
        if !within || Some(reference.span) == own {
            continue;
        }
        let Target::Declaration { file, name } = &reference.target else { continue };
        let Some(called) = entry(snapshot, file, name) else { continue };
        match all.iter_mut().find(|(known, _)| *known == called) {
            Some((_, spans)) => spans.push(reference.span),
            None => all.push((called, vec![reference.span])),
        }
    }
    all
}

fn declaration_at(snapshot: &Snapshot, path: &str, offset: u32) -> Option<Target> {
    let reference = snapshot.reference_at(path, offset)?;
    matches!(reference.target, Target::Declaration { .. }).then_some(reference.target)
}

/// Records, enums, parameters and sources are what is spoken of, and use nothing.
fn takes_part(kind: Kind) -> bool {
    match kind {
        Kind::Rule | Kind::Define | Kind::Action | Kind::Waiver | Kind::Role => true,
        Kind::Record | Kind::Enum | Kind::Parameter | Kind::Source => false,
    }
}

fn entry(snapshot: &Snapshot, file: &Arc<str>, name: &str) -> Option<Caller> {
    let kind = snapshot.kind_named(file, name).filter(|kind| takes_part(*kind))?;
    let module = snapshot.syntax(file)?;
    let is_it = |item: &&Item| declared(&item.decl.kind).is_some_and(|(known, _)| known.text == name);
    let item = module.items.iter().find(is_it)?;
    Some(caller(file, item, name.to_owned(), Some(kind), declared(&item.decl.kind)?.0.span))
}

fn caller(path: &Arc<str>, item: &Item, name: String, kind: Option<Kind>, name_span: Span) -> Caller {
    let detail = match &item.decl.kind {
        DeclKind::Rule(rule) => rule.title.as_ref().map(|title| title.text.clone()).unwrap_or_default(),
        _ => String::new(),
    };
    let span = item.decl.span.shifted(item.offset);
    Caller { path: path.clone(), name, detail, kind, span, name_span: name_span.shifted(item.offset) }
}

/// The declaration around a place, if it takes part, or the scenario.
fn around(snapshot: &Snapshot, place: &Place) -> Option<Caller> {
    let module = snapshot.syntax(&place.path)?;
    let item = item_at(&module, place.span.start)?;
    if let DeclKind::Scenario(scenario) = &item.decl.kind {
        let title = scenario.title.as_ref();
        let word = Span::new(item.decl.span.start, item.decl.span.start + "scenario".len() as u32);
        let name = title.map_or_else(|| "scenario".to_owned(), |title| title.text.clone());
        return Some(caller(&place.path, item, name, None, title.map_or(word, |title| title.span)));
    }
    let (name, kind) = declared(&item.decl.kind).filter(|(_, kind)| takes_part(*kind))?;
    Some(caller(&place.path, item, name.text.clone(), Some(kind), name.span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, MISSION};

    const RULES: &str = "//- rules.mandate\nuse units.{Unit}\nrecord Report key id at sent_at {\n  id: Text\n  unit: Unit\n  sent_at: Time?\n}\naction report(u: Unit) {\n  evidence r: Report where r.unit == u and named(u)\n}\ndefine named(u: Unit) = u.name is known\nrule report_it \"Report\" {\n  for each u: Unit\n  when named(u) and not named(u)\n  everyone must report(u) by 2026-03-01\n}\nscenario \"s\" {\n  as of 2026-03-02\n  given u: Unit { name: \"x\" }\n  expect report_it(u) undetermined\n}\n";

    fn shown(from: &str, to: &str) -> (String, Vec<String>, Vec<String>) {
        let fixture = Fixture::new(&format!("{MISSION}{}", RULES.replacen(from, to, 1)));
        let (snapshot, path) = (&fixture.snapshot, &fixture.path);
        let Some(found) = prepare_call_hierarchy(snapshot, path, fixture.offset) else { return Default::default() };
        let at = found.name_span.start;
        let show = |calls: Vec<(Caller, Vec<Span>)>| -> Vec<String> {
            calls.into_iter().map(|(caller, spans)| format!("{} {}", caller.name, spans.len())).collect()
        };
        let incoming = show(incoming_calls(snapshot, &found.path, at));
        let outgoing = show(outgoing_calls(snapshot, &found.path, at));
        (format!("{} {}", found.name, found.detail), incoming, outgoing)
    }

    #[test]
    fn rules_use_definitions_and_actions_and_scenarios_use_rules() {
        let (rule, incoming, outgoing) = shown("rule report_it", "rule repo$0rt_it");
        assert_eq!(rule, "report_it Report");
        assert_eq!(incoming, ["s 1"]);
        assert_eq!(outgoing, ["named 2", "report 1"]);
        let (_, incoming, outgoing) = shown("define named", "define nam$0ed");
        assert_eq!(incoming, ["report 1", "report_it 2"]);
        assert!(outgoing.is_empty());
        let (action, incoming, outgoing) = shown("must report(u)", "must rep$0ort(u)");
        assert_eq!(
            (action.as_str(), incoming, outgoing),
            ("report ", vec!["report_it 1".to_owned()], vec!["named 1".to_owned()])
        );
        assert_eq!(shown("record Report", "record Re$0port").0, "");
        assert_eq!(shown("as of", "as$0 of").0, "");
    }
}
