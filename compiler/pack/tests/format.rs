//! Reading refuses what was not sealed by a compiler; the schemas refuse what reading refuses.

use mandate_pack::{MAX_DEPTH, Pack, PackError, facts_schema, pack_schema};
use serde_json::{Value, json};

/// A small pack, not yet sealed.
fn raw() -> Value {
    let var = |name: &str, ty: &str| json!({ "type": ty, "node": { "var": name } });
    let field =
        |of: Value, name: &str, ty: &str| json!({ "type": ty, "node": { "field": { "of": of, "name": name } } });
    let incident = || var("i", "core.Incident");
    let day = json!({ "type": "Duration", "node": { "duration": { "seconds": 86400 } } });
    json!({
        "format": "mandate-pack/1", "digest": "", "name": "small", "version": "1.0.0", "edition": "2026", "time_zone": "UTC",
        "enums": { "core.Grave": { "ordered": false, "variants": [
            { "name": "none", "spelling": "none" }, { "name": "band_60", "spelling": "60+" } ] } },
        "records": {
            "core.Incident": { "name": "Incident", "key": "id", "dated": { "at": "observed_at" }, "fields": [
                { "name": "id", "type": "Text" },
                { "name": "observed_at", "type": "Time?" },
                { "name": "grave", "type": "enum core.Grave" },
                { "name": "victims", "type": "list of core.Victim" },
                { "name": "reported_by", "type": "core.Unit?" },
                { "name": "place", "type": "Location?" },
                { "name": "cost", "type": "Money?" },
                { "name": "near", "type": "Length?" },
                { "name": "lasted", "type": "Duration?" },
                { "name": "count", "type": "Int?" },
                { "name": "closed_at", "type": "Time", "default": { "type": "Time", "node": "never" } },
            ] },
            "core.Unit": { "name": "Unit", "key": "id", "fields": [{ "name": "id", "type": "Text" }] },
            "core.Victim": { "name": "Victim", "fields": [{ "name": "age", "type": "Int?" }] },
        },
        "roles": {}, "parameters": {}, "definitions": {}, "waivers": {}, "sources": {},
        "actions": { "core.close": { "params": [{ "name": "i", "type": "core.Incident" }], "evidence": [] } },
        "rules": { "core.close_in_time": {
            "title": "Close incidents", "origin": { "file": "src/core.man", "line": 3 }, "constraint": false, "cites": [],
            "for_each": [{ "var": "i", "over": { "records": "core.Incident" } }],
            "when": [{ "text": "i.grave != none", "expr": { "type": "Bool", "node": { "compare": { "op": "!=",
                "left": field(incident(), "grave", "enum core.Grave"),
                "right": { "type": "enum core.Grave", "node": { "variant": "none" } } } } } }],
            "norm": { "text": "everyone must close(i)", "bearer": "everyone", "modal": "must",
                "act": { "do": { "action": "core.close", "args": [incident()] } },
                "time": { "within_after": [day, field(incident(), "observed_at", "Time?")] } },
        } },
        "endorsements": [], "assumptions": [], "background": [], "scenarios": [],
    })
}

fn sealed() -> Pack {
    let mut pack: Pack = serde_json::from_value(raw()).expect("the small pack has the form");
    pack.seal();
    pack
}

fn accepts(schema: &Value, value: &Value) -> bool {
    jsonschema::validator_for(schema).expect("a schema").is_valid(value)
}

#[test]
fn a_pack_reads_back_as_written_and_writes_the_same_bytes() {
    let pack = sealed();
    let text = pack.to_json();
    assert!(text.ends_with("}\n"));
    let read = Pack::read(text.as_bytes()).expect("sealed");
    assert_eq!(read, pack);
    assert_eq!(read.to_json(), text);
}

#[test]
fn what_was_not_sealed_is_refused() {
    let text = sealed().to_json();
    let changed = text.replace("86400", "86401");
    assert!(matches!(Pack::read(changed.as_bytes()), Err(PackError::Digest { .. })));
    let newer = text.replace("mandate-pack/1", "mandate-pack/9");
    let error = Pack::read(newer.as_bytes()).expect_err("another version");
    assert_eq!(error, PackError::Format { found: Some("mandate-pack/9".into()) });
    assert!(error.to_string().contains("`mandate-pack/1`"), "{error}");
    assert!(matches!(Pack::read(b"{}"), Err(PackError::Format { found: None })));
    assert!(matches!(Pack::read(b"\xff\xfe"), Err(PackError::NotJson(_))));
    assert!(matches!(Pack::read(b""), Err(PackError::NotJson(_))));
}

