//! Diagnostics that the client asks for, what the user has set, long work that is shown, and the other ways to connect.

use crate::client::{Client, range, uri};
use crate::mission::{Mission, RULES, UNITS, place};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// What clients can that ask for diagnostics.
fn asking() -> Value {
    json!({
        "textDocument": {"diagnostic": {"dynamicRegistration": false}},
        "workspace": {"diagnostics": {"refreshSupport": true}},
    })
}

/// The report about a file.
fn ask(client: &mut Client, path: &Path, previous: Option<&str>) -> Value {
    let mut params = json!({"textDocument": {"uri": uri(path)}});
    if let Some(previous) = previous {
        params["previousResultId"] = json!(previous);
    }
    for _ in 0..100 {
        match client.request("textDocument/diagnostic", params.clone()) {
            Ok(report) => return report,
            // The text was changed meanwhile.
            Err(code) => assert_eq!(code, -32802),
        }
    }
    panic!("the text changes all the time");
}

fn refreshes(client: &Client) -> usize {
    client.requests.iter().filter(|it| it["method"] == "workspace/diagnostic/refresh").count()
}

#[test]
fn who_asks_for_diagnostics_is_answered_and_nothing_is_published() {
    let mission = Mission::new();
    let (mut client, offered) = mission.start_with(&asking());
    assert_eq!(
        offered["capabilities"]["diagnosticProvider"],
        json!({"interFileDependencies": true, "workspaceDiagnostics": true, "workDoneProgress": true})
    );
    let path = mission.path("rules.mandate");
    let wrong = RULES.replace("when i.grave", "when i.brave");
    client.open(&path, &wrong);
    let report = ask(&mut client, &path, None);
    assert_eq!((&report["kind"], report["items"].as_array().map(Vec::len)), (&json!("full"), Some(1)), "{report}");
    let (line, column) = place(&wrong, "brave", 0);
    assert_eq!(range(&report["items"][0]["range"]), format!("{line}:{column}-{line}:{}", column + 5));
    let id = report["resultId"].as_str().unwrap().to_owned();
    let again = ask(&mut client, &path, Some(&id));
    assert_eq!(again, json!({"kind": "unchanged", "resultId": id}));
    client.edit(&path, 2, &[([line, column, line, column + 1], "g")]);
    let mended = ask(&mut client, &path, Some(&id));
    assert_eq!((&mended["kind"], &mended["items"]), (&json!("full"), &json!([])));
    client.settle();
    assert!(client.log.is_empty(), "{:?}", client.log);
    client.end();
}

#[test]
fn a_client_that_cannot_be_told_to_ask_again_is_published_to() {
    let mission = Mission::new();
    let (mut client, offered) = mission.start_with(&json!({"textDocument": {"diagnostic": {}}}));
    assert!(offered["capabilities"].get("diagnosticProvider").is_none());
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    assert_eq!(client.diagnostics(&path, 1), [""; 0]);
    client.end();
}

#[test]
fn an_edit_that_matters_in_another_open_file_has_the_client_ask_again() {
    let mission = Mission::new();
    let (mut client, _) = mission.start_with(&asking());
    let (units, rules) = (mission.path("units.mandate"), mission.path("rules.mandate"));
    client.open(&units, UNITS);
    client.open(&rules, RULES);
    let before = ask(&mut client, &rules, None);
    assert_eq!(before["items"], json!([]));
    ask(&mut client, &units, None);
    client.settle();
    let told = refreshes(&client);
    let (line, column) = place(UNITS, "Unit key", 0);
    client.edit(&units, 2, &[([line, column, line, column + 4], "Squad")]);
    client.until("the wish to ask again", |client| refreshes(client) > told);
    let after = ask(&mut client, &rules, before["resultId"].as_str());
    assert_eq!(after["kind"], "full");
    assert_ne!(after["items"], json!([]));
    client.end();
}

/// Addresses (their last part) of the files in a report about the workspace, with its kind and the number of findings.
fn reported(report: &Value) -> Vec<String> {
    let mut all: Vec<String> = report["items"].as_array().unwrap().iter().map(one).collect();
    all.sort();
    all
}

fn one(item: &Value) -> String {
    let name = item["uri"].as_str().unwrap().rsplit('/').next().unwrap();
    let count = item["items"].as_array().map_or(0, Vec::len);
    format!("{name} {} {count}", item["kind"].as_str().unwrap())
}

