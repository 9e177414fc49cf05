//! The examples of the guides are modules that compile without a word, and whose scenarios pass.

use mandate_assess::run_scenarios;
use mandate_tests::packages::{compiled_at, place};
use std::fs;

/// The modules in a guide, each with the heading it stands below.
fn examples(guide: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(place(guide)).expect("the guide");
    let (mut heading, mut found, mut open) = (String::new(), Vec::new(), None::<String>);
    for line in text.lines() {
        match (&mut open, line) {
            (Some(_), "```") => found.extend(open.take().map(|module| (heading.clone(), module))),
            (Some(module), line) => {
                module.push_str(line);
                module.push('\n');
            }
            (None, "```mandate") => open = Some(String::new()),
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
