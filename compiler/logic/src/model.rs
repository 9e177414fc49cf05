//! A situation in which formulas hold, completed the same way each time.
//!
//! A search hands over the atoms that matter. Everything else is filled in by rule: booleans are false, choices take their lowest
//! value that is not excluded, and numbers are taken one after another, in the order in which they were made, each as close to zero
//! as those before it allow. So a model depends on the atoms that matter and on nothing else.

use std::collections::VecDeque;

use crate::formula::{Choice, Formula, Int, Node, Store, TooLarge};
use crate::walk::{holds, truths};

/// A value for every variable. Variables that nothing asked about are false, their lowest value, and zero.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    /// The nodes of the booleans that are true, sorted.
    booleans: Vec<u32>,
    /// Choices that do not have their lowest value, sorted.
    choices: Vec<(Choice, u32)>,
    /// Numbers that are not zero, sorted.
    numbers: Vec<(Int, i64)>,
}

impl Model {
    /// The model in which these literals hold, completed by rule. They must not contradict each other.
    pub(crate) fn completed(store: &Store, literals: &[Formula]) -> Result<Model, TooLarge> {
        let mut model = Model::default();
        let mut choices: Vec<(Choice, u32, bool)> = Vec::new();
        let mut limits: Vec<Limit> = Vec::new();
        for &literal in literals {
            match *store.node(literal.node()) {
                Node::Boolean(_) if !literal.negated() => model.booleans.push(literal.node() as u32),
                Node::Is(x, value) => choices.push((x, value, !literal.negated())),
                Node::Difference(x, y, c) if literal.negated() => {
                    limits.push(Limit { x: y, y: x, c: -i128::from(c) - 1 })
                }
                Node::Difference(x, y, c) => limits.push(Limit { x, y, c: i128::from(c) }),
                Node::True | Node::Boolean(_) | Node::And(_) | Node::AtLeast(..) => {}
            }
        }
        model.booleans.sort_unstable();
        model.booleans.dedup();
        model.choices = chosen(choices);
        if !limits.is_empty() {
            model.numbers = closest_to_zero(&limits)?;
        }
        Ok(model)
    }

    /// Whether the formula holds here.
    pub fn holds(&self, store: &Store, f: Formula) -> bool {
        let truths = truths(store, &[f], |node| self.atom(store, node));
        holds(&truths, f)
    }

    /// The value of a choice.
    pub fn value(&self, x: Choice) -> u32 {
        self.choices.binary_search_by_key(&x, |&(x, _)| x).map_or(0, |at| self.choices[at].1)
    }

    /// The value of a number.
    pub fn number(&self, x: Int) -> i64 {
        self.numbers.binary_search_by_key(&x, |&(x, _)| x).map_or(0, |at| self.numbers[at].1)
    }

    fn atom(&self, store: &Store, node: usize) -> bool {
        match *store.node(node) {
            Node::Boolean(_) => self.booleans.binary_search(&(node as u32)).is_ok(),
            Node::Is(x, value) => self.value(x) == value,
            Node::Difference(x, y, c) => i128::from(self.number(x)) - i128::from(self.number(y)) <= i128::from(c),
            Node::True | Node::And(_) | Node::AtLeast(..) => true,
        }
    }
}

/// The lowest value of each choice that what is said of it leaves; the lowest of all are left out.
fn chosen(mut said: Vec<(Choice, u32, bool)>) -> Vec<(Choice, u32)> {
    said.sort_unstable();
    let mut chosen = Vec::new();
    for group in said.chunk_by(|a, b| a.0 == b.0) {
        let value = group.iter().find(|&&(_, _, is)| is).map_or_else(
            // Sorted by value: the first gap.
            || group.iter().fold(0, |lowest, &(_, value, _)| if value == lowest { lowest + 1 } else { lowest }),
            |&(_, value, _)| value,
        );
        if value > 0 {
            chosen.push((group[0].0, value));
        }
    }
    chosen
}

/// `x - y <= c`.
struct Limit {
    x: Int,
    y: Int,
    c: i128,
}

/// What is known of a number while values are given out.
#[derive(Clone, Default)]
struct Range {
    lowest: Option<i128>,
    highest: Option<i128>,
    /// The limits that speak of it.
    limits: Vec<usize>,
    waiting: bool,
}

/// Values for the numbers that the limits speak of, each as close to zero as those with a smaller number allow.
fn closest_to_zero(limits: &[Limit]) -> Result<Vec<(Int, i64)>, TooLarge> {
    let mut names: Vec<Int> = limits.iter().flat_map(|limit| [limit.x, limit.y]).chain([Int::ZERO]).collect();
    names.sort_unstable();
    names.dedup();
    let at = |x: Int| names.binary_search(&x).unwrap_or(0);
    let ends: Vec<(usize, usize, i128)> = limits.iter().map(|limit| (at(limit.x), at(limit.y), limit.c)).collect();
    let mut ranges = vec![Range::default(); names.len()];
    for (index, &(x, y, _)) in ends.iter().enumerate() {
        ranges[x].limits.push(index);
        ranges[y].limits.push(index);
    }
    let mut numbers = Vec::new();
    // Zero is the first of the names. Every value within the ranges can be extended, because the limits hold together.
    for (index, &name) in names.iter().enumerate() {
        let value = match (ranges[index].lowest, ranges[index].highest) {
            (Some(lowest), _) if lowest > 0 => lowest,
            (_, Some(highest)) if highest < 0 => highest,
            _ => 0,
        };
        if value != 0 {
            numbers.push((name, i64::try_from(value).map_err(|_| TooLarge)?));
        }
        ranges[index].lowest = Some(value);
        ranges[index].highest = Some(value);
        tighten(&mut ranges, &ends, index)?;
    }
    Ok(numbers)
}

/// Carries a range that became narrower on to all that depend on it. First come, first served: each is reached at most as often as
/// there are numbers, or else the limits contradict each other and this would never end.
fn tighten(ranges: &mut [Range], ends: &[(usize, usize, i128)], from: usize) -> Result<(), TooLarge> {
    let mut queue = VecDeque::from([from]);
    let mut left = 2 * ranges.len().saturating_mul(ranges.len());
    while let Some(at) = queue.pop_front() {
        left = left.checked_sub(1).ok_or(TooLarge)?;
        ranges[at].waiting = false;
        for next in 0..ranges[at].limits.len() {
            let (x, y, c) = ends[ranges[at].limits[next]];
            let mut narrowed = None;
            if at == y
                && let Some(highest) = ranges[y].highest
                && ranges[x].highest.is_none_or(|known| highest + c < known)
            {
                ranges[x].highest = Some(highest + c);
                narrowed = Some(x);
            }
            if at == x
                && let Some(lowest) = ranges[x].lowest
                && ranges[y].lowest.is_none_or(|known| lowest - c > known)
            {
                ranges[y].lowest = Some(lowest - c);
                narrowed = Some(y);
            }
            if let Some(other) = narrowed
                && !ranges[other].waiting
            {
                ranges[other].waiting = true;
                queue.push_back(other);
            }
        }
    }
    Ok(())
}
