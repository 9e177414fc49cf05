//! A package given as texts, compiled in memory together with the standard library.

use mandate_ide::Proven;
use mandate_pack::Pack;
use mandate_project::{LOCK, standard_packages};
use mandate_prove::differ::{refinement, refinement_findings};
use mandate_prove::{Finding, Prover};
use mandate_semantics::{
    DocumentInput, FileDiagnostics, Host, LockInput, ModuleInput, PackageInput, PackageOrigin, ProjectInput,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Name of every package made here; a block without `file=` is its root module.
pub const PACKAGE: &str = "example";

/// The day on which acceptances of missions have to hold here.
pub const TODAY: &str = "2026-03-01";

/// File of the root module.
pub const ROOT: &str = "example.mandate";

/// Texts by path below the package: modules end in `.mandate`, `mandate.lock` is the review lock, everything else is a passage file.
/// What starts with `../base/` belongs to a package `base` that stands beside the example, which can use it.
pub type Files = BTreeMap<String, String>;

/// A package with one module.
pub fn single(text: &str) -> Files {
    Files::from([(ROOT.to_owned(), text.to_owned())])
}

/// What the analysis is given: the files as one package that may use all of the standard library.
pub fn project(files: &Files) -> ProjectInput {
    let mut packages = standard_packages();
    let standard: Vec<String> = packages.iter().map(|package| package.name.clone()).collect();
    let mut beside: BTreeMap<&str, PackageInput> = BTreeMap::new();
    let mut package = package(PACKAGE, &standard);
    for (path, text) in files {
        let (owner, relative) = match path.strip_prefix("../").and_then(|rest| rest.split_once('/')) {
            Some((name, relative)) => {
                let other = || PackageInput { at_hand: true, ..self::package(name, &standard) };
                (beside.entry(name).or_insert_with(other), relative)
            }
            None => (&mut package, path.as_str()),
        };
        let (path, text): (Arc<str>, Arc<str>) = (Arc::from(path.as_str()), Arc::from(text.as_str()));
        match relative.strip_suffix(".mandate") {
            Some(stem) => {
                let module = if stem == owner.name { String::new() } else { stem.replace('/', ".") };
                owner.modules.push(ModuleInput { path, relative: relative.to_owned(), module, text });
            }
            None if relative == LOCK => owner.lock = Some(LockInput { path, text }),
            None => owner.documents.push(DocumentInput { path, relative: relative.to_owned(), text }),
        }
    }
    package.dependencies.extend(beside.keys().map(|name| (*name).to_owned()));
    packages.extend(beside.into_values());
    packages.push(package);
    ProjectInput { packages }
}

/// A package without files that may use others.
fn package(name: &str, dependencies: &[String]) -> PackageInput {
    PackageInput {
        name: name.to_owned(),
        version: "0.1.0".to_owned(),
        edition: "2026".to_owned(),
        time_zone: "UTC".to_owned(),
        origin: PackageOrigin::Own,
        at_hand: false,
        dependencies: dependencies.to_vec(),
        modules: Vec::new(),
        documents: Vec::new(),
        lock: None,
    }
}

/// As [`project`], but only the packages that a `use` or a mission names are depended on: the rules of all others would be judged too.
fn project_of_used(files: &Files) -> ProjectInput {
    let mut input = project(files);
    let named = |name: &str| {
        let brought = |line: &str| {
            let refined = line.strip_prefix("mission ").and_then(|line| line.split_once(" refines "));
            line.strip_prefix("use ").is_some_and(|path| path.split(['.', ' ']).next() == Some(name))
                || refined.is_some_and(|(_, names)| names.split([',', ' ']).any(|refined| refined == name))
        };
        files.values().flat_map(|text| text.lines()).any(brought)
    };
    for package in input.packages.iter_mut().filter(|package| package.name == PACKAGE) {
        package.dependencies.retain(|name| named(name));
    }
    input
}

/// Compiles one example after the other. The standard library is read once for all of them.
#[derive(Default)]
pub struct Compiler {
    host: Option<Host>,
}

impl Compiler {
    fn host(&mut self, project: ProjectInput) -> &Host {
        let host = self.host.get_or_insert_with(Host::new);
        host.set_project(project);
        host
    }

    /// The diagnostics of a package, by file.
    pub fn check(&mut self, files: &Files) -> Vec<FileDiagnostics> {
        self.host(project(files)).snapshot().check()
    }

    /// The diagnostics of a package, and what its rules mean together, by file and place.
    pub fn told(&mut self, files: &Files) -> Vec<FileDiagnostics> {
        let mut told = self.check(files);
        for proven in self.proven(files) {
            match told.iter_mut().find(|file| file.path == proven.path) {
                Some(file) => file.diagnostics.push(proven.diagnostic),
                None => {
                    let text = Arc::from(files.get(&*proven.path).map_or("", String::as_str));
                    told.push(FileDiagnostics { path: proven.path, text, diagnostics: vec![proven.diagnostic] });
                }
            }
        }
        for file in &mut told {
            file.diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span.start);
        }
        told.sort_by(|a, b| a.path.cmp(&b.path));
        told
    }

    /// The codes drawn, in the order of the text, a code once for every diagnostic.
    pub fn codes(&mut self, files: &Files) -> Vec<&'static str> {
        self.told(files).iter().flat_map(|file| &file.diagnostics).map(|diagnostic| diagnostic.code.id).collect()
    }

    /// The pack with its digest; or what stands in the way.
    ///
    /// # Errors
    /// The diagnostics, when any is an error.
    pub fn pack(&mut self, files: &Files) -> Result<Pack, Vec<FileDiagnostics>> {
        let mut pack = self.host(project_of_used(files)).snapshot().pack(PACKAGE)?;
        pack.seal();
        Ok(pack)
    }

    /// What the rules of a package mean together, where they stand. Nothing where they do not compile.
    pub fn proven(&mut self, files: &Files) -> Vec<Proven> {
        let Some((pack, mut findings)) = self.findings(files, &mut Prover::new()) else { return Vec::new() };
        let refined: Vec<String> = pack.mission.iter().flat_map(|mission| mission.refines.clone()).collect();
        let bases: Result<Vec<Pack>, _> = refined.iter().map(|name| self.beside(name)).collect();
        let bases = bases.unwrap_or_default();
        let refinement = refinement(&bases.iter().collect::<Vec<_>>(), &pack, TODAY);
        findings.extend(refinement.map(|found| refinement_findings(&found, &pack)).unwrap_or_default());
        let atlas = self.host(project_of_used(files)).snapshot().atlas(PACKAGE);
        mandate_ide::proven(&findings, &pack, &atlas)
    }

    /// The pack, and what a prover finds out about it that may remember others. `None` where it does not compile.
    pub fn findings(&mut self, files: &Files, prover: &mut Prover) -> Option<(Arc<Pack>, Vec<Finding>)> {
        let pack = Arc::new(self.pack(files).ok()?);
        let own = format!("{PACKAGE}.");
        let findings = prover.check(&pack, &|name| name.starts_with(&own), &|| false)?;
        Some((pack, findings))
    }

    /// The pack of a package that stood beside the one compiled last, with its digest.
    ///
    /// # Errors
    /// As [`Compiler::pack`].
    pub fn beside(&mut self, name: &str) -> Result<Pack, Vec<FileDiagnostics>> {
        let mut pack = self.host.get_or_insert_with(Host::new).snapshot().pack(name)?;
        pack.seal();
        Ok(pack)
    }
}
