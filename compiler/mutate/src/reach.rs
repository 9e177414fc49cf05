//! Which declarations speak of which, and the part of a pack that some rules need.

use mandate_assess::VOID_WAIVER;
use mandate_pack::{Pack, Rule};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// For every declaration the ones it speaks of. Read from the names in its JSON: too much rather than too little.
pub(crate) struct Reach {
    edges: BTreeMap<String, BTreeSet<String>>,
    rules: BTreeSet<String>,
}

impl Reach {
    pub(crate) fn new(pack: &Pack) -> Reach {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        names.extend(pack.rules.keys().map(String::as_str));
        names.extend(pack.definitions.keys().map(String::as_str));
        names.extend(pack.actions.keys().map(String::as_str));
        names.extend(pack.roles.keys().map(String::as_str));
        names.extend(pack.waivers.keys().map(String::as_str));
        names.extend(pack.parameters.keys().map(String::as_str));
        let mut edges = BTreeMap::new();
        // Remarks decide nothing: a definition that only they use is not a part of what the rule finds.
        let silent = |rule: &Rule| Rule { flags: Vec::new(), ..rule.clone() };
        let rules: BTreeMap<String, Rule> =
            pack.rules.iter().map(|(name, rule)| (name.clone(), silent(rule))).collect();
        add(&mut edges, &rules, &names);
        add(&mut edges, &pack.definitions, &names);
        add(&mut edges, &pack.actions, &names);
        add(&mut edges, &pack.roles, &names);
        add(&mut edges, &pack.waivers, &names);
        add(&mut edges, &pack.parameters, &names);
        // A rule that overrides another changes what that one finds, and a narrower role who holds the wider one.
        let mut back: Vec<(String, String)> = Vec::new();
        for (from, to) in &edges {
            for to in to {
                let both = |has: &dyn Fn(&str) -> bool| has(from) && has(to);
                if both(&|name| pack.rules.contains_key(name)) || both(&|name| pack.roles.contains_key(name)) {
                    back.push((to.clone(), from.clone()));
                }
            }
        }
        for (from, to) in back {
            edges.entry(from).or_default().insert(to);
        }
        Reach { edges, rules: pack.rules.keys().cloned().collect() }
    }

    /// A declaration with everything it speaks of, directly or not.
    pub(crate) fn of(&self, name: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::from([name.to_owned()]);
        let mut open = vec![name.to_owned()];
        while let Some(name) = open.pop() {
            for next in self.edges.get(&name).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        seen
    }

    /// The rules whose findings a declaration can change.
    pub(crate) fn affected(&self, owner: &str) -> BTreeSet<String> {
        self.rules.iter().filter(|rule| self.of(rule).contains(owner)).cloned().collect()
    }

    /// The part of a pack that decides what these rules find. Types and parameters stay whole: facts and scenarios name them.
    pub(crate) fn slice(&self, pack: &Pack, rules: &BTreeSet<String>) -> Pack {
        let mut needed = BTreeSet::new();
        for rule in rules {
            needed.extend(self.of(rule));
        }
        let mut remarks = BTreeSet::new();
        for flags in pack.rules.iter().filter(|(name, _)| needed.contains(*name)).map(|(_, rule)| &rule.flags) {
            strings(&serde_json::to_value(flags).unwrap_or_default(), &mut remarks);
        }
        for name in remarks.iter().filter(|name| self.edges.contains_key(*name)) {
            needed.extend(self.of(name));
        }
        for parameter in pack.parameters.keys() {
            needed.extend(self.of(parameter));
        }
        // Defaults of fields and what says whom a source binds may call definitions, too.
        let mut names = BTreeSet::new();
        strings(&serde_json::to_value((&pack.records, &pack.sources)).unwrap_or_default(), &mut names);
        for name in names.iter().filter(|name| pack.definitions.contains_key(*name)) {
            needed.extend(self.of(name));
        }
        let mut slice = pack.clone();
        let keep = |name: &String| needed.contains(name);
        slice.rules.retain(|name, _| keep(name));
        slice.definitions.retain(|name, _| keep(name));
        slice.actions.retain(|name, _| keep(name));
        slice.roles.retain(|name, _| keep(name));
        slice.waivers.retain(|name, _| keep(name));
        let cited: BTreeSet<String> =
            slice.rules.values().flat_map(|rule| &rule.cites).map(|cite| cite.source.clone()).collect();
        slice.sources.retain(|name, _| cited.contains(name));
        slice.endorsements.retain(|endorsement| cited.contains(&endorsement.source));
        for source in slice.sources.values_mut() {
            source.passages.clear();
            source.doc.clear();
        }
        for record in slice.records.values_mut() {
            record.doc.clear();
            record.fields.iter_mut().for_each(|field| field.doc.clear());
        }
        slice.assumptions.clear();
        slice.background.clear();
        slice.carried.clear();
        slice.scenarios.clear();
        slice
    }
}

/// Whether an expectation is about waivers at large, and so about every rule.
pub(crate) fn is_about_waivers(rule: &str) -> bool {
    rule == VOID_WAIVER || rule.ends_with(".void_waiver")
}

fn add<D: Serialize>(
    edges: &mut BTreeMap<String, BTreeSet<String>>,
    declared: &BTreeMap<String, D>,
    names: &BTreeSet<&str>,
) {
    for (name, declaration) in declared {
        let mut found = BTreeSet::new();
        strings(&serde_json::to_value(declaration).unwrap_or_default(), &mut found);
        found.retain(|other| names.contains(other.as_str()) && other != name);
        edges.entry(name.clone()).or_default().extend(found);
    }
}

fn strings(value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(out.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
