//! From formulas to clauses.
//!
//! Each node gets a variable, and clauses for the direction in which it is needed: one that must hold implies its parts, one that
//! must not implies that some part does not. Source: D. Plaisted and S. Greenbaum, "A structure-preserving clause form
//! translation", Journal of Symbolic Computation, 1986. What is needed later in the other direction is added then.
//!
//! A variable holds when what was needed first is taken, so that a search that tries "does not hold" first takes only what it
//! must. The same goes for differences: one that is only ever needed to hold says nothing to the numbers when it does not.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::formula::{Choice, Formula, Int, Node, Store, TooLarge};
use crate::search::{Literal, Search};

/// No question may have more literals in its clauses.
const LITERALS: usize = 4_000_000;

/// What has been encoded so far.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    nodes: FxHashMap<usize, Encoded>,
    choices: FxHashMap<Choice, Values>,
    /// The limits that are known for each pair of numbers.
    limits: FxHashMap<(Int, Int), BTreeMap<i64, Literal>>,
    /// Literals written, for the limit.
    written: usize,
}

#[derive(Debug, Clone, Copy)]
struct Encoded {
    literal: Literal,
    /// What it means when it holds has been said, and what when it does not.
    said: [bool; 2],
}

/// The values of a choice that are spoken of.
#[derive(Debug, Clone, Copy, Default)]
struct Values {
    count: u32,
    /// Holds exactly when the choice has one of them.
    any: Option<Literal>,
}

impl Encoder {
    /// Makes the formula hold for good.
    pub(crate) fn assert(&mut self, store: &Store, formula: Formula, search: &mut impl Search) -> Result<(), TooLarge> {
        match (store.node(formula.node()), formula.negated()) {
            (Node::And(parts), false) => {
                for &part in parts.iter() {
                    let part = self.literal(store, part, search)?;
                    self.clause(search, &[part]);
                }
            }
            (Node::And(parts), true) => {
                let parts: Result<Vec<Literal>, TooLarge> =
                    parts.iter().map(|&part| self.literal(store, !part, search)).collect();
                self.clause(search, &parts?);
            }
            _ => {
                let literal = self.literal(store, formula, search)?;
                self.clause(search, &[literal]);
            }
        }
        Ok(())
    }

    /// The literal of a formula, which may be assumed.
    pub(crate) fn literal(
        &mut self,
        store: &Store,
        formula: Formula,
        search: &mut impl Search,
    ) -> Result<Literal, TooLarge> {
        let mut open = vec![formula];
        while let Some(formula) = open.pop() {
            let literal = self.variable(store, formula, search);
            let direction = usize::from(formula.negated());
            match self.nodes.get_mut(&formula.node()) {
                Some(encoded) if !encoded.said[direction] => encoded.said[direction] = true,
                _ => continue,
            }
            match store.node(formula.node()) {
                Node::True | Node::Boolean(_) | Node::Is(..) => {}
                Node::Difference(..) => search.matters(literal),
                Node::And(parts) => {
                    self.conjunction(store, literal, parts, formula.negated(), search);
                    open.extend(parts.iter().map(|part| part.flipped(formula.negated())));
                }
                Node::AtLeast(n, parts) => {
                    // Fewer than n hold exactly when all but n - 1 do not.
                    let n = if formula.negated() { parts.len() + 1 - *n as usize } else { *n as usize };
                    let parts: Vec<Formula> = parts.iter().map(|part| part.flipped(formula.negated())).collect();
                    self.count(store, literal, n, &parts, search)?;
                    open.extend(parts);
                }
            }
            if self.written > LITERALS {
                return Err(TooLarge);
            }
        }
        Ok(self.variable(store, formula, search))
    }

    /// The literal of a formula, if it has one.
    pub(crate) fn known(&self, formula: Formula) -> Option<Literal> {
        self.nodes.get(&formula.node()).map(|encoded| encoded.literal.flipped(formula.negated()))
    }

    /// Where `literal` holds, all of the parts do; where a negated one does, one of them does not.
    fn conjunction(
        &mut self,
        store: &Store,
        literal: Literal,
        parts: &[Formula],
        negated: bool,
        search: &mut impl Search,
    ) {
        let mut clause = vec![!literal];
        for part in parts {
            let part = self.variable(store, part.flipped(negated), search);
            if negated {
                clause.push(part);
            } else {
                self.clause(search, &[!literal, part]);
            }
        }
        if negated {
            self.clause(search, &clause);
        }
    }

