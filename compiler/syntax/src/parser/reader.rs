//! What every production reads with: looking ahead, taking, and saying what is missing. Nothing here fails.

use crate::ast::{Name, Text};
use crate::token::{Fault, Kind, Token};
use crate::words::Keyword;
use chumsky::error::EmptyErr;
use chumsky::extra;
use chumsky::input::InputRef;
use chumsky::inspector::SimpleState;
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, Span, codes};

/// A token that is no comment, as the productions see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tok {
    pub(crate) kind: Kind,
    pub(crate) fault: Fault,
    pub(crate) line_start: bool,
    /// Characters that mean nothing stand right before it (an error says so already).
    pub(crate) after_stray: bool,
    pub(crate) span: Span,
    /// Its place among all tokens.
    pub(crate) raw: u32,
    /// End of text rather than a token.
    pub(crate) end: bool,
}

/// Where the formatter breaks lines and how it spaces what looks alike.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// First byte of each entry of a block, and whether it must stand on a line of its own.
    pub(crate) items: Vec<(u32, bool)>,
    /// Opening braces without space inside: `{a, b}` as a list.
    pub(crate) tight: Vec<u32>,
    /// Minus signs that negate.
    pub(crate) signs: Vec<u32>,
}

/// What the productions share.
pub(crate) struct State<'s> {
    pub(crate) text: &'s str,
    pub(crate) raw: &'s [Token],
    pub(crate) tokens: &'s [Tok],
    pub(crate) errors: Vec<Diagnostic>,
    /// Index of the token at which an error was reported last; a second one there would say the same again.
    pub(crate) last_error: Option<usize>,
    /// How deep the production in hand is nested.
    pub(crate) depth: u16,
    /// Whether an error says already that something is nested too deep.
    pub(crate) too_deep: bool,
    /// Whether `=` and `{` after an expression belong to the declaration around it.
    pub(crate) bare: bool,
    /// Whether a comma after a value separates it from the next: in lists and arguments.
    pub(crate) listed: bool,
    /// Whether the fields of a given record are read.
    pub(crate) given: bool,
    /// Words of the language that were refused as names of variables; where they are used nothing more is said.
    pub(crate) refused: Vec<Keyword>,
    /// Index of the token at which the bearer of a norm starts.
    pub(crate) bearer: Option<usize>,
    pub(crate) layout: Layout,
}

pub(crate) type Extra<'s> = extra::Full<EmptyErr, SimpleState<State<'s>>, ()>;
pub(crate) type In<'s, 'p> = InputRef<'s, 'p, &'s [Tok], Extra<'s>>;

