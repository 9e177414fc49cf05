//! A pack made ready to run: names resolved to indices, literals read, conditions with an index to search by.

use crate::time::Tick;
use crate::value::Value;
use mandate_pack::{Arithmetic, Comparison, Fold, Force, Modal, Pick};
use std::sync::Arc;

/// An expression whose names are resolved. A variable is a slot of a frame.
#[derive(Debug, Clone)]
pub(crate) enum Term {
    Const(Value),
    /// Later than every instant.
    Never,
    AsOf,
    List(Vec<Term>),
    Slot(usize),
    Parameter(usize, Option<Box<Term>>),
    Field {
        of: Box<Term>,
        ty: u32,
        field: u32,
    },
    /// A field whose value changes over time, at an instant of its own.
    FieldAt {
        of: Box<Term>,
        ty: u32,
        field: u32,
        at: Box<Term>,
    },
    /// Whether someone holds a role, at an instant of its own or where the condition is read.
    Holds {
        who: Box<Term>,
        role: usize,
        of: Option<Box<Term>>,
        at: Option<Box<Term>>,
    },
    /// An amount in another currency.
    Convert {
        amount: Box<Term>,
        currency: Arc<str>,
        rate: Box<Term>,
    },
    CurrencyOf(Box<Term>),
    Call(usize, Vec<Term>),
    Not(Box<Term>),
    And(Vec<Term>),
    Or(Vec<Term>),
    Compare(Comparison, Box<Term>, Box<Term>),
    Arith(Arithmetic, Box<Term>, Box<Term>),
    Neg(Box<Term>),
    In(Box<Term>, Box<Term>),
    Within(Box<Term>, Box<Term>, Option<Box<Term>>),
    Overlaps(Box<Term>, Box<Term>),
    Covers(Box<Term>, Box<Term>),
    IsKnown(Box<Term>),
    IsMissing(Box<Term>),
    IsEmpty(Box<Term>),
    IfUnknown(Box<Term>, Box<Term>),
    If(Box<[Term; 3]>),
    Period(Box<Term>, Box<Term>),
    Some(Scan, Box<Term>),
    Every(Scan, Box<Term>),
    Count(Scan, Box<Term>),
    Share(Scan, Box<Term>),
    Fold {
        op: Fold,
        /// What is folded are lengths of time.
        durations: bool,
        value: Box<Term>,
        scan: Scan,
        condition: Box<Term>,
    },
    Pick {
        op: Pick,
        scan: Scan,
        condition: Box<Term>,
    },
    Distance(Box<Term>, Box<Term>),
    Follow {
        from: Box<Term>,
        field: String,
    },
    All(Vec<(Term, Option<Term>)>),
}

/// A variable walking through records or items.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub(crate) slot: usize,
    pub(crate) over: Over,
}

/// What a variable walks through.
#[derive(Debug, Clone)]
pub(crate) enum Over {
    Records { ty: u32, probe: Option<Probe> },
    Items(Box<Term>),
}

/// Instead of every record, those whose key equals a value: without it, evidence would be searched record by record
/// for every case, quadratic in the data.
#[derive(Debug, Clone)]
pub(crate) struct Probe {
    /// Which index.
    pub(crate) index: usize,
    /// The value looked up; does not use the walking variable.
    pub(crate) value: Box<Term>,
    /// Further keys, for where one alone leaves many records.
    pub(crate) finer: Option<Finer>,
}

/// An index that starts with the same key as that of the probe, and has more.
#[derive(Debug, Clone)]
pub(crate) struct Finer {
    pub(crate) index: usize,
    /// Values of the further keys; none uses the walking variable.
    pub(crate) values: Vec<Term>,
}

/// An index over the records of a type.
#[derive(Debug, Clone)]
pub(crate) struct IndexPlan {
    pub(crate) ty: u32,
    pub(crate) slot: usize,
    pub(crate) frame: usize,
    /// Computed from the record alone.
    pub(crate) keys: Vec<Term>,
    /// There is one key, which is a record.
    pub(crate) leads_to_record: bool,
}

/// A term with the size of its frame.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) frame: usize,
    pub(crate) term: Term,
}

