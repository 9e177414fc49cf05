//! The mission of a package: what it makes of the packages it refines.

use super::block::{Entries, block};
use super::citation::citation;
use super::expression::expr;
use super::reader::{In, Reader};
use super::rule::misplaced;
use super::types::path;
use crate::ast::*;
use crate::token::Kind;
use crate::words::Keyword;

const LINE: Entries = Entries {
    what: "a line starting with `set`, `drops` or `accepts weaker`",
    own_line: true,
    starts: is_line,
    resumes: is_line,
};

fn is_line(inp: &mut In<'_, '_>) -> bool {
    matches!(inp.keyword(), Keyword::Set | Keyword::Drops | Keyword::Accepts)
}

/// `mission N ["title"] refines a, b { lines }`, with the keyword in hand.
pub(super) fn mission(inp: &mut In<'_, '_>) -> Mission {
    inp.advance();
    let name = inp.name("the name of the mission");
    let title = inp.maybe_quoted();
    let mut refines = Vec::new();
    if inp.expect_word(Keyword::Refines, "with the packages that the mission tailors").is_some() {
        loop {
            refines.push(inp.name("the name of a package"));
            if inp.eat(Kind::Comma).is_none() {
                break;
            }
        }
    }
    let mut lines = Vec::new();
    // A mission that changes nothing needs no braces.
    if inp.on(Kind::LBrace) || !inp.now().end {
        block(inp, LINE, |inp| lines.extend(line(inp)));
    }
    Mission { name, title, refines, lines }
}

fn line(inp: &mut In<'_, '_>) -> Option<MissionLine> {
    let start = inp.now().span;
    let kind = match inp.keyword() {
        Keyword::Set => {
            inp.advance();
            let parameter = path(inp, "the name of a parameter");
            let equals = inp.expect(Kind::Equals, "=", "with the value");
            let value = if equals.is_none() && inp.now().line_start {
                Expr { span: inp.gap(), kind: ExprKind::Hole }
            } else {
                expr(inp)
            };
            MissionLineKind::Set(parameter, value)
        }
        Keyword::Drops => {
            inp.advance();
            let rule = path(inp, "the name of a rule");
            MissionLineKind::Drops(rule, because(inp))
        }
        Keyword::Accepts => {
            inp.advance();
            inp.expect_word(Keyword::Weaker, "after `accepts`");
            MissionLineKind::Accepts(Box::new(accepted(inp)))
        }
        _ => {
            misplaced(inp, &["set", "drops", "accepts"], "`set`, `drops` or `accepts weaker`");
            return None;
        }
    };
    Some(MissionLine { span: inp.since(start), kind })
}

/// `rule by "who" under source#passage until DATE because "why"`, the parts after the rule in any order and each at most once.
fn accepted(inp: &mut In<'_, '_>) -> Accepted {
    let rule = path(inp, "the name of a rule");
    let mut out = Accepted { rule, by: None, under: None, until: None, because: None };
    loop {
        match inp.keyword() {
            Keyword::By if out.by.is_none() => {
                inp.advance();
                out.by = Some(inp.quoted("who accepted it, in quotation marks"));
            }
            Keyword::Under if out.under.is_none() => {
                inp.advance();
                out.under = Some(citation(inp, true));
            }
            Keyword::Until if out.until.is_none() => {
                inp.advance();
                out.until = Some(expr(inp));
            }
            Keyword::Because if out.because.is_none() => out.because = because(inp),
            _ => return out,
        }
    }
}

/// `because "why"`
fn because(inp: &mut In<'_, '_>) -> Option<Text> {
    inp.eat_word(Keyword::Because).map(|_| inp.quoted("the reason in quotation marks"))
}
