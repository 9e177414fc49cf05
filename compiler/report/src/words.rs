//! Words that every format uses. Identifiers come from facts: control characters in them could steer a terminal.

use mandate_assess::{Cited, Finding, Grade, OtherRule, Place, Status, Step, StepKind, Subject, is_day};
pub(crate) use mandate_render::safe::clean;
use std::borrow::Cow;

/// A record with its place; one that is withheld has none.
pub(crate) fn named(id: &str, file: &str, line: u32) -> String {
    let id = clean(id);
    if line == 0 { id.into_owned() } else { format!("{id} ({}:{line})", clean(file)) }
}

pub(crate) fn subject(s: &Subject) -> String {
    named(&s.id, s.file.as_deref().unwrap_or_default(), s.line.unwrap_or_default())
}

pub(crate) fn subjects(all: &[Subject]) -> String {
    all.iter().map(subject).collect::<Vec<_>>().join(", ")
}

/// The identifiers alone.
pub(crate) fn ids(all: &[Subject]) -> String {
    all.iter().map(|s| clean(&s.id)).collect::<Vec<_>>().join(", ")
}

pub(crate) fn place(p: &Place) -> String {
    let at = p.at.as_ref().map_or_else(String::new, |at| format!(", {at}"));
    format!("{}{at}", named(&p.id, &p.file, p.line))
}

/// The word of the status, with what keeps a reader from taking it for more than it is: whether advice or a norm, and of what
/// force, was broken.
pub(crate) fn status(f: &Finding) -> String {
    match (f.status, f.grade) {
        (status, Grade::Advice) => format!("advice not followed ({})", status.word()),
        (status, Grade::Violation) => {
            let force = f.force.map_or_else(String::new, |force| format!(" ({})", force.said()));
            format!("{}{force}", status.word())
        }
        (Status::Undetermined, Grade::None) => {
            let harmless = if f.possible.is_harmless() { "; no breach possible" } else { "" };
            format!("undetermined ({}{harmless})", list(&f.could_be(), "or"))
        }
        (status, Grade::None) => status.word().to_owned(),
    }
}

/// "a, b or c"
pub(crate) fn list<T: AsRef<str>>(words: &[T], last: &str) -> String {
    match words.split_last() {
        Some((end, [])) => end.as_ref().to_owned(),
        Some((end, before)) => {
            let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", before.join(", "), end.as_ref())
        }
        None => String::new(),
    }
}

/// "due by the end of 2024-03-02", "due before 2024-03-02T08:00Z"
pub(crate) fn due(due: &str, excluded: bool) -> String {
    match excluded {
        true => format!("due before {due}"),
        false if is_day(due) => format!("due by the end of {due}"),
        false => format!("due {due}"),
    }
}

/// "Convention on Sites (law), 1 to 3"
pub(crate) fn cited(c: &Cited) -> String {
    let force = c.force.map_or_else(String::new, |force| format!(" ({})", force.word()));
    let passage = c.passage.as_ref().map_or_else(String::new, |p| format!(", {p}"));
    let to = c.to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
    format!("{}{force}{passage}{to}", c.title)
}

/// The paragraphs of a cited passage.
pub(crate) fn paragraphs(c: &Cited) -> impl Iterator<Item = &str> {
    c.text.as_deref().unwrap_or_default().lines().filter(|line| !line.trim().is_empty())
}

