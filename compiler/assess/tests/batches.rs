//! Facts judged in batches and forgotten give the assessment that they give as a whole.

mod shapes;

use mandate_assess::{Facts, FactsSource, Options, StreamError, Streamed, assess, assess_stream, streamable};
use mandate_pack::*;
use proptest::prelude::*;
use shapes::*;
use std::num::NonZeroUsize;

/// A field of the log entry that is judged.
fn of_log(name: &str) -> Expr {
    let ty = records()["Incident"].fields.iter().find(|f| f.name == name).expect("a field").ty.clone();
    Expr { ty, node: Node::Field { of: Box::new(e("Log", Node::Var("l".into()))), name: name.into(), at: None } }
}

/// Log entries, which no other record refers to, and rules on them: constraints with tallies and exceptions, one that looks among records
/// of another type, one on the records inside them, and one that takes the place of another.
fn logs() -> Pack {
    let mut refused = require("Log", "l", eq(of_log("invited"), yes()));
    refused.unless.push(cond("refuted", eq(of_log("verification"), variant("Verification", "refuted"))));
    refused.tallies.push(Tally { text: "l.verification".into(), by: vec![of_log("verification")] });
    let binder = Binder { var: "w".into(), over: Domain::Records("Unit".into()) };
    let same = eq(e("Unit", Node::Var("w".into())), of_log("unit"));
    let mut placed = require("Log", "l", e("Bool", Node::Some { binder, condition: Box::new(same) }));
    placed.when.push(cond("clear", eq(of_log("clear"), yes())));
    let mut spared = rule("l", "Log", norm("commander", Modal::May, "report", i(), None));
    spared.norm.bearer = Bearer::Everyone;
    spared.norm.act = Act::Ensure(vec![cond("clear", eq(of_log("clear"), yes()))]);
    spared.norm.modal = Modal::Must;
    spared.when.push(cond("open", eq(of_log("open"), yes())));
    spared.overrides.push(RuleRef { rule: "refused".into(), args: vec![e("Log", Node::Var("l".into()))] });
    let adult = require("Victim", "v", cmp(Comparison::Ge, path("Victim", "v.age"), int(18)));
    let post = require("Post", "p", known(path("Post", "p.opened_at")));
    let mut pack =
        pack(vec![("refused", refused), ("placed", placed), ("spared", spared), ("adult", adult), ("post", post)]);
    let log = Record { name: "Log".into(), ..pack.records["Incident"].clone() };
    pack.records.insert("Log".into(), log);
    pack.records.values_mut().flat_map(|r| &mut r.fields).for_each(|f| f.sensitive = false);
    pack.assumptions.push(Assumption {
        title: "Levels are low".into(),
        origin: Origin { file: "s.man".into(), line: 1 },
        for_each: vec![Binder { var: "l".into(), over: Domain::Records("Log".into()) }],
        when: vec![cond("a", known(of_log("a")))],
        require: vec![cond("a < 3", cmp(Comparison::Lt, of_log("a"), int(3)))],
    });
    pack.seal();
    assert_eq!(streamable(&pack)["Log"], Ok(()));
    pack
}

const DOCUMENT: &str = "data_through: {Report: 2024-01-02}\nrecords:\n  Post: [{id: p1}, {id: p2, opened_at: 2024-01-01}]\n  Unit: [{id: u1}]\n  Incident: [{id: i1, victims: [{age: 3}, {}]}]\n";

fn source<'t>(name: &str, text: &'t str) -> FactsSource<'t> {
    FactsSource { name: name.into(), format: None, records: None, input: Box::new(text.as_bytes()) }
}

fn options(list_all: bool) -> Options {
    Options { list_all, ..Options::at(clock(72).parse().expect("an instant")) }
}

fn streamed(files: &[(&str, &str)], list_all: bool, batch: Option<usize>) -> Result<Streamed, StreamError> {
    let sources = files.iter().map(|(name, text)| source(name, text)).collect();
    assess_stream(&logs(), sources, &options(list_all), batch.and_then(NonZeroUsize::new), &|_| {})
}

/// All that a report is made from.
fn told(streamed: Streamed) -> (String, usize) {
    let found = streamed.assessment.unwrap_or_else(|| panic!("{:?}", streamed.faults));
    let json = serde_json::to_string_pretty(&found).expect("JSON");
    (format!("{json}\n{:?}\n{:?}\n{:?}", found.unlisted, found.tallies, streamed.faults), streamed.records)
}

fn read_whole(files: &[(&str, &str)], list_all: bool) -> String {
    let pack = logs();
    let loaded = Facts::read(&pack, files.iter().map(|(name, text)| source(name, text)).collect()).expect("bytes");
    let found = assess(&pack, &loaded.facts, &options(list_all)).expect("sound");
    let json = serde_json::to_string_pretty(&found).expect("JSON");
    format!("{json}\n{:?}\n{:?}\n{:?}", found.unlisted, found.tallies, loaded.faults)
}

fn maybe(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![2 => Just(None), 3 => proptest::sample::select(values).prop_map(Some)]
}

