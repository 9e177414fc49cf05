//! Scenarios: given facts and expected findings.

use super::block::{Entries, block};
use super::expression::{expr, operand, range};
use super::reader::{In, Reader};
use super::rule::{binding, misplaced};
use super::types::{path, type_ref};
use super::value::{arguments, fields};
use crate::ast::*;
use crate::token::Kind;
use crate::words::Keyword;
use mandate_diagnostics::{Diagnostic, codes};

const STEP: Entries = Entries { what: "a line of the scenario", own_line: true, starts: is_step, resumes: is_step };

fn is_step(inp: &mut In<'_, '_>) -> bool {
    let next = inp.ahead(1).kind;
    match inp.keyword() {
        Keyword::As => next == Kind::Word(Keyword::Of),
        Keyword::Known => next == Kind::Word(Keyword::At),
        Keyword::Data => next == Kind::Word(Keyword::Through),
        Keyword::Let | Keyword::Set | Keyword::Given | Keyword::Expect => next.is_word(),
        _ => false,
    }
}

/// `scenario "title" { ... }`, with the keyword in hand.
pub(super) fn scenario(inp: &mut In<'_, '_>) -> Scenario {
    inp.advance();
    let title = inp.maybe_quoted();
    if title.is_none() {
        inp.missing("the title of the scenario in quotation marks");
    }
    let mut steps = Vec::new();
    block(inp, STEP, |inp| steps.extend(step(inp)));
    Scenario { title, steps }
}

fn step(inp: &mut In<'_, '_>) -> Option<Step> {
    let start = inp.now().span;
    let word = inp.keyword();
    let known = matches!(
        word,
        Keyword::As | Keyword::Known | Keyword::Data | Keyword::Let | Keyword::Set | Keyword::Given | Keyword::Expect
    );
    if !known {
        let words = ["let", "as", "known", "set", "data", "given", "expect"];
        misplaced(inp, &words, "`as of`, `known at`, `given`, `let`, `set`, `data through` or `expect`");
        return None;
    }
    inp.advance();
    let kind = match word {
        Keyword::As => {
            inp.expect_word(Keyword::Of, "after `as`");
            StepKind::AsOf(expr(inp))
        }
        Keyword::Known => {
            inp.expect_word(Keyword::At, "after `known`");
            StepKind::KnownAt(expr(inp))
        }
        Keyword::Data => {
            inp.expect_word(Keyword::Through, "after `data`");
            let until = expr(inp);
            StepKind::DataThrough(until, inp.eat_word(Keyword::For).map(|_| type_ref(inp)))
        }
        Keyword::Let => {
            let (name, value) = binding(inp);
            StepKind::Let(name, value)
        }
        Keyword::Set => {
            let parameter = path(inp, "the name of a parameter");
            inp.expect(Kind::Equals, "=", "with the value");
            StepKind::Set(parameter, expr(inp))
        }
        Keyword::Given => given(inp),
        _ => StepKind::Expect(expectation(inp)),
    };
    Some(Step { span: inp.since(start), kind })
}

/// `[name:] Type { field: value, ... }`
fn given(inp: &mut In<'_, '_>) -> StepKind {
    let named = inp.now().kind.is_word() && inp.ahead(1).kind == Kind::Colon && !inp.now().line_start;
    let name = named.then(|| inp.any_name());
    if named {
        inp.advance();
    }
    let ty = type_ref(inp);
    let fields = if inp.on(Kind::LBrace) {
        inp.shared().given = true;
        let fields = fields(inp);
        inp.shared().given = false;
        fields
    } else {
        inp.expect(Kind::LBrace, "{", "with the fields of the record");
        Vec::new()
    };
    StepKind::Given { name, ty, fields }
}

/// `[no] r(args) status {, detail}`
fn expectation(inp: &mut In<'_, '_>) -> Expectation {
    let no = (inp.on_word(Keyword::No) && inp.ahead(1).kind.is_word()).then(|| inp.take().span);
    let rule = path(inp, "the name of a rule");
    let args = (inp.on(Kind::LParen) && !inp.now().line_start).then(|| arguments(inp, "`(`"));
    let mut details = Vec::new();
    let status = match no {
        Some(span) => Name { text: "not applicable".to_owned(), span },
        None => status(inp),
    };
    while let Some(detail) = detail(inp) {
        details.push(detail);
    }
    Expectation { rule, args, status, details }
}

fn status(inp: &mut In<'_, '_>) -> Name {
    let not = inp.on_word(Keyword::Not);
    let mut name = inp.name("what is expected, such as `satisfied` or `violated`,");
    if not && inp.now().kind.is_word() && !inp.now().line_start {
        let second = inp.any_name();
        name = Name { text: format!("not {}", second.text), span: name.span.to(second.span) };
    }
    name
}

/// `, late by D`; the comma may be forgotten, and is asked for.
fn detail(inp: &mut In<'_, '_>) -> Option<Detail> {
    let comma = inp.eat(Kind::Comma);
    let tok = inp.now();
    let word = inp.keyword();
    let known = matches!(
        word,
        Keyword::Late
            | Keyword::Due
            | Keyword::Since
            | Keyword::Missing
            | Keyword::Flagged
            | Keyword::Uncovered
            | Keyword::Then
    );
    if !known || tok.line_start && comma.is_none() {
        if comma.is_some() {
            inp.missing("`late by`, `due`, `since`, `missing`, `flagged`, `uncovered` or `then` after the comma");
        }
        return None;
    }
    if comma.is_none() {
        let gap = inp.gap();
        let message = format!("`,` is expected before `{}`", word.text());
        inp.report(Diagnostic::new(&codes::E003, tok.span, message).fix("Insert `,`", gap, ","));
    }
    inp.advance();
    Some(match word {
        Keyword::Late => {
            inp.expect_word(Keyword::By, "after `late`");
            Detail::LateBy(expr(inp))
        }
        Keyword::Due => Detail::Due(expr(inp)),
        Keyword::Since => Detail::Since(expr(inp)),
        Keyword::Flagged => Detail::Flagged(inp.quoted("words of the remark in quotation marks")),
        Keyword::Uncovered => {
            let (from, to) = range(inp, "`..` with the end");
            Detail::Uncovered(from, to)
        }
        Keyword::Then => Detail::Then(status(inp)),
        _ => Detail::Missing(operand(inp)),
    })
}
