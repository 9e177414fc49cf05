//! Situations written down as scenarios.

use super::imports::{new_line, said};
use super::{Action, ActionKind, Context, FileEdits, newline};
use crate::proofs::is_conflict;
use crate::scenario_text::scenario_module;
use mandate_diagnostics::{Edit, Severity, Span};
use mandate_pack::{Pack, Scenario};
use mandate_prove::{Finding, examples};
use mandate_semantics::{Assembly, Snapshot, Target};
use mandate_syntax::ast::{DeclKind, Module, Use};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The name of the work.
pub(super) const WITNESS: &str = "witness";

/// The situation of a conflict, as a scenario.
pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    for known in context.proven.iter().filter(|known| context.meets(known.diagnostic.primary.span)) {
        if !is_conflict(&known.finding) {
            continue;
        }
        let Some(situation) = &known.finding.situation else { continue };
        let title = "Write the situation down as a scenario, which fails until the conflict is solved";
        let of =
            vec![known.finding.code.id.to_owned(), known.finding.message.clone(), situation.scenario.title.clone()];
        out.push(Action::later(ActionKind::QuickFix, title, WITNESS, of).mending(&known.diagnostic));
    }
}

/// The edits that write the situation of a finding down.
pub(super) fn resolve_witness(context: &Context<'_>, of: &[String]) -> Option<FileEdits> {
    let [code, message, _] = of else { return None };
    let is_it = |finding: &Finding| finding.code.id == code && finding.message == *message;
    let found = context.proven.iter().find(|known| is_it(&known.finding))?;
    let scenario = found.finding.situation.as_ref()?.scenario.clone();
    let pack = pack_of(context.snapshot, &context.path)?;
    written_down(context, &pack, vec![scenario])
}

/// The name of the work.
pub(super) const EXAMPLES: &str = "examples";

/// For a rule: scenarios that show when it is kept and when it is broken.
pub(super) fn generate(context: &Context<'_>, out: &mut Vec<Action>) {
    let Some(item) = context.item() else { return };
    let DeclKind::Rule(rule) = &item.decl.kind else { return };
    if !context.meets(rule.name.span.shifted(item.offset)) || rule.name.is_hole() {
        return;
    }
    let target = Target::Declaration { file: context.path.clone(), name: Arc::from(rule.name.text.as_str()) };
    let Some(qualified) = context.snapshot.whole_name(&target) else { return };
    let title = format!("Write scenarios that show when `{}` is kept and when it is broken", rule.name.text);
    if context.diagnostics.iter().any(|found| found.severity == Severity::Error) {
        let reason = "the file has errors, which come first";
        return out.push(Action::disabled(ActionKind::Rewrite, title, reason));
    }
    out.push(Action::later(ActionKind::Rewrite, title, EXAMPLES, vec![qualified]));
}

/// The edits that write the examples of a rule down.
pub(super) fn resolve_examples(context: &Context<'_>, of: &[String]) -> Option<FileEdits> {
    let [rule] = of else { return None };
    let pack = pack_of(context.snapshot, &context.path)?;
    let found: Vec<Scenario> = examples(&pack, rule).into_iter().map(|example| example.scenario).collect();
    if found.is_empty() {
        return None;
    }
    written_down(context, &pack, found)
}

/// The pack of the package of a module; `None` while it has errors.
pub(super) fn pack_of(snapshot: &Snapshot, path: &str) -> Option<Arc<Pack>> {
    let package = snapshot.package_of(path)?;
    let mut assembly = Assembly::default();
    snapshot.assemble(&package, &mut assembly).then(|| assembly.pack().cloned()).flatten()
}

