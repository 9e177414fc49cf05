//! Where in the text a completion is asked for, read from the tokens before it: the text is half typed there by nature.

use mandate_diagnostics::Span;
use mandate_semantics::Snapshot;
use mandate_syntax::token::{Fault, Kind, Token, tokens};
use mandate_syntax::words::Keyword;

/// A place in a declaration.
pub(crate) struct Context<'t> {
    /// The whole text.
    pub(crate) text: &'t str,
    /// Where completion was asked for.
    pub(crate) offset: u32,
    /// The tokens of the declaration before the word that is being typed, without comments; places absolute.
    pub(crate) before: Vec<Token>,
    /// The token behind that word.
    pub(crate) after: Option<Token>,
    /// The word that is being typed; empty where none is.
    pub(crate) word: Span,
    /// Places of the brackets that are open, among the tokens before.
    pub(crate) open: Vec<usize>,
    /// The word that starts the declaration.
    pub(crate) declaration: Keyword,
    /// Where the declaration starts.
    pub(crate) start: u32,
}

/// What a place is, before anything of meaning is known.
pub(crate) enum Place<'t> {
    /// In a comment, or in a number or date.
    Nothing,
    /// Inside a text in quotation marks: its inside, and whether the marks are closed.
    Quoted { context: Context<'t>, inside: Span, closed: bool },
    /// At the name of a passage: the name, without its mark.
    Passage { context: Context<'t>, name: Span },
    /// Where a word stands or could stand.
    Word(Context<'t>),
}

/// Reads the tokens around a byte.
pub(crate) fn place<'t>(snapshot: &Snapshot, path: &str, text: &'t str, offset: u32) -> Place<'t> {
    let chunk = snapshot.chunk_at(path, offset).unwrap_or(Span::new(0, offset));
    let piece = text.get(chunk.range()).unwrap_or("");
    let all: Vec<Token> =
        tokens(piece).into_iter().map(|token| Token { span: token.span.shifted(chunk.start), ..token }).collect();
    let on_its_line = |token: &Token| !text.get(token.span.end as usize..offset as usize).unwrap_or("").contains('\n');
    let touching = all.iter().rposition(|token| token.span.start < offset);
    let at = touching.map(|at| all[at]);
    let comment = at.is_some_and(|token| token.kind.is_comment() && (token.span.end >= offset || on_its_line(&token)));
    if comment {
        return Place::Nothing;
    }
    let inside = |token: &Token| token.span.start < offset && offset <= token.span.end;
    let context = |word: Span| context(text, offset, word, &all, chunk.start);
    match at {
        Some(token) if token.kind == Kind::Text => {
            let closed = token.fault != Fault::Unclosed;
            // An open text swallows the line, so the place behind its words is inside, too.
            let within = if closed { inside(&token) && offset < token.span.end } else { on_its_line(&token) };
            if within {
                let end = if closed { token.span.end - 1 } else { token.span.end.max(offset) };
                let place = Span::new(token.span.start + 1, end.max(token.span.start + 1));
                return Place::Quoted { context: context(token.span), inside: place, closed };
            }
        }
        Some(token) if token.kind == Kind::Passage && inside(&token) => {
            let name = Span::new(token.span.start + 1, token.span.end);
            return Place::Passage { context: context(token.span), name };
        }
        Some(token)
            if token.kind == Kind::Stray
                && token.span.end == offset
                && text.get(token.span.range()).is_some_and(|stray| stray.ends_with('#')) =>
        {
            return Place::Passage { context: context(token.span), name: Span::empty(offset) };
        }
        Some(token) if matches!(token.kind, Kind::Number | Kind::Date | Kind::Time) && inside(&token) => {
            return Place::Nothing;
        }
        _ => {}
    }
    let word = all.iter().find(|token| token.kind.is_word() && token.span.touches(offset));
    // Of two words that touch there is none: they would be one.
    Place::Word(context(word.map_or(Span::empty(offset), |token| token.span)))
}

