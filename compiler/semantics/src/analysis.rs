//! Everything that is found out about one module: diagnostics, references, and its part of the pack.

use crate::checker::Checker;
use crate::db::{SourceFile, parsed, qualified};
use crate::names::{declared, resolve_uses, scope};
pub use crate::reference::Output;
use crate::reference::Target;
use mandate_diagnostics::{Diagnostic, LineIndex, Span, codes};
use mandate_pack::{Pack, Type};
use mandate_syntax::ast::{DeclKind, Item};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A norm with its place, for checks against declarations of other modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NormPlace {
    /// Sentence, absolute.
    pub(crate) span: Span,
    /// Qualified name of the action.
    pub(crate) action: String,
    /// Qualified role, if the bearer is one.
    pub(crate) role: Option<String>,
    /// Type of the bearer, if it is a record.
    pub(crate) bearer: Option<Type>,
}

/// A waivable clause with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaivablePlace {
    /// Clause, absolute.
    pub(crate) span: Span,
    /// Where the floor stands, absolute.
    pub(crate) floor: Option<(String, Span)>,
    /// Qualified name of the waiver.
    pub(crate) waiver: String,
    /// Qualified name of the rule.
    pub(crate) rule: String,
}

/// What a module says, lowered as far as it has no errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// Diagnostics and references of the declarations, syntax errors included; in the order of the text.
    pub output: Output,
    /// The module's part of the pack.
    pub lowered: Pack,
    pub(crate) norms: Vec<NormPlace>,
    pub(crate) waivables: Vec<WaivablePlace>,
}

/// Places of lines, for origins in the pack.
pub(crate) struct Lines {
    pub(crate) index: LineIndex,
}

impl Lines {
    pub(crate) fn line(&self, offset: u32) -> u32 {
        self.index.line(offset) as u32 + 1
    }
}

/// Checks and lowers a module.
#[salsa::tracked(no_eq)]
pub fn analysis(db: &dyn salsa::Database, file: SourceFile) -> Analysis {
    let module = parsed(db, file);
    let text = file.text(db);
    let lines = Lines { index: LineIndex::new(text) };
    let mut analysis = Analysis {
        output: resolve_uses(db, file).1.clone(),
        lowered: empty_pack(),
        norms: Vec::new(),
        waivables: Vec::new(),
    };
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for item in &module.items {
        let syntax = item.decl.errors.iter().map(|error| error.clone().shifted(item.offset));
        analysis.output.diagnostics.extend(syntax);
        if let Some((name, _)) = declared(&item.decl.kind) {
            let span = name.span.shifted(item.offset);
            let target = Target::Declaration { file: file.path(db).clone(), name: Arc::from(name.text.as_str()) };
            analysis.output.references.push(crate::reference::Reference { span, target });
            if let Some(before) = first.get(name.text.as_str()) {
                analysis.output.diagnostics.push(
                    Diagnostic::new(&codes::E024, span, format!("`{}` is declared twice in this module", name.text))
                        .related(*before, "first declared here")
                        .help("Give one of them another name: rules, records and all other declarations share their names."),
                );
                continue;
            }
            first.insert(&name.text, span);
        }
        declaration(db, file, item, &lines, &mut analysis);
    }
    analysis
}

fn declaration(db: &dyn salsa::Database, file: SourceFile, item: &Item, lines: &Lines, analysis: &mut Analysis) {
    let Analysis { output, lowered, norms, waivables } = analysis;
    let mut checker = Checker::new(db, file, scope(db, file), item, output);
    let doc = &item.decl.doc;
    let own = |name: &mandate_syntax::ast::Name| qualified(db, file, &name.text);
    match &item.decl.kind {
        DeclKind::Enum(decl) => {
            if let Some(found) = checker.enumeration(decl, doc) {
                lowered.enums.insert(own(&decl.name), found);
            }
        }
        DeclKind::Record(decl) => {
            if let Some(found) = checker.record(decl, doc) {
                lowered.records.insert(own(&decl.name), found);
            }
        }
        DeclKind::Role(decl) => {
            if let Some(found) = checker.role(decl, doc) {
                lowered.roles.insert(own(&decl.name), found);
            }
        }
        DeclKind::Parameter(decl) => {
            if let Some(found) = checker.parameter(decl, doc) {
                lowered.parameters.insert(own(&decl.name), found);
            }
        }
        DeclKind::Define(decl) => {
            if let Some(found) = checker.definition(decl, doc) {
                lowered.definitions.insert(own(&decl.name), found);
            }
        }
        DeclKind::Action(decl) => {
            if let Some(found) = checker.action(decl, doc) {
                lowered.actions.insert(own(&decl.name), found);
            }
        }
        DeclKind::Waiver(decl) => {
            if let Some(found) = checker.waiver(decl, doc) {
                lowered.waivers.insert(own(&decl.name), found);
            }
        }
        DeclKind::Rule(decl) => {
            let line = lines.line(decl.name.span.start + item.offset);
            if let Some(found) = checker.rule(decl, doc, line, norms, waivables) {
                lowered.rules.insert(own(&decl.name), found);
            }
        }
        DeclKind::Source(decl) => {
            if let Some(found) = checker.source(decl, doc) {
                lowered.sources.insert(own(&decl.name), found);
            }
        }
        DeclKind::Endorse(decl) => lowered.endorsements.extend(checker.endorse(decl)),
        DeclKind::Assume(decl) => {
            let line = lines.line(item.decl.span.start + item.offset);
            lowered.assumptions.extend(checker.assume(decl, line));
        }
        DeclKind::Concern(_) => checker.not_yet(item.decl.span, "a `concern`"),
        DeclKind::Purpose(_) => checker.not_yet(item.decl.span, "a `purpose`"),
        DeclKind::Background(decl) => lowered.background.extend(checker.background(decl)),
        DeclKind::Scenario(decl) => lowered.scenarios.extend(checker.scenario(decl, item.decl.span, lines)),
        DeclKind::Use(_) | DeclKind::Nothing => {}
    }
}

/// A pack with nothing in it.
pub(crate) fn empty_pack() -> Pack {
    Pack {
        format: mandate_pack::FORMAT.to_owned(),
        digest: String::new(),
        name: String::new(),
        version: String::new(),
        edition: String::new(),
        time_zone: String::new(),
        enums: BTreeMap::new(),
        records: BTreeMap::new(),
        roles: BTreeMap::new(),
        parameters: BTreeMap::new(),
        definitions: BTreeMap::new(),
        actions: BTreeMap::new(),
        waivers: BTreeMap::new(),
        sources: BTreeMap::new(),
        rules: BTreeMap::new(),
        endorsements: Vec::new(),
        assumptions: Vec::new(),
        background: Vec::new(),
        scenarios: Vec::new(),
    }
}
