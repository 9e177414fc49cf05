//! Scenarios: the tests a pack carries. What cannot be asked is a failure, never a pass.

use crate::assess::Seen;
use crate::facts::Facts;
use crate::finding::Grade;
use crate::outcome::{Outcome, Status};
use crate::time::{Instants, Zone, say_instants};
use crate::truth::Gap;
use crate::value::Value;
use crate::world::{Settings, World};
use mandate_pack::{Expectation, Expr, Node, Origin, Pack, Scenario};
use serde::Serialize;

/// How a scenario went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScenarioResult {
    /// Title.
    pub title: String,
    /// Where it is declared.
    pub origin: Origin,
    /// Every expectation met, and no fault.
    pub passed: bool,
    /// Why it could not be run as written: faults of its facts, of its day, or of the pack.
    pub faults: Vec<String>,
    /// Its expectations, in order.
    pub expectations: Vec<ExpectationResult>,
}

/// How an expectation went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExpectationResult {
    /// As written.
    pub text: String,
    /// Line of the scenario's file, from 1.
    pub line: u32,
    /// Met.
    pub passed: bool,
    /// What was found instead, and why; of a met one what was found.
    pub reason: String,
}

/// Runs every scenario of a pack, in order.
pub fn run_scenarios(pack: &Pack) -> Vec<ScenarioResult> {
    pack.scenarios.iter().map(|scenario| run(pack, scenario)).collect()
}

fn run(pack: &Pack, scenario: &Scenario) -> ScenarioResult {
    let (expectations, faults) = match prepared(pack, scenario) {
        Ok((facts, now)) => {
            let settings = Settings { set: Some(&scenario.set), through: Some(&scenario.data_through) };
            match World::new(pack, &facts, now, &settings) {
                Ok(world) => (scenario.expect.iter().map(|e| world.expectation(scenario, e)).collect(), Vec::new()),
                Err(fault) => (Vec::new(), vec![fault.to_string()]),
            }
        }
        Err(faults) => (Vec::new(), faults),
    };
    let mut faults = faults;
    if scenario.expect.is_empty() {
        faults.push("the scenario expects nothing, so it tests nothing".to_owned());
    }
    // What was never asked was not met either.
    let expectations = if expectations.is_empty() { not_asked(scenario) } else { expectations };
    let passed = faults.is_empty() && expectations.iter().all(|e| e.passed);
    ScenarioResult { title: scenario.title.clone(), origin: scenario.origin.clone(), passed, faults, expectations }
}

fn not_asked(scenario: &Scenario) -> Vec<ExpectationResult> {
    let result = |e: &Expectation| ExpectationResult {
        text: e.text.clone(),
        line: e.line,
        passed: false,
        reason: "the scenario could not be run".to_owned(),
    };
    scenario.expect.iter().map(result).collect()
}

/// The facts of a scenario and its instant.
fn prepared(pack: &Pack, scenario: &Scenario) -> Result<(Facts, i64), Vec<String>> {
    let (facts, faults) = Facts::from_values(pack, &scenario.origin.file, &scenario.facts);
    let mut faults: Vec<String> = faults.into_iter().map(|(_, fault)| fault.message).collect();
    let zone = Zone::named(&pack.time_zone).unwrap_or_else(Zone::utc);
    let now = match &scenario.as_of.node {
        Node::Time(text) | Node::Date(text) => crate::spell::as_of(text, &zone).ok(),
        _ => None,
    };
    if now.is_none() {
        faults.push("`as of` is neither a time nor a day".to_owned());
    }
    match now {
        Some(now) if faults.is_empty() => Ok((facts, now)),
        _ => Err(faults),
    }
}

