//! What can be done about a place, by a choice in a menu. One file for each group of actions.

mod clauses;
mod extract;
mod fixes;
mod given;
mod imports;
mod overrides;
mod quotation;
mod review;
mod scenarios;
mod superseded;
mod unused;

use crate::proofs::Proven;
use mandate_diagnostics::{Diagnostic, Edit, Severity, Span};
use mandate_semantics::{Host, Snapshot};
use mandate_syntax::ast::{Item, Module};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use review::Reviewer;

/// What an action is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionKind {
    /// Mends what a diagnostic tells.
    QuickFix,
    /// Makes something of its own out of a part.
    Extract,
    /// Puts what a name stands for in its place.
    Inline,
    /// Says the same otherwise, or more.
    Rewrite,
    /// Puts the `use` lines in order.
    OrganizeImports,
    /// Mends everything in the file of which the mend is certain.
    FixAll,
}

impl ActionKind {
    /// All of them.
    pub const ALL: [ActionKind; 6] = [
        ActionKind::QuickFix,
        ActionKind::Extract,
        ActionKind::Inline,
        ActionKind::Rewrite,
        ActionKind::OrganizeImports,
        ActionKind::FixAll,
    ];

    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            ActionKind::QuickFix => "quickfix",
            ActionKind::Extract => "refactor.extract",
            ActionKind::Inline => "refactor.inline",
            ActionKind::Rewrite => "refactor.rewrite",
            ActionKind::OrganizeImports => "source.organizeImports",
            ActionKind::FixAll => "source.fixAll",
        }
    }
}

/// Edits of some files, each with those of its text, in order and not overlapping.
pub type FileEdits = BTreeMap<Arc<str>, Vec<Edit>>;

/// A choice in the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Said in the menu.
    pub title: String,
    /// What it is for.
    pub kind: ActionKind,
    /// The diagnostics it mends, by code and place.
    pub mends: Vec<(&'static str, Span)>,
    /// The one to take if one is taken unseen.
    pub preferred: bool,
    /// Why it cannot be done here, where that helps.
    pub disabled: Option<String>,
    /// What it does.
    pub work: Work,
}

/// What an action does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// These edits.
    Edits(FileEdits),
    /// What [`resolve_action`] works out when it is chosen.
    Later(Later),
}

/// What is worked out when an action is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The kind of work.
    pub what: String,
    /// What it is done to: rules by their names, and the like.
    pub of: Vec<String>,
}

impl Action {
    fn edits(kind: ActionKind, title: impl Into<String>, path: &Arc<str>, edits: Vec<Edit>) -> Action {
        let edits = FileEdits::from([(path.clone(), sorted(edits))]);
        let title = title.into();
        Action { title, kind, mends: Vec::new(), preferred: false, disabled: None, work: Work::Edits(edits) }
    }

    fn later(kind: ActionKind, title: impl Into<String>, what: &str, of: Vec<String>) -> Action {
        let work = Work::Later(Later { what: what.to_owned(), of });
        Action { title: title.into(), kind, mends: Vec::new(), preferred: false, disabled: None, work }
    }

    fn mending(mut self, diagnostic: &Diagnostic) -> Action {
        self.mends.push((diagnostic.code.id, diagnostic.primary.span));
        self
    }

    fn preferred(mut self) -> Action {
        self.preferred = true;
        self
    }

    fn disabled(kind: ActionKind, title: impl Into<String>, reason: impl Into<String>) -> Action {
        let mut action = Action::later(kind, title, "", Vec::new());
        action.disabled = Some(reason.into());
        action
    }
}

fn sorted(mut edits: Vec<Edit>) -> Vec<Edit> {
    edits.sort_by_key(|edit| edit.span);
    edits
}

/// Where actions are asked for.
pub(crate) struct Context<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) path: Arc<str>,
    pub(crate) text: Arc<str>,
    pub(crate) tree: Module,
    /// What is selected; empty where only the cursor stands.
    pub(crate) span: Span,
    /// All diagnostics of the file.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What was proven about the rules of the file.
    pub(crate) proven: &'a [Proven],
}

