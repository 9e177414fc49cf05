//! Everything the pages draw on, arranged once.

use crate::Contents;
use crate::address::Address;
use crate::uses::{Uses, names_in};
use mandate_assess::ScenarioResult;
use mandate_documents::Document;
use mandate_pack::{Pack, Rule, Scenario};
use mandate_trace::{PassageTrace, Trace, trace};
use std::collections::{BTreeMap, BTreeSet};

/// The package with what is looked up in it.
pub(crate) struct Shelf<'a> {
    pub(crate) pack: &'a Pack,
    pub(crate) documents: &'a BTreeMap<String, Document>,
    pub(crate) address: Address,
    pub(crate) uses: Uses,
    pub(crate) trace: Trace,
    /// Scenarios with their results, in order.
    pub(crate) scenarios: Vec<Tested<'a>>,
}

/// A scenario and how it went.
#[derive(Clone, Copy)]
pub(crate) struct Tested<'a> {
    pub(crate) scenario: &'a Scenario,
    pub(crate) result: Option<&'a ScenarioResult>,
}

impl<'a> Shelf<'a> {
    pub(crate) fn new(contents: Contents<'a>) -> Self {
        let Contents { pack, results, documents } = contents;
        let scenarios = pack.scenarios.iter().map(|scenario| {
            let result =
                results.iter().find(|result| result.title == scenario.title && result.origin == scenario.origin);
            Tested { scenario, result }
        });
        let read = documents.iter().map(|(source, document)| (source.clone(), document)).collect();
        Self {
            pack,
            documents,
            address: Address::new(pack),
            uses: Uses::new(pack),
            trace: trace(pack, &read),
            scenarios: scenarios.collect(),
        }
    }

    /// The packages of a kind of declaration, the one the book is about first, each with its names.
    pub(crate) fn by_package<'n>(&self, names: impl Iterator<Item = &'n String>) -> Vec<(&'n str, Vec<&'n str>)> {
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for name in names {
            groups.entry(package(name)).or_default().push(name);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(name, _)| *name != self.pack.name);
        groups
    }

    /// What is known of a passage: its rules, its scenarios, how it stands.
    pub(crate) fn traced(&self, source: &str, passage: &str) -> Option<&PassageTrace> {
        let document = self.trace.documents.iter().find(|document| document.source == source)?;
        document.passages.iter().find(|known| known.name == passage)
    }

    /// The expectations of scenarios about a rule.
    pub(crate) fn testing(&self, rule: &str) -> Vec<(Tested<'a>, usize)> {
        let expects = |tested: &Tested<'a>| {
            let about = tested.scenario.expect.iter().enumerate().filter(|(_, e)| e.rule == rule);
            about.map(|(place, _)| (*tested, place)).collect::<Vec<_>>()
        };
        self.scenarios.iter().flat_map(expects).collect()
    }

    /// Names that a rule speaks of, by their short form; one that means two things is left out.
    pub(crate) fn spoken_in(&self, rule: &Rule) -> Names {
        Names::of(names_in(rule))
    }
}

/// Short names with what they stand for.
pub(crate) struct Names(BTreeMap<String, Option<String>>);

impl Names {
    pub(crate) fn of(qualified: BTreeSet<String>) -> Self {
        let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
        for name in qualified {
            let short = mandate_pack::short(&name).to_owned();
            names.entry(short).and_modify(|known| *known = None).or_insert(Some(name));
        }
        Self(names)
    }

    pub(crate) fn get(&self, short: &str) -> Option<&str> {
        self.0.get(short)?.as_deref()
    }
}

/// The package of a qualified name.
pub(crate) fn package(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The module of a qualified name, its package before it.
pub(crate) fn module(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(module, _)| module)
}
