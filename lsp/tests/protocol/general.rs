//! The server as a client meets it: what it offers, how it begins and ends, what it says of texts.

use crate::client::{Client, range, uri};
use crate::mission::{Mission, ORDER, RULES, UNITS, place};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn what_is_offered_is_what_there_is() {
    let (client, result) = Mission::new().start_with(&json!({}));
    let mut offered: Vec<_> = result["capabilities"].as_object().unwrap().keys().map(String::as_str).collect();
    offered.sort_unstable();
    assert_eq!(
        offered,
        [
            "callHierarchyProvider",
            "codeActionProvider",
            "codeLensProvider",
            "completionProvider",
            "declarationProvider",
            "definitionProvider",
            "documentFormattingProvider",
            "documentHighlightProvider",
            "documentLinkProvider",
            "documentOnTypeFormattingProvider",
            "documentRangeFormattingProvider",
            "documentSymbolProvider",
            "executeCommandProvider",
            "foldingRangeProvider",
            "hoverProvider",
            "implementationProvider",
            "inlayHintProvider",
            "linkedEditingRangeProvider",
            "positionEncoding",
            "referencesProvider",
            "renameProvider",
            "selectionRangeProvider",
            "semanticTokensProvider",
            "signatureHelpProvider",
            "textDocumentSync",
            "typeDefinitionProvider",
            "workspace",
            "workspaceSymbolProvider",
        ]
    );
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(result["capabilities"]["textDocumentSync"]["change"], 2);
    client.end();
    let (client, result) = Mission::new().start_with(&json!({"general": {"positionEncodings": ["utf-16", "utf-8"]}}));
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-8");
    client.end();
}

#[test]
fn exit_codes_follow_the_protocol() {
    let mission = Mission::new();
    mission.start().end();
    let mut rude = mission.start();
    rude.notify("exit", Value::Null);
    assert_eq!(rude.exit_code(), 1);
    let mut gone = mission.start();
    gone.close_input();
    assert_eq!(gone.exit_code(), 1);
    let mut polite = mission.start();
    polite.request("shutdown", Value::Null).unwrap();
    assert_eq!(polite.request("textDocument/hover", json!({})), Err(-32600));
    polite.close_input();
    assert_eq!(polite.exit_code(), 0);
    let mut silent = Client::raw(&mut mission.server());
    silent.close_input();
    assert_eq!(silent.exit_code(), 1);
}

#[test]
fn nothing_is_answered_before_initialize() {
    let mut client = Client::raw(&mut Mission::new().server());
    assert_eq!(client.request("textDocument/hover", json!({})), Err(-32002));
    assert_eq!(client.request("shutdown", Value::Null), Err(-32002));
    client.notify("exit", Value::Null);
    assert_eq!(client.exit_code(), 1);
}

#[test]
fn a_mistake_is_shown_where_it_stands_and_goes_when_it_is_mended() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    let wrong = RULES.replace("when i.grave", "when i.brave");
    client.open(&path, &wrong);
    let (line, column) = place(&wrong, "brave", 0);
    let shown = client.diagnostics(&path, 1);
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].ends_with(&format!(" {line}:{column}-{line}:{}", column + 5)), "{shown:?}");
    let said = client.published[&uri(&path)].diagnostics[0].clone();
    assert_eq!((said["source"].as_str(), said["severity"].as_i64()), (Some("mandate"), Some(1)));
    client.edit(&path, 2, &[([line, column, line, column + 1], "g")]);
    assert_eq!(client.diagnostics(&path, 2), [""; 0]);
    client.end();
}

#[test]
fn a_half_typed_rule_hides_nothing_of_the_next_one() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    let wrong = RULES.replace("when i.grave", "when i.brave");
    client.open(&path, &wrong);
    assert_eq!(client.diagnostics(&path, 1).len(), 1);
    let (line, _) = place(&wrong, "/// The first", 0);
    client.edit(&path, 2, &[([line, 0, line, 0], "rule half {\n  when \n\n")]);
    let shown = client.diagnostics(&path, 2);
    let (moved, column) = (place(&wrong, "brave", 0).0 + 3, place(&wrong, "brave", 0).1);
    assert!(shown.len() > 1 && shown.iter().any(|it| it.contains(&format!(" {moved}:{column}-"))), "{shown:?}");
    client.end();
}