/// What the client knows after a report.
fn ids(report: &Value) -> Value {
    report["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| json!({"uri": item["uri"], "value": item["resultId"]}))
        .collect()
}

#[test]
fn the_whole_workspace_is_told_at_once_and_then_what_is_new() {
    let mission = Mission::new();
    mission.write("other.mandate", "record Broken {\n  x: Nowhere\n}\n");
    let (mut client, _) = mission.start_with(&asking());
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    let first = client.request("workspace/diagnostic", json!({"previousResultIds": []})).unwrap();
    assert_eq!(reported(&first), ["other.mandate full 1", "rules.mandate full 0"]);
    // The next question waits for news.
    let waiting = client.ask("workspace/diagnostic", json!({"previousResultIds": ids(&first)}));
    client.settle();
    assert!(!client.is_answered(waiting));
    let (line, column) = place(RULES, "grave\n  everyone", 0);
    client.edit(&rules, 2, &[([line, column, line, column + 1], "b")]);
    let news = client.answer(waiting).unwrap();
    assert_eq!(reported(&news), ["other.mandate unchanged 0", "rules.mandate full 1"]);
    // A file that is gone has nothing against it any more.
    let waiting = client.ask("workspace/diagnostic", json!({"previousResultIds": ids(&news)}));
    let other = mission.path("other.mandate");
    fs::remove_file(&other).unwrap();
    client.notify("workspace/didDeleteFiles", json!({"files": [{"uri": uri(&other)}]}));
    assert_eq!(reported(&client.answer(waiting).unwrap()), ["other.mandate full 0", "rules.mandate unchanged 0"]);
    // Who gives up, or goes, is answered too.
    let known = json!({"previousResultIds": ids(&client.request("workspace/diagnostic", json!({"previousResultIds": []})).unwrap())});
    let dropped = client.ask("workspace/diagnostic", known.clone());
    client.notify("$/cancelRequest", json!({"id": dropped}));
    assert_eq!(client.answer(dropped), Err(-32800));
    let left = client.ask("workspace/diagnostic", known);
    client.request("shutdown", Value::Null).unwrap();
    assert_eq!(client.answer(left), Err(-32802));
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 0);
}

#[test]
fn news_of_the_workspace_come_piece_by_piece_to_a_client_that_takes_them_so() {
    let mission = Mission::new();
    let (mut client, _) = mission.start_with(&asking());
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    let id = client.ask("workspace/diagnostic", json!({"previousResultIds": [], "partialResultToken": "news"}));
    let parts = |client: &Client| -> Vec<Vec<String>> {
        let parts = client.notices.iter().filter(|it| it["method"] == "$/progress" && it["params"]["token"] == "news");
        parts.map(|it| reported(&it["params"]["value"])).collect()
    };
    client.until("the first part", |client| !parts(client).is_empty());
    let (line, column) = place(RULES, "grave\n  everyone", 0);
    client.edit(&rules, 2, &[([line, column, line, column + 1], "b")]);
    client.until("the second part", |client| parts(client).len() > 1);
    assert_eq!(parts(&client), [["rules.mandate full 0"], ["rules.mandate full 1"]]);
    assert!(!client.is_answered(id));
    client.end();
}

/// Two rules of which one demands what the other forbids.
const AGAINST: &str = "\nrule no_report \"Report nothing\" {\n  cites order_7#reporting\n  for each i: Incident\n  when i.grave\n  everyone must not report(i)\n}\n";

#[test]
fn findings_about_rules_can_be_switched_off_and_on() {
    let mission = Mission::new();
    let can = json!({"workspace": {"configuration": true, "didChangeConfiguration": {"dynamicRegistration": true}}});
    let mut client = Client::raw(&mut mission.server());
    client.configuration = json!({"diagnostics": {"proofs": false}});
    let folders = json!([{"uri": uri(&mission.path("")), "name": "folder"}]);
    client
        .request("initialize", json!({"processId": null, "capabilities": can, "workspaceFolders": folders}))
        .expect("an answer");
    client.notify("initialized", json!({}));
    client.until("the wish to be told", |client| {
        client.requests.iter().any(|it| it.to_string().contains("workspace/didChangeConfiguration"))
    });
    let path = mission.path("rules.mandate");
    let text = format!("{RULES}{AGAINST}");
    client.open(&path, &text);
    client.settle();
    let proven = |client: &Client| client.codes(&path).iter().any(|code| code.starts_with("E3"));
    assert!(!proven(&client), "{:?}", client.codes(&path));
    client.configuration = json!({"diagnostics": {"proofs": true}});
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    client.until("the contradiction", proven);
    client.configuration = json!({"diagnostics": {"proofs": false}});
    client.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    client.until("silence about it", |client| !proven(client));
    client.end();
    // A client that is not asked sends its settings along.
    let (mut client, _) = mission.start_with(&json!({}));
    client.open(&path, &text);
    client.until("the contradiction", proven);
    let off = json!({"settings": {"mandate": {"diagnostics": {"proofs": false}}}});
    client.notify("workspace/didChangeConfiguration", off);
    client.until("silence about it", |client| !proven(client));
    client.end();
}

