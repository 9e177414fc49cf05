//! What a model looks like: the parts that matter, and the rest filled in by rule.

use mandate_logic::{Answer, Budget, Formula, Int, Model, Session, Store, Way, Why};

const WAYS: [Way; 3] = [Way::Tableau, Way::Learning, Way::Both];

fn model(way: Way, store: &Store, assumed: &[Formula], wishes: &[Formula]) -> Model {
    match Session::with(Budget::default(), way).prefer(store, assumed, wishes) {
        Answer::Satisfiable(model) => model,
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn what_nothing_asks_for_is_false_lowest_and_zero() {
    let mut store = Store::new();
    let (a, b, kind, x) = (store.boolean(), store.boolean(), store.choice(4), store.integer());
    let other = store.choice(3);
    let not_first = store.is(kind, 0);
    let not_second = store.is(kind, 1);
    for way in WAYS {
        let model = model(way, &store, &[a, !not_first, !not_second], &[]);
        assert!(model.holds(&store, a) && !model.holds(&store, b));
        assert_eq!((model.value(kind), model.value(other), model.number(x)), (2, 0, 0));
    }
}

#[test]
fn numbers_are_as_close_to_zero_as_those_made_before_them_allow() {
    let mut store = Store::new();
    let (seen, reported, before) = (store.integer(), store.integer(), store.integer());
    let parts = [
        store.difference(Int::ZERO, seen, -100).expect("small"),
        store.difference(seen, reported, -72).expect("small"),
        store.difference(before, seen, -300).expect("small"),
    ];
    for way in WAYS {
        let model = model(way, &store, &parts, &[]);
        // At least 100; at least 72 later; at least 300 earlier.
        assert_eq!((model.number(seen), model.number(reported), model.number(before)), (100, 172, -200));
    }
}

#[test]
fn wishes_are_kept_in_their_order() {
    let mut store = Store::new();
    let (a, b, x) = (store.boolean(), store.boolean(), store.integer());
    let not_both = store.and([a, b]);
    let round = store.equal(x, Int::ZERO, 24).expect("small");
    let over = store.difference(Int::ZERO, x, -20).expect("small");
    for way in WAYS {
        let first = model(way, &store, &[!not_both, over], &[a, b, round]);
        assert!(first.holds(&store, a) && !first.holds(&store, b));
        assert_eq!(first.number(x), 24);
        let second = model(way, &store, &[!not_both, over], &[b, a]);
        assert!(second.holds(&store, b) && !second.holds(&store, a));
        assert_eq!(second.number(x), 20);
    }
}

#[test]
fn the_store_may_grow_between_questions() {
    let mut store = Store::new();
    let (x, y) = (store.integer(), store.integer());
    for way in WAYS {
        let mut session = Session::with(Budget::default(), way);
        let ahead = store.difference(x, y, -5).expect("small");
        session.assert(ahead);
        assert!(matches!(session.check(&store, &[]), Answer::Satisfiable(_)));
        // The same limit, needed the other way round, after the first answer.
        let b = store.boolean();
        let behind = store.implies(b, !ahead);
        let later = store.difference(y, x, 7).expect("small");
        assert!(matches!(session.check(&store, &[later]), Answer::Satisfiable(_)));
        assert_eq!(session.check(&store, &[later, behind, b]), Answer::Unsatisfiable(vec![1, 2]));
        session.assert(b);
        assert_eq!(session.check(&store, &[behind, later]), Answer::Unsatisfiable(vec![0]));
        session.assert(behind);
        assert_eq!(session.check(&store, &[later]), Answer::Unsatisfiable(vec![]));
    }
}

#[test]
fn choices_with_many_values_and_of_different_sizes() {
    let mut store = Store::new();
    let (small, large) = (store.choice(3), store.choice(200));
    let same = store.same(small, large);
    let below = store.below(small, large);
    let high = store.is(large, 150);
    let last = store.is(small, 2);
    for way in WAYS {
        let mut session = Session::with(Budget::default(), way);
        if way == Way::Tableau {
            // It keeps a bit for each value, and 200 are too many for it.
            assert!(matches!(session.check(&store, &[same, high]), Answer::Undecided(_)));
            continue;
        }
        assert_eq!(session.check(&store, &[same, high]), Answer::Unsatisfiable(vec![0, 1]));
        assert_eq!(session.check(&store, &[last, same, below]), Answer::Unsatisfiable(vec![1, 2]));
        let model = model(way, &store, &[last, below], &[]);
        assert_eq!(model.value(small), 2);
        assert!(model.value(large) > 2 && model.value(large) < 200);
    }
}

#[test]
fn a_session_whose_budget_ended_once_still_knows_all_that_was_asserted() {
    let mut store = Store::new();
    let numbers: Vec<Int> = (0..500).map(|_| store.integer()).collect();
    let mut session = Session::with(Budget { conflicts: 10, decisions: 20 }, Way::Learning);
    for at in 0..500 {
        // A circle, and too short: each is below the next, and the last below the first.
        let next = numbers[(at * 7 + 7) % 500];
        let part = store.difference(numbers[at * 7 % 500], next, -1).expect("small");
        session.assert(part);
    }
    for _ in 0..3 {
        let answer = session.check(&store, &[]);
        assert!(matches!(answer, Answer::Unsatisfiable(_) | Answer::Undecided(Why::Budget)), "{answer:?}");
    }
}

#[test]
fn a_session_can_be_handed_to_another_thread() {
    fn handed<T: Send>(_: T) {}
    handed(Session::new(Budget::default()));
    handed(Store::new());
}
