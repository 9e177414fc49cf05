//! Reviews: that somebody compared a rule, as it stands, with its passages.

use super::{Action, ActionKind, Context, FileEdits};
use crate::proofs::Change;
use mandate_diagnostics::{Diagnostic, Edit, Span, codes};
use mandate_documents::Review;
use mandate_semantics::Cited;

/// The name of the work.
pub(super) const WORK: &str = "review";

/// Who reviewed, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewer {
    /// A name, as the lock writes it.
    pub by: String,
    /// A day: `2026-03-01`.
    pub on: String,
}

pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    let asks = |found: &&Diagnostic| [codes::W013.id, codes::W014.id].contains(&found.code.id);
    let here: Vec<&Diagnostic> = context.here().filter(asks).collect();
    if here.is_empty() {
        return;
    }
    let cited = own(context);
    let concerned: Vec<&Cited> = cited.iter().filter(|rule| here.iter().any(|found| is_about(rule, found))).collect();
    for rule in &concerned {
        let title = match rule.background {
            true => format!("Record that you compared the note on `{}` with its passage", rule.name),
            false => format!("Record that you compared `{}` with its passages", last(&rule.name)),
        };
        let action = Action::later(ActionKind::QuickFix, title, WORK, vec![named(rule)]);
        let about = here.iter().filter(|found| is_about(rule, found));
        out.push(about.fold(action, |action, found| action.mending(found)));
    }
    let all: Vec<&Diagnostic> = context.diagnostics.iter().filter(asks).collect();
    let due: Vec<String> =
        cited.iter().filter(|rule| all.iter().any(|found| is_about(rule, found))).map(named).collect();
    if due.len() > concerned.len() {
        let title = format!("Record that you compared all {} rules of this file with their passages", due.len());
        let action = Action::later(ActionKind::QuickFix, title, WORK, due);
        out.push(all.into_iter().fold(action, Action::mending));
    }
}

/// What the file cites.
fn own(context: &Context<'_>) -> Vec<Cited> {
    let Some(package) = context.snapshot.package_of(&context.path) else { return Vec::new() };
    let all = context.snapshot.citations(&package).into_iter();
    all.filter(|cited| cited.place.path == context.path).collect()
}

fn is_about(rule: &Cited, found: &Diagnostic) -> bool {
    let span = found.primary.span;
    rule.place.span == span || rule.passages.iter().any(|cited| cited.cited_at.span == span)
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// A rule and a passage set aside may have one name.
fn named(rule: &Cited) -> String {
    format!("{}{}", if rule.background { "background " } else { "rule " }, rule.name)
}

/// The lock with the reviews in it. What was reviewed already is left as it is.
pub(super) fn resolve(
    context: &Context<'_>,
    of: &[String],
    reviewer: &dyn Fn() -> Option<Reviewer>,
) -> Option<FileEdits> {
    let package = context.snapshot.package_of(&context.path)?;
    let mut lock = context.snapshot.lock(&package)?.ok()?;
    let path = context.snapshot.lock_path(&package)?;
    let text = context.snapshot.text(&path)?;
    let Reviewer { by, on } = reviewer()?;
    for rule in own(context).iter().filter(|rule| of.contains(&named(rule))) {
        if lock.review(&rule.citing()) != Review::Reviewed {
            lock.accept(&rule.citing(), &by, &on);
        }
    }
    let new = lock.write();
    let (span, words) = Change::between(&text, &new).replacement(&text, &new);
    Some(FileEdits::from([(path, vec![Edit { span, text: words.to_owned() }])]))
}

impl Change {
    /// The edit that makes `new` of `old`, at whole characters.
    fn replacement<'n>(&self, old: &str, new: &'n str) -> (Span, &'n str) {
        let (mut start, mut end) = self.stretch();
        let tail = old.len() - end;
        while !old.is_char_boundary(start) || !new.is_char_boundary(start) {
            start -= 1;
        }
        let mut after = new.len() - tail;
        while !old.is_char_boundary(end) || !new.is_char_boundary(after) {
            end += 1;
            after += 1;
        }
        (Span::new(start as u32, end as u32), new.get(start..after).unwrap_or(""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::tests::{asked, offered, titles};
    use crate::actions::{Work, apply, resolve_action};

    const FILES: &str = "//- sources/order.md\n# Order\n\n## A {#a}\n\nTell it.\n\n## B {#b}\n\nKeep it.\n//- mandate.lock\nversion = 1\n//- a.mandate\nrecord U key id {\n  id: Text\n  n: Int\n}\nsource o {\n  title \"O\"\n  force order\n  document \"sources/order.md\"\n}\nconstraint first \"A\" {\n  cites o#a\n  for each u: U\n  require u.n > 1\n}\nconstraint second \"B\" {\n  cites o#b\n  for each u: U\n  require u.n > 2\n}\n";

    #[test]
    fn one_rule_or_all_rules_of_the_file_are_recorded() {
        let here = FILES.replace("constraint first", "constraint fir$0st");
        let found: Vec<String> = titles(&here).into_iter().filter(|title| title.starts_with("Record")).collect();
        assert_eq!(
            found,
            [
                "Record that you compared `first` with its passages",
                "Record that you compared all 2 rules of this file with their passages"
            ]
        );
        let (fixture, span) = asked(&here);
        let all: Vec<_> =
            offered(&fixture, span).into_iter().filter(|action| action.title.starts_with("Record")).collect();
        for (action, expected) in all.iter().zip([1, 2]) {
            let Work::Later(later) = &action.work else { panic!("{action:?}") };
            let reviewer = || Some(Reviewer { by: "Legal adviser".to_owned(), on: "2026-03-01".to_owned() });
            let edits = resolve_action(&fixture.snapshot, &fixture.path, later, &[], &reviewer).unwrap();
            let lock = apply("version = 1\n", edits.get("mandate.lock").unwrap());
            assert_eq!(lock.matches("reviewed_by = \"Legal adviser\"").count(), expected, "{lock}");
            assert!(mandate_documents::Lock::read(&lock).is_ok(), "{lock}");
            assert_eq!(resolve_action(&fixture.snapshot, &fixture.path, later, &[], &|| None), None);
        }
    }

    #[test]
    fn a_replacement_stands_at_whole_characters() {
        for (old, new) in [("aéb", "aèb"), ("", "é"), ("é", ""), ("ab", "ab"), ("aé", "aéé")] {
            let (span, words) = Change::between(old, new).replacement(old, new);
            let mut text = old.to_owned();
            text.replace_range(span.range(), words);
            assert_eq!(text, new);
        }
    }
}
