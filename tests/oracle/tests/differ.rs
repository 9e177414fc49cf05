//! What a comparison of two packs claims is never contradicted by facts: random packs, each with one small change, on random facts.

use fastrand::Rng;
use jiff::Timestamp;
use mandate_assess::{Assessment, Facts, FactsFile, Finding, Options, Outcome, Status, assess};
use mandate_oracle::cases::case;
use mandate_oracle::expressions::Features;
use mandate_pack::{Condition, Expr, Modal, Node, Pack, Window};
use mandate_prove::differ::{Aspect, Difference, Direction, RuleDifference, Verdict, compare};
use std::collections::BTreeMap;

/// Pairs that are compared (`DIFFER_PAIRS` asks for more), and facts on which each is checked.
const PAIRS: u64 = 100;
const FACTS: u64 = 24;

fn judged(pack: &Pack, facts: &serde_json::Value, as_of: Timestamp) -> Option<Assessment> {
    let file = FactsFile { name: "facts.json".into(), bytes: facts.to_string().into_bytes() };
    let (facts, faults) = Facts::load(pack, &[file]);
    let mut options = Options::at(as_of);
    options.threads = 1;
    if faults.is_empty() { assess(pack, &facts, &options).ok() } else { None }
}

/// The findings of a rule by what they are about.
fn of<'a>(assessment: &'a Assessment, rule: &str) -> BTreeMap<(Vec<&'a str>, String), &'a Finding> {
    let about = |finding: &'a Finding| {
        let ids = finding.subject.iter().map(|subject| subject.id.as_str()).collect();
        ((ids, finding.round.as_ref().map(|round| format!("{round:?}")).unwrap_or_default()), finding)
    };
    assessment.findings.iter().filter(|finding| **finding.rule == *rule).map(about).collect()
}

/// What facts say against a claim.
fn contradiction(rule: Option<&RuleDifference>, old: Option<&Finding>, new: Option<&Finding>) -> Option<&'static str> {
    let violated = |finding: Option<&Finding>| finding.is_some_and(|f| f.status == Status::Is(Outcome::Violated));
    let broken = |finding: Option<&Finding>| {
        violated(finding) || finding.is_some_and(|f| f.status == Status::Is(Outcome::Repaired))
    };
    let alike = match (old, new) {
        (None, None) => true,
        (Some(a), Some(b)) => (a.status, a.possible, a.grade, &a.due) == (b.status, b.possible, b.grade, &b.due),
        _ => false,
    };
    // What is listed nowhere is equal.
    let Some(rule) = rule else { return (!alike).then_some("equal") };
    if rule.verdict == Verdict::Same && !alike {
        return Some("same");
    }
    // Levels are compared pair by pair, each by the breach before it: with another deadline what counts is the first breach.
    let other = |aspect: Aspect| rule.aspects.iter().any(|a| a.aspect == aspect && a.direction != Direction::Same);
    let by_the_first = other(Aspect::Due) || other(Aspect::Otherwise);
    let still = |finding| if by_the_first { broken(finding) } else { violated(finding) };
    if rule.never_weaker && violated(old) && !still(new) {
        return Some("never weaker");
    }
    if rule.never_stricter && violated(new) && !still(old) {
        return Some("never stricter");
    }
    None
}

/// The same condition, written otherwise.
fn rewritten(expr: &Expr) -> Expr {
    let not = |inner: Expr| Expr { ty: inner.ty.clone(), node: Node::Not(Box::new(inner)) };
    match &expr.node {
        Node::And(parts) => {
            not(Expr { ty: expr.ty.clone(), node: Node::Or(parts.iter().map(|p| not(rewritten(p))).collect()) })
        }
        Node::Or(parts) => {
            not(Expr { ty: expr.ty.clone(), node: Node::And(parts.iter().rev().map(|p| not(rewritten(p))).collect()) })
        }
        Node::Not(inner) => not(rewritten(inner)),
        _ => not(not(expr.clone())),
    }
}

/// Another length of time, or none that changes.
fn resized(window: &mut Window, rng: &mut Rng) {
    let length = match window {
        Window::Within(length) | Window::WithinAfter(length, _) | Window::WithinBefore(length, _) => length,
        Window::Lasting(lasting) => match &mut lasting.gap {
            Some(gap) => gap,
            None => return,
        },
        Window::Every(every) => &mut every.every,
        Window::By(_) | Window::Before(_) | Window::During(_) => return,
    };
    if let Node::Duration(length) = &mut length.node {
        match rng.u32(0..4) {
            0 => length.seconds += 8 * 3600,
            1 => length.seconds += 24 * 3600,
            2 => length.days += 1,
            _ => length.seconds = (length.seconds - 8 * 3600).max(0),
        }
    }
}

/// A condition of some random pack, about a case alone.
fn other_condition(rng: &mut Rng) -> Option<Condition> {
    let pack = case(rng.u64(0..100_000), Features::CARRIED_OUT).pack;
    let alone = pack.rules.values().filter(|rule| rule.for_each.len() == 1);
    alone.flat_map(|rule| rule.when.iter().chain(&rule.unless)).next().cloned()
}

