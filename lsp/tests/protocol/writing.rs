//! What the server gives to who writes: completions, signatures, hints.

use crate::client::{Client, range, uri};
use crate::mission::{Mission, RULES, place};
use serde_json::{Value, json};
use std::path::Path;

/// A client that takes all that a completion can be made of.
fn writer(mission: &Mission) -> Client {
    let item = json!({
        "snippetSupport": true,
        "commitCharactersSupport": true,
        "insertReplaceSupport": true,
        "labelDetailsSupport": true,
        "documentationFormat": ["markdown"],
        "tagSupport": {"valueSet": [1]},
    });
    let signature = json!({"parameterInformation": {"labelOffsetSupport": true}, "documentationFormat": ["markdown"]});
    let capabilities = json!({"textDocument": {
        "completion": {"completionItem": item},
        "signatureHelp": {"signatureInformation": signature},
        "hover": {"contentFormat": ["markdown"]},
    }});
    mission.start_with(&capabilities).0
}

/// Opens `text` with the mark `|` taken out, and asks for completions there.
fn completions(client: &mut Client, path: &Path, text: &str) -> Vec<Value> {
    let (line, column) = place(text, "|", 0);
    client.open(path, &text.replacen('|', "", 1));
    let found = client.at("textDocument/completion", path, line, column).unwrap();
    found["items"].as_array().cloned().unwrap_or_default()
}

fn labels(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["label"].as_str().unwrap()).collect()
}

fn named<'v>(items: &'v [Value], label: &str) -> &'v Value {
    items.iter().find(|item| item["label"] == label).unwrap_or_else(|| panic!("{label} in {:?}", labels(items)))
}

#[test]
fn a_field_is_completed_behind_a_dot_and_its_documentation_is_looked_up_later() {
    let mission = Mission::new();
    let mut client = writer(&mission);
    let path = mission.path("rules.mandate");
    let text = RULES.replace("when i.grave", "when i.unit.na|");
    let items = completions(&mut client, &path, &text);
    assert_eq!(labels(&items), ["id", "name"]);
    let name = named(&items, "name");
    let (line, column) = place(&text, "na|", 0);
    let word = format!("{line}:{column}-{line}:{}", column + 2);
    assert_eq!((range(&name["textEdit"]["insert"]), range(&name["textEdit"]["replace"])), (word.clone(), word));
    assert_eq!(name["labelDetails"]["detail"], ": Text?");
    assert!(name.get("documentation").is_none_or(Value::is_null), "{name}");
    let resolved = client.request("completionItem/resolve", name.clone()).unwrap();
    let page = resolved["documentation"]["value"].as_str().unwrap();
    assert!(page.contains("name: Text?") && resolved["label"] == "name", "{resolved}");
    client.end();
}

#[test]
fn a_name_of_the_standard_library_brings_its_use_line_along() {
    let mission = Mission::new();
    let mut client = writer(&mission);
    let path = mission.path("rules.mandate");
    let text = format!("{RULES}\ndefine here(p: Pers|) = true\n");
    let items = completions(&mut client, &path, &text);
    let category = named(&items, "PersonnelCategory");
    assert_eq!(
        category["labelDetails"]["description"].as_str().map(|it| it.starts_with("use core")),
        Some(true),
        "{category}"
    );
    let edit = &category["additionalTextEdits"][0];
    assert!(edit["newText"].as_str().unwrap().contains("use core"), "{edit}");
    assert!(range(&edit["range"]).starts_with("0:"), "{edit}");
    let again = client.request("completionItem/resolve", category.clone()).unwrap();
    assert!(again["documentation"]["value"].as_str().unwrap().contains("enum PersonnelCategory"), "{again}");
    client.end();
}

