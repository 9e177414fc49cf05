//! The standard library, carried in the binary.

use crate::load::module_name;
use crate::manifest::{MANIFEST, Manifest};
use mandate_semantics::{DocumentInput, ModuleInput, PackageInput, PackageOrigin};
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Paths of files of the standard library begin with this: `std:core/people.mandate`.
pub const STANDARD_PREFIX: &str = "std:";

/// Path below the library and text of every file, sorted by path.
static FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/standard.rs"));

/// The packages of the standard library, sorted by name.
pub fn standard_packages() -> Vec<PackageInput> {
    packages().to_vec()
}

/// The names of the packages, sorted.
pub(crate) fn standard_names() -> Vec<&'static str> {
    packages().iter().map(|package| package.name.as_str()).collect()
}

/// One package by name.
pub(crate) fn standard_package(name: &str) -> Option<PackageInput> {
    packages().iter().find(|package| package.name == name).cloned()
}

/// The text of a file of the standard library, by a path such as `std:core/people.mandate`.
pub fn standard_text(path: &str) -> Option<&'static str> {
    let relative = path.strip_prefix(STANDARD_PREFIX)?;
    let at = FILES.binary_search_by(|(file, _)| (*file).cmp(relative)).ok()?;
    Some(FILES[at].1)
}

/// Texts are shared: a package is copied by counting up.
fn packages() -> &'static [PackageInput] {
    static PACKAGES: OnceLock<Vec<PackageInput>> = OnceLock::new();
    PACKAGES.get_or_init(|| {
        let mut packages: Vec<_> = directories().into_iter().filter_map(package).collect();
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        packages
    })
}

fn directories() -> BTreeSet<&'static str> {
    FILES.iter().filter_map(|(path, _)| path.split_once('/').map(|(dir, _)| dir)).collect()
}

fn package(dir: &str) -> Option<PackageInput> {
    let files = || FILES.iter().filter_map(|(path, text)| Some((path.strip_prefix(dir)?.strip_prefix('/')?, *text)));
    // A directory without a manifest is no package; a test refuses a library with faults in its manifests.
    let (_, manifest) = files().find(|(relative, _)| *relative == MANIFEST)?;
    let (manifest, _) = Manifest::parse(manifest, dir);
    let path = |relative: &str| Arc::from(format!("{STANDARD_PREFIX}{dir}/{relative}"));
    let mut modules = Vec::new();
    let mut documents = Vec::new();
    for (relative, text) in files().filter(|(relative, _)| *relative != MANIFEST) {
        let (path, relative, text) = (path(relative), relative.to_owned(), Arc::from(text));
        if relative.ends_with(".mandate") {
            let module = module_name(&relative, &manifest.name);
            modules.push(ModuleInput { path, relative, module, text });
        } else {
            documents.push(DocumentInput { path, relative, text });
        }
    }
    Some(PackageInput {
        name: manifest.name,
        version: manifest.version,
        edition: manifest.edition,
        time_zone: manifest.time_zone,
        origin: PackageOrigin::Standard,
        at_hand: false,
        dependencies: manifest.dependencies.into_iter().map(|dependency| dependency.name).collect(),
        modules,
        documents,
        lock: None,
    })
}

/// Writes the library below `dir`, so that editors can open its files, and gives the path of each by [`materialised_path`].
///
/// Files that are there already stay as they are; each is written beside its place and then moved there, so that nobody
/// sees half of one. Files are made read-only: changing them changes nothing.
pub fn materialise_standard_library(dir: &Path) -> io::Result<()> {
    for (relative, text) in FILES {
        let path = dir.join(relative);
        if fs::read(&path).is_ok_and(|found| found == text.as_bytes()) {
            continue;
        }
        let parent = path.parent().unwrap_or(dir);
        fs::create_dir_all(parent)?;
        let beside = parent.join(format!(".{}.{}", std::process::id(), path.file_name().unwrap_or_default().display()));
        let placed =
            fs::write(&beside, text).and_then(|()| read_only(&beside)).and_then(|()| fs::rename(&beside, &path));
        if placed.is_err() {
            let _ = fs::remove_file(&beside);
        }
        placed?;
    }
    Ok(())
}

fn read_only(path: &Path) -> io::Result<()> {
    let mut permissions = fs::metadata(path)?.permissions();
    permissions.set_readonly(true);
    fs::set_permissions(path, permissions)
}

/// Where a file of the library, named `std:...`, lies after [`materialise_standard_library`].
pub fn materialised_path(dir: &Path, path: &str) -> Option<PathBuf> {
    standard_text(path)?;
    Some(dir.join(path.strip_prefix(STANDARD_PREFIX)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_manifest_of_the_library_is_sound() {
        for (path, text) in FILES.iter().filter(|(path, _)| path.ends_with(MANIFEST)) {
            let dir = path.split('/').next().unwrap_or_default();
            let (manifest, faults) = Manifest::parse(text, dir);
            assert!(faults.is_empty(), "{path}: {faults:?}");
            assert_eq!(manifest.name, dir, "a package of the library is called like its directory");
            for dependency in &manifest.dependencies {
                assert!(standard_names().contains(&dependency.name.as_str()), "{path}: {}", dependency.name);
            }
        }
    }

    #[test]
    fn the_library_is_written_once_and_found_again() {
        let dir = tempfile::tempdir().expect("a directory");
        materialise_standard_library(dir.path()).expect("written");
        materialise_standard_library(dir.path()).expect("written again");
        for (relative, text) in FILES {
            let path = materialised_path(dir.path(), &format!("std:{relative}")).expect("known");
            assert_eq!(fs::read_to_string(path).expect("there"), *text);
        }
        assert_eq!(materialised_path(dir.path(), "std:no/such.mandate"), None);
    }
}
