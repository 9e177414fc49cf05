//! The decided cases of the reference semantics: rule, facts, as of (hours), outcome, reason. Those on duties that last or
//! recur, on overriding rules and on what was known when stand in `decided_norms`.
//!
//! Two are written otherwise here: `may only` is not in the language (a constraint on each record of the act stands in its
//! place), and `within D of T` is `by T + D`.

mod shapes;
use mandate_pack::*;
use shapes::cases::*;
use shapes::*;

fn r() -> Rule {
    report_in_24_hours()
}

fn due_on() -> Expr {
    path("Incident", "i.due_on")
}

#[test]
fn deadlines() {
    let annex =
        |time| rule("p", "Plan", norm("clerk", Modal::Must, "annex", e("Plan", Node::Var("p".into())), Some(time)));
    let before_approval = || annex(Window::Before(path("Plan", "p.approved_at")));
    let within_2_days = || report(Some(Window::WithinAfter(days(2), due_on())));
    let ends = || report(Some(Window::WithinAfter(hours(24), path("Incident", "i.ended_at"))));
    let commander =
        || Rule { norm: Norm { bearer: Bearer::Role { role: "commander".into(), of: None }, ..r().norm }, ..r() };
    all_hold(vec![
        case("in time", r(), "Incident I observed_at=@8; Report R sent_at=@28", 72, "satisfied"),
        case("six hours late", r(), "Incident I observed_at=@8; Report R sent_at=@38", 72, "violated").also(Also {
            late_by: Some("6 hours"),
            due: Some(32),
            since: Some(32),
            ..Also::default()
        }),
        case("not yet due", r(), "Incident I observed_at=@8", 18, "pending")
            .also(Also { due: Some(32), ..Also::default() }),
        case("now is exactly the due instant", r(), "Incident I observed_at=@8", 32, "pending"),
        case("act at exactly the due instant", r(), "Incident I observed_at=@8; Report R sent_at=@32", 72, "satisfied"),
        case("clock start missing, no act", r(), "Incident I", 72, "undetermined")
            .missing(&["I.observed_at"])
            .possible(&["pending", "violated"]),
        // An act before T does not count here, so that the report may also have come too early.
        case("clock start missing, act done", r(), "Incident I; Report R sent_at=@30", 72, "undetermined")
            .missing(&["I.observed_at"]),
        case(
            "imprecise start, in time for all",
            r(),
            "Incident I observed_at=@8..20; Report R sent_at=@30",
            72,
            "satisfied",
        ),
        case(
            "imprecise start straddles",
            r(),
            "Incident I observed_at=@8..20; Report R sent_at=@40",
            72,
            "undetermined",
        )
        .missing(&["I.observed_at"])
        .possible(&["satisfied", "violated"]),
        case(
            "imprecise start, late for all",
            r(),
            "Incident I observed_at=@8..20; Report R sent_at=@50",
            72,
            "violated",
        ),
        case("clock starts in the future", r(), "Incident I observed_at=@100", 50, "pending")
            .also(Also { due: Some(124), ..Also::default() }),
        case("clock start has not happened (never)", ends(), "Incident I", 50, "pending"),
        case("act before the clock starts", r(), "Incident I observed_at=@8; Report R sent_at=@6", 72, "violated"),
        case("planned act in the future", r(), "Incident I observed_at=@8; Report R sent_at=@30", 20, "pending"),
        case("undated act, as of after due", r(), "Incident I observed_at=@8; Report R", 72, "undetermined")
            .missing(&["R.sent_at"])
            .possible(&["satisfied", "violated"]),
        case(
            "day-precise act on the due day",
            r(),
            "Incident I observed_at=@8; Report R sent_at=day1",
            72,
            "undetermined",
        )
        .missing(&["R.sent_at"]),
        case(
            "day-precise act before the due day",
            r(),
            "Incident I observed_at=@-16; Report R sent_at=day0",
            72,
            "undetermined",
        ),
        case(
            "day-precise act inside the window",
            r(),
            "Incident I observed_at=@20; Report R sent_at=day1",
            96,
            "undetermined",
        ),
        case("wrong performer", r(), "Incident I observed_at=@8; Report R sent_at=@20 sender=clerk", 72, "violated"),
        case(
            "more specific performer",
            commander(),
            "Incident I observed_at=@8; Report R sent_at=@20",
            72,
            "satisfied",
        ),
        case("performer missing", r(), "Incident I observed_at=@8; Report R sent_at=@20 sender=-", 72, "undetermined")
            .missing(&["R.sender"]),
        case(
            "possible evidence after due",
            r(),
            "Incident I observed_at=@8; Report R sent_at=@20 channel=-",
            72,
            "undetermined",
        )
        .missing(&["R.channel"]),
        case(
            "possible evidence before due",
            r(),
            "Incident I observed_at=@8; Report R sent_at=@17 channel=-",
            18,
            "pending",
        ),
        case(
            "one possible, one sure",
            r(),
            "Incident I observed_at=@8; Report R sent_at=@20 channel=-; Report Q sent_at=@21",
            72,
            "satisfied",
        ),
        case(
            "correction replaces evidence",
            r(),
            "Incident I observed_at=@8; Report R sent_at=@20; Report Q sent_at=@40 supersedes=R",
            72,
            "violated",
        ),
        case("no deadline", report(None), "Incident I observed_at=@8", 9999, "pending"),
        case("before T: act at T", before_approval(), "Plan P approved_at=@50; Annex A added_at=@50", 60, "violated"),
        case(
            "before T: just before",
            before_approval(),
            "Plan P approved_at=@50; Annex A added_at=@49",
            60,
            "satisfied",
        ),
        case("before T: T has not happened, done", before_approval(), "Plan P; Annex A added_at=@40", 60, "satisfied"),
        case("before T: T has not happened, not done", before_approval(), "Plan P", 60, "pending"),
        case(
            "by a date, late that evening",
            report(Some(Window::By(due_on()))),
            "Incident I due_on=day2; Report R sent_at=@71",
            100,
            "satisfied",
        ),
        case(
            "by a date, the next morning",
            report(Some(Window::By(due_on()))),
            "Incident I due_on=day2; Report R sent_at=@72",
            100,
            "violated",
        ),
        case(
            "before a date, that morning",
            report(Some(Window::Before(due_on()))),
            "Incident I due_on=day2; Report R sent_at=@49",
            100,
            "violated",
        ),
        case(
            "within days of a date",
            within_2_days(),
            "Incident I due_on=day1; Report R sent_at=@95",
            200,
            "satisfied",
        ),
        case(
            "within days of a date, after the last",
            within_2_days(),
            "Incident I due_on=day1; Report R sent_at=@96",
            200,
            "violated",
        ),
        case(
            "within D before T, inside",
            annex(Window::WithinBefore(hours(10), path("Plan", "p.approved_at"))),
            "Plan P approved_at=@50; Annex A added_at=@45",
            60,
            "satisfied",
        ),
        case(
            "within D before T, too early",
            annex(Window::WithinBefore(hours(10), path("Plan", "p.approved_at"))),
            "Plan P approved_at=@50; Annex A added_at=@30",
            60,
            "violated",
        ),
        case(
            "during P, inside",
            report(Some(Window::During(period(10, 20)))),
            "Incident I; Report R sent_at=@10",
            60,
            "satisfied",
        ),
        case(
            "during P, at its end",
            report(Some(Window::During(period(10, 20)))),
            "Incident I; Report R sent_at=@20",
            60,
            "violated",
        ),
        case(
            "a zero duration is due at T itself",
            report(Some(Window::WithinAfter(hours(0), path("Incident", "i.observed_at")))),
            "Incident I observed_at=@8; Report R sent_at=@8",
            60,
            "satisfied",
        ),
    ]);
}