#[test]
fn a_citation_is_completed_with_the_words_of_the_passage() {
    let mission = Mission::new();
    let mut client = writer(&mission);
    let path = mission.path("rules.mandate");
    let items = completions(&mut client, &path, &RULES.replace("order_7#reporting", "order_7#|"));
    let passage = named(&items, "#reporting");
    let resolved = client.request("completionItem/resolve", passage.clone()).unwrap();
    assert!(
        resolved["documentation"]["value"].as_str().unwrap().contains("Whoever sees a grave incident"),
        "{resolved}"
    );
    client.close(&path);
    let text = RULES.replace("order_7#reporting", "order_7#reporting \"a grave|\"");
    let items = completions(&mut client, &path, &text);
    assert_eq!(labels(&items), ["a grave incident reports it within a day."]);
    let (line, column) = place(&text, "a grave|", 0);
    assert_eq!(range(&items[0]["textEdit"]["replace"]), format!("{line}:{column}-{line}:{}", column + 7));
    client.end();
}

#[test]
fn a_client_that_knows_no_snippets_gets_plain_words() {
    let mission = Mission::new();
    let (mut client, _) = mission.start_with(&json!({}));
    let path = mission.path("rules.mandate");
    let items = completions(&mut client, &path, &RULES.replace("must report(i)", "must re|"));
    let report = named(&items, "report");
    assert_eq!(report["textEdit"]["newText"], "report(i)");
    assert_eq!(report["insertTextFormat"], 1);
    assert!(report.get("labelDetails").is_none() && report["detail"].as_str().is_some(), "{report}");
    client.close(&path);
    let rule = named(&completions(&mut client, &path, "|"), "rule").clone();
    assert!(!rule["textEdit"]["newText"].as_str().unwrap().contains('$'), "{rule}");
    client.end();
}

#[test]
fn columns_of_a_completion_count_utf16_and_lines_may_end_in_crlf() {
    let mission = Mission::new();
    let mut client = writer(&mission);
    let path = mission.write("signs.mandate", "");
    let text = "record R {\r\n  x: Int\r\n}\r\n\r\nrule r \"🦺🦺\" { for each r: R when r.|\r\n}\r\n";
    client.open(&path, &text.replacen('|', "", 1));
    // Each of the two signs is two units long.
    let column = text.lines().nth(4).unwrap().split('|').next().unwrap().encode_utf16().count() as u32;
    let found = client.at("textDocument/completion", &path, 4, column).unwrap();
    let edit = &found["items"][0]["textEdit"];
    assert_eq!(
        (found["items"][0]["label"].as_str(), range(&edit["replace"])),
        (Some("x"), format!("4:{column}-4:{column}"))
    );
    client.end();
}

#[test]
fn a_space_asks_only_where_the_next_word_is_as_good_as_known() {
    let mission = Mission::new();
    let mut client = writer(&mission);
    let path = mission.path("rules.mandate");
    let text = RULES.replace("must report(i)", "must ");
    client.open(&path, &text);
    let mut ask = |words: &str| {
        let (line, column) = place(&text, words, words.len());
        let context = json!({"triggerKind": 2, "triggerCharacter": " "});
        let at = json!({"line": line, "character": column});
        let found = client.request(
            "textDocument/completion",
            json!({"textDocument": {"uri": uri(&path)}, "position": at, "context": context}),
        );
        found.unwrap()["items"].as_array().map_or(0, Vec::len)
    };
    assert!(ask("everyone must ") > 0);
    assert_eq!(ask("  for each "), 0);
    client.end();
}

#[test]
fn a_call_shows_what_it_takes_and_where_the_writer_is() {
    let mission = Mission::new();
    let mut client = writer(&mission);
    let path = mission.path("rules.mandate");
    let text = format!(
        "{RULES}\n/// Whether it is old.\ndefine old(i: Incident, days: Int) = true\n\ndefine now(i: Incident) = old(i, )\n"
    );
    client.open(&path, &text);
    let (line, column) = place(&text, "old(i, )", "old(i, ".len());
    let found = client.at("textDocument/signatureHelp", &path, line, column).unwrap();
    assert_eq!(found["signatures"][0]["label"], "old(i: Incident, days: Int): Bool");
    assert_eq!(
        (&found["activeParameter"], &found["signatures"][0]["parameters"][1]["label"]),
        (&json!(1), &json!([17, 26]))
    );
    assert!(found["signatures"][0]["documentation"]["value"].as_str().unwrap().contains("Whether it is old."));
    assert_eq!(client.at("textDocument/signatureHelp", &path, 0, 0), Ok(Value::Null));
    client.end();
}

