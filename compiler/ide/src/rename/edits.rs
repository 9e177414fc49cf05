//! The edits that a new name asks for.

use crate::enclosing::item_at;
use crate::passage;
use crate::rename::{Edits, Group};
use mandate_diagnostics::{Edit, Span};
use mandate_documents::{Lock, LockNameKind};
use mandate_semantics::{Kind, PackageOrigin, Snapshot, Target};
use mandate_syntax::ast::{DeclKind, Expr, ExprKind, Module, Name, StepKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Collects the edits of a new name; files of packages that are only used keep their texts.
pub(super) fn edits(snapshot: &Snapshot, targets: &[Target], before: &str, name: &str) -> Edits {
    let mut collector = Collector { snapshot, before, name, edits: Edits::new() };
    for target in targets {
        for place in snapshot.usages(target) {
            collector.mention(&place.path, place.span);
        }
        match target {
            Target::Passage { file, source, .. } => collector.passage(file, source),
            Target::Declaration { file, name } => match snapshot.kind_named(file, name) {
                Some(Kind::Rule) => collector.rule(file),
                Some(Kind::Source) => collector.source(file),
                _ => {}
            },
            Target::Module { .. } | Target::Field { .. } | Target::Variant { .. } | Target::Local { .. } => {}
        }
    }
    for edits in collector.edits.values_mut() {
        edits.sort_by_key(|(edit, _)| edit.span);
        edits.dedup_by_key(|(edit, _)| edit.span);
    }
    collector.edits
}

struct Collector<'a> {
    snapshot: &'a Snapshot,
    before: &'a str,
    name: &'a str,
    edits: Edits,
}

impl Collector<'_> {
    fn is_own(&self, path: &str) -> bool {
        self.snapshot.owner_of(path).is_some_and(|(_, origin)| origin == PackageOrigin::Own)
    }

    fn add(&mut self, path: &Arc<str>, span: Span, text: String, group: Group) {
        self.edits.entry(path.clone()).or_default().push((Edit { span, text }, group));
    }

    /// A word of a module that means the target, if it is written as the target is called.
    fn mention(&mut self, path: &Arc<str>, span: Span) {
        let Some(text) = self.snapshot.text(path).filter(|_| self.is_own(path)) else { return };
        let span = match text.get(span.range()) {
            Some(written) if *written == *self.before => span,
            Some(written) if written.strip_prefix('#') == Some(self.before) => Span::new(span.start + 1, span.end),
            _ => return,
        };
        let module = self.snapshot.syntax(path);
        let item = module.as_ref().and_then(|module| item_at(module, span.start));
        let scenario = item.is_some_and(|item| matches!(item.decl.kind, DeclKind::Scenario(_)));
        let group = if scenario { Group::Scenarios } else { Group::Declarations };
        self.add(path, span, self.name.to_owned(), group);
    }

    /// The document of a passage, and the reviews that tell its wording.
    fn passage(&mut self, file: &Arc<str>, source: &Arc<str>) {
        if let Some(path) = self.snapshot.document_of_source(file, source).filter(|path| self.is_own(path))
            && let (Some(text), Some(document)) = (self.snapshot.text(&path), self.snapshot.passage_file(&path))
        {
            let own = passage::anchor(&text, document, self.before);
            let linked = passage::links(&text).into_iter().filter(|(_, to)| *to == self.before).map(|(span, _)| span);
            let spans: Vec<Span> = own.into_iter().chain(linked).collect();
            for span in spans {
                self.add(&path, span, self.name.to_owned(), Group::Documents);
            }
        }
        let (before, name) = (self.before.to_owned(), self.name.to_owned());
        self.locks(|snapshot, package, key, kind| {
            if kind == LockNameKind::Rule {
                return None;
            }
            let (cited, passages) = key.split_once('#')?;
            if cited != qualified(snapshot, package, file, source)? {
                return None;
            }
            let (first, last) = passages.split_once("..").map_or((passages, None), |(first, last)| (first, Some(last)));
            let follow = |one: &str| if one == before { name.clone() } else { one.to_owned() };
            let last = last.map(|last| format!("..{}", follow(last))).unwrap_or_default();
            Some(format!("{cited}#{}{last}", follow(first)))
        });
    }

    /// A source in the reviews of its passages.
    fn source(&mut self, file: &Arc<str>) {
        let (before, name) = (self.before.to_owned(), self.name.to_owned());
        self.locks(|snapshot, package, key, kind| {
            if kind == LockNameKind::Rule {
                return None;
            }
            let (cited, rest) = key.split_once('#').map_or((key, None), |(cited, rest)| (cited, Some(rest)));
            if cited != qualified(snapshot, package, file, &before)? {
                return None;
            }
            let renamed = qualified(snapshot, package, file, &name)?;
            Some(rest.map_or(renamed.clone(), |rest| format!("{renamed}#{rest}")))
        });
    }

    /// A rule in its review, and in the records of scenarios that waive it: those name it by a text.
    fn rule(&mut self, file: &Arc<str>) {
        let (before, name) = (self.before.to_owned(), self.name.to_owned());
        self.locks(|snapshot, package, key, kind| {
            let is_it = kind == LockNameKind::Rule && *key == qualified(snapshot, package, file, &before)?;
            is_it.then(|| qualified(snapshot, package, file, &name)).flatten()
        });
        self.waived(file);
    }

    /// Every name of the locks of own packages that `follow` has another name for.
    fn locks(&mut self, follow: impl Fn(&Snapshot, &str, &str, LockNameKind) -> Option<String>) {
        for package in self.snapshot.own_packages() {
            let Some(lock) = self.snapshot.lock_text(&package) else { continue };
            for one in Lock::names(&lock.text) {
                let renamed = follow(self.snapshot, &package, &one.name, one.kind);
                if let Some(renamed) = renamed.filter(|renamed| *renamed != one.name) {
                    self.add(&lock.path, one.span, Lock::written(&renamed), Group::Lock);
                }
            }
        }
    }

    fn waived(&mut self, file: &Arc<str>) {
        let fields = naming_fields(self.snapshot);
        let Some(whole) = full_name(self.snapshot, file, self.before) else { return };
        // A short name that several rules have means all of them, and stays.
        let alone = !fields.is_empty() && is_alone(self.snapshot, file, self.before);
        let renamed = full_name(self.snapshot, file, self.name).unwrap_or_default();
        let quoted = format!("{}\"", self.before);
        for path in self.snapshot.modules() {
            let Some(text) = self.snapshot.text(&path).filter(|text| text.contains(&quoted)) else { continue };
            let Some(module) = self.snapshot.syntax(&path) else { continue };
            for (field, value, offset) in given_texts(&module) {
                let ExprKind::Text(said) = &value.kind else { continue };
                let now = match said.trim() {
                    said if *said == whole => &renamed,
                    said if alone && said == self.before => self.name,
                    _ => continue,
                };
                let reference = self.snapshot.reference_at(&path, field.span.start + offset);
                if reference.is_some_and(|reference| fields.contains(&reference.target))
                    && text.get(value.span.shifted(offset).range()).is_some()
                {
                    self.add(&path, value.span.shifted(offset), format!("\"{now}\""), Group::Scenarios);
                }
            }
        }
    }
}

