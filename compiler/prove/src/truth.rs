//! Conditions as formulas, one for each side of the truth.

use crate::term::{Bound, Cases, Env, Linear, Rail, Value};
use crate::value::scaled;
use crate::world::{Body, RangeOrItems, World};
use mandate_logic::Formula;
use mandate_pack::{Binder, Comparison, Expr, Node};
use std::rc::Rc;

impl<'p> World<'p> {
    /// The formula of a condition on a rail. What quantifiers stand for in it may only be asserted, never denied: ask for the other
    /// rail instead.
    pub(crate) fn truth(&mut self, expr: &'p Expr, env: &Env<'p>, rail: Rail) -> Formula {
        match &expr.node {
            Node::Bool(value) => constant(*value == rail.is_true()),
            Node::Not(inner) => self.truth(inner, env, rail.negated()),
            Node::And(parts) => self.joined(parts, env, rail, rail.is_true()),
            Node::Or(parts) => self.joined(parts, env, rail, !rail.is_true()),
            Node::All(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    let mut either = vec![self.truth(&part.condition, env, rail)];
                    if let Some(unless) = &part.unless {
                        either.push(self.truth(unless, env, rail));
                    }
                    // `c or e`, on either side.
                    all.push(if rail.is_true() { self.store.or(either) } else { self.store.and(either) });
                }
                if rail.is_true() { self.store.and(all) } else { self.store.or(all) }
            }
            Node::If { condition, then, otherwise } => {
                let then_ = self.truth(then, env, rail);
                let else_ = self.truth(otherwise, env, rail);
                let both = self.store.and([then_, else_]);
                let (yes, no) = match rail.is_sure() {
                    true => (self.truth(condition, env, Rail::True), self.truth(condition, env, Rail::False)),
                    false => {
                        (self.truth(condition, env, Rail::MaybeTrue), self.truth(condition, env, Rail::MaybeFalse))
                    }
                };
                let (yes, no) = (self.store.and([yes, then_]), self.store.and([no, else_]));
                match rail.is_sure() {
                    true => self.store.or([yes, no, both]),
                    // Not surely the contrary: some way to read the condition leads there, and not both branches to the contrary.
                    false => self.store.or([yes, no]),
                }
            }
            Node::IfUnknown(first, second) => {
                let (sure, maybe) = match rail.is_true() {
                    true => (Rail::True, Rail::MaybeTrue),
                    false => (Rail::False, Rail::MaybeFalse),
                };
                let own = self.truth(first, env, sure);
                let open = [self.truth(first, env, Rail::MaybeTrue), self.truth(first, env, Rail::MaybeFalse)];
                let other = self.truth(second, env, if rail.is_sure() { sure } else { maybe });
                let other = self.store.and([open[0], open[1], other]);
                self.store.or([own, other])
            }
            Node::IsKnown(inner) => self.is_known(inner, env, rail.is_true()),
            Node::IsMissing(inner) => self.is_known(inner, env, !rail.is_true()),
            Node::Compare { op, left, right } => self.comparison(*op, left, right, env, rail),
            Node::In { value, list } => self.membership(value, list, env, rail),
            Node::Within { value, from, to } => self.within(value, from, to.as_deref(), env, rail),
            Node::Overlaps(left, right) => self.overlap(expr, left, right, env, rail),
            Node::Covers(outer, inner) => self.covers(expr, outer, inner, env, rail),
            Node::IsEmpty(list) => self.emptiness(expr, list, env, rail),
            Node::Some { binder, condition } => self.quantified(expr, binder, condition, env, rail, true),
            Node::Every { binder, condition } => self.quantified(expr, binder, condition, env, rail, false),
            Node::Call { definition, args } => match self.definition(definition, args, env) {
                Some((body, inside)) => self.truth(body, &inside, rail),
                None => self.unclear_truth(expr, env, rail),
            },
            Node::Var(name) => match env.get(name) {
                Some(Bound::Later(inner, names)) => {
                    let inside = Env { side: env.side, at: env.at, names };
                    self.truth(inner, &inside, rail)
                }
                Some(Bound::Value(cases)) => self.of_cases(&cases, rail),
                None => self.unclear_truth(expr, env, rail),
            },
            Node::Holds { who, role, of, at } => self.holds(expr, who, role, of.as_deref(), at.as_deref(), env, rail),
            _ => {
                let cases = self.cases(expr, env);
                self.of_cases(&cases, rail)
            }
        }
    }

    fn joined(&mut self, parts: &'p [Expr], env: &Env<'p>, rail: Rail, all: bool) -> Formula {
        let formulas: Vec<Formula> = parts.iter().map(|part| self.truth(part, env, rail)).collect();
        if all { self.store.and(formulas) } else { self.store.or(formulas) }
    }

    /// A truth of which nothing is known: surely true or surely false or neither, the same for the same expression.
    pub(crate) fn unclear_truth(&mut self, expr: &'p Expr, env: &Env<'p>, rail: Rail) -> Formula {
        let cases = self.beyond_proof(expr, env, &mandate_pack::Type::Bool);
        self.of_cases(&cases, rail)
    }

    /// The truth of a value of type Bool.
    fn of_cases(&mut self, cases: &Cases, rail: Rail) -> Formula {
        let mut parts = Vec::new();
        let wanted = match rail {
            Rail::True | Rail::MaybeFalse => true,
            Rail::False | Rail::MaybeTrue => false,
        };
        for (guard, value) in cases {
            let holds = match value {
                Value::Bool(formula) if wanted => *formula,
                Value::Bool(formula) => self.store.not(*formula),
                _ => self.anything(),
            };
            parts.push(self.store.and([*guard, holds]));
        }
        let sure = self.store.or(parts);
        if rail.is_sure() { sure } else { self.store.not(sure) }
    }

    /// A formula that surely holds, surely does not hold, or neither, on a rail.
    fn on(&mut self, yes: Formula, no: Formula, rail: Rail) -> Formula {
        match rail {
            Rail::True => yes,
            Rail::False => no,
            Rail::MaybeTrue => self.store.not(no),
            Rail::MaybeFalse => self.store.not(yes),
        }
    }

    fn is_known(&mut self, expr: &'p Expr, env: &Env<'p>, known: bool) -> Formula {
        if *expr.ty.known() == mandate_pack::Type::Bool && !matches!(expr.node, Node::Field { .. } | Node::Var(_)) {
            let rails = if known { [Rail::True, Rail::False] } else { [Rail::MaybeTrue, Rail::MaybeFalse] };
            let parts = rails.map(|rail| self.truth(expr, env, rail));
            return if known { self.store.or(parts) } else { self.store.and(parts) };
        }
        let cases = self.reading(false, |world| world.cases(expr, env));
        let mut parts = Vec::new();
        for (guard, value) in &cases {
            // An end that has not come is not known, unless it is noted ahead of its time.
            let come = match value {
                Value::Number(linear) if self.may_not_come(expr) => {
                    let now = Linear::of(self.now);
                    let (come, noted) = (self.at_most(*linear, now, 0), self.noted(*linear));
                    self.store.or([come, noted])
                }
                _ => Formula::TRUE,
            };
            parts.push(self.store.and([*guard, come]));
        }
        let is = self.store.or(parts);
        if known { is } else { self.store.not(is) }
    }

    /// Whether an expression is a field that is `never` when missing.
    fn may_not_come(&self, expr: &Expr) -> bool {
        let Node::Field { of, name, .. } = &expr.node else { return false };
        let mandate_pack::Type::Record(record) = of.ty.known() else { return false };
        let default = self.field(record, name).and_then(|field| field.default.as_ref());
        default.is_some_and(|default| matches!(default.node, Node::Never))
    }

    fn comparison(&mut self, op: Comparison, left: &'p Expr, right: &'p Expr, env: &Env<'p>, rail: Rail) -> Formula {
        if let Some(formula) = self.counted(op, left, right, env, rail) {
            return formula;
        }
        if *left.ty.known() == mandate_pack::Type::Bool && matches!(op, Comparison::Eq | Comparison::Ne) {
            // Both sides of the truth of both.
            let [a, b] =
                [left, right].map(|side| (self.truth(side, env, Rail::True), self.truth(side, env, Rail::False)));
            let (both, neither) = (self.store.and([a.0, b.0]), self.store.and([a.1, b.1]));
            let (one, other) = (self.store.and([a.0, b.1]), self.store.and([a.1, b.0]));
            let (equal, unequal) = (self.store.or([both, neither]), self.store.or([one, other]));
            let rail = if op == Comparison::Eq { rail } else { rail.negated() };
            return self.on(equal, unequal, rail);
        }
        let (one, other) = (self.cases(left, env), self.cases(right, env));
        let holds = self.pairwise(&one, &other, rail, &mut |world, a, b| {
            let (a, b) = match (a, b) {
                (Value::Number(a), Value::Number(b)) => match (scaled(*a, left, right), scaled(*b, right, left)) {
                    (Some(a), Some(b)) => (Value::Number(a), Value::Number(b)),
                    _ => (Value::Beyond, Value::Beyond),
                },
                _ => (a.clone(), b.clone()),
            };
            Some(world.compared_values(op, &a, &b))
        });
        holds.unwrap_or_else(|| self.anything())
    }

    /// What two values have to do with each other, on a rail: known where both are. `None` where it cannot be said of some case.
    fn pairwise(
        &mut self,
        one: &Cases,
        other: &Cases,
        rail: Rail,
        relation: &mut dyn FnMut(&mut Self, &Value, &Value) -> Option<Formula>,
    ) -> Option<Formula> {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (here, a) in one {
            for (there, b) in other {
                let holds = relation(self, a, b)?;
                let fails = self.store.not(holds);
                yes.push(self.store.and([*here, *there, holds]));
                no.push(self.store.and([*here, *there, fails]));
            }
        }
        let (yes, no) = (self.store.or(yes), self.store.or(no));
        Some(self.on(yes, no, rail))
    }

    pub(crate) fn compared_values(&mut self, op: Comparison, a: &Value, b: &Value) -> Formula {
        match op {
            Comparison::Eq => self.equal_values(a, b),
            Comparison::Ne => {
                let equal = self.equal_values(a, b);
                self.store.not(equal)
            }
            Comparison::Lt => self.less_values(a, b),
            Comparison::Gt => self.less_values(b, a),
            Comparison::Le => {
                let more = self.less_values(b, a);
                self.store.not(more)
            }
            Comparison::Ge => {
                let less = self.less_values(a, b);
                self.store.not(less)
            }
        }
    }

    fn less_values(&mut self, a: &Value, b: &Value) -> Formula {
        match (a, b) {
            (Value::Number(a), Value::Number(b)) => self.at_most(*a, *b, -1),
            (Value::Variant(a), Value::Variant(b)) => constant(a < b),
            (Value::Choice(a, n), Value::Variant(b)) => {
                let below: Vec<Formula> = (0..(*b).min(*n)).map(|value| self.store.is(*a, value)).collect();
                self.store.or(below)
            }
            (Value::Variant(a), Value::Choice(b, n)) => {
                let above: Vec<Formula> = (a.saturating_add(1)..*n).map(|value| self.store.is(*b, value)).collect();
                self.store.or(above)
            }
            (Value::Choice(a, _), Value::Choice(b, _)) => self.store.below(*a, *b),
            _ => self.anything(),
        }
    }

    /// `count(...) >= 2` and its like: so many different things.
    fn counted(
        &mut self,
        op: Comparison,
        left: &'p Expr,
        right: &'p Expr,
        env: &Env<'p>,
        rail: Rail,
    ) -> Option<Formula> {
        let (binder, condition, number, op) = match (&left.node, &right.node) {
            (Node::Count { binder, condition }, _) => (binder, condition, right, op),
            (_, Node::Count { binder, condition }) => (binder, condition, left, turned(op)),
            _ => return None,
        };
        let number = self.single(number, env).filter(Linear::is_constant)?.add;
        let ranges = self.range_of(&binder.over, env);
        let [(guard, RangeOrItems::Range(range))] = ranges.as_slice() else { return None };
        let (guard, range) = (*guard, range.clone());
        let (op, sure) = (if rail.is_true() { op } else { opposite(op) }, rail.is_sure());
        // At least n: n things that make it true; at most n: no more that may make it true. The other way round where it only may be so.
        let filled_in = self.filled_in;
        let body = |rail: Rail| -> Body<'p> {
            let (var, outer) = (binder.var.as_str(), env.clone());
            Rc::new(move |world, value| {
                let inside = outer.with(var, Bound::Value(vec![(Formula::TRUE, value.clone())]));
                world.reading(filled_in, |world| world.truth(condition, &inside, rail))
            })
        };
        let (counts, may, not) = match sure {
            true => (body(Rail::True), body(Rail::MaybeTrue), body(Rail::False)),
            false => (body(Rail::MaybeTrue), body(Rail::True), body(Rail::MaybeFalse)),
        };
        let at_least = |world: &mut Self, n: i64| match usize::try_from(n) {
            Ok(n) => world.at_least(n, &range, &counts),
            Err(_) => Formula::TRUE,
        };
        let at_most = |world: &mut Self, n: i64| match usize::try_from(n) {
            Ok(n) => world.no_more_than(n, &range, &may, &not),
            Err(_) => Formula::FALSE,
        };
        let formula = match op {
            Comparison::Ge => at_least(self, number),
            Comparison::Gt => at_least(self, number + 1),
            Comparison::Le => at_most(self, number),
            Comparison::Lt => at_most(self, number - 1),
            Comparison::Eq => {
                let (low, high) = (at_least(self, number), at_most(self, number));
                self.store.and([low, high])
            }
            Comparison::Ne => {
                let (low, high) = (at_most(self, number - 1), at_least(self, number + 1));
                self.store.or([low, high])
            }
        };
        Some(self.where_known(guard, formula, sure))
    }

    /// A formula about a list, where the list is known; where it is not, what may be may be.
    fn where_known(&mut self, guard: Formula, formula: Formula, sure: bool) -> Formula {
        if sure {
            self.store.and([guard, formula])
        } else {
            let unknown = self.store.not(guard);
            self.store.or([unknown, formula])
        }
    }

    fn membership(&mut self, value: &'p Expr, list: &'p Expr, env: &Env<'p>, rail: Rail) -> Formula {
        let values = self.cases(value, env);
        let lists = self.cases(list, env);
        // (value known and list known) and so on, as alternatives, on the sure rails; the others are their contraries.
        let wanted = matches!(rail, Rail::True | Rail::MaybeFalse);
        let mut parts = Vec::new();
        for (here, value) in &values {
            for (there, list) in &lists {
                let guard = self.store.and([*here, *there]);
                let holds = match list {
                    Value::Items(items) => {
                        let mut any = Vec::new();
                        for item in items {
                            for (known, item) in item {
                                let equal = self.equal_values(value, item);
                                let (yes, no) = (self.store.and([*known, equal]), self.store.not(equal));
                                any.push(if wanted { yes } else { self.store.and([*known, no]) });
                            }
                        }
                        if wanted { self.store.or(any) } else { self.store.and(any) }
                    }
                    Value::List(id) => {
                        let is_in = self.is_in(*id, value);
                        if wanted { is_in } else { self.store.not(is_in) }
                    }
                    _ => self.anything(),
                };
                parts.push(self.store.and([guard, holds]));
            }
        }
        let sure = self.store.or(parts);
        if rail.is_sure() { sure } else { self.store.not(sure) }
    }

    /// Whether a value stands in a list of the situation.
    fn is_in(&mut self, list: crate::term::ListId, value: &Value) -> Formula {
        let range = crate::term::Range::List(list);
        let mut any = Vec::new();
        for (exists, item) in self.elements(&range) {
            let equal = self.equal_values(&item, value);
            any.push(self.store.and([exists, equal]));
        }
        let is_enum = self.lists.get(list.0 as usize).is_some_and(|l| matches!(l.item, mandate_pack::Type::Enum(_)));
        if is_enum {
            return self.store.or(any);
        }
        // It may be an item of its own.
        let known = self.lists.get(list.0 as usize).and_then(|l| {
            l.items.iter().find(|(_, item)| format!("{item:?}") == format!("{value:?}")).map(|(exists, _)| *exists)
        });
        let own = match known {
            Some(own) => own,
            None => {
                let own = self.store.boolean();
                if let Some(list) = self.lists.get_mut(list.0 as usize) {
                    list.items.push((own, value.clone()));
                }
                own
            }
        };
        any.push(own);
        self.store.or(any)
    }

    fn within(&mut self, value: &'p Expr, from: &'p Expr, to: Option<&'p Expr>, env: &Env<'p>, rail: Rail) -> Formula {
        let Some(to) = to else {
            let (periods, values) = (self.cases(from, env), self.cases(value, env));
            let holds = self.pairwise(&periods, &values, rail, &mut |world, period, value| match (period, value) {
                (Value::Period(from, to), Value::Number(value)) => {
                    let (after, before) = (world.at_most(*from, *value, 0), world.at_most(*value, *to, -1));
                    Some(world.store.and([after, before]))
                }
                _ => Some(world.anything()),
            });
            return holds.unwrap_or_else(|| self.anything());
        };
        let parts = [
            self.comparison(Comparison::Ge, value, from, env, rail),
            self.comparison(Comparison::Le, value, to, env, rail),
        ];
        if rail.is_true() { self.store.and(parts) } else { self.store.or(parts) }
    }

    fn overlap(&mut self, expr: &'p Expr, left: &'p Expr, right: &'p Expr, env: &Env<'p>, rail: Rail) -> Formula {
        let (one, other) = (self.cases(left, env), self.cases(right, env));
        let holds = self.pairwise(&one, &other, rail, &mut |world, a, b| {
            Some(match (a, b) {
                (Value::Period(a, b), Value::Period(c, d)) => {
                    let parts = [
                        world.at_most(*a, *d, -1),
                        world.at_most(*c, *b, -1),
                        world.at_most(*a, *b, -1),
                        world.at_most(*c, *d, -1),
                    ];
                    world.store.and(parts)
                }
                (Value::List(list), Value::Items(items)) | (Value::Items(items), Value::List(list))
                    if items.iter().all(|item| matches!(item.as_slice(), [(Formula::TRUE, _)])) =>
                {
                    let mut any = Vec::new();
                    for (_, item) in items.iter().flatten() {
                        any.push(world.is_in(*list, item));
                    }
                    world.store.or(any)
                }
                _ => return None,
            })
        });
        holds.unwrap_or_else(|| self.unclear_truth(expr, env, rail))
    }

    fn covers(&mut self, expr: &'p Expr, outer: &'p Expr, inner: &'p Expr, env: &Env<'p>, rail: Rail) -> Formula {
        let (one, other) = (self.cases(outer, env), self.cases(inner, env));
        let holds = self.pairwise(&one, &other, rail, &mut |world, a, b| {
            Some(match (a, b) {
                (Value::Period(a, b), Value::Number(at)) => {
                    let parts = [world.at_most(*a, *at, 0), world.at_most(*at, *b, -1)];
                    world.store.and(parts)
                }
                (Value::Period(a, b), Value::Period(c, d)) => {
                    let parts = [world.at_most(*a, *c, 0), world.at_most(*d, *b, 0)];
                    world.store.and(parts)
                }
                (Value::List(list), Value::Items(items))
                    if items.iter().all(|item| matches!(item.as_slice(), [(Formula::TRUE, _)])) =>
                {
                    let mut all = Vec::new();
                    for (_, item) in items.iter().flatten() {
                        all.push(world.is_in(*list, item));
                    }
                    world.store.and(all)
                }
                _ => return None,
            })
        });
        holds.unwrap_or_else(|| self.unclear_truth(expr, env, rail))
    }

    fn emptiness(&mut self, expr: &'p Expr, list: &'p Expr, env: &Env<'p>, rail: Rail) -> Formula {
        let cases = self.cases(list, env);
        let [(guard, value)] = cases.as_slice() else { return self.unclear_truth(expr, env, rail) };
        let formula = match value {
            Value::Items(items) => constant(items.is_empty() == rail.is_true()),
            Value::List(id) => {
                let range = crate::term::Range::List(*id);
                let always: Body<'p> = Rc::new(|_, _| Formula::TRUE);
                let never: Body<'p> = Rc::new(|_, _| Formula::FALSE);
                if rail.is_true() { self.all(&range, &never) } else { self.some(&range, &always) }
            }
            _ => return self.unclear_truth(expr, env, rail),
        };
        self.where_known(*guard, formula, rail.is_sure())
    }

    fn quantified(
        &mut self,
        expr: &'p Expr,
        binder: &'p Binder,
        condition: &'p Expr,
        env: &Env<'p>,
        rail: Rail,
        some: bool,
    ) -> Formula {
        let ranges = self.range_of(&binder.over, env);
        let [(guard, over)] = ranges.as_slice() else { return self.unclear_truth(expr, env, rail) };
        let (var, outer) = (binder.var.as_str(), env.clone());
        // What holds for all is applied later, and is to be read as it would be now.
        let filled_in = self.filled_in;
        // `some` asked for truth, or `every` for falsity, is one thing that does it.
        let one = some == rail.is_true();
        let made = some && rail == Rail::True && !filled_in && matches!(over, RangeOrItems::Range(_));
        let body: Body<'p> = Rc::new(move |world, value| {
            let inside = outer.with(var, Bound::Value(vec![(Formula::TRUE, value.clone())]));
            if let (true, Value::Object(new)) = (made, value) {
                world.lead(*new, condition, var, &outer);
            }
            world.reading(filled_in, |world| world.truth(condition, &inside, rail))
        });
        let formula = match over {
            RangeOrItems::Range(range) if one => self.some(range, &body),
            RangeOrItems::Range(range) => self.all(range, &body),
            RangeOrItems::Items(items) => {
                let mut parts = Vec::new();
                for (known, value) in items.iter().flatten() {
                    let holds = body(self, value);
                    let holds = if rail.is_sure() { self.store.and([*known, holds]) } else { holds };
                    parts.push(holds);
                }
                if one { self.store.or(parts) } else { self.store.and(parts) }
            }
            RangeOrItems::Beyond => return self.unclear_truth(expr, env, rail),
        };
        self.where_known(*guard, formula, rail.is_sure())
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of the expression")]
    fn holds(
        &mut self,
        expr: &'p Expr,
        who: &'p Expr,
        role: &'p str,
        of: Option<&'p Expr>,
        at: Option<&'p Expr>,
        env: &Env<'p>,
        rail: Rail,
    ) -> Formula {
        // That somebody holds a role is seen through records; that nobody does depends on all of them.
        if rail == Rail::True {
            let instant = match at {
                Some(at) => self.single(at, env),
                None => env.at,
            };
            let object = match of {
                Some(of) => match self.cases(of, env).as_slice() {
                    [(_, Value::Object(object))] => Some(*object),
                    _ => return self.unclear_truth(expr, env, rail),
                },
                None => None,
            };
            let holder = self.cases(who, env);
            if let Some(formula) = self.holder(env.side, role, object, &holder, instant) {
                return formula;
            }
        }
        self.unclear_truth(expr, env, rail)
    }
}

pub(crate) fn constant(value: bool) -> Formula {
    if value { Formula::TRUE } else { Formula::FALSE }
}

fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Lt => Comparison::Gt,
        Comparison::Le => Comparison::Ge,
        Comparison::Gt => Comparison::Lt,
        Comparison::Ge => Comparison::Le,
        Comparison::Eq | Comparison::Ne => op,
    }
}

fn opposite(op: Comparison) -> Comparison {
    match op {
        Comparison::Lt => Comparison::Ge,
        Comparison::Le => Comparison::Gt,
        Comparison::Gt => Comparison::Le,
        Comparison::Ge => Comparison::Lt,
        Comparison::Eq => Comparison::Ne,
        Comparison::Ne => Comparison::Eq,
    }
}
