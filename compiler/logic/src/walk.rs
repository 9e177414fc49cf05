//! Which formulas hold where the atoms are known, and which atoms that rests on. Without recursion: formulas may be deep.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::formula::{Formula, Node, Store};

/// The truth of each node below the roots, from that of the atoms.
pub(crate) fn truths(store: &Store, roots: &[Formula], atom: impl Fn(usize) -> bool) -> FxHashMap<usize, bool> {
    let mut known: FxHashMap<usize, bool> = FxHashMap::default();
    let mut open: Vec<usize> = roots.iter().map(|root| root.node()).collect();
    while let Some(&node) = open.last() {
        let parts = store.node(node).parts();
        let before = open.len();
        if !known.contains_key(&node) {
            open.extend(parts.iter().map(|part| part.node()).filter(|part| !known.contains_key(part)));
        }
        if open.len() > before {
            continue;
        }
        open.pop();
        if known.contains_key(&node) {
            continue;
        }
        let truth = match store.node(node) {
            Node::And(parts) => parts.iter().all(|&part| holds(&known, part)),
            Node::AtLeast(n, parts) => parts.iter().filter(|&&part| holds(&known, part)).count() >= *n as usize,
            Node::True => true,
            Node::Boolean(_) | Node::Is(..) | Node::Difference(..) => atom(node),
        };
        known.insert(node, truth);
    }
    known
}

/// Whether a formula holds, by what is known of its node.
pub(crate) fn holds(known: &FxHashMap<usize, bool>, formula: Formula) -> bool {
    known.get(&formula.node()).copied().unwrap_or(false) != formula.negated()
}

/// Literals that are enough for all of the roots to hold, sorted: where one part of several is enough, one that is needed anyway,
/// or else the first. `holds` is asked about parts only, and must find enough of them for whatever is needed.
pub(crate) fn reasons(store: &Store, roots: &[Formula], holds: impl Fn(Formula) -> bool) -> Vec<Formula> {
    let mut needed: FxHashSet<Formula> = FxHashSet::default();
    let mut atoms = Vec::new();
    let mut open: Vec<Formula> = roots.iter().rev().copied().collect();
    while let Some(formula) = open.pop() {
        if !needed.insert(formula) {
            continue;
        }
        let negated = formula.negated();
        let (parts, enough) = match store.node(formula.node()) {
            Node::True => continue,
            Node::Boolean(_) | Node::Is(..) | Node::Difference(..) => {
                atoms.push(formula);
                continue;
            }
            Node::And(parts) => (parts, if negated { 1 } else { parts.len() }),
            Node::AtLeast(n, parts) => (parts, if negated { parts.len() + 1 - *n as usize } else { *n as usize }),
        };
        let mut candidates: Vec<Formula> = parts.iter().map(|part| part.flipped(negated)).collect();
        if enough < candidates.len() {
            candidates.retain(|&part| holds(part));
            // Stable: those that are needed anyway first, otherwise in order.
            candidates.sort_by_key(|part| !needed.contains(part));
        }
        open.extend(candidates.into_iter().take(enough).rev());
    }
    atoms.sort_unstable();
    atoms
}
