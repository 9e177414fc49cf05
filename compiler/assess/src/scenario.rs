//! Scenarios: the tests a pack carries. What cannot be asked is a failure, never a pass.

use crate::assess::Seen;
use crate::facts::Facts;
use crate::finding::{Grade, Step};
use crate::order::worst_first;
use crate::outcome::{Outcome, Status};
use crate::time::{Instants, Tick, Zone, say_instants};
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
    /// Of one that was not met, the instances that it may have meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub instances: Vec<Found>,
}

/// An instance that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// What was found: "violated for inc, due 2024-03-02T08:00Z".
    pub found: String,
    /// In what it differs, expected beside actual.
    pub differs: Vec<Difference>,
    /// How the outcome came about.
    pub why: Vec<Step>,
}

/// One thing that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `outcome`, `due`, `since`, `late by`, `uncovered`, `flagged`, `then` or `missing`.
    pub what: &'static str,
    /// As expected.
    pub expected: String,
    /// As found.
    pub actual: String,
}

/// Whether an expectation is met, and by how grave a finding: the bare minimum, for those who ask many times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Met.
    pub met: bool,
    /// Weight of what it was met by.
    pub grade: Grade,
}

/// Runs every scenario of a pack, in order.
pub fn run_scenarios(pack: &Pack) -> Vec<ScenarioResult> {
    pack.scenarios.iter().map(|scenario| Trial::new(pack, scenario).run(pack)).collect()
}

/// What a scenario gives: its facts, its instant, and what was recorded by when.
struct Given {
    facts: Facts,
    now: Tick,
    known_at: Option<Tick>,
}

/// A scenario whose facts are read, to be run on the pack it belongs to and on changed ones.
pub struct Trial<'p> {
    scenario: &'p Scenario,
    /// Facts and instant, or why there are none.
    ready: Result<Given, Vec<String>>,
}

impl<'p> Trial<'p> {
    /// Reads the facts of a scenario. What is wrong with them is told when it is run.
    pub fn new(pack: &Pack, scenario: &'p Scenario) -> Self {
        Trial { scenario, ready: prepared(pack, scenario) }
    }

    /// The scenario.
    pub fn scenario(&self) -> &'p Scenario {
        self.scenario
    }

    /// Runs it. The pack must have the record types and enums of the one the facts were read against.
    pub fn run(&self, pack: &Pack) -> ScenarioResult {
        let scenario = self.scenario;
        let (expectations, mut faults) = match self.with_world(pack, |world| {
            scenario.expect.iter().map(|expected| world.expectation(scenario, expected)).collect()
        }) {
            Ok(expectations) => (expectations, Vec::new()),
            Err(faults) => (Vec::new(), faults),
        };
        if scenario.expect.is_empty() {
            faults.push("the scenario expects nothing, so it tests nothing".to_owned());
        }
        // What was never asked was not met either.
        let expectations: Vec<ExpectationResult> =
            if expectations.is_empty() { not_asked(scenario) } else { expectations };
        let passed = faults.is_empty() && expectations.iter().all(|e| e.passed);
        ScenarioResult { title: scenario.title.clone(), origin: scenario.origin.clone(), passed, faults, expectations }
    }

    /// How some of its expectations stand on a pack, by their place. Stops after the first for which `stop` says so.
    ///
    /// # Errors
    /// Why it could not be run.
    pub fn verdicts(
        &self,
        pack: &Pack,
        asked: &[usize],
        mut stop: impl FnMut(usize, Verdict) -> bool,
    ) -> Result<Vec<Verdict>, Vec<String>> {
        self.with_world(pack, |world| {
            let mut out = Vec::new();
            for place in asked {
                let Some(expected) = self.scenario.expect.get(*place) else { continue };
                let met = world.met(self.scenario, expected);
                let verdict = Verdict {
                    met: met.is_ok(),
                    grade: met.map_or(Grade::None, |met| met.first().map_or(Grade::None, |seen| seen.finding.grade)),
                };
                out.push(verdict);
                if stop(*place, verdict) {
                    break;
                }
            }
            out
        })
    }

    /// When what each expectation is about is due, by its place: as findings print it, and whether that instant itself is too late. `None`
    /// where there is no deadline, or it is not known. Nothing at all where the scenario cannot be run.
    pub fn due(&self, pack: &Pack) -> Vec<Option<(String, bool)>> {
        let asked = self.with_world(pack, |world| {
            self.scenario.expect.iter().map(|expected| world.due(self.scenario, expected)).collect()
        });
        asked.unwrap_or_default()
    }

    pub(crate) fn with_world<T>(&self, pack: &Pack, run: impl FnOnce(&World<'_>) -> T) -> Result<T, Vec<String>> {
        let Given { facts, now, known_at } = self.ready.as_ref().map_err(Clone::clone)?;
        let (set, through) = (Some(&self.scenario.set), Some(&self.scenario.data_through));
        let settings = Settings { set, through, known_at: *known_at };
        let world = World::new(pack, facts, *now, &settings).map_err(|fault| vec![fault.to_string()])?;
        Ok(run(&world))
    }
}

