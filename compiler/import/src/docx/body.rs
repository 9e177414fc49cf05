//! The text: paragraphs and tables.

use super::numbering::Numbering;
use super::styles::{Role, Styles};
use super::{attribute, child, is, switched, value};
use crate::Reading;
use crate::fault::Fault;
use crate::form::Form;
use crate::gather::Gather;
use crate::xml::DEEPEST;
use mandate_documents::BlockKind;
use roxmltree::Node;

/// Where pages are told to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breaks {
    /// By the places that the program noted when it last printed the document to the screen.
    Rendered,
    /// By the breaks that the author put in, if there are no others.
    Explicit,
    /// Nowhere.
    Unknown,
}

pub(super) struct Body<'s> {
    styles: &'s Styles,
    numbering: Numbering,
    gather: Gather,
    breaks: Breaks,
    page: u32,
    /// Pages that the program counted.
    known: Option<u32>,
    /// Whether a paragraph has the style of a title, below which headings stand.
    titled: bool,
    title: Option<String>,
}

impl<'s> Body<'s> {
    pub(super) fn new(styles: &'s Styles, numbering: Numbering, known: Option<u32>) -> Body<'s> {
        let gather = Gather::default();
        Body { styles, numbering, gather, breaks: Breaks::Unknown, page: 1, known, titled: false, title: None }
    }

    pub(super) fn read(mut self, root: Node<'_, '_>) -> Result<Reading, Fault> {
        let body = child(root, "body").ok_or_else(|| Fault::broken(Form::Docx, "its text is missing"))?;
        let count = |name: &str| body.descendants().filter(|node| is(*node, name)).count();
        let explicit = body.descendants().filter(|node| breaks_page(*node)).count();
        self.breaks = if count("lastRenderedPageBreak") > 0 {
            Breaks::Rendered
        } else if explicit > 0 && self.known.is_none_or(|known| known as usize == explicit + 1) {
            Breaks::Explicit
        } else {
            Breaks::Unknown
        };
        self.titled =
            body.descendants().filter(|node| is(*node, "p")).any(|p| self.styles.role(style(p)) == Role::Title);
        self.blocks(body, 0)?;
        let pages = match self.breaks {
            Breaks::Unknown => self.known,
            Breaks::Rendered | Breaks::Explicit => Some(self.page.max(self.known.unwrap_or(1))),
        };
        self.gather.finish(Form::Docx, self.title, pages)
    }

    fn blocks(&mut self, node: Node<'_, '_>, depth: usize) -> Result<(), Fault> {
        if depth > DEEPEST {
            return Err(Fault::too_large("nests its parts too deeply"));
        }
        for child in node.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "p" => self.paragraph(child),
                "tbl" => self.table(child, depth)?,
                // A choice between two forms of the same.
                "AlternateContent" => {
                    if let Some(choice) = child.children().find(|node| is(*node, "Choice")) {
                        self.blocks(choice, depth + 1)?;
                    }
                }
                "sdt" if is_contents(child) => {}
                "del" | "moveFrom" | "sectPr" => {}
                _ => self.blocks(child, depth + 1)?,
            }
            if self.gather.is_full() {
                break;
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, node: Node<'_, '_>) {
        let properties = child(node, "pPr");
        if self.breaks == Breaks::Explicit
            && properties.is_some_and(|properties| switched(properties, "pageBreakBefore"))
        {
            self.page += 1;
        }
        let mut text = String::new();
        // A paragraph stands on the page on which its first words do.
        let mut page = None;
        self.words(node, 0, &mut text, &mut page);
        self.gather.page = (self.breaks != Breaks::Unknown).then_some(page.unwrap_or(self.page));
        let style = style(node);
        let role = match properties
            .and_then(|properties| value(properties, "outlineLvl"))
            .and_then(|level| level.parse::<u8>().ok())
        {
            Some(level) if level < 9 => Role::Heading(level + 1),
            _ => self.styles.role(style),
        };
        if text.trim().is_empty() || role == Role::Contents {
            return;
        }
        let number = self.number(properties, style);
        let (label, level) = number.map_or((None, 0), |(label, level)| (Some(label), level));
        let words = match label.as_deref().map(str::trim) {
            Some(label) if !label.is_empty() => format!("{label} {}", text.trim()),
            _ => text,
        };
        let kind = match (role, label) {
            (Role::Title, _) => {
                self.title.get_or_insert_with(|| words.clone());
                BlockKind::Heading(1)
            }
            (Role::Heading(level), _) => BlockKind::Heading(level + u8::from(self.titled)),
            (Role::Body | Role::Contents, Some(_)) => BlockKind::Item(level),
            (Role::Body | Role::Contents, None) => {
                let bare = without_bullet(&words);
                if bare.len() < words.trim().len() {
                    self.gather.add(BlockKind::Item(0), bare);
                    return;
                }
                BlockKind::Paragraph
            }
        };
        self.gather.add(kind, &words);
    }

    /// The automatic number of a paragraph and its level; the number of a bullet is empty.
    fn number(&mut self, properties: Option<Node<'_, '_>>, style: Option<&str>) -> Option<(String, u8)> {
        let own = properties.and_then(|properties| child(properties, "numPr"));
        let by_style = self.styles.number(style);
        let list = own.and_then(|own| value(own, "numId")).map(str::to_owned);
        let list = list.or_else(|| by_style.as_ref().map(|(list, _)| list.clone()))?;
        // List 0 takes a number away.
        if list == "0" {
            return None;
        }
        let level = own.and_then(|own| value(own, "ilvl")).and_then(|level| level.parse().ok());
        let tied = style.and_then(|style| self.numbering.level_of_style(&list, style));
        let level: u8 = level.or(tied).or(by_style.and_then(|(_, level)| level)).unwrap_or(0).min(8);
        self.numbering.next(&list, level).map(|label| (label, level))
    }

    /// The words of a paragraph, without what was deleted, hidden, or stands in notes; boxes of text inside it become blocks before it.
    fn words(&mut self, node: Node<'_, '_>, depth: usize, text: &mut String, page: &mut Option<u32>) {
        if depth > DEEPEST {
            return;
        }
        for child in node.children().filter(Node::is_element) {
            match child.tag_name().name() {
                "t" => {
                    let words = child.text().unwrap_or("");
                    if page.is_none() && !words.trim().is_empty() {
                        *page = Some(self.page);
                    }
                    text.push_str(words);
                }
                "tab" | "cr" | "ptab" => text.push(' '),
                "br" => {
                    if self.breaks == Breaks::Explicit && breaks_page(child) {
                        self.page += 1;
                    }
                    text.push(' ');
                }
                "lastRenderedPageBreak" if self.breaks == Breaks::Rendered => self.page += 1,
                "noBreakHyphen" => text.push('-'),
                "r" if child.children().any(|properties| is(properties, "rPr") && switched(properties, "vanish")) => {}
                "txbxContent" => {
                    // Nothing is lost if it nests too deeply: it is refused with the text around it.
                    let _ = self.blocks(child, depth + 1);
                }
                "AlternateContent" => {
                    if let Some(choice) = child.children().find(|node| is(*node, "Choice")) {
                        self.words(choice, depth + 1, text, page);
                    }
                }
                "pPr" | "rPr" | "del" | "moveFrom" | "instrText" | "delText" | "footnoteReference"
                | "endnoteReference" | "fldData" => {}
                _ => self.words(child, depth + 1, text, page),
            }
        }
    }

    /// Each row is an item; a table of one column lays out text.
    fn table(&mut self, node: Node<'_, '_>, depth: usize) -> Result<(), Fault> {
        for row in node.children().filter(|row| is(*row, "tr")) {
            let cells: Vec<Node<'_, '_>> =
                row.descendants().filter(|cell| is(*cell, "tc") && table_of(*cell) == Some(node)).collect();
            if cells.len() == 1 {
                self.blocks(cells[0], depth + 1)?;
                continue;
            }
            let mut page = None;
            let mut texts = Vec::new();
            for cell in cells {
                let mut text = String::new();
                for paragraph in cell.descendants().filter(|p| is(*p, "p")) {
                    let number = self.number(child(paragraph, "pPr"), style(paragraph));
                    text.extend(number.map(|(label, _)| format!("{label} ")));
                    self.words(paragraph, 0, &mut text, &mut page);
                    text.push(' ');
                }
                texts.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
            self.gather.page = (self.breaks != Breaks::Unknown).then_some(page.unwrap_or(self.page));
            texts.retain(|text| !text.is_empty());
            self.gather.add(BlockKind::Item(0), &texts.join(" | "));
        }
        Ok(())
    }
}

/// The identifier of a paragraph's style.
fn style<'a>(paragraph: Node<'a, '_>) -> Option<&'a str> {
    child(paragraph, "pPr").and_then(|properties| value(properties, "pStyle"))
}

fn table_of<'a, 'i>(cell: Node<'a, 'i>) -> Option<Node<'a, 'i>> {
    cell.ancestors().find(|node| is(*node, "tbl"))
}

/// A break that the author put in.
fn breaks_page(node: Node<'_, '_>) -> bool {
    (is(node, "br") && attribute(node, "type") == Some("page"))
        || (is(node, "pPr") && switched(node, "pageBreakBefore"))
}

/// A table of contents that Word makes.
fn is_contents(node: Node<'_, '_>) -> bool {
    let properties = child(node, "sdtPr");
    properties.is_some_and(|properties| {
        properties.descendants().any(|node| {
            is(node, "docPartGallery") && attribute(node, "val").is_some_and(|of| of.contains("Table of Contents"))
        })
    })
}

/// Bullets that somebody typed.
fn without_bullet(text: &str) -> &str {
    let text = text.trim();
    let rest = text
        .strip_prefix(['\u{2022}', '\u{25aa}', '\u{25cf}', '\u{b7}', '\u{f0b7}'])
        .or_else(|| text.strip_prefix("- "));
    rest.map_or(text, str::trim_start)
}
