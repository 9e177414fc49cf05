//! Files of one record a row, read in chunks of whole rows by as many threads as there are cores.
//!
//! The chunks of a file are read side by side and taken over in their order, so the result is the same on every machine; and only a
//! few of them are in memory at a time, so a file may be larger than it.

use crate::facts::quick::{Quick, Worker};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, mpsc};

/// Longest row. What is longer is no record: a file of another kind, or a quotation mark that is never closed.
pub(crate) const MAX_ROW: usize = 16 * 1024 * 1024;

/// Bytes read at a time for one thread: small enough that files of some megabytes keep all of them busy, and that a chunk stays in the
/// cache of its core.
const CHUNK: usize = 256 * 1024;

/// What a row turned out to be.
#[derive(Debug)]
pub(crate) enum Row {
    /// A sound record.
    Quick(Quick),
    /// The text of a line in which something is not as it should be.
    Line(Box<str>),
    /// The same for the cells of a table.
    Cells(Vec<Box<str>>),
    /// Bytes that are no text.
    NotUtf8,
}

/// Rows with their lines, counted from 0 at the start of the chunk, and how many lines the chunk has.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    pub(crate) rows: Vec<(u32, Row)>,
    pub(crate) lines: u32,
}

/// Reads a chunk of whole rows.
pub(crate) trait ReadRows: Sync {
    fn chunk(&self, worker: &mut Worker, bytes: &[u8]) -> Chunk;
}

/// A source in chunks of whole rows.
pub(crate) struct Chunks<'r> {
    input: Box<dyn Read + 'r>,
    /// The start of a row that goes on.
    rest: Vec<u8>,
    /// The separator of a table, in which a quoted cell may hold line ends.
    separator: Option<u8>,
    ended: bool,
}

/// Why there is no further chunk.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A row is longer than [`MAX_ROW`].
    TooLong,
    /// A quotation mark is never closed; bytes of rows before it that were not read.
    Unclosed,
    Io(io::Error),
}

impl<'r> Chunks<'r> {
    pub(crate) fn new(input: Box<dyn Read + 'r>) -> Self {
        Chunks { input, rest: Vec::new(), separator: None, ended: false }
    }

    /// Says that quoted cells may hold line ends.
    pub(crate) fn quoted(&mut self, separator: u8) {
        self.separator = Some(separator);
    }

    /// Gives bytes back, to be read again first.
    pub(crate) fn put_back(&mut self, mut bytes: Vec<u8>) {
        bytes.append(&mut self.rest);
        self.rest = bytes;
    }

    /// The first line, without its end; a table's separator is not known before. `None`: there is none.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, Stop> {
        let mut bytes = std::mem::take(&mut self.rest);
        let mut wanted = CHUNK;
        loop {
            if !self.ended && bytes.len() < wanted {
                let missing = (wanted - bytes.len()) as u64;
                bytes.reserve_exact(wanted + 32 - bytes.len());
                let read = self.input.by_ref().take(missing).read_to_end(&mut bytes).map_err(Stop::Io)?;
                self.ended = (read as u64) < missing;
            }
            let end = self.row_end(&bytes);
            if self.ended {
                return match end {
                    End::Open(start) if self.separator.is_some() => {
                        self.rest = bytes.split_off(start);
                        if bytes.is_empty() { Err(Stop::Unclosed) } else { Ok(Some(bytes)) }
                    }
                    _ => Ok((!bytes.is_empty()).then_some(bytes)),
                };
            }
            match end {
                End::At(end) => {
                    self.rest = bytes.split_off(end);
                    return Ok(Some(bytes));
                }
                End::Open(end) if end > 0 => {
                    self.rest = bytes.split_off(end);
                    return Ok(Some(bytes));
                }
                End::Open(_) | End::None if bytes.len() > MAX_ROW => return Err(Stop::TooLong),
                End::Open(_) | End::None => wanted = bytes.len() * 2,
            }
        }
    }

    /// Whether nothing is left.
    fn is_over(&self) -> bool {
        self.ended && self.rest.is_empty()
    }

    /// Where the last row that is whole ends.
    fn row_end(&self, bytes: &[u8]) -> End {
        let plain = || memchr::memrchr(b'\n', bytes).map_or(End::None, |at| End::At(at + 1));
        match self.separator {
            Some(separator) if memchr::memchr(b'"', bytes).is_some() => quoted_end(bytes, separator),
            _ => plain(),
        }
    }
}

enum End {
    /// Behind the line end of the last row that is whole.
    At(usize),
    /// A quotation mark is open at the end of the bytes; the row it stands in starts here.
    Open(usize),
    /// There is no whole row.
    None,
}

/// As the reader of tables does: a quotation mark opens a quoted cell only at its start, and two of them stand for one.
fn quoted_end(bytes: &[u8], separator: u8) -> End {
    let (mut start, mut quoted, mut fresh, mut closed) = (0, false, true, false);
    for (at, &byte) in bytes.iter().enumerate() {
        if quoted {
            if byte == b'"' {
                (quoted, closed) = (false, true);
            }
            continue;
        }
        if byte == b'"' && (fresh || closed) {
            quoted = true;
        }
        closed = false;
        fresh = byte == separator || byte == b'\n' || byte == b'\r';
        if byte == b'\n' {
            start = at + 1;
        }
    }
    match (quoted, start) {
        (true, start) => End::Open(start),
        (false, 0) => End::None,
        (false, start) => End::At(start),
    }
}

