//! What a module declares, what it brings in, and what a name in it means.

use crate::analysis::Output;
use crate::db::{Package, SourceFile, Workspace, package, parsed, qualified};
use crate::sheets::{declarations, words};
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, codes};
use mandate_syntax::ast::{DeclKind, Item, Name, Path, Use};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The kind of a named declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `enum`
    Enum,
    /// `record`
    Record,
    /// `role`
    Role,
    /// `parameter`
    Parameter,
    /// `define`
    Define,
    /// `action`
    Action,
    /// `waiver`
    Waiver,
    /// `rule` and `constraint`
    Rule,
    /// `source`
    Source,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: &[Kind] = &[
        Kind::Enum,
        Kind::Record,
        Kind::Role,
        Kind::Parameter,
        Kind::Define,
        Kind::Action,
        Kind::Waiver,
        Kind::Rule,
        Kind::Source,
    ];

    /// The word that declares it, the commoner one where there are two.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Enum => "enum",
            Kind::Record => "record",
            Kind::Role => "role",
            Kind::Parameter => "parameter",
            Kind::Define => "define",
            Kind::Action => "action",
            Kind::Waiver => "waiver",
            Kind::Rule => "rule",
            Kind::Source => "source",
        }
    }

    /// As a message says it, with its article.
    pub fn phrase(self) -> &'static str {
        match self {
            Kind::Enum => "an enum",
            Kind::Record => "a record",
            Kind::Role => "a role",
            Kind::Parameter => "a parameter",
            Kind::Define => "a definition",
            Kind::Action => "an action",
            Kind::Waiver => "a waiver",
            Kind::Rule => "a rule",
            Kind::Source => "a source",
        }
    }
}

/// The name and kind of a declaration, if it has a name.
pub fn declared(kind: &DeclKind) -> Option<(&Name, Kind)> {
    named(kind).filter(|(name, _)| !name.is_hole())
}

/// Whether a declaration should have a name and its name is missing.
fn is_nameless(kind: &DeclKind) -> bool {
    named(kind).is_some_and(|(name, _)| name.is_hole())
}

/// The name of a declaration of a kind that has one, though the name may be missing.
fn named(kind: &DeclKind) -> Option<(&Name, Kind)> {
    let (name, kind) = match kind {
        DeclKind::Source(d) => (&d.name, Kind::Source),
        DeclKind::Enum(d) => (&d.name, Kind::Enum),
        DeclKind::Record(d) => (&d.name, Kind::Record),
        DeclKind::Role(d) => (&d.name, Kind::Role),
        DeclKind::Parameter(d) => (&d.name, Kind::Parameter),
        DeclKind::Define(d) => (&d.name, Kind::Define),
        DeclKind::Action(d) => (&d.name, Kind::Action),
        DeclKind::Waiver(d) => (&d.name, Kind::Waiver),
        DeclKind::Rule(d) => (&d.name, Kind::Rule),
        DeclKind::Use(_)
        | DeclKind::Endorse(_)
        | DeclKind::Assume(_)
        | DeclKind::Concern(_)
        | DeclKind::Purpose(_)
        | DeclKind::Mission(_)
        | DeclKind::Background(_)
        | DeclKind::Carried(_)
        | DeclKind::Scenario(_)
        | DeclKind::Nothing => return None,
    };
    Some((name, kind))
}

/// A declaration somewhere in the project. Its place is looked up only when asked for, so that it survives edits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entity {
    /// Module.
    pub file: SourceFile,
    /// Name in the module.
    pub name: Arc<str>,
    /// Kind.
    pub kind: Kind,
}

impl Entity {
    /// `core.sites.Site`.
    pub fn qualified(&self, db: &dyn salsa::Database) -> String {
        qualified(db, self.file, &self.name)
    }
}

/// Names a module declares, the first of each name.
#[salsa::tracked]
pub fn exports(db: &dyn salsa::Database, file: SourceFile) -> BTreeMap<Arc<str>, Kind> {
    declarations(db, file).iter().map(|(name, (kind, _))| (name.clone(), *kind)).collect()
}

/// What a module declares by a name. A query of its own, so that who asks for one name need not ask again when another one changes.
#[salsa::tracked(returns(copy))]
pub(crate) fn exported(db: &dyn salsa::Database, file: SourceFile, name: Arc<str>) -> Option<Kind> {
    declarations(db, file).get(&name).map(|(kind, _)| *kind)
}

/// Every name a package declares, with the modules that declare it.
#[salsa::tracked]
pub fn package_names(db: &dyn salsa::Database, package: Package) -> BTreeMap<Arc<str>, Vec<Entity>> {
    let mut names: BTreeMap<Arc<str>, Vec<Entity>> = BTreeMap::new();
    for file in package.modules(db).values() {
        for (name, kind) in exports(db, *file) {
            let entity = Entity { file: *file, name: name.clone(), kind: *kind };
            names.entry(name.clone()).or_default().push(entity);
        }
    }
    names
}

