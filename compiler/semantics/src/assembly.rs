//! A pack that is kept, and brought up to date after an edit by what the edit reached.

use crate::analysis::{empty_pack, lowered_parts};
use crate::assemble::{assemble, below, cited_passages, floors, in_order, merge, short_names, with_dependencies};
use crate::crosscheck::diagnostics;
use crate::db::{Package, SourceFile, package};
use crate::host::Snapshot;
use mandate_diagnostics::Severity;
use mandate_pack::{Citation, Pack};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The pack of one package at the last time it had no errors.
///
/// It is kept twice, and the two are brought up to date in turns: whoever still compares with the last one makes nobody copy it.
#[derive(Debug, Default)]
pub struct Assembly {
    kept: [Kept; 2],
    last: usize,
}

/// A pack with what it was made of.
#[derive(Debug, Default)]
struct Kept {
    pack: Option<Arc<Pack>>,
    /// What the modules said, in the parts that are checked on their own.
    parts: BTreeMap<Key, Part>,
    /// The parts in the order in which a pack lists what they say.
    order: Vec<Key>,
    /// Texts of the passage files.
    documents: BTreeMap<Arc<str>, Arc<str>>,
}

/// The path of a module, and the number of one of its parts.
type Key = (Arc<str>, u32);

#[derive(Debug, Clone)]
struct Part {
    said: Arc<Pack>,
    /// Lines above it in its file.
    above: u32,
    /// Whether it belongs to the package itself.
    main: bool,
}

impl PartialEq for Part {
    fn eq(&self, other: &Part) -> bool {
        Arc::ptr_eq(&self.said, &other.said) && self.above == other.above && self.main == other.main
    }
}

impl Assembly {
    /// The pack as it was brought up to date last.
    pub fn pack(&self) -> Option<&Arc<Pack>> {
        self.kept[self.last].pack.as_ref()
    }
}

impl Snapshot {
    /// Brings a kept pack up to date; false, and the pack stays as it was, where a module of the package or of one that it uses has an error.
    /// The pack is the one of [`Snapshot::pack`].
    pub fn assemble(&self, name: &str, assembly: &mut Assembly) -> bool {
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
        let (mut parts, mut order) = (BTreeMap::new(), Vec::new());
        for (file, main) in files {
            for (number, (said, above)) in lowered_parts(&self.db, file).into_iter().enumerate() {
                let key = (file.path(&self.db).clone(), number as u32);
                parts.insert(key.clone(), Part { said: Arc::clone(said), above, main });
                order.push(key);
            }
        }
        let documents = packages.iter().flat_map(|part| part.documents(&self.db).values());
        let documents = documents.map(|it| (it.path(&self.db).clone(), it.text(&self.db).clone())).collect();
        let now = Kept { pack: None, parts, order, documents };
        let last = &assembly.kept[assembly.last];
        let same = last.pack.as_ref().is_some_and(|pack| is_of(&self.db, pack, main));
        if !same || last.order != now.order || last.parts != now.parts || last.documents != now.documents {
            let other = 1 - assembly.last;
            self.update(main, now, &mut assembly.kept[other]);
            assembly.last = other;
        }
        true
    }

    /// Should a query be cancelled on the way, there is no pack left, and the next one is made anew.
    fn update(&self, main: Package, mut now: Kept, kept: &mut Kept) {
        let pack = kept.pack.take().filter(|pack| is_of(&self.db, pack, main) && !is_tailored(kept, &now));
        now.pack = Some(match pack {
            Some(mut pack) => {
                self.renew(Arc::make_mut(&mut pack), &now, kept);
                pack
            }
            None => Arc::new(assemble(&self.db, main)),
        });
        *kept = now;
    }

    /// Takes out what the modules that changed said before, and puts in what they say now.
    fn renew(&self, pack: &mut Pack, now: &Kept, kept: &Kept) {
        let gone = beside(&kept.parts, &now.parts);
        let come = beside(&now.parts, &kept.parts);
        let cited =
            now.documents != kept.documents || citations(&gone) != citations(&come) || changes_sources(&gone, &come);
        gone.iter().for_each(|part| take_out(pack, &part.said));
        for part in &come {
            merge(pack, without_lists(part), part.main);
        }
        lists(pack, now);
        short_names(pack);
        floors(pack);
        if cited {
            pack.sources.values_mut().for_each(|source| source.passages.clear());
            cited_passages(&self.db, pack);
        }
    }
}

/// Whether a pack is headed by what the package says of itself.
fn is_of(db: &dyn salsa::Database, pack: &Pack, main: Package) -> bool {
    pack.name == **main.name(db)
        && pack.version == **main.version(db)
        && pack.edition == **main.edition(db)
        && pack.time_zone == **main.time_zone(db)
}

/// Whether what modules say reaches into what others said, so that it cannot be taken out again: a mission changes rules of other packages,
/// and an act that excludes another is named there, too.
fn is_tailored(kept: &Kept, now: &Kept) -> bool {
    let reaches = |part: &Part| {
        part.said.mission.is_some() || part.said.actions.values().any(|action| !action.excludes.is_empty())
    };
    kept.parts.values().chain(now.parts.values()).any(reaches)
}

/// The parts that the others do not have.
fn beside<'p>(parts: &'p BTreeMap<Key, Part>, others: &BTreeMap<Key, Part>) -> Vec<&'p Part> {
    parts.iter().filter(|(path, part)| others.get(*path) != Some(*part)).map(|(_, part)| part).collect()
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
fn without_lists(part: &Part) -> Pack {
    let mut said = Pack::clone(&part.said);
    said.endorsements.clear();
    said.assumptions.clear();
    said.concerns.clear();
    said.purposes.clear();
    said.background.clear();
    said.carried.clear();
    said.scenarios.clear();
    below(said, part.above)
}

fn lists(pack: &mut Pack, now: &Kept) {
    pack.endorsements.clear();
    pack.assumptions.clear();
    pack.concerns.clear();
    pack.purposes.clear();
    pack.background.clear();
    pack.carried.clear();
    pack.scenarios.clear();
    for part in now.order.iter().filter_map(|key| now.parts.get(key)) {
        let mut lists = empty_pack();
        lists.endorsements.clone_from(&part.said.endorsements);
        lists.assumptions.clone_from(&part.said.assumptions);
        lists.concerns.clone_from(&part.said.concerns);
        lists.purposes.clone_from(&part.said.purposes);
        lists.background.clone_from(&part.said.background);
        lists.carried.clone_from(&part.said.carried);
        if part.main {
            lists.scenarios.clone_from(&part.said.scenarios);
        }
        merge(pack, below(lists, part.above), part.main);
    }
    in_order(pack);
}