/// Reading for the productions.
pub(crate) trait Reader<'s> {
    /// The shared state.
    fn shared(&mut self) -> &mut State<'s>;
    /// Index of the token in hand.
    fn index(&self) -> usize;
    /// Moves past the token in hand; stays at the end.
    fn advance(&mut self);

    /// The token `k` places ahead, or the end.
    fn ahead(&mut self, k: usize) -> Tok {
        let at = self.index() + k;
        let shared = self.shared();
        shared.tokens.get(at).copied().unwrap_or_else(|| end_of(shared.text, shared.raw))
    }

    /// The token in hand.
    fn now(&mut self) -> Tok {
        self.ahead(0)
    }

    /// Takes the token in hand.
    fn take(&mut self) -> Tok {
        let tok = self.now();
        self.advance();
        tok
    }

    /// Whether the token in hand is of this kind.
    fn on(&mut self, kind: Kind) -> bool {
        let tok = self.now();
        tok.kind == kind && !tok.end
    }

    /// Whether the token in hand is this word.
    fn on_word(&mut self, word: Keyword) -> bool {
        self.on(Kind::Word(word))
    }

    /// The word in hand; `Plain` for everything that is no keyword.
    fn keyword(&mut self) -> Keyword {
        match self.now().kind {
            Kind::Word(word) => word,
            _ => Keyword::Plain,
        }
    }

    /// Takes the token if it is of this kind.
    fn eat(&mut self, kind: Kind) -> Option<Span> {
        self.on(kind).then(|| self.take().span)
    }

    /// Takes the word if it is this one.
    fn eat_word(&mut self, word: Keyword) -> Option<Span> {
        self.eat(Kind::Word(word))
    }

    /// As written.
    fn text_of(&mut self, span: Span) -> &'s str {
        self.shared().text.get(span.range()).unwrap_or("")
    }

    /// End of the token taken last, or the place of the first.
    fn last_end(&mut self) -> u32 {
        let at = self.index();
        let shared = self.shared();
        let before = at.checked_sub(1).and_then(|i| shared.tokens.get(i)).map(|tok| tok.span.end);
        before.or_else(|| shared.tokens.first().map(|tok| tok.span.start)).unwrap_or(0)
    }

    /// The empty place right after what was taken last.
    fn gap(&mut self) -> Span {
        Span::empty(self.last_end())
    }

    /// From `start` to the end of what was taken last.
    fn since(&mut self, start: Span) -> Span {
        Span::new(start.start, self.last_end().max(start.start))
    }

    /// Reports, unless something was reported at this very token already.
    fn report(&mut self, diagnostic: Diagnostic) {
        let at = self.index();
        let after_stray = self.now().after_stray;
        let shared = self.shared();
        if shared.last_error != Some(at) && !after_stray {
            shared.errors.push(diagnostic);
        }
        shared.last_error = Some(at);
    }

    /// Reports something wrong that leaves no doubt about what follows.
    fn remark(&mut self, diagnostic: Diagnostic) {
        self.shared().errors.push(diagnostic);
    }

    /// Whether an error was reported since the token `index`.
    fn failed_since(&mut self, index: usize) -> bool {
        self.shared().last_error.is_some_and(|at| at >= index)
    }

    /// What stands here instead, in words.
    fn found(&mut self) -> String {
        let tok = self.now();
        if tok.end {
            "the declaration ends".to_owned()
        } else if tok.line_start {
            "the line ends".to_owned()
        } else {
            let text = self.text_of(tok.span);
            let short: String = text.chars().take(40).collect();
            let dots = if short.len() < text.len() { "..." } else { "" };
            format!("`{short}{dots}` stands here")
        }
    }

    /// Where something is missing: at the token in its place, or at the end of the line it should be on.
    fn place(&mut self) -> Span {
        let tok = self.now();
        if tok.end || tok.line_start { self.gap() } else { tok.span }
    }

    /// Reports that `what` is missing here, and gives the place of the hole.
    fn missing(&mut self, what: &str) -> Span {
        let (found, place) = (self.found(), self.place());
        self.report(Diagnostic::new(&codes::E003, place, format!("{what} is expected, but {found}")));
        self.gap()
    }

    /// Takes a token of this kind or reports that it is missing; `sign` is how it is written.
    fn expect(&mut self, kind: Kind, sign: &str, what: &str) -> Option<Span> {
        if let Some(span) = self.eat(kind) {
            return Some(span);
        }
        let (found, place, gap) = (self.found(), self.place(), self.gap());
        let message = format!("`{sign}` {what} is expected, but {found}");
        let insert = if kind.is_word() || kind == Kind::Equals { format!(" {sign}") } else { sign.to_owned() };
        let title = format!("Insert `{sign}`");
        self.report(Diagnostic::new(&codes::E003, place, message).fix(title, gap, insert));
        None
    }

    /// Takes a word or reports that it is missing.
    fn expect_word(&mut self, word: Keyword, what: &str) -> Option<Span> {
        let tok = self.now();
        let written = self.text_of(tok.span);
        let meant = tok.kind == Kind::Word(Keyword::Plain) && !tok.line_start;
        if !meant || did_you_mean(written, [word.text()]).is_none() {
            return self.expect(Kind::Word(word), word.text(), what);
        }
        let sign = word.text();
        let message = format!("`{sign}` {what} is expected, but `{written}` stands here");
        self.report(Diagnostic::new(&codes::E003, tok.span, message).fix(
            format!("Replace by `{sign}`"),
            tok.span,
            sign,
        ));
        self.advance();
        Some(tok.span)
    }

    /// Any word on this line as a name; `what` says whose.
    fn name(&mut self, what: &str) -> Name {
        let tok = self.now();
        if tok.kind.is_word() && (!tok.line_start || self.opened()) {
            return self.any_name();
        }
        let span = self.missing(what);
        Name { text: String::new(), span }
    }

    /// Whether a comma or an opening bracket was taken last, so that what follows may stand on the next line.
    fn opened(&mut self) -> bool {
        let at = self.index();
        let before = at.checked_sub(1).and_then(|i| self.shared().tokens.get(i));
        before.is_some_and(|tok| matches!(tok.kind, Kind::Comma | Kind::LBrace | Kind::LParen | Kind::LBracket))
    }

    /// The word in hand as a name, which must be a word.
    fn any_name(&mut self) -> Name {
        let span = self.take().span;
        Name { text: self.text_of(span).to_owned(), span }
    }

    /// A text in quotation marks on this line, or `None` with an error.
    fn quoted(&mut self, what: &str) -> Text {
        match self.maybe_quoted() {
            Some(text) => text,
            None => {
                let span = self.missing(what);
                Text { text: String::new(), span }
            }
        }
    }

    /// A text in quotation marks, if one stands here.
    fn maybe_quoted(&mut self) -> Option<Text> {
        let tok = self.now();
        (tok.kind == Kind::Text).then(|| {
            self.advance();
            Text { text: unescaped(self.text_of(tok.span), tok.fault), span: tok.span }
        })
    }

    /// The `///` lines above the token in hand.
    fn doc(&mut self) -> String {
        let raw = self.now().raw as usize;
        let shared = self.shared();
        doc_before(shared.text, shared.raw, raw)
    }

    /// Notes for the formatter that an entry of a block starts here.
    fn entry(&mut self, own_line: bool) {
        let start = self.now().span.start;
        self.shared().layout.items.push((start, own_line));
    }
}

