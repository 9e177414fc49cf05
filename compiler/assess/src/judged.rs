//! What judging one instance of a rule gives, before it is put into words.

use crate::cover::Stretch;
use crate::defeat::Defeat;
use crate::outcome::{Outcome, Outcomes, Status};
use crate::party::Weight;
use crate::time::{Instants, Tick};
use crate::truth::Missing;

/// The last instant at which an act is in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) last: Instants,
    /// The deadline itself is excluded (`before`): it is one tick after the last instant.
    pub(crate) open: bool,
}

/// A duty that arose from the breach of the one before.
#[derive(Debug, Clone)]
pub(crate) struct LevelJudged {
    /// Which of the `otherwise` sentences.
    pub(crate) level: usize,
    pub(crate) status: Status,
    pub(crate) due: Option<Due>,
}

/// One instance of a rule, judged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Judged {
    pub(crate) possible: Outcomes,
    pub(crate) missing: Missing,
    pub(crate) due: Option<Due>,
    /// The earliest that the first sure act after the due time, as waivers move it, can have begun.
    pub(crate) late_at: Option<Tick>,
    /// Begins of sure acts after a part of the due time, while its parts are looked at.
    pub(crate) late: Vec<Tick>,
    /// Instant of the breach.
    pub(crate) since: Option<Instants>,
    pub(crate) levels: Vec<LevelJudged>,
    /// Records that show the act, or may.
    pub(crate) evidence: Vec<u32>,
    /// Waivers that covered something.
    pub(crate) waivers: Vec<u32>,
    /// The source in force is not known for want of the day.
    pub(crate) edition_unknown: bool,
    /// A waiver that covered something was granted by an authority that may grant it only exceptionally.
    pub(crate) exceptional: bool,
    /// The day on which a state of affairs has to hold, where the rule names it.
    pub(crate) state_on: Option<Instants>,
    /// The instant whose law applies, and at which `when` is read.
    pub(crate) anchor: Option<Instants>,
    /// The instant at which exceptions and overriding rules are asked about.
    pub(crate) excepted_at: Option<Instants>,
    /// What a breach weighs, where one is possible.
    pub(crate) weight: Option<Weight>,
    /// Rules that take its place, or may.
    pub(crate) overriders: Vec<Defeat>,
    /// What a lasting duty surely left uncovered, longer than is tolerated.
    pub(crate) uncovered: Vec<Stretch>,
    /// Which round of a recurring duty this is.
    pub(crate) round: Option<RoundAt>,
    /// Rounds that were not judged, because there are so many.
    pub(crate) rounds_left_out: u64,
}

/// A round of a recurring duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RoundAt {
    /// From 1.
    pub(crate) number: u64,
    /// First instant that counts.
    pub(crate) from: Tick,
    /// Last instant that counts.
    pub(crate) to: Tick,
}

impl Judged {
    pub(crate) fn status(&self) -> Status {
        self.possible.status()
    }

    /// What would decide is of no interest once one outcome is left.
    pub(crate) fn settle_missing(&mut self) {
        if self.possible.len() == 1 {
            self.missing = Missing::default();
        }
    }

    /// Without a breach there is nothing to be late with, and no gap to be told.
    pub(crate) fn settle_breach(&mut self) {
        if !self.possible.has_breach() {
            self.late_at = None;
            self.uncovered.clear();
        }
    }

    /// Takes over what was found on a part of the way.
    pub(crate) fn absorb(&mut self, part: Judged) {
        self.missing.add(&part.missing);
        part.evidence.iter().for_each(|record| self.note_evidence(*record));
        part.waivers.iter().for_each(|record| self.note_waiver(*record));
        if !part.uncovered.is_empty() {
            self.uncovered = part.uncovered;
        }
    }

    pub(crate) fn note_evidence(&mut self, record: u32) {
        if let Err(at) = self.evidence.binary_search(&record) {
            self.evidence.insert(at, record);
        }
    }

    pub(crate) fn note_waiver(&mut self, record: u32) {
        if let Err(at) = self.waivers.binary_search(&record) {
            self.waivers.insert(at, record);
        }
    }

    pub(crate) fn replace_violated(&mut self, set: Outcomes, by: Outcomes) -> Outcomes {
        set.without(Outcome::Violated).or(by)
    }
}
