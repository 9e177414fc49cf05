//! From a name to everything that has to do with it.

use crate::client::{Client, range, uri};
use crate::mission::{Mission, ORDER, RULES, UNITS, place};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const SCENARIO: &str = r#"use rules.{report_it, Incident}
use units.{Unit}

scenario "never reported" {
  as of 2026-03-05
  given u: Unit { name: "Alpha" }
  given i: Incident { unit: u, observed_at: 2026-03-01T08:00Z, grave: true }
  expect report_it(i) violated
}
"#;

/// A client that can take everything of this part.
fn start(mission: &Mission) -> Client {
    mission.write("scenarios.mandate", SCENARIO);
    let links = json!({"linkSupport": true});
    let capabilities = json!({
        "textDocument": {"definition": links, "declaration": links, "typeDefinition": links, "implementation": links},
        "workspace": {"workspaceEdit": {
            "documentChanges": true,
            "resourceOperations": ["rename"],
            "changeAnnotationSupport": {"groupsOnLabel": true},
        }},
    });
    mission.start_with(&capabilities).0
}

/// `file line:column-line:column` of each location or link.
fn places(found: &Value) -> Vec<String> {
    let all = found.as_array().cloned().unwrap_or_default();
    let shown = all.iter().map(|one| {
        let (uri, at) = match one.get("uri") {
            Some(uri) => (uri, &one["range"]),
            None => (&one["targetUri"], &one["targetSelectionRange"]),
        };
        let file = uri.as_str().unwrap().rsplit('/').next().unwrap();
        format!("{file} {}", range(at))
    });
    shown.collect()
}

fn ask(client: &mut Client, method: &str, path: &Path, text: &str, words: &str, inside: usize) -> Vec<String> {
    let (line, column) = place(text, words, inside);
    places(&client.at(method, path, line, column).unwrap())
}

fn references(client: &mut Client, path: &Path, text: &str, words: &str, inside: usize) -> Vec<String> {
    let (line, character) = place(text, words, inside);
    let params = json!({
        "textDocument": {"uri": uri(path)},
        "position": {"line": line, "character": character},
        "context": {"includeDeclaration": true},
    });
    places(&client.request("textDocument/references", params).unwrap())
}

#[test]
fn references_are_found_in_all_files_and_from_a_document() {
    let mission = Mission::new();
    let mut client = start(&mission);
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    let found = references(&mut client, &rules, RULES, "rule report_it", 7);
    let rule = place(RULES, "report_it \"", 0);
    assert_eq!(
        found,
        [
            format!("rules.mandate {}:{}-{}:{}", rule.0, rule.1, rule.0, rule.1 + 9),
            "scenarios.mandate 0:11-0:20".to_owned(),
            "scenarios.mandate 7:9-7:18".to_owned(),
        ]
    );
    let order = mission.path("sources/order.md");
    client.open(&order, ORDER);
    let (line, column) = place(RULES, "#reporting", 0);
    let cited = format!("rules.mandate {line}:{column}-{line}:{}", column + 10);
    let found = references(&mut client, &order, ORDER, "Whoever", 3);
    assert_eq!(found, [cited, "order.md 2:15-2:24".to_owned()]);
    client.end();
}

/// A second package, which uses the mission: one of its files, with its text.
fn package_that_uses(mission: &Mission) -> (PathBuf, &'static str) {
    mission.write(
        "other/mandate.toml",
        "[package]\nname = \"other\"\nversion = \"0.1.0\"\nedition = \"2026\"\n\n[dependencies]\nheron = { path = \"..\" }\n",
    );
    let text = "use heron.rules.{order_7}\n\nbackground order_7#reporting \"told elsewhere\"\n";
    (mission.write("other/notes.mandate", text), text)
}

#[test]
fn references_reach_into_packages_that_use_this_one() {
    let mission = Mission::new();
    let (other, text) = package_that_uses(&mission);
    let mut client = start(&mission);
    client.open(&other, text);
    let order = mission.path("sources/order.md");
    client.open(&order, ORDER);
    let found = references(&mut client, &order, ORDER, "Reporting", 3);
    assert_eq!(found[0], "notes.mandate 2:18-2:28");
    assert_eq!(found.len(), 3, "{found:?}");
    client.end();
}