impl<'a> Context<'a> {
    fn new(snapshot: &'a Snapshot, path: &str, span: Span, proven: &'a [Proven]) -> Option<Self> {
        let (text, tree) = (snapshot.text(path)?, snapshot.syntax(path)?);
        // What comes back from a client may be anything.
        text.get(span.range())?;
        let diagnostics = snapshot.diagnostics(path);
        Some(Context { snapshot, path: Arc::from(path), text, tree, span, diagnostics, proven })
    }

    /// Diagnostics at the place asked about.
    pub(crate) fn here(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| self.meets(diagnostic.primary.span))
    }

    /// Whether a span touches the place asked about.
    pub(crate) fn meets(&self, span: Span) -> bool {
        span.start <= self.span.end && self.span.start <= span.end
    }

    /// The declaration that holds the whole place asked about.
    pub(crate) fn item(&self) -> Option<&Item> {
        self.tree.items.iter().find(|item| {
            let whole = item.decl.span.shifted(item.offset);
            whole.start <= self.span.start && self.span.end <= whole.end
        })
    }

    pub(crate) fn words(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The lines of a span, with the line end behind them.
    pub(crate) fn lines(&self, span: Span) -> Span {
        let start = self.text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
        let end = self.text[span.end as usize..].find('\n').map_or(self.text.len(), |at| span.end as usize + at + 1);
        Span::new(start as u32, end as u32)
    }

    pub(crate) fn newline(&self) -> &'static str {
        newline(&self.text)
    }
}

/// How the lines of a text end.
pub(crate) fn newline(text: &str) -> &'static str {
    let first = text.split_once('\n').map_or("", |(line, _)| line);
    if first.ends_with('\r') { "\r\n" } else { "\n" }
}

// Feature: Code Actions
//
// What a diagnostic offers as its mend, missing `use` lines, what is superfluous, quotations as their passages read, reviews, situations
// as scenarios, which of two rules yields; and what says the same in a better way.
/// What can be done about a span of a module. Kinds for which `wanted` says no are not looked for.
pub fn code_actions(
    snapshot: &Snapshot,
    path: &str,
    span: Span,
    proven: &[Proven],
    wanted: &dyn Fn(ActionKind) -> bool,
) -> Vec<Action> {
    let Some(context) = Context::new(snapshot, path, span, proven) else { return Vec::new() };
    let mut all = Vec::new();
    if wanted(ActionKind::QuickFix) {
        fixes::add(&context, &mut all);
        imports::add(&context, &mut all);
        imports::fetch(&context, &mut all);
        unused::add(&context, &mut all);
        quotation::add(&context, &mut all);
        overrides::add(&context, &mut all);
        scenarios::add(&context, &mut all);
        review::add(&context, &mut all);
        clauses::missing(&context, &mut all);
        superseded::add(&context, &mut all);
    }
    if wanted(ActionKind::Extract) {
        extract::extract(&context, &mut all);
    }
    if wanted(ActionKind::Inline) {
        extract::inline(&context, &mut all);
    }
    if wanted(ActionKind::Rewrite) {
        clauses::sort(&context, &mut all);
        given::add(&context, &mut all);
        scenarios::generate(&context, &mut all);
    }
    if wanted(ActionKind::OrganizeImports) {
        imports::organize(&context, &mut all);
    }
    if wanted(ActionKind::FixAll) {
        fixes::all(&context, &mut all);
    }
    all.retain(|action| wanted(action.kind));
    all
}

