//! What everything is judged in, and the values of expressions.

use crate::facts::Record;
use crate::value::{Calendar, END, Instant, Length, Quantity, Tick, Truth, Unit, Value, all, any, comparable, not};
use jiff::tz::TimeZone;
use mandate_pack::{Arithmetic, Binder, Comparison, Domain, Expr, Fold, Node, Pack, Pick, Type};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use std::collections::BTreeMap;

/// A pack, facts, and the instants they are looked at from.
pub struct World<'p> {
    /// The rules.
    pub pack: &'p Pack,
    /// Days of the pack's zone.
    pub calendar: Calendar,
    /// Instant of assessment.
    pub as_of: Tick,
    /// When the data was extracted.
    pub taken: Tick,
    /// Only what had been entered by then is known.
    pub known_at: Option<Tick>,
    /// Until when the feed of a type is complete.
    pub through: BTreeMap<String, Tick>,
    /// Every record.
    pub records: Vec<Record>,
    /// Place of a record by type and name.
    pub index: BTreeMap<(String, String), usize>,
}

/// Variables, and the instant at which values that change are read.
#[derive(Debug, Clone)]
pub struct Env {
    /// Variables by name.
    pub vars: BTreeMap<String, Value>,
    /// The reading instant.
    pub at: Instant,
}

impl Env {
    /// With one more variable.
    pub fn with(&self, name: &str, value: Value) -> Env {
        let mut env = self.clone();
        env.vars.insert(name.to_owned(), value);
        env
    }

    /// Read at another instant.
    pub fn at(&self, at: Instant) -> Env {
        Env { at, ..self.clone() }
    }
}

/// The items a variable stands for in turn.
struct Items {
    known: Vec<Value>,
    /// There may be others.
    more: bool,
}

impl<'p> World<'p> {
    /// Facts against a pack.
    pub fn new(pack: &'p Pack, facts: &serde_json::Value, as_of: Tick) -> Self {
        let zone = TimeZone::get(&pack.time_zone).unwrap_or(TimeZone::UTC);
        let calendar = Calendar(zone);
        let mut world = World {
            pack,
            calendar,
            as_of,
            taken: as_of,
            known_at: None,
            through: BTreeMap::new(),
            records: Vec::new(),
            index: BTreeMap::new(),
        };
        world.known_at = facts["known_at"].as_str().and_then(|text| world.end_of(text));
        if let Some(taken) = facts["taken_at"].as_str().and_then(|text| world.end_of(text)) {
            world.taken = taken;
        }
        world.read(facts);
        world
    }

    /// No variables, read as of the assessment.
    pub fn env(&self) -> Env {
        Env { vars: BTreeMap::new(), at: Instant::exactly(self.as_of) }
    }

    /// Every record of a type that counts.
    pub fn all_of(&self, ty: &str) -> Vec<usize> {
        (0..self.records.len()).filter(|at| self.records[*at].ty == ty && !self.records[*at].gone).collect()
    }

    /// Whether a condition holds.
    pub fn truth(&self, expr: &Expr, env: &Env) -> Truth {
        self.eval(expr, env).truth()
    }

    /// A literal, or what needs no variable.
    pub fn value_of(&self, expr: &Expr) -> Value {
        self.eval(expr, &self.env())
    }

    /// An expression as an instant.
    pub fn instant(&self, expr: &Expr, env: &Env) -> Instant {
        self.calendar.instant(&self.eval(expr, env))
    }

    /// An expression as the end of a period.
    pub fn edge(&self, expr: &Expr, env: &Env) -> Instant {
        self.calendar.edge(&self.eval(expr, env))
    }

