use super::*;
use crate::fixture::{Fixture, MISSION};

const RULES: &str = r#"use units.{Unit}

source order_7 {
  title    "Order 7"
  force    order
  document "sources/order.md"
}

source order_5 {
  title "Order 5"
  force order
}

source order_8 {
  title "Order 8"
  force order
  supersedes order_5
}

enum Grade { low < middle < high }

record Victim {
  age: Int?
  grade: Grade?
}

record Incident key id at seen_at {
  id: Text
  seen_at: Time
  unit: Unit
  grade: Grade
  level: Grade over time
  victims: list of Victim
  sensitive told_by: Text?
}

record Post key id {
  id: Text
  unit: Unit
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

role commander of u: Unit held by p for p: Post where p.unit == u

parameter window: Duration = 24 hours

define is_grave(i: Incident) = i.grade == high
define first_seen(i: Incident): Time = i.seen_at

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

waiver necessity(i: Incident) {
  evidence r: Report where r.incident == i rank r.incident.grade valid if true
}

rule keep_quiet "Keep quiet" {
  cites order_7#leave
  for each i: Incident
  no one may report(i) during i.seen_at .. i.seen_at + 1 hour
}

"#;

/// Labels in their order, with what is shown behind them; a `~` before what is written as a snippet.
fn offered(rest: &str) -> Vec<String> {
    let fixture = Fixture::new(&format!("{MISSION}//- elsewhere.mandate\n{ELSEWHERE}//- rules.mandate\n{RULES}{rest}"));
    let found = completion(&fixture.snapshot, &fixture.path, fixture.offset, None);
    let items = found.map(|found| found.items).unwrap_or_default();
    items.into_iter().map(|item| format!("{}{}", item.label, item.signature)).collect()
}

const ELSEWHERE: &str = "record Convoy key id {\n  id: Text\n}\n\naction escort(c: Convoy) {\n  evidence c2: Convoy where c2 == c\n}\n\ndefine convoy_size(c: Convoy) = 3\n";

/// The first so many.
fn first(rest: &str, count: usize) -> Vec<String> {
    let mut all = offered(rest);
    all.truncate(count);
    all
}

/// The text after a completion was taken, its places to fill in included.
fn taken(rest: &str, label: &str) -> String {
    let fixture = Fixture::new(&format!("{MISSION}//- elsewhere.mandate\n{ELSEWHERE}//- rules.mandate\n{RULES}{rest}"));
    let found = completion(&fixture.snapshot, &fixture.path, fixture.offset, None).expect("completions");
    let labels: Vec<&str> = found.items.iter().map(|item| item.label.as_str()).collect();
    let item = found.items.iter().find(|item| item.label == label).unwrap_or_else(|| panic!("{label} in {labels:?}"));
    let mut text = fixture.snapshot.text(&fixture.path).expect("the file").to_string();
    let mut edits = item.edits.clone();
    edits.push(Edit { span: item.replaced, text: item.insert.clone() });
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
    for edit in edits {
        text.replace_range(edit.span.range(), &edit.text);
    }
    let (head, tail) = (RULES.lines().next().unwrap_or(""), text.split(&RULES[RULES.len() - 40..]).nth(1));
    let head_now = text.split("\n\nsource order_7").next().unwrap_or("");
    let tail = tail.unwrap_or(&text).trim().to_owned();
    if head == head_now { tail } else { format!("{head_now}\n...\n{tail}") }
}

fn has(all: &[String], wanted: &str) -> bool {
    all.iter().any(|one| one == wanted)
}

#[test]
fn types_stand_behind_a_colon_and_only_records_in_for_each() {
    let all = offered("record New {\n  x: $0\n}\n");
    assert!(has(&all, "Incident") && has(&all, "Grade") && has(&all, "Text") && has(&all, "list of"), "{all:?}");
    assert!(!has(&all, "is_grave") && has(&all, "Convoy"), "{all:?}");
    let all = offered("rule r {\n  for each i: Inc$0\n}\n");
    assert!(has(&all, "Incident") && !has(&all, "Text") && !has(&all, "Grade"), "{all:?}");
    assert!(has(&offered("define d(x: $0"), "Incident"));
    assert!(has(&offered("record New {\n  xs: list of $0\n}\n"), "Victim"));
    assert!(has(&offered("define d(i: Incident) = some r: $0"), "Report"));
}

#[test]
fn fields_stand_behind_a_dot_in_half_a_rule() {
    let all = offered(
        "rule r {\n  for each i: Incident\n  when i.$0\n  everyone must report(i) within 1 hour after i.seen_at\n}\n",
    );
    assert_eq!(all[..3], ["id: Text", "seen_at: Time", "unit: Unit"], "{all:?}");
    assert!(has(&offered("rule r {\n  for each i: Incident\n  when i.unit.na$0\n}\n"), "name: Text?"));
    assert!(has(&offered("define d(r: Report) = r.incident.unit.$0"), "name: Text?"));
    assert!(has(
        &offered("rule r {\n  for each i: Incident\n  everyone must report(i) within 1 hour after i.$0"),
        "seen_at: Time"
    ));
    assert!(has(&offered("define d(i: Incident) = some v in i.victims where v.$0"), "age: Int?"));
    let postfix = taken("define d(i: Incident) = i.victims.so$0", "some");
    assert_eq!(postfix, "define d(i: Incident) = some v in i.victims where ${0:v}");
}

#[test]
fn values_of_an_enum_stand_where_one_is_compared() {
    for half in [
        "i.grade == $0",
        "i.grade != mi$0",
        "i.grade in {low, $0}",
        "$0 == i.grade",
        "i.grade in {$0",
        "not (i.grade == $0",
    ] {
        let all = first(&format!("rule r {{\n  for each i: Incident\n  when {half}\n}}\n"), 3);
        assert_eq!(all, ["low", "middle", "high"], "{half}");
    }
    assert_eq!(first("define d(i: Incident) = i.grade == Grade.$0", 3), ["low", "middle", "high"]);
}

#[test]
fn what_fits_stands_first_in_a_condition() {
    let all = offered("rule r {\n  for each i: Incident\n  everyone must report(i) within $0 after i.seen_at\n}\n");
    assert_eq!(all[0], "window: Duration", "{all:?}");
    let all = offered("rule r {\n  for each i: Incident\n  everyone must report(i) within 1 hour after $0\n}\n");
    assert_eq!(all[..3], ["i.seen_at: Time", "first_seen(i: Incident): Time", "i: Incident"], "{all:?}");
    let all = offered("rule r {\n  for each i: Incident\n  when is$0\n}\n");
    assert!(has(&all, "is_grave(i: Incident): Bool") && has(&all, "i: Incident") && has(&all, "some"), "{all:?}");
    assert_eq!(
        taken("rule r {\n  for each i: Incident\n  when is$0\n}\n", "is_grave"),
        "rule r {\n  for each i: Incident\n  when is_grave(${1:i})\n}"
    );
    assert_eq!(
        taken("rule r {\n  for each i: Incident\n  when is$0(i)\n}\n", "is_grave"),
        "rule r {\n  for each i: Incident\n  when is_grave(i)\n}"
    );
}

#[test]
fn actions_stand_behind_a_modal_and_roles_where_bearers_do() {
    let all = offered("rule r {\n  for each i: Incident\n  everyone must $0\n}\n");
    assert_eq!(all[0], "report(i: Incident)", "{all:?}");
    assert!(has(&all, "ensure") && has(&all, "not") && has(&all, "escort(c: Convoy)"), "{all:?}");
    assert!(has(&offered("rule r {\n  for each i: Incident\n  no one may re$0"), "report(i: Incident)"));
    let all = offered("rule r {\n  for each i: Incident\n  com$0\n}\n");
    assert!(has(&all, "commander of u: Unit") && has(&all, "everyone") && has(&all, "i: Incident"), "{all:?}");
    assert_eq!(
        taken("rule r {\n  for each i: Incident\n  com$0\n}\n", "commander"),
        "rule r {\n  for each i: Incident\n  commander of ${1:i.unit}\n}"
    );
    assert!(has(&offered("rule r {\n  for each i: Incident\n  commander of i.unit $0\n}\n"), "must not"));
    assert!(has(&offered("rule r {\n  for each i: Incident\n  commander of $0\n}\n"), "i.unit: Unit"));
}

#[test]
fn clauses_come_in_their_order_and_once() {
    let all = first("rule r {\n  $0\n}\n", 4);
    assert_eq!(all, ["cites", "carries", "reads", "for each"]);
    let all = offered("rule r {\n  cites order_7#reporting\n  for each i: Incident\n  party x\n  $0\n}\n");
    assert_eq!(all[..3], ["let", "when", "unless"], "{all:?}");
    assert!(!has(&all, "party") && !has(&all, "require") && has(&all, "everyone") && has(&all, "otherwise"), "{all:?}");
    let all = offered("constraint c {\n  for each i: Incident\n  req$0\n}\n");
    assert!(has(&all, "require") && !has(&all, "otherwise") && !has(&all, "everyone"), "{all:?}");
    assert!(has(&offered("rule r {\n  for each i: Incident\n  wh$0\n\nrule other {\n}\n"), "when"));
}

#[test]
fn what_continues_a_sentence_or_condition_is_offered() {
    let rule = |line: &str| offered(&format!("rule r {{\n  for each i: Incident\n  {line}\n}}\n"));
    assert_eq!(rule("everyone must report(i) $0")[..3], ["within", "by", "before"]);
    assert_eq!(rule("everyone must report(i) within 3 days $0")[..2], ["after", "before"]);
    assert!(has(&rule("when i.grade $0"), "is known") && has(&rule("when i.grade == high a$0"), "and"));
    assert!(has(&rule("when some v in i.victims $0"), "where"));
    assert_eq!(rule("waivable under necessity(i) $0")[..2], ["by", "for at most"]);
    assert_eq!(rule("waivable under necessity(i) by $0")[..3], ["low", "middle", "high"]);
    assert_eq!(rule("everyone must report(i) within 3 $0")[..2], ["hours", "days"]);
    assert!(has(&rule("waivable under $0"), "necessity(i: Incident)"));
    assert_eq!(rule("when some v in $0")[0], "i.victims: list of Victim");
    assert_eq!(rule("let n = count(v in $0")[0], "i.victims: list of Victim");
}

#[test]
fn a_name_of_another_module_is_brought_in() {
    assert_eq!(
        taken("define d(c: Conv$0) = true", "Convoy"),
        "use elsewhere.{Convoy}\nuse units.{Unit}\n...\ndefine d(c: Convoy) = true"
    );
    let fixture = Fixture::new(
        "//- a.mandate\nrecord One {\n}\nrecord Two {\n}\nrecord Three {\n}\n//- b.mandate\n//! About.\n\nuse a.{One, Two}\n\ndefine d(x: Thr$0) = true\n",
    );
    let found = completion(&fixture.snapshot, &fixture.path, fixture.offset, None).expect("completions");
    let item = found.items.iter().find(|item| item.label == "Three").expect("the record");
    let edit = &item.edits[0];
    assert_eq!(
        (edit.text.as_str(), fixture.words(Span::new(edit.span.start, edit.span.start + 3)).as_str()),
        ("Three, ", "Two")
    );
    let fixture = Fixture::new(
        "//- a.mandate\nrecord One {\n}\n//- b.mandate\n//! About.\n\n/// Said.\ndefine d(x: On$0) = true\n",
    );
    let found = completion(&fixture.snapshot, &fixture.path, fixture.offset, None).expect("completions");
    let item = found.items.iter().find(|item| item.label == "One").expect("the record");
    assert_eq!(item.edits, [Edit { span: Span::empty(12), text: "use a.{One}\n\n".to_owned() }]);
}

#[test]
fn a_use_is_written_module_by_module() {
    let fixture = |text: &str| {
        let fixture = Fixture::new(&format!(
            "//- sites/heritage.mandate\nrecord Site {{\n}}\nrecord Wall {{\n}}\n//- b.mandate\n{text}"
        ));
        let found = completion(&fixture.snapshot, &fixture.path, fixture.offset, None).map(|found| found.items);
        found.unwrap_or_default().into_iter().map(|item| item.label).collect::<Vec<_>>()
    };
    assert_eq!(fixture("use $0"), ["sites"]);
    assert_eq!(fixture("use sites.$0"), ["heritage.{...}", "heritage"]);
    assert_eq!(fixture("use sites.heritage.{Wall, $0}"), ["Site"]);
    assert_eq!(fixture("use sites.heritage.$0"), ["Site", "Wall"]);
}

#[test]
fn a_citation_is_completed_source_passage_and_words() {
    let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{RULES}rule r {{\n  cites $0\n}}\n"));
    let found = completion(&fixture.snapshot, &fixture.path, fixture.offset, None).expect("completions");
    let labels: Vec<_> = found.items.iter().map(|item| (item.label.as_str(), item.deprecated)).collect();
    assert_eq!(labels, [("order_7", false), ("order_8", false), ("order_5", true)]);
    // What no rule carries yet stands first.
    assert_eq!(offered("rule r {\n  cites order_7#$0\n}\n"), ["#reporting", "#leave (carried)"]);
    assert_eq!(offered("rule r {\n  cites order_7#re$0\n}\n"), ["#reporting", "#leave (carried)"]);
    assert_eq!(taken("rule r {\n  cites order_7#le$0av\n}\n", "#reporting"), "rule r {\n  cites order_7#reporting\n}");
    let words = "Whoever sees a grave incident reports it within a day.";
    assert_eq!(offered("rule r {\n  cites order_7#reporting \"$0\"\n}\n"), ["Reporting", words]);
    assert_eq!(
        offered("rule r {\n  cites order_7#reporting \"a grave$0\n}\n"),
        ["a grave incident reports it within a day."]
    );
    assert_eq!(
        taken("rule r {\n  cites order_7#reporting \"a grave$0\n}\n", "a grave incident reports it within a day."),
        "rule r {\n  cites order_7#reporting \"a grave incident reports it within a day.\"\n}"
    );
    assert_eq!(offered("rule r {\n  cites order_7#reporting\n  reads \"within$0\"\n}\n"), ["within a day."]);
    assert_eq!(offered("background order_7#$0 \"why\"\n").len(), 2);
    assert_eq!(offered("source s {\n  document \"$0\"\n}\n"), ["sources/order.md"]);
}

#[test]
fn what_carries_a_statement_is_completed() {
    assert_eq!(offered("carries \"A-1\" $0\n"), ["by"]);
    assert_eq!(offered("background order_7#leave \"why\" $0\n"), ["carries"]);
    let all = offered("carries \"A-1\" by $0\n");
    assert!(has(&all, "Incident") && has(&all, "order_7") && has(&all, "keep_quiet"), "{all:?}");
    assert_eq!(taken("carries \"A-1\" by Inc$0\n", "Incident"), "carries \"A-1\" by Incident");
}

#[test]
fn rules_are_named_where_rules_are_meant() {
    let all = offered("rule r {\n  for each i: Incident\n  overrides $0\n}\n");
    assert_eq!(all, ["keep_quiet(i: Incident)"]);
    assert_eq!(
        taken("rule r {\n  for each i: Incident\n  limits ke$0\n}\n", "keep_quiet"),
        "rule r {\n  for each i: Incident\n  limits keep_quiet(${1:i})\n}"
    );
    let all = offered("scenario \"s\" {\n  as of 2024-01-01\n  given inc: Incident { }\n  expect $0\n}\n");
    assert_eq!(all, ["keep_quiet(i: Incident)", "no", "void_waiver"]);
}

#[test]
fn a_scenario_is_written_step_by_step() {
    assert_eq!(first("scenario \"s\" {\n  $0\n}\n", 1), ["as of"]);
    assert!(!has(&offered("scenario \"s\" {\n  as of 2024-01-01\n  $0\n}\n"), "as of"));
    let given = |fields: &str| {
        offered(&format!(
            "scenario \"s\" {{\n  as of 2024-01-01\n  given u: Unit {{ }}\n  given inc: Incident {{ {fields} }}\n}}\n"
        ))
    };
    assert_eq!(given("$0")[..3], ["all required fields", "seen_at: Time", "unit: Unit"]);
    assert!(!has(&given("seen_at: 2024-01-01T08:00Z, $0"), "seen_at: Time"));
    assert!(has(&given("victims: [{ $0 }]"), "age: Int?"));
    assert!(has(&given("victims: [{ ag$0 }]"), "age: Int?"));
    assert_eq!(given("grade: $0")[..3], ["low", "middle", "high"]);
    assert_eq!(given("unit: $0")[0], "u: Unit");
    assert_eq!(
        taken("scenario \"s\" {\n  given u: Unit { }\n  given r: Report { $0 }\n}\n", "incident"),
        "scenario \"s\" {\n  given u: Unit { }\n  given r: Report { incident:  }\n}"
    );
    let expect = |line: &str| {
        offered(&format!("scenario \"s\" {{\n  as of 2024-01-01\n  given inc: Incident {{ }}\n  expect {line}\n}}\n"))
    };
    assert_eq!(expect("keep_quiet(inc) $0")[..2], ["satisfied", "violated"]);
    assert_eq!(expect("keep_quiet(inc) violated, $0")[0], "late by");
    assert_eq!(expect("keep_quiet($0")[0], "inc: Incident");
    assert!(has(&offered("scenario \"s\" {\n  set $0\n}\n"), "window: Duration"));
    assert!(has(&offered("scenario \"s\" {\n  data through 2024-01-01 for $0\n}\n"), "Report"));
    assert!(has(&offered("scenario \"s\" {\n  given x: $0\n}\n"), "Report"));
    let given = taken("scenario \"s\" {\n  given x: Rep$0\n}\n", "Report");
    assert_eq!(given, "scenario \"s\" {\n  given x: Report { $0 }\n}");
}

#[test]
fn declarations_and_particulars_are_offered_where_they_begin() {
    let all = offered("\n$0");
    assert!(has(&all, "rule") && has(&all, "scenario") && has(&all, "use"), "{all:?}");
    assert!(has(&offered("ru$0"), "rule"));
    let all = offered("source s {\n  title \"x\"\n  $0\n}\n");
    assert!(has(&all, "force") && !has(&all, "title"), "{all:?}");
    assert_eq!(offered("source s {\n  force $0\n}\n").len(), 5);
    assert_eq!(first("record R key $0 {\n  id: Text\n}\n", 1), ["id"]);
}

#[test]
fn what_is_typed_asks_only_where_the_end_of_the_line_chooses_nothing() {
    let typed = |text: &str, typed: char| {
        let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{RULES}{text}"));
        completion(&fixture.snapshot, &fixture.path, fixture.offset, Some(typed)).map_or(0, |found| found.items.len())
    };
    assert_eq!(typed("rule r {$0\n}\n", '{'), 0);
    assert_eq!(typed("scenario \"s\" {\n  given x: Report {$0 }\n}\n", '{'), 0);
    assert!(typed("rule r {\n  for each i: Incident\n  when i.grade in {$0", '{') > 2);
    let sentence = |words: &str| typed(&format!("rule r {{\n  for each i: Incident\n  {words}"), ' ');
    assert_eq!(sentence("everyone must report(i) $0"), 0);
    assert_eq!(sentence("when i.grade $0"), 0);
    assert!(sentence("everyone must report(i) within 3 days $0") > 1 && sentence("commander of i.unit $0") > 3);
}

#[test]
fn nothing_is_offered_in_comments_numbers_and_where_names_are_coined() {
    for text in [
        "// a com$0ment\n",
        "rule r {\n  // when $0\n}\n",
        "rule $0",
        "record R {\n  x: Int = 12$0\n}\n",
        "rule r \"ti$0tle\" {\n}\n",
        "rule r {\n  for each $0\n}\n",
    ] {
        assert_eq!(offered(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn every_place_of_a_text_can_be_asked_about() {
    let text = format!(
        "{RULES}scenario \"s\" {{\n  as of 2024-01-01\n  given inc: Incident {{ grade: high }}\n  expect keep_quiet(inc) violated, late by 3 hours\n}}\n"
    );
    for at in (0..text.len()).step_by(3) {
        // The text as it is, and cut off at the place.
        for text in [format!("{}$0{}", &text[..at], &text[at..]), format!("{}$0", &text[..at])] {
            let fixture = Fixture::new(&format!("{MISSION}//- rules.mandate\n{text}"));
            let found = completion(&fixture.snapshot, &fixture.path, fixture.offset, Some(' '));
            let again = completion(&fixture.snapshot, &fixture.path, fixture.offset, None);
            for item in found.iter().chain(&again).flat_map(|found| &found.items) {
                let whole = item.inserted.start <= fixture.offset && fixture.offset <= item.replaced.end;
                assert!(whole && item.inserted.start == item.replaced.start, "{at} {item:?}");
            }
        }
    }
}
