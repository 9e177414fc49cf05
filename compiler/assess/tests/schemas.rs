//! The published schema of the facts refuses what the reader refuses, and no more.

mod shapes;
use mandate_assess::{Facts, FactsFile};
use mandate_pack::{facts_schema, pack_schema};
use serde_json::{Value, json};
use shapes::{pack, report_in_24_hours};

#[test]
fn schema_and_reader_refuse_the_same_form() {
    let pack = pack(vec![("r", report_in_24_hours())]);
    let schema = facts_schema(&pack);
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let incident = |name: &str, value: Value| {
        let mut incident = json!({ "id": "I" });
        incident[name] = value;
        json!({ "records": { "Incident": [incident] } })
    };
    let cases = [
        (true, incident("a", json!(1))),
        (true, incident("a", json!("12"))),
        (true, incident("a", json!(-3))),
        (true, incident("a", Value::Null)),
        (true, incident("level", json!("0.10"))),
        (true, incident("level", json!(1e3))),
        (true, incident("observed_at", json!("2024-03-01"))),
        (true, incident("observed_at", json!("2024-03-01T08:00:00.25+01:00"))),
        (true, incident("observed_at", json!({ "from": "2024-03-01", "to": "2024-03-02" }))),
        (true, incident("ended_at", Value::Null)),
        (true, incident("victims", json!([{ "age": 9 }]))),
        (true, json!({ "records": {} })),
        (true, json!({ "as_of": "2024-03-01", "data_through": { "Report": "2024-03-01T00:00Z" }, "records": {} })),
        // Unknown field, wrong type, missing required field, unknown record type, unknown value of an enum.
        (false, incident("obsreved_at", json!("2024-03-01"))),
        (false, incident("victims", json!([{ "aeg": 9 }]))),
        (false, incident("invited", json!("true"))),
        (false, incident("id", json!(12))),
        (false, incident("id", Value::Null)),
        (false, incident("a", json!(1.5))),
        (false, incident("a", json!("twelve"))),
        (false, incident("level", json!("1,5"))),
        (false, incident("observed_at", json!("2024-03-01T08:00"))),
        (false, incident("observed_at", json!("2024-13-01"))),
        (false, incident("observed_at", json!({ "from": "2024-03-01" }))),
        (false, incident("observed_at", json!({ "from": "2024-03-01", "to": "2024-03-02", "about": 1 }))),
        (false, incident("unit", json!({ "id": "u" }))),
        (false, incident("unit", json!(7))),
        (false, incident("verification", json!("Refuted"))),
        (false, incident("verification", json!(true))),
        (false, incident("victims", json!([7]))),
        (false, json!({ "records": { "Incident": [{}] } })),
        (false, json!({ "records": { "Incident": {} } })),
        (false, json!({ "records": { "Incident": null } })),
        (false, json!({ "records": { "Incidents": [] } })),
        (false, json!({ "records": [], "as_of": "2024-03-01" })),
        (false, json!({ "as_of": "2024-03-01" })),
        (false, json!({ "records": {}, "since": 1 })),
        (false, json!({ "records": {}, "as_of": "noon" })),
        (false, json!([])),
    ];
    for (sound, facts) in cases {
        let file = FactsFile { name: "f.json".into(), bytes: facts.to_string().into_bytes() };
        let (_, faults) = Facts::load(&pack, &[file]);
        assert_eq!(faults.is_empty(), sound, "reader: {facts} {faults:?}");
        assert_eq!(validator.is_valid(&facts), sound, "schema: {facts}");
    }
}

#[test]
fn a_pack_with_every_shape_of_the_decided_cases_fits_the_pack_schema() {
    let pack = pack(vec![("r", report_in_24_hours())]);
    let validator = jsonschema::validator_for(&pack_schema()).expect("a schema");
    let value = serde_json::to_value(&pack).expect("json");
    let faults: Vec<String> = validator.iter_errors(&value).map(|e| format!("{} {e}", e.instance_path())).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}