    /// The value of an expression.
    pub fn eval(&self, expr: &Expr, env: &Env) -> Value {
        let value = |e: &Expr| self.eval(e, env);
        let truth = |e: &Expr| self.truth(e, env);
        match &expr.node {
            Node::Bool(b) => Value::Bool(*b),
            Node::Int(n) => Value::number(*n),
            Node::Decimal(text) => text.parse::<Decimal>().map_or(Value::Unknown, Value::number),
            Node::Text(text) | Node::Nation(text) => Value::Text(text.clone()),
            Node::Date(text) => text.parse().map_or(Value::Unknown, Value::Day),
            Node::Time(text) => crate::facts::tick(text).map_or(Value::Unknown, |t| Value::Time(Instant::exactly(t))),
            Node::Duration(d) => {
                let micros = Tick::from(d.seconds) * 1_000_000;
                Value::Length(Length { months: d.months, days: d.days, micros })
            }
            Node::Length(text) => quantity(text.parse().ok(), Unit::Metre),
            Node::Money { amount, currency } => quantity(amount.parse().ok(), Unit::Money(Some(currency.clone()))),
            Node::Variant(name) => self.variant(&expr.ty, name),
            Node::Never => Value::Time(Instant::between(self.as_of + 1, END)),
            Node::AsOf => Value::Time(Instant::exactly(self.as_of)),
            Node::List(items) => Value::List { items: items.iter().map(value).collect(), more: false },
            Node::Var(name) => env.vars.get(name).cloned().unwrap_or(Value::Unknown),
            Node::Parameter { name, at } => self.parameter(name, at.as_ref().map(|at| value(at)).as_ref()),
            Node::Field { of, name, at } => {
                let at = at.as_ref().map_or(env.at, |at| self.instant(at, env));
                self.field(&value(of), name, at)
            }
            Node::Call { definition, args } => {
                let definition = &self.pack.definitions[definition];
                let params = definition.params.iter().map(|p| p.name.clone());
                let vars = params.zip(args.iter().map(value)).collect();
                self.eval(&definition.body, &Env { vars, at: env.at })
            }
            Node::Not(a) => Value::of(not(truth(a))),
            Node::And(parts) => Value::of(all(parts.iter().map(truth))),
            Node::Or(parts) => Value::of(any(parts.iter().map(truth))),
            Node::Compare { op, left, right } => Value::of(self.compare(*op, left, right, env)),
            Node::Arith { op, left, right } => self.arith(*op, &value(left), &value(right)),
            Node::Neg(a) => match value(a) {
                Value::Quantity(q) => Value::Quantity(Quantity { lo: q.hi.map(|n| -n), hi: q.lo.map(|n| -n), ..q }),
                Value::Length(length) => Value::Length(length.negated()),
                _ => Value::Unknown,
            },
            Node::In { value: x, list } => {
                let x = value(x);
                self.some_of(self.items(&value(list)), |y| self.calendar.equal(&x, y))
            }
            Node::Within { value: x, from, to: Some(to) } => {
                Value::of(all([self.compare(Comparison::Ge, x, from, env), self.compare(Comparison::Le, x, to, env)]))
            }
            Node::Within { value: x, from, to: None } => Value::of(self.lies_in(&value(x), &value(from))),
            Node::Overlaps(a, b) => self.overlaps(&value(a), &value(b)),
            Node::Covers(a, b) => self.covers(&value(a), &value(b)),
            Node::IsKnown(a) => Value::Bool(value(a).is_known()),
            Node::IsMissing(a) => Value::Bool(!value(a).is_known()),
            Node::IsEmpty(a) => {
                let items = self.items(&value(a));
                Value::of(if !items.known.is_empty() {
                    Some(false)
                } else if items.more {
                    None
                } else {
                    Some(true)
                })
            }
            Node::IfUnknown(a, b) => {
                let a = value(a);
                if a.is_known() { a } else { value(b) }
            }
            Node::If { condition, then, otherwise } => match truth(condition) {
                Some(true) => value(then),
                Some(false) => value(otherwise),
                None => {
                    let (a, b) = (value(then), value(otherwise));
                    if self.calendar.equal(&a, &b) == Some(true) { a } else { Value::Unknown }
                }
            },
            Node::Period { from, to } => Value::Period(Box::new(value(from)), Box::new(value(to))),
            Node::Some { binder, condition } => self
                .some_of(self.domain(binder, env), |item| self.truth(condition, &env.with(&binder.var, item.clone()))),
            Node::Every { binder, condition } => {
                let fails = |item: &Value| not(self.truth(condition, &env.with(&binder.var, item.clone())));
                Value::of(not(self.some_of(self.domain(binder, env), fails).truth()))
            }
            Node::Count { binder, condition } => {
                let (items, more) = self.chosen(binder, condition, env);
                let least = items.iter().filter(|(_, t)| *t == Some(true)).count();
                Value::Quantity(Quantity {
                    lo: Decimal::from_usize(least),
                    hi: if more { None } else { Decimal::from_usize(items.len()) },
                    unit: Unit::Number,
                })
            }
            Node::Share { binder, condition } => {
                let size = self.domain(binder, env);
                let (items, _) = self.chosen(binder, condition, env);
                if size.more || size.known.is_empty() {
                    return Value::Unknown;
                }
                let all = Decimal::from(size.known.len());
                let least = Decimal::from(items.iter().filter(|(_, t)| *t == Some(true)).count());
                let most = Decimal::from(items.len());
                Value::Quantity(Quantity { lo: Some(least / all), hi: Some(most / all), unit: Unit::Number })
            }
            Node::Holds { who, role, of, at } => {
                let at = at.as_ref().map_or(env.at, |at| self.instant(at, env));
                Value::of(self.holds(&value(who), role, of.as_ref().map(|of| value(of)).as_ref(), at))
            }
            Node::Convert { amount, currency, rate } => convert(value(amount), currency, &value(rate)),
            Node::CurrencyOf(amount) => match value(amount) {
                Value::Quantity(Quantity { unit: Unit::Money(Some(code)), .. }) => Value::Text(code),
                _ => Value::Unknown,
            },
            Node::Fold { op, value: of, binder, condition } => {
                let (items, more) = self.chosen(binder, condition, env);
                let values: Vec<(Value, bool)> = items
                    .into_iter()
                    .map(|(item, t)| (self.eval(of, &env.with(&binder.var, item)), t == Some(true)))
                    .collect();
                if more {
                    return Value::Unknown;
                }
                match op {
                    Fold::Sum => sum(&expr.ty, &values),
                    Fold::Min => self.extreme(&values, false),
                    Fold::Max => self.extreme(&values, true),
                }
            }
            Node::Pick { op, binder, condition } => self.pick(*op, self.chosen(binder, condition, env)),
            Node::Distance(a, b) => distance(&value(a), &value(b)),
            Node::Follow { from, field } => self.follow(&value(from), field, env.at),
            Node::All(parts) => Value::of(all(parts.iter().map(|part| {
                let lifted = part.unless.as_ref().map_or(Some(false), truth);
                any([truth(&part.condition), lifted])
            }))),
        }
    }