/// What the names used in a module mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Own and imported declarations.
    pub names: BTreeMap<Arc<str>, Entity>,
    /// Modules and packages brought in by name.
    pub modules: BTreeMap<Arc<str>, Region>,
    /// Names that were to be brought in, or declared, where something is wrong already: nothing more is said about them.
    pub unresolved: BTreeSet<Arc<str>>,
}

/// What a module brings in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Brought {
    /// Without what the module declares itself.
    scope: Scope,
    /// A `use` or the name of a declaration cannot be read, so any name may be from there.
    open: bool,
}

/// Something that holds declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Region {
    /// A whole package.
    Package(Package),
    /// One module.
    Module(SourceFile),
}

impl Region {
    /// The declarations called `name`: at most one for a module.
    pub fn find(self, db: &dyn salsa::Database, name: &str) -> Vec<Entity> {
        match self {
            Region::Package(package) => package_names(db, package).get(name).cloned().unwrap_or_default(),
            Region::Module(file) => {
                let name: Arc<str> = Arc::from(name);
                exported(db, file, name.clone()).map(|kind| Entity { file, name, kind }).into_iter().collect()
            }
        }
    }

    /// Every name it holds.
    pub fn names(self, db: &dyn salsa::Database) -> Vec<Arc<str>> {
        match self {
            Region::Package(package) => package_names(db, package).keys().cloned().collect(),
            Region::Module(file) => exports(db, file).keys().cloned().collect(),
        }
    }

    /// As `file` would write it: modules of its own package without the package.
    pub(crate) fn near(self, db: &dyn salsa::Database, file: SourceFile) -> String {
        match self {
            Region::Module(module) if module.package(db) == file.package(db) && !module.module(db).is_empty() => {
                module.module(db).to_string()
            }
            other => other.label(db),
        }
    }

    /// `core`, `core.sites`.
    pub fn label(self, db: &dyn salsa::Database) -> String {
        match self {
            Region::Package(package) => package.name(db).to_string(),
            Region::Module(file) if file.module(db).is_empty() => file.package(db).to_string(),
            Region::Module(file) => format!("{}.{}", file.package(db), file.module(db)),
        }
    }
}

/// Scope of a module, without places: unchanged by edits that leave names alone. What is said of one sheet asks for less.
#[salsa::tracked]
pub fn scope(db: &dyn salsa::Database, file: SourceFile) -> Scope {
    let mut scope = brought(db, file).scope.clone();
    for (name, kind) in exports(db, file) {
        scope.names.insert(name.clone(), Entity { file, name: name.clone(), kind: *kind });
    }
    scope
}

/// As much of the scope of a module as the words of a sheet can mean: unchanged when other names come and go.
#[salsa::tracked]
pub(crate) fn scope_of(db: &dyn salsa::Database, file: SourceFile, key: u32) -> Scope {
    let brought = &brought(db, file).scope;
    let own = declarations(db, file);
    let mut scope = Scope { modules: brought.modules.clone(), ..Scope::default() };
    for word in words(db, file, key) {
        if let Some((kind, _)) = own.get(word) {
            scope.names.insert(word.clone(), Entity { file, name: word.clone(), kind: *kind });
        } else if let Some(entity) = brought.names.get(word) {
            scope.names.insert(word.clone(), entity.clone());
        }
        if brought.unresolved.contains(word) {
            scope.unresolved.insert(word.clone());
        }
    }
    scope
}

/// Whether a `use` or the name of a declaration cannot be read, so that any name may be from there.
#[salsa::tracked(returns(copy))]
pub(crate) fn is_open(db: &dyn salsa::Database, file: SourceFile) -> bool {
    brought(db, file).open
}

/// What a module brings in, without places.
#[salsa::tracked]
pub(crate) fn brought(db: &dyn salsa::Database, file: SourceFile) -> Brought {
    resolve_uses(db, file).0.clone()
}

