//! Between the addresses editors use and the paths the analysis uses.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use tower_lsp::ls_types::Uri;

/// The path of a file on disk; `None` for other schemes (`untitled:`, `git:`).
pub(crate) fn file_path(uri: &Uri) -> Option<PathBuf> {
    if uri.scheme().as_str() != "file" {
        return None;
    }
    uri.to_file_path().map(|path| path.into_owned())
}

/// The name under which the analysis knows a file: its path, or the address itself where there is none.
pub(crate) fn key(uri: &Uri) -> Arc<str> {
    match file_path(uri) {
        Some(path) => Arc::from(path.to_string_lossy()),
        None => Arc::from(uri.as_str()),
    }
}

/// The address of a file that is not open. A key that is no absolute path already is an address.
pub(crate) fn of_key(key: &str) -> Option<Uri> {
    let path = Path::new(key);
    if path.is_absolute() { Uri::from_file_path(path) } else { Uri::from_str(key).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_is_known_by_its_path_however_the_client_spells_it() {
        let spelt = |text: &str| key(&Uri::from_str(text).unwrap());
        assert_eq!(&*spelt("file:///a%20b/%C3%A9%3A.mandate"), "/a b/é:.mandate");
        assert_eq!(spelt("file:///a/x%2Dy.mandate"), spelt("file:///a/x-y.mandate"));
        let uri = of_key("/a b/é:.mandate").unwrap();
        assert_eq!(&*key(&uri), "/a b/é:.mandate");
    }

    #[test]
    fn a_file_never_saved_is_known_by_its_address() {
        let uri = Uri::from_str("untitled:Untitled-1").unwrap();
        assert_eq!(&*key(&uri), "untitled:Untitled-1");
        assert_eq!(of_key("untitled:Untitled-1"), Some(uri));
    }
}