#[test]
fn a_change_in_one_file_is_seen_in_another_and_only_changed_files_are_sent_again() {
    let mission = Mission::new();
    mission.write("other.mandate", "enum E { a }\nrecord Broken {\n  x: Nowhere\n}\n");
    let mut client = mission.start();
    let (units, rules) = (mission.path("units.mandate"), mission.path("rules.mandate"));
    let other = uri(&mission.path("other.mandate"));
    client.open(&units, UNITS);
    assert_eq!(client.diagnostics(&units, 1), [""; 0]);
    client.until("the broken file", |client| client.published.contains_key(&other));
    let (line, column) = place(UNITS, "Unit key", 0);
    client.edit(&units, 2, &[([line, column, line, column + 4], "Squad")]);
    client.until("the file that uses it", |client| {
        client.published.get(&uri(&rules)).is_some_and(|it| !it.diagnostics.is_empty())
    });
    client.edit(&units, 3, &[([line, column, line, column + 5], "Unit")]);
    client.until("the repair", |client| client.published[&uri(&rules)].diagnostics.is_empty());
    client.settle();
    assert_eq!(client.log.iter().filter(|(uri, _)| *uri == other).count(), 1, "{:?}", client.log);
    client.end();
}

#[test]
fn columns_count_utf16_and_lines_may_end_in_crlf() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.write("signs.mandate", "");
    let text = "/// 🦺é\r\nenum E { a = \"🦺🦺\", b }\r\nrecord R {\r\n  x: Nowhere\r\n}\r\n";
    client.open(&path, text);
    assert!(client.diagnostics(&path, 1)[0].ends_with(" 3:5-3:12"));
    // Behind the two signs, each two units long.
    client.edit(&path, 2, &[([1, 19, 1, 20], " , c = \"🦺\", "), ([3, 5, 3, 12], "E")]);
    assert_eq!(client.diagnostics(&path, 2), [""; 0]);
    let symbols = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri(&path)}})).unwrap();
    let last = symbols[0]["children"].as_array().unwrap().last().unwrap().clone();
    let (name, at) = (last["name"].as_str().unwrap(), range(&last["selectionRange"]));
    // enum E { a = "🦺🦺" , c = "🦺",  b }
    assert_eq!((name, at.as_str()), ("b", "1:33-1:34"));
    client.end();
}

#[test]
fn hover_tells_the_sentence_of_a_rule_its_passage_and_what_a_keyword_means() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    let mut hover = |words: &str, inside: usize| -> (String, String) {
        let (line, column) = place(RULES, words, inside);
        let found = client.at("textDocument/hover", &path, line, column).unwrap();
        assert_eq!(found["contents"]["kind"], "markdown", "{words}");
        (found["contents"]["value"].as_str().unwrap().to_owned(), range(&found["range"]))
    };
    let (rule, _) = hover("report_it \"", 2);
    assert!(rule.contains("The first duty of all.") && rule.contains("Report what you see"), "{rule}");
    assert!(rule.contains("Whoever sees a grave incident") && rule.contains("Order 7"), "{rule}");
    let (passage, _) = hover("order_7#reporting", 12);
    assert!(passage.contains("Whoever sees a grave incident") && passage.contains("order"), "{passage}");
    let (record, _) = hover("unit: Unit", 7);
    assert!(record.contains("record Unit") && record.contains("A unit in the field."), "{record}");
    let (keyword, at) = hover("must report", 1);
    let (line, column) = place(RULES, "must report", 0);
    assert!(keyword.starts_with("# must"), "{keyword}");
    assert_eq!(at, format!("{line}:{column}-{line}:{}", column + 4));
    client.end();
}

/// File name and range of a jump.
fn jump(client: &mut Client, path: &Path, text: &str, words: &str, inside: usize) -> (String, String) {
    let (line, column) = place(text, words, inside);
    let found = client.at("textDocument/definition", path, line, column).unwrap();
    let link = &found[0];
    assert!(link["originSelectionRange"].is_object(), "{found}");
    (link["targetUri"].as_str().unwrap().to_owned(), range(&link["targetSelectionRange"]))
}

