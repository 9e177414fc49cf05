//! A pack that is kept, and brought up to date after an edit by what the edit reached.

use crate::analysis::analysis;
use crate::assemble::{cited_passages, floors, in_order, merge, short_names, with_dependencies};
use crate::crosscheck::diagnostics;
use crate::db::{Package, SourceFile, package};
use crate::host::Snapshot;
use mandate_diagnostics::Severity;
use mandate_pack::{Citation, Pack};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The pack of one package at the last time it had no errors.
#[derive(Debug, Default)]
pub struct Assembly {
    pack: Option<Pack>,
    /// The modules that it was made of, by path: what they said, and whether they belong to the package itself.
    parts: BTreeMap<Arc<str>, Part>,
    /// Their paths in the order in which a pack lists what they say.
    order: Vec<Arc<str>>,
    /// Texts of the passage files.
    documents: BTreeMap<Arc<str>, Arc<str>>,
}

#[derive(Debug, Clone)]
struct Part {
    said: Arc<Pack>,
    main: bool,
}

impl Part {
    fn is(&self, other: &Part) -> bool {
        Arc::ptr_eq(&self.said, &other.said) && self.main == other.main
    }
}

impl Assembly {
    /// The pack as it was brought up to date last.
    pub fn pack(&self) -> Option<&Pack> {
        self.pack.as_ref()
    }
}

impl Snapshot {
    /// Brings a kept pack up to date; false, and the pack stays as it was, where a module of the package or of one that it uses has an error.
    /// The pack is the one of [`Snapshot::pack`].
    pub fn assemble(&self, name: &str, kept: &mut Assembly) -> bool {
        let Some(main) = package(&self.db, name) else { return false };
        let packages = with_dependencies(&self.db, main);
        let files: Vec<(SourceFile, bool)> = packages
            .iter()
            .flat_map(|part| part.modules(&self.db).values().map(|file| (*file, *part == main)))
            .collect();
        self.warm(&files.iter().map(|(file, _)| *file).collect::<Vec<_>>());
        let failed = |file: SourceFile| diagnostics(&self.db, file).iter().any(|d| d.severity == Severity::Error);
        if files.iter().any(|(file, _)| failed(*file)) {
            return false;
        }
        let part = |file: SourceFile, main| Part { said: Arc::clone(&analysis(&self.db, file).lowered), main };
        let parts = files.iter().map(|(file, main)| (file.path(&self.db).clone(), part(*file, *main))).collect();
        let order = files.iter().map(|(file, _)| file.path(&self.db).clone()).collect();
        let documents = packages.iter().flat_map(|part| part.documents(&self.db).values());
        let documents = documents.map(|it| (it.path(&self.db).clone(), it.text(&self.db).clone())).collect();
        self.update(main, Assembly { pack: None, parts, order, documents }, kept);
        true
    }

    fn update(&self, main: Package, mut now: Assembly, kept: &mut Assembly) {
        let mut pack = match kept.pack.take() {
            Some(pack) if pack.name == **main.name(&self.db) => pack,
            _ => {
                kept.parts.clear();
                crate::analysis::empty_pack()
            }
        };
        pack.name = main.name(&self.db).to_string();
        pack.version = main.version(&self.db).to_string();
        pack.edition = main.edition(&self.db).to_string();
        pack.time_zone = main.time_zone(&self.db).to_string();
        let stays = |path: &Arc<str>, part: &Part, others: &BTreeMap<Arc<str>, Part>| {
            others.get(path).is_some_and(|other| part.is(other))
        };
        let gone: Vec<&Part> =
            kept.parts.iter().filter(|(path, part)| !stays(path, part, &now.parts)).map(|(_, part)| part).collect();
        let come: Vec<&Part> =
            now.parts.iter().filter(|(path, part)| !stays(path, part, &kept.parts)).map(|(_, part)| part).collect();
        let anew = !gone.is_empty() || !come.is_empty();
        let cited =
            now.documents != kept.documents || citations(&gone) != citations(&come) || changes_sources(&gone, &come);
        gone.iter().for_each(|part| take_out(&mut pack, &part.said));
        for part in come {
            merge(&mut pack, without_lists(&part.said), part.main);
        }
        if anew {
            lists(&mut pack, &now);
            short_names(&mut pack);
            floors(&mut pack);
        }
        if cited {
            pack.sources.values_mut().for_each(|source| source.passages.clear());
            cited_passages(&self.db, &mut pack);
        }
        now.pack = Some(pack);
        *kept = now;
    }
}

/// What some parts cite, in order.
fn citations<'p>(parts: &[&'p Part]) -> Vec<&'p Citation> {
    let rules = parts.iter().flat_map(|part| part.said.rules.values()).flat_map(|rule| &rule.cites);
    let background = parts.iter().flat_map(|part| &part.said.background).map(|note| &note.citation);
    let mut all: Vec<&Citation> = rules.chain(background).collect();
    all.sort();
    all.dedup();
    all
}

/// Whether sources are among what was taken out or brought in: these come without their passages.
fn changes_sources(gone: &[&Part], come: &[&Part]) -> bool {
    gone.iter().chain(come).any(|part| !part.said.sources.is_empty())
}

fn take_out(pack: &mut Pack, part: &Pack) {
    fn without<T>(from: &mut BTreeMap<String, T>, names: &BTreeMap<String, T>) {
        for name in names.keys() {
            from.remove(name);
        }
    }
    without(&mut pack.enums, &part.enums);
    without(&mut pack.records, &part.records);
    without(&mut pack.roles, &part.roles);
    without(&mut pack.parameters, &part.parameters);
    without(&mut pack.definitions, &part.definitions);
    without(&mut pack.actions, &part.actions);
    without(&mut pack.waivers, &part.waivers);
    without(&mut pack.sources, &part.sources);
    without(&mut pack.rules, &part.rules);
}

/// A part whose lists are empty: these are gathered from all parts together.
fn without_lists(part: &Pack) -> Pack {
    let mut part = part.clone();
    part.endorsements.clear();
    part.assumptions.clear();
    part.background.clear();
    part.scenarios.clear();
    part
}

fn lists(pack: &mut Pack, now: &Assembly) {
    pack.endorsements.clear();
    pack.assumptions.clear();
    pack.background.clear();
    pack.scenarios.clear();
    for part in now.order.iter().filter_map(|path| now.parts.get(path)) {
        pack.endorsements.extend(part.said.endorsements.iter().cloned());
        pack.assumptions.extend(part.said.assumptions.iter().cloned());
        pack.background.extend(part.said.background.iter().cloned());
        if part.main {
            pack.scenarios.extend(part.said.scenarios.iter().cloned());
        }
    }
    in_order(pack);
}
