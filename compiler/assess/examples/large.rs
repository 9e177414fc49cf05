//! Measures an assessment of many records: `cargo run --release -p mandate-assess --example large -- 10000`.
//!
//! As many incidents and reports as asked for (10,000), each incident reported by a commander found through a role.

#[path = "../tests/shapes/mod.rs"]
mod shapes;

use mandate_assess::{Facts, FactsFile, Options, assess};
use shapes::{clock, pack, report_in_24_hours};
use std::fmt::Write;
use std::time::Instant;

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let rules = ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10"];
    let rules: Vec<_> = rules.into_iter().map(|name| (name, report_in_24_hours())).collect();
    let pack = pack(rules);
    let mut yaml = String::from("records:\n  Post:\n    - {id: uc, role: unit_commander}\n  Incident:\n");
    for n in 0..count {
        let _ = writeln!(yaml, "    - {{id: inc-{n}, observed_at: \"{}\"}}", clock(n as i64 % 500));
    }
    yaml.push_str("  Report:\n");
    for n in 0..count {
        let at = clock(n as i64 % 500 + n as i64 % 40);
        let _ =
            writeln!(yaml, "    - {{id: rep-{n}, incident: inc-{n}, channel: chain, sender: uc, sent_at: \"{at}\"}}");
    }
    let start = Instant::now();
    let (facts, faults) = Facts::load(&pack, &[FactsFile { name: "large.yaml".into(), bytes: yaml.into_bytes() }]);
    println!("read {} records, {} faults: {:?}", facts.len(), faults.len(), start.elapsed());
    let as_of = clock(1000).parse().unwrap_or_default();
    let start = Instant::now();
    match assess(&pack, &facts, &Options { as_of: Some(as_of), ..Options::at(as_of) }) {
        Ok(found) => println!("{} findings: {:?}", found.findings.len(), start.elapsed()),
        Err(fault) => println!("{fault}"),
    }
}
