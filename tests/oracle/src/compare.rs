//! The oracle beside the engine.

use crate::cases::Case;
use crate::judge::{Verdict, faults as faults_of, judge};
use crate::value::Tick;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use mandate_assess::{Assessment, Facts, FactsFile, Finding, Grade, Options, assess};
use mandate_pack::Window;
use std::collections::{BTreeMap, BTreeSet};

/// How often each outcome, grade and detail was found, over a run.
pub type Tally = BTreeMap<String, u64>;

/// Judges a case twice, and says what differs; else counts what was found.
///
/// # Errors
/// What differs, or why the case could not be judged.
pub fn compare(case: &Case, tally: &mut Tally) -> Result<(), String> {
    let found = engine(case)?;
    let judged = judge(&case.pack, &case.facts, case.as_of.as_microsecond().into());
    let as_of = case.as_of.as_microsecond().into();
    let faults: BTreeSet<(String, String)> = found
        .data_findings
        .iter()
        .map(|fault| (fault.assumption.clone(), fault.subject.first().map(|s| s.id.clone()).unwrap_or_default()))
        .collect();
    let expected = faults_of(&case.pack, &case.facts, as_of);
    if faults != expected {
        return Err(format!("faults of the data: oracle {expected:?}, engine {faults:?}"));
    }
    *tally.entry("fault of the data".into()).or_default() += faults.len() as u64;
    let mut by_instance: BTreeMap<(&str, Vec<&str>), Vec<&Finding>> = BTreeMap::new();
    for finding in &found.findings {
        let subject = finding.subject.iter().map(|s| s.id.as_str()).collect();
        by_instance.entry((&finding.rule, subject)).or_default().push(finding);
    }
    let zone = TimeZone::get(&case.pack.time_zone).map_err(|e| e.to_string())?;
    let mut not_applicable: BTreeMap<&str, u64> = BTreeMap::new();
    let mut instances: BTreeMap<(&str, Vec<&str>), Vec<&Verdict>> = BTreeMap::new();
    for ((rule, subject, _), verdict) in &judged {
        if verdict.possible.iter().all(|word| *word == "not applicable") {
            *not_applicable.entry(rule).or_default() += 1;
            *tally.entry("not applicable".into()).or_default() += 1;
            continue;
        }
        instances.entry((rule, subject.iter().map(String::as_str).collect())).or_default().push(verdict);
    }
    let nameable = is_nameable(case)?;
    for (instance, findings) in &by_instance {
        let verdicts = instances.remove(instance).unwrap_or_default();
        if verdicts.len() != findings.len() {
            let theirs: Vec<String> = findings.iter().map(|f| told(f)).collect();
            return Err(format!("{instance:?}: oracle {verdicts:#?}\nengine {theirs:#?}"));
        }
        let mut findings = findings.clone();
        findings.sort_by_key(|f| f.round.as_ref().map(|round| round.number));
        for (verdict, finding) in verdicts.iter().zip(findings) {
            same(verdict, finding, &zone, nameable)
                .map_err(|what| format!("{instance:?}: {what}\noracle: {verdict:?}\nengine: {}", told(finding)))?;
            count(verdict, finding, nameable, tally);
        }
    }
    if let Some((instance, verdict)) = instances.first_key_value() {
        return Err(format!("{instance:?}: the engine found nothing\noracle: {verdict:?}"));
    }
    for (rule, counts) in &found.summary {
        let ours = not_applicable.get(rule.as_str()).copied().unwrap_or_default();
        let in_rounds = matches!(case.pack.rules.get(rule).and_then(|r| r.norm.time.as_ref()), Some(Window::Every(_)));
        if counts.not_applicable != ours && !in_rounds {
            return Err(format!("{rule}: not applicable {ours} times, the engine says {}", counts.not_applicable));
        }
    }
    Ok(())
}

