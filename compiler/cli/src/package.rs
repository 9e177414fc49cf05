//! The package that a command works on.

use crate::arguments::Rules;
use crate::ending::Stopped;
use crate::files;
use crate::output::{Output, count, has_errors};
use crate::progress::Progress;
use mandate_diagnostics::{Diagnostic, Severity};
use mandate_documents::{Lock, LockFault};
use mandate_pack::Pack;
use mandate_project::{Loaded, load};
use mandate_prove::differ::{refinement, refinement_findings};
use mandate_prove::{Finding, Prover};
use mandate_semantics::{Cited, FileDiagnostics, Host, ModuleInput, Snapshot, SourceDocument};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// A loaded package with its analysis.
pub(crate) struct Package {
    loaded: Loaded,
    /// Names of the package and of all it uses.
    packages: BTreeSet<String>,
    analysis: Snapshot,
    modules: usize,
}

impl Package {
    /// Loads the package at a path. Never fails: what is wrong is among the diagnostics of [`Package::check`].
    pub(crate) fn load(path: &Path) -> Self {
        let mut loaded = load(path);
        let packages = loaded.input.packages.iter().map(|package| package.name.clone()).collect();
        let mut host = Host::new();
        host.set_project(std::mem::take(&mut loaded.input));
        let analysis = host.snapshot();
        Self { modules: analysis.modules().len(), loaded, packages, analysis }
    }

    /// Whether there is a package at all.
    pub(crate) fn found(&self) -> bool {
        self.loaded.found()
    }

    /// The directory of the package.
    pub(crate) fn root(&self) -> &Path {
        &self.loaded.root
    }

    /// Everything to be said about the package, sorted by file.
    pub(crate) fn check(&self) -> Vec<FileDiagnostics> {
        merged(self.loaded.diagnostics.clone(), if self.found() { self.analysis.check() } else { Vec::new() })
    }

    /// What its rules mean together; `None` where its texts have errors, so that they mean nothing certain. Their place in what was said
    /// of the texts is [`Package::check`]'s.
    pub(crate) fn prove(&self, progress: &Progress) -> Option<Proof> {
        if !self.found() || has_errors(&self.loaded.diagnostics) {
            return None;
        }
        let pack = Arc::new(self.analysis.pack(&self.loaded.main).ok()?);
        let own = format!("{}.", self.loaded.main);
        let (rules, begin) = (pack.rules.len(), Instant::now());
        let watch = || {
            let seconds = begin.elapsed().as_secs();
            progress.say(&|| format!("what {rules} rules mean together: {seconds} s"));
            false
        };
        let mut findings = Prover::new().check(&pack, &|name| name.starts_with(&own), &watch)?;
        findings.extend(self.of_mission(&pack));
        Some(Proof { pack, findings })
    }

    /// What is to be said of a mission against the packages it refines, as of today.
    fn of_mission(&self, pack: &Pack) -> Vec<Finding> {
        let refined = pack.mission.iter().flat_map(|mission| &mission.refines);
        let bases: Option<Vec<Pack>> = refined.map(|name| self.other(name)).collect();
        let bases = bases.unwrap_or_default();
        let today = jiff::Zoned::now().date().to_string();
        let found = refinement(&bases.iter().collect::<Vec<_>>(), pack, &today);
        found.map(|found| refinement_findings(&found, pack)).unwrap_or_default()
    }

    /// Both what was said of the texts and what was proven, sorted by file and place.
    pub(crate) fn with_proof(&self, said: Vec<FileDiagnostics>, proof: &Proof) -> Vec<FileDiagnostics> {
        let atlas = self.analysis.atlas(&self.loaded.main);
        let proven = mandate_ide::proven(&proof.findings, &proof.pack, &atlas).into_iter();
        let files = proven.map(|one| FileDiagnostics {
            text: atlas.text(&one.path).cloned().unwrap_or_default(),
            path: one.path,
            diagnostics: vec![one.diagnostic],
        });
        merged(said, files.collect())
    }

    /// Whether it has a manifest, and so can have more modules than one.
    pub(crate) fn has_manifest(&self) -> bool {
        !self.loaded.manifests.is_empty()
    }

