//! From facts to findings: every rule, every instance, in a fixed order.

use crate::facts::Facts;
use crate::finding::{Assessment, DataFinding, Finding, Grade, Level, Step, StepKind};
use crate::instances::{Instance, Part, Walking};
use crate::judged::Judged;
use crate::lower::Inconsistent;
use crate::outcome::{Outcome, Outcomes, Status};
use crate::parallel::{All, Course};
use crate::program::{ActPlan, RulePlan};
use crate::shared::Shared;
use crate::time::{Instants, Tick, elapsed, say_seconds, say_tick};
use crate::truth::Missing;
use crate::value::Value;
use crate::waive::names_rule;
use crate::words::{ConditionWords, RuleWords};
use crate::world::{Frame, Settings, World};
use jiff::Timestamp;
use mandate_pack::{Modal, Pack, Rule};
use std::collections::BTreeMap;

/// Name under which a waiver of what cannot be waived is reported.
pub const VOID_WAIVER: &str = "void_waiver";

/// When, and how much to explain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Instant of assessment; wins over the one the facts name. See [`instant`] to read one.
    pub as_of: Option<Timestamp>,
    /// Only what was recorded by then is known: a record whose `recorded` field is surely later counts for nothing. `None`: every
    /// record counts, whenever it was recorded.
    pub known_at: Option<Timestamp>,
    /// Instant of assessment when neither the caller nor the facts name one: the caller's clock.
    pub now: Timestamp,
    /// Explain findings that are satisfied too; the others always are.
    pub explain_all: bool,
    /// Say of each condition which fields it read, with their values.
    pub reads: bool,
    /// List findings that are satisfied, exempt or permitted too. Without it they are only counted, which spares most of the memory
    /// that large data takes: what people have to look at is listed in any case.
    pub list_all: bool,
    /// Threads that judge; 0 for as many as there are cores. The assessment does not depend on it.
    pub threads: usize,
}

impl Options {
    /// As of now, listing everything and explaining what is not satisfied.
    pub fn at(now: Timestamp) -> Self {
        Options { as_of: None, known_at: None, now, explain_all: false, reads: true, list_all: true, threads: 0 }
    }

    pub(crate) fn known_at(&self) -> Option<Tick> {
        self.known_at.map(|at| at.as_microsecond())
    }
}

/// Why there is no assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AssessError {
    /// The pack contradicts itself.
    Pack(Inconsistent),
    /// The facts were read against another pack.
    OtherPack,
}

impl std::fmt::Display for AssessError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AssessError::Pack(fault) => fault.fmt(f),
            AssessError::OtherPack => f.write_str("the facts were read against another rule pack; read them again"),
        }
    }
}

impl std::error::Error for AssessError {}

impl From<Inconsistent> for AssessError {
    fn from(fault: Inconsistent) -> Self {
        AssessError::Pack(fault)
    }
}

/// The instant a text means in the zone of a pack: `2024-03-01T08:00Z`, or a day for its end. `None`: neither.
pub fn instant(pack: &Pack, text: &str) -> Option<Timestamp> {
    let zone = crate::time::Zone::named(&pack.time_zone)?;
    let tick = crate::spell::as_of(text, &zone).ok()?;
    Timestamp::from_microsecond(tick).ok()
}

/// Judges every rule of a pack on facts read against it.
///
/// # Errors
/// A pack that contradicts itself (none that the compiler wrote), or facts read against another pack.
pub fn assess(pack: &Pack, facts: &Facts, options: &Options) -> Result<Assessment, AssessError> {
    assess_watched(pack, facts, options, &|_, _| {})
}

