//! Asking.

use crate::asking::{Asking, Engine, Outcome, Way};
use crate::cores::minimise;
use crate::formula::{Formula, Store, TooLarge};
use crate::model::Model;
use crate::search::Fuel;

/// How much work one question may cost. Counted, never timed: the same question ends the same way on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Contradictions the search may run into.
    pub conflicts: u64,
    /// Assumptions it may make.
    pub decisions: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { conflicts: 1_000, decisions: 20_000 }
    }
}

/// Why a question was not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The budget ran out.
    Budget,
    /// The question, or a number that answers it, is beyond what can be handled.
    TooLarge,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// All of it can hold together, as it does here.
    Satisfiable(Model),
    /// It cannot. Of the formulas given to [`Session::check`] these (by index, ascending) already clash with what was asserted, and
    /// none of them can be left out; none when the assertions clash by themselves.
    Unsatisfiable(Vec<usize>),
    /// Nobody knows.
    Undecided(Why),
}

/// Assertions, and questions about what can hold beside them.
///
/// What was learnt from one question helps with the next, as long as the same store is passed, which may grow in between.
#[derive(Debug)]
pub struct Session {
    budget: Budget,
    way: Way,
    asserted: Vec<Formula>,
    engine: Option<Engine>,
    minimal: bool,
}

impl Session {
    /// A session without assertions; every question in it may cost the budget.
    pub fn new(budget: Budget) -> Session {
        Session::with(budget, Way::default())
    }

    /// A session that answers in one way only, to compare the ways.
    pub fn with(budget: Budget, way: Way) -> Session {
        Session { budget, way, asserted: Vec::new(), engine: None, minimal: true }
    }

    /// From now on this holds.
    pub fn assert(&mut self, f: Formula) {
        if f != Formula::TRUE {
            self.asserted.push(f);
        }
    }

    /// Whether the assertions and all that is assumed can hold together; the core is minimal when not.
    ///
    /// To make a core smaller may cost the budget once more; [`Session::minimal`] says whether that was enough.
    pub fn check(&mut self, store: &Store, assuming: &[Formula]) -> Answer {
        let mut asking = Asking::new(store, &self.asserted, assuming, self.way, &mut self.engine);
        let all: Vec<usize> = (0..assuming.len()).collect();
        let outcome = asking.ask(&all, &mut self.budget.fuel());
        self.minimal = true;
        match outcome {
            Outcome::Impossible(mut core) => {
                let mut fuel = self.budget.fuel();
                self.minimal = minimise(&mut core, |rest| asking.attempt(rest, &mut fuel));
                Answer::Unsatisfiable(core)
            }
            outcome => answer(store, outcome),
        }
    }

    /// Like [`Session::check`], but the core may have more in it than it needs.
    pub fn check_quick(&mut self, store: &Store, assuming: &[Formula]) -> Answer {
        let mut asking = Asking::new(store, &self.asserted, assuming, self.way, &mut self.engine);
        let all: Vec<usize> = (0..assuming.len()).collect();
        let outcome = asking.ask(&all, &mut self.budget.fuel());
        self.minimal = false;
        answer(store, outcome)
    }

    /// Like [`Session::check`], and the model keeps the first wish if it can, the second if it can beside the first, and so on.
    ///
    /// The model depends on what was asserted, assumed and wished, in this order, and on nothing that was asked before: it is
    /// sought from scratch. What no assertion, assumption or kept wish needs is completed by rule (see [`Model`]). The budget is
    /// for all of it together.
    pub fn prefer(&mut self, store: &Store, assuming: &[Formula], wishes: &[Formula]) -> Answer {
        let candidates = [assuming, wishes].concat();
        let mut engine = None;
        let mut asking = Asking::new(store, &self.asserted, &candidates, self.way, &mut engine);
        let mut fuel = self.budget.fuel();
        let mut kept: Vec<usize> = (0..assuming.len()).collect();
        let mut model = match asking.ask(&kept, &mut fuel) {
            Outcome::Possible(literals) => Model::completed(store, &literals),
            Outcome::Impossible(_) => return self.check(store, assuming),
            Outcome::Unknown(why) => return Answer::Undecided(why),
        };
        for (wish, &formula) in candidates.iter().enumerate().skip(assuming.len()) {
            kept.push(wish);
            if matches!(&model, Ok(model) if model.holds(store, formula)) {
                continue;
            }
            match asking.ask(&kept, &mut fuel) {
                Outcome::Possible(literals) => model = Model::completed(store, &literals),
                Outcome::Impossible(_) => {
                    kept.pop();
                }
                Outcome::Unknown(why) => return Answer::Undecided(why),
            }
        }
        match model {
            Ok(model) => Answer::Satisfiable(model),
            Err(TooLarge) => Answer::Undecided(Why::TooLarge),
        }
    }

    /// Whether the core of the last [`Session::check`] is known to be minimal: false when the budget ended before.
    pub fn minimal(&self) -> bool {
        self.minimal
    }
}

impl Budget {
    fn fuel(self) -> Fuel {
        Fuel { conflicts: self.conflicts, decisions: self.decisions }
    }
}

fn answer(store: &Store, outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Possible(literals) => match Model::completed(store, &literals) {
            Ok(model) => Answer::Satisfiable(model),
            Err(TooLarge) => Answer::Undecided(Why::TooLarge),
        },
        Outcome::Impossible(core) => Answer::Unsatisfiable(core),
        Outcome::Unknown(why) => Answer::Undecided(why),
    }
}
