//! Rows taken over into the facts: sound ones as they are, the others read again with care.

use crate::facts::datum::{Datum, Member, Shape};
use crate::facts::fields::Fields;
use crate::facts::input::FactsFormat;
use crate::facts::lines::{Lines, TYPE};
use crate::facts::loader::{Careful, Given, Keys, Loader, RecordPlace, Written};
use crate::facts::plan::Plans;
use crate::facts::quick::{Quick, Worker};
use crate::facts::rows::{self, Chunk, Chunks, MAX_ROW, Row, Stop};
use crate::facts::seen::Spot;
use crate::facts::table::{self, Table};
use crate::facts::typing::FieldPlace;
use crate::facts::{Called, RecordData, label};
use crate::value::Value;
use mandate_diagnostics::{Diagnostic, Span, codes, did_you_mean};
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

/// What is done after each row.
pub(crate) type After<'a, L> = &'a mut dyn FnMut(&mut L);

/// How the rows of one file are taken over.
struct Taking {
    file: u32,
    /// Type of the records that do not name theirs, as the file says.
    ty: Option<u32>,
    /// Records of each type so far: a record without a key is called by its number.
    places: Vec<u32>,
    table: Option<u32>,
}

impl<'p> Loader<'p, '_> {
    /// Reads a file of one record a row; `after` is called behind every row.
    pub(crate) fn rows(
        &mut self,
        file: u32,
        input: Box<dyn Read + '_>,
        format: FactsFormat,
        records: Option<String>,
        after: After<'_, Self>,
    ) -> io::Result<()> {
        let ty = records.as_deref().and_then(|name| self.types.in_facts(name));
        let mut chunks = Chunks::new(input);
        let mut taking = Taking { file, ty, places: vec![0; self.types.records.len()], table: None };
        match format {
            FactsFormat::Csv => {
                let Some(ty) = ty else {
                    let fault = self.untyped(records.as_deref(), Span::default(), "the records of this table are");
                    self.fault_in_line(file, 1, fault);
                    return Ok(());
                };
                match self.header(file, ty, &mut chunks)? {
                    None => Ok(()),
                    Some((table, line)) => {
                        taking.table = Some(self.tables.len() as u32);
                        self.tables.push(table.clone());
                        self.take_all(&mut chunks, line, &*table, taking, after)
                    }
                }
            }
            _ => {
                let lines = Lines::new(&self.types, self.plans.clone(), ty);
                self.take_all(&mut chunks, 1, &lines, taking, after)?;
                Ok(())
            }
        }
    }

    /// Nothing says of which type records are.
    fn untyped(&self, name: Option<&str>, span: Span, what: &str) -> Diagnostic {
        let message = format!("nothing says of which type {what}");
        let fault = Diagnostic::new(&codes::E118, span, message)
            .help("name the file after the type (`Incident.csv`, `Incident-2024.jsonl`), or write `\"$type\": \"Incident\"` into each line of JSON");
        let known = (0..self.types.records.len() as u32).map(|ty| self.types.shown(ty));
        match name.and_then(|name| did_you_mean(name, known)) {
            Some(near) => fault.help(format!("the name of this file is near to `{near}`: did you mean that type?")),
            None => fault,
        }
    }

    /// The header of a table, and the line behind it.
    fn header(&mut self, file: u32, ty: u32, chunks: &mut Chunks<'_>) -> io::Result<Option<(Arc<Table<'p>>, u32)>> {
        // The first bytes tell the separator, and that how rows end.
        let first = match chunks.next() {
            Ok(Some(first)) if !first.trim_ascii().is_empty() => first,
            Ok(_) => {
                let message = "this file is empty; a table starts with a row of column names";
                let fault = Diagnostic::new(&codes::E102, Span::empty(0), message)
                    .help("a table without records has its row of column names all the same");
                self.fault_in_line(file, 1, fault);
                return Ok(None);
            }
            Err(stop) => return self.stopped(file, 1, stop).map(|()| None),
        };
        let line_end = memchr::memchr(b'\n', &first).unwrap_or(first.len());
        let separator = table::separator(&first[..line_end]);
        let mut reader = table::reader(separator, &first);
        let mut cells = csv::StringRecord::new();
        if reader.read_record(&mut cells).is_err() {
            self.fault_in_line(file, 1, not_text());
            return Ok(None);
        }
        let (at, line) = (reader.position().byte() as usize, reader.position().line() as u32);
        let names: Vec<String> = cells.iter().map(str::to_owned).collect();
        let (table, faults) = Table::new(&self.types, self.plans.clone(), ty, separator, &names);
        for fault in faults {
            self.fault_in_line(file, 1, fault);
        }
        chunks.quoted(separator);
        chunks.put_back(first[at.min(first.len())..].to_vec());
        Ok(table.any().then(|| (Arc::new(table), line)))
    }

    fn take_all(
        &mut self,
        chunks: &mut Chunks<'_>,
        line: u32,
        reader: &dyn rows::ReadRows,
        mut taking: Taking,
        after: After<'_, Self>,
    ) -> io::Result<()> {
        let mut workers: Vec<Worker> = (0..rows::workers_wanted()).map(|_| Worker::new(&self.plans)).collect();
        let file = taking.file;
        let ended = rows::read(chunks, line, reader, &mut workers, &mut |start, chunk| {
            self.take(&mut taking, start, chunk, after);
        });
        match ended {
            Ok(()) => Ok(()),
            Err((line, stop)) => self.stopped(file, line, stop),
        }
    }

    fn stopped(&mut self, file: u32, line: u32, stop: Stop) -> io::Result<()> {
        let fault = match stop {
            Stop::TooLong => {
                let message =
                    format!("a row that starts here or further on is longer than {} MB", MAX_ROW / 1024 / 1024);
                Diagnostic::new(&codes::E103, Span::empty(0), message)
                    .help("no record is that long: check for line ends that are missing, or a quotation mark that is never closed")
            }
            Stop::Unclosed => {
                Diagnostic::new(&codes::E119, Span::empty(0), "a quotation mark in this row is never closed")
                    .help("a cell in quotation marks ends with one; inside it, two of them stand for one")
            }
            Stop::Io(error) => match crate::facts::input::Refused::from(error) {
                crate::facts::input::Refused::Fault(fault) => *fault,
                crate::facts::input::Refused::Io(error) => return Err(error),
            },
        };
        self.fault_in_line(file, line, fault);
        Ok(())
    }

    fn take(&mut self, taking: &mut Taking, start: u32, chunk: Chunk, after: After<'_, Self>) {
        for (line, row) in chunk.rows {
            let line = start.saturating_add(line);
            match row {
                Row::Quick(record) => self.take_record(taking, line, record),
                Row::Line(text) => self.take_line(taking, line, text.into()),
                Row::Cells(cells) => self.take_cells(taking, line, cells),
                Row::NotUtf8 => self.fault_in_line(taking.file, line, not_text()),
            }
            after(self);
        }
    }

    /// A sound record, with the records in it behind it.
    fn take_record(&mut self, taking: &mut Taking, line: u32, record: Quick) {
        let Quick { ty, mut fields, parts } = record;
        let plans = self.plans.clone();
        let Some(plan) = plans.records.get(ty as usize) else { return };
        let index = self.records.len() as u32;
        let rebase = |fields: &mut Fields, holds: &[u32]| {
            for field in holds {
                fields.change(*field, &mut |value| {
                    if let Value::Record(part) = value {
                        *part += index + 1;
                    }
                });
            }
        };
        rebase(&mut fields, &plan.holds);
        let mut called = Called::Place(self.place(taking, ty));
        if let Some((field, open)) = plan.key {
            let key: Option<Arc<str>> = match fields.get(field) {
                Some(Value::Text(key)) => Some(key),
                Some(Value::Number(key)) => key.lo.map(|n| n.to_string().into()),
                _ => None,
            };
            if let Some(key) = key {
                if let Some(first) = self.add_key(ty, key.clone(), index, Spot { file: taking.file, line }) {
                    let fault = self.duplicate_key(taking.file, ty, Span::empty(0), first, &key, !open);
                    self.fault_in_line(taking.file, line, fault);
                }
                if open {
                    called = Called::Key;
                }
            }
        }
        self.note(ty, taking.file, line);
        self.records.push(RecordData { ty, called, file: taking.file, line, fields, hidden: false });
        for mut part in parts {
            if let Some(plan) = plans.records.get(part.ty as usize) {
                rebase(&mut part.fields, &plan.holds);
            }
            let of = part.of.map_or(index, |of| index + 1 + of);
            let called = Called::Part { of, field: part.field, item: part.item };
            let (file, hidden) = (taking.file, part.hidden);
            self.records.push(RecordData { ty: part.ty, called, file, line, fields: part.fields, hidden });
        }
    }

    /// The number of a record among those of its type in the file.
    fn place(&self, taking: &mut Taking, ty: u32) -> u32 {
        taking.places.get_mut(ty as usize).map_or(0, |place| {
            *place += 1;
            *place - 1
        })
    }

    /// A line in which something is not as it should be: its key counts now, its fields are read when all keys are known.
    fn take_line(&mut self, taking: &mut Taking, line: u32, text: Rc<str>) {
        let file = taking.file;
        self.at_row(file, line, text.clone());
        if let Some((ty, span, object)) = self.line_record(taking, &text) {
            let place = self.place(taking, ty) as usize;
            let given = Given { file, ty, span, line: Some(line), name: None, place, object: &object };
            let index = self.register(&given, line);
            self.careful.push(Careful { index, file, line, row: Written::Line(text) });
        }
        self.off_row(file);
    }

    /// Type and fields of a line, or the fault of a line that has none.
    fn line_record(&mut self, taking: &Taking, text: &str) -> Option<(u32, Span, Vec<Member>)> {
        let file = taking.file;
        let datum = match crate::facts::json::read(text) {
            Ok(datum) => datum,
            Err(mut fault) => {
                fault.help.push("each line of this file is one record, a JSON object".to_owned());
                self.fault(file, *fault);
                return None;
            }
        };
        let (span, what) = (datum.span, datum.what());
        let Shape::Object(mut object) = datum.shape else {
            let message = format!("each line of this file is one record, a JSON object, but this is {what}");
            self.fault(file, Diagnostic::new(&codes::E105, span, message));
            return None;
        };
        let named = object.iter().position(|member| member.name == TYPE).map(|at| object.remove(at));
        let ty = match named {
            Some(member) => match &member.value.shape {
                Shape::Text(name) => {
                    let ty = self.types.in_facts(name);
                    if ty.is_none() {
                        self.unknown_type(file, name, member.value.span);
                    }
                    ty
                }
                _ => {
                    let message = format!("`{TYPE}` names a record type, but this is {}", member.value.what());
                    self.fault(file, Diagnostic::new(&codes::E105, member.value.span, message));
                    None
                }
            },
            None => {
                if taking.ty.is_none() {
                    let name = self.files.get(file as usize).map(|f| f.name.clone());
                    let stem = name.as_deref().and_then(crate::facts::input::named_type);
                    let fault = self.untyped(stem, Span::new(span.start, span.start + 1), "the record in this line is");
                    self.fault(file, fault);
                }
                taking.ty
            }
        }?;
        Some((ty, span, object))
    }

    fn take_cells(&mut self, taking: &mut Taking, line: u32, cells: Vec<Box<str>>) {
        let file = taking.file;
        let Some(number) = taking.table else { return };
        let Some(table) = self.tables.get(number as usize).cloned() else { return };
        if cells.len() != table.width() {
            let (cells, width) = (cells.len(), table.width());
            let message = format!("this row has {cells} {}, but the table has {width}", count(cells, "cell", "cells"));
            let at = cells.min(width).saturating_sub(1) as u32;
            let fault = Diagnostic::new(&codes::E119, Span::new(at, at + 1), message).help(
                "every row has a cell for every column, empty if there is no value; a cell that holds the separator stands in quotation marks",
            );
            return self.fault_in_line(file, line, fault);
        }
        self.at_row(file, line, "".into());
        let members = table.members(&cells);
        let (place, ty) = (self.place(taking, table.ty) as usize, table.ty);
        let given = Given { file, ty, span: Span::default(), line: Some(line), name: None, place, object: &members };
        let index = self.register(&given, line);
        self.careful.push(Careful { index, file, line, row: Written::Cells(cells, number) });
        self.off_row(file);
    }

    fn at_row(&mut self, file: u32, line: u32, text: Rc<str>) {
        if let Some(file) = self.files.get_mut(file as usize) {
            file.row = Some((line, text));
        }
    }

    fn off_row(&mut self, file: u32) {
        if let Some(file) = self.files.get_mut(file as usize) {
            file.row = None;
        }
    }

    /// The fields of a row that is not as it should be.
    pub(crate) fn read_with_care(&mut self, careful: Careful) {
        let Careful { index, file, line, row } = careful;
        let Some(ty) = self.records.get(index as usize).map(|record| record.ty) else { return };
        let (text, object, without): (Rc<str>, _, _) = match row {
            Written::Line(text) => match crate::facts::json::read(&text) {
                Ok(Datum { shape: Shape::Object(mut object), .. }) => {
                    if let Some(at) = object.iter().position(|member| member.name == TYPE) {
                        object.remove(at);
                    }
                    (text, object, Vec::new())
                }
                _ => return,
            },
            Written::Cells(cells, number) => match self.tables.get(number as usize) {
                Some(table) => ("".into(), table.members(&cells), table.without.clone()),
                None => return,
            },
        };
        self.at_row(file, line, text.clone());
        let called = label(&self.records, &self.types, index).into_owned();
        let span = Span::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX).max(1));
        let place = RecordPlace { file, span, label: &called, line: Some(line), hidden: None, without: &without };
        let fields = self.fields(&place, ty, &object, None);
        self.complete_record(index, fields);
        self.off_row(file);
    }

    /// Puts records in the place of keys, now that all are known, in the records from `first` on: by as many threads as read files, each
    /// on a part of the records.
    pub(crate) fn resolve_all(&mut self, first: usize) {
        /// So many records are done before a thread would have started.
        const FEW: usize = 4096;
        let plans = self.plans.clone();
        let (plans, keys) = (&*plans, &self.keys);
        let begin = u32::try_from(first).unwrap_or(u32::MAX);
        let records = self.records.get_mut(first..).unwrap_or_default();
        let size = records.len().div_ceil(rows::workers_wanted()).max(FEW);
        let dangling: Vec<Dangling> = if records.len() <= size {
            resolve(records, begin, plans, keys)
        } else {
            std::thread::scope(|scope| {
                let parts = records.chunks_mut(size).zip((begin..).step_by(size));
                let start = |(part, first)| scope.spawn(move || resolve(part, first, plans, keys));
                let parts: Vec<_> = parts.map(start).collect();
                let join = |part: std::thread::ScopedJoinHandle<'_, _>| match part.join() {
                    Ok(dangling) => dangling,
                    Err(panic) => std::panic::resume_unwind(panic),
                };
                parts.into_iter().flat_map(join).collect()
            })
        };
        for Dangling { record, field, target, key } in dangling {
            self.dangles(plans, record, field, target, &key);
        }
    }

    fn dangles(&mut self, plans: &Plans<'_>, index: u32, field: u32, target: u32, key: &str) {
        let Some(record) = self.records.get(index as usize) else { return };
        let Some(declared) = plans.records.get(record.ty as usize).and_then(|plan| plan.fields.get(field as usize))
        else {
            return;
        };
        let (file, line) = (record.file, record.line);
        let sensitive = (declared.sensitive || record.hidden).then_some(Span::empty(0));
        let name = format!("`{}.{}`", label(&self.records, &self.types, index), declared.name);
        let place = FieldPlace { file, name, sensitive };
        let hidden_key = self.types.key(target).is_some_and(|(_, key)| key.sensitive);
        self.at_row(file, line, "".into());
        let datum = Datum { span: Span::empty(0), shape: Shape::Text(key.to_owned()) };
        self.dangling(&place, target, key, &datum, hidden_key);
        self.off_row(file);
        if let Some(record) = self.records.get_mut(index as usize) {
            record.fields.clear(field);
        }
    }
}

