//! Markdown, and passage files.

use crate::Reading;
use crate::fault::Fault;
use crate::form::Form;
use crate::gather::Gather;
use crate::html;
use mandate_documents::{BlockKind, Document};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Reads Markdown by CommonMark, with tables, names of blocks (`{#name}`), marks of pages (`<!-- page 3 -->`) and lines about the document between `---`.
pub(crate) fn read(text: &str) -> Result<Reading, Fault> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let document = Document::read(&text);
    let named = document.blocks.iter().filter(|block| block.name.is_some()).count();
    if document.front.sha256.is_some() || (named > 0 && named * 2 >= document.blocks.len()) {
        return passages(document);
    }
    let front = document.front;
    let options = Options::ENABLE_TABLES | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS | Options::ENABLE_STRIKETHROUGH;
    let mut walk = Walk {
        source: &text,
        gather: Gather::default(),
        kind: BlockKind::Paragraph,
        words: String::new(),
        lists: 0,
        skip: false,
        html: String::new(),
    };
    for (event, range) in Parser::new_ext(&text, options).into_offset_iter() {
        walk.event(event, range);
        if walk.gather.is_full() {
            break;
        }
    }
    walk.flush();
    walk.gather.finish(Form::Markdown, front.title, front.pages)
}

/// A passage file, which has a form of its own.
fn passages(document: Document) -> Result<Reading, Fault> {
    let mut gather = Gather::default();
    for block in document.blocks {
        gather.page = block.page;
        gather.add_named(block.kind, &block.text, block.name);
    }
    gather.finish(Form::Markdown, document.front.title, document.front.pages)
}

struct Walk<'t> {
    source: &'t str,
    gather: Gather,
    kind: BlockKind,
    words: String,
    lists: u8,
    /// Inside the lines about the document.
    skip: bool,
    /// HTML between blocks.
    html: String,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if !self.skip => self.words.push_str(&text),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.words.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.words.push(' '),
            Event::Html(text) => self.html.push_str(&text),
            Event::Text(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.flush();
                self.kind = BlockKind::Heading(number(*level));
            }
            Tag::List(_) => {
                self.flush();
                self.lists = self.lists.saturating_add(1);
            }
            Tag::Item => {
                self.flush();
                self.kind = BlockKind::Item(self.lists.saturating_sub(1));
                // A number as it stands, `2)` or `2.`; bullets are no words.
                let mark = self.source.get(range).and_then(|item| item.split_whitespace().next()).unwrap_or("");
                if mark.starts_with(|c: char| c.is_ascii_digit()) {
                    self.words = format!("{mark} ");
                }
            }
            Tag::TableHead | Tag::TableRow => {
                self.flush();
                self.kind = BlockKind::Item(0);
            }
            Tag::TableCell if !self.words.is_empty() => self.words.push_str(" | "),
            Tag::MetadataBlock(_) => self.skip = true,
            Tag::HtmlBlock | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::FootnoteDefinition(_) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::Item
            | TagEnd::CodeBlock
            | TagEnd::TableHead
            | TagEnd::TableRow => self.flush(),
            TagEnd::List(_) => {
                self.flush();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::MetadataBlock(_) => self.skip = false,
            TagEnd::HtmlBlock => {
                let html = std::mem::take(&mut self.html);
                match page(html.trim()) {
                    Some(page) => self.gather.page = Some(page),
                    None => html::add(&html, &mut self.gather),
                }
            }
            _ => {}
        }
    }

    /// Adds the block that has been collected, with the name at its end.
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        let kind = std::mem::replace(&mut self.kind, BlockKind::Paragraph);
        let words = words.trim();
        let named = words.strip_suffix('}').and_then(|rest| rest.rsplit_once("{#"));
        match named.filter(|(_, name)| !name.is_empty() && !name.contains(char::is_whitespace)) {
            Some((words, name)) => self.gather.add_named(kind, words, Some(name.to_owned())),
            None => self.gather.add(kind, words),
        }
    }
}

/// `<!-- page 3 -->`
fn page(html: &str) -> Option<u32> {
    html.strip_prefix("<!--")?.strip_suffix("-->")?.trim().strip_prefix("page ")?.trim().parse().ok()
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::testing::outline;

    #[test]
    fn blocks_numbers_names_and_pages() {
        let text = "---\ntitle: Order 7\n---\n\n# Order *seven* {#order}\n\nAll in\nthe `camp`.\n\n<!-- page 2 -->\n\n1) first\n2) second\n   - (a) below\n\n| gate | guard |\n|---|---|\n| north | two |\n\n<div><p>Boxed.</p></div>\n";
        let reading = read(text).expect("read");
        assert_eq!(
            outline(&reading),
            "# Order seven\nAll in the camp.\n- 1) first\n- 2) second\n  - (a) below\n- gate | guard\n- north | two\nBoxed.\n"
        );
        assert_eq!(reading.title.as_deref(), Some("Order 7"));
        assert_eq!(reading.blocks[0].hint.as_deref(), Some("order"));
        assert_eq!((reading.blocks[1].page, reading.blocks[2].page), (None, Some(2)));
    }
}
