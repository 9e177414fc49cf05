//! The vocabulary: the words that rules speak in, each kind on a page of its own.

use crate::address::Kind;
use crate::frame::{Page, number};
use crate::linked::{doc, linked};
use crate::rules::package_heading;
use crate::shelf::{Names, Shelf};
use crate::uses::names_in_expr;
use mandate_pack::{
    Action, Dated, Enum, Evidence, EvidenceTime, Expr, Field, Held, Pack, Param, Parameter, Record, Role, Type, Waiver,
    short,
};
use maud::{Markup, html};

/// The kinds in the order of the contents.
pub(crate) const KINDS: &[Kind] =
    &[Kind::Record, Kind::Enum, Kind::Role, Kind::Action, Kind::Waiver, Kind::Parameter, Kind::Definition];

fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Rule => "What must, must not, should or may be done.",
        Kind::Source => "The texts that the rules rest on.",
        Kind::Record => "What the data of a mission consists of. The value of a field marked sensitive is never shown.",
        Kind::Enum => "Values that a field can have.",
        Kind::Role => "Who bears duties, and who holds the role.",
        Kind::Action => "What can be done, and which records show that it was.",
        Kind::Waiver => "How a rule can be set aside, and which records show that it was.",
        Kind::Parameter => "Values that a mission sets within bounds.",
        Kind::Definition => "Notions that rules share.",
    }
}

fn names(pack: &Pack, kind: Kind) -> Vec<&String> {
    match kind {
        Kind::Rule => pack.rules.keys().collect(),
        Kind::Source => pack.sources.keys().collect(),
        Kind::Record => pack.records.keys().collect(),
        Kind::Enum => pack.enums.keys().collect(),
        Kind::Role => pack.roles.keys().collect(),
        Kind::Action => pack.actions.keys().collect(),
        Kind::Waiver => pack.waivers.keys().collect(),
        Kind::Parameter => pack.parameters.keys().collect(),
        Kind::Definition => pack.definitions.keys().collect(),
    }
}

/// The contents: the kinds, and what always holds in the data.
pub(crate) fn contents(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    let assumptions = &shelf.pack.assumptions;
    let content = html! {
        h1 { "Vocabulary" }
        ul.entries {
            @for kind in KINDS {
                li {
                    a href=(kind.page()) { (kind.title()) }
                    p { (about(*kind)) " " span.quiet { (names(shelf.pack, *kind).len()) " in all." } }
                }
            }
        }
        @if !assumptions.is_empty() {
            h2 { "What is taken to hold in the data" }
            p { "Records that break one of these are faults of the data and no breach of a rule." }
            ul {
                @for assumption in assumptions {
                    li {
                        (assumption.title)
                        @let binders: Vec<String> = assumption.for_each.iter().map(crate::clauses::binder).collect();
                        span.quiet { ": for each " (binders.join(", ")) }
                        @for condition in &assumption.when { span.quiet { ", when " (condition.text) } }
                        @for condition in &assumption.require { span.quiet { ", " (condition.text) } }
                    }
                }
            }
        }
        (situations(
            "What the rules must exclude",
            "Situations that cannot come about while every rule is kept.",
            &shelf.pack.concerns,
        ))
        (situations(
            "What the rules must leave possible",
            "Situations that can come about while every rule is kept.",
            &shelf.pack.purposes,
        ))
    };
    page.whole("Vocabulary", "vocabulary.html", &content)
}

/// Situations that the rules must exclude, or leave possible.
fn situations(title: &str, about: &str, all: &[mandate_pack::Situation]) -> Markup {
    html! {
        @if !all.is_empty() {
            h2 { (title) }
            p { (about) }
            ul {
                @for situation in all {
                    li {
                        (situation.title)
                        @let binders: Vec<String> = situation.for_each.iter().map(crate::clauses::binder).collect();
                        @if !binders.is_empty() { span.quiet { ": for each " (binders.join(", ")) } }
                        @for condition in &situation.when { span.quiet { ", when " (condition.text) } }
                    }
                }
            }
        }
    }
}

/// The page of a kind.
pub(crate) fn page(shelf: &Shelf<'_>, kind: Kind) -> String {
    let page = Page::at_root(shelf);
    let all = names(shelf.pack, kind);
    let content = html! {
        h1 { (kind.title()) }
        p.lead { (about(kind)) }
        @if all.is_empty() { p.quiet { "There are none." } }
        @for (package, names) in shelf.by_package(all.into_iter()) {
            section {
                h2 { (package_heading(shelf, package)) }
                @for name in names { (entry(page, kind, name)) }
            }
        }
    };
    page.whole(kind.title(), "vocabulary.html", &content)
}

