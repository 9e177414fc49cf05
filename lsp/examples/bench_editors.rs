//! How long an editor waits, for this server and for servers of other languages, by the same client over pipes.
//!
//! `cargo run --release -p mandate-lsp --example bench_editors [-- NAME=COMMAND...]` makes files of 1,000, 10,000 and
//! 100,000 lines and a workspace of 1,000 files and 100,000 lines, in this language and in Python, types into them, and
//! prints a table in Markdown. Each COMMAND is the server of a peer, which is given the Python files; `tests/bench/editors.sh`
//! knows some. An edit makes a mistake or mends it; its time ends when diagnostics that know it have arrived.

#[path = "../tests/protocol/client.rs"]
mod client;
#[path = "bench_editors/texts.rs"]
mod texts;

use client::{Client, PATIENCE, uri};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use texts::Language;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So long is one row measured; a server that needs seconds for each edit is asked fewer times.
const ROW: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The same program is the server, so that nothing else has to be built or found.
    if arguments.first().is_some_and(|first| first == "--serve") {
        return mandate_lsp::run();
    }
    let program = std::env::current_exe().expect("this program");
    let mut servers = vec![Server {
        name: "mandate".to_owned(),
        command: vec![program.to_string_lossy().into_owned(), "--serve".to_owned()],
        language: Language::Mandate,
    }];
    for argument in &arguments {
        let Some((name, command)) = argument.split_once('=') else {
            eprintln!("bench_editors: {argument}: NAME=COMMAND is wanted");
            return ExitCode::from(2);
        };
        let command = command.split(' ').map(str::to_owned).collect();
        servers.push(Server { name: name.to_owned(), command, language: Language::Python });
    }
    let results: Vec<Vec<(String, f64)>> = servers.iter().map(measure).collect();
    print_table(&servers, &results);
    ExitCode::SUCCESS
}

/// A server under measurement.
struct Server {
    name: String,
    command: Vec<String>,
    language: Language,
}

impl Server {
    fn start(&self, folder: &Path) -> Client {
        let mut command = Command::new(&self.command[0]);
        command.args(&self.command[1..]).env("XDG_CACHE_HOME", folder.with_extension("cache"));
        // What a server says about itself is of no interest here.
        command.stderr(std::process::Stdio::null());
        let capabilities = json!({"textDocument": {
            "publishDiagnostics": {"versionSupport": true},
            "hover": {"contentFormat": ["markdown"]},
            "semanticTokens": {"requests": {"full": true}, "tokenTypes": [], "tokenModifiers": [], "formats": ["relative"]},
        }});
        Client::start(command, &[folder], &capabilities).0
    }
}

fn measure(server: &Server) -> Vec<(String, f64)> {
    let mut rows = Vec::new();
    for lines in [1_000, 10_000, 100_000] {
        eprintln!("{}: a file of {lines} lines", server.name);
        let directory = tempfile::tempdir().expect("a directory");
        let (path, text) = texts::workspace(server.language, &directory.path().join("work"), 0, lines);
        let mut session = Session::open(server, &directory.path().join("work"), path, text);
        let prefix = format!("{} lines", thousands(lines));
        rows.push((format!("{prefix}: start to first diagnostics, ms"), session.started));
        let edits = if lines > 50_000 { 20 } else { 60 };
        push_times(
            &mut rows,
            &format!("{prefix}: local edit to diagnostics"),
            session.edits(texts::local(server.language), edits),
        );
        let tokens = session.requests("textDocument/semanticTokens/full", if lines > 50_000 { 5 } else { 20 });
        push_times(&mut rows, &format!("{prefix}: semantic tokens"), tokens);
        rows.push((format!("{prefix}: 300 edits at once, ms"), session.burst()));
        rows.push((format!("{prefix}: resident memory, MB"), session.client.memory_in_megabytes()));
        tell(&rows);
    }
    eprintln!("{}: a workspace of 1,000 files", server.name);
    let directory = tempfile::tempdir().expect("a directory");
    let (path, text) = texts::workspace(server.language, &directory.path().join("work"), 1_000, 1_000);
    let mut session = Session::open(server, &directory.path().join("work"), path, text);
    let prefix = "1,000 files, 100,000 lines";
    rows.push((format!("{prefix}: start to first diagnostics, ms"), session.started));
    if server.language == Language::Mandate {
        rows.push((format!("{prefix}: start to the whole workspace checked, ms"), session.whole_workspace()));
    }
    push_times(
        &mut rows,
        &format!("{prefix}: local edit to diagnostics"),
        session.edits(texts::local(server.language), 100),
    );
    push_times(
        &mut rows,
        &format!("{prefix}: edit of an exported name"),
        session.edits(texts::exported(server.language), 40),
    );
    if server.language == Language::Mandate {
        let (first, times) = session.contradictions(20);
        rows.push((format!("{prefix}: all rules proven for the first time, ms"), first));
        push_times(&mut rows, &format!("{prefix}: contradiction typed, to the finding"), times);
    }
    for (method, what) in [("hover", "hover"), ("definition", "definition"), ("completion", "completion")] {
        let times = session.requests(&format!("textDocument/{method}"), 200);
        push_times(&mut rows, &format!("{prefix}: {what}"), times);
    }
    rows.push((format!("{prefix}: 300 edits at once, ms"), session.burst()));
    rows.push((format!("{prefix}: resident memory, MB"), session.client.memory_in_megabytes()));
    tell(&rows);
    rows
}

