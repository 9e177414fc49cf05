//! The explanation page of each syntax code: its wrong example draws the code alone, its right example nothing.

use mandate_diagnostics::CATALOGUE;
use mandate_syntax::parse;

fn block<'a>(page: &'a str, kind: &str) -> &'a str {
    let start = page.split_once(&format!("```mandate {kind}\n")).unwrap_or_else(|| panic!("no {kind} block")).1;
    start.split_once("\n```").map_or(start, |(block, _)| block)
}

fn drawn(text: &str) -> Vec<&'static str> {
    parse(text).items.iter().flat_map(|item| item.decl.errors.iter().map(|error| error.code.id)).collect()
}

#[test]
fn the_examples_of_every_syntax_code_do_what_their_page_says() {
    let syntax = CATALOGUE.iter().filter(|code| code.id < "E020");
    for code in syntax {
        assert_eq!(drawn(block(code.page, "wrong")), [code.id], "wrong example of {}", code.id);
        assert!(drawn(block(code.page, "right")).is_empty(), "right example of {}", code.id);
    }
}