/// Whether what is unknown is so for want of a field: not so of picks of none or several, sums of two currencies, shares of
/// nothing, and deadlines so many hours after a day.
fn is_nameable(case: &Case) -> Result<bool, String> {
    let written = serde_json::to_string(&(&case.pack.rules, &case.pack.definitions)).map_err(|e| e.to_string())?;
    let otherwise = ["\"pick\"", "\"share\"", "\"fold\"", "Money", "\"/\"", "\"party\"", "Date", "\"tell\""];
    Ok(!otherwise.iter().any(|word| written.contains(word)))
}

/// A finding in a few words.
fn told(f: &Finding) -> String {
    let possible: Vec<&str> = f.possible.iter().map(|outcome| outcome.word()).collect();
    let levels: Vec<_> = f.levels.iter().map(|l| (l.status.word(), &l.due)).collect();
    let note = if f.rule == mandate_assess::VOID_WAIVER { f.norm.as_str() } else { "" };
    format!(
        "{possible:?} uncovered {:?} grade {:?} due {:?}{} since {:?} late {:?} levels {levels:?} missing {:?} waived by {:?} flags {:?} {note}",
        f.uncovered,
        f.grade,
        f.due,
        if f.due_excluded { " excluded" } else { "" },
        f.since,
        f.late_by,
        f.missing,
        f.waived_by.iter().map(|w| &w.id).collect::<Vec<_>>(),
        f.flags
    )
}

/// What the engine finds.
///
/// # Errors
/// Why there is no assessment; begins with `FAULT`.
pub fn engine(case: &Case) -> Result<Assessment, String> {
    let mut facts = case.facts.clone();
    // No part of a facts file: the oracle is told so.
    facts.as_object_mut().map(|facts| facts.remove("known_at"));
    let bytes = serde_json::to_vec(&facts).map_err(|e| e.to_string())?;
    let (facts, faults) = Facts::load(&case.pack, &[FactsFile { name: "facts.json".into(), bytes }]);
    if let Some((_, fault)) = faults.first() {
        return Err(format!("FAULT {}", fault.message));
    }
    let known_at = case.facts["known_at"].as_str().and_then(|at| at.parse().ok());
    let options = Options { as_of: Some(case.as_of), known_at, ..Options::at(case.as_of) };
    assess(&case.pack, &facts, &options).map_err(|e| format!("FAULT {e}"))
}

/// An instant as findings write it; a day stands for its end.
fn tick(text: &str, excluded: bool, zone: &TimeZone) -> Option<Tick> {
    let instant = match text.parse::<Date>() {
        Ok(day) if !text.contains('T') => {
            let day = if excluded { day } else { day.tomorrow().ok()? };
            return Some(Tick::from(day.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond()) - 1);
        }
        _ => text.parse::<Timestamp>().or_else(|_| text.replace('Z', ":00Z").parse()).ok()?,
    };
    Some(Tick::from(instant.as_microsecond()) - Tick::from(excluded))
}

fn same(verdict: &Verdict, finding: &Finding, zone: &TimeZone, nameable: bool) -> Result<(), String> {
    let theirs: BTreeSet<&str> = finding.possible.iter().map(|outcome| outcome.word()).collect();
    if theirs != verdict.possible {
        return Err(format!("possible {:?}, the engine says {theirs:?}", verdict.possible));
    }
    let grade = match finding.grade {
        Grade::Violation => "violation",
        Grade::Advice => "advice",
        Grade::None => "none",
    };
    if grade != verdict.grade {
        return Err(format!("grade {}, the engine says {grade}", verdict.grade));
    }
    if let (Some(due), Some(theirs)) = (verdict.due.filter(|due| due.is_exact()), &finding.due) {
        let theirs = tick(theirs, finding.due_excluded, zone);
        if theirs != Some(due.lo) {
            return Err(format!("due {due:?}, the engine says {theirs:?} {:?}", finding.due));
        }
    }
    let sure = verdict.grade != "none";
    if let (Some(since), Some(theirs)) = (verdict.since.filter(|since| sure && since.is_exact()), &finding.since) {
        let theirs = tick(theirs, false, zone);
        if theirs != Some(since.lo) && theirs != Some(since.lo + 1) {
            return Err(format!("since {since:?}, the engine says {theirs:?} {:?}", finding.since));
        }
    }
    same_lateness(verdict, finding, zone)?;
    let stretch = |s: &mandate_assess::Stretch| Some((tick(&s.from, false, zone)?, tick(&s.to, false, zone)?));
    let theirs: Option<Vec<(Tick, Tick)>> = finding.uncovered.iter().map(stretch).collect();
    if theirs.as_ref() != Some(&verdict.uncovered) {
        return Err(format!("uncovered {:?}, the engine says {theirs:?} {:?}", verdict.uncovered, finding.uncovered));
    }
    let open = finding.status == mandate_assess::Status::Undetermined;
    if nameable && open && finding.missing.is_empty() && finding.flags.is_empty() {
        return Err("undetermined, and the engine names nothing that is missing".into());
    }
    Ok(())
}

