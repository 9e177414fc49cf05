//! Words that descriptions of changes are made of.

use mandate_pack::{Expr, Type};

pub(crate) use mandate_pack::short;

/// An expression as one would write it.
pub(crate) fn words(expr: &Expr) -> String {
    expr.words()
}

/// Whether an expression may be a yes-or-no answer.
pub(crate) fn is_bool(expr: &Expr) -> bool {
    *expr.ty.known() == Type::Bool
}