#[test]
fn highlights_tell_reading_from_writing() {
    let mission = Mission::new();
    let mut client = start(&mission);
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    let (line, column) = place(RULES, "for each i:", 9);
    let found = client.at("textDocument/documentHighlight", &rules, line, column).unwrap();
    let kinds: Vec<i64> = found.as_array().unwrap().iter().map(|one| one["kind"].as_i64().unwrap()).collect();
    assert_eq!(kinds, [3, 2, 2, 2], "{found}");
    client.end();
}

#[test]
fn declarations_types_and_what_carries_a_rule_out() {
    let mission = Mission::new();
    let mut client = start(&mission);
    let (rules, scenarios) = (mission.path("rules.mandate"), mission.path("scenarios.mandate"));
    client.open(&rules, RULES);
    client.open(&scenarios, SCENARIO);
    let found = ask(&mut client, "textDocument/declaration", &rules, RULES, "order_7#reporting", 12);
    let (line, column) = place(RULES, "order_7 {", 0);
    assert_eq!(found, [format!("rules.mandate {line}:{column}-{line}:{}", column + 7)]);
    let found = ask(&mut client, "textDocument/typeDefinition", &rules, RULES, "r.unit", 3);
    assert_eq!(found, ["units.mandate 1:7-1:11"]);
    let found = ask(&mut client, "textDocument/implementation", &rules, RULES, "rule report_it", 8);
    assert_eq!(found, ["scenarios.mandate 7:2-7:30"]);
    let found = ask(&mut client, "textDocument/implementation", &rules, RULES, "action report", 9);
    let (line, column) = place(RULES, "report_it \"", 0);
    assert_eq!(found, [format!("rules.mandate {line}:{column}-{line}:{}", column + 9)]);
    client.open(&mission.path("units.mandate"), UNITS);
    assert_eq!(
        ask(&mut client, "textDocument/typeDefinition", &mission.path("units.mandate"), UNITS, "id: Text", 1),
        [""; 0]
    );
    // From the document to the rules.
    let order = mission.path("sources/order.md");
    client.open(&order, ORDER);
    for method in ["textDocument/definition", "textDocument/implementation"] {
        let found = ask(&mut client, method, &order, ORDER, "grave", 2);
        assert_eq!(found, [format!("rules.mandate {line}:{column}-{line}:{}", column + 9)], "{method}");
    }
    client.end();
}

/// Each file's text after the edits of an answer.
fn edited(mission: &Mission, edit: &Value) -> String {
    let mut all = String::new();
    for change in edit["documentChanges"].as_array().unwrap() {
        let file = change["textDocument"]["uri"].as_str().unwrap().rsplit('/').next().unwrap();
        let relative = if file == "order.md" { "sources/order.md" } else { file };
        let text = std::fs::read_to_string(mission.path(relative)).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for one in change["edits"].as_array().unwrap().iter().rev() {
            let (at, end) = (&one["range"]["start"], &one["range"]["end"]);
            assert_eq!(at["line"], end["line"]);
            let columns = at["character"].as_u64().unwrap() as usize..end["character"].as_u64().unwrap() as usize;
            lines[at["line"].as_u64().unwrap() as usize].replace_range(columns, one["newText"].as_str().unwrap());
        }
        all.push_str(&format!("{file}\n{}\n", lines.join("\n")));
    }
    all
}

fn renaming(path: &Path, text: &str, words: &str, inside: usize, name: &str) -> Value {
    let (line, character) = place(text, words, inside);
    json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}, "newName": name})
}

