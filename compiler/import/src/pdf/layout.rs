//! Lines from characters and where they stand.

use super::stop;
use crate::lines::Line;
use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

/// Most characters of a document.
const MAX_CHARACTERS: usize = 20_000_000;

/// Collects characters into lines, page by page. Lengths are in points; `y` grows downwards.
#[derive(Debug, Default)]
pub(super) struct Layout {
    page: u32,
    height: f64,
    open: Option<Placed>,
    lines: Vec<Placed>,
    characters: usize,
}

/// A line with its place.
#[derive(Debug, Clone, Default)]
struct Placed {
    text: String,
    page: u32,
    start: f64,
    end: f64,
    y: f64,
    size: f64,
}

impl Layout {
    pub(super) fn is_full(&self) -> bool {
        self.characters >= MAX_CHARACTERS
    }

    /// Ends the line that is open.
    pub(super) fn close(&mut self) {
        self.lines.extend(self.open.take().filter(|line| !line.text.trim().is_empty()));
    }

    fn put(&mut self, text: &str, x: f64, y: f64, width: f64, size: f64) {
        let blank = text.chars().all(char::is_whitespace);
        let goes_on = self.open.as_ref().is_some_and(|line| {
            let same = (y - line.y).abs() < size.max(line.size) * 0.45;
            same && x > line.end - size * 1.5 && line.page == self.page
        });
        if !goes_on {
            self.close();
            if blank {
                return;
            }
            self.open = Some(Placed { page: self.page, start: x, end: x, y, size, ..Placed::default() });
        }
        let Some(line) = &mut self.open else { return };
        let gap = x - line.end;
        if gap > line.size * 2.4 && !is_mark(&line.text) && !blank {
            // A cell of a table.
            line.text.truncate(line.text.trim_end().len());
            line.text.push_str(" | ");
        } else if gap > line.size * 0.12 && !line.text.ends_with(' ') {
            line.text.push(' ');
        }
        line.text.push_str(text);
        // A blank does not reach to a cell.
        if !blank {
            line.end = x + width;
            line.size = line.size.max(size);
        }
    }

    /// All lines, with the space above them judged by what is usual in the document.
    pub(super) fn lines(mut self) -> Vec<Line> {
        self.close();
        let leading = |before: &Placed, line: &Placed| (line.y - before.y) / before.size.max(line.size).max(0.1);
        let mut usual: Vec<f64> = self
            .lines
            .windows(2)
            .filter(|pair| pair[0].page == pair[1].page && (pair[0].size - pair[1].size).abs() < 0.6)
            .map(|pair| leading(&pair[0], &pair[1]))
            .filter(|leading| (0.7..2.6).contains(leading))
            .collect();
        usual.sort_by(f64::total_cmp);
        // Lines inside paragraphs are the nearest to each other, and many.
        let usual = usual.get(usual.len() / 5).copied().unwrap_or(1.2);
        let mut lines: Vec<Line> = Vec::with_capacity(self.lines.len());
        for (at, line) in self.lines.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| &self.lines[before]).filter(|before| before.page == line.page);
            let apart = before.is_none_or(|before| {
                let gap = leading(before, line);
                let indented = line.start - before.start > line.size * 0.8;
                let sentence = before.text.trim_end().ends_with(['.', ':', ';']) && !is_marked(&before.text);
                gap > usual * 1.25 + 0.05 || gap < -0.5 || (indented && sentence)
            });
            let size = Some(line.size);
            let text = line.text.trim().to_owned();
            lines.push(Line { text, page: Some(line.page), indent: line.start, size, apart, underlined: None });
        }
        lines
    }
}

/// A number or bullet alone, behind which the words stand at a distance.
fn is_mark(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() <= 7
        && !text.contains(' ')
        && (text.ends_with(['.', ')']) || !text.contains(|c: char| c.is_alphanumeric()) || text == "o")
        || text.split('.').all(|piece| (1..=3).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit()))
}

fn is_marked(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(is_mark)
}

impl OutputDev for Layout {
    fn begin_page(&mut self, page: u32, media: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        self.close();
        self.page = page;
        self.height = media.ury;
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.close();
        Ok(())
    }

    fn output_character(
        &mut self,
        at: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.characters += text.len().max(1);
        if self.is_full() {
            return Err(stop());
        }
        // Text that does not run from left to right is a watermark or a note at the edge.
        let scale = (at.m11 * at.m22 - at.m12 * at.m21).abs().sqrt();
        if at.m12.abs() > at.m11.abs() || at.m11 < 0.0 {
            return Ok(());
        }
        let size = (font_size * scale).abs();
        let (x, y) = (at.m31, self.height - at.m32);
        if [size, x, y, width].iter().all(|number| number.is_finite() && number.abs() < 1e6) && size > 0.0 {
            self.put(text, x, y, width * (font_size * at.m11).abs(), size);
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
