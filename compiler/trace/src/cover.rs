//! Which citations speak of which passages.

use mandate_documents::Document;
use mandate_pack::Citation;
use std::collections::BTreeMap;

/// How a citation speaks of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Citing {
    /// It cites the passage, or begins or ends a span with it.
    Direct,
    /// It cites a heading or span around it.
    Around,
}

/// The places of blocks that a citation speaks of, first and behind the last; none where the document has no such passage.
fn reach(document: &Document, citation: &Citation) -> Option<(usize, usize)> {
    let block = |name: &str| document.passages.get(name).map(|passage| passage.block);
    let first = block(citation.passage.as_deref()?)?;
    let last = citation.to.as_deref().and_then(block).unwrap_or(first);
    let end = document.blocks.get(last)?.end;
    (first < end).then_some((first, end))
}

/// Whether a citation of this document speaks of the block at a place, and how.
pub fn is_below_or_in(document: &Document, citation: &Citation, block: usize) -> Option<Citing> {
    let (first, end) = reach(document, citation)?;
    if !(first..end).contains(&block) {
        return None;
    }
    let name = document.blocks.get(block)?.name.as_deref();
    let named = name.is_some() && (name == citation.passage.as_deref() || name == citation.to.as_deref());
    Some(if named { Citing::Direct } else { Citing::Around })
}

/// For each block of a document what of `all` cites it, by place among `all`; direct before around, else in the order given.
pub fn citing<'c>(
    document: &Document,
    all: impl Iterator<Item = &'c Citation>,
) -> BTreeMap<usize, Vec<(Citing, usize)>> {
    let mut found: BTreeMap<usize, Vec<(Citing, usize)>> = BTreeMap::new();
    for (at, citation) in all.enumerate() {
        let Some((first, end)) = reach(document, citation) else { continue };
        for block in first..end {
            if let Some(how) = is_below_or_in(document, citation, block) {
                found.entry(block).or_default().push((how, at));
            }
        }
    }
    found.values_mut().for_each(|citing| citing.sort());
    found
}
