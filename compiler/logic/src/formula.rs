//! Variables and formulas.
//!
//! A formula is the number of a node and a sign, so that negation costs nothing and every node is stored once. There are only
//! conjunctions and counts: `a or b` is `not (not a and not b)`. Parts always have smaller numbers than the node they are part of,
//! so whoever walks a formula needs no recursion.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// A formula of a [`Store`]: a handle that is cheap to copy. Formulas that are built alike have equal handles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Formula(u32);

impl Formula {
    /// The formula that always holds, in every store.
    pub const TRUE: Formula = Formula(0);
    /// The formula that never holds, in every store.
    pub const FALSE: Formula = Formula(1);

    pub(crate) fn of_node(node: usize) -> Formula {
        Formula((node as u32) << 1)
    }

    pub(crate) fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    pub(crate) fn negated(self) -> bool {
        self.0 & 1 == 1
    }

    /// This formula, or its opposite when `flip`.
    pub(crate) fn flipped(self, flip: bool) -> Formula {
        Formula(self.0 ^ flip as u32)
    }
}

impl std::ops::Not for Formula {
    type Output = Formula;
    fn not(self) -> Formula {
        self.flipped(true)
    }
}

/// A variable with one of a few values, `0..n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Choice(pub(crate) u32);

/// A variable that is a whole number. What it counts (seconds, cents, things) is the caller's matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Int(pub(crate) u32);

impl Int {
    /// The number 0, in every store.
    pub const ZERO: Int = Int(0);
}

/// A number is too large for the solver to add up without overflow (beyond 2^60).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge;

/// The largest constant, up or down, that a formula may name.
const LARGEST: i64 = 1 << 60;
/// Only conjunctions up to this length are merged into one that holds them: a chain of a hundred thousand `and`s stays linear.
const MERGED: usize = 16;

/// What a node says when its sign is positive.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    True,
    /// A boolean variable; the number keeps each apart.
    Boolean(u32),
    Is(Choice, u32),
    /// `x - y <= limit`, with `x < y` by number.
    Difference(Int, Int, i64),
    /// At least two parts, sorted, each once.
    And(Arc<[Formula]>),
    /// More than one and fewer than all of the parts, sorted; a part that stands twice counts twice.
    AtLeast(u32, Arc<[Formula]>),
}

impl Node {
    /// The formulas this one is made of; none for an atom.
    pub(crate) fn parts(&self) -> &[Formula] {
        match self {
            Node::True | Node::Boolean(_) | Node::Is(..) | Node::Difference(..) => &[],
            Node::And(parts) | Node::AtLeast(_, parts) => parts,
        }
    }
}

/// Variables and formulas. It only grows; handles stay valid, also in a clone.
#[derive(Debug, Clone)]
pub struct Store {
    nodes: Vec<Node>,
    known: FxHashMap<Node, u32>,
    /// How many values each choice has.
    ranges: Vec<u32>,
    booleans: u32,
    integers: u32,
}

impl Default for Store {
    fn default() -> Self {
        Store::new()
    }
}

impl Store {
    /// A store that knows the constants and the number zero.
    pub fn new() -> Store {
        Store { nodes: vec![Node::True], known: FxHashMap::default(), ranges: Vec::new(), booleans: 0, integers: 1 }
    }

    /// A new boolean variable, as a formula.
    pub fn boolean(&mut self) -> Formula {
        self.booleans += 1;
        self.add(Node::Boolean(self.booleans))
    }

    /// A new variable with the values `0..values`; no values are treated as one.
    pub fn choice(&mut self, values: u32) -> Choice {
        self.ranges.push(values.max(1));
        Choice(self.ranges.len() as u32 - 1)
    }

    /// A new whole number, unbounded.
    pub fn integer(&mut self) -> Int {
        self.integers += 1;
        Int(self.integers - 1)
    }

    /// `x` has this value; never when the value is out of its range.
    pub fn is(&mut self, x: Choice, value: u32) -> Formula {
        match self.range(x) {
            n if value >= n => Formula::FALSE,
            1 => Formula::TRUE,
            // Of two values one decides: a single atom.
            2 if value == 1 => !self.shared(Node::Is(x, 0)),
            _ => self.shared(Node::Is(x, value)),
        }
    }