fn period(from: i64, to: i64) -> Expr {
    e("Period", Node::Period { from: Box::new(at(from)), to: Box::new(at(to)) })
}

#[test]
fn silence_proves_a_breach_only_while_the_feed_is_complete() {
    let pack = pack(vec![("r", r())]);
    let with =
        |hour: i64| format!("data_through: {{Report: \"{}\"}}\n{}", clock(hour), facts("Incident I observed_at=@8"));
    let as_of = clock(72).parse().expect("time");
    let stopped = run(&pack, &with(20), as_of, "r");
    assert_eq!(stopped[0].status.word(), "undetermined");
    assert_eq!(stopped[0].missing, ["Report records after 2024-01-01T20:00Z"]);
    assert_eq!(run(&pack, &with(40), as_of, "r")[0].status.word(), "violated");
}

#[test]
fn as_of_a_date_is_the_end_of_that_day() {
    let pack = pack(vec![("r", r())]);
    let day = mandate_assess::instant(&pack, "2024-01-02").expect("a day");
    let found = run(&pack, &facts("Incident I observed_at=@8; Report R sent_at=@30"), day, "r");
    assert_eq!(found[0].status.word(), "satisfied");
}

#[test]
fn applicability_and_exceptions() {
    let invited = || Rule { when: vec![cond("invited", eq(path("Incident", "i.invited"), yes()))], ..r() };
    let refuted = || cond("refuted", eq(path("Incident", "i.verification"), variant("Verification", "refuted")));
    let unless = || Rule { unless: vec![refuted()], ..r() };
    let both = || Rule { unless: vec![refuted()], ..invited() };
    let cites = |source: &str| Rule { cites: vec![cite(source, "1")], ..r() };
    let three = &["not applicable", "pending", "violated"];
    all_hold(vec![
        case("does not apply", invited(), "Incident I invited=false observed_at=@8", 72, "none"),
        case("applicability unknown, broken", invited(), "Incident I observed_at=@8", 72, "undetermined")
            .missing(&["I.invited"])
            .possible(&["not applicable", "violated"]),
        case(
            "applicability unknown, done",
            invited(),
            "Incident I observed_at=@8; Report R sent_at=@20",
            72,
            "undetermined",
        )
        .possible(&["not applicable", "satisfied"])
        .harmless(),
        case("exception holds", unless(), "Incident I observed_at=@8 verification=refuted", 72, "exempt"),
        case(
            "exception holds, act done anyway",
            unless(),
            "Incident I observed_at=@8 verification=refuted; Report R sent_at=@20",
            72,
            "exempt",
        ),
        case("exception unknown, breach known", unless(), "Incident I observed_at=@8", 72, "undetermined")
            .missing(&["I.verification"])
            .possible(&["exempt", "violated"]),
        case(
            "exception unknown, done",
            unless(),
            "Incident I observed_at=@8; Report R sent_at=@20",
            72,
            "undetermined",
        )
        .harmless(),
        case(
            "when unknown, exception holds",
            both(),
            "Incident I observed_at=@8 verification=refuted",
            72,
            "undetermined",
        )
        .possible(&["not applicable", "exempt"])
        .harmless(),
        case("in force later than the event", cites("from_day_1"), "Incident I observed_at=@8", 72, "none"),
        case("edition ends while the duty runs", cites("until_day_1"), "Incident I observed_at=@8", 72, "violated"),
        case("event at the instant the edition ended", cites("until_day_1"), "Incident I observed_at=@24", 72, "none"),
        case(
            "event at the instant the new edition begins",
            cites("from_day_1"),
            "Incident I observed_at=@24",
            72,
            "violated",
        ),
        case(
            "one of two cited sources in force",
            Rule { cites: vec![cite("from_day_1", "1"), cite("until_day_1", "1")], ..r() },
            "Incident I observed_at=@8",
            72,
            "violated",
        ),
        case("in force, event time missing", cites("from_day_1"), "Incident I", 72, "undetermined").possible(three),
    ]);
}

