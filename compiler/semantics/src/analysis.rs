//! Everything that is found out about the declarations of a module: diagnostics, references, and its part of the pack.

use crate::checker::Checker;
use crate::db::{SourceFile, qualified};
use crate::names::{Kind, Scope, declared, resolve_uses, scope_of};
pub use crate::reference::Output;
use crate::reference::{Reference, Target};
use crate::sheets::{Placed, Sheet, SheetItem, home, home_of, lines_above, sheet, sheets};
use mandate_diagnostics::{Diagnostic, LineIndex, Severity, Span, codes};
use mandate_pack::{Pack, Type};
use mandate_syntax::ast::{DeclKind, Item, StepKind};
use mandate_syntax::words;
use std::collections::{BTreeMap, BTreeSet, HashSet};
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
    /// A duty to keep something up over a period.
    pub(crate) lasting: bool,
}

/// A waivable clause with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WaivablePlace {
    /// Clause, absolute.
    pub(crate) span: Span,
    /// Where the floor stands, absolute.
    pub(crate) floor: Option<(String, Span)>,
    /// Where the floor of exceptional waivers stands, absolute.
    pub(crate) exceptional_floor: Option<(String, Span)>,
    /// Qualified name of the waiver.
    pub(crate) waiver: String,
    /// Qualified name of the rule.
    pub(crate) rule: String,
}

/// What the declarations of a sheet say, lowered as far as they have no errors. Places count from the start of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Diagnostics, syntax errors included, and references; in the order of the text.
    pub(crate) output: Output,
    /// Their part of the pack, shared with packs that are kept up to date. Lines count from the start of the sheet, too.
    pub(crate) lowered: Arc<Pack>,
    pub(crate) norms: Vec<NormPlace>,
    pub(crate) waivables: Vec<WaivablePlace>,
    /// Files and names of the declarations that are spoken of outside of `use`.
    pub(crate) used: HashSet<(Arc<str>, Arc<str>)>,
}

/// The finding of a waiver that sets aside what cannot be set aside: expected like a rule of one record.
pub(crate) const VOID_WAIVER: &str = "void_waiver";

/// Places of lines, for origins in the pack.
pub(crate) struct Lines {
    pub(crate) index: LineIndex,
}

impl Lines {
    pub(crate) fn line(&self, offset: u32) -> u32 {
        self.index.line(offset) as u32 + 1
    }
}

/// Checks and lowers the declarations of a sheet.
#[salsa::tracked(no_eq)]
pub(crate) fn found(db: &dyn salsa::Database, file: SourceFile, key: u32) -> Found {
    let mut found = Found {
        output: Output::default(),
        lowered: Arc::new(empty_pack()),
        norms: Vec::new(),
        waivables: Vec::new(),
        used: HashSet::new(),
    };
    let Some(sheet) = sheet(db, file, key) else { return found };
    let lines = Lines { index: LineIndex::new(&sheet.text) };
    for SheetItem { item, again } in &sheet.items {
        let syntax = item.decl.errors.iter().map(|error| error.clone().shifted(item.offset));
        found.output.diagnostics.extend(syntax);
        if let Some((name, _)) = declared(&item.decl.kind) {
            let span = name.span.shifted(item.offset);
            let target = Target::Declaration { file: file.path(db).clone(), name: Arc::from(name.text.as_str()) };
            found.output.references.push(Reference { span, target });
            if *again {
                continue;
            }
        }
        let before = found.output.diagnostics.len();
        builtin(item, &mut found.output);
        declaration(db, file, scope_of(db, file, key), sheet, item, &lines, &mut found);
        let said = found.output.diagnostics.split_off(before);
        found.output.diagnostics.extend(told_once(&sheet.text, &lines, item, said));
    }
    found.used = found.output.references.iter().filter_map(|reference| spoken_of(&reference.target)).collect();
    found
}