    /// A comparison. `a - b <= D` asks whether a is at most D after b: the calendar decides, and instants that are not
    /// exactly known still can.
    fn compare(&self, op: Comparison, left: &Expr, right: &Expr, env: &Env) -> Truth {
        let swapped = match op {
            Comparison::Lt => Comparison::Gt,
            Comparison::Le => Comparison::Ge,
            Comparison::Gt => Comparison::Lt,
            Comparison::Ge => Comparison::Le,
            same => same,
        };
        for (op, difference, length) in [(op, left, right), (swapped, right, left)] {
            if let Node::Arith { op: Arithmetic::Sub, left: a, right: b } = &difference.node
                && let (a @ (Value::Time(_) | Value::Day(_)), b @ (Value::Time(_) | Value::Day(_))) =
                    (self.eval(a, env), self.eval(b, env))
                && let length @ Value::Length(_) = self.eval(length, env)
            {
                let end = match self.arith(Arithmetic::Add, &b, &length) {
                    Value::Unknown => return None,
                    end => end,
                };
                return self.calendar.compare(op, &a, &end);
            }
        }
        self.calendar.compare(op, &self.eval(left, env), &self.eval(right, env))
    }

    fn variant(&self, ty: &Type, name: &str) -> Value {
        let Type::Enum(of) = ty.known() else { return Value::Unknown };
        self.pack.enums[of].variants.iter().position(|v| v.name == name).map_or(Value::Unknown, Value::Variant)
    }

