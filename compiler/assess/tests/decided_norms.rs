//! The decided cases of the reference semantics on duties that last or recur, on rules that override others, on editions and
//! on what was known when.

mod shapes;
use mandate_assess::{Facts, FactsFile, Options, assess, run_scenarios};
use mandate_pack::*;
use serde_json::json;
use shapes::cases::short;
use shapes::cases::*;
use shapes::*;
use std::collections::BTreeMap;

fn r() -> Rule {
    report_in_24_hours()
}

fn holds(field: &str) -> Condition {
    cond(field, eq(path("Incident", field), yes()))
}

/// A rule that forbids the report that `r` asks for, and overrides it.
fn secret() -> Rule {
    Rule {
        overrides: vec![RuleRef { rule: "r".into(), args: vec![i()] }],
        ..rule("i", "Incident", norm("unit_commander", Modal::MustNot, "report", i(), None))
    }
}

fn overridden_by(name: &'static str, status: &'static str, secret: Rule, facts: &'static str) -> Decided {
    case(name, r(), facts, 72, status).beside("secret", secret)
}

#[test]
fn rules_that_override() {
    let waivable = Waivable {
        waiver: "extension".into(),
        args: vec![i()],
        floor: Some(variant("Rank", "battalion")),
        exceptional_floor: None,
        longest: None,
    };
    let allowed = Rule {
        overrides: vec![RuleRef { rule: "secret".into(), args: vec![i()] }],
        ..rule("i", "Incident", norm("unit_commander", Modal::May, "report", i(), None))
    };
    let ours = Rule {
        overrides: vec![RuleRef { rule: "r".into(), args: vec![s()] }],
        when: vec![cond("ours", eq(path("Site", "s.ours"), yes()))],
        ..rule("s", "Site", norm("commander", Modal::May, "use", s(), None))
    };
    let ban = rule("s", "Site", norm("commander", Modal::MustNot, "use", s(), None));
    let seen = "Incident I observed_at=@8";
    all_hold(vec![
        overridden_by("overridden", "overridden", secret(), seen),
        overridden_by(
            "overriding rule undetermined",
            "undetermined",
            Rule { when: vec![holds("i.secret")], ..secret() },
            seen,
        )
        .possible(&["overridden", "violated"])
        .missing(&["I.secret"]),
        overridden_by(
            "overriding rule exempt",
            "violated",
            Rule { unless: vec![holds("i.open")], ..secret() },
            "Incident I observed_at=@8 open=true",
        ),
        overridden_by("overriding rule overridden: reinstated", "violated", secret(), seen).beside("allowed", allowed),
        case("permission overrides ban", ban, "Site S ours=true; Use U at=@10", 72, "overridden").beside("p", ours),
        overridden_by(
            "overriding rule waived",
            "violated",
            Rule { waivable: Some(waivable), ..secret() },
            "Incident I observed_at=@8; Waiver W incident=I rule=secret approved_at=@1 from=@1 to=@90",
        ),
        case(
            "own exception before override",
            Rule {
                unless: vec![cond(
                    "refuted",
                    eq(path("Incident", "i.verification"), variant("Verification", "refuted")),
                )],
                ..r()
            },
            "Incident I observed_at=@8 verification=refuted",
            72,
            "exempt",
        )
        .beside("secret", secret()),
    ]);
}

#[test]
fn a_finding_names_the_rules_that_override_and_limit_it() {
    let narrower =
        Rule { overrides: Vec::new(), limits: vec![RuleRef { rule: "r".into(), args: vec![i()] }], ..secret() };
    let pack = pack(vec![("r", r()), ("secret", secret()), ("narrower", narrower)]);
    let as_of = clock(72).parse().expect("time");
    let found = run(&pack, &facts("Incident I observed_at=@8; Incident J observed_at=@8"), as_of, "r");
    let others = |rules: &[mandate_assess::OtherRule]| {
        rules.iter().map(|o| format!("{}({})", o.rule, o.subject[0].id)).collect::<Vec<_>>()
    };
    assert_eq!(others(&found[0].overridden_by), ["secret(I)"]);
    assert_eq!(others(&found[0].limited_by), ["narrower(I)"]);
    assert_eq!(others(&found[1].overridden_by), ["secret(J)"]);
}

/// Somebody holds the post from its opening until it is closed, with gaps of 30 hours at most.
fn keep() -> Rule {
    let p = || e("Post", Node::Var("p".into()));
    let window = Window::Lasting(Lasting {
        from: path("Post", "p.opened_at"),
        end: Some(End::Until(path("Post", "p.closed_at"))),
        gap: Some(hours(30)),
    });
    let norm = Norm { bearer: Bearer::Everyone, ..norm("clerk", Modal::Must, "hold", p(), Some(window)) };
    Rule { when: vec![cond("opened", known(path("Post", "p.opened_at")))], ..rule("p", "Post", norm) }
}

