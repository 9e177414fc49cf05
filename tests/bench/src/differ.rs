//! What two packs of many rules cost to compare: two editions that differ in three rules, and a mission against what it refines.

use crate::prove::{modules, project};
use mandate_pack::{Dropped, Mission, Pack};
use mandate_prove::differ::{compare, refinement};
use mandate_semantics::Host;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Times each is measured.
const RUNS: usize = 5;

/// Measures packs of two sizes.
pub fn bench() -> Result<(), String> {
    println!("{:<14} {:>12} {:>10} {:>12}", "rules", "difference", "of rules", "refinement");
    for rules in [100, 1_000] {
        one(rules)?;
    }
    Ok(())
}

fn one(rules: usize) -> Result<(), String> {
    let mut host = Host::new();
    host.set_project(project(&modules(rules, None)));
    let old = host.snapshot().pack("bench").map_err(|found| format!("the generated package has errors: {found:?}"))?;
    let mut new = old.clone();
    // A condition less, a longer deadline, another condition more: every third rule is a prohibition.
    let names: Vec<String> =
        [0, rules / 3, rules / 2].iter().filter_map(|at| old.rules.keys().nth(*at).cloned()).collect();
    let other = old.rules.values().nth(rules / 4).map(|rule| rule.when.clone()).unwrap_or_default();
    for (place, name) in names.iter().enumerate() {
        let Some(rule) = new.rules.get_mut(name) else { continue };
        match place {
            0 => drop(rule.when.pop()),
            1 => rule.when.extend(other.first().cloned()),
            _ => rule.norm.time = None,
        }
    }
    let (mut differing, mut between) = (0, Vec::new());
    for _ in 0..RUNS {
        let began = Instant::now();
        differing = compare(&old, &new).rules.len();
        between.push(began.elapsed());
    }
    let mission = mission(&new);
    let mut refined = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        let found = refinement(&[&old], &mission, "2026-03-01").ok_or("the generated mission is none")?;
        refined.push(began.elapsed());
        if found.rules.len() != rules {
            return Err(format!("{} rules of {rules} were compared", found.rules.len()));
        }
    }
    println!("{rules:<14} {:>9} ms {differing:>10} {:>9} ms", median(between), median(refined));
    Ok(())
}

/// The pack with a mission that refines its own package: names are as a mission's pack has them.
fn mission(pack: &Pack) -> Pack {
    let mut mission = pack.clone();
    let origin = pack.rules.values().next().map(|rule| rule.origin.clone());
    let origin = origin.unwrap_or(mandate_pack::Origin { file: String::new(), line: 1 });
    mission.mission = Some(Mission {
        name: "heron".to_owned(),
        title: "Exercise Heron".to_owned(),
        doc: String::new(),
        origin,
        refines: vec![pack.name.clone()],
        set: BTreeMap::new(),
        drops: Vec::<Dropped>::new(),
        accepted: Vec::new(),
    });
    mission
}

fn median(mut times: Vec<Duration>) -> u128 {
    times.sort();
    times.get(times.len() / 2).map_or(0, Duration::as_millis)
}
