//! Small questions, and their answers the slow way: every situation there is, one after another, as plainly as it can be written.
//!
//! Used by the tests and by `examples/agree.rs`. It shares nothing with the solver but the functions that build formulas.
#![allow(dead_code)]

use mandate_logic::{Choice, Formula, Int, Model, Store};

/// A formula, as one would write it down. Variables are named by their index.
#[derive(Debug, Clone)]
pub enum Plain {
    Constant(bool),
    Boolean(usize),
    Is(usize, u32),
    Same(usize, usize),
    Below(usize, usize),
    /// `x - y <= c`; the number 0 is zero itself.
    Difference(usize, usize, i64),
    Equal(usize, usize, i64),
    Not(Box<Plain>),
    And(Vec<Plain>),
    Or(Vec<Plain>),
    Implies(Box<Plain>, Box<Plain>),
    Iff(Box<Plain>, Box<Plain>),
    AtLeast(usize, Vec<Plain>),
}

/// A value for every variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    pub booleans: Vec<bool>,
    pub choices: Vec<u32>,
    /// The first is zero.
    pub numbers: Vec<i64>,
}

impl World {
    pub fn holds(&self, formula: &Plain) -> bool {
        let number = |x: &usize| self.numbers[*x];
        match formula {
            Plain::Constant(truth) => *truth,
            Plain::Boolean(x) => self.booleans[*x],
            Plain::Is(x, value) => self.choices[*x] == *value,
            Plain::Same(x, y) => self.choices[*x] == self.choices[*y],
            Plain::Below(x, y) => self.choices[*x] < self.choices[*y],
            Plain::Difference(x, y, c) => number(x) - number(y) <= *c,
            Plain::Equal(x, y, c) => number(x) - number(y) == *c,
            Plain::Not(part) => !self.holds(part),
            Plain::And(parts) => parts.iter().all(|part| self.holds(part)),
            Plain::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Plain::Implies(a, b) => !self.holds(a) || self.holds(b),
            Plain::Iff(a, b) => self.holds(a) == self.holds(b),
            Plain::AtLeast(n, parts) => parts.iter().filter(|part| self.holds(part)).count() >= *n,
        }
    }
}

/// A small question: its variables, what is asserted, what is assumed and what is wished.
#[derive(Debug, Clone)]
pub struct Question {
    pub booleans: usize,
    pub ranges: Vec<u32>,
    /// Without zero.
    pub numbers: usize,
    /// No constant is larger than this.
    pub largest: i64,
    pub asserted: Vec<Plain>,
    pub assumed: Vec<Plain>,
    pub wishes: Vec<Plain>,
}

impl Question {
    /// Every situation that can matter. Where differences up to `c` can hold at all, they can within `n (c + 1)` of zero.
    pub fn worlds(&self) -> Vec<World> {
        let mut worlds = vec![World { booleans: vec![], choices: vec![], numbers: vec![0] }];
        for _ in 0..self.booleans {
            worlds = spread(&worlds, [false, true], |world, &value| world.booleans.push(value));
        }
        for &range in &self.ranges {
            worlds = spread(&worlds, 0..range, |world, &value| world.choices.push(value));
        }
        let bound = self.numbers as i64 * (self.largest + 1);
        for _ in 0..self.numbers {
            worlds = spread(&worlds, -bound..=bound, |world, &value| world.numbers.push(value));
        }
        worlds
    }
}

fn spread<T>(
    worlds: &[World],
    values: impl IntoIterator<Item = T> + Clone,
    set: impl Fn(&mut World, &T),
) -> Vec<World> {
    let mut spread = Vec::new();
    for world in worlds {
        for value in values.clone() {
            let mut world = world.clone();
            set(&mut world, &value);
            spread.push(world);
        }
    }
    spread
}

/// The formulas and variables of a question, in a store.
pub struct Built {
    pub store: Store,
    pub booleans: Vec<Formula>,
    pub choices: Vec<Choice>,
    pub numbers: Vec<Int>,
    pub asserted: Vec<Formula>,
    pub assumed: Vec<Formula>,
    pub wishes: Vec<Formula>,
}

