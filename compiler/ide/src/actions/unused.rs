//! What nothing speaks of: names brought in, variables.

use super::{Action, ActionKind, Context};
use mandate_diagnostics::{Diagnostic, Edit, Span, codes};
use mandate_syntax::ast::{ClauseKind, DeclKind, Item, Name, StepKind};

pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    for diagnostic in context.here() {
        match diagnostic.code.id {
            id if id == codes::W006.id => out.extend(import(context, diagnostic)),
            id if id == codes::W003.id => variable(context, diagnostic, out),
            _ => {}
        }
    }
}

fn holder<'c>(context: &'c Context<'_>, span: Span) -> Option<&'c Item> {
    context.tree.items.iter().find(|item| item.offset <= span.start && span.end <= item.offset + item.len)
}

fn import(context: &Context<'_>, diagnostic: &Diagnostic) -> Option<Action> {
    let span = diagnostic.primary.span;
    let item = holder(context, span)?;
    let DeclKind::Use(found) = &item.decl.kind else { return None };
    let spans: Vec<Span> = found.names.iter().flatten().map(|name: &Name| name.span.shifted(item.offset)).collect();
    let gone = match spans.iter().position(|one| *one == span) {
        Some(0) if spans.len() > 1 => Span::new(span.start, spans[1].start),
        Some(at) if spans.len() > 1 => Span::new(spans[at - 1].end, span.end),
        _ => without_gap(context, item),
    };
    let title = format!("Leave `{}` out", context.words(span));
    let edits = vec![Edit { span: gone, text: String::new() }];
    Some(Action::edits(ActionKind::QuickFix, title, &context.path, edits).mending(diagnostic).preferred())
}

/// The lines of a declaration, and the blank line below it if one stands above or nothing does.
fn without_gap(context: &Context<'_>, item: &Item) -> Span {
    let lines = context.lines(item.decl.span.shifted(item.offset));
    let above = context.text[..lines.start as usize].trim_end_matches([' ', '\t']);
    let rest = &context.text[lines.end as usize..];
    let blank = rest.split_inclusive('\n').next().filter(|line| line.trim().is_empty()).map_or(0, str::len);
    let opens = above.is_empty() || above.ends_with("\n\n") || above.ends_with("\n\r\n");
    Span::new(lines.start, lines.end + if opens { blank as u32 } else { 0 })
}

fn variable(context: &Context<'_>, diagnostic: &Diagnostic, out: &mut Vec<Action>) {
    let span = diagnostic.primary.span;
    let name = context.words(span);
    if let Some(line) = holder(context, span).and_then(|item| introduced(item, span)) {
        let edits = vec![Edit { span: context.lines(line), text: String::new() }];
        let title = format!("Leave `{name}` out");
        out.push(Action::edits(ActionKind::QuickFix, title, &context.path, edits).mending(diagnostic).preferred());
    }
    let edits = vec![Edit { span: Span::empty(span.start), text: "_".to_owned() }];
    let title = format!("Call it `_{name}`: it is meant to stand unused");
    out.push(Action::edits(ActionKind::QuickFix, title, &context.path, edits).mending(diagnostic));
}

/// The `let` that introduces a variable.
fn introduced(item: &Item, span: Span) -> Option<Span> {
    let at = |line: Span| line.shifted(item.offset);
    let is = |name: &Name| at(name.span) == span;
    match &item.decl.kind {
        DeclKind::Rule(rule) => rule.clauses.iter().find_map(|clause| match &clause.kind {
            ClauseKind::Let(name, _) if is(name) => Some(at(clause.span)),
            _ => None,
        }),
        DeclKind::Scenario(scenario) => scenario.steps.iter().find_map(|step| match &step.kind {
            StepKind::Let(name, _) if is(name) => Some(at(step.span)),
            _ => None,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::tests::after;

    const UNITS: &str = "//- units.mandate\nrecord A key id {\n  id: Text\n}\nrecord B key id {\n  id: Text\n}\nrecord C key id {\n  id: Text\n}\n//- a.mandate\n";

    #[test]
    fn names_brought_in_for_nothing_go() {
        let left = |unused: &str, used: &[&str]| {
            let fields: String = used.iter().map(|name| format!("  {}: {name}\n", name.to_lowercase())).collect();
            let line = "use units.{A, B, C}".replace(unused, &format!("$0{unused}"));
            after(&format!("{UNITS}{line}\n\nrecord R {{\n{fields}}}\n"), &format!("Leave `{unused}` out"))
        };
        assert!(left("A", &["B", "C"]).starts_with("use units.{B, C}\n"));
        assert!(left("B", &["A", "C"]).starts_with("use units.{A, C}\n"));
        assert!(left("C", &["A", "B"]).starts_with("use units.{A, B}\n"));
        let only = after(&format!("{UNITS}use units.{{$0A}}\n\nrecord R {{\n  id: Text\n}}\n"), "Leave `A` out");
        assert_eq!(only, "record R {\n  id: Text\n}\n");
    }

    const RULE: &str = "//- a.mandate\nrecord A key id {\n  id: Text\n  n: Int\n}\nconstraint c \"C\" {\n  for each a: A\n  let x = a.n\n  require a.n > 0\n}\n";

    #[test]
    fn a_variable_goes_with_its_line_or_is_marked() {
        let here = RULE.replace("let x", "let $0x");
        assert!(!after(&here, "Leave `x` out").contains("let x"));
        assert!(after(&here, "Call it `_x`: it is meant to stand unused").contains("  let _x = a.n\n"));
    }
}
