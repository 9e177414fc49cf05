//! What a literal, an expression or a text amounts to, for a reader who stops at it.

use crate::hover::{Hover, escaped};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mandate_diagnostics::Span;
use mandate_semantics::{Named, Signature, Snapshot, Target};
use mandate_syntax::token::{Kind, Token, tokens};
use mandate_syntax::words::{Keyword, UNITS};

/// What stands at a byte that is no name and no word of the language.
pub(crate) fn at(snapshot: &Snapshot, path: &str, text: &str, offset: u32) -> Option<Hover> {
    let chunk = snapshot.chunk_at(path, offset)?;
    let piece = text.get(chunk.range())?;
    let all: Vec<Token> = tokens(piece)
        .into_iter()
        .filter(|token| !token.kind.is_comment())
        .map(|token| Token { span: token.span.shifted(chunk.start), ..token })
        .collect();
    let place = all.iter().position(|token| token.span.start <= offset && offset < token.span.end)?;
    let token = all[place];
    let words = text.get(token.span.range())?;
    let said = match token.kind {
        Kind::Date => day(words),
        Kind::Time => instant(words, snapshot.time_zone(path).as_deref()),
        Kind::Number => {
            let unit = all.get(place + 1).filter(|next| next.kind.is_word() && !next.line_start);
            let unit = unit.and_then(|unit| text.get(unit.span.range())).and_then(unit_said);
            return Some(described(snapshot, path, token.span, unit));
        }
        Kind::Word(_) if UNITS.contains(&words) && place > 0 && all[place - 1].kind == Kind::Number => {
            return Some(described(snapshot, path, token.span, unit_said(words)));
        }
        Kind::Text => return in_marks(snapshot, path, text, &all, place),
        _ => None,
    };
    match said {
        Some(markdown) => Some(Hover { span: token.span, markdown }),
        None => typed(snapshot, path, text, offset),
    }
}

/// `24 hours`: its type, and what the unit means.
fn described(snapshot: &Snapshot, path: &str, span: Span, unit: Option<&str>) -> Hover {
    let found = snapshot.expression_at(path, span.start);
    let (span, ty) = found.map_or((span, None), |found| (found.span, Some(found.ty.short())));
    let mut parts = vec![ty.map_or_else(|| "A number.".to_owned(), |ty| format!("```mandate\n{ty}\n```"))];
    parts.extend(unit.map(str::to_owned));
    Hover { span, markdown: parts.join("\n\n") }
}

/// What a unit means, where that is no matter of course.
fn unit_said(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "second" | "seconds" | "minute" | "minutes" | "hour" | "hours" => {
            "Elapsed time: it runs on through nights and changes of the clock."
        }
        "day" | "days" | "week" | "weeks" => {
            "Calendar time: days of the package's zone, which a change of the clock makes longer or shorter than 24 hours."
        }
        "month" | "months" | "year" | "years" => {
            "Calendar time: to the same day of a later month, or to its last day where there is none."
        }
        "m" | "km" => "A distance.",
        "percent" => "A part of a hundred: `10 percent` is `0.1`.",
        _ => return None,
    })
}

/// The type of the innermost expression around a byte.
fn typed(snapshot: &Snapshot, path: &str, text: &str, offset: u32) -> Option<Hover> {
    let found = snapshot.expression_at(path, offset)?;
    let words = text.get(found.span.range())?.split_whitespace().collect::<Vec<_>>().join(" ");
    const LONGEST: usize = 120;
    let short: String = words.chars().take(LONGEST).collect();
    let more = if words.chars().count() > LONGEST { " ..." } else { "" };
    let mut markdown = format!("```mandate\n{short}{more}: {}\n```", found.ty.short());
    if found.ty.is_optional() {
        markdown.push_str("\n\nMay be unknown.");
    }
    Some(Hover { span: found.span, markdown })
}

