//! Operators by precedence, with chumsky's `pratt`.
//!
//! Loosest to tightest: `or`, `and`, `if unknown`, `not`, comparisons, `..`, `+ -`, `* /`, unary `-`, `.field` and calls.
//! The pratt parser is built from functions without captures, so building it costs nothing and no cache is needed.

use super::expression::{DEEPEST, Node, hole, nested, too_deep};
use super::reader::{Extra, In, Reader, Tok};
use super::types::path;
use super::value::atom;
use crate::ast::*;
use crate::token::Kind;
use crate::words::Keyword;
use chumsky::Parser;
use chumsky::error::EmptyErr;
use chumsky::input::MapExtra;
use chumsky::pratt::{infix, left, postfix, prefix};
use chumsky::primitive::custom;
use mandate_diagnostics::{Diagnostic, Edit, Fix, Span, codes, did_you_mean};

type Fold<'s, 'b> = MapExtra<'s, 'b, &'s [Tok], Extra<'s>>;

/// A parser for one operator: takes the token if `pick` knows it.
fn op<'s, O>(pick: fn(&mut In<'s, '_>) -> Option<(O, usize)>) -> impl Parser<'s, &'s [Tok], O, Extra<'s>> + Copy {
    custom(move |inp: &mut In<'s, '_>| {
        let (out, tokens) = pick(inp).ok_or_else(EmptyErr::default)?;
        for _ in 0..tokens {
            inp.advance();
        }
        Ok(out)
    })
}

#[derive(Clone, Copy)]
enum Relation {
    Compare(CompareOp),
    In,
    Overlaps,
    Covers,
    /// `not in`, with the place of its `not`.
    NotIn(Span),
}

pub(super) fn operators(inp: &mut In<'_, '_>) -> Node {
    let start = inp.gap();
    let table = custom(|inp: &mut In<'_, '_>| Ok(atom(inp))).pratt((
        postfix(5, custom(|i: &mut In<'_, '_>| is(i)), |l, asked, e: &mut Fold<'_, '_>| tested(l, asked, e)),
        infix(left(5), op(relation), |l, op, r, e: &mut Fold<'_, '_>| related(l, op, r, e)),
        infix(left(2), op(|i| word(i, Keyword::And)), |l, (), r, e: &mut Fold<'_, '_>| {
            chained(l, r, e, |kind| matches!(kind, ExprKind::And(_)), ExprKind::And)
        }),
        infix(left(1), op(|i| word(i, Keyword::Or)), |l, (), r, e: &mut Fold<'_, '_>| {
            chained(l, r, e, |kind| matches!(kind, ExprKind::Or(_)), ExprKind::Or)
        }),
        infix(left(3), op(if_unknown), |l, (), r, e: &mut Fold<'_, '_>| joined(l, r, e, ExprKind::IfUnknown)),
        infix(left(6), op(|i| sign(i, Kind::DotDot)), |l, (), r, e: &mut Fold<'_, '_>| {
            joined(l, r, e, ExprKind::Range)
        }),
        infix(left(7), op(sum), |l, op, r, e: &mut Fold<'_, '_>| joined(l, r, e, |l, r| ExprKind::Arith(op, l, r))),
        infix(left(8), op(product), |l, op, r, e: &mut Fold<'_, '_>| joined(l, r, e, |l, r| ExprKind::Arith(op, l, r))),
        prefix(4, custom(|i: &mut In<'_, '_>| before(i, Kind::Word(Keyword::Not))), |at, r, e: &mut Fold<'_, '_>| {
            prefixed(at, r, e, ExprKind::Not)
        }),
        prefix(9, custom(|i: &mut In<'_, '_>| before(i, Kind::Minus)), |at, r, e: &mut Fold<'_, '_>| {
            prefixed(at, r, e, ExprKind::Neg)
        }),
    ));
    inp.parse(table).unwrap_or_else(|_| Node { expr: hole(start), depth: 1 })
}

