//! The mends that diagnostics bring along.

use super::{Action, ActionKind, Context};
use mandate_diagnostics::{Diagnostic, Edit, Fix};

/// A quick fix for each mend of a diagnostic at the place.
pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    for diagnostic in context.here() {
        let fixes: Vec<&Fix> = diagnostic.fixes.iter().filter(|fix| !brings_in(fix)).collect();
        for fix in &fixes {
            let action = Action::edits(ActionKind::QuickFix, &fix.title, &context.path, fix.edits.clone());
            let action = action.mending(diagnostic);
            out.push(if fixes.len() == 1 { action.preferred() } else { action });
        }
    }
}

/// A `use` line is written by its own action, which puts the name beside others of the same module.
fn brings_in(fix: &Fix) -> bool {
    fix.edits.iter().any(|edit| edit.text.starts_with("use "))
}

/// One action for everything in the file of which the mend is certain.
pub(super) fn all(context: &Context<'_>, out: &mut Vec<Action>) {
    let mut edits: Vec<Edit> = Vec::new();
    let mut mended: Vec<&Diagnostic> = Vec::new();
    for diagnostic in &context.diagnostics {
        let own = match diagnostic.fixes.as_slice() {
            [only] if !brings_in(only) => only.edits.clone(),
            _ => continue,
        };
        let free = own.iter().all(|edit| edits.iter().all(|other| !clash(edit, other)));
        if free {
            edits.extend(own);
            mended.push(diagnostic);
        }
    }
    if mended.is_empty() {
        return;
    }
    let title = match mended.len() {
        1 => "Mend the one thing in this file that can be mended for certain".to_owned(),
        count => format!("Mend the {count} things in this file that can be mended for certain"),
    };
    let action = Action::edits(ActionKind::FixAll, title, &context.path, edits);
    out.push(mended.into_iter().fold(action, Action::mending));
}

/// Whether two edits touch: of such, one may undo what the other is about.
fn clash(one: &Edit, other: &Edit) -> bool {
    one.span.start <= other.span.end && other.span.start <= one.span.end
}

#[cfg(test)]
mod tests {
    use crate::actions::tests::{after, titles};

    const FILE: &str = "//- a.mandate\nrecord A key id {\n  id: Text\n  seen: Tme\n}\n\nrule r \"R\" {\n  for each a: A\n  wehn a.id is knwon\n}\n";

    #[test]
    fn a_mend_is_offered_where_its_diagnostic_stands() {
        let here = FILE.replace("Tme", "T$0me");
        assert_eq!(titles(&here)[0], "Replace by `Time`");
        assert!(after(&here, "Replace by `Time`").contains("seen: Time\n"));
        assert!(!titles(&FILE.replace("id: Text", "i$0d: Text")).iter().any(|title| title.starts_with("Replace")));
    }

    #[test]
    fn everything_certain_is_mended_at_once() {
        let here = FILE.replace("record A", "rec$0ord A");
        let title = titles(&here).into_iter().find(|title| title.starts_with("Mend the")).unwrap();
        let mended = after(&here, &title);
        assert!(mended.contains("seen: Time\n") && mended.contains("  when a.id"), "{mended}");
    }
}
