//! What helps while somebody writes: layout, folds, selections, colours.

use crate::client::{Client, range, uri};
use crate::mission::{Mission, RULES, place};
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
    assert!(data.len() > 50 && data.len() % 5 == 0);
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
