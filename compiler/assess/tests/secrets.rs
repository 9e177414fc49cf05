//! A sensitive value may be tested and is never shown: not in findings, not in the report, not in a fault.

mod shapes;
use mandate_assess::{Facts, FactsFile, Options, assess, report};
use mandate_pack::*;
use shapes::*;

const SECRET: &str = "Zyxwvut-1387";

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
        assess(&pack, &found, &Options { as_of: Some(as_of), now: as_of, explain_all: true }).expect("sound");
    let json = report::json(&assessment);
    let text = report::text(&assessment, report::ReportOptions { colour: false, explain: true, all: true });
    assert!(text.contains("R.source_name = a value"), "{text}");
    for output in [json, text] {
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
