//! Declarations about data: use, enum, record, role, parameter, define, action and waiver.

use super::block::{Entries, always, block, never};
use super::expression::{bare_expr, expr, range};
use super::reader::{In, Reader};
use super::rule::{flag, misplaced};
use super::types::{binder, binders, params, path, type_ref};
use super::value::close;
use crate::ast::*;
use crate::token::Kind;
use crate::words::{EVIDENCE_PARTS, Keyword, WAIVER_PARTS};
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, Span, codes};

/// `use core.{A, B}`, `use core.A`, with the keyword in hand.
pub(super) fn use_(inp: &mut In<'_, '_>) -> Use {
    inp.advance();
    let path = path(inp, "the name of a module");
    if inp.on(Kind::Dot) {
        inp.advance();
    }
    if !inp.on(Kind::LBrace) {
        return Use { path, names: None };
    }
    let open = inp.take().span;
    inp.shared().layout.tight.push(open.start);
    let mut names = Vec::new();
    while inp.now().kind.is_word() {
        inp.entry(false);
        names.push(inp.any_name());
        if inp.eat(Kind::Comma).is_none() && !inp.now().line_start {
            break;
        }
    }
    close(inp, open, Kind::RBrace, "}");
    Use { path, names: Some(names) }
}

const VARIANT: Entries = Entries { what: "a value of the enum", own_line: false, starts: is_less, resumes: always };

fn is_less(inp: &mut In<'_, '_>) -> bool {
    inp.on(Kind::Lt)
}

/// `enum N { a, b = "spelling" }` or `{ a < b }`, with the keyword in hand.
pub(super) fn enum_(inp: &mut In<'_, '_>) -> Enum {
    inp.advance();
    let name = inp.name("the name of the enum");
    let mut variants = Vec::new();
    let (mut less, mut other) = (None, None);
    block(inp, VARIANT, |inp| {
        if let Some(sign) = inp.eat(Kind::Lt) {
            // The sign belongs to the value it starts.
            less = less.or(Some(sign));
            if variants.is_empty() || !inp.now().kind.is_word() {
                inp.missing("a value on each side of `<`");
            }
        } else if !variants.is_empty() && inp.now().kind.is_word() {
            other = other.or(Some(inp.now().span));
        }
        variants.extend(variant(inp));
    });
    if let (Some(sign), Some(place)) = (less, other) {
        let message =
            "an enum is ordered with `<` between all its values, or not ordered with `,`; this one mixes both";
        let found = Diagnostic::new(&codes::E014, place, message).related(sign, "ordered here");
        inp.remark(found);
    }
    Enum { name, ordered: less.is_some(), variants }
}

fn variant(inp: &mut In<'_, '_>) -> Option<Variant> {
    let doc = inp.doc();
    if !inp.now().kind.is_word() {
        return None;
    }
    let name = inp.any_name();
    let spelling = inp.eat(Kind::Equals).map(|_| inp.quoted("the spelling in quotation marks"));
    Some(Variant { doc, name, spelling })
}

const FIELD: Entries = Entries { what: "a field", own_line: false, starts: never, resumes: always };

/// `record N [key f] [at f | during a .. b] [corrects f] [recorded f] { fields }`, with the keyword in hand.
pub(super) fn record(inp: &mut In<'_, '_>) -> Record {
    inp.advance();
    let name = inp.name("the name of the record");
    let mut out = Record { name, key: None, dated: None, corrects: None, recorded: None, fields: Vec::new() };
    loop {
        match inp.keyword() {
            Keyword::Key => {
                inp.advance();
                out.key = Some(inp.name("the field that identifies a record"));
            }
            Keyword::At => {
                inp.advance();
                out.dated = Some(Dated::At(inp.name("the field that dates a record")));
            }
            Keyword::During => {
                inp.advance();
                let from = inp.name("the field with the start");
                if inp.eat(Kind::DotDot).is_none() {
                    inp.expect(Kind::DotDot, "..", "between the start and the end");
                }
                out.dated = Some(Dated::During(from, inp.name("the field with the end")));
            }
            Keyword::Corrects => {
                inp.advance();
                out.corrects = Some(inp.name("the field that names the corrected record"));
            }
            Keyword::Recorded => {
                inp.advance();
                out.recorded = Some(inp.name("the field that tells when a record was entered"));
            }
            _ => break,
        }
    }
    let mut fields = Vec::new();
    block(inp, FIELD, |inp| fields.extend(field(inp)));
    out.fields = fields;
    out
}

