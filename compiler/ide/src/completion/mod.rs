//! What could be written at a place, the likeliest first.

mod citations;
pub(crate) mod context;
mod following;
mod forms;
mod imports;
mod keywords;
mod names;
mod records;
#[cfg(test)]
mod tests;
mod uses;

use context::{Context, Place};
use mandate_diagnostics::{Edit, Span};
use mandate_semantics::{Kind, MARK, Named, Snapshot, Surroundings, Target, Wanted};
use mandate_syntax::words::Keyword;

/// What a completion is, for the sign beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A named declaration.
    Declaration(Kind),
    /// A field of a record.
    Field,
    /// A value of an enum.
    Variant,
    /// A variable.
    Variable,
    /// A type that is built in.
    Type,
    /// A word of the language.
    Keyword,
    /// A piece of text with places to fill in.
    Snippet,
    /// A package or module.
    Module,
    /// A passage of a document, or words of one.
    Passage,
    /// A unit of a quantity.
    Unit,
    /// A file.
    File,
}

/// What the documentation of a completion tells of; it is looked up when somebody looks at the completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A declaration, field, value of an enum or passage.
    Target(Target),
    /// A word or phrase of the language.
    Word(String),
}

/// Something that could be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is shown and looked for.
    pub label: String,
    /// Shown right behind the label: parameters, a type.
    pub signature: String,
    /// Shown at the side: where it comes from, what it is.
    pub detail: String,
    /// What it is.
    pub shape: Shape,
    /// What is written; with `${1:name}` and `$0` for places to fill in if `snippet`.
    pub insert: String,
    /// Whether `insert` has places to fill in.
    pub snippet: bool,
    /// What it takes the place of when it is inserted: up to the place of the cursor.
    pub inserted: Span,
    /// What it takes the place of when it replaces the word.
    pub replaced: Span,
    /// What is compared with what is typed, where it is not the label.
    pub filter: Option<String>,
    /// Smaller ones stand first.
    pub rank: u32,
    /// Characters that choose it and are written behind it.
    pub commit: &'static [char],
    /// Edits elsewhere in the file: a `use` line.
    pub edits: Vec<Edit>,
    /// Whether it should no longer be used: a source that another one supersedes.
    pub deprecated: bool,
    /// What its documentation tells of.
    pub about: Option<About>,
}

/// What could be written at a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completions {
    /// By rank.
    pub items: Vec<Completion>,
    /// There are more, which show when more is typed.
    pub incomplete: bool,
}

/// What is asked for, with what is found so far.
struct Offer<'a> {
    snapshot: &'a Snapshot,
    path: &'a str,
    context: &'a Context<'a>,
    items: Vec<Completion>,
    incomplete: bool,
}

// Feature: Completion
//
// Offers what fits: records after `for each x:`, actions after a modal, fields after a dot, values where an enum is compared, clauses of a rule
// in their order, passages of the cited document after `#`, and inside the quotation marks behind a citation the words of the passage. Names
// of other modules and packages are brought in by a `use` line that is written along.
/// What could be written at a byte. `typed` is the character whose typing asked for it; `None` where a person asked.
pub fn completion(snapshot: &Snapshot, path: &str, offset: u32, typed: Option<char>) -> Option<Completions> {
    if !crate::is_module(snapshot, path) {
        return None;
    }
    let text = snapshot.text(path)?;
    if offset as usize > text.len() || !text.is_char_boundary(offset as usize) {
        return None;
    }
    let found = match context::place(snapshot, path, &text, offset) {
        Place::Nothing => return None,
        Place::Quoted { context, inside, closed } => {
            let mut offer = Offer::new(snapshot, path, &context);
            offer.quoted(inside, closed);
            offer.done()
        }
        Place::Passage { context, name } => {
            let mut offer = Offer::new(snapshot, path, &context);
            offer.passages(name);
            offer.done()
        }
        Place::Word(context) => {
            let mut offer = Offer::new(snapshot, path, &context);
            offer.word(typed);
            offer.done()
        }
    };
    (!found.items.is_empty()).then_some(found)
}

/// The documentation of a completion, in Markdown.
pub fn completion_page(snapshot: &Snapshot, about: &About) -> Option<String> {
    match about {
        About::Target(target) => Some(crate::hover::page(snapshot, &snapshot.describe(target)?)),
        About::Word(phrase) => {
            let first = phrase.split(' ').next().unwrap_or(phrase);
            crate::keywords::page_of(phrase).or_else(|| crate::keywords::page_of(first)).map(str::to_owned)
        }
    }
}

impl<'a> Offer<'a> {
    fn new(snapshot: &'a Snapshot, path: &'a str, context: &'a Context<'a>) -> Self {
        Offer { snapshot, path, context, items: Vec::new(), incomplete: false }
    }

    /// The completions by rank; of two that write the same, the first.
    fn done(mut self) -> Completions {
        // The order in which equals were found means something: that of the values of an enum, of a document.
        self.items.sort_by_key(|item| item.rank);
        let mut seen = std::collections::BTreeSet::new();
        self.items.retain(|item| seen.insert((item.label.clone(), item.insert.clone(), item.detail.clone())));
        Completions { items: self.items, incomplete: self.incomplete }
    }

