//! The oracle reads the scenarios of the standard library and of the exercise mission, and finds what each expects.

use mandate_oracle::{Verdict, judge};
use mandate_pack::{DatedValue, Expectation, Expr, Node, Pack, Scenario};
use mandate_semantics::Host;
use serde_json::{Map, Value as Json, json};
use std::path::Path;

const PACKAGES: [&str; 4] = ["stdlib/core", "stdlib/caac", "stdlib/cpp", "tests/missions/exercise_heron"];

fn compiled(package: &str) -> Pack {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(package);
    let mut loaded = mandate_project::load(&root);
    let mut host = Host::new();
    host.set_project(std::mem::take(&mut loaded.input));
    host.snapshot().pack(&loaded.main).unwrap_or_else(|errors| panic!("{package}: {errors:#?}"))
}

/// An instant or a day, as a facts file writes it.
fn written(expr: &Expr) -> Option<String> {
    match &expr.node {
        Node::Time(text) | Node::Date(text) => Some(text.clone()),
        _ => None,
    }
}

/// A scenario's facts as a facts file.
fn facts(pack: &Pack, scenario: &Scenario) -> Json {
    let mut records: Map<String, Json> = Map::new();
    for fact in &scenario.facts {
        let mut fields = fact.fields.clone();
        match &pack.records[&fact.record].key {
            Some(key) => fields.entry(key.clone()).or_insert_with(|| json!(fact.name)),
            None => fields.entry("$name".to_owned()).or_insert_with(|| json!(fact.name)),
        };
        let list = records.entry(fact.record.clone()).or_insert_with(|| json!([]));
        list.as_array_mut().expect("a list").push(json!(fields));
    }
    let through: Map<String, Json> =
        scenario.data_through.iter().map(|(ty, until)| (ty.clone(), json!(written(until)))).collect();
    json!({ "records": records, "data_through": through, "known_at": scenario.known_at.as_ref().and_then(written) })
}

/// The instant a scenario is judged at: a day means its end.
fn as_of(pack: &Pack, scenario: &Scenario) -> i128 {
    let text = written(&scenario.as_of).expect("a day or an instant");
    mandate_assess::instant(pack, &text).expect("a day or an instant").as_microsecond().into()
}

fn word(verdict: &Verdict) -> &'static str {
    let only = |words: &[&str]| verdict.possible.iter().all(|word| words.contains(word));
    match verdict.possible.first() {
        Some(word) if verdict.possible.len() == 1 => word,
        _ if only(&["satisfied", "pending"]) => "pending",
        _ if only(&["violated", "repaired"]) => "violated",
        _ => "undetermined",
    }
}

/// Whether a verdict is what a scenario expects; its dates are compared elsewhere, with the engine.
fn meets(verdict: &Verdict, expected: &Expectation) -> bool {
    match (expected.status.as_str(), word(verdict)) {
        ("advice", word) => word == "violated" && verdict.grade == "advice",
        (wanted, word) => word == wanted,
    }
}

fn fails(pack: &Pack, scenario: &Scenario) -> Vec<String> {
    let mut set = pack.clone();
    for (name, value) in &scenario.set {
        let values = vec![DatedValue { from: None, value: value.clone() }];
        set.parameters.get_mut(name).expect("declared").values = values;
    }
    let verdicts = judge(&set, &facts(pack, scenario), as_of(pack, scenario));
    let mut failed = Vec::new();
    for expected in &scenario.expect {
        let key_of = |name: &String| {
            let fact = scenario.facts.iter().find(|fact| fact.name == *name);
            let key = fact.and_then(|fact| fact.fields.get(pack.records[&fact.record].key.as_ref()?)?.as_str());
            key.unwrap_or(name).to_owned()
        };
        let subject: Option<Vec<String>> = expected.subject.as_ref().map(|names| names.iter().map(key_of).collect());
        let of_it = verdicts.iter().filter(|((rule, who, _), _)| {
            *rule == expected.rule && subject.as_ref().is_none_or(|subject| subject == who)
        });
        let found: Vec<&Verdict> = of_it.map(|(_, verdict)| verdict).collect();
        let met = found.iter().any(|verdict| meets(verdict, expected))
            || found.is_empty() && expected.status == "not applicable";
        if !met {
            failed.push(format!("{}: {} {found:#?}", scenario.title, expected.text));
        }
    }
    failed
}

#[test]
fn the_oracle_finds_what_every_scenario_expects() {
    let (mut number, mut failed) = (0, Vec::new());
    for package in PACKAGES {
        let pack = compiled(package);
        for scenario in &pack.scenarios {
            number += scenario.expect.len();
            failed.extend(fails(&pack, scenario));
        }
    }
    assert!(failed.is_empty(), "{} of {number}:\n{}", failed.len(), failed.join("\n"));
    assert!(number >= 100, "only {number} expectations were found");
}
