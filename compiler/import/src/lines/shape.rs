//! What a line looks like.

/// What a group of lines is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Heading(u8),
    Paragraph,
    Item(u8),
}

const BULLETS: [char; 21] = [
    '\u{2022}', '\u{2023}', '\u{2043}', '\u{2219}', '\u{25aa}', '\u{25ab}', '\u{25cf}', '\u{25cb}', '\u{25e6}',
    '\u{25a0}', '\u{25a1}', '\u{2713}', '\u{2714}', '\u{27a2}', '\u{2192}', '\u{b7}', '\u{f0b7}', '\u{f0a7}',
    '\u{f0d8}', '\u{2013}', '\u{2014}',
];

/// A bullet in front: `•`, `▪`, and `-`, `*`, `o` before a blank.
pub(super) fn is_bullet(text: &str) -> bool {
    without_bullet(text).len() < text.len()
}

/// The words behind a bullet.
pub(super) fn without_bullet(text: &str) -> &str {
    let Some(first) = text.chars().next() else { return text };
    let rest = &text[first.len_utf8()..];
    let parted = rest.starts_with(char::is_whitespace) && !rest.trim().is_empty();
    let round = BULLETS.contains(&first) && !matches!(first, '\u{2013}' | '\u{2014}') && !rest.trim().is_empty();
    if round || (parted && (matches!(first, '-' | '*' | 'o') || BULLETS.contains(&first))) {
        rest.trim_start()
    } else {
        text
    }
}

/// A bullet, or a number or letter: `2.`, `(2)`, `a)`, `(iv)`. `4.1` with words behind it, too.
pub(super) fn starts_item(text: &str) -> bool {
    is_bullet(text) || mark(text).is_some()
}

/// The number or letter in front.
fn mark(text: &str) -> Option<&str> {
    let (token, _) = text.split_once(char::is_whitespace)?;
    let bracketed = token.strip_prefix('(').unwrap_or(token).strip_suffix(')');
    let word = bracketed.or_else(|| token.strip_suffix('.')).unwrap_or(token);
    let digits = |piece: &str| (1..=3).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
    let path = word.contains('.') && word.split('.').all(digits);
    let closed = word.len() < token.len();
    let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_lowercase());
    let roman = bracketed.is_some() && (1..=5).contains(&word.len()) && word.chars().all(|c| "ivxIVX".contains(c));
    (path || closed && (digits(word) || letter || roman)).then_some(token)
}

/// What stands around the number or letter of an item, and which one it is: of `(c)`, 3.
fn place(text: &str) -> Option<(bool, bool, usize)> {
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    let token = mark(text)?;
    let word = token.trim_matches(['(', ')', '.']);
    let value = match word.as_bytes() {
        [letter @ b'a'..=b'z'] if !matches!(letter, b'i' | b'v' | b'x') => usize::from(letter - b'a') + 1,
        _ => word.parse().ok().or_else(|| ROMAN.iter().position(|roman| *roman == word).map(|at| at + 1))?,
    };
    Some((token.starts_with('('), token.ends_with(')'), value))
}

/// Whether an item is the next one of a list, or both have no order.
pub(super) fn follows(item: &str, next: &str) -> bool {
    match (place(item), place(next)) {
        (Some((round, closed, value)), Some((next_round, next_closed, next))) => {
            let same = (round, closed) == (next_round, next_closed);
            // `(i)` is the ninth letter, too.
            (same && (next == value + 1 || (value == 8 && next == 1))) || (!same && next == 1)
        }
        _ => false,
    }
}

/// Whether it is the first item of a list.
pub(super) fn is_first(text: &str) -> bool {
    place(text).is_some_and(|(_, _, value)| value == 1)
}

/// Cells of a table.
pub(super) fn is_row(text: &str) -> bool {
    text.contains(" | ")
}

/// Ends like a sentence or like the clause before an item.
pub(super) fn is_closed(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '\u{201d}', '\u{2019}', ')', ']', '*']);
    bare.ends_with(['.', ':', ';', ',', '!', '?']) || text.ends_with(" and") || text.ends_with(" or")
}

/// Ends like a sentence.
pub(super) fn is_ended(text: &str) -> bool {
    text.trim_end_matches(['"', '\u{201d}', '\u{2019}', ')']).ends_with(['.', '!', '?', ':'])
}

/// Ends in the middle of a sentence.
pub(super) fn is_open(text: &str) -> bool {
    !text.trim_end_matches(['"', '\u{201d}', '\u{2019}', ')', ']']).ends_with(['.', ':', ';', '!', '?'])
}

const LABELS: [&str; 15] = [
    "part",
    "title",
    "chapter",
    "section",
    "article",
    "rule",
    "annex",
    "appendix",
    "schedule",
    "principle",
    "regulation",
    "artikel",
    "kapitel",
    "chapitre",
    "annexe",
];

/// The rank of what stands beside the outermost parts, whatever these are.
pub(super) const OUTERMOST: u8 = 9;

/// The rank of `Article 4 Warning` among such headings, outermost first.
pub(super) fn label_rank(text: &str) -> Option<u8> {
    let mut tokens = text.split_whitespace();
    let word = tokens.next()?.to_lowercase();
    let at = LABELS.iter().position(|label| *label == word)?;
    let number = tokens.next()?.trim_end_matches(['.', ':', ',', '\u{2013}', '-']);
    let numbered = number.bytes().next().is_some_and(|b| b.is_ascii_digit()) && number.len() <= 6;
    let roman = !number.is_empty() && number.chars().all(|c| "IVXLC".contains(c));
    let letter = number.len() == 1 && number.bytes().all(|b| b.is_ascii_uppercase());
    let rank = match LABELS[at] {
        "part" => 0,
        "title" => 1,
        "chapter" | "kapitel" | "chapitre" => 2,
        "section" => 3,
        "annex" | "appendix" | "schedule" | "annexe" => OUTERMOST,
        _ => 4,
    };
    (numbered || roman || letter).then_some(rank)
}

/// `Article 4`, `CHAPTER II.`: a label without words.
pub(super) fn is_label(text: &str) -> bool {
    label_rank(text).is_some() && text.split_whitespace().count() == 2
}

/// How deep a heading such as `3.2 Training` is numbered, from 1.
pub(super) fn number_depth(text: &str) -> Option<u8> {
    let (token, words) = text.split_once(char::is_whitespace)?;
    let word = token.trim_end_matches(['.', ')']);
    let digits = |piece: &str| (1..=3).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
    let roman = token.ends_with('.') && word.len() <= 5 && !word.is_empty() && word.chars().all(|c| "IVX".contains(c));
    let known = word.split('.').all(digits) || roman;
    let depth = u8::try_from(word.split('.').count()).ok()?;
    (known && words.trim().starts_with(|c: char| c.is_alphabetic())).then_some(depth)
}

/// Few words, and no end of a sentence.
pub(super) fn is_brief(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let starts = text.trim_start_matches(['"', '\u{201c}', '(', '\u{a7}', ' ']).chars().next();
    words <= 16
        && text.chars().count() <= 110
        && text.chars().any(char::is_alphabetic)
        && starts.is_some_and(|c| !c.is_lowercase())
        && !text.ends_with(['.', ';', ',', ':', '!'])
}

/// All letters are capitals, and there are some.
pub(super) fn is_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3 && !text.chars().any(char::is_lowercase)
}