#[test]
fn a_rule_is_renamed_in_rules_scenarios_and_the_review_lock() {
    let mission = Mission::new();
    let words = "Reporting\nWhoever sees a grave incident reports it within a day.".to_owned();
    let mut lock = mandate_documents::Lock::default();
    let passages = std::collections::BTreeMap::from([("rules.order_7#reporting".to_owned(), words)]);
    let rule = mandate_documents::Citing { name: "rules.report_it", background: false, passages };
    lock.accept(&rule, "Adviser", "2026-03-01");
    let path = mission.write("mandate.lock", &lock.write());
    let mut client = start(&mission);
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    let (line, column) = place(RULES, "rule report_it", 8);
    let prepared = client.at("textDocument/prepareRename", &rules, line, column).unwrap();
    assert_eq!(
        (prepared["placeholder"].as_str(), range(&prepared["range"])),
        (Some("report_it"), format!("{line}:5-{line}:14"))
    );
    let edit = client.request("textDocument/rename", renaming(&rules, RULES, "rule report_it", 8, "tell")).unwrap();
    let now = edited(&mission, &edit);
    assert!(now.contains("rule tell \"Report") && now.contains("expect tell(i) violated"), "{now}");
    assert!(now.contains("use rules.{tell, Incident}") && now.contains("[rule.\"rules.tell\"]"), "{now}");
    let changes = edit["documentChanges"].as_array().unwrap();
    let of = |file: &Path| changes.iter().find(|change| change["textDocument"]["uri"] == uri(file)).unwrap();
    assert_eq!(of(&rules)["textDocument"]["version"], 1);
    assert_eq!(of(&path)["textDocument"]["version"], Value::Null);
    assert_eq!(of(&path)["edits"][0]["annotationId"], "lock");
    assert_eq!(edit["changeAnnotations"]["scenarios"]["label"], "Scenarios");
    // A passage, from its document.
    let order = mission.path("sources/order.md");
    client.open(&order, ORDER);
    let edit = client.request("textDocument/rename", renaming(&order, ORDER, "{#reporting}", 4, "duty")).unwrap();
    let now = edited(&mission, &edit);
    assert!(now.contains("## Reporting {#duty}") && now.contains("cites order_7#duty"), "{now}");
    assert!(now.contains("\"rules.order_7#duty\" = {"), "{now}");
    client.end();
}

#[test]
fn a_rename_that_cannot_be_is_refused_in_words() {
    let mission = Mission::new();
    let text = format!("use core.{{Incident}}\n{}", "define d(i: Incident) = i.grade is known\n");
    let more = mission.write("more.mandate", &text);
    let mut client = start(&mission);
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    client.open(&more, &text);
    let said = client.refusal("textDocument/rename", renaming(&more, &text, "Incident", 2, "Event"));
    assert!(said.contains("package of the standard library"), "{said}");
    let said = client.refusal("textDocument/rename", renaming(&rules, RULES, "rule report_it", 8, "report"));
    assert!(said.contains("declared twice") && said.contains("rules.mandate"), "{said}");
    let said = client.refusal("textDocument/rename", renaming(&rules, RULES, "rule report_it", 8, "must"));
    assert!(said.contains("word of the language"), "{said}");
    let said = client.refusal("textDocument/prepareRename", renaming(&rules, RULES, "must report", 1, ""));
    assert!(said.contains("No name stands here"), "{said}");
    client.end();
}

#[test]
fn a_client_without_versions_gets_plain_changes() {
    let mission = Mission::new();
    let (mut client, _) = mission.start_with(&json!({}));
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    let edit = client.request("textDocument/rename", renaming(&rules, RULES, "for each i:", 9, "event")).unwrap();
    assert_eq!(edit["changes"][uri(&rules)].as_array().unwrap().len(), 4, "{edit}");
    client.end();
}

#[test]
fn a_rename_reaches_into_packages_that_use_this_one() {
    let mission = Mission::new();
    let (other, text) = package_that_uses(&mission);
    let mut client = start(&mission);
    client.open(&other, text);
    // From the package that uses it: both are open.
    let edit =
        client.request("textDocument/rename", renaming(&other, text, "background order_7", 12, "order")).unwrap();
    let changes = edit["documentChanges"].as_array().unwrap();
    let files: Vec<&str> =
        changes.iter().map(|one| one["textDocument"]["uri"].as_str().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!(files, ["notes.mandate", "rules.mandate"]);
    assert_eq!(changes[0]["edits"].as_array().unwrap().len(), 2);
    client.end();
}

#[test]
fn a_document_tells_who_carries_its_passages_and_shows_its_outline() {
    let mission = Mission::new();
    let mut client = start(&mission);
    let order = mission.path("sources/order.md");
    client.open(&order, ORDER);
    let (line, column) = place(ORDER, "grave", 1);
    let found = client.at("textDocument/hover", &order, line, column).unwrap();
    let said = found["contents"]["value"].as_str().unwrap();
    assert!(said.contains("order_7#reporting") && said.contains("- `report_it` Report what you see"), "{said}");
    let outline = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri(&order)}})).unwrap();
    let names: Vec<&str> = outline.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Order 7", "Reporting"], "{outline}");
    client.end();
}

