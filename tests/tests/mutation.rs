//! The scenarios of the standard library notice every change of its rules, but for those that are explained.

use mandate_assess::{Facts, FactsFile, Options, assess, instant, run_scenarios};
use mandate_mutation::{Explained, Report, mutants, run};
use mandate_pack::Pack;
use mandate_tests::packages::{compiled, place};

fn explained(package: &str) -> Vec<Explained> {
    let known = mandate_project::known_survivors(&place(package)).expect("readable");
    known.into_iter().map(|k| Explained { rule: k.rule, change: k.change, reason: k.reason }).collect()
}

fn tried(package: &str, least: usize) -> Report {
    let report = run(&compiled(package), &explained(package), 2);
    let left: Vec<_> = report.unexplained().map(|s| format!("{}: {}", s.rule, s.change)).collect();
    assert!(left.is_empty(), "{package}: no scenario notices\n{}", left.join("\n"));
    assert!(report.is_clean(), "{package}: {:?} {:?} {:?}", report.stale, report.failing, report.broken);
    assert!(report.made() > least, "{package}: only {} changes were made", report.made());
    report
}

#[test]
fn every_change_of_the_rules_about_children_is_noticed() {
    tried("stdlib/caac", 400);
}

#[test]
fn every_change_of_the_rules_about_cultural_property_is_noticed_or_explained() {
    let report = tried("stdlib/cpp", 500);
    assert_eq!(report.survivors.len(), explained("stdlib/cpp").len());
}

#[test]
fn every_change_of_the_other_areas_is_noticed_or_explained() {
    for package in ["stdlib/human_security", "stdlib/thb", "stdlib/crsv", "stdlib/poc"] {
        let report = tried(package, 200);
        assert_eq!(report.survivors.len(), explained(package).len(), "{package}");
    }
}

/// What a change makes is a pack like any other: it seals, and facts are assessed with it.
#[test]
fn a_changed_pack_is_a_pack() {
    for package in ["stdlib/caac", "stdlib/cpp"] {
        let pack = compiled(package);
        let all = mutants(&pack);
        assert!(!all.is_empty());
        let now = instant(&pack, "2024-06-01").expect("a day");
        // Some of many keep it short; which ones is always the same.
        for mutant in all.iter().step_by(23) {
            let mut changed = mutant.applied(&pack);
            changed.seal();
            assert_ne!(changed.digest, pack.digest, "{}: {}", mutant.owner, mutant.change);
            let read = Pack::read(changed.to_json().as_bytes());
            assert!(read.is_ok_and(|read| read == changed), "{}: {}", mutant.owner, mutant.change);
            let (facts, _) = Facts::load(&changed, &[FactsFile { name: "none.json".into(), bytes: b"{}".to_vec() }]);
            let found = assess(&changed, &facts, &Options::at(now));
            assert!(found.is_ok(), "{}: {}: {found:?}", mutant.owner, mutant.change);
        }
    }
}

/// No change, nothing to notice; and a rule whose scenarios are gone leaves all of its changes unnoticed.
#[test]
fn a_run_tells_apart_what_is_asked_and_what_is_not() {
    let mut pack = compiled("stdlib/caac");
    assert!(run_scenarios(&pack).iter().all(|result| result.passed));
    pack.scenarios.retain(|scenario| scenario.origin.file.contains("schools"));
    let report = run(&pack, &[], 1);
    for (name, score) in &report.rules {
        let asked = name.starts_with("caac.schools") || name == "caac.use_for_military_purposes";
        assert_eq!(score.noticed == score.made, asked, "{name}: {score:?}");
    }
    let (one, two) = (run(&pack, &[], 1), run(&pack, &[], 2));
    assert_eq!(one, two, "the number of threads changes nothing");
}

#[test]
fn an_explanation_that_explains_nothing_is_told() {
    let mut pack = compiled("stdlib/caac");
    pack.scenarios.retain(|scenario| scenario.origin.file.contains("schools"));
    let rule = "no_use_of_working_schools".to_owned();
    let gone = Explained { rule: rule.clone(), change: "it rains".into(), reason: "why not".into() };
    let noticed = mutants(&pack).into_iter().find(|m| m.owner.ends_with(&rule)).expect("a change");
    let noticed = Explained { rule, change: noticed.change, reason: "none".into() };
    let report = run(&pack, &[gone, noticed], 2);
    assert_eq!(report.stale.len(), 2, "{:?}", report.stale);
    assert!(report.stale[0].contains("no such change") && report.stale[1].contains("notices this change now"));
}

/// Conditions are printed as they are written, so that a change is read in the words of the rule.
#[test]
fn clauses_are_told_in_the_words_of_the_author() {
    for package in ["stdlib/caac", "stdlib/cpp"] {
        for mutant in mutants(&compiled(package)) {
            let whole = ["when: ", "unless: "].iter().any(|clause| mutant.change.starts_with(clause));
            if let (true, Some(before), Some(text)) = (whole, &mutant.before, &mutant.text) {
                assert_eq!(before, text, "{}", mutant.owner);
            }
        }
    }
}
