//! Text for people, drawn by ariadne.

use crate::places::Places;
use crate::source::{Source, paragraph, words};
use crate::{File, Texts};
use ariadne::{CharSet, Color, Config, IndexType, Label, Report, ReportKind};
use mandate_diagnostics::{Diagnostic, Severity, Span};
use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Colour by escape sequences; only a terminal understands them.
    pub color: bool,
    /// Frames of `|` and `-` in place of line-drawing characters.
    pub ascii: bool,
    /// Show no line of the files, only the place in front of each message: for data, whose lines may hold what nobody is to
    /// see, even where the message keeps it back.
    pub withhold: bool,
}

/// Everything said about `files`, one frame each with a blank line after it. `texts` finds files that labels point into.
pub fn text(files: &[File<'_>], texts: &Texts<'_>, options: Options) -> String {
    let mut out = String::new();
    let mut drawing = Drawing { sources: BTreeMap::new(), texts, options };
    for file in files {
        if options.withhold {
            drawing.withheld(file, &mut out);
            continue;
        }
        drawing.sources.insert(file.path.to_owned(), Some(Source::new(file.text)));
        let places = Places::new(file.text);
        for diagnostic in file.diagnostics {
            drawing.one(file, &places, diagnostic, &mut out);
            out.push('\n');
        }
        // Texts of files already shown are not kept: thousands of files would stay in memory.
        drawing.sources.clear();
    }
    out
}

struct Drawing<'a> {
    sources: BTreeMap<String, Option<Source>>,
    texts: &'a Texts<'a>,
    options: Options,
}

/// A place with what is said there, still in bytes.
struct Placed<'a> {
    path: &'a str,
    span: Span,
    message: &'a str,
    primary: bool,
}

type Frame = (String, std::ops::Range<usize>);

impl Drawing<'_> {
    fn one(&mut self, file: &File<'_>, lines: &Places<&str>, diagnostic: &Diagnostic, out: &mut String) {
        let places = places(file.path, diagnostic);
        for place in &places {
            self.fetch(place.path);
        }
        // An empty file, a directory, a file that could not be read: there is nothing to draw.
        if file.text.is_empty() {
            return self.plain(file, lines, diagnostic, out);
        }
        let drawable = |place: &&Placed<'_>| self.source(place.path).is_some_and(|source| source.drawable(place.span));
        let Some(primary) = places.iter().find(|place| place.primary).filter(drawable) else {
            return self.plain(file, lines, diagnostic, out);
        };
        let frame = self.frame(primary);
        let mut report = Report::build(ReportKind::Error, frame).with_config(self.config());
        for (order, place) in places.iter().enumerate() {
            match self.source(place.path) {
                Some(source) if source.drawable(place.span) => report.add_label(self.label(place, order, diagnostic)),
                // The place cannot be drawn, but what is said about it still helps.
                _ => report.add_note(format!("{}: {}", place.path, words(place.message))),
            }
        }
        for note in &diagnostic.notes {
            report.add_note(paragraph(note));
        }
        for way_out in ways_out(diagnostic) {
            report.add_help(way_out);
        }
        report.add_note(explained(diagnostic));
        let mut bytes = Vec::new();
        match report.finish().write(&mut *self, &mut bytes) {
            Ok(()) => {
                self.heading(diagnostic, out);
                out.push_str(&below_heading(&String::from_utf8_lossy(&bytes)));
            }
            // Writing into memory does not fail; if it ever did, the message would still come out.
            Err(_) => self.plain(file, lines, diagnostic, out),
        }
    }

    /// `file:line:column: error[E107]: message`, with what else there is to say, and no text of any file.
    fn withheld(&self, file: &File<'_>, out: &mut String) {
        let lines = Places::new(file.text);
        for diagnostic in file.diagnostics {
            let at = |span: Span| {
                let (_, place, _) = lines.range(span);
                format!("{}:{}", place.line, place.column)
            };
            let _ = write!(out, "{}:{}: ", words(file.path), at(diagnostic.primary.span));
            self.heading(diagnostic, out);
            if !diagnostic.primary.message.is_empty() {
                let _ = writeln!(out, "  {}", words(&diagnostic.primary.message));
            }
            for related in &diagnostic.related {
                let message = words(&related.message);
                let place = match related.file.as_deref().filter(|other| *other != file.path) {
                    Some(other) => match (self.texts)(other) {
                        Some(text) => {
                            let (_, place, _) = Places::new(text).range(related.span);
                            format!("{}:{}:{}", words(other), place.line, place.column)
                        }
                        None => words(other),
                    },
                    None => format!("{}:{}", words(file.path), at(related.span)),
                };
                let _ = writeln!(out, "  {place}: {message}");
            }
            for note in &diagnostic.notes {
                let _ = writeln!(out, "  note: {}", below(&paragraph(note), 8));
            }
            for way_out in ways_out(diagnostic) {
                let _ = writeln!(out, "  help: {way_out}");
            }
        }
    }

    fn heading(&self, diagnostic: &Diagnostic, out: &mut String) {
        let (on, off) = if self.options.color { (escape(diagnostic.severity), "\u{1B}[0m") } else { ("", "") };
        let (severity, code) = (severity(diagnostic.severity), diagnostic.code.id);
        let _ = writeln!(out, "{on}{severity}[{code}]{off}: {}", words(&diagnostic.message));
    }

    /// One line for the place and one for every way out.
    fn plain(&self, file: &File<'_>, lines: &Places<&str>, diagnostic: &Diagnostic, out: &mut String) {
        let (_, place, _) = lines.range(diagnostic.primary.span);
        self.heading(diagnostic, out);
        let _ = writeln!(out, "  at {}:{}:{}", file.path, place.line, place.column);
        for line in std::iter::once(words(&diagnostic.primary.message)).filter(|m| !m.is_empty()) {
            let _ = writeln!(out, "  {line}");
        }
        for note in &diagnostic.notes {
            let _ = writeln!(out, "  Note: {}", below(&paragraph(note), 8));
        }
        for way_out in ways_out(diagnostic) {
            let _ = writeln!(out, "  Help: {way_out}");
        }
        let _ = writeln!(out, "  Note: {}", explained(diagnostic));
    }

    fn fetch(&mut self, path: &str) {
        if !self.sources.contains_key(path) {
            let source = (self.texts)(path).map(|text| Source::new(&text));
            self.sources.insert(path.to_owned(), source);
        }
    }

    fn source(&self, path: &str) -> Option<&Source> {
        self.sources.get(path).and_then(Option::as_ref)
    }

    fn frame(&self, place: &Placed<'_>) -> Frame {
        let characters = self.source(place.path).map_or(0..0, |source| source.characters(place.span));
        (place.path.to_owned(), characters)
    }

    fn label(&self, place: &Placed<'_>, order: usize, diagnostic: &Diagnostic) -> Label<Frame> {
        let color = if place.primary { color(diagnostic.severity) } else { Color::Blue };
        let label = Label::new(self.frame(place)).with_color(color).with_order(order as i32);
        // Without a word ariadne draws no arrow, and without colour no mark at all on an empty span.
        match place.message {
            "" if place.primary => label.with_message("here"),
            "" => label,
            message => label.with_message(words(message)),
        }
    }

    fn config(&self) -> Config {
        let set = if self.options.ascii { CharSet::Ascii } else { CharSet::Unicode };
        // Characters, not bytes: ariadne 0.6 reads the place of a second file's heading in characters whatever is set
        // here, and stops the program at a byte inside a character.
        Config::new().with_color(self.options.color).with_char_set(set).with_index_type(IndexType::Char)
    }
}

