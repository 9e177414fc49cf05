//! What stands around a place: asked by completion, hover and the like, never while diagnostics are made.
//!
//! The declaration at the place is read and checked once more with [`MARK`](crate::MARK) where something is still to be written.
//! Nothing of it is kept: one declaration is read in well under a millisecond.

use crate::analysis::Lines;
use crate::checker::Checker;
use crate::db::{SourceFile, package, parsed};
use crate::host::Snapshot;
use crate::names::{Entity, Kind, Region, exports, find_region, scope};
use crate::passages::document_behind;
use crate::probe::{Probe, Surroundings, TypedSpan};
use crate::reference::{Output, Target};
use crate::signatures::{Signature, signature};
use mandate_diagnostics::{LineIndex, Span};
use mandate_documents::Document;
use mandate_pack::Type;
use mandate_syntax::ast::{ClauseKind, Decl, DeclKind, Name};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A declaration with the module that declares it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// Its name.
    pub name: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// The path of its module's file.
    pub file: Arc<str>,
}

impl Named {
    /// As something that can be referred to.
    pub fn target(&self) -> Target {
        Target::Declaration { file: self.file.clone(), name: self.name.clone() }
    }
}

/// A declaration that a module could bring in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The declaration.
    pub named: Named,
    /// What stands before the braces: `core`, `sites.heritage`.
    pub region: String,
    /// The package it is in.
    pub package: Arc<str>,
}

impl Snapshot {
    /// What is wanted at a place, were `written` there in place of `replaced`; `written` holds [`MARK`](crate::MARK). `None` where nothing
    /// that names something can stand.
    pub fn surroundings(&self, path: &str, replaced: Span, written: &str) -> Option<Surroundings> {
        let file = self.module(path)?;
        let text = file.text(&self.db);
        let chunk = self.chunk(file, replaced)?;
        let before = text.get(chunk.start as usize..replaced.start as usize)?;
        let after = text.get(replaced.end as usize..chunk.end.max(replaced.end) as usize)?;
        let changed = format!("{before}{written}{after}");
        let decl = mandate_syntax::parse_chunk(&changed);
        self.look_at(file, chunk.start, &changed, &decl).seen
    }

    /// The innermost expression that holds a byte and has a type.
    pub fn expression_at(&self, path: &str, offset: u32) -> Option<TypedSpan> {
        let types = self.expressions(path, Span::empty(offset));
        types.into_iter().filter(|one| one.span.touches(offset)).min_by_key(|one| one.span.end - one.span.start)
    }

