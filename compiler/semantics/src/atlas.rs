//! Where declarations and their clauses stand, as plain data that outlives the snapshot it was taken from.

use crate::assemble::with_dependencies;
use crate::db::{package, parsed};
use crate::host::{Place, Snapshot};
use crate::names::declared;
use mandate_diagnostics::{LineIndex, Span};
use mandate_pack::Origin;
use mandate_syntax::ast::{
    Act, Clause, ClauseKind, DeclKind, Expr, ExprKind, Item, MissionLineKind, ParameterValue, Rule,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a place is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declaration<'a> {
    /// A rule, definition, parameter or anything else with a name, qualified.
    Named(&'a str),
    /// What has only a title, by where it was declared.
    At(&'a Origin),
}

/// A part of a declaration. Lists count from 0, as in the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its name, or its title.
    Name,
    /// A conjunct of `when`.
    When(usize),
    /// An `unless`.
    Unless(usize),
    /// What it says: the sentence of a rule, the whole `require` of a constraint, the body of a definition, the value of a parameter.
    Norm,
    /// A condition of `require` or `ensure`.
    Require(usize),
    /// The sentence of an `otherwise`.
    Otherwise(usize),
    /// An `overrides`.
    Overrides(usize),
    /// A `limits`.
    Limits(usize),
    /// `waivable under`.
    Waivable,
    /// A citation.
    Cites(usize),
    /// A `set` of a mission, in the order written; [`Atlas::settings`] names them.
    Set(usize),
    /// A `drops` of a mission.
    Drops(usize),
    /// An `accepts weaker` of a mission.
    Accepts(usize),
}

/// A module, with its text and its tree.
#[derive(Debug, Clone)]
struct Module {
    path: Arc<str>,
    text: Arc<str>,
    items: Vec<Item>,
}

/// The texts and trees behind a pack.
#[derive(Debug, Clone, Default)]
pub struct Atlas {
    /// By what stands before the names of their declarations: `core.sites`.
    modules: BTreeMap<String, Module>,
    /// The names of modules by their file as origins write it: `core:sites.mandate`.
    files: BTreeMap<String, String>,
    /// Path and text of passage files, named as in `files`.
    documents: BTreeMap<String, (Arc<str>, Arc<str>)>,
}

impl Snapshot {
    /// The texts and trees of a package and of all it uses. Shares them with the analysis: nothing is copied but lists of them.
    pub fn atlas(&self, name: &str) -> Atlas {
        let mut atlas = Atlas::default();
        let Some(main) = package(&self.db, name) else { return atlas };
        for part in with_dependencies(&self.db, main) {
            let owner = part.name(&self.db);
            for (module, file) in part.modules(&self.db) {
                let scope = if module.is_empty() { owner.to_string() } else { format!("{owner}.{module}") };
                atlas.files.insert(format!("{owner}:{}", file.relative(&self.db)), scope.clone());
                let items = parsed(&self.db, *file).items.clone();
                let (path, text) = (file.path(&self.db).clone(), file.text(&self.db).clone());
                atlas.modules.insert(scope, Module { path, text, items });
            }
            for (relative, document) in part.documents(&self.db) {
                let (path, text) = (document.path(&self.db).clone(), document.text(&self.db).clone());
                atlas.documents.insert(format!("{owner}:{relative}"), (path, text));
            }
        }
        atlas
    }

    /// The packages that the user asked for, by name.
    pub fn own_packages(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> =
            self.own_modules().into_iter().map(|file| file.package(&self.db).clone()).collect();
        names.sort();
        names.dedup();
        names
    }
}

impl Atlas {
    /// Where a part of a declaration stands.
    pub fn place_of(&self, of: Declaration<'_>, part: Part) -> Option<Place> {
        let (module, item) = self.find(of)?;
        let span = part_of(item, part)?.shifted(item.offset);
        Some(Place { path: module.path.clone(), span })
    }

    /// From the first to the last word of a declaration.
    pub fn whole(&self, of: Declaration<'_>) -> Option<Place> {
        let (module, item) = self.find(of)?;
        Some(Place { path: module.path.clone(), span: item.decl.span.shifted(item.offset) })
    }

    /// The line of the passage file of `source` (qualified) that has this number, from 1; `document` is its path below its package.
    pub fn line_of(&self, source: &str, document: &str, line: u32) -> Option<Place> {
        let owner = source.split('.').next()?;
        let (path, text) = self.documents.get(&format!("{owner}:{document}"))?;
        let index = LineIndex::new(text);
        let start = index.start(line.checked_sub(1)? as usize)?;
        let length = text.get(start as usize..)?.lines().next().unwrap_or("").trim_end().len();
        Some(Place { path: path.clone(), span: Span::new(start, start + length as u32) })
    }

    /// The text of a module or passage file.
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        let modules = self.modules.values().map(|module| (&module.path, &module.text));
        let documents = self.documents.values().map(|(path, text)| (path, text));
        modules.chain(documents).find(|(known, _)| ***known == *path).map(|(_, text)| text)
    }

    /// The parameters that a mission sets, in the order written, without packages and modules.
    pub fn settings(&self, of: Declaration<'_>) -> Vec<&str> {
        let Some((_, item)) = self.find(of) else { return Vec::new() };
        let DeclKind::Mission(mission) = &item.decl.kind else { return Vec::new() };
        let set = mission.lines.iter().filter_map(|line| match &line.kind {
            MissionLineKind::Set(parameter, _) => Some(parameter.segments.last().map_or("", |name| name.text.as_str())),
            MissionLineKind::Drops(..) | MissionLineKind::Accepts(_) => None,
        });
        set.collect()
    }

    /// The first module of a package.
    pub fn first_module(&self, package: &str) -> Option<Arc<str>> {
        let own =
            |scope: &str| scope.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.modules.iter().find(|(scope, _)| own(scope)).map(|(_, module)| module.path.clone())
    }

    fn find(&self, of: Declaration<'_>) -> Option<(&Module, &Item)> {
        match of {
            Declaration::Named(qualified) => {
                let (scope, name) = qualified.rsplit_once('.')?;
                let module = self.modules.get(scope)?;
                let named = |item: &&Item| declared(&item.decl.kind).is_some_and(|(known, _)| known.text == name);
                Some((module, module.items.iter().find(named)?))
            }
            Declaration::At(origin) => {
                let module = self.modules.get(self.files.get(&origin.file)?)?;
                let index = LineIndex::new(&module.text);
                let starts = |item: &&Item| index.line(item.decl.span.start + item.offset) + 1 == origin.line as usize;
                Some((module, module.items.iter().find(starts)?))
            }
        }
    }
}