/// Values of a parameter, each from an instant on.
#[derive(Debug, Clone)]
pub(crate) struct ParameterPlan {
    pub(crate) values: Vec<(Option<Tick>, Body)>,
}

#[derive(Debug, Clone)]
pub(crate) struct ActionPlan {
    pub(crate) evidence: Vec<EvidencePlan>,
}

/// Evidence of an act; its frame starts with the action's arguments.
#[derive(Debug, Clone)]
pub(crate) struct EvidencePlan {
    pub(crate) frame: usize,
    pub(crate) scan: Scan,
    pub(crate) ty: u32,
    pub(crate) condition: Term,
    pub(crate) at: Option<WhenPlan>,
    pub(crate) by: Option<Term>,
}

#[derive(Debug, Clone)]
pub(crate) enum WhenPlan {
    At(Term),
    During(Term, Term),
}

#[derive(Debug, Clone)]
pub(crate) struct RolePlan {
    pub(crate) has_of: bool,
    pub(crate) held: Option<HeldPlan>,
    /// This role and every narrower one: their holders hold this one.
    pub(crate) held_through: Vec<usize>,
}

/// Slot 0 is the record the role belongs to, slot 1 the candidate.
#[derive(Debug, Clone)]
pub(crate) struct HeldPlan {
    pub(crate) frame: usize,
    pub(crate) of_type: Option<u32>,
    pub(crate) scans: Vec<Scan>,
    pub(crate) condition: Term,
    /// From when to when a binding makes the candidate a holder.
    pub(crate) during: Option<(Term, Term)>,
    pub(crate) longest: Option<Term>,
}

/// A kind of waiver; its frame starts with the arguments.
#[derive(Debug, Clone)]
pub(crate) struct WaiverPlan {
    pub(crate) frame: usize,
    pub(crate) params: usize,
    pub(crate) scan: Scan,
    pub(crate) ty: u32,
    pub(crate) condition: Term,
    pub(crate) names: Option<Term>,
    pub(crate) rank: Option<Term>,
    pub(crate) granted_at: Option<Term>,
    pub(crate) during: Option<(Term, Term)>,
    pub(crate) by: Option<Term>,
    pub(crate) valid: Option<Term>,
    pub(crate) revoked: Option<Term>,
    pub(crate) exceptional: Option<Term>,
    /// A national caveat: it never sets aside a prohibition of law.
    pub(crate) caveat: bool,
    pub(crate) flags: Vec<Term>,
}

/// A variable of a rule with its walk.
#[derive(Debug, Clone)]
pub(crate) struct Each {
    pub(crate) scan: Scan,
    /// The list it walks through reads a sensitive field.
    pub(crate) hidden: bool,
}

/// Level of a condition that uses a `let`: it can be decided once every variable is bound.
pub(crate) const AFTER_LETS: usize = usize::MAX;

/// Level of a condition that reads what changes over time: it waits for the instant it is read at.
pub(crate) const AT_THE_ANCHOR: usize = usize::MAX - 1;

