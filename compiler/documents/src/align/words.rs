//! The words of two editions as numbers, so that comparing them is cheap.

use crate::comparable::comparable;
use crate::document::Document;
use std::collections::HashMap;

/// The blocks of both editions.
pub(super) struct Words {
    /// Of the first edition.
    pub(super) first: Vec<Block>,
    /// Of the second edition.
    pub(super) second: Vec<Block>,
    /// How many different words there are.
    pub(super) vocabulary: usize,
}

/// What is compared of a block. Equal numbers are equal words in both editions.
pub(super) struct Block {
    /// All its comparable words.
    pub(super) text: u32,
    /// The same without the number in front; none where nothing else stands there.
    pub(super) unnumbered: Option<u32>,
    /// The words of the heading it stands below; 0 below none.
    pub(super) heading: u32,
    /// The words of all headings around it; 0 below none.
    pub(super) chain: u32,
    /// Its words without number, case and punctuation.
    pub(super) words: Vec<u32>,
}

impl Words {
    pub(super) fn of(first: &Document, second: &Document) -> Words {
        let mut texts = Numbers::default();
        let mut chains = Numbers::default();
        let mut words = Numbers::default();
        let mut side = |document: &Document| {
            let mut blocks: Vec<Block> = Vec::with_capacity(document.blocks.len());
            // The chain that a heading hands to what stands below it.
            let mut handed: Vec<u32> = Vec::with_capacity(document.blocks.len());
            for block in &document.blocks {
                let compared = comparable(&block.text);
                let text = texts.of(compared.clone());
                let rest = without_number(&compared);
                let above = block.heading.filter(|heading| *heading < blocks.len());
                let chain = above.map_or(0, |heading| handed[heading]);
                handed.push(chains.of((chain, text)));
                blocks.push(Block {
                    text,
                    unnumbered: (!rest.is_empty()).then(|| texts.of(rest.to_owned())),
                    heading: above.map_or(0, |heading| blocks[heading].text),
                    chain,
                    words: rest.split(' ').filter(|word| !word.is_empty()).map(|word| words.of(plain(word))).collect(),
                });
            }
            blocks
        };
        let (first, second) = (side(first), side(second));
        Words { first, second, vocabulary: words.known.len() + 1 }
    }

    pub(super) fn equal(&self, first: usize, second: usize) -> bool {
        self.first[first].text == self.second[second].text
    }

    /// Words that both have in the same order, of the words of both, in a thousand.
    pub(super) fn similarity(&self, first: usize, second: usize) -> u16 {
        let (first, second) = (&self.first[first].words, &self.second[second].words);
        let mut compared = Compared::new(self.vocabulary);
        compared.set(first);
        compared.similarity(second)
    }
}

/// Twice the common words, of the words of both, in a thousand.
pub(super) fn share(common: usize, a: usize, b: usize) -> u16 {
    u16::try_from(2000 * common / (a + b).max(1)).unwrap_or(1000)
}

/// The words of one block, made ready to be compared with those of many others.
pub(super) struct Compared {
    /// For each word of the vocabulary where its places stand among `masks`, from 1; 0 where the block has it not.
    slots: Vec<usize>,
    /// For each of its words a bit for every place where it stands.
    masks: Vec<u64>,
    words: Vec<u32>,
    rows: Vec<u64>,
}

impl Compared {
    pub(super) fn new(vocabulary: usize) -> Compared {
        Compared { slots: vec![0; vocabulary], masks: Vec::new(), words: Vec::new(), rows: Vec::new() }
    }

    /// Takes the words of another block.
    pub(super) fn set(&mut self, words: &[u32]) {
        for word in self.words.drain(..) {
            self.slots[word as usize] = 0;
        }
        self.words.extend(words);
        self.masks.clear();
        let limbs = words.len().div_ceil(64);
        self.rows.resize(limbs, 0);
        for (at, word) in words.iter().enumerate() {
            let slot = &mut self.slots[*word as usize];
            if *slot == 0 {
                self.masks.resize(self.masks.len() + limbs, 0);
                *slot = self.masks.len() / limbs;
            }
            self.masks[(*slot - 1) * limbs + at / 64] |= 1 << (at % 64);
        }
    }

    /// Words that both have in the same order, of the words of both, in a thousand.
    pub(super) fn similarity(&mut self, other: &[u32]) -> u16 {
        share(self.common(other), self.words.len(), other.len())
    }

