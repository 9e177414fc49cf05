//! What the prover says about random pairs of rules, beside what assessment makes of every situation there is.

mod small;

#[test]
fn verdicts_agree_with_every_situation_of_small_worlds() {
    let report = small::compare_all(0..80);
    assert!(report.wrong.is_empty(), "{} wrong:\n{}", report.wrong.len(), report.wrong.join("\n"));
    assert!(report.undecided.is_empty(), "every question here is small enough:\n{}", report.undecided.join("\n"));
    for code in ["E301", "E306", "W302", "W305", "W306"] {
        assert!(report.claims.contains_key(code), "nothing drew {code}: {:?}", report.claims);
    }
}
