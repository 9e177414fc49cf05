//! The formatter: keeps every comment and every line break that the author chose, normalises spaces, indentation and blank
//! lines, and puts clauses on lines of their own. Works token by token, so its time is linear in the text.
//!
//! A declaration with a syntax error is left exactly as it stands.

use crate::ast::DeclKind;
use crate::chunk::chunks;
use crate::parser::{Layout, parse_tokens};
use crate::token::{Kind, Token, tokens};
use crate::words::Keyword;
use mandate_diagnostics::Span;

/// The text of a module in the one layout of the language. Line endings become those of the first line that says something.
pub fn format(text: &str) -> String {
    let pieces = chunks(text);
    let newline = line_ending(text, pieces.first().map_or(0, |span| span.start as usize));
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    if text.starts_with('\u{FEFF}') {
        out.push('\u{FEFF}');
    } else if pieces.first().is_some_and(|span| text[span.range()].starts_with('\u{FEFF}')) {
        // A stray mark must not become the mark of the file.
        out.push_str(newline);
    }
    let mut before: Option<(Span, Piece)> = None;
    for span in pieces {
        let piece = piece(text.get(span.range()).unwrap_or(""), newline);
        if let Some((last, above)) = &before {
            out.push_str(newline);
            let gap = text.get(last.end as usize..span.start as usize).unwrap_or("");
            if blank_between(above, &piece, gap) {
                out.push_str(newline);
            }
        }
        out.push_str(&piece.text);
        before = Some((span, piece));
    }
    if before.is_some() {
        out.push_str(newline);
    }
    out
}

/// The line ending of the line at `start`.
fn line_ending(text: &str, start: usize) -> &'static str {
    let line = text.get(start..).and_then(|rest| rest.split_once('\n'));
    if line.is_some_and(|(line, _)| line.ends_with('\r')) { "\r\n" } else { "\n" }
}

/// A declaration as it will stand.
struct Piece {
    text: String,
    /// Left as it stands because of an error.
    verbatim: bool,
    /// A short declaration on one line, such as `use`.
    short: bool,
}

/// Between two declarations stands a blank line; between short ones the author decides.
fn blank_between(above: &Piece, below: &Piece, gap: &str) -> bool {
    let wanted = gap.matches('\n').count() > 1;
    let free = above.verbatim || below.verbatim || above.short && below.short;
    wanted || !free
}

fn piece(text: &str, newline: &str) -> Piece {
    let raw = tokens(text);
    let (decl, layout) = parse_tokens(text, &raw);
    if !decl.errors.is_empty() {
        return Piece { text: text.to_owned(), verbatim: true, short: false };
    }
    let block = !matches!(decl.kind, DeclKind::Define(_) | DeclKind::Role(_));
    let printed = Printer::new(text, &raw, &layout, newline, block).print();
    let one_line = !text.get(decl.span.range()).unwrap_or("").contains('\n');
    let short = match decl.kind {
        DeclKind::Use(_) => true,
        DeclKind::Parameter(_)
        | DeclKind::Define(_)
        | DeclKind::Enum(_)
        | DeclKind::Role(_)
        | DeclKind::Endorse(_)
        | DeclKind::Background(_)
        | DeclKind::Carried(_) => one_line,
        DeclKind::Source(_)
        | DeclKind::Record(_)
        | DeclKind::Action(_)
        | DeclKind::Waiver(_)
        | DeclKind::Rule(_)
        | DeclKind::Assume(_)
        | DeclKind::Concern(_)
        | DeclKind::Purpose(_)
        | DeclKind::Mission(_)
        | DeclKind::Scenario(_)
        | DeclKind::Nothing => false,
    };
    Piece { text: printed, verbatim: false, short }
}

/// An open bracket.
struct Open {
    kind: Kind,
    /// Indentation of the line it stands on.
    line: usize,
    /// Whether its content starts on the next line.
    broken: bool,
    /// No space inside.
    tight: bool,
}

