//! `mandate fmt`

use crate::arguments::Fmt;
use crate::ending::{Ending, Outcome, Stopped};
use crate::files;
use crate::output::Output;
use mandate_project::{modules_below, read_text};
use mandate_syntax::format;
use std::path::{Path, PathBuf};
use std::thread;

/// Most that is read from standard input, as much as from a file.
const MAX_BYTES: u64 = 10_000_000;

pub(crate) fn run(arguments: &Fmt, out: &mut Output) -> Ending {
    if arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        return match arguments.paths.as_slice() {
            [_] => standard_input(arguments.check, out),
            _ => Err(Stopped::new("standard input and files cannot be formatted in one go").help("use `-` alone")),
        };
    }
    let (modules, mut failures) = modules(&arguments.paths)?;
    let mut changed = 0;
    for (path, result) in modules.iter().zip(each(&modules, arguments.check)) {
        match result {
            Ok(Change::None) => {}
            Ok(Change::Made) => {
                changed += 1;
                out.remark(&format!("formatted {}", path.display()));
            }
            Ok(Change::Needed) => {
                changed += 1;
                out.result(&format!("{}\n", path.display()))?;
            }
            Err(stopped) => failures.push(stopped),
        }
    }
    for failure in &failures {
        out.stopped(failure);
    }
    let count = modules.len();
    let s = if count == 1 { "" } else { "s" };
    if arguments.check {
        out.remark(&format!("{changed} of {count} module{s} would change"));
    } else {
        out.remark(&format!("{changed} of {count} module{s} changed"));
    }
    Ok(match () {
        () if !failures.is_empty() => Outcome::CouldNotRun,
        () if arguments.check && changed > 0 => Outcome::Findings,
        () => Outcome::Clean,
    })
}

/// All modules asked for, each once, and the directories that could not be searched.
fn modules(paths: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<Stopped>), Stopped> {
    let (mut modules, mut failures) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.exists() {
            let message = format!("there is no file or directory `{}`", path.display());
            return Err(Stopped::new(message).help("check the spelling, and the directory you are in"));
        }
        let (found, closed) = modules_below(path);
        modules.extend(found.into_iter().map(|module| match module.strip_prefix(".") {
            Ok(below) => below.to_owned(),
            Err(_) => module,
        }));
        let closed = closed.into_iter().map(|(dir, error)| format!("`{}` cannot be searched: {error}", dir.display()));
        failures.extend(closed.map(Stopped::new));
    }
    if modules.is_empty() && failures.is_empty() {
        let all: Vec<_> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
        let message = format!("there is no module in {}", all.join(", "));
        return Err(Stopped::new(message).help("modules are files that end in `.mandate`"));
    }
    modules.sort();
    modules.dedup();
    Ok((modules, failures))
}

/// What formatting means for a file.
enum Change {
    None,
    Made,
    Needed,
}

/// Formats files on a few threads; results in the order of the files.
fn each(modules: &[PathBuf], only_check: bool) -> Vec<Result<Change, Stopped>> {
    let threads = thread::available_parallelism().map_or(1, usize::from).clamp(1, 4);
    let share = modules.len().div_ceil(threads).max(1);
    let all = |part: &[PathBuf]| part.iter().map(|path| one(path, only_check)).collect::<Vec<_>>();
    thread::scope(|scope| {
        let parts: Vec<_> = modules
            .chunks(share)
            .map(|part| {
                thread::Builder::new().stack_size(crate::STACK).spawn_scoped(scope, move || all(part)).map_err(|_| part)
            })
            .collect();
        let done = parts.into_iter().flat_map(|part| match part {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // No thread to be had: here, then.
            Err(part) => all(part),
        });
        done.collect()
    })
}

fn one(path: &Path, only_check: bool) -> Result<Change, Stopped> {
    let text = read_text(path).map_err(|fault| {
        let mut stopped = Stopped::new(format!("`{}` is not formatted", path.display()));
        for diagnostic in fault.diagnostics {
            stopped.message = format!("{}: {}", stopped.message, diagnostic.message);
            stopped.help.extend(diagnostic.help);
        }
        stopped
    })?;
    let formatted = format(&text);
    if *formatted == *text {
        return Ok(Change::None);
    }
    if only_check {
        return Ok(Change::Needed);
    }
    files::replace(path, formatted.as_bytes())?;
    Ok(Change::Made)
}

fn standard_input(only_check: bool, out: &Output) -> Ending {
    let bytes = files::read("-", MAX_BYTES)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Stopped::new(format!("standard input is not UTF-8 text: byte {at} cannot stand there"))
            .help("save or convert the text with the encoding UTF-8")
    })?;
    let formatted = format(&text);
    if only_check {
        return Ok(if formatted == text { Outcome::Clean } else { Outcome::Findings });
    }
    out.result(&formatted)?;
    Ok(Outcome::Clean)
}
