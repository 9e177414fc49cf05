//! What each word of a file is, for editors that colour by meaning.

use mandate_diagnostics::Span;
use mandate_semantics::{Kind, Snapshot, Target};
use mandate_syntax::ast::{Bearer, DeclKind, Item, Modal};
use mandate_syntax::token::{self, Comment, Kind as Lexeme, tokens};
use mandate_syntax::words::{Keyword, TYPES, UNITS};
use std::collections::{BTreeMap, BTreeSet};

/// What a word is. The order is that of the legend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "named as the protocol names them")]
pub enum TokenType {
    /// A package or module.
    Namespace,
    /// A record, an enum, a built-in type.
    Type,
    /// A rule.
    Class,
    /// A value of an enum.
    EnumMember,
    /// A role.
    Interface,
    /// A field of a record, a passage of a source.
    Property,
    /// A variable, a parameter of the package.
    Variable,
    /// What a definition or action is given.
    Parameter,
    /// A definition.
    Function,
    /// An action or waiver.
    Method,
    /// A source.
    Struct,
    Keyword,
    /// How strongly a norm binds: `must`, `should`, `may`.
    Modifier,
    String,
    /// A number, date or time, with its unit.
    Number,
    Comment,
}

impl TokenType {
    /// All of them, with their names in the protocol; each at the place of its number.
    pub const LEGEND: [(TokenType, &'static str); 16] = [
        (TokenType::Namespace, "namespace"),
        (TokenType::Type, "type"),
        (TokenType::Class, "class"),
        (TokenType::EnumMember, "enumMember"),
        (TokenType::Interface, "interface"),
        (TokenType::Property, "property"),
        (TokenType::Variable, "variable"),
        (TokenType::Parameter, "parameter"),
        (TokenType::Function, "function"),
        (TokenType::Method, "method"),
        (TokenType::Struct, "struct"),
        (TokenType::Keyword, "keyword"),
        (TokenType::Modifier, "modifier"),
        (TokenType::String, "string"),
        (TokenType::Number, "number"),
        (TokenType::Comment, "comment"),
    ];
}

/// What is to be said of a word besides, as a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Modifiers(pub u32);

impl Modifiers {
    /// It is introduced here.
    pub const DECLARATION: Modifiers = Modifiers(1);
    /// It never changes: parameters of the package, values of enums.
    pub const READONLY: Modifiers = Modifiers(1 << 1);
    /// A text that another one has superseded.
    pub const DEPRECATED: Modifiers = Modifiers(1 << 2);
    /// A comment that documents what follows.
    pub const DOCUMENTATION: Modifiers = Modifiers(1 << 3);
    /// Built into the language.
    pub const DEFAULT_LIBRARY: Modifiers = Modifiers(1 << 4);
    /// `must`, `must not`, `no one may`.
    pub const DUTY: Modifiers = Modifiers(1 << 5);
    /// `should`, `should not`, `aims to`.
    pub const RECOMMENDATION: Modifiers = Modifiers(1 << 6);
    /// `may`
    pub const PERMISSION: Modifiers = Modifiers(1 << 7);

    /// Their names, in the order of the bits. The last three are our own: themes that know them can show how strong a norm is.
    pub const LEGEND: [&'static str; 8] = [
        "declaration",
        "readonly",
        "deprecated",
        "documentation",
        "defaultLibrary",
        "duty",
        "recommendation",
        "permission",
    ];

    fn with(self, other: Modifiers) -> Modifiers {
        Modifiers(self.0 | other.0)
    }
}

/// A word with its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The word; never over several lines.
    pub span: Span,
    /// What it is.
    pub kind: TokenType,
    /// What else.
    pub modifiers: Modifiers,
}

// Feature: Semantic Highlighting
//
// Colours every word by what it means: a keyword only where it is one, names by what they name, the strength of a norm in colours
// of its own, superseded texts struck through.
/// The words of a module that touch `within`, in the order of the text; none for other files.
pub fn semantic_tokens(snapshot: &Snapshot, path: &str, within: Option<Span>) -> Vec<Token> {
    let (Some(text), Some(tree)) = (snapshot.text(path), snapshot.syntax(path)) else { return Vec::new() };
    let wanted = |span: Span| within.is_none_or(|within| span.start <= within.end && within.start <= span.end);
    let mut meant = Meant::new(snapshot, path, &tree.items, &wanted);
    meant.references(&wanted);
    meant.words.sort_by_key(|(start, _)| *start);
    meant.words.dedup_by_key(|(start, _)| *start);
    let mut found = Vec::new();
    for item in &tree.items {
        let chunk = Span::new(item.offset, item.offset + item.len);
        if wanted(chunk) {
            let words = text.get(chunk.range()).unwrap_or("");
            meant.item(words, item, &mut found);
        }
    }
    found.retain(|token| wanted(token.span));
    found
}

