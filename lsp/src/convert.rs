//! From plain answers with byte spans to what the protocol sends. The only place that turns spans into ranges.

use crate::check::ProjectView;
use crate::config::Config;
use crate::library::Library;
use crate::text::{Encoding, Lines};
use crate::uri;
use mandate_diagnostics::{Diagnostic, Edit, Label, Severity, Span, codes};
use mandate_ide::Proven;
use mandate_semantics::Place;
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_lsp::ls_types::{
    self as lsp, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, DocumentSymbol, Location,
    LocationLink, NumberOrString, SymbolKind, TextEdit, Uri,
};

/// What was agreed on with the client when it introduced itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// How columns are counted.
    pub encoding: Encoding,
    /// Diagnostics may name other places.
    pub related: bool,
    /// Jumps may say which words led to them.
    pub links: Links,
    /// How edits of several files may be written.
    pub changes: EditSupport,
    /// Whether something can be renamed may be asked before.
    pub prepares: bool,
    /// Outlines may be trees.
    pub tree: bool,
    /// Hovers may be Markdown.
    pub markdown: bool,
    /// Commands of the client that lenses and hovers may name.
    pub commands: ClientCommands,
    /// The client takes edits of its files from the server.
    pub edits: bool,
    /// The client looks at lenses again when it is told.
    pub refreshes_lenses: bool,
    /// The client looks at hints again when it is told.
    pub refreshes_hints: bool,
    /// The client wants to be told when the list of scenarios has changed.
    pub scenarios_changed: bool,
    /// What completions and signatures may be made of.
    pub completion: CompletionSettings,
    /// What it can take of code actions.
    pub actions: crate::answers::code_action::Takes,
    /// The client asks for diagnostics, so that nothing is published.
    pub pulls: bool,
    /// The client shows how far long work has come.
    pub progress: bool,
    /// What the user has set.
    pub config: Config,
}

/// What the client can take of completions and signatures.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CompletionSettings {
    /// Texts with places to fill in.
    pub snippets: bool,
    /// One range for inserting and one for replacing.
    pub insert_replace: bool,
    /// Signs that choose what is offered and go on.
    pub commit: bool,
    /// A signature and an origin beside the label.
    pub label_details: bool,
    /// Signs of what should no longer be used.
    pub tags: bool,
    /// Documentation in Markdown.
    pub markdown: bool,
    /// Parameters of a signature by their places in the label.
    pub label_offsets: bool,
}

/// Commands of the client that it says it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ClientCommands {
    /// `mandate.client.runScenario`
    pub run_scenario: bool,
    /// `mandate.client.showReferences`
    pub show_references: bool,
    /// `mandate.client.showPage`
    pub show_page: bool,
    /// `mandate.client.showWhy`
    pub show_why: bool,
}

/// Which jumps may say which words led to them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Links {
    pub definition: bool,
    pub declaration: bool,
    pub type_definition: bool,
    pub implementation: bool,
}

/// What edits of several files may say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EditSupport {
    /// In which version of a text they count.
    pub versions: bool,
    /// To which group of changes they belong.
    pub annotations: bool,
}

/// Where files are, for the client: what it has open is called as it calls it.
#[derive(Clone)]
pub(crate) struct Places {
    /// Addresses of open files.
    pub open: Arc<BTreeMap<Arc<str>, Uri>>,
    /// Versions of their texts.
    pub versions: Arc<BTreeMap<Arc<str>, i32>>,
    /// Where the standard library can be looked at.
    pub library: Arc<Library>,
}

impl Places {
    /// The version of a file that the editor has open.
    pub(crate) fn version(&self, path: &str) -> Option<i32> {
        self.versions.get(path).copied()
    }

    /// The address of a file; a file of the standard library is written out for it.
    pub(crate) fn uri(&self, path: &str) -> Option<Uri> {
        if let Some(uri) = self.open.get(path) {
            return Some(uri.clone());
        }
        match self.library.file(path) {
            Some(file) => uri::of_key(&file?.to_string_lossy()),
            None => uri::of_key(path),
        }
    }

    /// A place in any file as the protocol writes it.
    pub(crate) fn location(&self, text: &str, path: &str, span: Span, encoding: Encoding) -> Option<Location> {
        let range = Lines::new(text).range(text, span, encoding);
        Some(Location { uri: self.uri(path)?, range })
    }
}

