//! Random editing for as long as one wants.
//!
//! `cargo run --release -p mandate-lsp --example edit_storm [-- EDITS SEED]` makes EDITS random edits (10,000 unless said),
//! interleaved with random requests, compares every 500 edits with a fresh server, and compares the memory after a third
//! of the edits with the memory at the end. The exit code is 1 if it grew by more than a tenth; a difference is a panic
//! that shows it. An even SEED counts columns in bytes, an odd one in UTF-16.

#![allow(dead_code)]

#[path = "../tests/protocol/client.rs"]
mod client;
#[path = "../tests/protocol/storm.rs"]
mod storm;

use std::process::{Command, ExitCode};
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The same program is the server, so that nothing else has to be built or found.
    if arguments.first().is_some_and(|first| first == "--serve") {
        return mandate_lsp::run();
    }
    let edits = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let seed = arguments.get(1).and_then(|text| text.parse().ok()).unwrap_or(1);
    let directory = tempfile::tempdir().expect("a directory");
    let server = || {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg("--serve").env("XDG_CACHE_HOME", directory.path().join("cache"));
        command
    };
    let begin = Instant::now();
    let report = storm::run(directory.path(), &server, seed, edits, 500);
    let (before, after) = report.memory;
    println!(
        "seed {seed}: {} edits, {} requests in {:.1} s",
        report.edits,
        report.requests,
        begin.elapsed().as_secs_f64()
    );
    println!("{} comparisons with a fresh server, no difference", report.comparisons);
    let growth = (after / before - 1.0) * 100.0;
    println!("memory with the first texts: {before:.1} MB after a third, {after:.1} MB at the end ({growth:+.1} %)");
    if growth > 10.0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
