//! The order of findings: what somebody has to act on comes first.

use crate::finding::{Finding, Grade};
use crate::outcome::{Outcome, Status};
use mandate_pack::Force;
use std::cmp::Ordering;

/// Worst first: violations of the strongest force, what could turn out a breach, repaired breaches, what is owed with the
/// nearest deadline first, advice, and then what nobody has to act on; within that by rule and by subject.
pub(crate) fn worst_first(a: &Finding, b: &Finding) -> Ordering {
    (weight(a), force(a)).cmp(&(weight(b), force(b))).then_with(|| due(a, b)).then_with(|| {
        let round = |f: &Finding| f.round.as_ref().map(|round| round.number);
        a.rule.cmp(&b.rule).then_with(|| key(a).cmp(key(b))).then_with(|| round(a).cmp(&round(b)))
    })
}

/// Puts findings in order without moving them through a second list: there may be many, and they are large.
pub(crate) fn sort(findings: &mut [Finding]) {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|a, b| worst_first(&findings[*a], &findings[*b]));
    let mut place = vec![0; order.len()];
    for (to, from) in order.into_iter().enumerate() {
        place[from] = to;
    }
    for at in 0..findings.len() {
        while place[at] != at {
            let to = place[at];
            findings.swap(at, to);
            place.swap(at, to);
        }
    }
}

fn key(f: &Finding) -> impl Iterator<Item = (&str, Option<u32>, Option<&str>)> {
    f.subject.iter().map(|s| (s.id.as_str(), s.line, s.file.as_deref()))
}

fn weight(f: &Finding) -> u8 {
    match (f.status, f.grade) {
        (_, Grade::Violation) => 0,
        (Status::Undetermined, _) if !f.possible.is_harmless() && f.weighs == Grade::Violation => 1,
        (Status::Is(Outcome::Repaired), _) => 2,
        (Status::Is(Outcome::Pending), _) => 3,
        (_, Grade::Advice) => 4,
        (Status::Undetermined, _) if !f.possible.is_harmless() => 5,
        (Status::Is(Outcome::Waived), _) => 6,
        (Status::Is(Outcome::Overridden), _) => 7,
        (Status::Undetermined, _) => 8,
        (Status::Is(Outcome::Exempt), _) => 9,
        (Status::Is(Outcome::Permitted), _) => 10,
        (Status::Is(Outcome::Violated | Outcome::Satisfied | Outcome::NotApplicable), _) => 11,
    }
}

/// The strength of the source counts where something is broken or may be. Without a citation, nobody can say what was broken:
/// it comes with the orders of the mission, not after voluntary texts.
fn force(f: &Finding) -> Force {
    let broken = f.grade == Grade::Violation || f.status == Status::Undetermined;
    if broken { f.force.unwrap_or(Force::Order) } else { Force::Law }
}

/// Deadlines of what is pending, nearest first; a day ends after its last hour, and what never falls due comes last.
fn due(a: &Finding, b: &Finding) -> Ordering {
    let pending = |f: &Finding| f.status == Status::Is(Outcome::Pending);
    match (&a.due, &b.due) {
        _ if !pending(a) || !pending(b) => pending(a).cmp(&pending(b)),
        (Some(a), Some(b)) => last_hour(a).cmp(last_hour(b)),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

fn last_hour(due: &str) -> impl Iterator<Item = u8> {
    due.bytes().chain(if crate::say::is_day(due) { "T24" } else { "" }.bytes())
}
