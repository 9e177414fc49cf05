//! Asks many small questions and compares every answer with brute force.
//!
//! ```text
//! agree 100000               verdicts, models, cores and preferences of 100,000 questions; fails on the first that is wrong
//! agree 2000 --smt2 DIR      writes questions with the solver's verdicts, for `tests/check_with_z3.py`
//! agree bench                what a question costs
//! ```

mod bench;
#[path = "../../tests/slow/compare.rs"]
mod compare;
mod export;
#[path = "../../tests/slow/hard.rs"]
mod hard;
#[path = "../../tests/slow/mod.rs"]
mod slow;

use std::collections::BTreeMap;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["bench"] => bench::run(),
        [count, "--smt2", directory] => match count.parse().map(|count| export::write(count, directory.as_ref())) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return fail(&error.to_string()),
            Err(_) => return fail(USAGE),
        },
        [count] => match count.parse() {
            Ok(count) => return agree(count),
            Err(_) => return fail(USAGE),
        },
        _ => return fail(USAGE),
    }
    ExitCode::SUCCESS
}

const USAGE: &str = "usage: agree COUNT [--smt2 DIR] | agree bench";

fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}

fn agree(count: u64) -> ExitCode {
    let mut verdicts: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in 0..count {
        let question = slow::question(&mut slow::Dice(seed));
        match compare::compare(&question) {
            Ok(verdict) => *verdicts.entry(verdict).or_default() += 1,
            Err(wrong) => return fail(&format!("question {seed} is answered wrongly\n{wrong}\n{question:#?}")),
        }
    }
    println!("{count} questions, by tableau, by clause learning and by both: no answer differs from brute force");
    for (verdict, count) in verdicts {
        println!("{count:>8} {verdict}");
    }
    ExitCode::SUCCESS
}
