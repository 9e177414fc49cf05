//! How all scenarios of a package come out, in short: for the lines above scenarios and rules.

use mandate_assess::{Outcome, Status, Trial};
use mandate_pack::Pack;
use std::collections::BTreeMap;

/// What scenarios show of a rule: only what one expects, and finds, counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// A case to which it applies.
    pub applied: bool,
    /// A case in which it is met.
    pub met: bool,
    /// A case in which it is broken.
    pub broken: bool,
}

/// How the scenarios of a package come out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trials {
    /// Whether each passes, by title.
    pub passed: BTreeMap<String, bool>,
    /// The expectations that are not met of those that were run and failed, by title; counted from 0.
    pub unmet: BTreeMap<String, Vec<usize>>,
    /// What they show of rules, by qualified name. A rule of which none expects anything is not there.
    pub rules: BTreeMap<String, Shown>,
}

/// Runs the scenarios of a pack; `None` as soon as `stop` says so.
pub fn trials(pack: &Pack, stop: &dyn Fn() -> bool) -> Option<Trials> {
    let mut all = Trials::default();
    for scenario in &pack.scenarios {
        if stop() {
            return None;
        }
        let result = Trial::new(pack, scenario).run(pack);
        for (expected, found) in scenario.expect.iter().zip(&result.expectations) {
            let shown = all.rules.entry(expected.rule.clone()).or_default();
            if found.passed {
                shown.add(&expected.status);
            }
        }
        let unmet = result.expectations.iter().enumerate().filter(|(_, one)| !one.passed).map(|(number, _)| number);
        // Of a scenario that could not be run there is nothing to explain.
        if result.faults.is_empty() && !result.passed {
            all.unmet.insert(result.title.clone(), unmet.collect());
        }
        all.passed.insert(result.title, result.passed);
    }
    Some(all)
}

impl Shown {
    /// Takes over an outcome that was expected and found.
    fn add(&mut self, status: &str) {
        let (met, broken) = match Status::of(status) {
            Some(Status::Is(Outcome::NotApplicable)) => return,
            Some(Status::Is(Outcome::Satisfied | Outcome::Permitted)) => (true, false),
            Some(Status::Is(Outcome::Violated | Outcome::Repaired)) => (false, true),
            Some(_) => (false, false),
            // `advice`: a recommendation that is not followed.
            None => (false, true),
        };
        self.applied = true;
        self.met |= met;
        self.broken |= broken;
    }
}