    /// A completion of the word at the place.
    fn item(&self, label: impl Into<String>, shape: Shape, rank: u32) -> Completion {
        let label = label.into();
        Completion {
            insert: label.clone(),
            label,
            signature: String::new(),
            detail: String::new(),
            shape,
            snippet: false,
            inserted: Span::new(self.context.word.start, self.context.offset),
            replaced: self.context.word,
            filter: None,
            rank,
            commit: &[],
            edits: Vec::new(),
            deprecated: false,
            about: None,
        }
    }

    fn push(&mut self, item: Completion) {
        self.items.push(item);
    }

    /// What is wanted at the word, were `written` there: the declaration is read again with it.
    fn asked(&self, written: &str) -> Option<Surroundings> {
        self.snapshot.surroundings(self.path, self.context.word, written)
    }

    /// Completions where a word stands or could stand.
    fn word(&mut self, typed: Option<char>) {
        let context = self.context;
        // A space asks only where the next word is as good as known: anywhere else the list would be in the way.
        let by_space = typed == Some(' ');
        let top = context.open.is_empty();
        if context.before.is_empty() || context.starts_column() && top {
            if !by_space {
                self.declarations();
            }
            return;
        }
        if context.declaration == Keyword::Use {
            return self.use_path();
        }
        if context.last(0).is_some_and(|last| last.kind == mandate_syntax::token::Kind::Number) {
            return if by_space || !context.starts_line() {
                self.units()
            };
        }
        let begins = context.in_body() && self.begins_entry();
        // Behind the brace of a body the next key is the end of the line, which must not choose something.
        let by_brace = typed == Some('{');
        if begins && !by_space && !by_brace {
            self.entries();
            if context.starts_column() {
                self.declarations();
            }
        }
        if context.follows_value() {
            if !begins {
                self.following(by_space);
            }
            return;
        }
        if by_space && !self.is_expectant() || by_brace && (begins || self.record_field().is_some()) {
            return;
        }
        self.head_words();
        self.wanted();
    }

    /// Whether the word begins a clause, a step or a line of its own.
    fn begins_entry(&self) -> bool {
        let context = self.context;
        let first = context.open.first().is_some_and(|body| body + 1 == context.before.len());
        first || context.starts_line() && context.follows_value()
    }

    /// Whether the word before leaves so little choice that a list helps even where nobody asked for it.
    fn is_expectant(&self) -> bool {
        use Keyword::*;
        let word = self.context.keyword(0);
        let colon = self.context.last(0).is_some_and(|last| {
            use mandate_syntax::token::Kind as K;
            matches!(last.kind, K::Colon | K::EqEq | K::NotEq)
        });
        colon
            || matches!(
                word,
                Cites
                    | Under
                    | Background
                    | Endorse
                    | Overrides
                    | Limits
                    | Expect
                    | Drops
                    | Weaker
                    | Replaces
                    | Must
                    | Should
                    | May
                    | Set
                    | Supersedes
                    | Implements
                    | Excludes
                    | Refines
                    | Force
                    | Use
            )
            || word == By && self.context.declaration == Carries
            || word == Not && matches!(self.context.keyword(1), Must | Should)
            || word == To && self.context.keyword(1) == Aims
    }

    /// Completions by what the declaration means with the mark in place of the word.
    fn wanted(&mut self) {
        if let Some(found) = self.record_field() {
            return self.fields_to_write(&found);
        }
        // An act that is half typed has no brackets yet, and a bearer no modal.
        let forms = [MARK.to_owned(), format!("{MARK}()"), format!("{MARK} must {MARK}x()")];
        let Some(found) = forms.iter().find_map(|form| self.asked(form)) else { return };
        match &found.wanted {
            Wanted::Value(expected) => self.values(expected.as_ref(), &found.variables),
            Wanted::Member(ty) => self.members(ty),
            Wanted::Link(record) => self.links(record),
            Wanted::Variant(name) => self.variants(name, 0),
            Wanted::Declared { kinds, within } => self.declared(kinds, within, &found.variables),
            Wanted::Type => self.types(false),
            Wanted::Record => self.types(true),
            Wanted::Bearer => self.bearers(&found.variables),
            Wanted::Field { .. } | Wanted::Part(_) => self.fields_to_write(&found),
        }
    }

    /// Whether what is typed of the word can lead to `name`: its letters stand in it in their order, the first one at the start of a part.
    fn leads_to(&self, name: &str) -> bool {
        leads_to(self.context.prefix(), name)
    }

    /// The declaration's name as others write it, with the types of what it takes.
    fn declaration(&self, named: &Named, rank: u32) -> Completion {
        let mut item = self.item(&*named.name, Shape::Declaration(named.kind), rank);
        item.about = Some(About::Target(named.target()));
        item
    }
}

/// Whether the letters of `typed` stand in `name` in their order, the first one at the start of a part of it.
fn leads_to(typed: &str, name: &str) -> bool {
    let Some(first) = typed.chars().next().map(|letter| letter.to_ascii_lowercase()) else { return true };
    let mut before = '_';
    for (at, letter) in name.char_indices() {
        let part = before == '_' || letter.is_uppercase();
        before = letter;
        if part && letter.to_ascii_lowercase() == first {
            let mut rest = name[at + letter.len_utf8()..].chars();
            if typed.chars().skip(1).all(|wanted| rest.any(|letter| letter.eq_ignore_ascii_case(&wanted))) {
                return true;
            }
        }
    }
    false
}

/// Plain words as a part of a snippet.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '$' | '}' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
