//! Reads files in three steps: outline, keys, fields; so that a reference may point forward and into another file.

use crate::facts::datum::{Datum, Member, Shape};
use crate::facts::faults::{self, Faults, FileFaults, Places};
use crate::facts::fields::Fields;
use crate::facts::input::{self, FactsFormat, Refused};
use crate::facts::plan::Plans;
use crate::facts::seen::{Seen, Spot};
use crate::facts::table::Table;
use crate::facts::typing::FieldPlace;
use crate::facts::{Called, Facts, FactsSource, Loaded, RecordData, Unreadable, label};
use crate::spell;
use crate::time::{ALWAYS, Tick, Zone};
use crate::types::{Types, one};
use crate::value::Value;
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Diagnostic, Label, LineIndex, Span, codes};
use mandate_pack::{Fact, Field, Pack, Type};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

/// The members of a record given as values.
pub(crate) fn members(fact: &Fact) -> Vec<Member> {
    let member = |(name, value): (&String, &serde_json::Value)| Member {
        name: name.clone(),
        span: Span::default(),
        value: Datum { span: Span::default(), shape: value.into() },
    };
    fact.fields.iter().map(member).collect()
}

/// A source that was opened.
pub(crate) enum Input<'r> {
    /// A document, read.
    Tree(Datum),
    /// Records one a row, not yet read: the format, and the type that the name of the file tells.
    Rows(Box<dyn Read + 'r>, FactsFormat, Option<String>),
    /// Nothing that can be read; its faults say why.
    None,
}

pub(crate) struct File {
    pub(crate) name: Arc<str>,
    /// The text of a document, to find the places of faults in.
    text: Arc<str>,
    places: Places,
    /// Bytes before the text (a byte order mark).
    offset: u32,
    faults: Faults,
    /// The row being read with care: its line, and its text for a line of JSON.
    pub(crate) row: Option<(u32, Rc<str>)>,
}

/// A top-level record before its fields are read.
pub(crate) struct Given<'d> {
    pub(crate) file: u32,
    pub(crate) ty: u32,
    pub(crate) span: Span,
    pub(crate) line: Option<u32>,
    pub(crate) name: Option<&'d str>,
    /// Place in the list it stands in.
    pub(crate) place: usize,
    pub(crate) object: &'d [Member],
}

/// A row to be read with care once all keys are known.
pub(crate) struct Careful {
    pub(crate) index: u32,
    pub(crate) file: u32,
    pub(crate) line: u32,
    pub(crate) row: Written,
}

/// A row as it was written.
pub(crate) enum Written {
    Line(Rc<str>),
    Cells(Vec<Box<str>>, u32),
}

/// Records of a type by key.
pub(crate) type Keys = FxHashMap<Arc<str>, u32>;

