//! Errors of single tokens: open texts, foreign quotation marks, signs of other languages, invisible characters.

use crate::token::{Fault, Kind, Token};
use crate::words::Keyword;
use mandate_diagnostics::{Diagnostic, Span, codes};

/// The errors of the tokens of `text`.
pub(super) fn faults(text: &str, tokens: &[Token]) -> Vec<Diagnostic> {
    let mut out = directions(text);
    for (at, token) in tokens.iter().enumerate() {
        let written = text.get(token.span.range()).unwrap_or("");
        let before = at.checked_sub(1).and_then(|at| tokens.get(at)).filter(|_| !token.line_start);
        match currency(token, written, before) {
            Some(found) => out.push(found),
            None => out.extend(fault(token, written)),
        }
        if token.kind == Kind::Text && token.fault != Fault::Quotes && written.contains('\\') {
            out.extend(escapes(token.span, written));
        }
    }
    out
}

fn fault(token: &Token, written: &str) -> Option<Diagnostic> {
    let span = token.span;
    Some(match token.fault {
        Fault::None if token.kind == Kind::Stray => return stray(span, written),
        Fault::None => return None,
        Fault::Unclosed => Diagnostic::new(&codes::E002, span, "this text has no closing `\"` on its line")
            .help("a text stands on one line between two `\"`"),
        Fault::Quotes => {
            let inside = written.trim_matches(|c: char| !c.is_ascii() || matches!(c, '"' | '\'' | '`'));
            Diagnostic::new(&codes::E002, span, "a text is written between two straight quotation marks `\"`").fix(
                "Replace by `\"`",
                span,
                format!("\"{}\"", inside.replace('"', "\\\"")),
            )
        }
        Fault::Foreign => {
            let meant = meaning(token.kind);
            Diagnostic::new(&codes::E001, span, format!("`{written}` is written `{meant}` in Mandate")).fix(
                format!("Replace by `{meant}`"),
                span,
                meant,
            )
        }
        Fault::Digits if token.kind == Kind::Number => number(span, written),
        Fault::Digits => digits(span, written),
        Fault::Letters => Diagnostic::new(
            &codes::E001,
            span,
            format!("`{written}` has letters that a name cannot have"),
        )
        .help("a name has the letters a to z and A to Z, digits and `_`; texts in quotation marks may have any letter"),
    })
}

/// What a sign of another language is here.
fn meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::Word(Keyword::And) => "and",
        Kind::Word(Keyword::Or) => "or",
        Kind::Word(_) => "not ",
        Kind::NotEq => "!=",
        Kind::Le => "<=",
        Kind::Ge => ">=",
        Kind::Star => "*",
        Kind::Slash => "/",
        _ => "-",
    }
}

/// `5 €`: currencies have three letters.
fn currency(token: &Token, written: &str, before: Option<&Token>) -> Option<Diagnostic> {
    let letters = match written {
        "€" => "EUR",
        "£" => "GBP",
        "$" | "¥" => "",
        _ => return None,
    };
    if token.kind != Kind::Stray {
        return None;
    }
    let message = format!("a currency is written with its three letters, not with `{written}`");
    let found = Diagnostic::new(&codes::E001, token.span, message).help("an amount is written `500 EUR` or `500 USD`");
    let Some(amount) = before.filter(|before| before.kind == Kind::Number && !letters.is_empty()) else {
        return Some(found);
    };
    let space = if amount.span.end == token.span.start { " " } else { "" };
    Some(found.fix(format!("Replace by `{letters}`"), token.span, format!("{space}{letters}")))
}

/// How numbers are written, for messages about those that are not.
pub(super) const NUMBERS: &str =
    "a number has a point before its decimals and nothing between its thousands, or `_`: `1.5`, `500000`, `500_000`";

/// `1.500.000`
fn number(span: Span, written: &str) -> Diagnostic {
    let plain = written.replace('.', "");
    Diagnostic::new(&codes::E015, span, format!("`{written}` is not written as a number")).help(NUMBERS).fix(
        format!("Replace by `{plain}`"),
        span,
        plain,
    )
}

