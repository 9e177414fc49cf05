//! SARIF 2.1.0: one run, a descriptor for each code with its page as help, a result for each diagnostic with its places and fixes.

use crate::places::Places;
use crate::{File, Texts};
use mandate_diagnostics::sarif::{SCHEMA, message, uri};
use mandate_diagnostics::{Code, Diagnostic, Fix, Label, Severity, Span};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything said about `files` as a SARIF log. `texts` finds files that labels point into; without a text such a place has no region.
pub fn sarif(files: &[File<'_>], texts: &Texts<'_>) -> String {
    let all = || files.iter().flat_map(|file| file.diagnostics);
    let codes: BTreeMap<&str, &Code> = all().map(|diagnostic| (diagnostic.code.id, diagnostic.code)).collect();
    let index: BTreeMap<&str, usize> = codes.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut others = BTreeMap::new();
    let mut results = Vec::new();
    for file in files {
        let places = Places::new(file.text);
        for diagnostic in file.diagnostics {
            let mut place = |label: &Label| match label.file.as_deref().filter(|other| *other != file.path) {
                None => location(file.path, Some(&places), label),
                Some(other) => {
                    let known: &Option<Places<Arc<str>>> =
                        others.entry(other.to_owned()).or_insert_with(|| texts(other).map(Places::new));
                    location(other, known.as_ref(), label)
                }
            };
            let mut result = result(diagnostic, index.get(diagnostic.code.id).copied());
            result["locations"] = json!([place(&diagnostic.primary)]);
            if !diagnostic.related.is_empty() {
                result["relatedLocations"] = diagnostic.related.iter().map(place).collect();
            }
            if !diagnostic.fixes.is_empty() {
                result["fixes"] = diagnostic.fixes.iter().map(|fix| change(file.path, &places, fix)).collect();
            }
            results.push(result);
        }
    }
    let rules: Vec<Value> = codes.values().map(|code| descriptor(code)).collect();
    let driver = json!({ "name": "mandate", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules });
    let run = json!({ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results });
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
    // Maps with text keys alone: this cannot fail.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

fn descriptor(code: &Code) -> Value {
    json!({
        "id": code.id,
        "shortDescription": { "text": message(code.title()) },
        "help": { "text": message(code.page), "markdown": code.page },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// What is said: the message, what stands at the place, and the way out.
fn result(diagnostic: &Diagnostic, index: Option<usize>) -> Value {
    let mut said = vec![diagnostic.message.clone()];
    said.extend((!diagnostic.primary.message.is_empty()).then(|| diagnostic.primary.message.clone()));
    said.extend(diagnostic.notes.iter().cloned());
    said.extend(diagnostic.help.iter().cloned());
    json!({
        "ruleId": diagnostic.code.id,
        "ruleIndex": index.map_or(-1, |at| at as i64),
        "level": level(diagnostic.severity),
        "message": { "text": message(&said.join("\n")) },
    })
}

fn location<T: AsRef<str>>(path: &str, places: Option<&Places<T>>, label: &Label) -> Value {
    let mut place = json!({ "physicalLocation": { "artifactLocation": { "uri": uri(path) } } });
    if let Some(places) = places {
        place["physicalLocation"]["region"] = region(places, label.span);
    }
    if !label.message.is_empty() {
        place["message"] = json!({ "text": message(&label.message) });
    }
    place
}

fn region<T: AsRef<str>>(places: &Places<T>, span: Span) -> Value {
    let (_, from, to) = places.range(span);
    json!({ "startLine": from.line, "startColumn": from.column, "endLine": to.line, "endColumn": to.column })
}

fn change(path: &str, places: &Places<&str>, fix: &Fix) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| json!({ "deletedRegion": region(places, edit.span), "insertedContent": { "text": edit.text } }))
        .collect();
    json!({
        "description": { "text": message(&fix.title) },
        "artifactChanges": [{ "artifactLocation": { "uri": uri(path) }, "replacements": replacements }],
    })
}
