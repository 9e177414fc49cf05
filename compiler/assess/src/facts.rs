//! Mission data read against a pack: records with their places, every fault reported.

use crate::datum::{Datum, Member, Shape};
use crate::spell;
use crate::time::{Tick, Zone};
use crate::types::{Types, one};
use crate::typing::FieldPlace;
use crate::value::Value;
use mandate_diagnostics::did_you_mean;
use mandate_diagnostics::{Code, Diagnostic, Label, LineIndex, Span, codes};
use mandate_pack::{Fact, Pack};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Largest facts file, in bytes.
pub const MAX_FILE: usize = 256 * 1024 * 1024;

/// A facts file as given: JSON or YAML by the ending of its name, else by its first sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactsFile {
    /// Name shown in findings and faults.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// Records read against a pack. What was faulty is left out; the faults say so, and findings on the rest would mislead:
/// do not assess facts that had errors.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Digest of the pack they were read against.
    pub(crate) pack: String,
    pub(crate) files: Vec<Arc<str>>,
    pub(crate) records: Vec<RecordData>,
    /// Latest instant of assessment the files name, with the words it was named in.
    pub(crate) as_of: Option<Tick>,
    /// Horizon of feeds, by index of the record type.
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
    pub(crate) fields: Box<[Option<Value>]>,
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
    /// By its name in a scenario, or by where it is nested: `inc-1.victims[0]`.
    Name(Arc<str>),
}

impl Facts {
    /// How findings call a record.
    pub(crate) fn label(&self, types: &Types<'_>, record: u32) -> Cow<'_, str> {
        let Some(data) = self.records.get(record as usize) else { return Cow::Borrowed("?") };
        match &data.called {
            Called::Name(name) => Cow::Borrowed(name),
            Called::Place(place) => Cow::Owned(format!("{}[{place}]", types.shown(data.ty))),
            Called::Key => match types.key(data.ty).and_then(|(field, _)| data.fields.get(field as usize)?.as_ref()) {
                Some(Value::Text(key)) => Cow::Borrowed(key),
                _ => Cow::Borrowed("?"),
            },
        }
    }

    /// Reads and merges files, and gives every fault with the name of its file. Never fails as a whole.
    pub fn load(pack: &Pack, files: &[FactsFile]) -> (Facts, Vec<(String, Diagnostic)>) {
        let mut loader = Loader::new(pack);
        let trees: Vec<_> = files.iter().map(|file| loader.open(&file.name, &file.bytes)).collect();
        for (file, tree) in trees.iter().enumerate() {
            if let Some(tree) = tree {
                loader.outline(file as u32, tree);
            }
        }
        loader.finish(pack)
    }

    /// Facts given as values, as the scenarios of a pack hold them. `file` and the facts' lines are their places. They say only
    /// what matters: a required field that is left out is unknown, in nested records too.
    pub fn from_values(pack: &Pack, file: &str, facts: &[Fact]) -> (Facts, Vec<(String, Diagnostic)>) {
        let mut loader = Loader::new(pack);
        loader.partial = true;
        loader.files.push(File { name: file.into(), lines: LineIndex::new(""), offset: 0 });
        let objects: Vec<Vec<Member>> = facts.iter().map(members).collect();
        for (fact, object) in facts.iter().zip(&objects) {
            match loader.types.in_facts(&fact.record) {
                Some(ty) => loader.declare(Given {
                    file: 0,
                    ty,
                    span: Span::default(),
                    line: Some(fact.line),
                    name: Some(&fact.name),
                    place: 0,
                    object,
                }),
                None => loader.unknown_type(0, &fact.record, Span::default()),
            }
        }
        loader.finish(pack)
    }

    /// Number of records, nested ones included.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record at all.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

fn members(fact: &Fact) -> Vec<Member> {
    let member = |(name, value): (&String, &serde_json::Value)| Member {
        name: name.clone(),
        span: Span::default(),
        value: Datum { span: Span::default(), shape: value.into() },
    };
    fact.fields.iter().map(member).collect()
}

struct File {
    name: Arc<str>,
    lines: LineIndex,
    /// Bytes before the text (a byte order mark).
    offset: u32,
}

/// A top-level record before its fields are read.
struct Given<'d> {
    file: u32,
    ty: u32,
    span: Span,
    line: Option<u32>,
    name: Option<&'d str>,
    /// Place in the list it stands in.
    place: usize,
    object: &'d [Member],
}

/// Reads files in three steps: outline, keys, fields; so that a reference may point forward and into another file.
pub(crate) struct Loader<'p, 'd> {
    pub(crate) types: Types<'p>,
    pub(crate) zone: Zone,
    files: Vec<File>,
    given: Vec<Given<'d>>,
    pub(crate) records: Vec<RecordData>,
    keys: HashMap<(u32, String), u32>,
    /// Names of records in a scenario, by which they may be referred to as well.
    names: HashMap<(u32, &'d str), u32>,
    spans: Vec<(u32, Span)>,
    as_of: Option<(Tick, u32, Span)>,
    through: BTreeMap<u32, (Tick, u32, Span)>,
    faults: Vec<(u32, Diagnostic)>,
    /// Suggestions still made for dangling references: each one looks at every key.
    suggestions: u32,
    /// A required field may be left out: it is unknown.
    partial: bool,
}

impl<'p, 'd> Loader<'p, 'd> {
    fn new(pack: &'p Pack) -> Self {
        Loader {
            types: Types::new(pack),
            zone: Zone::named(&pack.time_zone).unwrap_or_else(Zone::utc),
            files: Vec::new(),
            given: Vec::new(),
            records: Vec::new(),
            keys: HashMap::new(),
            names: HashMap::new(),
            spans: Vec::new(),
            as_of: None,
            through: BTreeMap::new(),
            faults: Vec::new(),
            suggestions: 50,
            partial: false,
        }
    }

