//! `use` lines: what is missing is brought in, and they are put in order.

use super::{Action, ActionKind, Context};
use mandate_diagnostics::{Edit, Span, codes};
use mandate_semantics::{Snapshot, Target};
use mandate_syntax::ast::{DeclKind, Item, Module, Path, Use};
use std::collections::{BTreeMap, BTreeSet};

/// One action for each place from which a name that means nothing here can be brought in.
pub(super) fn add(context: &Context<'_>, out: &mut Vec<Action>) {
    for diagnostic in context.here().filter(|found| [codes::E020.id, codes::E021.id].contains(&found.code.id)) {
        let name = context.words(diagnostic.primary.span).to_owned();
        let regions = context.snapshot.declared_in(&context.path, &name);
        let only = regions.len() == 1 && diagnostic.fixes.is_empty();
        for region in regions {
            let edit = bring(&context.tree, &context.text, &region, &name);
            let title = format!("Bring in `{name}` from `{region}`");
            let action = Action::edits(ActionKind::QuickFix, title, &context.path, vec![edit]).mending(diagnostic);
            out.push(if only { action.preferred() } else { action });
        }
    }
}

/// A name that a `use` line cannot fetch from where it looks, fetched from where it is declared.
pub(super) fn fetch(context: &Context<'_>, out: &mut Vec<Action>) {
    for diagnostic in context.here().filter(|found| [codes::E023.id, codes::E029.id].contains(&found.code.id)) {
        let span = diagnostic.primary.span;
        let line = uses(&context.tree).find_map(|(item, found)| {
            let names = found.names.as_ref()?;
            let at = names.iter().position(|name| name.span.shifted(item.offset) == span)?;
            Some((item, found, names, at))
        });
        let Some((item, found, names, at)) = line else { continue };
        let name = context.words(span);
        let several = context.snapshot.modules_declaring(&context.path, &said(&found.path), name);
        let regions = if several.is_empty() { context.snapshot.declared_in(&context.path, name) } else { several };
        for region in regions.into_iter().filter(|region| *region != said(&found.path)) {
            let edits = if names.len() == 1 {
                vec![Edit { span: found.path.span.shifted(item.offset), text: region.clone() }]
            } else {
                let gone = match at {
                    0 => Span::new(names[0].span.start, names[1].span.start),
                    at => Span::new(names[at - 1].span.end, names[at].span.end),
                };
                let line = format!("use {region}.{{{name}}}");
                let whole = item.decl.span.shifted(item.offset);
                let below = Edit { span: Span::empty(whole.end), text: format!("{}{line}", context.newline()) };
                vec![Edit { span: gone.shifted(item.offset), text: String::new() }, below]
            };
            let title = format!("Bring in `{name}` from `{region}`");
            out.push(Action::edits(ActionKind::QuickFix, title, &context.path, edits).mending(diagnostic));
        }
    }
}

/// A path as it is written.
pub(crate) fn said(path: &Path) -> String {
    path.segments.iter().map(|name| name.text.as_str()).collect::<Vec<_>>().join(".")
}

/// The `use` lines of a module, with their declarations.
fn uses(tree: &Module) -> impl Iterator<Item = (&Item, &Use)> {
    tree.items.iter().filter_map(|item| match &item.decl.kind {
        DeclKind::Use(found) => Some((item, found)),
        _ => None,
    })
}

/// The edit that brings a name in: into the line that fetches others from there, or on a line of its own.
pub(crate) fn bring(tree: &Module, text: &str, region: &str, name: &str) -> Edit {
    let beside = uses(tree).find_map(|(item, found)| {
        let names = found.names.as_ref().filter(|_| said(&found.path) == region)?;
        let last = names.iter().rev().find(|name| !name.is_hole())?;
        Some(last.span.end + item.offset)
    });
    if let Some(end) = beside {
        return Edit { span: Span::empty(end), text: format!(", {name}") };
    }
    new_line(tree, text, &format!("use {region}.{{{name}}}"))
}

