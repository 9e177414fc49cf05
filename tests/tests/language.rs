//! The language cases of `tests/language`: each block draws the diagnostics that its comments say, and gives the findings listed.

use mandate_diagnostics::CATALOGUE;
use mandate_prove::Prover;
use mandate_syntax::words;
use mandate_tests::case::{contradictions, differences, expected_codes, remembered};
use mandate_tests::example::Compiler;
use mandate_tests::markdown::blocks;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Every document with its text, in order.
fn documents() -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("language");
    let mut all: Vec<_> = fs::read_dir(directory)
        .expect("the directory of the language cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a document"))
        })
        .collect();
    all.sort();
    all
}

#[test]
fn every_case_says_what_it_should() {
    let mut compiler = Compiler::default();
    let mut found = Vec::new();
    for (name, text) in documents() {
        let wrong = differences(&mut compiler, &text);
        found.extend(wrong.into_iter().map(|difference| format!("{name}, {difference}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n\n"));
}

#[test]
fn what_was_proven_before_changes_nothing() {
    // The same names mean something else in every case.
    let (mut compiler, mut prover) = (Compiler::default(), Prover::new());
    let found: Vec<String> =
        documents().iter().flat_map(|(_, text)| remembered(&mut compiler, &mut prover, text)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn what_the_compiler_accepts_can_be_judged() {
    let mut compiler = Compiler::default();
    let found: Vec<String> = documents().iter().flat_map(|(_, text)| contradictions(&mut compiler, text)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_cases_draw_every_code_of_the_language() {
    let drawn: BTreeSet<String> = documents().iter().flat_map(|(_, text)| expected_codes(text)).collect();
    let language = CATALOGUE.iter().filter(|code| {
        let number = &code.id[1..];
        ("020".."100").contains(&number) && code.id.starts_with('E')
            || ("001".."100").contains(&number) && code.id.starts_with('W')
            || number.starts_with('3')
    });
    let undrawn: Vec<&str> = language.map(|code| code.id).filter(|id| !drawn.contains(*id)).collect();
    assert!(undrawn.is_empty(), "no case draws {undrawn:?}");
}

/// Words that no case can use, each with the reason.
const NOT_USED: &[(&str, &str)] = &[];

#[test]
fn the_cases_use_every_word_of_the_language() {
    let mut text = String::from(" ");
    for (_, document) in documents() {
        for block in blocks(&document).iter().filter(|block| block.language == "mandate") {
            for line in block.text.lines() {
                // Words of comments and texts do not count.
                let code = line.split("//").next().unwrap_or("");
                let outside: Vec<&str> = code.split('"').step_by(2).collect();
                let spaced = outside.join(" ").replace(|c: char| !c.is_alphanumeric() && c != '_', " ");
                text.extend(spaced.split_whitespace().flat_map(|word| [word, " "]));
            }
        }
    }
    let lists = [
        words::DECLARATIONS,
        words::CLAUSES,
        words::MODALS,
        words::TIMES,
        words::TYPES,
        words::SOURCE_ITEMS,
        words::EVIDENCE_PARTS,
        words::WAIVER_PARTS,
        words::STEPS,
        words::STATUSES,
        words::OPERATORS,
        words::UNITS,
    ];
    let all = lists.into_iter().flatten().filter(|word| !NOT_USED.iter().any(|(unused, _)| unused == *word));
    let unused: Vec<&&str> = all.filter(|word| !text.contains(&format!(" {word} "))).collect();
    assert!(unused.is_empty(), "no case uses {unused:?}");
}