/// The declaration that a reference speaks of, or speaks of a part of. A field or variant reached through a variable does not use its type's name.
fn spoken_of(target: &Target) -> Option<(Arc<str>, Arc<str>)> {
    match target {
        Target::Declaration { file, name } => Some((file.clone(), name.clone())),
        Target::Passage { file, source, .. } => Some((file.clone(), source.clone())),
        Target::Module { .. } | Target::Field { .. } | Target::Variant { .. } | Target::Local { .. } => None,
    }
}

/// What is to be said of one declaration, without what follows from something said already.
fn told_once(text: &str, lines: &Lines, item: &Item, said: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let syntax = Misread::new(text, lines, item);
    let failed = said.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let given = given(item);
    let mut told = BTreeSet::new();
    let mut is_new = |diagnostic: &Diagnostic| {
        let written = text.get(diagnostic.primary.span.range()).unwrap_or("");
        !syntax.explains(diagnostic)
            && match diagnostic.code.id {
                // What stands in a part that has no meaning is used there, although nobody saw it.
                "W003" => !failed,
                // What a record is given for is told at the record.
                "E020" if given.contains(written) => false,
                // Told once in the module, since one line brings it in for all of it.
                "E020" | "E021" if is_import(diagnostic) => true,
                "E020" | "E021" => told.insert(written.to_owned()),
                _ => true,
            }
    };
    said.into_iter().filter(|diagnostic| is_new(diagnostic)).collect()
}

/// What is to be said of a module by itself: of its `use` lines and each of its declarations. Whether something in it could not be read or
/// understood, so that what seems unused may be used there, comes second.
pub(crate) fn said(db: &dyn salsa::Database, file: SourceFile) -> (Vec<Diagnostic>, bool) {
    let text = file.text(db);
    let mut all = resolve_uses(db, file).1.diagnostics.clone();
    let mut missing: HashSet<&str> = HashSet::new();
    let sheets = sheets(db, file);
    for placed in &sheets.placed {
        for diagnostic in &found(db, file, placed.key).output.diagnostics {
            let diagnostic = diagnostic.clone().shifted(placed.offset);
            let written = text.get(diagnostic.primary.span.range()).unwrap_or("");
            let again = match diagnostic.code.id {
                "E020" | "E021" if is_import(&diagnostic) => !missing.insert(written),
                "E036" => is_misread(db, file, callee(&diagnostic.message)),
                _ => false,
            };
            if !again {
                all.push(diagnostic);
            }
        }
        all.extend(declared_again(db, file, placed));
    }
    let broken = all.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    (all, broken)
}

/// Whether the module declares the name, and the declaration could not be read in full.
fn is_misread(db: &dyn salsa::Database, file: SourceFile, name: &str) -> bool {
    home(db, file, name).is_some_and(|(_, item)| !item.decl.errors.is_empty())
}

/// The declarations of a sheet whose name another one had before.
fn declared_again(db: &dyn salsa::Database, file: SourceFile, placed: &Placed) -> Vec<Diagnostic> {
    let again = placed.sheet.items.iter().filter(|item| item.again);
    let said = again.filter_map(|SheetItem { item, .. }| {
        let (name, _) = declared(&item.decl.kind)?;
        let key = home_of(db, file, Arc::from(name.text.as_str()))?;
        let home = sheets(db, file).placed.iter().find(|placed| placed.key == key)?;
        let first = home.sheet.named(&name.text)?;
        let before = declared(&first.decl.kind)?.0.span.shifted(first.offset + home.offset);
        let span = name.span.shifted(item.offset + placed.offset);
        let message = format!("`{}` is declared twice in this module", name.text);
        let said = Diagnostic::new(&codes::E024, span, message).related(before, "first declared here");
        Some(said.help("Give one of them another name: rules, records and all other declarations share their names."))
    });
    said.collect()
}

