//! Expressions of a pack in the words of the language.

use crate::{Arithmetic, Binder, Comparison, Domain, Duration, Expr, Fold, Modal, NamedCondition, Node, Pick};

/// How tightly a form binds; a looser one inside a tighter one stands in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tight {
    Open,
    Or,
    And,
    Not,
    Compared,
    Sum,
    Product,
    Sign,
    Atom,
}

impl Expr {
    /// The expression as one would write it in a rule, names without packages and modules.
    pub fn words(&self) -> String {
        written(self, Tight::Open)
    }
}

fn words(expr: &Expr) -> String {
    expr.words()
}

/// A qualified name without its package and modules: `core.sites.Site` is `Site`.
pub fn short(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn comparison(op: Comparison) -> &'static str {
    match op {
        Comparison::Eq => "==",
        Comparison::Ne => "!=",
        Comparison::Lt => "<",
        Comparison::Le => "<=",
        Comparison::Gt => ">",
        Comparison::Ge => ">=",
    }
}

fn arithmetic(op: Arithmetic) -> (&'static str, Tight) {
    match op {
        Arithmetic::Add => ("+", Tight::Sum),
        Arithmetic::Sub => ("-", Tight::Sum),
        Arithmetic::Mul => ("*", Tight::Product),
        Arithmetic::Div => ("/", Tight::Product),
    }
}

fn written(expr: &Expr, outer: Tight) -> String {
    let (text, own) = form(expr);
    if own < outer { format!("({text})") } else { text }
}

fn joined(parts: &[Expr], word: &str, tight: Tight) -> String {
    let parts: Vec<String> = parts.iter().map(|part| written(part, tight)).collect();
    parts.join(&format!(" {word} "))
}

fn list(items: &[Expr]) -> String {
    let items: Vec<String> = items.iter().map(words).collect();
    items.join(", ")
}

fn form(expr: &Expr) -> (String, Tight) {
    let pair = |a: &Expr, word: &str, b: &Expr| {
        (format!("{} {word} {}", written(a, Tight::Sum), written(b, Tight::Sum)), Tight::Compared)
    };
    let atom = |text: String| (text, Tight::Atom);
    match &expr.node {
        Node::Bool(b) => atom(b.to_string()),
        Node::Int(n) => (n.to_string(), if *n < 0 { Tight::Sign } else { Tight::Atom }),
        Node::Decimal(text) | Node::Date(text) | Node::Time(text) | Node::Variant(text) | Node::Var(text) => {
            atom(text.clone())
        }
        Node::Text(text) | Node::Nation(text) => atom(format!("\"{text}\"")),
        Node::Duration(d) => atom(duration(*d)),
        Node::Length(text) => atom(format!("{text} m")),
        Node::Money { amount, currency } => atom(format!("{amount} {currency}")),
        Node::Never => atom("never".to_owned()),
        Node::AsOf => atom("as_of".to_owned()),
        Node::List(items) => atom(format!("{{{}}}", list(items))),
        Node::Parameter { name, at: None } => atom(short(name).to_owned()),
        Node::Parameter { name, at: Some(at) } => atom(format!("{}({})", short(name), words(at))),
        Node::Field { of, name, at: None } => atom(format!("{}.{name}", written(of, Tight::Atom))),
        Node::Field { of, name, at: Some(at) } => atom(format!("{}.{name}({})", written(of, Tight::Atom), words(at))),
        Node::Call { definition, args } => atom(format!("{}({})", short(definition), list(args))),
        Node::Not(inner) => match &inner.node {
            Node::Some { binder, condition } => (walk("no", binder, condition), Tight::Open),
            _ => (format!("not {}", written(inner, Tight::Not)), Tight::Not),
        },
        Node::And(parts) => (joined(parts, "and", Tight::And), Tight::And),
        Node::Or(parts) => (joined(parts, "or", Tight::Or), Tight::Or),
        Node::Compare { op, left, right } => pair(left, comparison(*op), right),
        Node::Arith { op, left, right } => {
            let (sign, tight) = arithmetic(*op);
            let next = if tight == Tight::Sum { Tight::Product } else { Tight::Sign };
            (format!("{} {sign} {}", written(left, tight), written(right, next)), tight)
        }
        Node::Neg(inner) => (format!("-{}", written(inner, Tight::Sign)), Tight::Sign),
        Node::In { value, list } => pair(value, "in", list),
        Node::Within { value, from, to } => match to {
            Some(to) => {
                (format!("{} in {} .. {}", written(value, Tight::Sum), words(from), words(to)), Tight::Compared)
            }
            None => pair(value, "in", from),
        },
        Node::Overlaps(a, b) => pair(a, "overlaps", b),
        Node::Covers(a, b) => pair(a, "covers", b),
        Node::IsKnown(inner) => (format!("{} is known", written(inner, Tight::Sum)), Tight::Compared),
        Node::IsMissing(inner) => (format!("{} is missing", written(inner, Tight::Sum)), Tight::Compared),
        Node::IsEmpty(inner) => (format!("{} is empty", written(inner, Tight::Sum)), Tight::Compared),
        Node::IfUnknown(a, b) => (format!("{} if unknown {}", written(a, Tight::Or), words(b)), Tight::Open),
        Node::If { condition, then, otherwise } => {
            (format!("if {} then {} else {}", words(condition), words(then), words(otherwise)), Tight::Open)
        }
        Node::Period { from, to } => {
            (format!("{} .. {}", written(from, Tight::Sum), written(to, Tight::Sum)), Tight::Open)
        }
        Node::Some { binder, condition } => (walk("some", binder, condition), Tight::Open),
        Node::Every { binder, condition } => (walk("every", binder, condition), Tight::Open),
        Node::Count { binder, condition } => atom(format!("count({})", walk("", binder, condition).trim_start())),
        Node::Share { binder, condition } => atom(format!("share({})", walk("", binder, condition).trim_start())),
        Node::Fold { op, value, binder, condition } => {
            let name = match op {
                Fold::Sum => "sum",
                Fold::Min => "min",
                Fold::Max => "max",
            };
            atom(format!("{name}({} for {})", words(value), walk("", binder, condition).trim_start()))
        }
        Node::Pick { op, binder, condition } => {
            let name = match op {
                Pick::Latest => "latest",
                Pick::Earliest => "earliest",
                Pick::The => "the",
            };
            (walk(name, binder, condition), Tight::Open)
        }
        Node::Holds { who, role, of, at } => {
            let of = of.as_ref().map_or_else(String::new, |of| format!(" of {}", written(of, Tight::Atom)));
            let at = at.as_ref().map_or_else(String::new, |at| format!(" at {}", written(at, Tight::Sum)));
            (format!("{} is {}{of}{at}", written(who, Tight::Sum), short(role)), Tight::Compared)
        }
        Node::Convert { amount, currency, rate } => {
            atom(format!("convert({}, {currency}, {})", words(amount), words(rate)))
        }
        Node::CurrencyOf(inner) => atom(format!("currency({})", words(inner))),
        Node::Distance(a, b) => atom(format!("distance({}, {})", words(a), words(b))),
        Node::Follow { from, field } => atom(format!("follow({}, {field})", words(from))),
        Node::All(parts) => {
            let part = |p: &NamedCondition| {
                let unless = p.unless.as_ref().map_or_else(String::new, |u| format!(" unless {}", words(u)));
                format!("{}: {}{unless}", p.name, words(&p.condition))
            };
            let parts: Vec<String> = parts.iter().map(part).collect();
            atom(format!("all {{ {} }}", parts.join("; ")))
        }
    }
}