    /// A parameter's value at an instant, or as of the assessment.
    fn parameter(&self, name: &str, at: Option<&Value>) -> Value {
        let at = at.map_or(Instant::exactly(self.as_of), |at| self.calendar.instant(at));
        let mut result = Value::Unknown;
        for dated in &self.pack.parameters[name].values {
            let from = dated.from.as_ref().and_then(|day| day.parse().ok());
            let begun = from.map_or(Some(true), |day| Instant::exactly(self.calendar.start(day)).le(at));
            match begun {
                Some(true) => result = self.value_of(&dated.value),
                Some(false) => {}
                None => return Value::Unknown,
            }
        }
        result
    }

    /// What the data says of a field, at an instant where it changes.
    pub fn field(&self, of: &Value, name: &str, at: Instant) -> Value {
        let Value::Record(record) = of else { return Value::Unknown };
        let record = &self.records[*record];
        let Some(history) = record.histories.get(name) else {
            return record.fields.get(name).cloned().unwrap_or(Value::Unknown);
        };
        let mut latest: Option<&(Value, Value)> = None;
        for entry in history {
            match self.calendar.edge(&entry.0).le(at) {
                Some(true) => {
                    let later = latest.is_none_or(|l| self.calendar.at_most(&l.0, &entry.0) == Some(true));
                    if later {
                        latest = Some(entry);
                    }
                }
                Some(false) => {}
                None => return Value::Unknown,
            }
        }
        latest.map_or(Value::Unknown, |(_, value)| value.clone())
    }

    fn items(&self, list: &Value) -> Items {
        match list {
            Value::List { items, more } => Items { known: items.clone(), more: *more },
            _ => Items { known: Vec::new(), more: true },
        }
    }

    fn domain(&self, binder: &Binder, env: &Env) -> Items {
        match &binder.over {
            Domain::Records(ty) => {
                Items { known: self.all_of(ty).into_iter().map(Value::Record).collect(), more: false }
            }
            Domain::Items(list) => self.items(&self.eval(list, env)),
        }
    }

    /// What a binder's variable can stand for; whether there may be more.
    pub fn bindings(&self, binder: &Binder, env: &Env) -> (Vec<Value>, bool) {
        let items = self.domain(binder, env);
        (items.known, items.more)
    }

    /// The items for which a condition is true or unknown.
    fn chosen(&self, binder: &Binder, condition: &Expr, env: &Env) -> (Vec<(Value, Truth)>, bool) {
        let items = self.domain(binder, env);
        let judged = items.known.into_iter().map(|item| {
            let truth = self.truth(condition, &env.with(&binder.var, item.clone()));
            (item, truth)
        });
        (judged.filter(|(_, truth)| *truth != Some(false)).collect(), items.more)
    }

    fn some_of(&self, items: Items, holds: impl Fn(&Value) -> Truth) -> Value {
        let rest = items.more.then_some(None);
        Value::of(any(items.known.iter().map(holds).chain(rest)))
    }

    fn lies_in(&self, x: &Value, period: &Value) -> Truth {
        let Value::Period(from, to) = period else { return None };
        match (x, &**from, &**to) {
            (Value::Day(x), Value::Day(from), Value::Day(to)) => Some(from <= x && x < to),
            _ => {
                let x = self.calendar.instant(x);
                all([self.calendar.edge(from).le(x), x.lt(self.calendar.edge(to))])
            }
        }
    }

    fn overlaps(&self, a: &Value, b: &Value) -> Value {
        match (a, b) {
            (Value::Period(a, b), Value::Period(c, d)) => {
                let edge = |v: &Value| self.calendar.edge(v);
                Value::of(all([edge(a).lt(edge(d)), edge(c).lt(edge(b))]))
            }
            (Value::List { .. }, _) | (_, Value::List { .. }) => {
                let b = self.items(b);
                self.some_of(self.items(a), |x| {
                    any(b.known.iter().map(|y| self.calendar.equal(x, y)).chain(b.more.then_some(None)))
                })
            }
            _ => Value::Unknown,
        }
    }