/// The state of reading.
pub(crate) struct Loader<'p, 'd> {
    pub(crate) types: Arc<Types<'p>>,
    pub(crate) zone: Zone,
    pub(crate) plans: Arc<Plans<'p>>,
    pub(crate) files: Vec<File>,
    given: Vec<(u32, Given<'d>)>,
    pub(crate) careful: Vec<Careful>,
    pub(crate) tables: Vec<Arc<Table<'p>>>,
    pub(crate) records: Vec<RecordData>,
    /// Records by key, for each type.
    pub(crate) keys: Vec<Keys>,
    /// Names of records in a scenario, by which they may be referred to as well.
    names: HashMap<(u32, &'d str), u32>,
    /// Places of records in documents.
    spans: HashMap<u32, Span>,
    as_of: Option<(Tick, u32, Span)>,
    taken: Option<(Tick, u32, Span)>,
    through: BTreeMap<u32, (Tick, u32, Span)>,
    /// Keys still looked at to find one that a dangling reference may have meant.
    suggestions: u32,
    /// A required field may be left out: it is unknown.
    partial: bool,
    /// Set while records are judged and forgotten.
    streaming: Option<Streaming>,
}

/// What is known of records that are forgotten.
struct Streaming {
    /// Their types.
    types: BTreeSet<u32>,
    seen: Seen,
    /// Where a record of another type stands, which may not be forgotten.
    stray: Option<Spot>,
}

/// The record that has a key already.
#[derive(Debug, Clone, Copy)]
pub(crate) enum First {
    Record(u32),
    /// Forgotten by now.
    At(Spot),
}

impl<'p, 'd> Loader<'p, 'd> {
    pub(crate) fn new(pack: &'p Pack) -> Self {
        let types = Arc::new(Types::new(pack));
        let zone = Zone::named(&pack.time_zone).unwrap_or_else(Zone::utc);
        Loader {
            plans: Arc::new(Plans::new(&types, zone.clone())),
            zone,
            files: Vec::new(),
            given: Vec::new(),
            careful: Vec::new(),
            tables: Vec::new(),
            records: Vec::new(),
            keys: vec![Keys::default(); types.records.len()],
            names: HashMap::new(),
            spans: HashMap::new(),
            as_of: None,
            taken: None,
            through: BTreeMap::new(),
            suggestions: 200_000,
            partial: false,
            streaming: None,
            types,
        }
    }

    pub(crate) fn fault(&mut self, file: u32, diagnostic: Diagnostic) {
        let Some(file) = self.files.get_mut(file as usize) else { return };
        let (line, fault) = match (&file.places, &file.row) {
            (Places::Whole(lines), _) => {
                let fault = diagnostic.shifted(file.offset);
                (lines.line(fault.primary.span.start) as u32 + 1, fault)
            }
            (Places::Rows, Some((line, text))) => (*line, in_columns(diagnostic, text)),
            (Places::Rows, None) => (1, diagnostic),
        };
        file.faults.add(line, fault);
    }

    /// A fault of a line that is not being read now.
    pub(crate) fn fault_in_line(&mut self, file: u32, line: u32, fault: Diagnostic) {
        if let Some(file) = self.files.get_mut(file as usize) {
            file.faults.add(line, fault);
        }
    }

    /// From now on records of these types are judged and forgotten.
    pub(crate) fn stream(&mut self, types: BTreeSet<u32>) {
        self.streaming = Some(Streaming { types, seen: Seen::new(), stray: None });
    }

    /// Where a record stands that may not be forgotten, in a file of such that may: the file, and the line in it.
    pub(crate) fn stray(&self) -> Option<(Arc<str>, u32)> {
        let spot = self.streaming.as_ref()?.stray?;
        Some((self.files.get(spot.file as usize)?.name.clone(), spot.line))
    }

    /// Notes a record that may not be forgotten.
    pub(crate) fn note(&mut self, ty: u32, file: u32, line: u32) {
        if let Some(streaming) = self.streaming.as_mut().filter(|streaming| !streaming.types.contains(&ty)) {
            streaming.stray.get_or_insert(Spot { file, line });
        }
    }

    /// Whether something is so wrong that nothing may be assessed.
    pub(crate) fn has_errors(&self) -> bool {
        self.files.iter().any(|file| file.faults.has_errors())
    }

    pub(crate) fn add_file(&mut self, name: &str) -> u32 {
        let places = Places::Whole(LineIndex::new(""));
        let file = File { name: name.into(), text: "".into(), places, offset: 0, faults: Faults::new(), row: None };
        self.files.push(file);
        self.files.len() as u32 - 1
    }

    /// Looks at a source; a document is read. A fault of the whole file leaves nothing of it.
    pub(crate) fn open<'r>(&mut self, file: u32, source: FactsSource<'r>) -> Result<Input<'r>, Unreadable> {
        let FactsSource { name, format, records, input } = source;
        let result = input::open(&name, format, input).and_then(|opened| {
            if opened.format.is_by_line() {
                self.files[file as usize].places = Places::Rows;
                let records = records.or_else(|| input::named_type(&name).map(str::to_owned));
                return Ok(Input::Rows(opened.bytes, opened.format, records));
            }
            self.files[file as usize].offset = opened.offset;
            let (text, unsound) = input::whole(opened.bytes)?;
            let tree = match (unsound, opened.format) {
                (Some(fault), _) => Err(fault),
                (None, FactsFormat::Yaml) => crate::facts::yaml::read(&text),
                (None, _) => crate::facts::json::read(&text),
            };
            let text = if opened.offset > 0 { format!("\u{FEFF}{text}") } else { text };
            let into = &mut self.files[file as usize];
            (into.places, into.text) = (Places::Whole(LineIndex::new(&text)), text.into());
            tree.map(Input::Tree).map_err(Refused::Fault)
        });
        match result {
            Ok(input) => Ok(input),
            Err(Refused::Fault(fault)) => {
                self.fault(file, *fault);
                Ok(Input::None)
            }
            Err(Refused::Io(error)) => Err(Unreadable { name, error }),
        }
    }