impl Built {
    pub fn new(question: &Question) -> Built {
        let mut store = Store::new();
        let booleans = (0..question.booleans).map(|_| store.boolean()).collect();
        let choices = question.ranges.iter().map(|&range| store.choice(range)).collect();
        let numbers = std::iter::once(Int::ZERO).chain((0..question.numbers).map(|_| store.integer())).collect();
        let mut built = Built { store, booleans, choices, numbers, asserted: vec![], assumed: vec![], wishes: vec![] };
        built.asserted = question.asserted.iter().map(|formula| built.formula(formula)).collect();
        built.assumed = question.assumed.iter().map(|formula| built.formula(formula)).collect();
        built.wishes = question.wishes.iter().map(|formula| built.formula(formula)).collect();
        built
    }

    pub fn formula(&mut self, formula: &Plain) -> Formula {
        match formula {
            Plain::Constant(true) => Formula::TRUE,
            Plain::Constant(false) => Formula::FALSE,
            Plain::Boolean(x) => self.booleans[*x],
            Plain::Is(x, value) => self.store.is(self.choices[*x], *value),
            Plain::Same(x, y) => self.store.same(self.choices[*x], self.choices[*y]),
            Plain::Below(x, y) => self.store.below(self.choices[*x], self.choices[*y]),
            Plain::Difference(x, y, c) => self.store.difference(self.numbers[*x], self.numbers[*y], *c).expect("small"),
            Plain::Equal(x, y, c) => self.store.equal(self.numbers[*x], self.numbers[*y], *c).expect("small"),
            Plain::Not(part) => {
                let part = self.formula(part);
                self.store.not(part)
            }
            Plain::And(parts) => {
                let parts: Vec<Formula> = parts.iter().map(|part| self.formula(part)).collect();
                self.store.and(parts)
            }
            Plain::Or(parts) => {
                let parts: Vec<Formula> = parts.iter().map(|part| self.formula(part)).collect();
                self.store.or(parts)
            }
            Plain::Implies(a, b) => {
                let (a, b) = (self.formula(a), self.formula(b));
                self.store.implies(a, b)
            }
            Plain::Iff(a, b) => {
                let (a, b) = (self.formula(a), self.formula(b));
                self.store.iff(a, b)
            }
            Plain::AtLeast(n, parts) => {
                let parts: Vec<Formula> = parts.iter().map(|part| self.formula(part)).collect();
                self.store.at_least(*n, &parts)
            }
        }
    }

    /// The situation that a model describes.
    pub fn world(&self, model: &Model) -> World {
        World {
            booleans: self.booleans.iter().map(|&x| model.holds(&self.store, x)).collect(),
            choices: self.choices.iter().map(|&x| model.value(x)).collect(),
            numbers: self.numbers.iter().map(|&x| model.number(x)).collect(),
        }
    }
}

/// Numbers that look random and are the same each time (the generator "splitmix64").
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n.max(1)
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}

/// A small question by the dice.
pub fn question(dice: &mut Dice) -> Question {
    // Few enough situations to try them all.
    let (booleans, ranges, numbers, largest): (usize, &[u32], usize, i64) = *dice.pick(&[
        (4, [3, 2].as_slice(), 0, 0),
        (2, [3, 4].as_slice(), 1, 2),
        (3, [].as_slice(), 2, 2),
        (1, [3].as_slice(), 2, 1),
        (1, [].as_slice(), 3, 1),
        (0, [].as_slice(), 2, 4),
        (2, [1, 3].as_slice(), 1, 1),
    ]);
    let mut question = Question {
        booleans,
        ranges: ranges.to_vec(),
        numbers,
        largest,
        asserted: vec![],
        assumed: vec![],
        wishes: vec![],
    };
    let (asserted, assumed, wishes) = (dice.below(3), 1 + dice.below(4), dice.below(5));
    question.asserted = (0..asserted).map(|_| formula(dice, &question, 3)).collect();
    question.assumed = (0..assumed).map(|_| formula(dice, &question, 3)).collect();
    question.wishes = (0..wishes).map(|_| formula(dice, &question, 2)).collect();
    question
}