/// Edits that put scenarios where the package has its scenarios, with what they bring in. Their titles are made unique.
pub(super) fn written_down(context: &Context<'_>, pack: &Pack, mut scenarios: Vec<Scenario>) -> Option<FileEdits> {
    let mut taken: BTreeSet<String> = pack.scenarios.iter().map(|scenario| scenario.title.clone()).collect();
    for scenario in &mut scenarios {
        let free = |title: &String| !taken.contains(title);
        let first = scenario.title.clone();
        let numbered = (2..).map(|number| format!("{first} ({number})"));
        scenario.title = std::iter::once(first.clone()).chain(numbered).find(free)?;
        taken.insert(scenario.title.clone());
    }
    let text = scenario_module(pack, "", &scenarios).ok()?;
    let path = place(context);
    let edits = inserted(context.snapshot, &path, &text)?;
    Some(FileEdits::from([(path, edits)]))
}

/// The file itself if scenarios stand in it; else a module of the package that is named after scenarios; else the file.
fn place(context: &Context<'_>) -> Arc<str> {
    let holds = |tree: &Module| tree.items.iter().any(|item| matches!(item.decl.kind, DeclKind::Scenario(_)));
    if holds(&context.tree) {
        return context.path.clone();
    }
    let package = context.snapshot.package_of(&context.path);
    let of_scenarios = |path: &Arc<str>| {
        let module = context.snapshot.module_name(path).filter(|_| context.snapshot.package_of(path) == package);
        module.is_some_and(|module| module.contains("scenario"))
    };
    context.snapshot.modules().into_iter().find(of_scenarios).unwrap_or_else(|| context.path.clone())
}

/// Edits that put the scenarios of a module's text at the end of another module, and what they need into its `use` lines.
fn inserted(snapshot: &Snapshot, path: &Arc<str>, module: &str) -> Option<Vec<Edit>> {
    let (text, tree) = (snapshot.text(path)?, snapshot.syntax(path)?);
    let parsed = mandate_syntax::parse(module);
    let end = newline(&text);
    let mut edits = Vec::new();
    let known: BTreeMap<Arc<str>, Target> =
        snapshot.names_in_scope(path).into_iter().map(|named| (named.name.clone(), named.target())).collect();
    let (package, own) = (snapshot.package_of(path)?, snapshot.module_name(path)?);
    let mut missing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in &parsed.items {
        let DeclKind::Use(Use { path: from, names }) = &item.decl.kind else { continue };
        let from = said(from);
        for name in names.iter().flatten() {
            match known.get(name.text.as_str()) {
                None if from != *own => missing.entry(from.clone()).or_default().push(name.text.clone()),
                // Something else has the name here.
                Some(target) if !means(snapshot, target, &package, &from, &name.text) => return None,
                _ => {}
            }
        }
    }
    for (from, names) in missing {
        edits.extend(bring_all(&tree, &text, &from, &names));
    }
    let scenarios: Vec<&str> = parsed
        .items
        .iter()
        .filter(|item| matches!(item.decl.kind, DeclKind::Scenario(_)))
        .filter_map(|item| module.get(item.offset as usize..(item.offset + item.len) as usize))
        .collect();
    let trimmed = text.trim_end().len() as u32;
    let body = scenarios.join("\n\n").replace('\n', end);
    let gap = if trimmed == 0 { String::new() } else { format!("{end}{end}") };
    let span = Span::new(trimmed, text.len() as u32);
    // Two edits at one place would stand in no certain order.
    match edits.iter_mut().find(|edit| edit.span.end == trimmed) {
        Some(last) => {
            last.text = format!("{}{gap}{body}{end}", last.text);
            last.span = last.span.to(span);
        }
        None => edits.push(Edit { span, text: format!("{gap}{body}{end}") }),
    }
    edits.sort_by_key(|edit| edit.span);
    Some(edits)
}

/// Whether a name that is known already means what the `use` line would bring in.
fn means(snapshot: &Snapshot, target: &Target, package: &str, from: &str, name: &str) -> bool {
    let qualified = snapshot.whole_name(target);
    let own = if from.is_empty() { format!("{package}.{name}") } else { format!("{package}.{from}.{name}") };
    qualified.is_some_and(|known| known == format!("{from}.{name}") || known == own)
}

