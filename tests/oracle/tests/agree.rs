//! Engine and oracle agree on random packs and facts; `cargo run --release -p mandate-oracle -- 100000` asks for more.

use mandate_oracle::cases::case;
use mandate_oracle::compare::{Tally, compare};
use mandate_oracle::expressions::Features;
use mandate_oracle::shrink::shrink;

const CASES: u64 = 4_000;

/// Outcomes that have to be found in at least one of 200 cases, so that agreement means something.
const OFTEN: [&str; 19] = [
    "fault of the data",
    "violated",
    "satisfied",
    "pending",
    "waived",
    "repaired",
    "exempt",
    "overridden",
    "permitted",
    "not applicable",
    "undetermined",
    "possibly violated",
    "possibly repaired",
    "possibly waived",
    "grade advice",
    "late",
    "with a gap",
    "with a duty that arose",
    "has to name what is missing",
];

#[test]
fn engine_and_oracle_agree_on_random_cases_in_which_everything_happens() {
    let mut tally = Tally::new();
    for seed in 0..CASES {
        let made = case(seed, Features::CARRIED_OUT);
        if let Err(why) = compare(&made, &mut tally) {
            let small = shrink(&made, &|case| compare(case, &mut Tally::new()).is_err());
            let rules = serde_json::to_string_pretty(&small.pack.rules).expect("JSON");
            let less = compare(&small, &mut Tally::new());
            panic!(
                "seed {seed}: {why}\nas of {} in {}\n{rules}\n{}\n{less:?}",
                small.as_of, small.pack.time_zone, small.facts
            );
        }
    }
    for outcome in OFTEN {
        let found = tally.get(outcome).copied().unwrap_or_default();
        assert!(found >= CASES / 200, "{outcome} was found {found} times in {CASES} cases: {tally:#?}");
    }
}
