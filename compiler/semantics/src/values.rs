//! Values of parameters as they are written, and what missions make of them.

use crate::analysis::found;
use crate::assemble::with_dependencies;
use crate::checker::{Checker, one_line};
use crate::db::{Package, SourceFile, package, parsed, qualified};
use crate::host::Snapshot;
use crate::missions::refined;
use crate::names::{Kind, scope};
use crate::reference::{Output, Reference, Target};
use crate::sheets::{home, sheets};
use crate::surroundings::Named;
use mandate_diagnostics::Span;
use mandate_syntax::ast::{self, DeclKind, Item, MissionLineKind};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a parameter amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterValue {
    /// As its declaration says: values in order, each with the day from which it holds.
    pub declared: Vec<(Option<String>, String)>,
    /// Both bounds, as written.
    pub bounds: Option<(String, String)>,
    /// What the mission sets it to, and the name of the mission.
    pub set: Option<(String, String)>,
}

impl ParameterValue {
    /// The value that counts: the mission's, else the last that is declared.
    pub fn present(&self) -> Option<&str> {
        let declared = || self.declared.last().map(|(_, value)| value.as_str());
        self.set.as_ref().map(|(value, _)| value.as_str()).or_else(declared)
    }

    /// The value of the declaration, whatever a mission makes of it.
    pub fn base(&self) -> Option<&str> {
        self.declared.last().map(|(_, value)| value.as_str())
    }
}

impl Snapshot {
    /// What the words of a part of a module refer to, in the order in which they are read; `use` lines are left out.
    pub fn references_within(&self, path: &str, range: Span) -> Vec<Reference> {
        let Some(file) = self.module(path) else { return Vec::new() };
        let mut all = Vec::new();
        for placed in &sheets(&self.db, file).placed {
            let end = placed.offset + placed.sheet.text.len() as u32;
            if placed.offset > range.end || end < range.start {
                continue;
            }
            let inside = found(&self.db, file, placed.key).output.references.iter();
            let shifted = inside.map(|reference| reference.shifted(placed.offset));
            all.extend(shifted.filter(|one| one.span.start <= range.end && range.start <= one.span.end));
        }
        all
    }

    /// The parameters that a declaration speaks of, in the order in which they are first read.
    pub fn parameters_of(&self, named: &Named) -> Vec<Named> {
        let Some(file) = self.module(&named.file) else { return Vec::new() };
        let Some((sheet, item)) = home(&self.db, file, &named.name) else { return Vec::new() };
        let placed = sheets(&self.db, file).placed.iter().find(|placed| std::ptr::eq(&*placed.sheet, sheet));
        let Some(placed) = placed else { return Vec::new() };
        let inside = Span::new(item.offset, item.offset + item.len);
        let mut all: Vec<Named> = Vec::new();
        for one in &found(&self.db, file, placed.key).output.references {
            let Target::Declaration { file, name } = &one.target else { continue };
            let read = inside.touches(one.span.start) && self.kind_of(&one.target) == Some(Kind::Parameter);
            if read && all.iter().all(|known| known.name != *name || known.file != *file) {
                all.push(Named { name: name.clone(), kind: Kind::Parameter, file: file.clone() });
            }
        }
        all
    }

    /// The zone of civil days of a module's package.
    pub fn time_zone(&self, path: &str) -> Option<Arc<str>> {
        let own = self.module(path).and_then(|file| package(&self.db, file.package(&self.db)))?;
        Some(own.time_zone(&self.db).clone())
    }

    /// What a parameter amounts to where the module at `path` speaks of it.
    pub fn parameter_value(&self, path: &str, parameter: &Named) -> Option<ParameterValue> {
        let declaring = self.module(&parameter.file)?;
        let (sheet, item) = home(&self.db, declaring, &parameter.name)?;
        let DeclKind::Parameter(found) = &item.decl.kind else { return None };
        let words = |expr: &ast::Expr| words(&sheet.text, item, expr.span);
        let declared = match &found.value {
            ast::ParameterValue::One(value) => vec![(None, words(value))],
            ast::ParameterValue::Dated(values) => {
                values.iter().map(|(from, value)| (Some(words(from)), words(value))).collect()
            }
            ast::ParameterValue::Hole => Vec::new(),
        };
        let bounds = found.bounds.as_ref().map(|(low, high)| (words(low), words(high)));
        let own = self.module(path).and_then(|file| package(&self.db, file.package(&self.db)));
        let name = qualified(&self.db, declaring, &parameter.name);
        let set = own.and_then(|own| settings(&self.db, own).get(&name).cloned());
        Some(ParameterValue { declared, bounds, set })
    }
}

fn words(text: &str, item: &Item, span: Span) -> String {
    one_line(text.get(span.shifted(item.offset).range()).unwrap_or(""))
}

/// What the missions of a package and of those it uses set, by the qualified names of parameters: the last word counts.
#[salsa::tracked]
fn settings(db: &dyn salsa::Database, main: Package) -> BTreeMap<String, (String, String)> {
    let mut all = BTreeMap::new();
    for part in with_dependencies(db, main) {
        if refined(db, part).is_some() {
            for file in part.modules(db).values() {
                all.extend(settings_in(db, *file).clone());
            }
        }
    }
    all
}

#[salsa::tracked]
fn settings_in(db: &dyn salsa::Database, file: SourceFile) -> BTreeMap<String, (String, String)> {
    let mut ignored = Output::default();
    let mut found = BTreeMap::new();
    for item in &parsed(db, file).items {
        let DeclKind::Mission(decl) = &item.decl.kind else { continue };
        let mut checker = Checker::new(db, file, scope(db, file), item, file.text(db), &mut ignored);
        for line in &decl.lines {
            if let MissionLineKind::Set(path, value) = &line.kind
                && let Some(entity) = checker.named_in(decl, path, Kind::Parameter)
            {
                let said = words(file.text(db), item, value.span);
                found.insert(entity.qualified(db), (said, decl.name.text.clone()));
            }
        }
    }
    found
}
