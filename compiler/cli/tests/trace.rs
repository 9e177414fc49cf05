//! `mandate trace`, `mandate source diff` and `mandate impact` on packages with a document that changes.

mod program;

use program::{code, mandate, stderr, stdout};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_str(&stdout(output)).unwrap_or_else(|error| panic!("{error}: {}", stdout(output)))
}

/// The packages `camp` and `mission`, in a directory of their own.
fn packages() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a directory");
    let root = dir.path().to_owned();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/trace"), &root);
    (dir, root)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).expect("copied")),
        }
    }
}

fn edit(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).expect("read");
    assert!(text.contains(old), "{old}");
    fs::write(file, text.replace(old, new)).expect("written");
}

#[test]
fn a_trace_is_written_in_every_format_at_once() {
    let (_dir, root) = packages();
    let run = mandate(
        &root,
        &[
            "trace",
            "camp",
            "--format",
            "json",
            "--output",
            "csv=t.csv",
            "--output",
            "html=t.html",
            "--output",
            "markdown=t.md",
            "--output",
            "text=t.txt",
        ],
    );
    assert_eq!(code(&run), 0, "{}", stderr(&run));
    let trace = json(&run);
    assert_eq!(trace["documents"][0]["source"], "camp.camp_policy");
    assert_eq!(trace["documents"][0]["share"]["percent"], 80);
    assert_eq!(trace["without_source"][0]["name"], "camp.threats_have_names");
    for file in ["t.csv", "t.html", "t.md", "t.txt"] {
        let text = fs::read_to_string(root.join(file)).expect(file);
        assert!(text.replace("\\_", "_").contains("art_3.p3") && text.contains("is committed to"), "{file}: {text}");
    }
}

#[test]
fn what_is_open_fails_a_strict_trace_until_it_is_explained() {
    let (_dir, root) = packages();
    assert_eq!(code(&mandate(&root, &["trace", "camp"])), 0);
    let open = mandate(&root, &["trace", "camp", "--strict", "--only", "open"]);
    assert_eq!(code(&open), 1);
    assert!(!stdout(&open).contains("art_2.1"), "{}", stdout(&open));
    edit(
        &root.join("camp/camp.mandate"),
        "background camp_policy#art_1 ",
        "background camp_policy#art_3.p3 \"a wish\"\nbackground camp_policy#art_4 \"a courtesy\"\nbackground camp_policy#art_1 ",
    );
    let run = mandate(&root, &["trace", "camp", "--strict"]);
    assert_eq!(code(&run), 0, "{}", stdout(&run));
    assert!(stdout(&run).contains("100 % carried or explained"), "{}", stdout(&run));
}

#[test]
fn a_checklist_is_laid_against_packages() {
    let (_dir, root) = packages();
    fs::write(root.join("list.csv"), "id,area,kind,strength,source\nC-1,Camp,definition,fact,Camp policy\n")
        .expect("written");
    let trace =
        |more: &[&str]| mandate(&root, &[&["trace", "camp", "mission", "--checklist", "list.csv"], more].concat());
    let missing = trace(&["--strict"]);
    assert_eq!(code(&missing), 1);
    assert!(stdout(&missing).contains("C-1 is not carried"), "{}", stdout(&missing));
    assert_eq!(code(&trace(&[])), 0);
    edit(
        &root.join("camp/camp.mandate"),
        "record Warden key",
        "carries \"C-1\" by Threat \"it has all particulars\"\n\nrecord Warden key",
    );
    let run = trace(&["--strict", "--output", "markdown=t.md", "--format", "json"]);
    assert_eq!(code(&run), 0, "{}", stdout(&run));
    assert_eq!(json(&run)["statements"][0]["carriers"][0]["name"], "camp.Threat");
    assert_eq!(json(&run)["packages"], serde_json::json!(["camp", "mission"]));
    let written = fs::read_to_string(root.join("t.md")).expect("written");
    assert!(written.contains("| record camp.Threat: it has all particulars |"), "{written}");
    for refused in [
        trace(&["--format", "html"]),
        trace(&["--only", "open"]),
        mandate(&root, &["trace", "camp", "mission"]),
        mandate(&root, &["trace", "camp", "--checklist", "camp/camp.mandate"]),
        mandate(&root, &["trace", "camp", "--checklist", "nowhere.csv"]),
        trace(&["--output", "markdown=list.csv"]),
    ] {
        assert_eq!(code(&refused), 2, "{}", stderr(&refused));
    }
}

