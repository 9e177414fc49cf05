//! Assessment of many records: against reading the same bytes, by size, and against a Rego engine on the same rules.
//!
//! Every side is timed as a whole process, from its start to its end: each reads its rules and the same files of facts, and gives counts
//! by rule. Of the program this includes what the peers do not do: to verify the digest of the rules, to check types and references in the
//! facts, to judge what is unknown or pending, and to explain every breach. The peers use the allocator of the system, the program the
//! one it is shipped with.

mod facts;
#[cfg(feature = "rego")]
mod peers;

use crate::measure::{Sample, runs_any};
use mandate_pack::Pack;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Instant of every assessment here: the made-up data is of the year before.
const AS_OF: &str = "2024-12-31T00:00:00Z";

/// Rules that `rules.rego` has, too.
const SHARED: [&str; 11] = [
    "report_grave_violation",
    "report_other_abuse",
    "respond_to_violations",
    "stop_pillage",
    "no_killing_or_maiming",
    "no_recruitment_or_use",
    "no_sexual_violence",
    "no_abduction",
    "no_attack_on_schools_or_hospitals",
    "no_denial_of_humanitarian_access",
    "no_military_use",
];

/// Runs in a process of its own what the program is compared with; `None`: the arguments ask for no peer.
pub fn peer(arguments: &[String]) -> Option<Result<(), String>> {
    #[cfg(feature = "rego")]
    if let [what, folder] = arguments {
        match what.as_str() {
            "parse" => return Some(peers::parse(Path::new(folder))),
            "rego" => return Some(peers::rego(Path::new(folder))),
            _ => {}
        }
    }
    let _ = arguments;
    None
}

/// Prints the table.
pub fn bench(program: &Path, root: &Path) -> Result<(), String> {
    let pack = compiled(program, root)?;
    let rules = pack.rules.len();
    let whole = write_pack(&pack, &root.join("whole.json"))?;
    println!("assess, {rules} rules of the standard library, as of {AS_OF}:");
    let mut curve = Vec::new();
    for incidents in [10_000, 100_000, 1_000_000] {
        let folder = root.join(format!("facts{incidents}"));
        facts::write(&folder, incidents).map_err(|error| error.to_string())?;
        let times = if incidents > 100_000 { 3 } else { 5 };
        let own = runs_any(times, &mut assess(program, &whole, &folder))?;
        crate::report(&format!("assess {incidents:>9} incidents"), &own);
        curve.push((incidents as f64, own.median()));
        if let Some(parse) = run_peer("parse", times, &folder)? {
            crate::report("  serde_json, parse only", &parse);
            println!("  assess against parsing: {:.2} times its time (at most 5)", own.median() / parse.median());
        }
    }
    for pair in curve.windows(2) {
        if let [(small, fast), (large, slow)] = pair {
            let expected = (large * large.log2()) / (small * small.log2());
            println!("{large} against {small} incidents: {:.1} times the time (n log n: {expected:.1})", slow / fast);
        }
    }
    against_rego(program, root, pack)
}

/// The same eleven rules on the same facts; both must find the same.
fn against_rego(program: &Path, root: &Path, mut pack: Pack) -> Result<(), String> {
    pack.rules.retain(|name, _| SHARED.contains(&short(name)));
    if pack.rules.len() != SHARED.len() {
        return Err("a rule of the comparison is no longer in the standard library".to_owned());
    }
    pack.seal();
    let shared = write_pack(&pack, &root.join("shared.json"))?;
    let folder = root.join("facts10000");
    let own = runs_any(5, &mut assess(program, &shared, &folder))?;
    crate::report("assess, 11 rules, 10,000 incidents", &own);
    let Some(rego) = run_peer("rego", 3, &folder)? else {
        println!(
            "peer: built without the Rego engine (cargo run --release -p mandate-bench --features rego), no ratio"
        );
        return Ok(());
    };
    crate::report("  regorus, the same", &rego);
    println!("  regorus takes {:.1} times as long", rego.median() / own.median());
    agree(program, &shared, &folder)
}

/// Both name as many broken instances of each rule.
fn agree(program: &Path, pack: &Path, folder: &Path) -> Result<(), String> {
    let own = assess(program, pack, folder).args(["--format", "json"]).output().map_err(|error| error.to_string())?;
    let own: serde_json::Value = serde_json::from_slice(&own.stdout).map_err(|error| error.to_string())?;
    let counts = own.get("summary").and_then(serde_json::Value::as_object).ok_or("no summary")?;
    let own: BTreeMap<&str, u64> = counts
        .iter()
        .map(|(rule, counts)| {
            let broken = ["violated", "repaired"].iter().filter_map(|word| counts["outcomes"][word].as_u64()).sum();
            (short(rule), broken)
        })
        .collect();
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    let rego = Command::new(exe).arg("rego").arg(folder).output().map_err(|error| error.to_string())?;
    let rego: BTreeMap<String, u64> = serde_json::from_slice(&rego.stdout).map_err(|error| error.to_string())?;
    for (rule, broken) in &own {
        if rego.get(*rule) != Some(broken) {
            return Err(format!("{rule}: {broken} broken here, {:?} in Rego", rego.get(*rule)));
        }
    }
    let total: u64 = own.values().sum();
    println!("  both find the same {total} broken instances, rule by rule");
    Ok(())
}

fn run_peer(what: &str, times: usize, folder: &Path) -> Result<Option<Sample>, String> {
    if cfg!(not(feature = "rego")) {
        return Ok(None);
    }
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    crate::measure::runs(times, Command::new(exe).arg(what).arg(folder)).map(Some)
}

fn assess(program: &Path, pack: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg("assess").arg("--pack").arg(pack).arg(folder).args(["--as-of", AS_OF]);
    command
}

/// The rules of the exercise mission without its own: those of the library.
fn compiled(program: &Path, root: &Path) -> Result<Pack, String> {
    std::fs::create_dir_all(root).map_err(|error| error.to_string())?;
    let mission = Path::new(env!("CARGO_MANIFEST_DIR")).join("../missions/exercise_heron");
    let out = root.join("mission.json");
    let made = Command::new(program).arg("compile").arg("--package").arg(mission).arg("--out").arg(&out).status();
    if !made.map_err(|error| error.to_string())?.success() {
        return Err("the exercise mission could not be compiled".to_owned());
    }
    let bytes = std::fs::read(&out).map_err(|error| error.to_string())?;
    let mut pack = Pack::read(&bytes).map_err(|error| error.to_string())?;
    pack.rules.retain(|name, _| name.starts_with("caac.") || name.starts_with("cpp."));
    pack.scenarios.clear();
    pack.seal();
    Ok(pack)
}

fn write_pack(pack: &Pack, path: &Path) -> Result<PathBuf, String> {
    std::fs::write(path, pack.to_json()).map_err(|error| error.to_string())?;
    Ok(path.to_owned())
}

fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
