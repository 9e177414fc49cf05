//! Which groups of lines are headings, and of which level.

use super::Chunk;
use super::shape::{self, Shape};
use std::collections::BTreeSet;

/// `Article 4` and the brief line below it are one heading.
pub(super) fn join_labels(chunks: &mut Vec<Chunk>) {
    let mut joined: Vec<Chunk> = Vec::with_capacity(chunks.len());
    for chunk in chunks.drain(..) {
        let label = joined.last().is_some_and(|last| last.lines.len() == 1 && shape::is_label(&last.lines[0].text));
        let words = chunk.shape == Shape::Paragraph && chunk.lines.len() == 1 && shape::is_brief(&chunk.lines[0].text);
        let another = chunk.lines.first().is_some_and(|line| shape::label_rank(&line.text).is_some());
        match joined.last_mut().filter(|_| label && words && !another) {
            Some(last) => last.lines.extend(chunk.lines),
            None => joined.push(chunk),
        }
    }
    *chunks = joined;
}

/// What speaks for a heading.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sign {
    Underlined(u8),
    /// Larger letters, in quarters of a point.
    Size(i64),
    Label(u8),
    Number(u8),
    Capitals,
    Brief,
}

/// Marks the headings.
pub(super) fn headings(chunks: &mut [Chunk], body: Option<f64>) {
    let signs: Vec<Option<Sign>> = (0..chunks.len()).map(|at| sign(chunks, at, body)).collect();
    let scale = Scale::of(&signs);
    let first = signs.iter().position(Option::is_some).filter(|first| *first == 0);
    for (at, sign) in signs.iter().enumerate() {
        let Some(sign) = *sign else { continue };
        chunks[at].shape = Shape::Heading(scale.level(sign, Some(at) == first));
    }
}

fn sign(chunks: &[Chunk], at: usize, body: Option<f64>) -> Option<Sign> {
    let chunk = &chunks[at];
    let first = chunk.lines.first()?;
    if let Some(level) = first.underlined {
        return Some(Sign::Underlined(level));
    }
    let text = chunk.text();
    if shape::is_bullet(&text) {
        return None;
    }
    if let (Some(size), Some(body)) = (first.size, body)
        && size > body * 1.12
        && chunk.lines.len() <= 4
        && text.chars().any(char::is_alphabetic)
    {
        return Some(Sign::Size((size * 4.0).round() as i64));
    }
    if chunk.lines.len() > 2 || !shape::is_brief(&text) {
        return None;
    }
    if let Some(rank) = shape::label_rank(&text) {
        return Some(Sign::Label(rank));
    }
    // What follows belongs to it: a heading is never the last.
    let next = chunks.get(at + 1)?;
    if let Some(depth) = shape::number_depth(&text) {
        // A list of brief numbered items is no list of headings.
        let listed = |chunk: Option<&Chunk>| {
            chunk.is_some_and(|chunk| {
                let text = chunk.text();
                shape::number_depth(&text) == Some(depth) && shape::is_brief(&text)
            })
        };
        let before = at.checked_sub(1).and_then(|before| chunks.get(before));
        return (!listed(Some(next)) && !listed(before)).then_some(Sign::Number(depth));
    }
    if chunk.shape != Shape::Paragraph || chunk.lines.len() > 1 {
        return None;
    }
    if shape::is_capitals(&text) {
        return Some(Sign::Capitals);
    }
    // In a PDF a heading is told by its size, or stands alone; a cell of a table stands alone, too, and has no words below.
    (first.apart && (at == 0 || next.lines.first().is_some_and(|line| line.apart)) && !text.contains(" | "))
        .then_some(Sign::Brief)
}

/// Levels by what signs there are in the whole document.
struct Scale {
    sizes: Vec<i64>,
    labels: Vec<u8>,
    capitals: bool,
}

impl Scale {
    fn of(signs: &[Option<Sign>]) -> Scale {
        let sizes: BTreeSet<i64> = signs
            .iter()
            .flatten()
            .filter_map(|sign| if let Sign::Size(size) = sign { Some(*size) } else { None })
            .collect();
        let labels: BTreeSet<u8> = signs
            .iter()
            .flatten()
            .filter_map(|sign| if let Sign::Label(rank) = sign { Some(*rank) } else { None })
            .filter(|rank| *rank != shape::OUTERMOST)
            .collect();
        let capitals = signs.iter().skip(1).any(|sign| *sign == Some(Sign::Capitals));
        Scale { sizes: sizes.into_iter().rev().collect(), labels: labels.into_iter().collect(), capitals }
    }

    /// The level; a document that begins with a heading begins with its title, of level 1.
    fn level(&self, sign: Sign, title: bool) -> u8 {
        if title {
            return 1;
        }
        let place = |at: Option<usize>| u8::try_from(at.unwrap_or(0)).unwrap_or(6).min(6);
        let below = place(Some(self.sizes.len().min(6)));
        match sign {
            Sign::Underlined(level) => level,
            Sign::Size(size) => 1 + place(self.sizes.iter().position(|known| *known == size)),
            Sign::Label(rank) => below.max(1) + 1 + place(self.labels.iter().position(|known| *known == rank)),
            Sign::Number(depth) => below.max(1) + u8::from(self.capitals) + depth.min(5),
            Sign::Capitals => below.max(1) + 1,
            Sign::Brief => below.max(1) + 1 + u8::from(self.capitals),
        }
    }
}
