//! Findings in sections: by rule or by record, the section with the worst finding first.

use crate::words;
use crate::{By, Report};
use mandate_assess::{Finding, Status, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// Findings under one heading, worst first; never empty.
pub(crate) struct Section<'a> {
    pub(crate) first: &'a Finding,
    pub(crate) findings: Vec<&'a Finding>,
}

impl<'a> Section<'a> {
    /// The record that a section by record is about.
    pub(crate) fn subject(&self) -> Option<&'a Subject> {
        self.first.subject.first()
    }
}

/// What a reader has to act on or know of.
fn is_of_interest(f: &Finding) -> bool {
    !f.status.is_settled()
}

/// The findings to list one by one.
pub(crate) fn listed<'a>(report: &Report<'a>) -> impl Iterator<Item = &'a Finding> {
    let all = report.options.all;
    report.assessment.findings.iter().filter(move |f| all || is_of_interest(f))
}

/// Sections in the order of their worst finding: findings come worst first.
pub(crate) fn sections<'a>(report: &Report<'a>) -> Vec<Section<'a>> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    let mut at: BTreeMap<(&str, &str, &str, u32), usize> = BTreeMap::new();
    for f in listed(report) {
        let key = match (report.options.by, f.subject.first()) {
            (By::Rule, _) | (By::Record, None) => (f.rule.as_str(), "", "", 0),
            (By::Record, Some(s)) => (
                s.ty.as_deref().unwrap_or_default(),
                s.id.as_str(),
                s.file.as_deref().unwrap_or_default(),
                s.line.unwrap_or_default(),
            ),
        };
        let index = *at.entry(key).or_insert_with(|| {
            sections.push(Section { first: f, findings: Vec::new() });
            sections.len() - 1
        });
        if let Some(section) = sections.get_mut(index) {
            section.findings.push(f);
        }
    }
    sections
}

/// Findings to write as one entry: a single one, or so many that want the same and could come out the same way.
pub(crate) enum Entry<'a> {
    One(&'a Finding),
    Alike(Vec<&'a Finding>),
}

/// From so many on, they are one entry.
const GROUPED: usize = 3;

/// The entries of a section. `apart`: each finding by itself.
pub(crate) fn entries<'a>(findings: &[&'a Finding], apart: bool) -> Vec<Entry<'a>> {
    let mut groups: BTreeMap<Want<'a>, Vec<&'a Finding>> = BTreeMap::new();
    if !apart {
        for f in findings {
            if let Some(want) = want(f) {
                groups.entry(want).or_default().push(f);
            }
        }
    }
    let mut out = Vec::new();
    for f in findings {
        match want(f).filter(|want| groups.get(want).is_none_or(|alike| alike.len() >= GROUPED)) {
            Some(want) if !apart => out.extend(groups.remove(&want).map(Entry::Alike)),
            _ => out.push(Entry::One(f)),
        }
    }
    out
}

/// What findings of one entry have in common: rule, record type of the first variable, outcomes, fields, remarks.
type Want<'a> = (&'a str, &'a str, Vec<&'static str>, BTreeSet<&'a str>, &'a [String]);

fn want(f: &Finding) -> Option<Want<'_>> {
    if f.status != Status::Undetermined || f.missing.is_empty() {
        return None;
    }
    let ty = f.subject.first().and_then(|s| s.ty.as_deref()).unwrap_or_default();
    Some((f.rule.as_str(), ty, f.could_be(), fields(f), f.flags.as_slice()))
}

/// The names of the fields that would decide, whatever records they belong to.
pub(crate) fn fields(f: &Finding) -> BTreeSet<&str> {
    let field = |missing: &'_ str| missing.rfind('.').filter(|_| !missing.contains(" records after "));
    f.missing.iter().map(|missing| field(missing).map_or(missing.as_str(), |dot| &missing[dot + 1..])).collect()
}

/// "312 Incident records lack `observed_at`", or what else they want.
pub(crate) fn lack(alike: &[&Finding]) -> String {
    let Some(first) = alike.first() else { return String::new() };
    let what: Vec<String> = fields(first).into_iter().map(said).collect();
    let what = words::list(&what, "and");
    let n = alike.len();
    let ty = first.subject.first().and_then(|s| s.ty.as_deref()).map(mandate_pack::short);
    match ty {
        Some(ty) if alike.iter().all(|f| lacks_itself(f)) => format!("{n} {ty} records lack {what}"),
        Some(ty) => format!("{n} {ty} records cannot be judged for want of {what}"),
        None => format!("{n} cases cannot be judged for want of {what}"),
    }
}

/// Whether everything that is missing are fields of the first record itself.
fn lacks_itself(f: &Finding) -> bool {
    let Some(subject) = f.subject.first().filter(|s| s.ty.is_some()) else { return false };
    let is_own = |missing: &String| {
        missing
            .strip_prefix(subject.id.as_str())
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|f| !f.contains('.'))
    };
    f.missing.iter().all(is_own)
}

/// A field as code; a whole feed in words.
fn said(field: &str) -> String {
    if field.contains(' ') { field.to_owned() } else { format!("`{field}`") }
}
