//! Clients that make mistakes, go without a word, or ask for more than usual.

use crate::client::{Client, uri};
use crate::mission::{Mission, RULES, UNITS};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Methods that ask about a place in a document, whether offered or not.
const METHODS: [&str; 26] = [
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/declaration",
    "textDocument/typeDefinition",
    "textDocument/implementation",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/documentSymbol",
    "textDocument/completion",
    "textDocument/signatureHelp",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/documentLink",
    "textDocument/formatting",
    "textDocument/rangeFormatting",
    "textDocument/onTypeFormatting",
    "textDocument/rename",
    "textDocument/prepareRename",
    "textDocument/foldingRange",
    "textDocument/selectionRange",
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/range",
    "textDocument/inlayHint",
    "textDocument/linkedEditingRange",
    "textDocument/prepareCallHierarchy",
    "textDocument/diagnostic",
];

/// The server still knows what is right and wrong.
fn lives(client: &mut Client, mission: &Mission) {
    let path = mission.path("rules.mandate");
    client.open(&path, &RULES.replace("i.grave", "i.brave"));
    assert_eq!(client.diagnostics(&path, 1).len(), 1);
    client.close(&path);
}

#[test]
fn a_request_without_what_it_needs_is_refused() {
    let mission = Mission::new();
    let mut client = mission.start();
    for method in METHODS {
        for params in [
            json!({}),
            json!([]),
            json!(7),
            json!({"textDocument": 3}),
            json!({"textDocument": {"uri": "not an address"}}),
        ] {
            let answer = client.request(method, params.clone());
            assert!(matches!(answer, Err(-32602 | -32601)), "{method} {params}: {answer:?}");
        }
    }
    assert!(client.request("workspace/symbol", json!({"query": 3})).is_err());
    assert!(client.request("workspace/executeCommand", json!({"command": "no.such.command"})).is_err());
    for method in
        ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "workspace/didChangeWatchedFiles"]
    {
        client.notify(method, json!({"nonsense": true}));
    }
    client.notify("$/never/heard/of", json!({}));
    lives(&mut client, &mission);
    client.end();
}

#[test]
fn a_place_that_is_not_there_is_no_fault() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    client.open(&path, RULES);
    let nowhere = [(0, u32::MAX), (u32::MAX, 0), (u32::MAX, u32::MAX), (5, 10_000), (100_000, 3)];
    let files = [
        path.clone(),
        mission.path("sources/order.md"),
        mission.path("no/such/file.mandate"),
        mission.path("mandate.toml"),
    ];
    for file in &files {
        for (line, character) in nowhere {
            let place = json!({"line": line, "character": character});
            for method in METHODS {
                let params = json!({
                    "textDocument": {"uri": uri(file)}, "position": place, "positions": [place], "newName": "x",
                    "range": {"start": place, "end": {"line": 0, "character": 0}},
                    "context": {"diagnostics": [], "includeDeclaration": true},
                    "options": {"tabSize": 2, "insertSpaces": true}, "ch": "\n",
                });
                let answer = client.request(method, params);
                assert!(!matches!(answer, Err(-32603)), "{method} {file:?} {line}:{character}: {answer:?}");
            }
        }
    }
    // Ranges turned round, or behind the end, change what an editor would change.
    client.edit(&path, 2, &[([4_000_000, 0, 3, 0], ""), ([0, 0, 0, u32::MAX], "// x"), ([900, 9, 900, 9], "")]);
    client.settle();
    client.close(&path);
    client.close(&mission.path("never/opened.mandate"));
    client.open(&path, RULES);
    client.open(&path, RULES);
    client.close(&path);
    lives(&mut client, &mission);
    client.end();
}

#[test]
fn introductions_are_made_once() {
    let mission = Mission::new();
    let mut client = Client::raw(&mut mission.server());
    // What is said before counts for nothing.
    client.notify(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": "file:///x.mandate", "languageId": "mandate", "version": 1, "text": "x"}}),
    );
    client.notify("initialized", json!({}));
    for method in METHODS {
        assert_eq!(client.request(method, json!({})), Err(-32002), "{method}");
    }
    let folders = json!([{"uri": uri(&mission.path("")), "name": "folder"}]);
    let introduction = json!({"processId": null, "capabilities": {}, "workspaceFolders": folders});
    client.request("initialize", introduction.clone()).unwrap();
    assert_eq!(client.request("initialize", introduction), Err(-32600));
    client.notify("initialized", json!({}));
    lives(&mut client, &mission);
    client.end();
}

#[test]
fn a_message_of_seventy_megabytes_is_stepped_over() {
    let mission = Mission::new();
    let mut client = mission.start();
    client.send_bytes(b"Content-Length: 70000000\r\n\r\n");
    let part = vec![b' '; 1_000_000];
    (0..70).for_each(|_| client.send_bytes(&part));
    client.until("the refusal", |client| !client.strays.is_empty());
    assert_eq!(client.strays[0]["error"]["code"], -32600);
    assert!(client.memory_in_megabytes() < 120.0, "{}", client.memory_in_megabytes());
    lives(&mut client, &mission);
    client.end();
}

/// Waits for the end of a process and gives its exit code.
fn ended(child: &mut Child) -> Option<i32> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        assert!(Instant::now() < deadline, "the server does not end");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

