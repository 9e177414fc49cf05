//! From the parts that the modules lower to the whole pack.

use crate::analysis::{empty_pack, lowered_parts};
use crate::db::{Package, SourceFile, package, parsed};
use crate::missions::{carry_out, tailoring};
use crate::names::by_qualified;
use crate::passages::document_behind;
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_pack::{self as pack, Pack};
use mandate_syntax::ast::DeclKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A package with everything it depends on, dependencies first.
pub(crate) fn with_dependencies(db: &dyn salsa::Database, main: Package) -> Vec<Package> {
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    // Post-order without recursion: a package is put out when it is met the second time.
    let mut open = vec![(main, false)];
    while let Some((next, ready)) = open.pop() {
        if ready {
            order.push(next);
        } else if seen.insert(next.name(db).clone()) {
            open.push((next, true));
            let joined = |name: &&Arc<str>| !next.at_hand(db) || names_package(db, next, name);
            let joining = next.dependencies(db).iter().rev().filter(joined);
            open.extend(joining.filter_map(|name| package(db, name)).map(|p| (p, false)));
        }
    }
    order
}

/// Whether a `use`, a `carries` or the mission of a package names another package.
fn names_package(db: &dyn salsa::Database, package: Package, name: &str) -> bool {
    let items = package.modules(db).values().flat_map(|file| &parsed(db, *file).items);
    items.into_iter().any(|item| match &item.decl.kind {
        DeclKind::Use(decl) => decl.path.segments.first().is_some_and(|first| first.text == name),
        DeclKind::Carried(decl) => decl.by.segments.first().is_some_and(|first| first.text == name),
        DeclKind::Mission(decl) => decl.refines.iter().any(|refined| refined.text == name),
        _ => false,
    })
}

/// The pack of a package: its rules, scenarios, assumptions, endorsements and notes on background, those of the packages it uses, and all they speak of.
/// Scenarios of other packages stay with them.
pub(crate) fn assemble(db: &dyn salsa::Database, main: Package) -> Pack {
    let mut pack = empty_pack();
    pack.name = main.name(db).to_string();
    pack.version = main.version(db).to_string();
    pack.edition = main.edition(db).to_string();
    pack.time_zone = main.time_zone(db).to_string();
    let mut missions = Vec::new();
    for part in with_dependencies(db, main) {
        for file in part.modules(db).values() {
            for (lowered, above) in lowered_parts(db, *file) {
                let mut lowered = below(Pack::clone(lowered), above);
                let mission = lowered.mission.take();
                missions.extend(mission.clone());
                if part == main {
                    pack.mission = pack.mission.take().or(mission);
                }
                merge(&mut pack, lowered, part == main);
            }
        }
    }
    carry_out(&mut pack, tailoring(db, main), &missions);
    both_ways(&mut pack);
    short_names(&mut pack);
    floors(&mut pack);
    cited_passages(db, &mut pack);
    in_order(&mut pack);
    pack
}

/// Brings what is a list into the order of the texts.
pub(crate) fn in_order(pack: &mut Pack) {
    pack.scenarios.sort_by(|a, b| (&a.origin, &a.title).cmp(&(&b.origin, &b.title)));
    pack.assumptions.sort_by(|a, b| a.origin.cmp(&b.origin));
    pack.concerns.sort_by(|a, b| a.origin.cmp(&b.origin));
    pack.purposes.sort_by(|a, b| a.origin.cmp(&b.origin));
}

/// A part of a pack with the lines that stand above it counted.
pub(crate) fn below(mut part: Pack, above: u32) -> Pack {
    let rules = part.rules.values_mut().map(|rule| &mut rule.origin);
    let assumptions = part.assumptions.iter_mut().map(|said| &mut said.origin);
    let situations = part.concerns.iter_mut().chain(&mut part.purposes).map(|said| &mut said.origin);
    let background = part.background.iter_mut().map(|note| &mut note.origin);
    let carried = part.carried.iter_mut().map(|carried| &mut carried.origin);
    let origins = rules.chain(assumptions).chain(situations).chain(background).chain(carried);
    origins.for_each(|origin| origin.line += above);
    for scenario in &mut part.scenarios {
        let facts = scenario.facts.iter_mut().map(|fact| &mut fact.line);
        let lines = facts.chain(scenario.expect.iter_mut().map(|expected| &mut expected.line));
        lines.chain([&mut scenario.origin.line]).for_each(|line| *line += above);
    }
    if let Some(mission) = &mut part.mission {
        let dropped = mission.drops.iter_mut().map(|dropped| &mut dropped.origin);
        let origins = dropped.chain(mission.accepted.iter_mut().map(|accepted| &mut accepted.origin));
        origins.chain([&mut mission.origin]).for_each(|origin| origin.line += above);
    }
    part
}

pub(crate) fn merge(pack: &mut Pack, part: Pack, main: bool) {
    pack.enums.extend(part.enums);
    pack.records.extend(part.records);
    pack.roles.extend(part.roles);
    pack.parameters.extend(part.parameters);
    pack.definitions.extend(part.definitions);
    pack.actions.extend(part.actions);
    pack.waivers.extend(part.waivers);
    pack.sources.extend(part.sources);
    pack.rules.extend(part.rules);
    pack.endorsements.extend(part.endorsements);
    pack.assumptions.extend(part.assumptions);
    pack.concerns.extend(part.concerns);
    pack.purposes.extend(part.purposes);
    pack.background.extend(part.background);
    pack.carried.extend(part.carried);
    if main {
        pack.scenarios.extend(part.scenarios);
    }
}

