//! Values as the solver sees them: a few cases, each under a condition; known where one of the conditions holds.

use mandate_logic::{Choice, Formula, Int};
use mandate_pack::Expr;
use std::rc::Rc;

/// `plus - minus + add`: whole seconds since [`crate::time::EPOCH`] for instants, seconds for lengths of time, millionths for
/// decimals, lengths and amounts, plain for whole numbers, a number for each text and state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Linear {
    pub(crate) plus: Int,
    pub(crate) minus: Int,
    pub(crate) add: i64,
}

impl Linear {
    pub(crate) fn of(int: Int) -> Linear {
        Linear { plus: int, minus: Int::ZERO, add: 0 }
    }

    pub(crate) fn constant(add: i64) -> Linear {
        Linear { plus: Int::ZERO, minus: Int::ZERO, add }
    }

    pub(crate) fn is_constant(&self) -> bool {
        self.plus == self.minus
    }

    /// Moved by a constant; `None` beyond the numbers of the solver.
    pub(crate) fn shifted(self, by: i64) -> Option<Linear> {
        Some(Linear { add: self.add.checked_add(by)?, ..self })
    }

    /// The sum, where at most one number is added and one taken away.
    pub(crate) fn sum(self, other: Linear, sign: i64) -> Option<Linear> {
        let (plus, minus) = if sign < 0 { (other.minus, other.plus) } else { (other.plus, other.minus) };
        let mut pluses = [self.plus, plus].into_iter().filter(|int| *int != Int::ZERO).collect::<Vec<_>>();
        let mut minuses = [self.minus, minus].into_iter().filter(|int| *int != Int::ZERO).collect::<Vec<_>>();
        pluses.retain(|int| match minuses.iter().position(|other| other == int) {
            Some(at) => {
                minuses.remove(at);
                false
            }
            None => true,
        });
        if pluses.len() > 1 || minuses.len() > 1 {
            return None;
        }
        let first = |list: &[Int]| list.first().copied().unwrap_or(Int::ZERO);
        let add = self.add.checked_add(other.add.checked_mul(sign.signum())?)?;
        Some(Linear { plus: first(&pluses), minus: first(&minuses), add })
    }
}

/// A record of the situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectId(pub(crate) u32);

/// A list of the situation: a field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ListId(pub(crate) u32);

/// What ranges over records or items.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Range {
    /// Every record of a type.
    Records(String),
    /// The items of a field.
    List(ListId),
}

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Bool(Formula),
    Number(Linear),
    /// A text or state: only equality means something.
    Thing(Linear),
    /// A field of enum type, with the number of its values.
    Choice(Choice, u32),
    Variant(u32),
    Object(ObjectId),
    List(ListId),
    Items(Vec<Cases>),
    Period(Linear, Linear),
    /// A value of which nothing is known but that it is one.
    Beyond,
}

/// What a value is, each under a condition; two conditions never hold together.
pub(crate) type Cases = Vec<(Formula, Value)>;

/// What a name stands for.
#[derive(Debug, Clone)]
pub(crate) enum Bound<'p> {
    Value(Cases),
    /// Read where it is used, with the names that were known where it was written.
    Later(&'p Expr, Names<'p>),
}

/// Names in scope, innermost first.
pub(crate) type Names<'p> = Option<Rc<Link<'p>>>;

#[derive(Debug)]
pub(crate) struct Link<'p> {
    name: &'p str,
    bound: Bound<'p>,
    rest: Names<'p>,
}

/// Where an expression is read.
#[derive(Debug, Clone)]
pub(crate) struct Env<'p> {
    /// Which pack it belongs to: the declarations that it names are looked up there.
    pub(crate) side: usize,
    /// The instant at which fields that change over time are read; `None`: the instant of assessment.
    pub(crate) at: Option<Linear>,
    pub(crate) names: Names<'p>,
}

impl<'p> Env<'p> {
    pub(crate) fn new(side: usize) -> Env<'p> {
        Env { side, at: None, names: None }
    }

    #[must_use]
    pub(crate) fn with(&self, name: &'p str, bound: Bound<'p>) -> Env<'p> {
        let link = Link { name, bound, rest: self.names.clone() };
        Env { side: self.side, at: self.at, names: Some(Rc::new(link)) }
    }

    #[must_use]
    pub(crate) fn with_object(&self, name: &'p str, object: ObjectId) -> Env<'p> {
        self.with(name, Bound::Value(vec![(Formula::TRUE, Value::Object(object))]))
    }

    #[must_use]
    pub(crate) fn reading_at(&self, at: Option<Linear>) -> Env<'p> {
        Env { side: self.side, at, names: self.names.clone() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Bound<'p>> {
        let mut next = self.names.as_ref();
        while let Some(link) = next {
            if link.name == name {
                return Some(link.bound.clone());
            }
            next = link.rest.as_ref();
        }
        None
    }
}

/// Which side of the truth is asked for. The four are computed each by itself, in negation normal form, so that what quantifiers
/// stand for is only ever asserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rail {
    /// True whatever the unknown is.
    True,
    /// False whatever the unknown is.
    False,
    /// Not surely false.
    MaybeTrue,
    /// Not surely true.
    MaybeFalse,
}

impl Rail {
    /// The rail of the negation.
    pub(crate) fn negated(self) -> Rail {
        match self {
            Rail::True => Rail::False,
            Rail::False => Rail::True,
            Rail::MaybeTrue => Rail::MaybeFalse,
            Rail::MaybeFalse => Rail::MaybeTrue,
        }
    }

    /// Whether it asks for truth.
    pub(crate) fn is_true(self) -> bool {
        matches!(self, Rail::True | Rail::MaybeTrue)
    }

    /// Whether the unknown counts against it.
    pub(crate) fn is_sure(self) -> bool {
        matches!(self, Rail::True | Rail::False)
    }
}