/// What is known so far, for who waits for the table.
fn tell(rows: &[(String, f64)]) {
    for (what, value) in rows {
        eprintln!("  {what}: {}", figure(*value));
    }
}

/// A server with one file open.
struct Session {
    client: Client,
    language: Language,
    folder: PathBuf,
    path: PathBuf,
    text: String,
    version: i64,
    begun: Instant,
    /// Milliseconds until the first diagnostics.
    started: f64,
}

impl Session {
    fn open(server: &Server, folder: &Path, path: PathBuf, text: String) -> Session {
        let begun = Instant::now();
        let mut client = server.start(folder);
        client.open_as(&path, &text, 1);
        let folder = folder.to_owned();
        let mut session =
            Session { client, language: server.language, folder, path, text, version: 1, begun, started: 0.0 };
        let came = session.wait(|_| true);
        session.started = if came { milliseconds(begun.elapsed()) } else { f64::NAN };
        session
    }

    /// Waits for diagnostics that know the last edit; whether they came. A server may send none.
    fn wait(&mut self, is_told: impl Fn(&[Value]) -> bool) -> bool {
        self.wait_for(PATIENCE, is_told)
    }

    fn wait_for(&mut self, patience: Duration, is_told: impl Fn(&[Value]) -> bool) -> bool {
        let (uri, version) = (uri(&self.path), self.version);
        self.client.reaches(patience, "the diagnostics", |client| {
            client
                .published
                .get(&uri)
                .is_some_and(|it| it.version.is_none_or(|known| known == version) && is_told(&it.diagnostics))
        })
    }

    fn whole_workspace(&mut self) -> f64 {
        let last = uri(&self.folder.join("zz_last.mandate"));
        self.client.until("the whole workspace", |client| client.published.contains_key(&last));
        milliseconds(self.begun.elapsed())
    }

    fn replace(&mut self, range: [u32; 4], text: &str) {
        self.version += 1;
        self.client.edit(&self.path, self.version, &[(range, text)]);
    }

    /// Types `zz` behind words and takes it back, each time at another place; the times of both.
    fn edits(&mut self, words: &str, count: usize) -> Vec<f64> {
        let places: Vec<(u32, u32)> =
            self.text.match_indices(words).map(|(at, _)| position(&self.text, at + words.len())).collect();
        let mut times = Vec::new();
        let row = Instant::now();
        for turn in (0..count).take_while(|_| row.elapsed() < ROW) {
            let (line, column) = places[turn * 7_919 % places.len()];
            for (range, typed) in [([line, column, line, column], "zz"), ([line, column, line, column + 2], "")] {
                let begin = Instant::now();
                self.replace(range, typed);
                let is_wrong = !typed.is_empty();
                if !self.wait(|told| told.iter().any(|one| one["severity"] == 1) == is_wrong) {
                    return vec![f64::NAN];
                }
                times.push(milliseconds(begin.elapsed()));
                // A person takes longer than this between two letters; the rest of the workspace is looked at meanwhile.
                std::thread::sleep(Duration::from_millis(if turn % 10 == 0 { 100 } else { 10 }));
            }
        }
        times
    }