#[test]
fn definitions_lead_to_other_files_and_into_the_passage_of_a_document() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    let (file, at) = jump(&mut client, &path, RULES, "unit: Unit", 7);
    assert_eq!((file, at.as_str()), (uri(&mission.path("units.mandate")), "1:7-1:11"));
    let (file, at) = jump(&mut client, &path, RULES, "order_7#reporting", 10);
    assert_eq!(file, uri(&mission.path("sources/order.md")));
    assert!(at.starts_with("2:") || at.starts_with("4:"), "{at}");
    // The editor's text of the document counts, not the disk's.
    let moved = format!("One line more.\n\n{ORDER}");
    client.open(&mission.path("sources/order.md"), &moved);
    let (_, later) = jump(&mut client, &path, RULES, "order_7#reporting", 10);
    assert!(later.starts_with("4:") || later.starts_with("6:"), "{at} {later}");
    assert_eq!(client.at("textDocument/definition", &path, 1, 0), Ok(Value::Null));
    client.end();
}

#[test]
fn a_client_without_links_and_trees_gets_plain_locations_and_lists() {
    let mission = Mission::new();
    let (mut client, _) = mission.start_with(&json!({}));
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    let (line, column) = place(RULES, "unit: Unit", 7);
    let found = client.at("textDocument/definition", &path, line, column).unwrap();
    assert_eq!(found["uri"], uri(&mission.path("units.mandate")));
    let symbols = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri(&path)}})).unwrap();
    assert!(symbols.as_array().unwrap().iter().all(|symbol| symbol["location"]["uri"] == uri(&path)), "{symbols}");
    client.end();
}

#[test]
fn a_definition_in_the_standard_library_can_be_opened() {
    let mission = Mission::new();
    let text = "use core.{Incident}\n\ndefine grave(i: Incident) = true\n";
    let path = mission.write("uses.mandate", text);
    let mut client = mission.start();
    client.open(&path, text);
    let (file, at) = jump(&mut client, &path, text, "i: Incident", 4);
    let written = PathBuf::from(file.strip_prefix("file://").unwrap());
    assert!(written.starts_with(mission.dir.path().join("cache")), "{written:?}");
    let library = fs::read_to_string(&written).unwrap();
    let line = at.split(':').next().unwrap().parse::<usize>().unwrap();
    assert!(library.lines().nth(line).unwrap().contains("Incident"), "{at}");
    // Looked at, it answers, and nothing is said against it.
    client.open(&written, &library);
    let symbols = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": file}})).unwrap();
    assert!(symbols.as_array().is_some_and(|list| !list.is_empty()));
    client.settle();
    assert!(client.published.get(&file).is_none_or(|it| it.diagnostics.is_empty()));
    client.end();
}

#[test]
fn the_outline_has_declarations_with_their_parts() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    let symbols = client.request("textDocument/documentSymbol", json!({"textDocument": {"uri": uri(&path)}})).unwrap();
    let shown: Vec<String> = symbols
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| {
            let children = symbol["children"].as_array().map_or(0, Vec::len);
            format!("{} {} {children}", symbol["name"].as_str().unwrap(), symbol["detail"].as_str().unwrap_or("-"))
        })
        .collect();
    assert_eq!(shown, ["order_7 - 0", "Report - 3", "Incident - 4", "report - 0", "report_it Report what you see 0"]);
    client.end();
}

#[test]
fn a_declaration_of_any_file_is_found_by_its_letters() {
    let mission = Mission::new();
    let mut client = mission.start();
    let found = client.request("workspace/symbol", json!({"query": "report"})).unwrap();
    let shown: Vec<_> = found.as_array().unwrap().iter().map(|one| (&one["name"], &one["containerName"])).collect();
    assert_eq!(json!(shown), json!([["Report", null], ["report", null], ["report_it", "Report what you see"]]));
    assert_eq!(found[0]["location"]["uri"], uri(&mission.path("rules.mandate")));
    let none = client.request("workspace/symbol", json!({"query": "no such"})).unwrap();
    assert_eq!(none, json!([]));
    client.end();
}

#[test]
fn formatting_changes_what_is_out_of_place_and_nothing_else() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("units.mandate");
    let messy = "/// A unit in the field.\nrecord   Unit key id {\n  id: Text // kept\n      name: Text?\n}\n";
    client.open(&path, messy);
    let options = json!({"tabSize": 2, "insertSpaces": true});
    let ask = json!({"textDocument": {"uri": uri(&path)}, "options": options});
    let edits = client.request("textDocument/formatting", ask.clone()).unwrap();
    let edits: Vec<_> = edits.as_array().unwrap().iter().map(|edit| range(&edit["range"])).collect();
    assert!(edits.contains(&"1:6-1:9".to_owned()), "{edits:?}");
    assert!(edits.iter().all(|edit| !edit.starts_with("0:")), "{edits:?}");
    let passage = json!({"textDocument": {"uri": uri(&mission.path("sources/order.md"))}, "options": options});
    assert_eq!(client.request("textDocument/formatting", passage), Ok(Value::Null));
    client.end();
}