#[test]
fn duties_that_last() {
    let of = |name, facts, as_of, status| case(name, keep(), facts, as_of, status);
    all_hold(vec![
        of("covered so far, open-ended", "Post P opened_at=@0; Appt A from=@0", 100, "satisfied"),
        of("gap within tolerance", "Post P opened_at=@0; Appt A from=@0 to=@40; Appt B from=@52", 100, "satisfied"),
        of("gap too long", "Post P opened_at=@0; Appt A from=@0 to=@40; Appt B from=@85", 100, "violated")
            .also(Also { since: Some(70), ..Also::default() }),
        of("open gap within tolerance", "Post P opened_at=@0; Appt A from=@0 to=@90", 100, "pending")
            .also(Also { due: Some(120), ..Also::default() }),
        of("start of cover unknown", "Post P opened_at=@0; Appt A", 100, "undetermined")
            .missing(&["A.from"])
            .possible(&["satisfied", "violated"]),
        of("end reached, covered", "Post P opened_at=@0 closed_at=@80; Appt A from=@0 to=@79", 100, "satisfied"),
        of("not begun", "Post P opened_at=@90", 80, "pending").also(Also { due: Some(90), ..Also::default() }),
        of("closed before it was opened", "Post P opened_at=@50 closed_at=@40", 80, "none"),
        of("end of cover unknown", "Post P opened_at=@0; Appt A from=@0 to=@20..90", 100, "undetermined")
            .possible(&["violated", "pending"]),
    ]);
}

#[test]
fn what_was_not_covered_is_said() {
    let pack = pack(vec![("r", keep())]);
    let told = facts("Post P opened_at=@0; Appt A from=@0 to=@40; Appt B from=@85 to=@90; Appt C from=@150");
    let found = run(&pack, &told, clock(200).parse().expect("time"), "r");
    let stretches: Vec<_> = found[0].uncovered.iter().map(|s| format!("{} {}", s.from, s.to)).collect();
    assert_eq!(
        stretches,
        ["2024-01-02T16:00Z 2024-01-04T13:00Z", "2024-01-04T18:00Z 2024-01-07T06:00Z"],
        "the gaps longer than 30 hours"
    );
}

fn visits() -> Rule {
    let window = Window::Every(Recurring {
        every: hours(10),
        from: path("Site", "s.since"),
        end: Some(End::To(path("Site", "s.until"))),
    });
    let norm = Norm { bearer: Bearer::Everyone, ..norm("commander", Modal::Must, "visit", s(), Some(window)) };
    rule("s", "Site", norm)
}

/// Status of every round, in order.
fn rounds(told: &str, as_of: i64) -> Vec<String> {
    let found = run(&pack(vec![("r", visits())]), &facts(told), clock(as_of).parse().expect("time"), "r");
    let mut rounds: Vec<_> =
        found.iter().map(|f| (f.round.as_ref().map_or(0, |r| r.number), f.status.word().to_owned())).collect();
    rounds.sort();
    rounds.into_iter().map(|(_, status)| status).collect()
}

#[test]
fn duties_that_recur() {
    let site = "Site S since=@0 until=@100";
    // Each round has its own finding.
    assert_eq!(rounds(&format!("{site}; Visit T at=@3; Visit U at=@12"), 25), ["satisfied", "satisfied", "pending"]);
    // A late act counts for the next round only.
    assert_eq!(rounds(&format!("{site}; Visit T at=@3; Visit U at=@21"), 29), ["satisfied", "violated", "satisfied"]);
    // An act on the boundary belongs to the earlier round.
    assert_eq!(rounds(&format!("{site}; Visit T at=@10"), 19), ["satisfied", "pending"]);
    // A round that cannot end before the end is not owed.
    assert_eq!(rounds("Site S since=@0 until=@15; Visit T at=@5", 90), ["satisfied"]);
    // Without a start nobody can tell the rounds.
    assert_eq!(rounds("Site S until=@15; Visit T at=@5", 90), ["undetermined"]);
    // No round has begun.
    assert_eq!(rounds("Site S since=@50", 40), [""; 0]);
}

#[test]
fn of_very_many_rounds_the_last_are_judged() {
    let mut pack = pack(vec![("r", visits())]);
    let window = Window::Every(Recurring {
        every: e("Duration", Node::Duration(Duration { seconds: 1, ..Duration::default() })),
        from: at(0),
        end: None,
    });
    pack.rules.get_mut("r").expect("rule").norm.time = Some(window);
    pack.seal();
    let found = run(&pack, &facts("Site S"), "2033-01-01T00:00:00Z".parse().expect("time"), "r");
    assert_eq!(found.len(), 10_000);
    assert!(found[0].flags.iter().any(|flag| flag.contains("the last 10000")), "{:?}", found[0].flags);
}

