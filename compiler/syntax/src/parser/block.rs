//! Blocks in braces, and where reading goes on after a mistake inside one.

use super::reader::{In, Reader, Tok};
use crate::token::Kind;
use crate::words::{Keyword, OPERATORS, TIMES};
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, Span, codes};

/// How the entries of a block are told apart.
#[derive(Clone, Copy)]
pub(super) struct Entries {
    /// "a field", for messages.
    pub(super) what: &'static str,
    /// Each entry stands on a line of its own (clauses), or the author chooses (fields).
    pub(super) own_line: bool,
    /// Whether an entry can start in the middle of a line here.
    pub(super) starts: fn(&mut In<'_, '_>) -> bool,
    /// Whether, after a mistake, the start of a line is the start of an entry.
    pub(super) resumes: fn(&mut In<'_, '_>) -> bool,
}

/// Nothing starts an entry but a new line or a comma.
pub(super) fn never(_: &mut In<'_, '_>) -> bool {
    false
}

/// Every line starts an entry.
pub(super) fn always(_: &mut In<'_, '_>) -> bool {
    true
}

/// Reads `{ entry ... }` and gives the place of the closing brace. `entry` reads one; taking nothing means there is none.
pub(super) fn block<'s>(inp: &mut In<'s, '_>, entries: Entries, mut entry: impl FnMut(&mut In<'s, '_>)) -> Span {
    let open = inp.eat(Kind::LBrace);
    if open.is_none() {
        let (found, place, gap) = (inp.found(), inp.place(), inp.gap());
        let message = format!("`{{` is expected before {}, but {found}", entries.what);
        inp.report(Diagnostic::new(&codes::E003, place, message).fix("Insert `{`", gap, " {"));
        if !inp.now().line_start {
            skip(inp, entries);
        }
    }
    let mut separated = true;
    loop {
        let tok = inp.now();
        if tok.end {
            return unclosed(inp, open);
        }
        match tok.kind {
            Kind::RBrace => return inp.take().span,
            Kind::Comma if !entries.own_line => {
                if separated {
                    let message = format!("{} is expected before this comma", entries.what);
                    inp.report(Diagnostic::new(&codes::E003, tok.span, message).fix("Remove `,`", tok.span, ""));
                }
                separated = true;
                inp.advance();
            }
            _ => {
                separated = false;
                one(inp, entries, tok, &mut entry);
            }
        }
    }
}

/// Reads one entry and makes sure that something was taken and that the next entry can start.
fn one<'s>(inp: &mut In<'s, '_>, entries: Entries, tok: Tok, entry: &mut impl FnMut(&mut In<'s, '_>)) {
    let before = inp.index();
    // What was missing at the end of the line above says nothing about this one.
    if tok.line_start && inp.shared().last_error == Some(before) {
        inp.shared().last_error = None;
    }
    inp.entry(entries.own_line);
    entry(inp);
    if inp.index() == before {
        stray_entry(inp, entries, tok);
        return;
    }
    let next = inp.now();
    let done = next.line_start || next.end || matches!(next.kind, Kind::RBrace);
    if done {
        let hidden = inp.failed_since(before) && !next.kind.is_word();
        if hidden && !matches!(next.kind, Kind::RBrace) && !next.end {
            skip(inp, entries);
        }
        return;
    }
    if next.kind == Kind::Comma && !entries.own_line || (entries.starts)(inp) {
        return;
    }
    if !inp.failed_since(before) {
        leftover(inp, entries);
    }
    skip(inp, entries);
}

/// What no entry can start with.
fn stray_entry(inp: &mut In<'_, '_>, entries: Entries, tok: Tok) {
    let found = inp.text_of(tok.span);
    let message = format!("{} is expected here, and `{found}` cannot start one", entries.what);
    inp.report(Diagnostic::new(&codes::E003, tok.span, message));
    inp.shared().layout.items.pop();
    inp.advance();
    if !inp.now().line_start {
        skip(inp, entries);
    }
}

/// Something after a complete entry on the same line.
fn leftover(inp: &mut In<'_, '_>, entries: Entries) {
    let tok = inp.now();
    let found = inp.text_of(tok.span);
    let message = format!("{} is complete before `{found}`, which does not belong to it", entries.what);
    let help = match tok.kind {
        Kind::RParen | Kind::RBracket => "remove it, or add the bracket that it closes",
        Kind::Word(_) if !entries.own_line => "put a comma or a new line between two entries",
        Kind::Word(_) => "start a new line, or join it with an operator such as `and`",
        _ => "remove it, or complete what was meant",
    };
    let code = if matches!(tok.kind, Kind::RParen | Kind::RBracket) { &codes::E006 } else { &codes::E011 };
    let joining = OPERATORS.iter().chain(TIMES).chain(&["after", "where"]).copied().filter(|word| !word.contains(' '));
    let diagnostic = Diagnostic::new(code, tok.span, message);
    let meant = did_you_mean(found, joining).filter(|_| tok.kind == Kind::Word(Keyword::Plain) && entries.own_line);
    inp.report(match meant {
        Some(meant) => {
            diagnostic.help(format!("did you mean `{meant}`?")).fix(format!("Replace by `{meant}`"), tok.span, meant)
        }
        None => diagnostic.help(help),
    });
}

/// Skips to the next entry at the start of a line, or to the brace that closes the block.
fn skip(inp: &mut In<'_, '_>, entries: Entries) {
    let mut depth = 0_u32;
    loop {
        let tok = inp.now();
        if tok.end || tok.line_start && (entries.resumes)(inp) && (depth == 0 || (entries.starts)(inp)) {
            return;
        }
        match tok.kind {
            Kind::LBrace => depth += 1,
            Kind::RBrace if depth == 0 => return,
            Kind::RBrace => depth -= 1,
            _ => {}
        }
        inp.advance();
    }
}

/// The end of the declaration came before the closing brace.
fn unclosed(inp: &mut In<'_, '_>, open: Option<Span>) -> Span {
    let gap = inp.gap();
    if let Some(open) = open {
        inp.report(
            Diagnostic::new(&codes::E006, open, "this `{` is not closed before the declaration ends")
                .label("opened here")
                .related(gap, "`}` is expected here")
                .fix("Insert `}`", gap, "\n}"),
        );
    }
    gap
}