/// As [`assess`], telling after each rule how many of how many are done.
///
/// # Errors
/// As [`assess`].
pub fn assess_watched(
    pack: &Pack,
    facts: &Facts,
    options: &Options,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Assessment, AssessError> {
    if facts.pack != pack.digest {
        return Err(AssessError::OtherPack);
    }
    let world = world(pack, facts, options)?;
    let mut all = world.judge_all(options, &mut Course::default(), watch);
    all.findings.extend(world.void_waivers());
    Ok(world.assessment(options, all))
}

/// The world in which facts are judged.
pub(crate) fn world<'a>(pack: &'a Pack, facts: &'a Facts, options: &Options) -> Result<World<'a>, Inconsistent> {
    let asked = options.as_of.map(|t| t.as_microsecond());
    let now = asked.or(facts.as_of).unwrap_or_else(|| options.now.as_microsecond());
    World::new(pack, facts, now, &Settings { known_at: options.known_at(), ..Settings::default() })
}

/// An instance with what it was judged on.
pub(crate) struct Seen {
    pub(crate) finding: Finding,
    pub(crate) judged: Judged,
    /// Values of the rule's variables.
    pub(crate) bound: Vec<Value>,
}

/// An instance of a rule, judged, and not yet in words.
pub(crate) struct Decided<'s> {
    /// Place of the rule in the pack.
    index: usize,
    words: &'s RuleWords,
    rule: &'s Rule,
    pub(crate) plan: &'s RulePlan,
    pub(crate) judged: &'s Judged,
    /// How many of the rule's variables have a value.
    bound: usize,
}

