//! The clauses of a rule, each behind a word that says what it does.

use crate::frame::Page;
use crate::linked::{linked, sentence};
use crate::shelf::Names;
use mandate_pack::{Binder, Condition, Domain, Modal, Norm, Rule, RuleRef, Waivable, short};
use maud::{Markup, html};

/// What a norm is, by its modal.
pub(crate) fn modal(modal: Modal) -> &'static str {
    match modal {
        Modal::Must => "Obligation",
        Modal::MustNot => "Prohibition",
        Modal::Should => "Recommendation",
        Modal::ShouldNot => "Recommendation against",
        Modal::AimsTo => "Aim",
        Modal::May => "Permission",
    }
}

/// `i: Incident`, `p in u.posts`
pub(crate) fn binder(binder: &Binder) -> String {
    match &binder.over {
        Domain::Records(name) => format!("{}: {}", binder.var, short(name)),
        Domain::Items(list) => format!("{} in {}", binder.var, list.words()),
    }
}

/// The clauses in the order in which they are read.
pub(crate) fn clauses(page: Page<'_>, rule: &Rule) -> Markup {
    let names = &page.shelf.spoken_in(rule);
    let text = |text: &str| linked(page, text, names);
    html! {
        dl.clauses {
            (edition(rule))
            @if !rule.for_each.is_empty() {
                (clause("For each", &several(rule.for_each.iter().map(|b| text(&binder(b))).collect())))
            }
            @for named in &rule.lets {
                (clause("Where", &html! { (named.name) " is " (text(&named.value.words())) }))
            }
            @if let Some(party) = &rule.party { (clause("For the party", &text(&party.words()))) }
            @if let Some(on) = &rule.on { (clause("As of", &text(&on.words()))) }
            @if !rule.when.is_empty() { (clause("When", &conditions(page, &rule.when, names, "and"))) }
            @if !rule.unless.is_empty() { (clause("Unless", &conditions(page, &rule.unless, names, "or"))) }
            (norm(page, &rule.norm, names))
            @if !rule.otherwise.is_empty() { (clause("Otherwise", &otherwise(page, &rule.otherwise, names))) }
            @if let Some(waivable) = &rule.waivable {
                (clause("Waiver", &waiver(page, waivable, names)))
            }
            @if !rule.overrides.is_empty() { (clause("Takes the place of", &others(page, &rule.overrides, names))) }
            @if !rule.limits.is_empty() { (clause("Narrows", &others(page, &rule.limits, names))) }
            @for flag in &rule.flags {
                (clause("Remark", &html! { q { (flag.text) } " when " (text(&flag.condition.words())) }))
            }
            @for tally in &rule.tallies { (clause("Counted by", &text(&tally.text))) }
            @if !rule.carries.is_empty() {
                (clause("Carries", &several(rule.carries.iter().map(|id| html! { code { (id) } }).collect())))
            }
        }
    }
}

fn clause(word: &str, content: &Markup) -> Markup {
    html! { div { dt { (word) } dd { (content) } } }
}

fn several(parts: Vec<Markup>) -> Markup {
    let count = parts.len();
    html! {
        @for (place, part) in parts.into_iter().enumerate() {
            (part) @if place + 1 < count { ", " }
        }
    }
}

fn edition(rule: &Rule) -> Markup {
    let said = match (&rule.in_force_from, &rule.in_force_until) {
        (None, None) => return html! {},
        (Some(from), None) => format!("from {from}"),
        (None, Some(until)) => format!("until before {until}"),
        (Some(from), Some(until)) => format!("from {from} until before {until}"),
    };
    clause("In force", &html! { (said) })
}

fn conditions(page: Page<'_>, conditions: &[Condition], names: &Names, between: &str) -> Markup {
    html! {
        ul.conditions {
            @for (place, condition) in conditions.iter().enumerate() {
                li {
                    @if place > 0 { span.joint { (between) " " } }
                    (linked(page, &condition.text, names))
                }
            }
        }
    }
}

fn norm(page: Page<'_>, norm: &Norm, names: &Names) -> Markup {
    html! { div.norm { dt { (modal(norm.modal)) } dd { (sentence(page, &norm.text, names)) } } }
}

/// Each duty arises when the one before was not kept.
fn otherwise(page: Page<'_>, norms: &[Norm], names: &Names) -> Markup {
    html! {
        ol.chain { @for norm in norms { li { (sentence(page, &norm.text, names)) } } }
    }
}

fn waiver(page: Page<'_>, waivable: &Waivable, names: &Names) -> Markup {
    let args: Vec<String> = waivable.args.iter().map(mandate_pack::Expr::words).collect();
    html! {
        "can be set aside under "
        (page.link_to(&waivable.waiver, short(&waivable.waiver))) "(" (args.join(", ")) ")"
        @if let Some(floor) = &waivable.floor { ", granted by " (linked(page, &floor.words(), names)) " or above" }
        @if let Some(floor) = &waivable.exceptional_floor {
            ", in exceptional cases by " (linked(page, &floor.words(), names)) " or above"
        }
        @if let Some(longest) = &waivable.longest { ", for at most " (linked(page, &longest.words(), names)) }
    }
}

fn others(page: Page<'_>, rules: &[RuleRef], names: &Names) -> Markup {
    html! {
        ul.plain {
            @for other in rules {
                li {
                    (page.link_to_rule(&other.rule))
                    @let args: Vec<String> = other.args.iter().map(mandate_pack::Expr::words).collect();
                    @if !args.is_empty() { " for " (linked(page, &args.join(", "), names)) }
                }
            }
        }
    }
}
