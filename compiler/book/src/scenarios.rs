//! Scenarios: what they expect and how they went. Their data stays out: a book is passed on, and data may be sensitive.

use crate::frame::{Page, number};
use crate::shelf::{Shelf, Tested, package};
use mandate_assess::ExpectationResult;
use mandate_pack::{Expectation, Fact, Pack, Record, Type, short};
use maud::{Markup, html};
use serde_json::Value;

/// The scenarios about a rule, as a table.
pub(crate) fn of_rule(page: Page<'_>, rule: &str) -> Markup {
    let testing = page.shelf.testing(rule);
    if testing.is_empty() {
        let own = package(rule) == page.shelf.pack.name;
        return html! {
            p.quiet {
                @if own { "No scenario expects anything of this rule." }
                @else { "Scenarios of a package that is used stay with that package." }
            }
        };
    }
    html! {
        div.table tabindex="0" role="group" aria-label="Scenarios about this rule" {
            table {
                thead { tr { th scope="col" { "Scenario" } th scope="col" { "Expects" } th scope="col" { "Now" } } }
                tbody {
                    @for (tested, place) in testing {
                        tr {
                            th scope="row" { a href=(page.href(&target(page.shelf, tested))) { (tested.scenario.title) } }
                            td { (expected(page, tested, place)) }
                            td { (outcome(tested, place)) (found(page.shelf.pack, tested, place)) }
                        }
                    }
                }
            }
        }
    }
}

/// All scenarios of the package.
pub(crate) fn page(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    let passed = shelf.scenarios.iter().filter(|tested| tested.result.is_some_and(|result| result.passed)).count();
    let content = html! {
        h1 { "Scenarios" }
        @if shelf.scenarios.is_empty() {
            p.lead { "The package has no scenario." }
        } @else {
            p.lead {
                (number(shelf.scenarios.len(), "scenario", "scenarios")) ", " (passed) " passed. "
                "Each gives records and says what the rules should find in them; the values of the records are left out here."
            }
        }
        @for (place, tested) in shelf.scenarios.iter().enumerate() { (whole(page, *tested, place)) }
    };
    page.whole("Scenarios", "scenarios.html", &content)
}

fn whole(page: Page<'_>, tested: Tested<'_>, place: usize) -> Markup {
    let scenario = tested.scenario;
    let faults = tested.result.map(|result| result.faults.as_slice()).unwrap_or_default();
    html! {
        section.scenario id=(format!("s{}", place + 1)) {
            h2 { (scenario.title) }
            p.facts {
                (word(tested.result.is_some_and(|result| result.passed), tested.result.is_some()))
                span { "as of " (scenario.as_of.words()) }
                code { (scenario.origin.file) ":" (scenario.origin.line) }
            }
            @if !scenario.facts.is_empty() {
                details {
                    summary { "Given " (number(scenario.facts.len(), "record", "records")) }
                    ul { @for fact in &scenario.facts { (given(page, fact)) } }
                }
            }
            @if !faults.is_empty() { p { "It could not be run as written: `mandate test` says why." } }
            ul.expected {
                @for (number, expectation) in scenario.expect.iter().enumerate() {
                    li {
                        (outcome(tested, number)) " "
                        (page.link_to_rule(&expectation.rule)) ": "
                        (expected(page, tested, number))
                        (found(page.shelf.pack, tested, number))
                    }
                }
            }
        }
    }
}

fn target(shelf: &Shelf<'_>, tested: Tested<'_>) -> String {
    let place = shelf.scenarios.iter().position(|other| std::ptr::eq(other.scenario, tested.scenario));
    format!("scenarios.html#s{}", place.unwrap_or_default() + 1)
}

/// A record with the names of the fields it gives, and none of their values.
fn given(page: Page<'_>, fact: &Fact) -> Markup {
    let fields: Vec<&str> = fact.fields.keys().map(String::as_str).collect();
    html! {
        li {
            code { (fact.name) } ", " (page.link_to(&fact.record, short(&fact.record)))
            @if !fields.is_empty() { span.quiet { " with " (fields.join(", ")) } }
        }
    }
}

