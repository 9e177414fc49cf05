//! A search without learning, for small questions: most that are asked.
//!
//! Works on the formulas as they stand. What is assumed is taken apart; a conjunction that must fail, or a count, waits until all
//! but as many parts as it needs are false. When nothing follows any more, the waiting formula with the fewest open parts is
//! decided: its first open part holds, and when that fails, it does not. Only what is needed is ever assumed, so the atoms that
//! stand at the end are the ones that matter.

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::formula::{Choice, Formula, Int, Node, Store};
use crate::search::Fuel;
use crate::theory::{Differences, Limit};

/// How many nodes a question usually has.
const EVERYDAY: usize = 112;

/// A node of the question, with numbers of its own.
#[derive(Debug, Clone)]
enum Part {
    Boolean,
    Is {
        choice: usize,
        value: u32,
    },
    Difference {
        x: u32,
        y: u32,
        limit: i128,
    },
    /// At least `n` of these hold: all of them for a conjunction. Literals, as in [`Formula`].
    Count {
        n: usize,
        start: usize,
        end: usize,
    },
}

/// A choice with the atoms that speak of it.
#[derive(Debug, Clone, Default)]
struct Values {
    /// A bit for each value that is still possible.
    left: u64,
    atoms: Vec<(u32, u32)>,
}

/// What the search found.
#[derive(Debug)]
pub(crate) enum Found {
    /// The literals that matter, of the store.
    Model(Vec<Formula>),
    Nothing,
    /// The limits ran out.
    Unknown,
}

/// A question taken apart, for one or several searches.
#[derive(Debug, Default)]
pub(crate) struct Tableau {
    parts: Vec<Part>,
    names: Vec<u32>,
    lists: Vec<u32>,
    choices: Vec<Values>,
    theory: Differences,
    /// 0: unknown, 1: holds, 2: does not.
    truth: Vec<u8>,
    trail: Vec<u32>,
    /// How far the trail has been followed.
    followed: usize,
    narrowed: Vec<(usize, u64)>,
    waiting: Vec<u32>,
    marks: Vec<Mark>,
}

/// Where to return to, and what was assumed there.
#[derive(Debug, Clone, Copy)]
struct Mark {
    trail: usize,
    narrowed: usize,
    waiting: usize,
    theory: usize,
    literal: u32,
}

impl Tableau {
    /// Takes the question apart; none when it has more than `limit` nodes or a choice with more than 64 values.
    pub(crate) fn build(
        store: &Store,
        roots: impl Iterator<Item = Formula>,
        limit: usize,
    ) -> Option<(Tableau, Vec<u32>)> {
        let mut builder = Builder {
            store,
            limit,
            // Room for an ordinary question: growing step by step costs more than the search.
            tableau: Tableau {
                parts: Vec::with_capacity(EVERYDAY),
                names: Vec::with_capacity(EVERYDAY),
                lists: Vec::with_capacity(2 * EVERYDAY),
                ..Tableau::default()
            },
            known: FxHashMap::with_capacity_and_hasher(EVERYDAY, FxBuildHasher),
            choices: FxHashMap::default(),
            numbers: FxHashMap::default(),
        };
        let mut literals = Vec::new();
        for root in roots {
            literals.push(builder.literal(root)?);
        }
        let mut tableau = builder.tableau;
        tableau.truth = vec![0; tableau.parts.len()];
        Some((tableau, literals))
    }

    /// Searches a model of these literals of the tableau.
    pub(crate) fn search(&mut self, roots: impl Iterator<Item = u32>, fuel: &mut Fuel) -> Found {
        self.reset();
        for root in roots {
            if !self.assume(root) {
                return Found::Nothing;
            }
        }
        loop {
            if !self.follow() {
                if self.marks.is_empty() {
                    return Found::Nothing;
                }
                if fuel.conflicts == 0 {
                    return Found::Unknown;
                }
                fuel.conflicts -= 1;
                if !self.turn_back() {
                    return Found::Nothing;
                }
            } else if let Some(literal) = self.choose() {
                if fuel.decisions == 0 {
                    return Found::Unknown;
                }
                fuel.decisions -= 1;
                self.marks.push(Mark {
                    trail: self.trail.len(),
                    narrowed: self.narrowed.len(),
                    waiting: self.waiting.len(),
                    theory: self.theory.len(),
                    literal,
                });
                self.assume(literal);
            } else if self.trail.len() == self.followed {
                return Found::Model(self.literals());
            }
        }
    }

