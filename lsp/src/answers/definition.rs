//! `textDocument/definition`, and the other jumps from a name: `declaration`, `typeDefinition`.

use crate::answers::everywhere::{Ranges, here};
use crate::answers::offset;
use crate::convert;
use crate::workspace::{Overview, View};
use mandate_ide::Definition;
use tower_lsp::ls_types::{GotoDefinitionResponse, Location, LocationLink, TextDocumentPositionParams};
use tower_lsp::ls_types::{Position, Range};

pub(crate) fn definition(view: &View, position: Position) -> Option<GotoDefinitionResponse> {
    let (_, offset) = offset(view, position)?;
    let found = mandate_ide::goto_definition(&view.snapshot, &view.path, offset);
    jumps(view, &found, view.settings.links.definition)
}

pub(crate) fn declaration(view: &View, position: Position) -> Option<GotoDefinitionResponse> {
    let (_, offset) = offset(view, position)?;
    let found = mandate_ide::goto_declaration(&view.snapshot, &view.path, offset);
    jumps(view, &found, view.settings.links.declaration)
}

pub(crate) fn type_definition(view: &View, position: Position) -> Option<GotoDefinitionResponse> {
    let (_, offset) = offset(view, position)?;
    let found = mandate_ide::goto_type_definition(&view.snapshot, &view.path, offset);
    jumps(view, &found, view.settings.links.type_definition)
}

/// From a passage of a document: to the rules of all projects that cite it, or to where a link of the document leads.
pub(crate) fn from_document(all: &Overview, at: &TextDocumentPositionParams) -> Option<GotoDefinitionResponse> {
    everywhere(all, at, all.settings.links.definition, mandate_ide::goto_definition)
}

/// What an answer that several projects have a part in says; each is asked for the place itself, and then for what carries its targets out.
pub(crate) fn everywhere(
    all: &Overview,
    at: &TextDocumentPositionParams,
    links: bool,
    ask: fn(&mandate_semantics::Snapshot, &str, u32) -> Vec<Definition>,
) -> Option<GotoDefinitionResponse> {
    let here = here(all, &at.text_document.uri)?;
    let offset = here.offset(all, at.position);
    let others = all.projects.iter().filter(|other| other.snapshot.text(&here.path).is_some());
    let mut found: Vec<Definition> = others.flat_map(|other| ask(&other.snapshot, &here.path, offset)).collect();
    found.sort_by(|a, b| (&a.place.path, a.place.span).cmp(&(&b.place.path, b.place.span)));
    found.dedup();
    let mut ranges = Ranges::new(all);
    let origin = found.first().and_then(|first| ranges.range(&here.path, first.origin));
    let places = found.iter().map(|one| one.place.clone()).collect();
    response(ranges.locations(places), origin, links)
}

fn jumps(view: &View, found: &[Definition], links: bool) -> Option<GotoDefinitionResponse> {
    let all: Vec<LocationLink> =
        found.iter().filter_map(|found| convert::link(view, found.origin, &found.place)).collect();
    let origin = all.first().and_then(|link| link.origin_selection_range);
    let places = all.into_iter().map(|link| Location::new(link.target_uri, link.target_selection_range));
    response(places.collect(), origin, links)
}

fn response(mut places: Vec<Location>, origin: Option<Range>, links: bool) -> Option<GotoDefinitionResponse> {
    if !links && places.len() <= 1 {
        return places.pop().map(GotoDefinitionResponse::Scalar);
    }
    if !links {
        return Some(GotoDefinitionResponse::Array(places));
    }
    let link = |place: Location| LocationLink {
        origin_selection_range: origin,
        target_uri: place.uri,
        target_range: place.range,
        target_selection_range: place.range,
    };
    (!places.is_empty()).then(|| GotoDefinitionResponse::Link(places.into_iter().map(link).collect()))
}
