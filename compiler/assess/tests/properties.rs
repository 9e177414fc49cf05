//! What holds of every judgement: a valid waiver makes nothing worse, the same input gives the same output, and no pack, however
//! odd, makes an assessment hang or panic. Beside these, what missing values would make of a finding, and counts by group.

mod shapes;
use mandate_assess::{AssessError, Facts, FactsFile, Options, Outcome, assess};
use mandate_pack::*;
use proptest::prelude::*;
use shapes::*;

const TIMES: &[&str] = &["@4", "@8", "@20", "@32", "@33", "@50", "@60", "@90", "day1", "@8..40"];

fn waivable(kind: &str, arg: Expr) -> Option<Waivable> {
    let floor = Some(variant("Rank", "battalion"));
    Some(Waivable { waiver: kind.into(), args: vec![arg], floor, exceptional_floor: None, longest: None })
}

fn worst(rule: &Rule, told: &str, as_of: i64) -> Option<Outcome> {
    let found = run(&pack(vec![("r", rule.clone())]), &facts(told), clock(as_of).parse().expect("time"), "r");
    found.iter().flat_map(|f| f.possible.iter()).min()
}

/// With a valid waiver the worst that is possible is no worse than without.
fn helps_or_leaves(rule: &Rule, told: &str, waiver: &str, as_of: i64) -> Result<(), TestCaseError> {
    let (without, with) = (worst(rule, told, as_of), worst(rule, &format!("{told}; {waiver}"), as_of));
    prop_assert!(with >= without, "{without:?} without, {with:?} with {waiver} for {told} as of {as_of}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_valid_waiver_makes_nothing_worse(
        observed in proptest::sample::select(TIMES), sent in proptest::sample::select(TIMES),
        from in 0_i64..60, length in 1_i64..60, as_of in proptest::sample::select(&[18_i64, 40, 72, 200][..])
    ) {
        let to = from + length;
        let duty = Rule { waivable: waivable("extension", i()), ..report_in_24_hours() };
        let waiver = format!("Waiver W incident=I approved_at=@0 from=@{from} to=@{to}");
        helps_or_leaves(&duty, &format!("Incident I observed_at={observed}; Report R sent_at={sent}"), &waiver, as_of)?;
        let waiver = format!("Waiver W site=S approved_at=@0 from=@{from} to=@{to}");
        for act in ["use", "use_lasting"] {
            let norm = Norm { bearer: Bearer::Everyone, ..norm("commander", Modal::MustNot, act, s(), Some(Window::By(at(70)))) };
            let ban = Rule { waivable: waivable("necessity", s()), ..rule("s", "Site", norm) };
            helps_or_leaves(&ban, &format!("Site S; Use U at={observed} from={observed} to={sent}"), &waiver, as_of)?;
        }
        let visits = Window::Every(Recurring { every: hours(30), from: at(0), end: None });
        let visit = Norm { bearer: Bearer::Everyone, ..norm("commander", Modal::Must, "visit", s(), Some(visits)) };
        let rounds = Rule { waivable: waivable("necessity", s()), ..rule("s", "Site", visit) };
        helps_or_leaves(&rounds, &format!("Site S; Visit V at={sent}"), &waiver, as_of)?;
    }
}

fn judged(pack: &Pack, told: &str) -> Result<String, AssessError> {
    let file = FactsFile { name: "facts.yaml".into(), bytes: facts(told).into_bytes() };
    let (facts, faults) = Facts::load(pack, &[file]);
    assert!(faults.is_empty(), "{faults:#?}");
    let now = clock(72).parse().expect("time");
    let found = assess(pack, &facts, &Options { as_of: Some(now), explain_all: true, ..Options::at(now) })?;
    Ok(serde_json::to_string(&found).expect("JSON"))
}

#[test]
fn odd_lengths_and_endless_rounds_are_judged() {
    let odd = [
        Duration { months: i64::MAX, ..Duration::default() },
        Duration { days: i64::MIN, ..Duration::default() },
        Duration { seconds: i64::MAX, days: 1, months: -1 },
        Duration::default(),
        Duration { seconds: -1, ..Duration::default() },
        Duration { seconds: 1, ..Duration::default() },
    ];
    for d in odd {
        let d = || e("Duration", Node::Duration(d));
        let early = || e("Time", Node::Time("0001-01-01T00:00:00Z".into()));
        let windows = [
            Window::WithinAfter(d(), at(8)),
            Window::WithinBefore(d(), at(8)),
            Window::Every(Recurring { every: d(), from: early(), end: None }),
            Window::Every(Recurring { every: d(), from: at(0), end: Some(End::Until(e("Time", Node::Never))) }),
            Window::Lasting(Lasting { from: early(), end: None, gap: Some(d()) }),
        ];
        for window in windows {
            let norm = Norm { bearer: Bearer::Everyone, ..norm("commander", Modal::Must, "visit", s(), Some(window)) };
            let pack = pack(vec![("r", rule("s", "Site", norm))]);
            let first = judged(&pack, "Site S; Visit V at=@20").expect("a sound pack");
            assert_eq!(first, judged(&pack, "Site S; Visit V at=@20").expect("a sound pack"));
        }
    }
}

