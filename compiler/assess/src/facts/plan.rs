//! The fields of every record type, prepared for reading many records of one shape without a tree between.

use crate::time::Zone;
use crate::types::Types;
use mandate_pack::{Field, Type};

/// How the values of a field are read.
#[derive(Debug)]
pub(crate) enum Kind<'p> {
    Bool,
    Int,
    Decimal,
    Text,
    Date,
    Time,
    Duration,
    Period,
    Length,
    Location,
    Money,
    Nation,
    /// Of an enum by index, by spelling.
    Variant(u32, Vec<&'p str>),
    /// The key of a record of a type; whether it is a number.
    Key(u32, bool),
    /// A record without key, in place.
    Part(u32),
    List(Box<Kind<'p>>),
    History(Box<Kind<'p>>),
    /// A type the pack does not hold; it reads nothing.
    Unreadable,
}

/// A field prepared for reading.
#[derive(Debug)]
pub(crate) struct FieldPlan<'p> {
    pub(crate) name: &'p str,
    pub(crate) kind: Kind<'p>,
    pub(crate) required: bool,
    pub(crate) sensitive: bool,
    /// Its values refer to records by key.
    pub(crate) refers: bool,
    /// Its values are records in place.
    pub(crate) holds: bool,
}

/// A record type prepared for reading.
#[derive(Debug)]
pub(crate) struct Plan<'p> {
    pub(crate) fields: Vec<FieldPlan<'p>>,
    /// The key field, and whether it may be shown.
    pub(crate) key: Option<(u32, bool)>,
    /// Fields that refer to records by key.
    pub(crate) refers: Vec<u32>,
    /// Fields that hold records.
    pub(crate) holds: Vec<u32>,
    /// Fields that no record may leave out.
    pub(crate) required: Vec<u32>,
}

/// All record types prepared for reading.
#[derive(Debug)]
pub(crate) struct Plans<'p> {
    pub(crate) records: Vec<Plan<'p>>,
    pub(crate) zone: Zone,
}

impl<'p> Plans<'p> {
    pub(crate) fn new(types: &Types<'p>, zone: Zone) -> Self {
        let records = types.records.iter().zip(0..).map(|((_, record), ty)| {
            let mut fields: Vec<_> = record.fields.iter().map(|field| FieldPlan::new(types, field)).collect();
            // A key is compared as it is written, and a fraction can be written in many ways.
            if let Some(key) = types.key(ty).and_then(|(key, _)| fields.get_mut(key as usize))
                && matches!(key.kind, Kind::Decimal)
            {
                key.kind = Kind::Unreadable;
            }
            let places = |wanted: fn(&FieldPlan<'p>) -> bool| {
                fields.iter().zip(0..).filter(|(field, _)| wanted(field)).map(|(_, place)| place).collect()
            };
            Plan {
                key: types.key(ty).map(|(field, declared)| (field, !declared.sensitive)),
                refers: places(|field| field.refers),
                holds: places(|field| field.holds),
                required: places(|field| field.required),
                fields,
            }
        });
        Plans { records: records.collect(), zone }
    }
}

impl<'p> FieldPlan<'p> {
    fn new(types: &Types<'p>, field: &'p Field) -> Self {
        let kind = Kind::new(types, &field.ty);
        let kind = if field.over_time { Kind::History(Box::new(kind)) } else { kind };
        FieldPlan {
            name: &field.name,
            required: !field.ty.is_optional() && field.default.is_none(),
            sensitive: field.sensitive,
            refers: kind.any(|kind| matches!(kind, Kind::Key(..))),
            holds: kind.any(|kind| matches!(kind, Kind::Part(_))),
            kind,
        }
    }
}

impl<'p> Kind<'p> {
    fn new(types: &Types<'p>, ty: &'p Type) -> Self {
        match ty {
            Type::Bool => Kind::Bool,
            Type::Int => Kind::Int,
            Type::Decimal => Kind::Decimal,
            Type::Text => Kind::Text,
            Type::Date => Kind::Date,
            Type::Time => Kind::Time,
            Type::Duration => Kind::Duration,
            Type::Period => Kind::Period,
            Type::Length => Kind::Length,
            Type::Location => Kind::Location,
            Type::Money => Kind::Money,
            Type::Nation => Kind::Nation,
            Type::Optional(inner) => Kind::new(types, inner),
            Type::List(item) => Kind::List(Box::new(Kind::new(types, item))),
            Type::Enum(name) => {
                let declared = types.enumeration(name).and_then(|of| Some((of, types.enums.get(of as usize)?.1)));
                declared.map_or(Kind::Unreadable, |(of, declared)| {
                    Kind::Variant(of, declared.variants.iter().map(|v| v.spelling.as_str()).collect())
                })
            }
            Type::Record(name) => match types.record(name) {
                None => Kind::Unreadable,
                Some(ty) => match types.key(ty) {
                    None => Kind::Part(ty),
                    Some((_, key)) => Kind::Key(ty, matches!(key.ty.known(), Type::Int | Type::Decimal)),
                },
            },
        }
    }

    /// The type of the records referred to by key.
    pub(crate) fn referred(&self) -> Option<u32> {
        match self {
            Kind::List(inner) | Kind::History(inner) => inner.referred(),
            Kind::Key(ty, _) => Some(*ty),
            _ => None,
        }
    }

    /// Whether it or what it is made of is so.
    fn any(&self, is: fn(&Kind<'_>) -> bool) -> bool {
        match self {
            Kind::List(inner) | Kind::History(inner) => inner.any(is),
            other => is(other),
        }
    }
}
