//! Walking over expressions.

use mandate_syntax::ast::{Binder, Domain, Expr, ExprKind};

/// The expressions directly inside one.
pub(crate) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Hole
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Quantity(..)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::Time(_)
        | ExprKind::Name(_) => Vec::new(),
        ExprKind::Field(inner, _) | ExprKind::Not(inner) | ExprKind::Neg(inner) | ExprKind::Is(inner, _) => vec![inner],
        ExprKind::Call(_, items) | ExprKind::And(items) | ExprKind::Or(items) | ExprKind::List(items) => {
            items.iter().collect()
        }
        ExprKind::Compare(_, a, b)
        | ExprKind::Arith(_, a, b)
        | ExprKind::In(a, b)
        | ExprKind::Overlaps(a, b)
        | ExprKind::Covers(a, b)
        | ExprKind::IfUnknown(a, b)
        | ExprKind::Range(a, b) => vec![a, b],
        ExprKind::If(a, b, c) => vec![a, b, c],
        ExprKind::Quantified(_, binder, condition) | ExprKind::Pick(_, binder, condition) => {
            domain(binder).into_iter().chain(condition.as_deref()).collect()
        }
        ExprKind::Aggregate(_, of, binder, condition) => {
            of.as_deref().into_iter().chain(domain(binder)).chain(condition.as_deref()).collect()
        }
        ExprKind::Record(_, fields) => fields.iter().map(|(_, value)| value).collect(),
        ExprKind::All(parts) => {
            parts.iter().flat_map(|part| std::iter::once(&part.condition).chain(part.unless.as_ref())).collect()
        }
    }
}

fn domain(binder: &Binder) -> Option<&Expr> {
    match &binder.over {
        Domain::Items(list) => Some(list),
        Domain::Type(_) => None,
    }
}
