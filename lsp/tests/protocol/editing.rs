//! What helps while somebody writes: layout, folds, selections, colours.

use crate::client::{Client, range, uri};
use crate::mission::{Mission, RULES, place};
use crate::proofs::{KEEP_OUT, SEARCH, finding, told_in, town};
use serde_json::{Value, json};
use std::path::Path;

/// A text with the edits of an answer applied.
pub fn applied(text: &str, edits: &Value) -> String {
    let offset = |at: &Value| {
        let line = at["line"].as_u64().unwrap() as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        start + at["character"].as_u64().unwrap() as usize
    };
    let mut all: Vec<(usize, usize, String)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let new = edit["newText"].as_str().unwrap().to_owned();
            (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]), new)
        })
        .collect();
    all.sort();
    let mut out = text.to_owned();
    for (from, to, new) in all.into_iter().rev() {
        out.replace_range(from..to, &new);
    }
    out
}

fn opened(mission: &Mission, text: &str) -> (Client, std::path::PathBuf) {
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    client.open(&path, text);
    (client, path)
}

fn ask(client: &mut Client, method: &str, path: &Path, more: Value) -> Value {
    let mut params = json!({"textDocument": {"uri": uri(path)}});
    for (name, value) in more.as_object().unwrap() {
        params[name] = value.clone();
    }
    client.request(method, params).unwrap()
}

