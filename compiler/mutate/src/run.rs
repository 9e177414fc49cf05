//! Runs the scenarios on changed rules, and tells which changes none of them notices.

use crate::declared::{Kind, Mutant, mutants, put};
use crate::reach::{Reach, is_about_waivers};
use mandate_assess::{Trial, Verdict};
use mandate_pack::Pack;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Why a change that no scenario notices is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The declaration, qualified or by its last name.
    pub rule: String,
    /// The sentence of the change.
    pub change: String,
    /// Why it makes no difference.
    pub reason: String,
}

/// What a run gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Scores of the declarations, by qualified name.
    pub rules: BTreeMap<String, RuleScore>,
    /// Changes that no scenario notices, by declaration and in the order made.
    pub survivors: Vec<Survivor>,
    /// Explanations that explain nothing any more, with the reason.
    pub stale: Vec<String>,
    /// Scenarios that already fail without a change, or cannot be run: nothing was tried then.
    pub failing: Vec<String>,
    /// Changes that could not be tried. None, unless the program is at fault.
    pub broken: Vec<String>,
}

/// How many changes of one declaration were noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct RuleScore {
    /// Changes made.
    pub made: usize,
    /// Those that a scenario noticed.
    pub noticed: usize,
    /// Those that none noticed, and that are explained.
    pub explained: usize,
}

/// A change that no scenario notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survivor {
    /// The declaration, qualified.
    pub rule: String,
    /// The sentence of the change.
    pub change: String,
    /// The words of the clause, where the pack keeps them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The clause before, where it is an expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The clause after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// How many scenarios expect something of the rules that it touches.
    pub scenarios: usize,
    /// Which scenario would notice it.
    pub hint: String,
    /// Why it makes no difference, where that is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<String>,
}

impl Report {
    /// Changes made.
    pub fn made(&self) -> usize {
        self.rules.values().map(|score| score.made).sum()
    }

    /// Changes that a scenario noticed.
    pub fn noticed(&self) -> usize {
        self.rules.values().map(|score| score.noticed).sum()
    }

    /// Changes that nobody noticed and nobody explained.
    pub fn unexplained(&self) -> impl Iterator<Item = &Survivor> {
        self.survivors.iter().filter(|survivor| survivor.explained.is_none())
    }

    /// Everything was noticed or explained, and something was tried.
    pub fn is_clean(&self) -> bool {
        self.made() > 0
            && self.unexplained().next().is_none()
            && self.stale.is_empty()
            && self.failing.is_empty()
            && self.broken.is_empty()
    }
}

/// Stack of a thread, in bytes: rules nest, and what is deeply nested is walked by recursion.
const STACK: usize = 64 << 20;

