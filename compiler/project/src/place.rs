//! Paths as people name them, and the identity of a directory behind its names.

use std::path::{Component, Path, PathBuf};

/// The path without `.` and with `..` taken back where that is possible on the words alone.
pub(crate) fn normalised(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                Some(Component::RootDir | Component::Prefix(_)) => {}
                Some(Component::ParentDir | Component::CurDir) | None => out.push(".."),
            },
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => out.push(part),
        }
    }
    out
}

/// How paths are written: as they were asked for, relative to the current directory or absolute.
#[derive(Debug, Clone)]
pub(crate) struct Wording {
    /// The directory that relative paths start from; `None` keeps paths absolute.
    from: Option<PathBuf>,
}

impl Wording {
    /// Relative if `asked` is.
    pub(crate) fn of(asked: &Path) -> Self {
        let from = if asked.is_absolute() { None } else { std::env::current_dir().ok() };
        Self { from }
    }

    /// `path`, absolute, in this wording. The current directory itself is `.`.
    pub(crate) fn word(&self, path: &Path) -> PathBuf {
        let Some(from) = &self.from else { return path.to_owned() };
        let shared = from.components().zip(path.components()).take_while(|(a, b)| a == b).count();
        // Another drive, or nothing in common but the root: the whole path is shorter to read.
        if shared <= 1 {
            return path.to_owned();
        }
        let up = from.components().skip(shared).map(|_| Component::ParentDir);
        let words: PathBuf = up.chain(path.components().skip(shared)).collect();
        if words.as_os_str().is_empty() { PathBuf::from(".") } else { words }
    }
}

/// The directory itself, whatever links lead to it.
pub(crate) fn identity(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_taken_out_of_a_path() {
        assert_eq!(normalised(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(normalised(Path::new("../a/../../b")), Path::new("../../b"));
        assert_eq!(normalised(Path::new("/..")), Path::new("/"));
    }

    #[test]
    fn a_neighbour_is_named_from_the_current_directory() {
        let wording = Wording { from: Some(PathBuf::from("/home/x/rules")) };
        assert_eq!(wording.word(Path::new("/home/x/rules/a.mandate")), Path::new("a.mandate"));
        assert_eq!(wording.word(Path::new("/home/x/other/b")), Path::new("../other/b"));
        assert_eq!(wording.word(Path::new("/home/x/rules")), Path::new("."));
        assert_eq!(wording.word(Path::new("/srv/b")), Path::new("/srv/b"));
    }
}
