//! Declarations of all files, found by a few letters.

use mandate_semantics::{Snapshot, Symbol};
use std::sync::Arc;

/// More are of no use to who looks for one.
const SHOWN: usize = 500;

/// A declaration with its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub path: Arc<str>,
    /// The declaration, without its parts.
    pub symbol: Symbol,
}

// Feature: Go to Symbol in Workspace
//
// Finds rules, records, scenarios and all other declarations of the open packages by the letters of their name or of their
// title: they must come in this order, others may stand between them.
/// Declarations whose name or title has the letters of `query` in this order, capitals or not; those nearest to it first.
pub fn workspace_symbols(snapshot: &Snapshot, query: &str) -> Vec<Found> {
    let query: Vec<char> = query.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let mut found: Vec<(usize, Found)> = Vec::new();
    for path in snapshot.modules() {
        for symbol in snapshot.symbols(&path) {
            let distance = distance(&query, &symbol.name).or_else(|| Some(distance(&query, &symbol.detail)? + 1_000));
            if let Some(distance) = distance {
                let symbol = Symbol { children: Vec::new(), ..symbol };
                found.push((distance, Found { path: path.clone(), symbol }));
            }
        }
    }
    found.sort_by(|(a, left), (b, right)| {
        let name = |found: &Found| (found.symbol.name.clone(), found.path.clone(), found.symbol.span);
        a.cmp(b).then_with(|| name(left).cmp(&name(right)))
    });
    found.truncate(SHOWN);
    found.into_iter().map(|(_, found)| found).collect()
}

/// How many letters stand before and between those looked for; `None` if they are not all there.
fn distance(query: &[char], text: &str) -> Option<usize> {
    let (mut at, mut between) = (0, 0);
    for letter in text.chars().flat_map(char::to_lowercase) {
        match query.get(at) {
            None => break,
            Some(wanted) if *wanted == letter => at += 1,
            Some(_) => between += 1,
        }
    }
    (at == query.len()).then_some(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    fn found(query: &str) -> Vec<String> {
        let fixture = Fixture::new(
            "//- a.mandate\nrecord Incident key id {\n  id: Text\n}\n\nrule report_it \"Report incidents\" {\n}\n//- b.mandate\nenum Inn { d, e }\n\nscenario \"a late report\" {\n}\n",
        );
        let found = workspace_symbols(&fixture.snapshot, query);
        found.into_iter().map(|found| format!("{} {}", found.path, found.symbol.name)).collect()
    }

    #[test]
    fn letters_in_their_order_find_names_before_titles() {
        assert_eq!(found("in"), ["a.mandate Incident", "b.mandate Inn", "a.mandate report_it"]);
        assert_eq!(found("REP"), ["a.mandate report_it", "b.mandate a late report"]);
        assert_eq!(found("late rep"), ["b.mandate a late report"]);
        assert_eq!(found("xyz"), Vec::<String>::new());
        assert_eq!(found("").len(), 4);
    }
}
