//! What memory it takes to judge more records than fit into it: `cargo run --release -p mandate-assess --example stream [RECORDS] [whole]`.
//!
//! The records are made while they are read, so that nothing but the assessment is measured. With `whole` all of them are kept, as for
//! records that others refer to. Prints wall-clock time and peak memory. Nothing here passes or fails.

use mandate_assess::{FactsSource, Options, assess_stream};
use mandate_pack::Pack;
use serde_json::json;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::time::Instant;

/// Records judged in one go.
const BATCH: NonZeroUsize = NonZeroUsize::new(50_000).unwrap();

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let records = arguments.iter().find_map(|text| text.parse().ok()).unwrap_or(3_000_000);
    let batch = (!arguments.iter().any(|text| text == "whole")).then_some(BATCH);
    let source =
        |name: &str, input: Box<dyn Read>| FactsSource { name: name.to_owned(), format: None, records: None, input };
    let units: String = (0..1000).map(|n| format!("{{\"id\":\"unit-{n}\"}}\n")).collect();
    let lines = Lines { next: 0, records, rest: Vec::new(), at: 0 };
    let sources = vec![
        source("Search.jsonl", Box::new(lines)),
        source("Unit.jsonl", Box::new(io::Cursor::new(units.into_bytes()))),
    ];
    let now = "2025-01-01T00:00:00Z".parse().expect("an instant");
    let options = Options { list_all: false, reads: false, ..Options::at(now) };
    let start = Instant::now();
    let streamed = assess_stream(&pack(), sources, &options, batch, &|_| {}).expect("bytes at hand");
    let time = start.elapsed().as_secs_f64();
    let found = streamed.assessment.expect("sound facts");
    let how = if batch.is_some() { format!("in batches of {BATCH}") } else { "as a whole".to_owned() };
    println!(
        "{} records {how}: {time:.1} s, {} MB at most, {} findings listed",
        streamed.records,
        peak(),
        found.findings.len()
    );
    println!("{:?}", found.summary["bench.searches_are_ordered"].outcomes);
}

/// High-water mark of resident memory, in MB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Lines of records, made as they are read.
struct Lines {
    next: usize,
    records: usize,
    rest: Vec<u8>,
    at: usize,
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.rest.len() {
            self.rest.clear();
            self.at = 0;
            while self.next < self.records && self.rest.len() < 64 * 1024 {
                let (n, day) = (self.next, self.next % 28 + 1);
                // One in a thousand had no order.
                let ordered = n % 1000 != 7;
                let line = format!(
                    "{{\"id\":\"search-{n}\",\"at\":\"2024-05-{day:02}T08:00:00Z\",\"unit\":\"unit-{}\",\"people\":{},\"ordered\":{ordered},\"place\":{{\"lat\":{},\"lon\":{}}},\"note\":\"house {} in street {}\"}}\n",
                    n % 1000,
                    n % 9,
                    n % 90,
                    n % 180,
                    n % 977,
                    n % 1013
                );
                self.rest.extend_from_slice(line.as_bytes());
                self.next += 1;
            }
        }
        let rest = &self.rest[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

fn pack() -> Pack {
    let field = |name: &str, ty: &str| json!({ "name": name, "type": ty });
    let of = |name: &str, ty: &str| json!({ "type": ty, "node": { "field": { "of": { "type": "Search", "node": { "var": "s" } }, "name": name } } });
    let condition = json!({ "text": "s.ordered", "expr": { "type": "Bool", "node": { "compare": { "op": "==", "left": of("ordered", "Bool"), "right": { "type": "Bool", "node": { "bool": true } } } } } });
    let rule = json!({
        "title": "Searches are ordered", "origin": { "file": "bench.mandate", "line": 1 },
        "for_each": [{ "var": "s", "over": { "records": "Search" } }],
        "norm": { "text": "require s.ordered", "bearer": "everyone", "modal": "must", "act": { "ensure": [condition] } },
        "constraint": true, "cites": [], "when": [],
    });
    let mut pack: Pack = serde_json::from_value(json!({
        "format": mandate_pack::FORMAT, "digest": "", "name": "bench", "version": "1.0.0", "edition": "2026", "time_zone": "UTC",
        "records": {
            "Unit": { "name": "Unit", "key": "id", "fields": [field("id", "Text")] },
            "Search": { "name": "Search", "key": "id", "fields": [
                field("id", "Text"), field("at", "Time"), field("unit", "Unit"), field("people", "Int?"), field("ordered", "Bool"),
                field("place", "Location?"), field("note", "Text?"),
            ] },
        },
        "enums": {}, "roles": {}, "parameters": {}, "definitions": {}, "actions": {}, "waivers": {}, "sources": {},
        "endorsements": [], "assumptions": [], "background": [], "scenarios": [],
        "rules": { "bench.searches_are_ordered": rule },
    }))
    .expect("a pack");
    pack.seal();
    pack
}