struct Printer<'a> {
    text: &'a str,
    tokens: &'a [Token],
    layout: &'a Layout,
    newline: &'a str,
    /// Whether braces outside brackets belong to the head of the declaration, wherever its lines break.
    block: bool,
    /// For each token, the index of the first token from it on that is no comment.
    next: Vec<usize>,
    /// For each opening brace, whether its content goes over several lines.
    long: Vec<bool>,
    open: Vec<Open>,
    /// Indentation of the line in hand.
    indent: usize,
    /// The last token printed that is no comment.
    last: Option<Token>,
    out: String,
}

impl<'a> Printer<'a> {
    fn new(text: &'a str, tokens: &'a [Token], layout: &'a Layout, newline: &'a str, block: bool) -> Self {
        let mut next = vec![tokens.len(); tokens.len() + 1];
        for (at, token) in tokens.iter().enumerate().rev() {
            next[at] = if token.kind.is_comment() { next[at + 1] } else { at };
        }
        let out = String::with_capacity(text.len() + text.len() / 8);
        Self {
            text,
            tokens,
            layout,
            newline,
            block,
            next,
            long: long_braces(tokens),
            open: Vec::new(),
            indent: 0,
            last: None,
            out,
        }
    }

    fn print(mut self) -> String {
        for at in 0..self.tokens.len() {
            let token = self.tokens[at];
            self.separate(at);
            self.out.push_str(self.text.get(token.span.range()).unwrap_or(""));
            match token.kind {
                Kind::LBrace | Kind::LParen | Kind::LBracket => self.opened(at, token),
                Kind::RBrace | Kind::RParen | Kind::RBracket => drop(self.open.pop()),
                _ => {}
            }
            if !token.kind.is_comment() {
                self.last = Some(token);
            }
        }
        self.out
    }

    fn opened(&mut self, at: usize, token: Token) {
        let tight = self.layout.tight.binary_search(&token.span.start).is_ok();
        let broken = self.tokens.get(at + 1).is_some_and(|next| next.kind.is_comment() || self.breaks(at + 1) > 0);
        let head = self.block && self.open.is_empty() && token.kind == Kind::LBrace;
        let line = if head { 0 } else { self.indent };
        self.open.push(Open { kind: token.kind, line, broken, tight });
    }

    /// Writes what stands between the token before `at` and it.
    fn separate(&mut self, at: usize) {
        if at == 0 {
            return;
        }
        let breaks = self.breaks(at);
        if breaks == 0 {
            if self.space(at) {
                self.out.push(' ');
            }
            return;
        }
        for _ in 0..breaks {
            self.out.push_str(self.newline);
        }
        self.indent = self.indentation(at);
        self.out.extend(std::iter::repeat_n(' ', self.indent));
    }

    /// How many line breaks stand before the token.
    fn breaks(&self, at: usize) -> usize {
        let (before, token) = (self.tokens[at - 1], self.tokens[at]);
        let gap = self.text.get(before.span.end as usize..token.span.start as usize).unwrap_or("");
        let mut breaks = if token.line_start { gap.bytes().filter(|b| *b == b'\n').count().min(2) } else { 0 };
        if matches!(self.entry(token), Some(true)) {
            breaks = breaks.max(1);
        }
        if before.kind == Kind::LBrace || before.kind == Kind::LParen || before.kind == Kind::LBracket {
            breaks = breaks.min(1);
        }
        let opens =
            self.long.get(at - 1) == Some(&true) && self.layout.tight.binary_search(&before.span.start).is_err();
        if opens && !token.kind.is_comment() {
            breaks = 1;
        }
        match token.kind {
            Kind::RBrace if before.kind == Kind::LBrace => 0,
            // A blank line before a closing brace says nothing.
            Kind::RBrace if self.open.last().is_some_and(|open| open.broken && open.kind == Kind::LBrace) => 1,
            Kind::RBrace | Kind::RParen | Kind::RBracket => breaks.min(1),
            Kind::LBrace if self.joins(before, token) => 0,
            _ => breaks,
        }
    }

