//! How long the colours, folds and actions of a long file take: `cargo run --release -p mandate-ide --example colours [-- LINES]`.

use mandate_diagnostics::Span;
use mandate_semantics::{Host, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
use std::sync::Arc;
use std::time::{Duration, Instant};

const HEAD: &str = "enum Grade { low < high }\n\nrecord Event key id at seen_at {\n  id: Text\n  seen_at: Time\n  grade: Grade\n  grave: Bool = false\n}\n\nrecord Report key id at sent_at {\n  id: Text\n  event: Event\n  sent_at: Time\n}\n\nsource order_7 {\n  title \"Order 7\"\n  force order\n}\n\naction report(e: Event) {\n  evidence r: Report where r.event == e\n}\n";

fn main() {
    let lines = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let mut text = HEAD.to_owned();
    for number in 0.. {
        if text.matches('\n').count() >= lines {
            break;
        }
        text.push_str(&format!(
            "\n/// Rule {number}.\nrule tell_{number} \"Tell it, {number}\" {{\n  cites order_7\n  for each e: Event\n  when e.grade >= high and not e.grave // so\n  unless e.seen_at < 2024-01-01T00:00Z\n  everyone must report(e) within {number} hours after e.seen_at\n}}\n",
            number = number + 1
        ));
    }
    let path: Arc<str> = Arc::from("long.mandate");
    let module = ModuleInput {
        path: path.clone(),
        relative: "long.mandate".to_owned(),
        module: "long".to_owned(),
        text: Arc::from(text.as_str()),
    };
    let package = PackageInput {
        name: "example".to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Own,
        at_hand: false,
        dependencies: Vec::new(),
        modules: vec![module],
        documents: Vec::new(),
        lock: None,
    };
    let mut host = Host::new();
    host.set_project(ProjectInput { packages: vec![package] });
    let found = host.snapshot().diagnostics(&path).len();
    println!("{} lines, {found} diagnostics", text.matches('\n').count());
    let middle = Span::empty(text.len() as u32 / 2);
    let snapshot = host.snapshot();
    measure("semantic tokens", || mandate_ide::semantic_tokens(&snapshot, &path, None).len());
    measure("semantic tokens of 50 lines", || {
        let range = Span::new(middle.start, middle.start + 1_500);
        mandate_ide::semantic_tokens(&snapshot, &path, Some(range)).len()
    });
    measure("folding ranges", || mandate_ide::folding_ranges(&snapshot, &path).len());
    measure("selection range", || {
        mandate_ide::selection_range(&snapshot, &path, middle.start).map_or(0, |it| it.len())
    });
    measure("code actions", || mandate_ide::code_actions(&snapshot, &path, middle, &[], &|_| true).len());
    measure("formatting on type", || mandate_ide::on_type_formatting(&text, middle.start, '\n').map_or(0, |_| 1));
}

fn measure(what: &str, ask: impl Fn() -> usize) {
    let mut times: Vec<Duration> = Vec::new();
    let mut found = 0;
    for _ in 0..30 {
        let begin = Instant::now();
        found = ask();
        times.push(begin.elapsed());
    }
    times.sort();
    let at = |part: usize| times[(times.len() - 1) * part / 100].as_secs_f64() * 1e3;
    println!("{what:<30} {found:>7} found, median {:>7.2} ms, p95 {:>7.2} ms", at(50), at(95));
}