/// The `use` declarations of a module: what they bring in, and what is to be said about them.
#[salsa::tracked(no_eq)]
pub(crate) fn resolve_uses(db: &dyn salsa::Database, file: SourceFile) -> (Brought, Output) {
    let mut scope = Scope::default();
    let mut open = false;
    let mut out = Output::default();
    let mut imported: BTreeMap<Arc<str>, mandate_diagnostics::Span> = BTreeMap::new();
    for item in &parsed(db, file).items {
        if let DeclKind::Use(decl) = &item.decl.kind {
            let mut uses =
                Uses { db, file, scope: &mut scope, out: &mut out, imported: &mut imported, offset: item.offset };
            uses.resolve(decl);
        }
        if !item.decl.errors.is_empty() {
            scope.unresolved.extend(half_read(file.text(db), item));
            open |= matches!(item.decl.kind, DeclKind::Use(_)) || is_nameless(&item.decl.kind);
        }
    }
    let own = declarations(db, file);
    for (name, span) in &imported {
        if own.contains_key(name) {
            out.diagnostics.push(
                Diagnostic::new(
                    &codes::E024,
                    *span,
                    format!("`{name}` is brought in here, and this module declares a `{name}` of its own"),
                )
                .help("Rename yours, or leave this name out of the `use` and write it with its package in front."),
            );
        }
    }
    let Scope { names, modules, unresolved } = &mut scope;
    let known = |name: &Arc<str>| own.contains_key(name) || names.contains_key(name) || modules.contains_key(name);
    unresolved.retain(|name| !known(name));
    (Brought { scope, open }, out)
}

/// Names that a declaration of unknown kind may have brought in or declared: all words of what is nearly a `use`, else those
/// of its first line.
fn half_read(text: &str, item: &Item) -> Vec<Arc<str>> {
    let chunk = text.get(item.offset as usize..(item.offset + item.len) as usize).unwrap_or("");
    let said = chunk.get(item.decl.span.start as usize..).unwrap_or("");
    let part = match &item.decl.kind {
        DeclKind::Nothing if did_you_mean(first_word(said), ["use"]).is_some() => said,
        DeclKind::Nothing => said.lines().next().unwrap_or(""),
        // A declaration without its first word is taken for a part of the one above.
        _ => {
            let below = item.decl.errors.iter().map(|error| error.primary.span.start);
            let Some(below) = below.filter(|at| *at >= item.decl.span.end).min() else { return Vec::new() };
            chunk.get(below as usize..).unwrap_or("").lines().next().unwrap_or("")
        }
    };
    let code = part.lines().flat_map(|line| line.split("//").next());
    let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter(|word| !word.is_empty()).map(Arc::from).collect()
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("")
}

struct Uses<'a> {
    db: &'a dyn salsa::Database,
    file: SourceFile,
    scope: &'a mut Scope,
    out: &'a mut Output,
    imported: &'a mut BTreeMap<Arc<str>, mandate_diagnostics::Span>,
    offset: u32,
}

impl Uses<'_> {
    fn resolve(&mut self, decl: &Use) {
        let Some(names) = &decl.names else {
            return self.resolve_whole(&decl.path);
        };
        let Some(region) = self.region(&decl.path.segments) else {
            return self.scope.unresolved.extend(names.iter().map(|name| Arc::from(name.text.as_str())));
        };
        for name in names.iter().filter(|name| !name.is_hole()) {
            self.bring(region, name);
        }
    }

    /// `use core.sites` (a module), `use core` (a package), `use core.Incident` (a declaration).
    fn resolve_whole(&mut self, path: &Path) {
        let Some(last) = path.segments.last().filter(|last| !last.is_hole()) else { return };
        if let Some(region) = find_region(self.db, self.file, &path.segments) {
            self.out.refer_region(self.db, last.span.shifted(self.offset), region);
            self.scope.modules.insert(Arc::from(last.text.as_str()), region);
        } else if let [before @ .., _] = path.segments.as_slice()
            && !before.is_empty()
        {
            match self.region(before) {
                Some(region) => self.bring(region, last),
                None => self.leave(last),
            }
        } else {
            self.region(&path.segments);
            self.leave(last);
        }
    }

    /// A name that could not be brought in.
    fn leave(&mut self, name: &Name) {
        self.scope.unresolved.insert(Arc::from(name.text.as_str()));
    }

    fn region(&mut self, segments: &[Name]) -> Option<Region> {
        if segments.iter().any(Name::is_hole) {
            return None;
        }
        if let Some(region) = find_region(self.db, self.file, segments) {
            if let Some(last) = segments.last() {
                self.out.refer_region(self.db, last.span.shifted(self.offset), region);
            }
            return Some(region);
        }
        let written = segments.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".");
        let first = segments.first()?;
        let known = known_regions(self.db, self.file);
        let span = segments.iter().fold(first.span, |span, s| span.to(s.span)).shifted(self.offset);
        let mut diagnostic =
            Diagnostic::new(&codes::E022, span, format!("there is no package or module called `{written}` here"));
        let near = did_you_mean(&written, known.iter().map(String::as_str));
        diagnostic = match near {
            Some(near) => {
                diagnostic.fix(format!("Replace by `{near}`"), span, near).help(format!("Did you mean `{near}`?"))
            }
            None if package(self.db, &first.text).is_some() => diagnostic
                .help(format!("Add `{} = \"std\"` or its path under [dependencies] in mandate.toml.", first.text)),
            None => diagnostic.help(format!("Known here: {}.", known.join(", "))),
        };
        self.out.diagnostics.push(diagnostic);
        let meant: Vec<Name> = near?.split('.').map(|part| Name { text: part.to_owned(), span: first.span }).collect();
        find_region(self.db, self.file, &meant)
    }

    fn bring(&mut self, region: Region, name: &Name) {
        let span = name.span.shifted(self.offset);
        let found = region.find(self.db, &name.text);
        match found.as_slice() {
            [entity] => {
                self.out.refer(self.db, span, entity);
                let key: Arc<str> = Arc::from(name.text.as_str());
                let known = self.scope.names.insert(key.clone(), entity.clone());
                if known.is_some_and(|known| known != *entity) {
                    let message = format!("`{}` is brought in twice, from different modules", name.text);
                    self.out.diagnostics.push(
                        Diagnostic::new(&codes::E024, span, message)
                            .help("Leave one out, and write that one with its package in front."),
                    );
                }
                self.imported.insert(key, span);
            }
            [] => {
                self.leave(name);
                let label = region.label(self.db);
                let mut diagnostic =
                    Diagnostic::new(&codes::E023, span, format!("`{label}` declares nothing called `{}`", name.text));
                let names = region.names(self.db);
                if let Some(near) = did_you_mean(&name.text, names.iter().map(AsRef::as_ref)) {
                    // What stands below is read as it was meant.
                    if let [meant] = region.find(self.db, near).as_slice() {
                        self.scope.names.entry(Arc::from(near)).or_insert_with(|| meant.clone());
                    }
                    diagnostic = diagnostic
                        .fix(format!("Replace by `{near}`"), span, near)
                        .help(format!("Did you mean `{near}`?"));
                } else if let Some(elsewhere) = declared_elsewhere(self.db, self.file, &name.text) {
                    diagnostic = diagnostic.help(format!("`{}` is declared in `{elsewhere}`.", name.text));
                }
                self.out.diagnostics.push(diagnostic);
            }
            several => {
                self.leave(name);
                let modules: Vec<String> =
                    several.iter().map(|e| format!("`{}`", Region::Module(e.file).near(self.db, self.file))).collect();
                let message = format!("several modules of `{}` declare `{}`", region.label(self.db), name.text);
                self.out.diagnostics.push(
                    Diagnostic::new(&codes::E029, span, message).help(format!("Say which: {}.", modules.join(" or "))),
                );
            }
        }
    }
}

