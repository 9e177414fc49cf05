//! What the tests of the readers share.

use crate::Reading;
use mandate_documents::BlockKind;

/// What was found, a line for each block.
pub(crate) fn outline(reading: &Reading) -> String {
    let line = |block: &mandate_documents::Unnamed| match block.kind {
        BlockKind::Heading(level) => format!("{} {}\n", "#".repeat(usize::from(level)), block.text),
        BlockKind::Paragraph => format!("{}\n", block.text),
        BlockKind::Item(depth) => format!("{}- {}\n", "  ".repeat(usize::from(depth)), block.text),
    };
    reading.blocks.iter().map(line).collect()
}