    /// Every expression with its type in the declaration that holds the start of a span, in the order in which they are read.
    pub fn expressions(&self, path: &str, at: Span) -> Vec<TypedSpan> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let items = &parsed(&self.db, file).items;
        let Some(item) = items.iter().find(|item| item.offset <= at.start && at.start <= item.offset + item.len) else {
            return Vec::new();
        };
        let end = (item.offset + item.len) as usize;
        let Some(text) = file.text(&self.db).get(item.offset as usize..end) else { return Vec::new() };
        let types = self.look_at(file, item.offset, text, &item.decl).types;
        types.into_iter().map(|(span, ty)| TypedSpan { span: span.shifted(item.offset), ty }).collect()
    }

    /// The bytes of the declaration that a place belongs to: what is written below a declaration continues it until the next one begins.
    pub fn chunk_at(&self, path: &str, offset: u32) -> Option<Span> {
        self.chunk(self.module(path)?, Span::empty(offset))
    }

    fn chunk(&self, file: SourceFile, at: Span) -> Option<Span> {
        let items = &parsed(&self.db, file).items;
        let next = items.partition_point(|item| item.offset <= at.start);
        let item = items.get(next.checked_sub(1)?)?;
        let end = item.offset + item.len;
        Some(Span::new(item.offset, end.max(at.end)))
    }

    /// Checks a declaration with recording switched on.
    fn look_at(&self, file: SourceFile, offset: u32, text: &str, decl: &Decl) -> Probe {
        let mut out = Output::default();
        let mut checker = Checker {
            db: &self.db,
            file,
            scope: scope(&self.db, file),
            offset,
            at_head: false,
            text,
            locals: Vec::new(),
            out: &mut out,
            probe: Some(Box::default()),
        };
        look(&mut checker, decl);
        checker.probe.take().map(|probe| *probe).unwrap_or_default()
    }

    /// The names in scope of a module, its own and those it brings in.
    pub fn names_in_scope(&self, path: &str) -> Vec<Named> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let names = scope(&self.db, file).names.iter();
        names.map(|(name, entity)| Named { name: name.clone(), ..self.named(entity) }).collect()
    }

    /// Packages and modules that a module has brought in by name.
    pub fn regions_in_scope(&self, path: &str) -> Vec<Arc<str>> {
        let Some(file) = self.module(path) else { return Vec::new() };
        scope(&self.db, file).modules.keys().cloned().collect()
    }

    fn named(&self, entity: &Entity) -> Named {
        Named { name: entity.name.clone(), kind: entity.kind, file: entity.file.path(&self.db).clone() }
    }

    /// The declaration that a path such as `report` or `core.sites.Site` means in a module.
    pub fn find(&self, path: &str, segments: &[&str]) -> Option<Named> {
        self.find_all(path, segments).into_iter().next()
    }

    /// As [`Snapshot::find`]; several modules of a package may declare what is looked for.
    pub fn find_all(&self, path: &str, segments: &[&str]) -> Vec<Named> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let Some((last, before)) = segments.split_last() else { return Vec::new() };
        if before.is_empty() {
            let found = scope(&self.db, file).names.get(*last);
            return found.map(|entity| self.named(entity)).into_iter().collect();
        }
        let found = self.region(file, before).map(|region| region.find(&self.db, last)).unwrap_or_default();
        found.iter().map(|entity| self.named(entity)).collect()
    }

    /// What a package or module declares, named as a module names it; `None` if there is none of this name.
    pub fn members(&self, path: &str, segments: &[&str]) -> Option<Vec<Named>> {
        let file = self.module(path)?;
        let files = match self.region(file, segments)? {
            Region::Package(package) => package.modules(&self.db).values().copied().collect(),
            Region::Module(module) => vec![module],
        };
        let all = files.into_iter().flat_map(|module| self.exported(module));
        Some(all.collect())
    }

    /// What a module declares itself.
    pub fn in_module(&self, path: &str) -> Vec<Named> {
        self.module(path).map(|module| self.exported(module).collect()).unwrap_or_default()
    }

    fn exported(&self, module: SourceFile) -> impl Iterator<Item = Named> {
        let path = module.path(&self.db);
        let names = exports(&self.db, module).iter();
        names.map(|(name, kind)| Named { name: name.clone(), kind: *kind, file: path.clone() })
    }

    fn region(&self, file: SourceFile, segments: &[&str]) -> Option<Region> {
        if let [one] = segments
            && let Some(region) = scope(&self.db, file).modules.get(*one)
        {
            return Some(*region);
        }
        let name = |text: &&str| Name { text: (*text).to_owned(), span: Span::empty(0) };
        find_region(&self.db, file, &segments.iter().map(name).collect::<Vec<_>>())
    }

    /// The next words of a `use` path below what is written of it: packages and modules, and whether something lies below each.
    pub fn modules_below(&self, path: &str, segments: &[&str]) -> Vec<(String, bool)> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let Some(own) = package(&self.db, file.package(&self.db)) else { return Vec::new() };
        let mut paths: Vec<String> = Vec::new();
        let here = file.module(&self.db);
        paths.extend(own.modules(&self.db).keys().filter(|module| *module != here).map(ToString::to_string));
        for name in own.dependencies(&self.db) {
            paths.push(name.to_string());
            // Of other packages only the modules below what is written: the standard library has many.
            if let Some(used) = package(&self.db, name)
                && segments.first().is_some_and(|first| **first == **name)
            {
                let modules = used.modules(&self.db).keys().filter(|module| !module.is_empty());
                paths.extend(modules.map(|module| format!("{name}.{module}")));
            }
        }
        let written: String = segments.iter().map(|segment| format!("{segment}.")).collect();
        let mut found: Vec<(String, bool)> = Vec::new();
        for rest in paths.iter().filter_map(|path| path.strip_prefix(&written)).filter(|rest| !rest.is_empty()) {
            let (word, deeper) = rest.split_once('.').map_or((rest, false), |(word, _)| (word, true));
            match found.iter_mut().find(|(known, _)| known == word) {
                Some((_, below)) => *below |= deeper,
                None => found.push((word.to_owned(), deeper)),
            }
        }
        found.sort();
        found
    }

    /// Declarations of other modules, of the package itself and of those it may use, that a module could bring in: those that `wanted`
    /// picks by name and kind, at most `limit`, and whether there were more. What is in scope is left out.
    ///
    /// Each module's names are a query of their own, so an edit makes those of one module anew and looks at the rest.
    pub fn importable(
        &self,
        path: &str,
        limit: usize,
        mut wanted: impl FnMut(&str, Kind) -> bool,
    ) -> (Vec<Import>, bool) {
        let mut found = Vec::new();
        let Some(file) = self.module(path) else { return (found, false) };
        let Some(own) = package(&self.db, file.package(&self.db)) else { return (found, false) };
        let known = &scope(&self.db, file).names;
        let names = std::iter::once(file.package(&self.db)).chain(own.dependencies(&self.db));
        for region in names.filter_map(|name| package(&self.db, name)) {
            for module in region.modules(&self.db).values().filter(|module| **module != file) {
                for (name, kind) in exports(&self.db, *module) {
                    if !wanted(name, *kind) || known.contains_key(name) {
                        continue;
                    }
                    if found.len() == limit {
                        return (found, true);
                    }
                    found.push(Import {
                        named: Named { name: name.clone(), kind: *kind, file: module.path(&self.db).clone() },
                        region: Region::Module(*module).near(&self.db, file),
                        package: region.name(&self.db).clone(),
                    });
                }
            }
        }
        (found, false)
    }

    /// The package that a module belongs to, and its file as findings print it.
    pub fn home_of(&self, path: &str) -> Option<(Arc<str>, String)> {
        let file = self.module(path)?;
        let package = file.package(&self.db).clone();
        let printed = format!("{package}:{}", file.relative(&self.db));
        Some((package, printed))
    }

    /// The names of the packages that a module's package may use.
    pub fn dependencies(&self, path: &str) -> Vec<Arc<str>> {
        let own = self.module(path).and_then(|file| package(&self.db, file.package(&self.db)));
        own.map(|own| own.dependencies(&self.db).clone()).unwrap_or_default()
    }

    /// Passage files of a module's package, as a `document` names them.
    pub fn passage_files(&self, path: &str) -> Vec<Arc<str>> {
        let own = self.module(path).and_then(|file| package(&self.db, file.package(&self.db)));
        own.map(|own| own.documents(&self.db).keys().cloned().collect()).unwrap_or_default()
    }

    fn entity(&self, named: &Named) -> Option<Entity> {
        Some(Entity { file: self.module(&named.file)?, name: named.name.clone(), kind: named.kind })
    }

    /// A declaration as others see it.
    pub fn signature(&self, named: &Named) -> Option<&Signature> {
        signature(&self.db, &self.entity(named)?)
    }

    /// The type of a definition's value, written or not.
    pub fn result(&self, named: &Named) -> Option<Type> {
        crate::definitions::result(&self.db, &self.entity(named)?).map(|(ty, _)| ty)
    }

    /// The declaration with a qualified name, as types name them.
    pub fn qualified(&self, name: &str) -> Option<Named> {
        crate::names::by_qualified(&self.db, name).map(|entity| self.named(&entity))
    }

    /// The name of a declaration in types, packs and findings.
    pub fn qualified_name(&self, named: &Named) -> Option<String> {
        self.entity(named).map(|entity| entity.qualified(&self.db))
    }

    /// The passage file of a source, read.
    pub fn document(&self, source: &Named) -> Option<&Document> {
        document_behind(&self.db, &self.entity(source)?)
    }

    /// The type of the rank that an authority is compared with in a waiver, as far as its module could be read.
    pub fn rank(&self, waiver: &Named) -> Option<Type> {
        let name = self.qualified_name(waiver)?;
        let found = crate::crosscheck::lowered(&self.db, &name, |pack| pack.waivers.get(&name))?;
        found.rank.as_ref().map(|rank| rank.ty.known().clone())
    }

    /// Passages that rules of the module's package cite, by the last word of the source and the name of the passage.
    pub fn passages_cited(&self, path: &str) -> BTreeSet<(String, String)> {
        let own = self.module(path).and_then(|file| package(&self.db, file.package(&self.db)));
        let Some(own) = own else { return BTreeSet::new() };
        own.modules(&self.db).values().flat_map(|file| cited_in(&self.db, *file).iter().cloned()).collect()
    }
}

