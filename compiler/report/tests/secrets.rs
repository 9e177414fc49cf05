//! A sensitive value may be tested and is never shown: not in findings, not in the report, not in a fault.

#[path = "../../assess/tests/shapes/mod.rs"]
mod shapes;
use mandate_assess::{Assessment, Facts, FactsFile, Options, assess};
use mandate_pack::*;
use mandate_report::{By, Format, Report};
use shapes::*;

const SECRET: &str = "Zyxwvut-1387";

const FORMATS: [Format; 6] = [Format::Json, Format::Text, Format::Sarif, Format::Junit, Format::Markdown, Format::Csv];

/// An assessment in every format, each listed and explained in every way there is.
fn every_format(assessment: &Assessment, pack: &Pack) -> Vec<String> {
    let mut outputs = Vec::new();
    for (explain, all, by) in [(false, false, By::Rule), (true, true, By::Rule), (true, true, By::Record)] {
        let options = mandate_report::Options { explain, all, by, ..Default::default() };
        let report = Report::new(assessment, pack, options);
        outputs.extend(FORMATS.map(|format| report.to_text(format)));
    }
    outputs
}

#[test]
fn a_planted_secret_comes_out_nowhere() {
    let source = || path("Report", "q.source_name");
    let known_source = e(
        "Bool",
        Node::Some {
            binder: Binder { var: "q".into(), over: Domain::Records("Report".into()) },
            condition: Box::new(eq(source(), e("Text", Node::Text(SECRET.into())))),
        },
    );
    // The condition's own words are the rule author's, and do not hold the value here.
    let mut rule = report_in_24_hours();
    rule.when.push(cond("the source is the one we know", known_source));
    rule.for_each.push(Binder { var: "v".into(), over: Domain::Items(Box::new(path("Incident", "i.victims"))) });
    let mut pack = pack(vec![("r", rule)]);
    let yaml = facts(&format!(
        "Incident I observed_at=@8 victims=[{{name:{SECRET}}}]; Report R sent_at=@50 source_name={SECRET}"
    ));
    let (found, faults) = Facts::load(&pack, &[FactsFile { name: "f.yaml".into(), bytes: yaml.into_bytes() }]);
    assert!(faults.is_empty(), "{faults:?}");
    let as_of = clock(72).parse().expect("time");
    let assessment =
        assess(&pack, &found, &Options { as_of: Some(as_of), explain_all: true, ..Options::at(as_of) }).expect("sound");
    let outputs = every_format(&assessment, &pack);
    assert!(outputs.iter().any(|text| text.contains("R.source_name = a value")), "{outputs:#?}");
    for output in outputs {
        assert!(!output.contains(SECRET), "{output}");
    }

    // A key that is sensitive, and faults on sensitive values.
    let report = pack.records.get_mut("Report").expect("declared");
    let field = report.fields.iter_mut().find(|f| f.name == "id").expect("declared");
    field.sensitive = true;
    let faulty = format!(
        "records:\n  Report:\n    - {{id: {SECRET}, source_name: [{SECRET}]}}\n    - {{id: {SECRET}, supersedes: {SECRET}x}}\n"
    );
    let (_, faults) = Facts::load(&pack, &[FactsFile { name: "f.yaml".into(), bytes: faulty.into_bytes() }]);
    assert_eq!(faults.len(), 3, "{faults:?}");
    for (_, fault) in faults {
        assert!(!format!("{fault:?}").contains(SECRET), "{fault:?}");
    }
}

const NAMED: &str = "QZUNIT";
const ABOVE: &str = "QZABOVE";
const NATION: &str = "QZX";

/// Everything that comes out of an assessment, explained in full.
fn outputs(pack: &Pack, yaml: String) -> Vec<String> {
    let (found, faults) = Facts::load(pack, &[FactsFile { name: "f.yaml".into(), bytes: yaml.into_bytes() }]);
    assert!(faults.is_empty(), "{faults:?}");
    let as_of = clock(72).parse().expect("time");
    let mut all = Vec::new();
    for explain in [false, true] {
        let options = Options { as_of: Some(as_of), explain_all: explain, ..Options::at(as_of) };
        let assessment = assess(pack, &found, &options).expect("sound");
        all.extend(every_format(&assessment, pack));
    }
    all
}

/// The world in which nobody may learn which unit an incident concerns.
fn with_a_sensitive_unit(mut rules: Vec<(&str, Rule)>) -> Pack {
    for (_, rule) in &mut rules {
        rule.title = "A rule on a secret".into();
    }
    let mut pack = pack(rules);
    let incident = pack.records.get_mut("Incident").expect("declared");
    incident.fields.iter_mut().find(|f| f.name == "unit").expect("declared").sensitive = true;
    pack.seal();
    pack
}

fn nowhere(outputs: &[String], what: &str) {
    for output in outputs {
        for secret in [NAMED, ABOVE, NATION, SECRET] {
            assert!(!output.contains(secret), "{what}: {secret}\n{output}");
        }
    }
}

