use super::*;
use crate::fixture::{Fixture, MISSION};
use crate::rename::verify::edited;
use mandate_documents::Lock;

/// The files after a rename, each below its path: those that changed; or why it was refused.
fn renamed(files: &str, name: &str) -> String {
    let fixture = Fixture::new(files);
    let snapshot = &fixture.snapshot;
    let owned = |path: &str| snapshot.owner_of(path).is_some_and(|(_, origin)| origin == PackageOrigin::Own);
    let edits = prepare_rename(snapshot, &fixture.path, fixture.offset, &owned).and_then(|found| {
        assert_eq!(fixture.words(found.span), found.name);
        rename(&[snapshot], &found.targets, name)
    });
    match edits {
        Ok(edits) => {
            let now = edited(snapshot, &edits);
            edits.keys().map(|path| format!("{path}\n{}", now.text(path).expect("it is there"))).collect()
        }
        Err(refusal) => {
            let place = refusal.place.map(|place| format!(" @ {}", fixture.shown(&place))).unwrap_or_default();
            format!("{}{place}", refusal.message)
        }
    }
}

const RULES: &str = r#"//- rules.mandate
use units.{Unit}

source order_7 {
  title "Order 7"
  force order
  document "sources/order.md"
}
enum Grade { low < high }
record Report key id at sent_at {
  id: Text
  unit: Unit
  grade: Grade
  sent_at: Time?
}
action report(u: Unit) {
  evidence r: Report where r.unit == u
}
rule report_it "Report" {
  cites order_7#reporting
  for each u: Unit
  when u.name is known and some r: Report where r.grade == high
  everyone must report(u) by 2026-03-01
}
//- scenarios.mandate
use rules
use rules.{Report}
use units.{Unit}
scenario "s" {
  as of 2026-03-02
  given u: Unit { name: "report_it" }
  given r: Report { unit: u, grade: high }
  expect rules.report_it(u) violated
}
"#;

fn mission(from: &str, to: &str) -> String {
    assert!(RULES.contains(from), "{from}");
    format!("{MISSION}{}", RULES.replacen(from, to, 1))
}

#[test]
fn every_place_that_means_it_gets_the_new_name_and_no_other() {
    let now = renamed(&mission("rule report_it", "rule report$0_it"), "tell");
    assert!(now.contains("rule tell \"Report\""), "{now}");
    assert!(now.contains("expect rules.tell(u)") && now.contains("name: \"report_it\""), "{now}");
    let now = renamed(&mission("grade: Grade", "gra$0de: Grade"), "level");
    assert!(now.contains("level: Grade") && now.contains("r.level == high") && now.contains("level: high"), "{now}");
    let now = renamed(&mission("low < high", "low < hi$0gh"), "grave");
    assert!(now.contains("low < grave") && now.contains("r.grade == grave") && now.contains("grade: grave"), "{now}");
    let now = renamed(&mission("for each u:", "for each $0u:"), "unit");
    assert!(now.contains("for each unit: Unit\n  when unit.name") && now.contains("must report(unit) by"), "{now}");
    assert!(now.contains("r.unit == u\n"), "{now}");
    let now = renamed(&mission("Report { unit: u", "Report { unit: $0u"), "v");
    assert!(
        now.contains("given v: Unit") && now.contains("unit: v,") && now.contains("report_it(v) violated"),
        "{now}"
    );
}

#[test]
fn a_record_is_renamed_where_it_is_brought_in() {
    let now = renamed(&mission("use units.{Unit}", "use units.{Un$0it}"), "Squad");
    assert!(
        now.contains("use units.{Squad}") && now.contains("record Squad key id") && !now.contains(": Unit"),
        "{now}"
    );
}

#[test]
fn a_passage_is_renamed_in_its_document_and_its_citations_and_reviews_follow() {
    let mut lock = Lock::default();
    let citing = |name| mandate_documents::Citing {
        name,
        background: false,
        passages: BTreeMap::from([(
            "rules.order_7#reporting".to_owned(),
            "Reporting\nWhoever sees a grave incident reports it within a day.".to_owned(),
        )]),
    };
    lock.accept(&citing("rules.report_it"), "Adviser", "2026-03-01");
    let files = |from: &str, to: &str| format!("{}//- mandate.lock\n{}", mission(from, to), lock.write());
    let clean = Fixture::new(&files("force", "force$0"));
    assert_eq!(clean.snapshot.diagnostics("mandate.lock"), []);
    assert!(clean.snapshot.diagnostics("rules.mandate").iter().all(|said| said.code.id != "W014"));
    let now = renamed(&files("#reporting", "#repo$0rting"), "duty.p1");
    assert!(now.contains("cites order_7#duty.p1") && now.contains("## Reporting {#duty.p1}"), "{now}");
    assert!(now.contains("\"rules.order_7#duty.p1\" = { fingerprint"), "{now}");
    let now = renamed(&files("rule report_it", "rule $0report_it"), "tell");
    assert!(now.contains("[rule.\"rules.tell\"]") && now.contains("\"rules.order_7#reporting\""), "{now}");
    let now = renamed(&files("source order_7", "source $0order_7"), "order");
    assert!(now.contains("\"rules.order#reporting\" =") && now.contains("cites order#reporting"), "{now}");
    // From the document itself.
    let files = format!("{MISSION}{RULES}").replace("sees a grave", "sees$0 a grave");
    assert!(renamed_from_document(&files).contains("cites order_7#duty"), "{files}");
}

