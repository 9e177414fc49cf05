//! JSON Lines: one record a line.

use crate::facts::plan::Plans;
use crate::facts::quick::Worker;
use crate::facts::rows::{Chunk, ReadRows, Row};
use crate::types::Types;
use std::collections::HashMap;
use std::sync::Arc;

/// The member that names the type of a record.
pub(crate) const TYPE: &str = "$type";

/// Reads lines of JSON.
pub(crate) struct Lines<'p> {
    plans: Arc<Plans<'p>>,
    /// Types by every name they have in facts.
    names: HashMap<&'p str, u32>,
    /// Type of the records that do not name theirs.
    ty: Option<u32>,
}

impl<'p> Lines<'p> {
    pub(crate) fn new(types: &Types<'p>, plans: Arc<Plans<'p>>, ty: Option<u32>) -> Self {
        let all = || (0..types.records.len()).map(|ty| (types.records[ty], ty as u32));
        // A qualified name wins over a short one.
        let short = all().rev().map(|((_, record), ty)| (record.name.as_str(), ty));
        let names = short.chain(all().map(|((name, _), ty)| (name, ty))).collect();
        Lines { plans, names, ty }
    }
}

impl ReadRows for Lines<'_> {
    fn chunk(&self, worker: &mut Worker, bytes: &[u8]) -> Chunk {
        let mut chunk = Chunk::default();
        let mut start = 0;
        while start < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at);
            let line = bytes[start..end].trim_ascii();
            if !line.is_empty() {
                chunk.rows.push((chunk.lines, self.row(worker, line)));
            }
            chunk.lines += u32::from(end < bytes.len());
            start = end + 1;
        }
        chunk
    }
}

impl Lines<'_> {
    fn row(&self, worker: &mut Worker, line: &[u8]) -> Row {
        let Ok(text) = std::str::from_utf8(line) else { return Row::NotUtf8 };
        match worker.line(&self.plans, &|name| self.names.get(name).copied(), self.ty, text) {
            Ok(record) => Row::Quick(record),
            Err(_) => Row::Line(text.into()),
        }
    }
}