/// A unit that a sensitive reference leads to, a unit that this one leads to, and a nation behind them.
fn units() -> String {
    facts(&format!(
        "Incident I observed_at=@8 unit={NAMED}; Unit {NAMED} superior={ABOVE}; Unit {ABOVE} nation={NATION}"
    ))
}

#[test]
fn nothing_comes_out_through_a_sensitive_reference() {
    let nation = || path("Incident", "i.unit.superior.nation");
    let french = |nation| eq(nation, e("Nation", Node::Nation("FRA".into())));
    let each = |var: &str, record: &str| Binder { var: var.into(), over: Domain::Records(record.into()) };

    let mut read = require("Incident", "i", french(nation()));
    read.when.push(cond("it has a superior", known(path("Incident", "i.unit.superior"))));
    read.norm.bearer = Bearer::Record(path("Incident", "i.unit"));

    let mut named = require("Incident", "i", french(path("Unit", "above.nation")));
    named.lets.push(Let { name: "above".into(), value: path("Incident", "i.unit.superior") });

    // The one unit for which the condition holds is the secret.
    let mut joined = require("Incident", "i", french(path("Unit", "u.superior.nation")));
    joined.for_each.push(each("u", "Unit"));
    joined.when.push(cond("concerned", eq(e("Unit", Node::Var("u".into())), path("Incident", "i.unit"))));

    let some = |condition| Node::Some { binder: each("u", "Unit"), condition: Box::new(condition) };
    let concerned = eq(e("Unit", Node::Var("u".into())), path("Incident", "i.unit"));
    let searched = require(
        "Incident",
        "i",
        e("Bool", some(e("Bool", Node::And(vec![concerned, french(path("Unit", "u.superior.nation"))])))),
    );

    let unknown = require("Incident", "i", french(path("Incident", "i.unit.nation")));

    for (what, rule) in
        [("read", read), ("let", named), ("joined", joined), ("searched", searched), ("unknown", unknown)]
    {
        let found = outputs(&with_a_sensitive_unit(vec![("r", rule)]), units());
        nowhere(&found, what);
        assert!(found.iter().any(|output| output.contains("(withheld)")), "{what}: {}", found[3]);
    }
}

#[test]
fn an_open_reference_to_the_same_record_is_shown() {
    let pack = pack(vec![("r", require("Incident", "i", known(path("Incident", "i.unit.nation"))))]);
    assert!(outputs(&pack, units()).iter().any(|output| output.contains(&format!("{NAMED}.nation"))));
}

#[test]
fn evidence_that_a_sensitive_reference_picks_is_not_named() {
    let mut rule = report_in_24_hours();
    rule.norm.bearer = Bearer::Everyone;
    let mut pack = pack(vec![("r", rule)]);
    let fields = &mut pack.records.get_mut("Incident").expect("declared").fields;
    let reported = Field {
        name: "told_in".into(),
        doc: String::new(),
        ty: "Report?".parse().expect("type"),
        default: None,
        sensitive: true,
        over_time: false,
    };
    fields.push(reported);
    let told = e("Report?", Node::Field { of: Box::new(i()), name: "told_in".into(), at: None });
    let report = e("Report", Node::Var("r".into()));
    pack.actions.get_mut("report").expect("declared").evidence[0].condition = eq(report, told);
    pack.seal();
    let yaml = facts(&format!("Incident I observed_at=@8 told_in={NAMED}; Report {NAMED} sent_at=@50"));
    let found = outputs(&pack, yaml);
    nowhere(&found, "evidence");
    assert!(found[0].contains("(withheld)"), "{}", found[0]);
}

#[test]
fn a_record_inside_a_sensitive_field_gives_neither_its_reference_nor_its_time() {
    let mut rule = rule("v", "Victim", norm("unit_commander", Modal::Must, "report", i(), None));
    rule.for_each.insert(0, Binder { var: "i".into(), over: Domain::Records("Incident".into()) });
    rule.for_each[1].over = Domain::Items(Box::new(path("Incident", "i.victims")));
    let mut pack = pack(vec![("r", report_in_24_hours())]);
    let field = |name: &str, ty: &str| Field {
        name: name.into(),
        doc: String::new(),
        ty: ty.parse().expect("type"),
        default: None,
        sensitive: false,
        over_time: false,
    };
    let victim = &mut pack.records.get_mut("Victim").expect("declared").fields;
    victim.extend([field("seen_at", "Time?"), field("unit", "Unit?")]);
    let incident = pack.records.get_mut("Incident").expect("declared");
    incident.fields.iter_mut().find(|f| f.name == "victims").expect("declared").sensitive = true;
    let of = |ty: &str, name: &str| {
        e(ty, Node::Field { of: Box::new(e("Victim", Node::Var("v".into()))), name: name.into(), at: None })
    };
    rule.norm.time = Some(Window::WithinAfter(hours(1), of("Time?", "seen_at")));
    rule.when.push(cond("it has a unit", known(of("Unit?", "unit"))));
    pack.rules.insert("r".into(), rule);
    pack.seal();
    let yaml =
        facts(&format!("Incident I observed_at=@8 victims=[{{unit:{NAMED},seen_at:2019-05-06T07:08Z}}]; Unit {NAMED}"))
            .replace(",seen_at", ", seen_at")
            .replace("2019-05-06T07: 08Z", "2019-05-06T07:08Z");
    let found = outputs(&pack, yaml);
    nowhere(&found, "nested");
    assert!(found.iter().all(|output| !output.contains("2019-05-06")), "{}", found[0]);
    assert!(found[0].contains("I.victims[0]"), "its place tells nothing: {}", found[0]);
}