/// Where a part stands in the chunk of its declaration.
fn part_of(item: &Item, part: Part) -> Option<Span> {
    match (&item.decl.kind, part) {
        (kind, Part::Name) => declared(kind).map(|(name, _)| name.span).or_else(|| title(item)),
        (DeclKind::Rule(rule), part) => part_of_rule(rule, part),
        (DeclKind::Define(define), Part::Norm) => Some(define.body.span),
        (DeclKind::Parameter(parameter), Part::Norm) => match &parameter.value {
            ParameterValue::One(value) => Some(value.span),
            ParameterValue::Dated(values) => values.last().map(|(_, value)| value.span),
            ParameterValue::Hole => None,
        },
        (DeclKind::Assume(said) | DeclKind::Concern(said) | DeclKind::Purpose(said), Part::When(at)) => {
            conjuncts(said.when.iter()).nth(at)
        }
        (DeclKind::Assume(said) | DeclKind::Concern(said) | DeclKind::Purpose(said), Part::Require(at)) => {
            conjuncts(said.require.iter()).nth(at)
        }
        (DeclKind::Mission(mission), part) => {
            let lines = |is: fn(&MissionLineKind) -> bool| mission.lines.iter().filter(move |line| is(&line.kind));
            let line = match part {
                Part::Set(at) => lines(|kind| matches!(kind, MissionLineKind::Set(..))).nth(at),
                Part::Drops(at) => lines(|kind| matches!(kind, MissionLineKind::Drops(..))).nth(at),
                Part::Accepts(at) => lines(|kind| matches!(kind, MissionLineKind::Accepts(_))).nth(at),
                _ => None,
            };
            line.map(|line| line.span)
        }
        _ => None,
    }
}