    /// Both have the same value; their ranges may differ in size.
    pub fn same(&mut self, x: Choice, y: Choice) -> Formula {
        if x == y {
            return Formula::TRUE;
        }
        let values = self.range(x).max(self.range(y));
        let parts: Vec<Formula> = (0..values)
            .map(|value| {
                let (here, there) = (self.is(x, value), self.is(y, value));
                self.implies(here, there)
            })
            .collect();
        self.and(parts)
    }

    /// The value of `x` is smaller than that of `y`: the order of an ordered enumeration.
    pub fn below(&mut self, x: Choice, y: Choice) -> Formula {
        if x == y {
            return Formula::FALSE;
        }
        // For every value of x: y is above it. `above` grows from the top and is shared, which keeps this linear.
        let mut above = Formula::FALSE;
        let mut parts = Vec::new();
        let (here, there) = (self.range(x), self.range(y));
        for value in (0..here.max(there)).rev() {
            let at = self.is(x, value);
            parts.push(self.implies(at, above));
            let reached = self.is(y, value);
            above = self.or([reached, above]);
        }
        self.and(parts)
    }

    /// `x - y <= c`.
    ///
    /// # Errors
    /// [`TooLarge`] when `c` lies beyond 2^60 up or down.
    pub fn difference(&mut self, x: Int, y: Int, c: i64) -> Result<Formula, TooLarge> {
        if !(-LARGEST..=LARGEST).contains(&c) {
            return Err(TooLarge);
        }
        Ok(match x.cmp(&y) {
            std::cmp::Ordering::Equal if c >= 0 => Formula::TRUE,
            std::cmp::Ordering::Equal => Formula::FALSE,
            std::cmp::Ordering::Less => self.shared(Node::Difference(x, y, c)),
            // x - y <= c fails exactly when y - x <= -c - 1.
            std::cmp::Ordering::Greater => !self.shared(Node::Difference(y, x, -c - 1)),
        })
    }

    /// `x - y == c`.
    ///
    /// # Errors
    /// [`TooLarge`] when `c` lies beyond 2^60 up or down.
    pub fn equal(&mut self, x: Int, y: Int, c: i64) -> Result<Formula, TooLarge> {
        let at_most = self.difference(x, y, c)?;
        let at_least = self.difference(y, x, c.checked_neg().ok_or(TooLarge)?)?;
        Ok(self.and([at_most, at_least]))
    }

    /// `f` does not hold.
    pub fn not(&mut self, f: Formula) -> Formula {
        !f
    }

    /// All of the parts hold; true when there are none.
    pub fn and(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        let mut all: Vec<Formula> = Vec::new();
        for part in parts {
            match &self.nodes[part.node()] {
                Node::True if part == Formula::TRUE => {}
                Node::True => return Formula::FALSE,
                Node::And(inner) if !part.negated() && inner.len() <= MERGED => all.extend_from_slice(inner),
                _ => all.push(part),
            }
        }
        all.sort_unstable();
        all.dedup();
        // A formula and its opposite are neighbours in this order.
        if all.windows(2).any(|pair| pair[0] == !pair[1]) {
            return Formula::FALSE;
        }
        match all.as_slice() {
            [] => Formula::TRUE,
            [one] => *one,
            _ => self.shared(Node::And(all.into())),
        }
    }

    /// At least one of the parts holds; false when there are none.
    pub fn or(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        !self.and(parts.into_iter().map(|part| !part))
    }

    /// Where `a` holds, `b` does.
    pub fn implies(&mut self, a: Formula, b: Formula) -> Formula {
        self.or([!a, b])
    }

    /// `a` and `b` both hold, or neither does.
    pub fn iff(&mut self, a: Formula, b: Formula) -> Formula {
        let (there, back) = (self.implies(a, b), self.implies(b, a));
        self.and([there, back])
    }

