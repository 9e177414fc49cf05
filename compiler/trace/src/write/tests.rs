use super::*;
use crate::fixture::{document, documents, pack};
use crate::trace::trace;
use mandate_documents::Document;
use std::path::Path;

fn written(format: Format, only: Option<State>) -> String {
    let policy = document("sources/camp-policy.md");
    let trace = trace(&pack("camp"), &documents(&policy));
    text_of(&trace, format, only)
}

fn text_of(trace: &Trace, format: Format, only: Option<State>) -> String {
    let mut bytes = Vec::new();
    write(trace, format, Options { color: false, only }, &mut bytes).expect("memory");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Compares with a file; `MANDATE_BLESS=1` writes it.
fn snapshot(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/write/snapshots").join(name);
    if std::env::var_os("MANDATE_BLESS").is_some() {
        std::fs::write(&path, text).expect("written");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap_or_default(), text, "{name}");
}

#[test]
fn each_format_is_as_it_was() {
    snapshot("camp.txt", &written(Format::Text, None));
    snapshot("camp-open.txt", &written(Format::Text, Some(State::Open)));
    snapshot("camp.md", &written(Format::Markdown, None));
    snapshot("camp.csv", &written(Format::Csv, None));
    snapshot("camp.html", &written(Format::Html, None));
    snapshot("camp.json", &written(Format::Json, None));
}

#[test]
fn what_a_document_says_starts_nothing() {
    let policy =
        Document::read("# =HYPERLINK(\"x\") {#a}\n\nGuards shall <script>alert(1)</script> | *wait* @all. {#b}\n");
    let trace = trace(&pack("camp"), &documents(&policy));
    let html = text_of(&trace, Format::Html, None);
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
    let markdown = text_of(&trace, Format::Markdown, None);
    assert!(
        markdown.contains(r"\<script\>") && markdown.contains(r"\|") && markdown.contains("&#64;all"),
        "{markdown}"
    );
    let csv = text_of(&trace, Format::Csv, None);
    assert!(csv.contains("'=HYPERLINK") && !csv.contains(",=HYPERLINK"), "{csv}");
}

#[test]
fn only_one_state_is_listed_where_that_is_asked() {
    let json: serde_json::Value = serde_json::from_str(&written(Format::Json, Some(State::NotARule))).expect("JSON");
    let passages = json["documents"][0]["passages"].as_array().expect("a list");
    assert_eq!(
        passages.iter().map(|p| p["name"].as_str()).collect::<Vec<_>>(),
        [Some("art_1"), Some("art_1.p1"), Some("art_5.p1")]
    );
    assert_eq!((&json["version"], &json["documents"][0]["share"]["percent"]), (&1.into(), &80.into()));
    assert_eq!(written(Format::Csv, Some(State::Open)).lines().count(), 3);
}
