//! The parts inside the container.

use crate::encoding;
use crate::fault::Fault;
use crate::form::Form;
use crate::xml;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Most parts of a document.
const MAX_PARTS: usize = 20_000;
/// Most bytes of one unpacked part.
const MAX_PART: u64 = 64_000_000;

/// A container with its parts, of which only those with text are unpacked.
pub(super) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
}

impl<'b> Package<'b> {
    pub(super) fn open(bytes: &'b [u8]) -> Result<Package<'b>, Fault> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| Fault::broken(Form::Docx, "it breaks off, or its list of parts is wrong"))?;
        if archive.len() > MAX_PARTS {
            return Err(Fault::too_large(format!("has more than {MAX_PARTS} parts")));
        }
        Ok(Package { archive })
    }

    /// Name of the part with the text.
    pub(super) fn main(&mut self) -> String {
        let usual = "word/document.xml".to_owned();
        let Ok(Some(text)) = self.part("_rels/.rels") else { return usual };
        let Ok(relations) = xml::parse(&text, Form::Docx) else { return usual };
        let main = relations
            .descendants()
            .find(|node| node.attribute("Type").is_some_and(|of| of.ends_with("/officeDocument")));
        let target =
            main.and_then(|node| node.attribute("Target")).map(|target| target.trim_start_matches('/').to_owned());
        target.filter(|target| self.archive.index_for_name(target).is_some()).unwrap_or(usual)
    }

    /// The text of a part; `None` if there is no such part.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword) => return Err(Fault::locked()),
            Err(_) => return Err(Fault::broken(Form::Docx, "a part of it is damaged")),
        };
        let mut bytes = Vec::new();
        // What the list of parts says of sizes is not believed.
        let read = part.take(MAX_PART + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > MAX_PART {
            return Err(Fault::too_large(format!("unpacks to more than {} MB", MAX_PART / 1_000_000)));
        }
        read.map_err(|_| Fault::broken(Form::Docx, "a part of it is damaged"))?;
        encoding::decode(&bytes, xml::charset(&bytes), None).map(Some)
    }
}

/// The name of a part in the directory of another.
pub(super) fn beside(main: &str, name: &str) -> String {
    match main.rsplit_once('/') {
        Some((directory, _)) => format!("{directory}/{name}"),
        None => name.to_owned(),
    }
}
