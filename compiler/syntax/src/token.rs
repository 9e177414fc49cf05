//! Tokens with their places, comments included. Reading never fails: what means nothing is a token of its own.

use crate::words::Keyword;
use logos::Logos;
use mandate_diagnostics::Span;

/// What a token is.
#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[logos(extras = Fault)]
#[logos(skip r"[ \t\r\n\x0C]+")]
// Letters of every script, by the blocks in which they stand: with the exact classes of Unicode the lexer took five times as long to build.
#[logos(subpattern letter = r"[A-Za-z0-9_\u{C0}-\u{1FFF}\u{2C00}-\u{2DFF}\u{3041}-\u{D7FF}\u{F900}-\u{FDFF}\u{FE70}-\u{FEFC}\u{FF10}-\u{FFDC}\u{10000}-\u{3FFFF}]")]
pub enum Kind {
    /// A word; keywords are ordinary words wherever the grammar does not ask for them.
    #[regex(r"[A-Za-z_][A-Za-z0-9_]*", |lexer| Keyword::of(lexer.slice()))]
    #[token("&&", |lexer| means(lexer, Keyword::And))]
    #[token("||", |lexer| means(lexer, Keyword::Or))]
    #[token("!", |lexer| means(lexer, Keyword::Not))]
    Word(Keyword),
    /// `18`, `0.1`, `500_000`
    #[regex(r"[0-9][0-9_]*(\.[0-9][0-9_]*)?")]
    #[regex(r"[0-9][0-9]?[0-9]?(\.[0-9][0-9][0-9])(\.[0-9][0-9][0-9])+", digits)]
    Number,
    /// `2024-03-01`
    #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?", date)]
    #[regex(r"[0-9][0-9]?\.[0-9][0-9]?\.([0-9][0-9])?[0-9][0-9]", digits)]
    #[regex(r"[0-9][0-9]?/[0-9][0-9]?/[0-9][0-9][0-9][0-9]", digits)]
    #[regex(r"[0-9][0-9][0-9][0-9][./][0-9][0-9]?[./][0-9][0-9]?", digits)]
    Date,
    /// `2024-03-01T08:00Z`
    #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]?[Tt][0-9]([0-9A-Za-z:]|[+-][0-9]|\.[0-9])*", time)]
    #[regex(r"[0-9][0-9][0-9][0-9]-[0-9][0-9]?-[0-9][0-9]? [0-9][0-9]?:[0-9][0-9](:[0-9][0-9])?(Z|[+-][0-9][0-9]:[0-9][0-9])?", digits)]
    Time,
    /// `"..."` on one line
    #[regex(r#""([^"\\\n]|\\[^\n])*("|\\)?"#, text)]
    Text,
    /// `#4(1)`, `#reporting`, `#art_4.2`
    #[regex(r"#(?&letter)+([.\-](?&letter)+|\((?&letter)+\))*")]
    Passage,
    /// `{`
    #[token("{")]
    LBrace,
    /// `}`
    #[token("}")]
    RBrace,
    /// `(`
    #[token("(")]
    LParen,
    /// `)`
    #[token(")")]
    RParen,
    /// `[`
    #[token("[")]
    LBracket,
    /// `]`
    #[token("]")]
    RBracket,
    /// `,`
    #[token(",")]
    Comma,
    /// `:`
    #[token(":")]
    Colon,
    /// `.`
    #[token(".")]
    Dot,
    /// `..`
    #[token("..")]
    DotDot,
    /// `=`
    #[token("=")]
    Equals,
    /// `==`
    #[token("==")]
    EqEq,
    /// `!=`
    #[token("!=")]
    #[token("<>", swapped)]
    #[token("≠", swapped)]
    NotEq,
    /// `<`
    #[token("<")]
    Lt,
    /// `<=`
    #[token("<=")]
    #[token("≤", swapped)]
    Le,
    /// `>`
    #[token(">")]
    Gt,
    /// `>=`
    #[token(">=")]
    #[token("≥", swapped)]
    Ge,
    /// `+`
    #[token("+")]
    Plus,
    /// `-`
    #[token("-")]
    #[token("–", swapped)]
    #[token("−", swapped)]
    Minus,
    /// `*`
    #[token("*")]
    #[token("×", swapped)]
    Star,
    /// `/`
    #[token("/")]
    #[token("÷", swapped)]
    Slash,
    /// `?`
    #[token("?")]
    Question,
    /// `// ...`
    #[regex(r"//[^\n]*", comment, allow_greedy = true)]
    Comment(Comment),
    /// Characters that mean nothing here.
    #[regex(r"[^\x00-\x7F]", priority = 1)]
    #[token("...")]
    #[regex(r"/\*([^*]|\*+[^*/])*(\*+/)?")]
    Stray,
}

