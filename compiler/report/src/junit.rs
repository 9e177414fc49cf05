//! JUnit XML, as build servers read it: a suite for each rule, a case for each finding.
//!
//! A violation fails. What is not decided or not due yet is skipped, with the reason: neither a pass nor a failure. Advice
//! passes and says so in its output, as does a repaired breach. There is no time in it: reports of the same facts are equal.

use crate::{Report, words};
use mandate_assess::{DataFinding, Finding, Grade, Outcome, Status};
use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Name of the suite of faults of the data.
const DATA: &str = "the data";

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for f in &report.assessment.findings {
        by_rule.entry(&f.rule).or_default().push(f);
    }
    let a = report.assessment;
    let all = a.findings.iter().map(outcome);
    let counts = Counts::of(all.chain(a.data_findings.iter().map(|_| Case::Failed)));
    let name = format!("{} {} {}", a.pack, a.version, a.instants());
    let [tests, failures, _] = counts.attributes();
    let suites = xml.create_element("testsuites").with_attributes([
        ("name", &*attribute(&name)),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", "0"),
    ]);
    suites.write_inner_content(|xml| {
        for counts in &report.rates {
            let findings = by_rule.get(counts.rule.as_str()).map(Vec::as_slice).unwrap_or_default();
            suite(xml, report, counts, findings)?;
        }
        if !a.data_findings.is_empty() {
            data_suite(xml, &a.data_findings)?;
        }
        Ok(())
    })?;
    xml.get_mut().write_all(b"\n")
}

/// What a case is to a build server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Passed,
    Failed,
    Skipped,
}

fn outcome(f: &Finding) -> Case {
    match (f.grade, f.status) {
        (Grade::Violation, _) => Case::Failed,
        (Grade::Advice, _) => Case::Passed,
        (Grade::None, Status::Undetermined | Status::Is(Outcome::Pending)) => Case::Skipped,
        (Grade::None, Status::Is(_)) => Case::Passed,
    }
}

#[derive(Default)]
struct Counts {
    tests: u64,
    failures: u64,
    skipped: u64,
}

impl Counts {
    fn of(cases: impl Iterator<Item = Case>) -> Counts {
        let mut counts = Counts::default();
        for case in cases {
            counts.tests += 1;
            counts.failures += u64::from(case == Case::Failed);
            counts.skipped += u64::from(case == Case::Skipped);
        }
        counts
    }

    fn attributes(&self) -> [String; 3] {
        [self.tests.to_string(), self.failures.to_string(), self.skipped.to_string()]
    }
}

type Xml<'w, 'o> = &'w mut Writer<&'o mut dyn Write>;

fn suite(xml: Xml<'_, '_>, report: &Report<'_>, rule: &crate::RuleCounts, findings: &[&Finding]) -> io::Result<()> {
    let [tests, failures, skipped] = Counts::of(findings.iter().map(|f| outcome(f))).attributes();
    let element = xml.create_element("testsuite").with_attributes([
        ("name", &*attribute(&rule.rule)),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", "0"),
        ("skipped", &skipped),
    ]);
    element.write_inner_content(|xml| {
        properties(xml, report, rule, findings.first().copied())?;
        findings.iter().try_for_each(|f| case(xml, f))
    })?;
    Ok(())
}

/// What holds for all cases of a rule.
fn properties(
    xml: Xml<'_, '_>,
    report: &Report<'_>,
    counts: &crate::RuleCounts,
    first: Option<&Finding>,
) -> io::Result<()> {
    let mut all = vec![("title", counts.title.clone())];
    match report.pack.rules.get(&counts.rule) {
        Some(rule) => {
            all.push(("norm", rule.norm.text.clone()));
            all.extend(rule.force.map(|force| ("force", force.word().to_owned())));
            all.push(("declared", format!("{}:{}", rule.origin.file, rule.origin.line)));
        }
        None => all.extend(first.map(|f| ("norm", f.norm.to_string()))),
    }
    all.extend(first.into_iter().flat_map(|f| &f.citations).map(|c| ("cites", words::cited(c))));
    all.push(("applies", counts.applies.to_string()));
    all.extend(counts.rate.map(|rate| ("kept", rate.percent())));
    for table in report.tallies.iter().filter(|table| table.rule == counts.rule) {
        let head = crate::tally::head(table);
        for group in &table.groups {
            let cells = crate::tally::cells(group);
            let pairs: Vec<String> = head.iter().zip(&cells).map(|(head, cell)| format!("{head}: {cell}")).collect();
            all.push(("tally", pairs.join(", ")));
        }
        all.extend(table.note.iter().map(|note| ("tally", format!("{}: {note}", table.by))));
    }
    xml.create_element("properties").write_inner_content(|xml| {
        all.iter().try_for_each(|(name, value)| {
            let element = xml.create_element("property");
            element.with_attributes([("name", *name), ("value", &*attribute(value))]).write_empty().map(drop)
        })
    })?;
    Ok(())
}