/// Faults as a user sees them, rendered as text and as JSON.
fn rendered(pack: &Pack, yaml: &str) -> Vec<String> {
    let files = [FactsFile { name: "f.yaml".into(), bytes: yaml.as_bytes().to_vec() }];
    let (_, faults) = Facts::load(pack, &files);
    assert!(!faults.is_empty(), "{yaml}");
    let diagnostics: Vec<_> = faults.into_iter().map(|(_, fault)| fault).collect();
    let file = [mandate_render::File { path: "f.yaml", text: yaml, diagnostics: &diagnostics }];
    let options = mandate_render::Options { withhold: true, ..Default::default() };
    vec![mandate_render::text(&file, &|_| None, options), mandate_render::json(&file, &|_| None)]
}

#[test]
fn no_fault_shows_a_secret() {
    let mut pack = with_a_sensitive_unit(vec![("r", report_in_24_hours())]);
    let incident = pack.records.get_mut("Incident").expect("declared");
    for field in incident.fields.iter_mut() {
        field.sensitive |= ["victims", "x", "verification", "level", "due_on"].contains(&field.name.as_str());
    }
    let records = |ty: &str, fields: &str| format!("records:\n  {ty}:\n    - {{id: one, {fields}}}\n");
    let incident = |fields: String| records("Incident", &fields);
    for faulty in [
        // Of another type.
        incident(format!("x: {SECRET}")),
        incident(format!("x: {{{SECRET}: 1}}")),
        incident(format!("x: {{from: {SECRET}, to: {SECRET}}}")),
        incident(format!("level: {SECRET}")),
        incident(format!("due_on: [{SECRET}]")),
        records("Report", &format!("source_name: [{SECRET}]")),
        // None of the values known.
        incident(format!("verification: {SECRET}")),
        // A reference that leads nowhere.
        incident(format!("unit: {SECRET}")),
        // Under a misspelt name, written twice, or where a name belongs.
        records("Report", &format!("sorce_name: {SECRET}")),
        records("Report", &format!("source_name: {SECRET}, source_name: {SECRET}x")),
        incident(format!("victims: [{{{SECRET}}}]")),
        incident(format!("victims: [{{{SECRET}: 1, {SECRET}: 2}}]")),
        incident(format!("victims: [{{age: {SECRET}}}]")),
        incident(format!("victims: [{SECRET}]")),
        incident(format!("victims: {SECRET}")),
        // No YAML at all.
        incident(format!("x: \"{SECRET}")),
        incident(format!("x: [{SECRET}")),
        incident(format!("x: *{SECRET}")),
        incident(format!("x: !{SECRET} y")),
    ] {
        for output in rendered(&pack, &faulty) {
            assert!(!output.contains(SECRET), "{faulty}\n{output}");
        }
    }
}

#[test]
fn a_scenario_tells_no_secret() {
    let rule = require("Incident", "i", eq(path("Incident", "i.unit.nation"), e("Nation", Node::Nation("FRA".into()))));
    let mut pack = with_a_sensitive_unit(vec![("r", rule)]);
    let fact = |record: &str, name: &str, fields: serde_json::Value| Fact {
        record: record.into(),
        name: name.into(),
        line: 1,
        fields: serde_json::from_value(fields).expect("an object"),
    };
    for (unit, id) in [(NAMED, NAMED), (SECRET, NAMED)] {
        pack.scenarios.push(Scenario {
            title: "a secret".into(),
            origin: Origin { file: "s.mandate".into(), line: 1 },
            as_of: at(72),
            known_at: None,
            set: std::collections::BTreeMap::new(),
            data_through: std::collections::BTreeMap::new(),
            facts: vec![
                fact("Unit", "u", serde_json::json!({ "id": id })),
                fact("Incident", "inc", serde_json::json!({ "unit": unit })),
            ],
            expect: vec![Expectation {
                text: "expect r(inc) violated".into(),
                line: 2,
                rule: "r".into(),
                subject: None,
                status: "violated".into(),
                late_by: None,
                due: None,
                since: None,
                missing: Vec::new(),
                flagged: Vec::new(),
                then: Vec::new(),
                uncovered: None,
            }],
        });
    }
    pack.seal();
    let results = mandate_assess::run_scenarios(&pack);
    assert!(results.iter().all(|result| !result.passed));
    nowhere(&[serde_json::to_string(&results).expect("plain data")], "scenario");
}
