//! Whether everything means after a new name what it meant before: the texts are looked at once more with the edits made.

use crate::rename::edits::modules_with;
use crate::rename::{Edits, Refusal};
use mandate_diagnostics::{Diagnostic, Edit, LineIndex, Span};
use mandate_semantics::{Host, PackageOrigin, Place, Snapshot, Target};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Refuses edits after which a name means something else, or something is wrong that was not.
pub(super) fn verify(
    snapshot: &Snapshot,
    targets: &[Target],
    before: &str,
    name: &str,
    edits: &Edits,
) -> Result<(), Refusal> {
    let now = edited(snapshot, edits);
    let mut concerned = modules_with(snapshot, &[before, name]);
    let is_own = |path: &&Arc<str>| snapshot.owner_of(path).is_some_and(|(_, origin)| origin == PackageOrigin::Own);
    concerned.extend(edits.keys().filter(|path| snapshot.syntax(path).is_some()).filter(is_own).cloned());
    let follow = Follow { edits, targets, name };
    for path in &concerned {
        new_fault(snapshot, &now, path, name, &follow)?;
    }
    for path in &concerned {
        other_meaning(snapshot, &now, path, name, &follow)?;
    }
    for package in snapshot.own_packages() {
        if let Some(lock) = snapshot.lock_text(&package) {
            new_fault(snapshot, &now, &lock.path, name, &follow)?;
        }
    }
    Ok(())
}

/// The project with edits made.
pub(crate) fn edited(snapshot: &Snapshot, edits: &Edits) -> Snapshot {
    let mut input = snapshot.input();
    let apply = |path: &str, text: &mut Arc<str>| {
        if let Some(edits) = edits.get(path) {
            *text = Arc::from(applied(text, edits.iter().map(|(edit, _)| edit)));
        }
    };
    for package in &mut input.packages {
        package.modules.iter_mut().for_each(|module| apply(&module.path, &mut module.text));
        package.documents.iter_mut().for_each(|document| apply(&document.path, &mut document.text));
        if let Some(lock) = &mut package.lock {
            apply(&lock.path.clone(), &mut lock.text);
        }
    }
    let mut host = Host::new();
    host.set_project(input);
    host.snapshot()
}

/// A text with edits made that stand in order and apart.
pub(crate) fn applied<'e>(text: &str, edits: impl Iterator<Item = &'e Edit>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        let Some(between) = text.get(at..range.start) else { continue };
        out.push_str(between);
        out.push_str(&edit.text);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// Where things are after the edits, and what they are called.
struct Follow<'a> {
    edits: &'a Edits,
    targets: &'a [Target],
    name: &'a str,
}

impl Follow<'_> {
    /// Where a span of a text of before stands now.
    fn span(&self, path: &str, span: Span) -> Span {
        let (mut start, mut end) = (i64::from(span.start), i64::from(span.end));
        for (edit, _) in self.edits.get(path).into_iter().flatten() {
            let grown = edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start);
            if edit.span.end <= span.start {
                start += grown;
            }
            if edit.span.end <= span.end {
                end += grown;
            }
        }
        Span::new(start as u32, end as u32)
    }

    /// Where a byte of a text of now stood before; inside of what was replaced, where that began.
    fn back(&self, path: &str, at: u32) -> u32 {
        let mut grown = 0_i64;
        for (edit, _) in self.edits.get(path).into_iter().flatten() {
            let from = i64::from(edit.span.start) + grown;
            if i64::from(at) < from + edit.text.len() as i64 {
                return if i64::from(at) < from { (i64::from(at) - grown) as u32 } else { edit.span.start };
            }
            grown += edit.text.len() as i64 - i64::from(edit.span.end - edit.span.start);
        }
        (i64::from(at) - grown) as u32
    }

    /// The place of before, and its line, of a span of now.
    fn place(&self, before: &Snapshot, path: &Arc<str>, span: Span) -> (Place, usize) {
        let start = self.back(path, span.start);
        let text = before.text(path).unwrap_or_else(|| Arc::from(""));
        let line = LineIndex::new(&text).line(start) + 1;
        (Place { path: path.clone(), span: Span::new(start, self.back(path, span.end).max(start)) }, line)
    }

    /// A target as it is called now. The type of a variable is left out: it is words for people.
    fn target(&self, target: &Target) -> Target {
        let renamed = self.targets.contains(target);
        let named = |old: &Arc<str>| if renamed { Arc::from(self.name) } else { old.clone() };
        // What belongs to a declaration goes by its name.
        let owner = |file: &Arc<str>, old: &Arc<str>| {
            let declaration = Target::Declaration { file: file.clone(), name: old.clone() };
            if self.targets.contains(&declaration) { Arc::from(self.name) } else { old.clone() }
        };
        match target {
            Target::Module { file } => Target::Module { file: file.clone() },
            Target::Declaration { file, name } => Target::Declaration { file: file.clone(), name: named(name) },
            Target::Field { file, record, field } => {
                Target::Field { file: file.clone(), record: owner(file, record), field: named(field) }
            }
            Target::Variant { file, r#enum, variant } => {
                Target::Variant { file: file.clone(), r#enum: owner(file, r#enum), variant: named(variant) }
            }
            Target::Passage { file, source, passage } => {
                Target::Passage { file: file.clone(), source: owner(file, source), passage: named(passage) }
            }
            Target::Local { file, span, name, .. } => {
                // The target itself, whatever its type is called.
                let is_it =
                    |one: &Target| matches!(one, Target::Local { file: f, span: s, .. } if f == file && s == span);
                let name = if self.targets.iter().any(is_it) { Arc::from(self.name) } else { name.clone() };
                Target::Local { file: file.clone(), span: self.span(file, *span), name, ty: String::new() }
            }
        }
    }
}

