//! Scenarios in the editor: the list, runs on the texts as they stand, what is said at the lines.

use crate::client::{Client, range, uri};
use crate::mission::{Mission, RULES, place};
use serde_json::{Value, json};
use std::path::Path;

/// Two scenarios, of which the second fails.
pub const SCENARIOS: &str = r#"use rules.{Incident, Report, report_it}
use units.{Unit}

scenario "reported in time" {
  as of 2026-03-03
  given u: Unit { name: "North" }
  given inc: Incident { unit: u, observed_at: 2026-03-01T08:00Z, grave: true }
  given Report { unit: u, sent_at: 2026-03-01T09:00Z }
  expect report_it(inc) satisfied
}

scenario "reported too late" {
  as of 2026-03-03
  given u: Unit { name: "South" }
  given inc: Incident { unit: u, observed_at: 2026-03-01T08:00Z, grave: true }
  given Report { unit: u, sent_at: 2026-03-02T23:00Z }
  expect report_it(inc) satisfied
}
"#;

/// A mission with these scenarios on disk.
pub fn mission() -> Mission {
    let mission = Mission::new();
    mission.write("tests.mandate", SCENARIOS);
    mission
}

fn run(client: &mut Client, path: &Path, title: &str) -> Value {
    let wanted = json!({"scenarios": [{"uri": uri(path), "title": title}]});
    let ran = client.request("mandate/runScenarios", wanted).unwrap();
    assert_eq!(ran.as_array().unwrap().len(), 1, "{ran}");
    ran[0].clone()
}

#[test]
fn the_scenarios_of_the_texts_in_the_editor_are_listed_by_file_and_place() {
    let mission = mission();
    let mut client = mission.start();
    let path = mission.path("tests.mandate");
    let listed = client.request("mandate/scenarios", json!({})).unwrap();
    let shown = |listed: &Value| -> Vec<String> {
        let one = |it: &Value| {
            format!("{} {} {}", it["title"].as_str().unwrap(), range(&it["range"]), range(&it["nameRange"]))
        };
        listed.as_array().unwrap().iter().map(one).collect()
    };
    assert_eq!(shown(&listed), ["reported in time 3:0-9:1 3:9-3:27", "reported too late 11:0-17:1 11:9-11:28"]);
    assert_eq!((listed[0]["uri"].as_str(), listed[0]["package"].as_str()), (Some(&*uri(&path)), Some("heron")));
    let half = format!("{}\nscenario \"half\" {{\n  given", SCENARIOS.replace("reported too late", "late"));
    client.open(&path, &half);
    let listed = client.request("mandate/scenarios", json!({})).unwrap();
    assert_eq!(shown(&listed)[1..], ["late 11:0-17:1 11:9-11:15", "half 19:0-20:7 19:9-19:15"]);
    client.end();
}

#[test]
fn a_run_says_at_each_line_what_was_found_instead() {
    let mission = mission();
    let mut client = mission.start();
    let path = mission.path("tests.mandate");
    let all = client.request("mandate/runScenarios", json!({})).unwrap();
    let outcomes: Vec<_> = all.as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["passed", "failed"]);
    assert_eq!(all[0]["messages"], json!([]));
    let message = &all[1]["messages"][0];
    let (line, column) = place(SCENARIOS, "expect report_it(inc) satisfied\n}\n\nscenario", 0);
    assert_eq!((line, column), (8, 2));
    assert_eq!(range(&message["range"]), "16:2-16:33");
    assert_eq!(
        (message["expected"].as_str(), message["actual"].as_str()),
        (Some("outcome: satisfied"), Some("outcome: violated"))
    );
    let said = message["message"].as_str().unwrap();
    assert!(said.starts_with("found: violated for inc") && said.contains("when i.grave: yes"), "{said}");

    // What counts is the text in the editor: nothing is saved.
    client.open(&path, &SCENARIOS.replace("2026-03-02T23:00Z", "2026-03-01T23:00Z"));
    assert_eq!(run(&mut client, &path, "reported too late")["outcome"], "passed");
    let rules = mission.path("rules.mandate");
    client.open(&rules, &RULES.replace("within 24 hours", "within 1 minute"));
    assert_eq!(run(&mut client, &path, "reported in time")["outcome"], "failed");
    let nothing = json!({"scenarios": [{"uri": uri(&path), "title": "no such"}]});
    assert_eq!(client.request("mandate/runScenarios", nothing), Ok(json!([])));
    client.end();
}

#[test]
fn a_package_with_errors_says_so_in_place_of_an_outcome() {
    let mission = mission();
    let mut client = mission.start();
    let (path, rules) = (mission.path("tests.mandate"), mission.path("rules.mandate"));
    let wrong = RULES.replace("when i.grave", "when i.brave");
    client.open(&rules, &wrong);
    let ran = run(&mut client, &path, "reported in time");
    assert_eq!(ran["outcome"], "broken");
    let (line, column) = place(&wrong, "brave", 0);
    assert_eq!(ran["messages"][0]["uri"], uri(&rules));
    assert_eq!(range(&ran["messages"][0]["range"]), format!("{line}:{column}-{line}:{}", column + 5));
    client.edit(&rules, 2, &[([line, column, line, column + 1], "g")]);
    assert_eq!(run(&mut client, &path, "reported in time")["outcome"], "passed");
    client.end();
}