/// A module of the file's own package, the package itself, one it depends on, or a module of one.
pub(crate) fn find_region(db: &dyn salsa::Database, file: SourceFile, segments: &[Name]) -> Option<Region> {
    let own = package(db, file.package(db))?;
    let join = |parts: &[Name]| parts.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join(".");
    let whole = join(segments);
    if !whole.is_empty()
        && let Some(module) = own.modules(db).get(whole.as_str())
    {
        return Some(Region::Module(*module));
    }
    let (first, rest) = segments.split_first()?;
    let usable = first.text == **own.name(db) || own.dependencies(db).iter().any(|name| **name == *first.text);
    let target = package(db, &first.text).filter(|_| usable)?;
    if rest.is_empty() {
        return Some(Region::Package(target));
    }
    target.modules(db).get(join(rest).as_str()).map(|module| Region::Module(*module))
}

/// Every package and module a file can name.
pub(crate) fn known_regions(db: &dyn salsa::Database, file: SourceFile) -> Vec<String> {
    let Some(own) = package(db, file.package(db)) else { return Vec::new() };
    let mut known: Vec<String> = own.modules(db).keys().filter(|m| !m.is_empty()).map(ToString::to_string).collect();
    known.extend(own.dependencies(db).iter().map(ToString::to_string));
    known
}

/// `core.sites`, or `sites` in its own package, when some package the file may use declares `name`.
pub(crate) fn declared_elsewhere(db: &dyn salsa::Database, file: SourceFile, name: &str) -> Option<String> {
    let own = package(db, file.package(db))?;
    let names = std::iter::once(file.package(db)).chain(own.dependencies(db));
    for region in names.filter_map(|name| package(db, name)) {
        // Module by module: the index of a whole package would be made anew for a name half typed.
        let mut modules = region.modules(db).values().filter(|module| **module != file);
        if let Some(module) = modules.find(|module| exports(db, **module).contains_key(name)) {
            return Some(Region::Module(*module).near(db, file));
        }
    }
    None
}

/// The declaration with a qualified name: `core.sites.Site`.
pub(crate) fn by_qualified(db: &dyn salsa::Database, name: &str) -> Option<Entity> {
    let (region, last) = name.rsplit_once('.')?;
    let (package_name, module) = region.split_once('.').unwrap_or((region, ""));
    let file = *Workspace::get(db).packages(db).get(package_name)?.modules(db).get(module)?;
    Region::Module(file).find(db, last).pop()
}
