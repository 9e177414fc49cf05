//! Where results go that can be written in several formats: one to standard output, others to files, each whole or not at all.

use crate::ending::Stopped;
use crate::files;
use crate::output::Output;
use clap::ValueEnum;
use std::io::{self, Write};
use std::path::PathBuf;
use std::str::FromStr;

/// A file to write to: `report.txt`, or with its format `sarif=report.sarif`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target<F> {
    /// `None`: that of `--format`.
    pub format: Option<F>,
    pub file: PathBuf,
}

impl<F: ValueEnum> FromStr for Target<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A word before `=` is a format; what looks like a path is one: `./a=b`.
        let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric());
        let (format, file) = match text.split_once('=') {
            Some((word, file)) if is_word(word) => (Some(format(word)?), file),
            _ => (None, text),
        };
        if file.is_empty() {
            return Err("a file is wanted, as in `json=report.json`".to_owned());
        }
        Ok(Target { format, file: PathBuf::from(file) })
    }
}

fn format<F: ValueEnum>(word: &str) -> Result<F, String> {
    F::from_str(word, false).map_err(|_| {
        let known: Vec<String> = F::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .map(|value| value.get_name().to_owned())
            .collect();
        format!("there is no format `{word}`; there are {}", known.join(", "))
    })
}

/// Refuses files that cannot be written, are to be written twice, or are read.
pub(crate) fn check<F>(targets: &[Target<F>], read: &[PathBuf]) -> Result<(), Stopped> {
    for (number, target) in targets.iter().enumerate() {
        files::writable(&target.file)?;
        let name = target.file.display();
        if targets[..number].iter().any(|other| files::is_same(&other.file, &target.file)) {
            return Err(Stopped::new(format!("`{name}` is to be written twice")).help("name a file for each format"));
        }
        if read.iter().any(|other| files::is_same(other, &target.file)) {
            return Err(Stopped::new(format!("`{name}` is read; a result would replace it")).help("name another file"));
        }
    }
    Ok(())
}

/// Writes the result in one format; whether in colours.
pub(crate) type Writing<'w, F> = dyn Fn(F, bool, &mut dyn Write) -> io::Result<()> + 'w;

/// Writes the files, then, unless a file takes its place, to standard output in the format `main`: who reads it may stop reading.
pub(crate) fn write<F: Copy>(
    targets: &[Target<F>],
    main: F,
    out: &Output,
    writing: &Writing<'_, F>,
) -> Result<(), Stopped> {
    for target in targets {
        let format = target.format.unwrap_or(main);
        // Colours are for the terminal alone.
        files::replace_with(&target.file, &|to| writing(format, false, to))?;
    }
    if targets.iter().any(|target| target.format.is_none()) {
        return Ok(());
    }
    let color = out.colored();
    out.streamed(&|to| writing(main, color, to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::ReportFormat;

    #[test]
    fn a_format_stands_before_the_file() {
        let target = |text: &str| text.parse::<Target<ReportFormat>>();
        let of = |format, file: &str| Ok(Target { format, file: file.into() });
        assert_eq!(target("sarif=a.sarif"), of(Some(ReportFormat::Sarif), "a.sarif"));
        assert_eq!(target("a.txt"), of(None, "a.txt"));
        assert_eq!(target("./junit=b"), of(None, "./junit=b"));
        assert!(target("xml=a").is_err_and(|error| error.contains("junit")));
        assert!(target("csv=").is_err());
    }
}
