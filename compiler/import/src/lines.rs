//! Blocks from lines: what plain text and the text layer of a PDF have in common.

mod furniture;
mod levels;
mod shape;

use crate::gather::{DIVIDED, Gather};
use mandate_documents::BlockKind;
use shape::Shape;

/// A line of text.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Line {
    /// Its words, without white space at the ends.
    pub text: String,
    /// The page it stands on.
    pub page: Option<u32>,
    /// How far in it starts: characters or points.
    pub indent: f64,
    /// Size of its letters, if it is known.
    pub size: Option<f64>,
    /// Whether there is space above it, or it is the first on its page.
    pub apart: bool,
    /// Whether it is underlined as a heading of this level.
    pub underlined: Option<u8>,
}

/// Lines that belong together.
#[derive(Debug)]
struct Chunk {
    lines: Vec<Line>,
    shape: Shape,
}

impl Chunk {
    fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            if text.ends_with(['-', '\u{2010}']) && divides(&text, &line.text) {
                text.push(DIVIDED);
            } else if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&line.text);
        }
        text
    }
}

/// Whether the hyphen at the end of a line stands inside a word that goes on.
fn divides(before: &str, next: &str) -> bool {
    before.trim_end_matches(['-', '\u{2010}']).ends_with(char::is_alphabetic) && next.starts_with(char::is_lowercase)
}

/// Finds headings, paragraphs and items among lines, and adds them.
pub(crate) fn add(lines: Vec<Line>, gather: &mut Gather) {
    let lines = furniture::without(lines);
    let body = body_size(&lines);
    let width = Width::of(&lines);
    let mut chunks = chunks(lines, body, width);
    join_pages(&mut chunks);
    levels::join_labels(&mut chunks);
    levels::headings(&mut chunks, body);
    for chunk in &chunks {
        gather.page = chunk.lines.first().and_then(|line| line.page);
        let text = chunk.text();
        let kind = match chunk.shape {
            Shape::Heading(level) => BlockKind::Heading(level),
            Shape::Item(depth) => BlockKind::Item(depth),
            Shape::Paragraph => BlockKind::Paragraph,
        };
        gather.add(kind, shape::without_bullet(&text));
    }
}

/// A sentence that goes on behind a page break is one block.
fn join_pages(chunks: &mut Vec<Chunk>) {
    let mut joined: Vec<Chunk> = Vec::with_capacity(chunks.len());
    for chunk in chunks.drain(..) {
        let page = |chunk: &Chunk| chunk.lines.last().and_then(|line| line.page);
        let goes_on = chunk.shape == Shape::Paragraph
            && chunk.lines.first().is_some_and(|line| line.text.starts_with(char::is_lowercase));
        let open = |before: &Chunk| {
            page(before) != chunk.lines[0].page && before.lines.last().is_some_and(|line| shape::is_open(&line.text))
        };
        match joined.last_mut().filter(|before| goes_on && open(before)) {
            Some(before) => before.lines.extend(chunk.lines),
            None => joined.push(chunk),
        }
    }
    *chunks = joined;
}