fn renamed_from_document(files: &str) -> String {
    let fixture = Fixture::new(files);
    let found = prepare_rename(&fixture.snapshot, &fixture.path, fixture.offset, &|_| true).expect("it has a name");
    assert_eq!(fixture.words(found.span), "reporting");
    let edits = rename(&[&fixture.snapshot], &found.targets, "duty").expect("the name is free");
    edited(&fixture.snapshot, &edits).text("rules.mandate").expect("it is there").to_string()
}

#[test]
fn a_rule_is_followed_into_the_records_that_waive_it() {
    let waiver = "record Exemption key id {\n  id: Text\n  rule: Text\n  from: Time\n  to: Time\n  rank: Grade\n}\nwaiver exempt(u: Unit) {\n  evidence e: Exemption where true during e.from .. e.to names e.rule rank e.rank\n}\n";
    let given = "  given e: rules.Exemption { rule: \"report_it\" }\n  given f: rules.Exemption { rule: \"exercise.rules.report_it\" }\n  expect rules";
    let files = mission("rule report_it", &format!("{waiver}rule report$0_it")).replace("  expect rules", given);
    let now = renamed(&files, "tell");
    assert!(now.contains("e: rules.Exemption { rule: \"tell\" }"), "{now}");
    assert!(now.contains("{ rule: \"exercise.rules.tell\" }"), "{now}");
    assert!(now.contains("name: \"report_it\""), "{now}");
}

#[test]
fn a_name_that_is_taken_or_would_be_caught_is_refused_with_its_place() {
    let refused = |from: &str, to: &str, name: &str| renamed(&mission(from, to), name);
    let said = refused("rule report_it", "rule $0report_it", "report");
    assert!(said.contains("`report` is declared twice") && said.contains("rules.mandate, line 18"), "{said}");
    assert!(said.ends_with("@ rules.mandate: rule [report_it] \"Report\" {"), "{said}");
    // The variable of another clause in scope.
    let said = refused("some r: Report where", "some $0r: Report where", "u");
    assert!(said.contains("already a variable"), "{said}");
    // A value is looked up by its name, so a second one of the same name would be either.
    let said = refused("low < high", "lo$0w < high", "high");
    assert!(said.contains("rules.mandate, line 8"), "{said}");
}

#[test]
fn a_new_name_is_a_name_and_no_word_of_the_language() {
    let refused = |name: &str| renamed(&mission("rule report_it", "rule $0report_it"), name);
    for name in ["", "two words", "9x", "a-b", "é", "a//b"] {
        assert!(refused(name).contains("is no name"), "{name}: {}", refused(name));
    }
    for name in ["rule", "must", "never", "count"] {
        assert!(refused(name).contains("is a word of the language"), "{name}");
    }
    assert_eq!(refused("report_it"), "");
    let field = mission("grade: Grade", "gra$0de: Grade");
    assert!(renamed(&field, "title").contains("r.title == high"));
    let passage = |name: &str| renamed(&mission("#reporting", "#$0reporting"), name);
    assert!(passage("leave").contains("has a passage `#leave` already, on line 7"), "{}", passage("leave"));
    assert!(passage("no name").contains("is no name of a passage"));
}

#[test]
fn where_nothing_can_be_renamed_it_is_said_why() {
    assert!(renamed(&mission("use units.", "use un$0its."), "x").starts_with("This is the name of a file."));
    assert!(renamed(&mission("force order", "for$0ce order"), "x").starts_with("No name stands here"));
    let unnamed = format!("{MISSION}{RULES}").replace("# Order 7\n", "# Or$0der 7\n");
    assert!(renamed(&unnamed, "x").starts_with("No name stands here"));
    let standing = mission("for each u: Unit", "for each $0u: Unit");
    let fixture = Fixture::new(&standing);
    let refused = prepare_rename(&fixture.snapshot, &fixture.path, fixture.offset, &|_| false).unwrap_err();
    assert!(refused.message.contains("which this one only uses"), "{}", refused.message);
}

#[test]
fn a_text_with_mistakes_can_be_renamed_in() {
    let files = mission("rule report_it", "rule half {\n  when \n\nrule report$0_it");
    let now = renamed(&files, "tell");
    assert!(now.contains("rule tell \"Report\"") && now.contains("rules.tell(u)"), "{now}");
}

#[test]
fn what_carries_a_statement_is_renamed_with_it() {
    let files = |rest: &str| format!("{}//- carried.mandate\nuse rules.{{Report}}\nuse rules\n{rest}", mission("", ""));
    let now = renamed(&files("carries \"A-1\" by Re$0port \"the record\"\n"), "Message");
    assert!(now.contains("carries \"A-1\" by Message \"the record\""), "{now}");
    assert!(now.contains("record Message key id"), "{now}");
    let now = renamed(&files("carries \"A-1\" by rules.report_i$0t \"the rule\"\n"), "tell");
    assert!(now.contains("by rules.tell \"the rule\"") && now.contains("rule tell \"Report\""), "{now}");
}
