//! Types of values, written in a pack as in the language: `list of core.Incident`, `Time?`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// True or false.
    Bool,
    /// Whole number.
    Int,
    /// Exact decimal number.
    Decimal,
    /// Text.
    Text,
    /// Civil day in the pack's zone.
    Date,
    /// Instant.
    Time,
    /// Length of time, elapsed or by the calendar.
    Duration,
    /// Half-open period between two instants or days.
    Period,
    /// Distance, in metres.
    Length,
    /// Point on the earth, WGS 84, with an optional uncertainty.
    Location,
    /// Amount in a currency.
    Money,
    /// State, by ISO 3166 code of three letters.
    Nation,
    /// One of the values of a declared enum (qualified name).
    Enum(String),
    /// A record (qualified name).
    Record(String),
    /// Any number of values, order without meaning.
    List(Box<Type>),
    /// May be absent, which means unknown.
    Optional(Box<Type>),
}

impl Type {
    /// The built-in scalar types by name.
    pub const SCALARS: [(&'static str, Type); 12] = [
        ("Bool", Type::Bool),
        ("Int", Type::Int),
        ("Decimal", Type::Decimal),
        ("Text", Type::Text),
        ("Date", Type::Date),
        ("Time", Type::Time),
        ("Duration", Type::Duration),
        ("Period", Type::Period),
        ("Length", Type::Length),
        ("Location", Type::Location),
        ("Money", Type::Money),
        ("Nation", Type::Nation),
    ];

    /// The type without `?`.
    pub fn known(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner.known(),
            other => other,
        }
    }

    /// Whether a value of the type may be unknown.
    pub fn is_optional(&self) -> bool {
        matches!(self, Type::Optional(_))
    }

    /// The type as people read it, without packages and modules: `list of Incident`, `RiskLevel?`.
    pub fn short(&self) -> String {
        match self {
            Type::Enum(name) | Type::Record(name) => name.rsplit('.').next().unwrap_or(name).to_owned(),
            Type::List(item) => format!("list of {}", item.short()),
            Type::Optional(inner) => format!("{}?", inner.short()),
            scalar => scalar.to_string(),
        }
    }

    /// The type with `?`, once.
    #[must_use]
    pub fn optional(self) -> Type {
        if self.is_optional() { self } else { Type::Optional(Box::new(self)) }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Enum(name) => write!(f, "enum {name}"),
            Type::Record(name) => f.write_str(name),
            // `list of T?` is a list that may be absent; items that may be absent stand in parentheses.
            Type::List(inner) if inner.is_optional() => write!(f, "list of ({inner})"),
            Type::List(inner) => write!(f, "list of {inner}"),
            Type::Optional(inner) => write!(f, "{inner}?"),
            scalar => {
                let name = Type::SCALARS.iter().find(|(_, ty)| ty == scalar).map_or("", |(name, _)| name);
                f.write_str(name)
            }
        }
    }
}

/// A type that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeError(pub String);

impl fmt::Display for TypeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no type of a pack", self.0)
    }
}

impl std::error::Error for TypeError {}

impl FromStr for Type {
    type Err = TypeError;

    fn from_str(text: &str) -> Result<Type, TypeError> {
        if let Some(inner) = text.strip_suffix('?') {
            return inner.parse().map(Type::optional);
        }
        if let Some(item) = text.strip_prefix("list of ") {
            let item = item.strip_prefix('(').and_then(|item| item.strip_suffix(')')).unwrap_or(item);
            return item.parse().map(|item| Type::List(Box::new(item)));
        }
        if let Some(name) = text.strip_prefix("enum ").filter(|name| is_name(name)) {
            return Ok(Type::Enum(name.to_owned()));
        }
        match Type::SCALARS.iter().find(|(name, _)| *name == text) {
            Some((_, ty)) => Ok(ty.clone()),
            None if is_name(text) => Ok(Type::Record(text.to_owned())),
            None => Err(TypeError(text.to_owned())),
        }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Type;

    #[test]
    fn every_type_reads_back_as_written() {
        let text = || Box::new(Type::Text);
        let types = [
            Type::Optional(Box::new(Type::List(text()))),
            Type::List(Box::new(Type::Optional(text()))),
            Type::List(Box::new(Type::List(text()))),
            Type::Optional(Box::new(Type::Enum("core.Band".into()))),
            Type::List(Box::new(Type::Record("core.Incident".into()))),
        ];
        for ty in types {
            assert_eq!(ty.to_string().parse(), Ok(ty));
        }
        for wrong in ["", "?", "list of ", "enum ", "a b", "list of (Text"] {
            assert!(wrong.parse::<Type>().is_err(), "{wrong}");
        }
    }
}
