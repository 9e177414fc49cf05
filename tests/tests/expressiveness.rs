//! What the language has to be able to say: each sentence of the requirement, as a module of `tests/expressiveness`, and each of its
//! situations, as a scenario whose title begins with the number of the sentence and of the situation.

use mandate_assess::{Assessment, Facts, FactsFile, Finding, Options, assess, instant, run_scenarios};
use mandate_pack::Pack;
use mandate_report::{self as report, Format, Report};
use mandate_tests::packages::compiled;
use std::collections::{BTreeMap, BTreeSet};

/// Sentences of the requirement with the number of their situations.
const SENTENCES: [(&str, usize); 17] = [
    ("EX-01", 5),
    ("EX-02", 3),
    ("EX-03", 4),
    // The second situation of EX-04 is refused by the compiler: `tests/language` has it.
    ("EX-04", 1),
    ("EX-06", 3),
    ("EX-08", 3),
    ("EX-09", 4),
    ("EX-11", 4),
    ("EX-13", 4),
    ("EX-14", 4),
    ("EX-15", 5),
    ("EX-17", 4),
    ("EX-18", 4),
    ("EX-20", 4),
    ("EX-22", 3),
    ("EX-23", 3),
    // Its other situations are about the finding, below.
    ("EX-25", 1),
];

fn pack() -> Pack {
    compiled("tests/expressiveness")
}

/// The report for people, with everything that can be said.
fn told(assessment: &Assessment, pack: &Pack) -> String {
    let options = report::Options { explain: true, all: true, ..report::Options::default() };
    Report::new(assessment, pack, options).to_text(Format::Text)
}

/// Facts as somebody would keep them, judged at the end of 2024.
fn assessed(pack: &Pack, facts: &str) -> Assessment {
    let file = FactsFile { name: "facts.yaml".to_owned(), bytes: facts.as_bytes().to_vec() };
    let (facts, faults) = Facts::load(pack, &[file]);
    assert!(faults.is_empty(), "{faults:#?}");
    let mut options = Options::at(instant(pack, "2024-12-31").expect("a day"));
    options.explain_all = true;
    assess(pack, &facts, &options).expect("a pack of the compiler")
}

fn finding<'a>(assessment: &'a Assessment, rule: &str) -> &'a Finding {
    assessment.findings.iter().find(|finding| finding.rule.ends_with(rule)).expect("a finding of the rule")
}

#[test]
fn every_situation_is_a_scenario_that_passes() {
    let results = run_scenarios(&pack());
    let failed: Vec<_> = results.iter().filter(|result| !result.passed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for result in &results {
        let number = result.title.split(' ').next().and_then(|number| number.split_once('.'));
        let (sentence, situation) = number.unwrap_or_else(|| panic!("`{}` has no number", result.title));
        seen.entry(sentence).or_default().insert(situation);
    }
    for (sentence, situations) in SENTENCES {
        for situation in 1..=situations {
            let there = seen.get(sentence).is_some_and(|all| all.contains(situation.to_string().as_str()));
            assert!(there, "{sentence}.{situation} has no scenario");
        }
    }
}

#[test]
fn the_finding_on_a_mixed_unit_says_who_is_bound_and_who_is_not() {
    let pack = pack();
    let found = assessed(
        &pack,
        "records:
  Deposit: [{ id: d1, state: XAA, deposited_on: 2024-01-10 }]
  expressiveness.ex_06_treaty.Unit: [{ id: u1, nations: [XAA, XBB] }]
  expressiveness.ex_06_treaty.Site: [{ id: s1 }]
  expressiveness.ex_06_treaty.MilitaryUse: [{ id: m1, unit: u1, site: s1, used_at: 2024-06-01T10:00Z }]
",
    );
    let text = told(&found, &pack);
    let stricter = finding(&found, "bound_forces_stay_out");
    assert_eq!(stricter.status.word(), "violated");
    assert_eq!(finding(&found, "everyone_respects").status.word(), "violated");
    assert!(text.contains("XAA") && text.contains("XBB"), "{text}");
    assert!(text.contains("2024-04-10"), "from when XAA is bound: {text}");
}

#[test]
fn a_permission_says_why_with_both_statements_and_both_sources() {
    let pack = pack();
    let found = assessed(
        &pack,
        "records:\n  expressiveness.ex_25_permission.Measure: [{ id: m1, needed_by_civilians: true }]\n",
    );
    let permitted = finding(&found, "services_may_be_protected");
    assert_eq!(permitted.status.word(), "permitted");
    assert_eq!(*permitted.carries, ["HS-15", "POC-20"]);
    let cited: Vec<&str> = permitted.citations.iter().map(|cited| cited.source.as_str()).collect();
    assert_eq!(cited, ["expressiveness.texts.orders", "expressiveness.ex_25_permission.policy"]);
}

#[test]
fn a_date_on_which_sources_differ_is_kept_with_who_says_it() {
    let pack = pack();
    let policy = &pack.sources["expressiveness.ex_25_permission.policy"];
    let datings: Vec<_> = policy.datings.iter().map(|d| (d.day.as_str(), d.according_to.as_str())).collect();
    assert_eq!(datings, [("2021-05-31", "the text of the policy"), ("2021-06-01", "the news item")]);
}

#[test]
fn a_reader_without_clearance_is_told_that_a_value_is_restricted_and_never_the_value() {
    let pack = pack();
    let found = assessed(
        &pack,
        "records:
  expressiveness.ex_15_consent.Survivor: [{ id: s1, age: 4711 }]
  expressiveness.ex_15_consent.Organisation: [{ id: clinic }]
  expressiveness.ex_15_consent.Consent:
    - { id: c1, survivor: s1, purpose: care_referral, recipient: { restricted: true }, given_at: 2024-05-01T08:00Z }
  expressiveness.ex_15_consent.Disclosure:
    - { id: d1, consent: c1, purpose: care_referral, recipient: clinic, sent_at: 2024-05-01T09:00Z }
",
    );
    let open = finding(&found, "only_as_consented");
    assert_eq!(open.status.word(), "undetermined");
    assert!(open.missing.iter().any(|field| field.contains("recipient") && field.contains("restricted")), "{open:#?}");
    let all = Report::new(&found, &pack, report::Options::default()).to_text(Format::Json) + &told(&found, &pack);
    assert!(!all.contains("4711"), "{all}");
}
