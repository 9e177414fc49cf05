//! Asking.

use crate::formula::{Formula, Store};
use crate::model::Model;
use crate::tableau::{Found, Fuel, Tableau};

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
        Budget { conflicts: 4_000, decisions: 40_000 }
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
#[derive(Debug)]
pub struct Session {
    budget: Budget,
    asserted: Vec<Formula>,
}

impl Session {
    /// A session without assertions; every question in it may cost the budget.
    pub fn new(budget: Budget) -> Session {
        Session { budget, asserted: Vec::new() }
    }

    /// From now on this holds.
    pub fn assert(&mut self, f: Formula) {
        self.asserted.push(f);
    }

    /// Whether the assertions and all that is assumed can hold together; the core is minimal when not.
    pub fn check(&mut self, store: &Store, assuming: &[Formula]) -> Answer {
        self.ask(store, assuming, true)
    }

    /// Like [`Session::check`], but the core may have more in it than it needs.
    pub fn check_quick(&mut self, store: &Store, assuming: &[Formula]) -> Answer {
        self.ask(store, assuming, false)
    }

    /// Like [`Session::check`], and the model keeps the first wish if it can, the second if it can beside the first, and so on.
    /// The model depends on what was asserted, assumed and wished, not on earlier questions.
    pub fn prefer(&mut self, store: &Store, assuming: &[Formula], wishes: &[Formula]) -> Answer {
        let mut kept = assuming.to_vec();
        let mut answer = self.ask(store, &kept, true);
        for &wish in wishes {
            match &answer {
                Answer::Satisfiable(model) if model.holds(store, wish) => kept.push(wish),
                Answer::Satisfiable(_) => {
                    kept.push(wish);
                    match self.ask(store, &kept, false) {
                        better @ Answer::Satisfiable(_) => answer = better,
                        Answer::Unsatisfiable(_) => {
                            kept.pop();
                        }
                        undecided @ Answer::Undecided(_) => return undecided,
                    }
                }
                Answer::Unsatisfiable(_) | Answer::Undecided(_) => break,
            }
        }
        answer
    }

    fn ask(&mut self, store: &Store, assuming: &[Formula], minimal: bool) -> Answer {
        let roots = self.asserted.iter().chain(assuming).copied();
        let Some((mut tableau, literals)) = Tableau::build(store, roots, usize::MAX) else {
            return Answer::Undecided(Why::TooLarge);
        };
        let (fixed, assumed) = literals.split_at(self.asserted.len());
        let mut fuel = Fuel { conflicts: self.budget.conflicts, decisions: self.budget.decisions };
        match tableau.search(fixed.iter().chain(assumed).copied(), &mut fuel) {
            Found::Model(literals) => match Model::completed(store, &literals) {
                Ok(model) => Answer::Satisfiable(model),
                Err(_) => Answer::Undecided(Why::TooLarge),
            },
            Found::Unknown => Answer::Undecided(Why::Budget),
            Found::Nothing => {
                let mut core: Vec<usize> = (0..assumed.len()).collect();
                let mut at = core.len();
                while minimal && at > 0 {
                    at -= 1;
                    let rest = core.iter().filter(|&&index| index != core[at]).map(|&index| assumed[index]);
                    match tableau.search(fixed.iter().copied().chain(rest), &mut fuel) {
                        Found::Nothing => {
                            core.remove(at);
                        }
                        Found::Model(_) => {}
                        Found::Unknown => return Answer::Undecided(Why::Budget),
                    }
                }
                Answer::Unsatisfiable(core)
            }
        }
    }
}
