//! Speed of reading: `cargo run --release -p mandate-syntax --example bench_parse -- 100000`.

use std::time::Instant;

const BLOCK: &str = r#"/// How the act shows up in mission data.
action report_N(incident: Incident) {
  evidence r: Report where r.incident == incident and r.channel == chain_of_command by r.sender
}

rule report_grave_violation_N "Report grave violations against children up the chain" {
  cites child_policy#reporting "must be reported without delay", hague#4(1)
  for each i: Incident, u in i.units
  when i.grave_violation != none and some v in i.victims where v.age < 18 if unknown v.band in {infant, child}
  unless i.verification == refuted and i.observed_at + 20 hours < as_of // not yet
  commander of i.observed_by must report_N(i) within reporting_window after i.observed_at
  otherwise joint_command must open_inquiry(i) within 48 hours
}

record Report_N key id at sent_at {
  id: Text
  sent_at: Time? // missing means unknown
  withdrawn_at: Time = never
}

"#;

fn main() {
    let wanted: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut text = String::new();
    for n in 0..wanted.div_ceil(BLOCK.lines().count()) {
        text.push_str(&BLOCK.replace("_N", &format!("_{n}")));
    }
    let mib = text.len() as f64 / 1e6;
    println!("{} lines, {mib:.1} MB", text.lines().count());
    time("chunks", mib, || mandate_syntax::chunks(&text).len());
    time("tokens", mib, || mandate_syntax::token::tokens(&text).len());
    time("parse ", mib, || mandate_syntax::parse(&text).items.len());
}

/// The fastest of five runs, as the others only measure the neighbours.
fn time(what: &str, mib: f64, run: impl Fn() -> usize) {
    let fastest = (0..5).map(|_| {
        let start = Instant::now();
        let count = run();
        (start.elapsed(), count)
    });
    if let Some((took, count)) = fastest.min() {
        println!("{what} {:>8.1} ms {:>8.0} MB/s ({count})", took.as_secs_f64() * 1e3, mib / took.as_secs_f64());
    }
}
