//! `mandate doc` as people meet it: the book it writes, and what it refuses to write over.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn mandate(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mandate"));
    command.current_dir(dir).args(arguments).output().expect("the program starts")
}

/// What was said, and the code with which the program ended.
fn ended(output: &Output) -> (Option<i32>, String) {
    assert!(output.stdout.is_empty(), "a book is written to its directory alone");
    (output.status.code(), String::from_utf8(output.stderr.clone()).expect("UTF-8"))
}

/// A new package made by `mandate init`.
fn package() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a directory");
    let made = mandate(dir.path(), &["init", "exercise"]);
    assert!(made.status.success());
    let root = dir.path().join("exercise");
    (dir, root)
}

fn bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(at).expect("read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let bytes = fs::read(&path).expect("read");
                found.push((path.strip_prefix(folder).expect("below").to_owned(), bytes));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_book_is_written_again_over_itself_with_the_same_bytes() {
    let (dir, _) = package();
    let (code, said) = ended(&mandate(dir.path(), &["doc", "exercise", "--output", "book"]));
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("exercise: ") && said.contains("book/index.html"), "{said}");
    let first = bytes(&dir.path().join("book"));
    assert!(first.iter().any(|(path, _)| path == Path::new("index.html")));
    let (code, said) = ended(&mandate(dir.path(), &["doc", "exercise", "--output", "book"]));
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(bytes(&dir.path().join("book")), first);
    assert_eq!(fs::read_dir(dir.path()).expect("read").count(), 2, "the package and its book");
}

#[test]
fn a_directory_that_is_no_book_a_file_and_a_lost_place_are_refused() {
    let (dir, root) = package();
    let refused = |output: &str, words: &str| {
        let (code, said) = ended(&mandate(dir.path(), &["doc", "exercise", "--output", output]));
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(words) && said.contains("help:"), "{said}");
    };
    let before = bytes(&root);
    refused("exercise", "which is no part of an earlier book");
    assert_eq!(bytes(&root), before);
    refused("exercise/mandate.toml", "it is a file");
    refused("no/such/book", "does not exist");
    assert!(!dir.path().join("no").exists());
    let (code, said) = ended(&mandate(dir.path(), &["doc", "exercise"]));
    assert_eq!(code, Some(2));
    assert!(said.contains("--output"), "{said}");
}

#[test]
fn rules_with_errors_make_no_book_and_leave_the_earlier_one() {
    let (dir, root) = package();
    assert_eq!(ended(&mandate(dir.path(), &["doc", "exercise", "--output", "book"])).0, Some(0));
    let earlier = bytes(&dir.path().join("book"));
    let file = root.join("exercise.mandate");
    let text = fs::read_to_string(&file).expect("read");
    fs::write(&file, text.replace("  when i.gravity", "  wehn i.gravity")).expect("written");
    let (code, said) = ended(&mandate(dir.path(), &["doc", "exercise", "--output", "book"]));
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("no book was written: the package has errors"), "{said}");
    assert_eq!(bytes(&dir.path().join("book")), earlier);
    let (code, said) = ended(&mandate(dir.path(), &["doc", "no/such", "--output", "other"]));
    assert_eq!(code, Some(2), "{said}");
    assert!(!dir.path().join("other").exists());
}
