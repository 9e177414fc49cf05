//! `textDocument/signatureHelp`

use crate::answers::{documentation, offset};
use crate::workspace::View;
use tower_lsp::ls_types::{ParameterInformation, ParameterLabel, Position, SignatureHelp, SignatureInformation};

pub(crate) fn signature_help(view: &View, position: Position) -> Option<SignatureHelp> {
    let (_, offset) = offset(view, position)?;
    let found = mandate_ide::signature_help(&view.snapshot, &view.path, offset)?;
    // Places in a label are counted as columns of UTF-16, whatever was agreed on for texts.
    let column = |byte: usize| found.label.get(..byte).map_or(0, |before| before.encode_utf16().count() as u32);
    let offsets = view.settings.completion.label_offsets;
    let parameters = found.parameters.iter().map(|range| ParameterInformation {
        label: match offsets {
            true => ParameterLabel::LabelOffsets([column(range.start), column(range.end)]),
            false => ParameterLabel::Simple(found.label.get(range.clone()).unwrap_or("").to_owned()),
        },
        documentation: None,
    });
    // Behind the last one none is marked: clients take a number that is too large for none.
    let active = found.active.unwrap_or(found.parameters.len()) as u32;
    let doc = (!found.doc.is_empty()).then(|| documentation(view.settings.completion.markdown, found.doc.clone()));
    Some(SignatureHelp {
        signatures: vec![SignatureInformation {
            parameters: Some(parameters.collect()),
            documentation: doc,
            active_parameter: Some(active),
            label: found.label.clone(),
        }],
        active_signature: Some(0),
        active_parameter: Some(active),
    })
}
