//! Rules and constraints: their clauses, and what is said about a line that is none.

use super::block::{Entries, block};
use super::citation::{citations, in_force};
use super::expression::expr;
use super::norm::{bears, is_sentence, misspelt_modal, rule_call, sentence, waivable};
use super::reader::{In, Reader};
use super::types::{binders, is_binder, path, variable};
use crate::ast::*;
use crate::token::Kind;
use crate::words::{CLAUSES, Keyword};
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, codes};

/// Clauses, told apart by their first word.
const CLAUSE: Entries = Entries { what: "a clause", own_line: true, starts: is_clause_word, resumes: is_clause };

fn is_clause_word(inp: &mut In<'_, '_>) -> bool {
    // In the middle of a line only a word that no value can follow: `when a unless b`.
    let word = inp.keyword();
    (word.starts_clause() && inp.now().kind.is_word() || is_in_force(inp)) && !followed_as_name(inp)
}

/// `in force` at the head of a line: elsewhere `in` joins two values.
fn is_in_force(inp: &mut In<'_, '_>) -> bool {
    inp.on_word(Keyword::In) && inp.now().line_start && inp.ahead(1).kind == Kind::Word(Keyword::Force)
}

/// `party: x` and `flag, on` are names although they are spelt like clauses.
fn followed_as_name(inp: &mut In<'_, '_>) -> bool {
    matches!(inp.ahead(1).kind, Kind::Colon | Kind::Comma | Kind::RBrace | Kind::RParen | Kind::RBracket | Kind::Dot)
}

fn is_clause(inp: &mut In<'_, '_>) -> bool {
    is_clause_word(inp) || inp.now().kind.is_word() && (is_sentence(inp) || misspelt(inp).is_some())
}

/// `rule N ["title"] [replaces path] { clauses }`, with the keyword in hand.
pub(super) fn rule(inp: &mut In<'_, '_>, constraint: bool) -> Rule {
    inp.advance();
    let name = inp.name(if constraint { "the name of the constraint" } else { "the name of the rule" });
    let title = inp.maybe_quoted();
    let replaces = inp.eat_word(Keyword::Replaces).map(|_| path(inp, "the rule that is replaced"));
    let mut clauses = Vec::new();
    let close = block(inp, CLAUSE, |inp| clauses.extend(clause(inp)));
    Rule { constraint, name, title, replaces, clauses, close }
}

fn clause(inp: &mut In<'_, '_>) -> Option<Clause> {
    let doc = inp.doc();
    let start = inp.now().span;
    let word = inp.keyword();
    let kind = if is_in_force(inp) {
        inp.advance();
        let (from, until) = in_force(inp);
        ClauseKind::InForce(from, until)
    } else if word.starts_clause() && !bears(inp) {
        inp.advance();
        worded(inp, word)
    } else if inp.now().kind.is_word() && is_sentence(inp) {
        ClauseKind::Norm(sentence(inp))
    } else {
        neither(inp)?
    };
    Some(Clause { doc, span: inp.since(start), kind })
}

/// A line that starts with no clause word and holds no modal.
fn neither(inp: &mut In<'_, '_>) -> Option<ClauseKind> {
    let tok = inp.now();
    if !tok.kind.is_word() {
        return None;
    }
    let written = inp.text_of(tok.span);
    if let Some(meant) = misspelt(inp) {
        let message = format!("`{written}` is neither a clause nor a bearer; did you mean `{meant}`?");
        let fix = format!("Replace by `{meant}`");
        inp.report(Diagnostic::new(&codes::E005, tok.span, message).fix(fix, tok.span, meant));
        inp.advance();
        return Some(worded(inp, Keyword::of(meant)));
    }
    if misspelt_modal(inp) {
        return Some(ClauseKind::Norm(sentence(inp)));
    }
    let message = format!("`{written}` is neither a clause nor a bearer");
    let help = "a clause starts with a word such as `when`, `unless` or `require`; a norm says who `must`, `should` or \
                `may` do what, such as `commander of u must report(i)`";
    inp.report(Diagnostic::new(&codes::E005, tok.span, message).help(help));
    inp.advance();
    skip_line(inp);
    None
}

