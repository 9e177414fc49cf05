//! Constructs whose meaning shows only when facts are judged: each is written as a rule, and scenarios say what it finds.

use mandate_assess::{Facts, FactsFile, Options, assess, instant, run_scenarios};
use mandate_pack::Pack;
use mandate_tests::example::{Compiler, single};

const WORLD: &str = r#"
enum Part { lead, clerk }

record Unit key id {
  id: Text
  above: Unit?
}

record Post key id {
  id: Text
  unit: Unit?
  part: Part?
}

record Contract key id at signed_at {
  id: Text
  unit: Unit?
  amount: Money?
  hours: Duration?
  signed_at: Time?
  by: Post?
}

source order {
  title "Order"
  force order
}

"#;

fn compiled(text: &str) -> Pack {
    Compiler::default().pack(&single(&format!("{WORLD}{text}"))).unwrap_or_else(|said| panic!("{said:#?}"))
}

/// Every scenario of the text passes, and there are so many.
fn pass(number: usize, text: &str) {
    let results = run_scenarios(&compiled(text));
    assert_eq!(results.len(), number);
    for result in results {
        assert!(result.passed, "{result:#?}");
    }
}

#[test]
fn a_rule_of_two_variables_has_an_instance_for_every_pair() {
    pass(
        1,
        r#"
constraint cheaper_than_above {
  cites order
  for each a: Contract, b: Contract
  when a.unit.above == b.unit
  require a.amount < b.amount
}

scenario "pairs" {
  as of 2024-06-01
  given top: Unit {}
  given low: Unit { above: top }
  given big: Contract { unit: top, amount: 900 EUR }
  given small: Contract { unit: low, amount: 100 EUR }
  given dear: Contract { unit: low, amount: 901 EUR }
  given other: Contract { unit: low, amount: 100 USD }
  expect cheaper_than_above(small, big) satisfied
  expect cheaper_than_above(dear, big) violated
  expect cheaper_than_above(small, dear) not applicable
  expect cheaper_than_above(other, big) undetermined
}
"#,
    );
}

#[test]
fn a_dated_parameter_is_read_as_of_its_day() {
    pass(
        2,
        r#"
parameter threshold: Money {
  from 2015-01-01 500 EUR
  from 2020-10-01 550 EUR
}

constraint below_threshold {
  cites order
  for each c: Contract
  require c.amount <= threshold(c.signed_at)
}

constraint below_the_present_one {
  cites order
  for each c: Contract
  require c.amount <= threshold
}

scenario "when it was signed" {
  as of 2024-06-01
  given early: Contract { amount: 520 EUR, signed_at: 2020-09-30T23:59Z }
  given late: Contract { amount: 520 EUR, signed_at: 2020-10-01T00:00Z }
  given too_early: Contract { amount: 1 EUR, signed_at: 2014-12-31T12:00Z }
  given whenever: Contract { amount: 520 EUR }
  given little: Contract { amount: 400 EUR }
  expect below_threshold(early) violated
  expect below_threshold(late) satisfied
  expect below_threshold(too_early) undetermined
  expect below_threshold(whenever) undetermined, missing whenever.signed_at
  expect below_threshold(little) undetermined, missing little.signed_at
  expect below_the_present_one(early) satisfied
}

scenario "set for a trial" {
  as of 2024-06-01
  set threshold = 100 EUR
  given late: Contract { amount: 520 EUR, signed_at: 2020-10-01T00:00Z }
  expect below_threshold(late) violated
}
"#,
    );
}

#[test]
fn sums_and_extremes_say_what_is_sure() {
    pass(
        3,
        r#"
constraint in_sum {
  cites order
  for each u: Unit
  require sum(c.amount for c: Contract where c.unit == u) <= 1000 EUR
}

constraint none_dear {
  cites order
  for each u: Unit
  when some c: Contract where c.unit == u
  require max(c.amount for c: Contract where c.unit == u) <= 600 EUR
}

constraint none_cheap {
  cites order
  for each u: Unit
  when some c: Contract where c.unit == u
  require min(c.amount for c: Contract where c.unit == u) >= 50 EUR
}

constraint not_overworked {
  cites order
  for each u: Unit
  require sum(c.hours for c: Contract where c.unit == u) <= 10 hours
}

scenario "known" {
  as of 2024-06-01
  given u: Unit {}
  given Contract { unit: u, amount: 40 EUR, hours: 6 hours }
  given Contract { unit: u, amount: 700 EUR, hours: 5 hours }
  given empty: Unit {}
  expect in_sum(u) satisfied
  expect none_dear(u) violated
  expect none_cheap(u) violated
  expect not_overworked(u) violated
  expect in_sum(empty) satisfied
  expect not_overworked(empty) satisfied
  expect none_dear(empty) not applicable
}

scenario "one amount is not known" {
  as of 2024-06-01
  given u: Unit {}
  given Contract { unit: u, amount: 40 EUR }
  given open: Contract { unit: u }
  expect in_sum(u) undetermined, missing open.amount
  expect none_dear(u) undetermined, missing open.amount
}

scenario "two currencies" {
  as of 2024-06-01
  given u: Unit {}
  given Contract { unit: u, amount: 40 EUR }
  given Contract { unit: u, amount: 40 USD }
  expect in_sum(u) undetermined
  expect none_dear(u) undetermined
  expect none_cheap(u) undetermined
}
"#,
    );
}

