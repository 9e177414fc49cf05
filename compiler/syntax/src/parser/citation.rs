//! Citations and the particulars of sources.

use super::block::{Entries, block};
use super::expression::{bare_expr, expr};
use super::reader::{In, Reader};
use super::rule::{carried, misplaced};
use super::types::{binder, path, paths};
use crate::ast::*;
use crate::token::Kind;
use crate::words::Keyword;
use mandate_diagnostics::{Diagnostic, codes};

/// `a#4(1) "quotation", b#7`
pub(super) fn citations(inp: &mut In<'_, '_>) -> Vec<Citation> {
    let mut out = vec![citation(inp, true)];
    while inp.eat(Kind::Comma).is_some() {
        out.push(citation(inp, true));
    }
    out
}

/// `source#passage`, `source#4 .. #6`, with a quotation where `quoted`.
pub(super) fn citation(inp: &mut In<'_, '_>, quoted: bool) -> Citation {
    let start = inp.place();
    let source = path(inp, "the name of a source");
    let passage = (!inp.now().line_start).then(|| passage(inp)).flatten();
    let to = passage.is_some().then(|| inp.eat(Kind::DotDot)).flatten().and_then(|_| {
        let to = self::passage(inp);
        if to.is_none() {
            inp.missing("the last passage, such as `#6`,");
        }
        to
    });
    let quotation = quoted.then(|| inp.maybe_quoted()).flatten();
    Citation { span: inp.since(start), source, passage, to, quotation }
}

fn passage(inp: &mut In<'_, '_>) -> Option<Passage> {
    let span = inp.eat(Kind::Passage)?;
    Some(Passage { text: inp.text_of(span).trim_start_matches('#').to_owned(), span })
}

const PARTICULAR: Entries =
    Entries { what: "a particular of the source", own_line: true, starts: is_particular, resumes: is_particular };

fn is_particular(inp: &mut In<'_, '_>) -> bool {
    use Keyword::*;
    let next = inp.ahead(1).kind;
    match inp.keyword() {
        In => next == Kind::Word(Force),
        Not => next == Kind::Word(Waivable),
        Title | Issuer | Force | Compulsory | Adopted | Supersedes | Implements | Document | Link | Verified
        | Binds => true,
        _ => false,
    }
}

/// `source NAME { ... }`, with the keyword in hand.
pub(super) fn source(inp: &mut In<'_, '_>) -> Source {
    inp.advance();
    let name = inp.name("the name of the source");
    let mut items = Vec::new();
    block(inp, PARTICULAR, |inp| items.extend(particular(inp)));
    Source { name, items }
}

fn particular(inp: &mut In<'_, '_>) -> Option<SourceItem> {
    let start = inp.now().span;
    let word = inp.keyword();
    if !is_particular(inp) && !matches!(word, Keyword::In | Keyword::Not) {
        let words = crate::words::SOURCE_ITEMS;
        misplaced(
            inp,
            words,
            "`title`, `issuer`, `force`, `in force`, `document`, `link` or another particular of a source",
        );
        return None;
    }
    inp.advance();
    let kind = match word {
        Keyword::Title => SourceItemKind::Title(inp.quoted("the title in quotation marks")),
        Keyword::Issuer => SourceItemKind::Issuer(inp.quoted("the issuer in quotation marks")),
        Keyword::Force => SourceItemKind::Force(inp.name("the legal force, such as `law` or `commitment`,")),
        Keyword::In => {
            let (from, until) = in_force(inp);
            SourceItemKind::InForce(from, until)
        }
        Keyword::Compulsory => {
            inp.expect_word(Keyword::From, "with the day");
            SourceItemKind::Compulsory(expr(inp))
        }
        Keyword::Adopted => SourceItemKind::Adopted(datings(inp)),
        Keyword::Supersedes => SourceItemKind::Supersedes(paths(inp, "the name of a source")),
        Keyword::Implements => SourceItemKind::Implements(paths(inp, "the name of a source")),
        Keyword::Document => SourceItemKind::Document(inp.quoted("the file of the document in quotation marks")),
        Keyword::Link => SourceItemKind::Link(inp.quoted("the address in quotation marks")),
        Keyword::Verified => SourceItemKind::Verified(inp.quoted("a text in quotation marks")),
        Keyword::Not => not_waivable(inp),
        _ => {
            let nation = binder(inp);
            inp.expect_word(Keyword::From, "with the day from which the source binds");
            SourceItemKind::Binds(nation, bare_expr(inp))
        }
    };
    Some(SourceItem { span: inp.since(start), kind })
}

