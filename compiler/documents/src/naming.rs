//! Anchors of imported passages, by the table in `docs/documents.md`.

mod marks;
mod words;

use crate::align::{Change, align};
use crate::document::{Block, BlockKind, Document, Front, nest};
use mandate_diagnostics::Span;
use marks::{Mark, Outline};
use std::collections::{BTreeMap, BTreeSet};

/// A heading, a paragraph or a list item as a reader of documents found it: not yet named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnamed {
    /// What it is. A paragraph that begins with a number or letter, such as `2.` or `(a)`, becomes an item.
    pub kind: BlockKind,
    /// Its words, with the number or letter in front, without bullet.
    pub text: String,
    /// Page of the original on which it starts.
    pub page: Option<u32>,
    /// A name that the original gives it.
    pub hint: Option<String>,
}

/// Named blocks, and what became of the names of an earlier import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// All blocks, each with a name of its own.
    pub blocks: Vec<Block>,
    /// Every name that is no longer in use, of this import and of those before it.
    pub retired: BTreeSet<String>,
    /// How many names were taken over.
    pub kept: usize,
    /// Names that were not there before, in order.
    pub fresh: Vec<String>,
    /// Names whose passages are gone since the earlier import, sorted.
    pub gone: Vec<String>,
}

/// Of two wordings, so many words in a thousand must be the same for the later one to keep the name: what is less alike is another passage.
const SLIGHTLY: u16 = 600;

/// Names what was found in a document. What an earlier import already had, be it moved or slightly reworded, keeps the name
/// it had there; everything else gets one that neither is nor was in use.
pub fn name(found: Vec<Unnamed>, earlier: Option<&Document>) -> Named {
    let hints: Vec<Option<String>> = found.iter().map(|block| block.hint.clone()).collect();
    let mut document = Document { front: Front::default(), blocks: blocks(found), passages: BTreeMap::new() };
    nest(&mut document.blocks);
    let mut naming = Naming::new(earlier);
    let kept = earlier.map_or_else(|| vec![None; hints.len()], |earlier| kept(earlier, &document));
    let mut named = Named::default();
    let mut outline = Outline::default();
    for (place, (hint, before)) in hints.into_iter().zip(kept).enumerate() {
        let heading = document.blocks[place].heading;
        let above = heading.and_then(|heading| document.blocks[heading].name.clone());
        let block = &mut document.blocks[place];
        let mark = outline.read(block);
        let counted = naming.count(block, mark.as_ref(), heading);
        let wanted = match (&before, &hint) {
            (Some(before), _) => before.clone(),
            (None, Some(hint)) if marks::is_anchor(hint) => naming.free(hint.clone(), above.as_deref()),
            (None, _) => naming.wanted(block, mark.as_ref(), &outline, above.as_deref(), counted),
        };
        if before.is_some() {
            named.kept += 1;
        } else {
            named.fresh.push(wanted.clone());
        }
        naming.given.insert(wanted.clone());
        outline.enter(block.kind, mark, &wanted);
        block.name = Some(wanted);
    }
    named.blocks = document.blocks;
    let old = earlier.map(|earlier| earlier.passages.keys().cloned().collect::<BTreeSet<_>>()).unwrap_or_default();
    named.gone = old.difference(&naming.given).cloned().collect();
    named.retired = earlier.map(|earlier| earlier.front.retired.clone()).unwrap_or_default();
    named.retired.extend(named.gone.iter().cloned());
    named
}

/// The blocks without what only a file has: lines and places.
fn blocks(found: Vec<Unnamed>) -> Vec<Block> {
    let block = |found: Unnamed| Block {
        kind: found.kind,
        name: None,
        text: found.text,
        span: Span::new(0, 0),
        line: 0,
        page: found.page,
        heading: None,
        end: 0,
    };
    found.into_iter().map(block).collect()
}

/// For each block the name that its passage had before.
fn kept(earlier: &Document, now: &Document) -> Vec<Option<String>> {
    let alignment = align(earlier, now);
    let alike = |place: usize| {
        let pair = alignment.of_new(place)?;
        let alike = match pair.change {
            Change::Same | Change::Moved => true,
            Change::Reworded { similarity, .. } => similarity >= SLIGHTLY,
            Change::Added | Change::Removed => false,
        };
        pair.old.filter(|_| alike)
    };
    let mut from: Vec<Option<usize>> = (0..now.blocks.len()).map(alike).collect();
    renamed_headings(earlier, now, &mut from);
    let mut given = BTreeSet::new();
    let name = |old: Option<usize>| {
        let name = earlier.blocks.get(old?)?.name.clone()?;
        // A retired name that somebody gave again by hand, and one that stands twice, is left where it stands first.
        (!earlier.front.retired.contains(&name) && given.insert(name.clone())).then_some(name)
    };
    from.into_iter().map(name).collect()
}