    /// The errors that a module would have in the package, in place of the one at this path below it or beside all others.
    pub(crate) fn errors_with(&self, relative: &str, text: &str) -> Vec<String> {
        let mut loaded = load(&self.loaded.root);
        let path: Arc<str> = Arc::from(self.loaded.root.join(relative).to_string_lossy());
        let stem = relative.strip_suffix(".mandate").unwrap_or(relative).replace('/', ".");
        let Some(own) = loaded.input.packages.iter_mut().find(|package| package.name == self.loaded.main) else {
            return vec!["the package is no longer there".to_owned()];
        };
        let module = if stem == own.name { String::new() } else { stem };
        own.modules.retain(|known| known.relative != relative);
        own.modules.push(ModuleInput {
            path: path.clone(),
            relative: relative.to_owned(),
            module,
            text: Arc::from(text),
        });
        let mut host = Host::new();
        host.set_project(loaded.input);
        let said = host.snapshot().diagnostics(&path);
        said.into_iter().filter(|said| said.severity == Severity::Error).map(|said| said.message).collect()
    }

    /// The review lock of the package; `None` without one.
    pub(crate) fn lock(&self) -> Option<Result<Lock, LockFault>> {
        self.analysis.lock(&self.loaded.main)
    }

    /// What the rules of the package cite.
    pub(crate) fn citations(&self) -> Vec<Cited> {
        self.analysis.citations(&self.loaded.main)
    }

    /// `exercise_heron: 12 modules`
    pub(crate) fn summary(&self) -> String {
        let s = if self.modules == 1 { "" } else { "s" };
        format!("{}: {} module{s}", self.loaded.main, self.modules)
    }

    /// A file that a pack names, as people name it: by its path below this package, or with its package before it.
    pub(crate) fn place(&self, file: &str) -> String {
        match self.own(file) {
            Some(relative) if self.loaded.root == Path::new(".") => relative.to_owned(),
            Some(relative) => self.loaded.root.join(relative).display().to_string(),
            None => file.to_owned(),
        }
    }

    /// The path below this package of a file that a pack names; `None` for one of another package (`package:file`).
    pub(crate) fn own<'f>(&self, file: &'f str) -> Option<&'f str> {
        match file.split_once(':') {
            Some((package, relative)) => (package == self.loaded.main).then_some(relative),
            None => Some(file),
        }
    }

    /// Why there is no package, as a reason to stop.
    pub(crate) fn missing(&self) -> Stopped {
        let faults = self.loaded.diagnostics.iter().flat_map(|file| &file.diagnostics);
        let mut stopped = Stopped::new("there is no package here");
        for (number, fault) in faults.enumerate() {
            if number == 0 {
                stopped.message.clone_from(&fault.message);
            }
            stopped.help.extend(fault.help.iter().cloned());
        }
        stopped
    }

    /// The text of a file that a label points into.
    pub(crate) fn text(&self, path: &str) -> Option<Arc<str>> {
        self.analysis.text(path).or_else(|| self.loaded.manifests.get(path).cloned())
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.loaded.main
    }

    /// Whether it uses another package, itself or by way of others.
    pub(crate) fn uses(&self, package: &str) -> bool {
        self.packages.contains(package)
    }

    /// The documents of the sources of the package and of those it uses.
    pub(crate) fn documents(&self) -> BTreeMap<String, SourceDocument> {
        self.analysis.documents(&self.loaded.main)
    }

    /// The compiled pack, sealed. Warnings are written to standard error, and so are the errors that forbid it.
    pub(crate) fn compile(&self, out: &Output) -> Result<Pack, Refused> {
        self.compile_despite(out, &[])
    }

    /// As [`Package::compile`], without writing warnings.
    pub(crate) fn compile_quietly(&self, out: &Output) -> Result<Pack, Refused> {
        if !self.found() {
            return Err(Refused::Missing(self.missing()));
        }
        let said = self.check();
        let is_error = |d: &Diagnostic| d.severity == Severity::Error;
        if !said.iter().flat_map(|file| &file.diagnostics).any(is_error)
            && let Ok(mut pack) = self.analysis.pack(&self.loaded.main)
        {
            pack.seal();
            return Ok(pack);
        }
        self.compile(out)
    }

    /// The pack of a package that this one uses, sealed; `None` if there is none without errors.
    pub(crate) fn other(&self, name: &str) -> Option<Pack> {
        let mut pack = self.analysis.pack(name).ok()?;
        pack.seal();
        Some(pack)
    }

    /// As [`Package::compile`], as far as it goes where errors of these codes stand; they are written too.
    pub(crate) fn compile_despite(&self, out: &Output, tolerated: &[&str]) -> Result<Pack, Refused> {
        if !self.found() {
            return Err(Refused::Missing(self.missing()));
        }
        let said = self.check();
        let refuse = |said: &[FileDiagnostics]| {
            out.complaints(said, &|path| self.text(path));
            out.remark(&format!("{}: {}", self.summary(), count(said)));
            Err(Refused::Errors)
        };
        let forbids = |d: &Diagnostic| d.severity == Severity::Error && !tolerated.contains(&d.code.id);
        if said.iter().flat_map(|file| &file.diagnostics).any(forbids) {
            return refuse(&said);
        }
        match self.analysis.pack_despite(&self.loaded.main, tolerated) {
            Ok(mut pack) => {
                out.complaints(&said, &|path| self.text(path));
                pack.seal();
                Ok(pack)
            }
            Err(errors) => refuse(&merged(said, errors)),
        }
    }
}

