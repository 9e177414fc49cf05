//! The words by which texts are compared.

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// One blank for every run of white space, none at the ends.
pub(crate) fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words as they are compared: quotation marks, dashes and white space made alike, ligatures resolved, invisible characters dropped,
/// words divided at the end of a line made whole; case kept.
pub fn comparable(text: &str) -> String {
    let alike = text.nfkc().filter_map(|c| match c {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' | '`' | '\u{b4}' => Some('\''),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' | '\u{ab}' | '\u{bb}' => Some('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        // Soft hyphens, joiners, marks of direction, the byte order mark.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        c => Some(c),
    });
    undivided(&squeezed(&alike.collect::<String>()))
}

/// `monitor- ing` as `monitoring`. `pre- and post-conflict` stays: what follows there is a word of its own.
fn undivided(text: &str) -> String {
    if !text.contains("- ") {
        return text.to_owned();
    }
    const OWN: [&str; 8] = ["and", "or", "to", "und", "oder", "et", "ou", "y"];
    let mut out = String::with_capacity(text.len());
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let divided = word.strip_suffix('-').filter(|first| first.ends_with(char::is_alphabetic));
        let joins = |next: &&str| {
            next.starts_with(char::is_lowercase) && !OWN.contains(&next.trim_end_matches(|c: char| !c.is_alphabetic()))
        };
        match (divided, words.peek()) {
            (Some(first), Some(next)) if joins(next) => out.push_str(first),
            (_, Some(_)) => {
                out.push_str(word);
                out.push(' ');
            }
            (_, None) => out.push_str(word),
        }
    }
    out
}

/// Comparable words without the hyphens inside them: where a text was divided at a real hyphen, nobody can tell.
pub(crate) fn without_hyphens(comparable: &str) -> String {
    let mut out = String::with_capacity(comparable.len());
    let mut rest = comparable.chars().peekable();
    while let Some(c) = rest.next() {
        let inside = c == '-' && out.ends_with(char::is_alphabetic) && rest.peek().is_some_and(|c| c.is_alphabetic());
        if !inside {
            out.push(c);
        }
    }
    out
}

/// The first 32 hexadecimal digits of the SHA-256 of a text's comparable words.
pub fn fingerprint(text: &str) -> String {
    let digest = Sha256::digest(comparable(text).as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_printing_changes_is_alike() {
        assert_eq!(
            comparable("the \u{201c}o\u{fb03}cer\u{201d}\u{a0}\u{2014}  on\nduty\u{2019}s"),
            "the \"officer\" - on duty's"
        );
        assert_eq!(
            comparable("monitor-\n ing and pre- and post-conflict re\u{ad}port"),
            "monitoring and pre- and post-conflict report"
        );
        assert_eq!(without_hyphens("a cease-fire - 1-2"), "a ceasefire - 1-2");
    }

    #[test]
    fn a_fingerprint_is_of_words_not_of_lines() {
        assert_eq!(fingerprint("Report\nit."), fingerprint("Report  it."));
        assert_ne!(fingerprint("Report it."), fingerprint("report it."));
        assert_eq!(fingerprint("").len(), 32);
    }
}
