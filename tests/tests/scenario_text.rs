//! Scenarios written back into the language mean what they meant.
// What these tests build on may fail them like any assertion.
#![allow(clippy::unwrap_used)]

use mandate_pack::{Pack, Scenario};
use mandate_project::standard_packages;
use mandate_semantics::{Host, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
use serde_json::Value;
use std::sync::Arc;

/// The scenarios with everything that only says where they stand taken out.
fn bare(scenarios: &[Scenario]) -> Vec<Scenario> {
    let mut all = scenarios.to_vec();
    for scenario in &mut all {
        scenario.origin.file.clear();
        scenario.origin.line = 0;
        for fact in &mut scenario.facts {
            fact.line = 0;
            fact.fields.values_mut().for_each(unplaced);
        }
        for expected in &mut scenario.expect {
            expected.line = 0;
            expected.text.clear();
        }
    }
    all.sort_by(|a, b| a.title.cmp(&b.title));
    all
}

/// Records inside records have keys made of their places.
fn unplaced(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(unplaced),
        Value::Object(fields) => fields.values_mut().for_each(unplaced),
        Value::String(text) => {
            let generated = text.split_once('@').is_some_and(|(_, at)| at.parse::<u32>().is_ok());
            if generated {
                text.truncate(text.find('@').unwrap_or(0));
            }
        }
        _ => {}
    }
}

/// A package beside the standard library, with one module.
fn package(text: &str) -> PackageInput {
    let standard: Vec<String> = standard_packages().into_iter().map(|package| package.name).collect();
    let module = ModuleInput {
        path: Arc::from("again.mandate"),
        relative: "again.mandate".to_owned(),
        module: String::new(),
        text: Arc::from(text),
    };
    PackageInput {
        name: "again".to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Own,
        at_hand: true,
        dependencies: standard,
        modules: vec![module],
        documents: Vec::new(),
        lock: None,
    }
}

fn written(pack: &Pack, scenarios: &[Scenario]) -> String {
    mandate_ide::scenario_module(pack, "Written back.", scenarios).unwrap()
}

#[test]
fn every_scenario_of_the_standard_library_reads_back_as_it_was() {
    let mut host = Host::new();
    host.set_project(ProjectInput { packages: standard_packages() });
    let mut count = 0;
    for standard in standard_packages() {
        let pack = host.snapshot().pack(&standard.name).unwrap();
        // As a module of another package, in which the titles are free.
        let elsewhere = Pack { name: "again".to_owned(), ..pack.clone() };
        let text = written(&elsewhere, &pack.scenarios);
        assert_eq!(mandate_syntax::format(&text), text, "{}", standard.name);

        let mut packages = standard_packages();
        packages.push(package(&text));
        let mut again = Host::new();
        again.set_project(ProjectInput { packages });
        let read = again.snapshot().pack("again").map_err(|files| {
            files.into_iter().flat_map(|f| f.diagnostics).map(|d| (d.code.id, d.message)).collect::<Vec<_>>()
        });
        let read = match read {
            Ok(read) => read,
            Err(said) => panic!("{}: {said:#?}\n{text}", standard.name),
        };
        let (before, after) = (bare(&pack.scenarios), bare(&read.scenarios));
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before, after, "{}", standard.name);
        }
        assert_eq!(before.len(), after.len());
        assert_eq!(written(&read, &read.scenarios).matches("\nscenario ").count(), before.len());
        count += before.len();
    }
    assert!(count > 100, "{count} scenarios");
}

#[test]
fn examples_of_the_rules_of_the_standard_library_compile_and_are_met() {
    let mut host = Host::new();
    host.set_project(ProjectInput { packages: standard_packages() });
    let (mut rules, mut shown, mut found) = (0, 0, 0);
    for standard in standard_packages() {
        let pack = host.snapshot().pack(&standard.name).unwrap();
        let mut scenarios: Vec<Scenario> = Vec::new();
        // Each rule costs some proofs: every third shows as much.
        for name in pack.rules.keys().filter(|name| name.starts_with(&format!("{}.", standard.name))).step_by(3) {
            let examples = mandate_prove::examples(&pack, name);
            rules += 1;
            shown += usize::from(!examples.is_empty());
            scenarios.extend(examples.into_iter().map(|example| example.scenario));
        }
        if scenarios.is_empty() {
            continue;
        }
        for (at, scenario) in scenarios.iter_mut().enumerate() {
            scenario.title = format!("{at}: {}", scenario.title);
        }
        found += scenarios.len();
        let elsewhere = Pack { name: "again".to_owned(), ..pack.clone() };
        let text = written(&elsewhere, &scenarios);
        let mut packages = standard_packages();
        packages.push(package(&text));
        let mut again = Host::new();
        again.set_project(ProjectInput { packages });
        let read = again.snapshot().pack("again").unwrap_or_else(|files| panic!("{files:#?}\n{text}"));
        for result in mandate_assess::run_scenarios(&read) {
            assert!(result.passed, "{}: {:?} {:#?}\n{text}", result.title, result.faults, result.expectations);
        }
    }
    assert!(shown * 4 > rules * 3, "examples of {shown} of {rules} rules, {found} in all");
    println!("examples of {shown} of {rules} rules, {found} in all");
}