impl World<'_> {
    /// What was found, put in order.
    pub(crate) fn assessment(&self, options: &Options, all: All) -> Assessment {
        let All { mut findings, mut data_findings, summary, unlisted, tallies } = all;
        crate::order::sort(&mut findings);
        data_findings.sort_by(|a, b| (&a.assumption, places(&a.subject)).cmp(&(&b.assumption, places(&b.subject))));
        Assessment {
            pack: self.pack.name.clone(),
            version: self.pack.version.clone(),
            digest: self.pack.digest.clone(),
            as_of: say_tick(&self.zone, self.now),
            known_at: options.known_at.map(|at| say_tick(&self.zone, at.as_microsecond())),
            findings,
            data_findings,
            summary,
            unlisted,
            tallies,
        }
    }

    /// Every instance of a rule, in words.
    pub(crate) fn rule(&self, index: usize, keep_all: bool, explain_all: bool, see: &mut dyn FnMut(Seen)) {
        self.run.readings_left.set(crate::readings::MOST_FINDINGS);
        self.cases(index, keep_all, Part::WHOLE, &mut |case, frame| {
            let slots = case.plan.each.iter().take(case.bound).map(|each| each.scan.slot);
            let bound = slots.filter_map(|slot| frame.get(slot).cloned()).collect();
            let finding = self.finding(case, (explain_all, true), frame);
            see(Seen { finding, judged: case.judged.clone(), bound });
        });
    }

    /// Every instance of a part of a rule; gives the number of those left out because the rule surely does not apply.
    pub(crate) fn cases(
        &self,
        index: usize,
        keep_all: bool,
        part: Part,
        see: &mut dyn FnMut(&Decided<'_>, &mut Frame),
    ) -> u64 {
        let found =
            (self.rules.get(index).map(|(_, rule)| *rule), self.words.get(index), self.program.rules.get(index));
        let (Some(rule), Some(words), Some(plan)) = found else { return 0 };
        let (each, lets, when, levels) = (&plan.each, &plan.lets, &plan.when, &plan.when_level);
        let walk = Walking { each, lets, when, levels, keep_all, part };
        let mut frame = self.frame(plan.frame);
        self.instances(&walk, &mut frame, &mut |frame, instance| {
            let (all, bound) = match instance {
                Instance::Bound(when) => (self.judge(index, plan, when, frame), plan.each.len()),
                Instance::Open(bound, missing) => (vec![open_list(plan, missing)], bound),
            };
            for judged in &all {
                see(&Decided { index, words, rule, plan, judged, bound }, frame);
            }
        })
    }

    /// For each tally of a rule the values that an instance is counted under.
    pub(crate) fn groups(&self, case: &Decided<'_>, frame: &mut Frame) -> Vec<Vec<Option<String>>> {
        let Decided { plan, bound, .. } = *case;
        let say = |value: Value| match value {
            Value::Record(record) => Some(self.shown_label(record).into_owned()),
            value => value.is_known().then(|| self.say(&value)),
        };
        let of = |by: &Vec<crate::program::Term>| {
            by.iter().map(|by| if bound == plan.each.len() { say(self.eval(by, frame)) } else { None }).collect()
        };
        plan.tallies.iter().map(of).collect()
    }

    /// The finding of an instance: whether it is explained whatever became of it, and whether the explanation tells what was read.
    pub(crate) fn finding(&self, case: &Decided<'_>, (explain_all, reads): (bool, bool), frame: &mut Frame) -> Finding {
        let Decided { index, words, rule, plan, judged, bound } = *case;
        let status = judged.status();
        // Times of a record inside a sensitive field are that field's.
        let nested = plan.each.iter().take(bound).any(|each| match frame.get(each.scan.slot) {
            Some(Value::Record(record)) => self.facts.records.get(*record as usize).is_some_and(|r| r.hidden),
            _ => false,
        });
        let hidden = nested || plan.norm.hidden_time || plan.otherwise.iter().any(|n| n.hidden_time);
        let explained = bound == plan.each.len();
        let plain = matches!(status, Status::Is(Outcome::Satisfied | Outcome::NotApplicable | Outcome::Permitted));
        // The bearer and every condition are evaluated before anything is named: each may conceal a record.
        let bearer = explained.then(|| self.bearer(&plan.norm.bearer, frame));
        let mut why = if explained && (explain_all || !plain) { self.why(case, reads, frame) } else { Vec::new() };
        self.conceal_subjects(&plan.each, bound, frame);
        if !self.run.concealed.borrow().is_empty() && !why.is_empty() {
            why = self.why(case, reads, frame);
            self.conceal_subjects(&plan.each, bound, frame);
        }
        let subject = rule.for_each.iter().zip(&plan.each).take(bound);
        let due = judged.due.as_ref().filter(|_| !hidden);
        let flags = self.flags(rule, plan, judged, bound, frame);
        let bearer = bearer.map_or_else(|| "not known".to_owned(), |bearer| self.say_bearer(&bearer));
        let mut finding = Finding {
            rule: words.name.clone(),
            title: words.title.clone(),
            status,
            possible: judged.possible,
            grade: if status == Status::Is(Outcome::Violated) { weighs(judged, rule.norm.modal) } else { Grade::None },
            modal: rule.norm.modal,
            force: rule.force,
            norm: words.norm.clone(),
            subject: subject
                .map(|(binder, each)| {
                    self.subject(&binder.var, frame.get(each.scan.slot).unwrap_or(&Value::unknown()), each.hidden)
                })
                .collect(),
            bearer,
            due: due.and_then(|due| self.say_due(due)),
            due_excluded: due.is_some_and(|due| due.open && due.last.is_point()),
            late_by: due.zip(judged.late_at).and_then(|(due, at)| {
                let end = if due.open { due.last.hi.checked_add(1)? } else { due.last.hi };
                let days = if due.open { None } else { self.days_late(end, at) };
                days.or_else(|| elapsed(end, at).map(say_seconds))
            }),
            since: judged
                .since
                .as_ref()
                .filter(|t| judged.possible.has_breach() && !hidden && t.is_known() && t.lo != Tick::MIN)
                .and_then(|t| self.say_since(t)),
            levels: self.levels(rule, judged, hidden),
            missing: self.say_missing(&judged.missing),
            readings: if explained { self.readings(index, plan, judged, frame) } else { Vec::new() },
            why,
            evidence: judged.evidence.iter().map(|r| self.place(*r, hidden)).collect(),
            citations: words.citations.clone(),
            carries: words.carries.clone(),
            flags,
            endorsed: words.endorsed.clone(),
            waived_by: judged.waivers.iter().map(|r| self.place(*r, false)).collect(),
            raised_by: self.raised_by(judged),
            transitional: judged.weight.as_ref().is_some_and(|w| w.transitional),
            weighs: weighs(judged, rule.norm.modal),
            bound: if explained { self.bound_states(plan, judged, frame) } else { Vec::new() },
            overridden_by: self.other_rules(&judged.overriders),
            limited_by: if explained { self.limited_by(index, plan, judged, frame) } else { Vec::new() },
            round: judged.round.map(|round| self.say_round(&round, hidden)),
            uncovered: if hidden { Vec::new() } else { self.say_uncovered(judged) },
            remedy: None,
        };
        finding.remedy = self.remedy(&finding, rule, plan, judged, frame);
        finding
    }

    /// Due by the end of a day and done on a later one, at no known hour: late by whole days of the calendar.
    fn days_late(&self, end: Tick, at: Tick) -> Option<String> {
        let (due, done) = (self.zone.date_of(end)?, self.zone.date_of(at)?);
        if self.zone.day(due).hi != end || self.zone.start_of(done) != at {
            return None;
        }
        let days = due.until(done).ok()?.get_days();
        (days > 0).then(|| if days == 1 { "1 day".to_owned() } else { format!("{days} days") })
    }

    /// Records that the rule walks through openly may be named; those of a list that a sensitive field leads to may not.
    fn conceal_subjects(&self, each: &[crate::program::Each], bound: usize, frame: &Frame) {
        for each in each.iter().take(bound) {
            if let Some(value) = frame.get(each.scan.slot) {
                self.name_or_not(value, each.hidden);
            }
        }
    }

    /// A record that a sensitive field leads to is not named; any other is.
    pub(crate) fn name_or_not(&self, value: &Value, hidden: bool) {
        let Value::Record(record) = value else { return };
        let mut concealed = self.run.concealed.borrow_mut();
        let nested = self.facts.records.get(*record as usize).is_some_and(|r| r.hidden);
        if hidden && !nested {
            concealed.insert(*record);
        } else {
            concealed.remove(record);
        }
    }

    fn levels(&self, rule: &Rule, judged: &Judged, hidden: bool) -> Vec<Level> {
        let level = |l: &crate::judged::LevelJudged| Level {
            norm: rule.otherwise.get(l.level).map_or_else(String::new, |n| n.text.clone()),
            status: l.status,
            due: l.due.as_ref().filter(|_| !hidden).and_then(|due| self.say_due(due)),
        };
        judged.levels.iter().map(level).collect()
    }

    /// Every condition, read at the instant it was judged at.
    fn why(&self, case: &Decided<'_>, reads: bool, frame: &mut Frame) -> Vec<Step> {
        let Decided { words, plan, judged, .. } = *case;
        let mut steps = Vec::new();
        let now = Instants::at(self.now);
        let mut add = |kind, conditions: &[ConditionWords], terms: &[crate::program::Term], at: Option<&Instants>| {
            for (condition, term) in conditions.iter().zip(terms) {
                steps.push(self.reading_at(at.unwrap_or(&now), || self.step(kind, condition, term, reads, frame)));
            }
        };
        add(StepKind::When, &words.when, &plan.when, judged.anchor.as_ref());
        add(StepKind::Unless, &words.unless, &plan.unless, judged.excepted_at.as_ref());
        if let ActPlan::Ensure(terms) = &plan.norm.act {
            add(StepKind::Require, &words.require, terms, judged.anchor.as_ref().filter(|_| plan.on.is_some()));
        }
        steps
    }

    /// Remarks of the rule, of the waivers used, and on what was taken for granted.
    fn flags(&self, rule: &Rule, plan: &RulePlan, judged: &Judged, bound: usize, frame: &mut Frame) -> Vec<String> {
        let mut flags = Vec::new();
        if bound == plan.each.len() {
            for (flag, term) in rule.flags.iter().zip(&plan.flags) {
                if self.holds(term, frame).is_true() {
                    flags.push(flag.text.clone());
                }
            }
        }
        if let Some(waivable) = plan.waivable.as_ref().filter(|_| !judged.waivers.is_empty()) {
            flags.extend(self.waiver_flags(waivable, &judged.waivers, frame));
        }
        if judged.exceptional {
            flags.push(
                "a waiver was granted exceptionally, by an authority below the one required: for review".to_owned(),
            );
        }
        if judged.weight.as_ref().is_some_and(|weight| weight.transitional) {
            flags.push("no cited text is compulsory yet: in the transitional period a shortfall is advice".to_owned());
        }
        if judged.rounds_left_out > 0 {
            flags.push(format!(
                "the first {} rounds were not judged: no more than the last {} are",
                judged.rounds_left_out,
                crate::rounds::MOST_ROUNDS
            ));
        }
        if judged.edition_unknown {
            flags.push("the day that decides which edition of the cited text applies is not known".to_owned());
        }
        flags
    }

    fn waiver_flags(&self, waivable: &crate::program::WaivablePlan, used: &[u32], frame: &mut Frame) -> Vec<String> {
        let (Some(plan), Some(kind)) =
            (self.program.waivers.get(waivable.waiver), self.pack.waivers.values().nth(waivable.waiver))
        else {
            return Vec::new();
        };
        let args: Vec<Value> = waivable.args.iter().map(|a| self.eval(a, frame)).collect();
        let mut inner = self.frame(plan.frame.max(args.len()));
        let count = args.len().min(plan.params);
        inner[..count].clone_from_slice(&args[..count]);
        let mut out = Vec::new();
        for record in used {
            inner[plan.scan.slot] = Value::Record(*record);
            for (flag, term) in kind.flags.iter().zip(&plan.flags) {
                if self.holds(term, &mut inner).is_true() && !out.contains(&flag.text) {
                    out.push(flag.text.clone());
                }
            }
        }
        out
    }

    /// Records that waive a rule that cannot be waived that way, or a passage that none may set aside. A record that several
    /// kinds of waiver read is void only if it helps under none of them.
    pub(crate) fn void_waivers(&self) -> Vec<Finding> {
        let mut verdicts: BTreeMap<u32, Option<(usize, String)>> = BTreeMap::new();
        for (kind, plan) in self.program.waivers.iter().enumerate() {
            let helps_any = self.program.rules.iter().any(|rule| helps(rule, kind, plan));
            for record in self.extent(plan.ty) {
                let mut frame = self.frame(plan.frame);
                frame[plan.scan.slot] = Value::Record(*record);
                // Whatever its arguments are: a record that is surely no waiver of this kind is not judged by it.
                if self.holds(&plan.condition, &mut frame).is_false() {
                    continue;
                }
                let reason = match plan.names.as_ref().map(|names| self.eval(names, &mut frame)) {
                    Some(Value::Text(named)) => self.void(kind, &named).map(|reason| (kind, reason)),
                    Some(_) => continue,
                    // It names no rule, and helps whichever can be waived in this way.
                    None if helps_any => None,
                    None => continue,
                };
                let verdict = verdicts.entry(*record).or_insert_with(|| reason.clone());
                if reason.is_none() {
                    *verdict = None;
                }
            }
        }
        let kinds: Vec<_> = self.pack.waivers.iter().collect();
        self.run.concealed.borrow_mut().clear();
        let void =
            verdicts.into_iter().filter_map(|(record, verdict)| verdict.map(|(kind, reason)| (record, kind, reason)));
        void.filter_map(|(record, kind, reason)| {
            kinds.get(kind).map(|(name, kind)| self.void_waiver(name, kind, record, reason))
        })
        .collect()
    }

    /// Why a waiver of this kind cannot set aside what it names; `None` when it can.
    fn void(&self, kind: usize, named: &str) -> Option<String> {
        let not_waivable = |source: &String, passage: &String| {
            self.pack.sources.get(source).is_some_and(|s| s.not_waivable.contains(passage))
        };
        if let Some((source, passage)) = named.split_once('#') {
            let of_source = |name: &&String| names_rule(source.trim(), name);
            let barred =
                self.pack.sources.keys().find(of_source).is_some_and(|s| not_waivable(s, &passage.trim().to_owned()));
            return barred.then(|| "the passage it names may not be set aside by any waiver".to_owned());
        }
        let rules: Vec<_> =
            self.pack.rules.iter().zip(&self.program.rules).filter(|((name, _), _)| names_rule(named, name)).collect();
        if rules.is_empty() {
            return Some("it names no rule of this pack".to_owned());
        }
        if self.program.waivers.get(kind).is_some_and(|w| rules.iter().any(|(_, plan)| helps(plan, kind, w))) {
            return None;
        }
        let barred = rules.iter().find_map(|((_, rule), _)| {
            rule.cites.iter().find(|c| c.passage.as_ref().is_some_and(|p| not_waivable(&c.source, p)))
        });
        let refused = self.program.waivers.get(kind).is_some_and(|w| rules.iter().any(|(_, plan)| w.is_barred(plan)));
        Some(match barred {
            None if refused => "the rule is a prohibition of law, which no national caveat sets aside".to_owned(),
            Some(cite) => format!(
                "the rule cites {}#{}, which no waiver may set aside",
                cite.source,
                cite.passage.as_deref().unwrap_or("")
            ),
            None => "the rule cannot be waived in this way".to_owned(),
        })
    }

    fn void_waiver(&self, kind_name: &str, kind: &mandate_pack::Waiver, record: u32, reason: String) -> Finding {
        let possible = Outcomes::only(Outcome::Violated);
        Finding {
            rule: VOID_WAIVER.to_owned().into(),
            title: format!(
                "A waiver ({}) sets aside what it cannot",
                kind_name.rsplit('.').next().unwrap_or(kind_name)
            )
            .into(),
            status: possible.status(),
            possible,
            grade: Grade::Violation,
            modal: Modal::MustNot,
            force: None,
            norm: reason.into(),
            subject: vec![self.subject(&kind.var, &Value::Record(record), false)],
            bearer: "everyone".to_owned(),
            due: None,
            due_excluded: false,
            late_by: None,
            since: None,
            levels: Vec::new(),
            missing: Vec::new(),
            readings: Vec::new(),
            why: Vec::new(),
            evidence: vec![self.place(record, true)],
            citations: Shared::default(),
            carries: Shared::default(),
            flags: Vec::new(),
            endorsed: Shared::default(),
            waived_by: Vec::new(),
            raised_by: Vec::new(),
            transitional: false,
            weighs: Grade::Violation,
            bound: Vec::new(),
            overridden_by: Vec::new(),
            limited_by: Vec::new(),
            round: None,
            uncovered: Vec::new(),
            remedy: Some("withdraw or correct the waiver".to_owned()),
        }
    }

    /// Facts that break a part of an assumption.
    pub(crate) fn broken_assumption(&self, index: usize, part: Part, out: &mut Vec<DataFinding>) {
        let (Some(assumption), Some(plan)) = (self.pack.assumptions.get(index), self.program.assumptions.get(index))
        else {
            return;
        };
        let (each, when, levels) = (&plan.each, &plan.when, &plan.when_level);
        let walk = Walking { each, lets: &[], when, levels, keep_all: false, part };
        let mut frame = self.frame(plan.frame);
        self.instances(&walk, &mut frame, &mut |frame, instance| {
            let Instance::Bound(when) = instance else { return };
            let broken = |frame: &mut Frame| plan.require.iter().any(|c| self.holds(c, frame).is_false());
            if !when.is_true() || !broken(frame) {
                return;
            }
            self.conceal_subjects(&plan.each, plan.each.len(), frame);
            let steps = assumption.require.iter().zip(&plan.require);
            let subject = assumption.for_each.iter().zip(&plan.each);
            out.push(DataFinding {
                assumption: assumption.title.clone(),
                declared: format!("{}:{}", assumption.origin.file, assumption.origin.line),
                subject: subject
                    .map(|(b, e)| self.subject(&b.var, frame.get(e.scan.slot).unwrap_or(&Value::unknown()), e.hidden))
                    .collect(),
                why: steps
                    .map(|(c, t)| self.step(StepKind::Require, &ConditionWords::of(c), t, true, frame))
                    .filter(|s| s.holds == Some(false))
                    .collect(),
            });
        });
    }
}