#[test]
fn a_message_that_cannot_be_read_costs_an_error_and_nothing_more() {
    let mission = Mission::new();
    let mut client = mission.start();
    client.send_bytes(b"Content-Length: 9\r\n\r\n{\"broken\"");
    client.send_bytes(b"nonsense\r\n\r\n");
    client.send_bytes(b"Content-Length: 3\r\n\r\n\xff\xfe\xfd");
    client.until("the errors", |client| client.strays.len() >= 3);
    assert!(client.strays.iter().all(|answer| answer["error"]["code"] == -32700), "{:?}", client.strays);
    assert_eq!(client.request("textDocument/hover", json!({"what": 1})), Err(-32602));
    assert_eq!(client.request("no/such/method", json!({})), Err(-32601));
    client.notify("no/such/notice", json!({}));
    client.notify(
        "textDocument/didChange",
        json!({"textDocument": {"uri": "file:///nowhere", "version": 1}, "contentChanges": [{"text": "x"}]}),
    );
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    assert_eq!(client.diagnostics(&path, 1), [""; 0]);
    client.end();
}

#[test]
fn cancelled_and_outdated_requests_are_answered() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    let (line, column) = place(RULES, "report_it", 1);
    let ask = json!({"textDocument": {"uri": uri(&path)}, "position": {"line": line, "character": column}});
    for version in 2..40 {
        let id = client.ask("textDocument/hover", ask.clone());
        let other = client.ask("textDocument/hover", ask.clone());
        client.notify("$/cancelRequest", json!({"id": id}));
        client.edit(&path, version, &[([0, 0, 0, 0], "\n"), ([0, 0, 1, 0], "")]);
        for id in [id, other] {
            let answer = client.answer(id);
            assert!(matches!(answer, Ok(_) | Err(-32800 | -32801)), "{answer:?}");
        }
    }
    assert_eq!(client.diagnostics(&path, 39), [""; 0]);
    client.end();
}

#[test]
fn hundreds_of_messages_at_once_are_taken_in_order() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    let symbols = json!({"textDocument": {"uri": uri(&path)}});
    let mut asked = Vec::new();
    for version in 2..302 {
        client.edit(&path, version, &[([0, 0, 0, 0], "// x\n")]);
        if version % 3 == 0 {
            asked.push(client.ask("textDocument/documentSymbol", symbols.clone()));
        }
    }
    for id in asked {
        assert!(matches!(client.answer(id), Ok(_) | Err(-32801)));
    }
    let first = client.request("textDocument/documentSymbol", symbols).unwrap();
    assert!(range(&first[0]["range"]).starts_with("302:"), "{}", first[0]);
    assert_eq!(client.diagnostics(&path, 301), [""; 0]);
    client.end();
}

#[test]
fn files_are_watched_and_what_changes_on_disk_is_read_again() {
    let mission = Mission::new();
    let watching = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    let (mut client, _) = mission.start_with(&watching);
    client.until("the registration", |client| !client.requests.is_empty());
    assert_eq!(client.requests[0]["params"]["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    let tell = |client: &mut Client, path: &Path, kind: u32| {
        client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri(path), "type": kind}]}));
    };
    let path = mission.write("new.mandate", "record New {\n  x: Nowhere\n}\n");
    tell(&mut client, &path, 1);
    client
        .until("the new file", |client| client.published.get(&uri(&path)).is_some_and(|it| it.diagnostics.len() == 1));
    fs::remove_file(&path).unwrap();
    tell(&mut client, &path, 3);
    client.until("silence about it", |client| client.published[&uri(&path)].diagnostics.is_empty());
    // A passage file.
    let order = mission.write("sources/order.md", "# Order 7\n");
    tell(&mut client, &order, 2);
    let rules = uri(&mission.path("rules.mandate"));
    client
        .until("the lost passage", |client| client.published.get(&rules).is_some_and(|it| !it.diagnostics.is_empty()));
    mission.write("sources/order.md", ORDER);
    tell(&mut client, &order, 2);
    client.until("the passage found again", |client| client.published[&rules].diagnostics.is_empty());
    // A manifest.
    let manifest = mission.path("mandate.toml");
    let sound = fs::read_to_string(&manifest).unwrap();
    mission.write("mandate.toml", &sound.replace("core = \"std\"", "cor = \"std\""));
    tell(&mut client, &manifest, 2);
    client.until("the fault of the manifest", |client| client.published.contains_key(&uri(&manifest)));
    mission.write("mandate.toml", &sound);
    tell(&mut client, &manifest, 2);
    client.until("the sound manifest", |client| client.published[&uri(&manifest)].diagnostics.is_empty());
    client.end();
}