fn digits(span: Span, written: &str) -> Diagnostic {
    if written.contains(['T', 't', ':']) {
        let message = format!("`{written}` is not written as a time");
        return Diagnostic::new(&codes::E010, span, message)
            .help("a time is written with its offset from UTC: `2024-03-01T08:00Z` or `2024-03-01T08:00:30+02:00`");
    }
    if written.contains(['.', '/']) {
        return foreign_date(span, written);
    }
    let padded: Vec<String> = written.split('-').map(|part| format!("{part:0>2}")).collect();
    let padded = padded.join("-");
    Diagnostic::new(&codes::E010, span, format!("`{written}` is not written as a date"))
        .help("a date is written year, month and day with four, two and two digits")
        .fix(format!("Replace by `{padded}`"), span, padded)
}

/// `01.03.2024`: the day stands first. `03/01/2024`: whether the day or the month does depends on who wrote it.
fn foreign_date(span: Span, written: &str) -> Diagnostic {
    let found = Diagnostic::new(&codes::E010, span, format!("`{written}` is not written as a date"))
        .help("a date is written year, month and day: `2024-03-01` is the first of March");
    let parts: Vec<&str> = written.split(['.', '/']).collect();
    let iso = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        [day, month, year] if year.len() == 4 && written.contains('.') => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => return found,
    };
    found.fix(format!("Replace by `{iso}`"), span, iso)
}

fn stray(span: Span, written: &str) -> Option<Diagnostic> {
    if written.chars().all(is_direction) {
        return None;
    }
    if written.starts_with("/*") {
        let message = "a comment is written with `//` at the head of each of its lines";
        return Some(Diagnostic::new(&codes::E001, span, message));
    }
    let space = written.chars().all(|c| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}'));
    if space {
        let message = "this space is not an ordinary one and means nothing here";
        return Some(Diagnostic::new(&codes::E001, span, message).fix("Replace by a space", span, " "));
    }
    let diagnostic = Diagnostic::new(&codes::E001, span, format!("`{written}` means nothing here"));
    Some(match written {
        ";" => diagnostic.help("lines need no `;` at their end").fix("Remove it", span, ""),
        "\u{201C}" | "\u{201D}" | "'" | "`" => diagnostic
            .help("a text is written between two straight quotation marks `\"`")
            .fix("Replace by `\"`", span, "\""),
        "..." | "\u{2026}" => {
            diagnostic.help("write out what was left out here; a period is written with two dots: `a .. b`")
        }
        "%" => diagnostic.help("write a share as a number: `0.1` for ten in a hundred"),
        "#" => diagnostic.help("`#` starts the name of a passage, such as `#4(1)`, without a space"),
        _ => diagnostic,
    })
}

/// `\q` in a text.
fn escapes(at: Span, written: &str) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let mut chars = written.char_indices();
    while let Some((i, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let Some((_, next)) = chars.next() else { break };
        if !matches!(next, '"' | '\\' | 'n' | 't') {
            let start = at.start + i as u32;
            let span = Span::new(start, start + 1 + next.len_utf8() as u32);
            let message = format!("`\\{next}` means nothing in a text");
            let help = "after `\\` can stand `\"`, `\\`, `n` for a new line or `t` for a tab";
            let once = Span::new(start, start + 1);
            out.push(Diagnostic::new(&codes::E013, span, message).help(help).fix("Write `\\\\`", once, "\\\\"));
        }
    }
    out
}

/// Invisible characters that turn the direction of writing can make a rule look other than it is.
fn directions(text: &str) -> Vec<Diagnostic> {
    if !text.as_bytes().contains(&0xE2) {
        return Vec::new();
    }
    let hidden = text.char_indices().filter(|(_, c)| is_direction(*c));
    hidden
        .map(|(at, c)| {
            let span = Span::new(at as u32, (at + c.len_utf8()) as u32);
            let message = format!("an invisible character (U+{:04X}) turns the direction of writing here", c as u32);
            Diagnostic::new(&codes::E012, span, message)
                .help("it can make a rule look different from what it says; remove it")
                .fix("Remove it", span, "")
        })
        .collect()
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}