#[test]
fn a_selection_is_formatted_and_a_new_line_indented() {
    let mission = Mission::new();
    let text = "record   A {\n x:Text\n   y:Text\n}\n";
    let (mut client, path) = opened(&mission, text);
    let options = json!({"tabSize": 2, "insertSpaces": true});
    let lines = json!({"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 3}});
    let edits = ask(&mut client, "textDocument/rangeFormatting", &path, json!({"range": lines, "options": options}));
    assert_eq!(applied(text, &edits), "record   A {\n  x: Text\n   y:Text\n}\n");
    client.edit(&path, 2, &[([0, 12, 0, 12], "\n")]);
    let at = json!({"line": 1, "character": 0});
    let typed = json!({"position": at, "ch": "\n", "options": options});
    let edits = ask(&mut client, "textDocument/onTypeFormatting", &path, typed);
    assert_eq!(edits, json!([{"range": {"start": at, "end": at}, "newText": "  "}]));
    client.end();
}

#[test]
fn declarations_fold_and_selections_grow() {
    let mission = Mission::new();
    let (mut client, path) = opened(&mission, RULES);
    let folds = ask(&mut client, "textDocument/foldingRange", &path, json!({}));
    let (line, _) = place(RULES, "rule ", 0);
    let rule = folds.as_array().unwrap().iter().find(|fold| fold["startLine"] == line).unwrap();
    assert!(rule["endLine"].as_u64().unwrap() > u64::from(line) + 1, "{folds:#}");
    let (line, column) = place(RULES, "grave", 0);
    let positions = json!([{"line": line, "character": column}, {"line": 0, "character": 0}]);
    let found = ask(&mut client, "textDocument/selectionRange", &path, json!({"positions": positions}));
    assert_eq!(found.as_array().unwrap().len(), 2);
    let mut ranges = Vec::new();
    let mut next = &found[0];
    while next.is_object() {
        ranges.push(range(&next["range"]));
        next = &next["parent"];
    }
    assert!(ranges.len() > 3 && ranges.last().unwrap().starts_with("0:0-"), "{ranges:?}");
    client.end();
}

/// The numbers of words, with the edits of a later answer applied.
fn renewed(mut data: Vec<Value>, answer: &Value) -> Vec<Value> {
    if let Some(all) = answer["data"].as_array() {
        return all.clone();
    }
    for edit in answer["edits"].as_array().unwrap() {
        let start = edit["start"].as_u64().unwrap() as usize;
        let end = start + edit["deleteCount"].as_u64().unwrap() as usize;
        data.splice(start..end, edit["data"].as_array().cloned().unwrap_or_default());
    }
    data
}

#[test]
fn words_are_coloured_whole_in_part_and_by_what_changed() {
    let mission = Mission::new();
    let (mut client, path) = opened(&mission, RULES);
    let full = ask(&mut client, "textDocument/semanticTokens/full", &path, json!({}));
    let data = full["data"].as_array().unwrap().clone();
    assert!(data.len() > 50 && data.len().is_multiple_of(5));
    let (line, _) = place(RULES, "rule ", 0);
    let part = json!({"start": {"line": line, "character": 0}, "end": {"line": line, "character": 4}});
    let few = ask(&mut client, "textDocument/semanticTokens/range", &path, json!({"range": part}));
    let few = few["data"].as_array().unwrap().len();
    assert!(few > 0 && few < data.len());

    client.edit(&path, 2, &[([line, 0, line, 0], "enum Colour { red }\n\n")]);
    let before = full["resultId"].clone();
    let delta = ask(&mut client, "textDocument/semanticTokens/full/delta", &path, json!({"previousResultId": before}));
    assert!(delta["edits"].is_array(), "{delta:#}");
    let told = renewed(data, &delta);
    let fresh = ask(&mut client, "textDocument/semanticTokens/full", &path, json!({}));
    assert_eq!(&told, fresh["data"].as_array().unwrap());
    // What the server does not remember it says whole.
    let old = ask(&mut client, "textDocument/semanticTokens/full/delta", &path, json!({"previousResultId": before}));
    assert_eq!(old["data"], fresh["data"]);
    client.end();
}

/// The actions at a place, told what is wrong there.
fn actions(client: &mut Client, path: &Path, at: (u32, u32), only: Value) -> Vec<Value> {
    let at = json!({"line": at.0, "character": at.1});
    let diagnostics = client.published.get(&uri(path)).map_or(json!([]), |it| json!(it.diagnostics));
    let mut context = json!({"diagnostics": diagnostics});
    if !only.is_null() {
        context["only"] = only;
    }
    let asked = json!({"range": {"start": at, "end": at}, "context": context});
    ask(client, "textDocument/codeAction", path, asked).as_array().unwrap().clone()
}

fn titled<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    let all: Vec<&Value> = actions.iter().map(|action| &action["title"]).collect();
    actions.iter().find(|action| action["title"] == title).unwrap_or_else(|| panic!("no `{title}` among {all:#?}"))
}

/// What an edit makes of a text, and the version it was made for.
fn changed(edit: &Value, path: &Path, text: &str) -> (Option<i64>, String) {
    let all = edit["documentChanges"].as_array().unwrap();
    let own = all.iter().find(|change| change["textDocument"]["uri"] == uri(path)).unwrap();
    (own["textDocument"]["version"].as_i64(), applied(text, &own["edits"]))
}

#[test]
fn a_mistake_offers_its_mend_and_only_the_kinds_asked_for_come() {
    let mission = Mission::new();
    let wrong = RULES.replace("when i.grave", "when i.brave");
    let (mut client, path) = opened(&mission, &wrong);
    client.diagnostics(&path, 1);
    let at = place(&wrong, "brave", 1);
    let found = actions(&mut client, &path, at, Value::Null);
    let mend = titled(&found, "Replace by `grave`");
    assert_eq!((mend["kind"].as_str(), mend["isPreferred"].as_bool()), (Some("quickfix"), Some(true)));
    assert_eq!(mend["diagnostics"].as_array().unwrap().len(), 1);
    assert_eq!(changed(&mend["edit"], &path, &wrong), (Some(1), RULES.to_owned()));
    for (only, kind) in [("quickfix", "quickfix"), ("source", "source.fixAll"), ("source.fixAll", "source.fixAll")] {
        let found = actions(&mut client, &path, at, json!([only]));
        assert!(!found.is_empty() && found.iter().all(|it| it["kind"] == kind), "{only}: {found:#?}");
    }
    assert_eq!(actions(&mut client, &path, at, json!(["refactor.move"])), [Value::Null; 0]);
    client.end();
}

#[test]
fn a_client_that_knows_no_actions_gets_none_and_an_old_one_plain_changes() {
    let mission = Mission::new();
    let wrong = RULES.replace("when i.grave", "when i.brave");
    let path = mission.path("rules.mandate");
    let (line, character) = place(&wrong, "brave", 1);
    let at = json!({"line": line, "character": character});
    let asked = json!({"range": {"start": at, "end": at}, "context": {"diagnostics": []}});
    let (mut client, _) = mission.start_with(&json!({}));
    client.open(&path, &wrong);
    assert_eq!(ask(&mut client, "textDocument/codeAction", &path, asked.clone()), Value::Null);
    client.end();
    let literals = json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}});
    let (mut client, _) = mission.start_with(&json!({"textDocument": {"codeAction": literals}}));
    client.open(&path, &wrong);
    let found = ask(&mut client, "textDocument/codeAction", &path, asked);
    let mend = titled(found.as_array().unwrap(), "Replace by `grave`").clone();
    assert_eq!(applied(&wrong, &mend["edit"]["changes"][uri(&path)]), RULES);
    client.end();
}

