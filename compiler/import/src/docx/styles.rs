//! Styles of paragraphs: which are headings, and which are numbered.

use super::{attribute, child, is, value};
use crate::fault::Fault;
use crate::form::Form;
use crate::xml;
use std::collections::BTreeMap;

/// Styles based on each other that are followed.
const DEEPEST: usize = 20;

/// The styles of a document by their identifiers.
#[derive(Debug, Default)]
pub(super) struct Styles {
    all: BTreeMap<String, Style>,
    /// The style of paragraphs that name none.
    usual: Option<String>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    number: Option<String>,
    level: Option<u8>,
}

/// What a paragraph is by its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    /// From 1.
    Heading(u8),
    /// A line of a table of contents.
    Contents,
    Body,
}

impl Styles {
    pub(super) fn read(text: &str) -> Result<Styles, Fault> {
        let document = xml::parse(text, Form::Docx)?;
        let mut styles = Styles::default();
        for node in document.root_element().children().filter(|node| is(*node, "style")) {
            if attribute(node, "type").is_some_and(|of| of != "paragraph") {
                continue;
            }
            let Some(id) = attribute(node, "styleId") else { continue };
            if matches!(attribute(node, "default"), Some("1" | "true")) {
                styles.usual = Some(id.to_owned());
            }
            let properties = child(node, "pPr");
            let numbers = properties.and_then(|properties| child(properties, "numPr"));
            let style = Style {
                name: value(node, "name").unwrap_or(id).to_lowercase(),
                based_on: value(node, "basedOn").map(str::to_owned),
                outline: properties
                    .and_then(|properties| value(properties, "outlineLvl"))
                    .and_then(|level| level.parse().ok()),
                number: numbers.and_then(|numbers| value(numbers, "numId")).map(str::to_owned),
                level: numbers.and_then(|numbers| value(numbers, "ilvl")).and_then(|level| level.parse().ok()),
            };
            styles.all.insert(id.to_owned(), style);
        }
        Ok(styles)
    }

    /// The style and those it is based on, nearest first.
    fn chain<'s>(&'s self, id: Option<&'s str>) -> impl Iterator<Item = &'s Style> {
        let mut next = id.or(self.usual.as_deref());
        let styles = std::iter::from_fn(move || {
            let style = self.all.get(next?)?;
            next = style.based_on.as_deref();
            Some(style)
        });
        styles.take(DEEPEST)
    }

    pub(super) fn role(&self, id: Option<&str>) -> Role {
        for style in self.chain(id) {
            if style.name == "title" {
                return Role::Title;
            }
            if style.name.starts_with("toc ") || style.name == "toc heading" || style.name.starts_with("contents ") {
                return Role::Contents;
            }
            // Level 9 is the one of ordinary text.
            if let Some(level) = style.outline {
                return if level < 9 { Role::Heading(level + 1) } else { Role::Body };
            }
            if let Some(level) = style.name.strip_prefix("heading ").and_then(|level| level.trim().parse::<u8>().ok()) {
                return Role::Heading(level.clamp(1, 9));
            }
        }
        Role::Body
    }

    /// The list and the level that a style belongs to.
    pub(super) fn number(&self, id: Option<&str>) -> Option<(String, Option<u8>)> {
        let style = self.chain(id).find(|style| style.number.is_some())?;
        Some((style.number.clone()?, style.level))
    }
}
