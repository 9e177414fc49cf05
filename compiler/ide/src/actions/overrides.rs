//! Which of two rules yields where both cannot be kept.

use super::{Action, ActionKind, Context, FileEdits, is_accepted, newline, sorted};
use crate::actions::imports::{reach, said};
use crate::proofs::{Proven, is_conflict};
use mandate_diagnostics::{Edit, Span};
use mandate_pack::short;
use mandate_prove::Declaration;
use mandate_semantics::{Snapshot, Target};
use mandate_syntax::ast::{Binder, Clause, ClauseKind, DeclKind, Domain, Item, Rule, TypeRefKind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One action for each of two rules that may override the other.
pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    for known in context.proven.iter().filter(|known| context.meets(known.diagnostic.primary.span)) {
        if !is_conflict(&known.finding) {
            continue;
        }
        let [one, other] = rules(known)[..] else { continue };
        for (first, second) in [(one, other), (other, one)] {
            let title = format!("Let `{}` override `{}`", short(first), short(second));
            let Some(edits) = overriding(context, known, first, second) else { continue };
            if is_accepted(context.snapshot, &edits) {
                let mut action = Action::edits(ActionKind::QuickFix, title, &context.path, Vec::new());
                action.work = super::Work::Edits(edits);
                out.push(action.mending(&known.diagnostic));
            } else {
                let reason = "the language does not accept it: a text of weaker force does not override a stronger one, and no rule one that overrides it";
                out.push(Action::disabled(ActionKind::QuickFix, title, reason));
            }
        }
    }
}

/// The rules that a finding is about, in its order.
fn rules(known: &Proven) -> Vec<&str> {
    let finding = &known.finding;
    let places = std::iter::once(&finding.at).chain(finding.related.iter().map(|(place, _)| place));
    let mut names: Vec<&str> = Vec::new();
    for place in places {
        if let Declaration::Rule(name) = &place.of
            && !names.contains(&name.as_str())
        {
            names.push(name);
        }
    }
    names
}

/// A rule where it stands.
struct Found {
    path: Arc<str>,
    text: Arc<str>,
    item: Item,
}

impl Found {
    fn of(snapshot: &Snapshot, qualified: &str) -> Option<Found> {
        let Target::Declaration { file, name } = snapshot.declaration(qualified)? else { return None };
        let tree = snapshot.syntax(&file)?;
        let is_it = |item: &Item| matches!(&item.decl.kind, DeclKind::Rule(rule) if *rule.name.text == *name);
        let item = tree.items.into_iter().find(|item| is_it(item))?;
        Some(Found { text: snapshot.text(&file)?, path: file, item })
    }

    fn rule(&self) -> Option<&Rule> {
        match &self.item.decl.kind {
            DeclKind::Rule(rule) => Some(rule),
            _ => None,
        }
    }
}

fn binders(rule: &Rule) -> Vec<&Binder> {
    let all = rule.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::ForEach(binders) => Some(binders),
        _ => None,
    });
    all.flatten().collect()
}

/// The edits by which a rule overrides another for the records that the situation is about.
fn overriding(context: &Context<'_>, known: &Proven, first: &str, second: &str) -> Option<FileEdits> {
    let snapshot = context.snapshot;
    let (over, under) = (Found::of(snapshot, first)?, Found::of(snapshot, second)?);
    let (over_rule, under_rule) = (over.rule()?, under.rule()?);
    let already = |clause: &Clause| matches!(&clause.kind, ClauseKind::Overrides(call) if said(&call.rule).ends_with(short(second)));
    if over_rule.clauses.iter().any(already) {
        return None;
    }
    let arguments = arguments(known, first, second, &binders(over_rule), &binders(under_rule))?;
    let (called, use_line) = reach(snapshot, &over.path, second)?;
    let line = format!("overrides {called}({})", arguments.join(", "));
    let mut edits = vec![clause_edit(&over.text, &over.item, over_rule, &line)];
    edits.extend(use_line);
    Some(FileEdits::from([(over.path, sorted(edits))]))
}