#[test]
fn rules_that_override_each_other_on_many_ways_are_judged_and_circles_refused() {
    let overriding = |targets: &[String]| {
        let mut rule = rule("i", "Incident", norm("unit_commander", Modal::MustNot, "report", i(), None));
        rule.overrides = targets.iter().map(|t| RuleRef { rule: t.clone(), args: vec![i()] }).collect();
        rule
    };
    // Two rules on each of thirty levels, both overriding both of the level below: a thousand million ways.
    let mut rules = vec![("r".to_owned(), report_in_24_hours())];
    let mut below = vec!["r".to_owned()];
    for level in 0..30 {
        let names = vec![format!("a{level}"), format!("b{level}")];
        rules.extend(names.iter().map(|name| (name.clone(), overriding(&below))));
        below = names;
    }
    let all = rules.iter().map(|(name, rule)| (name.as_str(), rule.clone())).collect();
    let told = judged(&pack(all), "Incident I observed_at=@8").expect("a sound pack");
    assert!(told.contains("overridden"));
    let circle = pack(vec![("a", overriding(&["b".to_owned()])), ("b", overriding(&["a".to_owned()]))]);
    assert!(matches!(judged(&circle, "Incident I"), Err(AssessError::Pack(_))));
}

#[test]
fn what_missing_values_would_make_of_a_finding_is_said() {
    let mut rule = report_in_24_hours();
    rule.unless.push(cond("refuted", eq(path("Incident", "i.verification"), variant("Verification", "refuted"))));
    let mut plain = pack(vec![("r", rule)]);
    // No field is sensitive here.
    plain.records.values_mut().flat_map(|r| &mut r.fields).for_each(|f| f.sensitive = false);
    plain.seal();
    let as_of = clock(72).parse().expect("time");
    let found = run(&plain, &facts("Incident I observed_at=@8"), as_of, "r");
    let read = &found[0].readings[0];
    let values: Vec<_> = read.values.iter().map(|v| (v.value.as_str(), v.status.word())).collect();
    assert_eq!(read.field, "I.verification");
    assert_eq!(values, [("alleged", "violated"), ("refuted", "exempt")]);
    // As soon as a rule has to do with a sensitive field, nothing of the kind is said.
    let mut near = plain.clone();
    let fields = &mut near.records.get_mut("Report").expect("a record").fields;
    fields.iter_mut().find(|f| f.name == "channel").expect("a field").sensitive = true;
    near.seal();
    let found = run(&near, &facts("Incident I observed_at=@8"), as_of, "r");
    assert!(found[0].status.word() == "undetermined" && found[0].readings.is_empty());
}

#[test]
fn findings_are_counted_by_group() {
    let mut rule = report_in_24_hours();
    rule.tallies.push(Tally {
        text: "i.verification, i.invited".into(),
        by: vec![path("Incident", "i.verification"), path("Incident", "i.invited")],
    });
    let pack = pack(vec![("r", rule)]);
    let told = "Incident I observed_at=@8 verification=alleged invited=true; Incident J observed_at=@8 verification=alleged invited=true; Incident K observed_at=@70";
    let file = FactsFile { name: "facts.yaml".into(), bytes: facts(told).into_bytes() };
    let (facts, _) = Facts::load(&pack, &[file]);
    let now = clock(72).parse().expect("time");
    let found = assess(&pack, &facts, &Options { as_of: Some(now), ..Options::at(now) }).expect("sound");
    let [table] = found.tallies.as_slice() else { panic!("one table") };
    let groups: Vec<_> = table.groups.iter().map(|(group, counts)| (group.clone(), counts.clone())).collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(groups[0].0, [None, None]);
    assert_eq!(groups[0].1.get("pending"), Some(&1));
    assert_eq!(groups[1].0, [some("alleged"), some("true")]);
    assert_eq!(groups[1].1.get("violated"), Some(&2));
}

/// A Post is to be visited every day; a visit on a site whose clearance is not known may not count.
fn visits(end: Option<End>) -> Rule {
    let window = Window::Every(Recurring { every: hours(24), from: at(8), end });
    let mut rule = rule("i", "Incident", norm("unit_commander", Modal::Must, "report", i(), Some(window)));
    rule.unless.push(cond("refuted", eq(path("Incident", "i.verification"), variant("Verification", "refuted"))));
    rule
}

#[test]
fn a_round_is_read_by_itself() {
    let mut pack = pack(vec![("r", visits(None))]);
    pack.records.values_mut().flat_map(|r| &mut r.fields).for_each(|f| f.sensitive = false);
    pack.seal();
    let told = "Incident I; Report R incident=I channel=chain sender=uc sent_at=@20";
    let found = run(&pack, &facts(told), clock(60).parse().expect("time"), "r");
    let mut readings: Vec<_> = found
        .iter()
        .map(|f| {
            let read = f.readings.iter().flat_map(|r| &r.values).map(|v| (v.value.clone(), v.status.word()));
            (f.round.as_ref().map(|r| r.number), f.status.word(), read.collect::<Vec<_>>())
        })
        .collect();
    readings.sort();
    let read = |status: &'static str| vec![("alleged".to_owned(), status), ("refuted".to_owned(), "exempt")];
    assert_eq!(
        readings,
        [
            (Some(1), "undetermined", read("satisfied")),
            (Some(2), "undetermined", read("violated")),
            (Some(3), "undetermined", read("pending")),
        ]
    );
}