/// Tries every change of a package on its scenarios, on as many threads as said. The result does not depend on their number.
pub fn run(pack: &Pack, explained: &[Explained], threads: usize) -> Report {
    let trials: Vec<Trial<'_>> = pack.scenarios.iter().map(|scenario| Trial::new(pack, scenario)).collect();
    let mut report = Report::default();
    let baseline = match baseline(pack, &trials) {
        Ok(baseline) => baseline,
        Err(failing) => return Report { failing, ..report },
    };
    let reach = Reach::new(pack);
    let mut all = mutants(pack);
    // What no rule uses, or only a remark, changes no finding.
    let owners: BTreeSet<String> = all.iter().map(|mutant| mutant.owner.clone()).collect();
    let idle: BTreeSet<String> = owners.into_iter().filter(|owner| reach.affected(owner).is_empty()).collect();
    all.retain(|mutant| !idle.contains(&mutant.owner));
    let mut bases: BTreeMap<&str, Base> = BTreeMap::new();
    for mutant in &all {
        let base = || Base::new(pack, &reach, &mutant.owner, &trials);
        bases.entry(&mutant.owner).or_insert_with(base);
    }
    // No change at all is noticed by nobody, or what is noticed below would mean nothing.
    for (owner, base) in &bases {
        if !matches!(base.tried(&base.pack, &trials, &baseline), Fate::Unnoticed) {
            report.broken.push(format!("{owner}: scenarios find something else although nothing was changed"));
        }
    }
    let next = AtomicUsize::new(0);
    let fates: Mutex<Vec<Option<Fate>>> = Mutex::new(vec![None; all.len()]);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let work = || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(mutant) = all.get(number) else { break };
                    let Some(base) = bases.get(mutant.owner.as_str()) else { break };
                    let fate = base.try_out(mutant, &trials, &baseline);
                    if let Some(place) = fates.lock().unwrap_or_else(PoisonError::into_inner).get_mut(number) {
                        *place = Some(fate);
                    }
                }
            };
            // A thread that cannot be had leaves its share to the others; what nobody tried is told.
            let _ = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        }
    });
    let fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut used = BTreeSet::new();
    for (mutant, fate) in all.iter().zip(fates) {
        let score = report.rules.entry(mutant.owner.clone()).or_default();
        score.made += 1;
        match fate {
            Some(Fate::Noticed) => score.noticed += 1,
            Some(Fate::Unnoticed) => {
                let place = explained.iter().position(|e| is_about(e, mutant));
                used.extend(place);
                score.explained += usize::from(place.is_some());
                let asked = bases.get(mutant.owner.as_str()).map_or(0, |base| base.asked.len());
                let reason = place.and_then(|place| explained.get(place)).map(|e| e.reason.clone());
                report.survivors.push(survivor(mutant, asked, reason));
            }
            Some(Fate::Broken(why)) => report.broken.push(format!("{}: {}: {why}", mutant.owner, mutant.change)),
            None => report.broken.push(format!("{}: {}: it was not tried", mutant.owner, mutant.change)),
        }
    }
    for (place, explanation) in explained.iter().enumerate().filter(|(place, _)| !used.contains(place)) {
        let known = all.iter().any(|mutant| is_about(explanation, mutant));
        let twice = explained.iter().take(place).any(|e| e.rule == explanation.rule && e.change == explanation.change);
        let why = match (twice, known) {
            (true, _) => "it is explained twice",
            (false, true) => "a scenario notices this change now",
            (false, false) => "there is no such change any more",
        };
        report.stale.push(format!("{}: {}: {why}", explanation.rule, explanation.change));
    }
    report
}

fn is_about(explained: &Explained, mutant: &Mutant) -> bool {
    let short = mutant.owner.rsplit('.').next().unwrap_or_default();
    (explained.rule == mutant.owner || explained.rule == short) && explained.change == mutant.change
}