/// What is known of the words of a file before they are gone through.
struct Meant<'a> {
    snapshot: &'a Snapshot,
    path: &'a str,
    /// With where the word starts, in this order once all are there; of several at one place the first counts.
    words: Vec<(u32, (TokenType, Modifiers))>,
    /// Where variables are introduced that are given from outside.
    given: BTreeSet<u32>,
    /// Where `no one` may begin, with the strength of the norm.
    no_one: BTreeMap<u32, Modifiers>,
}

impl<'a> Meant<'a> {
    fn new(snapshot: &'a Snapshot, path: &'a str, items: &[Item], wanted: &dyn Fn(Span) -> bool) -> Self {
        let mut meant = Meant { snapshot, path, words: Vec::new(), given: BTreeSet::new(), no_one: BTreeMap::new() };
        for item in items.iter().filter(|item| wanted(Span::new(item.offset, item.offset + item.len))) {
            meant.declared(item);
        }
        meant
    }

    fn declare(&mut self, item: &Item, span: Span, kind: TokenType, more: Modifiers) {
        if span.start < span.end {
            self.words.push((span.start + item.offset, (kind, Modifiers::DECLARATION.with(more))));
        }
    }

    /// Names that the declaration introduces, and its modals.
    fn declared(&mut self, item: &Item) {
        let none = Modifiers::default();
        let name = match &item.decl.kind {
            DeclKind::Source(found) => Some((&found.name, TokenType::Struct, none)),
            DeclKind::Enum(found) => {
                for value in &found.variants {
                    self.declare(item, value.name.span, TokenType::EnumMember, Modifiers::READONLY);
                }
                Some((&found.name, TokenType::Type, none))
            }
            DeclKind::Record(found) => {
                for field in &found.fields {
                    self.declare(item, field.name.span, TokenType::Property, none);
                }
                Some((&found.name, TokenType::Type, none))
            }
            DeclKind::Role(found) => Some((&found.name, TokenType::Interface, none)),
            DeclKind::Parameter(found) => Some((&found.name, TokenType::Variable, Modifiers::READONLY)),
            DeclKind::Define(found) => Some((&found.name, TokenType::Function, none)),
            DeclKind::Action(found) | DeclKind::Waiver(found) => Some((&found.name, TokenType::Method, none)),
            DeclKind::Rule(found) => {
                for sentence in crate::tree::sentences(found) {
                    let strength = match sentence.modal {
                        Modal::Must | Modal::MustNot => Modifiers::DUTY,
                        Modal::Should | Modal::ShouldNot | Modal::AimsTo => Modifiers::RECOMMENDATION,
                        Modal::May => Modifiers::PERMISSION,
                    };
                    let start = sentence.modal_span.start + item.offset;
                    self.words.push((start, (TokenType::Modifier, strength)));
                    if let Bearer::Everyone(span) = &sentence.bearer {
                        self.no_one.insert(span.start + item.offset, strength);
                    }
                }
                Some((&found.name, TokenType::Class, none))
            }
            DeclKind::Mission(found) => Some((&found.name, TokenType::Namespace, none)),
            _ => None,
        };
        if let Some((name, kind, more)) = name {
            self.declare(item, name.span, kind, more);
        }
        let (head, inner) = crate::tree::variables(&item.decl.kind);
        for name in head {
            self.given.insert(name.span.start + item.offset);
            self.declare(item, name.span, TokenType::Parameter, none);
        }
        for name in inner {
            self.declare(item, name.span, TokenType::Variable, none);
        }
    }

    /// Words that refer to something.
    fn references(&mut self, wanted: &dyn Fn(Span) -> bool) {
        let mut kinds: BTreeMap<(&str, &str), (TokenType, Modifiers)> = BTreeMap::new();
        let references = self.snapshot.references(self.path);
        for reference in &references {
            if !wanted(reference.span) || reference.span.start == reference.span.end {
                continue;
            }
            let none = Modifiers::default();
            let meaning = match &reference.target {
                Target::Module { .. } => (TokenType::Namespace, none),
                Target::Field { .. } => (TokenType::Property, none),
                Target::Variant { .. } => (TokenType::EnumMember, Modifiers::READONLY),
                Target::Local { span, .. } if self.given.contains(&span.start) => (TokenType::Parameter, none),
                Target::Local { .. } => (TokenType::Variable, none),
                target @ (Target::Declaration { file, name } | Target::Passage { file, source: name, .. }) => {
                    let found = kinds.entry((file, name)).or_insert_with(|| self.of_declaration(target));
                    match target {
                        Target::Passage { .. } => (TokenType::Property, found.1),
                        _ => *found,
                    }
                }
            };
            self.words.push((reference.span.start, meaning));
        }
    }