fn formula(dice: &mut Dice, question: &Question, depth: usize) -> Plain {
    if depth == 0 || dice.below(4) == 0 {
        return atom(dice, question);
    }
    let pair =
        |dice: &mut Dice| (Box::new(formula(dice, question, depth - 1)), Box::new(formula(dice, question, depth - 1)));
    let list = |dice: &mut Dice| (0..dice.below(5)).map(|_| formula(dice, question, depth - 1)).collect::<Vec<_>>();
    match dice.below(8) {
        0 | 1 => Plain::And(list(dice)),
        2 | 3 => Plain::Or(list(dice)),
        4 => Plain::Not(Box::new(formula(dice, question, depth - 1))),
        5 => {
            let (a, b) = pair(dice);
            Plain::Implies(a, b)
        }
        6 => {
            let (a, b) = pair(dice);
            Plain::Iff(a, b)
        }
        _ => {
            let n = dice.below(5) as usize;
            Plain::AtLeast(n, list(dice))
        }
    }
}

fn atom(dice: &mut Dice, question: &Question) -> Plain {
    let choice = |dice: &mut Dice| dice.below(question.ranges.len() as u64) as usize;
    let number = |dice: &mut Dice| dice.below(question.numbers as u64 + 1) as usize;
    let constant = |dice: &mut Dice| dice.below(2 * question.largest as u64 + 1) as i64 - question.largest;
    match dice.below(12) {
        0 if dice.below(4) == 0 => Plain::Constant(dice.below(2) == 0),
        1..=3 if question.booleans > 0 => Plain::Boolean(dice.below(question.booleans as u64) as usize),
        4 | 5 if !question.ranges.is_empty() => Plain::Is(choice(dice), dice.below(5) as u32),
        6 if !question.ranges.is_empty() => Plain::Same(choice(dice), choice(dice)),
        7 if !question.ranges.is_empty() => Plain::Below(choice(dice), choice(dice)),
        8 => Plain::Equal(number(dice), number(dice), constant(dice)),
        _ => Plain::Difference(number(dice), number(dice), constant(dice)),
    }
}

/// A question of the size that comes up about two rules: some records that are there or not, kinds, and instants; too many
/// situations to try them all.
pub fn typical(dice: &mut Dice) -> Question {
    let mut question = Question {
        booleans: 12,
        ranges: vec![3, 4, 4, 5, 6],
        numbers: 8,
        largest: 48,
        asserted: vec![],
        assumed: vec![],
        wishes: vec![],
    };
    // What is reported was seen before; what is answered was reported before.
    question.asserted = (1..5).map(|x| Plain::Difference(x, x + 1, 0)).collect();
    for _ in 0..2 {
        let clauses = 4 + dice.below(5);
        let clauses = (0..clauses).map(|_| clause(dice, &question)).collect();
        question.assumed.push(Plain::And(clauses));
    }
    let exceptions = dice.below(4);
    for _ in 0..exceptions {
        let parts = vec![clause(dice, &question), clause(dice, &question)];
        question.assumed.push(Plain::Not(Box::new(Plain::And(parts))));
    }
    question
}

/// A condition of a typical rule: one to three atoms of which one must hold, or a count.
fn clause(dice: &mut Dice, question: &Question) -> Plain {
    let mut parts = Vec::new();
    let count = *dice.pick(&[1, 2, 2, 3, 3, 4]);
    while parts.len() < count {
        match atom(dice, question) {
            Plain::Constant(_) => {}
            part if dice.below(3) == 0 => parts.push(Plain::Not(Box::new(part))),
            part => parts.push(part),
        }
    }
    if count == 4 { Plain::AtLeast(2, parts) } else { Plain::Or(parts) }
}
