//! Questions made to be hard: each must end within the budget, with the right answer or none.
#![allow(dead_code)]

use mandate_logic::{Formula, Int, Store};

use super::slow::Dice;

/// A hard question, and whether it can hold, where that is known.
pub struct Hard {
    pub name: String,
    pub store: Store,
    pub assumed: Vec<Formula>,
    pub possible: Option<bool>,
}

fn hard(name: impl Into<String>, store: Store, assumed: Vec<Formula>, possible: bool) -> Hard {
    Hard { name: name.into(), store, assumed, possible: Some(possible) }
}

/// All of them.
pub fn all() -> Vec<Hard> {
    let mut all: Vec<Hard> = (8..=12).map(|holes| pigeons(holes, false)).collect();
    all.push(pigeons(9, true));
    all.push(pigeons_counted(12));
    for (count, machines) in [(6, 3), (6, 6), (10, 5), (10, 10)] {
        // From plenty of time to too little; in between it gets hard.
        for end in [400, 90, 80, 70, 60, 50, 9] {
            all.push(jobs(count, machines, end));
        }
    }
    all.push(chain(10_000, None));
    all.push(chain(10_000, Some(10_000)));
    all.push(shuffled_chain(10_000));
    all.push(diamonds(200));
    all.push(nested(100_000));
    all.push(alternating(100_000));
    all.push(counted(400));
    all
}

/// One pigeon more than there are holes.
pub fn pigeons(holes: usize, enough: bool) -> Hard {
    let mut store = Store::new();
    let pigeons = if enough { holes } else { holes + 1 };
    let sits: Vec<Vec<Formula>> = (0..pigeons).map(|_| (0..holes).map(|_| store.boolean()).collect()).collect();
    let mut rules: Vec<Formula> = sits.iter().map(|hole| store.or(hole.iter().copied())).collect();
    for hole in 0..holes {
        for (index, one) in sits.iter().enumerate() {
            for other in &sits[index + 1..] {
                rules.push(store.or([!one[hole], !other[hole]]));
            }
        }
    }
    hard(format!("{pigeons} pigeons in {holes} holes"), store, rules, enough)
}

/// The same, said with counts.
fn pigeons_counted(holes: usize) -> Hard {
    let mut store = Store::new();
    let sits: Vec<Vec<Formula>> = (0..=holes).map(|_| (0..holes).map(|_| store.boolean()).collect()).collect();
    let mut rules: Vec<Formula> = sits.iter().map(|hole| store.at_least(1, hole)).collect();
    for hole in 0..holes {
        let column: Vec<Formula> = sits.iter().map(|sits| sits[hole]).collect();
        let two = store.at_least(2, &column);
        rules.push(!two);
    }
    hard(format!("{} pigeons in {holes} holes, counted", holes + 1), store, rules, false)
}

/// Jobs that pass the machines in an order of their own, no two on a machine at once, all done by the end.
fn jobs(jobs: usize, machines: usize, end: i64) -> Hard {
    let mut dice = Dice((jobs * 100 + machines) as u64);
    let mut store = Store::new();
    let mut rules = Vec::new();
    let mut uses: Vec<Vec<(Int, i64)>> = vec![Vec::new(); machines];
    for _ in 0..jobs {
        let mut order: Vec<usize> = (0..machines).collect();
        for at in (1..machines).rev() {
            order.swap(at, dice.below(at as u64 + 1) as usize);
        }
        let mut before = (Int::ZERO, 0);
        for machine in order {
            let (start, length) = (store.integer(), 3 + dice.below(7) as i64);
            rules.push(store.difference(before.0, start, -before.1).expect("small"));
            uses[machine].push((start, length));
            before = (start, length);
        }
        rules.push(store.difference(before.0, Int::ZERO, end - before.1).expect("small"));
    }
    for uses in &uses {
        for (index, &(one, first)) in uses.iter().enumerate() {
            for &(other, second) in &uses[index + 1..] {
                let ahead = store.difference(one, other, -first).expect("small");
                let behind = store.difference(other, one, -second).expect("small");
                rules.push(store.or([ahead, behind]));
            }
        }
    }
    let name = format!("{jobs} jobs on {machines} machines by {end}");
    // One after the other they are done by then; and no machine can do them all in so little.
    let possible = match end {
        400 if jobs * machines <= 40 => Some(true),
        9 => Some(false),
        _ => None,
    };
    Hard { name, store, assumed: rules, possible }
}

