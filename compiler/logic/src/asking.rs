//! One question, by the search that suits it: small ones by the tableau, the others by clause learning.

use crate::cdcl::Cdcl;
use crate::cores::Tried;
use crate::encode::Encoder;
use crate::formula::{Formula, Store, TooLarge};
use crate::search::{Fuel, Literal, Search, Verdict};
use crate::session::Why;
use crate::tableau::{Found, Tableau};
use crate::walk::reasons;

/// How large a question the tableau takes on, in nodes.
const SMALL: usize = 400;
/// How far it may go before clause learning takes over.
const PATIENCE: Fuel = Fuel { conflicts: 60, decisions: 400 };

/// Which searches may be used; tests ask each by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    /// The tableau while it lasts, then clause learning.
    #[default]
    Both,
    /// Only the tableau.
    Tableau,
    /// Only clause learning.
    Learning,
}

/// A search by clause learning, with what it has been told.
#[derive(Debug)]
pub(crate) struct Engine {
    search: Cdcl,
    encoder: Encoder,
    /// How many of the assertions it knows.
    asserted: usize,
}

/// What came out.
pub(crate) enum Outcome {
    /// Literals that are enough for everything to hold.
    Possible(Vec<Formula>),
    /// These assumptions clash with the assertions.
    Impossible(Vec<usize>),
    Unknown(Why),
}

/// Assertions and candidates for assumptions, ready to be asked about.
pub(crate) struct Asking<'a> {
    store: &'a Store,
    asserted: &'a [Formula],
    candidates: &'a [Formula],
    /// The question taken apart, and the literals of assertions and candidates.
    tableau: Option<(Tableau, Vec<u32>)>,
    way: Way,
    engine: &'a mut Option<Engine>,
}

impl<'a> Asking<'a> {
    /// Questions about these; `engine` is used and kept when clause learning is needed.
    pub(crate) fn new(
        store: &'a Store,
        asserted: &'a [Formula],
        candidates: &'a [Formula],
        way: Way,
        engine: &'a mut Option<Engine>,
    ) -> Asking<'a> {
        let size = match way {
            Way::Both => SMALL,
            Way::Tableau => usize::MAX,
            Way::Learning => 0,
        };
        let roots = asserted.iter().chain(candidates).copied();
        let tableau = if size > 0 { Tableau::build(store, roots, size) } else { None };
        Asking { store, asserted, candidates, tableau, way, engine }
    }

    /// Whether the assertions can hold together with these candidates, by index.
    pub(crate) fn ask(&mut self, chosen: &[usize], fuel: &mut Fuel) -> Outcome {
        if let Some((tableau, literals)) = &mut self.tableau {
            let (asserted, candidates) = literals.split_at(self.asserted.len());
            let roots = asserted.iter().copied().chain(chosen.iter().map(|&index| candidates[index]));
            let mut patience = *fuel;
            if self.way == Way::Both {
                patience.conflicts = patience.conflicts.min(PATIENCE.conflicts);
                patience.decisions = patience.decisions.min(PATIENCE.decisions);
            }
            let given = patience;
            let found = tableau.search(roots, &mut patience);
            fuel.conflicts -= given.conflicts - patience.conflicts;
            fuel.decisions -= given.decisions - patience.decisions;
            match found {
                Found::Model(literals) => return Outcome::Possible(literals),
                Found::Nothing => return Outcome::Impossible(chosen.to_vec()),
                // Whoever is impatient once would be again.
                Found::Unknown => self.tableau = None,
            }
        }
        if self.way == Way::Tableau {
            return Outcome::Unknown(Why::Budget);
        }
        match self.learn(chosen, fuel) {
            Ok(outcome) => outcome,
            Err(TooLarge) => {
                // Half a formula may have been encoded.
                *self.engine = None;
                Outcome::Unknown(Why::TooLarge)
            }
        }
    }

    /// The same, for making a core smaller.
    pub(crate) fn attempt(&mut self, chosen: &[usize], fuel: &mut Fuel) -> Tried {
        match self.ask(chosen, fuel) {
            Outcome::Possible(_) => Tried::Possible,
            Outcome::Impossible(core) => Tried::Clash(core),
            Outcome::Unknown(_) => Tried::Unknown,
        }
    }

    fn learn(&mut self, chosen: &[usize], fuel: &mut Fuel) -> Result<Outcome, TooLarge> {
        let engine =
            self.engine.get_or_insert_with(|| Engine { search: Cdcl::new(), encoder: Encoder::default(), asserted: 0 });
        for &formula in &self.asserted[engine.asserted..] {
            engine.encoder.assert(self.store, formula, &mut engine.search)?;
            engine.asserted += 1;
        }
        let mut assumed: Vec<Literal> = Vec::with_capacity(chosen.len());
        for &index in chosen {
            assumed.push(engine.encoder.literal(self.store, self.candidates[index], &mut engine.search)?);
        }
        Ok(match engine.search.solve(&assumed, fuel) {
            Verdict::Possible => Outcome::Possible(self.reasons(chosen)),
            Verdict::Unknown => Outcome::Unknown(Why::Budget),
            Verdict::Impossible => {
                let search = &engine.search;
                let mut clashing: Vec<(Literal, usize)> = assumed
                    .into_iter()
                    .zip(chosen.iter().copied())
                    .filter(|&(literal, _)| search.clashes(literal))
                    .collect();
                // What was assumed twice clashes once.
                clashing.sort_unstable();
                clashing.dedup_by_key(|(literal, _)| *literal);
                let mut core: Vec<usize> = clashing.into_iter().map(|(_, index)| index).collect();
                core.sort_unstable();
                Outcome::Impossible(core)
            }
        })
    }

    /// What the last model of the engine needs, for the assertions and these candidates to hold. Where a formula is needed its
    /// clauses see to it that enough of its parts have literals that hold.
    fn reasons(&self, chosen: &[usize]) -> Vec<Formula> {
        let Some(engine) = self.engine.as_ref() else { return Vec::new() };
        let roots: Vec<Formula> =
            self.asserted.iter().copied().chain(chosen.iter().map(|&index| self.candidates[index])).collect();
        reasons(self.store, &roots, |part| {
            engine.encoder.known(part).is_some_and(|literal| engine.search.holds(literal))
        })
    }
}
