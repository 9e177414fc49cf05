//! Faults by file, in order, and no flood of them: a feed with a wrong column has a fault in every row.

use mandate_diagnostics::{Diagnostic, LineIndex, Severity};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many faults of a file are shown. What is beyond is counted.
const SHOWN: usize = 20;

/// Faults of one file, with the text their places count in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFaults {
    /// Name of the file as it was given.
    pub name: String,
    /// The text of a JSON or YAML file. Of a file read line by line, blanks in its place: lines and columns are the same,
    /// and there is nothing in it that could be shown.
    pub text: Arc<str>,
    /// At most about twenty, in order; the last of its code says how many more there are and where.
    pub faults: Vec<Diagnostic>,
}

/// Where the places of a file come from.
pub(crate) enum Places {
    /// Bytes of a text.
    Whole(LineIndex),
    /// Lines; a fault gives its columns.
    Rows,
}

/// Faults of one file as they are found.
pub(crate) struct Faults {
    by_code: BTreeMap<&'static str, Tally>,
}

#[derive(Default)]
struct Tally {
    /// The first ones by place, a few too many at times.
    kept: Vec<(u32, Diagnostic)>,
    beyond: Beyond,
}

/// Faults that are only counted.
#[derive(Debug, Clone, Copy, Default)]
struct Beyond {
    count: usize,
    first: u32,
    last: u32,
}

impl Beyond {
    fn add(&mut self, line: u32) {
        self.first = if self.count == 0 { line } else { self.first.min(line) };
        self.last = self.last.max(line);
        self.count += 1;
    }
}

impl Faults {
    pub(crate) fn new() -> Self {
        Faults { by_code: BTreeMap::new() }
    }

    /// Adds a fault in a line, counted from 1.
    pub(crate) fn add(&mut self, line: u32, fault: Diagnostic) {
        let tally = self.by_code.entry(fault.code.id).or_default();
        tally.kept.push((line, fault));
        if tally.kept.len() >= 4 * SHOWN {
            tally.trim(SHOWN);
        }
    }

    /// Whether one of them is an error.
    pub(crate) fn has_errors(&self) -> bool {
        let is_error = |(_, fault): &(u32, Diagnostic)| fault.severity == Severity::Error;
        self.by_code.values().any(|tally| tally.kept.iter().any(is_error))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_code.is_empty()
    }

    /// The faults to show, by place, with their lines.
    pub(crate) fn shown(self) -> Vec<(u32, Diagnostic)> {
        let total: usize = self.by_code.values().map(|tally| tally.kept.len() + tally.beyond.count).sum();
        // Every code keeps its share, so that a flood of one does not hide another.
        let each = if total <= SHOWN { SHOWN } else { (SHOWN / self.by_code.len().max(1)).max(1) };
        let mut shown = Vec::new();
        for mut tally in self.by_code.into_values() {
            tally.trim(each);
            if let (Some((_, last)), true) = (tally.kept.last_mut(), tally.beyond.count > 0) {
                last.help.push(more(tally.beyond));
            }
            shown.extend(tally.kept);
        }
        shown.sort_by_key(|(line, fault)| (*line, fault.primary.span));
        shown
    }
}

impl Tally {
    fn trim(&mut self, most: usize) {
        self.kept.sort_by_key(|(line, fault)| (*line, fault.primary.span));
        for (line, _) in self.kept.drain(most.min(self.kept.len())..) {
            self.beyond.add(line);
        }
    }
}

fn more(beyond: Beyond) -> String {
    let (count, first, last) =
        (grouped(beyond.count as u64), grouped(beyond.first.into()), grouped(beyond.last.into()));
    match (beyond.count, beyond.first == beyond.last) {
        (1, _) => format!("and one more like this in line {first}"),
        (_, true) => format!("and {count} more like this in line {first}"),
        (_, false) => format!("and {count} more like this in lines {first} to {last}"),
    }
}

/// `9,312`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Blanks in the place of the lines with faults, and the faults with places in them.
pub(crate) fn blank(faults: Vec<(u32, Diagnostic)>) -> (String, Vec<Diagnostic>) {
    let mut text = String::new();
    let (mut line, mut start) = (1, 0);
    let mut placed = Vec::with_capacity(faults.len());
    for (at, fault) in faults {
        if at > line {
            text.extend(std::iter::repeat_n('\n', (at - line) as usize));
            (line, start) = (at, text.len());
        }
        let own = std::iter::once(&fault.primary).chain(&fault.related).filter(|label| label.file.is_none());
        let wide = own.map(|label| label.span.end as usize).max().unwrap_or(0);
        let blanks = (start + wide).saturating_sub(text.len());
        text.extend(std::iter::repeat_n(' ', blanks));
        placed.push(fault.shifted(start as u32));
    }
    (text, placed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mandate_diagnostics::{Span, codes};

    fn fault(at: u32) -> Diagnostic {
        Diagnostic::new(&codes::E108, Span::new(at, at + 1), "wrong")
    }

    #[test]
    fn a_flood_is_counted_and_hides_no_other_fault() {
        let mut faults = Faults::new();
        for line in (1..=99_001).rev() {
            faults.add(line, fault(0));
        }
        faults.add(50_000, Diagnostic::new(&codes::E112, Span::new(3, 4), "dangling"));
        let shown = faults.shown();
        assert_eq!(shown.len(), 11);
        assert_eq!(shown[9].0, 10);
        assert_eq!(shown[9].1.help, ["and 98,991 more like this in lines 11 to 99,001"]);
        assert_eq!((shown[10].0, shown[10].1.code.id), (50_000, "E112"));
    }

    #[test]
    fn blanks_keep_lines_and_columns() {
        let (text, placed) = blank(vec![(3, fault(7)), (3, fault(2)), (5, fault(0))]);
        assert_eq!(text, "\n\n        \n\n ");
        let index = LineIndex::new(&text);
        let place = |n: usize| index.place(&text, placed[n].primary.span.start);
        assert_eq!((place(0).line, place(0).column, place(2).line), (3, 8, 5));
    }
}
