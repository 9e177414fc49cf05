//! Values of expressions: Kleene logic, ranges, imprecise time.

use crate::arith;
use crate::program::{Over, Scan, Term};
use crate::time::{FOREVER, Instants, Period};
use crate::truth::{Missing, Truth};
use crate::value::{List, Quantity, Unit, Value};
use crate::world::{Frame, World};
use mandate_pack::{Arithmetic, Comparison, Fold, Pick};
use rust_decimal::Decimal;
use std::sync::Arc;

impl World<'_> {
    /// Truth of a condition.
    pub(crate) fn holds(&self, term: &Term, frame: &mut Frame) -> Truth {
        match term {
            Term::Not(a) => self.holds(a, frame).not(),
            Term::And(parts) => Truth::all(parts.iter().map(|p| self.holds(p, frame))),
            Term::Or(parts) => Truth::any(parts.iter().map(|p| self.holds(p, frame))),
            Term::Compare(op, a, b) => self.compare(*op, a, b, frame),
            Term::In(value, list) => {
                if let Some(found) = self.plainly_in(value, list, frame) {
                    return Truth::of(found);
                }
                let value = self.eval(value, frame);
                match self.eval(list, frame) {
                    Value::List(list) => list.contains(&value),
                    other => Truth::unknown(other.missing().and(&value.missing())),
                }
            }
            Term::Within(value, from, to) => match to {
                Some(to) => Truth::all([
                    self.compare(Comparison::Ge, value, from, frame),
                    self.compare(Comparison::Le, value, to, frame),
                ]),
                None => covers(&self.eval(from, frame), &self.eval(value, frame)),
            },
            Term::Overlaps(a, b) => overlaps(&self.eval(a, frame), &self.eval(b, frame)),
            Term::Covers(a, b) => covers(&self.eval(a, frame), &self.eval(b, frame)),
            Term::IsKnown(a) => Truth::of(self.eval(a, frame).is_known()),
            Term::IsMissing(a) => Truth::of(!self.eval(a, frame).is_known()),
            Term::IsEmpty(a) => match self.eval(a, frame) {
                Value::List(List { items, .. }) if !items.is_empty() => Truth::FALSE,
                Value::List(List { open: None, .. }) => Truth::TRUE,
                other => Truth::unknown(other.missing()),
            },
            Term::If(three) => {
                let [condition, then, otherwise] = &**three;
                let (i, a, b) = (self.holds(condition, frame), self.holds(then, frame), self.holds(otherwise, frame));
                let both = Truth::all([a.clone(), b.clone()]);
                Truth::any([Truth::all([i.clone(), a]), Truth::all([i.not(), b]), both])
            }
            Term::Some(scan, condition) => match self.each(scan, condition, frame) {
                Ok((items, open)) => Truth::any(items.into_iter().map(|(_, t)| t).chain(open.map(Truth::unknown))),
                Err(missing) => Truth::unknown(missing),
            },
            Term::Every(scan, condition) => match self.each(scan, condition, frame) {
                Ok((items, open)) => Truth::all(items.into_iter().map(|(_, t)| t).chain(open.map(Truth::unknown))),
                Err(missing) => Truth::unknown(missing),
            },
            Term::Holds { who, role, of, at } => {
                let who = self.eval(who, frame);
                let of = of.as_ref().map(|of| self.eval(of, frame));
                let at = at.as_ref().map_or_else(|| self.reading(), |at| self.eval(at, frame).instants());
                self.holds_role(*role, of.as_ref(), &who, &at)
            }
            Term::All(named) => Truth::all(named.iter().map(|(c, unless)| self.named(c, unless.as_ref(), frame))),
            other => self.eval(other, frame).truth(),
        }
    }

    /// A named condition, lifted by its own exception.
    pub(crate) fn named(&self, condition: &Term, unless: Option<&Term>, frame: &mut Frame) -> Truth {
        let holds = self.holds(condition, frame);
        match unless {
            Some(unless) if !holds.is_true() => Truth::any([holds, self.holds(unless, frame)]),
            _ => holds,
        }
    }

    fn compare(&self, op: Comparison, a: &Term, b: &Term, frame: &mut Frame) -> Truth {
        if let Some(decided) = self.plainly(op, a, b, frame) {
            return Truth::of(decided);
        }
        // `a - b <= 3 days` is asked as `a <= b + 3 days`: the calendar decides, and an imprecise instant still can.
        for (op, difference, length) in [(op, a, b), (turned(op), b, a)] {
            if let Term::Arith(Arithmetic::Sub, x, y) = difference
                && let (Value::Time(x), Value::Time(y), Value::Duration(d)) =
                    (self.eval(x, frame), self.eval(y, frame), self.eval(length, frame))
            {
                return ordered(op, &Value::Time(x), &Value::Time(self.zone.shifted(&y, d, 1)));
            }
        }
        if let (Term::Arith(Arithmetic::Sub, ..), false) = (b, matches!(a, Term::Arith(Arithmetic::Sub, ..))) {
            return self.compare(mirrored(op), b, a, frame);
        }
        ordered(op, &self.eval(a, frame), &self.eval(b, frame))
    }

    /// Value of a term.
    pub(crate) fn eval(&self, term: &Term, frame: &mut Frame) -> Value {
        match term {
            Term::Const(value) => value.clone(),
            Term::Never => Value::Time(Instants::at(FOREVER)),
            Term::AsOf => Value::Time(Instants::at(self.now)),
            Term::List(items) => Value::List(List::closed(items.iter().map(|i| self.eval(i, frame)).collect())),
            Term::Slot(slot) => frame.get(*slot).cloned().unwrap_or_else(Value::unknown),
            Term::Parameter(index, at) => {
                let at = at.as_ref().map_or_else(|| Instants::at(self.now), |at| self.eval(at, frame).instants());
                self.parameter(*index, &at)
            }
            Term::Field { of, ty, field } => match self.eval(of, frame) {
                Value::Record(record) => self.field(record, *ty, *field),
                other => Value::Unknown(other.missing()),
            },
            Term::FieldAt { of, ty, field, at } => match self.eval(of, frame) {
                Value::Record(record) => {
                    let at = self.eval(at, frame).instants();
                    self.field_at(record, *ty, *field, &at)
                }
                other => Value::Unknown(other.missing()),
            },
            Term::Convert { amount, currency, rate } => {
                let amount = self.eval(amount, frame);
                // An amount that is in it already stays, whatever the rate.
                if amount.currency().is_some_and(|code| code == currency) {
                    return amount;
                }
                arith::convert(&amount, currency, &self.eval(rate, frame))
            }
            Term::CurrencyOf(amount) => {
                let amount = self.eval(amount, frame);
                amount.currency().map_or_else(|| Value::Unknown(amount.missing()), |code| Value::Text(code.clone()))
            }
            Term::Call(definition, args) => {
                let Some(body) = self.program.definitions.get(*definition) else { return Value::unknown() };
                let slots = body.frame.max(args.len());
                let mut inner = Frame::with_capacity(slots);
                inner.extend(args.iter().map(|a| self.eval(a, frame)));
                inner.resize(slots, Value::unknown());
                self.eval(&body.term, &mut inner)
            }
            Term::Arith(op, a, b) => arith::compute(&self.zone, *op, &self.eval(a, frame), &self.eval(b, frame)),
            Term::Neg(a) => arith::negate(&self.eval(a, frame)),
            Term::IfUnknown(a, b) => {
                let value = self.eval(a, frame);
                if value.is_known() { value } else { self.eval(b, frame) }
            }
            Term::If(three) => self.choose(three, frame),
            Term::Period(from, to) => {
                let (from, to) = (self.eval(from, frame).instants(), self.eval(to, frame).instants());
                Value::Period(Arc::new(Period { from, to }))
            }
            Term::Count(scan, condition) => self.count(scan, condition, frame),
            Term::Share(scan, condition) => self.share(scan, condition, frame),
            Term::Fold { op, durations, value, scan, condition } => {
                self.fold(*op, *durations, value, scan, condition, frame)
            }
            Term::Pick { op, scan, condition } => self.pick(*op, scan, condition, frame),
            Term::Distance(a, b) => arith::distance(&self.eval(a, frame), &self.eval(b, frame)),
            Term::Follow { from, field } => self.follow(&self.eval(from, frame), field),
            Term::Not(_)
            | Term::And(_)
            | Term::Or(_)
            | Term::Compare(..)
            | Term::In(..)
            | Term::Within(..)
            | Term::Overlaps(..)
            | Term::Covers(..)
            | Term::IsKnown(_)
            | Term::IsMissing(_)
            | Term::IsEmpty(_)
            | Term::Some(..)
            | Term::Every(..)
            | Term::Holds { .. }
            | Term::All(_) => {
                let truth = self.holds(term, frame);
                truth.value.map_or_else(|| Value::Unknown(truth.missing), Value::Bool)
            }
        }
    }

    /// Equal branches decide even when the condition is unknown.
    fn choose(&self, three: &[Term; 3], frame: &mut Frame) -> Value {
        let [condition, then, otherwise] = three;
        let test = self.holds(condition, frame);
        match test.value {
            Some(true) => self.eval(then, frame),
            Some(false) => self.eval(otherwise, frame),
            None => {
                let (a, b) = (self.eval(then, frame), self.eval(otherwise, frame));
                if a.eq(&b).is_true() { a } else { Value::Unknown(test.missing.and(&a.missing()).and(&b.missing())) }
            }
        }
    }

    /// Every item with the truth of the condition for it.
    #[expect(clippy::type_complexity, reason = "items, and what more there may be")]
    fn each(
        &self,
        scan: &Scan,
        condition: &Term,
        frame: &mut Frame,
    ) -> Result<(Vec<(Value, Truth)>, Option<Missing>), Missing> {
        let (items, open) = self.walk(scan, frame)?;
        let mut out = Vec::with_capacity(items.len());
        for item in items.iter() {
            frame[scan.slot] = item.clone();
            let truth = self.holds(condition, frame);
            out.push((item, truth));
        }
        Ok((out, open))
    }

    fn count(&self, scan: &Scan, condition: &Term, frame: &mut Frame) -> Value {
        let (items, open) = match self.each(scan, condition, frame) {
            Ok(found) => found,
            Err(missing) => {
                return Value::quantity(Quantity { lo: Some(Decimal::ZERO), hi: None, unit: Unit::Plain, missing });
            }
        };
        let sure = items.iter().filter(|(_, t)| t.is_true()).count();
        let mut missing = open.clone().unwrap_or_default();
        let mut possible = sure;
        for (_, truth) in items.iter().filter(|(_, t)| t.is_unknown()) {
            missing.add(&truth.missing);
            possible += 1;
        }
        let hi = open.is_none().then(|| Decimal::from(possible));
        Value::quantity(Quantity { lo: Some(Decimal::from(sure)), hi, unit: Unit::Plain, missing })
    }

    /// Part of the items for which the condition holds: from those that surely count to those that may, over all.
    fn share(&self, scan: &Scan, condition: &Term, frame: &mut Frame) -> Value {
        let (items, open) = match self.each(scan, condition, frame) {
            Ok(found) => found,
            Err(missing) => return Value::Unknown(missing),
        };
        let mut missing = open.clone().unwrap_or_default();
        items.iter().for_each(|(_, truth)| missing.add(&truth.missing));
        let count = |possible: bool| {
            let counted = items.iter().filter(|(_, t)| t.is_true() || (possible && t.is_unknown())).count();
            Decimal::from(counted).checked_div(Decimal::from(items.len()))
        };
        match (open, count(false), count(true)) {
            (None, Some(lo), Some(hi)) => {
                Value::quantity(Quantity { lo: Some(lo), hi: Some(hi), unit: Unit::Plain, missing })
            }
            _ => Value::Unknown(missing),
        }
    }

    fn fold(&self, op: Fold, durations: bool, value: &Term, scan: &Scan, condition: &Term, frame: &mut Frame) -> Value {
        let (items, open) = match self.each(scan, condition, frame) {
            Ok(found) => found,
            Err(missing) => return Value::Unknown(missing),
        };
        let mut sure = Vec::new();
        let mut possible = Vec::new();
        let mut missing = open.clone().unwrap_or_default();
        for (item, truth) in items {
            if truth.is_false() {
                continue;
            }
            frame[scan.slot] = item;
            let value = self.eval(value, frame);
            missing.add(&value.missing());
            if truth.is_true() {
                sure.push(value);
            } else {
                missing.add(&truth.missing);
                possible.push(value);
            }
        }
        if open.is_some() {
            return Value::Unknown(missing);
        }
        match op {
            Fold::Sum => arith::sum(&sure, &possible, durations, missing),
            Fold::Min => arith::least(&sure, &possible, missing),
            Fold::Max => arith::greatest(&sure, &possible, missing),
        }
    }

    fn pick(&self, op: Pick, scan: &Scan, condition: &Term, frame: &mut Frame) -> Value {
        let (items, open) = match self.each(scan, condition, frame) {
            Ok(found) => found,
            Err(missing) => return Value::Unknown(missing),
        };
        let mut missing = open.clone().unwrap_or_default();
        for (_, truth) in &items {
            missing.add(&truth.missing);
        }
        let candidates: Vec<_> = items.into_iter().filter(|(_, t)| !t.is_false()).collect();
        if open.is_some() {
            return Value::Unknown(missing);
        }
        if op == Pick::The {
            return match candidates.as_slice() {
                [(only, truth)] if truth.is_true() => only.clone(),
                _ => Value::Unknown(missing),
            };
        }
        let dated: Vec<(Value, Instants, Truth)> =
            candidates.into_iter().map(|(item, truth)| (item.clone(), self.date_of(&item), truth)).collect();
        for (_, at, _) in &dated {
            missing.add(&at.missing);
        }
        // The winner surely counts, and surely stands strictly before (behind) every other candidate.
        let beats = |a: &Instants, b: &Instants| match op {
            Pick::Earliest => a.lt(b).is_true(),
            Pick::Latest | Pick::The => b.lt(a).is_true(),
        };
        // Only what begins first (last) can stand strictly before (behind) all others.
        let ends = dated.iter().enumerate();
        let end = match op {
            Pick::Earliest => ends.min_by_key(|(_, (_, at, _))| at.lo),
            Pick::Latest | Pick::The => ends.max_by_key(|(_, (_, at, _))| at.lo),
        };
        let winner = end.filter(|(n, (_, at, truth))| {
            truth.is_true() && dated.iter().enumerate().all(|(m, (_, other, _))| *n == m || beats(at, other))
        });
        winner.map_or(Value::Unknown(missing), |(_, (item, _, _))| item.clone())
    }

    /// A record's own date.
    fn date_of(&self, item: &Value) -> Instants {
        let Value::Record(record) = item else { return Instants::any(item.missing()) };
        let ty = self.facts.records.get(*record as usize).map_or(u32::MAX, |r| r.ty);
        match self.program.dated.get(ty as usize).copied().flatten() {
            Some(field) => self.field(*record, ty, field).instants(),
            None => Instants::any(Missing::default()),
        }
    }

    /// Every record along a chain of any depth; a circle in the data ends it. A link that is missing leaves the list open.
    fn follow(&self, from: &Value, field: &str) -> Value {
        let Value::Record(start) = from else { return Value::Unknown(from.missing()) };
        let mut reached = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        let mut queue = std::collections::VecDeque::from([*start]);
        let mut open: Option<Missing> = None;
        while let Some(record) = queue.pop_front() {
            let ty = self.facts.records.get(record as usize).map_or(u32::MAX, |r| r.ty);
            let Some(index) = self.types.field(ty, field) else { continue };
            let next = match self.field(record, ty, index) {
                Value::List(list) => list.items.to_vec(),
                Value::Record(next) => vec![Value::Record(next)],
                other => {
                    open.get_or_insert_default().add(&other.missing());
                    continue;
                }
            };
            for next in next {
                if let Value::Record(next) = next
                    && seen.insert(next)
                {
                    reached.push(Value::Record(next));
                    queue.push_back(next);
                }
            }
        }
        Value::List(List { items: reached.into(), open })
    }

    /// Whether a walk goes through records of a type (and not through the items of a list).
    pub(crate) fn walked_type(scan: &Scan) -> Option<u32> {
        match scan.over {
            Over::Records { ty, .. } => Some(ty),
            Over::Items(_) => None,
        }
    }
}

