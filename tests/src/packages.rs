//! The packages of this repository as a user has them: read from disk and compiled.

use mandate_assess::FactsFile;
use mandate_pack::Pack;
use mandate_semantics::Host;
use std::path::{Path, PathBuf};

/// Where a package of this repository is.
pub fn place(package: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package)
}

/// The packages of the standard library, by the names of their directories.
pub fn library() -> Vec<String> {
    let entries = std::fs::read_dir(place("stdlib")).expect("the library");
    let paths = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.join("mandate.toml").is_file());
    let mut found: Vec<String> =
        paths.filter_map(|path| Some(format!("stdlib/{}", path.file_name()?.to_string_lossy()))).collect();
    found.sort();
    found
}

/// The files of facts of a mission of this repository, by name.
pub fn facts(mission: &str) -> Vec<FactsFile> {
    let directory = place(mission).join("facts");
    let entries = std::fs::read_dir(&directory).expect("the facts");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let read = |name: String| FactsFile { bytes: std::fs::read(directory.join(&name)).expect("a file of facts"), name };
    names.into_iter().map(read).collect()
}

/// The pack of a package of this repository. Nothing at all may be said about it, not even a warning.
pub fn compiled(package: &str) -> Pack {
    compiled_at(&place(package), package)
}

/// The pack of the package or single module at `path`, called `package` where something is wrong.
pub fn compiled_at(path: &Path, package: &str) -> Pack {
    let mut loaded = mandate_project::load(path);
    assert!(loaded.diagnostics.is_empty(), "{package}: {:#?}", loaded.diagnostics);
    let mut host = Host::new();
    host.set_project(std::mem::take(&mut loaded.input));
    let analysis = host.snapshot();
    let said: Vec<_> = analysis.check().into_iter().filter(|file| !file.diagnostics.is_empty()).collect();
    assert!(said.is_empty(), "{package}: {said:#?}");
    let mut pack = analysis.pack(&loaded.main).unwrap_or_else(|errors| panic!("{package}: {errors:#?}"));
    pack.seal();
    pack
}