/// The size of most letters.
fn body_size(lines: &[Line]) -> Option<f64> {
    let mut counts: std::collections::BTreeMap<i64, usize> = std::collections::BTreeMap::new();
    for line in lines {
        if let Some(size) = line.size.filter(|size| size.is_finite() && size.abs() < 1e6) {
            *counts.entry((size * 4.0).round() as i64).or_default() += line.text.len();
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(size, _)| size as f64 / 4.0)
}

/// Puts lines together that belong to one block.
fn chunks(lines: Vec<Line>, body: Option<f64>, width: Width) -> Vec<Chunk> {
    let mut chunks: Vec<Chunk> = Vec::new();
    // How far in bullets and numbers stand, for the depth of items.
    let mut indents: Vec<f64> = Vec::new();
    for line in lines {
        let item = shape::starts_item(&line.text);
        if let Some(chunk) = chunks.last_mut()
            && !(starts_block(chunk, &line, item, body) || stands_out(chunk, &line, width))
        {
            chunk.lines.push(line);
            continue;
        }
        if !item {
            indents.clear();
        }
        let shape = if item {
            Shape::Item(depth(&mut indents, line.indent))
        } else if shape::is_row(&line.text) {
            Shape::Item(0)
        } else {
            Shape::Paragraph
        };
        chunks.push(Chunk { lines: vec![line], shape });
    }
    chunks
}

fn starts_block(chunk: &Chunk, line: &Line, item: bool, body: Option<f64>) -> bool {
    let Some(last) = chunk.lines.last() else { return true };
    let other_size = match (last.size, line.size, body) {
        (Some(last), Some(size), Some(body)) => (last - size).abs() > body * 0.08,
        _ => false,
    };
    let row = shape::is_row(&line.text) || shape::is_row(&last.text);
    if line.apart || row || other_size || line.underlined.is_some() || last.underlined.is_some() {
        return true;
    }
    if item {
        // A wrapped line may begin with `(a)`: a new item follows the end of a sentence or clause, the item before it, or a line like a heading.
        let first = &chunk.lines[0].text;
        return shape::is_bullet(&line.text)
            || shape::is_closed(&last.text)
            || shape::follows(first, &line.text)
            || (chunk.lines.len() == 1 && shape::is_brief(first) && shape::is_first(&line.text));
    }
    false
}

/// How long lines are that are full, in characters; `None` where each paragraph stands on one line.
#[derive(Debug, Clone, Copy)]
struct Width(Option<usize>);

impl Width {
    fn of(lines: &[Line]) -> Width {
        let mut lengths: Vec<usize> = lines.iter().map(|line| line.text.chars().count()).collect();
        lengths.sort_unstable();
        Width(lengths.get(lengths.len() * 9 / 10).copied().filter(|width| (40..=130).contains(width)))
    }

    fn is_short(self, text: &str) -> bool {
        self.0.is_some_and(|width| text.chars().count() * 10 < width * 7)
    }
}

/// Whether a line starts a block although nothing but its words parts it from the one before.
fn stands_out(chunk: &Chunk, line: &Line, width: Width) -> bool {
    let Some(last) = chunk.lines.last() else { return true };
    let (last, text) = (last.text.as_str(), line.text.as_str());
    if text.starts_with(char::is_lowercase) {
        return false;
    }
    let alone = is_alone(chunk);
    let label = |text: &str| shape::label_rank(text).is_some() && shape::is_brief(text) && text.chars().count() <= 60;
    // `Article 4 Warning` with its words directly below, and such a line behind the end of a paragraph.
    if alone && label(last) && !shape::is_label(last) || label(text) && (shape::is_closed(last) || alone && label(last))
    {
        return true;
    }
    if alone && shape::is_label(last) {
        return true;
    }
    // Or the paragraph before ends in the middle of its line.
    stands_above(chunk, line, width) || shape::is_ended(last) && width.is_short(last)
}

/// A brief line that is not part of a paragraph.
fn is_alone(chunk: &Chunk) -> bool {
    chunk.lines.len() == 1 && chunk.shape == Shape::Paragraph && shape::is_brief(&chunk.lines[0].text)
}

/// Whether a brief line stands above a full one.
fn stands_above(chunk: &Chunk, line: &Line, width: Width) -> bool {
    let capital = !line.text.starts_with(char::is_lowercase);
    is_alone(chunk) && capital && width.is_short(&chunk.lines[0].text) && !width.is_short(&line.text)
}

/// Whether a text is only the bullet, number or letter of an item.
pub(crate) fn is_mark(text: &str) -> bool {
    !text.contains(' ') && shape::starts_item(&format!("{text} x"))
}

/// The depth of an item that starts this far in, among those before it.
fn depth(indents: &mut Vec<f64>, indent: f64) -> u8 {
    while indents.last().is_some_and(|outer| *outer > indent + 0.5) {
        indents.pop();
    }
    if indents.last().is_none_or(|outer| indent > *outer + 0.5) {
        indents.push(indent);
    }
    u8::try_from(indents.len() - 1).unwrap_or(u8::MAX)
}