#[test]
fn unknown_fields_are_refused_at_every_level() {
    for place in [
        "",
        "/records/core.Incident",
        "/rules/core.close_in_time",
        "/rules/core.close_in_time/norm",
        "/rules/core.close_in_time/when/0/expr",
    ] {
        let mut value = serde_json::to_value(sealed()).expect("json");
        value.pointer_mut(place).and_then(Value::as_object_mut).expect(place).insert("surprise".into(), json!(1));
        let read = Pack::read(value.to_string().as_bytes());
        assert!(matches!(read, Err(PackError::NotAPack(_))), "{place}: {read:?}");
        assert!(!accepts(&pack_schema(), &value), "{place}");
    }
}

#[test]
fn hostile_bytes_never_panic() {
    let text = sealed().to_json();
    for end in (0..text.len()).step_by(7) {
        assert!(Pack::read(&text.as_bytes()[..end]).is_err());
    }
    assert_eq!(Pack::read("[".repeat(1_000_000).as_bytes()), Err(PackError::TooDeep));
    // As deep as is allowed, on a thread with the stack of a test, and unsealed: an error, no overflow.
    let nest = (MAX_DEPTH - 8) / 3;
    let deep = format!(
        "{}{}{}",
        r#"{"type":"Bool","node":{"not":"#.repeat(nest),
        r#"{"type":"Bool","node":{"bool":true}}"#,
        "}}".repeat(nest)
    );
    let mut value = serde_json::to_string(&sealed()).expect("json");
    value = value.replace(r#""definitions":{}"#, &format!(r#""definitions":{{"d":{{"params":[],"body":{deep}}}}}"#));
    assert!(matches!(Pack::read(value.as_bytes()), Err(PackError::Digest { .. })));
}

#[test]
fn the_pack_schema_accepts_packs_and_refuses_mutilated_ones() {
    let schema = pack_schema();
    let whole = serde_json::to_value(sealed()).expect("json");
    assert!(accepts(&schema, &whole));
    for place in [
        "/format",
        "/rules/core.close_in_time/norm",
        "/records/core.Incident/fields",
        "/rules/core.close_in_time/when/0/expr/node",
    ] {
        let mut value = whole.clone();
        *value.pointer_mut(place).expect(place) = json!(7);
        assert!(!accepts(&schema, &value), "{place}");
    }
    let mut value = whole;
    value.as_object_mut().expect("object").remove("scenarios");
    assert!(!accepts(&schema, &value));
}

#[test]
fn the_facts_schema_describes_the_facts() {
    let schema = facts_schema(&sealed());
    let facts = |incident: Value| json!({ "records": { "Incident": [incident] } });
    let right = json!({
        "id": "I", "observed_at": "2024-03-01T08:00Z", "grave": "60+", "victims": [{ "age": 9 }, {}], "reported_by": "u1",
        "place": { "lat": 51.5, "lon": "-0.1", "within": "50 m" }, "cost": "500000 USD", "near": "1.5 km", "lasted": "3 days",
        "count": 3, "closed_at": null
    });
    assert!(accepts(&schema, &facts(right.clone())));
    let wrong = [
        ("id", json!(1)),
        ("id", Value::Null),
        ("observed_at", json!("2024-03-01T08:00")),
        ("observed_at", json!("soon")),
        ("observed_at", json!({ "from": "2024-03-01" })),
        ("grave", json!("band_60")),
        ("victims", json!({})),
        ("victims", json!([{ "aeg": 9 }])),
        ("reported_by", json!({ "id": "u1" })),
        ("place", json!({ "lat": 51.5 })),
        ("cost", json!("500000")),
        ("near", json!(1500)),
        ("lasted", json!("3")),
        ("count", json!(1.5)),
        ("surprise", json!(1)),
    ];
    for (name, value) in wrong {
        let mut incident = right.clone();
        incident[name] = value.clone();
        assert!(!accepts(&schema, &facts(incident)), "{name}: {value}");
    }
    assert!(accepts(
        &schema,
        &json!({ "records": { "core.Unit": [{ "id": "u" }] }, "data_through": { "Unit": "2024-03-01" } })
    ));
    assert!(!accepts(&schema, &json!({ "records": { "Units": [] } })));
    assert!(!accepts(&schema, &json!({ "as_of": "2024-03-01" })));
}
