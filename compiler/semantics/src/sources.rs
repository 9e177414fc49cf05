//! Sources, and citations of their passages.

use crate::checker::Checker;
use crate::db::package;
use crate::names::{Entity, Kind};
use crate::passages::{document_behind, passages};
use crate::reference::Target;
use crate::signatures::document_of;
use mandate_diagnostics::{Diagnostic, Span, codes};
use mandate_documents::{Document, Passage, Quotation, difference, locate};
use mandate_pack::{self as pack, Force, Node, Type};
use mandate_syntax::ast::{self, Expr, Name, Path, SourceItemKind, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Checker<'_> {
    pub(crate) fn source(&mut self, decl: &ast::Source, doc: &str) -> Option<pack::Source> {
        self.repeated_items(decl);
        let mut source = pack::Source {
            doc: doc.to_owned(),
            title: String::new(),
            issuer: None,
            force: Force::Voluntary,
            in_force_from: None,
            in_force_until: None,
            compulsory_from: None,
            binds: None,
            adopted: None,
            datings: Vec::new(),
            supersedes: Vec::new(),
            implements: Vec::new(),
            link: None,
            document: None,
            verified: None,
            not_waivable: Vec::new(),
            passages: BTreeMap::new(),
        };
        let mut force = None;
        let mut compulsory = None;
        for item in &decl.items {
            match &item.kind {
                SourceItemKind::Force(word) => force = self.force(word),
                SourceItemKind::Title(text) => {
                    if text.text.trim().is_empty() {
                        self.report(
                            &codes::E059,
                            text.span,
                            "the title is empty",
                            "Write the title of the document: findings print it.",
                        );
                    }
                    source.title.clone_from(&text.text);
                }
                SourceItemKind::Issuer(text) => source.issuer = Some(text.text.clone()),
                SourceItemKind::Link(text) => source.link = self.link(text),
                SourceItemKind::Verified(text) => source.verified = Some(text.text.clone()),
                SourceItemKind::Document(text) => {
                    self.document(text);
                    source.document = Some(text.text.clone());
                }
                SourceItemKind::InForce(from, until) => {
                    source.in_force_from = from.as_ref().and_then(|day| self.day(day));
                    source.in_force_until = until.as_ref().and_then(|day| self.day(day));
                    self.in_order("source", source.in_force_from.as_ref(), source.in_force_until.as_ref(), item.span);
                }
                SourceItemKind::Adopted(days) => self.adopted(days, &mut source),
                SourceItemKind::Supersedes(paths) => source.supersedes = self.sources(paths),
                SourceItemKind::Implements(paths) => source.implements = self.sources(paths),
                SourceItemKind::NotWaivable(list) => {
                    let own = Entity { file: self.file, name: Arc::from(decl.name.text.as_str()), kind: Kind::Source };
                    for passage in list {
                        self.passage(&own, passage);
                    }
                    source.not_waivable = list.iter().map(|p| p.text.clone()).collect();
                }
                SourceItemKind::Compulsory(day) => {
                    source.compulsory_from = self.day(day);
                    compulsory = Some(day.span);
                }
                SourceItemKind::Binds(nation, from) => source.binds = self.binds(nation, from),
            }
        }
        if let (Some(span), Some(in_force), Some(day)) = (compulsory, &source.in_force_from, &source.compulsory_from)
            && day < in_force
        {
            let message = format!("keeping it is compulsory from {day}, and it is in force only from {in_force}");
            let help = "The transitional period runs from `in force from` until `compulsory from`: exchange the days.";
            self.report(&codes::E073, span, message, help);
        }
        self.missing_items(decl);
        source.force = force?;
        (!source.title.trim().is_empty()).then_some(source)
    }

    /// From when the source binds a state.
    fn binds(&mut self, nation: &ast::Binder, from: &Expr) -> Option<pack::Binds> {
        let depth = self.locals.len();
        let (ty, span) = match &nation.over {
            ast::Domain::Type(ty) => (self.type_ref(ty), ty.span),
            ast::Domain::Items(list) => (None, list.span),
        };
        let typed = matches!(nation.over, ast::Domain::Type(_));
        if !typed || ty.as_ref().is_some_and(|ty| *ty != pack::Type::Nation) {
            let message = "a source binds states";
            self.report(&codes::E030, span, message, "Write `binds n: Nation from ...`.");
        }
        self.bind(&nation.name, Some(pack::Type::Nation), false);
        let from = self.dated_value(from);
        self.unbind(depth, false);
        let var = (!nation.name.is_hole()).then(|| nation.name.text.clone())?;
        Some(pack::Binds { var, from: from?.expr })
    }

    fn repeated_items(&mut self, decl: &ast::Source) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for item in &decl.items {
            let word = match &item.kind {
                SourceItemKind::Title(_) => "title",
                SourceItemKind::Issuer(_) => "issuer",
                SourceItemKind::Force(_) => "force",
                SourceItemKind::InForce(..) => "in force",
                SourceItemKind::Compulsory(_) => "compulsory",
                SourceItemKind::Adopted(_) => "adopted",
                SourceItemKind::Document(_) => "document",
                SourceItemKind::Link(_) => "link",
                SourceItemKind::Verified(_) => "verified",
                SourceItemKind::Supersedes(_) | SourceItemKind::Implements(_) | SourceItemKind::NotWaivable(_) => {
                    continue;
                }
                SourceItemKind::Binds(..) => "binds",
            };
            if let Some(before) = seen.insert(word, item.span) {
                let said = Diagnostic::new(&codes::E051, item.span, format!("`{word}` stands here twice"));
                self.say(said.related(before, "first here").help("Keep the one that is right."));
            }
        }
    }

    fn missing_items(&mut self, decl: &ast::Source) {
        if decl.name.is_hole() {
            return;
        }
        let has = |wanted: fn(&SourceItemKind) -> bool| decl.items.iter().any(|item| wanted(&item.kind));
        if !has(|kind| matches!(kind, SourceItemKind::Document(_))) {
            let message =
                format!("`{}` has no passage file, so citations of its passages cannot be checked", decl.name.text);
            self.report(
                &codes::W007,
                decl.name.span,
                message,
                "Add `document \"sources/....md\"`, a file with the passages in your own words.",
            );
        }
        let missing: Vec<&str> = [
            ("title", has(|kind| matches!(kind, SourceItemKind::Title(_)))),
            ("force", has(|kind| matches!(kind, SourceItemKind::Force(_)))),
        ]
        .into_iter()
        .filter_map(|(word, there)| (!there).then_some(word))
        .collect();
        for word in missing {
            let help = match word {
                "force" => "Say what binds here: `force law`, `order`, `commitment`, `guidance` or `voluntary`.",
                _ => "Add `title \"...\"`: findings print it beside the passage.",
            };
            self.report(&codes::E059, decl.name.span, format!("the source `{}` has no `{word}`", decl.name.text), help);
        }
    }

    fn force(&mut self, word: &Name) -> Option<Force> {
        if word.is_hole() {
            return None;
        }
        let found = Force::WORDS.iter().find(|(known, _)| *known == word.text);
        if found.is_none() {
            let message = format!("`{}` is no legal force", word.text);
            let fallback = "The forces are law, order, commitment, guidance and voluntary.".to_owned();
            self.unknown(&codes::E058, word, message, Force::WORDS.iter().map(|(known, _)| *known), fallback);
        }
        found.map(|(_, force)| *force)
    }

    fn link(&mut self, text: &Text) -> Option<String> {
        let fine = text.text.starts_with("https://") || text.text.starts_with("http://");
        if !fine {
            self.report(
                &codes::E059,
                text.span,
                "a link starts with https://",
                "Write the full address of the official text.",
            );
        }
        fine.then(|| text.text.clone())
    }

    fn document(&mut self, text: &Text) {
        let Some(owner) = package(self.db, self.file.package(self.db)) else { return };
        if let Some(document) = document_of(self.db, owner, &text.text) {
            for (name, first, second) in passages(self.db, document).repeated() {
                let message = format!("the passage file names `#{name}` twice, on lines {first} and {second}");
                self.report(
                    &codes::E024,
                    text.span,
                    message,
                    "Give one of the passages another name: a citation could mean either.",
                );
            }
            return;
        }
        let known: Vec<&str> = owner.documents(self.db).keys().map(AsRef::as_ref).collect();
        let name = Name { text: text.text.clone(), span: text.span };
        let message = format!("the package has no passage file \"{}\"", text.text);
        let diagnostic = Diagnostic::new(&codes::E062, name.span, message);
        let diagnostic = match mandate_diagnostics::did_you_mean(&text.text, known.iter().copied()) {
            Some(near) => diagnostic.help(format!("Did you mean \"{near}\"?")).fix(
                format!("Replace by \"{near}\""),
                name.span,
                format!("\"{near}\""),
            ),
            None => diagnostic
                .help("Write the path below the package's folder, with `/` between its parts, of a Markdown file."),
        };
        self.say(diagnostic);
    }

    /// The day of adoption; where sources differ, each day with who gives it.
    fn adopted(&mut self, days: &[(Expr, Option<ast::Text>)], source: &mut pack::Source) {
        for (place, (day, by)) in days.iter().enumerate() {
            let read = self.day(day);
            if by.is_none() && days.len() > 1 {
                self.report(
                    &codes::E079,
                    day.span,
                    "several days stand here, and nobody can tell who gives this one",
                    "Write who says so after each: `2021-05-31 \"the text\", 2021-06-01 \"the news item\"`.",
                );
            }
            if let (Some(day), Some(by)) = (&read, by) {
                source.datings.push(pack::Dating { day: day.clone(), according_to: by.text.clone() });
            }
            if place == 0 {
                source.adopted = read;
            }
        }
    }

    pub(crate) fn day(&mut self, expr: &Expr) -> Option<String> {
        match self.plain(expr, &Type::Date)?.node {
            Node::Date(day) => Some(day),
            _ => None,
        }
    }

    /// An edition ends after it begins.
    pub(crate) fn in_order(&mut self, what: &str, from: Option<&String>, until: Option<&String>, span: Span) {
        if let (Some(from), Some(until)) = (from, until)
            && from >= until
        {
            self.report(
                &codes::E073,
                span,
                format!("the {what} ends before it begins"),
                "`until` is the first day on which it is no longer in force.",
            );
        }
    }

    pub(crate) fn sources(&mut self, paths: &[Path]) -> Vec<String> {
        let db = self.db;
        paths.iter().filter_map(|path| self.entity(path, &[Kind::Source])).map(|e| e.qualified(db)).collect()
    }

    /// Resolves a citation to its passage, and compares its quotation.
    pub(crate) fn citation(&mut self, citation: &ast::Citation) -> Option<pack::Citation> {
        let source = self.entity(&citation.source, &[Kind::Source])?;
        let mut found = Vec::new();
        for passage in citation.passage.iter().chain(&citation.to) {
            found.extend(self.passage(&source, passage));
        }
        if let [first, last] = found.as_slice()
            && first.block >= last.block
        {
            let message = "this span of passages ends before it begins";
            self.report(&codes::E063, citation.span, message, "Name the earlier passage first.");
        }
        if let Some(quotation) = &citation.quotation
            && found.len() == usize::from(citation.passage.is_some()) + usize::from(citation.to.is_some())
        {
            self.quotation(&source, citation, quotation);
        }
        Some(pack::Citation {
            source: source.qualified(self.db),
            passage: citation.passage.as_ref().map(|p| p.text.clone()),
            to: citation.to.as_ref().map(|p| p.text.clone()),
            quotation: citation.quotation.as_ref().map(|q| q.text.clone()),
        })
    }

    /// The passage named, if the source has a document.
    fn passage(&mut self, source: &Entity, passage: &ast::Passage) -> Option<Passage> {
        let target = Target::Passage {
            file: source.file.path(self.db).clone(),
            source: source.name.clone(),
            passage: Arc::from(passage.text.as_str()),
        };
        self.refer(passage.span, target);
        // A source without passage file, or with one that is missing, has been reported at the source.
        let document = document_behind(self.db, source)?;
        let found = document.passages.get(&passage.text).cloned();
        if found.is_none() {
            let name = Name { text: passage.text.clone(), span: passage.span };
            let message = format!("`{}` has no passage `#{}`", source.name, passage.text);
            let diagnostic = Diagnostic::new(&codes::E060, name.span, message);
            let known = document.passages.keys().map(String::as_str);
            let diagnostic = if document.front.retired.contains(&passage.text) {
                diagnostic.help(
                    "A passage of this name stood in an earlier edition of the document and is gone. Look where its \
                     duty stands now, and cite that passage.",
                )
            } else if let Some(near) = mandate_diagnostics::did_you_mean(&passage.text, known) {
                diagnostic.help(format!("Did you mean `#{near}`?")).fix(
                    format!("Replace by `#{near}`"),
                    name.span,
                    format!("#{near}"),
                )
            } else {
                diagnostic.help(format!(
                    "Write `{{#{}}}` at the end of the heading or paragraph that says it, in the passage file.",
                    passage.text
                ))
            };
            self.say(diagnostic);
        }
        found
    }

    /// Says what became of a quotation that does not stand in the cited passage.
    fn quotation(&mut self, source: &Entity, citation: &ast::Citation, quotation: &Text) {
        if mandate_documents::comparable(&quotation.text).is_empty() {
            let help = "Quote words of the passage, or leave the quotation marks out.";
            return self.report(&codes::E061, quotation.span, "the quotation is empty", help);
        }
        let Some(document) = document_behind(self.db, source) else { return };
        let cited: Vec<&str> = citation.passage.iter().chain(&citation.to).map(|p| p.text.as_str()).collect();
        if cited.is_empty() {
            return self.quotation_anywhere(document, citation, quotation);
        }
        let message = "these words do not stand in the cited passage";
        let said = Diagnostic::new(&codes::E061, quotation.span, message);
        let said = match locate(document, &cited, &quotation.text) {
            Quotation::Exact => return,
            Quotation::Moved { passage } => {
                let said = said.help(format!("They stand in `#{passage}`{}.", on_page(document, &passage)));
                match (&citation.passage, &citation.to) {
                    (Some(cited), None) => said.fix(format!("Cite `#{passage}`"), cited.span, format!("#{passage}")),
                    _ => said,
                }
            }
            Quotation::Altered { passage, words } => {
                let differs = difference(&words, &quotation.text).line(4);
                let said = said.label(format!("the passage, and what the quotation makes of it: {differs}"));
                if cited.contains(&passage.as_str()) || citation.to.is_some() {
                    said.help(format!("The passage reads \"{words}\".")).fix(
                        "Quote what stands there",
                        quotation.span,
                        format!("\"{}\"", written(&words)),
                    )
                } else {
                    let page = on_page(document, &passage);
                    said.help(format!("Words like these stand in `#{passage}`{page}: \"{words}\"."))
                }
            }
            Quotation::Missing => {
                let there = cited.first().and_then(|cited| document.passages.get(*cited));
                let said = match there {
                    Some(there) => said.help(format!("The passage reads: {}", shortened(&there.text))),
                    None => said,
                };
                said.label("nothing like these words stands in the document")
            }
        };
        self.say(said);
    }

    /// A quotation of a document cited as a whole.
    fn quotation_anywhere(&mut self, document: &Document, citation: &ast::Citation, quotation: &Text) {
        let message = "these words stand nowhere in the document";
        let said = Diagnostic::new(&codes::E061, quotation.span, message);
        self.say(match locate(document, &[], &quotation.text) {
            Quotation::Exact => return,
            Quotation::Moved { passage } => {
                let at = Span::empty(citation.source.span.end);
                Diagnostic::new(&codes::E061, quotation.span, "the quotation does not say in which passage it stands")
                    .help(format!("It stands in `#{passage}`{}.", on_page(document, &passage)))
                    .fix(format!("Cite `#{passage}`"), at, format!("#{passage}"))
            }
            Quotation::Altered { passage, words } => {
                said.help(format!("Words like these stand in `#{passage}`: \"{words}\"."))
            }
            Quotation::Missing => said.help("Quote words of the document, or leave the quotation out."),
        });
    }
}

/// `, page 7` where the document tells it.
fn on_page(document: &Document, passage: &str) -> String {
    let page = document.passages.get(passage).and_then(|passage| passage.page);
    page.map(|page| format!(", page {page}")).unwrap_or_default()
}

/// Words as they stand between quotation marks in a module.
fn written(words: &str) -> String {
    words.replace('\\', "\\\\").replace('"', "\\\"")
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 300;
    let text = &text.replace('\n', " ");
    if text.chars().count() <= LONGEST {
        return text.clone();
    }
    let mut short: String = text.chars().take(LONGEST).collect();
    short.push_str(" ...");
    short
}
