//! What every page has: the head, the way through the book, the foot.

use crate::address::Kind;
use crate::shelf::Shelf;
use maud::{DOCTYPE, Markup, html};

/// A page being written: the book, and how to get from the page to the book's directory.
#[derive(Clone, Copy)]
pub(crate) struct Page<'s> {
    pub(crate) shelf: &'s Shelf<'s>,
    /// `""` or `"../"`.
    pub(crate) root: &'static str,
}

/// The parts of the book in the order of the navigation.
const PARTS: [(&str, &str); 7] = [
    ("rules.html", "Rules"),
    ("sources.html", "Sources"),
    ("coverage.html", "Coverage"),
    ("scenarios.html", "Scenarios"),
    ("vocabulary.html", "Vocabulary"),
    ("graph.html", "Graph"),
    ("search.html", "Search"),
];

impl<'s> Page<'s> {
    /// A page in the book's directory.
    pub(crate) fn at_root(shelf: &'s Shelf<'s>) -> Self {
        Self { shelf, root: "" }
    }

    /// A page one directory below.
    pub(crate) fn below(shelf: &'s Shelf<'s>) -> Self {
        Self { shelf, root: "../" }
    }

    pub(crate) fn href(self, target: &str) -> String {
        format!("{}{target}", self.root)
    }

    /// A link to the entry of a qualified name; the words alone where it has none.
    pub(crate) fn link_to(self, name: &str, words: &str) -> Markup {
        self.link_to_as(name, &html! { (words) })
    }

    /// As [`Page::link_to`], for words that are marked up already.
    pub(crate) fn link_to_as(self, name: &str, words: &Markup) -> Markup {
        html! {
            @match self.shelf.address.of(name) {
                Some(target) => a href=(self.href(&target)) { (words) },
                None => (words),
            }
        }
    }

    /// A link to a rule by its title.
    pub(crate) fn link_to_rule(self, name: &str) -> Markup {
        let title = self.shelf.pack.rules.get(name).map_or(name, |rule| rule.title.as_str());
        self.link_to(name, title)
    }

    /// Links to declarations, with the titles of rules and the names of others.
    pub(crate) fn links(self, names: &[&str]) -> Markup {
        html! {
            ul.plain {
                @for name in names {
                    li {
                        @if self.shelf.address.kind(name) == Some(Kind::Rule) {
                            (self.link_to_rule(name))
                        } @else {
                            code { (self.link_to(name, mandate_pack::short(name))) }
                            @if let Some(kind) = self.shelf.address.kind(name) { " " span.quiet { (kind.word()) } }
                        }
                    }
                }
            }
        }
    }

    /// The whole page. `part` is the part of the book it belongs to.
    pub(crate) fn whole(self, title: &str, part: &str, content: &Markup) -> String {
        let pack = self.shelf.pack;
        let scripted = part == "search.html" && self.root.is_empty() && title == "Search";
        let whole = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " · " (pack.name) }
                    link rel="stylesheet" href=(self.href("book.css"));
                    script defer src=(self.href("book.js")) {}
                    @if scripted { script defer src=(self.href("search-index.js")) {} }
                }
                body {
                    a.skip href="#content" { "Skip to the content" }
                    header.top {
                        div.band {
                            a.name href=(self.href("index.html")) { (pack.name) span.quiet { " policy book" } }
                            form.search role="search" action=(self.href("search.html")) method="get" {
                                label.unseen for="q" { "Search the book" }
                                input #q type="search" name="q" placeholder="Search the book" autocomplete="off";
                                button type="submit" { "Search" }
                            }
                        }
                        nav aria-label="Parts of the book" {
                            ul.band {
                                @for (target, words) in PARTS {
                                    li {
                                        a href=(self.href(target)) aria-current=[(target == part).then_some("true")] { (words) }
                                    }
                                }
                            }
                        }
                    }
                    main #content tabindex="-1" { (content) }
                    footer {
                        p { (pack.name) " " (pack.version) ", edition " (pack.edition) ", days of " (pack.time_zone) "." }
                        p { "Digest of the rules " code { (pack.digest.get(..16).unwrap_or(&pack.digest)) } "." }
                        p { "Passages are shown as the package keeps them; the official wording is what counts. Nothing here is legal advice." }
                    }
                }
            }
        };
        let mut text = whole.into_string();
        text.push('\n');
        text
    }
}

/// "1 rule", "2 rules"
pub(crate) fn number(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
