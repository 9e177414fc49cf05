//! What judging one instance of a rule gives, before it is put into words.

use crate::outcome::{Outcome, Outcomes, Status};
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
    /// The earliest sure act after the due time.
    pub(crate) late_at: Option<Tick>,
    /// Instant of the breach.
    pub(crate) since: Option<Instants>,
    pub(crate) levels: Vec<LevelJudged>,
    /// Records that show the act, or may.
    pub(crate) evidence: Vec<u32>,
    /// Waivers that covered something.
    pub(crate) waivers: Vec<u32>,
    /// The source in force is not known for want of the day.
    pub(crate) edition_unknown: bool,
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
