//! `textDocument/prepareCallHierarchy`, `callHierarchy/incomingCalls` and `callHierarchy/outgoingCalls`, over all projects that are open.

use crate::answers::everywhere::{Ranges, here};
use crate::convert;
use crate::workspace::Overview;
use mandate_diagnostics::Span;
use mandate_ide::{Caller, SymbolKind};
use std::collections::BTreeMap;
use tower_lsp::ls_types::{
    CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, Range, TextDocumentPositionParams,
};

pub(crate) fn prepare(all: &Overview, at: &TextDocumentPositionParams) -> Option<Vec<CallHierarchyItem>> {
    let here = here(all, &at.text_document.uri)?;
    let snapshot = &here.project.snapshot;
    let found = mandate_ide::prepare_call_hierarchy(snapshot, &here.path, here.offset(all, at.position))?;
    Some(vec![item(&mut Ranges::new(all), &found)?])
}

pub(crate) fn incoming(all: &Overview, of: &CallHierarchyItem) -> Option<Vec<CallHierarchyIncomingCall>> {
    let here = here(all, &of.uri)?;
    let offset = here.offset(all, of.selection_range.start);
    let mut callers: BTreeMap<Caller, Vec<Span>> = BTreeMap::new();
    for project in &all.projects {
        callers.extend(mandate_ide::incoming_calls(&project.snapshot, &here.path, offset));
    }
    let mut ranges = Ranges::new(all);
    let calls = callers.iter().filter_map(|(caller, spans)| {
        let from_ranges = places(&mut ranges, caller, spans);
        Some(CallHierarchyIncomingCall { from: item(&mut ranges, caller)?, from_ranges })
    });
    Some(calls.collect())
}

pub(crate) fn outgoing(all: &Overview, of: &CallHierarchyItem) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let here = here(all, &of.uri)?;
    let offset = here.offset(all, of.selection_range.start);
    let mut ranges = Ranges::new(all);
    let found = mandate_ide::outgoing_calls(&here.project.snapshot, &here.path, offset);
    let calls = found.iter().filter_map(|(called, spans)| {
        let from_ranges = spans.iter().filter_map(|span| ranges.range(&here.path, *span)).collect();
        Some(CallHierarchyOutgoingCall { to: item(&mut ranges, called)?, from_ranges })
    });
    Some(calls.collect())
}

fn places(ranges: &mut Ranges<'_>, caller: &Caller, spans: &[Span]) -> Vec<Range> {
    spans.iter().filter_map(|span| ranges.range(&caller.path, *span)).collect()
}

fn item(ranges: &mut Ranges<'_>, caller: &Caller) -> Option<CallHierarchyItem> {
    let selection_range = ranges.range(&caller.path, caller.name_span)?;
    Some(CallHierarchyItem {
        name: caller.name.clone(),
        kind: convert::kind(caller.kind.map_or(SymbolKind::Scenario, SymbolKind::Declaration)),
        tags: None,
        detail: (!caller.detail.is_empty()).then(|| caller.detail.clone()),
        uri: ranges.uri(&caller.path)?,
        range: ranges.range(&caller.path, caller.span.to(caller.name_span))?,
        selection_range,
        data: None,
    })
}
