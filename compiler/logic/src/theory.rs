//! Which differences of whole numbers can hold together.
//!
//! `x - y <= c` is an edge from `y` to `x` of length `c`; the edges can hold together unless some circle of them has a negative
//! length. As long as they can, a value for every number is kept at which all of them hold. A new edge moves the values that it
//! must, nearest first, each at most once, or comes back to where it began: then the edges on the way are the explanation. Taking
//! edges back needs no work on the values. Source: S. Cotton and O. Maler, "Fast and flexible difference constraint propagation
//! for DPLL(T)", SAT 2006.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The constraint `x - y <= c`, with the caller's name for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) c: i128,
    pub(crate) tag: u32,
}

/// The end of a list of edges.
const NONE: u32 = u32::MAX;
/// How often many constraints are gone through before they are added one by one.
const ROUNDS: usize = 6;

#[derive(Debug, Clone, Copy)]
struct Edge {
    from: u32,
    to: u32,
    length: i128,
    /// The caller's name for this constraint.
    tag: u32,
    /// The edge that left `from` before this one.
    next: u32,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    value: i128,
    /// The last edge that leaves from here.
    edges: u32,
    /// By how much the value must still fall for the new edge; below zero while it is waiting.
    fall: i128,
    /// The edge that asks for it.
    because: u32,
    moved: bool,
}

/// A set of constraints `x - y <= c` that hold together, each with the caller's tag.
///
/// Numbers are added up in 128 bits: constants within 2^61 and up to 2^32 of them cannot overflow.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    places: Vec<Place>,
    edges: Vec<Edge>,
    /// Steps taken since the start, for budgets.
    pub(crate) steps: u64,
    waiting: BinaryHeap<(Reverse<i128>, Reverse<u32>)>,
    touched: Vec<(u32, i128)>,
    /// The tags of the last contradiction.
    pub(crate) cycle: Vec<u32>,
}

impl Differences {
    /// A new number.
    pub(crate) fn place(&mut self) -> u32 {
        self.places.push(Place { value: 0, edges: NONE, fall: 0, because: NONE, moved: false });
        self.places.len() as u32 - 1
    }

    /// How many constraints are held.
    pub(crate) fn len(&self) -> usize {
        self.edges.len()
    }

    /// Takes back all but the first `len` constraints.
    pub(crate) fn truncate(&mut self, len: usize) {
        while self.edges.len() > len {
            if let Some(edge) = self.edges.pop() {
                self.places[edge.from as usize].edges = edge.next;
            }
        }
    }

    /// Adds a constraint. When it contradicts those that are held it is not added, the answer is false, and `cycle` has the tags of
    /// a smallest set that contradicts itself, with this one.
    pub(crate) fn add(&mut self, limit: Limit) -> bool {
        self.steps += 1;
        let fall = self.places[limit.y as usize].value + limit.c - self.places[limit.x as usize].value;
        if fall < 0 {
            let room = self.make_room(limit.x, limit.y, fall);
            if !room {
                self.explain(limit);
            }
            self.clean(!room);
            if !room {
                return false;
            }
        }
        self.hold(limit);
        true
    }

    /// Moves the values to where many constraints that are about to be added hold as well, as far as a few rounds of going
    /// through them, there and back, find such values: a long chain would be moved over and over as it comes one by one.
    pub(crate) fn prepare(&mut self, limits: &[Limit]) {
        let before: Vec<i128> = self.places.iter().map(|place| place.value).collect();
        let held = self.edges.len();
        // Once for all of them, and once without those that did not fit in.
        let mut wanted = limits.to_vec();
        for _ in 0..2 {
            for limit in &wanted {
                self.hold(*limit);
            }
            let settled = (0..ROUNDS).any(|round| !self.sweep(round % 2 == 1));
            self.truncate(held);
            if settled {
                return;
            }
            let places = &self.places;
            wanted.retain(|limit| places[limit.x as usize].value <= places[limit.y as usize].value + limit.c);
            for (place, value) in self.places.iter_mut().zip(&before) {
                place.value = *value;
            }
        }
    }

    /// Lowers every value that is too high for a constraint that is held, one after another; false when none was.
    fn sweep(&mut self, backwards: bool) -> bool {
        self.steps += self.edges.len() as u64;
        let mut moved = false;
        for at in 0..self.edges.len() {
            let edge = self.edges[if backwards { self.edges.len() - 1 - at } else { at }];
            let most = self.places[edge.from as usize].value + edge.length;
            if self.places[edge.to as usize].value > most {
                self.places[edge.to as usize].value = most;
                moved = true;
            }
        }
        moved
    }

    fn hold(&mut self, limit: Limit) {
        let next = self.places[limit.y as usize].edges;
        self.places[limit.y as usize].edges = self.edges.len() as u32;
        self.edges.push(Edge { from: limit.y, to: limit.x, length: limit.c, tag: limit.tag, next });
    }