/// The kinds of comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comment {
    /// `//`
    Plain,
    /// `///`: belongs to what follows
    Doc,
    /// `//!`: belongs to the module
    Module,
}

/// What is wrong with a token that is understood all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// A text that the end of the line cut off.
    Unclosed,
    /// A text in quotation marks other than `"`.
    Quotes,
    /// A sign of another language for one of ours: `&&`, `≤`.
    Foreign,
    /// A number, date or time whose digits are put together in another way.
    Digits,
    /// A word with letters beyond a to z.
    Letters,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// What is wrong with it.
    pub fault: Fault,
    /// Whether it is the first of its line.
    pub line_start: bool,
    /// Its bytes.
    pub span: Span,
}

impl Kind {
    /// Whether it is a comment of any kind.
    pub fn is_comment(self) -> bool {
        matches!(self, Kind::Comment(_))
    }

    /// Whether it is a word of any kind.
    pub fn is_word(self) -> bool {
        matches!(self, Kind::Word(_))
    }
}

fn means(lexer: &mut logos::Lexer<'_, Kind>, keyword: Keyword) -> Keyword {
    lexer.extras = Fault::Foreign;
    keyword
}

fn swapped(lexer: &mut logos::Lexer<'_, Kind>) {
    lexer.extras = Fault::Foreign;
}

fn digits(lexer: &mut logos::Lexer<'_, Kind>) {
    lexer.extras = Fault::Digits;
}

fn date(lexer: &mut logos::Lexer<'_, Kind>) {
    if lexer.slice().len() != "2024-03-01".len() {
        lexer.extras = Fault::Digits;
    }
}

/// The shape only; whether there is such a day and hour is decided where values are.
fn time(lexer: &mut logos::Lexer<'_, Kind>) {
    let digits = |text: &str, wanted: usize| text.len() == wanted && text.bytes().all(|b| b.is_ascii_digit());
    let clock = |text: &str, seconds: bool| {
        let mut parts = text.split(':');
        let (hour, minute) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let second = parts.next().map(|second| second.split_once('.').unwrap_or((second, "0")));
        let second_is_right = second
            .is_none_or(|(whole, part)| seconds && digits(whole, 2) && !part.is_empty() && digits(part, part.len()));
        digits(hour, 2) && digits(minute, 2) && second_is_right && parts.next().is_none()
    };
    let (day, rest) = lexer.slice().split_once(['T', 't']).unwrap_or((lexer.slice(), ""));
    let right = match rest.find(['+', '-']) {
        Some(sign) => clock(&rest[..sign], true) && clock(&rest[sign + 1..], false),
        None => clock(rest.strip_suffix('Z').unwrap_or(rest), true) && rest.ends_with('Z'),
    };
    if !right || day.len() != "2024-03-01".len() || lexer.slice().contains('t') {
        lexer.extras = Fault::Digits;
    }
}

fn text(lexer: &mut logos::Lexer<'_, Kind>) {
    let inside = lexer.slice().get(1..).unwrap_or("");
    let before = inside.strip_suffix('"');
    let escaped = before.is_some_and(|before| before.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1);
    if before.is_none() || escaped {
        lexer.extras = Fault::Unclosed;
    }
}

fn comment(lexer: &mut logos::Lexer<'_, Kind>) -> Comment {
    let text = lexer.slice();
    if text.starts_with("//!") {
        Comment::Module
    } else if text.starts_with("///") && !text.starts_with("////") {
        Comment::Doc
    } else {
        Comment::Plain
    }
}