/// Reads all chunks, side by side, and hands them over in order, each with the line it starts in (counted from 1). Meanwhile the next
/// ones are fetched, so that reading, understanding and taking over do not wait for each other.
pub(crate) fn read(
    chunks: &mut Chunks<'_>,
    first_line: u32,
    reader: &dyn ReadRows,
    workers: &mut [Worker],
    take: &mut dyn FnMut(u32, Chunk),
) -> Result<(), (u32, Stop)> {
    let mut line = first_line;
    let mut take = |chunk: Chunk| {
        let lines = chunk.lines;
        take(line, chunk);
        line = line.saturating_add(lines);
    };
    let ended = match chunks.next() {
        Ok(None) => Ok(()),
        Err(stop) => Err(stop),
        Ok(Some(first)) => match workers {
            [] => Ok(()),
            // What is small is read before a thread would have started.
            [worker, ..] if chunks.is_over() => {
                take(reader.chunk(worker, &first));
                Ok(())
            }
            [worker] => {
                take(reader.chunk(worker, &first));
                one_by_one(chunks, reader, worker, &mut take)
            }
            workers => side_by_side(first, chunks, reader, workers, &mut take),
        },
    };
    ended.map_err(|stop| (line, stop))
}

fn one_by_one(
    chunks: &mut Chunks<'_>,
    reader: &dyn ReadRows,
    worker: &mut Worker,
    take: &mut dyn FnMut(Chunk),
) -> Result<(), Stop> {
    while let Some(bytes) = chunks.next()? {
        take(reader.chunk(worker, &bytes));
    }
    Ok(())
}

/// How many threads read a file: one a core, up to what a disk can feed.
pub(crate) fn workers_wanted() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(8)
}

/// Reads chunks by a thread for each worker. Only a few are in memory at a time.
fn side_by_side(
    first: Vec<u8>,
    chunks: &mut Chunks<'_>,
    reader: &dyn ReadRows,
    workers: &mut [Worker],
    take: &mut dyn FnMut(Chunk),
) -> Result<(), Stop> {
    // Enough that no worker waits while one chunk is fetched or taken over.
    let most = workers.len() * 2 + 1;
    let (give, jobs) = mpsc::channel::<(usize, Vec<u8>)>();
    let jobs = Mutex::new(jobs);
    let (finish, finished) = mpsc::channel();
    std::thread::scope(|scope| {
        // Dropped with this frame, so that the workers end whatever happens here.
        let give = give;
        for worker in workers {
            let (jobs, finish) = (&jobs, finish.clone());
            scope.spawn(move || {
                loop {
                    let job = jobs.lock().map(|jobs| jobs.recv());
                    let Ok(Ok((number, bytes))) = job else { return };
                    // A panic is passed on: who waits for the chunk would wait for ever.
                    let chunk = catch_unwind(AssertUnwindSafe(|| reader.chunk(worker, &bytes)));
                    if finish.send((number, chunk)).is_err() {
                        return;
                    }
                }
            });
        }
        let mut next = Some(Ok(first));
        let (mut given, mut taken) = (0, 0);
        let mut early = BTreeMap::new();
        loop {
            if given - taken < most
                && let Some(Ok(bytes)) = next
            {
                if give.send((given, bytes)).is_ok() {
                    given += 1;
                }
                next = chunks.next().transpose();
                continue;
            }
            if given == taken {
                return match next {
                    Some(Err(stop)) => Err(stop),
                    Some(Ok(_)) | None => Ok(()),
                };
            }
            let Ok((number, chunk)) = finished.recv() else { return Ok(()) };
            early.insert(number, chunk);
            while let Some(chunk) = early.remove(&taken) {
                take(chunk.unwrap_or_else(|panic| resume_unwind(panic)));
                taken += 1;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(text: &str) -> Option<usize> {
        match quoted_end(text.as_bytes(), b',') {
            End::At(at) => Some(at),
            End::Open(at) => Some(1000 + at),
            End::None => None,
        }
    }

    #[test]
    fn a_row_ends_outside_of_quotation_marks() {
        assert_eq!(ends("a,b\nc"), Some(4));
        assert_eq!(ends("a,\"b\nc\"\nd"), Some(8));
        assert_eq!(ends("a,\"b \"\"x\n\"\" c\"\nd"), Some(15));
        assert_eq!(ends("x\na,\"b\nc"), Some(1002));
        assert_eq!(ends("5\" pipe,a\nb"), Some(10));
        assert_eq!(ends("no end"), None);
    }

    #[test]
    fn rows_stay_whole_across_chunks() {
        let row = format!("{}\n", "x".repeat(1_000_000));
        let text = row.repeat(11) + "last";
        let mut chunks = Chunks::new(Box::new(text.as_bytes()));
        let mut all = Vec::new();
        while let Ok(Some(chunk)) = chunks.next() {
            assert!(all.is_empty() || all.ends_with(b"\n"));
            all.extend(chunk);
        }
        assert_eq!(all, text.as_bytes());
        let endless = std::io::repeat(b'x');
        assert!(matches!(Chunks::new(Box::new(endless)).next(), Err(Stop::TooLong)));
    }
}