    /// Length of the longest common subsequence, 64 rows of the table at a time (Hyyrö 2004).
    fn common(&mut self, other: &[u32]) -> usize {
        let limbs = self.rows.len();
        // A row whose bit is 0 is one in which the subsequence grew.
        self.rows.fill(u64::MAX);
        for word in other {
            let slot = self.slots[*word as usize];
            if slot == 0 {
                continue;
            }
            let mut carry = false;
            for (row, hits) in self.rows.iter_mut().zip(&self.masks[(slot - 1) * limbs..]) {
                let hit = *row & hits;
                let (sum, over) = row.overflowing_add(hit);
                let (sum, again) = sum.overflowing_add(u64::from(carry));
                carry = over || again;
                *row = sum | (*row & !hits);
            }
        }
        self.rows.iter().map(|row| row.count_zeros() as usize).sum()
    }
}

/// Numbers from 1 for what is equal.
struct Numbers<T> {
    known: HashMap<T, u32>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Numbers { known: HashMap::new() }
    }
}

impl<T: std::hash::Hash + Eq> Numbers<T> {
    fn of(&mut self, what: T) -> u32 {
        let next = self.known.len() as u32 + 1;
        *self.known.entry(what).or_insert(next)
    }
}

/// A word in small letters without punctuation around it; a word of punctuation only as it is.
fn plain(word: &str) -> String {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() { word.to_owned() } else { bare.to_lowercase() }
}

/// The words behind `2.`, `(a)`, `3.2` or `Article 4`.
pub(super) fn without_number(text: &str) -> &str {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    if is_number(first) {
        return rest;
    }
    const DIVISIONS: [&str; 12] = [
        "article",
        "rule",
        "section",
        "chapter",
        "annex",
        "part",
        "paragraph",
        "principle",
        "appendix",
        "title",
        "schedule",
        "clause",
    ];
    let (second, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let counted = is_number(second) || second.trim_end_matches([':', '.', '-']).chars().all(|c| "IVXLC".contains(c));
    if DIVISIONS.contains(&first.to_lowercase().as_str()) && !second.is_empty() && counted {
        return behind.trim_start_matches(['-', ':', ' ']);
    }
    text
}

/// `2.`, `(a)`, `3.2`, `iv)`, `4:`; a word is none.
fn is_number(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '(' | ')'));
    let letter = bare.len() == 1 || (!bare.is_empty() && bare.chars().all(|c| "ivx".contains(c)));
    digits || (letter && word.ends_with(['.', ')']) && bare.chars().all(|c| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_in_front_are_told_from_words() {
        for (text, rest) in [
            ("2. Report it.", "Report it."),
            ("(a) by siren", "by siren"),
            ("Article 4 Warning", "Warning"),
            ("Chapter II: Care", "Care"),
            ("3.2 Training", "Training"),
            ("Article 4", ""),
            ("I report it.", "I report it."),
            ("Rule of law", "Rule of law"),
            ("24-hour reports", "24-hour reports"),
        ] {
            assert_eq!(without_number(text), rest, "{text}");
        }
    }

    fn slow(a: &[u32], b: &[u32]) -> usize {
        match (a, b) {
            ([], _) | (_, []) => 0,
            ([x, a @ ..], [y, b @ ..]) if x == y => 1 + slow(a, b),
            ([_, a_rest @ ..], [_, b_rest @ ..]) => slow(a_rest, b).max(slow(a, b_rest)),
        }
    }

    fn longest_common(a: &[u32], b: &[u32]) -> usize {
        let mut compared = Compared::new(8);
        // What stood there before leaves nothing behind.
        compared.set(b);
        compared.set(a);
        compared.common(b)
    }

    /// By the table of the textbook.
    fn table(a: &[u32], b: &[u32]) -> usize {
        let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
        for (i, x) in a.iter().enumerate() {
            for (j, y) in b.iter().enumerate() {
                rows[i + 1][j + 1] = if x == y { rows[i][j] + 1 } else { rows[i][j + 1].max(rows[i + 1][j]) };
            }
        }
        rows[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn the_common_words_are_as_many_as_can_be(a in prop::collection::vec(0u32..4, 0..9), b in prop::collection::vec(0u32..4, 0..9)) {
            prop_assert_eq!(longest_common(&a, &b), slow(&a, &b));
        }

        #[test]
        fn long_passages_are_compared_like_short_ones(a in prop::collection::vec(0u32..5, 60..200), b in prop::collection::vec(0u32..5, 60..200)) {
            prop_assert_eq!(longest_common(&a, &b), table(&a, &b));
        }
    }
}
