//! Situations in which rules pull against each other, kept as scenarios in a module of the package.

use crate::ending::Stopped;
use crate::files;
use crate::package::{Package, Proof};
use mandate_ide::{is_conflict, scenario_module};
use mandate_pack::Scenario;
use mandate_project::MANIFEST;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What stands at the head of the module.
const DOC: &str = "Situations in which rules of this package pull against each other, as `mandate check --save-scenarios` wrote them.\n\
                   Each expects one of the rules to yield, and fails until it does. Decide which, and change the rules or the scenario.";

/// A module that is to hold scenarios.
pub(crate) struct Situations<'p> {
    package: &'p Package,
    file: PathBuf,
    /// Its path below the package, `/` between parts.
    relative: String,
}

impl<'p> Situations<'p> {
    /// Refuses a file that is no module of the package, cannot be written, or is there already.
    pub(crate) fn to(file: &Path, force: bool, package: &'p Package) -> Result<Self, Stopped> {
        let name = file.display();
        if !package.has_manifest() {
            return Err(Stopped::new("scenarios go into a module of a package, and this is a single module")
                .help("`mandate init DIR` makes a package; put the module there"));
        }
        files::writable(file)?;
        let Some(relative) = below(package.root(), file) else {
            return Err(Stopped::new(format!("`{name}` would be no module of `{}`", package.name())).help(format!(
                "name a file such as `{}`: below the package, ending in `.mandate`, with letters, digits and `_` in its name",
                package.root().join("situations.mandate").display()
            )));
        };
        if file.exists() && !force {
            return Err(
                Stopped::new(format!("`{name}` is there already")).help("`--force` replaces it; or name another file")
            );
        }
        Ok(Self { package, file: file.to_owned(), relative })
    }

    /// Writes the situations of conflicts, if there are any; says what was done.
    pub(crate) fn save(&self, proof: Option<&Proof>) -> Result<String, Stopped> {
        let name = self.file.display();
        let Some(proof) = proof else {
            return Ok(format!(
                "`{name}` was not written: the package has errors, so nothing is known about conflicts"
            ));
        };
        let found = proof.findings.iter().filter(|finding| is_conflict(finding));
        let mut all: Vec<Scenario> = found.filter_map(|f| f.situation.as_ref()).map(|s| s.scenario.clone()).collect();
        if all.is_empty() {
            return Ok(format!("`{name}` was not written: no conflict was found"));
        }
        self.name_apart(&mut all, proof);
        let mut refused = Vec::new();
        all.retain(|scenario| match scenario_module(&proof.pack, DOC, std::slice::from_ref(scenario)) {
            Ok(_) => true,
            Err(why) => {
                refused.push(why.to_string());
                false
            }
        });
        let left = refused.len();
        if let (true, Some(why)) = (all.is_empty(), refused.first()) {
            return Ok(format!("`{name}` was not written: its situations cannot be written as scenarios ({why})"));
        }
        let text = scenario_module(&proof.pack, DOC, &all).map_err(|why| fault(&why.to_string()))?;
        if let Some(wrong) = self.package.errors_with(&self.relative, &text).first() {
            return Err(fault(wrong));
        }
        files::replace(&self.file, text.as_bytes())?;
        let s = if all.len() == 1 { "" } else { "s" };
        let rest = if left > 0 { format!("; {left} more cannot be written in the language") } else { String::new() };
        Ok(format!("`{name}`: {} scenario{s} of conflicts{rest}; `mandate test` runs them", all.len()))
    }

    /// Gives each scenario a title that no other of the package has, but those that are replaced.
    fn name_apart(&self, all: &mut [Scenario], proof: &Proof) {
        let replaced = |scenario: &&Scenario| self.package.own(&scenario.origin.file) == Some(self.relative.as_str());
        let others = proof.pack.scenarios.iter().filter(|scenario| !replaced(scenario));
        let mut taken: BTreeSet<String> = others.map(|scenario| scenario.title.clone()).collect();
        for scenario in all {
            let numbered = (1_usize..).map(|n| match n {
                1 => scenario.title.clone(),
                n => format!("{} ({n})", scenario.title),
            });
            if let Some(free) = numbered.into_iter().find(|title| !taken.contains(title)) {
                scenario.title = free;
            }
            taken.insert(scenario.title.clone());
        }
    }
}

/// The path of a module below the package that it would belong to.
fn below(root: &Path, file: &Path) -> Option<String> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (root, directory) = (root.canonicalize().ok()?, directory.canonicalize().ok()?);
    let inner = directory.strip_prefix(&root).ok()?;
    // A package inside the package has its own modules.
    if directory.ancestors().take_while(|dir| *dir != root).any(|dir| dir.join(MANIFEST).is_file()) {
        return None;
    }
    let stem = file.file_name()?.to_str()?.strip_suffix(".mandate")?;
    let mut parts: Vec<&str> = inner.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
    parts.push(stem);
    let is_name = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    parts.iter().all(is_name).then(|| format!("{}.mandate", parts.join("/")))
}

fn fault(what: &str) -> Stopped {
    Stopped::new(format!("the scenarios cannot be written: {what}"))
        .help("this is a fault of the program itself, not of your rules; please report it")
}
