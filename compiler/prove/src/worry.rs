//! What the rules have to make impossible (E307) and what they have to leave possible (E308).
//!
//! A history is proposed in which the situation stands; assessment says which rules are not kept in it, and that they are kept is
//! demanded of the next one. Either a history comes out in which all are kept, or none is left.

use crate::abiding::{Judge, ROUNDS, Strict, is_binding, kept};
use crate::clash::Told;
use crate::draft::Draft;
use crate::finding::{Declaration, Finding, Part, Place, Situation};
use crate::known::Known;
use crate::replay::{Expected, outcome, situation};
use crate::scene::{Scene, world};
use crate::term::{Linear, Rail, Range, Value};
use crate::time::DAY;
use crate::world::{Body, World};
use mandate_assess::{Outcome, Status};
use mandate_diagnostics::{Code, codes};
use mandate_logic::{Answer, Formula};
use mandate_pack::{Dated, Situation as Statement, Type, short};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Rules whose outcome is told beside a history at most.
const MOST_TOLD: usize = 6;

/// A situation that must not come about without a breach.
pub(crate) fn concern<'p>(known: &Rc<Known<'p>>, statement: &'p Statement) -> Told {
    let mut judge = Judge::new(known);
    let findings = match seek(known, statement, true, &mut judge) {
        Sought::Blocked(_) => Vec::new(),
        Sought::Open => vec![open(statement, "whether the rules keep this from happening")],
        Sought::Possible => vec![possible(statement, "this may come about while every rule is kept")],
        Sought::Found(draft) => {
            let advice = match seek(known, statement, false, &mut judge) {
                Sought::Blocked(rules) => rules,
                Sought::Open | Sought::Possible | Sought::Found(_) => Vec::new(),
            };
            vec![slips(known, statement, &draft, &advice, &mut judge)]
        }
    };
    Told { findings, around: judge.around }
}

/// A situation that must stay possible without a breach.
pub(crate) fn purpose<'p>(known: &Rc<Known<'p>>, statement: &'p Statement) -> Told {
    let mut judge = Judge::new(known);
    let findings = match seek(known, statement, true, &mut judge) {
        Sought::Found(_) => Vec::new(),
        Sought::Open => vec![open(statement, "whether the rules leave this possible")],
        Sought::Possible => vec![possible(statement, "the rules may leave no way to this")],
        Sought::Blocked(rules) => vec![blocked(statement, &rules)],
    };
    Told { findings, around: judge.around }
}

/// How the search for a history ended.
enum Sought<'p> {
    /// There is none: these rules see to it, none of which can be left out; without rules nothing but the statement and what is
    /// assumed.
    Blocked(Vec<&'p str>),
    Open,
    /// Assessment does not confirm what the reasoning says.
    Possible,
    /// A history in which every rule is kept.
    Found(Box<Draft>),
}

/// Looks for a history in which a situation stands and every rule that binds is kept; recommendations, too, unless `binding`.
fn seek<'p>(known: &Rc<Known<'p>>, statement: &'p Statement, binding: bool, judge: &mut Judge<'p>) -> Sought<'p> {
    let mut demanded: Vec<&'p str> = Vec::new();
    for _ in 0..ROUNDS {
        let mut world = world(known);
        let mut scene = Scene::new();
        let mut base = stands(&mut world, statement);
        base.extend(happened(&mut world, known));
        let own = base.len();
        let now = Linear::of(world.now);
        for name in &demanded {
            let Some((name, rule)) = known.pack.rules.get_key_value(*name) else { return Sought::Open };
            base.push(kept(&mut world, known, name, rule, now));
        }
        scene.catch_up(&mut world);
        let wishes = world.wishes();
        judge.around.types.extend(world.objects.iter().map(|object| object.record.clone()));
        let model = match scene.session.prefer(&world.store, &base, &wishes) {
            Answer::Satisfiable(model) => model,
            Answer::Unsatisfiable(core) => {
                let rules = core.iter().filter_map(|at| at.checked_sub(own));
                return Sought::Blocked(rules.filter_map(|at| demanded.get(at).copied()).collect());
            }
            Answer::Undecided(_) => return Sought::Open,
        };
        let all: Vec<Formula> = base.iter().copied().chain(wishes).collect();
        let model = world.rounded(&mut scene.session, model, &all);
        let draft = world.draft(&model, &BTreeSet::new());
        let broken = judge.broken(&draft, draft.as_of, Strict::Possibly, &|finding, rule| {
            is_binding(finding) || (!binding && rule.norm.modal != mandate_pack::Modal::May)
        });
        let is_beyond = world.beyond || world.cut;
        let Some(broken) = broken else { return if is_beyond { Sought::Possible } else { Sought::Open } };
        if broken.is_empty() {
            return Sought::Found(Box::new(draft));
        }
        let before = demanded.len();
        for name in broken {
            if !demanded.contains(&name) {
                demanded.push(name);
            }
        }
        if demanded.len() == before {
            return if is_beyond { Sought::Possible } else { Sought::Open };
        }
    }
    Sought::Open
}

/// That the situation surely stands.
fn stands<'p>(world: &mut World<'p>, statement: &'p Statement) -> Vec<Formula> {
    let (env, _, mut all) = world.bind(0, &statement.for_each);
    for condition in &statement.when {
        all.push(world.truth(&condition.expr, &env, Rail::True));
    }
    all
}