/// A variable walks through a list that is not known: nobody can say how many instances there are, or how they stand.
fn open_list(plan: &RulePlan, missing: Missing) -> Judged {
    let applies = if plan.norm.modal == Modal::May { Outcome::Permitted } else { Outcome::Satisfied };
    let mut possible = Outcomes::of(&[applies, Outcome::NotApplicable]);
    if plan.norm.modal != Modal::May {
        possible = possible.with(Outcome::Violated);
    }
    Judged { possible, missing, ..Judged::default() }
}

/// Whether a kind of waiver can set a rule aside.
fn helps(rule: &RulePlan, kind: usize, waiver: &crate::program::WaiverPlan) -> bool {
    rule.waivable.as_ref().is_some_and(|w| w.waiver == kind) && !rule.not_waivable && !waiver.is_barred(rule)
}

/// What a breach weighs: by the texts in force, else by the strength of the norm.
fn weighs(judged: &Judged, modal: Modal) -> Grade {
    match &judged.weight {
        Some(weight) => weight.grade,
        None if modal.is_binding() => Grade::Violation,
        None => Grade::Advice,
    }
}

fn places(subject: &[crate::finding::Subject]) -> Vec<(&str, Option<u32>, Option<&str>)> {
    subject.iter().map(|s| (s.id.as_str(), s.line, s.file.as_deref())).collect()
}
