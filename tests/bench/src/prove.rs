//! What is proven about packages of rules: cold, after an edit of one rule, memory. In one process with the front end, as an editor
//! has it; the program's `check` beside it.

use mandate_pack::Pack;
use mandate_prove::Prover;
use mandate_semantics::{Assembly, Host, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Rules that share an act.
const RULES_OF_AN_ACT: usize = 40;
/// Rules of one module.
const RULES_OF_A_MODULE: usize = 40;
/// Edits that are measured.
const EDITS: usize = 9;

/// Numbers that look random and are the same every time (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

fn vocabulary(acts: usize) -> String {
    let mut text = String::from(
        "//! Vocabulary of a generated package.\n\nenum Grade { low < moderate < high < severe }\n\n\
         record Unit key id {\n  id: Text\n}\n\nrecord Incident key id at seen_at {\n  id: Text\n  seen_at: Time\n  unit: Unit\n",
    );
    for field in 0..8 {
        let _ = writeln!(text, "  grade{field}: Grade");
    }
    for field in 0..6 {
        let _ = writeln!(text, "  count{field}: Int?");
    }
    for field in 0..4 {
        let _ = writeln!(text, "  time{field}: Time?");
    }
    text.push_str("}\n\n");
    for act in 0..acts {
        let _ = write!(
            text,
            "record Step{act} key id at done_at {{\n  id: Text\n  incident: Incident\n  done_at: Time?\n  grade: Grade?\n}}\n\n\
             action step{act}(i: Incident) {{\n  evidence s: Step{act} where s.incident == i and s.grade >= moderate\n}}\n\n"
        );
    }
    text
}

/// One rule of five to ten conditions.
fn rule(number: usize, act: usize, numbers: &mut Numbers) -> String {
    let mut conditions = Vec::new();
    let grades = ["low", "moderate", "high", "severe"];
    for _ in 0..5 + numbers.below(6) {
        let condition = match numbers.below(8) {
            0..=5 => format!("i.grade{} == {}", numbers.below(8), grades[numbers.below(4)]),
            6 if numbers.below(2) == 0 => format!("i.grade{} >= {}", numbers.below(8), grades[1 + numbers.below(2)]),
            6 => format!("i.count{} > {}", numbers.below(6), numbers.below(20)),
            _ => format!("i.time{} < i.seen_at + {} hours", numbers.below(4), 1 + numbers.below(90)),
        };
        // A field is asked about once, so that rules can apply.
        let field = condition.split(' ').next().unwrap_or("").to_owned();
        if !conditions.iter().any(|known: &String| known.starts_with(&field)) {
            conditions.push(condition);
        }
    }
    let norm = match number % 3 {
        0 | 1 => format!("everyone must step{act}(i) within {} hours after i.seen_at", 1 + numbers.below(72)),
        // Rules of a package seldom contradict; in one of two hundred a ban reaches into the time of duties.
        _ if number % 200 == 2 => format!("no one may step{act}(i) before i.seen_at + {} hours", 1 + numbers.below(96)),
        _ => format!("no one may step{act}(i) before i.seen_at"),
    };
    format!("rule rule{number} {{\n  for each i: Incident\n  when {}\n  {norm}\n}}\n\n", conditions.join(" and "))
}

pub(crate) fn modules(rules: usize, edited: Option<(usize, usize)>) -> Vec<(String, String)> {
    let acts = rules.div_ceil(RULES_OF_AN_ACT);
    let mut files = vec![("vocabulary.mandate".to_owned(), vocabulary(acts))];
    let mut numbers = Numbers(7);
    let mut text = String::new();
    for number in 0..rules {
        if number % RULES_OF_A_MODULE == 0 && number > 0 {
            files.push((format!("rules{:04}.mandate", number / RULES_OF_A_MODULE - 1), std::mem::take(&mut text)));
        }
        if text.is_empty() {
            let steps: Vec<String> = (0..acts).map(|act| format!("step{act}")).collect();
            let _ = write!(text, "use vocabulary.{{Incident, {}}}\n\n", steps.join(", "));
        }
        let mut next = rule(number, number % acts, &mut numbers);
        if let Some((_, to)) = edited.filter(|(which, _)| *which == number) {
            next = next.replacen("  when ", &format!("  when i.grade7 >= {} and ", ["low", "moderate"][to % 2]), 1);
        }
        text.push_str(&next);
    }
    files.push((format!("rules{:04}.mandate", (rules - 1) / RULES_OF_A_MODULE), text));
    files
}

/// Rules about people of whom something may not be known, nine to an act: where it is not known of one person, all of them apply.
fn gaps(rules: usize) -> Vec<(String, String)> {
    let acts = rules.div_ceil(9);
    let mut vocabulary = String::from(
        "//! Vocabulary of a generated package.\n\nenum Grade { low < middle < high }\n\nrecord Person {\n  age: Int?\n  grade: Grade?\n}\n\n\
         record Incident key id at seen_at {\n  id: Text\n  seen_at: Time\n  grade: Grade\n  people: list of Person\n}\n\n",
    );
    for act in 0..acts {
        let _ = write!(
            vocabulary,
            "record Step{act} key id at done_at {{\n  id: Text\n  incident: Incident\n  done_at: Time?\n}}\n\n\
             action step{act}(i: Incident) {{ evidence s: Step{act} where s.incident == i }}\n\n"
        );
    }
    let mut files = vec![("vocabulary.mandate".to_owned(), vocabulary)];
    for module in 0..rules.div_ceil(RULES_OF_A_MODULE) {
        let numbers = module * RULES_OF_A_MODULE..rules.min((module + 1) * RULES_OF_A_MODULE);
        let used: BTreeSet<String> = numbers.clone().chain([0]).map(|number| format!("step{}", number / 9)).collect();
        let used: Vec<String> = used.into_iter().collect();
        let mut text = format!("use vocabulary.{{Incident, Person, Grade, {}}}\n\n", used.join(", "));
        for number in numbers {
            let _ = write!(
                text,
                "define young{number}(p: Person) = p.age == {} if unknown p.grade == high\n\nrule rule{number} {{\n  for each i: Incident\n  \
                 when some p in i.people where young{number}(p)\n  unless i.grade == low\n  \
                 everyone must step{}(i) within {} hours after i.seen_at\n}}\n\n",
                number % 90,
                number / 9,
                number % 72 + 1
            );
        }
        files.push((format!("rules{module:04}.mandate"), text));
    }
    files
}

pub(crate) fn project(files: &[(String, String)]) -> ProjectInput {
    let modules = files
        .iter()
        .map(|(name, text)| ModuleInput {
            path: Arc::from(name.as_str()),
            relative: name.clone(),
            module: name.trim_end_matches(".mandate").to_owned(),
            text: Arc::from(text.as_str()),
        })
        .collect();
    let package = PackageInput {
        name: "bench".to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Own,
        dependencies: Vec::new(),
        at_hand: false,
        modules,
        documents: Vec::new(),
        lock: None,
    };
    ProjectInput { packages: vec![package] }
}

/// Measures packages of several sizes.
pub fn bench() -> Result<(), String> {
    println!(
        "{:<14} {:>10} {:>10} {:>14} {:>12} {:>14} {:>14} {:>9}",
        "rules", "cold", "findings", "after an edit", "of it proofs", "a ban typed", "among gaps", "memory"
    );
    for rules in [50, 1_000, 10_000] {
        one(rules)?;
    }
    Ok(())
}

fn one(rules: usize) -> Result<(), String> {
    let mut host = Host::new();
    host.set_project(project(&modules(rules, None)));
    // As an editor has it: the pack is kept, and brought up to date by what an edit reached.
    let mut assembly = Assembly::default();
    let pack = assembled(&host, &mut assembly)?;
    let mut prover = Prover::new();
    let began = Instant::now();
    let found = prover.check(&pack, &|_| true, &|| false).unwrap_or_default();
    let cold = began.elapsed();
    let mut edits: Vec<(Duration, Duration)> = Vec::new();
    for edit in 0..EDITS {
        let files = modules(rules, Some((rules / 2, edit)));
        let (name, text) = &files[1 + (rules / 2) / RULES_OF_A_MODULE];
        let began = Instant::now();
        host.set_text(name, Arc::from(text.as_str()));
        let pack = assembled(&host, &mut assembly)?;
        let proofs = Instant::now();
        let _ = prover.check(&pack, &|_| true, &|| false);
        edits.push((began.elapsed(), proofs.elapsed()));
    }
    edits.sort();
    let (whole, proofs) = edits[edits.len() / 2];
    let ban = banned(&modules(rules, Some((rules / 2, EDITS - 1))), "")?;
    let gaps = banned(&gaps(rules), "some p in i.people where p.age == 1 if unknown p.grade == high")?;
    let memory = memory().map_or_else(|| "unknown".to_owned(), |bytes| format!("{:.0} MB", bytes as f64 / 1e6));
    println!(
        "{rules:<14} {cold:>10.1?} {:>10} {whole:>14.1?} {proofs:>12.1?} {ban:>14.1?} {gaps:>14.1?} {memory:>9}",
        found.len()
    );
    Ok(())
}

/// How long it takes to be told of a ban that contradicts every duty of one act, typed at the end of the last module and taken away again.
fn banned(files: &[(String, String)], when: &str) -> Result<Duration, String> {
    let mut host = Host::new();
    host.set_project(project(files));
    let (mut assembly, mut prover) = (Assembly::default(), Prover::new());
    let pack = assembled(&host, &mut assembly)?;
    let _ = prover.check(&pack, &|_| true, &|| false);
    let Some((name, text)) = files.last() else { return Err("no module".to_owned()) };
    let when = if when.is_empty() { String::new() } else { format!("  when {when}\n") };
    let ban = format!("rule never {{\n  for each i: Incident\n{when}  everyone must not step0(i)\n}}\n");
    let mut bans: Vec<Duration> = Vec::new();
    for _ in 0..EDITS {
        for typed in [ban.as_str(), ""] {
            let began = Instant::now();
            host.set_text(name, Arc::from(format!("{text}{typed}")));
            let pack = assembled(&host, &mut assembly)?;
            let found = prover.check(&pack, &|_| true, &|| false).unwrap_or_default();
            if !typed.is_empty() {
                if !found.iter().any(|finding| finding.message.contains("never")) {
                    return Err("nothing was said of the ban".to_owned());
                }
                bans.push(began.elapsed());
            }
        }
    }
    bans.sort();
    Ok(bans[bans.len() / 2])
}

fn assembled(host: &Host, assembly: &mut Assembly) -> Result<Arc<Pack>, String> {
    let whole = host.snapshot().assemble("bench", assembly);
    assembly.pack().filter(|_| whole).cloned().ok_or_else(|| "the generated package has errors".to_owned())
}

/// Largest resident memory of this process so far, in bytes; `None` where the system does not say.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
