//! Random editing: edits of every kind, interleaved with requests of every kind, and now and then the question whether a
//! server that has seen none of it says the same.
//!
//! Used by a short test and by the program `edit_storm`, which makes as many edits as one wants.

use crate::client::{Client, uri};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const UNITS: &str = include_str!("../../../tests/lsp/camp/units.mandate");
const RULES: &str = include_str!("../../../tests/lsp/camp/rules.mandate");
const ORDER: &str = include_str!("../../../tests/lsp/camp/sources/order.md");
const MANIFEST: &str = include_str!("../../../tests/lsp/camp/mandate.toml");
/// A module outside the package.
const ALONE: &str = "enum Colour { red, green = \"grün 🦺\" }\n\ndefine is_red(c: Colour) = c == red\n";

/// What is typed: words that mean something, halves of them, line ends of every kind, signs of every width.
const PIECES: [&str; 32] = [
    " ",
    "\n",
    "\r\n",
    "\r",
    "{",
    "}",
    "(",
    "\"",
    "x",
    "é",
    "漢字",
    "🦺",
    "e\u{301}",
    "// ",
    "/// ",
    "rule r {\n",
    "}\n\n",
    "when i.gravity >= grave",
    "Unit",
    "is_large(",
    "#reporting",
    "24 hours",
    "order_7",
    "define d(u: Unit) = true\n",
    "use units.{Unit}\n",
    "scenario \"s\" {\n",
    "everyone must report(i)",
    "unless ",
    " and not ",
    "enum E { a, b }\r\n",
    "2026-03-01T08:00Z",
    "\u{feff}",
];

/// Numbers that look random and are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}

/// A file as the person at the editor sees it.
struct File {
    path: PathBuf,
    /// As on the disk, sound.
    original: &'static str,
    text: String,
    is_open: bool,
    version: i64,
    /// Earlier texts.
    undo: Vec<String>,
}

/// What a run found out.
#[derive(Debug, Default)]
pub struct Report {
    pub edits: usize,
    pub requests: usize,
    pub comparisons: usize,
    /// Resident megabytes with the original texts, after the warm-up and at the end.
    pub memory: (f64, f64),
}

/// The editor and what is edited.
struct Storm<'a> {
    dice: Dice,
    client: Client,
    files: Vec<File>,
    /// Methods that the server offers, each asked with a document and what else it needs.
    methods: Vec<&'static str>,
    is_utf8: bool,
    server: &'a dyn Fn() -> Command,
    folder: PathBuf,
    asked: Vec<i64>,
    report: Report,
    token_ids: BTreeMap<PathBuf, String>,
}

/// Makes `edits` random edits and compares with a fresh server every `interval` edits, and at the end.
///
/// Panics with what differs, with the seed of the run in the caller's hands.
pub fn run(directory: &Path, server: &dyn Fn() -> Command, seed: u64, edits: usize, interval: usize) -> Report {
    let mut storm = Storm::new(directory, server, seed);
    let warm_up = edits / 3;
    for number in 1..=edits {
        storm.edit();
        if storm.dice.one_in(3) {
            storm.ask();
        }
        if storm.dice.one_in(6) {
            storm.wait();
        }
        if number % interval == 0 {
            storm.compare();
        }
        if number == warm_up {
            storm.report.memory.0 = storm.memory_when_sound();
        }
    }
    storm.compare();
    storm.report.memory.1 = storm.memory_when_sound();
    // With sound texts, findings about the rules have to be the same, too.
    storm.compare();
    storm.report.edits = edits;
    let Storm { client, report, .. } = storm;
    client.end();
    report
}

