//! Situations are assessed before they are shown.

use crate::draft::Draft;
use crate::finding::Situation;
use crate::known::Known;
use crate::memo::{self, Reach};
use crate::time::{self, EPOCH};
use jiff::Timestamp;
use mandate_assess::{Facts, Finding, Grade, Options, Outcome, Status, assess};
use mandate_pack::{Expectation, Expr, Fact, Node, Origin, Pack, Record, Scenario, Type, short};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// A pack with only some of its rules, those that override them, and what they speak of: what a situation
/// with records of some types is judged by.
pub(crate) fn narrowed(known: &Known<'_>, rules: &BTreeSet<&str>, types: &BTreeSet<String>) -> Pack {
    let pack = known.pack;
    let mut reach: Reach = memo::reach_of(known, types.iter().map(|name| format!("t{name}")).collect());
    for rule in rules {
        reach.extend(memo::reach(known, rule));
    }
    let wanted: BTreeSet<&str> = reach.iter().filter_map(|name| name.strip_prefix('r')).collect();
    // Whom a rule overrides or limits is reached too, and is judged only if it was asked for or overrides such a one.
    let mut judged: BTreeSet<&str> = rules.clone();
    loop {
        let more: Vec<&str> = judged
            .iter()
            .flat_map(|rule| known.overriders.get(rule).into_iter().flatten())
            .map(|(name, ..)| *name)
            .filter(|name| wanted.contains(name) && !judged.contains(name))
            .collect();
        if more.is_empty() {
            break;
        }
        judged.extend(more);
    }
    let mut kept = BTreeMap::new();
    for name in &judged {
        let Some(rule) = pack.rules.get(*name) else { continue };
        let mut rule = rule.clone();
        rule.overrides.retain(|target| judged.contains(target.rule.as_str()));
        rule.limits.retain(|target| judged.contains(target.rule.as_str()));
        rule.tallies.clear();
        rule.flags.clear();
        kept.insert((*name).to_owned(), rule);
    }
    // An assumption may speak of anything; with one, everything stays.
    let all = !pack.assumptions.is_empty();
    Pack {
        format: pack.format.clone(),
        digest: String::new(),
        name: pack.name.clone(),
        version: pack.version.clone(),
        edition: pack.edition.clone(),
        time_zone: pack.time_zone.clone(),
        enums: part(&pack.enums, 'e', &reach, all),
        records: part(&pack.records, 't', &reach, all),
        roles: part(&pack.roles, 'o', &reach, all),
        parameters: part(&pack.parameters, 'p', &reach, all),
        definitions: part(&pack.definitions, 'd', &reach, all),
        actions: part(&pack.actions, 'a', &reach, all),
        waivers: part(&pack.waivers, 'w', &reach, all),
        sources: part(&pack.sources, 's', &reach, all),
        rules: kept,
        endorsements: pack
            .endorsements
            .iter()
            .filter(|e| all || reach.contains(&format!("s{}", e.source)))
            .cloned()
            .collect(),
        assumptions: pack.assumptions.clone(),
        concerns: Vec::new(),
        purposes: Vec::new(),
        background: Vec::new(),
        carried: Vec::new(),
        scenarios: Vec::new(),
        // What it made of other packages is done already.
        mission: None,
    }
}

fn part<T: Clone>(of: &BTreeMap<String, T>, kind: char, reach: &Reach, all: bool) -> BTreeMap<String, T> {
    let wanted = |name: &&str| of.contains_key(*name);
    if all {
        return of.clone();
    }
    let names = reach.iter().filter_map(|name| name.strip_prefix(kind)).filter(wanted);
    names.filter_map(|name| Some((name.to_owned(), of.get(name)?.clone()))).collect()
}

/// What assessment makes of a situation.
#[derive(Debug, Clone)]
pub(crate) struct Replay {
    findings: Vec<Finding>,
    /// Facts that break an assumption.
    pub(crate) unrealistic: bool,
}

/// Assesses facts as of an instant; `None` where they cannot be.
pub(crate) fn replay(pack: &Pack, facts: &[Fact], as_of: i64) -> Option<Replay> {
    let (facts, faults) = Facts::from_values(pack, "situation", facts);
    if !faults.is_empty() {
        return None;
    }
    let at = Timestamp::from_second(as_of.checked_add(EPOCH)?).ok()?;
    let mut options = Options::at(at);
    options.as_of = Some(at);
    options.threads = 1;
    let assessment = assess(pack, &facts, &options).ok()?;
    Some(Replay { unrealistic: !assessment.data_findings.is_empty(), findings: assessment.findings })
}

