//! Whether there is a situation in which nothing helps: every act out of many fails.
//!
//! A situation is proposed, an act that would help in it is looked for, and what was learnt from that act is demanded of the next
//! situation: that the same act, described in the situation's own terms, fails there. (Counterexample-guided instantiation of one
//! quantifier alternation.) After a few rounds the question is left open, never answered by guess.

use crate::scene::Scene;
use crate::term::{Linear, ListId, ObjectId, Range, Value};
use crate::world::World;
use mandate_logic::{Answer, Budget, Formula, Model, Session};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Situations proposed at most.
const ROUNDS: usize = 12;

/// What an act has to do with the situation.
pub(crate) type About<'p> = Rc<dyn Fn(&mut World<'p>, ObjectId) -> Formula + 'p>;

/// An act that may help, of one kind of record.
pub(crate) struct Way<'p> {
    /// Type of the record that shows it.
    pub(crate) record: String,
    /// That it helps. To be asserted only.
    pub(crate) helps: About<'p>,
    /// That it does not. To be asserted only.
    pub(crate) fails: About<'p>,
}

/// The answer.
pub(crate) enum Verdict {
    /// There is such a situation.
    Hopeless(Model),
    /// There is none.
    Never,
    Open,
}

/// Looks for a situation in which `base` holds and no act helps. `terms` are instants of the situation that an act's own are told by;
/// what is wished comes before all else that makes a situation simple.
pub(crate) fn hopeless<'p>(
    world: &mut World<'p>,
    scene: &mut Scene,
    base: &[Formula],
    ways: &[Way<'p>],
    terms: &[Linear],
    wished: &[Formula],
) -> Verdict {
    // Most questions end here.
    match scene.can(world, base) {
        crate::scene::Can::No => return Verdict::Never,
        crate::scene::Can::Open => return Verdict::Open,
        crate::scene::Can::Yes => {}
    }
    let mut fixed: BTreeSet<ObjectId> = (0..world.objects.len()).map(|at| ObjectId(at as u32)).collect();
    let beyond = world.known_beyond();
    // One imagined act of each kind, with what it leads to.
    let mut imagined = Vec::new();
    for way in ways {
        let act = world.imagined(&way.record);
        let helps = (way.helps)(world, act);
        imagined.push((act, helps));
    }
    for _ in 0..ROUNDS {
        scene.catch_up(world);
        let wishes = [wished, &world.wishes()].concat();
        let model = match scene.session.prefer(&world.store, base, &wishes) {
            Answer::Satisfiable(model) => model,
            Answer::Unsatisfiable(_) => return Verdict::Never,
            Answer::Undecided(_) => return Verdict::Open,
        };
        let pins = world.pins(&model, &fixed, &beyond);
        let mut helped = None;
        for (at, (act, helps)) in imagined.iter().enumerate() {
            let mut session = Session::new(Budget::default());
            for formula in &world.always {
                session.assert(*formula);
            }
            for pin in &pins {
                session.assert(*pin);
            }
            match session.check_quick(&world.store, &[*helps]) {
                Answer::Satisfiable(counter) => {
                    helped = Some((at, *act, counter));
                    break;
                }
                Answer::Unsatisfiable(_) => {}
                Answer::Undecided(_) => return Verdict::Open,
            }
        }
        let Some((at, act, counter)) = helped else { return Verdict::Hopeless(model) };
        let Some(way) = ways.get(at) else { return Verdict::Open };
        // The same act in every situation: described by the situation's own instants and records.
        let before = world.objects.len();
        let copy = world.imagined(&way.record);
        let fails = (way.fails)(world, copy);
        let told = world.told(act, copy, &counter, terms, &fixed);
        // The copy is a new record, so it can be as it is told in every situation.
        world.always.extend([told, fails]);
        fixed.extend((before..world.objects.len()).map(|at| ObjectId(at as u32)));
    }
    Verdict::Open
}

impl<'p> World<'p> {
    /// A record that is not in the situation but could be.
    pub(crate) fn imagined(&mut self, record: &str) -> ObjectId {
        self.object(record, crate::world::Origin::Named("act".to_owned()), false)
    }

    /// Formulas that pin the situation down to a model, imagined acts left out.
    pub(crate) fn pins(
        &mut self,
        model: &Model,
        fixed: &BTreeSet<ObjectId>,
        beyond: &BTreeSet<String>,
    ) -> Vec<Formula> {
        let mut values = Vec::new();
        let mut pins = Vec::new();
        let mut numbers = vec![Linear::of(self.now)];
        numbers.extend(self.instants.iter().map(|int| Linear::of(*int)));
        for id in fixed {
            let Some(object) = self.objects.get(id.0 as usize) else { continue };
            numbers.push(Linear::of(object.identity));
            pins.push((object.exists, model.holds(&self.store, object.exists)));
            for slot in object.slots.values() {
                pins.push((slot.present, model.holds(&self.store, slot.present)));
                values.push(slot.value.clone());
            }
        }
        for list in self.lists.iter().filter(|list| fixed.contains(&list.owner)) {
            for (exists, value) in &list.items {
                pins.push((*exists, model.holds(&self.store, *exists)));
                values.push(value.clone());
            }
        }
        for (present, value) in self.beyond_of(beyond) {
            pins.push((present, model.holds(&self.store, present)));
            values.push(value);
        }
        let mut choices = Vec::new();
        for value in values {
            match value {
                Value::Bool(formula) => pins.push((formula, model.holds(&self.store, formula))),
                Value::Number(linear) | Value::Thing(linear) => numbers.push(linear),
                Value::Period(from, to) => numbers.extend([from, to]),
                Value::Choice(choice, _) => choices.push((choice, model.value(choice))),
                _ => {}
            }
        }
        let mut out: Vec<Formula> =
            pins.into_iter().map(|(formula, holds)| if holds { formula } else { self.store.not(formula) }).collect();
        for linear in numbers {
            let value = number(model, linear);
            out.push(self.equal(linear, Linear::constant(value)));
        }
        for (choice, value) in choices {
            out.push(self.store.is(choice, value));
        }
        out
    }

