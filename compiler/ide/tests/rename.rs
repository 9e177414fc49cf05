//! After a rename a package says what it said: names of whole packages are changed one after the other, and the packs compared.
// What these tests build on may fail them like any assertion.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use mandate_ide::{Edits, prepare_rename, rename};
use mandate_semantics::{Host, PackageOrigin, ProjectInput, Snapshot};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// One name in so many is changed; `RENAME_EVERY=1` changes all of them.
fn every(usual: u32) -> u32 {
    std::env::var("RENAME_EVERY").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// Whether a name is among those that are changed; the same every time.
fn is_chosen(name: &str, every: u32) -> bool {
    let sum = name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    !is_changed(name) && (sum >> 3).is_multiple_of(every)
}

fn is_changed(name: &str) -> bool {
    name.starts_with("zq")
}

/// A text without the marks that changed names bear: `zq17_report` is `report` again.
fn unmarked(text: &str) -> String {
    let mut parts = text.split("zq");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        match rest.strip_prefix('_').filter(|_| rest.len() < part.len()) {
            Some(rest) => out.push_str(rest),
            None => out.push_str(&format!("zq{part}")),
        }
    }
    out
}

/// The packs of the own packages, and the codes of all diagnostics with their files and lines.
fn meaning(snapshot: &Snapshot) -> (BTreeMap<String, Value>, Vec<String>) {
    let mut packs = BTreeMap::new();
    for name in snapshot.own_packages() {
        let pack = snapshot.pack(&name).expect("it has no errors");
        let text = unmarked(&serde_json::to_string(&pack).unwrap());
        let mut pack: Value = serde_json::from_str(&text).unwrap();
        // Facts may call a record by its last name where no other has it, and every name that is changed is the only one of its kind.
        for record in pack["records"].as_object_mut().unwrap().values_mut() {
            let last = record["name"].as_str().unwrap().rsplit('.').next().unwrap().to_owned();
            record["name"] = Value::String(last);
        }
        packs.insert(name.to_string(), pack);
    }
    let mut said = Vec::new();
    for file in snapshot.check() {
        for one in file.diagnostics {
            let line = file.text[..one.primary.span.start as usize].matches('\n').count() + 1;
            said.push(format!("{}:{line} {}", file.path, one.code.id));
        }
    }
    said.sort();
    (packs, said)
}

fn apply(host: &mut Host, edits: &Edits) {
    for (path, edits) in edits {
        let mut text = host.snapshot().text(path).unwrap().to_string();
        for (edit, _) in edits.iter().rev() {
            text.replace_range(edit.span.range(), &edit.text);
        }
        assert!(host.set_text(path, Arc::from(text)));
    }
}

/// The next name of a file that is to be changed: where it is declared.
fn next(snapshot: &Snapshot, path: &str, every: u32) -> Option<u32> {
    if let Some(document) = snapshot.passage_file(path) {
        let name = document.passages.keys().find(|name| is_chosen(name, every))?;
        let text = snapshot.text(path)?;
        return Some(text.find(&format!("{{#{name}}}"))? as u32 + 3);
    }
    let text = snapshot.text(path)?;
    let references = snapshot.references(path);
    let declares = references.iter().find(|one| {
        let name = &text[one.span.range()];
        let declared = snapshot.definition(&one.target).is_some_and(|at| *at.path == *path && at.span == one.span);
        declared && is_chosen(name, every)
    });
    declares.map(|one| one.span.start)
}

fn changes_nothing(input: ProjectInput, every: u32) -> usize {
    let files: Vec<Arc<str>> = input
        .packages
        .iter()
        .filter(|package| package.origin == PackageOrigin::Own)
        .flat_map(|package| {
            let documents = package.documents.iter().map(|document| document.path.clone());
            package.modules.iter().map(|module| module.path.clone()).chain(documents)
        })
        .collect();
    let mut host = Host::new();
    host.set_project(input);
    let before = meaning(&host.snapshot());
    let mut count = 0;
    for path in &files {
        loop {
            let snapshot = host.snapshot();
            let Some(offset) = next(&snapshot, path, every) else { break };
            // A document that no source has: nothing cites it.
            if snapshot.passage_file(path).is_some() && snapshot.sources_of(path).is_empty() {
                break;
            }
            let found = prepare_rename(&snapshot, path, offset, &|_| true)
                .unwrap_or_else(|refused| panic!("{path} {offset}: {}", refused.message));
            count += 1;
            let name = format!("zq{count}_{}", found.name);
            let edits = rename(&[&snapshot], &found.targets, &name)
                .unwrap_or_else(|refused| panic!("{} in {path}: {}", found.name, refused.message));
            drop(snapshot);
            apply(&mut host, &edits);
        }
    }
    let after = meaning(&host.snapshot());
    assert_eq!(before.1, after.1);
    for (name, pack) in &before.0 {
        let now = &after.0[name];
        for (part, value) in pack.as_object().unwrap() {
            assert!(*value == now[part], "{part} of the pack of {name} differs:\n{value}\n\n{}", now[part]);
        }
    }
    count
}

#[test]
fn renaming_in_the_standard_library_changes_no_meaning() {
    let mut packages = mandate_project::standard_packages();
    packages.iter_mut().for_each(|package| package.origin = PackageOrigin::Own);
    // Each name costs a second of analysis; so many give some dozens.
    let count = changes_nothing(ProjectInput { packages }, every(150));
    assert!(count > 20, "{count}");
    println!("{count} names changed");
}

#[test]
fn renaming_in_small_packages_changes_no_meaning() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/expressiveness");
    let loaded = mandate_project::load(&examples);
    assert!(loaded.diagnostics.is_empty());
    let count = changes_nothing(loaded.input, every(10));
    assert!(count > 40, "{count}");
}
