//! Mission data read against a pack: records with their places, every fault reported.

pub(crate) mod datum;
mod faults;
pub(crate) mod fields;
mod input;
mod json;
mod lines;
pub(crate) mod loader;
mod plan;
mod quick;
mod rows;
mod seen;
pub(crate) mod sources;
mod stream;
mod table;
mod take;
#[cfg(test)]
mod tests;
mod typing;
mod yaml;

pub use faults::FileFaults;
pub use input::FactsFormat;
pub use stream::streamable;

use crate::time::Tick;
use crate::types::Types;
use crate::value::Value;
use fields::Fields;
use loader::Loader;
use mandate_diagnostics::Diagnostic;
use mandate_pack::{Fact, Pack};
use sources::Sources;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

/// Largest JSON or YAML document, in bytes. Files read line by line have no bound.
pub const MAX_FILE: usize = 256 * 1024 * 1024;

/// A facts file as given: its format by the ending of its name, else by its first sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactsFile {
    /// Name shown in findings and faults.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// A facts file to be read: a file, standard input, whatever gives bytes.
pub struct FactsSource<'r> {
    /// Name shown in findings and faults.
    pub name: String,
    /// The format, where the name does not tell it: by the ending of the name, else by the first signs.
    pub format: Option<FactsFormat>,
    /// Type of the records of a JSON Lines or CSV file, where its name does not tell it.
    pub records: Option<String>,
    /// Content, packed with gzip or not.
    pub input: Box<dyn Read + 'r>,
}

/// Facts with the faults found in them.
#[derive(Debug)]
pub struct Loaded {
    /// The records; not to be assessed if there was an error.
    pub facts: Facts,
    /// Faults by file, in the order of the files; files without one are left out.
    pub faults: Vec<FileFaults>,
}

/// A source could not be read to its end.
#[derive(Debug)]
pub struct Unreadable {
    /// Name of the source.
    pub name: String,
    /// Why.
    pub error: io::Error,
}

/// Records read against a pack. What was faulty is left out; the faults say so, and findings on the rest would mislead:
/// do not assess facts that had errors.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Digest of the pack they were read against.
    pub(crate) pack: String,
    pub(crate) files: Vec<Arc<str>>,
    pub(crate) records: Vec<RecordData>,
    /// Instant of assessment the files name.
    pub(crate) as_of: Option<Tick>,
    /// When the data was taken from where it is kept: what it shows had happened by then.
    pub(crate) taken: Option<Tick>,
    /// Horizon of feeds, by index of the record type; before everything for a feed that is not complete.
    pub(crate) through: BTreeMap<u32, Tick>,
}

/// A record.
#[derive(Debug, Clone)]
pub(crate) struct RecordData {
    /// Index of its type.
    pub(crate) ty: u32,
    pub(crate) called: Called,
    pub(crate) file: u32,
    pub(crate) line: u32,
    /// Values in the order of the type's fields; `None` is absent.
    pub(crate) fields: Fields,
    /// Nested inside a sensitive field: none of its values is ever shown.
    pub(crate) hidden: bool,
}

/// How findings call a record. Never by a sensitive value. Most are called by what they hold anyway, so that nothing is stored twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Called {
    /// By its key.
    Key,
    /// By its place among the records of its type and file: `Incident[3]`.
    Place(u32),
    /// By where it is nested: in a field of a record, and at which place of a list there.
    Part { of: u32, field: u32, item: Option<u32> },
    /// By its name in a scenario, or by where it is nested.
    Name(Arc<str>),
}

impl Facts {
    /// Reads and merges files, and gives every fault with the name of its file. Never fails as a whole.
    pub fn load(pack: &Pack, files: &[FactsFile]) -> (Facts, Vec<(String, Diagnostic)>) {
        let source = |file: &FactsFile| FactsSource {
            name: file.name.clone(),
            format: None,
            records: None,
            input: Box::new(io::Cursor::new(file.bytes.clone())),
        };
        let named = |file: FileFaults| file.faults.into_iter().map(move |fault| (file.name.clone(), fault));
        match Facts::read(pack, files.iter().map(source).collect()) {
            Ok(loaded) => (loaded.facts, loaded.faults.into_iter().flat_map(named).collect()),
            // Bytes that are at hand can always be read.
            Err(_) => (Loader::new(pack).finish(pack).facts, Vec::new()),
        }
    }

    /// Reads and merges sources in their order; what is only looked at by itself ([`streamable`]) comes last. Every fault of every source
    /// is found in one go, but not all of a flood are kept.
    ///
    /// # Errors
    /// A source whose bytes cannot be had to the end; what was read of the others is dropped.
    pub fn read(pack: &Pack, sources: Vec<FactsSource<'_>>) -> Result<Loaded, Unreadable> {
        let mut loader = Loader::new(pack);
        let sources = Sources::new(&mut loader, pack, sources)?;
        let (documents, first, last, _) = sources.parted(&loader.types);
        loader.read_first(&documents, first)?;
        loader.read_last(last, &mut |_| {})?;
        Ok(loader.finish(pack))
    }

    /// Facts given as values, as the scenarios of a pack hold them. `file` and the facts' lines are their places. They say only
    /// what matters: a required field that is left out is unknown, in nested records too.
    pub fn from_values(pack: &Pack, file: &str, facts: &[Fact]) -> (Facts, Vec<(String, Diagnostic)>) {
        let mut loader = Loader::new(pack);
        let objects: Vec<_> = facts.iter().map(loader::members).collect();
        loader.values(file, facts, &objects);
        let loaded = loader.finish(pack);
        let named = |file: FileFaults| file.faults.into_iter().map(move |fault| (file.name.clone(), fault));
        (loaded.facts, loaded.faults.into_iter().flat_map(named).collect())
    }

    /// Number of records, nested ones included.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record at all.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// When the data was taken from where it is kept, if the facts say so.
    pub fn taken_at(&self) -> Option<jiff::Timestamp> {
        self.taken.and_then(|tick| jiff::Timestamp::from_microsecond(tick).ok())
    }

    /// How findings call a record.
    pub(crate) fn label(&self, types: &Types<'_>, record: u32) -> Cow<'_, str> {
        label(&self.records, types, record)
    }
}

/// How a record is called, among all records read so far.
pub(crate) fn label<'r>(records: &'r [RecordData], types: &Types<'_>, record: u32) -> Cow<'r, str> {
    let Some(data) = records.get(record as usize) else { return Cow::Borrowed("?") };
    match &data.called {
        Called::Name(name) => Cow::Borrowed(name),
        Called::Place(place) => Cow::Owned(format!("{}[{place}]", types.shown(data.ty))),
        Called::Part { of, field, item } => {
            let ty = records.get(*of as usize).map_or(u32::MAX, |r| r.ty);
            let name = types.declared(ty, *field).map_or("?", |f| f.name.as_str());
            let outer = label(records, types, *of);
            Cow::Owned(item.map_or_else(|| format!("{outer}.{name}"), |item| format!("{outer}.{name}[{item}]")))
        }
        Called::Key => match types.key(data.ty) {
            Some((field, _)) => match (data.fields.text(field), data.fields.get(field)) {
                (Some(key), _) => Cow::Borrowed(key),
                (None, Some(Value::Number(key))) => Cow::Owned(key.lo.map_or_else(String::new, |n| n.to_string())),
                _ => Cow::Borrowed("?"),
            },
            None => Cow::Borrowed("?"),
        },
    }
}
