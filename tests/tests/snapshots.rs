//! What a user sees of representative mistakes. Expected texts are in `tests/snapshots`; `UPDATE=1 cargo test` writes them anew.

use mandate_render::{File, Options, text};
use mandate_tests::example::{Compiler, Files, ROOT};
use std::fs;
use std::path::Path;

/// Vocabulary that the mistakes speak of.
const FORCE: &str = "\
record Unit key id {
  id: Text
}

record Incident key id at seen_at {
  id: Text
  unit: Unit
  seen_at: Time?
  day: Date?
  grave: Bool?
  sensitive told_at: Time?
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

action report(i: Incident) {
  evidence r: Report where r.incident == i
}

source orders { title \"Orders\" force order document \"sources/orders.md\" }
";

const ORDERS: &str =
    "Incidents are reported up the chain in good time. {#report}\n\nNobody waits for proof. {#proof}\n";

/// A rule around the lines given.
fn rule(lines: &str) -> String {
    format!(
        "use force.{{Incident, orders, report}}\n\nrule report_incidents \"Incidents are reported\" {{\n{lines}\n}}\n"
    )
}

fn cases() -> Vec<(&'static str, String)> {
    let sentence = "  i.unit must report(i) within 24 hours after i.seen_at";
    let head = "  cites orders#report\n  for each i: Incident";
    vec![
        ("misspelt_field", rule(&format!("{head}\n  when i.gravee\n{sentence}"))),
        ("misspelt_clause", rule(&format!("{head}\n  wehn i.grave\n{sentence}"))),
        ("name_of_another_module", "define is_seen(i: Incident) = i.seen_at is known\n".to_owned()),
        ("day_and_instant", rule(&format!("{head}\n  when i.seen_at < i.day\n{sentence}"))),
        ("hours_without_unit", rule(&format!("{head}\n  i.unit must report(i) within 24 after i.seen_at"))),
        ("within_from_when", rule(&format!("{head}\n  i.unit must report(i) within 24 hours"))),
        ("no_such_passage", rule(&format!("  cites orders#reprot\n  for each i: Incident\n{sentence}"))),
        (
            "words_of_another_passage",
            rule(&format!("  cites orders#report \"Nobody waits for proof\"\n  for each i: Incident\n{sentence}")),
        ),
        ("no_citation_and_no_deadline", rule("  for each i: Incident\n  i.unit must report(i)")),
        ("sensitive_deadline", rule(&format!("{head}\n  i.unit must report(i) within 24 hours after i.told_at"))),
        ("two_definitions_of_one_name", "define is_old(n: Int) = n > 3\n\ndefine is_old(n: Int) = n > 4\n".to_owned()),
(
            "conflict_of_two_rules",
            format!(
                "{}\n{}",
                rule(&format!("{head}\n  when i.grave\n{sentence}")),
                "rule keep_silence \"Nothing is sent that others could read\" {\n  cites orders#proof\n  for each i: Incident\n  no one may report(i)\n}\n"
            ),
        ),
        ("half_typed", rule(&format!("{head}\n  when i."))),
        ("ring_of_definitions", "define a(n: Int): Bool = b(n)\ndefine b(n: Int): Bool = a(n)\n".to_owned()),
        (
            "parameter_outside_bounds",
            "mission heron \"Exercise Heron\" refines caac {\n  set caac.reporting_window = 96 hours\n}\n".to_owned(),
        ),
        (
            "wide_characters",
            "enum Ort { a = \"東京 näive 🙂\", b = \"東京 näive 🙂\" }\ndefine c(n: Int) = \"東京\" == n and \"🙂\" != d\n".to_owned(),
        ),
("windows_line_ends", rule(&format!("{head}\n  when i.gravee\n{sentence}")).replace('\n', "\r\n")),
    ]
}

fn shown(compiler: &mut Compiler, root: &str) -> String {
    let files = Files::from([
        (ROOT.to_owned(), root.to_owned()),
        ("force.mandate".to_owned(), FORCE.to_owned()),
        ("sources/orders.md".to_owned(), ORDERS.to_owned()),
    ]);
    let found = compiler.told(&files);
    let drawn: Vec<File<'_>> =
        found.iter().map(|file| File { path: &file.path, text: &file.text, diagnostics: &file.diagnostics }).collect();
    text(&drawn, &|path| files.get(path).map(|text| text.as_str().into()), Options::default())
}

#[test]
fn mistakes_are_shown_as_they_were_reviewed() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let mut compiler = Compiler::default();
    let mut differing = Vec::new();
    for (name, root) in cases() {
        let path = directory.join(name).with_extension("txt");
        let came = shown(&mut compiler, &root);
        assert!(!came.is_empty(), "{name} draws nothing");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &came).expect("the snapshot is written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if came != expected {
            differing.push(format!("{name}\n--- expected\n{expected}\n+++ came\n{came}"));
        }
    }
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

#[test]
fn line_ends_of_windows_change_nothing_that_is_shown() {
    let mut compiler = Compiler::default();
    let of = |name: &str| cases().into_iter().find(|(case, _)| *case == name).map(|(_, root)| root).expect("a case");
    let unix = shown(&mut compiler, &of("misspelt_field"));
    assert_eq!(unix, shown(&mut compiler, &of("windows_line_ends")));
}
