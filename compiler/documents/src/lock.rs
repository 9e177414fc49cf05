//! The review lock: which wording of its passages each rule was last reviewed against.

use crate::comparable::{comparable, fingerprint};
use mandate_diagnostics::Span;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What `mandate.lock` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    /// Rules by name below their package.
    pub rules: BTreeMap<String, Entry>,
    /// Passages that are deliberately no rule, by the citation of the `background`.
    pub background: BTreeMap<String, Entry>,
}

/// One review.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Entry {
    /// Who looked at it.
    pub reviewed_by: String,
    /// On which day.
    #[serde(with = "day")]
    pub reviewed_on: String,
    /// How its passages read then, by citation, such as `caac_policy#reporting`.
    #[serde(flatten)]
    pub passages: BTreeMap<String, Wording>,
}

/// How a passage read when it was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The fingerprint of its words: it alone decides whether they have changed.
    pub fingerprint: String,
    /// Its comparable words, to show what differs; somebody may have taken them out.
    #[serde(default)]
    pub words: Option<String>,
}

/// What a rule, or a `background`, cites now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citing<'a> {
    /// Name in the lock.
    pub name: &'a str,
    /// A passage that is deliberately no rule.
    pub background: bool,
    /// Present words by citation.
    pub passages: BTreeMap<String, String>,
}

/// How a rule stands to its review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    /// Every passage reads as it did then.
    Reviewed,
    /// It was never reviewed.
    Never,
    /// Some passages want another look, in the order of their citations.
    Wanting(Vec<Reviewed>),
}

/// A passage that wants another look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// Its citation.
    pub citation: String,
    /// Why.
    pub wanting: Wanting,
}

/// Why a passage wants another look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanting {
    /// It is cited now and was not when the rule was reviewed.
    New,
    /// It reads otherwise than then: the words of then, if the lock still has them.
    Changed(Option<String>),
}

/// Why a lock cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockFault {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub span: Span,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    #[serde(default)]
    rule: BTreeMap<String, Entry>,
    #[serde(default)]
    background: BTreeMap<String, Entry>,
}

/// A day as TOML writes it.
mod day {
    use serde::{Deserialize, Deserializer, de::Error};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
        let read = toml::value::Datetime::deserialize(from)?;
        match (read.date, read.time) {
            (Some(date), None) => Ok(date.to_string()),
            _ => Err(D::Error::custom("a day is written as 2026-03-01")),
        }
    }
}

impl Lock {
    /// The version of the form that this crate reads and writes.
    pub const VERSION: u32 = 1;

