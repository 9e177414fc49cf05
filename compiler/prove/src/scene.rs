//! What all questions about rules begin with: a world, the assumptions, a session.

use crate::draft::Draft;
use crate::known::Known;
use crate::rule::{Instance, Then};
use crate::term::{Env, Rail, Value};
use crate::world::World;
use mandate_logic::{Answer, Budget, Formula, Session};
use mandate_pack::{Assumption, Binder};
use std::rc::Rc;

/// A world of one pack that keeps its assumptions.
pub(crate) fn world<'p>(known: &Rc<Known<'p>>) -> World<'p> {
    let mut world = World::new(&[known.pack]);
    assume(&mut world, known, 0);
    world
}

/// Facts surely break none of the assumptions of a pack.
pub(crate) fn assume<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, side: usize) {
    for assumption in &known.pack.assumptions {
        let holds = assumed(world, assumption, side);
        world.always.push(holds);
    }
}

/// The same of what missing fields may turn out to be.
pub(crate) fn assumed_filled_in<'p>(world: &mut World<'p>, known: &Rc<Known<'p>>, side: usize) -> Vec<Formula> {
    let all = known.pack.assumptions.iter();
    all.map(|assumption| world.reading(true, |world| assumed(world, assumption, side))).collect()
}

fn assumed<'p>(world: &mut World<'p>, assumption: &'p Assumption, side: usize) -> Formula {
    let filled_in = world.filled_in;
    let then: Then<'p> = Rc::new(move |world, env| {
        world.reading(filled_in, |world| {
            let mut any = Vec::new();
            for condition in &assumption.when {
                any.push(world.truth(&condition.expr, env, Rail::MaybeFalse));
            }
            let mut all = Vec::new();
            for condition in &assumption.require {
                all.push(world.truth(&condition.expr, env, Rail::MaybeTrue));
            }
            any.push(world.store.and(all));
            world.store.or(any)
        })
    });
    let binders: &'p [Binder] = &assumption.for_each;
    world.every_binding(binders, &Env::new(side), &then)
}

impl<'p> World<'p> {
    /// The names that the records of an instance have in a draft.
    pub(crate) fn subject(&self, instance: &Instance<'p>, draft: &Draft) -> Vec<String> {
        let names = instance.bound.iter().filter_map(|value| match value {
            Value::Object(object) => draft.keys.get(object).cloned(),
            _ => None,
        });
        names.collect()
    }
}

/// A session over a closed world.
pub(crate) struct Scene {
    pub(crate) session: Session,
    asserted: usize,
}

impl Scene {
    pub(crate) fn new() -> Scene {
        Scene { session: Session::new(Budget::default()), asserted: 0 }
    }

    /// Closes the world and takes over what holds in it.
    pub(crate) fn catch_up(&mut self, world: &mut World<'_>) {
        world.close();
        for formula in world.always.iter().skip(self.asserted) {
            self.session.assert(*formula);
        }
        self.asserted = world.always.len();
    }

    /// Whether formulas can hold together; the world is closed first.
    pub(crate) fn ask(&mut self, world: &mut World<'_>, assuming: &[Formula]) -> Answer {
        self.catch_up(world);
        self.session.check(&world.store, assuming)
    }

    /// As [`Scene::ask`], without care for the core.
    pub(crate) fn can(&mut self, world: &mut World<'_>, assuming: &[Formula]) -> Can {
        self.catch_up(world);
        match self.session.check_quick(&world.store, assuming) {
            Answer::Satisfiable(_) => Can::Yes,
            Answer::Unsatisfiable(_) => Can::No,
            Answer::Undecided(_) => Can::Open,
        }
    }
}

/// Whether something can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Can {
    Yes,
    No,
    Open,
}
