//! `use` lines: packages and modules step by step, then the names they declare.

use super::{Offer, Shape};
use mandate_syntax::token::Kind;

impl Offer<'_> {
    /// The next word of a `use` path, or a name in its braces.
    pub(super) fn use_path(&mut self) {
        let context = self.context;
        let braces = context.open.first().copied();
        let end = braces.map_or(context.before.len(), |brace| brace);
        let words: Vec<&str> = context.before[1.min(end)..end]
            .iter()
            .filter(|token| token.kind.is_word())
            .map(|token| context.written(*token))
            .collect();
        if braces.is_some() {
            return self.names_of(&words);
        }
        // A path goes on behind a dot, and starts behind the word `use`.
        let goes_on = context.last(0).is_some_and(|last| last.kind == Kind::Dot) || context.before.len() == 1;
        if !goes_on {
            return;
        }
        for (word, deeper) in self.snapshot.modules_below(self.path, &words) {
            let mut item = self.item(&word, Shape::Module, 10);
            item.commit = if deeper { &['.'] } else { &[] };
            let whole: Vec<&str> = words.iter().copied().chain([word.as_str()]).collect();
            let declares = self.snapshot.members(self.path, &whole).is_some_and(|members| !members.is_empty());
            if declares && context.after.is_none_or(|next| next.kind != Kind::Dot) {
                let mut braced = self.item(format!("{word}.{{...}}"), Shape::Module, 5);
                braced.insert = format!("{word}.{{$0}}");
                braced.filter = Some(word.clone());
                braced.snippet = true;
                self.push(braced);
            }
            self.push(item);
        }
        if !words.is_empty() {
            self.names_of(&words);
        }
    }

    /// Names of a package or module that the `use` does not name yet.
    fn names_of(&mut self, region: &[&str]) {
        let Some(members) = self.snapshot.members(self.path, region) else { return };
        let written = self.listed();
        for named in members.iter().filter(|named| !written.iter().any(|known| **known == *named.name)) {
            let mut item = self.declaration(named, 20 + context_rank(named.kind));
            item.detail = named.kind.phrase().to_owned();
            self.push(item);
        }
    }

    /// The names that stand in the braces already, before and behind the word.
    fn listed(&self) -> Vec<String> {
        let Some(tree) = self.snapshot.syntax(self.path) else { return Vec::new() };
        let text = self.context.text;
        let here = tree.items.iter().find(|item| item.offset == self.context.start);
        let Some(mandate_syntax::ast::DeclKind::Use(decl)) = here.map(|item| &item.decl.kind) else {
            return Vec::new();
        };
        let names = decl.names.iter().flatten().map(|name| name.span.shifted(self.context.start));
        names
            .filter(|span| *span != self.context.word)
            .filter_map(|span| text.get(span.range()))
            .map(str::to_owned)
            .collect()
    }
}

/// What is brought in most stands first.
fn context_rank(kind: mandate_semantics::Kind) -> u32 {
    use mandate_semantics::Kind::*;
    match kind {
        Record => 0,
        Enum => 1,
        Action | Role => 2,
        Define | Parameter => 3,
        Source | Waiver => 4,
        Rule => 5,
    }
}
