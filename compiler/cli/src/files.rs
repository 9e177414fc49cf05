//! Reading input and replacing files.

use crate::ending::Stopped;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Writes a file whole or not at all: into a new file beside it, which then takes its place. Permissions stay as they
/// were, and a link keeps pointing where it did.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Stopped> {
    replace_with(path, &|to| to.write_all(bytes))
}

/// As [`replace`], for what is written piece by piece.
pub(crate) fn replace_with(path: &Path, content: &Content<'_>) -> Result<(), Stopped> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    // A pipe or a device is written to, not replaced: `--out /dev/stdout`.
    let special = fs::metadata(&real).is_ok_and(|meta| !meta.is_file() && !meta.is_dir());
    let written = if special {
        OpenOptions::new().write(true).open(&real).and_then(|file| buffered(file, content))
    } else {
        swap(&real, content)
    };
    written.map_err(|error| not_written(path, &error))
}

/// Writes the content of a file.
pub(crate) type Content<'a> = dyn Fn(&mut dyn Write) -> io::Result<()> + 'a;

fn not_written(path: &Path, error: &io::Error) -> Stopped {
    Stopped::new(format!("`{}` cannot be written: {}", path.display(), reason(error)))
        .help("check that the directory exists and that you may write there")
}

/// Whether a file can probably be written: said before the work of which it is to hold the result.
pub(crate) fn writable(path: &Path) -> Result<(), Stopped> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let refused = match fs::metadata(directory) {
        Err(error) => Err(error),
        Ok(meta) if !meta.is_dir() => Err(io::Error::from(io::ErrorKind::NotFound)),
        Ok(_) if path.is_dir() => Err(io::Error::other("it is a directory")),
        Ok(_) => Ok(()),
    };
    refused.map_err(|error| not_written(path, &error))
}

/// Whether two paths lead to the same file, which need not exist.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        let whole = fs::canonicalize(path).ok();
        whole.or_else(|| {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(fs::canonicalize(parent).ok()?.join(path.file_name()?))
        })
    };
    one == other || real(one).is_some_and(|one| real(other) == Some(one))
}

fn buffered(file: fs::File, content: &Content<'_>) -> io::Result<()> {
    let mut file = io::BufWriter::with_capacity(1 << 16, file);
    content(&mut file)?;
    file.flush()
}

fn swap(path: &Path, content: &Content<'_>) -> io::Result<()> {
    if path.is_dir() {
        return Err(io::Error::other("it is a directory"));
    }
    let permissions = fs::metadata(path).map(|meta| meta.permissions()).ok();
    if permissions.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(io::Error::other("it is write-protected"));
    }
    let beside = beside(path);
    let written = (|| {
        let file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
        if let Some(permissions) = permissions {
            file.set_permissions(permissions)?;
        }
        buffered(file, content)?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A hidden name in the same directory, which no other writer has.
fn beside(path: &Path) -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".{name}.{}-{number}.tmp", std::process::id()))
}

/// The bytes of a file, or of standard input for `-`, up to `bound`.
pub(crate) fn read(path: &str, bound: u64) -> Result<Vec<u8>, Stopped> {
    let refused = |error: io::Error| Stopped::new(format!("`{path}` cannot be read: {}", reason(&error)));
    let mut bytes = Vec::new();
    let read = match path {
        "-" => io::stdin().lock().take(bound + 1).read_to_end(&mut bytes),
        _ => fs::File::open(path).and_then(|file| file.take(bound + 1).read_to_end(&mut bytes)),
    };
    read.map_err(|error| refused(error).help("check the path, and that you may read it"))?;
    if bytes.len() as u64 > bound {
        let message = format!("`{path}` is larger than {} MB, the most that is read at once", bound / 1_000_000);
        return Err(Stopped::new(message).help("split it into several files and name them all"));
    }
    Ok(bytes)
}

pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "this is not permitted".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replaced_file_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("a");
        replace(&path, b"one").expect("new");
        replace(&path, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"two");
        assert_eq!(fs::read_dir(dir.path()).expect("read").count(), 1);
        assert!(replace(dir.path(), b"x").is_err());
        assert!(replace(&dir.path().join("no/such"), b"x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a directory");
        let (path, link) = (dir.path().join("a"), dir.path().join("link"));
        fs::write(&path, "one").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        std::os::unix::fs::symlink(&path, &link).expect("linked");
        replace(&link, b"two").expect("replaced");
        assert_eq!(fs::read(&path).expect("read"), b"two");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
        assert!(link.symlink_metadata().expect("there").is_symlink());
    }
}