/// Passages that the declarations of a module cite, read from the tree alone.
#[salsa::tracked]
fn cited_in(db: &dyn salsa::Database, file: SourceFile) -> BTreeSet<(String, String)> {
    let mut all = BTreeSet::new();
    for item in &parsed(db, file).items {
        match &item.decl.kind {
            DeclKind::Rule(rule) => {
                for clause in &rule.clauses {
                    if let ClauseKind::Cites(citations) = &clause.kind {
                        citations.iter().for_each(|citation| insert(&mut all, citation));
                    }
                }
            }
            DeclKind::Background(background) => insert(&mut all, &background.citation),
            _ => {}
        }
    }
    all
}

fn insert(all: &mut BTreeSet<(String, String)>, citation: &mandate_syntax::ast::Citation) {
    let Some(source) = citation.source.segments.last() else { return };
    for passage in citation.passage.iter().chain(&citation.to) {
        all.insert((source.text.clone(), passage.text.clone()));
    }
}

/// Checks a declaration of any kind; what it lowers to is of no interest.
fn look(checker: &mut Checker<'_>, decl: &Decl) {
    let lines = Lines { index: LineIndex::new("") };
    match &decl.kind {
        DeclKind::Enum(_) | DeclKind::Use(_) | DeclKind::Nothing => {}
        DeclKind::Record(record) => drop(checker.record(record, "")),
        DeclKind::Role(role) => drop(checker.role(role, "")),
        DeclKind::Parameter(parameter) => drop(checker.parameter(parameter, "")),
        DeclKind::Define(define) => drop(checker.definition(define, "")),
        DeclKind::Action(action) => drop(checker.action(action, "")),
        DeclKind::Waiver(waiver) => drop(checker.waiver(waiver, "")),
        DeclKind::Rule(rule) => drop(checker.rule(rule, "", 1, &mut Vec::new(), &mut Vec::new())),
        DeclKind::Source(source) => drop(checker.source(source, "")),
        DeclKind::Endorse(endorse) => drop(checker.endorse(endorse)),
        DeclKind::Assume(statement) => drop(checker.assume(statement, 1)),
        DeclKind::Concern(statement) => drop(checker.situation(statement, "concern", decl.span, 1)),
        DeclKind::Purpose(statement) => drop(checker.situation(statement, "purpose", decl.span, 1)),
        DeclKind::Mission(mission) => drop(checker.mission(mission, "", decl.span, &lines)),
        DeclKind::Background(background) => drop(checker.background(background, 1)),
        DeclKind::Carried(carried) => drop(checker.carried_by(carried, 1)),
        DeclKind::Scenario(scenario) => drop(checker.scenario(scenario, decl.span, &lines)),
    }
}
