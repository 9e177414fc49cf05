//! What a question costs.

use std::collections::BTreeMap;
use std::time::Instant;

use mandate_logic::{Answer, Budget, Formula, Session, Way};

use crate::hard;
use crate::slow::{self, Built, Plain};

/// Prints the costs.
pub fn run() {
    typical();
    large_session();
    wishes();
    cores();
    hard();
}

/// Fresh sessions about typical pairs of rules, in each way.
fn typical() {
    let questions: Vec<Built> = (0..5_000).map(|seed| Built::new(&slow::typical(&mut slow::Dice(seed)))).collect();
    let nodes: usize = questions.iter().map(|built| built.store.size()).sum();
    println!(
        "{} typical questions of {} nodes each, a fresh session for each",
        questions.len(),
        nodes / questions.len()
    );
    for way in [Way::Tableau, Way::Learning, Way::Both] {
        let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut best = f64::MAX;
        // The quickest of some hundred at a time: other programs run here too.
        for some in questions.chunks(250) {
            let start = Instant::now();
            for built in some {
                let verdict = match session(built, way).check(&built.store, &built.assumed) {
                    Answer::Satisfiable(_) => "satisfiable",
                    Answer::Unsatisfiable(_) => "unsatisfiable",
                    Answer::Undecided(_) => "undecided",
                };
                *verdicts.entry(verdict).or_default() += 1;
            }
            best = best.min(start.elapsed().as_secs_f64() * 1e6 / some.len() as f64);
        }
        println!("{best:>12.1} µs each, {way:?}: {verdicts:?}");
    }
}

/// One session that knows a thousand rules, asked about each in turn.
fn large_session() {
    let mut dice = slow::Dice(1);
    let mut question = slow::typical(&mut dice);
    let mut all = Vec::new();
    for seed in 0..1_000 {
        all.extend(slow::typical(&mut slow::Dice(seed)).assumed.into_iter().take(1));
    }
    // A thousand rules that can hold together: each only where its own boolean says so.
    question.booleans += all.len();
    question.asserted.extend(
        all.into_iter()
            .enumerate()
            .map(|(index, rule)| Plain::Implies(Box::new(Plain::Boolean(12 + index)), Box::new(rule))),
    );
    question.assumed = (0..1_000).map(|index| Plain::Boolean(12 + index)).collect();
    let built = Built::new(&question);
    let mut session = session(&built, Way::Both);
    let start = Instant::now();
    session.check_quick(&built.store, &[]);
    println!("{:>12.1} ms, the first question of a session of 1,000 rules", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    let mut pairs = 0;
    for pair in built.assumed.windows(2) {
        pairs += usize::from(matches!(session.check(&built.store, pair), Answer::Satisfiable(_)));
    }
    println!("{:>12.1} µs each, its 999 next ones, {pairs} satisfiable", start.elapsed().as_secs_f64() * 1e6 / 999.0);
}

/// The same, asked for the model that has as little in it as it can.
fn wishes() {
    let questions: Vec<Built> = (0..1_000).map(|seed| Built::new(&slow::typical(&mut slow::Dice(seed)))).collect();
    let start = Instant::now();
    for built in &questions {
        let wishes: Vec<Formula> = built.booleans.iter().map(|&x| !x).collect();
        session(built, Way::Both).prefer(&built.store, &built.assumed, &wishes);
    }
    println!("{:>12.1} µs each, with 12 wishes", start.elapsed().as_secs_f64() * 1e6 / questions.len() as f64);
}

/// A chain of constraints that only clashes as a whole, and one that clashes in a few places.
fn cores() {
    for needed in [10, 100, 1_000] {
        let question = hard::chain(1_000, Some(needed));
        let start = Instant::now();
        let mut session = Session::new(Budget { conflicts: 1_000_000, decisions: 1_000_000_000 });
        let core = match session.check(&question.store, &question.assumed) {
            Answer::Unsatisfiable(core) => core.len(),
            Answer::Satisfiable(_) | Answer::Undecided(_) => 0,
        };
        let time = start.elapsed().as_secs_f64() * 1e3;
        println!("{time:>12.1} ms, 1,001 constraints of which {core} clash");
    }
}

/// Questions made to be hard, within the budget that everyday questions get.
fn hard() {
    for question in hard::all() {
        let start = Instant::now();
        let verdict = match Session::new(Budget::default()).check_quick(&question.store, &question.assumed) {
            Answer::Satisfiable(_) => "satisfiable",
            Answer::Unsatisfiable(_) => "unsatisfiable",
            Answer::Undecided(_) => "undecided",
        };
        println!("{:>12.1} ms, {}: {verdict}", start.elapsed().as_secs_f64() * 1e3, question.name);
    }
}

fn session(built: &Built, way: Way) -> Session {
    let mut session = Session::with(Budget::default(), way);
    built.asserted.iter().for_each(|&formula| session.assert(formula));
    session
}
