//! JSON with places.

use crate::facts::datum::{Datum, MAX_DEPTH, Member, Shape, clamp, too_deep};
use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions};
use mandate_diagnostics::{Diagnostic, Span, codes};

/// Strict JSON: a facts file that other tools cannot read helps nobody.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(crate) fn read(text: &str) -> Result<Datum, Box<Diagnostic>> {
    // Counted before parsing, because the parser descends one call per level.
    if let Some(at) = mandate_pack::nested_beyond(text.as_bytes(), MAX_DEPTH) {
        return Err(too_deep(clamp(text, at, at + 1)));
    }
    match jsonc_parser::parse_to_ast(text, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => match parsed.value {
            Some(value) => Ok(datum(text, value)),
            None => Err(Box::new(
                Diagnostic::new(
                    &codes::E102,
                    Span::empty(0),
                    "this file is empty; facts start with `{ \"records\": ... }`",
                )
                .help("an empty data set is written `{ \"records\": {} }`"),
            )),
        },
        Err(error) => {
            let range = error.range();
            let span = clamp(text, range.start, range.end);
            let end = matches!(error.kind(), ParseErrorKind::UnterminatedObject | ParseErrorKind::UnterminatedArray)
                || text[span.start as usize..].trim().is_empty();
            let (message, help) = if end {
                (
                    "this JSON ends before it is complete",
                    "the file may have been cut off while it was written or copied",
                )
            } else {
                (
                    say(error.kind()),
                    "a JSON file that other tools can read is needed; check the sign before this place too",
                )
            };
            Err(Box::new(Diagnostic::new(&codes::E102, span, message).help(help)))
        }
    }
}

/// The parser's finding in plain words, never quoting the file: what stands there may be sensitive.
fn say(kind: &ParseErrorKind) -> &'static str {
    match kind {
        ParseErrorKind::CommentsNotAllowed | ParseErrorKind::UnterminatedCommentBlock => {
            "JSON has no comments; write the facts as YAML to keep them"
        }
        ParseErrorKind::TrailingCommasNotAllowed => "a comma stands before a closing bracket",
        ParseErrorKind::ExpectedComma => "a comma is missing here",
        ParseErrorKind::ExpectedColonAfterObjectKey => "a colon is missing after a field name",
        ParseErrorKind::SingleQuotedStringsNotAllowed => "texts stand in double quotes, not single ones",
        ParseErrorKind::NonFiniteNumbersNotAllowed => {
            "this is no number that can be compared; leave the field out if it is not known"
        }
        ParseErrorKind::MultipleRootJsonValues => "a second value starts after the end of the facts",
        ParseErrorKind::ExpectedStringObjectProperty | ParseErrorKind::UnexpectedTokenInObject => {
            "a field name in double quotes belongs here"
        }
        _ => "this is no valid JSON",
    }
}

fn datum(text: &str, value: Value<'_>) -> Datum {
    let place = |range: Range| clamp(text, range.start, range.end);
    let span = place(value.range());
    let shape = match value {
        Value::NullKeyword(_) => Shape::Null,
        Value::BooleanLit(lit) => Shape::Bool(lit.value),
        Value::NumberLit(lit) => Shape::Number(lit.value.to_owned()),
        Value::StringLit(lit) => Shape::Text(lit.value.into_owned()),
        Value::Array(array) => Shape::List(array.elements.into_iter().map(|item| datum(text, item)).collect()),
        Value::Object(object) => Shape::Object(
            object
                .properties
                .into_iter()
                .map(|property| {
                    let span = match &property.name {
                        ObjectPropName::String(name) => place(name.range),
                        ObjectPropName::Word(word) => place(word.range),
                    };
                    Member { name: property.name.into_string(), span, value: datum(text, property.value) }
                })
                .collect(),
        ),
    };
    Datum { span, shape }
}
