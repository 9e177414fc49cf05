//! What a facts file is, before anything in it is understood: its format, its compression, its encoding.

use crate::facts::MAX_FILE;
use flate2::read::MultiGzDecoder;
use mandate_diagnostics::{Diagnostic, Span, codes};
use std::cell::Cell;
use std::io::{self, Cursor, Read};
use std::rc::Rc;

/// How facts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactsFormat {
    /// One JSON document.
    Json,
    /// One YAML document.
    Yaml,
    /// One record a line, each a JSON object.
    JsonLines,
    /// A table: a row of column names, then one record a row.
    Csv,
}

/// Endings of names; a further `.gz` says that the file is packed.
const ENDINGS: [(&str, FactsFormat); 6] = [
    (".json", FactsFormat::Json),
    (".yaml", FactsFormat::Yaml),
    (".yml", FactsFormat::Yaml),
    (".jsonl", FactsFormat::JsonLines),
    (".ndjson", FactsFormat::JsonLines),
    (".csv", FactsFormat::Csv),
];

impl FactsFormat {
    /// The format that the ending of a file name tells, with or without `.gz`, in any case.
    pub fn of(name: &str) -> Option<FactsFormat> {
        ending(name).map(|(_, format)| format)
    }

    /// The format called by its word: `json`, `yaml`, `jsonl` or `csv`.
    pub fn named(word: &str) -> Option<FactsFormat> {
        ENDINGS.iter().find(|(ending, _)| ending[1..] == *word).map(|(_, format)| *format)
    }

    /// Whether records stand one a line, so that a file may be larger than memory and says the type of its records by its name.
    pub fn is_by_line(self) -> bool {
        matches!(self, FactsFormat::JsonLines | FactsFormat::Csv)
    }
}

/// The name without directories and endings, and the format that its ending tells.
fn ending(name: &str) -> Option<(&str, FactsFormat)> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = strip_ending(name, ".gz").unwrap_or(name);
    ENDINGS.iter().find_map(|(ending, format)| Some((strip_ending(name, ending)?, *format)))
}

fn strip_ending<'n>(name: &'n str, ending: &str) -> Option<&'n str> {
    let at = name.len().checked_sub(ending.len())?;
    let (stem, found) = name.split_at_checked(at)?;
    found.eq_ignore_ascii_case(ending).then_some(stem)
}

/// The type of the records of a file by its name: what stands before its ending, or before the first `-` or space in it.
pub(crate) fn named_type(name: &str) -> Option<&str> {
    let (stem, _) = ending(name)?;
    stem.split(['-', ' ']).next().filter(|stem| !stem.is_empty())
}

/// A source of bytes that was looked at: its format, unpacked, without byte order mark.
pub(crate) struct Opened<'r> {
    pub(crate) format: FactsFormat,
    pub(crate) bytes: Box<dyn Read + 'r>,
    /// Bytes before the text (a byte order mark).
    pub(crate) offset: u32,
}

/// Why a source could not be opened or read on.
pub(crate) enum Refused {
    /// Something is wrong with what stands there.
    Fault(Box<Diagnostic>),
    /// It could not be read at all.
    Io(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        // The unpacker has no other way to say what it found.
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>()) {
            Some(_) => Refused::Fault(bomb()),
            None => match error.kind() {
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
                    Refused::Fault(damaged())
                }
                _ => Refused::Io(error),
            },
        }
    }
}

const GZIP: [u8; 2] = [0x1F, 0x8B];
const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// Looks at the first bytes of a source.
pub(crate) fn open<'r>(
    name: &str,
    format: Option<FactsFormat>,
    input: Box<dyn Read + 'r>,
) -> Result<Opened<'r>, Refused> {
    let (head, input) = peek(input)?;
    let packed = head.starts_with(&GZIP);
    if !packed && strip_ending(name, ".gz").is_some() && !head.is_empty() {
        return Err(Refused::Fault(damaged()));
    }
    let (head, mut input) = if packed { peek(Box::new(Unpacked::new(input)))? } else { (head, input) };
    if head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return Err(Refused::Fault(Box::new(
            Diagnostic::new(&codes::E101, Span::empty(0), "this file is written in UTF-16; facts are read as UTF-8")
                .help("save it again with the encoding UTF-8"),
        )));
    }
    let marked = head.starts_with(&MARK);
    if marked {
        input.read_exact(&mut [0; MARK.len()])?;
    }
    let head = if marked { &head[MARK.len()..] } else { &head[..] };
    let format = format.or_else(|| FactsFormat::of(name)).unwrap_or_else(|| sniff(head));
    Ok(Opened { format, bytes: input, offset: if marked { MARK.len() as u32 } else { 0 } })
}

