//! Every fault of a facts file is found, in one run, at its place; nothing makes the reader panic.

mod shapes;
use mandate_assess::{Facts, FactsFile};
use shapes::{pack, report_in_24_hours};

fn load(name: &str, bytes: &[u8]) -> Vec<String> {
    static PACK: std::sync::OnceLock<mandate_pack::Pack> = std::sync::OnceLock::new();
    let pack = PACK.get_or_init(|| pack(vec![("r", report_in_24_hours())]));
    let (_, faults) = Facts::load(pack, &[FactsFile { name: name.into(), bytes: bytes.to_vec() }]);
    let text = String::from_utf8_lossy(bytes);
    let shown = |d: &mandate_diagnostics::Diagnostic| {
        let at = &text[..(d.primary.span.start as usize).min(text.len())];
        let help = d.help.iter().find(|h| h.starts_with("did you mean")).map_or(String::new(), |h| format!(" ({h})"));
        format!("{}:{} {}{help}", d.code.id, at.matches('\n').count() + 1, d.message)
    };
    faults.iter().map(|(_, d)| shown(d)).collect()
}

fn codes(name: &str, text: &str) -> Vec<String> {
    load(name, text.as_bytes()).into_iter().map(|f| f[..4].to_owned()).collect()
}

#[test]
fn all_faults_of_a_file_are_reported_in_one_run() {
    let yaml = "\
records:
  Incidnet: []
  Unit:
    - id: u1
    - id: u1
  Incident:
    - id: I
      obsreved_at: 2024-03-01T08:00Z
      observed_at: 2024-03-01T08:00
      due_on: 2024-02-30
      invited: perhaps
      verification: refutd
      unit: u9
      a: 1e99
      b: 1.5
    - observed_at: yesterday
    - id: J
      a: 1
      a: 2
";
    let found = load("facts.yaml", yaml.as_bytes());
    let expected = [
        "E106:2 the pack knows no record type `Incidnet` (did you mean `Incident`?)",
        "E110:5 two records of `Unit` have the key `u1`",
        "E107:8 an Incident has no field `obsreved_at` (in `I`) (did you mean `observed_at`?)",
        "E114:9 `I.observed_at` is `2024-03-01T08:00`, a time of day without its offset from UTC",
        "E114:10 `I.due_on` is `2024-02-30`, and there is no such day or time",
        "E108:11 `I.invited` is `perhaps`, but `true` or `false` is needed here",
        "E113:12 `I.verification` is `refutd`, which is none of the values the rules know (did you mean `refuted`?)",
        "E112:13 `I.unit` refers to `u9`, but no Unit with that key is in the facts (did you mean `u1`?)",
        "E115:14 `I.a` is a number with more digits than can be kept exactly",
        "E108:15 `I.b` is `1.5`, but a whole number is needed here",
        "E109:16 `id` of `Incident[1]` is missing; every Incident has one",
        "E108:16 `Incident[1].observed_at` is `yesterday`, but a time like `2024-03-01T08:00Z`, a day, or `{from, to}` when it is not exactly known is needed here",
        "E111:19 `a` stands twice in `J`",
    ];
    assert_eq!(found, expected);
}

#[test]
fn files_that_cannot_be_read_say_where() {
    assert_eq!(
        load("f.yaml", b"records: {}\n# caf\xE9"),
        ["E101:2 this file is not UTF-8: byte 17 (counted from 0) belongs to no character"]
    );
    assert_eq!(load("f.json", b"\xFF\xFE{\x00"), ["E101:1 this file is written in UTF-16; facts are read as UTF-8"]);
    assert_eq!(load("f.json", b"{\"records\": {\"Unit\": ["), ["E102:1 this JSON ends before it is complete"]);
    assert_eq!(load("f.json", b"{\"records\": {\"Unit\": [,]}}"), ["E102:1 this is no valid JSON"]);
    assert_eq!(load("f.json", b"{\"records\": {},}"), ["E102:1 a comma stands before a closing bracket"]);
    assert_eq!(load("f.json", b"{\"records\": NaN}").len(), 1);
    assert_eq!(codes("f.yaml", "records:\n  Unit:\n  - {id: u1\n"), ["E102"]);
    assert_eq!(codes("f.yaml", ""), ["E102"]);
    assert_eq!(codes("f.json", ""), ["E102"]);
    assert_eq!(codes("f", "{}"), ["E105"]);
    assert_eq!(codes("f.yaml", "- 1"), ["E105"]);
}

#[test]
fn bombs_are_refused() {
    assert_eq!(codes("f.yaml", "a: &a [x]\nb: *a\n"), ["E104"]);
    assert_eq!(codes("f.yaml", "records: {}\n---\nrecords: {}\n"), ["E104"]);
    assert_eq!(codes("f.yaml", "records: !!python/object x\n"), ["E104"]);
    assert_eq!(codes("f.json", &format!("{{\"records\": {}", "[".repeat(100_000))), ["E103"]);
    assert_eq!(codes("f.yaml", &format!("records: {}", "[".repeat(100_000))), ["E103"]);
    let steps: String = (0..2000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert_eq!(codes("f.yaml", &steps), ["E103"]);
}

#[test]
fn a_byte_order_mark_does_not_move_the_places() {
    let found = load("f.yaml", b"\xEF\xBB\xBFrecords:\n  Units: []\n");
    assert_eq!(found, ["E106:2 the pack knows no record type `Units` (did you mean `Unit`?)"]);
}

#[test]
fn no_prefix_and_no_flipped_byte_makes_the_reader_panic() {
    let yaml = b"as_of: 2024-03-03\nrecords:\n  Incident:\n    - { id: I, observed_at: 2024-03-01T08:00Z, victims: [{age: 9}] }\n";
    let json = br#"{"records": {"Incident": [{"id": "I", "observed_at": {"from": "2024-03-01", "to": "2024-03-02"}, "a": 1.0}]}}"#;
    for (name, file) in [("f.yaml", &yaml[..]), ("f.json", &json[..])] {
        for end in 0..file.len() {
            load(name, &file[..end]);
            for byte in [0, b'{', b'"', 0xFF, b'\n'] {
                let mut changed = file.to_vec();
                changed[end] = byte;
                load(name, &changed);
            }
        }
    }
}

#[test]
fn references_point_forward_and_across_files() {
    let pack = pack(vec![("r", report_in_24_hours())]);
    let file = |name: &str, text: &str| FactsFile { name: name.into(), bytes: text.as_bytes().to_vec() };
    let (facts, faults) = Facts::load(
        &pack,
        &[
            file("a.yaml", "records: {Incident: [{id: I, victims: [{age: 9}], unit: u1}]}"),
            file("b.json", r#"{"records": {"Unit": [{"id": "u1"}]}}"#),
        ],
    );
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(facts.len(), 3);
}
