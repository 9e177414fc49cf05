//! The policy book: pages by which a package is read, searched and printed.
//!
//! [`book`] makes the files, as text by their path; [`write()`] puts them into a directory, whole or not at all. Nothing in them asks for
//! anything outside the directory, nothing needs a script to be read, and the same package gives the same bytes.
//!
//! Scenarios are told without their data: a book is passed on, and the data may hold values of sensitive fields.

mod address;
mod citation;
mod clauses;
mod coverage;
mod frame;
mod front;
mod graph;
mod layout;
mod linked;
mod mission;
mod rules;
mod scenarios;
mod search;
mod shelf;
mod sources;
mod uses;
mod vocabulary;
mod write;

pub use write::{MARK, NotWritten, may_write, write};

use mandate_assess::ScenarioResult;
use mandate_documents::Document;
use mandate_pack::Pack;
use shelf::Shelf;
use std::collections::BTreeMap;

/// What a book is made of.
#[derive(Debug, Clone, Copy)]
pub struct Contents<'a> {
    /// The package, with those it uses.
    pub pack: &'a Pack,
    /// How its scenarios went.
    pub results: &'a [ScenarioResult],
    /// The documents of its sources, by the qualified names of the sources.
    pub documents: &'a BTreeMap<String, Document>,
}

/// The files of a book by their path in its directory, `/` between parts.
pub fn book(contents: Contents<'_>) -> BTreeMap<String, String> {
    let shelf = Shelf::new(contents);
    let mut files = BTreeMap::new();
    let mut put = |path: &str, text: String| {
        files.insert(path.to_owned(), text);
    };
    put("index.html", front::page(&shelf));
    put("rules.html", rules::contents(&shelf));
    put("all-rules.html", rules::all(&shelf));
    for (name, rule) in &shelf.pack.rules {
        put(&shelf.address.page(name), rules::page(&shelf, name, rule));
    }
    put("sources.html", sources::contents(&shelf));
    for (name, source) in &shelf.pack.sources {
        put(&shelf.address.page(name), sources::page(&shelf, name, source));
    }
    put("coverage.html", coverage::page(&shelf));
    put("scenarios.html", scenarios::page(&shelf));
    put("vocabulary.html", vocabulary::contents(&shelf));
    for kind in vocabulary::KINDS {
        put(kind.page(), vocabulary::page(&shelf, *kind));
    }
    put("graph.html", graph::page(&shelf));
    put("search.html", search::page(&shelf));
    put("search-index.js", search::index(&shelf));
    put("book.js", include_str!("../assets/book.js").to_owned());
    put("book.css", include_str!("../assets/book.css").to_owned());
    files
}
