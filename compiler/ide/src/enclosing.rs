//! The declaration around a place.

use mandate_diagnostics::Span;
use mandate_semantics::{Place, Snapshot};
use mandate_syntax::ast::{DeclKind, Item, Module, StepKind};

/// The declaration whose text holds a byte of its module.
pub(crate) fn item_at(module: &Module, offset: u32) -> Option<&Item> {
    let next = module.items.partition_point(|item| item.offset <= offset);
    let item = module.items.get(next.checked_sub(1)?)?;
    (offset <= item.offset + item.len).then_some(item)
}

/// What a place is for whoever reads it there.
pub(crate) enum Around {
    /// The name of the rule around it.
    Rule(Place),
    /// The line of a scenario that expects something.
    Expectation(Place),
    /// Anything else.
    Other,
}

/// What stands around a place.
pub(crate) fn around(snapshot: &Snapshot, place: &Place) -> Around {
    let Some(module) = snapshot.syntax(&place.path) else { return Around::Other };
    let Some(item) = item_at(&module, place.span.start) else { return Around::Other };
    let at = |span: Span| Place { path: place.path.clone(), span: span.shifted(item.offset) };
    match &item.decl.kind {
        DeclKind::Rule(rule) if !rule.name.is_hole() => Around::Rule(at(rule.name.span)),
        DeclKind::Scenario(scenario) => {
            let inside = |span: Span| span.shifted(item.offset).touches(place.span.start);
            let step = scenario.steps.iter().find(|step| inside(step.span));
            match step.map(|step| &step.kind) {
                Some(StepKind::Expect(_)) => step.map_or(Around::Other, |step| Around::Expectation(at(step.span))),
                _ => Around::Other,
            }
        }
        _ => Around::Other,
    }
}
