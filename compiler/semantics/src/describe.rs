//! Where things are declared and what is to be said about them, for editors. Plain data; the look is made elsewhere.

use crate::crosscheck::lowered;
use crate::db::{SourceFile, package, parsed};
use crate::host::{Place, Snapshot};
use crate::names::{Entity, Kind, declared};
use crate::passages::document_behind;
use crate::reference::Target;
use crate::signatures::{Signature, document_of, signature};
use mandate_diagnostics::Span;
use mandate_pack::Force;
use mandate_syntax::ast::{self, ClauseKind, DeclKind, Item};
use std::sync::Arc;

/// What is to be said about a target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Description {
    /// What it is, as the language writes it: `r.sent_at: Time?`, `rule report_grave_violation`.
    pub signature: String,
    /// Documentation comment.
    pub doc: String,
    /// Title of a rule or source.
    pub title: String,
    /// Sentences of a rule: the norm, then each `otherwise`.
    pub sentences: Vec<String>,
    /// Conditions of a rule: `when` and `unless` with their words.
    pub conditions: Vec<String>,
    /// Identifiers of the statements of a checklist that a rule carries.
    pub carries: Vec<String>,
    /// How a rule reads ambiguous words of its passages, a sentence each.
    pub interpretations: Vec<String>,
    /// How a rule stands to its last review, a sentence; empty where the package keeps no reviews.
    pub review: String,
    /// Passages: those a rule cites, or the one meant.
    pub passages: Vec<CitedPassage>,
}

/// A passage with its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedPassage {
    /// Title of the source.
    pub source: String,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its legal force.
    pub force: Option<Force>,
    /// First day in force.
    pub in_force_from: Option<String>,
    /// First day on which it no longer is.
    pub in_force_until: Option<String>,
    /// First day on which keeping it is compulsory, where a time of transition comes before.
    pub compulsory_from: Option<String>,
    /// `4(1)`; empty when the document as a whole is cited.
    pub passage: String,
    /// Words of the passage file; empty when it cannot be found.
    pub text: String,
    /// Page of the original.
    pub page: Option<u32>,
    /// Where the official wording is.
    pub link: Option<String>,
    /// Where the passage stands.
    pub place: Option<Place>,
}

/// A line of the outline of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Name, or the title of a scenario.
    pub name: String,
    /// Said beside it.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The whole declaration, absolute.
    pub span: Span,
    /// Its name, absolute.
    pub name_span: Span,
    /// Fields, values.
    pub children: Vec<Symbol>,
}

/// Kinds of symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A named declaration.
    Declaration(Kind),
    /// A field of a record.
    Field,
    /// A value of an enum.
    Variant,
    /// A scenario.
    Scenario,
    /// `assume`, `concern`, `purpose`.
    Statement,
    /// `mission`
    Mission,
    /// A heading or a named passage of a document.
    Passage,
}

/// The item that declares a name.
fn item<'db>(db: &'db dyn salsa::Database, file: SourceFile, name: &str) -> Option<&'db Item> {
    parsed(db, file).items.iter().find(|item| declared(&item.decl.kind).is_some_and(|(n, _)| n.text == name))
}