/// Of two acts that exclude one another each names the other, whichever said so.
fn both_ways(pack: &mut Pack) {
    let said: Vec<(String, String)> = pack
        .actions
        .iter()
        .flat_map(|(name, action)| action.excludes.iter().map(|other| (other.clone(), name.clone())))
        .collect();
    for (name, other) in said {
        if let Some(action) = pack.actions.get_mut(&name)
            && let Err(at) = action.excludes.binary_search(&other)
        {
            action.excludes.insert(at, other);
        }
    }
}

/// Facts files use short names, and qualified ones where two record types share a short name.
pub(crate) fn short_names(pack: &mut Pack) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for qualified in pack.records.keys() {
        *count.entry(pack::short(qualified).to_owned()).or_default() += 1;
    }
    for (qualified, record) in &mut pack.records {
        let short = pack::short(qualified);
        let name = if count.get(short).is_some_and(|n| *n > 1) { qualified } else { short };
        if record.name != name {
            name.clone_into(&mut record.name);
        }
    }
}

/// The floors of a waivable clause are values of its waiver's rank.
pub(crate) fn floors(pack: &mut Pack) {
    let ranks: BTreeMap<String, pack::Type> = pack
        .waivers
        .iter()
        .filter_map(|(name, waiver)| Some((name.clone(), waiver.rank.as_ref()?.ty.known().clone())))
        .collect();
    for rule in pack.rules.values_mut() {
        if let Some(waivable) = &mut rule.waivable
            && let Some(rank) = ranks.get(&waivable.waiver)
        {
            for floor in waivable.floor.iter_mut().chain(&mut waivable.exceptional_floor) {
                floor.ty = rank.clone();
            }
        }
    }
}

/// Puts the passages that are cited into their sources.
pub(crate) fn cited_passages(db: &dyn salsa::Database, pack: &mut Pack) {
    let accepted = pack.mission.iter().flat_map(|mission| &mission.accepted).map(|accepted| &accepted.citation);
    let cites = pack.rules.values().flat_map(|rule| &rule.cites).chain(pack.background.iter().map(|b| &b.citation));
    let cites = cites.chain(accepted);
    let cites: BTreeSet<pack::Citation> = cites.cloned().collect();
    for cite in cites {
        let Some(known) = by_qualified(db, &cite.source).and_then(|source| document_behind(db, &source)) else {
            continue;
        };
        let Some(source) = pack.sources.get_mut(&cite.source) else { continue };
        let Some(first) = &cite.passage else { continue };
        for name in known.names_between(first, cite.to.as_deref()) {
            let Some(passage) = known.passages.get(name) else { continue };
            let cited = pack::Passage { text: passage.text.clone(), line: passage.line, page: passage.page };
            source.passages.insert(name.to_owned(), cited);
        }
    }
}

/// Titles of the scenarios of a module, without places.
#[salsa::tracked]
pub(crate) fn scenario_titles(db: &dyn salsa::Database, file: SourceFile) -> Vec<String> {
    let titles = parsed(db, file).items.iter().filter_map(|item| match &item.decl.kind {
        DeclKind::Scenario(scenario) => scenario.title.as_ref().map(|title| title.text.clone()),
        _ => None,
    });
    titles.collect()
}

/// Titles that scenarios of one package share, with the module that has the first. Empty for nearly every package.
#[salsa::tracked]
fn shared_titles(db: &dyn salsa::Database, package: Package) -> BTreeMap<String, SourceFile> {
    let mut first: BTreeMap<&str, SourceFile> = BTreeMap::new();
    let mut shared = BTreeMap::new();
    for file in package.modules(db).values() {
        for title in scenario_titles(db, *file) {
            match first.get(title.as_str()) {
                Some(before) => {
                    shared.insert(title.clone(), *before);
                }
                None => {
                    first.insert(title, *file);
                }
            }
        }
    }
    shared
}

/// The scenarios of a module whose title another one had before: a test that cannot be named cannot be run alone.
pub(crate) fn repeated_scenarios(db: &dyn salsa::Database, package: Package, file: SourceFile) -> Vec<Diagnostic> {
    let shared = shared_titles(db, package);
    let mut found = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (title, span) in titled(db, file) {
        let Some(first) = shared.get(title) else { continue };
        let here_first = *first == file && seen.insert(title);
        if here_first {
            continue;
        }
        let mut said = Diagnostic::new(&codes::E083, span, format!("two scenarios are called \"{title}\""))
            .help("Say in each title what sets it apart.");
        if let Some((_, before)) = titled(db, *first).find(|(other, _)| *other == title) {
            let other = (*first != file).then(|| first.path(db).clone());
            let message = "the other one".to_owned();
            said.related.push(mandate_diagnostics::Label { file: other, span: before, message });
        }
        found.push(said);
    }
    found
}

/// The titles of a module's scenarios with their places.
fn titled(db: &dyn salsa::Database, file: SourceFile) -> impl Iterator<Item = (&str, Span)> {
    parsed(db, file).items.iter().filter_map(|item| match &item.decl.kind {
        DeclKind::Scenario(scenario) => {
            scenario.title.as_ref().map(|title| (title.text.as_str(), title.span.shifted(item.offset)))
        }
        _ => None,
    })
}
