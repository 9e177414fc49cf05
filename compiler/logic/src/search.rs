//! What the encoder and the session ask of a search over clauses, whoever does the searching.

use crate::formula::Int;

/// A variable of a search, or its opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Literal(pub(crate) u32);

impl Literal {
    /// The literal that holds when the variable with this number does.
    pub(crate) fn of(variable: u32) -> Literal {
        Literal(variable << 1)
    }

    pub(crate) fn variable(self) -> u32 {
        self.0 >> 1
    }

    pub(crate) fn negated(self) -> bool {
        self.0 & 1 == 1
    }

    /// This literal, or its opposite when `flip`.
    pub(crate) fn flipped(self, flip: bool) -> Literal {
        Literal(self.0 ^ u32::from(flip))
    }
}

impl std::ops::Not for Literal {
    type Output = Literal;
    fn not(self) -> Literal {
        self.flipped(true)
    }
}

/// How much work a search may still do: counted, never timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fuel {
    pub(crate) conflicts: u64,
    pub(crate) decisions: u64,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Possible,
    Impossible,
    /// The fuel ran out.
    Unknown,
}

/// A search for values of variables that satisfy clauses, some of which are about differences of whole numbers.
pub(crate) trait Search {
    /// A new variable.
    fn variable(&mut self) -> Literal;
    /// A new variable for `x - y <= limit`. Nothing follows from its truth for the numbers before it [`matters`](Search::matters).
    fn difference(&mut self, x: Int, y: Int, limit: i64) -> Literal;
    /// From now on the numbers must agree with this literal of a difference when it holds.
    fn matters(&mut self, literal: Literal);
    /// From now on one of these holds.
    fn clause(&mut self, literals: &[Literal]);
    /// Whether all clauses can hold together with what is assumed.
    fn solve(&mut self, assumed: &[Literal], fuel: &mut Fuel) -> Verdict;
    /// Whether the literal holds in what was last found possible.
    fn holds(&self, literal: Literal) -> bool;
    /// Whether this assumption is part of why the last question was impossible.
    fn clashes(&self, assumed: Literal) -> bool;
}