#[test]
fn three_valued_corner_cases() {
    let c = |expr| require("Incident", "i", expr);
    let victim = || Binder { var: "v".into(), over: Domain::Items(Box::new(path("Incident", "i.victims"))) };
    let child = || Box::new(cmp(Comparison::Lt, path("Victim", "v.age"), int(18)));
    let some = || c(e("Bool", Node::Some { binder: victim(), condition: child() }));
    let every = || c(e("Bool", Node::Every { binder: victim(), condition: child() }));
    let count = |n| c(cmp(Comparison::Ge, e("Int", Node::Count { binder: victim(), condition: child() }), int(n)));
    let a_is_1 = || eq(path("Incident", "i.a"), int(1));
    let or = |a, b| e("Bool", Node::Or(vec![a, b]));
    let b_is_2 = || eq(path("Incident", "i.b"), int(2));
    let same_branches =
        e("Bool", Node::If { condition: Box::new(a_is_1()), then: Box::new(b_is_2()), otherwise: Box::new(b_is_2()) });
    let list = e("list of Int", Node::List(vec![int(1), int(2)]));
    let a_in = e("Bool", Node::In { value: Box::new(path("Incident", "i.a")), list: Box::new(list) });
    let inside = |from: &str, to: &str| {
        let p =
            e("Period", Node::Period { from: Box::new(path("Incident", from)), to: Box::new(path("Incident", to)) });
        c(e("Bool", Node::Covers(Box::new(period(0, 50)), Box::new(p))))
    };
    let lift = |name: &str, ok: &str, unless: Option<&str>| NamedCondition {
        name: name.into(),
        condition: eq(path("Incident", ok), yes()),
        unless: unless.map(|u| eq(path("Incident", u), yes())),
    };
    let lifted = || {
        c(e("Bool", Node::All(vec![lift("pid", "i.pid", None), lift("clearance", "i.clear", Some("i.self_defence"))])))
    };
    let still =
        require("Consent", "c", cmp(Comparison::Gt, path("Consent", "c.withdrawn_at"), path("Consent", "c.sent_at")));
    all_hold(vec![
        case("some: one true, one missing", some(), "Incident I victims=[{age:9},{}]", 1, "satisfied"),
        case("some: none true, one missing", some(), "Incident I victims=[{age:30},{}]", 1, "undetermined")
            .missing(&["I.victims[1].age"]),
        case("every over an empty list", every(), "Incident I victims=[]", 1, "satisfied"),
        case("every: one false, one missing", every(), "Incident I victims=[{age:30},{}]", 1, "violated"),
        case("list itself missing", some(), "Incident I", 1, "undetermined").missing(&["I.victims"]),
        case(
            "count reaches the bound without the missing",
            count(2),
            "Incident I victims=[{age:9},{age:9},{}]",
            1,
            "satisfied",
        ),
        case("count straddles", count(2), "Incident I victims=[{age:9},{age:30},{}]", 1, "undetermined"),
        case("count cannot reach", count(3), "Incident I victims=[{age:9},{age:30},{}]", 1, "violated"),
        case("a or not a, a missing", c(or(a_is_1(), not(a_is_1()))), "Incident I", 1, "undetermined"),
        case(
            "x == x, x missing",
            c(eq(path("Incident", "i.a"), path("Incident", "i.a"))),
            "Incident I",
            1,
            "undetermined",
        ),
        case("not in, missing", c(not(a_in)), "Incident I", 1, "undetermined"),
        case("is missing is two-valued", c(not(known(path("Incident", "i.a")))), "Incident I", 1, "satisfied"),
        case("guarded use", c(or(not(known(path("Incident", "i.a"))), a_is_1())), "Incident I", 1, "satisfied"),
        case("if with unknown test, same branches", c(same_branches), "Incident I b=2", 1, "satisfied"),
        case("during, open end", inside("i.x", "i.ended_at"), "Incident I x=@5", 60, "violated"),
        case("during, unknown start", inside("i.x", "i.y"), "Incident I y=@60", 99, "violated"),
        case(
            "overlaps: touching periods",
            c(e("Bool", Node::Overlaps(Box::new(period(0, 10)), Box::new(period(10, 20))))),
            "Incident I",
            1,
            "violated",
        ),
        case("withdrawn_at absent: not yet", still, "Consent C sent_at=@5", 9, "satisfied"),
        case("lifted clause", lifted(), "Incident I pid=true clear=false self_defence=true", 1, "satisfied"),
        case(
            "lift does not reach the other clause",
            lifted(),
            "Incident I pid=false clear=false self_defence=true",
            1,
            "violated",
        ),
        case("lift unknown, clause false", lifted(), "Incident I pid=true clear=false", 1, "undetermined")
            .missing(&["I.self_defence"]),
        case("lift unknown, clause true", lifted(), "Incident I pid=true clear=true", 1, "satisfied"),
    ]);
}