#[test]
fn hints_show_values_types_and_deadlines() {
    let mission = Mission::new();
    let mut client = writer(&mission);
    let path = mission.path("rules.mandate");
    let text = format!(
        "{}\nparameter window: Duration in 1 hour .. 3 days = 24 hours\n\ndefine grave(i: Incident) = i.grave\n\nscenario \"late\" {{\n  as of 2024-03-05\n  given inc: Incident {{ observed_at: 2024-03-01T08:00Z, grave: true }}\n  expect report_it(inc) violated\n}}\n",
        RULES.replace("within 24 hours", "within window")
    );
    client.open(&path, &text);
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let ask = json!({"textDocument": {"uri": uri(&path)}, "range": whole});
    let hints = client.request("textDocument/inlayHint", ask).unwrap();
    let shown: Vec<String> = hints
        .as_array()
        .unwrap()
        .iter()
        .map(|hint| {
            let at = (
                hint["position"]["line"].as_u64().unwrap() as usize,
                hint["position"]["character"].as_u64().unwrap() as usize,
            );
            let line = text.lines().nth(at.0).unwrap();
            format!("{}<{}>", line[..at.1].trim(), hint["label"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        shown,
        [
            "everyone must report(i) within window<= 24 hours>",
            "define grave(i: Incident)<: Bool>",
            "expect report_it(inc) violated<due 2024-03-02T08:00Z>",
        ]
    );
    let value = &hints[0];
    assert!(value["tooltip"]["value"].as_str().unwrap().contains("from 1 hour to 3 days"), "{value}");
    assert_eq!(hints[1]["textEdits"][0]["newText"], ": Bool");
    client.end();
}

#[test]
fn a_mission_is_told_what_it_can_tailor() {
    let mission = Mission::new();
    mission.write(
        "mandate.toml",
        "[package]\nname = \"heron\"\nversion = \"0.1.0\"\nedition = \"2026\"\n\n[dependencies]\ncore = \"std\"\ncaac = \"std\"\n",
    );
    let mut client = writer(&mission);
    let path = mission.write("tailored.mandate", "");
    let half = |line: &str| format!("mission heron \"Heron\" refines caac {{\n  {line}\n}}\n");
    assert_eq!(labels(&completions(&mut client, &path, &half("|"))), ["set", "drops", "accepts weaker"]);
    client.close(&path);
    let items = completions(&mut client, &path, "mission heron \"Heron\" refines |\n");
    assert_eq!(labels(&items), ["caac", "core"]);
    client.close(&path);
    let items = completions(&mut client, &path, &half("set rep|"));
    let window = named(&items, "reporting_window");
    assert_eq!(
        (&window["textEdit"]["newText"], &window["labelDetails"]["description"]),
        (&json!("reporting_window = "), &json!("caac"))
    );
    client.close(&path);
    let items = completions(&mut client, &path, &half("drops |"));
    assert_eq!(named(&items, "no_use_of_working_schools")["textEdit"]["newText"], "no_use_of_working_schools");
    client.close(&path);
    // What the mission sets counts for the rules of its package, and takes the place of what is declared.
    let text = half("set reporting_window = 12 hours").replace("{\n", "{\n\n");
    client.open(&path, &text);
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
    let hints =
        client.request("textDocument/inlayHint", json!({"textDocument": {"uri": uri(&path)}, "range": whole})).unwrap();
    assert_eq!(hints[0]["label"], "instead of 24 hours", "{hints}");
    let (line, column) = place(&text, "reporting_window", 3);
    let hover = client.at("textDocument/hover", &path, line, column).unwrap();
    let page = hover["contents"]["value"].as_str().unwrap();
    assert!(
        page.contains("is **12 hours**: set by the mission `heron`") && page.contains("Declared as **24 hours**"),
        "{page}"
    );
    client.end();
}