/// All diagnostics of a file of a project.
pub(crate) fn diagnostics_of(
    view: &ProjectView,
    path: &str,
    places: &Places,
    settings: Settings,
) -> Vec<lsp::Diagnostic> {
    let mut all = Vec::new();
    let texts = &|path: &str| view.snapshot.text(path);
    let text = view.snapshot.text(path);
    // The text the analysis has is newer than the disk, where the file could not be read.
    if text.is_none() {
        for fault in view.faults.iter().filter(|fault| &*fault.path == path) {
            all.extend(converted(texts, path, &fault.text, &fault.diagnostics, places, settings));
        }
    }
    if let Some(text) = text {
        let found = mandate_ide::diagnostics(&view.snapshot, path);
        all.extend(converted(texts, path, &text, &found, places, settings));
    }
    all
}

/// The faults of a file's own text alone; `None` if the project does not know the file.
pub(crate) fn syntax_of(
    view: &ProjectView,
    path: &str,
    places: &Places,
    settings: Settings,
) -> Option<Vec<lsp::Diagnostic>> {
    let found = mandate_ide::syntax_diagnostics(&view.snapshot, path)?;
    let text = view.snapshot.text(path)?;
    Some(converted(&|path: &str| view.snapshot.text(path), path, &text, &found, places, settings))
}

/// Finds the text of a file; `None` if there is no such file.
pub(crate) type Texts<'a> = dyn Fn(&str) -> Option<Arc<str>> + 'a;

/// Findings about the rules of a file, in the texts that they were moved to.
pub(crate) fn proven(
    found: Vec<Proven>,
    path: &str,
    texts: &Texts<'_>,
    places: &Places,
    settings: Settings,
) -> Vec<lsp::Diagnostic> {
    let diagnostics: Vec<Diagnostic> = found.into_iter().map(|one| one.diagnostic).collect();
    texts(path).map_or_else(Vec::new, |text| converted(texts, path, &text, &diagnostics, places, settings))
}

fn converted(
    texts: &Texts<'_>,
    path: &str,
    text: &str,
    diagnostics: &[Diagnostic],
    places: &Places,
    settings: Settings,
) -> Vec<lsp::Diagnostic> {
    if diagnostics.is_empty() {
        return Vec::new();
    }
    let file = File { texts, path, text, lines: Lines::new(text), places, settings };
    diagnostics.iter().map(|diagnostic| file.diagnostic(diagnostic)).collect()
}

/// A file whose diagnostics are being written down.
struct File<'a> {
    texts: &'a Texts<'a>,
    path: &'a str,
    text: &'a str,
    lines: Lines,
    places: &'a Places,
    settings: Settings,
}

impl File<'_> {
    fn diagnostic(&self, diagnostic: &Diagnostic) -> lsp::Diagnostic {
        let elsewhere = diagnostic.primary.file.as_deref().is_some_and(|file| file != self.path);
        // A fault that lies in another file is shown at the top of this one, with the place beside it.
        let span = if elsewhere { Span::empty(0) } else { diagnostic.primary.span };
        let others = elsewhere.then_some(&diagnostic.primary).into_iter().chain(&diagnostic.related);
        let related: Vec<_> = others.filter_map(|label| self.related(label)).collect();
        lsp::Diagnostic {
            range: self.lines.range(self.text, span, self.settings.encoding),
            severity: Some(severity(diagnostic.severity)),
            code: Some(NumberOrString::String(diagnostic.code.id.to_owned())),
            source: Some("mandate".to_owned()),
            message: message(diagnostic),
            related_information: (self.settings.related && !related.is_empty()).then_some(related),
            tags: is_unnecessary(diagnostic).then(|| vec![DiagnosticTag::UNNECESSARY]),
            ..lsp::Diagnostic::default()
        }
    }

    fn related(&self, label: &Label) -> Option<DiagnosticRelatedInformation> {
        let encoding = self.settings.encoding;
        let location = match label.file.as_deref() {
            Some(file) if file != self.path => {
                self.places.location(&(self.texts)(file)?, file, label.span, encoding)?
            }
            _ => {
                Location { uri: self.places.uri(self.path)?, range: self.lines.range(self.text, label.span, encoding) }
            }
        };
        Some(DiagnosticRelatedInformation { location, message: label.message.clone() })
    }
}

/// What is wrong, what the place says, and the ways out: editors show one text.
fn message(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    if !diagnostic.primary.message.is_empty() {
        text.push('\n');
        text.push_str(&diagnostic.primary.message);
    }
    for help in &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    text
}

