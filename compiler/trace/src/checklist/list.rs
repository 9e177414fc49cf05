//! A checklist as a table: one statement a row, with where it is from; its words stay with whoever keeps the list.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

const COLUMNS: [&str; 5] = ["id", "area", "kind", "strength", "source"];

/// The statements of a checklist, in the order of its rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checklist {
    /// Each identifier once.
    pub statements: Vec<Statement>,
}

/// A statement of a checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Its identifier, by which rules and declarations carry it.
    pub id: String,
    /// The area that it belongs to.
    pub area: String,
    /// What it is: an obligation, a definition, ...
    pub kind: String,
    /// How strong it is.
    pub strength: String,
    /// The instrument it is from, with the article where there is one.
    pub source: String,
}

/// Why a checklist cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Checklist {
    /// Reads a table by RFC 4180 whose header names the columns `id`, `area`, `kind`, `strength` and `source`, in any order. Other columns
    /// are passed over.
    ///
    /// # Errors
    /// A column is missing, a row has another number of cells, an identifier is missing or stands there twice.
    pub fn read(text: &str) -> Result<Checklist, Unreadable> {
        let text = text.trim_start_matches('\u{FEFF}');
        let mut rows = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = rows.headers().map_err(of_row)?;
        let mut places = [0; COLUMNS.len()];
        for (place, wanted) in places.iter_mut().zip(COLUMNS) {
            *place = header.iter().position(|name| name == wanted).ok_or_else(|| Unreadable {
                line: 1,
                message: format!("the header has no column `{wanted}`; it names {}", COLUMNS.join(", ")),
            })?;
        }
        let mut statements = Vec::new();
        let mut seen: BTreeMap<String, u64> = BTreeMap::new();
        for row in rows.records() {
            let row = row.map_err(of_row)?;
            let line = row.position().map_or(1, |position| line_of(text, position));
            let [id, area, kind, strength, source] = places.map(|at| row.get(at).unwrap_or_default().to_owned());
            if id.is_empty() {
                return Err(Unreadable { line, message: "this statement has no identifier".to_owned() });
            }
            if let Some(before) = seen.insert(id.clone(), line) {
                let message = format!("the identifier `{id}` stands in line {before} already");
                return Err(Unreadable { line, message });
            }
            statements.push(Statement { id, area, kind, strength, source });
        }
        Ok(Checklist { statements })
    }
}

/// The line of a row: the reader counts from where it looked, which may be empty lines before.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|at| text.as_bytes().get(at..)).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n').count();
    position.line() + empty as u64
}

fn of_row(error: csv::Error) -> Unreadable {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("this row has {len} cells, and the header {expected_len}")
        }
        _ => "this is no row of a table".to_owned(),
    };
    Unreadable { line, message }
}
