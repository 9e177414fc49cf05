//! The same records in every format are the same facts, and what is broken says so without showing anything.

use super::*;
use mandate_diagnostics::LineIndex;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use std::io::Write as _;

/// One record type with a field of every kind, and the types it refers to.
fn pack() -> Pack {
    let field = |text: &str| {
        let (sensitive, text) = text.strip_prefix('!').map_or((false, text), |text| (true, text));
        let (over_time, text) = text.strip_suffix(" over time").map_or((false, text), |text| (true, text));
        let (name, ty) = text.split_once(": ").expect("name: type");
        json!({ "name": name, "type": ty, "sensitive": sensitive, "over_time": over_time })
    };
    let record = |name: &str, key: Option<&str>, fields: &[&str]| {
        let fields: Vec<Json> = fields.iter().map(|text| field(text)).collect();
        json!({ "name": name, "key": key, "fields": fields })
    };
    let variants = |names: &[&str]| -> Vec<Json> {
        names.iter().map(|name| json!({ "name": name.replace(' ', "_"), "spelling": name })).collect()
    };
    let none = || json!({});
    let pack = json!({
        "format": mandate_pack::FORMAT, "digest": "", "name": "p", "version": "1", "edition": "2026", "time_zone": "Europe/Berlin",
        "enums": { "core.Level": { "ordered": true, "variants": variants(&["alleged", "verified", "in doubt"]) } },
        "records": {
            "core.Unit": record("Unit", Some("id"), &["id: Text", "nation: Nation?"]),
            "core.Log": record("Log", Some("number"), &["number: Int", "unit: core.Unit?"]),
            "core.Victim": record("Victim", None, &["age: Int?", "!name: Text?"]),
            "core.Incident": record("Incident", Some("id"), &[
                "id: Text", "sure: Bool?", "count: Int?", "rate: Decimal?", "note: Text?", "day: Date?", "at: Time?", "took: Duration?",
                "lasted: Period?", "wide: Length?", "place: Location?", "cost: Money?", "by: Nation?", "level: enum core.Level",
                "unit: core.Unit?", "logs: list of core.Log?", "levels: list of enum core.Level?", "victims: list of core.Victim?",
                "leader: core.Victim?", "!secret: Text?", "!hidden: core.Victim?", "status: enum core.Level? over time",
            ]),
        },
        "roles": none(), "parameters": none(), "definitions": none(), "actions": none(), "waivers": none(), "sources": none(),
        "rules": none(), "endorsements": [], "assumptions": [], "background": [], "scenarios": [],
    });
    serde_json::from_value(pack).expect("a pack")
}

fn read(pack: &Pack, files: &[(&str, &[u8])]) -> Loaded {
    let source = |(name, bytes): &(&str, &[u8])| FactsSource {
        name: (*name).to_owned(),
        format: None,
        records: None,
        input: Box::new(io::Cursor::new(bytes.to_vec())),
    };
    Facts::read(pack, files.iter().map(source).collect()).expect("bytes can be read")
}

/// `file:line:column code: message (help) ...`
fn faults(pack: &Pack, files: &[(&str, &[u8])]) -> Vec<String> {
    let mut all = Vec::new();
    for file in read(pack, files).faults {
        let index = LineIndex::new(&file.text);
        for fault in &file.faults {
            let at = index.place(&file.text, fault.primary.span.start);
            let help: String = fault
                .help
                .iter()
                .filter(|help| {
                    ["did you", "and ", "the first one", "the name of"].iter().any(|start| help.starts_with(start))
                })
                .map(|help| format!(" ({help})"))
                .collect();
            all.push(format!("{}:{}:{} {}: {}{help}", file.name, at.line, at.column, fault.code.id, fault.message));
        }
    }
    all
}

