//! Files of facts: which ones are meant, and reading them.

use crate::arguments::FormatOfFacts;
use crate::ending::Stopped;
use crate::files::reason;
use crate::output::Output;
use mandate_assess::{FactsFormat, FactsSource, FileFaults, Unreadable};
use mandate_semantics::FileDiagnostics;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The sources that paths name: files, every facts file below directories, and standard input for `-`. Each once: the same file
/// twice would give every record twice.
pub(crate) fn sources(
    paths: &[String],
    format: Option<&FormatOfFacts>,
    out: &Output,
) -> Result<Vec<FactsSource<'static>>, Stopped> {
    let mut names = Vec::new();
    for path in paths {
        if path != "-" && Path::new(path).is_dir() {
            names.extend(below(path, out)?);
        } else {
            names.push(path.clone());
        }
    }
    let mut seen: BTreeMap<PathBuf, &String> = BTreeMap::new();
    for name in &names {
        let real = fs::canonicalize(name).unwrap_or_else(|_| PathBuf::from(name));
        if let Some(first) = seen.insert(real, name) {
            let message = match first == name {
                true => format!("`{name}` is named twice"),
                false => format!("`{name}` is the same file as `{first}`"),
            };
            return Err(Stopped::new(message).help("name each file of facts once"));
        }
    }
    Ok(names.into_iter().map(|name| source(name, format)).collect())
}

fn source(name: String, format: Option<&FormatOfFacts>) -> FactsSource<'static> {
    let told = FactsFormat::of(&name).is_some();
    let format = format.filter(|_| !told);
    let input: Box<dyn Read> = match name.as_str() {
        "-" => Box::new(io::stdin().lock()),
        path => Box::new(Lazy { path: path.into(), file: None }),
    };
    FactsSource { format: format.map(|f| f.format), records: format.and_then(|f| f.records.clone()), name, input }
}

/// A file that is opened when it is read: there may be more of them than may be open at once.
struct Lazy {
    path: PathBuf,
    file: Option<fs::File>,
}

impl Read for Lazy {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(fs::File::open(&self.path)?),
        };
        file.read(buffer)
    }
}

/// Facts files below a directory, sorted by path. Hidden ones are passed over, others that are no facts named.
fn below(directory: &str, out: &Output) -> Result<Vec<String>, Stopped> {
    let (mut found, mut others) = (Vec::new(), Vec::new());
    walk(Path::new(directory), 0, &mut found, &mut others).map_err(|(path, error)| {
        Stopped::new(format!("`{}` cannot be read: {}", path.display(), reason(&error)))
            .help("check that you may read the directory")
    })?;
    if found.is_empty() {
        return Err(Stopped::new(format!("`{directory}` holds no facts"))
            .help("facts stand in files that end in .json, .yaml, .jsonl or .csv, each also with .gz"));
    }
    if !others.is_empty() {
        const NAMED: usize = 5;
        others.sort();
        let mut named: Vec<String> = others.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
        if others.len() > NAMED {
            named.push(format!("{} more", others.len() - NAMED));
        }
        out.remark(&format!("facts: passed over {}, whose endings are none of facts", named.join(", ")));
    }
    found.sort();
    Ok(found)
}

fn walk(
    directory: &Path,
    depth: usize,
    found: &mut Vec<String>,
    others: &mut Vec<String>,
) -> Result<(), (PathBuf, io::Error)> {
    /// Deeper than any archive is laid out; a link may lead in a circle.
    const DEEPEST: usize = 32;
    let refused = |error| (directory.to_owned(), error);
    if depth > DEEPEST {
        return Err(refused(io::Error::other("its directories are nested too deeply")));
    }
    for entry in fs::read_dir(directory).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let path = entry.path();
        let name = path.to_string_lossy().into_owned();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if path.is_dir() {
            walk(&path, depth + 1, found, others)?;
        } else if FactsFormat::of(&name).is_some() {
            found.push(name);
        } else {
            others.push(name);
        }
    }
    Ok(())
}

/// Why facts could not be read to their end.
pub(crate) fn unreadable(error: Unreadable) -> Stopped {
    Stopped::new(format!("`{}` cannot be read: {}", error.name, reason(&error.error)))
        .help("check the path, and that you may read it")
}

/// Faults in the form in which everything is shown.
pub(crate) fn diagnostics(faults: Vec<FileFaults>) -> Vec<FileDiagnostics> {
    let diagnostics = |file: FileFaults| FileDiagnostics {
        path: Arc::from(file.name.as_str()),
        text: file.text,
        diagnostics: file.faults,
    };
    faults.into_iter().map(diagnostics).collect()
}