#[test]
fn editions() {
    let cites = |source: &str| Rule { cites: vec![cite(source, "1")], ..r() };
    let event = "Incident I observed_at=@24";
    all_hold(vec![
        case("event on the day the edition ended: the old one", cites("until_day_1"), event, 72, "none"),
        case("event on the day the edition ends", cites("from_day_1"), event, 72, "violated"),
        case(
            "the edition of the rule itself",
            Rule { in_force_from: Some("2024-01-02".into()), ..r() },
            "Incident I observed_at=@8",
            72,
            "none",
        ),
        case(
            "a prohibition is judged by the law of the act",
            Rule {
                cites: vec![cite("from_day_1", "1")],
                ..rule("s", "Site", norm("commander", Modal::MustNot, "use", s(), Some(Window::Before(at(50)))))
            },
            "Site S; Use U at=@10",
            72,
            "satisfied",
        ),
    ]);
}

#[test]
fn imprecise_and_undated_acts() {
    let by = |t: Expr| report(Some(Window::By(t)));
    let plus_24 = || {
        let sum = Node::Arith {
            op: Arithmetic::Add,
            left: Box::new(path("Incident", "i.observed_at")),
            right: Box::new(hours(24)),
        };
        by(e("Time", sum))
    };
    all_hold(vec![
        case(
            "clock start not before a known bound",
            plus_24(),
            "Incident I observed_at=@8..20; Report R sent_at=@30",
            72,
            "satisfied",
        ),
        case("clock start missing, act done", plus_24(), "Incident I; Report R sent_at=@30", 72, "undetermined")
            .possible(&["satisfied", "violated"]),
        case(
            "act before the clock starts",
            plus_24(),
            "Incident I observed_at=@8; Report R sent_at=@6",
            72,
            "satisfied",
        ),
        case("undated act, as of before due", plus_24(), "Incident I observed_at=@8; Report R", 20, "satisfied"),
        case(
            "undated act, entered before due",
            plus_24(),
            "Incident I observed_at=@8; Report R recorded_at=@20",
            72,
            "satisfied",
        ),
        case(
            "day-precise act the day before",
            plus_24(),
            "Incident I observed_at=@8; Report R sent_at=day0",
            72,
            "satisfied",
        ),
        case(
            "dangling reference",
            require("Incident", "i", eq(path("Incident", "i.unit.nation"), e("Nation", Node::Nation("DEU".into())))),
            "Incident I",
            1,
            "undetermined",
        )
        .missing(&["I.unit"]),
    ]);
}

#[test]
fn values_that_change_are_read_at_the_instant_that_counts() {
    let is = |value: &str| cond(value, eq(path("Incident", "i.state"), variant("Verification", value)));
    let unless = || Rule { unless: vec![is("refuted")], ..r() };
    all_hold(vec![
        case(
            "exception came true after the breach (history kept)",
            unless(),
            "Incident I observed_at=@8 state=~8:alleged,60:refuted",
            72,
            "violated",
        ),
        case(
            "exception came true before the breach",
            unless(),
            "Incident I observed_at=@8 state=~8:alleged,20:refuted",
            72,
            "exempt",
        ),
        case(
            "trigger later ceases",
            Rule { when: vec![is("alleged")], ..r() },
            "Incident I observed_at=@8 state=~8:alleged,20:refuted",
            72,
            "violated",
        ),
        case(
            "before the first entry nothing is known",
            Rule { when: vec![is("alleged")], ..r() },
            "Incident I observed_at=@8 state=~20:refuted",
            72,
            "undetermined",
        )
        .missing(&["I.state"])
        .possible(&["not applicable", "violated"]),
        case(
            "a name for a value is read where it is used",
            Rule {
                lets: vec![Let { name: "state".into(), value: path("Incident", "i.state") }],
                when: vec![cond(
                    "alleged",
                    eq(e("enum Verification?", Node::Var("state".into())), variant("Verification", "alleged")),
                )],
                ..r()
            },
            "Incident I observed_at=@8 state=~8:alleged,20:refuted",
            72,
            "violated",
        ),
    ]);
}

#[test]
fn data_taken_later_than_the_assessment() {
    let pack = pack(vec![("r", report(Some(Window::By(at(32)))))]);
    let told = format!("taken_at: \"{}\"\n{}", clock(100), facts("Incident I; Report R"));
    let found = run(&pack, &told, clock(20).parse().expect("time"), "r");
    assert_eq!(found[0].status.word(), "pending", "as of the past: the act may be later");
}