    /// That one imagined act is what another one was in a model, told in the terms of the situation.
    fn told(
        &mut self,
        act: ObjectId,
        copy: ObjectId,
        model: &Model,
        terms: &[Linear],
        fixed: &BTreeSet<ObjectId>,
    ) -> Formula {
        let mut parts = Vec::new();
        let mut open = vec![(act, copy)];
        while let Some((act, copy)) = open.pop() {
            // An act that is shown by a record of the situation itself.
            let one: Vec<ObjectId> = self
                .compared()
                .filter(|((a, b), same)| (*a == act || *b == act) && model.holds(&self.store, *same))
                .map(|((a, b), _)| if a == act { b } else { a })
                .collect();
            if let Some(own) = one.into_iter().find(|other| fixed.contains(other)) {
                parts.push(self.same(copy, own));
            }
            let slots: Vec<_> = match self.objects.get(act.0 as usize) {
                Some(object) => object.slots.iter().map(|(key, slot)| (key.clone(), slot.clone())).collect(),
                None => continue,
            };
            for ((field, instant), slot) in slots {
                let other = self.slot(copy, &field, instant);
                let present = model.holds(&self.store, slot.present);
                parts.push(if present { other.present } else { self.store.not(other.present) });
                if !present {
                    continue;
                }
                match (&slot.value, &other.value) {
                    (Value::Bool(a), Value::Bool(b)) => {
                        let holds = model.holds(&self.store, *a);
                        parts.push(if holds { *b } else { self.store.not(*b) });
                    }
                    (Value::Choice(a, _), Value::Choice(b, _)) => parts.push(self.store.is(*b, model.value(*a))),
                    (Value::Number(a), Value::Number(b)) => {
                        let value = number(model, *a);
                        let told = self.term(value, model, terms);
                        parts.push(self.equal(*b, told));
                    }
                    (Value::Thing(a), Value::Thing(b)) => {
                        let value = number(model, *a);
                        parts.push(self.equal(*b, Linear::constant(value)));
                    }
                    (Value::Period(from, to), Value::Period(begun, ended)) => {
                        for (a, b) in [(*from, *begun), (*to, *ended)] {
                            let told = self.term(number(model, a), model, terms);
                            parts.push(self.equal(b, told));
                        }
                    }
                    (Value::List(a), Value::List(b)) => {
                        let items = self.elements(&Range::List(*a));
                        self.tell_items(items, *b, model, (&mut parts, &mut open));
                    }
                    (Value::Object(a), Value::Object(b)) => {
                        let identity = self.objects.get(a.0 as usize).map(|o| (o.identity, o.record.clone()));
                        let Some((identity, record)) = identity else { continue };
                        let is = model.number(identity);
                        let known = fixed.iter().find(|id| {
                            self.objects
                                .get(id.0 as usize)
                                .is_some_and(|o| o.record == record && model.number(o.identity) == is)
                        });
                        match known.copied() {
                            Some(known) => parts.push(self.same(*b, known)),
                            None => open.push((*a, *b)),
                        }
                    }
                    _ => {}
                }
            }
        }
        self.store.and(parts)
    }

    /// That a list has the items that another one has in a model; records among them are still to be told.
    fn tell_items(
        &mut self,
        items: Vec<(Formula, Value)>,
        list: ListId,
        model: &Model,
        (parts, open): (&mut Vec<Formula>, &mut Vec<(ObjectId, ObjectId)>),
    ) {
        for (at, (exists, value)) in items.into_iter().enumerate() {
            let there = model.holds(&self.store, exists);
            // The values of an enum stand in every list of it, each there or not.
            if let Value::Variant(_) = value {
                let own = self.elements(&Range::List(list)).get(at).map_or(Formula::TRUE, |(own, _)| *own);
                parts.push(if there { own } else { self.store.not(own) });
                continue;
            }
            if !there {
                continue;
            }
            match (value, self.element(&Range::List(list), Formula::TRUE)) {
                (Value::Object(a), Some(Value::Object(b))) => open.push((a, b)),
                (Value::Number(a) | Value::Thing(a), Some(Value::Number(b) | Value::Thing(b))) => {
                    let value = number(model, a);
                    parts.push(self.equal(b, Linear::constant(value)));
                }
                _ => {}
            }
        }
    }

    /// A number in the terms of the situation: an instant of it, or one beside it; else the number itself.
    fn term(&self, value: i64, model: &Model, terms: &[Linear]) -> Linear {
        let exact = terms.iter().find(|term| number(model, **term) == value);
        if let Some(exact) = exact {
            return *exact;
        }
        let near = terms.iter().filter_map(|term| Some((*term, value.checked_sub(number(model, *term))?)));
        match near.min_by_key(|(_, by)| by.unsigned_abs()) {
            Some((term, by)) => term.shifted(by).unwrap_or(Linear::constant(value)),
            None => Linear::constant(value),
        }
    }
}

pub(crate) fn number(model: &Model, linear: Linear) -> i64 {
    model.number(linear.plus).saturating_sub(model.number(linear.minus)).saturating_add(linear.add)
}