/// Everything that is known of the facts, whatever file and line it came from.
fn content(pack: &Pack, facts: &Facts) -> Vec<String> {
    let types = Types::new(pack);
    let mut all: Vec<String> = (0..facts.records.len() as u32)
        .map(|index| {
            let record = &facts.records[index as usize];
            let values = record.fields.first(types.records[record.ty as usize].1.fields.len());
            let fields: Vec<String> = values.map(|value| shown(facts, &types, value.as_ref())).collect();
            format!("{} {} {} {fields:?}", record.ty, facts.label(&types, index), record.hidden)
        })
        .collect();
    all.sort();
    all
}

fn shown(facts: &Facts, types: &Types<'_>, value: Option<&Value>) -> String {
    match value {
        Some(Value::Record(record)) => format!("-> {}", facts.label(types, *record)),
        Some(Value::List(list)) => list.items.iter().map(|v| shown(facts, types, Some(v)) + ";").collect(),
        Some(Value::History(entries)) => {
            entries.iter().map(|e| format!("{:?}: {};", e.from, shown(facts, types, Some(&e.value)))).collect()
        }
        other => format!("{other:?}"),
    }
}

const UNITS: &str =
    r#"{"records": {"Unit": [{"id": "u1", "nation": "DEU"}, {"id": "u 2"}], "Log": [{"number": 1}, {"number": 20}]}}"#;

fn optional<T: std::fmt::Debug + Clone + 'static>(of: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Option<T>> {
    prop_oneof![Just(None), of.prop_map(Some)].boxed()
}

fn text() -> BoxedStrategy<Json> {
    // No list sign at the start, which would make a cell look like JSON in a list; no blanks at the ends, which a table drops.
    "[a-zé\"',;.:/€-]([ a-zé\"',;\n.:/€-]{0,8}[a-zé\"',.:/€-])?".prop_map(Json::from).boxed()
}

fn instant() -> BoxedStrategy<String> {
    (1..29, 0..24, prop_oneof![Just("Z"), Just("+01:00")])
        .prop_map(|(day, hour, offset)| format!("2024-02-{day:02}T{hour:02}:30{offset}"))
        .boxed()
}

fn time() -> BoxedStrategy<Json> {
    prop_oneof![
        instant().prop_map(Json::from),
        (1..29).prop_map(|day| Json::from(format!("2024-02-{day:02}"))),
        instant().prop_map(|from| json!({ "from": from, "to": "2024-03-02" })),
    ]
    .boxed()
}

fn one_of(words: &'static [&'static str]) -> BoxedStrategy<Json> {
    proptest::sample::select(words).prop_map(Json::from).boxed()
}

fn victim() -> BoxedStrategy<Json> {
    (optional((0..99).prop_map(Json::from)), optional(text()))
        .prop_map(|(age, name)| object(vec![("age", age), ("name", name)]))
        .boxed()
}