    /// Facts given as values.
    pub(crate) fn values(&mut self, file: &str, facts: &'d [Fact], objects: &'d [Vec<Member>]) {
        self.partial = true;
        let file = self.add_file(file);
        for (fact, object) in facts.iter().zip(objects) {
            match self.types.in_facts(&fact.record) {
                Some(ty) => self.declare(Given {
                    file,
                    ty,
                    span: Span::default(),
                    line: Some(fact.line),
                    name: Some(&fact.name),
                    place: 0,
                    object,
                }),
                None => self.unknown_type(file, &fact.record, Span::default()),
            }
        }
    }

    /// The top of a document: `as_of`, `taken_at`, `data_through`, `complete`, `records`.
    pub(crate) fn outline(&mut self, file: u32, tree: &'d Datum) {
        let Shape::Object(members) = &tree.shape else {
            let message = format!("facts start with `records:`, but this file holds {}", tree.what());
            return self.fault(file, Diagnostic::new(&codes::E105, tree.span, message));
        };
        self.repeated(file, members, "this file");
        let mut records = false;
        for member in first_of_each(members) {
            match member.name.as_str() {
                "as_of" | "taken_at" => self.once(file, member),
                "complete" => self.complete(file, member),
                "data_through" => self.data_through(file, member),
                "records" => {
                    records = true;
                    self.record_lists(file, member);
                }
                other => {
                    let known = ["as_of", "taken_at", "data_through", "complete", "records"];
                    let message = format!("`{other}` means nothing at the top of a facts file");
                    let mut fault = Diagnostic::new(&codes::E105, member.span, message)
                        .help("at the top stand `records`, and where needed `as_of`, `taken_at`, `data_through` and `complete`; records stand below `records`, by type");
                    if let Some(near) = did_you_mean(other, known) {
                        fault = fault.help(format!("did you mean `{near}`?"));
                    }
                    self.fault(file, fault);
                }
            }
        }
        let header = members
            .iter()
            .any(|member| matches!(member.name.as_str(), "as_of" | "taken_at" | "data_through" | "complete"));
        let beside_others = header && self.files.len() > 1;
        if !records && !beside_others {
            let span = Span::new(tree.span.start, tree.span.start);
            self.fault(
                file,
                Diagnostic::new(&codes::E105, span, "this file has no `records`, so there is nothing to assess").help(
                    "write `records:` and below it a list for each type of record; `records: {}` if there are none",
                ),
            );
        }
    }

    /// `as_of` and `taken_at`: said once for all files.
    fn once(&mut self, file: u32, member: &Member) {
        if matches!(member.value.shape, Shape::Null) {
            return;
        }
        let Some(tick) = self.instant(file, &member.name, &member.value) else { return };
        let assessment = member.name == "as_of";
        match if assessment { self.as_of } else { self.taken } {
            Some((other, first, span)) if other != tick => {
                let (message, help) = if assessment {
                    (
                        "two files name different instants of assessment",
                        "name one instant in one of the files, or leave `as_of` out and say it when assessing",
                    )
                } else {
                    ("two files say differently when the data was taken", "name one instant in one of the files")
                };
                let fault = Diagnostic::new(&codes::E116, member.value.span, message).help(help);
                let fault = self.pointing(fault, file, first, span, "the other one");
                self.fault(file, fault);
            }
            _ => {
                let said = Some((tick, file, member.value.span));
                if assessment { self.as_of = said } else { self.taken = said }
            }
        }
    }