/// The edits of an action that was left for later; `None` if nothing can be done any more. `reviewer` answers who reviews, and when.
pub fn resolve_action(
    snapshot: &Snapshot,
    path: &str,
    later: &Later,
    proven: &[Proven],
    reviewer: &dyn Fn() -> Option<Reviewer>,
) -> Option<FileEdits> {
    let context = Context::new(snapshot, path, place_of(&later.of), proven)?;
    match later.what.as_str() {
        review::WORK => review::resolve(&context, &later.of, reviewer),
        scenarios::WITNESS => scenarios::resolve_witness(&context, &later.of),
        extract::EXTRACTING => extract::resolve_extract(&context),
        extract::INLINING => extract::resolve_inline(&context),
        clauses::SORTING => clauses::resolve_sort(&context),
        scenarios::EXAMPLES => scenarios::resolve_examples(&context, &later.of),
        _ => None,
    }
}

/// A place, as what an action is done to.
fn at(span: Span) -> Vec<String> {
    vec![span.start.to_string(), span.end.to_string()]
}

/// The place that [`at`] wrote down; the head of the file for work that is done elsewhere.
fn place_of(of: &[String]) -> Span {
    match of {
        [start, end] => Span::new(start.parse().unwrap_or(0), end.parse().unwrap_or(0)),
        _ => Span::empty(0),
    }
}

/// A text with edits made, which are sorted and do not overlap.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        if out.get(edit.span.range()).is_some() {
            out.replace_range(edit.span.range(), &edit.text);
        }
    }
    out
}

/// The project as it would be with some edits made, beside the one that is.
pub(crate) fn tried(snapshot: &Snapshot, edits: &FileEdits) -> Host {
    let mut input = snapshot.input();
    for module in input.packages.iter_mut().flat_map(|package| &mut package.modules) {
        if let Some(edits) = edits.get(&module.path) {
            module.text = Arc::from(apply(&module.text, edits));
        }
    }
    let mut host = Host::new();
    host.set_project(input);
    host
}