/// A new `use` line below the others, or at the head of the file.
pub(crate) fn new_line(tree: &Module, text: &str, line: &str) -> Edit {
    let end = super::newline(text);
    if let Some((item, _)) = uses(tree).last() {
        return Edit { span: Span::empty(item.decl.span.end + item.offset), text: format!("{end}{line}") };
    }
    match tree.items.first() {
        // What the file says of itself stays at its head.
        Some(item) if matches!(item.decl.kind, DeclKind::Nothing) && item.decl.errors.is_empty() => {
            Edit { span: Span::empty(item.offset + item.len), text: format!("{end}{end}{line}") }
        }
        Some(item) => Edit { span: Span::empty(item.offset), text: format!("{line}{end}{end}") },
        None => Edit { span: Span::empty(text.len() as u32), text: format!("{line}{end}") },
    }
}

/// What a declaration is called in a module, and the edit that brings it in if it is not there yet. By its whole name where its short one means
/// something else; `None` if there is no such module or declaration.
pub(crate) fn reach(snapshot: &Snapshot, path: &str, qualified: &str) -> Option<(String, Option<Edit>)> {
    let names = snapshot.names_in_scope(path);
    let means = |target: &Target| snapshot.whole_name(target).as_deref() == Some(qualified);
    if let Some(found) = names.iter().find(|named| means(&named.target())) {
        return Some((found.name.to_string(), None));
    }
    let package = snapshot.package_of(path)?;
    let (region, name) = qualified.rsplit_once('.')?;
    if names.iter().any(|known| *known.name == *name) {
        return Some((qualified.to_owned(), None));
    }
    let region = region.strip_prefix(&format!("{package}.")).unwrap_or(region);
    let edit = bring(&snapshot.syntax(path)?, &snapshot.text(path)?, region, name);
    Some((name.to_owned(), Some(edit)))
}

/// `use` lines sorted and merged, without what nothing needs.
pub(super) fn organize(context: &Context<'_>, out: &mut Vec<Action>) {
    let title = "Put the `use` lines in order";
    let Some(edits) = organized(context) else { return };
    match edits {
        Ok(edits) if edits.is_empty() => {}
        Ok(edits) => out.push(Action::edits(ActionKind::OrganizeImports, title, &context.path, edits)),
        Err(reason) => out.push(Action::disabled(ActionKind::OrganizeImports, title, reason)),
    }
}

