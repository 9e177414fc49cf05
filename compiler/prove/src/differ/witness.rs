//! Situations that both packs judge differently, each assessed under both before it is told.

use super::clauses;
use super::model::{Aspect, Class, Example};
use super::order::{Parts, Proven};
use super::replay::{Judging, story};
use super::search::Search;
use mandate_assess::{Finding, Grade, Outcome, Status};
use mandate_pack::{Fact, Node, Pack, Record, Rule, Scenario};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Scenarios that are tried for a rule at most.
const MOST_SCENARIOS: usize = 40;
/// Smaller situations that are tried for an example at most.
const MOST_TRIES: usize = 60;

/// What was found about two rules.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    /// Examples, one for each class, in the order of the classes.
    pub(crate) examples: Vec<Example>,
    /// What could not be decided, in words.
    pub(crate) open: Vec<String>,
}

/// A rule of each pack, by name.
pub(crate) type Named<'p> = [(&'p str, &'p Rule); 2];

/// Looks for situations.
pub(crate) struct Witnesses<'p> {
    old: &'p Pack,
    new: &'p Pack,
    search: Search<'p>,
    /// Types (qualified) that are declared otherwise in both packs, or in one alone.
    other_types: BTreeSet<&'p str>,
    /// Scenarios of both packs by the rules they expect something of.
    scenarios: BTreeMap<&'p str, Vec<(bool, &'p Scenario)>>,
}

impl<'p> Witnesses<'p> {
    pub(crate) fn new(old: &'p Pack, new: &'p Pack) -> Self {
        let mut scenarios: BTreeMap<&'p str, Vec<(bool, &'p Scenario)>> = BTreeMap::new();
        for (of_old, pack) in [(false, new), (true, old)] {
            for scenario in &pack.scenarios {
                let rules: BTreeSet<&str> = scenario.expect.iter().map(|expected| expected.rule.as_str()).collect();
                rules.into_iter().for_each(|rule| scenarios.entry(rule).or_default().push((of_old, scenario)));
            }
        }
        let search = Search::new(old, new);
        Witnesses { old, new, search, other_types: other_types(old, new), scenarios }
    }

    /// Both rules, if the solver can look at them together: the types they speak of are the same in both packs.
    pub(crate) fn pair(&self, old: &str, new: &str) -> Option<Named<'p>> {
        let one = self.old.rules.get_key_value(old)?;
        let other = self.new.rules.get_key_value(new)?;
        let pair = [(one.0.as_str(), one.1), (other.0.as_str(), other.1)];
        if !self.other_types.is_empty() {
            let mut types = clauses::types(self.old, pair[0].1);
            types.extend(clauses::types(self.new, pair[1].1));
            if types.iter().any(|name| self.other_types.contains(name.as_str())) {
                return None;
            }
        }
        Some(pair)
    }

    /// Proves by the solver what the form of the clauses leaves open.
    pub(crate) fn prove(&self, pair: &Named<'p>, parts: &mut Parts, proven: &mut BTreeMap<Aspect, Proven>) {
        self.search.prove(pair[0], pair[1], parts, proven);
    }

    fn judging<'n>(&'n self, old: &'n str, new: &'n str) -> Judging<'n> {
        let [before, after] = &self.search.known;
        Judging::new((before, old), (after, new))
    }

    /// Situations in which a rule of the old pack is broken, of which the new one has nothing to say.
    pub(crate) fn broken(&self, old: &str) -> Vec<Example> {
        let mut found = BTreeMap::new();
        let Some((name, rule)) = self.old.rules.get_key_value(old) else { return Vec::new() };
        let mut judging = self.judging(old, old);
        for draft in self.search.broken((name, rule)).drafts {
            let Some(as_of) = crate::time::say_instant(draft.as_of) else { continue };
            keep(&mut judging, self.old, &draft.facts, &as_of, &mut found);
        }
        for (of_old, scenario) in self.scenarios.get(old).into_iter().flatten().take(MOST_SCENARIOS) {
            if let Some(as_of) = told_instant(scenario).filter(|_| *of_old) {
                keep(&mut judging, self.old, &scenario.facts, as_of, &mut found);
            }
        }
        found.into_values().filter(|example| example.class == Class::NoLongerBroken).collect()
    }

    /// Situations in which both rules are judged differently.
    pub(crate) fn examples(&self, old: &str, new: &str, pair: Option<&Named<'p>>, differ: &BTreeSet<Aspect>) -> Found {
        let mut judging = self.judging(old, new);
        let mut found: BTreeMap<Class, Example> = BTreeMap::new();
        let mut open = Vec::new();
        match pair {
            None => open.push("the records that it speaks of are declared otherwise, so only the scenarios of the packages were tried".to_owned()),
            Some(pair) => {
                let searched = self.search.drafts(pair[0], pair[1], differ);
                for draft in &searched.drafts {
                    let Some(as_of) = crate::time::say_instant(draft.as_of) else { continue };
                    keep(&mut judging, self.old, &draft.facts, &as_of, &mut found);
                }
                if searched.given_up {
                    open.push("the search for situations was given up before its end".to_owned());
                }
                if searched.beyond && found.is_empty() {
                    open.push("part of the rule is beyond proof".to_owned());
                }
            }
        }
        let own = self.scenarios.get(new).into_iter().chain(self.scenarios.get(old).filter(|_| old != new)).flatten();
        for (of_old, scenario) in own.take(MOST_SCENARIOS) {
            let pack = if *of_old { self.old } else { self.new };
            let Some(as_of) = told_instant(scenario) else { continue };
            keep(&mut judging, pack, &scenario.facts, as_of, &mut found);
        }
        // What missing data leaves open is told where nothing plainer is.
        let is_plain =
            |class: &Class| !matches!(class, Class::NewlyUndetermined | Class::NewlyDetermined | Class::Otherwise);
        if found.keys().any(is_plain) {
            found.retain(|class, _| is_plain(class));
        }
        Found { examples: found.into_values().collect(), open }
    }
}