#[test]
fn a_client_that_stops_listening_ends_the_server() {
    let mission = Mission::new();
    let mut child = mission.server().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let folders = json!([{"uri": uri(&mission.path("")), "name": "folder"}]);
    let params = json!({"processId": null, "capabilities": {}, "workspaceFolders": folders});
    input.write_all(&frame(&json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}))).unwrap();
    let mut output = child.stdout.take().unwrap();
    output.read_exact(&mut [0; 20]).unwrap();
    drop(output);
    // The input stays open: only the answers that nobody takes tell the server.
    for id in 2..50 {
        if input.write_all(&frame(&json!({"jsonrpc": "2.0", "id": id, "method": "no/such/method"}))).is_err() {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    assert_eq!(ended(&mut child), Some(1));
}

#[test]
fn a_client_that_goes_in_the_middle_of_a_message_ends_the_server() {
    let mission = Mission::new();
    let mut client = mission.start();
    client.send_bytes(b"Content-Length: 500\r\n\r\n{\"jsonrpc\": \"2.0\", \"meth");
    client.close_input();
    assert_eq!(client.exit_code(), 1);
}

/// A file on which a request takes its time.
fn large() -> String {
    let mut text = String::from(RULES);
    for number in 0..1_500 {
        text.push_str(&format!(
            "\nrule r_{number} \"Rule {number}\" {{\n  cites order_7#reporting\n  for each i: Incident\n  when i.grave\n  everyone must report(i) within {} hours after i.observed_at\n}}\n",
            number % 70 + 1
        ));
    }
    text
}

#[test]
fn three_hundred_messages_behind_four_busy_requests_are_all_heard() {
    let mission = Mission::new();
    let mut client = mission.start();
    let path = mission.path("rules.mandate");
    client.open(&path, &large());
    client.diagnostics(&path, 1);
    let document = json!({"textDocument": {"uri": uri(&path)}});
    let mut asked: Vec<i64> = ["documentSymbol", "semanticTokens/full", "foldingRange", "documentSymbol"]
        .map(|what| client.ask(&format!("textDocument/{what}"), document.clone()))
        .to_vec();
    let mut cancelled = Vec::new();
    for number in 0..300_i64 {
        match number % 4 {
            0 => client.edit(&path, number + 2, &[([0, 0, 0, 0], "// x\n")]),
            1 => asked.push(client.ask("textDocument/documentSymbol", document.clone())),
            2 => {
                let id = client.ask("textDocument/semanticTokens/full", document.clone());
                client.notify("$/cancelRequest", json!({"id": id}));
                cancelled.push(id);
            }
            _ => asked.push(client.ask("workspace/symbol", json!({"query": format!("r{number}")}))),
        }
    }
    for id in asked {
        let answer = client.answer(id);
        assert!(matches!(answer, Ok(_) | Err(-32801)), "{answer:?}");
    }
    for id in cancelled {
        let answer = client.answer(id);
        assert!(matches!(answer, Ok(_) | Err(-32800 | -32801)), "{answer:?}");
    }
    // Nothing is left out, and nothing is behind.
    let symbols = client.request("textDocument/documentSymbol", document).unwrap();
    assert_eq!(symbols[0]["range"]["start"]["line"], 2 + 75);
    client.diagnostics(&path, 298);
    client.end();
}

#[test]
fn two_people_typing_at_twice_the_usual_speed_are_kept_up_with() {
    let mission = Mission::new();
    let mut client = mission.start();
    let files = [(mission.path("rules.mandate"), RULES), (mission.path("units.mandate"), UNITS)];
    for (path, text) in &files {
        client.open(path, text);
    }
    let ask = |client: &mut Client, path: &Path| {
        let params = json!({"textDocument": {"uri": uri(path)}, "position": {"line": 1, "character": 2}});
        ["hover", "definition"].map(|what| client.ask(&format!("textDocument/{what}"), params.clone()))
    };
    let (begin, mut asked) = (Instant::now(), Vec::new());
    // Two times twenty letters a second, each with what an editor asks meanwhile.
    for number in 0..60 {
        for (path, _) in &files {
            let typed = if number % 2 == 0 { ([0, 0, 0, 0], "x") } else { ([0, 0, 0, 1], "") };
            client.edit(path, number + 2, &[typed]);
            asked.extend(ask(&mut client, path));
        }
        let due = begin + Duration::from_millis(25 * (number as u64 + 1));
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    for (path, _) in &files {
        let last = Instant::now();
        assert_eq!(client.diagnostics(path, 61), [""; 0]);
        // A server that falls behind would have a pile of work before this.
        assert!(last.elapsed() < Duration::from_secs(10), "{:?}", last.elapsed());
    }
    for id in asked {
        assert!(matches!(client.answer(id), Ok(_) | Err(-32801)));
    }
    client.end();
}

#[test]
fn names_of_requests_may_be_words_and_answers_nobody_asked_for_are_dropped() {
    let mission = Mission::new();
    let mut client = mission.start();
    client.send_bytes(&frame(&json!({"jsonrpc": "2.0", "id": "first", "method": "shutdown-not"})));
    client.until("the answer", |client| !client.strays.is_empty());
    assert_eq!((&client.strays[0]["id"], &client.strays[0]["error"]["code"]), (&json!("first"), &json!(-32601)));
    client.send_bytes(&frame(&json!({"jsonrpc": "2.0", "id": 4_711, "result": null})));
    client.send_bytes(&frame(&json!({"jsonrpc": "2.0", "id": "mandate-99", "error": {"code": -1, "message": "no"}})));
    client.notify("$/cancelRequest", json!({"id": 99_999}));
    client.notify("window/workDoneProgress/cancel", json!({"token": "of nobody"}));
    lives(&mut client, &mission);
    client.end();
}
