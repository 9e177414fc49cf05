//! The layout of the language, as a person sees it.

use mandate_syntax::format;

#[test]
fn a_careless_module_gets_the_one_layout() {
    let formatted = include_str!("corpus/layout.formatted");
    assert_eq!(format(include_str!("corpus/layout.mandate")), formatted);
}

#[test]
fn a_declaration_with_an_error_stays_as_it_is() {
    let text = "define   a=1\nrule b {\n   when   (x\n\n\n}\n\n\nuse   c\n";
    assert_eq!(format(text), "define a = 1\nrule b {\n   when   (x\n\n\n}\n\nuse c\n");
}

#[test]
fn line_endings_and_the_byte_order_mark_stay() {
    assert_eq!(format("\n\u{FEFF}"), "\n\u{FEFF}\n");
    assert_eq!(format("\u{FEFF}use  a\r\nrule b {   }"), "\u{FEFF}use a\r\n\r\nrule b {}\r\n");
}

#[test]
fn short_declarations_keep_the_blank_lines_the_author_chose() {
    let text = "use a\nuse b\n\nparameter p: Int = 1\n\ndefine d = p\nenum E { x, y }\n\nrecord R {\n  id: Text\n}\n";
    assert_eq!(format(text), text);
}

#[test]
fn an_empty_text_stays_empty() {
    assert_eq!(format(""), "");
    assert_eq!(format(" \n\n"), "");
}

#[test]
fn time_is_linear_in_the_text() {
    // Twenty times the text; a quadratic step would take four hundred times as long and be seen as a hang.
    let text = include_str!("corpus/children.mandate").repeat(20);
    let long = format!("define d = [{}1]\n", "1, // one\n  ".repeat(20_000));
    assert!(format(&text).len() > 10_000 && format(&long).len() > 200_000);
}