    /// At least `n` of the parts hold; a part that is given twice counts twice.
    pub fn at_least(&mut self, n: usize, parts: &[Formula]) -> Formula {
        let mut open: Vec<Formula> = Vec::with_capacity(parts.len());
        let mut given = 0;
        let mut sorted: Vec<Formula> = parts.to_vec();
        sorted.sort_unstable();
        for part in sorted {
            match open.last() {
                _ if part == Formula::TRUE => given += 1,
                _ if part == Formula::FALSE => {}
                // Of a formula and its opposite exactly one holds.
                Some(&last) if last == !part => {
                    open.pop();
                    given += 1;
                }
                _ => open.push(part),
            }
        }
        let n = n.saturating_sub(given);
        match n {
            0 => Formula::TRUE,
            1 => self.or(open),
            _ if n > open.len() => Formula::FALSE,
            _ if n == open.len() => self.and(open),
            _ => self.shared(Node::AtLeast(n as u32, open.into())),
        }
    }

    /// How many nodes the formulas of this store have together, for limits.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, node: usize) -> &Node {
        &self.nodes[node]
    }

    /// How many values `x` has; one when it is of another store.
    pub(crate) fn range(&self, x: Choice) -> u32 {
        self.ranges.get(x.0 as usize).copied().unwrap_or(1)
    }

    fn shared(&mut self, node: Node) -> Formula {
        if let Some(&known) = self.known.get(&node) {
            return Formula::of_node(known as usize);
        }
        self.known.insert(node.clone(), self.nodes.len() as u32);
        self.add(node)
    }

    fn add(&mut self, node: Node) -> Formula {
        self.nodes.push(node);
        Formula::of_node(self.nodes.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_formulas_have_equal_handles() {
        let mut store = Store::new();
        let (a, b, c) = (store.boolean(), store.boolean(), store.boolean());
        let left = store.and([a, b]);
        let left = store.and([left, c, Formula::TRUE]);
        let right = store.and([c, b, a, a]);
        assert_eq!(left, right);
        assert_ne!(a, b);
        let contradiction = store.and([a, b, !a]);
        assert_eq!(contradiction, Formula::FALSE);
        assert_eq!(store.or([b, !b]), Formula::TRUE);
        assert_eq!(store.iff(a, Formula::FALSE), !a);
    }

    #[test]
    fn counts_fold_into_what_they_say() {
        let mut store = Store::new();
        let (a, b, c) = (store.boolean(), store.boolean(), store.boolean());
        let any = store.or([a, b]);
        let all = store.and([a, b, c]);
        assert_eq!(store.at_least(1, &[a, b, Formula::FALSE]), any);
        assert_eq!(store.at_least(3, &[a, b, c]), all);
        assert_eq!(store.at_least(4, &[a, b, c]), Formula::FALSE);
        assert_eq!(store.at_least(0, &[]), Formula::TRUE);
        assert_eq!(store.at_least(2, &[a, !a, b]), b);
        assert_eq!(store.at_least(2, &[Formula::TRUE, a, b]), any);
    }

    #[test]
    fn a_number_beyond_the_limit_is_an_error_and_never_an_overflow() {
        let mut store = Store::new();
        let x = store.integer();
        for c in [LARGEST + 1, -LARGEST - 1, i64::MAX, i64::MIN] {
            assert_eq!(store.difference(x, Int::ZERO, c), Err(TooLarge));
            assert_eq!(store.equal(x, Int::ZERO, c), Err(TooLarge));
        }
        assert!(store.difference(x, Int::ZERO, LARGEST).is_ok());
        assert_eq!(store.difference(x, x, 0), Ok(Formula::TRUE));
        assert_eq!(store.equal(x, x, 1), Ok(Formula::FALSE));
    }

    #[test]
    fn a_chain_of_conjunctions_stays_linear() {
        let mut store = Store::new();
        let mut chain = Formula::TRUE;
        for _ in 0..100_000 {
            let next = store.boolean();
            chain = store.and([chain, next]);
        }
        let stored: usize = store.nodes.iter().map(|node| node.parts().len()).sum();
        assert!(stored < 2_000_000, "{stored}");
    }
}