    pub(crate) fn fault(&mut self, file: u32, diagnostic: Diagnostic) {
        let offset = self.files.get(file as usize).map_or(0, |f| f.offset);
        self.faults.push((file, diagnostic.shifted(offset)));
    }

    /// Bytes to a tree. A fault of the whole file leaves no tree.
    fn open(&mut self, name: &str, bytes: &[u8]) -> Option<Datum> {
        let file = self.files.len() as u32;
        let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let offset = (bytes.len() - body.len()) as u32;
        let text = decode(body);
        let lines = LineIndex::new(text.as_deref().unwrap_or(""));
        self.files.push(File { name: name.into(), lines, offset });
        match text.and_then(|text| crate::datum::read(name, text)) {
            Ok(tree) => Some(tree),
            Err(fault) => {
                self.fault(file, *fault);
                None
            }
        }
    }

    /// The top of a file: `as_of`, `data_through`, `records`.
    fn outline(&mut self, file: u32, tree: &'d Datum) {
        let Shape::Object(members) = &tree.shape else {
            let message = format!("facts start with `records:`, but this file holds {}", tree.what());
            return self.fault(file, Diagnostic::new(&codes::E105, tree.span, message));
        };
        self.repeated(file, members, "this file");
        let mut records = false;
        for member in first_of_each(members) {
            match member.name.as_str() {
                "as_of" => self.as_of(file, member),
                "data_through" => self.data_through(file, member),
                "records" => {
                    records = true;
                    self.record_lists(file, member);
                }
                other => {
                    let known = ["as_of", "data_through", "records"];
                    let message = format!("`{other}` means nothing at the top of a facts file");
                    let mut fault = Diagnostic::new(&codes::E105, member.span, message)
                        .help("at the top stand `records`, and where needed `as_of` and `data_through`; records stand below `records`, by type");
                    if let Some(near) = did_you_mean(other, known) {
                        fault = fault.help(format!("did you mean `{near}`?"));
                    }
                    self.fault(file, fault);
                }
            }
        }
        if !records {
            let span = Span::new(tree.span.start, tree.span.start);
            self.fault(
                file,
                Diagnostic::new(&codes::E105, span, "this file has no `records`, so there is nothing to assess").help(
                    "write `records:` and below it a list for each type of record; `records: {}` if there are none",
                ),
            );
        }
    }

