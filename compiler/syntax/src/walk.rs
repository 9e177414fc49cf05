//! Walking expressions: every layer above asks an expression for its parts in one way.

use crate::ast::{Binder, Domain, Expr, ExprKind};

impl Expr {
    /// The expressions directly inside this one, in the order of the text.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Hole
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Quantity(..)
            | ExprKind::Text(_)
            | ExprKind::Date(_)
            | ExprKind::Time(_)
            | ExprKind::Name(_) => Vec::new(),
            ExprKind::Field(a, _) | ExprKind::Not(a) | ExprKind::Neg(a) | ExprKind::Is(a, _) => vec![&**a],
            ExprKind::Compare(_, a, b)
            | ExprKind::Arith(_, a, b)
            | ExprKind::In(a, b)
            | ExprKind::Overlaps(a, b)
            | ExprKind::Covers(a, b)
            | ExprKind::IfUnknown(a, b)
            | ExprKind::Range(a, b) => vec![&**a, &**b],
            ExprKind::If(a, b, c) => vec![&**a, &**b, &**c],
            ExprKind::Call(_, parts) | ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::List(parts) => {
                parts.iter().collect()
            }
            ExprKind::Quantified(_, binder, condition) | ExprKind::Pick(_, binder, condition) => {
                binder.items().into_iter().chain(condition.as_deref()).collect()
            }
            ExprKind::Holds(holds) => std::iter::once(&holds.who).chain(&holds.of).chain(&holds.at).collect(),
            ExprKind::Aggregate(_, value, binder, condition) => {
                value.as_deref().into_iter().chain(binder.items()).chain(condition.as_deref()).collect()
            }
            ExprKind::Record(_, fields) => fields.iter().map(|(_, value)| value).collect(),
            ExprKind::All(conditions) => {
                conditions.iter().flat_map(|one| std::iter::once(&one.condition).chain(&one.unless)).collect()
            }
        }
    }
}

impl Binder {
    /// The list the variable ranges over, unless it ranges over all records of a type.
    pub fn items(&self) -> Option<&Expr> {
        match &self.over {
            Domain::Items(list) => Some(list),
            Domain::Type(_) => None,
        }
    }
}
