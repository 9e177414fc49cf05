//! Which rule of one pack is which of another: by name, by what it says, by much of what it says.
//!
//! The measure of two rules without a partner: of everything that either says (what it ranges over, each conjunct of `when`, each
//! `unless`, bearer, strength, what is asked for, window, each level of `otherwise`, what waives it, each citation, its title) the share
//! that both say. From one half on they are one rule, the most alike pair first; of equals, the first by name.

use super::model::Recognised;
use super::terms::Id;
use std::collections::{BTreeMap, BTreeSet};

/// What is said by a rule: terms, and texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The whole.
    pub(crate) whole: Id,
    pub(crate) clauses: BTreeSet<(&'static str, Id)>,
    pub(crate) words: BTreeSet<(&'static str, String)>,
}

/// A rule with what it says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'p> {
    pub(crate) name: &'p str,
    /// The rule in whose place it says to stand.
    pub(crate) replaces: Option<&'p str>,
    pub(crate) said: &'p Said,
}

/// Rules of both sides that are one, by their places; what has no partner stands in none.
pub(crate) fn pairs(
    old: &[Candidate<'_>],
    new: &[Candidate<'_>],
    same_name: &dyn Fn(&str, &str) -> bool,
) -> Vec<(usize, usize, Recognised)> {
    let mut found: Vec<(usize, usize, Recognised)> = Vec::new();
    let (mut left, mut right): (BTreeSet<usize>, BTreeSet<usize>) =
        ((0..old.len()).collect(), (0..new.len()).collect());
    let mut pair = |a: usize, b: usize, by, left: &mut BTreeSet<usize>, right: &mut BTreeSet<usize>| {
        left.remove(&a);
        right.remove(&b);
        found.push((a, b, by));
    };
    let by_name: BTreeMap<&str, usize> = old.iter().enumerate().map(|(at, rule)| (local(rule.name), at)).collect();
    for (b, rule) in new.iter().enumerate() {
        if let Some(a) =
            by_name.get(local(rule.name)).filter(|a| old.get(**a).is_some_and(|o| same_name(o.name, rule.name)))
        {
            pair(*a, b, Recognised::Name, &mut left, &mut right);
        } else if let Some(a) = old.iter().position(|o| same_name(o.name, rule.name)).filter(|a| left.contains(a)) {
            pair(a, b, Recognised::Name, &mut left, &mut right);
        }
    }
    for b in right.clone() {
        let replaced = new.get(b).and_then(|rule| rule.replaces);
        if let Some(a) = left.iter().copied().find(|a| old.get(*a).is_some_and(|o| Some(o.name) == replaced)) {
            pair(a, b, Recognised::Replaces, &mut left, &mut right);
        }
    }
    let mut by_content: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    for a in &left {
        by_content.entry(old.get(*a).map_or(Id::MAX, |rule| rule.said.whole)).or_default().push(*a);
    }
    for b in right.clone() {
        let whole = new.get(b).map_or(Id::MAX, |rule| rule.said.whole);
        let same = by_content.get_mut(&whole).filter(|same| !same.is_empty());
        if let Some(a) = same.map(|same| same.remove(0)) {
            pair(a, b, Recognised::Content, &mut left, &mut right);
        }
    }
    let mut alike = likely(old, new, &left, &right);
    // The most alike first; of equals, the order of the names.
    alike.sort_by(|x, y| (y.2.0 * x.2.1).cmp(&(x.2.0 * y.2.1)).then((x.0, x.1).cmp(&(y.0, y.1))));
    for (a, b, _) in alike {
        if left.contains(&a) && right.contains(&b) {
            pair(a, b, Recognised::Similarity, &mut left, &mut right);
        }
    }
    found
}

/// Name without its package.
fn local(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, local)| local)
}

/// A share: so many of so many.
type Share = (usize, usize);

/// Pairs without a partner that say at least half of the same.
fn likely(
    old: &[Candidate<'_>],
    new: &[Candidate<'_>],
    left: &BTreeSet<usize>,
    right: &BTreeSet<usize>,
) -> Vec<(usize, usize, Share)> {
    // Only those that share a clause that few have are compared: what half of all rules say finds no partner.
    let mut having: BTreeMap<(&str, Id), Vec<usize>> = BTreeMap::new();
    for a in left {
        for clause in old.get(*a).into_iter().flat_map(|rule| &rule.said.clauses) {
            having.entry(*clause).or_default().push(*a);
        }
    }
    const COMMON: usize = 64;
    let mut found = Vec::new();
    for b in right {
        let Some(rule) = new.get(*b) else { continue };
        let partners: BTreeSet<usize> = rule
            .said
            .clauses
            .iter()
            .filter_map(|clause| having.get(clause))
            .filter(|partners| partners.len() <= COMMON || left.len() <= COMMON)
            .flatten()
            .copied()
            .collect();
        for a in partners {
            let Some(other) = old.get(a) else { continue };
            let (both, all) = alike(other.said, rule.said);
            if both * 2 >= all {
                found.push((a, *b, (both, all)));
            }
        }
    }
    found
}

fn alike(one: &Said, other: &Said) -> Share {
    let both = one.clauses.intersection(&other.clauses).count() + one.words.intersection(&other.words).count();
    let all = one.clauses.union(&other.clauses).count() + one.words.union(&other.words).count();
    (both, all)
}
