//! JSON Schemas (2020-12): of the pack format, and of the facts a pack expects.

use crate::{Enum, FORMAT, Field, Pack, Record, Type};
use serde_json::{Map, Value, json};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of `mandate-pack/1`. It describes the form; that names resolve is for the reader to find out.
pub fn pack_schema() -> Value {
    let mut defs = pack_parts();
    defs.extend(rule_parts());
    defs.extend(expression_parts());
    json!({
        "$schema": DIALECT,
        "$id": "https://mandate.invalid/schema/pack-1.json",
        "title": "Mandate rule pack",
        "type": "object",
        "additionalProperties": false,
        "required": ["format", "digest", "name", "version", "edition", "time_zone", "enums", "records", "roles", "parameters",
            "definitions", "actions", "waivers", "sources", "rules", "endorsements", "assumptions", "background", "scenarios"],
        "properties": {
            "format": { "const": FORMAT },
            "digest": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
            "name": { "type": "string" },
            "version": { "type": "string" },
            "edition": { "type": "string" },
            "time_zone": { "type": "string", "minLength": 1 },
            "enums": map_of("enum"),
            "records": map_of("record"),
            "roles": map_of("role"),
            "parameters": map_of("parameter"),
            "definitions": map_of("definition"),
            "actions": map_of("action"),
            "waivers": map_of("waiver"),
            "sources": map_of("source"),
            "rules": map_of("rule"),
            "endorsements": list_of("endorsement"),
            "assumptions": list_of("assumption"),
            "concerns": list_of("situation"),
            "purposes": list_of("situation"),
            "background": list_of("background"),
            "carried": list_of("carried"),
            "scenarios": list_of("scenario"),
            "mission": reference("mission")
        },
        "$defs": defs
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn map_of(name: &str) -> Value {
    json!({ "type": "object", "additionalProperties": reference(name) })
}

fn list_of(name: &str) -> Value {
    json!({ "type": "array", "items": reference(name) })
}

fn text() -> Value {
    json!({ "type": "string" })
}

fn texts() -> Value {
    json!({ "type": "array", "items": text() })
}

fn day() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

fn line() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

/// An object with exactly these fields; those whose name ends in `?` may be absent.
fn object(fields: &[(&str, Value)]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in fields {
        match name.strip_suffix('?') {
            Some(name) => {
                properties.insert(name.to_owned(), schema.clone());
            }
            None => {
                properties.insert((*name).to_owned(), schema.clone());
                required.push(json!(name));
            }
        }
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties, "required": required })
}

/// One of several forms, each an object with one field that names it.
fn tagged(forms: &[(&str, Value)]) -> Value {
    let forms: Vec<Value> = forms.iter().map(|(name, schema)| object(&[(*name, schema.clone())])).collect();
    json!({ "oneOf": forms })
}

fn pair(a: &str, b: &str) -> Value {
    json!({ "type": "array", "prefixItems": [reference(a), reference(b)], "minItems": 2, "maxItems": 2 })
}

fn parts(all: Vec<(&str, Value)>) -> Map<String, Value> {
    all.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn pack_parts() -> Map<String, Value> {
    let force = json!({ "enum": ["law", "order", "commitment", "guidance", "voluntary"] });
    parts(vec![
        ("origin", object(&[("file", text()), ("line", line())])),
        ("type", json!({ "type": "string", "minLength": 1 })),
        (
            "enum",
            object(&[("doc?", text()), ("ordered", json!({ "type": "boolean" })), ("variants", list_of("variant"))]),
        ),
        ("variant", object(&[("name", text()), ("spelling", text())])),
        (
            "record",
            object(&[
                ("doc?", text()),
                ("name", text()),
                ("key?", text()),
                (
                    "dated?",
                    tagged(&[
                        ("at", text()),
                        ("during", json!({ "type": "array", "items": text(), "minItems": 2, "maxItems": 2 })),
                    ]),
                ),
                ("corrects?", text()),
                ("recorded?", text()),
                ("fields", list_of("field")),
            ]),
        ),
        (
            "field",
            object(&[
                ("name", text()),
                ("doc?", text()),
                ("type", reference("type")),
                ("default?", reference("expr")),
                ("sensitive?", json!({ "type": "boolean" })),
                ("over_time?", json!({ "type": "boolean" })),
            ]),
        ),
        (
            "role",
            object(&[("doc?", text()), ("is?", text()), ("of?", reference("param")), ("held?", reference("held"))]),
        ),
        (
            "held",
            object(&[
                ("by", reference("expr")),
                ("binders", list_of("binder")),
                ("condition", reference("expr")),
                ("during?", pair("expr", "expr")),
                ("longest?", reference("expr")),
            ]),
        ),
        ("param", object(&[("name", text()), ("type", reference("type"))])),
        (
            "parameter",
            object(&[
                ("doc?", text()),
                ("type", reference("type")),
                ("bounds?", pair("expr", "expr")),
                ("values", list_of("dated_value")),
            ]),
        ),
        ("dated_value", object(&[("from?", day()), ("value", reference("expr"))])),
        ("definition", object(&[("doc?", text()), ("params", list_of("param")), ("body", reference("expr"))])),
        (
            "action",
            object(&[
                ("doc?", text()),
                ("params", list_of("param")),
                ("evidence", list_of("evidence")),
                ("excludes?", texts()),
            ]),
        ),
        (
            "evidence",
            object(&[
                ("var", text()),
                ("record", text()),
                ("condition", reference("expr")),
                ("at?", tagged(&[("at", reference("expr")), ("during", pair("expr", "expr"))])),
                ("by?", reference("expr")),
            ]),
        ),
        (
            "waiver",
            object(&[
                ("doc?", text()),
                ("params", list_of("param")),
                ("var", text()),
                ("record", text()),
                ("condition", reference("expr")),
                ("names?", reference("expr")),
                ("rank?", reference("expr")),
                ("granted_at?", reference("expr")),
                ("during?", pair("expr", "expr")),
                ("by?", reference("expr")),
                ("valid?", reference("expr")),
                ("revoked?", reference("expr")),
                ("exceptional?", reference("expr")),
                ("caveat?", json!({ "type": "boolean" })),
                ("flags?", list_of("flag")),
            ]),
        ),
        ("flag", object(&[("text", text()), ("condition", reference("expr"))])),
        ("force", force),
        (
            "source",
            object(&[
                ("doc?", text()),
                ("title", text()),
                ("issuer?", text()),
                ("force", reference("force")),
                ("in_force_from?", day()),
                ("in_force_until?", day()),
                ("compulsory_from?", day()),
                ("binds?", object(&[("var", text()), ("from", reference("expr"))])),
                ("adopted?", day()),
                ("datings?", list_of("dating")),
                ("supersedes?", texts()),
                ("implements?", texts()),
                ("link?", text()),
                ("document?", text()),
                ("verified?", text()),
                ("not_waivable?", texts()),
                ("passages", map_of("passage")),
            ]),
        ),
        ("dating", object(&[("day", day()), ("according_to", text())])),
        ("passage", object(&[("text", text()), ("line", line()), ("page?", line())])),
        ("citation", object(&[("source", text()), ("passage?", text()), ("to?", text()), ("quotation?", text())])),
        (
            "endorsement",
            object(&[("source", text()), ("party?", reference("expr")), ("from?", day()), ("by?", text())]),
        ),
        (
            "interpretation",
            object(&[
                ("words", text()),
                ("citation", reference("citation")),
                ("reading", text()),
                ("authority", text()),
                ("clause?", text()),
                ("rejected?", list_of("rejected")),
            ]),
        ),
        ("rejected", object(&[("reading", text()), ("because?", text())])),
        (
            "background",
            object(&[("citation", reference("citation")), ("reason", text()), ("origin", reference("origin"))]),
        ),
        (
            "carried",
            object(&[
                ("id", text()),
                ("part?", text()),
                ("by", reference("carrier")),
                ("reason", text()),
                ("origin", reference("origin")),
            ]),
        ),
        (
            "carrier",
            tagged(&[
                ("declaration", object(&[("kind", text()), ("name", text())])),
                ("background", object(&[("citation", reference("citation"))])),
            ]),
        ),
    ])
}

fn rule_parts() -> Map<String, Value> {
    parts(vec![
        ("condition", object(&[("text", text()), ("expr", reference("expr"))])),
        (
            "rule",
            object(&[
                ("title", text()),
                ("doc?", text()),
                ("origin", reference("origin")),
                ("constraint", json!({ "type": "boolean" })),
                ("replaces?", text()),
                ("cites", list_of("citation")),
                ("force?", reference("force")),
                ("carries?", texts()),
                ("interpretations?", list_of("interpretation")),
                ("for_each", list_of("binder")),
                ("lets?", list_of("let")),
                ("on?", reference("expr")),
                ("party?", reference("expr")),
                ("in_force_from?", day()),
                ("in_force_until?", day()),
                ("when", list_of("condition")),
                ("unless?", list_of("condition")),
                ("norm", reference("norm")),
                ("otherwise?", list_of("norm")),
                ("waivable?", reference("waivable")),
                ("overrides?", list_of("rule_ref")),
                ("limits?", list_of("rule_ref")),
                ("tallies?", list_of("tally")),
                ("flags?", list_of("flag")),
            ]),
        ),
        ("rule_ref", object(&[("rule", text()), ("args", list_of("expr"))])),
        ("tally", object(&[("text", text()), ("by", list_of("expr"))])),
        ("let", object(&[("name", text()), ("value", reference("expr"))])),
        (
            "norm",
            object(&[
                ("text", text()),
                ("bearer", reference("bearer")),
                ("modal", json!({ "enum": ["must", "must_not", "should", "should_not", "aims_to", "may"] })),
                ("act", reference("act")),
                ("time?", reference("window")),
            ]),
        ),
        (
            "bearer",
            json!({ "oneOf": [
                { "const": "everyone" },
                object(&[("role", object(&[("role", text()), ("of?", reference("expr"))]))]),
                object(&[("record", reference("expr"))]),
            ] }),
        ),
        (
            "act",
            tagged(&[
                ("do", object(&[("action", text()), ("args", list_of("expr"))])),
                ("ensure", list_of("condition")),
            ]),
        ),
        (
            "window",
            tagged(&[
                ("within", reference("expr")),
                ("within_after", pair("expr", "expr")),
                ("within_before", pair("expr", "expr")),
                ("by", reference("expr")),
                ("before", reference("expr")),
                ("during", reference("expr")),
                (
                    "lasting",
                    object(&[("from", reference("expr")), ("end?", reference("end")), ("gap?", reference("expr"))]),
                ),
                (
                    "every",
                    object(&[("every", reference("expr")), ("from", reference("expr")), ("end?", reference("end"))]),
                ),
            ]),
        ),
        ("end", tagged(&[("to", reference("expr")), ("until", reference("expr"))])),
        (
            "waivable",
            object(&[
                ("waiver", text()),
                ("args", list_of("expr")),
                ("floor?", reference("expr")),
                ("exceptional_floor?", reference("expr")),
                ("longest?", reference("expr")),
            ]),
        ),
        (
            "assumption",
            object(&[
                ("title", text()),
                ("origin", reference("origin")),
                ("for_each", list_of("binder")),
                ("when", list_of("condition")),
                ("require", list_of("condition")),
            ]),
        ),
        (
            "situation",
            object(&[
                ("title", text()),
                ("origin", reference("origin")),
                ("for_each", list_of("binder")),
                ("when", list_of("condition")),
            ]),
        ),
        (
            "mission",
            object(&[
                ("name", text()),
                ("title", text()),
                ("doc?", text()),
                ("origin", reference("origin")),
                ("refines", texts()),
                ("set?", map_of("expr")),
                ("drops?", list_of("dropped")),
                ("accepted?", list_of("acceptance")),
            ]),
        ),
        ("dropped", object(&[("rule", text()), ("reason", text()), ("origin", reference("origin"))])),
        (
            "acceptance",
            object(&[
                ("rule", text()),
                ("by", text()),
                ("citation", reference("citation")),
                ("until", day()),
                ("reason", text()),
                ("origin", reference("origin")),
            ]),
        ),
        (
            "scenario",
            object(&[
                ("title", text()),
                ("origin", reference("origin")),
                ("as_of", reference("expr")),
                ("known_at?", reference("expr")),
                ("set?", map_of("expr")),
                ("data_through?", map_of("expr")),
                ("facts", list_of("fact")),
                ("expect", list_of("expectation")),
            ]),
        ),
        (
            "fact",
            object(&[("record", text()), ("name", text()), ("line", line()), ("fields", json!({ "type": "object" }))]),
        ),
        (
            "expectation",
            object(&[
                ("text", text()),
                ("line", line()),
                ("rule", text()),
                ("subject?", texts()),
                ("status", text()),
                ("late_by?", reference("expr")),
                ("due?", reference("expr")),
                ("since?", reference("expr")),
                ("missing?", texts()),
                ("flagged?", texts()),
                ("then?", texts()),
                ("uncovered?", pair("expr", "expr")),
            ]),
        ),
    ])
}

fn expression_parts() -> Map<String, Value> {
    let expr = || reference("expr");
    let two = || pair("expr", "expr");
    let bound = || vec![("binder", reference("binder")), ("condition", reference("expr"))];
    let with = |more: Vec<(&'static str, Value)>| object(&[bound(), more].concat());
    let sides = |ops: &[&str]| object(&[("op", json!({ "enum": ops })), ("left", expr()), ("right", expr())]);
    let whole = json!({ "type": "integer" });
    let duration = object(&[("months?", whole.clone()), ("days?", whole.clone()), ("seconds?", whole.clone())]);
    let forms = [
        ("bool", json!({ "type": "boolean" })),
        ("int", whole),
        ("decimal", text()),
        ("text", text()),
        ("date", text()),
        ("time", text()),
        ("duration", duration),
        ("length", text()),
        ("money", object(&[("amount", text()), ("currency", text())])),
        ("nation", text()),
        ("variant", text()),
        ("list", list_of("expr")),
        ("var", text()),
        ("parameter", object(&[("name", text()), ("at?", expr())])),
        ("field", object(&[("of", expr()), ("name", text()), ("at?", expr())])),
        ("call", object(&[("definition", text()), ("args", list_of("expr"))])),
        ("not", expr()),
        ("and", list_of("expr")),
        ("or", list_of("expr")),
        ("compare", sides(&["==", "!=", "<", "<=", ">", ">="])),
        ("arith", sides(&["+", "-", "*", "/"])),
        ("neg", expr()),
        ("in", object(&[("value", expr()), ("list", expr())])),
        ("within", object(&[("value", expr()), ("from", expr()), ("to?", expr())])),
        ("overlaps", two()),
        ("covers", two()),
        ("is_known", expr()),
        ("is_missing", expr()),
        ("is_empty", expr()),
        ("if_unknown", two()),
        ("if", object(&[("condition", expr()), ("then", expr()), ("otherwise", expr())])),
        ("period", object(&[("from", expr()), ("to", expr())])),
        ("some", with(vec![])),
        ("every", with(vec![])),
        ("count", with(vec![])),
        ("share", with(vec![])),
        ("holds", object(&[("who", expr()), ("role", text()), ("of?", expr()), ("at?", expr())])),
        ("convert", object(&[("amount", expr()), ("currency", text()), ("rate", expr())])),
        ("currency_of", expr()),
        ("fold", with(vec![("op", json!({ "enum": ["sum", "min", "max"] })), ("value", expr())])),
        ("pick", with(vec![("op", json!({ "enum": ["latest", "earliest", "the"] }))])),
        ("distance", two()),
        ("follow", object(&[("from", expr()), ("field", text())])),
        ("all", list_of("named_condition")),
    ];
    let mut nodes: Vec<Value> = vec![json!({ "enum": ["never", "as_of"] })];
    // `anyOf`: the forms exclude each other by their names, and a validator may stop at the first that fits.
    nodes.extend(forms.iter().map(|(name, schema)| object(&[(*name, schema.clone())])));
    parts(vec![
        ("expr", object(&[("type", reference("type")), ("node", reference("node"))])),
        ("node", json!({ "anyOf": nodes })),
        ("binder", object(&[("var", text()), ("over", tagged(&[("records", text()), ("items", expr())]))])),
        ("named_condition", object(&[("name", text()), ("condition", expr()), ("unless?", expr())])),
    ])
}

/// The schema of the facts files a pack expects: what it refuses, assessment refuses too. It cannot see across records:
/// duplicate keys and dangling references are found when the facts are read.
pub fn facts_schema(pack: &Pack) -> Value {
    let mut defs = scalar_parts();
    let mut lists = Map::new();
    for (name, declared) in &pack.enums {
        defs.insert(format!("enum {name}"), enum_schema(declared));
    }
    let mut feeds = Map::new();
    for (name, record) in &pack.records {
        defs.insert(format!("record {name}"), record_schema(pack, record));
        for written in [name, &record.name] {
            lists.insert(written.clone(), list_of_escaped(&format!("record {name}")));
            feeds.insert(written.clone(), reference("instant"));
        }
    }
    let complete: Map<String, Value> =
        feeds.keys().map(|name| (name.clone(), json!({ "type": ["boolean", "null"] }))).collect();
    let of_feeds = |each: Map<String, Value>| json!({ "type": ["object", "null"], "additionalProperties": false, "properties": each });
    let instant = || json!({ "anyOf": [reference("instant"), { "type": "null" }] });
    json!({
        "$schema": DIALECT,
        "title": format!("Facts for the rule pack {} {}", pack.name, pack.version),
        "type": "object",
        "additionalProperties": false,
        "required": ["records"],
        "properties": {
            "as_of": instant(),
            "taken_at": instant(),
            "data_through": of_feeds(feeds),
            "complete": of_feeds(complete),
            "records": { "type": "object", "additionalProperties": false, "properties": lists }
        },
        "$defs": defs
    })
}

/// A reference to a definition whose name may hold signs that a pointer escapes.
fn escaped(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{}", name.replace('~', "~0").replace('/', "~1").replace(' ', "%20")) })
}

fn list_of_escaped(name: &str) -> Value {
    json!({ "type": "array", "items": escaped(name) })
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

const NUMBER: &str = "[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?";
const DAY: &str = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
const CLOCK: &str =
    "[Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)(\\.[0-9]+)?)?([Zz]|[-+]([01][0-9]|2[0-3]):[0-5][0-9])";

fn scalar_parts() -> Map<String, Value> {
    let whole = |inner: &str| pattern(&format!("^{inner}$"));
    let instant = || reference("instant");
    let number = || json!({ "anyOf": [{ "type": "number" }, whole(NUMBER)] });
    let degrees =
        |most: i32| json!({ "anyOf": [{ "type": "number", "minimum": -most, "maximum": most }, whole(NUMBER)] });
    let length = || whole(&format!("{NUMBER} (m|metre|metres|km|kilometre|kilometres)"));
    let maybe = |schema: Value| json!({ "anyOf": [schema, { "type": "null" }] });
    let ends = || object(&[("from", instant()), ("to", instant())]);
    let worded = "[0-9]+\\s+(year|month|week|day|hour|minute|second)s?(\\s+[0-9]+\\s+(year|month|week|day|hour|minute|second)s?)*";
    let iso = "P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?";
    parts(vec![
        ("day", whole(DAY)),
        ("instant", whole(&format!("{DAY}({CLOCK})?"))),
        ("time", json!({ "anyOf": [instant(), ends()] })),
        ("period", ends()),
        ("number", number()),
        ("whole number", json!({ "anyOf": [{ "type": "integer" }, whole("[-+]?[0-9]+(\\.0+)?")] })),
        ("duration", pattern(&format!("^-?\\s*({worded}|{iso})\\s*$"))),
        ("length", length()),
        ("location", object(&[("lat", degrees(90)), ("lon", degrees(180)), ("within?", maybe(length()))])),
        (
            "money",
            json!({ "anyOf": [
                whole(&format!("{NUMBER} [A-Z]{{3}}")),
                object(&[("amount", number()), ("currency", whole("[A-Z]{3}"))]),
            ] }),
        ),
        ("nation", whole("[A-Z]{3}")),
    ])
}

fn enum_schema(declared: &Enum) -> Value {
    let spellings: Vec<&str> = declared.variants.iter().map(|v| v.spelling.as_str()).collect();
    json!({ "enum": spellings })
}

fn record_schema(pack: &Pack, record: &Record) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in &record.fields {
        properties.insert(field.name.clone(), field_schema(pack, field));
        if !field.ty.is_optional() && field.default.is_none() {
            required.push(json!(field.name));
        }
    }
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "required": required
    });
    if !record.doc.is_empty() {
        schema["description"] = json!(record.doc);
    }
    schema
}

fn field_schema(pack: &Pack, field: &Field) -> Value {
    let mut schema = type_schema(pack, field.ty.known());
    if field.over_time {
        // One value that always held, or each with the instant from which it holds.
        let entry = object(&[("from", reference("instant")), ("value", schema.clone())]);
        schema = json!({ "anyOf": [schema, { "type": "array", "items": entry }] });
    }
    // A value that this reader may not see is unknown to them.
    let restricted = json!({
        "type": "object", "properties": { "restricted": { "const": true } },
        "required": ["restricted"], "additionalProperties": false
    });
    schema = if field.ty.is_optional() || field.default.is_some() {
        json!({ "anyOf": [schema, { "type": "null" }, restricted] })
    } else {
        json!({ "anyOf": [schema, restricted] })
    };
    if !field.doc.is_empty() {
        schema["description"] = json!(field.doc);
    }
    schema
}

fn type_schema(pack: &Pack, ty: &Type) -> Value {
    match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int => escaped("whole number"),
        Type::Decimal => reference("number"),
        Type::Text => text(),
        Type::Date => reference("day"),
        Type::Time => reference("time"),
        Type::Duration => reference("duration"),
        Type::Period => reference("period"),
        Type::Length => reference("length"),
        Type::Location => reference("location"),
        Type::Money => reference("money"),
        Type::Nation => reference("nation"),
        Type::Enum(name) => escaped(&format!("enum {name}")),
        Type::List(item) => json!({ "type": "array", "items": type_schema(pack, item) }),
        Type::Optional(inner) => type_schema(pack, inner),
        // A record with a key is referred to by it, one without stands where it belongs.
        Type::Record(name) => match pack.records.get(name).and_then(|r| Some((r, r.key.as_ref()?))) {
            Some((record, key)) => match record.fields.iter().find(|f| f.name == *key).map(|f| f.ty.known()) {
                Some(Type::Int | Type::Decimal) => json!({ "type": "number" }),
                _ => text(),
            },
            None => escaped(&format!("record {name}")),
        },
    }
}
