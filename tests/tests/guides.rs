//! The examples of the guides are modules that compile without a word, and whose scenarios pass.

use mandate_assess::{FactsFile, run_scenarios};
use mandate_tests::packages::{compiled, compiled_at, facts, place};
use std::fs;

#[path = "../../compiler/report/examples/embed.rs"]
mod embed;

/// The modules in a guide, each with the heading it stands below.
fn examples(guide: &str) -> Vec<(String, String)> {
    blocks(guide, "mandate")
}

/// What a guide shows in a language, each with the heading it stands below.
fn blocks(guide: &str, language: &str) -> Vec<(String, String)> {
    let fence = format!("```{language}");
    let text = fs::read_to_string(place(guide)).expect("the guide");
    let (mut heading, mut found, mut open) = (String::new(), Vec::new(), None::<String>);
    for line in text.lines() {
        match (&mut open, line) {
            (Some(_), "```") => found.extend(open.take().map(|module| (heading.clone(), module))),
            (Some(module), line) => {
                module.push_str(line);
                module.push('\n');
            }
            (None, line) if line == fence => open = Some(String::new()),
            (None, line) if line.starts_with('#') => heading = line.to_owned(),
            (None, _) => {}
        }
    }
    found
}

fn holds(guide: &str, least: usize) {
    let found = examples(guide);
    assert!(found.len() >= least, "{guide}: only {} examples", found.len());
    for (heading, module) in found {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("example.mandate");
        fs::write(&path, &module).expect("written");
        let pack = compiled_at(&path, &format!("{guide}: {heading}"));
        let results = run_scenarios(&pack);
        let own: Vec<_> = results.iter().filter(|result| result.origin.file.contains("example")).collect();
        assert!(!own.is_empty(), "{guide}: {heading}: no scenario");
        for result in own {
            assert!(result.passed, "{guide}: {heading}: {result:#?}");
        }
    }
}

#[test]
fn patterns_of_the_cookbook_work_as_they_are_shown() {
    holds("docs/cookbook.md", 10);
}

#[test]
fn the_rule_of_the_guide_for_authors_works_as_it_is_shown() {
    holds("docs/authors.md", 1);
}

#[test]
fn the_program_of_the_guide_for_tools_is_the_one_that_is_built() {
    let program = fs::read_to_string(place("compiler/report/examples/embed.rs")).expect("the program");
    let shown = blocks("docs/tools.md", "rust");
    let [(_, shown)] = shown.as_slice() else { panic!("one program is shown, not {}", shown.len()) };
    assert!(program.ends_with(shown.as_str()) && shown.contains("fn judge") && shown.contains("fn main"), "{shown}");
}

#[test]
fn the_program_of_the_guide_for_tools_judges() {
    let mission = "tests/missions/exercise_heron";
    let pack = compiled(mission).to_json();
    let files = facts(mission);
    let found = embed::judge(pack.as_bytes(), "2026-05-15T12:00Z", &files).expect("it runs");
    let of = |rule: &str| found.iter().filter(|line| line.contains(rule)).count();
    assert!(of("violated: cpp.custom.custom_no_exposing_use(") > 0, "{found:#?}");
    // A void waiver is a fault of the waiver itself: no passage stands behind that finding.
    let bare: Vec<&String> = found.iter().filter(|line| !line.contains('#') && !line.contains("void_waiver")).collect();
    assert!(bare.is_empty(), "{bare:#?}");

    let changed = pack.replace("cpp.respect.no_strike", "cpp.respect.no_strikes");
    let refused = embed::judge(changed.as_bytes(), "2025-06-01", &files).expect_err("a changed pack");
    assert!(refused.to_string().contains("digest"), "{refused}");
    let unreadable = FactsFile { name: "wrong.json".to_owned(), bytes: b"{".to_vec() };
    let refused = embed::judge(pack.as_bytes(), "2025-06-01", &[unreadable]).expect_err("a fault");
    assert!(refused.to_string().starts_with("wrong.json: "), "{refused}");
}