/// The clause that a misspelt word stands for.
fn misspelt(inp: &mut In<'_, '_>) -> Option<&'static str> {
    let tok = inp.now();
    // `kind == x` and `a.b` are conditions without their `when`, not misspelt clauses.
    let applied = matches!(inp.ahead(1).kind, Kind::Word(_) | Kind::Text | Kind::Number | Kind::LParen | Kind::LBrace);
    let written = inp.text_of(tok.span);
    if tok.kind != Kind::Word(Keyword::Plain) || !applied || inp.ahead(1).line_start {
        return None;
    }
    let meant = did_you_mean(written, CLAUSES.iter().copied().filter(|word| !word.contains(' ')))?;
    (meant != Keyword::For.text() || inp.ahead(1).kind == Kind::Word(Keyword::Each)).then_some(meant)
}

fn skip_line(inp: &mut In<'_, '_>) {
    let mut depth = 0_u32;
    while !inp.now().end {
        match inp.now().kind {
            _ if inp.now().line_start && depth == 0 => return,
            _ if inp.now().line_start && is_clause_word(inp) => return,
            Kind::LBrace => depth += 1,
            Kind::RBrace if depth == 0 => return,
            Kind::RBrace => depth -= 1,
            _ => {}
        }
        inp.advance();
    }
}

/// The rest of a clause whose first word was taken.
fn worded(inp: &mut In<'_, '_>, word: Keyword) -> ClauseKind {
    match word {
        Keyword::Cites => ClauseKind::Cites(citations(inp)),
        Keyword::Carries => ClauseKind::Carries(carried(inp)),
        Keyword::Reads => ClauseKind::Reads(interpretation(inp)),
        Keyword::For => {
            each(inp);
            ClauseKind::ForEach(binders(inp))
        }
        Keyword::On => ClauseKind::On(expr(inp)),
        Keyword::Party => ClauseKind::Party(expr(inp)),
        Keyword::Let => {
            let (name, value) = binding(inp);
            ClauseKind::Let(name, value)
        }
        Keyword::Unless => ClauseKind::Unless(expr(inp)),
        Keyword::Require => ClauseKind::Require(expr(inp)),
        Keyword::Otherwise => ClauseKind::Otherwise(sentence(inp)),
        Keyword::Waivable => ClauseKind::Waivable(waivable(inp)),
        Keyword::Overrides => ClauseKind::Overrides(rule_call(inp)),
        Keyword::Limits => ClauseKind::Limits(rule_call(inp)),
        Keyword::Flag => ClauseKind::Flag(flag(inp)),
        Keyword::Tally => {
            inp.expect_word(Keyword::By, "after `tally`");
            let mut groups = vec![expr(inp)];
            while inp.eat(Kind::Comma).is_some() {
                groups.push(expr(inp));
            }
            ClauseKind::Tally(groups)
        }
        _ => ClauseKind::When(expr(inp)),
    }
}

/// `each` after `for`, also where `all` or `every` stands in its place.
fn each(inp: &mut In<'_, '_>) {
    let tok = inp.now();
    let other = tok.kind.is_word() && tok.kind != Kind::Word(Keyword::Each) && !tok.line_start;
    if other && is_binder(inp, 1) && !is_binder(inp, 0) {
        let message = format!("`for each` is expected, and `for {}` stands here", inp.text_of(tok.span));
        inp.report(Diagnostic::new(&codes::E003, tok.span, message).fix("Replace by `each`", tok.span, "each"));
        inp.advance();
    } else {
        inp.expect_word(Keyword::Each, "after `for`");
    }
}

/// `"ID" {, "ID"}` after `carries`.
pub(super) fn carried(inp: &mut In<'_, '_>) -> Vec<Text> {
    let mut out = vec![inp.quoted("an identifier in quotation marks")];
    while inp.eat(Kind::Comma).is_some() {
        out.push(inp.quoted("an identifier in quotation marks"));
    }
    out
}

