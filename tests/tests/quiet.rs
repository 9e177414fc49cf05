//! One mistake gives one message: every word of a real module is taken out, misspelt, or is where the author stopped typing.

use mandate_syntax::token::tokens;
use mandate_tests::example::{Compiler, Files, ROOT};
use std::fs;
use std::ops::Range;
use std::path::Path;

const MISSION: &str = "missions/exercise_heron";

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(MISSION).join(name);
    fs::read_to_string(path).expect("a file of the exercise")
}

/// How many messages each mistake drew, of all that drew any.
struct Tally {
    drew: usize,
    /// Mistakes with more than one message, and what was said.
    several: Vec<String>,
}

/// Makes a mistake at every word and sign, one at a time. `mistake` gives what to replace and by what.
fn tally(mistake: impl Fn(&str, Range<usize>) -> Option<(Range<usize>, String)>) -> Tally {
    let mut compiler = Compiler::default();
    let (text, order) = (read("exercise_heron.mandate"), read("sources/exercise-order.md"));
    let mut said = |text: String| -> Vec<String> {
        let files = Files::from([(ROOT.to_owned(), text), ("sources/exercise-order.md".to_owned(), order.clone())]);
        let all = compiler.check(&files);
        all.iter().flat_map(|file| &file.diagnostics).map(|d| format!("{} {}", d.code.id, d.message)).collect()
    };
    assert!(said(text.clone()).is_empty(), "the exercise has no mistake at first");
    let mut tally = Tally { drew: 0, several: Vec::new() };
    for token in tokens(&text).iter().filter(|token| !token.kind.is_comment()) {
        let Some((place, by)) = mistake(&text, token.span.range()) else { continue };
        let mut wrong = text.clone();
        wrong.replace_range(place, &by);
        let messages = said(wrong);
        tally.drew += usize::from(!messages.is_empty());
        if messages.len() > 1 {
            let line = text[..token.span.start as usize].matches('\n').count() + 1;
            tally.several.push(format!("line {line}, `{}`: {messages:#?}", &text[token.span.range()]));
        }
    }
    tally
}

/// Fails when more than `share` in a hundred of the mistakes drew several messages.
fn is_quiet(tally: &Tally, share: usize) {
    assert!(tally.drew > 250, "only {} mistakes drew a message", tally.drew);
    let several = tally.several.len();
    assert!(
        several * 100 <= tally.drew * share,
        "{several} of {} mistakes drew several messages\n{}",
        tally.drew,
        tally.several.join("\n")
    );
}

#[test]
fn a_word_left_out_is_told_once() {
    is_quiet(&tally(|_, token| Some((token, String::new()))), 4);
}

#[test]
fn a_line_half_typed_is_told_once() {
    is_quiet(
        &tally(|text, token| {
            let end = text[token.start..].find('\n').map_or(text.len(), |length| token.start + length);
            Some((token.start..end, String::new()))
        }),
        4,
    );
}

#[test]
fn a_word_misspelt_is_told_once() {
    is_quiet(
        &tally(|text, token| {
            let mut letters: Vec<char> = text[token.clone()].chars().collect();
            let n = letters.len();
            let word = n > 2 && letters.iter().all(|c| c.is_alphabetic() || *c == '_');
            if !word || letters[n - 1] == letters[n - 2] {
                return None;
            }
            letters.swap(n - 1, n - 2);
            Some((token, letters.into_iter().collect()))
        }),
        2,
    );
}