fn field(inp: &mut In<'_, '_>) -> Option<Field> {
    let doc = inp.doc();
    let next = inp.ahead(1);
    let sensitive = inp.on_word(Keyword::Sensitive) && next.kind.is_word() && !next.line_start;
    if sensitive {
        inp.advance();
    }
    if !inp.now().kind.is_word() {
        return None;
    }
    let name = inp.any_name();
    inp.expect(Kind::Colon, ":", "between a field and its type");
    let ty = type_ref(inp);
    let over_time = over_time(inp);
    let default = inp.eat(Kind::Equals).map(|_| expr(inp));
    Some(Field { doc, sensitive, name, ty, over_time, default })
}

/// `over time` after the type of a field.
fn over_time(inp: &mut In<'_, '_>) -> Option<Span> {
    if !inp.on_word(Keyword::Over) || inp.now().line_start {
        return None;
    }
    let start = inp.take().span;
    inp.expect_word(Keyword::Time, "after `over`");
    Some(inp.since(start))
}

/// `role N [is parent] [of u: T] [held by expr for binders [where expr]]`, with the keyword in hand.
pub(super) fn role(inp: &mut In<'_, '_>) -> Role {
    inp.advance();
    let name = inp.name("the name of the role");
    let mut out = Role { name, is: None, of: None, held: None };
    loop {
        match inp.keyword() {
            Keyword::Is => {
                inp.advance();
                out.is = Some(path(inp, "the wider role"));
            }
            Keyword::Of => {
                inp.advance();
                out.of = Some(binder(inp));
            }
            Keyword::Held => {
                inp.advance();
                out.held = Some(Box::new(held(inp)));
            }
            _ => return out,
        }
    }
}

fn held(inp: &mut In<'_, '_>) -> Held {
    inp.expect_word(Keyword::By, "after `held`");
    let by = expr(inp);
    inp.expect_word(Keyword::For, "with the records that say who holds the role");
    let binders = binders(inp);
    let condition = inp.eat_word(Keyword::Where).map(|_| expr(inp));
    let during = inp.eat_word(Keyword::During).map(|_| range(inp, "`..` with the end"));
    Held { by, binders, condition, during, longest: at_most(inp) }
}

/// `for at most D`
pub(super) fn at_most(inp: &mut In<'_, '_>) -> Option<Expr> {
    let next = inp.ahead(1).kind;
    if !inp.on_word(Keyword::For) || !matches!(next, Kind::Word(Keyword::At | Keyword::Most)) {
        return None;
    }
    inp.advance();
    inp.expect_word(Keyword::At, "after `for`");
    inp.expect_word(Keyword::Most, "after `at`");
    Some(bare_expr(inp))
}

const EDITION: Entries = Entries {
    what: "a value with the day it starts, such as `from 2024-01-01 24 hours`,",
    own_line: false,
    starts: is_from,
    resumes: always,
};

fn is_from(inp: &mut In<'_, '_>) -> bool {
    inp.on_word(Keyword::From)
}

/// `parameter N: T [in a .. b] (= value | { from DATE value ... })`, with the keyword in hand.
pub(super) fn parameter(inp: &mut In<'_, '_>) -> Parameter {
    inp.advance();
    let name = inp.name("the name of the parameter");
    inp.expect(Kind::Colon, ":", "between the parameter and its type");
    let ty = type_ref(inp);
    let bounds = inp.eat_word(Keyword::In).map(|_| range(inp, "`..` with the upper bound"));
    let value = if inp.eat(Kind::Equals).is_some() {
        ParameterValue::One(expr(inp))
    } else if inp.on(Kind::LBrace) {
        let mut values = Vec::new();
        block(inp, EDITION, |inp| values.extend(edition(inp)));
        ParameterValue::Dated(values)
    } else {
        inp.missing("`=` with the value");
        ParameterValue::Hole
    };
    Parameter { name, ty, bounds, value }
}

