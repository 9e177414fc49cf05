//! Facts as written: a tree of texts with places, the same for JSON, YAML and scenario literals.

use mandate_diagnostics::{Diagnostic, Span, codes};

/// Deepest nesting of a facts file. Records nest a few levels; what is deeper is no facts file.
pub(crate) const MAX_DEPTH: usize = 64;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Datum {
    pub(crate) span: Span,
    pub(crate) shape: Shape,
}

/// The forms JSON and the core schema of YAML have in common. Numbers stay texts: no digit is lost.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Datum>),
    Object(Vec<Member>),
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) value: Datum,
}

impl Datum {
    pub(crate) fn what(&self) -> &'static str {
        match self.shape {
            Shape::Null => "nothing",
            Shape::Bool(_) => "true or false",
            Shape::Number(_) => "a number",
            Shape::Text(_) => "a text",
            Shape::List(_) => "a list",
            Shape::Object(_) => "an object with fields",
        }
    }
}

pub(crate) fn too_deep(span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(&codes::E103, span, format!("this is nested more than {MAX_DEPTH} levels deep"))
            .help("facts hold records, lists and nested records; check for brackets that are never closed"),
    )
}

/// A span inside `text`, whatever a parser reported.
pub(crate) fn clamp(text: &str, start: usize, end: usize) -> Span {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        u32::try_from(at).unwrap_or(u32::MAX)
    };
    Span::new(floor(start), floor(end.max(start)))
}

/// The number a plain scalar of YAML's core schema stands for.
pub(crate) fn is_number(text: &str) -> bool {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    body.starts_with(|c: char| c.is_ascii_digit())
        && !matches!(crate::spell::decimal(text), Err(crate::spell::Misspelt::Form))
}

impl From<&serde_json::Value> for Shape {
    fn from(value: &serde_json::Value) -> Self {
        let plain = |value: &serde_json::Value| Datum { span: Span::default(), shape: value.into() };
        match value {
            serde_json::Value::Null => Shape::Null,
            serde_json::Value::Bool(b) => Shape::Bool(*b),
            serde_json::Value::Number(n) => Shape::Number(n.to_string()),
            serde_json::Value::String(s) => Shape::Text(s.clone()),
            serde_json::Value::Array(items) => Shape::List(items.iter().map(plain).collect()),
            serde_json::Value::Object(map) => Shape::Object(
                map.iter()
                    .map(|(name, value)| Member { name: name.clone(), span: Span::default(), value: plain(value) })
                    .collect(),
            ),
        }
    }
}
