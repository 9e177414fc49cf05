//! The program as people and other programs meet it: what it prints where, and the code with which it ends.

mod program;

use program::{code, command, mandate, stderr, stdout};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

fn with_input(dir: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = command(dir, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("piped").write_all(input).expect("the program reads");
    child.wait_with_output().expect("the program ends")
}

/// Both streams, for messages of a failing test.
fn said(output: &Output) -> String {
    format!("{}\n{}", stdout(output), stderr(output))
}

/// A new package made by `mandate init`.
fn package() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a directory");
    let made = mandate(dir.path(), &["init", "exercise"]);
    assert_eq!(code(&made), 0, "{}", said(&made));
    let root = dir.path().join("exercise");
    (dir, root)
}

fn break_rule(root: &Path) {
    let file = root.join("exercise.mandate");
    let text = fs::read_to_string(&file).expect("read");
    fs::write(file, text.replace("  when i.gravity", "  wehn i.gravity")).expect("written");
}

#[test]
fn a_new_package_checks_clean_passes_its_scenarios_and_assesses_its_sample() {
    let (_dir, root) = package();
    let check = mandate(&root, &["check"]);
    assert_eq!((code(&check), stdout(&check).as_str()), (0, "exercise: 1 module: no errors, no warnings\n"));
    let fmt = mandate(&root, &["fmt", "--check"]);
    assert_eq!(code(&fmt), 0, "{}", said(&fmt));
    let test = mandate(&root, &["test"]);
    assert_eq!(code(&test), 0, "{}", said(&test));
    assert!(stdout(&test).contains("2 scenarios, all passed"), "{}", said(&test));
    let assess = mandate(&root, &["assess", "facts/sample.yaml"]);
    assert_eq!(code(&assess), 1, "{}", said(&assess));
    let text = stdout(&assess);
    assert!(text.contains("inc-2") && text.contains("sample.yaml"), "{text}");
    assert!(!text.contains("inc-3"), "{text}");
}

#[test]
fn init_overwrites_nothing() {
    let (dir, root) = package();
    fs::write(root.join("mandate.toml"), "mine").expect("written");
    let again = mandate(dir.path(), &["init", "exercise"]);
    assert_eq!(code(&again), 2);
    assert!(stderr(&again).contains("nothing is overwritten"), "{}", said(&again));
    assert_eq!(fs::read_to_string(root.join("mandate.toml")).expect("read"), "mine");
}

#[test]
fn a_mistake_is_shown_in_text_and_json_and_ends_with_1() {
    let (dir, root) = package();
    break_rule(&root);
    let text = mandate(&root, &["check"]);
    assert_eq!(code(&text), 1, "{}", said(&text));
    assert!(stdout(&text).contains("exercise.mandate:") && stdout(&text).contains("wehn"), "{}", said(&text));
    // The same from outside, with paths from where the question was asked.
    let json = mandate(dir.path(), &["check", "exercise", "--format", "json"]);
    assert_eq!(code(&json), 1);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let first = &value["diagnostics"][0];
    assert_eq!(first["file"], Path::new("exercise").join("exercise.mandate").display().to_string());
    assert_eq!(first["severity"], "error");
    assert!(first["primary"]["line"].as_u64() > Some(1), "{first}");
}

#[test]
fn warnings_alone_are_clean_unless_denied() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("mandate.toml"), "[package]\nname = \"a\"\nversion = \"0.1.0\"\n").expect("written");
    let warned = mandate(dir.path(), &["check"]);
    assert_eq!(code(&warned), 0, "{}", said(&warned));
    assert!(stdout(&warned).contains("warning[W201]"), "{}", said(&warned));
    assert_eq!(code(&mandate(dir.path(), &["check", "--deny-warnings"])), 1);
}

