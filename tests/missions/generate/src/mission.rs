//! A mission as it grows: records by file and type, and the findings that were planted.

use crate::calendar::{at, instant};
use crate::random::Random;
use crate::value::{Value, text};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

/// The instant of assessment, in minutes.
pub(crate) fn as_of() -> i64 {
    at(2026, 5, 15, 12, 0)
}

/// How strongly a broken rule binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Grade {
    Violation,
    Advice,
}

/// Records and expectations.
#[derive(Debug)]
pub(crate) struct Mission {
    pub(crate) random: Random,
    /// File, then type, then records in the order added.
    records: BTreeMap<&'static str, BTreeMap<&'static str, Vec<Value>>>,
    breaches: Vec<(String, Vec<String>, Grade)>,
    /// Rule, then outcome other than satisfied, violated and not applicable.
    counts: BTreeMap<String, BTreeMap<&'static str, u32>>,
}

impl Mission {
    /// A mission without records.
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), records: BTreeMap::new(), breaches: Vec::new(), counts: BTreeMap::new() }
    }

    /// Adds a record.
    pub(crate) fn add(&mut self, file: &'static str, ty: &'static str, record: Value) {
        self.records.entry(file).or_default().entry(ty).or_default().push(record);
    }

    /// Expects a broken `must`.
    pub(crate) fn breach(&mut self, rule: &str, subject: &[&str]) {
        self.expect(rule, subject, Grade::Violation);
    }

    /// Expects a broken `should` or `aims to`.
    pub(crate) fn advice(&mut self, rule: &str, subject: &[&str]) {
        self.expect(rule, subject, Grade::Advice);
    }

    fn expect(&mut self, rule: &str, subject: &[&str], grade: Grade) {
        self.breaches.push((rule.to_owned(), subject.iter().map(|s| (*s).to_owned()).collect(), grade));
    }

    /// Expects one more finding of a rule to come out as `outcome`.
    pub(crate) fn count(&mut self, rule: &str, outcome: &'static str) {
        *self.counts.entry(rule.to_owned()).or_default().entry(outcome).or_default() += 1;
    }

    /// Every file with its content, by its name below the mission's directory.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        for (name, types) in &self.records {
            let content = if name.ends_with(".json") { json(types) } else { yaml(types) };
            files.insert(format!("facts/{name}"), content);
        }
        files.insert("expected.json".to_owned(), self.expected());
        files
    }

    /// Writes every file below a directory.
    pub(crate) fn write(&self, directory: &Path) -> io::Result<()> {
        for (name, content) in self.files() {
            let path = directory.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, content)?;
        }
        Ok(())
    }

    /// The findings to expect: all that are violated, and how many have another outcome than satisfied or not applicable.
    fn expected(&self) -> String {
        let mut breaches = self.breaches.clone();
        breaches.sort();
        let lines: Vec<String> = breaches
            .iter()
            .map(|(rule, subject, grade)| {
                let subject = Value::List(subject.iter().map(text).collect());
                let grade = match grade {
                    Grade::Violation => "violation",
                    Grade::Advice => "advice",
                };
                format!("    {{\"rule\": \"{rule}\", \"subject\": {}, \"grade\": \"{grade}\"}}", subject.flow())
            })
            .collect();
        let counts: Vec<String> = self
            .counts
            .iter()
            .map(|(rule, outcomes)| {
                let outcomes: Vec<_> = outcomes.iter().map(|(outcome, n)| format!("\"{outcome}\": {n}")).collect();
                format!("    \"{rule}\": {{{}}}", outcomes.join(", "))
            })
            .collect();
        format!(
            "{{\n  \"as_of\": \"{}\",\n  \"violated\": [\n{}\n  ],\n  \"counts\": {{\n{}\n  }}\n}}\n",
            instant(as_of()),
            lines.join(",\n"),
            counts.join(",\n")
        )
    }
}

fn json(types: &BTreeMap<&'static str, Vec<Value>>) -> String {
    let lists: Vec<String> = types
        .iter()
        .map(|(ty, records)| {
            let lines: Vec<_> = records.iter().map(|record| format!("      {}", record.flow())).collect();
            format!("    \"{ty}\": [\n{}\n    ]", lines.join(",\n"))
        })
        .collect();
    format!("{{\n  \"as_of\": \"{}\",\n  \"records\": {{\n{}\n  }}\n}}\n", instant(as_of()), lists.join(",\n"))
}

fn yaml(types: &BTreeMap<&'static str, Vec<Value>>) -> String {
    let mut out = format!("as_of: \"{}\"\nrecords:\n", instant(as_of()));
    for (ty, records) in types {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {ty}:");
        for record in records {
            out.push_str(&record.yaml_item(4));
        }
    }
    out
}