#[test]
fn links_lead_from_modules_and_documents_to_files_and_passages() {
    let mission = Mission::new();
    let annex = "# Annex\n\nAs [the order](order.md#reporting) says, see <https://example.org/annex>.\n";
    let annex_path = mission.write("sources/annex.md", annex);
    let mut client = start(&mission);
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    client.open(&annex_path, annex);
    let mut links = |path: &Path| -> Vec<String> {
        let found = client.request("textDocument/documentLink", json!({"textDocument": {"uri": uri(path)}})).unwrap();
        found.as_array().unwrap().iter().map(|one| one["target"].as_str().unwrap().to_owned()).collect()
    };
    let order = uri(&mission.path("sources/order.md"));
    assert_eq!(links(&rules), [uri(&mission.path("units.mandate")), order.clone()]);
    assert_eq!(links(&annex_path), [format!("{order}#L3"), "https://example.org/annex".to_owned()]);
    client.end();
}

#[test]
fn a_rule_shows_what_it_uses_and_what_uses_it() {
    let mission = Mission::new();
    let mut client = start(&mission);
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    let (line, column) = place(RULES, "rule report_it", 7);
    let items = client.at("textDocument/prepareCallHierarchy", &rules, line, column).unwrap();
    assert_eq!(
        (items[0]["name"].as_str(), items[0]["detail"].as_str()),
        (Some("report_it"), Some("Report what you see"))
    );
    let incoming = client.request("callHierarchy/incomingCalls", json!({"item": items[0]})).unwrap();
    assert_eq!(incoming[0]["from"]["name"], "never reported");
    assert_eq!(range(&incoming[0]["fromRanges"][0]), "7:9-7:18");
    let outgoing = client.request("callHierarchy/outgoingCalls", json!({"item": items[0]})).unwrap();
    assert_eq!((outgoing.as_array().unwrap().len(), outgoing[0]["to"]["name"].as_str()), (1, Some("report")));
    client.end();
}

#[test]
fn the_places_of_a_variable_are_edited_together() {
    let mission = Mission::new();
    let mut client = start(&mission);
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    let (line, column) = place(RULES, "for each i:", 9);
    let found = client.at("textDocument/linkedEditingRange", &rules, line, column).unwrap();
    assert_eq!(found["ranges"].as_array().unwrap().len(), 4, "{found}");
    assert_eq!(client.at("textDocument/linkedEditingRange", &rules, 0, 1), Ok(Value::Null));
    client.end();
}

#[test]
fn renamed_files_are_followed() {
    let mission = Mission::new();
    let mut client = start(&mission);
    client.open(&mission.path("rules.mandate"), RULES);
    let renamed = |from: &str, to: &str| json!({"files": [{"oldUri": uri(&mission.path(from)), "newUri": uri(&mission.path(to))}]});
    let edit = client.request("workspace/willRenameFiles", renamed("units.mandate", "field/troops.mandate")).unwrap();
    let now = edited(&mission, &edit);
    assert!(now.contains("rules.mandate\nuse field.troops.{Unit}"), "{now}");
    assert!(now.contains("use field.troops.{Unit}\n\nscenario"), "{now}");
    let edit = client.request("workspace/willRenameFiles", renamed("sources", "orders")).unwrap();
    assert!(edited(&mission, &edit).contains("document \"orders/order.md\""), "{edit}");
    let elsewhere = json!({"files": [{"oldUri": "file:///nowhere/a.mandate", "newUri": "file:///nowhere/b.mandate"}]});
    assert_eq!(client.request("workspace/willRenameFiles", elsewhere), Ok(Value::Null));
    client.end();
}