impl<'a> Storm<'a> {
    fn new(directory: &Path, server: &'a dyn Fn() -> Command, seed: u64) -> Self {
        let folder = directory.join("camp");
        fs::create_dir_all(folder.join("sources")).expect("made");
        fs::write(folder.join("mandate.toml"), MANIFEST).expect("written");
        let files = [
            (folder.join("units.mandate"), UNITS),
            (folder.join("rules.mandate"), RULES),
            (folder.join("sources/order.md"), ORDER),
            (directory.join("alone.mandate"), ALONE),
        ];
        let files = files.map(|(path, text)| {
            fs::write(&path, text).expect("written");
            File { path, original: text, text: text.to_owned(), is_open: false, version: 0, undo: Vec::new() }
        });
        let is_utf8 = seed.is_multiple_of(2);
        let (client, offered) = Client::start(server(), &[&folder], &capabilities(is_utf8));
        let mut storm = Storm {
            dice: Dice::new(seed),
            client,
            files: Vec::from(files),
            methods: methods(&offered["capabilities"]),
            is_utf8,
            server,
            folder,
            asked: Vec::new(),
            report: Report::default(),
            token_ids: BTreeMap::new(),
        };
        assert!(storm.methods.len() > 5, "{:?}", storm.methods);
        for number in 0..storm.files.len() {
            storm.open(number);
        }
        storm
    }

    fn open(&mut self, number: usize) {
        let file = &mut self.files[number];
        file.is_open = true;
        file.version += 1;
        self.client.open_as(&file.path, &file.text, file.version);
    }

    /// One edit, undo, closing or opening of a random file.
    fn edit(&mut self) {
        let number = self.dice.below(self.files.len());
        if !self.files[number].is_open {
            // Sometimes with a text that the disk does not have.
            if self.dice.one_in(2) {
                let original = self.files[number].original.to_owned();
                self.files[number].text = original;
            }
            return self.open(number);
        }
        match self.dice.below(40) {
            0 => {
                self.client.close(&self.files[number].path);
                self.files[number].is_open = false;
            }
            1 => self.replace_all(number),
            2..=9 => self.undo(number),
            _ => {
                let changes = if self.dice.one_in(4) { 2 + self.dice.below(3) } else { 1 };
                self.type_in(number, changes);
            }
        }
    }

    /// Some changes in one message, each in the text that the one before left.
    fn type_in(&mut self, number: usize, count: usize) {
        let mut text = self.files[number].text.clone();
        let mut changes = Vec::new();
        for _ in 0..count {
            let from = self.place(&text);
            let length = if self.dice.one_in(3) { self.dice.below(12) } else { 0 };
            let to = boundary(&text, (from + length).min(text.len()));
            let piece = PIECES[self.dice.below(PIECES.len())];
            changes.push(json!({"range": self.range(&text, from, to), "text": piece}));
            text.replace_range(from..to, piece);
        }
        // Texts that only grow would test less and less of what is near a rule.
        if text.len() > 3 * self.files[number].original.len() {
            return self.replace_all(number);
        }
        self.send(number, text, changes);
    }

    /// Goes back to an earlier text by one change of what differs.
    fn undo(&mut self, number: usize) {
        let steps = 1 + self.dice.below(4);
        let Some(earlier) = (0..steps).filter_map(|_| self.files[number].undo.pop()).last() else { return };
        let change = self.difference(&self.files[number].text, &earlier);
        self.send(number, earlier, vec![change]);
        self.files[number].undo.pop();
    }

    /// What makes one text of the other.
    fn difference(&self, old: &str, new: &str) -> Value {
        let prefix = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
        let bound = old.len().min(new.len()) - prefix;
        let suffix = old.bytes().rev().zip(new.bytes().rev()).take(bound).take_while(|(a, b)| a == b).count();
        let mut from = prefix;
        while !is_place(old, from) || !is_place(new, from) {
            from -= 1;
        }
        let mut tail = suffix;
        while !is_place(old, old.len() - tail) || !is_place(new, new.len() - tail) {
            tail -= 1;
        }
        json!({"range": self.range(old, from, old.len() - tail), "text": &new[from..new.len() - tail]})
    }