fn not_asked(scenario: &Scenario) -> Vec<ExpectationResult> {
    let result = |e: &Expectation| ExpectationResult {
        text: e.text.clone(),
        line: e.line,
        passed: false,
        reason: "the scenario could not be run".to_owned(),
        instances: Vec::new(),
    };
    scenario.expect.iter().map(result).collect()
}

/// The facts of a scenario and its instant.
fn prepared(pack: &Pack, scenario: &Scenario) -> Result<Given, Vec<String>> {
    let (facts, faults) = Facts::from_values(pack, &scenario.origin.file, &scenario.facts);
    let mut faults: Vec<String> = faults.into_iter().map(|(_, fault)| fault.message).collect();
    let zone = Zone::named(&pack.time_zone).unwrap_or_else(Zone::utc);
    let mut instant = |expr: &Expr, words: &str| {
        let read = match &expr.node {
            Node::Time(text) | Node::Date(text) => crate::spell::as_of(text, &zone).ok(),
            _ => None,
        };
        if read.is_none() {
            faults.push(format!("`{words}` is neither a time nor a day"));
        }
        read
    };
    let now = instant(&scenario.as_of, "as of");
    let known_at = scenario.known_at.as_ref().and_then(|at| instant(at, "known at"));
    match now {
        Some(now) if faults.is_empty() => Ok(Given { facts, now, known_at }),
        _ => Err(faults),
    }
}

/// Why an expectation is not met.
pub(crate) struct Miss {
    reason: String,
    instances: Vec<Found>,
}

impl From<String> for Miss {
    fn from(reason: String) -> Self {
        Miss { reason, instances: Vec::new() }
    }
}

