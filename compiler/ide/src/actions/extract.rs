//! A part of a condition as a definition of its own, and a definition put back where it is used.

use super::imports::{bring, reach};
use super::{Action, ActionKind, Context, FileEdits, at, is_accepted, sorted};
use crate::tree;
use mandate_diagnostics::{Edit, Span};
use mandate_semantics::{Kind, Reference, Target};
use mandate_syntax::ast::{DeclKind, Define, Expr, ExprKind, Item};
use mandate_syntax::words::TYPES;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The names of the work: it is tried out only when it is chosen.
pub(super) const EXTRACTING: &str = "extract";
pub(super) const INLINING: &str = "inline";

const EXTRACT: &str = "Make a definition of it";

/// For a selected expression: a definition that stands for it.
pub(super) fn extract(context: &Context<'_>, out: &mut Vec<Action>) {
    let Some((item, expr)) = selected(context) else { return };
    match extracted(context, item, expr) {
        Ok(_) => out.push(Action::later(ActionKind::Extract, EXTRACT, EXTRACTING, at(context.span))),
        Err(reason) => out.push(Action::disabled(ActionKind::Extract, EXTRACT, reason)),
    }
}

/// The edits of a definition, if the language accepts them.
pub(super) fn resolve_extract(context: &Context<'_>) -> Option<FileEdits> {
    let (item, expr) = selected(context)?;
    extracted(context, item, expr).ok().filter(|edits| is_accepted(context.snapshot, edits))
}

/// The expression that is selected, white space at its ends left aside.
fn selected<'c>(context: &'c Context<'_>) -> Option<(&'c Item, &'c Expr)> {
    let words = context.words(context.span);
    let start = context.span.start + (words.len() - words.trim_start().len()) as u32;
    let span = Span::new(start, start + words.trim().len() as u32);
    if span.start == span.end {
        return None;
    }
    let item = context.item()?;
    if matches!(item.decl.kind, DeclKind::Scenario(_) | DeclKind::Mission(_)) {
        return None;
    }
    let mut found = None;
    for expr in tree::expressions(&item.decl.kind) {
        tree::walk(expr, &mut |expr| {
            if expr.span.shifted(item.offset) == span {
                found = Some(expr);
            }
        });
    }
    let plain = |expr: &&Expr| {
        matches!(expr.kind, ExprKind::Name(_) | ExprKind::Hole | ExprKind::Record(..) | ExprKind::Range(..))
    };
    Some((item, found.filter(|expr| !plain(expr))?))
}

fn extracted(context: &Context<'_>, item: &Item, expr: &Expr) -> Result<FileEdits, String> {
    let span = expr.span.shifted(item.offset);
    let mut variables: Vec<(Arc<str>, String)> = Vec::new();
    for reference in context.snapshot.references(&context.path) {
        let Target::Local { span: introduced, name, ty, .. } = &reference.target else { continue };
        let inside = |other: Span| span.start <= other.start && other.end <= span.end;
        if inside(reference.span) && !inside(*introduced) && !variables.iter().any(|(known, _)| known == name) {
            variables.push((name.clone(), ty.clone()));
        }
    }
    if variables.is_empty() {
        return Err("it speaks of no variable: a value that is always the same is a `parameter`".to_owned());
    }
    let mut edits = types(context, &variables)?;
    let names: BTreeSet<Arc<str>> =
        context.snapshot.names_in_scope(&context.path).into_iter().map(|named| named.name).collect();
    let name = free(if is_condition(expr) { "condition" } else { "amount" }, &names);
    let end = context.newline();
    let params: Vec<String> = variables.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
    let declared = format!("define {name}({}) = {}{end}{end}", params.join(", "), context.words(span));
    edits.push(Edit { span: Span::empty(item.offset), text: declared });
    let args: Vec<&str> = variables.iter().map(|(name, _)| &**name).collect();
    edits.push(Edit { span, text: format!("{name}({})", args.join(", ")) });
    Ok(FileEdits::from([(context.path.clone(), merged(edits))]))
}

