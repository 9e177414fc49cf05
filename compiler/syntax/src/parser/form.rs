//! Forms with words of their own: `if`, quantifiers, picks, aggregates and `all`. They extend to the right as far as they can.

use super::expression::{Node, Parts};
use super::reader::{In, Reader};
use super::types::binder;
use super::value::{close, elements};
use crate::ast::*;
use crate::token::Kind;
use crate::words::Keyword;

pub(super) fn conditional(inp: &mut In<'_, '_>) -> Node {
    let start = inp.take().span;
    let mut parts = Parts::default();
    let condition = parts.boxed(inp);
    let then = inp.expect_word(Keyword::Then, "after the condition of `if`");
    let mut yes = parts.boxed(inp);
    // What stands before the `then` was still part of the condition.
    if then.is_none() && inp.eat_word(Keyword::Then).is_some() {
        yes = parts.boxed(inp);
    }
    inp.expect_word(Keyword::Else, "with the other value of `if`");
    let no = parts.boxed(inp);
    parts.node(inp, start, ExprKind::If(condition, yes, no))
}

pub(super) fn quantified(inp: &mut In<'_, '_>, quantifier: Quantifier) -> Node {
    let start = inp.take().span;
    let mut parts = Parts::default();
    let over = Box::new(binder(inp));
    let condition = match quantifier {
        Quantifier::Every => inp.expect_word(Keyword::Satisfies, "with the condition of `every`").is_some(),
        Quantifier::Some | Quantifier::No => inp.eat_word(Keyword::Where).is_some(),
    };
    let condition = condition.then(|| parts.boxed(inp));
    parts.node(inp, start, ExprKind::Quantified(quantifier, over, condition))
}

pub(super) fn picked(inp: &mut In<'_, '_>, pick: Pick) -> Node {
    let start = inp.take().span;
    let mut parts = Parts::default();
    let over = Box::new(binder(inp));
    let condition = inp.eat_word(Keyword::Where).map(|_| parts.boxed(inp));
    parts.node(inp, start, ExprKind::Pick(pick, over, condition))
}

/// `count(x in xs)`, `share(x in xs where c)`, `sum(e for x in xs)`; `min(a, b)` without `for` is a call.
pub(super) fn aggregate(inp: &mut In<'_, '_>, aggregate: Aggregate) -> Node {
    let name = inp.any_name();
    let open = inp.take().span;
    let bare = std::mem::replace(&mut inp.shared().bare, false);
    let listed = std::mem::replace(&mut inp.shared().listed, true);
    let mut parts = Parts::default();
    let node = match aggregate {
        Aggregate::Count | Aggregate::Share => None,
        Aggregate::Sum | Aggregate::Min | Aggregate::Max => Some(parts.expr(inp)),
    };
    if let Some(first) = &node
        && !inp.on_word(Keyword::For)
        && !matches!(first.kind, ExprKind::Hole)
        && (inp.on(Kind::Comma) || inp.on(Kind::RParen))
    {
        let mut args: Vec<Expr> = node.into_iter().collect();
        if inp.eat(Kind::Comma).is_some() {
            args.extend(elements(inp, &mut parts, open, Kind::RParen));
        } else {
            close(inp, open, Kind::RParen, ")");
        }
        inp.shared().bare = bare;
        inp.shared().listed = listed;
        let start = name.span;
        return parts.node(inp, start, ExprKind::Call(Path { span: start, segments: vec![name] }, args));
    }
    if node.is_some() {
        inp.expect_word(Keyword::For, "with what is gone through");
    }
    let over = Box::new(binder(inp));
    let condition = inp.eat_word(Keyword::Where).map(|_| parts.boxed(inp));
    close(inp, open, Kind::RParen, ")");
    inp.shared().bare = bare;
    inp.shared().listed = listed;
    parts.node(inp, name.span, ExprKind::Aggregate(aggregate, node.map(Box::new), over, condition))
}

/// `all { name: condition unless exception, ... }`
pub(super) fn all(inp: &mut In<'_, '_>) -> Node {
    let start = inp.take().span;
    let open = inp.take().span;
    let bare = std::mem::replace(&mut inp.shared().bare, false);
    let listed = std::mem::replace(&mut inp.shared().listed, false);
    let mut parts = Parts::default();
    let mut conditions = Vec::new();
    while inp.now().kind.is_word() && (inp.ahead(1).kind == Kind::Colon || !ends_entries(inp)) {
        inp.entry(false);
        let name = inp.any_name();
        inp.expect(Kind::Colon, ":", "between the name of a condition and the condition");
        let condition = parts.expr(inp);
        let unless = inp.eat_word(Keyword::Unless).map(|_| parts.expr(inp));
        conditions.push(NamedCondition { name, condition, unless });
        if inp.eat(Kind::Comma).is_none() && !inp.now().line_start {
            break;
        }
    }
    close(inp, open, Kind::RBrace, "}");
    inp.shared().bare = bare;
    inp.shared().listed = listed;
    parts.node(inp, start, ExprKind::All(conditions))
}

/// A clause word at the start of a line: the brace was forgotten.
fn ends_entries(inp: &mut In<'_, '_>) -> bool {
    inp.now().line_start && inp.keyword().starts_clause()
}
