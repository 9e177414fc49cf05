//! Runs a rule pack on facts and gives findings that explain themselves.
//!
//! ```text
//! bytes of facts files --Facts::read--> Facts + faults --assess--> Assessment (findings, counts)
//! pack                 --run_scenarios--> ScenarioResult
//! ```
//!
//! - [`Facts::read`] reads JSON, YAML, JSON Lines and CSV against the pack and reports every fault with its place and code.
//! - [`assess`] judges every rule on every binding of its variables, as of an instant the caller names.
//! - [`assess_stream`] does both, in batches where facts are larger than memory.
//! - [`run_scenarios`] runs the tests a pack carries.
//! - `mandate-report` writes an assessment for people and for other programs.
//!
//! There is no clock and no file system here: the caller gives bytes and the instant, and the same input gives the same output on
//! every machine. Rows of large files are read by several threads, in chunks that are taken over in their order, so that the result does
//! not depend on how many there are. Missing data is never taken for "no": a finding is the set of outcomes still possible,
//! and filling in a missing field never leaves that set. Values of `sensitive` fields are tested and never shown.
//!
//! `may` rules give findings `permitted` wherever they apply: they are counted apart and are never a breach. Where the day that
//! decides which edition of a cited text applies is missing, `not applicable` stays among the possible outcomes and the finding
//! says so, rather than presuming the law of the day of assessment: the presumption could be wrong once the day is filled in.

mod acts;
mod arith;
mod assess;
mod ban;
mod cover;
mod defeat;
mod eval;
mod exclude;
mod explained;
mod facts;
mod finding;
mod gates;
mod grounds;
mod index;
mod instances;
mod judged;
mod lower;
mod lower_overrides;
mod lower_sources;
mod norm;
mod order;
mod outcome;
mod parallel;
mod party;
mod peek;
mod program;
mod reached;
mod readings;
mod remedy;
mod rounds;
mod say;
mod scenario;
mod shared;
mod spell;
mod streamed;
mod tally;
mod time;
mod told;
mod truth;
mod types;
mod value;
mod waive;
mod words;
mod world;

pub use assess::{AssessError, Options, VOID_WAIVER, assess, assess_watched, instant};
pub use facts::{Facts, FactsFile, FactsFormat, FactsSource, FileFaults, Loaded, MAX_FILE, Unreadable, streamable};
pub use finding::{
    Assessment, BoundState, Cited, Counts, DataFinding, Endorsed, Finding, Grade, Level, OtherRule, Place, Read,
    ReadAs, Reading, Round, Step, StepKind, Stretch, Subject,
};
pub use lower::Inconsistent;
pub use outcome::{Outcome, Outcomes, Status};
pub use reached::Reached;
pub use say::is_day;
pub use scenario::{Difference, ExpectationResult, Found, ScenarioResult, Trial, Verdict, run_scenarios};
pub use shared::Shared;
pub use streamed::{Stage, StreamError, Streamed, assess_stream};
pub use tally::{ADVICE, TallyTable};