/// What the rules of a package mean together.
pub(crate) struct Proof {
    /// The rules, unsealed.
    pub pack: Arc<Pack>,
    /// What was found out about them.
    pub findings: Vec<Finding>,
}

/// Why there is no pack.
pub(crate) enum Refused {
    /// There is no package.
    Missing(Stopped),
    /// The package has errors, which have been written.
    Errors,
}

impl Refused {
    /// For commands that need the pack for something else.
    pub(crate) fn into_stopped(self) -> Stopped {
        match self {
            Refused::Missing(stopped) => stopped,
            Refused::Errors => Stopped::new("the package has errors, so its rules have no certain meaning")
                .help("mend the errors above; `mandate check` lists them again"),
        }
    }
}

/// Largest pack that is read, in bytes. The standard library compiles to some megabytes.
const MAX_PACK: u64 = 256_000_000;

/// The rules that a command works with: a pack from a file, or a package compiled for it.
pub(crate) fn rules(from: &Rules, out: &Output) -> Result<Pack, Stopped> {
    rules_in(from, out).map(|(pack, _)| pack)
}

/// As [`rules`], with the directory of the package; there is none for a compiled pack.
pub(crate) fn rules_in(from: &Rules, out: &Output) -> Result<(Pack, Option<String>), Stopped> {
    let Some(file) = &from.pack else {
        let path = from.package.as_deref().unwrap_or(Path::new("."));
        let package = Package::load(path);
        let directory = Some(package.loaded.root.display().to_string());
        return package.compile(out).map(|pack| (pack, directory)).map_err(|refused| match refused {
            Refused::Missing(stopped) if from.package.is_none() => {
                stopped.help("name the rules: `--package DIR` for a package, `--pack FILE` for a compiled pack")
            }
            refused => refused.into_stopped(),
        });
    };
    let bytes = files::read(&file.to_string_lossy(), MAX_PACK)?;
    let pack = Pack::read(&bytes).map_err(|error| {
        Stopped::new(format!("`{}`: {error}", file.display())).help("`mandate compile --out FILE` writes a pack")
    })?;
    Ok((pack, None))
}

/// Both lists, each file once.
fn merged(one: Vec<FileDiagnostics>, other: Vec<FileDiagnostics>) -> Vec<FileDiagnostics> {
    let mut files: BTreeMap<Arc<str>, FileDiagnostics> = BTreeMap::new();
    for mut file in one.into_iter().chain(other) {
        match files.get_mut(&file.path) {
            Some(known) => {
                file.diagnostics.retain(|diagnostic| !known.diagnostics.contains(diagnostic));
                known.diagnostics.append(&mut file.diagnostics);
                known.diagnostics.sort_by_key(|diagnostic| diagnostic.primary.span);
            }
            None => {
                files.insert(file.path.clone(), file);
            }
        }
    }
    files.into_values().collect()
}
