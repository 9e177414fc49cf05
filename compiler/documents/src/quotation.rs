//! Whether quoted words stand where they are said to stand.

use crate::comparable::{comparable, without_hyphens};
use crate::document::Document;

/// What became of a quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quotation {
    /// It stands in the cited passage.
    Exact,
    /// It stands in another passage: the shortest one that has it.
    Moved {
        /// That passage.
        passage: String,
    },
    /// Words much like it stand in the document.
    Altered {
        /// The passage they stand in; the cited one where it is as near as any.
        passage: String,
        /// The words that stand there, comparable.
        words: String,
    },
    /// Nothing like it stands in the document.
    Missing,
}

/// Looks for a quotation in the cited text, which the names say, and then in the rest of the document. Two names are a span of passages.
///
/// Nearness is the least number of words to change, add or leave out so that the quotation becomes a run of words of the passage (Sellers 1980).
pub fn locate(document: &Document, cited: &[&str], quotation: &str) -> Quotation {
    let pieces: Vec<String> = pieces(quotation);
    if pieces.is_empty() {
        return Quotation::Missing;
    }
    let stands = |text: &str| {
        let text = without_hyphens(&comparable(text));
        let mut rest = text.as_str();
        pieces.iter().all(|piece| match find_words(rest, &without_hyphens(piece)) {
            Some(end) => {
                rest = &rest[end..];
                true
            }
            None => false,
        })
    };
    let cited_text = match cited {
        [] => String::new(),
        [only] => document.passages.get(*only).map(|passage| passage.text.clone()).unwrap_or_default(),
        [first, .., last] => document.text_between(first, last),
    };
    if stands(&cited_text) {
        return Quotation::Exact;
    }
    let others = document.passages.iter().filter(|(name, _)| !cited.contains(&name.as_str()));
    let holding = others.filter(|(_, passage)| stands(&passage.text));
    if let Some((name, _)) = holding.min_by_key(|(name, passage)| (passage.text.len(), *name)) {
        return Quotation::Moved { passage: name.clone() };
    }
    nearest(document, cited, &pieces.join(" "))
}