fn ban() -> Rule {
    let waivable = Waivable {
        waiver: "necessity".into(),
        args: vec![s()],
        floor: Some(variant("Rank", "battalion")),
        exceptional_floor: None,
        longest: Some(hours(48)),
    };
    Rule { waivable: Some(waivable), ..rule("s", "Site", norm("commander", Modal::MustNot, "use", s(), None)) }
}

#[test]
fn prohibitions() {
    let until_50 =
        || Rule { norm: norm("commander", Modal::MustNot, "use", s(), Some(Window::Before(at(50)))), ..ban() };
    let new_source = || Rule { cites: vec![cite("from_day_1", "1")], ..ban() };
    all_hold(vec![
        case("no act", ban(), "Site S", 72, "satisfied"),
        case("an act", ban(), "Site S; Use U at=@10", 72, "violated").also(Also { since: Some(10), ..Also::default() }),
        case("act by another", ban(), "Site S; Use U at=@10 by=clerk", 72, "satisfied"),
        case("undated act, timeless ban", Rule { waivable: None, ..ban() }, "Site S; Use U", 72, "violated"),
        case("undated act, ban with a start", new_source(), "Site S; Use U", 72, "undetermined").missing(&["U.at"]),
        case("undated act, ban with an end", until_50(), "Site S; Use U", 72, "undetermined"),
        case("act after the end of the ban", until_50(), "Site S; Use U at=@60", 72, "satisfied"),
        case("act before the source", new_source(), "Site S; Use U at=@10", 72, "satisfied"),
        case("performer missing", ban(), "Site S; Use U at=@10 by=-", 72, "undetermined").missing(&["U.by"]),
        case("sure breach and possible breach", ban(), "Site S; Use U at=@10; Use V at=@11 by=-", 72, "violated"),
        case("planned act", ban(), "Site S; Use U at=@80", 72, "satisfied"),
    ]);
}

