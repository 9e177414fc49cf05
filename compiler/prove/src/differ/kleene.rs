//! Whether one condition follows from another, in the logic of rules: true, false and unknown.
//!
//! Conditions are turned into alternatives of literals, and what is claimed into literals of which one must hold; a literal follows from
//! another where both are the same, or compare the same value with constants. For conditions whose literals have nothing to do with each
//! other this decides; what else it proves is right, and what it does not prove is left open.

use super::terms::{Head, Id, Term, Terms, negated};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// Most alternatives a condition is taken apart into.
const LIMIT: usize = 512;

/// Whether `b` is true wherever `a` is. `false`: not shown.
pub(crate) fn follows(terms: &mut Terms, a: Id, b: Id) -> bool {
    if a == b {
        return true;
    }
    let Some(cases) = alternatives(terms, a, false) else { return false };
    let Some(claims) = alternatives(terms, b, true) else { return false };
    cases.iter().all(|case| {
        is_contradiction(terms, case)
            || claims
                .iter()
                .all(|claim| claim.iter().any(|wanted| case.iter().any(|had| literal(terms, *had, *wanted))))
    })
}

/// Whether `a` and `b` have the same value in every situation. `false`: not shown.
pub(crate) fn equal(terms: &mut Terms, a: Id, b: Id) -> bool {
    if a == b {
        return true;
    }
    let (not_a, not_b) = (negated(terms, a, true), negated(terms, b, true));
    follows(terms, a, b) && follows(terms, b, a) && follows(terms, not_a, not_b) && follows(terms, not_b, not_a)
}

/// Sets of literals: of each alternative all hold (or, for claims, of each set one).
fn alternatives(terms: &Terms, id: Id, claims: bool) -> Option<Vec<BTreeSet<Id>>> {
    let (sum, product) = if claims { ("and", "or") } else { ("or", "and") };
    match terms.get(id) {
        Some(Term { head: Head::Truth(truth), .. }) => {
            Some(if *truth == claims { Vec::new() } else { vec![BTreeSet::new()] })
        }
        Some(Term { head: Head::Form(word), parts }) if *word == sum => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(alternatives(terms, *part, claims)?);
                if all.len() > LIMIT {
                    return None;
                }
            }
            Some(all)
        }
        Some(Term { head: Head::Form(word), parts }) if *word == product => {
            let mut all = vec![BTreeSet::new()];
            for part in parts {
                let more = alternatives(terms, *part, claims)?;
                if all.len().saturating_mul(more.len()) > LIMIT {
                    return None;
                }
                all = all.iter().flat_map(|have| more.iter().map(move |add| have | add)).collect();
            }
            Some(all)
        }
        _ => Some(vec![BTreeSet::from([id])]),
    }
}

/// Whether literals can never all be true.
fn is_contradiction(terms: &mut Terms, case: &BTreeSet<Id>) -> bool {
    case.iter().any(|one| {
        let not = negated(terms, *one, true);
        case.iter().any(|other| literal(terms, *other, not))
    })
}

/// Whether one literal is true wherever another is.
fn literal(terms: &mut Terms, had: Id, wanted: Id) -> bool {
    if had == wanted {
        return true;
    }
    let (Some(a), Some(b)) = (terms.get(had).cloned(), terms.get(wanted).cloned()) else { return false };
    match (&a.head, &b.head) {
        (Head::Form(one @ ("some" | "every")), Head::Form(other)) if one == other => {
            matches!((a.parts.as_slice(), b.parts.as_slice()),
                ([over, c], [over_too, d]) if over == over_too && follows(terms, *c, *d))
        }
        // Days and editions: later begins are narrower, earlier ends too.
        (Head::Named("since", one), Head::Named("since", other)) => one >= other,
        (Head::Named("until", one), Head::Named("until", other)) => one <= other,
        (Head::Form(_), Head::Form(_)) => {
            let (one, other) = (bounds(terms, &a), bounds(terms, &b));
            one.iter().any(|(x, had)| other.iter().any(|(y, wanted)| x == y && had.is_in(wanted)))
        }
        _ => false,
    }
}

/// A constant that can be told apart from others of its kind, and compared where it has an order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Constant {
    Number(&'static str, Decimal),
    /// Without order, or with one that is not needed.
    Other(&'static str, String),
}

/// What a literal says of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Bound {
    Below(Constant, bool),
    Above(Constant, bool),
    Is(Constant),
    IsNot(Constant),
}