    fn literals(&self) -> Vec<Formula> {
        self.trail
            .iter()
            .map(|&literal| Formula::of_node(self.names[literal as usize >> 1] as usize).flipped(literal & 1 == 1))
            .collect()
    }

    fn reset(&mut self) {
        self.marks.clear();
        self.back_to(Mark { trail: 0, narrowed: 0, waiting: 0, theory: 0, literal: 0 });
    }

    fn back_to(&mut self, mark: Mark) {
        for literal in self.trail.drain(mark.trail..) {
            self.truth[literal as usize >> 1] = 0;
        }
        self.followed = mark.trail;
        while self.narrowed.len() > mark.narrowed {
            if let Some((choice, left)) = self.narrowed.pop() {
                self.choices[choice].left = left;
            }
        }
        self.waiting.truncate(mark.waiting);
        self.theory.truncate(mark.theory);
    }

    /// Undoes the last assumption that had no opposite yet and makes the opposite follow; false when there is none.
    fn turn_back(&mut self) -> bool {
        while let Some(mark) = self.marks.pop() {
            self.back_to(mark);
            if self.assume(mark.literal ^ 1) {
                return true;
            }
        }
        false
    }

    /// Makes the literal hold; false when it already does not.
    fn assume(&mut self, literal: u32) -> bool {
        let truth = &mut self.truth[literal as usize >> 1];
        let wanted = 1 + (literal & 1) as u8;
        if *truth == 0 {
            *truth = wanted;
            self.trail.push(literal);
        }
        *truth == wanted
    }

    /// Draws every conclusion there is; false on a contradiction.
    fn follow(&mut self) -> bool {
        loop {
            while self.followed < self.trail.len() {
                let literal = self.trail[self.followed];
                self.followed += 1;
                if !self.take_apart(literal) {
                    return false;
                }
            }
            for at in 0..self.waiting.len() {
                if !self.squeeze(self.waiting[at]) {
                    return false;
                }
            }
            if self.followed == self.trail.len() {
                return true;
            }
        }
    }

    fn take_apart(&mut self, literal: u32) -> bool {
        let (node, holds) = (literal as usize >> 1, literal & 1 == 0);
        match self.parts[node] {
            Part::Boolean => true,
            Part::Is { choice, value } => self.narrow(choice, if holds { 1 << value } else { !(1 << value) }),
            Part::Difference { x, y, limit } if holds => self.theory.add(Limit { x, y, c: limit, tag: 0 }),
            Part::Difference { x, y, limit } => self.theory.add(Limit { x: y, y: x, c: -limit - 1, tag: 0 }),
            Part::Count { n, start, end } if holds && n == end - start => {
                (start..end).all(|at| self.assume(self.lists[at]))
            }
            Part::Count { .. } => {
                self.waiting.push(literal);
                true
            }
        }
    }

    /// Leaves a choice only these values.
    fn narrow(&mut self, choice: usize, to: u64) -> bool {
        let left = self.choices[choice].left;
        let now = left & to;
        if now == left {
            return true;
        }
        self.narrowed.push((choice, left));
        self.choices[choice].left = now;
        for at in 0..self.choices[choice].atoms.len() {
            let (value, atom) = self.choices[choice].atoms[at];
            let possible = now & (1 << value) != 0;
            if (!possible && !self.assume(atom << 1 | 1)) || (now == 1 << value && !self.assume(atom << 1)) {
                return false;
            }
        }
        now != 0
    }

    /// The parts that a waiting literal is about, with what turns them round, and how many must hold.
    fn demand(&self, literal: u32) -> (std::ops::Range<usize>, u32, usize) {
        match self.parts[literal as usize >> 1] {
            Part::Count { n, start, end } if literal & 1 == 0 => (start..end, 0, n),
            // Fewer than n hold: at least all but n - 1 do not.
            Part::Count { n, start, end } => (start..end, 1, end - start + 1 - n),
            Part::Boolean | Part::Is { .. } | Part::Difference { .. } => (0..0, 0, 0),
        }
    }

