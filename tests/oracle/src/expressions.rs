//! Random expressions of a wanted type.

use crate::schema::{e, equal, length};
use fastrand::Rng;
use mandate_pack::*;

/// What is drawn from: the pack, random numbers, and the instants and days that everything happens at.
pub struct Draw<'p> {
    /// Types, definitions, parameters.
    pub pack: &'p Pack,
    /// Random numbers.
    pub rng: Rng,
    /// Instants: few, so that boundaries meet.
    pub times: Vec<String>,
    /// Days.
    pub days: Vec<String>,
    /// Constructs that are drawn.
    pub features: Features,
    /// Which rules drawn so far are about a unit, too.
    pub pairs: Vec<bool>,
}

/// Constructs that can be left out, to find out what a disagreement is about.
#[derive(Debug, Clone, Copy)]
pub struct Features {
    /// `share`, `convert`, `currency`, `holds`.
    pub quantities: bool,
    /// Lasting and recurring duties.
    pub lasting: bool,
    /// `overrides`.
    pub overrides: bool,
    /// `in force` of a rule itself, `party`, `binds`, `compulsory`, `supersedes`, endorsements.
    pub editions: bool,
    /// Histories, `recorded`, `known at`, `taken`, roles over time.
    pub histories: bool,
    /// Caveats, revocation, exceptional waivers.
    pub caveats: bool,
}

impl Features {
    /// What the engine carries out.
    pub const CARRIED_OUT: Features =
        Features { quantities: true, lasting: true, overrides: true, editions: true, histories: true, caveats: true };
}

/// Variables in scope, with their record types.
pub type Scope<'s> = [(&'s str, &'s str)];

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

fn bool_of(node: Node) -> Expr {
    e("Bool", node)
}

