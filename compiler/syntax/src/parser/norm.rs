//! The norm sentence: who must, should or may do what, and when.

use super::data::at_most;
use super::expression::{expr, operand, path_of};
use super::reader::{In, Reader};
use super::types::path;
use super::value::arguments;
use crate::ast::*;
use crate::token::Kind;
use crate::words::{Keyword, MODAL_WORDS};
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, Span, codes};

/// Whether a modal follows before the next clause: what tells a sentence from a misspelt clause.
pub(super) fn is_sentence(inp: &mut In<'_, '_>) -> bool {
    if inp.on_word(Keyword::Everyone) || inp.on_word(Keyword::No) && inp.ahead(1).kind == Kind::Word(Keyword::One) {
        return true;
    }
    finds_modal(inp, true)
}

/// Whether the line in hand is a sentence by itself, so that it cannot go on with what the line above left open.
pub(super) fn modal_on_line(inp: &mut In<'_, '_>) -> bool {
    !is_modal(inp, 0) && finds_modal(inp, false)
}

/// Looks for a modal after what can be a bearer; `next_line` lets it start the next line.
fn finds_modal(inp: &mut In<'_, '_>, next_line: bool) -> bool {
    // A bearer is a path or a role of a path; longer than this no sentence keeps its modal waiting.
    for k in 0..40 {
        let tok = inp.ahead(k);
        if tok.end {
            return false;
        }
        if is_modal(inp, k) {
            return next_line || !tok.line_start || k == 0;
        }
        let goes_on = match tok.kind {
            Kind::Word(Keyword::Of) | Kind::Dot => next_line || !tok.line_start,
            Kind::Word(_) | Kind::LParen | Kind::RParen | Kind::Comma => k == 0 || !tok.line_start,
            _ => false,
        };
        if !goes_on {
            return false;
        }
    }
    false
}

fn is_modal(inp: &mut In<'_, '_>, k: usize) -> bool {
    match inp.ahead(k).kind {
        Kind::Word(Keyword::Must | Keyword::Should | Keyword::May) => !after_dot(inp, k),
        Kind::Word(Keyword::Aims) => inp.ahead(k + 1).kind == Kind::Word(Keyword::To),
        _ => false,
    }
}

/// Whether a word on this line is probably a misspelt modal: between the words of a bearer and of an act.
pub(super) fn misspelt_modal(inp: &mut In<'_, '_>) -> bool {
    for k in 1..12 {
        let tok = inp.ahead(k);
        if tok.line_start || tok.end {
            return false;
        }
        let between = matches!(inp.ahead(k - 1).kind, Kind::Word(_) | Kind::RParen) && inp.ahead(k + 1).kind.is_word();
        if between
            && matches!(tok.kind, Kind::Word(Keyword::Plain | Keyword::Most))
            && meant_modal(inp.text_of(tok.span)).is_some()
        {
            return true;
        }
    }
    false
}

/// The modal that a word stands for which is none: misspelt, or the usual word of legal texts.
fn meant_modal(written: &str) -> Option<&'static str> {
    match written {
        "shall" | "will" | "has" | "have" | "needs" => Some("must"),
        "can" | "could" | "might" => Some("may"),
        "ought" => Some("should"),
        other => did_you_mean(other, MODAL_WORDS.iter().copied()),
    }
}

/// `party must ...`: a word that starts clauses is the bearer after all.
pub(super) fn bears(inp: &mut In<'_, '_>) -> bool {
    is_modal(inp, 1) || inp.ahead(1).kind == Kind::Word(Keyword::Of)
}

fn after_dot(inp: &mut In<'_, '_>, k: usize) -> bool {
    k > 0 && inp.ahead(k - 1).kind == Kind::Dot
}

/// `bearer modal act [time]`
pub(super) fn sentence(inp: &mut In<'_, '_>) -> Sentence {
    let start = inp.now().span;
    let universal = inp.on_word(Keyword::No) && inp.ahead(1).kind == Kind::Word(Keyword::One);
    let (bearer, modal, modal_span) = if universal { no_one(inp) } else { bearer_and_modal(inp) };
    let act = act(inp);
    let time = time(inp);
    Sentence { span: inp.since(start), bearer, modal, modal_span, act, time }
}