#[test]
fn a_changed_word_of_a_document_is_told_at_the_rule_that_was_reviewed_against_it() {
    let mission = Mission::new();
    let passage = "Reporting\nWhoever sees a grave incident reports it within a day.";
    let print = mandate_documents::fingerprint(passage);
    let words = mandate_documents::comparable(passage);
    let lock = format!(
        "version = 1\n\n[rule.\"rules.report_it\"]\nreviewed_by = \"Legal adviser\"\nreviewed_on = 2026-03-01\n\"rules.order_7#reporting\" = {{ fingerprint = \"{print}\", words = \"{words}\" }}\n"
    );
    let file = mission.write("mandate.lock", &lock);
    let mut client = mission.start();
    let (rules, order) = (mission.path("rules.mandate"), mission.path("sources/order.md"));
    client.open(&rules, RULES);
    assert_eq!(client.diagnostics(&rules, 1), [""; 0]);
    let (line, character) = place(RULES, "rule report_it", 6);
    let hover = client.at("textDocument/hover", &rules, line, character).unwrap();
    assert!(
        hover["contents"]["value"].as_str().is_some_and(|it| it.contains("Reviewed by Legal adviser on 2026-03-01."))
    );

    // In the editor, not saved.
    client.open(&order, ORDER);
    let (line, column) = place(ORDER, "a day", 0);
    client.edit(&order, 2, &[([line, column, line, column + 5], "an hour")]);
    client.until("the changed passage", |client| {
        client.published.get(&uri(&rules)).is_some_and(|it| !it.diagnostics.is_empty())
    });
    let told = client.published[&uri(&rules)].diagnostics.clone();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((&told[0]["code"], &told[0]["severity"]), (&json!("W013"), &json!(2)));
    assert!(told[0]["message"].as_str().is_some_and(|it| it.contains("[-a day.-] {+an hour.+}")), "{}", told[0]);
    client.edit(&order, 3, &[([line, column, line, column + 7], "a day")]);
    client.until("the passage as it was", |client| client.published[&uri(&rules)].diagnostics.is_empty());

    // The lock itself.
    mission.write("mandate.lock", &lock.replace("report_it", "report_all"));
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri(&file), "type": 2}]}));
    client.until("the review of a rule that is gone", |client| {
        client.published.get(&uri(&file)).is_some_and(|it| it.diagnostics.iter().any(|said| said["code"] == "W015"))
    });
    assert_eq!(client.codes(&rules), ["W014 27:5-27:14"]);
    client.end();
}

#[test]
fn a_module_outside_every_package_and_one_never_saved_are_packages_of_their_own() {
    let mission = Mission::new();
    let mut client = mission.start();
    let alone = mission.dir.path().join("alone.mandate");
    let text = "use core.{Incident}\n\ndefine grave(i: Incident) = i.id == \"x\" and tru\n";
    client.open(&alone, text);
    let shown = client.diagnostics(&alone, 1);
    assert!(shown.len() == 1 && shown[0].ends_with(" 2:44-2:47"), "{shown:?}");
    client.edit(&alone, 2, &[([2, 47, 2, 47], "e")]);
    assert_eq!(client.diagnostics(&alone, 2), [""; 0]);
    client.edit(&alone, 3, &[([2, 47, 2, 48], "")]);
    assert_eq!(client.diagnostics(&alone, 3).len(), 1);
    client.close(&alone);
    client.until("silence about a closed file", |client| client.published[&uri(&alone)].diagnostics.is_empty());
    client.open_uri("untitled:Untitled-1", text);
    client.until("the file never saved", |client| {
        client.published.get("untitled:Untitled-1").is_some_and(|it| it.diagnostics.len() == 1)
    });
    // It becomes part of a package when a manifest comes.
    client.open(&alone, text);
    client.settle();
    let manifest = mission.dir.path().join("mandate.toml");
    fs::write(&manifest, "[package]\nname = \"outer\"\nversion = \"0.1.0\"\nedition = \"2026\"\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri(&manifest), "type": 1}]}));
    client.until("the unknown package", |client| client.codes(&alone).iter().any(|it| it.contains(" 0:")));
    client.end();
}

#[test]
fn a_module_not_yet_on_disk_is_part_of_its_package() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("fresh.mandate");
    client.open(&path, "use units.{Unit}\n\ndefine named(u: Unit) = u.name is known\n");
    assert_eq!(client.diagnostics(&path, 1), [""; 0]);
    let rules = mission.path("rules.mandate");
    client.open(
        &rules,
        &RULES
            .replace("use units.{Unit}", "use units.{Unit}\nuse fresh.{named}")
            .replace("when i.grave", "when named(i.unit)"),
    );
    assert_eq!(client.diagnostics(&rules, 1), [""; 0]);
    client.close(&path);
    client.until("the missing module", |client| !client.codes(&rules).is_empty());
    client.end();
}

