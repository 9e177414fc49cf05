//! Questions in SMT-LIB, with the solver's verdict as their status.

use std::fmt::Write as _;
use std::path::Path;

use mandate_logic::{Answer, Budget, Session};

use crate::slow::{self, Built, Plain, Question};

/// Writes this many questions, every other one of them too large for brute force.
pub fn write(count: u64, directory: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(directory)?;
    for seed in 0..count {
        let dice = &mut slow::Dice(seed);
        let question = if seed % 2 == 0 { slow::question(dice) } else { slow::typical(dice) };
        let built = Built::new(&question);
        let mut session = Session::new(Budget::default());
        built.asserted.iter().for_each(|&formula| session.assert(formula));
        let status = match session.check(&built.store, &built.assumed) {
            Answer::Satisfiable(_) => "sat",
            Answer::Unsatisfiable(_) => "unsat",
            Answer::Undecided(_) => "unknown",
        };
        std::fs::write(directory.join(format!("{seed:06}.smt2")), script(&question, status))?;
    }
    Ok(())
}

fn script(question: &Question, status: &str) -> String {
    let mut out = format!("(set-info :status {status})\n(define-fun n0 () Int 0)\n");
    for index in 0..question.booleans {
        let _ = writeln!(out, "(declare-const b{index} Bool)");
    }
    for (index, range) in question.ranges.iter().enumerate() {
        let _ = writeln!(out, "(declare-const c{index} Int)\n(assert (and (<= 0 c{index}) (< c{index} {range})))");
    }
    for index in 1..=question.numbers {
        let _ = writeln!(out, "(declare-const n{index} Int)");
    }
    for part in question.asserted.iter().chain(&question.assumed) {
        let _ = writeln!(out, "(assert {})", term(part));
    }
    out.push_str("(check-sat)\n");
    out
}

fn term(formula: &Plain) -> String {
    let list = |name: &str, parts: &[Plain], none: &str| match parts {
        [] => none.to_owned(),
        parts => format!("({name} {})", parts.iter().map(term).collect::<Vec<_>>().join(" ")),
    };
    let number = |c: i64| if c < 0 { format!("(- {})", -c) } else { c.to_string() };
    match formula {
        Plain::Constant(truth) => truth.to_string(),
        Plain::Boolean(x) => format!("b{x}"),
        Plain::Is(x, value) => format!("(= c{x} {value})"),
        Plain::Same(x, y) => format!("(= c{x} c{y})"),
        Plain::Below(x, y) => format!("(< c{x} c{y})"),
        Plain::Difference(x, y, c) => format!("(<= (- n{x} n{y}) {})", number(*c)),
        Plain::Equal(x, y, c) => format!("(= (- n{x} n{y}) {})", number(*c)),
        Plain::Not(part) => format!("(not {})", term(part)),
        Plain::And(parts) => list("and", parts, "true"),
        Plain::Or(parts) => list("or", parts, "false"),
        Plain::Implies(a, b) => format!("(=> {} {})", term(a), term(b)),
        Plain::Iff(a, b) => format!("(= {} {})", term(a), term(b)),
        Plain::AtLeast(n, parts) => {
            let ones: String = parts.iter().map(|part| format!(" (ite {} 1 0)", term(part))).collect();
            format!("(>= (+ 0{ones}) {n})")
        }
    }
}
