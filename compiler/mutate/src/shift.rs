//! Values one step lower or higher.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use mandate_pack::{Arithmetic, Duration, Expr, Node, Type};
use rust_decimal::Decimal;
use std::str::FromStr;

/// A day, as a length of time by the calendar.
pub(crate) const DAY: Duration = Duration { months: 0, days: 1, seconds: 0 };

/// A second.
pub(crate) const SECOND: Duration = Duration { months: 0, days: 0, seconds: 1 };

/// A literal one step higher and one step lower: numbers by one, lengths by a metre, days by a day, instants and clock times by a
/// minute. Empty for what is no such literal.
pub(crate) fn neighbours(expr: &Expr) -> Vec<Expr> {
    let nodes: Vec<Node> = match &expr.node {
        Node::Int(n) => [n.checked_add(1), n.checked_sub(1)].into_iter().flatten().map(Node::Int).collect(),
        Node::Decimal(text) => stepped(text).into_iter().map(Node::Decimal).collect(),
        Node::Length(text) => stepped(text).into_iter().map(Node::Length).collect(),
        Node::Money { amount, currency } => {
            let money = |amount| Node::Money { amount, currency: currency.clone() };
            stepped(amount).into_iter().map(money).collect()
        }
        Node::Duration(d) => longer_and_shorter(*d).into_iter().map(Node::Duration).collect(),
        Node::Date(text) => days(text).into_iter().map(Node::Date).collect(),
        Node::Time(text) => match Timestamp::from_str(text) {
            Ok(at) => [60, -60]
                .into_iter()
                .filter_map(|s| at.checked_add(SignedDuration::from_secs(s)).ok())
                .map(|at| Node::Time(at.to_string()))
                .collect(),
            Err(_) => Vec::new(),
        },
        _ => Vec::new(),
    };
    nodes.into_iter().map(|node| Expr { ty: expr.ty.clone(), node }).collect()
}

fn stepped(text: &str) -> Vec<String> {
    let Ok(value) = Decimal::from_str(text) else { return Vec::new() };
    // A share of a whole moves by a hundredth, what is counted by one.
    let step = if value.abs() <= Decimal::ONE && !value.is_integer() { Decimal::new(1, 2) } else { Decimal::ONE };
    [value.checked_add(step), value.checked_sub(step)].into_iter().flatten().map(|v| v.to_string()).collect()
}

/// The day after and the day before.
pub(crate) fn days(text: &str) -> Vec<String> {
    let Ok(day) = Date::from_str(text) else { return Vec::new() };
    [day.tomorrow(), day.yesterday()].into_iter().flatten().map(|day| day.to_string()).collect()
}

/// By a minute where it is counted by the clock, else by a day.
fn longer_and_shorter(d: Duration) -> [Duration; 2] {
    if d.seconds == 0 {
        [Duration { days: d.days.saturating_add(1), ..d }, Duration { days: d.days.saturating_sub(1), ..d }]
    } else {
        [
            Duration { seconds: d.seconds.saturating_add(60), ..d },
            Duration { seconds: d.seconds.saturating_sub(60), ..d },
        ]
    }
}

/// An expression with a length of time added or taken away.
pub(crate) fn moved(expr: &Expr, op: Arithmetic, by: Duration) -> Expr {
    let by = Expr { ty: Type::Duration, node: Node::Duration(by) };
    Expr { ty: expr.ty.clone(), node: Node::Arith { op, left: Box::new(expr.clone()), right: Box::new(by) } }
}

#[cfg(test)]
mod tests {
    use super::{Duration, neighbours};
    use mandate_pack::{Expr, Node, Type};

    fn steps(ty: Type, node: Node) -> Vec<Node> {
        neighbours(&Expr { ty, node }).into_iter().map(|expr| expr.node).collect()
    }

    #[test]
    fn each_kind_of_value_has_its_own_step() {
        let text = |text: &str| text.to_owned();
        assert_eq!(steps(Type::Int, Node::Int(i64::MAX)), [Node::Int(i64::MAX - 1)], "nothing is above the highest");
        assert_eq!(
            steps(Type::Decimal, Node::Decimal(text("0.25"))),
            [Node::Decimal(text("0.26")), Node::Decimal(text("0.24"))]
        );
        assert_eq!(
            steps(Type::Date, Node::Date(text("2024-02-29"))),
            [Node::Date(text("2024-03-01")), Node::Date(text("2024-02-28"))]
        );
        let d = |days, seconds| Node::Duration(Duration { months: 0, days, seconds });
        assert_eq!(steps(Type::Duration, d(2, 0)), [d(3, 0), d(1, 0)]);
        assert_eq!(steps(Type::Duration, d(0, 3600)), [d(0, 3660), d(0, 3540)]);
        assert_eq!(steps(Type::Date, Node::Date(text("no day"))), []);
    }
}