    fn as_of(&mut self, file: u32, member: &'d Member) {
        if matches!(member.value.shape, Shape::Null) {
            return;
        }
        let Some(tick) = self.instant(file, "as_of", &member.value) else { return };
        match self.as_of {
            Some((other, first, span)) if other != tick => {
                let fault =
                    Diagnostic::new(&codes::E116, member.value.span, "two files name different instants of assessment")
                        .help("name one instant in one of the files, or leave `as_of` out and say it when assessing");
                let fault = self.pointing(fault, file, first, span, "the other one");
                self.fault(file, fault);
            }
            _ => self.as_of = Some((tick, file, member.value.span)),
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
            match self.through.get(&ty) {
                Some((other, first, span)) if *other != tick => {
                    let (first, span) = (*first, *span);
                    let message = format!("two files say differently how far the data on `{}` reaches", feed.name);
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
                let fault = crate::typing::misspelt(
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

    /// Registers a top-level record under its key.
    fn declare(&mut self, given: Given<'d>) {
        let index = self.records.len() as u32;
        let line = given.line.unwrap_or_else(|| self.line(given.file, given.span));
        let key = self.types.key(given.ty);
        let written = key.and_then(|(_, field)| given.object.iter().find(|m| m.name == field.name));
        let text = written.and_then(|m| key_text(&m.value)).or_else(|| given.name.map(str::to_owned));
        let hidden_key = key.is_some_and(|(_, field)| field.sensitive);
        let called = match (&text, given.name) {
            (_, Some(name)) => Called::Name(name.into()),
            (Some(text), None) if key.is_some() && !hidden_key => Called::Name(text.as_str().into()),
            _ => Called::Place(given.place as u32),
        };
        if let (Some(_), Some(text)) = (key, text) {
            match self.keys.get(&(given.ty, text.clone())) {
                Some(&first) => {
                    self.duplicate_key(&given, written.map_or(given.span, |m| m.value.span), first, &text, hidden_key);
                }
                None => {
                    self.keys.insert((given.ty, text), index);
                }
            }
        }
        if let Some(name) = given.name {
            self.names.entry((given.ty, name)).or_insert(index);
        }
        self.spans.push((given.file, given.span));
        self.records.push(RecordData {
            ty: given.ty,
            called,
            file: given.file,
            line,
            fields: Box::default(),
            hidden: false,
        });
        self.given.push(given);
    }

    fn duplicate_key(&mut self, given: &Given<'d>, span: Span, first: u32, key: &str, hidden: bool) {
        let name = self.types.shown(given.ty);
        let message = if hidden {
            format!("two records of `{name}` have the same key")
        } else {
            format!("two records of `{name}` have the key `{key}`")
        };
        let fault = Diagnostic::new(&codes::E110, span, message)
            .help("a reference to this key could mean either; give one of them another key, or remove the copy");
        let (other, place) = self.spans.get(first as usize).copied().unwrap_or_default();
        let fault = self.pointing(fault, given.file, other, place, "the first one");
        self.fault(given.file, fault);
    }

    /// Adds a place that may stand in another file.
    fn pointing(&self, mut fault: Diagnostic, file: u32, other: u32, span: Span, message: &str) -> Diagnostic {
        let name = self.files.get(other as usize).filter(|_| other != file).map(|f| f.name.clone());
        fault.related.push(Label { file: name, span, message: message.to_owned() });
        fault
    }

    fn line(&self, file: u32, span: Span) -> u32 {
        self.files.get(file as usize).map_or(1, |f| f.lines.line(span.start) as u32 + 1)
    }

    /// Reads the fields of every record; nested records are added behind.
    fn finish(mut self, pack: &Pack) -> (Facts, Vec<(String, Diagnostic)>) {
        for (index, given) in std::mem::take(&mut self.given).into_iter().enumerate() {
            let label: Arc<str> = match &self.records[index].called {
                Called::Name(name) => name.clone(),
                _ => format!("{}[{}]", self.types.shown(given.ty), given.place).into(),
            };
            let place =
                RecordPlace { file: given.file, span: given.span, label: &label, line: given.line, hidden: None };
            let named = given.name;
            let fields = self.fields(&place, given.ty, given.object, named);
            let record = &mut self.records[index];
            record.fields = fields.into();
            let key = self.types.key(record.ty).and_then(|(field, _)| record.fields.get(field as usize)?.as_ref());
            if matches!((key, &record.called), (Some(Value::Text(key)), Called::Name(name)) if key == name) {
                record.called = Called::Key;
            }
        }
        let mut faults = std::mem::take(&mut self.faults);
        faults.sort_by_key(|(file, fault)| (*file, fault.primary.span));
        let name = |file: u32| self.files.get(file as usize).map_or_else(String::new, |f| f.name.to_string());
        let faults = faults.into_iter().map(|(file, fault)| (name(file), fault)).collect();
        let facts = Facts {
            pack: pack.digest.clone(),
            files: self.files.iter().map(|f| f.name.clone()).collect(),
            records: self.records,
            as_of: self.as_of.map(|(tick, _, _)| tick),
            through: self.through.into_iter().map(|(ty, (tick, _, _))| (ty, tick)).collect(),
        };
        (facts, faults)
    }

    /// The fields of one object, in the order of its type.
    fn fields(&mut self, at: &RecordPlace<'_>, ty: u32, object: &[Member], named: Option<&str>) -> Vec<Option<Value>> {
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
                    self.convert(&place, at, &format!("{}.{}", at.label, field.name), &field.ty, &member.value)
                }
                None if declared.key.as_deref() == Some(&field.name) && named.is_some() => {
                    named.map(|n| Value::Text(n.into()))
                }
                None if self.partial || field.ty.is_optional() || field.default.is_some() => None,
                None => {
                    let message = format!("`{}` of `{}` is missing; every {shown} has one", field.name, at.label);
                    let mut fault = Diagnostic::new(&codes::E109, at.span, message).help(format!(
                        "write `{}`; a value that may be unknown is declared `{}?` in the rules",
                        field.name,
                        field.ty.short()
                    ));
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
        self.spans.push((at.file, datum.span));
        self.records.push(RecordData {
            ty,
            called: Called::Name(label.into()),
            file: at.file,
            line,
            fields: Box::default(),
            hidden: hidden.is_some(),
        });
        let place = RecordPlace { file: at.file, span: datum.span, label, line: at.line, hidden };
        let fields = self.fields(&place, ty, object, None);
        self.records[index as usize].fields = fields.into();
        Value::Record(index)
    }

    /// The record a key (or, in a scenario, a name) refers to.
    pub(crate) fn resolve(&self, ty: u32, key: &str) -> Option<u32> {
        self.keys.get(&(ty, key.to_owned())).or_else(|| self.names.get(&(ty, key))).copied()
    }

    /// A key near to one that dangles.
    pub(crate) fn near_key(&mut self, ty: u32, key: &str) -> Option<String> {
        if self.suggestions == 0 || self.types.key(ty).is_some_and(|(_, field)| field.sensitive) {
            return None;
        }
        self.suggestions -= 1;
        let known = self.keys.keys().filter(|(of, _)| *of == ty).map(|(_, key)| key.as_str());
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

fn decode(bytes: &[u8]) -> Result<&str, Box<Diagnostic>> {
    let whole_file = |code: &'static Code, at: u32, message: String| Diagnostic::new(code, Span::empty(at), message);
    if bytes.len() > MAX_FILE {
        let message = format!("this file is larger than {} MB; more cannot be read at once", MAX_FILE / 1024 / 1024);
        return Err(Box::new(
            whole_file(&codes::E103, 0, message).help("split it into several files; they are read together"),
        ));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Box::new(
            whole_file(&codes::E101, 0, "this file is written in UTF-16; facts are read as UTF-8".to_owned())
                .help("save it again with the encoding UTF-8"),
        ));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let at = u32::try_from(error.valid_up_to()).unwrap_or(u32::MAX);
        Box::new(
            whole_file(
                &codes::E101,
                at,
                format!("this file is not UTF-8: byte {at} (counted from 0) belongs to no character"),
            )
            .help("save it again with the encoding UTF-8; if it was text before, the file may be damaged"),
        )
    })
}