#[test]
fn a_restricted_value_is_unknown_and_named_so() {
    let pack = pack(vec![("r", r())]);
    let told = facts("Incident I").replace("{id: I", "{id: I, observed_at: {restricted: true}");
    let found = run(&pack, &told, clock(72).parse().expect("time"), "r");
    assert_eq!((found[0].status.word(), &*found[0].missing[0]), ("undetermined", "I.observed_at (restricted)"));
}

#[test]
fn a_feed_that_is_not_complete_proves_nothing_by_silence() {
    let pack = pack(vec![("r", r())]);
    let told = format!("complete: {{Report: false}}\n{}", facts("Incident I observed_at=@8"));
    let found = run(&pack, &told, clock(72).parse().expect("time"), "r");
    assert_eq!(found[0].status.word(), "undetermined");
    let words: Vec<_> = found[0].possible.iter().map(|o| o.word()).collect();
    assert_eq!(words, ["violated", "satisfied"]);
}

#[test]
fn each_record_of_an_act_is_judged_in_place_of_may_only() {
    let only = || require("Share", "x", eq(path("Share", "x.consented"), yes()));
    all_hold(vec![
        case("may only: no act", only(), "Incident I", 9, "none"),
        case("may only: condition unknown", only(), "Share H at=@3", 9, "undetermined").missing(&["H.consented"]),
        case("may only: condition false", only(), "Share H at=@3 consented=false", 9, "violated"),
        case("may only: condition true", only(), "Share H at=@3 consented=true", 9, "satisfied"),
    ]);
}

/// Whether the report of hour 20, entered at hour 90, is expected to count as known at an hour.
fn as_known_at(known_at: Option<i64>, status: &str) -> bool {
    let mut pack = pack(vec![("r", r())]);
    let fact = |record: &str, name: &str, fields: serde_json::Value| Fact {
        record: record.into(),
        name: name.into(),
        line: 1,
        fields: serde_json::from_value(fields).expect("an object"),
    };
    let report = json!({ "incident": "inc", "channel": "chain", "sender": "uc", "sent_at": clock(20), "recorded_at": clock(90) });
    pack.scenarios.push(Scenario {
        title: "late entry".into(),
        origin: Origin { file: "s.man".into(), line: 1 },
        as_of: at(72),
        known_at: known_at.map(at),
        set: BTreeMap::new(),
        data_through: BTreeMap::new(),
        facts: vec![
            fact("Post", "uc", json!({ "role": "unit_commander" })),
            fact("Incident", "inc", json!({ "observed_at": clock(8) })),
            fact("Report", "rep", report),
        ],
        expect: vec![Expectation {
            text: "expect".into(),
            line: 1,
            rule: "r".into(),
            subject: None,
            status: status.into(),
            late_by: None,
            due: None,
            since: None,
            missing: Vec::new(),
            flagged: Vec::new(),
            then: Vec::new(),
            uncovered: None,
        }],
    });
    pack.seal();
    run_scenarios(&pack).remove(0).passed
}

#[test]
fn a_late_entry_as_known_then() {
    assert!(as_known_at(Some(72), "violated"), "as known at 72 the report was not on file");
    assert!(as_known_at(Some(90), "satisfied"));
    assert!(as_known_at(None, "satisfied"), "without `known at` every record counts");
}

#[test]
fn facts_too_are_judged_as_known_then() {
    let pack = pack(vec![("r", r())]);
    let yaml = facts(
        "Incident inc observed_at=@8; \
         Report early incident=inc channel=radio sender=uc sent_at=@10; \
         Report late incident=inc channel=chain sender=uc sent_at=@20 recorded_at=@90",
    );
    let (facts, faults) = Facts::load(&pack, &[FactsFile { name: "facts.yaml".into(), bytes: yaml.into_bytes() }]);
    assert!(faults.is_empty(), "{faults:?}");
    let instant = |hour: i64| clock(hour).parse().expect("an instant");
    let known_at = |hour: Option<i64>| {
        let options = Options { known_at: hour.map(instant), ..Options::at(instant(72)) };
        let found = assess(&pack, &facts, &options).expect("sound");
        assert_eq!(found.known_at, hour.map(short));
        (found.findings[0].status.word(), found.instants())
    };
    assert_eq!(known_at(Some(89)), ("violated", format!("as of {}, as known at {}", short(72), short(89))));
    assert_eq!(known_at(Some(90)).0, "satisfied");
    assert_eq!(known_at(None), ("satisfied", format!("as of {}", short(72))));
}
