//! Where everything stands in the book: the page and the place on it.

use mandate_pack::Pack;
use std::collections::{BTreeMap, BTreeSet};

/// What has an entry in the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Rule,
    Source,
    Record,
    Enum,
    Role,
    Action,
    Waiver,
    Parameter,
    Definition,
}

impl Kind {
    /// The page that all entries of a kind share; for rules and sources the list of them.
    pub(crate) fn page(self) -> &'static str {
        match self {
            Kind::Rule => "rules.html",
            Kind::Source => "sources.html",
            Kind::Record => "records.html",
            Kind::Enum => "enums.html",
            Kind::Role => "roles.html",
            Kind::Action => "actions.html",
            Kind::Waiver => "waivers.html",
            Kind::Parameter => "parameters.html",
            Kind::Definition => "definitions.html",
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Rule => "rule",
            Kind::Source => "source",
            Kind::Record => "record",
            Kind::Enum => "enum",
            Kind::Role => "role",
            Kind::Action => "action",
            Kind::Waiver => "waiver",
            Kind::Parameter => "parameter",
            Kind::Definition => "definition",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Kind::Rule => "Rules",
            Kind::Source => "Sources",
            Kind::Record => "Records",
            Kind::Enum => "Enums",
            Kind::Role => "Roles",
            Kind::Action => "Actions",
            Kind::Waiver => "Waivers",
            Kind::Parameter => "Parameters",
            Kind::Definition => "Definitions",
        }
    }
}

/// Pages and anchors by qualified name.
pub(crate) struct Address {
    pages: BTreeMap<String, (Kind, String)>,
}

impl Address {
    pub(crate) fn new(pack: &Pack) -> Self {
        let mut pages = BTreeMap::new();
        let shared: [(Kind, Vec<&String>); 7] = [
            (Kind::Record, pack.records.keys().collect()),
            (Kind::Enum, pack.enums.keys().collect()),
            (Kind::Role, pack.roles.keys().collect()),
            (Kind::Action, pack.actions.keys().collect()),
            (Kind::Waiver, pack.waivers.keys().collect()),
            (Kind::Parameter, pack.parameters.keys().collect()),
            (Kind::Definition, pack.definitions.keys().collect()),
        ];
        for (kind, names) in shared {
            pages.extend(names.into_iter().map(|name| (name.clone(), (kind, kind.page().to_owned()))));
        }
        let own: [(Kind, &str, Vec<&String>); 2] = [
            (Kind::Rule, "rules", pack.rules.keys().collect()),
            (Kind::Source, "sources", pack.sources.keys().collect()),
        ];
        for (kind, folder, names) in own {
            // Some disks take `A.html` and `a.html` for one file.
            let mut taken = BTreeSet::new();
            for name in names {
                let mut file = name.clone();
                while !taken.insert(file.to_lowercase()) {
                    file.push('_');
                }
                pages.insert(name.clone(), (kind, format!("{folder}/{file}.html")));
            }
        }
        Self { pages }
    }

    pub(crate) fn kind(&self, name: &str) -> Option<Kind> {
        self.pages.get(name).map(|(kind, _)| *kind)
    }

    /// The page on which a name stands.
    pub(crate) fn page(&self, name: &str) -> String {
        self.pages.get(name).map_or_else(|| "index.html".to_owned(), |(_, page)| page.clone())
    }

    /// The page with the place on it.
    pub(crate) fn of(&self, name: &str) -> Option<String> {
        let (kind, page) = self.pages.get(name)?;
        Some(match kind {
            Kind::Rule | Kind::Source => page.clone(),
            _ => format!("{page}#{name}"),
        })
    }

    /// The place of a passage on the page of its source.
    pub(crate) fn passage(&self, source: &str, passage: &str) -> Option<String> {
        let (_, page) = self.pages.get(source)?;
        Some(format!("{page}#{}", fragment(&passage_id(passage))))
    }
}

/// The anchor of a passage: apart from the anchors of the page itself.
pub(crate) fn passage_id(passage: &str) -> String {
    format!("p-{passage}")
}

/// Text as the part of an address behind `#`: what is no letter, digit or harmless sign as the bytes it is made of.
pub(crate) fn fragment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~()!*'".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
