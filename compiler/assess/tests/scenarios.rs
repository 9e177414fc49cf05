//! Scenarios: an expectation is met by what it names, and what cannot be asked is a failure.

mod shapes;
use mandate_assess::{ScenarioResult, run_scenarios};
use mandate_pack::*;
use serde_json::json;
use shapes::*;
use std::collections::BTreeMap;

fn fact(record: &str, name: &str, fields: serde_json::Value) -> Fact {
    let fields = serde_json::from_value(fields).expect("an object");
    Fact { record: record.into(), name: name.into(), line: 3, fields }
}

fn expect(rule: &str, subject: Option<&[&str]>, status: &str) -> Expectation {
    Expectation {
        text: format!("expect {rule} {status}"),
        line: 9,
        rule: rule.into(),
        subject: subject.map(|names| names.iter().map(|n| (*n).to_owned()).collect()),
        status: status.into(),
        late_by: None,
        due: None,
        since: None,
        missing: Vec::new(),
        flagged: Vec::new(),
        then: Vec::new(),
        uncovered: None,
    }
}

/// An incident seen at hour 8 and reported at hour 38, another one never seen at a known time.
fn run(expectation: Expectation) -> ScenarioResult {
    run_on(expectation, json!({ "observed_at": clock(8), "invited": false }))
}

fn run_on(expectation: Expectation, incident: serde_json::Value) -> ScenarioResult {
    let invited =
        Rule { when: vec![cond("invited", eq(path("Incident", "i.invited"), yes()))], ..report_in_24_hours() };
    let mut pack = pack(vec![
        ("r", report_in_24_hours()),
        ("invited", invited),
        ("ban", rule("s", "Site", norm("commander", Modal::MustNot, "use", s(), None))),
    ]);
    pack.scenarios.push(Scenario {
        title: "late".into(),
        origin: Origin { file: "s.man".into(), line: 1 },
        as_of: e("Date", Node::Date("2024-01-10".into())),
        known_at: None,
        set: BTreeMap::new(),
        data_through: BTreeMap::new(),
        facts: vec![
            fact("Post", "uc", json!({ "role": "unit_commander" })),
            fact("Incident", "inc", incident),
            fact("Incident", "other", json!({})),
            fact(
                "Report",
                "rep",
                json!({ "incident": "inc", "channel": "chain", "sender": "uc", "sent_at": clock(38) }),
            ),
        ],
        expect: vec![expectation],
    });
    pack.seal();
    run_scenarios(&pack).remove(0)
}

fn passes(expectation: Expectation) -> bool {
    run(expectation).passed
}

#[test]
fn what_is_found_is_compared_in_every_detail() {
    let inc = Some(&["inc"][..]);
    let violated = || expect("r", inc, "violated");
    assert!(passes(violated()));
    assert!(passes(Expectation { late_by: Some(hours(6)), ..violated() }));
    assert!(!passes(Expectation { late_by: Some(hours(5)), ..violated() }));
    assert!(passes(Expectation { due: Some(at(32)), since: Some(at(32)), ..violated() }));
    assert!(!passes(Expectation { due: Some(at(33)), ..violated() }));
    assert!(passes(Expectation { due: Some(e("Date", Node::Date("2024-01-02".into()))), ..violated() }));
    let other = || expect("r", Some(&["other"]), "undetermined");
    assert!(passes(Expectation { missing: vec!["other.observed_at".into()], ..other() }));
    assert!(!passes(Expectation { missing: vec!["other.victims".into()], ..other() }));
    assert!(!passes(expect("r", inc, "satisfied")));
    let wrong = run(expect("r", inc, "satisfied"));
    assert_eq!(
        wrong.expectations[0].reason,
        "violated for inc, due 2024-01-02T08:00Z, late by 6 hours, since 2024-01-02T08:00Z"
    );
}

#[test]
fn not_applicable_can_be_expected() {
    assert!(passes(expect("invited", Some(&["inc"]), "not applicable")));
    assert!(!passes(expect("invited", Some(&["other"]), "not applicable")));
    // Of no instance in particular: of all of them, and the other one may apply.
    assert!(!passes(expect("invited", None, "not applicable")));
}

#[test]
fn what_cannot_be_asked_is_a_failure() {
    assert!(!passes(expect("nowhere", None, "satisfied")));
    assert!(!passes(expect("r", Some(&["nobody"]), "violated")));
    assert!(!passes(expect("r", Some(&["rep"]), "violated")));
    assert!(!passes(expect("ban", None, "satisfied")), "no site is given");
    assert!(!passes(expect("r", None, "perfect")));
    let faulty = run_on(expect("r", Some(&["inc"]), "violated"), json!({ "observed": 1 }));
    assert!(!faulty.passed && faulty.faults.len() == 1, "{faulty:?}");
}

/// A required list and a required field of a record inside it, both of which a facts file has to give.
#[test]
fn what_a_scenario_leaves_out_is_unknown() {
    let mut pack = pack(vec![("r", report_in_24_hours())]);
    for (record, field, ty) in
        [("Incident", "observed_at", "Time"), ("Incident", "victims", "list of Victim"), ("Victim", "age", "Int")]
    {
        let record = pack.records.get_mut(record).expect("declared");
        record.fields.iter_mut().find(|f| f.name == field).expect("declared").ty = ty.parse().expect("type");
    }
    let asked =
        |missing: &str| Expectation { missing: vec![missing.into()], ..expect("r", Some(&["inc"]), "undetermined") };
    let adult = cmp(Comparison::Ge, path("Victim", "v.age"), int(18));
    let adults = e(
        "Bool",
        Node::Every {
            binder: Binder { var: "v".into(), over: Domain::Items(Box::new(path("Incident", "i.victims"))) },
            condition: Box::new(adult),
        },
    );
    let mut grown = report_in_24_hours();
    grown.when.push(cond("grown", adults));
    pack.rules.insert("grown".into(), grown);
    pack.scenarios.push(Scenario {
        title: "only what matters".into(),
        origin: Origin { file: "s.man".into(), line: 1 },
        as_of: e("Date", Node::Date("2024-01-10".into())),
        known_at: None,
        set: BTreeMap::new(),
        data_through: BTreeMap::new(),
        facts: vec![fact("Incident", "inc", json!({ "victims": [{}] })), fact("Incident", "bare", json!({}))],
        expect: vec![
            asked("inc.observed_at"),
            Expectation { rule: "grown".into(), ..asked("inc.victims[0].age") },
            Expectation { rule: "grown".into(), subject: Some(vec!["bare".into()]), ..asked("bare.victims") },
        ],
    });
    pack.seal();
    let result = run_scenarios(&pack).remove(0);
    assert!(result.passed, "{result:#?}");
}