    /// Where `literal` holds, at least `n` of the parts do.
    ///
    /// After each part there is a row of variables: one for "`j + 1` of those so far hold" (one way only). It needs the variable
    /// for one fewer of the row before, and that for as many there or this part itself. The last one is `literal`.
    fn count(
        &mut self,
        store: &Store,
        literal: Literal,
        n: usize,
        parts: &[Formula],
        search: &mut impl Search,
    ) -> Result<(), TooLarge> {
        let spare = parts.len() - n;
        if n.saturating_mul(spare + 1).saturating_mul(5) > LITERALS - self.written.min(LITERALS) {
            return Err(TooLarge);
        }
        // Of the counts after each part only those are of use that the rest can make up, from `first` on.
        let (mut row, mut first): (Vec<Literal>, usize) = (Vec::new(), 0);
        for (index, &part) in parts.iter().enumerate() {
            let part = self.variable(store, part, search);
            let last = index + 1 == parts.len();
            let low = (index + n).saturating_sub(parts.len());
            let mut next = Vec::with_capacity(spare + 1);
            for j in low..n.min(index + 1) {
                let here = if last { literal } else { search.variable() };
                match row.get(j - first) {
                    Some(&before) => self.clause(search, &[!here, before, part]),
                    None => self.clause(search, &[!here, part]),
                }
                if j > 0 {
                    self.clause(search, &[!here, row[j - 1 - first]]);
                }
                next.push(here);
            }
            (row, first) = (next, low);
        }
        Ok(())
    }

    /// The literal of a node, made when it is new. What it means is said elsewhere, but for atoms.
    fn variable(&mut self, store: &Store, formula: Formula, search: &mut impl Search) -> Literal {
        let (node, flip) = (formula.node(), formula.negated());
        if let Some(encoded) = self.nodes.get(&node) {
            return encoded.literal.flipped(flip);
        }
        let literal = match *store.node(node) {
            Node::Difference(x, y, limit) => self.difference(x, y, limit, flip, search),
            Node::Is(x, _) => {
                let literal = search.variable();
                self.value(store.range(x), x, literal, search);
                literal
            }
            Node::True => {
                let literal = search.variable();
                self.clause(search, &[literal]);
                literal
            }
            Node::Boolean(_) | Node::And(_) | Node::AtLeast(..) => search.variable().flipped(flip),
        };
        self.nodes.insert(node, Encoded { literal, said: [false; 2] });
        literal.flipped(flip)
    }

    /// An atom of a choice: no two values at once, and some value once all of them are spoken of.
    fn value(&mut self, range: u32, x: Choice, literal: Literal, search: &mut impl Search) {
        let mut values = self.choices.get(&x).copied().unwrap_or_default();
        values.count += 1;
        if let Some(any) = values.any {
            self.clause(search, &[!any, !literal]);
            if values.count == range {
                self.clause(search, &[any, literal]);
            } else {
                let wider = search.variable();
                self.clause(search, &[!any, wider]);
                self.clause(search, &[!literal, wider]);
                self.clause(search, &[!wider, any, literal]);
                values.any = Some(wider);
            }
        } else {
            values.any = Some(literal);
        }
        self.choices.insert(x, values);
    }

    /// An atom of two numbers: it follows from the next narrower limit, and the next wider one follows from it.
    fn difference(&mut self, x: Int, y: Int, limit: i64, flip: bool, search: &mut impl Search) -> Literal {
        let literal = if flip { !search.difference(y, x, -limit - 1) } else { search.difference(x, y, limit) };
        let known = self.limits.entry((x, y)).or_default();
        let narrower = known.range(..limit).next_back().map(|(_, &literal)| literal);
        let wider = known.range(limit..).next().map(|(_, &literal)| literal);
        known.insert(limit, literal);
        if let Some(narrower) = narrower {
            self.clause(search, &[!narrower, literal]);
        }
        if let Some(wider) = wider {
            self.clause(search, &[!literal, wider]);
        }
        literal
    }

    fn clause(&mut self, search: &mut impl Search, literals: &[Literal]) {
        self.written += literals.len();
        search.clause(literals);
    }
}