    fn covers(&self, a: &Value, b: &Value) -> Value {
        match (a, b) {
            (Value::Period(a, b), Value::Period(c, d)) => {
                let edge = |v: &Value| self.calendar.edge(v);
                Value::of(all([edge(a).le(edge(c)), edge(d).le(edge(b))]))
            }
            (Value::Period(..), _) => Value::of(self.lies_in(b, a)),
            (Value::List { .. }, _) | (_, Value::List { .. }) => {
                let a = self.items(a);
                let found =
                    |x: &Value| any(a.known.iter().map(|y| self.calendar.equal(x, y)).chain(a.more.then_some(None)));
                Value::of(not(self.some_of(self.items(b), |x| not(found(x))).truth()))
            }
            _ => Value::Unknown,
        }
    }

    fn arith(&self, op: Arithmetic, a: &Value, b: &Value) -> Value {
        let back = |l: &Length| if op == Arithmetic::Sub { l.negated() } else { *l };
        match (op, a, b) {
            (Arithmetic::Add, Value::Length(by), Value::Time(_) | Value::Day(_)) => {
                self.arith(op, b, &Value::Length(*by))
            }
            (Arithmetic::Add | Arithmetic::Sub, Value::Time(t), Value::Length(by)) => {
                self.calendar.add(*t, back(by)).map_or(Value::Unknown, Value::Time)
            }
            (Arithmetic::Add | Arithmetic::Sub, Value::Day(day), Value::Length(by)) if by.is_of_days() => {
                self.calendar.add_to_day(*day, back(by)).map_or(Value::Unknown, Value::Day)
            }
            (Arithmetic::Sub, Value::Time(a), Value::Time(b)) => {
                if !a.is_exact() || !b.is_exact() {
                    return Value::Unknown;
                }
                Value::Length(Length { months: 0, days: 0, micros: a.lo - b.lo })
            }
            (Arithmetic::Sub, Value::Day(a), Value::Day(b)) => match b.until(*a) {
                Ok(span) => Value::Length(Length { months: 0, days: span.get_days().into(), micros: 0 }),
                Err(_) => Value::Unknown,
            },
            (Arithmetic::Add | Arithmetic::Sub, Value::Length(a), Value::Length(b)) => {
                let b = back(b);
                Value::Length(Length {
                    months: a.months + b.months,
                    days: a.days + b.days,
                    micros: a.micros + b.micros,
                })
            }
            (_, Value::Quantity(a), Value::Quantity(b)) => arith(op, a, b).map_or(Value::Unknown, Value::Quantity),
            _ => Value::Unknown,
        }
    }

    /// The least or greatest value, where it is sure which one it is; of nothing, unknown.
    fn extreme(&self, values: &[(Value, bool)], greatest: bool) -> Value {
        let beats = |n: usize, m: usize| {
            let (a, b) = if greatest { (&values[m].0, &values[n].0) } else { (&values[n].0, &values[m].0) };
            n == m || self.calendar.at_most(a, b) == Some(true)
        };
        let winner = (0..values.len()).find(|n| {
            let (value, sure) = &values[*n];
            *sure && value.is_known() && (0..values.len()).all(|m| beats(*n, m))
        });
        winner.map_or(Value::Unknown, |n| values[n].0.clone())
    }

    /// One record: only if it is surely the one.
    fn pick(&self, op: Pick, (items, more): (Vec<(Value, Truth)>, bool)) -> Value {
        if more {
            return Value::Unknown;
        }
        let date = |v: &Value| match v {
            Value::Record(at) => self.own_date(*at).0,
            _ => Value::Unknown,
        };
        let surely_chosen = |n: usize| {
            items[n].1 == Some(true)
                && items.iter().enumerate().filter(|(m, _)| *m != n).all(|(_, (other, _))| match op {
                    Pick::The => false,
                    Pick::Latest => not(self.calendar.at_most(&date(&items[n].0), &date(other))) == Some(true),
                    Pick::Earliest => not(self.calendar.at_most(&date(other), &date(&items[n].0))) == Some(true),
                })
        };
        (0..items.len()).find(|n| surely_chosen(*n)).map_or(Value::Unknown, |n| items[n].0.clone())
    }

