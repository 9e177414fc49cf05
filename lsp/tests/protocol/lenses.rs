//! Lines above declarations and passages, and the server's own commands.

use crate::client::{Client, range, uri};
use crate::mission::{Mission, ORDER, RULES};
use crate::proofs;
use crate::scenarios::{SCENARIOS, mission};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

const COMMANDS: [&str; 4] = [
    "mandate.client.runScenario",
    "mandate.client.showReferences",
    "mandate.client.showPage",
    "mandate.client.showWhy",
];

/// A client that shows lenses and edits files, with commands of its own.
fn start(mission: &Mission, commands: &[&str]) -> Client {
    let capabilities = json!({"workspace": {"applyEdit": true, "codeLens": {"refreshSupport": true}}});
    let options = json!({"clientCommands": commands});
    Client::start_with_options(mission.server(), &[&mission.path("")], &capabilities, &options).0
}

/// The lenses of a file, each resolved.
fn lenses(client: &mut Client, path: &Path) -> Vec<Value> {
    let found = client.request("textDocument/codeLens", json!({"textDocument": {"uri": uri(path)}})).unwrap();
    let found = found.as_array().cloned().unwrap_or_default();
    found.into_iter().map(|lens| client.request("codeLens/resolve", lens).unwrap()).collect()
}

/// `3:0-3:5 title -> command`
fn shown(lenses: &[Value]) -> Vec<String> {
    let one = |lens: &Value| {
        let (title, command) =
            (lens["command"]["title"].as_str().unwrap(), lens["command"]["command"].as_str().unwrap());
        format!("{} {title} -> {}", range(&lens["range"]), command.rsplit('.').next().unwrap())
    };
    lenses.iter().map(one).collect()
}

fn refreshes(client: &Client) -> usize {
    client.requests.iter().filter(|it| it["method"] == "workspace/codeLens/refresh").count()
}

#[test]
fn lenses_say_who_cites_what_scenarios_show_and_how_they_came_out() {
    let mission = mission();
    let mut client = start(&mission, &COMMANDS);
    let (tests, rules, order) =
        (mission.path("tests.mandate"), mission.path("rules.mandate"), mission.path("sources/order.md"));
    client.until("the outcomes", |client| refreshes(client) > 0);
    assert_eq!(
        shown(&lenses(&mut client, &tests)),
        [
            "3:9-3:27 ✓ passed · run scenario -> runScenario",
            "11:9-11:28 ✗ failed · run scenario -> runScenario",
            "16:2-16:33 why -> showWhy",
        ]
    );
    let why = lenses(&mut client, &tests)[2]["command"]["arguments"].clone();
    assert_eq!(why, json!([uri(&tests), {"line": 16, "character": 2}]));
    let found = lenses(&mut client, &rules);
    assert_eq!(
        shown(&found),
        [
            "2:7-2:14 1 rule cites this -> showReferences",
            "27:5-27:14 2 scenarios · applied ✓ · met ✓ · broken – -> showReferences",
        ]
    );
    let at = &found[1]["command"]["arguments"];
    assert_eq!((&at[0], &at[1]), (&json!(uri(&rules)), &json!({"line": 27, "character": 5})));
    let places: Vec<_> = at[2].as_array().unwrap().iter().map(|it| range(&it["range"])).collect();
    assert_eq!(places, ["8:9-8:18", "16:9-16:18"]);
    assert_eq!(shown(&lenses(&mut client, &order)), ["2:0-2:25 1 rule cites this -> showReferences"]);

    // The line follows the text.
    client.open(&tests, &SCENARIOS.replace("2026-03-02T23:00Z", "2026-03-01T23:00Z"));
    let before = refreshes(&client);
    client.until("the new outcome", |client| refreshes(client) > before);
    assert_eq!(shown(&lenses(&mut client, &tests))[1], "11:9-11:28 ✓ passed · run scenario -> runScenario");
    client.end();
}

#[test]
fn lenses_stay_while_something_is_half_typed() {
    let mission = mission();
    let mut client = start(&mission, &COMMANDS);
    let (tests, rules) = (mission.path("tests.mandate"), mission.path("rules.mandate"));
    client.until("the outcomes", |client| refreshes(client) > 0);
    let (whole, titles) = (shown(&lenses(&mut client, &rules)), shown(&lenses(&mut client, &tests)));
    client.open(&rules, &format!("{RULES}\nrule half {{\n  cites order_7#\n  when "));
    let half = shown(&lenses(&mut client, &rules));
    assert_eq!((&half[..2], half.len()), (&whole[..], 3), "{half:?}");
    assert_eq!(shown(&lenses(&mut client, &tests)), titles);
    // One whose declaration is gone by the time it is shown does nothing.
    let asked = client
        .request("textDocument/codeLens", json!({"textDocument": {"uri": uri(&mission.path("sources/order.md"))}}));
    client.open(&mission.path("sources/order.md"), &ORDER.replace("{#reporting}", "{#telling}"));
    let gone = client.request("codeLens/resolve", asked.unwrap()[0].clone()).unwrap();
    assert_eq!(
        (gone["command"]["title"].as_str(), gone["command"]["command"].as_str()),
        (Some("no longer there"), Some(""))
    );
    client.end();
}

