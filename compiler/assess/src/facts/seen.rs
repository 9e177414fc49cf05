//! Keys of records that are judged and forgotten, so that two records with one key are still found.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Where a record with a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) file: u32,
    pub(crate) line: u32,
}

/// How many sets the keys are spread over: a set that grows is in memory twice while it does.
const SETS: usize = 64;

/// Keys by 80 bits of their hash, in 17 bytes each with what a table needs beside. Of a billion keys two that differ have the same 80 bits
/// with a probability of less than one in a million; then a fault is reported that is none, never the other way round.
pub(crate) struct Seen {
    sets: Vec<HashMap<[u8; 10], [u8; 6]>>,
}

impl Seen {
    pub(crate) fn new() -> Seen {
        Seen { sets: (0..SETS).map(|_| HashMap::new()).collect() }
    }

    /// Notes a key; the place of the record that has it already, if there is one. Files beyond the 65,535th are not told apart.
    pub(crate) fn add(&mut self, ty: u32, key: &str, at: Spot) -> Option<Spot> {
        use std::collections::hash_map::Entry;
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, ty, key).hash(&mut hasher);
            hasher.finish().to_le_bytes()
        };
        let (low, high) = (half(0), half(1));
        let mut hash = [0; 10];
        hash[..8].copy_from_slice(&low);
        hash[8..].copy_from_slice(&high[..2]);
        let set = self.sets.get_mut(usize::from(high[2]) % SETS)?;
        match set.entry(hash) {
            Entry::Occupied(first) => {
                let [a, b, line @ ..] = *first.get();
                Some(Spot { file: u16::from_le_bytes([a, b]).into(), line: u32::from_le_bytes(line) })
            }
            Entry::Vacant(free) => {
                let [a, b] = u16::try_from(at.file).unwrap_or(u16::MAX).to_le_bytes();
                let [c, d, e, f] = at.line.to_le_bytes();
                free.insert([a, b, c, d, e, f]);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_two_records_with_one_key_is_known() {
        let mut seen = Seen::new();
        let at = |file, line| Spot { file, line };
        for n in 0..10_000 {
            assert_eq!(seen.add(1, &format!("k{n}"), at(n % 300, n)), None);
        }
        assert_eq!(seen.add(2, "k7000", at(0, 1)), None);
        assert_eq!(seen.add(1, "k7000", at(0, 1)), Some(at(100, 7000)));
    }
}
