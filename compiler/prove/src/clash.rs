//! A duty and what stands in its way: the situation, whether rules that are kept lead there, and what is said.

use crate::abiding::{Judge, Learnt, ROUNDS, Strict, discharges, is_binding, kept};
use crate::clauses::undecided;
use crate::contest::{Verdict, hopeless, number};
use crate::draft::Draft;
use crate::finding::{Finding, Part, Place, Situation};
use crate::forbidden::{Obstacle, Stretch, binds_both, telling, ways};
use crate::known::Known;
use crate::memo::Around;
use crate::replay::{Expected, is_broken, narrowed, outcome, replay, situation};
use crate::rule::{Done, Instance, Span, is_duty};
use crate::scene::{Scene, world};
use crate::term::{Linear, ObjectId, Value};
use crate::world::{Origin, World};
use mandate_diagnostics::{Code, codes};
use mandate_logic::{Formula, Model};
use mandate_pack::{Act, Domain, Evidence, Lasting, Rule, Window, short};
use std::collections::BTreeSet;
use std::rc::Rc;

/// What is said of a question, and of records of which types: rules about them had a say in it.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) findings: Vec<Finding>,
    pub(crate) around: Around,
}

/// A duty, one kind of record that shows it done, and a rule in its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case<'p> {
    pub(crate) duty: (&'p str, &'p Rule),
    pub(crate) other: (&'p str, &'p Rule),
    pub(crate) evidence: &'p Evidence,
    /// The variable of the other rule that the record is; absent: the record is a case of the act it forbids.
    pub(crate) slot: Option<usize>,
}

/// A duty that is discharged by a record which another rule, or the duty, is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way<'p> {
    pub(crate) duty: (&'p str, &'p Rule),
    evidence: &'p Evidence,
    /// Whether the record is a variable of the duty at the end, not of the other rule.
    pub(crate) of_duty: bool,
    at: usize,
}

/// How the search for a situation ended.
enum Settled {
    Never,
    Open,
    /// The reasoning leads to something that no replay confirms.
    Possible(bool),
    Found(Box<Finding>),
}

/// Whether a duty and a rule cannot both be kept, and what is said then.
pub(crate) fn told<'p>(known: &Rc<Known<'p>>, case: Case<'p>) -> Told {
    let mut judge = Judge::new(known);
    let findings = match settle(known, case, None, &mut judge) {
        Settled::Never => Vec::new(),
        Settled::Open => vec![undecided(case.duty.0, &what(case))],
        Settled::Possible(beyond) => vec![possible(case, beyond)],
        Settled::Found(finding) => {
            let binding = case.duty.1.norm.modal.is_binding() && case.other.1.norm.modal.is_binding();
            let ways = if binding { ways_there(known, case.duty, case.other, case.slot) } else { Vec::new() };
            let led = ways.into_iter().find_map(|way| match settle(known, case, Some(way), &mut judge) {
                Settled::Found(finding) => Some(finding),
                Settled::Never | Settled::Open | Settled::Possible(_) => None,
            });
            vec![*led.unwrap_or(finding)]
        }
    };
    Told { findings, around: judge.around }
}

fn what(case: Case<'_>) -> String {
    format!("whether the duty can be done beside `{}`", short(case.other.0))
}

/// Duties by which a record of the situation comes to be there; what stands in `slot` of the other rule does not count.
pub(crate) fn ways_there<'p>(
    known: &Known<'p>,
    duty: (&'p str, &'p Rule),
    other: (&'p str, &'p Rule),
    slot: Option<usize>,
) -> Vec<Way<'p>> {
    let mut ways = Vec::new();
    for of_duty in [true, false] {
        let rule = if of_duty { duty.1 } else { other.1 };
        for (at, binder) in rule.for_each.iter().enumerate() {
            let Domain::Records(record) = &binder.over else { continue };
            if !of_duty && slot == Some(at) {
                continue;
            }
            for first in known.duties.get(record.as_str()).into_iter().flatten() {
                if first.0 == duty.0 || first.0 == other.0 || !first.1.norm.modal.is_binding() {
                    continue;
                }
                let evidence = crate::rule::action_of(known.pack, first.1).into_iter().flat_map(|a| &a.evidence);
                for evidence in evidence.filter(|evidence| evidence.record == *record) {
                    ways.push(Way { duty: *first, evidence, of_duty, at });
                }
            }
        }
    }
    ways
}

