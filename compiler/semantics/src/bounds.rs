//! Order of plain values, for bounds of parameters.

use crate::signatures::enumeration;
use mandate_pack::{Expr, Node, Type};
use rust_decimal::Decimal;

/// Whether `a` is less than `b`, if both are plain values of an ordered kind that can be compared without a calendar or a rate.
pub(crate) fn less(a: &Expr, b: &Expr) -> Option<bool> {
    let decimal = |text: &str| Decimal::from_str_exact(text).ok();
    match (&a.node, &b.node) {
        (Node::Duration(a), Node::Duration(b)) => Some(seconds(a)? < seconds(b)?),
        (Node::Money { amount: a, currency: x }, Node::Money { amount: b, currency: y }) if x == y => {
            Some(decimal(a)? < decimal(b)?)
        }
        (Node::Length(a), Node::Length(b)) => Some(decimal(a)? < decimal(b)?),
        (Node::Date(a), Node::Date(b)) | (Node::Time(a), Node::Time(b)) => Some(a < b),
        (a, b) => Some(number(a)? < number(b)?),
    }
}

fn number(node: &Node) -> Option<Decimal> {
    match node {
        Node::Int(n) => Some(Decimal::from(*n)),
        Node::Decimal(text) => Decimal::from_str_exact(text).ok(),
        _ => None,
    }
}

/// Whether a plain value lies below `low` or above `high`; `None` where that cannot be told, as with another currency.
pub(crate) fn outside(db: &dyn salsa::Database, value: &Expr, low: &Expr, high: &Expr) -> Option<bool> {
    Some(ordered(db, value, low)? || ordered(db, high, value)?)
}

/// As [`less`], for values of ordered enums too.
fn ordered(db: &dyn salsa::Database, a: &Expr, b: &Expr) -> Option<bool> {
    let (Node::Variant(x), Node::Variant(y), Type::Enum(name)) = (&a.node, &b.node, a.ty.known()) else {
        return less(a, b);
    };
    let (_, found) = enumeration(db, name)?;
    let place = |variant: &str| found.variants.iter().position(|(known, _)| known == variant);
    if found.ordered { Some(place(x)? < place(y)?) } else { None }
}

/// Length in seconds with a month as 30 days: bounds are coarse, and a bound that differs by a day in some month is still a bound.
fn seconds(duration: &mandate_pack::Duration) -> Option<i64> {
    let days = duration.months.checked_mul(30)?.checked_add(duration.days)?;
    days.checked_mul(86_400)?.checked_add(duration.seconds)
}