    /// `complete`: a feed that is not says nothing by its silence.
    fn complete(&mut self, file: u32, member: &Member) {
        let Shape::Object(feeds) = &member.value.shape else {
            if !matches!(member.value.shape, Shape::Null) {
                let message = format!(
                    "`complete` says `true` or `false` for each type of record, but this is {}",
                    member.value.what()
                );
                self.fault(file, Diagnostic::new(&codes::E105, member.value.span, message));
            }
            return;
        };
        self.repeated(file, feeds, "`complete`");
        for feed in first_of_each(feeds) {
            let Some(ty) = self.types.in_facts(&feed.name) else {
                self.unknown_type(file, &feed.name, feed.span);
                continue;
            };
            match feed.value.shape {
                Shape::Bool(true) | Shape::Null => {}
                Shape::Bool(false) => self.reaches(file, feed, ty, ALWAYS),
                _ => {
                    let message = format!(
                        "`complete.{}` is {}, but `true` or `false` is needed here",
                        feed.name,
                        feed.value.what()
                    );
                    self.fault(file, Diagnostic::new(&codes::E105, feed.value.span, message));
                }
            }
        }
    }

    /// How far the data on a type reaches, said once for all files.
    fn reaches(&mut self, file: u32, feed: &Member, ty: u32, tick: Tick) {
        match self.through.get(&ty) {
            Some((other, first, span)) if *other != tick => {
                let (first, span, both) = (*first, *span, *other == ALWAYS || tick == ALWAYS);
                let message = match both {
                    false => format!("two files say differently how far the data on `{}` reaches", feed.name),
                    true => format!(
                        "the data on `{}` is said to be incomplete, and to be complete up to an instant",
                        feed.name
                    ),
                };
                let fault = Diagnostic::new(&codes::E116, feed.value.span, message)
                    .help("say it once, with the instant up to which the data is complete");
                let fault = self.pointing(fault, file, first, span, "the other one");
                self.fault(file, fault);
            }
            _ => {
                self.through.insert(ty, (tick, file, feed.value.span));
            }
        }
    }

    fn data_through(&mut self, file: u32, member: &'d Member) {
        let Shape::Object(feeds) = &member.value.shape else {
            if !matches!(member.value.shape, Shape::Null) {
                let message = format!(
                    "`data_through` gives an instant for each type of record, but this is {}",
                    member.value.what()
                );
                self.fault(file, Diagnostic::new(&codes::E105, member.value.span, message));
            }
            return;
        };
        self.repeated(file, feeds, "`data_through`");
        for feed in first_of_each(feeds) {
            let Some(ty) = self.types.in_facts(&feed.name) else {
                self.unknown_type(file, &feed.name, feed.span);
                continue;
            };
            let Some(tick) = self.instant(file, &format!("data_through.{}", feed.name), &feed.value) else { continue };
            self.reaches(file, feed, ty, tick);
        }
    }

    /// A Time, or a Date for the end of its day.
    fn instant(&mut self, file: u32, what: &str, datum: &Datum) -> Option<Tick> {
        let read = match &datum.shape {
            Shape::Text(text) => spell::as_of(text, &self.zone),
            _ => Err(spell::Misspelt::Form),
        };
        match read {
            Ok(tick) => Some(tick),
            Err(why) => {
                let place = FieldPlace { file, name: format!("`{what}`"), sensitive: None };
                let fault = crate::facts::typing::misspelt(
                    &place,
                    datum,
                    why,
                    "a time like `2024-03-01T08:00Z` or a day like `2024-03-01`",
                );
                self.fault(file, fault);
                None
            }
        }
    }