impl World<'_> {
    fn expectation(&self, scenario: &Scenario, expected: &Expectation) -> ExpectationResult {
        let outcome = self.met(scenario, expected);
        let passed = outcome.is_ok();
        let reason = outcome.unwrap_or_else(|reason| reason);
        ExpectationResult { text: expected.text.clone(), line: expected.line, passed, reason }
    }

    fn met(&self, scenario: &Scenario, expected: &Expectation) -> Result<String, String> {
        if expected.rule == crate::VOID_WAIVER || expected.rule.ends_with(".void_waiver") {
            return self.met_void_waiver(expected);
        }
        let index = self.pack.rules.keys().position(|name| *name == expected.rule);
        let index = index.ok_or_else(|| format!("the pack has no rule `{}`", expected.rule))?;
        let wanted = expected.subject.as_ref().map(|names| self.named_records(scenario, names)).transpose()?;
        let mut seen = Vec::new();
        self.rule(index, true, true, &mut |instance| {
            let same = |wanted: &Vec<u32>| {
                wanted.len() == instance.bound.len()
                    && wanted.iter().zip(&instance.bound).all(|(w, b)| *b == Value::Record(*w))
            };
            if wanted.as_ref().is_none_or(same) {
                seen.push(instance);
            }
        });
        if seen.is_empty() {
            return Err(match &expected.subject {
                Some(names) => format!("the rule has no instance for {}", names.join(", ")),
                None => "the rule has no instance: no record it speaks of is given".to_owned(),
            });
        }
        // "Not applicable" of no instance in particular says that the rule applies to none of them.
        if expected.status == Outcome::NotApplicable.word() && wanted.is_none() {
            let misses: Vec<String> = seen.iter().filter_map(|s| self.fits(expected, s).err()).collect();
            return if misses.is_empty() { Ok(expected.status.clone()) } else { Err(misses.join("; ")) };
        }
        let mut misses = Vec::new();
        for instance in &seen {
            match self.fits(expected, instance) {
                Ok(found) => return Ok(found),
                Err(miss) => misses.push(miss),
            }
        }
        Err(misses.join("; "))
    }

    /// Records by their names in the scenario.
    fn named_records(&self, scenario: &Scenario, names: &[String]) -> Result<Vec<u32>, String> {
        let top_level = scenario.facts.len();
        let index = |name: &String| {
            let found = (0..top_level as u32).find(|record| self.label(*record) == **name);
            found.ok_or_else(|| format!("the scenario gives no record `{name}`"))
        };
        names.iter().map(index).collect()
    }

    fn met_void_waiver(&self, expected: &Expectation) -> Result<String, String> {
        let found = self.void_waivers();
        let named = |ids: &Vec<String>| found.iter().any(|f| f.subject.iter().map(|s| &s.id).eq(ids.iter()));
        let there = expected.subject.as_ref().map_or(!found.is_empty(), named);
        let wanted = expected.status == Outcome::Violated.word();
        if there == wanted {
            Ok(expected.status.clone())
        } else if there {
            Err("a waiver sets aside what it cannot".to_owned())
        } else {
            Err("every waiver given can set aside what it names".to_owned())
        }
    }

    /// Whether an instance is as expected; what was found, either way.
    fn fits(&self, expected: &Expectation, seen: &Seen) -> Result<String, String> {
        let finding = &seen.finding;
        let found = self.described(seen);
        let status_fits = if expected.status == "advice" {
            finding.grade == Grade::Advice
        } else {
            match Status::of(&expected.status) {
                Some(status) => finding.status == status,
                None => return Err(format!("`{}` is the word of no outcome", expected.status)),
            }
        };
        if !status_fits {
            return Err(found);
        }
        if let Some(due) = &expected.due {
            let actual = seen.judged.due.as_ref().map(|due| {
                if due.open && due.last.is_point() {
                    Instants::at(due.last.lo.saturating_add(1))
                } else {
                    due.last.clone()
                }
            });
            self.same_instant("due", due, actual.as_ref())?;
        }
        if let Some(since) = &expected.since {
            self.same_instant("since", since, seen.judged.since.as_ref())?;
        }
        if let Some(late) = &expected.late_by {
            self.same_lateness(late, seen)?;
        }
        let missing: Vec<String> = seen.judged.missing.gaps().iter().map(|gap: &Gap| self.name_gap(*gap)).collect();
        match expected.missing.iter().find(|m| !missing.contains(m)) {
            None => Ok(found),
            Some(_) if missing.is_empty() => Err(format!("{found}, and nothing is missing")),
            Some(absent) => Err(format!("{found}, without `{absent}`")),
        }
    }

    fn described(&self, seen: &Seen) -> String {
        let finding = &seen.finding;
        let mut text = finding.status.word().to_owned();
        if !finding.subject.is_empty() {
            let ids: Vec<&str> = finding.subject.iter().map(|s| s.id.as_str()).collect();
            text = format!("{text} for {}", ids.join(", "));
        }
        if finding.status == Status::Undetermined {
            let words: Vec<&str> = finding.possible.iter().map(Outcome::word).collect();
            text = format!("{text} (could be {})", words.join(", "));
        }
        for (word, value) in [("due", &finding.due), ("late by", &finding.late_by), ("since", &finding.since)] {
            if let Some(value) = value {
                text = format!("{text}, {word} {value}");
            }
        }
        if !finding.missing.is_empty() {
            text = format!("{text}, missing {}", finding.missing.join(", "));
        }
        text
    }

    /// An instant as expected: a day means any instant of it.
    fn same_instant(&self, what: &str, expected: &Expr, actual: Option<&Instants>) -> Result<(), String> {
        let wanted = self.constant(expected)?.instants();
        let Some(actual) = actual else { return Err(format!("no `{what}`")) };
        let fits = if wanted.civil { wanted.lo <= actual.lo && actual.hi <= wanted.hi } else { wanted == *actual };
        if fits { Ok(()) } else { Err(format!("{what} {}", say_instants(&self.zone, actual))) }
    }

    /// The lateness, by the calendar: the due time moved by it is when the act was done.
    fn same_lateness(&self, expected: &Expr, seen: &Seen) -> Result<(), String> {
        let Value::Duration(wanted) = self.constant(expected)? else {
            return Err("`late by` is followed by no length of time".to_owned());
        };
        let (Some(due), Some(at)) = (&seen.judged.due, seen.judged.late_at) else { return Err("not late".to_owned()) };
        let end = if due.open { due.last.hi.saturating_add(1) } else { due.last.hi };
        if self.zone.shift(end, wanted, 1) == at {
            Ok(())
        } else {
            Err(format!("late by {}", seen.finding.late_by.as_deref().unwrap_or("an unknown time")))
        }
    }
}