/// What the words of a module refer to, in its own places; those of `use` lines first.
pub(crate) fn references_of(db: &dyn salsa::Database, file: SourceFile) -> Vec<Reference> {
    let mut all = resolve_uses(db, file).1.references.clone();
    for placed in &sheets(db, file).placed {
        let found = found(db, file, placed.key);
        let references = found.output.references.iter().cloned().chain(crate::usages::ranks(db, found));
        all.extend(references.map(|reference| reference.shifted(placed.offset)));
    }
    all
}

/// What the words that touch a byte refer to.
pub(crate) fn references_at(db: &dyn salsa::Database, file: SourceFile, offset: u32) -> Vec<Reference> {
    let used = resolve_uses(db, file).1.references.iter().filter(|reference| reference.span.touches(offset));
    let mut all: Vec<Reference> = used.cloned().collect();
    if let Some(placed) = sheets(db, file).at(offset) {
        let found = found(db, file, placed.key);
        let inside = found.output.references.iter().cloned().chain(crate::usages::ranks(db, found));
        let touching = inside.filter(|reference| reference.span.touches(offset - placed.offset));
        all.extend(touching.map(|reference| reference.shifted(placed.offset)));
    }
    all
}

/// The parts of the pack that the sheets of a module lower to, in the order of the text, each with the lines that stand above it.
pub(crate) fn lowered_parts(db: &dyn salsa::Database, file: SourceFile) -> Vec<(&Arc<Pack>, u32)> {
    let placed = sheets(db, file).placed.iter();
    placed.zip(lines_above(db, file)).map(|(placed, above)| (&found(db, file, placed.key).lowered, above)).collect()
}

/// The names that a scenario gives to records and values.
fn given(item: &Item) -> BTreeSet<&str> {
    let DeclKind::Scenario(scenario) = &item.decl.kind else { return BTreeSet::new() };
    let named = scenario.steps.iter().filter_map(|step| match &step.kind {
        StepKind::Given { name, .. } => name.as_ref(),
        StepKind::Let(name, _) => Some(name),
        StepKind::AsOf(_)
        | StepKind::KnownAt(_)
        | StepKind::Set(..)
        | StepKind::DataThrough(..)
        | StepKind::Expect(_) => None,
    });
    named.map(|name| name.text.as_str()).collect()
}

/// Whether what a name is missing is its `use`.
fn is_import(diagnostic: &Diagnostic) -> bool {
    diagnostic.help.iter().any(|help| help.contains("add `use "))
}

/// The name of what is called, which such a message gives first and between backticks.
fn callee(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or("")
}

/// Refuses a name that the language itself uses in the same places: the declaration could never be reached.
fn builtin(item: &Item, output: &mut Output) {
    let Some((name, kind)) = declared(&item.decl.kind) else { return };
    let taken: &[&str] = match kind {
        Kind::Enum | Kind::Record => words::TYPES,
        Kind::Define | Kind::Parameter => {
            &["as_of", "convert", "currency", "distance", "false", "follow", "never", "true"]
        }
        Kind::Role => &["everyone"],
        Kind::Rule => &[VOID_WAIVER],
        Kind::Action | Kind::Waiver | Kind::Source => &[],
    };
    if taken.contains(&name.text.as_str()) {
        let message = format!("`{}` is a word of the language, and would stand for two things", name.text);
        let said = Diagnostic::new(&codes::E024, name.span.shifted(item.offset), message);
        output.diagnostics.push(said.help("Give the declaration another name."));
    }
}

/// The lines of a declaration that could not be read, so that what follows from that alone is not said again.
struct Misread<'t> {
    text: &'t str,
    lines: &'t Lines,
    /// Lines of the syntax errors and of the other places they name, as ranges in order that do not touch.
    spoilt: Vec<(u32, u32)>,
    /// Words on these lines: a variable may have been introduced there.
    words: BTreeSet<&'t str>,
}

