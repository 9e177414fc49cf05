//! A text that another one has superseded gives way to it.

use super::imports::reach;
use super::quotation::citations;
use super::{Action, ActionKind, Context, FileEdits, Work, is_accepted, sorted};
use mandate_diagnostics::{Edit, codes};
use mandate_pack::short;

pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    for diagnostic in context.here().filter(|found| found.code.id == codes::W016.id) {
        let span = diagnostic.primary.span;
        let Some(reference) = context.snapshot.reference_at(&context.path, span.start + 1) else { continue };
        let Some(new) = context.snapshot.superseded_by(&context.path, &reference.target) else { continue };
        let Some((called, used)) = reach(context.snapshot, &context.path, &new) else { continue };
        let cited = context.tree.items.iter().flat_map(|item| {
            citations(item).into_iter().filter(|citation| citation.source.span.shifted(item.offset) == span)
        });
        let passage = cited.filter_map(|citation| citation.passage.as_ref()).map(|passage| passage.text.clone()).next();
        let title = format!("Cite `{}`, which has come in its place", short(&new));
        let mut edits = vec![Edit { span, text: called }];
        edits.extend(used);
        let edits = FileEdits::from([(context.path.clone(), sorted(edits))]);
        let action = if is_accepted(context.snapshot, &edits) {
            let mut action = Action::later(ActionKind::QuickFix, title, "", Vec::new());
            action.work = Work::Edits(edits);
            action
        } else {
            let reason = match passage {
                Some(passage) => {
                    format!("`{}` has no passage `#{passage}` with these words: look where it says so now", short(&new))
                }
                None => format!("`{}` cannot be cited here", short(&new)),
            };
            Action::disabled(ActionKind::QuickFix, title, reason)
        };
        out.push(action.mending(diagnostic));
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::tests::{after, titles};

    const TEXTS: &str = "//- sources/old.md\n# Old\n\n## A {#a}\n\nTell.\n\n## B {#b}\n\nKeep.\n//- sources/new.md\n# New\n\n## A {#a}\n\nTell soon.\n//- texts.mandate\nsource old {\n  title \"Old\"\n  force order\n  document \"sources/old.md\"\n}\nsource new {\n  title \"New\"\n  force order\n  document \"sources/new.md\"\n  in force from 2025-01-01\n  supersedes old\n}\n//- a.mandate\nuse texts.{old}\n\nrecord U key id {\n  id: Text\n  n: Int\n}\n";

    #[test]
    fn the_newer_text_is_cited_where_it_has_the_passage() {
        let rule = |passage: &str| {
            format!("{TEXTS}\nconstraint c \"C\" {{\n  cites ol$0d#{passage}\n  for each u: U\n  require u.n > 1\n}}\n")
        };
        let found = after(&rule("a"), "Cite `new`, which has come in its place");
        assert!(found.starts_with("use texts.{old, new}\n") && found.contains("  cites new#a\n"), "{found}");
        let title = "Cite `new`, which has come in its place (not here: `new` has no passage `#b` with these words: look where it says so now)";
        assert!(titles(&rule("b")).contains(&title.to_owned()), "{:?}", titles(&rule("b")));
    }
}