    fn of_declaration(&self, target: &Target) -> (TokenType, Modifiers) {
        let none = Modifiers::default();
        match self.snapshot.kind_of(target) {
            Some(Kind::Enum | Kind::Record) | None => (TokenType::Type, none),
            Some(Kind::Role) => (TokenType::Interface, none),
            Some(Kind::Parameter) => (TokenType::Variable, Modifiers::READONLY),
            Some(Kind::Define) => (TokenType::Function, none),
            Some(Kind::Action | Kind::Waiver) => (TokenType::Method, none),
            Some(Kind::Rule) => (TokenType::Class, none),
            Some(Kind::Source) => {
                let old = self.snapshot.superseded_by(self.path, target).is_some();
                (TokenType::Struct, if old { Modifiers::DEPRECATED } else { none })
            }
        }
    }

    fn known(&self, start: u32) -> Option<(TokenType, Modifiers)> {
        let at = self.words.binary_search_by_key(&start, |(start, _)| *start).ok()?;
        self.words.get(at).map(|(_, meaning)| *meaning)
    }

    fn item(&self, text: &str, item: &Item, out: &mut Vec<Token>) {
        let all = tokens(text);
        let mut modal = Strength::default();
        for (at, token) in all.iter().enumerate() {
            let span = token.span.shifted(item.offset);
            let known = self.known(span.start);
            let words = text.get(token.span.range()).unwrap_or("");
            let before = at.checked_sub(1).and_then(|at| all.get(at));
            let meaning = match token.kind {
                Lexeme::Word(Keyword::No) if self.no_one.contains_key(&span.start) => {
                    self.no_one.get(&span.start).map(|strength| (TokenType::Modifier, *strength))
                }
                Lexeme::Word(word) => {
                    known.or_else(|| modal.goes_on(word)).or_else(|| self.word(words, word, before, all.get(at + 1)))
                }
                Lexeme::Number | Lexeme::Date | Lexeme::Time => Some((TokenType::Number, Modifiers::default())),
                Lexeme::Text => Some((TokenType::String, Modifiers::default())),
                Lexeme::Passage => known.or(Some((TokenType::Property, Modifiers::default()))),
                Lexeme::Comment(Comment::Plain) => Some((TokenType::Comment, Modifiers::default())),
                Lexeme::Comment(Comment::Doc | Comment::Module) => Some((TokenType::Comment, Modifiers::DOCUMENTATION)),
                _ => None,
            };
            modal.after(token.kind, meaning);
            out.extend(meaning.map(|(kind, modifiers)| Token { span, kind, modifiers }));
        }
    }

    /// A word that refers to nothing and introduces nothing.
    fn word(
        &self,
        words: &str,
        word: Keyword,
        before: Option<&token::Token>,
        after: Option<&token::Token>,
    ) -> Option<(TokenType, Modifiers)> {
        let none = Modifiers::default();
        if before.is_some_and(|before| before.kind == Lexeme::Dot) {
            return None;
        }
        if before.is_some_and(|before| before.kind == Lexeme::Number) && is_unit(words) {
            return Some((TokenType::Number, none));
        }
        if TYPES.contains(&words) {
            return Some((TokenType::Type, Modifiers::DEFAULT_LIBRARY));
        }
        // A name that was not found yet: `source: ...` is a field.
        let names = after.is_some_and(|after| after.kind == Lexeme::Colon);
        (word != Keyword::Plain && !names || words == "percent").then_some((TokenType::Keyword, none))
    }
}