#[derive(Debug, Clone)]
pub(crate) struct RulePlan {
    pub(crate) frame: usize,
    pub(crate) each: Vec<Each>,
    pub(crate) lets: Vec<(usize, Term)>,
    pub(crate) on: Option<Term>,
    pub(crate) when: Vec<Term>,
    /// For each `when`, after how many variables it can be decided; [`AFTER_LETS`] or [`AT_THE_ANCHOR`] when not before.
    pub(crate) when_level: Vec<usize>,
    pub(crate) unless: Vec<Term>,
    pub(crate) norm: NormPlan,
    pub(crate) otherwise: Vec<NormPlan>,
    pub(crate) waivable: Option<WaivablePlan>,
    pub(crate) flags: Vec<Term>,
    /// Edition of the rule itself.
    pub(crate) edition: (Option<Tick>, Option<Tick>),
    /// The cited sources, each once; empty without citation.
    pub(crate) sources: Vec<usize>,
    pub(crate) party: Option<Term>,
    /// The states are read from a sensitive field.
    pub(crate) party_hidden: bool,
    /// Something it is judged by is a sensitive field.
    pub(crate) near_sensitive: bool,
    /// Groups by which its findings are counted.
    pub(crate) tallies: Vec<Vec<Term>>,
    /// Cites a source whose force is law.
    pub(crate) cites_law: bool,
    /// Cites a passage that no waiver may set aside.
    pub(crate) not_waivable: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct NormPlan {
    pub(crate) bearer: BearerPlan,
    pub(crate) modal: Modal,
    pub(crate) act: ActPlan,
    pub(crate) window: Option<WindowPlan>,
    /// A time of the window or of the evidence is sensitive: no time is shown.
    pub(crate) hidden_time: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum BearerPlan {
    Everyone,
    Role { role: usize, of: Option<Term> },
    Record(Term),
}

#[derive(Debug, Clone)]
pub(crate) enum ActPlan {
    Do { action: usize, args: Vec<Term> },
    Ensure(Vec<Term>),
}

#[derive(Debug, Clone)]
pub(crate) enum WindowPlan {
    Within(Term),
    WithinAfter(Term, Term),
    WithinBefore(Term, Term),
    By(Term),
    Before(Term),
    During(Term),
    Lasting(LastingPlan),
    Every(RecurringPlan),
}

/// `from A to B`, `from A until C`, `from A`, with tolerated gaps.
#[derive(Debug, Clone)]
pub(crate) struct LastingPlan {
    pub(crate) from: Term,
    pub(crate) end: Option<EndPlan>,
    pub(crate) gap: Option<Term>,
}

/// `every D from A`, with an end.
#[derive(Debug, Clone)]
pub(crate) struct RecurringPlan {
    pub(crate) every: Term,
    pub(crate) from: Term,
    pub(crate) end: Option<EndPlan>,
}

#[derive(Debug, Clone)]
pub(crate) enum EndPlan {
    /// A day is included.
    To(Term),
    /// A day ends before it begins.
    Until(Term),
}

#[derive(Debug, Clone)]
pub(crate) struct WaivablePlan {
    pub(crate) waiver: usize,
    pub(crate) args: Vec<Term>,
    pub(crate) floor: Option<Term>,
    pub(crate) exceptional_floor: Option<Term>,
    pub(crate) longest: Option<Term>,
}

#[derive(Debug, Clone)]
pub(crate) struct AssumptionPlan {
    pub(crate) frame: usize,
    pub(crate) each: Vec<Each>,
    pub(crate) when: Vec<Term>,
    pub(crate) when_level: Vec<usize>,
    pub(crate) require: Vec<Term>,
}

/// Two acts that exclude one another, looked for from the records of one evidence of the first.
#[derive(Debug, Clone)]
pub(crate) struct ExclusionPlan {
    pub(crate) action: usize,
    pub(crate) evidence: usize,
    pub(crate) other: usize,
    /// What the act was done to, read of the record; in the frame of the evidence.
    pub(crate) args: Vec<Term>,
    /// For each of these whether it is read from a sensitive field.
    pub(crate) hidden: Vec<bool>,
}

/// A source: when it is in force, and for whom.
#[derive(Debug, Clone)]
pub(crate) struct SourcePlan {
    pub(crate) force: Force,
    pub(crate) from: Option<Tick>,
    pub(crate) until: Option<Tick>,
    pub(crate) compulsory: Option<Tick>,
    /// From when it binds the state in slot 0.
    pub(crate) binds: Option<Body>,
    /// That instant is read from a sensitive field.
    pub(crate) binds_hidden: bool,
    /// Sources that supersede it.
    pub(crate) successors: Vec<usize>,
}

/// An endorsement of a source.
#[derive(Debug, Clone)]
pub(crate) struct EndorsementPlan {
    pub(crate) source: usize,
    /// The state that endorses; absent: the mission.
    pub(crate) party: Option<Body>,
    pub(crate) from: Option<Tick>,
}

/// A rule that takes the place of another one (or narrows it), seen from that one.
#[derive(Debug, Clone)]
pub(crate) struct DefeaterPlan {
    /// The rule that overrides.
    pub(crate) rule: usize,
    pub(crate) frame: usize,
    /// Where the values of the overridden rule's variables stand, by position.
    pub(crate) targets: Vec<usize>,
    /// What they have to be equal to.
    pub(crate) args: Vec<Term>,
    /// How each variable of the overriding rule is found.
    pub(crate) binds: Vec<DefeaterBind>,
    /// What ties both together is read from a sensitive field.
    pub(crate) hidden: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum DefeaterBind {
    /// It is a variable of the overridden rule.
    Is {
        slot: usize,
        target: usize,
        ty: u32,
    },
    Walk(Scan),
}

/// The whole pack; every list follows the order of the pack's map.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    pub(crate) indexes: Vec<IndexPlan>,
    pub(crate) parameters: Vec<ParameterPlan>,
    pub(crate) definitions: Vec<Body>,
    pub(crate) actions: Vec<ActionPlan>,
    pub(crate) roles: Vec<RolePlan>,
    pub(crate) waivers: Vec<WaiverPlan>,
    pub(crate) rules: Vec<RulePlan>,
    pub(crate) sources: Vec<SourcePlan>,
    pub(crate) endorsements: Vec<EndorsementPlan>,
    /// For each rule, the rules that override it.
    pub(crate) overriders: Vec<Vec<DefeaterPlan>>,
    /// For each rule, the rules that limit it.
    pub(crate) limiters: Vec<Vec<DefeaterPlan>>,
    pub(crate) assumptions: Vec<AssumptionPlan>,
    pub(crate) exclusions: Vec<ExclusionPlan>,
    /// Defaults of fields, by record type and field.
    pub(crate) defaults: Vec<Vec<Option<Term>>>,
    /// The date of each record type: first field of `dated`.
    pub(crate) dated: Vec<Option<u32>>,
    pub(crate) corrects: Vec<Option<u32>>,
    pub(crate) recorded: Vec<Option<u32>>,
}

impl Term {
    /// Calls `see` on every direct part.
    pub(crate) fn parts<'t>(&'t self, see: &mut dyn FnMut(&'t Term)) {
        let scan = |scan: &'t Scan, see: &mut dyn FnMut(&'t Term)| match &scan.over {
            Over::Records { probe: Some(probe), .. } => see(&probe.value),
            Over::Records { probe: None, .. } => {}
            Over::Items(list) => see(list),
        };
        match self {
            Term::Const(_) | Term::Never | Term::AsOf | Term::Slot(_) | Term::Parameter(_, None) => {}
            Term::List(parts) | Term::Call(_, parts) | Term::And(parts) | Term::Or(parts) => parts.iter().for_each(see),
            Term::Parameter(_, Some(a))
            | Term::Field { of: a, .. }
            | Term::Not(a)
            | Term::Neg(a)
            | Term::CurrencyOf(a)
            | Term::IsKnown(a)
            | Term::IsMissing(a)
            | Term::IsEmpty(a)
            | Term::Follow { from: a, .. } => see(a),
            Term::FieldAt { of: a, at: b, .. }
            | Term::Convert { amount: a, rate: b, .. }
            | Term::Compare(_, a, b)
            | Term::Arith(_, a, b)
            | Term::In(a, b)
            | Term::Overlaps(a, b)
            | Term::Covers(a, b)
            | Term::IfUnknown(a, b)
            | Term::Period(a, b)
            | Term::Distance(a, b) => {
                see(a);
                see(b);
            }
            Term::Within(a, b, c) => {
                see(a);
                see(b);
                if let Some(c) = c {
                    see(c);
                }
            }
            Term::Holds { who, of, at, .. } => {
                see(who);
                of.iter().chain(at).for_each(|part| see(part));
            }
            Term::If(three) => three.iter().for_each(see),
            Term::Some(s, c)
            | Term::Every(s, c)
            | Term::Count(s, c)
            | Term::Share(s, c)
            | Term::Pick { scan: s, condition: c, .. } => {
                scan(s, see);
                see(c);
            }
            Term::Fold { value, scan: s, condition, .. } => {
                scan(s, see);
                see(value);
                see(condition);
            }
            Term::All(named) => {
                for (condition, unless) in named {
                    see(condition);
                    if let Some(unless) = unless {
                        see(unless);
                    }
                }
            }
        }
    }

    /// Slots the term mentions, bound inside or outside (slots are never reused, so inner ones cannot be confused).
    pub(crate) fn slots(&self, out: &mut std::collections::BTreeSet<usize>) {
        if let Term::Slot(slot) = self {
            out.insert(*slot);
        }
        self.parts(&mut |part| part.slots(out));
    }
}