fn edition(inp: &mut In<'_, '_>) -> Option<(Expr, Expr)> {
    if inp.eat_word(Keyword::From).is_none() {
        misplaced(inp, &["from"], "`from`, a day and the value from then on");
        return None;
    }
    let day = bare_expr(inp);
    Some((day, expr(inp)))
}

/// `define N(params) [: T] = expr`, with the keyword in hand.
pub(super) fn define(inp: &mut In<'_, '_>) -> Define {
    inp.advance();
    let name = inp.name("the name of the definition");
    let plain = matches!(inp.now().kind, Kind::Equals | Kind::Colon);
    let params = if plain { Vec::new() } else { params(inp) };
    let ty = inp.eat(Kind::Colon).map(|_| type_ref(inp));
    inp.expect(Kind::Equals, "=", "with what the name stands for");
    Define { name, params, ty, body: expr(inp) }
}

const EVIDENCE: Entries =
    Entries { what: "a line starting with `evidence`", own_line: true, starts: is_evidence, resumes: resumes_evidence };

fn is_evidence(inp: &mut In<'_, '_>) -> bool {
    matches!(inp.keyword(), Keyword::Evidence | Keyword::Excludes)
}

fn resumes_evidence(inp: &mut In<'_, '_>) -> bool {
    is_evidence(inp) || is_part(inp.keyword())
}

/// Whether a word starts a part of an evidence.
fn is_part(word: Keyword) -> bool {
    use Keyword::{At, By, During, Exceptional, Flag, Names, Rank, Revoked, Valid, Where};
    matches!(word, Where | At | During | By | Names | Rank | Valid | Revoked | Exceptional | Flag)
}

/// `action N(params) { evidence ... }`, `waiver ...` or `caveat ...`, with the keyword in hand.
pub(super) fn action(inp: &mut In<'_, '_>, waiver: bool) -> Action {
    let caveat = inp.on_word(Keyword::Caveat);
    inp.advance();
    let name = inp.name(match (waiver, caveat) {
        (true, true) => "the name of the caveat",
        (true, false) => "the name of the waiver",
        (false, _) => "the name of the act",
    });
    let params = if inp.on(Kind::LBrace) { Vec::new() } else { params(inp) };
    let mut out = Action { name, params, evidence: Vec::new(), excludes: Vec::new(), caveat };
    block(inp, EVIDENCE, |inp| {
        if inp.eat_word(Keyword::Excludes).is_some() {
            out.excludes.extend(super::types::paths(inp, "the name of an act"));
        } else if inp.on_word(Keyword::Evidence) {
            let evidence = evidence(inp, waiver);
            out.evidence.push(evidence);
        } else {
            astray(inp, &mut out.evidence, waiver);
        }
    });
    out
}

/// A line that starts with no word of its own: a part of the evidence above, after something in it could not be read, or a
/// misspelt word.
fn astray(inp: &mut In<'_, '_>, above: &mut Vec<Evidence>, waiver: bool) {
    let tok = inp.now();
    let written = inp.text_of(tok.span);
    let mut word = inp.keyword();
    if !is_part(word) {
        let parts = EVIDENCE_PARTS.iter().chain(if waiver { WAIVER_PARTS } else { &[] });
        let first_words = parts.filter_map(|part| part.split(' ').next());
        let known = first_words.chain(["evidence"]).filter(|_| tok.kind == Kind::Word(Keyword::Plain));
        let Some(meant) = did_you_mean(written, known) else {
            return misplaced(inp, &["evidence", "excludes"], "`evidence` or `excludes`");
        };
        let message = format!("`{written}` cannot start a line here; did you mean `{meant}`?");
        let found = Diagnostic::new(&codes::E005, tok.span, message);
        inp.report(found.fix(format!("Replace by `{meant}`"), tok.span, meant));
        word = Keyword::of(meant);
    } else if inp.shared().errors.is_empty() {
        return misplaced(inp, &["evidence", "excludes"], "`evidence` or `excludes`");
    }
    if word == Keyword::Evidence {
        let evidence = evidence(inp, waiver);
        return above.push(evidence);
    }
    // The first line of the evidence is not there to belong to; its parts are read all the same.
    let mut alone = nothing_seen(tok.span);
    let evidence = above.last_mut().unwrap_or(&mut alone);
    inp.advance();
    part_of(inp, evidence, tok.span, word);
    while part(inp, evidence, waiver) {}
}