fn object(members: Vec<(&str, Option<Json>)>) -> Json {
    Json::Object(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

fn list(of: BoxedStrategy<Json>, most: usize) -> BoxedStrategy<Json> {
    proptest::collection::vec(of, 0..=most).prop_map(Json::from).boxed()
}

fn status() -> BoxedStrategy<Json> {
    let levels: &[&str] = &["alleged", "verified", "in doubt"];
    let entry = (1..28_u32, proptest::sample::select(levels.to_vec()));
    let entries = proptest::collection::btree_map(1..28_u32, entry, 1..4).prop_map(|entries| {
        let entry = |(day, (_, level)): (u32, (u32, &str))| json!({ "from": format!("2024-02-{day:02}T08:00Z"), "value": level });
        Json::from(entries.into_iter().rev().map(entry).collect::<Vec<_>>())
    });
    prop_oneof![one_of(&["alleged", "in doubt"]), entries].boxed()
}

fn incident() -> impl Strategy<Value = Map<String, Json>> {
    let fields: Vec<(&str, BoxedStrategy<Json>)> = vec![
        ("sure", any::<bool>().prop_map(Json::from).boxed()),
        ("count", any::<i32>().prop_map(Json::from).boxed()),
        ("rate", one_of(&["0.10", "-3", "1e3", "12345678901234567890.5"])),
        ("note", text()),
        ("day", one_of(&["2024-02-29", "2024-03-31"])),
        ("at", time()),
        ("took", one_of(&["24 hours", "P3D", "1 day 6 hours"])),
        ("lasted", instant().prop_map(|from| json!({ "from": from, "to": "2024-04-01" })).boxed()),
        ("wide", one_of(&["200 m", "1.5 km"])),
        ("place", one_of(&["1"]).prop_map(|_| json!({ "lat": "50.85", "lon": -4.5, "within": "50 m" })).boxed()),
        ("cost", one_of(&["500000 USD", "0.50 EUR"])),
        ("by", one_of(&["DEU", "FRA"])),
        ("unit", one_of(&["u1", "u 2"])),
        ("logs", list(prop_oneof![Just(json!(1)), Just(json!(20))].boxed(), 3)),
        ("levels", list(one_of(&["alleged", "in doubt"]), 3)),
        ("victims", list(victim(), 3)),
        ("leader", victim()),
        ("secret", text()),
        ("hidden", victim()),
        ("status", status()),
    ];
    let each: Vec<_> = fields.into_iter().map(|(name, of)| optional(of).prop_map(move |v| (name, v))).collect();
    (each, one_of(&["alleged", "verified"])).prop_map(|(fields, level)| {
        let mut members = fields;
        members.push(("level", Some(level)));
        match object(members) {
            Json::Object(map) => map,
            _ => Map::new(),
        }
    })
}

fn incidents() -> impl Strategy<Value = Vec<Json>> {
    proptest::collection::vec(incident(), 0..6).prop_map(|records| {
        let with_key = |(number, mut record): (usize, Map<String, Json>)| {
            record.insert("id".into(), json!(format!("inc-{number}")));
            Json::Object(record)
        };
        records.into_iter().enumerate().map(with_key).collect()
    })
}

const COLUMNS: [&str; 22] = [
    "id", "sure", "count", "rate", "note", "day", "at", "took", "lasted", "wide", "place", "cost", "by", "level",
    "unit", "logs", "levels", "victims", "leader", "secret", "hidden", "status",
];

/// A value as somebody would type it into a cell.
fn cell(name: &str, value: &Json) -> String {
    let end = |part: &str| value[part].as_str().unwrap_or_default().to_owned();
    match (name, value) {
        ("at" | "lasted", Json::Object(_)) => format!("{}/{}", end("from"), end("to")),
        ("place", Json::Object(_)) => "50.85, -4.5 within 50 m".to_owned(),
        ("status", Json::Array(entries)) => {
            let entry =
                |e: &Json| format!("{} {}", e["from"].as_str().unwrap_or(""), e["value"].as_str().unwrap_or(""));
            entries.iter().map(entry).collect::<Vec<_>>().join("; ")
        }
        ("logs" | "levels", Json::Array(items)) if !items.is_empty() => {
            let item = |item: &Json| item.as_str().map_or_else(|| item.to_string(), str::to_owned);
            items.iter().map(item).collect::<Vec<_>>().join(";")
        }
        (_, Json::Null) => String::new(),
        (_, Json::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

fn table(records: &[Json], separator: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("written");
    for record in records {
        writer.write_record(COLUMNS.map(|name| cell(name, &record[name]))).expect("written");
    }
    writer.into_inner().expect("written")
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packing = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packing.write_all(bytes).expect("packed");
    packing.finish().expect("packed")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_same_records_are_the_same_facts_in_every_format(records in incidents()) {
        let pack = pack();
        let json = json!({ "records": { "Incident": records } }).to_string();
        let lines: String = records.iter().map(|r| format!("{r}\r\n\n")).collect();
        let typed: String = records.iter().map(|r| {
            let rest = r.to_string();
            format!("{{\"$type\": \"core.Incident\", {}\n", rest.strip_prefix('{').unwrap_or(""))
        }).collect();
        let commas = table(&records, b',');
        let marked = [b"\xEF\xBB\xBF", &table(&records, b';')[..]].concat();
        let expected = read(&pack, &[("u.json", UNITS.as_bytes()), ("f.json", json.as_bytes())]);
        prop_assert!(expected.faults.is_empty(), "{:?}", expected.faults);
        let expected = content(&pack, &expected.facts);
        // JSON is YAML too.
        let variants: [(&str, Vec<u8>); 7] = [
            ("f.yaml", json.clone().into_bytes()),
            ("Incident.jsonl", lines.clone().into_bytes()),
            ("Incident-1.ndjson.gz", packed(lines.as_bytes())),
            ("feed.jsonl", typed.into_bytes()),
            ("Incident.csv", commas),
            ("core.Incident 2.csv", marked.clone()),
            ("Incident.csv.gz", packed(&marked)),
        ];
        for (name, bytes) in variants {
            // Before what they refer to as well as behind it.
            for files in [[("u.json", UNITS.as_bytes()), (name, &bytes)], [(name, &bytes), ("u.json", UNITS.as_bytes())]] {
                let loaded = read(&pack, &files);
                prop_assert!(loaded.faults.is_empty(), "{name}: {:?}\n{}", loaded.faults, String::from_utf8_lossy(&bytes));
                prop_assert_eq!(&content(&pack, &loaded.facts), &expected, "{}: {}", name, String::from_utf8_lossy(&bytes));
            }
        }
    }

    /// What is read fast and what is read with care are the same: a line that is broken makes no other line different.
    #[test]
    fn a_record_read_with_care_is_the_same(records in incidents()) {
        let pack = pack();
        let plain: String = records.iter().map(|r| format!("{r}\n")).collect();
        // A type that stands behind another member is not read fast.
        let careful: String = records.iter().map(|r| {
            format!("{}, \"$type\": \"Incident\"}}\n", r.to_string().strip_suffix('}').unwrap_or(""))
        }).collect();
        let both = [plain, careful].map(|text| read(&pack, &[("u.json", UNITS.as_bytes()), ("Incident.jsonl", text.as_bytes())]));
        for loaded in &both {
            prop_assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
        }
        prop_assert_eq!(content(&pack, &both[0].facts), content(&pack, &both[1].facts));
    }

    #[test]
    fn nothing_that_is_changed_or_cut_off_makes_the_reader_panic(at in 0..400_usize, byte in any::<u8>()) {
        let pack = pack();
        let lines = br#"{"id": "a", "level": "alleged", "victims": [{"age": 1}], "place": {"lat": 1, "lon": 2}, "status": [{"from": "2024-01-01", "value": "verified"}]}
{"$type": "Unit", "id": "u1"}
"#;
        let table = b"id;level;place.lat;place.lon;note;levels\na;alleged;1;2;\"x;\"\"y\nz\";alleged;verified\nb;verified;;;;\n";
        for (name, text) in [("Incident.jsonl", &lines[..]), ("Incident.csv", &table[..])] {
            for text in [text.to_vec(), packed(text)] {
                let at = at % text.len();
                read(&pack, &[(name, &text[..at])]);
                let mut changed = text.clone();
                changed[at] = byte;
                read(&pack, &[(name, &changed)]);
            }
        }
    }
}

#[test]
fn faults_of_lines_have_their_line_and_column() {
    let lines = "\
{\"id\": \"a\", \"level\": \"alleged\"}
{\"id\": \"a\", \"level\": \"verified\"}

{\"id\": \"é\", \"levl\": \"alleged\", \"level\": \"verifed\", \"count\": 1.5}
{\"level\": \"alleged\"}
[1]
{\"id\": \"b\", \"level\": \"alleged\"
{\"id\": \"c\", \"level\": \"alleged\", \"unit\": \"u9\", \"logs\": [1, \"1\"]}
{\"$type\": \"Unitt\", \"id\": \"u1\"}
{\"id\": \"d\", \"level\": \"alleged\", \"status\": [{\"from\": \"2024-01-01\", \"value\": \"alleged\"}, {\"from\": \"2024-01-01\", \"value\": \"verified\"}]}
";
    assert_eq!(
        faults(&pack(), &[("Incident.jsonl", lines.as_bytes()), ("f.yaml", b"records: {Unit: [{id: u1}]}")]),
        [
            "Incident.jsonl:2:1 E110: two records of `Incident` have the key `a` (the first one is in line 1)",
            "Incident.jsonl:4:13 E107: an Incident has no field `levl` (in `é`) (did you mean `level`?)",
            "Incident.jsonl:4:41 E113: `é.level` is `verifed`, which is none of the values the rules know (did you mean `verified`?)",
            "Incident.jsonl:4:61 E108: `é.count` is `1.5`, but a whole number is needed here",
            "Incident.jsonl:5:1 E109: `id` of `Incident[3]` is missing; every Incident has one",
            "Incident.jsonl:6:1 E105: each line of this file is one record, a JSON object, but this is a list",
            "Incident.jsonl:7:1 E102: this JSON ends before it is complete",
            "Incident.jsonl:8:41 E112: `c.unit` refers to `u9`, but no Unit with that key is in the facts (did you mean `u1`?)",
            "Incident.jsonl:8:56 E112: `c.logs[0]` refers to `1`, but no Log with that key is in the facts",
            "Incident.jsonl:8:59 E108: `c.logs[1]` refers to a Log by its key, and the key is a whole number",
            "Incident.jsonl:9:11 E106: the pack knows no record type `Unitt` (did you mean `Unit`?)",
            "Incident.jsonl:10:43 E120: `d.status` has two values from the same instant",
        ]
    );
}

#[test]
fn faults_of_tables_have_their_row_and_column() {
    let table = "\
id;level;at;levl;unit;note;unit
a;alleged;2024-03-01T08:00;;u1;;
b;verifed;yesterday;x;u9;\"two
lines\";
c;alleged;;;
;alleged;2024-02-30;;;;
a;alleged;;;;;
";
    assert_eq!(
        faults(&pack(), &[("Incident.csv", table.as_bytes()), ("u.json", UNITS.as_bytes())]),
        [
            "Incident.csv:1:4 E107: column 4 names no field of an Incident (did you mean `level`?)",
            "Incident.csv:1:7 E111: columns 5 and 7 name the same field",
            "Incident.csv:2:3 E114: `a.at` is `2024-03-01T08:00`, a time of day without its offset from UTC",
            "Incident.csv:3:2 E113: `b.level` is `verifed`, which is none of the values the rules know (did you mean `verified`?)",
            "Incident.csv:3:3 E108: `b.at` is `yesterday`, but a time like `2024-03-01T08:00Z`, a day, or `{from, to}` when it is not exactly known is needed here",
            "Incident.csv:3:5 E112: `b.unit` refers to `u9`, but no Unit with that key is in the facts (did you mean `u1`?)",
            "Incident.csv:5:5 E119: this row has 5 cells, but the table has 7",
            "Incident.csv:6:1 E109: `id` of `Incident[2]` is missing; every Incident has one",
            "Incident.csv:6:3 E114: `Incident[2].at` is `2024-02-30`, and there is no such day or time",
            "Incident.csv:7:1 E110: two records of `Incident` have the key `a` (the first one is in line 2)",
        ]
    );
    let pack = pack();
    let only = |name: &str, bytes: &[u8]| faults(&pack, &[(name, bytes)]);
    assert_eq!(
        only("Incident.csv", b"note\nx\ny\n"),
        ["Incident.csv:1:1 E109: there are no columns `id`, `level`; every Incident has them"]
    );
    assert_eq!(
        only("Incident.csv", b"inc-1,alleged\ninc-2,alleged\n"),
        ["Incident.csv:1:1 E119: the first row names no field of an Incident"]
    );
    assert_eq!(
        only("Incident.csv", b"id,level\na,\"alleged\nb,alleged\n"),
        ["Incident.csv:2:1 E119: a quotation mark in this row is never closed"]
    );
    assert_eq!(
        only("Incident.csv", b""),
        ["Incident.csv:1:1 E102: this file is empty; a table starts with a row of column names"]
    );
    assert_eq!(only("Incident.csv", b"id,level\n"), [""; 0]);
    assert_eq!(
        only("Incident.csv", b"id,level\na,allege\xE9\n"),
        ["Incident.csv:2:1 E101: this line is not UTF-8: it holds bytes that belong to no character"]
    );
    assert_eq!(
        only("Incidnet.csv", b"id,level\n"),
        [
            "Incidnet.csv:1:1 E118: nothing says of which type the records of this table are (the name of this file is near to `Incident`: did you mean that type?)"
        ]
    );
    assert_eq!(
        only("feed.jsonl", b"{\"id\": \"u1\"}\n"),
        ["feed.jsonl:1:1 E118: nothing says of which type the record in this line is"]
    );
    assert_eq!(only("Unit.jsonl", b""), [""; 0]);
    assert_eq!(
        only("Unit.jsonl", b"\xFF\xFE{\0"),
        ["Unit.jsonl:1:1 E101: this file is written in UTF-16; facts are read as UTF-8"]
    );
}

#[test]
fn a_wrong_column_does_not_flood() {
    let mut table = "id,level,at\n".to_owned();
    table.extend((0..50_000).map(|n| format!("i{n},alleged,01.03.2024\n")));
    table.push_str("x,nothing,\n");
    let found = faults(&pack(), &[("Incident.csv", table.as_bytes())]);
    assert_eq!(found.len(), 11, "{found:#?}");
    assert!(found[9].ends_with("(and 49,990 more like this in lines 12 to 50,001)"), "{}", found[9]);
    assert!(found[10].starts_with("Incident.csv:50002:2 E113"), "{}", found[10]);
}

#[test]
fn cells_below_a_field_make_its_value() {
    let pack = pack();
    let dotted = "id,level,place.lat,place.lon,place.within,leader.age,at.from,at.to,cost.amount,cost.currency\n\
                  a,alleged,50.85,-4.5,50 m,9,2024-03-01,2024-03-02,5,EUR\nb,alleged,,,,,,,,\n";
    let lines = r#"{"id":"a","level":"alleged","place":{"lat":50.85,"lon":-4.5,"within":"50 m"},"leader":{"age":9},"at":{"from":"2024-03-01","to":"2024-03-02"},"cost":"5 EUR"}
{"id":"b","level":"alleged"}"#;
    let both = [("Incident.csv", dotted), ("Incident.jsonl", lines)]
        .map(|(name, text)| read(&pack, &[(name, text.as_bytes())]));
    assert!(both.iter().all(|loaded| loaded.faults.is_empty()), "{both:?}");
    assert_eq!(content(&pack, &both[0].facts), content(&pack, &both[1].facts));
    assert_eq!(
        faults(&pack, &[("Incident.csv", b"id,level,place,place.lat,leader.nme\n")]),
        [
            "Incident.csv:1:4 E111: columns 3 and 4 name the same field",
            "Incident.csv:1:5 E107: column 5 names no field of an Incident",
        ]
    );
}

#[test]
fn packed_files_that_are_damaged_or_unpack_to_too_much_are_refused() {
    let pack = pack();
    let sound = packed(b"{\"id\": \"u1\"}\n");
    assert_eq!(faults(&pack, &[("Unit.jsonl.gz", &sound)]), [""; 0]);
    assert_eq!(faults(&pack, &[("Unit.jsonl", &sound)]), [""; 0]);
    let twice = [sound.clone(), packed(b"{\"id\": \"u2\"}\n")].concat();
    assert_eq!(read(&pack, &[("Unit.jsonl.gz", &twice)]).facts.len(), 2);
    let damaged = "E117: this file cannot be unpacked: it is no gzip file, damaged or cut off";
    for (name, bytes) in [
        ("Unit.jsonl.gz", &b"{\"id\": \"u1\"}"[..]),
        ("f.json.gz", &sound[..sound.len() - 9]),
        ("Unit.csv.gz", &sound[..12]),
    ] {
        assert_eq!(faults(&pack, &[(name, bytes)]), [format!("{name}:1:1 {damaged}")]);
    }
    let bomb = packed(&vec![b' '; 80 << 20]);
    assert!(bomb.len() < 100_000);
    for name in ["f.json.gz", "f.yaml.gz", "Unit.csv.gz", "Unit.jsonl.gz"] {
        let found = faults(&pack, &[(name, &bomb)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("E117: this file unpacks to") || found[0].contains("E103"), "{found:?}");
    }
}

#[test]
fn the_header_of_a_directory_stands_in_a_file_of_its_own() {
    let pack = pack();
    let header: &[u8] = b"as_of: 2024-03-03\ntaken_at: 2024-03-02T00:00Z\ndata_through: {Unit: 2024-03-01}\ncomplete: {Incident: false, Log: true}\n";
    let loaded = read(&pack, &[("facts.yaml", header), ("Unit.csv", b"id\nu1\n")]);
    assert!(loaded.faults.is_empty(), "{:?}", loaded.faults);
    assert_eq!(loaded.facts.taken_at().map(|at| at.to_string()).as_deref(), Some("2024-03-02T00:00:00Z"));
    let types = Types::new(&pack);
    assert_eq!(loaded.facts.through.get(&types.in_facts("Incident").expect("known")), Some(&crate::time::ALWAYS));
    assert_eq!(loaded.facts.through.len(), 2);
    assert_eq!(
        faults(&pack, &[("a.yaml", header), ("b.yaml", b"taken_at: 2024-03-01\ncomplete: {Unit: false, Log: 3}\n")]),
        [
            "b.yaml:1:11 E116: two files say differently when the data was taken",
            "b.yaml:2:18 E116: the data on `Unit` is said to be incomplete, and to be complete up to an instant",
            "b.yaml:2:30 E105: `complete.Log` is a number, but `true` or `false` is needed here",
        ]
    );
    assert_eq!(faults(&pack, &[("a.yaml", b"as_of: 2024-03-03\n")]).len(), 1, "a file alone holds records");
}

/// A value that may not be shown, in every place where something can be wrong with it.
#[test]
fn a_secret_is_in_no_fault() {
    const SECRET: &str = "Zyxwvut1387";
    let pack = pack();
    let lines = [
        "{\"id\": \"a\", \"level\": \"alleged\", \"secret\": [\"S\"]}",
        "{\"id\": \"a\", \"level\": \"alleged\", \"secret\": \"S\", \"secret\": \"S\"}",
        "{\"id\": \"a\", \"level\": \"alleged\", \"secret\": \"S}",
        "{\"id\": \"a\", \"level\": \"alleged\", \"hidden\": {\"S\": 1}}",
        "{\"id\": \"a\", \"level\": \"alleged\", \"hidden\": {\"age\": \"S\", \"name\": 5}}",
        "{\"id\": \"a\", \"level\": \"alleged\", \"hidden\": \"S\"}",
        "S",
        "[\"S\"]",
        "{\"id\": \"a\", \"level\": \"alleged\", \"secret\": \"S\"} S",
    ];
    let tables = [
        "id,level,secret\na,alleged\nS,S,S,S\n",
        "S,S\na,b\n",
        "id,level,hidden\na,alleged,S\n",
        "id,level,hidden.age\na,alleged,S\n",
        "id,level,hidden\na,alleged,\"{\"\"S\"\": 1}\"\n",
        "id,level,secret\na,alleged,\"S\n",
        "id,level,secret,S\na,alleged,S,S\na,alleged,S,S\n",
    ];
    let lines = lines.iter().map(|text| ("Incident.jsonl", (*text).to_owned()));
    let tables = tables.iter().map(|text| ("Incident.csv", (*text).to_owned()));
    for (name, text) in lines.chain(tables) {
        let text = text.replace('S', SECRET);
        let loaded = read(&pack, &[(name, text.as_bytes())]);
        let shown = format!("{:?}", loaded.faults);
        assert!(loaded.faults.iter().any(|file| !file.faults.is_empty()), "{text} is broken");
        assert!(!shown.contains(SECRET), "{text}\n{shown}");
    }
}
