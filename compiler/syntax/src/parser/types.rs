//! Paths, types, parameters of declarations and the variables that range over records.

use super::expression::{DEEPEST, operand};
use super::reader::{In, Reader};
use crate::ast::*;
use crate::token::Kind;
use crate::words::Keyword;
use mandate_diagnostics::{Diagnostic, codes};

/// `a.b.c`; a hole where no word stands.
pub(super) fn path(inp: &mut In<'_, '_>, what: &str) -> Path {
    let first = inp.name(what);
    let start = first.span;
    let mut segments = vec![first];
    while inp.on(Kind::Dot) && inp.ahead(1).kind != Kind::LBrace {
        inp.advance();
        segments.push(inp.name("a name after `.`"));
    }
    Path { segments, span: inp.since(start) }
}

/// `a, b, c`
pub(super) fn paths(inp: &mut In<'_, '_>, what: &str) -> Vec<Path> {
    let mut out = vec![path(inp, what)];
    while inp.eat(Kind::Comma).is_some() {
        out.push(path(inp, what));
    }
    out
}

/// `Time`, `core.Incident`, `list of T`, each with `?` if it may be missing.
pub(super) fn type_ref(inp: &mut In<'_, '_>) -> TypeRef {
    let start = inp.now();
    if !start.kind.is_word() || start.line_start || start.end {
        let span = inp.missing("a type");
        return TypeRef { span, kind: TypeRefKind::Hole };
    }
    if inp.shared().depth >= DEEPEST {
        let found = Diagnostic::new(&codes::E009, start.span, "this type is nested too deep");
        inp.report(found);
        return TypeRef { span: inp.gap(), kind: TypeRefKind::Hole };
    }
    let kind = if inp.on_word(Keyword::List) && inp.ahead(1).kind == Kind::Word(Keyword::Of) {
        inp.advance();
        inp.advance();
        inp.shared().depth += 1;
        let item = type_ref(inp);
        inp.shared().depth -= 1;
        TypeRefKind::List(Box::new(item))
    } else {
        TypeRefKind::Named(path(inp, "a type"))
    };
    let ty = TypeRef { span: inp.since(start.span), kind };
    if inp.eat(Kind::Question).is_none() {
        return ty;
    }
    let span = inp.since(start.span);
    if let Some(again) = inp.eat(Kind::Question) {
        let message = "one `?` says that the value may be missing; a second one adds nothing";
        inp.report(Diagnostic::new(&codes::E003, again, message).fix("Remove `?`", again, ""));
        while inp.eat(Kind::Question).is_some() {}
    }
    TypeRef { span, kind: TypeRefKind::Optional(Box::new(ty)) }
}

/// Whether `name:` or `name in` stands `k` ahead.
pub(super) fn is_binder(inp: &mut In<'_, '_>, k: usize) -> bool {
    inp.ahead(k).kind.is_word() && matches!(inp.ahead(k + 1).kind, Kind::Colon | Kind::Word(Keyword::In))
}

/// `x: T` or `x in xs`.
pub(super) fn binder(inp: &mut In<'_, '_>) -> Binder {
    let name = variable(inp);
    if inp.eat_word(Keyword::In).is_some() {
        return Binder { name, over: Domain::Items(Box::new(operand(inp))) };
    }
    if inp.eat(Kind::Colon).is_some() {
        return Binder { name, over: Domain::Type(type_ref(inp)) };
    }
    let span = inp.missing("`:` with a type, or `in` with a list,");
    Binder { name, over: Domain::Type(TypeRef { span, kind: TypeRefKind::Hole }) }
}

/// `a: A, b in a.items`
pub(super) fn binders(inp: &mut In<'_, '_>) -> Vec<Binder> {
    let mut out = vec![binder(inp)];
    while inp.eat(Kind::Comma).is_some() {
        out.push(binder(inp));
    }
    out
}

/// The name of a variable; words that start clauses or join expressions cannot be one.
pub(super) fn variable(inp: &mut In<'_, '_>) -> Name {
    let tok = inp.now();
    let Kind::Word(word) = tok.kind else { return inp.name("the name of a variable") };
    let named = matches!(inp.ahead(1).kind, Kind::Colon | Kind::Equals | Kind::Word(Keyword::In));
    if tok.line_start && !named {
        return inp.name("the name of a variable");
    }
    if word.starts_clause() || word.ends_expression() {
        if !named {
            let span = inp.missing("the name of a variable");
            return Name { text: String::new(), span };
        }
        let message = format!("`{}` is a word of the language and cannot name a variable", word.text());
        inp.report(Diagnostic::new(&codes::E003, tok.span, message).help("choose another name"));
        inp.shared().refused.push(word);
    }
    inp.any_name()
}

/// `(a: A, b: B)`
pub(super) fn params(inp: &mut In<'_, '_>) -> Vec<Param> {
    let Some(open) = inp.expect(Kind::LParen, "(", "with the parameters") else { return Vec::new() };
    let mut out = Vec::new();
    while !inp.on(Kind::RParen) && !inp.now().end {
        let before = inp.index();
        if inp.now().line_start && inp.ahead(1).kind != Kind::Colon {
            break;
        }
        let name = variable(inp);
        inp.expect(Kind::Colon, ":", "between a parameter and its type");
        out.push(Param { name, ty: type_ref(inp) });
        if inp.eat(Kind::Comma).is_none() || inp.index() == before {
            break;
        }
    }
    super::value::close(inp, open, Kind::RParen, ")");
    out
}
