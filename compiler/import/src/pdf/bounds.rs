//! What would make the reader of PDF take all memory, or call itself without end, is found before it is asked.

use crate::fault::Fault;
use flate2::read::ZlibDecoder;
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};
use std::collections::BTreeSet;
use std::io::Read;

/// Most bytes that all streams together unpack to.
const MAX_UNPACKED: u64 = 400_000_000;
/// Streams packed several times over.
const MAX_LAYERS: usize = 3;
/// Parents of a page, and drawings inside each other.
const DEEPEST: usize = 40;

/// Unpacks every stream once and counts, keeping nothing: how large it is cannot be known otherwise.
pub(super) fn unpacked(bytes: &[u8]) -> Result<(), Fault> {
    let mut left = MAX_UNPACKED;
    let mut from = 0;
    while let Some(at) = find(&bytes[from..], b"stream") {
        let start = from + at + b"stream".len();
        from = start;
        let end = bytes[start..].iter().take(2).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let body = &bytes[start + end..];
        // Every zlib stream begins with this byte; what does not is no larger than it is, or packed in a way that packs little.
        if body.first() == Some(&0x78) || body.first() == Some(&0x58) {
            layers(Box::new(body), MAX_LAYERS, &mut left)?;
        }
    }
    Ok(())
}

fn layers(packed: Box<dyn Read + '_>, more: usize, left: &mut u64) -> Result<(), Fault> {
    let mut unpacked = ZlibDecoder::new(packed);
    let mut first = [0_u8; 1];
    if more > 1 && matches!(unpacked.read(&mut first), Ok(1)) && first[0] == 0x78 {
        *left = left.saturating_sub(1);
        let inner: Box<dyn Read + '_> = Box::new((&first[..]).chain(unpacked));
        return layers(inner, more - 1, left);
    }
    // A stream that breaks off counts as far as it goes.
    let mut buffer = [0_u8; 1 << 14];
    while let Ok(count @ 1..) = unpacked.read(&mut buffer) {
        *left = left.saturating_sub(count as u64);
        if *left == 0 {
            return Err(Fault::too_large(format!("unpacks to more than {} MB", MAX_UNPACKED / 1_000_000)));
        }
    }
    Ok(())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Whether the parents of a page and the drawings on it come to an end.
pub(super) fn page(document: &Document, page: &Dictionary) -> Result<(), ()> {
    let mut resources = None;
    let mut at = Some(page);
    for _ in 0..DEEPEST {
        let Some(node) = at else { break };
        resources = resources.or_else(|| dictionary(document, node.get(b"Resources").ok()));
        at = dictionary(document, node.get(b"Parent").ok());
    }
    if at.is_some() {
        return Err(());
    }
    let Some(resources) = resources else { return Ok(()) };
    drawings(document, resources, &mut Vec::new(), &mut BTreeSet::new())
}

/// Follows the drawings that a page names, each once; one that is inside itself is refused.
fn drawings(
    document: &Document,
    resources: &Dictionary,
    around: &mut Vec<ObjectId>,
    done: &mut BTreeSet<ObjectId>,
) -> Result<(), ()> {
    let Some(all) = dictionary(document, resources.get(b"XObject").ok()) else { return Ok(()) };
    for (_, object) in all {
        let Ok(id) = object.as_reference() else { continue };
        let Ok(stream) = document.get_object(id).and_then(Object::as_stream) else { continue };
        if around.contains(&id) || around.len() > DEEPEST {
            return Err(());
        }
        let own = dictionary(document, stream.dict.get(b"Resources").ok());
        // A drawing without names of its own uses those around it, and may so name itself: but then it draws something.
        if !is_form(stream) || !done.insert(id) || (own.is_none() && !draws(stream)) {
            continue;
        }
        around.push(id);
        drawings(document, own.unwrap_or(resources), around, done)?;
        around.pop();
    }
    Ok(())
}

fn is_form(stream: &Stream) -> bool {
    stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form")
}

fn draws(stream: &Stream) -> bool {
    let content = stream.decompressed_content();
    content.as_deref().map_or_else(|_| find(&stream.content, b"Do").is_some(), |content| find(content, b"Do").is_some())
}

fn dictionary<'d>(document: &'d Document, object: Option<&'d Object>) -> Option<&'d Dictionary> {
    document.dereference(object?).ok()?.1.as_dict().ok()
}