#[test]
fn the_only_the_latest_and_the_earliest() {
    pass(
        3,
        r#"
constraint last_is_cheap {
  cites order
  for each u: Unit
  require (latest c: Contract where c.unit == u).amount < 100 EUR
}

constraint first_is_cheap {
  cites order
  for each u: Unit
  require (earliest c: Contract where c.unit == u).amount < 100 EUR
}

constraint only_one_is_cheap {
  cites order
  for each u: Unit
  require (the c: Contract where c.unit == u).amount < 100 EUR
}

scenario "two" {
  as of 2024-06-01
  given u: Unit {}
  given Contract { unit: u, amount: 40 EUR, signed_at: 2024-01-01T00:00Z }
  given Contract { unit: u, amount: 400 EUR, signed_at: 2024-01-02T00:00Z }
  expect last_is_cheap(u) violated
  expect first_is_cheap(u) satisfied
  expect only_one_is_cheap(u) undetermined
}

scenario "one" {
  as of 2024-06-01
  given u: Unit {}
  given none: Unit {}
  given Contract { unit: u, amount: 400 EUR, signed_at: 2024-01-01T00:00Z }
  expect only_one_is_cheap(u) violated
  expect only_one_is_cheap(none) undetermined
  expect last_is_cheap(none) undetermined
}

scenario "at the same time, or at a time that is not known" {
  as of 2024-06-01
  given u: Unit {}
  given Contract { unit: u, amount: 40 EUR, signed_at: 2024-01-01T00:00Z }
  given Contract { unit: u, amount: 400 EUR, signed_at: 2024-01-01T00:00Z }
  given v: Unit {}
  given Contract { unit: v, amount: 40 EUR, signed_at: 2024-01-01T00:00Z }
  given undated: Contract { unit: v, amount: 400 EUR }
  expect last_is_cheap(u) undetermined
  expect first_is_cheap(v) undetermined, missing undated.signed_at
}
"#,
    );
}

#[test]
fn a_chain_of_references_ends_in_what_is_not_known() {
    pass(
        2,
        r#"
constraint under_another {
  cites order
  for each u: Unit
  require some other: Unit where other != u and other in follow(u, above)
}

scenario "found on the way" {
  as of 2024-06-01
  given top: Unit {}
  given middle: Unit { above: top }
  given low: Unit { above: middle }
  expect under_another(low) satisfied
  expect under_another(top) undetermined, missing top.above
}

scenario "in a circle" {
  as of 2024-06-01
  given one: Unit { above: two }
  given two: Unit { above: one }
  given alone: Unit { above: alone }
  expect under_another(one) satisfied
  expect under_another(alone) violated
}
"#,
    );
}

