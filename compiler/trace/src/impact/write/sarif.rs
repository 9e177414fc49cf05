//! SARIF 2.1.0: a result for each rule and note that depends on a passage that changed, at the rule.

use super::{Places, kind, name, words};
use crate::impact::model::{DocumentImpact, Impact, PassageChange, PassageChangeKind};
use mandate_diagnostics::sarif::{SCHEMA, message as plain, uri};
use mandate_documents::fingerprint;
use mandate_pack::Origin;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Every kind of change, with what it asks for.
const KINDS: [(PassageChangeKind, &str); 5] = [
    (PassageChangeKind::Renamed, "A cited passage has another name"),
    (PassageChangeKind::Moved, "A cited passage stands elsewhere"),
    (PassageChangeKind::Reworded, "A cited passage reads otherwise"),
    (PassageChangeKind::Added, "A passage is new where a rule cites what stands around it"),
    (PassageChangeKind::Removed, "A cited passage is gone"),
];

pub(super) fn write(impact: &Impact, places: &Places<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<Value> = KINDS
        .iter()
        .map(|(kind, said)| {
            json!({
                "id": id(*kind),
                "shortDescription": {"text": said},
                "defaultConfiguration": {"level": "warning"},
            })
        })
        .collect();
    let results: Vec<Value> = impact.documents.iter().flat_map(|document| of_document(document, places)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "mandate", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "invocations": [{"executionSuccessful": true}],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn id(kind: PassageChangeKind) -> String {
    format!("passage_{}", kind.word())
}

fn of_document(document: &DocumentImpact, places: &Places<'_>) -> Vec<Value> {
    let mut results = Vec::new();
    for change in &document.changes {
        let mut put = |what: String, origin: &Origin| results.push(result(document, change, &what, origin, places));
        for rule in &change.rules {
            let through = if rule.direct { String::new() } else { format!(" through {}", rule.cites) };
            put(format!("`{}` cites{through} what is {}", rule.name, kind(change)), &rule.origin);
        }
        for note in &change.notes {
            put(format!("this note speaks of what is {}", kind(change)), &note.origin);
        }
        for rule in change.packages.iter().flat_map(|package| &package.rules) {
            let of = format!("`{}` {} `{}`; the passage is {}", rule.name, rule.relation.word(), rule.of, kind(change));
            put(of, &rule.origin);
        }
    }
    results
}

fn result(
    document: &DocumentImpact,
    change: &PassageChange,
    what: &str,
    origin: &Origin,
    places: &Places<'_>,
) -> Value {
    let text = format!("{what}: {}, {}: {}", document.title, name(change), words(change));
    let index = KINDS.iter().position(|(kind, _)| *kind == change.change);
    let mut result = json!({
        "ruleId": id(change.change),
        "ruleIndex": index,
        "level": "warning",
        "message": {"text": plain(&text)},
        "locations": [{"physicalLocation": of_origin(origin, places)}],
        "partialFingerprints": {"mandateImpact/v1": fingerprint(&format!("{} {what} {}", document.source, name(change)))},
    });
    let package = document.source.split('.').next().unwrap_or_default();
    let old = change.old.as_ref().and_then(|side| side.line);
    if let (Some(line), Some(file)) = (old, places.below(package, &document.file)) {
        result["relatedLocations"] = json!([{
            "id": 1,
            "message": {"text": "the passage before"},
            "physicalLocation": {"artifactLocation": {"uri": uri(&file)}, "region": {"startLine": line}},
        }]);
    }
    result
}

/// A place in the rules. A file of a package whose directory is not known is relative to that package, wherever it was installed.
fn of_origin(origin: &Origin, places: &Places<'_>) -> Value {
    let artifact = match (places.file(origin), origin.file.split_once(':')) {
        (Some(file), _) => json!({"uri": uri(&file)}),
        (None, Some((package, file))) => {
            json!({"uri": uri(file), "uriBaseId": format!("{}_PACKAGE", package.to_uppercase())})
        }
        (None, None) => json!({"uri": uri(&origin.file)}),
    };
    json!({"artifactLocation": artifact, "region": {"startLine": origin.line.max(1)}})
}
