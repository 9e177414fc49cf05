//! Who is bound by which text, since when, on whose authority: parties, editions, endorsements, caveats, lower authorities.

mod shapes;
use mandate_assess::{Finding, Grade, VOID_WAIVER};
use mandate_pack::*;
use shapes::*;

/// One rule under the text `t`, changed by `change`; judged as of hour 72.
fn found(rule: Rule, change: impl FnOnce(&mut Pack), told: &str, asked: &str) -> Vec<Finding> {
    let mut pack = pack(vec![("r", Rule { cites: vec![cite("t", "1")], ..rule })]);
    let source = Source { in_force_from: None, ..pack.sources["from_day_1"].clone() };
    pack.sources.insert("t".into(), source);
    change(&mut pack);
    pack.seal();
    run(&pack, &facts(told), clock(72).parse().expect("time"), asked)
}

const SEEN: &str = "Unit U nation=NOR; Incident I observed_at=@8 unit=U";

#[test]
fn a_text_binds_a_state_from_its_day_on() {
    let judged = |day: &str| {
        let rule = Rule { party: Some(path("Incident", "i.unit.nation")), ..report_in_24_hours() };
        let binds = Binds { var: "n".into(), from: e("Date", Node::Date(day.into())) };
        found(rule, |pack| pack.sources.get_mut("t").expect("a text").binds = Some(binds), SEEN, "r")
    };
    let bound = judged("2024-01-01");
    assert_eq!((bound[0].status.word(), bound[0].bound[0].state.as_str()), ("violated", "NOR"));
    assert_eq!(bound[0].bound[0].since.as_deref(), Some("2024-01-01T00:00Z"));
    assert!(judged("2024-01-02").is_empty(), "not bound yet when the incident was seen");
}

#[test]
fn before_a_text_is_compulsory_a_shortfall_is_advice() {
    let compulsory = |pack: &mut Pack| {
        pack.sources.get_mut("t").expect("a text").compulsory_from = Some("2024-06-01".into());
    };
    let judged = found(report_in_24_hours(), compulsory, SEEN, "r");
    assert!(judged[0].grade == Grade::Advice && judged[0].transitional);
}

#[test]
fn an_endorsement_raises_a_recommendation_for_those_who_gave_it() {
    let judged = |state: Option<&str>| {
        let mut rule = report_in_24_hours();
        rule.norm.modal = Modal::Should;
        rule.party = Some(path("Incident", "i.unit.nation"));
        let endorse = |pack: &mut Pack| {
            pack.sources.get_mut("t").expect("a text").force = Force::Voluntary;
            let party = state.map(|code| e("Nation", Node::Nation(code.into())));
            let from = Some("2023-12-01".to_owned());
            pack.endorsements.push(Endorsement { source: "t".into(), party, from, by: Some("Order 1".into()) });
        };
        let judged = found(rule, endorse, SEEN, "r");
        (judged[0].grade, judged[0].raised_by.len())
    };
    assert_eq!(judged(None), (Grade::Violation, 1));
    assert_eq!(judged(Some("NOR")), (Grade::Violation, 1));
    assert_eq!(judged(Some("DEU")), (Grade::Advice, 0));
}

/// A ban under a text of a force, and a waiver of its site by a company, which the rule allows exceptionally.
fn waived(force: Force, caveat: bool, asked: &str) -> Vec<Finding> {
    let waivable = Waivable {
        waiver: "necessity".into(),
        args: vec![s()],
        floor: Some(variant("Rank", "battalion")),
        exceptional_floor: Some(variant("Rank", "company")),
        longest: None,
    };
    let ban = rule("s", "Site", norm("commander", Modal::MustNot, "use", s(), None));
    let change = |pack: &mut Pack| {
        pack.sources.get_mut("t").expect("a text").force = force;
        let kind = pack.waivers.get_mut("necessity").expect("a kind");
        kind.exceptional = Some(e("Bool", Node::Bool(true)));
        kind.caveat = caveat;
        pack.waivers.remove("extension");
    };
    found(Rule { waivable: Some(waivable), ..ban }, change, "Site S; Use U at=@10; Waiver W site=S rank=company", asked)
}

#[test]
fn a_lower_authority_is_flagged_and_a_caveat_never_sets_law_aside() {
    let exceptional = waived(Force::Law, false, "r");
    assert_eq!(exceptional[0].status.word(), "waived");
    assert!(exceptional[0].flags.iter().any(|flag| flag.contains("for review")), "{:?}", exceptional[0].flags);
    assert_eq!(waived(Force::Order, true, "r")[0].status.word(), "waived");
    assert_eq!(waived(Force::Law, true, "r")[0].status.word(), "violated");
    assert_eq!(waived(Force::Law, true, VOID_WAIVER).len(), 1);
    assert!(waived(Force::Order, true, VOID_WAIVER).is_empty());
}