/// A package whose run takes a while.
fn many(mission: &Mission) -> String {
    let (head, rest) = SCENARIOS.split_once("scenario").unwrap();
    let first = rest.split("\n}\n").next().unwrap();
    let mut text = head.to_owned();
    for number in 0..3_000 {
        text.push_str(&format!("scenario{}\n}}\n\n", first.replace("in time", &format!("in time {number}"))));
    }
    mission.write("many.mandate", &text);
    text
}

#[test]
fn a_long_run_keeps_no_edit_and_no_request_waiting_and_can_be_cancelled() {
    let mission = mission();
    many(&mission);
    let mut client = mission.start();
    let (path, rules) = (mission.path("tests.mandate"), mission.path("rules.mandate"));
    client.open(&rules, RULES);
    client.request("mandate/scenarios", json!({})).unwrap();
    let long = client.ask("mandate/runScenarios", json!({}));
    client.edit(&rules, 2, &[([0, 0, 0, 0], "// a remark\n")]);
    let (line, column) = place(RULES, "report_it", 2);
    let hover = client.at("textDocument/hover", &rules, line + 1, column).unwrap();
    assert!(hover["contents"]["value"].as_str().unwrap().contains("report_it"), "{hover}");
    client.notify("$/cancelRequest", json!({"id": long}));
    assert_eq!(client.answer(long), Err(-32800));
    // The thread is free again.
    assert_eq!(run(&mut client, &path, "reported in time")["outcome"], "passed");
    client.end();
}

#[test]
fn why_tells_each_clause_with_its_place() {
    let mission = mission();
    let mut client = mission.start();
    let (path, rules) = (mission.path("tests.mandate"), mission.path("rules.mandate"));
    let why = client.at("mandate/why", &path, 16, 8).unwrap();
    assert_eq!(why["title"], "expect report_it(inc) satisfied");
    let tree = &why["tree"];
    assert_eq!(
        (tree["label"].as_str(), tree["outcome"].as_str()),
        (Some("report_it: Report what you see"), Some("false"))
    );
    assert_eq!(tree["uri"], uri(&rules));
    let clause = tree["children"].as_array().unwrap().iter().find(|it| it["label"] == "when i.grave").unwrap().clone();
    let (line, column) = place(RULES, "i.grave", 0);
    assert_eq!(
        (clause["outcome"].as_str(), range(&clause["range"])),
        (Some("true"), format!("{line}:{column}-{line}:{}", column + 7))
    );
    assert_eq!(
        clause["children"][0],
        json!({"label": "inc.grave", "detail": "true", "outcome": "none", "children": []})
    );
    assert_eq!(client.at("mandate/why", &path, 4, 3), Ok(Value::Null));
    assert_eq!(client.at("mandate/why", &rules, line, column), Ok(Value::Null));
    client.end();
}

#[test]
fn the_graph_shows_what_rules_do_and_cite_also_while_one_is_half_typed() {
    let mission = mission();
    let mut client = mission.start();
    let rules = mission.path("rules.mandate");
    client.open(&rules, &format!("{RULES}\nrule half \"Half\" {{\n  overrides report_it("));
    for params in [json!({}), json!({"textDocument": {"uri": uri(&rules)}})] {
        let graph = client.request("mandate/ruleGraph", params).unwrap();
        let nodes: Vec<_> =
            graph["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
        assert_eq!(nodes, ["heron.rules.half", "heron.rules.order_7", "heron.rules.report", "heron.rules.report_it"]);
        let (line, column) = place(RULES, "report_it", 0);
        assert_eq!(range(&graph["nodes"][3]["range"]), format!("{line}:{column}-{line}:{}", column + 9));
        assert_eq!(
            (graph["nodes"][3]["kind"].as_str(), graph["nodes"][3]["title"].as_str()),
            (Some("rule"), Some("Report what you see"))
        );
        let edge = |from: &str, kind: &str, to: &str| json!({"from": from, "to": to, "kind": kind});
        for expected in [
            edge("heron.rules.report_it", "does", "heron.rules.report"),
            edge("heron.rules.report_it", "cites", "heron.rules.order_7"),
            edge("heron.rules.half", "overrides", "heron.rules.report_it"),
        ] {
            assert!(graph["edges"].as_array().unwrap().contains(&expected), "{expected} is not in {graph}");
        }
    }
    client.end();
}

#[test]
fn a_client_that_asked_for_it_is_told_when_the_list_changes() {
    let mission = mission();
    let options = json!({"scenariosChanged": true});
    let (mut client, _) = Client::start_with_options(mission.server(), &[&mission.path("")], &json!({}), &options);
    let path = mission.path("tests.mandate");
    let told = |client: &Client| client.notices.iter().filter(|it| it["method"] == "mandate/scenariosChanged").count();
    client.until("the first list", |client| told(client) == 1);
    client.open(&path, SCENARIOS);
    client.edit(&path, 2, &[([6, 60, 6, 61], "9")]);
    client.diagnostics(&path, 2);
    assert_eq!(told(&client), 1);
    client.edit(&path, 3, &[([3, 10, 3, 18], "sent")]);
    client.until("the new title", |client| told(client) == 2);
    client.edit(&path, 4, &[([0, 0, 0, 0], "// a remark\n")]);
    client.until("the new lines", |client| told(client) == 3);
    client.end();
    let mut silent = mission.start();
    silent.open(&path, SCENARIOS);
    silent.diagnostics(&path, 1);
    assert_eq!(told(&silent), 0);
    silent.end();
}