#[test]
fn waivers() {
    let lasting = || Rule {
        waivable: Some(Waivable {
            waiver: "necessity".into(),
            args: vec![s()],
            floor: Some(variant("Rank", "battalion")),
            exceptional_floor: None,
            longest: None,
        }),
        ..rule(
            "s",
            "Site",
            Norm { bearer: Bearer::Everyone, ..norm("commander", Modal::MustNot, "use_lasting", s(), None) },
        )
    };
    let extension = Waivable {
        waiver: "extension".into(),
        args: vec![i()],
        floor: Some(variant("Rank", "battalion")),
        exceptional_floor: None,
        longest: Some(hours(48)),
    };
    let duty = || Rule { waivable: Some(extension.clone()), ..r() };
    all_hold(vec![
        case("waived", ban(), "Site S; Use U at=@10; Waiver W site=S", 72, "waived"),
        case("approved after the act", ban(), "Site S; Use U at=@10; Waiver W site=S approved_at=@12", 72, "violated"),
        case("rank below the floor", ban(), "Site S; Use U at=@10; Waiver W site=S rank=company", 72, "violated"),
        case("rank missing", ban(), "Site S; Use U at=@10; Waiver W site=S rank=-", 72, "violated"),
        case("ground missing", ban(), "Site S; Use U at=@10; Waiver W site=S ground=-", 72, "violated"),
        case("approval missing", ban(), "Site S; Use U at=@10; Waiver W site=S approved_at=-", 72, "violated"),
        case("names another rule", ban(), "Site S; Use U at=@10; Waiver W site=S rule=q", 72, "violated"),
        case(
            "waiver outlived its longest duration",
            ban(),
            "Site S; Use U at=@60; Waiver W site=S to=@90",
            72,
            "violated",
        ),
        case("waiver without an end", ban(), "Site S; Use U at=@10; Waiver W site=S to=-", 72, "violated"),
        case("waiver present, act undated", ban(), "Site S; Use U; Waiver W site=S", 72, "undetermined")
            .possible(&["waived", "violated"])
            .missing(&["U.at"]),
        case("waiver unused", ban(), "Site S; Waiver W site=S", 20, "satisfied"),
        case("not waivable", Rule { waivable: None, ..ban() }, "Site S; Use U at=@10; Waiver W site=S", 72, "violated"),
        case(
            "cites a passage that is not waivable",
            Rule { cites: vec![cite("until_day_2", "core")], ..ban() },
            "Site S; Use U at=@10; Waiver W site=S",
            72,
            "violated",
        ),
        case(
            "waiver ended, use went on",
            lasting(),
            "Site S; Use U from=@24 to=@96; Waiver W site=S approved_at=@20 from=@24 to=@48",
            120,
            "violated",
        )
        .also(Also { since: Some(48), ..Also::default() }),
        case(
            "duty waived at due",
            duty(),
            "Incident I observed_at=@8; Waiver W incident=I approved_at=@9 from=@9 to=@50",
            40,
            "waived",
        )
        .also(Also { due: Some(50), ..Also::default() }),
        case(
            "duty revives when the waiver ends",
            duty(),
            "Incident I observed_at=@8; Waiver W incident=I approved_at=@9 from=@9 to=@50",
            60,
            "violated",
        ),
        case(
            "waiver ended before due",
            duty(),
            "Incident I observed_at=@8; Waiver W incident=I approved_at=@9 from=@9 to=@30",
            40,
            "violated",
        ),
        case(
            "done late under the waiver",
            duty(),
            "Incident I observed_at=@8; Report R sent_at=@45; Waiver W incident=I approved_at=@9 from=@9 to=@50",
            60,
            "waived",
        ),
        case(
            "done in time, waiver unused",
            duty(),
            "Incident I observed_at=@8; Report R sent_at=@20; Waiver W incident=I approved_at=@9 from=@9 to=@50",
            60,
            "satisfied",
        ),
    ]);
}

