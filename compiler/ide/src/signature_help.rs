//! What the brackets around a place take, and which of it is being written.

use crate::completion::context::{Context, Place, place};
use mandate_pack::Type;
use mandate_semantics::{Kind, MARK, Named, Signature, Snapshot, Wanted};
use mandate_syntax::token::Kind as Token;
use mandate_syntax::words::Keyword;
use std::ops::Range;

/// What a call takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHelp {
    /// `is_child(v: Victim): Bool`
    pub label: String,
    /// Bytes of the label for each thing it takes.
    pub parameters: Vec<Range<usize>>,
    /// The one that is being written; `None` behind the last.
    pub active: Option<usize>,
    /// Markdown about what is called.
    pub doc: String,
}

// Feature: Signature Help
//
// Inside the brackets of a definition, an action, a waiver, a rule after `overrides`, `limits` and `expect`, a parameter asked as of a day, a
// count or sum, or a function of the language: what stands there, by name and type, with the place that is being written.
/// What the call around a byte takes; `None` outside of brackets of one.
pub fn signature_help(snapshot: &Snapshot, path: &str, offset: u32) -> Option<SignatureHelp> {
    if !crate::is_module(snapshot, path) {
        return None;
    }
    let text = snapshot.text(path)?;
    let context = match place(snapshot, path, &text, offset) {
        Place::Nothing => {
            // In a number, too, an argument is written; in a comment none is.
            let start = text
                .get(..offset as usize)?
                .trim_end_matches(|c: char| c.is_alphanumeric() || "-:._".contains(c))
                .len();
            match place(snapshot, path, &text, start as u32) {
                Place::Word(context) => context,
                Place::Nothing | Place::Quoted { .. } | Place::Passage { .. } => return None,
            }
        }
        Place::Word(context) | Place::Quoted { context, .. } | Place::Passage { context, .. } => context,
    };
    let opens = context.open.iter().rev().filter(|at| context.before[**at].kind == Token::LParen);
    opens.copied().find_map(|open| called(snapshot, path, &context, open))
}

/// The call whose bracket is the token `open`.
fn called(snapshot: &Snapshot, path: &str, context: &Context<'_>, open: usize) -> Option<SignatureHelp> {
    let back = context.before.len().checked_sub(open)?;
    let (segments, first) = context.path_before(back)?;
    // A bracket on the next line, or behind a blank, opens no call.
    if context.before[open].line_start || context.before[open - 1].span.end != context.before[open].span.start {
        return None;
    }
    let argument = argument(context, open);
    if let [name] = segments.as_slice()
        && let Some(found) = built_in(name, context, open, argument)
    {
        return Some(found);
    }
    // `i.level(t)`: a field of a variable.
    let found = snapshot.find(path, &segments).or_else(|| refined(snapshot, path, context, &segments));
    let Some(named) = found else { return history(snapshot, path, context, first, open, &segments) };
    let (params, result) = match snapshot.signature(&named)? {
        Signature::Define(callable) => (callable.params.clone(), snapshot.result(&named)),
        Signature::Action(callable) | Signature::Waiver(callable) => (callable.params.clone(), None),
        Signature::Rule(rule) => (rule.vars.clone(), None),
        Signature::Parameter(parameter) => (vec![("day".to_owned(), Some(Type::Date))], parameter.ty.clone()),
        Signature::Enum(_) | Signature::Record(_) | Signature::Role(_) | Signature::Source(_) => return None,
    };
    let shown = params.iter().map(|(name, ty)| match ty {
        Some(ty) => format!("{name}: {}", ty.short()),
        None => name.clone(),
    });
    let result = result.map(|ty| format!(": {}", ty.short())).unwrap_or_default();
    Some(help(&named.name, &shown.collect::<Vec<_>>(), &result, Some(argument), doc(snapshot, &named)))
}

/// In a mission, a bare name is looked up in the packages refined; elsewhere a call names nothing of the kind.
fn refined(snapshot: &Snapshot, path: &str, context: &Context<'_>, segments: &[&str]) -> Option<Named> {
    let [name] = segments else { return None };
    if context.declaration != Keyword::Mission {
        return None;
    }
    let packages = snapshot.dependencies(path);
    packages.iter().find_map(|package| snapshot.find(path, &[&**package, *name]))
}