/// The format that the first bytes tell. A table is never guessed at: nothing would say of what type its records are.
fn sniff(head: &[u8]) -> FactsFormat {
    let text = head.trim_ascii_start();
    if !text.starts_with(b"{") && !text.starts_with(b"[") {
        return FactsFormat::Yaml;
    }
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
    match serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line) {
        Ok(object) if object.contains_key(crate::facts::lines::TYPE) => FactsFormat::JsonLines,
        _ => FactsFormat::Json,
    }
}

/// The first bytes, and the source with them in place.
fn peek<'r>(mut input: Box<dyn Read + 'r>) -> io::Result<(Vec<u8>, Box<dyn Read + 'r>)> {
    const ENOUGH: u64 = 64 * 1024;
    let mut head = Vec::new();
    input.by_ref().take(ENOUGH).read_to_end(&mut head)?;
    Ok((head.clone(), Box::new(Cursor::new(head).chain(input))))
}

/// The whole text of a document, up to [`MAX_FILE`]; with a fault if there are bytes in it that are no text.
pub(crate) fn whole(mut bytes: Box<dyn Read + '_>) -> Result<(String, Option<Box<Diagnostic>>), Refused> {
    let mut text = Vec::new();
    bytes.by_ref().take(MAX_FILE as u64 + 1).read_to_end(&mut text)?;
    if text.len() > MAX_FILE {
        let message = format!("this file is larger than {} MB; more cannot be read at once", MAX_FILE / 1024 / 1024);
        let fault = Diagnostic::new(&codes::E103, Span::empty(0), message)
            .help("write the records as JSON Lines or CSV, which are read line by line, or split the file: several are read together");
        return Err(Refused::Fault(Box::new(fault)));
    }
    Ok(match String::from_utf8(text) {
        Ok(text) => (text, None),
        Err(error) => {
            let fault = not_utf8(error.utf8_error().valid_up_to());
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(fault))
        }
    })
}

fn not_utf8(at: usize) -> Box<Diagnostic> {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    let message = format!("this file is not UTF-8: byte {at} (counted from 0) belongs to no character");
    Box::new(
        Diagnostic::new(&codes::E101, Span::empty(at), message)
            .help("save it again with the encoding UTF-8; if it was text before, the file may be damaged"),
    )
}

fn damaged() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::new(
            &codes::E117,
            Span::empty(0),
            "this file cannot be unpacked: it is no gzip file, damaged or cut off",
        )
        .help("pack it again with gzip, or give the file unpacked and without `.gz` in its name"),
    )
}

fn bomb() -> Box<Diagnostic> {
    let message = format!("this file unpacks to more than {RATIO} times its size, which records never do");
    Box::new(
        Diagnostic::new(&codes::E117, Span::empty(0), message)
            .help("look at what is in it before it is unpacked; give it unpacked if it is what it should be"),
    )
}

/// How many times its size a file may unpack to. Records pack to a tenth or a thirtieth; the format allows a thousandth.
const RATIO: u64 = 200;

/// A gzip file being unpacked, stopped when it grows out of proportion.
struct Unpacked<'r> {
    unpacking: MultiGzDecoder<Counting<'r>>,
    packed: Rc<Cell<u64>>,
    unpacked: u64,
}

impl<'r> Unpacked<'r> {
    fn new(input: Box<dyn Read + 'r>) -> Self {
        let packed = Rc::new(Cell::new(0));
        let counting = Counting { input, read: packed.clone() };
        Unpacked { unpacking: MultiGzDecoder::new(counting), packed, unpacked: 0 }
    }
}

impl Read for Unpacked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.unpacking.read(buffer)?;
        self.unpacked += read as u64;
        // Small files may pack as well as they like: below this nothing is lost.
        const ALWAYS_FINE: u64 = 64 * 1024 * 1024;
        if self.unpacked > ALWAYS_FINE.max(self.packed.get().saturating_mul(RATIO)) {
            return Err(io::Error::other(Bomb));
        }
        Ok(read)
    }
}

struct Counting<'r> {
    input: Box<dyn Read + 'r>,
    read: Rc<Cell<u64>>,
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        self.read.set(self.read.get() + read as u64);
        Ok(read)
    }
}

#[derive(Debug)]
struct Bomb;

impl std::fmt::Display for Bomb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("unpacks to too much")
    }
}

impl std::error::Error for Bomb {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_format_and_type() {
        assert_eq!(FactsFormat::of("data/Incident.JSONL.gz"), Some(FactsFormat::JsonLines));
        assert_eq!(FactsFormat::of("Incident.csv"), Some(FactsFormat::Csv));
        assert_eq!(FactsFormat::of("notes.txt"), None);
        assert_eq!(FactsFormat::of(".gz"), None);
        assert_eq!(named_type("a-b/core.Incident-2024-03.csv.gz"), Some("core.Incident"));
        assert_eq!(named_type("Incident (2).jsonl"), Some("Incident"));
        assert_eq!(named_type(".csv"), None);
        assert_eq!(named_type("-"), None);
    }
}
