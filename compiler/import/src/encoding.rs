//! Bytes to text.

use crate::fault::Fault;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The text of a document: by its byte order mark, in the encoding `wanted`, as UTF-8 if it is that, or as the document itself says it is encoded.
pub(crate) fn decode(bytes: &[u8], declared: Option<String>, wanted: Option<&str>) -> Result<String, Fault> {
    let wanted = wanted.map(|name| Encoding::for_label(name.as_bytes()).ok_or_else(|| no_such(name))).transpose()?;
    if let Some(encoding) = wanted {
        return strictly(bytes, encoding).ok_or_else(|| not_in(encoding.name()));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strictly(&bytes[mark..], encoding).ok_or_else(|| not_in(encoding.name()));
    }
    if let Some(encoding) = without_mark(bytes) {
        return strictly(bytes, encoding).ok_or_else(|| not_in(encoding.name()));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return plain(text.to_owned());
    }
    match declared.and_then(|name| Encoding::for_label(name.as_bytes())).filter(|encoding| *encoding != UTF_8) {
        Some(encoding) => strictly(bytes, encoding).ok_or_else(|| not_in(encoding.name())),
        None => Err(Fault::letters(
            "is not encoded in UTF-8, and does not say how it is",
            "name its encoding: `--encoding windows-1252` is usual for Western languages, `windows-1251` or `koi8-r` for Russian, `gb18030` for Chinese; check accents and quotation marks in what comes out",
        )),
    }
}

/// The start of a document as text, for a glance: what cannot be decoded is replaced.
pub(crate) fn glance(head: &[u8]) -> String {
    let encoding = Encoding::for_bom(head).map(|(encoding, _)| encoding).or_else(|| without_mark(head));
    encoding.unwrap_or(UTF_8).decode(head).0.into_owned()
}

fn strictly(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    let (text, _, wrong) = encoding.decode(bytes);
    if wrong { None } else { plain(text.into_owned()).ok() }
}

/// Text without NUL: nobody writes that, and it is a sign of another encoding or of no text.
fn plain(text: String) -> Result<String, Fault> {
    if text.contains('\0') {
        return Err(Fault::unknown("is no text", "check that it is the right file"));
    }
    Ok(text)
}

/// UTF-16 without byte order mark: every second byte of Latin text is zero.
fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(400) & !1];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    match half {
        0..=3 => None,
        _ if odd * 10 > half * 7 && even == 0 => Some(UTF_16LE),
        _ if even * 10 > half * 7 && odd == 0 => Some(UTF_16BE),
        _ => None,
    }
}

fn not_in(name: &str) -> Fault {
    Fault::letters(
        format!("is not encoded in {name} throughout"),
        "name another encoding with `--encoding NAME`, such as windows-1252, or save it as UTF-8",
    )
}

fn no_such(name: &str) -> Fault {
    Fault::letters(
        format!("cannot be read in the encoding `{name}`, which is not known"),
        "encodings are called utf-8, utf-16le, windows-1252, iso-8859-2, windows-1251, koi8-r, shift_jis, gb18030 and so on",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_utf_8_and_declarations_in_this_order() {
        let text = |bytes: &[u8], declared: Option<&str>, wanted| {
            decode(bytes, declared.map(str::to_owned), wanted).map_err(|fault| fault.code.id)
        };
        let utf_16: Vec<u8> = "\u{feff}Gr\u{fc}n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&utf_16, None, None).as_deref(), Ok("Gr\u{fc}n"));
        let unmarked: Vec<u8> = "Green gate".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(&unmarked, None, None).as_deref(), Ok("Green gate"));
        assert_eq!(text("\u{feff}Gr\u{fc}n".as_bytes(), None, None).as_deref(), Ok("Gr\u{fc}n"));
        assert_eq!(text(b"Gr\xFCn", Some("iso-8859-1"), None).as_deref(), Ok("Gr\u{fc}n"));
        assert_eq!(text(b"Gr\xFCn", None, Some("windows-1252")).as_deref(), Ok("Gr\u{fc}n"));
        assert_eq!(text(b"Gr\xFCn", None, None), Err("E224"));
        assert_eq!(text(b"Gr\xFCn", None, Some("utf-8")), Err("E224"));
        assert_eq!(text(b"x", None, Some("klingon")), Err("E224"));
    }
}
