//! Expressions of a pack: typed trees, JSON like `{"type": "Bool", "node": {"compare": {"op": "<", ...}}}`.

use crate::Type;
use serde::{Deserialize, Serialize};

/// An expression with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expr {
    /// Type of the value; optional when it may be unknown.
    #[serde(rename = "type")]
    pub ty: Type,
    /// What it is.
    pub node: Node,
}

/// Comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Comparison {
    /// Equal; records by identity.
    #[serde(rename = "==")]
    Eq,
    /// Not equal.
    #[serde(rename = "!=")]
    Ne,
    /// Less, earlier, lower in an ordered enum.
    #[serde(rename = "<")]
    Lt,
    /// Less or equal.
    #[serde(rename = "<=")]
    Le,
    /// Greater.
    #[serde(rename = ">")]
    Gt,
    /// Greater or equal.
    #[serde(rename = ">=")]
    Ge,
}

/// Arithmetic. `Time + Duration`, `Date + Duration`, `Time - Time` (a Duration) and numbers of one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Arithmetic {
    /// Sum.
    #[serde(rename = "+")]
    Add,
    /// Difference.
    #[serde(rename = "-")]
    Sub,
    /// Product; at most one side has a unit.
    #[serde(rename = "*")]
    Mul,
    /// Quotient; two sides of the same unit give a Decimal. Division by zero is unknown.
    #[serde(rename = "/")]
    Div,
}

/// A length of time. Months and days follow the calendar of the pack's zone, seconds are elapsed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duration {
    /// Calendar months (years are twelve).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub months: i64,
    /// Calendar days (weeks are seven).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub days: i64,
    /// Elapsed seconds (hours, minutes).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub seconds: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(n: &i64) -> bool {
    *n == 0
}

/// What a variable ranges over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Every record of a type (qualified name).
    Records(String),
    /// The items of a list.
    Items(Box<Expr>),
}

/// A variable with what it ranges over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binder {
    /// The variable.
    pub var: String,
    /// What it ranges over.
    pub over: Domain,
}

/// A value from which instants follow on a named condition, as in `all { name: c unless e }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedCondition {
    /// Said when it fails.
    pub name: String,
    /// What must hold.
    pub condition: Expr,
    /// Lifts this condition alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<Expr>,
}