    fn record_lists(&mut self, file: u32, member: &'d Member) {
        let Shape::Object(lists) = &member.value.shape else {
            let message =
                format!("below `records` stands a list for each type of record, but this is {}", member.value.what());
            return self.fault(file, Diagnostic::new(&codes::E105, member.value.span, message));
        };
        self.repeated(file, lists, "`records`");
        for list in first_of_each(lists) {
            let Some(ty) = self.types.in_facts(&list.name) else {
                self.unknown_type(file, &list.name, list.span);
                continue;
            };
            let Shape::List(items) = &list.value.shape else {
                let message = format!("the records of `{}` form a list, but this is {}", list.name, list.value.what());
                self.fault(file, Diagnostic::new(&codes::E105, list.value.span, message));
                continue;
            };
            for (place, item) in items.iter().enumerate() {
                match &item.shape {
                    Shape::Object(object) => {
                        self.declare(Given { file, ty, span: item.span, line: None, name: None, place, object });
                    }
                    _ => {
                        let message = format!(
                            "a record of `{}` is an object with fields, but this is {}",
                            list.name,
                            item.what()
                        );
                        self.fault(file, Diagnostic::new(&codes::E105, item.span, message));
                    }
                }
            }
        }
    }

    pub(crate) fn unknown_type(&mut self, file: u32, name: &str, span: Span) {
        let mut fault = Diagnostic::new(&codes::E106, span, format!("the pack knows no record type `{name}`"))
            .help("records of a type the rules do not know would be left out of every finding without a word");
        let known: Vec<&str> = (0..self.types.records.len() as u32).map(|i| self.types.shown(i)).collect();
        if let Some(near) = did_you_mean(name, known.iter().copied()) {
            fault = fault.help(format!("did you mean `{near}`?")).fix(format!("Replace by `{near}`"), span, near);
        }
        self.fault(file, fault);
    }

    /// Registers a top-level record of a document under its key.
    fn declare(&mut self, given: Given<'d>) {
        let line = given.line.unwrap_or_else(|| self.line(given.file, given.span));
        let index = self.register(&given, line);
        if let Some(name) = given.name {
            self.names.entry((given.ty, name)).or_insert(index);
        }
        self.spans.insert(index, given.span);
        self.given.push((index, given));
    }

    /// Adds a record without its fields, under its key.
    pub(crate) fn register(&mut self, given: &Given<'_>, line: u32) -> u32 {
        let index = self.records.len() as u32;
        let key = self.types.key(given.ty);
        let written = key.and_then(|(_, field)| given.object.iter().find(|m| m.name == field.name));
        let text = written.and_then(|m| key_text(&m.value)).or_else(|| given.name.map(str::to_owned));
        let hidden_key = key.is_some_and(|(_, field)| field.sensitive);
        let called = match (&text, given.name) {
            (_, Some(name)) => Called::Name(name.into()),
            (Some(text), None) if key.is_some() && !hidden_key => Called::Name(text.as_str().into()),
            _ => Called::Place(given.place as u32),
        };
        if let (Some(_), Some(text)) = (key, text)
            && let Some(first) = self.add_key(given.ty, text.as_str().into(), index, Spot { file: given.file, line })
        {
            let span = written.map_or(given.span, |m| m.value.span);
            let fault = self.duplicate_key(given.file, given.ty, span, first, &text, hidden_key);
            self.fault(given.file, fault);
        }
        self.note(given.ty, given.file, line);
        self.records.push(RecordData {
            ty: given.ty,
            called,
            file: given.file,
            line,
            fields: Fields::default(),
            hidden: false,
        });
        index
    }

    /// Puts a record under its key; the record that has it already, if there is one.
    pub(crate) fn add_key(&mut self, ty: u32, key: Arc<str>, index: u32, at: Spot) -> Option<First> {
        use std::collections::hash_map::Entry;
        // Nothing refers to records that are forgotten.
        if let Some(streaming) = self.streaming.as_mut().filter(|streaming| streaming.types.contains(&ty)) {
            return streaming.seen.add(ty, &key, at).map(First::At);
        }
        match self.keys.get_mut(ty as usize)?.entry(key) {
            Entry::Occupied(first) => Some(First::Record(*first.get())),
            Entry::Vacant(free) => {
                free.insert(index);
                None
            }
        }
    }

