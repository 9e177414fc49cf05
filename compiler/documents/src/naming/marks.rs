//! Numbers and letters in front of paragraphs and items, and how they nest.

use crate::document::{Block, BlockKind};
use unicode_normalization::char::is_combining_mark;

/// A number or letter in front of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// `2`, `a`, `iv`, `4.1`
    pub word: String,
    style: Style,
    value: u32,
    /// How deep the list is, if the document says so.
    depth: u8,
}

/// What marks of one list have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    class: Class,
    /// `(2)`, `2)` or `2.`
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Number,
    Letter,
    Roman,
    /// `4.1`
    Path,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Round,
    Open,
    Stop,
}

impl Mark {
    /// Whether it says by itself where the block belongs.
    pub(super) fn is_whole(&self) -> bool {
        self.style.class == Class::Path
    }
}

/// The numbered blocks that are open, outermost first.
#[derive(Debug, Default)]
pub(super) struct Outline {
    open: Vec<(Mark, String)>,
    /// Whether a paragraph without number came since.
    interrupted: bool,
}

impl Outline {
    /// The mark of a block; a paragraph with one becomes an item.
    pub(super) fn read(&self, block: &mut Block) -> Option<Mark> {
        let depth = match block.kind {
            BlockKind::Heading(_) => return None,
            BlockKind::Paragraph => 0,
            BlockKind::Item(depth) => depth,
        };
        let (form, word) = split(&block.text)?;
        let capital = word.len() == 1 && word.bytes().all(|b| b.is_ascii_uppercase());
        if capital && form == Form::Stop && block.kind == BlockKind::Paragraph {
            // An initial: `A. Smith reports.`
            return None;
        }
        let (class, value) = self.class(word, form)?;
        if block.kind == BlockKind::Paragraph && class != Class::Path {
            block.kind = BlockKind::Item(0);
        }
        Some(Mark { word: word.to_lowercase(), style: Style { class, form }, value, depth })
    }

    /// A letter such as `i` is a letter where `h` stands before it, else a Roman number.
    fn class(&self, word: &str, form: Form) -> Option<(Class, u32)> {
        if word.contains('.') {
            return Some((Class::Path, 0));
        }
        if word.bytes().all(|b| b.is_ascii_digit()) {
            return Some((Class::Number, word.parse().ok()?));
        }
        let letter = (word.len() == 1).then(|| u32::from(word.as_bytes()[0].to_ascii_lowercase() - b'a') + 1);
        let roman = roman(word);
        let follows = |class: Class, value: u32| {
            let style = Style { class, form };
            self.open.iter().any(|(mark, _)| mark.style == style && mark.value + 1 == value)
        };
        match (letter, roman) {
            (Some(letter), _) if follows(Class::Letter, letter) => Some((Class::Letter, letter)),
            (_, Some(roman)) if roman == 1 || follows(Class::Roman, roman) || letter.is_none() => {
                Some((Class::Roman, roman))
            }
            (Some(letter), _) => Some((Class::Letter, letter)),
            (None, _) => None,
        }
    }

    /// The name of the block around one with this mark.
    pub(super) fn parent(&self, mark: &Mark) -> Option<&str> {
        self.level(mark).checked_sub(1).and_then(|above| self.open.get(above)).map(|(_, name)| name.as_str())
    }

    /// How many of the open blocks are around one with this mark.
    fn level(&self, mark: &Mark) -> usize {
        let follows = |open: &Mark| open.style.class == mark.style.class && open.value + 1 == mark.value;
        let goes_on = |open: &Mark| open.depth == mark.depth && (open.style == mark.style || follows(open));
        let same = self.open.iter().rposition(|(open, _)| goes_on(open));
        match same {
            // The list goes on, or begins again behind a paragraph.
            Some(same) if !self.interrupted || mark.value > self.open[same].0.value => same,
            Some(_) => 0,
            None if self.interrupted && mark.depth == 0 => 0,
            // Inside a list only what is not deeper than the mark can be around it from outside.
            None => self.open.iter().rposition(|(open, _)| open.depth <= mark.depth).map_or(0, |last| last + 1),
        }
    }

    /// Takes note of a block and the name it was given.
    pub(super) fn enter(&mut self, kind: BlockKind, mark: Option<Mark>, name: &str) {
        match (kind, mark) {
            (BlockKind::Heading(_), _) => *self = Outline::default(),
            (_, Some(mark)) => {
                let level = self.level(&mark);
                self.open.truncate(level);
                self.open.push((mark, name.to_owned()));
                self.interrupted = false;
            }
            (BlockKind::Paragraph, None) => self.interrupted = true,
            (BlockKind::Item(_), None) => {}
        }
    }
}

/// The mark at the start of a text: `(2)`, `2)`, `2.`, `(iv)`, `a.`, `4.1`.
fn split(text: &str) -> Option<(Form, &str)> {
    let token = text.split_whitespace().next()?;
    let (form, word) = if let Some(inner) = token.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (Form::Round, inner)
    } else if let Some(word) = token.strip_suffix(')') {
        (Form::Open, word)
    } else if let Some(word) = token.strip_suffix('.') {
        (Form::Stop, word)
    } else {
        (Form::Stop, token)
    };
    let digits = |piece: &str| (1..=3).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
    if word.contains('.') {
        // `4.1`, with or without a stop behind it; a date and an amount have other lengths or are no words of their own.
        let pieces = word.split('.').count();
        let alone = text.trim() == token;
        return ((2..=5).contains(&pieces) && word.split('.').all(digits) && !alone).then_some((form, word));
    }
    if form == Form::Stop && !token.ends_with('.') {
        return None;
    }
    let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
    (digits(word) || letter || (form != Form::Stop && is_roman(word))).then_some((form, word))
}

/// `iv`, `XII`: at most six letters.
pub(super) fn is_roman(word: &str) -> bool {
    roman(word).is_some()
}

fn roman(word: &str) -> Option<u32> {
    let even = word == word.to_lowercase() || word == word.to_uppercase();
    if word.is_empty() || word.len() > 6 || !even {
        return None;
    }
    let digit = |c: char| match c.to_ascii_lowercase() {
        'i' => Some(1),
        'v' => Some(5),
        'x' => Some(10),
        'l' => Some(50),
        _ => None,
    };
    let digits: Vec<u32> = word.chars().map(digit).collect::<Option<_>>()?;
    let value = digits.iter().enumerate().fold(0_i64, |sum, (at, digit)| {
        let less = digits.get(at + 1).is_some_and(|next| next > digit);
        if less { sum - i64::from(*digit) } else { sum + i64::from(*digit) }
    });
    u32::try_from(value).ok().filter(|value| *value > 0)
}

/// Whether a rule can cite it: letters, digits and `_`, parted by `.` or `-` or in round brackets.
pub(super) fn is_anchor(name: &str) -> bool {
    let letters = |piece: &str| {
        !piece.is_empty() && piece.chars().all(|c| c.is_alphanumeric() || c == '_' || is_combining_mark(c))
    };
    name.len() <= 120
        && name.split(['.', '-']).all(|piece| {
            let mut bracketed = piece.split('(');
            bracketed.next().is_some_and(letters) && bracketed.all(|inner| inner.strip_suffix(')').is_some_and(letters))
        })
}
