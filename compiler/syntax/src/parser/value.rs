//! Values: literals, names, brackets, lists, records, and the fields and calls that follow them.

use super::expression::{DEEPEST, Node, Parts, give_up, hole, node, path_of, too_deep};
use super::form::{aggregate, all, conditional, picked, quantified};
use super::lexical::NUMBERS;
use super::norm::{misspelt_modal, modal_on_line};
use super::reader::{In, Reader, Tok};
use super::types::{binder, is_binder};
use crate::ast::*;
use crate::token::{Fault, Kind};
use crate::words::Keyword;
use mandate_diagnostics::{Diagnostic, Span, codes};

fn leaf(inp: &mut In<'_, '_>, kind: impl FnOnce(&str) -> ExprKind) -> Node {
    let span = inp.take().span;
    let kind = kind(inp.text_of(span));
    Node { expr: Expr { span, kind }, depth: 1 }
}

/// One value with its fields and calls, or a prefix form that extends to the right.
pub(super) fn atom(inp: &mut In<'_, '_>) -> Node {
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
        Kind::LBrace if is_record(inp, 0) || given_item(inp) || half_record(inp) => record(inp, None, tok.span),
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
        Keyword::Share if next.kind == Kind::LParen && is_binder(inp, 2) => aggregate(inp, Aggregate::Share),
        Keyword::Sum if next.kind == Kind::LParen => aggregate(inp, Aggregate::Sum),
        Keyword::Min if next.kind == Kind::LParen => aggregate(inp, Aggregate::Min),
        Keyword::Max if next.kind == Kind::LParen => aggregate(inp, Aggregate::Max),
        Keyword::All if next.kind == Kind::LBrace => all(inp),
        Keyword::Not => absent(inp),
        _ if is_refused(inp, tok, word) => {
            let name = leaf(inp, |text| ExprKind::Name(text.to_owned()));
            suffixes(inp, name)
        }
        _ if ends_here(inp, tok, word) => absent(inp),
        Keyword::True => leaf(inp, |_| ExprKind::Bool(true)),
        Keyword::False => leaf(inp, |_| ExprKind::Bool(false)),
        _ if is_null(inp, tok) => null(inp, tok),
        _ => {
            let name = leaf(inp, |text| ExprKind::Name(text.to_owned()));
            suffixes(inp, name)
        }
    }
}

/// Whether the word in hand is how other languages write that there is no value.
fn is_null(inp: &mut In<'_, '_>, tok: Tok) -> bool {
    let applied = matches!(inp.ahead(1).kind, Kind::Dot | Kind::LParen | Kind::LBrace | Kind::Colon);
    matches!(inp.text_of(tok.span), "null" | "NULL" | "nil" | "undefined") && !applied
}

/// `x == null`: what is not known is asked about, never compared with.
fn null(inp: &mut In<'_, '_>, tok: Tok) -> Node {
    let written = inp.text_of(tok.span);
    let message = format!("there is no `{written}`: a value that is not in the data is unknown");
    let found = Diagnostic::new(&codes::E003, tok.span, message)
        .help("ask `x is missing` or `x is known`; in a scenario, leave the field out");
    let at = inp.index();
    let sign = at.checked_sub(1).and_then(|before| inp.shared().tokens.get(before).copied());
    let asked = sign.and_then(|sign| match sign.kind {
        Kind::EqEq => Some((sign.span.to(tok.span), "is missing")),
        Kind::NotEq => Some((sign.span.to(tok.span), "is known")),
        _ => None,
    });
    inp.report(match asked {
        Some((span, asked)) => found.fix(format!("Replace by `{asked}`"), span, asked),
        None => found,
    });
    inp.advance();
    Node { expr: hole(tok.span), depth: 1 }
}

/// Whether the word in hand is a variable whose name was refused where it was given.
fn is_refused(inp: &mut In<'_, '_>, tok: Tok, word: Keyword) -> bool {
    let at = inp.index();
    let shared = inp.shared();
    shared.refused.contains(&word) && (!tok.line_start || shared.bearer == Some(at))
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
    // Two names side by side are no value: `rank w.echelon`, `given Report` start something of their own.
    let next = inp.ahead(1);
    let begins = next.kind == Kind::Word(Keyword::Plain) && !next.line_start && word != Keyword::Plain;
    // A line that is a norm sentence by itself is not the value that the line above still needs.
    begins || word.starts_clause() && !joins || modal_on_line(inp) || misspelt_modal(inp)
}

fn number(inp: &mut In<'_, '_>) -> Node {
    let tok = inp.take();
    let span = tok.span;
    let mut digits = inp.text_of(span).replace('_', "");
    if tok.fault == Fault::Digits {
        digits = digits.replace('.', "");
    }
    let comma = decimal_comma(inp, span);
    if let Some(meant) = &comma {
        digits.clone_from(meant);
    }
    let unit = inp.now();
    // `min` is an aggregate elsewhere; after a number it is a unit that later layers refuse with the right spelling.
    let is_unit = matches!(unit.kind, Kind::Word(Keyword::Plain | Keyword::Min))
        && !unit.line_start
        && inp.ahead(1).kind != Kind::Colon;
    if comma.is_none() && tok.fault == Fault::None {
        let unit = if is_unit { inp.text_of(unit.span) } else { "" };
        thousands_or_decimals(inp, span, &digits, unit);
    }
    let kind = if is_unit { ExprKind::Quantity(digits, inp.any_name()) } else { ExprKind::Number(digits) };
    Node { expr: Expr { span: inp.since(span), kind }, depth: 1 }
}

