//! Thousands of small questions against every situation there is. The example `agree` asks a hundred thousand.

#[path = "slow/compare.rs"]
mod compare;
mod slow;

#[test]
fn verdicts_models_cores_and_preferences_are_those_of_brute_force() {
    let mut counts = std::collections::BTreeMap::new();
    for seed in 0..3_000 {
        let question = slow::question(&mut slow::Dice(seed));
        match compare::compare(&question) {
            Ok(verdict) => *counts.entry(verdict).or_insert(0) += 1,
            Err(wrong) => panic!("seed {seed}: {wrong}\n{question:#?}"),
        }
    }
    // Both kinds must be there, or the dice prove little.
    assert!(counts["satisfiable"] > 500 && counts["unsatisfiable"] > 500, "{counts:?}");
}
