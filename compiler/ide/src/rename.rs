//! Another name for a thing, wherever it is named.

mod edits;
mod verify;

#[cfg(test)]
pub(crate) use verify::applied;

use crate::meant::meant;
use crate::passage;
use mandate_diagnostics::{Edit, Span};
use mandate_semantics::{Kind, PackageOrigin, Place, Snapshot, Target};
use mandate_syntax::token::{self, Fault};
use mandate_syntax::words::{Keyword, TYPES};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A name that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamable {
    /// The words that would be replaced.
    pub span: Span,
    /// The name of now.
    pub name: String,
    /// What it names.
    pub targets: Vec<Target>,
}

/// Why a name is not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// A sentence or two for the author.
    pub message: String,
    /// The place that stands against it.
    pub place: Option<Place>,
}

impl Refusal {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), place: None }
    }
}

/// Where an edit belongs, for a client that shows edits in groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Rules and other declarations.
    Declarations,
    /// Scenarios.
    Scenarios,
    /// Passage files.
    Documents,
    /// The review lock.
    Lock,
}

impl Group {
    /// Said above the edits.
    pub fn label(self) -> &'static str {
        match self {
            Group::Declarations => "Rules and declarations",
            Group::Scenarios => "Scenarios",
            Group::Documents => "Documents",
            Group::Lock => "Review lock",
        }
    }
}

/// Edits of files by path, each with its group; of a file in order and apart from each other.
pub type Edits = BTreeMap<Arc<str>, Vec<(Edit, Group)>>;

// Feature: Rename
//
// Gives a declaration, a field, a value, a variable, a source or a passage another name, everywhere: in rules, scenarios and missions of all open
// packages, in the document of a passage, in the review lock. Reviews stay reviews, for no wording changes. A name that would mean something
// else at any place is refused, with the place; so are names of the standard library and of packages that this one only uses.
/// The name at a byte, and whether it can be changed. `owned` tells whether a file belongs to a package that is open, here or elsewhere.
///
/// # Errors
/// No name stands there, or it is not the author's to change.
pub fn prepare_rename(
    snapshot: &Snapshot,
    path: &str,
    offset: u32,
    owned: &dyn Fn(&str) -> bool,
) -> Result<Renamable, Refusal> {
    let nothing = || Refusal::new("No name stands here that could be changed.");
    let meant = meant(snapshot, path, offset).ok_or_else(nothing)?;
    let Some(first) = meant.targets.first() else {
        return Err(Refusal::new("No source of the package has this document, so nothing can cite its passages yet."));
    };
    if !owned(file_of(first)) {
        return Err(foreign(snapshot, first));
    }
    let name = name_of(first).ok_or_else(|| {
        Refusal::new("This is the name of a file. Rename the file, and every line that brings it in follows.")
    })?;
    let text = snapshot.text(path).ok_or_else(nothing)?;
    let written = text.get(meant.span.range()).unwrap_or("");
    let span = match written.strip_prefix('#') {
        Some(bare) if *bare == **name => Span::new(meant.span.start + 1, meant.span.end),
        _ if *written == **name => meant.span,
        // Anywhere in a passage of a document: its name is what changes.
        _ => {
            let read = snapshot.passage_file(path).ok_or_else(nothing)?;
            passage::anchor(&text, read, name).ok_or_else(nothing)?
        }
    };
    Ok(Renamable { span, name: name.to_string(), targets: meant.targets.clone() })
}

/// The edits that give these targets another name in all projects that are open; without any where nothing names them.
///
/// Every name of the files concerned is looked at again with the edits made, and has to mean what it meant.
///
/// # Errors
/// The new name is none, is taken, or would make a name mean something else.
pub fn rename(projects: &[&Snapshot], targets: &[Target], name: &str) -> Result<Edits, Refusal> {
    let Some(first) = targets.first() else { return Ok(Edits::new()) };
    let before = name_of(first).ok_or_else(|| Refusal::new("A file is renamed as a file."))?;
    let mut all = Edits::new();
    if **before == *name {
        return Ok(all);
    }
    let knowing = || projects.iter().filter(|project| project.text(file_of(first)).is_some());
    for project in knowing() {
        is_fine(project, first, name)?;
        // A file is the own one of one project, and edited by that one.
        all.extend(edits::edits(project, targets, before, name));
    }
    for project in knowing() {
        verify::verify(project, targets, before, name, &all)?;
    }
    Ok(all)
}