fn context<'t>(text: &'t str, offset: u32, word: Span, all: &[Token], start: u32) -> Context<'t> {
    let kept = || all.iter().filter(|token| !token.kind.is_comment());
    let before: Vec<Token> =
        kept().filter(|token| token.span.end <= word.start && token.span != word).copied().collect();
    let after = kept().find(|token| token.span.start >= word.end && token.span != word).copied();
    let mut open = Vec::new();
    for (at, token) in before.iter().enumerate() {
        match token.kind {
            Kind::LBrace | Kind::LParen | Kind::LBracket => open.push(at),
            Kind::RBrace | Kind::RParen | Kind::RBracket => drop(open.pop()),
            _ => {}
        }
    }
    let declaration = match before.first().map(|token| token.kind) {
        Some(Kind::Word(word)) if word.starts_declaration() => word,
        _ => Keyword::Plain,
    };
    Context { text, offset, before, after, word, open, declaration, start }
}

impl<'t> Context<'t> {
    /// What is typed of the word.
    pub(crate) fn prefix(&self) -> &'t str {
        self.text.get(self.word.start as usize..self.offset as usize).unwrap_or("")
    }

    /// The words of a token.
    pub(crate) fn written(&self, token: Token) -> &'t str {
        self.text.get(token.span.range()).unwrap_or("")
    }

    /// The token before the word, `back` further back.
    pub(crate) fn last(&self, back: usize) -> Option<Token> {
        self.before.len().checked_sub(back + 1).and_then(|at| self.before.get(at)).copied()
    }

    /// The keyword before the word, `back` further back; after a dot a word is a name.
    pub(crate) fn keyword(&self, back: usize) -> Keyword {
        match self.last(back).map(|token| token.kind) {
            Some(Kind::Word(word)) if self.last(back + 1).is_none_or(|token| token.kind != Kind::Dot) => word,
            _ => Keyword::Plain,
        }
    }

    /// Whether the word is the first of its line.
    pub(crate) fn starts_line(&self) -> bool {
        let line = self.text.get(..self.word.start as usize).unwrap_or("").rsplit('\n').next().unwrap_or("");
        line.chars().all(char::is_whitespace)
    }

    /// Whether the word is in the first column.
    pub(crate) fn starts_column(&self) -> bool {
        self.text.get(..self.word.start as usize).is_none_or(|before| before.is_empty() || before.ends_with('\n'))
    }

    /// Whether the word stands directly in the braces of the declaration.
    pub(crate) fn in_body(&self) -> bool {
        matches!(self.open.as_slice(), [body] if self.before[*body].kind == Kind::LBrace)
    }

    /// The innermost bracket that is open.
    pub(crate) fn bracket(&self) -> Option<Token> {
        self.open.last().map(|at| self.before[*at])
    }

    /// Whether what stands before the word is a whole value, after which an operator follows.
    pub(crate) fn follows_value(&self) -> bool {
        let Some(last) = self.last(0) else { return false };
        match last.kind {
            Kind::Word(_) => !demands(self.keyword(0), self.keyword(1)),
            Kind::Number | Kind::Date | Kind::Time | Kind::Text | Kind::Passage | Kind::Question => true,
            Kind::RParen | Kind::RBracket | Kind::RBrace => true,
            _ => false,
        }
    }

    /// Place of the first token of the entry of the body that the word belongs to: a clause, a step, a particular. `None` where the word
    /// begins one itself, or stands in no body.
    pub(crate) fn entry(&self) -> Option<usize> {
        let body = *self.open.first()?;
        let mut depth = 0_usize;
        let mut start = None;
        for (at, token) in self.before.iter().enumerate().skip(body + 1) {
            match token.kind {
                Kind::LBrace | Kind::LParen | Kind::LBracket => depth += 1,
                Kind::RBrace | Kind::RParen | Kind::RBracket => depth = depth.saturating_sub(1),
                Kind::Word(word) if depth == 0 && self.begins(at, word, start) => start = Some(at),
                _ => {}
            }
        }
        start
    }

    /// Whether a word in the body begins an entry.
    fn begins(&self, at: usize, word: Keyword, start: Option<usize>) -> bool {
        let line_start = self.before[at].line_start;
        let first = start.map(|start| self.before[start].kind);
        let is_name = at > 0 && self.before[at - 1].kind == Kind::Dot;
        if is_name {
            return false;
        }
        match self.declaration {
            Keyword::Source => {
                let item = self.text.get(self.before[at].span.range()).unwrap_or("");
                // `not waivable`, `in force`: their second words are no entries.
                let second = matches!(
                    self.before.get(at.wrapping_sub(1)).map(|token| token.kind),
                    Some(Kind::Word(Keyword::Not | Keyword::In))
                );
                let known =
                    mandate_syntax::words::SOURCE_ITEMS.iter().any(|known| known.split(' ').next() == Some(item));
                known && !second
            }
            Keyword::Record | Keyword::Enum => line_start || start.is_none(),
            Keyword::Rule | Keyword::Constraint | Keyword::Assume | Keyword::Concern | Keyword::Purpose => {
                let flagged = first == Some(Kind::Word(Keyword::Flag)) && word == Keyword::When;
                let each = word != Keyword::For
                    || self.before.get(at + 1).is_some_and(|next| next.kind == Kind::Word(Keyword::Each));
                let force = word == Keyword::In
                    && line_start
                    && self.before.get(at + 1).is_some_and(|next| next.kind == Kind::Word(Keyword::Force));
                let sure = matches!(
                    word,
                    Keyword::When
                        | Keyword::Unless
                        | Keyword::Require
                        | Keyword::Otherwise
                        | Keyword::Waivable
                        | Keyword::Cites
                );
                force
                    || word.starts_clause() && each && !flagged && (line_start || sure || start.is_none())
                    || (line_start || start.is_none()) && !goes_on(word)
            }
            _ => line_start || start.is_none(),
        }
    }

    /// The first word of the entry that the word belongs to.
    pub(crate) fn entry_word(&self) -> Keyword {
        match self.entry().map(|at| self.before[at].kind) {
            Some(Kind::Word(word)) => word,
            _ => Keyword::Plain,
        }
    }

    /// The tokens of the entry before the word.
    pub(crate) fn entry_tokens(&self) -> &[Token] {
        self.entry().and_then(|at| self.before.get(at..)).unwrap_or(&[])
    }

    /// Whether a keyword stands in the entry before the word.
    pub(crate) fn entry_has(&self, word: Keyword) -> bool {
        self.entry_tokens().iter().any(|token| token.kind == Kind::Word(word))
    }

    /// The dotted name that ends at the token `back` before the word: `core.sites`; with the place of its first token.
    pub(crate) fn path_before(&self, back: usize) -> Option<(Vec<&'t str>, usize)> {
        let mut at = self.before.len().checked_sub(back + 1)?;
        let mut segments = Vec::new();
        loop {
            let token = self.before.get(at)?;
            if !token.kind.is_word() {
                return None;
            }
            segments.push(self.written(*token));
            match at.checked_sub(2) {
                Some(next) if self.before[at - 1].kind == Kind::Dot => at = next,
                _ => break,
            }
        }
        segments.reverse();
        Some((segments, at))
    }
}