    fn follow(&self, from: &Value, field: &str, at: Instant) -> Value {
        let mut found: Vec<Value> = Vec::new();
        let mut more = false;
        let mut ahead = vec![from.clone()];
        while let Some(record) = ahead.pop() {
            let next = match self.field(&record, field, at) {
                Value::List { items, more: m } => {
                    more |= m;
                    items
                }
                single => vec![single],
            };
            for record in next {
                match record {
                    Value::Record(_) if !found.contains(&record) => {
                        found.push(record.clone());
                        ahead.push(record);
                    }
                    Value::Record(_) => {}
                    _ => more = true,
                }
            }
        }
        Value::List { items: found, more }
    }

    /// Whether someone holds a role, or a narrower one, at an instant.
    pub fn holds(&self, who: &Value, role: &str, of: Option<&Value>, at: Instant) -> Truth {
        let leads_to = |name: &String| {
            let mut next = Some(name.as_str());
            while let Some(name) = next.filter(|name| *name != role) {
                next = self.pack.roles.get(name).and_then(|r| r.is.as_deref());
            }
            next.is_some()
        };
        any(self.pack.roles.iter().filter(|(name, _)| leads_to(name)).map(|(_, role)| {
            let Some(held) = &role.held else { return Some(false) };
            let mut env = self.env().at(at);
            if let (Some(param), Some(of)) = (&role.of, of) {
                env = env.with(&param.name, of.clone());
            }
            self.some_binding(&held.binders, &env, &|env| {
                let from = held.during.as_ref().map(|(from, _)| self.edge(from, env));
                let begun = from.map_or(Some(true), |from| from.le(at));
                let lasts = held.during.as_ref().map_or(Some(true), |(_, to)| at.lt(self.edge(to, env)));
                let limit = match (&held.longest, from) {
                    (Some(longest), Some(from)) => match self.eval(longest, env) {
                        Value::Length(by) => self.calendar.add(from, by).and_then(|end| at.lt(end)),
                        _ => None,
                    },
                    _ => Some(true),
                };
                let is_holder = self.calendar.equal(&self.eval(&held.by, env), who);
                all([self.truth(&held.condition, env), is_holder, begun, lasts, limit])
            })
        }))
    }

    fn some_binding(&self, binders: &[Binder], env: &Env, holds: &dyn Fn(&Env) -> Truth) -> Truth {
        let Some((first, rest)) = binders.split_first() else { return holds(env) };
        let (items, more) = self.bindings(first, env);
        let found = items.into_iter().map(|item| self.some_binding(rest, &env.with(&first.var, item), holds));
        any(found.chain(more.then_some(None)))
    }
}

fn quantity(n: Option<Decimal>, unit: Unit) -> Value {
    if n.is_none() { Value::Unknown } else { Value::Quantity(Quantity { lo: n, hi: n, unit }) }
}

/// Sum of what surely counts, and of what may.
fn sum(ty: &Type, values: &[(Value, bool)]) -> Value {
    if *ty.known() == Type::Duration {
        let mut total = Length { months: 0, days: 0, micros: 0 };
        for (value, sure) in values {
            let (Value::Length(l), true) = (value, sure) else { return Value::Unknown };
            total.months += l.months;
            total.days += l.days;
            total.micros += l.micros;
        }
        return Value::Length(total);
    }
    let unit = match ty.known() {
        Type::Money => Unit::Money(None),
        Type::Length => Unit::Metre,
        _ => Unit::Number,
    };
    let mut total = Quantity { lo: Some(Decimal::ZERO), hi: Some(Decimal::ZERO), unit };
    for (value, sure) in values {
        let Value::Quantity(q) = value else { return Value::Unknown };
        if !comparable(&q.unit, &total.unit) {
            return Value::Unknown;
        }
        let zero = Decimal::ZERO;
        let lo = if *sure { q.lo } else { q.lo.map(|n| n.min(zero)) };
        let hi = if *sure { q.hi } else { q.hi.map(|n| n.max(zero)) };
        let add = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).and_then(|(a, b)| a.checked_add(b));
        total = Quantity { lo: add(total.lo, lo), hi: add(total.hi, hi), unit: q.unit.clone() };
    }
    Value::Quantity(total)
}

