//! Expressions from outside: what other productions ask for, and how deep they may nest.
//!
//! Values are read in `value.rs`, prefix forms such as `some x in xs where c` in `form.rs`, operators in `operator.rs`.

use super::operator::operators;
use super::reader::{In, Reader, State};
use super::value::atom;
use crate::ast::*;
use crate::token::Kind;
use mandate_diagnostics::{Diagnostic, Span, codes};

/// How deep expressions and types may nest: far beyond what people write, and safe for a thread of 2 MB.
pub(crate) const DEEPEST: u16 = 100;

/// An expression with the depth of its tree, so that long chains are bounded like deep brackets.
pub(super) struct Node {
    pub(super) expr: Expr,
    pub(super) depth: u16,
}

/// An expression, or a hole with an error.
pub(super) fn expr(inp: &mut In<'_, '_>) -> Expr {
    node(inp).expr
}

/// An expression followed by a `=` or `{` that belongs to the declaration around it.
pub(super) fn bare_expr(inp: &mut In<'_, '_>) -> Expr {
    let before = std::mem::replace(&mut inp.shared().bare, true);
    let out = expr(inp);
    inp.shared().bare = before;
    out
}

/// Two expressions with `..` between them.
pub(super) fn range(inp: &mut In<'_, '_>, what: &str) -> (Expr, Expr) {
    let both = bare_expr(inp);
    match both.kind {
        ExprKind::Range(from, to) => (*from, *to),
        kind => {
            let span = inp.missing(what);
            (Expr { span: both.span, kind }, hole(span))
        }
    }
}

/// A value with its fields and calls, without operators: `i.observed_by`, `follow(u, superior)`.
pub(super) fn operand(inp: &mut In<'_, '_>) -> Expr {
    nested(inp, atom).expr
}

pub(super) fn hole(span: Span) -> Expr {
    Expr { span, kind: ExprKind::Hole }
}

pub(super) fn node(inp: &mut In<'_, '_>) -> Node {
    nested(inp, operators)
}

/// Reads one level deeper, or gives a hole where it would be too deep.
pub(super) fn nested<'s>(inp: &mut In<'s, '_>, read: impl FnOnce(&mut In<'s, '_>) -> Node) -> Node {
    if inp.shared().depth >= DEEPEST {
        give_up(inp);
        return Node { expr: hole(inp.gap()), depth: 1 };
    }
    inp.shared().depth += 1;
    let out = read(inp);
    inp.shared().depth -= 1;
    out
}

/// Reports the depth, once in a declaration.
pub(super) fn too_deep(shared: &mut State<'_>, place: Span) {
    if std::mem::replace(&mut shared.too_deep, true) {
        return;
    }
    let found = Diagnostic::new(&codes::E009, place, format!("this is nested more than {DEEPEST} levels deep"))
        .help("give parts of it a name with `let` or `define`");
    shared.errors.push(found);
}

/// Reports the depth once and passes over everything up to the bracket that closes the part in hand.
pub(super) fn give_up(inp: &mut In<'_, '_>) {
    let place = inp.now().span;
    too_deep(inp.shared(), place);
    let mut open = 0_u32;
    loop {
        let tok = inp.now();
        match tok.kind {
            _ if tok.end || tok.line_start && inp.keyword().starts_clause() => break,
            Kind::LBrace | Kind::LParen | Kind::LBracket => open += 1,
            Kind::RBrace | Kind::RParen | Kind::RBracket if open == 0 => break,
            Kind::RBrace | Kind::RParen | Kind::RBracket => open -= 1,
            _ => {}
        }
        inp.advance();
    }
    let at = inp.index();
    inp.shared().last_error = Some(at);
}

/// Collects parts and the depth of the deepest.
#[derive(Default)]
pub(super) struct Parts {
    depth: u16,
}

impl Parts {
    pub(super) fn expr(&mut self, inp: &mut In<'_, '_>) -> Expr {
        let node = node(inp);
        self.depth = self.depth.max(node.depth);
        node.expr
    }

    pub(super) fn boxed(&mut self, inp: &mut In<'_, '_>) -> Box<Expr> {
        Box::new(self.expr(inp))
    }

    pub(super) fn node(self, inp: &mut In<'_, '_>, start: Span, kind: ExprKind) -> Node {
        let expr = Expr { span: inp.since(start), kind };
        let depth = self.depth + 1;
        if depth <= DEEPEST {
            return Node { expr, depth };
        }
        let place = expr.span;
        too_deep(inp.shared(), place);
        Node { expr: hole(place), depth: 1 }
    }
}

/// The path that `a` or `a.b.c` is.
pub(super) fn path_of(expr: &Expr) -> Option<Path> {
    let mut segments = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Field(inner, name) => {
                segments.push(name.clone());
                at = inner;
            }
            ExprKind::Name(text) => {
                segments.push(Name { text: text.clone(), span: at.span });
                segments.reverse();
                return Some(Path { segments, span: expr.span });
            }
            _ => return None,
        }
    }
}
