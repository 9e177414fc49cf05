//! Clauses, exceptions and outcomes about which scenarios expect something.

use crate::reach::Reach;
use mandate_assess::{Outcome, Reached, Status, StepKind, Trial};
use mandate_pack::{Act, Condition, Modal, Node, Norm, Pack, Rule};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the scenarios of a package expect something about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Coverage {
    /// By rule of the package, qualified.
    pub rules: BTreeMap<String, RuleCoverage>,
    /// Scenarios that could not be run, with the reason.
    pub faults: Vec<String>,
}

/// The same of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RuleCoverage {
    /// What a scenario could expect something about.
    pub points: usize,
    /// That about which one does.
    pub covered: usize,
    /// The others, in the order of the rule.
    pub uncovered: Vec<Point>,
}

/// Something about which no scenario expects anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// "when `i.kind == grave_violation`: a case for which it does not hold".
    pub what: String,
    /// The words of the clause; absent for an outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What a scenario for it has to give.
    pub hint: String,
}

impl Coverage {
    /// In percent, rounded down, of all rules.
    pub fn percent(&self) -> usize {
        let points: usize = self.rules.values().map(|rule| rule.points).sum();
        let covered: usize = self.rules.values().map(|rule| rule.covered).sum();
        (covered * 100).checked_div(points).unwrap_or(0)
    }
}

impl RuleCoverage {
    /// In percent, rounded down.
    pub fn percent(&self) -> usize {
        (self.covered * 100).checked_div(self.points).unwrap_or(0)
    }
}

/// What the scenarios of a pack expect something about, of the rules of its own package. An outcome counts when a scenario expects
/// it and finds it; a condition when it held, or did not, in such a case.
pub fn coverage(pack: &Pack) -> Coverage {
    let mut out = Coverage::default();
    let mut reached: BTreeMap<String, BTreeSet<Reached>> = BTreeMap::new();
    for scenario in &pack.scenarios {
        match Trial::new(pack, scenario).reached(pack) {
            Ok(found) => found.into_iter().for_each(|(rule, more)| reached.entry(rule).or_default().extend(more)),
            Err(why) => out.faults.push(format!("{}: {}", scenario.title, why.join("; "))),
        }
    }
    let reach = Reach::new(pack);
    let own = format!("{}.", pack.name);
    for (name, rule) in pack.rules.iter().filter(|(name, _)| name.starts_with(&own)) {
        let found = reached.remove(name).unwrap_or_default();
        let mut of_rule = RuleCoverage::default();
        for (wanted, point) in points(name, rule, pack, &reach) {
            of_rule.points += 1;
            if wanted.iter().any(|wanted| found.contains(wanted)) {
                of_rule.covered += 1;
            } else {
                of_rule.uncovered.push(point);
            }
        }
        out.rules.insert(name.clone(), of_rule);
    }
    out
}

/// What a scenario can reach, each with the point that is told when none does. Any of several counts as one.
type Wanted = (Vec<Reached>, Point);

fn points(name: &str, rule: &Rule, pack: &Pack, reach: &Reach) -> Vec<Wanted> {
    let mut out = Vec::new();
    for (place, c) in rule.when.iter().enumerate() {
        of_condition(StepKind::When, place, c, &mut out);
    }
    for (place, c) in rule.unless.iter().enumerate() {
        of_condition(StepKind::Unless, place, c, &mut out);
    }
    if let Act::Ensure(conditions) = &rule.norm.act {
        for (place, c) in conditions.iter().enumerate() {
            of_condition(StepKind::Require, place, c, &mut out);
        }
    }
    for (level, norm) in rule.otherwise.iter().enumerate() {
        of_level(level, norm, &mut out);
    }
    of_waiver(rule, &mut out);
    for outcome in outcomes(name, rule, pack, reach) {
        let word = outcome.word();
        let wanted = vec![Reached::Outcome(outcome)];
        let short = name.rsplit('.').next().unwrap_or(name);
        let hint = match outcome {
            Status::Is(Outcome::NotApplicable) => format!("give a case outside the rule, and `expect no {short}(...)`"),
            Status::Is(_) => format!("give such a case, and `expect {short}(...) {word}`"),
            Status::Undetermined => format!(
                "give a case in which a field that decides is missing, and `expect {short}(...) undetermined, missing ...`"
            ),
        };
        out.push((wanted, Point { what: format!("outcome: no scenario expects `{word}`"), text: None, hint }));
    }
    out
}

