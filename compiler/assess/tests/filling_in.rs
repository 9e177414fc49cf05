//! The property that makes "undetermined" honest: filling in a missing field never leaves the announced outcomes.

mod shapes;
use mandate_assess::Outcome;
use mandate_pack::*;
use proptest::prelude::*;
use shapes::*;

/// A record with fields that are given or missing.
type Fields = Vec<(&'static str, Option<String>)>;

fn maybe(values: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop_oneof![Just(None), proptest::sample::select(values).prop_map(|v| Some(v.to_owned()))]
}

/// Hours, whole days and intervals around the deadlines of the rules below.
const TIMES: &[&str] = &["@4", "@8", "@20", "@32", "@33", "@50", "@60", "@90", "day0", "day1", "day2", "@8..40"];

fn incident() -> impl Strategy<Value = Fields> {
    let fields =
        (maybe(TIMES), maybe(&["true", "false"]), maybe(&["refuted", "alleged"]), maybe(&["[]", "[{age:9}]", "[{}]"]));
    fields.prop_map(|(at, invited, verification, victims)| {
        vec![("observed_at", at), ("invited", invited), ("verification", verification), ("victims", victims)]
    })
}

fn report_record() -> impl Strategy<Value = Fields> {
    (maybe(TIMES), maybe(&["uc", "clerk"]), maybe(&["chain", "radio"]), maybe(&["told"])).prop_map(
        |(at, by, channel, reason)| vec![("sent_at", at), ("sender", by), ("channel", channel), ("reason", reason)],
    )
}

fn use_record() -> impl Strategy<Value = Fields> {
    (maybe(TIMES), maybe(&["uc", "clerk"])).prop_map(|(at, by)| vec![("at", at), ("by", by)])
}

/// A value for every field that may be missing. Not `reason`: a rule that asks whether it `is known` takes its absence for an
/// answer, and says so.
const FILLINGS: &[(&str, &[&str])] = &[
    ("observed_at", TIMES),
    ("sent_at", TIMES),
    ("at", TIMES),
    ("invited", &["true", "false"]),
    ("verification", &["refuted", "alleged"]),
    ("victims", &["[]", "[{age:9}]", "[{age:40}]"]),
    ("sender", &["uc", "clerk"]),
    ("by", &["uc", "clerk"]),
    ("channel", &["chain", "radio"]),
    ("opened_at", TIMES),
    ("from", TIMES),
    ("secret", &["true", "false"]),
];

fn written(records: &[(&str, &str, Fields)]) -> String {
    let one = |(ty, id, fields): &(&str, &str, Fields)| {
        let fields = fields.iter().map(|(name, value)| format!(" {name}={}", value.as_deref().unwrap_or("-")));
        format!("{ty} {id}{}", fields.collect::<String>())
    };
    facts(&records.iter().map(one).collect::<Vec<_>>().join("; "))
}

/// The rule with others beside it.
fn stays_inside_beside(
    rule: Rule,
    others: Vec<(&str, Rule)>,
    records: Vec<(&str, &str, Fields)>,
    as_of: i64,
) -> Result<(), TestCaseError> {
    let mut rules = vec![("r", rule)];
    rules.extend(others);
    stays_inside_of(&pack(rules), records, as_of)
}

/// Outcomes still possible; a rule that does not apply gives no finding.
fn possible(pack: &Pack, records: &[(&str, &str, Fields)], as_of: i64) -> Vec<Outcome> {
    let found = run(pack, &written(records), clock(as_of).parse().expect("time"), "r");
    found.first().map_or_else(|| vec![Outcome::NotApplicable], |f| f.possible.iter().collect())
}

fn stays_inside(rule: Rule, records: Vec<(&str, &str, Fields)>, as_of: i64) -> Result<(), TestCaseError> {
    stays_inside_of(&pack(vec![("r", rule)]), records, as_of)
}

fn stays_inside_of(pack: &Pack, records: Vec<(&str, &str, Fields)>, as_of: i64) -> Result<(), TestCaseError> {
    let announced = possible(pack, &records, as_of);
    for (n, (_, id, fields)) in records.iter().enumerate() {
        for (m, (name, value)) in fields.iter().enumerate() {
            let fillings = FILLINGS.iter().find(|(f, _)| f == name).map_or(&[][..], |(_, v)| v);
            for filling in fillings.iter().filter(|_| value.is_none()) {
                // An undated record exists, so that what it records happened by the instant of assessment.
                let future = |v: &&str| {
                    v.starts_with('@')
                        && v[1..].split("..").last().is_some_and(|h| h.parse::<i64>().is_ok_and(|h| h > as_of))
                };
                if !["observed_at", "opened_at"].contains(name)
                    && (future(filling) || (filling.starts_with("day") && as_of < 72))
                {
                    continue;
                }
                let mut filled = records.clone();
                filled[n].2[m].1 = Some((*filling).to_owned());
                let now = possible(pack, &filled, as_of);
                prop_assert!(
                    now.iter().all(|o| announced.contains(o)),
                    "{id}.{name}={filling}: announced {announced:?}, got {now:?} for {records:?} as of {as_of}"
                );
            }
        }
    }
    Ok(())
}

fn duty() -> Rule {
    let mut rule = report_in_24_hours();
    rule.when.push(cond("invited", eq(path("Incident", "i.invited"), yes())));
    rule.unless.push(cond("refuted", eq(path("Incident", "i.verification"), variant("Verification", "refuted"))));
    let late = norm("unit_commander", Modal::Must, "report_late", i(), Some(Window::Within(hours(24))));
    rule.otherwise.push(late);
    rule
}

fn ban() -> Rule {
    let norm = norm("commander", Modal::MustNot, "use", s(), Some(Window::Before(at(50))));
    Rule { cites: vec![cite("from_day_1", "1")], ..rule("s", "Site", norm) }
}

fn appointment() -> impl Strategy<Value = Fields> {
    (maybe(TIMES), maybe(TIMES)).prop_map(|(from, to)| vec![("from", from), ("to", to)])
}

fn keep(end: Option<End>) -> Rule {
    let p = e("Post", Node::Var("p".into()));
    let window = Window::Lasting(Lasting { from: path("Post", "p.opened_at"), end, gap: Some(hours(20)) });
    let norm = Norm { bearer: Bearer::Everyone, ..norm("clerk", Modal::Must, "hold", p, Some(window)) };
    let mut rule = rule("p", "Post", norm);
    rule.when.push(cond("P", eq(path("Post", "p.id"), e("Text", Node::Text("P".into())))));
    rule
}

fn secret() -> Rule {
    let mut rule = rule("i", "Incident", norm("unit_commander", Modal::MustNot, "report", i(), None));
    rule.when.push(cond("secret", eq(path("Incident", "i.secret"), yes())));
    rule.overrides.push(RuleRef { rule: "r".into(), args: vec![i()] });
    rule
}

fn children() -> Rule {
    let binder = Binder { var: "v".into(), over: Domain::Items(Box::new(path("Incident", "i.victims"))) };
    let child = Box::new(cmp(Comparison::Lt, path("Victim", "v.age"), int(18)));
    let mut rule = require("Incident", "i", e("Bool", Node::Some { binder, condition: child }));
    rule.when.push(cond("invited", eq(path("Incident", "i.invited"), yes())));
    rule
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_a_duty(incident in incident(), first in report_record(), second in report_record(), as_of in proptest::sample::select(&[18_i64, 40, 72, 200][..])) {
        stays_inside(duty(), vec![("Incident", "I", incident), ("Report", "R", first), ("Report", "Q", second)], as_of)?;
    }

    #[test]
    fn of_a_ban(first in use_record(), second in use_record(), as_of in proptest::sample::select(&[18_i64, 72, 200][..])) {
        stays_inside(ban(), vec![("Site", "S", Vec::new()), ("Use", "U", first), ("Use", "V", second)], as_of)?;
    }

    #[test]
    fn of_a_duty_that_lasts(opened in maybe(TIMES), ends in any::<bool>(), first in appointment(), second in appointment(), as_of in proptest::sample::select(&[18_i64, 40, 72, 200][..])) {
        let end = ends.then(|| End::To(at(55)));
        stays_inside(keep(end), vec![("Post", "P", vec![("opened_at", opened)]), ("Appt", "A", first), ("Appt", "B", second)], as_of)?;
    }

    #[test]
    fn of_an_overridden_duty(incident in incident(), secrecy in maybe(&["true", "false"]), report in report_record(), as_of in proptest::sample::select(&[18_i64, 40, 72][..])) {
        let mut incident = incident;
        incident.push(("secret", secrecy));
        stays_inside_beside(duty(), vec![("s", secret())], vec![("Incident", "I", incident), ("Report", "R", report)], as_of)?;
    }

    #[test]
    fn of_a_constraint(incident in incident()) {
        stays_inside(children(), vec![("Incident", "I", incident)], 72)?;
    }
}
