//! Texts with a cursor, for tests.

/// Takes the mark `$0` out of a text, and gives the place where it stood.
pub(crate) fn cursor(marked: &str) -> (String, u32) {
    let (before, after) = marked.split_once("$0").expect("a text with a cursor mark $0");
    (format!("{before}{after}"), before.len() as u32)
}