    /// Writes a rule that contradicts another one and takes it away again; the time until the finding is told for the first
    /// time, when every rule is looked at, and the times after that until it is told.
    fn contradictions(&mut self, count: usize) -> (f64, Vec<f64>) {
        let (mut first, mut times) = (0.0_f64, Vec::new());
        for turn in 0..count {
            let (line, _) = position(&self.text, self.text.len());
            let contradiction = texts::contradiction(turn);
            let lines = contradiction.matches('\n').count() as u32;
            // Not the finding of the turn before, which is shown until a newer one is there.
            let ban = format!("`never_report_{turn}`");
            for (range, typed) in [([line, 0, line, 0], contradiction.as_str()), ([line, 0, line + lines, 0], "")] {
                let begin = Instant::now();
                self.replace(range, typed);
                let is_told = !typed.is_empty();
                // At first all rules are looked at for the first time.
                let patience = if turn == 0 { 10 * PATIENCE } else { PATIENCE };
                let tells = |one: &Value| {
                    one["code"] == "E301" && one["message"].as_str().is_some_and(|message| message.contains(&ban))
                };
                if !self.wait_for(patience, |told| told.iter().any(tells) == is_told) {
                    return (f64::NAN, vec![f64::NAN]);
                }
                if turn == 0 {
                    first = first.max(milliseconds(begin.elapsed()));
                } else if is_told {
                    times.push(milliseconds(begin.elapsed()));
                }
            }
        }
        (first, times)
    }

    /// Asks at different places.
    fn requests(&mut self, method: &str, count: usize) -> Vec<f64> {
        let words = texts::asked(self.language);
        let places: Vec<(u32, u32)> =
            self.text.match_indices(words).map(|(at, _)| position(&self.text, at + words.len() - 2)).collect();
        let mut times = Vec::new();
        let row = Instant::now();
        for turn in (0..count).take_while(|_| row.elapsed() < ROW) {
            let (line, character) = places[turn * 7_919 % places.len()];
            let mut params = json!({"textDocument": {"uri": uri(&self.path)}});
            if !method.contains("semanticTokens") {
                params["position"] = json!({"line": line, "character": character});
            }
            let begin = Instant::now();
            let answer = self.client.request(method, params);
            times.push(milliseconds(begin.elapsed()));
            if !answer.as_ref().is_ok_and(|found| !found.is_null()) {
                // Not offered, or not answered: there is no time to be told.
                return vec![f64::NAN];
            }
        }
        times
    }

    /// Three hundred edits in a row; the time until the last one's diagnostics.
    fn burst(&mut self) -> f64 {
        let begin = Instant::now();
        for _ in 0..300 {
            self.replace([0, 0, 0, 0], "\n");
        }
        if self.wait(|_| true) { milliseconds(begin.elapsed()) } else { f64::NAN }
    }
}

fn position(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..at];
    (before.matches('\n').count() as u32, (at - before.rfind('\n').map_or(0, |start| start + 1)) as u32)
}

fn push_times(rows: &mut Vec<(String, f64)>, what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    rows.push((format!("{what}, p50, ms"), at(0.5)));
    rows.push((format!("{what}, p95, ms"), at(0.95)));
}

/// One row for each measurement; peers with how many times our figure theirs is.
fn print_table(servers: &[Server], results: &[Vec<(String, f64)>]) {
    let names: Vec<String> = servers.iter().map(|server| server.name.clone()).collect();
    println!("| | {} |", names.join(" | "));
    println!("|---|{}", "---:|".repeat(names.len()));
    for (what, ours) in &results[0] {
        let mut cells = vec![figure(*ours)];
        for theirs in &results[1..] {
            let found = theirs.iter().find(|(other, _)| other == what).map(|(_, value)| *value);
            cells.push(match found {
                Some(value) if value.is_finite() => format!("{} ({:.1}×)", figure(value), value / ours),
                _ => "–".to_owned(),
            });
        }
        println!("| {what} | {} |", cells.join(" | "));
    }
}

fn figure(value: f64) -> String {
    if value.is_nan() {
        "–".to_owned()
    } else if value < 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

fn thousands(number: usize) -> String {
    format!("{},{:03}", number / 1_000, number % 1_000)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
