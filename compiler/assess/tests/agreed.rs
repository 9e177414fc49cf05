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

#[test]
fn the_sum_of_no_lengths_of_time_is_a_length_of_time() {
    let sum = Node::Fold {
        op: Fold::Sum,
        value: Box::new(hours(1)),
        binder: Binder { var: "r".into(), over: Domain::Records("Report".into()) },
        condition: Box::new(e("Bool", Node::Bool(true))),
    };
    let nothing = require("Incident", "i", cmp(Comparison::Eq, hours(0), e("Duration?", sum)));
    assert_eq!(status(nothing.clone(), "Incident I", 60).0, "satisfied");
    assert_eq!(status(nothing, "Incident I; Report R", 60).0, "violated");
}

/// Nobody may use a site over a time.
fn lasting_ban(time: Option<Window>) -> Rule {
    let ban = norm("commander", Modal::MustNot, "use_lasting", s(), time);
    rule("s", "Site", Norm { bearer: Bearer::Everyone, ..ban })
}

fn waivable(rule: Rule) -> Rule {
    let waivable =
        Waivable { waiver: "necessity".into(), args: vec![s()], floor: None, exceptional_floor: None, longest: None };
    Rule { waivable: Some(waivable), ..rule }
}

#[test]
fn a_ban_for_some_hours_after_a_day_may_not_have_begun_within_the_day() {
    let ban = lasting_ban(Some(Window::WithinAfter(hours(8), e("Date", Node::Date("2024-01-02".into())))));
    let given = "Site S; Use U site=S from=@20 to=@80";
    assert_eq!(status(ban.clone(), given, 24).0, "undetermined");
    assert_eq!(status(ban, given, 60).0, "violated");
}

#[test]
fn waivers_that_follow_on_each_other_cover_an_act_between_them() {
    let ban = norm("commander", Modal::MustNot, "visit", s(), None);
    let ban = waivable(rule("s", "Site", Norm { bearer: Bearer::Everyone, ..ban }));
    let given = |second: i64| {
        format!("Site S; Visit V at=day1; Waiver A site=S from=@5 to=@30; Waiver B site=S from=@{second} to=@60")
    };
    assert_eq!(status(ban.clone(), &given(30), 70).0, "waived");
    assert_eq!(status(ban, &given(31), 70).0, "undetermined");
}

#[test]
fn a_partly_waived_act_is_overridden_by_what_was_active_when_it_began() {
    let ban =
        |from: i64, overrides: Vec<RuleRef>| Rule { overrides, ..lasting_ban(Some(Window::During(period(from, 200)))) };
    let over = || vec![RuleRef { rule: "r".into(), args: vec![s()] }];
    let given = "Site S; Use U site=S from=@10 to=@90; Waiver W site=S from=@5 to=@30";
    let outcome = |from: i64| {
        let pack = pack(vec![("over", ban(from, over())), ("r", waivable(lasting_ban(None)))]);
        let found = run(&pack, &facts(given), clock(70).parse().expect("time"), "r");
        (found[0].status.word(), found[0].since.clone())
    };
    assert_eq!(outcome(20), ("violated", Some("2024-01-02T06:00Z".to_owned())));
    assert_eq!(outcome(8).0, "overridden");
}

#[test]
fn a_breach_that_is_only_possible_weighs_by_its_own_texts_where_the_sure_one_was_repaired() {
    let grade = |endorsed: bool| {
        let advice = norm("commander", Modal::ShouldNot, "report", i(), None);
        let repair = norm("commander", Modal::Must, "inform", i(), Some(Window::Within(hours(4))));
        let rule = Rule {
            cites: vec![cite("until_day_2", "1")],
            otherwise: vec![Norm { bearer: Bearer::Everyone, ..repair }],
            ..rule("i", "Incident", Norm { bearer: Bearer::Everyone, ..advice })
        };
        let mut pack = pack(vec![("r", rule)]);
        if let Some(source) = pack.sources.get_mut("until_day_2") {
            source.force = Force::Voluntary;
            source.in_force_until = None;
        }
        if endorsed {
            pack.endorsements.push(Endorsement { source: "until_day_2".into(), party: None, from: None, by: None });
        }
        pack.seal();
        let given = "Incident I; Report A sent_at=@10; Notice N at=@12; Report B sent_at=-";
        let found = run(&pack, &facts(given), clock(60).parse().expect("time"), "r");
        (found[0].status.word(), found[0].grade)
    };
    assert_eq!(grade(true), ("violated", mandate_assess::Grade::Violation));
    assert_eq!(grade(false), ("violated", mandate_assess::Grade::Advice));
}
