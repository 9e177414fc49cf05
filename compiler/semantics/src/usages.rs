//! Every place that refers to something, and every reference of a text.

use crate::analysis::{Found, found, references_of};
use crate::crosscheck::lowered;
use crate::db::SourceFile;
use crate::host::{Place, Snapshot};
use crate::names::resolve_uses;
use crate::reference::{Reference, Target};
use crate::sheets::{Placed, sheets};
use crate::signatures::enumeration;
use mandate_pack::Type;
use memchr::memmem::Finder;
use std::sync::Arc;

impl Snapshot {
    /// What the words of a module refer to, in the order of the text; declarations refer to themselves. Empty for other files.
    pub fn references(&self, path: &str) -> Vec<Reference> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let mut references = references_of(&self.db, file);
        references.sort_by_key(|reference| reference.span);
        references.dedup();
        references
    }

    /// Every place that means a target, its declaration included, sorted by file and place. Looks at every module that is loaded, those of
    /// packages it uses too; of a variable, only at its own.
    pub fn usages(&self, target: &Target) -> Vec<Place> {
        let writes = self.finders(target);
        let files: Vec<SourceFile> = match target {
            Target::Local { file, .. } => self.module(file).into_iter().collect(),
            Target::Module { .. }
            | Target::Declaration { .. }
            | Target::Field { .. }
            | Target::Variant { .. }
            | Target::Passage { .. } => self.naming(&writes),
        };
        let mut places: Vec<Place> = Vec::new();
        for file in files {
            let path: &Arc<str> = file.path(&self.db);
            let mut add = |references: &[Reference], offset: u32| {
                let meant = references.iter().filter(|one| means(one, offset, target));
                places.extend(meant.map(|one| Place { path: path.clone(), span: one.span.shifted(offset) }));
            };
            add(&resolve_uses(&self.db, file).1.references, 0);
            let naming = |sheet: &&Placed| writes.iter().any(|name| name.find(sheet.sheet.text.as_bytes()).is_some());
            for placed in sheets(&self.db, file).placed.iter().filter(naming) {
                let found = found(&self.db, file, placed.key);
                add(&found.output.references, placed.offset);
                if matches!(target, Target::Variant { .. }) {
                    add(&ranks(&self.db, found), placed.offset);
                }
            }
        }
        places.sort_by(|a, b| (&a.path, a.span).cmp(&(&b.path, b.span)));
        places.dedup();
        places
    }

    /// Every place that cites a passage of a source, with the passage, sorted by file and place.
    pub fn citations_of(&self, file: &str, source: &str) -> Vec<(Place, Arc<str>)> {
        let of_source = Target::Declaration { file: Arc::from(file), name: Arc::from(source) };
        let mut found: Vec<(Place, Arc<str>)> = Vec::new();
        for module in self.naming(&self.finders(&of_source)) {
            let path: &Arc<str> = module.path(&self.db);
            for one in references_of(&self.db, module) {
                if let Target::Passage { file: f, source: s, passage } = &one.target
                    && **f == *file
                    && **s == *source
                {
                    found.push((Place { path: path.clone(), span: one.span }, passage.clone()));
                }
            }
        }
        found.sort_by(|(a, _), (b, _)| (&a.path, a.span).cmp(&(&b.path, b.span)));
        found.dedup();
        found
    }

    /// The names by which a target may be written. What holds none of them cannot mean it, for nothing in the language has a second name; and to
    /// search for letters costs far less than to ask whether what was found out of a text still stands.
    fn finders(&self, target: &Target) -> Vec<Finder<'static>> {
        let names: Vec<&str> = match target {
            Target::Module { file } => match self.module(file) {
                // A root module goes by its package's name, and a package by its first module.
                Some(module) => vec![last_part(module.module(&self.db)), module.package(&self.db)],
                None => Vec::new(),
            },
            Target::Declaration { name, .. } | Target::Local { name, .. } => vec![name],
            Target::Field { field, .. } => vec![field],
            Target::Variant { variant, .. } => vec![variant],
            Target::Passage { passage, .. } => vec![passage],
        };
        let names = names.into_iter().filter(|name| !name.is_empty());
        names.map(|name| Finder::new(name).into_owned()).collect()
    }

    fn naming(&self, names: &[Finder<'_>]) -> Vec<SourceFile> {
        let mut modules = self.all_modules();
        modules.retain(|module| {
            let text = module.text(&self.db).as_bytes();
            names.iter().any(|name| name.find(text).is_some())
        });
        modules
    }
}

/// The ranks that waivable clauses name: values of the enum that the waiver's rank is of, which is known only when its own module has been read.
pub(crate) fn ranks(db: &dyn salsa::Database, found: &Found) -> Vec<Reference> {
    let mut references = Vec::new();
    for place in &found.waivables {
        let waiver = lowered(db, &place.waiver, |pack| pack.waivers.get(&place.waiver));
        let Some(Type::Enum(name)) = waiver.and_then(|waiver| waiver.rank.as_ref()).map(|rank| rank.ty.known()) else {
            continue;
        };
        let Some((entity, signature)) = enumeration(db, name) else { continue };
        for (floor, span) in place.floor.iter().chain(&place.exceptional_floor) {
            if signature.variants.iter().any(|(variant, _)| variant == floor) {
                let file = entity.file.path(db).clone();
                let target = Target::Variant { file, r#enum: entity.name.clone(), variant: Arc::from(floor.as_str()) };
                references.push(Reference { span: *span, target });
            }
        }
    }
    references
}

fn last_part(module: &str) -> &str {
    module.rsplit('.').next().unwrap_or(module)
}

/// Whether a reference, which counts from `offset`, means a target. Only variables have places.
fn means(reference: &Reference, offset: u32, target: &Target) -> bool {
    match (&reference.target, target) {
        (Target::Local { .. }, Target::Local { .. }) => reference.shifted(offset).target == *target,
        (one, other) => one == other,
    }
}
