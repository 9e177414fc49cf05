//! Values of facts, and their spelling in JSON and YAML.

use std::fmt::Write;

/// A value of a facts file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Int(i64),
    /// A number with a fraction, spelled exactly.
    Decimal(String),
    Bool(bool),
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// A text.
pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// A list of texts.
pub(crate) fn texts(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| text(*item)).collect())
}

/// An object.
pub(crate) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A position, from millionths of a degree.
pub(crate) fn position(lat: i64, lon: i64) -> Value {
    object([("lat", millionths(lat)), ("lon", millionths(lon))])
}

fn millionths(n: i64) -> Value {
    let sign = if n < 0 { "-" } else { "" };
    Value::Decimal(format!("{sign}{}.{:06}", n.abs() / 1_000_000, n.abs() % 1_000_000))
}

impl Value {
    /// The same object with one more field; other values stay as they are.
    pub(crate) fn with(mut self, name: &str, value: Value) -> Value {
        if let Value::Object(fields) = &mut self {
            fields.push((name.to_owned(), value));
        }
        self
    }

    fn scalar(&self) -> Option<String> {
        match self {
            Value::Text(text) => Some(quoted(text)),
            Value::Int(n) => Some(n.to_string()),
            Value::Decimal(digits) => Some(digits.clone()),
            Value::Bool(b) => Some(b.to_string()),
            Value::List(_) | Value::Object(_) => None,
        }
    }

    /// On one line, in the part that JSON and YAML share.
    pub(crate) fn flow(&self) -> String {
        match self {
            Value::List(items) => format!("[{}]", items.iter().map(Value::flow).collect::<Vec<_>>().join(", ")),
            Value::Object(fields) => {
                let fields: Vec<_> =
                    fields.iter().map(|(name, value)| format!("{}: {}", quoted(name), value.flow())).collect();
                format!("{{{}}}", fields.join(", "))
            }
            other => other.scalar().unwrap_or_default(),
        }
    }

    /// The fields of an object as lines of YAML, the first behind a dash.
    pub(crate) fn yaml_item(&self, indent: usize) -> String {
        let Value::Object(fields) = self else { return format!("{:indent$}- {}\n", "", self.flow()) };
        let mut out = String::new();
        for (i, (name, value)) in fields.iter().enumerate() {
            let dash = if i == 0 { "- " } else { "  " };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{:indent$}{dash}{name}: {}", "", value.flow());
        }
        out
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}
