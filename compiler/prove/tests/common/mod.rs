//! Rules as people write them, compiled in memory beside the standard library.

use mandate_pack::Pack;
use mandate_prove::{Finding, Prover};
use mandate_semantics::{Host, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
use std::sync::Arc;

/// Name of every package made here.
pub const PACKAGE: &str = "example";

/// The pack of some modules, by file name; a module without a name is the root.
pub fn pack(files: &[(&str, &str)]) -> Arc<Pack> {
    let mut packages = mandate_project::standard_packages();
    let used = |name: &str| files.iter().any(|(_, text)| text.contains(&format!("use {name}")));
    let dependencies = packages.iter().map(|package| package.name.clone()).filter(|name| used(name)).collect();
    let module = |(file, text): &(&str, &str)| {
        let stem = file.trim_end_matches(".mandate");
        ModuleInput {
            path: Arc::from(*file),
            relative: (*file).to_owned(),
            module: if stem == PACKAGE { String::new() } else { stem.to_owned() },
            text: Arc::from(*text),
        }
    };
    packages.push(PackageInput {
        name: PACKAGE.to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Own,
        at_hand: false,
        dependencies,
        modules: files.iter().map(module).collect(),
        documents: Vec::new(),
        lock: None,
    });
    let mut host = Host::new();
    host.set_project(ProjectInput { packages });
    let analysis = host.snapshot();
    let faults: Vec<_> = analysis.check().into_iter().filter(|file| !file.diagnostics.is_empty()).collect();
    let pack = analysis.pack(PACKAGE);
    Arc::new(pack.unwrap_or_else(|errors| panic!("{errors:#?}\n{faults:#?}\n{files:#?}")))
}

/// What is found out about the rules of a package.
pub fn found(files: &[(&str, &str)]) -> Vec<Finding> {
    let own = |name: &str| name.starts_with("example.");
    Prover::new().check(&pack(files), &own, &|| false).unwrap_or_default()
}

/// Codes and places, sorted.
#[allow(dead_code, reason = "not every test asks for it")]
pub fn said(found: &[Finding]) -> Vec<String> {
    found.iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}
