//! What rules mean together, as `mandate check` says it and keeps it.

mod program;

use program::{code, mandate, stderr, stdout};
use std::fs;
use std::path::{Path, PathBuf};

const SITES: &str = r#"source order_7 {
  title "Order 7, protected places"
  force order
  document "sources/order_7.md"
}

source order_12 {
  title "Order 12, search of the old town"
  force commitment
  document "sources/order_12.md"
}

record Unit key id {
  id: Text
}

record Site key id {
  id: Text
  unit: Unit
  depot: Bool?
  protected: Bool?
  found_at: Time?
}

record Entry key id at entered_at {
  id: Text
  site: Site
  entered_at: Time?
}

action enter(s: Site) {
  evidence e: Entry where e.site == s
}
"#;

const SEARCH: &str = r#"use sites.{Site, enter, order_12}

rule search_depots "Search every depot within a day of finding it" {
  cites order_12#search
  for each s: Site
  when s.depot
  s.unit must enter(s) within 24 hours after s.found_at
}
"#;

const KEEP_OUT: &str = r#"use sites.{Site, enter, order_7}

rule keep_out "Nobody enters a protected site" {
  cites order_7#places
  for each s: Site
  when s.protected
  no one may enter(s)
}
"#;

/// A package in which a duty is forbidden.
fn package() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().join("town");
    fs::create_dir_all(root.join("sources")).expect("made");
    let manifest = "[package]\nname = \"town\"\nversion = \"0.1.0\"\nedition = \"2026\"\n";
    let files = [
        ("mandate.toml", manifest),
        ("sites.mandate", SITES),
        ("search.mandate", SEARCH),
        ("keep_out.mandate", KEEP_OUT),
        ("sources/order_7.md", "# Order 7\n\n## Places {#places}\n\nProtected places are not entered by anybody.\n"),
        (
            "sources/order_12.md",
            "# Order 12\n\n## Search {#search}\n\nA depot is searched within a day of its discovery.\n",
        ),
    ];
    for (path, text) in files {
        fs::write(root.join(path), text).expect("written");
    }
    (dir, root)
}

/// The order is stronger than the commitment, so its rule can override the other.
fn overriding(root: &Path) {
    let text = KEEP_OUT
        .replace("enter, order_7}\n", "enter, order_7}\nuse search.{search_depots}\n")
        .replace("  when s.protected\n", "  when s.protected\n  overrides search_depots(s)\n");
    fs::write(root.join("keep_out.mandate"), text).expect("written");
}

#[test]
fn a_conflict_is_told_with_both_rules_a_situation_and_both_passages() {
    let (_dir, root) = package();
    let check = mandate(&root, &["check"]);
    let text = stdout(&check);
    assert_eq!(code(&check), 1, "{text}");
    for said in [
        "E301",
        "search.mandate:",
        "keep_out.mandate:",
        "in this situation it shows:",
        "violated",
        "Order 12, search of the old town, #search (commitment, not law):",
        "A depot is searched within a day of its discovery.",
        "Order 7, protected places, #places (order):",
        "Protected places are not entered by anybody.",
        "sources/order_7.md:",
        "`mandate explain E301` says more",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    let json = mandate(&root, &["check", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let found = &value["diagnostics"][0];
    assert_eq!(found["code"], "E301", "{value:#}");
    let related: Vec<&str> =
        found["related"].as_array().expect("a list").iter().filter_map(|r| r["file"].as_str()).collect();
    assert!(related.contains(&"keep_out.mandate") && related.contains(&"sources/order_12.md"), "{related:?}");
    assert!(found["notes"][0].as_str().is_some_and(|note| note.contains("search_depots")), "{found:#}");
    let sarif = stdout(&mandate(&root, &["check", "--format", "sarif"]));
    assert!(sarif.contains("\"E301\"") && sarif.contains("in this situation it shows"), "{sarif}");
}

#[test]
fn a_rule_that_yields_is_no_conflict() {
    let (_dir, root) = package();
    overriding(&root);
    let check = mandate(&root, &["check"]);
    assert!(!stdout(&check).contains("E301"), "{}", stdout(&check));
    assert_eq!(code(&check), 0, "{}", stdout(&check));
}

#[test]
fn nothing_is_said_about_rules_while_texts_have_errors() {
    let (_dir, root) = package();
    fs::write(root.join("half.mandate"), "rule half {\n").expect("written");
    let check = mandate(&root, &["check"]);
    assert_eq!(code(&check), 1);
    assert!(!stdout(&check).contains("E301"), "{}", stdout(&check));
    let saved = mandate(&root, &["check", "--save-scenarios", "kept.mandate"]);
    assert!(stderr(&saved).contains("the package has errors"), "{}", stderr(&saved));
    assert!(!root.join("kept.mandate").exists());
}

#[test]
fn situations_are_kept_as_scenarios_that_fail_until_a_rule_yields() {
    let (_dir, root) = package();
    let saved = mandate(&root, &["check", "--save-scenarios", "tests_of_conflicts.mandate"]);
    assert_eq!(code(&saved), 1, "{}", stderr(&saved));
    assert!(stderr(&saved).contains("1 scenario of conflicts"), "{}", stderr(&saved));
    let text = fs::read_to_string(root.join("tests_of_conflicts.mandate")).expect("written");
    assert!(text.contains("use sites.{") && text.contains("overridden"), "{text}");
    let fmt = mandate(&root, &["fmt", "--check"]);
    assert_eq!(code(&fmt), 0, "{}\n{text}", stdout(&fmt));
    let failing = mandate(&root, &["test"]);
    assert_eq!(code(&failing), 1, "{}", stdout(&failing));
    // Written again beside itself, its titles would be taken; in its own place they are free.
    let again = mandate(&root, &["check", "--save-scenarios", "tests_of_conflicts.mandate"]);
    assert_eq!(code(&again), 2);
    assert!(stderr(&again).contains("--force"), "{}", stderr(&again));
    let forced = mandate(&root, &["check", "--save-scenarios", "tests_of_conflicts.mandate", "--force"]);
    assert_eq!(code(&forced), 1, "{}", stderr(&forced));
    assert_eq!(fs::read_to_string(root.join("tests_of_conflicts.mandate")).expect("written"), text);
    let second = mandate(&root, &["check", "--save-scenarios", "more.mandate"]);
    assert_eq!(code(&second), 1, "{}", stderr(&second));
    assert!(fs::read_to_string(root.join("more.mandate")).expect("written").contains("(2)\""));
    fs::remove_file(root.join("more.mandate")).expect("removed");
    overriding(&root);
    let passing = mandate(&root, &["test"]);
    assert_eq!(code(&passing), 0, "{}\n{text}", stdout(&passing));
}

#[test]
fn scenarios_go_into_modules_of_the_package_only() {
    let (dir, root) = package();
    for file in ["../outside.mandate", "sources/notes.md", "two words.mandate"] {
        let refused = mandate(&root, &["check", "--save-scenarios", file]);
        assert_eq!(code(&refused), 2, "{file}");
        assert!(stderr(&refused).contains("would be no module"), "{}", stderr(&refused));
    }
    let alone = dir.path().join("alone.mandate");
    fs::write(&alone, "record Unit key id {\n  id: Text\n}\n").expect("written");
    let refused = mandate(dir.path(), &["check", "alone.mandate", "--save-scenarios", "kept.mandate"]);
    assert_eq!(code(&refused), 2, "{}", stderr(&refused));
    assert!(stderr(&refused).contains("a single module"), "{}", stderr(&refused));
}
