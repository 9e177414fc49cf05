//! Random duties beside random prohibitions, in worlds so small that every act can be tried: who is demanded to do what, by whom it is
//! forbidden, when, what overrides the ban and which situations a constraint rules out.

use jiff::Timestamp;
use mandate_assess::{Facts, Options, Outcome, Status, assess};
use mandate_pack::{Fact, Pack};
use mandate_prove::Prover;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Numbers that look random and are the same everywhere (Steele, Lea, Flood 2014: SplitMix).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }

    fn of<'v>(&mut self, values: &[&'v str]) -> &'v str {
        values.get(self.below(values.len() as u64) as usize).copied().unwrap_or_default()
    }
}

const INCIDENT: &str = "p.Incident";

fn read(name: &str, ty: &str) -> Value {
    json!({ "type": ty, "node": { "field": { "of": { "type": INCIDENT, "node": { "var": "i" } }, "name": name } } })
}

fn truth(node: Value) -> Value {
    json!({ "type": "Bool?", "node": node })
}

/// A condition on the two flags of an incident.
fn condition(dice: &mut Dice, depth: u32) -> Value {
    if depth > 0 {
        match dice.below(6) {
            0 => return truth(json!({ "not": condition(dice, depth - 1) })),
            1 => return truth(json!({ "and": [condition(dice, depth - 1), condition(dice, depth - 1)] })),
            2 => return truth(json!({ "or": [condition(dice, depth - 1), condition(dice, depth - 1)] })),
            _ => {}
        }
    }
    let flag = read(dice.of(&["a", "b"]), "Bool?");
    match dice.below(6) {
        0 => truth(json!({ "is_known": flag })),
        1 => truth(json!({ "is_missing": flag })),
        2 => truth(json!({ "not": flag })),
        _ => flag,
    }
}

fn named(expr: Value) -> Value {
    json!({ "text": "a condition", "expr": expr })
}

fn hours(hours: u64) -> Value {
    json!({ "type": "Duration", "node": { "duration": { "seconds": hours * 3600 } } })
}

fn bearer(dice: &mut Dice) -> Value {
    match dice.below(5) {
        0 | 1 => json!({ "role": { "role": "p.commander" } }),
        2 | 3 => json!({ "role": { "role": "p.colonel_in_command" } }),
        _ => json!("everyone"),
    }
}

fn rule(line: u32, when: Vec<Value>, unless: Vec<Value>, norm: Value) -> Value {
    let named = |all: Vec<Value>| all.into_iter().map(named).collect::<Vec<_>>();
    json!({
        "title": "", "origin": { "file": "p:p.mandate", "line": line }, "constraint": false, "cites": [],
        "for_each": [{ "var": "i", "over": { "records": INCIDENT } }],
        "when": named(when), "unless": named(unless), "norm": norm,
    })
}

fn act(bearer: Value, modal: &str, time: Option<Value>) -> Value {
    let args = json!([{ "type": INCIDENT, "node": { "var": "i" } }]);
    let mut norm = json!({ "text": "", "bearer": bearer, "modal": modal, "act": { "do": { "action": "p.report", "args": args } } });
    if let (Some(time), Some(norm)) = (time, norm.as_object_mut()) {
        norm.insert("time".to_owned(), time);
    }
    norm
}

