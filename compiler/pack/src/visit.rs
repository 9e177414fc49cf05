//! Walking over the expressions of a pack.

use crate::{Binder, Domain, Expr, Node};

impl Expr {
    /// The expressions directly inside this one, in the order written.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.node {
            Node::Bool(_)
            | Node::Int(_)
            | Node::Decimal(_)
            | Node::Text(_)
            | Node::Date(_)
            | Node::Time(_)
            | Node::Duration(_)
            | Node::Length(_)
            | Node::Money { .. }
            | Node::Nation(_)
            | Node::Variant(_)
            | Node::Never
            | Node::AsOf
            | Node::Var(_) => Vec::new(),
            Node::Parameter { at, .. } => at.as_deref().into_iter().collect(),
            Node::Field { of, at, .. } => std::iter::once(&**of).chain(at.as_deref()).collect(),
            Node::Holds { who, of, at, .. } => {
                std::iter::once(&**who).chain(of.as_deref()).chain(at.as_deref()).collect()
            }
            Node::Not(inner)
            | Node::Neg(inner)
            | Node::CurrencyOf(inner)
            | Node::IsKnown(inner)
            | Node::IsMissing(inner)
            | Node::IsEmpty(inner)
            | Node::Follow { from: inner, .. } => vec![inner],
            Node::List(items) | Node::And(items) | Node::Or(items) | Node::Call { args: items, .. } => {
                items.iter().collect()
            }
            Node::Convert { amount: a, rate: b, .. }
            | Node::Compare { left: a, right: b, .. }
            | Node::Arith { left: a, right: b, .. }
            | Node::In { value: a, list: b }
            | Node::Overlaps(a, b)
            | Node::Covers(a, b)
            | Node::IfUnknown(a, b)
            | Node::Period { from: a, to: b }
            | Node::Distance(a, b) => vec![a, b],
            Node::Within { value, from, to } => [value, from].into_iter().map(|e| &**e).chain(to.as_deref()).collect(),
            Node::If { condition, then, otherwise } => vec![condition, then, otherwise],
            Node::Some { binder, condition }
            | Node::Every { binder, condition }
            | Node::Count { binder, condition }
            | Node::Share { binder, condition }
            | Node::Pick { binder, condition, .. } => over(binder).into_iter().chain([&**condition]).collect(),
            Node::Fold { value, binder, condition, .. } => {
                over(binder).into_iter().chain([&**value, &**condition]).collect()
            }
            Node::All(parts) => {
                parts.iter().flat_map(|part| std::iter::once(&part.condition).chain(part.unless.as_ref())).collect()
            }
        }
    }

    /// The same for writing, in the same order.
    pub fn children_mut(&mut self) -> Vec<&mut Expr> {
        match &mut self.node {
            Node::Bool(_)
            | Node::Int(_)
            | Node::Decimal(_)
            | Node::Text(_)
            | Node::Date(_)
            | Node::Time(_)
            | Node::Duration(_)
            | Node::Length(_)
            | Node::Money { .. }
            | Node::Nation(_)
            | Node::Variant(_)
            | Node::Never
            | Node::AsOf
            | Node::Var(_) => Vec::new(),
            Node::Parameter { at, .. } => at.as_deref_mut().into_iter().collect(),
            Node::Field { of, at, .. } => std::iter::once(&mut **of).chain(at.as_deref_mut()).collect(),
            Node::Holds { who, of, at, .. } => {
                std::iter::once(&mut **who).chain(of.as_deref_mut()).chain(at.as_deref_mut()).collect()
            }
            Node::Not(inner)
            | Node::Neg(inner)
            | Node::CurrencyOf(inner)
            | Node::IsKnown(inner)
            | Node::IsMissing(inner)
            | Node::IsEmpty(inner)
            | Node::Follow { from: inner, .. } => vec![inner],
            Node::List(items) | Node::And(items) | Node::Or(items) | Node::Call { args: items, .. } => {
                items.iter_mut().collect()
            }
            Node::Convert { amount: a, rate: b, .. }
            | Node::Compare { left: a, right: b, .. }
            | Node::Arith { left: a, right: b, .. }
            | Node::In { value: a, list: b }
            | Node::Overlaps(a, b)
            | Node::Covers(a, b)
            | Node::IfUnknown(a, b)
            | Node::Period { from: a, to: b }
            | Node::Distance(a, b) => vec![a, b],
            Node::Within { value, from, to } => {
                [value, from].into_iter().map(|e| &mut **e).chain(to.as_deref_mut()).collect()
            }
            Node::If { condition, then, otherwise } => vec![condition, then, otherwise],
            Node::Some { binder, condition }
            | Node::Every { binder, condition }
            | Node::Count { binder, condition }
            | Node::Share { binder, condition }
            | Node::Pick { binder, condition, .. } => over_mut(binder).into_iter().chain([&mut **condition]).collect(),
            Node::Fold { value, binder, condition, .. } => {
                over_mut(binder).into_iter().chain([&mut **value, &mut **condition]).collect()
            }
            Node::All(parts) => parts
                .iter_mut()
                .flat_map(|part| std::iter::once(&mut part.condition).chain(part.unless.as_mut()))
                .collect(),
        }
    }

    /// Calls `f` with this expression and every one inside it.
    pub fn visit<'e>(&'e self, f: &mut impl FnMut(&'e Expr)) {
        let mut open = vec![self];
        while let Some(expr) = open.pop() {
            f(expr);
            open.extend(expr.children());
        }
    }
}

fn over(binder: &Binder) -> Option<&Expr> {
    match &binder.over {
        Domain::Items(list) => Some(list),
        Domain::Records(_) => None,
    }
}

fn over_mut(binder: &mut Binder) -> Option<&mut Expr> {
    match &mut binder.over {
        Domain::Items(list) => Some(list),
        Domain::Records(_) => None,
    }
}