/// `no one may`, `no one should`
fn no_one(inp: &mut In<'_, '_>) -> (Bearer, Modal, Span) {
    let start = inp.take().span;
    inp.advance();
    let bearer = Bearer::Everyone(inp.since(start));
    let at = inp.now();
    let modal = match at.kind {
        Kind::Word(Keyword::May) => Modal::MustNot,
        Kind::Word(Keyword::Should) => Modal::ShouldNot,
        Kind::Word(Keyword::Must) => {
            let message = "`no one must` reads as \"nobody has to\"";
            let found = Diagnostic::new(&codes::E003, at.span, message).help("a prohibition is written `no one may`");
            inp.report(found.fix("Replace by `may`", at.span, "may"));
            Modal::MustNot
        }
        Kind::Word(_) if meant_modal(inp.text_of(at.span)).is_some() && inp.ahead(1).kind.is_word() => {
            let message = format!("`may` or `should` is expected after `no one`, but {}", inp.found());
            inp.report(Diagnostic::new(&codes::E003, at.span, message).fix("Replace by `may`", at.span, "may"));
            Modal::MustNot
        }
        _ => {
            let span = inp.missing("`may` or `should` after `no one`");
            return (bearer, Modal::MustNot, span);
        }
    };
    inp.advance();
    (bearer, modal, at.span)
}

fn bearer_and_modal(inp: &mut In<'_, '_>) -> (Bearer, Modal, Span) {
    let bearer = bearer(inp);
    let start = inp.now().span;
    let modal = match inp.keyword() {
        Keyword::Must => negated(inp, Modal::Must, Modal::MustNot),
        Keyword::Should => negated(inp, Modal::Should, Modal::ShouldNot),
        Keyword::May => may(inp),
        Keyword::Aims => {
            inp.advance();
            inp.expect_word(Keyword::To, "after `aims`");
            Modal::AimsTo
        }
        _ => no_modal(inp),
    };
    (bearer, modal, inp.since(start))
}

/// What stands for a modal, with an error.
fn no_modal(inp: &mut In<'_, '_>) -> Modal {
    let tok = inp.now();
    let written = inp.text_of(tok.span);
    let (found, place) = (inp.found(), inp.place());
    let message = format!("`must`, `should`, `aims to` or `may` is expected after the bearer, but {found}");
    let diagnostic = Diagnostic::new(&codes::E003, place, message);
    let Some(meant) = meant_modal(written).filter(|_| tok.kind.is_word() && !tok.line_start) else {
        inp.report(diagnostic);
        return Modal::Must;
    };
    // `has to` and `ought to` are one modal in two words.
    let to = inp.ahead(1);
    let two = to.kind == Kind::Word(Keyword::To) && meant != Keyword::Aims.text();
    let place = if two { tok.span.to(to.span) } else { tok.span };
    inp.report(diagnostic.fix(format!("Replace by `{meant}`"), place, meant));
    if two {
        inp.advance();
    }
    match meant {
        "should" => negated(inp, Modal::Should, Modal::ShouldNot),
        "may" => negated(inp, Modal::May, Modal::MustNot),
        "aims" => {
            inp.advance();
            inp.eat_word(Keyword::To);
            Modal::AimsTo
        }
        _ => negated(inp, Modal::Must, Modal::MustNot),
    }
}

fn negated(inp: &mut In<'_, '_>, plain: Modal, not: Modal) -> Modal {
    inp.advance();
    if inp.eat_word(Keyword::Not).is_some() { not } else { plain }
}

fn may(inp: &mut In<'_, '_>) -> Modal {
    let start = inp.take().span;
    let Some(not) = inp.eat_word(Keyword::Not) else { return Modal::May };
    let place = start.to(not);
    let message = "`may not` can mean \"is forbidden to\" or \"is free not to\"";
    let found =
        Diagnostic::new(&codes::E003, place, message).help("a prohibition is written `must not` or `no one may`");
    inp.report(found.fix("Replace by `must not`", place, "must not"));
    Modal::MustNot
}

/// `everyone`, `role of path`, or a path.
fn bearer(inp: &mut In<'_, '_>) -> Bearer {
    if let Some(span) = inp.eat_word(Keyword::Everyone) {
        return Bearer::Everyone(span);
    }
    if inp.now().end
        || inp.now().line_start && inp.keyword().starts_clause() && !bears(inp)
        || !inp.now().kind.is_word()
    {
        return Bearer::Hole(inp.missing("who is bound"));
    }
    inp.shared().bearer = Some(inp.index());
    let who = operand(inp);
    if !inp.on_word(Keyword::Of) {
        return if matches!(who.kind, ExprKind::Hole) { Bearer::Hole(who.span) } else { Bearer::Path(Box::new(who)) };
    }
    let of = inp.take().span;
    let Some(role) = path_of(&who) else {
        inp.report(
            Diagnostic::new(&codes::E003, who.span, "only the name of a role can stand before `of`")
                .help("a bearer is written `role of path`, such as `commander of i.observed_by`"),
        );
        operand(inp);
        return Bearer::Hole(of);
    };
    Bearer::RoleOf(role, Box::new(operand(inp)))
}