    /// Reads a lock file.
    ///
    /// # Errors
    /// No TOML, another form, marks that a merge left, or another version.
    pub fn read(text: &str) -> Result<Lock, LockFault> {
        let merge = |line: &str| ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|mark| line.starts_with(mark));
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if merge(line) {
                let message = "a merge left its marks here".to_owned();
                return Err(LockFault { message, span: Span::new(start, start + line.trim_end().len() as u32) });
            }
            start += line.len() as u32;
        }
        let written: Written = toml::from_str(text).map_err(|error| LockFault {
            message: error.message().lines().next().unwrap_or_default().to_owned(),
            span: error.span().map_or(Span::empty(0), |span| Span::new(span.start as u32, span.end as u32)),
        })?;
        if written.version != Lock::VERSION {
            let message =
                format!("it is written in form {}; this program reads form {}", written.version, Lock::VERSION);
            return Err(LockFault { message, span: Span::empty(0) });
        }
        Ok(Lock { rules: written.rule, background: written.background })
    }

    /// The text of the file: sorted, one block for each entry, with nothing that two entries share, so that branches which reviewed different
    /// rules merge.
    pub fn write(&self) -> String {
        let mut out = String::from(
            "# The wording of its passages that each rule was last reviewed against. `mandate source review` writes this file.\n",
        );
        let _ = writeln!(out, "version = {}", Lock::VERSION);
        for (kind, entries) in [("rule", &self.rules), ("background", &self.background)] {
            for (name, entry) in entries {
                let _ = writeln!(out, "\n[{kind}.{}]", quoted(name));
                let _ = writeln!(out, "reviewed_by = {}", quoted(&entry.reviewed_by));
                let _ = writeln!(out, "reviewed_on = {}", entry.reviewed_on);
                for (citation, then) in &entry.passages {
                    let _ = write!(out, "{} = {{ fingerprint = {}", quoted(citation), quoted(&then.fingerprint));
                    if let Some(words) = &then.words {
                        let _ = write!(out, ", words = {}", quoted(words));
                    }
                    out.push_str(" }\n");
                }
            }
        }
        out
    }

    /// How a rule stands to its review.
    pub fn review(&self, rule: &Citing<'_>) -> Review {
        let entries = if rule.background { &self.background } else { &self.rules };
        if rule.passages.is_empty() {
            return Review::Reviewed;
        }
        let Some(entry) = entries.get(rule.name) else { return Review::Never };
        let mut wanting = Vec::new();
        for (citation, words) in &rule.passages {
            let because = match entry.passages.get(citation) {
                None => Wanting::New,
                Some(then) if then.fingerprint == fingerprint(words) => continue,
                Some(then) => Wanting::Changed(then.words.clone()),
            };
            wanting.push(Reviewed { citation: citation.clone(), wanting: because });
        }
        if wanting.is_empty() { Review::Reviewed } else { Review::Wanting(wanting) }
    }

    /// Records that somebody reviewed a rule as it stands.
    ///
    /// `on` is a day, `2026-03-01`.
    pub fn accept(&mut self, rule: &Citing<'_>, by: &str, on: &str) {
        let mut passages = BTreeMap::new();
        for (citation, words) in &rule.passages {
            let then = Wording { fingerprint: fingerprint(words), words: Some(comparable(words)) };
            passages.insert(citation.clone(), then);
        }
        let entry = Entry { reviewed_by: by.to_owned(), reviewed_on: on.to_owned(), passages };
        let entries = if rule.background { &mut self.background } else { &mut self.rules };
        entries.insert(rule.name.to_owned(), entry);
    }

    /// Entries of rules and passages that are no more: name, whether of a `background`.
    pub fn outlived<'l>(&'l self, now: &BTreeSet<(bool, &str)>) -> Vec<(bool, &'l str)> {
        let rules = self.rules.keys().map(|name| (false, name.as_str()));
        let background = self.background.keys().map(|name| (true, name.as_str()));
        rules.chain(background).filter(|entry| !now.contains(entry)).collect()
    }

    /// Takes the entries away that [`Lock::outlived`] tells.
    pub fn forget(&mut self, now: &BTreeSet<(bool, &str)>) {
        self.rules.retain(|name, _| now.contains(&(false, name)));
        self.background.retain(|name, _| now.contains(&(true, name)));
    }

    /// The line with the head of an entry, in the text of a lock.
    pub fn head(text: &str, background: bool, name: &str) -> Option<Span> {
        let head = format!("[{}.{}]", if background { "background" } else { "rule" }, quoted(name));
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            // A hand may have put a remark behind it.
            if line.starts_with(&head) {
                return Some(Span::new(start, start + head.len() as u32));
            }
            start += line.len() as u32;
        }
        None
    }
}

/// A TOML string on one line.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => drop(write!(out, "\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn citing<'a>(name: &'a str, words: &str) -> Citing<'a> {
        Citing { name, background: false, passages: BTreeMap::from([("order#a".to_owned(), words.to_owned())]) }
    }

    #[test]
    fn a_changed_passage_is_told_with_the_words_of_then() {
        let mut lock = Lock::default();
        lock.accept(&citing("duty", "Report  within 24 hours."), "Legal adviser", "2026-03-01");
        let lock = Lock::read(&lock.write()).expect("own text");
        assert_eq!(lock.review(&citing("duty", "Report within 24\nhours.")), Review::Reviewed);
        assert_eq!(lock.review(&citing("other", "x")), Review::Never);
        let Review::Wanting(wanting) = lock.review(&citing("duty", "Report within 48 hours.")) else {
            panic!("changed")
        };
        assert_eq!(wanting[0].wanting, Wanting::Changed(Some("Report within 24 hours.".into())));
        let now = BTreeSet::from([(false, "duty")]);
        assert_eq!(lock.outlived(&now), []);
        assert_eq!(lock.outlived(&BTreeSet::new()), [(false, "duty")]);
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        let fault = |text: &str| Lock::read(text).expect_err("refused");
        assert_eq!(fault("version = 1\n<<<<<<< HEAD\n").span, Span::new(12, 24));
        assert!(fault("version = 2\n").message.contains("form 2"));
        assert!(!fault("version = 1\n[rule.a]\nreviewed_by = \"x\"\nreviewed_on = 5\n").message.is_empty());
        assert!(!fault("= 1").message.is_empty());
    }

    proptest! {
        #[test]
        fn a_lock_is_read_as_it_was_written(names in prop::collection::vec("\\PC{1,8}", 0..4), words in "\\PC{0,12}[\"\\\\\t\n]?") {
            let mut lock = Lock::default();
            for (at, name) in names.iter().enumerate() {
                let mut rule = citing(name, &words);
                rule.background = at % 2 == 1;
                lock.accept(&rule, &words, "2026-03-01");
            }
            let text = lock.write();
            prop_assert_eq!(Lock::read(&text).expect("own text"), lock.clone());
            for name in lock.rules.keys() {
                prop_assert!(Lock::head(&text, false, name).is_some());
            }
        }
    }
}
