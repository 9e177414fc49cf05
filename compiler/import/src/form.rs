//! Which form a document has: by its content first, by the ending of its name second.

use crate::encoding;
use crate::fault::Fault;

/// The form of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Markdown, or a passage file.
    Markdown,
    /// HTML.
    Html,
    /// Plain text.
    Text,
    /// PDF with a text layer.
    Pdf,
    /// Word, since 2007.
    Docx,
    /// Akoma Ntoso XML.
    Akn,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 6] = [Form::Markdown, Form::Html, Form::Text, Form::Pdf, Form::Docx, Form::Akn];

    /// Its name in passage files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Form::Markdown => "markdown",
            Form::Html => "html",
            Form::Text => "text",
            Form::Pdf => "pdf",
            Form::Docx => "docx",
            Form::Akn => "akn",
        }
    }

    /// Its name in a sentence.
    pub(crate) fn called(self) -> &'static str {
        match self {
            Form::Markdown => "Markdown",
            Form::Html => "HTML",
            Form::Text => "plain text",
            Form::Pdf => "PDF",
            Form::Docx => "a Word document (DOCX)",
            Form::Akn => "Akoma Ntoso XML",
        }
    }
}

/// How much of the start is looked at, in bytes.
const HEAD: usize = 4096;

const FORMS: &str = "Markdown, HTML, plain text, PDF, Word (DOCX) and Akoma Ntoso XML can be imported";

/// The form of a document with these bytes and this name.
pub(crate) fn of(bytes: &[u8], name: Option<&str>) -> Result<Form, Fault> {
    let head = &bytes[..bytes.len().min(HEAD)];
    if head[..head.len().min(1024)].windows(5).any(|window| window == b"%PDF-") {
        return Ok(Form::Pdf);
    }
    if head.starts_with(b"PK\x03\x04") {
        let word = bytes.windows(5).any(|window| window == b"word/");
        return if word {
            Ok(Form::Docx)
        } else {
            Err(other(
                "a packed file, but no Word document",
                "open it in the program it was made with, and save it as DOCX or PDF",
            ))
        };
    }
    if let Some(fault) = foreign(bytes) {
        return Err(fault);
    }
    let ending = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    by_text(&encoding::glance(head), ending.as_deref())
}

fn other(what: &str, help: &str) -> Fault {
    let mut fault = Fault::unknown(format!("is {what}"), help);
    fault.help.push(FORMS.to_owned());
    fault
}

/// Forms that are known and cannot be read.
fn foreign(bytes: &[u8]) -> Option<Fault> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\xD0\xCF\x11\xE0") {
        // A Word document with a password is packed into the container of the old format, in a part of this name.
        let part: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let locked = bytes.windows(part.len()).any(|window| window == part);
        return Some(if locked {
            Fault::locked()
        } else {
            other("a document of the old Word (before 2007)", "open it in Word or LibreOffice, and save it as DOCX")
        });
    }
    if starts(b"{\\rtf") {
        return Some(other("a Rich Text document", "open it in Word or LibreOffice, and save it as DOCX"));
    }
    let pictures: [&[u8]; 6] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*", b"BM"];
    if pictures[..5].iter().any(|magic| starts(magic)) {
        return Some(other("a picture", "run text recognition (OCR) over it first, and import what it gives"));
    }
    if starts(b"\x1F\x8B") || starts(b"7z\xBC\xAF") || starts(b"Rar!") {
        return Some(other("a packed file", "unpack it first"));
    }
    None
}

fn by_text(head: &str, ending: Option<&str>) -> Result<Form, Fault> {
    if head.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{b}' | '\u{85}'))
        && head.contains('\0')
    {
        return Err(other("no text", "check that it is the right file"));
    }
    let lower = head.trim_start_matches('\u{feff}').trim_start().to_ascii_lowercase();
    if lower.contains("<akomantoso") || lower.contains(":akomantoso") {
        return Ok(Form::Akn);
    }
    if lower.starts_with("<!doctype html")
        || lower.starts_with("<html")
        || (lower.starts_with('<') && lower.contains("<html"))
    {
        return Ok(Form::Html);
    }
    match ending {
        Some("md" | "markdown") => return Ok(Form::Markdown),
        Some("html" | "htm" | "xhtml") => return Ok(Form::Html),
        Some("txt" | "text") => return Ok(Form::Text),
        Some("akn") => return Ok(Form::Akn),
        _ => {}
    }
    if lower.starts_with("<?xml") || lower.starts_with("<!doctype") {
        let help = "only the vocabulary of Akoma Ntoso is understood; export it in another form";
        return Err(other("XML of another vocabulary", help));
    }
    let heading =
        |line: &str| line.trim_start_matches('#').len() < line.len() && line.trim_start_matches('#').starts_with(' ');
    let tag = ["<p>", "<p ", "<div", "<h1", "<h2", "<body"].iter().any(|tag| lower.contains(tag));
    Ok(match lower {
        lower if lower.starts_with('<') && tag => Form::Html,
        lower if lower.starts_with("---\n") || lower.lines().any(heading) => Form::Markdown,
        _ => Form::Text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_before_the_ending() {
        let form = |bytes: &[u8], name: &str| of(bytes, Some(name)).map_err(|fault| fault.code.id);
        assert_eq!(form(b"%PDF-1.7 ...", "a.txt"), Ok(Form::Pdf));
        assert_eq!(form(b"<!DOCTYPE html><p>x", "a.txt"), Ok(Form::Html));
        assert_eq!(form(b"\xEF\xBB\xBF<?xml version='1.0'?><akomaNtoso/>", "a"), Ok(Form::Akn));
        assert_eq!(form(b"<?xml version='1.0'?><tei/>", "a.xml"), Err("E219"));
        assert_eq!(form(b"# Order\n", "a"), Ok(Form::Markdown));
        assert_eq!(form(b"Order #7\n", "a"), Ok(Form::Text));
        assert_eq!(form(b"Order\n", "a.md"), Ok(Form::Markdown));
        assert_eq!(form(b"\x89PNG\r\n", "a.pdf"), Err("E219"));
        assert_eq!(form(b"\xD0\xCF\x11\xE0....", "a.docx"), Err("E219"));
        assert_eq!(form(b"PK\x03\x04 mimetype", "a.docx"), Err("E219"));
        assert_eq!(form(b"a\0b\x01\x02", "a.txt"), Err("E219"));
    }
}