/// That records which show acts are dated no later than the assessment: a history has happened.
fn happened<'p>(world: &mut World<'p>, known: &Known<'p>) -> Vec<Formula> {
    let evidence = known.pack.actions.values().flat_map(|action| &action.evidence);
    let types: BTreeSet<&str> = evidence.map(|evidence| evidence.record.as_str()).collect();
    let mut all = Vec::new();
    for name in types {
        let body: Body<'p> = Rc::new(|world, value| {
            let Value::Object(object) = value else { return Formula::TRUE };
            let Some((known, at)) = world.date_of(*object) else { return Formula::TRUE };
            let by = if is_dated_by_day(world, *object) { -DAY } else { 0 };
            let past = world.at_most(at, Linear::of(world.now), by);
            world.store.implies(known, past)
        });
        all.push(world.all(&Range::Records(name.to_owned()), &body));
    }
    all
}

fn is_dated_by_day(world: &World<'_>, object: crate::term::ObjectId) -> bool {
    let record = world.objects.get(object.0 as usize).map(|object| object.record.as_str());
    let dated = record.and_then(|record| Some((record, world.record(record)?.dated.as_ref()?)));
    dated.is_some_and(|(record, dated)| {
        let (Dated::At(name) | Dated::During(name, _)) = dated;
        world.field(record, name).is_some_and(|field| *field.ty.known() == Type::Date)
    })
}

fn place(statement: &Statement) -> Place {
    Place { of: Declaration::Statement(statement.origin.clone()), part: Part::Name }
}

fn slips<'p>(
    known: &Known<'p>,
    statement: &Statement,
    draft: &Draft,
    advice: &[&'p str],
    judge: &mut Judge<'p>,
) -> Finding {
    let mut help = Vec::new();
    match advice {
        [] => help.push("Add the rule that is missing, or widen one that comes close.".to_owned()),
        rules => {
            let names: Vec<String> = rules.iter().map(|name| format!("`{}`", short(name))).collect();
            help.push(format!(
                "Only {} in the way, as advice: whoever does not follow it breaks no rule. Make it binding, or add a rule that is.",
                match names.as_slice() {
                    [one] => format!("{one} stands"),
                    [first @ .., last] => format!("{} and {last} stand", first.join(", ")),
                    [] => String::new(),
                }
            ));
        }
    }
    let related = advice.iter().map(|name| (Place::rule(name, Part::Norm), "advises against it".to_owned())).collect();
    Finding {
        code: &codes::E307,
        at: place(statement),
        message: format!("\"{}\" can come about while every rule is kept", statement.title),
        related,
        help,
        situation: history(known, statement, draft, judge),
    }
}

/// The history, with what the rules that come closest make of it.
fn history<'p>(known: &Known<'p>, statement: &Statement, draft: &Draft, judge: &mut Judge<'p>) -> Option<Situation> {
    let findings = judge.findings(draft, draft.as_of)?;
    // A rule for several records is told once, where it says most.
    let mut said: BTreeMap<String, (bool, Vec<String>, String)> = BTreeMap::new();
    for finding in &findings {
        let idle = finding.status == Status::Is(Outcome::NotApplicable);
        let subject = finding.subject.iter().map(|subject| subject.id.clone()).collect();
        let entry = (idle, subject, outcome(finding));
        let known = said.entry(finding.rule.to_string()).or_insert_with(|| entry.clone());
        if known.0 && !idle {
            *known = entry;
        }
    }
    let mut said: Vec<_> = said.into_iter().collect();
    said.sort_by_key(|(name, (idle, ..))| (*idle, name.clone()));
    said.truncate(MOST_TOLD);
    let expected: Vec<Expected<'_>> = said
        .iter()
        .take(1)
        .filter(|(name, (_, _, outcome))| known.pack.rules.contains_key(name) && !outcome.starts_with("violated"))
        .map(|(name, (_, subject, _))| (name.as_str(), subject.clone(), "violated"))
        .collect();
    let outcomes = said.iter().map(|(name, (_, _, outcome))| (name.clone(), outcome.clone())).collect();
    Some(situation(known.pack, draft, statement.title.clone(), statement.origin.clone(), outcomes, &expected))
}

fn blocked(statement: &Statement, rules: &[&str]) -> Finding {
    let names: Vec<String> = rules.iter().map(|name| format!("`{}`", short(name))).collect();
    let (message, help) = match names.as_slice() {
        [] => (
            format!("\"{}\" can never come about, whatever the rules say", statement.title),
            "It contradicts itself or what is assumed: no rule is at fault. Mend it, or the assumption.".to_owned(),
        ),
        [one] => (
            format!("\"{}\" cannot come about without a breach: {one} rules it out", statement.title),
            format!("Take this out of {one} with `unless`, or narrow its `when`."),
        ),
        [first @ .., last] => (
            format!(
                "\"{}\" cannot come about without a breach: {} and {last} rule it out together",
                statement.title,
                first.join(", ")
            ),
            "Take this out of one of these rules with `unless`: without any one of them it is possible.".to_owned(),
        ),
    };
    let related = rules.iter().map(|name| (Place::rule(name, Part::Norm), "rules it out".to_owned())).collect();
    Finding { code: &codes::E308, at: place(statement), message, related, help: vec![help], situation: None }
}

fn open(statement: &Statement, what: &str) -> Finding {
    note(
        &codes::N301,
        statement,
        format!("not decided within the budget: {what}"),
        "Nothing is claimed here, neither that it is so nor that it is not. Shorter conditions are decided more easily.",
    )
}

fn possible(statement: &Statement, what: &str) -> Finding {
    note(
        &codes::N302,
        statement,
        format!("part of the conditions is beyond proof: {what}"),
        "Look whether it is so; if it cannot be, an `assume` may say why.",
    )
}

fn note(code: &'static Code, statement: &Statement, message: String, help: &str) -> Finding {
    let help = vec![help.to_owned()];
    Finding { code, at: place(statement), message, related: Vec::new(), help, situation: None }
}