/// The name of a case is that of its records, without their places: it stays when they move.
fn case(xml: Xml<'_, '_>, f: &Finding) -> io::Result<()> {
    let (name, class) = (words::instance(f), attribute(&f.rule));
    let element = xml.create_element("testcase").with_attributes([
        ("classname", &*class),
        ("name", &*attribute(&name)),
        ("group", f.status.word()),
    ]);
    let message = words::sentence(f);
    let said = |xml: Xml<'_, '_>, tag: &str, attributes: &[(&str, &str)], body: &str| {
        let mut element = xml.create_element(tag);
        for (name, value) in attributes {
            element = element.with_attribute((*name, &*attribute(value)));
        }
        if body.is_empty() { element.write_empty() } else { element.write_text_content(text(body)) }.map(drop)
    };
    let quiet = f.grade == Grade::None && !matches!(f.status, Status::Is(Outcome::Repaired | Outcome::Waived));
    match outcome(f) {
        Case::Passed if quiet => element.write_empty().map(drop),
        Case::Passed => element.write_inner_content(|xml| said(xml, "system-out", &[], &message)).map(drop),
        Case::Failed => {
            let force = f.force.map_or("violation", |force| force.word());
            element
                .write_inner_content(|xml| said(xml, "failure", &[("type", force), ("message", &message)], &details(f)))
                .map(drop)
        }
        Case::Skipped => element
            .write_inner_content(|xml| said(xml, "skipped", &[("message", &message)], &words::subjects(&f.subject)))
            .map(drop),
    }
}

/// What a reader of a failed case needs beside the message: the sentence, the passage, the records that show it.
fn details(f: &Finding) -> String {
    let mut out = format!("{}\n{}\n", words::subjects(&f.subject), f.norm);
    for c in &f.citations {
        out += &format!("{}\n", words::cited(c));
        words::paragraphs(c).for_each(|line| out += &format!("“{line}”\n"));
    }
    f.evidence.iter().for_each(|place| out += &format!("evidence: {}\n", words::place(place)));
    out
}

/// Faults of the data fail: what was assessed on them may be wrong.
fn data_suite(xml: Xml<'_, '_>, findings: &[DataFinding]) -> io::Result<()> {
    let [tests, failures, skipped] = Counts::of(findings.iter().map(|_| Case::Failed)).attributes();
    let element = xml.create_element("testsuite").with_attributes([
        ("name", DATA),
        ("tests", &tests),
        ("failures", &failures),
        ("errors", "0"),
        ("skipped", &skipped),
    ]);
    element.write_inner_content(|xml| {
        findings.iter().try_for_each(|f| {
            let name = format!("{}: {}", f.assumption, words::ids(&f.subject));
            let failed: Vec<&str> = f.why.iter().map(|s| s.text.as_str()).collect();
            let message = format!("does not hold: {}", failed.join("; "));
            let element = xml.create_element("testcase");
            element.with_attributes([("classname", DATA), ("name", &*attribute(&name))]).write_inner_content(
                |xml| {
                    let failure = xml.create_element("failure");
                    failure
                        .with_attributes([("type", "data"), ("message", &*attribute(&message))])
                        .write_empty()
                        .map(drop)
                },
            )?;
            Ok(())
        })
    })?;
    Ok(())
}

/// XML 1.0 (2.2) has no way to write most control characters, or the two last signs of each plane.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_allowed =
        |c: char| !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}');
    if text.chars().all(is_allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().map(|c| if is_allowed(c) { c } else { '\u{FFFD}' }).collect())
    }
}

/// The value of an attribute; the writer escapes what XML needs escaped.
fn attribute(value: &str) -> Cow<'_, str> {
    allowed(value)
}

fn text(value: &str) -> BytesText<'static> {
    BytesText::from_escaped(escape(allowed(value).into_owned()).into_owned())
}