/// The forms of an expression. Numbers with a fraction are written as decimal text, so that nothing is rounded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// `true`, `false`.
    Bool(bool),
    /// Whole number.
    Int(i64),
    /// Decimal number, as text.
    Decimal(String),
    /// Text.
    Text(String),
    /// Civil day, `2024-03-01`.
    Date(String),
    /// Instant with offset, `2024-03-01T08:00:00Z`.
    Time(String),
    /// Length of time.
    Duration(Duration),
    /// Metres, as decimal text.
    Length(String),
    /// Amount, as decimal text, with the currency code.
    Money {
        /// Amount.
        amount: String,
        /// Code of three letters.
        currency: String,
    },
    /// State by code.
    Nation(String),
    /// Value of the enum named by the type.
    Variant(String),
    /// Later than every instant.
    Never,
    /// The instant of assessment.
    AsOf,
    /// Values listed.
    List(Vec<Expr>),
    /// A variable in scope.
    Var(String),
    /// Value of a parameter (qualified name) at the instant of assessment, or at an instant.
    Parameter {
        /// Qualified name.
        name: String,
        /// The day asked for, when written as `threshold(c.signed_on)`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Box<Expr>>,
    },
    /// Field of a record.
    Field {
        /// The record.
        of: Box<Expr>,
        /// Field name.
        name: String,
        /// For a field whose value changes over time, the instant asked for, when written as `i.level(t)`. Otherwise it is
        /// read where the condition stands: `when` at the start of the clock, `unless` at the breach, evidence at the act,
        /// everything else as of the assessment (or the rule's `on`).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Box<Expr>>,
    },
    /// A definition applied (qualified name); its body stands in `Pack::definitions`.
    Call {
        /// Qualified name.
        definition: String,
        /// By position.
        args: Vec<Expr>,
    },
    /// Kleene negation.
    Not(Box<Expr>),
    /// Kleene conjunction.
    And(Vec<Expr>),
    /// Kleene disjunction.
    Or(Vec<Expr>),
    /// Comparison.
    Compare {
        /// Which.
        op: Comparison,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// Arithmetic.
    Arith {
        /// Which.
        op: Arithmetic,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// Negation of a number or duration.
    Neg(Box<Expr>),
    /// Membership in a list.
    In {
        /// The value.
        value: Box<Expr>,
        /// The list.
        list: Box<Expr>,
    },
    /// Inside a range, both ends included (numbers, durations), or inside a period (instants, half-open).
    Within {
        /// The value.
        value: Box<Expr>,
        /// Lower end, or the period when `to` is absent.
        from: Box<Expr>,
        /// Upper end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Box<Expr>>,
    },
    /// Two periods, or two lists, have something in common.
    Overlaps(Box<Expr>, Box<Expr>),
    /// The first period (or list) contains the second period, instant or list.
    Covers(Box<Expr>, Box<Expr>),
    /// The value is known. Never unknown itself.
    IsKnown(Box<Expr>),
    /// The value is not known. Never unknown itself.
    IsMissing(Box<Expr>),
    /// The list has no item.
    IsEmpty(Box<Expr>),
    /// The first, unless it is unknown, else the second.
    IfUnknown(Box<Expr>, Box<Expr>),
    /// Choice; equal branches decide even when the condition is unknown.
    If {
        /// Condition.
        condition: Box<Expr>,
        /// When true.
        then: Box<Expr>,
        /// When false.
        otherwise: Box<Expr>,
    },
    /// A period, half-open.
    Period {
        /// Start.
        from: Box<Expr>,
        /// End.
        to: Box<Expr>,
    },
    /// Some item makes the condition true. (`no` is its negation.)
    Some {
        /// Variable and domain.
        binder: Binder,
        /// Condition.
        condition: Box<Expr>,
    },
    /// Every item makes the condition true.
    Every {
        /// Variable and domain.
        binder: Binder,
        /// Condition.
        condition: Box<Expr>,
    },
    /// Number of items for which the condition is true.
    Count {
        /// Variable and domain.
        binder: Binder,
        /// Condition.
        condition: Box<Expr>,
    },
    /// Part of the items for which the condition is true, from 0 to 1. Of no items, unknown.
    Share {
        /// Variable and domain.
        binder: Binder,
        /// Condition.
        condition: Box<Expr>,
    },
    /// Whether someone holds a role: `p is commander of u at t`.
    Holds {
        /// Who.
        who: Box<Expr>,
        /// Role, qualified; a narrower one counts too.
        role: String,
        /// The record the role belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<Box<Expr>>,
        /// When; absent: at the instant the condition is read at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Box<Expr>>,
    },
    /// An amount in another currency: `convert(amount, USD, rate)`, rate = units of the new currency for one of the old.
    /// An amount that is in it already stays, whatever the rate.
    Convert {
        /// Amount.
        amount: Box<Expr>,
        /// Code of the new currency.
        currency: String,
        /// Decimal rate.
        rate: Box<Expr>,
    },
    /// Code of the currency of an amount, as text.
    CurrencyOf(Box<Expr>),
    /// Sum, least or greatest value over the items for which the condition is true.
    Fold {
        /// Which.
        op: Fold,
        /// Summed, or compared.
        value: Box<Expr>,
        /// Variable and domain.
        binder: Binder,
        /// Condition.
        condition: Box<Expr>,
    },
    /// One record: the latest or earliest by its own date, or the only one.
    Pick {
        /// Which.
        op: Pick,
        /// Variable and domain.
        binder: Binder,
        /// Condition.
        condition: Box<Expr>,
    },
    /// Great-circle distance between two locations, less and plus their uncertainties.
    Distance(Box<Expr>, Box<Expr>),
    /// Every record reached by following a field any number of times, the start not included.
    Follow {
        /// Start.
        from: Box<Expr>,
        /// Field that leads to the next (a record, an optional record or a list of records).
        field: String,
    },
    /// Conjunction of named conditions.
    All(Vec<NamedCondition>),
}

/// Folds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    /// Sum; of nothing, zero.
    Sum,
    /// Least; of nothing, unknown.
    Min,
    /// Greatest; of nothing, unknown.
    Max,
}

/// Picks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// Latest by the record's own date.
    Latest,
    /// Earliest by the record's own date.
    Earliest,
    /// The only one; none or several is unknown.
    The,
}
