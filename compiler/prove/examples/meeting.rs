//! Compares contradictions of random pairs of a duty and a ban with every act there is:
//! `cargo run --release -p mandate-prove --example meeting -- PAIRS [FIRST]`. Ends with 1 on any disagreement.

#[path = "../tests/meeting/mod.rs"]
mod small;

use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>());
    let pairs = args.next().and_then(Result::ok).unwrap_or(10_000);
    let first = args.next().and_then(Result::ok).unwrap_or(0);
    let began = Instant::now();
    let report = small::compare_all(first..first + pairs);
    for line in report.wrong.iter().take(20).chain(report.undecided.iter().take(5)) {
        println!("{line}");
    }
    println!(
        "{} pairs, {} contradictions, {} wrong, {} not decided, {:.1?}",
        report.pairs,
        report.contradictions,
        report.wrong.len(),
        report.undecided.len(),
        began.elapsed()
    );
    if !report.wrong.is_empty() {
        std::process::exit(1);
    }
}
