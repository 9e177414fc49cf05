//! SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/>: one run, a descriptor for each rule with the cited passages
//! as help, a result for each finding.
//!
//! A breach of a binding norm is a failure of level `error`, advice one of level `note`. What is pending is `open`, what is not
//! determined is for `review`, and what is satisfied a `pass`: the standard (3.27.10) allows those no level, and rightly so, as
//! nothing has failed.

use crate::arrange::listed;
use crate::{Report, words};
use mandate_assess::{Cited, DataFinding, Finding, Grade, Outcome, Place, Status, Subject, VOID_WAIVER};
use mandate_diagnostics::sarif::{SCHEMA, message as plain, uri};
use mandate_pack::{Origin, Rule};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The id of faults of the data.
const DATA: &str = "fault_of_the_data";

pub(crate) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Log<'a> {
        #[serde(rename = "$schema")]
        schema: &'static str,
        version: &'static str,
        runs: [Run<'a>; 1],
    }
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [Run(report)] };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

struct Run<'a>(&'a Report<'a>);

impl Serialize for Run<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.0;
        let rules = descriptors(report);
        let index: BTreeMap<String, usize> = rules.iter().enumerate().map(|(n, (id, _))| (id.clone(), n)).collect();
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Parts<'a> {
            tool: Value,
            invocations: Value,
            column_kind: &'static str,
            results: Results<'a>,
            properties: Value,
        }
        let a = report.assessment;
        let mut properties = json!({
            "pack": a.pack,
            "packVersion": a.version,
            "packDigest": a.digest,
            "asOf": a.as_of,
            "rates": report.rates,
            "tallies": report.tallies,
        });
        if let Some(known_at) = &a.known_at {
            properties["knownAt"] = json!(known_at);
        }
        let rules: Vec<Value> = rules.into_iter().map(|(_, rule)| rule).collect();
        let parts = Parts {
            tool: json!({"driver": {
                "name": "mandate",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }}),
            invocations: json!([{"executionSuccessful": true}]),
            column_kind: "unicodeCodePoints",
            results: Results { report, index },
            properties,
        };
        parts.serialize(serializer)
    }
}

/// Written one after another: there may be a million.
struct Results<'a> {
    report: &'a Report<'a>,
    index: BTreeMap<String, usize>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let index = |rule: &str| self.index.get(rule).copied();
        let findings = listed(self.report).map(|f| result(self.report, f, index(&f.rule)));
        let data = self.report.assessment.data_findings.iter().map(|f| data_result(f, index(DATA)));
        serializer.collect_seq(findings.chain(data))
    }
}

/// A descriptor for each rule of the pack, and for what is found beside the rules.
fn descriptors(report: &Report<'_>) -> Vec<(String, Value)> {
    let of_pack = report.pack.rules.iter().map(|(name, rule)| (name.clone(), descriptor(report, name, rule)));
    let mut all: Vec<(String, Value)> = of_pack.collect();
    if report.assessment.findings.iter().any(|f| f.rule == VOID_WAIVER) {
        let text = "A waiver sets aside what it cannot";
        let level = json!({"level": "error"});
        all.push((
            VOID_WAIVER.to_owned(),
            json!({"id": VOID_WAIVER, "shortDescription": {"text": text}, "defaultConfiguration": level}),
        ));
    }
    if !report.assessment.data_findings.is_empty() {
        let text = "The data breaks what the rules take for granted";
        let level = json!({"level": "warning"});
        all.push((
            DATA.to_owned(),
            json!({"id": DATA, "shortDescription": {"text": text}, "defaultConfiguration": level}),
        ));
    }
    all
}

fn descriptor(report: &Report<'_>, name: &str, rule: &Rule) -> Value {
    let cites = cited(report, rule);
    let mut descriptor = Map::new();
    let mut set = |key: &str, value: Value| {
        descriptor.insert(key.to_owned(), value);
    };
    set("id", json!(name));
    set("shortDescription", json!({"text": plain(&rule.title)}));
    let doc = if rule.doc.is_empty() { String::new() } else { format!("\n{}", rule.doc) };
    set("fullDescription", json!({"text": plain(&format!("{}{doc}", rule.norm.text))}));
    set("help", json!({"text": plain(&help(rule, &cites)), "markdown": help_markdown(rule, &cites)}));
    if let Some(link) = cites.iter().find_map(|c| c.link.as_ref().filter(|l| is_link(l))) {
        set("helpUri", json!(link));
    }
    let level = if rule.norm.modal.is_binding() { "error" } else { "note" };
    set("defaultConfiguration", json!({"level": level}));
    let force = rule.force.map(|force| force.word());
    set("properties", json!({"force": force, "modal": rule.norm.modal, "carries": rule.carries}));
    Value::Object(descriptor)
}