/// The parts of a quotation between `...` or `[...]`, comparable.
fn pieces(quotation: &str) -> Vec<String> {
    let words = comparable(quotation).replace("[...]", "\u{0}").replace("...", "\u{0}");
    words.split('\u{0}').map(str::trim).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

/// The end of the first place where the words stand as words: not inside another word.
fn find_words(text: &str, words: &str) -> Option<usize> {
    text.match_indices(words).map(|(at, found)| (at, at + found.len())).find_map(|(from, to)| {
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let cut = inside(text[..from].chars().next_back()) && inside(words.chars().next())
            || inside(text[to..].chars().next()) && inside(words.chars().next_back());
        (!cut).then_some(to)
    })
}

/// The passage with the run of words nearest to the quotation, if any is near enough.
fn nearest(document: &Document, cited: &[&str], quotation: &str) -> Quotation {
    let wanted: Vec<String> = quotation.split(' ').map(recognised).collect();
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    // Two of five words may differ; a single word has nothing to be recognised by.
    let bound = wanted.len() * 2 / 5;
    let mut best: Option<(usize, bool, usize, &str, String)> = None;
    for (name, passage) in &document.passages {
        let text = comparable(&passage.text);
        let there: Vec<&str> = text.split(' ').collect();
        let plain: Vec<String> = there.iter().map(|word| recognised(word)).collect();
        let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
        let (edits, from, to) = nearest_run(&wanted, &plain);
        if edits > bound || from == to {
            continue;
        }
        let elsewhere = !cited.contains(&name.as_str());
        let rank = (edits, elsewhere, there.len());
        if best.as_ref().is_none_or(|(edits, elsewhere, len, _, _)| rank < (*edits, *elsewhere, *len)) {
            let words = there[from..to].join(" ");
            // A full stop that the quotation did not want is none of its words.
            let words = if quotation.ends_with(PUNCTUATION) { &words } else { words.trim_end_matches(PUNCTUATION) };
            best = Some((rank.0, rank.1, rank.2, name, words.to_owned()));
        }
    }
    match best {
        Some((_, _, _, passage, words)) => Quotation::Altered { passage: passage.to_owned(), words },
        None => Quotation::Missing,
    }
}

const PUNCTUATION: [char; 6] = ['.', ',', ';', ':', '!', '?'];

/// A word without what its place in a sentence does to it: capitals, quotation marks and punctuation.
fn recognised(word: &str) -> String {
    let bare = word.trim_matches(|c: char| c.is_ascii_punctuation());
    if bare.is_empty() { word.to_owned() } else { bare.to_lowercase() }
}

/// The run of `there` that `wanted` becomes with the fewest edits: their number, and the run's first word and end.
fn nearest_run(wanted: &[&str], there: &[&str]) -> (usize, usize, usize) {
    // For every prefix of `wanted`: fewest edits to a run that ends before the present word, and where that run starts.
    let mut column: Vec<(usize, usize)> = (0..=wanted.len()).map(|edits| (edits, 0)).collect();
    let mut best = (wanted.len(), 0, 0);
    for (at, word) in there.iter().enumerate() {
        let mut diagonal = column[0];
        column[0] = (0, at + 1);
        for row in 1..=wanted.len() {
            let keep = (diagonal.0 + usize::from(wanted[row - 1] != *word), diagonal.1);
            let left_out = (column[row - 1].0 + 1, column[row - 1].1);
            let put_in = (column[row].0 + 1, column[row].1);
            diagonal = column[row];
            column[row] = keep.min(left_out).min(put_in);
        }
        let (edits, from) = column[wanted.len()];
        // Of equally near runs the one whose length is nearest: a word exchanged rather than one left out.
        let rank = |edits: usize, from: usize, to: usize| (edits, (to - from).abs_diff(wanted.len()));
        if rank(edits, from, at + 1) < rank(best.0, best.1, best.2) {
            best = (edits, from, at + 1);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "# Care {#care}\n\nThe commander reports every grave incident within one day. {#care.p1}\n\nA \u{201c}guard\u{201d} stands at each co-\noperating school until it is handed over. {#care.p2}\n";

    fn at(cited: &[&str], quotation: &str) -> Quotation {
        locate(&Document::read(TEXT), cited, quotation)
    }

    #[test]
    fn marks_and_lines_make_no_difference_and_left_out_words_may_be_said() {
        assert_eq!(at(&["care.p2"], "A \"guard\" stands at each cooperating school"), Quotation::Exact);
        assert_eq!(
            at(&["care.p2"], "A 'guard' stands"),
            Quotation::Altered { passage: "care.p2".into(), words: "A \"guard\" stands".into() }
        );
        assert_eq!(at(&["care.p1"], "The commander ... within one day."), Quotation::Exact);
        assert_ne!(at(&["care.p1"], "within one day ... The commander"), Quotation::Exact);
        assert_eq!(
            at(&["care.p1", "care.p2"], "one day. A guard"),
            Quotation::Altered { passage: "care".into(), words: "one day. A \"guard\"".into() }
        );
    }

    #[test]
    fn words_elsewhere_are_moved_and_words_nowhere_are_missing() {
        assert_eq!(at(&["care.p1"], "until it is handed over"), Quotation::Moved { passage: "care.p2".into() });
        assert_eq!(at(&["care.p1"], "no one may use schools for storage"), Quotation::Missing);
        assert_eq!(at(&["care.p1"], "ommander"), Quotation::Missing);
        assert_eq!(at(&["care.p1"], ""), Quotation::Missing);
    }

    #[test]
    fn words_with_a_change_are_altered() {
        let found = at(&["care.p1"], "reports every grave incident within two days.");
        assert_eq!(
            found,
            Quotation::Altered {
                passage: "care.p1".into(),
                words: "reports every grave incident within one day.".into()
            }
        );
    }

    /// Fewest edits by trying every run.
    fn slow(wanted: &[&str], there: &[&str]) -> usize {
        fn edits(a: &[&str], b: &[&str]) -> usize {
            match (a, b) {
                ([], rest) | (rest, []) => rest.len(),
                ([x, a @ ..], [y, b @ ..]) if x == y => edits(a, b),
                ([_, a_rest @ ..], [_, b_rest @ ..]) => {
                    1 + edits(a_rest, b_rest).min(edits(a, b_rest)).min(edits(a_rest, b))
                }
            }
        }
        let runs = (0..=there.len()).flat_map(|from| (from..=there.len()).map(move |to| (from, to)));
        runs.map(|(from, to)| edits(wanted, &there[from..to])).min().unwrap_or(wanted.len())
    }

    proptest! {
        #[test]
        fn the_nearest_run_is_as_near_as_any(wanted in prop::collection::vec("[abc]", 1..5), there in prop::collection::vec("[abc]", 0..6)) {
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            let there: Vec<&str> = there.iter().map(String::as_str).collect();
            let (edits, from, to) = nearest_run(&wanted, &there);
            prop_assert_eq!(edits, slow(&wanted, &there));
            prop_assert_eq!(edits, slow(&wanted, &there[from..to]).max(edits));
        }
    }
}
