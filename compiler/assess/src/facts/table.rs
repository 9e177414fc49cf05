//! CSV: a row of column names, then one record a row.

use crate::facts::datum::{Datum, Member, Shape, is_number};
use crate::facts::plan::{FieldPlan, Kind, Plan, Plans};
use crate::facts::quick::{self, Quick, Unfit, Worker};
use crate::facts::rows::{Chunk, ReadRows, Row};
use crate::spell;
use crate::types::{Types, one};
use crate::value::{Entry, List, Value};
use mandate_diagnostics::{Diagnostic, Span, codes, did_you_mean};
use rust_decimal::Decimal;
use std::sync::Arc;

/// A table whose header was read.
pub(crate) struct Table<'p> {
    plans: Arc<Plans<'p>>,
    pub(crate) ty: u32,
    separator: u8,
    /// Columns in order; `None`: it names no field, which is a fault.
    columns: Vec<Option<Column>>,
    /// Fields for which there is no column: said once, not for every row.
    pub(crate) without: Vec<u32>,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    field: u32,
    /// Names behind the field: `lat` of `location.lat`.
    path: Vec<String>,
}

/// The separator of a header: what stands in it most often of comma, semicolon and tab.
pub(crate) fn separator(header: &[u8]) -> u8 {
    let (mut counts, mut quoted) = ([0_u32; 3], false);
    const SIGNS: [u8; 3] = [b',', b';', b'\t'];
    for byte in header {
        quoted ^= *byte == b'"';
        if let Some(place) = SIGNS.iter().position(|sign| sign == byte)
            && !quoted
        {
            counts[place] += 1;
        }
    }
    let most = (0..SIGNS.len()).rev().max_by_key(|place| counts[*place]).unwrap_or(0);
    SIGNS[most]
}

/// The place of a column, counted from 0, in a row.
fn cell_span(column: usize) -> Span {
    Span::new(column as u32, column as u32 + 1)
}

impl<'p> Table<'p> {
    /// A table of records of a type by its header, with what is wrong with it. The names are not quoted: where the header was
    /// forgotten, they are values.
    pub(crate) fn new(
        types: &Types<'p>,
        plans: Arc<Plans<'p>>,
        ty: u32,
        separator: u8,
        header: &[String],
    ) -> (Self, Vec<Diagnostic>) {
        let shown = types.shown(ty);
        let mut faults = Vec::new();
        let mut columns: Vec<Option<Column>> = Vec::new();
        for (at, name) in header.iter().enumerate() {
            let column = column(&plans, ty, name.trim());
            match &column {
                None => faults.push(unknown(&plans, ty, shown, at, name.trim())),
                Some(new) => {
                    let clash = |old: &Column| {
                        old.field == new.field && (old.path.starts_with(&new.path) || new.path.starts_with(&old.path))
                    };
                    if let Some(first) = columns.iter().position(|old| old.as_ref().is_some_and(clash)) {
                        let message = format!("columns {} and {} name the same field", first + 1, at + 1);
                        faults.push(
                            Diagnostic::new(&codes::E111, cell_span(at), message)
                                .related(cell_span(first), "the first one")
                                .help("keep one of them"),
                        );
                    }
                }
            }
            columns.push(column);
        }
        if !columns.is_empty() && columns.iter().all(Option::is_none) {
            let message = format!("the first row names no field of {}", one(shown));
            faults = vec![
                Diagnostic::new(&codes::E119, cell_span(0), message)
                    .help("a table starts with a row of column names, each the name of a field in the rules"),
            ];
        }
        let fields = plans.records.get(ty as usize).map_or(&[][..], |plan| &plan.fields);
        let missing = |place: &u32| !columns.iter().flatten().any(|column| column.field == *place);
        let without: Vec<u32> = (0..fields.len() as u32).filter(missing).collect();
        let required: Vec<String> = without
            .iter()
            .filter_map(|place| fields.get(*place as usize))
            .filter(|field| field.required)
            .map(|field| format!("`{}`", field.name))
            .collect();
        if !required.is_empty() && columns.iter().any(Option::is_some) {
            let message = match required.len() {
                1 => format!("there is no column {}; every {shown} has one", required[0]),
                _ => format!("there are no columns {}; every {shown} has them", required.join(", ")),
            };
            faults.push(
                Diagnostic::new(&codes::E109, cell_span(0), message)
                    .help("add them to the table; a field that may be unknown is declared with `?` in the rules"),
            );
        }
        (Table { plans, ty, separator, columns, without }, faults)
    }

