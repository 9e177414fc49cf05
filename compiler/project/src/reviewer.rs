//! Who reviews, where nobody says so.

use std::path::Path;
use std::process::Command;

/// The user that git would name as author in a directory; `None` without git, or where it knows nobody.
pub fn git_user(directory: &Path) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(directory).args(["config", "user.name"]).output().ok()?;
    let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !name.is_empty()).then_some(name)
}