/// What is expected, as it was written; without what could tell a sensitive value.
fn expected(page: Page<'_>, tested: Tested<'_>, place: usize) -> Markup {
    let Some(expectation) = tested.scenario.expect.get(place) else { return html! {} };
    let about = expectation.subject.as_ref().map(|names| names.join(", "));
    html! {
        strong { (expectation.status) }
        @if let Some(about) = about { " for " code { (about) } }
        @if gives_sensitive(page.shelf.pack, &tested.scenario.facts) {
            @if has_details(expectation) { span.quiet { " (details are not shown: the scenario gives sensitive values)" } }
        } @else {
            @for detail in details(expectation) { ", " (detail) }
        }
    }
}

fn has_details(e: &Expectation) -> bool {
    !details(e).is_empty()
}

fn details(e: &Expectation) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(e.late_by.as_ref().map(|by| format!("late by {}", by.words())));
    out.extend(e.due.as_ref().map(|due| format!("due {}", due.words())));
    out.extend(e.since.as_ref().map(|since| format!("since {}", since.words())));
    out.extend(e.uncovered.as_ref().map(|(from, to)| format!("uncovered {} .. {}", from.words(), to.words())));
    out.extend(e.missing.iter().map(|field| format!("missing {field}")));
    out.extend(e.flagged.iter().map(|words| format!("flagged \"{words}\"")));
    if !e.then.is_empty() {
        out.push(format!("then {}", e.then.join(", ")));
    }
    out
}

/// How an expectation stands.
fn outcome(tested: Tested<'_>, place: usize) -> Markup {
    let result = tested.result.filter(|result| result.faults.is_empty());
    let result = result.and_then(|result| result.expectations.get(place));
    word(result.is_some_and(|result| result.passed), result.is_some())
}

/// What was found instead of what was expected. Assessment keeps sensitive values back in it; but it names what was expected too, so
/// it stays out where that does.
fn found(pack: &Pack, tested: Tested<'_>, place: usize) -> Markup {
    let result = tested.result.filter(|result| result.faults.is_empty());
    let result = result.and_then(|result| result.expectations.get(place));
    html! {
        @if let Some(ExpectationResult { passed: false, reason, .. }) = result && !gives_sensitive(pack, &tested.scenario.facts) {
            span.found { "; found " (reason) }
        }
    }
}

fn word(passed: bool, ran: bool) -> Markup {
    html! {
        @match (ran, passed) {
            (false, _) => span.state.not-run { "not run" },
            (true, true) => span.state.passed { "passed" },
            (true, false) => span.state.failed { "failed" },
        }
    }
}

/// Whether a record of a scenario, or one nested in it, gives a value for a sensitive field.
fn gives_sensitive(pack: &Pack, facts: &[Fact]) -> bool {
    facts.iter().any(|fact| {
        let record = pack.records.get(&fact.record);
        record.is_none_or(|record| fact.fields.iter().any(|(name, value)| is_sensitive(pack, record, name, value)))
    })
}

fn is_sensitive(pack: &Pack, record: &Record, name: &str, value: &Value) -> bool {
    let Some(field) = record.fields.iter().find(|field| field.name == *name) else { return true };
    field.sensitive || nested(pack, &field.ty, value)
}

fn nested(pack: &Pack, ty: &Type, value: &Value) -> bool {
    match (ty.known(), value) {
        (Type::Record(name), Value::Object(fields)) => pack
            .records
            .get(name)
            .is_none_or(|record| fields.iter().any(|(name, value)| is_sensitive(pack, record, name, value))),
        (Type::List(item), Value::Array(values)) => values.iter().any(|value| nested(pack, item, value)),
        // A value that changes over time is an array of entries; its own type is no list.
        (ty @ Type::Record(_), Value::Array(values)) => values.iter().any(|value| nested(pack, ty, value)),
        _ => false,
    }
}
