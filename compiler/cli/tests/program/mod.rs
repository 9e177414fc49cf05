//! Running the program as people and other programs do.
// Not every test wants all of it.
#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What became of a run in a directory.
pub fn mandate(dir: &Path, arguments: &[&str]) -> Output {
    command(dir, arguments).output().expect("the program starts")
}

/// A run in a directory, without input.
pub fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mandate"));
    command.current_dir(dir).args(arguments).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

/// The exit code.
pub fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {}", stderr(output)))
}

/// Its results.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Its remarks.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