fn organized(context: &Context<'_>) -> Option<Result<Vec<Edit>, &'static str>> {
    let all: Vec<(&Item, &Use)> = uses(&context.tree).collect();
    let (first, last) = (all.first()?.0, all.last()?.0);
    if all.iter().any(|(item, _)| !item.decl.errors.is_empty()) {
        return Some(Err("a `use` line has a mistake that comes first"));
    }
    let at = |item: &Item| context.tree.items.iter().position(|other| other.offset == item.offset);
    if at(last)? - at(first)? + 1 != all.len() {
        return Some(Err("other declarations stand between the `use` lines"));
    }
    let whole = Span::new(first.offset + first.decl.span.start, last.offset + last.decl.span.end);
    if context.words(whole).contains("//") {
        return Some(Err("comments stand between the `use` lines, and only their author knows where they belong"));
    }
    let unused: BTreeSet<Span> = context
        .diagnostics
        .iter()
        .filter(|found| found.code.id == codes::W006.id)
        .map(|found| found.primary.span)
        .collect();
    let mut lists: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut wholes: BTreeSet<String> = BTreeSet::new();
    for (item, found) in all {
        let kept = |span: Span| !unused.contains(&span.shifted(item.offset));
        match &found.names {
            Some(names) => {
                let names = names.iter().filter(|name| kept(name.span)).map(|name| name.text.as_str());
                lists.entry(said(&found.path)).or_default().extend(names);
            }
            None if found.path.segments.last().is_some_and(|last| kept(last.span)) => {
                wholes.insert(said(&found.path));
            }
            None => {}
        }
    }
    let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
    let mut lines: Vec<(String, String)> = lists
        .map(|(path, names)| {
            let names = names.into_iter().collect::<Vec<_>>().join(", ");
            let line = format!("use {path}.{{{names}}}");
            (path, line)
        })
        .collect();
    lines.extend(wholes.into_iter().map(|path| (path.clone(), format!("use {path}"))));
    lines.sort();
    let ordered = lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join(context.newline());
    let now = context.words(whole);
    if now == ordered {
        return Some(Ok(Vec::new()));
    }
    if ordered.is_empty() {
        let rest = context.text[whole.end as usize..].trim_start_matches(['\r', '\n', ' ']);
        let end = (context.text.len() - rest.len()) as u32;
        return Some(Ok(vec![Edit { span: Span::new(whole.start, end), text: ordered }]));
    }
    Some(Ok(vec![Edit { span: whole, text: ordered }]))
}

#[cfg(test)]
mod tests {
    use crate::actions::tests::{after, titles};

    const UNITS: &str = "//- units.mandate\nrecord Unit key id {\n  id: Text\n}\nrecord Site key id {\n  id: Text\n}\nenum Grade { low, high }\n//- more.mandate\nrecord Site key id {\n  id: Text\n}\n//- a.mandate\n";

    #[test]
    fn a_name_is_brought_in_from_wherever_it_is_declared() {
        let file = format!("{UNITS}/// A post.\nrecord Post {{\n  site: Si$0te\n}}\n");
        let titles: Vec<String> = titles(&file).into_iter().filter(|title| title.starts_with("Bring")).collect();
        assert_eq!(titles, ["Bring in `Site` from `more`", "Bring in `Site` from `units`"]);
        assert_eq!(after(&file, &titles[1]), "use units.{Site}\n\n/// A post.\nrecord Post {\n  site: Site\n}\n");
    }

    #[test]
    fn a_name_that_is_not_where_it_was_looked_for_is_fetched_from_where_it_is() {
        let file = |line: &str| format!("{UNITS}{line}\n\nrecord Post {{\n  site: Site\n  grade: Grade\n}}\n");
        let found = after(&file("use more.{Site, Gr$0ade}"), "Bring in `Grade` from `units`");
        assert!(found.starts_with("use more.{Site}\nuse units.{Grade}\n\nrecord"), "{found}");
        let found = after(&file("use more.{Gr$0ade}"), "Bring in `Grade` from `units`");
        assert!(found.starts_with("use units.{Grade}\n\nrecord"), "{found}");
        // Two modules of the package declare it.
        let several = file("use exercise.{Grade, Si$0te}");
        let found = after(&several, "Bring in `Site` from `more`");
        assert!(found.starts_with("use exercise.{Grade}\nuse more.{Site}\n\nrecord"), "{found}");
        assert!(titles(&several).contains(&"Bring in `Site` from `units`".to_owned()));
    }

    #[test]
    fn it_stands_beside_others_and_below_what_the_file_says_of_itself() {
        let beside = format!("{UNITS}use units.{{Unit}}\n\nrecord Post {{\n  site: $0Grade\n  unit: Unit\n}}\n");
        assert!(after(&beside, "Bring in `Grade` from `units`").starts_with("use units.{Unit, Grade}\n\nrecord"));
        let below = format!("{UNITS}use more\n\nrecord Post {{\n  site: $0Grade\n}}\n");
        assert!(after(&below, "Bring in `Grade` from `units`").starts_with("use more\nuse units.{Grade}\n\nrecord"));
        let headed = format!("{UNITS}//! Posts.\n\nrecord Post {{\n  site: $0Grade\n}}\n");
        assert!(
            after(&headed, "Bring in `Grade` from `units`").starts_with("//! Posts.\n\nuse units.{Grade}\n\nrecord")
        );
    }

    #[test]
    fn use_lines_are_sorted_and_merged_and_lose_what_nothing_needs() {
        let file = format!(
            "{UNITS}use units.{{Unit, Grade}}\nuse more.{{Site}}\nuse units.{{Unit}}\n\nrecord P$0ost {{\n  unit: Unit\n  site: Site\n}}\n"
        );
        let ordered = after(&file, "Put the `use` lines in order");
        assert!(ordered.starts_with("use more.{Site}\nuse units.{Unit}\n\nrecord Post"), "{ordered}");
        let none = format!("{UNITS}use units.{{Unit}}\n\nrecord P$0ost {{\n  id: Text\n}}\n");
        assert!(after(&none, "Put the `use` lines in order").starts_with("record Post"));
        let commented =
            format!("{UNITS}use units.{{Unit}}\n// Sites.\nuse more.{{Site}}\n\nrecord P$0ost {{\n  id: Text\n}}\n");
        assert!(titles(&commented).iter().any(|title| title.contains("(not here: comments stand between")));
    }
}
