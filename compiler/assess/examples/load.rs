//! How long it takes to read facts, beside `serde_json` reading the same bytes: `cargo run --release -p mandate-assess --example load [RECORDS]`.
//!
//! Prints wall-clock times (median of several runs), the ratio, and the peak memory of the process. Nothing here passes or fails.

use mandate_assess::{Facts, FactsSource};
use mandate_pack::Pack;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Instant;

const RUNS: usize = 5;

fn main() {
    let records = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(1_000_000);
    let lines = lines(records);
    println!("{records} incidents, {} bytes each", lines.len() / records.max(1));
    let pack = pack();
    let plain = median(|| {
        let objects = lines.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count();
        assert_eq!(objects, records);
    });
    println!("serde_json, one value a line     {plain:.2} s on one thread");
    println!("peak memory before               {} MB", peak());
    let read = median(|| {
        let source = |name: &str, text: &str| FactsSource {
            name: name.to_owned(),
            format: None,
            records: None,
            input: Box::new(std::io::Cursor::new(text.as_bytes().to_vec())),
        };
        let units: String = (0..1000).map(|n| format!("{{\"id\":\"unit-{n}\"}}\n")).collect();
        let loaded = Facts::read(&pack, vec![source("Incident.jsonl", &lines), source("Unit.jsonl", &units)]);
        let loaded = loaded.expect("bytes at hand");
        assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
        assert!(loaded.facts.len() > records);
    });
    println!("facts read                       {read:.2} s: {:.2} times that of serde_json", read / plain);
    println!("peak memory, two copies of the bytes in it   {} MB", peak());
}

fn median(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}

/// High-water mark of resident memory, in MB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn lines(records: usize) -> String {
    let mut text = String::new();
    for n in 0..records {
        let (day, hour, minute) = (n % 28 + 1, n % 24, n % 60);
        let _ = writeln!(
            text,
            "{{\"id\":\"inc-{n:07}\",\"observed_at\":\"2024-03-{day:02}T{hour:02}:{minute:02}Z\",\"kind\":\"abduction\",\
             \"verification\":\"{level}\",\"unit\":\"unit-{unit}\",\"place\":{{\"lat\":{lat}.25,\"lon\":4.{minute:02},\"within\":\"50 m\"}},\
             \"casualties\":{hour},\"nation\":\"DEU\",\"victims\":[{{\"age\":{minute}}}],\"note\":\"synthetic record of the benchmark\"}}",
            level = ["alleged", "verified"][n % 2],
            unit = n % 1000,
            lat = n % 90,
        );
    }
    text
}

fn pack() -> Pack {
    let field = |(name, ty): &(&str, &str)| json!({ "name": name, "type": ty });
    let record = |name: &str, key: Option<&str>, fields: &[(&str, &str)]| json!({ "name": name, "key": key, "fields": fields.iter().map(field).collect::<Vec<_>>() });
    let variants =
        |names: &[&str]| names.iter().map(|name| json!({ "name": name, "spelling": name })).collect::<Vec<_>>();
    let none = || json!({});
    let incident = [
        ("id", "Text"),
        ("observed_at", "Time?"),
        ("kind", "enum Kind"),
        ("verification", "enum Level?"),
        ("unit", "Unit?"),
        ("place", "Location?"),
        ("casualties", "Int?"),
        ("nation", "Nation?"),
        ("victims", "list of Victim?"),
        ("note", "Text?"),
        ("reported_at", "Time?"),
        ("ended_at", "Time?"),
    ];
    let pack = json!({
        "format": mandate_pack::FORMAT, "digest": "", "name": "bench", "version": "1", "edition": "2026", "time_zone": "UTC",
        "enums": {
            "Kind": { "ordered": false, "variants": variants(&["killing", "abduction"]) },
            "Level": { "ordered": true, "variants": variants(&["alleged", "verified"]) },
        },
        "records": {
            "Unit": record("Unit", Some("id"), &[("id", "Text")]),
            "Victim": record("Victim", None, &[("age", "Int?")]),
            "Incident": record("Incident", Some("id"), &incident),
        },
        "roles": none(), "parameters": none(), "definitions": none(), "actions": none(), "waivers": none(), "sources": none(),
        "rules": none(), "endorsements": [], "assumptions": [], "background": [], "scenarios": [],
    });
    serde_json::from_value(pack).expect("a pack")
}