/// Types that both packs declare otherwise but for documentation, or only one of them declares.
fn other_types<'p>(old: &'p Pack, new: &'p Pack) -> BTreeSet<&'p str> {
    let record = |record: &Record| {
        let mut bare = record.clone();
        bare.doc.clear();
        bare.fields.iter_mut().for_each(|field| field.doc.clear());
        bare
    };
    let mut other = BTreeSet::new();
    for (name, declared) in old.records.iter().chain(&new.records) {
        let same = |pack: &Pack| pack.records.get(name).is_some_and(|known| record(known) == record(declared));
        if !same(old) || !same(new) {
            other.insert(name.as_str());
        }
    }
    for (name, declared) in old.enums.iter().chain(&new.enums) {
        let same = |pack: &Pack| {
            pack.enums.get(name).is_some_and(|e| e.ordered == declared.ordered && e.variants == declared.variants)
        };
        if !same(old) || !same(new) {
            other.insert(name.as_str());
        }
    }
    other
}

/// The instant of a scenario that can be told by its records and its instant alone.
fn told_instant(scenario: &Scenario) -> Option<&str> {
    if !scenario.set.is_empty() || !scenario.data_through.is_empty() || scenario.known_at.is_some() {
        return None;
    }
    match &scenario.as_of.node {
        Node::Time(text) | Node::Date(text) => Some(text),
        _ => None,
    }
}

/// Keeps what shows a class that nothing showed before, as small as it gets.
fn keep(judging: &mut Judging<'_>, pack: &Pack, facts: &[Fact], as_of: &str, found: &mut BTreeMap<Class, Example>) {
    for (class, _) in classes(judging, pack, facts, as_of) {
        if found.contains_key(&class) {
            continue;
        }
        let facts = smaller(judging, pack, facts, as_of, class);
        let said = classes(judging, pack, &facts, as_of).remove(&class);
        let Some(Said { old, new, subject }) = said else { continue };
        let example = Example {
            class,
            story: story(pack, &facts, as_of),
            old,
            new,
            as_of: as_of.to_owned(),
            facts: shown(pack, &facts),
            records: facts,
            subject,
        };
        found.insert(class, example);
    }
}

/// What both packs say of one instance.
struct Said {
    old: String,
    new: String,
    /// Keys of its records.
    subject: Vec<String>,
}

/// The classes that a situation shows, each with what both packs say.
fn classes(judging: &mut Judging<'_>, pack: &Pack, facts: &[Fact], as_of: &str) -> BTreeMap<Class, Said> {
    let mut all = BTreeMap::new();
    let Some(judged) = judging.facts(pack, facts, as_of) else { return all };
    let said = |finding: Option<&Finding>| finding.map_or_else(|| "not applicable".to_owned(), outcome);
    for (old, new) in judged.pairs() {
        if let Some(class) = class(old, new) {
            let about = old.or(new).map_or(&[][..], |finding| &finding.subject);
            let subject = about.iter().map(|subject| subject.id.clone()).collect();
            all.entry(class).or_insert_with(|| Said { old: said(old), new: said(new), subject });
        }
    }
    all
}