/// How many commas of the call stand before the place.
fn argument(context: &Context<'_>, open: usize) -> usize {
    let mut depth = 0_usize;
    let mut commas = 0;
    for token in &context.before[open + 1..] {
        match token.kind {
            Token::LParen | Token::LBrace | Token::LBracket => depth += 1,
            Token::RParen | Token::RBrace | Token::RBracket => depth = depth.saturating_sub(1),
            Token::Comma if depth == 0 => commas += 1,
            _ => {}
        }
    }
    commas
}

fn help(name: &str, shown: &[String], result: &str, active: Option<usize>, doc: String) -> SignatureHelp {
    joined(format!("{name}("), shown, ", ", &format!("){result}"), active, doc)
}

/// A label put together of parts, with the place of each.
fn joined(
    head: String,
    shown: &[String],
    between: &str,
    tail: &str,
    active: Option<usize>,
    doc: String,
) -> SignatureHelp {
    let mut label = head;
    let mut parameters = Vec::new();
    for (at, one) in shown.iter().enumerate() {
        if at > 0 {
            label.push_str(between);
        }
        let start = label.len();
        label.push_str(one);
        parameters.push(start..label.len());
    }
    label.push_str(tail);
    let active = active.filter(|at| *at < parameters.len());
    SignatureHelp { label, parameters, active, doc }
}

fn doc(snapshot: &Snapshot, named: &Named) -> String {
    let Some(description) = snapshot.describe(&named.target()) else { return String::new() };
    let title = (named.kind == Kind::Rule && !description.title.is_empty())
        .then(|| format!("**{}**", crate::hover::escaped(&description.title)));
    let sentences = description.sentences.iter().map(|sentence| format!("> {}", crate::hover::escaped(sentence)));
    let doc = (!description.doc.is_empty()).then(|| description.doc.clone());
    title.into_iter().chain(sentences).chain(doc).collect::<Vec<_>>().join("\n\n")
}

/// A field whose value changes, asked as of an instant.
fn history(
    snapshot: &Snapshot,
    path: &str,
    context: &Context<'_>,
    first: usize,
    open: usize,
    segments: &[&str],
) -> Option<SignatureHelp> {
    let [_, .., field] = segments else { return None };
    // What stands from the field to the place is read as the field that is asked for.
    let from = context.before[open - 1].span;
    let replaced = mandate_diagnostics::Span::new(from.start, context.word.end);
    let found = snapshot.surroundings(path, replaced, MARK)?;
    let Wanted::Member(ty) = found.wanted else { return None };
    let Type::Record(record) = ty.known() else { return None };
    let named = snapshot.qualified(record)?;
    let Signature::Record(signature) = snapshot.signature(&named)? else { return None };
    let found = signature.field(field).filter(|field| field.over_time && first < open)?;
    let result = found.ty.as_ref().map(|ty| format!(": {}", ty.short())).unwrap_or_default();
    let doc = "The value that the field had at an instant.".to_owned();
    Some(help(field, &["instant: Time".to_owned()], &result, Some(argument(context, open)), doc))
}

