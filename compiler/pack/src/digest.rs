//! Writing a pack, sealing it with its digest, and reading one back without trusting it.

use crate::{FORMAT, Pack};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt;

/// Deepest nesting of a pack's JSON. An expression takes three or four levels for each level written; what is deeper was
/// not written by a compiler, and would exhaust the stack of whoever reads it.
pub const MAX_DEPTH: usize = 384;

/// Why bytes are no pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackError {
    /// Not JSON, with the reader's words.
    NotJson(String),
    /// Nested more than [`MAX_DEPTH`] levels deep.
    TooDeep,
    /// Another version of the format, or none named.
    Format {
        /// What the file names.
        found: Option<String>,
    },
    /// JSON of this version, but no pack: a field is missing, unknown or of another type.
    NotAPack(String),
    /// The content is not what was sealed.
    Digest {
        /// Digest written in the file.
        written: String,
        /// Digest of its content.
        computed: String,
    },
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackError::NotJson(why) => write!(f, "this is no rule pack: it is not JSON ({why})"),
            PackError::TooDeep => write!(f, "this is no rule pack: it is nested more than {MAX_DEPTH} levels deep"),
            PackError::Format { found: Some(found) } => {
                write!(
                    f,
                    "this rule pack has the format `{found}`, and this program reads `{FORMAT}`; compile the rules again"
                )
            }
            PackError::Format { found: None } => {
                write!(f, "this is no rule pack: it names no format, and this program reads `{FORMAT}`")
            }
            PackError::NotAPack(why) => write!(f, "this rule pack is damaged or was not written by a compiler: {why}"),
            PackError::Digest { written, computed } => write!(
                f,
                "this rule pack was changed after it was compiled: it says its digest is `{written}`, but its content gives `{computed}`"
            ),
        }
    }
}

impl std::error::Error for PackError {}

impl Pack {
    /// Writes the digest of the content into the pack. The last step of building one.
    pub fn seal(&mut self) {
        self.digest = self.computed_digest();
    }

    /// SHA-256 in hex over the canonical JSON (no white space, keys sorted) with the digest left empty.
    pub fn computed_digest(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        if let Some(digest) = value.get_mut("digest") {
            *digest = Value::String(String::new());
        }
        let mut canonical = String::new();
        write_canonical(&value, &mut canonical);
        let hash = Sha256::digest(canonical.as_bytes());
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The pack as indented JSON with a final line break; equal packs give equal bytes.
    pub fn to_json(&self) -> String {
        // A pack has only text keys and no number that JSON lacks, so that writing it cannot fail.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a sealed pack.
    ///
    /// # Errors
    /// Anything but a pack of this version whose content fits its digest. Hostile bytes give an error, never a panic.
    pub fn read(bytes: &[u8]) -> Result<Pack, PackError> {
        if nested_beyond(bytes, MAX_DEPTH).is_some() {
            return Err(PackError::TooDeep);
        }
        let pack: Pack = match parse(bytes) {
            Ok(pack) => pack,
            Err(error) => return Err(no_pack(bytes, &error)),
        };
        if pack.format != FORMAT {
            return Err(PackError::Format { found: Some(pack.format) });
        }
        let computed = pack.computed_digest();
        if pack.digest == computed { Ok(pack) } else { Err(PackError::Digest { written: pack.digest, computed }) }
    }
}

/// Why bytes that were not read as a pack are none.
fn no_pack(bytes: &[u8], error: &serde_json::Error) -> PackError {
    let value: Value = match parse(bytes) {
        Ok(value) => value,
        Err(error) => return PackError::NotJson(error.to_string()),
    };
    let found = value.get("format").and_then(Value::as_str);
    if found == Some(FORMAT) {
        return PackError::NotAPack(error.to_string());
    }
    PackError::Format { found: found.map(str::to_owned) }
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    // The library's own limit of 128 is too low for nested conditions; ours was checked before.
    reader.disable_recursion_limit();
    let value = T::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// The byte at which a JSON text first nests deeper than `limit`: brackets are counted outside of texts, before anything descends into them.
pub fn nested_beyond(json: &[u8], limit: usize) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in json.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                if depth > limit {
                    return Some(at);
                }
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Keys sorted whatever order the map keeps, so that the digest does not depend on how the program was built.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (n, (key, value)) in entries.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write_text(key, out);
                out.push(':');
                write_canonical(value, out);
            }
            out.push('}');
        }
        Value::String(text) => write_text(text, out),
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn write_text(text: &str, out: &mut String) {
    // Nearly all texts stand as they are between quotation marks.
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        out.push_str(&Value::String(text.to_owned()).to_string());
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
}
