//! The search by clause learning: batsat for the clauses, [`Differences`] for the numbers.
//!
//! What to know of batsat 0.6: it tells the theory of every level and every new literal; a conflict must name at least one literal;
//! it has no public budget, but asks `stop` before each decision; assumptions that clash come back negated; options with any
//! randomness are off. Literals that the theory finds out are not propagated back (that path panics when the reason comes late);
//! the encoder says in clauses what follows between limits on the same pair of numbers, which is most of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use batsat::{Callbacks, ClauseKind, Lit, Solver, SolverInterface, SolverOpts, Theory, TheoryArg, Var, lbool};
use rustc_hash::FxHashMap;

use crate::formula::Int;
use crate::search::{Fuel, Literal, Search, Verdict};
use crate::theory::{Differences, Limit};

/// As much work as a decision is: steps of the theory, assumptions taken, or literals that follow.
const STEPS: u64 = 32;
/// From this many new limits at once on, values for all of them are sought together first.
const MANY: usize = 32;

/// A search by clause learning.
pub(crate) struct Cdcl {
    solver: Solver<Counter>,
    theory: Numbers,
}

impl std::fmt::Debug for Cdcl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cdcl").field("variables", &self.solver.num_vars()).finish_non_exhaustive()
    }
}

impl Cdcl {
    pub(crate) fn new() -> Cdcl {
        let stop = Arc::new(AtomicBool::new(false));
        let options = SolverOpts {
            random_var_freq: 0.0,
            rnd_pol: false,
            rnd_init_act: false,
            // The default forgets what was learnt from small questions almost at once.
            min_learnts_lim: 2_000,
            ..SolverOpts::default()
        };
        Cdcl {
            solver: Solver::new(options, Counter { conflicts: 0, allowed: 0, stop: Arc::clone(&stop) }),
            theory: Numbers { stop, ..Numbers::default() },
        }
    }
}

impl Search for Cdcl {
    fn variable(&mut self) -> Literal {
        Literal::of(self.solver.new_var(lbool::UNDEF, true).idx())
    }

    fn difference(&mut self, x: Int, y: Int, limit: i64) -> Literal {
        let literal = self.variable();
        let (x, y) = (self.theory.place(x), self.theory.place(y));
        let atom = literal.variable() as usize;
        self.theory.atoms.resize(atom + 1, None);
        self.theory.atoms[atom] = Some(Atom { x, y, c: i128::from(limit), matters: [false; 2] });
        literal
    }

    fn matters(&mut self, literal: Literal) {
        if let Some(Some(atom)) = self.theory.atoms.get_mut(literal.variable() as usize) {
            atom.matters[usize::from(literal.negated())] = true;
            // Where it holds for good already it has been passed over.
            if self.solver.value_lvl_0(theirs(literal)) != lbool::UNDEF {
                self.theory.look_again();
            }
        }
    }

    fn clause(&mut self, literals: &[Literal]) {
        let mut clause: Vec<Lit> = literals.iter().map(|&literal| theirs(literal)).collect();
        self.solver.add_clause_reuse(&mut clause);
    }

    fn solve(&mut self, assumed: &[Literal], fuel: &mut Fuel) -> Verdict {
        let assumptions: Vec<Lit> = assumed.iter().map(|&literal| theirs(literal)).collect();
        let counter = self.solver.cb_mut();
        counter.conflicts = 0;
        counter.allowed = fuel.conflicts;
        counter.stop.store(false, Ordering::Relaxed);
        self.theory.start(&assumptions, fuel.decisions);
        let result = self.solver.solve_limited_th(&mut self.theory, &assumptions);
        fuel.conflicts = fuel.conflicts.saturating_sub(self.solver.cb().conflicts);
        fuel.decisions = fuel.decisions.saturating_sub(self.theory.spent() / STEPS);
        if result == lbool::FALSE {
            Verdict::Impossible
        } else if result == lbool::TRUE && !self.theory.gave_up {
            Verdict::Possible
        } else {
            Verdict::Unknown
        }
    }

    fn holds(&self, literal: Literal) -> bool {
        self.solver.value_lit(theirs(literal)) == lbool::TRUE
    }

    fn clashes(&self, assumed: Literal) -> bool {
        self.solver.unsat_core_contains_lit(!theirs(assumed))
    }
}

fn theirs(literal: Literal) -> Lit {
    Lit::new(Var::unsafe_from_idx(literal.variable()), !literal.negated())
}

/// Counts conflicts, and says when to stop.
struct Counter {
    conflicts: u64,
    allowed: u64,
    stop: Arc<AtomicBool>,
}

impl Callbacks for Counter {
    fn on_new_clause(&mut self, _: &[Lit], kind: ClauseKind) {
        // Axioms are what the encoder says.
        match kind {
            ClauseKind::Learnt | ClauseKind::Theory => self.conflicts += 1,
            ClauseKind::Axiom => {}
        }
    }