/// A diagnostic of now that nothing of before corresponds to.
fn new_fault(
    before: &Snapshot,
    now: &Snapshot,
    path: &Arc<str>,
    name: &str,
    follow: &Follow<'_>,
) -> Result<(), Refusal> {
    let place = |diagnostic: &Diagnostic| (diagnostic.code.id, diagnostic.primary.span);
    let known: BTreeSet<(&str, Span)> = before
        .diagnostics(path)
        .iter()
        .map(|diagnostic| (diagnostic.code.id, follow.span(path, diagnostic.primary.span)))
        .collect();
    let found = now.diagnostics(path);
    let Some(fresh) = found.iter().find(|diagnostic| !known.contains(&place(diagnostic))) else { return Ok(()) };
    let (place, line) = follow.place(before, path, fresh.primary.span);
    let file = shown(before, path);
    let message = format!("`{name}` cannot be the new name: in {file}, line {line}, {}.", fresh.message);
    Err(Refusal { message, place: Some(place) })
}

/// A word that means something else now.
fn other_meaning(
    before: &Snapshot,
    now: &Snapshot,
    path: &Arc<str>,
    name: &str,
    follow: &Follow<'_>,
) -> Result<(), Refusal> {
    let mut wanted: BTreeMap<Span, Vec<Target>> = BTreeMap::new();
    for reference in before.references(path) {
        wanted.entry(follow.span(path, reference.span)).or_default().push(follow.target(&reference.target));
    }
    let mut found: BTreeMap<Span, Vec<Target>> = BTreeMap::new();
    for reference in now.references(path) {
        found.entry(reference.span).or_default().push(untyped(reference.target));
    }
    let all: BTreeSet<Span> = wanted.keys().chain(found.keys()).copied().collect();
    let differs = |span: &Span| match (wanted.get(span), found.get(span)) {
        (Some(wanted), Some(found)) => !wanted.iter().all(|one| found.contains(one)) || wanted.len() != found.len(),
        (None, None) => false,
        (Some(_), None) | (None, Some(_)) => true,
    };
    let Some(span) = all.iter().find(|span| differs(span)) else { return Ok(()) };
    let text = now.text(path).unwrap_or_else(|| Arc::from(""));
    let written = text.get(span.range()).unwrap_or("");
    let (place, line) = follow.place(before, path, *span);
    let message = format!(
        "With the name `{name}`, `{written}` in {}, line {line}, would mean something else than it does now. Choose another name.",
        shown(before, path)
    );
    Err(Refusal { message, place: Some(place) })
}

fn untyped(target: Target) -> Target {
    match target {
        Target::Local { file, span, name, .. } => Target::Local { file, span, name, ty: String::new() },
        other => other,
    }
}

/// A file as people call it.
fn shown(snapshot: &Snapshot, path: &str) -> String {
    let relative = snapshot.relative_path(path).map(|relative| relative.to_string());
    relative.unwrap_or_else(|| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned())
}
