//! `mandate/why`

use crate::answers::offset;
use crate::convert::{Places, Settings};
use crate::workspace::View;
use mandate_ide::{Why, WhyAsked};
use serde::Serialize;
use tower_lsp::ls_types::{Position, Range, Uri};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Answer {
    title: String,
    tree: Line,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Line {
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<Uri>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
    children: Vec<Line>,
}

/// What is needed to answer when the snapshot is given back.
pub(crate) struct Prepared {
    asked: WhyAsked,
    places: Places,
    settings: Settings,
}

pub(crate) fn prepare(view: View, position: Position) -> Option<Prepared> {
    let (_, offset) = offset(&view, position)?;
    let asked = mandate_ide::why(&view.snapshot, &view.path, offset)?;
    Some(Prepared { asked, places: view.places, settings: view.settings })
}

pub(crate) fn why(prepared: &Prepared) -> Option<Answer> {
    let (title, tree) = prepared.asked.answer()?;
    Some(Answer { title, tree: line(tree, prepared) })
}

fn line(why: Why, prepared: &Prepared) -> Line {
    let Prepared { asked, places, settings } = prepared;
    let at = why
        .place
        .as_ref()
        .and_then(|place| places.location(&asked.text(&place.path)?, &place.path, place.span, settings.encoding));
    let (uri, range) = at.map(|at| (at.uri, at.range)).unzip();
    Line {
        label: why.label,
        detail: why.detail,
        outcome: why.outcome.word(),
        uri,
        range,
        children: why.children.into_iter().map(|child| line(child, prepared)).collect(),
    }
}
