use super::*;
use crate::fixture::{document, documents, pack};

fn camp() -> Trace {
    let policy = document("sources/camp-policy.md");
    trace(&pack("camp"), &documents(&policy))
}

fn passage<'t>(trace: &'t Trace, name: &str) -> &'t PassageTrace {
    trace.documents[0].passages.iter().find(|passage| passage.name == name).expect(name)
}

#[test]
fn every_passage_has_one_state() {
    let trace = camp();
    let states: Vec<(&str, &str)> =
        trace.documents[0].passages.iter().map(|passage| (passage.name.as_str(), passage.state.word())).collect();
    assert_eq!(
        states,
        [
            ("camp_policy", "plain"),
            ("art_1", "not a rule"),
            ("art_1.p1", "not a rule"),
            ("art_2", "rule"),
            ("art_2.1", "rule"),
            ("art_2.2", "rule"),
            ("art_2.2.a", "rule"),
            ("art_2.2.b", "rule"),
            ("art_3", "plain"),
            ("art_3.p1", "plain"),
            ("art_3.p2", "rule"),
            ("art_3.p3", "open"),
            ("art_4", "open"),
            ("art_5", "plain"),
            ("art_5.p1", "not a rule"),
            ("art_5.p2", "rule"),
            ("art_6", "plain"),
            ("art_6.p1", "plain"),
        ]
    );
}

#[test]
fn a_passage_leads_to_its_rules_and_their_scenarios() {
    let trace = camp();
    let warning = passage(&trace, "art_2.1");
    let rules: Vec<(&str, bool, Option<&str>)> =
        warning.rules.iter().map(|rule| (rule.name.as_str(), rule.direct, rule.cites.as_deref())).collect();
    assert_eq!(rules, [("camp.put_up_notices", false, Some("art_2")), ("camp.warn_in_time", true, Some("art_2.1"))]);
    let scenarios: Vec<&str> = warning.scenarios.iter().map(|scenario| scenario.title.as_str()).collect();
    assert_eq!(scenarios, ["a warning after forty minutes", "no warning at all"]);
    assert_eq!((warning.page, warning.sounds.as_deref()), (Some(1), Some("shall")));
    let inside = passage(&trace, "art_2.2.a");
    assert_eq!(
        inside.rules.iter().map(|rule| rule.cites.as_deref()).collect::<Vec<_>>(),
        [Some("art_2"), Some("art_2.2..art_2.2.b")]
    );
    assert_eq!(passage(&trace, "art_1.p1").reason.as_deref(), Some("says what the policy is for"));
    assert_eq!(passage(&trace, "art_3.p3").sounds.as_deref(), Some("is committed to"));
    // Without names of their own, its paragraphs speak through the heading.
    let visitors = passage(&trace, "art_4");
    assert_eq!(visitors.text, "Article 4 Visitors\nVisitors should register at the gate.\nThey wear a badge.");
    assert!(visitors.counts && !passage(&trace, "art_3").counts);
}

#[test]
fn the_share_counts_what_could_be_carried() {
    let share = camp().documents[0].share;
    // Articles 2.1, 2.2, its two items, 3.p2 and 5.p2; 1.p1 and 5.p1; 3.p3 and 4.
    assert_eq!(share, Share { carried: 6, explained: 2, open: 2, percent: Some(80) });
    assert_eq!((percent(0, 0), percent(199, 200), percent(3, 3)), (None, Some(99), Some(100)));
}

#[test]
fn rules_without_source_are_told() {
    let found = camp().without_source;
    assert_eq!(
        found.iter().map(|rule| (rule.name.as_str(), rule.constraint)).collect::<Vec<_>>(),
        [("camp.threats_have_names", true)]
    );
}

#[test]
fn what_has_no_name_cannot_be_cited_and_is_told() {
    let policy = Document::read("Guards shall wait. \n\n# Gate\n\nGuards should greet. \n\nThe gate is red.\n");
    let found = trace(&pack("camp"), &documents(&policy));
    let lines: Vec<(u32, &str)> =
        found.documents[0].nameless.iter().map(|block| (block.line, block.sounds.as_str())).collect();
    assert_eq!(lines, [(1, "shall"), (5, "should")]);
    assert_eq!(found.documents[0].share.percent, None);
}
