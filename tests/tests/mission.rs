//! The missions and the standard library as a user has them: read from disk, checked, tested, and all facts judged.

use mandate_assess::{Assessment, Facts, Options, Outcome, Status, VOID_WAIVER, assess, instant, run_scenarios};
use mandate_pack::Pack;
use mandate_report::{Format, Report};
use mandate_tests::packages::{compiled, facts, library, place};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The mission with the most facts: the forms of reports are tried on it.
const MISSION: &str = "tests/missions/exercise_heron";

/// The missions of this repository.
const MISSIONS: [&str; 2] = [MISSION, "tests/missions/mission_kestrel"];

/// Whether a file that a pack names is of the package itself.
fn is_own(pack: &Pack, file: &str) -> bool {
    file.split_once(':').is_none_or(|(package, _)| package == pack.name)
}

#[test]
fn every_scenario_passes_and_nothing_is_said_about_the_packages() {
    let mut number = 0;
    let missions = MISSIONS.map(str::to_owned);
    for package in library().into_iter().chain(missions) {
        let pack = compiled(&package);
        for result in run_scenarios(&pack).into_iter().filter(|result| is_own(&pack, &result.origin.file)) {
            assert!(result.passed, "{package}: {result:#?}");
            number += 1;
        }
    }
    assert!(number >= 60, "only {number} scenarios were found");
}

/// What the generator of a mission, or whoever planned its facts, says should be found.
#[derive(Deserialize)]
struct Expected {
    as_of: String,
    violated: Vec<Violated>,
    /// By rule, the other outcomes but satisfied.
    counts: BTreeMap<String, BTreeMap<String, usize>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Violated {
    rule: String,
    subject: Vec<String>,
    grade: String,
}

fn expected(mission: &str) -> Expected {
    let text = fs::read_to_string(place(mission).join("expected.json")).expect("the expected findings");
    serde_json::from_str(&text).expect("their shape")
}

fn judged(mission: &str) -> Assessment {
    let pack = compiled(mission);
    let (facts, faults) = Facts::load(&pack, &facts(mission));
    assert!(faults.is_empty(), "{mission}: {faults:#?}");
    let now = instant(&pack, &expected(mission).as_of).expect("an instant");
    assess(&pack, &facts, &Options::at(now)).expect("a sound pack")
}

/// What stands in one of two lists alone. A message of all findings would hide it.
fn differences<T: Ord + std::fmt::Debug>(found: &[T], expected: &[T]) -> Vec<String> {
    let extra = found.iter().filter(|f| !expected.contains(f)).map(|f| format!("found and not expected: {f:?}"));
    let absent = expected.iter().filter(|e| !found.contains(e)).map(|e| format!("expected and not found: {e:?}"));
    extra.chain(absent).collect()
}

/// Compares what is found in the facts of a mission with what is planted in them.
fn shows_what_is_planted(mission: &str) {
    let (assessment, expected) = (judged(mission), expected(mission));
    let mut found: Vec<Violated> = Vec::new();
    let mut counts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for finding in &assessment.findings {
        match finding.status {
            Status::Is(Outcome::Violated) => found.push(Violated {
                rule: finding.rule.to_string(),
                subject: finding.subject.iter().map(|subject| subject.id.clone()).collect(),
                grade: serde_json::to_value(finding.grade).expect("a word").as_str().unwrap_or_default().to_owned(),
            }),
            Status::Is(Outcome::Satisfied) => {}
            status => {
                *counts.entry(finding.rule.to_string()).or_default().entry(status.word().to_owned()).or_default() += 1;
            }
        }
    }
    let mut planted = expected.violated.clone();
    planted.sort();
    found.sort();
    let differ = differences(&found, &planted);
    assert!(differ.is_empty() && found.len() == planted.len(), "{mission}:\n{}", differ.join("\n"));
    let (counts, planted): (Vec<_>, Vec<_>) = (counts.into_iter().collect(), expected.counts.into_iter().collect());
    assert!(counts == planted, "{mission}:\n{}", differences(&counts, &planted).join("\n"));
    assert!(assessment.data_findings.is_empty(), "{mission}: {:#?}", assessment.data_findings);
}

#[test]
fn the_mission_shows_what_is_planted_and_nothing_else() {
    MISSIONS.into_iter().for_each(shows_what_is_planted);
}

#[test]
fn the_one_void_waiver_of_the_mission_is_found_once() {
    for (mission, planted) in MISSIONS.into_iter().zip(["W-21", "W-09"]) {
        let assessment = judged(mission);
        let void: Vec<&str> = assessment
            .findings
            .iter()
            .filter(|finding| finding.rule == VOID_WAIVER)
            .flat_map(|finding| finding.subject.iter().map(|subject| subject.id.as_str()))
            .collect();
        assert_eq!(void, [planted], "{mission}");
    }
}

#[test]
fn the_same_facts_give_the_same_report() {
    let pack = compiled(MISSION);
    let reports = [judged(MISSION), judged(MISSION)]
        .map(|found| Report::new(&found, &pack, mandate_report::Options::default()).to_text(Format::Json));
    assert!(reports[0] == reports[1]);
}

/// The platform this machine builds for, as the compiler names it.
fn host() -> String {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let asked = std::process::Command::new(rustc).arg("-vV").output().expect("rustc");
    let told = String::from_utf8(asked.stdout).expect("text");
    told.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host").to_owned()
}

/// The schema as the standard's committee publishes it, from the crate that carries it.
fn sarif_schema() -> serde_json::Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // Only what was built here is sure to be on this machine: crates for other platforms may be missing.
    let asked = std::process::Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", &host(), "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml"))
        .output()
        .expect("cargo");
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&asked.stdout).expect("what cargo says");
    let packages = metadata["packages"].as_array().expect("packages");
    let found = packages.iter().find(|package| package["name"] == "serde-sarif").expect("the crate");
    let manifest = Path::new(found["manifest_path"].as_str().expect("a path"));
    let text = fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("the schema");
    // The pattern of languages has a bracket too many, which only lenient engines read.
    let text = text.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn sarif_is_what_the_official_schema_asks_for() {
    let schema = jsonschema::validator_for(&sarif_schema()).expect("a schema");
    let (pack, found) = (compiled(MISSION), judged(MISSION));
    for (all, package) in [(false, None), (true, Some("rules".to_owned()))] {
        let options = mandate_report::Options { all, package, ..Default::default() };
        let text = Report::new(&found, &pack, options).to_text(Format::Sarif);
        let mut log: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let faults: Vec<String> = schema.iter_errors(&log).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        // And as the types that were made from the schema read it.
        let typed: serde_sarif::sarif::Sarif = serde_json::from_str(&text).expect("SARIF");
        let results = typed.runs[0].results.as_ref().expect("results");
        assert!(results.len() > 50 && results.iter().all(|result| result.partial_fingerprints.is_some()));
        // The validator does refuse what is wrong.
        log["runs"][0]["results"][0]["level"] = "grave".into();
        assert!(!schema.is_valid(&log));
    }
}