#[test]
fn a_review_is_worked_out_when_it_is_chosen_and_not_for_a_text_that_changed() {
    let mission = Mission::new();
    let lock = mission.write("mandate.lock", "version = 1\n");
    mission.write(".git/config", "[user]\n\tname = Legal adviser\n");
    mission.write(".git/HEAD", "ref: refs/heads/main\n");
    std::fs::create_dir_all(mission.path(".git/objects")).unwrap();
    std::fs::create_dir_all(mission.path(".git/refs")).unwrap();
    let (mut client, path) = opened(&mission, RULES);
    client.diagnostics(&path, 1);
    let at = place(RULES, "report_it", 0);
    let found = actions(&mut client, &path, at, Value::Null);
    let review = titled(&found, "Record that you compared `report_it` with its passages").clone();
    assert!(review["edit"].is_null() && review["diagnostics"][0]["code"] == "W014", "{review:#}");
    let whole = client.request("codeAction/resolve", review.clone()).unwrap();
    let (version, text) = changed(&whole["edit"], &lock, "version = 1\n");
    assert_eq!(version, None);
    assert!(text.contains("Legal adviser") && text.contains("report_it"), "{text}");
    client.edit(&path, 2, &[([0, 0, 0, 0], "// New.\n")]);
    assert_eq!(client.request("codeAction/resolve", review), Err(-32801));
    client.end();
}

#[test]
fn of_two_rules_that_cannot_both_be_kept_one_yields_and_their_situation_is_written_down() {
    let (_dir, root, mut client) = town();
    let told = told_in(&mut client, &root);
    let text = if told.ends_with("search.mandate") { SEARCH } else { KEEP_OUT };
    client.open(&told, text);
    client.diagnostics(&told, 1);
    client.until("the conflict", |client| finding(client, &told, "E301").is_some());
    let start = finding(&client, &told, "E301").unwrap()["range"]["start"].clone();
    let at = (start["line"].as_u64().unwrap() as u32, start["character"].as_u64().unwrap() as u32);
    let found = actions(&mut client, &told, at, json!(["quickfix"]));
    let yields = titled(&found, "Let `search_depots` override `keep_out`");
    let changes = yields["edit"]["changes"].as_object().unwrap();
    assert_eq!(changes.keys().collect::<Vec<_>>(), [&uri(&root.join("search.mandate"))]);
    let search = applied(SEARCH, &changes[&uri(&root.join("search.mandate"))]);
    assert!(
        search.contains("use keep_out.{keep_out}\n") && search.contains("\n  overrides keep_out(s)\n}"),
        "{search}"
    );
    // This client cannot ask again: everything comes at once.
    let written = titled(&found, "Write the situation down as a scenario, which fails until the conflict is solved");
    let scenario = applied(text, &written["edit"]["changes"][uri(&told)]);
    assert!(scenario.contains("\nscenario \""), "{scenario}");
    client.end();
}

#[test]
fn use_lines_are_ordered_a_definition_made_and_examples_of_a_rule_written() {
    let mission = Mission::new();
    let text = RULES
        .replace("use units.{Unit}", "use units.{Unit}\nuse units.{Unit}")
        .replace("when i.grave", "when i.grave and i.id != \"x\"");
    let (mut client, path) = opened(&mission, &text);
    client.diagnostics(&path, 1);
    let found = actions(&mut client, &path, (0, 0), json!(["source.organizeImports"]));
    let (_, ordered) = changed(&titled(&found, "Put the `use` lines in order")["edit"], &path, &text);
    assert_eq!(ordered.matches("use units").count(), 1);

    let (line, from) = place(&text, "i.id != ", 0);
    let selected = json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": from + 11}});
    let asked = json!({"range": selected, "context": {"diagnostics": [], "only": ["refactor"]}});
    let found = ask(&mut client, "textDocument/codeAction", &path, asked);
    let made = titled(found.as_array().unwrap(), "Make a definition of it").clone();
    assert_eq!(made["kind"], "refactor.extract");
    let made = client.request("codeAction/resolve", made).unwrap();
    let (_, defined) = changed(&made["edit"], &path, &text);
    assert!(defined.contains("define condition(i: Incident) = i.id != \"x\"\n\n/// The first duty"), "{defined}");
    assert!(defined.contains("  when i.grave and condition(i)\n"), "{defined}");

    let at = place(&text, "report_it", 0);
    let found = actions(&mut client, &path, at, json!(["refactor.rewrite"]));
    let title = "Write scenarios that show when `report_it` is kept and when it is broken";
    let written = client.request("codeAction/resolve", titled(&found, title).clone()).unwrap();
    let (_, scenarios) = changed(&written["edit"], &path, &text);
    assert_eq!(scenarios.matches("\nscenario \"Report what you see: is ").count(), 3, "{scenarios}");
    // They say nothing new that is wrong.
    client.edit(&path, 2, &[([0, 0, text.lines().count() as u32, 0], &scenarios)]);
    assert!(client.diagnostics(&path, 2).iter().all(|said| !said.starts_with('E')), "{:?}", client.codes(&path));
    client.end();
}