/// A reference to a record that there is not.
struct Dangling {
    record: u32,
    field: u32,
    target: u32,
    key: Arc<str>,
}

/// Puts records in the place of keys in some of the records, of which the first has a number.
fn resolve(records: &mut [RecordData], first: u32, plans: &Plans<'_>, keys: &[Keys]) -> Vec<Dangling> {
    let mut dangling = Vec::new();
    for (record, index) in records.iter_mut().zip(first..) {
        let Some(plan) = plans.records.get(record.ty as usize) else { continue };
        for field in &plan.refers {
            let Some(target) = plan.fields.get(*field as usize).and_then(|field| field.kind.referred()) else {
                continue;
            };
            let Some(keys) = keys.get(target as usize) else { continue };
            record.fields.refer(*field, &mut |key| {
                let found = keys.get(key).copied();
                if found.is_none() {
                    dangling.push(Dangling { record: index, field: *field, target, key: key.clone() });
                }
                found
            });
        }
    }
    dangling
}

fn count(n: usize, one: &'static str, many: &'static str) -> &'static str {
    if n == 1 { one } else { many }
}

fn not_text() -> Diagnostic {
    Diagnostic::new(&codes::E101, Span::empty(0), "this line is not UTF-8: it holds bytes that belong to no character")
        .help("save the file again with the encoding UTF-8; if it was text before, it may be damaged")
}