fn walk(word: &str, binder: &Binder, condition: &Expr) -> String {
    let over = match &binder.over {
        Domain::Records(name) => format!("{}: {}", binder.var, short(name)),
        Domain::Items(items) => format!("{} in {}", binder.var, words(items)),
    };
    if condition.node == Node::Bool(true) {
        format!("{word} {over}")
    } else {
        format!("{word} {over} where {}", words(condition))
    }
}

impl Modal {
    /// As it stands in a rule: `must not`
    pub fn words(self) -> &'static str {
        match self {
            Modal::Must => "must",
            Modal::MustNot => "must not",
            Modal::Should => "should",
            Modal::ShouldNot => "should not",
            Modal::AimsTo => "aims to",
            Modal::May => "may",
        }
    }
}

impl Duration {
    /// `1 month 2 days 3 hours`
    pub fn words(self) -> String {
        duration(self)
    }
}

fn duration(d: Duration) -> String {
    let (sign, seconds) = if d.seconds < 0 { ("-", d.seconds.saturating_neg()) } else { ("", d.seconds) };
    // Two years and more are written in years where they are whole; twelve months are as often a year as not.
    let years = if d.months % 12 == 0 && d.months.abs() >= 24 { d.months / 12 } else { 0 };
    let months = if years == 0 { d.months } else { 0 };
    let counts = [
        (years.to_string(), years, "year"),
        (months.to_string(), months, "month"),
        (d.days.to_string(), d.days, "day"),
        (format!("{sign}{}", seconds / 3600), seconds / 3600, "hour"),
        (format!("{sign}{}", seconds / 60 % 60), seconds / 60 % 60, "minute"),
        (format!("{sign}{}", seconds % 60), seconds % 60, "second"),
    ];
    let word = |(text, n, unit): &(String, i64, &str)| format!("{text} {unit}{}", if n.abs() == 1 { "" } else { "s" });
    let words: Vec<String> = counts.iter().filter(|(_, n, _)| *n != 0).map(word).collect();
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}
