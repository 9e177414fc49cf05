//! `workspace/symbol`

use crate::convert;
use crate::workspace::Overview;
use std::collections::BTreeSet;
use tower_lsp::ls_types::SymbolInformation;

/// Of two projects that know a file, the first tells of it.
// The protocol's deprecated field has to be named to build the struct.
#[allow(deprecated)]
pub(crate) fn workspace_symbols(overview: &Overview, query: &str) -> Vec<SymbolInformation> {
    let mut told = BTreeSet::new();
    let mut all = Vec::new();
    for project in &overview.projects {
        for found in mandate_ide::workspace_symbols(&project.snapshot, query) {
            let Some(text) = project.snapshot.text(&found.path) else { continue };
            let span = found.symbol.name_span;
            let Some(location) = overview.places.location(&text, &found.path, span, overview.settings.encoding) else {
                continue;
            };
            if told.insert((found.path.clone(), span)) {
                all.push(SymbolInformation {
                    kind: convert::kind(found.symbol.kind),
                    name: found.symbol.name,
                    tags: None,
                    deprecated: None,
                    location,
                    container_name: (!found.symbol.detail.is_empty()).then_some(found.symbol.detail),
                });
            }
        }
    }
    all
}
