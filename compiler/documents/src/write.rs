//! Writing a passage file.

use crate::document::{Block, BlockKind, Front, starts_item};
use std::fmt::Write as _;

/// The text of a passage file with these blocks: one line for each, so that a difference between two versions shows passage by passage.
/// What [`crate::Document::read`] makes of it has the same words, names, kinds and pages.
pub fn write(front: &Front, blocks: &[Block]) -> String {
    let mut out = String::new();
    write_front(front, &mut out);
    let mut page = None;
    let mut item = false;
    for block in blocks {
        if block.page.is_some() && block.page != page {
            page = block.page;
            // A page may begin inside a list.
            let _ = writeln!(out, "\n<!-- page {} -->", page.unwrap_or_default());
            item = false;
        }
        let is_item = matches!(block.kind, BlockKind::Item(_));
        if !(item && is_item) {
            out.push('\n');
        }
        item = is_item;
        let text = block.text.replace("{#", "\\{#");
        match block.kind {
            BlockKind::Heading(level) => {
                let _ = write!(out, "{} {text}", "#".repeat(usize::from(level.clamp(1, 9))));
            }
            BlockKind::Paragraph => out.push_str(&escaped(&text)),
            BlockKind::Item(depth) => {
                let _ = write!(out, "{:1$}", "", usize::from(depth) * 2);
                // Only what Markdown takes for a numbered item needs no mark of its own.
                if !starts_item(&format!("{text} ")) || !text.starts_with(|c: char| c.is_ascii_digit()) {
                    out.push_str("- ");
                }
                out.push_str(&text);
            }
        }
        if let Some(name) = &block.name {
            let _ = write!(out, " {{#{name}}}");
        }
        out.push('\n');
    }
    out.trim_start_matches('\n').to_owned()
}

fn write_front(front: &Front, out: &mut String) {
    let mut lines = Vec::new();
    let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    lines.extend(front.title.as_ref().map(|title| format!("title: {}", one_line(title))));
    lines.extend(front.imported_from.as_ref().map(|from| format!("imported from: {}", one_line(from))));
    lines.extend(front.format.as_ref().map(|format| format!("format: {}", one_line(format))));
    lines.extend(front.sha256.as_ref().map(|digest| format!("sha256: {}", one_line(digest))));
    lines.extend(front.pages.map(|pages| format!("pages: {pages}")));
    if !front.retired.is_empty() {
        let names: Vec<&str> = front.retired.iter().map(String::as_str).collect();
        lines.push(format!("retired: {}", names.join(", ")));
    }
    if !lines.is_empty() {
        let _ = writeln!(out, "---\n{}\n---", lines.join("\n"));
    }
}

/// The words of a paragraph, with a backslash where they would begin with a mark.
fn escaped(text: &str) -> String {
    if text.starts_with(['-', '*', '+', '#', '\\']) || text.starts_with("<!--") || text == "---" {
        return format!("\\{text}");
    }
    // Behind a paragraph of one word stands its name, and makes it look like an item.
    if starts_item(&format!("{text} "))
        && let Some(end) = text.find(['.', ')'])
    {
        return format!("{}\\{}", &text[..end], &text[end..]);
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;
    use proptest::prelude::*;

    fn block() -> impl Strategy<Value = Block> {
        let word = prop::sample::select(vec![
            "report", "#", "-", "1.", "(a)", "{#x}", "\\", "is.", "<!--", "-->", "a)", "*", "x\\", "---", "(iv)", "+1",
            "}",
        ]);
        let kind = prop_oneof![
            (1u8..=6).prop_map(BlockKind::Heading),
            Just(BlockKind::Paragraph),
            (0u8..=3).prop_map(BlockKind::Item)
        ];
        (kind, prop::collection::vec(word, 1..6), prop::option::of(1u32..4)).prop_map(|(kind, words, page)| Block {
            kind,
            name: None,
            text: words.join(" "),
            span: mandate_diagnostics::Span::empty(0),
            line: 0,
            page,
            heading: None,
            end: 0,
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(made in prop::collection::vec(block(), 0..8)) {
            let mut made = made;
            let mut last = None;
            for (at, block) in made.iter_mut().enumerate() {
                block.name = Some(format!("n{at}"));
                // A page once begun lasts.
                last = block.page.max(last);
                block.page = last;
            }
            let text = write(&Front::default(), &made);
            let read = Document::read(&text);
            let plain = |b: &Block| (b.kind, b.name.clone(), b.text.clone(), b.page);
            let (made, read): (Vec<_>, Vec<_>) = (made.iter().map(plain).collect(), read.blocks.iter().map(plain).collect());
            prop_assert_eq!(made, read, "{}", text);
        }
    }
}
