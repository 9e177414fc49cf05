//! Contradictions of a duty and a ban, beside every act there is.

#[path = "meeting/mod.rs"]
mod small;

#[test]
fn a_duty_is_forbidden_exactly_where_no_act_keeps_both_rules() {
    let report = small::compare_all(0..300);
    assert!(report.wrong.is_empty(), "{} wrong:\n{}", report.wrong.len(), report.wrong.join("\n"));
    assert!(report.undecided.is_empty(), "{}", report.undecided.join("\n"));
    assert!(report.contradictions > 40 && report.contradictions < 260, "{} of {}", report.contradictions, report.pairs);
}

#[test]
fn what_is_remembered_of_other_rules_is_what_a_new_look_finds() {
    let (findings, wrong) = small::exchange(0..400);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(findings > 400, "{findings}");
}
