//! Duties that are due before they arise (E303).

use crate::clauses::undecided;
use crate::finding::{Finding, Part, Place};
use crate::known::Known;
use crate::reads::Reads;
use crate::replay::{is_broken, narrowed, outcome, replay, situation};
use crate::rule::{Instance, Span, is_duty};
use crate::scene::{Can, Scene, world};
use crate::term::{Linear, Rail, Value};
use crate::world::World;
use mandate_diagnostics::codes;
use mandate_logic::{Answer, Formula};
use mandate_pack::{Act, Dated, Domain, Rule, Window, short};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Whether a duty can never be met in time, because its window is empty or ends before the record it arises from is dated.
pub(crate) fn early<'p>(known: &Rc<Known<'p>>, name: &'p str, rule: &'p Rule) -> Vec<Finding> {
    let looked_at = is_duty(rule.norm.modal) && matches!(rule.norm.act, Act::Do { .. });
    let window = match &rule.norm.time {
        Some(Window::Lasting(_) | Window::Every(_)) | None => return Vec::new(),
        Some(window) if looked_at => window,
        Some(_) => return Vec::new(),
    };
    let mut world = world(known);
    let instance = world.instance(0, name, rule);
    let span = world.span(&instance, &rule.norm, None);
    let Some(to) = span.to.filter(|_| !span.rough) else { return Vec::new() };
    let dated = dated_apart(known, rule, window);
    let chance = in_time(&mut world, &instance, &span, to, &dated);
    if chance == Formula::TRUE {
        return Vec::new();
    }
    let mut early = Early { known: Rc::clone(known), world, scene: Scene::new(), instance };
    let mut base = vec![span.known, early.world.applies(known, &early.instance, Some(to), Rail::True)];
    base.push(early.world.not_overridden(known, &early.instance, Some(to)));
    let all: Vec<Formula> = base.iter().copied().chain([chance]).collect();
    match early.scene.can(&mut early.world, &all) {
        Can::Yes => Vec::new(),
        Can::Open => vec![early.open()],
        Can::No => {
            base.push(early.world.at_most(to, Linear::of(early.world.now), -1));
            early.told(&base, &dated)
        }
    }
}

/// Variables whose record is dated, where the window is not counted from that date: with their place.
fn dated_apart(known: &Known<'_>, rule: &Rule, window: &Window) -> Vec<(usize, String)> {
    let mut reads = Reads::default();
    reads.window(known.pack, window);
    // What a `let` names is read where it is used; which of them the window uses does not matter, it is silent then.
    rule.lets.iter().for_each(|value| reads.expr(known.pack, &value.value));
    let mut apart = Vec::new();
    for (at, binder) in rule.for_each.iter().enumerate() {
        let Domain::Records(name) = &binder.over else { continue };
        let Some(record) = known.pack.records.get(name) else { continue };
        let own = match &record.dated {
            Some(Dated::At(field)) => vec![field],
            Some(Dated::During(from, to)) => vec![from, to],
            None => continue,
        };
        if !own.iter().any(|field| reads.fields.contains(&(name.clone(), (*field).clone()))) {
            apart.push((at, binder.var.clone()));
        }
    }
    apart
}

/// That the window has an instant in it, none of the records being dated later.
fn in_time<'p>(
    world: &mut World<'p>,
    instance: &Instance<'p>,
    span: &Span,
    to: Linear,
    dated: &[(usize, String)],
) -> Formula {
    let mut parts = Vec::new();
    if let Some(from) = span.from {
        parts.push(world.at_most(from, to, 0));
    }
    for (at, _) in dated {
        let Some(Value::Object(object)) = instance.bound.get(*at).cloned() else { continue };
        let Some((there, date)) = world.date_of(object) else { continue };
        let (missing, before) = (world.store.not(there), world.at_most(date, to, 0));
        parts.push(world.store.or([missing, before]));
    }
    world.store.and(parts)
}

struct Early<'p> {
    known: Rc<Known<'p>>,
    world: World<'p>,
    scene: Scene,
    instance: Instance<'p>,
}

impl<'p> Early<'p> {
    fn open(&self) -> Finding {
        undecided(self.instance.name, "whether the duty can be met in time")
    }

    fn told(&mut self, base: &[Formula], dated: &[(usize, String)]) -> Vec<Finding> {
        self.scene.catch_up(&mut self.world);
        let mut wishes = base.to_vec();
        wishes.extend(self.world.wishes());
        let model = match self.scene.session.prefer(&self.world.store, base, &wishes) {
            Answer::Satisfiable(model) => model,
            // It never applies, which is told by itself.
            Answer::Unsatisfiable(_) => return Vec::new(),
            Answer::Undecided(_) => return vec![self.open()],
        };
        let model = self.world.rounded(&mut self.scene.session, model, &wishes);
        let draft = self.world.draft(&model, &BTreeSet::new());
        let (name, rule) = (self.instance.name, self.instance.rule);
        let small = narrowed(&self.known, &BTreeSet::from([name]), &draft.types);
        let shown = replay(&small, &draft.facts, draft.as_of);
        let subject: Vec<String> = self.world.subject(&self.instance, &draft);
        let shown = shown.as_ref().filter(|shown| !shown.unrealistic);
        let judged = shown.and_then(|shown| shown.of(name, &subject).or(shown.worst(name)));
        let situation = match judged {
            Some(judged) if is_broken(Some(judged)) => {
                let outcomes = vec![(name.to_owned(), outcome(judged))];
                let title = format!("{} falls due", short(name));
                let expected = [(name, subject.clone(), "satisfied")];
                Some(situation(self.known.pack, &draft, title, rule.origin.clone(), outcomes, &expected))
            }
            _ if self.world.beyond || self.world.cut => None,
            _ => return vec![self.open()],
        };
        let vars: Vec<String> = dated.iter().map(|(_, var)| format!("`{var}`")).collect();
        let what = match vars.as_slice() {
            [] => "its window is empty".to_owned(),
            vars => format!("its window is over before the record of {} is dated", vars.join(" or ")),
        };
        let certain = situation.is_some();
        vec![Finding {
            code: if certain { &codes::E303 } else { &codes::N302 },
            at: Place::rule(name, Part::Norm),
            message: match certain {
                true => format!("`{}` can never be kept: wherever it applies, {what}", short(name)),
                false => format!("`{}` may be due before it arises: {what}", short(name)),
            },
            related: Vec::new(),
            help: vec!["Count from the date of the record that gives rise to the duty, or from a later one; or turn the comparison round.".to_owned()],
            situation,
        }]
    }
}