/// What stands after the last token.
fn end_of(text: &str, raw: &[Token]) -> Tok {
    let last = raw.iter().rev().find(|token| !token.kind.is_comment());
    let after_stray = last.is_some_and(|token| token.kind == Kind::Stray || token.fault == Fault::Unclosed);
    let span = Span::empty(raw.last().map_or(text.len() as u32, |token| token.span.end));
    let raw = raw.len() as u32;
    Tok { kind: Kind::Stray, fault: Fault::None, line_start: true, after_stray, span, raw, end: true }
}

impl<'s> Reader<'s> for In<'s, '_> {
    fn shared(&mut self) -> &mut State<'s> {
        &mut self.state().0
    }

    fn index(&self) -> usize {
        *self.cursor().inner()
    }

    fn advance(&mut self) {
        self.skip();
    }
}

/// `///` lines that end right before the token `raw`, without their marks.
fn doc_before(text: &str, tokens: &[Token], raw: usize) -> String {
    use crate::token::Comment;
    let above = tokens.get(..raw).unwrap_or(&[]);
    if !above.last().is_some_and(|token| token.kind.is_comment()) {
        return String::new();
    }
    let mut lines: Vec<&str> = Vec::new();
    for token in above.iter().rev().take_while(|token| token.kind.is_comment() && token.line_start) {
        if token.kind == Kind::Comment(Comment::Doc) {
            let line = text.get(token.span.range()).unwrap_or("").trim_start_matches('/');
            lines.push(line.strip_prefix(' ').unwrap_or(line));
        }
    }
    lines.reverse();
    lines.join("\n")
}

/// The text meant by a text token. Unknown escapes keep their letter; an error names them.
fn unescaped(token: &str, fault: Fault) -> String {
    let mut inside = token.chars();
    inside.next();
    if fault != Fault::Unclosed {
        inside.next_back();
    }
    let inside = inside.as_str();
    if !inside.contains('\\') || fault == Fault::Quotes {
        return inside.to_owned();
    }
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        let meant = if c == '\\' { chars.next() } else { None };
        out.push(match meant {
            Some('n') => '\n',
            Some('t') => '\t',
            Some(other) => other,
            None => c,
        });
    }
    out
}