    pub(crate) fn duplicate_key(
        &self,
        file: u32,
        ty: u32,
        span: Span,
        first: First,
        key: &str,
        hidden: bool,
    ) -> Diagnostic {
        let name = self.types.shown(ty);
        let message = if hidden {
            format!("two records of `{name}` have the same key")
        } else {
            format!("two records of `{name}` have the key `{key}`")
        };
        let fault = Diagnostic::new(&codes::E110, span, message)
            .help("a reference to this key could mean either; give one of them another key, or remove the copy");
        let (place, other) = match first {
            First::At(spot) => (None, spot),
            First::Record(first) => {
                let Some(other) = self.records.get(first as usize) else { return fault };
                (self.spans.get(&first), Spot { file: other.file, line: other.line })
            }
        };
        match place {
            Some(place) => self.pointing(fault, file, other.file, *place, "the first one"),
            None if other.file == file => fault.help(format!("the first one is in line {}", other.line)),
            None => {
                let name = self.files.get(other.file as usize).map_or("?", |f| &*f.name);
                fault.help(format!("the first one is in line {} of `{name}`", other.line))
            }
        }
    }

    fn pointing(&self, mut fault: Diagnostic, file: u32, other: u32, span: Span, message: &str) -> Diagnostic {
        let name = self.files.get(other as usize).filter(|_| other != file).map(|f| f.name.clone());
        fault.related.push(Label { file: name, span, message: message.to_owned() });
        fault
    }

    fn line(&self, file: u32, span: Span) -> u32 {
        self.files.get(file as usize).map_or(1, |f| match &f.places {
            Places::Whole(lines) => lines.line(span.start.saturating_add(f.offset)) as u32 + 1,
            Places::Rows => f.row.as_ref().map_or(1, |(line, _)| *line),
        })
    }

    /// Reads the fields of every record; nested records are added behind.
    pub(crate) fn finish(mut self, pack: &Pack) -> Loaded {
        self.settle(0);
        Loaded { facts: self.facts(pack), faults: self.faults() }
    }

    /// Reads the fields that wait for keys, of the records from `first` on.
    pub(crate) fn settle(&mut self, first: usize) {
        for (index, given) in std::mem::take(&mut self.given) {
            let label = label(&self.records, &self.types, index).into_owned();
            let place = RecordPlace {
                file: given.file,
                span: given.span,
                label: &label,
                line: given.line,
                hidden: None,
                without: &[],
            };
            let fields = self.fields(&place, given.ty, given.object, given.name);
            self.complete_record(index, fields);
        }
        for careful in std::mem::take(&mut self.careful) {
            self.read_with_care(careful);
        }
        self.resolve_all(first);
    }

    /// The facts as far as they are read. The records move into them.
    pub(crate) fn facts(&mut self, pack: &Pack) -> Facts {
        Facts {
            pack: pack.digest.clone(),
            files: self.files.iter().map(|f| f.name.clone()).collect(),
            records: std::mem::take(&mut self.records),
            as_of: self.as_of.map(|(tick, _, _)| tick),
            taken: self.taken.map(|(tick, _, _)| tick),
            through: self.through.iter().map(|(ty, (tick, _, _))| (*ty, *tick)).collect(),
        }
    }

    /// What is wrong, by file.
    pub(crate) fn faults(self) -> Vec<FileFaults> {
        let faults = self.files.into_iter().filter(|file| !file.faults.is_empty()).map(|file| {
            let shown = file.faults.shown();
            let (text, faults) = match file.places {
                Places::Whole(_) => (file.text, shown.into_iter().map(|(_, fault)| fault).collect()),
                Places::Rows => {
                    let (text, faults) = faults::blank(shown);
                    (text.into(), faults)
                }
            };
            FileFaults { name: file.name.to_string(), text, faults }
        });
        faults.collect()
    }