/// Words that can start a line and still go on with the line above.
fn goes_on(word: Keyword) -> bool {
    use Keyword::*;
    matches!(
        word,
        And | Or
            | Within
            | After
            | Before
            | By
            | From
            | To
            | Until
            | During
            | With
            | Exceptionally
            | Rather
            | Must
            | Should
            | May
            | Aims
            | If
            | Then
            | Else
            | Is
            | In
            | Where
            | Satisfies
            | Overlaps
            | Covers
            | Because
            | Each
    )
}

/// Whether a keyword wants something behind it, so that it is no value itself.
fn demands(word: Keyword, before: Keyword) -> bool {
    use Keyword::*;
    match word {
        // `is known`, `is missing` are whole; so are `not applicable` and the like.
        Known | Missing | Empty => before != Is && word == Missing,
        Unknown => before == If,
        Force => before != In,
        Plain | True | False | Everyone | Above | Waivable | Time => false,
        And | Or | Not | In | Overlaps | Covers | Where | Satisfies | If | Then | Else | When | Unless | Require
        | Ensure | By | After | Before | Within | From | Until | To | During | On | Party | Of | At | Is | Cites
        | Under | Overrides | Limits | Expect | Given | Set | Drops | Weaker | Refines | Replaces | Must | Should
        | May | Supersedes | Implements | Excludes | Names | Rank | Revoked | Each | Through | For | Due | Since
        | Uncovered | Endorse | Background | Key | Corrects | Recorded | Most | Every | Some | No | Latest
        | Earliest | The | Let | Evidence | Record | Rule | Constraint | Source | Enum | Role | Parameter | Define
        | Action | Waiver | Caveat | Mission | Assume | Concern | Purpose | Scenario | Use | As | Late | Flagged
        | Flag | Carries | Reads | Otherwise | Tally | Link | Document | Title | Issuer | Verified | Because | Aims => {
            true
        }
        _ => false,
    }
}