impl Replay {
    /// The finding of a rule about records with these keys; of several (rounds) the worst.
    pub(crate) fn of(&self, rule: &str, keys: &[String]) -> Option<&Finding> {
        let mut of = self.findings.iter().filter(|finding| *finding.rule == *rule);
        of.find(|finding| finding.subject.iter().map(|s| &s.id).eq(keys))
    }

    /// The finding of a rule about anything.
    pub(crate) fn worst(&self, rule: &str) -> Option<&Finding> {
        self.findings.iter().find(|finding| *finding.rule == *rule)
    }

    /// Everything found, the worst first.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// Whether a finding is a breach, of whatever weight.
pub(crate) fn is_broken(finding: Option<&Finding>) -> bool {
    finding.is_some_and(|finding| finding.status == Status::Is(Outcome::Violated))
}

/// "violated, due 2026-01-02T08:00Z"
pub(crate) fn outcome(finding: &Finding) -> String {
    let mut text = match (finding.status, finding.grade) {
        (status, Grade::Advice) => format!("{} (advice)", status.word()),
        (status, Grade::Violation | Grade::None) => status.word().to_owned(),
    };
    for (word, value) in [("due", &finding.due), ("late by", &finding.late_by), ("since", &finding.since)] {
        if let Some(value) = value {
            text = format!("{text}, {word} {value}");
        }
    }
    text
}

/// One thing that a scenario expects: rule, the names of its records, outcome.
pub(crate) type Expected<'e> = (&'e str, Vec<String>, &'e str);

/// The situation of a draft, with what is expected of it.
pub(crate) fn situation(
    pack: &Pack,
    draft: &Draft,
    title: String,
    origin: Origin,
    outcomes: Vec<(String, String)>,
    expected: &[Expected<'_>],
) -> Situation {
    let as_of = time::say_instant(draft.as_of).unwrap_or_default();
    let expect = expected
        .iter()
        .map(|(rule, subject, status)| Expectation {
            text: format!("{}({}) {status}", short(rule), subject.join(", ")),
            line: 1,
            rule: (*rule).to_owned(),
            subject: Some(subject.clone()),
            status: (*status).to_owned(),
            late_by: None,
            due: None,
            since: None,
            missing: Vec::new(),
            flagged: Vec::new(),
            then: Vec::new(),
            uncovered: None,
        })
        .collect();
    let scenario = Scenario {
        title,
        origin,
        as_of: Expr { ty: Type::Time, node: Node::Time(as_of.clone()) },
        known_at: None,
        set: BTreeMap::new(),
        data_through: BTreeMap::new(),
        facts: draft.facts.clone(),
        expect,
    };
    Situation { story: story(pack, draft, &as_of), outcomes, scenario }
}

/// A line for each record, in the order of time; what has no date stands first.
fn story(pack: &Pack, draft: &Draft, as_of: &str) -> Vec<String> {
    let mut lines: Vec<(Option<i64>, String)> = Vec::new();
    for fact in &draft.facts {
        let record = pack.records.get(&fact.record);
        let date = record.and_then(|record| record.dated.as_ref()).and_then(|dated| {
            let field = match dated {
                mandate_pack::Dated::At(field) | mandate_pack::Dated::During(field, _) => field,
            };
            draft.dates.get(&(fact.name.clone(), field.clone())).copied()
        });
        let sensitive = |name: &str| record.is_some_and(|record| is_sensitive(record, name));
        let is_name = |name: &str, value: &Json| {
            record.and_then(|record| record.key.as_deref()) == Some(name) && value.as_str() == Some(&fact.name)
        };
        let fields: Vec<String> = fact
            .fields
            .iter()
            .filter(|(name, value)| !is_name(name, value))
            .map(|(name, value)| match sensitive(name) {
                true => format!("{name}: (withheld)"),
                false => format!("{name}: {}", said(value)),
            })
            .collect();
        let kind = short(&fact.record);
        let about = if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) };
        lines.push((date, format!("{kind} `{}`{about}", fact.name)));
    }
    lines.sort_by_key(|(date, _)| date.unwrap_or(i64::MIN));
    let mut story: Vec<String> = lines
        .into_iter()
        .map(|(date, line)| match date.and_then(time::say_instant) {
            Some(date) => format!("{date}  {line}"),
            None => line,
        })
        .collect();
    story.push(format!("{as_of}  the day of assessment"));
    story
}

/// Whether the value of a field is never shown.
pub(crate) fn is_sensitive(record: &Record, name: &str) -> bool {
    record.fields.iter().any(|field| field.name == name && field.sensitive)
}

/// A value of a fact for people.
pub(crate) fn said(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => format!("[{}]", items.iter().map(said).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}: {}", said(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}