/// `1,5` and `500,000` after their first digits, where no comma separates values: takes the rest and gives the number.
fn decimal_comma(inp: &mut In<'_, '_>, first: Span) -> Option<String> {
    let mut span = first;
    while !inp.shared().listed && inp.on(Kind::Comma) {
        let (comma, next) = (inp.now().span, inp.ahead(1));
        if next.kind != Kind::Number || comma.start != span.end || next.span.start != comma.end {
            break;
        }
        inp.advance();
        inp.advance();
        span = span.to(next.span);
    }
    if span == first {
        return None;
    }
    let written = inp.text_of(span);
    let found = Diagnostic::new(&codes::E015, span, format!("`{written}` is not written as a number")).help(NUMBERS);
    let parts: Vec<&str> = written.split(',').collect();
    let meant = match parts.as_slice() {
        [whole, decimals] if decimals.len() != 3 && !decimals.contains('.') => {
            format!("{}.{decimals}", whole.replace('.', ""))
        }
        [_, _] => {
            inp.remark(found);
            return Some(written.replace([',', '_'], ""));
        }
        _ => parts.concat(),
    };
    inp.remark(found.fix(format!("Replace by `{meant}`"), span, meant.as_str()));
    Some(meant.replace('_', ""))
}

/// `500.000` is five hundred to some and half a million to others: whoever means the first can leave the zeros out.
fn thousands_or_decimals(inp: &mut In<'_, '_>, span: Span, digits: &str, unit: &str) {
    let Some((whole, decimals)) = digits.split_once('.') else { return };
    let money = unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase());
    let like_thousands = decimals.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
    if !like_thousands || !(money || decimals == "000") {
        return;
    }
    let few = format!("{whole}.{}", decimals.trim_end_matches('0'));
    let (few, many) = (few.trim_end_matches('.'), format!("{whole}{decimals}"));
    let message = format!("`{digits}` can be read as {few} and as {many}");
    inp.remark(Diagnostic::new(&codes::E015, span, message).help(format!("write `{few}` or `{many}`")));
}

/// `(a)`: the span includes the brackets, which is how a bracketed part is told from a bare one.
fn bracketed(inp: &mut In<'_, '_>) -> Node {
    let open = inp.take().span;
    let bare = std::mem::replace(&mut inp.shared().bare, false);
    let listed = std::mem::replace(&mut inp.shared().listed, false);
    let mut node = node(inp);
    gone_through(inp);
    inp.shared().bare = bare;
    inp.shared().listed = listed;
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
            Kind::LBrace if !tok.line_start && !inp.shared().bare && (is_record(inp, 0) || is_empty(inp)) => {
                match path_of(&node.expr) {
                    Some(path) => {
                        let (span, start) = (path.span, node.expr.span);
                        return record(inp, Some(TypeRef { span, kind: TypeRefKind::Named(path) }), start);
                    }
                    None => return node,
                }
            }
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
pub(super) fn elements(inp: &mut In<'_, '_>, parts: &mut Parts, open: Span, end: Kind) -> Vec<Expr> {
    let bare = std::mem::replace(&mut inp.shared().bare, false);
    let listed = std::mem::replace(&mut inp.shared().listed, true);
    let mut out = Vec::new();
    while !inp.on(end) && !inp.now().end {
        out.push(parts.expr(inp));
        gone_through(inp);
        if inp.eat(Kind::Comma).is_none() && !comma_forgotten(inp, end) {
            break;
        }
    }
    close(inp, open, end, closing(end));
    inp.shared().bare = bare;
    inp.shared().listed = listed;
    out
}

/// `x.n for x in xs` without `sum`, `min` or `max` before its bracket: takes what the items are, with an error.
fn gone_through(inp: &mut In<'_, '_>) {
    let tok = inp.now();
    if tok.line_start || tok.kind != Kind::Word(Keyword::For) || !is_binder(inp, 1) {
        return;
    }
    let message = "items are gone through by `sum`, `min` and `max`, and none of them stands before this bracket";
    inp.report(
        Diagnostic::new(&codes::E003, tok.span, message)
            .help("write `sum(x.n for x in xs where ...)`, or `count(x in xs where ...)`"),
    );
    inp.advance();
    binder(inp);
    if inp.eat_word(Keyword::Where).is_some() {
        node(inp);
    }
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

/// Whether `{ }` stands here.
fn is_empty(inp: &mut In<'_, '_>) -> bool {
    inp.on(Kind::LBrace) && inp.ahead(1).kind == Kind::RBrace
}

/// Whether `{ }` stands here as one record of a list in a scenario: `victims: [{ age: 9 }, { }]`.
fn given_item(inp: &mut In<'_, '_>) -> bool {
    inp.shared().given && inp.shared().listed && is_empty(inp)
}

/// Whether `{ age 9` stands here in a scenario: a field whose colon was forgotten.
fn half_record(inp: &mut In<'_, '_>) -> bool {
    let value = matches!(inp.ahead(2).kind, Kind::Number | Kind::Date | Kind::Time | Kind::Text);
    inp.shared().given && inp.ahead(1).kind.is_word() && value
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
    let listed = std::mem::replace(&mut inp.shared().listed, false);
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
    inp.shared().listed = listed;
    out
}
