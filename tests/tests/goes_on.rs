//! From the text to the finding, for what lasts, recurs, gives way, binds some and changes: each as a rule with scenarios.

use mandate_assess::run_scenarios;
use mandate_pack::Pack;
use mandate_tests::example::{Compiler, single};

const WORLD: &str = r#"
enum Level { alleged < verified }
enum Echelon { company < battalion }

record Unit key id {
  id: Text
  nation: Nation?
}

record Post key id {
  id: Text
  unit: Unit?
}

record Site key id {
  id: Text
  unit: Unit?
  taken_at: Time?
  left_at: Time = never
  level: Level over time
}

record Watch key id during began_at .. ended_at {
  id: Text
  site: Site?
  began_at: Time?
  ended_at: Time = never
}

record Visit key id at visited_at recorded entered_at {
  id: Text
  site: Site?
  visited_at: Time?
  entered_at: Time?
  by: Post?
}

action guard(s: Site) {
  evidence w: Watch where w.site == s
}

action visit(s: Site) {
  evidence v: Visit where v.site == s
}

source order {
  title "Order"
  force order
}

"#;

fn compiled(text: &str) -> Pack {
    let pack = Compiler::default().pack(&single(&format!("{WORLD}{text}"))).unwrap_or_else(|said| panic!("{said:#?}"));
    let validator = jsonschema::validator_for(&mandate_pack::pack_schema()).expect("a schema");
    let value = serde_json::to_value(&pack).expect("a pack is JSON");
    let faults: Vec<String> = validator.iter_errors(&value).map(|e| format!("{} {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    pack
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
fn what_is_kept_up_is_covered_from_end_to_end() {
    pass(
        2,
        r#"
rule keep_guard {
  cites order
  for each s: Site
  s.unit must guard(s) from s.taken_at until s.left_at with gaps of at most 2 hours
}

scenario "one short gap, and one long" {
  as of 2024-03-10
  given whole: Site { taken_at: 2024-03-01T08:00Z, left_at: 2024-03-02T08:00Z }
  given Watch { site: whole, began_at: 2024-03-01T08:00Z, ended_at: 2024-03-01T20:00Z }
  given Watch { site: whole, began_at: 2024-03-01T21:00Z, ended_at: 2024-03-03T00:00Z }
  given holed: Site { taken_at: 2024-03-01T08:00Z, left_at: 2024-03-02T08:00Z }
  given Watch { site: holed, began_at: 2024-03-01T08:00Z, ended_at: 2024-03-01T20:00Z }
  given Watch { site: holed, began_at: 2024-03-01T23:00Z, ended_at: 2024-03-03T00:00Z }
  expect keep_guard(whole) satisfied
  expect keep_guard(holed) violated, since 2024-03-01T22:00Z, uncovered 2024-03-01T20:00Z .. 2024-03-01T23:00Z
}

scenario "not begun" {
  as of 2024-02-10
  given later: Site { taken_at: 2024-03-01T08:00Z, left_at: 2024-03-02T08:00Z }
  expect keep_guard(later) pending, due 2024-03-01T08:00Z
}
"#,
    );
}

#[test]
fn each_round_is_judged_by_itself() {
    pass(
        1,
        r#"
rule visit_monthly {
  cites order
  for each s: Site
  s.unit must visit(s) every 1 month from s.taken_at until s.left_at
}

scenario "the second round is missed" {
  as of 2024-04-10
  given s: Site { taken_at: 2024-01-31T08:00Z, left_at: 2024-12-31T08:00Z }
  given Visit { site: s, visited_at: 2024-02-10T08:00Z }
  expect visit_monthly(s) satisfied, due 2024-02-29T08:00Z
  expect visit_monthly(s) violated, due 2024-03-31T08:00Z
  expect visit_monthly(s) pending, due 2024-04-30T08:00Z
  expect visit_monthly(s) violated
}
"#,
    );
}

#[test]
fn one_rule_excuses_the_breach_of_another_while_it_applies() {
    pass(
        1,
        r#"
rule keep_out {
  cites order
  for each s: Site
  no one may visit(s)
}

rule look_in {
  cites order
  for each s: Site
  when s.level == verified
  s.unit must visit(s) within 30 days after s.taken_at
  overrides keep_out(s)
}

scenario "excused, and not" {
  as of 2024-04-10
  given open: Site { taken_at: 2024-03-01T08:00Z, level: verified }
  given shut: Site { taken_at: 2024-03-01T08:00Z, level: alleged }
  given Visit { site: open, visited_at: 2024-03-02T08:00Z }
  given Visit { site: shut, visited_at: 2024-03-02T08:00Z }
  expect keep_out(open) overridden
  expect keep_out(shut) violated
}
"#,
    );
}

#[test]
fn a_treaty_is_kept_by_whom_it_binds() {
    pass(
        1,
        r#"
record Deposit key id {
  id: Text
  state: Nation
  deposited_on: Date?
}

source protocol {
  title "Protocol"
  force law
  in force from 2004-03-09
  binds n: Nation from (the d: Deposit where d.state == n).deposited_on + 3 months
}

rule keep_out {
  cites protocol
  for each s: Site
  party s.unit.nation
  on s.taken_at
  no one may visit(s)
}

scenario "bound, and not yet" {
  as of 2024-04-10
  given Deposit { state: "NOR", deposited_on: 2010-01-01 }
  given Deposit { state: "XXA", deposited_on: 2024-02-01 }
  given bound: Unit { nation: "NOR" }
  given late: Unit { nation: "XXA" }
  given a: Site { unit: bound, taken_at: 2024-03-01T08:00Z }
  given b: Site { unit: late, taken_at: 2024-03-01T08:00Z }
  given Visit { site: a, visited_at: 2024-03-02T08:00Z }
  given Visit { site: b, visited_at: 2024-03-02T08:00Z }
  expect keep_out(a) violated
  expect keep_out(b) not applicable
}
"#,
    );
}

#[test]
fn what_changes_is_read_at_its_instant() {
    pass(
        1,
        r#"
rule visit_verified {
  cites order
  for each s: Site
  when s.level == verified
  s.unit must visit(s) within 3 days after s.taken_at
}

constraint verified_when_visited {
  cites order
  for each v: Visit
  require v.site.level(v.visited_at) == verified
}

scenario "verified later" {
  as of 2024-04-10
  given s: Site { taken_at: 2024-03-01T08:00Z, level: [{ from: 2024-02-01, value: alleged }, { from: 2024-03-05T08:00Z, value: verified }] }
  given early: Visit { site: s, visited_at: 2024-03-02T08:00Z }
  given late: Visit { site: s, visited_at: 2024-03-06T08:00Z }
  expect visit_verified(s) not applicable
  expect verified_when_visited(early) violated
  expect verified_when_visited(late) satisfied
}
"#,
    );
}

#[test]
fn a_role_is_held_for_a_time() {
    pass(
        1,
        r#"
record Term key id {
  id: Text
  post: Post?
  unit: Unit?
  from: Time?
  until: Time = never
}

role chief of u: Unit held by t.post for t: Term where t.unit == u during t.from .. t.until for at most 30 days

constraint visited_by_the_chief {
  cites order
  for each v: Visit
  require v.by is chief of v.site.unit at v.visited_at
}

scenario "too early, in the term, too late" {
  as of 2024-04-10
  given u: Unit { }
  given p: Post { unit: u }
  given s: Site { unit: u }
  given Term { post: p, unit: u, from: 2024-01-01T00:00Z }
  given too_early: Visit { site: s, visited_at: 2023-12-31T08:00Z, by: p }
  given in_term: Visit { site: s, visited_at: 2024-01-02T08:00Z, by: p }
  given too_late: Visit { site: s, visited_at: 2024-01-31T08:00Z, by: p }
  expect visited_by_the_chief(too_early) violated
  expect visited_by_the_chief(in_term) satisfied
  expect visited_by_the_chief(too_late) violated
}
"#,
    );
}

#[test]
fn shares_and_amounts_in_one_currency() {
    pass(
        1,
        r#"
record Payment key id at paid_at {
  id: Text
  unit: Unit?
  amount: Money?
  checked: Bool?
  paid_at: Time?
}

record Rate key id at set_at {
  id: Text
  code: Text
  rate: Decimal
  set_at: Time?
}

constraint most_are_checked {
  cites order
  for each u: Unit
  require share(p: Payment where p.unit == u and p.checked) >= 40 percent
}

constraint none_is_dear {
  cites order
  for each p: Payment
  require convert(p.amount, EUR, (latest r: Rate where r.code == currency(p.amount)).rate) <= 100 EUR
}

scenario "two of four" {
  as of 2024-04-10
  given u: Unit { }
  given a: Payment { unit: u, checked: true, amount: 100 EUR }
  given b: Payment { unit: u, checked: true, amount: 120 USD }
  given c: Payment { unit: u, checked: false, amount: 100 USD }
  given d: Payment { unit: u, checked: false, amount: 100 GBP }
  given Rate { code: "USD", rate: 0.9, set_at: 2024-01-01 }
  expect most_are_checked(u) satisfied
  expect none_is_dear(a) satisfied
  expect none_is_dear(b) violated
  expect none_is_dear(c) satisfied
  expect none_is_dear(d) undetermined
}
"#,
    );
}

#[test]
fn what_was_not_yet_entered_was_not_known() {
    pass(
        2,
        r#"
rule visit_it {
  cites order
  for each s: Site
  s.unit must visit(s) within 3 days after s.taken_at
}

scenario "entered late" {
  as of 2024-04-10
  known at 2024-03-05
  given s: Site { taken_at: 2024-03-01T08:00Z }
  given Visit { site: s, visited_at: 2024-03-02T08:00Z, entered_at: 2024-03-20T08:00Z }
  expect visit_it(s) violated
}

scenario "known by now" {
  as of 2024-04-10
  given s: Site { taken_at: 2024-03-01T08:00Z }
  given Visit { site: s, visited_at: 2024-03-02T08:00Z, entered_at: 2024-03-20T08:00Z }
  expect visit_it(s) satisfied
}
"#,
    );
}

#[test]
fn a_lower_authority_grants_what_left_no_choice() {
    pass(
        1,
        r#"
record Grant key id {
  id: Text
  site: Site?
  rule: Text?
  echelon: Echelon?
  urgent: Bool?
  from: Time?
  until: Time?
  revoked_at: Time = never
}

waiver necessity(s: Site) {
  evidence g: Grant where g.site == s
    names g.rule rank g.echelon during g.from .. g.until
    revoked g.revoked_at
    exceptional if g.urgent
}

rule keep_out {
  cites order
  for each s: Site
  no one may visit(s)
  waivable under necessity(s) by battalion or above exceptionally by company or above
}

scenario "by a company" {
  as of 2024-04-10
  given urgent: Site { }
  given Grant { site: urgent, rule: "keep_out", echelon: company, urgent: true, from: 2024-03-01, until: 2024-03-09 }
  given plain: Site { }
  given Grant { site: plain, rule: "keep_out", echelon: company, urgent: false, from: 2024-03-01, until: 2024-03-09 }
  given revoked: Site { }
  given Grant { site: revoked, rule: "keep_out", echelon: battalion, from: 2024-03-01, until: 2024-03-09, revoked_at: 2024-03-02T00:00Z }
  given Visit { site: urgent, visited_at: 2024-03-04T08:00Z }
  given Visit { site: plain, visited_at: 2024-03-04T08:00Z }
  given Visit { site: revoked, visited_at: 2024-03-04T08:00Z }
  expect keep_out(urgent) waived
  expect keep_out(plain) violated
  expect keep_out(revoked) violated
}
"#,
    );
}

#[test]
fn an_edition_and_a_recommendation_that_is_followed() {
    pass(
        2,
        r#"
source guide {
  title "Guide"
  force guidance
}

source directive {
  title "Directive"
  force order
  in force from 2024-01-01
  compulsory from 2024-07-01
}

endorse guide for "NOR" from 2024-03-01 by "order 12"

rule old_edition {
  cites order
  in force from 2020-01-01 until 2024-01-01
  for each s: Site
  s.unit must visit(s) within 3 days after s.taken_at
}

rule recommended {
  cites guide
  for each s: Site
  party s.unit.nation
  s.unit should visit(s) within 3 days after s.taken_at
}

rule transitional {
  cites directive
  for each s: Site
  s.unit must visit(s) within 3 days after s.taken_at
}

scenario "before the endorsement" {
  as of 2024-12-01
  given u: Unit { nation: "NOR" }
  given s: Site { unit: u, taken_at: 2024-02-01T08:00Z }
  expect old_edition(s) not applicable
  expect recommended(s) advice
  expect transitional(s) advice
}

scenario "after it" {
  as of 2024-12-01
  given u: Unit { nation: "NOR" }
  given v: Unit { nation: "XXA" }
  given s: Site { unit: u, taken_at: 2024-08-01T08:00Z }
  given t: Site { unit: v, taken_at: 2024-08-01T08:00Z }
  expect recommended(s) violated
  expect recommended(t) advice
  expect transitional(s) violated
}
"#,
    );
}