/// How late it was, in the words of the engine: "1 day 2 hours", "3 days".
fn same_lateness(verdict: &Verdict, finding: &Finding, zone: &TimeZone) -> Result<(), String> {
    const SECOND: Tick = 1_000_000;
    let (Some((due, begin)), Some(theirs)) = (verdict.late, &finding.late_by) else {
        return match (verdict.late, &finding.late_by) {
            (None, None) => Ok(()),
            (ours, theirs) => Err(format!("late {ours:?}, the engine says {theirs:?}")),
        };
    };
    let day_of = |at: Tick| {
        let at = Timestamp::from_microsecond(i64::try_from(at).ok()?).ok()?.to_zoned(zone.clone());
        (at.start_of_day().ok()? == at).then(|| at.date())
    };
    // Where the deadline is excluded, it is late by the time since then.
    let excluded = (begin - due - 1) / SECOND;
    let included = match (day_of(due + 1), day_of(begin)) {
        // The day it was due on is the one before.
        (Some(after), Some(done)) => (Tick::from((done - after).get_days()) + 1) * 86_400,
        _ => (begin - due) / SECOND,
    };
    let is_exact = verdict.due.is_some_and(|due| due.is_exact());
    let wanted = match finding.due_excluded {
        true => vec![excluded],
        // A finding does not tell of a range whether its ends are excluded.
        false if !is_exact => vec![included, excluded],
        false => vec![included],
    };
    let mut told: Tick = 0;
    let words: Vec<&str> = theirs.split(' ').collect();
    for pair in words.chunks(2) {
        let [number, unit] = pair else { return Err(format!("late by {theirs:?}")) };
        let number: Tick = number.parse().map_err(|_| format!("late by {theirs:?}"))?;
        told += number
            * match unit.trim_end_matches('s') {
                "day" => 86_400,
                "hour" => 3_600,
                "minute" => 60,
                "second" => 1,
                _ => return Err(format!("late by {theirs:?}")),
            };
    }
    if wanted.contains(&told) {
        Ok(())
    } else {
        Err(format!("late by {wanted:?} s ({due} to {begin}), the engine says {theirs:?}"))
    }
}

fn count(verdict: &Verdict, finding: &Finding, nameable: bool, tally: &mut Tally) {
    let mut seen = |what: &str| *tally.entry(what.to_owned()).or_default() += 1;
    seen(finding.status.word());
    if nameable && verdict.possible.len() > 1 {
        seen("has to name what is missing");
    }
    if verdict.possible.len() > 1 {
        for word in &verdict.possible {
            seen(&format!("possibly {word}"));
        }
    }
    seen(&format!("grade {}", verdict.grade));
    if finding.due.is_some() {
        seen("with a due time");
    }
    if finding.late_by.is_some() {
        seen("late");
    }
    if !finding.uncovered.is_empty() {
        seen("with a gap");
    }
    if !finding.waived_by.is_empty() {
        seen("under a waiver");
    }
    if !finding.levels.is_empty() {
        seen("with a duty that arose");
    }
}
