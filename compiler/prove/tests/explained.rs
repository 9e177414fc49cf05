//! The page of every finding about rules draws it where it says so, and draws nothing where it says that.

mod common;

use common::{PACKAGE, found, said};
use mandate_diagnostics::codes;

/// The blocks of a page: its words and its text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(words) = line.strip_prefix("```mandate") else { continue };
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        blocks.push((words.trim().to_owned(), text.join("\n")));
    }
    blocks
}

/// What is said about the block of a page with this word, beside the blocks that name a file.
fn about(page: &str, word: &str) -> Vec<String> {
    let blocks = blocks(page);
    let root = format!("{PACKAGE}.mandate");
    let files: Vec<(&str, &str)> = blocks
        .iter()
        .filter_map(|(words, text)| match words.strip_prefix("file=") {
            Some(file) => Some((file, text.as_str())),
            None if words == word => Some((root.as_str(), text.as_str())),
            None => None,
        })
        .collect();
    said(&found(&files))
}

#[test]
fn findings_on_conditions_are_drawn_where_their_pages_say_so() {
    let mut wrong = Vec::new();
    for code in [
        &codes::E301,
        &codes::E303,
        &codes::E306,
        &codes::W301,
        &codes::W302,
        &codes::W303,
        &codes::W304,
        &codes::W305,
        &codes::W306,
        &codes::W307,
        &codes::W308,
        &codes::W309,
        &codes::W310,
        &codes::W311,
        &codes::W312,
        &codes::W313,
    ] {
        let (bad, good) = (about(code.page, "wrong"), about(code.page, "right"));
        if bad.is_empty() || bad.iter().any(|said| !said.starts_with(code.id)) {
            wrong.push(format!("{} wrong: {bad:#?}", code.id));
        }
        if !good.is_empty() {
            wrong.push(format!("{} right: {good:#?}", code.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