/// Sorted, and two at one place made one.
fn merged(edits: Vec<Edit>) -> Vec<Edit> {
    let mut all: Vec<Edit> = Vec::new();
    for edit in sorted(edits) {
        match all.last_mut() {
            Some(last) if last.span == edit.span => last.text.push_str(&edit.text),
            _ => all.push(edit),
        }
    }
    all
}

/// Brings in the types of variables that the module does not name yet.
fn types(context: &Context<'_>, variables: &[(Arc<str>, String)]) -> Result<Vec<Edit>, String> {
    let known: BTreeSet<Arc<str>> =
        context.snapshot.names_in_scope(&context.path).into_iter().map(|named| named.name).collect();
    let mut edits = Vec::new();
    let mut seen = BTreeSet::new();
    for (variable, ty) in variables {
        let words = ty.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        for word in words.filter(|word| word.starts_with(char::is_uppercase) && !TYPES.contains(word)) {
            if known.contains(word) || !seen.insert(word) {
                continue;
            }
            match context.snapshot.declared_in(&context.path, word).as_slice() {
                [region] => edits.push(bring(&context.tree, &context.text, region, word)),
                _ => return Err(format!("the type of `{variable}`, {ty}, would have to be brought in first")),
            }
        }
        if ty.contains("unknown") {
            return Err(format!("the type of `{variable}` is not known yet"));
        }
    }
    Ok(edits)
}

fn is_condition(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Bool(_)
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare(..)
            | ExprKind::In(..)
            | ExprKind::Overlaps(..)
            | ExprKind::Covers(..)
            | ExprKind::Is(..)
            | ExprKind::Holds(_)
            | ExprKind::Quantified(..)
            | ExprKind::All(_)
    )
}

fn free(name: &str, taken: &BTreeSet<Arc<str>>) -> String {
    let numbered = (2..).map(|number| format!("{name}_{number}"));
    let mut all = std::iter::once(name.to_owned()).chain(numbered);
    all.find(|name| !taken.contains(name.as_str())).unwrap_or_else(|| name.to_owned())
}

/// For the use of a definition: what it stands for in its place.
pub(super) fn inline(context: &Context<'_>, out: &mut Vec<Action>) {
    let Some(used) = used(context) else { return };
    let title = format!("Write out what `{}` stands for", context.words(used.reference.span));
    match inlined(context, &used) {
        Ok(_) => out.push(Action::later(ActionKind::Inline, title, INLINING, at(context.span))),
        Err(reason) => out.push(Action::disabled(ActionKind::Inline, title, reason)),
    }
}

/// The edits that write a definition out, if the language accepts them.
pub(super) fn resolve_inline(context: &Context<'_>) -> Option<FileEdits> {
    inlined(context, &used(context)?).ok().filter(|edits| is_accepted(context.snapshot, edits))
}

/// A use of a definition.
struct Used<'c> {
    item: &'c Item,
    expr: &'c Expr,
    args: &'c [Expr],
    reference: Reference,
}

fn used<'c>(context: &'c Context<'_>) -> Option<Used<'c>> {
    let (item, expr, args) = call(context)?;
    let reference = context.snapshot.reference_at(&context.path, context.span.start)?;
    let is_definition = context.snapshot.kind_of(&reference.target) == Some(Kind::Define);
    is_definition.then_some(Used { item, expr, args, reference })
}

/// The call whose name the cursor is at.
fn call<'c>(context: &'c Context<'_>) -> Option<(&'c Item, &'c Expr, &'c [Expr])> {
    let item = context.item()?;
    let mut found = None;
    for expr in tree::expressions(&item.decl.kind) {
        tree::walk(expr, &mut |expr| {
            if let ExprKind::Call(path, args) = &expr.kind
                && path.segments.last().is_some_and(|last| context.meets(last.span.shifted(item.offset)))
            {
                found = Some((item, expr, args.as_slice()));
            }
        });
    }
    found
}