/// A package of so many files, with a mistake in the last one.
fn large(mission: &Mission, files: usize) -> String {
    for number in 0..files {
        let fields: String = (0..40).map(|field| format!("  f{field}: Int?\n")).collect();
        mission.write(&format!("many/file_{number:04}.mandate"), &format!("record R{number} {{\n{fields}}}\n"));
    }
    uri(&mission.write("zz_last.mandate", "record Broken {\n  x: Nowhere\n}\n"))
}

fn steps<'a>(client: &'a Client, token: &str) -> Vec<&'a Value> {
    let of_it = |it: &&Value| it["method"] == "$/progress" && it["params"]["token"] == token;
    client.notices.iter().filter(of_it).map(|it| &it["params"]["value"]).collect()
}

#[test]
fn the_first_check_of_many_files_is_shown_and_can_be_stopped() {
    let mission = Mission::new();
    let last = large(&mission, 300);
    let (mut client, _) = mission.start_with(&json!({"window": {"workDoneProgress": true}}));
    let token = "mandate/first-check";
    client.until("the end", |client| steps(client, token).iter().any(|step| step["kind"] == "end"));
    assert!(client.requests.iter().any(|it| it["method"] == "window/workDoneProgress/create"));
    let shown = steps(&client, token);
    assert_eq!((&shown[0]["kind"], &shown[0]["cancellable"]), (&json!("begin"), &json!(true)));
    let percent: Vec<u64> = shown.iter().filter_map(|step| step["percentage"].as_u64()).collect();
    assert!(percent.len() > 10 && percent.is_sorted() && percent.last() == Some(&100), "{percent:?}");
    assert!(client.published.contains_key(&last));
    client.end();
    // Stopped at its beginning, it leaves out what is not open, until something is saved.
    let (mut client, _) = mission.start_with(&json!({"window": {"workDoneProgress": true}}));
    client.until("the beginning", |client| !steps(client, token).is_empty());
    client.notify("window/workDoneProgress/cancel", json!({"token": token}));
    let rules = mission.path("rules.mandate");
    client.open(&rules, &RULES.replace("i.grave", "i.brave"));
    assert_eq!(client.diagnostics(&rules, 1).len(), 1);
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": uri(&rules)}}));
    client.edit(&rules, 2, &[([0, 0, 0, 0], "\n")]);
    client.until("the rest after all", |client| client.published.contains_key(&last));
    client.end();
    // A client that cannot show it is not asked to.
    let (mut client, _) = mission.start_with(&json!({}));
    client.until("the last file", |client| client.published.contains_key(&last));
    assert!(client.requests.is_empty() && steps(&client, token).is_empty());
    client.end();
}

#[test]
fn a_question_about_many_files_is_shown_under_the_token_of_the_client() {
    let mission = Mission::new();
    large(&mission, 300);
    let (mut client, _) = mission.start_with(&asking());
    let all = client.request("workspace/diagnostic", json!({"previousResultIds": [], "workDoneToken": "all"})).unwrap();
    assert_eq!(reported(&all), ["zz_last.mandate full 1"]);
    let shown = steps(&client, "all");
    assert_eq!((&shown[0]["kind"], &shown.last().unwrap()["kind"]), (&json!("begin"), &json!("end")));
    client.end();
}

#[test]
fn a_client_may_connect_to_a_port() {
    let mission = Mission::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mandate-lsp"));
    command.args(["--socket", "0"]).env("XDG_CACHE_HOME", mission.dir.path().join("cache"));
    let mut client = Client::over_socket(command);
    let folders = json!([{"uri": uri(&mission.path("")), "name": "folder"}]);
    client.request("initialize", json!({"processId": null, "capabilities": {}, "workspaceFolders": folders})).unwrap();
    client.notify("initialized", json!({}));
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    assert_eq!(client.diagnostics(&path, 1), [""; 0]);
    client.end();
}

#[test]
fn a_renamed_folder_takes_its_modules_with_it() {
    let mission = Mission::new();
    mission.write("old/words.mandate", "enum Colour { red, green }\n");
    let text = "use old.words.{Colour}\n\nrecord Flag {\n  colour: Colour\n}\n";
    let user = mission.write("flags.mandate", text);
    let mut client = mission.start();
    client.open(&user, text);
    assert_eq!(client.diagnostics(&user, 1), [""; 0]);
    let (old, new) = (mission.path("old"), mission.path("new"));
    fs::rename(&old, &new).unwrap();
    client.notify("workspace/didRenameFiles", json!({"files": [{"oldUri": uri(&old), "newUri": uri(&new)}]}));
    client.until("the lost module", |client| !client.codes(&user).is_empty());
    client.edit(&user, 2, &[([0, 4, 0, 7], "new")]);
    assert_eq!(client.diagnostics(&user, 2), [""; 0]);
    client.end();
}
