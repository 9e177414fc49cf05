//! Pairing blocks with the same words.

use super::words::{Block, Words};
use crate::document::Document;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::BTreeMap;

/// Which block of the first edition is which of the second.
pub(super) struct Pairing<'d> {
    names: [Vec<Option<&'d str>>; 2],
    pub(super) first: Vec<Option<usize>>,
    pub(super) second: Vec<Option<usize>>,
}

impl<'d> Pairing<'d> {
    pub(super) fn new(first: &'d Document, second: &'d Document) -> Pairing<'d> {
        let names = |document: &'d Document| document.blocks.iter().map(|block| block.name.as_deref()).collect();
        Pairing {
            names: [names(first), names(second)],
            first: vec![None; first.blocks.len()],
            second: vec![None; second.blocks.len()],
        }
    }

    /// All pairs, by their first place.
    pub(super) fn pairs(&self) -> Vec<(usize, usize)> {
        self.first.iter().enumerate().filter_map(|(first, second)| Some((first, (*second)?))).collect()
    }

    pub(super) fn pair(&mut self, first: usize, second: usize) {
        self.first[first] = Some(second);
        self.second[second] = Some(first);
    }

    /// Whether two blocks have the same name.
    pub(super) fn same_name(&self, first: usize, second: usize) -> bool {
        self.names[0][first].is_some() && self.names[0][first] == self.names[1][second]
    }
}

/// Pairs blocks with the same words: as many as can be.
pub(super) fn pair_equal(words: &Words, pairing: &mut Pairing<'_>) {
    round(words, pairing, false, |block| Some((block.text, block.chain)));
    round(words, pairing, false, |block| Some((block.text, block.heading)));
    round(words, pairing, true, |block| Some((block.text, 0)));
}

/// Pairs blocks whose words are the same but for a number in front.
pub(super) fn pair_renumbered(words: &Words, pairing: &mut Pairing<'_>) {
    round(words, pairing, false, |block| Some((block.unnumbered?, block.chain)));
    round(words, pairing, false, |block| Some((block.unnumbered?, block.heading)));
    round(words, pairing, true, |block| Some((block.unnumbered?, 0)));
}

/// What must be equal in a round of pairing.
type Key = (u32, u32);

/// Blocks that are still alone, of both editions, by their key.
type Groups = BTreeMap<Key, [Vec<usize>; 2]>;

/// Pairs blocks with the same key. Where they are as many in both editions, in order; else by name, then by what is paired around them;
/// with `all` the rest in order.
fn round(words: &Words, pairing: &mut Pairing<'_>, all: bool, key: impl Fn(&Block) -> Option<Key>) {
    let mut groups = Groups::new();
    let sides = [(&words.first, &pairing.first), (&words.second, &pairing.second)];
    for (side, (blocks, paired)) in sides.into_iter().enumerate() {
        for (place, block) in blocks.iter().enumerate().filter(|(place, _)| paired[*place].is_none()) {
            if let Some(key) = key(block) {
                groups.entry(key).or_default()[side].push(place);
            }
        }
    }
    groups.retain(|_, [first, second]| !first.is_empty() && !second.is_empty());
    groups.retain(|_, [first, second]| {
        let as_many = first.len() == second.len();
        if as_many {
            first.iter().zip(second.iter()).for_each(|(first, second)| pairing.pair(*first, *second));
        }
        !as_many
    });
    if groups.is_empty() {
        return;
    }
    for [first, second] in groups.values() {
        pair_named(first, second, pairing);
    }
    pair_between(&groups, pairing);
    if all {
        for [first, second] in groups.values() {
            let first: Vec<usize> = first.iter().copied().filter(|place| pairing.first[*place].is_none()).collect();
            let second: Vec<usize> = second.iter().copied().filter(|place| pairing.second[*place].is_none()).collect();
            first.iter().zip(&second).for_each(|(first, second)| pairing.pair(*first, *second));
        }
    }
}

/// Pairs what has the same name too.
fn pair_named(first: &[usize], second: &[usize], pairing: &mut Pairing<'_>) {
    let named = |side: usize, places: &[usize]| -> BTreeMap<&str, usize> {
        places.iter().filter_map(|place| Some((pairing.names[side][*place]?, *place))).collect()
    };
    let (first, second) = (named(0, first), named(1, second));
    let both = first.iter().filter_map(|(name, first)| Some((*first, *second.get(name)?)));
    for (first, second) in both.collect::<Vec<_>>() {
        pairing.pair(first, second);
    }
}

/// What a block is in a comparison of the order of both editions.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash, Clone, Copy)]
enum Token {
    /// It is paired with this block of the second edition.
    Paired(usize),
    /// It is alone.
    Alone(Key),
}

/// Pairs what stands in the same order between the pairs that there are.
fn pair_between(groups: &Groups, pairing: &mut Pairing<'_>) {
    let mut alone: [BTreeMap<usize, Key>; 2] = Default::default();
    for (key, sides) in groups {
        for (side, places) in sides.iter().enumerate() {
            alone[side].extend(places.iter().map(|place| (*place, *key)));
        }
    }
    let tokens = |side: usize, paired: Vec<Option<usize>>| -> (Vec<Token>, Vec<usize>) {
        let all = paired.into_iter().enumerate().filter_map(|(place, paired)| match paired {
            Some(second) => Some((Token::Paired(second), place)),
            None => Some((Token::Alone(*alone[side].get(&place)?), place)),
        });
        all.unzip()
    };
    let (first, first_places) = tokens(0, pairing.first.clone());
    let own_place = |(place, paired): (usize, &Option<usize>)| paired.map(|_| place);
    let (second, second_places) = tokens(1, pairing.second.iter().enumerate().map(own_place).collect());
    for op in capture_diff_slices(Algorithm::Myers, &first, &second) {
        let (tag, from, to) = op.as_tag_tuple();
        if tag != DiffTag::Equal {
            continue;
        }
        for (at, other) in from.zip(to) {
            if matches!(first[at], Token::Alone(_)) {
                pairing.pair(first_places[at], second_places[other]);
            }
        }
    }
}
