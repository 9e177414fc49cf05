//! From elements to blocks.

use crate::fault::Fault;
use crate::gather::Gather;
use mandate_documents::BlockKind;
use scraper::{ElementRef, Node};

/// Elements around each other that are followed.
const DEEPEST: usize = 2_100;

/// What is no part of the text.
const DROPPED: [&str; 24] = [
    "script", "style", "nav", "aside", "noscript", "template", "iframe", "form", "button", "select", "svg", "head",
    "dialog", "footer", "object", "audio", "video", "canvas", "math", "menu", "map", "textarea", "input", "rp",
];

/// What begins and ends a block.
const BLOCKS: [&str; 28] = [
    "address",
    "article",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "header",
    "hgroup",
    "hr",
    "html",
    "main",
    "p",
    "pre",
    "section",
    "summary",
    "tbody",
    "thead",
    "tfoot",
    "table",
    "legend",
];

/// Adds the blocks of an element.
pub(super) fn add(element: ElementRef<'_>, gather: &mut Gather) -> Result<(), Fault> {
    let mut walk = Walk { gather, kind: BlockKind::Paragraph, words: String::new(), mark: false, lists: Vec::new() };
    walk.children(element, 0)?;
    walk.flush();
    Ok(())
}

/// The words of an element on one line.
pub(super) fn words(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join("")
}

struct Walk<'g> {
    gather: &'g mut Gather,
    kind: BlockKind,
    words: String,
    /// Whether the words are only the number of an item.
    mark: bool,
    /// Lists around, with the next number and its form where they count.
    lists: Vec<Option<(i64, char)>>,
}

impl Walk<'_> {
    fn children(&mut self, element: ElementRef<'_>, depth: usize) -> Result<(), Fault> {
        if depth > DEEPEST {
            return Err(Fault::too_large("nests its elements too deeply"));
        }
        for child in element.children() {
            match child.value() {
                Node::Text(text) => {
                    if self.mark && !text.trim().is_empty() {
                        self.mark = false;
                    }
                    self.words.push_str(text);
                }
                Node::Element(_) => {
                    if let Some(child) = ElementRef::wrap(child) {
                        self.element(child, depth + 1)?;
                    }
                }
                _ => {}
            }
            if self.gather.is_full() {
                break;
            }
        }
        Ok(())
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) -> Result<(), Fault> {
        let value = element.value();
        let name = value.name();
        let hidden = value.attr("hidden").is_some() || value.attr("aria-hidden") == Some("true");
        if hidden
            || DROPPED.contains(&name)
            || matches!(value.attr("role"), Some("navigation" | "search" | "banner" | "contentinfo"))
        {
            return Ok(());
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.kind = BlockKind::Heading(name.as_bytes()[1] - b'0');
                self.children(element, depth)?;
                self.flush();
            }
            "ul" | "ol" => {
                self.flush();
                self.lists.push((name == "ol").then(|| numbering(element)));
                self.children(element, depth)?;
                self.flush();
                self.lists.pop();
            }
            "li" => {
                self.flush();
                self.item(element);
                self.children(element, depth)?;
                self.flush();
            }
            "tr" if is_row(element) => self.row(element),
            "td" | "th" => {
                self.flush();
                self.children(element, depth)?;
                self.flush();
            }
            "br" => self.words.push(' '),
            "img" => {}
            "sup"
                if element
                    .text()
                    .all(|text| text.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '[' | ']'))) =>
            {
                // The mark of a note.
            }
            name if BLOCKS.contains(&name) => {
                self.flush();
                self.children(element, depth)?;
                self.flush();
            }
            _ => self.children(element, depth)?,
        }
        Ok(())
    }

    /// Begins an item, with its number if its list counts and its words do not begin with one.
    fn item(&mut self, element: ElementRef<'_>) {
        let around = self.lists.len().saturating_sub(1);
        self.kind = BlockKind::Item(u8::try_from(around).unwrap_or(9));
        let Some(Some((next, form))) = self.lists.last_mut() else { return };
        if let Some(value) = element.value().attr("value").and_then(|value| value.trim().parse().ok()) {
            *next = value;
        }
        let number = numbered(*next, *form);
        *next = next.saturating_add(1);
        self.words = format!("{number}. ");
        self.mark = true;
    }

    fn row(&mut self, element: ElementRef<'_>) {
        self.flush();
        let cells = element
            .children()
            .filter_map(ElementRef::wrap)
            .map(|cell| words(cell).split_whitespace().collect::<Vec<_>>().join(" "));
        let cells: Vec<String> = cells.filter(|cell| !cell.is_empty()).collect();
        self.gather.add(BlockKind::Item(0), &cells.join(" | "));
    }

    fn flush(&mut self) {
        if self.mark {
            // The number waits for the words of its item.
            return;
        }
        let words = std::mem::take(&mut self.words);
        if words.trim().is_empty() {
            return;
        }
        let kind = std::mem::replace(&mut self.kind, BlockKind::Paragraph);
        self.gather.add(kind, &words);
    }
}

/// A row of a table with several cells and no blocks in them: tables that lay out a page have one cell, or headings and lists inside.
fn is_row(element: ElementRef<'_>) -> bool {
    let cells = element.children().filter_map(ElementRef::wrap).count();
    let inner = element.descendants().skip(1).filter_map(ElementRef::wrap);
    cells > 1
        && !inner.into_iter().any(|e| matches!(e.value().name(), "h1" | "h2" | "h3" | "h4" | "table" | "ul" | "ol"))
}

/// The first number of a list, and how it counts.
fn numbering(element: ElementRef<'_>) -> (i64, char) {
    let start = element.value().attr("start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
    let form = element.value().attr("type").and_then(|form| form.trim().chars().next()).unwrap_or('1');
    (start, form)
}

fn numbered(number: i64, form: char) -> String {
    use crate::docx::number::{Format, format};
    let how = match form {
        'a' => Format::LowerLetter,
        'A' => Format::UpperLetter,
        'i' => Format::LowerRoman,
        'I' => Format::UpperRoman,
        _ => Format::Decimal,
    };
    format(number, how)
}
