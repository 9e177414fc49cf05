//! Compares what the prover says about random pairs of rules with what assessment makes of every situation there is:
//! `cargo run --release -p mandate-prove --example agree -- PAIRS [FIRST]`. Ends with 1 on any disagreement.

#[path = "../tests/small/mod.rs"]
mod small;

use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>());
    let pairs = args.next().and_then(Result::ok).unwrap_or(1_000);
    let first = args.next().and_then(Result::ok).unwrap_or(0);
    let began = Instant::now();
    let report = small::compare_all(first..first + pairs);
    for line in report.wrong.iter().take(20).chain(report.undecided.iter().take(5)) {
        println!("{line}");
    }
    let claims: Vec<String> = report.claims.iter().map(|(code, n)| format!("{code} {n}")).collect();
    println!(
        "{} pairs, {} wrong, {} not decided, {:.1?}; claims: {}",
        report.pairs,
        report.wrong.len(),
        report.undecided.len(),
        began.elapsed(),
        claims.join(", ")
    );
    if !report.wrong.is_empty() {
        std::process::exit(1);
    }
}