#[test]
fn sources_of_other_packages_are_traced_where_they_are_named() {
    let (_dir, root) = packages();
    let own = mandate(&root, &["trace", "mission"]);
    assert!(stdout(&own).contains("Order of the mission") && !stdout(&own).contains("Camp policy"), "{}", stdout(&own));
    let named = mandate(&root, &["trace", "mission", "--source", "camp.camp_policy"]);
    assert!(stdout(&named).contains("mission.warn_all"), "{}", stdout(&named));
}

#[test]
fn two_editions_are_compared_passage_by_passage() {
    let (_dir, root) = packages();
    let (old, new) = ("camp/sources/camp-policy.md", "camp/editions/camp-policy-2.md");
    let run = mandate(&root, &["source", "diff", old, new, "--format", "json"]);
    assert_eq!(code(&run), 1, "{}", stderr(&run));
    let kinds: Vec<String> = json(&run)["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|change| change["change"].as_str().expect("a word").to_owned())
        .collect();
    for kind in ["moved", "reworded", "added", "removed", "renamed"] {
        assert!(kinds.iter().any(|found| found == kind), "{kind}: {kinds:?}");
    }
    let text = mandate(&root, &["source", "diff", old, new]);
    assert!(stdout(&text).contains("[-one hour-] {+thirty minutes+}"), "{}", stdout(&text));
    let markdown = mandate(&root, &["source", "diff", old, new, "--format", "markdown"]);
    assert!(stdout(&markdown).contains("~~one hour~~ **thirty minutes**"), "{}", stdout(&markdown));
    // Of any form: the second edition as a page, in which every passage keeps the name it had.
    let page = "<html><body><h1>Camp policy</h1><h2>Article 6 Changes</h2><p>The council may amend this policy.</p></body></html>";
    fs::write(root.join("new.html"), page).expect("written");
    let html = mandate(&root, &["source", "diff", old, "new.html"]);
    assert!(
        stdout(&html).contains("[-change-] {+amend+}") && stdout(&html).contains("art_6.p1 ("),
        "{}",
        stdout(&html)
    );
    let same = mandate(&root, &["source", "diff", old, old]);
    assert_eq!((code(&same), stdout(&same).lines().count()), (0, 2), "{}", stdout(&same));
}

#[test]
fn a_new_edition_leads_to_rules_scenarios_parameters_and_packages() {
    let (_dir, root) = packages();
    let new = "camp/editions/camp-policy-2.md";
    let run = mandate(
        &root,
        &[
            "impact",
            "camp",
            "--source",
            "camp_policy",
            new,
            "--in",
            ".",
            "--format",
            "json",
            "--output",
            "sarif=i.sarif",
        ],
    );
    assert_eq!(code(&run), 1, "{}", stderr(&run));
    let impact = json(&run);
    let changes = impact["documents"][0]["changes"].as_array().expect("a list");
    let warning = changes.iter().find(|change| change["old"]["name"] == "art_2.1").expect("art_2.1");
    let rule = &warning["rules"][1];
    assert_eq!((&rule["name"], &rule["parameters"][0]), (&"camp.warn_in_time".into(), &"camp.warning_window".into()));
    assert_eq!(rule["scenarios"].as_array().map(Vec::len), Some(2));
    assert_eq!(warning["packages"][0]["rules"][0]["name"], "mission.warn_all");
    let sarif = fs::read_to_string(root.join("i.sarif")).expect("written");
    let sarif: serde_json::Value = serde_json::from_str(&sarif).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let uris: Vec<&str> = results
        .iter()
        .filter_map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str())
        .collect();
    assert!(
        uris.contains(&"camp/camp.mandate") && uris.iter().any(|uri| uri.ends_with("mission/mission.mandate")),
        "{uris:?}"
    );
    // The same edition: nothing depends.
    let same =
        mandate(&root, &["impact", "camp", "--source", "camp_policy", "camp/sources/camp-policy.md", "--in", "."]);
    assert_eq!(code(&same), 0, "{}", stdout(&same));
}