#[test]
fn a_void_waiver_is_a_finding_of_its_own() {
    let rule = Rule { waivable: None, ..ban() };
    let pack = pack(vec![("r", rule)]);
    let as_of = clock(72).parse().expect("time");
    let found = run(&pack, &facts("Site S; Waiver W site=S"), as_of, mandate_assess::VOID_WAIVER);
    let [void] = found.as_slice() else { panic!("one waiver, one finding: {found:?}") };
    assert_eq!((void.status.word(), void.subject[0].id.as_str()), ("violated", "W"));
}

#[test]
fn a_waiver_that_helps_under_one_of_two_kinds_is_not_void() {
    let pack = pack(vec![("r", ban())]);
    let as_of = clock(72).parse().expect("time");
    let found = run(&pack, &facts("Site S; Waiver W site=S"), as_of, mandate_assess::VOID_WAIVER);
    assert_eq!(found, []);
}

#[test]
fn a_waiver_that_a_kind_naming_no_rule_takes_is_not_void() {
    let void = |waivable: Option<&str>| {
        let waivable = waivable.map(|kind| Waivable {
            waiver: kind.into(),
            args: vec![s()],
            floor: None,
            exceptional_floor: None,
            longest: None,
        });
        let mut pack = pack(vec![("r", Rule { waivable, ..ban() })]);
        let mut any = pack.waivers["necessity"].clone();
        any.names = None;
        pack.waivers.insert("any".into(), any);
        pack.seal();
        let as_of = clock(72).parse().expect("time");
        run(&pack, &facts("Site S; Waiver W site=S rule=nothing"), as_of, mandate_assess::VOID_WAIVER).len()
    };
    assert_eq!(void(Some("any")), 0, "it helps the rule, which needs no name");
    assert_eq!(void(Some("necessity")), 1, "the kind without a name helps no rule");
    assert_eq!(void(None), 1);
}

