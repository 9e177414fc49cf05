//! From what was read to a passage file.

use crate::Reading;
use mandate_documents::{BlockKind, Document, Front, name, write};
use sha2::{Digest, Sha256};

/// Where a document comes from.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'o> {
    /// Its bytes.
    pub bytes: &'o [u8],
    /// Name of its file, without directories; `None` for what came from elsewhere.
    pub file: Option<&'o str>,
    /// Its title, if it is not to be the one that the document says.
    pub title: Option<&'o str>,
}

/// A passage file, with what there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The text of the file.
    pub text: String,
    /// Title of the document.
    pub title: Option<String>,
    /// Number of headings.
    pub headings: usize,
    /// Number of paragraphs and items.
    pub passages: usize,
    /// Number of pages, if there are pages.
    pub pages: Option<u32>,
    /// Anchors taken over from the earlier import.
    pub kept: usize,
    /// Anchors that were not there before, in order.
    pub fresh: Vec<String>,
    /// Anchors whose passages are gone since the earlier import.
    pub gone: Vec<String>,
}

/// Names what was read, and writes the passage file. The passages of an earlier import keep their anchors.
pub fn import(reading: Reading, origin: Origin<'_>, earlier: Option<&Document>) -> Imported {
    let named = name(reading.blocks, earlier);
    let title = origin.title.map(str::to_owned).or(reading.title).filter(|title| !title.trim().is_empty());
    let digest = Sha256::digest(origin.bytes);
    let front = Front {
        title: title.clone(),
        imported_from: origin.file.map(str::to_owned),
        format: Some(reading.form.name().to_owned()),
        sha256: Some(digest.iter().map(|byte| format!("{byte:02x}")).collect()),
        pages: reading.pages,
        retired: named.retired,
    };
    let headings = named.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_))).count();
    Imported {
        text: write(&front, &named.blocks),
        title,
        headings,
        passages: named.blocks.len() - headings,
        pages: reading.pages,
        kept: named.kept,
        fresh: named.fresh,
        gone: named.gone,
    }
}