#[test]
fn a_plain_client_gets_the_lenses_that_the_server_can_carry_out() {
    let mission = mission();
    let mut client = start(&mission, &[]);
    let (tests, rules) = (mission.path("tests.mandate"), mission.path("rules.mandate"));
    client.until("the outcomes", |client| refreshes(client) > 0);
    assert_eq!(shown(&lenses(&mut client, &rules)), [""; 0]);
    let found = lenses(&mut client, &tests);
    assert_eq!(found[1]["command"]["command"], "mandate.runScenario");
    let run = |client: &mut Client, lens: &Value| {
        let command = json!({"command": lens["command"]["command"], "arguments": lens["command"]["arguments"]});
        assert_eq!(client.request("workspace/executeCommand", command), Ok(Value::Null));
        client.until("the outcome", |client| client.notices.iter().any(|it| it["method"] == "window/showMessage"));
        let said = client.notices.iter().rev().find(|it| it["method"] == "window/showMessage").unwrap();
        said["params"]["message"].as_str().unwrap().to_owned()
    };
    assert!(run(&mut client, &found[1]).starts_with("\"reported too late\" failed: found: violated for inc"));
    for (command, arguments) in [("mandate.runScenario", json!([])), ("mandate.noSuch", json!([uri(&tests), "x"]))] {
        let asked = json!({"command": command, "arguments": arguments});
        assert_eq!(client.request("workspace/executeCommand", asked), Err(-32602));
    }
    client.end();
}

#[test]
fn a_conflict_is_counted_above_both_rules_and_opens_its_page() {
    let capabilities = json!({"workspace": {"codeLens": {"refreshSupport": true}}});
    let (_dir, root, mut client) = proofs::town_with(&capabilities, &json!({"clientCommands": COMMANDS}));
    client.until("the findings", |client| refreshes(client) > 0);
    for (file, rule) in [("search.mandate", "search_depots"), ("keep_out.mandate", "keep_out")] {
        let found = lenses(&mut client, &root.join(file));
        let finding = found.iter().find(|lens| lens["command"]["command"] == "mandate.client.showPage");
        let command = &finding.unwrap_or_else(|| panic!("{file}: {found:?}"))["command"];
        assert_eq!(command["title"], "1 finding");
        assert_eq!(command["arguments"][0], format!("{rule}: 1 finding"));
        assert!(command["arguments"][1].as_str().unwrap().contains("**E301**"), "{command}");
    }
    client.end();
}

#[test]
fn a_review_is_recorded_by_an_edit_of_the_lock() {
    let mission = Mission::new();
    let lock = "version = 1\n\n[rule.\"rules.report_it\"]\nreviewed_by = \"Legal adviser\"\nreviewed_on = 2026-03-01\n\
                \"rules.order_7#reporting\" = { fingerprint = \"0\", words = \"Whoever sees it reports it.\" }\n";
    let file = mission.write("mandate.lock", lock);
    let git = |arguments: &[&str]| {
        let ran = Command::new("git").arg("-C").arg(mission.path("")).args(arguments).output();
        assert!(ran.unwrap().status.success(), "{arguments:?}");
    };
    git(&["init", "-q"]);
    git(&["config", "user.name", "Reviewer"]);
    let mut client = start(&mission, &COMMANDS);
    let rules = mission.path("rules.mandate");
    let found = lenses(&mut client, &rules);
    let lens = found.iter().find(|lens| lens["command"]["command"] == "mandate.acceptReview");
    let command = &lens.unwrap_or_else(|| panic!("{found:?}"))["command"];
    assert_eq!(command["title"], "passage changed since review: accept");
    assert_eq!(command["arguments"], json!([uri(&rules), "report_it"]));
    let asked = json!({"command": "mandate.acceptReview", "arguments": command["arguments"]});
    assert_eq!(client.request("workspace/executeCommand", asked), Ok(Value::Null));
    let is_edit = |it: &&Value| it["method"] == "workspace/applyEdit";
    client.until("the edit", |client| client.requests.iter().any(|it| is_edit(&it)));
    let edit = client.requests.iter().find(is_edit).unwrap()["params"]["edit"]["changes"][uri(&file)][0].clone();
    assert_eq!(range(&edit["range"]), "0:0-6:0");
    let text = edit["newText"].as_str().unwrap().to_owned();
    assert!(text.contains("reviewed_by = \"Reviewer\"") && text.contains("sees a grave incident"), "{text}");
    // With the edit nothing is left to be reviewed.
    client.open(&file, &text);
    assert!(lenses(&mut client, &rules).iter().all(|lens| lens["command"]["command"] != "mandate.acceptReview"));

    let wrong = json!({"command": "mandate.acceptReview", "arguments": [uri(&rules), "no_such"]});
    assert_eq!(client.request("workspace/executeCommand", wrong), Ok(Value::Null));
    client.until("the message", |client| client.notices.iter().any(|it| it["method"] == "window/showMessage"));
    client.end();
}