/// `DATE ["who says so"] {, DATE "who says so"}`
fn datings(inp: &mut In<'_, '_>) -> Vec<(Expr, Option<Text>)> {
    let mut all = Vec::new();
    loop {
        let day = expr(inp);
        let by =
            (matches!(inp.now().kind, Kind::Text) && !inp.now().line_start).then(|| inp.quoted("who gives this day"));
        all.push((day, by));
        if inp.eat(Kind::Comma).is_none() {
            return all;
        }
    }
}

/// `force [from DATE] [until DATE]` after `in`.
pub(super) fn in_force(inp: &mut In<'_, '_>) -> (Option<Expr>, Option<Expr>) {
    inp.expect_word(Keyword::Force, "after `in`");
    let from = inp.eat_word(Keyword::From).map(|_| expr(inp));
    let until = inp.eat_word(Keyword::Until).map(|_| expr(inp));
    if from.is_none() && until.is_none() {
        inp.missing("`from` or `until` with a day");
    }
    (from, until)
}

fn not_waivable(inp: &mut In<'_, '_>) -> SourceItemKind {
    inp.expect_word(Keyword::Waivable, "after `not`");
    let mut passages = Vec::new();
    loop {
        match passage(inp) {
            Some(passage) => passages.push(passage),
            None => {
                inp.missing("a passage, such as `#4(3)`,");
                break;
            }
        }
        if inp.eat(Kind::Comma).is_none() {
            break;
        }
    }
    SourceItemKind::NotWaivable(passages)
}

/// `background source#passage "reason" [carries "ID", "ID"]`, with the keyword in hand.
pub(super) fn background(inp: &mut In<'_, '_>) -> Background {
    inp.advance();
    let citation = citation(inp, false);
    let reason = inp.maybe_quoted();
    if reason.is_none() {
        inp.missing("a text in quotation marks that says why this is no rule");
    }
    let carries = inp.eat_word(Keyword::Carries).map(|_| carried(inp)).unwrap_or_default();
    Background { citation, reason, carries }
}

/// `carries "ID", "ID" by path "why"`, with the keyword in hand.
pub(super) fn carried_by(inp: &mut In<'_, '_>) -> Carried {
    inp.advance();
    let ids = carried(inp);
    inp.expect_word(Keyword::By, "with the declaration that carries this");
    let by = path(inp, "the name of a declaration");
    let reason = inp.maybe_quoted();
    if reason.is_none() && !by.segments.iter().any(Name::is_hole) {
        inp.missing("a text in quotation marks that says why this carries it");
    }
    Carried { ids, by, reason }
}

/// `endorse path [for expr] from DATE [by "..."]`, with the keyword in hand.
pub(super) fn endorse(inp: &mut In<'_, '_>) -> Endorse {
    inp.advance();
    let source = path(inp, "the name of a source");
    let party = inp.eat_word(Keyword::For).map(|_| expr(inp));
    let from = inp.eat_word(Keyword::From).map(|_| expr(inp));
    if from.is_none() && !source.segments.iter().all(Name::is_hole) {
        let (found, place) = (inp.found(), inp.place());
        let message = format!("`from` with the day of the endorsement is expected, but {found}");
        inp.report(Diagnostic::new(&codes::E003, place, message));
    }
    let by = inp.eat_word(Keyword::By).map(|_| inp.quoted("the order or decision in quotation marks"));
    Endorse { source, party, from, by }
}
