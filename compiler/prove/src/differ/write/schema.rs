//! JSON Schemas of what is written for programs.

use serde_json::{Map, Value, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema of `mandate diff --format json`.
pub fn difference_schema() -> Value {
    let mut schema = object(&[
        ("version", json!({ "const": super::VERSION })),
        ("old", refer("edition")),
        ("new", refer("edition")),
        ("equal", count()),
        ("rules", list("rule")),
        ("declarations", list("declaration")),
        ("release", refer("release")),
    ]);
    finish(&mut schema, "What differs in meaning between two rule packs");
    schema
}

/// The JSON Schema of `mandate refine --format json`.
pub fn refinement_schema() -> Value {
    let mut schema = object(&[
        ("version", json!({ "const": super::VERSION })),
        ("mission", text()),
        ("title", text()),
        ("package", refer("edition")),
        ("refines", list("edition")),
        ("rules", list("comparison")),
        ("counts", json!({ "type": "object", "additionalProperties": count() })),
    ]);
    finish(&mut schema, "What a mission makes of the rules of the packages it refines");
    schema
}

fn finish(schema: &mut Value, title: &str) {
    let Some(object) = schema.as_object_mut() else { return };
    object.insert("$schema".to_owned(), json!(DIALECT));
    object.insert("title".to_owned(), json!(title));
    object.insert("$defs".to_owned(), Value::Object(definitions()));
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn texts() -> Value {
    json!({ "type": "array", "items": text() })
}

fn one_of(words: &[&str]) -> Value {
    json!({ "enum": words })
}

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn list(name: &str) -> Value {
    json!({ "type": "array", "items": refer(name) })
}

/// An object with these fields and no others; those that end in `?` may be absent.
fn object(fields: &[(&str, Value)]) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, schema) in fields {
        let name = match name.strip_suffix('?') {
            Some(name) => name,
            None => {
                required.push(json!(name));
                name
            }
        };
        properties.insert(name.to_owned(), schema.clone());
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn definitions() -> Map<String, Value> {
    let verdicts = ["added", "removed", "same", "retold", "stricter", "weaker", "incomparable", "undecided"];
    let aspects =
        ["applicability", "due", "evidence", "bearer", "waiver", "priority", "strength", "otherwise", "report"];
    let classes = [
        "newly_broken",
        "no_longer_broken",
        "heavier",
        "lighter",
        "newly_applies",
        "no_longer_applies",
        "newly_owed",
        "no_longer_owed",
        "newly_undetermined",
        "newly_determined",
        "otherwise",
    ];
    let levels = ["none", "patch", "minor", "major"];
    let all = [
        ("edition", object(&[("name", text()), ("version", text()), ("digest", text())])),
        ("origin", object(&[("file", text()), ("line", count())])),
        ("side", object(&[("name", text()), ("title", text()), ("origin", refer("origin")), ("modal", text())])),
        (
            "rule",
            object(&[
                ("old?", refer("side")),
                ("new?", refer("side")),
                ("recognised?", one_of(&["name", "replaces", "content", "similarity"])),
                ("verdict", one_of(&verdicts)),
                ("shown", flag()),
                ("renamed?", flag()),
                ("moved?", flag()),
                ("aspects?", list("aspect")),
                ("wording?", texts()),
                ("never_weaker", flag()),
                ("never_stricter", flag()),
                ("examples?", list("example")),
                ("open?", texts()),
            ]),
        ),
        (
            "aspect",
            object(&[
                ("aspect", one_of(&aspects)),
                ("direction", one_of(&["same", "retold", "stricter", "weaker", "open"])),
                ("old", texts()),
                ("new", texts()),
            ]),
        ),
        (
            "example",
            object(&[
                ("class", one_of(&classes)),
                ("story", texts()),
                ("old", text()),
                ("new", text()),
                ("as_of", text()),
                ("facts", json!({ "type": "object" })),
            ]),
        ),
        (
            "declaration",
            object(&[
                ("kind", text()),
                ("name", text()),
                ("renamed_from?", text()),
                ("change", one_of(&["added", "removed", "renamed", "changed"])),
                ("details?", texts()),
                ("level", one_of(&levels)),
            ]),
        ),
        (
            "release",
            object(&[
                ("needed", one_of(&levels)),
                ("because", texts()),
                ("claimed", one_of(&levels)),
                ("enough", flag()),
                ("least_version?", text()),
                ("before_first", flag()),
            ]),
        ),
        (
            "comparison",
            object(&[
                ("rule", text()),
                ("dropped?", text()),
                ("replaced_by?", text()),
                ("difference", refer("rule")),
                ("set?", texts()),
                ("accepted?", refer("accepted")),
                ("unaccepted", flag()),
            ]),
        ),
        ("accepted", object(&[("by", text()), ("until", text()), ("because", text()), ("expired", flag())])),
    ];
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}