/// All tokens of `text` in order, comments included; together with white space they are the whole text.
///
/// A byte order mark is a stray character here; [`crate::chunks`] leaves out the one at the head of a file.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(text.len() / 5);
    let mut lexer = Kind::lexer(text);
    let mut seen = 0;
    while let Some(found) = lexer.next() {
        let mut range = lexer.span();
        let mut fault = std::mem::take(&mut lexer.extras);
        let mut kind = found.unwrap_or(Kind::Stray);
        if kind == Kind::Stray {
            (kind, fault, range) = stray(text, range.start, out.last());
            if out.last().is_some_and(|last| last.span.start as usize == range.start) {
                out.pop();
            }
            lexer = Kind::lexer(text);
            lexer.bump(range.end);
        }
        if kind.is_comment() || fault == Fault::Unclosed {
            range.end = range.start + text[range.clone()].trim_end().len();
        }
        let gap = text.as_bytes().get(seen..range.start).unwrap_or(&[]);
        let line_start = out.is_empty() || gap.contains(&b'\n');
        seen = range.end;
        out.push(Token { kind, fault, line_start, span: Span::new(range.start as u32, range.end as u32) });
    }
    out
}

/// The token at `start`, where nothing of the language stands: a text in foreign quotation marks, a word with foreign
/// letters (taking the word right before it), an old-style comment, or one run of characters that mean nothing.
fn stray(text: &str, start: usize, before: Option<&Token>) -> (Kind, Fault, std::ops::Range<usize>) {
    let rest = text.get(start..).unwrap_or("");
    let first = rest.chars().next().unwrap_or(' ');
    if let Some(length) = quoted(rest, first) {
        return (Kind::Text, Fault::Quotes, start..start + length);
    }
    if rest.starts_with("/*") {
        let end = rest.find("*/").map_or(rest.len(), |at| at + 2);
        return (Kind::Stray, Fault::None, start..start + end);
    }
    if rest.starts_with("...") {
        return (Kind::Stray, Fault::None, start..start + "...".len());
    }
    if first.is_alphabetic() {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let joined = before.filter(|token| token.kind.is_word() && token.span.end as usize == start);
        let from = joined.map_or(start, |token| token.span.start as usize);
        return (Kind::Word(Keyword::Plain), Fault::Letters, from..start + length);
    }
    let means_nothing =
        |c: char| !c.is_ascii() && !c.is_alphabetic() && quoted(" ", c).is_none() && !SIGNS.contains(&c);
    let more = rest.chars().skip(1).take_while(|c| means_nothing(*c) && !OPENING.contains(c)).map(char::len_utf8);
    (Kind::Stray, Fault::None, start..start + first.len_utf8() + more.sum::<usize>())
}

const SIGNS: &[char] = &['≠', '≤', '≥', '–', '−', '×', '÷'];
const OPENING: &[char] = &['“', '”', '„', '‟', '«', '»', '‘', '’', '‚', '\'', '`'];