    fn plan(&self) -> Option<&Plan<'p>> {
        self.plans.records.get(self.ty as usize)
    }

    /// Whether any column names a field: else there is nothing to read.
    pub(crate) fn any(&self) -> bool {
        self.columns.iter().any(Option::is_some)
    }

    /// Number of columns.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The record of a row, for careful reading.
    pub(crate) fn members(&self, cells: &[Box<str>]) -> Vec<Member> {
        let mut members = Vec::new();
        let Some(plan) = self.plan() else { return members };
        for (at, (cell, column)) in cells.iter().zip(&self.columns).enumerate() {
            let Some(column) = column else { continue };
            let (cell, span) = (cell.trim(), cell_span(at));
            let Some(field) = plan.fields.get(column.field as usize).filter(|_| !cell.is_empty()) else { continue };
            let kind = self.leaf(&field.kind, &column.path);
            let datum =
                Datum { span, shape: kind.map_or_else(|| Shape::Text(cell.into()), |kind| shape(kind, cell, span)) };
            insert(&mut members, field.name, &column.path, datum);
        }
        members
    }

    /// What a column below a field holds.
    fn leaf<'k>(&'k self, kind: &'k Kind<'p>, path: &[String]) -> Option<&'k Kind<'p>> {
        leaf(&self.plans, kind, path)
    }

    fn row(&self, worker: &mut Worker, cells: &csv::StringRecord) -> Row {
        if cells.len() == self.columns.len()
            && let Ok(record) = self.quick(worker, cells)
        {
            return Row::Quick(record);
        }
        Row::Cells(cells.iter().map(Box::from).collect())
    }

    fn quick(&self, worker: &mut Worker, cells: &csv::StringRecord) -> Result<Quick, Unfit> {
        let plan = self.plan().ok_or(Unfit)?;
        let mut fields: Vec<Option<Value>> = vec![None; plan.fields.len()];
        let mut spots: Vec<(u32, [Option<Decimal>; 3])> = Vec::new();
        for (cell, column) in cells.iter().zip(&self.columns) {
            let Some(column) = column else { continue };
            let cell = cell.trim();
            if cell.is_empty() {
                continue;
            }
            let kind = &plan.fields.get(column.field as usize).ok_or(Unfit)?.kind;
            let slot = fields.get_mut(column.field as usize).ok_or(Unfit)?;
            match (&column.path[..], kind) {
                ([], kind) => *slot = Some(value(worker, &self.plans, kind, cell)?),
                ([part], Kind::Location) => {
                    let (place, number) = match part.as_str() {
                        "lat" => (0, spell::decimal(cell)),
                        "lon" => (1, spell::decimal(cell)),
                        _ => (2, spell::length(cell)),
                    };
                    let number = number.map_err(|_| Unfit)?;
                    match spots.iter_mut().find(|(field, _)| *field == column.field) {
                        Some((_, parts)) => parts[place] = Some(number),
                        None => {
                            let mut parts = [None; 3];
                            parts[place] = Some(number);
                            spots.push((column.field, parts));
                        }
                    }
                }
                _ => return Err(Unfit),
            }
        }
        for (field, [lat, lon, within]) in spots {
            let (lat, lon) = lat.zip(lon).ok_or(Unfit)?;
            fields[field as usize] = Some(quick::point(lat, lon, within)?);
        }
        let missing = plan.fields.iter().zip(&fields).zip(0..).any(|((field, value), place): (_, u32)| {
            field.required && value.is_none() && !self.without.contains(&place)
        });
        if missing { Err(Unfit) } else { Ok(Quick { ty: self.ty, fields: fields.into(), parts: Vec::new() }) }
    }
}

impl ReadRows for Table<'_> {
    fn chunk(&self, worker: &mut Worker, bytes: &[u8]) -> Chunk {
        let mut chunk = Chunk { rows: Vec::new(), lines: memchr::memchr_iter(b'\n', bytes).count() as u32 };
        let mut rows = reader(self.separator, bytes);
        let mut cells = csv::StringRecord::new();
        loop {
            let row = match rows.read_record(&mut cells) {
                Ok(false) => break,
                Ok(true) if cells.iter().all(|cell| cell.trim().is_empty()) => continue,
                Ok(true) => self.row(worker, &cells),
                Err(error) => {
                    let line = error.position().map_or(0, |at| at.line().saturating_sub(1));
                    chunk.rows.push((line as u32, Row::NotUtf8));
                    continue;
                }
            };
            let line = cells.position().map_or(0, |at| at.line().saturating_sub(1));
            chunk.rows.push((line as u32, row));
        }
        chunk
    }
}

/// A reader of rows of any number of cells.
pub(crate) fn reader(separator: u8, bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(bytes)
}

