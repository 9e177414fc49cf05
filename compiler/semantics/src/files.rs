//! What editors ask about files: where they belong, which sources a passage file stands behind, and everything as it was given.

use crate::db::{Package, SourceFile, Workspace, package};
use crate::host::Snapshot;
use crate::input::{DocumentInput, LockInput, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
use crate::names::{Entity, Kind, exports};
use crate::passages::{file_behind, passages};
use crate::reference::Target;
use crate::signatures::{Signature, signature};
use mandate_pack::Type;
use std::sync::Arc;

impl Snapshot {
    /// The package of a module, passage file or review lock.
    pub(crate) fn package_with(&self, path: &str) -> Option<Package> {
        if let Some(module) = self.module(path) {
            return package(&self.db, module.package(&self.db));
        }
        let has = |package: &&Package| {
            let lock = package.lock(&self.db).as_ref().is_some_and(|lock| *lock.path == *path);
            lock || package.documents(&self.db).values().any(|document| **document.path(&self.db) == *path)
        };
        Workspace::get(&self.db).packages(&self.db).values().find(has).copied()
    }

    /// Name and origin of the package of a file; `None` for a file of no package.
    pub fn owner_of(&self, path: &str) -> Option<(Arc<str>, PackageOrigin)> {
        let found = self.package_with(path)?;
        Some((found.name(&self.db).clone(), found.origin(&self.db)))
    }

    /// The name by which other modules bring a module in, without its package; empty for the root module.
    pub fn module_name(&self, path: &str) -> Option<Arc<str>> {
        Some(self.module(path)?.module(&self.db).clone())
    }

    /// Path of the module of a package with this name below it; the empty name is the root module's.
    pub fn module_path(&self, package_name: &str, module: &str) -> Option<Arc<str>> {
        let found = package(&self.db, package_name)?.modules(&self.db).get(module).copied()?;
        Some(found.path(&self.db).clone())
    }

    /// Every module that is loaded with its path, those of packages used included; sorted by path.
    pub fn every_module(&self) -> Vec<Arc<str>> {
        self.all_modules().into_iter().map(|file| file.path(&self.db).clone()).collect()
    }

    /// Every module and passage file that is loaded, with its path, those of packages used included; sorted by path.
    pub fn every_file(&self) -> Vec<Arc<str>> {
        let packages = Workspace::get(&self.db).packages(&self.db).values();
        let mut all: Vec<Arc<str>> = Vec::new();
        for package in packages {
            all.extend(package.modules(&self.db).values().map(|module| module.path(&self.db).clone()));
            all.extend(package.documents(&self.db).values().map(|document| document.path(&self.db).clone()));
        }
        all.sort();
        all
    }

    /// A passage file, read; `None` for other files.
    pub fn passage_file(&self, path: &str) -> Option<&mandate_documents::Document> {
        Some(passages(&self.db, self.document_at(path)?))
    }

    /// Path of a passage file of a package, by its path below the package as `document "..."` writes it.
    pub fn document_path(&self, package_name: &str, relative: &str) -> Option<Arc<str>> {
        let own = package(&self.db, package_name)?;
        let document = crate::signatures::document_of(&self.db, own, relative)?;
        Some(document.path(&self.db).clone())
    }

    /// Path below its package of a module or passage file.
    pub fn relative_path(&self, path: &str) -> Option<Arc<str>> {
        match self.module(path) {
            Some(module) => Some(module.relative(&self.db).clone()),
            None => Some(self.document_at(path)?.relative(&self.db).clone()),
        }
    }

    /// The sources whose passages stand in a passage file: module and name of each, by module.
    pub fn sources_of(&self, document: &str) -> Vec<(Arc<str>, Arc<str>)> {
        let (Some(wanted), Some(own)) = (self.document_at(document), self.package_with(document)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for file in own.modules(&self.db).values() {
            let sources = exports(&self.db, *file).iter().filter(|(_, kind)| **kind == Kind::Source);
            for (name, kind) in sources {
                let source = Entity { file: *file, name: name.clone(), kind: *kind };
                if file_behind(&self.db, &source) == Some(wanted) {
                    found.push((file.path(&self.db).clone(), name.clone()));
                }
            }
        }
        found
    }

    /// The passage file of a source.
    pub fn document_of_source(&self, file: &str, source: &str) -> Option<Arc<str>> {
        let source = Entity { file: self.module(file)?, name: Arc::from(source), kind: Kind::Source };
        Some(file_behind(&self.db, &source)?.path(&self.db).clone())
    }

    /// The review lock of a package as text.
    pub fn lock_text(&self, name: &str) -> Option<LockInput> {
        package(&self.db, name)?.lock(&self.db).clone()
    }

    /// The kind of a declaration; `None` if the module declares nothing of that name.
    pub fn kind_named(&self, file: &str, name: &str) -> Option<Kind> {
        exports(&self.db, self.module(file)?).get(name).copied()
    }

    /// The name that the data use for a value of an enum, if the module spells it otherwise than rules do.
    pub fn spelling_of(&self, file: &str, name: &str, variant: &str) -> Option<String> {
        let entity = Entity { file: self.module(file)?, name: Arc::from(name), kind: Kind::Enum };
        let Signature::Enum(found) = signature(&self.db, &entity)? else { return None };
        let (_, spelling) = found.variants.iter().find(|(known, _)| known == variant)?;
        (spelling != variant).then(|| spelling.clone())
    }

    /// The records and enums that the type of a target names: those of the very type, of what a list holds, of what may be absent.
    pub fn types_of(&self, target: &Target) -> Vec<Target> {
        let of_type = |ty: &Type| -> Vec<Target> {
            let name = match innermost(ty) {
                Type::Record(name) | Type::Enum(name) => name,
                _ => return Vec::new(),
            };
            let found = crate::names::by_qualified(&self.db, name);
            found.iter().map(|entity| self.target_of(entity)).collect()
        };
        match target {
            Target::Field { file, record, field } => self
                .signature_of(file, record)
                .and_then(|signature| match signature {
                    Signature::Record(found) => found.field(field)?.ty.as_ref(),
                    _ => None,
                })
                .map_or_else(Vec::new, of_type),
            Target::Declaration { file, name } => match self.signature_of(file, name) {
                Some(Signature::Parameter(found)) => found.ty.as_ref().map_or_else(Vec::new, of_type),
                Some(Signature::Define(_)) => {
                    let Some(module) = self.module(file) else { return Vec::new() };
                    let entity = Entity { file: module, name: name.clone(), kind: Kind::Define };
                    crate::definitions::result(&self.db, &entity).map_or_else(Vec::new, |(ty, _)| of_type(&ty))
                }
                _ => Vec::new(),
            },
            Target::Variant { file, r#enum, .. } => {
                vec![Target::Declaration { file: file.clone(), name: r#enum.clone() }]
            }
            Target::Local { file, ty, .. } => self.types_called(file, ty),
            Target::Module { .. } | Target::Passage { .. } => Vec::new(),
        }
    }

    fn signature_of(&self, file: &str, name: &str) -> Option<&Signature> {
        let file = self.module(file)?;
        let (name, kind) = exports(&self.db, file).get_key_value(name)?;
        signature(&self.db, &Entity { file, name: name.clone(), kind: *kind })
    }

    fn target_of(&self, entity: &Entity) -> Target {
        Target::Declaration { file: entity.file.path(&self.db).clone(), name: entity.name.clone() }
    }

    /// The records and enums of a short name as seen from a module: the one in its scope, else those of all packages it may use.
    fn types_called(&self, file: &str, shown: &str) -> Vec<Target> {
        let bare = shown.rsplit("list of ").next().unwrap_or(shown);
        let name = bare.trim_matches(['(', ')', '?']);
        let Some(module) = self.module(file) else { return Vec::new() };
        let is_type = |entity: &&Entity| matches!(entity.kind, Kind::Record | Kind::Enum);
        if let Some(found) = crate::names::scope(&self.db, module).names.get(name).filter(is_type) {
            return vec![self.target_of(found)];
        }
        let Some(own) = package(&self.db, module.package(&self.db)) else { return Vec::new() };
        let near = crate::assemble::with_dependencies(&self.db, own);
        let modules: Vec<SourceFile> =
            near.iter().flat_map(|part| part.modules(&self.db).values().copied().collect::<Vec<_>>()).collect();
        let mut found = Vec::new();
        for file in modules {
            if let Some((name, kind)) = exports(&self.db, file).get_key_value(name) {
                let entity = Entity { file, name: name.clone(), kind: *kind };
                if is_type(&&entity) {
                    found.push(self.target_of(&entity));
                }
            }
        }
        found
    }

    /// Everything as it was given, with the texts of now: to look at it once more with some texts changed.
    pub fn input(&self) -> ProjectInput {
        let db = &self.db;
        let packages = Workspace::get(db).packages(db).values().map(|package| PackageInput {
            name: package.name(db).to_string(),
            version: package.version(db).to_string(),
            edition: package.edition(db).to_string(),
            time_zone: package.time_zone(db).to_string(),
            origin: package.origin(db),
            at_hand: package.at_hand(db),
            dependencies: package.dependencies(db).iter().map(ToString::to_string).collect(),
            modules: package.modules(db).values().map(|module| self.module_input(*module)).collect(),
            documents: package
                .documents(db)
                .values()
                .map(|document| DocumentInput {
                    path: document.path(db).clone(),
                    relative: document.relative(db).to_string(),
                    text: document.text(db).clone(),
                })
                .collect(),
            lock: package.lock(db).clone(),
        });
        ProjectInput { packages: packages.collect() }
    }

    fn module_input(&self, module: SourceFile) -> ModuleInput {
        ModuleInput {
            path: module.path(&self.db).clone(),
            relative: module.relative(&self.db).to_string(),
            module: module.module(&self.db).to_string(),
            text: module.text(&self.db).clone(),
        }
    }
}

/// What a list holds, what may be absent.
fn innermost(ty: &Type) -> &Type {
    match ty {
        Type::List(inner) | Type::Optional(inner) => innermost(inner),
        other => other,
    }
}