fn is_unit(words: &str) -> bool {
    UNITS.contains(&words) || words.len() == 3 && words.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// A modal that may have a second word, or a third: `must not`, `no one may`.
#[derive(Default)]
struct Strength(Option<Modifiers>);

impl Strength {
    fn goes_on(&self, word: Keyword) -> Option<(TokenType, Modifiers)> {
        let part = matches!(word, Keyword::Not | Keyword::To | Keyword::One | Keyword::May | Keyword::Should);
        self.0.filter(|_| part).map(|strength| (TokenType::Modifier, strength))
    }

    fn after(&mut self, kind: Lexeme, meaning: Option<(TokenType, Modifiers)>) {
        if kind.is_comment() {
            return;
        }
        self.0 = match meaning {
            Some((TokenType::Modifier, strength)) => Some(strength),
            _ => None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    /// Each line with a line of `word=type.modifier` below it.
    fn shown(files: &str, path: &str) -> String {
        let fixture = Fixture::new(files);
        let text = fixture.snapshot.text(path).unwrap();
        let found = semantic_tokens(&fixture.snapshot, path, None);
        for pair in found.windows(2) {
            assert!(pair[0].span.end <= pair[1].span.start, "{pair:?}");
        }
        let mut out = String::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let here = found.iter().filter(|token| (at..at + line.len()).contains(&(token.span.start as usize)));
            let words: Vec<String> = here.map(|token| told(&text, token)).collect();
            if !words.is_empty() {
                out.push_str(&format!("{}\n", words.join(" ")));
            }
            at += line.len();
        }
        out
    }

    fn told(text: &str, token: &Token) -> String {
        let (_, name) = TokenType::LEGEND.into_iter().find(|(kind, _)| *kind == token.kind).unwrap();
        assert_eq!(TokenType::LEGEND[token.kind as usize].0, token.kind);
        let bits = (0..8).filter(|bit| token.modifiers.0 & 1 << bit != 0);
        let more: Vec<&str> = bits.map(|bit| Modifiers::LEGEND[bit]).collect();
        let more = if more.is_empty() { String::new() } else { format!(".{}", more.join(".")) };
        format!("{}={name}{more}", &text[token.span.range()])
    }

    const FACTS: &str = "//- facts.mandate\nenum Grade { low < high }\nrecord Unit key id {\n  id: Text\n}\nrecord Event key id at source {\n  id: Text\n  source: Time\n  unit: Unit\n  grade: Grade\n}\naction report(e: Event) {\n  evidence r: Event where r == e\n}\nsource old {\n  title \"Old\"\n  force order\n}\nsource new {\n  title \"New\"\n  force order\n  supersedes old\n}\nparameter window: Duration = 2 hours\ndefine grave(e: Event) = e.grade >= high\n";

    #[test]
    fn words_are_what_they_mean() {
        let rules = "use facts.{Event, report, old, window, grave}\n\n/// Why.\nrule tell \"Tell it\" {\n  cites old\n  for each e: Event\n  when grave(e) // so\n  e.unit must not report(e) within window after e.source\n}\n";
        assert_eq!(
            shown(&format!("{FACTS}//- rules.mandate\n{rules}"), "rules.mandate"),
            "use=keyword facts=namespace Event=type report=method old=struct.deprecated window=variable.readonly grave=function\n\
             /// Why.=comment.documentation\n\
             rule=keyword tell=class.declaration \"Tell it\"=string\n\
             cites=keyword old=struct.deprecated\n\
             for=keyword each=keyword e=variable.declaration Event=type\n\
             when=keyword grave=function e=variable // so=comment\n\
             e=variable unit=property must=modifier.duty not=modifier.duty report=method e=variable within=keyword window=variable.readonly after=keyword e=variable source=property\n"
        );
    }

    #[test]
    fn declarations_introduce_and_keywords_may_be_names() {
        let found = shown(FACTS, "facts.mandate");
        for line in [
            "enum=keyword Grade=type.declaration low=enumMember.declaration.readonly high=enumMember.declaration.readonly\n",
            "source=property.declaration Time=type.defaultLibrary\n",
            "action=keyword report=method.declaration e=parameter.declaration Event=type\n",
            "evidence=keyword r=variable.declaration Event=type where=keyword r=variable e=parameter\n",
            "supersedes=keyword old=struct.deprecated\n",
            "parameter=keyword window=variable.declaration.readonly Duration=type.defaultLibrary 2=number hours=number\n",
            "define=keyword grave=function.declaration e=parameter.declaration Event=type e=parameter grade=property high=enumMember.readonly\n",
        ] {
            assert!(found.contains(line), "{line}{found}");
        }
    }

    #[test]
    fn modals_show_their_strength() {
        let line = |norm: &str| {
            let rules =
                format!("use facts.{{Event, report}}\nrule tell {{\n  for each e: Event\n  {norm} report(e)\n}}\n");
            shown(&format!("{FACTS}//- rules.mandate\n{rules}"), "rules.mandate").lines().nth(3).unwrap().to_owned()
        };
        assert!(
            line("no one may").starts_with("no=modifier.duty one=modifier.duty may=modifier.duty report"),
            "{}",
            line("no one may")
        );
        assert!(line("everyone should").contains("everyone=keyword should=modifier.recommendation report"));
        assert!(line("everyone aims to").contains("aims=modifier.recommendation to=modifier.recommendation report"));
        assert!(line("everyone may").contains("may=modifier.permission report"));
    }

    #[test]
    fn half_typed_text_keeps_its_colours_and_a_range_is_a_part() {
        let text = "//- a.mandate\nrule r {\n  when x.\n\n  everyone mus\nrecord A {\n  b: Text\n}\n";
        assert!(shown(text, "a.mandate").ends_with("b=property.declaration Text=type.defaultLibrary\n"));
        let fixture = Fixture::new(text);
        let all = semantic_tokens(&fixture.snapshot, "a.mandate", None);
        let last = all.last().unwrap().span;
        let part = semantic_tokens(&fixture.snapshot, "a.mandate", Some(last));
        assert_eq!(part.last(), all.last());
        assert!(part.len() < all.len());
    }
}