/// `Friday, 1 March 2024`
fn day(written: &str) -> Option<String> {
    let day: Date = written.parse().ok()?;
    Some(format!("**{}**\n\nA civil day; a deadline on it ends at midnight.", day.strftime("%A, %-d %B %Y")))
}

/// `Friday, 1 March 2024, 08:00 UTC`, and the same in the zone of the package.
fn instant(written: &str, zone: Option<&str>) -> Option<String> {
    let instant: jiff::Timestamp = written.parse().ok()?;
    let shown = |zone: TimeZone| instant.to_zoned(zone).strftime("%A, %-d %B %Y, %H:%M:%S").to_string();
    let mut said = format!("**{} UTC**", shown(TimeZone::UTC));
    if let Some(name) = zone.filter(|name| *name != "UTC")
        && let Ok(zone) = TimeZone::get(name)
    {
        said.push_str(&format!("  \n{} in {}", shown(zone), escaped(name)));
    }
    Some(said)
}

/// A text: the passage that it quotes, or the rules that carry the statement it names.
fn in_marks(snapshot: &Snapshot, path: &str, text: &str, all: &[Token], place: usize) -> Option<Hover> {
    let span = all[place].span;
    let inside = text.get(span.start as usize + 1..span.end as usize)?;
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    if place > 0 && all[place - 1].kind == Kind::Passage {
        let cited = crate::hover::hover(snapshot, path, all[place - 1].span.start + 1)?;
        return Some(Hover { span, ..cited });
    }
    let before = all[..place].iter().rev().find(|token| !matches!(token.kind, Kind::Text | Kind::Comma))?;
    if before.kind != Kind::Word(Keyword::Carries) {
        return None;
    }
    let mut lines = vec![format!("Statement **{}** of a checklist, carried by", escaped(inside))];
    for rule in snapshot.carriers(path, inside) {
        let title = snapshot.describe(&rule.target()).map(|found| found.title).unwrap_or_default();
        lines.push(format!("- `{}` {}", rule.name, escaped(&title)).trim_end().to_owned());
    }
    for (passage, reason) in snapshot.settled_by(path, inside) {
        lines.push(format!("- `{passage}`, which is no rule: {}", escaped(&reason)));
    }
    Some(Hover { span, markdown: lines.join("\n") })
}

/// What is to be said of a name besides its declaration: the value of a parameter, the values behind a rule, the type of a definition.
pub(crate) fn beside(snapshot: &Snapshot, path: &str, target: &Target) -> Vec<String> {
    let Target::Declaration { file, name } = target else { return Vec::new() };
    let Some(kind) = snapshot.kind_of(target) else { return Vec::new() };
    let named = Named { name: name.clone(), kind, file: file.clone() };
    let mut said = Vec::new();
    match snapshot.signature(&named) {
        Some(Signature::Parameter(_)) => {
            said.extend(snapshot.parameter_value(path, &named).map(|value| crate::inlay_hints::told(&named, &value)));
        }
        Some(Signature::Define(callable)) if callable.result.is_none() => {
            said.extend(snapshot.result(&named).map(|ty| format!("Type: `{}`", ty.short())));
        }
        Some(Signature::Source(_)) => {
            said.extend(snapshot.superseded_by(path, target).map(|by| format!("Superseded by `{by}`.")));
        }
        _ => {}
    }
    if !matches!(snapshot.signature(&named), Some(Signature::Rule(_) | Signature::Define(_))) {
        return said;
    }
    let values: Vec<String> = snapshot
        .parameters_of(&named)
        .iter()
        .filter_map(|parameter| {
            let value = snapshot.parameter_value(path, parameter)?;
            let by = value.set.as_ref().map(|(_, mission)| format!(" (set by `{mission}`)")).unwrap_or_default();
            Some(format!("- `{}` = **{}**{by}", parameter.name, value.present()?))
        })
        .collect();
    if !values.is_empty() {
        said.push(format!("With\n\n{}", values.join("\n")));
    }
    said
}
