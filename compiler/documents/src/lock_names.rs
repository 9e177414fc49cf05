//! Where names stand in the text of a review lock, so that an editor can follow a name that changes.

use crate::Lock;
use mandate_diagnostics::Span;
use std::collections::BTreeMap;

/// What a name in a lock names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockNameKind {
    /// A rule, in the head of its entry.
    Rule,
    /// The citation of a `background`, in the head of its entry.
    Background,
    /// A passage with its wording.
    Citation,
}

/// A name in a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockName {
    /// What it names.
    pub kind: LockNameKind,
    /// The name, without quotation marks.
    pub name: String,
    /// Where it stands, quotation marks included.
    pub span: Span,
}

impl Lock {
    /// Every name in the text of a lock, in its order; what is no lock has none.
    pub fn names(text: &str) -> Vec<LockName> {
        let mut found = Vec::new();
        let mut start = 0_u32;
        for line in text.split_inclusive('\n') {
            let head = [("[rule.", LockNameKind::Rule), ("[background.", LockNameKind::Background)];
            let head = head.into_iter().find_map(|(mark, kind)| Some((kind, mark.len(), line.strip_prefix(mark)?)));
            let (kind, at, rest) = head.unwrap_or((LockNameKind::Citation, 0, line));
            if let Some(written) = quoted_part(rest)
                && let Some(name) = unquoted(written)
            {
                let at = start + at as u32;
                found.push(LockName { kind, name, span: Span::new(at, at + written.len() as u32) });
            }
            start += line.len() as u32;
        }
        found
    }

    /// A name as a lock writes it, quotation marks included.
    pub fn written(name: &str) -> String {
        crate::lock::quoted(name)
    }
}

/// The text in quotation marks at the start of a line, marks included.
fn quoted_part(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return Some(&line[..at + 2]),
            _ => escaped = false,
        }
    }
    None
}

fn unquoted(written: &str) -> Option<String> {
    let mut read: BTreeMap<String, String> = toml::from_str(&format!("name = {written}")).ok()?;
    read.remove("name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Citing;

    #[test]
    fn names_are_found_as_they_were_written() {
        let mut lock = Lock::default();
        for (name, background) in [("rules.duty", false), ("order#a \"b\"", true)] {
            let passages = BTreeMap::from([("order#a".to_owned(), "Report it.".to_owned())]);
            lock.accept(&Citing { name, background, passages }, "A \"B\"", "2026-03-01");
        }
        let text = lock.write();
        let found = Lock::names(&text);
        let shown: Vec<_> = found.iter().map(|one| (one.kind, one.name.as_str())).collect();
        assert_eq!(
            shown,
            [
                (LockNameKind::Rule, "rules.duty"),
                (LockNameKind::Citation, "order#a"),
                (LockNameKind::Background, "order#a \"b\""),
                (LockNameKind::Citation, "order#a"),
            ]
        );
        for one in &found {
            assert_eq!(text[one.span.range()], Lock::written(&one.name));
        }
        assert_eq!(Lock::names("no lock \"at all\n[rule.x\n\""), []);
    }
}