/// Whether edits bring no error into the files they change that was not there before.
pub(crate) fn is_accepted(snapshot: &Snapshot, edits: &FileEdits) -> bool {
    let host = tried(snapshot, edits);
    let after = host.snapshot();
    let errors = |snapshot: &Snapshot, path: &str| -> BTreeSet<(&'static str, String)> {
        let all = snapshot.diagnostics(path).into_iter().filter(|found| found.severity == Severity::Error);
        all.map(|found| (found.code.id, found.message)).collect()
    };
    edits.keys().all(|path| errors(&after, path).is_subset(&errors(snapshot, path)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::fixture::Fixture;

    /// Where `$0` stands, or from the first to the second.
    pub(crate) fn asked(files: &str) -> (Fixture, Span) {
        match files.matches("$0").count() {
            2 => {
                let (before, rest) = files.split_once("$0").expect("a mark");
                let (selected, after) = rest.split_once("$0").expect("a second mark");
                let fixture = Fixture::new(&format!("{before}$0{selected}{after}"));
                let span = Span::new(fixture.offset, fixture.offset + selected.len() as u32);
                (fixture, span)
            }
            _ => {
                let fixture = Fixture::new(files);
                let span = Span::empty(fixture.offset);
                (fixture, span)
            }
        }
    }

    /// What is proven about the rules of the package.
    pub(crate) fn proven(fixture: &Fixture) -> Vec<Proven> {
        let pack = Arc::new(fixture.snapshot.pack("exercise").expect("the package compiles"));
        let findings = mandate_prove::Prover::new().check(&pack, &|_| true, &|| false).expect("nothing stops it");
        crate::proofs::proven(&findings, &pack, &fixture.snapshot.atlas("exercise"))
    }

    pub(crate) fn offered(fixture: &Fixture, span: Span) -> Vec<Action> {
        code_actions(&fixture.snapshot, &fixture.path, span, &[], &|_| true)
    }

    /// The titles of what is offered for files with a cursor; what is disabled with its reason.
    pub(crate) fn titles(files: &str) -> Vec<String> {
        let (fixture, span) = asked(files);
        let all = offered(&fixture, span);
        all.into_iter()
            .map(|action| match action.disabled {
                Some(reason) => format!("{} (not here: {reason})", action.title),
                None => action.title,
            })
            .collect()
    }

    /// The file with the cursor after the action of a title; its edits are sorted and lie inside their texts.
    pub(crate) fn after(files: &str, title: &str) -> String {
        let (fixture, span) = asked(files);
        let all = offered(&fixture, span);
        let action = all.iter().find(|action| action.title == title && action.disabled.is_none());
        let action = action.unwrap_or_else(|| panic!("no `{title}` among {:#?}", titles(files)));
        let edits = match &action.work {
            Work::Edits(edits) => edits.clone(),
            Work::Later(later) => {
                let reviewer = || Some(Reviewer { by: "Legal adviser".to_owned(), on: "2026-03-01".to_owned() });
                let found = resolve_action(&fixture.snapshot, &fixture.path, later, &[], &reviewer);
                found.unwrap_or_else(|| panic!("`{title}` comes to nothing"))
            }
        };
        for (path, edits) in &edits {
            let length = fixture.snapshot.text(path).expect("a file that is there").len();
            assert!(edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{edits:?}");
            assert!(edits.iter().all(|edit| edit.span.end as usize <= length), "{edits:?}");
        }
        let own = edits.get(&*fixture.path).cloned().unwrap_or_default();
        apply(&fixture.snapshot.text(&fixture.path).expect("the file is there"), &own)
    }

    /// Texts as they stand while somebody types: cut off anywhere, and with a piece taken out.
    fn half_typed(text: &str) -> Vec<String> {
        let cuts = (0..text.len()).filter(|at| text.is_char_boundary(*at));
        let cuts = cuts.step_by(7).flat_map(|at| {
            let gone = (at + 5..).find(|end| *end >= text.len() || text.is_char_boundary(*end)).unwrap_or(at);
            [text[..at].to_owned(), format!("{}{}", &text[..at], text.get(gone..).unwrap_or(""))]
        });
        cuts.collect()
    }

    #[test]
    fn whatever_is_half_typed_every_feature_answers() {
        let text = "//! Doc é.\nuse units.{Unit, Nowhere}\nuse more\n\n/// Ü.\nrule r \"Ré\" {\n  cites order_7#x \"wörds\"\n  for each u: Unit\n  let a = u.name\n  when u.name is known and some v: Unit where v.name == u.name\n  reads \"a\" as \"b\" by \"c\"\n  u must tell(u) within 2 hours after u.at\n  otherwise everyone must tell(u)\n}\n\nscenario \"s\" {\n  as of 2026-01-01\n  given u1: Unit { id: \"é\" }\n  expect r(u1) violated\n}\n";
        for half in half_typed(text).into_iter().chain([text.replace('\n', "\r\n")]) {
            let fixture = Fixture::new(&format!("{}//- a.mandate\n{half}", crate::fixture::MISSION));
            let (snapshot, path) = (&fixture.snapshot, "a.mandate");
            let places: Vec<u32> =
                (0..=half.len()).filter(|at| half.is_char_boundary(*at)).map(|at| at as u32).collect();
            crate::semantic_tokens(snapshot, path, None);
            crate::folding_ranges(snapshot, path);
            crate::range_formatting(&half, Span::new(places[places.len() / 3], places[places.len() / 2]));
            for (number, at) in places.iter().enumerate().step_by(3) {
                let end = places.get(number + number % 17).copied().unwrap_or(*at);
                let all = code_actions(snapshot, path, Span::new(*at, end), &[], &|_| true);
                for action in all {
                    if let Work::Edits(edits) = &action.work {
                        for edit in edits.values().flatten() {
                            assert!(half.get(edit.span.range()).is_some(), "{}: {edit:?}", action.title);
                        }
                    }
                }
                crate::selection_range(snapshot, path, *at);
                crate::on_type_formatting(&half, *at, '\n');
                crate::on_type_formatting(&half, *at, '}');
            }
        }
    }
}
