//! The nearest remedy: what can still be done, or recorded, to change how a finding stands. What is past stays past: no
//! remedy asks for an act before now, for a waiver after the fact, or for a record that says otherwise.

use crate::finding::{Finding, Level};
use crate::judged::Judged;
use crate::outcome::{Outcome, Status};
use crate::program::{ActPlan, NormPlan, RulePlan};
use crate::say::is_day;
use crate::value::Value;
use crate::world::{Frame, World};
use mandate_pack::{Act, Norm, Rule, Window};

impl World<'_> {
    /// The remedy of a finding; `None` when nothing that can be done changes it.
    pub(crate) fn remedy(
        &self,
        f: &Finding,
        rule: &Rule,
        plan: &RulePlan,
        judged: &Judged,
        frame: &mut Frame,
    ) -> Option<String> {
        match f.status {
            Status::Undetermined => to_record(f),
            Status::Is(Outcome::Pending) => {
                let act = self.act(&rule.norm, &plan.norm, frame);
                let bearer = by_whom(&f.bearer);
                Some(match (&rule.norm.time, &f.due) {
                    (Some(Window::Lasting(_)), Some(due)) => {
                        format!("satisfied if {act} without a gap{bearer} until {}{due}", end_of(due))
                    }
                    (Some(Window::Lasting(_)), None) => format!("satisfied if {act} without a gap{bearer}"),
                    _ => format!("satisfied if {act}{bearer}{}", in_time(f.due.as_deref(), f.due_excluded)),
                })
            }
            Status::Is(Outcome::Violated) => {
                let pairs = f.levels.iter().zip(&judged.levels);
                let open = pairs.into_iter().find(|(level, _)| level.status == Status::Is(Outcome::Pending));
                match open {
                    Some((level, judged)) => self.repair(rule, plan, level, judged.level, frame),
                    None => still_open(f, rule),
                }
            }
            Status::Is(_) => None,
        }
    }

    /// What repairs a breach: the duty that arose from it, while there is time.
    fn repair(&self, rule: &Rule, plan: &RulePlan, level: &Level, at: usize, frame: &mut Frame) -> Option<String> {
        let (norm, plan) = (rule.otherwise.get(at)?, plan.otherwise.get(at)?);
        let bearer = self.bearer(&plan.bearer, frame);
        let (act, bearer) = (self.act(norm, plan, frame), by_whom(&self.say_bearer(&bearer)));
        Some(format!("repaired if {act}{bearer}{}", in_time(level.due.as_deref(), false)))
    }

    /// "report(inc-3) is evidenced". A value that is no record is not said: it may be that of a sensitive field.
    fn act(&self, norm: &Norm, plan: &NormPlan, frame: &mut Frame) -> String {
        match (&norm.act, &plan.act) {
            (Act::Do { action, .. }, ActPlan::Do { args, .. }) => {
                let name = action.rsplit('.').next().unwrap_or(action);
                let args: Vec<String> = args
                    .iter()
                    .map(|arg| match self.eval(arg, frame) {
                        Value::Record(record) => self.shown_label(record).into_owned(),
                        _ => "…".to_owned(),
                    })
                    .collect();
                format!("{name}({}) is evidenced", args.join(", "))
            }
            (Act::Ensure(conditions), _) => {
                let texts: Vec<&str> = conditions.iter().map(|c| c.text.as_str()).collect();
                format!("this holds: {}", texts.join("; "))
            }
            (Act::Do { action, .. }, ActPlan::Ensure(_)) => format!("{action} is evidenced"),
        }
    }
}

/// A state that does not hold can be brought about; an act that was not done in time, or that was forbidden, stays as it is.
fn still_open(f: &Finding, rule: &Rule) -> Option<String> {
    match &rule.norm.act {
        Act::Ensure(_) if rule.norm.time.is_none() => {
            let failed = World::failed(&f.why);
            (!failed.is_empty()).then(|| format!("satisfied if this held: {}", failed.join("; ")))
        }
        Act::Ensure(_) | Act::Do { .. } => None,
    }
}

/// "record `observed_at` of inc-3 to decide between violated and pending"
fn to_record(f: &Finding) -> Option<String> {
    if f.missing.is_empty() {
        return None;
    }
    /// More fields than this are listed with the finding, not in the remedy.
    const NAMED: usize = 4;
    let mut wanted: Vec<String> = f.missing.iter().take(NAMED).map(|missing| what(missing)).collect();
    if f.missing.len() > NAMED {
        wanted.push(format!("{} more", f.missing.len() - NAMED));
    }
    Some(format!("record {} to decide between {}", and(&wanted, "and"), and(&f.could_be(), "and")))
}

fn what(missing: &str) -> String {
    match missing.rsplit_once('.') {
        // What is wanted of a whole feed: "Report records after 2024-03-01T08:00Z".
        _ if missing.contains(" records after ") => format!("the {missing}"),
        Some((record, field)) => format!("`{field}` of {record}"),
        None => missing.to_owned(),
    }
}

/// "a, b and c"
pub(crate) fn and<T: AsRef<str>>(words: &[T], last: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((end, [])) => (*end).to_owned(),
        Some((end, before)) => format!("{} {last} {end}", before.join(", ")),
        None => String::new(),
    }
}

fn by_whom(bearer: &str) -> String {
    match bearer {
        "everyone" | "not known" => String::new(),
        bearer => format!(" by {bearer}"),
    }
}

fn end_of(due: &str) -> &'static str {
    if is_day(due) { "the end of " } else { "" }
}

fn in_time(due: Option<&str>, excluded: bool) -> String {
    match due {
        Some(due) if excluded => format!(" before {due}"),
        Some(due) if is_day(due) => format!(" by the end of {due}"),
        Some(due) => format!(" no later than {due}"),
        None => String::new(),
    }
}
