//! What stands on every page and belongs to none: running heads and feet, numbers of pages, tables of contents.

use super::Line;
use std::collections::{BTreeMap, BTreeSet};

/// Lines at the head or foot of a page that are looked at.
const EDGE: usize = 2;

/// The lines without furniture.
pub(super) fn without(lines: Vec<Line>) -> Vec<Line> {
    let mut pages: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match pages.last_mut() {
            Some((from, to)) if lines[*from].page == line.page => *to = at + 1,
            _ => pages.push((at, at + 1)),
        }
    }
    let mut dropped: BTreeSet<usize> = BTreeSet::new();
    if pages.len() > 1 {
        running(&lines, &pages, &mut dropped);
        for &(from, to) in &pages {
            numbers(&lines, from, to, &mut dropped);
        }
    }
    let kept = lines.into_iter().enumerate().filter(|(at, line)| !dropped.contains(at) && !is_contents(&line.text));
    kept.map(|(_, line)| line).collect()
}

/// Lines that stand at the edge of most pages, but for the number in them.
fn running(lines: &[Line], pages: &[(usize, usize)], dropped: &mut BTreeSet<usize>) {
    let mut known: BTreeMap<(bool, String), BTreeSet<usize>> = BTreeMap::new();
    for (page, &(from, to)) in pages.iter().enumerate() {
        for line in &lines[from..to.min(from + EDGE)] {
            known.entry((true, bare(&line.text))).or_default().insert(page);
        }
        for line in &lines[from.max(to.saturating_sub(EDGE))..to] {
            known.entry((false, bare(&line.text))).or_default().insert(page);
        }
    }
    let often = pages.len().div_ceil(2).max(3);
    let furniture =
        |head: bool, at: usize| known.get(&(head, bare(&lines[at].text))).is_some_and(|on| on.len() >= often);
    for &(from, to) in pages {
        dropped.extend((from..to.min(from + EDGE)).filter(|at| furniture(true, *at)));
        dropped.extend((from.max(to.saturating_sub(EDGE))..to).filter(|at| furniture(false, *at)));
    }
}

/// A line without its figures.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit() && !c.is_whitespace()).collect()
}

/// A number of a page, at the head or foot.
fn numbers(lines: &[Line], from: usize, to: usize, dropped: &mut BTreeSet<usize>) {
    let inside: Vec<usize> = (from..to).filter(|at| !dropped.contains(at)).collect();
    for at in [inside.first(), inside.last()].into_iter().flatten() {
        if is_number(&lines[*at].text) {
            dropped.insert(*at);
        }
    }
}

/// `3`, `- 3 -`, `Page 3 of 12`, `3/12`
fn is_number(text: &str) -> bool {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let number = |word: &String| word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
    let said =
        |word: &String| number(word) || matches!(word.as_str(), "page" | "of" | "seite" | "von" | "p" | "sur" | "de");
    (1..=4).contains(&words.len()) && words.iter().any(number) && words.iter().all(said)
}

/// `Scope ........ 3`
fn is_contents(text: &str) -> bool {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    before.len() < text.len() && (before.ends_with("....") || before.ends_with(". . . ."))
}