/// `"words" as "meaning" by "authority" [rather than "another" [because "why"], ...]` after `reads`.
fn interpretation(inp: &mut In<'_, '_>) -> Interpretation {
    let words = inp.quoted("the words of the passage in quotation marks");
    inp.expect_word(Keyword::As, "with what the words are taken to mean");
    let reading = inp.quoted("what the words are taken to mean, in quotation marks");
    inp.expect_word(Keyword::By, "with who decided so");
    let authority = inp.quoted("who decided so, in quotation marks");
    let mut rejected = Vec::new();
    if inp.eat_word(Keyword::Rather).is_some() {
        inp.expect_word(Keyword::Than, "after `rather`");
        loop {
            let other = inp.quoted("a reading that was rejected, in quotation marks");
            let because = inp.eat_word(Keyword::Because).map(|_| inp.quoted("the reason in quotation marks"));
            rejected.push((other, because));
            if inp.eat(Kind::Comma).is_none() {
                break;
            }
        }
    }
    Interpretation { words, reading, authority, rejected }
}

/// `n = expr` after `let`.
pub(super) fn binding(inp: &mut In<'_, '_>) -> (Name, Expr) {
    let name = variable(inp);
    let equals = inp.expect(Kind::Equals, "=", "with the value");
    if equals.is_none() && inp.now().line_start {
        let span = inp.gap();
        return (name, Expr { span, kind: ExprKind::Hole });
    }
    (name, expr(inp))
}

/// `"text" when expr` after `flag`.
pub(super) fn flag(inp: &mut In<'_, '_>) -> Flag {
    let text = inp.quoted("a text in quotation marks");
    let when = inp.expect_word(Keyword::When, "with the condition of the flag");
    if when.is_none() && inp.now().line_start {
        let span = inp.gap();
        return Flag { text, condition: Expr { span, kind: ExprKind::Hole } };
    }
    Flag { text, condition: expr(inp) }
}

const STATEMENT: Entries = Entries {
    what: "a line starting with `for each`, `when` or `require`",
    own_line: true,
    starts: is_statement_word,
    resumes: is_statement_word,
};

fn is_statement_word(inp: &mut In<'_, '_>) -> bool {
    matches!(inp.keyword(), Keyword::For | Keyword::When | Keyword::Require) && !followed_as_name(inp)
}

/// `assume "..." { for each ... when ... require ... }`, with the keyword in hand.
pub(super) fn statement(inp: &mut In<'_, '_>) -> Statement {
    inp.advance();
    let title = inp.maybe_quoted();
    if title.is_none() && !inp.on(Kind::LBrace) {
        inp.missing("a text in quotation marks that says what is meant");
    }
    let mut out = Statement { title, binders: Vec::new(), when: Vec::new(), require: Vec::new() };
    block(inp, STATEMENT, |inp| statement_line(inp, &mut out));
    out
}

fn statement_line(inp: &mut In<'_, '_>, out: &mut Statement) {
    let word = inp.keyword();
    match word {
        Keyword::For => {
            inp.advance();
            each(inp);
            out.binders.extend(binders(inp));
        }
        Keyword::When => {
            inp.advance();
            out.when.push(expr(inp));
        }
        Keyword::Require => {
            inp.advance();
            out.require.push(expr(inp));
        }
        _ => misplaced(inp, &["for", "when", "require"], "`for each`, `when` or `require`"),
    }
}

/// A line whose first word is none of `words`.
pub(super) fn misplaced(inp: &mut In<'_, '_>, words: &[&'static str], listed: &str) {
    let tok = inp.now();
    if !tok.kind.is_word() {
        return;
    }
    let written = inp.text_of(tok.span);
    let diagnostic = Diagnostic::new(&codes::E005, tok.span, format!("`{written}` cannot start a line here"));
    let diagnostic = diagnostic.help(format!("a line here starts with {listed}"));
    let meant = did_you_mean(written, words.iter().copied());
    let diagnostic = match meant {
        Some(meant) => diagnostic.fix(format!("Replace by `{meant}`"), tok.span, meant),
        None => diagnostic,
    };
    inp.report(diagnostic);
    inp.advance();
    skip_line(inp);
}