    pub(crate) fn complete_record(&mut self, index: u32, fields: Vec<Option<Value>>) {
        let Some(record) = self.records.get_mut(index as usize) else { return };
        record.fields = fields.into();
        let key = self.types.key(record.ty).and_then(|(field, _)| record.fields.text(field));
        if matches!((key, &record.called), (Some(key), Called::Name(name)) if key == name) {
            record.called = Called::Key;
        }
    }

    /// The fields of one object, in the order of its type.
    pub(crate) fn fields(
        &mut self,
        at: &RecordPlace<'_>,
        ty: u32,
        object: &[Member],
        named: Option<&str>,
    ) -> Vec<Option<Value>> {
        let shown = self.types.shown(ty);
        match at.hidden {
            None => self.repeated(at.file, object, &format!("`{}`", at.label)),
            Some(span) => self.repeated_inside(at, object, span),
        }
        let Some((_, declared)) = self.types.records.get(ty as usize).copied() else { return Vec::new() };
        for member in object {
            if self.types.field(ty, &member.name).is_none() {
                self.unknown_field(at, ty, member);
            }
        }
        let mut values = Vec::with_capacity(declared.fields.len());
        for field in &declared.fields {
            let member = object.iter().find(|m| m.name == field.name && !matches!(m.value.shape, Shape::Null));
            let hidden = field.sensitive || at.hidden.is_some();
            values.push(match member {
                Some(member) => {
                    let sensitive = hidden.then_some(at.hidden.unwrap_or(member.span));
                    let place = FieldPlace { file: at.file, name: format!("`{}.{}`", at.label, field.name), sensitive };
                    let path = format!("{}.{}", at.label, field.name);
                    if field.over_time {
                        self.history(&place, at, &path, &field.ty, &member.value)
                    } else {
                        self.convert(&place, at, &path, &field.ty, &member.value)
                    }
                }
                None if declared.key.as_deref() == Some(&field.name) && named.is_some() => {
                    named.map(|n| Value::Text(n.into()))
                }
                None if self.partial || field.ty.is_optional() || field.default.is_some() => None,
                None if at.without.contains(&(values.len() as u32)) => None,
                None => {
                    let message = format!("`{}` of `{}` is missing; every {shown} has one", field.name, at.label);
                    let mut fault = Diagnostic::new(&codes::E109, at.span, message).help(absent(field));
                    fault.primary.span =
                        at.hidden.unwrap_or(Span::new(at.span.start, at.span.start.saturating_add(1).min(at.span.end)));
                    self.fault(at.file, fault);
                    None
                }
            });
        }
        values
    }

    fn unknown_field(&mut self, at: &RecordPlace<'_>, ty: u32, member: &Member) {
        let shown = self.types.shown(ty);
        let one = one(shown);
        if let Some(span) = at.hidden {
            // What stands where a field name belongs may be the value itself.
            let message = format!("`{}` has a field that {one} has not", at.label);
            let fault =
                Diagnostic::new(&codes::E107, span, message).help("check the names of the fields written there");
            return self.fault(at.file, fault);
        }
        let message = format!("{one} has no field `{}` (in `{}`)", member.name, at.label);
        let mut fault = Diagnostic::new(&codes::E107, member.span, message)
            .help("what stands in it would be left out of every finding without a word");
        let known = self.types.records.get(ty as usize).map_or(&[][..], |(_, r)| &r.fields);
        if let Some(near) = did_you_mean(&member.name, known.iter().map(|f| f.name.as_str())) {
            fault = fault.help(format!("did you mean `{near}`?"));
        }
        self.fault(at.file, fault);
    }

    /// A field written twice in one object: which of them counts would depend on the reader.
    fn repeated(&mut self, file: u32, members: &[Member], whose: &str) {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for member in members {
            match seen.get(member.name.as_str()) {
                Some(first) => {
                    let message = format!("`{}` stands twice in {whose}", member.name);
                    let fault = Diagnostic::new(&codes::E111, member.span, message)
                        .related(*first, "the first one")
                        .help("keep one of them");
                    self.fault(file, fault);
                }
                None => {
                    seen.insert(&member.name, member.span);
                }
            }
        }
    }