    /// How many parts hold already, and how many may still.
    fn standing(&self, range: std::ops::Range<usize>, flip: u32) -> (usize, usize) {
        let (mut held, mut open) = (0, 0);
        for &part in &self.lists[range] {
            match self.truth[part as usize >> 1] {
                0 => open += 1,
                truth => held += usize::from(truth == 1 + ((part ^ flip) & 1) as u8),
            }
        }
        (held, open)
    }

    /// Draws the conclusion of a waiting literal, when it has just as many open parts as it needs.
    fn squeeze(&mut self, literal: u32) -> bool {
        let (range, flip, needed) = self.demand(literal);
        let (held, open) = self.standing(range.clone(), flip);
        if held >= needed || held + open > needed {
            return true;
        }
        held + open == needed
            && range.into_iter().all(|at| {
                let part = self.lists[at] ^ flip;
                self.truth[part as usize >> 1] != 0 || self.assume(part)
            })
    }

    /// The first open part of the waiting literal with the fewest; none when all of them hold.
    fn choose(&self) -> Option<u32> {
        let mut best: Option<(usize, u32)> = None;
        for &literal in &self.waiting {
            let (range, flip, needed) = self.demand(literal);
            let (held, open) = self.standing(range.clone(), flip);
            if held < needed && best.is_none_or(|(fewest, _)| open < fewest) {
                let first = self.lists[range].iter().find(|&&part| self.truth[part as usize >> 1] == 0);
                best = first.map(|&part| (open, part ^ flip)).or(best);
            }
        }
        best.map(|(_, literal)| literal)
    }
}

struct Builder<'a> {
    store: &'a Store,
    limit: usize,
    tableau: Tableau,
    known: FxHashMap<usize, u32>,
    choices: FxHashMap<Choice, usize>,
    numbers: FxHashMap<Int, u32>,
}

impl Builder<'_> {
    /// The literal of a formula, its parts first.
    fn literal(&mut self, formula: Formula) -> Option<u32> {
        let mut open = vec![formula.node()];
        while let Some(&node) = open.last() {
            let before = open.len();
            if !self.known.contains_key(&node) {
                open.extend(
                    self.store
                        .node(node)
                        .parts()
                        .iter()
                        .map(|part| part.node())
                        .filter(|part| !self.known.contains_key(part)),
                );
            }
            if open.len() > self.limit || self.tableau.parts.len() > self.limit {
                return None;
            }
            if open.len() == before {
                open.pop();
                if !self.known.contains_key(&node) {
                    self.add(node)?;
                }
            }
        }
        Some(self.named(formula))
    }

    fn named(&self, formula: Formula) -> u32 {
        self.known.get(&formula.node()).map_or(0, |part| part << 1) | u32::from(formula.negated())
    }

    fn add(&mut self, node: usize) -> Option<()> {
        let name = self.tableau.parts.len() as u32;
        let store = self.store;
        let part = match store.node(node) {
            Node::True => self.list(0, &[]),
            Node::Boolean(_) => Part::Boolean,
            Node::Is(x, value) => Part::Is { choice: self.choice(*x, *value, name)?, value: *value },
            Node::Difference(x, y, c) => {
                Part::Difference { x: self.number(*x), y: self.number(*y), limit: i128::from(*c) }
            }
            Node::And(parts) => self.list(parts.len(), parts),
            Node::AtLeast(n, parts) => self.list(*n as usize, parts),
        };
        self.known.insert(node, name);
        self.tableau.parts.push(part);
        self.tableau.names.push(node as u32);
        Some(())
    }

    fn list(&mut self, n: usize, parts: &[Formula]) -> Part {
        let start = self.tableau.lists.len();
        for &part in parts {
            let literal = self.named(part);
            self.tableau.lists.push(literal);
        }
        Part::Count { n, start, end: self.tableau.lists.len() }
    }

    fn choice(&mut self, x: Choice, value: u32, atom: u32) -> Option<usize> {
        let values = self.store.range(x);
        if values > u64::BITS {
            return None;
        }
        let choices = &mut self.tableau.choices;
        let index = *self.choices.entry(x).or_insert_with(|| {
            choices.push(Values { left: u64::MAX >> (u64::BITS - values), atoms: Vec::new() });
            choices.len() - 1
        });
        choices[index].atoms.push((value, atom));
        Some(index)
    }

    fn number(&mut self, x: Int) -> u32 {
        let theory = &mut self.tableau.theory;
        *self.numbers.entry(x).or_insert_with(|| theory.place())
    }
}