/// `a op b` is `b mirrored(op) a`.
fn mirrored(op: Comparison) -> Comparison {
    match op {
        Comparison::Eq | Comparison::Ne => op,
        Comparison::Lt => Comparison::Gt,
        Comparison::Le => Comparison::Ge,
        Comparison::Gt => Comparison::Lt,
        Comparison::Ge => Comparison::Le,
    }
}

fn ordered(op: Comparison, a: &Value, b: &Value) -> Truth {
    match op {
        Comparison::Eq => a.eq(b),
        Comparison::Ne => a.eq(b).not(),
        Comparison::Lt => a.lt(b),
        Comparison::Le => a.le(b),
        Comparison::Gt => b.lt(a),
        Comparison::Ge => b.le(a),
    }
}

fn overlaps(a: &Value, b: &Value) -> Truth {
    match (a, b) {
        (Value::Period(a), Value::Period(b)) => a.overlaps(b),
        (Value::List(a), Value::List(b)) => a.overlaps(b),
        (a, b) => Truth::unknown(a.missing().and(&b.missing())),
    }
}

/// `a` contains `b`.
fn covers(a: &Value, b: &Value) -> Truth {
    match (a, b) {
        (Value::Period(a), Value::Period(b)) => a.covers(b),
        (Value::Period(a), Value::Time(b)) => a.contains(b),
        (Value::List(a), Value::List(b)) => a.covers(b),
        (a, b) => Truth::unknown(a.missing().and(&b.missing())),
    }
}

/// The comparison with its sides exchanged.
fn turned(op: Comparison) -> Comparison {
    match op {
        Comparison::Lt => Comparison::Gt,
        Comparison::Le => Comparison::Ge,
        Comparison::Gt => Comparison::Lt,
        Comparison::Ge => Comparison::Le,
        Comparison::Eq | Comparison::Ne => op,
    }
}
