//! Questions made to be hard end within the budget: with the right answer, or saying that there is none.

#[path = "slow/hard.rs"]
mod hard;
mod slow;

use hard::{all, pigeons};
use mandate_logic::{Answer, Budget, Formula, Int, Session, Store, Why};

#[test]
fn each_is_answered_rightly_or_not_at_all_and_the_same_each_time() {
    let mut decided = 0;
    for question in all() {
        let ask = || Session::new(Budget::default()).check_quick(&question.store, &question.assumed);
        let answer = ask();
        match &answer {
            Answer::Satisfiable(model) => {
                assert_ne!(question.possible, Some(false), "{}", question.name);
                assert!(question.assumed.iter().all(|&part| model.holds(&question.store, part)), "{}", question.name);
                decided += 1;
            }
            Answer::Unsatisfiable(_) => {
                assert_ne!(question.possible, Some(true), "{}", question.name);
                decided += 1;
            }
            Answer::Undecided(why) => assert_eq!(*why, Why::Budget, "{}", question.name),
        }
        assert!(answer == ask(), "{} is answered in two ways", question.name);
    }
    assert!(decided > 10, "{decided}");
}

#[test]
fn an_empty_budget_decides_what_needs_no_search_and_nothing_else() {
    let nothing = Budget { conflicts: 0, decisions: 0 };
    let question = pigeons(8, false);
    assert_eq!(Session::new(nothing).check(&question.store, &question.assumed), Answer::Undecided(Why::Budget));
    let mut store = Store::new();
    let (a, b) = (store.boolean(), store.boolean());
    let both = store.and([a, b]);
    assert!(matches!(Session::new(nothing).check(&store, &[both]), Answer::Satisfiable(_)));
    assert_eq!(Session::new(nothing).check(&store, &[b, !a, both]), Answer::Unsatisfiable(vec![1, 2]));
}

#[test]
fn a_larger_budget_decides_more() {
    let question = pigeons(6, false);
    let small = Budget { conflicts: 20, decisions: 1_000 };
    let large = Budget { conflicts: 100_000, decisions: 10_000_000 };
    assert_eq!(Session::new(small).check(&question.store, &question.assumed), Answer::Undecided(Why::Budget));
    let Answer::Unsatisfiable(core) = Session::new(large).check(&question.store, &question.assumed) else {
        panic!("six holes are too few for seven")
    };
    assert_eq!(core.len(), question.assumed.len(), "each pigeon and each hole is needed");
}

#[test]
fn a_core_that_could_not_be_made_smaller_in_time_says_so() {
    let question = hard::chain(1_000, Some(1_000));
    let mut session = Session::new(Budget::default());
    let Answer::Unsatisfiable(core) = session.check(&question.store, &question.assumed) else { panic!("it clashes") };
    assert_eq!(core.len(), 1_001);
    assert!(!session.minimal());
    let question = hard::chain(1_000, Some(10));
    let Answer::Unsatisfiable(core) = Session::new(Budget::default()).check(&question.store, &question.assumed) else {
        panic!("it clashes")
    };
    assert_eq!(core, (0..10).chain([1_000]).collect::<Vec<_>>());
}

#[test]
fn a_number_that_does_not_fit_is_said_to_be_too_large() {
    let mut store = Store::new();
    let numbers: Vec<Int> = std::iter::once(Int::ZERO).chain((0..20).map(|_| store.integer())).collect();
    let steps: Vec<Formula> =
        numbers.windows(2).map(|pair| store.difference(pair[0], pair[1], -(1 << 60)).expect("allowed")).collect();
    let mut session = Session::new(Budget::default());
    assert!(
        matches!(session.check(&store, &steps[..7]), Answer::Satisfiable(model) if model.number(numbers[7]) == 7 << 60)
    );
    assert_eq!(session.check(&store, &steps), Answer::Undecided(Why::TooLarge));
    // Nor does it overflow into a wrong answer.
    let back = store.difference(numbers[20], Int::ZERO, 1 << 60).expect("allowed");
    assert_eq!(session.check(&store, &[&steps[..], &[back]].concat()), Answer::Unsatisfiable((0..21).collect()));
}

#[test]
fn what_is_too_large_to_write_down_is_said_to_be() {
    let mut store = Store::new();
    let parts: Vec<Formula> = (0..10_000).map(|_| store.boolean()).collect();
    let half = store.at_least(5_000, &parts);
    let mut session = Session::new(Budget::default());
    assert_eq!(session.check(&store, &[half]), Answer::Undecided(Why::TooLarge));
    assert!(matches!(session.check(&store, &[parts[0]]), Answer::Satisfiable(_)));
}