fn inlined(context: &Context<'_>, used: &Used<'_>) -> Result<FileEdits, String> {
    let Used { item, expr, args, reference } = used;
    let gone = || "its declaration cannot be read".to_owned();
    let Target::Declaration { file, name } = &reference.target else { return Err(gone()) };
    let (text, module) =
        (context.snapshot.text(file).ok_or_else(gone)?, context.snapshot.syntax(file).ok_or_else(gone)?);
    let declared = module.items.iter().find_map(|item| match &item.decl.kind {
        DeclKind::Define(define) if *define.name.text == **name => Some((item, define)),
        _ => None,
    });
    let (home, define) = declared.ok_or_else(gone)?;
    if define.params.len() != args.len() {
        return Err("it is not given what it needs".to_owned());
    }
    let given: Vec<&str> = args.iter().map(|arg| context.words(arg.span.shifted(item.offset))).collect();
    captures(define, args)?;
    let body = define.body.span.shifted(home.offset);
    if text.get(body.range()).is_none_or(|words| words.contains("//")) {
        return Err("comments stand in the definition, and would be lost".to_owned());
    }
    let mut inner: Vec<Edit> = Vec::new();
    let mut outer: Vec<Edit> = Vec::new();
    for found in context.snapshot.references(file) {
        if found.span.start < body.start || body.end < found.span.end {
            continue;
        }
        match &found.target {
            Target::Local { span, .. } => {
                let at = define.params.iter().position(|param| param.name.span.shifted(home.offset) == *span);
                let arg = at.and_then(|at| Some((args.get(at)?, *given.get(at)?)));
                inner.extend(arg.map(|(arg, words)| Edit { span: found.span, text: within(arg, words) }));
            }
            target @ Target::Declaration { .. } if file != &context.path => {
                let qualified = context.snapshot.whole_name(target).ok_or_else(gone)?;
                let (called, used) = reach(context.snapshot, &context.path, &qualified).ok_or_else(gone)?;
                inner.push(Edit { span: found.span, text: called });
                outer.extend(used);
            }
            _ => {}
        }
    }
    let shifted = inner.into_iter().map(|edit| Edit {
        span: Span::new(edit.span.start - body.start, edit.span.end - body.start),
        text: edit.text,
    });
    let mut words = super::apply(text.get(body.range()).unwrap_or(""), &sorted(shifted.collect()));
    let stands_alone = tree::expressions(&item.decl.kind).iter().any(|top| top.span == expr.span);
    if !stands_alone && !is_tight(&define.body) {
        words = format!("({words})");
    }
    outer.dedup();
    outer.push(Edit { span: expr.span.shifted(item.offset), text: words });
    Ok(FileEdits::from([(context.path.clone(), merged(outer))]))
}

/// A variable inside the definition must not be called like one that it is given.
fn captures(define: &Define, args: &[Expr]) -> Result<(), String> {
    let mut inner = BTreeSet::new();
    tree::walk(&define.body, &mut |expr| match &expr.kind {
        ExprKind::Quantified(_, binder, _) | ExprKind::Aggregate(_, _, binder, _) | ExprKind::Pick(_, binder, _) => {
            inner.insert(binder.name.text.as_str());
        }
        _ => {}
    });
    let mut clash = None;
    for arg in args {
        tree::walk(arg, &mut |expr| match &expr.kind {
            ExprKind::Name(name) if inner.contains(name.as_str()) => clash = Some(name.clone()),
            _ => {}
        });
    }
    match clash {
        Some(name) => Err(format!("a variable inside the definition is called `{name}`, too")),
        None => Ok(()),
    }
}

/// What a parameter is replaced by.
fn within(arg: &Expr, words: &str) -> String {
    if is_tight(arg) { words.to_owned() } else { format!("({words})") }
}