fn arith(op: Arithmetic, a: &Quantity, b: &Quantity) -> Option<Quantity> {
    let same = comparable(&a.unit, &b.unit);
    let unit = match op {
        Arithmetic::Add | Arithmetic::Sub if same => {
            if a.unit == Unit::Money(None) {
                b.unit.clone()
            } else {
                a.unit.clone()
            }
        }
        Arithmetic::Mul if a.unit == Unit::Number => b.unit.clone(),
        Arithmetic::Mul | Arithmetic::Div if b.unit == Unit::Number => a.unit.clone(),
        Arithmetic::Div if same => Unit::Number,
        _ => return None,
    };
    let ends = |q: &Quantity| Some([q.lo?, q.hi?]);
    match op {
        Arithmetic::Add | Arithmetic::Sub => {
            let (lo, hi) = if op == Arithmetic::Add { (b.lo, b.hi) } else { (b.hi.map(|n| -n), b.lo.map(|n| -n)) };
            let add = |x: Option<Decimal>, y: Option<Decimal>| x.zip(y).and_then(|(x, y)| x.checked_add(y));
            Some(Quantity { lo: add(a.lo, lo), hi: add(a.hi, hi), unit })
        }
        Arithmetic::Mul | Arithmetic::Div => {
            let (xs, ys) = (ends(a)?, ends(b)?);
            if op == Arithmetic::Div && ys[0] <= Decimal::ZERO && ys[1] >= Decimal::ZERO {
                return None;
            }
            let mut corners = Vec::new();
            for x in xs {
                for y in ys {
                    corners.push(if op == Arithmetic::Mul { x.checked_mul(y)? } else { x.checked_div(y)? });
                }
            }
            Some(Quantity { lo: corners.iter().min().copied(), hi: corners.iter().max().copied(), unit })
        }
    }
}

fn convert(amount: Value, currency: &str, rate: &Value) -> Value {
    let Value::Quantity(amount) = amount else { return Value::Unknown };
    let here = Unit::Money(Some(currency.to_owned()));
    if comparable(&amount.unit, &here) {
        return Value::Quantity(Quantity { unit: here, ..amount });
    }
    let Value::Quantity(rate) = rate else { return Value::Unknown };
    let plain = Quantity { unit: Unit::Number, ..amount };
    arith(Arithmetic::Mul, &plain, rate).map_or(Value::Unknown, |q| Value::Quantity(Quantity { unit: here, ..q }))
}

/// Great-circle distance on a sphere of the earth's mean radius, less and plus the uncertainties.
fn distance(a: &Value, b: &Value) -> Value {
    let (Value::Location { lat, lon, within }, Value::Location { lat: lat2, lon: lon2, within: within2 }) = (a, b)
    else {
        return Value::Unknown;
    };
    let (p, q) = (lat.to_radians(), lat2.to_radians());
    let half = ((q - p) / 2.0).sin().powi(2) + p.cos() * q.cos() * ((lon2 - lon).to_radians() / 2.0).sin().powi(2);
    let metres = 2.0 * 6_371_008.8 * half.sqrt().min(1.0).asin();
    let Some(metres) = Decimal::from_f64(metres) else { return Value::Unknown };
    let off = *within + *within2;
    Value::Quantity(Quantity { lo: Some((metres - off).max(Decimal::ZERO)), hi: Some(metres + off), unit: Unit::Metre })
}
