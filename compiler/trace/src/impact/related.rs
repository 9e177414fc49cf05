//! What depends on a citation: rules with their scenarios and parameters, and what other packages make of them.

use super::model::{Endorsed, Note, PackageImpact, Related, Relation, RuleImpact};
use crate::cover::Citing;
use crate::model::ScenarioTrace;
use crate::reads::parameters;
use mandate_pack::{Citation, Pack};
use std::collections::{BTreeMap, BTreeSet};

/// A package that may use the one whose document changed.
#[derive(Debug, Clone, Copy)]
pub struct Dependent<'p> {
    /// Its pack.
    pub pack: &'p Pack,
    /// Its directory, as people name it.
    pub directory: &'p str,
}

/// Looks up what depends on passages of one source.
pub(super) struct Lookup<'p> {
    pack: &'p Pack,
    source: &'p str,
    dependents: &'p [Dependent<'p>],
}

/// `art_2.2..art_2.2.b`
pub(super) fn written(citation: &Citation) -> String {
    let first = citation.passage.as_deref().unwrap_or_default();
    citation.to.as_ref().map_or_else(|| first.to_owned(), |last| format!("{first}..{last}"))
}

impl<'p> Lookup<'p> {
    pub(super) fn new(pack: &'p Pack, source: &'p str, dependents: &'p [Dependent<'p>]) -> Lookup<'p> {
        Lookup { pack, source, dependents }
    }

    /// The rules of the pack with a citation of the source for which `speaks` answers how, by name.
    pub(super) fn rules(&self, speaks: &dyn Fn(&Citation) -> Option<Citing>) -> Vec<RuleImpact> {
        let mut found = Vec::new();
        for (name, rule) in &self.pack.rules {
            let citing = rule.cites.iter().filter(|citation| citation.source == self.source);
            let Some((how, citation)) = citing.filter_map(|c| Some((speaks(c)?, c))).min_by_key(|(how, _)| *how) else {
                continue;
            };
            found.push(RuleImpact {
                name: name.clone(),
                title: rule.title.clone(),
                origin: rule.origin.clone(),
                cites: written(citation),
                direct: how == Citing::Direct,
                scenarios: testing(self.pack, &|rule| rule == name),
                parameters: parameters(self.pack, rule).into_iter().collect(),
            });
        }
        found
    }

    /// The notes with a citation of the source for which `speaks` answers.
    pub(super) fn notes(&self, speaks: &dyn Fn(&Citation) -> Option<Citing>) -> Vec<Note> {
        let all = self.pack.background.iter().filter(|note| note.citation.source == self.source);
        let speaking = all.filter(|note| speaks(&note.citation).is_some());
        speaking
            .map(|note| Note {
                reason: note.reason.clone(),
                origin: note.origin.clone(),
                cites: written(&note.citation),
            })
            .collect()
    }

    /// What of the other packages depends on these rules, or on passages for which `speaks` answers.
    pub(super) fn packages(
        &self,
        rules: &[RuleImpact],
        speaks: &dyn Fn(&Citation) -> Option<Citing>,
    ) -> Vec<PackageImpact> {
        let names: BTreeSet<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        let mut found = Vec::new();
        for dependent in self.dependents {
            let pack = dependent.pack;
            let mut related = BTreeSet::new();
            for (name, rule) in &pack.rules {
                // What the package itself, or another one that it uses, already has is told there.
                if rule.origin.file.split_once(':').is_some_and(|(package, _)| package != pack.name) {
                    continue;
                }
                let mut relate = |relation: Relation, of: String| {
                    let (title, origin) = (rule.title.clone(), rule.origin.clone());
                    related.insert(Related { name: name.clone(), title, origin, relation, of });
                };
                for (relation, others) in [(Relation::Overrides, &rule.overrides), (Relation::Limits, &rule.limits)] {
                    for other in others.iter().filter(|other| names.contains(other.rule.as_str())) {
                        relate(relation, other.rule.clone());
                    }
                }
                for citation in rule.cites.iter().filter(|c| c.source == self.source && speaks(c).is_some()) {
                    relate(Relation::Cites, written(citation));
                }
            }
            let scenarios = testing(pack, &|rule| names.contains(rule));
            if !related.is_empty() || !scenarios.is_empty() {
                found.push(PackageImpact {
                    package: pack.name.clone(),
                    directory: dependent.directory.to_owned(),
                    rules: related.into_iter().collect(),
                    scenarios,
                });
            }
        }
        found
    }

    /// Packages that endorse the source. What the package endorses itself is told once, and not again for those that use it.
    pub(super) fn endorsed(&self) -> Vec<Endorsed> {
        let mut found = BTreeSet::new();
        let mut known = BTreeMap::new();
        let own = [(self.pack, None)].into_iter();
        for (pack, directory) in own.chain(self.dependents.iter().map(|d| (d.pack, Some(d.directory.to_owned())))) {
            for endorsement in pack.endorsements.iter().filter(|e| e.source == self.source) {
                let decision = (endorsement.by.clone(), endorsement.from.clone());
                if known.insert(decision.clone(), ()).is_none() {
                    let (by, from) = decision;
                    found.insert(Endorsed { package: pack.name.clone(), directory: directory.clone(), by, from });
                }
            }
        }
        found.into_iter().collect()
    }
}

/// The scenarios of a pack that expect something of a rule.
fn testing(pack: &Pack, of: &dyn Fn(&str) -> bool) -> Vec<ScenarioTrace> {
    let testing = pack.scenarios.iter().filter(|scenario| scenario.expect.iter().any(|expected| of(&expected.rule)));
    let found: BTreeSet<ScenarioTrace> =
        testing.map(|s| ScenarioTrace { origin: s.origin.clone(), title: s.title.clone() }).collect();
    found.into_iter().collect()
}
