//! Outcomes, and sets of outcomes still possible.

use serde::{Serialize, Serializer};

/// How an instance of a rule can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Broken, and not repaired.
    Violated,
    /// Broken, and a duty that arose from the breach was kept.
    Repaired,
    /// An act is still owed, and not yet due.
    Pending,
    /// A recorded waiver covered what would have been a breach.
    Waived,
    /// Another rule took its place.
    Overridden,
    /// An exception took the case out of the rule.
    Exempt,
    /// What `may` allows.
    Permitted,
    /// Kept (a prohibition: so far).
    Satisfied,
    /// The rule does not apply.
    NotApplicable,
}

impl Outcome {
    /// Every outcome with its word, worst first.
    pub const WORDS: [(&'static str, Outcome); 9] = [
        ("violated", Outcome::Violated),
        ("repaired", Outcome::Repaired),
        ("pending", Outcome::Pending),
        ("waived", Outcome::Waived),
        ("overridden", Outcome::Overridden),
        ("exempt", Outcome::Exempt),
        ("permitted", Outcome::Permitted),
        ("satisfied", Outcome::Satisfied),
        ("not applicable", Outcome::NotApplicable),
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Outcome::WORDS.iter().find(|(_, o)| *o == self).map_or("", |(word, _)| word)
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// What is printed: the outcome where only one is possible, `Undetermined` where the data leaves more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Decided.
    Is(Outcome),
    /// Several outcomes are possible.
    Undetermined,
}

impl Status {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Status::Is(outcome) => outcome.word(),
            Status::Undetermined => "undetermined",
        }
    }

    /// Nobody has to act on it or look into it: kept, allowed, or taken out by an exception.
    pub fn is_settled(self) -> bool {
        matches!(self, Status::Is(Outcome::Satisfied | Outcome::Exempt | Outcome::Permitted | Outcome::NotApplicable))
    }

    /// The status called `word`.
    pub fn of(word: &str) -> Option<Status> {
        if word == "undetermined" {
            return Some(Status::Undetermined);
        }
        Outcome::WORDS.iter().find(|(w, _)| *w == word).map(|(_, outcome)| Status::Is(*outcome))
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// A set of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Outcomes(u16);

impl Outcomes {
    /// Exactly one.
    pub const fn only(outcome: Outcome) -> Outcomes {
        Outcomes(1 << outcome as u16)
    }

    /// Exactly these.
    pub fn of(outcomes: &[Outcome]) -> Outcomes {
        outcomes.iter().fold(Outcomes::default(), |set, o| set.with(*o))
    }

    /// With one more.
    #[must_use]
    pub fn with(self, outcome: Outcome) -> Outcomes {
        self.or(Outcomes::only(outcome))
    }

    /// With one less.
    #[must_use]
    pub fn without(self, outcome: Outcome) -> Outcomes {
        Outcomes(self.0 & !Outcomes::only(outcome).0)
    }

    /// Union.
    #[must_use]
    pub fn or(self, other: Outcomes) -> Outcomes {
        Outcomes(self.0 | other.0)
    }

    /// Whether the outcome is possible.
    pub fn has(self, outcome: Outcome) -> bool {
        self.0 & Outcomes::only(outcome).0 != 0
    }

    /// Whether a breach is possible, made good or covered by a waiver as it may be.
    pub(crate) fn has_breach(self) -> bool {
        self.has(Outcome::Violated) || self.has(Outcome::Repaired) || self.has(Outcome::Waived)
    }

    /// Number of possible outcomes.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether nothing is possible: never so for a finding.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The outcomes, worst first.
    pub fn iter(self) -> impl Iterator<Item = Outcome> {
        Outcome::WORDS.into_iter().map(|(_, o)| o).filter(move |o| self.has(*o))
    }

    /// What to print. A sure breach is not hidden by an unproven remedy, and what is not broken in any case but still
    /// open is pending.
    pub fn status(self) -> Status {
        use Outcome::{Pending, Repaired, Satisfied, Violated};
        let mut all = self.iter();
        match (all.next(), all.next()) {
            (None, _) => Status::Is(Outcome::NotApplicable),
            (Some(only), None) => Status::Is(only),
            _ if self == Outcomes::of(&[Satisfied, Pending]) => Status::Is(Pending),
            _ if self == Outcomes::of(&[Violated, Repaired]) => Status::Is(Violated),
            _ => Status::Undetermined,
        }
    }

    /// No breach is among them.
    pub fn is_harmless(self) -> bool {
        !self.has(Outcome::Violated) && !self.has(Outcome::Repaired)
    }

    /// What a prohibition shows of several acts: the worst decides, in every combination of their outcomes.
    pub(crate) fn worst_of(sets: &[Outcomes]) -> Outcomes {
        // An outcome is the worst of some combination if some set holds it and every other can be as good as it.
        let mildest = |set: &Outcomes| set.iter().last();
        let Some(bound) = sets.iter().filter_map(mildest).min() else { return Outcomes::default() };
        let union = sets.iter().fold(Outcomes::default(), |a, b| a.or(*b));
        union.iter().filter(|o| *o <= bound).fold(Outcomes::default(), Outcomes::with)
    }
}

impl Serialize for Outcomes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