impl ariadne::Cache<String> for &mut Drawing<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &String) -> Result<&ariadne::Source<String>, impl fmt::Debug> {
        self.sources.get(id).and_then(Option::as_ref).map(|source| &source.drawn).ok_or("no text")
    }

    fn display<'a>(&self, id: &'a String) -> Option<impl fmt::Display + 'a> {
        Some(words(id))
    }
}

/// The places of a diagnostic: those of the primary's file from top to bottom, then those of other files. Ariadne opens a
/// new frame whenever a line stands above the one before.
fn places<'a>(path: &'a str, diagnostic: &'a Diagnostic) -> Vec<Placed<'a>> {
    let place = |label: &'a mandate_diagnostics::Label, primary| Placed {
        path: label.file.as_deref().unwrap_or(path),
        span: label.span,
        message: &label.message,
        primary,
    };
    let mut places = vec![place(&diagnostic.primary, true)];
    places.extend(diagnostic.related.iter().map(|label| place(label, false)));
    let first = diagnostic.primary.file.as_deref().unwrap_or(path);
    places.sort_by_key(|place| (place.path != first, place.path, place.span.end, place.span.start));
    places
}

fn ways_out(diagnostic: &Diagnostic) -> impl Iterator<Item = String> + '_ {
    let helps = diagnostic.help.iter().map(|help| words(help));
    // The titles of fixes are for an editor's menu; here they would say the help a second time.
    let fixes = diagnostic.fixes.iter().filter(|_| diagnostic.help.is_empty()).map(|fix| words(&fix.title));
    helps.chain(fixes)
}

/// Lines that go on below the place where the first begins.
fn below(paragraph: &str, column: usize) -> String {
    paragraph.replace('\n', &format!("\n{:column$}", ""))
}

fn explained(diagnostic: &Diagnostic) -> String {
    format!("`mandate explain {}` says more", diagnostic.code.id)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn color(severity: Severity) -> Color {
    match severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        Severity::Note => Color::Cyan,
    }
}

/// The bold colour of a heading.
fn escape(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "\u{1B}[1;31m",
        Severity::Warning => "\u{1B}[1;33m",
        Severity::Note => "\u{1B}[1;36m",
    }
}

/// What ariadne drew, without its own heading (which it colours even when told not to) and without blanks at line ends.
fn below_heading(drawn: &str) -> String {
    let mut out = String::with_capacity(drawn.len());
    for line in drawn.lines().skip(1) {
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