fn word(inp: &mut In<'_, '_>, word: Keyword) -> Option<((), usize)> {
    inp.on_word(word).then_some(((), 1))
}

fn sign(inp: &mut In<'_, '_>, kind: Kind) -> Option<((), usize)> {
    inp.on(kind).then_some(((), 1))
}

fn sum(inp: &mut In<'_, '_>) -> Option<(ArithOp, usize)> {
    match inp.now().kind {
        Kind::Plus => Some((ArithOp::Add, 1)),
        Kind::Minus => Some((ArithOp::Sub, 1)),
        _ => None,
    }
}

fn product(inp: &mut In<'_, '_>) -> Option<(ArithOp, usize)> {
    match inp.now().kind {
        Kind::Star => Some((ArithOp::Mul, 1)),
        Kind::Slash => Some((ArithOp::Div, 1)),
        _ => None,
    }
}

fn if_unknown(inp: &mut In<'_, '_>) -> Option<((), usize)> {
    let both = inp.on_word(Keyword::If) && inp.ahead(1).kind == Kind::Word(Keyword::Unknown);
    both.then_some(((), 2))
}

fn relation(inp: &mut In<'_, '_>) -> Option<(Relation, usize)> {
    let compare = |op| Some((Relation::Compare(op), 1));
    let tok = inp.now();
    match tok.kind {
        Kind::EqEq => compare(CompareOp::Eq),
        Kind::NotEq => compare(CompareOp::Ne),
        Kind::Lt => compare(CompareOp::Lt),
        Kind::Le => compare(CompareOp::Le),
        Kind::Gt => compare(CompareOp::Gt),
        Kind::Ge => compare(CompareOp::Ge),
        // `in force` below a date is the next particular of a source.
        Kind::Word(Keyword::In) if tok.line_start && inp.ahead(1).kind == Kind::Word(Keyword::Force) => None,
        Kind::Word(Keyword::In) => Some((Relation::In, 1)),
        Kind::Word(Keyword::Not) if !tok.line_start && inp.ahead(1).kind == Kind::Word(Keyword::In) => {
            Some((Relation::NotIn(tok.span), 2))
        }
        Kind::Word(Keyword::Overlaps) => Some((Relation::Overlaps, 1)),
        Kind::Word(Keyword::Covers) => Some((Relation::Covers, 1)),
        Kind::Equals if !inp.shared().bare => {
            let message = "`=` gives a value to a name; to compare, write `==`";
            inp.report(Diagnostic::new(&codes::E008, tok.span, message).fix("Replace by `==`", tok.span, "=="));
            compare(CompareOp::Eq)
        }
        _ => None,
    }
}

/// What is asked with `is`.
enum Asked {
    Test(Test),
    /// `is commander of u at t`: everything but who.
    Role {
        role: Path,
        of: Option<Node>,
        at: Option<Node>,
    },
    /// Something that could not be read, which has been reported.
    Nothing,
}

/// `is` with what follows.
fn is(inp: &mut In<'_, '_>) -> Result<Asked, EmptyErr> {
    if inp.on_word(Keyword::Is) && is_role(inp) {
        inp.advance();
        return Ok(held_role(inp));
    }
    let (test, tokens) = is_test(inp).ok_or_else(EmptyErr::default)?;
    for _ in 0..tokens {
        inp.advance();
    }
    Ok(test.map_or(Asked::Nothing, Asked::Test))
}

/// Whether the name of a role follows `is`.
fn is_role(inp: &mut In<'_, '_>) -> bool {
    use Keyword::{Empty, Known, Missing, Unknown};
    let next = inp.ahead(1);
    let Kind::Word(word) = next.kind else { return false };
    let tests = [Known, Missing, Empty, Unknown].contains(&word);
    if next.line_start || tests || word == Keyword::Not || word.ends_expression() {
        return false;
    }
    let written = inp.text_of(next.span);
    let named = matches!(inp.ahead(2).kind, Kind::Word(Keyword::Of) | Kind::Dot);
    let near = did_you_mean(written, [Known, Missing, Empty].map(Keyword::text)).is_some();
    let foreign = meant_test(written).is_some() || matches!(word, Keyword::True | Keyword::False);
    named || !(near || foreign)
}