/// A heading is everything below it: one with other words over most of the same passages is slightly reworded.
fn renamed_headings(earlier: &Document, now: &Document, from: &mut [Option<usize>]) {
    let below = |document: &Document| {
        let mut count: BTreeMap<usize, usize> = BTreeMap::new();
        for heading in document.blocks.iter().filter_map(|block| block.heading) {
            *count.entry(heading).or_default() += 1;
        }
        count
    };
    let (below_old, below_now) = (below(earlier), below(now));
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (place, block) in now.blocks.iter().enumerate() {
        let old = from[place].and_then(|old| earlier.blocks[old].heading);
        if let (Some(old), Some(heading)) = (old, block.heading) {
            *shared.entry((old, heading)).or_default() += 1;
        }
    }
    let mut taken: BTreeSet<usize> = from.iter().flatten().copied().collect();
    for ((old, heading), count) in shared {
        let most = |all: Option<&usize>| all.is_some_and(|all| count * 2 > *all);
        if from[heading].is_none() && most(below_old.get(&old)) && most(below_now.get(&heading)) && taken.insert(old) {
            from[heading] = Some(old);
        }
    }
}

/// The names in use, and how far counting has come.
struct Naming {
    /// In use before, whether or not they still are.
    former: BTreeSet<String>,
    /// In use now.
    given: BTreeSet<String>,
    /// For a name that was wanted again, the last number behind it.
    again: BTreeMap<String, u32>,
    /// Below each heading: paragraphs and items without number so far.
    counts: BTreeMap<Option<usize>, (u32, u32)>,
}

impl Naming {
    fn new(earlier: Option<&Document>) -> Naming {
        let former = earlier.map(|earlier| {
            let in_use = earlier.blocks.iter().filter_map(|block| block.name.clone());
            in_use.chain(earlier.front.retired.iter().cloned()).collect()
        });
        Naming {
            former: former.unwrap_or_default(),
            given: BTreeSet::new(),
            again: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    /// The name of a block by the table.
    fn wanted(
        &mut self,
        block: &Block,
        mark: Option<&Mark>,
        outline: &Outline,
        above: Option<&str>,
        counted: u32,
    ) -> String {
        let below = |name: &str| above.map_or_else(|| name.to_owned(), |above| format!("{above}.{name}"));
        match (block.kind, mark) {
            (BlockKind::Heading(_), _) => self.free(words::heading(&block.text), above),
            (_, Some(mark)) if mark.is_whole() => self.free(mark.word.clone(), above),
            (_, Some(mark)) => {
                let wanted = match outline.parent(mark) {
                    Some(parent) => format!("{parent}.{}", mark.word),
                    None => below(&mark.word),
                };
                self.free(wanted, None)
            }
            (BlockKind::Paragraph, None) => self.free(below(&format!("p{counted}")), None),
            (BlockKind::Item(_), None) => self.free(below(&format!("i{counted}")), None),
        }
    }

    /// Counts a paragraph or item without number, and says which one below its heading it is.
    fn count(&mut self, block: &Block, mark: Option<&Mark>, heading: Option<usize>) -> u32 {
        let counts = self.counts.entry(heading).or_default();
        let count = match block.kind {
            BlockKind::Paragraph if mark.is_none() => &mut counts.0,
            BlockKind::Item(_) if mark.is_none() => &mut counts.1,
            BlockKind::Heading(_) | BlockKind::Paragraph | BlockKind::Item(_) => return 0,
        };
        *count += 1;
        *count
    }

    /// The name, or where it is or was in use, with the heading above before it, or with a number behind it.
    fn free(&mut self, wanted: String, above: Option<&str>) -> String {
        let in_use = |name: &str| self.given.contains(name) || self.former.contains(name);
        if !in_use(&wanted) {
            return wanted;
        }
        let base = match above {
            Some(above) => format!("{above}.{wanted}"),
            None => wanted,
        };
        if above.is_some() && !in_use(&base) {
            return base;
        }
        let from = self.again.get(&base).map_or(2, |last| last + 1);
        let mut numbered = (from..).map(|number| (number, format!("{base}_{number}")));
        let (number, free) = numbered.find(|(_, name)| !in_use(name)).unwrap_or_else(|| (from, base.clone()));
        self.again.insert(base, number);
        free
    }
}

#[cfg(test)]
mod tests;
