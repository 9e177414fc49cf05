//! Every example of the grammar page is read without an error, and stands in the layout of the formatter.

use mandate_syntax::{format, parse};

#[test]
fn the_examples_of_the_grammar_page_are_right() {
    let page = include_str!("../../../docs/grammar.md");
    let mut examples = 0;
    for part in page.split("```mandate\n").skip(1) {
        let text = part.split_once("```").unwrap().0;
        let module = parse(text);
        let errors: Vec<_> = module.items.iter().flat_map(|item| &item.decl.errors).collect();
        assert!(errors.is_empty(), "{text}\n{errors:#?}");
        assert_eq!(format(text), text);
        examples += 1;
    }
    assert!(examples > 12, "the page has lost its examples");
}