pub(crate) fn definition(snapshot: &Snapshot, target: &Target) -> Option<Place> {
    let db = &snapshot.db;
    let at = |file: &Arc<str>, span: Span| Some(Place { path: file.clone(), span });
    match target {
        Target::Module { file } => at(file, Span::empty(0)),
        Target::Local { file, span, .. } => at(file, *span),
        Target::Declaration { file, name } => {
            let item = item(db, snapshot.module(file)?, name)?;
            let (name, _) = declared(&item.decl.kind)?;
            at(file, name.span.shifted(item.offset))
        }
        Target::Field { file, record, field } => {
            let item = item(db, snapshot.module(file)?, record)?;
            let DeclKind::Record(decl) = &item.decl.kind else { return None };
            let field = decl.fields.iter().find(|f| *f.name.text == **field)?;
            at(file, field.name.span.shifted(item.offset))
        }
        Target::Variant { file, r#enum, variant } => {
            let item = item(db, snapshot.module(file)?, r#enum)?;
            let DeclKind::Enum(decl) = &item.decl.kind else { return None };
            let variant = decl.variants.iter().find(|v| *v.name.text == **variant)?;
            at(file, variant.name.span.shifted(item.offset))
        }
        Target::Passage { file, source, passage } => {
            let entity = Entity { file: snapshot.module(file)?, name: source.clone(), kind: Kind::Source };
            passage_place(snapshot, &entity, passage)
        }
    }
}

fn passage_place(snapshot: &Snapshot, source: &Entity, passage: &str) -> Option<Place> {
    let db = &snapshot.db;
    let Signature::Source(found) = signature(db, source)? else { return None };
    let owner = package(db, source.file.package(db))?;
    let document = document_of(db, owner, found.document.as_deref()?)?;
    let path = document.path(db).clone();
    snapshot.document_at(&path)?;
    let span = document_behind(db, source)?.passages.get(passage)?.span;
    Some(Place { path, span })
}

impl Snapshot {
    /// What is to be said about a target.
    pub fn describe(&self, target: &Target) -> Option<Description> {
        match target {
            Target::Module { file } => {
                let module = self.module(file)?;
                let (package, path) = (module.package(&self.db), module.module(&self.db));
                let name = if path.is_empty() { package.to_string() } else { format!("{package}.{path}") };
                Some(Description {
                    signature: format!("module {name}"),
                    doc: parsed(&self.db, module).doc.clone(),
                    ..Description::default()
                })
            }
            Target::Local { name, ty, .. } => {
                Some(Description { signature: format!("{name}: {ty}"), ..Description::default() })
            }
            Target::Declaration { file, name } => self.describe_declaration(file, name),
            Target::Field { file, record, field } => {
                let item = item(&self.db, self.module(file)?, record)?;
                let DeclKind::Record(decl) = &item.decl.kind else { return None };
                let found = decl.fields.iter().find(|f| *f.name.text == **field)?;
                let line = self.source_words(file, item, Span::new(found.name.span.start, field_end(found)))?;
                let sensitive = if found.sensitive { "sensitive " } else { "" };
                Some(Description {
                    signature: format!("{record}: {sensitive}{line}"),
                    doc: found.doc.clone(),
                    ..Description::default()
                })
            }
            Target::Variant { file, r#enum, variant } => {
                let item = item(&self.db, self.module(file)?, r#enum)?;
                let DeclKind::Enum(decl) = &item.decl.kind else { return None };
                let found = decl.variants.iter().find(|v| *v.name.text == **variant)?;
                let spelled = found.spelling.as_ref().map(|s| format!(" = \"{}\"", s.text)).unwrap_or_default();
                Some(Description {
                    signature: format!("{}.{variant}{spelled}", r#enum),
                    doc: found.doc.clone(),
                    ..Description::default()
                })
            }
            Target::Passage { file, source, passage } => {
                let entity = Entity { file: self.module(file)?, name: source.clone(), kind: Kind::Source };
                let cited = self.cited(&entity, passage)?;
                Some(Description {
                    signature: format!("{source}#{passage}"),
                    title: cited.source.clone(),
                    passages: vec![cited],
                    ..Description::default()
                })
            }
        }
    }

    fn source_words(&self, file: &str, item: &Item, span: Span) -> Option<String> {
        let text = self.text(file)?;
        let words = text.get(span.shifted(item.offset).range())?;
        Some(words.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn describe_declaration(&self, file: &Arc<str>, name: &Arc<str>) -> Option<Description> {
        let module = self.module(file)?;
        let item = item(&self.db, module, name)?;
        let (_, kind) = declared(&item.decl.kind)?;
        let mut description = Description {
            signature: self.head(file, item, kind, name)?,
            doc: item.decl.doc.clone(),
            ..Description::default()
        };
        match &item.decl.kind {
            DeclKind::Rule(decl) => {
                description.title = decl.title.as_ref().map(|t| t.text.clone()).unwrap_or_default();
                self.describe_rule(module, item, decl, &mut description);
            }
            DeclKind::Source(_) => {
                let entity = Entity { file: module, name: name.clone(), kind };
                if let Some(cited) = self.cited(&entity, "") {
                    description.title.clone_from(&cited.source);
                    description.passages.push(cited);
                }
            }
            _ => {}
        }
        Some(description)
    }

    /// The head of a declaration in the language: up to its body for those that have one, the whole for the short ones.
    fn head(&self, file: &str, item: &Item, kind: Kind, name: &str) -> Option<String> {
        let whole = self.source_words(file, item, item.decl.span)?;
        Some(match kind {
            Kind::Parameter | Kind::Define | Kind::Role | Kind::Enum => whole,
            Kind::Rule => whole.split('"').next().unwrap_or(&whole).split('{').next().unwrap_or(name).trim().to_owned(),
            Kind::Record | Kind::Action | Kind::Waiver | Kind::Source => {
                whole.split('{').next().unwrap_or(name).trim().to_owned()
            }
        })
    }

    /// Read from the tree, so that a rule with a mistake in one clause still shows its other clauses and its passages.
    fn describe_rule(&self, module: SourceFile, item: &Item, rule: &ast::Rule, description: &mut Description) {
        description.review = crate::review::state(&self.db, module, &rule.name.text).unwrap_or_default();
        let path = module.path(&self.db).clone();
        let words = |span: Span| self.source_words(&path, item, span).unwrap_or_default();
        for clause in &rule.clauses {
            match &clause.kind {
                ClauseKind::Norm(_) | ClauseKind::Require(_) | ClauseKind::Otherwise(_) => {
                    description.sentences.push(words(clause.span));
                }
                ClauseKind::When(_) | ClauseKind::Unless(_) => description.conditions.push(words(clause.span)),
                ClauseKind::Reads(note) => description.interpretations.push(read_as(note)),
                ClauseKind::Carries(ids) => description.carries.extend(ids.iter().map(|id| id.text.clone())),
                ClauseKind::Cites(citations) => {
                    let cited = citations.iter().filter_map(|citation| {
                        let source = self.source_named(module, &citation.source)?;
                        self.cited(&source, citation.passage.as_ref().map_or("", |p| p.text.as_str()))
                    });
                    description.passages.extend(cited);
                }
                _ => {}
            }
        }
    }

    /// The source that a path means in a module.
    fn source_named(&self, module: SourceFile, path: &ast::Path) -> Option<Entity> {
        let mut ignored = crate::reference::Output::default();
        let item = parsed(&self.db, module).items.first()?;
        let scope = crate::names::scope(&self.db, module);
        crate::checker::Checker::new(&self.db, module, scope, item, module.text(&self.db), &mut ignored)
            .entity(path, &[Kind::Source])
    }

    fn cited(&self, source: &Entity, passage: &str) -> Option<CitedPassage> {
        let name = source.qualified(&self.db);
        let found = lowered(&self.db, &name, |pack| pack.sources.get(&name))?;
        let known = document_behind(&self.db, source).and_then(|known| known.passages.get(passage));
        let (text, page) = known.map(|p| (p.text.clone(), p.page)).unwrap_or_default();
        Some(CitedPassage {
            source: found.title.clone(),
            issuer: found.issuer.clone(),
            force: Some(found.force),
            in_force_from: found.in_force_from.clone(),
            in_force_until: found.in_force_until.clone(),
            compulsory_from: found.compulsory_from.clone(),
            passage: passage.to_owned(),
            text,
            page,
            link: found.link.clone(),
            place: passage_place(self, source, passage),
        })
    }

    /// The outline of a module.
    pub fn symbols(&self, path: &str) -> Vec<Symbol> {
        let Some(file) = self.module(path) else { return Vec::new() };
        parsed(&self.db, file).items.iter().filter_map(symbol).collect()
    }
}

/// `"necessity" is read as "no other way" (Legal adviser), rather than "convenience" (too wide)`.
fn read_as(note: &ast::Interpretation) -> String {
    let mut said = format!("\"{}\" is read as \"{}\" ({})", note.words.text, note.reading.text, note.authority.text);
    for (at, (other, because)) in note.rejected.iter().enumerate() {
        said.push_str(if at == 0 { ", rather than " } else { " or " });
        said.push_str(&format!("\"{}\"", other.text));
        if let Some(because) = because {
            said.push_str(&format!(" ({})", because.text));
        }
    }
    said
}

fn field_end(field: &ast::Field) -> u32 {
    let last = field.default.as_ref().map(|default| default.span).or(field.over_time);
    last.unwrap_or(field.ty.span).end
}

fn symbol(item: &Item) -> Option<Symbol> {
    let span = item.decl.span.shifted(item.offset);
    let at = |s: Span| s.shifted(item.offset);
    if let Some((name, kind)) = declared(&item.decl.kind) {
        let (detail, children) = match &item.decl.kind {
            DeclKind::Rule(decl) => (decl.title.as_ref().map(|t| t.text.clone()).unwrap_or_default(), Vec::new()),
            DeclKind::Record(decl) => (
                String::new(),
                decl.fields
                    .iter()
                    .filter(|f| !f.name.is_hole())
                    .map(|f| Symbol {
                        name: f.name.text.clone(),
                        detail: String::new(),
                        kind: SymbolKind::Field,
                        span: at(Span::new(f.name.span.start, field_end(f).max(f.name.span.end))),
                        name_span: at(f.name.span),
                        children: Vec::new(),
                    })
                    .collect(),
            ),
            DeclKind::Enum(decl) => (
                String::new(),
                decl.variants
                    .iter()
                    .filter(|v| !v.name.is_hole())
                    .map(|v| Symbol {
                        name: v.name.text.clone(),
                        detail: String::new(),
                        kind: SymbolKind::Variant,
                        span: at(v.name.span),
                        name_span: at(v.name.span),
                        children: Vec::new(),
                    })
                    .collect(),
            ),
            _ => (String::new(), Vec::new()),
        };
        return Some(Symbol {
            name: name.text.clone(),
            detail,
            kind: SymbolKind::Declaration(kind),
            span,
            name_span: at(name.span),
            children,
        });
    }
    let (title, kind, word) = match &item.decl.kind {
        DeclKind::Scenario(decl) => (&decl.title, SymbolKind::Scenario, "scenario"),
        DeclKind::Assume(decl) => (&decl.title, SymbolKind::Statement, "assume"),
        DeclKind::Concern(decl) => (&decl.title, SymbolKind::Statement, "concern"),
        DeclKind::Purpose(decl) => (&decl.title, SymbolKind::Statement, "purpose"),
        DeclKind::Mission(decl) => return Some(mission_symbol(decl, span, at)),
        _ => return None,
    };
    let name_span = title.as_ref().map_or(Span::new(span.start, span.start + word.len() as u32), |t| at(t.span));
    let name = title.as_ref().map_or_else(|| word.to_owned(), |t| t.text.clone());
    Some(Symbol { name, detail: word.to_owned(), kind, span, name_span, children: Vec::new() })
}

fn mission_symbol(decl: &ast::Mission, span: Span, at: impl Fn(Span) -> Span) -> Symbol {
    let hole = decl.name.is_hole();
    let word = Span::new(span.start, span.start + "mission".len() as u32);
    Symbol {
        name: if hole { "mission".to_owned() } else { decl.name.text.clone() },
        detail: decl.title.as_ref().map_or_else(|| "mission".to_owned(), |title| title.text.clone()),
        kind: SymbolKind::Mission,
        span,
        name_span: if hole { word } else { at(decl.name.span) },
        children: Vec::new(),
    }
}
