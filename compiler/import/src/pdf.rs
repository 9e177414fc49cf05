//! The text layer of a PDF.

mod bounds;
mod layout;

use crate::Reading;
use crate::apart::caught;
use crate::fault::Fault;
use crate::form::Form;
use crate::gather::Gather;
use crate::lines;
use layout::Layout;
use pdf_extract::{Dictionary, Document, Object, OutputError, output_doc_page};

/// Most pages of a document.
const MAX_PAGES: usize = 5_000;

/// Reads the text layer: lines by where characters stand, headings by the size of letters and by shape.
pub(crate) fn read(bytes: &[u8]) -> Result<Reading, Fault> {
    bounds::unpacked(bytes)?;
    let document = load(bytes)?;
    let pages = document.get_pages();
    if pages.is_empty() {
        return Err(Fault::broken(Form::Pdf, "it has no pages, or breaks off before them"));
    }
    if pages.len() > MAX_PAGES {
        return Err(Fault::too_large(format!("has more than {MAX_PAGES} pages")));
    }
    let mut layout = Layout::default();
    for (number, id) in &pages {
        let page = document.get_dictionary(*id).map_err(|_| page_broken(*number))?;
        bounds::page(&document, page).map_err(|()| page_broken(*number))?;
        match caught(Form::Pdf, || output_doc_page(&document, &mut layout, *number)) {
            Ok(Ok(())) => {}
            _ if layout.is_full() => return Err(Fault::too_large("has more characters than can be read")),
            Ok(Err(_)) | Err(_) => return Err(page_broken(*number)),
        }
        layout.close();
    }
    let title = title(&document);
    let mut gather = Gather::default();
    lines::add(layout.lines(), &mut gather);
    if gather.is_empty() {
        return Err(Fault::empty(Form::Pdf));
    }
    let found = gather.finish(Form::Pdf, None, u32::try_from(pages.len()).ok())?;
    Ok(Reading { title: found.title.clone().or(title), ..found })
}

fn page_broken(number: u32) -> Fault {
    Fault::broken(Form::Pdf, &format!("page {number} makes no sense"))
}

fn load(bytes: &[u8]) -> Result<Document, Fault> {
    let locked = || bytes.windows(8).any(|window| window == b"/Encrypt");
    let loaded = caught(Form::Pdf, || Document::load_mem(bytes));
    let mut document = match loaded {
        Ok(Ok(document)) => document,
        Ok(Err(_)) | Err(_) if locked() => return Err(Fault::locked()),
        Ok(Err(_)) | Err(_) => return Err(Fault::broken(Form::Pdf, "it breaks off, or its list of parts is wrong")),
    };
    // Many are locked only against printing or copying, with an empty password for reading.
    if document.is_encrypted() && !matches!(caught(Form::Pdf, || document.decrypt("")), Ok(Ok(()))) {
        return Err(Fault::locked());
    }
    Ok(document)
}

/// The title that the document says it has, unless it is the name of a file.
fn title(document: &Document) -> Option<String> {
    let info = document.trailer.get(b"Info").ok()?;
    let info: &Dictionary = document.dereference(info).ok()?.1.as_dict().ok()?;
    let bytes = match document.dereference(info.get(b"Title").ok()?).ok()?.1 {
        Object::String(bytes, _) => bytes,
        _ => return None,
    };
    let title = match bytes.strip_prefix(b"\xFE\xFF") {
        Some(wide) => {
            let units: Vec<u16> = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()?
        }
        None => String::from_utf8(bytes.clone()).ok()?,
    };
    let named = title.contains('.') && !title.contains(' ');
    (!named && title.chars().any(char::is_alphabetic)).then_some(title)
}

/// Ends the reading of a page.
fn stop() -> OutputError {
    OutputError::FormatError(std::fmt::Error)
}