#[test]
fn a_role_of_a_record_is_held_for_that_record() {
    pass(
        1,
        r#"
role lead of u: Unit held by p for p: Post where p.unit == u and p.part == lead
role chief is lead of u: Unit held by p for p: Post where p.unit.above == u and p.part == lead

action sign(u: Unit) {
  evidence c: Contract where c.unit == u by c.by
}

rule lead_signs {
  cites order
  for each u: Unit
  lead of u must sign(u) by 2024-03-01
}

scenario "who signed" {
  as of 2024-06-01
  given headquarters: Unit {}
  given ours: Unit { above: headquarters }
  given theirs: Unit {}
  given clerked: Unit {}
  given below: Unit { above: theirs }
  given nobody: Unit {}
  given unsigned: Unit { above: headquarters }
  given our_lead: Post { unit: ours, part: lead }
  given lead_below: Post { unit: below, part: lead }
  given its_lead: Post { unit: unsigned, part: lead }
  given our_clerk: Post { unit: clerked, part: clerk }
  given Contract { unit: ours, signed_at: 2024-02-01T00:00Z, by: our_lead }
  given Contract { unit: theirs, signed_at: 2024-02-01T00:00Z, by: lead_below }
  given Contract { unit: below, signed_at: 2024-02-01T00:00Z, by: our_lead }
  given Contract { unit: clerked, signed_at: 2024-02-01T00:00Z, by: our_clerk }
  given Contract { unit: nobody, signed_at: 2024-02-01T00:00Z }
  given Contract { unit: unsigned, signed_at: 2024-02-01T00:00Z }
  expect lead_signs(ours) satisfied
  expect lead_signs(theirs) satisfied
  expect lead_signs(below) violated
  expect lead_signs(clerked) violated
  // Nobody leads it, so whoever signed was not its lead.
  expect lead_signs(nobody) violated
  expect lead_signs(unsigned) undetermined
}
"#,
    );
}

#[test]
fn assumptions_fault_the_data_and_endorsements_stand_in_findings() {
    let pack = compiled(
        r#"
endorse order from 2024-02-01 by "Decision 7"

assume "nobody is above himself" {
  for each u: Unit
  when u.above is known
  require u.above != u
}

constraint has_a_unit_above {
  cites order
  for each u: Unit
  require u.above is known
}
"#,
    );
    let yaml = "records:\n  Unit:\n    - { id: self, above: self }\n    - { id: top }\n    - { id: low, above: top }\n";
    let (facts, faults) = Facts::load(&pack, &[FactsFile { name: "f.yaml".into(), bytes: yaml.as_bytes().to_vec() }]);
    assert!(faults.is_empty(), "{faults:#?}");
    let judged = |day: &str| {
        let now = instant(&pack, day).expect("a day");
        assess(&pack, &facts, &Options::at(now)).expect("a sound pack")
    };
    let found = judged("2024-06-01");
    let broken: Vec<_> =
        found.data_findings.iter().map(|d| (d.assumption.as_str(), d.subject[0].id.as_str())).collect();
    assert_eq!(broken, [("nobody is above himself", "self")]);
    assert_eq!(found.exit_code(), 1, "a unit has none above it, which the data may break nothing of");
    let endorsed = |day: &str| judged(day).findings.iter().map(|f| f.endorsed.len()).collect::<Vec<_>>();
    assert_eq!(endorsed("2024-06-01"), [1, 1, 1]);
    assert_eq!(endorsed("2024-01-31"), [0, 0, 0]);
}

#[test]
fn what_is_no_rule_carries_statements_in_the_pack() {
    let pack = compiled(
        r#"
constraint below {
  cites order
  carries "A-1 (sum)"
  for each c: Contract
  require c.amount <= 1000 EUR
}

background order "an order is cited as a whole" carries "A-2"

carries "A-3", "A-1 ( who )" by Contract "the contract names who signed"
carries "A-4" by below "it says the same"
"#,
    );
    let value = serde_json::to_value(&pack).expect("a pack is JSON");
    let validator = jsonschema::validator_for(&mandate_pack::pack_schema()).expect("a schema");
    let faults: Vec<String> = validator.iter_errors(&value).map(|e| format!("{} {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(pack.rules["example.below"].carries, ["A-1 (sum)"]);
    let told: Vec<String> = pack
        .carried
        .iter()
        .map(|one| {
            let by = serde_json::to_string(&one.by).expect("a carrier is JSON");
            format!("{} {:?} {by} {} {}", one.id, one.part, one.reason, one.origin.line)
        })
        .collect();
    assert_eq!(
        told,
        [
            r#"A-2 None {"background":{"citation":{"source":"example.order"}}} an order is cited as a whole 37"#,
            r#"A-3 None {"declaration":{"kind":"record","name":"example.Contract"}} the contract names who signed 39"#,
            r#"A-1 Some("who") {"declaration":{"kind":"record","name":"example.Contract"}} the contract names who signed 39"#,
            r#"A-4 None {"declaration":{"kind":"rule","name":"example.below"}} it says the same 40"#,
        ]
    );
    // A pack of before has no such list.
    let mut old = value;
    old.as_object_mut().expect("an object").remove("carried");
    let read: Pack = serde_json::from_value(old).expect("a pack of before");
    assert!(read.carried.is_empty());
}