/// Whether nothing beside the expression can take a part of it.
fn is_tight(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Name(_)
            | ExprKind::Field(..)
            | ExprKind::Call(..)
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Quantity(..)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Time(_)
            | ExprKind::List(_)
            | ExprKind::Aggregate(..)
    )
}

#[cfg(test)]
mod tests {
    use crate::actions::tests::{after, titles};

    const FACTS: &str = "//- facts.mandate\nrecord Person key id {\n  id: Text\n  age: Int?\n}\nrecord Event key id {\n  id: Text\n  grave: Bool\n  persons: list of Person\n}\n//- a.mandate\n";

    #[test]
    fn a_selected_condition_becomes_a_definition_of_its_variables() {
        let file = format!(
            "{FACTS}use facts.{{Event}}\n\n/// Why.\nconstraint c \"C\" {{\n  for each e: Event\n  let limit = 18\n  when e.grave and $0some p in e.persons where p.age < limit$0\n  require e.grave\n}}\n"
        );
        assert_eq!(
            after(&file, "Make a definition of it"),
            "use facts.{Event}\n\ndefine condition(e: Event, limit: Int) = some p in e.persons where p.age < limit\n\n/// Why.\nconstraint c \"C\" {\n  for each e: Event\n  let limit = 18\n  when e.grave and condition(e, limit)\n  require e.grave\n}\n"
        );
    }

    #[test]
    fn types_are_brought_in_and_what_is_no_expression_is_not_offered() {
        let file = format!(
            "{FACTS}use facts.{{Event}}\n\nconstraint c \"C\" {{\n  for each e: Event, p in e.persons\n  require $0p.age > 3$0\n}}\n"
        );
        let found = after(&file, "Make a definition of it");
        assert!(found.starts_with("use facts.{Event, Person}\n\ndefine condition(p: Person) = p.age > 3\n"), "{found}");
        let half = file.replace("$0p.age > 3$0", "$0p.age >$0 3");
        assert!(!titles(&half).iter().any(|title| title.starts_with("Make a definition")));
        let fixed = format!("{FACTS}define d(n: Int) = $03 > 2$0 and n > 1\n");
        assert!(titles(&fixed).iter().any(|title| title.contains("(not here: it speaks of no variable")));
    }

    #[test]
    fn a_definition_is_written_out_with_what_it_is_given() {
        let file = format!(
            "{FACTS}use facts.{{Event, Person}}\n\ndefine young(p: Person, limit: Int) = p.age < limit or p.age is missing\n\nconstraint c \"C\" {{\n  for each e: Event, q in e.persons\n  when e.grave and yo$0ung(q, 10 + 8)\n  require e.grave\n}}\n"
        );
        let found = after(&file, "Write out what `young` stands for");
        assert!(found.contains("  when e.grave and (q.age < (10 + 8) or q.age is missing)\n"), "{found}");
        let alone = file.replace("e.grave and ", "");
        let found = after(&alone, "Write out what `young` stands for");
        assert!(found.contains("  when q.age < (10 + 8) or q.age is missing\n"), "{found}");
    }

    #[test]
    fn a_definition_of_another_module_brings_its_names_along() {
        let other = "//- defs.mandate\nuse facts.{Event, Person}\ndefine old(p: Person) = p.age > 60\ndefine any_old(e: Event) = some p in e.persons where old(p)\n";
        let file = format!(
            "{other}{FACTS}use facts.{{Event}}\nuse defs.{{any_old}}\n\nconstraint c \"C\" {{\n  for each e: Event\n  require any$0_old(e)\n}}\n"
        );
        let found = after(&file, "Write out what `any_old` stands for");
        assert!(found.contains("use defs.{any_old, old}\n"), "{found}");
        assert!(found.contains("  require some p in e.persons where old(p)\n"), "{found}");
        let clash = file.replace("for each e: Event", "for each p: Event").replace("any$0_old(e)", "any$0_old(p)");
        assert!(
            titles(&clash).iter().any(|title| title.contains("(not here: a variable inside")),
            "{:?}",
            titles(&clash)
        );
    }
}