/// `caac.reporting.report_it`
fn full_name(snapshot: &Snapshot, file: &str, name: &str) -> Option<String> {
    let (package, _) = snapshot.owner_of(file)?;
    let module = snapshot.module_name(file)?;
    Some(if module.is_empty() { format!("{package}.{name}") } else { format!("{package}.{module}.{name}") })
}

/// As the lock of a package writes it: without the package if it is its own.
pub(crate) fn qualified(snapshot: &Snapshot, package: &str, file: &str, name: &str) -> Option<String> {
    let whole = full_name(snapshot, file, name)?;
    let below = whole.strip_prefix(package).and_then(|rest| rest.strip_prefix('.'));
    Some(below.map(str::to_owned).unwrap_or(whole))
}

fn is_alone(snapshot: &Snapshot, file: &str, name: &str) -> bool {
    let others = snapshot.every_module().into_iter().filter(|path| **path != *file);
    others.filter(|path| snapshot.kind_named(path, name) == Some(Kind::Rule)).count() == 0
}

/// The fields by which waivers name the rules they waive.
fn naming_fields(snapshot: &Snapshot) -> Vec<Target> {
    let mut fields = Vec::new();
    for path in snapshot.every_module() {
        let Some(module) = snapshot.text(&path).filter(|text| text.contains("names")).and(snapshot.syntax(&path))
        else {
            continue;
        };
        for item in &module.items {
            let DeclKind::Waiver(waiver) = &item.decl.kind else { continue };
            for named in waiver.evidence.iter().filter_map(|evidence| evidence.names.as_ref()) {
                let span = named.span.shifted(item.offset);
                let inside = |at: Span| span.start <= at.start && at.end <= span.end;
                let references = snapshot.references(&path).into_iter().filter(|one| inside(one.span));
                fields.extend(references.map(|one| one.target).filter(|one| matches!(one, Target::Field { .. })));
            }
        }
    }
    fields
}

/// The fields of records that scenarios give, with their values, and where their declaration starts.
fn given_texts(module: &Module) -> Vec<(&Name, &Expr, u32)> {
    let mut found = Vec::new();
    for item in &module.items {
        let DeclKind::Scenario(scenario) = &item.decl.kind else { continue };
        for step in &scenario.steps {
            let StepKind::Given { fields, .. } = &step.kind else { continue };
            let mut open: Vec<(&Name, &Expr)> = fields.iter().map(|(name, value)| (name, value)).collect();
            while let Some((name, value)) = open.pop() {
                found.push((name, value, item.offset));
                let mut inner = vec![value];
                while let Some(one) = inner.pop() {
                    match &one.kind {
                        ExprKind::Record(_, fields) => open.extend(fields.iter().map(|(name, value)| (name, value))),
                        _ => inner.extend(one.children()),
                    }
                }
            }
        }
    }
    found
}

/// The modules whose texts hold any of these words: only there can a name come to mean something else.
pub(super) fn modules_with(snapshot: &Snapshot, words: &[&str]) -> BTreeSet<Arc<str>> {
    let modules = snapshot.modules().into_iter();
    let has = |path: &Arc<str>| {
        let text = snapshot.text(path).unwrap_or_else(|| Arc::from(""));
        words.iter().any(|word| text.contains(word))
    };
    modules.filter(has).collect()
}