    /// Whether the brace of a block moves up to the line of its head.
    fn joins(&self, before: Token, brace: Token) -> bool {
        self.layout.tight.binary_search(&brace.span.start).is_err()
            && matches!(before.kind, Kind::Word(_) | Kind::Text | Kind::RParen | Kind::Question)
    }

    /// Whether an entry of a block starts with the token, and whether it must stand on a line of its own.
    fn entry(&self, token: Token) -> Option<bool> {
        let items = &self.layout.items;
        let at = items.partition_point(|(start, _)| *start < token.span.start);
        items.get(at).filter(|(start, _)| *start == token.span.start).map(|(_, own_line)| *own_line)
    }

    /// Indentation of the line that the token starts.
    fn indentation(&self, at: usize) -> usize {
        let content = self.open.last().map_or(0, |open| open.line + 2);
        let Some(token) = self.tokens.get(self.next[at]).copied() else { return content };
        let Some(before) = self.last else { return 0 };
        let closing = matches!(token.kind, Kind::RBrace | Kind::RParen | Kind::RBracket);
        if closing {
            // A comment before the closing bracket stands with the content.
            let comment = self.tokens[at].kind.is_comment();
            return if comment { content } else { self.open.last().map_or(0, |open| open.line) };
        }
        let listed = self
            .open
            .last()
            .is_some_and(|open| (open.tight || open.kind != Kind::LBrace) && matches!(before.kind, Kind::Comma));
        let first = matches!(before.kind, Kind::LBrace | Kind::LParen | Kind::LBracket);
        let head = token.kind == Kind::LBrace && self.open.is_empty();
        if listed || first || head || self.entry(token).is_some() { content } else { content + 2 }
    }

    /// Whether a space stands before the token on its line.
    fn space(&self, at: usize) -> bool {
        let (before, token) = (self.tokens[at - 1], self.tokens[at]);
        if token.kind.is_comment() {
            return true;
        }
        let tight = self.open.last().is_some_and(|open| open.tight);
        match (before.kind, token.kind) {
            (Kind::LParen | Kind::LBracket, _) | (_, Kind::RParen | Kind::RBracket) => false,
            (Kind::LBrace, Kind::RBrace) => false,
            (Kind::LBrace, _) | (_, Kind::RBrace) => !tight,
            (_, Kind::Comma | Kind::Colon | Kind::Dot | Kind::Question) | (Kind::Dot, _) => false,
            (Kind::Minus, _) => self.layout.signs.binary_search(&before.span.start).is_err(),
            (Kind::Word(word), Kind::LParen) => self.space_before_bracket(before, token, word),
            (Kind::RParen, Kind::LParen) => false,
            (Kind::Word(word), Kind::Passage) => {
                word == Keyword::Waivable && self.tokens.get(at.wrapping_sub(2)).is_some_and(is_not)
            }
            _ => true,
        }
    }

    /// A call has no space before its bracket, a bracketed part after an operator has one.
    fn space_before_bracket(&self, before: Token, token: Token, word: Keyword) -> bool {
        use Keyword::*;
        match word {
            Plain | Count | Share | Sum | Min | Max => false,
            Not | If | Ensure | On | Party | Of | Unknown => true,
            _ if word.ends_expression() => true,
            _ => before.span.end != token.span.start,
        }
    }
}

/// Which opening braces have a line break before they are closed.
fn long_braces(tokens: &[Token]) -> Vec<bool> {
    let mut long = vec![false; tokens.len()];
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut lines = 0;
    for (at, token) in tokens.iter().enumerate() {
        lines += usize::from(token.line_start);
        match token.kind {
            Kind::LBrace => open.push((at, lines)),
            Kind::RBrace => {
                if let Some((start, line)) = open.pop() {
                    long[start] = line < lines;
                }
            }
            _ => {}
        }
    }
    long
}

fn is_not(token: &Token) -> bool {
    token.kind == Kind::Word(Keyword::Not)
}
