//! A document against another edition of it.

use super::model::{Comparison, DocumentImpact, PassageChange, PassageChangeKind, Side};
use super::related::{Dependent, Lookup};
use crate::cover::{Citing, is_below_or_in};
use mandate_documents::{Alignment, Block, Change, Document, Pair, align, difference, normative};
use mandate_pack::{Citation, Pack};

/// What depends on each passage of a source's document that is not the same in a new edition.
///
/// `against`: how people name the new edition. `dependents`: packages that may use the pack's own.
pub fn of_edition(
    pack: &Pack,
    source: &str,
    old: &Document,
    new: &Document,
    against: &str,
    dependents: &[Dependent<'_>],
) -> DocumentImpact {
    let declared = pack.sources.get(source);
    let lookup = Lookup::new(pack, source, dependents);
    let alignment = align(old, new);
    let mut same = 0;
    let mut changes = Vec::new();
    for pair in &alignment.pairs {
        let Some(kind) = kind(old, new, pair) else {
            same += 1;
            continue;
        };
        let speaks = |citation: &Citation| speaks(old, new, &alignment, pair, citation);
        let rules = lookup.rules(&speaks);
        let packages = lookup.packages(&rules, &speaks);
        changes.push(PassageChange { notes: lookup.notes(&speaks), rules, packages, ..changed(old, new, pair, kind) });
    }
    let endorsed = if changes.is_empty() { Vec::new() } else { lookup.endorsed() };
    DocumentImpact {
        source: source.to_owned(),
        title: declared.map(|source| source.title.clone()).unwrap_or_default(),
        file: declared.and_then(|source| source.document.clone()).unwrap_or_default(),
        against: against.to_owned(),
        same,
        changes,
        endorsed,
    }
}

/// Two documents, passage by passage, without what depends on them.
pub fn compare(old: &Document, new: &Document) -> Comparison {
    let alignment = align(old, new);
    let all = alignment.pairs.iter().map(|pair| Some((pair, kind(old, new, pair)?)));
    let changes: Vec<PassageChange> = all.flatten().map(|(pair, kind)| changed(old, new, pair, kind)).collect();
    Comparison { same: alignment.pairs.len() - changes.len(), changes }
}

fn changed(old: &Document, new: &Document, pair: &Pair, kind: PassageChangeKind) -> PassageChange {
    let (was, is) = (pair.old.map(|at| &old.blocks[at]), pair.new.map(|at| &new.blocks[at]));
    let (similarity, moved) = match pair.change {
        Change::Reworded { similarity, moved } => (Some(similarity), moved),
        Change::Same | Change::Moved | Change::Added | Change::Removed => (None, pair.change == Change::Moved),
    };
    PassageChange {
        change: kind,
        moved,
        similarity,
        difference: match (was, is, kind) {
            (Some(was), Some(is), PassageChangeKind::Reworded) => difference(&was.text, &is.text).pieces,
            _ => Vec::new(),
        },
        sounds: pair.new.filter(|_| pair.old.is_none()).and_then(|at| normative(new, at)),
        old: was.map(side),
        new: is.map(side),
        rules: Vec::new(),
        notes: Vec::new(),
        packages: Vec::new(),
    }
}

fn side(block: &Block) -> Side {
    Side { name: block.name.clone(), text: block.text.clone(), page: block.page, line: Some(block.line) }
}

/// How a block changed; `None` if it did not.
fn kind(old: &Document, new: &Document, pair: &Pair) -> Option<PassageChangeKind> {
    match pair.change {
        Change::Moved => Some(PassageChangeKind::Moved),
        Change::Reworded { .. } => Some(PassageChangeKind::Reworded),
        Change::Added => Some(PassageChangeKind::Added),
        Change::Removed => Some(PassageChangeKind::Removed),
        Change::Same => {
            let name = |document: &Document, at: Option<usize>| document.blocks[at?].name.clone();
            let (was, is) = (name(old, pair.old), name(new, pair.new));
            // An edition that was not imported yet has no names at all.
            (was.is_some() && is.is_some() && was != is).then_some(PassageChangeKind::Renamed)
        }
    }
}

/// How a citation of the old edition speaks of a changed passage. Of an added one it speaks where it speaks of the heading that the
/// passage stands below now, or of what stands on both sides of it.
fn speaks(old: &Document, new: &Document, alignment: &Alignment, pair: &Pair, citation: &Citation) -> Option<Citing> {
    if let Some(at) = pair.old {
        return is_below_or_in(old, citation, at);
    }
    let added = pair.new?;
    let was = |at: usize| alignment.of_new(at).and_then(|pair| pair.old);
    let about = |at: Option<usize>| at.and_then(was).is_some_and(|at| is_below_or_in(old, citation, at).is_some());
    let mut heading = new.blocks[added].heading;
    while let Some(at) = heading {
        if about(Some(at)) {
            return Some(Citing::Around);
        }
        heading = new.blocks[at].heading;
    }
    let known = |at: &usize| was(*at).is_some();
    let (before, behind) = ((0..added).rev().find(known), (added + 1..new.blocks.len()).find(known));
    (about(before) && about(behind)).then_some(Citing::Around)
}