    fn replace_all(&mut self, number: usize) {
        let text = self.files[number].original.to_owned();
        let text = if self.dice.one_in(2) { text.replace('\n', "\r\n") } else { text };
        let change = json!({"text": text});
        self.send(number, text, vec![change]);
    }

    fn send(&mut self, number: usize, text: String, changes: Vec<Value>) {
        let file = &mut self.files[number];
        file.version += 1;
        let before = std::mem::replace(&mut file.text, text);
        file.undo.push(before);
        if file.undo.len() > 20 {
            file.undo.remove(0);
        }
        let document = json!({"uri": uri(&file.path), "version": file.version});
        self.client.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    /// A random place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let at = self.dice.below(text.len() + 1);
        boundary(text, at)
    }

    fn position(&self, text: &str, at: usize) -> Value {
        let before = &text[..at];
        // Every kind of line end ends one line.
        let mut line = before.matches('\n').count() + before.matches('\r').count() - before.matches("\r\n").count();
        // The half of one at the end of `before` is the whole end of a line only if the other half does not follow.
        if before.ends_with('\r') && text[at..].starts_with('\n') {
            line -= 1;
        }
        let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let column = &before[start..];
        let column = if self.is_utf8 { column.len() } else { column.encode_utf16().count() };
        json!({"line": line, "character": column})
    }

    fn range(&self, text: &str, from: usize, to: usize) -> Value {
        json!({"start": self.position(text, from), "end": self.position(text, to)})
    }

    /// Asks something somewhere, and waits for no answer; sometimes gives it up at once.
    fn ask(&mut self) {
        let method = self.methods[self.dice.below(self.methods.len())];
        let number = self.dice.below(self.files.len());
        let place = self.place(&self.files[number].text.clone());
        let params = self.params(method, number, place, &self.client_tokens(number));
        let id = self.client.ask(method, params);
        self.report.requests += 1;
        if self.dice.one_in(10) {
            self.client.notify("$/cancelRequest", json!({"id": id}));
        }
        self.asked.push(id);
        if self.asked.len() > 40 {
            self.hear();
        }
    }

    fn client_tokens(&self, number: usize) -> String {
        self.token_ids.get(&self.files[number].path).cloned().unwrap_or_else(|| "none".to_owned())
    }

    /// What a request about a place needs to be told.
    fn params(&self, method: &str, number: usize, at: usize, tokens: &str) -> Value {
        let file = &self.files[number];
        let (text, position) = (&file.text, self.position(&file.text, at));
        let to = boundary(text, (at + 40).min(text.len()));
        let mut params = json!({"textDocument": {"uri": uri(&file.path)}});
        let more = match method {
            "workspace/symbol" => return json!({"query": "r"}),
            "textDocument/selectionRange" => json!({"positions": [position]}),
            "textDocument/semanticTokens/full/delta" => json!({"previousResultId": tokens}),
            "textDocument/semanticTokens/range" | "textDocument/inlayHint" => {
                json!({"range": self.range(text, at, to)})
            }
            "textDocument/codeAction" => {
                json!({"range": self.range(text, at, at), "context": {"diagnostics": []}})
            }
            "textDocument/formatting" => json!({"options": options()}),
            "textDocument/rangeFormatting" => json!({"range": self.range(text, at, to), "options": options()}),
            "textDocument/onTypeFormatting" => json!({"position": position, "ch": "\n", "options": options()}),
            "textDocument/rename" => json!({"position": position, "newName": "renamed"}),
            "textDocument/references" => json!({"position": position, "context": {"includeDeclaration": true}}),
            _ => json!({"position": position}),
        };
        let all = params.as_object_mut().expect("an object");
        all.extend(more.as_object().cloned().unwrap_or_else(Map::new));
        params
    }

