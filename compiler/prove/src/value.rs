//! Expressions as values: cases of which at most one holds, known where one does.

use crate::term::{Bound, Cases, Env, Linear, Rail, Value};
use crate::time::{self, NEVER};
use crate::world::{Body, RangeOrItems, World};
use mandate_logic::Formula;
use mandate_pack::{Arithmetic, Binder, Expr, Node, Pick, Type};
use rust_decimal::Decimal;
use std::rc::Rc;

/// Parts of a decimal that are told apart.
const MILLIONTHS: i64 = 1_000_000;

fn decimal(text: &str) -> Option<i64> {
    let number: Decimal = text.parse().ok()?;
    let scaled = number.checked_mul(Decimal::from(MILLIONTHS))?;
    if scaled.fract().is_zero() {
        i64::try_from(scaled.mantissa() / 10_i128.checked_pow(scaled.scale())?).ok()
    } else {
        None
    }
}

/// Whole numbers count as themselves, all else in millionths: a number beside a decimal is brought to its scale.
fn is_scaled(ty: &Type) -> bool {
    matches!(ty.known(), Type::Decimal | Type::Length | Type::Money)
}

impl<'p> World<'p> {
    /// What an expression is.
    pub(crate) fn cases(&mut self, expr: &'p Expr, env: &Env<'p>) -> Cases {
        let surely = |value: Value| vec![(Formula::TRUE, value)];
        let number = |number: i64| vec![(Formula::TRUE, Value::Number(Linear::constant(number)))];
        match &expr.node {
            Node::Bool(value) => surely(Value::Bool(if *value { Formula::TRUE } else { Formula::FALSE })),
            Node::Int(value) => number(*value),
            Node::Decimal(text) | Node::Length(text) | Node::Money { amount: text, .. } => {
                if let Node::Money { currency, .. } = &expr.node {
                    self.saw_currency(currency);
                }
                match decimal(text) {
                    Some(value) => number(value),
                    None => self.unclear(expr, env),
                }
            }
            Node::Text(text) | Node::Nation(text) => {
                let value = self.text(text);
                surely(Value::Thing(Linear::constant(value)))
            }
            Node::Date(text) => match time::day(text, &self.zone) {
                Some(value) => number(value),
                None => self.unclear(expr, env),
            },
            Node::Time(text) => match time::instant(text) {
                Some(value) => number(value),
                None => self.unclear(expr, env),
            },
            Node::Duration(duration) => match time::seconds(*duration) {
                Some((low, high)) if low == high => number(low),
                Some((low, high)) => {
                    // A month is as long as it is; every month of this length of time is a length of its own.
                    let key = format!("months:{duration:?}");
                    let cases = self.opaque(key, &Type::Duration);
                    if let Some((_, Value::Number(length))) = cases.first() {
                        let length = *length;
                        let (from, to) = (Linear::constant(low), Linear::constant(high));
                        let (least, most) = (self.at_most(from, length, 0), self.at_most(length, to, 0));
                        self.always.extend([least, most]);
                        self.lengths.insert(length, (low, high));
                        return surely(Value::Number(length));
                    }
                    cases
                }
                None => self.unclear(expr, env),
            },
            Node::Variant(name) => match self.variant(&expr.ty, name, env) {
                Some(value) => surely(Value::Variant(value)),
                None => self.unclear(expr, env),
            },
            Node::Never => number(NEVER),
            Node::AsOf => surely(Value::Number(Linear::of(self.now))),
            Node::List(items) => {
                let items = items.iter().map(|item| self.cases(item, env)).collect();
                surely(Value::Items(items))
            }
            Node::Var(name) => match env.get(name) {
                Some(Bound::Value(cases)) => cases,
                Some(Bound::Later(inner, names)) => {
                    let inside = Env { side: env.side, at: env.at, names };
                    self.cases(inner, &inside)
                }
                None => self.unclear(expr, env),
            },
            Node::Parameter { name, at } => self.parameter(expr, name, at.as_deref(), env),
            Node::Field { of, name, at } => self.field_cases(expr, of, name, at.as_deref(), env),
            Node::Call { definition, args } => {
                let Some((body, inside)) = self.definition(definition, args, env) else {
                    return self.unclear(expr, env);
                };
                self.cases(body, &inside)
            }
            Node::Arith { op, left, right } => self.arithmetic(expr, *op, left, right, env),
            Node::Neg(inner) => {
                let cases = self.cases(inner, env);
                let negated = cases.into_iter().map(|(guard, value)| match value {
                    Value::Number(linear) => Linear::constant(0).sum(linear, -1).map(|n| (guard, Value::Number(n))),
                    _ => None,
                });
                match negated.collect::<Option<Cases>>() {
                    Some(cases) => cases,
                    None => self.unclear(expr, env),
                }
            }
            Node::If { condition, then, otherwise } => {
                let (yes, no) = (self.truth(condition, env, Rail::True), self.truth(condition, env, Rail::False));
                let (then, otherwise) = (self.cases(then, env), self.cases(otherwise, env));
                let mut out = self.guarded(yes, &then);
                out.extend(self.guarded(no, &otherwise));
                // Equal branches decide even when the condition does not.
                let decided = self.store.or([yes, no]);
                let open = self.store.not(decided);
                for (here, one) in &then {
                    for (there, other) in &otherwise {
                        let equal = self.equal_values(one, other);
                        let guard = self.store.and([open, *here, *there, equal]);
                        out.push((guard, one.clone()));
                    }
                }
                out.retain(|(guard, _)| *guard != Formula::FALSE);
                out
            }
            Node::IfUnknown(first, second) => {
                let first = self.cases(first, env);
                let known = self.known(&first);
                let unknown = self.store.not(known);
                let second = self.cases(second, env);
                let mut out = first;
                out.extend(self.guarded(unknown, &second));
                out.retain(|(guard, _)| *guard != Formula::FALSE);
                out
            }
            Node::Period { from, to } => {
                let (from, to) = (self.cases(from, env), self.cases(to, env));
                let mut out = Vec::new();
                for (here, one) in &from {
                    for (there, other) in &to {
                        let (Value::Number(one), Value::Number(other)) = (one, other) else { continue };
                        let guard = self.store.and([*here, *there]);
                        out.push((guard, Value::Period(*one, *other)));
                    }
                }
                out
            }
            Node::Pick { op, binder, condition } => self.pick(expr, *op, binder, condition, env),
            Node::Not(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Compare { .. }
            | Node::In { .. }
            | Node::Within { .. }
            | Node::Overlaps(..)
            | Node::Covers(..)
            | Node::IsKnown(_)
            | Node::IsMissing(_)
            | Node::IsEmpty(_)
            | Node::Some { .. }
            | Node::Every { .. }
            | Node::Holds { .. }
            | Node::All(_) => {
                let (yes, no) = (self.truth(expr, env, Rail::True), self.truth(expr, env, Rail::False));
                vec![(yes, Value::Bool(Formula::TRUE)), (no, Value::Bool(Formula::FALSE))]
            }
            Node::Count { .. }
            | Node::Share { .. }
            | Node::Convert { .. }
            | Node::CurrencyOf(_)
            | Node::Fold { .. }
            | Node::Distance(..)
            | Node::Follow { .. } => self.unclear(expr, env),
        }
    }

    /// Of a value that is beyond reasoning: any, the same for the same expression on the same records.
    fn unclear(&mut self, expr: &'p Expr, env: &Env<'p>) -> Cases {
        self.beyond_proof(expr, env, &expr.ty)
    }

    pub(crate) fn guarded(&mut self, guard: Formula, cases: &Cases) -> Cases {
        cases.iter().map(|(when, value)| (self.store.and([guard, *when]), value.clone())).collect()
    }

    /// Where a value is known.
    pub(crate) fn known(&mut self, cases: &Cases) -> Formula {
        self.store.or(cases.iter().map(|(guard, _)| *guard))
    }

    pub(crate) fn variant(&self, ty: &Type, name: &str, env: &Env<'p>) -> Option<u32> {
        let Type::Enum(of) = ty.known() else { return None };
        let known = self.pack(env.side)?.enums.get(of)?;
        known.variants.iter().position(|variant| variant.name == name).map(|at| at as u32)
    }

    /// The body of a definition with its parameters bound.
    pub(crate) fn definition(&mut self, name: &str, args: &'p [Expr], env: &Env<'p>) -> Option<(&'p Expr, Env<'p>)> {
        let definition = self.pack(env.side)?.definitions.get(name)?;
        let mut inside = Env { side: env.side, at: env.at, names: None };
        for (param, arg) in definition.params.iter().zip(args) {
            inside = inside.with(&param.name, Bound::Later(arg, env.names.clone()));
        }
        Some((&definition.body, inside))
    }

    fn parameter(&mut self, expr: &'p Expr, name: &str, at: Option<&'p Expr>, env: &Env<'p>) -> Cases {
        if self.open_parameters {
            return self.opaque(format!("parameter:{name}"), &expr.ty);
        }
        if env.side == 0
            && let Some(value) = self.set.get(name).copied()
        {
            return self.cases(value, &Env::new(env.side));
        }
        let Some(parameter) = self.pack(env.side).and_then(|pack| pack.parameters.get(name)) else {
            return self.unclear(expr, env);
        };
        if let [only] = parameter.values.as_slice()
            && only.from.is_none()
        {
            return self.cases(&only.value, &Env::new(env.side));
        }
        let at = match at {
            Some(at) => self.cases(at, env),
            None => vec![(Formula::TRUE, Value::Number(Linear::of(self.now)))],
        };
        let mut out = Vec::new();
        for (guard, at) in at {
            let Value::Number(at) = at else { return self.unclear(expr, env) };
            for (place, value) in parameter.values.iter().enumerate() {
                let mut during = vec![guard];
                if let Some(from) = &value.from {
                    let Some(from) = time::day(from, &self.zone) else { return self.unclear(expr, env) };
                    during.push(self.at_most(Linear::constant(from), at, 0));
                }
                if let Some(next) = parameter.values.get(place + 1).and_then(|next| next.from.as_ref()) {
                    let Some(next) = time::day(next, &self.zone) else { return self.unclear(expr, env) };
                    during.push(self.at_most(at, Linear::constant(next), -1));
                }
                let during = self.store.and(during);
                let cases = self.cases(&value.value, &Env::new(env.side));
                out.extend(self.guarded(during, &cases));
            }
        }
        out
    }

    fn field_cases(&mut self, expr: &'p Expr, of: &'p Expr, name: &str, at: Option<&'p Expr>, env: &Env<'p>) -> Cases {
        let mut instant = Some(env.at.unwrap_or(Linear::of(self.now)));
        let mut read = Formula::TRUE;
        if let Some(at) = at {
            match self.cases(at, env).as_slice() {
                [(known, Value::Number(linear))] => (read, instant) = (*known, Some(*linear)),
                _ => return self.unclear(expr, env),
            }
        }
        let mut out = Vec::new();
        for (guard, value) in self.cases(of, env) {
            let Value::Object(object) = value else { return self.unclear(expr, env) };
            let slot = self.slot(object, name, instant);
            let present = if self.filled_in { Formula::TRUE } else { slot.present };
            let guard = self.store.and([read, guard, present]);
            out.push((guard, slot.value));
        }
        out
    }

    /// The number that an expression is in its only case.
    pub(crate) fn single(&mut self, expr: &'p Expr, env: &Env<'p>) -> Option<Linear> {
        match self.cases(expr, env).as_slice() {
            [(_, Value::Number(linear))] => Some(*linear),
            _ => None,
        }
    }

    fn arithmetic(&mut self, expr: &'p Expr, op: Arithmetic, left: &'p Expr, right: &'p Expr, env: &Env<'p>) -> Cases {
        let (one, other) = (self.cases(left, env), self.cases(right, env));
        let mut out = Vec::new();
        for (here, a) in &one {
            for (there, b) in &other {
                let (Value::Number(a), Value::Number(b)) = (a, b) else { return self.unclear(expr, env) };
                let (a, b) = (scaled(*a, left, right), scaled(*b, right, left));
                let (Some(a), Some(b)) = (a, b) else { return self.unclear(expr, env) };
                let value = match op {
                    Arithmetic::Add => a.sum(b, 1).or_else(|| self.assessed.then(|| self.sum(a, b))),
                    Arithmetic::Sub => a.sum(b, -1),
                    Arithmetic::Mul if a.is_constant() && b.is_constant() => {
                        let product = a.add.checked_mul(b.add);
                        let both = is_scaled(&left.ty) && is_scaled(&right.ty);
                        product.map(|p| Linear::constant(if both { p / MILLIONTHS } else { p }))
                    }
                    Arithmetic::Mul | Arithmetic::Div => None,
                };
                let Some(value) = value else { return self.unclear(expr, env) };
                let guard = self.store.and([*here, *there]);
                out.push((guard, Value::Number(value)));
            }
        }
        out
    }

    /// `latest`, `earliest`, `the`: a record that is one, and that no other one stands beside.
    fn pick(&mut self, expr: &'p Expr, op: Pick, binder: &'p Binder, condition: &'p Expr, env: &Env<'p>) -> Cases {
        let key = self.key(expr, env);
        if let Some(known) = self.picked(&key) {
            return known;
        }
        let ranges = self.range_of(&binder.over, env);
        let [(guard, RangeOrItems::Range(range))] = ranges.as_slice() else { return self.unclear(expr, env) };
        let (guard, range) = (*guard, range.clone());
        let there = self.store.boolean();
        let Some(value) = self.element(&range, there) else { return self.unclear(expr, env) };
        let Value::Object(object) = value else { return self.unclear(expr, env) };
        let inside = env.with_object(&binder.var, object);
        let holds = self.truth(condition, &inside, Rail::True);
        let (var, outer) = (binder.var.as_str(), env.clone());
        let body: Body<'p> = Rc::new(move |world, other| {
            let Value::Object(rival) = other else { return Formula::TRUE };
            if *rival == object {
                return Formula::TRUE;
            }
            let same = world.same(object, *rival);
            let not = world.truth(condition, &outer.with_object(var, *rival), Rail::False);
            let loses = match op {
                Pick::The => Formula::FALSE,
                Pick::Latest | Pick::Earliest => match (world.date_of(object), world.date_of(*rival)) {
                    (Some((here, mine)), Some((there, theirs))) => {
                        let (first, last) = if op == Pick::Latest { (theirs, mine) } else { (mine, theirs) };
                        let before = world.at_most(first, last, -1);
                        world.store.and([here, there, before])
                    }
                    _ => Formula::FALSE,
                },
            };
            world.store.or([same, not, loses])
        });
        let alone = self.all(&range, &body);
        // Where it is there, it is the one; where it is not there, nothing is known.
        let one = self.store.and([holds, alone]);
        let rule = self.store.implies(there, one);
        self.always.push(rule);
        let guard = self.store.and([guard, there]);
        let cases = vec![(guard, Value::Object(object))];
        self.remember(key, &cases);
        cases
    }

    /// When a record happened, or began.
    pub(crate) fn date_of(&mut self, object: crate::term::ObjectId) -> Option<(Formula, Linear)> {
        let record = self.objects.get(object.0 as usize)?.record.clone();
        let name = match self.record(&record)?.dated.as_ref()? {
            mandate_pack::Dated::At(field) | mandate_pack::Dated::During(field, _) => field.clone(),
        };
        let slot = self.slot(object, &name, None);
        match slot.value {
            Value::Number(linear) => Some((slot.present, linear)),
            _ => None,
        }
    }

    /// Whether two values are equal.
    pub(crate) fn equal_values(&mut self, a: &Value, b: &Value) -> Formula {
        match (a, b) {
            (Value::Bool(a), Value::Bool(b)) => self.store.iff(*a, *b),
            (Value::Number(a), Value::Number(b)) | (Value::Thing(a), Value::Thing(b)) => self.equal(*a, *b),
            (Value::Variant(a), Value::Variant(b)) => {
                if a == b {
                    Formula::TRUE
                } else {
                    Formula::FALSE
                }
            }
            (Value::Choice(a, _), Value::Variant(b)) | (Value::Variant(b), Value::Choice(a, _)) => {
                self.store.is(*a, *b)
            }
            (Value::Choice(a, _), Value::Choice(b, _)) => self.store.same(*a, *b),
            (Value::Object(a), Value::Object(b)) => self.same(*a, *b),
            (Value::Period(a, b), Value::Period(c, d)) => {
                let (from, to) = (self.equal(*a, *c), self.equal(*b, *d));
                self.store.and([from, to])
            }
            (Value::List(a), Value::List(b)) if a == b => Formula::TRUE,
            _ => self.anything(),
        }
    }
}

/// A whole number beside a decimal, in its scale.
pub(crate) fn scaled(value: Linear, own: &Expr, other: &Expr) -> Option<Linear> {
    if *own.ty.known() == Type::Int && is_scaled(&other.ty) {
        return if value.is_constant() { Some(Linear::constant(value.add.checked_mul(MILLIONTHS)?)) } else { None };
    }
    Some(value)
}