impl World<'_> {
    fn expectation(&self, scenario: &Scenario, expected: &Expectation) -> ExpectationResult {
        let (passed, reason, instances) = match self.met(scenario, expected) {
            Ok(met) if expected.status == Outcome::NotApplicable.word() || met.is_empty() => {
                (true, expected.status.clone(), Vec::new())
            }
            Ok(met) => (true, met.first().map_or_else(String::new, |seen| self.described(seen)), Vec::new()),
            Err(miss) => (false, miss.reason, miss.instances),
        };
        ExpectationResult { text: expected.text.clone(), line: expected.line, passed, reason, instances }
    }

    /// The deadline of the instance that an expectation is about; of a recurring duty that of the worst round, unless it names one.
    fn due(&self, scenario: &Scenario, expected: &Expectation) -> Option<(String, bool)> {
        let index = self.pack.rules.keys().position(|name| *name == expected.rule)?;
        let wanted = match &expected.subject {
            Some(names) => Some(self.named_records(scenario, names).ok()?),
            None => None,
        };
        let mut seen = Vec::new();
        self.rule(index, true, true, &mut |instance| {
            if wanted.as_ref().is_none_or(|wanted| is_about(wanted, &instance.bound)) {
                seen.push(instance);
            }
        });
        let first = worst_rounds(seen).into_iter().next()?;
        first.finding.due.clone().map(|due| (due, first.finding.due_excluded))
    }

    /// The instances that meet an expectation; none for one about waivers, which is about no rule.
    pub(crate) fn met(&self, scenario: &Scenario, expected: &Expectation) -> Result<Vec<Seen>, Miss> {
        if expected.rule == crate::VOID_WAIVER || expected.rule.ends_with(".void_waiver") {
            return Ok(self.met_void_waiver(expected).map(|()| Vec::new())?);
        }
        let index = self.pack.rules.keys().position(|name| *name == expected.rule);
        let index = index.ok_or_else(|| format!("the pack has no rule `{}`", expected.rule))?;
        let wanted = expected.subject.as_ref().map(|names| self.named_records(scenario, names)).transpose()?;
        let (mut seen, mut others) = (Vec::new(), Vec::new());
        self.rule(index, true, true, &mut |instance| {
            if wanted.as_ref().is_none_or(|wanted| is_about(wanted, &instance.bound)) {
                seen.push(instance);
            } else {
                others.push(instance);
            }
        });
        if seen.is_empty() {
            return Err(no_instance(expected, &others).into());
        }
        // Of a recurring duty a `due` picks the round; without it the worst round counts.
        if expected.due.is_none() {
            seen = worst_rounds(seen);
        }
        let mut met = Vec::new();
        let mut instances = Vec::new();
        for instance in seen {
            let differs = self.differs(expected, &instance);
            if differs.is_empty() {
                met.push(instance);
            } else {
                let found = self.described(&instance);
                instances.push(Found { found, differs, why: instance.finding.why });
            }
        }
        // "Not applicable" of no instance in particular says that the rule applies to none of them.
        let of_all = expected.status == Outcome::NotApplicable.word() && wanted.is_none();
        if !met.is_empty() && (instances.is_empty() || !of_all) {
            return Ok(met);
        }
        let reasons: Vec<String> = instances.iter().map(Found::reason).collect();
        Err(Miss { reason: reasons.join("; "), instances })
    }

    /// Records by their names in the scenario.
    pub(crate) fn named_records(&self, scenario: &Scenario, names: &[String]) -> Result<Vec<u32>, String> {
        let top_level = scenario.facts.len();
        let index = |name: &String| {
            let found = (0..top_level as u32).find(|record| self.label(*record) == **name);
            found.ok_or_else(|| format!("the scenario gives no record `{name}`"))
        };
        names.iter().map(index).collect()
    }

    fn met_void_waiver(&self, expected: &Expectation) -> Result<(), String> {
        let found = self.void_waivers();
        let named = |ids: &Vec<String>| found.iter().any(|f| f.subject.iter().map(|s| &s.id).eq(ids.iter()));
        let there = expected.subject.as_ref().map_or(!found.is_empty(), named);
        let wanted = expected.status == Outcome::Violated.word();
        if there == wanted {
            Ok(())
        } else if there {
            Err("a waiver sets aside what it cannot".to_owned())
        } else {
            Err("every waiver given can set aside what it names".to_owned())
        }
    }

    /// In what an instance differs from what is expected.
    fn differs(&self, expected: &Expectation, seen: &Seen) -> Vec<Difference> {
        let finding = &seen.finding;
        let mut out = Vec::new();
        let mut differ = |what: &'static str, expected: String, actual: String| {
            out.push(Difference { what, expected, actual });
        };
        let fits = match Status::of(&expected.status) {
            // A recommendation that is not followed is no violation, and neither is called the other.
            Some(Status::Is(Outcome::Violated)) => finding.grade == Grade::Violation,
            Some(status) => finding.status == status,
            None => expected.status == "advice" && finding.grade == Grade::Advice,
        };
        if !fits {
            differ("outcome", expected.status.clone(), self.outcome(seen));
        }
        if let Some(due) = &expected.due {
            let actual = seen.judged.due.as_ref().map(|due| match due.open && due.last.is_point() {
                true => Instants::at(due.last.lo.saturating_add(1)),
                false => due.last.clone(),
            });
            if let Err(expected) = self.same_instant(due, actual.as_ref()) {
                differ("due", expected, shown(finding.due.as_ref(), actual.is_some()));
            }
        }
        if let Some(since) = &expected.since
            && let Err(expected) = self.same_instant(since, seen.judged.since.as_ref())
        {
            differ("since", expected, shown(finding.since.as_ref(), false));
        }
        if let Some(late) = &expected.late_by
            && let Err(expected) = self.same_lateness(late, seen)
            // Of whole days the report says days, however long the hours between their ends are.
            && finding.late_by.as_ref() != Some(&expected)
        {
            differ("late by", expected, finding.late_by.clone().unwrap_or_else(|| "not late".to_owned()));
        }
        if let Some((from, to)) = &expected.uncovered
            && let Err(expected) = self.same_stretch(from, to, seen)
        {
            let said = self.say_uncovered(&seen.judged);
            let said: Vec<String> = said.iter().map(|s| format!("{} .. {}", s.from, s.to)).collect();
            differ("uncovered", expected, if said.is_empty() { "nothing".to_owned() } else { said.join(", ") });
        }
        let unsaid = |words: &&String| !finding.flags.iter().any(|flag| flag.contains(words.as_str()));
        for words in expected.flagged.iter().filter(unsaid) {
            let flags = if finding.flags.is_empty() { "nothing".to_owned() } else { finding.flags.join("; ") };
            differ("flagged", format!("\"{words}\""), flags);
        }
        let levels: Vec<&str> = finding.levels.iter().map(|level| level.status.word()).collect();
        if !expected.then.is_empty() && expected.then != levels {
            let actual = if levels.is_empty() { "no duty arose".to_owned() } else { levels.join(", ") };
            differ("then", expected.then.join(", "), actual);
        }
        let missing: Vec<String> = seen.judged.missing.gaps().iter().map(|gap: &Gap| self.name_gap(*gap)).collect();
        let absent: Vec<&str> = expected.missing.iter().filter(|m| !missing.contains(m)).map(String::as_str).collect();
        if !absent.is_empty() {
            let actual = if finding.missing.is_empty() { "nothing".to_owned() } else { finding.missing.join(", ") };
            differ("missing", absent.join(", "), actual);
        }
        out
    }

    /// "undetermined (could be violated, satisfied)"
    fn outcome(&self, seen: &Seen) -> String {
        let finding = &seen.finding;
        match (finding.status, finding.grade) {
            (Status::Undetermined, _) => {
                let words: Vec<&str> = finding.possible.iter().map(Outcome::word).collect();
                format!("undetermined (could be {})", words.join(", "))
            }
            (status, Grade::Advice) => format!("{} (advice)", status.word()),
            (status, Grade::Violation | Grade::None) => status.word().to_owned(),
        }
    }

    fn described(&self, seen: &Seen) -> String {
        let finding = &seen.finding;
        let mut text = finding.status.word().to_owned();
        if let Some(round) = &finding.round {
            text = format!("{text} in round {}", round.number);
        }
        if !finding.subject.is_empty() {
            text = format!("{text} for {}", subjects(seen));
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

    /// An instant as expected: a day means any instant of it. The error says what was expected.
    fn same_instant(&self, expected: &Expr, actual: Option<&Instants>) -> Result<(), String> {
        let wanted = self.constant(expected)?.instants();
        let fits = actual.is_some_and(|actual| match wanted.civil {
            true => wanted.lo <= actual.lo && actual.hi <= wanted.hi,
            false => wanted == *actual,
        });
        if fits { Ok(()) } else { Err(say_instants(&self.zone, &wanted)) }
    }

    /// A stretch left uncovered: half-open, so that a day at its end is not part of it, unless the assessment ends with that
    /// day. The error says what was expected.
    fn same_stretch(&self, from: &Expr, to: &Expr, seen: &Seen) -> Result<(), String> {
        let (from, to) = (self.constant(from)?.instants(), self.constant(to)?.instants());
        let fits = |(a, b): &(Tick, Tick)| *a == from.lo && (*b == to.lo || (to.civil && *b == self.now.min(to.hi)));
        if seen.judged.uncovered.iter().any(fits) {
            return Ok(());
        }
        Err(format!("{} .. {}", say_instants(&self.zone, &from), say_instants(&self.zone, &to)))
    }

    /// The lateness, by the calendar: the due time moved by it is when the act was done. The error says what was expected.
    fn same_lateness(&self, expected: &Expr, seen: &Seen) -> Result<(), String> {
        let Value::Duration(wanted) = self.constant(expected)? else {
            return Err("a length of time".to_owned());
        };
        let late = seen.judged.due.as_ref().zip(seen.judged.late_at).is_some_and(|(due, at)| {
            let end = if due.open { due.last.hi.saturating_add(1) } else { due.last.hi };
            self.zone.shift(end, wanted, 1) == at
        });
        if late { Ok(()) } else { Err(wanted.words()) }
    }
}

impl Found {
    /// "violated for inc, due ...; late by 1 minute and not 2 minutes"
    fn reason(&self) -> String {
        let details = self.differs.iter().filter(|d| d.what != "outcome");
        let details: Vec<String> = details.map(|d| format!("{} {}, not {}", d.what, d.actual, d.expected)).collect();
        if details.is_empty() { self.found.clone() } else { format!("{} ({})", self.found, details.join("; ")) }
    }
}

/// Of each instance of a recurring duty the round that stands worst.
fn worst_rounds(seen: Vec<Seen>) -> Vec<Seen> {
    let mut worst: Vec<Seen> = Vec::new();
    for instance in seen {
        let recurs = instance.judged.round.is_some();
        match worst.iter_mut().find(|w| recurs && w.judged.round.is_some() && w.bound == instance.bound) {
            Some(before) if worst_first(&instance.finding, &before.finding).is_lt() => *before = instance,
            Some(_) => {}
            None => worst.push(instance),
        }
    }
    worst
}

/// Whether the variables of an instance are just these records.
pub(crate) fn is_about(wanted: &[u32], bound: &[Value]) -> bool {
    wanted.len() == bound.len() && wanted.iter().zip(bound).all(|(w, b)| *b == Value::Record(*w))
}

/// What a finding shows; what is there and not shown is sensitive.
fn shown(text: Option<&String>, there: bool) -> String {
    match text {
        Some(text) => text.clone(),
        None if there => "a time that is not shown".to_owned(),
        None => "none".to_owned(),
    }
}

fn subjects(seen: &Seen) -> String {
    let ids: Vec<&str> = seen.finding.subject.iter().map(|s| s.id.as_str()).collect();
    ids.join(", ")
}

/// That an expectation is about nothing the rule speaks of, with what it does speak of.
fn no_instance(expected: &Expectation, others: &[Seen]) -> String {
    const SHOWN: usize = 6;
    let Some(names) = &expected.subject else {
        return "the rule has no instance: no record it speaks of is given".to_owned();
    };
    let mut instances: Vec<String> = others.iter().map(|seen| format!("({})", subjects(seen))).collect();
    let more = instances.len().saturating_sub(SHOWN);
    instances.truncate(SHOWN);
    if more > 0 {
        instances.push(format!("{more} more"));
    }
    let what = match instances.as_slice() {
        [] => "it has none at all in this scenario".to_owned(),
        all => format!("it has {}", all.join(", ")),
    };
    format!("the rule has no instance for {}; {what}", names.join(", "))
}
