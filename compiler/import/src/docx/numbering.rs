//! Automatic numbers, counted as Word counts them.

use super::number::{Format, format};
use super::styles::Styles;
use super::{attribute, child, is, value};
use crate::fault::Fault;
use crate::form::Form;
use crate::xml;
use roxmltree::Node;
use std::collections::{BTreeMap, BTreeSet};

/// The lists of a document, and how far each has come.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// What each list is an instance of.
    lists: BTreeMap<String, List>,
    abstracts: BTreeMap<String, BTreeMap<u8, Level>>,
    /// Next numbers, by what lists are instances of: instances go on where others left off.
    counters: BTreeMap<String, BTreeMap<u8, i64>>,
    /// Lists that have begun.
    begun: BTreeSet<(String, u8)>,
}

#[derive(Debug, Default)]
struct List {
    of: String,
    starts: BTreeMap<u8, i64>,
    levels: BTreeMap<u8, Level>,
}

#[derive(Debug, Clone)]
struct Level {
    start: i64,
    format: Format,
    /// `(%1)`, `%1.%2`
    text: String,
    /// The style whose paragraphs are of this level.
    style: Option<String>,
    legal: bool,
}

impl Numbering {
    pub(super) fn read(text: &str, styles: &Styles) -> Result<Numbering, Fault> {
        let document = xml::parse(text, Form::Docx)?;
        let root = document.root_element();
        let mut numbering = Numbering::default();
        let mut linked: Vec<(String, String)> = Vec::new();
        for node in root.children().filter(|node| is(*node, "abstractNum")) {
            let Some(id) = attribute(node, "abstractNumId") else { continue };
            if let Some(style) = value(node, "numStyleLink") {
                linked.push((id.to_owned(), style.to_owned()));
            }
            numbering.abstracts.insert(id.to_owned(), levels(node));
        }
        for node in root.children().filter(|node| is(*node, "num")) {
            let (Some(id), Some(of)) = (attribute(node, "numId"), value(node, "abstractNumId")) else { continue };
            let mut list = List { of: of.to_owned(), ..List::default() };
            for change in node.children().filter(|node| is(*node, "lvlOverride")) {
                let Some(level) = attribute(change, "ilvl").and_then(|level| level.parse::<u8>().ok()) else {
                    continue;
                };
                list.starts.extend(
                    value(change, "startOverride").and_then(|start| start.parse().ok()).map(|start| (level, start)),
                );
                list.levels.extend(levels(change));
            }
            numbering.lists.insert(id.to_owned(), list);
        }
        // A list that only names a style is the list of that style.
        for (id, style) in linked {
            let real = styles
                .number(Some(&style))
                .and_then(|(list, _)| numbering.lists.get(&list))
                .map(|list| list.of.clone());
            if let Some(levels) = real.and_then(|real| numbering.abstracts.get(&real).cloned()) {
                numbering.abstracts.insert(id, levels);
            }
        }
        Ok(numbering)
    }

    /// The level of a list that a style is tied to.
    pub(super) fn level_of_style(&self, list: &str, style: &str) -> Option<u8> {
        let levels = self.abstracts.get(&self.lists.get(list)?.of)?;
        levels.iter().find(|(_, level)| level.style.as_deref() == Some(style)).map(|(at, _)| *at)
    }

    /// Counts one on, and gives the number as it is printed: empty for a bullet. `None` if there is no such list.
    pub(super) fn next(&mut self, list: &str, at: u8) -> Option<String> {
        let known = self.lists.get(list)?;
        let mut levels = self.abstracts.get(&known.of).cloned().unwrap_or_default();
        levels.extend(known.levels.iter().map(|(at, level)| (*at, level.clone())));
        let level = levels.get(&at)?;
        let counters = self.counters.entry(known.of.clone()).or_default();
        // What is deeper begins anew.
        counters.retain(|deeper, _| *deeper <= at);
        if self.begun.insert((list.to_owned(), at))
            && let Some(start) = known.starts.get(&at)
        {
            counters.remove(&at);
            counters.insert(at, *start);
        } else {
            let next = counters.get(&at).map_or(level.start, |last| last.saturating_add(1));
            counters.insert(at, next);
        }
        Some(printed(level, &levels, counters))
    }
}

fn levels(node: Node<'_, '_>) -> BTreeMap<u8, Level> {
    let all = node.children().filter(|node| is(*node, "lvl"));
    let read = |node: Node<'_, '_>| {
        let at = attribute(node, "ilvl")?.parse().ok().filter(|at| *at < 9)?;
        let level = Level {
            start: value(node, "start").and_then(|start| start.parse().ok()).unwrap_or(0),
            format: Format::named(value(node, "numFmt").unwrap_or("decimal")),
            text: value(node, "lvlText").unwrap_or("").to_owned(),
            style: value(node, "pStyle").map(str::to_owned),
            legal: child(node, "isLgl").is_some(),
        };
        Some((at, level))
    };
    all.filter_map(read).collect()
}

/// The text of a level with its numbers in it.
fn printed(level: &Level, levels: &BTreeMap<u8, Level>, counters: &BTreeMap<u8, i64>) -> String {
    if matches!(level.format, Format::Bullet) {
        return String::new();
    }
    let mut out = String::new();
    let mut chars = level.text.chars();
    while let Some(c) = chars.next() {
        let digit =
            if c == '%' { chars.clone().next().and_then(|c| c.to_digit(10)).filter(|digit| *digit > 0) } else { None };
        let Some(digit) = digit else {
            out.push(c);
            continue;
        };
        chars.next();
        let at = u8::try_from(digit - 1).unwrap_or(0);
        let of = levels.get(&at);
        let number = counters.get(&at).copied().or(of.map(|of| of.start)).unwrap_or(1);
        let how = if level.legal { Format::Decimal } else { of.map_or(Format::Decimal, |of| of.format) };
        out.push_str(&format(number, how));
    }
    out
}