/// What the variables of the second rule are for the first: records of the situation tell which are the same.
fn arguments(known: &Proven, first: &str, second: &str, over: &[&Binder], under: &[&Binder]) -> Option<Vec<String>> {
    let scenario = known.finding.situation.as_ref().map(|situation| &situation.scenario);
    let subject = |rule: &str| {
        let expected = scenario?.expect.iter().find(|expected| expected.rule == rule)?;
        expected.subject.clone()
    };
    let (mine, theirs) = (subject(first), subject(second));
    let of_type = |binder: &Binder| match &binder.over {
        Domain::Type(ty) => match &ty.kind {
            TypeRefKind::Named(path) => path.segments.last().map(|name| name.text.clone()),
            _ => None,
        },
        Domain::Items(_) => None,
    };
    let fields: BTreeMap<&str, &BTreeMap<String, Value>> =
        scenario.iter().flat_map(|scenario| &scenario.facts).map(|fact| (fact.name.as_str(), &fact.fields)).collect();
    let one = |(at, binder): (usize, &&Binder)| {
        if let (Some(mine), Some(theirs)) = (&mine, &theirs)
            && let Some(record) = theirs.get(at)
        {
            let same = mine.iter().zip(over).find(|(name, _)| *name == record);
            if let Some((_, variable)) = same {
                return Some(variable.name.text.clone());
            }
            // A record that a variable of the first rule leads to.
            let leads = mine.iter().zip(over).find_map(|(name, variable)| {
                let found = fields.get(name.as_str())?.iter().find(|(_, value)| value.as_str() == Some(record))?;
                Some(format!("{}.{}", variable.name.text, found.0))
            });
            if leads.is_some() {
                return leads;
            }
        }
        let mut same = over.iter().filter(|own| of_type(own).is_some() && of_type(own) == of_type(binder));
        match (same.next(), same.next()) {
            (Some(only), None) => Some(only.name.text.clone()),
            _ => None,
        }
    };
    under.iter().enumerate().map(one).collect()
}