fn of_condition(of: StepKind, place: usize, c: &Condition, out: &mut Vec<Wanted>) {
    let word = of.word();
    let mut point = |wanted: Reached, what: String, hint: &str| {
        out.push((vec![wanted], Point { what, text: Some(c.text.clone()), hint: hint.to_owned() }));
    };
    // An exception that does not hold is every ordinary case.
    let asked: &[bool] = if of == StepKind::Unless { &[true] } else { &[true, false] };
    for holds in asked {
        let (said, hint) = match (of, holds) {
            (StepKind::Unless, _) => {
                ("a case for which it holds", "give a case that this exception takes out, and expect `exempt`")
            }
            (StepKind::When, true) => {
                ("a case for which it holds", "give a case to which the rule applies, and expect what it says")
            }
            (StepKind::When, false) => (
                "a case for which it does not hold",
                "give a case that this part keeps out, and expect the rule not to apply",
            ),
            (_, true) => ("a case for which it holds", "give a case in which this holds, and expect `satisfied`"),
            (_, false) => ("a case for which it does not hold", "give a case in which this fails, and expect a breach"),
        };
        point(Reached::Condition { of, place, holds: *holds }, format!("{word} `{}`: {said}", c.text), hint);
    }
    let Node::All(parts) = &c.expr.node else { return };
    for (part, named) in parts.iter().enumerate() {
        let what = format!("{word}, condition `{}`: a case for which it does not hold", named.name);
        point(Reached::Named { of, place, part, holds: false }, what, "give a case in which this condition fails");
        if named.unless.is_some() {
            let what = format!("{word}, exception of `{}`: a case for which it holds", named.name);
            point(
                Reached::Lift { of, place, part },
                what,
                "give a case in which the condition fails and its exception lifts it",
            );
        }
    }
}

fn of_level(level: usize, norm: &Norm, out: &mut Vec<Wanted>) {
    let mut statuses = vec![(Outcome::Satisfied, "kept"), (Outcome::Violated, "broken too")];
    if norm.time.is_some() {
        statuses.push((Outcome::Pending, "not due yet"));
    }
    for (outcome, said) in statuses {
        let wanted = Reached::Level { level, status: Status::Is(outcome) };
        let what = format!("otherwise {}: a case in which it is {said}", level + 1);
        let hint = "give a breach after which this duty stands so, and expect the outcome";
        out.push((vec![wanted], Point { what, text: Some(norm.text.clone()), hint: hint.to_owned() }));
    }
}

fn of_waiver(rule: &Rule, out: &mut Vec<Wanted>) {
    let Some(waivable) = &rule.waivable else { return };
    let mut point = |wanted: Reached, what: &str, hint: &str| {
        out.push((vec![wanted], Point { what: what.to_owned(), text: None, hint: hint.to_owned() }));
    };
    point(Reached::Waived, "waivable: a waiver that helps", "give a breach that a waiver covers, and expect `waived`");
    if waivable.floor.is_some() {
        let hint = "give a waiver granted one rank too low, and expect a breach";
        point(Reached::RankTooLow, "waivable: a waiver granted by somebody of too low a rank", hint);
    }
}

/// The outcomes that a rule can have.
fn outcomes(name: &str, rule: &Rule, pack: &Pack, reach: &Reach) -> Vec<Status> {
    let mut out = Vec::new();
    let norm = &rule.norm;
    if norm.modal == Modal::May {
        out.push(Outcome::Permitted);
    } else {
        out.push(Outcome::Satisfied);
        let ends = norm.modal.is_negative() || norm.time.is_some() || matches!(norm.act, Act::Ensure(_));
        if ends {
            out.push(Outcome::Violated);
        }
        let waits = !norm.modal.is_negative() && (norm.time.is_some() || matches!(norm.act, Act::Do { .. }));
        if waits {
            out.push(Outcome::Pending);
        }
        if ends && !rule.otherwise.is_empty() {
            out.push(Outcome::Repaired);
        }
        if ends && rule.waivable.is_some() {
            out.push(Outcome::Waived);
        }
        let overridden = |other: &Rule| other.overrides.iter().any(|o| o.rule == name);
        if pack.rules.values().any(overridden) {
            out.push(Outcome::Overridden);
        }
    }
    if !rule.unless.is_empty() {
        out.push(Outcome::Exempt);
    }
    if !rule.when.is_empty() || rule.in_force_from.is_some() || rule.in_force_until.is_some() || rule.party.is_some() {
        out.push(Outcome::NotApplicable);
    }
    let mut out: Vec<Status> = out.into_iter().map(Status::Is).collect();
    if may_miss(name, pack, reach) {
        out.push(Status::Undetermined);
    }
    out
}

/// Whether something that a rule reads, itself or through what it speaks of, may be missing.
fn may_miss(name: &str, pack: &Pack, reach: &Reach) -> bool {
    let json = |name: &str| {
        let rule = pack.rules.get(name).map(serde_json::to_value);
        let rule = rule.or_else(|| pack.definitions.get(name).map(serde_json::to_value));
        rule.or_else(|| pack.actions.get(name).map(serde_json::to_value)).and_then(Result::ok)
    };
    reach.of(name).iter().filter_map(|name| json(name)).any(|value| has_optional(&value))
}

fn has_optional(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            let own = fields.get("type").and_then(Value::as_str).is_some_and(|ty| ty.ends_with('?'));
            own || fields.values().any(has_optional)
        }
        Value::Array(items) => items.iter().any(has_optional),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
