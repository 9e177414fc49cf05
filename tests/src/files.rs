//! A directory with a few files, gone when it is dropped.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A new directory among the temporary files of the system.
pub struct Directory(PathBuf);

impl Directory {
    /// An empty directory.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn new() -> io::Result<Directory> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("mandate-tests-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path)?;
        Ok(Directory(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file below it, with the directories it needs.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(&self, relative: &str, text: &str) -> io::Result<()> {
        let path = self.0.join(relative);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // What cannot be removed stays among the temporary files, and does no harm there.
        let _ = fs::remove_dir_all(&self.0);
    }
}
