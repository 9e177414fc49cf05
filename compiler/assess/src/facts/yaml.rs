//! YAML with places: the core schema, one document, no aliases.

use crate::facts::datum::{Datum, MAX_DEPTH, Member, Shape, clamp, is_number, too_deep};
use mandate_diagnostics::{Diagnostic, Span, codes};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

pub(crate) fn read(text: &str) -> Result<Datum, Box<Diagnostic>> {
    let places = Places::new(text);
    let mut open: Vec<Open> = Vec::new();
    let mut document: Option<Datum> = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| broken(text, &places, &error))?;
        let span = places.span(text, span.start.index(), span.end.index());
        let done = match event {
            Event::Alias(_) => {
                return Err(feature(span, "an alias (`*name`)", "write the value out where it is needed"));
            }
            Event::DocumentStart(_) if document.is_some() => {
                return Err(feature(
                    span,
                    "a second document",
                    "put every record into one document, or into two files",
                ));
            }
            Event::Scalar(text, style, _, tag) => {
                Some(Datum { span, shape: scalar(&text, style, tag.as_deref(), span)? })
            }
            Event::SequenceStart(_, tag) => {
                open.push(Open { span, items: Items::List(Vec::new()) });
                untagged(tag.as_deref(), span)?;
                None
            }
            Event::MappingStart(_, tag) => {
                open.push(Open { span, items: Items::Object(Vec::new(), None) });
                untagged(tag.as_deref(), span)?;
                None
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(|open| open.close(span)),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                None
            }
        };
        if open.len() > MAX_DEPTH {
            return Err(too_deep(span));
        }
        if let Some(done) = done {
            match open.last_mut() {
                Some(parent) => parent.add(done)?,
                None => document = Some(done),
            }
        }
    }
    match document {
        Some(Datum { shape: Shape::Null, .. }) | None => Err(Box::new(
            Diagnostic::new(&codes::E102, Span::empty(0), "this file is empty; facts start with `records:`")
                .help("an empty data set is written `records: {}`"),
        )),
        Some(document) => Ok(document),
    }
}

/// A list or object not yet closed.
struct Open {
    span: Span,
    items: Items,
}

enum Items {
    List(Vec<Datum>),
    /// Members, and the name that waits for its value.
    Object(Vec<Member>, Option<(String, Span)>),
}

impl Open {
    fn add(&mut self, value: Datum) -> Result<(), Box<Diagnostic>> {
        match &mut self.items {
            Items::List(list) => list.push(value),
            Items::Object(members, waiting) => match waiting.take() {
                Some((name, span)) => members.push(Member { name, span, value }),
                None => match value.shape {
                    Shape::Text(name) | Shape::Number(name) => *waiting = Some((name, value.span)),
                    Shape::Bool(b) => *waiting = Some((b.to_string(), value.span)),
                    Shape::Null | Shape::List(_) | Shape::Object(_) => {
                        return Err(feature(
                            value.span,
                            "a field name that is no word",
                            "a field name is a word before a colon",
                        ));
                    }
                },
            },
        }
        Ok(())
    }

    fn close(self, end: Span) -> Datum {
        let span = Span::new(self.span.start, end.end.max(self.span.start));
        let shape = match self.items {
            Items::List(items) => Shape::List(items),
            Items::Object(members, _) => Shape::Object(members),
        };
        Datum { span, shape }
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<Shape, Box<Diagnostic>> {
    if let Some(tag) = tag {
        return match (tag.is_yaml_core_schema(), tag.suffix.as_str()) {
            (true, "str") => Ok(Shape::Text(text.to_owned())),
            (true, "int" | "float" | "bool" | "null") => Ok(plain(text)),
            _ => Err(feature(span, "a tag (`!name`)", "write the value without it; the pack says of which type it is")),
        };
    }
    Ok(if matches!(style, ScalarStyle::Plain) { plain(text) } else { Shape::Text(text.to_owned()) })
}

/// The core schema of YAML 1.2, in which `no` is a text and not false.
fn plain(text: &str) -> Shape {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Shape::Null,
        "true" | "True" | "TRUE" => Shape::Bool(true),
        "false" | "False" | "FALSE" => Shape::Bool(false),
        _ if is_number(text) => Shape::Number(text.to_owned()),
        _ => Shape::Text(text.to_owned()),
    }
}

fn untagged(tag: Option<&Tag>, span: Span) -> Result<(), Box<Diagnostic>> {
    match tag {
        Some(tag) if !(tag.is_yaml_core_schema() && matches!(tag.suffix.as_str(), "map" | "seq")) => {
            Err(feature(span, "a tag (`!name`)", "write the value without it; the pack says of which type it is"))
        }
        _ => Ok(()),
    }
}

fn feature(span: Span, what: &str, help: &str) -> Box<Diagnostic> {
    let message = format!("{what} stands here; facts are read without it, so that what is written is all there is");
    Box::new(Diagnostic::new(&codes::E104, span, message).help(help))
}

/// The scanner's finding; its words speak of the form, never of the content.
fn broken(text: &str, places: &Places, error: &ScanError) -> Box<Diagnostic> {
    let at = error.marker().index();
    let span = places.span(text, at, at + 1);
    // The scanner has a bound of its own on brackets and meets it before the first event.
    if error.info().contains("recursion limit") {
        return too_deep(span);
    }
    let diagnostic = if text[span.start as usize..].trim().is_empty() {
        Diagnostic::new(&codes::E102, span, "this YAML ends before it is complete")
            .help("the file may have been cut off while it was written or copied")
    } else {
        Diagnostic::new(&codes::E102, span, "this is no valid YAML")
            .help("check the indentation, the quotes and the brackets here and on the line before")
    };
    Box::new(diagnostic)
}

/// Bytes of characters: the scanner counts characters, we count bytes.
struct Places {
    /// Byte of every 64th character; empty for ASCII, where both counts agree.
    marks: Vec<usize>,
}

impl Places {
    const STEP: usize = 64;

    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Places { marks: Vec::new() };
        }
        Places { marks: text.char_indices().step_by(Self::STEP).map(|(at, _)| at).collect() }
    }

    fn byte(&self, text: &str, index: usize) -> usize {
        if self.marks.is_empty() {
            return index;
        }
        let Some(&mark) = self.marks.get(index / Self::STEP) else { return text.len() };
        text[mark..].char_indices().nth(index % Self::STEP).map_or(text.len(), |(at, _)| mark + at)
    }

    fn span(&self, text: &str, start: usize, end: usize) -> Span {
        clamp(text, self.byte(text, start), self.byte(text, end))
    }
}
