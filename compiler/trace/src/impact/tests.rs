use super::*;
use crate::fixture::{document, pack};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn second_edition() -> Impact {
    let (camp, mission) = (pack("camp"), pack("mission"));
    let dependents = [Dependent { pack: &mission, directory: "mission" }];
    let (old, new) = (document("sources/camp-policy.md"), document("editions/camp-policy-2.md"));
    let found = of_edition(&camp, "camp.camp_policy", &old, &new, "editions/camp-policy-2.md", &dependents);
    Impact { documents: vec![found] }
}

fn change<'i>(impact: &'i Impact, name: &str) -> &'i PassageChange {
    let named = |change: &&PassageChange| {
        [&change.old, &change.new].into_iter().flatten().any(|side| side.name.as_deref() == Some(name))
    };
    impact.documents[0].changes.iter().find(named).expect(name)
}

fn rules(change: &PassageChange) -> Vec<(&str, bool)> {
    change.rules.iter().map(|rule| (rule.name.as_str(), rule.direct)).collect()
}

#[test]
fn exactly_what_depends_on_a_changed_passage_is_told() {
    let impact = second_edition();
    let warning = change(&impact, "art_2.1");
    assert_eq!(warning.change, PassageChangeKind::Reworded);
    assert_eq!(warning.new.as_ref().and_then(|side| side.name.as_deref()), Some("art_3.1"));
    assert_eq!(rules(warning), [("camp.put_up_notices", false), ("camp.warn_in_time", true)]);
    let rule = &warning.rules[1];
    assert_eq!(rule.parameters, ["camp.warning_window"]);
    assert_eq!(rule.scenarios.len(), 2);
    let mission: Vec<(&str, Relation, &str)> =
        warning.packages[0].rules.iter().map(|rule| (rule.name.as_str(), rule.relation, rule.of.as_str())).collect();
    assert_eq!(mission, [("mission.warn_all", Relation::Cites, "art_2.1")]);
    // A span, and a rule of another package that overrides the rule citing it.
    let siren = change(&impact, "art_2.2.a");
    assert_eq!(
        (siren.change, rules(siren)),
        (PassageChangeKind::Renamed, vec![("camp.put_up_notices", false), ("camp.sound_the_siren", false)])
    );
    assert_eq!(siren.packages[0].rules[0].relation, Relation::Overrides);
    // What is new below a cited heading concerns who cites the heading.
    let radio = change(&impact, "art_3.2.c");
    assert_eq!((radio.change, rules(radio)), (PassageChangeKind::Added, vec![("camp.put_up_notices", false)]));
    let names = change(&impact, "art_3.p2");
    assert_eq!((names.change, rules(names)), (PassageChangeKind::Removed, vec![("camp.spare_names", true)]));
    assert!(impact.depends());
    // What did not change is no matter.
    assert!(
        impact.documents[0]
            .changes
            .iter()
            .all(|change| change.old.as_ref().is_none_or(|old| old.name.as_deref() != Some("art_5.p2")))
    );
}

#[test]
fn between_equal_editions_nothing_depends() {
    let camp = pack("camp");
    let policy = document("sources/camp-policy.md");
    let found = of_edition(&camp, "camp.camp_policy", &policy, &policy, "x.md", &[]);
    assert_eq!((found.changes.len(), found.same), (0, policy.blocks.len()));
    assert!(!Impact { documents: vec![found] }.depends());
}

#[test]
fn an_edition_without_names_renames_nothing() {
    let camp = pack("camp");
    let mut fresh = document("sources/camp-policy.md");
    fresh.blocks.iter_mut().for_each(|block| block.name = None);
    let found = of_edition(&camp, "camp.camp_policy", &document("sources/camp-policy.md"), &fresh, "x.md", &[]);
    assert_eq!(found.changes.len(), 0);
}

#[test]
fn a_note_depends_on_its_passage() {
    let camp = pack("camp");
    let old = document("sources/camp-policy.md");
    let mut new = old.clone();
    let place = new.passages["art_1.p1"].block;
    new.blocks[place].text = "This policy describes how the camp is run and closed.".to_owned();
    let found = of_edition(&camp, "camp.camp_policy", &old, &new, "x.md", &[]);
    assert_eq!(found.changes.len(), 1);
    assert_eq!(found.changes[0].notes[0].reason, "says what the policy is for");
    assert!(found.changes[0].depends() && found.changes[0].rules.is_empty());
}

#[test]
fn since_a_review_the_rules_that_were_reviewed_are_told() {
    let camp = pack("camp");
    let wording = |passage: &str, now: Option<&str>, rule: &str| Wording {
        source: "camp.camp_policy".to_owned(),
        passage: passage.to_owned(),
        then: Some("The warden tells everybody within two hours.".to_owned()),
        now: now.map(str::to_owned),
        line: Some(15),
        page: Some(1),
        rules: BTreeSet::from([rule.to_owned()]),
        noted: false,
    };
    let all = [
        wording("art_2.1", Some("The warden tells everybody within one hour."), "camp.warn_in_time"),
        wording("art_3.p2", None, "camp.spare_names"),
    ];
    let found = Impact { documents: of_wordings(&camp, &all, "the review lock", &[]) };
    let kinds: Vec<_> = found.documents[0].changes.iter().map(|c| (c.change, rules(c))).collect();
    assert_eq!(
        kinds,
        [
            (PassageChangeKind::Reworded, vec![("camp.warn_in_time", true)]),
            (PassageChangeKind::Removed, vec![("camp.spare_names", true)])
        ]
    );
    assert_eq!(found.documents[0].changes[0].similarity, Some(714));
}

fn written(format: ImpactFormat) -> String {
    let directories =
        BTreeMap::from([("camp".to_owned(), "camp".to_owned()), ("mission".to_owned(), "mission".to_owned())]);
    let mut bytes = Vec::new();
    write_impact(&second_edition(), format, false, &directories, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

fn compared(format: DiffFormat) -> String {
    let found = compare(&document("sources/camp-policy.md"), &document("editions/camp-policy-2.md"));
    let mut bytes = Vec::new();
    write_diff(&found, ("one.md", "two.md"), format, false, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Compares with a file; `MANDATE_BLESS=1` writes it.
fn snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/impact/snapshots").join(name);
    if std::env::var_os("MANDATE_BLESS").is_some() {
        std::fs::write(&path, text).expect("written");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{name}");
}

#[test]
fn each_format_is_as_it_was() {
    for (name, format) in [
        ("impact.txt", ImpactFormat::Text),
        ("impact.md", ImpactFormat::Markdown),
        ("impact.json", ImpactFormat::Json),
        ("impact.sarif", ImpactFormat::Sarif),
    ] {
        snapshot(name, &written(format));
    }
    for (name, format) in
        [("diff.txt", DiffFormat::Text), ("diff.md", DiffFormat::Markdown), ("diff.json", DiffFormat::Json)]
    {
        snapshot(name, &compared(format));
    }
}