/// The column a name of the header stands for: a field, or a part of what stands in a field.
fn column(plans: &Plans<'_>, ty: u32, name: &str) -> Option<Column> {
    let mut names = name.split('.').map(str::to_owned);
    let first = names.next()?;
    let fields = &plans.records.get(ty as usize)?.fields;
    let field = fields.iter().position(|field| field.name == first)?;
    let path: Vec<String> = names.collect();
    leaf(plans, &fields[field].kind, &path)?;
    Some(Column { field: field as u32, path })
}

/// The kind of what stands at a path below a field.
fn leaf<'k, 'p>(plans: &'k Plans<'p>, kind: &'k Kind<'p>, path: &[String]) -> Option<&'k Kind<'p>> {
    let [name, rest @ ..] = path else { return Some(kind) };
    let inner = match (kind, name.as_str()) {
        (Kind::Location, "lat" | "lon") | (Kind::Money, "amount") => &Kind::Decimal,
        (Kind::Location, "within") => &Kind::Length,
        (Kind::Money, "currency") => &Kind::Text,
        (Kind::Time | Kind::Period, "from" | "to") => &Kind::Time,
        (Kind::Part(ty), name) => {
            let fields = &plans.records.get(*ty as usize)?.fields;
            &fields.iter().find(|field| field.name == name)?.kind
        }
        _ => return None,
    };
    leaf(plans, inner, rest)
}

fn unknown(plans: &Plans<'_>, ty: u32, shown: &str, at: usize, name: &str) -> Diagnostic {
    let message = match name {
        "" => format!("column {} has no name", at + 1),
        _ => format!("column {} names no field of {}", at + 1, one(shown)),
    };
    let fault = Diagnostic::new(&codes::E107, cell_span(at), message)
        .help("what stands in it would be left out of every finding without a word; remove it, or name the field it belongs to");
    let fields: &[FieldPlan<'_>] = plans.records.get(ty as usize).map_or(&[], |plan| &plan.fields);
    match did_you_mean(name.split('.').next().unwrap_or(name), fields.iter().map(|field| field.name)) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault,
    }
}

/// The value of a sound cell.
fn value(worker: &mut Worker, plans: &Plans<'_>, kind: &Kind<'_>, cell: &str) -> Result<Value, Unfit> {
    match kind {
        Kind::Bool => truth(cell).map(Value::Bool).ok_or(Unfit),
        Kind::Key(_, true) => {
            let canonical = cell == "0" || (!cell.starts_with('0') && cell.bytes().all(|b| b.is_ascii_digit()));
            if canonical { Ok(Value::Text(cell.into())) } else { Err(Unfit) }
        }
        Kind::List(item) => {
            let items = items(cell).ok_or(Unfit)?;
            let values = items.into_iter().map(|item_text| value(worker, plans, item, item_text));
            Ok(Value::List(List::closed(values.collect::<Result<_, _>>()?)))
        }
        Kind::History(inner) => {
            let pieces = items(cell).ok_or(Unfit)?;
            if let [one] = pieces[..]
                && dated(one).is_none()
            {
                return value(worker, plans, inner, one).map(quick::always);
            }
            let entries = pieces.into_iter().map(|piece| {
                let (from, rest) = dated(piece).ok_or(Unfit)?;
                let from = spell::time_or_date(from, &plans.zone).map_err(|_| Unfit)?;
                Ok(Entry { from, value: value(worker, plans, inner, rest)? })
            });
            quick::history(entries.collect::<Result<_, Unfit>>()?)
        }
        Kind::Period | Kind::Time if cell.contains('/') => {
            let (from, to) = cell.split_once('/').ok_or(Unfit)?;
            let end = |text: &str| spell::time_or_date(text.trim(), &plans.zone).map_err(|_| Unfit);
            let (from, to) = (end(from)?, end(to)?);
            match kind {
                Kind::Period => quick::period(from, to),
                _ => spell::interval(&from, &to).map(Value::Time).ok_or(Unfit),
            }
        }
        Kind::Location => {
            let (lat, lon, within) = position(cell).ok_or(Unfit)?;
            let number = |text: &str| spell::decimal(text).map_err(|_| Unfit);
            let within = within.map(|text| spell::length(text).map_err(|_| Unfit)).transpose()?;
            quick::point(number(lat)?, number(lon)?, within)
        }
        kind => worker.scalar(plans, kind, cell),
    }
}