/// A clause behind the last one of a rule, with its indentation.
pub(super) fn clause_edit(text: &str, item: &Item, rule: &Rule, line: &str) -> Edit {
    let end = newline(text);
    match rule.clauses.last() {
        Some(last) => {
            let at = last.span.shifted(item.offset);
            let start = text[..at.start as usize].rfind('\n').map_or(0, |line| line + 1);
            let lead = &text[start..at.start as usize];
            let indent = if lead.trim().is_empty() { lead } else { "  " };
            // A comment behind the clause stays with it.
            let rest = text[at.end as usize..].split('\n').next().unwrap_or("").trim_end();
            let comment = if rest.trim_start().starts_with("//") { rest.len() as u32 } else { 0 };
            Edit { span: Span::empty(at.end + comment), text: format!("{end}{indent}{line}") }
        }
        None => {
            let at = rule.close.start + item.offset;
            Edit { span: Span::empty(at), text: format!("  {line}{end}") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::tests::proven;
    use crate::actions::{Later, Work, apply, code_actions, resolve_action};
    use crate::fixture::Fixture;

    const TOWN: &str = "//- sites.mandate\nsource order_7 {\n  title \"Order 7\"\n  force order\n}\nsource advice {\n  title \"Advice\"\n  force guidance\n}\nrecord Unit key id {\n  id: Text\n}\nrecord Site key id {\n  id: Text\n  unit: Unit\n  depot: Bool?\n  protected: Bool?\n  found_at: Time?\n}\nrecord Entry key id at entered_at {\n  id: Text\n  site: Site\n  entered_at: Time?\n}\naction enter(s: Site) {\n  evidence e: Entry where e.site == s\n}\n//- keep.mandate\nuse sites.{Site, enter, order_7}\n\nrule keep_out \"Nobody enters\" {\n  cites order_7\n  for each place: Site\n  when place.protected\n  no one may enter(place)\n}\n//- search.mandate\nuse sites.{Site, enter, order_7}\n\nrule search \"Search depots\" {\n  cites order_7\n  for each s: Site\n  when s.depot\n  s.unit must enter(s) within 24 hours after s.found_at // at once\n}\n";

    /// The actions at the conflict, with the file that tells it.
    fn at_conflict(files: &str) -> (Fixture, Vec<Proven>, Arc<str>, Vec<Action>) {
        let fixture = Fixture::new(files);
        let proven = proven(&fixture);
        let told = proven.iter().find(|known| known.finding.code.id == "E301").unwrap();
        let (path, span) = (told.path.clone(), told.diagnostic.primary.span);
        let here: Vec<Proven> = proven.iter().filter(|known| known.path == path).cloned().collect();
        let actions = code_actions(&fixture.snapshot, &path, span, &here, &|_| true);
        (fixture, here, path, actions)
    }

    fn edits(action: &Action) -> &FileEdits {
        match &action.work {
            Work::Edits(edits) => edits,
            Work::Later(later) => panic!("{later:?}"),
        }
    }

    /// What a change leaves of the conflict.
    fn left(fixture: &Fixture, edits: &FileEdits) -> usize {
        let host = crate::actions::tried(&fixture.snapshot, edits);
        let after = host.snapshot();
        let pack = Arc::new(after.pack("exercise").unwrap_or_else(|errors| panic!("{errors:#?}")));
        let found = mandate_prove::Prover::new().check(&pack, &|_| true, &|| false).unwrap();
        found.iter().filter(|finding| finding.code.id == "E301").count()
    }

    #[test]
    fn either_rule_may_override_the_other_and_the_conflict_goes() {
        let (fixture, _, _, actions) = at_conflict(TOWN);
        let action = |title: &str| actions.iter().find(|action| action.title == title).unwrap();
        let first = edits(action("Let `search` override `keep_out`"));
        let text = apply(&fixture.snapshot.text("search.mandate").unwrap(), &first["search.mandate"]);
        assert!(text.starts_with("use sites.{Site, enter, order_7}\nuse keep.{keep_out}\n"), "{text}");
        assert!(text.ends_with("after s.found_at // at once\n  overrides keep_out(s)\n}\n"), "{text}");
        assert_eq!(left(&fixture, first), 0);
        let second = edits(action("Let `keep_out` override `search`"));
        let text = apply(&fixture.snapshot.text("keep.mandate").unwrap(), &second["keep.mandate"]);
        assert!(text.ends_with("  overrides search(place)\n}\n"), "{text}");
        assert_eq!(left(&fixture, second), 0);
    }

    #[test]
    fn what_the_language_refuses_is_not_offered() {
        let (keep, search) = TOWN.split_once("//- search.mandate").unwrap();
        let weaker = format!("{keep}//- search.mandate{}", search.replace("order_7", "advice"));
        let (_, _, _, actions) = at_conflict(&weaker);
        let disabled = |title: &str| actions.iter().find(|action| action.title == title).unwrap().disabled.is_some();
        assert!(disabled("Let `search` override `keep_out`"));
        assert!(!disabled("Let `keep_out` override `search`"));
    }

    #[test]
    fn the_situation_becomes_a_scenario_that_fails_until_one_yields() {
        let (fixture, here, path, actions) = at_conflict(TOWN);
        let action = actions.iter().find(|action| action.title.starts_with("Write the situation down")).unwrap();
        let Work::Later(later) = &action.work else { panic!("{action:?}") };
        let written = resolve_action(&fixture.snapshot, &path, later, &here, &|| None).unwrap();
        let host = crate::actions::tried(&fixture.snapshot, &written);
        let pack = host.snapshot().pack("exercise").unwrap_or_else(|errors| panic!("{errors:#?}"));
        let results = mandate_assess::run_scenarios(&pack);
        assert!(results.len() == 1 && !results[0].passed && results[0].faults.is_empty(), "{results:#?}");
        let gone = Later { of: vec!["E301".to_owned(), "another".to_owned(), String::new()], ..later.clone() };
        assert_eq!(resolve_action(&fixture.snapshot, &path, &gone, &here, &|| None), None);
    }
}
