//! Pairing blocks that are much the same.

use super::pairing::Pairing;
use super::words::{Compared, Words, share};
use std::collections::HashMap;

/// The least similarity of a reworded block, in a thousand.
pub(super) const LEAST: u16 = 500;

/// How many likely partners of a block are compared word by word.
const LIKELY: usize = 128;

/// With more words to look up than this, those that stand nearly everywhere are left out.
const MANY: usize = 200_000_000;

/// Two blocks that may be the same passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Similarity, and for each of heading, block before, block behind and name that fits a bit more.
    pub(super) score: u16,
    /// How far it stands from where it would be expected.
    pub(super) far: usize,
    pub(super) first: usize,
    pub(super) second: usize,
}

/// Pairs the most similar blocks first, those of the rest next, and so on.
pub(super) fn pair_similar(words: &Words, pairing: &mut Pairing<'_>) {
    let mut candidates = candidates(words, pairing);
    sort(&mut candidates);
    for candidate in candidates {
        if pairing.first[candidate.first].is_none() && pairing.second[candidate.second].is_none() {
            pairing.pair(candidate.first, candidate.second);
        }
    }
}

/// The best first.
pub(super) fn sort(candidates: &mut [Candidate]) {
    candidates.sort_unstable_by_key(|c| (u16::MAX - c.score, c.far, c.first, c.second));
}

/// All pairs of lonely blocks that are similar enough.
///
/// Two blocks with half of their words in common share one of the rarest two thirds of the words of each: only blocks that share such a word
/// are compared at all (the prefix filter of Bayardo, Ma and Srikant 2007).
fn candidates(words: &Words, pairing: &Pairing<'_>) -> Vec<Candidate> {
    let alone: Vec<usize> = (0..words.second.len()).filter(|place| pairing.second[*place].is_none()).collect();
    let mut frequency: Vec<usize> = vec![0; words.vocabulary];
    for word in alone.iter().flat_map(|place| &words.second[*place].words) {
        frequency[*word as usize] += 1;
    }
    let cost = |words: &[u32]| words.iter().map(|word| frequency[*word as usize]).sum::<usize>();
    let lonely: Vec<usize> = (0..words.first.len()).filter(|place| pairing.first[*place].is_none()).collect();
    let all: usize = lonely.iter().map(|place| cost(&words.first[*place].words)).sum();
    let common = if all > MANY { (alone.len() / 64).max(64) } else { usize::MAX };
    // Which lonely blocks have a word, and how often.
    let mut holding: HashMap<u32, Vec<(usize, usize)>> = HashMap::new();
    for place in &alone {
        for (word, times) in counted(&words.second[*place].words) {
            holding.entry(word).or_default().push((*place, times));
        }
    }
    let expected = expected(pairing);
    let mut found = Vec::new();
    let mut shared = vec![0usize; words.second.len()];
    let mut compared = Compared::new(words.vocabulary);
    for first in lonely {
        let own = &words.first[first].words;
        let mut sought = counted(own);
        sought.sort_unstable_by_key(|(word, _)| (frequency[*word as usize], *word));
        let mut before = 0;
        let mut met = Vec::new();
        for (word, times) in sought {
            // Behind the rarest two thirds a block that was not met yet cannot be similar enough.
            let late = before * 3 > own.len() * 2;
            before += times;
            let everywhere = frequency[word as usize] > common;
            for (second, others) in holding.get(&word).into_iter().flatten() {
                if shared[*second] == 0 {
                    if late || everywhere {
                        continue;
                    }
                    met.push(*second);
                }
                shared[*second] += times.min(*others);
            }
        }
        // The words that both have bound how many they have in the same order.
        let mut likely: Vec<(u16, usize, usize)> = Vec::new();
        for second in met {
            let bound = share(std::mem::take(&mut shared[second]), own.len(), words.second[second].words.len());
            if bound >= LEAST {
                likely.push((1000 - bound, expected[first].abs_diff(second), second));
            }
        }
        if likely.len() > LIKELY {
            likely.select_nth_unstable(LIKELY);
            likely.truncate(LIKELY);
        }
        compared.set(own);
        for (_, _, second) in likely {
            let similarity = compared.similarity(&words.second[second].words);
            found.extend(candidate(words, pairing, &expected, similarity, first, second));
        }
    }
    found
}

/// Two lonely blocks compared, if they are similar enough.
pub(super) fn candidate(
    words: &Words,
    pairing: &Pairing<'_>,
    expected: &[usize],
    similarity: u16,
    first: usize,
    second: usize,
) -> Option<Candidate> {
    if similarity < LEAST {
        return None;
    }
    let paired = |first: Option<usize>, second: Option<usize>| match (first, second) {
        (Some(first), Some(second)) => pairing.first.get(first).copied().flatten() == Some(second),
        // Both stand at the edge.
        (None, None) => true,
        _ => false,
    };
    let before = paired(first.checked_sub(1), second.checked_sub(1));
    let edge = |place: usize, len: usize| (place + 1 < len).then_some(place + 1);
    let behind = paired(edge(first, words.first.len()), edge(second, words.second.len()));
    let below = words.first[first].chain == words.second[second].chain;
    let fits = [before, behind, below, pairing.same_name(first, second)];
    let score = similarity + fits.into_iter().map(|fit| if fit { 40 } else { 0 }).sum::<u16>();
    Some(Candidate { score, far: expected[first].abs_diff(second), first, second })
}

/// For each block of the first edition the place where it would stand in the second: as far behind the last paired one.
pub(super) fn expected(pairing: &Pairing<'_>) -> Vec<usize> {
    let mut next = 0;
    let places = pairing.first.iter().map(|paired| {
        let place = paired.unwrap_or(next);
        next = place + 1;
        place
    });
    places.collect()
}

/// The different words, each with how often it stands there.
fn counted(words: &[u32]) -> Vec<(u32, usize)> {
    let mut sorted = words.to_vec();
    sorted.sort_unstable();
    sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).collect()
}
