//! Blocks as they are found, tidied and counted.

use crate::Reading;
use crate::fault::Fault;
use crate::form::Form;
use mandate_documents::{BlockKind, Unnamed};
use std::collections::BTreeSet;

/// Most blocks of a document.
const MAX_BLOCKS: usize = 100_000;
/// Most bytes of its words.
const MAX_WORDS: usize = 16_000_000;
/// Stands where a word was divided at the end of a line, behind its hyphen.
pub(crate) const DIVIDED: char = '\u{2}';

/// Collects the blocks of a document. What is beyond the bounds is counted, and refused at the end.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    blocks: Vec<Unnamed>,
    /// Page of what is added next.
    pub page: Option<u32>,
    words: usize,
    divided: bool,
}

impl Gather {
    pub(crate) fn add(&mut self, kind: BlockKind, text: &str) {
        self.add_named(kind, text, None);
    }

    /// Adds a block that the document itself gives a name.
    pub(crate) fn add_named(&mut self, kind: BlockKind, text: &str, hint: Option<String>) {
        let text = tidy(text);
        // A number alone is no passage.
        if !text.chars().any(char::is_alphanumeric) || self.is_full() {
            return;
        }
        self.words += text.len();
        self.divided |= text.contains(DIVIDED);
        let kind = match kind {
            BlockKind::Heading(level) => BlockKind::Heading(level.clamp(1, 9)),
            BlockKind::Item(depth) => BlockKind::Item(depth.min(9)),
            BlockKind::Paragraph => kind,
        };
        self.blocks.push(Unnamed { kind, text, page: self.page, hint });
    }

    /// Whether a bound is reached.
    pub(crate) fn is_full(&self) -> bool {
        self.blocks.len() > MAX_BLOCKS || self.words > MAX_WORDS
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// What was found. Without a title the first heading is it, if nothing stands before it.
    pub(crate) fn finish(mut self, form: Form, title: Option<String>, pages: Option<u32>) -> Result<Reading, Fault> {
        if self.is_full() {
            return Err(Fault::too_large(format!(
                "has more than {MAX_BLOCKS} passages, or more than {} MB of text",
                MAX_WORDS / 1_000_000
            )));
        }
        if self.divided {
            mend(&mut self.blocks);
        }
        let first = self.blocks.first().filter(|block| matches!(block.kind, BlockKind::Heading(_)));
        let title = title.filter(|title| !title.trim().is_empty()).or_else(|| first.map(|block| block.text.clone()));
        Ok(Reading { form, title, pages, blocks: self.blocks })
    }
}

/// One blank for white space; no characters that cannot be seen, but for the sign of a divided word.
fn tidy(text: &str) -> String {
    let seen = |c: char| match c {
        DIVIDED => Some(c),
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => None,
        c if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => Some(' '),
        // Private use and other characters that are none.
        '\u{e000}'..='\u{f8ff}' | '\u{fffe}' | '\u{ffff}' => None,
        c => Some(c),
    };
    let text: String = text.chars().filter_map(seen).flat_map(letters).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The letters of a ligature, which a font draws as one.
fn letters(c: char) -> impl Iterator<Item = char> {
    let text = match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => "",
    };
    text.chars().chain(Some(c).filter(|_| text.is_empty()))
}

/// Makes words whole that were divided at the end of a line. Whether the hyphen belongs to the word is told by how the rest of the document
/// writes it; a word that stands nowhere else loses it.
fn mend(blocks: &mut [Unnamed]) {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '\u{2010}' | DIVIDED);
    let mut known: BTreeSet<String> = BTreeSet::new();
    for block in blocks.iter() {
        let words = block.text.split(|c: char| !is_inside(c)).filter(|word| !word.contains(DIVIDED));
        known.extend(words.filter(|word| word.contains(['-', '\u{2010}'])).map(str::to_lowercase));
    }
    for block in blocks.iter_mut().filter(|block| block.text.contains(DIVIDED)) {
        let mut text = String::with_capacity(block.text.len());
        for piece in block.text.split_inclusive(|c: char| !is_inside(c)) {
            let hyphenated = piece.replace(DIVIDED, "");
            let bare = hyphenated.trim_end_matches(|c: char| !is_inside(c)).to_lowercase();
            if piece.contains(DIVIDED) && !known.contains(&bare) {
                text.push_str(&piece.replace("-\u{2}", "").replace("\u{2010}\u{2}", ""));
            } else {
                text.push_str(&hyphenated);
            }
        }
        block.text = text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divided_words_are_whole_again_as_the_document_writes_them() {
        let mut gather = Gather::default();
        gather.add(BlockKind::Paragraph, "A people-centred camp.");
        gather.add(BlockKind::Paragraph, "It is people-\u{2}centred, and moni-\u{2}tored.");
        let reading = gather.finish(Form::Text, None, None).expect("small");
        assert_eq!(reading.blocks[1].text, "It is people-centred, and monitored.");
    }

    #[test]
    fn what_cannot_be_seen_is_dropped() {
        let mut gather = Gather::default();
        gather.add(BlockKind::Item(40), " re\u{ad}port\u{a0}it\t\u{7}now ");
        gather.add(BlockKind::Paragraph, " \u{b7} ");
        let reading = gather.finish(Form::Text, None, None).expect("small");
        assert_eq!(reading.blocks.len(), 1);
        assert_eq!((reading.blocks[0].text.as_str(), reading.blocks[0].kind), ("report it now", BlockKind::Item(9)));
    }
}
