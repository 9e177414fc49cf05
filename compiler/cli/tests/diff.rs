//! `mandate diff` on packs, directories and revisions of git, and `mandate refine` on a mission.

mod program;

use program::{code, command, mandate, stderr, stdout};
use std::fs;
use std::path::Path;
use std::process::Command;

const RULES: &str = r#"/// Everything here is made up for tests.
source order { title "Order" force order }

record Incident key id at seen_at {
  id: Text
  seen_at: Time
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

rule tell "Tell of incidents" {
  cites order
  for each i: Incident
  everyone must report(i) within 24 hours after i.seen_at
}
"#;

fn package(at: &Path, version: &str, rules: &str) {
    fs::create_dir_all(at).expect("made");
    let manifest = format!("[package]\nname = \"camp\"\nversion = \"{version}\"\nedition = \"2026\"\n");
    fs::write(at.join("mandate.toml"), manifest).expect("written");
    fs::write(at.join("camp.mandate"), rules).expect("written");
}

fn later() -> String {
    RULES.replace("24 hours", "48 hours")
}

/// Whether git did something in a directory; `false` where there is no git.
fn git(dir: &Path, arguments: &[&str]) -> bool {
    let settings = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"];
    let run = Command::new("git").args(settings).args(arguments).current_dir(dir).output();
    match run {
        Ok(output) => {
            assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            true
        }
        Err(_) => false,
    }
}

#[test]
fn directories_and_packs_are_compared() {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path();
    package(&root.join("old"), "1.0.0", RULES);
    package(&root.join("new"), "1.0.1", &later());
    let run = mandate(root, &["diff", "old", "new"]);
    assert_eq!(code(&run), 1, "{}", stderr(&run));
    let text = stdout(&run);
    for part in [
        "rule camp.tell \"Tell of incidents\": weaker",
        "- within 24 hours",
        "+ within 48 hours",
        "before: violated",
        "now:    pending",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(code(&mandate(root, &["diff", "old", "old"])), 0);
    for (side, pack) in [("old", "old.json"), ("new", "new.json")] {
        assert_eq!(code(&mandate(root, &["compile", "--package", side, "--out", pack])), 0);
    }
    let packs = mandate(root, &["diff", "old.json", "new.json", "--output", "markdown=changes.md"]);
    assert_eq!((code(&packs), stdout(&packs)), (1, text));
    assert!(fs::read_to_string(root.join("changes.md")).expect("written").starts_with("# What changes in meaning"));
}

#[test]
fn a_release_that_claims_too_little_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path();
    package(&root.join("old"), "1.0.0", RULES);
    for (version, rules, wanted, says) in [
        ("1.0.1", later(), 1, "has to be minor: 1.1.0"),
        ("1.1.0", later(), 0, "claims enough"),
        ("1.1.0", RULES.replace("24 hours", "12 hours"), 1, "has to be major: 2.0.0"),
        ("2.0.0", RULES.replace("24 hours", "12 hours"), 0, "claims enough"),
        ("1.0.1", RULES.replace("\"Tell of incidents\"", "\"Tell of every incident\""), 0, "has to be patch"),
        ("1.0.0", RULES.replace("\"Tell of incidents\"", "\"Tell of every incident\""), 1, "has to be patch: 1.0.1"),
    ] {
        package(&root.join("new"), version, &rules);
        let run = mandate(root, &["diff", "old", "new", "--semver"]);
        assert_eq!(code(&run), wanted, "{version}\n{}{}", stdout(&run), stderr(&run));
        assert!(stdout(&run).contains(says), "{version} {says}\n{}", stdout(&run));
    }
}

#[test]
fn revisions_of_git_are_read_without_touching_the_work_tree() {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path();
    package(&root.join("rules/camp"), "1.0.0", RULES);
    if !git(root, &["init", "-q"]) {
        return;
    }
    git(root, &["add", "."]);
    git(root, &["commit", "-q", "-m", "Begin"]);
    package(&root.join("rules/camp"), "1.0.1", &later());
    let before = fs::read_to_string(root.join("rules/camp/camp.mandate")).expect("read");
    let camp = root.join("rules/camp");
    for (here, old, new) in [
        (camp.as_path(), "HEAD", "."),
        (root, "HEAD:rules/camp", "rules/camp"),
        (root, "HEAD", "rules/camp"),
        (camp.as_path(), "HEAD:./", "."),
    ] {
        let run = mandate(here, &["diff", old, new]);
        assert_eq!(code(&run), 1, "{old} {new}: {}", stderr(&run));
        assert!(stdout(&run).contains("+ within 48 hours"), "{}", stdout(&run));
    }
    assert_eq!(fs::read_to_string(root.join("rules/camp/camp.mandate")).expect("read"), before);
    for (old, says) in [
        ("nothing", "git knows no revision `nothing`"),
        ("HEAD:elsewhere", "has no package in `elsewhere`"),
        ("--help:x", "git knows no revision"),
        ("HEAD:../etc", "leads out of the repository"),
    ] {
        let run = mandate(root, &["diff", "--", old, "rules/camp"]);
        assert_eq!(code(&run), 2, "{old}");
        assert!(stderr(&run).contains(says), "{old}: {}", stderr(&run));
    }
}

#[test]
fn without_git_it_says_so() {
    let dir = tempfile::tempdir().expect("a directory");
    package(dir.path(), "1.0.0", RULES);
    let run = command(dir.path(), &["diff", "HEAD", "."]).env("PATH", dir.path()).output().expect("started");
    assert_eq!(code(&run), 2);
    assert!(stderr(&run).contains("the program `git`"), "{}", stderr(&run));
    let run = command(dir.path(), &["diff", "HEAD", "."])
        .env("GIT_CEILING_DIRECTORIES", dir.path())
        .env("GIT_DIR", "nowhere")
        .output();
    let run = run.expect("started");
    assert_eq!(code(&run), 2);
    assert!(
        stderr(&run).contains("no git repository here") || stderr(&run).contains("the program `git`"),
        "{}",
        stderr(&run)
    );
}

#[test]
fn a_mission_is_held_against_what_it_refines() {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path();
    let base = RULES
        .replace("within 24 hours", "within window")
        .replace("action report", "parameter window: Duration in 1 hour .. 72 hours = 24 hours\n\naction report");
    package(&root.join("camp"), "1.0.0", &base);
    fs::create_dir_all(root.join("heron")).expect("made");
    let manifest = "[package]\nname = \"heron\"\nversion = \"1.0.0\"\nedition = \"2026\"\n\n[dependencies]\ncamp = { path = \"../camp\" }\n";
    fs::write(root.join("heron/mandate.toml"), manifest).expect("written");
    let mission = |lines: &str| {
        let text = format!(
            "use camp.{{tell, window, order}}\n\n/// The exercise.\nmission heron \"Exercise Heron\" refines camp {{\n{lines}}}\n"
        );
        fs::write(root.join("heron/heron.mandate"), text).expect("written");
    };
    mission("  set window = 48 hours\n");
    let run = mandate(root, &["refine", "--package", "heron", "--on", "2026-03-01"]);
    assert_eq!(code(&run), 1, "{}", stderr(&run));
    for part in [
        "rule camp.tell \"Tell of incidents\": weaker",
        "the mission sets camp.window",
        "nobody answers for it",
        "before: violated",
    ] {
        assert!(stdout(&run).contains(part), "{part}\n{}", stdout(&run));
    }
    let json = mandate(root, &["refine", "--package", "heron", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&json)).expect("JSON");
    assert_eq!(json["rules"][0]["unaccepted"], true);
    mission("  set window = 12 hours\n");
    let run = mandate(root, &["refine", "--package", "heron"]);
    assert_eq!(code(&run), 0, "{}", stdout(&run));
    let none = mandate(root, &["refine", "--package", "camp"]);
    assert_eq!(code(&none), 2);
    assert!(stderr(&none).contains("declares no mission"), "{}", stderr(&none));
}