/// Looks for a situation in which rules are kept until the two meet.
fn settle<'p>(known: &Rc<Known<'p>>, case: Case<'p>, way: Option<Way<'p>>, judge: &mut Judge<'p>) -> Settled {
    let mut learnt = Learnt::default();
    for _ in 0..ROUNDS {
        let Some(mut pair) = Pair::new(known, case, way) else { return Settled::Never };
        let Some((verdict, base)) = pair.look(&learnt) else { return Settled::Never };
        let model = match verdict {
            Verdict::Never => return Settled::Never,
            Verdict::Open => return Settled::Open,
            Verdict::Hopeless(model) => model,
        };
        let wishes = [base, pair.world.wishes()].concat();
        let model = pair.world.rounded(&mut pair.scene.session, model, &wishes);
        let with = pair.world.draft(&model, &BTreeSet::from([pair.act]));
        let without = pair.world.draft_without(&model, pair.act, &telling(known.pack, case.evidence).fields);
        let Some(broken) = pair.broken(judge, &model, &without) else { return Settled::Possible(pair.is_beyond()) };
        if broken.is_empty() {
            return match pair.finding(&with, &without) {
                Some(finding) => Settled::Found(Box::new(finding)),
                None => Settled::Possible(pair.is_beyond()),
            };
        }
        if !learnt.learn(broken) {
            return Settled::Possible(pair.is_beyond());
        }
    }
    Settled::Open
}

struct Pair<'p> {
    known: Rc<Known<'p>>,
    world: World<'p>,
    scene: Scene,
    case: Case<'p>,
    duty: Instance<'p>,
    other: Instance<'p>,
    /// The record that shows the duty done.
    act: ObjectId,
    way: Option<(Way<'p>, Instance<'p>)>,
    /// Until when the rules are kept: the deadline.
    until: Linear,
}

