//! Values, records and steps in words. The one place where values of facts become text: sensitive ones stay out here.

use crate::finding::{Place, Read, Step, StepKind, Subject};
use crate::judged::Due;
use crate::shared::Shared;
use crate::time::{ALWAYS, FOREVER, Instants, say_clock, say_instants, say_tick};
use crate::truth::{Gap, Missing};
use crate::value::{Entry, Unit, Value};
use crate::words::ConditionWords;
use crate::world::{Frame, World};
use crate::{acts::BearerNow, program::Term};
use std::borrow::Cow;

/// Said in place of a value that may not be shown.
const HIDDEN: &str = "a value";

/// Said in place of a record that a sensitive field leads to.
const WITHHELD: &str = "(withheld)";

/// Whether a text is a day alone: a deadline that runs to its end.
pub fn is_day(text: &str) -> bool {
    text.len() == "2024-03-01".len() && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

impl World<'_> {
    pub(crate) fn label(&self, record: u32) -> Cow<'_, str> {
        self.facts.label(&self.types, record)
    }

    /// The label, unless the record may not be named in the finding at hand.
    pub(crate) fn shown_label(&self, record: u32) -> Cow<'_, str> {
        if self.run.concealed.borrow().contains(&record) { Cow::Borrowed(WITHHELD) } else { self.label(record) }
    }

    pub(crate) fn is_hidden(&self, record: u32, field: u32) -> bool {
        self.run.concealed.borrow().contains(&record) || self.is_sensitive(record, field)
    }

    fn is_sensitive(&self, record: u32, field: u32) -> bool {
        self.facts
            .records
            .get(record as usize)
            .is_none_or(|r| r.hidden || self.types.declared(r.ty, field).is_none_or(|f| f.sensitive))
    }

    pub(crate) fn say_gap(&self, gap: Gap) -> String {
        match gap {
            Gap::Field { record, field } => {
                let name = self.say_field(&self.shown_label(record), record, field);
                if self.is_restricted(record, field) { format!("{name} (restricted)") } else { name }
            }
            Gap::Feed { .. } => self.name_gap(gap),
        }
    }

    /// Whether the data holds a value that this reader may not see.
    pub(crate) fn is_restricted(&self, record: u32, field: u32) -> bool {
        let data = self.facts.records.get(record as usize);
        match data.and_then(|r| r.fields.get(field)) {
            Some(Value::Unknown(_)) => true,
            Some(Value::History(entries)) => entries.iter().any(|e| matches!(e.value, Value::Unknown(_))),
            _ => false,
        }
    }

    fn say_field(&self, label: &str, record: u32, field: u32) -> String {
        let ty = self.facts.records.get(record as usize).map_or(u32::MAX, |r| r.ty);
        format!("{label}.{}", self.types.declared(ty, field).map_or("?", |f| f.name.as_str()))
    }

    /// As a scenario names it, whose author knows the data. Not for output.
    pub(crate) fn name_gap(&self, gap: Gap) -> String {
        match gap {
            Gap::Field { record, field } => self.say_field(&self.label(record), record, field),
            Gap::Feed { ty } => {
                let until = self.through.get(ty as usize).copied().unwrap_or(FOREVER);
                format!("{} records after {}", self.types.shown(ty), say_tick(&self.zone, until))
            }
        }
    }

    pub(crate) fn say_missing(&self, missing: &Missing) -> Vec<String> {
        let mut all: Vec<String> = missing.gaps().iter().map(|gap| self.say_gap(*gap)).collect();
        all.sort();
        all.dedup();
        all
    }

    /// A value in words; only for values that may be shown.
    pub(crate) fn say(&self, value: &Value) -> String {
        match value {
            Value::Unknown(_) => "unknown".to_owned(),
            Value::Bool(b) => b.to_string(),
            Value::Number(q) => {
                let unit = match &q.unit {
                    Unit::Plain => String::new(),
                    Unit::Metres => " m".to_owned(),
                    Unit::Money(code) => format!(" {code}"),
                };
                match (q.lo, q.hi) {
                    (Some(lo), Some(hi)) if lo == hi => format!("{}{unit}", lo.normalize()),
                    (Some(lo), Some(hi)) => format!("{} to {}{unit}", lo.normalize(), hi.normalize()),
                    (Some(lo), None) => format!("at least {}{unit}", lo.normalize()),
                    (None, Some(hi)) => format!("at most {}{unit}", hi.normalize()),
                    (None, None) => "unknown".to_owned(),
                }
            }
            Value::Text(text) => text.to_string(),
            Value::Time(at) => say_instants(&self.zone, at),
            Value::Duration(d) => d.words(),
            Value::Period(p) => {
                let end = |t: &crate::time::Instants| say_instants(&self.zone, t);
                format!("{} until {}", end(&p.from), end(&p.to))
            }
            Value::Location(p) if p.within.is_zero() => format!("{}, {}", p.lat.normalize(), p.lon.normalize()),
            Value::Location(p) => {
                format!("{}, {} within {} m", p.lat.normalize(), p.lon.normalize(), p.within.normalize())
            }
            Value::Nation(code) => code.to_string(),
            Value::Variant { of, index } => {
                let variant = self.types.enums.get(*of as usize).and_then(|(_, e)| e.variants.get(*index as usize));
                variant.map_or_else(|| "?".to_owned(), |v| v.name.clone())
            }
            Value::Record(record) => self.label(*record).into_owned(),
            Value::List(list) => {
                const SHOWN: usize = 5;
                let mut items: Vec<String> = list.items.iter().take(SHOWN).map(|v| self.say(v)).collect();
                if list.items.len() > SHOWN {
                    items.push(format!("{} more", list.items.len() - SHOWN));
                }
                if items.is_empty() { "none".to_owned() } else { items.join(", ") }
            }
            Value::History(entries) => {
                let each = |e: &Entry| match e.from.hi {
                    ALWAYS => self.say(&e.value),
                    _ => format!("{} from {}", self.say(&e.value), say_instants(&self.zone, &e.from)),
                };
                entries.iter().map(each).collect::<Vec<_>>().join(", ")
            }
        }
    }

    pub(crate) fn place(&self, record: u32, hidden_time: bool) -> Place {
        let data = self.facts.records.get(record as usize);
        let ty = data.map_or(u32::MAX, |r| r.ty);
        if self.run.concealed.borrow().contains(&record) {
            let (id, file) = (WITHHELD.to_owned(), String::new());
            return Place { ty: self.types.shown(ty).to_owned(), id, file, line: 0, at: None };
        }
        let at = self
            .program
            .dated
            .get(ty as usize)
            .copied()
            .flatten()
            .filter(|f| !hidden_time && !self.is_hidden(record, *f));
        let at = at.map(|field| self.field(record, ty, field)).filter(Value::is_known);
        Place {
            ty: self.types.shown(ty).to_owned(),
            id: self.label(record).into_owned(),
            file: data.map_or_else(String::new, |r| self.file(r.file)),
            line: data.map_or(0, |r| r.line),
            at: at.map(|at| self.say(&at)),
        }
    }

    pub(crate) fn file(&self, file: u32) -> String {
        self.facts.files.get(file as usize).map_or_else(String::new, ToString::to_string)
    }

    pub(crate) fn subject(&self, var: &str, value: &Value, hidden: bool) -> Subject {
        match value {
            Value::Record(record) => {
                let place = self.place(*record, true);
                let known = place.line > 0;
                Subject {
                    var: var.to_owned(),
                    ty: Some(place.ty),
                    id: place.id,
                    file: known.then_some(place.file),
                    line: known.then_some(place.line),
                }
            }
            other => {
                let id = if hidden { HIDDEN.to_owned() } else { self.say(other) };
                Subject { var: var.to_owned(), ty: None, id, file: None, line: None }
            }
        }
    }

    pub(crate) fn say_bearer(&self, bearer: &BearerNow) -> String {
        match bearer {
            BearerNow::Everyone => "everyone".to_owned(),
            BearerNow::Record(Value::Record(record)) => self.shown_label(*record).into_owned(),
            BearerNow::Record(_) => "not known".to_owned(),
            BearerNow::Role { role, of } => {
                let name = self.pack.roles.keys().nth(*role).map_or("", String::as_str);
                let name = name.rsplit('.').next().unwrap_or(name).replace('_', " ");
                match of {
                    None => name,
                    Some(Value::Record(record)) => format!("{name} of {}", self.shown_label(*record)),
                    Some(_) => format!("{name} (of whom is not known)"),
                }
            }
        }
    }

    /// The deadline; `None` when there is none or it is not known.
    pub(crate) fn say_due(&self, due: &Due) -> Option<String> {
        let last = &due.last;
        if last.is_point() && last.lo != FOREVER && last.lo != i64::MIN {
            // An instant that is excluded is never said as a day: "before 1 March" ends when that day begins.
            return Some(if due.open { say_clock(&self.zone, last.lo + 1) } else { say_tick(&self.zone, last.lo) });
        }
        let bounded = last.lo != i64::MIN && last.hi < FOREVER;
        bounded.then(|| say_instants(&self.zone, last))
    }

    /// When a breach began: after the last instant of a day, with the next day. `None` for a state that is only known to hold
    /// at the instant of assessment.
    pub(crate) fn say_since(&self, since: &Instants) -> Option<String> {
        if since.is_point() && since.lo == self.now {
            return None;
        }
        let ends_a_day = since.is_point()
            && !since.civil
            && self.zone.date_of(since.lo).is_some_and(|day| self.zone.day(day).hi == since.lo);
        Some(if ends_a_day {
            say_tick(&self.zone, since.lo.saturating_add(1))
        } else {
            say_instants(&self.zone, since)
        })
    }

    /// A condition, and what it read where that is `told`.
    pub(crate) fn step(
        &self,
        kind: StepKind,
        words: &ConditionWords,
        term: &Term,
        told: bool,
        frame: &mut Frame,
    ) -> Step {
        let (truth, read) = self.watched(told, || self.holds(term, frame));
        let parts = match term {
            Term::All(terms) => {
                let part = |(text, (holds, unless)): (&Shared<String>, &(Term, Option<Term>))| {
                    let (truth, read) = self.watched(told, || self.named(holds, unless.as_ref(), frame));
                    let (text, read) = (text.clone(), self.say_reads(read));
                    Step { kind: StepKind::Condition, text, holds: truth.value, read, parts: Vec::new() }
                };
                words.parts.iter().zip(terms).map(part).collect()
            }
            _ => Vec::new(),
        };
        let read = if parts.is_empty() { self.say_reads(read) } else { Vec::new() };
        Step { kind, text: words.text.clone(), holds: truth.value, read, parts }
    }

    /// Runs something and gives the fields it read.
    fn watched<T>(&self, told: bool, run: impl FnOnce() -> T) -> (T, Vec<(u32, u32)>) {
        if !told {
            return (run(), Vec::new());
        }
        *self.run.reads.borrow_mut() = Some(std::collections::BTreeSet::new());
        let out = run();
        let reads = self.run.reads.borrow_mut().take().unwrap_or_default();
        (out, reads.into_iter().collect())
    }

    fn say_reads(&self, reads: Vec<(u32, u32)>) -> Vec<Read> {
        // A condition over many records names the first ones: the rest adds length and no reason.
        const SHOWN: usize = 24;
        let (mut shown, mut withheld): (Vec<Read>, Vec<Read>) = (Vec::new(), Vec::new());
        for (record, field) in reads.into_iter().take(SHOWN) {
            // Those behind a sensitive field come last: their place among the others would tell which they are.
            let list = if self.run.concealed.borrow().contains(&record) { &mut withheld } else { &mut shown };
            let read = self.read(record, field);
            if !list.contains(&read) {
                list.push(read);
            }
        }
        withheld.sort_by(|a, b| a.field.cmp(&b.field));
        shown.append(&mut withheld);
        shown
    }

    fn read(&self, record: u32, field: u32) -> Read {
        let ty = self.facts.records.get(record as usize).map_or(u32::MAX, |r| r.ty);
        let value = self.field(record, ty, field);
        let shown = match value.is_known() {
            true if self.is_hidden(record, field) => Some(HIDDEN.to_owned()),
            true => Some(self.say(&value)),
            false => None,
        };
        Read { field: self.say_gap(Gap::Field { record, field }), value: shown }
    }

    /// Conditions of a requirement that are not satisfied, by name where they have one.
    pub(crate) fn failed(steps: &[Step]) -> Vec<&str> {
        let mut out = Vec::new();
        for step in steps.iter().filter(|s| s.kind == StepKind::Require && s.holds != Some(true)) {
            let named = step.parts.iter().filter(|p| p.holds != Some(true));
            let before = out.len();
            out.extend(named.map(|p| p.text.as_str()));
            if out.len() == before {
                out.push(step.text.as_str());
            }
        }
        out
    }
}
