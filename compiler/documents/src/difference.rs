//! What differs between two wordings, word by word.

use crate::comparable::comparable;
use similar::{Algorithm, DiffTag, capture_diff_slices};

/// Two wordings compared: words that stayed, went and came, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// The pieces; neighbours are of different kinds, and what went stands before what came in its place.
    pub pieces: Vec<Piece>,
}

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Stands in both.
    Same(String),
    /// Stands in the old wording only.
    Removed(String),
    /// Stands in the new wording only.
    Added(String),
}

/// Compares two wordings by their comparable words. Patience difference: what stands once in both holds the rest together.
pub fn difference(old: &str, new: &str) -> Difference {
    let (old, new) = (comparable(old), comparable(new));
    let words =
        |text: &'_ str| -> Vec<String> { text.split(' ').filter(|w| !w.is_empty()).map(str::to_owned).collect() };
    let (old, new) = (words(&old), words(&new));
    let mut pieces: Vec<Piece> = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        let (_, was, is) = op.as_tag_tuple();
        let (was, is) = (old[was].join(" "), new[is].join(" "));
        match op.tag() {
            DiffTag::Equal => pieces.push(Piece::Same(is)),
            DiffTag::Delete => pieces.push(Piece::Removed(was)),
            DiffTag::Insert => pieces.push(Piece::Added(is)),
            DiffTag::Replace => pieces.extend([Piece::Removed(was), Piece::Added(is)]),
        }
    }
    Difference { pieces }
}

impl Difference {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Same(_)))
    }

    /// On one line: `within [-24-] {+48+} hours`. Of words that stayed only `context` on each side of a change are kept.
    pub fn line(&self, context: usize) -> String {
        let last = self.pieces.len().saturating_sub(1);
        let parts = self.pieces.iter().enumerate().map(|(at, piece)| match piece {
            Piece::Same(words) => {
                shortened(words, if at == 0 { 0 } else { context }, if at == last { 0 } else { context })
            }
            Piece::Removed(words) => format!("[-{words}-]"),
            Piece::Added(words) => format!("{{+{words}+}}"),
        });
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// The first and last words of a run, with an ellipsis for the rest.
fn shortened(words: &str, first: usize, last: usize) -> String {
    let all: Vec<&str> = words.split(' ').collect();
    if all.len() <= first + last + 1 {
        return words.to_owned();
    }
    let mut kept = all[..first].to_vec();
    kept.push("...");
    kept.extend(&all[all.len() - last..]);
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_changed_word_is_shown_between_its_neighbours() {
        let long = "The commander of the unit that saw it reports the incident within 24 hours of the first sighting by any patrol.";
        let found = difference(long, &long.replace("24", "48"));
        assert_eq!(found.line(2), "... incident within [-24-] {+48+} hours of ...");
        assert!(!found.is_empty() && difference(long, long).is_empty());
    }

    proptest! {
        #[test]
        fn both_wordings_can_be_told_from_their_difference(old in "([abc] ){0,12}", new in "([abc] ){0,12}") {
            let found = difference(&old, &new);
            let side = |keep: fn(&Piece) -> Option<&String>| found.pieces.iter().filter_map(keep).cloned().collect::<Vec<_>>().join(" ");
            let was = side(|p| match p { Piece::Same(w) | Piece::Removed(w) => Some(w), Piece::Added(_) => None });
            let is = side(|p| match p { Piece::Same(w) | Piece::Added(w) => Some(w), Piece::Removed(_) => None });
            prop_assert_eq!(was, old.trim());
            prop_assert_eq!(is, new.trim());
        }
    }
}
