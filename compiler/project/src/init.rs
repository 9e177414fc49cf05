//! A new package to start from.

use crate::manifest::MANIFEST;
use crate::name::to_name;
use crate::standard::standard_names;
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scaffold {
    /// Name of the package, taken from the name of its directory.
    pub name: String,
    /// The files, below the directory.
    pub files: Vec<String>,
}

/// Why no package was made. Nothing that was there before has changed.
#[derive(Debug)]
pub enum InitError {
    /// A file of this name is there already.
    Exists(PathBuf),
    /// A file or directory could not be written.
    Write(PathBuf, io::Error),
}

impl fmt::Display for InitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InitError::Exists(path) => {
                write!(
                    f,
                    "`{}` is there already, and nothing is overwritten; choose an empty directory",
                    path.display()
                )
            }
            InitError::Write(path, error) => write!(f, "`{}` cannot be written: {error}", path.display()),
        }
    }
}

impl std::error::Error for InitError {}

/// Makes a package in `dir`, which may exist: manifest, a root module with a source, a rule and scenarios, its passage
/// file, sample facts, a read-me. Refuses if any of these files is there.
pub fn init(dir: &Path) -> Result<Scaffold, InitError> {
    let name = package_name(dir);
    let root = format!("{name}.mandate");
    let files: [(&str, &str); 5] = [
        (MANIFEST, include_str!("../templates/mandate.toml")),
        (&root, include_str!("../templates/root.mandate")),
        ("sources/standing-order.md", include_str!("../templates/standing-order.md")),
        ("facts/sample.yaml", include_str!("../templates/sample.yaml")),
        ("README.md", include_str!("../templates/README.md")),
    ];
    if let Some((taken, _)) = files.iter().find(|(file, _)| dir.join(file).symlink_metadata().is_ok()) {
        return Err(InitError::Exists(dir.join(taken)));
    }
    let mut written = Vec::new();
    for (file, template) in &files {
        let path = dir.join(file);
        if let Err(error) = write_new(&path, &template.replace("{{name}}", &name)) {
            // Half a package would stand in the way of the next attempt.
            written.iter().for_each(|path: &PathBuf| drop(fs::remove_file(path)));
            return Err(match error.kind() {
                io::ErrorKind::AlreadyExists => InitError::Exists(path),
                _ => InitError::Write(path, error),
            });
        }
        written.push(path);
    }
    Ok(Scaffold { name, files: files.iter().map(|(file, _)| (*file).to_owned()).collect() })
}

/// The directory's name as a package name, distinct from those of the standard library so that it can use all of them.
fn package_name(dir: &Path) -> String {
    let whole = std::path::absolute(dir).map_or_else(|_| dir.to_owned(), |dir| crate::place::normalised(&dir));
    let name = to_name(&whole.file_name().unwrap_or_default().to_string_lossy());
    if standard_names().contains(&name.as_str()) { format!("{name}_rules") } else { name }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_package_loads_without_fault() {
        let dir = tempfile::tempdir().expect("a directory");
        let home = dir.path().join("Exercise Heron");
        let made = init(&home).expect("made");
        assert_eq!(made.name, "exercise_heron");
        let loaded = crate::load(&home);
        assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
        let package = &loaded.input.packages[0];
        assert_eq!((loaded.main.as_str(), package.modules.len()), ("exercise_heron", 1));
        assert_eq!(package.modules[0].module, "");
        assert!(package.documents.iter().any(|document| document.relative == "sources/standing-order.md"));
    }

    #[test]
    fn nothing_is_overwritten() {
        let dir = tempfile::tempdir().expect("a directory");
        fs::write(dir.path().join("README.md"), "mine").expect("written");
        assert!(matches!(init(dir.path()), Err(InitError::Exists(_))));
        let left: Vec<_> = fs::read_dir(dir.path()).expect("read").flatten().map(|e| e.file_name()).collect();
        assert_eq!(left, ["README.md"]);
        assert_eq!(fs::read_to_string(dir.path().join("README.md")).expect("read"), "mine");
    }
}