/// One change of a rule, of the kinds that people make.
fn change(pack: &mut Pack, rng: &mut Rng) {
    let names: Vec<String> = pack.rules.keys().cloned().collect();
    let Some(rule) = pack.rules.get_mut(&names[rng.usize(0..names.len())]) else { return };
    let other = other_condition(rng);
    match rng.u32(0..14) {
        0 => drop(rule.when.pop()),
        1 => drop(rule.unless.pop()),
        2 => rule.when.extend(other),
        3 => rule.unless.extend(other),
        4 | 5 => rule.norm.time.iter_mut().for_each(|window| resized(window, rng)),
        6 => drop(rule.otherwise.pop()),
        7 => rule.otherwise.iter_mut().filter_map(|level| level.time.as_mut()).for_each(|window| resized(window, rng)),
        8 => rule.waivable = None,
        9 => rule.waivable.iter_mut().for_each(|waivable| waivable.floor = None),
        10 => rule.waivable.iter_mut().for_each(|waivable| waivable.longest = None),
        11 => rule.overrides.clear(),
        12 => {
            let joined = |condition: &mut Condition, other: Condition, and: bool| {
                let both = vec![condition.expr.clone(), other.expr];
                condition.expr.node = if and { Node::And(both) } else { Node::Or(both) };
            };
            let and = rng.bool();
            if let (Some(condition), Some(other)) = (rule.when.first_mut(), other) {
                joined(condition, other, and);
            }
        }
        _ => {
            if let Some(action) = pack.actions.values_mut().nth(rng.usize(0..4))
                && let Some(evidence) = action.evidence.first_mut()
            {
                match rng.bool() {
                    true => evidence.by = None,
                    false => drop(action.evidence.pop()),
                }
            }
        }
    }
}

#[derive(Default, Debug)]
struct Seen {
    claims: BTreeMap<&'static str, u64>,
    checked: u64,
}

fn check(seed: u64, old: &Pack, new: &Pack, seen: &mut Seen) -> Difference {
    let difference = compare(old, new);
    for rule in &difference.rules {
        *seen.claims.entry(rule.verdict.word()).or_default() += 1;
    }
    for facts in 0..FACTS {
        let other = case(seed * 1_000 + facts, Features::CARRIED_OUT);
        let (Some(a), Some(b)) = (judged(old, &other.facts, other.as_of), judged(new, &other.facts, other.as_of))
        else {
            continue;
        };
        for name in old.rules.keys().filter(|name| new.rules.contains_key(*name)) {
            let claimed = difference.rules.iter().find(|rule| rule.new.as_ref().is_some_and(|side| side.name == *name));
            let (mut one, other_side) = (of(&a, name), of(&b, name));
            let keys: Vec<_> = one.keys().chain(other_side.keys()).cloned().collect();
            for key in keys {
                seen.checked += 1;
                let (before, after) = (one.get(&key).copied(), other_side.get(&key).copied());
                if let Some(claim) = contradiction(claimed, before, after) {
                    let said =
                        |f: Option<&Finding>| f.map(|f| (f.status, f.possible, f.grade, f.due.clone(), f.why.clone()));
                    panic!(
                        "seed {seed}, facts {facts}: `{claim}` of {name} about {key:?}\nold {:?}\nnew {:?}\n{:#?}\nold rule {}\nnew rule {}\nfacts {}\nas of {}",
                        said(before),
                        said(after),
                        claimed.map(|c| (&c.aspects, c.never_weaker, c.never_stricter)),
                        serde_json::to_string(&old.rules[name]).expect("JSON"),
                        serde_json::to_string(&new.rules[name]).expect("JSON"),
                        other.facts,
                        other.as_of
                    );
                }
            }
            one.clear();
        }
    }
    difference
}

#[test]
fn no_claim_about_a_changed_pack_is_contradicted_by_facts() {
    let mut seen = Seen::default();
    let pairs = std::env::var("DIFFER_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(PAIRS);
    for seed in 1..=pairs {
        let mut old = case(seed, Features::CARRIED_OUT).pack;
        old.seal();
        let mut rng = Rng::with_seed(seed);
        let mut new = old.clone();
        change(&mut new, &mut rng);
        new.seal();
        check(seed, &old, &new, &mut seen);
    }
    println!("{seen:?}");
    for claim in ["stricter", "weaker", "not decided"] {
        assert!(seen.claims.get(claim).is_some_and(|n| *n > 5), "{claim}: {seen:#?}");
    }
    assert!(seen.checked > 5_000, "{seen:#?}");
}

#[test]
fn what_is_only_written_otherwise_is_the_same() {
    let mut seen = Seen::default();
    for seed in 1..=60 {
        let mut old = case(seed, Features::CARRIED_OUT).pack;
        old.seal();
        let mut new = old.clone();
        for rule in new.rules.values_mut() {
            rule.when.reverse();
            rule.when.iter_mut().chain(&mut rule.unless).for_each(|c| c.expr = rewritten(&c.expr));
            rule.title = "Another title".into();
        }
        new.seal();
        let difference = check(seed, &old, &new, &mut seen);
        for rule in &difference.rules {
            assert_eq!(rule.verdict, Verdict::Same, "seed {seed}: {rule:#?}");
        }
    }
    assert!(seen.checked > 500, "{seen:#?}");
}

/// The strength of a norm is never lost between two modals that are told apart.
#[test]
fn another_strength_is_never_called_the_same() {
    for seed in 1..=40 {
        let mut old = case(seed, Features::CARRIED_OUT).pack;
        let turned = |modal| match modal {
            Modal::Must => Modal::Should,
            Modal::MustNot => Modal::ShouldNot,
            other => other,
        };
        old.seal();
        let mut new = old.clone();
        new.rules.values_mut().for_each(|rule| rule.norm.modal = turned(rule.norm.modal));
        new.seal();
        let difference = compare(&old, &new);
        for (name, rule) in old.rules.iter().filter(|(_, rule)| turned(rule.norm.modal) != rule.norm.modal) {
            let told = difference.rules.iter().find(|told| told.new.as_ref().is_some_and(|side| side.name == *name));
            let weaker = told.is_some_and(|told| !told.never_weaker && told.verdict != Verdict::Same);
            assert!(weaker, "seed {seed}: {name} {rule:?}");
        }
    }
}
