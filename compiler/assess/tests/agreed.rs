//! Cases on which the engine and the oracle (`tests/oracle`) once differed.

mod shapes;
use mandate_pack::*;
use shapes::*;

fn status(rule: Rule, given: &str, as_of: i64) -> (String, Vec<String>) {
    let pack = pack(vec![("r", rule)]);
    let found = run(&pack, &facts(given), clock(as_of).parse().expect("time"), "r");
    let first = found.first().expect("a finding");
    (first.status.word().to_owned(), first.missing.clone())
}

fn period(from: i64, to: i64) -> Expr {
    e("Period", Node::Period { from: Box::new(at(from)), to: Box::new(at(to)) })
}

#[test]
fn an_act_of_which_the_end_is_not_known_ended_after_it_began() {
    let ban = norm("commander", Modal::MustNot, "use_lasting", s(), Some(Window::During(period(5, 20))));
    let ban = rule("s", "Site", Norm { bearer: Bearer::Everyone, ..ban });
    assert_eq!(status(ban, "Site S; Use U site=S from=@10", 60).0, "violated");
}

#[test]
fn hours_before_a_day_are_counted_from_its_begin() {
    let before = report(Some(Window::WithinBefore(hours(24), path("Incident", "i.due_on"))));
    let given = |hour: i64| format!("Incident I due_on=day2; Report R sent_at=@{hour}");
    assert_eq!(status(before.clone(), &given(24), 100).0, "satisfied");
    assert_eq!(status(before, &given(23), 100).0, "violated");
}

#[test]
fn a_difference_is_compared_from_either_side() {
    let since = |a: &str, b: &str| {
        let node = Node::Arith {
            op: Arithmetic::Sub,
            left: Box::new(path("Incident", a)),
            right: Box::new(path("Incident", b)),
        };
        e("Duration?", node)
    };
    let given = "Incident I x=@50";
    let left = require("Incident", "i", cmp(Comparison::Lt, since("i.x", "i.ended_at"), hours(24)));
    let right = require("Incident", "i", cmp(Comparison::Gt, hours(24), since("i.x", "i.ended_at")));
    assert_eq!(status(left, given, 60).0, "satisfied");
    assert_eq!(status(right, given, 60).0, "satisfied");
}

#[test]
fn every_item_of_which_one_is_not_known_names_what_is_missing() {
    let binder = Binder { var: "x".into(), over: Domain::Records("Report".into()) };
    let condition = Box::new(path("Report", "x.incident.pid"));
    let every = require("Incident", "i", e("Bool", Node::Every { binder, condition }));
    let given = "Incident I; Report R incident=-";
    assert_eq!(status(every, given, 60), ("undetermined".into(), vec!["R.incident".to_owned()]));
}
