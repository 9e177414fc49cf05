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

    fn seen_through(&self, evidence: &EvidencePlan, args: &[Value], bearer: &BearerNow, out: &mut Vec<ActSeen>) {
        let mut frame = self.frame(evidence.frame.max(args.len()));
        frame[..args.len()].clone_from_slice(args);
        let Over::Records { ty, probe } = &evidence.scan.over else { return };
        for record in self.candidates(*ty, probe.as_ref(), &mut frame) {
            frame[evidence.scan.slot] = Value::Record(record);
            let matches = self.holds(&evidence.condition, &mut frame).and(|| match &evidence.by {
                // No performer in the evidence: anybody's act counts.
                None => Truth::TRUE,
                Some(by) => {
                    let who = self.eval(by, &mut frame);
                    self.is_bearer(bearer, &who)
                }
            });
            if matches.is_false() {
                continue;
            }
            let at = self.done(evidence.at.as_ref(), &mut frame);
            // Dated after the instant of assessment, it is planned and not done.
            if at.start().lo > self.now {
                continue;
            }
            out.push(ActSeen { matches, at, record });
        }
    }

    /// An undated act happened by now, because its record exists.
    fn done(&self, at: Option<&WhenPlan>, frame: &mut Frame) -> Done {
        match at {
            None => Done::At(Instants::between(ALWAYS, self.now, Missing::default())),
            Some(WhenPlan::At(at)) => match self.eval(at, frame) {
                Value::Time(at) => Done::At(at),
                other => Done::At(Instants::between(ALWAYS, self.now, other.missing())),
            },
            Some(WhenPlan::During(from, to)) => {
                let (from, to) = (self.eval(from, frame).instants(), self.eval(to, frame).instants());
                let from = if from.lo == ALWAYS { Instants { hi: from.hi.min(self.now), ..from } } else { from };
                Done::During(Period { from, to })
            }
        }
    }

    /// Whether a performer is the one on whom the norm falls.
    pub(crate) fn is_bearer(&self, bearer: &BearerNow, who: &Value) -> Truth {
        match bearer {
            BearerNow::Everyone => Truth::TRUE,
            BearerNow::Record(record) => record.eq(who),
            BearerNow::Role { role, of } => self.holds_role(*role, of.as_ref(), who),
        }
    }

    /// Whether someone holds a role: through the role itself or a narrower one.
    pub(crate) fn holds_role(&self, role: usize, of: Option<&Value>, who: &Value) -> Truth {
        if let Value::Unknown(missing) = who {
            return Truth::unknown(missing.clone());
        }
        let Some(plan) = self.program.roles.get(role) else { return Truth::FALSE };
        Truth::any(plan.held_through.iter().map(|narrower| match self.program.roles.get(*narrower) {
            Some(through) => match &through.held {
                Some(held) => self.held(held, through.has_of, of, who),
                // The data does not say who holds it: nobody's act can be matched to it.
                None => Truth::FALSE,
            },
            None => Truth::FALSE,
        }))
    }

    fn held(&self, held: &HeldPlan, has_of: bool, of: Option<&Value>, who: &Value) -> Truth {
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
                self.some_holder(held, 0, &mut frame)
            }
            // A role of a record, asked without one: of whatever record.
            (true, None) => {
                let records = held.of_type.map_or(&[][..], |ty| self.extent(ty));
                Truth::any(records.iter().map(|record| {
                    frame[0] = Value::Record(*record);
                    self.some_holder(held, 0, &mut frame)
                }))
            }
            (false, _) => self.some_holder(held, 0, &mut frame),
        }
    }

    fn some_holder(&self, held: &HeldPlan, depth: usize, frame: &mut Frame) -> Truth {
        let Some(scan) = held.scans.get(depth) else { return self.holds(&held.condition, frame) };
        match self.walk(scan, frame) {
            Ok((items, open)) => {
                let found = Truth::any(items.into_iter().map(|item| {
                    frame[scan.slot] = item;
                    self.some_holder(held, depth + 1, frame)
                }));
                match open {
                    Some(missing) if !found.is_true() => Truth::unknown(found.missing.and(&missing)),
                    _ => found,
                }
            }
            Err(missing) => Truth::unknown(missing),
        }
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