fn entry(page: Page<'_>, kind: Kind, name: &str) -> Markup {
    let pack = page.shelf.pack;
    html! {
        article.entry id=(name) {
            header { h3 { (short(name)) } p.kicker { code { (name) } } }
            @match kind {
                Kind::Record => @if let Some(it) = pack.records.get(name) { (record(page, it)) },
                Kind::Enum => @if let Some(it) = pack.enums.get(name) { (variants(it)) },
                Kind::Role => @if let Some(it) = pack.roles.get(name) { (role(page, it)) },
                Kind::Action => @if let Some(it) = pack.actions.get(name) { (action(page, it)) },
                Kind::Waiver => @if let Some(it) = pack.waivers.get(name) { (waiver(page, it)) },
                Kind::Parameter => @if let Some(it) = pack.parameters.get(name) { (parameter(page, it)) },
                Kind::Definition => @if let Some(it) = pack.definitions.get(name) {
                    (doc(&it.doc))
                    p.code { (params(page, &it.params)) " means " (expr(page, &it.body)) }
                },
                Kind::Rule | Kind::Source => {},
            }
            (users(page, name))
        }
    }
}

/// Who speaks of an entry.
fn users(page: Page<'_>, name: &str) -> Markup {
    let users: Vec<&str> = page.shelf.uses.of(name).collect();
    html! {
        @if users.is_empty() {
            p.quiet { "Nothing else in the book speaks of it." }
        } @else {
            details {
                summary { "Used in " (number(users.len(), "place", "places")) }
                (page.links(&users))
            }
        }
    }
}

/// An expression as rules write it, with links.
fn expr(page: Page<'_>, expr: &Expr) -> Markup {
    linked(page, &expr.words(), &Names::of(names_in_expr(expr)))
}

/// A type with a link to what it names.
fn ty(page: Page<'_>, of: &Type) -> Markup {
    html! {
        @match of {
            Type::Enum(name) | Type::Record(name) => (page.link_to(name, short(name))),
            Type::List(item) => { "list of " (ty(page, item)) },
            Type::Optional(inner) => (ty(page, inner)),
            scalar => (scalar.short()),
        }
    }
}

fn params(page: Page<'_>, params: &[Param]) -> Markup {
    html! {
        "(" @for (place, param) in params.iter().enumerate() {
            @if place > 0 { ", " }
            (param.name) ": " (ty(page, &param.ty))
        } ")"
    }
}

fn row(word: &str, content: &Markup) -> Markup {
    html! { div { dt { (word) } dd { (content) } } }
}

fn optional(page: Page<'_>, word: &str, of: Option<&Expr>) -> Markup {
    of.map_or_else(|| html! {}, |of| row(word, &expr(page, of)))
}

fn record(page: Page<'_>, record: &Record) -> Markup {
    html! {
        (doc(&record.doc))
        @match &record.dated {
            Some(Dated::At(field)) => p { "It happened at its " code { (field) } "." },
            Some(Dated::During(from, to)) => p { "It lasted from its " code { (from) } " until its " code { (to) } "." },
            None => {},
        }
        @if let Some(field) = &record.corrects { p { "Its " code { (field) } " names the record that it corrects." } }
        @if let Some(field) = &record.recorded { p { "It is known from its " code { (field) } " on." } }
        div.table tabindex="0" role="group" aria-label=(format!("Fields of {}", record.name)) {
            table {
                thead { tr { th scope="col" { "Field" } th scope="col" { "Holds" } th scope="col" { "What it is" } } }
                tbody { @for field in &record.fields { (field_row(page, record, field)) } }
            }
        }
    }
}

fn field_row(page: Page<'_>, record: &Record, field: &Field) -> Markup {
    html! {
        tr {
            th scope="row" {
                code { (field.name) }
                @if record.key.as_ref() == Some(&field.name) { " " span.state.key { "identifies it" } }
                @if field.sensitive { " " span.state.sensitive { "sensitive" } }
            }
            td {
                (ty(page, &field.ty))
                @if field.over_time { ", over time" }
                @if field.ty.is_optional() { span.quiet { ", may be missing" } }
            }
            td {
                (doc(&field.doc))
                @if let Some(default) = field.default.as_ref().filter(|_| !field.sensitive) {
                    p.quiet { "When missing: " (default.words()) }
                }
            }
        }
    }
}