/// `true` as it is written in files and as spreadsheets write it.
fn truth(cell: &str) -> Option<bool> {
    match cell {
        "true" | "TRUE" | "True" => Some(true),
        "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// The items of a list in a cell; `None` if it is written as JSON.
fn items(cell: &str) -> Option<Vec<&str>> {
    match cell {
        "[]" => Some(Vec::new()),
        _ if cell.starts_with(['[', '{']) => None,
        _ => Some(cell.split(';').map(str::trim).filter(|item| !item.is_empty()).collect()),
    }
}

/// An instant before a value: `2024-03-01T08:00Z alleged`.
fn dated(piece: &str) -> Option<(&str, &str)> {
    let (from, rest) = piece.split_once(' ')?;
    let looks = from.len() >= 10 && from.as_bytes()[..4].iter().all(u8::is_ascii_digit) && from.as_bytes()[4] == b'-';
    looks.then(|| (from, rest.trim()))
}

/// `50.85, 4.35` or `50.85, 4.35 within 50 m`.
fn position(cell: &str) -> Option<(&str, &str, Option<&str>)> {
    let (place, within) =
        cell.split_once(" within ").map_or((cell, None), |(place, within)| (place, Some(within.trim())));
    let (lat, lon) = place.split_once(',')?;
    Some((lat.trim(), lon.trim(), within))
}

/// A cell as it would stand in JSON.
fn shape(kind: &Kind<'_>, cell: &str, span: Span) -> Shape {
    let datum = |shape: Shape| Datum { span, shape };
    let object = |members: Vec<(&str, Shape)>| {
        let member = |(name, shape): (&str, Shape)| Member { name: name.to_owned(), span, value: datum(shape) };
        Shape::Object(members.into_iter().map(member).collect())
    };
    let text = |text: &str| Shape::Text(text.to_owned());
    let composed = matches!(
        kind,
        Kind::List(_) | Kind::History(_) | Kind::Part(_) | Kind::Location | Kind::Period | Kind::Time | Kind::Money
    );
    if composed
        && cell.starts_with(['[', '{'])
        && let Ok(mut read) = crate::facts::json::read(cell)
    {
        place_at(&mut read, span);
        return read.shape;
    }
    match kind {
        Kind::Bool => truth(cell).map_or_else(|| text(cell), Shape::Bool),
        Kind::Key(_, true) if is_number(cell) => Shape::Number(cell.to_owned()),
        Kind::List(item) => {
            let items = items(cell).unwrap_or_else(|| vec![cell]);
            Shape::List(items.into_iter().map(|piece| datum(shape(item, piece, span))).collect())
        }
        Kind::History(inner) => match items(cell).unwrap_or_else(|| vec![cell])[..] {
            [one] if dated(one).is_none() => shape(inner, one, span),
            ref pieces => {
                let entry = |piece: &&str| match dated(piece) {
                    Some((from, rest)) => {
                        datum(object(vec![("from", text(from)), ("value", shape(inner, rest, span))]))
                    }
                    None => datum(text(piece)),
                };
                Shape::List(pieces.iter().map(entry).collect())
            }
        },
        Kind::Period | Kind::Time => match cell.split_once('/') {
            Some((from, to)) => object(vec![("from", text(from.trim())), ("to", text(to.trim()))]),
            None => text(cell),
        },
        Kind::Location => match position(cell) {
            Some((lat, lon, within)) => {
                let mut members = vec![("lat", text(lat)), ("lon", text(lon))];
                members.extend(within.map(|within| ("within", text(within))));
                object(members)
            }
            None => text(cell),
        },
        _ => text(cell),
    }
}

/// Puts everything in a datum at the place of its cell.
fn place_at(datum: &mut Datum, span: Span) {
    datum.span = span;
    match &mut datum.shape {
        Shape::List(items) => items.iter_mut().for_each(|item| place_at(item, span)),
        Shape::Object(members) => {
            for member in members {
                member.span = span;
                place_at(&mut member.value, span);
            }
        }
        Shape::Null | Shape::Bool(_) | Shape::Number(_) | Shape::Text(_) => {}
    }
}

/// Puts a value below its path, making objects on the way.
fn insert(members: &mut Vec<Member>, name: &str, path: &[String], value: Datum) {
    let span = value.span;
    let Some((next, rest)) = path.split_first() else {
        members.push(Member { name: name.to_owned(), span, value });
        return;
    };
    let at = members.iter().position(|member| member.name == name).unwrap_or_else(|| {
        let value = Datum { span, shape: Shape::Object(Vec::new()) };
        members.push(Member { name: name.to_owned(), span, value });
        members.len() - 1
    });
    if let Some(Shape::Object(inner)) = members.get_mut(at).map(|member| &mut member.value.shape) {
        insert(inner, next, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_separator() {
        assert_eq!(separator(b"id,at"), b',');
        assert_eq!(separator(b"id;at;x"), b';');
        assert_eq!(separator(b"id\tat"), b'\t');
        assert_eq!(separator(b"\"a;b;c\",d"), b',');
        assert_eq!(separator(b"id"), b',');
    }
}
