//! Where the files of the standard library can be opened: written out on the first jump into one.

use mandate_project::{STANDARD_PREFIX, materialise_standard_library, materialised_path};
use std::env;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The written-out library.
#[derive(Debug)]
pub(crate) struct Library {
    dir: PathBuf,
    /// Whether it could be written; found out once.
    written: OnceLock<bool>,
}

impl Library {
    /// The library below the user's cache. The directory carries the version, for another version has other texts.
    pub(crate) fn in_cache() -> Self {
        Self::below(&cache())
    }

    pub(crate) fn below(cache: &Path) -> Self {
        let dir = cache.join("mandate").join(concat!("std-", env!("CARGO_PKG_VERSION")));
        Self { dir, written: OnceLock::new() }
    }

    /// The file on disk of a path such as `std:core/people.mandate`: `None` if it names no file of the library,
    /// `Some(None)` if the library could not be written.
    pub(crate) fn file(&self, path: &str) -> Option<Option<PathBuf>> {
        if !path.starts_with(STANDARD_PREFIX) {
            return None;
        }
        let written = *self.written.get_or_init(|| materialise_standard_library(&self.dir).is_ok());
        Some(written.then(|| materialised_path(&self.dir, path)).flatten())
    }

    /// The path by which the analysis knows a file of the written-out library.
    pub(crate) fn path_of(&self, file: &str) -> Option<Arc<str>> {
        let below = Path::new(file).strip_prefix(&self.dir).ok()?;
        let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(Arc::from(format!("{STANDARD_PREFIX}{}", parts.join("/"))))
    }
}

/// The directory the system has for what can be made again.
fn cache() -> PathBuf {
    let set = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || set(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    let usual = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home().map(|home| home.join("Library").join("Caches"))
    } else {
        home().map(|home| home.join(".cache"))
    };
    set("XDG_CACHE_HOME").or(usual).unwrap_or_else(env::temp_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_library_is_named_and_recognised() {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::below(dir.path());
        assert_eq!(library.file("/rules/a.mandate"), None);
        assert_eq!(library.file("std:no/such.mandate"), Some(None));
        let (path, text) = mandate_project::standard_packages()
            .into_iter()
            .flat_map(|package| package.modules)
            .map(|module| (module.path, module.text))
            .next()
            .unwrap();
        let file = library.file(&path).unwrap().unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), *text);
        assert_eq!(library.path_of(&file.to_string_lossy()), Some(path));
        assert_eq!(library.path_of("/rules/a.mandate"), None);
    }
}
