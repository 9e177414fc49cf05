//! Which records may be judged one after the other.

mod shapes;
use mandate_assess::streamable;
use mandate_pack::*;
use shapes::*;

fn reason(pack: &Pack, ty: &str) -> Result<(), String> {
    streamable(pack).remove(ty).expect("a type of the pack")
}

#[test]
fn records_that_a_rule_takes_alone_may_be_streamed() {
    let mut pack = pack(vec![("r", require("Visit", "v", known(path("Visit", "v.at"))))]);
    pack.actions.clear();
    pack.waivers.clear();
    assert_eq!(reason(&pack, "Visit"), Ok(()));

    let other = Binder { var: "w".into(), over: Domain::Records("Visit".into()) };
    let mut searched = require("Visit", "v", known(path("Visit", "v.at")));
    let again = e("Bool", Node::Some { binder: other.clone(), condition: Box::new(yes()) });
    searched.when.push(cond("another one", again));
    pack.rules.insert("r".into(), searched);
    assert_eq!(reason(&pack, "Visit"), Err("`r` looks at all of them".to_owned()));

    let mut paired = require("Visit", "v", known(path("Visit", "v.at")));
    paired.for_each.push(other);
    pack.rules.insert("r".into(), paired);
    assert_eq!(reason(&pack, "Visit"), Err("`r` looks at all of them".to_owned()));
}

#[test]
fn what_others_need_is_kept() {
    let pack = pack(vec![("r", report_in_24_hours())]);
    assert!(reason(&pack, "Report").is_err(), "it shows acts and corrects reports");
    assert_eq!(reason(&pack, "Victim"), Err("`victims` of an Incident holds it".to_owned()));
    let unit = reason(&pack, "Unit").expect_err("units are referred to");
    assert!(unit.contains("refers to it"), "{unit}");
}
