//! Expressions: values and prefix forms are read here, operators by precedence with chumsky's `pratt`.
//!
//! Loosest to tightest: `or`, `and`, `if unknown`, `not`, comparisons, `..`, `+ -`, `* /`, unary `-`, `.field` and calls.
//! The pratt parser is built from functions without captures, so building it costs nothing and no cache is needed.

use super::norm::{misspelt_modal, modal_on_line};
use super::reader::{Extra, In, Reader, State, Tok};
use super::types::{binder, is_binder};
use crate::ast::*;
use crate::token::Kind;
use crate::words::Keyword;
use chumsky::Parser;
use chumsky::error::EmptyErr;
use chumsky::input::MapExtra;
use chumsky::pratt::{infix, left, postfix, prefix};
use chumsky::primitive::custom;
use mandate_diagnostics::{Diagnostic, Span, codes};

/// How deep expressions and types may nest: far beyond what people write, and safe for a thread of 2 MB.
pub(crate) const DEEPEST: u16 = 100;

/// An expression with the depth of its tree, so that long chains are bounded like deep brackets.
struct Node {
    expr: Expr,
    depth: u16,
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

fn hole(span: Span) -> Expr {
    Expr { span, kind: ExprKind::Hole }
}

fn node(inp: &mut In<'_, '_>) -> Node {
    nested(inp, operators)
}

/// Reads one level deeper, or gives a hole where it would be too deep.
fn nested<'s>(inp: &mut In<'s, '_>, read: impl FnOnce(&mut In<'s, '_>) -> Node) -> Node {
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
fn too_deep(shared: &mut State<'_>, place: Span) {
    if std::mem::replace(&mut shared.too_deep, true) {
        return;
    }
    let found = Diagnostic::new(&codes::E009, place, format!("this is nested more than {DEEPEST} levels deep"))
        .help("give parts of it a name with `let` or `define`");
    shared.errors.push(found);
}

/// Reports the depth once and passes over everything up to the bracket that closes the part in hand.
fn give_up(inp: &mut In<'_, '_>) {
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
}

fn operators(inp: &mut In<'_, '_>) -> Node {
    let start = inp.gap();
    let table = custom(|inp: &mut In<'_, '_>| Ok(atom(inp))).pratt((
        postfix(5, op(is_test), |l, test, e: &mut Fold<'_, '_>| tested(l, test, e)),
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
        Kind::Word(Keyword::Not) if !next.line_start => {
            let place = inp.now().span.to(next.span);
            inp.report(
                Diagnostic::new(
                    &codes::E003,
                    place,
                    "`is` asks with `known`, `missing` or `empty`; there is no `is not`",
                )
                .help("write `not x is known`, `x is missing`, or `x != y` to compare"),
            );
            let tests = [Keyword::Known, Keyword::Missing, Keyword::Empty].map(Kind::Word);
            Some((None, if tests.contains(&inp.ahead(2).kind) { 3 } else { 2 }))
        }
        Kind::Word(Keyword::Unknown) if !next.line_start => {
            let found = Diagnostic::new(&codes::E003, next.span, "`is` asks with `known`, `missing` or `empty`");
            inp.report(found.fix("Replace by `missing`", next.span, "missing"));
            Some((Some(Test::Missing), 2))
        }
        _ => {
            let is = inp.now().span;
            let message = "`is` asks with `known`, `missing` or `empty`, and none of them follows";
            inp.report(Diagnostic::new(&codes::E003, is, message).help("to compare two values write `==`"));
            Some((None, 1))
        }
    }
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

fn tested(left: Node, test: Option<Test>, e: &mut Fold<'_, '_>) -> Node {
    let Some(test) = test else { return left };
    let last = e.span().end.checked_sub(1);
    let end = last.and_then(|i| e.state().0.tokens.get(i)).map_or(left.expr.span.end, |tok| tok.span.end);
    unchained(&left.expr, e);
    let span = Span::new(left.expr.span.start, end);
    let depth = left.depth + 1;
    bounded(Node { expr: Expr { span, kind: ExprKind::Is(Box::new(left.expr), test) }, depth }, e)
}

fn related(left: Node, relation: Relation, right: Node, e: &mut Fold<'_, '_>) -> Node {
    unchained(&left.expr, e);
    joined(left, right, e, |l, r| match relation {
        Relation::Compare(op) => ExprKind::Compare(op, l, r),
        Relation::In => ExprKind::In(l, r),
        Relation::Overlaps => ExprKind::Overlaps(l, r),
        Relation::Covers => ExprKind::Covers(l, r),
    })
}

/// Reports `a < b < c`, whose left side is a comparison without brackets.
fn unchained(left: &Expr, e: &mut Fold<'_, '_>) {
    let first = match &left.kind {
        ExprKind::Compare(_, a, _) | ExprKind::In(a, _) | ExprKind::Overlaps(a, _) | ExprKind::Covers(a, _) => a,
        ExprKind::Is(a, _) => a,
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

/// Collects parts and the depth of the deepest.
#[derive(Default)]
struct Parts {
    depth: u16,
}

impl Parts {
    fn expr(&mut self, inp: &mut In<'_, '_>) -> Expr {
        let node = node(inp);
        self.depth = self.depth.max(node.depth);
        node.expr
    }

    fn boxed(&mut self, inp: &mut In<'_, '_>) -> Box<Expr> {
        Box::new(self.expr(inp))
    }

    fn node(self, inp: &mut In<'_, '_>, start: Span, kind: ExprKind) -> Node {
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

fn leaf(inp: &mut In<'_, '_>, kind: impl FnOnce(&str) -> ExprKind) -> Node {
    let span = inp.take().span;
    let kind = kind(inp.text_of(span));
    Node { expr: Expr { span, kind }, depth: 1 }
}

/// One value with its fields and calls, or a prefix form that extends to the right.
fn atom(inp: &mut In<'_, '_>) -> Node {
    let tok = inp.now();
    let node = match tok.kind {
        _ if tok.end => absent(inp),
        Kind::Word(word) => return worded(inp, tok, word),
        Kind::Number => return number(inp),
        Kind::Date => leaf(inp, |text| ExprKind::Date(text.to_owned())),
        Kind::Time => leaf(inp, |text| ExprKind::Time(text.to_owned())),
        Kind::Text => {
            let text = inp.quoted("a text");
            Node { expr: Expr { span: text.span, kind: ExprKind::Text(text.text) }, depth: 1 }
        }
        Kind::LParen => bracketed(inp),
        Kind::LBracket => list(inp, Kind::RBracket),
        Kind::LBrace if is_record(inp, 0) => record(inp, None, tok.span),
        Kind::LBrace => list(inp, Kind::RBrace),
        _ => absent(inp),
    };
    suffixes(inp, node)
}

fn absent(inp: &mut In<'_, '_>) -> Node {
    if inp.shared().depth >= DEEPEST && (inp.on(Kind::Minus) || inp.on_word(Keyword::Not)) {
        give_up(inp);
        return Node { expr: hole(inp.gap()), depth: 1 };
    }
    Node { expr: hole(inp.missing("a value")), depth: 1 }
}

fn worded(inp: &mut In<'_, '_>, tok: Tok, word: Keyword) -> Node {
    let next = inp.ahead(1);
    let names = matches!(next.kind, Kind::Word(w) if !w.ends_expression() || w == Keyword::In) && !next.line_start;
    let quantifier = names && (is_binder(inp, 1) || next.kind == Kind::Word(Keyword::Plain));
    match word {
        Keyword::If => conditional(inp),
        Keyword::Some if quantifier => quantified(inp, Quantifier::Some),
        Keyword::No if quantifier => quantified(inp, Quantifier::No),
        Keyword::Every if quantifier => quantified(inp, Quantifier::Every),
        Keyword::Latest if quantifier => picked(inp, Pick::Latest),
        Keyword::Earliest if quantifier => picked(inp, Pick::Earliest),
        Keyword::The if quantifier => picked(inp, Pick::The),
        Keyword::Count if next.kind == Kind::LParen && is_binder(inp, 2) => aggregate(inp, Aggregate::Count),
        Keyword::Sum if next.kind == Kind::LParen => aggregate(inp, Aggregate::Sum),
        Keyword::Min if next.kind == Kind::LParen => aggregate(inp, Aggregate::Min),
        Keyword::Max if next.kind == Kind::LParen => aggregate(inp, Aggregate::Max),
        Keyword::All if next.kind == Kind::LBrace => all(inp),
        Keyword::Not => absent(inp),
        _ if ends_here(inp, tok, word) => absent(inp),
        Keyword::True => leaf(inp, |_| ExprKind::Bool(true)),
        Keyword::False => leaf(inp, |_| ExprKind::Bool(false)),
        _ => {
            let name = leaf(inp, |text| ExprKind::Name(text.to_owned()));
            suffixes(inp, name)
        }
    }
}

/// Whether the word in hand is no value but the start of what follows the expression.
fn ends_here(inp: &mut In<'_, '_>, tok: Tok, word: Keyword) -> bool {
    let at = inp.index();
    if word.ends_expression() {
        return true;
    }
    if !tok.line_start || inp.shared().bearer == Some(at) {
        return false;
    }
    let joins = matches!(
        inp.ahead(1).kind,
        Kind::Comma | Kind::RBrace | Kind::RParen | Kind::RBracket | Kind::Dot | Kind::Colon
    );
    // A line that is a norm sentence by itself is not the value that the line above still needs.
    word.starts_clause() && !joins || modal_on_line(inp) || misspelt_modal(inp)
}

fn number(inp: &mut In<'_, '_>) -> Node {
    let span = inp.take().span;
    let digits = inp.text_of(span).replace('_', "");
    let unit = inp.now();
    // `min` is an aggregate elsewhere; after a number it is a unit that later layers refuse with the right spelling.
    let is_unit = matches!(unit.kind, Kind::Word(Keyword::Plain | Keyword::Min))
        && !unit.line_start
        && inp.ahead(1).kind != Kind::Colon;
    let kind = if is_unit { ExprKind::Quantity(digits, inp.any_name()) } else { ExprKind::Number(digits) };
    Node { expr: Expr { span: inp.since(span), kind }, depth: 1 }
}

/// `(a)`: the span includes the brackets, which is how a bracketed part is told from a bare one.
fn bracketed(inp: &mut In<'_, '_>) -> Node {
    let open = inp.take().span;
    let bare = std::mem::replace(&mut inp.shared().bare, false);
    let mut node = node(inp);
    inp.shared().bare = bare;
    close(inp, open, Kind::RParen, ")");
    node.expr.span = inp.since(open);
    node
}

/// Takes the closing bracket or says where the open one stands.
pub(super) fn close(inp: &mut In<'_, '_>, open: Span, kind: Kind, sign: &str) -> Option<Span> {
    if let Some(span) = inp.eat(kind) {
        return Some(span);
    }
    let (opened, gap, found) = (inp.text_of(open).to_owned(), inp.gap(), inp.found());
    let message = format!("this `{opened}` is not closed: `{sign}` is expected, but {found}");
    let place = inp.place();
    inp.report(
        Diagnostic::new(&codes::E006, open, message)
            .label("opened here")
            .related(place, format!("`{sign}` is expected here"))
            .fix(format!("Insert `{sign}`"), gap, sign),
    );
    None
}

/// `.field`, `(arguments)` and `{ field: value }` after a value.
fn suffixes(inp: &mut In<'_, '_>, mut node: Node) -> Node {
    loop {
        let tok = inp.now();
        match tok.kind {
            Kind::Dot => {
                inp.advance();
                let field = inp.name("the name of a field after `.`");
                let span = node.expr.span.to(field.span);
                node = Node {
                    expr: Expr { span, kind: ExprKind::Field(Box::new(node.expr), field) },
                    depth: node.depth + 1,
                };
                if node.depth > DEEPEST {
                    too_deep(inp.shared(), span);
                    node = Node { expr: hole(span), depth: 1 };
                }
            }
            Kind::LParen if !tok.line_start => node = call(inp, node),
            Kind::LBrace if !tok.line_start && !inp.shared().bare && is_record(inp, 0) => match path_of(&node.expr) {
                Some(path) => {
                    let (span, start) = (path.span, node.expr.span);
                    return record(inp, Some(TypeRef { span, kind: TypeRefKind::Named(path) }), start);
                }
                None => return node,
            },
            _ => return node,
        }
    }
}

fn call(inp: &mut In<'_, '_>, callee: Node) -> Node {
    let start = callee.expr.span;
    let path = path_of(&callee.expr);
    if path.is_none() && !matches!(callee.expr.kind, ExprKind::Hole) {
        let message = "only a name can be called with `( )`";
        inp.report(
            Diagnostic::new(&codes::E003, start, message).help("put `and`, `or` or another operator between them"),
        );
    }
    let mut parts = Parts::default();
    let args = arguments_of(inp, &mut parts);
    match path {
        Some(path) => parts.node(inp, start, ExprKind::Call(path, args)),
        None => callee,
    }
}

/// `(a, b)`, or nothing with an error.
pub(super) fn arguments(inp: &mut In<'_, '_>, what: &str) -> Vec<Expr> {
    if !inp.on(Kind::LParen) || inp.now().line_start {
        inp.missing(what);
        return Vec::new();
    }
    arguments_of(inp, &mut Parts::default())
}

fn arguments_of(inp: &mut In<'_, '_>, parts: &mut Parts) -> Vec<Expr> {
    let open = inp.take().span;
    elements(inp, parts, open, Kind::RParen)
}

/// Expressions with commas up to the closing bracket.
fn elements(inp: &mut In<'_, '_>, parts: &mut Parts, open: Span, end: Kind) -> Vec<Expr> {
    let bare = std::mem::replace(&mut inp.shared().bare, false);
    let mut out = Vec::new();
    while !inp.on(end) && !inp.now().end {
        out.push(parts.expr(inp));
        if inp.eat(Kind::Comma).is_none() && !comma_forgotten(inp, end) {
            break;
        }
    }
    close(inp, open, end, closing(end));
    inp.shared().bare = bare;
    out
}

/// Whether another value stands where a comma should, in brackets that are closed on this line; reports it.
fn comma_forgotten(inp: &mut In<'_, '_>, end: Kind) -> bool {
    let tok = inp.now();
    let value = match tok.kind {
        Kind::Word(word) => !word.ends_expression(),
        Kind::Number | Kind::Date | Kind::Time | Kind::Text => true,
        _ => false,
    };
    if !value || tok.line_start {
        return false;
    }
    let line = (1..60).map(|k| inp.ahead(k)).take_while(|tok| !tok.line_start && !tok.end).collect::<Vec<_>>();
    if !line.iter().any(|tok| tok.kind == end) {
        return false;
    }
    let (written, gap) = (inp.text_of(tok.span), inp.gap());
    let message = format!("`,` is expected before `{written}`");
    inp.report(Diagnostic::new(&codes::E003, tok.span, message).fix("Insert `,`", gap, ","));
    true
}

fn closing(end: Kind) -> &'static str {
    match end {
        Kind::RParen => ")",
        Kind::RBracket => "]",
        _ => "}",
    }
}

fn list(inp: &mut In<'_, '_>, end: Kind) -> Node {
    let open = inp.take().span;
    inp.shared().layout.tight.push(open.start);
    let mut parts = Parts::default();
    let items = elements(inp, &mut parts, open, end);
    parts.node(inp, open, ExprKind::List(items))
}

/// Whether `{` stands `k` ahead and a field with its value follows.
fn is_record(inp: &mut In<'_, '_>, k: usize) -> bool {
    inp.ahead(k).kind == Kind::LBrace && inp.ahead(k + 1).kind.is_word() && inp.ahead(k + 2).kind == Kind::Colon
}

fn record(inp: &mut In<'_, '_>, ty: Option<TypeRef>, start: Span) -> Node {
    let mut parts = Parts::default();
    let fields = fields_of(inp, &mut parts);
    parts.node(inp, start, ExprKind::Record(ty, fields))
}

/// `{ field: value, ... }`, separated by commas or line ends.
pub(super) fn fields(inp: &mut In<'_, '_>) -> Vec<(Name, Expr)> {
    fields_of(inp, &mut Parts::default())
}

fn fields_of(inp: &mut In<'_, '_>, parts: &mut Parts) -> Vec<(Name, Expr)> {
    let open = inp.take().span;
    let bare = std::mem::replace(&mut inp.shared().bare, false);
    let mut out = Vec::new();
    while inp.now().kind.is_word() && (inp.ahead(1).kind == Kind::Colon || !inp.now().line_start) {
        inp.entry(false);
        let name = inp.any_name();
        inp.expect(Kind::Colon, ":", "between a field and its value");
        out.push((name, parts.expr(inp)));
        if inp.eat(Kind::Comma).is_none() && !inp.now().line_start && !comma_forgotten(inp, Kind::RBrace) {
            break;
        }
    }
    close(inp, open, Kind::RBrace, "}");
    inp.shared().bare = bare;
    out
}

fn conditional(inp: &mut In<'_, '_>) -> Node {
    let start = inp.take().span;
    let mut parts = Parts::default();
    let condition = parts.boxed(inp);
    inp.expect_word(Keyword::Then, "after the condition of `if`");
    let yes = parts.boxed(inp);
    inp.expect_word(Keyword::Else, "with the other value of `if`");
    let no = parts.boxed(inp);
    parts.node(inp, start, ExprKind::If(condition, yes, no))
}

fn quantified(inp: &mut In<'_, '_>, quantifier: Quantifier) -> Node {
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

fn picked(inp: &mut In<'_, '_>, pick: Pick) -> Node {
    let start = inp.take().span;
    let mut parts = Parts::default();
    let over = Box::new(binder(inp));
    let condition = inp.eat_word(Keyword::Where).map(|_| parts.boxed(inp));
    parts.node(inp, start, ExprKind::Pick(pick, over, condition))
}

/// `count(x in xs)`, `sum(e for x in xs)`; `min(a, b)` without `for` is a call.
fn aggregate(inp: &mut In<'_, '_>, aggregate: Aggregate) -> Node {
    let name = inp.any_name();
    let open = inp.take().span;
    let bare = std::mem::replace(&mut inp.shared().bare, false);
    let mut parts = Parts::default();
    let node = match aggregate {
        Aggregate::Count => None,
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
    parts.node(inp, name.span, ExprKind::Aggregate(aggregate, node.map(Box::new), over, condition))
}

/// `all { name: condition unless exception, ... }`
fn all(inp: &mut In<'_, '_>) -> Node {
    let start = inp.take().span;
    let open = inp.take().span;
    let bare = std::mem::replace(&mut inp.shared().bare, false);
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
    parts.node(inp, start, ExprKind::All(conditions))
}

/// A clause word at the start of a line: the brace was forgotten.
fn ends_entries(inp: &mut In<'_, '_>) -> bool {
    inp.now().line_start && inp.keyword().starts_clause()
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