#[test]
fn since_the_last_review_exactly_the_rules_that_cite_what_changed_are_told() {
    let (_dir, root) = packages();
    let review =
        mandate(&root, &["source", "review", "camp", "--accept-all", "--by", "A reviewer", "--on", "2026-03-01"]);
    assert_eq!(code(&review), 0, "{}", stderr(&review));
    let clean = mandate(&root, &["impact", "camp"]);
    assert_eq!((code(&clean), stdout(&clean).as_str()), (0, ""), "{}", stdout(&clean));
    let policy = root.join("camp/sources/camp-policy.md");
    edit(&policy, "must not name survivors", "must never name survivors");
    let run = mandate(&root, &["impact", "camp", "--format", "json"]);
    assert_eq!(code(&run), 1, "{}", stderr(&run));
    let changes = json(&run)["documents"][0]["changes"].clone();
    assert_eq!(changes.as_array().map(Vec::len), Some(1), "{changes}");
    assert_eq!(changes[0]["rules"].as_array().map(Vec::len), Some(1));
    assert_eq!(changes[0]["rules"][0]["name"], "camp.spare_names");
    assert_eq!(changes[0]["old"]["text"], "Entries in the log must not name survivors.");
    // Also where the edit leaves errors of citation behind: a quotation that is no more, a passage that is gone.
    edit(&policy, "within one hour of hearing of it", "within two hours of hearing of it");
    edit(&policy, "Entries in the log must never name survivors. {#art_3.p2}\n", "");
    assert_eq!(code(&mandate(&root, &["check", "camp"])), 1);
    let run = mandate(&root, &["impact", "camp"]);
    assert_eq!(code(&run), 1, "{}", stderr(&run));
    let text = stdout(&run);
    assert!(text.contains("removed art_3.p2") && text.contains("[-one hour-] {+two hours+}"), "{text}");
    assert!(text.contains("rule camp.warn_in_time") && stderr(&run).contains("E061"), "{text}\n{}", stderr(&run));
}

#[test]
fn what_cannot_be_done_is_said_with_a_way_out() {
    let (_dir, root) = packages();
    fs::write(root.join("scan.md"), [0xff, 0xfe, 0x00]).expect("written");
    fs::write(root.join("empty.md"), "").expect("written");
    let policy = "camp/sources/camp-policy.md";
    for (arguments, says) in [
        (&["trace", "camp", "--source", "camp_polcy"][..], "did you mean `camp_policy`?"),
        (&["trace", "camp", "--format", "pdf"], "markdown"),
        (&["trace", "camp", "--only", "done"], "not-a-rule"),
        (&["trace", "camp", "--output", "xml=t"], "there are text, markdown, csv, json, html"),
        (&["trace", "camp", "--output", "json=t", "--output", "csv=t"], "twice"),
        (&["trace", "nowhere"], "nowhere"),
        (&["source", "diff", policy, "nowhere.md"], "there is no such file"),
        (&["source", "diff", policy, "scan.md"], "scan.md"),
        (&["source", "diff", policy, "empty.md"], "empty.md"),
        (&["source", "diff", "-", "-"], "one document"),
        (&["impact", "camp"], "no review lock"),
        (&["impact", "camp", "--source", "camp_policy"], "2 values"),
        (&["impact", "camp", "--source", "other", policy], "camp_policy"),
        (&["impact", "camp", "--source", "camp_policy", policy, "--in", "nowhere"], "no directory"),
        (&["impact", "camp", "--source", "camp_policy", policy, "--output", policy], "is read"),
    ] {
        let run = mandate(&root, arguments);
        assert_eq!(code(&run), 2, "{arguments:?}: {}", stdout(&run));
        assert!(stderr(&run).contains(says), "{arguments:?}: {}", stderr(&run));
    }
    // Other errors leave the meaning of the rules open.
    edit(&root.join("camp/camp.mandate"), "when calls_for_siren(t)", "when calls_for_a_siren(t)");
    let run = mandate(&root, &["impact", "camp", "--source", "camp_policy", "camp/editions/camp-policy-2.md"]);
    assert_eq!(code(&run), 2, "{}", stdout(&run));
}
