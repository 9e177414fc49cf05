//! The name of a heading.

use super::marks::is_roman;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest name made of words, in characters.
const LONGEST: usize = 40;

/// What parts of documents are called, and how the name of one begins.
const PARTS: &[(&str, &str)] = &[
    ("annex", "annex"),
    ("annexe", "annex"),
    ("appendix", "appendix"),
    ("art", "art"),
    ("article", "art"),
    ("articolo", "art"),
    ("articulo", "art"),
    ("artigo", "art"),
    ("artikel", "art"),
    ("chapter", "chapter"),
    ("chapitre", "chapter"),
    ("capitulo", "chapter"),
    ("kapitel", "chapter"),
    ("paragraph", "paragraph"),
    ("part", "part"),
    ("principle", "principle"),
    ("regulation", "regulation"),
    ("rule", "rule"),
    ("schedule", "schedule"),
    ("section", "section"),
    ("title", "title"),
];

/// `art_4` for `Article 4 Warning`, `3.2` for `3.2 Training`, else the first words.
pub(super) fn heading(text: &str) -> String {
    let words = folded(text);
    part(text, &words).or_else(|| number(text)).unwrap_or_else(|| first_words(&words))
}

fn part(text: &str, words: &[String]) -> Option<String> {
    let name = PARTS.iter().find(|(word, _)| Some(*word) == words.first().map(String::as_str)).map(|(_, name)| name)?;
    let token = text.split_whitespace().nth(1)?.trim_end_matches(|c: char| !c.is_alphanumeric());
    let short = token.split('.').all(|piece| {
        let digits = piece.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let numbered = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && piece.len() <= 6;
        numbered || (is_roman(piece) && piece == piece.to_uppercase())
    });
    let letter = token.len() == 1 && token.bytes().all(|b| b.is_ascii_uppercase());
    (short || letter).then(|| format!("{name}_{}", token.to_lowercase()))
}

/// `3.2` of `3.2 Training`, `3` of `§ 3 Warning`. A year is a word.
fn number(text: &str) -> Option<String> {
    let token = text.trim_start_matches(|c: char| c == '\u{a7}' || c.is_whitespace()).split_whitespace().next()?;
    let token = token.trim_end_matches(['.', ')', ':']);
    let digits = |piece: &str| (1..=3).contains(&piece.len()) && piece.bytes().all(|b| b.is_ascii_digit());
    token.split('.').all(digits).then(|| token.to_owned())
}

/// Whole words up to the longest name.
fn first_words(words: &[String]) -> String {
    let mut name = String::new();
    let mut length = 0;
    for word in words {
        let more = word.chars().count() + usize::from(length > 0);
        if length > 0 && length + more > LONGEST {
            break;
        }
        if length > 0 {
            name.push('_');
        }
        name.extend(word.chars().take(LONGEST));
        length += more;
    }
    // A heading of signs only.
    if name.is_empty() { "heading".to_owned() } else { name }
}

/// The words of a text in lower case: of Latin letters no accents, of other scripts as they are.
fn folded(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.nfkd() {
        let mark = is_combining_mark(c);
        if mark && word.ends_with(|last: char| last.is_ascii_alphanumeric()) {
            continue;
        }
        // An apostrophe parts no word; neither do characters without shape.
        if matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') {
            continue;
        }
        if c.is_alphanumeric() || (mark && !word.is_empty()) {
            match plain(c) {
                Some(letters) => word.push_str(letters),
                None => word.extend(c.to_lowercase()),
            }
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words.iter().map(|word| word.nfc().collect()).collect()
}

/// Latin letters that do not come apart into a letter and an accent.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{df}' | '\u{1e9e}' => "ss",
        '\u{e6}' | '\u{c6}' => "ae",
        '\u{153}' | '\u{152}' => "oe",
        '\u{f8}' | '\u{d8}' => "o",
        '\u{142}' | '\u{141}' => "l",
        '\u{111}' | '\u{110}' | '\u{f0}' | '\u{d0}' => "d",
        '\u{fe}' | '\u{de}' => "th",
        '\u{131}' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::heading;

    #[test]
    fn headings_are_named_by_their_number_or_their_first_words() {
        let cases = [
            ("Article 4 Warning", "art_4"),
            ("ARTICLE 4bis: Warning", "art_4bis"),
            ("Rule 12. Proportionality", "rule_12"),
            ("Chapter II", "chapter_ii"),
            ("Annex A \u{2013} Forms", "annex_a"),
            ("Section 3", "section_3"),
            ("Section of the north", "section_of_the_north"),
            ("Monitoring and reporting", "monitoring_and_reporting"),
            ("3.2 Training", "3.2"),
            ("3. Training", "3"),
            ("\u{a7} 12 Warnung", "12"),
            ("2024 in review", "2024_in_review"),
            ("NATO\u{2019}s r\u{f4}le: \u{dc}bergang & Stra\u{df}e", "natos_role_ubergang_strasse"),
            (
                "\u{41f}\u{440}\u{430}\u{432}\u{430} \u{434}\u{435}\u{442}\u{435}\u{439}",
                "\u{43f}\u{440}\u{430}\u{432}\u{430}_\u{434}\u{435}\u{442}\u{435}\u{439}",
            ),
            ("***", "heading"),
            (
                "Protection of the people who live around the camp and work in it",
                "protection_of_the_people_who_live_around",
            ),
        ];
        for (text, name) in cases {
            assert_eq!(heading(text), name, "{text}");
        }
    }
}