/// Counts, sums and functions of the language.
fn built_in(name: &str, context: &Context<'_>, open: usize, argument: usize) -> Option<SignatureHelp> {
    let has = |word: Keyword| context.before[open + 1..].iter().any(|token| token.kind == Token::Word(word));
    let call = |shown: &[&str], result: &str, doc: &str| {
        let shown: Vec<String> = shown.iter().map(|one| (*one).to_owned()).collect();
        Some(help(name, &shown, result, Some(argument), doc.to_owned()))
    };
    let items = |doc: &str, result: &str| {
        let shown = ["x in list".to_owned(), "condition".to_owned()];
        let active = usize::from(has(Keyword::Where));
        Some(joined(format!("{name}("), &shown, " where ", &format!("){result}"), Some(active), doc.to_owned()))
    };
    let fold = |doc: &str| {
        let active = if has(Keyword::Where) { 2 } else { usize::from(has(Keyword::For)) };
        let shown = ["x.value".to_owned(), "x in list".to_owned(), "condition".to_owned()];
        let mut found = joined(format!("{name}("), &shown, " for ", ")", Some(active), doc.to_owned());
        // Before the condition stands another word than before the items.
        let start = found.parameters[2].start - " for ".len();
        found.label.replace_range(start..start + " for ".len(), " where ");
        found.parameters[2] = start + " where ".len()..found.label.len() - 1;
        Some(found)
    };
    match name {
        "distance" => call(&["from: Location", "to: Location"], ": Length", "How far two places are apart."),
        "follow" => call(
            &["record", "field"],
            "",
            "Every record that is reached along a field, any number of times: `follow(unit, parent)`.",
        ),
        "convert" => call(
            &["amount: Money", "currency", "rate: Decimal"],
            ": Money",
            "The amount in another currency: `convert(c.amount, EUR, rate)`.",
        ),
        "currency" => call(&["amount: Money"], ": Text", "The code of the currency of an amount."),
        "count" => items("How many items fit.", ": Int"),
        "share" => items("The part of the items that fits; unknown where there are none.", ": Decimal"),
        "sum" => fold("The sum over the items that fit."),
        "min" => fold("The least over the items that fit; unknown where there are none."),
        "max" => fold("The greatest over the items that fit; unknown where there are none."),
        "void_waiver" => call(&["waiver"], "", "The finding that a waiver sets aside what cannot be set aside."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    const MODULE: &str = r#"//- rules.mandate
enum Grade { low, high }

record Victim {
  age: Int?
}

record Incident key id at seen_at {
  id: Text
  seen_at: Time
  level: Grade over time
  victims: list of Victim
}

record Report key id at sent_at {
  id: Text
  incident: Incident
  sent_at: Time?
}

/// Whether enough of them are young.
define young(i: Incident, age: Int) = some v in i.victims where v.age < age

/// Tells the staff.
action report(i: Incident) {
  evidence r: Report where r.incident == i
}

rule quiet "Keep quiet" {
  for each i: Incident
  no one may report(i) during i.seen_at .. i.seen_at + 1 hour
}

"#;

    /// The label with the active part in brackets, and the first line of the documentation.
    fn shown(rest: &str) -> String {
        let fixture = Fixture::new(&format!("{MODULE}{rest}"));
        let Some(found) = signature_help(&fixture.snapshot, &fixture.path, fixture.offset) else {
            return String::new();
        };
        let mut label = found.label.clone();
        if let Some(active) = found.active.map(|at| found.parameters[at].clone()) {
            label.insert(active.end, ']');
            label.insert(active.start, '[');
        }
        format!("{label} | {}", found.doc.lines().next().unwrap_or(""))
    }

    #[test]
    fn the_argument_that_is_written_is_shown() {
        let young = |args: &str| shown(&format!("define d(i: Incident) = young({args}"));
        assert_eq!(young("$0"), "young([i: Incident], age: Int): Bool? | Whether enough of them are young.");
        assert_eq!(young("i, $0)"), "young(i: Incident, [age: Int]): Bool? | Whether enough of them are young.");
        assert_eq!(young("i, 1$08)"), "young(i: Incident, [age: Int]): Bool? | Whether enough of them are young.");
        assert_eq!(young("i, 18, $0"), "young(i: Incident, age: Int): Bool? | Whether enough of them are young.");
        assert_eq!(young("i, 18)$0"), "");
    }

    #[test]
    fn actions_rules_and_fields_over_time_are_called_too() {
        let rule = |line: &str| shown(&format!("rule r {{\n  for each i: Incident\n  {line}\n}}\n"));
        assert_eq!(rule("everyone must report($0"), "report([i: Incident]) | Tells the staff.");
        assert_eq!(rule("limits quiet($0)"), "quiet([i: Incident]) | **Keep quiet**");
        assert_eq!(
            rule("when i.level($0) == low"),
            "level([instant: Time]): Grade | The value that the field had at an instant."
        );
        let scenario = "scenario \"s\" {\n  given inc: Incident { }\n  expect quiet(in$0c) violated\n}\n";
        assert_eq!(shown(scenario), "quiet([i: Incident]) | **Keep quiet**");
    }

    #[test]
    fn counts_and_sums_show_their_parts() {
        let define = |body: &str| shown(&format!("define d(i: Incident) = {body}"));
        assert_eq!(define("count(v in $0"), "count([x in list] where condition): Int | How many items fit.");
        assert_eq!(
            define("count(v in i.victims where $0"),
            "count(x in list where [condition]): Int | How many items fit."
        );
        assert!(define("sum(v.age for $0").starts_with("sum(x.value for [x in list] where condition)"));
        assert!(
            define("max(v.age for v in i.victims where $0").starts_with("max(x.value for x in list where [condition])")
        );
        assert!(define("distance(a, $0").starts_with("distance(from: Location, [to: Location]): Length"));
        assert_eq!(define("(i.seen$0"), "");
        assert_eq!(shown("// young($0\n"), "");
    }
}
