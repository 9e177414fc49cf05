//! Reading text files: size bound, UTF-8, and what to say when one cannot be read.

use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_semantics::FileDiagnostics;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

/// Largest file that is read, in bytes. A module of this size has some 200,000 lines.
pub(crate) const MAX_BYTES: u64 = 10_000_000;

/// A file that cannot be used, with as much of its text as can be shown.
#[derive(Debug, Clone)]
pub(crate) struct Unreadable {
    pub text: Arc<str>,
    pub diagnostic: Diagnostic,
}

/// The text of a file, without a byte order mark.
pub(crate) fn read(path: &Path) -> Result<Arc<str>, Box<Unreadable>> {
    match bytes(path) {
        Ok(bytes) => text(bytes),
        Err(refused) => Err(Box::new(Unreadable { text: Arc::from(""), diagnostic: *refused })),
    }
}

/// The text of one file as packages read it: without byte order mark, within the size bound. What is wrong with a file that
/// cannot be used comes with as much of its text as can be shown.
pub fn read_text(path: &Path) -> Result<Arc<str>, FileDiagnostics> {
    read(path).map_err(|fault| FileDiagnostics {
        path: Arc::from(path.to_string_lossy()),
        text: fault.text,
        diagnostics: vec![fault.diagnostic],
    })
}

/// The texts of many files, in the order asked for.
pub(crate) fn read_all(paths: &[PathBuf]) -> Vec<Result<Arc<str>, Box<Unreadable>>> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(4);
    // Below some hundred files a second thread costs more than it saves.
    if threads < 2 || paths.len() < 128 {
        return paths.iter().map(|path| read(path)).collect();
    }
    let share = paths.len().div_ceil(threads);
    thread::scope(|scope| {
        let parts: Vec<_> = paths
            .chunks(share)
            .map(|part| (part, scope.spawn(move || part.iter().map(|path| read(path)).collect::<Vec<_>>())))
            .collect();
        let joined = parts.into_iter().map(|(part, thread)| {
            // A reader that died is repeated here, where its panic has a place.
            thread.join().unwrap_or_else(|_| part.iter().map(|path| read(path)).collect())
        });
        joined.flatten().collect()
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, Box<Diagnostic>> {
    let open = || -> io::Result<(File, u64)> {
        let meta = std::fs::metadata(path)?;
        // Opening a pipe or a device could wait for ever.
        if !meta.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        Ok((File::open(path)?, meta.len()))
    };
    let (file, size) = open().map_err(|error| Box::new(unreadable(&error)))?;
    if size > MAX_BYTES {
        return Err(Box::new(too_large(size)));
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    // The file may grow while it is read.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Box::new(unreadable(&error)))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Box::new(too_large(bytes.len() as u64)));
    }
    Ok(bytes)
}

fn text(mut bytes: Vec<u8>) -> Result<Arc<str>, Box<Unreadable>> {
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        // Editors hide the mark, so places are counted without it.
        bytes.drain(..3);
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::from(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let shown = String::from_utf8_lossy(&bytes);
            Err(Box::new(Unreadable { diagnostic: not_utf8(&bytes, at, &shown), text: Arc::from(shown) }))
        }
    }
}

fn unreadable(error: &io::Error) -> Diagnostic {
    Diagnostic::new(&codes::E213, Span::empty(0), format!("this file cannot be read: {}", reason(error)))
        .help("check that it exists and that you may read it")
}

/// What an error of the file system means, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "reading it is not permitted".to_owned(),
        _ => error.to_string(),
    }
}

fn too_large(size: u64) -> Diagnostic {
    let (size, bound) = (size.div_ceil(1_000_000), MAX_BYTES / 1_000_000);
    let message = format!("this file has about {size} MB; files of more than {bound} MB are not read");
    Diagnostic::new(&codes::E215, Span::empty(0), message)
        .help("split it into several files, or keep what is no rule text out of the package")
}

fn not_utf8(bytes: &[u8], at: usize, shown: &str) -> Diagnostic {
    // `shown` equals the file up to the broken byte, which stands there as one replacement character.
    let mark = shown.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let span = Span::new(at as u32, (at + mark) as u32);
    let byte = bytes.get(at).copied().unwrap_or_default();
    let mut found =
        Diagnostic::new(&codes::E214, span, "this file is not UTF-8 text, so its words cannot be told apart")
            .label(format!("the byte {byte:#04x} here starts no UTF-8 character"));
    found = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            found.help("it looks like UTF-16: save it again with the encoding UTF-8")
        }
        _ => found
            .help("save it again with the encoding UTF-8; accented letters of an older encoding are the usual cause"),
    };
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_byte_is_shown_where_it_stands() {
        let fault = text(b"caf\xE9 rules".to_vec()).expect_err("Latin-1 is not UTF-8");
        assert_eq!(fault.diagnostic.primary.span, Span::new(3, 6));
        assert_eq!(&*fault.text, "caf\u{FFFD} rules");
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        assert_eq!(&*text(b"\xEF\xBB\xBFrule".to_vec()).expect("UTF-8"), "rule");
    }

    #[test]
    fn many_files_come_back_in_order() {
        let dir = tempfile::tempdir().expect("a directory");
        let paths: Vec<PathBuf> = (0..300).map(|i| dir.path().join(format!("{i}"))).collect();
        for (i, path) in paths.iter().enumerate().filter(|(i, _)| *i != 7) {
            std::fs::write(path, i.to_string()).expect("written");
        }
        for (i, text) in read_all(&paths).into_iter().enumerate() {
            match text {
                Ok(text) => assert_eq!(*text, *i.to_string()),
                Err(fault) => assert_eq!((i, fault.diagnostic.code.id), (7, "E213")),
            }
        }
    }
}
