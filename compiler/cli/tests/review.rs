//! Documents that change behind their rules: what `check` says, and how `source review` answers it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn mandate(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mandate"));
    // A user of the machine must not decide what the test sees.
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    let Output { status, stdout, stderr } =
        command.current_dir(dir).args(arguments).stdin(Stdio::null()).output().expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("an exit code"), text(stdout), text(stderr))
}

const ORDER: &str = "# Order 7 {#order_7}\n\nIncidents are reported within 24 hours. {#reporting}\n\nSchools are not used. {#schools}\n\nIt replaces order 6. {#history}\n";

const RULES: &str = r#"source order_7 { title "Order 7" force order document "sources/order.md" }

record Incident key id { id: Text, reported: Bool, school: Bool }

constraint report_it {
  cites order_7#reporting "within 24 hours"
  for each i: Incident
  require i.reported
}

constraint spare_schools {
  cites order_7#schools
  for each i: Incident
  require not i.school
}

background order_7#history "it says what this text replaces"
"#;

fn package() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().join("camp");
    fs::create_dir_all(root.join("sources")).expect("made");
    fs::write(root.join("mandate.toml"), "[package]\nname = \"camp\"\nversion = \"0.1.0\"\nedition = \"2026\"\n")
        .expect("written");
    fs::write(root.join("camp.mandate"), RULES).expect("written");
    fs::write(root.join("sources/order.md"), ORDER).expect("written");
    (dir, root)
}

fn change(root: &Path, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(root.join(file)).expect("read");
    assert!(text.contains(from), "{from}");
    fs::write(root.join(file), text.replace(from, to)).expect("written");
}

