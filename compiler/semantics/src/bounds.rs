//! Order of plain values, for bounds of parameters.

use mandate_pack::{Expr, Node};
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

/// Length in seconds with a month as 30 days: bounds are coarse, and a bound that differs by a day in some month is still a bound.
fn seconds(duration: &mandate_pack::Duration) -> Option<i64> {
    let days = duration.months.checked_mul(30)?.checked_add(duration.days)?;
    days.checked_mul(86_400)?.checked_add(duration.seconds)
}
