//! The parser: every production commits on its first token and never fails. A missing piece becomes a hole and an error.
//!
//! Productions are chumsky `custom` parsers over the tokens of one chunk; operators are chumsky's `pratt`.

mod block;
mod citation;
mod data;
mod expression;
mod form;
mod lexical;
mod mission;
mod norm;
mod operator;
mod reader;
mod rule;
mod scenario;
mod types;
mod value;

use crate::ast::{Decl, DeclKind, Item, Module};
use crate::chunk::chunks;
use crate::token::{Fault, Kind, Token, tokens};
use crate::words::{DECLARATIONS, Keyword};
use chumsky::Parser;
use chumsky::inspector::SimpleState;
use chumsky::primitive::custom;
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, Span, codes};
use reader::{In, Reader, State, Tok};
use std::sync::Arc;

pub(crate) use reader::Layout;

/// The tree of a module, with the errors of each declaration beside it.
pub fn parse(text: &str) -> Module {
    let items = chunks(text).into_iter().map(|span| Item {
        offset: span.start,
        len: span.end - span.start,
        decl: Arc::new(parse_chunk(text.get(span.range()).unwrap_or(""))),
    });
    Module { items: items.collect(), doc: module_doc(text) }
}

/// The `//!` lines at the head of a text, without their marks.
pub fn module_doc(text: &str) -> String {
    let lines = text.trim_start_matches('\u{FEFF}').lines().map(str::trim);
    let head = lines.take_while(|line| line.is_empty() || line.starts_with("//"));
    let doc = head.filter_map(|line| line.strip_prefix("//!"));
    doc.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The declaration of one chunk; spans are relative to the chunk.
pub fn parse_chunk(text: &str) -> Decl {
    parse_tokens(text, &tokens(text)).0
}

/// The declaration of one chunk with what the formatter needs.
pub(crate) fn parse_tokens(text: &str, raw: &[Token]) -> (Decl, Layout) {
    let significant = significant(raw);
    let state = State {
        text,
        raw,
        tokens: &significant,
        errors: lexical::faults(text, raw),
        last_error: None,
        depth: 0,
        too_deep: false,
        bare: false,
        listed: false,
        given: false,
        refused: Vec::new(),
        bearer: None,
        layout: Layout::default(),
    };
    let mut state = SimpleState(state);
    let production = custom(|inp: &mut In<'_, '_>| Ok(declaration(inp)));
    let (doc, span, kind) = production.parse_with_state(&significant[..], &mut state).into_output().unwrap_or((
        String::new(),
        Span::empty(0),
        DeclKind::Nothing,
    ));
    let State { mut errors, layout, .. } = state.0;
    errors.sort_by_key(|error| error.primary.span.start);
    (Decl { doc, span, kind, errors }, layout)
}

/// Tokens without comments and without what means nothing.
fn significant(raw: &[Token]) -> Vec<Tok> {
    let mut out = Vec::with_capacity(raw.len());
    let (mut line_start, mut after_stray) = (false, false);
    for (at, token) in raw.iter().enumerate() {
        line_start |= token.line_start;
        match token.kind {
            Kind::Comment(_) => continue,
            Kind::Stray => {
                after_stray = true;
                continue;
            }
            _ => {}
        }
        let (kind, fault, span) = (token.kind, token.fault, token.span);
        out.push(Tok { kind, fault, line_start, after_stray, span, raw: at as u32, end: false });
        // An open text swallows the rest of its line, so what is missing after it is no second mistake.
        (line_start, after_stray) = (false, token.fault == Fault::Unclosed);
    }
    out
}

/// The whole chunk: documentation, place and kind of its declaration. Takes every token.
fn declaration(inp: &mut In<'_, '_>) -> (String, Span, DeclKind) {
    let tok = inp.now();
    if tok.end {
        return (String::new(), tok.span, DeclKind::Nothing);
    }
    let doc = inp.doc();
    let word = inp.keyword();
    if !word.starts_declaration() {
        no_declaration(inp, tok);
        return (doc, tok.span, DeclKind::Nothing);
    }
    if tok.span.start > 0 && !inp.shared().text[..tok.span.start as usize].ends_with('\n') {
        let line = Span::new(tok.span.start - indent(&inp.shared().text[..tok.span.start as usize]), tok.span.start);
        let message = format!("a declaration starts in the first column, and `{}` is indented", word.text());
        inp.remark(Diagnostic::new(&codes::E004, tok.span, message).fix("Remove the indentation", line, ""));
    }
    let kind = declared(inp, word);
    let span = inp.since(tok.span);
    remainder(inp);
    (doc, span, kind)
}

fn indent(before: &str) -> u32 {
    (before.len() - before.trim_end_matches([' ', '\t']).len()) as u32
}

fn declared(inp: &mut In<'_, '_>, word: Keyword) -> DeclKind {
    match word {
        Keyword::Use => DeclKind::Use(data::use_(inp)),
        Keyword::Source => DeclKind::Source(citation::source(inp)),
        Keyword::Enum => DeclKind::Enum(data::enum_(inp)),
        Keyword::Record => DeclKind::Record(data::record(inp)),
        Keyword::Role => DeclKind::Role(data::role(inp)),
        Keyword::Parameter => DeclKind::Parameter(data::parameter(inp)),
        Keyword::Define => DeclKind::Define(data::define(inp)),
        Keyword::Action => DeclKind::Action(data::action(inp, false)),
        Keyword::Waiver | Keyword::Caveat => DeclKind::Waiver(data::action(inp, true)),
        Keyword::Rule => DeclKind::Rule(rule::rule(inp, false)),
        Keyword::Constraint => DeclKind::Rule(rule::rule(inp, true)),
        Keyword::Endorse => DeclKind::Endorse(citation::endorse(inp)),
        Keyword::Assume => DeclKind::Assume(rule::statement(inp)),
        Keyword::Concern => DeclKind::Concern(rule::statement(inp)),
        Keyword::Purpose => DeclKind::Purpose(rule::statement(inp)),
        Keyword::Mission => DeclKind::Mission(mission::mission(inp)),
        Keyword::Background => DeclKind::Background(citation::background(inp)),
        Keyword::Carries => DeclKind::Carried(citation::carried_by(inp)),
        Keyword::Scenario => DeclKind::Scenario(scenario::scenario(inp)),
        _ => DeclKind::Nothing,
    }
}

/// Reports text that starts with no declaration word, and takes all of it.
fn no_declaration(inp: &mut In<'_, '_>, tok: Tok) {
    let written = inp.text_of(tok.span);
    let meant = did_you_mean(written, DECLARATIONS.iter().copied()).filter(|_| tok.kind.is_word());
    let diagnostic = match meant {
        Some(meant) => {
            Diagnostic::new(&codes::E004, tok.span, format!("`{written}` is no declaration; did you mean `{meant}`?"))
                .fix(format!("Replace by `{meant}`"), tok.span, meant)
        }
        None => Diagnostic::new(&codes::E004, tok.span, format!("`{written}` is no declaration"))
            .help("a declaration starts in the first column with a word such as `rule`, `record`, `source` or `use`"),
    };
    inp.report(diagnostic);
    while !inp.now().end {
        inp.advance();
    }
}

/// Takes what is left after the declaration, with one error if there is something.
fn remainder(inp: &mut In<'_, '_>) {
    let tok = inp.now();
    if tok.end {
        return;
    }
    let written = inp.text_of(tok.span);
    let word = inp.keyword();
    let failed = inp.shared().last_error.is_some();
    if tok.line_start && word.starts_declaration() && !inp.shared().text[..tok.span.start as usize].ends_with('\n') {
        let before = &inp.shared().text[..tok.span.start as usize];
        let line = Span::new(tok.span.start - indent(before), tok.span.start);
        let message = format!("a declaration starts in the first column, and `{written}` is indented");
        inp.report(Diagnostic::new(&codes::E004, tok.span, message).fix("Remove the indentation", line, ""));
    } else if matches!(tok.kind, Kind::RBrace | Kind::RParen | Kind::RBracket) {
        let message = format!("this `{written}` closes nothing");
        inp.report(Diagnostic::new(&codes::E006, tok.span, message).fix("Remove it", tok.span, ""));
    } else if !failed {
        let message = format!("the declaration is complete before `{written}`, which does not belong to it");
        inp.report(Diagnostic::new(&codes::E011, tok.span, message));
    }
    while !inp.now().end {
        inp.advance();
    }
}
