//! What people and tools see. Expected files are in `tests/snapshots`; `MANDATE_BLESS=1 cargo test` writes them anew.

use mandate_diagnostics::{Diagnostic, Label, Severity, Span, codes};
use mandate_render::{Count, File, Options, json, text};
use std::path::Path;
use std::sync::Arc;

/// The span of the first `word` in `text`.
fn at(text: &str, word: &str) -> Span {
    let start = text.find(word).expect("the word stands in the text");
    Span::new(start as u32, (start + word.len()) as u32)
}

fn drawn(source: &str, diagnostic: Diagnostic) -> String {
    let file = File { path: "rules/heron.mandate", text: source, diagnostics: &[diagnostic] };
    text(&[file], &|_| None, Options::default())
}

fn snapshot(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("MANDATE_BLESS").is_some() {
        std::fs::write(&path, found).expect("the snapshot is written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{name} differs from {}", path.display());
}

#[test]
fn an_error_with_places_and_ways_out() {
    let source = "rule report {\n  for each i: Incident\n  wehn   i.grave\n}\n";
    let diagnostic = Diagnostic::new(&codes::E202, at(source, "wehn"), "`wehn` is neither a clause nor a bearer")
        .label("did you mean `when`?")
        .related(at(source, "rule report"), "in this rule")
        .help("clauses start with `when`, `unless`, `let`")
        .fix("Replace by `when`", at(source, "wehn"), "when");
    snapshot("places.txt", &drawn(source, diagnostic));
}

#[test]
fn paragraphs_keep_their_lines_and_lose_what_would_steer_a_terminal() {
    let source = "rule a {\n}\n";
    let diagnostic = Diagnostic::new(&codes::E202, at(source, "a"), "it cannot be kept")
        .note("in this situation it shows:\n  2024-03-01  one\u{1B}[31m\r\n  2024-03-02  two")
        .help("say which yields");
    let text = drawn(source, diagnostic.clone());
    let lines = [
        "Note 1: in this situation it shows:",
        "  2024-03-01  one?[31m",
        "  2024-03-02  two",
        "Help: say which yields",
    ];
    for line in lines {
        assert!(text.lines().any(|drawn| drawn.contains(line)), "{line}\n{text}");
    }
    assert!(!text.contains('\u{1B}') && !text.contains('\r'), "{text:?}");
    let file = File { path: "a.mandate", text: "", diagnostics: &[diagnostic] };
    let plain = mandate_render::text(&[file], &|_| None, Options::default());
    assert!(plain.contains("  Note: in this situation it shows:\n          2024-03-01  one?[31m\n"), "{plain}");
}

#[test]
fn wide_characters_accents_and_tabs_are_underlined_where_they_stand() {
    let source = "enum Ort {\n\t東京, näive, x🙂y, wrong }\n";
    let diagnostic = Diagnostic::new(&codes::E202, at(source, "wrong"), "a word too many")
        .label("this one")
        .related(at(source, "東京"), "a city");
    snapshot("wide.txt", &drawn(source, diagnostic));
}

#[test]
fn crlf_ends_lines_like_lf() {
    let source = "enum A { x }\nrecord B {\n  wrong: Text\n}\n";
    let place = |source: &str| Diagnostic::new(&codes::E202, at(source, "wrong"), "wrong").label("here");
    let unix = drawn(source, place(source));
    let windows = source.replace('\n', "\r\n");
    assert_eq!(unix, drawn(&windows, place(&windows)));
    snapshot("crlf.txt", &unix);
}

#[test]
fn the_end_of_a_file_and_an_empty_file_can_be_pointed_at() {
    let source = "rule report {\n";
    let end =
        Diagnostic::new(&codes::E201, Span::empty(source.len() as u32), "the file ends here").label("`}` is missing");
    let none = Diagnostic::new(&codes::E216, Span::empty(0), "the file is empty");
    snapshot("end.txt", &(drawn(source, end) + &drawn("", none)));
}

#[test]
fn a_span_over_several_lines() {
    let source = "rule report {\n  must a()\n  must b()\n}\n";
    let whole = Span::new(0, source.len() as u32 - 1);
    let diagnostic = Diagnostic::new(&codes::E202, whole, "this rule has two sentences").label("all of this");
    snapshot("lines.txt", &drawn(source, diagnostic));
}

#[test]
fn labels_in_other_files_are_shown_with_their_text() {
    let source = "rule a { cites hague#4 }\n";
    let other = "é source hague {\n}\n";
    let mut diagnostic =
        Diagnostic::new(&codes::E202, at(source, "hague#4"), "the passage is missing").label("cited here");
    let file = |name: &str| Some(Arc::from(name));
    diagnostic.related.push(Label {
        file: file("sources.mandate"),
        span: at(other, "hague"),
        message: "declared here".into(),
    });
    diagnostic.related.push(Label { file: file("lost.mandate"), span: Span::new(1, 2), message: "and there".into() });
    let files = [File { path: "a.mandate", text: source, diagnostics: &[diagnostic] }];
    let texts = |path: &str| (path == "sources.mandate").then(|| Arc::from(other));
    snapshot("files.txt", &text(&files, &texts, Options::default()));
    snapshot("files.json", &json(&files, &texts));
}

#[test]
fn colour_comes_only_when_asked_for() {
    let source = "x\n";
    let diagnostic = Diagnostic::new(&codes::E202, Span::new(0, 1), "wrong");
    let files = [File { path: "a", text: source, diagnostics: &[diagnostic] }];
    let of = |color| text(&files, &|_| None, Options { color, ..Options::default() });
    assert!(!of(false).contains('\u{1B}'));
    assert!(of(true).contains('\u{1B}'));
}

#[test]
fn what_a_file_contains_is_no_command_to_the_terminal() {
    let source = "a \u{1B}[2J \u{202E} \u{9B}2J \r b\u{2028}c\n";
    let diagnostic = Diagnostic::new(&codes::E202, at(source, "b"), "found \u{1B}[2J").label("\u{1B}]0;x\u{7}");
    let out = drawn(source, diagnostic);
    assert!(!out.chars().any(|c| c.is_control() && c != '\n'), "{out:?}");
    assert!(out.contains("heron.mandate:1:16"), "{out}");
}

#[test]
fn a_very_long_line_is_named_but_not_drawn() {
    let source = format!("{} wrong", "x ".repeat(2_000));
    let diagnostic =
        Diagnostic::new(&codes::E202, at(&source, "wrong"), "a word too many").label("here").help("take it out");
    snapshot("long.txt", &drawn(&source, diagnostic));
}

#[test]
fn no_span_and_no_text_makes_a_panic() {
    let texts = ["", "\n", "é", "漢字\r\nx", "a\tb\n\n", "🙂\u{301}e\u{301}", "\r", "x\r\n\r\n"];
    for source in texts {
        let length = source.len() as u32;
        for start in 0..=length + 3 {
            for end in 0..=length + 3 {
                let span = Span { start, end };
                let mut diagnostic =
                    Diagnostic::new(&codes::E202, span, "wrong").label("here").related(span, "and here");
                diagnostic = diagnostic.related(Span::empty(end), "").fix("mend", span, "");
                let files = [File { path: "a", text: source, diagnostics: &[diagnostic] }];
                for ascii in [false, true] {
                    let out = text(&files, &|_| None, Options { ascii, ..Options::default() });
                    assert!(out.starts_with("error[E202]: wrong"), "{source:?} {span:?}: {out}");
                }
                assert!(json(&files, &|_| None).contains("\"E202\""));
            }
        }
    }
}

#[test]
fn text_and_json_name_the_same_place() {
    let source = "é漢🙂 x\r\n\r\n\ty wrong\n";
    for offset in (0..=source.len()).filter(|offset| source.is_char_boundary(*offset)) {
        let diagnostic = Diagnostic::new(&codes::E202, Span::empty(offset as u32), "wrong");
        let files = [File { path: "a", text: source, diagnostics: &[diagnostic] }];
        let value: serde_json::Value = serde_json::from_str(&json(&files, &|_| None)).expect("JSON");
        let primary = &value["diagnostics"][0]["primary"];
        let place = format!("a:{}:{} ", primary["line"], primary["column"]);
        let out = text(&files, &|_| None, Options::default());
        assert!(out.contains(&place), "{offset}: {place}\n{out}");
    }
}

#[test]
fn the_summary_counts_in_words() {
    let error = Diagnostic::new(&codes::E202, Span::empty(0), "a");
    let warning = Diagnostic::new(&codes::W201, Span::empty(0), "b");
    let mut note = warning.clone();
    note.severity = Severity::Note;
    let of = |diagnostics: &[Diagnostic]| {
        Count::of(&[File { path: "a", text: "", diagnostics }, File { path: "b", text: "", diagnostics: &[] }])
            .to_string()
    };
    assert_eq!(of(&[error.clone(), error.clone(), warning.clone()]), "2 errors, 1 warning in 1 file");
    assert_eq!(of(&[warning, note]), "1 warning, 1 note in 1 file");
    assert_eq!(of(&[]), "no errors, no warnings");
}

#[test]
fn data_is_never_shown() {
    let source = "records:\n  Report:\n    - {id: r1, sorce_name: Zyxwvut}\n    - {id: r1}\n";
    let diagnostics = [
        Diagnostic::new(&codes::E107, at(source, "sorce_name"), "a Report has no field `sorce_name`")
            .help("did you mean `source_name`?"),
        Diagnostic::new(&codes::E110, at(source, "{id: r1}"), "two records of `Report` have the key `r1`")
            .related(at(source, "r1"), "the first one"),
    ];
    let file = File { path: "facts/reports.yaml", text: source, diagnostics: &diagnostics };
    let shown = text(&[file], &|_| None, Options { withhold: true, ..Options::default() });
    assert!(!shown.contains("Zyxwvut"), "{shown}");
    snapshot("withheld.txt", &shown);
}
