//! The assessment does not depend on how many threads judge, nor on whether what is settled is listed.

mod shapes;

use mandate_assess::{Assessment, Facts, FactsFile, Options, Status, assess};
use shapes::{clock, pack, report_in_24_hours};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;

/// 500 incidents, every third reported late and every seventh not at all; some without a time.
fn facts() -> FactsFile {
    let mut yaml = String::from("records:\n  Post:\n    - {id: uc, role: unit_commander}\n  Incident:\n");
    for n in 0..500 {
        let observed = if n % 11 == 0 { String::new() } else { format!(", observed_at: \"{}\"", clock(n % 300)) };
        let _ = writeln!(yaml, "    - {{id: inc-{n}{observed}}}");
    }
    yaml.push_str("  Report:\n");
    for n in (0..500).filter(|n| n % 7 != 0) {
        let at = clock(n % 300 + if n % 3 == 0 { 40 } else { 5 });
        let _ =
            writeln!(yaml, "    - {{id: rep-{n}, incident: inc-{n}, channel: chain, sender: uc, sent_at: \"{at}\"}}");
    }
    FactsFile { name: "many.yaml".into(), bytes: yaml.into_bytes() }
}

fn judged(threads: usize, list_all: bool) -> Assessment {
    let pack = pack(["r1", "r2", "r3"].map(|name| (name, report_in_24_hours())).into());
    let (facts, faults) = Facts::load(&pack, &[facts()]);
    assert!(faults.is_empty(), "{faults:?}");
    let as_of = clock(310).parse().expect("an instant");
    assess(&pack, &facts, &Options { threads, list_all, ..Options::at(as_of) }).expect("sound")
}

#[test]
fn one_thread_and_four_find_the_same_in_the_same_order() {
    let text = |threads| serde_json::to_string(&judged(threads, true)).expect("JSON");
    let one = text(1);
    let words = ["violated", "satisfied", "pending", "undetermined"];
    assert!(words.iter().all(|word| one.contains(&format!("\"{word}\""))), "{one:.2000}");
    for threads in [2, 4, 7] {
        assert_eq!(text(threads), one, "{threads} threads");
    }
}

#[test]
fn what_is_not_listed_is_counted() {
    let (whole, short) = (judged(4, true), judged(4, false));
    assert_eq!(whole.summary, short.summary);
    let mut listed: BTreeMap<String, BTreeMap<Status, u64>> = BTreeMap::new();
    for finding in whole.findings.iter().filter(|f| f.status.is_settled()) {
        *listed.entry(finding.rule.to_string()).or_default().entry(finding.status).or_default() += 1;
    }
    assert!(!listed.is_empty());
    assert_eq!(listed, short.unlisted);
    let open: Vec<_> = whole.findings.into_iter().filter(|f| !f.status.is_settled()).collect();
    assert_eq!(open, short.findings);
}

#[test]
fn every_rule_is_told_once_when_it_is_done() {
    let pack = pack(["r1", "r2", "r3"].map(|name| (name, report_in_24_hours())).into());
    let (facts, _) = Facts::load(&pack, &[facts()]);
    let as_of = clock(310).parse().expect("an instant");
    let told = Mutex::new(Vec::new());
    let watch = |done, of| told.lock().expect("no panic").push((done, of));
    mandate_assess::assess_watched(&pack, &facts, &Options { threads: 4, ..Options::at(as_of) }, &watch)
        .expect("sound");
    assert_eq!(told.into_inner().expect("no panic"), [(1, 3), (2, 3), (3, 3)]);
}
