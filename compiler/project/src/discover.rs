//! Finding the modules and passage files of a package.

use crate::manifest::MANIFEST;
use crate::place::identity;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Directories that hold no rules but the work of other tools.
const FOREIGN: [&str; 2] = ["target", "node_modules"];

/// Whether a file below a package lies where packages are not searched.
pub(crate) fn is_passed_over(below: &Path) -> bool {
    let mut parts = below.components().map(|part| part.as_os_str().to_string_lossy());
    parts.any(|part| part.starts_with('.') || FOREIGN.contains(&&*part))
}

/// Deepest directory below a package that is looked into.
const MAX_DEPTH: usize = 32;

/// Most directories that are looked into: a manifest at the top of a whole disk ends here.
const MAX_DIRECTORIES: usize = 50_000;

/// A file of a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// Below the package, `/` between parts.
    pub relative: String,
    /// Where it is.
    pub path: PathBuf,
}

/// The files of a package, each list sorted by its path below the package.
#[derive(Debug, Default)]
pub(crate) struct Files {
    /// `*.mandate`
    pub modules: Vec<Found>,
    /// `*.md`
    pub documents: Vec<Found>,
    /// Directories that could not be read, with the reason.
    pub closed: Vec<(PathBuf, std::io::Error)>,
}

/// Looks through a package: not into packages inside it, hidden directories, or those of other tools. A directory that
/// several links lead to is looked into once, so that a link to a directory above does no harm.
pub(crate) fn discover(root: &Path) -> Files {
    search(root, Inner::Left)
}

/// The modules at or below `path`, those of packages inside packages included, sorted: what is formatted when a directory
/// is asked for. A file is taken as it is, whatever its name. Errors are those of directories that could not be read.
pub fn modules_below(path: &Path) -> (Vec<PathBuf>, Vec<(PathBuf, std::io::Error)>) {
    if !path.is_dir() {
        return (vec![path.to_owned()], Vec::new());
    }
    let files = search(path, Inner::Entered);
    (files.modules.into_iter().map(|found| found.path).collect(), files.closed)
}

/// What happens at a package inside the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inner {
    Left,
    Entered,
}

impl Inner {
    fn enters(self, dir: &Path) -> bool {
        self == Inner::Entered || !dir.join(MANIFEST).is_file()
    }
}

fn search(root: &Path, inner: Inner) -> Files {
    let mut files = Files::default();
    let mut seen = BTreeSet::from([identity(root)]);
    let mut waiting = vec![Waiting { path: root.to_owned(), relative: String::new(), depth: 0 }];
    // Links wait until all real directories are known, so that a file is called by its real path.
    let mut linked = Vec::new();
    let mut looked = 0;
    while let Some(dir) = waiting.pop().or_else(|| unseen(&mut linked, &mut seen, inner)) {
        looked += 1;
        if looked > MAX_DIRECTORIES {
            let bound = format!("the package has more than {MAX_DIRECTORIES} directories");
            files.closed.push((dir.path, std::io::Error::other(bound)));
            break;
        }
        look(&dir, inner, &mut files, &mut waiting, &mut linked, &mut seen);
    }
    files.modules.sort();
    files.documents.sort();
    files.closed.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

#[derive(Debug)]
struct Waiting {
    path: PathBuf,
    relative: String,
    depth: usize,
}

/// The next linked directory that was not looked into, in the order of names.
fn unseen(linked: &mut Vec<Waiting>, seen: &mut BTreeSet<PathBuf>, inner: Inner) -> Option<Waiting> {
    linked.sort_by(|a, b| b.relative.cmp(&a.relative));
    while let Some(link) = linked.pop() {
        if seen.insert(identity(&link.path)) && inner.enters(&link.path) {
            return Some(link);
        }
    }
    None
}

fn look(
    dir: &Waiting,
    inner: Inner,
    files: &mut Files,
    waiting: &mut Vec<Waiting>,
    linked: &mut Vec<Waiting>,
    seen: &mut BTreeSet<PathBuf>,
) {
    let entries = match fs::read_dir(&dir.path) {
        Ok(entries) => entries,
        Err(error) => return files.closed.push((dir.path.clone(), error)),
    };
    for entry in entries.flatten() {
        // A name that is not Unicode can be named by no `use` and no `document`.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let relative = if dir.relative.is_empty() { name.clone() } else { format!("{}/{name}", dir.relative) };
        let is_link = kind.is_symlink();
        let is_directory = if is_link { path.is_dir() } else { kind.is_dir() };
        if is_directory {
            if FOREIGN.contains(&name.as_str()) || dir.depth >= MAX_DEPTH {
                continue;
            }
            let next = Waiting { path, relative, depth: dir.depth + 1 };
            if is_link {
                linked.push(next);
            } else if inner.enters(&next.path) && seen.insert(identity(&next.path)) {
                waiting.push(next);
            }
        } else if name.ends_with(".mandate") {
            files.modules.push(Found { relative, path });
        } else if name.ends_with(".md") {
            files.documents.push(Found { relative, path });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(paths: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a directory");
        for path in paths {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("made");
            fs::write(path, "").expect("written");
        }
        dir
    }

    fn names(found: &[Found]) -> Vec<&str> {
        found.iter().map(|file| file.relative.as_str()).collect()
    }

    #[test]
    fn modules_and_passages_are_found_and_foreign_directories_are_not_searched() {
        let dir = package(&[
            "b.mandate",
            "sites/a.mandate",
            "sources/x.md",
            "notes.txt",
            "target/no.mandate",
            "node_modules/no.md",
            ".git/no.mandate",
            "inner/mandate.toml",
            "inner/no.mandate",
        ]);
        let files = discover(dir.path());
        assert_eq!(names(&files.modules), ["b.mandate", "sites/a.mandate"]);
        assert_eq!(names(&files.documents), ["sources/x.md"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_directory_above_ends() {
        let dir = package(&["a/x.mandate"]);
        std::os::unix::fs::symlink(dir.path(), dir.path().join("a/up")).expect("linked");
        std::os::unix::fs::symlink(dir.path().join("a"), dir.path().join("0")).expect("linked");
        assert_eq!(names(&discover(dir.path()).modules), ["a/x.mandate"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_linked_directory_from_elsewhere_belongs_to_the_package() {
        let shared = package(&["s.mandate"]);
        let dir = package(&["x.mandate"]);
        std::os::unix::fs::symlink(shared.path(), dir.path().join("shared")).expect("linked");
        assert_eq!(names(&discover(dir.path()).modules), ["shared/s.mandate", "x.mandate"]);
    }
}
