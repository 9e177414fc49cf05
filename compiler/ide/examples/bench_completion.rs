//! How long a completion takes in a large workspace, each after an edit of its own file, as a typist asks for it.
//!
//! `cargo run --release -p mandate-ide --example bench_completion [-- MODULES TURNS]`: a package of MODULES modules of a hundred lines (1000
//! unless said), TURNS letters typed (200) at each of several places. Diagnostics are not asked for: what completion needs, it works out.

use mandate_ide::{completion, inlay_hints, signature_help};
use mandate_semantics::{Host, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: usize| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (modules, turns) = (number(0, 1_000), number(1, 200));
    let text = module("large", 1_000);
    let mut host = Host::new();
    host.set_project(project(modules, &text));
    let begin = Instant::now();
    let found = host.snapshot().check();
    println!(
        "{modules} modules checked in {:.0} ms, {} files with diagnostics",
        milliseconds(begin.elapsed()),
        found.len()
    );

    for (what, words, line) in PLACES {
        let mut times = Vec::new();
        let mut offered = 0;
        for turn in 0..turns {
            let typed = &words[..words.len().min(turn % words.len() + 1)];
            let (changed, at) = edited(&text, line, typed, turn);
            host.set_text("large.mandate", Arc::from(changed.as_str()));
            let snapshot = host.snapshot();
            let begin = Instant::now();
            let found = completion(&snapshot, "large.mandate", at, None);
            times.push(begin.elapsed());
            offered = offered.max(found.map_or(0, |found| found.items.len()));
        }
        print_times(what, &mut times, offered);
    }
    others(&mut host, &text, turns);
}

/// Signature help and hints at the same edits.
fn others(host: &mut Host, text: &str, turns: usize) {
    let (mut calls, mut hints) = (Vec::new(), Vec::new());
    for turn in 0..turns {
        let (changed, at) = edited(text, "  when young_0(", "i", turn);
        host.set_text("large.mandate", Arc::from(changed.as_str()));
        let snapshot = host.snapshot();
        let begin = Instant::now();
        let found = signature_help(&snapshot, "large.mandate", at);
        calls.push(begin.elapsed());
        assert!(found.is_some(), "the call of a definition");
        let begin = Instant::now();
        let screen = mandate_diagnostics::Span::new(at.saturating_sub(2_000), at + 2_000);
        inlay_hints(&snapshot, "large.mandate", screen, mandate_ide::HintKinds::default());
        hints.push(begin.elapsed());
    }
    print_times("signature help", &mut calls, 1);
    print_times("hints of a screen", &mut hints, 1);
}

/// What is typed where: a name for it, the words, and the line before them.
const PLACES: [(&str, &str, &str); 6] = [
    ("definition in a condition", "young", "  when "),
    ("field behind a dot", "vict", "  when i."),
    ("record of another module", "Incid", "  for each x: "),
    ("action behind a modal", "report", "  everyone must "),
    ("clause", "unless", "  "),
    ("source and passage", "policy#rep", "  cites "),
];

/// The text with a new half rule in it, and the place behind what is typed.
fn edited(text: &str, line: &str, typed: &str, turn: usize) -> (String, u32) {
    let rules: Vec<usize> = text.match_indices("\nrule ").map(|(at, _)| at + 1).collect();
    let at = rules[turn * 7919 % rules.len()];
    let half = format!("rule half {{\n  for each i: Incident\n{line}{typed}");
    let place = (at + half.len()) as u32;
    (format!("{}{half}\n}}\n\n{}", &text[..at], &text[at..]), place)
}

fn project(modules: usize, large: &str) -> ProjectInput {
    let input = |name: &str, text: String| ModuleInput {
        path: Arc::from(format!("{name}.mandate")),
        relative: format!("{name}.mandate"),
        module: name.to_owned(),
        text: Arc::from(text.as_str()),
    };
    let mut all = vec![input("base", BASE.to_owned()), input("large", large.to_owned())];
    all.extend((0..modules).map(|number| input(&format!("file_{number:04}"), module(&format!("f{number}"), 100))));
    let document = mandate_semantics::DocumentInput {
        path: Arc::from("sources/policy.md"),
        relative: "sources/policy.md".to_owned(),
        text: Arc::from("# Policy\n\n## Reporting {#reporting}\n\nWhoever sees an incident reports it.\n"),
    };
    let package = PackageInput {
        name: "bench".to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Own,
        at_hand: false,
        dependencies: Vec::new(),
        modules: all,
        documents: vec![document],
        lock: None,
    };
    ProjectInput { packages: vec![package] }
}

const BASE: &str = r#"source policy {
  title "Policy"
  force guidance
  document "sources/policy.md"
}

enum Grade { low < middle < high }

record Victim {
  age: Int?
  grade: Grade?
}

record Incident key id at observed_at {
  id: Text
  observed_at: Time
  grade: Grade
  victims: list of Victim
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

action report(i: Incident) {
  evidence r: Report where r.incident == i
}
"#;

/// A module of about `lines` lines, in groups of ten.
fn module(name: &str, lines: usize) -> String {
    let mut text = String::from("use base.{policy, Victim, Incident, Grade, report}\n\n");
    for number in 0..lines / 10 {
        let young = if name == "large" { format!("young_{number}") } else { format!("{name}_young_{number}") };
        text.push_str(&format!(
            "define {young}(v: Victim) = v.age < 18 if unknown v.grade == high\n\n\
             rule {name}_{number} \"Report incident {number}\" {{\n  cites policy#reporting\n  for each i: Incident\n  \
             when some v in i.victims where {young}(v)\n  unless i.grade == low\n  \
             everyone must report(i) within {} hours after i.observed_at\n}}\n\n",
            number % 72 + 1
        ));
    }
    text
}

fn print_times(what: &str, times: &mut [Duration], offered: usize) {
    times.sort();
    let at = |share: f64| milliseconds(times[((times.len() - 1) as f64 * share) as usize]);
    println!("{what:<26} p50 {:>7.2}  p95 {:>7.2}  max {:>7.2} ms  ({offered} offered)", at(0.5), at(0.95), at(1.0));
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