fn bring_all(tree: &Module, text: &str, from: &str, names: &[String]) -> Vec<Edit> {
    let first = names.first().map(|name| super::imports::bring(tree, text, from, name));
    let Some(first) = first else { return Vec::new() };
    if first.text.starts_with(", ") {
        return vec![Edit { text: names.iter().map(|name| format!(", {name}")).collect(), ..first }];
    }
    vec![new_line(tree, text, &format!("use {from}.{{{}}}", names.join(", ")))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::tests::after;
    use crate::fixture::Fixture;

    const FACTS: &str = "//- facts.mandate\nrecord Event key id at seen_at {\n  id: Text\n  seen_at: Time\n  grave: Bool\n}\nrecord Report key id at sent_at {\n  id: Text\n  event: Event\n  sent_at: Time\n}\naction report(e: Event) {\n  evidence r: Report where r.event == e\n}\nsource order_7 {\n  title \"Order 7\"\n  force order\n}\n";
    const RULE: &str = "//- a.mandate\nuse facts.{Event, report, order_7}\n\nrule tell \"Tell it\" {\n  cites order_7\n  for each e: Event\n  when e.grave\n  everyone must report(e) within 24 hours after e.seen_at\n}\n";

    /// Every scenario of a package comes out as it expects.
    fn met(files: &str) -> Vec<String> {
        let fixture = Fixture::new(files);
        let faults: Vec<String> =
            fixture.snapshot.check().into_iter().flat_map(|file| file.diagnostics).map(|found| found.message).collect();
        let pack = fixture.snapshot.pack("exercise").unwrap_or_else(|_| panic!("{faults:#?}\n{files}"));
        let all = mandate_assess::run_scenarios(&pack);
        assert!(all.iter().all(|result| result.passed), "{all:#?}\n{files}");
        all.into_iter().map(|result| result.title).collect()
    }

    #[test]
    fn examples_of_a_duty_compile_and_come_out_as_the_engine_says() {
        let title = "Write scenarios that show when `tell` is kept and when it is broken";
        let text = after(&format!("{FACTS}{}", RULE.replace("rule tell", "rule te$0ll")), title);
        assert!(text.starts_with("use facts.{Event, report, order_7, Report}\n"), "{text}");
        let titles = met(&format!("{FACTS}//- a.mandate\n{text}"));
        assert_eq!(titles, ["Tell it: is kept", "Tell it: is kept at the last moment", "Tell it: is broken"]);
        // A second time the titles are others.
        let again = after(&format!("{FACTS}//- a.mandate\n{}", text.replace("rule tell", "rule te$0ll")), title);
        assert_eq!(met(&format!("{FACTS}//- a.mandate\n{again}")).len(), 6);
    }

    #[test]
    fn prohibitions_constraints_and_permissions_have_examples_too() {
        for (norm, count) in [
            ("no one may report(e)", 2),
            ("everyone should report(e) by e.seen_at + 2 days", 3),
            ("everyone may report(e)", 1),
        ] {
            let rule = RULE.replace("everyone must report(e) within 24 hours after e.seen_at", norm);
            let files = format!("{FACTS}{}", rule.replace("rule tell", "rule te$0ll"));
            let text = after(&files, "Write scenarios that show when `tell` is kept and when it is broken");
            assert_eq!(met(&format!("{FACTS}//- a.mandate\n{text}")).len(), count, "{norm}\n{text}");
        }
    }

    #[test]
    fn scenarios_go_where_scenarios_are() {
        let files =
            format!("{FACTS}//- scenarios.mandate\nuse a.{{tell}}\n{}", RULE.replace("rule tell", "rule te$0ll"));
        let fixture = Fixture::new(&files);
        let context = Context::new(&fixture.snapshot, &fixture.path, Span::empty(fixture.offset), &[]).unwrap();
        let edits = resolve_examples(&context, &["exercise.a.tell".to_owned()]).unwrap();
        assert_eq!(edits.keys().map(|path| &**path).collect::<Vec<_>>(), ["scenarios.mandate"]);
    }
}
