//! Decided cases: how one is written, and checked.

use super::*;

/// What a case expects beside the status.
#[derive(Default)]
pub struct Also {
    pub possible: &'static [&'static str],
    pub missing: &'static [&'static str],
    pub due: Option<i64>,
    pub since: Option<i64>,
    pub late_by: Option<&'static str>,
    pub levels: &'static [&'static str],
    pub harmless: Option<bool>,
}

pub struct Decided {
    pub name: &'static str,
    pub rule: Rule,
    /// Rules beside the one asked about.
    pub others: Vec<(&'static str, Rule)>,
    pub facts: &'static str,
    pub as_of: i64,
    /// `none`: the rule does not apply, no finding.
    pub status: &'static str,
    pub also: Also,
}

pub fn case(name: &'static str, rule: Rule, facts: &'static str, as_of: i64, status: &'static str) -> Decided {
    Decided { name, rule, others: Vec::new(), facts, as_of, status, also: Also::default() }
}

impl Decided {
    pub fn also(mut self, also: Also) -> Self {
        self.also = also;
        self
    }

    pub fn beside(mut self, name: &'static str, rule: Rule) -> Self {
        self.others.push((name, rule));
        self
    }

    pub fn missing(mut self, missing: &'static [&'static str]) -> Self {
        self.also.missing = missing;
        self
    }

    pub fn possible(mut self, possible: &'static [&'static str]) -> Self {
        self.also.possible = possible;
        self
    }

    pub fn harmless(mut self) -> Self {
        self.also.harmless = Some(true);
        self
    }

    pub fn check(&self) -> Result<(), String> {
        let mut rules = vec![("r", self.rule.clone())];
        rules.extend(self.others.iter().cloned());
        let pack = pack(rules);
        let as_of = clock(self.as_of).parse().expect("time");
        let found = run(&pack, &facts(self.facts), as_of, "r");
        let [finding] = found.as_slice() else {
            return if self.status == "none" && found.is_empty() {
                Ok(())
            } else {
                Err(format!("{} findings", found.len()))
            };
        };
        let word = finding.status.word();
        let possible: Vec<&str> = finding.possible.iter().map(|o| o.word()).collect();
        let context = format!(
            "{word} {possible:?} missing {:?} due {:?} since {:?} late {:?} levels {:?}",
            finding.missing,
            finding.due,
            finding.since,
            finding.late_by,
            levels(finding)
        );
        let mut wanted: Vec<&str> = self.also.possible.to_vec();
        wanted.sort_unstable();
        let mut sorted = possible.clone();
        sorted.sort_unstable();
        let checks = [
            (word == self.status, "status"),
            (wanted.is_empty() || wanted == sorted, "possible"),
            (self.also.missing.iter().all(|m| finding.missing.iter().any(|f| f == m)), "missing"),
            (self.also.due.is_none_or(|h| finding.due == Some(short(h))), "due"),
            (self.also.since.is_none_or(|h| finding.since == Some(short(h))), "since"),
            (self.also.late_by.is_none_or(|l| finding.late_by.as_deref() == Some(l)), "late by"),
            (self.also.levels.is_empty() || levels(finding) == self.also.levels, "levels"),
            (self.also.harmless.is_none_or(|h| finding.possible.is_harmless() == h), "harmless"),
        ];
        match checks.iter().find(|(ok, _)| !ok) {
            None => Ok(()),
            Some((_, what)) => Err(format!("{what}: {context}")),
        }
    }
}

pub fn levels(f: &Finding) -> Vec<&str> {
    f.levels.iter().map(|l| l.status.word()).collect()
}

/// An hour as findings write it.
pub fn short(hour: i64) -> String {
    clock(hour).replace(":00:00Z", ":00Z")
}

pub fn all_hold(cases: Vec<Decided>) {
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|c| c.check().err().map(|why| format!("{}: wanted {}, got {why}", c.name, c.status)))
        .collect();
    assert!(failed.is_empty(), "{} of {} cases:\n{}", failed.len(), cases.len(), failed.join("\n"));
}