/// `commander of u at t`, `chief of_staff`: an `at` on the next line is a part of the evidence around it.
fn held_role(inp: &mut In<'_, '_>) -> Asked {
    let role = path(inp, "the name of a role");
    let of = (inp.on_word(Keyword::Of)).then(|| {
        inp.advance();
        nested(inp, atom)
    });
    let at = (inp.on_word(Keyword::At) && !inp.now().line_start).then(|| {
        inp.advance();
        shifted(inp)
    });
    Asked::Role { role, of, at }
}

/// An instant, perhaps with something added: `t + 24 hours`.
fn shifted(inp: &mut In<'_, '_>) -> Node {
    let mut left = nested(inp, atom);
    while let Some((op, _)) = sum(inp).filter(|_| left.depth < DEEPEST) {
        inp.advance();
        let right = nested(inp, atom);
        let (span, depth) = (left.expr.span.to(right.expr.span), left.depth.max(right.depth) + 1);
        let kind = ExprKind::Arith(op, Box::new(left.expr), Box::new(right.expr));
        left = Node { expr: Expr { span, kind }, depth };
    }
    left
}

/// `is known`, `is missing`, `is empty`; `None` inside when the word after `is` is none of them.
fn is_test(inp: &mut In<'_, '_>) -> Option<(Option<Test>, usize)> {
    if !inp.on_word(Keyword::Is) {
        return None;
    }
    let next = inp.ahead(1);
    match next.kind {
        Kind::Word(Keyword::Known) => Some((Some(Test::Known), 2)),
        Kind::Word(Keyword::Missing) => Some((Some(Test::Missing), 2)),
        Kind::Word(Keyword::Empty) => Some((Some(Test::Empty), 2)),
        Kind::Word(Keyword::Not) if !next.line_start => Some(is_not(inp)),
        Kind::Word(Keyword::In) if !next.line_start => {
            let is = inp.now().span;
            let found = Diagnostic::new(&codes::E003, is, "whether a value is among others is asked with `in` alone");
            inp.report(found.fix("Remove `is`", Span::new(is.start, next.span.start), ""));
            Some((None, 1))
        }
        Kind::Word(Keyword::Unknown) if !next.line_start => {
            let found = Diagnostic::new(&codes::E003, next.span, "`is` asks with `known`, `missing` or `empty`");
            inp.report(found.fix("Replace by `missing`", next.span, "missing"));
            Some((Some(Test::Missing), 2))
        }
        Kind::Word(_) if !next.line_start && meant_test(inp.text_of(next.span)).is_some() => {
            let test = meant_test(inp.text_of(next.span));
            let meant = if test == Some(Test::Missing) { "missing" } else { "known" };
            let found = Diagnostic::new(&codes::E003, next.span, "`is` asks with `known`, `missing` or `empty`");
            inp.report(found.fix(format!("Replace by `{meant}`"), next.span, meant));
            Some((test, 2))
        }
        _ => {
            let is = inp.now().span;
            let message = "`is` asks with `known`, `missing` or `empty`, or for a role, and none of them follows";
            inp.report(Diagnostic::new(&codes::E003, is, message).help("to compare two values write `==`"));
            Some((None, 1))
        }
    }
}

/// What a word after `is` asks in other languages.
fn meant_test(written: &str) -> Option<Test> {
    match written {
        "null" | "NULL" | "nil" | "absent" | "unset" | "undefined" => Some(Test::Missing),
        "defined" | "present" | "recorded" | "set" => Some(Test::Known),
        _ => None,
    }
}