/// `report(i)` or `ensure condition`
fn act(inp: &mut In<'_, '_>) -> Act {
    if inp.eat_word(Keyword::Ensure).is_some() {
        return Act::Ensure(expr(inp));
    }
    let tok = inp.now();
    let word = inp.keyword();
    if !tok.kind.is_word() || word.ends_expression() || tok.line_start && (word.starts_clause() || modal_on_line(inp)) {
        return Act::Hole(inp.missing("the act, such as `report(i)` or `ensure` with a condition,"));
    }
    let first = inp.any_name();
    let start = first.span;
    let mut segments = vec![first];
    while inp.eat(Kind::Dot).is_some() {
        segments.push(inp.name("a name after `.`"));
    }
    let act = Path { segments, span: inp.since(start) };
    let args = arguments(inp, "`(` with what the act is done to");
    Act::Call(act, args)
}

/// The time of a norm, if one follows.
fn time(inp: &mut In<'_, '_>) -> Option<TimeClause> {
    let start = inp.now().span;
    let word = inp.keyword();
    let kind = match word {
        Keyword::Within | Keyword::By | Keyword::Before | Keyword::During | Keyword::From | Keyword::Every => {
            inp.advance();
            timed(inp, word)
        }
        _ => return None,
    };
    let gaps = gaps(inp);
    Some(TimeClause { span: inp.since(start), kind, gaps })
}

/// `with gaps of at most D`
fn gaps(inp: &mut In<'_, '_>) -> Option<Gaps> {
    if !inp.on_word(Keyword::With) {
        return None;
    }
    let start = inp.take().span;
    inp.expect_word(Keyword::Gaps, "after `with`");
    inp.expect_word(Keyword::Of, "after `gaps`");
    inp.expect_word(Keyword::At, "after `of`");
    inp.expect_word(Keyword::Most, "after `at`");
    let longest = expr(inp);
    Some(Gaps { span: inp.since(start), longest })
}

/// `to B` or `until C`
fn end(inp: &mut In<'_, '_>) -> Option<End> {
    if inp.eat_word(Keyword::To).is_some() {
        return Some(End::To(expr(inp)));
    }
    inp.eat_word(Keyword::Until).map(|_| End::Until(expr(inp)))
}

fn timed(inp: &mut In<'_, '_>, word: Keyword) -> TimeKind {
    let first = expr(inp);
    match word {
        Keyword::By => TimeKind::By(first),
        Keyword::Before => TimeKind::Before(first),
        Keyword::During => TimeKind::During(first),
        Keyword::From => TimeKind::From(first, end(inp)),
        Keyword::Every => {
            inp.expect_word(Keyword::From, "with the start of the first period");
            let from = expr(inp);
            TimeKind::Every(first, from, end(inp))
        }
        _ if inp.eat_word(Keyword::After).is_some() => TimeKind::WithinAfter(first, expr(inp)),
        _ if inp.eat_word(Keyword::Before).is_some() => TimeKind::WithinBefore(first, expr(inp)),
        _ => TimeKind::Within(first),
    }
}

/// `name(args)` of a rule.
pub(super) fn rule_call(inp: &mut In<'_, '_>) -> RuleCall {
    let rule = path(inp, "the name of a rule");
    if rule.segments.iter().all(Name::is_hole) {
        return RuleCall { rule, args: Vec::new() };
    }
    RuleCall { args: arguments(inp, "`(` with the records the rule is about"), rule }
}

/// `under w(args) [by rank or above [exceptionally by rank or above]] [for at most D]`
pub(super) fn waivable(inp: &mut In<'_, '_>) -> Waivable {
    inp.expect_word(Keyword::Under, "with the kind of waiver");
    let waiver = path(inp, "the name of a waiver");
    let named = !waiver.segments.iter().all(Name::is_hole);
    let args = if named { arguments(inp, "`(` with what the waiver is for") } else { Vec::new() };
    let floor = inp.eat_word(Keyword::By).map(|_| rank(inp));
    let exceptional_floor = inp.eat_word(Keyword::Exceptionally).map(|_| {
        inp.expect_word(Keyword::By, "after `exceptionally`");
        rank(inp)
    });
    Waivable { waiver, args, floor, exceptional_floor, longest: at_most(inp) }
}

/// `rank or above`
fn rank(inp: &mut In<'_, '_>) -> Name {
    let rank = match inp.on_word(Keyword::Or) {
        true => Name { text: String::new(), span: inp.missing("the lowest rank that can grant the waiver") },
        false => inp.name("the lowest rank that can grant the waiver"),
    };
    inp.expect_word(Keyword::Or, "and `above` after the rank");
    inp.expect_word(Keyword::Above, "after `or`");
    rank
}