    /// As `repeated`, inside a sensitive field: neither the name nor its place is shown.
    fn repeated_inside(&mut self, at: &RecordPlace<'_>, members: &[Member], span: Span) {
        let mut seen = std::collections::HashSet::new();
        if members.iter().any(|member| !seen.insert(member.name.as_str())) {
            let message = format!("a field stands twice in `{}`", at.label);
            self.fault(at.file, Diagnostic::new(&codes::E111, span, message).help("keep one of them"));
        }
    }

    /// A nested record: it belongs to the extent of its type like any other.
    pub(crate) fn nested(
        &mut self,
        at: &RecordPlace<'_>,
        label: &str,
        ty: u32,
        datum: &Datum,
        object: &[Member],
        hidden: Option<Span>,
    ) -> Value {
        let index = self.records.len() as u32;
        let line = at.line.unwrap_or_else(|| self.line(at.file, datum.span));
        self.records.push(RecordData {
            ty,
            called: Called::Name(label.into()),
            file: at.file,
            line,
            fields: Fields::default(),
            hidden: hidden.is_some(),
        });
        let place = RecordPlace { file: at.file, span: datum.span, label, line: at.line, hidden, without: &[] };
        let fields = self.fields(&place, ty, object, None);
        self.records[index as usize].fields = fields.into();
        Value::Record(index)
    }

    /// The record a key (or, in a scenario, a name) refers to.
    pub(crate) fn resolve(&self, ty: u32, key: &str) -> Option<u32> {
        self.keys.get(ty as usize)?.get(key).or_else(|| self.names.get(&(ty, key))).copied()
    }

    /// A key near to one that dangles.
    pub(crate) fn near_key(&mut self, ty: u32, key: &str) -> Option<String> {
        let keys = self.keys.get(ty as usize)?;
        let left = self.suggestions.checked_sub(keys.len() as u32)?;
        if self.types.key(ty).is_some_and(|(_, field)| field.sensitive) {
            return None;
        }
        self.suggestions = left;
        let known: std::collections::BTreeSet<&str> = keys.keys().map(|key| &**key).collect();
        did_you_mean(key, known).map(str::to_owned)
    }
}

/// The record whose fields are being read.
pub(crate) struct RecordPlace<'a> {
    pub(crate) file: u32,
    pub(crate) span: Span,
    pub(crate) label: &'a str,
    pub(crate) line: Option<u32>,
    /// Place of the sensitive field it is nested in: faults point there and not at the value.
    pub(crate) hidden: Option<Span>,
    /// Required fields that its table has no column for.
    pub(crate) without: &'a [u32],
}

/// A key as text: texts and numbers can be one.
pub(crate) fn key_text(datum: &Datum) -> Option<String> {
    match &datum.shape {
        Shape::Text(text) | Shape::Number(text) => Some(text.clone()),
        Shape::Null | Shape::Bool(_) | Shape::List(_) | Shape::Object(_) => None,
    }
}

fn first_of_each(members: &[Member]) -> impl Iterator<Item = &Member> {
    let mut seen = std::collections::HashSet::new();
    members.iter().filter(move |m| seen.insert(m.name.as_str()))
}

/// A fault whose places are bytes of a line of text, with columns instead. The cells of a table have columns already.
fn in_columns(mut fault: Diagnostic, text: &str) -> Diagnostic {
    if text.is_empty() {
        return fault;
    }
    let column = |at: u32| {
        let mut at = (at as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        text.get(..at).map_or(0, |before| before.chars().count() as u32)
    };
    for label in std::iter::once(&mut fault.primary).chain(&mut fault.related).filter(|label| label.file.is_none()) {
        label.span = Span::new(column(label.span.start), column(label.span.end));
    }
    // What could be replaced stands in a line that is not at hand.
    fault.fixes.clear();
    fault
}

/// What to do about a field that is not there.
fn absent(field: &Field) -> String {
    match &field.ty {
        Type::List(_) => format!("write `{}`; `[]` says that there is none", field.name),
        ty => format!("write `{}`; a value that may be unknown is declared `{}?` in the rules", field.name, ty.short()),
    }
}
