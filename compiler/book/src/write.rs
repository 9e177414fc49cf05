//! Putting a book into a directory: whole or not at all, and over nothing that is no earlier book.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file by which a directory is known for a book; it lists the files that were written.
pub const MARK: &str = "mandate-book.txt";

/// First line of the mark.
const FIRST: &str = "A policy book written by `mandate doc`. The next run replaces the files listed here.";

/// Why a book was not written. What stood in the directory still stands there.
#[derive(Debug)]
pub enum NotWritten {
    /// There is a file where the directory is to be.
    IsAFile,
    /// The directory holds something else than an earlier book; a file of it is named.
    NotABook(String),
    /// There is no directory to put it into, or it has no name of its own.
    NoParent,
    /// The system refused.
    Refused(io::Error),
}

impl fmt::Display for NotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotWritten::IsAFile => f.write_str("it is a file, and a book is a directory"),
            NotWritten::NotABook(file) => write!(f, "it holds `{file}`, which is no part of an earlier book"),
            NotWritten::NoParent => f.write_str("the directory that it is to stand in does not exist"),
            NotWritten::Refused(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for NotWritten {}

impl From<io::Error> for NotWritten {
    fn from(error: io::Error) -> Self {
        NotWritten::Refused(error)
    }
}

/// Whether a book may be written to a directory: said before the work of which it is to hold the result.
///
/// # Errors
/// Why it may not.
pub fn may_write(directory: &Path) -> Result<(), NotWritten> {
    place(directory).map(|_| ())
}

/// Writes the files of a book into a directory, which is new, empty, or holds an earlier book and nothing else.
///
/// They are written beside it first and take its place when they are complete.
///
/// # Errors
/// Why nothing was written.
pub fn write(files: &BTreeMap<String, String>, directory: &Path) -> Result<(), NotWritten> {
    let (real, exists) = place(directory)?;
    let fresh = beside(&real, "new");
    let written = fill(files, &fresh).and_then(|()| exchange(&fresh, &real, exists));
    if written.is_err() {
        let _ = fs::remove_dir_all(&fresh);
    }
    Ok(written?)
}

/// Where the directory really is, and whether it is there.
fn place(directory: &Path) -> Result<(PathBuf, bool), NotWritten> {
    match fs::metadata(directory) {
        Ok(meta) if !meta.is_dir() => Err(NotWritten::IsAFile),
        Ok(_) => {
            let real = fs::canonicalize(directory)?;
            if real.file_name().is_none() {
                return Err(NotWritten::NoParent);
            }
            match stranger(&real)? {
                Some(file) => Err(NotWritten::NotABook(file)),
                None => Ok((real, true)),
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let name = directory.file_name().ok_or(NotWritten::NoParent)?;
            let parent = fs::canonicalize(parent).map_err(|_| NotWritten::NoParent)?;
            if !parent.is_dir() {
                return Err(NotWritten::NoParent);
            }
            Ok((parent.join(name), false))
        }
        Err(error) => Err(error.into()),
    }
}

/// A file of a directory that no earlier book put there.
fn stranger(directory: &Path) -> io::Result<Option<String>> {
    let mark = fs::read_to_string(directory.join(MARK)).unwrap_or_default();
    let listed: Vec<&str> = mark.lines().skip(1).collect();
    let known = mark.lines().next() == Some(FIRST);
    let mut open = vec![(directory.to_owned(), String::new())];
    while let Some((at, before)) = open.pop() {
        let mut entries: Vec<_> = fs::read_dir(at)?.collect::<io::Result<_>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = format!("{before}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                open.push((entry.path(), format!("{path}/")));
            } else if !known || path != MARK && !listed.contains(&path.as_str()) {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

fn fill(files: &BTreeMap<String, String>, fresh: &Path) -> io::Result<()> {
    fs::create_dir(fresh)?;
    for (path, text) in files {
        let file = fresh.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(file, text)?;
    }
    let mut mark = format!("{FIRST}\n");
    for path in files.keys() {
        mark.push_str(path);
        mark.push('\n');
    }
    fs::write(fresh.join(MARK), mark)
}

/// Puts the new directory in the place of the old one, which stays where it was when that fails.
fn exchange(fresh: &Path, real: &Path, exists: bool) -> io::Result<()> {
    if !exists {
        return fs::rename(fresh, real);
    }
    let old = beside(real, "old");
    fs::rename(real, &old)?;
    if let Err(error) = fs::rename(fresh, real) {
        fs::rename(&old, real)?;
        return Err(error);
    }
    // The book is there; what is left of the old one is only in the way.
    let _ = fs::remove_dir_all(old);
    Ok(())
}

/// A hidden name in the same directory, which no other process has.
fn beside(path: &Path, word: &str) -> PathBuf {
    let name = path.file_name().unwrap_or(OsStr::new("book")).to_string_lossy();
    path.with_file_name(format!(".{name}.{}.{word}", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> BTreeMap<String, String> {
        names.iter().map(|name| ((*name).to_owned(), format!("text of {name}"))).collect()
    }

    #[test]
    fn a_book_replaces_an_earlier_one_whole_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let book = dir.path().join("book");
        write(&files(&["a.html", "rules/b.html"]), &book).expect("new");
        write(&files(&["a.html", "rules/c.html"]), &book).expect("replaced");
        assert!(book.join("rules/c.html").is_file() && !book.join("rules/b.html").exists());
        assert_eq!(fs::read_dir(dir.path()).expect("read").count(), 1);
    }

    #[test]
    fn what_is_no_book_is_left_alone() {
        let dir = tempfile::tempdir().expect("a directory");
        let refused = |path: &Path| write(&files(&["a.html"]), path).expect_err("refused");
        fs::write(dir.path().join("mine.txt"), "kept").expect("written");
        assert!(matches!(refused(dir.path()), NotWritten::NotABook(file) if file == "mine.txt"));
        assert!(matches!(refused(&dir.path().join("mine.txt")), NotWritten::IsAFile));
        assert!(matches!(refused(&dir.path().join("no/such")), NotWritten::NoParent));
        // Something put into a book later is not thrown away with it.
        let book = dir.path().join("book");
        write(&files(&["a.html"]), &book).expect("new");
        fs::create_dir(book.join("notes")).expect("made");
        fs::write(book.join("notes/n.txt"), "kept").expect("written");
        assert!(matches!(refused(&book), NotWritten::NotABook(file) if file == "notes/n.txt"));
        assert_eq!(fs::read_to_string(book.join("notes/n.txt")).expect("there"), "kept");
        // A mark of another making does not help.
        fs::write(dir.path().join(MARK), "mine.txt\n").expect("written");
        assert!(matches!(refused(dir.path()), NotWritten::NotABook(_)));
    }

    #[test]
    fn an_empty_directory_is_filled() {
        let dir = tempfile::tempdir().expect("a directory");
        let book = dir.path().join("book");
        fs::create_dir(&book).expect("made");
        write(&files(&["a.html"]), &book).expect("filled");
        assert!(book.join("a.html").is_file());
    }
}