/// Whether the text can be taken out without loss, which editors show faded.
fn is_unnecessary(diagnostic: &Diagnostic) -> bool {
    // A variable never used, a name brought in for nothing.
    [codes::W003.id, codes::W006.id].contains(&diagnostic.code.id)
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Note => DiagnosticSeverity::INFORMATION,
    }
}

/// A jump, with the words that led to it.
pub(crate) fn link(view: &crate::workspace::View, origin: Span, place: &Place) -> Option<LocationLink> {
    let encoding = view.settings.encoding;
    let text = view.snapshot.text(&view.path)?;
    let target = view.places.location(&view.snapshot.text(&place.path)?, &place.path, place.span, encoding)?;
    Some(LocationLink {
        origin_selection_range: Some(Lines::new(&text).range(&text, origin, encoding)),
        target_uri: target.uri,
        target_range: target.range,
        target_selection_range: target.range,
    })
}

/// Edits of one text.
pub(crate) fn text_edits(text: &str, edits: Vec<Edit>, encoding: Encoding) -> Vec<TextEdit> {
    let lines = Lines::new(text);
    edits.into_iter().map(|edit| TextEdit::new(lines.range(text, edit.span, encoding), edit.text)).collect()
}

/// The outline of a text.
pub(crate) fn symbols(text: &str, symbols: &[mandate_ide::Symbol], encoding: Encoding) -> Vec<DocumentSymbol> {
    let lines = Lines::new(text);
    symbols.iter().map(|symbol| outline(text, &lines, symbol, encoding)).collect()
}

// The protocol's deprecated field has to be named to build the struct.
#[allow(deprecated)]
fn outline(text: &str, lines: &Lines, symbol: &mandate_ide::Symbol, encoding: Encoding) -> DocumentSymbol {
    // Clients refuse a symbol whose name lies outside its range, as in a half-typed declaration.
    let whole = symbol.span.to(symbol.name_span);
    let children: Vec<_> = symbol.children.iter().map(|child| outline(text, lines, child, encoding)).collect();
    DocumentSymbol {
        // Clients refuse an empty name, too.
        name: if symbol.name.is_empty() { "(no name yet)".to_owned() } else { symbol.name.clone() },
        detail: (!symbol.detail.is_empty()).then(|| symbol.detail.clone()),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: lines.range(text, whole, encoding),
        selection_range: lines.range(text, symbol.name_span, encoding),
        children: (!children.is_empty()).then_some(children),
    }
}

/// The outline as a flat list, for clients that know no trees.
#[allow(deprecated)]
pub(crate) fn flat(uri: &Uri, symbols: Vec<DocumentSymbol>, container: Option<&str>) -> Vec<lsp::SymbolInformation> {
    let mut all = Vec::new();
    for symbol in symbols {
        let children = flat(uri, symbol.children.unwrap_or_default(), Some(&symbol.name));
        all.push(lsp::SymbolInformation {
            name: symbol.name,
            kind: symbol.kind,
            tags: None,
            deprecated: None,
            location: Location { uri: uri.clone(), range: symbol.range },
            container_name: container.map(str::to_owned),
        });
        all.extend(children);
    }
    all
}

/// What a declaration is, in the words of the protocol.
pub(crate) fn kind(kind: mandate_ide::SymbolKind) -> SymbolKind {
    use mandate_ide::{Kind, SymbolKind as Outlined};
    match kind {
        Outlined::Declaration(Kind::Enum) => SymbolKind::ENUM,
        Outlined::Declaration(Kind::Record) => SymbolKind::STRUCT,
        Outlined::Declaration(Kind::Role) => SymbolKind::INTERFACE,
        Outlined::Declaration(Kind::Parameter) => SymbolKind::CONSTANT,
        Outlined::Declaration(Kind::Define) => SymbolKind::FUNCTION,
        Outlined::Declaration(Kind::Action | Kind::Waiver) => SymbolKind::METHOD,
        Outlined::Declaration(Kind::Rule) => SymbolKind::CLASS,
        Outlined::Declaration(Kind::Source) => SymbolKind::FILE,
        Outlined::Field => SymbolKind::FIELD,
        Outlined::Variant => SymbolKind::ENUM_MEMBER,
        Outlined::Scenario => SymbolKind::EVENT,
        Outlined::Statement => SymbolKind::BOOLEAN,
        Outlined::Mission => SymbolKind::PACKAGE,
        Outlined::Passage => SymbolKind::STRING,
    }
}
