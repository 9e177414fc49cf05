//! Writes the list of the standard library's files, so that the binary carries them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let library = here.join("../../stdlib");
    println!("cargo::rerun-if-changed={}", library.display());
    let mut files = Vec::new();
    if library.is_dir() {
        walk(&library, "", &mut files)?;
    }
    files.sort();
    let mut out = String::from("&[\n");
    for (relative, path) in &files {
        println!("cargo::rerun-if-changed={}", path.display());
        let path = path.canonicalize()?;
        let _ = writeln!(out, "    ({relative:?}, include_str!({:?})),", path.display().to_string());
    }
    out.push_str("]\n");
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("standard.rs");
    fs::write(target, out)
}

/// Collects manifests, modules and passage files with their path below the library, `/` between parts.
fn walk(dir: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", dir.display());
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if name.starts_with('.') {
            continue;
        }
        let relative = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let path = entry.path();
        if path.is_dir() {
            walk(&path, &relative, files)?;
        } else if prefix.is_empty() {
            // What lies beside the packages (a read-me, say) belongs to none.
            continue;
        } else if name == "mandate.toml" || name.ends_with(".mandate") || name.ends_with(".md") {
            files.push((relative, path));
        }
    }
    Ok(())
}