    fn stop(&self) -> bool {
        self.conflicts > self.allowed || self.stop.load(Ordering::Relaxed)
    }
}

/// `x - y <= c`.
#[derive(Debug, Clone, Copy)]
struct Atom {
    x: u32,
    y: u32,
    c: i128,
    /// Whether the numbers must agree when it holds, and when it does not.
    matters: [bool; 2],
}

/// The differences among the literals that hold.
#[derive(Default)]
struct Numbers {
    differences: Differences,
    places: FxHashMap<Int, u32>,
    /// For each variable, what it says when it holds.
    atoms: Vec<Option<Atom>>,
    /// How many literals of the trail have been looked at, and how many differences were held, now and at each level.
    seen: usize,
    levels: Vec<(usize, usize)>,
    /// How many levels of this question are assumptions.
    assumed: usize,
    /// Work for levels and literals, and what the differences had done before.
    other_work: u64,
    earlier: u64,
    allowed: u64,
    stop: Arc<AtomicBool>,
    /// Work ran out: from here on nothing was checked, and a model is none.
    gave_up: bool,
    clash: Vec<Lit>,
    new: Vec<Limit>,
}

impl Numbers {
    fn place(&mut self, x: Int) -> u32 {
        let differences = &mut self.differences;
        *self.places.entry(x).or_insert_with(|| differences.place())
    }

    fn start(&mut self, assumed: &[Lit], decisions: u64) {
        self.assumed = assumed.len();
        self.other_work = 0;
        self.earlier = self.differences.steps;
        self.allowed = decisions.saturating_mul(STEPS);
        if self.gave_up {
            // Not all that was seen was added.
            self.look_again();
            self.gave_up = false;
        }
        let limits: Vec<Limit> = assumed.iter().filter_map(|&literal| self.limit(literal)).collect();
        if limits.len() >= MANY {
            self.differences.prepare(&limits);
        }
    }

    fn spent(&self) -> u64 {
        self.other_work + self.differences.steps - self.earlier
    }

    /// Forgets what was seen; only between questions.
    fn look_again(&mut self) {
        self.seen = 0;
        self.differences.truncate(0);
    }

    /// The limit that a literal states, if it is about numbers and matters.
    fn limit(&self, literal: Lit) -> Option<Limit> {
        let Atom { x, y, c, matters } = (*self.atoms.get(literal.var().idx() as usize)?)?;
        let tag = literal.idx();
        match literal.sign() {
            true if matters[0] => Some(Limit { x, y, c, tag }),
            // x - y <= c fails exactly when y - x <= -c - 1.
            false if matters[1] => Some(Limit { x: y, y: x, c: -c - 1, tag }),
            _ => None,
        }
    }

    /// Takes up what is new on the trail.
    fn catch_up(&mut self, acts: &mut TheoryArg<'_>) {
        if self.gave_up {
            return;
        }
        let mut new = std::mem::take(&mut self.new);
        new.clear();
        new.extend(acts.model()[self.seen..].iter().filter_map(|&literal| self.limit(literal)));
        self.other_work += (acts.model().len() - self.seen) as u64;
        self.seen = acts.model().len();
        if new.len() >= MANY {
            self.differences.prepare(&new);
        }
        for limit in &new {
            if !self.differences.add(*limit) {
                self.clash.clear();
                self.clash.extend(self.differences.cycle.iter().map(|&tag| !literal_of(tag)));
                acts.raise_conflict(&self.clash, false);
                break;
            }
            if self.spent() > self.allowed {
                break;
            }
        }
        self.new = new;
        if self.spent() > self.allowed {
            self.gave_up = true;
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// The literal with this number, which is twice that of its variable, and one more when it is positive or negative by batsat's rule.
fn literal_of(tag: u32) -> Lit {
    let positive = Lit::new(Var::unsafe_from_idx(tag >> 1), true);
    if positive.idx() == tag { positive } else { !positive }
}

impl Theory for Numbers {
    fn final_check(&mut self, acts: &mut TheoryArg<'_>) {
        self.catch_up(acts);
    }

    fn create_level(&mut self) {
        self.other_work += if self.levels.len() < self.assumed { 1 } else { STEPS };
        self.levels.push((self.seen, self.differences.len()));
    }

    fn pop_levels(&mut self, n: usize) {
        let left = self.levels.len().saturating_sub(n);
        if let Some(&(seen, held)) = self.levels.get(left) {
            self.seen = seen;
            self.differences.truncate(held);
        }
        self.levels.truncate(left);
    }

    fn n_levels(&self) -> usize {
        self.levels.len()
    }

    fn partial_check(&mut self, acts: &mut TheoryArg<'_>) {
        self.catch_up(acts);
    }

    fn explain_propagation(&mut self, _: Lit) -> &[Lit] {
        // Nothing is propagated.
        &[]
    }
}
