//! How long an edit takes until its diagnostics are published.
//!
//! `cargo run --release -p mandate-lsp --example bench_edit [-- FILES LINES EDITS]` makes a package of FILES files of 100
//! lines and one file of LINES lines (1000, 1000, 300 unless said), opens the server on it as an editor does, over pipes,
//! and prints the times from an edit sent to its diagnostics received.

#[path = "../tests/protocol/client.rs"]
mod client;
// What the benchmark beside other servers asks for besides.
#[allow(dead_code)]
#[path = "bench_editors/texts.rs"]
mod texts;

use client::{Client, uri};
use serde_json::json;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The same program is the server, so that nothing else has to be built or found.
    if arguments.first().is_some_and(|first| first == "--serve") {
        return mandate_lsp::run();
    }
    let number = |at: usize, usual: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (files, lines, edits) = (number(0, 1_000), number(1, 1_000), number(2, 300));
    let dir = tempfile::tempdir().expect("a directory");
    let (path, text) = texts::workspace(texts::Language::Mandate, dir.path(), files, lines);

    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.arg("--serve").env("XDG_CACHE_HOME", dir.path().join("cache"));
    let begin = Instant::now();
    let (mut client, _) = Client::start(command, &[dir.path()], &json!({}));
    client.open(&path, &text);
    wait(&mut client, &path, 1);
    println!("start to first diagnostics     {:>9.1} ms", milliseconds(begin.elapsed()));
    // The rest of the workspace is checked when its last file, which has a warning, is published.
    let last = uri(&dir.path().join("zz_last.mandate"));
    client.until("the whole workspace", |client| client.published.contains_key(&last));
    println!("start to whole workspace       {:>9.1} ms", milliseconds(begin.elapsed()));

    let mut local = measure(&mut client, &path, &text, 2, edits, Kind::Inside);
    print_times("edit inside a rule", &mut local);
    let mut exported = measure(&mut client, &path, &text, 2 + 2 * edits as i64, edits, Kind::Name);
    print_times("edit of an exported name", &mut exported);
    let mut typed = measure(&mut client, &path, &text, 2 + 4 * edits as i64, edits, Kind::Broken);
    print_times("half-typed rule", &mut typed);
    burst(&mut client, &path, 2 + 6 * edits as i64);
    println!("memory of the server           {:>9.1} MB", client.memory_in_megabytes());
    client.end();
    ExitCode::SUCCESS
}

/// What is typed.
#[derive(Clone, Copy)]
enum Kind {
    /// A number in a condition.
    Inside,
    /// A letter of a definition's name.
    Name,
    /// A rule without an end.
    Broken,
}

/// Makes an edit, waits for its diagnostics, takes the edit back; gives the times of both.
fn measure(client: &mut Client, path: &Path, text: &str, version: i64, edits: usize, kind: Kind) -> Vec<Duration> {
    let (words, typed) = match kind {
        Kind::Inside => ("< 18", "7"),
        Kind::Name => ("define young_", "x"),
        Kind::Broken => ("\n\nrule rule_", "rule half {\n  when "),
    };
    let places: Vec<(usize, usize)> = text
        .match_indices(words)
        .map(|(at, _)| position(text, at + words.len().min(if matches!(kind, Kind::Broken) { 2 } else { 99 })))
        .collect();
    let mut times = Vec::new();
    for turn in 0..edits {
        let (line, column) = places[turn * 7919 % places.len()];
        let (line, column) = (line as u32, column as u32);
        let broken = matches!(kind, Kind::Broken);
        let end = if broken { (line + 1, 7) } else { (line, column + typed.len() as u32) };
        let version = version + 2 * turn as i64;
        for (version, range, words) in
            [(version, [line, column, line, column], typed), (version + 1, [line, column, end.0, end.1], "")]
        {
            let begin = Instant::now();
            client.edit(path, version, &[(range, words)]);
            wait(client, path, version);
            times.push(begin.elapsed());
            // A typist leaves a little time, in which the rest of the workspace is looked at again.
            std::thread::sleep(Duration::from_millis(if turn % 10 == 0 { 100 } else { 2 }));
        }
    }
    times
}

/// Many edits at once: the time until the last one's diagnostics.
fn burst(client: &mut Client, path: &Path, version: i64) {
    let begin = Instant::now();
    for turn in 0..300 {
        client.edit(path, version + turn, &[([0, 0, 0, 0], " ")]);
    }
    wait(client, path, version + 299);
    println!("300 edits at once              {:>9.1} ms", milliseconds(begin.elapsed()));
}

fn wait(client: &mut Client, path: &Path, version: i64) {
    let uri = uri(path);
    client.until("the diagnostics", |client| client.published.get(&uri).is_some_and(|it| it.version == Some(version)));
}

fn position(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    (before.matches('\n').count(), at - before.rfind('\n').map_or(0, |start| start + 1))
}

fn print_times(what: &str, times: &mut [Duration]) {
    times.sort();
    let at = |share: f64| milliseconds(times[((times.len() - 1) as f64 * share) as usize]);
    println!(
        "{what:<26} p50 {:>7.2}  p95 {:>7.2}  max {:>7.2} ms  ({} edits)",
        at(0.5),
        at(0.95),
        at(1.0),
        times.len()
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