fn is_link(text: &str) -> bool {
    let known = ["https://", "http://", "urn:"].iter().any(|scheme| text.starts_with(scheme));
    known
        && text
            .chars()
            .all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`'))
}

/// What a rule cites, as a finding would say it.
fn cited(report: &Report<'_>, rule: &Rule) -> Vec<Cited> {
    let one = |cite: &mandate_pack::Citation| {
        let source = report.pack.sources.get(&cite.source)?;
        Some(Cited {
            source: cite.source.clone(),
            title: source.title.clone(),
            force: Some(source.force),
            passage: cite.passage.clone(),
            to: cite.to.clone(),
            text: cite.passage.as_ref().and_then(|p| source.passages.get(p)).map(|p| p.text.clone()),
            link: source.link.clone(),
        })
    };
    rule.cites.iter().filter_map(one).collect()
}

fn help(rule: &Rule, cites: &[Cited]) -> String {
    let mut text = format!("{}\n", rule.norm.text);
    for c in cites {
        text += &format!("\n{}\n", words::cited(c));
        words::paragraphs(c).for_each(|line| text += &format!("“{line}”\n"));
        c.link.iter().for_each(|link| text += &format!("{link}\n"));
    }
    text
}

fn help_markdown(rule: &Rule, cites: &[Cited]) -> String {
    use crate::markdown::{escape, quote};
    let mut text = format!("{}\n", escape(&rule.norm.text));
    for c in cites {
        text += &format!("\n**{}**\n\n{}", escape(&words::cited(c)), quote(words::paragraphs(c)));
        c.link.iter().filter(|link| is_link(link)).for_each(|link| text += &format!("\n<{link}>\n"));
    }
    text
}

fn result(report: &Report<'_>, f: &Finding, index: Option<usize>) -> Value {
    let (kind, level) = kind(f);
    let mut result = Map::new();
    let mut set = |key: &str, value: Value| {
        result.insert(key.to_owned(), value);
    };
    set("ruleId", json!(f.rule));
    if let Some(index) = index {
        set("ruleIndex", json!(index));
    }
    set("kind", json!(kind));
    set("level", json!(level));
    set("message", json!({"text": plain(&words::sentence(f))}));
    set("locations", json!(f.subject.iter().take(1).map(subject).collect::<Vec<_>>()));
    let mut related = Vec::new();
    let rule = report.pack.rules.get(f.rule.as_str());
    related.extend(rule.map(|rule| origin(report, &rule.origin, "the rule")));
    related.extend(f.subject.iter().skip(1).map(subject));
    related.extend(f.evidence.iter().map(|p| place(p, "evidence")));
    related.extend(f.waived_by.iter().map(|p| place(p, "waiver")));
    for (id, location) in related.iter_mut().enumerate() {
        if let Value::Object(location) = location {
            location.insert("id".to_owned(), json!(id));
        }
    }
    set("relatedLocations", json!(related));
    set(
        "partialFingerprints",
        json!({"mandateFinding/v1": fingerprint(&f.rule, &f.subject, f.round.as_ref().map(|round| round.number))}),
    );
    set("properties", properties(f));
    Value::Object(result)
}

/// What a finding is to a reader of SARIF: see the head of this file.
fn kind(f: &Finding) -> (&'static str, &'static str) {
    match (f.grade, f.status) {
        (Grade::Violation, _) => ("fail", "error"),
        (Grade::Advice, _) => ("fail", "note"),
        (Grade::None, Status::Undetermined) => ("review", "none"),
        (Grade::None, Status::Is(outcome)) => match outcome {
            Outcome::Pending => ("open", "none"),
            // Broken, and made good: somebody should know, nobody has to act.
            Outcome::Repaired | Outcome::Violated => ("informational", "none"),
            Outcome::Waived | Outcome::Overridden | Outcome::Exempt => ("informational", "none"),
            Outcome::Permitted | Outcome::Satisfied => ("pass", "none"),
            Outcome::NotApplicable => ("notApplicable", "none"),
        },
    }
}

fn properties(f: &Finding) -> Value {
    let mut properties = Map::new();
    let mut set = |key: &str, value: Value| {
        properties.insert(key.to_owned(), value);
    };
    set("status", json!(f.status));
    set("possible", json!(f.possible));
    set("grade", json!(f.grade));
    set("bearer", json!(f.bearer));
    let optional = [("due", &f.due), ("lateBy", &f.late_by), ("since", &f.since), ("remedy", &f.remedy)];
    for (key, value) in optional {
        if let Some(value) = value {
            set(key, json!(value));
        }
    }
    if f.due_excluded {
        set("dueExcluded", json!(true));
    }
    if let Some(force) = f.force {
        set("force", json!(force.word()));
    }
    if let Some(round) = &f.round {
        set("round", json!(round));
    }
    if !f.uncovered.is_empty() {
        set("uncovered", json!(f.uncovered));
    }
    if !f.missing.is_empty() {
        set("missing", json!(f.missing));
    }
    Value::Object(properties)
}

fn data_result(f: &DataFinding, index: Option<usize>) -> Value {
    let failed: Vec<&str> = f.why.iter().map(|s| s.text.as_str()).collect();
    let text = format!("{}: {} (not {})", f.assumption, words::ids(&f.subject), failed.join("; "));
    let mut result = json!({
        "ruleId": DATA,
        "kind": "fail",
        "level": "warning",
        "message": {"text": plain(&text)},
        "locations": f.subject.iter().take(1).map(subject).collect::<Vec<_>>(),
        "partialFingerprints": {"mandateFinding/v1": fingerprint(&f.assumption, &f.subject, None)},
    });
    if let (Some(index), Value::Object(result)) = (index, &mut result) {
        result.insert("ruleIndex".to_owned(), json!(index));
    }
    result
}

fn subject(s: &Subject) -> Value {
    let ty = s.ty.as_deref().map_or_else(String::new, |ty| format!("{ty} "));
    location(&format!("{ty}{}", words::clean(&s.id)), s.file.as_deref().zip(s.line), &s.id)
}

fn place(p: &Place, word: &str) -> Value {
    let at = p.at.as_ref().map_or_else(String::new, |at| format!(", {at}"));
    let there = (p.line > 0).then_some((p.file.as_str(), p.line));
    location(&format!("{word}: {}{at}", words::clean(&p.id)), there, &p.id)
}

/// A record, with its place where it has one to show.
fn location(message: &str, place: Option<(&str, u32)>, name: &str) -> Value {
    let mut location = json!({
        "message": {"text": plain(message)},
        "logicalLocations": [{"fullyQualifiedName": words::clean(name), "kind": "record"}],
    });
    if let (Some((file, line)), Value::Object(location)) = (place.filter(|(_, line)| *line > 0), &mut location) {
        location.insert("physicalLocation".to_owned(), physical(json!({"uri": uri(file)}), line));
    }
    location
}

fn physical(artifact: Value, line: u32) -> Value {
    json!({"artifactLocation": artifact, "region": {"startLine": line}})
}

/// A place in the rules. A file of another package is relative to that package, wherever it was installed.
fn origin(report: &Report<'_>, origin: &Origin, message: &str) -> Value {
    let own = |file: &str| match &report.options.package {
        Some(directory) if directory != "." => {
            json!({"uri": uri(&format!("{}/{file}", directory.trim_end_matches(['/', '\\'])))})
        }
        Some(_) => json!({"uri": uri(file)}),
        None => json!({"uri": uri(file), "uriBaseId": base(&report.pack.name)}),
    };
    let artifact = match origin.file.split_once(':') {
        Some((package, file)) if package == report.pack.name => own(file),
        Some((package, file)) => json!({"uri": uri(file), "uriBaseId": base(package)}),
        None => own(&origin.file),
    };
    json!({"message": {"text": message}, "physicalLocation": physical(artifact, origin.line.max(1))})
}

/// The name of the directory of a package, which only the reader's machine knows.
fn base(package: &str) -> String {
    format!("{}_PACKAGE", package.to_uppercase())
}

/// The same for the same rule on the same records (and round of a recurring duty), in every run, wherever the records stand in their files.
fn fingerprint(rule: &str, subject: &[Subject], round: Option<u64>) -> String {
    let mut hash = Sha256::new();
    let parts = subject.iter().flat_map(|s| [s.ty.as_deref().unwrap_or_default(), s.id.as_str()]);
    for part in [rule].into_iter().chain(parts) {
        // With lengths, so that no two lists of parts read alike.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    if let Some(round) = round {
        hash.update(round.to_be_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