impl Constant {
    fn of(terms: &Terms, id: Id) -> Option<Constant> {
        let term = terms.get(id)?;
        let number = |id: &Id| match terms.get(*id).map(|t| &t.head) {
            Some(Head::Number(number)) => Some(*number),
            _ => None,
        };
        Some(match (&term.head, term.parts.as_slice()) {
            (Head::Number(number), _) => Constant::Number("number", *number),
            (Head::Form("decimal"), [inner]) => Constant::Number("number", number(inner)?),
            (Head::Form("metres"), [inner]) => Constant::Number("metres", number(inner)?),
            // Elapsed time alone has one order; days have not always as many hours.
            (Head::Length(length), _) if length.months == 0 && length.days == 0 => {
                Constant::Number("seconds", Decimal::from(length.seconds))
            }
            (Head::Named("instant", at), _) => {
                let at = at.parse::<jiff::Timestamp>().ok()?;
                Constant::Number("instant", Decimal::from(at.as_microsecond()))
            }
            (Head::Named("day", day), _) => {
                let day = day.parse::<jiff::civil::Date>().ok()?;
                Constant::Number("day", Decimal::from(day.duration_since(jiff::civil::Date::ZERO).as_secs()))
            }
            (Head::Named(kind @ ("text" | "nation" | "variant"), name), _) => Constant::Other(kind, name.clone()),
            (Head::Truth(truth), _) => Constant::Other("truth", truth.to_string()),
            _ => return None,
        })
    }

    /// `None` where there is no order between them.
    fn compared(&self, other: &Constant) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Constant::Number(kind, a), Constant::Number(of, b)) if kind == of => Some(a.cmp(b)),
            _ => None,
        }
    }

    fn differs(&self, other: &Constant) -> bool {
        match (self, other) {
            (Constant::Number(kind, a), Constant::Number(of, b)) => kind == of && a != b,
            (Constant::Other(kind, a), Constant::Other(of, b)) => kind == of && a != b,
            _ => false,
        }
    }
}

impl Bound {
    /// Whether every value that keeps this bound keeps the other one.
    fn is_in(&self, other: &Bound) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match (self, other) {
            (Bound::Below(a, strict), Bound::Below(b, wanted)) => match a.compared(b) {
                Some(Less) => true,
                Some(Equal) => *strict || !*wanted,
                _ => false,
            },
            (Bound::Above(a, strict), Bound::Above(b, wanted)) => match a.compared(b) {
                Some(Greater) => true,
                Some(Equal) => *strict || !*wanted,
                _ => false,
            },
            (Bound::Is(a), Bound::Below(b, strict)) => {
                matches!((a.compared(b), strict), (Some(Less), _) | (Some(Equal), false))
            }
            (Bound::Is(a), Bound::Above(b, strict)) => {
                matches!((a.compared(b), strict), (Some(Greater), _) | (Some(Equal), false))
            }
            (Bound::Below(a, strict), Bound::IsNot(b)) => {
                matches!((a.compared(b), strict), (Some(Less), _) | (Some(Equal), true))
            }
            (Bound::Above(a, strict), Bound::IsNot(b)) => {
                matches!((a.compared(b), strict), (Some(Greater), _) | (Some(Equal), true))
            }
            (Bound::Is(a), Bound::IsNot(b)) => a.differs(b),
            _ => false,
        }
    }
}

/// What a comparison says of either side, where the other one is a constant.
fn bounds(terms: &Terms, term: &Term) -> Vec<(Id, Bound)> {
    let (Head::Form(word), [left, right]) = (&term.head, term.parts.as_slice()) else { return Vec::new() };
    let mut found = Vec::new();
    if let Some(constant) = Constant::of(terms, *right) {
        match *word {
            "<" => found.push((*left, Bound::Below(constant, true))),
            "<=" => found.push((*left, Bound::Below(constant, false))),
            "==" => found.push((*left, Bound::Is(constant))),
            "!=" => found.push((*left, Bound::IsNot(constant))),
            _ => {}
        }
    }
    if let Some(constant) = Constant::of(terms, *left) {
        match *word {
            "<" => found.push((*right, Bound::Above(constant, true))),
            "<=" => found.push((*right, Bound::Above(constant, false))),
            "==" => found.push((*right, Bound::Is(constant))),
            "!=" => found.push((*right, Bound::IsNot(constant))),
            _ => {}
        }
    }
    found
}

/// Whether a constant is at most another one of its kind. `false`: not shown.
pub(crate) fn is_at_most(terms: &Terms, one: Id, other: Id) -> bool {
    let constants = Constant::of(terms, one).zip(Constant::of(terms, other));
    constants.and_then(|(one, other)| one.compared(&other)).is_some_and(std::cmp::Ordering::is_le)
}
