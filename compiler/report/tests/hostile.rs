//! Identifiers and file names come from the data: whatever they hold, each format stays what it is, and readers that are not
//! ours read back what was written.

#[path = "../../assess/tests/shapes/mod.rs"]
mod shapes;
use mandate_assess::{Assessment, Facts, FactsFile, Options, assess};
use mandate_pack::*;
use mandate_report::{By, Format, Report};
use shapes::*;

/// A key that is a formula, a tag, a table cell, a link, a control sequence and a mention.
const KEY: &str =
    "=1+1|<b>&amp; \"q\" 'a' `c` [x](http://x) {0} @all # *s* _u_ ]]> \u{1b}[31m \u{1}\u{b} \u{fffe} é, \r\nend";

fn judged() -> (Assessment, Pack) {
    let pack = pack(vec![("r", report_in_24_hours())]);
    let records = serde_json::json!({"records": {
        "Incident": [
            {"id": KEY, "observed_at": "2024-01-01T08:00Z", "verification": "alleged"},
            {"id": "open", "observed_at": "2024-01-03T20:00Z", "verification": "alleged"},
        ],
        "Report": [],
    }});
    let file = FactsFile { name: "a|<b> @x.json".into(), bytes: records.to_string().into_bytes() };
    let (facts, faults) = Facts::load(&pack, &[file]);
    assert!(faults.is_empty(), "{faults:#?}");
    let now = clock(84).parse().expect("time");
    let found =
        assess(&pack, &facts, &Options { as_of: Some(now), explain_all: true, ..Options::at(now) }).expect("sound");
    assert!(found.has_violations(), "{found:#?}");
    (found, pack)
}

fn written(format: Format) -> String {
    let (found, pack) = judged();
    let options = mandate_report::Options { explain: true, all: true, by: By::Record, ..Default::default() };
    Report::new(&found, &pack, options).to_text(format)
}

#[test]
fn no_control_character_reaches_a_terminal_or_a_ticket() {
    for format in [Format::Text, Format::Markdown] {
        let text = written(format);
        assert!(text.contains("end"), "{text}");
        let control = text.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "{format:?}: {text:?}");
    }
}

#[test]
fn xml_holds_only_what_xml_can() {
    let text = written(Format::Junit);
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut names, mut depth) = (Vec::new(), 0);
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}")) {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    let attribute = attribute.expect("an attribute");
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).expect("a value");
                    if attribute.key.as_ref() == "name" && tag.name().as_ref() == "testcase" {
                        names.push(value.into_owned());
                    }
                }
                depth += 1;
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert!(depth > 4 && names.iter().any(|name| name.starts_with("=1+1|<b>&amp; \"q\"")), "{names:?}");
    let forbidden =
        |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(forbidden), "{text:?}");
}

#[test]
fn a_spreadsheet_reads_text_and_all_of_it() {
    let text = written(Format::Csv);
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let subject = rows.headers().expect("a head").iter().position(|head| head == "subject").expect("the column");
    let subjects: Vec<String> = rows.records().map(|row| row.expect("a row")[subject].to_owned()).collect();
    assert!(subjects.contains(&format!("'{KEY}")), "{subjects:?}");
}

/// What the parser makes of a report: its text, with one space for each break, and the kinds of what is no plain text.
fn parsed(markdown: &str) -> (String, Vec<String>) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let (mut text, mut odd) = (String::new(), Vec::new());
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Text(piece) => text.push_str(&piece),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::BlockQuote(_)
                | Tag::List(_)
                | Tag::Item
                | Tag::Strong
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            ) => {}
            other => odd.push(format!("{other:?}")),
        }
    }
    (text, odd)
}

#[test]
fn markdown_reads_as_it_is_and_holds_no_link_code_or_tag() {
    let key: String = KEY.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    let text = written(Format::Markdown);
    let (read, odd) = parsed(&text);
    assert_eq!(odd, Vec::<String>::new(), "{text}");
    // Quotation marks may be made typographic.
    let plain = |text: &str| text.replace(['"', '“', '”', '\'', '‘', '’'], "");
    assert!(plain(&read).contains(&plain(&key)), "{read}");
    // The parser does see what is not escaped.
    assert!(parsed(KEY).1.len() > 1);
}

#[test]
fn sarif_messages_fill_in_nothing() {
    let log: serde_json::Value = serde_json::from_str(&written(Format::Sarif)).expect("JSON");
    let message = log["runs"][0]["results"][0]["message"]["text"].as_str().expect("text");
    assert!(message.contains("{{0}}") && message.contains("\\[x\\](http"), "{message}");
    let uri = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "a%7C%3Cb%3E%20%40x.json");
}

#[test]
fn fingerprints_stay_when_records_move() {
    let (mut found, pack) = judged();
    let prints = |found: &Assessment| {
        let text = Report::new(found, &pack, mandate_report::Options::default()).to_text(Format::Sarif);
        let log: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|r| r["partialFingerprints"]["mandateFinding/v1"].clone()).collect::<Vec<_>>()
    };
    let before = prints(&found);
    for subject in found.findings.iter_mut().flat_map(|f| &mut f.subject) {
        (subject.file, subject.line) = (Some("moved.json".into()), Some(99));
    }
    assert_eq!(before, prints(&found));
    assert_ne!(before[0], before[1]);
}
