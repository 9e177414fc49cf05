//! What a mission makes of the packages it refines, on the first page.

use crate::frame::Page;
use mandate_pack::{Acceptance, Mission, Pack, short};
use maud::{Markup, html};

/// The section; nothing where the package is no mission.
pub(crate) fn section(page: Page<'_>) -> Markup {
    let pack = page.shelf.pack;
    html! { @if let Some(mission) = &pack.mission { (tailoring(page, pack, mission)) } }
}

fn tailoring(page: Page<'_>, pack: &Pack, mission: &Mission) -> Markup {
    let replacing: Vec<(&str, &str)> =
        pack.rules.iter().filter_map(|(name, rule)| Some((name.as_str(), rule.replaces.as_deref()?))).collect();
    html! {
        h2 { "What " (mission.title) " makes of " (mission.refines.join(" and ")) }
        @if !mission.doc.is_empty() { p { (mission.doc) } }
        ul.entries {
            @for (name, value) in &mission.set {
                li { code { (page.link_to(name, short(name))) } " is " (value.words()) }
            }
            @for (name, base) in &replacing {
                li { (page.links(&[*name])) p.quiet { "stands in place of " (base) } }
            }
            @for dropped in &mission.drops {
                li { (dropped.rule) " does not hold: " (dropped.reason) }
            }
            @for accepted in &mission.accepted { li { (acceptance(page, accepted)) } }
        }
    }
}

fn acceptance(page: Page<'_>, accepted: &Acceptance) -> Markup {
    html! {
        (accepted.rule) " is accepted weaker up to " (accepted.until) " (that day is no longer included), by " (accepted.by) ": " (accepted.reason)
        div { (crate::citation::brief(page, &accepted.citation)) }
    }
}