/// A pack of a duty `r1`, a ban `r2`, sometimes a permission that overrides the ban, sometimes a constraint.
fn pack(dice: &mut Dice) -> Pack {
    let base: Value = serde_json::from_str(include_str!("pack.json")).expect("the base is JSON");
    let mut rules = serde_json::Map::new();
    let owed = json!({ "within_after": [hours(dice.below(3)), read("s", "Time?")] });
    let who = bearer(dice);
    rules.insert("p.r1".to_owned(), rule(1, vec![condition(dice, 1)], Vec::new(), act(who, "must", Some(owed))));
    let banned = match dice.below(4) {
        0 => None,
        1 => Some(json!({ "before": read("t", "Time?") })),
        2 => Some(json!({ "by": read("t", "Time?") })),
        _ => Some(json!({ "within_after": [hours(1 + 2 * dice.below(2)), read("t", "Time?")] })),
    };
    let unless = if dice.below(2) == 0 { vec![condition(dice, 1)] } else { Vec::new() };
    let who = bearer(dice);
    rules.insert("p.r2".to_owned(), rule(2, vec![condition(dice, 1)], unless, act(who, "must_not", banned)));
    if dice.below(3) == 0 {
        let mut permission = rule(3, vec![condition(dice, 1)], Vec::new(), act(json!("everyone"), "may", None));
        let target = json!([{ "rule": "p.r2", "args": [{ "type": INCIDENT, "node": { "var": "i" } }] }]);
        if let Some(permission) = permission.as_object_mut() {
            permission.insert("overrides".to_owned(), target);
        }
        rules.insert("p.r3".to_owned(), permission);
    }
    if dice.below(3) == 0 {
        let holds = json!({ "ensure": [named(condition(dice, 1))] });
        let norm = json!({ "text": "", "bearer": "everyone", "modal": "must", "act": holds });
        rules.insert("p.r4".to_owned(), rule(4, vec![condition(dice, 1)], Vec::new(), norm));
    }
    let mut pack = base;
    if let Some(fields) = pack.as_object_mut() {
        fields.insert("rules".to_owned(), Value::Object(rules));
    }
    serde_json::from_value(pack).expect("a pack")
}

fn fact(record: &str, name: &str, fields: Value) -> Fact {
    let fields = fields.as_object().map(|fields| fields.clone().into_iter().collect()).unwrap_or_default();
    Fact { record: record.to_owned(), name: name.to_owned(), line: 1, fields }
}

fn hour(at: u64) -> Value {
    json!(format!("2026-03-01T{at:02}:00Z"))
}

/// Every incident that conditions can tell apart, found at two; the other instant lies before it, on it and after it.
fn incidents() -> Vec<Fact> {
    let mut all = Vec::new();
    for (a, b, t) in (0..3).flat_map(|a| (0..3).flat_map(move |b| (0..6).map(move |t| (a, b, t)))) {
        let mut fields = serde_json::Map::from_iter([("s".to_owned(), hour(2))]);
        for (name, value) in [("a", a), ("b", b)] {
            if value > 0 {
                fields.insert(name.to_owned(), json!(value == 1));
            }
        }
        let instants: [Option<u64>; 6] = [None, Some(0), Some(2), Some(3), Some(4), Some(5)];
        if let Some(Some(t)) = instants.get(t) {
            fields.insert("t".to_owned(), hour(*t));
        }
        all.push(fact(INCIDENT, &format!("i{a}{b}{t}"), Value::Object(fields)));
    }
    all
}

/// Incidents of which a rule is broken.
fn broken(pack: &Pack, facts: &[Fact], rules: &[&str]) -> BTreeSet<String> {
    let (facts, faults) = Facts::from_values(pack, "meeting", facts);
    assert!(faults.is_empty(), "{faults:#?}");
    let at: Timestamp = "2026-03-01T20:00:00Z".parse().expect("an instant");
    let mut options = Options::at(at);
    options.as_of = Some(at);
    options.threads = 1;
    let findings = assess(pack, &facts, &options).expect("assessed").findings;
    let of = findings.iter().filter(|f| f.status == Status::Is(Outcome::Violated) && rules.contains(&f.rule.as_str()));
    of.filter_map(|finding| Some(finding.subject.first()?.id.clone())).collect()
}

