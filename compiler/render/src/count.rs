//! How many errors and warnings, in figures and in words.

use crate::File;
use mandate_diagnostics::Severity;
use std::fmt;

/// Numbers of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Files that have any of them.
    pub files: usize,
}

impl Count {
    /// Counts what is said about `files`.
    pub fn of(files: &[File<'_>]) -> Self {
        let mut count = Count::default();
        for file in files {
            count.files += usize::from(!file.diagnostics.is_empty());
            for diagnostic in file.diagnostics {
                match diagnostic.severity {
                    Severity::Error => count.errors += 1,
                    Severity::Warning => count.warnings += 1,
                    Severity::Note => count.notes += 1,
                }
            }
        }
        count
    }

    /// Whether nothing was said.
    pub fn is_empty(self) -> bool {
        self.errors + self.warnings + self.notes == 0
    }
}

/// `2 errors, 1 warning in 1 file`; `no errors, no warnings` when nothing was said.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no errors, no warnings");
        }
        let kinds = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let said: Vec<String> =
            kinds.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| plural(number, word)).collect();
        write!(f, "{} in {}", said.join(", "), plural(self.files, "file"))
    }
}

fn plural(number: usize, word: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {word}{s}")
}