impl Draw<'_> {
    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    /// One of several.
    pub fn one<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.rng.usize(0..items.len())].clone()
    }

    /// An instant of the few.
    pub fn time(&mut self) -> String {
        let times = self.times.clone();
        self.one(&times)
    }

    /// A day of the few.
    pub fn day(&mut self) -> String {
        let days = self.days.clone();
        self.one(&days)
    }

    /// Every path from the variables that ends in a type, over at most two fields.
    pub fn paths(&self, ty: &Type, scope: &Scope<'_>) -> Vec<Expr> {
        let mut found = Vec::new();
        let mut ahead: Vec<(Expr, usize)> =
            scope.iter().map(|(name, ty)| (e(ty, Node::Var((*name).into())), 0)).collect();
        while let Some((expr, depth)) = ahead.pop() {
            if expr.ty.known() == ty {
                found.push(expr.clone());
            }
            let Type::Record(record) = expr.ty.known() else { continue };
            if depth == 2 {
                continue;
            }
            for field in &self.pack.records[record].fields {
                let of = Box::new(expr.clone());
                if field.over_time && !self.features.histories {
                    continue;
                }
                let node = Node::Field { of, name: field.name.clone(), at: None };
                let ty = if expr.ty.is_optional() { field.ty.clone().optional() } else { field.ty.clone() };
                ahead.push((Expr { ty, node }, depth + 1));
            }
        }
        found
    }

    /// A path to a type, if there is one.
    pub fn path(&mut self, ty: &Type, scope: &Scope<'_>) -> Option<Expr> {
        let mut paths = self.paths(ty, scope);
        // Short paths more often than long ones, which are many.
        let short: Vec<_> = paths.iter().filter(|p| depth(p) <= 1).cloned().collect();
        if !short.is_empty() && self.chance(75) {
            paths = short;
        }
        (!paths.is_empty()).then(|| self.one(&paths))
    }

    /// An expression of a type.
    pub fn expr(&mut self, ty: &Type, scope: &Scope<'_>, depth: usize) -> Expr {
        if depth == 0 || self.chance(35) {
            if let Some(path) = self.path(ty, scope).filter(|_| self.rng.u32(0..100) < 80) {
                return self.dated(path, scope);
            }
            if let Some(literal) = self.literal(ty) {
                return literal;
            }
        }
        if depth > 0 {
            let made = match ty {
                Type::Bool => Some(self.condition(scope, depth - 1)),
                _ => self.compound(ty, scope, depth - 1),
            };
            if let Some(made) = made {
                return made;
            }
        }
        self.path(ty, scope).or_else(|| self.literal(ty)).unwrap_or_else(|| e("Bool", Node::Bool(true)))
    }

    /// A field that changes over time, at an instant of its own now and then.
    fn dated(&mut self, mut path: Expr, scope: &Scope<'_>) -> Expr {
        if let Node::Field { name, at, .. } = &mut path.node
            && name == "state"
            && self.chance(30)
        {
            *at = Some(boxed(self.expr(&Type::Time, scope, 0)));
        }
        path
    }

    /// A literal of a type.
    pub fn literal(&mut self, ty: &Type) -> Option<Expr> {
        let node = match ty {
            Type::Bool => Node::Bool(self.rng.bool()),
            Type::Int => Node::Int(self.rng.i64(-1..4)),
            Type::Decimal => Node::Decimal(self.one(&["0", "0.5", "1", "2"]).into()),
            Type::Text => Node::Text(self.one(&["r0", "x"]).into()),
            Type::Date => Node::Date(self.day()),
            Type::Time => {
                if self.chance(25) {
                    Node::AsOf
                } else {
                    Node::Time(self.time())
                }
            }
            Type::Duration => return Some(length(0, self.one_of(&[0, 8, 16, 24, 48]))),
            Type::Period => {
                let (from, to) = if self.rng.bool() {
                    (e("Time", Node::Time(self.time())), e("Time", Node::Time(self.time())))
                } else {
                    (e("Date", Node::Date(self.day())), e("Date", Node::Date(self.day())))
                };
                Node::Period { from: boxed(from), to: boxed(to) }
            }
            Type::Length => Node::Length(self.one(&["0", "100", "5000"]).into()),
            Type::Money => Node::Money {
                amount: self.one(&["0", "10", "20"]).into(),
                currency: self.one(&["USD", "USD", "EUR"]).into(),
            },
            Type::Nation => Node::Nation(self.one(&["NOR", "DEU"]).into()),
            Type::Enum(name) => {
                let names: Vec<_> = self.pack.enums[name].variants.iter().map(|v| v.name.clone()).collect();
                Node::Variant(self.one(&names))
            }
            Type::List(item) if **item == Type::Nation => Node::List(vec![self.literal(item)?, self.literal(item)?]),
            _ => return None,
        };
        Some(Expr { ty: ty.clone(), node })
    }

    fn one_of(&mut self, items: &[i64]) -> i64 {
        items[self.rng.usize(0..items.len())]
    }

    /// An expression made of others, of a type that is no condition.
    fn compound(&mut self, ty: &Type, scope: &Scope<'_>, depth: usize) -> Option<Expr> {
        let node = match (ty, self.rng.u32(0..7)) {
            (Type::Record(_) | Type::List(_) | Type::Text | Type::Nation, 0..=4) => return self.pick(ty, scope, depth),
            (_, 0) => Node::If {
                condition: boxed(self.expr(&Type::Bool, scope, depth)),
                then: boxed(self.expr(ty, scope, depth)),
                otherwise: boxed(self.expr(ty, scope, depth)),
            },
            (_, 1) => {
                let optional: Vec<_> = self.paths(ty, scope).into_iter().filter(|p| p.ty.is_optional()).collect();
                if optional.is_empty() {
                    return None;
                }
                Node::IfUnknown(boxed(self.one(&optional)), boxed(self.expr(ty, scope, depth)))
            }
            (_, 2) => return self.fold(ty, scope, depth),
            (Type::Int, 3) => self.count(scope, depth)?,
            (Type::Decimal, 3) => {
                let sides = (self.expr(&Type::Int, scope, depth), self.expr(&Type::Int, scope, depth));
                arith(Arithmetic::Div, sides.0, sides.1)
            }
            (Type::Decimal, 4) if self.features.quantities => {
                let (binder, ty) = self.binder(scope)?;
                let condition = self.under(&binder, &ty, scope, depth);
                Node::Share { binder, condition }
            }
            (Type::Int | Type::Decimal | Type::Length | Type::Money, _) => {
                let op = self.one(&[Arithmetic::Add, Arithmetic::Sub]);
                if self.features.quantities && *ty == Type::Money && self.chance(30) {
                    let rate = boxed(self.expr(&Type::Decimal, scope, depth));
                    let amount = boxed(self.expr(ty, scope, depth));
                    Node::Convert { amount, currency: "EUR".into(), rate }
                } else if *ty == Type::Length && self.chance(50) {
                    let place = |draw: &mut Self| draw.path(&Type::Location, scope);
                    Node::Distance(boxed(place(self)?), boxed(place(self)?))
                } else if self.chance(30) {
                    let factor = self.expr(&Type::Int, scope, depth);
                    arith(Arithmetic::Mul, self.expr(ty, scope, depth), factor)
                } else {
                    arith(op, self.expr(ty, scope, depth), self.expr(ty, scope, depth))
                }
            }
            (Type::Time, _) => {
                let op = self.one(&[Arithmetic::Add, Arithmetic::Sub]);
                let by = self.span();
                arith(op, self.expr(ty, scope, depth), by)
            }
            (Type::Date, _) => {
                let days = self.one_of(&[0, 1, 2]);
                arith(Arithmetic::Add, self.expr(ty, scope, depth), length(days, 0))
            }
            (Type::Duration, 3..=4) => {
                let sides = (self.expr(&Type::Time, scope, depth), self.expr(&Type::Time, scope, depth));
                arith(Arithmetic::Sub, sides.0, sides.1)
            }
            (Type::Period, _) => {
                let end = if self.rng.bool() { Type::Time } else { Type::Date };
                Node::Period { from: boxed(self.expr(&end, scope, depth)), to: boxed(self.expr(&end, scope, depth)) }
            }
            _ => return None,
        };
        Some(Expr { ty: ty.clone().optional(), node })
    }

    /// Any length of time, calendar ones too.
    pub fn span(&mut self) -> Expr {
        match self.rng.u32(0..8) {
            0 => length(0, 0),
            1 => length(0, 8),
            2 => length(0, 24),
            3 => length(0, 48),
            4 | 5 => length(1, 0),
            6 => length(2, 0),
            _ if self.chance(50) => length(1, 8),
            _ => e("Duration", Node::Duration(Duration { months: 1, days: 0, seconds: 0 })),
        }
    }

    fn pick(&mut self, ty: &Type, scope: &Scope<'_>, depth: usize) -> Option<Expr> {
        let Type::Record(record) = ty else { return self.path(ty, scope) };
        let op = match record.as_str() {
            "Report" | "Notice" | "Presence" | "Case" => self.one(&[Pick::Latest, Pick::Earliest, Pick::The]),
            _ => Pick::The,
        };
        let name = fresh(scope);
        let binder = Binder { var: name.clone(), over: Domain::Records(record.clone()) };
        let condition = self.under(&binder, record, scope, depth);
        Some(Expr { ty: ty.clone().optional(), node: Node::Pick { op, binder, condition } })
    }

    /// A variable over a list in reach, or over all records of a type; with its type.
    fn binder(&mut self, scope: &Scope<'_>) -> Option<(Binder, String)> {
        let name = fresh(scope);
        let list = self.one(&["Victim", "Victim", "Unit"]);
        let ty = Type::List(Box::new(Type::Record(list.into())));
        if self.chance(60)
            && let Some(items) = self.path(&ty, scope)
        {
            return Some((Binder { var: name, over: Domain::Items(boxed(items)) }, list.into()));
        }
        let record = self.one(&["Report", "Notice", "Presence", "Victim", "Case", "Unit"]);
        Some((Binder { var: name, over: Domain::Records(record.into()) }, record.into()))
    }

    fn under(&mut self, binder: &Binder, ty: &str, scope: &Scope<'_>, depth: usize) -> Box<Expr> {
        let mut inner = scope.to_vec();
        inner.push((&binder.var, ty));
        // The variable alone, half of the time: else conditions are mostly about something else.
        let inner = if self.rng.bool() { &inner[inner.len() - 1..] } else { &inner[..] };
        boxed(self.expr(&Type::Bool, inner, depth))
    }

    fn count(&mut self, scope: &Scope<'_>, depth: usize) -> Option<Node> {
        let (binder, ty) = self.binder(scope)?;
        let condition = self.under(&binder, &ty, scope, depth);
        Some(Node::Count { binder, condition })
    }

    fn fold(&mut self, ty: &Type, scope: &Scope<'_>, depth: usize) -> Option<Expr> {
        let ops: &[Fold] = match ty {
            Type::Int | Type::Decimal | Type::Money | Type::Length | Type::Duration => {
                &[Fold::Sum, Fold::Min, Fold::Max]
            }
            Type::Time | Type::Date => &[Fold::Min, Fold::Max],
            _ => return None,
        };
        let op = self.one(ops);
        let (binder, record) = self.binder(scope)?;
        let condition = self.under(&binder, &record, scope, depth);
        let mut inner = scope.to_vec();
        inner.push((&binder.var, &record));
        let value = boxed(self.path(ty, &inner[inner.len() - 1..])?);
        Some(Expr { ty: ty.clone().optional(), node: Node::Fold { op, value, binder, condition } })
    }

    /// A condition.
    fn condition(&mut self, scope: &Scope<'_>, depth: usize) -> Expr {
        let sub = |draw: &mut Self| draw.expr(&Type::Bool, scope, depth);
        bool_of(match self.rng.u32(0..24) {
            0 => Node::Not(boxed(sub(self))),
            1 => Node::And(vec![sub(self), sub(self)]),
            2 => Node::Or(vec![sub(self), sub(self)]),
            3 => Node::If { condition: boxed(sub(self)), then: boxed(sub(self)), otherwise: boxed(sub(self)) },
            4 => {
                let part = |draw: &mut Self, name: &str| NamedCondition {
                    name: name.into(),
                    condition: sub(draw),
                    unless: draw.chance(40).then(|| sub(draw)),
                };
                Node::All(vec![part(self, "first"), part(self, "second")])
            }
            5 | 6 => return self.known(scope),
            7 => {
                let lists = [Type::List(Box::new(Type::Nation)), Type::List(Box::new(Type::Record("Victim".into())))];
                let ty = self.one(&lists);
                match self.path(&ty, scope) {
                    Some(list) => Node::IsEmpty(boxed(list)),
                    None => Node::Bool(true),
                }
            }
            8 | 9 => return self.among(scope, depth),
            10 => {
                let ty = self.one(&[Type::Int, Type::Decimal, Type::Length, Type::Duration]);
                Node::Within {
                    value: boxed(self.expr(&ty, scope, depth)),
                    from: boxed(self.expr(&ty, scope, depth)),
                    to: Some(boxed(self.expr(&ty, scope, depth))),
                }
            }
            11 => return self.periods(scope, depth),
            12..=14 => {
                let Some((binder, ty)) = self.binder(scope) else { return bool_of(Node::Bool(true)) };
                let condition = self.under(&binder, &ty, scope, depth);
                if self.rng.bool() { Node::Some { binder, condition } } else { Node::Every { binder, condition } }
            }
            15 => match self.one_definition(scope) {
                Some(call) => call,
                None => Node::Bool(true),
            },
            16 if self.features.quantities => return self.holder(scope, depth),
            _ => return self.comparison(scope, depth),
        })
    }

    fn one_definition(&mut self, scope: &Scope<'_>) -> Option<Node> {
        let bools = self.pack.definitions.iter().filter(|(_, d)| d.body.ty == Type::Bool);
        let names: Vec<String> = bools.map(|(name, _)| name.clone()).collect();
        let arg = self.path(&Type::Record("Case".into()), scope)?;
        (!names.is_empty()).then(|| Node::Call { definition: self.one(&names), args: vec![arg] })
    }

    fn holder(&mut self, scope: &Scope<'_>, depth: usize) -> Expr {
        let Some(who) = self.path(&Type::Record("Post".into()), scope) else { return bool_of(Node::Bool(true)) };
        let unit = self.path(&Type::Record("Unit".into()), scope);
        let at = self.rng.bool().then(|| boxed(self.expr(&Type::Time, scope, depth.min(1))));
        let who = boxed(who);
        bool_of(match unit {
            Some(unit) if self.chance(70) => Node::Holds { who, role: "commander".into(), of: Some(boxed(unit)), at },
            _ => Node::Holds { who, role: self.one(&["officer", "clerk"]).into(), of: None, at },
        })
    }

    fn known(&mut self, scope: &Scope<'_>) -> Expr {
        let ty = self.one(&[Type::Int, Type::Time, Type::Date, Type::Nation, Type::Enum("Level".into())]);
        let paths: Vec<_> = self.paths(&ty, scope).into_iter().filter(|p| p.ty.is_optional() || is_never(p)).collect();
        if paths.is_empty() {
            return bool_of(Node::Bool(true));
        }
        let path = boxed(self.one(&paths));
        bool_of(if self.rng.bool() { Node::IsKnown(path) } else { Node::IsMissing(path) })
    }

    fn among(&mut self, scope: &Scope<'_>, depth: usize) -> Expr {
        let ty = self.one(&[Type::Nation, Type::Int, Type::Enum("Level".into()), Type::Record("Unit".into())]);
        if self.paths(&ty, scope).is_empty() && self.literal(&ty).is_none() {
            return bool_of(Node::Bool(true));
        }
        let value = self.expr(&ty, scope, depth.min(1));
        let list_ty = Type::List(Box::new(ty.clone()));
        let list = match self.path(&list_ty, scope) {
            Some(list) if self.chance(60) => list,
            _ => {
                let items = vec![self.expr(&ty, scope, 0), self.expr(&ty, scope, 0)];
                Expr { ty: list_ty, node: Node::List(items) }
            }
        };
        bool_of(Node::In { value: boxed(value), list: boxed(list) })
    }

    fn periods(&mut self, scope: &Scope<'_>, depth: usize) -> Expr {
        let nations = Type::List(Box::new(Type::Nation));
        let depth = depth.min(1);
        let period = |draw: &mut Self| boxed(draw.expr(&Type::Period, scope, depth));
        bool_of(match self.rng.u32(0..6) {
            0 => Node::Overlaps(period(self), period(self)),
            1 => Node::Covers(period(self), period(self)),
            2 => Node::Covers(period(self), boxed(self.expr(&Type::Time, scope, depth))),
            3 => {
                let value = boxed(self.expr(&Type::Time, scope, depth));
                Node::Within { value, from: period(self), to: None }
            }
            4 => Node::Overlaps(boxed(self.expr(&nations, scope, depth)), boxed(self.expr(&nations, scope, depth))),
            _ => Node::Covers(boxed(self.expr(&nations, scope, depth)), boxed(self.expr(&nations, scope, depth))),
        })
    }

    fn comparison(&mut self, scope: &Scope<'_>, depth: usize) -> Expr {
        use Comparison::{Eq, Ge, Gt, Le, Lt, Ne};
        let ordered = [
            Type::Int,
            Type::Int,
            Type::Decimal,
            Type::Time,
            Type::Time,
            Type::Date,
            Type::Duration,
            Type::Money,
            Type::Length,
            Type::Enum("Level".into()),
        ];
        let others = [
            Type::Nation,
            Type::Enum("Kind".into()),
            Type::Record("Unit".into()),
            Type::Record("Post".into()),
            Type::Bool,
        ];
        if self.chance(30) {
            let ty = self.one(&others);
            let (left, right) = (self.expr(&ty, scope, depth), self.expr(&ty, scope, depth));
            return if self.rng.bool() { equal(left, right) } else { compare(Ne, left, right) };
        }
        let ty = self.one(&ordered);
        let op = self.one(&[Eq, Ne, Lt, Le, Gt, Ge]);
        let left = self.expr(&ty, scope, depth);
        let right = if self.rng.bool() { self.literal(&ty) } else { None };
        let right = match right {
            Some(right) => right,
            None => self.expr(&ty, scope, depth),
        };
        compare(op, left, right)
    }
}

fn compare(op: Comparison, left: Expr, right: Expr) -> Expr {
    bool_of(Node::Compare { op, left: boxed(left), right: boxed(right) })
}

fn arith(op: Arithmetic, left: Expr, right: Expr) -> Node {
    Node::Arith { op, left: boxed(left), right: boxed(right) }
}

fn is_never(path: &Expr) -> bool {
    matches!(&path.node, Node::Field { name, .. } if ["ended_at", "revoked_at", "to"].contains(&name.as_str()))
}

fn depth(path: &Expr) -> usize {
    match &path.node {
        Node::Field { of, .. } => 1 + depth(of),
        _ => 0,
    }
}

/// A name that nothing in scope has: the compiler lets no variable hide another.
fn fresh(scope: &Scope<'_>) -> String {
    let mut number = scope.len();
    while scope.iter().any(|(name, _)| *name == format!("x{number}")) {
        number += 1;
    }
    format!("x{number}")
}