/// The title of what has no name.
fn title(item: &Item) -> Option<Span> {
    match &item.decl.kind {
        DeclKind::Assume(said) | DeclKind::Concern(said) | DeclKind::Purpose(said) => {
            Some(said.title.as_ref().map_or(item.decl.span, |title| title.span))
        }
        DeclKind::Mission(mission) => Some(mission.name.span),
        DeclKind::Scenario(scenario) => Some(scenario.title.as_ref().map_or(item.decl.span, |title| title.span)),
        _ => None,
    }
}

fn part_of_rule(rule: &Rule, part: Part) -> Option<Span> {
    let clauses = |is: fn(&ClauseKind) -> bool| rule.clauses.iter().filter(move |clause| is(&clause.kind));
    let whole = |clause: &Clause| clause.span;
    match part {
        Part::Name => Some(rule.name.span),
        Part::When(at) => {
            let when = rule.clauses.iter().filter_map(|clause| match &clause.kind {
                ClauseKind::When(condition) => Some(condition),
                _ => None,
            });
            conjuncts(when).nth(at)
        }
        Part::Unless(at) => clauses(|kind| matches!(kind, ClauseKind::Unless(_))).nth(at).map(whole),
        Part::Norm => {
            let mut said = clauses(|kind| matches!(kind, ClauseKind::Norm(_) | ClauseKind::Require(_))).map(whole);
            let first = said.next()?;
            // A constraint says what it requires in as many clauses as its author likes.
            Some(if rule.constraint { said.fold(first, Span::to) } else { first })
        }
        Part::Require(at) => conjuncts(required(rule).into_iter()).nth(at),
        Part::Otherwise(at) => clauses(|kind| matches!(kind, ClauseKind::Otherwise(_))).nth(at).map(whole),
        Part::Overrides(at) => clauses(|kind| matches!(kind, ClauseKind::Overrides(_))).nth(at).map(whole),
        Part::Limits(at) => clauses(|kind| matches!(kind, ClauseKind::Limits(_))).nth(at).map(whole),
        Part::Waivable => clauses(|kind| matches!(kind, ClauseKind::Waivable(_))).next().map(whole),
        Part::Cites(at) => {
            let citations = rule.clauses.iter().filter_map(|clause| match &clause.kind {
                ClauseKind::Cites(citations) => Some(citations),
                _ => None,
            });
            citations.flatten().nth(at).map(|citation| citation.span)
        }
        Part::Set(_) | Part::Drops(_) | Part::Accepts(_) => None,
    }
}

/// The conditions of `require`, or of the `ensure` of the sentence.
fn required(rule: &Rule) -> Vec<&Expr> {
    let conditions = rule.clauses.iter().filter_map(|clause| match &clause.kind {
        ClauseKind::Require(condition) => Some(condition),
        ClauseKind::Norm(sentence) => match &sentence.act {
            Act::Ensure(condition) => Some(condition),
            Act::Call(..) | Act::Hole(_) => None,
        },
        _ => None,
    });
    conditions.collect()
}

/// The conditions as lowering splits them: at every `and`, also inside one.
fn conjuncts<'e>(conditions: impl Iterator<Item = &'e Expr>) -> impl Iterator<Item = Span> {
    let mut all = Vec::new();
    let mut open: Vec<&Expr> = conditions.collect();
    open.reverse();
    while let Some(next) = open.pop() {
        match &next.kind {
            ExprKind::And(parts) => open.extend(parts.iter().rev()),
            _ => all.push(next.span),
        }
    }
    all.into_iter()
}