/// The conditions that brought the finding about: why the rule applies or does not, what failed, what is not known.
pub(crate) fn reasons(f: &Finding) -> Vec<(&'static str, String)> {
    let held = |kind| f.why.iter().filter(move |s| s.kind == kind && s.holds == Some(true)).map(|s| s.text.as_str());
    let unknown = f.why.iter().filter(|s| s.holds.is_none()).map(|s| s.text.as_str());
    let all: [(&'static str, Vec<&str>); 4] = [
        ("applies because", held(StepKind::When).collect()),
        ("excepted because", held(StepKind::Unless).collect()),
        ("does not hold", failed(&f.why)),
        ("not known whether", unknown.collect()),
    ];
    all.into_iter().filter(|(_, texts)| !texts.is_empty()).map(|(word, texts)| (word, texts.join("; "))).collect()
}

/// Requirements that do not hold, by name where they have one.
fn failed(steps: &[Step]) -> Vec<&str> {
    let mut failed = Vec::new();
    for step in steps.iter().filter(|s| s.kind == StepKind::Require && s.holds == Some(false)) {
        let before = failed.len();
        failed.extend(step.parts.iter().filter(|p| p.holds == Some(false)).map(|p| p.text.as_str()));
        if failed.len() == before {
            failed.push(step.text.as_str());
        }
    }
    failed
}

/// The remedy, where it says more than the conditions that do not hold.
pub(crate) fn remedy(f: &Finding) -> Option<Cow<'_, str>> {
    let says_more = |remedy: &&String| !remedy.starts_with("satisfied if this held");
    f.remedy.as_ref().filter(says_more).map(|remedy| clean(remedy))
}

/// "since 2024-03-01"; what is not determined has no breach to begin.
pub(crate) fn since(f: &Finding) -> Option<String> {
    let since = f.since.as_ref()?;
    Some(match f.status {
        Status::Undetermined => format!("if it is a breach, since {since}"),
        Status::Is(_) => format!("since {since}"),
    })
}

/// The finding in one sentence, for formats that have one line for it.
pub(crate) fn sentence(f: &Finding) -> String {
    let mut parts = vec![format!("{}: {}", status(f), instance(f))];
    if let Some(at) = &f.due {
        parts.push(due(at, f.due_excluded));
    }
    parts.extend(f.late_by.as_ref().map(|late| format!("late by {late}")));
    parts.extend(since(f));
    parts.extend(beside(f));
    parts.extend(reasons(f).into_iter().map(|(word, texts)| format!("{word} {texts}")));
    parts.extend(remedy(f).map(Cow::into_owned));
    parts.extend(f.flags.iter().map(|flag| format!("note: {flag}")));
    parts.join("; ")
}

/// The records, and the round of a recurring duty: what tells one instance of a rule from another.
pub(crate) fn instance(f: &Finding) -> String {
    let round = f.round.as_ref().map_or_else(String::new, |round| format!(", round {}", round.number));
    format!("{}{round}", ids(&f.subject))
}

/// What else a reader needs: which round, what was not covered, and why the rule weighs what it weighs.
pub(crate) fn beside(f: &Finding) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(round) = &f.round {
        let from = round.from.as_ref().map_or_else(String::new, |from| format!(", from {from}"));
        let to = round.to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
        out.push(format!("round {}{from}{to}", round.number));
    }
    out.extend(f.uncovered.iter().map(|gap| format!("not covered from {} until {}", gap.from, gap.to)));
    out.extend(f.overridden_by.iter().map(|rule| format!("its place takes {}", other(rule))));
    out.extend(f.limited_by.iter().map(|rule| format!("narrowed by {}", other(rule))));
    for bound in &f.bound {
        let since = bound.since.as_ref().map_or_else(String::new, |since| format!(" since {since}"));
        out.push(match bound.bound {
            Some(true) => format!("{} binds {}{since}", bound.source, bound.state),
            Some(false) => format!("{} does not bind {}", bound.source, bound.state),
            None => format!("not known whether {} binds {}", bound.source, bound.state),
        });
    }
    for endorsed in &f.raised_by {
        let from = endorsed.from.as_ref().map_or_else(String::new, |from| format!(" since {from}"));
        let by = endorsed.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        out.push(format!("weighs as a norm: {} is endorsed{from}{by}", endorsed.source));
    }
    out
}

fn other(rule: &OtherRule) -> String {
    let subject = if rule.subject.is_empty() { String::new() } else { format!(" for {}", subjects(&rule.subject)) };
    format!("{} [{}]{subject}", rule.title, rule.rule)
}

/// "1 violation", "2 violations"
pub(crate) fn number(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