    /// Reads all answers. None may tell of a fault.
    fn hear(&mut self) {
        for id in std::mem::take(&mut self.asked) {
            let answer = self.client.answer(id);
            // Refused (a rename of nothing), cancelled, overtaken, and asked to be asked again are answers, too.
            assert!(matches!(answer, Ok(_) | Err(-32803..=-32800 | -32602)), "{answer:?}");
        }
        let complaint = self.client.notices.iter().find(|it| it["method"] == "window/logMessage");
        assert!(complaint.is_none(), "{complaint:?}");
        self.client.notices.clear();
        self.client.log.clear();
    }

    /// Waits until the diagnostics of what was typed last are there, as a person does who looks up.
    fn wait(&mut self) {
        let open =
            self.files.iter().find(|file| file.is_open && file.path.extension().is_some_and(|it| it == "mandate"));
        let Some(file) = open else { return };
        let (uri, version) = (uri(&file.path), file.version);
        self.client
            .until("diagnostics", |client| client.published.get(&uri).is_some_and(|it| it.version == Some(version)));
    }

    /// Compares with a server that is told nothing but the present texts.
    fn compare(&mut self) {
        self.hear();
        let (mut fresh, _) = Client::start((self.server)(), &[&self.folder], &capabilities(self.is_utf8));
        for file in self.files.iter().filter(|file| file.is_open) {
            fresh.open_as(&file.path, &file.text, file.version);
        }
        self.compare_answers(&mut fresh);
        self.compare_diagnostics(&mut fresh);
        fresh.end();
        self.report.comparisons += 1;
    }

    /// At every kind of place, every kind of question has the same answer.
    fn compare_answers(&mut self, fresh: &mut Client) {
        for number in 0..self.files.len() {
            let text = self.files[number].text.clone();
            if !self.files[number].is_open {
                continue;
            }
            for method in self.methods.clone() {
                let has_place = !matches!(
                    method,
                    "textDocument/documentSymbol"
                        | "textDocument/semanticTokens/full"
                        | "textDocument/foldingRange"
                        | "textDocument/formatting"
                        | "textDocument/codeLens"
                        | "textDocument/documentLink"
                );
                for _ in 0..if has_place { 3 } else { 1 } {
                    let at = self.place(&text);
                    let params = self.params(method, number, at, "none");
                    let (ours, theirs) = (settled(&mut self.client, method, &params), settled(fresh, method, &params));
                    if let Ok(found) = &ours
                        && let Some(id) = found.get("resultId").and_then(Value::as_str)
                    {
                        self.token_ids.insert(self.files[number].path.clone(), id.to_owned());
                    }
                    let (ours, theirs) = (ours.map(without_ids), theirs.map(without_ids));
                    assert_eq!(ours, theirs, "{method} {params} in\n{text}");
                }
            }
        }
    }

    /// In the end, the same is said against every file.
    fn compare_diagnostics(&mut self, fresh: &mut Client) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            self.client.settle();
            fresh.settle();
            let (ours, theirs) = (self.said(&self.client), self.said(fresh));
            if ours == theirs {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "said: {ours:#?}\na fresh server says: {theirs:#?}\ntexts: {:#?}",
                self.files.iter().map(|file| (&file.path, &file.text)).collect::<Vec<_>>()
            );
        }
    }

    /// What was said against each file. Findings about rules stay while the texts have errors, so they count only without.
    fn said(&self, client: &Client) -> BTreeMap<String, Vec<Value>> {
        let is_sound = !client
            .published
            .values()
            .any(|it| it.diagnostics.iter().any(|one| one["severity"] == 1 && !is_proven(one)));
        let mut all = BTreeMap::new();
        for (uri, published) in &client.published {
            let said: Vec<Value> =
                published.diagnostics.iter().filter(|one| is_sound || !is_proven(one)).cloned().collect();
            if !said.is_empty() {
                all.insert(uri.clone(), said);
            }
        }
        all
    }

    /// The memory of the server with every file open and as it was at first.
    fn memory_when_sound(&mut self) -> f64 {
        for number in 0..self.files.len() {
            if !self.files[number].is_open {
                self.open(number);
            }
            let text = self.files[number].original.to_owned();
            let change = json!({"text": text});
            self.send(number, text, vec![change]);
            self.files[number].undo.clear();
        }
        self.hear();
        self.wait();
        self.client.settle();
        self.client.memory_in_megabytes()
    }
}

