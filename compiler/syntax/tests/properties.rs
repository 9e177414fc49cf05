//! What holds of every text: reading never fails, and formatting keeps the meaning and every comment.

use mandate_diagnostics::Span;
use mandate_syntax::token::tokens;
use mandate_syntax::{ast, chunks, format, parse, parse_chunk};
use proptest::prelude::*;

const CORPUS: &[(&str, &str)] = &[
    ("children", include_str!("corpus/children.mandate")),
    ("property", include_str!("corpus/property.mandate")),
    ("layout", include_str!("corpus/layout.mandate")),
    ("goes_on", include_str!("corpus/goes_on.mandate")),
];

/// Pieces that an edit may throw into a module.
const PIECES: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ":",
    ".",
    "..",
    "=",
    "==",
    "<",
    "\"",
    "#4(1)",
    "#",
    "-",
    "?",
    "\n",
    "\r\n",
    "\nrule x {",
    "\n}\n",
    " when ",
    " unless ",
    " must ",
    " no one may ",
    " some ",
    " is ",
    " is r of x at ",
    " over time ",
    " with gaps of at most ",
    "\n  in force from ",
    " share(",
    " in ",
    "/// doc\n",
    "// note\n",
    "//! head\n",
    "all {",
    "if ",
    " and ",
    " not ",
    "2024-3-1",
    "24 ",
    "“",
    "é",
    "\u{202E}",
    "\u{FEFF}",
    "/*",
    ";",
    "\\",
    "\u{A0}",
    "&&",
];

/// The tree without places, as two layouts of one text share it.
fn tree(text: &str) -> String {
    let module = parse(text);
    let decls: Vec<_> = module.items.iter().map(|item| (&item.decl.doc, &item.decl.kind)).collect();
    let shown = format!("{:?} {decls:?}", module.doc);
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some(at) = rest.find("Span { ") {
        out.push_str(&rest[..at]);
        rest = rest[at..].split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

/// Every token and comment; an old-style comment ends with its chunk.
fn words(text: &str) -> Vec<&str> {
    let own = |span: Span| {
        let chunk = &text[span.range()];
        tokens(chunk).into_iter().map(|token| chunk[token.span.range()].trim()).collect::<Vec<_>>()
    };
    chunks(text).into_iter().flat_map(own).collect()
}

fn inside(text: &str, span: Span) -> bool {
    span.start <= span.end && text.get(span.range()).is_some()
}

/// Everything that must hold of any text whatever.
fn check(text: &str) {
    let pieces = chunks(text);
    let mut at = 0;
    for span in &pieces {
        assert!(at <= span.start as usize && inside(text, *span), "chunks overlap");
        assert!(
            text[at..span.start as usize].trim_matches(['\u{FEFF}']).trim().trim_matches('\u{FEFF}').is_empty(),
            "text lost between chunks"
        );
        at = span.end as usize;
    }
    let module = parse(text);
    assert_eq!(module.items.len(), pieces.len());
    for (item, span) in module.items.iter().zip(&pieces) {
        let own = &text[span.range()];
        assert_eq!(*item.decl, parse_chunk(own), "a chunk read alone gives another tree");
        assert!(inside(own, item.decl.span));
        for error in &item.decl.errors {
            let labels = std::iter::once(&error.primary).chain(&error.related).map(|label| label.span);
            let edits = error.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
            assert!(labels.chain(edits).all(|span| inside(own, span)), "{error:?}");
        }
        if matches!(item.decl.kind, ast::DeclKind::Nothing) && item.decl.errors.is_empty() {
            assert!(tokens(own).iter().all(|token| token.kind.is_comment()), "silent about {own:?}");
        }
    }
    let once = format(text);
    assert_eq!(format(&once), once, "formatting twice changes the text again");
    assert_eq!(words(&once), words(text), "formatting changes tokens or comments");
    assert_eq!(tree(&once), tree(text), "formatting changes the tree");
}

#[test]
fn the_corpus_has_no_errors_and_keeps_its_meaning_when_formatted() {
    for (name, text) in CORPUS {
        let module = parse(text);
        let errors: Vec<_> = module.items.iter().flat_map(|item| &item.decl.errors).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        check(text);
        check(&text.replace('\n', "\r\n"));
    }
}

#[test]
fn every_prefix_gives_a_tree() {
    for (_, text) in CORPUS {
        for end in (0..text.len()).step_by(37).filter(|end| text.is_char_boundary(*end)) {
            check(&text[..end]);
        }
    }
}

fn corpus_text() -> impl Strategy<Value = &'static str> {
    (0..CORPUS.len()).prop_map(|i| CORPUS[i].1)
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Few enough for seconds; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_edits_give_a_tree(
        text in corpus_text(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..PIECES.len()), 1..6),
    ) {
        let mut text = text.to_owned();
        for (at, cut, piece) in edits {
            let from = boundary(&text, at.index(text.len() + 1));
            let to = boundary(&text, from + cut).max(from);
            text.replace_range(from..to, PIECES[piece]);
        }
        check(&text);
    }

    #[test]
    fn random_characters_give_a_tree(text in "(\\PC|[ \n\t{}()#\".,:=<>a-z]|\n(rule|use|record) ){0,80}") {
        check(&text);
    }

    #[test]
    fn random_pieces_give_a_tree(pieces in prop::collection::vec(0..PIECES.len(), 0..60)) {
        check(&pieces.into_iter().map(|i| PIECES[i]).collect::<String>());
    }
}

#[test]
fn deep_nesting_is_an_error_and_never_an_overflow() {
    let deep = |open: &str, close: &str| format!("define d = {}1{}", open.repeat(20_000), close.repeat(20_000));
    let texts = [
        deep("(", ")"),
        deep("{", "}"),
        deep("[", "]"),
        deep("not ", ""),
        deep("- ", ""),
        deep("f(", ")"),
        deep("if ", ""),
        deep("{a: ", "}"),
        deep("some x in xs where ", ""),
        deep("all {a: ", "}"),
        deep("a.", ""),
        deep("1 + ", ""),
        deep("a and (b or ", ")"),
        deep("x is known ", ""),
        deep("x is r of (", ")"),
        deep("x is r at (a + ", ")"),
        format!("define d = x is r at {}1", "a + ".repeat(20_000)),
        format!("record R {{ a: {}Text }}", "list of ".repeat(20_000)),
        format!("record R {{ a: Text{} }}", "?".repeat(20_000)),
    ];
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for text in texts {
            let module = parse(&text);
            let errors: usize = module.items.iter().map(|item| item.decl.errors.len()).sum();
            assert!((1..10).contains(&errors), "{errors} errors in {}", &text[..40]);
            assert_eq!(format(&text).trim_end(), text);
        }
    });
    thread.unwrap().join().unwrap();
}

#[test]
fn long_chains_of_and_are_welcome() {
    let text = format!("define d = {}c\n", "a and b or ".repeat(5_000));
    assert!(parse(&text).items[0].decl.errors.is_empty());
}