/// Each number is below the next, and the one at `back`, if any, is not above the first.
pub fn chain(length: usize, back: Option<usize>) -> Hard {
    let mut store = Store::new();
    let numbers: Vec<Int> = (0..=length).map(|_| store.integer()).collect();
    let mut rules: Vec<Formula> =
        numbers.windows(2).map(|pair| store.difference(pair[0], pair[1], -1).expect("small")).collect();
    if let Some(back) = back {
        rules.push(store.difference(numbers[back], numbers[0], 0).expect("small"));
    }
    let closed = if back.is_some() { "closed" } else { "open" };
    hard(format!("a {closed} chain of {length} differences"), store, rules, back.is_none())
}

/// A chain in no order at all.
fn shuffled_chain(length: usize) -> Hard {
    let Hard { store, mut assumed, .. } = chain(length, None);
    let mut dice = Dice(7);
    for at in (1..assumed.len()).rev() {
        assumed.swap(at, dice.below(at as u64 + 1) as usize);
    }
    hard(format!("a shuffled chain of {length} differences"), store, assumed, true)
}

/// A circle in which every step has two ways, and every way round is too short: two to the power of `steps` ways.
fn diamonds(steps: usize) -> Hard {
    let mut store = Store::new();
    let corners: Vec<Int> = (0..=steps).map(|_| store.integer()).collect();
    let mut rules = Vec::new();
    for pair in corners.windows(2) {
        let ways: Vec<Formula> = (0..2)
            .map(|_| {
                let middle = store.integer();
                let out = store.difference(pair[0], middle, -1).expect("small");
                let back = store.difference(middle, pair[1], 0).expect("small");
                store.and([out, back])
            })
            .collect();
        rules.push(store.or(ways));
    }
    rules.push(store.difference(corners[steps], corners[0], steps as i64 - 1).expect("small"));
    rules.push(store.difference(corners[0], corners[steps], 1 - steps as i64).expect("small"));
    hard(format!("a circle of {steps} steps with two ways each"), store, rules, true)
}

/// A formula within a formula, and so on.
pub fn nested(depth: usize) -> Hard {
    let mut store = Store::new();
    let mut formula = store.boolean();
    for level in 0..depth {
        let other = store.boolean();
        formula = if level % 2 == 0 { store.or([!formula, other]) } else { store.and([!formula, other]) };
    }
    hard(format!("a formula {depth} deep"), store, vec![formula], true)
}

/// `a` exactly when `b` exactly when `c`, and so on, and its opposite at the end.
fn alternating(depth: usize) -> Hard {
    let mut store = Store::new();
    let first = store.boolean();
    let mut formula = first;
    for _ in 0..depth {
        let other = store.boolean();
        formula = store.iff(formula, other);
    }
    hard(format!("{depth} times exactly when"), store, vec![formula, !first], true)
}

/// At least half of many, and at least half of their opposites, and one more.
fn counted(parts: usize) -> Hard {
    let mut store = Store::new();
    let parts: Vec<Formula> = (0..parts).map(|_| store.boolean()).collect();
    let opposites: Vec<Formula> = parts.iter().map(|&part| !part).collect();
    let rules = vec![store.at_least(parts.len() / 2 + 1, &parts), store.at_least(parts.len() / 2, &opposites)];
    hard(format!("more than half of {} and half of their opposites", parts.len()), store, rules, false)
}