/// The fields of an entry: some absent, some not as they are usually written, so that they are read with care.
fn entry() -> impl Strategy<Value = String> {
    const BOOLS: &[&str] = &["true", "false"];
    const UNITS: &[&str] = &["\"u1\"", "\"u2\""];
    const VICTIMS: &[&str] = &["[]", "[{\"age\": 9}, {}]", "[{\"age\": 40, \"name\": null}]", "[{}]"];
    let fields = (
        maybe(BOOLS),
        maybe(&["\"alleged\"", "\"refuted\""]),
        maybe(VICTIMS),
        maybe(UNITS),
        maybe(BOOLS),
        maybe(BOOLS),
        maybe(&["1", "5", "5.0"]),
    );
    fields.prop_map(|(invited, verification, victims, unit, open, clear, a)| {
        let names = ["invited", "verification", "victims", "unit", "open", "clear", "a"];
        let values = [invited, verification, victims, unit, open, clear, a];
        let each = names.iter().zip(values).filter_map(|(name, value)| Some(format!(", \"{name}\": {}", value?)));
        each.collect()
    })
}

fn lines(entries: &[String], prefix: &str) -> String {
    entries.iter().enumerate().map(|(n, fields)| format!("{{\"id\": \"{prefix}{n}\"{fields}}}\n")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn batches_and_the_whole_give_the_same(
        first in proptest::collection::vec(entry(), 0..20),
        second in proptest::collection::vec(entry(), 0..20),
        list_all in any::<bool>(),
    ) {
        let (first, second) = (lines(&first, "a"), lines(&second, "b"));
        let table = "id,invited,open,victims\nc1,true,,\nc2,,true,\"[{\"\"age\"\": 2}]\"\nc3,false,true,[]\n";
        let units = "{\"id\": \"u2\"}\n";
        let files =
            [("Log.jsonl", &*first), ("x.yaml", DOCUMENT), ("Log.csv", table), ("Unit.jsonl", units), ("Log-2.jsonl", &*second)];
        let (whole, records) = told(streamed(&files, list_all, None).expect("read"));
        prop_assert_eq!(&whole, &read_whole(&files, list_all));
        for batch in [1, 3, 1000] {
            let (batched, read) = told(streamed(&files, list_all, Some(batch)).expect("read"));
            prop_assert_eq!(&batched, &whole, "in batches of {}", batch);
            prop_assert_eq!(read, records);
        }
    }
}

#[test]
fn missing_values_are_tried_for_the_first_findings_of_all_batches() {
    let text = lines(&vec![String::new(); 1500], "l");
    let files = [("x.yaml", DOCUMENT), ("Log.jsonl", &*text)];
    let (whole, _) = told(streamed(&files, true, None).expect("read"));
    assert_eq!(whole.matches("\"readings\"").count(), 3000, "so many for each of three rules");
    let (batched, _) = told(streamed(&files, true, Some(300)).expect("read"));
    assert!(batched == whole, "they differ");
}

#[test]
fn keys_are_compared_across_batches() {
    let text = format!("{}{{\"id\": \"l3\"}}\n", lines(&vec![String::new(); 20], "l"));
    for files in [
        vec![("Log.jsonl", &*text)],
        vec![("Log.jsonl", "{\"id\": \"l3\"}\n"), ("Log-2.jsonl", &*text)],
        vec![("Log.csv", "id,level\nl3,high\nl3,\n")],
    ] {
        let whole = streamed(&files, true, None).expect("read");
        let batched = streamed(&files, true, Some(3)).expect("read");
        assert!(whole.assessment.is_none() && batched.assessment.is_none());
        assert!(!whole.faults.is_empty());
        assert_eq!(whole.faults, batched.faults);
    }
}

#[test]
fn what_cannot_be_forgotten_is_read_first_or_refused() {
    // A document holds an entry: all of them are kept.
    let text = lines(&vec![String::new(); 5], "l");
    let document = DOCUMENT.to_owned() + "  Log: [{id: x}]\n";
    let files = [("Log.jsonl", &*text), ("x.yaml", &*document)];
    let (whole, _) = told(streamed(&files, true, None).expect("read"));
    assert_eq!(told(streamed(&files, true, Some(2)).expect("read")).0, whole);
    // A file of entries holds a Unit: it might have been asked for before.
    let stray = text.clone() + "{\"$type\": \"Unit\", \"id\": \"u2\"}\n";
    let files = [("Log.jsonl", &*stray), ("x.yaml", DOCUMENT)];
    match streamed(&files, true, Some(2)) {
        Err(StreamError::Stray { name, line }) => assert_eq!((name.as_str(), line), ("Log.jsonl", 6)),
        other => panic!("{other:?}"),
    }
    assert!(streamed(&files, true, None).is_ok_and(|streamed| streamed.assessment.is_some()));
}

#[test]
fn a_rule_that_bears_upon_others_is_no_rule_on_records_alone() {
    let mut pack = logs();
    let unit = pack.rules["post"].clone();
    pack.rules.insert(
        "other".into(),
        Rule { for_each: vec![Binder { var: "u".into(), over: Domain::Records("Unit".into()) }], ..unit },
    );
    let spared = pack.rules.get_mut("spared").expect("a rule");
    spared.overrides = vec![RuleRef { rule: "other".into(), args: vec![of_log("unit")] }];
    assert_eq!(streamable(&pack)["Log"], Err("by it `spared` bears upon `other`".to_owned()));
    let mut counted = logs();
    let binder = Binder { var: "v".into(), over: Domain::Records("Victim".into()) };
    let some = e("Bool", Node::Some { binder, condition: Box::new(yes()) });
    counted.rules.get_mut("post").expect("a rule").when.push(cond("victims", some));
    assert_eq!(streamable(&counted)["Log"], Err("of what `victims` holds: `post` looks at all of them".to_owned()));
}
