//! XML without what makes it dangerous.

use crate::fault::Fault;
use crate::form::Form;
use roxmltree::{Document, Error, ParsingOptions};

/// Most nodes of a document.
const MAX_NODES: u32 = 2_000_000;
/// Most elements around each other.
pub(crate) const DEEPEST: usize = 200;

/// Parses XML. A DOCTYPE, and with it every entity that is not built in, is refused.
pub(crate) fn parse(text: &str, form: Form) -> Result<Document<'_>, Fault> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    // The declaration has done its service.
    let text = text.trim_start_matches('\u{feff}');
    Document::parse_with_options(text, options).map_err(|error| match error {
        Error::DtdDetected => Fault::doctype(),
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => {
            Fault::too_large("has more elements than can be read")
        }
        // Places only: no words of the file.
        error => {
            let at = error.pos();
            Fault::broken(form, &format!("its XML breaks off or is wrong at line {}, column {}", at.row, at.col))
        }
    })
}

/// The encoding in the declaration.
pub(crate) fn charset(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declaration = head.split("?>").next()?.trim_start().strip_prefix("<?xml")?.to_owned();
    let value = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}