fn is_proven(diagnostic: &Value) -> bool {
    diagnostic["code"].as_str().is_some_and(|code| code.as_bytes().get(1) == Some(&b'3'))
}

/// The answer to a question, asked again as long as the text is said to change.
fn settled(client: &mut Client, method: &str, params: &Value) -> Result<Value, i64> {
    for _ in 0..200 {
        match client.request(method, params.clone()) {
            Err(-32801) => {}
            answer => return answer,
        }
    }
    panic!("{method} is never answered");
}

/// Answers are numbered by each server for itself.
fn without_ids(mut answer: Value) -> Value {
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("resultId");
    }
    answer
}

fn options() -> Value {
    json!({"tabSize": 2, "insertSpaces": true})
}

/// Whether a position can name the place: not inside a character, nor between the halves of a line end.
fn is_place(text: &str, at: usize) -> bool {
    text.is_char_boundary(at) && !(text[..at].ends_with('\r') && text[at..].starts_with('\n'))
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !is_place(text, at) {
        at -= 1;
    }
    at
}

fn capabilities(is_utf8: bool) -> Value {
    json!({
        "general": {"positionEncodings": if is_utf8 { ["utf-8"] } else { ["utf-16"] }},
        "textDocument": {
            "publishDiagnostics": {"relatedInformation": true, "versionSupport": true},
            "definition": {"linkSupport": true},
            "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
            "hover": {"contentFormat": ["markdown"]},
            "completion": {"completionItem": {"snippetSupport": true}},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}, "dataSupport": true},
        },
        "workspace": {"workspaceEdit": {"documentChanges": true}},
    })
}

/// The methods of what is offered, as far as a document and a place are all they need.
fn methods(offered: &Value) -> Vec<&'static str> {
    let all = [
        ("hoverProvider", "textDocument/hover"),
        ("definitionProvider", "textDocument/definition"),
        ("declarationProvider", "textDocument/declaration"),
        ("typeDefinitionProvider", "textDocument/typeDefinition"),
        ("implementationProvider", "textDocument/implementation"),
        ("referencesProvider", "textDocument/references"),
        ("documentHighlightProvider", "textDocument/documentHighlight"),
        ("documentSymbolProvider", "textDocument/documentSymbol"),
        ("workspaceSymbolProvider", "workspace/symbol"),
        ("documentFormattingProvider", "textDocument/formatting"),
        ("documentRangeFormattingProvider", "textDocument/rangeFormatting"),
        ("documentOnTypeFormattingProvider", "textDocument/onTypeFormatting"),
        ("foldingRangeProvider", "textDocument/foldingRange"),
        ("selectionRangeProvider", "textDocument/selectionRange"),
        ("semanticTokensProvider", "textDocument/semanticTokens/full"),
        ("semanticTokensProvider", "textDocument/semanticTokens/full/delta"),
        ("semanticTokensProvider", "textDocument/semanticTokens/range"),
        ("completionProvider", "textDocument/completion"),
        ("signatureHelpProvider", "textDocument/signatureHelp"),
        ("inlayHintProvider", "textDocument/inlayHint"),
        ("codeLensProvider", "textDocument/codeLens"),
        ("codeActionProvider", "textDocument/codeAction"),
        ("documentLinkProvider", "textDocument/documentLink"),
        ("renameProvider", "textDocument/prepareRename"),
        ("renameProvider", "textDocument/rename"),
        ("callHierarchyProvider", "textDocument/prepareCallHierarchy"),
        ("linkedEditingRangeProvider", "textDocument/linkedEditingRange"),
    ];
    all.into_iter().filter(|(capability, _)| offered.get(*capability).is_some()).map(|(_, method)| method).collect()
}