impl<'t> Misread<'t> {
    fn new(text: &'t str, lines: &'t Lines, item: &Item) -> Misread<'t> {
        let mut spoilt: Vec<(u32, u32)> = Vec::new();
        let places = item.decl.errors.iter().flat_map(|error| std::iter::once(&error.primary).chain(&error.related));
        let mut places: Vec<Span> = places.map(|label| label.span.shifted(item.offset)).collect();
        places.sort_unstable();
        for span in places {
            let (from, to) = (lines.line(span.start), lines.line(span.end));
            match spoilt.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => spoilt.push((from, to)),
            }
        }
        let mut read = Misread { text, lines, spoilt, words: BTreeSet::new() };
        if !read.spoilt.is_empty() {
            let chunk = text.get(item.offset as usize..(item.offset + item.len) as usize).unwrap_or("");
            let numbered = chunk.lines().zip(lines.line(item.offset)..);
            let lines = numbered.filter(|(_, line)| read.spoils(*line, *line)).map(|(line, _)| line);
            read.words = lines.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_')).collect();
        }
        read
    }

    /// Whether any line from `first` to `last` could not be read.
    fn spoils(&self, first: u32, last: u32) -> bool {
        let next = self.spoilt.partition_point(|(_, to)| *to < first);
        self.spoilt.get(next).is_some_and(|(from, _)| *from <= last)
    }

    /// Whether a diagnostic of the same declaration says only what a syntax error says already.
    fn explains(&self, diagnostic: &Diagnostic) -> bool {
        if self.spoilt.is_empty() {
            return false;
        }
        let span = diagnostic.primary.span;
        // What a declaration lacks may be just what could not be read.
        let lacking = matches!(diagnostic.code.id, "E050" | "E059" | "E081");
        let written = self.text.get(span.range()).unwrap_or("");
        diagnostic.severity != Severity::Error
            || lacking
            || diagnostic.code.id == "E020" && (self.words.contains(written) || !is_near(diagnostic))
            || diagnostic.code.id == "E022" && self.words.contains(written.split('.').next().unwrap_or(""))
            || self.spoils(self.lines.line(span.start), self.lines.line(span.end))
    }
}

/// Whether a name is nearly one that is known: then it is misspelt, and not introduced where nothing could be read.
fn is_near(diagnostic: &Diagnostic) -> bool {
    !diagnostic.fixes.is_empty() || is_import(diagnostic)
}

fn declaration(
    db: &dyn salsa::Database,
    file: SourceFile,
    scope: &Scope,
    sheet: &Sheet,
    item: &Item,
    lines: &Lines,
    found: &mut Found,
) {
    let Found { output, lowered, norms, waivables, used: _ } = found;
    // Nobody else has it yet.
    let lowered = Arc::make_mut(lowered);
    let mut checker = Checker::new(db, file, scope, item, &sheet.text, output);
    checker.at_head = sheet.at_head && item.offset == 0;
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
        DeclKind::Concern(decl) => {
            let line = lines.line(item.decl.span.start + item.offset);
            lowered.concerns.extend(checker.situation(decl, "concern", item.decl.span, line));
        }
        DeclKind::Purpose(decl) => {
            let line = lines.line(item.decl.span.start + item.offset);
            lowered.purposes.extend(checker.situation(decl, "purpose", item.decl.span, line));
        }
        DeclKind::Mission(decl) => {
            let found = checker.mission(decl, doc, item.decl.span, lines);
            lowered.mission = lowered.mission.take().or(found);
        }
        DeclKind::Background(decl) => {
            let line = lines.line(item.decl.span.start + item.offset);
            if let Some(found) = checker.background(decl, line) {
                lowered.carried.extend(checker.settled(decl, &found));
                lowered.background.push(found);
            }
        }
        DeclKind::Carried(decl) => {
            let line = lines.line(item.decl.span.start + item.offset);
            lowered.carried.extend(checker.carried_by(decl, line));
        }
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
        concerns: Vec::new(),
        purposes: Vec::new(),
        background: Vec::new(),
        carried: Vec::new(),
        scenarios: Vec::new(),
        mission: None,
    }
}