/// `is not ...`: each of the tests has its opposite, and comparing is no test.
fn is_not(inp: &mut In<'_, '_>) -> (Option<Test>, usize) {
    let (not, word) = (inp.ahead(1).span, inp.ahead(2));
    let place = inp.now().span.to(not);
    let opposite = match word.kind {
        Kind::Word(Keyword::Known) => Some(Test::Missing),
        Kind::Word(Keyword::Missing) => Some(Test::Known),
        Kind::Word(_) => match meant_test(inp.text_of(word.span)) {
            Some(Test::Missing) => Some(Test::Known),
            Some(Test::Known) => Some(Test::Missing),
            Some(Test::Empty) | None => None,
        },
        _ => None,
    }
    .filter(|_| !word.line_start);
    let found =
        Diagnostic::new(&codes::E003, place, "`is` asks with `known`, `missing` or `empty`; there is no `is not`");
    let Some(test) = opposite else {
        inp.report(found.help("write `not x is empty`, `not x in {a, b}`, or `x != y` to compare"));
        let empty = word.kind == Kind::Word(Keyword::Empty);
        return (None, if empty { 3 } else { 2 });
    };
    let meant = if test == Test::Missing { "is missing" } else { "is known" };
    inp.report(found.fix(format!("Replace by `{meant}`"), place.to(word.span), meant));
    (Some(test), 3)
}

/// A prefix operator, as long as nesting allows; its depth is given back in [`prefixed`].
fn before(inp: &mut In<'_, '_>, kind: Kind) -> Result<Span, EmptyErr> {
    let tok = inp.now();
    if tok.kind != kind || tok.end {
        return Err(EmptyErr::default());
    }
    if inp.shared().depth >= DEEPEST {
        // The value in its place reports it: what a failing parser takes is given back.
        return Err(EmptyErr::default());
    }
    inp.shared().depth += 1;
    if kind == Kind::Minus {
        inp.shared().layout.signs.push(tok.span.start);
    }
    inp.advance();
    Ok(tok.span)
}

fn prefixed(at: Span, right: Node, e: &mut Fold<'_, '_>, make: fn(Box<Expr>) -> ExprKind) -> Node {
    let shared = &mut e.state().0;
    shared.depth = shared.depth.saturating_sub(1);
    let span = at.to(right.expr.span);
    bounded(Node { depth: right.depth + 1, expr: Expr { span, kind: make(Box::new(right.expr)) } }, e)
}

fn tested(left: Node, asked: Asked, e: &mut Fold<'_, '_>) -> Node {
    if matches!(asked, Asked::Nothing) {
        return left;
    }
    let last = e.span().end.checked_sub(1);
    let end = last.and_then(|i| e.state().0.tokens.get(i)).map_or(left.expr.span.end, |tok| tok.span.end);
    unchained(&left.expr, e);
    let span = Span::new(left.expr.span.start, end);
    let mut depth = left.depth + 1;
    let kind = match asked {
        Asked::Nothing => return left,
        Asked::Test(test) => ExprKind::Is(Box::new(left.expr), test),
        Asked::Role { role, of, at } => {
            depth = of.iter().chain(&at).map(|part| part.depth + 1).fold(depth, u16::max);
            let (of, at) = (of.map(|of| of.expr), at.map(|at| at.expr));
            ExprKind::Holds(Box::new(Holds { who: left.expr, role, of, at }))
        }
    };
    bounded(Node { expr: Expr { span, kind }, depth }, e)
}

fn related(left: Node, relation: Relation, right: Node, e: &mut Fold<'_, '_>) -> Node {
    unchained(&left.expr, e);
    if let Relation::NotIn(not) = relation {
        return not_in(left, not, right, e);
    }
    joined(left, right, e, |l, r| match relation {
        Relation::Compare(op) => ExprKind::Compare(op, l, r),
        Relation::In | Relation::NotIn(_) => ExprKind::In(l, r),
        Relation::Overlaps => ExprKind::Overlaps(l, r),
        Relation::Covers => ExprKind::Covers(l, r),
    })
}

