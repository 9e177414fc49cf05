//! Two editions of a document, passage by passage: what stayed, moved, was reworded, came and went.

mod pairing;
mod rewording;
mod words;

use crate::document::Document;
use pairing::Pairing;
use words::Words;

/// Two editions of a document, aligned block by block. Every block of each stands in exactly one pair.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alignment {
    /// In the order of the new edition; what was removed stands where it stood in the old one.
    pub pairs: Vec<Pair>,
    by_old: Vec<usize>,
    by_new: Vec<usize>,
}

/// What became of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Its place among the old blocks.
    pub old: Option<usize>,
    /// Its place among the new blocks.
    pub new: Option<usize>,
    /// What happened to it.
    pub change: Change,
}

/// What happened to a block from one edition to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The same comparable words in the same order of the document.
    Same,
    /// The same comparable words elsewhere.
    Moved,
    /// Much of it the same.
    Reworded {
        /// Words that both have in the same order, of the words of both, in a thousand: 1 to 999. Case, punctuation and a number in front
        /// (`2.`, `(a)`, `Article 4`) do not count.
        similarity: u16,
        /// Whether it also stands elsewhere.
        moved: bool,
    },
    /// It stands in the new edition only.
    Added,
    /// It stands in the old edition only.
    Removed,
}

/// How many blocks changed in which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "each is the number of pairs with the change of that name")]
pub struct Counts {
    pub same: usize,
    pub moved: usize,
    pub reworded: usize,
    pub added: usize,
    pub removed: usize,
}

impl Change {
    /// Its name, as reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Change::Same => "same",
            Change::Moved => "moved",
            Change::Reworded { .. } => "reworded",
            Change::Added => "added",
            Change::Removed => "removed",
        }
    }
}

/// Aligns two editions of a document by their words. Names of passages only decide between blocks with the same words.
///
/// Blocks with the same words are paired first: below headings with the same words, then anywhere; words that stand several times in the order
/// in which they stand, as far as nothing around them tells them apart. Then blocks with the same words behind another number, then the most similar of the rest,
/// if half of their words are the same. The alignment of `new` to `old` is the same one turned round.
pub fn align(old: &Document, new: &Document) -> Alignment {
    // The two are taken in an order that depends on their words only, so that ties fall the same way in both directions.
    let texts = |document: &Document| document.blocks.iter().map(|block| block.text.clone()).collect::<Vec<_>>();
    let turned = texts(old) > texts(new);
    let (first, second) = if turned { (new, old) } else { (old, new) };
    let words = Words::of(first, second);
    let mut pairing = Pairing::new(first, second);
    pairing::pair_equal(&words, &mut pairing);
    let kept = in_order(&pairing.pairs());
    pairing::pair_renumbered(&words, &mut pairing);
    rewording::pair_similar(&words, &mut pairing);
    let pairs = pairing.pairs().into_iter().map(|(first, second)| {
        let change = if words.equal(first, second) {
            if kept.binary_search(&(first, second)).is_ok() { Change::Same } else { Change::Moved }
        } else {
            let similarity = words.similarity(first, second).clamp(1, 999);
            Change::Reworded { similarity, moved: crosses(&kept, first, second) }
        };
        let (old, new) = if turned { (second, first) } else { (first, second) };
        Pair { old: Some(old), new: Some(new), change }
    });
    Alignment::from_pairs(pairs.collect(), old.blocks.len(), new.blocks.len())
}

/// The longest part of the pairs, ordered by their first place, whose second places rise too. Patience sorting (Fredman 1975).
fn in_order(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Top of each pile, and for each pair the top of the pile before it when it was laid down.
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, pair) in pairs.iter().enumerate() {
        let pile = tops.partition_point(|top| pairs[*top].1 < pair.1);
        before.push(pile.checked_sub(1).map(|pile| tops[pile]));
        if pile == tops.len() {
            tops.push(at);
        } else {
            tops[pile] = at;
        }
    }
    let mut kept = Vec::with_capacity(tops.len());
    let mut at = tops.last().copied();
    while let Some(place) = at {
        kept.push(pairs[place]);
        at = before[place];
    }
    kept.reverse();
    kept
}

/// Whether a pair stands before one of the rising pairs in one edition and behind it in the other.
fn crosses(kept: &[(usize, usize)], first: usize, second: usize) -> bool {
    kept.partition_point(|pair| pair.0 < first) != kept.partition_point(|pair| pair.1 < second)
}

impl Alignment {
    /// Puts pairs in the order of the new edition, and what stands in no pair between them.
    fn from_pairs(pairs: Vec<Pair>, old: usize, new: usize) -> Alignment {
        let mut of_new: Vec<Pair> =
            (0..new).map(|new| Pair { old: None, new: Some(new), change: Change::Added }).collect();
        let mut gone: Vec<bool> = vec![true; old];
        for pair in pairs {
            if let (Some(from), Some(to)) = (pair.old, pair.new) {
                of_new[to] = pair;
                gone[from] = false;
            }
        }
        let mut removed = (0..old).filter(|old| gone[*old]).peekable();
        let mut all = Vec::with_capacity(old + new);
        let pair = |old| Pair { old: Some(old), new: None, change: Change::Removed };
        for next in of_new {
            let stays = matches!(next.change, Change::Same | Change::Reworded { moved: false, .. });
            if let Some(here) = next.old.filter(|_| stays) {
                while let Some(old) = removed.next_if(|old| *old < here) {
                    all.push(pair(old));
                }
            }
            all.push(next);
        }
        all.extend(removed.map(pair));
        let (mut by_old, mut by_new) = (vec![0; old], vec![0; new]);
        for (at, pair) in all.iter().enumerate() {
            pair.old.into_iter().for_each(|old| by_old[old] = at);
            pair.new.into_iter().for_each(|new| by_new[new] = at);
        }
        Alignment { pairs: all, by_old, by_new }
    }

    /// What became of an old block.
    pub fn of_old(&self, block: usize) -> Option<&Pair> {
        self.by_old.get(block).and_then(|at| self.pairs.get(*at))
    }

    /// Where a new block comes from.
    pub fn of_new(&self, block: usize) -> Option<&Pair> {
        self.by_new.get(block).and_then(|at| self.pairs.get(*at))
    }

    /// How many blocks changed in which way.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for pair in &self.pairs {
            match pair.change {
                Change::Same => counts.same += 1,
                Change::Moved => counts.moved += 1,
                Change::Reworded { .. } => counts.reworded += 1,
                Change::Added => counts.added += 1,
                Change::Removed => counts.removed += 1,
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests;
