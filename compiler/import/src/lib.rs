//! Reading policy documents into passage files: Markdown, HTML, plain text, PDF, DOCX and Akoma Ntoso XML.
//!
//! [`read()`] makes headings, paragraphs and items of a document's bytes, whatever its form; [`import()`] names them and writes the
//! passage file that `docs/documents.md` describes. The same bytes give the same file. No input makes either panic, hang, or take
//! more memory than a bound: what is broken, locked, endless or empty is a [`Fault`].

mod akn;
mod apart;
mod docx;
mod encoding;
mod fault;
mod form;
mod gather;
mod html;
mod import;
mod lines;
mod markdown;
mod pdf;
mod process;
#[cfg(test)]
mod testing;
mod text;
mod xml;

pub use fault::Fault;
pub use form::Form;
pub use import::{Imported, Origin, import};
pub use process::{answer, read_with};

use mandate_documents::Unnamed;

/// Largest document that is read, in bytes.
pub const MAX_BYTES: usize = 32_000_000;

/// What is known of a document beside its bytes.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Name of its file, whose ending tells the form where the content does not.
    pub name: Option<String>,
    /// Its form, where it must not be told from the content.
    pub form: Option<Form>,
    /// Name of the encoding of its text, such as `windows-1252`.
    pub encoding: Option<String>,
}

/// What was found in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Its form.
    pub form: Form,
    /// Its title, if it says one.
    pub title: Option<String>,
    /// Number of its pages, if it has pages.
    pub pages: Option<u32>,
    /// Headings, paragraphs and items, in order; at least one.
    pub blocks: Vec<Unnamed>,
}

/// Reads a document of any form; [`read_with`] does the same with a PDF in a process of its own. It is read in a thread of its own, so that what takes too long, or what a reader of a foreign
/// format stumbles over, ends as a fault and not as the end of the program.
///
/// # Errors
/// A [`Fault`] with one of the codes E219 to E226.
pub fn read(bytes: &[u8], hints: &Hints) -> Result<Reading, Fault> {
    fits(bytes)?;
    let (bytes, hints) = (bytes.to_vec(), hints.clone());
    apart::apart(move || read_here(&bytes, &hints))
}

fn fits(bytes: &[u8]) -> Result<(), Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(Fault::too_large(format!("is larger than {} MB", MAX_BYTES / 1_000_000)));
    }
    Ok(())
}

fn read_here(bytes: &[u8], hints: &Hints) -> Result<Reading, Fault> {
    let form = match hints.form {
        Some(form) => form,
        None => form::of(bytes, hints.name.as_deref())?,
    };
    let encoding = hints.encoding.as_deref();
    let mut reading = match form {
        Form::Markdown => markdown::read(&encoding::decode(bytes, None, encoding)?),
        Form::Html => html::read(&encoding::decode(bytes, html::charset(bytes), encoding)?),
        Form::Text => text::read(&encoding::decode(bytes, None, encoding)?),
        Form::Pdf => pdf::read(bytes),
        Form::Docx => docx::read(bytes),
        Form::Akn => akn::read(&encoding::decode(bytes, xml::charset(bytes), encoding)?),
    }?;
    if reading.blocks.is_empty() {
        return Err(Fault::empty(form));
    }
    // A title is one line of the file.
    let title = reading.title.map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
    reading.title = title.filter(|title| !title.is_empty());
    Ok(reading)
}
