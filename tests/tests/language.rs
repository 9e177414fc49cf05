//! The language cases of `tests/language`: each block draws the diagnostics that its comments say, and gives the findings listed.

use mandate_diagnostics::CATALOGUE;
use mandate_tests::case::{differences, expected_codes};
use mandate_tests::example::Compiler;
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
        found.extend(differences(&mut compiler, &text).into_iter().map(|difference| format!("{name}, {difference}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n\n"));
}

#[test]
fn the_cases_draw_every_code_of_the_language() {
    let drawn: BTreeSet<String> = documents().iter().flat_map(|(_, text)| expected_codes(text)).collect();
    let language =
        CATALOGUE.iter().filter(|code| ("E020".."E100").contains(&code.id) || ("W001".."W100").contains(&code.id));
    let undrawn: Vec<&str> = language.map(|code| code.id).filter(|id| !drawn.contains(*id)).collect();
    assert!(undrawn.is_empty(), "no case draws {undrawn:?}");
}
