//! Facts larger than memory: what others may refer to is read and judged first, then the rest in batches that are judged and forgotten.

use crate::assess::{AssessError, Options, world};
use crate::facts::loader::Loader;
use crate::facts::sources::Sources;
use crate::facts::{Facts, FactsSource, FileFaults, Unreadable};
use crate::finding::Assessment;
use crate::parallel::{All, Course};
use crate::world::{Remains, World};
use mandate_pack::Pack;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;

/// What became of sources.
#[derive(Debug)]
pub struct Streamed {
    /// What was found; `None` where a fault is an error: findings on what is left would mislead.
    pub assessment: Option<Assessment>,
    /// Faults by file, in the order of the files; files without one are left out.
    pub faults: Vec<FileFaults>,
    /// The records that were not forgotten: who ends with the assessment need not take time to give them back.
    pub facts: Facts,
    /// Number of records read, nested ones included.
    pub records: usize,
}

/// Why there is no assessment.
#[derive(Debug)]
pub enum StreamError {
    /// A source whose bytes cannot be had to the end.
    Unreadable(Unreadable),
    /// A file of records that may be judged one at a time also holds one that others refer to. Read the sources again, without batches.
    Stray {
        /// Name of the file.
        name: String,
        /// Line of the record, from 1.
        line: u32,
    },
    /// The pack contradicts itself.
    Assess(AssessError),
}

impl std::fmt::Display for StreamError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StreamError::Unreadable(Unreadable { name, error }) => write!(f, "`{name}` cannot be read: {error}"),
            StreamError::Stray { name, line } => {
                write!(f, "line {line} of `{name}` holds a record of another type, to which others may refer")
            }
            StreamError::Assess(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for StreamError {}

impl From<Unreadable> for StreamError {
    fn from(unreadable: Unreadable) -> Self {
        StreamError::Unreadable(unreadable)
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage {
    /// Records read so far.
    pub records: usize,
    /// How many of how many rules are done; all of them while records are judged batch by batch.
    pub rules: (usize, usize),
}

/// Reads sources and judges every rule on them, as [`Facts::read`] and [`assess`](crate::assess) do one after the other.
///
/// With a `batch`, records of types that are only looked at one at a time ([`streamable`](crate::streamable)) are judged when so many are
/// read, and forgotten, if they stand in files of JSON Lines or CSV whose names tell the type, and none of them stands in a document. The
/// memory taken is then that of the other records, of one batch with the bytes of a few megabytes it is read from, of what is listed
/// ([`Options::list_all`]), and about 20 bytes for each key. The assessment is the same.
///
/// # Errors
/// A source that cannot be read to its end, a pack that contradicts itself, and with a `batch` [`StreamError::Stray`].
pub fn assess_stream(
    pack: &Pack,
    sources: Vec<FactsSource<'_>>,
    options: &Options,
    batch: Option<NonZeroUsize>,
    watch: &(dyn Fn(Stage) + Sync),
) -> Result<Streamed, StreamError> {
    let mut loader = Loader::new(pack);
    let sources = Sources::new(&mut loader, pack, sources)?;
    let (documents, first, last, streams) = sources.parted(&loader.types);
    loader.read_first(&documents, first)?;
    let Some(batch) = batch else {
        loader.read_last(last, &mut |_| {})?;
        let judging = Judging::start(pack, &mut loader, options, BTreeSet::new(), watch)?;
        return Ok(judging.end(loader));
    };
    let mut judging = Judging::start(pack, &mut loader, options, streams.with_parts, watch)?;
    loader.stream(streams.types);
    loader.read_last(last, &mut |loader| {
        if loader.records.len() - judging.first >= batch.get() {
            judging.batch(loader);
        }
    })?;
    judging.batch(&mut loader);
    if let Some((name, line)) = loader.stray() {
        return Err(StreamError::Stray { name: name.to_string(), line });
    }
    Ok(judging.end(loader))
}

impl From<AssessError> for StreamError {
    fn from(error: AssessError) -> Self {
        StreamError::Assess(error)
    }
}

/// Records judged so far, and what is kept of them.
struct Judging<'a> {
    pack: &'a Pack,
    options: &'a Options,
    watch: &'a (dyn Fn(Stage) + Sync),
    /// The facts, without records while others are read.
    facts: Facts,
    /// Where the records begin that are forgotten.
    first: usize,
    /// Records read so far.
    records: usize,
    course: Course,
    all: All,
    /// `None`: there is nothing to be judged, because of errors.
    remains: Option<Remains>,
    /// Types that are judged in batches.
    types: BTreeSet<u32>,
}

impl<'a> Judging<'a> {
    /// Judges what is read first.
    fn start(
        pack: &'a Pack,
        loader: &mut Loader<'_, '_>,
        options: &'a Options,
        types: BTreeSet<u32>,
        watch: &'a (dyn Fn(Stage) + Sync),
    ) -> Result<Judging<'a>, StreamError> {
        loader.settle(0);
        let facts = loader.facts(pack);
        let (mut all, mut course, mut remains) = (All::default(), Course::default(), None);
        let records = facts.records.len();
        if !loader.has_errors() {
            let world = world(pack, &facts, options).map_err(AssessError::Pack)?;
            watch(Stage { records, rules: (0, pack.rules.len()) });
            all = world.judge_all(options, &mut course, &|done, of| watch(Stage { records, rules: (done, of) }));
            all.findings.extend(world.void_waivers());
            remains = world.remains();
        }
        course.only = Some(types.clone());
        let mut judging = Judging { pack, options, watch, facts, first: records, records, course, all, remains, types };
        loader.records = std::mem::take(&mut judging.facts.records);
        Ok(judging)
    }

    /// Judges the records behind the first ones, and forgets them.
    fn batch(&mut self, loader: &mut Loader<'_, '_>) {
        loader.settle(self.first);
        let new = loader.records.len().saturating_sub(self.first);
        self.records += new;
        // A record that others may refer to would have had to be there from the start.
        if new > 0
            && !loader.has_errors()
            && loader.stray().is_none()
            && let Some(remains) = self.remains.take()
        {
            self.facts.records = std::mem::take(&mut loader.records);
            let known_at = self.options.known_at();
            let world = World::again(remains, self.pack, &self.facts, self.first, &self.types, known_at);
            let rules = self.pack.rules.len();
            (self.watch)(Stage { records: self.records, rules: (rules, rules) });
            self.all.absorb(world.judge_all(self.options, &mut self.course, &|_, _| {}));
            self.remains = world.remains();
            loader.records = std::mem::take(&mut self.facts.records);
        }
        loader.records.truncate(self.first);
    }

    fn end(mut self, mut loader: Loader<'_, '_>) -> Streamed {
        let is_sound = !loader.has_errors();
        self.facts.records = std::mem::take(&mut loader.records);
        let faults = loader.faults();
        let assessment = self.remains.filter(|_| is_sound).map(|remains| {
            let known_at = self.options.known_at();
            let world = World::again(remains, self.pack, &self.facts, self.first, &BTreeSet::new(), known_at);
            world.assessment(self.options, self.all)
        });
        Streamed { assessment, faults, facts: self.facts, records: self.records }
    }
}