#[test]
fn a_changed_word_is_told_at_the_rules_that_cite_it_until_somebody_looked() {
    let (_dir, root) = package();
    let (code, out, _) = mandate(&root, &["source", "review"]);
    assert_eq!((code, root.join("mandate.lock").exists()), (1, false), "{out}");
    assert!(out.contains("3 rules of 3 to be reviewed, none was reviewed before"), "{out}");

    let (code, out, err) = mandate(&root, &["source", "review", "--accept-all"]);
    assert_eq!(code, 2, "{out}{err}");
    assert!(err.contains("--by"), "{err}");
    let accept = ["source", "review", "--accept-all", "--by", "Legal adviser", "--on", "2026-03-01"];
    let (code, _, err) = mandate(&root, &accept);
    assert_eq!(code, 0, "{err}");
    let lock = fs::read_to_string(root.join("mandate.lock")).expect("written");
    assert!(
        lock.contains("[rule.\"report_it\"]\nreviewed_by = \"Legal adviser\"\nreviewed_on = 2026-03-01\n"),
        "{lock}"
    );
    assert!(lock.contains("[background.\"order_7#history\"]"), "{lock}");
    assert_eq!(mandate(&root, &["check", "--deny-warnings"]).0, 0);

    change(&root, "sources/order.md", "24", "48");
    let (code, out, _) = mandate(&root, &["check"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("W013") && out.contains("within [-24-] {+48+} hours."), "{out}");
    assert!(out.contains("E061"), "the quotation no longer stands there: {out}");
    assert_eq!(out.matches("warning[W013]").count(), 1, "only the rule that cites it: {out}");

    change(&root, "camp.mandate", "within 24 hours", "within 48 hours");
    let (code, out, _) = mandate(&root, &["source", "review"]);
    assert_eq!(code, 1);
    assert!(out.contains("report_it") && !out.contains("spare_schools"), "{out}");
    let (code, out, _) = mandate(&root, &["source", "review", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, json["to_be_reviewed"][0]["rule"].as_str()), (1, Some("report_it")));

    let (code, _, err) =
        mandate(&root, &["source", "review", "--accept", "report_it", "--by", "Another", "--on", "2026-04-01"]);
    assert_eq!(code, 0, "{err}");
    let after = fs::read_to_string(root.join("mandate.lock")).expect("read");
    assert!(after.contains("\"Another\"") && after.contains("\"Legal adviser\""), "{after}");
    assert!(!after.contains("24 hours"), "wording that no review names is gone: {after}");
    assert_eq!(mandate(&root, &["check", "--deny-warnings"]).0, 0);
}

#[test]
fn names_that_mean_nothing_and_locks_that_cannot_be_read_write_nothing() {
    let (_dir, root) = package();
    let (code, _, err) = mandate(&root, &["source", "review", "--accept", "report_all", "--by", "x"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `report_it`?"), "{err}");
    let (code, _, err) = mandate(&root, &["source", "review", "--accept-all", "--by", "x", "--on", "1 March"]);
    assert_eq!(code, 2, "{err}");
    fs::write(root.join("mandate.lock"), "version = 1\n<<<<<<< HEAD\n").expect("written");
    let (code, _, err) = mandate(&root, &["source", "review", "--accept-all", "--by", "x"]);
    assert_eq!(code, 2);
    assert!(err.contains("a merge left its marks"), "{err}");
    assert_eq!(fs::read_to_string(root.join("mandate.lock")).expect("kept"), "version = 1\n<<<<<<< HEAD\n");
    let (code, out, _) = mandate(&root, &["check"]);
    assert_eq!(code, 1);
    assert!(out.contains("E218"), "{out}");
}

#[test]
fn a_renamed_rule_is_told_and_goes_with_the_next_review() {
    let (_dir, root) = package();
    mandate(&root, &["source", "review", "--accept-all", "--by", "x"]);
    change(&root, "camp.mandate", "spare_schools", "leave_schools_alone");
    let (_, out, _) = mandate(&root, &["check"]);
    assert!(out.contains("W014") && out.contains("W015"), "{out}");
    let (code, _, err) = mandate(&root, &["source", "review", "--accept-all", "--by", "x"]);
    assert_eq!(code, 0, "{err}");
    let lock = fs::read_to_string(root.join("mandate.lock")).expect("read");
    assert!(lock.contains("leave_schools_alone") && !lock.contains("spare_schools"), "{lock}");
}

#[test]
fn branches_that_reviewed_different_rules_merge() {
    let (_dir, root) = package();
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").current_dir(&root);
        let author = ["-c", "user.name=x", "-c", "user.email=x@example.org"];
        let output = command.args(author).args(arguments).output().expect("git is installed");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    };
    mandate(&root, &["source", "review", "--accept-all", "--by", "Legal adviser", "--on", "2026-03-01"]);
    git(&["init", "--quiet", "--initial-branch=main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "reviewed"]);
    for (branch, from, to, rule) in
        [("one", "24 hours.", "24 hours by radio.", "report_it"), ("two", "not used", "never used", "spare_schools")]
    {
        git(&["checkout", "--quiet", "-b", branch, "main"]);
        change(&root, "sources/order.md", from, to);
        let (code, _, err) =
            mandate(&root, &["source", "review", "--accept", rule, "--by", branch, "--on", "2026-04-01"]);
        assert_eq!(code, 0, "{err}");
        git(&["commit", "--quiet", "-am", branch]);
    }
    git(&["merge", "--quiet", "-m", "both", "one"]);
    let (code, out, _) = mandate(&root, &["check", "--deny-warnings"]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn what_check_says_is_written_as_sarif() {
    let (_dir, root) = package();
    mandate(&root, &["source", "review", "--accept-all", "--by", "x"]);
    change(&root, "sources/order.md", "24", "48");
    let (code, out, _) = mandate(&root, &["check", "--format", "sarif"]);
    assert_eq!(code, 1);
    let log: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let changed = results.iter().find(|result| result["ruleId"] == "W013").expect("the changed passage");
    assert_eq!(changed["locations"][0]["physicalLocation"]["region"]["startLine"], 6);
    assert_eq!(changed["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"], "sources/order.md");
    assert!(changed["message"]["text"].as_str().is_some_and(|text| text.contains("\\[-24-\\]")), "{changed}");
    let index = changed["ruleIndex"].as_u64().expect("an index") as usize;
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], "W013");
    let quotation = results.iter().find(|result| result["ruleId"] == "E061").expect("the quotation");
    assert_eq!(
        quotation["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"],
        "\"within 48 hours\""
    );
}