fn level(bearer: &str, act: &str, d: Option<i64>) -> Norm {
    norm(bearer, Modal::Must, act, i(), d.map(|d| Window::Within(hours(d))))
}

#[test]
fn duties_that_arise_from_a_breach() {
    let inform = |d| Norm { bearer: Bearer::Everyone, ..level("unit_commander", "inform", d) };
    let chain = || Rule { otherwise: vec![level("unit_commander", "report_late", Some(24)), inform(Some(48))], ..r() };
    let remedy = |d| Rule { otherwise: vec![inform(d)], ..r() };
    let visit = Norm {
        bearer: Bearer::Everyone,
        ..norm("commander", Modal::Must, "visit", s(), Some(Window::Within(hours(24))))
    };
    let ban_repaired = Rule { otherwise: vec![visit], ..ban() };
    let levels = |levels| Also { levels, ..Also::default() };
    all_hold(vec![
        case(
            "repaired at level 1",
            chain(),
            "Incident I observed_at=@8; Report R sent_at=@42 reason=x",
            80,
            "repaired",
        ),
        case("level 1 running", chain(), "Incident I observed_at=@8", 40, "violated").also(levels(&["pending"])),
        case("level 1 broken, level 2 pending", chain(), "Incident I observed_at=@8", 62, "violated")
            .also(levels(&["violated", "pending"])),
        case("repaired at level 2", chain(), "Incident I observed_at=@8; Notice N at=@72", 104, "repaired"),
        case(
            "level clock starts at the previous deadline",
            chain(),
            "Incident I observed_at=@8; Notice N at=@103",
            200,
            "repaired",
        ),
        case("after the deadline of level 2", chain(), "Incident I observed_at=@8; Notice N at=@105", 200, "violated"),
        case(
            "remedy done before the breach",
            remedy(Some(48)),
            "Incident I observed_at=@8; Notice N at=@20",
            200,
            "violated",
        ),
        case("all levels broken", chain(), "Incident I observed_at=@8", 500, "violated")
            .also(levels(&["violated", "violated"])),
        case("primary broken, remedy undetermined", chain(), "Incident I observed_at=@8; Notice N", 500, "violated")
            .also(Also {
                possible: &["repaired", "violated"],
                levels: &["violated", "undetermined"],
                ..Also::default()
            }),
        case("primary undetermined, remedy done", chain(), "Incident I; Notice N at=@72", 500, "undetermined"),
        case("remedy without deadline, not done", remedy(None), "Incident I observed_at=@8", 900, "violated")
            .also(levels(&["pending"])),
        case("ban repaired", ban_repaired, "Site S; Use U at=@10; Visit T at=@20", 72, "repaired"),
    ]);
}

#[test]
fn advice_and_permission() {
    let should = || Rule { norm: Norm { modal: Modal::Should, ..r().norm }, ..r() };
    let may = || Rule { norm: Norm { modal: Modal::May, ..r().norm }, ..r() };
    all_hold(vec![
        case("a broken recommendation", should(), "Incident I observed_at=@8", 72, "violated"),
        case("a permission", may(), "Incident I observed_at=@8", 72, "permitted"),
    ]);
    let pack = pack(vec![("r", should())]);
    let found = run(&pack, &facts("Incident I observed_at=@8"), clock(72).parse().expect("time"), "r");
    assert_eq!(found[0].grade, mandate_assess::Grade::Advice);
}
