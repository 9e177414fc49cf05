//! Passages against the wording that a review remembers.

use super::model::{DocumentImpact, PassageChange, PassageChangeKind, Side};
use super::related::{Dependent, Lookup, written};
use crate::cover::Citing;
use mandate_documents::{comparable, difference};
use mandate_pack::{Citation, Pack};
use std::collections::{BTreeMap, BTreeSet};

/// A passage, or span of passages, that reads otherwise than when rules that cite it were reviewed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wording {
    /// Qualified name of its source.
    pub source: String,
    /// The passage, or `first..last`.
    pub passage: String,
    /// Its words of then, if the lock has them.
    pub then: Option<String>,
    /// Its words of now; none if it is gone.
    pub now: Option<String>,
    /// Line of the passage file, from 1.
    pub line: Option<u32>,
    /// Page of the original, from 1.
    pub page: Option<u32>,
    /// The rules, qualified, that were reviewed against the words of then.
    pub rules: BTreeSet<String>,
    /// Whether a note that it is no rule was reviewed against them.
    pub noted: bool,
}

/// What depends on passages that read otherwise than when they were reviewed: the rules that were reviewed against the words of then.
pub fn of_wordings(
    pack: &Pack,
    wordings: &[Wording],
    against: &str,
    dependents: &[Dependent<'_>],
) -> Vec<DocumentImpact> {
    let mut by_source: BTreeMap<&str, Vec<&Wording>> = BTreeMap::new();
    for wording in wordings {
        by_source.entry(&wording.source).or_default().push(wording);
    }
    let documents = by_source.into_iter().map(|(source, wordings)| {
        let lookup = Lookup::new(pack, source, dependents);
        let declared = pack.sources.get(source);
        DocumentImpact {
            source: source.to_owned(),
            title: declared.map(|source| source.title.clone()).unwrap_or_default(),
            file: declared.and_then(|source| source.document.clone()).unwrap_or_default(),
            against: against.to_owned(),
            same: 0,
            changes: wordings.into_iter().map(|wording| change(&lookup, wording)).collect(),
            endorsed: lookup.endorsed(),
        }
    });
    documents.collect()
}

fn change(lookup: &Lookup<'_>, wording: &Wording) -> PassageChange {
    let speaks = |citation: &Citation| (written(citation) == wording.passage).then_some(Citing::Direct);
    let mut rules = lookup.rules(&speaks);
    rules.retain(|rule| wording.rules.contains(&rule.name));
    let packages = lookup.packages(&rules, &speaks);
    let side = |text: &String, page, line| Side { name: Some(wording.passage.clone()), text: text.clone(), page, line };
    let (then, now) = (wording.then.as_ref(), wording.now.as_ref());
    let difference = match (then, now) {
        (Some(then), Some(now)) => difference(then, now).pieces,
        _ => Vec::new(),
    };
    PassageChange {
        change: if now.is_some() { PassageChangeKind::Reworded } else { PassageChangeKind::Removed },
        moved: false,
        similarity: then.zip(now).map(|(then, now)| similarity(then, now)),
        old: then.map(|text| side(text, None, None)),
        new: now.map(|text| side(&comparable(text), wording.page, wording.line)),
        difference,
        sounds: None,
        notes: if wording.noted { lookup.notes(&speaks) } else { Vec::new() },
        rules,
        packages,
    }
}

/// Words that stayed, of the words of both, in a thousand.
fn similarity(then: &str, now: &str) -> u16 {
    use mandate_documents::Piece;
    let words = |text: &str| text.split_whitespace().count();
    let stayed: usize = difference(then, now)
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Same(text) => words(text),
            Piece::Removed(_) | Piece::Added(_) => 0,
        })
        .sum();
    let all = words(&comparable(then)) + words(&comparable(now));
    u16::try_from(2000 * stayed / all.max(1)).unwrap_or(1000).min(999)
}
