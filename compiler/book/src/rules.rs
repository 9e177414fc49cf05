//! Rules: one page each, the list of them, and all on one page for reading through and printing.

use crate::citation::{self, force};
use crate::clauses::{clauses, modal};
use crate::frame::{Page, number};
use crate::linked::doc;
use crate::scenarios;
use crate::shelf::{Shelf, module};
use mandate_pack::{Interpretation, Rule};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// The page of one rule.
pub(crate) fn page(shelf: &Shelf<'_>, name: &str, rule: &Rule) -> String {
    let page = Page::below(shelf);
    let content = html! {
        article.rule {
            (heading(name, rule, true))
            (body(page, rule))
            (interpretations(page, rule, true))
            section {
                h2 { "Scenarios" }
                (scenarios::of_rule(page, name))
            }
            (relations(page, name))
        }
    };
    page.whole(&rule.title, "rules.html", &content)
}

fn heading(name: &str, rule: &Rule, alone: bool) -> Markup {
    html! {
        header {
            p.kicker { code { (name) } }
            @if alone { h1 { (rule.title) } } @else { h3 { (rule.title) } }
            p.facts {
                span.kind { @if rule.constraint { "Constraint" } @else { (modal(rule.norm.modal)) } }
                @match rule.force {
                    Some(strongest) => (force(strongest)),
                    None => span.force.none { "no source" },
                }
            }
        }
    }
}

/// The rule on one side, its passages on the other.
fn body(page: Page<'_>, rule: &Rule) -> Markup {
    html! {
        div.pair {
            div.words {
                (doc(&rule.doc))
                (clauses(page, rule))
            }
            div.passages {
                (citation::passages(page, &rule.cites))
                @if rule.cites.is_empty() { p.quiet { "This rule cites no source." } }
            }
        }
    }
}

fn interpretations(page: Page<'_>, rule: &Rule, alone: bool) -> Markup {
    if rule.interpretations.is_empty() {
        return html! {};
    }
    html! {
        section {
            @if alone { h2 { "How the passages were read" } } @else { h4 { "How the passages were read" } }
            @for note in &rule.interpretations { (interpretation(page, note)) }
        }
    }
}

fn interpretation(page: Page<'_>, note: &Interpretation) -> Markup {
    html! {
        div.reading {
            p { q { (note.words) } " is read as " q { (note.reading) } ", by " (note.authority) "." }
            p.quiet { "The words stand in " (citation::brief(page, &note.citation)) "." }
            @if let Some(clause) = &note.clause { p.quiet { "It explains the clause " code { (clause) } "." } }
            @if !note.rejected.is_empty() {
                p { "Readings that were rejected:" }
                ul {
                    @for rejected in &note.rejected {
                        li { q { (rejected.reading) } @if let Some(why) = &rejected.because { ", because " (why) } }
                    }
                }
            }
        }
    }
}

/// What stands in another rule about this one, and what the rule speaks of.
fn relations(page: Page<'_>, name: &str) -> Markup {
    let rules = &page.shelf.pack.rules;
    let pointing = |points: fn(&Rule) -> &[mandate_pack::RuleRef]| -> Vec<&str> {
        let to = |rule: &Rule| points(rule).iter().any(|other| other.rule == name);
        rules.iter().filter(|(_, rule)| to(rule)).map(|(other, _)| other.as_str()).collect()
    };
    let replaced = pointing(|rule| &rule.overrides);
    let narrowed = pointing(|rule| &rule.limits);
    let spoken = rules.get(name).map(crate::uses::names_in).unwrap_or_default();
    let spoken: Vec<&str> = spoken.iter().map(String::as_str).collect();
    html! {
        section {
            h2 { "Related" }
            @if !replaced.is_empty() { h3 { "Rules that take its place" } (page.links(&replaced)) }
            @if !narrowed.is_empty() { h3 { "Rules that narrow it" } (page.links(&narrowed)) }
            @if spoken.is_empty() { p.quiet { "Nothing." } } @else { h3 { "What it speaks of" } (page.links(&spoken)) }
        }
    }
}

/// Rules of a package by module.
fn by_module<'n>(names: &[&'n str]) -> BTreeMap<&'n str, Vec<&'n str>> {
    let mut modules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        modules.entry(module(name)).or_default().push(name);
    }
    modules
}

/// The list of all rules: those of the package, then those of each package it uses.
pub(crate) fn contents(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    let content = html! {
        h1 { "Rules" }
        p.lead {
            (number(shelf.pack.rules.len(), "rule", "rules")) ". "
            a href="all-rules.html" { "All on one page" } ", to read through or to print."
        }
        @for (package, names) in shelf.by_package(shelf.pack.rules.keys()) {
            section {
                h2 { (package_heading(shelf, package)) }
                @for (module, names) in by_module(&names) {
                    h3 { (module) }
                    ul.entries { @for name in names { (entry(page, name)) } }
                }
            }
        }
    };
    page.whole("Rules", "rules.html", &content)
}

/// A heading for what belongs to a package.
pub(crate) fn package_heading(shelf: &Shelf<'_>, package: &str) -> String {
    if package == shelf.pack.name { package.to_owned() } else { format!("{package}, a package it uses") }
}

fn entry(page: Page<'_>, name: &str) -> Markup {
    let Some(rule) = page.shelf.pack.rules.get(name) else { return html! {} };
    html! {
        li {
            (page.link_to_rule(name))
            p.facts {
                span.kind { @if rule.constraint { "Constraint" } @else { (modal(rule.norm.modal)) } }
                @if let Some(strongest) = rule.force { (force(strongest)) }
                code { (mandate_pack::short(name)) }
            }
        }
    }
}

/// Every rule, one below the other.
pub(crate) fn all(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    let content = html! {
        h1 { "All rules" }
        p.lead { "Every rule with the passages it rests on, to read through or to print." }
        @for (package, names) in shelf.by_package(shelf.pack.rules.keys()) {
            section {
                h2 { (package_heading(shelf, package)) }
                @for name in names {
                    @if let Some(rule) = shelf.pack.rules.get(name) {
                        article.rule id=(name) {
                            (heading(name, rule, false))
                            (body(page, rule))
                            (interpretations(page, rule, false))
                        }
                    }
                }
            }
        }
    };
    page.whole("All rules", "rules.html", &content)
}