    /// Lowers `x` by `fall`, and whatever must follow; false when `y` would have to.
    fn make_room(&mut self, x: u32, y: u32, fall: i128) -> bool {
        if x == y {
            return false;
        }
        self.wait(x, fall, NONE);
        while let Some((Reverse(fall), Reverse(at))) = self.waiting.pop() {
            let place = self.places[at as usize];
            if place.moved || place.fall != fall {
                continue;
            }
            let value = place.value + fall;
            self.places[at as usize].value = value;
            self.places[at as usize].moved = true;
            let mut next = place.edges;
            while next != NONE {
                self.steps += 1;
                let edge = self.edges[next as usize];
                let to = self.places[edge.to as usize];
                let fall = value + edge.length - to.value;
                if fall < 0 && !to.moved && fall < to.fall {
                    self.wait(edge.to, fall, next);
                    if edge.to == y {
                        return false;
                    }
                }
                next = edge.next;
            }
        }
        true
    }

    fn wait(&mut self, at: u32, fall: i128, because: u32) {
        let place = &mut self.places[at as usize];
        if place.fall == 0 {
            self.touched.push((at, place.value));
        }
        place.fall = fall;
        place.because = because;
        self.waiting.push((Reverse(fall), Reverse(at)));
    }

    /// The constraint that closes the circle, and those on the way back.
    fn explain(&mut self, limit: Limit) {
        self.cycle.clear();
        self.cycle.push(limit.tag);
        let mut at = limit.y;
        while at != limit.x {
            let edge = self.edges[self.places[at as usize].because as usize];
            self.cycle.push(edge.tag);
            at = edge.from;
        }
    }

    fn clean(&mut self, undo: bool) {
        self.waiting.clear();
        for (at, value) in self.touched.drain(..) {
            let place = &mut self.places[at as usize];
            place.fall = 0;
            place.moved = false;
            if undo {
                place.value = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: usize = 6;

    /// Whether the constraints can hold together: no way round is too short (Floyd and Warshall).
    fn possible(limits: &[Limit]) -> bool {
        let mut least = [[None; PLACES]; PLACES];
        for limit in limits {
            let known = &mut least[limit.y as usize][limit.x as usize];
            *known = Some(known.map_or(limit.c, |c: i128| c.min(limit.c)));
        }
        for middle in 0..PLACES {
            for from in 0..PLACES {
                for to in 0..PLACES {
                    if let (Some(there), Some(on)) = (least[from][middle], least[middle][to]) {
                        let known = &mut least[from][to];
                        *known = Some(known.map_or(there + on, |c| c.min(there + on)));
                    }
                }
            }
        }
        (0..PLACES).all(|at| least[at][at].is_none_or(|c| c >= 0))
    }

    fn values_agree(differences: &Differences, limits: &[Limit]) -> bool {
        let value = |at: u32| differences.places[at as usize].value;
        limits.iter().all(|limit| value(limit.x) - value(limit.y) <= limit.c)
    }

    #[test]
    fn constraints_are_added_refused_and_taken_back_as_they_should() {
        let mut seed = 1u64;
        let mut roll = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % n
        };
        let (mut added, mut refused) = (0, 0);
        for _ in 0..400 {
            let mut differences = Differences::default();
            (0..PLACES).for_each(|_| {
                differences.place();
            });
            let mut held: Vec<Limit> = Vec::new();
            for tag in 0..40 {
                if roll(6) == 0 {
                    held.truncate(roll(held.len() as u64 + 1) as usize);
                    differences.truncate(held.len());
                }
                let (x, y) = (roll(PLACES as u64) as u32, roll(PLACES as u64) as u32);
                let limit = Limit { x, y, c: i128::from(roll(9)) - 4, tag };
                if roll(4) == 0 {
                    differences.prepare(&[limit, Limit { x: y, y: x, ..limit }]);
                }
                let together = [&held[..], &[limit]].concat();
                assert_eq!(differences.add(limit), possible(&together));
                if possible(&together) {
                    held = together;
                    added += 1;
                } else {
                    explains(&differences.cycle, &together);
                    refused += 1;
                }
                assert_eq!(differences.len(), held.len());
                assert!(values_agree(&differences, &held));
            }
        }
        assert!(added > 1_000 && refused > 1_000, "{added} {refused}");
    }

    /// The explanation clashes, and no part of it can be left out.
    fn explains(cycle: &[u32], together: &[Limit]) {
        let named = |skip: Option<u32>| -> Vec<Limit> {
            together.iter().filter(|limit| cycle.contains(&limit.tag) && Some(limit.tag) != skip).copied().collect()
        };
        assert!(!possible(&named(None)));
        assert!(cycle.iter().all(|&tag| possible(&named(Some(tag)))));
    }

    #[test]
    fn a_long_chain_that_is_prepared_costs_a_few_steps_for_each_link() {
        let mut differences = Differences::default();
        (0..=5_000).for_each(|_| {
            differences.place();
        });
        let chain: Vec<Limit> = (0..5_000).map(|at| Limit { x: at, y: at + 1, c: -1, tag: at }).collect();
        differences.prepare(&chain);
        assert!(chain.iter().all(|limit| differences.add(*limit)));
        assert!(differences.steps < 50_000, "{}", differences.steps);
        assert!(!differences.add(Limit { x: 5_000, y: 0, c: 4_999, tag: 5_000 }));
        assert_eq!(differences.cycle.len(), 5_001);
    }
}
