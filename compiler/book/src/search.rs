//! The search: an index of rules, passages and vocabulary, and the page that looks into it.

use crate::address::Kind;
use crate::frame::Page;
use crate::shelf::Shelf;
use maud::html;
use serde_json::{Value, json};

/// The page. Its results are put in by the script; without one it leads to the lists.
pub(crate) fn page(shelf: &Shelf<'_>) -> String {
    let page = Page::at_root(shelf);
    let content = html! {
        h1 { "Search" }
        p #status role="status" {}
        ol #results .results {}
        noscript {
            p { "Searching needs a script. Everything in the book can be reached from these lists:" }
            ul {
                @for (target, words) in [("all-rules.html", "All rules"), ("sources.html", "Sources"), ("scenarios.html", "Scenarios")] {
                    li { a href=(target) { (words) } }
                }
                @for kind in crate::vocabulary::KINDS { li { a href=(kind.page()) { (kind.title()) } } }
            }
        }
    };
    page.whole("Search", "search.html", &content)
}

/// The index: for each entry its title, its kind, where it stands, and the words it is found by.
pub(crate) fn index(shelf: &Shelf<'_>) -> String {
    let mut entries: Vec<Value> = Vec::new();
    for (name, rule) in &shelf.pack.rules {
        let conditions = rule.when.iter().chain(&rule.unless).map(|condition| condition.text.as_str());
        let norms = std::iter::once(&rule.norm).chain(&rule.otherwise).map(|norm| norm.text.as_str());
        let words = [name.as_str(), &rule.doc].into_iter().chain(norms).chain(conditions);
        let words = words.chain(rule.carries.iter().map(String::as_str));
        entries.push(entry(&rule.title, "rule", &shelf.address.page(name), words));
    }
    for (name, source) in &shelf.pack.sources {
        let words = [name.as_str(), &source.doc, source.issuer.as_deref().unwrap_or_default()];
        entries.push(entry(&source.title, "source", &shelf.address.page(name), words.into_iter()));
        let Some(document) = shelf.documents.get(name) else { continue };
        for block in &document.blocks {
            let Some(at) = block.name.as_ref().and_then(|passage| shelf.address.passage(name, passage)) else {
                continue;
            };
            let title = format!("{}, {}", source.title, block.name.as_deref().unwrap_or_default());
            entries.push(entry(&title, "passage", &at, std::iter::once(block.text.as_str())));
        }
    }
    vocabulary(shelf, &mut entries);
    for (place, tested) in shelf.scenarios.iter().enumerate() {
        let at = format!("scenarios.html#s{}", place + 1);
        let rules = tested.scenario.expect.iter().map(|expectation| mandate_pack::short(&expectation.rule));
        entries.push(entry(&tested.scenario.title, "scenario", &at, rules));
    }
    // In a script the signs of a tag are written so that none can end it early.
    let lines: Vec<String> = entries.iter().map(|entry| entry.to_string().replace('<', "\\u003c")).collect();
    format!("mandateBook.load([\n{}\n]);\n", lines.join(",\n"))
}

fn entry<'w>(title: &str, kind: &str, at: &str, words: impl Iterator<Item = &'w str>) -> Value {
    let words: Vec<&str> = words.filter(|words| !words.is_empty()).collect();
    json!([title, kind, at, words.join(" ").replace("\u{2028}", " ").replace("\u{2029}", " ")])
}

fn vocabulary(shelf: &Shelf<'_>, entries: &mut Vec<Value>) {
    let pack = shelf.pack;
    let mut add = |name: &str, words: Vec<&str>| {
        let kind = shelf.address.kind(name).map_or("", Kind::word);
        let at = shelf.address.of(name).unwrap_or_default();
        let all = std::iter::once(name).chain(words);
        entries.push(entry(&mandate_pack::short(name).replace('_', " "), kind, &at, all));
    };
    for (name, record) in &pack.records {
        let fields = record.fields.iter().flat_map(|field| [field.name.as_str(), &field.doc]);
        add(name, std::iter::once(record.doc.as_str()).chain(fields).collect());
    }
    for (name, it) in &pack.enums {
        let variants = it.variants.iter().map(|variant| variant.name.as_str());
        add(name, std::iter::once(it.doc.as_str()).chain(variants).collect());
    }
    let documented = (pack.roles.iter().map(|(name, it)| (name, &it.doc)))
        .chain(pack.actions.iter().map(|(name, it)| (name, &it.doc)))
        .chain(pack.waivers.iter().map(|(name, it)| (name, &it.doc)))
        .chain(pack.parameters.iter().map(|(name, it)| (name, &it.doc)))
        .chain(pack.definitions.iter().map(|(name, it)| (name, &it.doc)));
    for (name, doc) in documented {
        add(name, vec![doc.as_str()]);
    }
}