/// `x not in xs`: understood, and asked to be written `not x in xs`.
fn not_in(left: Node, not: Span, right: Node, e: &mut Fold<'_, '_>) -> Node {
    let start = left.expr.span.start;
    let message = "`not` stands before the whole comparison: `not x in {a, b}`";
    let found = Diagnostic::new(&codes::E003, not, message);
    let shared = &mut e.state().0;
    let gap = shared.text.get(not.end as usize..).unwrap_or("");
    let space = (gap.len() - gap.trim_start().len()) as u32;
    let edits = vec![
        Edit { span: Span::empty(start), text: "not ".to_owned() },
        Edit { span: Span::new(not.start, not.end + space), text: String::new() },
    ];
    shared.errors.push(Diagnostic { fixes: vec![Fix { title: "Move `not`".to_owned(), edits }], ..found });
    let inside = joined(left, right, e, ExprKind::In);
    let (span, depth) = (inside.expr.span, inside.depth + 1);
    bounded(Node { expr: Expr { span, kind: ExprKind::Not(Box::new(inside.expr)) }, depth }, e)
}

/// Reports `a < b < c`, whose left side is a comparison without brackets.
fn unchained(left: &Expr, e: &mut Fold<'_, '_>) {
    let first = match &left.kind {
        ExprKind::Compare(_, a, _) | ExprKind::In(a, _) | ExprKind::Overlaps(a, _) | ExprKind::Covers(a, _) => a,
        ExprKind::Is(a, _) => a,
        ExprKind::Holds(holds) => &holds.who,
        _ => return,
    };
    if first.span.start == left.span.start {
        let message = "this comparison is compared again, which has no meaning here";
        let help = "compare twice and join with `and`: `a < b and b < c`; or put brackets around one comparison";
        e.state().0.errors.push(Diagnostic::new(&codes::E007, left.span, message).help(help));
    }
}

fn joined(left: Node, right: Node, e: &mut Fold<'_, '_>, make: impl FnOnce(Box<Expr>, Box<Expr>) -> ExprKind) -> Node {
    let span = left.expr.span.to(right.expr.span);
    let depth = left.depth.max(right.depth) + 1;
    if depth > DEEPEST {
        return bounded(Node { depth, expr: left.expr }, e);
    }
    Node { expr: Expr { span, kind: make(Box::new(left.expr), Box::new(right.expr)) }, depth }
}

/// `a and b and c` in one list; a bracketed part stays a part.
fn chained(
    left: Node,
    right: Node,
    e: &mut Fold<'_, '_>,
    same: fn(&ExprKind) -> bool,
    make: fn(Vec<Expr>) -> ExprKind,
) -> Node {
    let span = left.expr.span.to(right.expr.span);
    let depth = left.depth.max(right.depth + 1).max(2);
    let bare = match &left.expr.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            same(&left.expr.kind) && parts.first().is_some_and(|part| part.span.start == left.expr.span.start)
        }
        _ => false,
    };
    let kind = match left.expr.kind {
        ExprKind::And(mut parts) | ExprKind::Or(mut parts) if bare => {
            parts.push(right.expr);
            make(parts)
        }
        kind => make(vec![Expr { span: left.expr.span, kind }, right.expr]),
    };
    let depth = if bare { depth } else { left.depth.max(right.depth) + 1 };
    bounded(Node { expr: Expr { span, kind }, depth }, e)
}

/// Cuts a tree that became too deep, with one error.
fn bounded(node: Node, e: &mut Fold<'_, '_>) -> Node {
    if node.depth <= DEEPEST {
        return node;
    }
    let shared = &mut e.state().0;
    too_deep(shared, node.expr.span);
    Node { expr: hole(node.expr.span), depth: 1 }
}
