//! Acts seen through evidence: which records show an act, when it was done, and by whom.

use crate::program::{BearerPlan, EvidencePlan, HeldPlan, NormPlan, Over, WhenPlan};
use crate::time::{ALWAYS, Instants, Period, Tick};
use crate::truth::{Missing, Truth};
use crate::value::Value;
use crate::world::{Frame, World};

/// A record that shows, or may show, an act.
#[derive(Debug, Clone)]
pub(crate) struct ActSeen {
    /// Whether it is the act, done by the bearer.
    pub(crate) matches: Truth,
    pub(crate) at: Done,
    pub(crate) record: u32,
}

/// When an act was done.
#[derive(Debug, Clone)]
pub(crate) enum Done {
    At(Instants),
    During(Period),
}

impl Done {
    /// The act, or its begin.
    pub(crate) fn start(&self) -> Instants {
        match self {
            Done::At(at) => at.clone(),
            Done::During(period) => period.from.opening(),
        }
    }
}

/// On whom a norm falls, for one instance.
pub(crate) enum BearerNow {
    Everyone,
    Role { role: usize, of: Option<Value> },
    Record(Value),
}

impl World<'_> {
    pub(crate) fn bearer(&self, bearer: &BearerPlan, frame: &mut Frame) -> BearerNow {
        match bearer {
            BearerPlan::Everyone => BearerNow::Everyone,
            BearerPlan::Role { role, of } => {
                BearerNow::Role { role: *role, of: of.as_ref().map(|of| self.eval(of, frame)) }
            }
            BearerPlan::Record(record) => BearerNow::Record(self.eval(record, frame)),
        }
    }

    /// Every record that may show the act of a norm up to the instant of assessment.
    pub(crate) fn acts(
        &self,
        norm: &NormPlan,
        action: usize,
        args: &[crate::program::Term],
        frame: &mut Frame,
    ) -> Vec<ActSeen> {
        let Some(plan) = self.program.actions.get(action) else { return Vec::new() };
        let args: Vec<Value> = args.iter().map(|a| self.eval(a, frame)).collect();
        let bearer = self.bearer(&norm.bearer, frame);
        let mut out = Vec::new();
        for evidence in &plan.evidence {
            self.seen_through(evidence, &args, &bearer, &mut out);
        }
        out
    }

    pub(crate) fn seen_through(
        &self,
        evidence: &EvidencePlan,
        args: &[Value],
        bearer: &BearerNow,
        out: &mut Vec<ActSeen>,
    ) {
        let mut frame = self.frame(evidence.frame.max(args.len()));
        frame[..args.len()].clone_from_slice(args);
        let Over::Records { ty, probe } = &evidence.scan.over else { return };
        let records = self.candidates(*ty, probe.as_ref(), &mut frame);
        self.seen_in(evidence, &records, args, bearer, out);
    }

    /// What some records of an evidence show.
    pub(crate) fn seen_in(
        &self,
        evidence: &EvidencePlan,
        records: &[u32],
        args: &[Value],
        bearer: &BearerNow,
        out: &mut Vec<ActSeen>,
    ) {
        let mut frame = self.frame(evidence.frame.max(args.len()));
        frame[..args.len()].clone_from_slice(args);
        for record in records.iter().copied() {
            frame[evidence.scan.slot] = Value::Record(record);
            let at = self.done(evidence, record, &mut frame);
            let start = at.start();
            // Dated after the instant of assessment, it is planned and not done.
            if start.lo > self.now {
                continue;
            }
            let holds = self.reading_at(&start, || self.holds(&evidence.condition, &mut frame));
            let matches = holds.and(|| match &evidence.by {
                // No performer in the evidence: anybody's act counts.
                None => Truth::TRUE,
                Some(by) => {
                    let who = self.reading_at(&start, || self.eval(by, &mut frame));
                    self.is_bearer(bearer, &who, &start)
                }
            });
            if matches.is_false() {
                continue;
            }
            out.push(ActSeen { matches, at, record });
        }
    }

    /// An undated act happened by the time the data was taken, and by the time it was recorded, because its record exists.
    fn done(&self, evidence: &EvidencePlan, record: u32, frame: &mut Frame) -> Done {
        let by_then = || self.recorded_by(record, evidence.ty);
        match &evidence.at {
            None => Done::At(Instants::between(ALWAYS, by_then(), Missing::default())),
            Some(WhenPlan::At(at)) => match self.eval(at, frame) {
                Value::Time(at) => Done::At(at),
                other => Done::At(Instants::between(ALWAYS, by_then(), other.missing())),
            },
            Some(WhenPlan::During(from, to)) => {
                let (from, to) = (self.eval(from, frame).instants(), self.eval(to, frame).instants().opening());
                let from = if from.lo == ALWAYS { Instants { hi: from.hi.min(by_then()), ..from } } else { from };
                let from = from.opening();
                // An act of which the end is not known ended after it began.
                let to = if to.lo == ALWAYS { Instants { lo: from.lo, ..to } } else { to };
                Done::During(Period { from, to })
            }
        }
    }

    /// What a record holds has happened by then.
    fn recorded_by(&self, record: u32, ty: u32) -> Tick {
        let field = self.program.recorded.get(ty as usize).copied().flatten();
        match field.map(|field| self.field(record, ty, field)) {
            Some(Value::Time(recorded)) if recorded.is_known() => recorded.hi.min(self.taken),
            _ => self.taken,
        }
    }

    /// Whether a performer is the one on whom the norm falls.
    pub(crate) fn is_bearer(&self, bearer: &BearerNow, who: &Value, at: &Instants) -> Truth {
        match bearer {
            BearerNow::Everyone => Truth::TRUE,
            BearerNow::Record(record) => record.eq(who),
            BearerNow::Role { role, of } => self.holds_role(*role, of.as_ref(), who, at),
        }
    }

    /// Whether someone holds a role at an instant: through the role itself or a narrower one.
    pub(crate) fn holds_role(&self, role: usize, of: Option<&Value>, who: &Value, at: &Instants) -> Truth {
        let Some(plan) = self.program.roles.get(role) else { return Truth::FALSE };
        Truth::any(plan.held_through.iter().map(|narrower| match self.program.roles.get(*narrower) {
            Some(through) => match &through.held {
                Some(held) => self.reading_at(at, || self.held(held, through.has_of, of, who, at)),
                // The data does not say who holds it: nobody's act can be matched to it.
                None => Truth::FALSE,
            },
            None => Truth::FALSE,
        }))
    }

    fn held(&self, held: &HeldPlan, has_of: bool, of: Option<&Value>, who: &Value, at: &Instants) -> Truth {
        let mut frame = self.frame(held.frame.max(2));
        frame[1] = who.clone();
        match (has_of, of) {
            (true, Some(of)) => {
                if let (Some(ty), Value::Record(record)) = (held.of_type, of)
                    && self.facts.records.get(*record as usize).is_none_or(|r| r.ty != ty)
                {
                    return Truth::FALSE;
                }
                frame[0] = of.clone();
                self.some_holder(held, 0, &mut frame, at)
            }
            // A role of a record, asked without one: of whatever record.
            (true, None) => {
                let records = held.of_type.map_or(&[][..], |ty| self.extent(ty));
                Truth::any(records.iter().map(|record| {
                    frame[0] = Value::Record(*record);
                    self.some_holder(held, 0, &mut frame, at)
                }))
            }
            (false, _) => self.some_holder(held, 0, &mut frame, at),
        }
    }

    fn some_holder(&self, held: &HeldPlan, depth: usize, frame: &mut Frame, at: &Instants) -> Truth {
        let Some(scan) = held.scans.get(depth) else {
            return self.holds(&held.condition, frame).and(|| self.holds_then(held, frame, at));
        };
        match self.walk(scan, frame) {
            Ok((items, open)) => {
                let found = Truth::any(items.iter().map(|item| {
                    frame[scan.slot] = item;
                    self.some_holder(held, depth + 1, frame, at)
                }));
                match open {
                    Some(missing) if !found.is_true() => Truth::unknown(found.missing.and(&missing)),
                    _ => found,
                }
            }
            Err(missing) => Truth::unknown(missing),
        }
    }

    /// Whether a binding makes its candidate the holder at an instant: `[a, b)`, with a longest time `[a, min(b, a + D))`.
    fn holds_then(&self, held: &HeldPlan, frame: &mut Frame, at: &Instants) -> Truth {
        let Some((from, to)) = &held.during else { return Truth::TRUE };
        let (from, to) = (self.eval(from, frame).instants().opening(), self.eval(to, frame).instants().opening());
        let in_time = held.longest.as_ref().map_or(Truth::TRUE, |longest| match self.eval(longest, frame) {
            Value::Duration(d) => at.lt(&self.zone.shifted(&from, d, 1)),
            other => Truth::unknown(other.missing()),
        });
        Truth::all([Period { from, to }.contains(at), in_time])
    }

    /// Horizon up to which silence proves that an act was not done: of the feed that stops first.
    pub(crate) fn horizon(&self, action: usize) -> (Tick, Missing) {
        let evidence = self.program.actions.get(action).map_or(&[][..], |a| &a.evidence);
        let feed = |e: &EvidencePlan| (self.through.get(e.ty as usize).copied().unwrap_or(i64::MAX), e.ty);
        match evidence.iter().map(feed).min() {
            Some((tick, ty)) => (tick, Missing::one(crate::truth::Gap::Feed { ty })),
            None => (i64::MAX, Missing::default()),
        }
    }
}
