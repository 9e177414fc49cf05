//! Benchmarks of the whole program, run by one command: `cargo run --release -p mandate-bench`.
//!
//! `-- assess` measures assessment alone, `-- check` checking, `-- align` the comparison of documents, `-- prove` what is proven about rules, `-- differ` comparing two packs; `--features rego` adds the peers of assessment.
//!
//! Prints wall-clock times (minimum, median, maximum of several runs) and peak memory, ratios between sizes, and, where `ruff` is on
//! the path, the ratio to that peer checking as many lines of Python. Nothing here passes or fails: these are measurements.

mod align;
mod assess;
mod differ;
mod measure;
mod package;
mod prove;

use measure::{Sample, runs};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const RUNS: usize = 7;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match assess::peer(&arguments).unwrap_or_else(|| bench(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mandate-bench: {error}");
            ExitCode::from(2)
        }
    }
}

fn bench(arguments: &[String]) -> Result<(), String> {
    const PARTS: [&str; 5] = ["check", "align", "assess", "prove", "differ"];
    let wanted = |part: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == part);
    if arguments.len() > 1 || arguments.iter().any(|argument| !PARTS.contains(&argument.as_str())) {
        return Err("what to measure is `check`, `align`, `assess`, `prove` or `differ`, or nothing for all".to_owned());
    }
    if arguments.iter().any(|argument| argument == "prove") {
        return prove::bench();
    }
    if arguments.iter().any(|argument| argument == "differ") {
        return differ::bench();
    }
    let program = program()?;
    let root = std::env::temp_dir().join(format!("mandate-bench-{}", std::process::id()));
    let mut result = if wanted("check") { all(&program, &root) } else { Ok(()) };
    if wanted("align") {
        result = result.and_then(|()| align::bench(&program, &root));
    }
    if wanted("assess") {
        result = result.and_then(|()| assess::bench(&program, &root));
    }
    if arguments.is_empty() {
        result = result.and_then(|()| prove::bench()).and_then(|()| differ::bench());
    }
    // A folder that cannot be removed is no reason to lose the figures.
    let _ = std::fs::remove_dir_all(&root);
    result
}

/// The release binary, built first so that it is the one of this tree.
fn program() -> Result<PathBuf, String> {
    let status = Command::new(env!("CARGO")).args(["build", "--release", "--quiet", "-p", "mandate-cli"]).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(_) => return Err("the release build failed".to_owned()),
        Err(error) => return Err(format!("cargo could not be started: {error}")),
    }
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let program = own.with_file_name("mandate");
    if program.exists() {
        Ok(program)
    } else {
        Err("run this with --release, so that it stands beside the program".to_owned())
    }
}

fn all(program: &Path, root: &Path) -> Result<(), String> {
    let size = std::fs::metadata(program).map_err(|error| error.to_string())?.len();
    println!("binary                 {:.1} MB", size as f64 / 1e6);
    let mut medians = Vec::new();
    for modules in [100, 1_000] {
        let folder = root.join(format!("package{modules}"));
        package::write(&folder, modules).map_err(|error| error.to_string())?;
        let lines = modules * package::LINES;
        let mut check = Command::new(program);
        check.arg("check").arg(&folder);
        let sample = runs(RUNS, &mut check)?;
        report(&format!("check {lines:>7} lines"), &sample);
        medians.push(sample.median());
        let mut fmt = Command::new(program);
        fmt.args(["fmt", "--check"]).arg(&folder);
        // Generated modules need no formatting to be read by it; its exit code is not of interest.
        report(&format!("fmt   {lines:>7} lines"), &measure::runs_any(RUNS, &mut fmt)?);
        if modules == 1_000 {
            peer(root, modules, sample.median())?;
        }
    }
    if let [small, large] = medians.as_slice() {
        println!("check: ten times the lines cost {:.1} times the time", large / small);
    }
    Ok(())
}

fn peer(root: &Path, modules: usize, own: f64) -> Result<(), String> {
    if Command::new("ruff").arg("--version").output().is_err() {
        println!("peer: ruff is not on the path (pip install ruff), no ratio");
        return Ok(());
    }
    let folder = root.join("python");
    package::write_python(&folder, modules).map_err(|error| error.to_string())?;
    let mut ruff = Command::new("ruff");
    ruff.args(["check", "--no-cache", "--quiet"]).arg(&folder);
    let sample = measure::runs_any(RUNS, &mut ruff)?;
    report("peer: ruff check, as many lines", &sample);
    println!("check against ruff: {:.2} times its time", own / sample.median());
    Ok(())
}

fn report(what: &str, sample: &Sample) {
    println!(
        "{what:<22} {:>6.0} / {:>6.0} / {:>6.0} ms (min / median / max), {:>4.0} MB at most",
        sample.min() * 1e3,
        sample.median() * 1e3,
        sample.max() * 1e3,
        sample.peak as f64 / 1e6
    );
}
