//! Assessing one situation under two packs.

use crate::known::Known;
use crate::replay::{is_sensitive, narrowed, said};
use mandate_assess::{Facts, Finding, Options, assess, instant};
use mandate_pack::{Dated, Fact, Pack, short};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Two rules and what judges them.
pub(crate) struct Judging<'n> {
    old: (&'n Known<'n>, &'n str),
    new: (&'n Known<'n>, &'n str),
    /// Each pack with the rule alone and what it speaks of, by the types of records (in facts files) that a situation has.
    ready: BTreeMap<BTreeSet<String>, (Pack, Pack)>,
}

/// What both packs make of a situation.
pub(crate) struct Judged {
    old: Vec<Finding>,
    new: Vec<Finding>,
}

impl<'n> Judging<'n> {
    pub(crate) fn new(old: (&'n Known<'n>, &'n str), new: (&'n Known<'n>, &'n str)) -> Self {
        Judging { old, new, ready: BTreeMap::new() }
    }

    /// What both make of facts written for one of the packs. `None`: one of them cannot read them, or finds fault with them.
    pub(crate) fn facts(&mut self, pack: &Pack, facts: &[Fact], as_of: &str) -> Option<Judged> {
        let types: BTreeSet<String> =
            facts.iter().filter_map(|fact| pack.records.get(&fact.record)).map(|record| record.name.clone()).collect();
        let (old, new) = (self.old, self.new);
        let (before, after) = self.ready.entry(types).or_insert_with_key(|types| {
            let narrow = |(known, rule): (&Known<'_>, &str)| {
                let of = known.pack.records.iter().filter(|(_, record)| types.contains(&record.name));
                narrowed(known, &BTreeSet::from([rule]), &of.map(|(name, _)| name.clone()).collect())
            };
            (narrow(old), called(narrow(new), new.1, old.1))
        });
        let of_old = judge((before, old.1), &translated(pack, before, facts), as_of)?;
        let name = if after.rules.contains_key(old.1) { old.1 } else { new.1 };
        let of_new = judge((after, name), &translated(pack, after, facts), as_of)?;
        let (old, new) = (of_old, of_new);
        Some(Judged { old, new })
    }
}

impl Judged {
    /// Findings of both about the same records, and the same round.
    pub(crate) fn pairs(&self) -> Vec<(Option<&Finding>, Option<&Finding>)> {
        let about = |finding: &Finding| -> (Vec<String>, Option<String>) {
            let ids = finding.subject.iter().map(|subject| subject.id.clone()).collect();
            (ids, finding.round.as_ref().map(|round| format!("{round:?}")))
        };
        let mut all: BTreeMap<_, (Option<&Finding>, Option<&Finding>)> = BTreeMap::new();
        for finding in &self.old {
            all.entry(about(finding)).or_default().0 = Some(finding);
        }
        for finding in &self.new {
            all.entry(about(finding)).or_default().1 = Some(finding);
        }
        all.into_values().collect()
    }
}

/// A pack in which a rule has the name of the one it is compared with: a waiver that names the rule names both.
fn called(mut pack: Pack, rule: &str, name: &str) -> Pack {
    if rule == name || pack.rules.contains_key(name) {
        return pack;
    }
    if let Some(of) = pack.rules.remove(rule) {
        pack.rules.insert(name.to_owned(), of);
    }
    let all = pack.rules.values_mut().flat_map(|other| other.overrides.iter_mut().chain(&mut other.limits));
    all.filter(|target| target.rule == rule).for_each(|target| name.clone_into(&mut target.rule));
    pack
}

fn judge((pack, rule): (&Pack, &str), facts: &[Fact], as_of: &str) -> Option<Vec<Finding>> {
    let at = instant(pack, as_of)?;
    let (facts, faults) = Facts::from_values(pack, "situation", facts);
    if !faults.is_empty() {
        return None;
    }
    let mut options = Options::at(at);
    options.as_of = Some(at);
    options.threads = 1;
    let assessment = assess(pack, &facts, &options).ok()?;
    // No situation that breaks what always holds.
    if !assessment.data_findings.is_empty() {
        return None;
    }
    Some(assessment.findings.into_iter().filter(|finding| **finding.rule == *rule).collect())
}

/// Facts of one pack as facts of another one, by the names of records in facts files. Records of which the other one does not speak are
/// left out.
fn translated(from: &Pack, to: &Pack, facts: &[Fact]) -> Vec<Fact> {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, record) in &to.records {
        names.insert(&record.name, name);
    }
    let one = |fact: &Fact| {
        let record = names.get(from.records.get(&fact.record)?.name.as_str())?;
        Some(Fact { record: (*record).to_owned(), ..fact.clone() })
    };
    facts.iter().filter_map(one).collect()
}

/// A line for each record, in the order of time; what has no date stands first.
pub(crate) fn story(pack: &Pack, facts: &[Fact], as_of: &str) -> Vec<String> {
    let mut lines: Vec<(Option<String>, String)> = Vec::new();
    for fact in facts {
        let Some(record) = pack.records.get(&fact.record) else { continue };
        let field = record.dated.as_ref().map(|dated| match dated {
            Dated::At(field) | Dated::During(field, _) => field,
        });
        let date = field.and_then(|field| fact.fields.get(field)).and_then(Json::as_str).map(str::to_owned);
        let fields: Vec<String> = fact
            .fields
            .iter()
            .map(|(name, value)| {
                let value = if is_sensitive(record, name) { "(withheld)".to_owned() } else { said(value) };
                format!("{name}: {value}")
            })
            .collect();
        let about = if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) };
        lines.push((date, format!("{} `{}`{about}", short(&fact.record), fact.name)));
    }
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    let dated = |(date, line): (Option<String>, String)| match date {
        Some(date) => format!("{date}  {line}"),
        None => line,
    };
    let mut story: Vec<String> = lines.into_iter().map(dated).collect();
    story.push(format!("{as_of}  the day of assessment"));
    story
}
