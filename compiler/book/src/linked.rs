//! Words of the language as people read them on a page: names lead to where they are explained, modals stand out.

use crate::frame::Page;
use crate::shelf::Names;
use maud::{Markup, html};

/// A piece of a text.
enum Piece<'t> {
    Word(&'t str),
    Other(&'t str),
}

/// Words and what stands between them; texts in quotation marks are no words.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' {
            let mut escaped = false;
            let closes = rest.char_indices().skip(1).find(|(_, c)| {
                let closes = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                closes
            });
            closes.map_or(rest.len(), |(at, _)| at + 1)
        } else if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            rest.find(|c| is_word(c) || c == '"').unwrap_or(rest.len())
        };
        let (piece, after) = rest.split_at(length);
        out.push(if is_word(first) { Piece::Word(piece) } else { Piece::Other(piece) });
        rest = after;
    }
    out
}

/// A text in which the names of declarations are links.
pub(crate) fn linked(page: Page<'_>, text: &str, names: &Names) -> Markup {
    markup(page, text, names, false)
}

/// As [`linked`], for the sentence of a norm: `must`, `must not`, `may` and the like stand out.
pub(crate) fn sentence(page: Page<'_>, text: &str, names: &Names) -> Markup {
    markup(page, text, names, true)
}

fn markup(page: Page<'_>, text: &str, names: &Names, norm: bool) -> Markup {
    let pieces = pieces(text);
    let modal = if norm { modal(&pieces) } else { 0..0 };
    // Behind a full stop stands a field.
    let is_field = |place: usize| place > 0 && words(&pieces[place - 1]).ends_with('.');
    let meant = |place: usize| match pieces[place] {
        Piece::Word(word) if !is_field(place) => names.get(word),
        Piece::Word(_) | Piece::Other(_) => None,
    };
    html! {
        @for (place, piece) in pieces.iter().enumerate() {
            @if modal.contains(&place) {
                @if place == modal.start {
                    strong.modal { @for piece in &pieces[modal.clone()] { (words(piece)) } }
                }
            } @else if let Some(name) = meant(place) {
                (page.link_to_as(name, &breakable(words(piece))))
            } @else {
                (breakable(words(piece)))
            }
        }
    }
}

/// A long name may go on in the next line behind an underscore, rather than anywhere.
fn breakable(word: &str) -> Markup {
    const LONG: usize = 16;
    if word.len() < LONG {
        return html! { (word) };
    }
    html! { @for part in word.split_inclusive('_') { (part) @if part.ends_with('_') { wbr; } } }
}

fn words<'t>(piece: &Piece<'t>) -> &'t str {
    match piece {
        Piece::Word(text) | Piece::Other(text) => text,
    }
}

/// The pieces of the modal of a norm: `must not`, `aims to`, `no one may`.
fn modal(pieces: &[Piece<'_>]) -> std::ops::Range<usize> {
    const FORMS: [&[&str]; 8] = [
        &["no", "one", "may"],
        &["no", "one", "should"],
        &["must", "not"],
        &["should", "not"],
        &["aims", "to"],
        &["must"],
        &["should"],
        &["may"],
    ];
    let is = |place: usize, form: &[&str]| {
        // A word, a space, a word.
        form.iter()
            .enumerate()
            .all(|(n, wanted)| matches!(pieces.get(place + 2 * n), Some(Piece::Word(word)) if word == wanted))
    };
    for place in 0..pieces.len() {
        if let Some(form) = FORMS.iter().find(|form| is(place, form)) {
            return place..place + 2 * form.len() - 1;
        }
    }
    0..0
}

/// A documentation comment: paragraphs, with the words between backticks as they are written in rules.
pub(crate) fn doc(text: &str) -> Markup {
    let paragraphs = text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty());
    html! {
        @for paragraph in paragraphs {
            p.doc {
                @for (place, part) in paragraph.split('`').enumerate() {
                    @if place % 2 == 1 { code { (part) } } @else { (part) }
                }
            }
        }
    }
}