/// Incidents in which, whoever acts at whatever time, and if nobody does, one of the two rules is broken, and nothing else before.
fn hopeless(pack: &Pack) -> BTreeSet<String> {
    let incidents = incidents();
    let people = ["officer", "colonel", "clerk"].map(|rank| fact("p.Post", rank, json!({ "rank": rank })));
    let facts: Vec<Fact> = incidents.iter().cloned().chain(people.iter().cloned()).collect();
    let spoiled = broken(pack, &facts, &["p.r4"]);
    let mut left: BTreeSet<String> = broken(pack, &facts, &["p.r1"]).difference(&spoiled).cloned().collect();
    // An act outside of the two hours after two does not discharge the duty.
    for (at, who) in (2..=4).flat_map(|at| ["officer", "colonel", "clerk"].map(|who| (at, who))) {
        let mut facts = facts.clone();
        for incident in &incidents {
            let fields = json!({ "incident": incident.name, "sent_at": hour(at), "by": who });
            facts.push(fact("p.Report", &format!("act_{}", incident.name), fields));
        }
        left = left.intersection(&broken(pack, &facts, &["p.r1", "p.r2"])).cloned().collect();
    }
    left
}

/// What was compared.
#[derive(Debug, Default)]
pub struct Report {
    pub pairs: usize,
    pub contradictions: usize,
    pub undecided: Vec<String>,
    pub wrong: Vec<String>,
}

/// Compares verdicts on pairs, one for each seed.
pub fn compare_all(seeds: std::ops::Range<u64>) -> Report {
    let mut report = Report::default();
    for seed in seeds {
        let pack = Arc::new(pack(&mut Dice(seed)));
        report.pairs += 1;
        let found = Prover::new().check(&pack, &|_| true, &|| false).expect("nobody stopped it");
        let by_code: BTreeMap<&str, _> = found.iter().map(|finding| (finding.code.id, finding)).collect();
        let claimed = by_code.get("E301");
        if by_code.contains_key("N301") || by_code.contains_key("N302") {
            report.undecided.push(format!("seed {seed}: {:?}", by_code.keys().collect::<Vec<_>>()));
        }
        if claimed.is_some_and(|finding| finding.situation.is_none()) {
            report.wrong.push(format!("seed {seed}: a contradiction without a situation"));
        }
        let hopeless = hopeless(&pack);
        report.contradictions += usize::from(!hopeless.is_empty());
        if claimed.is_some() == hopeless.is_empty() {
            let rules = serde_json::to_string(&pack.rules).unwrap_or_default();
            let story = claimed.and_then(|f| f.situation.as_ref()).map(|s| s.story.clone());
            report.wrong.push(format!("seed {seed}: claimed {story:?}, all acts fail in {hopeless:?}: {rules}"));
        }
    }
    report
}

/// Exchanges one rule after another, each step a rule of another seed, taken away where that seed has none; what one prover says that
/// remembers is compared with what a new one says. Returns how many findings there were, and the steps at which they differ.
#[allow(dead_code, reason = "not every user of this module asks for it")]
pub fn exchange(steps: std::ops::Range<u64>) -> (usize, Vec<String>) {
    let mut remembering = Prover::new();
    let mut current = pack(&mut Dice(steps.start));
    let (mut findings, mut wrong) = (0, Vec::new());
    for step in steps {
        let mut dice = Dice(step.wrapping_mul(31));
        let other = pack(&mut dice);
        let (of, twin) = (dice.of(&["p.r1", "p.r2", "p.r3", "p.r4"]), dice.of(&["", "b", "c"]));
        let name = format!("{of}{twin}");
        match other.rules.get(of) {
            Some(rule) => current.rules.insert(name.clone(), rule.clone()),
            None => current.rules.remove(&name),
        };
        let pack = Arc::new(current.clone());
        let said = |prover: &mut Prover| prover.check(&pack, &|_| true, &|| false).expect("nobody stopped it");
        let (remembered, anew) = (said(&mut remembering), said(&mut Prover::new()));
        findings += anew.len();
        if remembered != anew {
            let short = |found: &[mandate_prove::Finding]| {
                let lines: Vec<String> = found.iter().map(|f| format!("  {} {}", f.code.id, f.message)).collect();
                lines.join("\n")
            };
            wrong.push(format!("step {step}, {name}: remembered\n{}\nanew\n{}", short(&remembered), short(&anew)));
            remembering = Prover::new();
        }
    }
    (findings, wrong)
}