impl<'p> Pair<'p> {
    fn new(known: &Rc<Known<'p>>, case: Case<'p>, way: Option<Way<'p>>) -> Option<Pair<'p>> {
        let mut world = world(known);
        let duty = world.instance(0, case.duty.0, case.duty.1);
        let other = world.instance(0, case.other.0, case.other.1);
        let act = match case.slot {
            None => world.imagined(&case.evidence.record),
            Some(slot) => match other.bound.get(slot) {
                Some(Value::Object(object)) => {
                    let known = world.objects.get_mut(object.0 as usize)?;
                    (known.counts, known.origin) = (false, Origin::Named("act".to_owned()));
                    *object
                }
                _ => return None,
            },
        };
        let way = way.map(|way| (way, world.instance(0, way.duty.0, way.duty.1)));
        let until = Linear::of(world.now);
        Some(Pair { known: Rc::clone(known), world, scene: Scene::new(), case, duty, other, act, way, until })
    }

    /// The verdict, with what was asked for and wished first. `None` where the rule has no act.
    fn look(&mut self, learnt: &Learnt<'p>) -> Option<(Verdict, Vec<Formula>)> {
        let (duty, other, evidence) = (self.duty.clone(), self.other.clone(), self.case.evidence);
        let owed = &duty.rule.norm;
        let world = &mut self.world;
        let obstacle = Obstacle { rule: other.clone(), slot: self.case.slot };
        let span = world.span(&duty, owed, None);
        let binds = match self.case.slot {
            None => binds_both(world, &self.known, &duty, evidence, &other),
            Some(_) => Formula::TRUE,
        };
        if binds == Formula::FALSE {
            return Some((Verdict::Never, Vec::new()));
        }
        // The act itself: it discharges the duty and breaks the rule.
        let (_, env) = world.action(&duty, owed)?;
        let mut base = vec![binds, span.known, duty.there, other.there];
        base.push(world.active(&self.known, &duty, span.to));
        base.push(discharges(world, &duty, owed, evidence, self.act, &env, span));
        base.push(obstacle.broken_by(world, &self.known, self.act));
        let now = Linear::of(world.now);
        if let Some(to) = span.to {
            // What lasts is owed from its begin on.
            let lasts = matches!(owed.time, Some(Window::Lasting(_)));
            self.until = span.from.filter(|_| lasts).unwrap_or(to);
            base.push(world.at_most(to, now, -1));
        }
        if let Some((way, first)) = &self.way {
            base.extend(led(world, &self.known, *way, first, if way.of_duty { &duty } else { &other })?);
        }
        for name in &learnt.demanded {
            let (name, rule) = self.known.pack.rules.get_key_value(*name)?;
            base.push(kept(world, &self.known, name, rule, self.until));
        }
        let mut terms = Vec::new();
        let their = world.span(&other, &other.rule.norm, None);
        for end in [span.from, span.to, their.from, their.to].into_iter().flatten() {
            terms.extend([Some(end), end.shifted(1), end.shifted(-1)].into_iter().flatten());
        }
        let mut stretch = None;
        if let Some(Window::Lasting(lasting)) = &owed.time {
            let (of, holds) = lasting_stretch(world, &duty, lasting, span, their)?;
            base.extend(holds);
            let done = world.done(evidence, self.act, &env);
            // The record that is shown covers the whole period.
            if let Some(Done { from: begun, to: Some(ended), .. }) = done {
                base.push(world.at_most(begun, span.from?, 0));
                base.push(world.at_most(span.to.unwrap_or(now), ended, -1));
            }
            (stretch, terms) = (Some(of), [terms, vec![of.from, of.to]].concat());
        }
        let ways = ways(world, &self.known, &duty, owed, span, stretch, &obstacle)?;
        let wished = learnt.wishes(world, &self.known);
        let verdict = hopeless(world, &mut self.scene, &base, &ways, &terms, &wished);
        Some((verdict, [base, wished].concat()))
    }

    /// Rules that are broken before the two meet: duties by the deadline, anything else at all.
    fn broken(&mut self, judge: &mut Judge<'p>, model: &Model, without: &Draft) -> Option<BTreeSet<&'p str>> {
        let until = number(model, self.until);
        let mut broken = judge
            .broken(without, until, Strict::Surely, &|finding, rule| is_binding(finding) && demands_an_act(rule))?;
        broken.extend(judge.broken(without, without.as_of, Strict::Surely, &|finding, rule| {
            is_binding(finding) && !demands_an_act(rule)
        })?);
        Some(broken)
    }

    fn is_beyond(&self) -> bool {
        self.world.beyond || self.world.cut
    }

    /// The finding, after its situation was assessed without the act and with it.
    fn finding(&self, with: &Draft, without: &Draft) -> Option<Finding> {
        let (duty, other) = (self.duty.name, self.other.name);
        let mut rules = BTreeSet::from([duty, other]);
        rules.extend(self.way.as_ref().map(|(_, first)| first.name));
        let small = narrowed(&self.known, &rules, &with.types);
        let (owed, barred) = (subject(&self.duty, with), subject(&self.other, with));
        let (kept, broken) = (replay(&small, &with.facts, with.as_of)?, replay(&small, &without.facts, without.as_of)?);
        let undone = broken.of(duty, &owed).or(broken.worst(duty));
        let done = kept.of(other, &barred).or(kept.worst(other));
        let discharged = kept.of(duty, &owed).or(kept.worst(duty));
        let real = is_broken(done)
            && !is_broken(discharged)
            && (is_broken(undone) || self.duty.rule.norm.time.is_none())
            && !kept.unrealistic
            && !broken.unrealistic;
        if !real {
            return None;
        }
        let mut outcomes = Vec::new();
        if let Some((_, first)) = &self.way {
            let led = broken.of(first.name, &subject(first, without)).or(broken.worst(first.name));
            if is_broken(led) {
                return None;
            }
            outcomes.extend(led.map(|led| (first.name.to_owned(), outcome(led))));
        }
        if let Some(undone) = undone {
            outcomes.push((duty.to_owned(), format!("without the act: {}", outcome(undone))));
        }
        if let Some(done) = done {
            let text = format!("with the act `{}`: {}", with.keys.get(&self.act)?, outcome(done));
            outcomes.push((other.to_owned(), text));
        }
        let yields = yielding((duty, self.duty.rule), (other, self.other.rule));
        let title = format!("{} and {} meet", short(duty), short(other));
        let origin = self.duty.rule.origin.clone();
        let situation: Situation = if yields == other {
            let expected: [Expected<'_>; 2] = [(duty, owed, "satisfied"), (other, barred, "overridden")];
            situation(self.known.pack, with, title, origin, outcomes, &expected)
        } else {
            let expected: [Expected<'_>; 1] = [(duty, owed, "overridden")];
            situation(self.known.pack, without, title, origin, outcomes, &expected)
        };
        Some(self.worded(yields, situation))
    }

    fn worded(&self, yields: &str, situation: Situation) -> Finding {
        let (duty, other) = (self.duty.name, self.other.name);
        let binding = self.duty.rule.norm.modal.is_binding() && self.other.rule.norm.modal.is_binding();
        let (demands, case) = (if binding { "demands" } else { "asks for" }, self.case.slot.is_some());
        let message = match case {
            false => format!("`{}` {demands} what `{}` forbids", short(duty), short(other)),
            true => format!("`{}` {demands} what cannot be done without breaking `{}`", short(duty), short(other)),
        };
        let beside = if case { "every record that would do breaks it" } else { "forbids it in the same situation" };
        let mut related = vec![(Place::rule(other, Part::Norm), beside.to_owned())];
        let (code, message): (&'static Code, String) = match (&self.way, binding, case) {
            (Some((_, first)), ..) => {
                related.insert(0, (Place::rule(first.name, Part::Norm), "whoever keeps this is led there".to_owned()));
                (&codes::E305, format!("{message}, and whoever keeps `{}` is led there", short(first.name)))
            }
            (None, true, false) => (&codes::E301, message),
            (None, true, true) => (&codes::E304, message),
            (None, false, _) => (&codes::W301, message),
        };
        let wins = if yields == other { duty } else { other };
        // What has less force behind it cannot override.
        let either = if self.duty.rule.force == self.other.rule.force { ", or the other way round" } else { "" };
        let mut help = vec![format!(
            "Say which of the two yields: `overrides {}(...)` in `{}`{either}; or take the situation out of one of them with `unless`.",
            short(yields),
            short(wins)
        )];
        if let Some((_, first)) = &self.way {
            help.push(format!("Or let `{}` not lead there.", short(first.name)));
        }
        Finding { code, at: Place::rule(duty, Part::Norm), message, related, help, situation: Some(situation) }
    }
}

/// That a record of a situation is there because another duty was done, which applies there.
pub(crate) fn led<'p>(
    world: &mut World<'p>,
    known: &Rc<Known<'p>>,
    way: Way<'p>,
    first: &Instance<'p>,
    of: &Instance<'p>,
) -> Option<Vec<Formula>> {
    let Some(Value::Object(record)) = of.bound.get(way.at).cloned() else { return None };
    let norm = &way.duty.1.norm;
    let (_, env) = world.action(first, norm)?;
    let span = world.span(first, norm, None);
    Some(vec![
        first.there,
        span.known,
        world.active(known, first, span.to),
        discharges(world, first, norm, way.evidence, record, &env, span),
    ])
}

/// The keys of what a rule is about, as far as it is records.
pub(crate) fn subject(instance: &Instance<'_>, draft: &Draft) -> Vec<String> {
    let keys = instance.bound.iter().filter_map(|value| match value {
        Value::Object(object) => draft.keys.get(object).cloned(),
        _ => None,
    });
    keys.collect()
}

/// A stretch in which both a lasting duty and what stands in its way hold, longer than the gaps that the duty tolerates.
fn lasting_stretch<'p>(
    world: &mut World<'p>,
    duty: &Instance<'p>,
    lasting: &'p Lasting,
    span: Span,
    their: Span,
) -> Option<(Stretch, Vec<Formula>)> {
    let from = Linear::of(world.some_instant());
    let (known, gap) = match &lasting.gap {
        Some(gap) => world.length(gap, &duty.env)?,
        None => (Formula::TRUE, Linear::constant(0)),
    };
    let to = from.sum(gap, 1)?;
    let mut holds = vec![known, their.known];
    for begin in [span.from, their.from].into_iter().flatten() {
        holds.push(world.at_most(begin, from, 0));
    }
    for end in [span.to, their.to, Some(Linear::of(world.now))].into_iter().flatten() {
        holds.push(world.at_most(to, end, -1));
    }
    Some((Stretch { from, to }, holds))
}

/// Whether a rule demands that something be done.
pub(crate) fn demands_an_act(rule: &Rule) -> bool {
    is_duty(rule.norm.modal) && matches!(rule.norm.act, Act::Do { .. })
}

/// What the reasoning leads to and no replay confirms.
fn possible(case: Case<'_>, beyond: bool) -> Finding {
    let (duty, other) = (case.duty.0, case.other.0);
    if !beyond {
        return undecided(duty, &what(case));
    }
    Finding {
        code: &codes::N302,
        at: Place::rule(duty, Part::Norm),
        message: format!("`{}` may demand what `{}` forbids", short(duty), short(other)),
        related: vec![(Place::rule(other, Part::Norm), "may forbid it".to_owned())],
        help: vec!["Part of the conditions is beyond proof, so no situation could be shown. If one of the two is meant to yield, say so with `overrides`.".to_owned()],
        situation: None,
    }
}

/// Of two rules that cannot both be kept, the one that is expected to yield: that of less force, of equal force the later one.
pub(crate) fn yielding<'n>(a: (&'n str, &Rule), b: (&'n str, &Rule)) -> &'n str {
    let weight = |rule: &Rule| rule.force.map_or(u8::MAX, |force| force as u8);
    match weight(a.1).cmp(&weight(b.1)) {
        std::cmp::Ordering::Less => b.0,
        std::cmp::Ordering::Greater => a.0,
        std::cmp::Ordering::Equal if a.1.origin > b.1.origin => a.0,
        std::cmp::Ordering::Equal => b.0,
    }
}

#[cfg(test)]
mod tests {
    use crate::Prover;
    use mandate_semantics::{Host, ModuleInput, PackageInput, PackageOrigin, ProjectInput};
    use std::fmt::Write as _;
    use std::sync::Arc;

    /// Where nothing is known of a person, forty duties apply at once; of one whose age is known it is one.
    #[test]
    fn a_contradiction_is_told_among_many_rules_that_an_unknown_value_makes_apply() {
        let mut text = String::from(
            "//! People.\n\nenum Grade { low < high }\n\nrecord Person {\n  age: Int?\n  grade: Grade?\n}\n\n\
             record Incident key id at seen_at {\n  id: Text\n  seen_at: Time\n  people: list of Person\n}\n\n",
        );
        for number in 0..40 {
            let _ = write!(
                text,
                "record Step{number} key id at done_at {{\n  id: Text\n  incident: Incident\n  done_at: Time?\n}}\n\n\
                 action step{number}(i: Incident) {{ evidence s: Step{number} where s.incident == i }}\n\n\
                 rule duty{number} {{\n  for each i: Incident\n  \
                 when some p in i.people where p.age == {number} if unknown p.grade == high\n  \
                 everyone must step{number}(i) within {} hours after i.seen_at\n}}\n\n",
                if number == 20 { 5 } else { 1 }
            );
        }
        text.push_str(
            "rule never {\n  for each i: Incident\n  when some p in i.people where p.age == 20 if unknown p.grade == high\n  \
             everyone must not step20(i)\n}\n",
        );
        let module = ModuleInput {
            path: Arc::from("people.mandate"),
            relative: "people.mandate".to_owned(),
            module: "people".to_owned(),
            text: Arc::from(text.as_str()),
        };
        let package = PackageInput {
            name: "town".to_owned(),
            version: "0.1.0".to_owned(),
            edition: "2026".to_owned(),
            time_zone: "UTC".to_owned(),
            origin: PackageOrigin::Own,
            dependencies: Vec::new(),
            at_hand: false,
            modules: vec![module],
            documents: Vec::new(),
            lock: None,
        };
        let mut host = Host::new();
        host.set_project(ProjectInput { packages: vec![package] });
        let pack = Arc::new(host.snapshot().pack("town").expect("the package compiles"));
        let found = Prover::new().check(&pack, &|_| true, &|| false).expect("not stopped");
        let told: Vec<_> = found.iter().map(|finding| (finding.code.id, finding.message.as_str())).collect();
        assert_eq!(told, [("E301", "`duty20` demands what `never` forbids")]);
    }
}