#[test]
fn where_there_is_no_package_the_program_says_what_to_do_and_ends_with_2() {
    let dir = tempfile::tempdir().expect("a directory");
    for arguments in
        [&["check"][..], &["check", "missing"], &["compile"], &["test"], &["schema", "facts"], &["assess", "x.yaml"]]
    {
        let output = mandate(dir.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", said(&output));
        assert!(
            stderr(&output).contains("error: ") && stderr(&output).contains("help: "),
            "{arguments:?}: {}",
            said(&output)
        );
        assert_eq!(stdout(&output), "", "{arguments:?}");
    }
    let json = mandate(dir.path(), &["check", "--format", "json"]);
    assert_eq!(code(&json), 2);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(value["diagnostics"][0]["code"], "E216");
}

#[test]
fn a_wrong_command_line_ends_with_2_and_help_with_0() {
    let dir = tempfile::tempdir().expect("a directory");
    for arguments in [&["chekc"][..], &[], &["check", "--format", "xml"], &["assess"], &["schema", "rules"]] {
        assert_eq!(code(&mandate(dir.path(), arguments)), 2, "{arguments:?}");
    }
    let version = mandate(dir.path(), &["--version"]);
    assert_eq!((code(&version), stdout(&version)), (0, format!("mandate {}\n", env!("CARGO_PKG_VERSION"))));
    assert_eq!(code(&mandate(dir.path(), &["--help"])), 0);
}

#[test]
fn standard_input_is_formatted_to_standard_output() {
    let dir = tempfile::tempdir().expect("a directory");
    let input = b"enum A{x,y}\n";
    let once = with_input(dir.path(), &["fmt", "-"], input);
    assert_eq!(code(&once), 0, "{}", said(&once));
    assert_ne!(once.stdout, input);
    assert!(stdout(&once).contains("enum A {"), "{}", said(&once));
    let twice = with_input(dir.path(), &["fmt", "-"], &once.stdout);
    assert_eq!(twice.stdout, once.stdout);
    assert_eq!(code(&with_input(dir.path(), &["fmt", "--check", "-"], input)), 1);
    assert_eq!(code(&with_input(dir.path(), &["fmt", "--check", "-"], &once.stdout)), 0);
    let foreign = with_input(dir.path(), &["fmt", "-"], b"// caf\xE9\n");
    assert_eq!(code(&foreign), 2);
    assert!(stderr(&foreign).contains("UTF-8"), "{}", said(&foreign));
}

#[test]
fn files_are_formatted_in_place_and_left_alone_when_nothing_changes() {
    let dir = tempfile::tempdir().expect("a directory");
    let (good, bad) = (dir.path().join("good.mandate"), dir.path().join("bad.mandate"));
    let formatted = with_input(dir.path(), &["fmt", "-"], b"enum A{x,y}\n").stdout;
    fs::write(&good, &formatted).expect("written");
    fs::write(&bad, "enum A{x,y}\n").expect("written");
    let before = fs::metadata(&good).expect("there").modified().expect("a time");
    let check = mandate(dir.path(), &["fmt", "--check"]);
    assert_eq!(code(&check), 1, "{}", said(&check));
    assert!(stdout(&check).contains("bad.mandate") && !stdout(&check).contains("good.mandate"), "{}", said(&check));
    assert_eq!(fs::read(&bad).expect("read"), b"enum A{x,y}\n");
    assert_eq!(code(&mandate(dir.path(), &["fmt", "."])), 0);
    assert_eq!(fs::read(&bad).expect("read"), formatted);
    assert_eq!(fs::metadata(&good).expect("there").modified().expect("a time"), before);
    assert_eq!(fs::read_dir(dir.path()).expect("read").count(), 2);
    assert_eq!(code(&mandate(dir.path(), &["fmt", "missing"])), 2);
}

#[test]
fn codes_are_explained_and_listed() {
    let dir = tempfile::tempdir().expect("a directory");
    let page = mandate(dir.path(), &["explain", "e201"]);
    assert_eq!(code(&page), 0);
    assert!(stdout(&page).starts_with("# E201: "), "{}", said(&page));
    let list = mandate(dir.path(), &["explain", "--list"]);
    assert_eq!(stdout(&list).lines().count(), mandate_diagnostics::CATALOGUE.len());
    let unknown = mandate(dir.path(), &["explain", "X201"]);
    assert_eq!(code(&unknown), 2);
    assert!(stderr(&unknown).contains("E201"), "{}", said(&unknown));
}

#[test]
fn compiling_twice_gives_the_same_bytes_and_a_file_the_same_as_standard_output() {
    let (dir, root) = package();
    let one = mandate(&root, &["compile"]);
    assert_eq!(code(&one), 0, "{}", said(&one));
    let two = mandate(dir.path(), &["compile", "--package", "exercise", "--out", "pack.json"]);
    assert_eq!(code(&two), 0, "{}", said(&two));
    assert!(stdout(&two).is_empty());
    assert_eq!(fs::read(dir.path().join("pack.json")).expect("read"), one.stdout);
    // What the package says and what its pack says is the same.
    let of_package = mandate(&root, &["assess", "facts/sample.yaml", "--format", "json"]);
    let of_pack = mandate(&root, &["assess", "facts/sample.yaml", "--format", "json", "--pack", "../pack.json"]);
    assert_eq!(stdout(&of_package), stdout(&of_pack), "{}", said(&of_pack));
    serde_json::from_slice::<serde_json::Value>(&of_pack.stdout).expect("JSON");
}

#[test]
fn a_package_with_errors_gives_no_pack() {
    let (_dir, root) = package();
    fs::write(root.join("pack.json"), "old").expect("written");
    break_rule(&root);
    let output = mandate(&root, &["compile", "--out", "pack.json"]);
    assert_eq!(code(&output), 1, "{}", said(&output));
    assert!(stdout(&output).is_empty() && stderr(&output).contains("wehn"), "{}", said(&output));
    assert_eq!(fs::read_to_string(root.join("pack.json")).expect("read"), "old");
    assert_eq!(code(&mandate(&root, &["test"])), 2);
    assert_eq!(code(&mandate(&root, &["assess", "facts/sample.yaml"])), 2);
}

#[test]
fn schemas_are_json() {
    let (_dir, root) = package();
    for of in ["facts", "pack"] {
        let output = mandate(&root, &["schema", of]);
        assert_eq!(code(&output), 0, "{}", said(&output));
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(value["$schema"].is_string(), "{of}");
    }
}

#[test]
fn a_changed_pack_is_refused() {
    let (_dir, root) = package();
    mandate(&root, &["compile", "--out", "pack.json"]);
    let path = root.join("pack.json");
    let text = fs::read_to_string(&path).expect("read");
    for broken in [text.replace("0.1.0", "0.2.0"), text[..text.len() / 2].to_owned(), "[]".to_owned(), String::new()] {
        fs::write(&path, broken).expect("written");
        let output = mandate(&root, &["assess", "facts/sample.yaml", "--pack", "pack.json"]);
        assert_eq!(code(&output), 2, "{}", said(&output));
        assert!(stderr(&output).starts_with("error: `pack.json`"), "{}", said(&output));
    }
}

#[test]
fn broken_facts_are_shown_with_their_places_and_not_assessed() {
    let (_dir, root) = package();
    let text = fs::read_to_string(root.join("facts/sample.yaml")).expect("read");
    fs::write(root.join("bad.yaml"), text.replace("observed_by: bravo", "observed_by: nobody")).expect("written");
    fs::write(root.join("latin.yaml"), b"records:\n  Unit:\n    - id: caf\xE9\n").expect("written");
    fs::write(root.join("cut.yaml"), &text[..text.len() / 2]).expect("written");
    for file in ["bad.yaml", "latin.yaml", "cut.yaml"] {
        let output = mandate(&root, &["assess", file]);
        assert_eq!(code(&output), 2, "{file}: {}", said(&output));
        assert!(stderr(&output).contains("error[E1") && stderr(&output).contains(file), "{file}: {}", said(&output));
        assert!(stdout(&output).is_empty(), "{file}");
    }
    let json = mandate(&root, &["assess", "bad.yaml", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(value["diagnostics"][0]["file"], "bad.yaml");
}

#[test]
fn the_instant_of_assessment_can_be_named() {
    let (_dir, root) = package();
    let early = mandate(&root, &["assess", "facts/sample.yaml", "--as-of", "2026-03-04T12:00Z"]);
    assert_eq!(code(&early), 0, "{}", said(&early));
    assert!(stdout(&early).contains("pending"), "{}", said(&early));
    let wrong = mandate(&root, &["assess", "facts/sample.yaml", "--as-of", "yesterday"]);
    assert_eq!(code(&wrong), 2);
    let twice = mandate(&root, &["assess", "facts/sample.yaml", "facts/sample.yaml"]);
    assert_eq!(code(&twice), 2);
}

#[test]
fn what_was_entered_later_can_be_left_out() {
    let (_dir, root) = package();
    let sample = root.join("facts/sample.yaml");
    let asked = |known_at: &str| mandate(&root, &["assess", "facts/sample.yaml", "--known-at", known_at]);
    let useless = asked("2026-03-01");
    assert_eq!(code(&useless), 2, "{}", said(&useless));
    assert!(stderr(&useless).contains("says when its records were entered"), "{}", said(&useless));

    let rules = fs::read_to_string(root.join("exercise.mandate")).expect("read");
    let recorded = rules
        .replace("record Report key id at sent_at {", "record Report key id at sent_at recorded entered_at {")
        .replace("  sent_at: Time\n", "  sent_at: Time\n  entered_at: Time?\n");
    fs::write(root.join("exercise.mandate"), recorded).expect("written");
    let facts = fs::read_to_string(&sample).expect("read");
    fs::write(&sample, format!("{}\n      entered_at: 2026-03-05T00:00Z\n", facts.trim_end())).expect("written");
    let status = |output: &Output| {
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let found = value["findings"].as_array().expect("findings").clone();
        let of = found.into_iter().find(|f| f["subject"][0]["id"] == "inc-1").expect("inc-1");
        (of["status"].as_str().expect("a word").to_owned(), value["known_at"].clone())
    };
    let at = |known_at: &str| {
        let arguments = ["assess", "facts/sample.yaml", "--format", "json", "--known-at", known_at];
        status(&mandate(&root, &arguments))
    };
    assert_eq!(at("2026-03-04"), ("violated".to_owned(), "2026-03-04".into()));
    assert_eq!(at("2026-03-05T00:00Z"), ("satisfied".to_owned(), "2026-03-05T00:00Z".into()));
    let whole = mandate(&root, &["assess", "facts/sample.yaml", "--format", "json"]);
    assert_eq!(status(&whole), ("satisfied".to_owned(), serde_json::Value::Null));
    let text = asked("2026-03-04");
    assert!(stdout(&text).contains("as of 2026-03-10T00:00Z, as known at 2026-03-04: 2 violations"), "{}", said(&text));
    let wrong = asked("soon");
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("`soon` is neither an instant nor a day"), "{}", said(&wrong));
}

#[test]
fn facts_may_come_from_standard_input() {
    let (_dir, root) = package();
    let facts = fs::read(root.join("facts/sample.yaml")).expect("read");
    let output = with_input(&root, &["assess", "-"], &facts);
    assert_eq!(code(&output), 1, "{}", said(&output));
}

#[test]
fn a_failing_scenario_and_none_at_all_are_failures() {
    let (_dir, root) = package();
    let file = root.join("exercise.mandate");
    let text = fs::read_to_string(&file).expect("read");
    fs::write(&file, text.replace("late by 6 hours", "late by 7 hours")).expect("written");
    let failed = mandate(&root, &["test"]);
    assert_eq!(code(&failed), 1, "{}", said(&failed));
    assert!(stdout(&failed).contains("FAILED  reported six hours late"), "{}", said(&failed));
    let json = mandate(&root, &["test", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!((&value["passed"], &value["failed"]), (&1.into(), &1.into()));
    let without = text.split("scenario").next().expect("a first part");
    fs::write(&file, without).expect("written");
    let none = mandate(&root, &["test"]);
    assert_eq!(code(&none), 1, "{}", said(&none));
    assert!(stderr(&none).contains("no scenario"), "{}", said(&none));
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    let (_dir, root) = package();
    break_rule(&root);
    assert!(!stdout(&mandate(&root, &["check"])).contains('\u{1B}'));
    assert!(stdout(&mandate(&root, &["check", "--color", "always"])).contains('\u{1B}'));
    assert!(!stdout(&mandate(&root, &["check", "--color", "never"])).contains('\u{1B}'));
}

#[cfg(unix)]
#[test]
fn a_reader_that_stops_reading_is_no_fault() {
    let (_dir, root) = package();
    // More than a pipe holds, so that writing meets the closed end.
    let many: String = (0..3_000).map(|i| format!("enum A{i} {{ x, x }}\n")).collect();
    fs::write(root.join("many.mandate"), many).expect("written");
    let mut child = command(&root, &["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ends");
    assert_eq!(code(&output), 1, "{}", said(&output));
    assert!(!stderr(&output).contains("panicked"), "{}", said(&output));
}

#[test]
fn a_module_without_a_package_is_checked_with_the_library_at_hand() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("draft.mandate"), "use core.{Incident}\n\nrecord Note { about: Incident }\n")
        .expect("written");
    let output = mandate(dir.path(), &["check", "draft.mandate"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
}

#[test]
fn the_server_answers_and_ends_with_the_end_of_input() {
    let dir = tempfile::tempdir().expect("a directory");
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#;
    let message = format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let output = with_input(dir.path(), &["lsp"], message.as_bytes());
    assert_eq!(code(&output), 1, "an end without shutdown: {}", said(&output));
    assert!(stdout(&output).contains("\"capabilities\""), "{}", said(&output));
}

#[test]
fn a_failing_scenario_shows_expected_beside_actual_and_why() {
    let (_dir, root) = package();
    let file = root.join("exercise.mandate");
    let text = fs::read_to_string(&file).expect("read");
    fs::write(&file, text.replace("late by 6 hours", "late by 7 hours")).expect("written");
    let failed = stdout(&mandate(&root, &["test"]));
    assert!(failed.contains("late by  expected 7 hours  actual 6 hours"), "{failed}");
    assert!(failed.contains("why:") && failed.contains("when i.gravity"), "{failed}");
    let junit = stdout(&mandate(&root, &["test", "--format", "junit"]));
    assert!(junit.contains("tests=\"2\" failures=\"1\"") && junit.contains("expected 7 hours"), "{junit}");
}

#[test]
fn a_filter_runs_what_it_names_and_one_that_names_nothing_fails() {
    let (_dir, root) = package();
    let one = mandate(&root, &["test", "--filter", "SIX hours"]);
    assert_eq!((code(&one), stdout(&one).contains("1 scenario, all passed")), (0, true), "{}", said(&one));
    let none = mandate(&root, &["test", "--filter", "sixx hours lat"]);
    assert_eq!(code(&none), 1, "{}", said(&none));
    assert!(stderr(&none).contains("did you mean \"reported six hours late\"?"), "{}", said(&none));
    let junit = mandate(&root, &["test", "--filter", "nothing of the kind", "--format", "junit"]);
    assert_eq!(code(&junit), 1);
    assert!(stdout(&junit).contains("failures=\"1\""), "{}", said(&junit));
}

#[test]
fn several_reports_come_from_one_run() {
    let (_dir, root) = package();
    let arguments = ["assess", "facts/sample.yaml", "--output", "sarif=a.sarif", "--output", "junit=a.xml"];
    let more = ["--output", "markdown=a.md", "--output", "csv=a.csv", "--output", "json=a.json", "--color", "always"];
    let assessed = mandate(&root, &[&arguments[..], &more].concat());
    assert_eq!(code(&assessed), 1, "{}", said(&assessed));
    assert!(stdout(&assessed).contains("\u{1B}[1;31mviolated"), "{}", said(&assessed));
    let file = |name: &str| fs::read_to_string(root.join(name)).expect(name);
    let sarif: serde_json::Value = serde_json::from_str(&file("a.sarif")).expect("JSON");
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "facts/sample.yaml");
    assert_eq!(result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"], "exercise.mandate");
    assert!(file("a.xml").contains("<failure") && file("a.md").contains("**violated"), "{}", file("a.md"));
    assert!(file("a.csv").starts_with("rule,title,status,") && file("a.json").starts_with('{'));
    for name in ["a.sarif", "a.xml", "a.md", "a.csv", "a.json"] {
        assert!(file(name).contains("inc-2") && !file(name).contains('\u{1B}'), "{name}");
    }
    // A file without a format takes the place of standard output.
    let assessed = mandate(&root, &["assess", "facts/sample.yaml", "--by", "record", "--output", "a.txt"]);
    assert_eq!((code(&assessed), stdout(&assessed).as_str()), (1, ""));
    assert!(file("a.txt").contains("Incident inc-2 ("), "{}", file("a.txt"));
}

#[test]
fn a_report_replaces_no_facts_and_no_other_report() {
    let (_dir, root) = package();
    let facts = fs::read(root.join("facts/sample.yaml")).expect("read");
    let refused: [(&[&str], &str); 5] = [
        (&["--output", "facts/../facts/sample.yaml"], "holds facts"),
        (&["--output", "csv=a", "--output", "json=./a"], "written twice"),
        (&["--output", "xml=a"], "there is no format `xml`"),
        (&["--output", "no/such/a"], "cannot be written"),
        (&["--suppress-below", "2"], "`<2` would say 1"),
    ];
    for (arguments, why) in refused {
        let stopped = mandate(&root, &[&["assess", "facts/sample.yaml"], arguments].concat());
        assert_eq!(code(&stopped), 2, "{}", said(&stopped));
        assert!(stderr(&stopped).contains(why), "{why}: {}", said(&stopped));
    }
    assert_eq!(fs::read(root.join("facts/sample.yaml")).expect("read"), facts);
    assert!(!root.join("a").exists());
}

#[test]
fn advice_alone_is_clean_unless_strict() {
    let (_dir, root) = package();
    let file = root.join("exercise.mandate");
    let text = fs::read_to_string(&file).expect("read");
    let advised = text.replace("observed_by must", "observed_by should").replace(") violated", ") advice");
    assert_ne!(text, advised);
    fs::write(file, advised).expect("written");
    let assess = |more: &[&str]| mandate(&root, &[&["assess", "facts/sample.yaml"], more].concat());
    let plain = assess(&[]);
    assert_eq!(code(&plain), 0, "{}", said(&plain));
    assert!(stdout(&plain).contains("advice not followed"), "{}", said(&plain));
    assert_eq!(code(&assess(&["--strict"])), 1);
}

#[cfg(unix)]
#[test]
fn no_format_complains_when_its_reader_stops() {
    let (_dir, root) = package();
    let records: String = (0..4000)
        .map(|n| format!("    - {{id: x-{n}, gravity: grave, observed_by: alpha, observed_at: 2026-03-01T08:00Z}}\n"))
        .collect();
    fs::write(
        root.join("facts/many.yaml"),
        format!("records:\n  Unit:\n    - {{id: alpha}}\n  Incident:\n{records}  Report: []\n"),
    )
    .expect("written");
    for format in ["text", "json", "sarif", "junit", "markdown", "csv"] {
        let mut child = command(&root, &["assess", "facts/many.yaml", "--format", format, "--as-of", "2026-04-01"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let ended = child.wait_with_output().expect("the program ends");
        assert_eq!(stderr(&ended), "", "{format}");
        assert_eq!(code(&ended), 1, "{format}");
    }
}

/// A record of each file, in each format; what a rule says of them is not of interest here.
#[test]
fn facts_come_from_directories_tables_lines_and_standard_input() {
    let (_dir, root) = package();
    let sample = fs::read_to_string(root.join("facts/sample.yaml")).expect("the sample");
    fs::create_dir_all(root.join("feeds/march/.hidden")).expect("made");
    fs::write(root.join("feeds/sample.yml"), &sample).expect("written");
    fs::write(root.join("feeds/march/notes.txt"), "no facts").expect("written");
    fs::write(root.join("feeds/march/.hidden/Incident.csv"), "broken").expect("written");
    let one = mandate(&root, &["assess", "facts/sample.yaml", "--format", "json"]);
    let directory = mandate(&root, &["assess", "feeds", "--format", "json"]);
    assert_eq!(code(&directory), code(&one), "{}", said(&directory));
    assert!(stderr(&directory).contains("passed over `feeds/march/notes.txt`"), "{}", stderr(&directory));
    assert_eq!(stdout(&directory).replace("feeds/sample.yml", "facts/sample.yaml"), stdout(&one));

    let none = mandate(&root, &["assess", "feeds/march"]);
    assert_eq!(code(&none), 2);
    assert!(stderr(&none).contains("`feeds/march` holds no facts"), "{}", stderr(&none));
    let both = mandate(&root, &["assess", "feeds", "feeds/sample.yml"]);
    assert!(stderr(&both).contains("is named twice"), "{}", stderr(&both));

    let table = b"id\nu1\n\"broken";
    let named = with_input(&root, &["assess", "--facts-format", "csv:Nothing", "-"], table);
    assert_eq!(code(&named), 2);
    assert!(stderr(&named).contains("-:1:1: error[E118]"), "{}", stderr(&named));
    let lines = with_input(&root, &["assess", "-"], b"{\"$type\": \"Nothing\"}\n");
    assert!(stderr(&lines).contains("-:1:11: error[E106]"), "{}", stderr(&lines));
    for wrong in ["xml", "json:Incident", "csv:"] {
        assert_eq!(code(&mandate(&root, &["assess", "--facts-format", wrong, "-"])), 2);
    }
}

#[test]
fn coverage_names_what_no_scenario_expects_with_its_place() {
    let (_dir, root) = package();
    let run = mandate(&root, &["test", "--coverage"]);
    assert_eq!(code(&run), 0, "{}", said(&run));
    let text = stdout(&run);
    assert!(text.contains("exercise.mandate:") && text.contains("no scenario expects `pending`"), "{text}");
    let json = mandate(&root, &["test", "--coverage", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    let rule = value["rules"].as_object().and_then(|rules| rules.values().next()).expect("a rule");
    let (points, covered) = (rule["points"].as_u64().expect("a number"), rule["covered"].as_u64().expect("a number"));
    let uncovered = rule["uncovered"].as_array().expect("a list").len() as u64;
    assert!(covered > 0 && points == covered + uncovered, "{value}");
    // Without the scenario that expects it, an outcome is covered no more.
    let file = root.join("exercise.mandate");
    let before = fs::read_to_string(&file).expect("read");
    fs::write(&file, before.split("scenario \"reported six hours late\"").next().expect("a part")).expect("written");
    let fewer = said(&mandate(&root, &["test", "--coverage"]));
    assert!(fewer.contains("no scenario expects `violated`") || fewer.contains("there is no scenario"), "{fewer}");
}

#[test]
fn a_change_that_no_scenario_notices_fails_until_it_is_explained_and_a_stale_explanation_fails() {
    let (_dir, root) = package();
    let run = mandate(&root, &["test", "--mutate", "--format", "json"]);
    assert_eq!(code(&run), 1, "{}", said(&run));
    let value: serde_json::Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let survivors = value["survivors"].as_array().expect("a list");
    assert!(!survivors.is_empty() && value["noticed"].as_u64() > Some(0), "{value}");
    assert!(survivors.iter().all(|s| s["line"].as_u64() > Some(0) && s["file"] == "exercise.mandate"), "{value}");
    let text = stdout(&mandate(&root, &["test", "--mutate"]));
    assert!(text.contains("Changes that no scenario notices") && text.contains("[[survives]]"), "{text}");
    let explained: String = survivors
        .iter()
        .map(|s| format!("[[survives]]\nrule = {}\nchange = {}\nreason = \"known\"\n", s["rule"], s["change"]))
        .collect();
    fs::write(root.join("mutants.toml"), &explained).expect("written");
    let clean = mandate(&root, &["test", "--mutate"]);
    assert_eq!(code(&clean), 0, "{}", said(&clean));
    assert!(stdout(&clean).contains("none left"), "{}", said(&clean));
    let stale = format!("{explained}[[survives]]\nrule = \"r\"\nchange = \"it rains\"\nreason = \"known\"\n");
    fs::write(root.join("mutants.toml"), stale).expect("written");
    let stale = mandate(&root, &["test", "--mutate"]);
    assert_eq!(code(&stale), 1, "{}", said(&stale));
    assert!(stdout(&stale).contains("there is no such change any more"), "{}", said(&stale));
    fs::write(root.join("mutants.toml"), "[[survives]]\nrule = 1\n").expect("written");
    let wrong = mandate(&root, &["test", "--mutate"]);
    assert_eq!(code(&wrong), 2, "{}", said(&wrong));
    assert!(stderr(&wrong).contains("mutants.toml:2"), "{}", said(&wrong));
}