/// An evidence that says nothing yet.
fn nothing_seen(span: Span) -> Evidence {
    Evidence {
        span,
        name: Name { text: String::new(), span },
        ty: TypeRef { span, kind: TypeRefKind::Hole },
        condition: None,
        at: None,
        during: None,
        by: None,
        names: None,
        rank: None,
        valid: None,
        revoked: None,
        exceptional: None,
        flags: Vec::new(),
    }
}

fn evidence(inp: &mut In<'_, '_>, waiver: bool) -> Evidence {
    let start = inp.take().span;
    let binder = binder(inp);
    let ty = match binder.over {
        Domain::Type(ty) => ty,
        Domain::Items(list) => {
            let message = "evidence ranges over all records of a type: write `:` and the type";
            inp.report(Diagnostic::new(&codes::E003, list.span, message));
            TypeRef { span: list.span, kind: TypeRefKind::Hole }
        }
    };
    let mut out = Evidence { name: binder.name, ty, ..nothing_seen(start) };
    while part(inp, &mut out, waiver) {}
    out.span = inp.since(start);
    out
}

/// One part of an evidence; `false` where none follows.
fn part(inp: &mut In<'_, '_>, out: &mut Evidence, waiver: bool) -> bool {
    let tok = inp.now();
    let word = inp.keyword();
    let known = match word {
        Keyword::Where | Keyword::At | Keyword::During | Keyword::By => true,
        Keyword::Names | Keyword::Rank | Keyword::Valid | Keyword::Revoked | Keyword::Exceptional | Keyword::Flag => {
            if !waiver {
                let message = format!("`{}` belongs to a waiver, not to an action", word.text());
                inp.report(Diagnostic::new(&codes::E003, tok.span, message));
            }
            true
        }
        _ => false,
    };
    if !known {
        return false;
    }
    inp.advance();
    part_of(inp, out, tok.span, word);
    true
}

/// What follows the first word of a part, which stands at `at` and was taken.
fn part_of(inp: &mut In<'_, '_>, out: &mut Evidence, at: Span, word: Keyword) {
    let twice = match word {
        Keyword::Where => out.condition.replace(expr(inp)).is_some(),
        Keyword::At => out.at.replace(expr(inp)).is_some(),
        Keyword::During => out.during.replace(range(inp, "`..` with the end")).is_some(),
        Keyword::By => out.by.replace(expr(inp)).is_some(),
        Keyword::Names => out.names.replace(expr(inp)).is_some(),
        Keyword::Rank => out.rank.replace(expr(inp)).is_some(),
        Keyword::Valid => {
            inp.expect_word(Keyword::If, "after `valid`");
            out.valid.replace(expr(inp)).is_some()
        }
        Keyword::Revoked => out.revoked.replace(expr(inp)).is_some(),
        Keyword::Exceptional => {
            inp.expect_word(Keyword::If, "after `exceptional`");
            out.exceptional.replace(expr(inp)).is_some()
        }
        _ => {
            out.flags.push(flag(inp));
            false
        }
    };
    if twice {
        let message = format!("`{}` is written twice in this evidence; only one can hold", word.text());
        let help = "join two conditions with `and`, or write a second `evidence`";
        inp.remark(Diagnostic::new(&codes::E003, at, message).help(help));
    }
}