/// Without the records and fields that the class does not need.
fn smaller(judging: &mut Judging<'_>, pack: &Pack, facts: &[Fact], as_of: &str, class: Class) -> Vec<Fact> {
    let mut facts = facts.to_vec();
    let mut tries = 0;
    let mut shows = |facts: &[Fact]| {
        tries += 1;
        tries <= MOST_TRIES && classes(judging, pack, facts, as_of).contains_key(&class)
    };
    for at in (0..facts.len()).rev() {
        let mut fewer = facts.clone();
        fewer.remove(at);
        if shows(&fewer) {
            facts = fewer;
        }
    }
    for at in 0..facts.len() {
        let fields: Vec<String> = facts.get(at).map(|fact| fact.fields.keys().cloned().collect()).unwrap_or_default();
        for field in fields {
            let mut fewer = facts.clone();
            if let Some(fact) = fewer.get_mut(at) {
                fact.fields.remove(&field);
            }
            if shows(&fewer) {
                facts = fewer;
            }
        }
    }
    facts
}

/// What two findings about the same records show; `None`: nothing.
fn class(old: Option<&Finding>, new: Option<&Finding>) -> Option<Class> {
    // Broken, broken and repaired, neither.
    let breach = |finding: Option<&Finding>| match finding.map(|finding| finding.status) {
        Some(Status::Is(Outcome::Violated)) => 2,
        Some(Status::Is(Outcome::Repaired)) => 1,
        _ => 0,
    };
    let is_open = |finding: Option<&Finding>| finding.is_some_and(|f| f.status == Status::Undetermined);
    match (is_open(old), is_open(new)) {
        (true, true) => return None,
        (true, false) => return Some(Class::NewlyDetermined),
        (false, true) => return Some(Class::NewlyUndetermined),
        (false, false) => {}
    }
    match (breach(old), breach(new)) {
        (a, b) if a < b => return Some(Class::NewlyBroken),
        (a, b) if a > b => return Some(Class::NoLongerBroken),
        _ => {}
    }
    match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(Class::NewlyApplies),
        (Some(_), None) => Some(Class::NoLongerApplies),
        (Some(old), Some(new)) if old.status != new.status => Some(Class::Otherwise),
        (Some(old), Some(new)) => match weight(old.grade).cmp(&weight(new.grade)) {
            Ordering::Less => Some(Class::Heavier),
            Ordering::Greater => Some(Class::Lighter),
            Ordering::Equal if old.levels.len() < new.levels.len() => Some(Class::NewlyOwed),
            Ordering::Equal if old.levels.len() > new.levels.len() => Some(Class::NoLongerOwed),
            Ordering::Equal => None,
        },
    }
}

fn weight(grade: Grade) -> u8 {
    match grade {
        Grade::Violation => 2,
        Grade::Advice => 1,
        Grade::None => 0,
    }
}

/// `violated (advice), due 2026-01-02T08:00Z`
fn outcome(finding: &Finding) -> String {
    let advice = if finding.grade == Grade::Advice { " (advice)" } else { "" };
    let mut text = format!("{}{advice}", finding.status.word());
    for (word, value) in [("due", &finding.due), ("late by", &finding.late_by), ("since", &finding.since)] {
        if let Some(value) = value {
            text.push_str(&format!(", {word} {value}"));
        }
    }
    for level in &finding.levels {
        text.push_str(&format!("; then {}: {}", level.norm, level.status.word()));
    }
    text
}

/// Records in the shape of a facts file, what is sensitive withheld.
fn shown(pack: &Pack, facts: &[Fact]) -> serde_json::Value {
    let mut records: BTreeMap<String, Vec<serde_json::Value>> = BTreeMap::new();
    for fact in facts {
        let Some(declared) = pack.records.get(&fact.record) else { continue };
        let mut fields = serde_json::Map::new();
        if let Some(key) = declared.key.as_ref().filter(|key| !fact.fields.contains_key(*key)) {
            fields.insert(key.clone(), serde_json::Value::String(fact.name.clone()));
        }
        for (name, value) in &fact.fields {
            let withheld = crate::replay::is_sensitive(declared, name);
            let value = if withheld { serde_json::Value::String("(withheld)".to_owned()) } else { value.clone() };
            fields.insert(name.clone(), value);
        }
        records.entry(declared.name.clone()).or_default().push(serde_json::Value::Object(fields));
    }
    serde_json::json!({ "records": records })
}