/// Length of a text in foreign quotation marks at the head of `rest`, if it is closed on its line.
fn quoted(rest: &str, first: char) -> Option<usize> {
    if !OPENING.contains(&first) {
        return None;
    }
    let line = rest.split('\n').next().unwrap_or("");
    let mut after = line.char_indices().skip(1);
    let straight = matches!(first, '\'' | '`');
    let closes = |c: char| if straight { c == first } else { c == '"' || OPENING[..9].contains(&c) };
    after.find(|(_, c)| closes(*c)).map(|(at, c)| at + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, Fault, &str)> {
        tokens(text).into_iter().map(|token| (token.kind, token.fault, &text[token.span.range()])).collect()
    }

    #[test]
    fn numbers_dates_times_and_ranges_are_told_apart() {
        let text = "0.1 500_000 1..2 2024-03-01 2024-03-01T08:00Z 2024-03-01T08:00:30.5+02:00 2024-3-1 2024-03-01T8:00";
        let found: Vec<_> = kinds(text).into_iter().map(|(kind, fault, _)| (kind, fault)).collect();
        use Fault::{Digits, None};
        assert_eq!(
            found,
            [
                (Kind::Number, None),
                (Kind::Number, None),
                (Kind::Number, None),
                (Kind::DotDot, None),
                (Kind::Number, None),
                (Kind::Date, None),
                (Kind::Time, None),
                (Kind::Time, None),
                (Kind::Date, Digits),
                (Kind::Time, Digits),
            ]
        );
    }

    #[test]
    fn numbers_dates_and_times_of_other_spellings_are_one_token() {
        for (text, kind) in [
            ("01.03.2024", Kind::Date),
            ("1.3.24", Kind::Date),
            ("3/1/2024", Kind::Date),
            ("2024.03.01", Kind::Date),
            ("2024/3/1", Kind::Date),
            ("2024-03-01 08:00", Kind::Time),
            ("2024-03-01 8:00:00+01:00", Kind::Time),
            ("1.500.000", Kind::Number),
        ] {
            assert_eq!(kinds(text), [(kind, Fault::Digits, text)]);
        }
        let split = |text| kinds(text).into_iter().map(|found| found.2).collect::<Vec<_>>();
        assert_eq!(split("1.2..3.4"), ["1.2", "..", "3.4"]);
        assert_eq!(split("10/2/20"), ["10", "/", "2", "/", "20"]);
        assert_eq!(split("2024-03-01 24 hours"), ["2024-03-01", "24", "hours"]);
    }

    #[test]
    fn a_passage_is_one_token() {
        for passage in [
            "#4(1)",
            "#reporting",
            "#art_4.2",
            "#monitoring.p3",
            "#16(2)(a)",
            "#annex-b",
            "#\u{43f}\u{440}\u{430}\u{432}\u{430}.p1",
        ] {
            assert_eq!(kinds(passage), [(Kind::Passage, Fault::None, passage)]);
        }
        let span = kinds("a#4..#6");
        assert_eq!(span.iter().map(|(_, _, text)| *text).collect::<Vec<_>>(), ["a", "#4", "..", "#6"]);
    }

    #[test]
    fn an_open_text_ends_with_its_line() {
        assert_eq!(
            kinds("\"a\\\"b\" \"open \r\nx")[..2],
            [(Kind::Text, Fault::None, "\"a\\\"b\""), (Kind::Text, Fault::Unclosed, "\"open"),]
        );
        assert_eq!(kinds("\"a\\\nb")[0], (Kind::Text, Fault::Unclosed, "\"a\\"));
        assert_eq!(kinds("\"a\\\"")[0].1, Fault::Unclosed);
        assert_eq!(kinds("\"")[0].1, Fault::Unclosed);
    }

    #[test]
    fn foreign_marks_are_understood() {
        assert_eq!(
            kinds("“a b” && ≤")[..],
            [
                (Kind::Text, Fault::Quotes, "“a b”"),
                (Kind::Word(Keyword::And), Fault::Foreign, "&&"),
                (Kind::Le, Fault::Foreign, "≤"),
            ]
        );
        assert_eq!(
            kinds("'x' caf\u{e9}s2 § ; ok")[..],
            [
                (Kind::Text, Fault::Quotes, "'x'"),
                (Kind::Word(Keyword::Plain), Fault::Letters, "cafés2"),
                (Kind::Stray, Fault::None, "§"),
                (Kind::Stray, Fault::None, ";"),
                (Kind::Word(Keyword::Plain), Fault::None, "ok"),
            ]
        );
    }

    #[test]
    fn comments_are_kept_and_told_apart() {
        let found = kinds("//! m\n/// d\n//// x \r\n// y\r");
        assert_eq!(
            found.iter().map(|found| found.0).collect::<Vec<_>>(),
            [
                Kind::Comment(Comment::Module),
                Kind::Comment(Comment::Doc),
                Kind::Comment(Comment::Plain),
                Kind::Comment(Comment::Plain),
            ]
        );
        assert_eq!(found[2].2, "//// x");
    }
}
