//! What a reading says a missing value would make of a finding is what it makes of it once it stands in the facts.

use mandate_assess::Finding;
use mandate_oracle::cases::{Case, case};
use mandate_oracle::compare::engine;
use mandate_oracle::expressions::Features;
use serde_json::{Value as Json, json};

const CASES: u64 = 1_500;

/// The facts with a field filled in; `None` where the record cannot be told from its name.
fn filled(case: &Case, field: &str, value: &str) -> Option<Case> {
    let (record, field) = field.rsplit_once('.')?;
    let field = field.trim_end_matches(" (restricted)");
    let mut case = case.clone();
    let lists = case.facts["records"].as_object_mut()?;
    let all = lists.values_mut().filter_map(Json::as_array_mut).flatten();
    let mut found: Vec<&mut Json> = all.filter(|item| item["id"] == record).collect();
    let [item] = found.as_mut_slice() else { return None };
    item[field] = if ["true", "false"].contains(&value) { json!(value == "true") } else { json!(format!("{value}!")) };
    Some(case)
}

fn is_same(a: &Finding, b: &Finding) -> bool {
    let ids = |f: &Finding| f.subject.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
    let number = |f: &Finding| f.round.as_ref().map(|round| round.number);
    a.rule == b.rule && ids(a) == ids(b) && number(a) == number(b)
}

#[test]
fn readings_are_what_the_values_make_of_a_finding() {
    let (mut tried, mut rounds) = (0, 0);
    for seed in 0..CASES {
        let case = case(seed, Features::CARRIED_OUT);
        let Ok(found) = engine(&case) else { continue };
        for finding in found.findings.iter().filter(|f| !f.readings.is_empty()) {
            for (field, read) in finding.readings.iter().flat_map(|r| r.values.iter().map(|v| (&r.field, v))) {
                let Some(filled) = filled(&case, field, &read.value) else { continue };
                let with = engine(&filled).unwrap_or_else(|why| panic!("seed {seed}: {field} = {}: {why}", read.value));
                let now = with.findings.iter().find(|other| is_same(finding, other));
                let words: Vec<_> =
                    now.map_or_else(|| vec!["not applicable"], |f| f.possible.iter().map(|o| o.word()).collect());
                let said: Vec<_> = read.possible.iter().map(|o| o.word()).collect();
                assert_eq!(
                    words, said,
                    "seed {seed}: {} of {:?} with {field} = {}",
                    finding.rule, finding.subject, read.value
                );
                tried += 1;
                rounds += u64::from(finding.round.is_some());
            }
        }
    }
    assert!(tried > CASES / 20 && rounds > 0, "{tried} readings, {rounds} of rounds");
}