/// The name that a target goes by; `None` for a module, which is called as its file is.
pub(crate) fn name_of(target: &Target) -> Option<&Arc<str>> {
    match target {
        Target::Module { .. } => None,
        Target::Declaration { name, .. } | Target::Local { name, .. } => Some(name),
        Target::Field { field, .. } => Some(field),
        Target::Variant { variant, .. } => Some(variant),
        Target::Passage { passage, .. } => Some(passage),
    }
}

/// The module that declares a target, or its source.
pub(crate) fn file_of(target: &Target) -> &Arc<str> {
    match target {
        Target::Module { file }
        | Target::Declaration { file, .. }
        | Target::Field { file, .. }
        | Target::Variant { file, .. }
        | Target::Local { file, .. }
        | Target::Passage { file, .. } => file,
    }
}

/// Why a target is not the author's to rename.
fn foreign(snapshot: &Snapshot, target: &Target) -> Refusal {
    let what = match name_of(target) {
        Some(name) => format!("`{name}`"),
        None => "This module".to_owned(),
    };
    Refusal::new(match snapshot.owner_of(file_of(target)) {
        Some((package, PackageOrigin::Standard)) => format!(
            "{what} is declared in `{package}`, a package of the standard library. It comes with the program and is the same for everybody."
        ),
        Some((package, PackageOrigin::Own | PackageOrigin::Dependency)) => format!(
            "{what} is declared in the package `{package}`, which this one only uses. Open that package too, then its names can be changed."
        ),
        None => "The file that declares this is in no package.".to_owned(),
    })
}

/// Whether a name can stand for a target at all.
fn is_fine(snapshot: &Snapshot, target: &Target, name: &str) -> Result<(), Refusal> {
    if let Target::Passage { file, source, .. } = target {
        return is_fine_passage(snapshot, file, source, name);
    }
    let mut read = token::tokens(name).into_iter();
    let word = read.next().filter(|token| {
        token.kind.is_word() && token.fault == Fault::None && token.span == Span::new(0, name.len() as u32)
    });
    if word.is_none() || read.next().is_some() {
        return Err(Refusal::new(format!(
            "`{name}` is no name. A name has letters from a to z, digits and `_`, and does not begin with a digit."
        )));
    }
    // Fields and values are called as the data call them; whether a rule can be read with it is looked at afterwards.
    let by_data = matches!(target, Target::Field { .. } | Target::Variant { .. });
    let kind = match target {
        Target::Declaration { file, name } => snapshot.kind_named(file, name),
        _ => None,
    };
    let is_type = matches!(kind, Some(Kind::Record | Kind::Enum));
    let taken = Keyword::of(name) != Keyword::Plain && !by_data || is_type && TYPES.contains(&name);
    let reserved =
        matches!(name, "as_of" | "convert" | "currency" | "distance" | "never" | "follow" | "true" | "false");
    if taken || reserved {
        return Err(Refusal::new(format!("`{name}` is a word of the language. Choose another name.")));
    }
    Ok(())
}

fn is_fine_passage(snapshot: &Snapshot, file: &str, source: &str, name: &str) -> Result<(), Refusal> {
    let written = format!("#{name}");
    let read = token::tokens(&written);
    let whole =
        matches!(&*read, [one] if one.kind == token::Kind::Passage && one.span == Span::new(0, written.len() as u32));
    if !whole {
        return Err(Refusal::new(format!(
            "`#{name}` is no name of a passage. It has letters, digits and `_`, with `.` or `-` between them and parts such as `(1)` behind."
        )));
    }
    let Some(path) = snapshot.document_of_source(file, source) else { return Ok(()) };
    let Some(document) = snapshot.passage_file(&path) else { return Ok(()) };
    if let Some(other) = document.passages.get(name) {
        let place = Place { path: path.clone(), span: other.span };
        let message = format!("The document has a passage `#{name}` already, on line {}.", other.line);
        return Err(Refusal { message, place: Some(place) });
    }
    if document.front.retired.contains(name) {
        return Err(Refusal::new(format!(
            "`#{name}` named a passage of an earlier edition of the document, and is not given again. Choose another name."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