#[test]
fn two_folders_are_two_packages_and_an_unsaved_edit_reaches_the_user_of_a_package() {
    let mission = Mission::new();
    let base = mission.dir.path().join("base");
    fs::create_dir_all(&base).unwrap();
    fs::write(base.join("mandate.toml"), "[package]\nname = \"base\"\nversion = \"0.1.0\"\nedition = \"2026\"\n")
        .unwrap();
    fs::write(base.join("words.mandate"), "enum Colour { red, green }\n").unwrap();
    let manifest = fs::read_to_string(mission.path("mandate.toml")).unwrap();
    mission.write("mandate.toml", &format!("{manifest}base = {{ path = \"../base\" }}\n"));
    let user = mission.write("colours.mandate", "use base.{Colour}\n\nrecord Flag {\n  colour: Colour\n}\n");
    let (mut client, _) = Client::start(mission.server(), &[&mission.path(""), &base], &json!({}));
    let words = base.join("words.mandate");
    client.open(&words, "enum Colour { red, green }\n");
    assert_eq!(client.diagnostics(&words, 1), [""; 0]);
    client.edit(&words, 2, &[([0, 5, 0, 11], "Paint")]);
    client.until("the user of the package", |client| !client.codes(&user).is_empty());
    client.notify(
        "workspace/didChangeWorkspaceFolders",
        json!({"event": {"added": [], "removed": [{"uri": uri(&mission.path("")), "name": "x"}]}}),
    );
    client.until("silence about a closed folder", |client| client.codes(&user).is_empty());
    client.end();
}

#[test]
fn a_file_of_more_than_ten_megabytes_is_refused_with_one_message() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("units.mandate");
    let large = "// 0123456789\n".repeat(720_000);
    client.open(&path, &large);
    client.edit(&path, 2, &[([0, 0, 0, 0], "x")]);
    client.edit(&path, 3, &[([0, 0, 0, 0], "x")]);
    let rules = mission.path("rules.mandate");
    client.open(&rules, RULES);
    client.diagnostics(&rules, 1);
    let shown: Vec<_> = client.notices.iter().filter(|it| it["method"] == "window/showMessage").collect();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0]["params"]["message"].as_str().unwrap().contains("10 MB"), "{shown:?}");
    let whole = json!({"textDocument": {"uri": uri(&path), "version": 4}, "contentChanges": [{"text": UNITS}]});
    client.notify("textDocument/didChange", whole);
    assert_eq!(client.diagnostics(&path, 4), [""; 0]);
    client.until("the rules to be right again", |client| client.codes(&rules).is_empty());
    client.end();
}

#[test]
fn what_is_brought_in_for_nothing_is_faded() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("fresh.mandate");
    client.open(&path, "use units.{Unit}\n\nenum E { a }\n");
    assert_eq!(client.diagnostics(&path, 1), ["W006 0:11-0:15"]);
    assert_eq!(client.published[&uri(&path)].diagnostics[0]["tags"], json!([1]));
    client.end();
}

#[test]
fn a_file_with_ten_mistakes_gives_them_all_at_once() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("many.mandate");
    let text: String = (0..10).map(|n| format!("record R{n} {{\n  x: Nowhere{n}\n}}\n\n")).collect();
    client.open(&path, &text);
    let shown = client.diagnostics(&path, 1);
    let lines: Vec<_> = shown.iter().map(|it| it.split([' ', ':']).nth(1).unwrap().parse::<usize>().unwrap()).collect();
    assert_eq!(lines, (0..10).map(|n| n * 4 + 1).collect::<Vec<_>>());
    client.end();
}