/// How every expectation stands without a change.
fn baseline(pack: &Pack, trials: &[Trial<'_>]) -> Result<Vec<Vec<Verdict>>, Vec<String>> {
    let mut all = Vec::new();
    let mut failing = Vec::new();
    for trial in trials {
        let scenario = trial.scenario();
        let asked: Vec<usize> = (0..scenario.expect.len()).collect();
        match trial.verdicts(pack, &asked, |_, _| false) {
            Ok(verdicts) if !asked.is_empty() && verdicts.iter().all(|v| v.met) => all.push(verdicts),
            Ok(_) | Err(_) => failing.push(scenario.title.clone()),
        }
    }
    if failing.is_empty() { Ok(all) } else { Err(failing) }
}

#[derive(Debug, Clone)]
enum Fate {
    Noticed,
    Unnoticed,
    Broken(String),
}

/// What all changes of one declaration have in common.
struct Base {
    /// The part of the pack that decides what the rules find that it can change.
    pack: Pack,
    /// Scenarios with their expectations of those rules.
    asked: Vec<(usize, Vec<usize>)>,
}

impl Base {
    fn new(pack: &Pack, reach: &Reach, owner: &str, trials: &[Trial<'_>]) -> Base {
        let mut rules = reach.affected(owner);
        let mut asked: Vec<(usize, Vec<usize>)> = Vec::new();
        for (number, trial) in trials.iter().enumerate() {
            let about = |rule: &String| rules.contains(rule) || is_about_waivers(rule);
            let expected = trial.scenario().expect.iter().enumerate().filter(|(_, e)| about(&e.rule));
            let places: Vec<usize> = expected.map(|(place, _)| place).collect();
            if !places.is_empty() {
                asked.push((number, places));
            }
        }
        let of_waivers = |(number, places): &(usize, Vec<usize>)| {
            let expected = trials.get(*number).map_or(&[][..], |trial| &trial.scenario().expect);
            places.iter().filter_map(|place| expected.get(*place)).any(|e| is_about_waivers(&e.rule))
        };
        if asked.iter().any(of_waivers) {
            rules = pack.rules.keys().cloned().collect();
        }
        Base { pack: reach.slice(pack, &rules), asked }
    }

    fn try_out(&self, mutant: &Mutant, trials: &[Trial<'_>], baseline: &[Vec<Verdict>]) -> Fate {
        let mut pack = self.pack.clone();
        put(&mut pack, &mutant.owner, mutant.decl.clone());
        self.tried(&pack, trials, baseline)
    }

    fn tried(&self, pack: &Pack, trials: &[Trial<'_>], baseline: &[Vec<Verdict>]) -> Fate {
        for (number, places) in &self.asked {
            let (Some(trial), Some(before)) = (trials.get(*number), baseline.get(*number)) else { continue };
            let differs = |place: usize, now: Verdict| before.get(place).is_some_and(|before| before.met != now.met);
            let mut noticed = false;
            let verdicts = trial.verdicts(pack, places, |place, verdict| {
                noticed |= differs(place, verdict);
                noticed
            });
            match verdicts {
                Ok(_) if noticed => return Fate::Noticed,
                Ok(_) => {}
                Err(why) => return Fate::Broken(why.join("; ")),
            }
        }
        Fate::Unnoticed
    }
}

fn survivor(mutant: &Mutant, scenarios: usize, explained: Option<String>) -> Survivor {
    let hint = if scenarios == 0 {
        "no scenario expects anything of this rule: write one".to_owned()
    } else {
        hint(mutant.kind).to_owned()
    };
    Survivor {
        rule: mutant.owner.clone(),
        change: mutant.change.clone(),
        text: mutant.text.clone(),
        before: mutant.before.clone(),
        after: mutant.after.clone(),
        scenarios,
        hint,
        explained,
    }
}

fn hint(kind: Kind) -> &'static str {
    match kind {
        Kind::Applies => {
            "give a case that only this part keeps out of the rule, and expect the rule not to apply to it"
        }
        Kind::Exception => {
            "give a case that would be a breach but for this exception, and one just outside the exception"
        }
        Kind::Narrower => "give an act at the last instant that is in time, and expect `satisfied`; or expect `due`",
        Kind::Wider => {
            "give an act at the first instant that is too late (or too early), and expect a breach; or expect `due`"
        }
        Kind::Deadline => "expect `due` with the instant itself, or give acts just before and just after it",
        Kind::Polarity => "give one case with the act and one without, and expect what the rule says of each",
        Kind::Strength => "give a breach, and expect `violated` of what must be kept, `advice` of what should be",
        Kind::Bearer => "give the act done by somebody else, and expect a breach",
        Kind::State => "give a case in which only this part fails, and expect a breach",
        Kind::Otherwise => "give a breach that was repaired by this duty, and expect `repaired`",
        Kind::Evidence => "give a record that is evidence but for this part, and expect that it does not count",
        Kind::Waiver => {
            "give a waiver that is sound but for this part, and expect a breach; and one that just suffices"
        }
        Kind::Override => "give a case in which both rules speak, and expect `overridden`",
        Kind::Definition => "give a case in which only this part of the definition decides",
        Kind::Parameter => "expect a case just inside and one just outside the value, without setting the parameter",
        Kind::Role => "give an act by somebody who holds the role but for this part, and expect a breach",
    }
}