fn variants(it: &Enum) -> Markup {
    html! {
        (doc(&it.doc))
        @if it.ordered { p { "In order, lowest first." } }
        ul.variants {
            @for variant in &it.variants {
                li {
                    code { (variant.name) }
                    @if variant.spelling != variant.name { span.quiet { " written " q { (variant.spelling) } " in the data" } }
                }
            }
        }
    }
}

fn role(page: Page<'_>, role: &Role) -> Markup {
    html! {
        (doc(&role.doc))
        dl.clauses {
            @if let Some(wider) = &role.is { (row("Is also", &page.link_to(wider, short(wider)))) }
            @if let Some(of) = &role.of { (row("Of each", &ty(page, &of.ty))) }
            @match &role.held {
                Some(held) => (holders(page, held)),
                None => (row("Held by", &html! { "The data does not say, so nobody's act can be told to be the holder's." })),
            }
        }
    }
}

fn holders(page: Page<'_>, held: &Held) -> Markup {
    let binders: Vec<String> = held.binders.iter().map(crate::clauses::binder).collect();
    html! {
        (row("Held by", &html! {
            (expr(page, &held.by)) " for each " (binders.join(", "))
            @if !is_true(&held.condition) { " where " (expr(page, &held.condition)) }
        }))
        @if let Some((from, to)) = &held.during { (row("From", &html! { (expr(page, from)) " until " (expr(page, to)) })) }
        (optional(page, "For at most", held.longest.as_ref()))
    }
}

fn is_true(expr: &Expr) -> bool {
    expr.node == mandate_pack::Node::Bool(true)
}

fn action(page: Page<'_>, action: &Action) -> Markup {
    let excluded: Vec<&str> = action.excludes.iter().map(String::as_str).collect();
    html! {
        (doc(&action.doc))
        dl.clauses {
            (row("Done to", &params(page, &action.params)))
            @for evidence in &action.evidence { (row("Shown by", &shown(page, evidence))) }
            @if action.evidence.is_empty() { (row("Shown by", &html! { "No record shows it." })) }
            @if !excluded.is_empty() { (row("Excludes", &page.links(&excluded))) }
        }
    }
}

fn shown(page: Page<'_>, evidence: &Evidence) -> Markup {
    html! {
        (evidence.var) ": " (page.link_to(&evidence.record, short(&evidence.record)))
        @if !is_true(&evidence.condition) { " where " (expr(page, &evidence.condition)) }
        @match &evidence.at {
            Some(EvidenceTime::At(at)) => { ", at " (expr(page, at)) },
            Some(EvidenceTime::During(from, to)) => { ", from " (expr(page, from)) " until " (expr(page, to)) },
            None => {},
        }
        @if let Some(by) = &evidence.by { ", by " (expr(page, by)) }
    }
}

fn waiver(page: Page<'_>, waiver: &Waiver) -> Markup {
    html! {
        (doc(&waiver.doc))
        @if waiver.caveat { p { "A national caveat: it never sets aside a prohibition of law." } }
        dl.clauses {
            (row("Granted for", &params(page, &waiver.params)))
            (row("Shown by", &html! {
                (waiver.var) ": " (page.link_to(&waiver.record, short(&waiver.record)))
                @if !is_true(&waiver.condition) { " where " (expr(page, &waiver.condition)) }
            }))
            (optional(page, "Names the rule in", waiver.names.as_ref()))
            (optional(page, "Rank", waiver.rank.as_ref()))
            (optional(page, "Granted at", waiver.granted_at.as_ref()))
            @if let Some((from, to)) = &waiver.during {
                (row("Holds from", &html! { (expr(page, from)) " until " (expr(page, to)) }))
            }
            (optional(page, "Granted by", waiver.by.as_ref()))
            (optional(page, "Valid if", waiver.valid.as_ref()))
            (optional(page, "Withdrawn at", waiver.revoked.as_ref()))
            (optional(page, "Exceptional if", waiver.exceptional.as_ref()))
            @for flag in &waiver.flags {
                (row("Remark", &html! { q { (flag.text) } " when " (expr(page, &flag.condition)) }))
            }
        }
    }
}

fn parameter(page: Page<'_>, parameter: &Parameter) -> Markup {
    html! {
        (doc(&parameter.doc))
        dl.clauses {
            (row("Holds", &ty(page, &parameter.ty)))
            @if let Some((least, most)) = &parameter.bounds {
                (row("Between", &html! { (expr(page, least)) " and " (expr(page, most)) }))
            }
            @for value in &parameter.values {
                (row("Set to", &html! {
                    strong { (expr(page, &value.value)) }
                    @if let Some(from) = &value.from { " from " (from) }
                }))
            }
        }
    }
}
